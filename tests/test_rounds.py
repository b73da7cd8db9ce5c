"""Rounds and units: limits, signals and intervals against simulation and other sources."""

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pandas as pd
import pytest
from practice import CASELOAD, ROUNDS, UNITS
from scipy.stats import norm

import hmip_kit as hk
from hmip_kit.collection import Collection, collected, of_several, taken_apart
from hmip_kit.errors import UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.protect import released
from hmip_kit.sources.bundled import framework_named
from hmip_kit.stats.differences import newcombe, tango
from hmip_kit.stats.intervals import binomial_limits, signals_by_chance, stratified, wilson

ROUNDS_OF_PRACTICE = of_several(hk.load("practice-rounds"))
FRAMEWORK = framework_named("pdu-2021")
KEY = [one.id for one in FRAMEWORK.questions]
STANDARD_ERRORS = 3.5


def audit(answers: np.ndarray, cases_are: str = "own", **columns: list[str]) -> Collection:
    """Return cases of one file; `answers` has a row a case, a column a question, true for Yes."""
    ids = [f"case-{place}" for place in range(len(answers))]
    rows = pd.DataFrame(np.where(answers, "Yes", "No"), columns=KEY[: answers.shape[1]], index=ids)
    rows = rows.rename_axis("case_id").reset_index().melt("case_id", None, "question", "answer")
    cases = {name: pd.Categorical(values) for name, values in columns.items()}
    frames = {"cases": pd.DataFrame({"case_id": ids, **cases}), "answers": rows}
    identity = {"title": "Region", "framework": FRAMEWORK.id}
    found = taken_apart(Inspection("region", identity, FRAMEWORK, frames, cases_are))  # type: ignore[arg-type]
    assert isinstance(found, Collection)
    return found


def steady(seed: int, sizes: list[int], share: float = 0.45, questions: int = 13) -> Collection:
    """Return rounds of so many cases each, of a service that does not change."""
    chance = np.random.default_rng(seed)
    labels = [f"R{place + 1}" for place, size in enumerate(sizes) for _ in range(size)]
    return audit(chance.random((sum(sizes), questions)) < share, round=labels)


def test_limits_are_the_exact_ones_at_each_rounds_own_n() -> None:
    rows = steady(1, [12, 30, 60]).show.over_time().rows
    for row in rows.to_dict("records"):
        low, high = binomial_limits(row["n"], row["centre"] / 100, 0.998)
        assert (row["low_998"], row["high_998"]) == pytest.approx((low, high))
        share, below = row["centre"] / 100, round(row["low_998"] * row["n"] / 100) - 1
        tail = sum(
            comb(row["n"], k) * share**k * (1 - share) ** (row["n"] - k) for k in range(below + 1)
        )
        assert tail < 0.001
    assert rows.groupby("question")["centre"].nunique().eq(1).all()


def test_what_chance_gives_is_counted_over_every_arrangement() -> None:
    """Given the total, every way to share the Yes out among the rounds has a known weight."""
    n, total, level = (5, 7, 6), 7, 0.8
    said = signals_by_chance([2, 3, 2], n, level)
    found, weight = np.zeros(3), 0.0
    for counts in product(*(range(size + 1) for size in n)):
        if sum(counts) == total:
            ways = float(np.prod([comb(size, many) for size, many in zip(n, counts, strict=True)]))
            low, high = binomial_limits(n, total / sum(n), level)
            percent = 100 * np.array(counts) / n
            found += ways * ((percent < low - 1e-9) | (percent > high + 1e-9))
            weight += ways
    assert said == pytest.approx(found / weight)


@pytest.mark.parametrize("baseline", [None, (True, True, False, False)])
def test_signals_come_as_often_as_is_said(baseline: tuple[bool, ...] | None) -> None:
    chance, n, level, draws = np.random.default_rng(7), np.array([10, 25, 40, 60]), 0.95, 2_000
    inside = np.ones(4, dtype=bool) if baseline is None else np.array(baseline)
    counts = chance.binomial(n, 0.42, size=(draws, 4))
    shares = counts[:, inside].sum(axis=1) / n[inside].sum()
    hits = np.array(
        [
            np.sum((100 * one / n < low) | (100 * one / n > high))
            for one, share in zip(counts, shares, strict=True)
            for low, high in [binomial_limits(n, share, level)]
        ]
    )
    said = np.array([signals_by_chance(one, n, level, inside).sum() for one in counts[:500]])
    error = np.hypot(hits.std() / draws**0.5, said.std() / len(said) ** 0.5)
    assert abs(hits.mean() - said.mean()) < STANDARD_ERRORS * error


