"""The gap in the same cases: Tango, mid-p, what totals allow, and the words that say it."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.contingency_tables import mcnemar

import hmip_kit as hk
from hmip_kit.counts import CELLS, counted, pair_key
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.stats import mid_p, tango

PDU, PRACTICE = hk.load("lewisham-bromley-2022"), hk.load("practice-cases")
SERVICE, OUTCOME = "delivery_desistance", "outcomes_progress"
ANSWERS = ("Yes", "No", "Not applicable", None)


def own(pairs: list[tuple[Any, Any]], cases_are: Any = "own", **more: list[Any]) -> Inspection:
    """Return cases with the given answers to service and outcome."""
    ids = [f"case-{place}" for place in range(len(pairs))]
    long = [
        (ids[place], question, answer)
        for place, pair in enumerate(pairs)
        for question, answer in zip((SERVICE, OUTCOME), pair, strict=True)
    ]
    answers = pd.DataFrame(long, columns=["case_id", "question", "answer"]).astype(
        {"answer": "str"}
    )
    frames = {"cases": pd.DataFrame({"case_id": ids, **more}), "answers": answers}
    return Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are=cases_are)


def table(both: int, service_only: int, outcome_only: int, neither: int) -> Inspection:
    pairs = (
        [("Yes", "Yes")] * both
        + [("Yes", "No")] * service_only
        + [("No", "Yes")] * outcome_only
        + [("No", "No")] * neither
    )
    return own(pairs)


def first(inspection: Inspection, **how: Any) -> dict[Any, Any]:
    return inspection.show.gap(**how).rows.to_dict("records")[0]


def said(inspection: Inspection) -> str:
    return inspection.show.gap().sentence


def test_the_check_values_of_tango_and_mid_p() -> None:
    row = first(table(1, 1, 7, 12))
    assert round(row["net_points"] / 100, 3) == -0.286
    assert [round(row[end] / 100, 4) for end in ("net_low", "net_high")] == [-0.5172, -0.0260]
    assert round(row["mid_p"], 4) == 0.0391
    assert mid_p(3, 3) == pytest.approx(0.84375)
    assert np.isnan(mid_p(0, 0))


def score(first_only: int, second_only: int, n: int, difference: float) -> float:
    """Return Tango's statistic, the nuisance parameter being the likeliest on a grid."""
    share = np.linspace(
        max(0.0, -difference), (1 - difference) / 2, 100_001
    )  # of second_only; the other is share + difference
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (
            (first_only, share + difference),
            (second_only, share),
            (n - first_only - second_only, 1 - 2 * share - difference),
        )
        likely = sum(
            np.where(count > 0, count * np.log(np.maximum(part, 0)), 0.0) for count, part in parts
        )
    best = share[np.nanargmax(likely)]
    return float(
        (first_only - second_only - n * difference)
        / np.sqrt(n * (2 * best + difference * (1 - difference)))
    )


@pytest.mark.parametrize(
    ("first_only", "second_only", "n"),
    [(1, 7, 21), (4, 4, 20), (0, 0, 15), (0, 6, 12), (7, 8, 42), (9, 0, 10)],
)
def test_tango_is_where_the_score_crosses_the_normal(
    first_only: int, second_only: int, n: int
) -> None:
    z = float(norm.ppf(0.975))
    low, high = (end / 100 for end in tango(first_only, second_only, n))
    assert (
        score(first_only, second_only, n, low + 1e-4)
        < z
        < score(first_only, second_only, n, low - 1e-4)
    )
    assert (
        score(first_only, second_only, n, high + 1e-4)
        < -z
        < score(first_only, second_only, n, high - 1e-4)
    )


def test_tango_and_mid_p_are_those_of_evalstats() -> None:
    """Mid-p where both discordant counts are equal apart: there ours follows Fagerland."""
    from evalstats.core.resampling import tango_scc_paired_ci
    from evalstats.tests import _mcnemar_midp_p

    tables = [
        (b, c, n) for n in (5, 10, 21, 42) for b in range(0, n, 4) for c in range(0, n - b, 3)
    ]
    assert len(tables) > 100
    for b, c, n in tables:
        first = np.array([1] * b + [0] * c + [1] * (n - b - c))
        second = np.array([0] * b + [1] * c + [1] * (n - b - c))
        theirs = np.array(tango_scc_paired_ci(first, second, 0.05, c=0.0))
        assert np.array(tango(b, c, n)) == pytest.approx(100 * theirs, abs=1e-6), (b, c, n)
        if b != c:
            assert mid_p(b, c) == pytest.approx(_mcnemar_midp_p(first, second), abs=1e-12)


def test_tango_at_the_edges() -> None:
    square = float(norm.ppf(0.975)) ** 2
    assert tango(0, 0, 42) == pytest.approx(
        (-100 * square / (42 + square), 100 * square / (42 + square))
    )
    assert tango(12, 0, 12)[1] == 100 and tango(0, 12, 12)[0] == -100
    assert np.isnan(tango(0, 0, 0)).all()


