"""By how much each key question differs between groups of people: own cases only."""

from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts import answer_key, group_key
from hmip_kit.counts.questions import question_counts
from hmip_kit.findings import Finding, Protect, finding
from hmip_kit.findings.compare import (
    NOTES,
    OTHERS,
    Sides,
    answered_key,
    compared_said,
    sides_of,
    summary_of,
)
from hmip_kit.findings.shares import with_difference
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import text_value
from hmip_kit.schema import NOT_RECORDED, label_of
from hmip_kit.settings import BLUE, CONFIDENCE_TEXT
from hmip_kit.stats.intervals import INTERVAL_TEXT
from hmip_kit.stats.words import range_said, signed

if TYPE_CHECKING:
    import altair as alt


@finding(
    question="By how much does each key question differ between groups?",
    needs=("own cases", "key questions"),
    follows=False,
    shown_by="one group",
    label="Differences between groups",
)
def differences(
    inspection: Inspection,
    by: str = "ethnicity",
    reference: str | None = None,
    *,
    together: bool = False,
    within: str | None = None,
) -> Finding:
    """Return the difference of each key question between groups and one of them, with its interval.

    Parameters
    ----------
    inspection : Inspection
        Your own cases.
    by, reference, together, within : optional
        As in `compare`; the differences here stay those of the whole groups.

    Returns
    -------
    Finding
        A row per group and key question of casework: `group, reference, question, label`;
        `yes_group, n_group, yes_reference, n_reference`; `difference, low, high` in percentage
        points, with Newcombe's 95% interval. No rows without two groups of ten cases. Title and
        sentence are about the one summary that is tested: see `compare`.

    Raises
    ------
    UnknownName
        For a characteristic or group that there is not.

    Notes
    -----
    Newcombe (1998), method 10.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.differences().title
    'Differences between groups: not in these data'
    """
    sides = sides_of(inspection, by, reference, together, within)
    summary = summary_of(inspection, by, sides, within, (9999, 0))
    rows = _rows(inspection, by, sides)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: compared_said(
            summary[summary["group"].isin(shown["group"]) & summary["p"].notna()], summary, by
        ),
        columns={
            "group": label_of(by),
            "label": "Key question",
            "counts": f"Judged sufficient: group, then {sides[1]}",
            "points": "Difference in points",
            "fits": INTERVAL_TEXT,
        },
        measure=f"Difference in the share judged sufficient, by {label_of(by).lower()}, in points",
        notes=(
            f"Counts on the right: the group, then {sides[1]}.",
            f"Lines: {CONFIDENCE_TEXT} Newcombe intervals of each difference. No p is given: "
            "among a dozen questions some would differ by chance alone.",
            *NOTES,
        ),
        protect=Protect(group=by),
        counts=_tallies(rows, by),
        draw=_draw,
        variant=by,
    )


def _rows(inspection: Inspection, by: str, sides: Sides) -> pd.DataFrame:
    of, reference = sides
    counted = question_counts(inspection, [by], answered_key(inspection))
    group = counted[by].astype("str").map(of).rename("group")
    sums = counted.groupby([group, "question"], sort=False)[["yes", "n"]].sum()
    others = [one for one in dict.fromkeys(of.values()) if one not in (reference, NOT_RECORDED)]
    there = sums.loc[[reference]].droplevel("group")
    rows = sums.loc[others].reset_index().assign(reference=reference)
    rows = rows.merge(there, on="question", suffixes=("_group", "_reference"))
    rows = with_difference(rows, "reference", "group").dropna(ignore_index=True)
    rows = rows.assign(label=rows["question"].map(inspection.framework.label))
    said = rows.to_dict("records")
    return rows.assign(
        **{by: rows["group"]},
        head=rows["group"].where(~rows["group"].duplicated(), ""),
        line=[f"{row['group']}, {row['label']}" for row in said],
        counts=[
            f"{row['yes_group']} of {row['n_group']}, "
            f"{row['yes_reference']} of {row['n_reference']}"
            for row in said
        ],
        points=[signed(row["difference"]) for row in said],
        fits=[range_said(row["low"], row["high"]) for row in said],
    )


def _tallies(rows: pd.DataFrame, by: str) -> dict[str, list[str]]:
    """Return the tally that each count is of; blank for several groups as one."""
    return {
        f"{what}_{side}": [
            "" if group == OTHERS else group_key(by, group, answer_key(question, what))
            for group, question in zip(rows[side], rows["question"], strict=True)
        ]
        for side in ("group", "reference")
        for what in ("yes", "n")
    }


def _draw(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    rows = Rows(
        labels=[*shown.rows["label"]],
        above=[*shown.rows["line"]],
        id="line",
        heads=[*shown.rows["head"]],
        values=text_value(shown.rows["counts"], "counts"),
        domain=(-100, 100),
        ticks=(-100, -50, 0, 50, 100),
        unit="",
        title="Percentage points: left, worse than the group compared with; right, better",
        marked=("difference",),
    )
    marks = rows.interval(alt.ColorValue(BLUE))
    return rows.drawn([*marks, rows.dot("difference", color=BLUE)])
