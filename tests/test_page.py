"""A page as a reader gets it: one file from disk, the network off, in a real browser."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hmip_kit.explorer.parts import PARTS
from hmip_kit.measures.results import results
from hmip_kit.share.exporter import html
from hmip_kit.share.page import page_of
from hmip_kit.share.running import render, write_whole

import hmip_kit as hk
from hmip_kit.errors import CellFailed, NotShared
from hmip_kit.filters import Filters
from hmip_kit.picture import table_of

PRACTICE = hk.load("practice-cases")


def notebook(*cells: str) -> Any:
    """Return a notebook with what its cells show: each is a heading or an expression on `pdu` or `cases`."""
    shown = {"hk": hk, "pdu": hk.load("lewisham-bromley-2022"), "cases": PRACTICE}
    made = nbformat.v4.new_notebook()
    for cell in cells:
        if cell.startswith("#"):
            made.cells.append(nbformat.v4.new_markdown_cell(cell))
            continue
        data = eval(cell, shown)._repr_mimebundle_()[0]
        output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
        made.cells.append(nbformat.v4.new_code_cell(cell, outputs=[output]))
    return made


PICTURES = 1 + len(PARTS)
PANEL = notebook(
    "# A page", "## Published", "hk.charts.ratings(pdu)", "## Cases", "hk.explore(cases)"
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_whole(path, html(page_of(PANEL, "page")).encode())
    return path.as_uri()


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
            location.hash = `?${new URLSearchParams(pairs)}`;
        })""",
        [[name, value] for name, values in state.choices for value in values],
    )


def test_opens_without_network_request_or_message(
    offline: Callable[..., Any], written: str
) -> None:
    watched = offline(written)
    assert watched.requests == [written]
    assert watched.wrong == []
    assert watched.page.locator(".hmip-live svg").count() == PICTURES
    policy = watched.page.locator("meta[http-equiv]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_two_hundred_filter_states_equal_the_measures(
    offline: Callable[..., Any], written: str
) -> None:
    watched = offline(written)
    chance = random.Random(7)
    choices = PRACTICE.filterable
    for _ in range(200):
        names = chance.sample(list(choices), chance.choice([1, 1, 2, 3]))
        state = Filters.of(
            {
                name: chance.sample(choices[name], chance.randint(1, min(3, len(choices[name]))))
                for name in names
            }
        )
        go_to(watched, state)
        cases = PRACTICE.filtered(state)
        shown = table(watched, "key-questions")
        expected = [
            f"{row['yes']} of {row['n']}" if row["n"] else "no cases"
            for row in results(cases).to_dict("records")
        ]
        assert [row[1] for row in shown] == expected, state
        assert (
            table(watched, "sub-questions")
            == table_of(hk.charts.sub_questions(cases).to_dict())[1:]
        ), state
        assert (
            table(watched, "groups-sentence-type")
            == table_of(hk.charts.groups_side_by_side(cases).to_dict())[1:]
        ), state
        assert f"{cases.size} of 42 cases" in watched.page.locator("[role=status]").inner_text()
    finding = hk.charts.key_questions(cases)
    assert (
        watched.page.locator("section[id*='key-questions'] .hmip-sentence")
        .inner_text()
        .split(". ", 1)[1]
        == finding.sentence.split(". ", 1)[1]
    )
    assert watched.wrong == []


def test_boxes_have_counts_and_the_way_back(offline: Callable[..., Any], written: str) -> None:
    watched = offline(written)
    page = watched.page
    page.get_by_label("Licence 19", exact=True).check()
    page.get_by_label("Female", exact=False).first.wait_for()
    counts = page.locator("fieldset", has_text="Sex").locator(".hmip-count").all_inner_texts()
    assert sum(map(int, counts)) == 19
    assert "sentence_type=Licence" in page.url
    page.go_back()
    page.locator("body:not(.hmip-narrowed)").wait_for()
    page.go_forward()
    page.locator("body.hmip-narrowed").wait_for()
    page.get_by_role("button", name="Reset").click()
    page.locator("body:not(.hmip-narrowed)").wait_for()
    assert table(watched, "key-questions")[8][1] == "8 of 42"
    assert watched.wrong == []