def signals_in(years: int) -> tuple[int, float, int]:
    """Return how many signals there are in years of six units, how many are said, of how many."""
    found, said, of = 0, 0.0, 0
    for seed in range(6 * years):
        rows = steady(seed, [40] * 4).show.over_time().rows
        found += int((rows["signal_text"] != "").sum())
        said += rows["by_chance"].sum()
        of += len(rows)
    return found, said, of


def test_a_year_of_six_units_without_change_signals_as_often_as_said() -> None:
    """Six units, four quarters of 40 cases, 13 questions: 312 results a year."""
    found, said, of = signals_in(2)
    assert of == 624
    assert 0 < said < 0.001 * of
    assert found <= said + STANDARD_ERRORS * said**0.5


@pytest.mark.slow
def test_many_years_of_six_units_without_change_signal_as_often_as_said() -> None:
    found, said, _ = signals_in(60)
    assert abs(found - said) < STANDARD_ERRORS * said**0.5


def test_a_true_change_is_a_signal_and_is_worse() -> None:
    answers = np.random.default_rng(2).random((200, 13)) < 0.6
    answers[150:, 0] = np.arange(50) < 5
    mine = audit(answers, round=[f"R{place // 50 + 1}" for place in range(200)])
    over_time, change = mine.show.over_time(), mine.show.better_or_worse()
    signals = over_time.rows[over_time.rows["signal_text"] != ""]
    assert (KEY[0], "R4", "lower") in signals[["question", "round", "signal_text"]].itertuples(
        index=False, name=None
    )
    assert change.rows.set_index("question").loc[KEY[0], "verdict_text"] == "worse"
    assert change.title.startswith("None better and 1 worse out of 13 key questions, R4")
    chosen = mine.show.over_time(KEY[0], baseline=["R1", "R2"]).rows
    assert chosen["centre"].iloc[0] == pytest.approx(100 * answers[:100, 0].mean())
    with pytest.raises(UnknownName, match="no round 'R9'"):
        mine.show.over_time(baseline=["R9"])


@pytest.mark.parametrize("sizes", [[20], [20, 20], [12] * 12, [5, 5, 5], [20, 5, 20]])
def test_one_round_two_twelve_and_rounds_of_five_cases(sizes: list[int]) -> None:
    labels = [f"R{place + 1}" for place, size in enumerate(sizes) for _ in range(size)]
    answers = np.random.default_rng(3).random((sum(sizes), 13)) < 0.5
    if len(sizes) == 1:
        one = hk.load("practice-cases").show.over_time()
        assert one.title == "Practice cases: Key questions over time: not in these data"
        return
    mine = audit(answers, round=labels)
    for shown in (mine.show.over_time(), mine.show.better_or_worse()):
        assert shown.title
        assert "nan" not in shown.sentence
    rows = mine.show.over_time().rows
    small = rows["n"] < 10
    assert rows.loc[small, ["percent", "low", "low_998", "by_chance"]].isna().all(axis=None)
    assert list(rows["round"].cat.categories) == [f"R{one + 1}" for one in range(len(sizes))]


def test_a_question_that_a_round_did_not_ask_is_a_gap() -> None:
    mine = steady(4, [20, 20, 20])
    answers = mine.frames["answers"].astype("str")
    first = answers["case_id"].isin([f"case-{place}" for place in range(20, 40)])
    frames = {**mine.frames, "answers": answers[~(first & (answers["question"] == KEY[0]))]}
    rows = replace(mine, frames=frames).show.over_time().rows
    gap = rows[(rows["question"] == KEY[0]) & (rows["round"] == "R2")].iloc[0]
    assert (gap["n"], gap["text"], gap["signal_text"]) == (0, "no cases", "")


