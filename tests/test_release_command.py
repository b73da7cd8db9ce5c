"""`hmip render` for sharing on own cases, month after month, and the record that it leaves."""

import json
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from rendering import write_cases, write_notebook

from hmip_kit.cli import hmip
from hmip_kit.page.on_record import FOLDER
from hmip_kit.settings import RELEASES_SETTING

Audit = tuple[Path, Path]  # a notebook, and a case file


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """Return a notebook and a case file of 40 cases."""
    return write_notebook(tmp_path / "audit.ipynb"), write_cases(tmp_path / "cases", 40)


@pytest.fixture(scope="module")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which a first page of such cases was made and is on record."""
    folder = tmp_path_factory.mktemp("first")
    notebook, data = write_notebook(folder / "audit.ipynb"), write_cases(folder / "cases", 40)
    done = render((notebook, data), "--first-release")
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture
def released(first_release: Path, tmp_path: Path) -> Audit:
    """Return the notebook and the case file of a copy of that folder."""
    shutil.copytree(first_release, tmp_path, dirs_exist_ok=True)
    return tmp_path / "audit.ipynb", tmp_path / "cases"


def run(*arguments: object, answer: str | None = None) -> Result:
    given = [str(one) for one in arguments]
    return CliRunner().invoke(hmip, given, input=answer, catch_exceptions=False)


def render(audit: Audit, *more: object) -> Result:
    notebook, data = audit
    return run("render", notebook, "--data", data, "--out", notebook.parent / "out", *more)


def longer(data: Path, more: int) -> None:
    """Write a case file that has a few cases more than it had, at its end."""
    for name in ("cases", "answers"):
        frame = pd.read_csv(data / f"{name}.csv", dtype="str")
        ids = list(dict.fromkeys(frame["case_id"]))[:more]
        added = frame[frame["case_id"].isin(ids)].assign(
            case_id=lambda rows: rows["case_id"].str.replace("MARKER", "ADDED")
        )
        pd.concat([frame, added]).to_csv(data / f"{name}.csv", index=False)


def test_the_first_page_says_that_it_is_and_leaves_a_record(audit: Audit) -> None:
    _, data = audit
    refused = render(audit)
    assert refused.exit_code == 20
    assert "--first-release" in refused.stderr and RELEASES_SETTING in refused.stderr
    assert not list((data.parent / "out").iterdir())
    done = render(audit, "--first-release", "--also", "xlsx")
    assert done.exit_code == 0, done.stderr
    [record] = (data.parent / FOLDER).glob("*.json")
    said = json.loads(record.read_text())
    assert set(said["pages"]) == {"audit.html", "audit.xlsx"}
    assert (said["parts"], said["level"], len(said["cases"])) == (["audit"], "sharing", 40)
    page = (data.parent / "out" / "audit.html").read_text()
    assert f"Release {said['id']}" in page
    assert "MARKER" not in record.read_text()
    again = render(audit)
    assert again.exit_code == 0, again.stderr


@pytest.mark.parametrize(
    ("more", "code"), [pytest.param(1, 20, marks=pytest.mark.slow), (9, 20), (10, 0)]
)
def test_a_month_later(released: Audit, more: int, code: int) -> None:
    notebook, data = released
    page = notebook.parent / "out" / "audit.html"
    before = page.read_bytes()
    longer(data, more)
    done = render(released)
    assert done.exit_code == code, done.stderr
    assert (page.read_bytes() == before) == bool(code)
    if code:
        assert f"{more} cases are in no earlier release" in done.stderr
        [record] = (data.parent / FOLDER).glob("*.json")
        release = json.loads(record.read_text())["id"]
        assert render(released, "--replaces", "none").exit_code == 2
        put_right = render(released, "--replaces", release)
        assert put_right.exit_code == 0, put_right.stderr
        last = run("releases", data, "--out", data.parent / "sheet.html")
        assert last.exit_code == 0
        assert f"<td>{release}</td>" in (data.parent / "sheet.html").read_text()


def test_what_is_left_out_is_said_on_the_page(released: Audit) -> None:
    notebook, data = released
    longer(data, 10)
    assert render(released).exit_code == 0
    page = (notebook.parent / "out" / "audit.html").read_text()
    assert "Beside an earlier page it would say something of the few" in page
    listed = run("releases", data).stdout
    assert "fewer than 10 cases of a group differ from an earlier release" in listed


def test_a_reviewer_has_a_sheet_and_a_record_can_be_deleted(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, data = audit
    monkeypatch.setenv(RELEASES_SETTING, str(tmp_path / "elsewhere"))
    assert "No page of cases for sharing is on record" in run("releases", data).stdout
    assert render(audit, "--first-release").exit_code == 0
    assert not (data.parent / FOLDER).exists()
    [record] = (tmp_path / "elsewhere").glob("*.json")
    said = json.loads(record.read_text())
    sheet = tmp_path / "sheet.xlsx"
    assert run("releases", data, "--out", sheet).exit_code == 0
    text = pd.read_excel(sheet, sheet_name="Pages", header=None, engine="calamine").to_string()
    for wanted in (said["id"], said["pages"]["audit.html"], "Reviewer", "Decision", "10 cases"):
        assert wanted in text
    assert run("releases", data, "--out", tmp_path / "sheet.docx").exit_code == 1
    assert run("releases", data, "--delete", "none").exit_code == 2
    assert run("releases", data, "--delete", "old").exit_code == 0
    assert record.exists()
    assert said["id"] in run("releases", data, "--delete", said["id"]).stdout
    assert not record.exists()


def test_a_marking_stands_everywhere(audit: Audit) -> None:
    notebook, _ = audit
    done = render(
        audit, "--first-release", "--marking", "OFFICIAL-SENSITIVE", "--also", "xlsx,png,pdf"
    )
    assert done.exit_code == 0, done.stderr
    out = notebook.parent / "out"
    kinds = [path.suffix for path in out.iterdir()]
    assert {".html", ".xlsx", ".png", ".pdf"} == set(kinds)
    assert all(path.name.startswith("audit-OFFICIAL-SENSITIVE") for path in out.iterdir())
    written = (out / "audit-OFFICIAL-SENSITIVE.html").read_text()
    assert '<p class="hmip-marking">OFFICIAL-SENSITIVE</p>' in written
    book = pd.read_excel(
        out / "audit-OFFICIAL-SENSITIVE.xlsx", sheet_name=None, header=None, engine="calamine"
    )
    tables = [frame for name, frame in book.items() if name not in ("Contents", "Notes")]
    assert all("OFFICIAL-SENSITIVE" in frame.to_string() for frame in tables)


PLANTED = {
    "a lowered threshold": (
        "from hmip_kit import protect\nprotect.FEWEST_CASES = 2",
        "changed how few cases or people may be shown",
    ),
    "a raised level": (
        "import os\nos.environ['HMIP_RENDER'] = 'unit'",
        "has not passed the gate of a page for sharing",
    ),
    "nothing left out": (
        "import os\nos.environ['HMIP_WITHHELD'] = '{}'",
        "the notebook shows what earlier pages forbid",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_what_a_notebook_changes_of_the_rule_is_caught(released: Audit, fault: str) -> None:
    notebook, data = released
    code, said = PLANTED[fault]
    longer(data, 10)
    changed = nbformat.read(notebook, as_version=4)
    changed.cells.insert(2, nbformat.v4.new_code_cell(code))
    nbformat.write(changed, notebook)
    done = render(released)
    assert done.exit_code == 20
    assert said in done.stderr


def test_a_second_file_that_a_notebook_opens_is_held_against_the_first(
    audit: Audit,
) -> None:
    notebook, data = audit
    longer(write_cases(data.parent / "later", 40), 3)
    write_notebook(
        notebook, "later = hk.load('later')", "mine.against(later).show.change(same_unit=True)"
    )
    done = render(audit, "--first-release")
    assert done.exit_code == 20
    assert "3 cases are in no earlier release" in done.stderr
    write_cases(data.parent / "apart", 55)
    write_notebook(
        notebook, "later = hk.load('apart')", "mine.against(later).show.change(same_unit=True)"
    )
    done = render(audit, "--first-release")
    assert done.exit_code == 0, done.stderr
    assert len(list((data.parent / FOLDER).glob("*.json"))) == 2


def test_a_notebook_set_up_on_a_file_needs_no_option_to_find_the_record(
    audit: Audit,
) -> None:
    notebook, data = audit
    text = notebook.read_text().replace("practice-cases", data.name)
    notebook.write_text(text)
    out = notebook.parent / "out"
    assert run("render", notebook, "--out", out).exit_code == 20
    assert run("render", notebook, "--out", out, "--first-release").exit_code == 0
    assert len(list((data.parent / FOLDER).glob("*.json"))) == 1


def test_for_the_unit_nothing_is_on_record(audit: Audit) -> None:
    _, data = audit
    assert render(audit, "--level", "unit").exit_code == 0
    assert not (data.parent / FOLDER).exists()


def test_what_is_compared_with_is_named(audit: Audit) -> None:
    notebook, _ = audit
    name = "lewisham-bromley-2022"
    write_notebook(notebook, f"assert against == {name!r}")
    found = nbformat.read(notebook, 4)
    found.cells[2].source += '\nagainst = ""'
    nbformat.write(found, notebook)
    unknown = render(audit, "--first-release", "--against", "lewisham-bromly-2022")
    assert unknown.exit_code == 2
    assert f"did you mean {name!r}" in unknown.stderr
    assert render(audit, "--first-release").exit_code == 21  # the cell's own assertion
    done = render(audit, "--first-release", "--against", name)
    assert done.exit_code == 0, done.stderr
