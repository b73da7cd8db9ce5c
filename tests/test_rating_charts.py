"""The pictures of ratings, groups and change, tested on the rows they draw and the titles they give."""

from dataclasses import replace

import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.disclosure import released
from hmip_kit.errors import KitError, NeedsCases, UnknownName
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.picture import specification

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
OWN = replace(PRACTICE, cases_are="own", identity={"title": "Audit"})


def drawn_rows(finding: Finding) -> pd.DataFrame:
    """Return the rows that the picture is given, and check that Vega neither filters nor counts."""
    spec = specification(finding)
    assert spec is not None
    assert "aggregate" not in str(spec) and "'filter'" not in str(spec)
    return pd.DataFrame(next(one["value"] for one in spec["params"] if one["name"] == "rows"))


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
    rows = drawn_rows(hk.charts.ratings(PDU)).set_index("standard")
    assert rows["points"].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert rows.loc[rows["usual_rating"] != "", "usual_rating"].to_dict() == {
        "Leadership": "Inadequate",
        "Services": "Inadequate",
    }
    assert (
        rows.loc["Planning", "how"] == "decided by safety of other people (15 of 42), by one case"
    )
    assert rows.loc["Staff", "how"] == "by judgement"


def test_cases_to_the_next_rating() -> None:
    finding = hk.charts.next_rating(PDU)
    rows = drawn_rows(finding).set_index("standard")
    assert (rows["fewest"]["Planning"], rows["most"]["Planning"]) == (6, 11)
    assert finding.title.startswith("Planning is nearest")
    assert "(engagement 5; desistance 0; safety of other people 6)" in finding.sentence


def test_standards_as_near_as_each_other_are_both_named() -> None:
    yes = dict.fromkeys(PDU.published["question"], 20)
    finding = hk.charts.next_rating(audit(yes, 42))
    assert (
        finding.title
        == "As near to the next rating as each other: Assessment, Planning, Implementation and delivery and Reviewing"
    )


def test_at_the_top_and_without_cases_there_is_nothing_to_draw_and_the_title_says_so() -> None:
    best = hk.charts.next_rating(audit(dict.fromkeys(PDU.published["question"], 42), 42))
    assert best.rows.empty and best.title == "No casework standard has a next rating"
    assert specification(best) is not None
    few = hk.charts.next_rating(audit({"planning_safety": 3}, 9))
    assert few.rows.empty and few.title.startswith("Too few cases")
    assert len(hk.charts.next_rating(audit({"planning_safety": 3}, 10)).rows) == 1


def test_practice_cases_come_first_in_the_title_and_in_the_sentence() -> None:
    finding = hk.charts.next_rating(PRACTICE)
    assert finding.title.startswith("Practice cases")
    assert finding.sentence.startswith("In made-up cases")
    with pytest.raises(KitError, match="made up"):
        hk.charts.next_rating(PRACTICE.where(sex="Male"))


def test_the_forest_shows_only_groups_of_ten_and_more() -> None:
    finding = hk.charts.differences(OWN, "ethnicity")
    rows = drawn_rows(finding)
    assert (rows[["n_group", "n_reference"]] >= 10).all(axis=None)
    assert ((rows["low"] <= rows["difference"]) & (rows["difference"] <= rows["high"])).all()
    assert set(rows["ethnicity"]) == set(rows["group"])


def test_a_forest_without_a_large_enough_group_says_so() -> None:
    finding = hk.charts.differences(OWN, "sex")
    assert finding.rows.empty
    assert finding.title == "No group by sex is large enough to compare"
    assert specification(finding) is not None


def test_the_forest_title_is_about_the_one_test() -> None:
    finding = hk.charts.differences(OWN, "sentence_type")
    p = hk.compare(OWN, "sentence_type").summary["p_holm"].iloc[0]
    assert (
        p > 0.05
        and finding.title
        == "No difference by sentence type beyond chance: that is not the same as none"
    )


def test_no_forest_from_practice_cases() -> None:
    with pytest.raises(NeedsCases, match="made up"):
        hk.charts.differences(PRACTICE, "sentence_type")


def test_a_comparison_with_a_smaller_reference_is_guarded_as_two_groups() -> None:
    assert hk.charts.differences(OWN, "sentence_type").guard.groups == ("sentence_type",)
    assert hk.charts.differences(OWN, "sentence_type", "Licence").guard.groups == (
        "sentence_type",
        "reference",
    )


def test_what_groups_are_made_up_of() -> None:
    rows = drawn_rows(hk.charts.make_up(PRACTICE, "ethnicity"))
    barred = rows[rows["n"] >= 10]
    ends = barred.groupby("line")["bar_to"].max()
    assert ends.round(6).eq(100).all()
    assert rows.loc[rows["n"] < 10, "bar_to"].isna().all()
    assert rows.groupby("characteristic")["cases"].sum().tolist() == [42, 42]
    with pytest.raises(NeedsCases):
        hk.charts.make_up(PDU)


