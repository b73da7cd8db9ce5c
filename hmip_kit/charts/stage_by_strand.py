"""The report in one picture: each casework stage by each strand, with the cells that decided a rating outlined."""

from typing import Any

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, either
from hmip_kit.charts.key_questions import columns, follow_questions
from hmip_kit.finding import Finding
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.headlines import strand_sentence, strand_title
from hmip_kit.measures.ratings import deciding
from hmip_kit.measures.results import question_rows
from hmip_kit.measures.shares import Said, say
from hmip_kit.measures.words import practice_name, which_cases
from hmip_kit.theme import INK, LIGHT_TEXT_FROM, PAPER, RULE, SEQUENTIAL

ROW_HEIGHT = 62


def stage_by_strand(inspection: Inspection) -> Finding:
    """Return the stages by strands with the share of cases judged sufficient, and which cells decided a rating.

    Rows: one per key question, as `measures.results.question_rows` gives them, with `stage_label`, `strand_label` and `decided`. Without
    published ratings no cell is outlined; a cell without cases says so.

    >>> import hmip_kit as hk
    >>> stage_by_strand(hk.load("lewisham-bromley-2022")).title
    'Safety of other people is the lowest strand at all four stages'
    """
    rows = _rows(inspection)
    return Finding(
        name="stage_by_strand",
        say=lambda shown: _say(shown, inspection),
        rows=rows,
        columns={"stage_label": "Stage", "strand_label": "Strand", **_counts(inspection)},
        measure="Cases judged sufficient, by stage and strand",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=("Outlined: the lowest key question of a standard, which decided its rating.",)
        if any(rows["decided"])
        else (),
        scope="whole sample" if inspection.cases_are == "none" else "follows",
        follow=follow_questions(rows),
        draw=lambda finding: _draw(finding, inspection.framework),
    )


def _counts(inspection: Inspection) -> dict[str, str]:
    return {name: heading for name, heading in columns(inspection).items() if name != "label"}


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    if practice or inspection.filters:
        return say(rows, inspection, "lowest")
    return strand_title(rows), strand_sentence(rows, which_cases(inspection))


def _rows(inspection: Inspection) -> pd.DataFrame:
    framework, rows = inspection.framework, question_rows(inspection)
    return rows.assign(
        stage_label=rows["stage"].map(framework.stages),
        strand_label=rows["strand"].map(framework.strands),
        decided=rows["question"].isin(deciding(inspection)["question"]),
    )


def _draw(finding: Finding, framework: Framework) -> alt.LayerChart:
    axis: dict[str, Any] = {
        "domain": False,
        "ticks": False,
        "labelAngle": 0,
        "labelFontWeight": "bold",
        "labelPadding": 8,
        "labelLimit": 140,
    }
    x = alt.X(
        "r.strand_label:N",
        sort=list(framework.strands.values()),
        title=None,
        axis=alt.Axis(orient="top", **axis),
    )
    y = alt.Y(
        "r.stage_label:N", sort=list(framework.stages.values()), title=None, axis=alt.Axis(**axis)
    )
    color = alt.Color("r.percent:Q", scale=alt.Scale(domain=[0, 80], range=SEQUENTIAL), legend=None)
    light = either("color", f"datum.r.percent >= {LIGHT_TEXT_FROM}", PAPER, INK)
    outline = either("strokeWidth", "datum.r.decided", 4, 1)
    edge = either("stroke", "datum.r.decided", INK, RULE)
    layers = [
        blank().mark_rect(xOffset=0).encode(x=x, y=y, color=color),
        blank().mark_rect(fillOpacity=0).encode(x=x, y=y, stroke=edge, strokeWidth=outline),
        blank()
        .mark_text(fontSize=20, fontWeight="bold", dy=-7)
        .encode(x=x, y=y, text="r.share:N", color=light),
        blank().mark_text(dy=13).encode(x=x, y=y, text="r.cases:N", color=light),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
