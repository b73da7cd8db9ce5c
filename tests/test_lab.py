"""The panel in real JupyterLab, in real Chromium, with the network blocked."""

import json
import random
import re
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

import hmip_kit as hk
from hmip_kit.filters import Filters
from hmip_kit.panel import choices
from hmip_kit.settings import FEWEST_FOR_A_BAR
from hmip_kit.stats.words import whole_percent

PRACTICE = hk.load("practice-cases")
HOSTILE = '<script>window.hacked = 1</script><img src="x" onerror="window.hacked = 1">'
SETUP = "import hmip_kit as hk\nhk.setup()"
WAIT = 40_000
FINDING = "hk.load('lewisham-bromley-2022').show.stage_by_strand()"
PANEL = "panel = hk.load('practice-cases').explore()\npanel"
OTHER = "other = hk.load('practice-cases-b').explore()\nother"
OWN = (
    'practice = hk.load("practice-cases")\n'
    f'cases = practice.cases.assign(office={HOSTILE!r}, sex="Benyw ŵŷ")\n'
    'hk.Inspection("audit", {"title": "Audit"}, practice.framework, '
    '{**practice.frames, "cases": cases}, "own").explore()'
)


def write(lab: Any, name: str, *cells: str) -> str:
    """Write a notebook in the folder of the running JupyterLab and return its address."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, lab.folder / name)
    return str(lab.notebook(name))


def run_all(page: Page, pictures: int, panels: int = 1) -> None:
    """Run all cells and wait for the pictures of findings and of panels."""
    start_all(page)
    drawn(page, pictures, panels)


def start_all(page: Page) -> None:
    """Run all cells, and see that they have begun."""
    expect(page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')).to_be_attached(
        timeout=WAIT
    )
    prompt = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    while (
        prompt.text_content() == "[ ]:"
    ):  # a run that comes before the kernel is connected is dropped
        run_cells(page)


def run_cells(page: Page) -> None:
    """Ask for all cells to be run, once the status bar says that there is a kernel."""
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=WAIT)
    choose(page, "Run", "Run All Cells")
    page.wait_for_timeout(1000)


def choose(page: Page, menu: str, item: str) -> None:
    """Choose an item of a menu."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_text(item, exact=True).click()


def drawn(page: Page, pictures: int, panels: int) -> None:
    """Wait until every picture is there."""
    expect(
        page.locator(
            ".jp-OutputArea-output.jp-RenderedVegaCommon5 svg.marks, "
            ".jp-OutputArea-output.jp-RenderedVegaCommon5 canvas"
        )
    ).to_have_count(pictures, timeout=WAIT)
    expect(page.locator(".hmip-part[open] .hmip-picture svg.marks")).to_have_count(
        panels, timeout=WAIT
    )


def numbers(panel: Locator) -> Locator:
    """Return the cells of the key-question table that hold the counts."""
    return panel.locator(".hmip-part").first.locator("tbody tr td:nth-child(2)")


def open_parts(pictures: Locator) -> None:
    """Open every part of a panel."""
    closed = pictures.locator(".hmip-part:not([open]) > summary")
    while closed.count():
        closed.first.click()


def holds(page: Page, filters: Filters, panel: int = 0) -> None:
    """Check that a panel shows the numbers of `results`, and the right count beside each choice."""
    wanted = PRACTICE.filtered(filters)
    rows = wanted.show.results().rows
    said = [
        f"{yes} of {n}" if n else "no cases" for yes, n in zip(rows["yes"], rows["n"], strict=True)
    ]
    shares = [
        f" ({whole_percent(yes, n)})" if n >= FEWEST_FOR_A_BAR else ""
        for yes, n in zip(rows["yes"], rows["n"], strict=True)
    ]
    form = page.locator(".hmip-panel-form").nth(panel)
    expect(form.locator(".hmip-status")).to_have_text(choices.sentence(wanted))
    expect(numbers(page.locator(".hmip-panel-pictures").nth(panel))).to_have_text(said)
    counts = [
        str(choice["count"])
        for group in choices.offered(PRACTICE, filters)
        for choice in group["values"]
    ]
    expect(form.locator(".hmip-count")).to_have_text(counts)
    picture = (
        page.locator(".hmip-panel-pictures").nth(panel).locator(".hmip-picture svg.marks").first
    )
    written = picture.locator("text").filter(has_text=re.compile(r"^(\d+ of \d+|no cases)"))
    expect(written).to_have_text([text + share for text, share in zip(said, shares, strict=True)])
    expect(form.locator("code")).to_have_text(f"cases{filters.code}")


@pytest.fixture(scope="module")
def two(module_lab_page: Any, lab: Any) -> Page:
    """Return a page with two panels, as run."""
    page: Page = module_lab_page.page
    page.goto(write(lab, "two.ipynb", SETUP, PANEL, OTHER))
    run_all(page, 0, panels=2)
    return page


def box(page: Page, name: str, value: str) -> Locator:
    """Return the box of a value in the first panel, by its group's legend and its own label."""
    group = page.locator(".hmip-panel-form").first.get_by_role("group", name=name, exact=True)
    return group.locator(f'label:has(input[value="{value}"]) input')