def test_a_population_narrows_intervals_as_published() -> None:
    """O'Neill (2021): 12 of 20 drawn from 40; with N = n a point, with N unknown Wilson's own."""
    assert wilson(12, 20, population=40) == pytest.approx((44.4, 73.8), abs=0.05)
    low, high = newcombe(7, 20, 12, 22, population=40, other_population=44)
    ends = [wilson(7, 20, population=40), wilson(12, 22, population=44)]
    share, other = 35, 1200 / 22  # by hand: the two Wilson intervals put together
    assert low == pytest.approx(share - other - np.hypot(share - ends[0][0], ends[1][1] - other))
    assert high == pytest.approx(share - other + np.hypot(ends[0][1] - share, other - ends[1][0]))
    census = newcombe(7, 20, 12, 22, population=20, other_population=22)
    assert census == pytest.approx((share - other, share - other), abs=0.05)
    assert newcombe(7, 20, 12, 22) == pytest.approx((-44.6, 9.9), abs=0.05)


def test_intervals_of_a_finite_population_cover_it() -> None:
    chance, covered = np.random.default_rng(5), []
    for population, n, yes in ((60, 30, 24), (100, 80, 35), (45, 42, 20)):
        drawn = chance.hypergeometric(yes, population - yes, n, size=4_000)
        low, high = wilson(drawn, np.full(4_000, n), population=np.full(4_000, population))
        true = 100 * yes / population
        covered.append(((low - 1e-9 <= true) & (true <= high + 1e-9)).mean())
    assert min(covered) > 0.9
    assert np.mean(covered) > 0.93
    assert tango(1 / 0.5, 7 / 0.5, 21 / 0.5)[1] < tango(1, 7, 21)[1]


def test_a_census_says_so_and_a_change_knows_it() -> None:
    unit = ROUNDS_OF_PRACTICE.members[0]
    mine = Inspection("a", {**unit.identity, "title": "A"}, unit.framework, unit.frames, "own")
    shown = mine.show.key_questions()
    assert "All cases of the period were audited" in shown.notes[-1]
    rows = shown.rows[shown.rows["not_recorded"] == 0]
    assert rows["low"].tolist() == pytest.approx(rows["percent"].tolist())
    later = replace(mine, name="b", identity={**mine.identity, "population": 90})
    first, second = (
        mine.against(one).show.change().rows.query("when == 'after'")["difference_high"].mean()
        for one in (later, replace(later, identity={**mine.identity, "population": None}))
    )
    assert first < second


def audited_again(first: np.ndarray, second: np.ndarray, alike: bool = True) -> Collection:
    """Return two rounds of the same cases, or of others who have the same ids."""
    sexes = ["Female", "Male"]
    each = [
        replace(
            audit(answers, round=["1"] * 2 + ["2"] * (len(answers) - 2)).sample,
            identity={"title": label, "round": label, "unit": "North"},
        )
        for answers, label in ((first, "A"), (second, "B"))
    ]
    turned = [sexes, sexes if alike else sexes[::-1]]
    made = []
    for one, values in zip(each, turned, strict=True):
        size = len(one.frames["cases"])
        cases = (
            one.frames["cases"]
            .drop(columns="round")
            .assign(sex=pd.Categorical([values[place % 2] for place in range(size)], sexes))
        )
        frames = {"cases": cases, "answers": one.frames["answers"].astype("str")}
        made.append(Inspection(one.title, one.identity, FRAMEWORK, frames, "own"))
    return collected("region", made)


def test_the_same_cases_in_two_rounds_are_paired_by_mcnemars_exact_test() -> None:
    first = np.zeros((30, 13), dtype=bool)
    second = first.copy()
    second[:8, 0] = True  # 8 better and none worse: p = 2 / 2**8
    second[:5, 1] = True  # p = 2 / 2**5
    rows = audited_again(first, second).show.better_or_worse().rows.set_index("question")
    assert rows["paired"].tolist() == [30] * 13
    assert rows.loc[KEY[0], "verdict_text"] == "better"
    assert rows.loc[KEY[1], "verdict_text"] == "within chance"
    assert list(rows.loc[KEY[1], ["yes", "n", "yes_before"]]) == [5, 30, 0]
    low, high = tango(8, 0, 30)
    assert list(rows.loc[KEY[0], ["low", "high"]]) == pytest.approx([low, high])
    others = audited_again(first, second, alike=False).show.better_or_worse()
    assert others.rows["paired"].tolist() == [0] * 13


