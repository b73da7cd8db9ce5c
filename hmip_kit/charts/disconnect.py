"""Organisation against casework: the points of each standard, in two columns."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, from_left
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures import disconnect as measured
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import listed, number
from hmip_kit.theme import NAVY, PALE, QUIET

ROW_HEIGHT = 42
MEASURE = "Points of organisational and of casework standards"


def organisation_against_casework(inspection: Inspection) -> Finding:
    """Return the points of the standards of the organisation beside those of casework.

    Rows: as the measure of this name gives them, with `line` and `text`. Without published ratings there are words and no picture.

    >>> import hmip_kit as hk
    >>> organisation_against_casework(hk.load("lewisham-bromley-2022")).title
    'Organisation 4 of 12 points, casework 0 of 12 points'
    """
    rows = measured.organisation_against_casework(inspection)
    if rows.empty:
        return absent(
            inspection,
            "organisation_against_casework",
            MEASURE,
            "No ratings of standards are in these data.",
        )
    line = rows["side"] + ": " + rows["number"] + " " + rows["standard"]
    points = [
        f"{row['rating']}, {row['points']} of {row['maximum']}" for row in rows.to_dict("records")
    ]
    return Finding(
        name="organisation_against_casework",
        say=_say,
        rows=rows.assign(line=line, text=points),
        columns={"side": "Domain", "standard": "Standard", "rating": "Rating", "points": "Points"},
        measure=MEASURE,
        inspection=inspection,
        cases=f"{number(len(rows))} rated standards",
        notes=(
            "Organisational standards are rated by judgement, casework standards by their lowest key question.",
        ),
        draw=_draw,
    )


def _say(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No ratings to show", "No standard is rated."
    sides = [(str(side), part) for side, part in rows.groupby("side", sort=False)]
    sums = [
        f"{side} {part['points'].sum()} of {part['maximum'].sum()} points" for side, part in sides
    ]
    title = ", ".join([sums[0], *(one[0].lower() + one[1:] for one in sums[1:])])
    said = []
    for side, part in sides:
        ratings = [
            f"{number(int(count))} {rating}"
            for rating, count in part["rating"].value_counts(sort=False).items()
        ]
        said.append(f"{side}: {listed(ratings)}.")
    return title, " ".join(said)


def _draw(finding: Finding) -> alt.LayerChart:
    most = int(finding.rows["maximum"].max())
    scale = alt.Scale(domain=[0, most])
    y = alt.Y("r.line:N", sort=None, axis=None)
    x = alt.X(
        "r.points:Q",
        scale=scale,
        title="Points",
        axis=alt.Axis(values=list(range(most + 1)), format="d"),
    )
    layers = [
        blank()
        .mark_bar(size=10, yOffset=9, color=PALE, stroke=QUIET, strokeWidth=0.5)
        .encode(x=alt.X("r.maximum:Q", scale=scale), y=y),
        blank().mark_bar(size=10, yOffset=9, color=NAVY).encode(x=x, y=y),
        blank().mark_text(align="left", dy=-8, dx=2).encode(x=from_left(0), y=y, text="r.line:N"),
        blank()
        .mark_text(align="right", dy=-8, fontWeight="bold")
        .encode(x=alt.XDatum(most), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
