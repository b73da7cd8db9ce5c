"""A band for each question: rounds or units side by side with their intervals, and lines across."""

import json
from typing import TYPE_CHECKING

from hmip_kit.picture import blank, drawn, either, placed, values
from hmip_kit.picture.text import (
    LINE,
    NARROWEST,
    USUAL,
    Sign,
    key_layers,
    lines_in,
    widest,
    wrapped,
)
from hmip_kit.settings import GRID, INK, NAVY, ORANGE, QUIET, STRIP

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from hmip_kit.findings import Finding

PLOT, FOOT = 72, 32  # points of a band from 0% to 100%, and below it
LEFT, RIGHT = 40, 8  # points beside the plot
NUMBER, SMALL = 20, 10  # points that a place takes for its number, and of small letters
LINES = {"centre": INK, "low_998": STRIP, "high_998": STRIP}
SIGNAL = Sign("outside the limits", ORANGE, "diamond")


def bands(shown: "Finding", name: str, *key: Sign) -> "alt.LayerChart":
    """Return a band for each question of the finding `shown`, with its rounds or units (`name`).

    Where their labels have no room side by side they have numbers, and stand below. `key` says what
    the lines across are.
    """
    import altair as alt

    rows = shown.rows
    groups = [one for one in rows[name].cat.categories if one in set(rows[name])]
    heads = list(dict.fromkeys(rows["label"]))
    head = LINE * max((lines_in(one, NARROWEST, bold=True) for one in heads), default=1) + 6
    high = head + PLOT + FOOT
    places = {
        "slot": f"(width - {LEFT + RIGHT}) / {max(1, len(groups))}",
        "direct": f"slot >= {widest(groups) + 8:g}",
        "order": json.dumps(groups),
    }
    tops = {one: high * place for place, one in enumerate(heads)}
    whole = high * max(1, len(heads))
    scale = alt.Scale(domain=[0, whole], range=[0, whole], nice=False)
    layers = [*_frame(tops, head, scale), *_dots(rows, name, (high, head), scale)]
    layers += [*_labels(groups, whole), *names_below(groups, whole + 2 * LINE, "direct")]
    return drawn([*layers, *key_layers(key, -28)[0]], whole, places=places)


def names_below(names: "list[str]", top: float, unless: str = "false") -> "list[alt.Chart]":
    """Return the layer of a list of `names`, each after its number, from `top` on.

    It is none where the expression `unless` holds; a name that is wider than the picture wraps.
    """
    import altair as alt

    numbered = [f"{place + 1} {one}" for place, one in enumerate(names)]
    listed = [{"i": place, "name": one} for place, one in enumerate(numbered)]
    most = max(numbered, key=len, default="")
    wraps = max(widest(numbered), USUAL[False] * (len(most) + 1))
    lines = f"(width < {wraps:g} ? {lines_in(most, NARROWEST)} : 1)"
    words = alt.Chart(values(listed)).transform_calculate(
        w=f"{unless} ? '' : {wrapped('datum.name', 'width')}"
    )
    y = f"{unless} ? 0 : {top:g} + {LINE + 2} * {lines} * datum.i"
    text = words.mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=LINE)
    return [text.encode(**placed(x="0", y=y), text="w:N")]


def _frame(tops: dict[str, int], head: int, scale: "alt.Scale") -> "list[alt.Chart]":
    """Return the lines at 0, 50 and 100%, their numbers, and what each band is about."""
    import altair as alt

    ticks = [
        {"y": top + head + PLOT - PLOT * at / 100, "s": f"{at}%"}
        for top in tops.values()
        for at in (0, 50, 100)
    ]
    heads = [{"y": top, "s": label} for label, top in tops.items()]
    grid, words = alt.Chart(values(ticks)), alt.Chart(values(heads))
    return [
        grid.mark_rule(color=GRID).encode(
            **placed(x=f"{LEFT}", x2=f"width - {RIGHT}"), y=alt.Y("y:Q", scale=scale, axis=None)
        ),
        grid.mark_text(align="right", fontSize=SMALL, color=QUIET).encode(
            **placed(x=f"{LEFT - 5}", y="datum.y"), text="s:N"
        ),
        words.mark_text(align="right", fontSize=SMALL, color=QUIET).encode(
            **placed(x=f"{LEFT - 5}", y=f"datum.y + {head + PLOT + 13}"), text=alt.value("cases")
        ),
        words.transform_calculate(w=wrapped("datum.s", "width", bold=True))
        .mark_text(align="left", baseline="top", fontWeight="bold", lineBreak="\n", lineHeight=LINE)
        .encode(**placed(x="0", y="datum.y"), text="w:N"),
    ]


def _dots(
    rows: "pd.DataFrame", name: str, sizes: tuple[int, int], scale: "alt.Scale"
) -> "list[alt.Chart]":
    """Return lines across, and the dots, each with its interval and its number of cases.

    `sizes` are the points that a band takes, and its head.
    """
    import altair as alt

    start = f"{LEFT} + slot * indexof(order, datum.r.{name})"
    middle = placed(x=f"{start} + slot / 2")
    foot = f"{sizes[0]} * datum.r.band + {sizes[1] + PLOT}"

    def at(*fields: str) -> "alt.Chart":
        told = {
            f"at_{one}": f"isValid(datum.r.{one}) ? {foot} - {PLOT} * datum.r.{one} / 100 : null"
            for one in fields
        }
        return blank().transform_calculate(**told)

    def y(field: str) -> "alt.Y":
        return alt.Y(f"at_{field}:Q", scale=scale, axis=None)

    looks = {"color": (ORANGE, NAVY), "shape": ("diamond", "circle"), "size": (90, 44)}
    look = {one: either(one, "datum.r.signal_text", *ways) for one, ways in looks.items()}
    room = max(map(len, rows["n"].astype("str")), default=1) * 7 + 2
    counts = blank().transform_calculate(w=f"slot >= {room} ? datum.r.n : ''")
    return [
        *(
            at(one)
            .mark_rule(color=shade, strokeWidth=1.5)
            .encode(**placed(x=start, x2=f"{start} + slot"), y=y(one))
            for one, shade in LINES.items()
            if one in rows
        ),
        at("low", "high")
        .mark_rule(color=NAVY, opacity=0.6)
        .encode(**middle, y=y("low"), y2=alt.Y2("at_high:Q")),
        at("percent").mark_point(filled=True, opacity=1).encode(**middle, y=y("percent"), **look),
        counts.mark_text(fontSize=SMALL, color=QUIET).encode(
            **middle, **placed(y=f"{foot} + 13"), text="w:N"
        ),
    ]


def _labels(groups: "list[str]", high: int) -> "list[alt.Chart]":
    """Return what stands above and below all bands at each place: its label, else its number."""
    import altair as alt

    named = [{"i": place, "label": one} for place, one in enumerate(groups)]
    some = f"datum.i % ceil({NUMBER} / slot) == 0 ? datum.i + 1 : ''"
    words = alt.Chart(values(named)).transform_calculate(w=f"direct ? datum.label : {some}")
    text = words.mark_text(fontSize=SMALL + 1)
    x = f"{LEFT} + slot * (datum.i + 0.5)"
    return [text.encode(**placed(x=x, y=f"{y}"), text="w:N") for y in (-8, high + 8)]