def test_a_choice_taken_back_leaves_the_reader_where_she_is(
    offline: Callable[..., Any], written: str
) -> None:
    page = offline(written).page
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
    expected = results(PRACTICE.where(sentence_type="Licence", sex="Male"))
    assert [row[1] for row in table(watched, "key-questions")] == [
        f"{row['yes']} of {row['n']}" for row in expected.to_dict("records")
    ]
    assert watched.page.get_by_label("Licence", exact=False).first.is_checked()


def test_keyboard_alone(offline: Callable[..., Any], written: str) -> None:
    watched = offline(written)
    page = watched.page
    page.locator("input[type=checkbox]").first.focus()
    page.keyboard.press("Space")
    page.locator("body.hmip-narrowed").wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "hmip-reset":
            break
    page.keyboard.press("Enter")
    page.locator("body:not(.hmip-narrowed)").wait_for()


def test_reads_without_script(offline: Callable[..., Any], written: str) -> None:
    watched = offline(written, script=False)
    assert watched.page.locator("figure img:visible").count() == PICTURES
    assert watched.page.locator(".hmip-choices:visible").count() == 0
    assert watched.page.get_by_text("Script is switched off here").is_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_fits_a_narrow_and_a_wide_screen(
    offline: Callable[..., Any], written: str, width: int
) -> None:
    watched = offline(written, width=width)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing(offline: Callable[..., Any], written: str) -> None:
    from axe_core_python.sync_playwright import Axe

    watched = offline(written)
    for details in watched.page.locator("details").all():
        details.evaluate("(one) => { one.open = true; }")
    found = Axe().run(watched.page)
    assert [
        (one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]
    ] == []


def test_every_address_in_a_page_is_a_name_and_not_fetched(written: str) -> None:
    text = Path(written.removeprefix("file://")).read_text(encoding="utf-8")
    assert ' src="http' not in text
    assert "<link" not in text


def test_a_failing_cell_stops_and_is_named() -> None:
    made = notebook("# A page")
    made.cells.append(
        nbformat.v4.new_code_cell(
            "1 / 0",
            outputs=[
                nbformat.v4.new_output(
                    "error", ename="ZeroDivisionError", evalue="division by zero"
                )
            ],
        )
    )
    with pytest.raises(CellFailed, match="page, cell 2: ZeroDivisionError: division by zero"):
        page_of(made, "page")


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
        render([tmp_path / "broken.ipynb"], tmp_path / "out", "protected")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["broken.html"]
    assert (tmp_path / "out" / "broken.html").read_text() == "the old page"


def test_bare_output_is_shared_only_beside_open_findings() -> None:
    bare = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="42")])
    alone = notebook("# A page")
    alone.cells.append(bare)
    with pytest.raises(NotShared, match="cell 2: shows a bare output"):
        page_of(alone, "page")
    beside = notebook("# A page", "hk.charts.ratings(pdu)")
    beside.cells.append(bare)
    with pytest.raises(NotShared, match="shows a bare output"):
        page_of(beside, "page")
    assert [block["kind"] for block in page_of(beside, "page", "open")["blocks"]].count("bare") == 1


def test_text_of_a_notebook_stays_text(offline: Callable[..., Any], tmp_path: Path) -> None:
    made = notebook("# A <script>alert(1)</script> page", "hk.charts.ratings(pdu)")
    made.cells.append(
        nbformat.v4.new_markdown_cell('<img src="x" onerror="alert(1)"> and <b>bold</b> </script>')
    )
    path = write_whole(tmp_path / "page.html", html(page_of(made, "page")).encode())
    watched = offline(path.as_uri())
    assert watched.wrong == []
    assert watched.page.locator("main img[src=x]").count() == 0
    assert watched.page.get_by_text('<img src="x"').count() == 1
