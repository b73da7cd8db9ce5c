"""hmip_kit: interactive analysis of HM Inspectorate of Probation inspection data.

    import hmip_kit as hk
    hk.setup()
    pdu = hk.load("lewisham-bromley-2022")
    hk.charts.stage_by_strand(pdu)

Importing changes nothing and is quick: each name is read from its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hmip_kit import charts as charts
    from hmip_kit.explorer.panel import explore as explore
    from hmip_kit.filters import Filters as Filters
    from hmip_kit.finding import Finding as Finding
    from hmip_kit.inspection import Inspection as Inspection
    from hmip_kit.measures.agreement import agreement as agreement
    from hmip_kit.measures.change import change as change
    from hmip_kit.measures.deciding_questions import cases_to_next as cases_to_next
    from hmip_kit.measures.disconnect import (
        organisation_against_casework as organisation_against_casework,
    )
    from hmip_kit.measures.figure_checks import check_figures as check_figures
    from hmip_kit.measures.funnel import funnel as funnel
    from hmip_kit.measures.gap import gap as gap
    from hmip_kit.measures.groups import compare as compare
    from hmip_kit.measures.needs import needs as needs
    from hmip_kit.measures.possible_counts import possible_counts as possible_counts
    from hmip_kit.measures.rating_rules import overall_rating as overall_rating
    from hmip_kit.measures.ratings import rate as rate
    from hmip_kit.measures.ratings import score as score
    from hmip_kit.measures.reach import reach as reach
    from hmip_kit.measures.recommendations import recommendations as recommendations
    from hmip_kit.measures.referrals import referrals as referrals
    from hmip_kit.measures.results import results as results
    from hmip_kit.measures.sample_size import beyond_chance as beyond_chance
    from hmip_kit.measures.sample_size import detectable as detectable
    from hmip_kit.measures.stability import stability as stability
    from hmip_kit.measures.viewpoints import viewpoints as viewpoints
    from hmip_kit.renderer import setup as setup
    from hmip_kit.share.action_page import action_page as action_page
    from hmip_kit.sources.checking import check as check
    from hmip_kit.sources.loading import load as load
    from hmip_kit.sources.loading import mappings as mappings
    from hmip_kit.sources.loading import second_auditor as second_auditor
    from hmip_kit.sources.others import others as others
    from hmip_kit.sources.report import read_report as read_report
    from hmip_kit.sources.template import write_template as write_template

__version__ = "0.1.0"

_HOMES = {
    "Filters": "filters",
    "Finding": "finding",
    "Inspection": "inspection",
    "action_page": "share.action_page",
    "agreement": "measures.agreement",
    "beyond_chance": "measures.sample_size",
    "cases_to_next": "measures.deciding_questions",
    "change": "measures.change",
    "check": "sources.checking",
    "check_figures": "measures.figure_checks",
    "compare": "measures.groups",
    "detectable": "measures.sample_size",
    "explore": "explorer.panel",
    "funnel": "measures.funnel",
    "gap": "measures.gap",
    "load": "sources.loading",
    "mappings": "sources.loading",
    "needs": "measures.needs",
    "organisation_against_casework": "measures.disconnect",
    "others": "sources.others",
    "overall_rating": "measures.rating_rules",
    "possible_counts": "measures.possible_counts",
    "rate": "measures.ratings",
    "reach": "measures.reach",
    "read_report": "sources.report",
    "recommendations": "measures.recommendations",
    "referrals": "measures.referrals",
    "results": "measures.results",
    "score": "measures.ratings",
    "second_auditor": "sources.loading",
    "setup": "renderer",
    "stability": "measures.stability",
    "viewpoints": "measures.viewpoints",
    "write_template": "sources.template",
}
__all__ = [
    "Filters",
    "Finding",
    "Inspection",
    "action_page",
    "agreement",
    "beyond_chance",
    "cases_to_next",
    "change",
    "charts",
    "check",
    "check_figures",
    "compare",
    "detectable",
    "explore",
    "funnel",
    "gap",
    "load",
    "mappings",
    "needs",
    "organisation_against_casework",
    "others",
    "overall_rating",
    "possible_counts",
    "rate",
    "reach",
    "read_report",
    "recommendations",
    "referrals",
    "results",
    "score",
    "second_auditor",
    "setup",
    "stability",
    "viewpoints",
    "write_template",
]


def __getattr__(name: str) -> object:
    """Return a public name, importing its module on first use."""
    if name == "charts":
        return import_module("hmip_kit.charts")
    if name not in _HOMES:
        raise AttributeError(f"module 'hmip_kit' has no attribute {name!r}")
    return getattr(import_module(f"hmip_kit.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
