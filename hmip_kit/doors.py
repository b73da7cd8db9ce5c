"""The doors of the house: which module holds each public name and each finding.

Nothing is loaded until it is used, so that importing the kit is quick. The findings stand in
`findings/index.json`, which `make index` writes and a test holds against their registry.
"""

import json
from collections.abc import Callable, Collection
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any

from hmip_kit.errors import UnknownAttribute, unknown

if TYPE_CHECKING:
    import pandas as pd

    from hmip_kit.findings import Finding

HOMES = {
    "Finding": "findings",
    "Inspection": "inspection",
    "action_plan": "page.action_plan",
    "catalogue": "doors",
    "check": "sources.own",
    "data_version": "sources.bundled",
    "load": "sources",
    "read_report": "sources.report",
    "setup": "picture",
    "stats": "stats",
    "write_template": "sources.own.template",
}
# What rooms on the left ask for of rooms on their right, when a person asks for it.
INSIDE = {
    "Against": "collection",
    "by_second_auditor": "collection",
    "regrouped": "collection",
    "bundle": "protect.bundle",
    "nameable": "protect",
    "live": "panel.live",
    "Explorer": "panel",
    "check_database": "engine.opening",
    "InDatabase": "protect.in_database",
}
SUBJECTS = {  # of what a finding is, and how it is asked for
    "Inspection": "inspection.show.{}()",
    "Against": "inspection.against(other).show.{}()",
    "Checked": "check(file).show.{}()",
}

LACKING = {  # what data may lack, and how that is said
    "cases": "Totals do not say which cases they count: this takes cases.",
    "own cases": "This takes your own cases: totals name none, and practice cases are made up.",
    "real data": "Made-up cases say nothing of a unit: this takes published totals or own cases.",
    "a publication": "This takes a published inspection: cases by themselves have none.",
    "rounds": "These cases are of one round: this takes several files, or one with a column round.",
    "units": "These cases are of one unit: this takes several files, or one with a column unit.",
    "second answers": "No case was audited by two auditors in these data.",
    "caseload": "The caseload of the unit is not part of these data: a table `caseload` holds it.",
    "key questions": "No key question is answered in these data.",
    "figures": "No figures of a published report are part of these data.",
    "ratings": "No published ratings of standards are part of these data.",
    "recommendations": "No recommendations are part of these data.",
}
STAY = "These cases stay in the database, which gives counts: this takes the cases one by one."


def through(name: str) -> Any:
    """Return what stands behind the door `name`, importing its module on first use."""
    home = (HOMES | INSIDE)[name]
    module = import_module(f"hmip_kit.{home}")
    return module if home == name else getattr(module, name)


@cache
def index() -> dict[str, dict[str, Any]]:
    """Return what is registered of each finding, by name, without loading any."""
    path = Path(__file__).with_name("findings") / "index.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def catalogue() -> "pd.DataFrame":
    """Return every finding: what it answers and what it takes.

    Returns
    -------
    DataFrame
        A row per finding: `name`; `question`, which it answers; `needs`, what data must hold for
        it; `follows`, whether it follows filters; `shown_by`, what it may be shown by where cases
        are one's own; `asked`, how it is asked for.

    Examples
    --------
    >>> catalogue().set_index("name").loc["referrals", "question"]
    'What became of the referrals?'
    """
    import pandas as pd

    columns = ("question", "needs", "follows", "shown_by")
    rows = [
        {"name": name} | {column: one[column] for column in columns} | {"asked": _asked(name)}
        for name, one in index().items()
    ]
    return pd.DataFrame(rows).assign(needs=[", ".join(row["needs"]) for row in rows])


def _asked(name: str) -> str:
    return " or ".join(SUBJECTS[one].format(name) for one in index()[name]["subjects"])


def answered(holds: Collection[str]) -> str:
    """Return which findings data that hold what `holds` names can answer, as HTML."""
    able = {
        name: one["question"]
        for name, one in index().items()
        if "Inspection" in one["subjects"] and set(one["needs"]) <= set(holds)
    }
    cell = "<{0} style='text-align:left'>{1}</{0}>".format
    rows = "".join(
        f"<tr>{cell('th', f'<code>.show.{name}()</code>')}{cell('td', escape(question))}</tr>"
        for name, question in able.items()
    )
    summary = f"<summary>It can answer {len(able)} questions</summary>"
    return f"<details>{summary}<table>{rows}</table></details>"


class Show:
    """The findings on one subject: `inspection.show.key_questions()`."""

    def __init__(self, subject: object) -> None:
        self._subject = subject

    def __dir__(self) -> list[str]:
        """Return the names of the findings on this subject."""
        kinds = {one.__name__ for one in type(self._subject).__mro__}
        return [name for name, one in index().items() if not kinds.isdisjoint(one["subjects"])]

    def __getattr__(self, name: str) -> "Callable[..., Finding]":
        """Return a finding by its name, ready to be called."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in dir(self):
            asked = f"{name} is asked for as {_asked(name)}" if name in index() else ""
            raise UnknownAttribute(asked or str(unknown("finding", name, dir(self))))
        module = import_module(f"hmip_kit.findings.{index()[name]['topic']}")
        return MethodType(getattr(module, name), self._subject)

    def __repr__(self) -> str:
        """Return the findings with the question that each answers, one a line."""
        return "\n".join(f"{name}: {index()[name]['question']}" for name in dir(self))


class Showing:
    """The attribute `show` of whatever there are findings on."""

    def __get__(self, subject: object, owner: type) -> Show:
        """Return the findings on a `subject` of the class `owner`."""
        return Show(subject)
