"""The two places of a gap: a question, or a step of a need, as it stands in each case."""

from dataclasses import dataclass

import pandas as pd

from hmip_kit.coded import Mask
from hmip_kit.errors import KitError, unknown
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import published_counts, question_facts
from hmip_kit.schema import NEED_ROWS

LEFT = ("service_yes_left", "service_no_left", "outcome_yes_left", "outcome_no_left")
STEPS = {
    column.name: column.label
    for column in NEED_ROWS
    if column.name in ("planned_for", "service_delivered", "improved")
}


@dataclass(frozen=True)
class Place:
    """What stands in a place: its label, its name within a sentence, and what a Yes is called."""

    name: str
    label: str
    words: str
    held: str


def place_of(inspection: Inspection, name: str) -> Place:
    """Return a place by its name: a question's id, or a need and its step, as in "Accommodation/service_delivered".

    Raises `UnknownName` for a question, need or step that there is not, and `KitError` for a step of a need on published totals.
    """
    need, _, step = name.rpartition("/")
    if not need:
        return _question(inspection, name)
    needs = list(inspection.frames["needs"]["need"].cat.categories)
    if not needs:
        raise KitError(
            f"{inspection.title} has no needs by case: a step of a need cannot be a place"
        )
    if need not in needs:
        raise unknown("need", need, needs)
    if step not in STEPS:
        raise unknown("step of a need", step, STEPS)
    return Place(
        name,
        f"{need}: {STEPS[step].lower()}",
        f"{need.lower()} ({STEPS[step].lower()})",
        "recorded",
    )


def need_of(name: str) -> str:
    """Return the need that a place is a step of; blank for a question."""
    return name.rpartition("/")[0]


def _question(inspection: Inspection, name: str) -> Place:
    known = (
        list(published_counts(inspection).index)
        if inspection.cases_are == "none"
        else inspection.questions
    )
    if name not in known:
        raise unknown("question", name, known)
    framework = inspection.framework
    label = str(question_facts(framework, [name])["label"].iloc[0])
    key = next((one for one in framework.questions if one.id == name), None)
    words = (
        f"{framework.stages[key.stage].lower()} ({framework.strands[key.strand].lower()})"
        if key
        else label.lower()
    )
    return Place(name, label, words, "sufficient")


def in_place(inspection: Inspection, name: str) -> tuple[Mask, Mask]:
    """Return, per case, whether a place holds Yes, and whether it holds Yes or No; a step counts the cases that have the need."""
    need, _, step = name.rpartition("/")
    if not need:
        return inspection.judged(name)
    column = list(inspection.frames["needs"]["need"].cat.categories).index(need)
    codes, has = inspection.need_codes[step][:, column], inspection.has_need[:, column]
    return has & (codes == 1), has & (codes >= 0)


def cells_of(inspection: Inspection, service: str, outcome: str) -> dict[str, Mask]:
    """Return, per case, which cell of service and outcome it falls in: both, one only, neither; `n` where both hold Yes or No.

    `with` and `without` are the cases of n with Yes, and with No, on the service; `not_counted` those not of n.
    """
    served, either = in_place(inspection, service)
    better, other = in_place(inspection, outcome)
    n = either & other
    return {
        "both": n & served & better,
        "service_only": n & served & ~better,
        "outcome_only": n & ~served & better,
        "neither": n & ~served & ~better,
        "n": n,
        "with": n & served,
        "without": n & ~served,
        "not_counted": ~n,
    }


def left_of(inspection: Inspection, service: str, outcome: str) -> dict[str, Mask]:
    """Return, per case, whether one place holds Yes, or No, where the other holds neither: what `cells_of` leaves of each place."""
    (served, either), (better, other) = in_place(inspection, service), in_place(inspection, outcome)
    parts = (
        either & served & ~other,
        either & ~served & ~other,
        other & better & ~either,
        other & ~better & ~either,
    )
    return dict(zip(LEFT, parts, strict=True))


def totals_of(inspection: Inspection, service: str, outcome: str) -> pd.DataFrame | None:
    """Return the published `yes, no, n` of service and outcome, in this order; none where one of the two has no published total."""
    counts = published_counts(inspection)
    if service not in counts.index or outcome not in counts.index:
        return None
    return counts.loc[[service, outcome], ["yes", "no", "n"]]
