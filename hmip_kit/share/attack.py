"""An attack on our own page, which finds how closely a reader can work out what it hides, from everything that it says.

Whole-number bounds by mixed-integer programming. What is hidden are the sizes of groups that are not shown, and counts of people that
are blanked. A page that gives one of them away more closely than the gate's settings allow is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import numpy as np

from hmip_kit.disclosure import FEWEST_IN_A_GROUP, SMALL, sensitive
from hmip_kit.errors import NotShared
from hmip_kit.measures.tallies import base_key, need_key, needs_of
from hmip_kit.schema import NEED
from hmip_kit.sets import REST
from hmip_kit.share.page import Page
from hmip_kit.share.sums import sums
from hmip_kit.share.ways import Ways, ways

Where = tuple[str, str]  # characteristic and value; both blank for the whole sample
Cell = tuple[Where, str]  # where, and the key of a tally
WHOLE: Where = ("", "")
ALL = "all"
UNKNOWN = "/unknown"  # a count of what is not recorded: it says of the record, not of a person
Weak = tuple[Cell, int, int]  # a cell that can be worked out too closely, with its bounds


@dataclass
class Known:
    """What a page says of one inspection: counts by cell, the cells that it hides, and the groups of each characteristic."""

    size: int
    counts: dict[Cell, int] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    groups: dict[str, list[str]] = field(default_factory=dict)

    def learn(self, cell: Cell, count: int | None) -> None:
        """Note a count, or that one is hidden. Those who have a need are a group, and a count of people with it."""
        (name, value), key = cell
        same = (
            [cell, (WHOLE, need_key(value, "either", "n"))]
            if name == NEED and key == ALL
            else [cell]
        )
        for one in same:
            if count is None:
                self.hidden.add(one)
            else:
                self.counts[one] = int(count)


def check_page(page: Page) -> None:
    """Raise `NotShared`, naming the cell by its labels, where a page of protected data gives a hidden number away."""
    for about in page["inspections"]:
        findings = [
            one
            for one in page["findings"]
            if one["released"] == "protected" and _is_about(one, about["name"])
        ]
        if findings and about["cases_are"] == "own":
            known = read(about, page["sets"].get(about["name"]), findings)
            for cell, low, high in weakest(known):
                raise NotShared(
                    f"{page['name']}: not written, because {_label(cell)} is to be hidden and could be worked out: "
                    f"{low}" + (f" to {high}" if high > low else "") + f" of {known.size} cases"
                )


def _is_about(finding: Mapping[str, Any], name: str) -> bool:
    return finding["inspection"]["name"] == name or any(
        one["name"] == name for one in finding["about"]
    )


def read(
    about: Mapping[str, Any],
    tallied: Mapping[str, Any] | None,
    findings: Iterable[Mapping[str, Any]],
) -> Known:
    """Return all that a page says of one inspection's cases: the tallies of its form, and the rows of its findings."""
    known = Known(about["size"])
    for characteristic in tallied["characteristics"] if tallied else []:
        known.groups[characteristic["name"]] = list(characteristic["values"])
    for at, counts in tallied["tallies"]["single"].items() if tallied else []:
        name, _, value = at.partition("\n")
        for place, key in enumerate(tallied["tallies"]["keys"] if tallied else []):
            known.learn(((name, value), key), None if counts is None else counts[place])
    for finding in findings:
        for one in finding["about"]:
            if one["name"] == about["name"]:
                known.learn((_where(one["where"]), ALL), one["size"])
        if finding["inspection"]["name"] == about["name"]:
            for cell, count in _rows(finding):
                known.learn(cell, count)
    known.learn((WHOLE, ALL), known.size)
    return known


def _where(filters: Mapping[str, list[str]]) -> Where:
    return next(((name, values[0]) for name, values in filters.items()), WHOLE)


def _rows(finding: Mapping[str, Any]) -> Iterator[tuple[Cell, int | None]]:
    """Yield each count of a finding's rows with its cell; nothing in the place of one that is blanked."""
    where = _where(finding["where"])
    for column, keys in finding["tallies"].items():
        for key, row in zip(keys, finding["rows"], strict=True):
            if key:
                yield _cell(key, where), row[column]


def _cell(key: str, where: Where) -> Cell:
    if not key.startswith("group/"):
        return where, key
    _, name, value, rest = key.split("/", 3)
    return (name, unquote(value)), rest


def weakest(known: Known) -> Iterator[Weak]:
    """Yield each cell to be hidden that can be worked out more closely than allowed, with its bounds.

    A hidden group's size must be open over at least ten values. A count of people that is blanked must be open over at least four, what it
    could be if it were blanked for being one to four, unless it is one that need not be. A group that is shown has ten cases or more, and
    so have those together that are not. No count of people that is shown is one that must be blanked, and none that others leave by
    subtraction is one to four.
    """
    for cell in sorted(known.hidden - known.counts.keys()):
        if cell[1] == ALL and cell[0] != WHOLE:
            low, high = bounds(known, cell)
            if high - low < FEWEST_IN_A_GROUP:
                yield cell, low, high
    yield from _too_small(known)
    yield from _singled_out(known)


