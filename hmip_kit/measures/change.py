"""Change: an inspection, or an audit, against a later one of the same unit."""

import pandas as pd

from hmip_kit.errors import KitError, NeedsCases
from hmip_kit.inspection import Inspection
from hmip_kit.measures.differences import fits, with_difference
from hmip_kit.measures.results import results
from hmip_kit.measures.sample_size import beyond_chance
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, cases_said

LOCAL = "Local auditors are not inspectors: part of a difference may lie in who judged."
COLUMNS = [
    "question",
    "label",
    "standard",
    "strand",
    "yes_before",
    "n_before",
    "percent_before",
    "yes_after",
    "n_after",
    "percent_after",
]
FOUND = [
    "difference",
    "low",
    "high",
    "beyond_chance",
    "least_fall",
    "least_rise",
    "text",
    "warning",
]


def change(before: Inspection, after: Inspection) -> pd.DataFrame:
    """Return, per key question that both have answered, the share before and after, and the difference.

    Columns: `question, label, standard, strand`; `yes_before, n_before, percent_before` and the same `_after`; `difference, low, high`
    in percentage points, after minus before, with Newcombe's 95% interval, missing where one side has fewer than ten cases;
    `beyond_chance` (whether the interval leaves out zero); `least_fall` and `least_rise`, the counts of the later sample from which a
    change lies beyond chance, missing where none does; `text`; `warning`, which says of own cases that local auditors are not
    inspectors, else blank. The two samples are taken as drawn apart from each other: not the same cases audited twice.

    Raises `NeedsCases` for practice cases, which are made up, and `KitError` for two different units or no answered question in
    common. Source: Newcombe (1998), method 10.

    >>> import hmip_kit as hk
    >>> pdu = hk.load("lewisham-bromley-2022")
    >>> rows = hk.change(pdu, pdu).set_index("question")
    >>> int(rows.loc["assessment_safety", "least_rise"])
    18
    """
    _check(before, after)
    rows = _side(before, "before").merge(
        _side(after, "after")[["question", "yes_after", "n_after", "percent_after"]], on="question"
    )
    rows = rows[(rows["n_before"] > 0) & (rows["n_after"] > 0)].reset_index(drop=True)
    if rows.empty:
        raise KitError(f"{before.title} and {after.title} have no answered question in common")
    rows = with_difference(rows, "before", "after")
    found = [
        beyond_chance(row["yes_before"], row["n_before"], row["n_after"])
        for row in rows.to_dict("records")
    ]
    enough = rows["difference"].notna()
    rows = rows.assign(
        beyond_chance=(rows["low"] > 0) | (rows["high"] < 0),
        least_fall=pd.array([fall for fall, _ in found], dtype="Int64"),
        least_rise=pd.array([rise for _, rise in found], dtype="Int64"),
        warning=LOCAL if "own" in (before.cases_are, after.cases_are) else "",
    )
    rows[["least_fall", "least_rise"]] = rows[["least_fall", "least_rise"]].where(enough)
    return rows.assign(text=[_text(row) for row in rows.to_dict("records")])[COLUMNS + FOUND]


def _check(before: Inspection, after: Inspection) -> None:
    for inspection in (before, after):
        if inspection.cases_are == "practice":
            raise NeedsCases(
                f"{inspection.title}: a change of made-up cases says nothing; use published totals or your own cases"
            )
    units = [inspection.identity.get("unit") for inspection in (before, after)]
    if all(units) and units[0] != units[1]:
        raise KitError(f"a change is within one unit: {units[0]} and {units[1]} are two")


def _side(inspection: Inspection, name: str) -> pd.DataFrame:
    labels = {one.id: one.label for one in inspection.framework.questions}
    rows = results(inspection).assign(
        label=lambda found: found["question"].map(labels).fillna(found["question"])
    )
    return rows.rename(columns={column: f"{column}_{name}" for column in ("yes", "n", "percent")})[
        ["question", "label", "standard", "strand", f"yes_{name}", f"n_{name}", f"percent_{name}"]
    ]


def _text(row: Row) -> str:
    said = f"{row['label']}: {_count(row, 'before')}, then {_count(row, 'after')}"
    if pd.isna(row["difference"]):
        return f"{said}; no comparison with fewer than {FEWEST_FOR_A_BAR} cases"
    beyond = "beyond chance" if row["beyond_chance"] else "within chance"
    return f"{said}; {beyond}: the data fit anything {fits(row['low'], row['high'])}"


def _count(row: Row, when: str) -> str:
    yes, n = row[f"yes_{when}"], row[f"n_{when}"]
    return cases_said(int(yes), int(n))
