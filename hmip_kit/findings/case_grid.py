"""The grid of cases: a row a case, a column a key question, sorted so that patterns show."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.cases import MISSING_CODE, YES_CODE, Codes
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank, drawn, from_left
from hmip_kit.schema import ANSWERS, NOT_RECORDED
from hmip_kit.settings import MOST_MARKS, NAVY, ORANGE, QUIET, RULE
from hmip_kit.stats.words import cases_word

if TYPE_CHECKING:
    import altair as alt

MOST_PATTERNS = 40
MOST_TALL = 60  # cases: above that the lines of the grid are closer
SIGNS = ("square", "stroke", "cross", "circle")  # of each answer, and of none
COLOURS = (NAVY, ORANGE, QUIET, RULE)
WORDS = [*ANSWERS, NOT_RECORDED]  # by code: that of a missing answer, -1, takes the last


@finding(
    question="Which patterns of answers do cases have?",
    needs=("cases", "key questions"),
    follows=False,
    shown_by="holders",
)
def case_grid(inspection: Inspection) -> Finding:
    """Return every case by its answers to the key questions, like patterns together.

    Parameters
    ----------
    inspection : Inspection
        Cases. It is shown to nobody but who holds them.

    Returns
    -------
    Finding
        A row per case and question, cases with most Yes first: `place` (1 for the first case),
        `question, label, answer, cases, yes` (of the case, on all questions), `side` (the words
        beside the grid). Above 200 cases a place is a pattern of answers, the 40 commonest, and
        `cases` says how many have it. No case's id is in the rows. Without a case, or without key
        questions in the regime, there are words and no rows.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> len(hk.load("practice-cases").show.case_grid().rows) == 42 * 13
    True
    """
    key = [one.id for one in inspection.framework.questions]
    asked = [one for one in key if (inspection.coded(one) != MISSING_CODE).any()]
    if not inspection.size or not asked:
        raise NotInData("A grid needs cases with answers to the key questions.")
    codes = np.column_stack([inspection.coded(question) for question in asked])
    return Finding(
        inspection=inspection,
        rows=_grid_rows(inspection, asked, *_sorted(codes)),
        say=lambda shown: _said(shown, inspection.size),
        columns={"place": "Place", "cases": "Cases", "label": "Key question", "answer": "Answer"},
        measure="Cases by their answers to the key questions",
        notes=(
            "Square: Yes. Line: No. Cross: not applicable. Circle: not recorded.",
            "A place in the grid is no identifier.",
        ),
        draw=_draw,
    )


def _sorted(codes: Codes) -> tuple[Codes, npt.NDArray[np.intp]]:
    """Return the rows of the grid and how many cases each stands for.

    They are the cases one by one or, where they are many, the commonest patterns.
    """
    patterns, counts = np.unique(codes, axis=0, return_counts=True)
    if len(codes) > MOST_MARKS:
        commonest = np.argsort(-counts, kind="stable")[:MOST_PATTERNS]
        return patterns[commonest], counts[commonest]
    most_yes = np.argsort(-(patterns == YES_CODE).sum(axis=1), kind="stable")
    each = np.repeat(patterns[most_yes], counts[most_yes], axis=0)
    return each, np.ones(len(codes), dtype=np.intp)


def _grid_rows(
    inspection: Inspection, asked: list[str], patterns: Codes, counts: npt.NDArray[np.intp]
) -> pd.DataFrame:
    yes, many = (patterns == YES_CODE).sum(axis=1), len(asked)
    rows = pd.DataFrame(
        {
            "place": np.repeat(np.arange(1, len(patterns) + 1), many),
            "question": np.tile(asked, len(patterns)),
            "answer": np.array(WORDS)[patterns.ravel()],
            "cases": np.repeat(counts, many),
            "yes": np.repeat(yes, many),
        }
    )
    first = rows["question"] == asked[0]
    if inspection.size <= MOST_MARKS:  # the cases with as many Yes have one head
        first &= ~rows.duplicated(["question", "yes"])
        side = rows["yes"].astype("str") + " Yes"
    else:
        side = rows["cases"].astype("str") + " " + rows["cases"].map(cases_word)
    label = rows["question"].map(inspection.framework.label)
    return rows.assign(label=label, side=side.where(first, ""))


def _said(rows: pd.DataFrame, size: int) -> Said:
    if rows.empty:
        return "No cases to show", "There is nothing to count."
    places = rows.drop_duplicates("place")
    shown, asked = int(places["cases"].sum()), rows["question"].nunique()
    if shown < size:
        title = f"The {len(places)} commonest patterns of answers cover {shown} of {size} cases"
        return title, "Each line is a pattern, with the number of cases that have it."
    every, none, half = (
        int(places.loc[chosen, "cases"].sum())
        for chosen in (places["yes"] == asked, places["yes"] == 0, places["yes"] * 2 >= asked)
    )
    title = f"{every} of {shown} {cases_word(shown)} sufficient on every key question"
    sentence = f"Sufficient on at least half of the {asked} key questions: {half} of {shown}."
    return f"{title}, {none} on none", sentence


def _draw(finding: Finding) -> "alt.LayerChart":
    import altair as alt

    step = 16 if finding.rows["place"].max() <= MOST_TALL else 7
    heads = alt.Axis(
        orient="top",
        labelExpr="split(datum.label, '_')",  # a key question's id: its stage, under it its strand
        labelAngle=0,
        domain=False,
        ticks=False,
        labelLimit=0,
        labelFontSize=8.5,
        labelPadding=18,
    )
    order = list(dict.fromkeys(finding.rows["question"]))
    x = alt.X("r.question:N", sort=order, title=None, axis=heads)
    y = alt.Y("r.place:O", axis=None)
    fill, stroke, shape = (
        channel("r.answer:N", scale=alt.Scale(domain=WORDS, range=[*looks]), legend=None)
        for channel, looks in ((alt.Fill, COLOURS), (alt.Stroke, COLOURS), (alt.Shape, SIGNS))
    )
    layers = [
        blank()
        .mark_text(align="right", fontSize=min(9, step + 1), dx=-8)
        .encode(x=from_left(0), y=y, text=alt.Text("r.side:N")),
        blank()
        .mark_point(opacity=1, size=6 * step, strokeWidth=1.5)
        .encode(x=x, y=y, fill=fill, stroke=stroke, shape=shape),
    ]
    return drawn(layers, alt.Step(step))
