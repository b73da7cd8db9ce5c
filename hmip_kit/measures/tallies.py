"""Tallies: the few counts from which a shared page adds up the rows of any filter."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

import numpy as np
import numpy.typing as npt

from hmip_kit.coded import Mask
from hmip_kit.errors import unknown
from hmip_kit.inspection import Inspection
from hmip_kit.schema import NEED

MOST_VALUES = 12
MOST_CELLS = 5_000
OTHER = "Other (smaller ones)"
Counter = Callable[..., Mask]


def tallied(inspection: Inspection, key: str) -> Mask:
    """Return, per case, whether it counts towards a tally.

    A key is a kind and its parts, joined by "/": "all"; "answer/<question>/yes" and "answer/<question>/n" (Yes, and Yes or No);
    "group/<characteristic>/<value>/<key>", the cases of a group that count towards another tally. `KINDS` lists the kinds. An unknown kind raises `UnknownName`.

    >>> import hmip_kit as hk
    >>> int(tallied(hk.load("practice-cases"), "answer/delivery_safety/yes").sum())
    8
    """
    kind, *parts = key.split("/")
    if kind not in KINDS:
        raise unknown("kind of tally", kind, sorted(KINDS))
    return KINDS[kind](inspection, *parts)


def counts(inspection: Inspection, keys: Iterable[str]) -> dict[str, int]:
    """Return the number of cases that count towards each tally."""
    return {key: int(tallied(inspection, key).sum()) for key in keys}


def cells(sample: Inspection, characteristics: Mapping[str, list[str]], keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return a cell per combination of values that some case has: `at`, its places in the lists of values, and `counts` in the order of `keys`.

    `characteristics` is what `grouped` gives: at most twelve values each. Under `need` a place is the list of the needs that the cases have.
    """
    places = [_places(sample, name, values) for name, values in characteristics.items()]
    codes = np.concatenate([np.zeros((1, sample.size), dtype=np.int64), *places])
    found, place = np.unique(codes, axis=1, return_inverse=True)
    sums = [np.bincount(place.ravel()[tallied(sample, key)], minlength=found.shape[1]) for key in keys]
    return [{"at": _at(found[1:, i].tolist(), characteristics), "counts": [int(row[i]) for row in sums]} for i in range(found.shape[1])]


def grouped(sample: Inspection) -> dict[str, list[str]]:
    """Return what a page can filter by: each characteristic's values, and the needs.

    A characteristic with more than twelve values keeps its eleven largest; the rest are "Other". Needs are left out where that would make
    more than `MOST_CELLS` combinations: they are then live only.
    """
    values = {name: _largest(sample, name, found) for name, found in sample.characteristics.items()}
    if NEED not in sample.filterable:
        return values
    with_needs = values | {NEED: sample.filterable[NEED]}
    places = np.concatenate([_places(sample, name, found) for name, found in with_needs.items()])
    return with_needs if len(np.unique(places, axis=1).T) <= MOST_CELLS else values


def _largest(sample: Inspection, name: str, values: list[str]) -> list[str]:
    if len(values) <= MOST_VALUES:
        return values
    sizes = sample.cases[name].value_counts()
    kept = set(sizes.index[: MOST_VALUES - 1].astype("str"))
    return [value for value in values if value in kept] + [OTHER]


def _places(sample: Inspection, name: str, values: list[str]) -> npt.NDArray[np.int64]:
    """Return, per case, the place of its value in the list, one row; for needs, one row of 0 and 1 per need."""
    if name == NEED:
        needs = list(sample.frames["needs"]["need"].cat.categories)
        return np.array([sample.has_need[:, needs.index(value)] for value in values], dtype=np.int64)
    known = sample.characteristics[name]
    place = np.array([values.index(value) if value in values else values.index(OTHER) for value in known], dtype=np.int64)
    return np.asarray(place[sample.cases[name].cat.codes.to_numpy()]).reshape(1, -1)


def _at(places: list[int], characteristics: Mapping[str, list[str]]) -> list[Any]:
    single = [name for name in characteristics if name != NEED]
    needs = [i for i, has in enumerate(places[len(single) :]) if has]
    return [*places[: len(single)], *([needs] if NEED in characteristics else [])]


def _all(inspection: Inspection) -> Mask:
    return np.ones(inspection.size, dtype=bool)


def _answer(inspection: Inspection, question: str, what: str) -> Mask:
    yes, either = inspection.judged(question)
    return yes if what == "yes" else either


def group_key(name: str, value: str, key: str) -> str:
    """Return the key of a tally within a group.

    >>> group_key("office", "North/South", "all")
    'group/office/North%2FSouth/all'
    """
    return f"group/{name}/{quote(value, safe='')}/{key}"


def _group(inspection: Inspection, name: str, value: str, *rest: str) -> Mask:
    return inspection.matching(name, (unquote(value),)) & tallied(inspection, "/".join(rest))


KINDS: dict[str, Counter] = {"all": _all, "answer": _answer, "group": _group}
