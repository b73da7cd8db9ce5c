"""The panel in real JupyterLab, in real Chromium, with the network blocked."""

import random
import re
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

import hmip_kit as hk
from hmip_kit.filters import Filters
from hmip_kit.panel import choices
from hmip_kit.panel.live import behind

PRACTICE = hk.load("practice-cases")
HOSTILE = '<script>window.hacked = 1</script><img src="x" onerror="window.hacked = 1">'
SETUP = "import hmip_kit as hk\nhk.setup()\npdu = hk.load('lewisham-bromley-2022')"
WAIT = 40_000
PANEL = "panel = hk.load('practice-cases').explore()\npanel"
DOOR = "pdu.show"
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
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=WAIT)


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
    page.evaluate("document.querySelectorAll('.hmip-group').forEach((one) => { one.open = true; })")


def numbers(panel: Locator) -> Locator:
    """Return the cells of the key-question table that hold the counts."""
    return panel.locator(".hmip-part").first.locator("tbody tr td:nth-child(2)")


def open_parts(pictures: Locator) -> None:
    """Open every part of a panel."""
    closed = pictures.locator(".hmip-part:not([open]) > summary")
    while closed.count():
        closed.first.click()


def holds(page: Page, filters: Filters, name: str = "hk.load('practice-cases')") -> None:
    """Check that the first panel shows the numbers of `results`, and the counts of each choice.

    `name` is what the code that it gives calls the cases.
    """
    wanted = PRACTICE.filtered(filters)
    rows = wanted.show.results().rows
    said = [
        f"{yes} of {n}" if n else "no cases" for yes, n in zip(rows["yes"], rows["n"], strict=True)
    ]
    form = page.locator(".hmip-panel-form").first
    expect(form.locator("[role=status]")).to_have_text(choices.sentence(wanted))
    expect(form.locator(".hmip-size")).to_have_text(choices.size_said(wanted))
    expect(numbers(page.locator(".hmip-panel-pictures").first)).to_have_text(said)
    counts = [
        str(choice["count"])
        for group in choices.offered(PRACTICE, filters)
        for choice in group["values"]
    ]
    expect(form.locator(".hmip-count")).to_have_text(counts)
    picture = page.locator(".hmip-panel-pictures").first.locator(".hmip-picture svg.marks").first
    finding = wanted.show.key_questions()
    expect(picture).to_have_attribute("aria-label", f"{finding.title}. {finding.sentence}")
    expect(form.locator("code")).to_have_text(f"{name}{filters.code}")


@pytest.fixture(scope="module")
def three(module_lab_page: Any, lab: Any) -> Page:
    """Return a page with three panels, as run: two of practice cases, one of hostile labels.

    Its last cell has something to complete.
    """
    page: Page = module_lab_page.page
    page.goto(write(lab, "three.ipynb", SETUP, PANEL, OTHER, OWN, DOOR))
    run_all(page, 0, panels=3)
    return page


def box(page: Page, name: str, value: str) -> Locator:
    """Return the box of a value in the first panel, by its group's legend and its own label."""
    group = page.locator(".hmip-panel-form").first.get_by_role("group", name=name, exact=True)
    return group.locator(f'label:has(input[value="{value}"]) input')


@pytest.mark.parametrize("many", [15, pytest.param(50, marks=pytest.mark.slow)])
def test_random_states_show_what_results_gives(three: Page, many: int) -> None:
    chance, filters = random.Random(42), Filters()
    other = numbers(three.locator(".hmip-panel-pictures").nth(1)).all_text_contents()
    for _ in range(many):
        offered = [
            (group["name"], group["label"], choice["value"], choice["chosen"])
            for group in choices.offered(PRACTICE, filters)
            for choice in group["values"]
            if choice["count"] or choice["chosen"]
        ]
        name, label, value, chosen = chance.choice([one for one in offered if one[3]] * 6 + offered)
        box(three, label, value).click()
        filters = choices.toggled(filters, name, value, not chosen)
        holds(three, filters)
    three.locator(".hmip-reset").first.click()
    holds(three, Filters())
    assert numbers(three.locator(".hmip-panel-pictures").nth(1)).all_text_contents() == other


def test_what_would_leave_no_case_cannot_be_chosen(three: Page) -> None:
    box(three, "Sentence type", "Licence").check()
    for value in PRACTICE.characteristics["ethnicity"]:
        count = PRACTICE.where(sentence_type="Licence", ethnicity=value).size
        expect(box(three, "Ethnicity", value)).to_be_enabled(enabled=count > 0)
    three.locator(".hmip-reset").first.click()
    holds(three, Filters())


