"""Counts of answers: Yes, No, Not applicable and not recorded, per group and question."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.coded import NOT_APPLICABLE_CODE, YES_CODE
from hmip_kit.errors import KitError, NeedsCases, unknown
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection

MOST_GROUPINGS = 2
NO_CODE = YES_CODE + 1
CODES = 4  # not recorded, Yes, No, Not applicable: the answers' codes plus one
COUNTS = ["yes", "no", "not_applicable", "not_recorded", "n"]


def checked_groups(inspection: Inspection, by: str | Iterable[str] | None) -> list[str]:
    """Return the characteristics to group by; raises `NeedsCases` on totals, `UnknownName`, and `KitError` for more than two."""
    groups = [by] if isinstance(by, str) else list(by or [])
    if groups and inspection.cases_are == "none":
        raise NeedsCases(
            f"{inspection.title} has published totals and no cases: results by {groups[0]} need cases"
        )
    known = [column for column in inspection.cases if column != "case_id"]
    for name in groups:
        if name not in known:
            raise unknown("characteristic", name, known)
    if len(groups) > MOST_GROUPINGS or len(set(groups)) < len(groups):
        raise KitError(
            f"results go by one or two different characteristics, not by {', '.join(groups)}"
        )
    return groups


def checked_questions(inspection: Inspection, questions: str | Iterable[str] | None) -> list[str]:
    """Return the questions asked for, or else the framework's key questions; unknown ones raise `UnknownName`."""
    asked = [questions] if isinstance(questions, str) else list(questions or [])
    framework = inspection.framework
    known = (
        list(published_counts(inspection).index)
        if inspection.cases_are == "none"
        else inspection.questions
    )
    for name in asked:
        if name not in known:
            raise unknown("question", name, known)
    key = [one.id for one in framework.questions if one.id in known]
    return asked or key or list(known)


def question_facts(framework: Framework, questions: list[str]) -> pd.DataFrame:
    """Return `question, label, standard, strand` of questions: a sub-question has those of its key question, others are blank."""
    key = {one.id: one for one in framework.questions}
    facts = {name: (one.label, one.standard, one.strand) for name, one in key.items()}
    for sub in framework.sub_questions:
        above = key.get(sub.key_question)
        facts[sub.id] = (sub.label, above.standard if above else "", above.strand if above else "")
    rows = [(name, *facts.get(name, (name, "", ""))) for name in questions]
    return pd.DataFrame(rows, columns=["question", "label", "standard", "strand"])


def published_counts(inspection: Inspection) -> pd.DataFrame:
    """Return the counts that totals give, indexed by question: of what is not stated, the count is missing."""
    key = inspection.published.set_index("question")[["yes", "n"]]
    sub = {
        one.id: (one.yes, one.n)
        for one in inspection.framework.sub_questions
        if one.id not in key.index
    }
    counts = pd.concat([key, pd.DataFrame(sub, index=["yes", "n"], dtype="int64").T]).astype(
        "int64"
    )
    unknown_count = pd.array([pd.NA] * len(counts), dtype="Int64")
    return counts.assign(
        no=counts["n"] - counts["yes"], not_applicable=unknown_count, not_recorded=unknown_count
    )[COUNTS]


def counted(inspection: Inspection, groups: list[str], questions: list[str]) -> pd.DataFrame:
    """Return the counts for every group and question, with a row for each even where no case is left."""
    levels = [list(inspection.cases[name].cat.categories) for name in groups]
    shape = tuple(len(values) for values in levels)
    place, many = _places(inspection, groups, shape), int(np.prod(shape, dtype=int))
    columns = [inspection.questions.index(question) for question in questions]
    sums = [
        np.bincount(place + inspection.answer_codes[:, column], minlength=CODES * many)
        for column in columns
    ]
    counts = (
        np.array(sums, dtype="int64")
        .reshape(len(questions), many, CODES)
        .transpose(1, 0, 2)
        .reshape(-1, CODES)
    )
    yes, no, not_applicable = (
        counts[:, code + 1] for code in (YES_CODE, NO_CODE, NOT_APPLICABLE_CODE)
    )
    names = pd.MultiIndex.from_product([*levels, questions], names=[*groups, "question"])
    found = dict(zip(COUNTS, (yes, no, not_applicable, counts[:, 0], yes + no), strict=True))
    frame = pd.DataFrame(found, index=names).reset_index()
    return frame.astype(
        {name: pd.CategoricalDtype(values) for name, values in zip(groups, levels, strict=True)}
    )


def _places(
    inspection: Inspection, groups: list[str], shape: tuple[int, ...]
) -> npt.NDArray[np.intp]:
    """Return, per case, where its group's counts begin, one further on: a missing answer has the code -1."""
    place = np.zeros(inspection.size, dtype=np.intp)
    for name, size in zip(groups, shape, strict=True):
        place = place * size + inspection.cases[name].cat.codes.to_numpy()
    return CODES * place + 1
