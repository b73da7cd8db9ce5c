"""Two auditors on the same cases, as a table: where they agree least."""

import pandas as pd

from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.agreement import agreement as measured
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import (
    FEWEST_FOR_A_BAR,
    listed,
    number,
    opening,
    practice_name,
    which_cases,
    whole_percent,
)

FEW_NAMES = 2


def agreement(first: Inspection, second: Inspection) -> Finding:
    """Return in how many cases two auditors gave the same answer, question by question, least agreement first.

    Rows: `question, label, agreed, n, kappa` as `hk.agreement` gives them, without the cases that differ, and `counts, share, kappa_text`.
    A percentage and kappa need ten cases; kappa needs both auditors to vary. Raises what `hk.agreement` raises.

    >>> import hmip_kit as hk
    >>> agreement(hk.load("practice-cases"), hk.load("practice-cases")).title[-38:]
    'Two auditors agreed in all 924 answers'
    """
    found = measured(first, second)
    return Finding(
        name="agreement",
        say=lambda shown: _say(shown, first),
        rows=_rows(found),
        columns={
            "label": "Question",
            "counts": "Agreed",
            "share": "Percentage",
            "kappa_text": "Cohen's kappa",
        },
        measure="Cases in which two auditors gave the same answer",
        inspection=next((one for one in (first, second) if one.cases_are == "own"), first),
        cases=which_cases(first),
        notes=(
            "Kappa is agreement beyond what the two auditors' shares of each answer would give by chance; it has no unit, and 1 is all.",
        ),
        guard=Guard(paired=True, beside=(first, second)),
    )


def _rows(found: pd.DataFrame) -> pd.DataFrame:
    counts = list(zip(found["agreed"], found["n"], strict=True))
    return found[["question", "label", "agreed", "n", "kappa"]].assign(
        counts=[f"{agreed} of {n}" for agreed, n in counts],
        share=[whole_percent(agreed, n) if n >= FEWEST_FOR_A_BAR else "" for agreed, n in counts],
        kappa_text=["" if pd.isna(kappa) else f"{kappa:.2f}" for kappa in found["kappa"]],
    )


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    start, name = opening(which_cases(inspection), practice), f"{practice}. " if practice else ""
    if rows.empty:
        return f"{name}What two auditors agreed on", f"{start} There is nothing to show."
    agreed, n = int(rows["agreed"].sum()), int(rows["n"].sum())
    if agreed == n:
        return (
            f"{name}Two auditors agreed in all {n} answers",
            f"{start} They differ on no question.",
        )
    least = rows[rows["agreed"] / rows["n"] == (rows["agreed"] / rows["n"]).min()]
    names = (
        listed(list(least["label"]))
        if len(least) <= FEW_NAMES
        else f"{number(len(least))} questions"
    )
    differ = rows[rows["agreed"] < rows["n"]]
    said = "; ".join(
        f"{row['label']}, agreed in {row['counts']}" for row in differ.head(5).to_dict("records")
    )
    more = f"; and {number(len(differ) - 5)} more" if len(differ) > 5 else ""
    return (
        f"{name}Two auditors agreed in {agreed} of {n} answers, least on {names}",
        f"{start} They differ on: {said}{more}.",
    )
