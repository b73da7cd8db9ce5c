"""One function a picture: each takes an inspection and returns a `Finding`. Pictures draw finished rows and compute nothing."""

from hmip_kit.charts.key_questions import key_questions
from hmip_kit.charts.overview import overview
from hmip_kit.charts.ratings import ratings
from hmip_kit.charts.stage_by_strand import stage_by_strand

__all__ = ["key_questions", "overview", "ratings", "stage_by_strand"]
