"""Columns that the schema does not know: characteristics, questions that the file lists, text."""

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.errors import KitError
from hmip_kit.framework import SubQuestion
from hmip_kit.protect.bundle import data_of
from hmip_kit.settings import LONGEST_OWN_VALUE, MOST_OWN_VALUES, RENDER_SETTING
from hmip_kit.sources.bundled import framework_named
from hmip_kit.sources.own import Checked
from hmip_kit.sources.own.headings import TAKEN, Vocabulary

SHEET = Path(__file__).resolve().parents[2] / "shared" / "cases" / "sheets" / "own-yes-no.csv"
FRAMEWORK = framework_named("pdu-2021")
CHARACTERISTIC, QUESTION = "characteristic of your own", "question of your own"
ENDINGS = pytest.mark.parametrize("ending", ["csv", "xlsx"])
Columns = Mapping[str, Sequence[str | int]]


def written(folder: Path, ending: str, columns: Columns, questions: str = "") -> Path:
    """Write cases, as a folder with a CSV file or a workbook, and what they list as questions."""
    frame = pd.DataFrame({"case_id": _ids(columns)} | dict(columns))
    if ending == "csv":
        frame.to_csv(folder / "cases.csv", index=False)
        said = f"questions = {json.dumps(questions)}\n" if questions else ""
        (folder / "inspection.toml").write_text(said)
        return folder
    path = folder / "audit.xlsx"
    frame.to_excel(path, sheet_name="cases", index=False)
    if questions:
        book = openpyxl.load_workbook(path)
        book.create_sheet("inspection").append(["questions", questions])
        book.save(path)
    return path


def _ids(columns: Columns) -> list[str]:
    return [f"c{place}" for place in range(len(next(iter(columns.values()))))]


def kinds(found: Checked) -> dict[str, tuple[str, str]]:
    """Return what each heading that the schema does not know was taken as."""
    rows = found.mappings[found.mappings["kind"].isin([CHARACTERISTIC, QUESTION])]
    taken = zip(rows["kind"], rows["taken_as"], strict=True)
    return dict(zip(rows["given"], taken, strict=True))


def asked(mine: hk.Inspection) -> set[str]:
    """Return the questions that have answers."""
    return set(mine.answers["question"])


def warned(found: Checked, heading: str) -> list[str]:
    return [one for one in found.warnings if f"({heading})" in one]


@ENDINGS
@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["Yes", "No", ""], ["Yes", "No", "Not recorded"]),
        (["Y", "N", "n/a"], ["Yes", "No", "Not applicable"]),
        (["y", "n", "YES"], ["Yes", "No", "Yes"]),
        ([1, 0, 1], ["Yes", "No", "Yes"]),
        (["Yes", "Pending", ""], ["Yes", "Pending", "Not recorded"]),
        (["Y", "Pending", "No"], ["Y", "Pending", "No"]),
        (["Hindu", "None", "Sikh"], ["Hindu", "None", "Sikh"]),
    ],
)
def test_a_column_of_ones_own_is_a_characteristic_to_filter_by(
    ending: str, values: list[str | int], wanted: list[str], tmp_path: Path
) -> None:
    columns: Columns = {
        "sex": ["F", "M", "F"],
        "Care leaver": values,
        "assessment_safety": ["Y", "N", "Y"],
    }
    found = hk.check(written(tmp_path, ending, columns))
    assert kinds(found) == {"Care leaver": (CHARACTERISTIC, "care_leaver")}
    mine = found.accepted()
    assert mine.cases["care_leaver"].tolist() == wanted
    assert asked(mine) == {"assessment_safety"}
    assert list(mine.characteristics) == ["sex", "care_leaver"]
    assert set(mine.filterable["care_leaver"]) == set(wanted)
    assert mine.where(care_leaver=wanted[0]).size == wanted.count(wanted[0])


def test_yes_comes_first_and_not_recorded_last(tmp_path: Path) -> None:
    columns = {"sex": ["F"] * 4, "Care leaver": ["", "No", "Not applicable", "Yes"]}
    mine = hk.load(written(tmp_path, "csv", columns))
    wanted = ["Yes", "No", "Not applicable", "Not recorded"]
    assert mine.characteristics["care_leaver"] == wanted


@ENDINGS
@pytest.mark.parametrize("listed", ["Q9 of ours; Was a home visit made?", "q9 OF ours\nQ10"])
def test_a_heading_that_the_file_lists_is_a_question(
    ending: str, listed: str, tmp_path: Path
) -> None:
    other = "Was a home visit made?" if ";" in listed else "Q10"
    columns = {
        "sex": ["F", "M"],
        "Q9 of ours": ["Y", ""],
        other: ["n/a", "No"],
        "Care leaver": ["Yes", "No"],
    }
    found = hk.check(written(tmp_path, ending, columns, listed))
    first = "Q9 of ours" if ";" in listed else "q9 OF ours"
    assert kinds(found) == {
        "Q9 of ours": (QUESTION, first),
        other: (QUESTION, other),
        "Care leaver": (CHARACTERISTIC, "care_leaver"),
    }
    mine = found.accepted()
    assert asked(mine) == {first, other}
    assert mine.coded(first).tolist() == [0, -1] and mine.coded(other).tolist() == [2, 1]


