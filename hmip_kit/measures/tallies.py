"""Tallies: the few counts from which a shared page adds up the rows of any filter."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from hmip_kit.coded import Mask
from hmip_kit.errors import unknown
from hmip_kit.inspection import Inspection

Counter = Callable[..., Mask]


def tallied(inspection: Inspection, key: str) -> Mask:
    """Return, per case, whether it counts towards a tally.

    A key is a kind and its parts, joined by "/": "all"; "answer/<question>/yes" and "answer/<question>/n" (Yes, and Yes or No).
    `KINDS` lists the kinds. An unknown kind raises `UnknownName`.

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


def tallies(inspection: Inspection, names: Iterable[str], keys: Iterable[str]) -> dict[str, Any]:
    """Return plain data: `keys`, and per combination of the characteristics' values a cell of counts in the order of `keys`.

    A cell is the combination (`at`: places in the lists of `inspection.characteristics`), and its counts. Combinations that no case
    has are left out. The inspection is taken whole: its filters are the page's to apply.
    """
    names, keys = list(names), list(keys)
    sample = inspection.whole or inspection
    codes = np.array([sample.cases[name].cat.codes.to_numpy() for name in names]).reshape(len(names), sample.size)
    found, place = np.unique(codes, axis=1, return_inverse=True)
    sums = [np.bincount(place.ravel()[tallied(sample, key)], minlength=found.shape[1]) for key in keys]
    return {
        "keys": keys,
        "cells": [{"at": found[:, i].tolist(), "counts": [int(row[i]) for row in sums]} for i in range(found.shape[1])],
    }


def _all(inspection: Inspection) -> Mask:
    return np.ones(inspection.size, dtype=bool)


def _answer(inspection: Inspection, question: str, what: str) -> Mask:
    yes, either = inspection.judged(question)
    return yes if what == "yes" else either


KINDS: dict[str, Counter] = {"all": _all, "answer": _answer}
