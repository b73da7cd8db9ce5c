"""How sure the key questions are, and which are the lowest."""

from math import ceil

import pandas as pd

from hmip_kit.charts.count_bars import draw_counts
from hmip_kit.charts.key_questions import bounds_notes, columns, question_tallies
from hmip_kit.errors import KitError
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.results import question_rows
from hmip_kit.measures.shares import Said, say
from hmip_kit.measures.words import which_cases


def lowest_key_questions(inspection: Inspection, count: int = 3) -> Finding:
    """Return the key questions with the lowest shares, the lowest first; all that tie with the last of `count` are among them.

    Rows: those of `measures.results.question_rows` that have cases. Raises `KitError` for a count under one.

    >>> import hmip_kit as hk
    >>> lowest_key_questions(hk.load("lewisham-bromley-2022")).title
    'Lowest: Delivery: safety of other people, 8 of 42 cases'
    """
    if count < 1:
        raise KitError(f"{count} key questions cannot be shown: ask for one or more")
    rows = question_rows(inspection)
    ranked = rows[rows["percent"].notna()].sort_values("percent", kind="stable")
    shown = ranked[ranked["percent"] <= ranked["percent"].iloc[:count].max()]
    return Finding(
        name="lowest_key_questions",
        say=lambda left: say(left, inspection, "lowest"),
        rows=shown.assign(line=shown["label"], polarity="sufficient"),
        columns=columns(inspection),
        measure="The key questions with the fewest cases judged sufficient",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=tuple(note for note in bounds_notes(inspection) if not note.startswith("Outlines")),
        counts=question_tallies(shown),
        draw=draw_counts,
    )


def how_sure(inspection: Inspection) -> Finding:
    """Return how far each key question's 95% interval reaches either way, as a table.

    Rows: those of `measures.results.question_rows` with `either_way`, half the interval's width in percentage points; missing under
    ten cases. In words it is rounded up, so that nothing sounds surer than it is.
    Raises `KitError` on practice cases: made-up cases carry no inference.

    >>> import hmip_kit as hk
    >>> how_sure(hk.load("lewisham-bromley-2022")).title
    'How sure: 12 to 15 points either way on each key question'
    """
    if inspection.cases_are == "practice":
        raise KitError(f"{inspection.title}: made-up cases cannot say how sure a result is")
    rows = question_rows(inspection)
    half = (rows["high"] - rows["low"]) / 2
    words = ["" if pd.isna(width) else f"about {ceil(width)} points" for width in half]
    return Finding(
        name="how_sure",
        say=lambda shown: _say(shown, inspection),
        rows=rows.assign(either_way=half, either_way_text=words),
        columns={**columns(inspection), "either_way_text": "Either way"},
        measure="Half the width of the 95% Wilson interval of each key question",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "An interval covers which cases were drawn, not clustering or differences between inspectors.",
        ),
        counts=question_tallies(rows),
    )


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    width = rows["either_way"].dropna()
    if width.empty:
        return "How sure: too few cases to say", "Under ten cases there is no interval."
    least, most = ceil(width.min()), ceil(width.max())
    points = f"{least} to {most}" if least < most else str(least)
    sentence = f"With {which_cases(inspection)}, another draw of cases could move a key question by about {points} percentage points."
    return f"How sure: {points} points either way on each key question", sentence
