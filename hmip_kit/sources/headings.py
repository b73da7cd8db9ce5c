"""Headings as people write them, matched to the columns of the schema and the questions of a framework."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from hmip_kit.framework import Framework
from hmip_kit.schema import ANSWER_ROWS, CASES, NEED_ROWS, SECOND_ANSWER, Column
from hmip_kit.sources.identifiers import personal_heading
from hmip_kit.sources.wording import forms, key, tidy

NEAR = 0.84  # how alike a heading must be to one that is known, to be taken for a slip
COLUMNS = {column.name: column for column in (*CASES, *ANSWER_ROWS, SECOND_ANSWER, *NEED_ROWS)}
MOST_WORDS = 5  # a longer text is no heading but a sentence
CASE_ID = "case_id"


@dataclass(frozen=True)
class Known:
    """The headings that mean something: `columns` by key, and the `questions` of a framework by key."""

    columns: Mapping[str, str]
    questions: Mapping[str, str]

    @classmethod
    def of(cls, framework: Framework) -> "Known":
        """Return what is known under a framework: names, labels and synonyms of columns; ids, labels and wordings of questions."""
        columns = {
            key(text): column.name
            for column in COLUMNS.values()
            for text in (*column.synonyms, column.label, column.name)
        }
        parts = [(one.id, (one.label, one.id)) for one in framework.sub_questions]
        whole = [(one.id, (one.label, one.wording, one.id)) for one in framework.questions]
        return cls(columns, {key(text): name for name, texts in (*parts, *whole) for text in texts})

    def column(self, heading: str) -> str | None:
        """Return the column that a heading names: all of it, without what stands in brackets, or before the first bracket."""
        return next((self.columns[form] for form in forms(heading) if form in self.columns), None)

    def question(self, heading: str) -> str | None:
        """Return the question that a heading or a cell names."""
        return next(
            (self.questions[form] for form in forms(heading) if form in self.questions), None
        )

    def count(self, headings: Sequence[str]) -> int:
        """Return how many different things the headings mean, personal ones among them."""
        meant = [self.column(one) or self.question(one) or _personal(one) for one in headings]
        return len({one for one in meant if one})

    def enough(self, headings: Sequence[str]) -> bool:
        """Return whether these can be the headings of a table: two are known, or the first is the case."""
        first = next((one for one in headings if tidy(one)), "")
        return self.count(headings) >= 2 or self.column(first) == CASE_ID

    def near(self, heading: str) -> str | None:
        """Return the known name that a heading is nearly, if any; one that only goes on after a known name is no slip.

        >>> from hmip_kit.sources.bundled import framework_named
        >>> Known.of(framework_named("pdu-2021")).near("Ethncity")
        'ethnicity'
        """
        return _nearest(key(heading), self._named)

    def near_question(self, text: str) -> str | None:
        """Return the question that a text is nearly, if any."""
        return _nearest(key(text), self.questions)

    @cached_property
    def _named(self) -> dict[str, str]:
        return {**self.questions, **self.columns}


def _personal(heading: str) -> str | None:
    return personal_heading(heading) if 0 < len(key(heading).split()) <= MOST_WORDS else None


def _nearest(text: str, named: Mapping[str, str]) -> str | None:
    if any(text.startswith(f"{one} ") for one in named):
        return None
    found = get_close_matches(text, [one for one in named if len(one) > 2], n=1, cutoff=NEAR)
    return named[found[0]] if found else None


def heading_row(rows: Sequence[Sequence[str]], known: Known) -> int | None:
    """Return which of the first rows holds the headings: the one with the most that are known; none if no row can."""
    counts = [known.count(row) if known.enough(row) else 0 for row in rows]
    best = max(counts, default=0)
    return counts.index(best) if best else None


def spelled_otherwise(heading: str, name: str) -> bool:
    """Return whether a heading is another name than the column's own and its label, spaces and case aside."""
    column: Column | None = COLUMNS.get(name)
    return key(heading) not in {key(name), key(column.label) if column else ""}
