"""Cases in an engine, counted there: the second form of `Cases`.

One wide table, a row a case and a column of small whole numbers a question, need and
characteristic, is written there once, and only sums over it come back. What was summed is kept by
the combinations of characteristics, so that a filter by these asks the engine nothing again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.cases import BY_NEED, YES_CODE, Grouped, Mask, Truth, by_group, has, places
from hmip_kit.counts import ANSWERED
from hmip_kit.doors import STAY
from hmip_kit.engine import frame_of
from hmip_kit.errors import NotInData
from hmip_kit.schema import NEED, NOT_RECORDED
from hmip_kit.settings import MOST_COMBINATIONS

Group = tuple[str, "pd.Index[Any]"]  # what tells the engine a group's place, and the groups
Sums = npt.NDArray[np.int64]
NOTHING, NOUGHT = "nothing", "nought"  # columns that are -1, and 0, for every case
EVERYONE = f"{NOTHING} < 0"


@dataclass(frozen=True)
class Held:
    """What holds of some cases: those of the combinations in `mask` of which `rest` holds.

    Either is none where it leaves out no case; `whole` says both to the engine.
    """

    cases: "InEngine"
    whole: str
    mask: Mask | None = None
    rest: str | None = None

    def __and__(self, other: "Held") -> "Held":
        """Return that both hold."""
        mask = other.mask if self.mask is None else self.mask
        if self.mask is not None and other.mask is not None:
            mask = self.mask & other.mask
        rest = " AND ".join(filter(None, (self.rest, other.rest))) or None
        return Held(self.cases, f"({self.whole} AND {other.whole})", mask, rest and f"({rest})")

    def __or__(self, other: "Held") -> "Held":
        """Return that one of them holds, or both."""
        either = f"({self.whole} OR {other.whole})"
        if self.mask is None or other.mask is None or self.rest or other.rest:
            return Held(self.cases, either, rest=either)
        return Held(self.cases, either, self.mask | other.mask)

    def __invert__(self) -> "Held":
        """Return that it does not hold."""
        other = f"(NOT {self.whole})"
        if self.mask is None or self.rest:
            return Held(self.cases, other, rest=other)
        return Held(self.cases, other, ~self.mask)

    def sum(self) -> int:
        """Return of how many cases it holds."""
        return int(self.cases.count({"": self})[""].sum())

    def any(self) -> bool:
        """Return whether it holds of any case."""
        return self.sum() > 0


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of cases in an engine, which understands == and >=.

    `column` is what the engine calls it. Of a characteristic `values` are its own, and `codes`
    those of the combinations, where these are known.
    """

    cases: "InEngine"
    column: str
    values: tuple[str, ...] = ()
    codes: npt.NDArray[Any] | None = None

    def __eq__(self, value: object) -> Held:  # type: ignore[override]
        """Return of which cases it is the `value`."""
        code: Any = value
        if self.values:
            code = self.values.index(value) if value in self.values else len(self.values)
        said = f"{self.column} = {code}"
        if self.codes is not None:
            return Held(self.cases, said, self.codes == code)
        return Held(self.cases, said, rest=said)

    def __ge__(self, value: int) -> Held:
        """Return of which cases it is the `value` or more."""
        said = f"{self.column} >= {value}"
        return Held(self.cases, said, rest=said)

    def __array__(self, *_: object, **__: object) -> npt.NDArray[Any]:
        """Raise `NotInData`: single cases stay where they are."""
        raise NotInData(STAY)


