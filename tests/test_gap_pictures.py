"""Pictures of the gap, by their rows: on published totals, practice cases, and own of any size."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.counts import counted
from hmip_kit.errors import UnknownName
from hmip_kit.findings import REGISTRY
from hmip_kit.inspection import Inspection
from hmip_kit.protect import released
from hmip_kit.settings import RENDER_SETTING
from hmip_kit.sources.bundled import framework_named

PDU, PRACTICE = hk.load("lewisham-bromley-2022"), hk.load("practice-cases")
PICTURES = [
    "three_viewpoints",
    "service_and_outcome",
    "progress_with_and_without",
    "needs",
    "stages_sufficient",
    "case_grid",
    "referrals",
    "organisation_against_casework",
]
TABLES = ["gap", "need_steps"]
FOLLOWING = ["progress_with_and_without", "needs", "stages_sufficient"]


def own(n: int) -> Inspection:
    """Return own cases: those of the practice set over and over, without any published total."""
    old = PRACTICE.cases["case_id"].astype("str").tolist()
    new = pd.DataFrame(
        {
            "old": [old[place % len(old)] for place in range(n)],
            "case_id": [f"case-{place}" for place in range(n)],
        }
    )
    frames = {}
    for name in ("cases", "answers", "needs"):
        rows = getattr(PRACTICE, name).astype({"case_id": "str"}).rename(columns={"case_id": "old"})
        frames[name] = new.merge(rows, on="old").drop(columns="old")
    return Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")


INSPECTIONS = {
    "published": PDU,
    "practice": PRACTICE,
    "filtered": PRACTICE.where(sentence_type="Licence"),
    "old regime": Inspection("old", {"title": "Old"}, framework_named("nps-2018"), {}),
    "no case": PRACTICE.where(sex="Female", rosh="Very high"),
    "few columns": Inspection(
        "few",
        {"title": "Few"},
        PDU.framework,
        {"cases": pd.DataFrame({"case_id": list("abc")})},
        cases_are="own",
    ),
    "7": own(7),
    "42": own(42),
    "5000": own(5000),
}


@pytest.mark.parametrize("inspection", INSPECTIONS.values(), ids=INSPECTIONS.keys())
@pytest.mark.parametrize("name", PICTURES + TABLES)
def test_every_finding_says_itself_on_any_inspection(name: str, inspection: Inspection) -> None:
    finding = getattr(inspection.show, name)()
    assert finding.name == name and finding.title and finding.sentence
    assert not re.search(r"\bnan\b|<NA>|\bNone\b", finding.title + finding.sentence)
    if inspection.made_up:
        assert finding.title.startswith("Practice cases: ")
        assert finding.sentence.startswith("In made-up cases")
    drawing, chart = finding.drawing, finding.chart
    assert (
        (drawing is None) == (chart is None) == (name in TABLES or "not in these" in finding.title)
    )
    assert chart is None or chart.to_dict()["params"][0]["value"] == finding.records
    assert set(finding.columns) <= set(finding.rows)
    emptied = finding.say(finding.rows.iloc[:0])
    assert all(emptied)


@pytest.mark.parametrize("name", ["published", "old regime", "few columns"])
def test_what_a_file_lacks_for_groups_is_said_in_words(name: str) -> None:
    finding = INSPECTIONS[name].show.progress_with_and_without(by="rosh")
    assert finding.chart is None and "not in these data" in finding.title
    with pytest.raises(UnknownName):
        INSPECTIONS["published"].show.progress_with_and_without(by="roshh")


@pytest.mark.parametrize("name", FOLLOWING)
@pytest.mark.parametrize("which", ["practice", "filtered", "42"])
def test_rows_that_follow_are_sums_of_their_tallies(name: str, which: str) -> None:
    finding = getattr(INSPECTIONS[which].show, name)()
    assert REGISTRY[name].follows and finding.recount is not None
    tallies = counted(INSPECTIONS[which], [*finding.recount.yes, *finding.recount.n])
    assert finding.rows["yes"].tolist() == [tallies[key] for key in finding.recount.yes]
    assert finding.rows["n"].tolist() == [tallies[key] for key in finding.recount.n]
    if which != "42":
        assert finding.rows["low"].isna().all()


@pytest.mark.parametrize("name", ["service_and_outcome", "gap", "need_steps"])
def test_counts_are_those_of_the_tallies_that_they_name(name: str) -> None:
    finding = getattr(own(42).show, name)()
    for column, keys in finding.counts.items():
        tallies = counted(own(42), keys)
        assert finding.rows[column].tolist() == [tallies[key] for key in keys]


def test_the_two_by_two_has_a_mark_a_case_up_to_two_hundred() -> None:
    for n, marks in ((7, 7), (200, 200), (201, 0)):
        rows = own(n).show.service_and_outcome().rows
        assert rows["count"].sum() == n and rows["marks"].sum() == marks
        assert (rows["size"].sum() > 0) == (n > 200)
    published = PDU.show.service_and_outcome().rows.set_index("cell")
    assert published["count"].isna().tolist() == [True, True, True, True, False]
    assert published[["marks", "possible"]].iloc[3].tolist() == [19, 30]


def test_progress_on_totals_is_what_they_make_possible() -> None:
    finding = PDU.show.progress_with_and_without()
    assert finding.rows[["low", "high"]].iloc[0].tolist() == [0, 100]
    assert set(finding.rows["bounds"]) == {"possible"}
    assert "The totals make possible: where delivery effectively" in finding.sentence


def test_the_gap_is_one_picture_of_three_columns_sorted_by_need() -> None:
    drawing = own(42).show.needs().drawing
    assert drawing is not None
    heads = [one for one in drawing["datasets"].values() if "said" in one[0]]
    assert [one["said"] for one in heads[0]] == [
        "Cases with the need",
        "Service delivered",
        "Progress noted",
    ]
    sorts = {str(one["encoding"]["y"].get("sort")) for one in drawing["layer"] if "data" not in one}
    assert sorts == {"{'field': 'size', 'op': 'max', 'order': 'descending'}"}
    assert "datum.r.n >= 10 ? datum.r.yes : null" in str(drawing)  # under ten cases no bar


def test_the_grid_has_most_yes_first_and_no_id() -> None:
    rows = PRACTICE.show.case_grid().rows
    assert rows.drop_duplicates("place")["yes"].is_monotonic_decreasing
    assert (rows["answer"] == "Yes").sum() == PDU.published["yes"].sum()
    assert (
        not rows.astype("str")
        .apply(lambda column: column.str.contains("practice-a"))
        .any(axis=None)
    )


def test_the_grid_leaves_out_a_question_that_no_case_was_asked() -> None:
    frames = dict(own(30).frames)
    answers = frames["answers"][frames["answers"]["question"] != "delivery_safety"]
    frames["answers"] = answers.assign(answer="Yes")
    mine = Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")
    assert mine.show.case_grid().title == (
        "30 of 30 cases sufficient on every key question, 0 on none"
    )


def test_above_two_hundred_cases_the_grid_has_the_commonest_patterns() -> None:
    chance = np.random.default_rng(2022)
    frames = dict(own(300).frames)
    frames["answers"] = frames["answers"].assign(
        answer=chance.choice(["Yes", "No"], len(frames["answers"]), p=[0.8, 0.2])
    )
    mine = Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")
    grid = mine.show.case_grid()
    many = grid.rows.drop_duplicates("place")
    assert len(many) == 40 and many["cases"].is_monotonic_decreasing
    assert (
        grid.title
        == f"The 40 commonest patterns of answers cover {many['cases'].sum()} of 300 cases"
    )
    assert (
        own(200).show.case_grid().rows["cases"].eq(1).all()
        and own(201).show.case_grid().rows["cases"].max() > 1
    )


def test_progress_by_group_follows_its_groups_and_is_withheld_from_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finding = own(42).show.progress_with_and_without(by="sentence_type")
    assert finding.name == "progress_with_and_without_sentence_type"
    groups = ["Community", "Community", "Licence", "Licence"]
    assert finding.recount is not None and finding.rows["sentence_type"].tolist() == groups
    tallies = counted(own(42), finding.recount.yes)
    assert finding.rows["yes"].tolist() == [tallies[key] for key in finding.recount.yes]
    assert finding.rows["n"].sum() == own(42).show.gap().rows["n"].iloc[0]
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    assert released(finding).rows.empty


def test_the_gate_hides_people_and_single_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    assert released(own(42).show.case_grid()).rows.empty
    part = own(42).where(sentence_type="Licence")
    for name in ("service_and_outcome", "need_steps", "needs"):
        assert released(getattr(part.show, name)()).rows.empty
    for one in (own(42), own(5000)):  # patterns of a need cross two steps: they are not shared
        steps = released(one.show.need_steps())
        assert steps.rows.empty and "not shown" in steps.title and "for sharing" in steps.sentence
    dumbbell = released(own(42).show.needs()).rows
    assert not dumbbell["yes"].isin(range(1, 5)).any()
    assert dumbbell.loc[dumbbell["yes"].isna(), "text"].eq("[c]").all()
    assert dumbbell["yes"].isna().any()
    large = released(own(5000).show.needs()).rows["yes"]
    assert large.notna().any() and large.min() >= 5


def test_a_gap_of_steps_hides_its_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    steps: dict[str, Any] = {
        "service": "Accommodation/service_delivered",
        "outcome": "Accommodation/improved",
    }
    for name in ("service_and_outcome", "progress_with_and_without", "gap"):
        finding = released(getattr(own(42).show, name)(**steps))
        assert finding.rows.empty and "not shown" in finding.title
        assert not any(f" {count} of" in finding.sentence for count in range(43))
    assert own(42).show.progress_with_and_without(**steps).recount is None
