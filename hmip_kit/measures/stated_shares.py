"""Published shares whose base may not be stated: what people on probation say, and what works."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_bases import PERCENT, completed
from hmip_kit.measures.figure_checks import check_figures
from hmip_kit.measures.figure_counts import SAYS, SUFFICIENT, figure_counts
from hmip_kit.measures.figure_verdicts import DOES_NOT_FIT
from hmip_kit.measures.results import question_rows
from hmip_kit.measures.shares import Row, Said
from hmip_kit.measures.words import listed, number

HALF = 50
COLUMNS = ["label", "who", "percent", "low", "high", "text", "section", "note"]


def voices(inspection: Inspection) -> pd.DataFrame:
    """Return what people on probation say, as published: `label, who, percent, low, high, text, section, note`.

    `percent` is missing where words stand for the number; `low` to `high` is then the range that the words allow, in percent. No
    interval: the base of a survey is often not stated. No rows where nothing is stated.
    """
    figures = _of_shares(inspection)
    return _rows(
        figures[(figures["group"] == "people_heard") & (figures["polarity"] == SUFFICIENT)]
    )


def strengths(inspection: Inspection) -> pd.DataFrame:
    """Return, in the columns of `voices`, the strengths that are stated for half or more, with the key questions that reach half.

    Strengths are the figures that a finding of that kind names. Those that fit no count of their base are left out, and those in words
    of which not even the least reaches half.
    """
    figures, checked = _of_shares(inspection), check_figures(inspection)
    named = inspection.findings.loc[inspection.findings["kind"] == "strength", "figures"]
    figures = figures[figures["figure"].isin(" ".join(named).split())]
    counted = figure_counts(inspection).set_index("figure")
    texts = counted["text"].where(counted["n"].notna()).str.removesuffix(SAYS[SUFFICIENT])
    figures = figures.assign(printed=figures["figure"].map(texts).fillna(figures["printed"]))
    amiss = set(checked.loc[checked["verdict"] == DOES_NOT_FIT, "figure"])
    least = figures["value"].fillna(figures["low"])
    kept = figures[
        (figures["polarity"] == SUFFICIENT)
        & (least >= HALF).fillna(False)
        & ~figures["figure"].isin(amiss)
    ]
    asked = (
        question_rows(inspection)
        if len(inspection.published)
        else pd.DataFrame(columns=["percent", "label", "text"])
    )
    asked = asked[asked["percent"] >= HALF].sort_values("percent", ascending=False, kind="stable")
    told = [
        _row(
            row["label"],
            "inspected cases",
            row["percent"],
            row["text"],
            inspection.framework.stages[row["stage"]],
        )
        for row in asked.to_dict("records")
    ]
    return (
        pd.concat([pd.DataFrame(told, columns=COLUMNS), _rows(kept)], ignore_index=True)
        if told
        else _rows(kept)
    )


def said_of_shares(rows: pd.DataFrame, start: str, lowest: bool = True) -> Said:
    """Return the highest share with a number and, with `lowest`, the lowest, both under a tie of two; the sentence lists every row."""
    if rows.empty:
        return f"{start}: nothing stated", "Nothing is stated."
    each = f"{'; '.join(_told(row) for row in rows.to_dict('records'))}."
    known = rows[rows["percent"].notna()]
    if known.empty:
        return f"{start}: in words only", each
    ends = [known[known["percent"] == known["percent"].agg(end)] for end in ("max", "min")]
    if len(ends[0]) == len(known):
        return f"{start}: {_end(ends[0])}", each
    fewest = f". Fewest: {_end(ends[1])}" if lowest else ""
    return f"{start}. Most: {_end(ends[0])}{fewest}", each


def _of_shares(inspection: Inspection) -> pd.DataFrame:
    figures = completed(inspection.figures)
    return figures[
        (figures["unit"] == PERCENT)
        & (figures["restates"] == "")
        & (figures["value"].notna() | figures["low"].notna())
    ]


def _rows(figures: pd.DataFrame) -> pd.DataFrame:
    found = [
        _row(one["measure"], one["population"], one["value"], one["printed"], one["section"])
        | {"low": one["low"], "high": one["high"], "note": one["note"]}
        for one in figures.to_dict("records")
    ]
    return pd.DataFrame(found, columns=COLUMNS).astype(
        dict.fromkeys(("percent", "low", "high"), "Float64")
    )


def _row(label: str, who: str, percent: float, text: str, section: str) -> Row:
    return {
        "label": label,
        "who": who,
        "percent": percent,
        "low": pd.NA,
        "high": pd.NA,
        "text": text,
        "section": section,
        "note": "",
    }


def _told(row: Row) -> str:
    return f"{row['label']} ({row['who']}): {row['text']}"


def _end(rows: pd.DataFrame) -> str:
    if len(rows) > 2:
        return f"{number(len(rows))} at {rows['text'].iloc[0]}"
    return listed(
        [f"{label}, {text}" for label, text in zip(rows["label"], rows["text"], strict=True)]
    )
