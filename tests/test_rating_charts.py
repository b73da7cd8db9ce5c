"""Pictures of ratings, stages, groups and change, by the rows they draw and their titles."""

import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

import hmip_kit as hk
from hmip_kit.counts import counted
from hmip_kit.errors import UnknownName
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.protect import released, shown_groups, sizes_of
from hmip_kit.settings import RENDER_SETTING
from hmip_kit.stats import detectable, newcombe
from hmip_kit.stats.samples import false_alarm

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
OWN = replace(PRACTICE, cases_are="own", identity={"title": "Audit"})


def drawn_rows(finding: Finding) -> pd.DataFrame:
    """Return the rows that the picture is given, and check that Vega neither filters nor counts."""
    spec, chart = finding.drawing, finding.chart
    assert spec is not None and chart is not None
    assert "aggregate" not in str(spec) and "'filter'" not in str(spec)
    assert chart.to_dict()["params"][0]["value"] == finding.records
    return pd.DataFrame(finding.records)


def is_absent(finding: Finding) -> bool:
    """Return whether a finding says that something is not in the data, and draws nothing."""
    drawn = finding.drawing is not None
    return finding.rows.empty and not drawn and finding.title.endswith("not in these data")


def audit(yes: dict[str, int], n: int) -> Inspection:
    """Return an own case file of n cases with so many Yes on each question."""
    ids = [f"case-{place}" for place in range(n)]
    answers = [
        (one, question, "Yes" if place < count else "No")
        for question, count in yes.items()
        for place, one in enumerate(ids)
    ]
    frames = {
        "cases": pd.DataFrame({"case_id": ids}),
        "answers": pd.DataFrame(answers, columns=["case_id", "question", "answer"]),
    }
    return Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")


def test_ratings_show_the_override_and_what_decided() -> None:
    rows = drawn_rows(PDU.show.ratings()).set_index("standard")
    assert rows["points"].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert rows.loc[rows["usual_rating"] != "", "usual_rating"].to_dict() == {
        "Leadership": "Inadequate",
        "Services": "Inadequate",
    }
    assert (
        rows.loc["Planning", "how"] == "decided by safety of other people (15 of 42), by one case"
    )
    assert rows.loc["Staff", "how"] == "by judgement"


def test_ratings_by_the_rule_are_drawn_where_none_is_published() -> None:
    rows = drawn_rows(OWN.show.ratings()).set_index("standard")
    assert rows["usual_rating"].to_dict() == {
        **dict.fromkeys(("Leadership", "Services"), "Inadequate"),
        **dict.fromkeys(("Assessment", "Planning", "Implementation and delivery", "Reviewing"), ""),
    }
    assert rows["text"].tolist() == ["", "", *["0 points"] * 4]


def test_cases_to_the_next_rating() -> None:
    finding = PDU.show.next_rating()
    rows = drawn_rows(finding).set_index("standard")
    assert rows[["fewest", "most", "apart"]].to_numpy().tolist() == [
        [12, 12, 15],
        [6, 6, 11],
        [13, 13, 23],
        [11, 11, 16],
    ]
    assert finding.title.startswith("Planning is nearest to its next rating: 6 more cases")
    assert (
        "Planning to Requires improvement: 6, up to 11 if in different cases "
        "(engagement 5; safety of other people 6)"
    ) in finding.sentence


def test_standards_as_near_as_each_other_are_both_named() -> None:
    yes = dict.fromkeys(PDU.published["question"], 20)
    finding = audit(yes, 42).show.next_rating()
    assert finding.title == (
        "As near to the next rating as each other: Assessment, Planning, Implementation and "
        "delivery and Reviewing"
    )


def test_at_the_top_and_without_cases_there_is_nothing_to_draw_and_the_title_says_so() -> None:
    best = audit(dict.fromkeys(PDU.published["question"], 42), 42).show.next_rating()
    assert best.rows.empty and best.title == "No casework standard has a next rating"
    assert best.drawing is not None
    planning = [f"planning_{strand}" for strand in ("engagement", "desistance", "safety")]
    few = audit(dict.fromkeys(planning, 3), 9).show.next_rating()
    assert few.rows.empty and few.title.startswith("Too few cases")
    assert len(audit(dict.fromkeys(planning, 3), 10).show.next_rating().rows) == 1
    assert audit(dict.fromkeys(planning[:2], 3), 10).show.next_rating().rows.empty


