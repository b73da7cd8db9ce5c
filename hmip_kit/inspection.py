"""One inspection: a frozen record of frames, a framework and the filters that were applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pandas as pd

from hmip_kit.cases import Cases, Codes, InMemory, Truth, fingerprint, frozen, has, ordered
from hmip_kit.doors import LACKING, STAY, Showing, answered, through
from hmip_kit.errors import DataProblem, NotInData, unknown
from hmip_kit.filters import Filters
from hmip_kit.framework import Framework
from hmip_kit.schema import CASELOAD, NEED, SECOND_ANSWERS, allowed, filters_among
from hmip_kit.stats.words import plural, say, which_cases_said

if TYPE_CHECKING:
    from hmip_kit.collection import Against
    from hmip_kit.findings.shown import OnInspection
    from hmip_kit.panel import Explorer

PRACTICE_CASES = "Practice cases"  # what made-up cases are called wherever they are shown
REGROUPED = "regrouped"  # what the identity says of merged groups: by characteristic, their parts
CasesAre = Literal["none", "own", "practice", "own practice"]


@dataclass(frozen=True, eq=False)
class Inspection:
    """Published totals and, where there are any, cases.

    A frame comes back as a copy on write: nothing done to it reaches the inspection. `show` has
    the findings on it.

    Parameters
    ----------
    name : str
        What to load it by.
    identity : mapping
        What is known of the inspection: title, unit, dates, sizes of its groups.
    framework : Framework
        The regime: standards, key questions, bands, rules.
    frames : mapping
        The tables of the whole sample, by name: see `schema.FRAMES`.
    cases_are : {"none", "own", "practice", "own practice"}
        None, the user's own, the kit's made-up ones, or the user's that are said to be made up.
    filters, keep : Filters, truth, optional
        What was chosen, and which cases of the whole sample that leaves.
    whole, held : Inspection, Cases, optional
        The whole sample, of a filtered one; the cases, where they stay in a database.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").where(sentence_type="Licence")  # doctest: +ELLIPSIS
    <Inspection 'practice-cases': ... 19 of 42 practice cases; sentence type: Licence>
    """

    name: str
    identity: Mapping[str, Any]
    framework: Framework
    frames: Mapping[str, pd.DataFrame]
    cases_are: CasesAre = "none"
    filters: Filters = Filters()
    keep: Truth = None
    whole: "Inspection | None" = None
    held: Cases | None = None
    show: ClassVar["OnInspection"] = Showing()  # type: ignore[assignment]

    def __post_init__(self) -> None:
        """Fill in absent frames, order what is shown in an order, and freeze."""
        if self.whole is None:
            frames = self.frames if self.held else ordered(self.frames, [*self.framework.asked])
            object.__setattr__(self, "frames", frozen(frames))
            object.__setattr__(self, "identity", frozen(self.identity))
            if self.population is not None and self.population < self.sample_size:
                few = f"smaller than the {self.sample_size} drawn from it"
                raise DataProblem(f"a population of {self.population} cases is {few}")

    def __repr__(self) -> str:
        """Return one line that says what this is."""
        return f"<Inspection {self.name!r}: {self.title}; {self._held}>"

    @property
    def _held(self) -> str:
        """Return what is held, in words; own cases that are filtered are not counted here."""
        if not self.has_cases:
            return "published totals, no cases"
        kind, where = "practice" if self.made_up else "own", " in a database" if self.held else ""
        many = plural(self.sample_size, f"{kind} case")
        some = "" if self.protected else f"{say('number', count=self.size)} of "
        return f"{some}{many}{where}{f'; {self.filters.label}' if self.filters else ''}"

    def _repr_html_(self) -> str:
        """Return what this holds, and which findings it can answer, as a table."""
        holds = ", ".join(one for one in LACKING if one in self.holds)
        said = escape(f"{self._held}. It holds: {holds}.")
        return f"<p><strong>{escape(self.title)}</strong>: {said}</p>{answered(self.holds)}"

    @cached_property
    def holds(self) -> frozenset[str]:
        """Return what the data have of what findings take; `LACKING` has the words."""
        frames = self.frames
        tests = {
            "cases": self.has_cases,
            "own cases": self.protected and not self.made_up,
            "real data": not self.made_up,
            "a publication": not self.has_cases,
            "key questions": len(self.questions if self.has_cases else frames["published"]) > 0,
            "figures": len(frames["figures"]) > 0,
            "ratings": (frames["ratings"]["status"] == "rated").any(),
            "recommendations": len(frames["recommendations"]) > 0,
            "second answers": SECOND_ANSWERS in frames,
            "caseload": CASELOAD in frames,
        }
        return frozenset(name for name, held in tests.items() if held)

    @property
    def title(self) -> str:
        """Return what to call this; practice cases never go by a unit's name alone."""
        return str(self.identity["title"])

    @property
    def has_cases(self) -> bool:
        """Return whether there are cases, and not published totals alone."""
        return self.cases_are != "none"

    @property
    def made_up(self) -> bool:
        """Return whether the cases are practice cases: no inference is made of them."""
        return self.cases_are in ("practice", "own practice")

    @property
    def protected(self) -> bool:
        """Return whether the cases are the user's own, which pass the gate before they leave."""
        return self.cases_are in ("own", "own practice")

    @property
    def practice_name(self) -> str:
        """Return what practice cases are called wherever they are shown; blank for real data."""
        return PRACTICE_CASES if self.made_up else ""

    @property
    def which_cases(self) -> str:
        """Return which cases are shown, with their number where it is stated.

        >>> import hmip_kit as hk
        >>> hk.load("practice-cases").where(sentence_type="Licence").which_cases
        '19 of 42 cases (sentence type: Licence)'
        """
        if not self.has_cases and "cases_inspected" not in self.identity:
            return "inspected cases (number not stated)"
        return which_cases_said(self.size, self.sample_size, self.filters.label)

    @cached_property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the whole sample's tables: the same data give the same one."""
        return fingerprint(self.frames) if self.whole is None else self.whole.fingerprint

    @property
    def sample(self) -> "Inspection":
        """Return the whole sample: this inspection without its filters."""
        return self.whole or self

    @property
    def sample_size(self) -> int:
        """Return how many cases there are before any filter, or were inspected."""
        told = self.identity.get("cases_inspected", 0)
        return self.all_cases.size if self.has_cases else int(told)

    @cached_property
    def size(self) -> int:
        """Return how many cases the filters leave, or were inspected."""
        return self.sample_size if self.keep is None else int(self.keep.sum())

    @property
    def population(self) -> int | None:
        """Return how many cases those of the whole sample were drawn from, where it is stated."""
        stated = self.identity.get("population")
        return None if stated is None or self.filters else int(stated)

    @property
    def cases(self) -> pd.DataFrame:
        """Return a row per case: `case_id` and its characteristics; no row without cases."""
        return self._of_cases_kept("cases")

    @property
    def answers(self) -> pd.DataFrame:
        """Return a row per case and question: `case_id, question, answer`; Yes is sufficient."""
        return self._of_cases_kept("answers")

    @property
    def needs(self) -> pd.DataFrame:
        """Return a row per case and need: the two links, `service_delivered`, `improved`."""
        return self._of_cases_kept("needs")

    @property
    def published(self) -> pd.DataFrame:
        """Return a row per key question as published: `question, yes, n, percent, count_source`."""
        return self.table("published")

    @property
    def ratings(self) -> pd.DataFrame:
        """Return a row per standard: `standard, rating, status, usual_rating, override_note`."""
        return self.table("ratings")

    @property
    def recommendations(self) -> pd.DataFrame:
        """Return a row per recommendation: `number, addressee, label`."""
        return self.table("recommendations")

    @property
    def figures(self) -> pd.DataFrame:
        """Return a row per published figure that is not a key question."""
        return self.table("figures")

    @property
    def findings(self) -> pd.DataFrame:
        """Return a row per strength or area for improvement that the report names."""
        return self.table("findings")

    def table(self, name: str) -> pd.DataFrame:
        """Return the frame `name` of the whole inspection, whatever the filters."""
        return self.frames[name].copy(deep=False)

    @cached_property
    def questions(self) -> list[str]:
        """Return the ids of all questions that have answers: the framework's first."""
        return list(self.frames["answers"]["question"].cat.categories)

    @cached_property
    def characteristics(self) -> dict[str, list[str]]:
        """Return the characteristics to filter by and the values that the whole sample has."""
        cases = self.frames["cases"]
        there = filters_among(map(str, cases)) if self.has_cases else ()
        return {name: list(cases[name].cat.categories) for name in there}

    @cached_property
    def filterable(self) -> dict[str, list[str]]:
        """Return all to filter by: the characteristics, then `need` with needs that are there."""
        some = [one for one in self.all_cases.needs if has(self.all_cases, NEED, (one,)).sum()]
        return self.characteristics | ({NEED: some} if some else {})

    @cached_property
    def all_cases(self) -> Cases:
        """Return the cases of the whole sample, to count."""
        return self.held or (InMemory(self.frames) if self.whole is None else self.whole.all_cases)

    def coded(self, question: str) -> Codes:
        """Return the answers to a `question` of the cases kept, as codes: see `Cases.answer`."""
        codes = np.asarray(self.all_cases.answer(question))
        return codes if self.keep is None else codes[self.keep]

    def where(self, **characteristics: str | Iterable[str]) -> "Inspection":
        """Return a new inspection with the cases that have the values given.

        Parameters
        ----------
        **characteristics
            A value, or several of which any will do, by characteristic; `need` takes needs, by
            either link.

        Returns
        -------
        Inspection
            This one stays as it is. A filter that no case meets gives one without cases.

        Raises
        ------
        NotInData, UnknownName
            Without cases; for a name that neither the sample has nor the schema allows.

        Examples
        --------
        >>> import hmip_kit as hk
        >>> len(hk.load("practice-cases").where(sentence_type="Licence").cases)
        19
        """
        return self.filtered(Filters.of(characteristics))

    def filtered(self, filters: Filters) -> "Inspection":
        """Return a new inspection narrowed by the state `filters`, as `where` does."""
        if not self.has_cases:
            raise NotInData(f"{self.title}: there is nothing to filter. {LACKING['cases']}")
        if not filters:
            return self
        keep = self.all_cases.everyone() if self.keep is None else self.keep
        for name, values in filters.choices:
            self.check_values(name, values)
            keep = keep & has(self.all_cases, name, values)
        return replace(self, filters=self.filters.narrowed(filters), keep=keep, whole=self.sample)

    def check_values(self, name: str, values: Iterable[str]) -> None:
        """Raise `UnknownName` for `values` of `name` that no case has and no schema allows."""
        if name in self.frames["cases"] and name != "case_id":
            known = list(self.frames["cases"][name].cat.categories)
        elif allowed(name):
            known = self.filterable.get(name, [])
        else:
            raise unknown("characteristic", name, self.filterable)
        may_be = () if name in self.identity.get(REGROUPED, ()) else allowed(name)
        for value in values:
            if value not in known and value not in may_be:
                said = through("nameable")(self, name) if self.protected else known  # it is kept
                raise unknown(f"value of {name}", value, said or allowed(name))

    def against(self, other: "Inspection", *more: "Inspection") -> "Against":
        """Return this inspection beside others, to compare.

        Parameters
        ----------
        other, *more : Inspection
            What it is compared with: a later audit, a second auditor, other units.

        Returns
        -------
        Against
            Its `show` has the findings that compare.

        Examples
        --------
        >>> import hmip_kit as hk
        >>> pdu = hk.load("lewisham-bromley-2022")
        >>> pdu.against(pdu).show.change().title
        'None of 13 key questions beyond chance'
        """
        beside: Against = through("Against")(self, (other, *more))
        return beside

    def second_auditor(self) -> "Inspection":
        """Return the same cases with a second auditor's answers in place of the first's.

        Returns
        -------
        Inspection
            To set beside this one. `NotInData` is raised where the file has no such answers.

        Examples
        --------
        >>> import hmip_kit as hk
        >>> hk.load("practice-cases").second_auditor()  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        hmip_kit.errors.NotInData: ...: there are no answers of a second auditor
        """
        return through("by_second_auditor")(self)  # type: ignore[no-any-return]

    def regroup(self, **merged: Mapping[str, Iterable[str]]) -> "Inspection":
        """Return a new inspection in which merged groups stand in the place of their parts.

        Parameters
        ----------
        **merged
            By characteristic: the name of each merged group, and the values that it takes in.

        Returns
        -------
        Inspection
            This one stays as it is; what is merged is filtered after.

        Examples
        --------
        >>> import hmip_kit as hk
        >>> hk.load("practice-cases").regroup(rosh={"High": ["High", "Very high"]}).size
        42
        """
        return through("regrouped")(self, merged)  # type: ignore[no-any-return]

    def explore(self, *findings: str) -> "Explorer":
        """Return a panel of filters, and of pictures that follow.

        Parameters
        ----------
        *findings : str
            The names of those to show, in this order; none: all that follow filters.

        Returns
        -------
        Explorer
            `panel.inspection` is filtered as `panel.filters` say; setting these, also to a
            dictionary, moves the panel. Totals have nothing to filter.

        Examples
        --------
        >>> import hmip_kit as hk
        >>> panel = hk.load("practice-cases").explore("key_questions")
        >>> panel.filters = {"sentence_type": "Licence"}
        >>> panel.inspection.size
        19
        """
        return through("Explorer")(self, findings)  # type: ignore[no-any-return]

    def _of_cases_kept(self, name: str) -> pd.DataFrame:
        if self.held is not None:
            raise NotInData(STAY)
        frame = self.frames[name]
        if self.keep is None:
            return frame.copy(deep=False)
        return frame[self.keep if name == "cases" else self.keep[frame["case_id"].cat.codes]]
