"""One inspection: a frozen record of frames, a framework and the filters that were applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

from hmip_kit.coded import YES_CODE, Codes, Mask, answer_codes, fingerprint, need_codes, ordered
from hmip_kit.errors import NeedsCases, unknown
from hmip_kit.filters import Filters
from hmip_kit.framework import Framework
from hmip_kit.level import Level
from hmip_kit.schema import CASES, NEED, NOT_RECORDED, allowed

CasesAre = Literal["none", "own", "practice"]


@dataclass(frozen=True, eq=False)
class Inspection:
    """Published totals and, where there are any, cases.

    `cases_are` says what the cases are: none, the user's own, or practice cases, which are made up. `frames` holds the whole
    sample and `keep` says which of its cases the filters leave. A frame comes back as a copy on write, so that nothing done to
    it reaches the inspection.
    """

    name: str
    identity: Mapping[str, Any]
    framework: Framework
    frames: Mapping[str, pd.DataFrame]
    cases_are: CasesAre = "none"
    filters: Filters = Filters()
    keep: Mask | None = None
    whole: "Inspection | None" = None

    def __post_init__(self) -> None:
        """Fill in absent frames, order what is shown in an order, and freeze."""
        if self.whole is None:
            questions = [one.id for one in self.framework.questions] + [
                one.id for one in self.framework.sub_questions
            ]
            object.__setattr__(self, "frames", MappingProxyType(ordered(self.frames, questions)))
            object.__setattr__(self, "identity", MappingProxyType(dict(self.identity)))

    def __repr__(self) -> str:
        """Return one line that says what this is."""
        held = {"none": "no cases", "own": "own cases", "practice": "practice cases"}[
            self.cases_are
        ]
        count = "" if self.cases_are == "none" else f"{self.size} of {self.sample_size} "
        return f"<Inspection {self.name!r}: {self.title}; {count}{held}{'; ' + self.filters.label if self.filters else ''}>"

    @property
    def title(self) -> str:
        """Return what to call this inspection in a title; practice cases never go by a unit's name alone."""
        return str(self.identity["title"])

    @cached_property
    def about(self) -> dict[str, Any]:
        """Return as plain data what a reader must know of the data: name, title, what the cases are, origin, licence, SHA-256."""
        known = {
            name: str(self.identity[name])
            for name in ("published", "licence", "copyright", "about")
            if name in self.identity
        }
        return {
            "name": self.name,
            "title": self.title,
            "cases_are": self.cases_are,
            "size": self.sample_size,
            "sha256": self.sha256,
        } | known

    @cached_property
    def sha256(self) -> str:
        """Return a fingerprint of the whole sample's data: the same data give the same one."""
        if self.whole is not None:
            return self.whole.sha256
        return fingerprint(self.frames)

    @property
    def sample_size(self) -> int:
        """Return how many cases there are before any filter; for published totals, how many were inspected."""
        return (
            int(self.identity.get("cases_inspected", 0))
            if self.cases_are == "none"
            else len(self.frames["cases"])
        )

    @cached_property
    def size(self) -> int:
        """Return how many cases the filters leave; for published totals, how many were inspected."""
        return self.sample_size if self.keep is None else int(self.keep.sum())

    @property
    def disclosure(self) -> Level:
        """Return the level of anything computed from this inspection: own cases are protected."""
        return "protected" if self.cases_are == "own" else "open"

    @property
    def cases(self) -> pd.DataFrame:
        """Return one row per case: `case_id` and its characteristics; no row where there are no cases."""
        return self._cases_kept.copy(deep=False)

    @property
    def answers(self) -> pd.DataFrame:
        """Return one row per case and question: `case_id, question, answer`; Yes always means sufficient."""
        return self._of_cases_kept("answers")

    @property
    def needs(self) -> pd.DataFrame:
        """Return one row per case and need: the two links, `service_delivered`, `improved` (nullable booleans)."""
        return self._of_cases_kept("needs")

    @property
    def published(self) -> pd.DataFrame:
        """Return one row per key question as published: `question, yes, n, percent, count_source`."""
        return self.table("published")

    @property
    def ratings(self) -> pd.DataFrame:
        """Return one row per standard: `standard, rating, status, usual_rating, override_note`."""
        return self.table("ratings")

    @property
    def recommendations(self) -> pd.DataFrame:
        """Return one row per recommendation: `number, addressee, label`."""
        return self.table("recommendations")

    @property
    def figures(self) -> pd.DataFrame:
        """Return one row per published figure that is not a key question; no row where none were read."""
        return self.table("figures")

    @property
    def findings(self) -> pd.DataFrame:
        """Return one row per strength or area for improvement that the report names; no row where none were read."""
        return self.table("findings")

    def table(self, name: str) -> pd.DataFrame:
        """Return a frame of the whole inspection, whatever the filters."""
        return self.frames[name].copy(deep=False)

    @property
    def questions(self) -> list[str]:
        """Return the ids of all questions that have answers or totals: the framework's in its order, then others."""
        return list(self.frames["answers"]["question"].cat.categories)

    @property
    def characteristics(self) -> dict[str, list[str]]:
        """Return the characteristics to filter by and the values that the whole sample has, in the schema's order."""
        cases, filtering = self.frames["cases"], [column.name for column in CASES if column.filter]
        return {name: list(cases[name].cat.categories) for name in filtering if name in cases}

    @cached_property
    def filterable(self) -> dict[str, list[str]]:
        """Return everything to filter by: the characteristics, then `need` with the needs that some case has."""
        needs = list(self.frames["needs"]["need"].cat.categories)
        some = [need for place, need in enumerate(needs) if self._sample.has_need[:, place].any()]
        return self.characteristics | ({NEED: some} if some else {})

    @cached_property
    def answer_codes(self) -> Codes:
        """Return the answers as codes: one row per case, one column per question of `questions`."""
        if self.whole is not None:
            return self.whole.answer_codes[self.keep]
        return answer_codes(
            self.frames["answers"], (len(self.frames["cases"]), len(self.questions))
        )

    @cached_property
    def need_codes(self) -> dict[str, Codes]:
        """Return the flags of needs as codes: one row per case, one column per need in the order of the needs' categories."""
        if self.whole is not None:
            return {flag: codes[self.keep] for flag, codes in self.whole.need_codes.items()}
        needs = self.frames["needs"]
        return need_codes(needs, (len(self.frames["cases"]), len(needs["need"].cat.categories)))

    @cached_property
    def has_need(self) -> Mask:
        """Return which case has which need, by either link: one row per case, one column per need."""
        has: Mask = (self.need_codes["linked_to_offending"] == 1) | (
            self.need_codes["linked_to_harm"] == 1
        )
        return has

    def judged(self, question: str) -> tuple[Mask, Mask]:
        """Return, per case, whether a question was answered Yes, and whether it was answered Yes or No.

        Raises `UnknownName` for a question that has no answers and is not in the framework.
        """
        if question not in self.questions:
            raise unknown("question", question, self.questions)
        codes = self.answer_codes[:, self.questions.index(question)]
        return codes == YES_CODE, (codes >= 0) & (codes <= 1)

    def where(self, **characteristics: str | Iterable[str]) -> "Inspection":
        """Return a new inspection with the cases that have the values given; this one stays as it is.

        Several values of a characteristic may be given as a list: any of them will do. `need` takes needs, by either link. A
        filter that no case meets gives an inspection with no rows. Raises `NeedsCases` without cases, `UnknownName` for a
        characteristic or value that neither the sample has nor the schema allows.

        >>> import hmip_kit as hk
        >>> len(hk.load("practice-cases").where(sentence_type="Licence").cases)
        19
        """
        return self.filtered(Filters.of(characteristics))

    def filtered(self, filters: Filters) -> "Inspection":
        """Return a new inspection narrowed by a filter state, as `where` does."""
        if self.cases_are == "none":
            raise NeedsCases(f"{self.title} has no cases to filter: what is published are totals")
        if not filters:
            return self
        keep = np.ones(self.sample_size, dtype=bool) if self.keep is None else self.keep
        for name, values in filters.choices:
            keep = keep & self._sample.matching(name, values)
        return replace(self, filters=self.filters.narrowed(filters), keep=keep, whole=self._sample)

    def matching(self, name: str, values: tuple[str, ...]) -> Mask:
        """Return which cases have one of the values of a characteristic, or one of the needs.

        What the schema allows and no case has matches none; other unknown names raise `UnknownName`.
        """
        known, possible = self._known(name), allowed(name)
        for value in values:
            if value not in known and value not in possible:
                raise unknown(f"value of {name}", value, known or possible)
        if name == NEED:
            needs = list(self.frames["needs"]["need"].cat.categories)
            return np.asarray(
                self.has_need[:, [needs.index(value) for value in values if value in needs]].any(
                    axis=1
                )
            )
        if name not in self.frames["cases"]:
            return np.full(self.size, NOT_RECORDED in values)
        return np.asarray(
            np.isin(
                self.cases[name].cat.codes,
                [known.index(value) for value in values if value in known],
            )
        )

    def _known(self, name: str) -> list[str]:
        """Return the values that a filter on this name can have; none for what the schema allows and the cases do not have."""
        if name in self.frames["cases"] and name != "case_id":
            return list(self.frames["cases"][name].cat.categories)
        if not allowed(name):
            others = [str(one) for one in self.frames["cases"] if one != "case_id"]
            raise unknown(
                "characteristic", name, others + ([NEED] if NEED in self.filterable else [])
            )
        return self.filterable.get(name, [])

    @property
    def _sample(self) -> "Inspection":
        return self.whole or self

    @cached_property
    def _cases_kept(self) -> pd.DataFrame:
        return self.frames["cases"] if self.keep is None else self.frames["cases"][self.keep]

    def _of_cases_kept(self, name: str) -> pd.DataFrame:
        frame = self.frames[name]
        if self.keep is None:
            return frame.copy(deep=False)
        return frame[self.keep[frame["case_id"].cat.codes]]