def test_the_keyboard_is_enough(three: Page) -> None:
    box(three, "Sentence type", "Community").focus()
    three.keyboard.press("Tab")
    three.keyboard.press("Space")
    holds(three, Filters.of({"sentence_type": "Licence"}))
    expect(box(three, "Sentence type", "Licence")).to_be_focused()
    three.keyboard.press("Tab")  # the fold of the next group
    three.keyboard.press("Tab")
    three.keyboard.press("Space")
    holds(three, Filters.of({"sentence_type": "Licence", "sex": "Female"}))
    for _ in range(60):
        three.keyboard.press("Shift+Tab")
        if "hmip-reset" in three.evaluate("document.activeElement.className"):
            break
    three.keyboard.press("Enter")
    holds(three, Filters())
    part = three.locator(".hmip-panel-pictures").first.locator(".hmip-part").nth(1)
    part.locator("summary").first.focus()
    three.keyboard.press("Enter")
    expect(part.locator("svg.marks")).to_have_count(1)
    three.keyboard.press("Enter")
    expect(part).not_to_have_attribute("open", "")


def test_a_number_shows_its_cases_and_a_card_is_saved(three: Page, lab: Any) -> None:
    card = three.locator(".hmip-panel-pictures").first.locator(".hmip-card").first
    card.locator("summary", has_text="Cases").click()
    card.locator("svg text", has_text=re.compile(r"^8 of 42")).first.click()
    finding = PRACTICE.show.key_questions()
    [row] = [at for at, one in enumerate(finding.records) if one["cases"] == "8 of 42"]
    expect(card.locator(".hmip-behind [role=status]")).to_have_text(behind(finding, row))
    card.locator("summary", has_text="Save").click()
    card.get_by_role("button", name="Workbook (XLSX)").click()
    expect(card.get_by_text("Saved as")).to_contain_text("practice-cases-key-questions.xlsx")
    assert (lab.folder / "practice-cases-key-questions.xlsx").exists()


def test_axe_finds_nothing_serious_in_a_panel(three: Page) -> None:
    from axe_core_python.sync_playwright import Axe

    open_parts(three.locator(".hmip-panel-pictures").first)
    expect(
        three.locator(".hmip-panel-pictures")
        .first.locator(".hmip-part[open] .hmip-picture svg.marks")
        .nth(2)
    ).to_be_visible()
    three.get_by_role("button", name="Show the cases").first.click()
    expect(three.locator(".hmip-cases-table").first).to_be_visible()
    found = Axe().run(
        three,
        context={"include": [[".jp-OutputArea-output .widget-vbox"]]},
        options={"resultTypes": ["violations"]},  # what is right takes longest
    )
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"][:150] for node in one["nodes"]][:3]) for one in serious] == []


def test_labels_of_the_data_are_shown_and_run_nothing(three: Page) -> None:
    own = three.locator(".jp-OutputArea-output:has(.hmip-panel-form)").nth(2)
    for text in (HOSTILE, "Benyw ŵŷ"):
        expect(own.locator(".hmip-value").get_by_text(text, exact=True)).to_be_visible()
    own.locator(".hmip-form input").last.click()
    open_parts(own.locator(".hmip-panel-pictures"))
    own.get_by_label("Groups by").select_option("Office or team")
    own.get_by_role("button", name="Show the cases").click()
    expect(own.locator(".hmip-cases-table").first).to_contain_text(HOSTILE)
    expect(own.locator(".hmip-part[open] .hmip-picture svg.marks").nth(2)).to_be_visible()
    assert three.evaluate("window.hacked") is None


def test_jupyterlab_completes_names_and_shows_the_words(three: Page) -> None:
    cell = three.locator(".jp-CodeCell .cm-content").last
    expect(cell).to_have_text(DOOR)
    cell.click()
    three.keyboard.press("Control+End")
    expect(three.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=WAIT)
    three.keyboard.type(".ke", delay=100)
    offered = three.locator(".jp-Completer")
    for _ in range(5):  # a key that comes before JupyterLab has connected its completer is dropped
        three.keyboard.press("Tab")
        three.wait_for_timeout(2000)
        if offered.is_visible():
            break
    expect(offered).to_have_text(re.compile("key_questions.*function"))
    three.keyboard.press("Enter")
    expect(cell).to_have_text(f"{DOOR}.key_questions")
    three.keyboard.press("Shift+Tab")
    tip = three.locator(".jp-Tooltip")
    expect(tip).to_contain_text("Signature", timeout=WAIT)
    expect(tip).to_contain_text("Finding")
