"""The rules of a rating: the band of a share, the next band up, and the bands of a score."""

from math import ceil

from hmip_kit.errors import KitError
from hmip_kit.framework import Band, Framework

CLOSE_TO_A_BAND = (
    5  # percentage points; status: unverified (rule "moved_by_panel" of the framework)
)
FEW_CASES = 5  # status: unverified, as above


def band(yes: int, n: int, framework: Framework) -> str:
    """Return the rating in whose band a key question's share falls, from the unrounded share; blank without cases.

    The bands are the framework's, with their status there (unverified for Probation Delivery Units).

    >>> import hmip_kit as hk
    >>> framework = hk.load("lewisham-bromley-2022").framework
    >>> band(20, 42, framework), band(21, 42, framework), band(0, 0, framework)
    ('Inadequate', 'Requires improvement', '')
    """
    reached = [one for one in ascending(framework) if n and 100 * yes >= one.start * n]
    return reached[-1].rating if reached else ""


def next_band(rating: str, framework: Framework) -> Band | None:
    """Return the band above a rating; none above the highest."""
    bands = ascending(framework)
    above = [one.rating for one in bands].index(rating) + 1
    return bands[above] if above < len(bands) else None


def more_needed(yes: int, n: int, start: float) -> int:
    """Return how many more Yes, of the same n, bring a share to a band's start; 0 where it is there.

    >>> more_needed(15, 42, 50), more_needed(21, 42, 50)
    (6, 0)
    """
    return max(0, ceil(start * n / 100 - 1e-9) - yes)


def ascending(framework: Framework) -> list[Band]:
    """Return the bands of a framework, lowest first."""
    return sorted(framework.bands, key=lambda one: one.start)


def lowest_rating(ratings: list[str], framework: Framework) -> str:
    """Return the lowest of ratings; blank where one of them is, or where there are none."""
    order = [one.rating for one in ascending(framework)]
    return min(ratings, key=order.index) if ratings and all(ratings) else ""


def overall_rating(points: int, maximum: int) -> str:
    """Return the overall rating of a score.

    Of a maximum M: Inadequate up to M/6, Requires improvement up to M/2, Good up to 5M/6, Outstanding above, each rounded down. A
    score outside 0 to M, or one that is no whole number, raises `KitError`. Source: derived from published scores
    (the framework's rule "overall"); every adult score that was read is Inadequate, so that the upper bands are seen
    for youth justice only.

    >>> overall_rating(4, 24), overall_rating(5, 24), overall_rating(18, 36), overall_rating(31, 36)
    ('Inadequate', 'Requires improvement', 'Requires improvement', 'Outstanding')
    """
    if (
        points != int(points)
        or maximum != int(maximum)
        or not 0 <= points <= maximum
        or maximum < 1
    ):
        raise KitError(
            f"a score is a whole number of points from 0 to its maximum: not {points} of {maximum}"
        )
    tops = {
        "Inadequate": maximum // 6,
        "Requires improvement": maximum // 2,
        "Good": 5 * maximum // 6,
    }
    return next((rating for rating, top in tops.items() if points <= top), "Outstanding")
