"""Change: each key question before and after, as a slope with its intervals."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn
from hmip_kit.finding import Finding, Guard
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.change import change as measured
from hmip_kit.measures.intervals import wilson
from hmip_kit.measures.shares import Row, Said
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, listed, number, share_after
from hmip_kit.theme import CATEGORICAL

HEIGHT = 360
INTERVALS = "Lines up and down: 95% Wilson intervals of each share. A change is judged by Newcombe's interval of the difference."
NONE_BEYOND = "No interval of a difference leaves out zero: that is not the same as no change."
SHAPES = ["circle", "square", "triangle-up", "diamond"]


def change(before: Inspection, after: Inspection) -> Finding:
    """Return each key question before and after, as a slope with its intervals, and which changes lie beyond chance.

    Rows: two per question, before and after: `question, label, stage_label, strand_label, when, place`; `yes, n, percent, low, high, text`,
    with Wilson's 95% interval, both missing under ten cases; and of the change `difference, beyond_chance, fits, needed`. Raises what
    `hk.change` raises: `NeedsCases` for practice cases, `KitError` for two units.

    >>> import hmip_kit as hk
    >>> pdu = hk.load("lewisham-bromley-2022")
    >>> change(pdu, pdu).title
    'No change beyond chance in 13 key questions'
    """
    found = measured(before, after)
    rows = _rows(found, before.framework)
    own = [one for one in (before, after) if one.cases_are == "own"]
    warning = tuple(one for one in found["warning"].unique() if one)
    return Finding(
        name="change",
        say=lambda shown: _say(shown, before, after, warning),
        rows=rows,
        columns={
            "label": "Key question",
            "when": "When",
            "text": "Cases judged sufficient",
            "fits": "Change in points, 95% interval",
            "needed": "Beyond chance from",
        },
        measure="Percentage of cases judged sufficient on each key question, before and after",
        inspection=min(own or [before], key=lambda one: one.size),
        cases=f"{before.size} cases before, {after.size} after",
        notes=(
            *warning,
            INTERVALS,
        ),
        guard=Guard(beside=tuple(own)),
        draw=lambda finding: _draw(finding, before.framework),
    )


def _rows(found: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    stages = {one.id: framework.stages[one.stage] for one in framework.questions}
    said = found.to_dict("records")
    facts = found[["question", "label", "difference", "beyond_chance"]].assign(
        stage_label=found["question"].map(stages),
        strand_label=found["strand"].map(framework.strands),
        fits=[_fits(row) for row in said],
        needed=[_needed(row) for row in said],
    )
    sides = [_side(found, facts, when) for when in ("before", "after")]
    return pd.concat(sides).sort_index(kind="stable").reset_index(drop=True)


def _side(found: pd.DataFrame, facts: pd.DataFrame, when: str) -> pd.DataFrame:
    yes, n = found[f"yes_{when}"], found[f"n_{when}"]
    enough = n >= FEWEST_FOR_A_BAR
    bounds = wilson(yes, n).where(enough)
    shares = [share_after(*counts) for counts in zip(yes, n, strict=True)]
    return facts.assign(
        when=when,
        place=facts["stage_label"] + ", " + when,
        yes=yes,
        n=n,
        percent=found[f"percent_{when}"].where(enough),
        low=bounds["low"],
        high=bounds["high"],
        text=yes.astype("str") + " of " + n.astype("str") + shares,
    )


def _fits(row: Row) -> str:
    return (
        ""
        if pd.isna(row["difference"])
        else f"{row['difference']:+.0f} ({row['low']:+.0f} to {row['high']:+.0f})"
    )


def _needed(row: Row) -> str:
    if pd.isna(row["difference"]):
        return ""
    ends = [(row["least_fall"], "or fewer"), (row["least_rise"], "or more")]
    counts = [f"{count} {words}" for count, words in ends if not pd.isna(count)]
    return f"{' and '.join(counts) or 'no count'} of {row['n_after']}"


def _say(
    rows: pd.DataFrame, before: Inspection, after: Inspection, warning: tuple[str, ...]
) -> Said:
    once = rows[rows["when"] == "after"]
    compared = once[once["difference"].notna()]
    beyond = compared[compared["beyond_chance"]]
    start = f"{before.title} against {after.title}."
    tail = f" {warning[0]}" if warning else ""
    if compared.empty:
        return (
            "Too few cases to tell a change",
            f"{start} A comparison needs ten cases on both sides.{tail}",
        )
    many = f"{number(len(compared))} key {'question' if len(compared) == 1 else 'questions'}"
    if beyond.empty:
        return (
            f"No change beyond chance in {many}",
            f"{start} {NONE_BEYOND}{tail}",
        )
    up, down = (
        list(beyond[beyond["difference"] > 0]["label"]),
        list(beyond[beyond["difference"] < 0]["label"]),
    )
    parts = [
        f"{number(len(names))} {way}" for names, way in ((up, "higher"), (down, "lower")) if names
    ]
    said = "; ".join(f"{row['label']}, {row['fits']} points" for row in beyond.to_dict("records"))
    return f"Beyond chance in {many}: {listed(parts)}", f"{start} Beyond chance: {said}.{tail}"


def _draw(finding: Finding, framework: Framework) -> alt.LayerChart:
    rows = finding.rows
    places = [
        f"{stage}, {when}"
        for stage in framework.stages.values()
        if stage in set(rows["stage_label"])
        for when in ("before", "after")
    ]
    strands = [label for label in framework.strands.values() if label in set(rows["strand_label"])]
    axis = alt.Axis(
        labelAngle=0,
        labelExpr="split(datum.label, ', ')",
        labelFontSize=11,
        labelPadding=6,
        domain=False,
        ticks=False,
    )
    scale, legend = alt.Scale(domain=[0, 100]), alt.Legend(orient="top", title=None)
    y = alt.Y("r.percent:Q", scale=scale, title=None)
    shared = {
        "x": alt.X("r.place:N", scale=alt.Scale(domain=places), title=None, axis=axis),
        "xOffset": alt.XOffset("r.strand_label:N", scale=alt.Scale(domain=strands)),
        "color": alt.Color(
            "r.strand_label:N",
            scale=alt.Scale(domain=strands, range=CATEGORICAL[: len(strands)]),
            legend=legend,
        ),
    }
    shape = alt.Shape(
        "r.strand_label:N",
        scale=alt.Scale(domain=strands, range=SHAPES[: len(strands)]),
        legend=legend,
    )
    layers = [
        blank()
        .mark_rule(strokeWidth=1.5, opacity=0.6)
        .encode(y=alt.Y("r.low:Q", scale=scale), y2="r.high:Q", **shared),
        blank().mark_line(strokeWidth=2).encode(y=y, detail="r.question:N", **shared),
        blank().mark_point(filled=True, size=80, opacity=1).encode(y=y, shape=shape, **shared),
    ]
    return drawn(finding, layers, HEIGHT)
