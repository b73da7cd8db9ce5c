"""A set: the tallies that a shared page adds up when a reader filters, as far as the disclosure level allows."""

from collections.abc import Iterable, Sequence
from typing import Any

from hmip_kit.disclosure import FEWEST_IN_A_GROUP, shown_groups, shown_needs, sizes_of
from hmip_kit.filters import Filters
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.level import level_in_force
from hmip_kit.measures.cells import MOST_VALUES, cells, grouped
from hmip_kit.measures.tallies import counts, without_group
from hmip_kit.measures.words import practice_name
from hmip_kit.schema import NEED, label_of

OF_PEOPLE = (
    "need/",
)  # kinds of tally that count people by what they need, not by how the service was judged
PAIRED = (
    "pair/",
    "reach/",
    "where_no/",
)  # kinds that cross several answers of the same cases: for the whole sample only
WHOLE = ""
REST = "Other, or not shown"  # the groups that a protected page does not offer one by one, together


def set_of(findings: Sequence[Finding]) -> dict[str, Any] | None:
    """Return the tallies that findings of one inspection follow, as plain data; none where no finding follows a filter."""
    following = [one for one in findings if one.follow and one.inspection.cases_are != "none"]
    keys = [key for one in following if one.follow for key in (*one.follow.yes, *one.follow.n)]
    return _tallied_set(following[0].inspection, keys) if following else None


def _tallied_set(inspection: Inspection, keys: Iterable[str]) -> dict[str, Any]:
    """Return plain data for a page's form: name, size, whether cases are made up, the characteristics with values, and the tallies.

    `notes` says what the form does not offer. Own cases under "protected" give counts for the whole sample and for single values that
    may be shown, the others joined to one: of two answers of the same cases for the whole sample only, and none of people, whose rows
    a page does not make again. All else gives a cell per combination.
    """
    sample = inspection.whole or inspection
    wanted = list(dict.fromkeys(["all", *(without_group(key) for key in keys)]))
    made = (
        _protected
        if sample.cases_are == "own" and level_in_force() in ("protected", "open")
        else _in_cells
    )
    characteristics, tallies, notes = made(sample, wanted)
    return {
        "name": sample.name,
        "practice": practice_name(sample),
        "size": sample.size,
        "characteristics": [
            {"name": name, "label": label_of(name), "values": values}
            for name, values in characteristics.items()
        ],
        "notes": notes,
        "tallies": {"keys": wanted, **tallies},
    }


Made = tuple[
    dict[str, list[str]], dict[str, Any], list[str]
]  # values by characteristic, tallies, what is not offered


def _in_cells(sample: Inspection, keys: Sequence[str]) -> Made:
    characteristics = grouped(sample)
    live = [label_of(name) for name in sample.filterable if name not in characteristics]
    notes = (
        [
            f"Live only, in JupyterLab: {', '.join(live)}. There are too many combinations for a page."
        ]
        if live
        else []
    )
    return characteristics, {"cells": cells(sample, characteristics, keys)}, notes


def _protected(sample: Inspection, keys: Sequence[str]) -> Made:
    groups = {name: _groups(sample, name) for name in sample.filterable}
    single: dict[str, list[int | None]] = {WHOLE: _safe(sample, keys, whole=True)}
    for name, parts in groups.items():
        single |= {
            f"{name}\n{label}": _safe(sample.filtered(Filters.of({name: values})), keys)
            for label, values in parts.items()
        }
    offered = {name: list(parts) for name, parts in groups.items() if parts}
    without = [label_of(name) for name in groups if name not in offered]
    notes = [
        f"Not offered: groups under {FEWEST_IN_A_GROUP} cases, and any that would give one away{_listed(without)}."
    ]
    return offered, {"single": single}, notes


def _listed(labels: Sequence[str]) -> str:
    return f"; nothing of: {', '.join(labels)}" if labels else ""


def _groups(sample: Inspection, name: str) -> dict[str, list[str]]:
    """Return what a protected page offers of a characteristic: the groups that may be shown, the largest where they are many, and the rest.

    The rest is ten cases or more, or none. Of needs, which a case may have several of, there is no rest.
    """
    if name == NEED:
        return {need: [need] for need in shown_needs(sample)}
    sizes = {value: size for value, size in sizes_of(sample, name).items() if size}
    shown = sorted(shown_groups(sizes), key=sizes.__getitem__, reverse=True)
    few = len(shown) == len(sizes) <= MOST_VALUES
    kept = set(shown if few else shown[: MOST_VALUES - 1])
    rest = [value for value in sizes if value not in kept]
    return {value: [value] for value in sizes if value in kept} | (
        {REST: rest} if kept and rest else {}
    )


def _safe(group: Inspection, keys: Sequence[str], whole: bool = False) -> list[int | None]:
    """Return the counts that may be shown, and nothing in the place of the others; those of people stand in their findings alone."""
    hidden = OF_PEOPLE if whole else (*OF_PEOPLE, *PAIRED)
    counted = counts(group, [key for key in keys if not key.startswith(hidden)])
    return [counted.get(key) for key in keys]


def merged(sets: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return one set of tallies per inspection, with every count that some finding of the page adds up, once."""
    found: dict[str, dict[str, Any]] = {}
    for one in sets:
        found[one["name"]] = _joined(found[one["name"]], one) if one["name"] in found else one
    return found


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    mine, other = first["tallies"], second["tallies"]
    more = [place for place, key in enumerate(other["keys"]) if key not in mine["keys"]]
    keys = mine["keys"] + [other["keys"][place] for place in more]
    if "single" in mine:
        single = {
            at: row + [other["single"][at][place] for place in more]
            for at, row in mine["single"].items()
        }
        return {**first, "tallies": {"keys": keys, "single": single}}
    pairs = zip(mine["cells"], other["cells"], strict=True)
    cells = [
        {"at": one["at"], "counts": one["counts"] + [two["counts"][place] for place in more]}
        for one, two in pairs
    ]
    return {**first, "tallies": {"keys": keys, "cells": cells}}