def test_a_list_in_toml_is_a_list_of_headings(tmp_path: Path) -> None:
    written(tmp_path, "csv", {"sex": ["F", "M"], "Q9 of ours": ["Y", "N"]})
    (tmp_path / "inspection.toml").write_text('questions = ["Q9 of ours"]\n')
    assert asked(hk.load(tmp_path)) == {"Q9 of ours"}


@ENDINGS
@pytest.mark.parametrize("listed", ["Q10 of theirs", "sex", "assessment_safety", "???"])
def test_a_listed_heading_without_answers_is_a_problem_by_its_name(
    ending: str, listed: str, tmp_path: Path
) -> None:
    columns = {"sex": ["F", "M"], "planning_safety": ["Y", "N"]}
    (problem,) = hk.check(written(tmp_path, ending, columns, listed)).problems
    assert f"{listed!r} is listed under questions and no table has answers to it" in problem


def test_a_listed_heading_that_looks_like_a_person_is_not_shown(tmp_path: Path) -> None:
    columns = {"sex": ["F", "M"], "planning_safety": ["Y", "N"]}
    (problem,) = hk.check(written(tmp_path, "csv", columns, "X123456")).problems
    assert "not shown" in problem and "X123456" not in problem


def test_a_value_that_is_no_answer_to_a_listed_question_is_a_problem(tmp_path: Path) -> None:
    columns = {"sex": ["F", "M"], "Q9 of ours": ["Yes", "perhaps"]}
    (problem,) = hk.check(written(tmp_path, "csv", columns, "Q9 of ours")).problems
    assert "'perhaps' is not one of Yes, No, Not applicable" in problem


@pytest.mark.parametrize(
    "heading",
    [
        "assessment_safety",
        "Assessment: safety of other people",
        "ASSESSMENT: Safety of other people ",
    ],
)
def test_a_question_of_the_framework_stays_one(heading: str, tmp_path: Path) -> None:
    found = hk.check(written(tmp_path, "csv", {"sex": ["F", "M"], heading: ["Yes", "No"]}))
    assert asked(found.accepted()) == {"assessment_safety"} and not kinds(found)


@pytest.mark.parametrize("one", FRAMEWORK.sub_questions, ids=lambda one: one.id)
def test_a_part_of_a_question_stays_one(one: SubQuestion, tmp_path: Path) -> None:
    mine = hk.load(written(tmp_path, "csv", {"sex": ["F", "M"], one.label: ["Yes", "No"]}))
    assert asked(mine) == {one.id}


def test_answers_in_rows_ask_questions_of_ones_own(tmp_path: Path) -> None:
    rows = "".join(f"c{n},{one},Yes\n" for n in range(3) for one in ("Q9 of ours", "Q10"))
    (tmp_path / "answers.csv").write_text(f"case_id,question,answer\n{rows}c0,Rare,No\n")
    (tmp_path / "cases.csv").write_text("case_id,sex,Care leaver\nc0,F,Y\nc1,M,N\nc2,F,\n")
    assert ["'Rare' is no question" in one for one in hk.check(tmp_path).problems] == [True]
    (tmp_path / "inspection.toml").write_text('questions = "Rare"\n')
    found = hk.check(tmp_path)
    assert kinds(found) == {
        **{one: (QUESTION, one) for one in ("Q9 of ours", "Q10", "Rare")},
        "Care leaver": (CHARACTERISTIC, "care_leaver"),
    }
    assert asked(found.accepted()) == {"Q10", "Q9 of ours", "Rare"}


def test_a_table_of_answers_has_no_characteristic(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("case_id,sex\na,F\nb,M\n")
    (tmp_path / "answers.csv").write_text("case_id,planning_safety,Care leaver\na,Y,Y\nb,N,N\n")
    (problem,) = hk.check(tmp_path).problems
    assert problem == (
        "answers.csv, column C (Care leaver): 'Care leaver' is no column of the answers: list it"
        " under questions if it is one, take it out, or move it to the cases"
    )
    (tmp_path / "inspection.toml").write_text('questions = "Care leaver"\n')
    assert "Care leaver" in hk.load(tmp_path).questions


def test_a_table_that_stands_alone_tells_of_its_cases(tmp_path: Path) -> None:
    (tmp_path / "audit.csv").write_text("case_id,planning_safety,Care leaver\na,Y,Y\nb,N,\n")
    mine = hk.load(tmp_path / "audit.csv")
    assert mine.characteristics == {"care_leaver": ["Yes", "Not recorded"]}
    assert asked(mine) == {"planning_safety"}


@ENDINGS
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([f"Ward {place}" for place in range(MOST_OWN_VALUES)], ""),
        (
            [f"Ward {place}" for place in range(MOST_OWN_VALUES + 1)],
            "holds 21 different values, over 20",
        ),
        (list(range(MOST_OWN_VALUES + 1)), "holds 21 different values, over 20"),
        (["x" * LONGEST_OWN_VALUE, "y"], ""),
        (["x" * (LONGEST_OWN_VALUE + 1), "y"], "holds a value of 31 characters, over 30"),
    ],
)
def test_many_values_or_a_long_one_are_text_which_is_not_kept(
    ending: str, values: list[str | int], said: str, tmp_path: Path
) -> None:
    rows = [values[place % len(values)] for place in range(3 * MOST_OWN_VALUES)]
    columns: Columns = {"sex": ["F", "M"] * 30, "Area": rows}
    found = hk.check(written(tmp_path, ending, columns))
    mine, warnings = found.accepted(), warned(found, "Area")
    assert ("area" in mine.cases) == ("area" in mine.characteristics) == (not said)
    assert [one.partition(": ")[2] for one in warnings] == (
        [f"{said}: it is taken for text, which is not kept"] if said else []
    )
    if said:
        assert str(values[0]) not in " ".join(warnings) or values[0] == 0
        with pytest.raises(KitError):
            mine.where(area=str(values[0]))


