"""One function a picture: each takes an inspection and returns a `Finding`. Pictures draw finished rows and compute nothing."""

from hmip_kit.charts.agreement import agreement
from hmip_kit.charts.change import change
from hmip_kit.charts.differences import differences
from hmip_kit.charts.groups import groups_side_by_side
from hmip_kit.charts.key_questions import key_questions
from hmip_kit.charts.make_up import make_up
from hmip_kit.charts.next_rating import next_rating
from hmip_kit.charts.overview import overview
from hmip_kit.charts.ratings import ratings
from hmip_kit.charts.sample_size import later_sample, what_can_be_shown
from hmip_kit.charts.stage_by_strand import stage_by_strand
from hmip_kit.charts.statements import statements
from hmip_kit.charts.sub_questions import sub_questions

__all__ = [
    "agreement",
    "change",
    "differences",
    "groups_side_by_side",
    "key_questions",
    "later_sample",
    "make_up",
    "next_rating",
    "overview",
    "ratings",
    "stage_by_strand",
    "statements",
    "sub_questions",
    "what_can_be_shown",
]
