"""What a sample can show: between two groups of its cases, and against a later sample."""

from typing import Any

import pandas as pd

from hmip_kit.counts import answer_key
from hmip_kit.counts.figures import PLACE
from hmip_kit.counts.questions import question_counts
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.inspection import Inspection
from hmip_kit.settings import CONFIDENCE_TEXT, FEWEST_FOR_A_BAR, MOST_LISTED, POWER
from hmip_kit.stats.samples import beyond_chance, detectable
from hmip_kit.stats.words import cases_word, half_up, listed, number

MOST = 2_000  # cases: each outcome is counted, and memory grows with the square of their number
PARTS = (2, 3, 4)  # in halves, a third against the rest, a quarter against the rest
SHARES = (50, 20)  # percent: where least shows, and near the lowest of the shares published
NONE_SHOWS, NO_COUNT = "none shows", "no count"


@finding(
    question="How large must a difference between two groups be to be seen?",
    needs="",
    follows=False,
    shown_by="one group",
)
def what_can_be_shown(inspection: Inspection, size: int | None = None) -> Finding:
    """Return how large a true difference between two groups of a sample must be to likely show.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.
    size : int, optional
        The number of cases in the sample; else as many as here.

    Returns
    -------
    Finding
        A row per split of the sample and share: `split, n1, n2, share`, the groups' sizes and the
        larger one's share; `rise, fall`, by how many percentage points the smaller one's must lie
        above or below it, "none shows" where no possible share is far enough. Splits that leave a
        group under ten are left out. Fewer than twenty cases show nothing, which is said.

    Notes
    -----
    See `hmip_kit.stats.detectable`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.what_can_be_shown().title
    '42 cases in two halves will likely show a true difference of 38 points or more from 50%'
    """
    size = inspection.size if size is None else size
    parts = [size // part for part in PARTS if size // part >= FEWEST_FOR_A_BAR]
    if not parts or size > MOST:
        raise NotInData(
            f"{size:,} cases show a difference of a few points. Every outcome of two groups is "
            f"counted, for up to {MOST:,} cases."
            if parts
            else f"{size} {cases_word(size)} make no two groups of {FEWEST_FOR_A_BAR}: they can "
            "show no difference between groups."
        )
    return Finding(
        inspection=inspection,
        rows=pd.DataFrame(_size_row(size - n, n, share) for n in parts for share in SHARES),
        say=lambda shown: _size_said(shown, size),
        columns={
            "split": "Groups",
            "share": "From a share of",
            "rise": "Points above that show",
            "fall": "Points below that show",
        },
        measure="Smallest difference between two groups that so large a sample will likely show",
        cases=f"a sample of {size} cases",
        notes=(
            f"A difference shows where its {CONFIDENCE_TEXT} Newcombe interval leaves out zero; "
            f"counted is what shows with a probability of {POWER:.0%}.",
            "Shares of 50% and 20% are examples. Two samples drawn apart from each other are "
            "assumed.",
        ),
        opens=False,
    )


def _size_row(n1: int, n2: int, share: int) -> dict[str, object]:
    points = detectable(n1, n2, share)["points"]
    rise, fall = (NONE_SHOWS if pd.isna(found) else str(found) for found in points)
    return {
        "split": f"{n1} and {n2}",
        "n1": n1,
        "n2": n2,
        "share": f"{share}%",
        "rise": rise,
        "fall": fall,
    }


def _size_said(rows: pd.DataFrame, size: int) -> Said:
    if rows.empty:
        return f"{size} cases", "There is nothing to show."
    first = rows.iloc[0]
    each = "; ".join(
        f"{row['split']} cases, from {row['share']}: rise {row['rise']}, fall {row['fall']}"
        for row in rows.to_dict("records")
    )
    title = f"{size} cases in two halves will likely show a true difference of {first['rise']} "
    return (
        f"{title}points or more from {first['share']}",
        f"Smallest true difference that will likely show, in points: {each}. {_seen(first)}",
    )


def _seen(row: "pd.Series[Any]") -> str:
    """Return what must be seen to lie beyond chance: most often less than what must be true."""
    n1, n2 = int(row["n1"]), int(row["n2"])
    yes = n1 // 2
    _, rise = beyond_chance(yes, n1, n2)
    if rise is None:
        return "No difference that is seen lies beyond chance."
    points = half_up(100 * (rise / n2 - yes / n1))
    return (
        f"Once seen, a difference lies beyond chance from {yes} of {n1} against {rise} of {n2} on "
        f"({points} points)."
    )


@finding(
    question="What would a later sample have to show?",
    needs=("key questions", "real data"),
    follows=False,
    shown_by="one group",
)
def later_sample(inspection: Inspection, later: int | None = None) -> Finding:
    """Return, per key question, the counts of a later sample that lie beyond chance.

    Parameters
    ----------
    inspection : Inspection
        Totals or your own cases.
    later : int, optional
        The size of the later sample; else as many cases as here. Under ten it can show no change,
        which is said.

    Returns
    -------
    Finding
        A row per key question with ten cases or more: `question, label, yes, n, later`; `fewer`,
        the most Yes that is a fall beyond chance, and `more`, the fewest that is a rise, missing
        where no count is; `text, fewer_text, more_text`.

    Notes
    -----
    See `hmip_kit.stats.beyond_chance`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("lewisham-bromley-2022").show.later_sample(30)
    >>> int(found.rows.set_index("question")["more"]["assessment_safety"])
    13
    """
    size = inspection.size if later is None else later
    if size < FEWEST_FOR_A_BAR:
        raise NotInData(
            f"A later sample of {size} {cases_word(size)} can show no change: "
            f"{FEWEST_FOR_A_BAR} is the fewest."
        )
    rows = _later_rows(inspection, size)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_later_said,
        columns={
            "label": "Key question",
            "text": "Now",
            "fewer_text": "A fall beyond chance up to",
            "more_text": "A rise beyond chance from",
            **PLACE,
        },
        measure=f"Counts of a later sample of {size} cases from which a change is beyond chance",
        notes=(
            f"A change lies beyond chance where the {CONFIDENCE_TEXT} Newcombe interval of the "
            "difference leaves out zero.",
        ),
        counts={what: [answer_key(one, what) for one in rows["question"]] for what in ("yes", "n")},
    )


