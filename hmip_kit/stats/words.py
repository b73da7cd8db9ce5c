"""Words of numbers, of which every title and sentence is made.

What the page script says, too, is filled into the patterns of `front/sentences.json`.
"""

import math
from collections.abc import Sequence
from numbers import Integral

from hmip_kit import front
from hmip_kit.settings import FEWEST_FOR_A_BAR, FEWEST_FOR_A_PERCENTAGE

WHOLE = {0: "no case", 1: "one case"}  # patterns for all of so few cases


def say(pattern: str, **values: object) -> str:
    """Return a `pattern` of the front's sentences, filled with `values`; in thousands, with commas.

    >>> say("count", yes=842, n=17280), say("list", first="21%, 36%", last="19%")
    ('842 of 17,280', '21%, 36% and 19%')
    """
    return str(front.sentences()[pattern]).format(
        **{name: f"{one:,}" if isinstance(one, Integral) else one for name, one in values.items()}
    )


def number(count: int) -> str:
    """Return a `count` in words up to ten, in digits above.

    >>> number(4), number(42)
    ('four', '42')
    """
    words = front.sentences()["numbers"]
    return words[count] if count < len(words) else say("number", count=count)


def listed(words: Sequence[str]) -> str:
    """Return `words` as a list in a sentence.

    >>> listed(["21%", "36%", "19%"])
    '21%, 36% and 19%'
    """
    if len(words) == 1:
        return words[0]
    return say("list", first=", ".join(words[:-1]), last=words[-1])


def whole_percent(yes: int, n: int) -> str:
    """Return the share of `yes` in `n` as the report prints it, half up; blank without cases.

    >>> whole_percent(8, 42), whole_percent(1, 8), whole_percent(0, 0)
    ('19%', '13%', '')
    """
    return say("percent", percent=(200 * yes + n) // (2 * n)) if n else ""


def result(yes: int, n: int) -> str:
    """Return `yes` of `n` for a title: a percentage from twenty cases on, else the count.

    >>> result(8, 42), result(3, 15)
    ('19%', '3 of 15')
    """
    return whole_percent(yes, n) if n >= FEWEST_FOR_A_PERCENTAGE else say("count", yes=yes, n=n)


def count_said(yes: int, n: int, of: str = "") -> str:
    """Return `yes` of `n`, and `of` what, with the percentage from ten cases on.

    >>> count_said(8, 42), count_said(1, 8), count_said(8, 42, "answers")
    ('8 of 42 (19%)', '1 of 8', '8 of 42 answers (19%)')
    """
    count = f"{say('count', yes=yes, n=n)} {of}".rstrip()
    return say("text", count=count, share=whole_percent(yes, n)) if n >= FEWEST_FOR_A_BAR else count


def cases_word(n: int) -> str:
    """Return the word for `n` cases.

    >>> cases_word(1), cases_word(0)
    ('case', 'cases')
    """
    return say("case" if n == 1 else "cases")


def which_cases_said(some: int, size: int, chosen: str) -> str:
    """Return which cases are shown: `some` of `size`, by what is `chosen`, else all.

    >>> which_cases_said(19, 42, "sentence type: Licence"), which_cases_said(1, 1, "")
    ('19 of 42 cases (sentence type: Licence)', 'the one case')
    """
    pattern = "some cases" if chosen else WHOLE.get(size, "all cases")
    return say(pattern, some=some, size=size, word=cases_word(size), chosen=chosen)


def cases_said(yes: int, n: int) -> str:
    """Return `yes` of `n` cases in words, with the percentage from ten cases on.

    >>> cases_said(5, 11), cases_said(1, 3), cases_said(0, 0)
    ('5 of 11 cases (45%)', '1 of 3 cases', 'no cases')
    """
    return count_said(yes, n, cases_word(n)) if n else say("no count")


def plural(count: int, word: str, words: str = "") -> str:
    """Return a `count` with its `word`, or with `words` where there is not one.

    >>> plural(1, "problem"), plural(17280, "case")
    ('1 problem', '17,280 cases')
    """
    return say("sure", count=count, word=word if count == 1 else words or f"{word}s")


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


def signed(value: float, digits: int = 0) -> str:
    """Return a `value` with its sign and so many `digits`; nought has no sign.

    >>> signed(7.4), signed(-0.04, 1), signed(-12.5)
    ('+7', '0.0', '-13')
    """
    rounded = math.copysign(half_up(abs(value) * 10**digits) / 10**digits, value)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"


def range_said(low: float, high: float, digits: int = 0) -> str:
    """Return the ends of an interval, `low` and `high`; near nought with one more of the `digits`.

    On which side of nought it lies is what a reader looks for.

    >>> range_said(-52.6, 3.2), range_said(-53.1, -0.4)
    ('-53 to +3', '-53.1 to -0.4')
    """
    digits += any(round(end, digits) == 0 for end in (low, high))
    return f"{signed(low, digits)} to {signed(high, digits)}"


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
