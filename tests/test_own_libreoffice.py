"""Case files as LibreOffice saves them: the same cells, and what a reader would lose is said."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

import hmip_kit as hk

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="needs libreoffice-calc of Debian's packages"),
]
UTF_8 = ":Text - txt - csv (StarCalc):44,34,76"  # commas, quotation marks, UTF-8
ROWS: list[list[object]] = [
    ["case_id", "sex", "age_group", "office", "date_seen", "assessment_safety"],
    ["a", "Female", "31 yrs", "North & South", "March", "Yes"],
    ["b", "Male", 47, "<Hub>", "April", '=IF(1=1,"No","")'],
    ["c", "Male", "50+", "Swyddfa ŵ", "April", "n/a"],
    ["d", "Female", 18, "North & South", "May", '=IF(1=2,"No","")'],
]


def saved(path: Path, ending: str, rows: list[list[object]], hidden: int = 0) -> Path:
    """Return a workbook as LibreOffice saves it, its formulas calculated."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    sheet.row_dimensions[hidden or 99].hidden = bool(hidden)
    book.save(path / "given.xlsx")
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation=file://{path}/profile", "--headless"]
        + [
            "--convert-to",
            f"{ending}{UTF_8 * (ending == 'csv')}",
            "--outdir",
            str(path / "saved"),
            str(path / "given.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return path / "saved" / f"given.{ending}"


@pytest.mark.parametrize("ending", ["ods", "xlsx", "csv"])
def test_cells_are_read_as_they_stand(ending: str, tmp_path: Path) -> None:
    found = hk.check(saved(tmp_path, ending, ROWS, hidden=3))
    cases = found.accepted().cases.astype("str")
    assert cases["office"].tolist() == ["North & South", "<Hub>", "Swyddfa ŵ", "North & South"]
    assert cases["age_group"].tolist() == ["26 to 35", "36 to 49", "50 and over", "18 to 25"]
    answers = found.accepted().answers["answer"].astype("object")
    assert answers.where(answers.notna(), "").tolist() == ["Yes", "No", "Not applicable", ""]
    assert any("row (3) is hidden" in one for one in found.warnings) == (ending != "csv")


@pytest.mark.parametrize("ending", ["ods", "xlsx", "csv"])
@pytest.mark.parametrize("formula", ["=NA()", "=1/0", '=VALUE("x")', "=nosuch()"])
def test_an_error_is_a_problem_at_its_place(formula: str, ending: str, tmp_path: Path) -> None:
    rows = [[*row[:5], formula] if row[0] == "b" else row for row in ROWS]
    found = hk.check(saved(tmp_path, ending, rows))
    assert any("row 3, column F" in one and "error" in one for one in found.problems)
