"""A table as it was read: each column as small whole numbers over the different texts in it.

Checking then looks at each text once.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hmip_kit.sources.own.identifiers import first_identifying
from hmip_kit.sources.problems import Place, Report
from hmip_kit.sources.wording import tidy

if TYPE_CHECKING:
    import pyarrow as pa

Integers = npt.NDArray[np.integer[Any]]
Marks = npt.NDArray[np.bool_]
FIRST_ROWS = 50_000
LONGEST = 32_767  # characters that a cell of a spreadsheet can hold
LONGEST_HEADING = 2_000
LONGEST_READ = 100  # of a longer one
UNTIDY = re.compile(r"  |[\t-\r\x1c-\x1f]|(?:^|\0) | (?:\0|$)")


@dataclass(frozen=True)
class Texts:
    """A column: `values` holds each different text once, `codes` which of them each row has.

    Blank is the empty text.
    """

    codes: Integers
    values: list[str]

    def mapped(self, change: Callable[[str], str]) -> "Texts":
        """Return the column with `change` made to each text; those that become one are joined."""
        changed = [change(value) for value in self.values]
        if changed == self.values and len(set(changed)) == len(changed):
            return self
        values = list(dict.fromkeys(changed))
        return Texts(Texts(self.codes, changed).among(values), values)

    def among(self, values: Sequence[str]) -> Integers:
        """Return, per row, the place of its text among `values`; -1 where it is none of them."""
        places = {value: place for place, value in enumerate(values)}
        lookup = np.array(
            [places.get(value, -1) for value in self.values],
            dtype=np.int8 if len(places) < 1 << 7 else np.int32,
        )
        return looked_up(lookup, self.codes)

    def are(self, *texts: str) -> Marks:
        """Return, per row, whether its text is one of these `texts`."""
        wanted = set(texts)
        chosen = np.array([value in wanted for value in self.values], dtype=bool)
        if not chosen.any():
            return np.zeros(len(self.codes), dtype=bool)
        return looked_up(chosen, self.codes)

    def used(self) -> "Texts":
        """Return the column without texts that stand in no row."""
        there = np.bincount(self.codes, minlength=len(self.values)) > 0
        if there.all():
            return self
        lookup = np.cumsum(there, dtype=np.int32) - np.int32(1)
        values = [value for value, used in zip(self.values, there, strict=True) if used]
        return Texts(looked_up(lookup, self.codes), values)

    def tidied(self) -> "Texts":
        """Return the column with tidy texts; one look at all of them tells whether any is not."""
        joined = "\0".join(self.values)
        return self if joined.isascii() and not UNTIDY.search(joined) else self.mapped(tidy)

    @property
    def filled(self) -> list[str]:
        """Return the different texts other than blank."""
        return [value for value in self.values if value]

    @property
    def many(self) -> int:
        """Return how many different texts other than blank there are."""
        return len(self.filled)

    @property
    def longest(self) -> int:
        """Return how many characters the longest text has."""
        return max(map(len, self.values), default=0)

    @property
    def cells(self) -> int:
        """Return how many rows the column has."""
        return len(self.codes)

    @property
    def identifies(self) -> str | None:
        """Return what the first text looks like that identifies a person, if any does."""
        return first_identifying(self.values)

    @cached_property
    def counted(self) -> dict[str, tuple[int, int]]:
        """Return each text that occurs, in the order of the rows: how often, and where first."""
        count = np.bincount(self.codes, minlength=len(self.values))
        first = self._first()
        order = np.argsort(first, kind="stable")[: np.count_nonzero(count)].tolist()
        counts, rows = count.tolist(), first.tolist()
        return {self.values[place]: (counts[place], rows[place]) for place in order}

    def _first(self) -> Integers:
        """Return in which row each text stands first: of few texts the first rows tell it."""
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
    rows: Integers
    report: Report = field(repr=False)

    def __len__(self) -> int:
        """Return how many rows stand below the headings."""
        return len(self.rows)

    @property
    def name(self) -> str:
        """Return what the table is called: its sheet, else its file without the ending."""
        return self.sheet or self.file.rpartition(".")[0] or self.file

    def place(self, column: int | None = None, row: int | None = None) -> Place:
        """Return the place of a `column`, and of a `row` counted from 0 below the headings.

        A heading that looks as if it identifies a person is not told.
        """
        known = range(len(self.headings))
        heading = self.headings[column] if column is not None and column in known else ""
        shown = "heading not shown" if first_identifying([heading]) else heading[:LONGEST_READ]
        number = None if row is None else int(self.rows[row])
        return Place(self.file, self.sheet, number, column, shown)

    def problem(self, text: str, column: int | None = None, row: int | None = None) -> None:
        """Note a problem of the table, of a `column` or of its `row`, in a `text`."""
        self.report.problem(self.place(column, row), text)

    def warn(self, text: str, column: int | None = None, row: int | None = None) -> None:
        """Warn of the table, of a `column` or of its `row`, in a `text`."""
        self.report.warn(self.place(column, row), text)

    def personal(self, why: str, column: int, row: int | None = None) -> None:
        """Note that a `column` identifies a person, and `why`; a `row` tells where it shows."""
        self.report.personal(self.place(column, row), why)

    def mapped(self, column: int, kind: str, given: str, taken_as: str, cells: int = 1) -> None:
        """Note that in a `column` a `kind`, `given` in so many `cells`, was `taken_as`."""
        self.report.mapped(self.place(column), kind, given, taken_as, cells)

    def without(self, rows: Marks) -> "Table":
        """Return the table without the `rows` marked."""
        if not rows.any():
            return self
        kept = [Texts(one.codes[~rows], one.values).used() for one in self.columns]
        return replace(self, columns=kept, rows=self.rows[~rows])

    def tidied(self) -> "Table":
        """Return the table with tidy texts, without blank rows, whose numbers are skipped.

        A text longer than a cell of a spreadsheet can hold is a problem.
        """
        columns = [column.tidied() for column in self.columns]
        for place, column in enumerate(columns):
            long = [one for one in column.values if len(one) > LONGEST]
            if long:
                said = f"holds a text of {len(long[0]):,} characters: more than {LONGEST:,}"
                self.problem(said, place, int(column.are(*long).argmax()))
                columns[place] = column.mapped(lambda text: text[:LONGEST_READ])
        headings = [tidy(heading[:LONGEST]) for heading in self.headings]
        for place, heading in enumerate(headings):
            if len(heading) > LONGEST_HEADING:
                self.problem(f"has a heading of over {LONGEST_HEADING:,} characters", place)
        blank = np.logical_and.reduce([column.are("") for column in columns])
        return replace(self, headings=headings, columns=columns).without(blank)


@dataclass
class Opened:
    """What a file or folder holds: `tables`, and what is `said` of the inspection."""

    tables: list[Table] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)


def texts_of_rows(rows: Iterable[Sequence[str]], width: int) -> list[Texts]:
    """Return the columns of `rows` of texts that are `width` cells wide.

    >>> [column.values for column in texts_of_rows([("a", "F"), ("b", "F")], 2)]
    [['a', 'b'], ['F']]
    """
    places: list[dict[str, int]] = [{} for _ in range(width)]
    codes = [array("i") for _ in range(width)]
    for row in rows:
        for known, code, cell in zip(places, codes, row, strict=True):
            code.append(known.setdefault(cell, len(known)))
    pairs = zip(codes, places, strict=True)
    return [Texts(np.array(code, dtype=np.int32), list(known)) for code, known in pairs]


def texts_of_arrow(column: "pa.ChunkedArray[Any]") -> Texts:
    """Return an Arrow `column`; missing values are blank."""
    import pyarrow as pa

    # Where no row has a value there is nothing to encode.
    filled = column.cast(pa.string()) if pa.types.is_null(column.type) else column
    coded = filled if pa.types.is_dictionary(filled.type) else filled.dictionary_encode()
    joined = coded.unify_dictionaries().combine_chunks()
    told = joined.dictionary.to_pylist()
    values = [value if isinstance(value, str) else text_of(value) for value in told]
    codes = joined.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
    if joined.null_count:
        values.append("")
    return Texts(codes.astype(np.int32, copy=False), values).used()


def text_of(value: object) -> str:
    """Return the `value` of a cell as text: whole numbers without a point, dates as year-month-day.

    >>> text_of(3.0), text_of(True), text_of("NA"), text_of(None)
    ('3', 'True', 'NA', '')
    """
    if value is None or value != value:  # pandas writes "not a number" for missing
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).removesuffix(" 00:00:00")


def looked_up(lookup: npt.NDArray[Any], codes: Integers) -> npt.NDArray[Any]:
    """Return what stands in `lookup` at each of the `codes`; these where it changes none.

    >>> looked_up(np.array([5, 7], dtype=np.int8), np.array([1, 0, 1], dtype=np.int32)).tolist()
    [7, 5, 7]
    """
    same = lookup.dtype == codes.dtype and np.array_equal(lookup, np.arange(len(lookup)))
    return codes.astype(lookup.dtype, copy=False) if same or not len(codes) else lookup[codes]
