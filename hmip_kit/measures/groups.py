"""Groups: whether the quality of casework differs between groups of people, as far as a sample can say."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hmip_kit.errors import KitError, NeedsCases, unknown
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import checked_groups, question_facts
from hmip_kit.measures.differences import fits, with_difference
from hmip_kit.measures.intervals import Numbers
from hmip_kit.measures.make_up import make_up
from hmip_kit.measures.mean_differences import (
    difference_within,
    mean_interval,
    permutation_p,
    permutation_p_within,
)
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, cases_word, number
from hmip_kit.schema import NOT_RECORDED, label_of

OTHERS = "All other groups recorded"
SUMMARY = [
    *("group", "reference", "questions", "n_group", "n_reference", "mean_group", "mean_reference"),
    *("difference", "low", "high", "p", "p_holm", "within"),
]
DIFFERENCES = [
    *(
        "group",
        "reference",
        "question",
        "label",
        "yes_group",
        "n_group",
        "yes_reference",
        "n_reference",
    ),
    *("difference", "low", "high", "text"),
]


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """Groups against a reference: `summary`, one row per group; `differences`, per group and question; `make_up` of the groups.

    Shown, it is the sentences of its summary. `summary` is the one comparison that is tested; `differences` have intervals and no p,
    because tests over a dozen questions mislead; `make_up` stands beside both, since quality may follow sentence or risk and not the
    group.
    """

    summary: pd.DataFrame
    differences: pd.DataFrame
    make_up: pd.DataFrame

    def __repr__(self) -> str:
        """Return the sentences of the summary, one a line."""
        return "\n".join(self.summary["text"])


def compare(
    inspection: Inspection,
    by: str = "ethnicity",
    reference: str | None = None,
    *,
    together: bool = False,
    within: str | None = None,
    resamples: int = 9999,
    seed: int = 0,
) -> Comparison:
    """Return whether casework differs between groups: one summary with a test, then each key question with an interval.

    `summary`, one row per group: `group, reference, questions, n_group, n_reference`; `mean_group, mean_reference`, the mean number of
    casework key questions (twelve for Probation Delivery Units; `questions` says how many were answered at all) judged sufficient per
    case; `difference`, group minus reference, with Welch's 95% interval `low, high`; `p`, two-sided, from a permutation test, and
    `p_holm`, which allows for several groups; `within`; `text`. A question answered Not applicable, or not recorded, leaves a case's
    number in proportion to those answered; a case with none does not count. `differences`, per group and key question: counts,
    `difference, low, high` in percentage points with Newcombe's 95% interval, `text`. `make_up`: see `measures.make_up`.

    `reference` is a group, else the largest; `together` compares it with all other recorded groups as one. `within` compares within the
    values of another characteristic, such as `sentence_type`: differences weighted by how much each value tells, permuted within it,
    without an interval; `differences` stay those of the whole groups. A group under ten cases, and "Not recorded", is not compared:
    its row says so.

    Own cases only: raises `NeedsCases` for totals and for practice cases, `UnknownName` for an unknown characteristic or reference, and
    `KitError` where fewer than two groups are recorded. Sources: Newcombe (1998), method 10; `scipy.stats.permutation_test`; Welch (1947)
    by `scipy.stats.ttest_ind`; Holm (1979) by `statsmodels.stats.multitest.multipletests`.

    >>> import hmip_kit as hk
    >>> hk.compare(hk.load("practice-cases"), "ethnicity")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    hmip_kit.errors.NeedsCases: practice cases are made up: a difference between their groups would say nothing of anyone; ...
    """
    _check(inspection, by, within)
    groups, compared_with = _groups(inspection, by, reference, together)
    others = [name for name in groups.cat.categories if name != compared_with]
    key = [
        question
        for question in inspection.framework.casework_key
        if inspection.judged(question)[1].any()
    ]
    cases = pd.DataFrame(
        {
            "group": groups.to_numpy(),
            "sufficient": _sufficient_per_case(inspection, key),
            "stratum": 0 if within is None else inspection.cases[within].cat.codes.to_numpy(),
        }
    ).dropna(subset="sufficient")
    summary = [
        {"questions": len(key)} | _summary(cases, name, compared_with, within, (resamples, seed))
        for name in others
    ]
    return Comparison(
        summary=_said(_with_holm(pd.DataFrame(summary, columns=SUMMARY))),
        differences=_differences(inspection, groups, (others, compared_with), key),
        make_up=make_up(inspection, groups),
    )


def _check(inspection: Inspection, by: str, within: str | None) -> None:
    if inspection.cases_are == "practice":
        raise NeedsCases(
            "practice cases are made up: a difference between their groups would say nothing of anyone; load your own cases"
        )
    if inspection.cases_are == "none":
        raise NeedsCases(
            f"{inspection.title} has published totals and no cases: to compare groups, load your own cases"
        )
    checked_groups(inspection, [by] if within is None else [by, within])


def _groups(
    inspection: Inspection, by: str, reference: str | None, together: bool
) -> tuple[pd.Series, str]:
    """Return each case's group, and the group to compare with."""
    groups = inspection.cases[by].cat.remove_unused_categories()
    recorded = [name for name in groups.cat.categories if name != NOT_RECORDED]
    if reference is not None and reference not in recorded:
        raise unknown(f"value of {by}", reference, recorded)
    if len(recorded) < 2:
        raise KitError(
            f"{label_of(by)}: a comparison needs two recorded groups; recorded here: {number(len(recorded))}"
        )
    sizes = groups.value_counts()
    compared_with = reference or max(recorded, key=lambda name: sizes[name])
    if together:
        renamed = groups.astype("str").where(groups.isin([compared_with, NOT_RECORDED]), OTHERS)
        order = [compared_with, OTHERS, *([NOT_RECORDED] if NOT_RECORDED in sizes else [])]
        groups = renamed.astype(pd.CategoricalDtype(order))
    return groups, compared_with


