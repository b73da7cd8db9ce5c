"""Several inspections: how files, folders and lists are read, what they state, merged groups."""

import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.collection import Collection
from hmip_kit.errors import DataProblem, KitError, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.protect import released

QUESTIONS = [one.id for one in hk.load("practice-cases").framework.questions]
REPORT = "lewisham-bromley-2022"
SEXES, RISKS = ("F", "M"), ("Low", "Medium", "High", "Very high")


def written(
    path: Path,
    n: int,
    seed: int = 1,
    columns: Mapping[str, Sequence[str]] | None = None,
    ids: str = "",
) -> Path:
    """Write so many made-up cases as CSV; other columns go through their values in turn."""
    chance = random.Random(seed)
    rows = [
        {"case_id": f"{ids}{place + 1}", "sex": chance.choice(SEXES), "rosh": chance.choice(RISKS)}
        | {name: values[place % len(values)] for name, values in (columns or {}).items()}
        | {one: chance.choice(["Yes", "No"]) for one in QUESTIONS}
        for place in range(n)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def said(folder: Path, n: int, **facts: object) -> Path:
    """Write a folder that is one inspection, with what it states of itself."""
    written(folder / "cases.csv", n, seed=len(str(folder)))
    lines = (f"{name} = {value!r}" for name, value in facts.items())
    (folder / "inspection.toml").write_text("\n".join(lines))
    return folder


def several(found: Inspection) -> Collection:
    assert isinstance(found, Collection)
    return found


def test_a_list_of_files_and_a_published_inspection(tmp_path: Path) -> None:
    files = [written(tmp_path / f"q{one}.csv", 20, one) for one in (1, 2)]
    found = several(hk.load([*files, REPORT]))
    assert [one.name for one in found.members] == ["q1", "q2", REPORT]
    assert found.size == 40
    assert found.labels("round") == ["q1", "q2", REPORT]
    assert found.characteristics["round"] == ["q1", "q2"]
    rows = found.show.over_time().rows
    assert set(rows["round"]) == {"q1", "q2", REPORT}
    published = rows[(rows["round"] == REPORT) & (rows["question"] == "delivery_safety")].iloc[0]
    assert (published["yes"], published["n"]) == (8, 42)


def test_a_case_that_stands_in_two_files_is_two_cases_and_can_be_paired(tmp_path: Path) -> None:
    files = [written(tmp_path / f"q{one}.csv", 12, ids="c") for one in (1, 2)]
    found = several(hk.load(files))
    assert found.cases["case_id"].tolist()[:2] == ["1-c1", "1-c2"]
    assert found.cases["case_id"].is_unique
    before, after = found.members
    assert before.against(after).show.change(same_unit=True).cases.startswith("12 cases, each")


def test_a_folder_with_its_tables_is_one_inspection_and_any_other_is_several(
    tmp_path: Path,
) -> None:
    one = said(tmp_path / "one", 12, title="One audit")
    assert not isinstance(hk.load(one), Collection)
    (one / "inspection.toml").unlink()
    assert not isinstance(hk.load(one), Collection)
    folder = tmp_path / "several"
    written(folder / "q10.csv", 12)
    written(folder / "q2.csv", 12, 2)
    said(folder / "q11", 12, title="Third")
    (folder / "hmip-releases").mkdir()
    written(folder / "hmip-mapping.csv", 3)
    written(folder / ".hidden.csv", 3)
    (folder / "notes.txt.bak").write_text("x")
    found = several(hk.load(folder))
    assert [one.title for one in found.members] == ["q2", "q10", "Third"]
    assert several(hk.check(folder).accepted()).size == 36


def test_one_file_with_rounds_and_units_is_several(tmp_path: Path) -> None:
    columns = {"Quarter": ["Q2", "Q10"], "PDU": ["North", "South", "East"]}
    found = several(hk.load(written(tmp_path / "all.csv", 60, columns=columns)))
    assert found.characteristics["round"] == ["Q2", "Q10"]
    assert found.characteristics["unit"] == ["East", "North", "South"]
    assert len(found.members) == 6
    assert {one.size for one in found.members} == {10}
    assert found.members[0].identity["unit"] == "East"
    single = hk.load(written(tmp_path / "one.csv", 12, columns={"unit": ["North"]}))
    assert not isinstance(single, Collection)
    assert single.identity["unit"] == "North"


def test_what_files_state_is_kept_and_orders_rounds_and_units(tmp_path: Path) -> None:
    for name, unit, date in (("a", "West", "2026-03-31"), ("b", "East", "2025-12-31")):
        said(tmp_path / name, 10, unit=unit, date=date, round=f"R{date[:4]}", population=25)
    (tmp_path / "collection.toml").write_text(
        'title = "My region"\nregion = "North"\nunits = ["West", "East"]\n'
    )
    found = several(hk.load(tmp_path))
    assert found.title == "My region"
    assert found.labels("round") == ["R2025", "R2026"]
    assert found.labels("unit") == ["West", "East"]
    assert (found.population, found.drawn_from({"unit": "West"})) == (50, 25)
    assert found.drawn_from({"sex": "Female"}) is None
    assert "20 cases were drawn from 50" in found.show.key_questions().notes[-1]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"population": "9"}, "population takes a number of cases, 10 or more"),
        ({"population": "many"}, "population takes a number of cases, 10 or more"),
        ({"auditor": "Jane Smith"}, "auditor takes a code such as A or B2, never a name"),
        ({"regroup": "rosh High"}, "regroup, a line each, goes as"),
        ({"caseload": "sex: Female = some"}, "caseload, a line each, goes as"),
        ({"regroup": "rosh: Low or mid = Low; Mid"}, "no value of rosh 'Mid'"),
        ({"regroup": "faith: Any = A; B"}, "no characteristic 'faith'"),
    ],
)
def test_a_fact_that_is_none_is_a_problem(
    tmp_path: Path, facts: dict[str, object], told: str
) -> None:
    problems = hk.check(said(tmp_path / "audit", 10, **facts)).problems
    assert len(problems) == 1
    assert told in problems[0]
    assert "Jane" not in problems[0]


