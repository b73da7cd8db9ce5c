"""Rounds of audit one after the other: what varies as chance does, and what is better or worse."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hmip_kit.collection import of_several
from hmip_kit.counts import answer_key, group_key
from hmip_kit.counts.questions import Asked, question_counts
from hmip_kit.errors import NotInData, unknown
from hmip_kit.findings import Finding, Protect, Row, Said, finding
from hmip_kit.findings.shares import populations, with_difference
from hmip_kit.inspection import Inspection
from hmip_kit.picture.bands import bands
from hmip_kit.schema import ROUND, label_of
from hmip_kit.settings import FEWEST_FOR_A_BAR
from hmip_kit.stats.intervals import (
    INTERVAL_TEXT,
    binomial_limits,
    floats,
    signals_by_chance,
    wilson,
)
from hmip_kit.stats.samples import false_alarm
from hmip_kit.stats.words import capital, cases_said, fits, listed, say

LEVEL = 0.998  # between the limits of a chart of rounds: Shewhart's three sigma, as is usual
BELOW, DRAWN, ABOVE = 0.08, 0.64, 0.15  # parts of a question's band
WHEN = ("before", "after")
MADE_UP = "Limits are not drawn of made-up cases."
PROCESS = (
    "The limits say what rounds of one steady service would vary by; they hold for a census too. "
    "Lines up and down are intervals, narrower where the population is stated. How long lies "
    "between two rounds is not drawn."
)


@finding(
    question="Has it changed from round to round, or does it vary as chance does?",
    needs=("rounds", "key questions"),
    follows=False,
    shown_by="one group",
    label="Key questions over time",
)
def over_time(
    inspection: Inspection, questions: Asked = None, baseline: Sequence[str] = ()
) -> Finding:
    """Return each key question in each round, with the limits that chance would keep it within.

    Parameters
    ----------
    inspection : Inspection
        Several rounds, as `hk.load([...])` reads them; of one unit where it is filtered for it.
    questions : str or several, optional
        Questions by their ids; without, the key questions.
    baseline : sequence of str
        The rounds round whose share the limits lie; without, all of them.

    Returns
    -------
    Finding
        A row per question and round: `question, label, round`, `yes` of `n`, `percent` with its
        Wilson interval `low, high`, missing under ten cases; `centre`, the share of the baseline;
        `low_998, high_998`, exact binomial limits at the round's own n; `signal_text` (higher,
        lower, blank within: on a limit is within); `by_chance`, how likely a signal is with no
        change; `text`. Made-up cases have no limits, but for the bundled practice rounds.

    Raises
    ------
    UnknownName
        For a question or a round that there is not.

    Notes
    -----
    A p-chart (Shewhart) with the binomial quantiles as limits: see `stats.binomial_limits`, and
    `stats.intervals.signals_by_chance` for how many signals chance gives.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("practice-rounds").where(unit="Alderbank").show.over_time()
    >>> found.title[-30:]
    'None of 78 results is a signal'
    """
    rows = banded(_with_limits(member_rows(inspection, ROUND, questions), inspection, baseline))
    limits = of_several(inspection).draws_limits
    beside = (inspection.where(**{ROUND: baseline}),) if baseline and inspection.protected else ()
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _signals_said(shown) if limits else _unlimited_said(shown),
        columns={
            "label": "Key question",
            ROUND: label_of(ROUND),
            "text": "Cases judged sufficient",
            "range": INTERVAL_TEXT,
            **({"limits_text": "Limits of chance", "signal_text": "Signal"} if limits else {}),
        },
        measure="Percentage of cases judged sufficient on each key question, round by round",
        notes=(PROCESS if limits else MADE_UP, *left_out(inspection)),
        protect=Protect(group=ROUND, beside=beside),
        counts=member_tallies(rows, ROUND),
        draw=lambda shown: bands(shown, ROUND),
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
            parts.append(question_counts(one, (), questions).assign(**{name: label}))
    if not parts:
        raise NotInData(f"All of these cases are of one {name}.")
    rows = pd.concat(parts, ignore_index=True)
    places = {one: at for at, one in enumerate(dict.fromkeys(rows["question"]))}
    groups = pd.CategoricalDtype([one for one in several.labels(name) if one in set(rows[name])])
    rows = rows.astype({name: groups, "yes": "Int64", "n": "Int64"})
    rows = rows.assign(band=len(places) - 1 - rows["question"].map(places))
    rows = rows.sort_values(["band", name], ascending=[False, True], ignore_index=True)
    enough = (rows["n"] >= FEWEST_FOR_A_BAR).to_numpy(bool)
    ends = wilson(rows["yes"], rows["n"], population=populations(rows, inspection))
    low, high = (np.where(enough & several.draws_limits, end, np.nan) for end in ends)
    counts = list(zip(rows["yes"], rows["n"], strict=True))
    rows = rows.assign(
        label=[framework.label(one) for one in rows["question"]],
        percent=100 * floats(rows["yes"]) / np.where(enough, floats(rows["n"]), np.nan),
        low=low,
        high=high,
        text=[cases_said(yes, n) if n else say("no count") for yes, n in counts],
    )
    return rows.assign(range=ranges(rows, "low", "high"))


def ranges(rows: pd.DataFrame, low: str, high: str) -> list[str]:
    """Return the ends of each of the `rows`, in its columns `low` and `high`, in words."""
    return [
        "" if pd.isna(least) else f"{least:.0f}% to {most:.0f}%"
        for least, most in zip(rows[low], rows[high], strict=True)
    ]


def banded(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with where each percentage stands in the band of its question."""
    fields = [
        one for one in ("percent", "low", "high", "centre", "low_998", "high_998") if one in rows
    ]
    places = {f"y_{one}": rows["band"] + BELOW + DRAWN * rows[one] / 100 for one in fields}
    return rows.assign(**places, y_head=rows["band"] + BELOW + DRAWN + ABOVE)


