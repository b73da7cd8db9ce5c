"""Groups side by side: each key question by the values of a characteristic. A picture of make-up, not a comparison."""

import textwrap

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, either
from hmip_kit.errors import NeedsCases
from hmip_kit.finding import Finding, Follow, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.cells import MOST_VALUES
from hmip_kit.measures.results import results
from hmip_kit.measures.shares import Said, published_totals, with_shares
from hmip_kit.measures.tallies import group_key
from hmip_kit.measures.words import cases_word, headed, listed, opening, practice_name, which_cases
from hmip_kit.schema import label_of
from hmip_kit.theme import INK, LIGHT_TEXT_FROM, PAPER, RULE, SEQUENTIAL, WIDTH

ROW_HEIGHT = 28
COLUMN_WIDTH = 62
HEAD_CHARACTERS = 14
LINE_HEIGHT = 14


def groups_side_by_side(inspection: Inspection, by: str = "sentence_type") -> Finding:
    """Return each key question for every group of a characteristic: how many of its cases were judged sufficient.

    Rows: one per key question and group: the characteristic, `question, label, group, strand, yes, n` and what `with_shares` adds. Groups
    without cases keep their rows. It compares nothing: for differences with intervals see `hk.compare`. Raises `NeedsCases` where there are
    only totals, and `UnknownName` for a characteristic that the cases do not have.

    >>> import hmip_kit as hk
    >>> len(groups_side_by_side(hk.load("practice-cases"), "sex").rows)
    26
    """
    if inspection.cases_are == "none":
        raise NeedsCases(f"{inspection.title} has published totals and no cases: groups need cases")
    rows = _rows(inspection, by)
    counts = {what: _keys(rows, by, what) for what in ("yes", "n")}
    follows = rows["group"].nunique() <= MOST_VALUES
    return Finding(
        name=f"groups_{by}",
        say=lambda shown: _say(shown, inspection, by),
        rows=rows,
        columns={
            "question_label": "Key question",
            "group": label_of(by),
            "cases": _heading(inspection),
            "share": "Percentage",
            "range": "Bounds",
        },
        measure=f"Cases judged sufficient on each key question, by {label_of(by).lower()}",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "Groups differ in who is in them; a difference between cells is no finding by itself. Under ten cases a cell has no colour.",
        ),
        scope="follows" if follows else "whole sample",
        follow=Follow(counts["yes"], counts["n"], split=True) if follows else None,
        guard=Guard(groups=(by,)),
        counts=counts,
        draw=_draw,
    )


def _rows(inspection: Inspection, by: str) -> pd.DataFrame:
    labels = {one.id: one.label for one in inspection.framework.questions}
    rows = results(inspection, by=by)[[by, "question", "strand", "yes", "n"]]
    order = list(labels)
    rows = rows.sort_values(
        "question", key=lambda names: names.astype("str").map(order.index), kind="stable"
    ).reset_index(drop=True)
    group = rows[by].astype("str")
    heads = {name: "\n".join(textwrap.wrap(name, HEAD_CHARACTERS)) for name in group.unique()}
    names = rows["question"].map(labels).astype("str")
    rows = rows.assign(
        **{by: group},
        group=group,
        group_head=group.map(heads),
        question_label=names,
        label=group + ", " + names,
    )
    if inspection.cases_are == "practice":
        rows = rows.merge(
            published_totals(inspection), left_on="question", right_index=True, how="left"
        )
    return with_shares(rows, inspection, split=True)


def _keys(rows: pd.DataFrame, by: str, what: str) -> tuple[str, ...]:
    return tuple(
        group_key(by, row[by], f"answer/{row['question']}/{what}")
        for row in rows.to_dict("records")
    )


def _heading(inspection: Inspection) -> str:
    return (
        "Practice cases judged sufficient"
        if inspection.cases_are == "practice"
        else "Cases judged sufficient"
    )


def _say(rows: pd.DataFrame, inspection: Inspection, by: str) -> Said:
    practice = practice_name(inspection)
    sizes = rows.groupby("group", sort=False)["n"].max()
    said = (
        listed([f"{group} {int(size)} {cases_word(int(size))}" for group, size in sizes.items()])
        if len(sizes)
        else "no group"
    )
    title = f"Key questions by {label_of(by).lower()}"
    return headed(
        title, practice
    ), f"{opening(which_cases(inspection), practice)} Answered at most: {said}."


def _draw(finding: Finding) -> alt.LayerChart:
    heads = list(dict.fromkeys(finding.rows["group_head"]))
    most = max(
        (head.count("\n") for head in heads), default=0
    )  # the axis places the first line; the others need room
    lines = alt.Axis(
        orient="top",
        labelExpr="split(datum.label, '\\n')",
        labelAngle=0,
        domain=False,
        ticks=False,
        labelLimit=200,
        labelPadding=8 + LINE_HEIGHT * most,
    )
    x = alt.X("r.group_head:N", sort=heads, title=None, axis=lines)
    y = alt.Y(
        "r.question_label:N",
        sort=None,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, labelLimit=230, labelPadding=8),
    )
    color = alt.Color("r.bar:Q", scale=alt.Scale(domain=[0, 80], range=SEQUENTIAL), legend=None)
    light = either("color", f"datum.r.bar >= {LIGHT_TEXT_FROM}", PAPER, INK)
    layers = [
        blank().mark_rect(stroke=RULE).encode(x=x, y=y, color=color),
        blank().mark_text(fontSize=12).encode(x=x, y=y, text="r.cases:N", color=light),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT)).properties(
        width=max(WIDTH - 210, COLUMN_WIDTH * len(heads))
    )