def _too_small(known: Known) -> Iterator[Weak]:
    """Yield each group of fewer than ten cases that is shown, or left over when those shown are taken from the whole."""
    most = _most(known)
    shown = {where: known.counts[where, ALL] for where in most if (where, ALL) in known.counts}
    left: dict[Where, int] = {}
    for (name, value), count in most.items():
        rest = (name, f"not {value}") if name == NEED else (name, REST)
        left[rest] = left.get(rest, known.size) - count
    for where, size in sorted([*shown.items(), *left.items()]):
        if size < FEWEST_IN_A_GROUP and (size or where[0] == NEED):
            yield (where, ALL), size, size


def _most(known: Known) -> dict[Where, int]:
    """Return the largest count that is known of each group: it has as many cases, or more."""
    most: dict[Where, int] = {}
    for (where, _), count in known.counts.items():
        if where[0] and where[1] != REST:
            most[where] = max(count, most.get(where, 0))
    return most


def bounds(known: Known, cell: Cell) -> tuple[int, int]:
    """Return the least and the most cases that a hidden group can have, given the sizes of others and how many answered what.

    The groups of a characteristic are all cases; of a group no more can have answered than are in it.
    """
    (name, _), _ = cell
    groups = sorted({cell[0], *((name, value) for value in known.groups.get(name, []))})
    keys = sorted({key for where, key in known.counts if where[0] == name and key != ALL})
    place = {
        one: i
        for i, one in enumerate(
            [
                *((where, ALL) for where in groups),
                *((where, key) for where in groups for key in keys),
            ]
        )
    }
    one = np.eye(len(place))
    rows = [
        (one[place[part]], count, count) for part, count in known.counts.items() if part in place
    ]
    rows += [
        (one[place[where, key]] - one[place[where, ALL]], -known.size, 0)
        for where in groups
        for key in keys
    ]
    if name != NEED:
        whole = {ALL: known.size} | {
            key: known.counts[WHOLE, key] for key in keys if (WHOLE, key) in known.counts
        }
        rows += [
            (sum(one[place[where, key]] for where in groups), count, count)
            for key, count in whole.items()
        ]
    return sums(known.size, rows).ends(one[place[cell]]) or (0, known.size)


def _singled_out(known: Known) -> Iterator[Weak]:
    """Yield each count of people that can be worked out though it singles some of them out: shown, blanked, or left by others."""
    counts = {key: count for (where, key), count in known.counts.items() if where == WHOLE}
    people = {
        key
        for where, key in (*known.hidden, *known.counts)
        if where == WHOLE and needs_of(key) and not key.endswith(UNKNOWN)
    }
    for joined in ways(counts, people, known.size):
        for key in sorted(people & joined.wanted.keys()):
            low, high = _ends(joined, key, _open)
            if not _open((low, high)) and _sensitive(
                range(low, high + 1), _ends(joined, base_key(key))
            ):
                yield (WHOLE, key), low, high
        for key in joined.apart:
            low, high = _ends(joined, key, _many)
            if not _many((low, high)):
                yield (WHOLE, key), low, high


def _ends(
    joined: Ways, key: str, enough: Callable[[Sequence[int]], bool] = lambda _: False
) -> tuple[int, int]:
    """Return the least and the most that a count can be, or two counts between these that are far enough apart."""
    wanted = joined.wanted[key]
    seen = joined.known.seen(wanted)
    if enough(seen):
        return min(seen), max(seen)
    ends = joined.known.ends(wanted)
    if ends is None:
        raise NotShared(
            f"not written, because counts of people contradict each other: {_label((WHOLE, key))} cannot be any number"
        )
    return ends


def _open(counts: Sequence[int]) -> bool:
    """Return whether a blanked count that can be each of these is as open as one to four."""
    return bool(counts) and max(counts) - min(counts) >= len(SMALL) - 1


def _many(counts: Sequence[int]) -> bool:
    """Return whether a count that can be each of these need not be one to four."""
    return any(count not in SMALL for count in counts)


def _sensitive(counts: Iterable[int], bases: tuple[int, int]) -> bool:
    """Return whether one of the counts would be blanked out of one of the bases between two."""
    return any(
        sensitive(count, base)
        for count in counts
        for base in range(max(count, bases[0]), bases[1] + 1)
    )


def _label(cell: Cell) -> str:
    (name, value), key = cell
    if name:
        return f"{name.replace('_', ' ')} {value!r}"
    return " ".join(unquote(part).replace("_", " ") for part in key.split("/"))
