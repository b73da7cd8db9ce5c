"""A shared page beside what others write: the same five pictures with a filter, opened from disk with the network off.

Ours, nbconvert's own HTML, Plotly and Panel, and as measure a bare page with the same pictures and Vega. Every ratio is
taken within this run.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from bench_explorer import sample
from playwright.sync_api import Browser, sync_playwright

import hmip_kit as hk
from hmip_kit import front
from hmip_kit.disclosure import SETTING
from hmip_kit.picture import SCHEMA
from hmip_kit.share.exporter import _json, html
from hmip_kit.share.page import page_of
from hmip_kit.share.running import render
from hmip_kit.share.twins import CHROMIUM
from hmip_kit.sources.bundled import bundled_folder

SIZES, PICTURES, CHANGES = (42, 100_000), 5, 20
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WATCH = """(wanted) => {
  const marks = () => document.querySelectorAll("svg.marks, .js-plotly-plot svg.main-svg, canvas").length;
  const look = () => marks() >= wanted ? requestAnimationFrame(() => { window.benchDrawn = performance.now(); }) : setTimeout(look, 4);
  look();
}"""
CHANGE = """(place) => new Promise((done) => {
  const boxes = [...document.querySelectorAll("input[type=checkbox]")];
  const views = [...document.querySelectorAll("svg.marks")];
  const words = (one) => [...one.querySelectorAll("text")].map((text) => text.textContent).join("|");
  const was = views.map(words);
  const inView = views.map((one) => { const box = one.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; });
  let seen = 0, timer = 0;
  const start = performance.now();
  const finish = () => done([seen, performance.now() - start]);
  const watch = new MutationObserver(() => {
    if (!seen && views.every((one, i) => !inView[i] || words(one) !== was[i]))
      requestAnimationFrame(() => { seen ||= performance.now() - start; });
  });
  for (const view of views) watch.observe(view, { childList: true, subtree: true, characterData: true });
  document.addEventListener("hmip-shown", () => requestAnimationFrame(() => { watch.disconnect(); setTimeout(finish); }), { once: true });
  boxes[place].scrollIntoView({ block: "start" });
  boxes[place].click();
})"""


def contents(size: int) -> list[Any]:
    """Return five findings that follow the filter, on own cases."""
    cases = sample(size)
    own = cases if cases.cases_are == "own" else type(cases)(
        "bench", {"title": "Bench"}, cases.framework, dict(cases.frames), cases_are="own"
    )  # fmt: skip
    one = [hk.charts.key_questions(own), hk.charts.sub_questions(own), hk.charts.groups_side_by_side(own)]
    return [*one, hk.charts.key_questions(own), hk.charts.sub_questions(own)][:PICTURES]


def notebook(findings: list[Any]) -> Any:
    """Return a notebook that shows the findings."""
    outputs = [nbformat.v4.new_output("display_data", data=one._repr_mimebundle_()[0]) for one in findings]
    cells = [nbformat.v4.new_code_cell("cases", outputs=[output]) for output in outputs]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Bench"), *cells])


def bare(page: Any) -> str:
    """Return the least page that draws the same pictures: Vega, their specifications with rows, and one call each."""
    specs = [_filled(one) for one in page["findings"]]
    places = "".join(f'<div id="p{i}"></div>' for i in range(len(specs)))
    draw = "specs.forEach((spec, i) => vegaEmbed(`#p${i}`, spec, {ast: true, actions: false, renderer: 'svg', mode: 'vega-lite'}));"
    held = _json({"specs": specs})
    return f"<!doctype html><meta charset=utf-8><body>{places}<script>{front.vega()}const {{specs}} = {held};{draw}</script>"


def _plain_html(shown: Any) -> str:
    from nbconvert import HTMLExporter

    exporter: Any = HTMLExporter
    return str(exporter().from_notebook_node(shown)[0])


def plotly(page: Any) -> str:
    """Return five Plotly bars of the same rows, each with a menu: all cases only, since Plotly counts nothing again."""
    import plotly.graph_objects as go

    parts = []
    for place, one in enumerate(page["findings"]):
        rows = one["rows"]
        figure = go.Figure(go.Bar(x=[row["percent"] for row in rows], y=[row["label"] for row in rows], orientation="h"))
        parts.append(figure.to_html(include_plotlyjs=not place, full_html=False))
    return f"<!doctype html><meta charset=utf-8><body>{''.join(parts)}"


def panel(page: Any, path: Path) -> None:
    """Write five Vega pictures by Panel with a box group, as `save(embed=True)` keeps it."""
    import panel as pn

    pn.extension("vega")
    choice = pn.widgets.RadioButtonGroup(options=["All", "Licence"])
    shown = [pn.bind(lambda _, one=one: pn.pane.Vega(_filled(one)), choice) for one in page["findings"]]
    pn.Column(choice, *shown).save(str(path), embed=True, resources=import_module("bokeh.resources").INLINE, progress=False)


def _filled(one: Any) -> Any:
    """Return a specification with its rows, and with the name of its schema, by which Panel knows one."""
    return (
        {"$schema": SCHEMA}
        | one["spec"]
        | {"params": [p | {"value": one["rows"]} if p["name"] == "rows" else p for p in one["spec"]["params"]]}
    )


def opened(browser: Browser, path: Path) -> tuple[int, float | None, Any, Any]:
    """Return requests tried, seconds to the last picture, and the page with its context."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.add_init_script(f"({WATCH})({PICTURES})")
    page.goto(path.as_uri())
    try:
        page.wait_for_function("window.benchDrawn", timeout=10_000)
        drawn = float(page.evaluate("window.benchDrawn")) / 1000
    except Exception:  # noqa: BLE001  # a page that never draws is a result
        drawn = None
    tried = [url for url in requests if url.startswith("http")]
    return len(tried), drawn, page, context