def test_an_office_may_have_many_values(tmp_path: Path) -> None:
    rows = [f"Office {place % 25} at the end of a long road" for place in range(100)]
    mine = hk.load(written(tmp_path, "csv", {"sex": ["F", "M"] * 50, "office": rows}))
    assert len(mine.characteristics["office"]) == 25


def test_a_text_for_nearly_every_row_may_be_names(tmp_path: Path) -> None:
    rows = [f"Somebody {chr(65 + place)}" for place in range(15)]
    (problem,) = hk.check(written(tmp_path, "csv", {"sex": ["F"] * 15, "Worker": rows})).problems
    assert "holds what looks like names" in problem and "Somebody" not in problem


@pytest.mark.parametrize("heading", TAKEN.split())
def test_a_word_of_the_findings_goes_by_another_name(heading: str, tmp_path: Path) -> None:
    columns = {"sex": ["F", "M"], heading.replace("_", " "): ["Yes", "No"]}
    mine = hk.load(written(tmp_path, "csv", columns))
    assert list(mine.characteristics) == ["sex", f"own_{heading}"]


def test_what_findings_call_their_columns_is_no_name_of_a_characteristic() -> None:
    practice, known = hk.load("practice-cases"), Vocabulary.of(FRAMEWORK)
    found = set()
    for name in ("compare", "differences", "gap", "groups", "make_up", "need_steps", "results"):
        found |= set(getattr(practice.show, name)(by="sex").rows.columns)
    words = {one for one in found if "_" not in one and not known.column(one)}
    assert words <= set(TAKEN.split())


def shared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> hk.Inspection:
    """Return 60 cases with characteristics of their own, on a page for sharing."""
    chance = random.Random(3)
    columns = {
        name: [chance.choice(["Yes", "No"]) for _ in range(60)]
        for name in ("assessment_safety", "planning_safety", "Care leaver")
    }
    offender = ["Yes"] * 4 + ["No"] * 56
    columns |= {"sex": ["M", "F"] * 30, "Registered sex offender": offender}
    mine = hk.load(written(folder, "csv", columns))
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    return mine


def test_a_page_for_sharing_asks_no_characteristic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = shared(tmp_path, monkeypatch)
    told = json.dumps(data_of(mine.show.results())).casefold()
    assert "care leaver" not in told and "offender" not in told


def test_a_page_for_sharing_offers_no_group_of_a_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cube = data_of(shared(tmp_path, monkeypatch).show.key_questions())["cube"]
    assert cube is not None
    offered = {one["label"]: one["values"] for one in cube["characteristics"]}
    assert offered["Care leaver"] == ["Yes", "No"] and "Registered sex offender" not in offered
    assert not [at for at in cube["tallies"]["single"] if at.startswith("registered")]


@pytest.mark.skipif(not SHEET.exists(), reason="the file is not here")
def test_a_file_that_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    found = hk.check(SHEET)
    assert kinds(found) == {
        "Registered sex offender": (CHARACTERISTIC, "registered_sex_offender"),
        "Care leaver": (CHARACTERISTIC, "care_leaver"),
    }
    mine = found.accepted()
    assert set(mine.questions) <= set(FRAMEWORK.asked)
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    told = json.dumps(data_of(mine.show.results())).casefold()
    assert "leaver" not in told and "offender" not in told


def test_more_characteristics_than_their_combinations_can_be_numbered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = {f"Flag {place}": ["Yes", "No", ""] * 4 for place in range(45)}
    columns = {"sex": ["F", "M"] * 6, "assessment_safety": ["Yes", "No"] * 6, **flags}
    mine = hk.load(written(tmp_path, "csv", columns))
    monkeypatch.setenv(RENDER_SETTING, "unit")
    cube = data_of(mine.show.key_questions())["cube"]
    assert cube is not None and len(cube["characteristics"]) == 46
    assert sum(cell["counts"][0] for cell in cube["tallies"]["cells"]) == 12
