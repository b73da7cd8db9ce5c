"""Two looks at one thing: a unit now and later, or two auditors at the same cases."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hmip_kit.cases import MISSING_CODE, Codes
from hmip_kit.counts.questions import question_counts
from hmip_kit.errors import KitError, NotInData
from hmip_kit.findings import Finding, Protect, Row, Said, absent, finding
from hmip_kit.findings.shares import COMPARABLE, with_difference
from hmip_kit.framework import Framework
from hmip_kit.inspection import Against, Inspection
from hmip_kit.picture import blank, drawn
from hmip_kit.schema import ANSWERS
from hmip_kit.settings import CATEGORICAL, CONFIDENCE_TEXT, FEWEST_FOR_A_BAR
from hmip_kit.stats.intervals import INTERVAL_TEXT, wilson
from hmip_kit.stats.samples import beyond_chance
from hmip_kit.stats.words import listed, number, share_after, whole_percent

if TYPE_CHECKING:
    import altair as alt

HEIGHT = 360
SHAPES = ["circle", "square", "triangle-up", "diamond"]
WHEN = ("before", "after")
MOST_NAMED, MOST_TOLD = 2, 5  # questions on which auditors differ, in a title and in a sentence
LOCAL = "Local auditors are not inspectors: part of a difference may lie in who judged."


@finding(
    question="Has it changed since?",
    needs=("key questions", "real data"),
    follows=False,
    shown_by="one group",
)
def change(compared: Against) -> Finding:
    """Return each key question before and after, and which changes lie beyond chance.

    The two samples are taken as drawn apart from each other: not the same cases audited twice.

    Parameters
    ----------
    compared : Against
        The inspection before, and one of the same unit after; where they do not compare, the
        finding says why.

    Returns
    -------
    Finding
        Two rows per question that both have answered, before and after: `question, label,
        stage_label, strand_label, when`; `yes, n, percent, low, high, text` with Wilson's 95%
        interval, missing under ten cases; and of the change `difference, difference_low,
        difference_high`, after minus before in percentage points with Newcombe's 95% interval,
        missing where one side has fewer than ten cases; `beyond_chance`, whether it leaves out
        zero; `least_fall, least_rise`, the counts after from which a change lies beyond chance,
        missing where none does; `fits, needed`, the same in words.

    Raises
    ------
    KitError
        For more than two inspections.

    Notes
    -----
    Newcombe (1998), method 10; Wilson (1927).

    Examples
    --------
    >>> import hmip_kit as hk
    >>> pdu = hk.load("lewisham-bromley-2022")
    >>> rows = pdu.against(pdu).show.change().rows.set_index("question")
    >>> int(rows.loc["assessment_safety", "least_rise"].iloc[0])
    18
    """
    before, after, *more = compared.all
    if more:
        raise KitError(f"a change is of two inspections, before and after: {2 + len(more)} given")
    own = tuple(one for one in compared.all if one.protected)
    about = min(own or (before,), key=lambda one: one.size)
    units = {str(one.identity["unit"]) for one in compared.all if one.identity.get("unit")}
    rows, why = _rows(before, after), ""
    if len(units) > 1:
        why = f"A change is within one unit: {listed(sorted(units))} are two."
    elif rows.empty:
        why = f"{before.title} and {after.title} have no answered question in common."
    if why:
        return absent(compared, "Change", why, about)
    return Finding(
        inspection=about,
        rows=rows,
        say=lambda shown: _said(shown, before, after, LOCAL if own else ""),
        columns={
            "label": "Key question",
            "when": "When",
            "text": "Cases judged sufficient",
            "fits": f"Change in points, {INTERVAL_TEXT}",
            "needed": "Beyond chance from",
        },
        measure="Percentage of cases judged sufficient on each key question, before and after",
        cases=f"{before.size} cases before, {after.size} after",
        notes=(
            *([LOCAL] if own else []),
            f"Lines up and down: {CONFIDENCE_TEXT} Wilson intervals of each share. A change is "
            "judged by Newcombe's interval of the difference.",
        ),
        protect=Protect(beside=own),
        draw=lambda shown: _draw(shown, before.framework),
        opens=False,
    )


def _rows(before: Inspection, after: Inspection) -> pd.DataFrame:
    sides = [question_counts(one)[["question", "yes", "n"]] for one in (before, after)]
    wide = sides[0].merge(sides[1], on="question", suffixes=("_before", "_after"))
    wide = with_difference(wide[(wide["n_before"] > 0) & (wide["n_after"] > 0)], *WHEN)
    rows = pd.DataFrame(
        _of_change(row, before.framework) | _of_side(row, when)
        for row in wide.to_dict("records")
        for when in WHEN
    )
    if rows.empty:
        return rows
    rows = rows.assign(place=rows["stage_label"] + ", " + rows["when"])
    return rows.astype({"least_fall": "Int64", "least_rise": "Int64"})


def _of_change(row: Row, framework: Framework) -> Row:
    question, low, high = row["question"], row["low"], row["high"]
    key, size = framework.key(question), int(row["n_after"])
    facts = {
        "question": question,
        "label": framework.label(question),
        "stage_label": framework.stages[key.stage] if key else "",
        "strand_label": framework.strands[key.strand] if key else "",
        "difference": row["difference"],
        "difference_low": low,
        "difference_high": high,
        "beyond_chance": low > 0 or high < 0,
    }
    if pd.isna(row["difference"]):
        return facts | {"least_fall": None, "least_rise": None, "fits": "", "needed": ""}
    fall, rise = beyond_chance(int(row["yes_before"]), int(row["n_before"]), size)
    ends = {"or fewer": fall, "or more": rise}
    counts = [f"{end} {words}" for words, end in ends.items() if end is not None]
    return facts | {
        "least_fall": fall,
        "least_rise": rise,
        "fits": f"{row['difference']:+.0f} ({low:+.0f} to {high:+.0f})",
        "needed": f"{' and '.join(counts) or 'no count'} of {size}",
    }


def _of_side(row: Row, when: str) -> Row:
    yes, n = int(row[f"yes_{when}"]), int(row[f"n_{when}"])
    enough = n >= FEWEST_FOR_A_BAR
    low, high = wilson(yes, n) if enough else (np.nan, np.nan)
    return {
        "when": when,
        "yes": yes,
        "n": n,
        "percent": 100 * yes / n if enough else np.nan,
        "low": low,
        "high": high,
        "text": f"{yes} of {n}{share_after(yes, n)}",
    }


def _said(rows: pd.DataFrame, before: Inspection, after: Inspection, warning: str) -> Said:
    compared = rows[(rows["when"] == "after") & rows["difference"].notna()]
    beyond = compared[compared["beyond_chance"]]
    many = f"{number(len(compared))} key {'question' if len(compared) == 1 else 'questions'}"
    title, said = "Too few cases to tell a change", COMPARABLE
    if len(beyond):
        counts = (beyond["difference"] > 0).map({True: "higher", False: "lower"}).value_counts()
        parts = [f"{number(counts[way])} {way}" for way in ("higher", "lower") if way in counts]
        title = f"Beyond chance in {many}: {listed(parts)}"
        said = f"Beyond chance: {'; '.join(beyond['label'] + ', ' + beyond['fits'] + ' points')}."
    elif len(compared):
        title = f"No change beyond chance in {many}"
        said = "No interval of a difference leaves out zero: that is not the same as no change."
    return title, f"{before.title} against {after.title}. {said} {warning}".rstrip()


def _draw(shown: Finding, framework: Framework) -> "alt.LayerChart":
    import altair as alt

    stages, strands = (
        [one for one in labels.values() if one in set(shown.rows[column])]
        for labels, column in (
            (framework.stages, "stage_label"),
            (framework.strands, "strand_label"),
        )
    )
    places = alt.Scale(domain=[f"{stage}, {when}" for stage in stages for when in WHEN])
    axis = alt.Axis(
        labelAngle=0,
        labelExpr="split(datum.label, ', ')",
        labelFontSize=11,
        labelPadding=6,
        domain=False,
        ticks=False,
    )
    scale, legend = alt.Scale(domain=[0, 100]), alt.Legend(orient="top", title=None)
    colours, shapes = (
        alt.Scale(domain=strands, range=signs[: len(strands)]) for signs in (CATEGORICAL, SHAPES)
    )
    y, low = (alt.Y(f"r.{name}:Q", scale=scale, title=None) for name in ("percent", "low"))
    shared = {
        "x": alt.X("r.place:N", scale=places, title=None, axis=axis),
        "xOffset": alt.XOffset("r.strand_label:N", scale=alt.Scale(domain=strands)),
        "color": alt.Color("r.strand_label:N", scale=colours, legend=legend),
    }
    shape = alt.Shape("r.strand_label:N", scale=shapes, legend=legend)
    layers = [
        blank()
        .mark_rule(strokeWidth=1.5, opacity=0.6)
        .encode(y=low, y2=alt.Y2("r.high:Q"), **shared),
        blank().mark_line(strokeWidth=2).encode(y=y, detail=alt.Detail("r.question:N"), **shared),
        blank().mark_point(filled=True, size=80, opacity=1).encode(y=y, shape=shape, **shared),
    ]
    return drawn(layers, HEIGHT)


@finding(
    question="How far do two auditors agree on the same cases?",
    needs="cases",
    follows=False,
    shown_by="all cases",
)
def agreement(compared: Against) -> Finding:
    """Return in how many cases two auditors gave the same answer, the fewest first, as a table.

    Cases are matched on `case_id`; a case or an answer that one of the two lacks does not count.
    Which cases differ is not told.

    Parameters
    ----------
    compared : Against
        The first auditor's cases and the second's: see `Inspection.second_auditor`.

    Returns
    -------
    Finding
        A row per question: `question, label`; `agreed` of `n` cases, `percent`; `first_yes,
        second_yes`, cases with Yes; `kappa`, Cohen's kappa over Yes, No and Not applicable, missing
        under ten cases and where one auditor gave the same answer throughout, because it needs both
        to vary; `counts, share, kappa_text`, the same in words. Where the two have no case, or no
        answered question, in common the finding says so.

    Raises
    ------
    KitError
        For more than two inspections.

    Notes
    -----
    Cohen (1960), by `statsmodels.stats.inter_rater.cohens_kappa`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> cases = hk.load("practice-cases")
    >>> cases.against(cases).show.agreement().title[-38:]
    'Two auditors agreed in all 924 answers'
    """
    if len(compared.all) > 2:
        raise KitError(f"agreement is of two auditors: {len(compared.all)} are given")
    return Finding(
        inspection=next((one for one in compared.all if one.protected), compared.inspection),
        rows=_matched(compared),
        say=_agreed_said,
        columns={
            "label": "Question",
            "counts": "Agreed",
            "share": "Percentage",
            "kappa_text": "Cohen's kappa",
        },
        measure="Cases in which two auditors gave the same answer",
        cases=compared.inspection.which_cases,
        notes=(
            "Kappa is agreement beyond what the two auditors' shares of each answer would give by "
            "chance; it has no unit, and 1 is all.",
        ),
        protect=Protect(beside=compared.all, paired=_in_both(compared)),
    )


def _in_both(compared: Against) -> int:
    """Return how many cases both have answers of."""
    first, second = (set(one.answers["case_id"].astype("str")) for one in compared.all)
    return len(first & second)


def _matched(compared: Against) -> pd.DataFrame:
    first, second = compared.all
    if first.made_up != second.made_up:
        raise NotInData("One of the two has made-up cases, which do not stand beside real ones.")
    places = [one.cases[["case_id"]].assign(place=range(one.size)) for one in compared.all]
    both = places[0].merge(places[1], on="case_id", suffixes=("_first", "_second"))
    if both.empty:
        raise NotInData(f"{first.title} and {second.title} have no case_id in common.")
    rows = [
        {"question": question, "label": first.framework.label(question)}
        | _agreed(
            first.coded(question)[both["place_first"]],
            second.coded(question)[both["place_second"]],
        )
        for question in first.questions
        if question in second.questions
    ]
    found = pd.DataFrame(row for row in rows if row["n"])
    if found.empty:
        raise NotInData(f"{first.title} and {second.title} answer no question in common.")
    return found.sort_values("percent", kind="stable", ignore_index=True)


def _agreed(first: Codes, second: Codes) -> Row:
    from statsmodels.stats.inter_rater import cohens_kappa

    given = (first != MISSING_CODE) & (second != MISSING_CODE)
    table = np.zeros((len(ANSWERS), len(ANSWERS)))
    np.add.at(table, (first[given], second[given]), 1)
    n, agreed = int(given.sum()), int(np.trace(table))
    vary = all((table.sum(axis=axis) > 0).sum() > 1 for axis in (0, 1))
    enough = n >= FEWEST_FOR_A_BAR
    kappa = cohens_kappa(table, return_results=False) if enough and vary else np.nan
    return {
        "agreed": agreed,
        "n": n,
        "percent": 100 * agreed / n if n else np.nan,
        "first_yes": int(table[0].sum()),
        "second_yes": int(table[:, 0].sum()),
        "kappa": float(kappa),
        "counts": f"{agreed} of {n}",
        "share": whole_percent(agreed, n) if enough else "",
        "kappa_text": "" if np.isnan(kappa) else f"{kappa:.2f}",
    }


def _agreed_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "What two auditors agreed on", "There is nothing to show."
    agreed, n = int(rows["agreed"].sum()), int(rows["n"].sum())
    if agreed == n:
        return f"Two auditors agreed in all {n} answers", "They differ on no question."
    least = list(rows.loc[rows["percent"] == rows["percent"].min(), "label"])
    names = listed(least) if len(least) <= MOST_NAMED else f"{number(len(least))} questions"
    told = list((rows["label"] + ", agreed in " + rows["counts"])[rows["agreed"] < rows["n"]])
    if len(told) > MOST_TOLD:
        told[MOST_TOLD:] = [f"and {number(len(told) - MOST_TOLD)} more"]
    said = f"They differ on: {'; '.join(told)}."
    return f"Two auditors agreed in {agreed} of {n} answers, least on {names}", said
