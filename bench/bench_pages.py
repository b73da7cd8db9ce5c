"""A shared page beside what others write: the same five pictures with a filter.

Ours, nbconvert's own HTML, Plotly and Panel, and as measure a bare page with the same pictures and
Vega, all opened from disk with the network off. Every ratio is taken within this run.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import nbformat
import peers
from bench_explorer import sample
from playwright.sync_api import Browser, Page, sync_playwright

from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.page import kernels, page_of
from hmip_kit.page.exporter import html
from hmip_kit.page.running import Wanted, render
from hmip_kit.page.twins import CHROMIUM
from hmip_kit.settings import RENDER_SETTING
from hmip_kit.sources.bundled import bundled_folder

SIZES, OPENINGS, CHANGES = (42, 100_000), 7, 40
CHARTS = (
    "stages_sufficient",
    "key_questions",
    "groups",
    "sub_questions",
    "progress_with_and_without",
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MARKS = "svg.marks"
ALL_DRAWN = "([chosen, wanted]) => bench.drawn(chosen, wanted)"
FIRST = (  # ours, and a bare page
    "([chosen]) => bench.firstScreen('.hmip-picture', chosen)",
    "([chosen]) => bench.firstScreen('body > div', chosen)",
)
PICTURE = {
    "nbconvert": "img",
    "Plotly": ".js-plotly-plot .svg-container > svg.main-svg:first-of-type",
}
CONTROL = {"hmip_kit": "input[type=checkbox]", "Plotly": ".updatemenu-button", "Panel": "button"}
WATCH = Path(__file__).with_name("watch.js")


def cases(size: int) -> Inspection:
    """Return own cases, so many: the practice cases, or cases drawn from them."""
    base = sample(size)
    frames = dict(base.frames)
    return Inspection("bench", {"title": "Bench"}, base.framework, frames, cases_are="own")


def findings(inspection: Inspection) -> list[Finding]:
    """Return five findings that follow the filter."""
    return [getattr(inspection.show, name)() for name in CHARTS]


def notebook(shown: list[Finding]) -> Any:
    """Return a notebook that shows the findings."""
    outputs = [
        nbformat.v4.new_output("display_data", data=one._repr_mimebundle_()[0]) for one in shown
    ]
    cells = [nbformat.v4.new_code_cell("cases", outputs=[output]) for output in outputs]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Bench"), *cells])


@contextmanager
def opened(
    browser: Browser, path: Path, picture: str, until: str = ALL_DRAWN
) -> Iterator[tuple[Page, int, float]]:
    """Open a page offline; give it with the number of requests tried and the seconds it took.

    The seconds are those to its last picture, infinite if it never drew.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page, requests = context.new_page(), list[str]()
    page.on("request", lambda request: requests.append(request.url))
    page.add_init_script(path=WATCH)
    page.goto(path.as_uri(), wait_until="commit")
    drawn = page.evaluate(until, [picture, len(CHARTS)])
    page.wait_for_load_state()
    yield (
        page,
        len([url for url in requests if url.startswith("http")]),
        inf if drawn is None else drawn / 1000,
    )
    context.close()


def drawing(browser: Browser, pages: dict[str, Path]) -> dict[str, float]:
    """Print what each page weighs, asks and takes, in turns.

    Return the medians of seconds until all was drawn.
    """
    tried, drawn = dict.fromkeys(pages, 0), {name: list[float]() for name in pages}
    for _ in range(OPENINGS):
        for name, path in pages.items():
            with opened(browser, path, PICTURE.get(name, MARKS)) as (
                _page,
                requests,
                seconds,
            ):
                tried[name] += requests
                drawn[name].append(seconds)
    for name, path in pages.items():
        print(
            f"  {name:18} {path.stat().st_size / 1e6:5.2f} MB  {tried[name]} requests tried"
            f"  all drawn {median(drawn[name]):.2f} s"
        )
    return {name: median(taken) for name, taken in drawn.items()}


def first_screen(browser: Browser, ours: Path, whole: list[Finding]) -> str:
    """Return, in words, the time to the first screen beside a bare page of the same pictures."""
    bare = ours.with_name("bare-first.html")
    times: tuple[list[float], list[float]] = ([], [])
    with opened(browser, ours, MARKS) as (page, *_):
        viewed = page.evaluate("bench.viewed('.hmip-picture')")
    peers.bare([one for one, there in zip(whole, viewed, strict=True) if there], bare)
    for _ in range(OPENINGS):
        for path, taken, until in zip((ours, bare), times, FIRST, strict=True):
            with opened(browser, path, MARKS, until) as (*_, seconds):
                taken.append(seconds)
    mine, theirs = map(median, times)
    return (
        f"first screen, {sum(viewed)} pictures: {mine:.2f} s, a bare page of the same "
        f"{theirs:.2f} s, ratio {mine / theirs:.2f} (at most 1.1)"
    )