def test_every_problem_of_every_member_is_told_at_once(tmp_path: Path) -> None:
    written(tmp_path / "q1.csv", 10, columns={"disability": ["Perhaps"]})
    written(tmp_path / "q2.csv", 10, columns={"ethnicity": ["Martian"]})
    written(tmp_path / "north" / "cases.csv", 10, columns={"disability": ["Who knows"]})
    for read in (tmp_path, [tmp_path / "q1.csv", tmp_path / "q2.csv", tmp_path / "north"]):
        with pytest.raises(DataProblem, match="3 problems") as told:
            hk.load(read)
        assert all(one in str(told.value) for one in ("q1.csv", "q2.csv", "cases.csv"))
    assert len(hk.check(tmp_path).problems) == 3


def test_made_up_cases_do_not_stand_beside_real_ones(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="made-up cases do not stand beside real ones"):
        hk.load([written(tmp_path / "q1.csv", 10), "practice-cases"])
    with pytest.raises(DataProblem, match="there is nothing in it"):
        hk.load([])


def test_another_regime_in_the_middle_is_named_and_not_compared(tmp_path: Path) -> None:
    for name, regime in (("q1", "pdu-2021"), ("q2", "pdu-2023"), ("q3", "pdu-2021")):
        said(tmp_path / name, 12, title=f"Audit {name}", framework=regime)
    found = several(hk.load(tmp_path))
    assert (found.size, len(found.members)) == (24, 3)
    over_time = found.show.over_time()
    assert set(over_time.rows["round"]) == {"q1", "q3"}
    assert "Judged under another regime, and not compared: Audit q2." in over_time.notes


def test_units_that_merge_go_by_one_name(tmp_path: Path) -> None:
    for name, unit in (("q1", "Old A"), ("q2", "Old B"), ("q3", "New")):
        said(tmp_path / name, 12, unit=unit, round=name, population=20)
    apart = several(hk.load(tmp_path))
    assert len(apart.labels("unit")) == 3
    (tmp_path / "collection.toml").write_text('regroup = ["unit: New = Old A; Old B; New"]\n')
    found = several(hk.load(tmp_path))
    assert found.labels("unit") == ["New"]
    assert found.drawn_from({"unit": "New"}) == 60
    assert found.show.units_side_by_side().title.endswith("not in these data")
    assert found.show.over_time().rows["n"].sum() == 36 * len(QUESTIONS)


def test_each_unit_of_one_file_states_its_population(tmp_path: Path) -> None:
    written(tmp_path / "audit" / "cases.csv", 20, columns={"unit": ["North", "South"]})
    facts = tmp_path / "audit" / "inspection.toml"
    facts.write_text('population = "unit: North = 40\\nunit: South = 10"\n')
    found = several(hk.load(tmp_path / "audit"))
    assert (found.population, found.drawn_from({"unit": "North"})) == (50, 40)
    rows = found.show.units_side_by_side().rows.set_index("unit")
    census = rows.loc["South"].iloc[0]
    assert census["low"] == pytest.approx(census["percent"])
    facts.write_text('population = "unit: North = 40\\nunit: South = 9\\nunit: East = 9"\n')
    assert "9 of South is fewer than its cases" in hk.check(tmp_path / "audit").problems[0]


