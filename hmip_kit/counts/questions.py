"""Counts of answers to questions: of cases, by group, or as totals were published."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from hmip_kit.counts import answer_key, count_each
from hmip_kit.doors import LACKING
from hmip_kit.errors import KitError, NotInData, unknown
from hmip_kit.inspection import Inspection
from hmip_kit.schema import CASES, label_of

MOST_GROUPINGS = 2
COUNTS = ["yes", "no", "not_applicable", "not_recorded", "n"]
Asked = str | Iterable[str] | None


def question_counts(
    inspection: Inspection, groups: Sequence[str] = (), questions: Asked = None
) -> pd.DataFrame:
    """Return how often each of the `questions` of an `inspection` was answered what, by `groups`.

    A row per group and question, those without cases too: the groups, `question, yes, no,
    not_applicable, not_recorded, n`. Without `questions` they are the key questions. What totals do
    not state is missing. Raises what `checked_questions` raises.
    """
    asked = checked_questions(inspection, questions)
    if not inspection.has_cases:
        return published_counts(inspection).loc[asked].rename_axis("question").reset_index()
    return count_each(inspection, ("question", asked), COUNTS, answer_key, groups)


def published_counts(inspection: Inspection) -> pd.DataFrame:
    """Return the counts that the totals of an `inspection` give, indexed by question.

    Of what is not stated, the count is missing.
    """
    known = published_totals(inspection)
    yes, n = np.array([*known.values()], dtype=np.int64).reshape(-1, 2).T
    nothing = pd.array([pd.NA] * len(known), dtype="Int64")
    counts = {"yes": yes, "no": n - yes, "not_applicable": nothing, "not_recorded": nothing, "n": n}
    return pd.DataFrame(counts, index=pd.Index([*known], dtype="str"))[COUNTS]


def published_totals(inspection: Inspection) -> dict[str, tuple[int, int]]:
    """Return how many Yes, of how many, an `inspection` publishes of each question that it does.

    On practice cases these are the report's totals that the cases were made to match.
    """
    key = inspection.published.dropna(subset=["yes", "n"])
    parts = inspection.framework.sub_questions
    known = dict(zip(key["question"], zip(key["yes"], key["n"], strict=True), strict=True))
    return known | {one.id: (one.yes, one.n) for one in parts if one.id not in known}


def known_questions(inspection: Inspection) -> list[str]:
    """Return the questions that an `inspection` has answers or totals of."""
    return inspection.questions if inspection.has_cases else list(published_totals(inspection))


def checked_questions(inspection: Inspection, questions: Asked = None) -> list[str]:
    """Return the `questions` asked of an `inspection`, or else its key questions.

    Raises `NotInData` for one that the framework has and the data do not, or for none at all, and
    `UnknownName` for any other.
    """
    asked = [questions] if isinstance(questions, str) else list(questions or [])
    known, framework = known_questions(inspection), inspection.framework
    for name in asked:
        if name not in known and name in framework.asked:
            raise NotInData(f"The question {framework.label(name)!r} is not in these data.")
        if name not in known:
            raise unknown("question", name, known)
    return asked or [one.id for one in framework.questions if one.id in known] or list(known)


def checked_groups(inspection: Inspection, by: Asked) -> list[str]:
    """Return the characteristics `by` which the cases of an `inspection` are grouped.

    Raises `NotInData` on totals, and for a characteristic that the schema has and the cases do not;
    `UnknownName` for any other; `KitError` for more than two.
    """
    groups = [by] if isinstance(by, str) else list(by or [])
    declared = [column.name for column in CASES if column.filter]
    columns = inspection.frames["cases"] if inspection.has_cases else ()
    known = [str(column) for column in columns if column != "case_id"]
    for name in groups:
        if name not in [*declared, *known]:
            raise unknown("characteristic", name, known or declared)
        if name not in known:
            why = f"{label_of(name)} is not in these data." if known else LACKING["cases"]
            raise NotInData(why)
    if len(groups) > MOST_GROUPINGS or len(set(groups)) < len(groups):
        raise KitError(f"results go by one or two different groups, not by {', '.join(groups)}")
    return groups
