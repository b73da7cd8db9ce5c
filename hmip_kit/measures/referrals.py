"""Referrals to commissioned rehabilitative services: complete, ongoing, and unaccounted for."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.published_needs import figure_value

LABELS = {"complete": "Intervention complete", "ongoing": "Intervention ongoing"}
REST = "Unaccounted for"
COLUMNS = ["status", "label", "count", "n", "percent", "source"]


def referrals(inspection: Inspection) -> pd.DataFrame:
    """Return referrals to commissioned services by what became of them.

    Columns: `status` (complete, ongoing, unaccounted), `label`, `count` of `n` referrals, `percent`, `source`, the section of the
    report, or what the count was worked out from. The last row is what complete and ongoing leave of all; a referral is not a case and
    not a person. No row where the data have no count of referrals. Source: the figures `referrals`, `referrals_complete` and
    `referrals_ongoing` of the inspection.

    >>> import hmip_kit as hk
    >>> hk.referrals(hk.load("lewisham-bromley-2022"))["count"].tolist()
    [194, 329, 225]
    """
    n = figure_value(inspection, "referrals")
    counts = {status: figure_value(inspection, f"referrals_{status}") for status in LABELS}
    known = {status: count for status, count in counts.items() if count is not None}
    if not n or len(known) < len(LABELS):
        return pd.DataFrame(columns=COLUMNS)
    figures = inspection.figures.set_index("figure")
    sources = {status: f"section {figures['section'][f'referrals_{status}']}" for status in known}
    rest = n - sum(known.values())
    rows = [
        (status, LABELS[status], count, n, 100 * count / n, sources[status])
        for status, count in known.items()
    ]
    rows.append(
        ("unaccounted", REST, rest, n, 100 * rest / n, "worked out: all referrals less the others")
    )
    return pd.DataFrame(rows, columns=COLUMNS)
