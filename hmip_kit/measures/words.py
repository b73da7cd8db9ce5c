"""Words that every title and sentence is made of. The page script has the same (`front/arithmetic.js`): golden vectors keep the two one."""

import math

from hmip_kit.inspection import Inspection

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FEWEST_FOR_A_BAR = 10
FEWEST_FOR_A_PERCENTAGE = 20


def number(count: int) -> str:
    """Return a count in words up to ten, in digits above.

    >>> number(4), number(12)
    ('four', '12')
    """
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def listed(words: list[str]) -> str:
    """Return words as a list in a sentence.

    >>> listed(["21%", "36%", "19%"])
    '21%, 36% and 19%'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def whole_percent(yes: int, n: int) -> str:
    """Return a share as the report prints it, half up; blank where there are no cases.

    >>> whole_percent(8, 42), whole_percent(1, 8), whole_percent(0, 0)
    ('19%', '13%', '')
    """
    return f"{(200 * yes + n) // (2 * n)}%" if n else ""


def cases_word(n: int) -> str:
    """Return the word for a number of cases.

    >>> cases_word(1), cases_word(0)
    ('case', 'cases')
    """
    return "case" if n == 1 else "cases"


def which_cases(inspection: Inspection) -> str:
    """Return which cases are shown, with their number.

    >>> import hmip_kit as hk
    >>> which_cases(hk.load("practice-cases").where(sentence_type="Licence"))
    '19 of 42 cases (sentence type: Licence)'
    """
    whole = f"{inspection.sample_size} {cases_word(inspection.sample_size)}"
    return f"{inspection.size} of {whole} ({inspection.filters.label})" if inspection.filters else f"all {whole}"


def practice_name(inspection: Inspection) -> str:
    """Return what practice cases are called wherever they are shown; blank for real data."""
    return inspection.title if inspection.cases_are == "practice" else ""


def half_up(value: float) -> int:
    """Return the nearest whole number, halves upwards, as the report rounds.

    >>> half_up(12.5), half_up(12.49)
    (13, 12)
    """
    return math.floor(value + 0.5)


def opening(cases: str, practice: str = "") -> str:
    """Return how a sentence begins: which cases, said to be made up where they are.

    >>> opening("19 of 42 cases"), opening("all 42 cases", "Practice cases")
    ('19 of 42 cases.', 'In made-up cases: all 42 cases.')
    """
    return f"In made-up cases: {cases}." if practice else f"{cases[0].upper()}{cases[1:]}."
