"""What people on probation say, and what works: published shares as points, or as a line where words stand for a range."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import NO_FIGURES, absent
from hmip_kit.charts.drawing import blank, drawn
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures import stated_shares
from hmip_kit.measures.stated_shares import said_of_shares
from hmip_kit.theme import NAVY, RULE

ROW_HEIGHT = 42
RIGHT = 150


def voices(inspection: Inspection) -> Finding:
    """Return what people on probation say, as published: a point for a percentage, a line where words allow a range.

    Rows: those of `measures.stated_shares.voices`. The base of the survey is not stated where `note` says so, so there is no
    interval. Without figures there are words and no rows; so where people were not asked.

    >>> import hmip_kit as hk
    >>> len(voices(hk.load("lewisham-bromley-2022")).rows)
    8
    """
    if inspection.figures.empty:
        return absent(inspection, "voices", "What people on probation say", NO_FIGURES)
    heard = inspection.identity.get("people_heard")
    who = (
        f"{heard} people on probation heard" if heard else "people on probation; number not stated"
    )
    return _finding(
        "voices", "What people on probation say", stated_shares.voices(inspection), inspection, who
    )


def what_works(inspection: Inspection) -> Finding:
    """Return the strengths that are stated for half or more, and the key questions that reach half.

    Rows: those of `measures.stated_shares.strengths`. They are shares of different people and cases: not to be subtracted from each
    other. Without figures there are words and no rows.

    >>> import hmip_kit as hk
    >>> what_works(hk.load("lewisham-bromley-2022")).rows["label"].iloc[1]
    'Delivery: engagement'
    """
    if inspection.figures.empty:
        return absent(inspection, "what_works", "What works for half or more", NO_FIGURES)
    found = stated_shares.strengths(inspection)
    return _finding(
        "what_works",
        "What works for half or more",
        found,
        inspection,
        "each of its own people or cases",
    )


def _finding(
    name: str, start: str, found: pd.DataFrame, inspection: Inspection, cases: str
) -> Finding:
    noted = dict.fromkeys(note for note in found["note"] if note)
    notes = [f"{note}: {'; '.join(found.loc[found['note'] == note, 'label'])}." for note in noted]
    ranged = (
        ["Thick lines: the range that words allow, in this kit's reading."]
        if found["low"].notna().any()
        else []
    )
    return Finding(
        name=name,
        say=lambda shown: said_of_shares(shown, start, lowest=name == "voices"),
        rows=found.assign(line=found["label"] + " (" + found["who"] + ")"),
        columns={
            "label": "What",
            "who": "Who or what",
            "text": "As published",
            "section": "Section",
        },
        measure=f"{start}: shares as published",
        inspection=inspection,
        cases=cases,
        notes=(*notes, *ranged),
        draw=_draw,
    )


def _draw(finding: Finding) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, RIGHT])
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], titleAnchor="start", grid=True)
    y = alt.Y("r.line:N", sort=None, axis=None)
    x = alt.X("r.percent:Q", scale=scale, title="Percentage, as published", axis=axis)
    layers = [
        blank().mark_text(align="left", dy=-8, dx=2).encode(x=alt.XDatum(0), y=y, text="r.line:N"),
        blank().mark_rule(yOffset=9, color=RULE).encode(x=alt.XDatum(0), x2=alt.X2Datum(100), y=y),
        blank()
        .mark_rule(yOffset=9, color=NAVY, strokeWidth=8)
        .encode(x=alt.X("r.low:Q", scale=scale), x2="r.high:Q", y=y),
        blank()
        .mark_point(yOffset=9, filled=True, size=110, color=NAVY, opacity=1)
        .encode(x=x, y=y),
        blank()
        .mark_text(align="left", dy=9, dx=10, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
