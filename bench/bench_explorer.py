"""From click to painted picture in JupyterLab: the panel beside `ipywidgets.interact`.

Both draw the key-question picture at 42, 5,000 and 100,000 cases, in the same notebook and kernel,
and both are timed alike: from the click to the first animation frame after the picture's text has
changed. Every ratio is taken within this run, and nothing is compared with a stored time.
"""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import altair as alt
import ipywidgets
import nbformat
import numpy as np
import pandas as pd
from IPython.display import display
from playwright.sync_api import Page, expect, sync_playwright

import hmip_kit as hk
from hmip_kit.cli.pages import lab_environment, lab_options
from hmip_kit.inspection import Inspection
from hmip_kit.page.twins import CHROMIUM
from hmip_kit.picture import VEGALITE
from hmip_kit.schema import ANSWERS
from hmip_kit.settings import CATEGORICAL, INK, PALE, QUIET, WIDTH
from hmip_kit.stats import wilson

SIZES, CLICKS, PARTS = (42, 5_000, 100_000), 40, 5
BUTTONS = ["All", "Community", "Licence"]
STEPS = ("Licence", "All", "Community", "All")
CELLS = (
    "import sys; sys.path.insert(0, {folder!r})\n"
    "from bench_explorer import hk, interact_picture, open_parts, sample\n"
    "hk.setup(); hk.load('practice-cases').explore().finding('key_questions').chart\n"
    "cases = sample({cases})",
    "panel = open_parts(cases)\npanel",
    "panel.pictures.opened = ['key_questions']",
    "interact_picture(cases)",
)
CLICK = """([place, control]) => new Promise((done) => {
  const inside = document.querySelector(place);
  const text = () =>
    [...inside.querySelectorAll("svg.marks text")].map((one) => one.textContent).join("|");
  const was = text(), start = performance.now();
  const seen = new MutationObserver(() => {
    const now = text();
    if (!now || now === was) return;
    seen.disconnect();
    requestAnimationFrame(() => done(performance.now() - start));
  });
  seen.observe(inside, { childList: true, subtree: true, characterData: true });
  document.querySelector(control).click();
})"""
WATCH = """(wanted) => {
  const begun = ({ key }) => { if (key === "Enter") window.benchStart = performance.now(); };
  document.addEventListener("keydown", begun, { capture: true });
  const seen = new MutationObserver(() => {
    const drawn = document.querySelectorAll(".hmip-picture svg.marks").length;
    if (drawn && !window.benchFirst)
      requestAnimationFrame(() => { window.benchFirst = performance.now() - window.benchStart; });
    if (drawn < wanted) return;
    seen.disconnect();
    requestAnimationFrame(() => { window.benchAll = performance.now() - window.benchStart; });
  });
  seen.observe(document.body, { childList: true, subtree: true });
}"""
NOT_RUN = "[ ]:"
PANEL = ".hmip-part[open] .hmip-picture"
INTERACT = ".widget-interact .jp-OutputArea"


def sample(size: int) -> Inspection:
    """Return the practice cases, or as many own cases as asked for that are drawn from them."""
    base = hk.load("practice-cases")
    if size == base.size:
        return base
    drawn = np.random.default_rng(0).integers(0, base.size, size)
    ids, questions = pd.Index([f"case-{place}" for place in range(size)]), pd.Index(base.questions)
    answers = pd.DataFrame(
        {
            "case_id": pd.Categorical.from_codes(np.repeat(np.arange(size), len(questions)), ids),
            "question": pd.Categorical.from_codes(
                np.tile(np.arange(len(questions)), size), questions
            ),
            "answer": pd.Categorical.from_codes(
                np.column_stack([base.coded(one)[drawn] for one in questions]).ravel(),
                pd.Index(ANSWERS),
            ),
        }
    )
    cases = base.cases.iloc[drawn].reset_index(drop=True).assign(case_id=ids)
    needs = base.needs.assign(case_id=base.needs["case_id"].astype("str"))
    rows = needs.merge(
        pd.DataFrame({"case_id": base.cases["case_id"].iloc[drawn].to_numpy(), "drawn": ids}),
        on="case_id",
    )
    frames = {
        "cases": cases,
        "answers": answers,
        "needs": rows.assign(case_id=rows["drawn"]).drop(columns="drawn"),
    }
    return Inspection("bench", {"title": "Bench"}, base.framework, frames, cases_are="own")


