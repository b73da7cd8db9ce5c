"""More kinds of file that people have: headings, layouts, mappings that were confirmed, frames."""

import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.errors import DataProblem
from hmip_kit.schema import ANSWER_ROWS, NEED_ROWS, SECOND_ANSWER, Column
from hmip_kit.sources.own import Checked
from hmip_kit.workbook import Sheet, as_text, workbook

HEAD = ["case_id", "sex", "sentence_type", "assessment_safety", "planning_safety"]
ENDINGS = pytest.mark.parametrize("ending", ["csv", "xlsx"])
Rows = list[list[str]]


def cases(n: int, first: str = "a") -> Rows:
    some = ("Male", "Female"), ("Community", "Licence"), ("Yes", "No")
    return [[f"{first}{at}", *(one[at % 2] for one in some), "Yes"] for at in range(n)]


def written(path: Path, *sheets: tuple[str, Rows]) -> Checked:
    """Write one table or, into a workbook, several, and check it."""
    if path.suffix == ".csv":
        pd.DataFrame(sheets[0][1]).to_csv(path, index=False, header=False)
        return hk.check(path)
    with pd.ExcelWriter(path) as book:
        for name, rows in sheets:
            pd.DataFrame(rows).to_excel(book, sheet_name=name, index=False, header=False)
    return hk.check(path)


@ENDINGS
@pytest.mark.parametrize("upper", [[0], [0, 1, 2], [3, 4]])
def test_headings_over_two_rows(tmp_path: Path, ending: str, upper: list[int]) -> None:
    first = [one if at in upper else "" for at, one in enumerate(HEAD)]
    first = ["People" if at == 1 and at not in upper else one for at, one in enumerate(first)]
    second = ["" if at in upper else one for at, one in enumerate(HEAD)]
    found = written(tmp_path / f"audit.{ending}", ("cases", [first, second, *cases(6)]))
    assert found.accepted().size == 6 and set(found.accepted().answers["question"]) == set(HEAD[3:])


def test_merged_headings_of_a_workbook(tmp_path: Path) -> None:
    for merged in ("A1:A2", "D1:E1"):
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        first, second = ["case_id", "People", "", "Safety", ""], ["", *HEAD[1:]]
        for row in (first, second, *cases(5)):
            sheet.append([cell or None for cell in row])
        sheet.merge_cells(merged)
        book.save(tmp_path / "audit.xlsx")
        assert hk.check(tmp_path / "audit.xlsx").accepted().size == 5


@ENDINGS
def test_a_second_row_of_headings_in_other_words(tmp_path: Path, ending: str) -> None:
    other = ["Case", "Gender", "Disposal", "Assessment: safety of other people", "planning_safety"]
    head = [*HEAD[:4], "Planning: safety of other people"]
    found = written(tmp_path / f"audit.{ending}", ("cases", [head, other, *cases(5)]))
    assert found.accepted().size == 5
    assert any("row 2: repeats the headings in other words" in one for one in found.warnings)


@ENDINGS
@pytest.mark.parametrize("heading", ["12", "2.1", "2026-02-01", "01/02/2026"])
def test_a_heading_that_became_a_number_or_a_date(
    tmp_path: Path, ending: str, heading: str
) -> None:
    table = [[*HEAD, heading], *([*row, "Yes"] for row in cases(6))]
    found = written(tmp_path / f"audit.{ending}", ("cases", table))
    assert any("column F" in one and "a number or a date" in one for one in found.problems)


@ENDINGS
@pytest.mark.parametrize(
    "heading",
    [
        "1. Planning: safety of other people",
        "Q2.1 Planning safety",
        "7 planning_safety",
        "planning_safety Q7",
        "Does planning focus sufficiently on keeping other people safe? 12",
    ],
)
def test_numbers_before_and_after_a_question(tmp_path: Path, ending: str, heading: str) -> None:
    found = written(tmp_path / f"audit.{ending}", ("cases", [[*HEAD[:4], heading], *cases(6)]))
    assert set(found.accepted().answers["question"]) == set(HEAD[3:])


