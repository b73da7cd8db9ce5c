"""The key questions as tables: the lowest, how sure they are, and every answer by group."""

from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts.questions import Asked, checked_groups, question_counts
from hmip_kit.errors import KitError, NotInData
from hmip_kit.findings import Finding, Protect, Said, finding
from hmip_kit.findings.key_questions import (
    question_columns,
    question_rows,
    question_tallies,
    worked_out,
)
from hmip_kit.findings.shares import (
    INTERVALS,
    shares_said,
    with_published_totals,
    with_shares,
)
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.picture.key import UPRIGHT, Sign
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.said import share_values
from hmip_kit.settings import (
    BLUE,
    CONFIDENCE,
    CONFIDENCE_TEXT,
    FEWEST_FOR_A_BAR,
    MOST_LISTED,
    QUIET,
)
from hmip_kit.stats.words import number

if TYPE_CHECKING:
    import altair as alt


@finding(
    question="Which key questions are the lowest?",
    needs=("key questions", "real data"),
    follows=False,
    shown_by="all cases",
    label="Key questions with the fewest cases sufficient",
)
def lowest_key_questions(inspection: Inspection, count: int = 3) -> Finding:
    """Return the key questions with the lowest shares, the lowest first.

    Parameters
    ----------
    inspection : Inspection
        Totals or own cases: of made-up ones none is named the lowest.
    count : int
        How many; all that tie with the last are among them.

    Returns
    -------
    Finding
        The rows of `key_questions` with ten cases or more; `rated` says whether its standard is
        rated: the bands stand there.

    Raises
    ------
    KitError
        For a count under one.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.lowest_key_questions().title
    'Lowest: Delivery: safety of other people, 8 of 42 cases'
    """
    if count < 1:
        raise KitError(f"{count} key questions cannot be shown: ask for one or more")
    rows = question_rows(inspection)
    ranked = rows[rows["bar"].notna()].sort_values("percent", kind="stable")
    if ranked.empty:
        few = number(FEWEST_FOR_A_BAR)
        raise NotInData(f"No key question was answered in {few} cases: none is named the lowest.")
    shown = ranked[ranked["percent"] <= ranked["percent"].iloc[:count].max()]
    return Finding(
        inspection=inspection,
        rows=shown.assign(rated=shown["question"].isin(inspection.framework.casework_key)),
        say=lambda left: shares_said(left, inspection, "lowest"),
        columns=question_columns(inspection),
        measure="The key questions with the fewest cases judged sufficient",
        notes=(*_bands_note(inspection.framework), *worked_out(inspection), INTERVALS),
        counts=question_tallies(shown),
        draw=_draw,
    )


def _bands_note(framework: Framework) -> list[str]:
    """Return what the thin lines are, with the status of the bands."""
    bands = ", ".join(f"{band.rating} from {band.start:g}%" for band in framework.bands[1:])
    unread = " Unverified: no source that we read states them." * _unverified(framework)
    return [f"Thin lines: rating bands ({bands}).{unread}"]


def _unverified(framework: Framework) -> bool:
    return framework.rule("bands").status == "unverified"


def _draw(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    framework = shown.inspection.framework
    bands, unverified = framework.bands[1:], " (unverified)" * _unverified(framework)
    signs = [Sign(f"{one.rating} from {one.start:g}%", QUIET, UPRIGHT) for one in bands]
    rows = Rows(
        labels=[*shown.rows["label"]],
        values=share_values(shown),
        title=f"Percentage of cases, and rating bands{unverified}",
        key=(*signs,),
    )
    return rows.drawn(
        [rows.bands([one.start for one in bands]), *rows.shares(alt.ColorValue(BLUE))]
    )


@finding(
    question="How sure is the share on each key question?",
    needs=("key questions", "real data"),
    follows=False,
    shown_by="one group",
)
def how_sure(inspection: Inspection) -> Finding:
    """Return each key question's 95% interval, as a table.

    Parameters
    ----------
    inspection : Inspection
        Totals or own cases: made-up cases carry no inference.

    Returns
    -------
    Finding
        The rows of `key_questions`; without an interval under ten cases.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.how_sure().title
    'How sure: from 10% to 33% on the lowest key question to 42% to 71% on the highest'
    """
    rows = question_rows(inspection)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _sure_said(shown),
        columns=question_columns(inspection),
        measure=f"The {CONFIDENCE_TEXT} Wilson interval of each key question",
        notes=(*worked_out(inspection), INTERVALS),
        counts=question_tallies(rows),
    )


