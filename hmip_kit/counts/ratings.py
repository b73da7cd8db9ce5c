"""Ratings: as published, as the rules give them, and what those of casework rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, combinations, product
from operator import and_
from typing import Any

import numpy as np
import pandas as pd

from hmip_kit.cases import NO_CODE
from hmip_kit.counts.questions import question_counts
from hmip_kit.errors import NotInData
from hmip_kit.framework import Framework, Standard, more_needed
from hmip_kit.inspection import Inspection
from hmip_kit.settings import CLOSE_TO_A_BAND, FEW_CASES_TO_RATE
from hmip_kit.stats.words import half_up, say

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

    They are the lowest of each standard of which every key question is known, all of them under a
    tie. Columns: those of `casework_questions`. Source of the rule: the Lewisham & Bromley report,
    footnotes 2 to 5.

    >>> import hmip_kit as hk
    >>> deciding(hk.load("lewisham-bromley-2022"))["question"].tolist()
    ['assessment_safety', 'planning_safety', 'delivery_safety', 'reviewing_safety']
    """
    ratings = inspection.ratings
    rated = ratings.loc[ratings["status"].eq("rated"), "standard"]
    if rated.empty:  # as of all cases: a click would work out for nothing what is lowest
        return pd.DataFrame(columns=QUESTION_COLUMNS)
    rows = casework_questions(inspection)
    asked = rows["standard"].map(inspection.framework.asked_of)
    whole = rows.groupby("standard")["standard"].transform("size") == asked
    rows = rows[rows["standard"].isin(rated) & whole]
    least = rows.groupby("standard")["percent"].transform("min")
    return rows[rows["percent"] == least].reset_index(drop=True)


@dataclass(frozen=True)
class Basis:
    """What a casework standard's rating rests on, by the rule.

    `answered` of the `asked` key questions have cases: where some have none there is no `rating`,
    and it is `at_most` what those answered give. `low` are the lowest key questions; `margin`,
    missing with one question only, how many cases they are from the next; `more` what each question
    needs for the next rating, and `fewest` to `most` how many cases that takes, as far as is known
    which cases would serve several questions; `apart` is how many if none serves two. `rounding`
    are the counts that lie under a band's edge and are printed as on it.
    """

    answered: int
    asked: int
    at_most: str
    low: pd.DataFrame
    margin: int | None
    next_rating: str
    more: Mapping[str, int]
    fewest: int | None
    most: int | None
    apart: int | None
    most_cases: int  # of any of its key questions
    one_fewer_lowers: bool
    close_to_a_band: bool
    rounding: Sequence[str]

    @property
    def rating(self) -> str:
        """Return the rating by the rule; blank where a key question has no answer."""
        return self.at_most if self.answered == self.asked else ""

    @property
    def few_cases(self) -> bool:
        """Return whether the deciding questions have so few cases that a panel may move it."""
        return int(self.low["n"].min()) <= FEW_CASES_TO_RATE


def bases(inspection: Inspection) -> dict[str, Basis]:
    """Return what the rating of each casework standard of an `inspection` rests on, by name.

    Practice cases are made up, and a part of any cases is no inspection: they raise `NotInData`.
    """
    if inspection.made_up:
        raise NotInData("Practice cases are made up: they have no rating.")
    if inspection.filters:
        raise NotInData("A standard is rated on all cases: a part of them has no rating.")
    standards = casework_questions(inspection).groupby("standard", sort=False)
    return {str(name): _basis(str(name), rows, inspection) for name, rows in standards}