def test_change_says_how_many_lie_beyond_chance_and_which_way() -> None:
    later = audit({"assessment_safety": 18, "planning_safety": 15, "delivery_engagement": 5}, 42)
    finding = hk.charts.change(PDU, later)
    assert finding.title == "Beyond chance in three key questions: one higher and one lower"
    rows = drawn_rows(finding)
    assert rows["when"].tolist() == ["before", "after"] * 3
    assert "Local auditors are not inspectors" in finding.sentence


def test_one_case_fewer_is_within_chance() -> None:
    assert (
        hk.charts.change(PDU, audit({"assessment_safety": 17}, 42)).title
        == "No change beyond chance in one key question"
    )
    assert (
        hk.charts.change(PDU, audit({"assessment_safety": 18}, 42)).title
        == "Beyond chance in one key question: one higher"
    )


def test_few_cases_have_no_mark_and_no_claim() -> None:
    finding = hk.charts.change(PDU, audit({"assessment_safety": 9}, 9))
    assert finding.title == "Too few cases to tell a change"
    after = drawn_rows(finding).query("when == 'after'")
    assert after[["percent", "low", "high"]].isna().all(axis=None)
    assert after["text"].tolist() == ["9 of 9"]


def test_the_reports_statements_on_diversity_stand_with_their_counts() -> None:
    rows = hk.charts.statements(PDU).rows
    counts = dict(zip(rows["printed"], rows["cases"], strict=True))
    assert [counts[printed] for printed in ("57%", "12%", "62%", "25 out of 41")] == [
        "24 of 42",
        "5 of 42",
        "26 of 42",
        "25 of 41",
    ]
    assert set(rows.loc[rows["kind"] != "figure", "cases"]) == {""}
    with pytest.raises(UnknownName, match="Diversity and inclusion"):
        hk.charts.statements(PDU, "Diversity")


def test_what_42_cases_can_and_cannot_show() -> None:
    rows = hk.charts.what_can_be_shown(PDU).rows
    assert rows["n1"].add(rows["n2"]).eq(42).all() and (rows["n2"] >= 10).all()
    assert set(rows.loc[rows["share"] == "20%", "fall"]) == {"none shows"}
    assert hk.charts.what_can_be_shown(audit({}, 20)).rows["split"].unique().tolist() == [
        "10 and 10"
    ]
    with pytest.raises(KitError, match="19 cases"):
        hk.charts.what_can_be_shown(audit({}, 19))


def test_what_a_later_sample_needs() -> None:
    finding = hk.charts.later_sample(PDU)
    assert "9 of 42, from 18 of 42" in finding.sentence
    assert (
        hk.charts.later_sample(PDU, 30).rows.set_index("question")["more"]["assessment_safety"]
        == 13
    )
    for inspection, later in ((PRACTICE, None), (PDU, 9)):
        with pytest.raises(KitError):
            hk.charts.later_sample(inspection, later)


@pytest.mark.parametrize(
    "finding",
    [
        hk.charts.ratings(PDU),
        hk.charts.next_rating(PDU),
        hk.charts.differences(OWN, "sentence_type"),
        hk.charts.make_up(OWN, "ethnicity"),
        hk.charts.change(PDU, OWN),
        hk.charts.statements(PDU),
        hk.charts.what_can_be_shown(PDU),
        hk.charts.later_sample(PDU),
        hk.charts.agreement(OWN, OWN),
    ],
    ids=lambda finding: finding.name,
)
def test_a_finding_says_something_true_of_no_rows(finding: Finding) -> None:
    title, sentence = finding.say(finding.rows.iloc[:0])
    assert title
    assert not any(str(n) in sentence for n in (15, 19, 23))
    assert "nan" not in f"{finding.title} {finding.sentence}".lower()


def test_what_leaves_the_unit_gives_no_small_group_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMIP_DISCLOSURE", "protected")
    assert released(hk.charts.make_up(OWN, "ethnicity")).rows.empty
    assert released(hk.charts.differences(OWN, "sentence_type", "Licence")).rows.empty
    together = released(hk.charts.differences(OWN, "ethnicity", together=True))
    assert together.rows.empty and together.title == "Differences by ethnicity: none shown"
    assert len(released(hk.charts.differences(OWN, "sentence_type")).rows) == 12


def test_two_auditors_are_said_with_where_they_agree_least() -> None:
    first = audit({"assessment_safety": 10, "planning_safety": 5, "delivery_safety": 4}, 20)
    second = audit({"assessment_safety": 8, "planning_safety": 5, "delivery_safety": 3}, 20)
    finding = hk.charts.agreement(first, second)
    assert (
        finding.title
        == "Two auditors agreed in 57 of 60 answers, least on Assessment: safety of other people"
    )
    assert finding.sentence.endswith(
        "They differ on: Assessment: safety of other people, agreed in 18 of 20; Delivery: safety of other people, agreed in 19 of 20."
    )
    assert "differ" not in finding.rows  # no case leaves with its answers
    assert hk.charts.agreement(first, first).title == "Two auditors agreed in all 60 answers"
