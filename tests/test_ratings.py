"""Ratings: the report's own, the rules, and both sides of every band."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.counts.ratings import bases, by_totals
from hmip_kit.errors import KitError
from hmip_kit.framework import Framework, more_needed
from hmip_kit.inspection import Inspection

PDU = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
FRAMEWORK = PDU.framework
OWN = replace(PRACTICE, cases_are="own")
PLANNING = ["planning_engagement", "planning_desistance", "planning_safety"]


def totals(counts: dict[str, tuple[int, int]], framework: Framework = FRAMEWORK) -> Inspection:
    """Return published totals, and no published ratings."""
    rows = [(question, yes, n, "", "stated") for question, (yes, n) in counts.items()]
    published = pd.DataFrame(rows, columns=["question", "yes", "n", "percent", "count_source"])
    return Inspection("unit", {"title": "A unit"}, framework, {"published": published})


def planned(*counts: tuple[int, int]) -> Inspection:
    return totals(dict(zip(PLANNING, counts, strict=False)))


def planning(*counts: tuple[int, int]) -> pd.Series:
    rated = planned(*counts).show.ratings().rows
    return rated[rated["standard"] == "Planning"].iloc[0]


def test_all_eight_ratings_of_the_report_and_its_score_come_out() -> None:
    rated = PDU.show.ratings().rows
    published = PDU.ratings[PDU.ratings["status"] == "rated"]
    assert rated["rating"].tolist() == published["rating"].tolist()
    casework = rated[rated["kind"] == "casework"]
    assert (
        casework["rule_rating"].tolist()
        == casework["published_rating"].tolist()
        == ["Inadequate"] * 4
    )
    shown = PDU.show.score()
    found = shown.rows.iloc[0]
    assert found[["points", "maximum", "rating"]].tolist() == [4, 24, "Inadequate"]
    assert found[["points_by_rule", "rating_by_rule", "overrides"]].tolist() == [2, "Inadequate", 2]
    assert found[["published_points", "published_maximum", "published_rating"]].tolist() == [
        4,
        24,
        "Inadequate",
    ]
    assert shown.title == "Inadequate: 4 of 24 points"
    assert shown.sentence == (
        "By the rules alone: 2 points, Inadequate. Raised or lowered by judgement: two."
    )


def test_overrides_show_with_their_reason() -> None:
    moved = PDU.show.ratings().rows.query("override")
    assert moved["standard"].tolist() == ["Leadership", "Services"]
    assert moved["rule_rating"].tolist() == ["Inadequate", "Inadequate"]
    assert moved["reason"].str.contains("overrode the guidance").all()
    assert moved["how"].str.endswith("usually Inadequate, raised by judgement").all()


def test_planning_needs_six_cases_and_was_decided_by_one() -> None:
    row = PDU.show.ratings().rows.set_index("standard").loc["Planning"]
    following = PDU.show.next_rating().rows.set_index("standard").loc["Planning"]
    more = {"planning_engagement": 5, "planning_desistance": 0, "planning_safety": 6}
    assert following["more"] == bases(PDU)["Planning"].more == more
    assert (row["fewest"], row["most"], row["apart"], row["margin"]) == (6, 6, 11, 1)
    assert row["deciding"] == "planning_safety"
    assert (following["fewest"], following["most"], following["apart"]) == (6, 6, 11)
    assert "by one case" in row["how"]


@pytest.mark.parametrize(
    ("yes", "n", "rating"),
    [
        (49, 100, "Inadequate"),
        (50, 100, "Requires improvement"),
        (64, 100, "Requires improvement"),
        (65, 100, "Good"),
        (79, 100, "Good"),
        (80, 100, "Outstanding"),
        (20, 42, "Inadequate"),
        (21, 42, "Requires improvement"),
        (0, 1, "Inadequate"),
        (1, 1, "Outstanding"),
        (0, 0, ""),
    ],
)
def test_both_sides_of_every_band(yes: int, n: int, rating: str) -> None:
    assert FRAMEWORK.band(yes, n) == rating


@given(st.integers(1, 300), st.sampled_from([50.0, 65.0, 80.0]), st.data())
def test_the_cases_needed_are_just_enough(n: int, start: float, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, n))
    more = more_needed(yes, n, start)
    assert 100 * (yes + more) >= start * n
    assert more == 0 or 100 * (yes + more - 1) < start * n


# The edges of the derived bands; 4 of 24 is this report's score.
@pytest.mark.parametrize(
    ("points", "maximum", "rating"),
    [
        (4, 24, "Inadequate"),
        (5, 24, "Requires improvement"),
        (12, 24, "Requires improvement"),
        (13, 24, "Good"),
        (20, 24, "Good"),
        (21, 24, "Outstanding"),
        (4, 27, "Inadequate"),
        (5, 27, "Requires improvement"),
        (3, 21, "Inadequate"),
        (4, 21, "Requires improvement"),
        (6, 36, "Inadequate"),
        (7, 36, "Requires improvement"),
        (18, 36, "Requires improvement"),
        (19, 36, "Good"),
        (30, 36, "Good"),
        (31, 36, "Outstanding"),
        (0, 24, "Inadequate"),
        (24, 24, "Outstanding"),
    ],
)
def test_both_sides_of_every_band_of_a_score(points: int, maximum: int, rating: str) -> None:
    assert hk.stats.overall_rating(points, maximum) == rating


@pytest.mark.parametrize(
    ("unit", "points", "maximum"),
    [
        ("Hammersmith, Fulham, Kensington, Chelsea and Westminster PDU, October 2022", 0, 27),
        ("Lambeth PDU, October 2022", 3, 27),
        ("Ealing and Hillingdon PDU, October 2022", 3, 27),
        ("Sheffield PDU, March 2023", 1, 27),
    ],
)
def test_published_scores_of_other_units_get_their_published_rating(
    unit: str, points: int, maximum: int
) -> None:
    assert hk.stats.overall_rating(points, maximum) == "Inadequate", unit


@pytest.mark.parametrize(("points", "maximum"), [(-1, 24), (25, 24), (0, 0), (1.5, 24)])
def test_a_score_that_cannot_be_is_refused(points: int, maximum: int) -> None:
    with pytest.raises(KitError, match="whole number of points"):
        hk.stats.overall_rating(points, maximum)


def test_a_tie_names_all_that_share_it() -> None:
    row = planning((15, 42), (22, 42), (15, 42))
    assert (row["deciding"], row["margin"]) == ("planning_engagement, planning_safety", 0)
    assert "engagement and safety of other people, tied (15 of 42)" in row["how"]


def test_different_bases_are_compared_by_share() -> None:
    row = planning((10, 40), (30, 40), (2, 7))
    assert (row["deciding"], row["margin"]) == ("planning_engagement", 2)


def test_one_case_and_five_points_and_five_cases() -> None:
    assert planning((20, 42), (30, 42), (30, 42))["one_case"]
    raised = planning((20, 42), (30, 42), (30, 42))["one_case_text"]
    assert raised == "one case more would raise it"
    assert planning((21, 42), (30, 42), (30, 42))["one_case"]
    lowered = planning((21, 42), (30, 42), (30, 42))["one_case_text"]
    assert lowered == "one case fewer would lower it"
    both = planned((0, 1), (1, 1), (1, 1)).show.ratings()
    assert "one case more would raise it" in both.sentence
    assert not planning((19, 42), (30, 42), (30, 42))["one_case"]
    assert (
        planning((45, 100), (90, 100))["close_to_a_band"]
        and not planning((44, 100), (90, 100))["close_to_a_band"]
    )
    assert planning((5, 5))["few_cases"] and not planning((6, 6))["few_cases"]


def test_one_case_raises_only_where_a_single_case_can() -> None:
    apart = planning((20, 42), (20, 42), (30, 42))
    assert (apart["fewest"], apart["most"], apart["apart"]) == (1, 1, 2)  # 44 No of 42: two meet
    assert apart["one_case_text"] == "one case more would raise it"
    few = planning((49, 100), (49, 100), (90, 100))
    assert (few["fewest"], few["most"], few["one_case"]) == (1, 1, True)
    # Of 40, 10 + 14 were not: they need not meet, so that one case may, and may not, do it.
    good = planning((31, 40), (25, 40), (25, 40))
    assert (good["rating"], good["fewest"], good["most"]) == ("Requires improvement", 1, 2)
    assert (good["one_case"], good["one_case_text"]) == (False, "one case more could raise it")


def cased(*lacking: tuple[int, ...], n: int = 42) -> pd.Series:
    """Return what Planning rests on in n cases: those `lacking` are No, question by question."""
    rows = [
        (f"case-{case}", question, "No" if case in places else "Yes")
        for question, places in zip(PLANNING, lacking, strict=True)
        for case in range(n)
    ]
    frames = {
        "cases": pd.DataFrame({"case_id": [f"case-{case}" for case in range(n)]}),
        "answers": pd.DataFrame(rows, columns=["case_id", "question", "answer"]),
    }
    shown = Inspection("own", {"title": "Own"}, FRAMEWORK, frames, "own").show.ratings().rows
    return shown[shown["standard"] == "Planning"].iloc[0]


def test_with_cases_it_is_counted_which_serve_several_questions() -> None:
    first, second = tuple(range(22)), tuple(range(20, 42))
    meet, apart = cased(first, first, ()), cased(tuple(range(15)), tuple(range(20, 35)), ())
    assert (meet["fewest"], meet["most"], meet["apart"], meet["one_case"]) == (1, 1, 2, True)
    assert (apart["rating"], apart["fewest"], apart["one_case"]) == (
        "Requires improvement",
        2,
        False,
    )
    assert cased(first, second, ())["fewest"] == 1  # two cases are in both


def arrangements(lacking: list[int], cases: int) -> Iterator[list[tuple[int, ...]]]:
    """Yield every way to place the cases that lack each of several questions, the first fixed."""
    first = tuple(range(lacking[0]))
    rest = (combinations(range(cases), size) for size in lacking[1:])
    for others in product(*rest):
        yield [first, *others]


def least(more: list[int], sets: list[tuple[int, ...]], cases: int) -> int:
    """Return the fewest cases that serve each question, tried one by one."""
    for size in range(cases + 1):
        for some in combinations(range(cases), size):
            if all(len(set(some) & set(one)) >= many for many, one in zip(more, sets, strict=True)):
                return size
    raise AssertionError("there are always enough")


@pytest.mark.parametrize(
    ("more", "lacking", "cases"),
    [
        ([1, 1, 1], [2, 2, 2], 3),
        ([1, 1, 1], [3, 3, 3], 4),
        ([2, 1, 1], [2, 2, 2], 4),
        ([2, 2, 1], [3, 2, 2], 4),
        ([2, 2, 2], [4, 3, 3], 5),
        ([1, 2, 2], [2, 3, 3], 5),
        ([0, 2, 2], [2, 3, 3], 5),
        ([3, 1, 2], [4, 4, 2], 5),
        ([1, 1, 1], [1, 1, 1], 5),
    ],
)
def test_what_totals_force_is_what_trying_every_arrangement_finds(
    more: list[int], lacking: list[int], cases: int
) -> None:
    found = [least(more, sets, cases) for sets in arrangements(lacking, cases)]
    assert by_totals(more, lacking, cases) == (min(found), max(found))


def test_a_standard_with_an_unanswered_question_has_no_rating() -> None:
    shown = planned((40, 42), (30, 42)).show.ratings()
    row = shown.rows.set_index("standard").loc["Planning"]
    assert (row["rating"], row["rule_rating"], row["next_rating"]) == ("", "", "")
    assert (row["how"], row["one_case"]) == ("at most Good: 2 of 3 key questions answered", False)
    assert shown.title == "By the rule: 1 not rated"
    assert shown.sentence.endswith("Planning: at most Good: 2 of 3 key questions answered.")
    outstanding = planning((42, 42), (0, 0), (0, 0))
    assert outstanding["how"] == "at most Outstanding: 1 of 3 key questions answered"
    assert planned((40, 42), (30, 42)).show.next_rating().rows.empty


@pytest.mark.parametrize(
    ("yes", "n", "rounds"), [(31, 48, True), (30, 48, False), (109, 137, True), (49, 98, False)]
)
def test_a_count_that_is_printed_on_an_edge_depends_on_rounding(
    yes: int, n: int, rounds: bool
) -> None:
    row = planning((yes, n), (n, n), (n, n))
    assert (f"{yes} of {n}: depends on rounding" in row["how"]) == rounds


def test_at_the_highest_rating_there_is_no_next() -> None:
    row = planning((40, 42), (40, 42), (40, 42))
    assert (row["rating"], row["next_rating"]) == ("Outstanding", "")
    assert bases(planned((40, 42), (40, 42), (40, 42)))["Planning"].more == {}
    assert pd.isna(row["fewest"]) and pd.isna(row["most"])


def test_no_more_cases_are_needed_than_there_are() -> None:
    row = planning((0, 42), (0, 42), (0, 42))
    assert (row["fewest"], row["most"], row["apart"]) == (21, 21, 42)


@given(st.lists(st.integers(0, 42), min_size=3, max_size=3))
def test_a_rating_is_that_of_the_lowest_question_whatever_the_others(yes: list[int]) -> None:
    inspection = planned(*[(one, 42) for one in yes])
    row = inspection.show.ratings().rows.set_index("standard").loc["Planning"]
    assert row["rule_rating"] == FRAMEWORK.band(min(yes), 42)
    more = bases(inspection)["Planning"].more
    assert bool(more) == bool(row["next_rating"])
    if more:
        assert max(more.values()) == row["fewest"] <= row["most"]


def test_own_cases_are_rated_and_judgement_is_left_to_people() -> None:
    shown = OWN.show.ratings()
    rated = shown.rows.set_index("standard")
    assert (
        rated.loc["Leadership", "rating"] == ""
        and rated.loc["Leadership", "rule_rating"] == "Inadequate"
    )
    assert rated.loc["Leadership", "how"] == "by judgement, usually Inadequate"
    assert rated["points"].isna().tolist() == [True, True, False, False, False, False]
    assert rated.loc["Planning", "rating"] == "Inadequate"
    assert shown.title == "By the rule: 4 Inadequate"
    assert any("Unverified" in note for note in shown.notes)
    score = OWN.show.score()
    assert score.rows.empty and score.title.endswith("not in these data")
    assert "No published ratings" in score.sentence


def test_ratings_by_the_rule_are_counted_in_the_title() -> None:
    counts = dict.fromkeys([one.id for one in FRAMEWORK.questions], (30, 42))
    shown = totals(counts | {PLANNING[0]: (20, 42), "assessment_safety": (8, 42)}).show.ratings()
    assert shown.title == "By the rule: 2 Inadequate, 2 Good"
    assert "Planning: Inadequate, decided by engagement (20 of 42)" in shown.sentence


def test_a_published_rating_and_one_by_the_rule_are_told_apart() -> None:
    ratings = PDU.ratings[PDU.ratings["standard"] != "Reviewing"]
    part = Inspection(
        "part", dict(PDU.identity), FRAMEWORK, {**dict(PDU.frames), "ratings": ratings}
    )
    shown = part.show.ratings()
    row = shown.rows.set_index("standard").loc["Reviewing"]
    assert (row["published_rating"], row["rating"]) == ("", "Inadequate")
    assert "three Inadequate (0 points in all)" in shown.sentence
    assert shown.sentence.endswith("By the rule, as none is published: Reviewing Inadequate.")
    score = part.show.score()
    assert score.rows.empty and "so there is no score" in score.sentence


def test_without_a_rating_and_a_rule_it_is_said() -> None:
    shown = Inspection("none", {"title": "None"}, FRAMEWORK, {}).show.ratings()
    assert shown.rows.empty and shown.title.endswith("not in these data")


def test_practice_cases_are_not_rated_and_say_that_they_are_made_up() -> None:
    for cases in (PRACTICE, PRACTICE.where(sentence_type="Licence")):
        shown = cases.show.ratings()
        assert shown.rows.empty and "Practice cases are made up" in shown.sentence