def test_practice_cases_and_a_part_of_any_cases_have_no_rating() -> None:
    for shown in (PRACTICE.show.next_rating(), PRACTICE.where(sex="Male").show.next_rating()):
        assert is_absent(shown) and "made up" in shown.sentence
        assert shown.title.startswith("Practice cases")
    for shown in (OWN.where(sex="Male").show.next_rating(), OWN.where(sex="Male").show.ratings()):
        assert is_absent(shown) and "a part of them has no rating" in shown.sentence


def test_stages_by_group_add_up_to_those_of_all_cases() -> None:
    whole, split = OWN.show.stages_sufficient(), OWN.show.stages_sufficient("sex")
    strands = ["strand", "stages"]
    sums = drawn_rows(split).groupby(strands)[["yes", "n"]].sum()
    pd.testing.assert_frame_equal(sums, drawn_rows(whole).groupby(strands)[["yes", "n"]].sum())
    assert split.recount is not None and split.recount.split and split.protect.group == "sex"
    keys = [*split.recount.yes, *split.recount.n]
    counts = [*split.rows["yes"], *split.rows["n"]]
    assert [counted(OWN, [key])[key] for key in keys] == counts
    left = OWN.where(sex="Male").show.stages_sufficient("sex")
    assert left.rows.loc[left.rows["sex"] == "Female", "cases"].eq("no cases").all()
    with pytest.raises(UnknownName, match="ethnicity"):
        OWN.show.stages_sufficient("ethnicty")
    assert is_absent(PDU.show.stages_sufficient("sex"))


def test_parts_of_a_key_question_keep_their_rows_under_a_filter() -> None:
    whole, part = OWN.show.sub_questions(), OWN.where(sex="Female").show.sub_questions()
    assert drawn_rows(whole)["question"].tolist() == drawn_rows(part)["question"].tolist()
    assert (part.rows["yes"] <= part.rows["n"]).all() and part.rows["n"].max() < 10
    without = audit({"planning_safety": 3}, 12).show.sub_questions()
    assert is_absent(without) and "No part of a key question" in without.sentence


def test_the_forest_shows_only_groups_of_ten_and_more() -> None:
    finding = OWN.show.differences("ethnicity")
    rows = drawn_rows(finding)
    assert (rows[["n_group", "n_reference"]] >= 10).all(axis=None)
    assert ((rows["low"] <= rows["difference"]) & (rows["difference"] <= rows["high"])).all()
    assert set(rows["ethnicity"]) == set(rows["group"])


def test_a_forest_without_a_large_enough_group_says_so() -> None:
    finding = OWN.show.differences("sex")
    assert finding.rows.empty
    assert finding.title == "No group by sex is large enough to compare"
    assert finding.drawing is not None


def test_the_forest_title_is_about_the_one_test() -> None:
    finding = OWN.show.differences("sentence_type")
    p = OWN.show.compare("sentence_type").rows["p"].iloc[0]
    assert (
        p > 0.05
        and finding.title
        == "No difference by sentence type beyond chance: that is not the same as none"
    )


def test_no_forest_from_practice_cases() -> None:
    finding = PRACTICE.show.differences("sentence_type")
    assert is_absent(finding) and "made up" in finding.sentence


def test_a_comparison_says_of_both_its_sides_which_group_it_counts() -> None:
    for reference, other in (("Community", "Licence"), ("Licence", "Community")):
        finding = OWN.show.differences("sentence_type", reference)
        assert finding.protect.group == "sentence_type"
        for side, group in (("group", other), ("reference", reference)):
            start = f"group/sentence_type/{group}/"
            assert all(key.startswith(start) for key in finding.tallies[f"n_{side}"])


