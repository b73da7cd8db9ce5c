"""What a sample can show, change and agreement: no more said than so few cases show."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import confint_proportions_2indep

import hmip_kit as hk
from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection
from hmip_kit.protect import released
from hmip_kit.stats import newcombe
from hmip_kit.stats.samples import false_alarm

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
UNIT = PDU.identity["unit"]
OWN = replace(PRACTICE, cases_are="own", identity={"title": "Audit", "unit": UNIT})
KEY = [one.id for one in PDU.framework.questions if one.strand != "progress"]


def test_what_a_sample_can_show() -> None:
    assert hk.stats.detectable(19, 23, 50)["points"].tolist() == [38, 38]
    assert hk.stats.detectable(19, 23, 20)["points"].fillna(-1).tolist() == [41, -1]
    assert (
        pd.isna(hk.stats.detectable(5, 37, 50).iloc[0]["points"])
        or hk.stats.detectable(5, 37, 50).iloc[0]["points"] > 40
    )
    for wrong in ((0, 23, 50), (19, 23, 101), (19, 23, 0.2)):
        with pytest.raises(KitError):
            hk.stats.detectable(*wrong)


def test_a_larger_sample_shows_smaller_differences() -> None:
    assert (
        hk.stats.detectable(100, 100, 40)["points"].max()
        < hk.stats.detectable(30, 30, 40)["points"].min()
    )


def test_what_lies_beyond_chance() -> None:
    assert hk.stats.beyond_chance(9, 42, 42)[1] == 18
    assert hk.stats.beyond_chance(9, 42, 30)[1] == 13
    assert hk.stats.beyond_chance(0, 42, 42)[0] is None
    assert hk.stats.beyond_chance(0, 0, 42) == (None, None)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_the_count_beyond_chance_is_the_first_one(n: int, later: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, n))
    fall, rise = hk.stats.beyond_chance(yes, n, later)
    size, before, base = (np.full(later + 1, float(count)) for count in (later, yes, n))
    low, high = newcombe(np.arange(later + 1.0), size, before, base)
    assert rise is None or (low[rise] > 0 and not (low[:rise] > 0).any())
    assert fall is None or (high[fall] < 0 and not (high[fall + 1 :] < 0).any())


def test_a_change_is_within_one_unit_and_never_of_practice_cases() -> None:
    found = PDU.against(OWN).show.change()
    rows = found.rows[found.rows["when"] == "after"].set_index("question")
    assert rows.index.tolist() == [one.id for one in PDU.framework.questions]
    assert rows["difference"].abs().max() == 0  # made to match the totals
    assert not rows["beyond_chance"].any()
    assert "Local auditors are not inspectors" in found.sentence
    assert not any("Local auditors" in note for note in found.notes)  # said once
    assert rows.loc["assessment_safety", "least_rise"] == 18
    assert "Local auditors" not in PDU.against(PDU).show.change().sentence
    made_up = PDU.against(PRACTICE).show.change()
    assert made_up.rows.empty and "Made-up" in made_up.sentence
    two = PDU.against(replace(PDU, identity={**PDU.identity, "unit": "Another PDU"})).show.change()
    assert two.rows.empty and "one unit" in two.sentence
    nowhere = replace(OWN, identity={"title": "Audit"})
    unstated = PDU.against(nowhere).show.change()
    assert unstated.rows.empty and "Audit does not state its unit" in unstated.sentence
    assert len(PDU.against(nowhere).show.change(same_unit=True).rows) == 26
    assert (
        PDU.against(replace(PDU, identity={**PDU.identity, "unit": "Another PDU"}))
        .show.change(same_unit=True)
        .rows.empty
    )
    with pytest.raises(KitError, match="two inspections, before and after: 3 given"):
        PDU.against(PDU, PDU).show.change()


def test_a_change_is_newcombes_interval_of_the_difference() -> None:
    later = auditor(dict.fromkeys((f"case-{place}" for place in range(40)), "Yes"))
    found = PDU.against(later).show.change()
    assert found.inspection is later
    after = found.rows.iloc[1]
    expected = 100 * np.array(confint_proportions_2indep(40, 40, 9, 42, method="newcomb"))
    np.testing.assert_allclose(
        after[["difference_low", "difference_high"]].astype("float64"), expected, atol=1e-9
    )


def later(yes: dict[int, str], ids: list[str]) -> Inspection:
    return auditor({one: yes.get(place, "No") for place, one in enumerate(ids)})


def test_the_same_cases_are_paired() -> None:
    """Table (1, 1, 7, 12): the difference -0.286, Tango (-0.5172, -0.0260)."""
    ids = [f"case-{place}" for place in range(21)]
    first = later(dict.fromkeys([0, *range(1, 8)], "Yes"), ids)
    second = later({0: "Yes", 8: "Yes"}, ids)
    found = first.against(second).show.change()
    row = found.rows.iloc[1]
    assert (row["yes"], row["n"], row["paired"]) == (2, 21, True)
    ends = row[["difference", "difference_low", "difference_high"]].astype(float).tolist()
    assert ends == pytest.approx([-28.571, -51.72, -2.60], abs=0.01)
    assert found.cases == "21 cases, each before and after"
    assert any("Tango" in note for note in found.notes)
    assert found.title == "1 of 1 key question beyond chance: 1 lower"
    assert found.sentence.count("With no change at all, 5 of 100 such comparisons show one.") == 1
    part = later({0: "Yes"}, [*ids[:12], *(f"new-{place}" for place in range(9))])
    assert first.against(part).show.change().rows["n"].tolist() == [12, 12]
    few = later({0: "Yes"}, [*ids[:9], *(f"new-{place}" for place in range(12))])
    assert first.against(few).show.change().rows["n"].tolist() == [21, 21]  # as two samples


def test_numbers_from_one_are_no_ids() -> None:
    one, two = (later({}, [str(place) for place in range(1, 21)]) for _ in range(2))
    assert not one.against(two).show.change().rows["paired"].any()


def test_paired_rows_pass_the_gate_only_where_ten_or_none_are_left_out() -> None:
    ids = [f"case-{place}" for place in range(30)]
    first = later(dict.fromkeys(range(12), "Yes"), ids)
    whole = later(dict.fromkeys(range(20), "Yes"), ids)
    but_five = later(dict.fromkeys(range(20), "Yes"), [*ids[:25], *"abcde"])
    assert not released(first.against(whole).show.change()).withheld
    assert released(first.against(but_five).show.change()).withheld


def test_it_is_said_how_many_of_how_many_and_how_often_with_no_change() -> None:
    same = PDU.against(PDU).show.change()
    assert same.title == "None of 13 key questions beyond chance"
    alarms = [false_alarm(yes / 42, 42, 42) for yes in PDU.published["yes"]]
    some = round(100 * (1 - np.prod(1 - np.array(alarms))))
    assert f"With no change at all, {some} of 100 such comparisons show at least one" in (
        same.sentence
    )
    assert any("regression to the mean" in note for note in same.notes)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 0.95), st.integers(10, 40), st.integers(10, 40))
def test_a_false_alarm_is_as_likely_as_drawing_says(share: float, n: int, later_n: int) -> None:
    chance = np.random.default_rng(n * later_n)
    one, two = (chance.binomial(size, share, 4000).astype(float) for size in (n, later_n))
    low, high = newcombe(two, np.full(4000, float(later_n)), one, np.full(4000, float(n)))
    seen = np.mean((low > 0) | (high < 0))
    assert false_alarm(share, n, later_n) == pytest.approx(seen, abs=0.02)


def test_no_change_is_claimed_with_fewer_than_ten_cases() -> None:
    few = OWN.where(sex="Female")
    assert few.size < 10
    found = PDU.against(few).show.change()
    columns = ["difference", "difference_low", "difference_high", "least_rise", "least_fall"]
    assert found.rows[columns].isna().all(axis=None)
    assert "A comparison needs ten cases on both sides." in found.sentence


def auditor(answers: dict[str, str | None]) -> Inspection:
    long = pd.DataFrame(
        {
            "case_id": list(answers),
            "question": "assessment_safety",
            "answer": list(answers.values()),
        }
    )
    return Inspection(
        "audit",
        {"title": "Audit", "unit": UNIT},
        PDU.framework,
        {"cases": long[["case_id"]], "answers": long},
        cases_are="own",
    )


def test_agreement_is_counted_over_the_cases_that_both_judged() -> None:
    ids = [f"case-{place}" for place in range(20)]
    one = auditor(dict(zip(ids, ["Yes"] * 10 + ["No"] * 10, strict=True)))
    two = auditor(
        dict(zip(ids, ["Yes"] * 8 + ["No"] * 11 + [None], strict=True)) | {"case-99": "Yes"}
    )
    found = one.against(two).show.agreement()
    row = found.rows.iloc[0]
    assert (row["agreed"], row["n"]) == (17, 19)
    assert "case-8" not in f"{found.records}{found.sentence}"  # which cases differ is not told
    table = np.array([[8, 2], [0, 9]])
    expected = cohens_kappa(table)
    ends = row[["kappa", "kappa_low", "kappa_high"]].astype(float).tolist()
    wanted = [expected.kappa, expected.kappa_low, min(1, expected.kappa_upp)]
    assert ends == pytest.approx(wanted, abs=1e-6)
    assert row["kappa_text"] == "0.79 ({:.2f} to {:.2f})".format(*wanted[1:])
    assert found.cases == "20 cases audited twice"
    assert (row["first_yes"], row["second_yes"]) == (10, 8)


def test_kappa_needs_both_to_vary_and_ten_cases() -> None:
    ids = [f"case-{place}" for place in range(12)]
    mixed = auditor(dict(zip(ids, ["Yes", "No"] * 6, strict=True)))
    few = auditor(dict(zip(ids[:9], ["Yes", "No", "No"] * 3, strict=True)))
    for other in (auditor(dict.fromkeys(ids, "Yes")), few):
        assert pd.isna(mixed.against(other).show.agreement().rows.iloc[0]["kappa"])
    apart = mixed.against(auditor({"other": "Yes"})).show.agreement()
    assert apart.rows.empty and "no case_id in common" in apart.sentence


def test_agreement_is_of_two_auditors_and_of_like_with_like() -> None:
    one = auditor({"case-1": "Yes"})
    with pytest.raises(KitError, match="two auditors: 3 are given"):
        one.against(one, one).show.agreement()
    blank = replace(one, frames={**one.frames, "answers": one.answers.iloc[:0]})
    assert "no question in common" in one.against(blank).show.agreement().sentence
    mixed = one.against(replace(one, cases_are="practice")).show.agreement()
    assert mixed.rows.empty and "made-up cases" in mixed.sentence
    assert PDU.against(one).show.agreement().title == "Agreement: not in these data"
