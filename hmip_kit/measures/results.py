"""Key-question results: how many cases were judged sufficient, out of how many, and how sure that is."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hmip_kit.errors import NeedsCases, unknown
from hmip_kit.inspection import Inspection
from hmip_kit.measures.shares import bounds_of, published_totals, with_shares

COLUMNS = ["question", "standard", "strand", "yes", "n", "percent", "low", "high", "bounds"]


def results(inspection: Inspection, by: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Return one row per key question, or per group and key question, in the framework's order.

    Columns: the characteristics of `by`, then `question, standard, strand, yes, n, percent, low, high, bounds`. `n` counts the
    cases with Yes or No; `percent`, `low` and `high` run from 0 to 100, unrounded. `bounds` says what low and high are:
    "wilson95", the 95% Wilson interval, or "allowed", the range that the report's totals allow, which stands in the interval's
    place where practice cases are filtered or split. Groups that the whole sample has and the filter left empty keep their rows;
    with n of 0, percent and bounds are missing. `by` raises `NeedsCases` where there are only totals, and `UnknownName` for a
    characteristic that the cases do not have.

    >>> import hmip_kit as hk
    >>> rows = hk.results(hk.load("lewisham-bromley-2022")).set_index("question")
    >>> rows.loc["delivery_safety", ["percent", "low", "high"]].astype("float64").round(1).tolist()
    [19.0, 10.0, 33.3]
    """
    groups = [by] if isinstance(by, str) else list(by or [])
    _check(inspection, groups)
    counts = inspection.published[["question", "yes", "n"]] if inspection.cases_are == "none" else counted(inspection, groups)
    questions = pd.DataFrame(
        [(one.id, one.standard, one.strand) for one in inspection.framework.questions],
        columns=["question", "standard", "strand"],
    )
    rows = counts.merge(questions, on="question").merge(published_totals(inspection), left_on="question", right_index=True, how="left")
    practice = inspection.cases_are == "practice"
    low_high, names = bounds_of(rows, practice, practice and bool(groups or inspection.filters))
    percent = 100 * rows["yes"] / rows["n"].where(rows["n"] > 0)
    return rows.assign(percent=percent, low=low_high["low"], high=low_high["high"], bounds=names)[groups + COLUMNS]


def question_rows(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions as share rows: `question, label, stage, strand, yes, n`, and what `with_shares` adds."""
    framework = inspection.framework
    rows = results(inspection)[["question", "strand", "yes", "n"]]
    questions = {one.id: one for one in framework.questions}
    rows = rows.assign(
        label=rows["question"].map({name: one.label for name, one in questions.items()}),
        stage=rows["question"].map({name: one.stage for name, one in questions.items()}),
    )
    if inspection.cases_are == "practice":
        rows = rows.merge(published_totals(inspection), left_on="question", right_index=True, how="left")
    return with_shares(rows, inspection)


def _check(inspection: Inspection, groups: list[str]) -> None:
    if groups and inspection.cases_are == "none":
        raise NeedsCases(f"{inspection.title} has published totals and no cases: results by {groups[0]} need cases")
    for name in groups:
        if name not in inspection.cases or name == "case_id":
            raise unknown("characteristic", name, [column for column in inspection.cases if column != "case_id"])


def counted(inspection: Inspection, groups: list[str]) -> pd.DataFrame:
    """Return `yes` and `n` for every group and key question, with a row for each even where no case is left."""
    order = [one.id for one in inspection.framework.questions]
    levels = [list(inspection.cases[name].cat.categories) for name in groups]
    shape = tuple(len(values) for values in levels)
    place = np.zeros(inspection.size, dtype=np.intp)
    for name, size in zip(groups, shape, strict=True):
        place = place * size + inspection.cases[name].cat.codes.to_numpy()
    many = int(np.prod(shape)) if shape else 1
    tallied = {}
    for question in order:
        yes, either = inspection.judged(question)
        tallied[question] = np.bincount(place[yes], minlength=many), np.bincount(place[either], minlength=many)
    names = pd.MultiIndex.from_product([*levels, order], names=[*groups, "question"])
    counts = np.array([tallied[question] for question in order])  # question x (yes, n) x group
    frame = pd.DataFrame(counts.transpose(2, 0, 1).reshape(-1, 2), index=names, columns=["yes", "n"]).reset_index()
    return frame.astype({name: pd.CategoricalDtype(values) for name, values in zip(groups, levels, strict=True)})
