"""A table as it was read: each column as small whole numbers over the different texts in it, so that checking looks at each text once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hmip_kit.sources.codes import looked_up, marked, tallied
from hmip_kit.sources.identifiers import first_identifying
from hmip_kit.sources.problems import Place
from hmip_kit.sources.wording import tidy

Numbers = npt.NDArray[np.int64]
FIRST_ROWS = 50_000
UNTIDY = re.compile(r"  |[\t-\r\x1c-\x1f]|(?:^|\0) | (?:\0|$)")


@dataclass(frozen=True)
class Texts:
    """A column: `values` holds each different text once, `codes` says which of them stands in each row. Blank is the empty text."""

    codes: npt.NDArray[np.int32]
    values: list[str]

    def mapped(self, change: Callable[[str], str]) -> "Texts":
        """Return the column with each different text changed; texts that become the same are joined."""
        changed = [change(value) for value in self.values]
        if changed == self.values and len(set(changed)) == len(changed):
            return self
        places: dict[str, int] = {}
        lookup = np.array(
            [places.setdefault(value, len(places)) for value in changed], dtype=np.int32
        )
        return Texts(looked_up(lookup, self.codes), list(places))

    def taken(self, rows: npt.NDArray[np.bool_]) -> "Texts":
        """Return the column with the rows chosen."""
        return Texts(self.codes[rows], self.values).used()

    def used(self) -> "Texts":
        """Return the column without texts that stand in no row."""
        there = marked(self.codes, len(self.values))
        if there.all():
            return self
        lookup = np.cumsum(there, dtype=np.int32) - np.int32(1)
        return Texts(
            looked_up(lookup, self.codes),
            [value for value, is_there in zip(self.values, there, strict=True) if is_there],
        )

    def among(self, texts: Sequence[str] | set[str]) -> npt.NDArray[np.bool_]:
        """Return, per row, whether its text is one of these."""
        wanted = set(texts)
        chosen = np.array([value in wanted for value in self.values], dtype=bool)
        return (
            looked_up(chosen, self.codes) if chosen.any() else np.zeros(len(self.codes), dtype=bool)
        )

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Return which rows hold nothing."""
        return self.among({""})

    def tidied(self) -> "Texts":
        """Return the column with tidy texts; one look at all of them tells whether any is not."""
        joined = "\0".join(self.values)
        return self if joined.isascii() and not UNTIDY.search(joined) else self.mapped(tidy)

    @cached_property
    def counted(self) -> dict[str, tuple[int, int]]:
        """Return each text that occurs, with how often and in which row first, in the order of the rows."""
        count = tallied(self.codes, len(self.values))
        first = self._first()
        order = np.argsort(first, kind="stable")[: np.count_nonzero(count)].tolist()
        counts, rows = count.tolist(), first.tolist()
        return {self.values[place]: (counts[place], rows[place]) for place in order}

    def _first(self) -> Numbers:
        """Return in which row each text stands first: of few different texts the first rows tell it."""
        first = np.full(len(self.values), len(self.codes), dtype=np.int64)
        for size in (FIRST_ROWS, len(self.codes)):
            some = self.codes[:size]
            first[some[::-1]] = np.arange(len(some) - 1, -1, -1)
            if (first < len(self.codes)).all():
                break
        return first


@dataclass(frozen=True)
class Table:
    """A sheet or file from its heading row on; `rows` are the row numbers that the person sees."""

    file: str
    sheet: str
    headings: list[str]
    columns: list[Texts]
    rows: Numbers

    def __len__(self) -> int:
        """Return how many rows stand below the headings."""
        return len(self.rows)

    def place(self, column: int | None = None, row: int | None = None) -> Place:
        """Return the place of a column, and of a row counted from 0 below the headings."""
        heading = "" if column is None else heading_shown(self.headings[column])
        return Place(
            self.file, self.sheet, None if row is None else int(self.rows[row]), column, heading
        )

    @property
    def name(self) -> str:
        """Return what the table is called: its sheet, else its file without the ending."""
        return self.sheet or self.file.rpartition(".")[0]


def heading_shown(heading: str) -> str:
    """Return a heading as a message may show it.

    >>> heading_shown("Gender"), heading_shown("Smith, John")
    ('Gender', 'heading not shown')
    """
    return "heading not shown" if first_identifying([heading]) else heading


def texts_of(cells: Sequence[str]) -> Texts:
    """Return a column from its cells."""
    places: dict[str, int] = {}
    codes = np.fromiter(
        (places.setdefault(cell, len(places)) for cell in cells), dtype=np.int32, count=len(cells)
    )
    return Texts(codes, list(places))


def table_of(
    file: str, sheet: str, headings: Sequence[str], columns: Sequence[Texts], rows: Numbers
) -> Table:
    """Return a table with tidy texts and without its blank rows, whose row numbers are skipped, and without columns that hold nothing."""
    tidied = [column.tidied() for column in columns]
    blank = np.ones(len(rows), dtype=bool)
    for column in tidied:
        if not blank.any():
            break
        blank &= column.blank
    kept = [column.taken(~blank) for column in tidied] if blank.any() else tidied
    return Table(file, sheet, [tidy(heading) for heading in headings], kept, rows[~blank])
