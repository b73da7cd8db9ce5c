"""Groups, change and agreement: own cases only, few of them, and no more said than they show."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test, ttest_ind
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

import hmip_kit as hk
from hmip_kit.errors import KitError, NeedsCases, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.measures.groups import OTHERS
from hmip_kit.measures.intervals import newcombe
from hmip_kit.measures.make_up import make_up
from hmip_kit.measures.mean_differences import difference_within, permutation_p_within

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
OWN = replace(PRACTICE, cases_are="own", identity={"title": "Audit"})
KEY = [one.id for one in PDU.framework.questions if one.strand != "progress"]


def sufficient(inspection: Inspection, **chosen: str) -> np.ndarray:
    codes = inspection.where(**chosen).answer_codes
    return np.asarray(
        (codes[:, [inspection.questions.index(one) for one in KEY]] == 0).sum(axis=1),
        dtype="float64",
    )


def test_newcombe_is_that_of_statsmodels_and_of_the_published_example() -> None:
    low, high = newcombe(np.array([7.0]), np.array([20.0]), np.array([12.0]), np.array([22.0]))
    assert (round(low[0] / 100, 3), round(high[0] / 100, 3)) == (-0.446, 0.099)
    for counts in ((0, 12, 5, 30), (10, 10, 0, 11), (56, 70, 48, 80)):
        yes, n, other_yes, other_n = (np.array([float(count)]) for count in counts)
        found = newcombe(yes, n, other_yes, other_n)
        expected = confint_proportions_2indep(*counts, method="newcomb")
        np.testing.assert_allclose(np.ravel(found), 100 * np.array(expected), atol=1e-9)


def test_the_summary_is_that_of_scipy() -> None:
    row = hk.compare(OWN, by="sentence_type").summary.iloc[0]
    licence, community = (
        sufficient(OWN, sentence_type="Licence"),
        sufficient(OWN, sentence_type="Community"),
    )
    assert (row["group"], row["reference"], row["n_group"], row["n_reference"]) == (
        "Licence",
        "Community",
        19,
        23,
    )
    np.testing.assert_allclose(row["difference"], licence.mean() - community.mean(), atol=1e-9)
    ends = ttest_ind(licence, community, equal_var=False).confidence_interval()
    np.testing.assert_allclose([row["low"], row["high"]], [ends.low, ends.high], atol=1e-9)
    p = permutation_test(
        (licence, community),
        lambda one, two: one.mean() - two.mean(),
        vectorized=False,
        n_resamples=9999,
        rng=np.random.default_rng(0),
    ).pvalue
    np.testing.assert_allclose(row["p"], p, atol=1e-9)


def test_the_twelve_differences_have_intervals_and_no_p() -> None:
    rows = hk.compare(OWN, by="sentence_type").differences
    assert rows["question"].tolist() == KEY
    assert "p" not in rows
    assert rows["text"].str.contains("the data fit anything from").all()
    first = rows.iloc[0]
    counts = [int(first[name]) for name in ("yes_group", "n_group", "yes_reference", "n_reference")]
    expected = 100 * np.array(confint_proportions_2indep(*counts, method="newcomb"))
    np.testing.assert_allclose([first["low"], first["high"]], expected, atol=1e-9)


def test_no_group_under_ten_is_compared() -> None:
    found = hk.compare(OWN, by="ethnicity")
    small = found.summary[(found.summary["n_group"] < 10)]
    assert len(small) == 3
    assert small[["difference", "low", "high", "p"]].isna().all(axis=None)
    assert small["text"].str.contains("too few to compare|not compared").all()
    some = found.differences[found.differences["n_group"] < 10]
    assert some[["difference", "low", "high"]].isna().all(axis=None)
    large = found.summary[found.summary["n_group"] >= 10]
    assert large["difference"].notna().all()


def test_not_recorded_is_shown_and_never_compared() -> None:
    found = hk.compare(OWN, by="ethnicity", reference="White", together=True)
    assert found.summary["group"].tolist() == [OTHERS, "Not recorded"]
    assert found.summary["n_group"].sum() + found.summary["n_reference"].iloc[0] == 42
    assert "Not recorded" not in set(found.differences["group"])


def test_within_sentence_type_is_a_weighted_difference_and_an_exchange_within_it() -> None:
    values = np.array([1.0, 2, 3, 9, 8, 7, 4, 6])
    group = np.array([True, True, False, False, True, False, True, False])
    strata = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    assert difference_within(values, group, strata) == pytest.approx(((1.5 - 6) + (6 - 6.5)) / 2)
    one = np.zeros(8, dtype=np.int64)
    exact = permutation_test(
        (values[group], values[~group]), lambda a, b: a.mean() - b.mean(), vectorized=False
    ).pvalue
    assert permutation_p_within(values, group, one, 4000, 1) == pytest.approx(exact, abs=0.03)
    row = hk.compare(OWN, by="sex", within="sentence_type", reference="Male").summary.iloc[0]
    assert row["within"] == "sentence_type" and pd.isna(row["low"])


def test_a_summary_counts_only_the_questions_that_the_file_answers() -> None:
    ids = [f"case-{place}" for place in range(30)]
    cases = pd.DataFrame(
        {
            "case_id": ids,
            "sex": ["Male"] * 15 + ["Female"] * 15,
            "rosh": ["Low"] * 15 + ["High"] * 15,
        }
    )
    answers = pd.DataFrame({"case_id": ids, "question": "planning_safety", "answer": "Yes"})
    own = Inspection(
        "audit",
        {"title": "Audit"},
        PDU.framework,
        {"cases": cases, "answers": answers},
        cases_are="own",
    )
    found = hk.compare(own, by="sex")
    assert found.summary[["questions", "mean_group", "mean_reference", "difference"]].iloc[
        0
    ].tolist() == [1, 1, 1, 0]
    assert found.differences["question"].tolist() == ["planning_safety"]
    assert (
        "no value compared within has cases of both groups"
        in hk.compare(own, by="sex", within="rosh").summary["text"].iloc[0]
    )


def test_several_groups_are_allowed_for() -> None:
    thirds = np.array(["First", "Second", "Third"])[np.arange(42) % 3]
    frames = {**OWN.frames, "cases": OWN.cases.assign(third=thirds)}
    summary = hk.compare(
        Inspection("audit", {"title": "Audit"}, OWN.framework, frames, cases_are="own"), by="third"
    ).summary
    assert summary["p_holm"].tolist() == pytest.approx(
        multipletests(summary["p"], method="holm")[1].tolist(), abs=1e-9
    )


def test_the_make_up_adds_up_to_the_groups() -> None:
    rows = make_up(PRACTICE, "ethnicity")
    assert (
        rows.groupby(["group", "characteristic"])["cases"].sum()
        == rows.groupby(["group", "characteristic"])["n"].first()
    ).all()
    assert rows.groupby("characteristic")["cases"].sum().tolist() == [42, 42]
    assert set(make_up(PRACTICE, "rosh")["characteristic"]) == {"sentence_type"}


@pytest.mark.parametrize(("inspection", "why"), [(PRACTICE, "made up"), (PDU, "no cases")])
def test_only_own_cases_are_compared(inspection: Inspection, why: str) -> None:
    with pytest.raises(NeedsCases, match=why):
        hk.compare(inspection)


def test_a_comparison_that_cannot_be_made_says_why() -> None:
    with pytest.raises(UnknownName, match="ethnicity"):
        hk.compare(OWN, by="ethnicty")
    with pytest.raises(UnknownName, match="White"):
        hk.compare(OWN, reference="Whit")
    with pytest.raises(KitError, match="two recorded groups"):
        hk.compare(OWN.where(sex="Male"), by="sex")
    with pytest.raises(KitError, match="two different"):
        hk.compare(OWN, by="sex", within="sex")


def test_a_characteristic_of_ones_own_is_compared_too() -> None:
    cases = OWN.cases.assign(
        minority=np.where(OWN.cases["ethnicity"] == "White", "White", "Ethnic minority")
    )
    own = Inspection(
        "audit", {"title": "Audit"}, OWN.framework, {**OWN.frames, "cases": cases}, cases_are="own"
    )
    found = hk.compare(own, by="minority", reference="White")
    assert found.summary[["group", "n_group", "n_reference"]].values.tolist() == [
        ["Ethnic minority", 24, 18]
    ]
    assert repr(found) == found.summary["text"].iloc[0]


def test_what_a_sample_can_show() -> None:
    assert hk.detectable(19, 23, 50)["points"].tolist() == [38, 38]
    assert hk.detectable(19, 23, 20)["points"].fillna(-1).tolist() == [41, -1]
    assert (
        pd.isna(hk.detectable(5, 37, 50).iloc[0]["points"])
        or hk.detectable(5, 37, 50).iloc[0]["points"] > 40
    )
    for wrong in ((0, 23, 50), (19, 23, 101), (19, 23, 0.2)):
        with pytest.raises(KitError):
            hk.detectable(*wrong)


def test_a_larger_sample_shows_smaller_differences() -> None:
    assert hk.detectable(100, 100, 40)["points"].max() < hk.detectable(30, 30, 40)["points"].min()


def test_what_lies_beyond_chance() -> None:
    assert hk.beyond_chance(9, 42, 42)[1] == 18
    assert hk.beyond_chance(9, 42, 30)[1] == 13
    assert hk.beyond_chance(0, 42, 42)[0] is None
    assert hk.beyond_chance(0, 0, 42) == (None, None)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_the_count_beyond_chance_is_the_first_one(n: int, later: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, n))
    fall, rise = hk.beyond_chance(yes, n, later)
    size, before, base = (np.full(later + 1, float(count)) for count in (later, yes, n))
    low, high = newcombe(np.arange(later + 1.0), size, before, base)
    assert rise is None or (low[rise] > 0 and not (low[:rise] > 0).any())
    assert fall is None or (high[fall] < 0 and not (high[fall + 1 :] < 0).any())


def test_a_change_is_within_one_unit_and_never_of_practice_cases() -> None:
    rows = hk.change(PDU, OWN)
    assert rows["question"].tolist() == [one.id for one in PDU.framework.questions]
    assert rows["difference"].abs().max() == 0  # made to match the totals
    assert not rows["beyond_chance"].any()
    assert rows["warning"].str.startswith("Local auditors are not inspectors").all()
    assert rows.set_index("question").loc["assessment_safety", "least_rise"] == 18
    assert set(hk.change(PDU, PDU)["warning"]) == {""}
    with pytest.raises(NeedsCases, match="made-up"):
        hk.change(PDU, PRACTICE)
    with pytest.raises(KitError, match="one unit"):
        hk.change(PDU, replace(PDU, identity={**PDU.identity, "unit": "Another PDU"}))


def test_no_change_is_claimed_with_fewer_than_ten_cases() -> None:
    few = OWN.where(sex="Female")
    assert few.size < 10
    rows = hk.change(PDU, few)
    assert rows[["difference", "low", "high", "least_rise", "least_fall"]].isna().all(axis=None)
    assert rows["text"].str.contains("no comparison with fewer than 10 cases").all()


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
        {"title": "Audit"},
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
    row = hk.agreement(one, two).iloc[0]
    assert (row["agreed"], row["n"], row["differ"]) == (17, 19, ["case-8", "case-9"])
    table = np.array([[8, 2], [0, 9]])
    assert row["kappa"] == pytest.approx(cohens_kappa(table, return_results=False), abs=1e-9)
    assert (row["first_yes"], row["second_yes"]) == (10, 8)


def test_kappa_needs_both_to_vary_and_ten_cases() -> None:
    ids = [f"case-{place}" for place in range(12)]
    mixed = auditor(dict(zip(ids, ["Yes", "No"] * 6, strict=True)))
    assert pd.isna(hk.agreement(mixed, auditor(dict.fromkeys(ids, "Yes"))).iloc[0]["kappa"])
    assert pd.isna(
        hk.agreement(mixed, auditor(dict(zip(ids[:9], ["Yes", "No", "No"] * 3, strict=True)))).iloc[
            0
        ]["kappa"]
    )
    with pytest.raises(KitError, match="no case_id in common"):
        hk.agreement(mixed, auditor({"other": "Yes"}))
