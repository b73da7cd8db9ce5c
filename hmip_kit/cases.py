"""Where answers are kept, and the one way to count them.

`Cases` is what a tally may ask of cases, wherever they are; `InMemory` keeps them as small whole
numbers, one row a case, one column a question or need, so that counting a filter's cases is quick.
"""

import copyreg
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.errors import DataProblem
from hmip_kit.schema import ANSWERS, FRAMES, NEED, NEED_FLAGS, NEEDS, NOT_RECORDED, in_order

Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
Truth = Any  # per case, true or false: a NumPy mask, or an expression of an engine
Column = Any  # per case, a value: it understands == and >=
Places = npt.NDArray[np.intp]
Grouped = tuple[Places, "pd.Index[Any]"]  # per row the place of its group, and the groups
YES_CODE, NO_CODE, NOT_APPLICABLE_CODE = range(len(ANSWERS))
MISSING_CODE = -1
BY_NEED = "need/"  # what the name of a grouping by one need begins with


class Cases(Protocol):
    """What a tally may ask of the cases of a whole sample."""

    size: int
    questions: list[str]
    needs: list[str]

    def everyone(self) -> Truth:
        """Return true for every case."""

    def answer(self, question: str) -> Column:
        """Return the answers to a `question`: 0 Yes, 1 No, 2 Not applicable, -1 not recorded."""

    def flag(self, need: str, flag: str) -> Column:
        """Return a `flag` of a `need`: 1 true, 0 false, -1 not recorded."""

    def value(self, name: str) -> Column:
        """Return the values of the characteristic `name`, as text."""

    def count(
        self,
        truths: Mapping[str, Truth],
        by: Sequence[str] = (),
        where: Truth = None,
        observed: bool = False,
    ) -> pd.DataFrame:
        """Return in how many cases each of the `truths` holds.

        A row per combination of the groups `by` (characteristics, or "need/" and a need), else
        one; among the cases `where` something holds; `observed`: only combinations that occur.
        """

    def tabulated(
        self, numbers: Mapping[str, Sequence[Truth]], by: Sequence[str], where: Truth = None
    ) -> pd.DataFrame:
        """Return how many cases (`cases`) have which of some `numbers`, and are in which groups.

        A number has a binary digit for each of its truths, the first one being the least. Groups
        are of the characteristics `by`; only cases `where` something holds are counted. Rows that
        say the same may be several: in memory there is one a case, in the order of the cases.
        """


