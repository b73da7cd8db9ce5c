"""Shares: rows of so many Yes of n, with what follows from the two numbers, and their sentences.

The page script does the same (`front/arithmetic.js`) when a reader filters; golden vectors in the
tests keep the two one.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.counts import counted, group_key
from hmip_kit.counts.questions import published_totals
from hmip_kit.findings import HIDDEN, Recount, Row, Said
from hmip_kit.inspection import Inspection
from hmip_kit.settings import (
    CONFIDENCE,
    FEWEST_FOR_A_BAR,
    FEWEST_FOR_A_PERCENTAGE,
    MOST_LISTED,
)
from hmip_kit.stats.differences import newcombe
from hmip_kit.stats.intervals import Numbers, floats, left_open, wilson
from hmip_kit.stats.words import (
    cases_word,
    half_up,
    listed,
    number,
    share_after,
    whole_percent,
)

INTERVAL, POSSIBLE = "interval", "possible"  # what low and high are
COUNTED = ("yes", "n", "low", "high", "bounds")  # what a row's words are made of
INTERVALS = (
    "Lines: 95% Wilson intervals; they cover which cases were drawn, not clustering or differences "
    "between inspectors."
)
COMPARABLE = f"A comparison needs {number(FEWEST_FOR_A_BAR)} cases on both sides."


def share_rows(inspection: Inspection, fixed: Sequence[Row], recount: Recount) -> pd.DataFrame:
    """Return the `fixed` parts of rows with `yes` and `n` counted in the cases of an `inspection`.

    The tallies are those that `recount` names; what follows from them is added: see `with_shares`.
    No total is published of several answers of the same cases.
    """
    sums = counted(inspection, dict.fromkeys([*recount.yes, *recount.n]))
    counts = {
        what: pd.array([sums[key] for key in keys], dtype="Int64")
        for what, keys in (("yes", recount.yes), ("n", recount.n))
    }
    return with_shares(pd.DataFrame([*fixed]).assign(**counts), inspection, recount.split)


def with_published_totals(rows: pd.DataFrame, inspection: Inspection) -> pd.DataFrame:
    """Return `rows` of questions with the totals that an `inspection` publishes of each.

    They are `total_yes` and `total_n`, missing where none is published.
    """
    known = published_totals(inspection)
    pairs = [known.get(one, (pd.NA, pd.NA)) for one in rows["question"]]
    yes, n = (pd.array([pair[place] for pair in pairs], dtype="Int64") for place in range(2))
    return rows.assign(total_yes=yes, total_n=n)


def with_shares(
    rows: pd.DataFrame,
    inspection: Inspection,
    split: bool = False,
    confidence: float = CONFIDENCE,
) -> pd.DataFrame:
    """Return `rows` of `yes` and `n`, counted in an `inspection`, with what follows from them.

    Intervals have the `confidence` given; `split` says that each row is about a group.

    Columns added: `percent, low, high` (0 to 100, unrounded), `bounds`, `bar` (the percentage,
    missing under ten cases), and words: `cases` ("8 of 42"), `share` ("19%"), `range`, `text`
    ("8 of 42 (19%)"). A count that the gate has hidden gives "[c]".

    Bounds are "interval", Wilson's, missing under ten cases. Practice cases get the interval for
    the whole sample only, and only where a total is published (`total_yes` of `total_n`);
    filtered, or `split` by group, they get "possible", what those totals leave open, or "".
    """
    yes, n = floats(rows["yes"]), floats(rows["n"])
    low, high, names = _bounds(rows, inspection, split, confidence)
    some = np.where(n > 0, n, np.nan)
    enough = n >= FEWEST_FOR_A_BAR
    known = np.isfinite(yes) & ((names == POSSIBLE) | ((names == INTERVAL) & enough))
    percent = 100 * yes / some
    full = rows.assign(
        percent=percent,
        low=np.where(known, low, np.nan),
        high=np.where(known, high, np.nan),
        bounds=names,
        bar=np.where(enough, percent, np.nan),
    )
    words = [_words(row) for row in full[[*COUNTED]].to_dict("records")]
    return full.assign(
        **{name: [one[name] for one in words] for name in ("cases", "share", "range", "text")}
    )


def _bounds(
    rows: pd.DataFrame, inspection: Inspection, split: bool, confidence: float
) -> tuple[Numbers, Numbers, npt.NDArray[np.object_]]:
    """Return low and high of each row, and what they are, blank where nothing can be stated."""
    if not inspection.made_up:
        population = None if split else _population(rows, inspection)
        low, high = wilson(rows["yes"], rows["n"], confidence, population)
        return low, high, np.where(rows["n"].notna(), INTERVAL, "")
    if "total_n" not in rows:
        nothing = np.full(len(rows), np.nan)
        return nothing, nothing, np.full(len(rows), "", dtype=object)
    ranged = split or bool(inspection.filters)
    if ranged:
        low, high = left_open(rows["total_yes"], rows["total_n"], rows["n"])
    else:
        low, high = wilson(rows["yes"], rows["n"], confidence)
    stated = np.isfinite(floats(rows["total_n"]))
    return low, high, np.where(stated, POSSIBLE if ranged else INTERVAL, "")


def _population(rows: pd.DataFrame, inspection: Inspection) -> Numbers | None:
    """Return from how many cases those of each row were drawn, where that is stated.

    The share to which a question does not apply is taken from the sample, so that the sampling
    fraction is that of the cases (Cochran 1977, section 2.12).
    """
    if inspection.population is None:
        return None
    apart = floats(rows["not_applicable"]) if "not_applicable" in rows else np.zeros(len(rows))
    return inspection.population * (1 - np.nan_to_num(apart) / max(1, inspection.sample_size))


def _words(row: Row) -> dict[str, str]:
    if pd.isna(row["yes"]) or pd.isna(row["n"]):
        return dict.fromkeys(("cases", "share", "text"), HIDDEN) | {"range": ""}
    yes, n = int(row["yes"]), int(row["n"])
    if not n:
        return {"cases": "no cases", "share": "", "range": "", "text": "no cases"}
    cases = f"{yes} of {n}"
    share = whole_percent(yes, n)
    return {
        "cases": cases,
        "share": share,
        "range": _range(row, n),
        "text": cases + share_after(yes, n),
    }


def _range(row: Row, n: int) -> str:
    if pd.isna(row["low"]):
        return ""
    if row["bounds"] == POSSIBLE:
        ends = [half_up(row[end] * n / 100) for end in ("low", "high")]
        return f"{ends[0]} to {ends[1]} of {n}"
    return f"{half_up(row['low'])}% to {half_up(row['high'])}%"


def with_difference(
    rows: pd.DataFrame, first: str, second: str, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Return `rows` with `difference, low, high`: the second share minus the first, in points.

    `first` and `second` are what the columns of the two counts end in: "before" for `yes_before`
    and `n_before`. Low and high are Newcombe's (1998, method 10) with the `confidence` given. All
    three are missing where one of the two has fewer than ten cases.
    """
    yes, n, other_yes, other_n = (
        floats(rows[f"{what}_{side}"]) for side in (second, first) for what in ("yes", "n")
    )
    enough = (n >= FEWEST_FOR_A_BAR) & (other_n >= FEWEST_FOR_A_BAR)
    n, other_n = (np.where(enough, size, np.nan) for size in (n, other_n))
    low, high = newcombe(yes, n, other_yes, other_n, confidence)
    difference = 100 * (yes / n - other_yes / other_n)
    return rows.assign(difference=difference, low=low, high=high)


