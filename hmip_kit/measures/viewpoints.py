"""Viewpoints: services as practitioners, people on probation and inspectors see them. Beside each other, never subtracted."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.intervals import wilson
from hmip_kit.measures.possible_counts import possible_counts
from hmip_kit.measures.results import results
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, cases_word, half_up, share_after

# Whose view, what it is called, and the id of the published figure that states it.
STATED = (
    (
        "Practitioners",
        "Always had access to a suitable range of services",
        "practitioners_access_services",
    ),
    ("People on probation", "Had access to services that they felt they needed", "people_services"),
)
JUDGED = ("delivery_desistance", "delivery_safety", "outcomes_progress")
INSPECTORS = "Inspectors"
COLUMNS = [
    "viewpoint",
    "label",
    "population",
    "yes",
    "n",
    "percent",
    "low",
    "high",
    "rebuilt",
    "base",
    "source",
    "text",
]


def viewpoints(inspection: Inspection) -> pd.DataFrame:
    """Return access to services as two groups see it, then what inspectors judged of delivery and progress.

    Columns: `viewpoint, label`; `population`, whom the share is of; `yes` of `n`, `percent`; `low, high`, the 95% Wilson interval in
    percent, missing where the base is not stated or under ten; `rebuilt`, whether `yes` was worked out from the percentage; `base` and
    `source` in words; `text`. The shares are of different people and cases: they must not be subtracted from each other.

    What the data do not have keeps its row, with missing numbers and "[x]": a case file has no survey, practice cases have no
    interval once filtered. Source: the published figures, the key questions, and Wilson (1927).

    >>> import hmip_kit as hk
    >>> hk.viewpoints(hk.load("lewisham-bromley-2022"))["text"].tolist()[:2]
    ['16 of 31 (52%)', '66%, base not stated']
    """
    rows = [_stated(inspection, *one) for one in STATED] + [
        _judged(inspection, question) for question in JUDGED
    ]
    frame = pd.DataFrame(rows).astype({"yes": "Int64", "n": "Int64", "percent": "float64"})
    some = frame["n"].where((frame["n"] >= FEWEST_FOR_A_BAR).fillna(False))
    if inspection.cases_are == "practice" and inspection.filters:
        some[:] = pd.NA
    bounds = wilson(frame["yes"].where(some.notna()), some)
    return frame.assign(low=bounds["low"], high=bounds["high"], text=[_text(row) for row in rows])[
        COLUMNS
    ]


def _stated(inspection: Inspection, viewpoint: str, label: str, figure: str) -> Row:
    figures = inspection.figures
    found = figures[figures["figure"] == figure].to_dict("records")
    row: Row = {
        "viewpoint": viewpoint,
        "label": label,
        "population": "",
        "yes": None,
        "n": None,
        "percent": None,
        "rebuilt": False,
    }
    if not found:
        return row | {"base": "not in these data", "source": ""}
    said = found[0]
    n = _base(figures, said)
    percent, source = float(said["value"]), f"section {said['section']}"
    if n is None:
        base = _part(figures, said)
        return row | {
            "population": said["population"],
            "percent": percent,
            "base": base,
            "source": source,
        }
    yes = _rebuilt(percent, n)
    base = f"{n} {said['population']}"
    return row | {
        "population": said["population"],
        "yes": yes,
        "n": n,
        "percent": percent,
        "rebuilt": True,
        "base": base,
        "source": source,
    }


def _base(figures: pd.DataFrame, said: Row) -> int | None:
    """Return the base of a published percentage: stated with it, or the group's own count where it is of the whole group."""
    if not pd.isna(said["denominator"]):
        return int(said["denominator"])
    group = figures[figures["figure"] == said["group"]]["value"].dropna()
    return int(group.iloc[0]) if said["extent"] == "whole" and len(group) else None


def _part(figures: pd.DataFrame, said: Row) -> str:
    group = figures[figures["figure"] == said["group"]].dropna(subset="value").to_dict("records")
    return (
        f"not stated; a part of {group[0]['value']:g} {group[0]['population']}"
        if group
        else "not stated"
    )


def _rebuilt(percent: float, n: int) -> int | None:
    """Return the one count that prints as a percentage; none where several do, or none does."""
    fit = possible_counts(half_up(percent), n)
    return fit[0] if len(fit) == 1 else None


def _judged(inspection: Inspection, question: str) -> Row:
    named = {one.id: one for one in inspection.framework.questions}
    totals = inspection.cases_are == "none"
    there = question in named and question in (
        set(inspection.published["question"]) if totals else inspection.questions
    )
    label = named[question].label if question in named else question.replace("_", ": ")
    row: Row = {
        "viewpoint": INSPECTORS,
        "label": label,
        "population": "inspected cases",
        "rebuilt": False,
        "source": "",
    }
    if not there:
        return row | {"yes": None, "n": None, "percent": None, "base": "not in these data"}
    found = results(inspection, questions=question).iloc[0]
    yes, n = int(found["yes"]), int(found["n"])
    stated = (
        inspection.published.set_index("question")["count_source"].get(question, "")
        if totals
        else ""
    )
    return row | {
        "yes": yes,
        "n": n,
        "percent": 100 * yes / n if n else None,
        "rebuilt": str(stated).startswith("rebuilt"),
        "base": f"{n} {cases_word(n)}",
        "source": "key question"
        if totals
        else {"practice": "made-up cases"}.get(inspection.cases_are, "cases"),
    }


def _text(row: Row) -> str:
    if row["n"] == 0:
        return "no cases"
    if row["percent"] is None:
        return "[x]"
    if row["yes"] is None:
        return f"{half_up(row['percent'])}%" + (
            ", base not stated" if row["n"] is None else f" of {row['n']}"
        )
    return f"{row['yes']} of {row['n']}{share_after(row['yes'], row['n'])}"
