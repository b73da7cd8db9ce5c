"""Groups of cases: each key question in every group, and what groups are made up of.

A picture of who is in which group, not a comparison: for differences see `compare`.
"""

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts import ALL, answer_key, count, group_key
from hmip_kit.counts.questions import checked_groups, question_counts
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Recount, Said, finding
from hmip_kit.findings.shares import shares_said, with_published_totals, with_shares
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank, drawn, either, from_left
from hmip_kit.schema import label_of
from hmip_kit.settings import (
    FEWEST_FOR_A_BAR,
    INK,
    LIGHT_TEXT_FROM,
    MOST_VALUES,
    PAPER,
    RULE,
    SEQUENTIAL,
    WIDTH,
)
from hmip_kit.stats.intervals import INTERVAL_TEXT
from hmip_kit.stats.words import cases_word, number

if TYPE_CHECKING:
    import altair as alt

ROW_HEIGHT, COLUMN_WIDTH, LINE_HEIGHT, HEAD_CHARACTERS = 28, 62, 14, 14
ROOM_FOR_QUESTIONS = 210  # points of the picture's width that the questions' names take
BESIDE = ("sentence_type", "rosh")  # which quality may follow, rather than the group
BAR_HEIGHT, ROOM_FOR_WORDS = 44, 14  # percent of the width that a value's name needs


@finding(
    question="How was each key question answered in every group?",
    needs=("cases", "key questions"),
    follows=True,
    shown_by="one group",
    label="Groups side by side",
)
def groups(inspection: Inspection, by: str = "sentence_type") -> Finding:
    """Return each key question in every group of a characteristic: how many cases were sufficient.

    It compares nothing: for differences with intervals see `compare`.

    Parameters
    ----------
    inspection : Inspection
        Cases.
    by : str
        The characteristic.

    Returns
    -------
    Finding
        A row per key question and group, those without cases too: the characteristic, `question,
        question_label, group, label, yes, n` and what `shares.with_shares` adds. Under ten cases a
        cell has no colour. It follows filters where there are at most twelve groups.

    Raises
    ------
    UnknownName
        For a characteristic that there is not.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> len(hk.load("practice-cases").show.groups("sex").rows)
    26
    """
    rows, label = _group_rows(inspection, by), label_of(by)
    yes, n = (
        tuple(
            group_key(by, group, answer_key(question, what))
            for group, question in zip(rows["group"], rows["question"], strict=True)
        )
        for what in ("yes", "n")
    )
    follows = rows["group"].nunique() <= MOST_VALUES
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: shares_said(
            shown, inspection, "answered", f"Key questions by {label.lower()}"
        ),
        columns={
            "question_label": "Key question",
            "group": label,
            "cases": f"{'Practice cases' if inspection.made_up else 'Cases'} judged sufficient",
            "share": "Percentage",
            "range": "What the totals make possible" if inspection.made_up else INTERVAL_TEXT,
        },
        measure=f"Cases judged sufficient on each key question, by {label.lower()}",
        notes=(
            "Groups differ in who is in them; a difference between cells is no finding by itself. "
            f"Under {number(FEWEST_FOR_A_BAR)} cases a cell has no colour.",
        ),
        recount=Recount(yes, n, "answered", split=True) if follows else None,
        protect=Protect(group=by),
        counts={"yes": yes, "n": n},
        draw=_draw_cells,
        variant=by,
    )


def _group_rows(inspection: Inspection, by: str) -> pd.DataFrame:
    rows = question_counts(inspection, checked_groups(inspection, by))
    place = inspection.questions.index
    rows = rows.sort_values(
        "question", key=lambda ids: ids.map(place), kind="stable", ignore_index=True
    )
    group, label = rows[by].astype("str"), rows["question"].map(inspection.framework.label)
    heads = {name: "\n".join(textwrap.wrap(name, HEAD_CHARACTERS)) for name in group.unique()}
    rows = rows[["question", "yes", "n"]].assign(
        **{by: group},
        group=group,
        group_head=group.map(heads),
        question_label=label,
        label=group + ", " + label,
    )
    if inspection.made_up:
        rows = with_published_totals(rows, inspection)
    return with_shares(rows, inspection, split=True)


