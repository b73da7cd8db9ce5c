"""Differences of two means: Welch's interval and a permutation test, within strata where there are any."""

import numpy as np
import numpy.typing as npt

from hmip_kit.measures.intervals import Numbers

HELD = 2_000_000  # numbers of one block of resamples: what is held in memory at a time
Codes = npt.NDArray[np.int64]


def mean_interval(group: Numbers, reference: Numbers) -> tuple[float, float]:
    """Return Welch's 95% interval of group minus reference; missing where no value varies.

    Source: Welch (1947), by `scipy.stats.ttest_ind`.
    """
    from scipy.stats import ttest_ind

    if np.ptp(group) == 0 and np.ptp(reference) == 0:
        return np.nan, np.nan
    ends = ttest_ind(group, reference, equal_var=False).confidence_interval(0.95)
    return float(ends.low), float(ends.high)


def permutation_p(group: Numbers, reference: Numbers, resamples: int, seed: int) -> float:
    """Return the two-sided p of a difference of means: exact where there are no more ways to share out the cases than `resamples`.

    Source: `scipy.stats.permutation_test`.
    """
    from scipy.stats import permutation_test

    def statistic(first: Numbers, second: Numbers, axis: int) -> Numbers:
        difference: Numbers = np.mean(first, axis=axis) - np.mean(second, axis=axis)
        return difference

    found = permutation_test(
        (group, reference),
        statistic,
        n_resamples=resamples,
        vectorized=True,
        batch=max(1, HELD // (group.size + reference.size)),
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def difference_within(values: Numbers, in_group: npt.NDArray[np.bool_], strata: Codes) -> float:
    """Return the difference of means within strata, each weighted by n1 n2 / (n1 + n2); missing where no stratum has both sides."""
    found, weights = [], []
    for one in np.unique(strata):
        first, second = values[(strata == one) & in_group], values[(strata == one) & ~in_group]
        if first.size and second.size:
            found.append(first.mean() - second.mean())
            weights.append(first.size * second.size / (first.size + second.size))
    return float(np.average(found, weights=weights)) if found else np.nan


def permutation_p_within(
    values: Numbers, in_group: npt.NDArray[np.bool_], strata: Codes, resamples: int, seed: int
) -> float:
    """Return the two-sided p of `difference_within`, with the cases shared out at random within each stratum.

    The sample itself counts as one of the ways, so that p is never 0 (Phipson and Smyth 2010).
    """
    observed = difference_within(values, in_group, strata)
    if np.isnan(observed):
        return np.nan
    random = np.random.default_rng(seed)
    by_stratum = np.argsort(strata, kind="stable")
    values, strata, sides = values[by_stratum], strata[by_stratum], in_group[by_stratum]
    as_far = 1
    for _ in range(resamples):
        shuffled = sides[np.lexsort((random.random(sides.size), strata))]
        as_far += abs(difference_within(values, shuffled, strata)) >= abs(observed) - 1e-12
    return float(as_far / (resamples + 1))
