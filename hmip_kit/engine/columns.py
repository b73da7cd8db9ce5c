"""The tables of a database as a check sees them: each column by its different values.

What a column of few values holds is told by one question about all of them; a column of many
values, as ids and text are, tells how many there are, and no value of it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import ibis
import numpy as np

from hmip_kit.engine import asked
from hmip_kit.errors import KitError
from hmip_kit.settings import LONGEST_OWN_VALUE, MOST_OWN_VALUES
from hmip_kit.sources.own.headings import CASE_ID, Vocabulary
from hmip_kit.sources.own.identifiers import (
    LOOK_IN_AN_ENGINE,
    TWO_NAMES,
    first_identifying,
    forenames,
    personal_heading,
)
from hmip_kit.sources.own.table import Table, Texts
from hmip_kit.sources.problems import MOST_ROWS, Place, Report
from hmip_kit.sources.wording import tidy

MOST_KNOWN = 500  # different spellings that a column of the schema may have
LONGEST_KNOWN = 200  # characters of one: the wording of a question
GIVEN = "given"  # what stands for the id of a case, which is not told


@dataclass(frozen=True)
class Counted(Texts):
    """A column by its different texts: each in how many rows, and as the engine spells it.

    `many` and `longest` are known of a column whose texts are not told too; `looks` asks what
    those look like that identifies a person.
    """

    times: Sequence[int] = ()
    raw: Sequence[Sequence[str]] = ()
    many: int = 0
    longest: int = 0
    cells: int = 0
    looks: Callable[[], str | None] = lambda: None

    @cached_property
    def counted(self) -> dict[str, tuple[int, int]]:
        """Return each text that occurs: how often, and its place."""
        rows = enumerate(zip(self.values, self.times, strict=True))
        return {text: (times, place) for place, (text, times) in rows}

    @cached_property
    def identifies(self) -> str | None:
        """Return what a text looks like that identifies a person, if any does."""
        return first_identifying(self.values) if len(self.filled) == self.many else self.looks()


@dataclass(frozen=True)
class InTable(Place):
    """A place in a table of a database, where rows have no numbers: the `key` of a case instead."""

    key: str = ""

    def __str__(self) -> str:
        """Return the place in words."""
        column = "" if self.column is None else f"column {self.heading}"
        parts = (self.file, column, f"case {self.key!r}" if self.key else "")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Stored(Table):
    """A table of a database: `source` of Ibis, of `size` rows; its cases go by the column `key`.

    `keys` are those that were told of any table.
    """

    source: Any = None
    size: int = 0
    key: str = ""
    keys: list[str] = field(default_factory=list, repr=False)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.size

    def place(self, column: int | None = None, row: int | None = None) -> Place:
        """Return the place of a `column`, with the key of a case that has its text at `row`."""
        place = super().place(column)
        key = "" if column is None or row is None else self._key_of(column, row)
        return InTable(place.file, column=place.column, heading=place.heading, key=key)

    def note(self, text: str, column: int, key: str = "") -> None:
        """Note a problem of a `column` in a `text`, with the `key` of a case."""
        where: Any = self.place(column)
        self.report.problem(replace(where, key=self._told(key)), text)

    def text(self, column: int) -> Any:
        """Return a `column` as text; blank where nothing is recorded."""
        return in_text(self.source[self.source.columns[column]])

    def _told(self, key: str) -> str:
        if key and key not in self.keys and len(self.keys) < MOST_ROWS:
            self.keys.append(key)
        return key if key in self.keys else ""

    def _key_of(self, column: int, row: int) -> str:
        counted: Any = self.columns[column]
        if row >= len(counted.raw) or not self.key or len(self.keys) >= MOST_ROWS:
            return ""
        here = self.source.filter(self.text(column).isin(counted.raw[row]))
        found = asked(here.aggregate(key=in_text(here[self.key]).min()))
        return self._told(str(found[0]["key"] or ""))


def in_text(column: Any) -> Any:
    """Return a `column` as text; blank where nothing is recorded, whole numbers without a point."""
    kind = column.type()
    if kind.is_floating():
        whole = column.cast("int64")
        text = (column == whole).ifelse(whole.cast("string"), column.cast("string"))
        return column.isnan().ifelse("", text).fill_null("")
    return (column if kind.is_string() else column.cast("string")).fill_null("")


def stored(tables: Mapping[str, Any], known: Vocabulary, report: Report) -> list[Stored]:
    """Return `tables`, by name, with the values of their columns, which are asked for once.

    What is `known` may have many values; the `report` is told what is wrong.
    """
    parts = [
        _values(table, known, number, place)
        for number, table in enumerate(tables.values())
        for place in range(len(table.columns))
    ]
    found: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for row in asked(ibis.union(*parts) if len(parts) > 1 else parts[0]):
        found[row["number"], row["place"]].append(row)
    keys: list[str] = []
    return [
        Stored(
            file=name,
            sheet="",
            headings=[tidy(one) for one in table.columns],
            columns=[
                _counted(table, place, found[number, place]) for place in range(len(table.columns))
            ],
            rows=np.zeros(0, dtype=np.int64),
            report=report,
            source=table,
            size=sum(row["times"] for row in found[number, 0]),
            key=next((one for one in table.columns if known.column(one) == CASE_ID), ""),
            keys=keys,
        )
        for number, (name, table) in enumerate(tables.items())
    ]


def _values(table: Any, known: Vocabulary, number: int, place: int) -> Any:
    """Return the question for the different values of a column, how often each stands."""
    name = table.columns[place]
    column, text = table[name], in_text(table[name])
    if column.type().is_nested():
        why = f"column {name!r} holds lists or records: a cell must hold one value"
        raise KitError(f"{table.get_name()}: {why}")
    meant = known.column(name) or known.question(name)
    if meant == CASE_ID or (not meant and personal_heading(name)):
        text = (text == "").ifelse("", GIVEN)
    most, longest = (MOST_KNOWN, LONGEST_KNOWN) if meant else (MOST_OWN_VALUES, LONGEST_OWN_VALUE)
    each = table.select(text=text).group_by("text").aggregate(times=ibis._.count())
    each = each.mutate(
        many=(each.text != "").cast("int64").sum().over(), longest=each.text.length().max().over()
    )
    few = (each.many <= most) & (each.longest <= longest)
    each = each.mutate(text=few.ifelse(each.text, ibis.null("string")))
    each = each.group_by(["text", "many", "longest"]).aggregate(times=each.times.sum())
    return each.select(
        number=ibis.literal(number, "int64"),
        place=ibis.literal(place, "int64"),
        text=each.text,
        times=each.times.cast("int64"),
        many=each.many.cast("int64"),
        longest=each.longest.cast("int64"),
    )


def _counted(table: Any, place: int, rows: Sequence[Mapping[str, Any]]) -> Counted:
    """Return a column of the rows that tell of it."""
    column = table[table.columns[place]]
    spelled: dict[str, list[str]] = defaultdict(list)
    times: Counter[str] = Counter()
    for row in sorted(rows, key=lambda one: str(one["text"])):
        if row["text"] is not None:
            text = tidy(_as_in_a_file(row["text"], column.type()))
            spelled[text].append(row["text"])
            times[text] += row["times"]
    filled = sum(1 for text in spelled if text)
    return Counted(
        codes=np.arange(len(spelled), dtype=np.int32),
        values=[*spelled],
        times=[times[text] for text in spelled],
        raw=[*spelled.values()],
        many=filled if spelled else rows[0]["many"] if rows else 0,
        longest=rows[0]["longest"] if rows else 0,
        cells=sum(row["times"] for row in rows),
        looks=lambda: _looks(in_text(column)),
    )


def _as_in_a_file(text: str, kind: Any) -> str:
    """Return a value as text as a file of it would have it."""
    if kind.is_boolean():
        return text.capitalize()
    return text.removesuffix(" 00:00:00") if kind.is_timestamp() else text


def _looks(text: Any) -> str | None:
    """Return what a column's texts look like that identifies a person, found in the engine."""
    kinds = list(LOOK_IN_AN_ENGINE)
    told = {
        f"k{place}": text.re_search(LOOK_IN_AN_ENGINE[kind]).any()
        for place, kind in enumerate(kinds)
    }
    name = text.re_extract(TWO_NAMES, 1).lower().isin(sorted(forenames()))
    found = asked(text.as_table().aggregate(**told, name=name.any()))[0]
    named = [*[kind for place, kind in enumerate(kinds) if found[f"k{place}"]]]
    return next(iter(named), "a name" if found["name"] else None)
