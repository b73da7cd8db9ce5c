"""What of a panel is kept in a notebook: the first picture, the words, and what a shared page needs to filter by itself."""

from collections.abc import Sequence
from typing import Any

from hmip_kit.finding import Finding
from hmip_kit.picture import FINDING, FINDINGS, Bundle, Spec, bundle, data_of


def bundle_of(findings: Sequence[Finding]) -> Bundle:
    """Return a panel's mime bundle for a notebook that is saved: the first finding's picture and words, and all findings as data."""
    first, metadata = bundle(findings[0])
    kept = {name: value for name, value in first.items() if name != FINDING}
    return {**kept, FINDINGS: [_without_rows(data_of(finding)) for finding in findings]}, metadata


def bare(spec: Spec) -> Spec:
    """Return a specification without its rows: a view gives them when it draws."""
    return {**spec, "params": [{**one, "value": []} if one["name"] == "rows" else one for one in spec["params"]]}


def _without_rows(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "spec": data["spec"] and bare(data["spec"])}
