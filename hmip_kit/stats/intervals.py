"""Bounds of a share: Wilson's interval, exact limits, and what published totals leave open."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.settings import CONFIDENCE, CONFIDENCE_TEXT

Numbers = npt.NDArray[np.float64]
Given = Any  # a number, or as many as there are rows
Bounds = tuple[Any, Any]  # low and high: two numbers, or two arrays, as what was given
INTERVAL_TEXT = f"{CONFIDENCE_TEXT} interval"  # in headings and sentences


def wilson(
    yes: Given, n: Given, confidence: float = CONFIDENCE, population: Given = None
) -> Bounds:
    """Return the Wilson interval of a share, in percent.

    Parameters
    ----------
    yes, n : number or array
        Cases with Yes, out of how many. Missing values are taken as such.
    confidence : float
        The interval's confidence, between 0 and 1.
    population : number or array, optional
        How many cases `n` was drawn from, where that is known. The interval then covers what is
        not yet known of them: with N = n it is a point. Missing: no such number.

    Returns
    -------
    tuple
        `low` and `high`, in percent: numbers for numbers, else arrays. Missing where n is 0.

    Notes
    -----
    Wilson (1927), by `statsmodels.stats.proportion.proportion_confint`. Finite populations:
    O'Neill (2021): yes and n are divided by f = (N - n) / (N - 1).

    Examples
    --------
    >>> [round(end, 1) for end in wilson(8, 42)]
    [10.0, 33.3]
    >>> [round(end, 1) for end in wilson(12, 20, population=40)]
    [44.4, 73.8]
    """
    from statsmodels.stats.proportion import proportion_confint

    counted, base = floats(yes), floats(n)
    known = np.isfinite(counted) & (base > 0)
    counted, base = np.where(known, counted, 0.0), np.where(known, base, 1.0)
    left = left_to_know(base, population)
    shrunk = np.where(left > 0, left, 1.0)
    ends = proportion_confint(
        counted / shrunk, base / shrunk, alpha=1 - confidence, method="wilson"
    )
    share = 100 * counted / base
    # Rounding must not leave a share of 0 or 100 outside its own bounds.
    low, high = np.minimum(100 * ends[0], share), np.maximum(100 * ends[1], share)
    return _given_back(
        *(
            np.where(known, np.clip(np.where(left > 0, end, share), 0, 100), np.nan)
            for end in (low, high)
        )
    )


def left_open(yes: Given, n: Given, group: Given) -> Bounds:
    """Return between which shares published totals leave a group of the cases, in percent.

    Parameters
    ----------
    yes, n : number or array
        The published count, out of how many cases.
    group : number or array
        How many of the n cases are in the group.

    Returns
    -------
    tuple
        `low` and `high`, in percent of the group; missing where the group is 0.

    Notes
    -----
    The group's count is at least max(0, yes + group - n) and at most min(yes, group): both are
    reached by some data set with these totals.

    Examples
    --------
    >>> [round(end, 1) for end in left_open(8, 42, 19)]
    [0.0, 42.1]
    """
    counted, base, part = floats(yes), floats(n), floats(group)
    some = np.where(part > 0, part, np.nan)
    least, most = np.maximum(counted + part - base, 0), np.minimum(counted, part)
    return _given_back(100 * least / some, 100 * most / some)


def narrowed(yes: int, n: int, weaker: int, stronger: int) -> tuple[int, int]:
    """Return what totals leave open where one group is known to have a lower share than another.

    Parameters
    ----------
    yes, n : int
        The published count, out of how many cases.
    weaker, stronger : int
        How many of the n cases are in the group with the lower share, and in the other.

    Returns
    -------
    tuple
        The most Yes of the weaker group, and the fewest of the stronger one.

    Raises
    ------
    ValueError
        Where no counts of such groups have these shares.

    Notes
    -----
    Every pair of whole counts that the total allows is tried.

    Examples
    --------
    >>> narrowed(16, 42, 19, 23)
    (7, 9)
    """
    pairs = [
        (low, high)
        for low in range(min(yes, weaker) + 1)
        for high in range(min(yes - low, stronger) + 1)
        if yes - low - high <= n - weaker - stronger and low * stronger < high * weaker
    ]
    return max(low for low, _ in pairs), min(high for _, high in pairs)


def binomial_limits(n: Given, share: float, level: float) -> Bounds:
    """Return the exact limits between which chance leaves a count, in percent of n.

    Parameters
    ----------
    n : number or array
        Cases.
    share : float
        The true share, 0 to 1.
    level : float
        The probability that is left between the limits, such as 0.95.

    Returns
    -------
    tuple
        `low` and `high`, in percent of each n; a count on a limit is inside.

    Notes
    -----
    `scipy.stats.binom.ppf` at both tails.

    Examples
    --------
    >>> [round(30 * end / 100) for end in binomial_limits(30, 0.6, 0.95)]
    [13, 23]
    """
    size = floats(n)
    return _given_back(*(100 * end / size for end in _limits(size, share, level)))


def outside_by_chance(n: Given, share: float, level: float) -> Numbers:
    """Return how likely a count lies outside its exact limits by chance alone.

    Parameters
    ----------
    n : number or array
        Cases.
    share : float
        The true share, 0 to 1.
    level : float
        The level of the limits, such as 0.95.

    Returns
    -------
    array
        A probability for each n: less than 1 - level, because counts are whole.

    Notes
    -----
    `scipy.stats.binom`, below the lower of `binomial_limits` and above the upper one.

    Examples
    --------
    >>> round(float(outside_by_chance(30, 0.6, 0.95)), 3)
    0.038
    """
    from scipy.stats import binom

    size = floats(n)
    low, high = _limits(size, share, level)
    return floats(binom.cdf(low - 1, size, share) + binom.sf(high, size, share))


def signals_by_chance(yes: Given, n: Given, level: float, baseline: Given = True) -> Numbers:
    """Return how likely the count of each round lies outside its exact limits with no change.

    Parameters
    ----------
    yes, n : array
        Cases with Yes in each round, out of how many.
    level : float
        The level of the limits, such as 0.998.
    baseline : bool or array
        Whether a round is one of those whose share together the limits lie round.

    Returns
    -------
    array
        A probability for each round, whatever the true share is.

    Notes
    -----
    Given how many are Yes in a round and the baseline together, the count of the round is
    hypergeometric (`scipy.stats.hypergeom`). Limits are those of `binomial_limits`; for a round
    that is no part of the baseline they go with its own count.

    Examples
    --------
    >>> [round(float(one), 5) for one in signals_by_chance([18, 20, 17, 17], [30] * 4, 0.998)]
    [0.00019, 0.00019, 0.00019, 0.00019]
    """
    from scipy.stats import binom, hypergeom

    counted, sizes = floats(yes)[:, None], floats(n)[:, None]
    inside, tail = np.broadcast_to(baseline, floats(n).shape)[:, None], (1 - level) / 2
    known, base = counted[inside].sum(), sizes[inside].sum()
    total, whole = np.where(inside, known, known + counted), np.where(inside, base, base + sizes)
    reach = np.ceil(4 * sizes.max() ** 0.5) + 8  # eight standard deviations: no more counts matter
    counts = np.round(sizes * total / whole) + np.arange(-reach, reach + 1)  # a row for each round
    share = np.where(inside, known / base, np.clip((total - counts) / base, 0, 1))
    outside = (binom.cdf(counts, sizes, share) < tail) | (
        binom.cdf(counts - 1, sizes, share) >= 1 - tail
    )
    chances = np.where(outside, hypergeom.pmf(counts, whole, total, sizes), 0.0)
    return floats(chances.sum(axis=1))


def stratified(
    yes: Given, n: Given, weights: Given, population: Given = None
) -> tuple[float, float, float]:
    """Return a share over several units by their weights, with its interval, in percent.

    Parameters
    ----------
    yes, n : array
        Cases with Yes, out of how many, of each unit.
    weights : array
        What each unit counts for, such as its caseload.
    population : array, optional
        How many cases each n was drawn from, where that is known: see `wilson`.

    Returns
    -------
    tuple
        The share, and `low` and `high`; missing where a unit has no case.

    Notes
    -----
    Yan and Su (2010): the weighted ends of the Wilson interval of each unit, at one quantile that
    gives the whole its confidence.

    Examples
    --------
    >>> [round(one, 1) for one in stratified([8, 20], [40, 40], [300, 100])]
    [27.5, 18.8, 38.6]
    """
    from scipy.stats import norm

    size, counted = floats(n), floats(yes)
    if not (np.isfinite(counted) & (size > 0)).all():
        return np.nan, np.nan, np.nan
    part, share = floats(weights) / floats(weights).sum(), counted / size
    left = left_to_know(size, population)
    # A unit where all, or none, are Yes has no variance by its share: half a case is taken for it.
    near = (counted + 0.5) / (size + 1)
    spread = np.sqrt(left * near * (1 - near) / size)
    if not (part * spread).sum():
        return (float(100 * part @ share),) * 3
    z = norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(part**2 @ spread**2) / (part @ spread)
    low, high = wilson(counted, size, float(2 * norm.cdf(z) - 1), population)
    return float(100 * part @ share), float(part @ low), float(part @ high)


def _limits(n: Numbers, share: float, level: float) -> Bounds:
    """Return the least and the most Yes of n that lie within exact limits."""
    from scipy.stats import binom

    tail = (1 - level) / 2
    return binom.ppf(tail, n, share), binom.ppf(1 - tail, n, share)


def floats(given: Given) -> Numbers:
    """Return what is `given`, a number or many, as floats; what is missing is not a number."""
    if isinstance(given, int | float | np.ndarray):
        return np.asarray(given, dtype="float64")
    if given is None or given is pd.NA:
        return np.asarray(np.nan)
    return np.asarray(pd.Series(given).astype("Float64").to_numpy("float64", na_value=np.nan))


def _given_back(low: Numbers, high: Numbers) -> Bounds:
    return (low, high) if np.ndim(low) else (float(low), float(high))


def left_to_know(n: Numbers, population: Given) -> Numbers:
    """Return f = (N - n) / (N - 1): 1 without a `population` of `n`, 0 where all was drawn.

    Every interval of a finite population divides its counts by it: this is the one place.
    """
    size = floats(population)
    left = np.maximum(size - n, 0) / np.where(size > 1, size - 1, 1)
    return np.where(np.isfinite(size), left, 1.0)