def _basis(standard: str, rows: pd.DataFrame, inspection: Inspection) -> Basis:
    framework = inspection.framework
    counts = list(zip(rows["yes"].astype(int), rows["n"].astype(int), strict=True))
    bands = [framework.band(yes, n) for yes, n in counts]
    rating, asked = framework.lowest(bands), framework.asked_of(standard)
    above = framework.next_band(rating) if asked == len(rows) else None
    more = [more_needed(yes, n, above.start) for yes, n in counts] if above else []
    needed = dict(zip(rows["question"], more, strict=False))
    percent = rows["percent"].astype(float)
    least = percent.min()
    low, others = rows[percent == least], percent[percent > least]
    at_it = [count for count, band in zip(counts, bands, strict=True) if band == rating]
    fewest, most = _cases_needed(needed, counts, inspection) if above else (None, None)
    largest = max(n for _, n in counts)
    return Basis(
        answered=len(rows),
        asked=asked,
        at_most=rating,
        low=low,
        margin=_margin(low, others) if len(rows) > 1 else None,
        next_rating=above.rating if above else "",
        more=needed,
        fewest=fewest,
        most=most,
        apart=min(sum(more), max(inspection.sample_size, largest)) if above else None,
        most_cases=largest,
        one_fewer_lowers=asked == len(rows)
        and any(framework.band(max(yes - 1, 0), n) != rating for yes, n in at_it),
        close_to_a_band=any(
            abs(least - one.start) <= CLOSE_TO_A_BAND for one in framework.ascending[1:]
        ),
        rounding=[
            say("count", yes=yes, n=n)
            for yes, n in counts
            if _depends_on_rounding(yes, n, framework)
        ],
    )


def _depends_on_rounding(yes: int, n: int, framework: Framework) -> bool:
    """Return whether a share falls into another band as it is printed: 31 of 48 prints 65%."""
    return framework.band(half_up(100 * yes / n), 100) != framework.band(yes, n)


def _cases_needed(
    more: Mapping[str, int], counts: Sequence[tuple[int, int]], inspection: Inspection
) -> tuple[int, int]:
    """Return the fewest and the most cases that the next rating can take: by cases, they are one.

    A case can serve every question on which it was not sufficient.
    """
    if inspection.has_cases:
        exact = by_cases(more, inspection)
        return exact, exact
    short = [n - yes for yes, n in counts]
    cases = max(inspection.sample_size, *(n for _, n in counts))  # the size may not be stated
    return by_totals(list(more.values()), short, cases)


def by_totals(more: Sequence[int], short: Sequence[int], cases: int) -> tuple[int, int]:
    """Return the fewest and the most cases that serve questions, whichever cases they are.

    Question i needs `more` [i] of the `short` [i] cases that were not sufficient on it, out of all
    `cases`. Fewest: the same cases serve all. Most: so few as must are short of several; the bounds
    are those of the dual linear programme, exact for up to three questions, as standards have.

    >>> by_totals([5, 0, 6], [26, 20, 27], 42), by_totals([1, 1, 1], [2, 2, 2], 3)
    ((6, 6), (1, 2))
    """
    pairs = list(zip(more, short, strict=True))
    sets = chain.from_iterable(combinations(pairs, size) for size in range(1, len(pairs) + 1))
    most = 0
    for some in map(list, sets):
        needed, lacking = (sum(one) for one in zip(*some, strict=True))
        most = max(most, needed - max(0, lacking - cases))
        if len(some) > 2:
            most = max(most, -(-(needed - max(0, lacking - 2 * cases)) // 2))
    return max(more), most


def by_cases(more: Mapping[str, int], inspection: Inspection) -> int:
    """Return the fewest cases of an `inspection` that give each question as many `more` Yes.

    Each case serves all questions that it was not sufficient on: a small whole-number programme.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    cases, patterns = inspection.all_cases, list(product((True, False), repeat=len(more)))
    lacking = [cases.answer(one) == NO_CODE for one in more]
    truths = {
        str(some): reduce(and_, (one if lacks else ~one for one, lacks in pairs))
        for some in patterns
        if (pairs := list(zip(lacking, some, strict=True)))
    }
    sizes = cases.count(truths, where=inspection.keep).iloc[0].to_numpy()
    lacks = np.array(patterns, dtype=float).T
    found = milp(
        np.ones(sizes.size),
        constraints=LinearConstraint(lacks, np.array([*more.values()]), np.inf),
        integrality=np.ones(sizes.size, dtype=np.int64),
        bounds=Bounds(0, sizes),
    )
    return int(np.round(np.asarray(found.x, dtype=np.float64)).sum())


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
    some = [row for row in rows if row["rating"] or row["rule_rating"] or row["standard"] in known]
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
        "points": framework.points(rating) if rating and framework.scored else None,
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
