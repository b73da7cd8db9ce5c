"""A band for each question: dots side by side with their intervals, and lines across them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hmip_kit.picture import blank, drawn, either, placed
from hmip_kit.settings import INK, NAVY, ORANGE, QUIET, RULE

if TYPE_CHECKING:
    import altair as alt

    from hmip_kit.findings import Finding

BAND_HEIGHT = 76
FITS_FLAT = 80  # letters of labels side by side


def bands(shown: "Finding", name: str) -> "alt.LayerChart":
    """Return a band for each question of the finding `shown`, with its rounds or units (`name`)."""
    import altair as alt

    rows = shown.rows
    groups = [one for one in rows[name].cat.categories if one in set(rows[name])]
    few = max(map(len, groups), default=0) * len(groups) < FITS_FLAT
    axis = alt.Axis(labelAngle=0 if few else -40, orient="bottom", domain=False, ticks=False)
    least, most = rows["band"].min(), rows["band"].max() + 1
    at = f"r.{name}:N"
    x, start = (
        alt.X(at, scale=alt.Scale(domain=groups), title=None, axis=axis, bandPosition=place)
        for place in (0.5, 0)
    )
    end = alt.X2(at, bandPosition=1)

    def y(field: str) -> "alt.Y":
        scale = alt.Scale(domain=[least, most], nice=False)
        return alt.Y(f"r.y_{field}:Q", scale=scale, axis=None)

    once = either("opacity", f"datum.r.{name} == {groups[0]!r}", 1, 0) if groups else alt.Undefined
    head = {"y": y("head"), "text": alt.Text("r.label:N"), "opacity": once}
    layers = [
        blank().mark_rule(color=shade, strokeWidth=1.5).encode(x=start, x2=end, y=y(field))
        for field, shade in (("centre", INK), ("low_998", RULE), ("high_998", RULE))
        if field in rows
    ]
    layers += _dots(x, y)
    layers.append(
        blank().mark_text(align="left", fontWeight="bold").encode(**placed(x="0"), **head)
    )
    return drawn(layers, BAND_HEIGHT * max(1, int(most - least)))


def _dots(x: "alt.X", y: "Callable[[str], alt.Y]") -> "list[alt.Chart]":
    """Return the dots, each with its interval and its number of cases."""
    import altair as alt

    colour, shape = (
        either(channel, "datum.r.signal_text", on, off)
        for channel, on, off in (("color", ORANGE, NAVY), ("shape", "diamond", "circle"))
    )
    at = {"x": x, "y": y("percent")}
    return [
        blank().mark_rule(color=NAVY, opacity=0.6).encode(x=x, y=y("low"), y2=alt.Y2("r.y_high:Q")),
        blank().mark_point(filled=True, size=70, opacity=1).encode(**at, color=colour, shape=shape),
        blank()
        .mark_text(align="left", dx=8, fontSize=10, color=QUIET)
        .encode(**at, text=alt.Text("r.n:Q")),
    ]
