"""Rounds of audit one after the other: what varies as chance does, and what is better or worse."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hmip_kit.collection import GIVEN, Collection, of_several
from hmip_kit.counts.questions import Asked, checked_groups
from hmip_kit.errors import NotInData, unknown
from hmip_kit.findings import Finding, Protect, Row, Said, finding
from hmip_kit.findings.change import WHEN, pairs, same_cases
from hmip_kit.findings.shares import with_difference
from hmip_kit.findings.units import left_out, member_rows, member_tallies, ranges
from hmip_kit.inspection import Inspection
from hmip_kit.picture.bands import SIGNAL, bands
from hmip_kit.picture.text import Sign
from hmip_kit.schema import ROUND, label_of
from hmip_kit.settings import CONFIDENCE, FEWEST_FOR_A_BAR, FEWEST_IN_A_GROUP, INK, STRIP
from hmip_kit.stats.intervals import INTERVAL_TEXT, binomial_limits, floats, signals_by_chance
from hmip_kit.stats.samples import false_alarm
from hmip_kit.stats.words import capital, count_said, listed, range_said, signed

KEY = (
    Sign("share of the rounds together", INK, "stroke"),
    Sign("limits of chance, 99.8%", STRIP, "stroke"),
    SIGNAL,
)
LEVEL = 0.998  # between the limits of a chart of rounds: Shewhart's three sigma, as is usual
NO_CHANGE = "within chance"
CHANGED = (
    "Better and worse: the interval of the change leaves out zero. It is that of a service "
    "which goes on, so that no population narrows it: a census varies from round to round."
)
PAIRED = (
    "Cases that were audited before count alone, each beside itself: better and worse are by "
    "McNemar's exact test, and the interval is Tango's."
)
MADE_UP = "Limits are not drawn of made-up cases."
PROCESS = (
    "The limits say what rounds of one steady service would vary by; they hold for a census too. "
    "Lines up and down are intervals, narrower where the population is stated. How long lies "
    "between two rounds is not drawn."
)


@finding(
    question="Has it changed from round to round, or does it vary as chance does?",
    needs=("rounds", "key questions"),
    follows=True,
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
    of_all = _every_round(inspection)
    limits, rows = of_all.draws_limits, member_rows(of_all, ROUND, questions)
    for one in baseline:
        if one not in rows[ROUND].cat.categories:
            raise unknown(ROUND, one, rows[ROUND].cat.categories)
    each = rows.groupby("question", sort=False)
    rows = pd.concat([_limited(some, baseline, limits) for _, some in each], ignore_index=True)
    beside = (of_all.where(**{ROUND: baseline}),) if baseline and inspection.protected else ()
    return Finding(
        inspection=of_all,
        rows=rows,
        say=_signals_said if limits else lambda _: ("Each key question, round by round", MADE_UP),
        columns={
            "label": "Key question",
            ROUND: label_of(ROUND),
            "text": "Cases judged sufficient",
            "range": INTERVAL_TEXT,
            **({"limits_text": "Limits of chance", "signal_text": "Signal"} if limits else {}),
        },
        measure="Percentage of cases judged sufficient on each key question, round by round",
        cases=of_all.which_cases
        + ", whichever round is chosen" * bool(inspection.filters.chosen(ROUND)),
        notes=(PROCESS if limits else MADE_UP, *left_out(inspection)),
        protect=Protect(group=ROUND, beside=beside),
        counts=member_tallies(rows, ROUND),
        draw=lambda shown: bands(shown, ROUND, *(KEY if limits else ())),
    )


def _limited(rows: pd.DataFrame, baseline: Sequence[str], limits: bool) -> pd.DataFrame:
    """Return the rounds of one question with their limits; under ten cases there are none."""
    yes, n = floats(rows["yes"]), floats(rows["n"])
    inside = (rows[ROUND].isin(baseline) | (not baseline)).to_numpy(bool) & (n > 0)
    judged = (n >= FEWEST_FOR_A_BAR) & inside.any() & limits
    share, chance = np.nan, np.full(len(rows), np.nan)
    if judged.any():
        share = yes[inside].sum() / n[inside].sum()
        chance[n > 0] = signals_by_chance(yes[n > 0], n[n > 0], LEVEL, inside[n > 0])
    low, high = binomial_limits(np.where(judged, n, np.nan), share, LEVEL)
    signal = np.select([rows["percent"] > high, rows["percent"] < low], ["higher", "lower"], "")
    rows = rows.assign(centre=100 * share, low_998=low, high_998=high, signal_text=signal)
    limits_text = ranges(rows, "low_998", "high_998")
    return rows.assign(by_chance=np.where(judged, chance, np.nan), limits_text=limits_text)


def _signals_said(rows: pd.DataFrame) -> Said:
    judged = rows[rows["by_chance"].notna()]
    if judged.empty:
        return "Too few cases to draw limits", f"A round takes {FEWEST_FOR_A_BAR} cases or more."
    found, many = judged[judged["signal_text"] != ""], len(judged)
    chance = f"Chance alone would give {judged['by_chance'].sum():.2g} signals in {many} results."
    if found.empty:
        none = "No round lies outside its limits on any question: that is no proof of no change."
        return f"None of {many} results is a signal", f"{none} {chance}"
    parts = found[["label", ROUND, "text", "signal_text"]].astype("str")
    each = parts.agg(", ".join, axis=1)
    some = f"{len(found)} of {many} results {'is a signal' if len(found) == 1 else 'are signals'}"
    return some, f"Outside the limits of chance: {'; '.join(each)}. {chance}"


@finding(
    question="What is better, what is worse, out of how many?",
    needs=("rounds", "key questions"),
    follows=True,
    shown_by="one group",
    label="Better or worse than before",
)
def better_or_worse(inspection: Inspection, by: str | None = None) -> Finding:
    """Return each key question in the last round against all rounds before it, as a table.

    Parameters
    ----------
    inspection : Inspection
        Several rounds; of one unit where it is filtered for it.
    by : str, optional
        A characteristic, such as unit: each of its groups then stands by itself.

    Returns
    -------
    Finding
        A row per question that both sides have answered: `question, label, round`; `yes` of `n` in
        the last round, or the one chosen, `yes_before` of `n_before` in those before; `difference,
        low, high` in percentage points with Newcombe's 95% interval, missing under ten cases;
        `verdict_text`; `alarm`, how likely better or worse is with no change at all; `text,
        before_text, fits`. Where ten cases or more were audited before, they alone count: `paired`
        says how many, and the interval is Tango's.

    Raises
    ------
    UnknownName
        For a characteristic that there is not.

    Notes
    -----
    Newcombe (1998), method 10; `alarm` is counted exactly, see `stats.samples.false_alarm`. Of the
    same cases McNemar's exact test, by `statsmodels.stats.contingency_tables.mcnemar`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("practice-rounds").where(unit="Brackenfold").show.better_or_worse()
    >>> int((found.rows["verdict_text"] == "better").sum())
    2
    """
    if not of_several(inspection).draws_limits:
        raise NotInData("Made-up cases are no rounds of a unit: nothing is said of change.")
    groups, chosen = checked_groups(inspection, by), inspection.filters.chosen(ROUND)
    of_all = _every_round(inspection)
    last = max(chosen or of_all.labels(ROUND), key=of_all.labels(ROUND).index)
    if last == of_all.labels(ROUND)[0]:
        raise NotInData(f"No round is before {last}.")
    values = {str(one): name for name in groups for one in of_all.cases[name].unique()}
    parts = [
        _against_before(of_several(of_all.where(**{name: value})), last).assign(**{name: value})
        for value, name in values.items()
    ]
    rows = pd.concat(parts or [_against_before(of_all, last)], ignore_index=True)
    paired, labels = int(rows["paired"].max()) if len(rows) else 0, of_all.labels(ROUND)
    sides = ([last], labels[: labels.index(last)]) if paired else ()
    enough = max(FEWEST_FOR_A_BAR, FEWEST_IN_A_GROUP)
    left = [of_all.cases[ROUND].isin(side).sum() - paired for side in sides]
    told = not groups and all(one == 0 or one >= enough for one in left)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _better_said(shown, by),
        columns={
            **{name: label_of(name) for name in groups},
            "label": "Key question",
            "before_text": "Rounds before",
            "text": "This round",
            "fits": f"Change in points, {INTERVAL_TEXT}",
            "verdict_text": "Better or worse",
        },
        measure="Cases judged sufficient on each key question, in the last round and before it",
        notes=(*([PAIRED] if paired else []), CHANGED, *left_out(inspection)),
        protect=Protect(group=ROUND, paired=(paired if told else 0) if paired else None),
        counts={} if paired else member_tallies(rows, ROUND, *groups),
        variant=by or "",
    )


def _every_round(inspection: Inspection) -> Collection:
    """Return an `inspection` of several without a choice of rounds: the others tell of them."""
    left = inspection.filters.without(ROUND)
    return of_several(
        inspection if left == inspection.filters else inspection.sample.filtered(left)
    )


def _against_before(inspection: Collection, last: str) -> pd.DataFrame:
    """Return each question's `last` round beside the sum of those before it."""
    rows, labels = member_rows(inspection, ROUND), inspection.labels(ROUND)
    place, at = rows[ROUND].astype("str").map(labels.index), labels.index(last)
    before = rows[place < at].groupby("question", sort=False)[["yes", "n"]].sum()
    now = rows[place == at].drop(columns=["low", "high"]).set_index("question")
    both = _audited_again(inspection, labels[: at + 1])
    if len(both):
        again = pairs(inspection, inspection, both).set_index("question")
        now = again.join(now[["label", ROUND, "band"]])
    else:
        now = now.rename(columns={"yes": "yes_after", "n": "n_after"})
        now = with_difference(now.join(before.add_suffix("_before")), *WHEN)
    now = now[(now["n_after"] > 0) & (now["n_before"] > 0)].reset_index()
    told = now.assign(paired=len(both)).to_dict("records")
    judged = [_judged(row) for row in told]
    return now.rename(columns={"yes_after": "yes", "n_after": "n"}).assign(
        paired=len(both),
        verdict_text=[verdict for verdict, _ in judged],
        alarm=[alarm for _, alarm in judged],
        text=[_share_said(row, "after") for row in told],
        before_text=[_share_said(row, "before") for row in told],
        fits=[
            ""
            if pd.isna(row["low"])
            else f"{signed(row['difference'])} ({range_said(row['low'], row['high'])})"
            for row in told
        ],
    )


