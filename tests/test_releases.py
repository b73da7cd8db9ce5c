"""Pages of the same cases, again and again: none gives away by subtraction what each one hides."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from attack import told_by
from audits import audit, own, skewed
from test_attack import page_of_all

from hmip_kit.counts import counts_people
from hmip_kit.errors import NotShared, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.page.on_record import InFolder
from hmip_kit.protect import REST
from hmip_kit.protect.releases import (
    Release,
    blocks,
    cases_of,
    in_force,
    proposed,
    withheld_from,
)
from hmip_kit.schema import under_equality_act
from hmip_kit.settings import WITHHELD_SETTING

pytestmark = pytest.mark.usefixtures("sharing")


YEAR = skewed(240, 3)


def part(mine: Inspection, places: Sequence[int]) -> Inspection:
    """Return some cases of an audit, as a file of its own."""
    ids = mine.frames["cases"]["case_id"].astype("str").iloc[list(places)]
    frames = {
        name: frame[frame["case_id"].astype("str").isin(ids)].astype({"case_id": "str"})
        for name, frame in mine.frames.items()
        if name in ("cases", "answers", "needs")
    }
    return Inspection(mine.name, mine.identity, mine.framework, frames, "own")


def ids_of(mine: Inspection) -> list[str]:
    return mine.frames["cases"]["case_id"].astype("str").tolist()


def released(*audits: Inspection) -> list[Release]:
    """Return the releases of audits, one after the other."""
    found: list[Release] = []
    for one in audits:
        found.append(proposed(one, ids_of(one), found))
    return found


def renumbered(mine: Inspection) -> Inspection:
    names = {one: f"new-{place}" for place, one in enumerate(ids_of(mine))}
    frames = {
        name: mine.frames[name].assign(
            case_id=mine.frames[name]["case_id"].astype("str").map(names)
        )
        for name in ("cases", "answers", "needs")
    }
    return Inspection("renamed", {"title": "Another unit"}, mine.framework, frames, "own")


def with_column(mine: Inspection) -> Inspection:
    cases = mine.frames["cases"].assign(team="A")
    return Inspection(
        mine.name, mine.identity, mine.framework, {**mine.frames, "cases": cases}, "own"
    )


def answered(mine: Inspection, question: str = "delivery_safety") -> Inspection:
    """Return an audit of which one case's answer to a question was changed."""
    answers = mine.frames["answers"].astype({"answer": "str", "question": "str"})
    at = answers.index[answers["question"] == question][0]
    answers.loc[at, "answer"] = "No" if answers.loc[at, "answer"] == "Yes" else "Yes"
    frames = {**mine.frames, "answers": answers}
    return Inspection(mine.name, mine.identity, mine.framework, frames, "own")


@pytest.mark.parametrize(
    "more", [1, 5, 9, *(pytest.param(one, marks=pytest.mark.slow) for one in (2, 3, 4, 6, 7, 8))]
)
@pytest.mark.parametrize(
    "changed",
    [lambda one: one, renumbered, with_column],
    ids=["as it is", "other ids", "a column more"],
)
def test_a_page_with_one_to_nine_cases_more_or_fewer_is_refused(
    more: int, changed: Callable[[Inspection], Inspection]
) -> None:
    first, second = part(YEAR, range(60)), part(YEAR, range(60 + more))
    for before, after in ((first, second), (second, first)):
        with pytest.raises(NotShared, match=f"^{more} cases are in"):
            released(before, changed(after))


@pytest.mark.parametrize("more", [0, 10, 11, 35, 60])
def test_a_page_with_none_or_ten_more_is_written(more: int) -> None:
    both = released(part(YEAR, range(60)), part(YEAR, range(60 + more)))
    assert [len(one.cases) for one in both] == [60, 60 + more]


def test_an_answer_that_was_filled_in_is_refused_and_may_be_put_right() -> None:
    mine = part(YEAR, range(60))
    before = released(mine)
    with pytest.raises(NotShared, match="^1 cases are in"):
        proposed(answered(mine), ids_of(mine), before)
    left = in_force(before, before[0].id)
    assert proposed(answered(mine), ids_of(mine), left).cases != before[0].cases
    with pytest.raises(UnknownName, match="no release 'none'"):
        in_force(before, "none")


def test_quarters_and_their_year_are_written_unless_a_case_is_in_the_year_alone() -> None:
    quarters = [part(YEAR, range(at, at + 60)) for at in range(0, 240, 60)]
    assert len(released(*quarters, YEAR)) == 5
    short = [*quarters[:3], part(YEAR, range(180, 236))]
    with pytest.raises(NotShared, match="4 cases"):
        released(*short, YEAR)


def test_a_chain_of_pages_is_looked_at_as_a_whole() -> None:
    """Each two differ by ten or more; the four together leave five cases alone."""
    chain = [range(60), range(20, 80), range(0, 85), [*range(20), *range(60, 85)]]
    with pytest.raises(NotShared, match="5 cases"):
        released(*(part(YEAR, places) for places in chain[:3]))
    middle = [range(60), range(20, 80), [*range(15), *range(60, 120)]]
    with pytest.raises(NotShared, match="5 cases"):
        released(*(part(YEAR, places) for places in middle))


def test_offices_beside_their_unit_leave_no_small_one_over() -> None:
    """A file per office, then one of the unit: what is left over is the smallest office."""
    sizes = [100, 80, 55, 5]
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    offices = [part(YEAR, range(end - size, end)) for end, size in zip(ends, sizes, strict=True)]
    with pytest.raises(NotShared, match="5 cases"):
        released(*offices[:3], YEAR)


