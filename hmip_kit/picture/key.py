"""The key of a picture, above it: what its signs say, on as many lines as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hmip_kit.picture import Look, placed, values
from hmip_kit.picture.text import LINE, width_of
from hmip_kit.settings import PAPER

if TYPE_CHECKING:
    import altair as alt

NARROWEST, NARROW = 250, 420  # points of width: under the second a picture is a narrow one
UPRIGHT = "M0,-1L0,1"  # the shape of a thin mark


@dataclass(frozen=True)
class Sign:
    """A sign of a key: what it says, and its colour, shape and edge, and whether it is hollow."""

    said: str
    colour: str
    shape: str = "square"
    hollow: bool = False
    edge: str = ""


def key_layers(key: Sequence[Sign], foot: float) -> "tuple[list[alt.Chart], int, int]":
    """Return the layers of a `key` whose last line is at `foot`, and how many lines it takes.

    These are two numbers: of a picture as wide as `NARROW`, and of a narrow one.
    """
    import altair as alt

    if not key:
        return [], 0, 0
    wide, narrow = _set_out(key, NARROW), _set_out(key, NARROWEST)
    lines = [1 + max(line for _, line in places) for places in (wide, narrow)]
    rows = [
        {
            **{"said": one.said, "edge": one.edge or one.colour, "shape": one.shape},
            "fill": PAPER if one.hollow else one.colour,
            **dict(zip(("wx", "wy"), first, strict=True)),
            **dict(zip(("nx", "ny"), second, strict=True)),
        }
        for one, first, second in zip(key, wide, narrow, strict=True)
    ]
    place = f"(width < {NARROW} ? datum.n%s : datum.w%s)"
    many = f"(width < {NARROW} ? {lines[1]} : {lines[0]})"
    down = f"{foot:g} - {LINE + 2} * ({many} - 1 - {place % ('y', 'y')})"
    across, chart = place % ("x", "x"), alt.Chart(values(rows))
    look: Look = {
        "fill": alt.Fill("fill:N", scale=None),
        "stroke": alt.Stroke("edge:N", scale=None),
        "shape": alt.Shape("shape:N", scale=None),
    }
    signs = chart.mark_point(size=70, opacity=1, strokeWidth=1.5)
    words = chart.mark_text(align="left")
    layers = [
        signs.encode(**placed(x=f"{across} + 6", y=down), **look),
        words.encode(**placed(x=f"{across} + 16", y=down), text="said:N"),
    ]
    return layers, lines[0], lines[1]


def _set_out(key: Sequence[Sign], width: float) -> list[tuple[float, int]]:
    """Return where the signs of a `key` begin, and on which line, within a `width`."""
    places, x, line = list[tuple[float, int]](), 0.0, 0
    for one in key:
        takes = 16 + width_of(one.said) + 14
        if x and x + takes > width:
            x, line = 0.0, line + 1
        places.append((round(x), line))
        x += takes
    return places
