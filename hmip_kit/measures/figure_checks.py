"""Whether the figures of a report can be true together: each percentage on its base, restatements, and parts of a whole."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_bases import PERCENT, base_of, completed, stated_bases
from hmip_kit.measures.figure_verdicts import (
    Checked,
    parts_checked,
    percentage_checked,
    restatement_checked,
    words_checked,
)
from hmip_kit.measures.shares import Row

Found = list[tuple[str, Row, Checked]]
COLUMNS = ("figure", "section", "measure", "printed", "check", "base", "verdict", "why")


def check_figures(inspection: Inspection) -> pd.DataFrame:
    """Return what was checked about each published figure, the verdict, and why.

    Columns: `figure, section, measure, printed, check, base, verdict, why`. `check` is "percentage", "words", "restatement" or "parts".
    `verdict` is "fits", "agrees", "adds up"; "does not fit", "differs", "left over", "too many"; or "base not stated", "no power": a
    whole percentage of 101 cases or more always has a count, so the check of it can show nothing. A figure may be checked more than
    once. No rows where there are no figures and no key questions. Bases are those stated, or the size of the group that a figure is of.

    >>> import hmip_kit as hk
    >>> found = check_figures(hk.load("lewisham-bromley-2022"))
    >>> found[found["verdict"] == "differs"]["why"].item()
    '17 of 33 is 52%, not 40%; no count out of 33 gives 40%. 17 of 42 is 40%.'
    """
    figures = completed(inspection.figures)
    rows: list[Row] = [*figures.to_dict("records"), *_key_questions(inspection).to_dict("records")]
    found = [
        *_percentages(rows, figures, inspection),
        *_restatements(rows, figures, inspection),
        *_parts(rows),
    ]
    checked = [{**row, "check": check, **vars(result)} for check, row, result in found]
    return pd.DataFrame(checked, columns=list(COLUMNS)).astype({"base": "Int64"})


def _key_questions(inspection: Inspection) -> pd.DataFrame:
    """Return the published key questions as figures of their own, under the standard that each belongs to."""
    asked = {one.id: one for one in inspection.framework.questions}
    published = inspection.published
    known = [asked.get(str(question)) for question in published["question"]]
    named = published.assign(
        figure=published["question"],
        section=[one.standard if one else "" for one in known],
        measure=[
            one.label if one else question
            for one, question in zip(known, published["question"], strict=True)
        ],
        value=published["percent"],
        denominator=published["n"],
        unit=PERCENT,
    )
    return completed(named)


def _percentages(rows: list[Row], figures: pd.DataFrame, inspection: Inspection) -> Found:
    found: Found = []
    bases = stated_bases(figures, inspection)
    for row in rows:
        if row["unit"] == PERCENT:
            base = base_of(row, figures, inspection)
            if not pd.isna(row["low"]) or pd.isna(row["value"]):
                found.append(("words", row, words_checked(row, base)))
            else:
                found.append(("percentage", row, percentage_checked(row["printed"], base, bases)))
    return found


def _restatements(rows: list[Row], figures: pd.DataFrame, inspection: Inspection) -> Found:
    known = {row["figure"]: row for row in rows}
    bases = stated_bases(figures, inspection)
    pairs = [(row, known.get(row["restates"]) or _stated_before(row, rows)) for row in rows]
    return [
        ("restatement", row, restatement_checked(row, first, bases))
        for row, first in pairs
        if first is not None
    ]


def _stated_before(row: Row, rows: list[Row]) -> Row | None:
    """Return an earlier figure of another section with the same measure, population and time, where no figure names the other."""
    if row["restates"] or not row["population"]:
        return None
    same, before = ("measure", "population", "when", "unit"), rows[: rows.index(row)]
    alike = [
        one
        for one in before
        if all(one[name] == row[name] for name in same) and one["section"] != row["section"]
    ]
    return next((one for one in alike if one["restates"] != row["figure"]), None)


def _parts(rows: list[Row]) -> Found:
    found: Found = []
    for whole in rows:
        parts = [
            row for row in rows if row["part_of"] == whole["figure"] and not pd.isna(row["value"])
        ]
        units = {row["unit"] for row in parts}
        if (
            len(parts) > 1
            and len(units) == 1
            and (units == {PERCENT} or not pd.isna(whole["value"]))
        ):
            found.append(("parts", whole, parts_checked(whole, parts)))
    return found