def row(browser: Browser, name: str, path: Path, repeats: int = 3) -> float | None:
    """Print what a page weighs, asks and takes; return the median of seconds until all was drawn."""
    found = []
    for _ in range(repeats):
        tried, drawn, _page, context = opened(browser, path)
        context.close()
        found.append(drawn)
        if drawn is None:
            break
    middle = median(one or 0 for one in found) if None not in found else None
    drawn_after = "never all drawn" if middle is None else f"all drawn {middle:.2f} s"
    print(f"  {name:18} {path.stat().st_size / 1e6:5.2f} MB  {tried} requests tried  {drawn_after}")
    return middle


def changes(browser: Browser, path: Path) -> tuple[float, float]:
    """Return the medians, in milliseconds, from a changed box to the pictures in view and to all of them."""
    *_, page, context = opened(browser, path)
    boxes = page.locator("input[type=checkbox]").count()
    taken = []
    for step in range(CHANGES):
        taken.append(page.evaluate(CHANGE, (step // 2) % boxes))
        page.wait_for_timeout(60)
    context.close()
    seen = [one for one, _ in taken if one]
    return (median(seen) if seen else float("nan")), median(every for _, every in taken)


@contextmanager
def internal() -> Iterator[None]:
    """Set the level under which an own file keeps all its groups."""
    os.environ[SETTING] = "internal"
    yield
    del os.environ[SETTING]


def pages(browser: Browser, folder: Path, size: int) -> None:
    """Measure the pages of one number of cases."""
    with internal():
        shown = notebook(contents(size))
        page = page_of(shown, "bench", "internal")
        ours = folder / f"ours-{size}.html"
        ours.write_text(html(page), encoding="utf-8")
    for name, text in (("bare", bare(page)), ("nbconvert", _plain_html(shown)), ("plotly", plotly(page))):
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    panel(page, folder / "panel.html")
    print(f"{size:,} cases")
    all_drawn = row(browser, "hmip_kit", ours)
    least = row(browser, "bare page, Vega", folder / "bare.html")
    for name in ("nbconvert", "plotly", "panel"):
        row(browser, name, folder / f"{name}.html")
    seen, every = changes(browser, ours)
    if all_drawn and least:
        print(f"  all drawn beside the bare page: ratio {all_drawn / least:.2f} (at most 1.5)")
    print(f"  size: {ours.stat().st_size / 1e6:.2f} MB (at most 1.6)")
    print(f"  a changed box: in view {seen:.0f} ms (at most 20), all {every:.0f} ms (at most 100)")


def rendering(folder: Path) -> None:
    """Measure all notebooks rendered beside papermill alone."""
    import papermill

    notebooks = sorted(bundled_folder("notebooks").glob("*.ipynb"))
    start = time.perf_counter()
    for path in notebooks:
        papermill.execute_notebook(str(path), None, kernel_name="python3", progress_bar=False, cwd=str(path.parent))
    alone = time.perf_counter() - start
    start = time.perf_counter()
    render(notebooks, folder / "rendered", "protected")
    ours = time.perf_counter() - start
    largest = max((folder / "rendered").glob("*.html"), key=lambda path: path.stat().st_size)
    print(f"{len(notebooks)} notebooks rendered: {ours:.0f} s, papermill alone {alone:.0f} s, ratio {ours / alone:.2f} (at most 1.5)")
    print(f"largest page {largest.name}: {largest.stat().st_size / 1e6:.2f} MB (at most 1.6)")


def main() -> None:
    """Print the measures, and the limits that are wanted."""
    path = next(found for name in CHROMIUM if (found := shutil.which(name)))
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for size in SIZES:
            pages(browser, Path(name), size)
        browser.close()
    if "pages" not in sys.argv:
        with TemporaryDirectory() as name:
            rendering(Path(name))


if __name__ == "__main__":
    main()
