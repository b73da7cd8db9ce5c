"""Cases as small whole numbers: one row a case, one column a question or need. Counting a filter's cases is then quick."""

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.errors import DataProblem
from hmip_kit.schema import ANSWERS, FRAMES, NEED_FLAGS, NEEDS, NOT_RECORDED, in_order

Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
YES_CODE, NO_CODE, NOT_APPLICABLE_CODE = range(len(ANSWERS))
MISSING_CODE = -1


def ordered(frames: Mapping[str, pd.DataFrame], named: list[str]) -> dict[str, pd.DataFrame]:
    """Return every frame of the schema, with what the whole sample has as categoricals in the order in which it is shown.

    Absent frames come back without rows. Questions stand in the order of `named`, then others by name. Raises `DataProblem` where an
    answer or a need is about a case that is not among the cases.
    """
    full = {name: frames.get(name, _empty(name)) for name in FRAMES} | dict(frames)
    cases, answers, needs = full["cases"], full["answers"], full["needs"]
    questions = named + sorted(set(answers["question"].unique()) - set(named))
    needed = [need for need in NEEDS if len(needs)] + sorted(
        set(needs["need"].unique()) - set(NEEDS)
    )
    return full | {
        "cases": cases.assign(
            **{name: _characteristic(cases[name]) for name in cases.columns.drop("case_id")}
        ),
        "answers": answers.assign(
            case_id=_of_cases(answers, cases),
            question=categorical(answers["question"], questions),
            answer=categorical(answers["answer"], list(ANSWERS)),
        ),
        "needs": needs.assign(
            case_id=_of_cases(needs, cases), need=categorical(needs["need"], needed)
        ),
    }


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series(dtype="str") for column in FRAMES[name]})


def _of_cases(rows: pd.DataFrame, cases: pd.DataFrame) -> pd.Series:
    ids = categorical(rows["case_id"], cases["case_id"].tolist())
    if ids.isna().any():
        raise DataProblem(
            f"{int(ids.isna().sum())} rows are about a case that is not among the cases"
        )
    return ids


def _characteristic(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.CategoricalDtype) and not values.isna().any():
        return values
    filled = values.astype("str").fillna(NOT_RECORDED)
    return categorical(filled, in_order(str(values.name), set(filled.unique())))


def categorical(values: pd.Series, categories: list[str]) -> pd.Series:
    """Return values as a categorical with these categories in this order; a value outside them becomes missing."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.set_categories(categories)
    known = pd.Index(categories, dtype="str")
    codes = known.get_indexer(pd.Index(values.astype("str")))
    return pd.Series(pd.Categorical.from_codes(codes, known), index=values.index, name=values.name)


def answer_codes(answers: pd.DataFrame, shape: tuple[int, int]) -> Codes:
    """Return one row per case and one column per question: 0 Yes, 1 No, 2 Not applicable, -1 not recorded.

    `answers` has `case_id`, `question` and `answer` as categoricals of the cases, the questions and the allowed answers.
    """
    codes = np.full(shape, MISSING_CODE, dtype=np.int8)
    codes[answers["case_id"].cat.codes, answers["question"].cat.codes] = answers["answer"].cat.codes
    return codes


def need_codes(needs: pd.DataFrame, shape: tuple[int, int]) -> dict[str, Codes]:
    """Return, per flag of a need, one row per case and one column per need: 1 true, 0 false, -1 not recorded."""
    return {flag: _flag_codes(needs, flag, shape) for flag in NEED_FLAGS}


def _flag_codes(needs: pd.DataFrame, flag: str, shape: tuple[int, int]) -> Codes:
    codes = np.full(shape, MISSING_CODE, dtype=np.int8)
    if flag in needs:
        values = (
            needs[flag]
            .astype("boolean")
            .astype("Int8")
            .fillna(MISSING_CODE)
            .to_numpy(dtype=np.int8)
        )
        codes[needs["case_id"].cat.codes, needs["need"].cat.codes] = values
    return codes


def fingerprint(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the SHA-256 of frames: their names, columns and values, in order."""
    digest = sha256()
    for name, frame in frames.items():
        digest.update(f"{name}{list(frame.columns)}".encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()
