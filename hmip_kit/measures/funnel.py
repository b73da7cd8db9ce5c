"""A funnel: units side by side on one question, with what chance alone would leave them between."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hmip_kit.errors import KitError, NeedsCases, unknown
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import question_facts
from hmip_kit.measures.results import results
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, cases_word, whole_percent

FEWEST_UNITS = 8
LEVELS = {"95": 0.95, "998": 0.998}
INSIDE, BEYOND_95, BEYOND_998 = "within 95%", "outside 95%", "outside 99.8%"
COLUMNS = ["unit", "question", "label", "yes", "n", "percent", "centre"]
LIMITS = ["low_95", "high_95", "low_998", "high_998"]


def funnel(units: Sequence[Inspection], question: str) -> pd.DataFrame:
    """Return units on one question, each with the counts between which chance would leave it if all had the same share.

    One row per unit, in the order given: `unit, question, label, yes, n`, `percent` (0 to 100), `centre` (the share of all units
    together, in percent), `low_95, high_95, low_998, high_998` (exact binomial limits in percent of the unit's own n; a unit on a
    limit is inside), `position` (within 95%, outside 95%, outside 99.8%), `side` (higher, lower, blank within) and `text`. There is
    no rank. One unit in twenty lies outside the 95% limits by chance alone.

    Raises `KitError` for fewer than eight units, a unit given twice, units judged under several regimes or without the question, and
    a unit with no stated n or fewer than ten cases; `NeedsCases` for practice cases; `UnknownName` for a question that the regime
    does not have. Source: Spiegelhalter (2005), Funnel plots for comparing institutional performance, with the binomial quantiles
    themselves as limits.

    >>> import hmip_kit as hk
    >>> pdu = hk.load("lewisham-bromley-2022")
    >>> funnel([pdu] * 7, "assessment_safety")
    Traceback (most recent call last):
    hmip_kit.errors.KitError: a funnel takes eight or more units: 7 given
    """
    _check(units, question)
    rows = pd.DataFrame([_counts(unit, question) for unit in units])
    centre = float(rows["yes"].sum() / rows["n"].sum())
    label = question_facts(units[0].framework, [question])["label"].iloc[0]
    rows = rows.assign(
        question=question, label=label, percent=100 * rows["yes"] / rows["n"], centre=100 * centre
    )
    rows = rows.join(limits(rows["n"], centre))
    beyond = {
        name: (rows["percent"] < rows[f"low_{name}"]) | (rows["percent"] > rows[f"high_{name}"])
        for name in LEVELS
    }
    rows["position"] = np.select([beyond["998"], beyond["95"]], [BEYOND_998, BEYOND_95], INSIDE)
    side = np.where(rows["percent"] > rows["centre"], "higher", "lower")
    rows["side"] = np.where(rows["position"] == INSIDE, "", side)
    return rows.assign(text=[_text(row) for row in rows.to_dict("records")])[
        [*COLUMNS, *LIMITS, "position", "side", "text"]
    ]


def limits(n: pd.Series, share: float) -> pd.DataFrame:
    """Return `low_95, high_95, low_998, high_998`, in percent of each n: exact binomial limits where the true share is `share` (0 to 1).

    Source: `scipy.stats.binom.ppf` at 2.5, 97.5, 0.1 and 99.9%.

    >>> (limits(pd.Series([30]), 0.6) * 30 / 100).round().astype(int).values.tolist()
    [[13, 23, 10, 26]]
    """
    from scipy.stats import binom

    found = {}
    for name, level in LEVELS.items():
        for end, tail in (("low", (1 - level) / 2), ("high", (1 + level) / 2)):
            found[f"{end}_{name}"] = 100 * binom.ppf(tail, n, share) / n
    return pd.DataFrame(found, index=n.index)


def _check(units: Sequence[Inspection], question: str) -> None:
    if len(units) < FEWEST_UNITS:
        raise KitError(f"a funnel takes eight or more units: {len(units)} given")
    practice = [unit.title for unit in units if unit.cases_are == "practice"]
    if practice:
        raise NeedsCases(f"{practice[0]}: made-up cases are no unit to set beside others")
    names = [name_of(unit) for unit in units]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise KitError(
            f"each unit stands once in a funnel: {twice[0]} is given {names.count(twice[0])} times"
        )
    regimes = list(dict.fromkeys(unit.framework.id for unit in units))
    if len(regimes) > 1:
        raise KitError(f"units judged under different regimes do not compare: {', '.join(regimes)}")
    known = list(
        dict.fromkeys(
            name for unit in units for name in (*unit.published["question"], *unit.questions)
        )
    )
    if question not in known:
        raise unknown("question", question, known)


def name_of(unit: Inspection) -> str:
    """Return the name of the unit inspected; where that is not stated, the inspection's title."""
    return str(unit.identity.get("unit", unit.title))


def _counts(unit: Inspection, question: str) -> Row:
    """Return a unit's count and n: those that its report states, or those of its cases."""
    found = (
        unit.published[unit.published["question"] == question]
        if unit.cases_are == "none"
        else results(unit, questions=question)
    )
    if found.empty or found[["yes", "n"]].iloc[0].isna().any():
        raise KitError(f"{unit.title}: no count out of a stated n for {question}")
    yes, n = (int(found[name].iloc[0]) for name in ("yes", "n"))
    if n < FEWEST_FOR_A_BAR:
        raise KitError(
            f"{unit.title}: {n} {cases_word(n)} on {question}; {FEWEST_FOR_A_BAR} is the fewest to compare"
        )
    return {"unit": name_of(unit), "yes": yes, "n": n}


def _text(row: Row) -> str:
    side = f", {row['side']}" if row["side"] else ""
    return f"{row['yes']} of {row['n']} cases ({whole_percent(row['yes'], row['n'])}): {row['position']}{side}"