def test_fifty_random_states_show_what_results_gives(two: Page) -> None:
    chance, filters = random.Random(42), Filters()
    other = numbers(two.locator(".hmip-panel-pictures").nth(1)).all_text_contents()
    for _ in range(50):
        offered = [
            (group["name"], group["label"], choice["value"], choice["chosen"])
            for group in choices.offered(PRACTICE, filters)
            for choice in group["values"]
            if choice["count"] or choice["chosen"]
        ]
        name, label, value, chosen = chance.choice([one for one in offered if one[3]] * 6 + offered)
        box(two, label, value).click()
        filters = choices.toggled(filters, name, value, not chosen)
        holds(two, filters)
    two.locator(".hmip-reset").first.click()
    holds(two, Filters())
    assert numbers(two.locator(".hmip-panel-pictures").nth(1)).all_text_contents() == other


def test_what_would_leave_no_case_cannot_be_chosen(two: Page) -> None:
    box(two, "Sentence type", "Licence").check()
    for value in PRACTICE.characteristics["ethnicity"]:
        count = PRACTICE.where(sentence_type="Licence", ethnicity=value).size
        expect(box(two, "Ethnicity", value)).to_be_enabled(enabled=count > 0)
    two.locator(".hmip-reset").first.click()
    holds(two, Filters())


def test_the_keyboard_is_enough(two: Page) -> None:
    box(two, "Sentence type", "Community").focus()
    two.keyboard.press("Tab")
    two.keyboard.press("Space")
    holds(two, Filters.of({"sentence_type": "Licence"}))
    expect(box(two, "Sentence type", "Licence")).to_be_focused()
    two.keyboard.press("Tab")
    two.keyboard.press("Space")
    holds(two, Filters.of({"sentence_type": "Licence", "sex": "Female"}))
    for _ in range(60):
        two.keyboard.press("Tab")
        if two.evaluate("document.activeElement.className") == "hmip-reset":
            break
    two.keyboard.press("Enter")
    holds(two, Filters())
    part = two.locator(".hmip-panel-pictures").first.locator(".hmip-part").nth(1)
    part.locator("summary").first.focus()
    two.keyboard.press("Enter")
    expect(part.locator("svg.marks")).to_have_count(1)
    two.keyboard.press("Enter")
    expect(part).not_to_have_attribute("open", "")


def test_axe_finds_nothing_serious_in_a_panel(two: Page) -> None:
    from axe_core_python.sync_playwright import Axe

    open_parts(two.locator(".hmip-panel-pictures").first)
    expect(
        two.locator(".hmip-panel-pictures")
        .first.locator(".hmip-part[open] .hmip-picture svg.marks")
        .nth(2)
    ).to_be_visible()
    two.get_by_role("button", name="Show the cases").first.click()
    expect(two.locator(".hmip-cases-table").first).to_be_visible()
    found = Axe().run(two, context={"include": [[".jp-OutputArea-output .widget-vbox"]]})
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"][:150] for node in one["nodes"]][:3]) for one in serious] == []


def test_run_save_reopen_and_restart(lab_page: Any, lab: Any) -> None:
    page: Page = lab_page.page
    page.goto(write(lab, "first.ipynb", SETUP, FINDING, PANEL))
    run_all(page, 1)
    box(page, "Sentence type", "Licence").check()
    holds(page, Filters.of({"sentence_type": "Licence"}))
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.wait_for_timeout(1500)
    text = (lab.folder / "first.ipynb").read_text(encoding="utf-8")
    kept = [
        list(output["data"]) for cell in json.loads(text)["cells"] for output in cell["outputs"]
    ]
    assert len(kept) == 2
    assert all(
        "image/png" in types and "application/vnd.vegalite.v5+json" in types for types in kept
    )
    assert "widget-view" not in text
    assert "widgets" not in json.loads(text)["metadata"]
    page.goto(lab.notebook("first.ipynb"))
    drawn(page, 2, 0)
    reopened = page.locator(".jp-Notebook").inner_text()
    assert "Error" not in reopened
    assert "model not found" not in reopened
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel and Run All Cells…", exact=True).click()
    page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    drawn(page, 1, 1)
    box(page, "Sex", "Male").check()
    holds(page, Filters.of({"sex": "Male"}))
    assert [
        url
        for url in lab_page.requests
        if not url.startswith((lab.address, "data:", "blob:", "ws:"))
    ] == []


def test_labels_of_the_data_are_shown_and_run_nothing(lab_page: Any, lab: Any) -> None:
    page: Page = lab_page.page
    page.goto(write(lab, "own.ipynb", SETUP, OWN))
    run_all(page, 0)
    for text in (HOSTILE, "Benyw ŵŷ"):
        expect(page.locator(".hmip-value").get_by_text(text, exact=True)).to_be_visible()
    page.locator(".hmip-form input").last.click()
    open_parts(page.locator(".hmip-panel-pictures"))
    page.get_by_label("Groups by").select_option("Office or team")
    page.get_by_role("button", name="Show the cases").click()
    expect(page.locator(".hmip-cases-table").first).to_contain_text(HOSTILE)
    expect(page.locator(".hmip-part[open] .hmip-picture svg.marks").nth(2)).to_be_visible()
    assert page.evaluate("window.hacked") is None
