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
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.stats import wilson

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
ANSWERS = ["Yes", "No", "Not applicable", None]
KEY = [one.id for one in PDU.framework.questions]
COLUMNS = ["question", "standard", "strand", "yes", "n", "percent", "low", "high", "bounds"]


def own(
    answers: Sequence[Sequence[str | None]],
    sex: Sequence[Any] | None = None,
    office: Sequence[str] | None = None,
    population: int | None = None,
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
    identity = {"title": "Audit"} | ({"population": population} if population else {})
    return Inspection("audit", identity, PDU.framework, frames, cases_are="own")


def yes_of(yes: int, n: int, population: int | None = None) -> Inspection:
    return own([["Yes"]] * yes + [["No"]] * (n - yes), population=population)


def results(inspection: Inspection, *args: Any, **kwargs: Any) -> pd.DataFrame:
    return inspection.show.results(*args, **kwargs).rows


def first(inspection: Inspection) -> Any:
    return results(inspection, questions=KEY[0]).iloc[0]


def test_published_totals_give_the_percentages_that_the_report_prints() -> None:
    rows = results(PDU)
    assert (rows["percent"] + 0.5).astype(int).tolist() == PDU.published["percent"].tolist()
    assert rows["no"].tolist() == (42 - rows["yes"]).tolist()
    assert rows[["not_applicable", "not_recorded"]].isna().all(axis=None)
    assert set(COLUMNS) <= set(rows)


def test_intervals_are_those_of_statsmodels() -> None:
    for confidence in (0.8, 0.95, 0.99):
        rows = results(PDU, confidence=confidence)
        low, high = proportion_confint(
            rows["yes"], rows["n"], alpha=1 - confidence, method="wilson"
        )
        np.testing.assert_allclose(rows[["low", "high"]].T, [100 * low, 100 * high], atol=1e-9)


def test_a_known_population_narrows_the_interval_down_to_the_point() -> None:
    row = first(yes_of(12, 20, population=40))
    assert [round(float(row[end]), 1) for end in ("low", "high")] == [44.4, 73.8]
    assert [round(end, 1) for end in wilson(12, 20, population=40)] == [44.4, 73.8]
    whole = first(yes_of(12, 20, population=20))
    assert whole["low"] == whole["high"] == whole["percent"] == 60
    with pytest.raises(KitError, match="smaller than the 20"):
        yes_of(12, 20, population=19)


def test_a_census_gives_the_point_also_where_a_question_does_not_apply_to_all() -> None:
    answers = [["Yes"]] * 12 + [["No"]] * 6 + [["Not applicable"]] * 6
    row = first(own(answers, population=24))
    assert row["low"] == row["high"] == row["percent"]


def test_a_population_is_that_of_the_whole_sample() -> None:
    sex = ["Male"] * 20 + ["Female"] * 10
    known, unknown = (own([["Yes"], ["No"]] * 15, sex, population=size) for size in (40, None))
    assert known.population == 40 and known.where(sex="Male").population is None
    narrow, wide = (first(one)["high"] - first(one)["low"] for one in (known, unknown))
    assert narrow < wide
    pd.testing.assert_frame_equal(results(known, by="sex"), results(unknown, by="sex"))
    men, others = (results(one.where(sex="Male")) for one in (known, unknown))
    pd.testing.assert_frame_equal(men, others)


def test_made_up_cases_were_drawn_from_no_population() -> None:
    stated = replace(PRACTICE, identity={**PRACTICE.identity, "population": 42})
    pd.testing.assert_frame_equal(results(stated), results(PRACTICE))


def test_under_twenty_the_count_is_first_and_under_ten_nothing_but_the_count() -> None:
    row = first(yes_of(5, 19))
    assert (row["label"], row["text"]) == ("Assessment: engagement", "5 of 19 (26%)")
    assert row["range"] == "12% to 49%"
    assert first(yes_of(3, 10))["bounds"] == "interval"
    small = first(yes_of(3, 9))
    assert small["text"] == "3 of 9"
    assert small["range"] == "" and np.isnan(small["low"]) and np.isnan(small["high"])


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
    rows = results(cases, by=["sex", "office"], questions=KEY[0])
    assert rows[["sex", "office", "n"]].values.tolist() == [
        ["Female", "North", 0],
        ["Female", "South", 1],
        ["Male", "North", 1],
        ["Male", "South", 0],
        ["Not recorded", "North", 1],
        ["Not recorded", "South", 0],
    ]
    assert rows.loc[rows["n"] == 0, "percent"].isna().all()
    left = results(cases.where(sex="Male"), by="sex", questions=KEY[0])
    assert left["n"].tolist() == [0, 1, 0]


def test_sub_questions_are_counted_and_printed_ones_can_be_read_from_totals() -> None:
    row = results(PDU, questions="planning_contingency").iloc[0]
    assert (row["yes"], row["n"], row["standard"], row["rating"]) == (15, 40, "Planning", "")
    assert results(PRACTICE, questions=["planning_contingency"]).iloc[0][["yes", "n"]].tolist() == [
        15,
        40,
    ]


def test_what_cannot_be_answered_says_why() -> None:
    split = PDU.show.results(by="sex")
    assert split.rows.empty and split.title.endswith("not in these data")
    assert "Totals do not say which cases they count" in split.sentence
    with pytest.raises(UnknownName, match="ethnicity"):
        results(PRACTICE, by="ethnicty")
    with pytest.raises(UnknownName, match="planning_safety"):
        results(PDU, questions="planing_safety")
    with pytest.raises(KitError, match="one or two"):
        results(PRACTICE, by=["sex", "rosh", "ethnicity"])
    with pytest.raises(KitError, match="one or two"):
        results(PRACTICE, by=["sex", "sex"])
    with pytest.raises(KitError, match="confidence"):
        results(PDU, confidence=95)


def test_practice_cases_split_get_the_possible_range_and_no_rating() -> None:
    shown = PRACTICE.show.results(by="sentence_type")
    assert set(shown.rows["bounds"]) == {"possible"}
    assert set(shown.rows["rating"]) == {""}
    assert shown.title.startswith("Practice cases: ")
    assert shown.sentence.startswith("In made-up cases: ")


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
    whole = results(inspection, questions=KEY[0])
    split = results(inspection, by="sex", questions=KEY[0])
    assert split[counts].sum().tolist() == whole[counts].iloc[0].tolist()
    assert whole[counts[:4]].iloc[0].sum() == len(cases)
    bounded = split[split["low"].notna()]
    assert ((bounded["low"] <= bounded["percent"]) & (bounded["percent"] <= bounded["high"])).all()
    shuffled = cases.copy()
    random.shuffle(shuffled)
    again = own([[answer] for answer, _ in shuffled], sex=[sex for _, sex in shuffled])
    pd.testing.assert_frame_equal(results(again, by="sex"), results(inspection, by="sex"))
    pd.testing.assert_frame_equal(inspection.answers, before)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 400))
def test_a_larger_population_never_narrows_the_interval(yes: int, n: int, more: int) -> None:
    yes = min(yes, n)
    bounds = [wilson(yes, n, population=size) for size in (n + more, n + more + 1)]
    assert bounds[1][0] <= bounds[0][0] + 1e-9
    assert bounds[0][1] <= bounds[1][1] + 1e-9
    assert bounds[0][0] <= 100 * yes / n <= bounds[0][1]


def test_a_framework_without_key_questions_gives_results_for_the_questions_answered() -> None:
    bare = replace(PDU.framework, questions=(), sub_questions=(), stages={}, strands={})
    frames = {
        "cases": pd.DataFrame({"case_id": ["1", "2"]}),
        "answers": pd.DataFrame({"case_id": ["1", "2"], "question": "q", "answer": ["Yes", "No"]}),
    }
    rows = results(Inspection("audit", {"title": "Audit"}, bare, frames, cases_are="own"))
    assert rows[["question", "yes", "n", "rating"]].values.tolist() == [["q", 1, 2, ""]]
