"""One inspection beside others that could be read: figures, scores, percentages. No rank."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hmip_kit.collection import Against
from hmip_kit.findings import Finding, Row, Said, finding
from hmip_kit.inspection import Inspection
from hmip_kit.picture import either
from hmip_kit.picture.rows import Rows, even_ticks
from hmip_kit.picture.text import text_value
from hmip_kit.settings import BLUE, INK, PAPER, STRIP
from hmip_kit.sources.others import AS_ASKED, PERCENT, POINTS, other_figures, topics
from hmip_kit.stats.words import listed, number

if TYPE_CHECKING:
    import altair as alt

THIS, OTHER = "this inspection", "another inspection"
IS_THIS = f"datum.r.whose == '{THIS}'"
NO_STAGE = "Safety without a stage"  # where the lowest figure on safety stands that was read
NOTHING = "There is nothing to set beside this inspection."
WHOSE = ["inspection", "regime_label", "date_from", "when", "whose", "address"]


@finding(
    question="What is published of other inspections?",
    needs="a publication",
    follows=False,
    shown_by="all cases",
    label="Other inspections",
)
def others(published: Inspection | Against) -> Finding:
    """Return the published figures of other inspections that could be read, as a table.

    Parameters
    ----------
    published : Inspection or Against
        A published inspection; the others beside it, such as reports that were read, stand in the
        table too, each in place of what it has of the same unit, measure and days.

    Returns
    -------
    Finding
        A row per figure, in order of date: the columns of `hmip_kit.sources.others.other_figures`,
        `when`, the date as precisely as it is known, `whose` (this inspection, another inspection)
        and `text`, the figure in words. What a page does not state is missing or blank.

    Notes
    -----
    Source: `data/README.md`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.others().title
    '198 published figures of 102 inspections'
    """
    inspection, rows = beside(published)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: (
            f"{len(shown)} published figures of {shown['inspection'].nunique()} inspections",
            " ".join(cautions(shown)),
        ),
        columns={
            "inspection": "Inspection",
            "when": "Published",
            "label": "What is counted",
            "text": "Figure",
            "base": "Out of",
            "regime_label": "Regime",
            "address": "Read from",
        },
        measure="Published figures, in order of date",
        cases=f"{len(rows)} figures that could be read",
        opens=False,
    )


def beside(published: Inspection | Against) -> tuple[Inspection, pd.DataFrame]:
    """Return which inspection `published` is about, and what was read of it and others, by date."""
    inspections = published.all if isinstance(published, Against) else (published,)
    by_date = ["date_from", "date_to", "inspection"]
    rows = other_figures(*inspections).sort_values(by_date, kind="stable", ignore_index=True)
    this = (rows["inspection"] == inspections[0].title) & rows["row"].isna()
    said = rows.to_dict("records")
    return inspections[0], rows.assign(
        whose=np.where(this, THIS, OTHER),
        when=[_when(row) for row in said],
        text=[_text(row) for row in said],
        start=_year(rows["date_from"]),
        end=_year(rows["date_to"] + pd.Timedelta(days=1)),
        **{day: rows[day].dt.strftime("%Y-%m-%d").fillna("") for day in by_date[:2]},
    )


def _year(days: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    """Return days as years with their fraction."""
    return days.dt.year + (days.dt.day_of_year - 1) / (365 + days.dt.is_leap_year)


def _when(row: Row) -> str:
    """Return a date as precisely as it is known."""
    start, end, precision = row["date_from"], row["date_to"], row["precision"]
    if pd.isna(start):
        return "not stated"
    years, month = " or ".join(map(str, range(start.year, end.year + 1))), f"{start:%B %Y}"
    said = {
        "day": f"{start.day} {month}",
        "month": month,
        "month of fieldwork": f"fieldwork {month}",
        "year": years,
    }
    return said.get(precision, f"{years}, inferred")


def _text(row: Row) -> str:
    value, n, kind = row["value"], row["n"], row["unit_of"]
    if kind == POINTS:
        return f"{value}, maximum not stated" if pd.isna(n) else f"{value} of {n}"
    if kind != PERCENT:
        return str(value)
    words = f' ("{row["words"]}")' if row["words"] else ""
    return f"{value}%{words}, {'n not stated' if pd.isna(n) else f'n = {n}'}"


def cautions(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return what a reader must know before comparing `rows`; last, that they are a sample."""
    known = {
        "Several regimes: standards, weights and wordings differ, so that ratings and scores do "
        "not compare as they stand.": rows["regime_label"].nunique() > 1,
        "Wordings differ: a figure compares with another only where both are worded alike and "
        "count the same cases.": "wording" in rows and (rows["wording"] != AS_ASKED).any(),
        "A sample of published pages that could be read, no census: what is missing here may "
        "exist.": True,
    }
    return tuple(caution for caution, holds in known.items() if holds)


