"""An attack on our own page: how closely can a reader work out what it hides, from all it says?

Bounds by whole-number programming, over every finding and the cube together. What a page says are
sums over the ways in which a case can stand to a need, and over groups; the tallies themselves say
which ways they count.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from hmip_kit.counts import (
    ALL,
    LINKS,
    PATTERNS,
    STEPS,
    answer_key,
    count,
    counts_people,
    need_key,
    without_group,
)
from hmip_kit.counts import truth as tallied
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.protect import REST, groups_in, shown_groups, sizes_of
from hmip_kit.protect.payload import FindingData, Page
from hmip_kit.schema import under_equality_act

Numbers = npt.NDArray[np.float64]
Where = tuple[str, str]  # characteristic and value; both blank for all cases
Told = dict[tuple[Where, str], int]  # what a page says: how many cases count, where, for a tally
WHOLE: Where = ("", "")
FEWEST, FEW = 10, (1, 4)  # the rule, said apart from the code that keeps it
NOBODY = Framework("", "", (), (), (), {}, {}, (), (), ())
ANSWERS = ("yes", "no", "n", "not_applicable", "not_recorded")
SIZE = re.compile(r"(\d+) of \d+ cases \(")


@dataclass
class Sums:
    """Whole numbers from 0 to `most`, of which each row of `parts` sums to one of the `totals`.

    `fits` are solutions: the truth, where it is given, and those found since. What they leave open
    need not be worked out.
    """

    most: int
    parts: Numbers
    totals: Numbers
    fits: list[Numbers] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Check that what is given as a solution is one."""
        assert all((self.parts @ fit == self.totals).all() for fit in self.fits), "a page lies"

    @cached_property
    def _known(self) -> list[LinearConstraint]:
        parts = csc_array(self.parts)
        return [LinearConstraint(parts, self.totals, self.totals)] if len(self.parts) else []

    def end(self, wanted: Numbers, sign: int) -> int:
        """Return the least (sign 1) or the most (sign -1) that a sum can be."""
        found = milp(
            sign * wanted,
            bounds=Bounds(0, self.most),
            constraints=self._known,
            integrality=np.ones(len(wanted), dtype=np.int64),
        )
        assert found.success, "what the page says contradicts itself"
        self.fits.append(np.round(found.x))
        return round(float(wanted @ found.x))

    def ends(self, wanted: Numbers) -> tuple[int, int]:
        """Return the least and the most that a sum can be."""
        return self.end(wanted, 1), self.end(wanted, -1)

    def seen(self, wanted: Numbers) -> tuple[int, int]:
        """Return the least and the most that a sum is in the solutions so far."""
        sums = [int(wanted @ fit) for fit in self.fits]
        return min(sums, default=self.most * len(wanted)), max(sums, default=0)

    def within(self, wanted: Numbers, least: int, most: int) -> tuple[int, int] | None:
        """Return the ends of a sum where none of its values lies outside `least` to `most`."""
        low, high = self.seen(wanted)
        if low < least or high > most or self.end(wanted, -1) > most:
            return None
        low, high = self.end(wanted, 1), self.seen(wanted)[1]
        return (low, high) if low >= least else None

    def near(self, wanted: Numbers, apart: int) -> tuple[int, int] | None:
        """Return the ends of a sum where they are less than so many `apart`."""
        for sign in (1, -1):
            low, high = self.seen(wanted)
            if high - low >= apart:
                return None
            if low or sign < 0:  # nothing is less than none
                self.end(wanted, sign)
        low, high = self.seen(wanted)
        return (low, high) if high - low < apart else None


def weaknesses(page: Page, sample: Inspection) -> Iterator[str]:
    """Yield what a page for sharing gives away of a sample: groups, people, answers all alike.

    Needs are crossed with every characteristic, and with the answers to every question.
    """
    told, offered = told_by(page, sample), offered_by(page, sample)
    yield from _small_groups(told, offered, sample)
    for where, key in told:
        if counts_people(key) and (where != WHOLE or key not in ways(key.split("/")[1])):
            yield f"{where} {key}: people are counted that are not to be"
            return
    needs = {key.split("/")[1] for _, key in told if key.startswith("need/")}
    crossed = [*_characteristics(told, offered, sample), *_questions(told, sample)]
    for need in sorted(needs):
        own = {key: many for (_, key), many in told.items() if key.split("/")[1:2] == [need]}
        yield from _people(need, own, crossed, sample)
    for name in filter(under_equality_act, sample.characteristics):
        yield from _alike(name, told, offered, sample)