def test_a_comparison_with_a_group_that_may_not_be_shown_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = audit(dict.fromkeys(PDU.published["question"], 12), 41)
    office = ["A"] * 12 + ["B"] * 20 + ["C"] * 9
    frames = {**whole.frames, "cases": whole.cases.assign(office=office)}
    offices = Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")
    findings = [offices.show.differences("office", one) for one in ("A", "B")]
    assert all(len(finding.rows) for finding in findings)
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    assert shown_groups(sizes_of(offices, "office")) == ["B"]
    assert all(released(finding).rows.empty for finding in findings)


def test_what_groups_are_made_up_of() -> None:
    rows = drawn_rows(PRACTICE.show.make_up("ethnicity"))
    barred = rows[rows["n"] >= 10]
    ends = barred.groupby("line")["bar_to"].max()
    assert ends.round(6).eq(100).all()
    assert rows.loc[rows["n"] < 10, "bar_to"].isna().all()
    assert rows.groupby("characteristic")["cases"].sum().tolist() == [42, 42]
    assert is_absent(PDU.show.make_up())


def test_change_says_how_many_lie_beyond_chance_and_which_way() -> None:
    later = audit({"assessment_safety": 18, "planning_safety": 15, "delivery_engagement": 5}, 42)
    finding = PDU.against(later).show.change(same_unit=True)
    assert finding.title == "2 of 3 key questions beyond chance: 1 higher and 1 lower"
    rows = drawn_rows(finding)
    assert rows["when"].tolist() == ["before", "after"] * 3
    assert "Local auditors are not inspectors" in finding.sentence


def test_one_case_fewer_is_within_chance() -> None:
    assert (
        PDU.against(audit({"assessment_safety": 17}, 42)).show.change(same_unit=True).title
        == "None of 1 key question beyond chance"
    )
    assert (
        PDU.against(audit({"assessment_safety": 18}, 42)).show.change(same_unit=True).title
        == "1 of 1 key question beyond chance: 1 higher"
    )


def test_few_cases_have_no_mark_and_no_claim() -> None:
    finding = PDU.against(audit({"assessment_safety": 9}, 9)).show.change(same_unit=True)
    assert finding.title == "Too few cases to tell a change"
    after = drawn_rows(finding).query("when == 'after'")
    assert after[["percent", "low", "high"]].isna().all(axis=None)
    assert after["text"].tolist() == ["9 of 9"]


def test_the_reports_statements_on_diversity_stand_with_their_counts() -> None:
    rows = PDU.show.statements().rows
    counts = dict(zip(rows["printed"], rows["cases"], strict=True))
    assert [counts[printed] for printed in ("57%", "12%", "62%", "25 out of 41")] == [
        "24 of 42",
        "5 of 42",
        "26 of 42",
        "25 of 41",
    ]
    assert set(rows.loc[rows["kind"] != "figure", "cases"]) == {""}
    with pytest.raises(UnknownName, match="Diversity and inclusion"):
        PDU.show.statements("Diversity")


def test_what_42_cases_can_and_cannot_show() -> None:
    rows = PDU.show.what_can_be_shown().rows
    assert rows["n1"].add(rows["n2"]).eq(42).all() and (rows["n2"] >= 10).all()
    assert set(rows.loc[rows["share"] == "20%", "fall"]) == {"none"}
    assert audit({}, 20).show.what_can_be_shown().rows["split"].unique().tolist() == ["10 and 10"]
    few = audit({}, 19).show.what_can_be_shown()
    assert is_absent(few) and "19 cases" in few.sentence


def test_what_a_later_sample_needs() -> None:
    finding = PDU.show.later_sample()
    rises = [
        "Delivery: safety of other people: a rise from 8 of 42 is beyond chance from 17 of 42",
        "Assessment: desistance: a rise from 24 of 42 is beyond chance from 33 of 42",
    ]
    assert finding.title == rises[0]
    assert finding.sentence == "All 42 cases. Lowest: {}. Highest: {}.".format(*rises)
    assert finding.rows.set_index("question")["more_text"]["assessment_safety"] == "18 of 42"
    assert PDU.show.later_sample(30).rows.set_index("question")["more"]["assessment_safety"] == 13
    for inspection, later in ((PRACTICE, None), (PDU, 9)):
        assert is_absent(inspection.show.later_sample(later))


