"""One inspection: a frozen record of frames, a framework and the filters that were applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from hmip_kit.errors import NeedsCases, unknown
from hmip_kit.filters import Filters
from hmip_kit.framework import Framework
from hmip_kit.schema import CASES, FRAMES, NOT_RECORDED, in_order

CasesAre = Literal["none", "own", "practice"]
Level = Literal["open", "internal", "protected"]


@dataclass(frozen=True, eq=False)
class Inspection:
    """Published totals and, where there are any, cases.

    `cases_are` says what the cases are: none, the user's own, or practice cases, which are made up. Each frame comes back
    as a copy on write, so that nothing done to it reaches the inspection. `sample_size` counts the cases before any filter.
    """

    name: str
    identity: Mapping[str, Any]
    framework: Framework
    frames: Mapping[str, pd.DataFrame]
    cases_are: CasesAre = "none"
    filters: Filters = Filters()
    sample_size: int = field(default=-1)

    def __post_init__(self) -> None:
        """Fill in what is absent: empty frames, ordered characteristics, the size of the sample."""
        frames = {name: self.frames.get(name, _empty(name)) for name in FRAMES} | dict(self.frames)
        frames["cases"] = _ordered(frames["cases"])
        object.__setattr__(self, "frames", MappingProxyType(frames))
        object.__setattr__(self, "identity", MappingProxyType(dict(self.identity)))
        if self.sample_size < 0:
            stated = int(self.identity.get("cases_inspected", 0))
            object.__setattr__(self, "sample_size", len(frames["cases"]) if self.cases_are != "none" else stated)

    def __repr__(self) -> str:
        """Return one line that says what this is."""
        held = {"none": "no cases", "own": "own cases", "practice": "practice cases"}[self.cases_are]
        count = "" if self.cases_are == "none" else f"{len(self.frames['cases'])} of {self.sample_size} "
        return f"<Inspection {self.name!r}: {self.title}; {count}{held}{'; ' + self.filters.label if self.filters else ''}>"

    @property
    def title(self) -> str:
        """Return what to call this inspection in a title; practice cases never go by a unit's name alone."""
        return str(self.identity["title"])

    @property
    def disclosure(self) -> Level:
        """Return the level for anything computed from this inspection: own cases are protected."""
        return "protected" if self.cases_are == "own" else "open"

    @property
    def cases(self) -> pd.DataFrame:
        """Return one row per case: `case_id` and its characteristics; no row where there are no cases."""
        return self._frame("cases")

    @property
    def answers(self) -> pd.DataFrame:
        """Return one row per case and question: `case_id, question, answer`; Yes always means sufficient."""
        return self._frame("answers")

    @property
    def needs(self) -> pd.DataFrame:
        """Return one row per case and need: the two links, `service_delivered`, `improved` (nullable booleans)."""
        return self._frame("needs")

    @property
    def published(self) -> pd.DataFrame:
        """Return one row per key question as published: `question, yes, n, percent, count_source`."""
        return self._frame("published")

    @property
    def ratings(self) -> pd.DataFrame:
        """Return one row per standard: `standard, rating, status, usual_rating, override_note`."""
        return self._frame("ratings")

    @property
    def recommendations(self) -> pd.DataFrame:
        """Return one row per recommendation: `number, addressee, label`."""
        return self._frame("recommendations")

    @property
    def characteristics(self) -> dict[str, list[str]]:
        """Return the characteristics to filter by and the values that the whole sample has, in the schema's order."""
        cases, filtering = self.frames["cases"], [column.name for column in CASES if column.filter]
        return {name: list(cases[name].cat.categories) for name in filtering if name in cases}

    def where(self, **characteristics: str | Iterable[str]) -> "Inspection":
        """Return a new inspection with the cases that have the values given; this one stays as it is.

        Several values of a characteristic may be given as a list: any of them will do. A filter that no case meets gives an
        inspection with no rows. Raises `NeedsCases` without cases, `UnknownName` for a characteristic or value that the sample
        does not have.

        >>> import hmip_kit as hk
        >>> len(hk.load("practice-cases").where(sentence_type="Licence").cases)
        19
        """
        return self.filtered(Filters.of(characteristics))

    def filtered(self, filters: Filters) -> "Inspection":
        """Return a new inspection narrowed by a filter state, as `where` does."""
        if self.cases_are == "none":
            raise NeedsCases(f"{self.title} has no cases to filter: what is published are totals")
        for name, values in filters.choices:
            self._check(name, values)
        keep = pd.Series(data=True, index=self.frames["cases"].index)
        for name, values in filters.choices:
            keep &= self.frames["cases"][name].isin(values)
        return replace(self, frames=self._kept(keep), filters=self.filters.narrowed(filters))

    def _check(self, name: str, values: tuple[str, ...]) -> None:
        if name not in self.frames["cases"] or name == "case_id":
            raise unknown("characteristic", name, [column for column in self.frames["cases"] if column != "case_id"])
        known = list(self.frames["cases"][name].cat.categories)
        for value in values:
            if value not in known:
                raise unknown(f"value of {name}", value, known)

    def _kept(self, keep: pd.Series) -> dict[str, pd.DataFrame]:
        cases = self.frames["cases"][keep]
        kept = {"cases": cases}
        for name in ("answers", "needs"):
            frame = self.frames[name]
            kept[name] = frame[frame["case_id"].isin(cases["case_id"])]
        return {**self.frames, **kept}

    def _frame(self, name: str) -> pd.DataFrame:
        return self.frames[name].copy(deep=False)


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series(dtype="str") for column in FRAMES[name]})


def _ordered(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases with each characteristic as a categorical: what the whole sample has, blanks not recorded."""
    columns = {}
    for name in cases.columns.drop("case_id"):
        if not isinstance(cases[name].dtype, pd.CategoricalDtype):
            filled = cases[name].fillna(NOT_RECORDED).astype("str")
            columns[name] = pd.Categorical(filled, categories=in_order(str(name), set(filled)))
    return cases.assign(**columns)
