"""Needs as a report prints them: how many cases have one, by which link, and in how many there was progress."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.shares import Row

LINKS = ("offending", "harm", "either", "both")
# How the ids of published figures begin for each need; they end in "_offending", "_harm", and "_improved" or "_progress".
BEGINNINGS = {
    "accommodation": "Accommodation",
    "ete": "Education, training and employment",
    "finance": "Finance",
    "relationships": "Relationships",
    "lifestyle": "Lifestyle and associates",
    "drugs": "Drug misuse",
    "alcohol": "Alcohol misuse",
    "wellbeing": "Emotional wellbeing",
    "thinking": "Thinking and behaviour",
    "attitudes": "Attitudes",
}
COLUMNS = ["need", "n_least", "n_most", "n", "progress", "progress_n"]


def figure_value(inspection: Inspection, *ids: str) -> int | None:
    """Return the value of the first of these published figures that there is; none where there is none."""
    values = (
        inspection.figures.set_index("figure")["value"]
        if len(inspection.figures)
        else pd.Series(dtype="Float64")
    )
    return next(
        (int(values[one]) for one in ids if one in values.index and not pd.isna(values[one])), None
    )


def published_needs(inspection: Inspection, link: str) -> pd.DataFrame:
    """Return the needs that a report counts, with how many cases have one and in how many there was progress.

    Columns: `need`; `n_least, n_most`, what the printed counts allow for the link, `n` where the two agree; `progress`, and
    `progress_n`, its base, where the report states it and it is the cases with this link. No row where no need is counted.
    """
    rows = [_row(inspection, beginning, need, link) for beginning, need in BEGINNINGS.items()]
    return pd.DataFrame([row for row in rows if row], columns=COLUMNS)


def _row(inspection: Inspection, beginning: str, need: str, link: str) -> Row | None:
    offending, harm = (
        figure_value(inspection, f"{beginning}_{one}") for one in ("offending", "harm")
    )
    ids = [f"{beginning}_{word}" for word in ("improved", "progress")]
    progress = figure_value(inspection, *ids)
    if offending is harm is progress is None:
        return None
    least, most = _range(offending, harm, link, inspection.sample_size)
    n = least if least == most else None
    return {
        "need": need,
        "n_least": least,
        "n_most": most,
        "n": n,
        "progress": progress,
        "progress_n": _base(inspection, ids, n),
    }


def _range(
    offending: int | None, harm: int | None, link: str, cases: int
) -> tuple[int | None, int | None]:
    if link in ("offending", "harm"):
        found = offending if link == "offending" else harm
        return found, found
    if offending is None or harm is None:
        return None, None
    if link == "both":
        return max(0, offending + harm - cases), min(offending, harm)
    return max(offending, harm), min(offending + harm, cases)


def _base(inspection: Inspection, ids: list[str], n: int | None) -> int | None:
    stated = inspection.figures[inspection.figures["figure"].isin(ids)]["denominator"].dropna()
    return n if len(stated) and n == stated.iloc[0] else None
