"""What a sample of so many cases can show, and which counts a printed percentage can come from."""

import re
from bisect import bisect_left
from functools import lru_cache

import numpy as np
import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.settings import CONFIDENCE, POWER
from hmip_kit.stats.differences import newcombe
from hmip_kit.stats.intervals import Given, Numbers
from hmip_kit.stats.words import plural, say

PRINTED = re.compile(r"\s*(\d+)(?:\.(\d+))?\s*(?:%|per\s?cent)?\s*")
NEGLIGIBLE = 1e-12  # a probability that changes no figure
LARGE = 1_000  # cases of a sample whose hardly possible counts are left out


def detectable(n1: int, n2: int, share: float = 50, power: float = POWER) -> pd.DataFrame:
    """Return how far a second sample's true share must lie from a first one's to be likely seen.

    Parameters
    ----------
    n1, n2 : int
        Cases of the two samples.
    share : float
        The first sample's true percentage.
    power : float
        How likely the difference is to be seen, between 0 and 1.

    Returns
    -------
    DataFrame
        A row for a rise and one for a fall: `direction, share, n1, n2, points, reaches, text`.
        `points` is the smallest such difference, in whole percentage points, `reaches` the second
        share then; both are missing where no possible share is far enough.

    Raises
    ------
    KitError
        For a sample without cases, a share that is no percentage, a power outside 0 to 1.

    Notes
    -----
    A difference is seen where Newcombe's 95% interval (1998, method 10) leaves out zero; its
    probability is counted over both binomial samples.

    Examples
    --------
    >>> detectable(19, 23, 50)["points"].tolist()
    [38, 38]
    >>> detectable(19, 23, 20).loc[1, "text"]
    'a fall from 20% cannot be shown with 19 and 23 cases'
    """
    if n1 < 1 or n2 < 1:
        raise KitError(f"detectable takes samples of one case or more: not {n1} and {n2}")
    if not 0 <= share <= 100 or 0 < share < 1 or not 0 < power < 1:
        wanted = "a share in percent (20, not 0.2) and a power between 0 and 1"
        raise KitError(f"detectable takes {wanted}: not {share} and {power}")
    # A fall in Yes is a rise in No, of the same size: the interval is the same turned round.
    rows = [
        _row(direction, sign, (n1, n2), share, _smallest(n1, n2, start, power))
        for direction, sign, start in (("rise", 1, share), ("fall", -1, 100 - share))
    ]
    return pd.DataFrame(rows).astype({"points": "Int64"})


def beyond_chance(
    yes: int,
    n: int,
    later: int,
    confidence: float = CONFIDENCE,
    drawn: tuple[Given, Given] = (None, None),
) -> tuple[int | None, int | None]:
    """Return from which counts a later sample lies beyond chance.

    Parameters
    ----------
    yes, n : int
        The first sample: cases with Yes, out of how many.
    later : int
        Cases of the later sample.
    confidence : float
        The interval's confidence, between 0 and 1.
    drawn : tuple
        How many cases the first and the later sample were drawn from, where that is known.

    Returns
    -------
    tuple
        The most Yes that is a fall, and the fewest that is a rise; None where no count is, or
        where there are no cases.

    Notes
    -----
    Beyond chance: Newcombe's interval (1998, method 10) of the difference leaves out zero.

    Examples
    --------
    >>> beyond_chance(9, 42, 42), beyond_chance(9, 42, 30)
    ((2, 18), (1, 13))
    """
    if n < 1 or later < 1:
        return None, None
    counts = np.arange(later + 1.0)
    size, first, base = (np.full_like(counts, one) for one in (later, yes, n))
    low, high = newcombe(counts, size, first, base, confidence, drawn[1], drawn[0])
    below, above = counts[high < 0], counts[low > 0]
    fall, rise = int(below.max()) if below.size else None, int(above.min()) if above.size else None
    return fall, rise


def false_alarm(share: float, n: int, later: int) -> float:
    """Return how likely a change seems beyond chance where nothing has changed.

    Parameters
    ----------
    share : float
        The true share of both samples, 0 to 1.
    n, later : int
        Cases of the two samples.

    Returns
    -------
    float
        A probability.

    Notes
    -----
    Counted over both binomial samples; beyond chance is as in `beyond_chance`.

    Examples
    --------
    >>> round(false_alarm(0.4, 42, 42), 3)
    0.058
    """
    return sum(_rise_seen(n, later, one, one) for one in (share, 1 - share))


