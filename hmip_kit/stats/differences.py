"""Differences: of two shares, of two answers of the same cases, of two means."""

from typing import Any

import numpy as np
import numpy.typing as npt

from hmip_kit.settings import CONFIDENCE
from hmip_kit.stats.intervals import Bounds, Given, Numbers, floats, left_to_know

JUST_BEYOND = 1e-9
NOTHING_LEFT = 1e-6  # of a census: its interval is a point, to some hundredths
DIGITS = 12
SAME = (
    10**-DIGITS
)  # by less than this two numbers do not differ: they were added up in another order
HELD = 2_000_000  # numbers of one block of resamples: what is held in memory at a time


def newcombe(
    yes: Given,
    n: Given,
    other_yes: Given,
    other_n: Given,
    confidence: float = CONFIDENCE,
    population: Given = None,
    other_population: Given = None,
) -> Bounds:
    """Return Newcombe's interval of a share minus another, in percentage points.

    Parameters
    ----------
    yes, n : number or array
        The first share: cases with Yes, out of how many.
    other_yes, other_n : number or array
        The share that is taken from it.
    confidence : float
        The interval's confidence, between 0 and 1.
    population, other_population : number or array, optional
        How many cases each n was drawn from, where that is known: see `wilson`.

    Returns
    -------
    tuple
        `low` and `high`, in percentage points; missing where an n is 0.

    Notes
    -----
    Newcombe (1998), method 10, by `statsmodels.stats.proportion.confint_proportions_2indep`. It
    combines two Wilson intervals, each of which its population narrows.

    Examples
    --------
    >>> [round(end, 1) for end in newcombe(7, 20, 12, 22)]
    [-44.6, 9.9]
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    counts = [floats(given) for given in (yes, n, other_yes, other_n)]
    known = np.isfinite(counts).all(axis=0) & (counts[1] > 0) & (counts[3] > 0)
    filled = [
        np.where(known, count, fill) for count, fill in zip(counts, (0, 1, 0, 1), strict=True)
    ]
    for place, of in ((0, population), (2, other_population)):
        left = np.maximum(left_to_know(filled[place + 1], of), NOTHING_LEFT)
        filled[place : place + 2] = filled[place] / left, filled[place + 1] / left
    ends = confint_proportions_2indep(*filled, method="newcomb", alpha=1 - confidence)
    low, high = (np.where(known, 100 * end, np.nan) for end in ends)
    return (low, high) if np.ndim(low) else (float(low), float(high))


def tango(
    first_only: float, second_only: float, n: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return Tango's interval of the difference of two answers of the same cases.

    Parameters
    ----------
    first_only, second_only : number
        Cases with Yes on one of the two answers alone.
    n : number
        All cases with Yes or No on both. Of a finite population all three are divided by
        (N - n) / (N - 1).
    confidence : float
        The interval's confidence, between 0 and 1.

    Returns
    -------
    tuple
        Low and high of the first share minus the second, in percentage points; missing without n.

    Notes
    -----
    Tango (1998), Statistics in Medicine 17, 891-908: the score interval, found by root finding.

    Examples
    --------
    >>> [round(end, 2) for end in tango(1, 7, 21)]
    [-51.72, -2.6]
    """
    if not n:
        return float("nan"), float("nan")
    # Swapping the two answers mirrors the interval: one end is the other's with the sign turned.
    low = -_upper(second_only, first_only, n, confidence)
    return low, _upper(first_only, second_only, n, confidence)


def _upper(first_only: float, second_only: float, n: float, confidence: float) -> float:
    from scipy.optimize import brentq
    from scipy.stats import norm

    z = float(norm.ppf(0.5 + confidence / 2))
    estimate = (first_only - second_only) / n
    if estimate == 1:
        return 100.0

    def beyond(difference: float) -> float:
        variance = _variance(first_only, second_only, n, difference)
        return (first_only - second_only - n * difference) ** 2 - z**2 * variance

    return 100 * float(brentq(beyond, estimate + JUST_BEYOND, 1.0, xtol=1e-12))