def _share_said(row: Row, when: str) -> str:
    yes, n = int(row[f"yes_{when}"]), int(row[f"n_{when}"])
    return count_said(yes, n)


def _audited_again(inspection: Collection, rounds: Sequence[str]) -> pd.DataFrame:
    """Return the places of cases of the last of some `rounds` that were audited before, and then.

    Where a case was several times, the last before counts.
    """
    if GIVEN not in inspection.frames:
        return pd.DataFrame()
    known = inspection.frames[GIVEN].set_index("case_id")["given"]
    cases = inspection.cases.assign(place=range(inspection.size))
    cases = cases.assign(case_id=cases["case_id"].astype("str").map(known)).sort_values(ROUND)
    earlier = cases[cases[ROUND].isin(rounds[:-1])].drop_duplicates("case_id", keep="last")
    return same_cases(earlier, cases[cases[ROUND] == rounds[-1]])


def _judged(row: Row) -> tuple[str, float]:
    """Return what a row says, and how likely it seems better or worse with no change at all."""
    from statsmodels.stats.contingency_tables import mcnemar

    if pd.isna(row["low"]):
        return "too few cases", np.nan
    way = "better" if row["difference"] > 0 else "worse"
    if not row["paired"]:
        yes, n = row["yes_after"] + row["yes_before"], row["n_after"] + row["n_before"]
        alarm = false_alarm(yes / n, int(row["n_after"]), int(row["n_before"]))
        return way if row["low"] > 0 or row["high"] < 0 else NO_CHANGE, alarm
    found = mcnemar([[0, row["more"]], [row["fewer"], 0]], exact=True).pvalue
    return way if found < 1 - CONFIDENCE else NO_CHANGE, 1 - CONFIDENCE  # at most


def _better_said(rows: pd.DataFrame, by: str | None) -> Said:
    judged = rows[rows["alarm"].notna()]
    if judged.empty:
        return (
            "Too few cases to tell better from worse",
            f"Both sides take {FEWEST_FOR_A_BAR} cases.",
        )
    group = judged[by] + ": " if by else ""
    each = judged["label"] + " (" + group + judged["before_text"] + ", then " + judged["text"] + ")"
    sides = {way: list(each[judged["verdict_text"] == way]) for way in ("better", "worse")}
    counts = listed([f"{len(some) or 'none'} {way}" for way, some in sides.items()])
    told = [f"{capital(way)}: {listed(some)}." for way, some in sides.items() if some]
    none = "No change lies beyond chance: that is not the same as no change."
    chance = f"With no change at all, chance would call {judged['alarm'].sum():.1f}"
    return (
        f"{capital(counts)} out of {len(judged)} {'results' if by else 'key questions'}, "
        f"{rows[ROUND].iloc[0]} against before",
        f"{' '.join(told) or none} {chance} of {len(judged)} better or worse.",
    )
