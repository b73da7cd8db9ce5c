"""Whether casework differs between groups of people, as far as a sample can say; own cases only.

One summary, chosen beforehand, is tested; each key question has an interval and no p.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hmip_kit.cases import NO_CODE, YES_CODE
from hmip_kit.counts import ALL, answer_key, count, group_key
from hmip_kit.counts.questions import checked_groups, question_counts
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Row, Said, finding
from hmip_kit.findings.shares import COMPARABLE, with_difference
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank, drawn, from_left
from hmip_kit.schema import NOT_RECORDED, label_of
from hmip_kit.settings import CONFIDENCE_TEXT, FEWEST_FOR_A_BAR, INK, NAVY, QUIET
from hmip_kit.stats import permutation_p, welch
from hmip_kit.stats.differences import difference_within, permutation_p_within
from hmip_kit.stats.intervals import INTERVAL_TEXT
from hmip_kit.stats.words import cases_word, fits, number

if TYPE_CHECKING:
    import altair as alt

ROW_HEIGHT = 38
OTHERS = "All other groups recorded"
BEYOND_CHANCE = 0.05  # the p under which the summary that is tested is called so
NOTES = (
    "The test is of one summary, chosen beforehand: the mean number of key questions judged "
    "sufficient per case.",
    "Groups differ in who is in them: see what they are made up of before reading a difference as "
    "unequal treatment.",
)


@finding(
    question="Does casework differ between groups of people?",
    needs=("own cases", "key questions"),
    follows=False,
    shown_by="one group",
    label="Comparison of groups",
)
def compare(
    inspection: Inspection,
    by: str = "ethnicity",
    reference: str | None = None,
    *,
    together: bool = False,
    within: str | None = None,
    resamples: int = 9999,
    seed: int = 0,
) -> Finding:
    """Return how many key questions were sufficient per case, each group against one, as a table.

    Parameters
    ----------
    inspection : Inspection
        Your own cases.
    by : str
        The characteristic that makes the groups.
    reference : str, optional
        The group to compare with; else the largest.
    together : bool
        Whether all other recorded groups are compared as one.
    within : str, optional
        A characteristic within whose values to compare: differences are weighted by how much each
        value tells and permuted within it, without an interval.
    resamples, seed : int
        Of the permutation test.

    Returns
    -------
    Finding
        A row per group: `group, reference, questions` (casework key questions that were answered),
        `within, n_group, n_reference`; `mean_group, mean_reference`, the mean number sufficient per
        case, in proportion where a case has not all answered; `difference, low, high` of the means,
        Welch's 95% interval; `p`, two-sided, and `p_holm`, which allows for several groups. A group
        under ten cases, and "Not recorded", is not compared.

    Raises
    ------
    UnknownName
        For a characteristic or group that there is not.
    KitError
        For groups within themselves.

    Notes
    -----
    `scipy.stats.permutation_test`; Welch (1947); Holm (1979), by `statsmodels`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.compare().title[-39:]
    'Comparison of groups: not in these data'
    """
    sides = _sides(inspection, by, reference, together, within)
    rows = _summary(inspection, by, sides, within, (resamples, seed))
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _compared_said(shown, rows, by),
        columns={
            "group": label_of(by),
            "reference": "Compared with",
            "means": "Key questions sufficient per case: group, then compared with",
            "points": "Difference",
            "range": INTERVAL_TEXT,
            "p_text": "p, allowing for several groups",
        },
        measure=f"Mean number of key questions judged sufficient, by {label_of(by).lower()}",
        notes=NOTES,
        protect=Protect(group=by),
        variant=by,
    )


Sides = tuple[dict[str, str], str]  # the group of each value that there is; the reference


def _sides(
    inspection: Inspection, by: str, reference: str | None, together: bool, within: str | None
) -> Sides:
    checked_groups(inspection, [by] if within is None else [by, within])
    counted = count(inspection, [ALL], [by])
    values = zip(counted[by].astype("str"), counted[ALL], strict=True)
    sizes = {name: int(size) for name, size in values if size}
    recorded = [name for name in sizes if name != NOT_RECORDED]
    if reference is not None and reference not in recorded:
        inspection.check_values(by, (reference,))
        raise NotInData(f"{label_of(by)}: no group of these cases is recorded as {reference!r}.")
    if len(recorded) < 2:
        raise NotInData(
            f"{label_of(by)}: a comparison needs two recorded groups; recorded here: "
            f"{number(len(recorded))}."
        )
    chosen = reference or max(recorded, key=sizes.__getitem__)
    alone = (chosen, NOT_RECORDED) if together else sizes
    return {name: name if name in alone else OTHERS for name in sizes}, chosen


def _answered(inspection: Inspection) -> list[str]:
    """Return the key questions of casework that some case answers Yes or No."""
    asked = [one for one in inspection.framework.casework_key if one in inspection.questions]
    key = [one for one in asked if np.isin(inspection.coded(one), (YES_CODE, NO_CODE)).any()]
    if not key:
        raise NotInData("No key question of casework is answered in these cases.")
    return key


def _summary(
    inspection: Inspection, by: str, sides: Sides, within: str | None, draws: tuple[int, int]
) -> pd.DataFrame:
    from statsmodels.stats.multitest import multipletests

    (of, reference), key = sides, _answered(inspection)
    codes = np.stack([inspection.coded(one) for one in key])
    yes, n = (codes == YES_CODE).sum(axis=0), np.isin(codes, (YES_CODE, NO_CODE)).sum(axis=0)
    cases = pd.DataFrame(
        {
            "value": len(key) * yes / np.maximum(n, 1),
            "group": inspection.cases[by].astype("str").map(of).to_numpy(),
            "stratum": inspection.cases[within].cat.codes.to_numpy() if within else 0,
        }
    )[n > 0]
    facts = {"reference": reference, "questions": len(key), "within": within or ""}
    rows = pd.DataFrame(
        {"group": name} | facts | _tested(cases, (name, reference), bool(within), draws)
        for name in dict.fromkeys(of.values())
        if name != reference
    )
    tested = rows["p"].notna()
    if tested.any():
        rows.loc[tested, "p_holm"] = multipletests(rows.loc[tested, "p"], method="holm")[1]
    words = pd.DataFrame(map(_in_words, rows.to_dict("records")))
    return rows.assign(**{by: rows["group"]}).join(words)


def _tested(
    cases: pd.DataFrame, pair: tuple[str, str], within: bool, draws: tuple[int, int]
) -> Row:
    """Return what is known of a pair of groups: the test and interval where both are large."""
    here = cases[cases["group"].isin(pair)]
    values, strata = here["value"].to_numpy(), here["stratum"].to_numpy()
    in_group = (here["group"] == pair[0]).to_numpy()
    group, other = values[in_group], values[~in_group]
    row: Row = {
        "n_group": group.size,
        "n_reference": other.size,
        "mean_group": group.mean() if group.size else np.nan,
        "mean_reference": other.mean() if other.size else np.nan,
        **dict.fromkeys(("difference", "low", "high", "p", "p_holm"), np.nan),
    }
    if pair[0] == NOT_RECORDED or min(group.size, other.size) < FEWEST_FOR_A_BAR:
        return row
    if within:
        p = permutation_p_within(values, in_group, strata, *draws)
        return row | {"difference": difference_within(values, in_group, strata), "p": p}
    (low, high), p = welch(group, other), permutation_p(group, other, *draws)
    return row | {"difference": group.mean() - other.mean(), "low": low, "high": high, "p": p}


def _in_words(row: Row) -> dict[str, str]:
    if pd.isna(row["p"]):
        return {"means": "not compared", "points": "", "range": "", "p_text": ""}
    return {
        "means": f"{row['mean_group']:.1f}, {row['mean_reference']:.1f} of {row['questions']}",
        "points": f"{row['difference']:+.1f}",
        "range": "" if pd.isna(row["low"]) else f"{row['low']:+.1f} to {row['high']:+.1f}",
        "p_text": f"{row['p_holm']:.2g}",
    }


def _compared_said(shown: pd.DataFrame, whole: pd.DataFrame, by: str) -> Said:
    """Return what is said of the rows of a summary that are shown, out of the whole of it."""
    label, tested = label_of(by).lower(), shown[shown["p"].notna()]
    said = " ".join(f"{_row_said(row)}." for row in shown.to_dict("records"))
    if tested.empty and whole["p"].notna().any():
        return f"Differences by {label}: none shown", "Those that could be compared are not shown."
    if tested.empty:
        why = said or COMPARABLE
        return f"No group by {label} is large enough to compare", why
    parts = [
        f"{row['group']} {'below' if row['difference'] < 0 else 'above'} {row['reference']}"
        for row in tested[tested["p_holm"] < BEYOND_CHANCE].to_dict("records")
    ]
    if not parts:
        return f"No difference by {label} beyond chance: that is not the same as none", said
    return f"Key questions sufficient per case, beyond chance: {'; '.join(parts)}", said


def _row_said(row: Row) -> str:
    if pd.isna(row["p"]):
        return f"{row['group']}: {_why_not(row)}"
    label = label_of(row["within"]).lower()
    within = f"difference within {label} {row['points']}, " if label else ""
    several = f", allowing for several groups {row['p_text']}" if row["p_holm"] != row["p"] else ""
    said = (
        f"{row['group']}, {row['n_group']} cases, {row['mean_group']:.1f} of {row['questions']} "
        f"key questions sufficient per case; {row['reference']}, {row['n_reference']} cases, "
        f"{row['mean_reference']:.1f} ({within}permutation test p = {row['p']:.2g}{several})"
    )
    if pd.isna(row["low"]):
        return said
    ways = fits(row["low"], row["high"], "question", ("fewer", "more"), 1)
    return f"{said}; the data fit anything {ways}"


def _why_not(row: Row) -> str:
    """Return why a group is not compared."""
    n, other = row["n_group"], row["n_reference"]
    few = f"too few to compare (fewer than {FEWEST_FOR_A_BAR})"
    reasons = {
        f"{n} {cases_word(n)}, not compared": row["group"] == NOT_RECORDED,
        f"{n} {cases_word(n)}, {few}": n < FEWEST_FOR_A_BAR,
        f"{other} {cases_word(other)} to compare with, {few}": other < FEWEST_FOR_A_BAR,
        "not compared, because no value compared within has cases of both groups": True,
    }
    return next(why for why, holds in reasons.items() if holds)


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
    sides = _sides(inspection, by, reference, together, within)
    summary = _summary(inspection, by, sides, within, (9999, 0))
    rows = _differences(inspection, by, sides)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _compared_said(
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


def _differences(inspection: Inspection, by: str, sides: Sides) -> pd.DataFrame:
    of, reference = sides
    counted = question_counts(inspection, [by], _answered(inspection))
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
        line=[f"{row['group']}, {row['label']}" for row in said],
        counts=[
            f"{row['yes_group']} of {row['n_group']}, "
            f"{row['yes_reference']} of {row['n_reference']}"
            for row in said
        ],
        points=[f"{row['difference']:+.0f}" for row in said],
        fits=[f"{row['low']:+.0f} to {row['high']:+.0f}" for row in said],
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


def _draw(_: Finding) -> "alt.LayerChart":
    import altair as alt

    scale = alt.Scale(domain=[-100, 100])
    y = alt.Y("r.line:N", sort=None, axis=None)
    title = "Percentage points: left, worse than the group compared with; right, better"
    x, low = alt.X("r.difference:Q", scale=scale, title=title), alt.X("r.low:Q", scale=scale)
    layers = [
        blank().mark_rule(color=QUIET, strokeDash=[1, 3]).encode(x=alt.XDatum(0, scale=scale)),
        blank()
        .mark_rule(color=INK, strokeWidth=1.5, yOffset=8)
        .encode(x=low, x2=alt.X2("r.high:Q"), y=y),
        blank().mark_point(filled=True, color=NAVY, size=70, yOffset=8, opacity=1).encode(x=x, y=y),
        blank()
        .mark_text(align="left", dy=-9, dx=2)
        .encode(x=from_left(0), y=y, text=alt.Text("r.line:N")),
        blank()
        .mark_text(align="right", dy=-9)
        .encode(x=alt.XDatum(100), y=y, text=alt.Text("r.counts:N")),
    ]
    return drawn(layers, alt.Step(ROW_HEIGHT))
