"""Columns of millions of small whole numbers, worked through in blocks that stay in the processor's cache."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 1 << 17
MOST_MARKED = 1 << 28  # pairs of numbers that are marked in memory, a byte each

Codes = npt.NDArray[np.integer[Any]]


def looked_up(lookup: npt.NDArray[Any], codes: Codes) -> npt.NDArray[Any]:
    """Return what stands in `lookup` at each code; the codes themselves where it changes none of them.

    >>> looked_up(np.array([5, 7], dtype=np.int8), np.array([1, 0, 1], dtype=np.int32)).tolist()
    [7, 5, 7]
    """
    if not len(codes) or (
        lookup.dtype == codes.dtype and np.array_equal(lookup, np.arange(len(lookup)))
    ):
        return codes.astype(lookup.dtype, copy=False)
    found = np.empty(len(codes), dtype=lookup.dtype)
    for part in _blocks(len(codes)):
        np.take(
            lookup, codes[part], out=found[part], mode="wrap"
        )  # with "raise" numpy would go through a copy
    return found


def marked(codes: Codes, size: int) -> npt.NDArray[np.bool_]:
    """Return which of the numbers below `size` occur; those below zero do not count.

    >>> marked(np.array([2, 0, 2, -1]), 4).tolist()
    [True, False, True, False]
    """
    there = np.zeros(size + 1, dtype=bool)  # the last place takes what is below zero
    for part in _blocks(len(codes)):
        there[np.maximum(codes[part], -1)] = True
    return there[:size]


def tallied(codes: Codes, size: int) -> npt.NDArray[np.int64]:
    """Return how often each of the numbers below `size` occurs.

    >>> tallied(np.array([2, 0, 2]), 4).tolist()
    [1, 0, 2, 0]
    """
    count = np.zeros(size, dtype=np.int64)
    for part in _blocks(len(codes), 4 * size):
        count += np.bincount(codes[part], minlength=size)
    return count


def pairs_differ(first: Codes, second: Codes, sizes: tuple[int, int]) -> bool:
    """Return whether no pair of numbers stands twice; pairs whose first is below zero do not count.

    >>> pairs_differ(np.array([0, 0, 1]), np.array([0, 1, 0]), (2, 2)), pairs_differ(np.array([0, 0]), np.array([1, 1]), (2, 2))
    (True, False)
    """
    if sizes[0] * sizes[1] > MOST_MARKED:
        keys = (first.astype(np.int64) * sizes[1] + second)[first >= 0]
        return len(np.unique(keys)) == len(keys)
    there, count = np.zeros(sizes[0] * sizes[1], dtype=bool), 0
    for part in _blocks(len(first)):
        keys = (first[part].astype(np.int64) * sizes[1] + second[part])[first[part] >= 0]
        there[keys] = True
        count += len(keys)
    return int(np.count_nonzero(there)) == count


def _blocks(rows: int, least: int = 0) -> Iterator[slice]:
    step = max(BLOCK, least)
    return (slice(start, start + step) for start in range(0, rows, step))
