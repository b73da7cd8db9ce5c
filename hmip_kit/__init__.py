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
    from hmip_kit.measures.results import results as results
    from hmip_kit.renderer import setup as setup
    from hmip_kit.sources.bundled import load as load

__version__ = "0.1.0"

_HOMES = {
    "Filters": "filters",
    "Finding": "finding",
    "Inspection": "inspection",
    "explore": "explorer.panel",
    "load": "sources.bundled",
    "results": "measures.results",
    "setup": "renderer",
}
__all__ = ["Filters", "Finding", "Inspection", "charts", "explore", "load", "results", "setup"]


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
