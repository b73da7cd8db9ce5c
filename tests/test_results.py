"""Results: counts, intervals, groups, and what small numbers do not say."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

import hmip_kit as hk
from hmip_kit.errors import KitError, NeedsCases, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.measures.results import COLUMNS

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
ANSWERS = ["Yes", "No", "Not applicable", None]
KEY = [one.id for one in PDU.framework.questions]


def own(
    answers: Sequence[Sequence[str | None]],
    sex: Sequence[Any] | None = None,
    office: Sequence[str] | None = None,
) -> Inspection:
    """Return an own case file: one list of answers per case, to the first key questions."""
    ids = [f"case-{place}" for place in range(len(answers))]
    long = [
        (ids[place], KEY[column], answer)
        for place, row in enumerate(answers)
        for column, answer in enumerate(row)
    ]
    cases = pd.DataFrame(
        {"case_id": ids, "sex": pd.Series(sex or ["Male"] * len(ids), dtype="str")}
    )
    if office:
        cases["office"] = office
    frames = {
        "cases": cases,
        "answers": pd.DataFrame(long, columns=["case_id", "question", "answer"]),
    }
    return Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")


def yes_of(yes: int, n: int) -> Inspection:
    return own([["Yes"]] * yes + [["No"]] * (n - yes))


def first(inspection: Inspection, population_size: int | None = None) -> Any:
    return hk.results(inspection, questions=KEY[0], population_size=population_size).iloc[0]


def test_published_totals_give_the_percentages_that_the_report_prints() -> None:
    rows = hk.results(PDU)
    assert (rows["percent"] + 0.5).astype(int).tolist() == PDU.published["percent"].tolist()
    assert rows["no"].tolist() == (42 - rows["yes"]).tolist()
    assert rows[["not_applicable", "not_recorded"]].isna().all(axis=None)
    assert rows.columns.tolist()[: len(COLUMNS)] == COLUMNS


def test_intervals_are_those_of_statsmodels() -> None:
    for confidence in (0.8, 0.95, 0.99):
        rows = hk.results(PDU, confidence=confidence)
        low, high = proportion_confint(
            rows["yes"], rows["n"], alpha=1 - confidence, method="wilson"
        )
        np.testing.assert_allclose(rows[["low", "high"]].T, [100 * low, 100 * high], atol=1e-9)


def test_a_known_population_narrows_the_interval_down_to_the_point() -> None:
    cases = yes_of(12, 20)
    assert [round(float(first(cases, population_size=40)[end]), 1) for end in ("low", "high")] == [
        44.4,
        73.8,
    ]
    whole = first(cases, population_size=20)
    assert whole["low"] == whole["high"] == whole["percent"] == 60
    with pytest.raises(KitError, match="smaller than the 20"):
        first(cases, population_size=19)


def test_a_census_gives_the_point_also_where_a_question_does_not_apply_to_all() -> None:
    row = first(own([["Yes"]] * 12 + [["No"]] * 6 + [["Not applicable"]] * 6), population_size=24)
    assert row["low"] == row["high"] == row["percent"]


def test_a_population_is_given_per_group() -> None:
    cases = own([["Yes"], ["No"]] * 15, sex=["Male"] * 20 + ["Female"] * 10)
    rows = hk.results(cases, by="sex", questions=KEY[0], population_size={"Male": 40, "Female": 10})
    female, male = (rows[rows["sex"] == sex].iloc[0] for sex in ("Female", "Male"))
    assert female["low"] == female["high"] == 50
    assert male["low"] < 50 < male["high"]
    with pytest.raises(KitError, match="no number for Female"):
        hk.results(cases, by="sex", population_size={"Male": 40})
    with pytest.raises(KitError, match="one number per group"):
        hk.results(cases, by="sex", population_size=40)
    with pytest.raises(KitError, match="made up"):
        hk.results(PRACTICE, population_size=42)


def test_under_twenty_the_count_is_first_and_under_ten_nothing_but_the_count() -> None:
    assert str(first(yes_of(5, 19))["text"]).startswith(
        "Assessment: engagement: 5 of 19 cases (26%; 95% interval"
    )
    assert first(yes_of(3, 10))["bounds"] == "wilson95"
    small = first(yes_of(3, 9))
    assert small["text"] == "Assessment: engagement: 3 of 9 cases"
    assert small["bounds"] == "" and np.isnan(small["low"]) and np.isnan(small["high"])


def test_each_answer_is_counted_once() -> None:
    row = first(own([["Yes"], ["No"], ["No"], ["Not applicable"], [None]]))
    assert [row[name] for name in ("yes", "no", "not_applicable", "not_recorded", "n")] == [
        1,
        2,
        1,
        1,
        3,
    ]


def test_not_recorded_is_a_group_and_empty_groups_stay() -> None:
    cases = own(
        [["Yes"], ["No"], ["Yes"]], sex=["Male", None, "Female"], office=["North", "North", "South"]
    )
    rows = hk.results(cases, by=["sex", "office"], questions=KEY[0])
    assert rows[["sex", "office", "n"]].values.tolist() == [
        ["Female", "North", 0],
        ["Female", "South", 1],
        ["Male", "North", 1],
        ["Male", "South", 0],
        ["Not recorded", "North", 1],
        ["Not recorded", "South", 0],
    ]
    assert rows.loc[rows["n"] == 0, "percent"].isna().all()
    left = hk.results(cases.where(sex="Male"), by="sex", questions=KEY[0])
    assert left["n"].tolist() == [0, 1, 0]


def test_sub_questions_are_counted_and_printed_ones_can_be_read_from_totals() -> None:
    row = hk.results(PDU, questions="planning_contingency").iloc[0]
    assert (row["yes"], row["n"], row["standard"], row["rating"]) == (15, 40, "Planning", "")
    assert hk.results(PRACTICE, questions=["planning_contingency"]).iloc[0][
        ["yes", "n"]
    ].tolist() == [15, 40]


def test_what_cannot_be_answered_says_why() -> None:
    with pytest.raises(NeedsCases, match="published totals"):
        hk.results(PDU, by="sex")
    with pytest.raises(UnknownName, match="ethnicity"):
        hk.results(PRACTICE, by="ethnicty")
    with pytest.raises(UnknownName, match="planning_safety"):
        hk.results(PDU, questions="planing_safety")
    with pytest.raises(KitError, match="one or two"):
        hk.results(PRACTICE, by=["sex", "rosh", "ethnicity"])
    with pytest.raises(KitError, match="one or two"):
        hk.results(PRACTICE, by=["sex", "sex"])
    with pytest.raises(KitError, match="confidence"):
        hk.results(PDU, confidence=95)


def test_practice_cases_split_get_the_allowed_range_and_no_rating() -> None:
    rows = hk.results(PRACTICE, by="sentence_type")
    assert set(rows["bounds"]) == {"allowed"}
    assert set(rows["rating"]) == {""}
    assert rows["text"].str.startswith("In made-up cases: ").all()


case_answers = st.lists(
    st.tuples(st.sampled_from(ANSWERS), st.sampled_from(["Male", "Female", None])),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(case_answers, st.randoms(use_true_random=False))
def test_groups_add_up_bounds_contain_the_share_and_row_order_does_not_matter(
    cases: list[tuple[str | None, str | None]], random: Random
) -> None:
    inspection = own([[answer] for answer, _ in cases], sex=[sex for _, sex in cases])
    before = inspection.answers.copy(deep=True)
    counts = ["yes", "no", "not_applicable", "not_recorded", "n"]
    whole = hk.results(inspection, questions=KEY[0])
    split = hk.results(inspection, by="sex", questions=KEY[0])
    assert split[counts].sum().tolist() == whole[counts].iloc[0].tolist()
    assert whole[counts[:4]].iloc[0].sum() == len(cases)
    bounded = split[split["low"].notna()]
    assert ((bounded["low"] <= bounded["percent"]) & (bounded["percent"] <= bounded["high"])).all()
    shuffled = cases.copy()
    random.shuffle(shuffled)
    again = own([[answer] for answer, _ in shuffled], sex=[sex for _, sex in shuffled])
    pd.testing.assert_frame_equal(hk.results(again, by="sex"), hk.results(inspection, by="sex"))
    pd.testing.assert_frame_equal(inspection.answers, before)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 400))
def test_a_larger_population_never_narrows_the_interval(yes: int, n: int, more: int) -> None:
    from hmip_kit.measures.intervals import wilson

    yes = min(yes, n)
    bounds = [
        wilson(pd.Series([yes]), pd.Series([n]), population=pd.Series([size])).iloc[0]
        for size in (n + more, n + more + 1)
    ]
    assert bounds[1]["low"] <= bounds[0]["low"] + 1e-9
    assert bounds[0]["high"] <= bounds[1]["high"] + 1e-9
    assert bounds[0]["low"] <= 100 * yes / n <= bounds[0]["high"]


def test_a_framework_without_key_questions_gives_results_for_the_questions_answered() -> None:
    bare = replace(PDU.framework, questions=(), sub_questions=(), stages={}, strands={})
    frames = {
        "cases": pd.DataFrame({"case_id": ["1", "2"]}),
        "answers": pd.DataFrame({"case_id": ["1", "2"], "question": "q", "answer": ["Yes", "No"]}),
    }
    rows = hk.results(Inspection("audit", {"title": "Audit"}, bare, frames, cases_are="own"))
    assert rows[["question", "yes", "n", "rating"]].values.tolist() == [["q", 1, 2, ""]]