@ENDINGS
@pytest.mark.parametrize(
    "heading",
    [
        "Does planning focus enough on keeping others safe?",
        "Was the assessment sufficiently focused on keeping other people safe?",
    ],
)
def test_a_question_in_other_words_is_a_warning(tmp_path: Path, ending: str, heading: str) -> None:
    table = [[*HEAD, heading, "Is the person a care leaver?"]]
    table += [[*row, "Yes", "No"] for row in cases(6)]
    found = written(tmp_path / f"audit.{ending}", ("cases", table))
    said = [one for one in found.warnings if "reads like a question" in one]
    assert len(said) == 1 and "column F" in said[0] and found.inspection is not None


def _named(columns: tuple[Column, ...]) -> list[tuple[Column, str]]:
    return [(one, name) for one in columns for name in (one.name, one.label, *one.synonyms)]


@pytest.mark.parametrize(("column", "name"), _named((*ANSWER_ROWS, SECOND_ANSWER)))
def test_every_name_of_a_column_of_answers(tmp_path: Path, column: Column, name: str) -> None:
    held = {"case_id": "a", "question": "planning_safety", "answer": "Yes", "second_answer": "No"}
    table = {name if one == column.name else one: [value] for one, value in held.items()}
    pd.DataFrame(table).to_csv(tmp_path / "answers.csv", index=False)
    mine = hk.load(tmp_path / "answers.csv")
    assert mine.answers["answer"].tolist() == ["Yes"]
    assert mine.second_auditor().answers["answer"].tolist() == ["No"]


@pytest.mark.parametrize(("column", "name"), _named(NEED_ROWS))
def test_every_name_of_a_column_of_needs(tmp_path: Path, column: Column, name: str) -> None:
    held = {one.name: "Yes" for one in NEED_ROWS} | {"case_id": "a", "need": "Finance"}
    table = {name if one == column.name else one: [value] for one, value in held.items()}
    pd.DataFrame(table).to_csv(tmp_path / "needs.csv", index=False)
    needs = hk.load(tmp_path / "needs.csv").needs.iloc[0]
    assert needs["need"] == "Finance" and all(needs[one.name] for one in NEED_ROWS[2:])


def test_a_sheet_for_each_office_is_named_in_one_line(tmp_path: Path) -> None:
    for names in (["North", "South"], ["Hub A", "Hub B", "Hub C"]):
        sheets = [(name, [HEAD, *cases(4, name)]) for name in names]
        [said] = written(tmp_path / "audit.xlsx", *sheets).problems
        assert all(repr(name) in said for name in names) and "with a column office" in said


@pytest.mark.parametrize(
    "twice",
    [
        ["Auditor 1: assessment_safety", "Auditor 2: assessment_safety"],
        ["assessment_safety - first auditor", "assessment_safety - moderator"],
    ],
)
def test_answers_of_two_auditors_side_by_side_are_named(tmp_path: Path, twice: list[str]) -> None:
    found = written(tmp_path / "audit.csv", ("", [[*HEAD[:3], *twice], *cases(4)]))
    assert any(all(one in said for one in twice) for said in found.problems)


@ENDINGS
@pytest.mark.parametrize("again", ["", "a1"])
def test_a_case_over_two_rows_is_a_problem(tmp_path: Path, ending: str, again: str) -> None:
    table = [HEAD, *cases(3)]
    table.insert(3, [again, "", "", "", "No"])
    found = written(tmp_path / f"audit.{ending}", ("cases", table))
    assert any("row 4" in one or "rows 3 and 4" in one for one in found.problems)


@pytest.mark.parametrize("hidden", [[3], [3, 4, 6]])
def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path, hidden: list[int]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, *cases(8)):
        sheet.append(row)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions.group("B", "C", outline_level=1, hidden=True)
    book.save(tmp_path / "audit.xlsx")
    found = hk.check(tmp_path / "audit.xlsx")
    assert found.accepted().size == 8
    rows = f"({', '.join(map(str, hidden))}) {'is' if len(hidden) == 1 else 'are'} hidden"
    assert any(rows in one for one in found.warnings)
    assert any("2 columns (B, C) are hidden" in one for one in found.warnings)


