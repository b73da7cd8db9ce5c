"""A user's own cases, as people write them: the same audit gives the same frames in any form."""

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.errors import DataProblem
from hmip_kit.sources.wording import tidy

OWN = Path(__file__).resolve().parent / "own"
CASES = pd.DataFrame(
    {
        "case_id": ["c1", "c2", "c3", "c4"],
        "sentence_type": ["Community", "Licence", "Licence", "Community"],
        "sex": ["Female", "Male", "Male", "Female"],
        "age_group": ["18 to 25", "50 and over", "36 to 49", "18 to 25"],
        "office": ["Ledburn – café", "Ledburn – café", "Harrow Lane", "Harrow Lane"],
    }
)
ANSWERS = {
    ("c1", "assessment_safety"): "Yes",
    ("c1", "planning_engagement"): "Not applicable",
    ("c2", "assessment_safety"): "No",
    ("c2", "planning_engagement"): "Not applicable",
    ("c3", "assessment_safety"): "Yes",
    ("c3", "planning_engagement"): None,
    ("c4", "assessment_safety"): "No",
    ("c4", "planning_engagement"): "Yes",
}


def told(inspection: hk.Inspection) -> dict[tuple[str, str], str | None]:
    """Return the answers by case and question."""
    rows = inspection.answers.astype("object")
    keys = zip(rows["case_id"].astype(str), rows["question"].astype(str), strict=True)
    return {
        key: answer if isinstance(answer, str) else None
        for key, answer in zip(keys, rows["answer"], strict=True)
    }


@pytest.mark.parametrize(
    "name",
    ["audit.ods", "audit.xlsx", "semicolons-windows.csv", "commas-utf8.csv", "tabs-utf16.csv"],
)
def test_files_by_libreoffice_give_the_same_cases_and_answers(name: str) -> None:
    cases = hk.load(OWN / name)
    assert cases.cases.astype("str").to_dict("list") == CASES.to_dict("list")
    assert told(cases) == ANSWERS
    assert cases.cases_are == "own" and cases.title == name.partition(".")[0]


@pytest.mark.parametrize("name", ["audit.ods", "audit.xlsx"])
def test_needs_of_a_workbook_are_nullable_flags(name: str) -> None:
    needs = hk.load(OWN / name).needs
    assert list(needs["need"].astype("str")) == [
        "Education, training and employment",
        "Drug misuse",
        "Education, training and employment",
    ]
    assert needs["linked_to_offending"].tolist() == [True, False, True]
    assert needs["service_delivered"].isna().tolist() == [False, True, False]
    assert needs["improved"].isna().all()


@pytest.mark.parametrize("name", ["faults.ods", "faults.xlsx"])
def test_cells_that_a_reader_would_lose_are_named(name: str) -> None:
    problems = hk.check(OWN / name).problems
    assert len(problems) == 2
    assert problems[0].startswith(f"{name}, sheet 'cases', row 3, column B")
    assert problems[1].startswith(f"{name}, sheet 'cases', row 3, column C (Gender)")


def written(folder: Path, kind: str) -> Path:
    """Write practice cases, as pandas writes them, as one file or a folder."""
    frames = {
        name: getattr(hk.load("practice-cases"), name).astype("object")
        for name in ("cases", "answers", "needs")
    }
    if kind in ("xlsx",):
        path = folder / "audit.xlsx"
        with pd.ExcelWriter(path, engine="openpyxl") as book:
            for name, frame in frames.items():
                frame.to_excel(book, sheet_name=name, index=False)
        return path
    path = folder / "audit"
    path.mkdir()
    for name, frame in frames.items():
        if kind == "csv":
            frame.to_csv(path / f"{name}.csv", index=False)
        else:
            frame.convert_dtypes().to_parquet(path / f"{name}.parquet")
    return path


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet"])
def test_what_pandas_writes_comes_back_whole(kind: str, tmp_path: Path) -> None:
    practice, own = hk.load("practice-cases"), hk.load(written(tmp_path, kind))
    for name in ("cases", "answers", "needs"):
        before = getattr(practice, name).astype("object")
        pd.testing.assert_frame_equal(
            getattr(own, name)[before.columns].astype("object"), before, check_dtype=False
        )
    found, wanted = (one.show.results().rows["yes"].tolist() for one in (own, practice))
    assert found == wanted


def test_wide_and_long_are_the_same(tmp_path: Path) -> None:
    practice = hk.load("practice-cases")
    wide = (
        practice.answers.astype("object")
        .pivot(index="case_id", columns="question", values="answer")
        .reset_index()
    )
    wide.to_csv(tmp_path / "audit.csv", index=False)
    assert told(hk.load(tmp_path / "audit.csv")) == told(practice)