@given(st.integers(0, 40), st.integers(0, 40))
def test_mid_p_lies_half_a_point_below_the_exact_p(first_only: int, second_only: int) -> None:
    if first_only == second_only:
        return
    exact = float(mcnemar([[0, first_only], [second_only, 0]], exact=True).pvalue)
    assert mid_p(first_only, second_only) <= exact + 1e-12
    assert mid_p(first_only, second_only) == pytest.approx(mid_p(second_only, first_only))


def test_published_totals_leave_these_ranges() -> None:
    row = first(PDU)
    assert [row[f"{cell}_{end}"] for cell in CELLS for end in ("least", "most")] == [
        0,
        11,
        0,
        11,
        1,
        12,
        19,
        30,
    ]
    assert (row["n_with"], row["n_without"], row["net_difference"]) == (11, 31, -1)
    assert all(
        pd.isna(row[cell]) for cell in (*CELLS, "yes_with", "difference", "net_low", "mid_p")
    )
    assert said(PDU) == (
        "All 42 cases. There was reasonable progress in 0 to 11 of 11 cases where delivery "
        "effectively supported desistance, and in 1 to 12 of 31 cases where it did not. This is "
        "association, not cause: the same person judged both. One more case had the outcome than "
        "the service."
    )
    assert "The totals make possible 0 to 11 cases with both." in said(PRACTICE)


def test_the_ranges_are_all_that_small_samples_can_show() -> None:
    for n, served, better in product(range(2, 5), range(5), range(5)):
        if max(served, better) > n:
            continue
        published = pd.DataFrame(
            {
                "question": [SERVICE, OUTCOME],
                "yes": [served, better],
                "n": n,
                "percent": 0,
                "count_source": "stated",
            }
        )
        bare = Inspection(
            "small",
            {"title": "Small", "cases_inspected": n},
            PDU.framework,
            {"published": published},
        )
        row = first(bare)
        services = [one for one in product((0, 1), repeat=n) if sum(one) == served]
        outcomes = [one for one in product((0, 1), repeat=n) if sum(one) == better]
        wanted = dict(zip(CELLS, ((1, 1), (1, 0), (0, 1), (0, 0)), strict=True))
        for cell, pair in wanted.items():
            seen = {
                sum(both == pair for both in zip(one, other, strict=True))
                for one in services
                for other in outcomes
            }
            assert (row[f"{cell}_least"], row[f"{cell}_most"]) == (min(seen), max(seen))


def test_practice_cases_have_counts_and_ranges_and_no_inference() -> None:
    for inspection in (
        PRACTICE,
        PRACTICE.where(sentence_type="Licence"),
        hk.load("practice-cases-b"),
    ):
        row = first(inspection)
        assert all(
            pd.isna(row[name])
            for name in ("difference", "low", "high", "net_low", "net_high", "mid_p")
        )
        assert all(row[f"{cell}_least"] <= row[cell] <= row[f"{cell}_most"] for cell in CELLS)
        assert said(inspection).startswith("In made-up cases: ")


def test_own_cases_have_newcombes_interval_from_ten_a_side() -> None:
    cases, few = table(8, 2, 9, 23), table(8, 1, 9, 23)
    row = first(cases)
    low, high = (round(row[end], 1) for end in ("low", "high"))
    assert (row["yes_with"], row["n_with"], row["yes_without"], row["n_without"]) == (8, 10, 9, 32)
    assert low < row["difference"] < high and row["difference"] == pytest.approx(80 - 100 * 9 / 32)
    assert "association, not cause" in said(cases)
    assert pd.isna(first(few)["difference"])
    assert "8 of 9 cases" in said(few) and "89%" not in said(few)
    assert all(pd.isna(row[f"{cell}_least"]) for cell in CELLS)


def test_the_sentence_says_of_nought_and_less_what_they_are() -> None:
    assert "As many cases had the service as the outcome" in said(table(5, 4, 4, 9))
    assert "Two more cases had the outcome than the service" in said(table(5, 3, 5, 9))
    assert "One more case had the service than the outcome" in said(table(5, 4, 3, 9))


def test_cases_without_yes_or_no_on_both_are_counted() -> None:
    row = first(own([("Yes", "Yes"), ("Yes", None), ("Not applicable", "No"), ("No", "No")]))
    assert (row["n"], row["not_counted"], row["both"], row["neither"]) == (2, 2, 1, 1)
    nobody = own([("Yes", None)])
    assert first(nobody)["n"] == 0
    assert said(nobody) == "The one case. No case has Yes or No on both."
    assert first(PRACTICE.where(sentence_type="Licence", sex="Female"))["n"] >= 0


pairs = st.lists(
    st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), min_size=1, max_size=60
)