def test_what_a_person_confirmed_is_kept_and_used_again(tmp_path: Path) -> None:
    table = [[*HEAD[:3], "Kept safe", "planning_safety"], *cases(4)]
    table[1][1] = "Mael"
    path = tmp_path / "audit.csv"
    assert len(written(path, ("", table)).problems) == 1
    (tmp_path / "audit.mapping.toml").write_text(
        '[headings]\n"Kept safe" = "assessment_safety"\n[sex]\n"Mael" = "Male"\n'
    )
    found = hk.check(path)
    assert set(found.accepted().answers["question"]) == set(HEAD[3:])
    assert found.accepted().cases["sex"].tolist()[0] == "Male"
    assert "2 mappings" in found.mappings["given"].tolist()
    (tmp_path / "audit.mapping.toml").write_text('[headings]\n"a" = "b"\n[sex]\nm = "Man"\n')
    assert len([one for one in hk.check(path).problems if "cannot be" in one]) == 2
    (tmp_path / "audit.mapping.toml").write_text("[")
    assert "audit.mapping.toml: cannot be read" in hk.check(path).message


def test_the_command_writes_mappings_that_load_again(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    head = ["Case", "Gender", *HEAD[2:]]
    written(path, ("", [head, *([row[0], row[1][0], *row[2:]] for row in cases(4))]))
    done = [
        subprocess.run(
            [sys.executable, "-m", "hmip_kit", "check", str(path), *extra],
            capture_output=True,
            text=True,
            check=False,
        )
        for extra in (["--keep-mappings"], [], ["--keep-mappings"])
    ]
    assert [one.returncode for one in done] == [0, 0, 10]
    assert '"M" = "Male"' in (tmp_path / "audit.mapping.toml").read_text()
    assert "3 mappings' taken as 'used again'" in done[1].stdout


def test_each_table_of_a_folder_is_said_with_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    folder.mkdir()
    pd.DataFrame({"case_id": ["a", "b"], "sex": ["Male", "Female"]}).to_csv(
        folder / "cases.csv", index=False
    )
    pd.DataFrame({"case_id": ["a"], "question": ["planning_safety"], "answer": ["Yes"]}).to_csv(
        folder / "answers.csv", index=False
    )
    told = hk.check(folder).mappings.set_index("where")["taken_as"]
    assert (told["cases.csv"], told["answers.csv"]) == ("the cases", "the answers")


def test_frames_are_checked_as_files_are(tmp_path: Path) -> None:
    table = pd.DataFrame(cases(6), columns=HEAD)
    table.to_csv(tmp_path / "audit.csv", index=False)
    needs = pd.DataFrame({"need": ["Finance"], "improved": [True]}, index=pd.Index(["a1"]))
    needs.index.name = "case_id"
    mine, file = hk.load(cases=table, needs=needs), hk.load(tmp_path / "audit.csv")
    pd.testing.assert_frame_equal(mine.cases, file.cases)
    pd.testing.assert_frame_equal(mine.answers, file.answers)
    assert mine.protected and mine.needs["improved"].tolist() == [True]
    with pytest.raises(DataProblem, match="cases, row 2, column B .sex.: 'Mael' is not one"):
        hk.load(cases=table.assign(sex=["Male", "Mael", *["Male"] * 4]))
    with pytest.raises(DataProblem, match="stands 2 times"):
        hk.load(cases=pd.concat([table, table.head(1)]))
    with pytest.raises(DataProblem, match="holds more than one value in a cell"):
        hk.load(cases=table.assign(sex=pd.Series([["Male"]] * 6)))
    with pytest.raises(DataProblem, match="not both"):
        hk.load("audit.csv", cases=table)


@pytest.mark.parametrize("text", ["[North](https://evil.example/x)", "$$north$$", "=1+1", "@x"])
def test_text_stays_text_in_every_workbook(tmp_path: Path, text: str) -> None:
    table = pd.DataFrame({"Office": [text], f"{text} ": ["a"]})
    path = tmp_path / "numbers.xlsx"
    path.write_bytes(workbook(text, [text], [Sheet("One", text, [text], table)]))
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
            links = [cell.hyperlink for cell in row if cell.hyperlink]
            assert all(link.location and not link.target for link in links)  # to other sheets
    assert as_text(text).startswith(("'", "[", "$"))
