"""A cube: the counts that a page adds up when a reader filters, as far as the gate allows."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from hmip_kit.cases import BY_NEED
from hmip_kit.counts import ALL, count, counted, without_group
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.protect import (
    FEWEST_CASES,
    REST,
    alike,
    groups_shown,
    question_in,
    sizes_of,
    split_by,
    withheld,
)
from hmip_kit.protect.payload import Cell, Cube, Tallies
from hmip_kit.schema import NEED, label_of
from hmip_kit.settings import MOST_CELLS, MOST_VALUES

OTHER = "Other (smaller ones)"
EARLIER = "Beside an earlier page it would say something of the few cases that are new or changed."
Made = tuple[dict[str, list[str]], Tallies, list[str]]  # what to filter by, counts, what not


def follows(finding: Finding) -> bool:
    """Return whether a page counts a `finding` again for the cases that a reader chooses.

    For sharing one group is shown at a time: what is narrowed already stays as it is.
    """
    how = finding.recount
    if how is None or not _for_sharing(finding):
        return how is not None
    narrowed = finding.shown_by != "one group" or finding.inspection.filters or split_by(finding)
    return not narrowed and all(map(question_in, (*how.yes, *how.n)))


def _for_sharing(finding: Finding) -> bool:
    return finding.inspection.protected and finding.released == "sharing"


def cube_of(findings: Sequence[Finding]) -> Cube | None:
    """Return what a page adds up for `findings` of one inspection; none where none follows."""
    following = [one for one in findings if follows(one)]
    if not following:
        return None
    sample = following[0].inspection.sample
    named = [
        key
        for one in following
        if (how := one.recount)
        for keys in how.tallies.values()
        for key in keys
    ]
    keys = list(dict.fromkeys([ALL, *map(without_group, named)]))
    make: Callable[[Inspection, Sequence[str]], Made] = (
        _single if _for_sharing(following[0]) else _in_cells
    )
    values, tallies, notes = make(sample, keys)
    return {
        "name": sample.name,
        "practice": sample.practice_name,
        "size": sample.size,
        "characteristics": [
            {"name": name, "label": label_of(name), "values": given}
            for name, given in values.items()
        ],
        "notes": notes,
        "tallies": tallies,
    }


def _in_cells(sample: Inspection, keys: Sequence[str]) -> Made:
    """Return a cell per combination of values that some case has, needs too if these are few."""
    joined = {name: _largest(sample, name) for name in sample.characteristics}
    values = {name: list(dict.fromkeys(one.values())) for name, one in joined.items()}
    needs = sample.filterable.get(NEED, [])
    flags = [f"{BY_NEED}{need}" for need in needs]
    counts = count(sample, keys, by=[*joined, *flags], observed=True)
    for name, one in joined.items():
        places = {value: values[name].index(label) for value, label in one.items()}
        counts[name] = counts[name].astype("str").map(places)
    rows = _summed(counts, [*joined, *flags], keys)
    live = len(rows) > MOST_CELLS and bool(needs)
    if live:
        rows, flags = _summed(counts, list(joined), keys), []
    elif needs:
        values |= {NEED: needs}
    cells: list[Cell] = [
        {
            "at": [*(int(row[name]) for name in joined), *_needs_at(row, flags)],
            "counts": [int(row[key]) for key in keys],
        }
        for row in rows.to_dict("records")
    ]
    said = "Live only, in JupyterLab: needs. There are too many combinations for a page."
    return values, {"keys": list(keys), "cells": cells}, [said] if live else []


def _summed(counts: pd.DataFrame, by: list[str], keys: Sequence[str]) -> pd.DataFrame:
    """Return counts summed over what they are not to go by."""
    if not by:
        return counts[list(keys)].sum().to_frame().T
    return counts.groupby(by, observed=True)[list(keys)].sum().reset_index()


def _needs_at(row: Mapping[object, object], flags: Sequence[str]) -> list[list[int]]:
    return [[place for place, name in enumerate(flags) if row[name]]] if flags else []


def _largest(sample: Inspection, name: str) -> dict[str, str]:
    """Return what each value is joined to: itself where it is among the largest."""
    values = sample.characteristics[name]
    sizes = sizes_of(sample, name)
    ranked = sorted(values, key=lambda value: -sizes[value])
    kept = set(ranked if len(values) <= MOST_VALUES else ranked[: MOST_VALUES - 1])
    return _joined(values, kept, OTHER)


def _joined(values: Iterable[str], kept: set[str], rest: str) -> dict[str, str]:
    """Return values joined to themselves where they are kept, to the rest where not, these last."""
    ordered = sorted(values, key=lambda value: value not in kept)
    return {value: value if value in kept else rest for value in ordered}


def _single(sample: Inspection, keys: Sequence[str]) -> Made:
    """Return the counts of all cases and of single groups, as the gate shows them."""
    offered = {name: _offered(sample, name) for name in sample.characteristics}
    single: dict[str, list[int | None]] = {"": list(counted(sample, keys).values())}
    for name, parts in offered.items():
        closed, counts = alike(sample, name), count(sample, keys, [name])
        groups = counts.pop(name).astype("str").map(parts)
        for value, row in counts.groupby(groups).sum().iterrows():
            single[f"{name}\n{value}"] = [
                None if question_in(key) in closed else int(row[key]) for key in keys
            ]
    values = {name: list(dict.fromkeys(parts.values())) for name, parts in offered.items() if parts}
    without = [label_of(name) for name in sample.filterable if name not in values]
    few = f"Not offered: groups under {FEWEST_CASES} cases, and any that would give one away"
    nothing = f"; nothing of: {', '.join(without)}" if without else ""
    notes = [f"{few}{nothing}."]
    if earlier := [label_of(name) for name in withheld()["characteristics"]]:
        notes.append(f"Left out: {', '.join(earlier)}. {EARLIER}")
    return values, {"keys": list(keys), "single": single}, notes


def _offered(sample: Inspection, name: str) -> dict[str, str]:
    """Return what each group is offered as: itself, or as one of the rest, which has ten cases.

    Where the groups that may be shown are many, the largest are; nothing where none may be.
    """
    sizes = {value: size for value, size in sizes_of(sample, name).items() if size}
    shown = sorted(groups_shown(sample, name), key=sizes.__getitem__, reverse=True)
    few = len(shown) == len(sizes) <= MOST_VALUES
    kept = set(shown if few else shown[: MOST_VALUES - 1])
    return _joined(sizes, kept, REST) if kept else {}


def merged(cubes: Iterable[Cube]) -> dict[str, Cube]:
    """Return one cube per inspection of those in `cubes`, with every count once."""
    found: dict[str, Cube] = {}
    for one in cubes:
        found[one["name"]] = _with_counts(found[one["name"]], one) if one["name"] in found else one
    return found


def _with_counts(first: Cube, second: Cube) -> Cube:
    """Return the first of two cubes of the same cases with what only the second counts."""
    mine, other = first["tallies"], second["tallies"]
    more = [place for place, key in enumerate(other["keys"]) if key not in mine["keys"]]
    tallies: Tallies = {"keys": mine["keys"] + [other["keys"][place] for place in more]}
    if "single" in mine:
        tallies["single"] = {
            at: row + [other["single"][at][place] for place in more]
            for at, row in mine["single"].items()
        }
    else:
        pairs = zip(mine["cells"], other["cells"], strict=True)
        tallies["cells"] = [
            {"at": one["at"], "counts": one["counts"] + [two["counts"][place] for place in more]}
            for one, two in pairs
        ]
    return {**first, "tallies": tallies}
