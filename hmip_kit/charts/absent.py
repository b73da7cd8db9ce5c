"""What is shown where the data do not have what a picture needs: words, and no picture."""

import pandas as pd

from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import published_counts
from hmip_kit.measures.viewpoints import JUDGED
from hmip_kit.measures.words import headed, listed, opening, practice_name, which_cases
from hmip_kit.schema import CASES, label_of


def lacks(inspection: Inspection, *questions: str, by: str | None = None) -> str:
    """Return what these data lack for a picture of delivery and progress, in words; blank where they have all that it takes.

    What no data could have, such as a question that nobody asks, is not said here: it is an error where it is looked up.
    """
    known = (
        published_counts(inspection).index
        if inspection.cases_are == "none"
        else inspection.questions
    )
    missing = [question for question in questions if question in JUDGED and question not in known]
    if missing:
        return f"The key questions {listed(missing)} are not in these data."
    declared = by in [column.name for column in CASES if column.filter]
    if by is None or inspection.characteristics.get(by) or not declared:
        return ""
    return f"{label_of(by)} is not in these data: a picture by group needs cases that have it."


NO_FIGURES = "No figures of a published report are part of these data."


def absent(inspection: Inspection, name: str, measure: str, why: str) -> Finding:
    """Return a finding without rows that says what is missing, so that a notebook runs on any inspection."""
    practice = practice_name(inspection)
    title = headed(f"{measure}: not in these data", practice)
    sentence = f"{opening(which_cases(inspection), practice)} {why}"
    return Finding(
        name=name,
        say=lambda _: (title, sentence),
        rows=pd.DataFrame({"label": pd.Series(dtype="str")}),
        columns={"label": "Not in these data"},
        measure=measure,
        inspection=inspection,
        cases=which_cases(inspection),
    )
