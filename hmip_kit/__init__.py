"""hmip_kit: interactive analysis of HM Inspectorate of Probation inspection data.

    import hmip_kit as hk
    hk.setup()
    pdu = hk.load("lewisham-bromley-2022")
    pdu.show.key_questions()
    hk.catalogue()

Importing changes nothing and is quick: each name is read from its module when it is first used.
"""

from typing import TYPE_CHECKING

from hmip_kit.doors import HOMES, through
from hmip_kit.errors import UnknownAttribute, unknown

if TYPE_CHECKING:
    from hmip_kit import stats as stats
    from hmip_kit.doors import catalogue as catalogue
    from hmip_kit.findings import Finding as Finding
    from hmip_kit.inspection import Inspection as Inspection
    from hmip_kit.page.action_plan import action_plan as action_plan
    from hmip_kit.picture import setup as setup
    from hmip_kit.sources import load as load
    from hmip_kit.sources.bundled import data_version as data_version
    from hmip_kit.sources.own import check as check
    from hmip_kit.sources.own.template import write_template as write_template
    from hmip_kit.sources.report import read_report as read_report

__version__ = "0.2.0"
__all__ = [  # noqa: F822  # read from their modules when they are first used
    "Finding",
    "Inspection",
    "action_plan",
    "catalogue",
    "check",
    "data_version",
    "load",
    "read_report",
    "setup",
    "stats",
    "write_template",
]


def __getattr__(name: str) -> object:
    """Return a public name, importing its module on first use."""
    if name.startswith("_"):
        raise AttributeError(f"module 'hmip_kit' has no attribute {name!r}")
    if name not in HOMES:
        raise UnknownAttribute(str(unknown("name in hmip_kit", name, __all__)))
    return through(name)


def __dir__() -> list[str]:
    """Return the public names."""
    return [*__all__, "__version__"]
