"""Funnel limits against check values and the binomial itself, and what a funnel refuses."""

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.collection import Collection, collected
from hmip_kit.errors import UnknownName
from hmip_kit.findings.funnel import BEYOND_95, BEYOND_998, INSIDE
from hmip_kit.protect import released
from hmip_kit.settings import RENDER_SETTING
from hmip_kit.stats.intervals import binomial_limits, outside_by_chance

PDU = hk.load("lewisham-bromley-2022")
QUESTION = "assessment_safety"


def unit(name: str, yes: int, n: int | None) -> hk.Inspection:
    """Return a made-up unit with one key question."""
    published = pd.DataFrame(
        {"question": [QUESTION], "yes": [yes], "n": [n], "percent": [0], "count_source": ["stated"]}
    )
    identity = {
        "title": f"{name} (made up)",
        "unit": name,
        "framework": "pdu-2021",
        "cases_inspected": n or 0,
    }
    return replace(PDU, name=name, identity=identity, frames={**PDU.frames, "published": published})


def eight(*counts: tuple[int, int]) -> list[hk.Inspection]:
    """Return eight made-up units: those given, then others of 18 in 30."""
    filled = [*counts, *[(18, 30)] * (8 - len(counts))]
    return [unit(f"Unit {place}", yes, n) for place, (yes, n) in enumerate(filled, 1)]


def beside(units: list[hk.Inspection]) -> hk.Finding:
    """Return the funnel of some units on the one key question."""
    return together(units).show.funnel(QUESTION)


def together(units: list[hk.Inspection]) -> Collection:
    """Return units as one; one that states none goes by its title."""
    named = [
        replace(one, identity={"unit": one.title, **one.identity, "round": ""}) for one in units
    ]
    return collected("units", named)


def at_most(k: int, n: int, p: float) -> float:
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def test_the_limits_of_thirty_cases_at_sixty_percent() -> None:
    assert hk.stats.binomial_limits(30, 0.6, 0.95) == (100 * 13 / 30, 100 * 23 / 30)


@given(n=st.integers(10, 120), share=st.floats(0.02, 0.98))
def test_limits_are_the_first_counts_that_reach_their_tail(n: int, share: float) -> None:
    narrow, wide = (hk.stats.binomial_limits(n, share, level) for level in (0.95, 0.998))
    for limit, tail in zip((*narrow, *wide), (0.025, 0.975, 0.001, 0.999), strict=True):
        k = round(limit * n / 100)
        assert at_most(k, n, share) >= tail - 1e-9
        assert at_most(k - 1, n, share) <= tail + 1e-9
    assert wide[0] <= narrow[0] <= 100 * share + 100 / n
    assert narrow[1] <= wide[1]


def test_a_unit_on_a_limit_is_inside_and_one_case_further_is_outside() -> None:
    balanced = [(18, 30)] * 6
    on, beyond = ([(13, 30), (23, 30)], [(12, 30), (24, 30)])
    assert set(beside(eight(*on, *balanced)).rows["position"]) == {INSIDE}
    found = beside(eight(*beyond, *balanced)).rows
    assert found["position"].tolist() == [BEYOND_95, BEYOND_95, *[INSIDE] * 6]
    assert found["side"].tolist() == ["lower", "higher", *[""] * 6]
    far = beside(eight((9, 30), (27, 30), *balanced)).rows
    assert far["position"].tolist() == [BEYOND_998, BEYOND_998, *[INSIDE] * 6]


def test_the_centre_is_the_share_of_all_cases_together_and_order_stays() -> None:
    found = beside(eight((60, 60), (0, 10))).rows
    assert found["centre"].unique().tolist() == pytest.approx(
        [100 * (60 + 0 + 6 * 18) / (60 + 10 + 6 * 30)]
    )
    assert found["unit"].tolist() == [f"Unit {place}" for place in range(1, 9)]


def test_all_and_none_keep_their_limits_at_the_point() -> None:
    for yes in (0, 30):
        found = beside(eight(*[(yes, 30)] * 8)).rows
        assert set(found["position"]) == {INSIDE}
        assert (found["low_95"] == found["high_95"]).all()


@given(n=st.integers(10, 120), share=st.floats(0.02, 0.98), level=st.sampled_from([0.95, 0.998]))
def test_what_lies_outside_by_chance_is_counted(n: int, share: float, level: float) -> None:
    low, high = (round(end * n / 100) for end in binomial_limits(n, share, level))
    inside = at_most(high, n, share) - at_most(low - 1, n, share)
    assert float(outside_by_chance(n, share, level)) == pytest.approx(1 - inside, abs=1e-9)
    assert float(outside_by_chance(n, share, level)) <= 1 - level + 1e-12


