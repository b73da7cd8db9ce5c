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
    return alt.LayerChart(
        layer=list(layers),
        data=values([{}]),
        transform=[
            alt.CalculateTransform(calculate="rows", **{"as": "r"}),
            alt.FlattenTransform(flatten=["r"]),
        ],
        params=[alt.VariableParameter(name="rows", value=finding.records)],
        description=finding.sentence,
        width=WIDTH,
        height=height,
    )


def either(channel: str, test: str, on: Any, off: Any) -> Any:
    """Return a channel's value by a test of the row. Altair works long on the shorthand for this, and little on the class itself."""
    return getattr(alt, f"{channel[0].upper()}{channel[1:]}Value")(
        off, condition={"test": test, "value": on}
    )


def from_left(pixels: float) -> Any:
    """Return a place that is so many pixels to the right of the picture's left edge, whatever its scale."""
    return alt.XValue(pixels)  # type: ignore[no-untyped-call]  # Altair has no types here


def from_top(pixels: float) -> Any:
    """Return a place that is so many pixels below the picture's top edge, whatever its scale."""
    return alt.YValue(pixels)  # type: ignore[no-untyped-call]  # Altair has no types here


def values(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Return a picture's own few values, such as the bands' edges: the same whatever the rows."""
    return alt.InlineData(values=rows)


def blank() -> alt.Chart:
    """Return a layer without data of its own: it draws the rows of the picture."""
    return alt.Chart(alt.Undefined)
