"""How far cases got: at how many stages a strand was judged sufficient."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.coded import Mask
from hmip_kit.errors import unknown
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import checked_groups
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import MADE_UP, share_after

FEWEST_STAGES = 2
COLUMNS = [
    "strand",
    "strand_label",
    "stages",
    "of_stages",
    "cases",
    "n",
    "not_counted",
    "percent",
    "text",
]


def staged(inspection: Inspection) -> dict[str, list[str]]:
    """Return, per strand that stands at two casework stages or more, the key questions with answers at these stages, in order."""
    framework = inspection.framework
    key = [framework.question(one) for one in framework.casework_key if one in inspection.questions]
    found = {
        strand: [one.id for one in key if one.strand == strand] for strand in framework.strands
    }
    return {
        strand: questions for strand, questions in found.items() if len(questions) >= FEWEST_STAGES
    }


def reached(inspection: Inspection, strand: str) -> tuple[npt.NDArray[np.intp], Mask]:
    """Return, per case, at how many stages a strand was sufficient, and whether it was answered Yes or No at all of them.

    Raises `UnknownName` for a strand without two stages.
    """
    strands = staged(inspection)
    if strand not in strands:
        raise unknown("strand with stages", strand, strands)
    judged = [inspection.judged(question) for question in strands[strand]]
    return np.sum([yes for yes, _ in judged], axis=0), np.all(
        [either for _, either in judged], axis=0
    )


def reach(inspection: Inspection, by: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Return, per strand, how many cases were judged sufficient at none, one, two and so on of the stages.

    Columns, one row per group, strand and number of stages: the characteristics `by`; `strand, strand_label`; `stages` of `of_stages`;
    `cases` of `n`, those answered Yes or No at every stage; `not_counted`, the others; `percent`, missing where n is 0; `text`.
    Stages are judged separately: a later one can be sufficient without an earlier, so it is a number and not a place on a way.
    Published totals leave it open which cases they are: `cases` is missing there, and "[x]" in `text`. Raises `UnknownName` and, for
    groups of totals, `NeedsCases`.

    >>> import hmip_kit as hk
    >>> hk.reach(hk.load("practice-cases")).groupby("strand", sort=False)["cases"].sum().tolist()
    [42, 42, 42]
    """
    groups = checked_groups(inspection, by)
    rows = [
        row
        for strand, questions in staged(inspection).items()
        for row in _of_strand(inspection, groups, strand, len(questions))
    ]
    frame = pd.DataFrame(rows, columns=[*groups, *COLUMNS[:7]]).astype(
        dict.fromkeys(("cases", "n", "not_counted"), "Int64")
    )
    some = frame["n"].where(frame["n"] > 0)
    start = MADE_UP if inspection.cases_are == "practice" else ""
    text = pd.Series(
        [start + _text(row, groups) for row in frame.to_dict("records")],
        index=frame.index,
        dtype="str",
    )
    frame = frame.assign(
        percent=(100 * frame["cases"] / some).astype("Float64").astype("float64"), text=text
    )
    for name in groups:
        frame[name] = pd.Categorical(frame[name], inspection.cases[name].cat.categories)
    return frame.sort_values(groups, kind="stable", ignore_index=True) if groups else frame


def _of_strand(inspection: Inspection, groups: list[str], strand: str, stages: int) -> list[Row]:
    fixed: Row = {
        "strand": strand,
        "strand_label": inspection.framework.strands[strand],
        "of_stages": stages,
    }
    if inspection.cases_are == "none":
        return [
            {**fixed, "stages": many, "cases": pd.NA, "n": pd.NA, "not_counted": pd.NA}
            for many in range(stages + 1)
        ]
    many, known = reached(inspection, strand)
    cases = (
        inspection.cases[groups]
        .reset_index(drop=True)
        .assign(known=known, **{str(one): known & (many == one) for one in range(stages + 1)})
    )
    cases["all"] = True
    counts = (
        cases.groupby(groups, observed=False).sum().reset_index()
        if groups
        else cases.sum().to_frame().T
    )
    return [
        dict.fromkeys(groups)
        | {name: row[name] for name in groups}
        | fixed
        | {"stages": one, "cases": row[str(one)], "n": row["known"]}
        | {"not_counted": row["all"] - row["known"]}
        for row in counts.to_dict("records")
        for one in range(stages + 1)
    ]


def _text(row: Row, groups: list[str]) -> str:
    name = ", ".join([*(str(row[group]) for group in groups), str(row["strand_label"])])
    said = f"{name}: sufficient at {row['stages']} of {row['of_stages']} stages in"
    if pd.isna(row["cases"]):
        return f"{said} [x]"
    return (
        f"{said} {row['cases']} of {row['n']} cases{share_after(int(row['cases']), int(row['n']))}"
    )
