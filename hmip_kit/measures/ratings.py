"""Ratings: as published, as the rules give them, and what decided those of casework."""

from typing import Any

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.framework import Framework, Standard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.deciding_questions import Basis, basis_of, cases_to_next, casework_questions
from hmip_kit.measures.rating_rules import FEW_CASES, overall_rating
from hmip_kit.measures.results import results
from hmip_kit.measures.words import cases_word, practice_name


def rated_standards(inspection: Inspection) -> pd.DataFrame:
    """Return one row per rated standard, in the order of the published table.

    Columns: `standard, number, domain, kind, rating, points, usual_rating, override_note`. No row where nothing is rated.
    """
    ratings = inspection.ratings
    rated = ratings[ratings["status"] == "rated"]
    named = [inspection.framework.standard(name) for name in rated["standard"]]
    return rated.assign(
        number=[one.number for one in named],
        domain=[one.domain for one in named],
        kind=[one.kind for one in named],
        points=[inspection.framework.points(rating) for rating in rated["rating"]],
    )[
        [
            "standard",
            "number",
            "domain",
            "kind",
            "rating",
            "points",
            "usual_rating",
            "override_note",
        ]
    ].reset_index(drop=True)


def deciding(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions that decided a casework standard's rating: the lowest of its questions, all of them under a tie.

    Columns: those of `results`. Standards without a published rating, and questions without cases, give no row.
    Source of the rule: the Lewisham & Bromley report, footnotes 2 to 5.

    >>> import hmip_kit as hk
    >>> deciding(hk.load("lewisham-bromley-2022"))["question"].tolist()
    ['assessment_safety', 'planning_safety', 'delivery_safety', 'reviewing_safety']
    """
    rated = rated_standards(inspection)
    casework = rated.loc[rated["kind"] == "casework", "standard"]
    rows = results(inspection)
    rows = rows[rows["standard"].isin(casework) & (rows["n"] > 0)]
    return rows[
        rows["percent"] == rows.groupby("standard")["percent"].transform("min")
    ].reset_index(drop=True)


def rate(inspection: Inspection) -> pd.DataFrame:
    """Return one row per standard of the framework that is rated, or could be by the rules: the rating, and how it came about.

    Columns: `standard, number, domain, kind`; `rule_rating` with `rule_status`; `published_rating`; `rating` (the published one; where
    there is none, for casework the rule's, for a standard rated by judgement blank) with its `points`; `override` and `reason`.
    For casework also `deciding` (key questions, joined by a comma), `margin` (cases between the lowest and the next), `next_rating`,
    `more` (key question: more Yes that it needs), `fewest` and `most` (cases that must be judged otherwise: from the largest of those
    numbers, where the same cases serve, to their sum), `one_case` (whether one case would change the rating), `close_to_a_band`
    (within five points), `few_cases` (five or fewer). `text` says the row in words.

    A standard without cases or a rule has no `rule_rating`; at the highest rating the next is blank. Published totals and own cases
    are rated alike; practice cases only whole, because a part of them is made up: filtered they raise `KitError`. Source of the
    rules: the framework, with the status of each there.

    >>> import hmip_kit as hk
    >>> hk.rate(hk.load("lewisham-bromley-2022")).set_index("standard").loc["Planning", "text"]
    'Planning: Inadequate, decided by safety of other people (15 of 42), by one case; Requires improvement needs 6 to 11 more cases'
    """
    if inspection.cases_are == "practice" and inspection.filters:
        raise KitError("a part of practice cases is made up: it has no rating")
    framework, questions = inspection.framework, cases_to_next(inspection)
    bases = {
        str(name): basis_of(rows, framework)
        for name, rows in casework_questions(inspection).groupby("standard", sort=False)
    }
    more = {
        str(name): dict(zip(rows["question"], rows["more"], strict=True))
        for name, rows in questions.groupby("standard")
    }
    published = inspection.ratings.fillna("").set_index("standard").to_dict("index")
    ruled = {name: basis.rating for name, basis in bases.items()}
    rows = []
    for standard in framework.standards:
        stated = published.get(standard.name, {})
        if standard.kind == "unrated" or stated.get("status", "rated") != "rated":
            continue
        row = _rated(standard, stated, ruled, framework) | _based(
            bases.get(standard.name), more.get(standard.name, {})
        )
        if row["rating"] or row["rule_rating"]:
            rows.append(
                row
                | {
                    "text": _text(
                        row, bases.get(standard.name), framework, practice_name(inspection)
                    )
                }
            )
    return pd.DataFrame(rows, columns=RATE_COLUMNS).astype(
        dict.fromkeys(("points", "margin", "fewest", "most"), "Int64")
    )


def score(inspection: Inspection) -> pd.DataFrame:
    """Return one row: the score that the ratings add up to, and what it would be by the rules alone.

    Columns: `points, maximum, rating`; `points_by_rule, rating_by_rule` (each override undone); `overrides` (how many);
    `published_points, published_maximum, published_rating` as stated, missing where they are not. Raises `KitError` where no rating
    is published: standards rated by judgement have none without an inspection. Source of the bands: see `overall_rating`.

    >>> import hmip_kit as hk
    >>> score(hk.load("lewisham-bromley-2022"))[["points", "maximum", "rating", "points_by_rule"]].values.tolist()
    [[4, 24, 'Inadequate', 2]]
    """
    rated, framework, identity = rate(inspection), inspection.framework, inspection.identity
    if rated["published_rating"].eq("").any() or rated.empty:
        raise KitError(f"{inspection.title}: not every standard is rated, so there is no score")
    by_rule = sum(
        framework.points(row["rule_rating"] or row["rating"]) for row in rated.to_dict("records")
    )
    points, maximum = (
        int(rated["points"].sum()),
        len(rated) * max(one.points for one in framework.ratings),
    )
    row = {
        "points": points,
        "maximum": maximum,
        "rating": overall_rating(points, maximum),
        "points_by_rule": by_rule,
        "rating_by_rule": overall_rating(by_rule, maximum),
        "overrides": int(rated["override"].sum()),
        "published_points": identity.get("score"),
        "published_maximum": identity.get("maximum_score"),
        "published_rating": identity.get("rating"),
    }
    return pd.DataFrame([row])


RATE_COLUMNS = [
    *(
        "standard",
        "number",
        "domain",
        "kind",
        "rule_rating",
        "rule_status",
        "published_rating",
        "rating",
        "points",
        "override",
        "reason",
    ),
    *(
        "deciding",
        "margin",
        "next_rating",
        "more",
        "fewest",
        "most",
        "one_case",
        "close_to_a_band",
        "few_cases",
        "text",
    ),
]


def _rated(
    standard: Standard, stated: dict[Any, Any], ruled: dict[str, str], framework: Framework
) -> dict[str, Any]:
    """Return the rating of one standard by the rule, as published, and whether the two differ."""
    published = stated.get("rating", "")
    rule, status = _by_rule(standard, stated, ruled, framework)
    rating = published or (rule if standard.kind == "casework" else "")
    return {
        "standard": standard.name,
        "number": standard.number,
        "domain": standard.domain,
        "kind": standard.kind,
        "rule_rating": rule,
        "rule_status": status,
        "published_rating": published,
        "rating": rating,
        "points": framework.points(rating) if rating else None,
        "override": bool(rule and published and rule != published),
        "reason": stated.get("override_note", ""),
    }


def _by_rule(
    standard: Standard, stated: dict[Any, Any], ruled: dict[str, str], framework: Framework
) -> tuple[str, str]:
    """Return the rule's rating with the rule's status; blank where no rule gives one."""
    if standard.name in ruled:
        return ruled[standard.name], framework.rule("bands").status
    for usual in framework.usual:
        if usual.standard == standard.name and all(
            ruled.get(name) == usual.rating for name in usual.when
        ):
            return usual.rating, framework.rule(usual.rule).status
    stated_usual = stated.get("usual_rating", "")
    return stated_usual, "report" if stated_usual else ""


def _based(basis: Basis | None, more: dict[str, Any]) -> dict[str, Any]:
    if basis is None:
        return {
            "deciding": "",
            "next_rating": "",
            "more": {},
            "one_case": False,
            "close_to_a_band": False,
            "few_cases": False,
        }
    return {
        "deciding": ", ".join(basis.deciding),
        "margin": basis.margin,
        "next_rating": basis.next_rating,
        "more": {question: int(count) for question, count in more.items() if not pd.isna(count)},
        "fewest": basis.fewest,
        "most": basis.most,
        "one_case": basis.one_more_raises or basis.one_fewer_lowers,
        "close_to_a_band": basis.close_to_a_band,
        "few_cases": basis.cases <= FEW_CASES,
    }


def _text(row: dict[str, Any], basis: Basis | None, framework: Framework, practice: str) -> str:
    said = [
        f"{'In made-up cases: ' if practice else ''}{row['standard']}: {row['rating'] or 'rated by judgement'}"
    ]
    if basis is not None:
        said[0] += f", decided by {basis.decided_by}"
    if not row["rating"]:
        said.append(f"usually {row['rule_rating']}")
    if row["override"]:
        way = (
            "raised"
            if framework.points(row["published_rating"]) > framework.points(row["rule_rating"])
            else "lowered"
        )
        said.append(f"usually {row['rule_rating']}, {way} by judgement")
    if basis is not None and basis.fewest is not None:
        said.append(f"{basis.next_rating} needs {_needed(basis.fewest, basis.most or 0)}")
    if basis is not None:
        said += [words for true, words in _one_case(basis) if true]
    return "; ".join(said)


def _needed(fewest: int, most: int) -> str:
    return (
        f"{fewest} more {cases_word(fewest)}"
        if fewest == most
        else f"{fewest} to {most} more cases"
    )


def _one_case(basis: Basis) -> list[tuple[bool, str]]:
    return [
        (basis.one_more_raises, "one case more would raise it"),
        (basis.one_fewer_lowers, "one case fewer would lower it"),
    ]