def open_parts(cases: Inspection) -> Any:
    """Return a panel with five parts open, or as many as there are."""
    panel = cases.explore()
    panel.pictures.opened = [part.name for part in panel.parts][:PARTS]
    return panel


def interact_picture(cases: Inspection) -> None:
    """Show the picture as a careful analyst has it without this kit.

    That is `interact`, a pandas filter, a group-by and an Altair chart.
    """
    rows, answers = cases.cases, cases.answers
    labels = {one.id: one.label for one in cases.framework.questions}
    answers = answers[answers["question"].isin(list(labels))]
    whole = _counts(answers)["percent"]

    def draw(sentence_type: str) -> None:
        kept = rows if sentence_type == "All" else rows[rows["sentence_type"] == sentence_type]
        counts = _counts(answers[answers["case_id"].isin(kept["case_id"])])
        counts = counts.assign(label=counts.index.map(labels), whole=whole).reset_index()
        how = {VEGALITE: {"embed_options": {"renderer": "svg"}}}
        display({VEGALITE: _chart(counts).to_dict()}, raw=True, metadata=how)  # type: ignore[no-untyped-call]

    ipywidgets.interact(draw, sentence_type=ipywidgets.ToggleButtons(options=BUTTONS))


def _counts(answers: pd.DataFrame) -> pd.DataFrame:
    counts = answers.groupby(["question", "answer"], observed=True).size().unstack(fill_value=0)
    yes, n = counts["Yes"], counts["Yes"] + counts["No"]
    percent = 100 * yes / n
    low, high = wilson(yes, n)
    text = [
        f"{one} of {many} ({share:.0f}%)" for one, many, share in zip(yes, n, percent, strict=True)
    ]
    return pd.DataFrame({"percent": percent, "low": low, "high": high, "text": text}).rename_axis(
        columns=None
    )


def _chart(counts: pd.DataFrame) -> alt.LayerChart:
    base = alt.Chart(counts)
    y, scale = alt.Y("label:N", sort=None, axis=None), alt.Scale(domain=[0, 100])
    bands = alt.Chart(pd.DataFrame({"from": [50, 65, 80]})).mark_rule(
        strokeDash=[1, 3], color=QUIET
    )
    layers = [
        bands.encode(x=alt.X("from:Q", scale=scale)),
        base.mark_bar(size=15, yOffset=9, color=PALE, stroke=QUIET).encode(
            x=alt.X("whole:Q", scale=scale), y=y
        ),
        base.mark_bar(size=9, yOffset=9, color=CATEGORICAL[0]).encode(
            x=alt.X("percent:Q", scale=scale), y=y
        ),
        base.mark_rule(yOffset=9, color=INK).encode(x="low:Q", x2="high:Q", y=y),
        base.mark_text(align="left", dy=-6, dx=2).encode(x=alt.datum(0), y=y, text="label:N"),
        base.mark_text(align="right", dy=-6, fontWeight="bold").encode(
            x=alt.datum(100), y=y, text="text:N"
        ),
    ]
    return alt.LayerChart(layer=layers).properties(width=WIDTH, height=alt.Step(38))


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run JupyterLab on a folder, as `hmip lab` does, and return its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = [
        *lab_options(folder),
        "--no-browser",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
    ]
    command = [sys.executable, "-m", "jupyterlab", *options]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=lab_environment()
    )
    try:
        for _ in range(100):
            with suppress(OSError), urllib.request.urlopen(f"{address}/api/status", timeout=2):
                break
            time.sleep(0.3)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def write_notebook(folder: Path, size: int) -> str:
    """Write the notebook for a number of cases and return its name."""
    cells = [text.format(folder=str(Path(__file__).parent), cases=size) for text in CELLS]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, folder / f"bench-{size}.ipynb")
    return f"bench-{size}.ipynb"


