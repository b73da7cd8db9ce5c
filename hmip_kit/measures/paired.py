"""Two answers of the same cases: the difference between their shares, with Tango's interval and the mid-p of McNemar's test."""

import numpy as np

from hmip_kit.measures.intervals import CONFIDENCE

JUST_BEYOND = 1e-9


def tango(
    first_only: int, second_only: int, n: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return low and high, in percentage points, of the share of the first answer minus that of the second on the same cases.

    `first_only` and `second_only` are the cases with Yes on one of the two; `n` all cases with Yes or No on both. Both ends are missing
    where n is 0. Source: Tango (1998), Statistics in Medicine 17, 891-908: the score interval, found here by root finding.

    >>> [round(end, 2) for end in tango(1, 7, 21)]
    [-51.72, -2.6]
    """
    if not n:
        return float("nan"), float("nan")
    # Swapping the two answers mirrors the interval: one end is the other's with the sign turned.
    return -_upper(second_only, first_only, n, confidence), _upper(
        first_only, second_only, n, confidence
    )


def _upper(first_only: int, second_only: int, n: int, confidence: float) -> float:
    from scipy.optimize import brentq
    from scipy.stats import norm

    z = float(norm.ppf(0.5 + confidence / 2))
    estimate = (first_only - second_only) / n
    if estimate == 1:
        return 100.0

    def beyond(difference: float) -> float:
        return (first_only - second_only - n * difference) ** 2 - z**2 * _variance(
            first_only, second_only, n, difference
        )

    return 100 * float(brentq(beyond, estimate + JUST_BEYOND, 1.0, xtol=1e-12))


def _variance(first_only: int, second_only: int, n: int, difference: float) -> float:
    """Return the variance of first_only - second_only, were the true difference this one (Tango 1998, equations 5 and 6)."""
    b = -first_only - second_only + (2 * n - first_only + second_only) * difference
    c = -second_only * difference * (1 - difference)
    second_share = (np.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    return float(n * (2 * second_share + difference * (1 - difference)))


def mid_p(first_only: int, second_only: int) -> float:
    """Return the two-sided mid-p of McNemar's exact test; missing where no case has Yes on one of the two alone.

    Source: Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13:91.

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
