"""Pictures of the gap, by the rows that they draw: on published totals, practice cases, and own cases of any size."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.disclosure import released
from hmip_kit.errors import NeedsCases, UnknownName
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.level import SETTING
from hmip_kit.measures.tallies import counts
from hmip_kit.picture import specification
from hmip_kit.sources.bundled import framework_named

PDU, PRACTICE = hk.load("lewisham-bromley-2022"), hk.load("practice-cases")
PICTURES: list[Callable[[Inspection], Finding]] = [
    hk.charts.three_viewpoints,
    hk.charts.service_and_outcome,
    hk.charts.progress_with_and_without,
    hk.charts.needs,
    hk.charts.need_flow,
    hk.charts.stages_sufficient,
    hk.charts.case_grid,
    hk.charts.referrals,
    hk.charts.organisation_against_casework,
]
FOLLOWING = [hk.charts.progress_with_and_without, hk.charts.needs, hk.charts.stages_sufficient]


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
@pytest.mark.parametrize("picture", PICTURES, ids=[picture.__name__ for picture in PICTURES])
def test_every_picture_says_itself_on_any_inspection(
    picture: Callable[[Inspection], Finding], inspection: Inspection
) -> None:
    finding = picture(inspection)
    assert (
        finding.title
        and finding.sentence
        and not re.search(r"\bnan\b|<NA>|\bNone\b", finding.sentence)
    )
    if inspection.cases_are == "practice":
        assert finding.title.startswith(inspection.title) and finding.sentence.startswith(
            "In made-up cases"
        )
    spec = specification(finding)
    assert spec is None or spec["params"][0]["value"] == finding.records
    assert set(finding.columns) <= set(finding.rows)
    emptied = finding.say(finding.rows.iloc[:0])
    assert all(emptied)


@pytest.mark.parametrize("name", ["published", "old regime", "few columns"])
def test_what_a_file_lacks_for_groups_is_said_in_words(name: str) -> None:
    finding = hk.charts.progress_with_and_without(INSPECTIONS[name], by="rosh")
    assert finding.chart is None and "not in these data" in finding.title
    with pytest.raises((NeedsCases, UnknownName)):
        hk.charts.progress_with_and_without(INSPECTIONS["published"], by="roshh")


@pytest.mark.parametrize("picture", FOLLOWING, ids=[picture.__name__ for picture in FOLLOWING])
@pytest.mark.parametrize("name", ["practice", "filtered", "42"])
def test_rows_that_follow_are_sums_of_their_tallies(
    picture: Callable[[Inspection], Finding], name: str
) -> None:
    finding = picture(INSPECTIONS[name])
    assert finding.follow is not None
    counted = counts(INSPECTIONS[name], [*finding.follow.yes, *finding.follow.n])
    assert finding.rows["yes"].tolist() == [counted[key] for key in finding.follow.yes]
    assert finding.rows["n"].tolist() == [counted[key] for key in finding.follow.n]
    if name != "42":
        assert finding.rows["low"].isna().all()


def test_the_two_by_two_has_a_mark_a_case_up_to_two_hundred() -> None:
    for n, marks in ((7, 7), (200, 200), (201, 0)):
        rows = hk.charts.service_and_outcome(own(n)).rows
        assert rows["count"].sum() == n and rows["marks"].sum() == marks
        assert (rows["size"].sum() > 0) == (n > 200)
    published = hk.charts.service_and_outcome(PDU).rows.set_index("cell")
    assert published["count"].isna().tolist() == [True, True, True, True, False]
    assert published[["marks", "possible"]].iloc[3].tolist() == [19, 30]


def test_progress_on_totals_is_what_they_allow() -> None:
    rows = hk.charts.progress_with_and_without(PDU).rows
    assert rows[["low", "high"]].iloc[0].tolist() == [0, 100] and set(rows["bounds"]) == {"allowed"}


def test_every_case_with_a_need_stays_in_the_flow() -> None:
    for inspection in (PRACTICE, own(7), own(5000)):
        rows = hk.charts.need_flow(inspection).rows
        measured = hk.needs(inspection).set_index("need")["n"]
        assert rows.groupby("need")["count"].sum().to_dict() == measured[measured > 0].to_dict()
        assert rows.groupby("need")["end"].max().to_dict() == measured[measured > 0].to_dict()


def test_the_grid_has_most_yes_first_and_no_id() -> None:
    rows = hk.charts.case_grid(PRACTICE).rows
    assert rows.drop_duplicates("place")["yes"].is_monotonic_decreasing
    assert (rows["answer"] == "Yes").sum() == PDU.published["yes"].sum()
    assert (
        not rows.astype("str")
        .apply(lambda column: column.str.contains("practice-a"))
        .any(axis=None)
    )


def test_above_two_hundred_cases_the_grid_has_the_commonest_patterns() -> None:
    chance = np.random.default_rng(2022)
    frames = dict(own(300).frames)
    frames["answers"] = frames["answers"].assign(
        answer=chance.choice(["Yes", "No"], len(frames["answers"]), p=[0.8, 0.2])
    )
    grid = hk.charts.case_grid(
        Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")
    )
    many = grid.rows.drop_duplicates("place")
    assert len(many) == 40 and many["cases"].is_monotonic_decreasing
    assert (
        grid.title
        == f"The 40 commonest patterns of answers cover {many['cases'].sum()} of 300 cases"
    )
    assert (
        hk.charts.case_grid(own(200)).rows["cases"].eq(1).all()
        and hk.charts.case_grid(own(201)).rows["cases"].max() > 1
    )


def test_progress_by_group_follows_its_groups_and_is_withheld_from_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finding = hk.charts.progress_with_and_without(own(42), by="sentence_type")
    assert finding.follow is not None and finding.rows["sentence_type"].tolist() == [
        "Community",
        "Community",
        "Licence",
        "Licence",
    ]
    assert finding.rows["yes"].tolist() == list(counts(own(42), finding.follow.yes).values())
    assert finding.rows["n"].sum() == hk.gap(own(42))["n"].iloc[0]
    monkeypatch.setenv(SETTING, "protected")
    assert released(finding).rows.empty


def test_the_gate_hides_people_and_single_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "protected")
    assert released(hk.charts.case_grid(own(42))).rows.empty
    for picture in (hk.charts.service_and_outcome, hk.charts.need_flow):
        assert released(picture(own(42).where(sentence_type="Licence"))).rows.empty
    flow = released(hk.charts.need_flow(own(42)))
    hidden = flow.rows["count"].isna()
    assert (
        hidden.any() and not flow.rows["count"].isin(range(1, 5)).any() and "[c]" in flow.sentence
    )
    assert (
        hidden.groupby(flow.rows["need"]).nunique().eq(1).all()
    )  # a need is hidden whole: its other parts would give the one away
    assert (
        flow.rows.loc[hidden, ["begin", "end", "n"]].isna().all(axis=None)
        and flow.rows.loc[hidden, "head"].ne("[c]").all()
    )
    large = released(hk.charts.need_flow(own(5000)))
    assert (
        large.rows["count"].notna().any()
        and large.rows.loc[large.rows["count"].notna(), "count"].min() >= 5
    )
    dumbbell = released(hk.charts.needs(own(42))).rows
    assert (
        not dumbbell["yes"].isin(range(1, 5)).any()
        and dumbbell.loc[dumbbell["yes"].isna(), "text"].eq("[c]").all()
    )


def test_a_gap_of_steps_hides_its_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "protected")
    steps: dict[str, Any] = {
        "service": "Accommodation/service_delivered",
        "outcome": "Accommodation/improved",
    }
    finding = released(hk.charts.service_and_outcome(own(42), **steps))
    assert finding.rows["count"].isna().all() and finding.rows[["marks", "size", "top"]].isna().all(
        axis=None
    )
    assert "not shown" in finding.title and not any(
        f" {count} of" in finding.sentence for count in range(43)
    )
    assert hk.charts.progress_with_and_without(own(42), **steps).follow is None