@pytest.mark.parametrize(("women", "shown"), [(0, True), (3, False), (9, False), (12, True)])
def test_a_group_shown_before_is_left_out_while_few_of_it_differ(women: int, shown: bool) -> None:
    whole = audit({"Male": 42, "Female": 32})
    first = part(whole, [*range(30), *range(42, 62)])
    second = part(whole, [*range(42), *range(42, 62 + women)])
    before = released(first)
    assert set(before[0].groups["sex"]) == {"Male", "Female"}
    release = proposed(second, ids_of(second), before)
    assert ("sex" in release.groups) == shown
    assert ("sex" in withheld_from(release, second, before)["characteristics"]) != shown
    said = "Sex: fewer than 10 cases of a group differ from an earlier release"
    assert release.withheld == ([] if shown else [said])


@pytest.mark.parametrize(
    "between",
    [
        *(10, 40),
        *(pytest.param(one, marks=pytest.mark.slow) for one in (15, 20, 25, 30, 35, 45, 50, 60)),
    ],
)
@pytest.mark.parametrize("make", [own, skewed])
def test_two_pages_less_each_other_say_nothing_that_one_may_not(
    monkeypatch: pytest.MonkeyPatch, between: int, make: Callable[..., Inspection]
) -> None:
    whole = make(60 + between, between)
    first, second = part(whole, range(60)), whole
    before = released(first)
    release = proposed(second, ids_of(second), before)
    told = told_by(page_of_all(first, between), first)
    left_out = withheld_from(release, second, before)
    monkeypatch.setenv(WITHHELD_SETTING, json.dumps(left_out))
    after = told_by(page_of_all(second, between), second)
    assert after
    protected = set(filter(under_equality_act, second.characteristics))
    changed = {key: many - told[key] for key, many in after.items() if key in told}
    for (where, key), many in changed.items():
        group, n = where[0], key.rpartition("/")[0] + "/n"
        if counts_people(key):
            assert not 1 <= abs(many) < 5, (where, key)
        elif key == "all":
            assert many == 0 or many >= 10, (where, key)
        elif key.endswith("/yes") and group in protected and changed.get((where, n)):
            assert 0 < many < changed[where, n], (where, key)


def test_another_threshold_or_other_groups_are_left_out() -> None:
    mine = part(YEAR, range(60))
    [before] = released(mine)
    named = {name: groups for name, groups in before.groups.items() if groups}
    other = Release(**{**before.__dict__, "thresholds": [12, 5]})
    hidden = proposed(mine, ids_of(mine), [other])
    assert set(hidden.groups) & set(named) == set()
    merged = {name: {REST: list(range(3))} for name in named}
    regrouped = Release(**{**before.__dict__, "groups": merged})
    assert set(proposed(mine, ids_of(mine), [regrouped]).groups) & set(named) == set()


def test_people_are_not_counted_where_few_in_a_block_would_be() -> None:
    first, second = part(YEAR, range(60)), part(YEAR, range(70))
    before = released(first)
    release = proposed(second, ids_of(second), before)
    hidden = withheld_from(release, second, before)["tallies"]
    assert hidden
    assert all(one.startswith("need/") and "/offending/" in one for one in hidden)
    again = proposed(first, ids_of(first), before)
    assert withheld_from(again, first, before)["tallies"] == []
    apart = part(YEAR, range(100, 160))  # nothing in common, so nothing to subtract
    release = proposed(apart, ids_of(apart), before)
    assert withheld_from(release, apart, before)["tallies"] == []


def test_ids_that_mean_other_people_are_not_taken_for_the_same() -> None:
    """Two units that both call their cases 1, 2, 3."""
    one, other = skewed(40, 5), skewed(45, 77)
    numbers = [str(place) for place in range(1, 46)]
    before = [proposed(one, numbers[:40], [])]
    assert proposed(other, numbers, before).people[:40] == before[0].people


@pytest.mark.parametrize("seed", range(20))
def test_blocks_hold_every_case_once_and_all_that_was_in_the_same_releases(seed: int) -> None:
    chance = random.Random(seed)
    people = [(place, {"case/sex": chance.choice("FM")}) for place in range(60)]
    releases = [chance.sample(people, chance.randrange(1, 60)) for _ in range(3)]
    found = blocks(releases)
    for place, cases in enumerate(releases):
        inside = [one for at, block in found.items() if place in at for one in block]
        assert sorted(map(str, inside)) == sorted(str(case) for _, case in cases)


def test_a_record_is_private_and_comes_back_as_it_was(tmp_path: Path) -> None:
    [one] = released(part(YEAR, range(60)))
    kept = replace(one, parts=["audit"], pages={"audit.html": "5e"}, hidden=["needs: [c]"])
    record = InFolder(tmp_path / "records", tmp_path / "audit.csv")
    record.keep(kept)
    [path] = record.folder.iterdir()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert record.known() == [kept]
    assert InFolder(tmp_path / "nothing", tmp_path).known() == []
    assert "MARKER" not in path.read_text()


def test_what_is_known_of_a_case_is_all_but_its_id() -> None:
    mine = part(YEAR, range(20))
    first = cases_of(mine)[0]
    assert first["case/sex"] == mine.frames["cases"]["sex"].iloc[0]
    answers = mine.frames["answers"]
    held = answers[answers["case_id"] == ids_of(mine)[0]]
    assert sum(key.startswith("answer/") for key in first) == len(held)
    assert isinstance(mine.frames["needs"], pd.DataFrame)
    assert "MARKER" not in str(first)
