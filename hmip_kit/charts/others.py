"""Overall ratings of other inspections by region and date, with this one marked. No rank, no league table."""

import math

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import FIRST_OF_GROUP, blank, drawn, either, from_top, values
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.beside import (
    THIS,
    counts_said,
    ratings_beside,
    regime_starts,
    regimes_in,
    warnings_of,
)
from hmip_kit.measures.shares import Said
from hmip_kit.theme import INK, NAVY, ORANGE, PLUM, QUIET, RULE, TEAL

LANE_HEIGHT = 17
ROOM_FOR_NAMES = 3  # years to the right of the last
COLOURS = [PLUM, ORANGE, TEAL, NAVY]
SHAPES = ["triangle-down", "diamond", "circle", "square"]
SPANS = "A line from a mark spans the days in which it may have been published. The regime is derived from the year."


def others(inspection: Inspection, *more: Inspection) -> Finding:
    """Return the overall ratings that could be read, as a dated strip by region, with this inspection marked.

    `more` are other published inspections, such as reports that were read. Rows: those of `measures.beside.ratings_beside`. An inspection
    without rating or date is not marked. Raises `KitError` for cases.

    >>> import hmip_kit as hk
    >>> others(hk.load("lewisham-bromley-2022")).title
    'Lewisham & Bromley PDU, November 2022: Inadequate, as 14 of 33 others read under the same regime'
    """
    rows = ratings_beside(inspection, *more)
    order = [one.name for one in inspection.framework.ratings]
    return Finding(
        name="others",
        say=lambda shown: _say(shown, inspection, order),
        rows=rows,
        columns={
            "region": "Region",
            "inspection": "Inspection",
            "when": "Published",
            "rating": "Overall rating",
            "regime_label": "Regime",
            "address": "Read from",
        },
        measure="Overall rating by region and date of publication",
        inspection=inspection,
        cases=f"{len(rows)} overall ratings that could be read",
        notes=(*warnings_of(rows), SPANS),
        draw=lambda finding: _draw(finding, order),
    )


def _say(rows: pd.DataFrame, inspection: Inspection, order: list[str]) -> Said:
    if rows.empty:
        return "No overall rating could be read", "There is nothing to set beside this inspection."
    regimes = [
        f"{label}: {counts_said(rows[rows['regime_label'] == label], order)}"
        for label in regimes_in(rows)
    ]
    sentence = f"Overall ratings that could be read. {'; '.join(regimes)}. {warnings_of(rows)[0]}"
    this = rows[rows["whose"] == THIS]
    if this.empty:
        return f"{inspection.title}: no dated overall rating", sentence
    mine = this.iloc[0]
    same = rows[(rows["regime_label"] == mine["regime_label"]) & (rows["whose"] != THIS)]
    alike = int((same["rating"] == mine["rating"]).sum())
    beside = (
        f"as {alike} of {len(same)} others read under the same regime"
        if len(same)
        else "and no other read under the same regime"
    )
    return f"{inspection.title}: {mine['rating']}, {beside}", sentence


def _draw(finding: Finding, order: list[str]) -> alt.LayerChart:
    rows = finding.rows
    years = list(range(int(rows["start"].min()), math.ceil(rows["end"].max())))
    scale = alt.Scale(domain=[years[0], years[-1] + ROOM_FOR_NAMES], nice=False)
    axis = alt.Axis(
        values=[year + 0.5 for year in years],
        labelExpr="floor(datum.value)",
        orient="top",
        grid=False,
        ticks=False,
        domain=False,
    )
    names = alt.Axis(labelExpr=FIRST_OF_GROUP, labelLimit=180, ticks=False, domain=False)
    y = alt.Y("r.lane:N", sort=None, title=None, axis=names)
    x = alt.X("r.middle:Q", scale=scale, title=None, axis=axis)
    legend = alt.Legend(orient="top", title=None, offset=34)
    colour = alt.Color("r.rating:N", scale=alt.Scale(domain=order, range=COLOURS), legend=legend)
    shape = alt.Shape("r.rating:N", scale=alt.Scale(domain=order, range=SHAPES), legend=legend)
    this, another = (either("opacity", f"datum.r.whose == '{THIS}'", on, 1 - on) for on in (1, 0))
    starts = alt.Chart(values(regime_starts(rows)))
    edges = alt.Chart(values([{"year": year} for year in years]))
    at = {
        name: alt.X(f"{name}:Q", scale=scale, title=None, axis=axis)
        for name in ("year", "start", "r.start", "r.end")
    }
    name = {"x": at["r.end"], "y": y, "text": "r.name:N"}
    layers = [
        edges.mark_rule(color=RULE, strokeDash=[2, 3]).encode(x=at["year"]),
        starts.mark_rule(color=QUIET).encode(x=at["start"]),
        starts.mark_text(align="left", dy=-36, lineBreak=", ").encode(
            x=at["start"], y=from_top(0), text="regime_label:N"
        ),
        blank().mark_rule(strokeWidth=2, color=RULE).encode(x=at["r.start"], x2="r.end:Q", y=y),
        blank()
        .mark_point(filled=True, size=75, opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape),
        blank().mark_point(size=220, color=INK, strokeWidth=2).encode(x=x, y=y, opacity=this),
        blank().mark_text(align="left", dx=6, fontSize=10.5).encode(**name, opacity=another),
        blank()
        .mark_text(align="left", dx=10, fontSize=10.5, fontWeight="bold")
        .encode(**name, opacity=this),
    ]
    return drawn(finding, layers, alt.Step(LANE_HEIGHT))
