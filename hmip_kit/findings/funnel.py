"""A funnel: units side by side on one question, with what chance would leave them between. No rank.

Source: Spiegelhalter (2005), Funnel plots for comparing institutional performance.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hmip_kit.collection import of_several
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Said, finding
from hmip_kit.findings.units import left_out, member_rows, member_tallies
from hmip_kit.inspection import Inspection
from hmip_kit.picture import Look, blank, drawn, either, placed, values
from hmip_kit.picture.bands import names_below
from hmip_kit.picture.rows import even_ticks
from hmip_kit.picture.text import Sign, key_layers
from hmip_kit.schema import UNIT
from hmip_kit.settings import BLUE, FEWEST_FOR_A_BAR, FEWEST_UNITS, GRID, INK, ORANGE, QUIET, STRIP
from hmip_kit.stats.intervals import binomial_limits, outside_by_chance
from hmip_kit.stats.words import cases_said, number, plural

if TYPE_CHECKING:
    import altair as alt

HEIGHT = 340  # points of the plot
NEAR = 0.2  # of the largest number of cases, that marks need between them
LEFT, RIGHT = 44, 14  # points beside the plot
# Spiegelhalter's limits, which are not those of the intervals.
INSIDE, BEYOND_95, BEYOND_998 = "within 95%", "outside 95%", "outside 99.8%"
LIMITS = {"95": (0.95, "95%", QUIET, [5, 3]), "998": (0.998, "99.8%", STRIP, [1, 0])}


@finding(
    question="Which units lie further out on a question than chance would leave them?",
    needs="units",
    follows=True,
    shown_by="one group",
)
def funnel(inspection: Inspection, question: str | None = None) -> Finding:
    """Return units on one question, with exact limits around the share of all together.

    Parameters
    ----------
    inspection : Inspection
        Several, as `hk.load([...])` reads them, of eight or more units with ten cases or more:
        published totals, or your own cases. Of fewer the finding says so.
    question : str, optional
        A key question or other question, by its id; without, the regime's first key question.

    Returns
    -------
    Finding
        A row per unit, in the order given: `unit, question, label, yes, n, percent`; `centre`, the
        share of all units together, in percent; `low_95, high_95, low_998, high_998`, exact
        binomial limits in percent of the unit's own n, a unit on a limit being inside; `position`
        (within 95%, outside 95%, outside 99.8%), `side` (higher, lower, blank within), `text`;
        `number`, of those outside, which names them in the picture.

    Raises
    ------
    UnknownName
        For a question that none of the units has.

    Notes
    -----
    Spiegelhalter (2005), with the binomial quantiles themselves as limits.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-rounds").show.funnel().sentence[-38:]
    'of ten cases or more: three are given.'
    """
    several = of_several(inspection)
    if question is None:
        question = several.framework.questions[0].id
    rows = member_rows(several, UNIT, question)
    if not several.draws_limits:
        raise NotInData("Made-up cases are no unit to set beside others.")
    few = ~(rows["n"] >= FEWEST_FOR_A_BAR).fillna(False)
    if (many := int((~few).sum())) < FEWEST_UNITS:
        raise NotInData(
            f"A funnel takes {number(FEWEST_UNITS)} units of {number(FEWEST_FOR_A_BAR)} cases or "
            f"more: {number(many)} {'is' if many == 1 else 'are'} given."
        )
    kinds = {UNIT: "str", "yes": "int", "n": "int"}
    rows = _placed(rows[~few].astype(kinds).reset_index(drop=True))
    return Finding(
        inspection=several,
        rows=rows,
        say=_said,
        columns={UNIT: "Unit", "yes": "Yes", "n": "Cases", "text": "Against the limits"},
        measure=f"{rows['label'].iloc[0]}: percentage of cases judged sufficient, by cases",
        cases=f"{plural(int(rows['n'].sum()), 'case')} in {len(rows)} units",
        notes=(
            "Limits are exact and hold at each unit's own number of cases; the lines between them "
            "only lead the eye. A unit on a limit is inside.",
            "Outside says that chance is not all; it does not say why.",
            *left_out(several),
        ),
        protect=Protect(group=UNIT),
        counts=member_tallies(rows, UNIT),
        draw=_draw,
        opens=False,
    )


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the share of all, each one's limits, and where it lies against them."""
    share, percent = rows["yes"].sum() / rows["n"].sum(), 100 * rows["yes"] / rows["n"]
    ends = {name: binomial_limits(rows["n"], share, one[0]) for name, one in LIMITS.items()}
    beyond = {name: (percent < low) | (percent > high) for name, (low, high) in ends.items()}
    position = np.select([beyond["998"], beyond["95"]], [BEYOND_998, BEYOND_95], INSIDE)
    side = np.where(percent > 100 * share, "higher", "lower")
    rows = rows.assign(
        percent=percent,
        centre=100 * share,
        **{f"low_{name}": low for name, (low, _) in ends.items()},
        **{f"high_{name}": high for name, (_, high) in ends.items()},
        position=position,
        side=np.where(position == INSIDE, "", side),
    )
    outside = rows["position"] != INSIDE
    number = outside.cumsum().where(outside).astype("Int64")
    marked = _marked(rows.assign(number=number)[outside], NEAR * rows["n"].max())
    return rows.assign(
        number=number,
        mark=marked.reindex(rows.index, fill_value=""),
        text=[
            f"{cases_said(row['yes'], row['n'])}: {row['position']}{row['side'] and ', '}"
            f"{row['side']}"
            for row in rows.to_dict("records")
        ],
    )


