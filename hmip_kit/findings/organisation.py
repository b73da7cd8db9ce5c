"""The ratings of the organisation beside those of casework, in points."""

from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts.ratings import rate
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.findings.ratings import counted_ratings
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.said import text_value
from hmip_kit.settings import BLUE
from hmip_kit.stats.words import number, small

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
        draw=_draw,
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


def _draw(shown: Finding) -> "alt.LayerChart":
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
