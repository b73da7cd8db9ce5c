"""How far cases got: at how many stages each strand was sufficient."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, from_left
from hmip_kit.charts.share_rows import share_rows
from hmip_kit.finding import Finding, Follow, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.reach import staged
from hmip_kit.measures.shares import Row, Said, say
from hmip_kit.measures.words import headed, practice_name, which_cases
from hmip_kit.theme import SEQUENTIAL

ROW_HEIGHT = 36
MEASURE = "Stages at which a strand was judged sufficient"


def stages_sufficient(inspection: Inspection) -> Finding:
    """Return, per strand, how many cases were sufficient at none, one, two and so on of the stages.

    Rows: `label, strand, stages, yes, n` and what `with_shares` adds: `n` counts the cases with Yes or No at every stage. Published
    totals, which leave it open, and data without stages give words and no picture.

    >>> import hmip_kit as hk
    >>> len(stages_sufficient(hk.load("practice-cases")).rows)
    15
    """
    strands = staged(inspection)
    if inspection.cases_are == "none" or not strands:
        why = "Totals say of each stage how many cases, and not which: how far each case got needs cases with the key questions."
        return absent(inspection, "stages_sufficient", MEASURE, why)
    fixed = _fixed(inspection, strands)
    follow = Follow(
        yes=tuple(f"reach/{row['strand']}/{row['stages']}" for row in fixed),
        n=tuple(f"reach/{row['strand']}/n" for row in fixed),
    )
    return Finding(
        name="stages_sufficient",
        say=lambda shown: _say(shown, inspection),
        rows=share_rows(inspection, fixed, follow),
        columns={
            "label": "Strand and stages sufficient",
            "cases": "Cases",
            "share": "Percentage",
            "range": "95% interval",
        },
        measure=MEASURE,
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "Stages are judged separately: a later one can be sufficient without an earlier.",
            "Cases without Yes or No at every stage do not count.",
        ),
        scope="follows",
        follow=follow,
        guard=Guard(paired=True),
        draw=_draw,
    )


def _fixed(inspection: Inspection, strands: dict[str, list[str]]) -> list[Row]:
    labels = inspection.framework.strands
    return [
        {
            "label": f"{labels[strand]}: {many} of {len(questions)} stages",
            "strand": strand,
            "stages": many,
        }
        for strand, questions in strands.items()
        for many in range(len(questions) + 1)
    ]


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    title = "At how many stages each strand was judged sufficient"
    return say(rows, inspection, "each", headed(title, practice))


def _draw(finding: Finding) -> alt.LayerChart:
    y = alt.Y("r.label:N", sort=None, axis=None)
    x = alt.X(
        "r.bar:Q",
        scale=alt.Scale(domain=[0, 100]),
        title="Percentage of cases",
        axis=alt.Axis(tickCount=5),
    )
    most = int(finding.rows["stages"].max())
    color = alt.Color(
        "r.stages:Q",
        scale=alt.Scale(domain=[0, most], range=[SEQUENTIAL[1], SEQUENTIAL[4]]),
        legend=None,
    )
    layers = [
        blank().mark_bar(size=10, yOffset=9).encode(x=x, y=y, color=color),
        blank().mark_text(align="left", dy=-6, dx=2).encode(x=from_left(0), y=y, text="r.label:N"),
        blank()
        .mark_text(align="right", dy=-6, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
