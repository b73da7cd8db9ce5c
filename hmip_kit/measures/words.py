"""Words that every title and sentence is made of. The page script has the same (`front/arithmetic.js`): golden vectors keep the two one."""

import math

from hmip_kit.inspection import Inspection

MADE_UP = "In made-up cases: "
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


def share_after(yes: int, n: int) -> str:
    """Return a share in brackets, to follow its count; blank under ten cases, where the count says enough.

    >>> share_after(8, 42), share_after(1, 8)
    (' (19%)', '')
    """
    return f" ({whole_percent(yes, n)})" if n >= FEWEST_FOR_A_BAR else ""


def cases_word(n: int) -> str:
    """Return the word for a number of cases.

    >>> cases_word(1), cases_word(0)
    ('case', 'cases')
    """
    return "case" if n == 1 else "cases"


def cases_said(yes: int, n: int) -> str:
    """Return a count of cases in words, with its percentage from ten cases on.

    >>> cases_said(5, 11), cases_said(1, 3)
    ('5 of 11 cases (45%)', '1 of 3 cases')
    """
    return f"{yes} of {n} {cases_word(n)}{share_after(yes, n)}"


def which_cases(inspection: Inspection) -> str:
    """Return which cases are shown, with their number; a report that does not state it is not taken to have none.

    >>> import hmip_kit as hk
    >>> which_cases(hk.load("practice-cases").where(sentence_type="Licence"))
    '19 of 42 cases (sentence type: Licence)'
    """
    if inspection.cases_are == "none" and "cases_inspected" not in inspection.identity:
        return "inspected cases (number not stated)"
    whole = f"{inspection.sample_size} {cases_word(inspection.sample_size)}"
    return (
        f"{inspection.size} of {whole} ({inspection.filters.label})"
        if inspection.filters
        else f"all {whole}"
    )


def practice_name(inspection: Inspection) -> str:
    """Return what practice cases are called wherever they are shown; blank for real data."""
    return inspection.title if inspection.cases_are == "practice" else ""


def headed(title: str, practice: str = "") -> str:
    """Return a title, after what practice cases are called where they are shown.

    >>> headed("Needs"), headed("Needs", "Practice cases")
    ('Needs', 'Practice cases. Needs')
    """
    return f"{practice}. {title}" if practice else title


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
    return f"{MADE_UP}{cases}." if practice else f"{cases[0].upper()}{cases[1:]}."