def _variance(first_only: float, second_only: float, n: float, difference: float) -> float:
    """Return the variance of the discordant difference, were the true one `difference`.

    Tango (1998), equations 5 and 6.
    """
    b = -first_only - second_only + (2 * n - first_only + second_only) * difference
    c = -second_only * difference * (1 - difference)
    second_share = (np.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    return float(n * (2 * second_share + difference * (1 - difference)))


def mid_p(first_only: int, second_only: int) -> float:
    """Return the two-sided mid-p of McNemar's exact test.

    Parameters
    ----------
    first_only, second_only : int
        Cases with Yes on one of two answers alone.

    Returns
    -------
    float
        The mid-p; missing where no case has Yes on one of the two alone.

    Notes
    -----
    Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13:91.

    Examples
    --------
    >>> round(mid_p(1, 7), 4), round(mid_p(3, 3), 5)
    (0.0391, 0.84375)
    """
    from scipy.stats import binom

    discordant = first_only + second_only
    if not discordant:
        return float("nan")
    fewer = min(first_only, second_only)
    at = float(binom.pmf(fewer, discordant, 0.5))
    if first_only == second_only:
        return 1 - at / 2
    return 2 * float(binom.cdf(fewer, discordant, 0.5)) - at


def mean_difference(
    values: Numbers,
    in_group: npt.NDArray[np.bool_],
    strata: npt.NDArray[np.integer[Any]] | None = None,
    confidence: float = CONFIDENCE,
    resamples: int = 9999,
    seed: int = 0,
) -> tuple[float, float, float, float]:
    """Return the difference of two means with interval and p, by sharing the cases out again.

    Parameters
    ----------
    values : array
        A number per case.
    in_group : array of bool
        Which cases are in the group; the others are what it is compared with.
    strata : array, optional
        A number per case: differences are taken, and cases shared out, within those that have the
        same. Each stratum weighs n1 n2 / (n1 + n2).
    confidence : float
        The interval's confidence, between 0 and 1.
    resamples, seed : int
        How often, and of the random numbers: the same seed gives the same p.

    Returns
    -------
    tuple
        The mean of the group minus that of the others; low and high, in the numbers' unit; the
        two-sided p. The interval leaves out zero just where p is under 1 less the confidence. All
        are missing where no stratum has cases of both.

    Notes
    -----
    p is the share of the ways to share out in which the difference is at least as far from zero;
    the sample itself counts as one: p is never 0 (Phipson and Smyth 2010). The interval holds the
    shifts of the group that the same test does not refuse (Ernst 2004, Statistical Science 19,
    676-685); each way's own limit is solved for, so that no search is needed.

    Examples
    --------
    >>> group = np.array([True] * 12 + [False] * 12)
    >>> found = mean_difference(np.arange(24.0), group)
    >>> [round(one, 3) for one in found]
    [-12.0, -15.0, -9.0, 0.0]
    """
    strata = np.zeros(values.size, dtype=np.int64) if strata is None else strata
    weights = _weights(in_group, strata)
    if not weights.any():
        return (float("nan"),) * 4
    observed = round(float(weights @ values), DIGITS)
    moved, mixed = _shared_out(values, in_group, weights, strata, resamples, seed)
    p = (1 + np.sum(np.abs(moved) >= abs(observed) - SAME)) / (resamples + 1)
    asked = (1 - confidence) * (resamples + 1) - 1
    high, low = (_last(sign * moved, mixed, sign * observed, asked) for sign in (1, -1))
    return observed, -low, high, float(p)


def _weights(in_group: npt.NDArray[np.bool_], strata: npt.NDArray[Any]) -> Numbers:
    """Return what each case adds to the difference: it is their weighted sum."""
    weights, total = np.zeros(in_group.size), 0.0
    for one in np.unique(strata):
        first, second = (strata == one) & in_group, (strata == one) & ~in_group
        if first.any() and second.any():
            share = first.sum() * second.sum() / (first.sum() + second.sum())
            weights[first], weights[second] = share / first.sum(), -share / second.sum()
            total += share
    return weights / total if total else weights


def _shared_out(
    values: Numbers,
    in_group: npt.NDArray[np.bool_],
    weights: Numbers,
    strata: npt.NDArray[Any],
    resamples: int,
    seed: int,
) -> tuple[Numbers, Numbers]:
    """Return, of each way to share out, its difference of values, and of the group itself."""
    random = np.random.default_rng(seed)
    places = np.unique(strata, return_inverse=True)[1]
    order = np.argsort(places, kind="stable")
    placed, weights = places[order], weights[order]
    both = np.column_stack([values, in_group])[order]
    batch, found = max(1, HELD // values.size), []
    for start in range(0, resamples, batch):
        drawn = random.random((min(batch, resamples - start), values.size))
        found.append(weights[np.argsort(drawn + placed, axis=1)] @ both)
    moved, mixed = np.concatenate(found).T
    return moved, mixed


def _last(moved: Numbers, mixed: Numbers, observed: float, asked: float) -> float:
    """Return the greatest shift that is not refused: `asked` ways, or more, are still as far off.

    A way is as far off as the sample up to its own limit, where |moved - mixed x| = x - observed.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(moved + observed) / (1 + mixed), (observed - moved) / (1 - mixed)])
    limits = np.sort(np.where(np.isnan(ends), np.inf, ends).max(axis=0) + SAME)[::-1]
    needed = int(np.ceil(asked - SAME))
    return float(limits[needed - 1]) if 1 <= needed <= limits.size else float("inf")
