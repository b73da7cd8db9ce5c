"""Shares: rows of so many Yes of n, with what follows from the two numbers, and their sentences.

The page script does the same (`front/arithmetic.js`) when a reader filters: it fills the same
patterns, and golden vectors in the tests keep the two one.
"""

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.collection import Collection
from hmip_kit.counts import counted, group_key
from hmip_kit.counts.questions import published_totals
from hmip_kit.findings import HIDDEN, Recount, Row, Said, Words
from hmip_kit.inspection import Inspection
from hmip_kit.schema import ROUND, UNIT
from hmip_kit.settings import (
    CONFIDENCE,
    CONFIDENCE_TEXT,
    FEWEST_FOR_A_BAR,
    FEWEST_FOR_A_PERCENTAGE,
    MOST_LISTED,
    ONE_IN,
)
from hmip_kit.stats.differences import newcombe
from hmip_kit.stats.intervals import INTERVAL_TEXT, Numbers, floats, left_open, wilson
from hmip_kit.stats.words import (
    capital,
    cases_word,
    half_up,
    listed,
    number,
    say,
    whole_percent,
)

INTERVAL, POSSIBLE = "interval", "possible"  # what low and high are
COUNTED = ("yes", "n", "low", "high", "bounds")  # what a row's words are made of
SAID_OF_A_ROW = ("cases", "share", "range", "text", "uncounted_text")
APART = ("not_applicable", "not_recorded")  # and, of a question asked of all cases, these
INTERVALS = (
    f"Lines: {CONFIDENCE_TEXT} Wilson intervals; they cover which cases were drawn, not clustering "
    "or differences between inspectors."
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


def share_columns(inspection: Inspection) -> dict[str, str]:
    """Return the columns of a table of shares; made-up cases of an `inspection` have no range."""
    bounds = {} if inspection.made_up else {"range": INTERVAL_TEXT}
    return {"cases": "Cases", "share": "Percentage", **bounds}


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
    missing under ten cases), and words: `cases` ("8 of 42"), `share` ("19%", blank under ten),
    `range`, `text` ("8 of 42 (19%)") and, where `rows` count what was not applicable and not
    recorded, each of them that is more than one in ten as `uncounted_text`. A count that the gate
    has hidden gives "[c]".

    Bounds are "interval", Wilson's, missing under ten cases. Practice cases get no inference:
    filtered, or `split` by group, they get "possible", what published totals leave open
    (`total_yes` of `total_n`), or "".
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
    apart = [name for name in APART if name in full]
    words = [_words(row) for row in full[[*COUNTED, *apart]].to_dict("records")]
    return full.assign(**{name: [one[name] for one in words] for name in SAID_OF_A_ROW})


def _bounds(
    rows: pd.DataFrame, inspection: Inspection, split: bool, confidence: float
) -> tuple[Numbers, Numbers, npt.NDArray[np.object_]]:
    """Return low and high of each row, and what they are, blank where nothing can be stated."""
    if not inspection.made_up:
        population = None if inspection.filters else populations(rows, inspection, split)
        low, high = wilson(rows["yes"], rows["n"], confidence, population)
        return low, high, np.where(rows["n"].notna(), INTERVAL, "")
    if "total_n" not in rows or not (split or inspection.filters):
        nothing = np.full(len(rows), np.nan)
        return nothing, nothing, np.full(len(rows), "", dtype=object)
    low, high = left_open(rows["total_yes"], rows["total_n"], rows["n"])
    stated = np.isfinite(floats(rows["total_n"]))
    return low, high, np.where(stated, POSSIBLE, "")


def populations(rows: pd.DataFrame, inspection: Inspection, split: bool = False) -> Numbers | None:
    """Return from how many cases those of each of the `rows` were drawn, where that is stated.

    `rows` of rounds or units go by those of the `inspection`; others that are `split` by a group
    have none. The share to which a question does not apply is taken from the sample, so that the
    sampling fraction is that of the cases (Cochran 1977, section 2.12).
    """
    by, of = [name for name in (ROUND, UNIT) if name in rows], inspection.sample
    if by and isinstance(of, Collection):
        chosen = {name: one for name, (one, *_) in inspection.filters.choices}
        each = zip(*(rows[name].astype("str") for name in by), strict=True)
        drawn = floats([of.drawn_from(chosen | dict(zip(by, one, strict=True))) for one in each])
    else:
        drawn = floats([None if split else inspection.population] * len(rows))
    if np.isnan(drawn).all():
        return None
    parts = {name: floats(rows[name]) for name in APART if name in rows}
    apart, size = (
        np.nan_to_num(parts.get("not_applicable", 0)),
        floats(rows["n"]) + sum(parts.values()),
    )
    return drawn * (1 - apart / np.where(size > 0, size, 1))


