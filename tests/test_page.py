"""A page as a reader gets it: one file from disk, the network off, in a real browser."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from audits import own, tables
from pages import PRACTICE, blocks_of, checked, notebook
from payload import check_payload

from hmip_kit.counts import counted
from hmip_kit.errors import CellFailed, NotShared
from hmip_kit.filters import Filters
from hmip_kit.findings import Finding
from hmip_kit.page import OWN_CASES, page_of
from hmip_kit.page.exporter import _data, html
from hmip_kit.page.running import Wanted, render
from hmip_kit.panel import parts_of
from hmip_kit.protect import cube
from hmip_kit.protect.bundle import table_of, words_of
from hmip_kit.protect.payload import ScriptData
from hmip_kit.settings import RENDER_SETTING
from hmip_kit.workbook import write_whole

PARTS = parts_of(PRACTICE)
PANEL = notebook("# A page", "## Published", "pdu.show.ratings()", "## Cases", "cases.explore()")
# What findings are made with, which a reader then narrows.
KEPT: list[dict[str, list[str]]] = [
    {"sentence_type": ["Licence"]},
    {"sex": ["Male"], "rosh": ["High", "Medium"]},
    {"need": ["Finance"]},
    {"need": ["Finance", "Drug misuse"], "age_group": ["26 to 35", "36 to 49"]},
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_whole(path, html(checked(PANEL)).encode())
    return path.as_uri()


@pytest.fixture(scope="module")
def opened(module_offline: Callable[..., Any], written: str) -> Any:
    """Return that page as opened, for tests that leave it without a filter."""
    return module_offline(written)


def table(watched: Any, name: str) -> Any:
    rows = watched.page.locator(f"section[id*='{name}'] tbody tr")
    return rows.evaluate_all(
        "(rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
    )


def go_to(watched: Any, state: Filters) -> None:
    """Set the state in the address, as a bookmark does, and wait until the page has followed."""
    watched.page.evaluate(
        """(pairs) => new Promise((done) => {
            document.addEventListener("hmip-shown", done, { once: true });
            const [part] = location.hash.slice(1).split("?");
            location.hash = `${part}?${new URLSearchParams(pairs)}`;
        })""",
        [[name, value] for name, values in state.choices for value in values],
    )


def states(many: int, seed: int = 7) -> Iterator[Filters]:
    """Yield filters by chance: one to three characteristics, some values of each, in order."""
    chance, choices = random.Random(seed), PRACTICE.filterable
    for _ in range(many):
        names = chance.sample(list(choices), chance.choice([1, 1, 2, 3]))
        chosen = {
            name: chance.sample(choices[name], chance.randint(1, min(3, len(choices[name]))))
            for name in names
        }
        ordered = {name: [one for one in choices[name] if one in chosen[name]] for name in chosen}
        yield Filters.of({name: ordered[name] for name in choices if name in ordered})


def rows_of(live: Finding) -> list[list[str]]:
    """Return the rows of the table of a finding; no cases are one's own, so that none is hidden."""
    return table_of({**words_of(live), "tallies": {}})[1:]


