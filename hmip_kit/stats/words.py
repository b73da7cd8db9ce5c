"""Words of numbers, of which every title and sentence is made.

The page script has the same (`front/arithmetic.js`): golden vectors keep the two one.
"""

import math
from collections.abc import Sequence

from hmip_kit.settings import FEWEST_FOR_A_BAR

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(count: int) -> str:
    """Return a `count` in words up to ten, in digits above.

    >>> number(4), number(12)
    ('four', '12')
    """
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def listed(words: Sequence[str]) -> str:
    """Return `words` as a list in a sentence.

    >>> listed(["21%", "36%", "19%"])
    '21%, 36% and 19%'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def whole_percent(yes: int, n: int) -> str:
    """Return the share of `yes` in `n` as the report prints it, half up; blank without cases.

    >>> whole_percent(8, 42), whole_percent(1, 8), whole_percent(0, 0)
    ('19%', '13%', '')
    """
    return f"{(200 * yes + n) // (2 * n)}%" if n else ""


def share_after(yes: int, n: int) -> str:
    """Return the share of `yes` in `n` in brackets, to follow its count; blank under ten cases.

    >>> share_after(8, 42), share_after(1, 8)
    (' (19%)', '')
    """
    return f" ({whole_percent(yes, n)})" if n >= FEWEST_FOR_A_BAR else ""


def cases_word(n: int) -> str:
    """Return the word for `n` cases.

    >>> cases_word(1), cases_word(0)
    ('case', 'cases')
    """
    return "case" if n == 1 else "cases"


def cases_said(yes: int, n: int) -> str:
    """Return `yes` of `n` cases in words, with the percentage from ten cases on.

    >>> cases_said(5, 11), cases_said(1, 3)
    ('5 of 11 cases (45%)', '1 of 3 cases')
    """
    return f"{yes} of {n} {cases_word(n)}{share_after(yes, n)}"


def half_up(value: float) -> int:
    """Return the whole number nearest to a `value`, halves upwards, as the report rounds.

    >>> half_up(12.5), half_up(12.49)
    (13, 12)
    """
    return math.floor(value + 0.5)


def capital(text: str) -> str:
    """Return a `text` with its first letter a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Return a `text` with its first letter small, the others as they are."""
    return text[:1].lower() + text[1:]


def fits(
    low: float,
    high: float,
    unit: str = "point",
    ways: tuple[str, str] = ("worse", "better"),
    digits: int = 0,
) -> str:
    """Return what the data fit, from `low` to `high`, the ends of an interval.

    `unit` is what they count, `ways` what less and more are called, `digits` the decimals.

    >>> fits(-44.6, 9.9), fits(2.2, 30.1), fits(-30.1, -0.9)
    ('from 45 points worse to 10 points better', 'from 2 to 30 points better', \
'from 30 points to 1 point worse')
    """
    ends = [f"{abs(end):.{digits}f}" if digits else str(half_up(abs(end))) for end in (low, high)]
    units = [unit if end == "1" else f"{unit}s" for end in ends]
    if low < 0 < high:
        return f"from {ends[0]} {units[0]} {ways[0]} to {ends[1]} {units[1]} {ways[1]}"
    first = ends[0] if units[0] == units[1] else f"{ends[0]} {units[0]}"
    return f"from {first} to {ends[1]} {units[1]} {ways[low >= 0]}"