def told_by(page: Page, sample: Inspection) -> Told:
    """Return all that a page says of a sample: the counts of its cube, and of its findings."""
    told: Told = {(WHOLE, ALL): sample.size}

    def learn(where: Where, key: str, many: int | None) -> None:
        if many is not None:
            assert told.setdefault((where, key), int(many)) == many, (where, key, "is told twice")

    cube = page["cubes"].get(sample.name)
    for at, counts in cube["tallies"]["single"].items() if cube else ():
        name, _, value = at.partition("\n")
        for key, many in zip(cube["tallies"]["keys"] if cube else (), counts, strict=True):
            learn((name, value), key, many)
    for finding in page["findings"]:
        if finding["inspection"]["name"] == sample.name and finding["rows"]:
            where = _where(finding)
            size = SIZE.match(finding["cases"])
            learn(where, ALL, int(size[1]) if size else None)
            for group, key, many in _counts(finding, sample):
                learn(group if where == WHOLE else where, key, many)
    return told


def _where(finding: FindingData) -> Where:
    chosen = [(name, value) for name, values in finding["where"] for value in values]
    assert len(chosen) < 2, (finding["name"], "is narrowed twice")
    return chosen[0] if chosen else WHOLE


def _counts(finding: FindingData, sample: Inspection) -> Iterator[tuple[Where, str, int | None]]:
    for column, keys in finding["tallies"].items():
        for key, row in zip(keys, finding["rows"], strict=True):
            groups = groups_in(key)
            assert len(groups) < 2, (key, "is split twice")
            if key:
                yield groups[0] if groups else WHOLE, without_group(key), row[column]
    if finding["name"].startswith("results"):
        for row in finding["rows"]:
            split = [(name, row[name]) for name in sample.characteristics if name in row]
            assert len(split) < 2, (finding["name"], "is split twice")
            for what in ANSWERS:
                key = answer_key(row["question"], what)
                yield split[0] if split else WHOLE, key, row[what]


def offered_by(page: Page, sample: Inspection) -> dict[str, list[str]]:
    """Return the groups of each characteristic of which the cube of a page has counts."""
    cube = page["cubes"].get(sample.name)
    found = {one["name"]: one["values"] for one in cube["characteristics"]} if cube else {}
    return {name: found.get(name, []) for name in sample.characteristics}


def _sets(name: str, offered: Mapping[str, list[str]], sample: Inspection) -> dict[str, list[str]]:
    """Return each value and the rest, as the values that are in it."""
    values = list(sample.characteristics[name])
    rest = [value for value in values if value not in offered[name]]
    return {value: [value] for value in values} | {REST: rest}


def _small_groups(
    told: Told, offered: Mapping[str, list[str]], sample: Inspection
) -> Iterator[str]:
    """Yield each group under ten, or that leaves fewer, that is told or can be worked out.

    A tally that is told only of groups whose size is told says nothing of the other sizes: those
    who count can be shared out among the cases that are left, whatever their groups.
    """
    for (name, value), key in told:
        size = told[(name, value), key]
        if key == ALL and name and (size < FEWEST or 0 < sample.size - size < FEWEST):
            yield f"{name} {value}: {size} of {sample.size} cases are told"
    for name, values in sample.characteristics.items():
        apart = {key for place, key in told if place[0] == name and (place, ALL) not in told}
        counts = _counted(name, sorted(apart), sample)
        known = _by_group(name, counts, told, _sets(name, offered, sample), sample)
        for place, value in enumerate(values):
            if ((name, value), ALL) not in told:
                ends = known.near(_ones(known.parts.shape[1], [place]), FEWEST)
                low, high = ends or (FEWEST, 0)
                ten_or_more = low >= FEWEST and sample.size - high >= FEWEST
                if high and not ten_or_more:
                    yield f"{name} {value}: {low} to {high} cases can be worked out"


def _counted(name: str, keys: Sequence[str], sample: Inspection) -> dict[str, Numbers]:
    """Return how many cases each group has, and of how many of them each tally holds."""
    wide = count(sample, [ALL, *keys], [name])
    assert list(wide.pop(name)) == sample.characteristics[name]
    return dict(zip([ALL, *keys], wide.to_numpy(dtype=np.float64).T, strict=True))