def measure(page: Page, address: str) -> dict[str, list[float]]:
    """Return, in milliseconds, the clicks of the panel and of `interact`, and the panel's start.

    The start is when the first picture of the panel was there, and when all were.
    """
    page.goto(address)
    run = _runner(page)
    run(0)
    page.evaluate(WATCH, PARTS - 1)
    run(1)
    page.wait_for_timeout(3000)
    first = page.evaluate("[window.benchFirst, window.benchAll]")
    run(2)
    run(3)
    expect(page.locator(f"{INTERACT} svg.marks")).to_have_count(1, timeout=60_000)
    steps = [STEPS[place % len(STEPS)] for place in range(CLICKS)]
    panel = [_click(page, PANEL, _box(step, place)) for place, step in enumerate(steps)]
    interact = [
        _click(
            page, INTERACT, f".widget-toggle-buttons button:nth-child({BUTTONS.index(step) + 1})"
        )
        for step in steps
    ]
    return {"first": first, "panel": panel, "interact": interact}


def _box(step: str, place: int) -> str:
    """Return the box to click for a step: "All" takes away what the step before chose."""
    value = STEPS[(place - 1) % len(STEPS)] if step == "All" else step
    return f'.hmip-form input[value="{value}"]'


def _click(page: Page, place: str, control: str) -> float:
    taken = float(page.evaluate(CLICK, [place, control]))
    page.wait_for_timeout(150)
    return taken


def _runner(page: Page) -> Callable[[int], None]:
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(len(CELLS), timeout=60_000)
    expect(page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')).to_be_attached(
        timeout=60_000
    )

    def run(place: int) -> None:
        prompt = cells.nth(place).locator(".jp-InputArea-prompt").first
        while prompt.text_content() == NOT_RUN:
            cells.nth(place).locator(".cm-content").click()
            page.keyboard.press("Shift+Enter")
            page.wait_for_timeout(200)
        expect(prompt).to_contain_text(f"[{place + 1}]", timeout=120_000)

    return run


def main() -> None:
    """Print the measures of each size, and the ratios that are wanted."""
    path = next(found for name in CHROMIUM if (found := shutil.which(name)))
    medians = {}
    with (
        TemporaryDirectory() as folder,
        jupyterlab(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for size in SIZES:
            page = browser.new_page(viewport={"width": 1400, "height": 1200})
            taken = measure(page, f"{address}/lab/tree/{write_notebook(Path(folder), size)}?reset")
            page.close()
            medians[size] = _report(size, taken)
    ours, largest = medians[SIZES[0]], medians[SIZES[-1]]
    print(f"panel, {SIZES[-1]:,} cases beside {SIZES[0]}: ratio {largest / ours:.2f} (at most 1.5)")


def _report(size: int, found: dict[str, list[float]]) -> float:
    ours, theirs = found["panel"], found["interact"]
    ends = [quantiles(taken, n=20)[-1] for taken in (ours, theirs)]
    first, all_drawn = found["first"]
    print(
        f"{size:,} cases: panel {median(ours):.0f} ms (95th percentile {ends[0]:.0f}), "
        f"interact {median(theirs):.0f} ms ({ends[1]:.0f}),",
        end=" ",
    )
    print(f"ratio {median(ours) / median(theirs):.2f} (at most 0.45 at 42 cases)")
    print(
        f"{size:,} cases: first picture of {PARTS} after {first / 1000:.2f} s (at most 0.7 at 42), "
        f"all after {(all_drawn or 0) / 1000:.2f} s"
    )
    return median(ours)


if __name__ == "__main__":
    main()
