"""Groups of cases: each key question in every group, by how much it differs, what they are."""

from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts import ALL, answer_key, count, group_key
from hmip_kit.counts.questions import checked_groups, question_counts
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Recount, Said, finding
from hmip_kit.findings.compare import (
    NOTES,
    OTHERS,
    Sides,
    answered_key,
    compared_said,
    sides_of,
    summary_of,
)
from hmip_kit.findings.shares import (
    shares_said,
    with_difference,
    with_published_totals,
    with_shares,
)
from hmip_kit.findings.units import member_tallies
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import Sign, share_title, share_values, text_value
from hmip_kit.schema import NOT_RECORDED, label_of
from hmip_kit.settings import BLUE, CONFIDENCE_TEXT, FEWEST_FOR_A_BAR, INK, MOST_VALUES, SEQUENTIAL
from hmip_kit.stats.intervals import INTERVAL_TEXT
from hmip_kit.stats.words import number, plural, range_said, say, signed

if TYPE_CHECKING:
    import altair as alt

BESIDE = ("sentence_type", "rosh")  # which quality may follow, rather than the group


@finding(
    question="How was each key question answered in every group?",
    needs=("cases", "key questions"),
    follows=True,
    shown_by="one group",
    label="Groups side by side",
)
def groups(inspection: Inspection, by: str = "sentence_type") -> Finding:
    """Return each key question in every group of a characteristic: how many cases were sufficient.

    It compares nothing: for differences with intervals see `compare`.

    Parameters
    ----------
    inspection : Inspection
        Cases.
    by : str
        The characteristic.

    Returns
    -------
    Finding
        A row per key question and group, those without cases too: the characteristic, `question,
        question_label, group, label, yes, n` and what `shares.with_shares` adds. Under ten cases a
        row has no mark. It follows filters where there are at most twelve groups.

    Raises
    ------
    UnknownName
        For a characteristic that there is not.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> len(hk.load("practice-cases").show.groups("sex").rows)
    26
    """
    rows, label = _group_rows(inspection, by), label_of(by)
    counts, follows = member_tallies(rows, by), rows["group"].nunique() <= MOST_VALUES
    yes, n = map(tuple, counts.values())
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: shares_said(
            shown, inspection, "answered", f"Key questions by {label.lower()}"
        ),
        columns={
            "question_label": "Key question",
            "group": label,
            "cases": f"{'Practice cases' if inspection.made_up else 'Cases'} judged sufficient",
            "share": "Percentage",
            "range": "What the totals make possible" if inspection.made_up else INTERVAL_TEXT,
        },
        measure=f"Cases judged sufficient on each key question, by {label.lower()}",
        notes=(
            "Groups differ in who is in them; a difference between them is no finding by itself. "
            f"Under {number(FEWEST_FOR_A_BAR)} cases a row has no mark.",
        ),
        recount=Recount(yes, n, "answered", split=True) if follows else None,
        protect=Protect(group=by),
        counts=counts,
        draw=_draw_groups,
        variant=by,
    )


def _group_rows(inspection: Inspection, by: str) -> pd.DataFrame:
    rows = question_counts(inspection, checked_groups(inspection, by))
    place = inspection.questions.index
    rows = rows.sort_values(
        "question", key=lambda ids: ids.map(place), kind="stable", ignore_index=True
    )
    group, label = rows[by].astype("str"), rows["question"].map(inspection.framework.label)
    rows = rows[["question", "yes", "n"]].assign(
        **{by: group},
        group=group,
        head=label.where(~label.duplicated(), ""),
        question_label=label,
        label=group + ", " + label,
    )
    if inspection.made_up:
        rows = with_published_totals(rows, inspection)
    return with_shares(rows, inspection, split=True)