@pytest.mark.parametrize(
    "finding",
    [
        PDU.show.ratings(),
        PDU.show.next_rating(),
        OWN.show.ratings(),
        PDU.show.score(),
        PDU.show.organisation_against_casework(),
        OWN.show.stages_sufficient(),
        OWN.show.sub_questions(),
        OWN.show.case_grid(),
        OWN.show.differences("sentence_type"),
        OWN.show.make_up("ethnicity"),
        PDU.against(OWN).show.change(),
        PDU.show.statements(),
        PDU.show.what_can_be_shown(),
        PDU.show.later_sample(),
        OWN.against(OWN).show.agreement(),
    ],
    ids=lambda finding: finding.name,
)
def test_a_finding_says_something_true_of_no_rows(finding: Finding) -> None:
    title, sentence = finding.say(finding.rows.iloc[:0])
    assert title
    assert not any(str(n) in sentence for n in (15, 19, 23))
    assert "nan" not in f"{finding.title} {finding.sentence}".lower()


def test_what_leaves_the_unit_gives_no_small_group_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    assert released(OWN.show.make_up("ethnicity")).rows.empty
    together = released(OWN.show.differences("ethnicity", together=True))
    assert together.rows.empty and together.title.endswith("in points: not shown")
    assert len(released(OWN.show.differences("sentence_type")).rows) == 12


def test_two_auditors_are_said_with_where_they_agree_least() -> None:
    first = audit({"assessment_safety": 10, "planning_safety": 5, "delivery_safety": 4}, 20)
    second = audit({"assessment_safety": 8, "planning_safety": 5, "delivery_safety": 3}, 20)
    finding = first.against(second).show.agreement()
    assert (
        finding.title
        == "Two auditors agreed in 57 of 60 answers, least on Assessment: safety of other people"
    )
    assert finding.sentence.endswith(
        "They differ on: Assessment: safety of other people, agreed in 18 of 20; "
        "Delivery: safety of other people, agreed in 19 of 20."
    )
    assert "differ" not in finding.rows  # no case leaves with its answers
    assert first.against(first).show.agreement().title == "Two auditors agreed in all 60 answers"


@pytest.mark.parametrize(("n1", "n2"), [(1, 5), (10, 10), (19, 23), (42, 20), (60, 75)])
def test_what_samples_show_is_what_counting_every_outcome_gives(n1: int, n2: int) -> None:
    first, second = np.meshgrid(np.arange(n1 + 1.0), np.arange(n2 + 1.0), indexing="ij")
    low, high = newcombe(second, np.full_like(second, n2), first, np.full_like(first, n1))
    for share in (0.0, 0.2, 0.35, 0.5, 1.0):
        start = binom.pmf(np.arange(n1 + 1), n1, share)

        def seen(hits: Any, other: float, start: Any = start) -> float:
            return float(start @ hits @ binom.pmf(np.arange(n2 + 1), n2, other))

        alarm = seen((low > 0) | (high < 0), share)
        assert false_alarm(share, n1, n2) == pytest.approx(alarm, abs=1e-9)
        for sign, hits, points in zip(
            (1, -1), (low > 0, high < 0), detectable(n1, n2, 100 * share)["points"], strict=True
        ):
            tried = range(1, round(100 * (1 - share if sign > 0 else share)) + 1)
            enough = [one for one in tried if seen(hits, share + sign * one / 100) >= 0.8 - 1e-9]
            assert [points] == enough[:1] if enough else pd.isna(points)


def test_a_large_sample_is_shown_in_little_memory() -> None:
    tracemalloc.start()
    large = PDU.show.what_can_be_shown(size=17_280)
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()
    assert large.title == (
        "17,280 cases in two halves will likely show a true difference of 3 points or more from 50%"
    )
    assert "8,640 and 8,640 cases, from 20%: rise 2, fall 2" in large.sentence