@settings(max_examples=25, deadline=None)
@given(pairs)
def test_parts_sum_and_swapping_the_places_turns_the_sign(answers: list[tuple[Any, Any]]) -> None:
    cases = own(answers)
    row, other = first(cases), first(cases, service=OUTCOME, outcome=SERVICE)
    assert sum(row[cell] for cell in CELLS) == row["n"] and row["n"] + row["not_counted"] == len(
        answers
    )
    assert row["yes_with"] + row["yes_without"] == row["both"] + row["outcome_only"]
    assert row["net_difference"] == -other["net_difference"]
    if row["n"] >= 10:
        assert row["net_low"] == pytest.approx(-other["net_high"], abs=1e-5)
        assert row["net_low"] - 1e-6 <= row["net_points"] <= row["net_high"] + 1e-6
    keys = {cell: pair_key(SERVICE, OUTCOME, cell) for cell in CELLS}
    tallies = counted(cases, keys.values())
    assert all(tallies[key] == row[cell] for cell, key in keys.items())


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("Yes", "No")), st.sampled_from(("Yes", "No")), st.booleans()),
        min_size=1,
        max_size=30,
    )
)
def test_the_ranges_hold_the_truth_in_every_group(answers: list[tuple[str, str, bool]]) -> None:
    counts = [sum(one[place] == "Yes" for one in answers) for place in (0, 1)]
    published = pd.DataFrame(
        {
            "question": [SERVICE, OUTCOME],
            "yes": counts,
            "n": len(answers),
            "percent": 0,
            "count_source": "stated",
        }
    )
    cases = own(
        [one[:2] for one in answers],
        "practice",
        sex=["Male" if one[2] else "Female" for one in answers],
    )
    known = Inspection(
        "made up",
        {"title": "Made up"},
        PDU.framework,
        {**cases.frames, "published": published},
        cases_are="practice",
    )
    for row in known.show.gap(by="sex").rows.to_dict("records"):
        assert all(row[f"{cell}_least"] <= row[cell] <= row[f"{cell}_most"] for cell in CELLS)


def test_groups_add_up_and_steps_of_a_need_take_the_places() -> None:
    whole, split = first(PRACTICE), PRACTICE.show.gap(by=["sex", "sentence_type"]).rows
    assert split[[*CELLS, "n"]].sum().tolist() == [whole[name] for name in (*CELLS, "n")]
    row = first(
        PRACTICE, service="Accommodation/service_delivered", outcome="Accommodation/improved"
    )
    needs = PRACTICE.needs[PRACTICE.needs["need"] == "Accommodation"]
    has = needs[needs["linked_to_offending"] | needs["linked_to_harm"]]
    assert (
        row["n"] == len(has) and row["both"] == (has["service_delivered"] & has["improved"]).sum()
    )
    assert pd.isna(row["both_least"])


def test_what_cannot_be_asked_says_why() -> None:
    with pytest.raises(KitError, match="two places"):
        PRACTICE.show.gap(service=OUTCOME, outcome=OUTCOME)
    with pytest.raises(UnknownName, match="delivery_safety"):
        PRACTICE.show.gap(service="delivery_safty")
    with pytest.raises(UnknownName, match="Finance"):
        PRACTICE.show.gap(service="Finances/improved")
    with pytest.raises(UnknownName, match="service_delivered"):
        PRACTICE.show.gap(service="Finance/delivered")


def test_what_the_data_lack_is_said_and_not_raised() -> None:
    for how, why in ({"by": "sex"}, "takes cases"), ({"service": "Finance/improved"}, "no needs"):
        finding = PDU.show.gap(**how)
        assert finding.rows.empty and why in finding.sentence
        assert finding.title == "Service and outcome in the same cases: not in these data"


def test_groups_are_said_each_with_its_two_sides() -> None:
    cases = own([("Yes", "Yes"), ("Yes", "No"), ("No", "No")], sex=["Male", "Male", "Female"])
    finding = cases.show.gap(by="sex")
    assert finding.name == "gap_sex" and finding.title.endswith(", by sex")
    assert "Male: 1 of 2 cases with, no case without" in finding.sentence
    assert "Female: no case with, 0 of 1 case without" in finding.sentence
    for column, keys in finding.counts.items():
        tallies = counted(cases, keys)
        assert [tallies[key] for key in keys] == finding.rows[column].tolist()


@pytest.mark.parametrize("by", [None, "sex"])
def test_hidden_counts_are_said_to_be_hidden(by: str | None) -> None:
    cases = own([("Yes", "Yes"), ("No", "No")], sex=["Male", "Female"])
    finding = cases.show.gap(by=by)
    numbers = [str(name) for name in finding.rows.select_dtypes("number")]
    rows = finding.rows.assign(**{name: pd.Series(dtype="Int64") for name in numbers})
    title, sentence = finding.say(rows)
    assert "[c]" in title + sentence and not any(
        mark in sentence for mark in ("<NA>", "nan", "[x]")
    )