def member_tallies(rows: pd.DataFrame, name: str) -> dict[str, list[str]]:
    """Return the tallies that the counts of `rows` of rounds or units (`name`) are of."""
    pairs = list(zip(rows[name].astype("str"), rows["question"], strict=True))
    return {
        what: [group_key(name, group, answer_key(question, what)) for group, question in pairs]
        for what in ("yes", "n")
    }


def left_out(inspection: Inspection) -> list[str]:
    """Return what of an `inspection` of several is under another regime, and so not compared."""
    apart = of_several(inspection).apart
    return [f"Judged under another regime, and not compared: {listed(apart)}."] if apart else []


def _with_limits(
    rows: pd.DataFrame, inspection: Inspection, baseline: Sequence[str]
) -> pd.DataFrame:
    for one in baseline:
        if one not in rows[ROUND].cat.categories:
            raise unknown(ROUND, one, rows[ROUND].cat.categories)
    limits = of_several(inspection).draws_limits
    each = [_limited(some, baseline, limits) for _, some in rows.groupby("question", sort=False)]
    rows = pd.concat(each, ignore_index=True)
    return rows.assign(limits_text=ranges(rows, "low_998", "high_998"))


def _limited(rows: pd.DataFrame, baseline: Sequence[str], limits: bool) -> pd.DataFrame:
    """Return the rounds of one question with their limits; under ten cases there are none."""
    yes, n = floats(rows["yes"]), floats(rows["n"])
    inside = (rows[ROUND].isin(baseline) | (not baseline)).to_numpy(bool) & (n > 0)
    judged = (n >= FEWEST_FOR_A_BAR) & inside.any() & limits
    if not judged.any():
        return rows.assign(
            centre=np.nan, low_998=np.nan, high_998=np.nan, by_chance=np.nan, signal_text=""
        )
    share = yes[inside].sum() / n[inside].sum()
    low, high = binomial_limits(np.where(judged, n, np.nan), share, LEVEL)
    chance = np.full(len(rows), np.nan)
    chance[n > 0] = signals_by_chance(yes[n > 0], n[n > 0], LEVEL, inside[n > 0])
    signal = np.select([rows["percent"] > high, rows["percent"] < low], ["higher", "lower"], "")
    return rows.assign(
        centre=100 * share,
        low_998=low,
        high_998=high,
        by_chance=np.where(judged, chance, np.nan),
        signal_text=signal,
    )


def _signals_said(rows: pd.DataFrame) -> Said:
    judged = rows[rows["by_chance"].notna()]
    if judged.empty:
        return "Too few cases to draw limits", f"A round takes {FEWEST_FOR_A_BAR} cases or more."
    found, many = judged[judged["signal_text"] != ""], len(judged)
    chance = f"Chance alone would give {judged['by_chance'].sum():.2g} signals in {many} results."
    if found.empty:
        none = "No round lies outside its limits on any question: that is no proof of no change."
        return f"None of {many} results is a signal", f"{none} {chance}"
    each = (
        found["label"]
        + ", "
        + found[ROUND].astype("str")
        + ": "
        + found["text"]
        + ", "
        + found["signal_text"]
    )
    some = f"{len(found)} of {many} results {'is a signal' if len(found) == 1 else 'are signals'}"
    return some, f"Outside the limits of chance: {'; '.join(each)}. {chance}"


