"""Files that cannot be read, or should not be: a message, exit code 10, bounded memory."""

import os
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

import hmip_kit as hk
from hmip_kit.errors import DataProblem

OWN = Path(__file__).resolve().parent / "own"
GOOD = "case_id,sex\na,F\nb,M\n"


def refused(path: Path) -> str:
    """Return the message with which a file is refused."""
    with pytest.raises(DataProblem) as caught:
        hk.load(path)
    assert caught.value.exit_code == 10
    return str(caught.value)


def workbook(path: Path, sheet: str) -> Path:
    """Write the least package that is a workbook, with a sheet as given."""
    book = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="cases" sheetId="1" r:id="r1"/></sheets></workbook>'  # noqa: E501
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'  # noqa: E501
    first = links.replace("worksheets/sheet1.xml", "xl/workbook.xml")
    first = first.replace('/worksheet"', '/officeDocument"')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", first)
        package.writestr("xl/workbook.xml", book)
        package.writestr("xl/_rels/workbook.xml.rels", links)
        package.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("audit.csv", b"", "is empty"),
        ("audit.xlsx", GOOD.encode(), "is named .xlsx and holds plain text"),
        ("audit.csv", b"PK\3\4rest", "is named .csv and holds a packed file"),
        ("audit.xlsx", b"PK\3\4rest", "damaged or cut off"),
        ("audit.ods", b"PK\3\4rest", "damaged or cut off"),
        ("audit.parquet", b"PAR1rest", "cannot be read as a Parquet file"),
        ("audit.xlsx", b"\xd0\xcf\x11\xe0old", "old Office format"),
        ("audit.docx", b"PK\3\4rest", "is none of the kinds of file"),
        ("audit.csv", b"case_id,sex\na,F\0\n", "row 2 holds bytes"),
        ("audit.csv", b"case_id,sex\na,\x81\n", "row 2 is neither UTF-8 nor Windows-1252"),
        ("audit.csv", b"one,two\n1,2\n", "no row of headings is known"),
    ],
)
def test_files_that_are_not_what_they_seem(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name)


@pytest.mark.parametrize("name", ["audit.xlsx", "audit.ods"])
def test_a_workbook_cut_off_anywhere(name: str, tmp_path: Path) -> None:
    whole = (OWN / name).read_bytes()
    for share in (0.05, 0.3, 0.6, 0.9, 0.999):
        (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
        assert "damaged or cut off" in refused(tmp_path / name)


@pytest.mark.parametrize("name", ["protected.xlsx", "protected.ods"])
def test_a_password(name: str) -> None:
    assert "is protected by a password" in refused(OWN / name)


def test_what_is_not_there_and_what_is_no_file(tmp_path: Path) -> None:
    assert "is not there" in refused(tmp_path / "nothing.csv")
    assert "is a folder without a file that can be read" in refused(tmp_path)
    (tmp_path / "broken.csv").symlink_to(tmp_path / "nowhere.csv")
    assert "is not there" in refused(tmp_path / "broken.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is no ordinary file" in refused(tmp_path / "pipe.csv")


def test_a_symbolic_link_and_a_folder_with_other_files_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    folder.mkdir()
    (tmp_path / "real.csv").write_text(GOOD)
    (folder / "cases.csv").symlink_to(tmp_path / "real.csv")
    (folder / "notes.txt.bak").write_text("x")
    (folder / ".~lock.cases.csv#").write_text("x")
    found = hk.check(folder)
    assert found.inspection is not None and found.inspection.size == 2
    assert "notes.txt.bak: is no table and was not read" in found.warnings


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="no users")
def test_no_permission(tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    file.write_text(GOOD)
    file.chmod(0)
    if os.geteuid():
        assert "you have no permission" in refused(file)
        return
    code = (
        "import os, sys, hmip_kit as hk, hmip_kit.sources.own\n"
        "os.setuid(65534)\nprint(hk.check(sys.argv[1]).message)"
    )
    for parent in [tmp_path, *tmp_path.parents][:4]:
        parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False
    )
    assert "you have no permission" in done.stdout or "PermissionError" in done.stderr, done.stderr


def test_a_zip_bomb_is_refused_before_it_unpacks_whatever_its_header_claims(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" t="str"><v>case_id</v></c></row>'
    head = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{row}'
    path = tmp_path / "audit.xlsx"
    workbook(path, head)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        with package.open("xl/media/bomb", "w", force_zip64=True) as entry:
            piece = bytes(1 << 24)
            for _ in range(62):
                entry.write(piece)
        package.getinfo("xl/media/bomb").file_size = 1000  # what its header claims
    tracemalloc.start()
    said = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to more than 303 MB" in said
    assert peak < 50_000_000 and path.stat().st_size < 2_000_000


def test_a_sheet_that_spans_the_earth_is_refused(tmp_path: Path) -> None:
    first = '<row r="1"><c r="A1" t="str"><v>case_id</v></c></row>'
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{first}{last}</sheetData></worksheet>'
    assert "spans 1,048,576 rows and 16,384 columns" in refused(
        workbook(tmp_path / "audit.xlsx", sheet)
    )


def test_entities_that_expand_do_not(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><workbook>&a11;</workbook>'
    with zipfile.ZipFile(tmp_path / "audit.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", bomb)
        package.writestr("xl/_rels/workbook.xml.rels", "<a/>")
    assert "is written oddly" in refused(tmp_path / "audit.xlsx")


def test_two_million_rows(tmp_path: Path) -> None:
    rows = 2_000_000
    path = tmp_path / "audit.csv"
    with path.open("w") as file:
        file.write("case_id,question,answer\n")
        file.writelines(
            f"c{row // 20},q{row % 20},{'Yes' if row % 3 else 'No'}\n" for row in range(rows)
        )
    own = hk.load(path)
    assert (own.size, len(own.answers)) == (100_000, rows)
    yes = own.show.results(questions=["q0"]).rows["yes"].tolist()
    assert yes == [sum(1 for row in range(0, rows, 20) if row % 3)]


def test_an_untidy_large_workbook_keeps_every_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    for title in ("Title", "", ""):
        sheet.append([title])
    sheet.append(["case_id", "question", "answer"])
    for row in range(3000):
        sheet.append([f"c{row // 2}", ("assessment_safety", "planning_safety")[row % 2], "Y"])
        if row % 100 == 0:
            sheet.append([])
    book.save(tmp_path / "audit.xlsx")
    assert len(hk.load(tmp_path / "audit.xlsx").answers) == 3000
