"""What a sample can show: between two groups of its cases, and against a later sample."""

from typing import Any

import pandas as pd

from hmip_kit.counts.figures import PLACE
from hmip_kit.counts.questions import question_counts
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.findings.units import member_tallies
from hmip_kit.inspection import Inspection
from hmip_kit.settings import CONFIDENCE_TEXT, FEWEST_FOR_A_BAR, POWER
from hmip_kit.stats.samples import beyond_chance, detectable
from hmip_kit.stats.words import half_up, listed, number, plural, say

PARTS = (2, 3, 4)  # in halves, a third against the rest, a quarter against the rest
SHARES = (50, 20)  # percent: where least shows, and near the lowest of the shares published
NONE_SHOWS, NO_COUNT = "none", "no count"


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
        above or below it, "none" where no possible share is far enough. Splits that leave a
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
    if not parts:
        raise NotInData(
            f"{plural(size, 'case')} can make no two groups of {number(FEWEST_FOR_A_BAR)}: "
            "no difference between groups would show."
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
        cases=f"a sample of {plural(size, 'case')}",
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
        "split": say("list", first=n1, last=n2),
        "n1": n1,
        "n2": n2,
        "share": f"{share}%",
        "rise": rise,
        "fall": fall,
    }


def _size_said(rows: pd.DataFrame, size: int) -> Said:
    if rows.empty:
        return plural(size, "case"), "There is nothing to show."
    first = rows.iloc[0]
    each = "; ".join(
        f"{row['split']} cases, from {row['share']}: rise {row['rise']}, fall {row['fall']}"
        for row in rows.to_dict("records")
    )
    points = f"{first['rise']} {'point' if first['rise'] == '1' else 'points'}"
    title = f"{plural(size, 'case')} in two halves will likely show a true difference of {points} "
    return (
        f"{title}or more from {first['share']}",
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
        f"Once seen, a difference lies beyond chance from {say('count', yes=yes, n=n1)} against "
        f"{say('count', yes=rise, n=n2)} on ({plural(points, 'point')})."
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
            f"A later sample of {plural(size, 'case')} can show no change: "
            f"{number(FEWEST_FOR_A_BAR)} is the fewest."
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
        measure=f"Counts of a later sample of {plural(size, 'case')} that lie beyond chance",
        notes=(
            f"A change lies beyond chance where the {CONFIDENCE_TEXT} Newcombe interval of the "
            "difference leaves out zero.",
        ),
        counts=member_tallies(rows),
    )


def _later_rows(inspection: Inspection, size: int) -> pd.DataFrame:
    rows = question_counts(inspection)[["question", "yes", "n"]]
    rows = rows[rows["n"] >= FEWEST_FOR_A_BAR].reset_index(drop=True)
    counts = list(zip(rows["yes"].astype(int), rows["n"].astype(int), strict=True))
    found = (beyond_chance(yes, n, size) for yes, n in counts)
    ends = pd.DataFrame(found, columns=["fewer", "more"]).astype("Int64")
    words = ends.map(lambda end: NO_COUNT if pd.isna(end) else say("count", yes=end, n=size))
    rows = rows.assign(
        label=rows["question"].map(inspection.framework.label),
        later=size,
        text=[say("count", yes=yes, n=n) for yes, n in counts],
    )
    return rows.join(ends).join(words.add_suffix("_text"))


def _later_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No key question has cases enough to tell a change", "There is nothing to count."
    share = rows["yes"] / rows["n"]
    lowest, highest = (_rises(rows[share == end]) for end in (share.min(), share.max()))
    alike = lowest == highest
    return (
        lowest,
        "All have the same result." if alike else f"Lowest: {lowest}. Highest: {highest}.",
    )


def _rises(tied: pd.DataFrame) -> str:
    """Return from which counts on a rise is beyond chance, of rows with one share."""
    each = tied.groupby(["text", "more_text"], sort=False)["label"]
    return "; ".join(_rise([*labels], *map(str, counts)) for counts, labels in each)


def _rise(labels: list[str], now: str, more: str) -> str:
    names = listed(labels) if len(labels) < 3 else f"{number(len(labels))} key questions"
    a_rise, from_more = ("no rise", "") if more == NO_COUNT else ("a rise", f" from {more}")
    return f"{names}: {a_rise} from {now} is beyond chance{from_more}"
