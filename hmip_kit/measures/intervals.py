"""Bounds of a share: Wilson's interval, and what published totals allow for a part of their cases."""

import numpy as np
import pandas as pd

WILSON = "wilson95"
ALLOWED = "allowed"


def wilson(yes: pd.Series, n: pd.Series) -> pd.DataFrame:
    """Return `low` and `high`, in percent, of the 95% Wilson interval for each row; missing where n is 0.

    Source: Wilson (1927), by `statsmodels.stats.proportion.proportion_confint`.

    >>> wilson(pd.Series([8, 0]), pd.Series([42, 0])).round(1).values.tolist()
    [[10.0, 33.3], [nan, nan]]
    """
    from statsmodels.stats.proportion import proportion_confint

    known = yes.notna() & (n > 0).fillna(False)
    low, high = proportion_confint(yes.where(known, 0).astype("float64"), n.where(known, 1).astype("float64"), method="wilson")
    return (pd.DataFrame({"low": low, "high": high}, index=n.index).clip(0, 1) * 100).where(known)


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
