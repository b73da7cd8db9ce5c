"""The grid of cases: a row a case, a column a key question, sorted so that patterns show."""

import altair as alt
import numpy as np
import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, from_left
from hmip_kit.coded import MISSING_CODE, NO_CODE, NOT_APPLICABLE_CODE, YES_CODE, Codes
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.shares import Row, Said
from hmip_kit.measures.words import cases_word, opening, practice_name, which_cases
from hmip_kit.theme import NAVY, ORANGE, QUIET, RULE

MOST_CASES = 200
MOST_PATTERNS = 40
MOST_TALL = 60  # cases: above that the lines of the grid are closer
MEASURE = "Cases by their answers to the key questions"
ANSWERS = {
    YES_CODE: "Yes",
    NO_CODE: "No",
    NOT_APPLICABLE_CODE: "Not applicable",
    MISSING_CODE: "Not recorded",
}
SHAPES = {
    "Yes": ("square", NAVY),
    "No": ("stroke", ORANGE),
    "Not applicable": ("cross", QUIET),
    "Not recorded": ("circle", RULE),
}


def case_grid(inspection: Inspection) -> Finding:
    """Return every case by its answers to the key questions: cases with most Yes first, like patterns together.

    Rows, one per case and question: `place` (1 for the first case), `question, label, answer, cases`. Above 200 cases a place is a pattern
    of answers, the 40 commonest, and `cases` says how many have it. No case's id is in the rows. It is shown to nobody but who holds the
    cases. Totals, and no case left, give words and no picture.

    >>> import hmip_kit as hk
    >>> len(case_grid(hk.load("practice-cases")).rows) == 42 * 13
    True
    """
    questions = [one.id for one in inspection.framework.questions if one.id in inspection.questions]
    if not inspection.size or not questions or inspection.cases_are == "none":
        return absent(
            inspection,
            "case_grid",
            MEASURE,
            "A grid needs cases with answers to the key questions.",
        )
    codes = inspection.answer_codes[
        :, [inspection.questions.index(question) for question in questions]
    ]
    patterns, counts = _sorted(codes)
    return Finding(
        name="case_grid",
        say=lambda shown: _say(shown, inspection),
        rows=_rows(patterns, counts, inspection, questions),
        columns={"place": "Place", "cases": "Cases", "label": "Key question", "answer": "Answer"},
        measure=MEASURE,
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "Square: Yes. Line: No. Cross: not applicable. Circle: not recorded.",
            "A place in the grid is no identifier.",
        ),
        guard=Guard(cases=True),
        draw=_draw,
    )


def _sorted(codes: Codes) -> tuple[Codes, "np.ndarray[tuple[int], np.dtype[np.intp]]"]:
    """Return the rows of the grid and how many cases each stands for: cases one by one up to 200, else the commonest patterns."""
    patterns, counts = np.unique(codes, axis=0, return_counts=True)
    if len(codes) > MOST_CASES:
        commonest = np.argsort(-counts, kind="stable")[:MOST_PATTERNS]
        return patterns[commonest], counts[commonest]
    most_yes = np.argsort(-(patterns == YES_CODE).sum(axis=1), kind="stable")
    return np.repeat(patterns[most_yes], counts[most_yes], axis=0), np.ones(
        len(codes), dtype=np.intp
    )


def _rows(
    patterns: Codes,
    counts: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    inspection: Inspection,
    questions: list[str],
) -> pd.DataFrame:
    labels = {one.id: one.label for one in inspection.framework.questions}
    rows: list[Row] = []
    last = ""
    for place, (answers, cases) in enumerate(zip(patterns, counts, strict=True), start=1):
        yes = int((answers == YES_CODE).sum())
        head = (
            f"{yes} Yes" if inspection.size <= MOST_CASES else f"{cases} {cases_word(int(cases))}"
        )
        side, last = ("" if head == last and inspection.size <= MOST_CASES else head), head
        for question, answer in zip(questions, answers, strict=True):
            row: Row = {
                "place": place,
                "question": question,
                "label": labels[question],
                "answer": ANSWERS[int(answer)],
            }
            rows.append(
                row
                | {
                    "cases": int(cases),
                    "yes": yes,
                    "side": side if question == questions[0] else "",
                }
            )
    return pd.DataFrame(rows)


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    start, opened = f"{practice}. " if practice else "", opening(which_cases(inspection), practice)
    if rows.empty:
        return f"{start}No cases to show", f"{opened} There is nothing to count."
    places = rows.drop_duplicates("place")
    questions = rows["question"].nunique()
    shown = int(places["cases"].sum())
    ends = {
        words: int(places.loc[places["yes"] == yes, "cases"].sum())
        for words, yes in (("every", questions), ("none", 0))
    }
    if shown < inspection.size:
        title = f"The {len(places)} commonest patterns of answers cover {shown} of {inspection.size} cases"
        return (
            f"{start}{title}",
            f"{opened} Each line is a pattern, with the number of cases that have it.",
        )
    title = f"{ends['every']} of {shown} {cases_word(shown)} sufficient on every key question, {ends['none']} on none"
    half = int(places.loc[places["yes"] * 2 >= questions, "cases"].sum())
    return (
        f"{start}{title}",
        f"{opened} Sufficient on at least half of the {questions} key questions: {half} of {shown}.",
    )


def _draw(finding: Finding) -> alt.LayerChart:
    step = 16 if finding.rows["place"].max() <= MOST_TALL else 7
    y = alt.Y("r.place:O", axis=None)
    order = list(dict.fromkeys(finding.rows["question"]))
    heads = alt.Axis(
        orient="top",
        labelExpr="split(datum.label, '_')",  # the two parts of a key question's id: its stage and its strand
        labelAngle=0,
        domain=False,
        ticks=False,
        labelLimit=0,
        labelFontSize=8.5,
        labelPadding=18,
    )
    x = alt.X("r.question:N", sort=order, title=None, axis=heads)
    colours = alt.Scale(domain=list(SHAPES), range=[colour for _, colour in SHAPES.values()])
    fill, stroke = (
        alt.Fill("r.answer:N", scale=colours, legend=None),
        alt.Stroke("r.answer:N", scale=colours, legend=None),
    )
    shape = alt.Shape(
        "r.answer:N",
        scale=alt.Scale(domain=list(SHAPES), range=[sign for sign, _ in SHAPES.values()]),
        legend=None,
    )
    layers = [
        blank()
        .mark_text(align="right", fontSize=min(9, step + 1), dx=-8)
        .encode(x=from_left(0), y=y, text="r.side:N"),
        blank()
        .mark_point(opacity=1, size=6 * step, strokeWidth=1.5)
        .encode(x=x, y=y, fill=fill, stroke=stroke, shape=shape),
    ]
    return drawn(finding, layers, alt.Step(step))
