"""One function a picture: each takes an inspection and returns a `Finding`. Pictures draw finished rows and compute nothing."""

from hmip_kit.charts.agreement import agreement
from hmip_kit.charts.by_theme import by_theme
from hmip_kit.charts.case_grid import case_grid
from hmip_kit.charts.change import change
from hmip_kit.charts.changed_since import changed_since
from hmip_kit.charts.differences import differences
from hmip_kit.charts.disconnect import organisation_against_casework
from hmip_kit.charts.figure_checks import figures_checked
from hmip_kit.charts.funnel import funnel
from hmip_kit.charts.groups import groups_side_by_side
from hmip_kit.charts.how_sure import how_sure, lowest_key_questions
from hmip_kit.charts.key_questions import key_questions
from hmip_kit.charts.make_up import make_up
from hmip_kit.charts.need_flow import need_flow
from hmip_kit.charts.needs import needs
from hmip_kit.charts.next_rating import next_rating
from hmip_kit.charts.other_percentages import other_percentages
from hmip_kit.charts.others import others
from hmip_kit.charts.overview import overview
from hmip_kit.charts.own_file import file_checked, file_read, what_to_fill_in
from hmip_kit.charts.progress import progress_with_and_without
from hmip_kit.charts.ratings import ratings
from hmip_kit.charts.reach import stages_sufficient
from hmip_kit.charts.recommendations import recommendations
from hmip_kit.charts.referrals import referrals
from hmip_kit.charts.sample_size import later_sample, what_can_be_shown
from hmip_kit.charts.scores import scores
from hmip_kit.charts.service_and_outcome import service_and_outcome
from hmip_kit.charts.stage_by_strand import stage_by_strand
from hmip_kit.charts.statements import statements
from hmip_kit.charts.sub_questions import sub_questions
from hmip_kit.charts.vacancies import vacancies
from hmip_kit.charts.viewpoints import three_viewpoints
from hmip_kit.charts.voices import voices, what_works

__all__ = [
    "agreement",
    "by_theme",
    "case_grid",
    "change",
    "changed_since",
    "differences",
    "figures_checked",
    "file_checked",
    "file_read",
    "funnel",
    "groups_side_by_side",
    "how_sure",
    "key_questions",
    "later_sample",
    "lowest_key_questions",
    "make_up",
    "need_flow",
    "needs",
    "next_rating",
    "organisation_against_casework",
    "other_percentages",
    "others",
    "overview",
    "progress_with_and_without",
    "ratings",
    "recommendations",
    "referrals",
    "scores",
    "service_and_outcome",
    "stage_by_strand",
    "stages_sufficient",
    "statements",
    "sub_questions",
    "three_viewpoints",
    "vacancies",
    "voices",
    "what_can_be_shown",
    "what_to_fill_in",
    "what_works",
]
