"""Where a key question was answered No: which of its parts were not sufficient."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn
from hmip_kit.errors import NeedsCases
from hmip_kit.finding import Finding, Follow
from hmip_kit.inspection import Inspection
from hmip_kit.measures.shares import Said, say, with_shares
from hmip_kit.measures.tallies import counts
from hmip_kit.measures.words import headed, practice_name, which_cases
from hmip_kit.theme import NAVY

ROW_HEIGHT = 38
Rows = list[dict[str, str]]


def sub_questions(inspection: Inspection) -> Finding:
    """Return, for each sub-question that belongs to a key question, how many of the cases with No on the key question have No on it.

    Rows: `label, question, key_question, yes, n` and what `with_shares` adds: `yes` counts the cases with No on both, `n` those with No
    on the key question and Yes or No on the part. No rows where no sub-question belongs to a key question. A key question is a judgement:
    it can be No where every part is Yes. Raises `NeedsCases` where there are only totals.

    >>> import hmip_kit as hk
    >>> sub_questions(hk.load("practice-cases")).rows["key_question"].nunique()
    5
    """
    if inspection.cases_are == "none":
        raise NeedsCases(
            f"{inspection.title} has published totals and no cases: parts of a key question need cases"
        )
    parts = _parts(inspection)
    follow = Follow(
        yes=tuple(f"where_no/{one['key_question']}/{one['question']}/no" for one in parts),
        n=tuple(_base(one) for one in parts),
    )
    rows = _rows(inspection, parts, follow)
    return Finding(
        name="sub_questions",
        say=lambda shown: _say(shown, inspection),
        rows=rows,
        columns={
            "label": "Where the key question was No, this part was No too",
            "cases": "Cases",
            "share": "Percentage",
            "range": "95% interval",
        },
        measure="Parts not judged sufficient, in cases where the key question was not judged sufficient",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=("A key question is a judgement on the whole, not a majority of its parts.",),
        scope="follows",
        follow=follow,
        draw=_draw,
    )


def _parts(inspection: Inspection) -> Rows:
    """Return the sub-questions that belong to a key question and have answers."""
    labels = {one.id: one.label for one in inspection.framework.questions}
    parts = [one for one in inspection.framework.sub_questions if one.key_question in labels]
    return [
        {
            "question": one.id,
            "key_question": one.key_question,
            "label": f"{labels[one.key_question]}: {one.label[0].lower()}{one.label[1:]}",
        }
        for one in parts
        if inspection.judged(one.id)[1].any() or inspection.filters
    ]


def _base(part: dict[str, str]) -> str:
    return f"where_no/{part['key_question']}/{part['question']}/n"


def _rows(inspection: Inspection, parts: Rows, follow: Follow) -> pd.DataFrame:
    counted = counts(inspection, [*follow.yes, *follow.n])
    rows = pd.DataFrame(parts, columns=["question", "key_question", "label"]).assign(
        yes=pd.Series([counted[key] for key in follow.yes], dtype="Int64"),
        n=pd.Series([counted[key] for key in follow.n], dtype="Int64"),
    )
    if (
        inspection.cases_are == "practice"
    ):  # no total is published for two answers of the same cases
        rows = rows.assign(
            total_yes=pd.Series(pd.NA, index=rows.index, dtype="Int64"),
            total_n=pd.Series(pd.NA, index=rows.index, dtype="Int64"),
        )
    return with_shares(rows, inspection)


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    title = "Which parts were not sufficient where the key question was not"
    return say(rows, inspection, "each", headed(title, practice))


def _draw(finding: Finding) -> alt.LayerChart:
    y = alt.Y("r.label:N", sort=None, axis=None)
    x = alt.X(
        "r.bar:Q",
        scale=alt.Scale(domain=[0, 100]),
        title="Percentage of the cases where the key question was No",
        axis=alt.Axis(tickCount=5),
    )
    layers = [
        blank().mark_bar(color=NAVY, size=9, yOffset=9).encode(x=x, y=y),
        blank().mark_text(align="left", dy=-6, dx=2).encode(x=alt.XDatum(0), y=y, text="r.label:N"),
        blank()
        .mark_text(align="right", dy=-6, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
