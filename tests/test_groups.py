"""Groups of own cases, few of them, and no more said than they show."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test
from statsmodels.stats.proportion import confint_proportions_2indep

import hmip_kit as hk
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.findings.compare import OTHERS
from hmip_kit.inspection import Inspection
from hmip_kit.settings import CONFIDENCE
from hmip_kit.stats import newcombe
from hmip_kit.stats.differences import mean_difference

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
UNIT = PDU.identity["unit"]
OWN = replace(PRACTICE, cases_are="own", identity={"title": "Audit", "unit": UNIT})
KEY = [one.id for one in PDU.framework.questions if one.strand != "progress"]


def sufficient(inspection: Inspection, **chosen: str) -> np.ndarray:
    part = inspection.where(**chosen)
    return np.asarray(np.sum([part.coded(one) == 0 for one in KEY], axis=0), dtype="float64")


def test_newcombe_is_that_of_statsmodels_and_of_the_published_example() -> None:
    low, high = newcombe(np.array([7.0]), np.array([20.0]), np.array([12.0]), np.array([22.0]))
    assert (round(low[0] / 100, 3), round(high[0] / 100, 3)) == (-0.446, 0.099)
    for counts in ((0, 12, 5, 30), (10, 10, 0, 11), (56, 70, 48, 80)):
        yes, n, other_yes, other_n = (np.array([float(count)]) for count in counts)
        found = newcombe(yes, n, other_yes, other_n)
        expected = confint_proportions_2indep(*counts, method="newcomb")
        np.testing.assert_allclose(np.ravel(found), 100 * np.array(expected), atol=1e-9)


def test_the_summary_is_that_of_scipy() -> None:
    row = OWN.show.compare("sentence_type").rows.iloc[0]
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
    p = permutation_test(
        (licence, community),
        lambda one, two: abs(one.mean() - two.mean()),
        vectorized=False,
        alternative="greater",
        n_resamples=9999,
        rng=np.random.default_rng(0),
    ).pvalue
    assert row["p"] == pytest.approx(p, abs=0.015)
    assert (row["answered_group"], row["answered_reference"]) == (12, 12)


def test_means_are_standardised_by_question_and_a_case_needs_answers_enough() -> None:
    """Of 40 cases 20 answer only the easy half: that is no better casework."""
    ids, easy = [f"case-{place}" for place in range(40)], KEY[:6]
    answers = [
        (one, question, "Yes" if question in easy else "No")
        for place, one in enumerate(ids)
        for question in (KEY if place < 20 else easy)
    ]
    few = [("few", KEY[0], "Yes")]
    frames = {
        "cases": pd.DataFrame({"case_id": [*ids, "few"], "sex": ["Male"] * 20 + ["Female"] * 21}),
        "answers": pd.DataFrame(answers + few, columns=["case_id", "question", "answer"]),
    }
    own = Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")
    row = own.show.compare("sex", reference="Male").rows.iloc[0]
    assert (row["n_group"], row["n_reference"]) == (20, 20)  # 1 of 1 does not count as 12 of 12
    assert (row["mean_group"], row["mean_reference"]) == (6, 6)
    assert (row["answered_group"], row["answered_reference"]) == (6, 12)
    assert row["answered_text"] == "6.0, 12.0"
    assert (row["difference"], row["p"]) == (0, 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(10, 25), st.integers(10, 25), st.booleans())
def test_interval_and_p_agree_about_zero(seed: int, n: int, other: int, stratified: bool) -> None:
    chance = np.random.default_rng(seed)
    values = np.concatenate(
        [chance.binomial(12, 0.3 + 0.2 * chance.random(), n), chance.binomial(12, 0.4, other)]
    ).astype("float64")
    group = np.arange(n + other) < n
    strata = chance.integers(0, 2, n + other) if stratified else None
    for confidence in (CONFIDENCE, 0.8, 0.99):
        difference, low, high, p = mean_difference(values, group, strata, confidence, 999, seed)
        assert low <= difference <= high
        assert (low > 0 or high < 0) == (p < 1 - confidence - 1e-9)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    chance, held = np.random.default_rng(1), 0
    group = np.arange(30) < 12
    for seed in range(300):
        values = chance.normal(size=30) + 2 * group
        _, low, high, _ = mean_difference(values, group, None, 0.9, 499, seed)
        held += low <= 2 <= high
    assert held / 300 == pytest.approx(0.9, abs=0.05)


def test_the_twelve_differences_have_intervals_and_no_p() -> None:
    rows = OWN.show.differences("sentence_type").rows
    assert rows["question"].tolist() == KEY
    assert "p" not in rows
    assert rows["fits"].str.fullmatch(r"[+-]\d+ to [+-]\d+").all()
    first = rows.iloc[0]
    counts = [int(first[name]) for name in ("yes_group", "n_group", "yes_reference", "n_reference")]
    expected = 100 * np.array(confint_proportions_2indep(*counts, method="newcomb"))
    np.testing.assert_allclose([first["low"], first["high"]], expected, atol=1e-9)


def test_no_group_under_ten_is_compared() -> None:
    found = OWN.show.compare("ethnicity")
    small = found.rows[found.rows["n_group"] < 10]
    assert len(small) == 3
    assert small[["difference", "low", "high", "p"]].isna().all(axis=None)
    for row in small.to_dict("records"):
        cases = f"{row['group']}: {row['n_group']} {'case' if row['n_group'] == 1 else 'cases'}, "
        few = "not compared" if row["group"] == "Not recorded" else "too few to compare"
        assert f"{cases}{few}" in found.sentence
    assert set(small["means"]) == {"not compared"}
    large = found.rows[found.rows["n_group"] >= 10]
    assert large["difference"].notna().all()
    assert set(OWN.show.differences("ethnicity").rows["group"]) == set(large["group"])


def test_not_recorded_is_shown_and_never_compared() -> None:
    found = OWN.show.compare("ethnicity", reference="White", together=True).rows
    assert found["group"].tolist() == [OTHERS, "Not recorded"]
    assert found["n_group"].sum() + found["n_reference"].iloc[0] == 42
    rows = OWN.show.differences("ethnicity", reference="White", together=True).rows
    assert "Not recorded" not in set(rows["group"])


def test_several_groups_as_one_are_counted_together() -> None:
    rows = OWN.show.differences("ethnicity", reference="White", together=True).rows
    row = rows[rows["question"] == KEY[0]].iloc[0]
    alone = OWN.show.results("ethnicity", questions=KEY[0]).rows
    white = alone[alone["ethnicity"] == "White"]
    others = alone[~alone["ethnicity"].isin(["White", "Not recorded"])]
    for what in ("yes", "n"):
        assert row[f"{what}_group"] == others[what].sum()
        assert row[f"{what}_reference"] == white[what].sum()


def test_within_sentence_type_is_a_weighted_difference_and_an_exchange_within_it() -> None:
    values = np.array([1.0, 2, 3, 9, 8, 7, 4, 6])
    group = np.array([True, True, False, False, True, False, True, False])
    strata = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    difference, _, _, p = mean_difference(values, group, strata)
    assert difference == pytest.approx(((1.5 - 6) + (6 - 6.5)) / 2)
    plain, _, _, alone = mean_difference(values, group)
    assert mean_difference(values, group, np.ones(8, dtype=int))[3] == alone
    assert plain == pytest.approx(values[group].mean() - values[~group].mean())
    exact = permutation_test(
        (values[group], values[~group]),
        lambda one, two: abs(one.mean() - two.mean()),
        alternative="greater",
        vectorized=False,
    ).pvalue
    assert alone == pytest.approx(exact, abs=0.03)
    ways = [  # of the 36 within the strata, by hand
        abs(
            (
                (values[list(a)].sum() - values[list({0, 1, 2, 3} - set(a))].sum()) / 2
                + (values[list(b)].sum() - values[list({4, 5, 6, 7} - set(b))].sum()) / 2
            )
            / 2
        )
        for a in combinations(range(4), 2)
        for b in combinations(range(4, 8), 2)
    ]
    assert p == pytest.approx(np.mean(np.array(ways) >= abs(difference) - 1e-9), abs=0.03)
    row = OWN.show.compare("sex", within="sentence_type", reference="Male").rows.iloc[0]
    assert row["within"] == "sentence_type" and pd.isna(row["low"])  # six women are too few
    row = OWN.show.compare("sentence_type", within="sex").rows.iloc[0]
    assert row["low"] < row["difference"] < row["high"]


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
    row = own.show.compare("sex").rows.iloc[0]
    columns = ["questions", "mean_group", "mean_reference", "difference"]
    assert row[columns].tolist() == [1, 1, 1, 0]
    assert own.show.differences("sex").rows["question"].tolist() == ["planning_safety"]
    within = own.show.compare("sex", within="rosh").sentence
    assert "no value compared within has cases of both groups" in within


def test_several_groups_are_allowed_for() -> None:
    thirds = np.array(["First", "Second", "Third"])[np.arange(42) % 3]
    frames = {**OWN.frames, "cases": OWN.cases.assign(third=thirds)}
    own = Inspection("audit", {"title": "Audit"}, OWN.framework, frames, cases_are="own")
    found = own.show.compare("third")
    assert any("several groups (Bonferroni)" in note for note in found.notes)
    for row in found.rows.to_dict("records"):
        values, group = sufficient_of(own, row["group"], row["reference"])
        expected = mean_difference(values, group, None, 0.975)
        found_so = [row[name] for name in ("difference", "low", "high")]
        assert found_so == pytest.approx(list(expected[:3]), abs=1e-9)
        assert row["p"] == pytest.approx(min(1, 2 * expected[3]), abs=1e-9)


def sufficient_of(own: Inspection, *pair: str) -> tuple[np.ndarray, np.ndarray]:
    """Return how many questions were sufficient in each case of two thirds, by third and number."""
    thirds = own.cases["third"].astype("str").to_numpy()
    many = np.sum([own.coded(one) == 0 for one in KEY], axis=0).astype("float64")
    order = [place for place in np.lexsort((many, thirds)) if thirds[place] in pair]
    return many[order], thirds[order] == pair[0]


def test_the_make_up_adds_up_to_the_groups() -> None:
    rows = PRACTICE.show.make_up("ethnicity").rows
    assert (
        rows.groupby(["group", "characteristic"])["cases"].sum()
        == rows.groupby(["group", "characteristic"])["n"].first()
    ).all()
    assert rows.groupby("characteristic")["cases"].sum().tolist() == [42, 42]
    assert set(PRACTICE.show.make_up("rosh").rows["characteristic"]) == {"sentence_type"}
    assert (rows["cases"] > 0).all()


def test_what_groups_are_made_up_of_needs_sentence_or_risk() -> None:
    cases = OWN.cases[["case_id", "sex"]]
    bare = Inspection("audit", {"title": "Audit"}, OWN.framework, {"cases": cases}, cases_are="own")
    found = bare.show.make_up("sex")
    assert found.title == "What groups are made up of: not in these data"
    assert "Neither sentence type nor risk" in found.sentence


def test_groups_stand_side_by_side_without_losing_any() -> None:
    found = PRACTICE.show.groups("sex")
    rows = found.rows
    assert len(rows) == 2 * len(PRACTICE.framework.questions)
    assert rows.groupby("question")["n"].sum().max() == 42
    whole = PRACTICE.show.results().rows.set_index("question")["yes"]
    assert rows.groupby("question")["yes"].sum().to_dict() == whole.to_dict()
    assert found.sentence.endswith("Answered at most: Female 6 cases and Male 36 cases.")
    assert found.recount is not None and found.recount.split
    nobody = PRACTICE.where(sex="Female").where(sex="Male").show.groups("sex")
    assert len(nobody.rows) == len(rows) and (nobody.rows["n"] == 0).all()
    with pytest.raises(UnknownName, match="sex"):
        PRACTICE.show.groups("sax")


@pytest.mark.parametrize(
    ("inspection", "why"), [(PRACTICE, "made up"), (PDU, "totals name none")], ids=["made up", "no"]
)
def test_only_own_cases_are_compared(inspection: Inspection, why: str) -> None:
    for found in (inspection.show.compare(), inspection.show.differences()):
        assert found.rows.empty and found.title.endswith("not in these data")
        assert why in found.sentence


def test_a_comparison_that_cannot_be_made_says_why() -> None:
    with pytest.raises(UnknownName, match="ethnicity"):
        OWN.show.compare("ethnicty")
    with pytest.raises(UnknownName, match="White"):
        OWN.show.compare(reference="Whit")
    with pytest.raises(KitError, match="two different"):
        OWN.show.compare("sex", within="sex")
    men = OWN.where(sex="Male").show
    assert "two recorded groups; recorded here: one" in men.compare("sex").sentence
    assert "recorded as 'Female'" in men.compare("sex", reference="Female").sentence
    silent = Inspection(
        "audit",
        {"title": "Audit"},
        OWN.framework,
        {**OWN.frames, "answers": OWN.answers.assign(answer="Not applicable")},
        cases_are="own",
    )
    assert "No key question of casework is answered" in silent.show.differences("sex").sentence


def test_a_characteristic_of_ones_own_is_compared_too() -> None:
    cases = OWN.cases.assign(
        minority=np.where(OWN.cases["ethnicity"] == "White", "White", "Ethnic minority")
    )
    own = Inspection(
        "audit", {"title": "Audit"}, OWN.framework, {**OWN.frames, "cases": cases}, cases_are="own"
    )
    found = own.show.compare("minority", reference="White")
    assert found.rows[["group", "n_group", "n_reference"]].values.tolist() == [
        ["Ethnic minority", 24, 18]
    ]
    assert "Ethnic minority, 24 cases: " in found.sentence