def _draw_cells(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    heads = list(dict.fromkeys(shown.rows["group_head"]))
    most = max((head.count("\n") for head in heads), default=0)
    lines = alt.Axis(
        orient="top",
        labelExpr="split(datum.label, '\\n')",
        labelAngle=0,
        domain=False,
        ticks=False,
        labelLimit=200,
        labelPadding=8 + LINE_HEIGHT * most,  # the axis places the first line: room for the others
    )
    plain = alt.Axis(domain=False, ticks=False, labelLimit=230, labelPadding=8)
    at = {
        "x": alt.X("r.group_head:N", sort=heads, title=None, axis=lines),
        "y": alt.Y("r.question_label:N", sort=None, title=None, axis=plain),
    }
    color = alt.Color("r.bar:Q", scale=alt.Scale(domain=[0, 80], range=SEQUENTIAL), legend=None)
    light = either("color", f"datum.r.bar >= {LIGHT_TEXT_FROM}", PAPER, INK)
    layers = [
        blank().mark_rect(stroke=RULE).encode(**at, color=color),
        blank().mark_text(fontSize=12).encode(**at, text=alt.Text("r.cases:N"), color=light),
    ]
    width = max(WIDTH - ROOM_FOR_QUESTIONS, COLUMN_WIDTH * len(heads))
    return drawn(layers, alt.Step(ROW_HEIGHT)).properties(width=width)


@finding(
    question="What is each group made up of, by sentence and risk?",
    needs="cases",
    follows=False,
    shown_by="all cases",
    label="What groups are made up of",
)
def make_up(inspection: Inspection, by: str = "ethnicity") -> Finding:
    """Return what groups are made up of: sentence type and risk of serious harm.

    It says nothing of quality: it stands beside a comparison, whose differences may follow sentence
    or risk and not the group.

    Parameters
    ----------
    inspection : Inspection
        Cases.
    by : str
        The characteristic.

    Returns
    -------
    Finding
        A row per group and value that it has: `group, characteristic, label, value`; `cases` of `n`
        in the group, `percent`; where its part of a bar begins and ends. A group under ten cases
        has counts and no bar. What the cases are grouped by is not among the characteristics.

    Raises
    ------
    UnknownName
        For a characteristic that there is not.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.make_up("sex").title[-37:]
    'What the groups by sex are made up of'
    """
    label = label_of(by)
    return Finding(
        inspection=inspection,
        rows=_made_up_of(inspection, by),
        say=lambda shown: _make_up_said(shown, label),
        columns={
            "group": label,
            "label": "Characteristic",
            "value": "Value",
            "cases": "Cases",
            "n": "Cases in the group",
        },
        measure=f"Cases of each group, by {label.lower()}",
        notes=(f"Groups under {FEWEST_FOR_A_BAR} cases have no bar.",),
        protect=Protect(people=("cases",), group=by),
        draw=_draw_parts,
        variant=by,
    )


def _made_up_of(inspection: Inspection, by: str) -> pd.DataFrame:
    by_group, known = checked_groups(inspection, by), inspection.characteristics
    values = {name: known[name] for name in BESIDE if name in known and name != by}
    keys = {(name, one): group_key(name, one, ALL) for name in values for one in values[name]}
    counted = count(inspection, [ALL, *keys.values()], by_group).to_dict("records")
    rows = [
        {
            by: str(row[by]),
            "group": str(row[by]),
            "characteristic": name,
            "label": label_of(name),
            "value": value,
            "cases": row[keys[name, value]],
            "n": row[ALL],
            "shade": values[name].index(value),
            "size": f"{row[by]}, {row[ALL]} {cases_word(row[ALL])}",
            "counted": f"{value} {row[keys[name, value]]}",
        }
        for name in values
        for row in counted
        for value in values[name]
    ]
    if not rows:
        raise NotInData("Neither sentence type nor risk of serious harm is known of these cases.")
    found = pd.DataFrame(rows)
    return _with_bars(found[found["cases"] > 0].reset_index(drop=True))


def _with_bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the ends of each bar's parts, and the words in it or in its place."""
    line, barred = rows["size"] + ": " + rows["label"].str.lower(), rows["n"] >= FEWEST_FOR_A_BAR
    percent, first = 100 * rows["cases"] / rows["n"], ~line.duplicated()
    ends, words = percent.groupby(line).cumsum(), rows["counted"].groupby(line)
    inside = rows["counted"].where(percent >= ROOM_FOR_WORDS, rows["cases"].astype("str"))
    return rows.assign(
        percent=percent,
        line=line,
        bar_from=(ends - percent).where(barred),
        bar_to=ends.where(barred),
        bar_middle=(ends - percent / 2).where(barred),
        inside=inside.where(barred, ""),
        head=line.where(first, ""),
        in_words=words.transform(", ".join).where(first & ~barred, ""),
    )


def _make_up_said(rows: pd.DataFrame, label: str) -> Said:
    large = rows[rows["n"] >= FEWEST_FOR_A_BAR].groupby(["size", "label"], sort=False)
    parts = large["counted"].agg(", ".join).groupby(level=0, sort=False).agg("; ".join)
    said = " ".join(parts.index + ": " + parts + ".") or f"No group has {FEWEST_FOR_A_BAR} cases."
    return f"What the groups by {label.lower()} are made up of", said


def _draw_parts(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    scale = alt.Scale(domain=[0, 100])
    x = alt.X("r.bar_from:Q", scale=scale, title="Percentage of the group's cases")
    # The order is given here, because a row without a bar would go to the end.
    y = alt.Y("r.line:N", scale=alt.Scale(domain=list(shown.rows["line"].unique())), axis=None)
    shades = alt.Scale(domain=list(range(len(SEQUENTIAL))), range=SEQUENTIAL)
    color = alt.Color("r.shade:O", scale=shades, legend=None)
    light = either("color", "datum.r.shade >= 3", PAPER, INK)
    middle = alt.X("r.bar_middle:Q", scale=scale)
    layers = [
        blank()
        .mark_bar(size=18, yOffset=9, stroke=INK, strokeWidth=0.5)
        .encode(x=x, x2=alt.X2("r.bar_to:Q"), y=y, color=color),
        blank()
        .mark_text(yOffset=9, fontSize=11)
        .encode(x=middle, y=y, text=alt.Text("r.inside:N"), color=light),
        blank()
        .mark_text(align="left", dy=-10, dx=2)
        .encode(x=from_left(0), y=y, text=alt.Text("r.head:N")),
        blank()
        .mark_text(align="left", dy=9, dx=2, fontSize=11)
        .encode(x=from_left(0), y=y, text=alt.Text("r.in_words:N")),
    ]
    return drawn(layers, alt.Step(BAR_HEIGHT))