def test_opens_without_network_request_or_message(opened: Any, written: str) -> None:
    watched = opened
    assert watched.requests == [written]
    assert watched.wrong == []
    pictures = sum(part.make(PRACTICE).draw is not None for part in PARTS)
    watched.page.wait_for_function(
        "(many) => document.querySelectorAll('.hmip-live svg').length === many", arg=1 + pictures
    )
    policy = watched.page.locator("meta[http-equiv]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


WRITTEN = """(all) => Object.fromEntries(all.map((one) => [one.id, [
    ...["title", "cases", "sentence"].map((name) => one.querySelector(`.hmip-${name}`)?.innerText),
    [...one.querySelectorAll("tbody tr")].map((row) =>
        [...row.children].map((cell) => cell.textContent)),
]]))"""


@pytest.mark.parametrize("many", [8, pytest.param(300, marks=pytest.mark.slow)])
def test_every_finding_that_follows_says_on_the_page_what_it_says_live(
    opened: Any, many: int
) -> None:
    """Rows, title and sentence, for the cases of any state."""
    watched = opened
    sections = watched.page.locator("section.hmip-card")
    for state in states(many):
        go_to(watched, state)
        cases, shown = PRACTICE.filtered(state), sections.evaluate_all(WRITTEN)
        for part in PARTS:
            live = part.make(cases)
            [place] = (one for one in shown if f"-{part.name.replace('_', '-')}" in one)
            said = [live.title, live.cases, live.sentence, rows_of(live)]
            assert shown[place] == said, (part.name, state)
        assert f"{cases.size} of 42 cases" in watched.page.locator(".hmip-status").inner_text()
    go_to(watched, Filters())
    assert watched.wrong == []


def test_a_finding_keeps_the_filter_that_it_was_made_with(
    offline: Callable[..., Any], tmp_path: Path
) -> None:
    """Licence and community: none. Two choices of needs both hold; of values the shared remain."""
    filtered = [PRACTICE.filtered(Filters.of(chosen)) for chosen in KEPT]
    cells = [f"cases.where(**{chosen!r}).show.key_questions()" for chosen in KEPT]
    page = checked(notebook("# A page", *cells))
    assert all(one["recount"] for one in page["findings"])
    path = write_whole(tmp_path / "page.html", html(page).encode())
    watched = offline(path.as_uri())
    sections = watched.page.locator("section.hmip-card")
    for state in (Filters.of({"sentence_type": "Community"}), *states(12, seed=1)):
        go_to(watched, state)
        shown = sections.evaluate_all(WRITTEN)
        for place, made in enumerate(filtered, 1):
            live = made.filtered(state).show.key_questions()
            said = [live.title, live.cases, live.sentence, rows_of(live)]
            assert shown[f"finding_{place}-key-questions"] == said, (place, state)
    go_to(watched, Filters.of({"sentence_type": "Community"}))
    cases = watched.page.locator("#finding_1-key-questions .hmip-cases").inner_text()
    assert cases == "0 of 42 cases (sentence type: Licence and Community)"
    assert watched.wrong == []


def test_for_sharing_a_finding_of_a_group_does_not_follow_and_says_so(
    monkeypatch: pytest.MonkeyPatch, offline: Callable[..., Any], tmp_path: Path
) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    mine = own(100)
    found = [mine.where(rosh="High").show.key_questions(), mine.show.groups(), mine.show.needs()]
    page = tables(mine, *found)
    check_payload(_data(page), ScriptData)
    watched = offline(write_whole(tmp_path / "page.html", html(page).encode()).as_uri())
    sections = watched.page.locator("section.hmip-card")
    before = [sections.nth(place).inner_text() for place in range(4)]
    assert ["Stays the same when you filter" in text for text in before] == [
        False,
        True,
        True,
        True,
    ]
    size = mine.where(sentence_type="Licence").size
    go_to(watched, Filters.of({"sentence_type": "Licence"}))
    assert f"{size} of 100 cases (sentence type: Licence)" in sections.nth(0).inner_text()
    stale = ["hmip-stale" in str(sections.nth(place).get_attribute("class")) for place in range(4)]
    assert stale == [False, True, True, True]
    tables_after = [table(watched, f"finding_{place}-") for place in range(2, 5)]
    assert tables_after == [table_of(one)[1:] for one in page["findings"][1:]]
    watched.page.locator("input[value=Community]").check()
    watched.page.locator("input[value=Licence]:not(:checked)").wait_for()  # one at a time
    assert watched.wrong == []


def test_a_finding_of_a_group_that_the_page_has_joined_to_others_does_not_follow() -> None:
    """Of more than twelve offices the smaller are one: those of one of them are not counted."""
    offices = [f"Office {place % 14:02}" for place in range(42)]
    frames = dict(PRACTICE.frames) | {"cases": PRACTICE.cases.assign(office=offices)}
    mine = replace(PRACTICE, frames=frames)
    first, last = mine.where(office="Office 00"), mine.where(office="Office 13")
    found = [one.show.key_questions() for one in (mine, first, last)] + [mine.show.groups("office")]
    cells = [
        nbformat.v4.new_code_cell(
            "", outputs=[nbformat.v4.new_output("display_data", data=one._repr_mimebundle_()[0])]
        )
        for one in found
    ]
    page = checked(nbformat.v4.new_notebook(cells=cells))
    assert [bool(one["recount"]) for one in page["findings"]] == [True, True, False, False]
    offered = page["cubes"]["practice-cases"]["characteristics"]
    values = next(one["values"] for one in offered if one["name"] == "office")
    assert (len(values), values[-1]) == (12, "Other (smaller ones)")


@pytest.mark.parametrize(("most", "with_needs"), [(5_000, True), (41, False)])
def test_needs_are_left_out_of_a_cube_where_that_makes_too_many_cells(
    monkeypatch: pytest.MonkeyPatch, most: int, with_needs: bool
) -> None:
    monkeypatch.setattr(cube, "MOST_CELLS", most)
    made = cube.cube_of([PRACTICE.show.key_questions()])
    assert made is not None
    named = [one["name"] for one in made["characteristics"]]
    cells = made["tallies"]["cells"]
    assert ("need" in named, len(made["notes"])) == (with_needs, int(not with_needs))
    assert {len(cell["at"]) for cell in cells} == {len(named)}
    sums = [sum(many) for many in zip(*(cell["counts"] for cell in cells), strict=True)]
    assert sums == list(counted(PRACTICE, made["tallies"]["keys"]).values())


def test_boxes_have_counts_and_the_way_back(opened: Any) -> None:
    watched, page = opened, opened.page
    page.get_by_label("Licence 19", exact=True).check()
    page.get_by_label("Female", exact=False).first.wait_for()
    counts = page.locator("fieldset", has_text="Sex").locator(".hmip-count").all_inner_texts()
    assert sum(map(int, counts)) == 19
    assert "sentence_type=Licence" in page.url
    page.go_back()
    page.locator("body:not(.hmip-narrowed)").wait_for()
    page.go_forward()
    page.locator("body.hmip-narrowed").wait_for()
    page.get_by_role("button", name="Show all cases").click()
    page.locator("body:not(.hmip-narrowed)").wait_for()
    assert table(watched, "key-questions")[8][1] == "8 of 42"
    assert watched.wrong == []


def test_a_choice_taken_back_leaves_the_reader_where_she_is(opened: Any) -> None:
    page = opened.page
    box = page.get_by_label("Licence 19", exact=True)
    box.check()
    page.locator("body.hmip-narrowed").wait_for()
    page.evaluate("window.scrollTo(0, 400)")
    page.evaluate("""() => new Promise((done) => {
        document.addEventListener("hmip-shown", done, { once: true });
        document.querySelector("input:checked").click();
    })""")
    assert page.locator("body:not(.hmip-narrowed)").count() == 1
    assert page.evaluate("window.scrollY") == 400


def test_a_link_keeps_its_state(offline: Callable[..., Any], written: str) -> None:
    watched = offline(f"{written}#?sentence_type=Licence&sex=Male")
    watched.page.locator("body.hmip-narrowed").wait_for()
    cases = PRACTICE.where(sentence_type="Licence", sex="Male")
    expected = cases.show.key_questions().rows["cases"].tolist()
    assert [row[1] for row in table(watched, "key-questions")] == expected
    assert watched.page.locator("input[value=Licence]").is_checked()


def test_keyboard_alone(opened: Any) -> None:
    page = opened.page
    page.locator("input[type=checkbox]").first.focus()
    page.keyboard.press("Space")
    page.locator("body.hmip-narrowed").wait_for()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")  # what is chosen stands above the boxes
        if "hmip-reset" in page.evaluate("document.activeElement.className"):
            break
    page.keyboard.press("Enter")
    page.locator("body:not(.hmip-narrowed)").wait_for()


def test_reads_without_script(offline: Callable[..., Any], written: str) -> None:
    watched = offline(written, script=False)
    pictures = sum(part.make(PRACTICE).draw is not None for part in PARTS)
    assert watched.page.locator("figure img:visible").count() == 1 + pictures
    assert watched.page.locator(".hmip-form:visible").count() == 0
    assert watched.page.get_by_text("Script is switched off here").first.is_visible()


def test_fits_a_narrow_and_a_wide_screen(
    offline: Callable[..., Any], opened: Any, written: str
) -> None:
    for width, watched in ((320, offline(written, width=320)), (1280, opened)):
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing(opened: Any) -> None:
    from axe_core_python.sync_playwright import Axe

    watched = opened
    for details in watched.page.locator("details").all():
        details.evaluate("(one) => { one.open = true; }")
    found = Axe().run(watched.page, options={"resultTypes": ["violations"]})
    assert [
        (one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]
    ] == []


def test_every_address_in_a_page_is_a_name_and_not_fetched(written: str) -> None:
    text = Path(written.removeprefix("file://")).read_text(encoding="utf-8")
    assert ' src="http' not in text
    assert "<link" not in text


def test_a_failing_cell_stops_and_is_named() -> None:
    made = notebook("# A page")
    failed = nbformat.v4.new_output("error", ename="ZeroDivisionError", evalue="division by zero")
    made.cells.append(nbformat.v4.new_code_cell("1 / 0", outputs=[failed]))
    with pytest.raises(CellFailed, match="page, cell 2: ZeroDivisionError: division by zero"):
        page_of({"page": made})


def test_a_notebook_that_fails_leaves_no_page_and_the_old_one_whole(tmp_path: Path) -> None:
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("raise ValueError('no such case')")]
    )
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(made, tmp_path / "broken.ipynb")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "broken.html").write_text("the old page")
    with pytest.raises(CellFailed, match="broken.ipynb, cell 1: ValueError: no such case"):
        render(Wanted([tmp_path / "broken.ipynb"]), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["broken.html"]
    assert (tmp_path / "out" / "broken.html").read_text() == "the old page"


def test_bare_output_is_shared_only_beside_findings_and_where_no_case_is_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="42")])
    alone = notebook("# A page")
    alone.cells.append(bare)
    with pytest.raises(NotShared, match="cell 2: shows a bare output"):
        page_of({"page": alone})
    beside = notebook("# A page", "pdu.show.ratings()", "cases.show.key_questions()")
    beside.cells.append(bare)
    assert [block["kind"] for block in blocks_of(checked(beside))].count("bare") == 1
    beside.metadata[OWN_CASES] = True
    with pytest.raises(NotShared, match="cell 4: shows a bare output"):
        page_of({"page": beside})
    monkeypatch.setenv(RENDER_SETTING, "unit")
    mine = own(42).show.key_questions()._repr_mimebundle_()[0]
    shown = nbformat.v4.new_output("display_data", data=mine)
    protected = notebook("# A page", "pdu.show.ratings()")
    protected.cells += [nbformat.v4.new_code_cell("", outputs=[shown]), bare]
    with pytest.raises(NotShared, match="cell 4: shows a bare output"):
        page_of({"page": protected}, level="unit")


