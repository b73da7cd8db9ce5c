"""Cases in an engine, counted there: the second form of `Cases`.

One wide table, a row a case and a column of small whole numbers a question, need and
characteristic, is written there once, and only sums over it come back. What was summed is kept by
the combinations of characteristics, so that a filter by these asks the engine nothing again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.cases import BY_NEED, Grouped, Truth, by_group, has, places
from hmip_kit.counts import ANSWERED
from hmip_kit.doors import STAY
from hmip_kit.engine import frame_of
from hmip_kit.errors import NotInData
from hmip_kit.schema import NEED, NEEDS, NOT_RECORDED
from hmip_kit.settings import MOST_COMBINATIONS

Group = tuple[str, "pd.Index[Any]"]  # what tells the engine a group's place, and the groups
NOTHING, NOUGHT = "nothing", "nought"  # columns that are -1, and 0, for every case
EVERYONE = f"{NOTHING} < 0"
FIXED = {NOTHING: ibis.literal(-1, "int16"), NOUGHT: ibis.literal(0, "int16")}


@dataclass(frozen=True)
class Held:
    """What holds of some cases: `said` to the engine.

    `mask` has the combinations whose cases these are, where it is of whole combinations.
    """

    cases: "InEngine"
    said: str
    mask: Any = None

    def __and__(self, other: "Held") -> "Held":
        """Return that both hold."""
        return self._with(other, "AND", np.logical_and)

    def __or__(self, other: "Held") -> "Held":
        """Return that one of them holds, or both."""
        return self._with(other, "OR", np.logical_or)

    def __invert__(self) -> "Held":
        """Return that it does not hold."""
        mask = None if self.mask is None else np.logical_not(self.mask)
        return Held(self.cases, f"(NOT {self.said})", mask)

    def _with(self, other: "Held", word: str, both: Callable[[Any, Any], Any]) -> "Held":
        mask = None if self.mask is None or other.mask is None else both(self.mask, other.mask)
        return Held(self.cases, f"({self.said} {word} {other.said})", mask)

    def sum(self) -> int:
        """Return of how many cases it holds."""
        return int(self.cases.count({"": self.cases.everyone()}, where=self)[""].sum())


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of cases in an engine, which understands == and >=.

    `column` is what the engine calls it. Of a characteristic `values` are its own, and `codes`
    those of the combinations, where these are known.
    """

    cases: "InEngine"
    column: str
    values: Sequence[str] = ()
    codes: npt.NDArray[Any] | None = None

    def __eq__(self, value: object) -> Held:  # type: ignore[override]
        """Return of which cases it is the `value`."""
        code = [*self.values, value].index(value) if self.values else value
        mask = None if self.codes is None else self.codes == code
        return Held(self.cases, f"{self.column} = {code}", mask)

    def __ge__(self, value: int) -> Held:
        """Return of which cases it is the `value` or more."""
        return Held(self.cases, f"{self.column} >= {value}")

    def __array__(self, *_: object, **__: object) -> npt.NDArray[Any]:
        """Raise `NotInData`: single cases stay where they are."""
        raise NotInData(STAY)


