"""Hostile and damaged files: a message within seconds and a gigabyte, whatever they ask for."""

import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from mutated import MAIN, ODF

import hmip_kit as hk

from test_own_files import workbook  # isort: skip

SECONDS, BYTES = 5.0, 1_000_000_000
SHEETS = Path(__file__).resolve().parents[2] / "shared" / "cases" / "sheets"
CHECK = """
import resource, sys, time
import hmip_kit as hk
hk.check(sys.argv[1])  # what is imported and read once does not count
for path in sys.argv[1:]:
    start = time.process_time()
    found = hk.check(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(time.process_time() - start, peak, found.problems[0][:200], sep="\\t")
"""
HEAD = '<row r="1"><c r="A1" t="str"><v>case_id</v></c><c r="B1" t="str"><v>sex</v></c></row>'
CASE = '<row r="2"><c r="A2" t="str"><v>a</v></c><c r="B2" t="str"><v>F</v></c></row>'
TEXT = 'office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def ods(path: Path, rows: str) -> Path:
    """Write a spreadsheet whose headings are those of cases, with rows as given."""
    spaces = "".join(f' xmlns:{one}="{ODF}{one}:1.0"' for one in ("office", "table", "text"))
    head = "".join(f"<table:table-cell {TEXT.format(one)}" for one in ("case_id", "sex"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{ODF}manifest:1.0"/>')
        package.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="cases"><table:table-row>{head}</table:table-row>{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def said_of(paths: list[Path]) -> dict[str, str]:
    """Return what is said first of each file; all take neither long nor much memory."""
    arguments = [sys.executable, "-c", CHECK, *map(str, paths)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=550)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(lines) == len(paths), done.stderr[-2000:]
    told = {path.name: line for path, line in zip(paths, lines, strict=True)}
    over = {name: line for name, line in told.items() if float(line[0]) > SECONDS}
    over |= {name: line for name, line in told.items() if int(line[1]) > BYTES}
    assert over == {}
    return {name: line[2] for name, line in told.items()}


REPEATED = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
BOMBS: dict[str, Callable[[], str]] = {
    "tags.xlsx": lambda: sheet("<c " * 100_000),
    "cells.xlsx": lambda: sheet(HEAD + "<row>" + "<c/>" * 2_000_000 + "</row>"),
    "deep.xlsx": lambda: sheet(HEAD + CASE, after="<a>" * 900_000 + "</a>" * 900_000),
    "attribute.xlsx": lambda: sheet(f'{HEAD}<row r="2" x="{"a" * 40_000_000}"/>'),
    "far.xlsx": lambda: sheet(HEAD + '<row r="900"><c r="XFD900"><v>1</v></c></row>'),
    "columns.xlsx": lambda: sheet(HEAD, '<cols><col min="1" max="16384" hidden="1"/>' * 200_000),
    "merged.xlsx": lambda: sheet(
        HEAD + CASE, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "type.xlsx": lambda: '<!DOCTYPE x [<!ENTITY a "a">]>' + sheet(HEAD + CASE),
    "rows.ods": lambda: REPEATED.format(1_000_000, f"<table:table-cell {TEXT.format('a')}"),
    "long.ods": lambda: REPEATED.format(100_000, f"<table:table-cell {TEXT.format('a' * 30_000)}"),
    "cells.ods": lambda: f"<table:table-row>{'<table:table-cell/>' * 2_000_000}</table:table-row>",
    "minus.ods": lambda: REPEATED.format(-5, f"<table:table-cell {TEXT.format('a')}"),
    "separators.csv": lambda: "case_id,sex" + "," * 9_000_000 + "\na,Mael\n",
    "headings.csv": lambda: "case_id," + ",".join(map(str, range(1_000_000))) + "\na\n",
    "ragged.csv": lambda: "case_id,sex\n" + "a\n" * 4_900_000,
    "marks.csv": lambda: "case_id,sex\n" + '"' * 9_000_000,
    "text.csv": lambda: f"case_id,sex\na,{'x' * 9_000_000}\n",
    "ats.csv": lambda: "case_id,own\n" + f"a,{'y' * 300_000}@ 1\n" * 30,
    "twice.csv": lambda: "case_id,sex\n" + "".join(f"c {at // 2},F\n" for at in range(400_000)),
}


QUICK = {"tags.xlsx", "far.xlsx", "type.xlsx", "merged.xlsx", "long.ods", "minus.ods"}


@pytest.mark.parametrize(
    "names",
    [QUICK, pytest.param(BOMBS.keys() - QUICK, marks=pytest.mark.slow)],
    ids=["quick", "all"],
)
def test_files_that_ask_for_too_much_are_refused(tmp_path: Path, names: set[str]) -> None:
    paths = [tmp_path / name for name in sorted(names)]
    for path in paths:
        content = BOMBS[path.name]
        if path.suffix == ".csv":
            path.write_text(content())
        else:
            (ods if path.suffix == ".ods" else workbook)(path, content())
        assert path.stat().st_size < 10_000_000
    paths += SHEETS.glob("*bomb*")
    assert all(said.startswith(name) for name, said in said_of(paths).items())


def test_texts_that_cells_share_are_weighed(tmp_path: Path) -> None:
    cells = "".join(
        f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(2, 20000)
    )
    path = workbook(tmp_path / "audit.xlsx", sheet(HEAD + cells))
    shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'
    links = zipfile.ZipFile(path).read("xl/_rels/workbook.xml.rels").decode()
    more = links.replace("r1", "r2").replace('/worksheet"', '/sharedStrings"')
    one = more.split(">", 1)[1].replace("worksheets/sheet1.xml", "sharedStrings.xml")
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    kept["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", one).encode()
    kept["xl/sharedStrings.xml"] = shared.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in kept.items():
            package.writestr(name, content)
    assert "million characters of text" in said_of([path])["audit.xlsx"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (f"{HEAD}{CASE}{CASE}", "written oddly about row 2"),
        (f'{HEAD}<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>', "about row 2"),
        (f'{HEAD}<row r="2"><c r="A7"><v>1</v></c></row>', "about row 2"),
        (f'{HEAD}<row r="2"><c r="A2"><v><![CDATA[1]]></v></c></row>', "about row 2"),
        (f'{HEAD}<row r="2"><c r="A2"><v>1<!-- 2 -->3</v></c></row>', "about row 2"),
        (f'{HEAD}<row r="2"><c r="A2"><v>1</v><v>2</v></c></row>', "about row 2"),
        (f"{HEAD}</sheetData><sheetData>{CASE}", "written oddly"),
        (f'{HEAD}<row r="2"><c r="A2"><f>1</f></c></row>', "was never calculated"),
        (
            f"{HEAD}<row r='2'><c r='B2' t='e'><v>#N/A</v></c></row>",
            "column B (sex): holds an error",
        ),
    ],
)
def test_what_a_reader_would_lose_is_a_problem_by_its_row(
    rows: str, said: str, tmp_path: Path
) -> None:
    found = hk.check(workbook(tmp_path / "audit.xlsx", sheet(rows)))
    assert found.inspection is None and said in " ".join(found.problems)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (' office:value-type="float" office:value="0"><text:p>#N/A</text:p>', "error"),
        (' table:formula="=1" office:value-type="string"><text:p>Err:502</text:p>', "error"),
        ("><text:p>F</text:p>", "does not say what it is: cells could be lost"),
        (' table:formula="of:=1">', "was never calculated"),
        (' table:formula="of:=&quot;&quot;"><text:p/>', ""),  # a blank text, as LibreOffice has it
    ],
)
def test_what_a_reader_of_opendocument_would_lose(cell: str, said: str, tmp_path: Path) -> None:
    first, second = f"<table:table-cell {TEXT.format('a')}", f"<table:table-cell{cell}"
    row = f"<table:table-row>{first}{second}</table:table-cell></table:table-row>"
    found = hk.check(ods(tmp_path / "audit.ods", row))
    at_its_place = [one for one in found.problems if "row 2, column B" in one and said in one]
    assert at_its_place if said else found.inspection is not None


def test_what_a_reader_of_opendocument_passes_over_is_refused(tmp_path: Path) -> None:
    cell = f"<table:table-cell {TEXT.format('<![CDATA[a]]>')}"
    path = ods(tmp_path / "audit.ods", f"<table:table-row>{cell}</table:table-row>")
    assert "written oddly: cells could be lost" in hk.check(path).problems[0]


def test_a_package_with_one_byte_of_its_cells_changed_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "audit.xlsx"
    pd.DataFrame({"case_id": ["a", "b"], "sex": ["F", "M"]}).to_excel(path, index=False)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        inside = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 90
    path.write_bytes(whole[:inside] + bytes([whole[inside] ^ 1]) + whole[inside + 1 :])
    assert "damaged or cut off" in hk.check(path).problems[0]


@pytest.mark.parametrize("name", ["audit.xlsx", "audit.ods"])
def test_a_package_of_a_version_that_there_is_not_is_damaged(name: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "audit.xlsx", sheet(HEAD + CASE))
    listed = path.read_bytes().rindex(b"PK\1\2") + 6
    content = path.read_bytes()
    (tmp_path / name).write_bytes(content[:listed] + b"\xeb" + content[listed + 1 :])
    assert "damaged or cut off" in hk.check(tmp_path / name).problems[0]


def test_formatting_to_the_last_row_and_column_costs_nothing(tmp_path: Path) -> None:
    ghosts = "".join(f'<row r="{at}" s="1" customFormat="1"/>' for at in range(3, 200_000))
    last = '<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>'
    path = workbook(tmp_path / "audit.xlsx", sheet(HEAD + CASE + ghosts + last))
    start = time.process_time()
    assert hk.check(path).accepted().size == 1
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("column", ["sex", "question", "office"])
def test_hundreds_of_thousands_of_different_values_take_seconds(
    column: str, tmp_path: Path
) -> None:
    path = tmp_path / "audit.csv"
    rows = (f"c{at},some {at} value,Y\n" for at in range(200_000))
    path.write_text(f"case_id,{column},{'answer' if column == 'question' else 'sex'}\n")
    if column == "sex":
        path.write_text("case_id,sex,assessment_safety\n")
    with path.open("a") as file:
        file.writelines(rows)
    start = time.process_time()
    found = hk.check(path)
    assert time.process_time() - start < SECONDS
    assert len(found.problems) <= 2 and "column B" in found.problems[0]
