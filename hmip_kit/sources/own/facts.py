"""What a file says of its inspection beside the cases, checked: numbers, codes, orders, groups."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from hmip_kit.cases import frozen
from hmip_kit.collection import regrouped, taken_apart
from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection
from hmip_kit.schema import CASELOAD
from hmip_kit.sources.own.values import MAY_HOLD
from hmip_kit.sources.problems import Place, Report, refusal
from hmip_kit.sources.wording import tidy

ORDERS = ("rounds", "units", "auditors")  # several, apart by semicolons
# What a file may say of the inspection: as it stands there, and what is read further.
TEXTS = ("title", "framework", "unit", "region", "round", "date", "auditor", "about", "cases_are")
STATED = (*TEXTS, "population", *ORDERS, "regroup", CASELOAD)
CODE = re.compile(r"[A-Z]{1,2}\d{0,2}")
WHOLE = re.compile(r"\d{1,3}(?:,?\d{3})*")
LINE = re.compile(r"(?P<name>[^:=]+):(?P<label>[^=]+)=(?P<rest>.+)")
FORMS = {
    "regroup": "characteristic: merged group = value; value",
    CASELOAD: "characteristic: value = number of cases",
    "population": "unit: name = number of cases",
}


def facts_of(said: Mapping[str, str], size: int, file: str, report: Report) -> dict[str, Any]:
    """Return what a `file` of so many cases (`size`) states, out of all that is `said` in it.

    The `report` is told of what is none.
    """
    place = Place(file, "inspection")
    facts: dict[str, Any] = {one: said[one] for one in STATED if said.get(one)}
    for name in facts.keys() & {*ORDERS}:
        facts[name] = in_parts(facts[name])
    for name in facts.keys() & {"auditor", "auditors"}:
        if not all(map(CODE.fullmatch, [*facts.get("auditors", ()), facts.get("auditor", "A")])):
            report.problem(place, f"{name} takes a code such as A or B2, never a name")
    apart = "=" in facts.get("population", "")
    for name in facts.keys() & FORMS.keys() - ({"population"} if not apart else set()):
        facts[name] = _lines(facts[name], name, place, report)
    if "population" in facts:
        each = facts["population"] if apart else [("", "", facts["population"])]
        facts["populations"] = [(name, one, _whole(rest) or 0) for name, one, rest in each]
        facts["population"] = sum(many for _, _, many in facts["populations"])
        if facts["population"] < max(1, size):
            report.problem(place, f"population takes a number of cases, {size:,} or more")
    return facts


def in_parts(text: str) -> list[str]:
    """Return what stands in a `text`, apart by semicolons or line breaks."""
    return [one for part in re.split(r"[;\n]", text) if (one := tidy(part))]


def _whole(text: str) -> int | None:
    return int(text.replace(",", "")) if WHOLE.fullmatch(text.strip()) else None


def _lines(text: str, fact: str, place: Place, report: Report) -> list[tuple[str, str, str]]:
    """Return name, label and what stands behind, of each line; another is noted."""
    found = []
    for line in filter(None, map(tidy, text.split("\n"))):
        parts = LINE.fullmatch(line)
        if fact == CASELOAD and _whole(line) is not None:
            found.append(("", "", line))
        elif parts is None or (fact != "regroup" and _whole(parts["rest"]) is None):
            report.problem(place, f"{fact}, a line each, goes as '{FORMS[fact]}': not {line!r}")
        else:
            name, label, rest = (part.strip() for part in parts.groups())
            found.append((name.casefold().replace(" ", "_"), label, rest))
    return found


def merged_groups(lines: Sequence[tuple[str, str, str]]) -> dict[str, dict[str, list[str]]]:
    """Return, by characteristic, what goes into each merged group, from what `lines` state."""
    merged: dict[str, dict[str, list[str]]] = {}
    for name, label, rest in lines:
        merged.setdefault(name, {})[label] = in_parts(rest)
    return merged


def _met(merged: Mapping[str, dict[str, list[str]]], inspection: Inspection) -> Any:
    """Return what is `merged` without what the schema knows and no case has, as in a template."""
    found = {}
    for name, groups in merged.items():
        there = set(inspection.characteristics.get(name, ()))
        unmet = set(MAY_HOLD.get(name, ())) - there
        each = {one: [part for part in parts if part not in unmet] for one, parts in groups.items()}
        if kept := {one: parts for one, parts in each.items() if parts}:
            found[name] = kept
    return found


def with_facts(inspection: Inspection, facts: Mapping[str, Any], file: str) -> Inspection:
    """Return an `inspection` of a `file` with its `facts`: groups merged, taken apart.

    Raises `DataProblem` for a group that names what there is not.
    """
    known = {one: value for one, value in facts.items() if one not in ("regroup", CASELOAD)}
    counts = [(name, value, _whole(rest)) for name, value, rest in facts.get(CASELOAD, ())]
    caseload = pd.DataFrame(counts, columns=["characteristic", "value", "cases"])
    frames = frozen({**inspection.frames, **({CASELOAD: caseload} if counts else {})})
    identity = {**known, **inspection.identity}
    made = replace(inspection, identity=identity, frames=frames) if facts else inspection
    try:
        found = taken_apart(regrouped(made, _met(merged_groups(facts.get("regroup", ())), made)))
        for name, value, many in facts.get("populations", ()):
            if name and found.where(**{name: value}).size > many:
                raise KitError(f"population: {many} of {value} is fewer than its cases")
    except KitError as error:
        raise refusal(file, str(error)) from None
    return found
