"""At a glance: the few points that an inspection comes to, and what is recommended, in short."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any

import pandas as pd

from hmip_kit.counts import answer_key
from hmip_kit.findings import HIDDEN, Finding, Point, Recount, Row, Said, finding
from hmip_kit.findings.gap import OUTCOME, SERVICE
from hmip_kit.findings.key_questions import (
    question_columns,
    question_rows,
    worked_out,
)
from hmip_kit.findings.needs import SHOWN, steps_asked
from hmip_kit.findings.report import READING, RECOMMENDED, with_figures
from hmip_kit.findings.shares import share_columns, share_rows
from hmip_kit.findings.units import member_tallies
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.settings import FEWEST_FOR_A_BAR, FEWEST_FOR_A_PERCENTAGE
from hmip_kit.sources.others import PERCENT, other_figures, unit_named
from hmip_kit.stats.words import (
    capital,
    cases_said,
    count_said,
    listed,
    number,
    plural,
    say,
)

NATIONWIDE = ("national", "pooled")  # kinds of figure that are of more than one unit
LONGEST = 60  # characters of such a figure
MOST_FIGURES = 1  # beside a recommendation: what it has more of stands under "Table"
SEVERAL = 3  # that tie are counted, and not named


@finding(
    question="What are the few points that the inspection comes to?",
    needs=("key questions", "real data"),
    follows=False,
    shown_by="all cases",
)
def at_a_glance(inspection: Inspection) -> Finding:
    """Return the points of an inspection: its rating, the lowest and highest, and progress.

    Parameters
    ----------
    inspection : Inspection
        Totals or own cases, all of them: of a part of them or of made-up ones there are no points.

    Returns
    -------
    Finding
        The rows of `key_questions`, and points made of them. A key question of under ten cases is
        never named; of several that tie their number is given.

    Notes
    -----
    Beside the lowest stands what is known of that question nationwide, with its date, where the
    figures of other inspections have it (`data/others`).

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("lewisham-bromley-2022").show.at_a_glance()
    >>> found.points(found.rows)[1][:2]
    ('Lowest of 12 key questions', '8 of 42 cases (19%)')
    """
    rows = question_rows(inspection)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _points_said(
            f"At a glance: {inspection.title}", _points(shown, inspection)
        ),
        columns=question_columns(inspection),
        measure="At a glance",
        notes=(*worked_out(inspection), *_nationwide_note(rows, inspection.framework)),
        counts=member_tallies(rows),
        points=lambda shown: _points(shown, inspection),
        look="cards",
        opens=False,
    )


def _points_said(title: str, points: list[Point]) -> Said:
    told = " ".join(f"{label}: {what}. {words}".strip() for label, what, words in points)
    return title, told or "Nothing can be shown."


def _points(rows: pd.DataFrame, inspection: Inspection) -> list[Point]:
    if inspection.filters:
        return []
    framework = inspection.framework
    casework = rows[rows["question"].isin(framework.casework_key) & rows["bar"].notna()]
    found = [_rating(inspection)]
    if not casework.empty:
        ways = (True, False)[: casework["percent"].nunique()]  # where all are alike, said once
        found += [_end(casework, framework, lowest=way) for way in ways]
    outcomes = {one.id for one in framework.questions if one.stage == "outcomes"}
    for row in rows[rows["question"].isin(outcomes) & rows["n"].notna()].to_dict("records"):
        label = framework.strands.get(str(row["strand"]), str(row["label"]))
        found.append((label, _count(row), "Early outcomes. The inspectorate does not rate them."))
    return found


def _rating(inspection: Inspection) -> Point:
    """Return the overall rating; of an audit that has none, what was looked at."""
    stated = inspection.identity
    if "rating" not in stated:
        day = stated.get("date")
        when = f"{day:%B %Y}" if isinstance(day, date) else str(day or "")
        whose = f"by {stated['publisher']}" if "publisher" in stated else ""
        words = capital(", ".join(filter(None, [when, whose]))) if when or whose else ""
        size = plural(inspection.sample_size, "case")
        return "Audit", size, f"{words}. It has no rating.".removeprefix(". ")
    said = []
    if "score" in stated and "maximum_score" in stated:
        said.append(f"Score {stated['score']} of {stated['maximum_score']}.")
    return "Overall rating", str(stated["rating"]), " ".join([*said, *_standards(inspection)])


def _standards(inspection: Inspection) -> list[str]:
    """Return in words how many standards of each domain have which rating."""
    kinds = {one.name: one.kind for one in inspection.framework.standards}
    rated = inspection.ratings.assign(kind=inspection.ratings["standard"].map(kinds))
    said = []
    for name, kind in (("Casework", "casework"), ("Organisation", "judgement")):
        mine = rated.loc[(rated["kind"] == kind) & (rated["status"] == "rated"), "rating"]
        each = mine.astype("str").value_counts(sort=False)
        if len(each) == 1:
            said.append(f"{name}: {'all ' * (len(mine) > 1)}{len(mine)} {each.index[0]}.")
        elif len(each):
            said.append(f"{name}: {', '.join(f'{many} {one}' for one, many in each.items())}.")
    court = rated.loc[rated["kind"] == "court", "status"].astype("str")
    return [*said, *(["Court work was not inspected."] if set(court) - {"rated"} else [])]


def _end(rows: pd.DataFrame, framework: Framework, lowest: bool) -> Point:
    """Return the lowest, or the highest, of the key questions that were answered often enough."""
    ranked = rows.sort_values("percent", ascending=lowest, kind="stable")
    first = ranked["percent"].iloc[0]
    tied = ranked[ranked["percent"] == first].to_dict("records")
    label = f"{'Lowest' if lowest else 'Highest'} of {plural(len(rows), 'key question')}"
    many = number(len(tied))
    if len(tied) == len(rows) > 1:
        return label, _count(tied[0]), f"All {number(len(rows))} have the same result."
    if len(tied) >= SEVERAL:
        return label, _at(tied), f"{capital(many)} tie. They are named below."
    named = listed([_statement(framework, row) for row in tied])
    if len(tied) > 1:
        each = f"{_count(tied[0])} each" if _alike(tied) else _at(tied)
        return label, each, f"{capital(many)} tie: {named}."
    said = f"{capital(named)}.{_next(ranked, lowest)}"
    return label, _count(tied[0]), said + (_nationwide(tied[0]["question"]) if lowest else "")


def _statement(framework: Framework, row: Mapping[Any, Any]) -> str:
    key = framework.key(str(row["question"]))
    return key.clause if key else str(row["label"])


def _next(ranked: pd.DataFrame, lowest: bool) -> str:
    """Return that a single case parts the first from the next, where it does."""
    first, second = ranked.iloc[0], ranked.iloc[1] if len(ranked) > 1 else None
    if second is None or first["n"] != second["n"] or abs(first["yes"] - second["yes"]) != 1:
        return ""
    return f" One case {'fewer' if lowest else 'more'} than the next."


def _count(row: Mapping[Any, Any]) -> str:
    return cases_said(row["yes"], row["n"]) if row["n"] else str(row["cases"])


def _alike(rows: list[dict[Any, Any]]) -> bool:
    return len({row["cases"] for row in rows}) == 1


def _at(tied: list[dict[Any, Any]]) -> str:
    few = any(row["n"] < FEWEST_FOR_A_PERCENTAGE for row in tied)
    return f"{tied[0]['cases']} each" if few and _alike(tied) else str(tied[0]["share"])


@finding(
    question="How many needs did services reach, and in how many was progress noted?",
    needs=("cases", "real data"),
    follows=False,
    shown_by="all cases",
)
def services_at_a_glance(inspection: Inspection) -> Finding:
    """Return the points that needs, services and progress come to in an audit.

    Parameters
    ----------
    inspection : Inspection
        Own cases with needs, all of them: of a part of them or of made-up ones there are no points.

    Returns
    -------
    Finding
        Three rows a need, `label, need, step, yes, n`, and one for each key question beside them;
        the points are their sums. Where one count of a sum is hidden, so is the sum.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.services_at_a_glance().lacks
    True
    """
    asked, recount = steps_asked(inspection, "offending", ("n", *SHOWN))
    questions = [one for one in (OUTCOME, SERVICE) if one in inspection.questions]
    fixed: list[Row] = [
        {"label": inspection.framework.label(one), "need": "", "step": one} for one in questions
    ]
    yes, n = (tuple(answer_key(one, what) for one in questions) for what in ("yes", "n"))
    recount = Recount(recount.yes + yes, recount.n + n)
    return Finding(
        inspection=inspection,
        rows=share_rows(inspection, [*asked, *fixed], recount),
        say=lambda shown: _points_said("Services at a glance", _service_points(shown, inspection)),
        columns={"label": "Need and step, or key question", **share_columns(inspection)},
        measure="Services at a glance",
        notes=("Needs are those linked to offending. One case can have several.",),
        counts={"yes": recount.yes, "n": recount.n},
        points=lambda shown: _service_points(shown, inspection),
        look="cards",
        opens=False,
    )


def _service_points(rows: pd.DataFrame, inspection: Inspection) -> list[Point]:
    if inspection.filters:
        return []
    sums = {step: _sum(some) for step, some in rows.groupby("step")}
    needs, size = sums["n"], inspection.sample_size
    found = [
        (
            "Needs linked to offending",
            f"{say('number', count=needs[0])} in {plural(size, 'case')}" if needs else HIDDEN,
            "One case can have several.",
        ),
        ("Service delivered", _of(sums["served"], size), "Of the needs for which it is recorded."),
        ("Progress noted", _of(sums["progress"], size), "Judged apart, with or without a service."),
    ]
    key = inspection.framework.key(SERVICE) if SERVICE in sums else None
    if OUTCOME in sums:
        words = f"{capital(key.clause)}: {_of(sums[SERVICE], size)}." if key else ""
        found.append(("Reasonable progress overall", _of(sums[OUTCOME], size), words))
    return found


def _sum(rows: pd.DataFrame) -> tuple[int, int] | None:
    """Return how many, of how many, rows come to; none where one of them is hidden."""
    counts = rows[["yes", "n"]]
    return None if counts.isna().any(axis=None) else (int(rows["yes"].sum()), int(rows["n"].sum()))


def _of(found: tuple[int, int] | None, cases: int) -> str:
    """Return a sum in words; no percentage of the needs of a few `cases`."""
    if not found or not found[1]:
        return "none recorded" if found else HIDDEN
    few = cases < FEWEST_FOR_A_BAR
    return say("count", yes=found[0], n=found[1]) if few else count_said(*found)


def _known(question: str) -> pd.DataFrame:
    """Return what is known of a `question` beyond single units, the newest first."""
    there = other_figures()
    wide = there["kind"].isin(NATIONWIDE) & (there["unit_of"] == PERCENT)
    mine = there[wide & (there["question"] == question)]
    return mine.sort_values("date_to", ascending=False, kind="stable")


def _nationwide(question: str) -> str:
    return "".join(
        f" {row['kind'].capitalize()}: {row['number']:g}% ({row['date_to']:%B %Y})."
        for row in _known(str(question)).head(1).to_dict("records")
    )


def _nationwide_note(rows: pd.DataFrame, framework: Framework) -> list[str]:
    """Return where what is known nationwide on the lowest question was read."""
    casework = rows[rows["question"].isin(framework.casework_key) & rows["bar"].notna()]
    if casework.empty:
        return []
    lowest = str(casework.sort_values("percent", kind="stable")["question"].iloc[0])
    found = _known(lowest).head(1).to_dict("records")
    if not found:
        return ["No national figure on the lowest key question was found."]
    return [f"{one['inspection']}: {one['regime_label']}, {one['address']}." for one in found]


@finding(
    question="What is recommended to the unit, in short?",
    needs="recommendations",
    follows=False,
    shown_by="all cases",
    label="What is recommended, in short",
)
def recommended(inspection: Inspection) -> Finding:
    """Return the recommendations with the unit's own first, each with a figure of its own.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        A row per recommendation: `number, addressee, label`, quoted, and `says`, of its figures
        the one furthest from sufficient that none above has. Its points are those to the unit.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("lewisham-bromley-2022").show.recommended()
    >>> found.title
    'Recommended: 6 to this unit, 4 to London region and 1 to HM Prison and Probation Service'
    """
    rows = unit_first(inspection)
    rows["says"] = _each_once(rows["brief"])
    return Finding(
        inspection=inspection,
        rows=rows[["number", "addressee", "label", "says", "own"]],
        say=_recommended_said,
        columns=RECOMMENDED,
        measure="In the report's words",
        cases=f"{len(rows)} recommendations",
        notes=(READING,),
        points=lambda shown: [
            (str(row["addressee"]), str(row["label"]), str(row["says"]))
            for row in shown[shown["own"]].to_dict("records")
        ],
        look="list",
        opens=False,
    )


def unit_first(inspection: Inspection) -> pd.DataFrame:
    """Return the recommendations of an `inspection`, those to its unit first: they are its `own`.

    >>> import hmip_kit as hk
    >>> unit_first(hk.load("lewisham-bromley-2022"))["own"].sum()
    np.int64(6)
    """
    rows = with_figures(inspection)
    unit = unit_named(str(inspection.identity.get("unit", "")))
    own = rows["addressee"].map(lambda whom: unit_named(whom) == unit).astype("bool")
    return rows.assign(own=own).sort_values("own", ascending=False, kind="stable")


def _each_once(says: Iterable[tuple[str, ...]]) -> list[str]:
    """Return of each recommendation's figures the first that no other had, without its section."""
    seen: set[str] = set()
    first = []
    for figures in says:
        short = (one for one in figures if one not in seen and len(one) <= LONGEST)
        new = list(islice(short, MOST_FIGURES))
        seen.update(new)
        first.append("; ".join(new))
    return first


def _recommended_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No recommendations", "Nothing is recommended."
    to = rows["addressee"].where(~rows["own"], "this unit").value_counts(sort=False)
    told = [f"{many} to {whom}" for whom, many in to.items()]
    return f"Recommended: {listed(told)}", f"{len(rows)} recommendations, quoted from the report."
