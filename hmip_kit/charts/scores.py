"""Scores of other inspections by date, each out of its own maximum. No rank."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, either, from_left
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.beside import THIS, scores_beside, warnings_of
from hmip_kit.measures.shares import Said
from hmip_kit.theme import INK, NAVY, PALE, RULE

ROW_HEIGHT = 46
MAXIMUM = "A pale bar ends at the highest score possible. It moves with what was inspected, so that points do not compare across maxima."


def scores(inspection: Inspection, *more: Inspection) -> Finding:
    """Return the scores that could be read, in order of date, each against the highest possible where that is stated.

    `more` are other published inspections, such as reports that were read. Rows: those of `measures.beside.scores_beside`. Raises
    `KitError` for cases.

    >>> import hmip_kit as hk
    >>> scores(hk.load("lewisham-bromley-2022")).title
    'Lewisham & Bromley PDU, November 2022: 4 of 24 points'
    """
    rows = scores_beside(inspection, *more)
    rows["line"] = rows["unit"] + ", " + rows["when"] + ": " + rows["text"]
    return Finding(
        name="scores",
        say=lambda shown: _say(shown, inspection),
        rows=rows,
        columns={
            "inspection": "Inspection",
            "when": "Published",
            "text": "Score",
            "regime_label": "Regime",
            "address": "Read from",
        },
        measure="Overall score in points, in order of date",
        inspection=inspection,
        cases=f"{len(rows)} scores that could be read",
        notes=(*warnings_of(rows), MAXIMUM),
        draw=_draw,
    )


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    if rows.empty:
        return "No score could be read", "There is nothing to set beside this inspection."
    this = rows[rows["whose"] == THIS]
    others = rows[rows["whose"] != THIS]
    score = f"{this['text'].iloc[0]} points" if len(this) else "score not stated"
    said = "; ".join(others["line"])
    return (
        f"{inspection.title}: {score}",
        f"Other scores that could be read, by date: {said or 'none'}. {warnings_of(rows)[0]}",
    )


def _draw(finding: Finding) -> alt.LayerChart:
    most = finding.rows[["n", "number"]].max().max()
    axis = alt.Axis(title="Points", grid=False, tickMinStep=1)
    scale = alt.Scale(domain=[0, int(most)])
    x = alt.X("r.number:Q", scale=scale, title="Points", axis=axis)
    y = alt.Y("r.inspection:N", scale=alt.Scale(domain=list(finding.rows["inspection"])), axis=None)
    this = f"datum.r.whose == '{THIS}'"
    colour, bold, plain = (
        either("color", this, NAVY, RULE),
        either("opacity", this, 1, 0),
        either("opacity", this, 0, 1),
    )
    line = {"x": from_left(0), "y": y, "text": "r.line:N"}
    layers = [
        blank()
        .mark_bar(height=10, yOffset=10, color=PALE, stroke=RULE)
        .encode(x=alt.X("r.n:Q", scale=scale, axis=axis), y=y),
        blank()
        .mark_point(filled=True, size=130, yOffset=10, opacity=1, stroke=INK)
        .encode(x=x, y=y, color=colour),
        blank().mark_text(align="left", dy=-8, dx=2).encode(**line, opacity=plain),
        blank()
        .mark_text(align="left", dy=-8, dx=2, fontWeight="bold")
        .encode(**line, opacity=bold),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