def test_the_sentence_says_how_many_units_and_funnels_chance_puts_outside() -> None:
    units = eight(*[(18, 30)] * 8)
    alone = float(outside_by_chance(30, 0.6, 0.95))
    some = round(100 * (1 - (1 - alone) ** 8))
    found = beside(units)
    said = f"{100 * alone:.1f}% of units of these sizes lie outside by chance, and {some} of 100"
    assert said in found.sentence
    assert not any("One unit in twenty" in note for note in found.notes)


@pytest.mark.parametrize("question", ["assessment_safty", "answer/assessment_safety", ""])
def test_a_misspelt_question_is_refused(question: str) -> None:
    units = eight()
    for some in (units, units[:3]):
        with pytest.raises(UnknownName, match="question"):
            together(some).show.funnel(question)


def test_eight_units_are_the_fewest() -> None:
    assert len(beside(eight()).rows) == 8
    assert beside(eight()[:7]).title == "Funnel: not in these data"


def test_ten_cases_are_the_fewest() -> None:
    assert len(beside(eight((5, 10))).rows) == 8
    few = beside(eight((5, 9)))
    assert few.rows.empty
    assert "eight units of ten cases or more: seven are given" in few.sentence
    nine = beside([*eight(), unit("Unit 9", 5, 9)])
    assert "Unit 9" not in set(nine.rows["unit"])


def test_what_does_not_compare_is_refused_by_name() -> None:
    units = eight()
    regime = replace(units[0], framework=replace(PDU.framework, id="pdu-2023"))
    for wrong, said in (
        ([*units[:7], units[0]], "seven are given"),
        ([regime, *units[1:]], "seven are given"),
        ([*units[:7], unit("Unit 8", 5, None)], "seven are given"),
    ):
        found = beside(wrong)
        assert found.rows.empty and found.title == "Funnel: not in these data"
        assert said in found.sentence


def test_a_misspelt_question_is_refused_before_anything_else() -> None:
    for some in (eight(), eight()[:2]):
        with pytest.raises(UnknownName, match="did you mean 'assessment_safety'"):
            together(some).show.funnel("asessment_safety")
    units = eight()
    of_the_regime = together(units).show.funnel("planning_safety")
    assert "of one unit" in of_the_regime.sentence


def test_the_plot_draws_what_was_measured_and_names_only_those_outside() -> None:
    units = eight((9, 30), (27, 30))
    found = beside(units)
    assert found.chart is not None
    assert found.chart.to_dict()["params"][0]["value"] == found.records
    assert found.title == "2 of 8 units lie outside the 95% limits"
    assert "Unit 1, 9 of 30 cases (30%): outside 99.8%, lower" in found.sentence
    assert "Unit 3" not in found.sentence
    assert found.say(found.rows.iloc[2:])[0] == "No unit of 6 lies outside the 95% limits"
    assert found.say(found.rows.iloc[:1])[0] == "1 of 1 unit lies outside the 95% limits"
    assert found.say(found.rows.iloc[:0])[0] == "No unit to show"


def test_fewer_than_eight_units_give_words_and_no_picture() -> None:
    found = beside(eight()[:7])
    assert found.chart is None
    assert found.rows.empty
    assert "seven are given" in found.sentence


def test_audits_of_cases_are_units_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = [(5, 12), (6, 12), (7, 12), (5, 11), (6, 11), (4, 10), (5, 10), (6, 12)]
    units = [audit(tmp_path / f"unit-{place}.csv", yes, n) for place, (yes, n) in enumerate(counts)]
    found = beside(units)
    assert list(zip(found.rows["yes"], found.rows["n"], strict=True)) == counts
    assert found.inspection.size == 90 and found.inspection.protected
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    assert len(released(found).rows) == 8


def test_since_the_inspection_is_a_change(tmp_path: Path) -> None:
    found = PDU.against(audit(tmp_path / "later.csv", 30, 40)).show.change(same_unit=True)
    assert found.rows["question"].unique().tolist() == [QUESTION]
    assert found.title == "1 of 1 key question beyond chance: 1 higher"


def test_what_does_not_compare_since_is_said_in_words(tmp_path: Path) -> None:
    later = audit(tmp_path / "later.csv", 30, 40)
    another = replace(later, identity={**later.identity, "unit": "Another PDU"})
    found = PDU.against(another).show.change()
    assert found.chart is None
    assert "A change is within one unit" in found.sentence
    assert found.inspection is another  # one's own cases stay the holder's
    own = pd.DataFrame({"case_id": range(12), "Q of ours": "Yes"})
    own.to_csv(tmp_path / "own.csv", index=False)
    asked = PDU.against(hk.load(tmp_path / "own.csv")).show.change(same_unit=True)
    assert "no answered question in common" in asked.sentence


def audit(path: Path, yes: int, n: int) -> hk.Inspection:
    """Return a made-up audit that answers one key question, read from a file."""
    answers = ["Yes"] * yes + ["No"] * (n - yes)
    pd.DataFrame({"case_id": range(1, n + 1), QUESTION: answers}).to_csv(path, index=False)
    return hk.load(path)