def grouped_key(key: str, row: Row, groups: Sequence[str]) -> str:
    """Return the tally `key` among the cases that have the values of a `row` in the `groups`."""
    return reduce(lambda made, name: group_key(name, str(row[name]), made), groups, key)


def lowest(rows: pd.DataFrame) -> list[Row]:
    """Return those of `rows` with the lowest share, all under a tie; none without cases."""
    percent = np.where(floats(rows["n"]) > 0, floats(rows["percent"]), np.nan)
    least: list[Row] = rows[percent == np.fmin.reduce(percent, initial=np.inf)].to_dict("records")
    return least


def lowest_title(rows: pd.DataFrame) -> str:
    """Return a headline that names the lowest of `rows`, or says what there is to say instead."""
    low = lowest(rows)
    if not low:
        return "No cases to show"
    if len(low) == len(rows) > 1:
        return f"All {number(len(rows))} stand at {low[0]['share']}"
    if len(low) > 2:
        return f"Lowest, at {low[0]['share']}: {number(len(low))} of {number(len(rows))}"
    named = [f"{row['label']}, {row['cases']} {cases_word(row['n'])}" for row in low]
    return f"Lowest: {listed(named)}"


def shares_sentence(
    rows: pd.DataFrame, inspection: Inspection, words: Literal["lowest", "each"]
) -> str:
    """Return what `rows` about the cases of an `inspection` say.

    `words`: "lowest" names the lowest rows with their bounds; "each" lists every row, or the two
    ends of more than six.
    """
    said = _lowest_sentence(rows) if words == "lowest" else _each_sentence(rows)
    few = 0 < inspection.size < FEWEST_FOR_A_PERCENTAGE
    return f"{said} A small group: read the counts, not the percentages." if few else said