def _sufficient_per_case(inspection: Inspection, key: list[str]) -> Numbers:
    """Return, per case, how many key questions were sufficient, in proportion where some were not answered Yes or No."""
    if not key:
        return np.full(inspection.size, np.nan)
    judged = [inspection.judged(question) for question in key]
    yes, n = (np.sum([masks[part] for masks in judged], axis=0) for part in (0, 1))
    return np.where(n > 0, len(key) * yes / np.maximum(n, 1), np.nan)


def _summary(
    cases: pd.DataFrame, name: str, reference: str, within: str | None, draws: tuple[int, int]
) -> Row:
    pair = cases[cases["group"].isin([name, reference])]
    in_group = (pair["group"] == name).to_numpy()
    values = pair["sufficient"].to_numpy(dtype="float64")
    group, other = values[in_group], values[~in_group]
    row: Row = {
        "group": name,
        "reference": reference,
        "n_group": group.size,
        "n_reference": other.size,
        "within": within or "",
    }
    row |= {"mean_group": _mean(group), "mean_reference": _mean(other)}
    if min(group.size, other.size) < FEWEST_FOR_A_BAR or name == NOT_RECORDED:
        return row
    if within is None:
        low, high = mean_interval(group, other)
        row |= {
            "difference": group.mean() - other.mean(),
            "low": low,
            "high": high,
            "p": permutation_p(group, other, *draws),
        }
    else:
        strata = pair["stratum"].to_numpy()
        found = difference_within(values, in_group, strata)
        row |= {"difference": found, "p": permutation_p_within(values, in_group, strata, *draws)}
    return row


def _with_holm(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the summary with each p allowing for how many groups are tested."""
    from statsmodels.stats.multitest import multipletests

    tested = summary["p"].notna()
    if tested.any():
        summary.loc[tested, "p_holm"] = multipletests(
            summary.loc[tested, "p"].astype("float64"), method="holm"
        )[1]
    return summary


def _mean(values: Numbers) -> float:
    return float(values.mean()) if values.size else np.nan


def _said(summary: pd.DataFrame) -> pd.DataFrame:
    rows = summary.to_dict("records")
    return summary.assign(
        text=[
            _not_compared(row["group"], row["n_group"], row["n_reference"])
            if pd.isna(row["p"])
            else _summary_text(row)
            for row in rows
        ]
    )


def _not_compared(name: str, n: int, reference_n: int) -> str:
    if name == NOT_RECORDED:
        return f"{name}: {n} {cases_word(n)}, not compared"
    if min(n, reference_n) >= FEWEST_FOR_A_BAR:
        return f"{name}: not compared, because no value compared within has cases of both groups"
    few = (
        f"{n} {cases_word(n)}"
        if n < FEWEST_FOR_A_BAR
        else f"{reference_n} {cases_word(reference_n)} to compare with"
    )
    return f"{name}: {few}, too few to compare (fewer than {FEWEST_FOR_A_BAR})"


def _summary_text(row: Row) -> str:
    sides = f"{row['group']}, {row['n_group']} cases, {row['mean_group']:.1f} of {row['questions']} key questions sufficient per case"
    said = f"{sides}; {row['reference']}, {row['n_reference']} cases, {row['mean_reference']:.1f}"
    how = (
        f"difference within {label_of(row['within']).lower()} {row['difference']:+.1f}, "
        if row["within"]
        else ""
    )
    range_ = (
        ""
        if pd.isna(row.get("low"))
        else f"; the data fit anything {fits(row['low'], row['high'], 'question', ('fewer', 'more'), 1)}"
    )
    several = (
        "" if row["p_holm"] == row["p"] else f", allowing for several groups {row['p_holm']:.2g}"
    )
    return f"{said} ({how}permutation test p = {row['p']:.2g}{several}){range_}"


def _differences(
    inspection: Inspection, groups: pd.Series, sides: tuple[list[str], str], key: list[str]
) -> pd.DataFrame:
    """Return each key question for each group against the reference; a group that is not compared has counts only."""
    others, reference = sides
    labels = question_facts(inspection.framework, key).set_index("question")["label"]
    judged = {question: inspection.judged(question) for question in key}
    rows = []
    for name in [one for one in others if one != NOT_RECORDED]:
        for question in key:
            row: Row = {
                "group": name,
                "reference": reference,
                "question": question,
                "label": labels[question],
            }
            for side, one in (("group", name), ("reference", reference)):
                here = (groups == one).to_numpy()
                row |= {
                    f"yes_{side}": int(judged[question][0][here].sum()),
                    f"n_{side}": int(judged[question][1][here].sum()),
                }
            rows.append(row)
    found = with_difference(pd.DataFrame(rows, columns=DIFFERENCES[:8]), "reference", "group")
    return found.assign(text=[_difference_text(row) for row in found.to_dict("records")])[
        DIFFERENCES
    ]


def _difference_text(row: Row) -> str:
    counts = [
        f"{row[side]} {row[f'yes_{side}']} of {row[f'n_{side}']}" for side in ("group", "reference")
    ]
    said = f"{row['label']}: {counts[0]}, {counts[1]}"
    if pd.isna(row["difference"]):
        return f"{said}; too few cases to compare"
    return f"{said}; the data fit anything {fits(row['low'], row['high'])}"
