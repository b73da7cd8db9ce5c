"""`hmip render` on files that people bring: what leaves the machine, what a hostile file does, what an interruption leaves behind."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import nbformat
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.share.scan import PATH

PRACTICE = hk.load("practice-cases")
HMIP = [sys.executable, "-m", "hmip_kit.cli"]
CHARTS = ["stage_by_strand", "needs"]
CELLS = [
    "import hmip_kit as hk\n\nhk.setup()",
    'cases = "practice-cases"',
    "mine = hk.load(cases)",
    "hk.charts.key_questions(mine)",
    "hk.explore(mine)",
]


def write_notebook(path: Path, *more: str) -> Path:
    cells = [nbformat.v4.new_markdown_cell("# Audit"), *(nbformat.v4.new_code_cell(cell) for cell in (*CELLS, *more))]
    cells[2].metadata["tags"] = ["parameters"]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)
    return path


def write_cases(folder: Path, n: int, characteristics: dict[str, list[str]] | None = None) -> Path:
    """Write a case file of a folder with two tables; every identifier is a marker of its own."""
    chance = random.Random(n)
    ids = [f"MARKER{place:05}X" for place in range(n)]
    given = characteristics or {"sentence_type": ["Community", "Licence"], "sex": ["Male", "Female"]}
    cases = pd.DataFrame({"case_id": ids, **{name: [chance.choice(values) for _ in ids] for name, values in given.items()}})
    questions = [question.id for question in PRACTICE.framework.questions]
    rows = [(case, question, chance.choice(["Yes", "No"])) for case in ids for question in questions]
    folder.mkdir()
    cases.to_csv(folder / "cases.csv", index=False)
    pd.DataFrame(rows, columns=["case_id", "question", "answer"]).to_csv(folder / "answers.csv", index=False)
    return folder


def render(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HMIP, "render", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_ten_thousand_markers_reach_no_page_and_no_twin(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 10_000)
    notebook = write_notebook(tmp_path / "audit.ipynb")
    for level in ("protected", "internal"):
        out = tmp_path / level
        done = render(notebook, "--data", data, "--out", out, "--disclosure", level, "--also", "xlsx")
        assert done.returncode == 0, done.stderr
        content = b"".join(path.read_bytes() for path in out.iterdir() if path.suffix != ".xlsx")
        with ZipFile(out / "audit.xlsx") as book:
            content += b"".join(book.read(name) for name in book.namelist())
        assert b"MARKER" not in content
        assert str(tmp_path).encode() not in content
        assert b"key question" in content
    assert "MARKER" not in notebook.read_text()


def test_hostile_labels_do_nothing(tmp_path: Path, offline: Callable[..., Any]) -> None:
    hostile = [
        "</script><script>document.title='taken'</script>",
        '"onload="alert(1)',
        '=HYPERLINK("x","y")',
        "datum.r.yes + warn('x')",
        "Gogledd Cymru / ŵ",
    ]
    data = write_cases(tmp_path / "audit", 120, {"sentence_type": ["Community", "Licence"], "office": hostile})
    notebook = write_notebook(tmp_path / "audit.ipynb", 'hk.charts.groups_side_by_side(mine, "office")')
    done = render(notebook, "--data", data, "--out", tmp_path / "out", "--disclosure", "internal", "--also", "xlsx")
    assert done.returncode == 0, done.stderr
    watched = offline((tmp_path / "out" / "audit.html").as_uri())
    assert watched.wrong == []
    assert watched.page.title() == "Audit"
    assert watched.requests == [(tmp_path / "out" / "audit.html").as_uri()]
    for label in hostile:
        watched.page.get_by_text(label, exact=True).first.wait_for(state="attached")
    watched.page.locator("input[value='Gogledd Cymru / ŵ']").check()
    watched.page.locator("body.hmip-narrowed").wait_for()
    assert watched.wrong == []
    with ZipFile(tmp_path / "out" / "audit.xlsx") as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_killed_at_ten_moments_there_is_never_half_a_page(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "audit.ipynb")
    out = tmp_path / "out"
    assert render(notebook, "--out", out).returncode == 0
    whole = (out / "audit.html").read_bytes()
    for moment in range(10):
        running = subprocess.Popen(
            [*HMIP, "render", str(notebook), "--out", str(out)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(0.2 + moment * 0.8)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert (out / "audit.html").read_bytes()[-8:] == whole[-8:]
        assert len((out / "audit.html").read_bytes()) == len(whole)


def test_renders_of_one_folder_at_a_time_do_not_meet(tmp_path: Path) -> None:
    names = ["one", "two"]
    notebooks = [write_notebook(tmp_path / f"{name}.ipynb", f"hk.charts.{chart}(mine)") for name, chart in zip(names, CHARTS, strict=True)]
    commands = [[*HMIP, "render", str(path), "--out", str(tmp_path / path.stem)] for path in notebooks]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for command in commands]
    assert [(one.communicate()[1], one.returncode)[1] for one in running] == [0, 0]
    for name, chart in zip(names, CHARTS, strict=True):
        assert getattr(hk.charts, chart)(PRACTICE).measure in (tmp_path / name / f"{name}.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, *(f"{name}.ipynb" for name in names)])


def test_twins_say_the_same_as_the_page(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "audit.ipynb")
    done = render(notebook, "--out", tmp_path / "out", "--also", "pdf,xlsx,png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "audit.pdf").read_bytes()[:5] == b"%PDF-"
    assert (tmp_path / "out" / "audit.png").read_bytes()[1:4] == b"PNG"
    sheets = pd.read_excel(tmp_path / "out" / "audit.xlsx", sheet_name=None, header=None, engine="calamine")
    assert {"Cover", "Contents"} <= set(sheets)
    assert any("8 of 42" in frame.to_string() for frame in sheets.values())
    assert "Warning" not in done.stderr
    today = [time.strftime(form, moment) for form in ("%Y-%m-%d", "%Y%m%d") for moment in (time.localtime(), time.gmtime())]
    for twin in (tmp_path / "out").iterdir():
        with ZipFile(twin) if twin.suffix == ".xlsx" else nullcontext() as book:
            said = b"".join(map(book.read, book.namelist())) if book else twin.read_bytes()
        assert not any(date.encode() in said for date in today), twin.name


def test_a_page_without_a_picture_has_no_png_and_the_rest_is_written(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 9)
    done = render(write_notebook(tmp_path / "audit.ipynb"), "--data", data, "--out", tmp_path / "out", "--also", "png,xlsx")
    assert done.returncode == 0, done.stderr
    assert "audit: no picture on the page, so no PNG of it" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["audit.html", "audit.xlsx", "index.html"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--also", "docx"], 2, "'docx' is none of pdf, xlsx, png"),
        (["--disclosure", "everything"], 2, "everything"),
        (["nothing.ipynb"], 2, "nothing.ipynb"),
    ],
)
def test_wrong_words_get_a_message_and_no_traceback(arguments: list[str], code: int, said: str) -> None:
    done = render(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bare_frame_of_own_cases_stops_the_render(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 40)
    notebook = write_notebook(tmp_path / "audit.ipynb", "mine.cases")
    done = render(notebook, "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 20
    assert "audit, cell 7: shows a bare output" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_the_message_of_a_failing_cell_quotes_no_data(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 12)
    notebook = write_notebook(tmp_path / "audit.ipynb", 'raise ValueError(mine.cases["case_id"].iloc[3])')
    done = render(notebook, "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 21
    assert "audit.ipynb, cell 7: ValueError" in done.stderr
    assert "MARKER" not in done.stderr + done.stdout
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("level", ["protected", "open"])
@pytest.mark.parametrize("last", ["mine.cases", 'print(mine.cases["case_id"].iloc[3])', "hk.charts.key_questions(mine).sentence"])
def test_beside_published_findings_nothing_of_own_cases_passes_bare(tmp_path: Path, level: str, last: str) -> None:
    """The notebook loads the file itself, and its only finding is open."""
    data = write_cases(tmp_path / "audit", 40)
    cells = ["import hmip_kit as hk", 'hk.charts.overview(hk.load("lewisham-bromley-2022"))', f"mine = hk.load({str(data)!r})", last]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, tmp_path / "own.ipynb")
    done = render(tmp_path / "own.ipynb", "--out", tmp_path / "out", "--disclosure", level)
    assert done.returncode in (20, 21)
    assert ("shows a bare output" if level == "protected" else "your own cases are never open") in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("typed", ["MARKER00000X", "B7", "A&B-1", "70123", "X123456", "2021/0123456A"])
def test_an_identifier_that_an_author_typed_stops_the_page(tmp_path: Path, typed: str) -> None:
    """An id as the file has it: also short, a number, or with a sign that HTML writes otherwise; and what looks like one anywhere."""
    data = write_cases(tmp_path / "audit", 12)
    known = ["MARKER00000X", "B7", "A&B-1", "70123"]
    for name in ("cases", "answers"):
        text = (data / f"{name}.csv").read_text()
        for place, one in enumerate(known):
            text = text.replace(f"MARKER{place:05}X", one)
        (data / f"{name}.csv").write_text(text)
    notebook = nbformat.read(write_notebook(tmp_path / "audit.ipynb"), 4)
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"Look at case {typed} again."))
    nbformat.write(notebook, tmp_path / "audit.ipynb")
    done = render(tmp_path / "audit.ipynb", "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 20
    assert "audit: not written, because it would carry an identifier" in done.stderr
    assert typed not in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_ids_that_became_running_numbers_are_looked_for_as_the_file_has_them(tmp_path: Path) -> None:
    from hmip_kit.share.running import secrets_of

    data = write_cases(tmp_path / "audit", 3)
    for name in ("cases", "answers"):
        (data / f"{name}.csv").write_text((data / f"{name}.csv").read_text().replace("MARKER0000", "X12345").replace("X,", ","))
    assert secrets_of(data) == ["X123450", "X123451", "X123452", "1", "2", "3"]


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
        ("import os; os._exit(3)", 21, "audit.ipynb: Python ended while it ran"),
        ("x = 1", 0, "audit: no finding on the page, so no XLSX of it"),
    ],
)
def test_a_notebook_that_cannot_run_gets_a_message_and_no_traceback(tmp_path: Path, content: str, code: int, said: str) -> None:
    notebook = tmp_path / "audit.ipynb"
    notebook.write_text(content)
    if "{" not in content:
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(content)]), notebook)
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
    cases = pd.read_csv(data / "cases.csv").assign(**{"Full name": "Jo Marker", "date_of_birth": "1980-01-02"})
    cases.to_csv(data / "cases.csv", index=False)
    done = render(write_notebook(tmp_path / "audit.ipynb"), "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 10
    assert "column D (Full name): identifies a person" in done.stderr
    assert "Jo Marker" not in done.stderr and "1980" not in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_nbconvert_finds_the_exporter(tmp_path: Path) -> None:
    stored = write_notebook(tmp_path / "page.ipynb")
    made = nbformat.read(stored, as_version=4)
    made.cells = made.cells[:1]
    nbformat.write(made, stored)
    done = subprocess.run([sys.executable, "-m", "nbconvert", "--to", "hmip", str(stored)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "<h1>Audit</h1>" in (tmp_path / "page.html").read_text()