def test_a_code_of_the_auditor_of_each_case_is_taken_where_it_is_declared(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    written(folder / "cases.csv", 20, columns={"Auditor": ["A", "B"]})
    assert "identifies a person (inspector or auditor)" in hk.check(folder).problems[0]
    facts = folder / "inspection.toml"
    facts.write_text('auditors = "A; B"\n')
    assert hk.load(folder).where(auditor="A").size == 10
    facts.write_text('auditors = "A"\n')
    [problem] = hk.check(folder).problems
    assert "row 3" in problem
    assert "none of the codes declared beside auditors: A" in problem
    facts.write_text('auditors = "Jane Smith; B"\n')
    assert "auditors takes a code such as A or B2, never a name" in hk.check(folder).problems[-1]


def test_merged_groups_replace_their_parts_and_the_gate_runs_on_them(tmp_path: Path) -> None:
    risks = [*["Low"] * 4, *["Medium"] * 12, *["High"] * 14]
    path = written(tmp_path / "audit.csv", 30, columns={"rosh": risks})
    mine = hk.load(path)
    merged = mine.regroup(rosh={"Low or medium": ["Low", "Medium"]})
    assert merged.characteristics["rosh"] == ["Low or medium", "High"]
    assert merged.where(rosh="Low or medium").size == 16
    with pytest.raises(UnknownName, match="no value of rosh 'Medium'"):
        merged.where(rosh="Medium")
    assert set(released(mine.show.groups(by="rosh")).rows["group"]) == {"High"}
    assert set(released(merged.show.groups(by="rosh")).rows["group"]) == {"Low or medium", "High"}
    again = merged.regroup(rosh={"Any": ["Low or medium", "High"]})
    assert set(again.identity["regrouped"]["rosh"]["Any"]) == {"Low or medium", *RISKS[:3]}
    with pytest.raises(KitError, match="each value goes into one group"):
        mine.regroup(rosh={"High": ["Low", "Medium"]})
    with pytest.raises(KitError, match="merge its groups before"):
        mine.where(rosh="Low").regroup(rosh={"Any": ["Low", "High"]})
    assert mine.where(sex="Female").regroup(rosh={"Any": ["Low", "High"]}).filters


def test_groups_merged_in_one_member_are_merged_in_all(tmp_path: Path) -> None:
    said(tmp_path / "q1", 40, regroup="rosh: Low or medium = Low; Medium")
    said(tmp_path / "q2", 40)
    found = hk.load(tmp_path)
    assert found.characteristics["rosh"] == ["Low or medium", "High", "Very high"]


def test_a_template_that_is_filled_in_states_the_facts(tmp_path: Path) -> None:
    import openpyxl

    [path] = hk.write_template(tmp_path / "audit.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["inspection"]
    asked = [row[0].value for row in sheet.iter_rows()]
    assert {"region", "round", "auditor", "population", "regroup", "caseload"} <= set(asked)
    values = {"round": "2026 Q1", "auditor": "A", "population": 40, "region": "North"}
    for row in sheet.iter_rows():
        if row[0].value in values:
            sheet.cell(row[0].row, 2).value = values[row[0].value]
    book["cases"].append(["c1"])
    book.save(path)
    found = hk.load(path)
    assert {name: found.identity[name] for name in values} == values
    assert "round" not in [cell.value for cell in book["cases"][1]]


def test_the_ids_of_a_folder_are_those_of_its_files_in_the_order_of_its_cases(
    tmp_path: Path,
) -> None:
    written(tmp_path / "q1.csv", 12, ids="a", columns={"unit": ["North", "South"]})
    written(tmp_path / "q2.csv", 12, 2, ids="b")
    checked = hk.check(tmp_path)
    assert list(checked.ids.given) == checked.accepted().cases["case_id"].tolist()
    shutil.copy(tmp_path / "q1.csv", tmp_path / "q3.csv")
    again = hk.check(tmp_path)
    assert [one.rpartition("-")[2] for one in again.ids.names] == list(again.ids.given)


def test_rounds_and_units_are_filters_of_the_panel(tmp_path: Path) -> None:
    columns = {"round": ["1", "2"], "unit": ["North", "South"]}
    panel = hk.load(written(tmp_path / "all.csv", 40, columns=columns)).explore()
    panel.filters = {"round": "1"}
    assert panel.inspection.size == 20
    assert panel.filters.code == ".where(round='1')"
