"""What of a panel is kept in a notebook: the first picture, the words, and what a shared page needs to filter by itself."""

from collections.abc import Sequence
from typing import Any

from hmip_kit.finding import Finding
from hmip_kit.picture import FINDING, FINDINGS, Bundle, Spec, bundle, data_of
from hmip_kit.sets import merged


def bundle_of(findings: Sequence[Finding]) -> Bundle:
    """Return a panel's mime bundle for a notebook that is saved: the first finding's picture and words, and all findings as data.

    The tallies stand once, with the first finding that follows them.
    """
    first, metadata = bundle(findings[0])
    kept = {name: value for name, value in first.items() if name != FINDING}
    shown = [_without_rows(data_of(finding)) for finding in findings]
    sets = merged(one["set"] for one in shown if one["set"])
    return {**kept, FINDINGS: [{**one, "set": one["set"] and sets.pop(one["set"]["name"], None)} for one in shown]}, metadata


def bare(spec: Spec) -> Spec:
    """Return a specification without its rows: a view gives them when it draws."""
    return {**spec, "params": [{**one, "value": []} if one["name"] == "rows" else one for one in spec["params"]]}


def _without_rows(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "spec": data["spec"] and bare(data["spec"])}
