"""One page of several notebooks: its parts, its rail, its cards, as a reader uses them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from audits import own, tables
from pages import PRACTICE, REPORT, checked, checked_all, notebook
from playwright.sync_api import expect
from pypdf import PdfReader

from hmip_kit import settings
from hmip_kit.page import PUBLISHED, page_of
from hmip_kit.page.exporter import html, index_page
from hmip_kit.settings import RENDER_SETTING
from hmip_kit.workbook import write_whole

GLANCE = notebook("# At a glance", "pdu.show.at_a_glance()", "## Which?", "pdu.show.recommended()")
BOTH = notebook(
    "# Services and outcomes",
    "## Who says what?",
    "pdu.show.three_viewpoints()",
    "## What is lacking?",
    "cases.show.referrals()",
    "## In published totals",
    "pdu.show.key_questions()",
    "pdu.show.key_questions()",
    "practice ## In cases",
    "practice cases.show.key_questions()",
    "practice cases.show.groups()",
    title="Services",
)
TWO = {"00_start": GLANCE, "04_gap": BOTH}
SHOWN = "document.querySelectorAll('.hmip-part:not([hidden])').length"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    return write_whole(path, html(checked_all(TWO)).encode()).as_uri()


@pytest.fixture
def opened(offline: Callable[..., Any], written: str) -> Any:
    watched = offline(written)
    watched.page.wait_for_function("() => document.querySelectorAll('.hmip-live').length >= 3")
    return watched


def part_in_sight(page: Any) -> list[str]:
    return list(
        page.locator(".hmip-part:not([hidden])").evaluate_all("(all) => all.map((x) => x.id)")
    )


def test_a_notebook_is_a_part_and_practice_cases_are_one_of_their_own() -> None:
    page = checked_all(TWO, "")
    labels = [(part["name"], part["label"]) for part in page["parts"]]
    assert labels == [
        ("00-start", "At a glance"),
        ("04-gap", "Services"),
        ("practice-cases", "Practice cases"),
    ]
    assert [part["rails"] for part in page["parts"]] == [[], [], ["practice-cases"]]
    assert (page["name"], page["title"]) == ("lewisham-bromley-2022", "Lewisham & Bromley PDU")


def test_what_the_data_lack_goes_with_its_heading_and_nothing_stands_twice() -> None:
    page = checked_all(TWO)
    [gap] = [part for part in page["parts"] if part["name"] == "04-gap"]
    titles = [section["title"] for section in gap["sections"]]
    assert titles == ["Services and outcomes", "Who says what?", "In published totals"]
    assert page["left_out"] == ["Referrals to commissioned rehabilitative services"]
    names = [one["name"] for one in page["findings"]]
    assert names.count("key_questions") == 2  # published, and practice


def test_with_cases_of_ones_own_every_cell_stays_in_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    page = tables(own(100))
    assert [part["practice"] for part in page["parts"]] == [""]


def test_one_part_is_in_sight_and_a_link_or_the_way_back_leads_to_another(opened: Any) -> None:
    page = opened.page
    assert part_in_sight(page) == ["00-start"]
    page.get_by_role("link", name="Services").click()
    page.wait_for_function("() => !document.getElementById('04-gap').hasAttribute('hidden')")
    assert part_in_sight(page) == ["04-gap"]
    assert page.locator("[aria-current=page]").inner_text() == "Services"
    page.go_back()
    page.wait_for_function("() => !document.getElementById('00-start').hasAttribute('hidden')")
    page.evaluate("location.hash = document.querySelectorAll('.hmip-card')[2].id")
    page.wait_for_function("() => !document.getElementById('04-gap').hasAttribute('hidden')")
    assert opened.wrong == []


def test_what_an_address_has_of_an_attacker_does_nothing(
    offline: Callable[..., Any], written: str
) -> None:
    watched = offline(f"{written}#?__proto__=x&constructor=y&sex=Male&sex=nobody")
    watched.page.wait_for_function("() => document.querySelectorAll('.hmip-live').length >= 3")
    assert "null" not in watched.page.locator("main").inner_text()
    assert watched.wrong == []


def test_a_choice_stands_as_a_chip_and_can_be_taken_back(opened: Any) -> None:
    page = opened.page
    page.get_by_role("link", name="Practice cases").click()
    page.locator("input[value=Licence]").check()
    expect(page.locator(".hmip-size")).to_have_text("19 of 42 practice cases")
    expect(page.locator(".hmip-status")).to_contain_text("19 of 42 cases")
    expect(page.locator("[id$=key-questions] .hmip-cases").last).to_contain_text("19 of 42")
    page.get_by_role("button", name="Take back Sentence type: Licence").click()
    expect(page.locator(".hmip-size")).to_have_text("All 42 practice cases")
    assert opened.wrong == []


def test_for_sharing_one_choice_at_a_time_is_plain_to_see(
    monkeypatch: pytest.MonkeyPatch, offline: Callable[..., Any], tmp_path: Path
) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    path = write_whole(tmp_path / "page.html", html(tables(own(100))).encode())
    page = offline(path.as_uri()).page
    boxes = page.locator(".hmip-rail input")
    assert set(boxes.evaluate_all("(all) => all.map((one) => one.type)")) == {"radio"}
    expect(page.locator(".hmip-everything input")).to_be_checked()
    page.locator("input[value=Licence]").check()
    expect(page.locator(".hmip-everything input")).not_to_be_checked()
    page.locator(".hmip-everything input").check()
    expect(page.locator("input[value=Licence]")).not_to_be_checked()
    page.goto(f"{path.as_uri()}#?sentence_type=Community&sentence_type=Licence")  # none has counts
    expect(page.locator(".hmip-rail input:checked")).to_have_count(1)
    assert "null" not in page.locator("body").inner_text()


def test_a_table_is_sorted_searched_and_downloaded_as_it_stands(opened: Any) -> None:
    page = opened.page
    page.get_by_role("link", name="Practice cases").click()
    page.locator("input[value=Licence]").check()
    card = page.locator("#practice-cases [id$=key-questions].hmip-card")
    expect(card.locator(".hmip-cases")).to_contain_text("19 of 42")
    card.locator("summary", has_text="Table").click()
    card.get_by_role("button", name="Practice cases judged sufficient").click()
    counts = card.locator("tbody td:nth-child(2)").all_inner_texts()
    assert [int(one.split()[0]) for one in counts] == sorted(int(one.split()[0]) for one in counts)
    with page.expect_download() as saved:
        card.get_by_role("button", name="Download").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    licence = PRACTICE.where(sentence_type="Licence").show.key_questions()
    assert lines[0] == ["Title", licence.title]
    assert lines[1] == ["Cases", licence.cases]
    assert lines[3] == ["Level", "practice cases, made up"]
    head = lines[5]
    assert head[:3] == ["Key question", "Yes", "Out of"]
    shown = [(int(line[1]), int(line[2])) for line in lines[6:]]
    assert shown == list(zip(licence.rows["yes"], licence.rows["n"], strict=True))
    groups = page.locator("#practice-cases [id$=groups-sentence-type].hmip-card")
    groups.locator("summary", has_text="Table").click()
    groups.get_by_role("searchbox").fill("reviewing: des")
    assert groups.locator("tbody tr:visible").count() == 2
    assert opened.wrong == []


def test_script_off_shows_every_part_without_code(
    offline: Callable[..., Any], written: str
) -> None:
    page = offline(written, script=False).page
    assert page.locator(".hmip-part:visible").count() == 4  # with the method
    assert page.locator(".hmip-code:visible").count() == 0
    assert page.locator("figure img:visible").count() == 4


def test_print_has_every_part_and_open_tables(opened: Any) -> None:
    page = opened.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".hmip-part").evaluate_all(
        "(all) => all.every((one) => one.getBoundingClientRect().height > 40)"
    )
    assert page.locator(".hmip-numbers:not([open])").count() == 0
    assert page.locator(".hmip-form:visible").count() == 0


def test_dark_pictures_have_the_dark_colours(offline: Callable[..., Any], written: str) -> None:
    page = offline(written).page
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.querySelectorAll('.hmip-live').length >= 3")
    page.get_by_role("link", name="Services").click()
    text = page.locator("[id='04-gap'] .hmip-drawn text").first
    ink = settings.DARK[settings.COLOURS.index(settings.INK)]
    red, green, blue = (int(ink[at : at + 2], 16) for at in (1, 3, 5))
    found = text.evaluate("(one) => getComputedStyle(one).fill")
    quiet = settings.DARK[settings.COLOURS.index(settings.QUIET)]
    known = {f"rgb({red}, {green}, {blue})", _rgb(quiet)}
    assert found in known


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_a_number_of_the_report_opens_where_it_stands_there(opened: Any) -> None:
    page = opened.page
    row = page.locator("tr:focus")
    large = page.get_by_role("button", name="12 of 42 cases (29%)")
    large.focus()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Outcomes: reasonable progress")
    expect(row).to_contain_text("2.6 Outcomes: percentage printed")
    page.goto(f"{page.url.split('#')[0]}#04-gap")
    card = page.locator("[id='04-gap'] .hmip-card").first
    card.locator("svg text", has_text="66%").click()
    expect(row).to_contain_text("Feedback from people on probation: percentage printed")


def test_the_keyboard_leads_from_the_skip_link_to_a_filtered_downloaded_table(opened: Any) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    expect(page.locator(".hmip-skip")).to_be_focused()
    tab_to(page, "document.activeElement.textContent === 'Practice cases'")
    page.keyboard.press("Enter")
    tab_to(page, "document.activeElement.value === 'Licence'")
    page.keyboard.press("Space")
    expect(page.locator("#practice-cases .hmip-size")).to_have_text("19 of 42 practice cases")
    tab_to(page, "document.activeElement.textContent === 'Table'")
    page.keyboard.press("Enter")
    tab_to(page, "document.activeElement.textContent === 'Download'")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    told = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert "19 of 42 cases (sentence type: Licence)" in told


def tab_to(page: Any, found: str) -> None:
    """Go from one place to the next until the one in focus is `found`."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(found):
            return
    raise AssertionError(found)


