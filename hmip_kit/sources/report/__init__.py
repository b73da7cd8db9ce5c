"""A published report read into an inspection without cases."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.sources.problems import refusal
from hmip_kit.sources.report.annexe import read_annexe
from hmip_kit.sources.report.figures import candidates_in, recommendations_in
from hmip_kit.sources.report.identity import DATES, ITEMS, NUMBERS, identity_in, told_of
from hmip_kit.sources.report.limit import in_time
from hmip_kit.sources.report.lines import NOT_STATED, prose, tidied
from hmip_kit.sources.report.questions import (
    asked_in,
    asked_rows,
    published_in,
    told_twice,
    with_questions,
)
from hmip_kit.sources.report.ratings import Ratings, ratings_of, standing
from hmip_kit.sources.report.sheets import SHEETS
from hmip_kit.sources.report.standards import (
    UNKNOWN,
    by_section,
    frameworks,
    rating_rows,
    regime_of,
    standard_names,
    unplaced,
    with_standards,
)
from hmip_kit.sources.report.text import READERS, faults_noted, raw_lines
from hmip_kit.stats.words import plural

PACKAGES = SHEETS.keys() - READERS.keys()  # what is no report, and may be a table of key questions
MOST_PRINTED = 200  # standards, and key questions, of one report
NO_PROGRAMME = (
    "the programme is not one that the kit knows: standards are as they are printed, and no rule"
    " applies"
)


def read_report(path: str | Path, unit: str | None = None) -> Inspection:
    """Return a published report of HM Inspectorate of Probation as an inspection without cases.

    Parameters
    ----------
    path : str or Path
        The file: text, Markdown, HTML or PDF; or a table of key questions, such as the
        inspectorate's data annexe: XLSX, ODS, CSV or HTML.
    unit : str, optional
        The unit to read, where a report rates several. Where the title does not name it, no key
        question, date or number of cases is taken for its own.

    Returns
    -------
    Inspection
        `ratings`, `published` and `recommendations` are as for bundled inspections, but that a
        rating which the report does not state has the status "not stated", and that the `label` of
        a recommendation is in the report's words. An item of the identity that is not found is not
        there, and named in `identity["not_stated"]`; `identity["warnings"]` says what does not fit
        together. A report without key questions has an empty `published`.

        Further tables: `table("key_questions")` (`question`, `standard`, `wording`, `percent`,
        `yes`, `n`, `count_source`, `place`), also those whose count no whole number of cases makes
        sure; `table("stated")` (`item`, `value`, which may be "not stated"); and
        `table("candidates")`, the numbers of the prose for a person to confirm: they are not
        `figures` until then. Of a table of key questions `table("taken")` has each number with the
        cell that it was taken from (`question`, `unit`, `what`, `printed`, `value`, `cell`).

    Raises
    ------
    KitError
        Where what reads reports is not installed: the message names the extra.
    DataProblem
        For a file that cannot be read, not within 18 seconds, or is no such report; for several
        units of which none is named; for a table that can be taken in two ways.
    UnknownName
        For an unknown unit.

    Notes
    -----
    A report of a programme that the kit has no framework of has its standards as they are printed
    and no rule of another. Standards and key questions that no framework of the kit has are added
    to the inspection's own as they are printed. A count is rebuilt from its percentage where it is
    the only one that gives it (`hk.stats.possible_counts`).

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.read_report("tests/reports/made-up-pdu.html").ratings.loc[0, "rating"]
    'Good'
    """
    path = Path(path)
    with in_time(path.name):
        return (read_annexe if path.suffix.casefold() in PACKAGES else _read)(path, unit)


def _read(path: Path, unit: str | None) -> Inspection:
    with faults_noted() as faults:
        lines = tidied(raw_lines(path))
    text = prose(lines).casefold()
    if path.suffix.casefold() in SHEETS and "?" in text and "overall rating" not in text:
        return read_annexe(path, unit)  # a page of tables
    found, known = identity_in(lines), frameworks()
    titled = str(found.get("unit", ""))
    ratings = ratings_of(lines, standard_names(known), titled, unit, path.name)
    own = lines if ratings.alone else []
    (standards, twice), asked = standing(ratings, own), asked_in(own)
    if max(len(standards), len(asked)) > MOST_PRINTED:
        raise refusal(path.name, f"states more than {MOST_PRINTED} standards or key questions")
    if "publisher" not in found or not (standards or asked or ratings.overall):
        kind = "is no inspection report of HM Inspectorate of Probation"
        raise refusal(path.name, f"{kind}: it names no standard or unit with its rating")
    title = f"{titled} {found.get('published', '')} {prose(lines[:12])}"
    regime, names = with_standards(regime_of(known, standards, title), standards)
    candidates = candidates_in(lines)
    sections = by_section(regime, names)
    regime, ids = with_questions(_own_parts(regime, candidates), asked, sections)
    strange = unplaced((one.section for one in asked), sections, regime.id)
    unknown = [NO_PROGRAMME] if regime.id == UNKNOWN else []
    many = plural(len(faults), "fault")
    damaged = [f"{many} in the PDF, the first: {one.getMessage()}" for one in faults[:1]]
    warnings = [*unknown, *damaged, *twice, *told_twice(ids), *strange]
    identity = _identity(found, ratings, regime.id, warnings)
    questions = asked_rows(ids, regime, identity.get("cases_inspected"))
    published = published_in(questions)
    shown = tuple(one for one in regime.questions if one.id in set(published["question"]))
    frames = {
        "ratings": rating_rows(regime, names, own),
        "published": published,
        "recommendations": recommendations_in(lines),
        "key_questions": questions,
        "candidates": candidates,
        "stated": told_of(identity),
    }
    return Inspection(path.stem, identity, replace(regime, questions=shown), frames)


def _own_parts(regime: Framework, candidates: pd.DataFrame) -> Framework:
    """Return a regime without sub-questions, unless most of them are printed here.

    Their counts are those of one report.
    """
    shares = candidates[["section", "numerator", "denominator"]].dropna()
    printed = set(shares.itertuples(index=False, name=None))
    asked = [(one.section, int(one.printed.split()[0]), one.n) for one in regime.sub_questions]
    own = 2 * sum(one in printed for one in asked) > len(asked)
    return regime if own else replace(regime, sub_questions=())


def _identity(
    found: dict[str, Any], ratings: Ratings, regime: str, warnings: list[str]
) -> dict[str, Any]:
    """Return what a report says of the unit read, without what may be about another."""
    if not ratings.alone:
        unsure = {*NUMBERS, *DATES, "unit"}
        found = {item: value for item, value in found.items() if item not in unsure}
    points, most = ratings.score or (None, None)
    rated = {"rating": ratings.overall, "score": points, "maximum_score": most}
    told = {"unit": ratings.unit} | found | rated | {"framework": regime, "cases_are": "none"}
    told = {item: value for item, value in told.items() if value not in (None, "")}
    unit, date = told.get("unit", f"Unit {NOT_STATED}"), told.get("published", f"date {NOT_STATED}")
    missing = tuple(item for item in ITEMS if item not in told)
    return {"title": f"{unit}, {date}", **told, "not_stated": missing, "warnings": tuple(warnings)}
