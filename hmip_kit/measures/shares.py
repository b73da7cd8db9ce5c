"""Shares: rows of so many Yes of n, with what follows from the two numbers, and the sentences made of such rows.

The page script does the same (`front/arithmetic.js`) when a reader filters; golden vectors in the tests keep the two one.
"""

from collections.abc import Hashable
from typing import Any, Literal

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.intervals import ALLOWED, WILSON, allowed, wilson
from hmip_kit.measures.words import (
    FEWEST_FOR_A_BAR,
    FEWEST_FOR_A_PERCENTAGE,
    cases_word,
    half_up,
    listed,
    number,
    opening,
    practice_name,
    which_cases,
    whole_percent,
)

Row = dict[Hashable, Any]
Said = tuple[str, str]
MOST_LISTED = 6
HIDDEN = "[c]"  # confidential: the count was blanked


def with_shares(rows: pd.DataFrame, inspection: Inspection, split: bool = False) -> pd.DataFrame:
    """Return rows of `yes` and `n` with what follows from them.

    Columns added: `percent, low, high` (0 to 100, unrounded), `bounds`, `bar` (the percentage, missing under ten cases), and words:
    `cases` ("8 of 42"), `share` ("19%"), `range`, `text` ("8 of 42 (19%)"). A count that the gate has blanked gives "[c]".

    Bounds are "wilson95", missing under ten cases. Practice cases get the interval for the whole sample only, and only where a total
    is published (`total_yes` of `total_n`); filtered or `split` they get "allowed", the range that those totals allow, or "".
    """
    practice = inspection.cases_are == "practice"
    narrowed = practice and (split or bool(inspection.filters))
    full = rows if "total_n" in rows else rows.assign(total_yes=rows["yes"], total_n=rows["n"])
    low_high, names = bounds_of(full, practice, narrowed)
    some = full["n"].where(full["n"] > 0)
    full = full.assign(
        percent=(100 * full["yes"] / some).astype("Float64").astype("float64"),
        low=low_high["low"],
        high=low_high["high"],
        bounds=names,
    )
    small = (full["n"] < FEWEST_FOR_A_BAR) & (full["bounds"] == WILSON)
    full[["low", "high"]] = full[["low", "high"]].mask(small.fillna(True))
    full["bar"] = full["percent"].where((full["n"] >= FEWEST_FOR_A_BAR).fillna(False))
    return _with_words(full if practice else full.drop(columns=["total_yes", "total_n"]))


def bounds_of(rows: pd.DataFrame, practice: bool, narrowed: bool) -> tuple[pd.DataFrame, pd.Series]:
    """Return `low` and `high` of each row, and what they are: "wilson95", "allowed", or "" where there is nothing to state."""
    yes, n, total_yes, total_n = (
        rows[name].astype("Float64") for name in ("yes", "n", "total_yes", "total_n")
    )
    stated = total_n.notna() if practice else n.notna()
    found = allowed(total_yes, total_n, n) if narrowed else wilson(yes, n)
    known = stated & yes.notna()
    return found.where(known), pd.Series(ALLOWED if narrowed else WILSON, index=rows.index).where(
        stated, ""
    )


def published_totals(inspection: Inspection) -> pd.DataFrame:
    """Return `total_yes` and `total_n` for each question whose total is published, indexed by question.

    On practice cases these are the report's totals that the cases were made to match: key questions, and the sub-questions for
    which it prints a count out of a base.
    """
    key = inspection.published.set_index("question")[["yes", "n"]]
    sub = pd.DataFrame(
        {one.id: (one.yes, one.n) for one in inspection.framework.sub_questions},
        index=["yes", "n"],
        dtype="int64",
    ).T
    return (
        pd.concat([key, sub]).rename(columns={"yes": "total_yes", "n": "total_n"}).astype("Int64")
    )


def lowest(rows: pd.DataFrame) -> list[Row]:
    """Return the rows with the lowest share, all of them under a tie; none where no row has cases."""
    some = rows[(rows["n"] > 0).fillna(False) & rows["percent"].notna()]
    return _records(some[some["percent"] == some["percent"].min()])


