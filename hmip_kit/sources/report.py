"""A published report read into an inspection without cases."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.sources.problems import refusal
from hmip_kit.sources.report_figures import candidates_in
from hmip_kit.sources.report_identity import DATES, ITEMS, NUMBERS, identity_in, is_from_publisher
from hmip_kit.sources.report_lines import Line, prose, tidied
from hmip_kit.sources.report_questions import (
    NOT_STATED,
    REBUILT,
    Asked,
    asked_in,
    count_of,
    with_questions,
)
from hmip_kit.sources.report_rating_rows import rating_rows, standing
from hmip_kit.sources.report_recommendations import recommendations_in
from hmip_kit.sources.report_standards import frameworks, regime_of, standard_names, with_standards
from hmip_kit.sources.report_text import raw_lines
from hmip_kit.sources.report_units import Ratings, ratings_of

QUESTION_COLUMNS = [
    "question",
    "standard",
    "wording",
    "percent",
    "yes",
    "n",
    "count_source",
    "place",
]


def read_report(path: str | Path, unit: str | None = None) -> Inspection:
    """Return a published report of HM Inspectorate of Probation as an inspection without cases.

    The file is text, Markdown, HTML or PDF. `ratings`, `published` and `recommendations` are as for bundled inspections, but that a
    rating which the report does not state has the status "not stated", and that a recommendation's `label` is in the report's words. An
    item of the identity that is not found is not there, and named in `identity["not_stated"]`; `identity["warnings"]` says what does not
    fit together. Further tables: `table("key_questions")` (`question, standard, wording, percent, yes, n, count_source, place`: also those
    whose count no whole number of cases makes sure; `published` has the others), `table("stated")` (`item, value`, where value may be
    "not stated") and `table("candidates")`, the numbers of the prose for a person to confirm; they are not `figures` until then.

    `unit` names the one to read where a report rates several; where the title does not name it, no key question, date or number of cases is
    taken for its own. Standards and key questions that no framework of the kit has are added to
    the inspection's own as they are printed. A report without key questions has an empty `published`. Raises `DataProblem` for a file
    that cannot be read or is no such report, or that rates several units of which none is named; `UnknownName` for an unknown unit.

    >>> import hmip_kit as hk
    >>> hk.read_report("tests/reports/made-up-pdu.html").ratings.loc[0, "rating"]
    'Good'
    """
    path = Path(path)
    lines = tidied(raw_lines(path))
    identity = identity_in(lines)
    known = frameworks()
    ratings = ratings_of(
        lines, standard_names(known), str(identity.get("unit", "")), unit, path.name
    )
    own = lines if ratings.alone else []
    standards, warnings = standing(ratings, own)
    asked, candidates = asked_in(own), candidates_in(lines)
    if not is_from_publisher(prose(lines)) or not (standards or asked or ratings.overall):
        raise refusal(
            path.name,
            "is no inspection report of HM Inspectorate of Probation: it names no standard or unit with its rating",
        )
    regime = regime_of(
        known, [(one.number, one.name) for one in standards], _title_words(lines, identity)
    )
    regime, names = with_standards(regime, standards)
    by_number = {entry.number: name for entry, name in names.items()} | _numbers(
        regime, set(names.values())
    )
    regime, ids = with_questions(
        _without_others(regime, candidates), asked, lambda section: by_number.get(section, "")
    )
    warnings += _told_twice(ids)
    identity = _identity(
        identity if ratings.alone else _of_any(identity, ratings), ratings, regime.id, warnings
    )
    questions = _questions(asked, ids, regime, identity.get("cases_inspected"))
    frames = {
        "ratings": rating_rows(regime, names, own),
        "published": _published(questions),
        "recommendations": _recommendations(lines),
        "key_questions": questions,
        "candidates": candidates,
        "stated": _stated(identity),
    }
    return Inspection(path.stem, identity, _asking(regime, frames["published"]["question"]), frames)


def _title_words(lines: list[Line], identity: dict[str, Any]) -> str:
    first = prose(lines[:12])
    return f"{identity.get('unit', '')} {identity.get('published', '')} {first}"


def _numbers(regime: Framework, found: set[str]) -> dict[str, str]:
    return {one.number.split()[-1]: one.name for one in regime.standards if one.name not in found}


def _without_others(regime: Framework, candidates: pd.DataFrame) -> Framework:
    """Return a regime without sub-questions unless most of them are printed here: their counts are those of one report."""
    pairs = set(
        candidates[["section", "numerator", "denominator"]]
        .dropna()
        .itertuples(index=False, name=None)
    )
    asked = [(one.section, int(one.printed.split()[0]), one.n) for one in regime.sub_questions]
    own = 2 * sum(one in pairs for one in asked) > len(asked)
    return regime if own else replace(regime, sub_questions=())


def _asking(regime: Framework, shown: pd.Series) -> Framework:
    names = set(shown)
    return replace(regime, questions=tuple(one for one in regime.questions if one.id in names))


def _identity(
    found: dict[str, Any], ratings: Ratings, regime: str, warnings: list[str]
) -> dict[str, Any]:
    rated: dict[str, Any] = {"rating": ratings.overall} if ratings.overall else {}
    if ratings.score:
        rated |= {"score": ratings.score[0], "maximum_score": ratings.score[1]}
    said = {"unit": ratings.unit} if ratings.unit and not found.get("unit") else {}
    full = found | said | rated | {"framework": regime, "cases_are": "none"}
    title = (
        f"{full.get('unit', f'Unit {NOT_STATED}')}, {full.get('published', f'date {NOT_STATED}')}"
    )
    missing = tuple(item for item in ITEMS if item not in full)
    return {"title": title, **full, "not_stated": missing, "warnings": tuple(warnings)}


def _of_any(found: dict[str, Any], ratings: Ratings) -> dict[str, Any]:
    """Return what a report on several units says of itself, without what may be about another unit than the one read."""
    return {item: value for item, value in found.items() if item not in {*NUMBERS, *DATES}} | {
        "unit": ratings.unit
    }


def _questions(
    asked: list[Asked], ids: dict[Asked, str], regime: Framework, n: int | None
) -> pd.DataFrame:
    rows = []
    for one in asked:
        yes, source = count_of(one.percent, n)
        question = regime.question(ids[one])
        rows.append(
            (question.id, question.standard, one.wording, one.percent, yes, n, source, one.place)
        )
    frame = pd.DataFrame(rows, columns=QUESTION_COLUMNS).astype({"yes": "Int64", "n": "Int64"})
    order = {question.id: place for place, question in enumerate(regime.questions)}
    return frame.sort_values(
        "question", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def _told_twice(ids: dict[Asked, str]) -> list[str]:
    """Return a warning for each question that has several percentages: none of them is taken for the published one."""
    said: dict[str, list[str]] = {}
    for one, question in ids.items():
        said.setdefault(question, []).append(f"{one.percent}% at {one.place}")
    return [
        f"{question}: {', '.join(places)}; none was taken"
        for question, places in said.items()
        if len(places) > 1
    ]


def _published(questions: pd.DataFrame) -> pd.DataFrame:
    once = ~questions["question"].duplicated(keep=False)
    sure = questions[once & (questions["count_source"] == REBUILT)]
    numbers = pd.to_numeric(sure["percent"])
    whole = numbers.astype("int64") if (numbers % 1 == 0).all() else numbers
    made = {
        "question": sure["question"],
        "yes": sure["yes"].astype("int64"),
        "n": sure["n"].astype("int64"),
        "percent": whole,
    }
    return pd.DataFrame({**made, "count_source": sure["count_source"]}).reset_index(drop=True)


def _recommendations(lines: list[Line]) -> pd.DataFrame:
    rows = [
        (one.number, one.addressee, re.sub(r"[.;]$", "", one.text))
        for one in recommendations_in(lines)
    ]
    return pd.DataFrame(rows, columns=["number", "addressee", "label"]).astype(
        {"number": "int64", "addressee": "str", "label": "str"}
    )


def _stated(identity: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        [(item, str(identity.get(item, NOT_STATED))) for item in ITEMS], columns=["item", "value"]
    )