def test_openpyxl_title_hidden_sheet_merged_cells_and_uncalculated_formula(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Cases"
    sheet.append(["Our audit"])
    sheet.merge_cells("A1:C1")
    sheet.append(["case_id", "sex", "assessment_safety"])
    for row in (["a", "M", "Y"], ["b", "F", "N"]):
        sheet.append(row)
    book.create_sheet("hidden").append(["case_id", "sex"])
    book["hidden"].sheet_state = "hidden"
    book.save(tmp_path / "good.xlsx")
    good = hk.check(tmp_path / "good.xlsx")
    assert good.inspection is not None and told(good.inspection) == {
        ("a", "assessment_safety"): "Yes",
        ("b", "assessment_safety"): "No",
    }
    assert "good.xlsx, sheet 'hidden': is hidden and was not read" in good.warnings
    sheet["B3"] = '=IF(1,"M","F")'
    sheet.merge_cells("C3:C4")
    book.save(tmp_path / "bad.xlsx")
    places = [problem.partition(":")[0] for problem in hk.check(tmp_path / "bad.xlsx").problems]
    assert places == [
        "bad.xlsx, sheet 'Cases', row 3, column B (sex)",
        "bad.xlsx, sheet 'Cases', row 3, column C (assessment_safety)",
    ]


def test_a_date_and_a_number_in_place_of_a_value_are_named(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "case_id": [1, 2],
            "age_group": [pd.Timestamp("2026-05-03"), 44562],
            "assessment_safety": [1, 0],
        }
    )
    frame.to_excel(tmp_path / "audit.xlsx", index=False)
    assert [
        problem.partition(" is not")[0] for problem in hk.check(tmp_path / "audit.xlsx").problems
    ] == [
        "audit.xlsx, sheet 'Sheet1', row 2, column B (age_group): '2026-05-03'",
        "audit.xlsx, sheet 'Sheet1', row 3, column B (age_group): '44562'",
    ]


def test_numbers_as_case_ids_are_texts_without_a_point(tmp_path: Path) -> None:
    pd.DataFrame({"case_id": [1.0, 2.0], "sex": ["M", "F"]}).to_excel(
        tmp_path / "audit.xlsx", index=False
    )
    assert hk.load(tmp_path / "audit.xlsx").cases["case_id"].tolist() == ["1", "2"]


def test_a_parquet_column_without_any_value_is_blank(tmp_path: Path) -> None:
    frame = pd.DataFrame({"case_id": ["a", "b"], "sex": ["M", "F"], "office": [None, None]})
    frame.to_parquet(tmp_path / "audit.parquet")
    own = hk.load(tmp_path / "audit.parquet")
    assert own.cases["office"].tolist() == ["Not recorded", "Not recorded"]


@pytest.mark.parametrize("rows", [0, 1])
def test_no_row_and_one_row_load(rows: int, tmp_path: Path) -> None:
    text = "case_id,sex,assessment_safety\n" + "a,F,Yes\n" * rows
    (tmp_path / "audit.csv").write_text(text)
    found = hk.check(tmp_path / "audit.csv")
    assert found.inspection is not None and found.inspection.size == rows
    assert ("audit.csv: has headings and no cases" in found.warnings) == (rows == 0)


def test_each_mapping_is_reported(tmp_path: Path) -> None:
    (tmp_path / "audit.csv").write_text(
        "Case,Gender,Q of ours,Assessment: safety of other people\n1,M,Y,NA\n2,F,0,\n3,F,1,n/a\n"
    )
    rows = hk.load(tmp_path / "audit.csv").show.file_read(values=True).rows
    found = {
        (str(row.kind), str(row.given)): (row.taken_as, row.cells) for row in rows.itertuples()
    }
    assert found["heading", "Gender"] == ("sex", 1)
    assert found["value", "F"] == ("Female", 2)
    assert found["characteristic of your own", "Q of ours"][0] == "q_of_ours"
    assert found["value", "NA"] == found["value", "n/a"] == ("Not applicable", 1)
    assert found["value", "0"] == ("No", 1)


def test_a_second_auditor(tmp_path: Path) -> None:
    (tmp_path / "audit.csv").write_text(
        "case_id,question,answer,second_answer\na,assessment_safety,Y,N\nb,assessment_safety,N,\n"
    )
    first = hk.load(tmp_path / "audit.csv")
    second = first.second_auditor()
    assert told(first) == {("a", "assessment_safety"): "Yes", ("b", "assessment_safety"): "No"}
    assert told(second) == {("a", "assessment_safety"): "No"}


def test_a_sheet_or_file_names_title_and_framework(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("case_id,sex\na,F\n")
    (tmp_path / "inspection.toml").write_text(
        'title = "North, spring 2026"\nframework = "pdu-2023"\n'
    )
    own = hk.load(tmp_path)
    assert (own.title, own.framework.id) == ("North, spring 2026", "pdu-2023")
    (tmp_path / "inspection.toml").write_text('framework = "pdu-2032"\n')
    with pytest.raises(DataProblem, match="did you mean 'pdu-20"):
        hk.load(tmp_path)


def test_practice_cases_in_a_folder_are_called_so_and_kept_as_ones_own(tmp_path: Path) -> None:
    folder = Path(hk.__file__).resolve().parents[1] / "data" / "practice" / "practice-cases"
    assert hk.load(folder).cases_are == "practice"
    copied = hk.load(shutil.copytree(folder, tmp_path / "copied"))
    assert (copied.cases_are, copied.made_up, copied.protected) == ("own practice", True, True)


def test_tidy_takes_away_what_the_eye_does_not_see() -> None:
    assert tidy("\ufeff Risk of\u00a0Serious  Harm\r\n[RoSH] ") == "Risk of Serious Harm [RoSH]"
