"""Kinds of file that went wrong: nothing lost, nothing changed, nothing guessed without a word."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.schema import CASES
from hmip_kit.sources.own import Checked
from hmip_kit.sources.own.values import DECLARED

HEAD = ["case_id", "sentence_type", "sex", "assessment_safety", "planning_safety"]
GIVEN = Path(__file__).resolve().parents[2] / "shared" / "cases" / "sheets"


def rows(n: int, first: str = "a") -> list[list[str]]:
    sentences, sexes = ("Community", "Licence"), ("Male", "Female")
    return [
        [f"{first}{at}", sentences[at % 2], sexes[at % 2], ("Yes", "No")[at % 2], "Yes"]
        for at in range(n)
    ]


def written(path: Path, table: list[list[str]]) -> Checked:
    """Write a table as the ending says, as it stands, and check it."""
    frame = pd.DataFrame(table)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False, header=False)
    else:
        frame.to_excel(path, index=False, header=False)
    return hk.check(path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "notes",
    [
        [["Source: the team's own audit, March"]],
        [["Notes"], ["Cases were drawn at random"]],
        [["", "n = 12"]],
        [["Total"]],
    ],
)
def test_notes_below_are_no_cases(tmp_path: Path, ending: str, notes: list[list[str]]) -> None:
    below = [[*note, *[""] * (5 - len(note))] for note in notes]
    found = written(tmp_path / f"audit.{ending}", [HEAD, *rows(12), ["", "", "", "", ""], *below])
    assert found.accepted().size == 12
    told = [one for one in found.warnings if "is a note and no case" in one]
    assert len(told) == len(notes) and "row 15" in told[0]


def test_a_note_over_merged_cells_is_no_fault(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEAD, *rows(4), [], ["Notes: drawn at random"], ["Total", "", "", "#N/A", 2]):
        sheet.append(row)
    sheet.merge_cells("A7:E7")
    book.save(tmp_path / "audit.xlsx")
    found = hk.check(tmp_path / "audit.xlsx")
    assert found.accepted().size == 4
    assert ["row 7" in one or "row 8" in one for one in found.warnings[:2]] == [True, True]


@pytest.mark.parametrize("total", ["Total", "SUBTOTAL, North", "Grand total"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_row_of_totals_is_no_case(tmp_path: Path, ending: str, total: str) -> None:
    table = [HEAD, *rows(3), [total, "", "", "1", "0"], *rows(3, "b")]
    found = written(tmp_path / f"audit.{ending}", table)
    assert found.accepted().size == 6
    assert any("row 5: is a total and no case" in one for one in found.warnings)


def test_ids_that_are_filled_in_ahead_are_read_and_said(tmp_path: Path) -> None:
    ahead = [[f"later{at}", "", "", "", ""] for at in range(3)]
    found = written(tmp_path / "audit.csv", [HEAD, *rows(4), *ahead])
    assert found.accepted().size == 7
    said = "3 rows (6, 7, 8) are blank but for the case, and read"
    assert sum(said in one for one in found.warnings) == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_headings_once_more_are_no_case(tmp_path: Path, ending: str) -> None:
    found = written(tmp_path / f"audit.{ending}", [HEAD, *rows(6), HEAD, *rows(6, "b")])
    assert found.accepted().size == 12
    assert any("row 8" in one and "repeats the headings" in one for one in found.warnings)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rows_above_the_headings_are_not_lost(tmp_path: Path, ending: str) -> None:
    slip = ["Case", "Sentnce", "Sx", "Qu 1", "Qu 2"]
    found = written(tmp_path / f"audit.{ending}", [slip, *rows(4), HEAD, *rows(8, "b")])
    assert found.inspection is None
    assert sum("stands above the headings" in one for one in found.problems) == 4
    title = [["Audit of March", "", "", "", ""], ["Unit", "North", "", "", ""]]
    fine = written(tmp_path / f"fine.{ending}", [*title, HEAD, *rows(8)])
    assert fine.accepted().size == 8
    banner = ["Case", "People", "People", "Assessment", "Planning"]
    assert written(tmp_path / f"two.{ending}", [banner, HEAD, *rows(8)]).accepted().size == 8


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
@pytest.mark.parametrize("column", [1, 3, 5])
def test_an_error_of_a_spreadsheet_is_a_problem_with_its_place(
    tmp_path: Path, ending: str, error: str, column: int
) -> None:
    table = [[*HEAD, "office"], *([*row, "North"] for row in rows(6))]
    table[3][column] = error
    found = written(tmp_path / f"audit.{ending}", table)
    [said] = found.problems
    assert f"row 4, column {'ABCDEF'[column]}" in said and "is an error of a spreadsheet" in said


@pytest.mark.parametrize(
    "sign", ["✓", "✗", "*", "!", "\N{THUMBS UP SIGN}", "≠ Yes", "-1", "Yes!", "?", "> 1"]
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sign_is_neither_yes_nor_nothing(tmp_path: Path, ending: str, sign: str) -> None:
    table = [HEAD, *rows(6)]
    table[2][3] = sign
    found = written(tmp_path / f"audit.{ending}", table)
    assert found.inspection is None
    assert any("row 3" in one and "is not one of Yes, No" in one for one in found.problems)


def test_ticks_and_crosses_alone_are_asked_about(tmp_path: Path) -> None:
    table = [[*row[:3], "✓" if row[3] == "Yes" else "✗", row[4]] for row in rows(8)]
    found = written(tmp_path / "audit.csv", [HEAD, *table])
    assert ["'✓'" in one or "'✗'" in one for one in found.problems] == [True, True]
    assert all("write what it stands for" in one for one in found.problems)


@pytest.mark.parametrize("signs", [("✓", ""), ("✔", "✘"), ("+", "-"), ("*", "*")])
def test_signs_alone_in_a_column_of_ones_own_are_asked_about(
    tmp_path: Path, signs: tuple[str, str]
) -> None:
    table = [[*HEAD, "Care leaver"], *([*row, signs[at % 2]] for at, row in enumerate(rows(6)))]
    [said] = written(tmp_path / "audit.csv", table).problems
    assert "column F (Care leaver): holds signs alone" in said and repr(signs[0]) in said


@pytest.mark.parametrize(("words", "fine"), [(("Ie", "Na"), False), (("Do", "Naddo"), True)])
def test_na_beside_welsh_words_is_asked_about(
    tmp_path: Path, words: tuple[str, str], fine: bool
) -> None:
    table = [[*row[:3], words[at % 2], "NA"] for at, row in enumerate(rows(6))]
    found = written(tmp_path / "audit.csv", [HEAD, *table])
    assert (found.inspection is not None) == fine
    assert all("column D (assessment_safety): 'Na' is not one" in one for one in found.problems)
    if found.inspection:
        answers = found.inspection.answers["answer"].value_counts()
        assert answers.to_dict() == {"Not applicable": 6, "Yes": 3, "No": 3}


@pytest.mark.parametrize("heading", ["Apr-25", "4-Mar", "01/04/2025", "2.1"])
def test_a_heading_that_a_spreadsheet_made_a_date_is_a_problem(
    tmp_path: Path, heading: str
) -> None:
    found = written(tmp_path / "audit.csv", [[*HEAD, heading], *([*row, "Yes"] for row in rows(4))])
    assert ["is a number or a date" in one for one in found.problems] == [True]


@pytest.mark.parametrize("blank", ["-", "–", ".", ""])
def test_what_people_write_for_nothing_is_not_recorded(tmp_path: Path, blank: str) -> None:
    table = [HEAD, *rows(6)]
    table[2][3] = blank
    found = written(tmp_path / "audit.csv", table).accepted().show.results().rows
    asked = found.set_index("question").loc["assessment_safety"]
    assert (asked["n"], asked["not_recorded"]) == (5, 1)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("1.0", "Yes"),
        ("0.00", "No"),
        ("[z]", "Not applicable"),
        ("Ydy", "Yes"),
        ("Nac oes", "No"),
    ],
)
def test_other_ways_to_write_an_answer_are_read_and_said(
    tmp_path: Path, given: str, answer: str
) -> None:
    table = [HEAD, *rows(6)]
    table[2][3] = given
    found = written(tmp_path / "audit.csv", table)
    answers = found.accepted().answers.set_index(["case_id", "question"])["answer"]
    assert answers["a1", "assessment_safety"] == answer
    told = found.mappings.set_index("given")["taken_as"]
    assert told[given] == answer


@pytest.mark.parametrize("given", ["[x]", "N/K", "unknown"])
def test_what_is_not_known_is_not_recorded_and_said(tmp_path: Path, given: str) -> None:
    table = [HEAD, *rows(6)]
    table[2][3] = table[3][2] = given
    found = written(tmp_path / "audit.csv", table)
    assert found.accepted().cases["sex"].astype("str").tolist()[2] == "Not recorded"
    assert (found.mappings["given"] == given).sum() == 2


@pytest.mark.parametrize(
    ("age", "group"),
    [
        ("50+", "50 and over"),
        ("Over 50", "50 and over"),
        ("50 and over", "50 and over"),
        ("65+", "50 and over"),
        ("31 yrs", "26 to 35"),
        ("25 years", "18 to 25"),
        ("49.0", "36 to 49"),
        ("47.9", None),
        ("30+", None),
        ("17", None),
    ],
)
def test_an_age_is_read_as_people_write_it(tmp_path: Path, age: str, group: str | None) -> None:
    table = [[*HEAD, "Age"], *([*row, "30"] for row in rows(6))]
    table[2][5] = age
    found = written(tmp_path / "audit.csv", table)
    if group is None:
        assert any(f"'{age}' is not one of 18 to 25" in one for one in found.problems)
    else:
        assert found.accepted().cases["age_group"].astype("str").tolist()[1] == group


@pytest.mark.parametrize("column", CASES, ids=lambda one: one.name)
def test_every_declared_name_of_a_column_is_known(tmp_path: Path, column: object) -> None:
    declared = DECLARED[getattr(column, "name")]  # noqa: B009
    place = HEAD.index(declared.name) if declared.name in HEAD else None
    for name in (declared.name, declared.label, *declared.synonyms):
        head, table = list(HEAD), rows(4)
        if place is None:
            head, table = [*head, name], [[*row, (declared.allowed or ("X",))[0]] for row in table]
        else:
            head[place] = name
        found = written(tmp_path / "audit.csv", [head, *table]).accepted()
        assert declared.name in found.cases, name


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_turned_table_is_named_as_such(tmp_path: Path, ending: str) -> None:
    turned = [list(row) for row in zip(HEAD, *rows(6), strict=True)]
    found = written(tmp_path / f"audit.{ending}", turned)
    assert ["is turned: questions stand in rows" in one for one in found.problems] == [True]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "pair",
    [
        ("planning_safety", "planning_safety - auditor 2"),
        ("Planning safety (auditor A)", "Planning safety (auditor B)"),
        ("planning_safety", "Second auditor: Planning safety"),
    ],
)
def test_answers_of_two_auditors_side_by_side_are_named(
    tmp_path: Path, ending: str, pair: tuple[str, str]
) -> None:
    table = [[*HEAD[:4], *pair], *([*row, "No"] for row in rows(6))]
    [said] = written(tmp_path / f"audit.{ending}", table).problems
    assert f"answers of several auditors stand side by side ({pair[1]!r})" in said
    assert (
        written(tmp_path / f"one.{ending}", [[*HEAD[:4], pair[0]], *rows(6)]).accepted().questions
    )


def test_a_clean_file_draws_no_warning_and_of_one_kind_one_line(tmp_path: Path) -> None:
    whole = [one.name for one in CASES]
    clean = [[*whole, "assessment_safety"]]
    held = [(one.allowed or ("North",))[0] for one in CASES[1:]]
    clean += [[f"case {at}", *held, "Yes"] for at in range(12)]
    assert list(written(tmp_path / "clean.csv", clean).warnings) == []
    some = written(tmp_path / "some.csv", [HEAD, *rows(12)])
    assert sum("has no column" in one for one in some.warnings) == 1


RIGHT: dict[str, int | str] = {
    "s01_notes_below.xlsx": 12,
    "s03_hidden_rows.xlsx": 12,
    "s06_two_heading_rows.xlsx": 12,
    "s07b_ghost_16_columns.xlsx": 12,
    "x02_error_cell_no_refs.xlsx": "row 4, column D (assessment_safety): holds an error",
    "c06_notes_below.csv": "row 15",
    "own-yes-no.csv": 60,
    "xlsx-link.xlsx": 60,
    "c09_na_error_text.csv": "error of a spreadsheet",
    "c10_pandas_floats.csv": 3,
    "s15_ages.xlsx": "47.9",
    "t02_transposed_ids.xlsx": "is turned",
    "h_Case_number.csv": 2,
    "two-headings.csv": "above the headings",
    "ticks.csv": "a sign says nothing",
}


@pytest.mark.parametrize("name", RIGHT)
def test_files_that_went_wrong_are_right(name: str) -> None:
    if not GIVEN.exists():
        pytest.skip("the files are not here")
    found, right = hk.check(GIVEN / name), RIGHT[name]
    if isinstance(right, int):
        assert found.accepted().size == right
    else:
        assert any(right in one for one in found.problems)