def _by_group(
    name: str,
    counts: Mapping[str, Numbers],
    told: Told,
    sets: Mapping[str, list[str]],
    sample: Inspection,
) -> Sums:
    """Return what is known of the groups' sizes, and of how many of them count for each tally.

    `counts` has the true ones. The unknowns are the sizes, then for each tally those who count,
    then those who do not.
    """
    keys = [one for one in counts if one != ALL]
    values, true = sample.characteristics[name], np.array([counts[one] for one in (ALL, *keys)])
    truth = np.concatenate([true.ravel(), (true[:1] - true[1:]).ravel()])
    many, length = len(values), len(truth)
    places = {WHOLE: values} | {(name, one): inside for one, inside in sets.items() if inside}
    rows: list[Numbers] = []
    totals: list[int] = []
    for number, key in enumerate([ALL, *keys]):
        for where, inside in places.items():
            if (where, key) in told:
                rows.append(_ones(length, [many * number + values.index(one) for one in inside]))
                totals.append(told[where, key])
        for at in range(many) if number else ():
            row = _ones(length, [many * number + at, many * (len(keys) + number) + at])
            row[at] = -1
            rows.append(row)
            totals.append(0)
    return Sums(sample.size, np.array(rows), np.array(totals, dtype=np.float64), [truth])


def _ones(length: int, places: Iterable[int]) -> Numbers:
    row = np.zeros(length)
    row[[*places]] = 1
    return row


def _alike(
    name: str, told: Told, offered: Mapping[str, list[str]], sample: Inspection
) -> Iterator[str]:
    """Yield each question of which a group all answered alike, and a reader can say so."""
    shown, sets = shown_groups(sizes_of(sample, name)), _sets(name, offered, sample)
    values = list(sample.characteristics[name])
    rest = [value for value in values if value not in shown]
    keys = {one: [answer_key(one, what) for what in ("yes", "n")] for one in sample.questions}
    counts = _counted(name, [key for pair in keys.values() for key in pair], sample)
    for question, pair in keys.items():
        if told.get((WHOLE, pair[0]), -1) in (0, told.get((WHOLE, pair[1]))):
            continue
        for group in [*([value] for value in shown), rest] if shown else ():
            at = [values.index(value) for value in group]
            yes, n = (int(counts[key][at].sum()) for key in pair)
            if (WHOLE, pair[1]) in told and n and yes in (0, n):
                theirs = {key: counts[key] for key in (ALL, *pair)}
                known = _by_group(name, theirs, told, sets, sample)
                yeses = [len(values) + place for place in at]
                if known.near(_ones(known.parts.shape[1], yeses), 1):
                    yield f"{name} {group}: {yes} Yes on {question} can be worked out"


@cache
def ways(need: str) -> dict[str, Numbers]:
    """Return which ways to stand to a need each tally counts, by the tallies themselves.

    A way is: by which links, with each step done, not done or not recorded; or not at all.
    """
    steps = [
        dict(zip(STEPS.values(), flags, strict=True))
        for flags in product((True, False, None), repeat=len(STEPS))
    ]
    links = [(True, False), (False, True), (True, True)]
    rows: list[dict[str, Any]] = [
        {"need": need, "linked_to_offending": offending, "linked_to_harm": harm} | step
        for offending, harm in links
        for step in steps
    ]
    ids = [str(place) for place in range(len(rows) + 1)]
    frames = {
        "cases": pd.DataFrame({"case_id": ids}),
        "needs": pd.DataFrame(rows).assign(case_id=ids[:-1]),
    }
    block = Inspection("ways", {"title": "Ways"}, NOBODY, frames, "own")
    what = ("n", *STEPS, *(f"{step}_n" for step in STEPS), *PATTERNS)
    keys = [ALL, *(need_key(need, link, one) for link in LINKS for one in what)]
    return {key: np.asarray(tallied(block, key), dtype=np.float64) for key in keys}