@pytest.mark.parametrize(("more", "shown"), [(0, True), (4, False), (10, True)])
def test_for_sharing_a_few_cases_that_are_not_paired_stay_hidden(more: int, shown: bool) -> None:
    chance = np.random.default_rng(5)
    first, second = chance.random((30, 13)) < 0.4, chance.random((30 + more, 13)) < 0.5
    rounds = audited_again(first, second)
    assert released(rounds.show.better_or_worse()).rows.empty is not shown
    grouped = rounds.show.better_or_worse(by="sex")  # each group has its own pairs
    assert grouped.protect.paired is None or released(grouped).rows.empty


def test_a_round_that_is_chosen_stands_against_those_before_it() -> None:
    rows = ROUNDS_OF_PRACTICE.where(round="2025 Q1").show.better_or_worse().rows.iloc[0]
    before = ROUNDS_OF_PRACTICE.where(round=["2024 Q3", "2024 Q4"])
    first = before.show.results(questions=KEY[0]).rows.iloc[0]
    assert (rows["round"], rows["yes_before"], rows["n_before"]) == (
        "2025 Q1",
        first["yes"],
        first["n"],
    )
    both = ROUNDS_OF_PRACTICE.show.better_or_worse(by="unit").rows
    alone = ROUNDS_OF_PRACTICE.where(unit="Cressmoor").show.better_or_worse().rows
    mine = both[both["unit"] == "Cressmoor"]
    assert mine["verdict_text"].tolist() == alone["verdict_text"].tolist()


def test_charts_of_rounds_follow_a_choice_of_a_unit_live_and_say_that_all_rounds_stay() -> None:
    shown = ROUNDS_OF_PRACTICE.show.over_time()
    assert shown.remade is not None
    chosen = shown.remade(ROUNDS_OF_PRACTICE.where(unit="Alderbank", round="2025 Q1"))
    assert chosen.cases == "180 of 636 cases (unit: Alderbank), whichever round is chosen"
    assert set(chosen.rows["round"]) == set(ROUNDS)


def test_what_is_said_of_one_unit_or_of_the_first_round_is_true_of_it() -> None:
    one = ROUNDS_OF_PRACTICE.where(unit="Alderbank").show
    assert one.region_total().title.endswith("13 key questions over 1 unit by cases")
    assert one.funnel().sentence.endswith("one is given.")
    assert (
        "No round is before"
        in ROUNDS_OF_PRACTICE.where(round=next(iter(ROUNDS))).show.better_or_worse().sentence
    )
    each = ROUNDS_OF_PRACTICE.show.better_or_worse(by="unit")
    assert "out of 39 results" in each.title
    assert "Assessment: desistance (Brackenfold: 104 of 197" in each.sentence


def test_the_weighted_share_is_wilsons_for_one_unit_and_covers_for_several() -> None:
    assert stratified([8], [42], [5])[1:] == pytest.approx(wilson(8, 42))
    share, low, high = stratified([400, 900], [1000, 1000], [3, 1])
    spread = np.sqrt((0.75**2 * 0.4 * 0.6 + 0.25**2 * 0.9 * 0.1) / 1000)
    assert share == pytest.approx(52.5)
    assert [low, high] == pytest.approx(
        [52.5 - 100 * norm.ppf(0.975) * spread, 52.5 + 100 * norm.ppf(0.975) * spread], abs=0.15
    )
    chance, shares, n, weights = np.random.default_rng(6), [0.2, 0.5, 0.8], [20, 30, 40], [1, 2, 3]
    true = 100 * np.average(shares, weights=weights)
    ends = [stratified(chance.binomial(n, shares), n, weights)[1:] for _ in range(800)]
    assert 0.925 < np.mean([low <= true <= high for low, high in ends]) < 0.975
    assert np.isnan(stratified([1, 0], [10, 0], [1, 1])).all()


def test_units_stand_by_name_or_as_stated_and_never_ranked() -> None:
    answers = np.random.default_rng(8).random((90, 13)) < np.repeat([0.2, 0.5, 0.9], 30)[:, None]
    mine = audit(answers, unit=["South"] * 30 + ["East"] * 30 + ["North"] * 30)
    shown = mine.show.units_side_by_side()
    assert shown.rows["unit"].head(3).tolist() == ["East", "North", "South"]
    assert shown.rows["centre"].iloc[0] == pytest.approx(100 * answers[:, 0].mean())
    total = mine.show.region_total().rows.iloc[0]
    assert (total["yes"], total["n"]) == (answers[:, 0].sum(), 90)
    assert total["low"] == pytest.approx(wilson(total["yes"], 90)[0])
    assert np.isnan(total["weighted"])


