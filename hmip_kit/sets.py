"""A set: the tallies that a shared page adds up when a reader filters, as far as the disclosure level allows."""

from collections.abc import Iterable, Sequence
from typing import Any

from hmip_kit.disclosure import FEWEST_IN_A_GROUP, shown_groups
from hmip_kit.filters import Filters
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.level import level_in_force
from hmip_kit.measures.cells import cells, grouped
from hmip_kit.measures.tallies import counts, without_group
from hmip_kit.measures.words import practice_name
from hmip_kit.schema import NEED, label_of

OF_PEOPLE = ("need/",)  # kinds of tally that count people by what they need, not by how the service was judged
PAIRED = ("pair/", "reach/", "where_no/")  # kinds that cross several answers of the same cases: for the whole sample only
WHOLE = ""


def set_of(findings: Sequence[Finding]) -> dict[str, Any] | None:
    """Return the tallies that findings of one inspection follow, as plain data; none where no finding follows a filter."""
    following = [one for one in findings if one.follow and one.inspection.cases_are != "none"]
    keys = [key for one in following if one.follow for key in (*one.follow.yes, *one.follow.n)]
    return _tallied_set(following[0].inspection, keys) if following else None


def _tallied_set(inspection: Inspection, keys: Iterable[str]) -> dict[str, Any]:
    """Return plain data for a page's form: name, size, whether cases are made up, the characteristics with values, and the tallies.

    Own cases under "protected" give counts for the whole sample and for single values that may be shown: of two answers of the same cases
    for the whole sample only, and none of people, whose rows a page does not make again. All else gives a cell per combination.
    """
    sample = inspection.whole or inspection
    wanted = list(dict.fromkeys(["all", *(without_group(key) for key in keys)]))
    characteristics = grouped(sample)
    protected = sample.cases_are == "own" and level_in_force() in ("protected", "open")
    tallies = {"single": _single(sample, characteristics, wanted)} if protected else {"cells": cells(sample, characteristics, wanted)}
    return {
        "name": sample.name,
        "practice": practice_name(sample),
        "size": sample.size,
        "characteristics": [{"name": name, "label": label_of(name), "values": values} for name, values in characteristics.items()],
        "live_only": [label_of(name) for name in sample.filterable if name not in characteristics],
        "tallies": {"keys": wanted, **tallies},
    }


def _single(sample: Inspection, characteristics: dict[str, list[str]], keys: Sequence[str]) -> dict[str, list[int | None] | None]:
    found: dict[str, list[int | None] | None] = {WHOLE: _safe(sample, keys, whole=True)}
    for name, values in characteristics.items():
        groups = {value: sample.filtered(Filters.of({name: value})) for value in values if value in sample.filterable[name]}
        sizes = {value: group.size for value, group in groups.items()}
        shown = _needs_shown(sizes, sample.size) if name == NEED else shown_groups(sizes)
        for value in values:
            found[f"{name}\n{value}"] = _safe(groups[value], keys) if value in shown else None
    return found


def _needs_shown(sizes: dict[str, int], whole: int) -> list[str]:
    return [need for need, size in sizes.items() if size >= FEWEST_IN_A_GROUP and whole - size >= FEWEST_IN_A_GROUP]


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
        single = {at: row and row + [other["single"][at][place] for place in more] for at, row in mine["single"].items()}
        return {**first, "tallies": {"keys": keys, "single": single}}
    pairs = zip(mine["cells"], other["cells"], strict=True)
    cells = [{"at": one["at"], "counts": one["counts"] + [two["counts"][place] for place in more]} for one, two in pairs]
    return {**first, "tallies": {"keys": keys, "cells": cells}}
