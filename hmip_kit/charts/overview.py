"""What was inspected, as a table."""

from datetime import date
from typing import Any

import pandas as pd

from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.words import which_cases

ITEMS = {
    "unit": "Unit",
    "region": "Region",
    "publisher": "Inspected by",
    "published": "Report published",
    "fieldwork_week_beginning": "Fieldwork, week beginning",
    "sample_from": "Sentences and licences that began from",
    "sample_to": "and to",
    "cases_inspected": "Cases inspected",
    "practitioner_interviews": "Interviews with practitioners",
    "people_heard": "People on probation heard",
    "rating": "Overall rating",
    "isbn": "ISBN",
    "about": "What these cases are",
}


def overview(inspection: Inspection) -> Finding:
    """Return what was inspected, when, and how much of it, as a table; what is not stated has no row.

    >>> import hmip_kit as hk
    >>> overview(hk.load("lewisham-bromley-2022")).title
    'What was inspected: Lewisham & Bromley PDU, November 2022'
    """
    stated = [
        (label, _words(inspection.identity[item]))
        for item, label in ITEMS.items()
        if item in inspection.identity
    ]
    return Finding(
        name="overview",
        say=lambda _: (f"What was inspected: {inspection.title}", _sentence(inspection)),
        rows=pd.DataFrame(stated, columns=["item", "stated"]),
        columns={"item": "Item", "stated": "As stated"},
        measure="What the data say of themselves",
        inspection=inspection,
        cases=which_cases(inspection),
    )


def _sentence(inspection: Inspection) -> str:
    heard = {
        "practitioner_interviews": "interviews with practitioners",
        "people_heard": "people on probation heard",
    }
    parts = [
        f"{inspection.identity[item]} {what}"
        for item, what in heard.items()
        if item in inspection.identity
    ]
    return f"Based on {', '.join([which_cases(inspection).removeprefix('all '), *parts])}."


def _words(value: Any) -> str:
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)
