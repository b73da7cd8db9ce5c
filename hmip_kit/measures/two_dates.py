"""Figures that a report gives at two dates, such as vacancy rates: where each stood, and how far it moved."""

from typing import Any

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_bases import PERCENT, completed
from hmip_kit.measures.shares import Row, Said
from hmip_kit.measures.words import listed

DATES = ("announcement", "inspection")
COLUMNS = [
    "measure",
    "label",
    "first",
    "second",
    "moved",
    "first_text",
    "second_text",
    "text",
    "start",
    "end",
]


def two_dates(inspection: Inspection) -> pd.DataFrame:
    """Return each percentage that is given when the inspection was announced, at the inspection, or both.

    Columns: `measure, label` (whom it is of); `first, second`, percentages; `moved`, in percentage points, missing where only one date
    is stated; `first_text, second_text, text` in words; `start, end`, where a line from one to the other begins and
    ends: on one spot where one date is missing. Percentages
    as printed: no base is stated, so there is no interval. No rows where nothing is given with a date.
    """
    figures = completed(inspection.figures)
    dated = figures[
        figures["when"].isin(DATES) & (figures["unit"] == PERCENT) & figures["value"].notna()
    ]
    rows = [
        _row(str(measure), str(who), group)
        for (measure, who), group in dated.groupby(["measure", "population"], sort=False)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype(
        {"first": "Float64", "second": "Float64", "moved": "Float64"}
    )


def moves_said(rows: pd.DataFrame) -> Said:
    """Return which of the figures fell, rose or stayed between the two dates; where one date is missing, the sentence says so."""
    if rows.empty:
        return "Nothing is given at two dates", "Nothing is stated."
    measure = (
        str(rows["measure"].iloc[0]) if rows["measure"].nunique() == 1 else "Figures at two dates"
    )
    ways = {
        "fell": rows["moved"] < 0,
        "rose": rows["moved"] > 0,
        "stayed as it was": rows["moved"] == 0,
    }
    told = [
        f"{way} for {_who(rows[mask.fillna(False)])}"
        for way, mask in ways.items()
        if mask.fillna(False).any()
    ]
    each = "; ".join(f"{row['label']}: {row['text']}" for row in rows.to_dict("records"))
    return (
        f"{measure} {listed(told)}" if told else f"{measure}: one date only",
        f"{each}. Bases are not stated.",
    )


def _row(measure: str, who: str, group: pd.DataFrame) -> Row:
    found = {str(row["when"]): row for row in group.to_dict("records")}
    first, second = (found.get(when, {}) for when in DATES)
    values = [one.get("value", pd.NA) for one in (first, second)]
    moved = pd.NA if pd.isna(values).any() else values[1] - values[0]
    texts = [str(one.get("printed", "")) for one in (first, second)]
    row: Row = dict(zip(COLUMNS, [measure, who, *values, moved, *texts], strict=False))
    return row | {
        "text": _said(texts, moved),
        "start": 0 if texts[0] else 1,
        "end": 1 if texts[1] else 0,
    }


def _said(texts: list[str], moved: Any) -> str:
    if not all(texts):
        return (
            f"{texts[0]} at the announcement, later not stated"
            if texts[0]
            else f"{texts[1]} at the inspection, earlier not stated"
        )
    points = f"{abs(moved):g} {'point' if abs(moved) == 1 else 'points'}"
    way = "no change" if not moved else f"{'up' if moved > 0 else 'down'} {points}"
    return f"{texts[0]} to {texts[1]} ({way})"


def _who(rows: pd.DataFrame) -> str:
    return listed([f"{label[0].lower()}{label[1:]}" for label in rows["label"].astype("str")])
