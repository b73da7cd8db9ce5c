"""What a sample of so many cases can show."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.measures.intervals import CONFIDENCE, newcombe
from hmip_kit.measures.words import cases_word

Hits = npt.NDArray[np.bool_]
POWER = 0.8


def detectable(n1: int, n2: int, share: float = 50, power: float = POWER) -> pd.DataFrame:
    """Return how far a second sample's true share must lie from a first one's before two such samples will likely show it.

    One row for a rise and one for a fall from `share`, the first sample's true percentage. Columns: `direction, share, n1, n2, points,
    reaches, text`. `points` is the smallest difference, in whole percentage points, at which the 95% Newcombe interval leaves out zero
    with a probability of `power`, counted exactly over both binomial samples; `reaches` is the second share then. Both are missing
    where no possible share is far enough. Raises `KitError` for samples without cases, for a share that is no percentage and
    for a power outside 0 to 1. Source: Newcombe (1998), method 10; the power is enumerated here.

    >>> detectable(19, 23, 50)["points"].tolist()
    [38, 38]
    >>> detectable(19, 23, 20).loc[1, "text"]
    'a fall from 20% cannot be shown with 19 and 23 cases'
    """
    if n1 < 1 or n2 < 1:
        raise KitError(f"detectable takes samples of one case or more: not {n1} and {n2}")
    if not 0 <= share <= 100 or 0 < share < 1 or not 0 < power < 1:
        raise KitError(
            f"detectable takes a share in percent (20, not 0.2) and a power between 0 and 1: not {share} and {power}"
        )
    low, high = _every_difference(n1, n2)
    rows = [
        _row(direction, (n1, n2), share, _smallest(hits, sign, share, power))
        for direction, sign, hits in _ways(low, high)
    ]
    return pd.DataFrame(rows).astype({"points": "Int64"})


def beyond_chance(
    yes: int, n: int, later: int, confidence: float = CONFIDENCE
) -> tuple[int | None, int | None]:
    """Return the most and the fewest Yes of a later sample that lie beyond chance: below and above `yes` of `n`.

    A count lies beyond chance where Newcombe's interval for the difference of the two shares leaves out zero. None where no count of
    the later sample does, or where there are no cases. Source: Newcombe (1998), method 10.

    >>> beyond_chance(9, 42, 42), beyond_chance(9, 42, 30)
    ((2, 18), (1, 13))
    """
    if n < 1 or later < 1:
        return None, None
    counts = np.arange(later + 1)
    low, high = newcombe(
        counts.astype(float),
        np.full(later + 1, float(later)),
        np.full(later + 1, float(yes)),
        np.full(later + 1, float(n)),
        confidence,
    )
    below, above = counts[high < 0], counts[low > 0]
    return (int(below.max()) if below.size else None), (int(above.min()) if above.size else None)


def _every_difference(n1: int, n2: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return Newcombe's low and high of second minus first for each pair of counts."""
    first, second = np.meshgrid(np.arange(n1 + 1.0), np.arange(n2 + 1.0), indexing="ij")
    low, high = newcombe(
        second.ravel(),
        np.full(first.size, float(n2)),
        first.ravel(),
        np.full(first.size, float(n1)),
    )
    return low.reshape(first.shape), high.reshape(first.shape)


def _ways(
    low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> list[tuple[str, int, Hits]]:
    return [("rise", 1, low > 0), ("fall", -1, high < 0)]


def _smallest(hits: Hits, sign: int, share: float, power: float) -> int | None:
    """Return the smallest whole difference shown with this power; none where the scale ends before."""
    from scipy.stats import binom

    n1, n2 = (size - 1 for size in hits.shape)
    points = np.arange(1, int(100 - share if sign > 0 else share) + 1)
    reached = binom.pmf(np.arange(n2 + 1)[:, None], n2, (share + sign * points) / 100)
    shown = (binom.pmf(np.arange(n1 + 1), n1, share / 100) @ hits) @ reached
    enough = points[shown >= power]
    return int(enough[0]) if enough.size else None


def _row(
    direction: str, sizes: tuple[int, int], share: float, points: int | None
) -> dict[str, object]:
    n1, n2 = sizes
    reaches = None if points is None else share + (points if direction == "rise" else -points)
    samples = f"with {n1} and {n2} {cases_word(max(sizes))}"
    found = "cannot be shown" if points is None else f"shows from about {points} points"
    text = f"a {direction} from {share:g}% {found} {samples}"
    return {
        "direction": direction,
        "share": share,
        "n1": n1,
        "n2": n2,
        "points": points,
        "reaches": reaches,
        "text": text,
    }
