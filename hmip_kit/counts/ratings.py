"""Ratings: as published, as the rules give them, and what those of casework rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from hmip_kit.counts.questions import question_counts
from hmip_kit.errors import NotInData
from hmip_kit.framework import Framework, Standard, more_needed
from hmip_kit.inspection import Inspection
from hmip_kit.settings import CLOSE_TO_A_BAND, FEW_CASES_TO_RATE

QUESTION_COLUMNS = ["question", "standard", "strand", "strand_label", "yes", "n", "percent"]
RATED_COLUMNS = [
    *("standard", "number", "domain", "kind", "rule_rating", "rule_status"),
    *("published_rating", "rating", "points", "override", "reason"),
]


def casework_questions(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions of casework standards of an `inspection` that have cases.

    Columns: `question, standard, strand, strand_label, yes, n, percent`.
    """
    framework = inspection.framework
    if not framework.casework_key or "key questions" not in inspection.holds:
        return pd.DataFrame(columns=QUESTION_COLUMNS)
    rows = question_counts(inspection)
    rows = rows[rows["question"].isin(framework.casework_key) & (rows["n"] > 0)]
    asked = [framework.question(one) for one in rows["question"]]
    rows = rows.assign(
        standard=[one.standard for one in asked],
        strand=[one.strand for one in asked],
        strand_label=[framework.strands[one.strand] for one in asked],
        percent=100 * rows["yes"] / rows["n"],
    )
    return rows[QUESTION_COLUMNS].reset_index(drop=True)


def deciding(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions that decided the casework ratings which an `inspection` publishes.

    They are the lowest of each standard, all of them under a tie. Columns: those of
    `casework_questions`. Source of the rule: the Lewisham & Bromley report, footnotes 2 to 5.

    >>> import hmip_kit as hk
    >>> deciding(hk.load("lewisham-bromley-2022"))["question"].tolist()
    ['assessment_safety', 'planning_safety', 'delivery_safety', 'reviewing_safety']
    """
    rated = inspection.ratings.query("status == 'rated'")["standard"]
    rows = casework_questions(inspection)
    rows = rows[rows["standard"].isin(rated)]
    least = rows.groupby("standard")["percent"].transform("min")
    return rows[rows["percent"] == least].reset_index(drop=True)


@dataclass(frozen=True)
class Basis:
    """What a casework standard's rating rests on, by the rule.

    `low` are its lowest key questions; `margin`, missing with one question only, how many cases
    they are from the next; `more` what each question needs for the next rating, and `fewest` to
    `most` how many cases that takes, as the same cases serve all questions or none serves two.
    """

    rating: str
    low: pd.DataFrame
    margin: int | None
    next_rating: str
    more: Mapping[str, int]
    most_cases: int  # of any of its key questions
    one_more_raises: bool
    one_fewer_lowers: bool
    close_to_a_band: bool

    @property
    def fewest(self) -> int | None:
        """Return how many more cases the next rating takes, if the same ones serve all."""
        return max(self.more.values()) if self.more else None

    @property
    def most(self) -> int | None:
        """Return how many more cases the next rating takes, if none serves two questions."""
        return min(sum(self.more.values()), self.most_cases) if self.more else None

    @property
    def few_cases(self) -> bool:
        """Return whether the deciding questions have so few cases that a panel may move it."""
        return int(self.low["n"].min()) <= FEW_CASES_TO_RATE


def bases(inspection: Inspection) -> dict[str, Basis]:
    """Return what the rating of each casework standard of an `inspection` rests on, by name.

    A part of practice cases is made up and has no rating: filtered they raise `NotInData`.
    """
    if inspection.made_up and inspection.filters:
        raise NotInData("A part of practice cases is made up: it has no rating.")
    standards = casework_questions(inspection).groupby("standard", sort=False)
    return {str(name): _basis(rows, inspection.framework) for name, rows in standards}


def _basis(rows: pd.DataFrame, framework: Framework) -> Basis:
    counts = list(zip(rows["yes"].astype(int), rows["n"].astype(int), strict=True))
    bands = [framework.band(yes, n) for yes, n in counts]
    rating = framework.lowest(bands)
    above, percent = framework.next_band(rating), rows["percent"].astype(float)
    more = [more_needed(yes, n, above.start) for yes, n in counts] if above else []
    least = percent.min()
    low, others = rows[percent == least], percent[percent > least]
    at_it = [count for count, band in zip(counts, bands, strict=True) if band == rating]
    raised = framework.lowest([framework.band(min(yes + 1, n), n) for yes, n in counts])
    return Basis(
        rating=rating,
        low=low,
        margin=_margin(low, others) if len(rows) > 1 else None,
        next_rating=above.rating if above else "",
        more=dict(zip(rows["question"], more, strict=False)),
        most_cases=max(n for _, n in counts),
        one_more_raises=raised != rating,
        one_fewer_lowers=any(framework.band(max(yes - 1, 0), n) != rating for yes, n in at_it),
        close_to_a_band=any(
            abs(least - one.start) <= CLOSE_TO_A_BAND for one in framework.ascending[1:]
        ),
    )


def _margin(low: pd.DataFrame, others: "pd.Series[float]") -> int:
    """Return how many more Yes take the lowest question to the next one; 0 for a tie."""
    if len(low) > 1:
        return 0
    return more_needed(int(low["yes"].iloc[0]), int(low["n"].iloc[0]), float(others.min()))


def rate(inspection: Inspection, known: Mapping[str, Basis]) -> pd.DataFrame:
    """Return a row per standard that an `inspection` rates, or that the rules could.

    `known` is what `bases` gives. Columns: `standard, number, domain, kind`; `rule_rating` with
    `rule_status`; `published_rating`; `rating`, the published one, where there is none for casework
    the rule's, else blank, with its `points`; `override` and `reason`, where the report departs
    from the rule.
    """
    published = inspection.ratings.fillna("").set_index("standard").to_dict("index")
    rated = {one: published.get(one.name, {}) for one in inspection.framework.standards}
    rows = [
        _rated(standard, stated, known, inspection.framework)
        for standard, stated in rated.items()
        if standard.kind != "unrated" and stated.get("status", "rated") == "rated"
    ]
    some = [row for row in rows if row["rating"] or row["rule_rating"]]
    return pd.DataFrame(some, columns=RATED_COLUMNS).astype({"points": "Int64"})


def _rated(
    standard: Standard,
    stated: Mapping[Any, Any],
    known: Mapping[str, Basis],
    framework: Framework,
) -> dict[str, Any]:
    published = stated.get("rating", "")
    rule, status = _by_rule(standard, stated, known, framework)
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
    standard: Standard,
    stated: Mapping[Any, Any],
    known: Mapping[str, Basis],
    framework: Framework,
) -> tuple[str, str]:
    """Return the rule's rating with the rule's status; blank where no rule gives one."""
    if standard.name in known:
        return known[standard.name].rating, framework.rule("bands").status
    for usual in framework.usual:
        met = all(name in known and known[name].rating == usual.rating for name in usual.when)
        if usual.standard == standard.name and met:
            return usual.rating, framework.rule(usual.rule).status
    stated_usual = stated.get("usual_rating", "")
    return stated_usual, "report" if stated_usual else ""
