"""Published figures as counts out of a base, where they are: stated, rebuilt from a percentage, or of all cases inspected."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_bases import PERCENT, Base, base_of, completed
from hmip_kit.measures.possible_counts import possible_counts
from hmip_kit.measures.shares import Row, with_shares

STATED, REBUILT = "stated", "rebuilt from the percentage"
INSUFFICIENT, SUFFICIENT = "insufficient", "sufficient"
SAYS = {SUFFICIENT: " sufficient", INSUFFICIENT: " not sufficient"}


def figure_counts(inspection: Inspection) -> pd.DataFrame:
    """Return each published figure that states nothing again, as a count out of a base where it is one.

    Columns: those of `figures`, `theme` (of the first finding that it bears out, blank where there is none), `label`, `yes`, `n`,
    `count_source` (stated, rebuilt from the percentage, or blank), what `with_shares` adds, and `short` of sufficient, in percent: the
    share that was not. `yes` counts what the figure counts, failures where `polarity` is "insufficient". A percentage whose base is
    not stated, or that fits no count or several, has no count: its `text` is what is printed. No rows without figures.
    """
    figures = completed(inspection.figures)
    kept = figures[figures["restates"] == ""].reset_index(drop=True)
    counted = pd.DataFrame(
        [_counted(row, figures, inspection) for row in kept.to_dict("records")],
        columns=["yes", "n", "count_source"],
    )
    rows = pd.concat(
        [kept.drop(columns=["low", "high"]), counted.astype({"yes": "Int64", "n": "Int64"})], axis=1
    )
    rows = with_shares(
        rows.assign(label=_labels(rows), theme=_themes(kept["figure"], inspection)), inspection
    )
    short = rows["percent"].where(rows["polarity"] == INSUFFICIENT, 100 - rows["percent"])
    return rows.assign(
        short=short.where(rows["polarity"].isin(list(SAYS))),
        text=[_said(row, figures, inspection) for row in rows.to_dict("records")],
    )


def _counted(
    row: Row, figures: pd.DataFrame, inspection: Inspection
) -> tuple[int | None, int | None, str]:
    base = base_of(row, figures, inspection)
    if not pd.isna(row["numerator"]) and not pd.isna(row["denominator"]):
        return int(row["numerator"]), int(row["denominator"]), STATED
    if pd.isna(row["value"]) or not base.known or base.least or row["words"]:
        return None, None, ""
    return _of_group(row, base)


def _of_group(row: Row, base: Base) -> tuple[int | None, int | None, str]:
    """Return the count of a figure that is of a whole group: its own, or the only one that its percentage can come from."""
    size = base.size or 0
    if row["unit"] != PERCENT:
        return int(row["value"]), size, STATED
    counts = possible_counts(row["printed"], size)
    return (counts[0], size, REBUILT) if len(counts) == 1 else (None, None, "")


def _themes(figures: pd.Series, inspection: Inspection) -> list[str]:
    first: dict[str, str] = {}
    for finding in inspection.findings.to_dict("records"):
        for figure in str(finding["figures"]).split():
            first.setdefault(figure, str(finding["theme"]))
    return [first.get(str(figure), "") for figure in figures]


def _labels(rows: pd.DataFrame) -> list[str]:
    """Return the measure of each figure, with its population, and when, where another figure has the same measure."""
    alike = rows["measure"].duplicated(keep=False)
    told = [
        ", ".join(word for word in (who, when and f"at {when}") if word)
        for who, when in zip(rows["population"], rows["when"], strict=True)
    ]
    return [
        f"{measure} ({more})" if twice else measure
        for measure, more, twice in zip(rows["measure"], told, alike, strict=True)
    ]


def _said(row: Row, figures: pd.DataFrame, inspection: Inspection) -> str:
    """Return the count and what it counts; for a figure without a count what is printed, and what it is out of."""
    if not pd.isna(row["n"]):
        return f"{row['text']}{SAYS.get(row['polarity'], '')}"
    base = base_of(row, figures, inspection)
    if base.known and not base.least:
        return (
            f"{row['printed']} of {base.size}"
            if row["words"]
            else f"{row['printed']} (fits no count of {base.size})"
        )
    return (
        f"{row['printed']} (base not stated)"
        if row["unit"] == PERCENT or row["extent"] == "part"
        else str(row["printed"])
    )
