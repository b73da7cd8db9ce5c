"""Units side by side, in the region's order or by name, and the region's total. No rank."""

from contextlib import suppress

import numpy as np
import pandas as pd

from hmip_kit.collection import of_several
from hmip_kit.counts import answer_key
from hmip_kit.counts.questions import Asked, question_counts
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Said, finding
from hmip_kit.findings.shares import grouped_key, populations, with_shares
from hmip_kit.inspection import Inspection
from hmip_kit.picture.bands import bands
from hmip_kit.picture.text import Sign
from hmip_kit.schema import CASELOAD, UNIT, label_of
from hmip_kit.settings import FEWEST_FOR_A_BAR, INK
from hmip_kit.stats.intervals import INTERVAL_TEXT, floats, stratified, wilson
from hmip_kit.stats.words import cases_said, half_up, listed, say, small

WEIGHTED = ["weighted", "weighted_low", "weighted_high"]
COMPARED = (
    "Units differ in who their cases are and in who judged them. With so many units and questions "
    "some lie apart by chance: the order is the region's, or by name, and says nothing."
)


def member_rows(inspection: Inspection, name: str, questions: Asked = None) -> pd.DataFrame:
    """Return the counts of `questions` in each round or unit (`name`) of an `inspection`.

    A row per question and group; published totals of members without cases stand beside the
    counts of the others. Made-up cases get no interval but where limits are drawn.
    """
    several, framework, parts = of_several(inspection), inspection.framework, []
    if inspection.has_cases and name in inspection.characteristics:
        parts.append(question_counts(inspection, [name], questions).astype({name: "str"}))
    for one in (one for one in several.counted if not one.has_cases):
        label = several.label(one, name)
        if all(several.label(one, by) in values for by, values in inspection.filters.choices):
            with suppress(NotInData):  # not every report states every question
                parts.append(question_counts(one, (), questions).assign(**{name: label}))
    if not parts:
        raise NotInData(f"All of these cases are of one {name}.")
    rows = pd.concat(parts).groupby(["question", name], sort=False, as_index=False).sum(min_count=1)
    places = {one: at for at, one in enumerate(dict.fromkeys(rows["question"]))}  # from the top
    groups = pd.CategoricalDtype([one for one in several.labels(name) if one in set(rows[name])])
    rows = rows.astype({name: groups, "yes": "Int64", "n": "Int64"})
    rows = rows.assign(band=rows["question"].map(places))
    rows = rows.sort_values(["band", name], ignore_index=True)
    enough = (rows["n"] >= FEWEST_FOR_A_BAR).to_numpy(bool)
    ends = wilson(rows["yes"], rows["n"], population=populations(rows, inspection))
    low, high = (np.where(enough & several.draws_limits, end, np.nan) for end in ends)
    counts = list(zip(rows["yes"], rows["n"], strict=True))
    rows = rows.assign(
        label=[framework.label(one) for one in rows["question"]],
        percent=100 * floats(rows["yes"]) / np.where(enough, floats(rows["n"]), np.nan),
        low=low,
        high=high,
        text=[cases_said(yes, n) for yes, n in counts],
    )
    return rows.assign(range=ranges(rows, "low", "high"))


def ranges(rows: pd.DataFrame, low: str, high: str) -> list[str]:
    """Return the ends of each of the `rows`, in its columns `low` and `high`, in words."""
    return [
        "" if pd.isna(least) else f"{least:.0f}% to {most:.0f}%"
        for least, most in zip(rows[low], rows[high], strict=True)
    ]


def member_tallies(rows: pd.DataFrame, *names: str) -> dict[str, list[str]]:
    """Return the tallies that the counts of `rows` of rounds or units (`names`) are of."""
    told = rows.to_dict("records")
    return {
        what: [grouped_key(answer_key(row["question"], what), row, names) for row in told]
        for what in ("yes", "n")
    }


def left_out(inspection: Inspection) -> list[str]:
    """Return what of an `inspection` of several is under another regime, and so not compared."""
    apart = of_several(inspection).apart
    return [f"Judged under another regime, and not compared: {listed(apart)}."] if apart else []


@finding(
    question="How do the units of a region stand, each with its number of cases?",
    needs=("units", "key questions"),
    follows=True,
    shown_by="one group",
    label="Units side by side",
)
def units_side_by_side(
    inspection: Inspection, group: str = UNIT, questions: Asked = None
) -> Finding:
    """Return each key question in each unit, with its interval and the share of all together.

    Parameters
    ----------
    inspection : Inspection
        Several units, as `hk.load([...])` reads them; of one round where it is filtered for it.
    group : str
        What stands side by side: unit, or office.
    questions : str or several, optional
        Questions by their ids; without, the key questions.

    Returns
    -------
    Finding
        A row per question and unit: `question, label, unit`, `yes` of `n`, `percent` with its
        Wilson interval `low, high`, both missing under ten cases; `centre`, the share of all units
        together; `text`. Made-up cases have no interval, but for the bundled practice rounds.

    Raises
    ------
    UnknownName
        For a question that there is not.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("practice-rounds").show.units_side_by_side()
    >>> found.rows["unit"].unique().tolist()
    ['Alderbank', 'Brackenfold', 'Cressmoor']
    """
    rows = member_rows(inspection, group, questions)
    sums = rows.groupby("question")[["yes", "n"]].transform("sum").astype("float")
    called = label_of(group)
    return Finding(
        inspection=inspection,
        rows=rows.assign(centre=100 * sums["yes"] / sums["n"].where(sums["n"] > 0)),
        say=lambda shown: _units_said(shown, group),
        columns={
            "label": "Key question",
            group: called,
            "text": "Cases judged sufficient",
            "range": INTERVAL_TEXT,
        },
        measure=f"Percentage of cases judged sufficient on each key question, by {small(called)}",
        notes=(COMPARED, *left_out(inspection)),
        protect=Protect(group=group),
        counts=member_tallies(rows, group),
        draw=lambda shown: bands(shown, group, Sign("all together", INK, "stroke")),
        variant=group if group != UNIT else "",
    )