@pytest.mark.parametrize("width", [320, 400, 900, 1366, 1920])
def test_nothing_is_off_the_screen(offline: Callable[..., Any], written: str, width: int) -> None:
    page = offline(written, width=width).page
    page.wait_for_function("() => document.querySelectorAll('.hmip-live').length >= 3")
    for name in ("00-start", "04-gap", "practice-cases", "hmip_method"):
        page.evaluate("(name) => { location.hash = name; }", name)
        page.wait_for_function("(name) => !document.getElementById(name).hidden", arg=name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("chosen", ["", "Licence"])
def test_axe_finds_nothing_in_any_part(opened: Any, chosen: str) -> None:
    from axe_core_python.sync_playwright import Axe

    page = opened.page
    for name in ("00-start", "04-gap", "practice-cases", "hmip_method"):
        address = f"{name}?{f'sentence_type={chosen}' if chosen else ''}"
        page.evaluate("(address) => { location.hash = address; }", address)
        page.wait_for_function("(name) => !document.getElementById(name).hidden", arg=name)
        page.wait_for_timeout(300)
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        wrong = [(one["id"], one["nodes"][0]["target"]) for one in found["violations"]]
        assert wrong == [], name


def test_the_index_shows_the_same_points() -> None:
    text = index_page([checked(GLANCE, "one")])
    found = REPORT.show.at_a_glance()
    assert found.points is not None
    assert all(number in text for _, number, _ in found.points(found.rows))


def test_what_is_about_a_publication_is_on_no_page_of_own_cases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")

    def shown(sample: Any, tags: list[str]) -> list[str]:
        cells = []
        for finding in (sample.show.ratings(), sample.show.key_questions()):
            output = nbformat.v4.new_output("display_data", data=finding._repr_mimebundle_()[0])
            cells.append(nbformat.v4.new_code_cell(finding.name, outputs=[output]))
        cells[0].metadata["tags"] = tags
        page = page_of({"gap": nbformat.v4.new_notebook(cells=cells)})
        return [one["name"] for one in page["findings"]]

    mine = own(60)
    assert shown(REPORT, [PUBLISHED]) == shown(mine, []) == ["ratings", "key_questions"]
    assert shown(mine, [PUBLISHED]) == ["key_questions"]


def test_cards_of_unequal_height_stand_in_order_without_lying_over_each_other(opened: Any) -> None:
    page = opened.page
    page.get_by_role("link", name="Practice cases").click()
    page.wait_for_timeout(300)
    boxes = page.evaluate(
        "() => [...document.querySelectorAll('.hmip-part:not([hidden]) .hmip-card')].map((one) => {"
        " const b = one.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
    )
    assert len(boxes) == 2
    for place, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = other[0] >= right or other[2] <= left or other[1] >= bottom or other[3] <= top
            assert apart, "one card lies over another"
            assert other[1] >= top, "a later card stands above an earlier one"


def test_at_a_glance_prints_on_one_sheet(offline: Callable[..., Any], tmp_path: Path) -> None:
    glance = notebook(
        *("# At a glance", "pdu.show.at_a_glance()", "## Where?", "pdu.show.key_questions()"),
        *("## What?", "pdu.show.recommended()", "## Services?", "pdu.show.three_viewpoints()"),
    )
    made = checked_all({"00_start": glance, "01_more": notebook("# More", "pdu.show.ratings()")})
    page = offline(write_whole(tmp_path / "page.html", html(made).encode()).as_uri()).page
    page.wait_for_function("() => document.querySelectorAll('.hmip-live').length === 3")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    first, second = (one.extract_text() for one in sheets[:2])
    assert "Access to services 52% and 66%" in first
    assert "Inspectors: Outcomes: reasonable progress" in first
    assert second.startswith("More")
