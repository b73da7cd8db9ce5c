"""What `hmip render` refuses, and how: nothing written, no data quoted, no traceback shown."""

import json
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from rendering import Done, render, write_cases, write_notebook

import hmip_kit as hk
from hmip_kit.errors import NotShared
from hmip_kit.page.running import _secrets_in
from hmip_kit.page.scan import PATH, check_typed
from hmip_kit.protect.payload import Page, Part, Section


def assert_refused(done: Done, code: int, said: str, out: Path) -> None:
    assert done.returncode == code
    assert said in done.stderr
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--also", "docx"], 2, "'docx' is none of pdf, xlsx, png"),
        (["--level", "everything"], 2, "everything"),
        (["--level", "protected"], 2, "'protected' is not one of 'sharing', 'unit'"),
        (["nothing.ipynb"], 2, "nothing.ipynb"),
    ],
)
def test_wrong_words_get_a_message_and_no_traceback(
    arguments: list[str], code: int, said: str
) -> None:
    done = render(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bare_frame_of_own_cases_stops_the_render(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 40)
    notebook = write_notebook(tmp_path / "audit.ipynb", "mine.cases")
    done = render(notebook, "--data", data, "--out", tmp_path / "out")
    assert_refused(done, 20, "audit, cell 7: shows a bare output", tmp_path / "out")


def test_the_message_of_a_failing_cell_quotes_no_data(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 12)
    notebook = write_notebook(
        tmp_path / "audit.ipynb", 'raise ValueError(mine.cases["case_id"].iloc[3])'
    )
    done = render(notebook, "--data", data, "--out", tmp_path / "out")
    assert_refused(done, 21, "audit.ipynb, cell 7: ValueError", tmp_path / "out")
    assert "MARKER" not in done.stderr + done.stdout


@pytest.mark.parametrize("level", ["sharing", "unit"])
@pytest.mark.parametrize("last", ['print(mine.cases["case_id"].iloc[3])', "mine.cases"])
def test_beside_published_findings_nothing_of_own_cases_passes_bare(
    tmp_path: Path, level: str, last: str
) -> None:
    """The notebook loads the file itself, and its only finding is open."""
    data = write_cases(tmp_path / "audit", 40)
    cells = [
        "import hmip_kit as hk",
        'hk.load("lewisham-bromley-2022").show.overview()',
        f"mine = hk.load({str(data)!r})",
        last,
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, tmp_path / "own.ipynb")
    done = render(tmp_path / "own.ipynb", "--out", tmp_path / "out", "--level", level)
    assert_refused(done, 20, "own, cell 4: shows a bare output", tmp_path / "out")


def test_bare_output_of_bundled_data_is_written(tmp_path: Path) -> None:
    cells = [
        "import hmip_kit as hk",
        'report = hk.load("lewisham-bromley-2022")\nreport.show.overview()',
        'report.show.key_questions().rows[["question", "yes", "n"]]',
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, tmp_path / "report.ipynb")
    done = render(tmp_path / "report.ipynb", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "assessment_safety" in text
    assert "OPENED" not in text


def test_an_identifier_that_an_author_typed_stops_the_render(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 12)
    for name in ("cases", "answers"):
        (data / f"{name}.csv").write_text(
            (data / f"{name}.csv").read_text().replace("MARKER00000X", "A&B-1")
        )
    notebook = nbformat.read(write_notebook(tmp_path / "audit.ipynb"), 4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("Look at case A&B-1 again."))
    nbformat.write(notebook, tmp_path / "audit.ipynb")
    done = render(tmp_path / "audit.ipynb", "--data", data, "--out", tmp_path / "out")
    assert_refused(
        done, 20, "audit: not written, because it would carry an identifier", tmp_path / "out"
    )
    assert "A&B-1" not in done.stderr


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("B7", True),
        ("A&B-1", True),
        ("70123", True),
        ("X123456", True),
        ("2021/0123456A", True),
        ("2022", False),
        ("B77", False),
    ],
)
def test_what_an_author_types_is_looked_through_for_ids(typed: str, found: bool) -> None:
    """As the file has it: short, a number, with a sign that HTML escapes; or alike, anywhere."""
    said: Section = {
        "id": "",
        "level": 0,
        "title": "",
        "blocks": [
            {"kind": "prose", "text": f"Look at case {typed} again."},
            {"kind": "findings", "findings": []},
        ],
    }
    part: Part = {
        "name": "audit",
        "label": "Audit",
        "title": "Audit",
        "practice": "",
        "sections": [said],
        "rails": [],
    }
    page: Page = {
        "name": "audit",
        "title": "Audit",
        "parts": [part],
        "left_out": [],
        "findings": [],
        "cubes": {},
        "inspections": [],
        "level": "sharing",
        "version": "",
        "release": "",
        "marking": "",
    }
    with pytest.raises(NotShared) if found else nullcontext():
        check_typed(page, ["B7", "A&B-1", "70123", "2022", "a"])


def test_ids_that_became_running_numbers_are_looked_for_as_the_file_has_them(
    tmp_path: Path,
) -> None:
    data = write_cases(tmp_path / "audit", 3)
    for name in ("cases", "answers"):
        (data / f"{name}.csv").write_text(
            (data / f"{name}.csv").read_text().replace("MARKER0000", "X12345").replace("X,", ",")
        )
    assert _secrets_in(hk.check(data)) == ["X123450", "X123451", "X123452", "1", "2", "3"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see ~/audit/cases.csv", True),
        ("in /srv/data/audit", True),
        (r"C:\audit\cases.csv", True),
        ("D:/audit/cases.csv", True),
        (r"\\server\share\cases.csv", True),
        ("https://example.org/data/x", False),
        ("hmip_kit/data/practice-cases and 50:50, a/b", False),
    ],
)
def test_paths_of_every_kind_are_found(text: str, found: bool) -> None:
    assert bool(PATH.search(text)) == found
    assert bool(PATH.search(json.dumps(text))) == found


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("hello {", 1, "audit.ipynb: this is no Jupyter notebook"),
        ('{"a": 1}', 1, "audit.ipynb: this is no Jupyter notebook"),
        ("import os; os._exit(3)", 21, "audit.ipynb, cell 1: Python ended while it ran"),
        ("x = 1", 0, "audit: no finding on the page, so no XLSX of it"),
    ],
)
def test_a_notebook_that_cannot_run_gets_a_message_and_no_traceback(
    tmp_path: Path, content: str, code: int, said: str
) -> None:
    notebook = tmp_path / "audit.ipynb"
    notebook.write_text(content)
    if "{" not in content:
        nbformat.write(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(content)]), notebook
        )
    done = render(notebook, "--out", tmp_path / "out", "--also", "xlsx")
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert bool(list((tmp_path / "out").iterdir())) == (code == 0)


def test_a_file_named_after_a_person_gives_no_name(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "X123456", 12)
    mine = hk.load(str(data))
    assert (mine.name, mine.title) == ("own-cases", "own-cases")


def test_a_file_with_identifiers_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 12)
    cases = pd.read_csv(data / "cases.csv").assign(
        **{"Full name": "Jo Marker", "date_of_birth": "1980-01-02"}
    )
    cases.to_csv(data / "cases.csv", index=False)
    done = render(
        write_notebook(tmp_path / "audit.ipynb"), "--data", data, "--out", tmp_path / "out"
    )
    assert_refused(done, 10, "column D (Full name): identifies a person", tmp_path / "out")
    assert "Jo Marker" not in done.stderr and "1980" not in done.stderr