def _marked(outside: pd.DataFrame, near: float) -> "pd.Series[str]":
    """Return what stands at each unit outside: its number, with those that lie nearby.

    At these there is nothing. Near: as wide apart as numbers in a narrow picture need.
    """
    marks = pd.Series("", outside.index)
    for _, one in outside[["n", "percent"]].astype("float").iterrows():
        apart = (outside[["n", "percent"]].astype("float") - one).abs()
        there = (apart["n"] < near) & (apart["percent"] < 5)
        if not marks[there].any():
            marks[marks.index == one.name] = ", ".join(map(str, outside.loc[there, "number"]))
    return marks


def _said(rows: pd.DataFrame) -> Said:
    rows = rows.dropna(subset="yes")
    if rows.empty:
        return "No unit to show", "There is nothing to set side by side."
    outside = rows[rows["position"] != INSIDE]
    start = f"All {len(rows)} units together: {cases_said(*map(int, rows[['yes', 'n']].sum()))}."
    if outside.empty:
        title = f"No unit of {len(rows)} lies outside the 95% limits"
        return title, f"{start} {_by_chance(rows)}"
    units = "unit" if len(rows) == 1 else "units"
    lie = f"of {len(rows)} {units} {'lies' if len(outside) == 1 else 'lie'} outside the 95% limits"
    said = "; ".join(outside["unit"] + ", " + outside["text"])
    return f"{len(outside)} {lie}", f"{start} Outside: {said}. {_by_chance(rows)}"


def _by_chance(rows: pd.DataFrame) -> str:
    """Return what would lie outside with no difference between units of these sizes."""
    outside = outside_by_chance(rows["n"], rows["centre"].iloc[0] / 100, LIMITS["95"][0])
    some = 1 - np.prod(1 - outside)
    return (
        f"With no difference at all between units, {100 * outside.mean():.1f}% of units of these "
        f"sizes lie outside by chance, and {round(100 * some)} of 100 such funnels show at least "
        "one outside."
    )


def _draw(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    ticks = even_ticks(int(shown.rows["n"].max()) + 1)
    ends = [alt.ExprRef(f"{LEFT}"), alt.ExprRef(f"width - {RIGHT}")]
    cases = alt.Scale(domain=[0, ticks[-1]], range=ends, nice=False)
    high = alt.Scale(domain=[0, 100], range=[HEIGHT, 0])
    x = alt.X("r.n:Q", scale=cases, axis=None)
    layers = _draw_axes(cases, high, ticks)
    lines = [
        (f"{end}_{name}", shade, dash)
        for name, (_, _, shade, dash) in LIMITS.items()
        for end in ("low", "high")
    ]
    for name, shade, dash in [*lines, ("centre", INK, [1, 0])]:
        y = alt.Y(f"r.{name}:Q", scale=high, axis=None)
        mark: Look = {"color": shade, "strokeDash": dash, "strokeWidth": 1.5}
        layers.append(blank().mark_line(**mark).encode(x=x, y=y))
    place: Look = {"x": x, "y": alt.Y("r.percent:Q", scale=high, axis=None)}
    inside = f"datum.r.position == '{INSIDE}'"
    colour, shape = (
        either("color", inside, BLUE, ORANGE),
        either("shape", inside, "circle", "diamond"),
    )
    right = f"datum.r.n > {ticks[-1] / 2}"  # there is more room on the other side
    sides = {"left": f"{right} ? '' : datum.r.mark", "right": f"{right} ? datum.r.mark : ''"}
    layers.append(
        blank()
        .mark_point(filled=True, size=80, opacity=1)
        .encode(**place, color=colour, shape=shape)
    )
    for side, told in sides.items():
        text = blank().transform_calculate(w=told)
        mark = {"align": side, "dx": 7 if side == "left" else -7, "fontWeight": "bold"}
        layers.append(text.mark_text(**mark).encode(**place, text="w:N"))
    names = shown.rows.loc[shown.rows["number"].notna(), "unit"]
    layers += names_below([*names], HEIGHT + 40)
    return drawn(layers, HEIGHT)


def _draw_axes(cases: Any, high: Any, ticks: range) -> "list[alt.Chart]":
    """Return the lines and numbers of both axes, with their titles, and above them the key."""
    import altair as alt

    across = alt.Chart(values([{"t": one} for one in ticks]))
    up = alt.Chart(values([{"t": one, "s": f"{one}%"} for one in range(0, 101, 25)]))
    title = alt.Chart(values([{"below": "Cases", "above": "Percentage of cases"}]))
    x, y = alt.X("t:Q", scale=cases, axis=None), alt.Y("t:Q", scale=high, axis=None)
    key = (
        Sign("all units together", INK, "stroke"),
        *(Sign(f"{head} limits", shade, "stroke") for _, head, shade, _ in LIMITS.values()),
        Sign("outside", ORANGE, "diamond"),
    )
    words: Look = {"color": QUIET, "fontSize": 11}
    return [
        across.mark_rule(color=GRID).encode(x=x),
        across.mark_text(**words).encode(x=x, **placed(y=f"{HEIGHT + 10}"), text="t:Q"),
        up.mark_rule(color=GRID).encode(**placed(x=f"{LEFT}", x2=f"width - {RIGHT}"), y=y),
        up.mark_text(**words, align="right").encode(**placed(x=f"{LEFT - 6}"), y=y, text="s:N"),
        title.mark_text(**words, align="left").encode(**placed(x="0", y="-12"), text="above:N"),
        title.mark_text(**words, align="right").encode(
            **placed(x=f"width - {RIGHT}", y=f"{HEIGHT + 24}"), text="below:N"
        ),
        *key_layers(key, -30)[0],
    ]
