"""Cells: what a shared page adds up, a count per tally for each combination of values that some case has."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from hmip_kit.inspection import Inspection
from hmip_kit.measures.tallies import tallied
from hmip_kit.schema import NEED

MOST_VALUES = 12
MOST_CELLS = 5_000
OTHER = "Other (smaller ones)"
Places = npt.NDArray[np.int64]


def cells(
    sample: Inspection, characteristics: Mapping[str, list[str]], keys: Iterable[str]
) -> list[dict[str, Any]]:
    """Return a cell per combination of values that some case has.

    A cell is `at`, its places in the lists of values, and `counts`, in the order of `keys`.

    `characteristics` is what `grouped` gives: at most twelve values each. Under `need` a place is the list of the cases' needs.
    """
    places = [_places(sample, name, values) for name, values in characteristics.items()]
    found, place = _combinations([np.zeros((1, sample.size), dtype=np.int64), *places])
    sums = [np.bincount(place[tallied(sample, key)], minlength=len(found)) for key in keys]
    at = [_at(one[1:], characteristics) for one in found.tolist()]
    return [{"at": one, "counts": [int(row[i]) for row in sums]} for i, one in enumerate(at)]


def grouped(sample: Inspection) -> dict[str, list[str]]:
    """Return what a page can filter by: each characteristic's values, and the needs.

    A characteristic with more than twelve values keeps its eleven largest; the rest are "Other". Needs are left out where that
    would make more than `MOST_CELLS` combinations: they are then live only.
    """
    values = {name: _largest(sample, name, found) for name, found in sample.characteristics.items()}
    if NEED not in sample.filterable:
        return values
    with_needs = values | {NEED: sample.filterable[NEED]}
    found, _ = _combinations([_places(sample, name, places) for name, places in with_needs.items()])
    return with_needs if len(found) <= MOST_CELLS else values


def _combinations(rows: list[Places]) -> tuple[Places, Places]:
    """Return each combination of places that occurs, in order, and per case which it is. Whole numbers sort faster than columns."""
    places = np.concatenate(rows)
    sizes = tuple(int(most) + 1 for most in places.max(axis=1, initial=0))
    found, place = np.unique(np.ravel_multi_index(tuple(places), sizes), return_inverse=True)
    return np.array(np.unravel_index(found, sizes), dtype=np.int64).T, place


def _largest(sample: Inspection, name: str, values: list[str]) -> list[str]:
    if len(values) <= MOST_VALUES:
        return values
    sizes = sample.cases[name].value_counts()
    kept = set(sizes.index[: MOST_VALUES - 1].astype("str"))
    return [value for value in values if value in kept] + [OTHER]


def _places(sample: Inspection, name: str, values: list[str]) -> Places:
    """Return, per case, the place of its value in the list, one row; for needs, one row of 0 and 1 per need."""
    if name == NEED:
        needs = list(sample.frames["needs"]["need"].cat.categories)
        return np.array(
            [sample.has_need[:, needs.index(value)] for value in values], dtype=np.int64
        )
    known = sample.characteristics[name]
    place = np.array(
        [values.index(value) if value in values else values.index(OTHER) for value in known],
        dtype=np.int64,
    )
    return np.asarray(place[sample.cases[name].cat.codes.to_numpy()]).reshape(1, -1)


def _at(places: list[int], characteristics: Mapping[str, list[str]]) -> list[Any]:
    single = [name for name in characteristics if name != NEED]
    needs = [i for i, has in enumerate(places[len(single) :]) if has]
    return [*places[: len(single)], *([needs] if NEED in characteristics else [])]
