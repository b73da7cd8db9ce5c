"""Titles and sentences about published figures: which is furthest from sufficient, and what each says."""

import pandas as pd

from hmip_kit.measures.figure_counts import SAYS, SUFFICIENT
from hmip_kit.measures.shares import Row, Said
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, half_up, number

MOST_LISTED = 8


def themes_said(rows: pd.DataFrame, theme: str = "") -> Said:
    """Return title and sentence of figures by theme; `rows` are those of `figure_counts`.

    The title names the figure furthest from sufficient among those with a count out of ten or more, both under a tie of two. Where
    there is none, it says the first figure.
    """
    if rows.empty:
        return f"{theme.capitalize() or 'By theme'}: no figure stated", "Nothing is stated."
    furthest = _furthest(rows)
    start = f"{theme.capitalize()}. " if theme else ""
    if not furthest:
        return f"{start}{rows['label'].iloc[0]}: {rows['text'].iloc[0]}", _each(rows)
    return f"{start}{_furthest_said(furthest, rows)}", _each(rows) if len(
        rows
    ) <= MOST_LISTED else _some(rows)


def interval_said(row: Row) -> str:
    """Return a figure's text with its 95% interval, where it has one."""
    text = str(row["text"])
    return (
        text.replace(f"({row['share']})", f"({row['share']}; 95% interval {row['range']})")
        if row["range"]
        else text
    )


def _furthest(rows: pd.DataFrame) -> list[Row]:
    compared = rows[rows["short"].notna() & (rows["n"] >= FEWEST_FOR_A_BAR).fillna(False)]
    low: pd.DataFrame = compared[compared["short"] == compared["short"].max()]
    return low.to_dict("records")


def _furthest_said(furthest: list[Row], rows: pd.DataFrame) -> str:
    if len(furthest) > 2:
        return f"Furthest from sufficient: {number(len(furthest))} figures, at {half_up(furthest[0]['short'])}% not sufficient"
    said = "; ".join(f"{row['label']}, {row['cases']}{SAYS[row['polarity']]}" for row in furthest)
    return f"Furthest from sufficient: {said}" if len(rows) > 1 else said


def _each(rows: pd.DataFrame) -> str:
    said = [f"{row['label']}: {interval_said(row)}" for row in rows.to_dict("records")]
    return f"{'; '.join(said)}."


def _some(rows: pd.DataFrame) -> str:
    """Return the three furthest from sufficient, of many; under ten cases none is compared."""
    ranked = rows[
        rows["short"].notna() & (rows["n"] >= FEWEST_FOR_A_BAR).fillna(False)
    ].sort_values("short", ascending=False, kind="stable")
    sufficient = int((rows["polarity"] == SUFFICIENT).sum())
    kinds = f"{sufficient} count what was sufficient, {len(rows) - sufficient} what was not."
    return f"{len(rows)} figures: {kinds} Furthest from sufficient: {_each(ranked.head(3))}"
