"""An attack on our own page: how closely can a reader work out what it hides, from all it says?

Bounds by whole-number programming, over every finding and the cube together. What a page says are
sums over the ways in which a case can stand to a need, and over groups; the tallies themselves say
which ways they count.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

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

    `fits` are solutions found so far: what they leave open need not be worked out.
    """

    most: int
    parts: Numbers
    totals: Numbers
    fits: list[Numbers] = field(default_factory=list)

    def end(self, wanted: Numbers, sign: int) -> int:
        """Return the least (sign 1) or the most (sign -1) that a sum can be."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        known = [LinearConstraint(self.parts, self.totals, self.totals)] if len(self.parts) else []
        found = milp(
            sign * wanted,
            bounds=Bounds(0, self.most),
            constraints=known,
            integrality=np.ones(len(wanted), dtype=np.int64),
        )
        assert found.success, "what the page says contradicts itself"
        self.fits.append(np.round(found.x))
        return round(float(wanted @ found.x))

    def within(self, wanted: Numbers, least: int, most: int) -> tuple[int, int] | None:
        """Return the ends of a sum where none of its values lies outside `least` to `most`."""
        if any(not least <= wanted @ fit <= most for fit in self.fits):
            return None
        high = self.end(wanted, -1)
        if high > most:
            return None
        low = self.end(wanted, 1)
        return (low, high) if low >= least else None

    def ends(self, wanted: Numbers) -> tuple[int, int]:
        """Return the least and the most that a sum can be."""
        return self.end(wanted, 1), self.end(wanted, -1)


def weaknesses(page: Page, sample: Inspection, questions: int = 2) -> Iterator[str]:
    """Yield what a page for sharing gives away of a sample: groups, people, answers all alike.

    Needs are crossed with every characteristic, and with so many `questions` as had fewest answers
    of one kind, which say most.
    """
    told, offered = told_by(page, sample), offered_by(page, sample)
    yield from _small_groups(told, offered, sample)
    for where, key in told:
        if counts_people(key) and (where != WHOLE or key not in ways(key.split("/")[1])):
            yield f"{where} {key}: people are counted that are not to be"
            return
    needs = {key.split("/")[1] for _, key in told if key.startswith("need/")}
    crossed = [{}, *_characteristics(told, offered, sample), *_questions(told, sample)[:questions]]
    for need in sorted(needs):
        own = {key: many for (_, key), many in told.items() if key.split("/")[1:2] == [need]}
        for groups in crossed:
            yield from _people(need, own, groups, sample.size)
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
    """Yield each group under ten, or that leaves fewer, that is told or can be worked out."""
    for (name, value), key in told:
        size = told[(name, value), key]
        if key == ALL and name and (size < FEWEST or 0 < sample.size - size < FEWEST):
            yield f"{name} {value}: {size} of {sample.size} cases are told"
    for name in sample.characteristics:
        sets = _sets(name, offered, sample)
        keys = sorted({key for (one, _), key in told if one == name} - {ALL})
        known = _by_group(name, keys, told, sets, sample)
        for place, value in enumerate(sample.characteristics[name]):
            wanted = np.zeros(known.parts.shape[1])
            wanted[place] = 1
            low, high = known.ends(wanted) if ((name, value), ALL) not in told else (0, FEWEST)
            known_large = low >= FEWEST and sample.size - high >= FEWEST
            if high - low < FEWEST and high and not known_large:
                yield f"{name} {value}: {low} to {high} cases can be worked out"


def _by_group(
    name: str, keys: Sequence[str], told: Told, sets: Mapping[str, list[str]], sample: Inspection
) -> Sums:
    """Return what is known of the groups' sizes, and of how many of them count for each tally.

    The unknowns are the sizes, then for each tally those who count, then those who do not.
    """
    values = list(sample.characteristics[name])
    many = len(values)
    place = {(value, ALL): at for at, value in enumerate(values)}
    for number, key in enumerate(keys):
        place |= {(value, key): many * (1 + number) + at for at, value in enumerate(values)}
    length = many * (1 + 2 * len(keys))
    rows: list[Numbers] = []
    totals: list[int] = []
    for (one, value), key in told:
        here = values if one == "" else sets.get(value, []) if one == name else []
        if here and (key == ALL or key in keys):
            rows.append(_ones(length, [place[value, key] for value in here]))
            totals.append(told[(one, value), key])
    for number, key in enumerate(keys):
        for at, value in enumerate(values):
            row = _ones(length, [place[value, key], many * (1 + len(keys) + number) + at])
            row[place[value, ALL]] = -1
            rows.append(row)
            totals.append(0)
    return Sums(sample.size, np.array(rows), np.array(totals, dtype=np.float64))


def _ones(length: int, places: Iterable[int]) -> Numbers:
    row = np.zeros(length)
    row[[*places]] = 1
    return row


def _alike(
    name: str, told: Told, offered: Mapping[str, list[str]], sample: Inspection
) -> Iterator[str]:
    """Yield each question of which a group all answered alike, and a reader can say so."""
    shown, sets = shown_groups(sizes_of(sample, name)), _sets(name, offered, sample)
    rest = [value for value in sample.characteristics[name] if value not in shown]
    keys = {one: [answer_key(one, what) for what in ("yes", "n")] for one in sample.questions}
    counts = count(sample, [key for pair in keys.values() for key in pair], [name]).set_index(name)
    for question, (yes, n) in keys.items():
        if told.get((WHOLE, yes), -1) in (0, told.get((WHOLE, n))) or (WHOLE, n) not in told:
            continue
        for group in [*([value] for value in shown), rest] if shown else ():
            truth = counts.loc[group].sum()
            if truth[n] and truth[yes] in (0, truth[n]):
                known = _by_group(name, [yes, n], told, sets, sample)
                values = list(sample.characteristics[name])
                at = [len(values) + values.index(value) for value in group]
                low, high = known.ends(_ones(known.parts.shape[1], at))
                if low == high:
                    yield f"{name} {group}: {low} Yes on {question} can be worked out"


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


Groups = dict[str, tuple[list[str], int | None]]  # the values of each, and how many cases they are


def _characteristics(
    told: Told, offered: Mapping[str, list[str]], sample: Inspection
) -> Iterator[Groups]:
    """Yield the groups of each characteristic, with the sizes that are told."""
    for name in sample.characteristics:
        sets = _sets(name, offered, sample)
        yield {
            value: (inside, told.get(((name, value), ALL)))
            for value, inside in sets.items()
            if inside
        }


def _questions(told: Told, sample: Inspection) -> list[Groups]:
    """Return the cases with Yes and with No on each question, the most uneven first."""
    found = []
    for question in sample.questions:
        yes, n = (told.get((WHOLE, answer_key(question, what)), 0) for what in ("yes", "n"))
        if n:
            sides = {f"{question} Yes": yes, f"{question} No": n - yes}
            groups: Groups = {side: ([side], many) for side, many in sides.items()}
            found.append((min(yes, n - yes), {**groups, "neither": (["neither"], None)}))
    return [groups for _, groups in sorted(found, key=lambda one: one[0])]


def _people(need: str, own: Mapping[str, int], groups: Groups, size: int) -> Iterator[str]:
    """Yield each count of people by a need, in all or in a group, that must be one to four."""
    known, wanted = ways(need), people(need)
    if groups:  # crossed with groups, the counts that a page says or nearly says
        wanted = {name: one for name, one in wanted.items() if "offending, " in name}
    values = list(dict.fromkeys(value for inside, _ in groups.values() for value in inside)) or [""]
    told = np.array([known[ALL], *(known[key] for key in own)])
    # Ways that no count tells apart are one.
    kinds, place = np.unique(np.vstack([told, *wanted.values()]), axis=1, return_index=True)
    many = kinds.shape[1]

    def spread(parts: Numbers, inside: Iterable[str]) -> Numbers:
        """Return the unknowns of a sum: so many of each way among some of the values."""
        return np.concatenate([parts if value in inside else np.zeros(many) for value in values])

    rows = [spread(parts, values) for parts in kinds[: len(told)]]
    totals = [size, *own.values()]
    for inside, cases in groups.values():
        if cases is not None:
            rows.append(spread(np.ones(many), inside))
            totals.append(cases)
    sums = Sums(size, np.array(rows), np.array(totals, dtype=np.float64))
    for name, parts in wanted.items():
        for group, (inside, _) in (groups or {"all cases": ([""], None)}).items():
            if ends := sums.within(spread(parts[place], inside), *FEW):
                yield f"{name}, {group}: {ends[0]} to {ends[1]} of {size} cases"