def _draw_groups(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    rows = Rows(
        labels=[*shown.rows["group"]],
        above=[*shown.rows["label"]],
        field="group",
        heads=[*shown.rows["head"]],
        values=share_values(shown),
        title=share_title(shown, "Percentage of the group's cases"),
    )
    return rows.drawn(rows.shares(alt.ColorValue(BLUE)))


@finding(
    question="What is each group made up of, by sentence and risk?",
    needs="cases",
    follows=False,
    shown_by="all cases",
    label="What groups are made up of",
)
def make_up(inspection: Inspection, by: str = "ethnicity") -> Finding:
    """Return what groups are made up of: sentence type and risk of serious harm.

    It says nothing of quality: it stands beside a comparison, whose differences may follow sentence
    or risk and not the group.

    Parameters
    ----------
    inspection : Inspection
        Cases.
    by : str
        The characteristic.

    Returns
    -------
    Finding
        A row per group and value that it has: `group, characteristic, label, value`; `cases` of `n`
        in the group, `percent`, and `bar_to`, where its part of a bar ends. A group under ten cases
        has counts and no bar. What the cases are grouped by is not among the characteristics.

    Raises
    ------
    UnknownName
        For a characteristic that there is not.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.make_up("sex").title[-37:]
    'What the groups by sex are made up of'
    """
    label = label_of(by)
    return Finding(
        inspection=inspection,
        rows=_made_up_of(inspection, by),
        say=lambda shown: _make_up_said(shown, label),
        columns={
            "group": label,
            "label": "Characteristic",
            "value": "Value",
            "cases": "Cases",
            "n": "Cases in the group",
        },
        measure=f"Cases of each group, by {label.lower()}",
        notes=(f"Groups under {FEWEST_FOR_A_BAR} cases have no bar.",),
        protect=Protect(people=("cases",), group=by),
        draw=_draw_make_up,
        variant=by,
    )


def _made_up_of(inspection: Inspection, by: str) -> pd.DataFrame:
    by_group, known = checked_groups(inspection, by), inspection.characteristics
    values = {name: known[name] for name in BESIDE if name in known and name != by}
    keys = {(name, one): group_key(name, one, ALL) for name in values for one in values[name]}
    counted = count(inspection, [ALL, *keys.values()], by_group).to_dict("records")
    rows = [
        {
            by: str(row[by]),
            "group": str(row[by]),
            "characteristic": name,
            "label": label_of(name),
            "value": value,
            "cases": row[keys[name, value]],
            "n": row[ALL],
            "shade": values[name].index(value),
            "size": f"{row[by]}, {plural(row[ALL], 'case')}",
            "counted": f"{value} {say('number', count=row[keys[name, value]])}",
        }
        for name in values
        for row in counted
        for value in values[name]
    ]
    if not rows:
        raise NotInData("Neither sentence type nor risk of serious harm is known of these cases.")
    found = pd.DataFrame(rows)
    return _with_bars(found[found["cases"] > 0].reset_index(drop=True))


def _with_bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the ends of each bar's parts, and the words in it or in its place."""
    line, barred = rows["size"] + ": " + rows["label"].str.lower(), rows["n"] >= FEWEST_FOR_A_BAR
    percent, first = 100 * rows["cases"] / rows["n"], ~line.duplicated()
    ends, words = percent.groupby(line).cumsum(), rows["counted"].groupby(line)
    return rows.assign(
        percent=percent,
        line=line,
        bar=percent.where(barred),
        bar_to=ends.where(barred),
        head=line.where(first, ""),
        in_words=words.transform(", ".join).where(first & ~barred, ""),
    )


def _make_up_said(rows: pd.DataFrame, label: str) -> Said:
    large = rows[rows["n"] >= FEWEST_FOR_A_BAR].groupby(["size", "label"], sort=False)
    parts = large["counted"].agg(", ".join).groupby(level=0, sort=False).agg("; ".join)
    said = (
        " ".join(parts.index + ": " + parts + ".")
        or f"No group has {number(FEWEST_FOR_A_BAR)} cases."
    )
    return f"What the groups by {label.lower()} are made up of", said


def _draw_make_up(shown: Finding) -> "alt.LayerChart":
    known = shown.rows.drop_duplicates(["characteristic", "value"])
    values = known.sort_values(["label", "shade"], kind="stable").to_dict("records")
    rows = Rows(
        labels=[*shown.rows["line"]],
        id="line",
        field="line",
        values=(),
        speaks="datum.r.head",
        title="Percentage of the group's cases",
        key=tuple(Sign(row["value"], SEQUENTIAL[row["shade"]], edge=INK) for row in values),
        tall=16,
    )
    return rows.drawn([*rows.parts("shade", SEQUENTIAL, "cases"), rows.words("in_words")])


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
    summary = summary_of(inspection, by, sides, within)
    rows = _difference_rows(inspection, by, sides)
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
        counts=_difference_tallies(rows, by),
        draw=_draw_differences,
        variant=by,
    )


def _difference_rows(inspection: Inspection, by: str, sides: Sides) -> pd.DataFrame:
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


def _difference_tallies(rows: pd.DataFrame, by: str) -> dict[str, list[str]]:
    """Return the tally that each count is of; blank for several groups as one."""
    return {
        f"{what}_{side}": [
            "" if group == OTHERS else group_key(by, group, answer_key(question, what))
            for group, question in zip(rows[side], rows["question"], strict=True)
        ]
        for side in ("group", "reference")
        for what in ("yes", "n")
    }


def _draw_differences(shown: Finding) -> "alt.LayerChart":
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
