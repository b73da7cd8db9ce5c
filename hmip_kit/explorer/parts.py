"""What the panel shows: one line a part. A new picture is one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from hmip_kit import charts
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection


@dataclass(frozen=True)
class Part:
    """A part of the panel: a finding of the filtered inspection, under a label.

    `cases` says that it needs cases; `by` that it also takes a characteristic to group by.
    """

    name: str
    label: str
    make: Callable[..., Finding]
    cases: bool = False
    by: bool = False


PARTS = (
    Part("key_questions", "Key questions", charts.key_questions),
    Part("stage_by_strand", "Stage by strand", charts.stage_by_strand),
    Part("needs", "Needs: service and progress", charts.needs),
    Part("gap", "Progress with and without sufficient delivery", charts.progress_with_and_without),
    Part("groups", "Groups side by side", charts.groups_side_by_side, cases=True, by=True),
    Part(
        "sub_questions",
        "Where the key question is No: which parts",
        charts.sub_questions,
        cases=True,
    ),
)
OPEN = ("key_questions",)


def parts_of(inspection: Inspection) -> list[Part]:
    """Return the parts that an inspection can fill."""
    return [part for part in PARTS if _filled(part, inspection)]


def _filled(part: Part, inspection: Inspection) -> bool:
    return not part.cases or (
        inspection.cases_are != "none" and (not part.by or bool(inspection.characteristics))
    )
