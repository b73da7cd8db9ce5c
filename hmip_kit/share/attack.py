"""An attack on our own page, which finds how closely a reader can work out what it hides, from everything that it says.

Whole-number bounds by mixed-integer programming. What is hidden are the sizes of groups that are not shown, and counts of people that
are blanked. A page that gives one of them away more closely than the gate's settings allow is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from hmip_kit.disclosure import FEWEST_IN_A_GROUP, SMALL
from hmip_kit.errors import NotShared
from hmip_kit.schema import NEED
from hmip_kit.sets import REST
from hmip_kit.share.page import Page

Where = tuple[str, str]  # characteristic and value; both blank for the whole sample
Cell = tuple[Where, str]  # where, and the key of a tally
WHOLE: Where = ("", "")
ALL = "all"


@dataclass
class Known:
    """What a page says of one inspection: counts by cell, the cells that it hides, and the groups of each characteristic."""

    size: int
    counts: dict[Cell, int] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    groups: dict[str, list[str]] = field(default_factory=dict)
    at_most: set[tuple[Cell, Cell]] = field(default_factory=set)

    def learn(self, cell: Cell, count: int | None) -> None:
        """Note a count, or that one is hidden."""
        if count is None:
            self.hidden.add(cell)
        else:
            self.counts[cell] = int(count)


def check_page(page: Page) -> None:
    """Raise `NotShared`, naming the cell by its labels, where a page of protected data gives a hidden number away."""
    for one in page["sets"].values():
        if "single" in one["tallies"]:
            known = read(one, [finding for finding in page["findings"] if finding["inspection"]["name"] == one["name"]])
            for cell, low, high in weakest(known):
                raise NotShared(
                    f"{page['name']}: not written, because {_label(cell)} is to be hidden and could be worked out: "
                    f"{low}" + (f" to {high}" if high > low else "") + f" of {known.size} cases"
                )


def read(one: Mapping[str, Any], findings: Iterable[Mapping[str, Any]]) -> Known:
    """Return all that a page says of one inspection's cases: its tallies, and the rows of its findings."""
    known = Known(one["size"])
    for characteristic in one["characteristics"]:
        known.groups[characteristic["name"]] = list(characteristic["values"])
    for at, counts in one["tallies"]["single"].items():
        name, _, value = at.partition("\n")
        where = (name, value)
        for place, key in enumerate(one["tallies"]["keys"]):
            known.learn((where, key), None if counts is None else counts[place])
    for finding in findings:
        for yes, n in _rows(finding):
            known.learn(*yes)
            known.learn(*n)
            known.at_most.add((yes[0], n[0]))
    known.counts[WHOLE, ALL] = known.size
    return known


def _rows(finding: Mapping[str, Any]) -> Iterator[tuple[tuple[Cell, int | None], tuple[Cell, int | None]]]:
    """Return the two cells of each of a finding's rows, where it names the tallies that they are sums of: `yes`, and `n`, its base."""
    follow = finding["follow"]
    where = next(((name, values[0]) for name, values in finding["where"].items()), WHOLE)
    for place, row in enumerate(finding["rows"] if follow else []):
        yes, n = ((_cell(follow[column][place], where), row[column]) for column in ("yes", "n"))
        yield yes, n


def _cell(key: str, where: Where) -> Cell:
    if not key.startswith("group/"):
        return where, key
    _, name, value, rest = key.split("/", 3)
    return (name, unquote(value)), rest


def weakest(known: Known) -> Iterator[tuple[Cell, int, int]]:
    """Return each cell to be hidden that can be worked out more closely than allowed, with its bounds.

    A hidden group's size must be open over at least ten values, a blanked count over at least four: what it could be if it were blanked
    for being one to four. A group that is shown has ten cases or more, and so have those together that are not.
    """
    for cell in sorted(known.hidden):
        where, key = cell
        group = key == ALL and where != WHOLE
        if cell in known.counts or not (group or (key.startswith("need/") and where == WHOLE)):
            continue
        low, high = bounds(known, cell)
        if high - low < (FEWEST_IN_A_GROUP if group else len(SMALL) - 1):
            yield cell, low, high
    yield from _too_small(known)


def _too_small(known: Known) -> Iterator[tuple[Cell, int, int]]:
    """Return each group of fewer than ten cases that is shown, or left over when those shown are taken from the whole."""
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
    """Return the least and the most that a hidden cell can be, given all that is known."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells, equal, below = _relations(known, cell)
    place = {one: i for i, one in enumerate(cells)}
    rows: list[list[float]] = []
    lows: list[float] = []
    highs: list[float] = []
    for parts, total in equal:
        rows.append(_row(parts, place))
        lows.append(total)
        highs.append(total)
    for less, more in below:
        rows.append(_row({less: 1.0, more: -1.0}, place))
        lows.append(-np.inf)
        highs.append(0)
    fixed = [known.counts.get(one) for one in cells]
    within = Bounds([0 if one is None else one for one in fixed], [known.size if one is None else one for one in fixed])
    constraints = LinearConstraint(np.array(rows), lows, highs) if rows else ()
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * np.eye(len(cells))[place[cell]], bounds=within, constraints=constraints, integrality=np.ones(len(cells), dtype=np.int64)
        )
        ends.append(int(round(found.x[place[cell]])) if found.success else known.size * (sign < 0))
    return ends[0], ends[1]


Sum = tuple[dict[Cell, float], int]


def _relations(known: Known, cell: Cell) -> tuple[list[Cell], list[Sum], list[tuple[Cell, Cell]]]:
    """Return the cells that bear on one, the sums that must hold among them, and which are at most which."""
    (name, _), key = cell
    if not name:
        return _about_people(known, cell)
    groups = [((name, value), ALL) for value in known.groups.get(name, [])]
    total = [(dict.fromkeys(groups, 1.0), known.size)] if name != NEED else []
    keys = {one[1] for one in known.counts if one[0][0] == name and one[1] != ALL}
    below = [((where, other), (where, ALL)) for where, _ in groups for other in keys]
    split = [
        (dict.fromkeys([(where, other) for where, _ in groups], 1.0), known.counts[WHOLE, other])
        for other in keys
        if (WHOLE, other) in known.counts
    ]
    cells = sorted({cell, *groups, *(less for less, _ in below)})
    return cells, total + (split if name != NEED else []), below


def _about_people(known: Known, cell: Cell) -> tuple[list[Cell], list[Sum], list[tuple[Cell, Cell]]]:
    """Return what bears on a count of people with a need: the other counts of the need, and the number of cases that have it."""
    need = cell[1].split("/")[1]
    same = {one for one in known.hidden | set(known.counts) if one[0] == WHOLE and one[1].startswith(f"need/{need}/")}
    having: Cell = (("need", need), ALL)
    below = [(less, more) for less, more in known.at_most if {less, more} <= same]
    return sorted({cell, having, *same}), [], below + [(one, having) for one in sorted(same)]


def _row(parts: Mapping[Cell, float], place: Mapping[Cell, int]) -> list[float]:
    row = [0.0] * len(place)
    for cell, weight in parts.items():
        row[place[cell]] = weight
    return row


def _label(cell: Cell) -> str:
    (name, value), key = cell
    if name:
        return f"{name.replace('_', ' ')} {value!r}"
    return " ".join(part.replace("_", " ") for part in key.split("/"))
