"""What a published figure is out of: the base that is stated, or the size of the group that it is taken from."""

from dataclasses import dataclass

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.shares import Row
from hmip_kit.schema import FRAMES

PERCENT = "percent"
NUMBERS = ("value", "numerator", "denominator", "low", "high")


@dataclass(frozen=True)
class Base:
    """A base: its size, whether the figure is of all of it, and whether its size is stated or only the least that it can be."""

    size: int | None = None
    whole: bool = False
    least: bool = False

    @property
    def known(self) -> bool:
        """Return whether the figure is of all of a base whose size is known, exactly or at least."""
        return self.size is not None and self.whole


def completed(figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures with every column of the schema: text blank and numbers missing where the data lack them.

    Where a percentage is not given as printed, it is taken to be printed without more decimals than its value has.
    """
    figures = figures.reindex(columns=[column.name for column in FRAMES["figures"]])
    figures = figures.assign(
        **{name: pd.to_numeric(figures[name]).astype("Float64") for name in NUMBERS}
    )
    figures = figures.assign(
        **{
            str(name): figures[name].astype("str").fillna("")
            for name in figures
            if name not in NUMBERS
        }
    )
    numbers = zip(figures["value"], figures["unit"], strict=True)
    shown = [
        "" if pd.isna(value) else f"{value:g}{'%' if unit == PERCENT else ''}"
        for value, unit in numbers
    ]
    return figures.assign(
        printed=[printed or value for printed, value in zip(figures["printed"], shown, strict=True)]
    )


def base_of(row: Row, figures: pd.DataFrame, inspection: Inspection) -> Base:
    """Return a figure's base: the one stated with it, else its group's size; for a part of a group, the size that it cannot exceed."""
    if not pd.isna(row["denominator"]):
        return Base(int(row["denominator"]), whole=True)
    size, whole = inspection.identity.get(row["group"]), row["extent"] == "whole"
    if isinstance(size, int):
        return Base(size, whole)
    largest = figures.loc[
        (figures["group"] == row["group"]) & (row["group"] != ""), "denominator"
    ].max()
    return Base() if pd.isna(largest) else Base(int(largest), whole, least=True)


def stated_bases(figures: pd.DataFrame, inspection: Inspection) -> list[int]:
    """Return every base that the report states, largest first: of its figures, of its key questions, and the sizes of its groups."""
    groups = [
        size for name in figures["group"] if isinstance(size := inspection.identity.get(name), int)
    ]
    bases = {
        *figures["denominator"].dropna().astype(int),
        *inspection.published["n"].dropna().astype(int),
        *groups,
    }
    return sorted(bases, reverse=True)
