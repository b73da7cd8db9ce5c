"""Tables of key questions in workbooks, CSV files and pages: what was taken, from which cell."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
import xlsxwriter

import hmip_kit as hk
from hmip_kit.errors import DataProblem, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import framework_named

QUESTIONS = framework_named("pdu-2021").questions
N = {"East PDU": 42, "West PDU": 50}
Cells = list[list[object]]


def yes(place: int, unit: str) -> int:
    """Return the made-up count of the question at a place."""
    return 7 + 2 * place + (unit == "West PDU")


def percent(place: int, unit: str) -> str:
    return f"{100 * yes(place, unit) / N[unit]:.0f}%"


def abreast(*kinds: str, units: tuple[str, ...] = tuple(N)) -> Cells:
    """Return a table of units abreast, each with columns of these kinds."""
    told: dict[str, Callable[[int, str], object]]
    told = {"%": percent, "Yes": yes, "n": lambda _, unit: N[unit]}
    rows: Cells = [["", *(unit if kind == kinds[0] else "" for unit in units for kind in kinds)]]
    rows.append(["Key question", *(kind for _ in units for kind in kinds)])
    for place, question in enumerate(QUESTIONS):
        cells = [told[kind](place, unit) for unit in units for kind in kinds]
        rows.append([question.wording, *cells])
    return rows


def as_csv(folder: Path, rows: Cells, separator: str = ",") -> Path:
    path = folder / "annexe.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def as_xlsx(folder: Path, rows: Cells) -> Path:
    """Write a workbook as people make them: a title, a merged heading, shares as numbers."""
    path = folder / "annexe.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write(0, 0, "Made up.")
    sheet = book.add_worksheet("Domain two")
    shown = book.add_format({"num_format": "0%"})
    sheet.write(0, 1, "Data annexe")
    for place, row in enumerate(rows, 3):
        for column, cell in enumerate(row, 1):
            if isinstance(cell, str) and cell.endswith("%") and cell != "%":
                sheet.write(place, column, yes(place - 5, "East PDU") / 42, shown)
            else:
                sheet.write(place, column, cell)
    book.close()
    return path


ODS = "application/vnd.oasis.opendocument.spreadsheet"
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"


def as_ods(folder: Path, rows: Cells) -> Path:
    path = folder / "annexe.ods"
    spaces = " ".join(f'xmlns:{one}="{OASIS}{one}:1.0"' for one in ("office", "table", "text"))
    told = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    sheet = f'<table:table table:name="Data">{told}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    with ZipFile(path, "w") as package:
        package.writestr("mimetype", ODS)
        package.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{OASIS}manifest:1.0"><m:file-entry m:full-path="/"'
            f' m:media-type="{ODS}"/></m:manifest>',
        )
        package.writestr(
            "content.xml", f"<office:document-content {spaces}>{body}</office:document-content>"
        )
    return path


def as_page(folder: Path, rows: Cells) -> Path:
    path = folder / "annexe.html"
    head = "".join(f"<th colspan=2>{one}</th>" for one in rows[0][1::2])
    kinds = "".join(f"<th>{one}</th>" for one in rows[1][1:])
    body = "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows[2:])
    first = f"<tr><th rowspan=2>Key question</th>{head}</tr><tr>{kinds}</tr>"
    path.write_text(f"<html><body><h1>Data</h1><table>{first}{body}</table></body></html>")
    return path


def held(found: Inspection, unit: str) -> None:
    """Hold what was read of a unit against what was written."""
    assert found.identity["unit"] == unit
    assert found.published["question"].tolist() == [one.id for one in QUESTIONS]
    counts = [yes(place, unit) for place in range(len(QUESTIONS))]
    assert found.published["yes"].tolist() == counts
    assert (found.published["n"] == N[unit]).all()


@pytest.mark.parametrize("kinds", [("%", "n"), ("%", "Yes", "n"), ("Yes", "n")])
@pytest.mark.parametrize("unit", list(N))
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_units_abreast_are_told_apart(
    kinds: tuple[str, ...], unit: str, separator: str, tmp_path: Path
) -> None:
    path = as_csv(tmp_path, abreast(*kinds), separator)
    held(hk.read_report(path, unit), unit)
    with pytest.raises(DataProblem, match="2 units: East PDU, West PDU"):
        hk.read_report(path)
    with pytest.raises(UnknownName, match="West PDU"):
        hk.read_report(path, "North PDU")


def test_a_workbook_with_shares_as_numbers(tmp_path: Path) -> None:
    found = hk.read_report(as_xlsx(tmp_path, abreast("%", "n", units=("East PDU",))))
    held(found, "East PDU")
    taken = found.table("taken")
    first = taken[taken["question"] == "assessment_engagement"]
    assert first[["what", "printed", "value", "cell"]].to_numpy().tolist() == [
        ["percent", "0.1666666666666667", "16.7", "Domain two: C6"],
        ["n", "42", "42", "Domain two: D6"],
    ]
    assert "hold each number against its cell" in found.identity["warnings"][0]


def test_a_page_with_merged_headings(tmp_path: Path) -> None:
    held(hk.read_report(as_page(tmp_path, abreast("%", "n")), "West"), "West PDU")


def test_an_opendocument_sheet(tmp_path: Path) -> None:
    held(hk.read_report(as_ods(tmp_path, abreast("Yes", "n")), "West"), "West PDU")


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Percentage 'Yes' (n = 42)", "17%"),
        ("Result", "17% (7/42)"),
        ("Result", "7 of 42"),
        ("Result", "17% (n = 42)"),
    ],
)
def test_a_cell_or_heading_that_says_all_of_it(heading: str, cell: str, tmp_path: Path) -> None:
    rows: Cells = [["Question", heading], [f"2.2.1 {QUESTIONS[0].wording}2", cell]]
    found = hk.read_report(as_csv(tmp_path, rows), "Kirby PDU")
    assert found.published[["yes", "n", "percent"]].values.tolist() == [[7, 42, 17]]
    assert found.identity["unit"] == "Kirby PDU"


def test_numbers_of_cases_above_the_columns_and_sections_between_the_rows(tmp_path: Path) -> None:
    rows: Cells = [["Cases inspected", 42, 50], ["", "East %", "West %"]]
    for place, question in enumerate(QUESTIONS):
        rows += [[f"2.{place} A section"], ["a) A prompt of it?", "99%", "98%"]]
        rows.append([question.wording, percent(place, "East PDU"), percent(place, "West PDU")])
    found = hk.read_report(as_csv(tmp_path, rows), "West")
    assert found.published["yes"].tolist() == [yes(place, "West PDU") for place in range(13)]
    above = found.table("taken").query("what == 'n'")
    assert above["printed"].eq("50").all() and above["cell"].str.startswith("above C").all()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Question", "Result"], ["{q}", "43"]], "B2: what '43' is cannot be told"),
        ([["Question", "%"], ["{q}", "#N/A"]], "B2: what '#N/A' is cannot be told"),
        ([["Question", "%"], ["{q}", "1"]], "B2: what '1' is cannot be told"),
        ([["Question", "%", "%"], ["{q}", "43", "44"]], "'43' at B2 and '44' at C2"),
        ([["Question", "%"], ["{q}", "43"], ["{q}", "44"]], "'43' at B2 and '44' at B3"),
        ([["Question", "Yes"], ["{q}", "18"]], "of how many cases the count is, is not said"),
        ([["Question", "%", "Yes", "n"], ["{q}", "43", "17", "42"]], "do not go together"),
        ([["Question", "Yes", "n"], ["{q}", "43", "42"]], "more than all cases"),
        ([["Question", "%"], ["What is the weather?", "43"]], "holds no key question in words"),
    ],
)
def test_what_is_ambiguous_is_refused_by_its_cells(
    rows: list[list[str]], said: str, tmp_path: Path
) -> None:
    told: Cells = [[cell.format(q=QUESTIONS[0].wording) for cell in row] for row in rows]
    with pytest.raises(DataProblem) as raised:
        hk.read_report(as_csv(tmp_path, told))
    assert said in str(raised.value)
    assert str(raised.value).startswith("annexe.csv: ")


def test_what_is_withheld_has_no_count(tmp_path: Path) -> None:
    rows: Cells = [["Question", "%", "n"], [QUESTIONS[0].wording, "[c]", 4]]
    rows.append([QUESTIONS[1].wording, "50%", 4])
    found = hk.read_report(as_csv(tmp_path, rows))
    assert found.published[["question", "yes"]].values.tolist() == [["assessment_desistance", 2]]
    assert found.table("key_questions")["percent"].tolist() == ["not stated", "50"]


def test_of_which_programme_a_table_is_is_not_guessed(tmp_path: Path) -> None:
    found = hk.read_report(as_csv(tmp_path, abreast("Yes", "n", units=("East PDU",))))
    assert found.framework.id == "not-known"
    assert found.ratings["status"].eq("not stated").all()
    assert found.show.key_questions().rows["yes"].tolist() == [yes(i, "x") for i in range(13)]
    assert found.show.ratings().title.endswith("not in these data")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\3\4 and more"),
        ("a.ods", b"no package"),
        ("a.csv", b'"a,b\n'),
        ("b.csv", b""),
    ],
)
def test_a_damaged_table_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataProblem, match=name):
        hk.read_report(tmp_path / name)


def test_an_error_of_a_spreadsheet_is_no_blank(tmp_path: Path) -> None:
    path = tmp_path / "error.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, ["Question", "%", "n"])
    sheet.write(1, 0, QUESTIONS[0].wording)
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write(1, 2, 42)
    book.close()
    with pytest.raises(DataProblem, match="Data: B2: what '#ERROR' is cannot be told"):
        hk.read_report(path)


def test_one_long_text_in_many_cells_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for row in range(40_000):
        sheet.write_row(row, 0, ["x" * 32_000])
    book.close()
    with pytest.raises(DataProblem, match="long.xlsx"):
        hk.read_report(path)


def test_a_table_of_cases_is_refused(tmp_path: Path) -> None:
    rows: Cells = [[QUESTIONS[0].wording, "Yes"]] * 5_001
    with pytest.raises(DataProblem, match="is it one of cases"):
        hk.read_report(as_csv(tmp_path, rows))


def test_the_command_shows_each_cell_and_writes_no_formula(tmp_path: Path) -> None:
    rows = abreast("%", "n")
    rows[0][1] = "=East"
    path = as_csv(tmp_path, rows)
    run = [sys.executable, "-m", "hmip_kit", "read", str(path), "--out", str(tmp_path / "out")]
    ran = subprocess.run([*run, "--unit", "=East"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "B3: percent of assessment_engagement: 17" in ran.stdout
    assert "warning: taken by wording and heading" in ran.stdout
    taken = pd.read_csv(tmp_path / "out" / "taken.csv")
    assert taken["unit"].unique().tolist() == ["'=East"]
    assert json.loads((tmp_path / "out" / "identity.json").read_text())["unit"] == "=East"