class Combinations:
    """How many cases each combination of some groups has, and of how many of them what holds.

    `groups` has, by name, what tells the engine the place of each, and the groups. What is `said`
    is asked at once; where there are more combinations than `most` they are not all `known`.
    """

    def __init__(
        self, table: Any, groups: Mapping[str, Group], said: Sequence[str], most: int = 0
    ) -> None:
        self._table, self._groups = table, groups or {"": (NOUGHT, pd.Index([0]))}
        self.known = self._summed(
            [*dict.fromkeys((EVERYONE, *said))], f" LIMIT {most + 1}" if most else ""
        ).sort_index()
        self.fits = not most or len(self.known) <= most

    @cached_property
    def groups(self) -> dict[str, Grouped]:
        """Return, per combination, the place of each of its groups, and the groups."""
        return {
            name: (self.known.index.get_level_values(level).to_numpy(np.intp), labels)
            for level, (name, (_, labels)) in enumerate(self._groups.items())
        }

    def sums(self, said: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return of how many cases of each combination holds what is `said`, asking once."""
        if new := [one for one in dict.fromkeys(said) if one not in self.known]:
            self.known = pd.concat([self.known, self._summed(new)], axis=1)
        return self.known[list(said)].to_numpy(np.int64)

    def _summed(self, said: list[str], limit: str = "") -> pd.DataFrame:
        """Return a row per combination, which it goes by, and a column for all that is `said`."""
        by = [one for one, _ in self._groups.values()]
        what = ", ".join(
            f"{one} AS c{place}"
            for place, one in enumerate(
                [*by, *(f"COUNT(CASE WHEN {one} THEN 1 END)" for one in said)]
            )
        )
        table = f"{self._table.get_name()} GROUP BY {', '.join(by)}{limit}"
        rows = frame_of(self._table, f"SELECT {what} FROM {table}")  # noqa: S608
        return rows.set_axis([*range(len(by)), *said], axis=1).set_index([*range(len(by))])


class InEngine:
    """The cases of a whole sample, in an engine.

    `table` is the wide one; `columns` tells what it calls each characteristic, question and flag of
    a need, and `values` has those of each characteristic. Questions that are `known` come first,
    with those that nobody answered.
    """

    def __init__(
        self,
        table: Any,
        columns: Mapping[str, str],
        values: Mapping[str, Sequence[str]],
        known: Iterable[str] = (),
    ) -> None:
        self.table, self.values, self.columns = table, values, columns
        there = (one.removeprefix("answer/") for one in columns if one.startswith("answer/"))
        self.questions = [*known, *sorted({*there} - {*known})]
        self.needs = [*NEEDS] if any(one.startswith("need/") for one in columns) else []
        self._grids: dict[tuple[str, ...], Combinations] = {}
        usual = [
            make(self.answer(one)).said for one in self.questions for make in ANSWERED.values()
        ]
        self.whole = Combinations(table, self._groups(values), usual, MOST_COMBINATIONS)
        self.size = self.everyone().sum()

    def everyone(self) -> Held:
        """Return what holds of every case."""
        return Held(self, EVERYONE, np.True_ if self.whole.fits else None)

    def answer(self, question: str) -> Coded:
        """Return the answers to a `question`: 0 Yes, 1 No, 2 Not applicable, -1 not recorded."""
        return Coded(self, self.columns.get(f"answer/{question}", NOTHING))

    def flag(self, need: str, flag: str) -> Coded:
        """Return a `flag` of a `need`: 1 true, 0 false, -1 not recorded."""
        return Coded(self, self.columns.get(f"need/{need}/{flag}", NOTHING))

    def value(self, name: str) -> Coded:
        """Return the values of the characteristic `name`; not recorded where there is none."""
        column, labels = self._group(name)
        codes = self.whole.groups.get(name, (np.zeros(1, dtype=np.intp), labels))[0]
        return Coded(self, column, [*labels], codes if self.whole.fits else None)

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
        known = (
            self.whole.fits
            and {*by} <= {*self.values}
            and (where is None or where.mask is not None)
        )
        grid = self.whole if known else self._grid(tuple(by))
        sums = grid.sums(
            [(one if known or where is None else one & where).said for one in truths.values()]
        )
        sums = sums * (np.reshape(where.mask, (-1, 1)) if known and where is not None else np.True_)
        if not by:
            return pd.DataFrame([sums.sum(axis=0)], columns=[*truths])
        groups = {name: grid.groups[name] for name in by}
        at, place = places(groups, observed)
        numbers = np.zeros((at.shape[1], len(truths)), dtype=np.int64)
        np.add.at(numbers, place, sums)
        return by_group(numbers, [*truths], groups, at)

    def tabulated(
        self, numbers: Mapping[str, Sequence[Truth]], by: Sequence[str], where: Truth = None
    ) -> pd.DataFrame:
        """Return how many cases have some `numbers`, by group: see `Cases.tabulated`.

        `by` and `where` are as there.
        """
        groups = self._groups(by) | {
            name: (  # a binary digit for each truth
                " + ".join(
                    f"CASE WHEN {one.said} THEN {1 << at} ELSE 0 END"
                    for at, one in enumerate(truths)
                ),
                pd.Index([]),
            )
            for name, truths in numbers.items()
        }
        held = EVERYONE if where is None else where.said
        cases = Combinations(self.table, groups, [held]).known[held]
        rows = cases[cases > 0].reset_index().set_axis([*groups, "cases"], axis=1)
        return rows.assign(
            **{name: pd.Categorical.from_codes(rows[name], groups[name][1]) for name in by}
        )

    def _grid(self, by: tuple[str, ...]) -> Combinations:
        if by not in self._grids:
            self._grids[by] = Combinations(self.table, self._groups(by), [])
        return self._grids[by]

    def _groups(self, names: Iterable[str]) -> dict[str, Group]:
        return {name: self._group(name) for name in names}

    def _group(self, name: str) -> Group:
        """Return what tells the engine a group's place, and the groups."""
        if name.startswith(BY_NEED):
            needed = has(self, NEED, (name.removeprefix(BY_NEED),)).said
            return f"CASE WHEN {needed} THEN 1 ELSE 0 END", pd.Index([0, 1])
        return self.columns.get(name, NOUGHT), pd.Index(
            [*self.values.get(name, (NOT_RECORDED,))], dtype="str"
        )