@finding(
    question="What did other inspections score?",
    needs="a publication",
    follows=False,
    shown_by="all cases",
    label="Scores of other inspections",
)
def other_scores(published: Inspection | Against) -> Finding:
    """Return scores that could be read, by date, each against the highest where that is stated.

    Parameters
    ----------
    published : Inspection or Against
        A published inspection; the others beside it are added: see `others`.

    Returns
    -------
    Finding
        A row per score: `inspection, regime_label, date_from, when, whose, address` as in `others`;
        `unit`; `number`, points; `n`, the highest score possible, missing where the page does not
        state it; `label`, `text` and `line` in words.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.other_scores().title
    'Lewisham & Bromley PDU, November 2022: 4 of 24 points'
    """
    inspection, rows = beside(published)
    rows = rows.loc[rows["unit_of"] == POINTS, [*WHOSE, "unit", "number", "n", "text"]]
    label = rows["unit"] + ", " + rows["when"]
    rows = rows.assign(label=label, line=label + ": " + rows["text"])
    return Finding(
        inspection=inspection,
        rows=rows.reset_index(drop=True),
        say=lambda shown: _scores_said(shown, inspection.title),
        columns={
            "inspection": "Inspection",
            "when": "Published",
            "text": "Score",
            "regime_label": "Regime",
            "address": "Read from",
        },
        measure="Overall score in points, in order of date",
        cases=f"{len(rows)} scores that could be read",
        notes=(
            *cautions(rows),
            "A grey line ends at the highest score possible. It moves with what was inspected, so "
            "that points do not compare across maxima.",
        ),
        draw=_draw_scores,
    )


def _scores_said(rows: pd.DataFrame, title: str) -> Said:
    if rows.empty:
        return "No score could be read", NOTHING
    this, rest = (rows[rows["whose"] == whose] for whose in (THIS, OTHER))
    score = f"{this['text'].iloc[0]} points" if len(this) else "score not stated"
    said = f"Others, by date: {'; '.join(rest['line']) or 'none'}. {cautions(rows)[0]}"
    return f"{title}: {score}", said


def _draw_scores(shown: Finding) -> "alt.LayerChart":
    ticks = even_ticks(shown.rows[["n", "number"]].max().max())
    rows = Rows(
        labels=[*shown.rows["label"]],
        id="inspection",
        values=text_value(shown.rows["text"]),
        domain=(0, ticks[-1]),
        ticks=ticks,
        unit="",
        title="Points",
        bold=IS_THIS,
        marked=("number",),
    )
    dot = rows.dot("number", size=110).encode(color=either("color", IS_THIS, INK, BLUE))
    return rows.drawn([rows.bar("", "n", 4, color=STRIP), dot])