class Combinations:
    """How many cases each combination of some columns has, and of how many of them what holds.

    `columns` has, per name of a group, what tells the engine its place, and the groups. What is
    `said` is asked at once; where there are more than `most` combinations it is not kept.
    """

    def __init__(
        self, table: Any, columns: Mapping[str, Group], said: Sequence[str], most: int = 0
    ) -> None:
        self._table, self._columns = table, columns
        self._known: dict[str, Sums] = {}
        first = list(dict.fromkeys((EVERYONE, *said)))
        rows = self._summed(first, most + 1 if most else None)
        self.fits = not most or len(rows) <= most
        if self.fits:
            self._index = self._at(rows).sort_values()
            self._keep(rows, first)

    @cached_property
    def groups(self) -> dict[str, Grouped]:
        """Return, per combination, the place of each of its groups, and the groups."""
        return {
            name: (self._index.get_level_values(level).to_numpy(np.intp), labels)
            for level, (name, (_, labels)) in enumerate(self._columns.items())
        }

    @property
    def size(self) -> int:
        """Return how many combinations there are."""
        return len(self._index)

    def sums(self, said: Sequence[str]) -> list[Sums]:
        """Return of how many cases of each combination holds what is `said`, asking once."""
        new = list(dict.fromkeys(one for one in said if one not in self._known))
        if new:
            self._keep(self._summed(new), new)
        return [self._known[one] for one in said]

    def _summed(self, said: Sequence[str], most: int | None = None) -> pd.DataFrame:
        """Return a row per combination with its codes and sums, in columns called by numbers."""
        codes = [f"{one} AS g{place}" for place, (one, _) in enumerate(self._columns.values())]
        sums = [f"COUNT(CASE WHEN {one} THEN 1 END) AS s{at}" for at, one in enumerate(said)]
        by = f" GROUP BY {', '.join(one for one, _ in self._columns.values())}" if codes else ""
        limit = "" if most is None else f" LIMIT {most}"
        table, what = self._table.get_name(), ", ".join((*codes, *sums))
        return frame_of(self._table, f"SELECT {what} FROM {table}{by}{limit}")  # noqa: S608

    def _at(self, rows: pd.DataFrame) -> pd.MultiIndex:
        codes = [rows[f"g{place}"].to_numpy(np.intp) for place in range(len(self._columns))]
        return pd.MultiIndex.from_arrays(codes or [np.zeros(len(rows), dtype=np.intp)])

    def _keep(self, rows: pd.DataFrame, texts: Sequence[str]) -> None:
        at = self._index.get_indexer(self._at(rows))
        for place, text in enumerate(texts):
            sums = np.zeros(self.size, dtype=np.int64)
            sums[at] = rows[f"s{place}"].to_numpy(np.int64)
            self._known[text] = sums


