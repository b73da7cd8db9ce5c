"""What decides a casework standard's rating: its lowest key questions, by how much, and what the next rating takes."""

from dataclasses import dataclass

import pandas as pd

from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.rating_rules import (
    CLOSE_TO_A_BAND,
    ascending,
    band,
    lowest_rating,
    more_needed,
    next_band,
)
from hmip_kit.measures.results import results
from hmip_kit.measures.words import listed


@dataclass(frozen=True)
class Basis:
    """A casework standard's rating by the rule, with what it rests on; `margin` is missing where only one question has cases."""

    rating: str
    deciding: tuple[str, ...]
    decided_by: str
    margin: int | None
    next_rating: str
    fewest: int | None
    most: int | None
    one_more_raises: bool
    one_fewer_lowers: bool
    close_to_a_band: bool
    cases: int


def casework_questions(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions of casework standards that have cases: `question, standard, strand, yes, n, percent`, `strand_label`."""
    framework = inspection.framework
    key = framework.casework_key
    if not key:
        return pd.DataFrame(
            columns=["question", "standard", "strand", "yes", "n", "percent", "strand_label"]
        )
    rows = results(inspection)
    rows = rows[rows["question"].isin(key) & (rows["n"] > 0)][
        ["question", "standard", "strand", "yes", "n", "percent"]
    ]
    return rows.assign(strand_label=rows["strand"].map(framework.strands)).reset_index(drop=True)


def basis_of(rows: pd.DataFrame, framework: Framework) -> Basis:
    """Return what a standard's rating rests on; `rows` are its key questions as `casework_questions` gives them, at least one."""
    counts = list(zip(rows["yes"].astype(int), rows["n"].astype(int), strict=True))
    rating = _lowest(counts, framework)
    low = rows[rows["percent"] == rows["percent"].min()]
    others = rows[rows["percent"] > rows["percent"].min()]
    margin = _margin(low, others) if len(rows) > 1 else None
    above = next_band(rating, framework)
    more = [more_needed(yes, n, above.start) for yes, n in counts] if above else []
    return Basis(
        rating=rating,
        deciding=tuple(low["question"]),
        decided_by=_decided_by(low, margin),
        margin=margin,
        next_rating=above.rating if above else "",
        fewest=max(more) if above else None,
        most=min(sum(more), max(n for _, n in counts)) if above else None,
        one_more_raises=_lowest([(min(yes + 1, n), n) for yes, n in counts], framework) != rating,
        one_fewer_lowers=any(
            band(max(yes - 1, 0), n, framework) != rating
            for yes, n in counts
            if band(yes, n, framework) == rating
        ),
        close_to_a_band=_close(float(low["percent"].iloc[0]), framework),
        cases=int(low["n"].min()),
    )


def cases_to_next(inspection: Inspection) -> pd.DataFrame:
    """Return, per casework key question, how many more Yes its standard's next rating needs of it.

    Columns: `question, standard, strand, strand_label, yes, n, percent, rating` (of the standard, by the rule), `next_rating, more`
    (0 where the question is there), `decides`. `more` is missing and `next_rating` blank at the highest rating. A question without
    cases has no row. Source of the bands: the framework, with their status there.

    >>> import hmip_kit as hk
    >>> rows = cases_to_next(hk.load("lewisham-bromley-2022"))
    >>> rows.loc[rows["standard"] == "Planning", "more"].tolist()
    [5, 0, 6]
    """
    framework, rows = inspection.framework, casework_questions(inspection)
    bases = {
        standard: basis_of(of_it, framework)
        for standard, of_it in rows.groupby("standard", sort=False)
    }
    starts = {one.rating: one.start for one in framework.bands}
    more = [
        more_needed(row["yes"], row["n"], starts[bases[row["standard"]].next_rating])
        if bases[row["standard"]].next_rating
        else None
        for row in rows.to_dict("records")
    ]
    return rows.assign(
        rating=[bases[standard].rating for standard in rows["standard"]],
        next_rating=[bases[standard].next_rating for standard in rows["standard"]],
        more=pd.array(more, dtype="Int64"),
        decides=[
            row["question"] in bases[row["standard"]].deciding for row in rows.to_dict("records")
        ],
    )


def _lowest(counts: list[tuple[int, int]], framework: Framework) -> str:
    return lowest_rating([band(yes, n, framework) for yes, n in counts], framework)


def _margin(low: pd.DataFrame, others: pd.DataFrame) -> int:
    """Return how many more Yes take the lowest question to the next one; 0 for a tie."""
    if len(low) > 1:
        return 0
    return more_needed(
        int(low["yes"].iloc[0]), int(low["n"].iloc[0]), float(others["percent"].min())
    )


def _decided_by(low: pd.DataFrame, margin: int | None) -> str:
    names = [str(label).lower() for label in low["strand_label"]]
    counts = [f"{yes} of {n}" for yes, n in zip(low["yes"], low["n"], strict=True)]
    if len(names) > 1:
        return f"{listed(names)}, tied ({listed(sorted(set(counts)))})"
    return f"{names[0]} ({counts[0]})" + (", by one case" if margin == 1 else "")


def _close(percent: float, framework: Framework) -> bool:
    return any(abs(percent - one.start) <= CLOSE_TO_A_BAND for one in ascending(framework)[1:])