def test_text_of_a_notebook_stays_text(offline: Callable[..., Any], tmp_path: Path) -> None:
    made = notebook("# A <script>alert(1)</script> page", "pdu.show.ratings()")
    made.cells.append(
        nbformat.v4.new_markdown_cell(
            '<img src="x" onerror="alert(1)"> and <b>bold</b> </script>North\u202ehtuoS'
        )
    )
    path = write_whole(tmp_path / "page.html", html(checked(made)).encode())
    watched = offline(path.as_uri())
    assert watched.wrong == []
    assert watched.page.locator("main img[src=x]").count() == 0
    assert watched.page.get_by_text('<img src="x"').count() == 1
    assert "North[U+202E]htuoS" in watched.page.locator("main").inner_text()


@pytest.mark.parametrize(
    "stem", ["hmip-cubes", pytest.param("finding-2-key-questions", marks=pytest.mark.slow)]
)
def test_no_name_of_a_notebook_or_heading_is_taken_for_a_part_of_the_page(
    stem: str, offline: Callable[..., Any], tmp_path: Path
) -> None:
    cells = ("# hmip-data", "## Cubes", "pdu.show.ratings()", "## Title", "cases.explore()")
    made = {stem: notebook(*cells), "hmip": notebook(*cells[:3]), f"{stem}-cubes": notebook(*cells)}
    path = write_whole(tmp_path / "page.html", html(page_of(made)).encode())
    watched = offline(f"{path.as_uri()}#?__proto__=x")
    ids = watched.page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids)) and watched.wrong == []