@cache
def people(need: str) -> dict[str, Numbers]:
    """Return the counts of people that nobody may work out, as sums of ways to stand to a need."""
    known, found = ways(need), dict[str, Numbers]()
    for link in LINKS:
        of = {what: known[need_key(need, link, what)] for what in ("n", *STEPS, *PATTERNS[:-1])}
        for step in STEPS:
            of[f"not {step}"] = known[need_key(need, link, f"{step}_n")] - of[step]
        found |= {f"{need} by {link}, {what}": parts for what, parts in of.items()}
    for link, other in (LINKS[:2], LINKS[1::-1]):
        for what in ("n", *STEPS):
            alone = known[need_key(need, "either", what)] - known[need_key(need, other, what)]
            found[f"{need} by {link} alone, {what}"] = alone
    return found | {f"{need}: without it": 1 - known[need_key(need, "either", "n")]}


@cache
def _way_by_tallies(need: str) -> dict[bytes, int]:
    """Return which way to stand to a need is counted by which tallies."""
    by_way = np.array([*ways(need).values()], dtype=np.bool_).T
    return {tallies.tobytes(): way for way, tallies in enumerate(by_way)}


def _truth(need: str, sample: Inspection) -> list[int]:
    """Return in which way each case of a sample stands to a need."""
    by_case = np.array([tallied(sample, key) for key in ways(need)], dtype=np.bool_).T
    return [_way_by_tallies(need)[tallies.tobytes()] for tallies in by_case]


Groups = tuple[Sums, dict[str, Numbers]]  # what is known of some sizes, and which each group sums


def _characteristics(
    told: Told, offered: Mapping[str, list[str]], sample: Inspection
) -> Iterator[Groups]:
    """Yield what is known of the groups of each characteristic."""
    for name, values in sample.characteristics.items():
        sets = {one: there for one, there in _sets(name, offered, sample).items() if there}
        at = {one: _ones(len(values), map(values.index, there)) for one, there in sets.items()}
        yield _by_group(name, _counted(name, [], sample), told, sets, sample), at


def _questions(told: Told, sample: Inspection) -> Iterator[Groups]:
    """Yield the cases with Yes, with No and with neither on each question."""
    for question in sample.questions:
        yes, n = (told.get((WHOLE, answer_key(question, what)), 0) for what in ("yes", "n"))
        sizes, apart = np.array([yes, n - yes, sample.size - n], dtype=np.float64), np.eye(3)
        sides = zip((f"{question} Yes", f"{question} No", "neither"), apart, strict=True)
        yield Sums(sample.size, apart, sizes, [sizes]), dict(sides)


def _people(
    need: str, own: Mapping[str, int], crossed: Iterable[Groups], sample: Inspection
) -> Iterator[str]:
    """Yield each count of people by a need, in all or in a group, that must be one to four."""
    known, wanted = ways(need), people(need)
    told = np.array([known[ALL], *(known[key] for key in own)])
    # Ways that no count tells apart are one.
    kinds, kind = np.unique(np.vstack([told, *wanted.values()]), axis=1, return_inverse=True)
    truth = np.bincount(kind[_truth(need, sample)], minlength=kinds.shape[1]).astype(np.float64)
    totals = np.array([sample.size, *own.values()], dtype=np.float64)
    sums = Sums(sample.size, kinds[: len(told)], totals, [truth])
    parts = dict(zip(wanted, kinds[len(told) :], strict=True))
    for name, part in parts.items():
        if ends := sums.within(part, *FEW):
            yield f"{name}, all cases: {ends[0]} to {ends[1]} of {sample.size} cases"
    there = [
        (group, sizes, inside, sizes.seen(inside))
        for sizes, groups in crossed
        for group, inside in groups.items()
    ]
    for name in (name for name in parts if "offending, " in name):
        a, b = sums.seen(parts[name])
        for group, sizes, inside, (c, d) in there:
            may_be = a + c - sums.most >= FEW[0] and min(b, d) <= FEW[1]
            if may_be and (ends := _in_both(sums, parts[name], sizes, inside)):
                yield f"{name}, {group}: {ends[0]} to {ends[1]} of {sample.size} cases"


def _in_both(sums: Sums, part: Numbers, sizes: Sums, inside: Numbers) -> tuple[int, int] | None:
    """Return the ends of how many are in a part and a group, where that must be one to four.

    The page says who has a need, and who is in a group, each of all cases: of two such numbers both
    hold for any number of cases from what they come to beyond all, to the smaller of the two.
    """
    (a, b), (c, d) = sums.ends(part), sizes.ends(inside)
    low, high = max(0, a + c - sums.most), min(b, d)
    return (low, high) if FEW[0] <= low and high <= FEW[1] else None