def _records(rows: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def say(
    rows: pd.DataFrame, inspection: Inspection, words: Literal["lowest", "each"], title: str = ""
) -> Said:
    """Return title and sentence of share rows about an inspection's cases.

    "lowest" names the lowest rows with their bounds; "each" lists every row, or the two ends of more than six. `title` replaces
    the headline.
    """
    practice, cases = practice_name(inspection), which_cases(inspection)
    start, small = opening(cases, practice), _small(inspection.size)
    if words == "lowest":
        return title or lowest_title(rows, practice), f"{start} {_lowest_said(rows)}{small}"
    return title, f"{start} {_each_said(rows)}{small}"


def _each_said(rows: pd.DataFrame) -> str:
    """Return every row in words or, where they are many, the lowest and the highest of those shown with ten cases or more."""
    shown, hidden = rows[(rows["n"] > 0).fillna(False)], rows["yes"].isna().any()
    if shown.empty:
        return f"Counts are not shown {HIDDEN}." if hidden else "There is nothing to count."
    if len(shown) <= MOST_LISTED:
        return "; ".join(f"{row['label']}: {_sure(row)}" for row in _records(shown)) + "."
    some = shown[shown["bar"].notna()]
    low, high = (
        _records(some[some["percent"] == some["percent"].agg(end)]) for end in ("min", "max")
    )
    if not low:
        return f"{number(len(shown)).capitalize()} groups, each under {FEWEST_FOR_A_BAR} cases or not shown."
    of = " of those shown" if hidden else ""
    return f"Lowest{of}: {_end_said(low)}. Highest{of}: {_end_said(high)}."


def _end_said(rows: list[Row]) -> str:
    more = f"; and {number(len(rows) - 1)} more at {rows[0]['share']}" if len(rows) > 1 else ""
    return f"{rows[0]['label']}, {_sure(rows[0])}{more}"


def lowest_title(rows: pd.DataFrame, practice: str = "") -> str:
    """Return a headline that names the lowest row, or says what there is to say instead.

    `practice` is what practice cases are called; it comes first, so that nobody takes them for real.
    """
    low = lowest(rows)
    start = f"{practice}. " if practice else ""
    if not low:
        return f"{start}No cases to show"
    if len(low) == len(rows) > 1:
        return f"{start}All {number(len(rows))} stand at {low[0]['share']}"
    if len(low) > 2:
        return f"{start}Lowest, at {low[0]['share']}: {number(len(low))} of {number(len(rows))}"
    return f"{start}Lowest: " + listed(
        [f"{row['label']}, {row['cases']} {cases_word(row['n'])}" for row in low]
    )


def _lowest_said(rows: pd.DataFrame) -> str:
    low = lowest(rows)
    if not low:
        return "There is nothing to count: choose fewer filters."
    said = "; ".join(f"{row['label']}, {_sure(row)}" for row in low[:2])
    more = f"; and {number(len(low) - 2)} more at {low[0]['share']}" if len(low) > 2 else ""
    return f"Lowest: {said}{more}."


def _sure(row: Row) -> str:
    """Return a row's count with how sure it is, in words."""
    if pd.isna(row["yes"]):
        return HIDDEN
    count = f"{row['cases']} {cases_word(row['n'])}"
    if not row["range"]:
        return f"{count} ({row['share']})" if row["n"] >= FEWEST_FOR_A_BAR else count
    sure = (
        f"the report allows {row['range']}"
        if row["bounds"] == ALLOWED
        else f"95% interval {row['range']}"
    )
    return f"{count} ({row['share']}; {sure})"


def _small(size: int) -> str:
    return (
        " A small group: read the counts, not the percentages."
        if 0 < size < FEWEST_FOR_A_PERCENTAGE
        else ""
    )


def _with_words(rows: pd.DataFrame) -> pd.DataFrame:
    words = [_words(row) for row in rows.to_dict("records")]
    return rows.assign(
        **{name: [one[name] for one in words] for name in ("cases", "share", "range", "text")}
    )


def _words(row: Row) -> dict[str, str]:
    if pd.isna(row["yes"]) or pd.isna(row["n"]):
        return dict.fromkeys(("cases", "share", "text"), HIDDEN) | {"range": ""}
    yes, n = int(row["yes"]), int(row["n"])
    if not n:
        return {"cases": "no cases", "share": "", "range": "", "text": "no cases"}
    cases, share = f"{yes} of {n}", whole_percent(yes, n)
    text = f"{cases} ({share})" if n >= FEWEST_FOR_A_BAR else cases
    return {"cases": cases, "share": share, "range": _range(row, n), "text": text}


def _range(row: Row, n: int) -> str:
    if pd.isna(row["low"]):
        return ""
    if row["bounds"] == ALLOWED:
        return f"{half_up(row['low'] * n / 100)} to {half_up(row['high'] * n / 100)} of {n}"
    return f"{half_up(row['low'])}% to {half_up(row['high'])}%"
