"""Results: how many cases were judged sufficient on each question, out of how many, and how sure that is."""

from collections.abc import Iterable

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import (
    COUNTS,
    checked_groups,
    checked_questions,
    counted,
    published_counts,
    question_facts,
)
from hmip_kit.measures.intervals import ALLOWED, CONFIDENCE, WILSON, wilson
from hmip_kit.measures.populations import Population, populations
from hmip_kit.measures.rating_rules import band
from hmip_kit.measures.shares import Row, bounds_of, published_totals, with_shares
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, MADE_UP, cases_word, half_up, whole_percent

COLUMNS = ["question", "standard", "strand", "yes", "n", "percent", "low", "high", "bounds"]
MORE_COLUMNS = [*(name for name in COUNTS if name not in COLUMNS), "rating", "text"]


def results(
    inspection: Inspection,
    by: str | Iterable[str] | None = None,
    questions: str | Iterable[str] | None = None,
    confidence: float = CONFIDENCE,
    population_size: Population | None = None,
) -> pd.DataFrame:
    """Return one row per question, or per group and question: key questions in the framework's order, or those asked for.

    Columns: the characteristics of `by` (one or two), then `question, standard, strand, yes, n, percent, low, high, bounds, no,
    not_applicable, not_recorded, rating, text`. `n` counts the cases with Yes or No; `percent`, `low` and `high` run from 0 to 100,
    unrounded. `bounds` says what low and high are: "wilson95", the 95% Wilson interval (the number follows `confidence`), or
    "allowed", the range that the report's totals allow, which stands in the interval's place where practice cases are filtered or
    split. `rating` is the band of a casework question's share, under the status that the framework gives its bands; `text` says the
    row in words, the count first. On totals, what they do not state is missing.

    `population_size` is the number of cases that those inspected were drawn from, where that is known: the interval then covers only
    the cases not inspected. With `by` it is one number per group, keyed on the value, or on the pair of values.

    Groups that the whole sample has and the filter left empty keep their rows; with n of 0, percent and bounds are missing; under
    ten cases there are no intervals. Raises `NeedsCases` for `by` where there are only totals, `UnknownName` for a characteristic or
    question that the data do not have, and `KitError` for a population smaller than its sample or of practice cases.

    >>> import hmip_kit as hk
    >>> rows = hk.results(hk.load("lewisham-bromley-2022")).set_index("question")
    >>> rows.loc["delivery_safety", "text"]
    'Delivery: safety of other people: 8 of 42 cases (19%; 95% interval 10% to 33%)'
    """
    if not 0 < confidence < 1:
        raise KitError(f"a confidence lies between 0 and 1: not {confidence}")
    groups, asked = checked_groups(inspection, by), checked_questions(inspection, questions)
    counts = _counts(inspection, groups, asked)
    drawn_from = (
        None
        if population_size is None
        else populations(inspection, groups, counts, population_size)
    )
    facts = question_facts(inspection.framework, asked)
    rows = counts.merge(facts, on="question", how="left").merge(
        published_totals(inspection), left_on="question", right_index=True, how="left"
    )
    practice = inspection.cases_are == "practice"
    rows = _with_bounds(
        rows, practice, practice and bool(groups or inspection.filters), confidence, drawn_from
    )
    rows["rating"] = _bands(rows, inspection.framework)
    start = MADE_UP if practice else ""
    rows["text"] = [_text(row, confidence, start) for row in rows.to_dict("records")]
    return rows[groups + COLUMNS + MORE_COLUMNS]


def question_rows(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions as share rows: `question, label, stage, strand, yes, n`, and what `with_shares` adds."""
    counts = question_counts(inspection)
    facts = question_facts(inspection.framework, counts["question"].tolist())
    stages = {one.id: one.stage for one in inspection.framework.questions}
    rows = counts.assign(
        strand=facts["strand"], label=facts["label"], stage=counts["question"].map(stages)
    )
    if inspection.cases_are == "practice":
        rows = rows.merge(
            published_totals(inspection), left_on="question", right_index=True, how="left"
        )
    return with_shares(rows, inspection)


def question_counts(inspection: Inspection) -> pd.DataFrame:
    """Return the counts of the key questions, and no more: `question, yes, n`."""
    return _counts(inspection, [], checked_questions(inspection, None))[["question", "yes", "n"]]


def _counts(inspection: Inspection, groups: list[str], questions: list[str]) -> pd.DataFrame:
    if inspection.cases_are == "none":
        return published_counts(inspection).loc[questions].rename_axis("question").reset_index()
    return counted(inspection, groups, questions)


def _with_bounds(
    rows: pd.DataFrame,
    practice: bool,
    narrowed: bool,
    confidence: float,
    drawn_from: pd.Series | None,
) -> pd.DataFrame:
    """Return rows with `percent, low, high, bounds`; an interval under ten cases would say more than they can."""
    low_high, names = bounds_of(rows, practice, narrowed)
    interval = names == WILSON
    if drawn_from is not None or confidence != CONFIDENCE:
        low_high = low_high.where(~interval, wilson(rows["yes"], rows["n"], confidence, drawn_from))
        names = names.where(~interval, f"wilson{100 * confidence:g}")
    small = interval & (rows["n"] < FEWEST_FOR_A_BAR)
    percent = 100 * rows["yes"] / rows["n"].where(rows["n"] > 0)
    return rows.assign(percent=percent, bounds=names.mask(small, ""), **low_high.mask(small))


def _bands(rows: pd.DataFrame, framework: Framework) -> list[str]:
    """Return the band of each row's share; blank for what is not rated, and where practice cases are filtered or split."""
    rated = rows["question"].isin(framework.casework_key) & (rows["bounds"] != ALLOWED)
    return [
        band(yes, n, framework) if is_rated else ""
        for yes, n, is_rated in zip(rows["yes"], rows["n"], rated, strict=True)
    ]


def _text(row: Row, confidence: float, start: str) -> str:
    yes, n, low, high = row["yes"], row["n"], row["low"], row["high"]
    count = f"{start}{row['label']}: {f'{yes} of {n} {cases_word(n)}' if n else 'no cases'}"
    if n < FEWEST_FOR_A_BAR:
        return count
    if pd.isna(low):
        return f"{count} ({whole_percent(yes, n)})"
    if row["bounds"] == ALLOWED:
        sure = f"the report allows {half_up(low * n / 100)} to {half_up(high * n / 100)} of {n}"
    else:
        sure = f"{100 * confidence:g}% interval {half_up(low)}% to {half_up(high)}%"
    return f"{count} ({whole_percent(yes, n)}; {sure})"
