"""Ratings side by side: the organisation and casework, and other inspections. No rank."""

import math
from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.collection import Against
from hmip_kit.counts.ratings import rate
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.findings.others import IS_THIS, NOTHING, OTHER, THIS, WHOSE, beside, cautions
from hmip_kit.findings.ratings import counted_ratings
from hmip_kit.inspection import Inspection
from hmip_kit.picture import either
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import Sign, text_value
from hmip_kit.settings import BLUE, INK, STRIP
from hmip_kit.stats.words import listed, number, small

if TYPE_CHECKING:
    import altair as alt

SIDES = {"judgement": "Organisation", "casework": "Casework"}


@finding(
    question="How do the ratings of the organisation compare with those of casework?",
    needs="ratings",
    follows=False,
    shown_by="one group",
)
def organisation_against_casework(inspection: Inspection) -> Finding:
    """Return the points of the standards of the organisation beside those of casework.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        A row per rated standard, the organisation's first: `side` ("Organisation" or "Casework"),
        `standard, number, rating, points, maximum`, and the words `label,
        head, line, text`. Court work is of neither side.

    Notes
    -----
    The published ratings; points as the framework has them.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.organisation_against_casework().title
    'Organisation 4 of 12 points, casework 0 of 12 points'
    """
    most = max(one.points for one in inspection.framework.ratings)
    rated = rate(inspection, {}).query("published_rating != ''")
    sides = [rated[rated["kind"] == kind].assign(side=side) for kind, side in SIDES.items()]
    rows = pd.concat(sides, ignore_index=True).assign(maximum=most)
    rows = rows[["side", "standard", "number", "rating", "points", "maximum"]]
    first = ~rows["side"].duplicated()
    points = [f"{row.rating}, {row.points}\u00a0of\u00a0{most}" for row in rows.itertuples()]
    return Finding(
        inspection=inspection,
        rows=rows.assign(
            label=rows["number"] + " " + rows["standard"],
            head=rows["side"].where(first, ""),
            line=rows["side"] + ": " + rows["number"] + " " + rows["standard"],
            text=points,
        ),
        say=_sides_said,
        columns={"side": "Domain", "standard": "Standard", "rating": "Rating", "points": "Points"},
        measure="Points of organisational and of casework standards",
        cases=f"{number(len(rows))} rated standards",
        notes=(
            "Organisational standards are rated by judgement, casework standards by their lowest "
            "key question.",
        ),
        draw=_draw_sides,
        opens=False,
    )


def _sides_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No ratings to show", "No standard is rated."
    sides = [(str(side), part) for side, part in rows.groupby("side", sort=False)]
    sums = [
        f"{side} {part['points'].sum()} of {part['maximum'].sum()} points" for side, part in sides
    ]
    said = [f"{side}: {counted_ratings(part['rating'])}." for side, part in sides]
    return ", ".join([sums[0], *map(small, sums[1:])]), " ".join(said)


def _draw_sides(shown: Finding) -> "alt.LayerChart":
    most = max([1, *shown.rows["maximum"]])
    rows = Rows(
        labels=[*shown.rows["label"]],
        above=[*shown.rows["line"]],
        id="line",
        heads=[*shown.rows["head"]],
        values=text_value(shown.rows["text"]),
        domain=(0, most),
        ticks=range(most + 1),
        unit="",
        title="Points",
        marked=("points",),
    )
    return rows.drawn([rows.bar("", "points", 3, color=BLUE), rows.dot("points", color=BLUE)])


MOST_TICKS = 6
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
        with their fraction; `name`, `full`, `text` and `head` in words; `lane`, region and a
        number from 0, as "London|0". An inspection without rating or date is
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
        draw=lambda shown: _draw_strip(shown, order),
    )


def _laned(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the dated overall ratings by region and date."""
    rows = rows[(rows["measure"] == "overall_rating") & (rows["date_from"] != "")]
    rows = rows.sort_values("region", kind="stable", ignore_index=True)
    again = rows["round"].map({"second": " (second inspection)"}).fillna("")
    place = rows.groupby("region").cumcount().astype("str")
    what = (
        "region",
        "kind",
        "rating",
        "start",
        "end",
        "middle",
        "name",
        "text",
        "head",
        "full",
        "lane",
    )
    return rows.assign(
        middle=(rows["start"] + rows["end"]) / 2,
        name=rows["unit"].str.removesuffix(" PDU") + again,
        text=rows["rating"],
        full=rows["region"] + ": " + rows["unit"].str.removesuffix(" PDU") + again,
        head=rows["region"].where(~rows["region"].duplicated(), ""),
        lane=rows["region"] + "|" + place,
    )[[*WHOSE, *what]]


def _ratings_said(rows: pd.DataFrame, title: str, order: list[str]) -> Said:
    if rows.empty:
        return "No overall rating could be read", NOTHING
    named = rows[rows["regime_label"] != ""].sort_values("date_from", kind="stable")
    regimes = [
        f"{label}: "
        + listed([f"{number(int(many))} {one}" for one in order if (many := sum(group == one))])
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


def _draw_strip(shown: Finding, order: list[str]) -> "alt.LayerChart":
    import altair as alt

    first, last = int(shown.rows["start"].min()), math.ceil(shown.rows["end"].max())
    ticks = range(first, last + 1, math.ceil((last - first) / MOST_TICKS))
    rows = Rows(
        labels=[*shown.rows["name"]],
        above=[*shown.rows["full"]],
        full="full",
        id="lane",
        field="name",
        heads=[*shown.rows["head"]],
        values=text_value(shown.rows["text"]),
        domain=(first, last),
        ticks=ticks,
        unit="",
        title="Published",
        bold=IS_THIS,
        marked=("middle",),
        key=tuple(
            Sign(one, BLUE, shape)
            for one, shape in zip(order, SHAPES, strict=True)
            if one in set(shown.rows["rating"])
        ),
    )
    scale = alt.Scale(domain=order, range=SHAPES)
    dot = rows.dot("middle").encode(
        color=either("color", IS_THIS, INK, BLUE),
        shape=alt.Shape("r.rating:N", scale=scale, legend=None),
    )
    return rows.drawn([rows.bar("start", "end", 3, color=STRIP), dot])