def test_the_regions_total_by_caseload() -> None:
    rows = ROUNDS_OF_PRACTICE.show.region_total().rows
    units = ROUNDS_OF_PRACTICE.show.units_side_by_side().rows
    first = units[units["question"] == KEY[0]]
    sexes, risks = list(CASELOAD.values())[:2], list(CASELOAD.values())[2:]
    loads = [
        max(sum(many * drawn // 50 for many in one) for one in (sexes, risks))
        for _, (_, drawn), _ in UNITS.values()
    ]
    by_hand = np.average(100 * first["yes"] / first["n"], weights=loads)
    assert rows["weighted"].iloc[0] == pytest.approx(by_hand)


def test_a_funnel_of_a_collection_takes_eight_units() -> None:
    answers = np.random.default_rng(9).random((240, 2)) < 0.5
    mine = audit(answers, unit=[f"Unit {place // 30}" for place in range(240)])
    shown = mine.show.funnel(KEY[0])
    assert shown.rows["unit"].tolist() == [f"Unit {place}" for place in range(8)]
    assert shown.rows["n"].tolist() == [30] * 8
    assert mine.show.funnel().rows["question"].iloc[0] == KEY[0]
    assert "takes eight units" in ROUNDS_OF_PRACTICE.show.funnel().sentence
    assert hk.load("practice-cases").show.funnel().title.endswith("not in these data")


def own(found: Inspection) -> Inspection:
    return replace(found, cases_are="own")


def test_the_sample_beside_the_caseload() -> None:
    shown = own(ROUNDS_OF_PRACTICE).show.sample_and_caseload()
    row = shown.rows[shown.rows["value"] == "Low"].to_dict("records")[0]
    low, high = wilson(int(row["cases"]), int(row["n"]))
    expected = 100 * row["in_caseload"] / row["caseload"]
    assert (row["low"], row["high"]) == pytest.approx((low - expected, high - expected))
    assert row["position_text"] == ("under-represented" if high < expected else "")
    assert set(shown.rows["characteristic"]) == {"sex", "rosh"}
    assert ROUNDS_OF_PRACTICE.show.sample_and_caseload().rows.empty


def test_what_is_not_recorded_leaves_a_worst_and_a_best() -> None:
    rows = ROUNDS_OF_PRACTICE.show.not_recorded(by="unit").rows
    row = rows[rows["not_recorded"] > 0].iloc[0]
    assert row["asked"] == row["n"] + row["not_recorded"]
    assert row["worst"] == pytest.approx(100 * row["yes"] / row["asked"])
    assert row["best"] == pytest.approx(100 * (row["yes"] + row["not_recorded"]) / row["asked"])
    assert len(rows) == 13 * 3


def test_two_auditors_and_a_moderated_answer() -> None:
    unit = ROUNDS_OF_PRACTICE.members[0]
    mine = Inspection("a", {**unit.identity, "title": "A"}, unit.framework, unit.frames, "own")
    shown = mine.show.two_auditors()
    assert shown.cases == "12 cases audited twice"
    assert set(shown.rows["n"]) == {12}
    assert {"first_text", "second_text", "moderated_text"} <= set(shown.rows)
    first = mine.answers[mine.answers["case_id"].isin(mine.cases["case_id"][:12])]
    low = min(
        int((first.query("question == @one")["answer"] == "Yes").sum())
        for one in KEY
        if one.startswith("assessment")
    )
    assert f", {low} of " in shown.rows["first_text"].iloc[0]
    again = mine.against(mine.second_auditor()).show.agreement()
    assert again.cases == "12 cases audited twice"


def test_own_made_up_cases_get_no_limits_and_the_practice_rounds_do() -> None:
    theirs = replace(steady(1, [20, 20]), cases_are="own practice")
    shown = theirs.show.over_time()
    assert "Limits are not drawn of made-up cases." in shown.notes
    assert shown.rows[["low", "low_998"]].isna().all(axis=None)
    assert theirs.show.better_or_worse().rows.empty
    practice = ROUNDS_OF_PRACTICE.show.over_time()
    assert practice.rows["low_998"].notna().all()
    assert practice.title.startswith("Practice cases: ")
    for one in ROUNDS_OF_PRACTICE.members:
        assert one.made_up
        assert "made-up" in one.title