def _smallest(n1: int, n2: int, share: float, power: float) -> int | None:
    """Return the smallest whole rise that is seen with this power; none where the scale ends."""
    points = range(1, int(100 - share) + 1)
    place = bisect_left(
        points,
        power - NEGLIGIBLE,
        key=lambda rise: _rise_seen(n1, n2, share / 100, (share + rise) / 100),
    )
    return points[place] if place < len(points) else None


def _rise_seen(n1: int, n2: int, share: float, other: float) -> float:
    """Return how likely a second sample lies beyond chance above a first, by their true shares."""
    from scipy.stats import binom

    low, high = binom.interval(1 - NEGLIGIBLE, n1, share) if n1 > LARGE else (0, n1)
    first = np.arange(max(0, int(low)), int(high) + 1)
    least = _least_rises(n1, n2, int(first[0]), int(first[-1]))
    return float(binom.pmf(first, n1, share) @ binom.sf(least - 1, n2, other))


@lru_cache(maxsize=8)
def _least_rises(n1: int, n2: int, low: int, high: int) -> Numbers:
    """Return the fewest Yes of a second sample beyond chance above each from `low` to `high`.

    More Yes only raise the interval: halving finds from which on it leaves out zero.
    """
    first = np.arange(low, high + 1.0)
    none, least, of, first_of = (np.full_like(first, one) for one in (-1, n2 + 1, n2, n1))
    while (least - none > 1).any():
        middle = (none + least) // 2
        rises = newcombe(middle, of, first, first_of)[0] > 0
        none, least = np.where(rises, none, middle), np.where(rises, middle, least)
    return least


def _row(
    direction: str, sign: int, sizes: tuple[int, int], share: float, points: int | None
) -> dict[str, object]:
    samples = f"with {say('number', count=sizes[0])} and {plural(sizes[1], 'case')}"
    found = "cannot be shown" if points is None else f"shows from about {plural(points, 'point')}"
    return {
        "direction": direction,
        "share": share,
        "n1": sizes[0],
        "n2": sizes[1],
        "points": points,
        "reaches": None if points is None else share + sign * points,
        "text": f"a {direction} from {share:g}% {found} {samples}",
    }


def possible_counts(percentage: str | float, n: int) -> list[int]:
    """Return the whole counts out of `n` that are printed as a percentage, halves upwards.

    Parameters
    ----------
    percentage : str or number
        As it is printed: the decimals in its text count.
    n : int
        Cases.

    Returns
    -------
    list of int
        None where no count fits, or n is 0. From 100 cases on, every whole percentage has one.

    Raises
    ------
    KitError
        For what is no percentage, or a negative n.

    Notes
    -----
    The GRIM test (Brown and Heathers, 2017), for percentages.

    Examples
    --------
    >>> possible_counts("43%", n=42), possible_counts("80%", n=42), possible_counts("42.9%", n=42)
    ([18], [], [18])
    """
    printed, scale = _digits(percentage)
    if n < 0:
        raise KitError(f"n = {n}: a number of cases cannot be negative")
    # k fits when printed is the floor of 100 k scale / n + 1/2; whole numbers keep halves exact.
    least = -(-(2 * printed - 1) * n // (200 * scale))
    most = ((2 * printed + 1) * n - 1) // (200 * scale)
    return list(range(max(0, least), min(n, most) + 1)) if n else []


def has_power(percentage: str | float, n: int) -> bool:
    """Return whether a check of a percentage against `n` can fail.

    Parameters
    ----------
    percentage : str or number
        As it is printed: the decimals in its text count.
    n : int
        Cases.

    Returns
    -------
    bool
        Whether some percentage with these decimals has no count out of n.

    Examples
    --------
    >>> has_power("43%", 99), has_power("43%", 101), has_power("77.4%", 101)
    (True, False, True)
    """
    return 0 < n < 100 * _digits(percentage)[1]


def _digits(percentage: str | float) -> tuple[int, int]:
    """Return a percentage as a whole number, and its scale: "77.4%" gives 774 and 10."""
    found = PRINTED.fullmatch(str(percentage))
    if not found:
        raise KitError(f"{percentage!r} is not a percentage such as '43%' or '77.4%'")
    whole, decimals = found[1], found[2] or ""
    return int(whole + decimals), 10 ** len(decimals)
