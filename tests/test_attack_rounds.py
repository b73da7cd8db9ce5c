"""Nothing hidden comes out of a page of a collection, nor of pages of its rounds one by one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from attack import weaknesses
from audits import own, skewed, tables

from hmip_kit.collection import Collection, taken_apart
from hmip_kit.errors import NotShared
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.protect import groups_shown, released
from hmip_kit.protect.releases import proposed, withheld_from
from hmip_kit.settings import WITHHELD_SETTING

SIZES = ((20, 20, 20), (60, 12, 30), (14, 5, 40), (9, 9, 50), (100, 100), (30, 11, 4, 40))


pytestmark = pytest.mark.usefixtures("sharing")


def rounds(sizes: Sequence[int], seed: int, units: int = 3) -> Collection:
    """Return made-up cases of somebody's own in rounds of these sizes, in so many units."""
    mine = (own if seed % 2 else skewed)(sum(sizes), seed)
    chance = np.random.default_rng(seed)
    labels = [f"R{place}" for place, size in enumerate(sizes) for _ in range(size)]
    skew = np.array([0.5**place for place in range(units)])
    held = chance.choice(units, len(labels), p=skew / skew.sum())
    columns = {
        "round": pd.Categorical(labels),
        "unit": pd.Categorical([f"Unit {one}" for one in held]),
    }
    frames = {**mine.frames, "cases": mine.frames["cases"].assign(**columns)}
    found = taken_apart(replace(mine, frames=frames))
    assert isinstance(found, Collection)
    return found


def findings_of(mine: Collection) -> list[Finding]:
    """Return what is shown of rounds and units, each way, among it one of each at a time."""
    show = mine.show
    found = [show.over_time(), show.better_or_worse(), show.units_side_by_side()]
    found += [show.region_total(), show.not_recorded(), show.not_recorded(by="unit")]
    found += [show.groups(by="round"), show.results(by="unit"), show.needs()]
    found.append(show.over_time(baseline=mine.labels("round")[:2]))
    for name in ("round", "unit"):
        for value in mine.labels(name):
            some = mine.where(**{name: value}).show
            found += [some.key_questions(), some.over_time(), some.units_side_by_side()]
    both = mine.where(round=mine.labels("round")[0], unit=mine.labels("unit")[0])
    return [*found, both.show.key_questions(), both.show.needs()]


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 8))]
)
def test_nothing_comes_out_of_a_page_of_a_collection(seed: int) -> None:
    mine = rounds(SIZES[seed % len(SIZES)], seed)
    shown = tables(mine, *findings_of(mine))
    assert list(weaknesses(shown, mine)) == []
    over_time = next(one for one in shown["findings"] if one["name"] == "over_time")
    assert {row["round"] for row in over_time["rows"]} == set(groups_shown(mine, "round"))


def test_a_round_and_a_unit_are_shown_one_at_a_time_and_rounds_by_question_only() -> None:
    mine = rounds((40, 40), 1)
    both = mine.where(round="R0", unit="Unit 0").show
    assert "one group, or one breakdown" in released(both.key_questions()).sentence
    assert (
        "one group, or one breakdown"
        in released(mine.where(unit="Unit 0").show.over_time()).sentence
    )
    assert "for all cases only" in released(mine.where(round="R0").show.needs()).sentence
    chosen = released(mine.show.over_time(baseline=["R0", "R1"]))
    assert "one group, or one breakdown" in chosen.sentence
    assert len(released(mine.show.over_time()).rows) == len(mine.show.over_time().rows)
    assert released(mine.show.sample_and_caseload()).rows.empty


def test_a_round_of_five_cases_is_shown_nowhere_and_its_limits_neither() -> None:
    mine = rounds((40, 40, 5), 3, units=1)
    shown = released(mine.show.over_time())
    assert "R2" not in set(shown.rows["round"])
    assert "R2" not in shown.sentence
    assert released(mine.show.better_or_worse()).rows.empty


def ids(mine: Inspection) -> list[str]:
    return mine.cases["case_id"].astype("str").tolist()


def of_round(mine: Collection, label: str) -> Inspection:
    """Return one round's cases as the file of that round had them."""
    part = mine.where(round=label)
    frames = {
        "cases": part.cases.drop(columns="round").astype("str"),
        "answers": part.answers.astype("str"),
        "needs": part.needs.astype({"case_id": "str", "need": "str"}),
    }
    return Inspection("audit", dict(mine.identity), mine.framework, frames, "own")


@pytest.mark.parametrize(("sizes", "held"), [((30, 30, 30), True), ((30, 30, 6), False)])
def test_pages_of_a_round_and_then_of_all_of_them(
    sizes: tuple[int, ...], held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of the first rounds, then one of all: what differs is the last round."""
    mine = rounds(sizes, 5, units=1)
    first = of_round(mine, "R0")
    before = [proposed(first, ids(first), [])]
    second = of_round(mine, "R1")
    before.append(proposed(second, ids(second), before))
    if not held:
        with pytest.raises(NotShared, match="6 cases are in no earlier release"):
            proposed(mine, ids(mine), before)
        return
    release = proposed(mine, ids(mine), before)
    out = withheld_from(release, mine, before)
    monkeypatch.setenv(WITHHELD_SETTING, pd.Series(out).to_json())
    shown = tables(mine, *findings_of(mine))
    assert list(weaknesses(shown, mine)) == []
    for name in out["characteristics"]:
        assert all(
            one["name"] != name
            for cube in shown["cubes"].values()
            for one in cube["characteristics"]
        )


def test_ids_that_stand_in_several_files_tell_nobody_apart() -> None:
    """Numbers from 1 in each round are other people's: they are matched by what is said of them."""
    mine = rounds((30, 30), 7, units=1)
    second = of_round(mine, "R1")
    numbers = [str(place % 30) for place in range(60)]
    before = [proposed(second, numbers[30:], [])]
    release = proposed(mine, numbers, before)
    assert release.groups
    few = mine.frames["cases"]["case_id"].astype("str").tolist()[:-5]
    some = {
        name: frame[frame["case_id"].astype("str").isin(few)].astype({"case_id": "str"})
        for name, frame in mine.frames.items()
        if name in ("cases", "answers", "needs")
    }
    fewer = Inspection("audit", dict(mine.identity), mine.framework, some, "own")
    with pytest.raises(NotShared, match=r"\d cases are in release"):
        proposed(fewer, numbers[:-5], before)