def shares_said(
    rows: pd.DataFrame, inspection: Inspection, words: Literal["lowest", "each"], title: str = ""
) -> Said:
    """Return title and sentence of `rows` about the cases of an `inspection`.

    `words` is as in `shares_sentence`; `title` replaces the headline.
    """
    return title or lowest_title(rows), shares_sentence(rows, inspection, words)


def _lowest_sentence(rows: pd.DataFrame) -> str:
    low = lowest(rows)
    if not low:
        return "There is nothing to count: choose fewer filters."
    named = "; ".join(f"{row['label']}, {_sure(row)}" for row in low[:2])
    more = f"; and {number(len(low) - 2)} more at {low[0]['share']}" if len(low) > 2 else ""
    return f"Lowest: {named}{more}."


def _each_sentence(rows: pd.DataFrame) -> str:
    """Return every row or, where they are many, the two ends of those with ten cases or more."""
    shown, hidden = rows[(rows["n"] > 0).fillna(False)], rows["yes"].isna().any()
    if shown.empty:
        return f"Counts are not shown {HIDDEN}." if hidden else "There is nothing to count."
    if len(shown) <= MOST_LISTED:
        each = (f"{row['label']}: {_sure(row)}" for row in shown.to_dict("records"))
        return f"{'; '.join(each)}."
    some = shown[shown["bar"].notna()]
    if some.empty:
        many = number(len(shown)).capitalize()
        return f"{many} groups, each under {FEWEST_FOR_A_BAR} cases or not shown."
    of = " of those shown" if hidden else ""
    low, high = (
        _end_of(some[some["percent"] == some["percent"].agg(end)]) for end in ("min", "max")
    )
    return f"Lowest{of}: {low}. Highest{of}: {high}."


def _end_of(rows: pd.DataFrame) -> str:
    first = rows.to_dict("records")[0]
    more = f"; and {number(len(rows) - 1)} more at {first['share']}" if len(rows) > 1 else ""
    return f"{first['label']}, {_sure(first)}{more}"


def _sure(row: Row) -> str:
    """Return a row's count with how sure it is, in words."""
    if pd.isna(row["yes"]):
        return HIDDEN
    count = f"{row['cases']} {cases_word(row['n'])}"
    if not row["range"]:
        return f"{count} ({row['share']})" if row["n"] >= FEWEST_FOR_A_BAR else count
    sure = "the totals make possible" if row["bounds"] == POSSIBLE else "95% interval"
    return f"{count} ({row['share']}; {sure} {row['range']})"