def changing(browser: Browser, name: str, path: Path) -> str:
    """Return, in words, the medians from a click to the paint, or that nothing changes.

    One median is of the pictures in view, the other of all.
    """
    control, picture = CONTROL.get(name), PICTURE.get(name, MARKS)
    if not control:
        return "no filter"
    with opened(browser, path, picture) as (page, *_):
        count = page.evaluate("(control) => bench.count(control)", control)
        how = [[control, _turn(name, step, count), picture] for step in range(CHANGES)]
        taken = [
            page.evaluate(
                "([control, place, chosen]) => bench.changed(control, place, chosen)", one
            )
            for one in how
        ]
    worked = [(seen, every) for seen, every, changed in taken if changed]
    if not worked:
        return "a filter that changes nothing offline"
    in_view, every = (median(column) for column in zip(*worked, strict=True))
    most = max(changed for *_, changed in taken)
    return (
        f"a changed choice: in view {in_view:.0f} ms, all {every:.0f} ms; "
        f"{most} of {len(CHARTS)} pictures follow"
    )


def _turn(name: str, step: int, count: int) -> int:
    """Return which control to click: each box on and off again, or the two choices by turns."""
    return (step // 2) % count if name == "hmip_kit" else (step + 1) % 2


@contextmanager
def unit_level() -> Iterator[None]:
    """Set the level under which an own file keeps all its groups."""
    os.environ[RENDER_SETTING] = "unit"
    yield
    del os.environ[RENDER_SETTING]


def written(folder: Path, size: int) -> dict[str, Path]:
    """Write the pages of one number of cases, ours and those of the peers."""
    names = ("hmip_kit", "bare page, Vega", "nbconvert", "Plotly", "Panel")
    pages = {name: folder / f"{name.split()[0]}-{size}.html" for name in names}
    with unit_level():
        shown = notebook(whole := findings(own := cases(size)))
        narrowed = findings(own.where(sentence_type="Licence"))
        made = page_of({"bench": shown}, level="unit")
        pages["hmip_kit"].write_text(html(made), encoding="utf-8")
    peers.bare(whole, pages["bare page, Vega"])
    peers.nbconvert(shown, pages["nbconvert"])
    peers.plotly(whole, narrowed, pages["Plotly"])
    peers.panel(whole, narrowed, pages["Panel"])
    return pages


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rendering(folder: Path) -> None:
    """Print how long all notebooks take to render beside papermill alone, and the largest page.

    Pages are made, too: with kernels forked from a loaded process, and with kernels of their own.
    """
    import papermill

    # the eight of the bundled page: the one on rounds makes a page of its own
    notebooks = sorted(bundled_folder("notebooks").glob("0[0-7]_*.ipynb"))

    def one_after_another() -> None:
        for path in notebooks:
            papermill.execute_notebook(
                str(path), None, kernel_name="python3", progress_bar=False, cwd=str(path.parent)
            )

    alone = seconds(one_after_another)
    forked = seconds(lambda: render(Wanted(notebooks), folder))
    with patch.object(kernels, "get_all_start_methods", lambda: ["spawn"]):
        apart = seconds(lambda: render(Wanted(notebooks), folder))
    for how, took, most in (("forked", forked, 0.5), ("without fork", apart, 0.65)):
        print(
            f"{len(notebooks)} notebooks rendered, {how}: {took:.1f} s, papermill alone "
            f"{alone:.1f} s, ratio {took / alone:.2f} (at most {most})"
        )
    largest = max(folder.glob("*.html"), key=lambda path: path.stat().st_size)
    print(f"largest page {largest.name}: {largest.stat().st_size / 1e6:.2f} MB (at most 3.0)")


def main() -> None:
    """Print the measures, and the limits that are wanted."""
    path = next(found for name in CHROMIUM if (found := shutil.which(name)))
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for size in SIZES:
            print(f"{size:,} cases, {len(CHARTS)} pictures")
            pages = written(Path(name), size)
            drawn = drawing(browser, pages)
            ratio = drawn["hmip_kit"] / drawn["bare page, Vega"]
            print(f"  all drawn beside the bare page: ratio {ratio:.2f}")
            print(f"  {first_screen(browser, pages['hmip_kit'], findings(cases(size)))}")
            for one, page in pages.items():
                print(
                    f"  {one:18} {changing(browser, one, page)}"
                    f"{' (at most 15 and 300)' if one == 'hmip_kit' else ''}"
                )
        browser.close()
    if "pages" not in sys.argv:
        with TemporaryDirectory() as name:
            rendering(Path(name))


if __name__ == "__main__":
    main()
