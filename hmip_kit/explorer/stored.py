"""What of a panel is kept in a notebook: the first picture, the words, and what a shared page needs to filter by itself."""

from collections.abc import Sequence

from hmip_kit.disclosure import released
from hmip_kit.finding import Finding
from hmip_kit.picture import FINDINGS, Bundle, Spec, specification, standing_alone
from hmip_kit.sets import set_of


def bundle_of(findings: Sequence[Finding]) -> Bundle:
    """Return a panel's mime bundle for a notebook that is saved: the first finding's picture and words, and all findings as data.

    The tallies stand once, with the first finding that follows them.
    """
    shown = [released(finding) for finding in findings]
    specs, data = (
        [specification(finding) for finding in shown],
        [finding.to_dict() for finding in shown],
    )
    picture, metadata = standing_alone(specs[0], data[0])
    holder = next((finding for finding in shown if finding.follow), None)
    kept = [
        {**one, "spec": spec and bare(spec), "set": set_of(shown) if finding is holder else None}
        for finding, spec, one in zip(shown, specs, data, strict=True)
    ]
    return {**picture, FINDINGS: kept}, metadata


def bare(spec: Spec) -> Spec:
    """Return a specification without its rows: a view gives them when it draws."""
    return {
        **spec,
        "params": [
            {**one, "value": []} if one["name"] == "rows" else one for one in spec["params"]
        ],
    }