def _words(row: Row) -> dict[str, str]:
    if pd.isna(row["yes"]) or pd.isna(row["n"]):
        return dict.fromkeys(SAID_OF_A_ROW, HIDDEN) | {"range": ""}
    yes, n = int(row["yes"]), int(row["n"])
    uncounted = _uncounted(row, yes, n)
    if not n:
        none = say("no count")
        return {"cases": none, "share": "", "range": "", "text": none, "uncounted_text": uncounted}
    share = whole_percent(yes, n) if n >= FEWEST_FOR_A_BAR else ""
    count = say("count", yes=yes, n=n)
    text = say("text", count=count, share=share) if share else count
    said = {"cases": count, "share": share, "range": _range(row, n), "text": text}
    return {**said, "uncounted_text": uncounted}


def _uncounted(row: Row, yes: int, n: int) -> str:
    """Return what of all cases is not applicable or not recorded, each where more than one in ten.

    What is not recorded may be Yes or No: the counts that this leaves open stand beside it.
    """
    apart = [row.get(name, pd.NA) for name in APART]
    if any(map(pd.isna, apart)) or not n + apart[0]:
        return ""  # not asked, or answered in no case
    size = n + sum(map(int, apart))
    not_applicable, not_recorded = (int(one) if ONE_IN * one > size else 0 for one in apart)
    said = []
    if not_applicable:
        said.append(say("not applicable", many=not_applicable))
    if not_recorded:
        ends = {"low": yes, "high": yes + not_recorded, "n": n + not_recorded}
        said.append(say("not recorded", many=not_recorded, **ends))
    return listed(said) if said else ""


def _range(row: Row, n: int) -> str:
    if pd.isna(row["low"]):
        return ""
    if row["bounds"] == POSSIBLE:
        low, high = (half_up(row[end] * n / 100) for end in ("low", "high"))
        return say("range of what is possible", low=low, high=high, n=n)
    return say("range of an interval", low=half_up(row["low"]), high=half_up(row["high"]))


