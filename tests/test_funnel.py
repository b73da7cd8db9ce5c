"""Funnel limits against check values and the binomial itself, and what a funnel refuses."""

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.measures.funnel import BEYOND_95, BEYOND_998, INSIDE, limits

PDU = hk.load("lewisham-bromley-2022")
QUESTION = "assessment_safety"


def unit(name: str, yes: int, n: int | None) -> hk.Inspection:
    """Return a made-up unit with one key question."""
    published = pd.DataFrame({"question": [QUESTION], "yes": [yes], "n": [n], "percent": [0], "count_source": ["stated"]})
    identity = {"title": f"{name} (made up)", "unit": name, "framework": "pdu-2021", "cases_inspected": n or 0}
    return replace(PDU, name=name, identity=identity, frames={**PDU.frames, "published": published})


def eight(*counts: tuple[int, int]) -> list[hk.Inspection]:
    """Return eight made-up units: those given, then others of 18 in 30."""
    filled = [*counts, *[(18, 30)] * (8 - len(counts))]
    return [unit(f"Unit {place}", yes, n) for place, (yes, n) in enumerate(filled, 1)]


def at_most(k: int, n: int, p: float) -> float:
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def test_the_limits_of_thirty_cases_at_sixty_percent() -> None:
    found = limits(pd.Series([30]), 0.6)
    assert found["low_95"].iloc[0] == 100 * 13 / 30
    assert found["high_95"].iloc[0] == 100 * 23 / 30


@given(n=st.integers(10, 120), share=st.floats(0.02, 0.98))
def test_limits_are_the_first_counts_that_reach_their_tail(n: int, share: float) -> None:
    row = limits(pd.Series([n]), share).iloc[0]
    for name, tail in (("low_95", 0.025), ("high_95", 0.975), ("low_998", 0.001), ("high_998", 0.999)):
        k = round(row[name] * n / 100)
        assert at_most(k, n, share) >= tail - 1e-9
        assert at_most(k - 1, n, share) <= tail + 1e-9
    assert row["low_998"] <= row["low_95"] <= 100 * share + 100 / n
    assert row["high_95"] <= row["high_998"]


def test_a_unit_on_a_limit_is_inside_and_one_case_further_is_outside() -> None:
    balanced = [(18, 30)] * 6
    on, beyond = ([(13, 30), (23, 30)], [(12, 30), (24, 30)])
    assert set(hk.funnel(eight(*on, *balanced), QUESTION)["position"]) == {INSIDE}
    found = hk.funnel(eight(*beyond, *balanced), QUESTION)
    assert found["position"].tolist() == [BEYOND_95, BEYOND_95, *[INSIDE] * 6]
    assert found["side"].tolist() == ["lower", "higher", *[""] * 6]
    far = hk.funnel(eight((9, 30), (27, 30), *balanced), QUESTION)
    assert far["position"].tolist() == [BEYOND_998, BEYOND_998, *[INSIDE] * 6]


def test_the_centre_is_the_share_of_all_cases_together_and_order_stays() -> None:
    found = hk.funnel(eight((60, 60), (0, 10)), QUESTION)
    assert found["centre"].unique().tolist() == pytest.approx([100 * (60 + 0 + 6 * 18) / (60 + 10 + 6 * 30)])
    assert found["unit"].tolist() == [f"Unit {place}" for place in range(1, 9)]


def test_all_and_none_keep_their_limits_at_the_point() -> None:
    for yes in (0, 30):
        found = hk.funnel(eight(*[(yes, 30)] * 8), QUESTION)
        assert set(found["position"]) == {INSIDE}
        assert (found["low_95"] == found["high_95"]).all()


def test_eight_units_are_the_fewest() -> None:
    assert len(hk.funnel(eight(), QUESTION)) == 8
    with pytest.raises(KitError, match="eight or more units: 7 given"):
        hk.funnel(eight()[:7], QUESTION)


def test_ten_cases_are_the_fewest() -> None:
    assert len(hk.funnel(eight((5, 10)), QUESTION)) == 8
    with pytest.raises(KitError, match="9 cases on assessment_safety; 10 is the fewest"):
        hk.funnel(eight((5, 9)), QUESTION)


def test_what_does_not_compare_is_refused_by_name() -> None:
    other = hk.load("practice-cases")
    units = eight()
    regime = replace(units[0], framework=replace(PDU.framework, id="pdu-2023"))
    for wrong, said in (
        ([*units[:7], units[0]], "Unit 1 is given 2 times"),
        ([regime, *units[1:]], "different regimes do not compare: pdu-2023, pdu-2021"),
        ([*units[:7], unit("Unit 8", 5, None)], "no count out of a stated n"),
        ([*units[:7], other], "made-up cases"),
    ):
        with pytest.raises(KitError, match=said):
            hk.funnel(wrong, QUESTION)
    with pytest.raises(UnknownName, match="did you mean 'assessment_safety'"):
        hk.funnel(units, "asessment_safety")