class InMemory:
    """The cases of a whole sample, in memory. `frames` are those that `ordered` gives."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._cases, self._answers, self._needs = (
            frames[name] for name in ("cases", "answers", "needs")
        )
        self.size = len(self._cases)
        self.questions = list(self._answers["question"].cat.categories)
        self.needs = list(self._needs["need"].cat.categories)

    def everyone(self) -> Mask:
        """Return true for every case."""
        return np.ones(self.size, dtype=bool)

    def answer(self, question: str) -> Codes:
        """Return the answers to a `question`: 0 Yes, 1 No, 2 Not applicable, -1 not recorded."""
        return np.asarray(self._coded_answers[self.questions.index(question)])

    def flag(self, need: str, flag: str) -> Codes:
        """Return a `flag` of a `need`: 1 true, 0 false, -1 not recorded."""
        return np.asarray(self._coded_needs[flag][self.needs.index(need)])

    def value(self, name: str) -> "pd.Categorical[Any]":
        """Return the values of the characteristic `name`; not recorded where there is none."""
        if name in self._cases:
            return cast("pd.Categorical[Any]", self._cases[name].array)
        nought, only = np.zeros(self.size, dtype=np.int8), pd.Index([NOT_RECORDED], dtype="str")
        return pd.Categorical.from_codes(nought, only)

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
        masks = [np.asarray(truth) for truth in truths.values()]
        if where is not None:
            kept = np.asarray(where)
            masks = [mask & kept for mask in masks]
        if not by:
            sums = np.array([[np.count_nonzero(mask) for mask in masks]], dtype=np.int64)
            return pd.DataFrame(sums, columns=[*truths])
        groups = {name: self._grouped(name) for name in by}
        at, place = places(groups, observed)
        numbers = np.empty((at.shape[1], len(masks)), dtype=np.int64)
        for column, mask in enumerate(masks):
            numbers[:, column] = np.bincount(place[mask], minlength=at.shape[1])
        return by_group(numbers, [*truths], groups, at)

    def tabulated(
        self, numbers: Mapping[str, Sequence[Truth]], by: Sequence[str], where: Truth = None
    ) -> pd.DataFrame:
        """Return a row a case with some `numbers` and its groups: see `Cases.tabulated`.

        `by` and `where` are as there.
        """
        kept = slice(None) if where is None else where
        columns: dict[str, Any] = {name: self.value(name)[kept] for name in by}
        for name, truths in numbers.items():
            digits = [truth[kept].astype(np.int64) << place for place, truth in enumerate(truths)]
            columns[name] = np.add.reduce(digits)
        return pd.DataFrame(columns).assign(cases=1)

    def _grouped(self, name: str) -> Grouped:
        """Return per case the place of its group, and the groups."""
        if name.startswith(BY_NEED):
            needed = has(self, NEED, (name.removeprefix(BY_NEED),))
            return np.asarray(needed, dtype=np.intp), pd.Index([0, 1])
        values = self.value(name)
        return values.codes.astype(np.intp), values.categories

    @cached_property
    def _coded_answers(self) -> Codes:
        codes = np.full((len(self.questions), len(self._cases)), MISSING_CODE, dtype=np.int8)
        rows = self._answers
        codes[rows["question"].cat.codes, rows["case_id"].cat.codes] = rows["answer"].cat.codes
        return codes

    @cached_property
    def _coded_needs(self) -> dict[str, Codes]:
        rows, coded = self._needs, {}
        for flag in NEED_FLAGS:
            codes = np.full((len(self.needs), len(self._cases)), MISSING_CODE, dtype=np.int8)
            if flag in rows:
                values = rows[flag].astype("boolean").astype("Int8").fillna(MISSING_CODE)
                codes[rows["need"].cat.codes, rows["case_id"].cat.codes] = values.to_numpy(np.int8)
            coded[flag] = codes
        return coded


def places(groups: Mapping[str, Grouped], observed: bool) -> tuple[Places, Places]:
    """Return the combinations of `groups`, a column each, and per row which of them it is of.

    They are all that there could be or, where `observed`, those that some row has, in order.
    """
    codes = np.stack([codes for codes, _ in groups.values()])
    if observed:  # many characteristics have more combinations than a number can tell
        found = np.unique(codes, axis=1, return_inverse=True)
        return found[0], found[1]
    shape = tuple(len(labels) for _, labels in groups.values())
    at = np.indices(shape).reshape(len(shape), -1)
    return at, np.ravel_multi_index(tuple(codes), shape)


def by_group(
    numbers: npt.NDArray[np.int64], names: list[str], groups: Mapping[str, Grouped], at: Places
) -> pd.DataFrame:
    """Return `numbers`, called by their `names`, with the combinations `at` of `groups` before."""
    found = pd.DataFrame(numbers, columns=names)
    for column, (name, (_, known)) in enumerate(groups.items()):
        values: Any = pd.Categorical.from_codes(at[column], known)
        found.insert(column, name, values)
    return found


def has(cases: Cases, name: str, values: Sequence[str]) -> Truth:
    """Return which `cases` have one of the `values` of the characteristic `name`, or need one.

    A need counts by either of its links. A value that no case has matches none.
    """
    truth = ~cases.everyone()
    for value in values:
        if name != NEED:
            truth = truth | (cases.value(name) == value)
        elif value in cases.needs:
            for link in NEED_FLAGS[:2]:
                truth = truth | (cases.flag(value, link) == 1)
    return truth


def ordered(frames: Mapping[str, pd.DataFrame], named: list[str]) -> dict[str, pd.DataFrame]:
    """Return every frame of the schema, from `frames`, with categoricals in the order shown.

    Absent frames come back without rows. Questions stand in the order of `named`, then others by
    name. Raises `DataProblem` where an answer or a need is about a case that there is not. Frames
    that an inspection holds, which are frozen, come back as they are.
    """
    if isinstance(frames, MappingProxyType):
        return dict(frames)
    full = {name: frames[name] if name in frames else _empty(name).copy() for name in FRAMES}
    full |= dict(frames)
    cases, answers, needs = full["cases"], full["answers"], full["needs"]
    questions = named + sorted(set(answers["question"].unique()) - set(named))
    known = [need for need in NEEDS if len(needs)]
    needed = known + sorted(set(needs["need"].unique()) - set(NEEDS))
    characteristics = cases.columns.drop("case_id")
    return full | {
        "cases": cases.assign(**{name: _characteristic(cases[name]) for name in characteristics}),
        "answers": answers.assign(
            case_id=_of_cases(answers, cases),
            question=categorical(answers["question"], questions),
            answer=categorical(answers["answer"], list(ANSWERS)),
        ),
        "needs": needs.assign(
            case_id=_of_cases(needs, cases), need=categorical(needs["need"], needed)
        ),
    }


@cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series(dtype="str") for column in FRAMES[name]})


def _of_cases(rows: pd.DataFrame, cases: pd.DataFrame) -> pd.Series:
    ids = categorical(rows["case_id"], cases["case_id"].tolist())
    if ids.isna().any():
        many = int(ids.isna().sum())
        raise DataProblem(f"{many} rows are about a case that is not among the cases")
    return ids


def _characteristic(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.CategoricalDtype) and not values.isna().any():
        return values
    filled = values.astype("str").fillna(NOT_RECORDED)
    return categorical(filled, in_order(str(values.name), set(filled.unique())))


def categorical(values: pd.Series, categories: list[str]) -> pd.Series:
    """Return `values` as a categorical with these `categories`; a value outside is missing."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.set_categories(categories)
    known = pd.Index(categories, dtype="str")
    codes = known.get_indexer(pd.Index(values.astype("str")))
    return pd.Series(pd.Categorical.from_codes(codes, known), index=values.index, name=values.name)


def frozen(given: Mapping[str, Any]) -> MappingProxyType[str, Any]:
    """Return what is `given` as a mapping that nobody can change; unlike Python's it pickles."""
    return MappingProxyType(dict(given))


copyreg.pickle(MappingProxyType, lambda one: (frozen, (dict(one),)))


def fingerprint(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the SHA-256 of `frames`: their names, columns and values, in order."""
    digest = sha256()
    for name, frame in frames.items():
        digest.update(f"{name}{list(frame.columns)}".encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()
