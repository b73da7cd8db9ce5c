"""Differences: of two shares, of two answers of the same cases, of two means."""

from typing import Any

import numpy as np
import numpy.typing as npt

from hmip_kit.settings import CONFIDENCE
from hmip_kit.stats.intervals import Bounds, Given, Numbers, floats

JUST_BEYOND = 1e-9
HELD = 2_000_000  # numbers of one block of resamples: what is held in memory at a time


def newcombe(
    yes: Given, n: Given, other_yes: Given, other_n: Given, confidence: float = CONFIDENCE
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

    Returns
    -------
    tuple
        `low` and `high`, in percentage points; missing where an n is 0.

    Notes
    -----
    Newcombe (1998), method 10, by `statsmodels.stats.proportion.confint_proportions_2indep`.

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
    ends = confint_proportions_2indep(*filled, method="newcomb", alpha=1 - confidence)
    low, high = (np.where(known, 100 * end, np.nan) for end in ends)
    return (low, high) if np.ndim(low) else (float(low), float(high))


def tango(
    first_only: int, second_only: int, n: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return Tango's interval of the difference of two answers of the same cases.

    Parameters
    ----------
    first_only, second_only : int
        Cases with Yes on one of the two answers alone.
    n : int
        All cases with Yes or No on both.
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


def _upper(first_only: int, second_only: int, n: int, confidence: float) -> float:
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


def _variance(first_only: int, second_only: int, n: int, difference: float) -> float:
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


def welch(group: Numbers, reference: Numbers) -> tuple[float, float]:
    """Return Welch's 95% interval of the mean of a group minus that of a reference.

    Parameters
    ----------
    group, reference : array
        A number per case.

    Returns
    -------
    tuple
        Low and high, in the numbers' unit; missing where no value varies.

    Notes
    -----
    Welch (1947), by `scipy.stats.ttest_ind`.

    Examples
    --------
    >>> [round(end, 2) for end in welch(np.array([1.0, 2, 3, 4]), np.array([2.0, 3, 4, 6]))]
    [-3.92, 1.42]
    """
    from scipy.stats import ttest_ind

    if np.ptp(group) == 0 and np.ptp(reference) == 0:
        return float("nan"), float("nan")
    ends = ttest_ind(group, reference, equal_var=False).confidence_interval(CONFIDENCE)
    return float(ends.low), float(ends.high)


def permutation_p(
    group: Numbers, reference: Numbers, resamples: int = 9999, seed: int = 0
) -> float:
    """Return the two-sided p of a difference of two means, by sharing the cases out again.

    Parameters
    ----------
    group, reference : array
        A number per case.
    resamples : int
        How often; with no more ways to share out the cases than that, each is tried once.
    seed : int
        Of the random numbers: the same seed gives the same p.

    Returns
    -------
    float
        The p.

    Notes
    -----
    `scipy.stats.permutation_test`.

    Examples
    --------
    >>> round(permutation_p(np.array([1.0, 2, 3]), np.array([4.0, 5, 6])), 2)
    0.1
    """
    from scipy.stats import permutation_test

    def statistic(first: Numbers, second: Numbers, axis: int) -> Any:
        return np.mean(first, axis=axis) - np.mean(second, axis=axis)

    found = permutation_test(
        (group, reference),
        statistic,
        n_resamples=resamples,
        vectorized=True,
        batch=max(1, HELD // (group.size + reference.size)),
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def difference_within(
    values: Numbers, in_group: npt.NDArray[np.bool_], strata: npt.NDArray[Any]
) -> float:
    """Return the difference of means of `values` within `strata`, of those `in_group` less others.

    Each stratum weighs n1 n2 / (n1 + n2); missing where none has both sides.
    """
    found, weights = [], []
    for one in np.unique(strata):
        first, second = values[(strata == one) & in_group], values[(strata == one) & ~in_group]
        if first.size and second.size:
            found.append(first.mean() - second.mean())
            weights.append(first.size * second.size / (first.size + second.size))
    return float(np.average(found, weights=weights)) if found else float("nan")


def permutation_p_within(
    values: Numbers,
    in_group: npt.NDArray[np.bool_],
    strata: npt.NDArray[Any],
    resamples: int,
    seed: int,
) -> float:
    """Return the two-sided p of `difference_within` of `values`, `in_group` and `strata`.

    The cases are shared out within each stratum, `resamples` times, with random numbers from
    `seed`. The sample itself counts as one of the ways: p is never 0 (Phipson and Smyth 2010).
    """
    observed = difference_within(values, in_group, strata)
    if np.isnan(observed):
        return float("nan")
    random = np.random.default_rng(seed)
    by_stratum = np.argsort(strata, kind="stable")
    values, strata, sides = values[by_stratum], strata[by_stratum], in_group[by_stratum]
    as_far = 1
    for _ in range(resamples):
        shuffled = sides[np.lexsort((random.random(sides.size), strata))]
        as_far += abs(difference_within(values, shuffled, strata)) >= abs(observed) - 1e-12
    return float(as_far / (resamples + 1))
