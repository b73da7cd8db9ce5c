"""Percentages of other inspections as dots by topic, each with its n or without. No rank."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import FIRST_OF_GROUP, blank, drawn, either, from_left
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.beside import THIS, percentages_beside, topic_said, warnings_of
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import number
from hmip_kit.sources.others import AS_ASKED
from hmip_kit.theme import NAVY, PAPER, RULE

ROW_HEIGHT = 36
FILLED = "Filled: this inspection. A square is worded as the key question, a circle otherwise. Without n there is no interval."


def other_percentages(inspection: Inspection, *more: Inspection) -> Finding:
    """Return the percentages that could be read, as dots by topic, with those of this inspection on the same topics.

    `more` are other published inspections, such as reports that were read. Rows: those of `measures.beside.percentages_beside`. Raises
    `KitError` for cases.

    >>> import hmip_kit as hk
    >>> other_percentages(hk.load("lewisham-bromley-2022")).title
    'None of 27 percentages of other inspections has a stated n'
    """
    rows = percentages_beside(inspection, *more)
    return Finding(
        name="other_percentages",
        say=_say,
        rows=rows,
        columns={
            "topic": "Topic",
            "label": "What is counted",
            "inspection": "Inspection",
            "when": "Published",
            "text": "Share",
            "base": "Out of",
            "address": "Read from",
        },
        measure="Percentages by topic and date, as published",
        inspection=inspection,
        cases=f"{len(rows)} percentages that could be read",
        notes=(*warnings_of(rows), FILLED),
        draw=_draw,
    )


def _say(rows: pd.DataFrame) -> Said:
    others = rows[rows["whose"] != THIS]
    if others.empty:
        return "No percentage could be read", "There is nothing to set beside this inspection."
    stated = int(others["n"].notna().sum())
    start = "None" if stated == 0 else number(stated).capitalize()
    mine = rows[rows["topic"].isin(rows.loc[rows["whose"] == THIS, "topic"])]
    said = [topic_said(group) for _, group in mine.groupby("topic", sort=False)]
    title = f"{start} of {len(others)} percentages of other inspections {'has' if stated < 2 else 'have'} a stated n"
    return title, " ".join([f"{one}." for one in said] + list(warnings_of(rows)[:-1]))


def _draw(finding: Finding) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 100])
    axis = alt.Axis(title="Percentage", values=[0, 20, 40, 60, 80, 100])
    x = alt.X("r.percent:Q", scale=scale, axis=axis)
    names = alt.Axis(
        labelExpr=FIRST_OF_GROUP,
        labelLimit=180,
        labelBaseline="bottom",
        labelFontWeight="bold",
        ticks=False,
        domain=False,
    )
    y = alt.Y("r.place:N", sort=None, title=None, axis=names)
    this = f"datum.r.whose == '{THIS}'"
    fill = either("fill", this, NAVY, PAPER)
    shape = either("shape", f"datum.r.wording == '{AS_ASKED}'", "square", "circle")
    bold, plain = (either("opacity", this, on, 1 - on) for on in (1, 0))
    zero, end = alt.XDatum(0, scale=scale, axis=axis), alt.X2Datum(100)
    line = {"x": from_left(0), "y": y, "text": "r.line:N"}
    layers = [
        blank().mark_rule(color=RULE, yOffset=9, strokeDash=[1, 3]).encode(x=zero, x2=end, y=y),
        blank()
        .mark_point(size=90, yOffset=9, stroke=NAVY, strokeWidth=2, opacity=1)
        .encode(x=x, y=y, fill=fill, shape=shape),
        blank()
        .mark_text(align="left", yOffset=9, dx=10, fontSize=11, fontWeight="bold")
        .encode(x=x, y=y, text="r.text:N"),
        blank().mark_text(align="left", dy=-7, dx=2, fontSize=11).encode(**line, opacity=plain),
        blank()
        .mark_text(align="left", dy=-7, dx=2, fontSize=11, fontWeight="bold")
        .encode(**line, opacity=bold),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
