"""A funnel plot: units on one question, with what chance would leave them between."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, either
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.funnel import FEWEST_UNITS, INSIDE, name_of
from hmip_kit.measures.funnel import funnel as measured
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import listed, number
from hmip_kit.theme import INK, NAVY, ORANGE, QUIET, RULE

HEIGHT = 360
NOTES = (
    "Limits are exact and hold at each unit's own number of cases; the lines between them only lead the eye. A unit on a limit is inside.",
    "One unit in twenty lies outside the 95% limits by chance alone. Outside says that chance is not all; it does not say why.",
)


def funnel(units: Sequence[Inspection], question: str) -> Finding:
    """Return one's own units on one question as a funnel plot, with exact 95% and 99.8% limits around the share of all together.

    With fewer than eight units there are words and no picture. Rows: those of `hk.funnel`. There is no rank. Raises what `hk.funnel` raises
    of what does not compare: several regimes, a unit given twice, no stated n, fewer than ten cases, made-up cases.

    >>> import hmip_kit as hk
    >>> funnel([hk.load("lewisham-bromley-2022")], "assessment_safety").title
    'A funnel takes eight or more units'
    """
    if 0 < len(units) < FEWEST_UNITS:
        return _too_few(units)
    rows = measured(units, question)
    own = [unit for unit in units if unit.cases_are == "own"]
    return Finding(
        name="funnel",
        say=_say,
        rows=rows,
        columns={"unit": "Unit", "yes": "Yes", "n": "Cases", "text": "Against the limits"},
        measure=f"{rows['label'].iloc[0]}: percentage of cases judged sufficient, by number of cases",
        inspection=min(own or units, key=lambda one: one.size),
        cases=f"{int(rows['n'].sum())} cases in {len(rows)} units",
        notes=NOTES,
        guard=Guard(beside=tuple(own)),
        draw=_draw,
    )


def _too_few(units: Sequence[Inspection]) -> Finding:
    given = f"{number(len(units)).capitalize()} {'is' if len(units) == 1 else 'are'} given: {listed([name_of(unit) for unit in units])}."
    why = "A funnel sets units judged on the same question under the same regime side by side, each with its number of cases."
    return Finding(
        name="funnel",
        say=lambda _: ("A funnel takes eight or more units", f"{given} {why}"),
        rows=pd.DataFrame({"unit": pd.Series(dtype="str")}),
        columns={"unit": "Unit"},
        measure="Units side by side on one question",
        inspection=units[0],
        cases=f"{number(len(units))} of eight units",
    )


def _say(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No unit to show", "There is nothing to set side by side."
    outside = rows[rows["position"] != INSIDE]
    share = f"{rows['yes'].sum()} of {rows['n'].sum()} cases"
    start = f"All {len(rows)} units together: {share} ({rows['centre'].iloc[0]:.0f}%)."
    if outside.empty:
        return (
            f"No unit of {len(rows)} lies outside the 95% limits",
            f"{start} Chance alone could leave the units where they are.",
        )
    said = "; ".join(f"{row.unit}, {row.text}" for row in outside.itertuples())
    title = f"{number(len(outside)).capitalize()} of {len(rows)} units {'lies' if len(outside) == 1 else 'lie'} outside the 95% limits"
    return title, f"{start} Outside: {said}."


def _draw(finding: Finding) -> alt.LayerChart:
    rows = finding.rows
    x = alt.X(
        "r.n:Q",
        title="Cases",
        scale=alt.Scale(domain=[int(rows["n"].min()) - 2, int(rows["n"].max()) + 2], nice=False),
    )
    scale = alt.Scale(domain=[0, 100])
    y = {name: alt.Y(f"r.{name}:Q", scale=scale, title=None) for name in ("percent", "centre")}
    inside = f"datum.r.position == '{INSIDE}'"
    colour = either("color", inside, NAVY, ORANGE)
    shape = either("shape", inside, "circle", "diamond")
    named = either("opacity", inside, 0, 1)
    limits = [
        blank()
        .mark_line(color=shade, strokeDash=dash, strokeWidth=1.5)
        .encode(x=x, y=alt.Y(f"r.{end}_{level}:Q", scale=scale, title=None))
        for level, shade, dash in (("95", QUIET, [5, 3]), ("998", RULE, [1, 0]))
        for end in ("low", "high")
    ]
    most = int(rows["n"].max())
    last = either("opacity", f"datum.r.n == {most}", 1, 0)
    heads = (
        ("high_95", "95%"),
        ("low_95", "95%"),
        ("high_998", "99.8%"),
        ("low_998", "99.8%"),
        ("centre", "all"),
    )
    layers = [
        *limits,
        *(
            blank()
            .mark_text(align="left", dx=8, color=QUIET, text=head)
            .encode(x=x, y=alt.Y(f"r.{name}:Q", scale=scale, title=None), opacity=last)
            for name, head in heads
        ),
        blank().mark_line(color=INK, strokeWidth=1).encode(x=x, y=y["centre"]),
        blank()
        .mark_point(filled=True, size=80, opacity=1)
        .encode(x=x, y=y["percent"], color=colour, shape=shape),
        blank()
        .mark_text(align="left", dx=8)
        .encode(x=x, y=y["percent"], text="r.unit:N", opacity=named),
    ]
    return drawn(finding, layers, HEIGHT)
