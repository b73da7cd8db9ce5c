"""What a sample like this one can show: between two groups of its cases, and against a later sample. Tables."""

import pandas as pd

from hmip_kit.charts.key_questions import question_tallies
from hmip_kit.errors import KitError
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import question_facts
from hmip_kit.measures.results import results
from hmip_kit.measures.sample_size import POWER, beyond_chance, detectable
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import (
    FEWEST_FOR_A_BAR,
    listed,
    number,
    opening,
    practice_name,
    which_cases,
)

PARTS = (2, 3, 4)  # a sample split in halves, a third against the rest, a quarter against the rest
SHARES = (
    50,
    20,
)  # percent: where a difference is hardest to show, and near the lowest of the shares published
NOTHING = "none shows"
NONE_COUNTS = "no count"
SIZE_NOTE = (
    f"A difference shows where its 95% Newcombe interval leaves out zero; counted is what shows with a probability of {POWER:.0%}.",
    "Shares of 50% and 20% are examples. Two samples drawn apart from each other are assumed.",
)


def what_can_be_shown(inspection: Inspection, size: int | None = None) -> Finding:
    """Return how large a true difference between two groups of a sample must be before it will likely show.

    `size` is the number of cases in the sample, else as many as here. Rows: `split, n1, n2, share, rise, fall`: the groups' sizes, the
    larger group's share, and the points by which the smaller one's must lie above or below it, "none shows" where no possible share is
    far enough. Splits that leave a group under ten are left out. Raises `KitError` for fewer than twenty cases. Source:
    `measures.sample_size.detectable`.

    >>> import hmip_kit as hk
    >>> what_can_be_shown(hk.load("lewisham-bromley-2022")).title
    '42 cases in two halves show a difference from a share of 50% only from about 38 points'
    """
    size = inspection.size if size is None else size
    if size < 2 * FEWEST_FOR_A_BAR:
        raise KitError(
            f"{size} cases make no two groups of {FEWEST_FOR_A_BAR}: they can show no difference between groups"
        )
    splits = [
        (size - size // part, size // part) for part in PARTS if size // part >= FEWEST_FOR_A_BAR
    ]
    return Finding(
        name="what_can_be_shown",
        say=lambda shown: _say_size(shown, size, practice_name(inspection)),
        rows=pd.DataFrame([_size_row(n1, n2, share) for n1, n2 in splits for share in SHARES]),
        columns={
            "split": "Groups",
            "share": "From a share of",
            "rise": "Points above that show",
            "fall": "Points below that show",
        },
        measure="Smallest difference between two groups that a sample of this size will likely show",
        inspection=inspection,
        cases=f"a sample of {size} cases",
        notes=SIZE_NOTE,
    )


def later_sample(inspection: Inspection, later: int | None = None) -> Finding:
    """Return, per key question, the counts of a later sample from which a change lies beyond chance.

    `later` is its size, else as many cases as here. Rows: `question, label, yes, n, later, fewer, more, text`: `fewer` is the most Yes that
    is a fall beyond chance, `more` the fewest that is a rise, both missing where no count is. Key questions with fewer than ten cases have
    no row. Raises `KitError` for a later sample under ten cases, and of practice cases. Source: `measures.sample_size.beyond_chance`.

    >>> import hmip_kit as hk
    >>> rows = later_sample(hk.load("lewisham-bromley-2022"), 30).rows.set_index("question")
    >>> int(rows["more"]["assessment_safety"])
    13
    """
    size = inspection.size if later is None else later
    if inspection.cases_are == "practice":
        raise KitError(
            "a change of made-up cases says nothing; use published totals or your own cases"
        )
    if size < FEWEST_FOR_A_BAR:
        raise KitError(
            f"a later sample of {size} cases can show no change: {FEWEST_FOR_A_BAR} is the fewest"
        )
    rows = _later_rows(inspection, size)
    return Finding(
        name="later_sample",
        say=lambda shown: _say_later(shown, inspection),
        rows=rows,
        columns={
            "label": "Key question",
            "text": "Now",
            "fewer_text": "A fall beyond chance up to",
            "more_text": "A rise beyond chance from",
        },
        measure=f"Counts of a later sample of {size} cases from which a change lies beyond chance",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "A change lies beyond chance where the 95% Newcombe interval of the difference leaves out zero.",
        ),
        counts=question_tallies(rows),
    )


def _size_row(n1: int, n2: int, share: int) -> dict[str, object]:
    points = [
        NOTHING if pd.isna(found) else str(found) for found in detectable(n1, n2, share)["points"]
    ]
    return {
        "split": f"{n1} and {n2}",
        "n1": n1,
        "n2": n2,
        "share": f"{share}%",
        "rise": points[0],
        "fall": points[1],
    }


def _say_size(rows: pd.DataFrame, size: int, practice: str) -> Said:
    start = f"{practice}. " if practice else ""
    if rows.empty:
        return f"{start}{size} cases", "There is nothing to show."
    first = rows.iloc[0]
    half = f"{size} cases in two halves show a difference from a share of {first['share']} only from about {first['rise']} points"
    each = "; ".join(
        f"{row['split']} cases, from {row['share']}: rise {row['rise']}, fall {row['fall']}"
        for row in rows.to_dict("records")
    )
    return f"{start}{half}", f"Smallest difference that will likely show, in points: {each}."


def _later_rows(inspection: Inspection, size: int) -> pd.DataFrame:
    rows = results(inspection)[["question", "yes", "n"]]
    rows = rows[rows["n"] >= FEWEST_FOR_A_BAR].reset_index(drop=True)
    rows["label"] = rows["question"].map(
        question_facts(inspection.framework, list(rows["question"])).set_index("question")["label"]
    )
    found = [
        beyond_chance(int(yes), int(n), size) for yes, n in zip(rows["yes"], rows["n"], strict=True)
    ]
    return rows.assign(
        later=size,
        fewer=pd.array([fewer for fewer, _ in found], dtype="Int64"),
        more=pd.array([more for _, more in found], dtype="Int64"),
        text=[f"{yes} of {n}" for yes, n in zip(rows["yes"], rows["n"], strict=True)],
        fewer_text=[NONE_COUNTS if fewer is None else f"{fewer} of {size}" for fewer, _ in found],
        more_text=[NONE_COUNTS if more is None else f"{more} of {size}" for _, more in found],
    )


def _say_later(rows: pd.DataFrame, inspection: Inspection) -> Said:
    start = opening(which_cases(inspection))
    if rows.empty:
        return (
            "No key question has cases enough to tell a change",
            f"{start} There is nothing to count.",
        )
    said = "; ".join(
        f"{row['label']} {row['text']}, from {row['more_text']}" for row in rows.to_dict("records")
    )
    lowest = rows[rows["yes"] / rows["n"] == (rows["yes"] / rows["n"]).min()]
    tied = lowest.groupby(["text", "more_text"], sort=False)["label"].apply(list)
    title = "; ".join(_rise(labels, *counts) for counts, labels in tied.items())
    return title, f"{start} A rise lies beyond chance in a later sample: {said}."


def _rise(labels: list[str], now: str, more: str) -> str:
    names = listed(labels) if len(labels) < 3 else f"{number(len(labels))} key questions"
    return f"{names}: {f'no rise from {now} is beyond chance' if more == NONE_COUNTS else f'a rise from {now} is beyond chance from {more}'}"