def with_difference(rows: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return `rows` with `difference, low, high`: the second share minus the first, in points.

    `first` and `second` are what the columns of the two counts end in: "before" for `yes_before`
    and `n_before`; `population_before` is what these were drawn from, if known. Low and high are
    Newcombe's (1998, method 10). All three are missing where one of the
    two has fewer than ten cases.
    """
    yes, n, other_yes, other_n = (
        floats(rows[f"{what}_{side}"]) for side in (second, first) for what in ("yes", "n")
    )
    enough = (n >= FEWEST_FOR_A_BAR) & (other_n >= FEWEST_FOR_A_BAR)
    n, other_n = (np.where(enough, size, np.nan) for size in (n, other_n))
    drawn = [rows.get(f"population_{side}") for side in (second, first)]
    low, high = newcombe(yes, n, other_yes, other_n, CONFIDENCE, *drawn)
    difference = 100 * (yes / n - other_yes / other_n)
    return rows.assign(difference=difference, low=low, high=high)


def grouped_key(key: str, row: Row, groups: Sequence[str]) -> str:
    """Return the tally `key` among the cases that have the values of a `row` in the `groups`."""
    return reduce(lambda made, name: group_key(name, str(row[name]), made), groups, key)


def lowest(rows: pd.DataFrame) -> list[Row]:
    """Return those of `rows` with the lowest share of ten cases or more, all under a tie."""
    percent = floats(rows["bar"])
    least: list[Row] = rows[percent == np.fmin.reduce(percent, initial=np.inf)].to_dict("records")
    return least


def _there(rows: pd.DataFrame) -> int:
    """Return how many of `rows` have cases."""
    return int((rows["n"] > 0).fillna(False).sum())


def lowest_title(rows: pd.DataFrame) -> str:
    """Return a headline that names the lowest of `rows`, or says what there is to say instead."""
    low, there = lowest(rows), _there(rows)
    if not low:
        few = number(FEWEST_FOR_A_BAR)
        return say("none named", fewest=few) if there else say("no cases")
    compared = int(rows["bar"].notna().sum())
    if len(low) == there > 1:
        return say("all alike", many=number(there), each=_each_of(low))
    if len(low) > 2:
        some, many = number(len(low)), number(compared)
        return say("many lowest", some=some, many=many, each=_each_of(low))
    words = [
        {"label": row["label"], "count": row["cases"], "word": cases_word(row["n"])} for row in low
    ]
    if len({row["cases"] for row in low}) < len(low):
        return say("two lowest", **words[0], labels=listed([str(one["label"]) for one in words]))
    return say("lowest", named=listed([say("lowest named", **one) for one in words]))


def _each_of(tied: Sequence[Row]) -> str:
    """Return at what several rows stand that have one share: under twenty cases, their count."""
    if all(row["n"] >= FEWEST_FOR_A_PERCENTAGE for row in tied):
        return say("at", share=tied[0]["share"])
    alike = len({row["cases"] for row in tied}) == 1
    return say("of each", count=tied[0]["cases"]) if alike else say("at one share")


def shares_sentence(rows: pd.DataFrame, inspection: Inspection, words: Words) -> str:
    """Return what `rows` about the cases of an `inspection` say.

    `words`: "lowest" names the lowest rows with their bounds; "each" lists every row, or the two
    ends of more than six; "answered" says how many were answered of each group.
    """
    made_up = inspection.made_up and (words == "lowest" or len(rows) > MOST_LISTED)
    ends = made_up and words in ("lowest", "each")
    said = _counts_sentence(rows) if ends else SENTENCES[words](rows)
    few = 0 < inspection.size < FEWEST_FOR_A_PERCENTAGE and said != say("nothing")
    return say("small group", said=said) if few else said


def shares_said(rows: pd.DataFrame, inspection: Inspection, words: Words, title: str = "") -> Said:
    """Return title and sentence of `rows` about the cases of an `inspection`.

    `words` is as in `shares_sentence`; `title` replaces the headline.
    """
    if inspection.made_up and words == "lowest":
        title = capital(inspection.which_cases)
    return title or lowest_title(rows), shares_sentence(rows, inspection, words)


def _lowest_sentence(rows: pd.DataFrame) -> str:
    low = lowest(rows)
    if not low:
        few = number(FEWEST_FOR_A_BAR)
        return say("none named said", fewest=few) if _there(rows) else say("nothing")
    if len(low) == _there(rows) > 1 and len({one["cases"] for one in low}) == 1:
        return say("alike said", sure=_sure(low[0]))
    named = "; ".join(say("named", label=row["label"], sure=_sure(row)) for row in low[:2])
    return say("lowest said", named=named, more=_more(low, 2))


def _counts_sentence(rows: pd.DataFrame) -> str:
    """Return between which counts made-up rows lie: no row of them is named before others."""
    some = rows[rows["bar"].notna()]
    if some.empty:
        return _lowest_sentence(rows)
    ends = [
        some.loc[some["percent"] == some["percent"].agg(end), "cases"] for end in ("min", "max")
    ]
    return say("made-up counts", low=ends[0].iloc[0], high=ends[1].iloc[0])


def _more(rows: Sequence[Row], named: int) -> str:
    """Return how many rows stand beside those that are named, all at one share."""
    if len(rows) <= named:
        return ""
    return say("more", many=number(len(rows) - named), each=_each_of(rows))


def _each_sentence(rows: pd.DataFrame) -> str:
    """Return every row or, where they are many, the two ends of those with ten cases or more."""
    shown, hidden = rows[(rows["n"] > 0).fillna(False)], rows["yes"].isna().any()
    if shown.empty:
        return say("all hidden" if hidden else "nothing")
    if len(shown) <= MOST_LISTED:
        each = (
            say("each", label=row["label"], sure=_sure(row)) for row in shown.to_dict("records")
        )
        return say("each said", each=". ".join(each))
    some = shown[shown["bar"].notna()]
    if some.empty:
        return say("all small", many=capital(number(len(shown))), fewest=number(FEWEST_FOR_A_BAR))
    low, high = (
        _end_of(some[some["percent"] == some["percent"].agg(end)]) for end in ("min", "max")
    )
    return say("ends of those shown" if hidden else "ends", low=low, high=high)


def _end_of(rows: pd.DataFrame) -> str:
    [first, *_] = records = rows.to_dict("records")
    return say("named", label=first["label"], sure=_sure(first)) + _more(records, 1)


def _sure(row: Row) -> str:
    """Return a row's count with how sure it is, in words."""
    if pd.isna(row["yes"]):
        return HIDDEN
    count: dict[str, object] = {"count": row["cases"], "word": cases_word(row["n"])}
    count["share"] = row["share"]
    if row["range"]:
        kind = say(row["bounds"], confidence=CONFIDENCE_TEXT)
        sure = say("sure, with a range", **count, kind=kind, range=row["range"])
    else:
        sure = say("sure, with a share" if row["share"] else "sure", **count)
    uncounted = row["uncounted_text"]
    return say("uncounted", sure=sure, uncounted=uncounted) if uncounted else sure


def _answered_sentence(rows: pd.DataFrame) -> str:
    """Return in how many cases of each group a question was answered, at most."""
    sizes = rows.groupby("group", sort=False)["n"].max().dropna()
    said = [
        say("answered group", group=group, size=size, word=cases_word(size))
        for group, size in sizes.items()
    ]
    return say("answered", groups=listed(said) if said else say("no group"))


SENTENCES: dict[Words, Callable[[pd.DataFrame], str]] = {
    "lowest": _lowest_sentence,
    "each": _each_sentence,
    "answered": _answered_sentence,
    "every stage": lambda rows: _each_sentence(rows[rows["stages"] == rows["of_stages"]]),
}