class InEngine:
    """The cases of a whole sample, in an engine.

    `table` is the wide one; `questions` and `needs` are in the order shown, with those that nobody
    answered or has; `columns` tells what the table calls each that is there, and `values` has those
    of each characteristic.
    """

    def __init__(
        self,
        table: Any,
        questions: Sequence[str],
        needs: Sequence[str],
        values: Mapping[str, Sequence[str]],
        columns: Mapping[str, str],
    ) -> None:
        self.table = table
        self.questions, self.needs = list(questions), list(needs)
        self._columns, self._values = columns, {name: (*one,) for name, one in values.items()}
        self._grids: dict[tuple[str, ...], Combinations] = {}
        there = [one for one in self.questions if f"answer/{one}" in columns]
        usual = [make(self.answer(one)).whole for one in there for make in ANSWERED.values()]
        groups = {name: self._group(name) for name in values}
        self.whole = Combinations(table, groups, usual, MOST_COMBINATIONS)
        self.size = self.everyone().sum()

    def everyone(self) -> Held:
        """Return what holds of every case."""
        fits = self.whole.fits
        return Held(self, EVERYONE, np.ones(self.whole.size, dtype=bool) if fits else None)

    def answer(self, question: str) -> Coded:
        """Return the answers to a `question`: 0 Yes, 1 No, 2 Not applicable, -1 not recorded."""
        return Coded(self, self._columns.get(f"answer/{question}", NOTHING))

    def flag(self, need: str, flag: str) -> Coded:
        """Return a `flag` of a `need`: 1 true, 0 false, -1 not recorded."""
        return Coded(self, self._columns.get(f"need/{need}/{flag}", NOTHING))

    def value(self, name: str) -> Coded:
        """Return the values of the characteristic `name`; not recorded where there is none."""
        values = self._values.get(name, (NOT_RECORDED,))
        codes = None
        if self.whole.fits and name in self._values:
            codes = self.whole.groups[name][0]
        elif self.whole.fits:
            codes = np.zeros(self.whole.size, dtype=np.intp)
        return Coded(self, self._columns.get(name, NOUGHT), values, codes)

    def count(
        self,
        truths: Mapping[str, Truth],
        by: Sequence[str] = (),
        where: Truth = None,
        observed: bool = False,
    ) -> pd.DataFrame:
        """Return in how many cases each of the `truths` holds: see `Cases.count`.

        `by`, `where` and `observed` are as there.
        """
        held = [one if where is None else one & where for one in truths.values()]
        known = self.whole.fits and {*by} <= {*self._values}
        grid = self.whole if known else self._grid(tuple(by))
        said = [(one.rest or EVERYONE) if known else one.whole for one in held]
        sums = [
            sums if not known or one.mask is None else sums * one.mask
            for sums, one in zip(grid.sums(said), held, strict=True)
        ]
        if not by:
            return pd.DataFrame([[int(one.sum()) for one in sums]], columns=[*truths])
        groups = {name: grid.groups[name] for name in by}
        at, place = places(groups, observed)
        numbers = np.zeros((at.shape[1], len(sums)), dtype=np.int64)
        for column, one in enumerate(sums):
            np.add.at(numbers[:, column], place, one)
        return by_group(numbers, [*truths], groups, at)

    def tabulated(
        self, numbers: Mapping[str, Sequence[Truth]], by: Sequence[str], where: Truth = None
    ) -> pd.DataFrame:
        """Return how many cases have some `numbers`, by group: see `Cases.tabulated`.

        `by` and `where` are as there.
        """
        columns = {name: self._group(name) for name in by}
        told = [one for one, _ in columns.values()]
        for truths in numbers.values():
            digits = enumerate(one.whole for one in truths)
            told.append(
                " + ".join(f"CASE WHEN {one} THEN {1 << at} ELSE 0 END" for at, one in digits)
            )
        among = "" if where is None else f" WHERE {where.whole}"
        places = ", ".join(str(place + 1) for place in range(len(told)))
        what = (
            f"SELECT {', '.join(told)}, COUNT(*) FROM {self.table.get_name()}{among} "  # noqa: S608
            f"GROUP BY {places}"
        )
        rows = frame_of(self.table, what).set_axis([*by, *numbers, "cases"], axis=1)
        for name, (_, labels) in columns.items():
            rows[name] = pd.Categorical.from_codes(rows[name].to_numpy(np.intp), labels)
        return rows

    def _grid(self, by: tuple[str, ...]) -> Combinations:
        if by not in self._grids:
            self._grids[by] = Combinations(self.table, {name: self._group(name) for name in by}, [])
        return self._grids[by]

    def told(self) -> pd.DataFrame:
        """Return what was counted at opening: the same cases give the same."""
        there = [one for one in self.questions if f"answer/{one}" in self._columns]
        yes = {one: self.answer(one) == YES_CODE for one in there}
        return self.count({"size": self.everyone()} | yes)

    def _group(self, name: str) -> Group:
        """Return what tells the engine a group's place, and the groups."""
        if name.startswith(BY_NEED):
            needed: Held = has(self, NEED, (name.removeprefix(BY_NEED),))
            return f"CASE WHEN {needed.whole} THEN 1 ELSE 0 END", pd.Index([0, 1])
        labels = pd.Index([*self._values.get(name, (NOT_RECORDED,))], dtype="str")
        return self._columns.get(name, NOUGHT), labels
