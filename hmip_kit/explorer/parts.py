"""What the panel shows: one line a part. A new picture is one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from hmip_kit import charts
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection


@dataclass(frozen=True)
class Part:
    """A part of the panel: a finding of the filtered inspection, under a label. `by` says that it also takes a characteristic."""

    name: str
    label: str
    make: Callable[..., Finding]
    by: bool = False


PARTS = (
    Part("key_questions", "Key questions", charts.key_questions),
    Part("stage_by_strand", "Stage by strand", charts.stage_by_strand),
)
OPEN = ("key_questions",)


def parts_of(inspection: Inspection) -> list[Part]:
    """Return the parts that an inspection can fill."""
    return [part for part in PARTS if inspection.cases_are != "none" or not part.by]
