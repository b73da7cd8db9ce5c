"""Agreement: two auditors on the same cases."""

from typing import Any

import numpy as np
import pandas as pd

from hmip_kit.coded import MISSING_CODE, Codes
from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import question_facts
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, MADE_UP, cases_said
from hmip_kit.schema import ANSWERS

COLUMNS = [
    "question",
    "label",
    "agreed",
    "n",
    "percent",
    "first_yes",
    "second_yes",
    "kappa",
    "differ",
    "text",
]


def agreement(first: Inspection, second: Inspection) -> pd.DataFrame:
    """Return, per question, in how many cases two auditors gave the same answer; questions with most disagreement first.

    Cases are matched on `case_id`; a case or an answer that one of the two lacks does not count. Columns: `question, label`; `agreed`
    of `n` cases, `percent`; `first_yes, second_yes` (cases with Yes); `kappa`, Cohen's kappa over Yes, No and Not applicable; `differ`,
    the cases with different answers, as a list; `text`. Kappa is missing under ten cases, and where one auditor gave the same answer
    throughout, because it needs both to vary. Raises `KitError` where the two have no case in common, or no question.
    Source: Cohen (1960), by `statsmodels.stats.inter_rater.cohens_kappa`.

    >>> import hmip_kit as hk
    >>> cases = hk.load("practice-cases")
    >>> hk.agreement(cases, cases)[["agreed", "n", "kappa"]].iloc[0].tolist()
    [42.0, 42.0, 1.0]
    """
    both = (
        first.cases[["case_id"]]
        .assign(row=range(first.size))
        .merge(second.cases[["case_id"]].assign(other=range(second.size)))
    )
    if both.empty:
        raise KitError(f"{first.title} and {second.title} have no case_id in common")
    shared = [question for question in first.questions if question in second.questions]
    facts = question_facts(first.framework, shared).set_index("question")
    rows = []
    for question in shared:
        answers = [
            one.answer_codes[both[place], one.questions.index(question)]
            for one, place in ((first, "row"), (second, "other"))
        ]
        row = _agreed(answers[0], answers[1], both["case_id"])
        if row["n"]:
            rows.append({"question": question, "label": facts.loc[question, "label"]} | row)
    if not rows:
        raise KitError(f"{first.title} and {second.title} answer no question in common")
    start = MADE_UP if "practice" in (first.cases_are, second.cases_are) else ""
    found = pd.DataFrame(rows).assign(
        text=lambda frame: [_text(row, start) for row in frame.to_dict("records")]
    )
    return found.sort_values("percent", kind="stable", ignore_index=True)[COLUMNS]


def _agreed(first: Codes, second: Codes, case_ids: pd.Series) -> dict[str, Any]:
    given = (first != MISSING_CODE) & (second != MISSING_CODE)
    table = np.zeros((len(ANSWERS), len(ANSWERS)))
    np.add.at(table, (first[given], second[given]), 1)
    n, agreed = int(given.sum()), int(np.trace(table))
    return {
        "agreed": agreed,
        "n": n,
        "percent": 100 * agreed / n if n else np.nan,
        "first_yes": int(table[0].sum()),
        "second_yes": int(table[:, 0].sum()),
        "kappa": _kappa(table),
        "differ": list(case_ids[given & (first != second)]),
    }


def _kappa(table: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    from statsmodels.stats.inter_rater import cohens_kappa

    vary = all((table.sum(axis=axis) > 0).sum() > 1 for axis in (0, 1))
    if table.sum() < FEWEST_FOR_A_BAR or not vary:
        return float("nan")
    found: float = cohens_kappa(table, return_results=False)
    return float(found)


def _text(row: Row, start: str) -> str:
    beyond: str = "" if pd.isna(row["kappa"]) else f"; Cohen's kappa {row['kappa']:.2f}"
    return f"{start}{row['label']}: agreed in {cases_said(row['agreed'], row['n'])}{beyond}"
