"""What is wrong with a file, said by file, sheet, row and column as its maker sees them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hmip_kit.errors import DataProblem
from hmip_kit.stats.words import plural

MOST_SHOWN = 200
MAPPING = ("where", "kind", "given", "taken_as", "cells")
MOST_ROWS = 20  # rows that are named for one kind of fault


@dataclass(frozen=True)
class Place:
    """Where something stands; what is not known of it is left out."""

    file: str
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    heading: str = ""
    key: str = ""  # of a case, in a table of a database, where rows and columns have no numbers

    def __str__(self) -> str:
        """Return the place in words.

        >>> str(Place("audit.xlsx", "cases", 31, 2, "Sentence type"))
        "audit.xlsx, sheet 'cases', row 31, column C (Sentence type)"
        """
        named = f" ({self.heading})" if self.heading else ""
        stored = f"column {self.heading}" if self.heading else ""
        parts = [
            self.file,
            f"sheet {self.sheet!r}" if self.sheet else "",
            "" if self.row is None else f"row {self.row}",
            stored if self.column is None else f"column {letters(self.column)}{named}",
            f"case {self.key!r}" if self.key else "",
        ]
        return ", ".join(part for part in parts if part)


@dataclass
class Report:
    """Everything noticed while a file is read.

    Problems stop it, warnings do not, mappings say what was taken as what. What a person confirmed
    before, and the headings and values that were `taken` as others, stand by column. A column that
    identifies a person is a problem, unless `drop_identifiers` asks for it to be dropped.
    """

    drop_identifiers: bool = False
    noted: list[tuple[Place, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    mappings: list[dict[str, str]] = field(default_factory=list)
    confirmed: dict[str, dict[str, str]] = field(default_factory=dict)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)

    def problem(self, place: Place, text: str) -> None:
        """Note at `place`, in a `text`, what must be put right before the file can be used."""
        self.noted.append((place, text))

    def warn(self, place: Place, text: str) -> None:
        """Note at `place`, in a `text`, something to look at."""
        self.warnings.append(f"{place}: {text}")

    def personal(self, place: Place, why: str) -> None:
        """Note at `place` a column that identifies a person, and `why` it is thought to."""
        if self.drop_identifiers:
            self.warn(replace(place, row=None), f"{why} and was dropped")
        else:
            self.problem(place, f"{why} and is refused: take it out, or use --drop-identifiers")

    def mapped(self, place: Place, kind: str, given: str, taken_as: str, cells: int = 1) -> None:
        """Note that at `place` a `kind` of thing, `given` in so many `cells`, was `taken_as`."""
        said = (str(place), kind, given, taken_as, str(cells))
        self.mappings.append(dict(zip(MAPPING, said, strict=True)))

    def take(self, name: str, meant: Mapping[str, str | None]) -> None:
        """Note which texts of the column called `name` are `meant` as others."""
        taken = {text: value for text, value in meant.items() if text and value not in (None, text)}
        if taken:
            self.taken.setdefault(name, {}).update(taken)

    @property
    def problems(self) -> list[str]:
        """Return the problems as the person meets them: by file and sheet, then downwards."""
        sheets = list(dict.fromkeys((place.file, place.sheet) for place, _ in self.noted))
        ordered = sorted(
            self.noted,
            key=lambda one: (
                sheets.index((one[0].file, one[0].sheet)),
                one[0].row or 0,
                one[0].column or 0,
            ),
        )
        return list(dict.fromkeys(f"{place}: {text}" for place, text in ordered))


def letters(column: int) -> str:
    """Return the letters that a spreadsheet gives a `column`, counted from 0.

    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def refusal(file: str, text: str) -> DataProblem:
    """Return the error for a `file` that cannot be read at all; the `text` says why."""
    return refused(file, [f"{file}: {text}"])


def refused(name: str, problems: Sequence[str]) -> DataProblem:
    """Return the error for all the `problems` of what is called `name`, a line each."""
    more = [f"and {len(problems) - MOST_SHOWN} more"] * (len(problems) > MOST_SHOWN)
    lines = [f"{name}: {plural(len(problems), 'problem')}", *problems[:MOST_SHOWN], *more]
    return DataProblem("\n  ".join(lines))


def stated_in(path: Path) -> dict[str, Any]:
    """Return what a TOML file at `path` states. Raises `DataProblem` where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
        raise refusal(path.name, f"cannot be read: {error}") from None


def with_names(names: Sequence[object], word: str) -> str:
    """Return how many there are of a `word`, the first of their `names`, and "is" or "are".

    >>> with_names(["C"], "column"), with_names([3, 5], "row")
    ('1 column (C) is', '2 rows (3, 5) are')
    """
    first, more = ", ".join(map(str, names[:MOST_ROWS])), len(names) - MOST_ROWS
    verb = "is" if len(names) == 1 else "are"
    return f"{plural(len(names), word)} ({first}{f' and {more} more' if more > 0 else ''}) {verb}"