@finding(
    question="Which percentages do other inspections give on the same topics?",
    needs="a publication",
    follows=False,
    shown_by="all cases",
    label="Percentages of other inspections",
)
def other_percentages(published: Inspection | Against) -> Finding:
    """Return percentages that could be read, by topic and date, with those of this inspection.

    Parameters
    ----------
    published : Inspection or Against
        A published inspection; the others beside it are added: see `others`.

    Returns
    -------
    Finding
        A row per percentage: `inspection, regime_label, date_from, when, whose, address` as in
        `others`; `topic, label, question, wording, n, base`; `percent` (0 to 100); `text` (the
        share with its n, or that the n is not stated), `line` (whose and what) and `place` (topic
        and a number from 0, as "Staff|0"). Topics of this inspection alone are left out.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.other_percentages().title
    'None of 34 percentages of other inspections has a stated n'
    """
    inspection, rows = beside(published)
    rows = _by_topic(rows)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_percentages_said,
        columns={
            "topic": "Topic",
            "label": "What is counted",
            "inspection": "Inspection",
            "when": "Published",
            "text": "Share",
            "base": "Out of",
            "address": "Read from",
        },
        measure="Percentages by topic and date, as published",
        cases=f"{len(rows)} percentages that could be read",
        notes=(
            *cautions(rows),
            "Filled: this inspection. A square is worded as the key question, a circle otherwise. "
            "Without n there is no interval.",
        ),
        draw=_draw_dots,
    )


def _by_topic(rows: pd.DataFrame) -> pd.DataFrame:
    order = list(dict.fromkeys([*topics(), *rows["topic"]]))
    rows = rows[rows["unit_of"] == PERCENT]
    rows = rows[rows["topic"].isin(rows.loc[rows["whose"] == OTHER, "topic"])]
    rows = rows.sort_values(
        "topic", key=lambda topic: topic.map(order.index), kind="stable", ignore_index=True
    )
    dated = (", " + rows["when"]).where(rows["whose"] == OTHER, "")
    rows = rows.assign(
        percent=rows["number"],
        line=rows["inspection"] + dated + ": " + rows["label"],
        head=rows["topic"].where(~rows["topic"].duplicated(), ""),
        place=rows["topic"] + "|" + rows.groupby("topic").cumcount().astype("str"),
    )
    what = ("topic", "label", "question", "wording", "percent", "n", "base", "text")
    return rows[[*WHOSE, *what, "line", "head", "place"]]


def _percentages_said(rows: pd.DataFrame) -> Said:
    rest = rows[rows["whose"] == OTHER]
    if rest.empty:
        return "No percentage could be read", NOTHING
    stated = int(rest["n"].notna().sum())
    many = f"{number(stated).capitalize() if stated else 'None'} of {len(rest)} percentages"
    have = f"of other inspections {'has' if stated < 2 else 'have'} a stated n"
    mine = rows["topic"].isin([*rows.loc[rows["whose"] == THIS, "topic"], NO_STAGE])
    said = [_topic_said(group) for _, group in rows[mine].groupby("topic", sort=False)]
    return f"{many} {have}", " ".join([*said, *cautions(rows)[:-1]])


def _topic_said(rows: pd.DataFrame) -> str:
    """Return one topic in words: what this inspection has, and between what the others lie."""
    mine, rest = (rows[rows["whose"] == whose] for whose in (THIS, OTHER))
    ends = dict.fromkeys(f"{rest['percent'].agg(end):g}%" for end in ("min", "max"))
    alike = "" if (rest["wording"] == AS_ASKED).all() else ", not all worded as the key question"
    count = f"{number(len(rest))} {'other' if len(rest) == 1 else 'others'} {' to '.join(ends)}"
    here = listed(list(mine["text"])) if len(mine) else "none"
    return f"{rows['topic'].iloc[0]}: {here} here; {count}{alike}."


def _draw_dots(shown: Finding) -> "alt.LayerChart":
    rows = Rows(
        labels=[*shown.rows["line"]],
        id="place",
        field="line",
        heads=[*shown.rows["head"]],
        values=text_value(shown.rows["text"]),
        title="Percentage, as published",
        bold=IS_THIS,
        marked=("percent",),
    )
    fill = either("fill", IS_THIS, INK, PAPER)
    shape = either("shape", f"datum.r.wording == '{AS_ASKED}'", "square", "circle")
    dot = rows.dot("percent", filled=False, stroke=INK, strokeWidth=2)
    return rows.drawn([dot.encode(fill=fill, shape=shape)])
