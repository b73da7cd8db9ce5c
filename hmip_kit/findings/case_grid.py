"""The grid of cases: a row a case, a column a key question, sorted so that patterns show."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.cases import MISSING_CODE, NO_CODE, YES_CODE, Codes
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.inspection import Inspection
from hmip_kit.picture import Look, blank, drawn, placed, values
from hmip_kit.picture.text import Sign, key_layers, widest
from hmip_kit.schema import ANSWERS, NO, NOT_RECORDED
from hmip_kit.settings import BLUE, MOST_MARKS, ORANGE, PAPER, QUIET, STRIP
from hmip_kit.stats.words import cases_word, plural, say

if TYPE_CHECKING:
    import altair as alt

MOST_PATTERNS = 40
STEP, MARK = 16, 60  # points of a line, and square points of a mark
SPACE = 0.6  # between two stages, in columns
MOST = 600  # points of width that the columns take at most
ROOM, LEVELS = 640, 3  # points under which the heads of stages stand on so many levels
SIGNS = ("square", "stroke", "cross", "circle")  # of each answer, and of none
COLOURS = (BLUE, ORANGE, QUIET, STRIP)
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
        beside the grid), `column` (where it stands). Above 200 cases a place is a pattern of
        answers, the 40 commonest, and `cases` says how many have it. No case's id is in the
        rows. Without a case, or without key questions in the regime, there are words and no rows.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> len(hk.load("practice-cases").show.case_grid().rows) == 42 * 13
    True
    """
    key = [one.id for one in inspection.framework.questions]
    asked = [one for one in key if (inspection.coded(one) != MISSING_CODE).any()]
    if not any(np.isin(inspection.coded(one), (YES_CODE, NO_CODE)).any() for one in asked):
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
            "column": np.tile(_columns(inspection, asked), len(patterns)),
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
        side = rows["cases"].map(lambda many: plural(many, "case"))
    label = rows["question"].map(inspection.framework.label)
    return rows.assign(label=label, side=side.where(first, ""))


def _columns(inspection: Inspection, asked: list[str]) -> list[float]:
    """Return where each question stands: a column each, with space between the stages."""
    stages = [inspection.framework.question(one).stage for one in asked]
    return [place + SPACE * (len(set(stages[: place + 1])) - 1) for place in range(len(asked))]


def _said(rows: pd.DataFrame, size: int) -> Said:
    if rows.empty:
        return "No cases to show", "There is nothing to count."
    places = rows.drop_duplicates("place")
    shown, asked = int(places["cases"].sum()), rows["question"].nunique()
    if shown < size:
        title = f"The {len(places)} commonest patterns of answers cover " + say(
            "sure", count=say("count", yes=shown, n=size), word=cases_word(size)
        )
        return title, "Each line is a pattern, with the number of cases that have it."
    every, none, half = (
        int(places.loc[chosen, "cases"].sum())
        for chosen in (
            places["yes"] == asked,
            (places["yes"] == 0) & places["place"].isin(rows.loc[rows["answer"] == NO, "place"]),
            places["yes"] * 2 >= asked,
        )
    )
    title = f"{every} of {shown} {cases_word(shown)} sufficient on every key question"
    sentence = f"Sufficient on at least half of the {asked} key questions: {half} of {shown}."
    return f"{title}, {none} on none", sentence


def _draw(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    columns, stages = _heads(shown)
    last = max(one["place"] for one in columns)
    side = widest(shown.rows["side"]) + 8
    across = f"({side:.0f} + (min(width, {MOST}) - {side + 8:.0f}) * %s / {last:g})"
    y = alt.Y("r.place:O", axis=None, scale=alt.Scale(type="band", padding=0))
    fill, stroke, shape = (
        channel("r.answer:N", scale=alt.Scale(domain=WORDS, range=[*looks]), legend=None)
        for channel, looks in ((alt.Fill, COLOURS), (alt.Stroke, COLOURS), (alt.Shape, SIGNS))
    )
    key = [Sign(*one) for one in zip(WORDS, COLOURS, SIGNS, strict=True)]
    strands = dict.fromkeys((one["short"], one["strand"]) for one in columns)
    key += [Sign(f"{short}: {strand}", PAPER) for short, strand in strands]
    x = across % "datum.place"
    level = f"-24 - (width < {ROOM} ? {STEP} * datum.raised : 0)"
    text: Look = {"fontSize": 11, "baseline": "middle"}
    inside = f"min({x}, width - datum.half)"
    layers = [
        blank()
        .mark_text(align="left", fontSize=11)
        .encode(**placed(x="0"), y=y, text=alt.Text("r.side:N")),
        alt.Chart(values(stages))
        .mark_text(**text, fontWeight="bold")
        .encode(**placed(x=inside, y=level), text="stage:N"),
        alt.Chart(values(columns)).mark_text(**text).encode(**placed(x=x, y="-9"), text="short:N"),
        blank()
        .mark_point(opacity=1, size=MARK, strokeWidth=1.5)
        .encode(**placed(x=across % "datum.r.column"), y=y, fill=fill, stroke=stroke, shape=shape),
        *key_layers(key, -24 - STEP * LEVELS)[0],
    ]
    return drawn(layers, alt.Step(STEP))


def _heads(shown: Finding) -> tuple[list[Look], list[Look]]:
    """Return the heads of the columns, and those of the stages over them."""
    framework, columns, stages = shown.inspection.framework, list[Look](), list[Look]()
    first = shown.rows.drop_duplicates("question")
    keys = [framework.question(one) for one in first["question"]]
    shorts = _shorts([framework.strands[key.strand] for key in keys])
    for key, place in zip(keys, first["column"], strict=True):
        strand = framework.strands[key.strand]
        columns.append({"place": place, "strand": strand, "short": shorts[strand]})
    for raised, stage in enumerate(dict.fromkeys(key.stage for key in keys)):
        places = [one for one, key in zip(first["column"], keys, strict=True) if key.stage == stage]
        label = framework.stages[stage]
        half = round(widest([label], bold=True) / 2)
        middle = sum(places) / len(places)
        stages.append({"place": middle, "stage": label, "raised": raised % LEVELS, "half": half})
    return columns, stages


def _shorts(strands: list[str]) -> dict[str, str]:
    """Return letters for each of the `strands`, as few as tell it apart from the others."""
    names = dict.fromkeys(strands)
    return {
        name: next(
            name[:many]
            for many in range(1, len(name) + 1)
            if sum(other.startswith(name[:many]) for other in names) == 1
        )
        for name in names
    }
