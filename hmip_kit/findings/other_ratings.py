"""Overall ratings of other inspections, by region and date, with one inspection marked. No rank."""

import math
from itertools import count
from typing import TYPE_CHECKING, Any

import pandas as pd

from hmip_kit.findings import Finding, Said, finding
from hmip_kit.findings.others import IS_THIS, NOTHING, OTHER, THIS, WHOSE, beside, cautions, in_bold
from hmip_kit.inspection import Against, Inspection
from hmip_kit.picture import FIRST_OF_GROUP, blank, drawn, either, from_top, values
from hmip_kit.settings import INK, NAVY, ORANGE, PLUM, QUIET, RULE, TEAL
from hmip_kit.stats.words import listed, number

if TYPE_CHECKING:
    import altair as alt

LANE_HEIGHT = 17
LETTER, GAP = 0.06, 3  # years that a letter beside a mark takes; letters between two marks
ROOM_FOR_NAMES = 3  # years to the right of the last
COLOURS = [PLUM, ORANGE, TEAL, NAVY]
SHAPES = ["triangle-down", "diamond", "circle", "square"]


@finding(
    question="How were other inspections rated overall?",
    needs="a publication",
    follows=False,
    shown_by="all cases",
    label="Ratings of other inspections",
)
def other_ratings(published: Inspection | Against) -> Finding:
    """Return overall ratings that could be read, by region and date, with this inspection marked.

    Parameters
    ----------
    published : Inspection or Against
        A published inspection; the others beside it are added: see `others`.

    Returns
    -------
    Finding
        A row per overall rating with a date: `inspection, regime_label, date_from, when, whose,
        address` as in `others`; `region, kind, rating`; `start, end, middle`, the days as years
        with their fraction; `name`, to print beside a mark; `lane` (region and a number from 0, as
        "London|0"), so that no two marks lie on each other. An inspection without rating or date is
        not marked.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.other_ratings().title[-57:]
    'Inadequate, as 14 of 33 others read under the same regime'
    """
    inspection, rows = beside(published)
    rows, order = _laned(rows), [one.name for one in inspection.framework.ratings]
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _ratings_said(shown, inspection.title, order),
        columns={
            "region": "Region",
            "inspection": "Inspection",
            "when": "Published",
            "rating": "Overall rating",
            "regime_label": "Regime",
            "address": "Read from",
        },
        measure="Overall rating by region and date of publication",
        cases=f"{len(rows)} overall ratings that could be read",
        notes=(
            *cautions(rows),
            "A line from a mark spans the days in which it may have been published. The regime is "
            "derived from the year.",
        ),
        draw=lambda shown: _draw_strip(shown.rows, order),
    )


def _laned(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the dated overall ratings by region, each in the first lane that is free."""
    rows = rows[(rows["measure"] == "overall_rating") & (rows["date_from"] != "")]
    rows = rows.sort_values("region", kind="stable", ignore_index=True)
    again = rows["round"].map({"second": " (second inspection)"}).fillna("")
    rows = rows.assign(
        middle=(rows["start"] + rows["end"]) / 2, name=rows["unit"].str.removesuffix(" PDU") + again
    )
    lanes, taken = list[str](), dict[str, float]()  # until when each lane is taken
    for row in rows.to_dict("records"):
        each = (f"{row['region']}|{place}" for place in count())
        lanes.append(next(lane for lane in each if taken.get(lane, 0) <= row["start"]))
        taken[lanes[-1]] = row["end"] + LETTER * (len(row["name"]) + GAP)
    what = ("region", "kind", "rating", "start", "end", "middle", "name", "lane")
    return rows.assign(lane=lanes)[[*WHOSE, *what]]


def _ratings_said(rows: pd.DataFrame, title: str, order: list[str]) -> Said:
    if rows.empty:
        return "No overall rating could be read", NOTHING
    named = rows[rows["regime_label"] != ""].sort_values("date_from", kind="stable")
    regimes = [
        f"{label}: {_counts_said(list(group), order)}"
        for label, group in named.groupby("regime_label", sort=False)["rating"]
    ]
    sentence = f"{'; '.join(regimes)}. {cautions(rows)[0]}"
    this, rest = (rows[rows["whose"] == whose] for whose in (THIS, OTHER))
    if this.empty:
        return f"{title}: no dated overall rating", sentence
    rating, regime = this[["rating", "regime_label"]].iloc[0]
    same = list(rest.loc[rest["regime_label"] == regime, "rating"])
    alike = f"as {same.count(rating)} of {len(same)} others read under the same regime"
    if not same:
        alike = "and no other read under the same regime"
    return f"{title}: {rating}, {alike}", sentence


def _counts_said(ratings: list[str], order: list[str]) -> str:
    return listed([f"{number(ratings.count(one))} {one}" for one in order if one in ratings])


def _draw_strip(rows: pd.DataFrame, order: list[str]) -> "alt.LayerChart":
    import altair as alt

    years = list(range(int(rows["start"].min()), math.ceil(rows["end"].max())))
    scale = alt.Scale(domain=[years[0], years[-1] + ROOM_FOR_NAMES], nice=False)
    bare: dict[str, Any] = {"ticks": False, "domain": False}
    ticks = [year + 0.5 for year in years]
    axis = alt.Axis(values=ticks, labelExpr="floor(datum.value)", orient="top", grid=False, **bare)
    names = alt.Axis(labelExpr=FIRST_OF_GROUP, labelLimit=180, **bare)
    y = alt.Y("r.lane:N", sort=None, title=None, axis=names)
    edge, first, start, middle, end = (
        alt.X(f"{name}:Q", scale=scale, title=None, axis=axis)
        for name in ("year", "start", "r.start", "r.middle", "r.end")
    )
    legend = alt.Legend(orient="top", title=None, offset=34)
    colours, shapes = (alt.Scale(domain=order, range=signs) for signs in (COLOURS, SHAPES))
    colour = alt.Color("r.rating:N", scale=colours, legend=legend)
    shape = alt.Shape("r.rating:N", scale=shapes, legend=legend)
    units = rows[rows["kind"] == "PDU"].groupby("regime_label")["start"].min()
    regimes = alt.Chart(values([{"regime_label": one, "start": at} for one, at in units.items()]))
    layers = [
        alt.Chart(values([{"year": year} for year in years]))
        .mark_rule(color=RULE, strokeDash=[2, 3])
        .encode(x=edge),
        regimes.mark_rule(color=QUIET).encode(x=first),
        regimes.mark_text(align="left", dy=-36, lineBreak=", ").encode(
            x=first, y=from_top(0), text="regime_label:N"
        ),
        blank().mark_rule(strokeWidth=2, color=RULE).encode(x=start, x2=alt.X2("r.end:Q"), y=y),
        blank()
        .mark_point(filled=True, size=75, opacity=1)
        .encode(x=middle, y=y, color=colour, shape=shape),
        blank()
        .mark_point(size=220, color=INK, strokeWidth=2)
        .encode(x=middle, y=y, opacity=either("opacity", IS_THIS, 1, 0)),
        *in_bold("r.name:N", end, y, dx=10, fontSize=10.5),
    ]
    return drawn(layers, alt.Step(LANE_HEIGHT))
