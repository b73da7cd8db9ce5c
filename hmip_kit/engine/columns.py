"""The tables of a database as a check sees them: each column by its different values.

What a column of few values holds is told by one question about all of them; a column of many
values, as ids and text are, tells how many there are, and no value of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any, cast

import ibis
import numpy as np
from ibis import _

from hmip_kit.engine import asked, frame_of
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

KNOWN = 500, 200  # different spellings of a column of the schema, and characters of one: a question
GIVEN = "given"  # what stands for the id of a case, which is not told


@dataclass(frozen=True)
class Counted(Texts):
    """A column with a row a different text of the engine's, `raw`, which stands so many `times`.

    `many` and `longest` are known of a column whose texts are not told too; `looks` asks what
    those look like that identifies a person.
    """

    raw: Sequence[str] = ()
    times: Sequence[int] = ()
    many: int = 0
    longest: int = 0
    cells: int = 0
    looks: Callable[[], str | None] = lambda: None

    @cached_property
    def counted(self) -> dict[str, tuple[int, int]]:
        """Return each text that occurs: how often, and its place."""
        times = np.bincount(self.codes, self.times, len(self.values)).tolist()
        first = Texts(self.codes, self.values).counted.items()
        return {text: (int(many), row) for (text, (_, row)), many in zip(first, times, strict=True)}

    @cached_property
    def identifies(self) -> str | None:
        """Return what a text looks like that identifies a person, if any does."""
        return first_identifying(self.values) if len(self.filled) == self.many else self.looks()


@dataclass(frozen=True)
class Stored(Table):
    """A table of a database: `source` of Ibis; its cases go by the column `key`.

    `keys` are those that were told of any table, `told` the values of all, which `ask` tells anew.
    """

    source: Any = None
    key: str = ""
    keys: list[str] = field(default_factory=list, repr=False)
    told: Sequence[Any] = ()
    ask: Callable[[], Sequence[Any]] = tuple

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.columns[0].cells

    def place(self, column: int | None = None, row: int | None = None) -> Place:
        """Return the place of a `column`, with the key of a case that has its text at `row`."""
        place = replace(super().place(column), column=None)
        if column is None or row is None or not self.key or len(self.keys) >= MOST_ROWS:
            return place
        here = self.source.filter(self.text(column) == cast(Counted, self.columns[column]).raw[row])
        return self.keyed(place, asked(here.aggregate(key=in_text(here[self.key]).min()))[0]["key"])

    def keyed(self, place: Place, key: str | None) -> Place:
        """Return a `place` with the `key` of a case, as long as few were told."""
        if key and key not in self.keys and len(self.keys) < MOST_ROWS:
            self.keys.append(key)
        return replace(place, key=key) if key in self.keys else place

    def text(self, column: int) -> Any:
        """Return a `column` as text; blank where nothing is recorded."""
        return in_text(self.source[self.source.columns[column]])


def in_text(column: Any) -> Any:
    """Return a `column` as text; blank where nothing is recorded, whole numbers without a point."""
    text = column if column.type().is_string() else column.cast("string")
    if column.type().is_floating():
        whole = column.cast("int64")
        text = column.isnan().ifelse("", (column == whole).ifelse(whole.cast("string"), text))
    return text.fill_null("")


def stored(tables: Mapping[str, Any], known: Vocabulary, report: Report) -> list[Stored]:
    """Return `tables`, by name, with the values of their columns, which are asked for once.

    What is `known` may have many values; the `report` is told what is wrong.
    """
    named = [(table, name) for table in tables.values() for name in table.columns]
    parts = [_values(*one, known).mutate(at=ibis.literal(at)) for at, one in enumerate(named)]
    said = named[0][0].get_backend().compile(ibis.union(*parts))

    def ask() -> list[dict[Any, Any]]:
        found = frame_of(named[0][0], said).set_axis(
            ["text", "many", "longest", "times", "at"], axis=1
        )
        return sorted(
            found.astype("object").where(found.notna(), None).to_dict("records"),
            key=lambda one: (one["at"], str(one["text"])),
        )

    rows = ask()
    told = {at: [*each] for at, each in groupby(rows, key=lambda one: one["at"])}
    columns = (_counted(table[name], told.get(at, ())) for at, (table, name) in enumerate(named))
    keys: list[str] = []
    return [
        Stored(
            file=name,
            sheet="",
            headings=[tidy(one) for one in table.columns],
            columns=[next(columns) for _ in table.columns],
            rows=np.zeros(0, dtype=np.int64),
            report=report,
            source=table,
            key=next((one for one in table.columns if known.column(one) == CASE_ID), ""),
            keys=keys,
            told=rows,
            ask=ask,
        )
        for name, table in tables.items()
    ]


def _values(table: Any, name: str, known: Vocabulary) -> Any:
    """Return the question for the different values of a column, how often each stands."""
    text, meant = in_text(table[name]), known.column(name) or known.question(name)
    if meant == CASE_ID or (not meant and personal_heading(name)):
        text = (text == "").ifelse("", GIVEN)
    most, longest = KNOWN if meant else (MOST_OWN_VALUES, LONGEST_OWN_VALUE)
    few = (_.many <= most) & (_.longest <= longest)
    each = table.select(text=text).group_by("text").aggregate(times=_.count())
    return (
        each.mutate(many=(_.text != "").sum().over(), longest=_.text.length().max().over())
        .mutate(text=few.ifelse(_.text, ibis.null("string")))
        .group_by(["text", "many", "longest"])
        .aggregate(times=_.times.sum())
    )


def _counted(column: Any, rows: Sequence[Mapping[str, Any]]) -> Counted:
    """Return a column of the rows that tell of it."""
    midnight = " 00:00:00" if column.type().is_timestamp() else ""
    told = {row["text"]: int(row["times"]) for row in rows if row["text"] is not None}
    raw = [*told]
    texts = Texts(np.arange(len(raw)), raw).mapped(lambda one: tidy(one.removesuffix(midnight)))
    return Counted(
        texts.codes,
        texts.values,
        raw=raw,
        times=[*told.values()],
        many=len(texts.filled) if told else int(max((row["many"] for row in rows), default=0)),
        longest=max((row["longest"] for row in rows), default=0),
        cells=int(sum(row["times"] for row in rows)),
        looks=lambda: _looks(in_text(column)),
    )


def _looks(text: Any) -> str | None:
    """Return what a column's texts look like that identifies a person, found in the engine."""
    told = {kind: text.re_search(one).any() for kind, one in LOOK_IN_AN_ENGINE.items()}
    told["a name"] |= text.re_extract(TWO_NAMES, 1).lower().isin(sorted(forenames())).any()
    found = asked(text.as_table().aggregate(**told))[0]
    return next(filter(found.get, told), None)