def _sure_said(rows: pd.DataFrame) -> Said:
    some = rows[rows["low"].notna()]
    if some.empty:
        few = f"Under {number(FEWEST_FOR_A_BAR)} cases there is no interval."
        return "How sure: too few cases to say", few
    each = f"{CONFIDENCE_TEXT} intervals: {'; '.join(some['label'] + ', ' + some['range'])}."
    ends = [
        some.loc[some["percent"] == some["percent"].agg(end), "range"] for end in ("min", "max")
    ]
    low, high = (one.iloc[0] for one in ends)
    if low == high:
        return f"How sure: {low} on each key question", each
    return f"How sure: from {low} on the lowest key question to {high} on the highest", each


@finding(
    question="How was each question answered, in all and by group?",
    needs="key questions",
    follows=False,
    shown_by="one group",
)
def results(
    inspection: Inspection,
    by: Asked = None,
    questions: Asked = None,
    confidence: float = CONFIDENCE,
) -> Finding:
    """Return the answers to each question, in all or by group, as a table.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.
    by : str or several, optional
        One or two characteristics to group the cases by.
    questions : str or several, optional
        Questions by their ids; without, the key questions in the framework's order.
    confidence : float
        Of the intervals.

    Returns
    -------
    Finding
        A row per group and question, those without cases too: the groups, `question, label,
        standard, strand`, the counts `yes, no, not_applicable, not_recorded, n`, what
        `shares.with_shares` adds, and `rating`, the band of a casework question's share, under the
        status that the framework gives its bands; blank for practice cases, and for a part of any
        cases. What totals do not state is missing.

    Raises
    ------
    UnknownName
        For a characteristic or question that there is not.
    KitError
        For more than two groupings, or a confidence outside 0 to 1.

    Notes
    -----
    Wilson (1927), by `statsmodels.stats.proportion.proportion_confint`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("practice-cases").show.results("sex", questions="delivery_safety").rows
    >>> rows[["sex", "yes", "n"]].values.tolist()
    [['Female', 2, 6], ['Male', 6, 36]]
    """
    if not 0 < confidence < 1:
        raise KitError(f"a confidence lies between 0 and 1: not {confidence}")
    groups, framework = checked_groups(inspection, by), inspection.framework
    rows = question_counts(inspection, groups, questions)
    if inspection.made_up:
        rows = with_published_totals(rows, inspection)
    rows = with_shares(rows, inspection, bool(groups), confidence)
    key = [framework.key(one) for one in rows["question"]]
    rows = rows.assign(
        label=[framework.label(one) for one in rows["question"]],
        standard=[one.standard if one else "" for one in key],
        strand=[one.strand if one else "" for one in key],
        rating=_bands(rows, inspection, part=bool(groups or inspection.filters)),
    )
    named = {name: name.replace("_", " ").capitalize() for name in groups}
    columns = {**named, **question_columns(inspection), "label": "Question"}
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_answers_said,
        columns=columns,
        measure="Cases judged sufficient on each question",
        protect=Protect(group=groups[0] if groups else ""),
        variant="_".join(groups),
    )


def _answers_said(rows: pd.DataFrame) -> Said:
    many = rows["question"].nunique()
    title = f"Answers to {number(many)} {'question' if many == 1 else 'questions'}"
    if len(rows) > MOST_LISTED:
        return title, f"{len(rows)} rows: the table has how many answered Yes."
    each = "; ".join(rows["label"] + " " + rows["text"])
    return title, f"Answered Yes: {each}." if each else "There is nothing to count."


def _bands(rows: pd.DataFrame, inspection: Inspection, part: bool) -> list[str]:
    """Return the band of each row's share; blank for what is not rated."""
    framework = inspection.framework
    rated = rows["question"].isin(framework.casework_key) & (not (part or inspection.made_up))
    counts = zip(rows["yes"], rows["n"], rated, strict=True)
    return [framework.band(yes, n) if is_rated else "" for yes, n, is_rated in counts]
