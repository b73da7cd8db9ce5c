"""Counts out of a base as bars: filled where they count what was sufficient, outlined where they count what was not."""

import altair as alt

from hmip_kit.charts.drawing import blank, drawn
from hmip_kit.finding import Finding
from hmip_kit.theme import INK, NAVY, ORANGE, PALE, PAPER, QUIET

ROW_HEIGHT = 40
RIGHT = (
    150  # the scale goes on to the right of 100 percent, so that what a bar says has room beside it
)


def draw_counts(finding: Finding) -> alt.LayerChart:
    """Return bars of the rows' `bar`, with `line` above each, `text` beside it, and `low` to `high` as a line; `polarity` fills them."""
    scale = alt.Scale(domain=[0, RIGHT])
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], titleAnchor="start", grid=True)
    y = alt.Y("r.line:N", sort=None, axis=None)
    x = alt.X(
        "r.bar:Q",
        scale=scale,
        title="Percentage (filled: sufficient; outlined: not sufficient; grey: neither)",
        axis=axis,
    )
    kinds = ["sufficient", "insufficient", "neutral"]
    fill = alt.Fill(
        "r.polarity:N", scale=alt.Scale(domain=kinds, range=[NAVY, PAPER, PALE]), legend=None
    )
    edge = alt.Stroke(
        "r.polarity:N", scale=alt.Scale(domain=kinds, range=[NAVY, ORANGE, QUIET]), legend=None
    )
    layers = [
        blank().mark_text(align="left", dy=-7, dx=2).encode(x=alt.XDatum(0), y=y, text="r.line:N"),
        blank()
        .mark_bar(size=10, yOffset=9, strokeWidth=2.5)
        .encode(x=x, y=y, fill=fill, stroke=edge),
        blank()
        .mark_rule(yOffset=9, color=INK, strokeWidth=1.5)
        .encode(x=alt.X("r.low:Q", scale=scale), x2="r.high:Q", y=y),
        blank()
        .mark_text(align="left", dy=9, dx=8, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
