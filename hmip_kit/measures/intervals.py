"""Bounds of a share or of a difference: Wilson, Newcombe, and what published totals allow for a part of their cases."""

import numpy as np
import numpy.typing as npt
import pandas as pd

WILSON = "wilson95"
ALLOWED = "allowed"
CONFIDENCE = 0.95
Numbers = npt.NDArray[np.float64]


def wilson(
    yes: pd.Series,
    n: pd.Series,
    confidence: float = CONFIDENCE,
    population: pd.Series | None = None,
) -> pd.DataFrame:
    """Return `low` and `high`, in percent, of the Wilson interval for each row; missing where n is 0.

    With `population`, the number of cases that each row's n was drawn from, the interval is narrowed to what is not yet known of
    them: n and yes are divided by f = (N - n) / (N - 1), and N = n gives the point. A missing N gives the plain interval.

    Source: Wilson (1927), by `statsmodels.stats.proportion.proportion_confint`; finite populations: O'Neill (2021).

    >>> wilson(pd.Series([8, 0]), pd.Series([42, 0])).round(1).values.tolist()
    [[10.0, 33.3], [nan, nan]]
    >>> wilson(pd.Series([12]), pd.Series([20]), population=pd.Series([40])).round(1).values.tolist()
    [[44.4, 73.8]]
    """
    from statsmodels.stats.proportion import proportion_confint

    known = yes.notna() & (n > 0).fillna(False)
    counted, base = (
        given.where(known, fill).astype("float64") for given, fill in ((yes, 0), (n, 1))
    )
    left = _left_to_know(base, population)
    shrunk = left.where(left > 0, 1)
    low, high = proportion_confint(
        counted / shrunk, base / shrunk, alpha=1 - confidence, method="wilson"
    )
    share, some = 100 * counted / base, left > 0
    # Rounding must not leave a share of 0 or 100 outside its own bounds.
    bounds = {"low": np.minimum(100 * low, share), "high": np.maximum(100 * high, share)}
    return (
        pd.DataFrame(bounds, index=n.index)
        .where(some, pd.DataFrame(dict.fromkeys(bounds, share)))
        .clip(0, 100)
        .where(known)
    )


def newcombe(
    yes: Numbers, n: Numbers, other_yes: Numbers, other_n: Numbers, confidence: float = CONFIDENCE
) -> tuple[Numbers, Numbers]:
    """Return low and high, in percentage points, of share minus other share for each pair; missing where an n is 0.

    Source: Newcombe (1998), method 10, by `statsmodels.stats.proportion.confint_proportions_2indep`.

    >>> [round(float(end[0]), 1) for end in newcombe(np.array([7.0]), np.array([20.0]), np.array([12.0]), np.array([22.0]))]
    [-44.6, 9.9]
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    known = (n > 0) & (other_n > 0)
    counts = [
        np.where(known, count, fill)
        for count, fill in ((yes, 0.0), (n, 1.0), (other_yes, 0.0), (other_n, 1.0))
    ]
    low, high = confint_proportions_2indep(*counts, method="newcomb", alpha=1 - confidence)
    return np.where(known, 100 * low, np.nan), np.where(known, 100 * high, np.nan)


def allowed(yes: pd.Series, n: pd.Series, group: pd.Series) -> pd.DataFrame:
    """Return `low` and `high`, in percent, between which published totals leave a group's share; missing where the group is 0.

    With `yes` of `n` published and `group` of those cases in the group, its count is at least max(0, yes + group - n) and at most
    min(yes, group): both are reached by some data set with these totals.

    >>> allowed(pd.Series([8]), pd.Series([42]), pd.Series([19])).round(1).values.tolist()
    [[0.0, 42.1]]
    """
    yes, n, group = (counts.astype("Float64").astype("float64") for counts in (yes, n, group))
    least = (yes + group - n).clip(lower=0)
    most = np.minimum(yes, group)
    some = group.where(group > 0)
    return pd.DataFrame({"low": 100 * least / some, "high": 100 * most / some}, index=group.index)


def _left_to_know(n: pd.Series, population: pd.Series | None) -> pd.Series:
    """Return f = (N - n) / (N - 1) of each row: 1 without a population, 0 where all of it was drawn."""
    if population is None:
        return pd.Series(1.0, index=n.index)
    size = population.astype("Float64").astype("float64")
    return ((size - n).clip(lower=0) / (size - 1).where(size > 1, 1)).fillna(1.0)
