"""Which whole counts a printed percentage can come from."""

import re

from hmip_kit.errors import KitError

PRINTED = re.compile(r"\s*(\d+)(?:\.(\d+))?\s*(?:%|per\s?cent)?\s*")


def possible_counts(percentage: str | float, n: int) -> list[int]:
    """Return the whole counts out of `n` that round, half up, to a percentage as it is printed; the decimals in its text count.

    None where no count fits, and none for an `n` of 0. From 100 cases on, every whole percentage has a count: see `has_power`.
    Raises `KitError` for what is not a percentage, or a negative n. Source: the GRIM test (Brown and Heathers, 2017), for percentages.

    >>> possible_counts("43%", n=42), possible_counts("80%", n=42), possible_counts("42.9%", n=42)
    ([18], [], [18])
    """
    printed, scale = _digits(percentage)
    if n < 0:
        raise KitError(f"n = {n}: a number of cases cannot be negative")
    # k fits when printed is the floor of 100 k scale / n + 1/2; whole numbers only, so that halves are exact.
    least = -(-(2 * printed - 1) * n // (200 * scale))
    most = ((2 * printed + 1) * n - 1) // (200 * scale)
    return list(range(max(0, least), min(n, most) + 1)) if n else []


def has_power(percentage: str | float, n: int) -> bool:
    """Return whether some percentage with these decimals has no count out of `n`, so that a check against it can fail.

    >>> has_power("43%", 99), has_power("43%", 101), has_power("77.4%", 101)
    (True, False, True)
    """
    return 0 < n < 100 * _digits(percentage)[1]


def _digits(percentage: str | float) -> tuple[int, int]:
    """Return a percentage as a whole number and what it was multiplied by: "77.4%" gives 774 and 10."""
    found = PRINTED.fullmatch(str(percentage))
    if not found:
        raise KitError(f"{percentage!r} is not a percentage such as '43%' or '77.4%'")
    whole, decimals = found[1], found[2] or ""
    return int(whole + decimals), 10 ** len(decimals)
