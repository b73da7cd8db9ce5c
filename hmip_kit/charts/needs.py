"""Needs: service delivered and progress noted, of the cases that have each need."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, from_left, from_top, values
from hmip_kit.charts.share_rows import share_rows
from hmip_kit.finding import Finding, Follow, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures import needs as measured
from hmip_kit.measures.shares import Row, Said, say
from hmip_kit.measures.tallies import need_key
from hmip_kit.measures.words import headed, opening, practice_name, which_cases
from hmip_kit.theme import NAVY, ORANGE, QUIET, RULE, WIDTH

ROW_HEIGHT = 46
MEASURE = "Service delivered and progress noted, of cases with each need"
NO_NEEDS = "Which need which case has is not in these data, and no count of needs is either."
STEPS = {"served": "service delivered", "progress": "progress noted"}
SIGNS = {"served": "\u25a0", "progress": "\u25cf"}
NEXT = 150  # points between the two columns of counts
LINKED = {
    "offending": "linked to offending",
    "harm": "linked to risk of harm",
    "either": "by either link",
    "both": "by both links",
}


def needs(inspection: Inspection, link: str = "offending") -> Finding:
    """Return, per need, in how many of the cases that have it a service was delivered, and progress was noted.

    Rows, two a need: `label, need, step, yes, n` and what `with_shares` adds; `n` counts the cases with the need for which the step is
    recorded. Under ten cases there are counts and no marks. Published totals have a row per need that the report counts, with `text` for
    both steps. Without needs there are words and no picture. Raises `UnknownName` for an unknown link.

    >>> import hmip_kit as hk
    >>> needs(hk.load("lewisham-bromley-2022")).rows["progress_text"].tolist()
    ['2 of 11 (base not stated)', '4, base not stated', '2 of 8']
    """
    found = measured.needs(inspection, link)
    if found.empty:
        return absent(inspection, "needs", MEASURE, NO_NEEDS)
    if inspection.cases_are == "none":
        return _published(inspection, found, link)
    fixed: list[Row] = [
        {"label": f"{need}: {said}", "need": need, "step": step}
        for need in found["need"]
        for step, said in STEPS.items()
    ]
    follow = Follow(
        yes=tuple(need_key(row["need"], link, row["step"]) for row in fixed),
        n=tuple(need_key(row["need"], link, f"{row['step']}_n") for row in fixed),
    )
    return Finding(
        name="needs",
        say=lambda shown: _say(shown, inspection, link),
        rows=share_rows(inspection, fixed, follow),
        columns={
            "label": "Need and step",
            "cases": "Cases with the need",
            "share": "Percentage",
            "range": "95% interval",
        },
        measure=f"{MEASURE}, {LINKED[link]}",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "Square: service delivered. Circle: progress noted. A need with fewer than ten cases has counts and no marks.",
        ),
        scope="follows",
        follow=follow,
        guard=Guard(people=("yes", "n")),
        draw=_draw,
    )


def _published(inspection: Inspection, found: pd.DataFrame, link: str) -> Finding:
    has = [f"{row['need']}: {_had(row)}" for row in found.to_dict("records")]
    return Finding(
        name="needs",
        say=lambda shown: _published_said(shown, inspection),
        rows=found[["need", "n", "progress", "progress_n", "served_text", "progress_text"]].assign(
            label=has
        ),
        columns={
            "label": "Need, and cases with it",
            "served_text": "Service delivered",
            "progress_text": "Progress noted",
        },
        measure=f"{MEASURE}, {LINKED[link]}",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=("[x]: the report has no count of services delivered for a need.",),
        draw=_draw_published,
    )


def _had(row: Row) -> str:
    if pd.isna(row["n_least"]):
        return "how many cases have it is not stated"
    return (
        f"{row['n']} cases"
        if not pd.isna(row["n"])
        else f"{row['n_least']} to {row['n_most']} cases"
    )


def _published_said(rows: pd.DataFrame, inspection: Inspection) -> Said:
    said = "; ".join(
        f"{row['label']}; progress noted {row['progress_text']}" for row in rows.to_dict("records")
    )
    return (
        "Of services delivered for a need there is no count; of progress there are some",
        f"{opening(which_cases(inspection))} {said}.",
    )


def _say(rows: pd.DataFrame, inspection: Inspection, link: str) -> Said:
    practice = practice_name(inspection)
    title = f"Service delivered and progress noted, per need ({LINKED[link]})"
    return say(rows, inspection, "each", headed(title, practice))


def _draw(finding: Finding) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 100])
    y = alt.Y("r.need:N", sort=None, axis=None)
    x = alt.X(
        "r.bar:Q",
        scale=scale,
        title="Percentage of the cases with the need",
        axis=alt.Axis(tickCount=5),
    )
    steps, left, right = list(STEPS), from_left(0), alt.XDatum(100)
    color = alt.Color("r.step:N", scale=alt.Scale(domain=steps, range=[ORANGE, NAVY]), legend=None)
    shape = alt.Shape(
        "r.step:N", scale=alt.Scale(domain=steps, range=["square", "circle"]), legend=None
    )
    said = "datum.r.step === '{step}' ? '{sign} ' + datum.r.text : ''"
    words = {
        step: blank().transform_calculate(said=said.format(step=step, sign=sign))
        for step, sign in SIGNS.items()
    }
    key = [{"said": f"{SIGNS[step]} {STEPS[step]}"} for step in steps]
    heads = [
        alt.Chart(values([one])).mark_text(align="right", fontSize=11, color=QUIET) for one in key
    ]
    layers = [
        blank()
        .mark_line(color=RULE, strokeWidth=3, yOffset=10)
        .encode(x=x, y=y, detail="r.need:N"),
        blank()
        .mark_point(filled=True, size=90, opacity=1, yOffset=10)
        .encode(x=x, y=y, color=color, shape=shape),
        blank().mark_text(align="left", dy=-9, dx=2).encode(x=left, y=y, text="r.need:N"),
        words["served"]
        .mark_text(align="right", dy=-9, dx=-NEXT)
        .encode(x=right, y=y, text="said:N"),
        words["progress"].mark_text(align="right", dy=-9).encode(x=right, y=y, text="said:N"),
        heads[0].encode(x=from_left(WIDTH - NEXT), y=from_top(-10), text="said:N"),
        heads[1].encode(x=from_left(WIDTH), y=from_top(-10), text="said:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))


def _draw_published(finding: Finding) -> alt.LayerChart:
    y = alt.Y("r.label:N", sort=None, axis=None)
    progress = blank().transform_calculate(said="'progress noted ' + datum.r.progress_text")
    served = blank().transform_calculate(said="'service delivered ' + datum.r.served_text")
    right = from_left(WIDTH)
    layers = [
        blank().mark_text(align="left", dy=-8, dx=2).encode(x=from_left(0), y=y, text="r.label:N"),
        served.mark_text(align="left", dy=9, dx=2, color=QUIET).encode(
            x=from_left(0), y=y, text="said:N"
        ),
        progress.mark_text(align="right", dy=-8, fontWeight="bold").encode(
            x=right, y=y, text="said:N"
        ),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
