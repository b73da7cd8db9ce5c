"""What every picture shares: its rows come in through one Vega parameter."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from hmip_kit.finding import Finding
from hmip_kit.theme import WIDTH

FIRST_OF_GROUP = "split(datum.label, '|')[1] == '0' ? split(datum.label, '|')[0] : ''"  # an axis of rows "group|0", "group|1", ...


def drawn(finding: Finding, layers: Sequence[alt.Chart], height: int | alt.Step) -> alt.LayerChart:
    """Return layers drawn over a finding's rows: the fields of a row are `r.name`.

    The rows are the value of the parameter `rows`, so that a view which is already drawn can be given others. Where their number
    can change, `height` is a step per row: `alt.Step(38)`. See docs/decisions/0001.
    """
    return (
        alt.LayerChart(layer=list(layers), data=values([{}]))
        .transform_calculate(r="rows")
        .transform_flatten(["r"])
        .add_params(alt.param(name="rows", value=finding.records))
        .properties(description=finding.sentence, width=WIDTH, height=height)
    )


def values(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Return a picture's own few values, such as the bands' edges: the same whatever the rows."""
    return alt.InlineData(values=rows)


def blank() -> alt.Chart:
    """Return a layer without data of its own: it draws the rows of the picture."""
    return alt.Chart(alt.Undefined)