def _later_rows(inspection: Inspection, size: int) -> pd.DataFrame:
    rows = question_counts(inspection)[["question", "yes", "n"]]
    rows = rows[rows["n"] >= FEWEST_FOR_A_BAR].reset_index(drop=True)
    counts = list(zip(rows["yes"].astype(int), rows["n"].astype(int), strict=True))
    found = (beyond_chance(yes, n, size) for yes, n in counts)
    ends = pd.DataFrame(found, columns=["fewer", "more"]).astype("Int64")
    words = (ends.astype("str") + f" of {size}").where(ends.notna(), NO_COUNT)
    rows = rows.assign(
        label=rows["question"].map(inspection.framework.label),
        later=size,
        text=[f"{yes} of {n}" for yes, n in counts],
    )
    return rows.join(ends).join(words.add_suffix("_text"))


def _later_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No key question has cases enough to tell a change", "There is nothing to count."
    share = rows["yes"] / rows["n"]
    ends = rows.loc[list(dict.fromkeys([share.idxmin(), share.idxmax()]))]
    some = rows if len(rows) <= MOST_LISTED else ends
    from_more = (", from " + some["more_text"]).mask(some["more"].isna(), ", in no case")
    said = "; ".join(some["label"] + " " + some["text"] + from_more)
    tied = rows[share == share.min()].groupby(["text", "more_text"], sort=False)["label"]
    title = "; ".join(_rise(list(labels), *counts) for counts, labels in tied)
    which = "" if len(some) == len(rows) else " (on the lowest and the highest key question)"
    return title, f"A rise lies beyond chance in a later sample{which}: {said}."


def _rise(labels: list[str], now: str, more: str) -> str:
    names = listed(labels) if len(labels) < 3 else f"{number(len(labels))} key questions"
    a_rise, from_more = ("no rise", "") if more == NO_COUNT else ("a rise", f" from {more}")
    return f"{names}: {a_rise} from {now} is beyond chance{from_more}"
