"""Differences between groups, with their intervals: a forest. Own cases only."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, from_left
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.groups import OTHERS, Comparison, compare
from hmip_kit.measures.shares import Said
from hmip_kit.measures.tallies import group_key
from hmip_kit.measures.words import opening, which_cases
from hmip_kit.schema import label_of
from hmip_kit.theme import INK, NAVY, QUIET

ROW_HEIGHT = 38
SHOWN = 0.05  # the p under which the one summary that is tested is called beyond chance
NOTES = (
    "Lines: 95% Newcombe intervals of each difference. No p is given: among a dozen questions some would differ by chance alone.",
    "The test is of one summary, chosen beforehand: the mean number of key questions judged sufficient per case.",
    "Groups differ in who is in them: see what they are made up of before reading a difference as unequal treatment.",
)


def differences(
    inspection: Inspection,
    by: str = "ethnicity",
    reference: str | None = None,
    *,
    together: bool = False,
    within: str | None = None,
) -> Finding:
    """Return the difference of each key question between groups and a reference, with its interval: `hk.compare` as a picture.

    Rows: as the `differences` of `hk.compare` gives them, for groups with ten cases or more, with the characteristic `by`. Without such a
    group there are no rows, and the title says so. Raises what `hk.compare` raises: among others `NeedsCases` for practice cases.

    >>> import hmip_kit as hk
    >>> differences(hk.load("lewisham-bromley-2022"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    hmip_kit.errors.NeedsCases: Lewisham & Bromley PDU, November 2022 has published totals and no cases: ...
    """
    found = compare(inspection, by, reference, together=together, within=within)
    rows = _rows(found, by)
    largest = inspection.cases[by].value_counts().idxmax()
    compared_with = found.summary["reference"].iloc[0]
    return Finding(
        name=f"differences_{by}",
        say=lambda shown: _say(shown, found, inspection, by),
        rows=rows,
        columns={
            "group": label_of(by),
            "label": "Key question",
            "counts": f"Judged sufficient: group, then {compared_with}",
            "points": "Difference in points",
            "fits": "95% interval",
        },
        measure=f"Difference in the share judged sufficient, by {label_of(by).lower()}, in percentage points",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(f"Counts on the right: the group, then {compared_with}.", *NOTES),
        # A reference that is not the largest group is a second group whose counts each row gives away.
        guard=Guard(
            groups=(by,) if compared_with == largest else (by, "reference"), size="n_group"
        ),
        counts={
            f"{what}_{side}": _keys(rows, by, side, what)
            for side in ("group", "reference")
            for what in ("yes", "n")
        },
        draw=_draw,
    )


def _keys(rows: pd.DataFrame, by: str, side: str, what: str) -> list[str]:
    """Return the tally that each row's count of a side is of; blank for several groups as one."""
    pairs = zip(rows[side], rows["question"], strict=True)
    return [
        "" if group == OTHERS else group_key(by, group, f"answer/{question}/{what}")
        for group, question in pairs
    ]


def _rows(found: Comparison, by: str) -> pd.DataFrame:
    rows = found.differences[found.differences["difference"].notna()].reset_index(drop=True)
    said = rows.to_dict("records")
    return rows.assign(
        **{by: rows["group"]},
        line=[f"{row['group']}, {row['label']}" for row in said],
        counts=[
            f"{row['yes_group']} of {row['n_group']}, {row['yes_reference']} of {row['n_reference']}"
            for row in said
        ],
        points=[f"{row['difference']:+.0f}" for row in said],
        fits=[f"{row['low']:+.0f} to {row['high']:+.0f}" for row in said],
    )


def _say(rows: pd.DataFrame, found: Comparison, inspection: Inspection, by: str) -> Said:
    start, groups = opening(which_cases(inspection)), set(rows["group"])
    summary = found.summary[found.summary["group"].isin(groups) & found.summary["p"].notna()]
    if summary.empty and found.summary["p"].notna().any():
        return (
            f"Differences by {label_of(by).lower()}: none shown",
            f"{start} The groups that could be compared are not shown.",
        )
    if summary.empty:
        return (
            f"No group by {label_of(by).lower()} is large enough to compare",
            f"{start} A comparison needs ten cases on both sides.",
        )
    said = ". ".join(summary["text"])
    apart = summary[summary["p_holm"] < SHOWN]
    if apart.empty:
        return (
            f"No difference by {label_of(by).lower()} beyond chance: that is not the same as none",
            f"{start} {said}.",
        )
    parts = [
        f"{row['group']} {'below' if row['difference'] < 0 else 'above'} {row['reference']}"
        for row in apart.to_dict("records")
    ]
    return (
        f"Key questions sufficient per case, beyond chance: {'; '.join(parts)}",
        f"{start} {said}.",
    )


def _draw(finding: Finding) -> alt.LayerChart:
    scale = alt.Scale(domain=[-100, 100])
    y = alt.Y("r.line:N", sort=None, axis=None)
    x = alt.X(
        "r.difference:Q",
        scale=scale,
        title="Percentage points: left, worse than the group compared with; right, better",
    )
    low = alt.X("r.low:Q", scale=scale)
    layers = [
        blank().mark_rule(color=QUIET, strokeDash=[1, 3]).encode(x=alt.XDatum(0, scale=scale)),
        blank().mark_rule(color=INK, strokeWidth=1.5, yOffset=8).encode(x=low, x2="r.high:Q", y=y),
        blank().mark_point(filled=True, color=NAVY, size=70, yOffset=8, opacity=1).encode(x=x, y=y),
        blank().mark_text(align="left", dy=-9, dx=2).encode(x=from_left(0), y=y, text="r.line:N"),
        blank().mark_text(align="right", dy=-9).encode(x=alt.XDatum(100), y=y, text="r.counts:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
