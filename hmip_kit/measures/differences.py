"""Differences of two shares, in points, and how such a difference is said."""

import pandas as pd

from hmip_kit.measures.intervals import CONFIDENCE, newcombe
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, half_up


def with_difference(
    rows: pd.DataFrame, first: str, second: str, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Return rows with `difference, low, high`: the second share minus the first, in percentage points, with Newcombe's interval.

    `first` and `second` are what the columns of the two counts end in: `yes_before, n_before`. All three are missing where one of the
    two has fewer than ten cases. Source: Newcombe (1998), method 10.
    """
    yes1, n1, yes2, n2 = (
        rows[f"{count}_{name}"].to_numpy(dtype="float64")
        for name in (first, second)
        for count in ("yes", "n")
    )
    enough = pd.Series((n1 >= FEWEST_FOR_A_BAR) & (n2 >= FEWEST_FOR_A_BAR), index=rows.index)
    low, high = newcombe(yes2, n2, yes1, n1, confidence)
    some1, some2 = (pd.Series(n, index=rows.index).where(lambda size: size > 0) for n in (n1, n2))
    found = {"difference": 100 * (yes2 / some2 - yes1 / some1), "low": low, "high": high}
    return rows.assign(
        **{
            name: pd.Series(values, index=rows.index).where(enough)
            for name, values in found.items()
        }
    )


def fits(
    low: float,
    high: float,
    unit: str = "point",
    ways: tuple[str, str] = ("worse", "better"),
    digits: int = 0,
) -> str:
    """Return what the data fit, from the ends of an interval.

    >>> fits(-44.6, 9.9), fits(2.2, 30.1), fits(-30.1, -0.9)
    ('from 45 points worse to 10 points better', 'from 2 to 30 points better', 'from 30 points to 1 point worse')
    """
    ends = [_amount(abs(end), digits) for end in (low, high)]
    units = [unit if end == "1" else f"{unit}s" for end in ends]
    if low < 0 < high:
        return f"from {ends[0]} {units[0]} {ways[0]} to {ends[1]} {units[1]} {ways[1]}"
    first = ends[0] if units[0] == units[1] else f"{ends[0]} {units[0]}"
    return f"from {first} to {ends[1]} {units[1]} {ways[low >= 0]}"


def _amount(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if digits else str(half_up(value))