def _units_said(rows: pd.DataFrame, group: str) -> Said:
    sizes = rows.groupby(group, observed=True, sort=True)["n"].max().dropna()
    sizes = sizes[sizes > 0]
    each = ", ".join(f"{unit} {say('number', count=int(size))}" for unit, size in sizes.items())
    called = small(label_of(group).partition(" ")[0])
    many = called if len(sizes) == 1 else f"{called}s"
    if not each:
        return f"No {called} to show", "There is nothing to set side by side."
    return f"{len(sizes)} {many} side by side", f"Cases answered on a question, at most: {each}."


@finding(
    question="What is the region's total, by cases and by caseload?",
    needs=("units", "key questions"),
    follows=True,
    shown_by="one group",
    label="The region's total",
)
def region_total(inspection: Inspection) -> Finding:
    """Return each key question over all units: cases added up, and units by their caseloads.

    Parameters
    ----------
    inspection : Inspection
        Several units; where each states its caseload, a unit counts for as much as that.

    Returns
    -------
    Finding
        A row per question: `question, label`, `yes` of `n`, `percent` with Wilson's interval
        `low, high`; `weighted` with `weighted_low, weighted_high`, missing without caseloads and
        where a unit has no case; `text, range, weighted_text`. Made-up cases have no interval.

    Notes
    -----
    Wilson (1927); Yan and Su (2010) for the weighted share: see `stats.intervals.stratified`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-rounds").show.region_total().title[-54:]
    '13 key questions over 3 units by cases and by caseload'
    """
    rows, loads = member_rows(inspection, UNIT), _caseloads(inspection)
    rows = rows.assign(population=populations(rows, inspection))
    units = list(map(str, rows[UNIT].cat.categories))
    each = rows.groupby("question", sort=False)
    totals = each.agg({"label": "first", "yes": "sum", "n": "sum"}).reset_index()
    found = [(np.nan,) * 3] * len(totals)
    if loads.keys() >= {*units}:
        by = [loads[one] for one in units]
        found = [stratified(r["yes"], r["n"], by, population=r["population"]) for _, r in each]
    totals[WEIGHTED] = found
    if inspection.made_up:
        totals[WEIGHTED[1:]] = np.nan
    told = [
        f"{one:.0f}%{end and f', {end}'}" if one == one else ""
        for one, end in zip(totals["weighted"], ranges(totals, *WEIGHTED[1:]), strict=True)
    ]
    own = [inspection.where(**{UNIT: one}) for one in units if inspection.protected and loads]
    return Finding(
        inspection=inspection,
        rows=with_shares(totals, inspection).assign(weighted_text=told),
        say=lambda shown: _total_said(shown, rows.loc[rows["n"] > 0, UNIT].nunique()),
        columns={
            "label": "Key question",
            "text": "Cases judged sufficient",
            "range": INTERVAL_TEXT,
            **({"weighted_text": f"By caseload, {INTERVAL_TEXT}"} if loads else {}),
        },
        measure="Cases judged sufficient on each key question, over all units",
        notes=(
            "By cases, a unit counts for as many as were audited in it."
            + " By caseload, it counts for its part of the region's caseload." * bool(loads),
            *left_out(inspection),
        ),
        protect=Protect(beside=tuple(own)),
        counts={
            what: [answer_key(one, what) for one in totals["question"]] for what in ("yes", "n")
        },
    )


def _caseloads(inspection: Inspection) -> dict[str, int]:
    """Return how large the caseload of each unit is, where each states it; else none."""
    if CASELOAD not in inspection.holds:
        return {}
    by = inspection.frames[CASELOAD].groupby([UNIT, "characteristic"])["cases"].sum()
    return {str(unit): int(most) for unit, most in by.groupby(level=0).max().items()}


def _total_said(rows: pd.DataFrame, units: int) -> Said:
    some = rows.dropna(subset="yes")
    title = f"{len(some)} key questions over {units} {'unit' if units == 1 else 'units'} by cases"
    apart = (some["weighted"] - some["percent"]).abs()
    if apart.isna().all():
        return title, "By caseload takes cases in each unit, and the caseload of each."
    most = some.iloc[int(np.nanargmax(floats(apart)))]
    ways = f"{half_up(most['percent'])}% by cases and {half_up(most['weighted'])}% by caseload"
    return f"{title} and by caseload", f"They lie furthest apart on {most['label']}, {ways}."