def _unlimited_said(rows: pd.DataFrame) -> Said:
    return f"Each key question, round by round: {rows[ROUND].nunique()} in all", MADE_UP


@finding(
    question="What is better, what is worse, out of how many?",
    needs=("rounds", "key questions"),
    follows=False,
    shown_by="one group",
    label="Better or worse than before",
)
def better_or_worse(inspection: Inspection) -> Finding:
    """Return each key question in the last round against all rounds before it, as a table.

    Parameters
    ----------
    inspection : Inspection
        Several rounds; of one unit where it is filtered for it.

    Returns
    -------
    Finding
        A row per question that both sides have answered: `question, label, round`; `yes` of `n` in
        the last round, `yes_before` of `n_before` in those before; `difference, low, high` in
        percentage points with Newcombe's 95% interval, missing under ten cases; `verdict_text`;
        `alarm`, how likely better or worse is with no change at all; `text, before_text, fits`.

    Notes
    -----
    Newcombe (1998), method 10; `alarm` is counted exactly, see `stats.samples.false_alarm`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("practice-rounds").where(unit="Brackenfold").show.better_or_worse()
    >>> int((found.rows["verdict_text"] == "better").sum())
    2
    """
    if not of_several(inspection).draws_limits:
        raise NotInData("Made-up cases are no rounds of a unit: nothing is said of change.")
    rows = _against_before(member_rows(inspection, ROUND))
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_better_said,
        columns={
            "label": "Key question",
            "before_text": "Rounds before",
            "text": "Last round",
            "fits": f"Change, {INTERVAL_TEXT}",
            "verdict_text": "Better or worse",
        },
        measure="Cases judged sufficient on each key question, in the last round and before it",
        notes=(
            "Better and worse: the interval of the change leaves out zero. It is that of a service "
            "which goes on, so that no population narrows it: a census varies from round to round.",
            *left_out(inspection),
        ),
        protect=Protect(group=ROUND),
        counts=member_tallies(rows, ROUND),
    )


def _against_before(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each question's last round beside the sum of those before it."""
    last = rows[ROUND].cat.categories[-1]
    before = rows[rows[ROUND] != last].groupby("question", sort=False)[["yes", "n"]].sum()
    now = rows[rows[ROUND] == last].drop(columns=["low", "high"]).set_index("question")
    now = now.join(before.add_suffix("_before")).reset_index()
    now = with_difference(now.rename(columns={"yes": "yes_after", "n": "n_after"}), *WHEN)
    now = now[(now["n_after"] > 0) & (now["n_before"] > 0)].reset_index(drop=True)
    verdict = np.select(
        [now["low"] > 0, now["high"] < 0, now["low"].isna()],
        ["better", "worse", "too few cases"],
        "no change beyond chance",
    )
    now = now.rename(columns={"yes_after": "yes", "n_after": "n"})
    told = now.to_dict("records")
    return now.assign(
        verdict_text=verdict,
        before_text=[cases_said(row["yes_before"], row["n_before"]) for row in told],
        fits=["" if pd.isna(row["low"]) else fits(row["low"], row["high"]) for row in told],
        alarm=[_alarm(row) for row in told],
    )


def _alarm(row: Row) -> float:
    """Return how likely a row seems better or worse with no change at all."""
    if pd.isna(row["low"]):
        return np.nan
    yes, n = row["yes"] + row["yes_before"], row["n"] + row["n_before"]
    return false_alarm(yes / n, int(row["n"]), int(row["n_before"]))


def _better_said(rows: pd.DataFrame) -> Said:
    judged = rows[rows["alarm"].notna()]
    if judged.empty:
        return (
            "Too few cases to tell better from worse",
            f"Both sides take {FEWEST_FOR_A_BAR} cases.",
        )
    each = judged["label"] + " (" + judged["before_text"] + ", then " + judged["text"] + ")"
    sides = {way: list(each[judged["verdict_text"] == way]) for way in ("better", "worse")}
    counts = listed([f"{len(some) or 'none'} {way}" for way, some in sides.items()])
    told = [f"{capital(way)}: {listed(some)}." for way, some in sides.items() if some]
    none = "No change lies beyond chance: that is not the same as no change."
    chance = f"With no change at all, chance would call {judged['alarm'].sum():.1f}"
    last = rows[ROUND].iloc[0]
    return (
        f"{capital(counts)} out of {len(judged)} key questions, {last} against before",
        f"{' '.join(told) or none} {chance} of {len(judged)} better or worse.",
    )
