"""A gap in words: made from its row, so that it holds where counts are missing."""

import pandas as pd

from hmip_kit.measures.differences import fits
from hmip_kit.measures.places import Place
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import cases_said, cases_word, half_up, number

ASSOCIATION = "This is association, not cause: one inspector judged both."


def said_of(row: Row, service: Place, outcome: Place) -> str:
    """Return a row of `hk.gap` in sentences: the outcome with and without the service, how sure, and what the net difference is."""
    parts = (
        _progress(row, service, outcome),
        _sure(row),
        _associated(row),
        _left_open(row),
        _net(row),
    )
    return " ".join(words for words in parts if words)


def _progress(row: Row, service: Place, outcome: Place) -> str:
    if row["n"] is not pd.NA and row["n"] == 0:
        return "No case has Yes or No on both."
    with_it, without = (_share(row, side) for side in ("with", "without"))
    said = f"{outcome.words.capitalize()} was {outcome.held} in {with_it} where {service.words} was {service.held}"
    return f"{said}, and in {without} where it was not."


def _share(row: Row, side: str) -> str:
    yes, n = row[f"yes_{side}"], row[f"n_{side}"]
    if pd.isna(n):
        return "[x]"
    if pd.isna(yes):
        cell = "both" if side == "with" else "outcome_only"
        return f"{row[f'{cell}_least']} to {row[f'{cell}_most']} of {n} {cases_word(n)}"
    return cases_said(int(yes), int(n))


def _sure(row: Row) -> str:
    if pd.isna(row["low"]):
        return ""
    return f"The data fit anything {fits(row['low'], row['high'], ways=('lower', 'higher'))}."


def _associated(row: Row) -> str:
    return "" if pd.isna(row["yes_with"]) or not row["n"] else ASSOCIATION


def _left_open(row: Row) -> str:
    """Return what the totals allow for the cases with both; blank for own cases, which are counted."""
    if pd.isna(row["both_least"]):
        return ""
    return f"The report's totals allow {row['both_least']} to {row['both_most']} cases with both."


def _net(row: Row) -> str:
    """Return the net difference: nought and less are said to be so, because neither is a gap of the kind that the report describes."""
    net = row["net_difference"]
    if pd.isna(net) or row["n"] == 0:
        return ""
    sizes = f"{number(abs(int(net)))} {cases_word(abs(int(net)))}"
    interval = (
        ""
        if pd.isna(row["net_low"])
        else f" (95% interval {half_up(row['net_low'])} to {half_up(row['net_high'])} points)"
    )
    if net == 0:
        return (
            f"Net difference: nought{interval}, which does not mean that the same cases had both."
        )
    if net < 0:
        return f"Net difference: minus {sizes}{interval}: fewer cases had the service than the outcome, so it shows no shortfall."
    return f"Net difference: {sizes}{interval} more with the service than with the outcome."
