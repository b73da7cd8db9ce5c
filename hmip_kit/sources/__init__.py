"""Ways in: a bundled inspection by its name, or a file or folder of one's own cases."""

from pathlib import Path
from typing import TYPE_CHECKING

from hmip_kit.errors import DataProblem
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import folders, inspection_named, trials

if TYPE_CHECKING:
    import pandas as pd


def load(
    name_or_path: str | Path = "",
    drop_identifiers: bool = False,
    population: int | None = None,
    *,
    cases: "pd.DataFrame | None" = None,
    answers: "pd.DataFrame | None" = None,
    needs: "pd.DataFrame | None" = None,
) -> Inspection:
    """Return a bundled inspection or set of practice cases, or the user's own cases.

    Parameters
    ----------
    name_or_path : str or Path
        A bundled name, or a file or folder. A file is CSV, XLSX, ODS or Parquet; a workbook's
        sheets, or a folder's files, are one table each: cases, answers, needs. Answers stand in
        rows (`case_id, question, answer`) or in a column per question.
    drop_identifiers : bool
        Whether columns that identify a person are dropped; else they are a problem.
    population : int, optional
        How many cases those of the file were drawn from, where that is known: every interval of
        the whole sample then covers only the cases not drawn.

    cases, answers, needs : DataFrame, optional
        In place of a name or path: frames, which are checked as the tables of a file are. A page
        for sharing needs a file.

    Returns
    -------
    Inspection
        What was taken as what is in `show.file_read()`. A file without rows gives an inspection
        without cases.

    Raises
    ------
    DataProblem
        With every problem at once; also for a population under the number of cases.
    UnknownName
        For a name that is neither bundled nor a file.

    Examples
    --------
    >>> load("lewisham-bromley-2022").identity["score"]
    4
    """
    frames = {"cases": cases, "answers": answers, "needs": needs}
    given = {name: frame for name, frame in frames.items() if frame is not None}
    if given and str(name_or_path):
        raise DataProblem("give a name or path, or frames: not both")
    if str(name_or_path) in folders() or not (given or str(name_or_path)):
        return inspection_named(str(name_or_path))
    from hmip_kit.sources.own import check, check_frames
    from hmip_kit.sources.own.files import READERS

    path = trials().get(str(name_or_path), Path(name_or_path))
    there = given or len(path.parts) > 1 or path.exists() or path.is_symlink()
    if not there and path.suffix.casefold() not in READERS:
        return inspection_named(str(name_or_path))  # which says what there is
    checked = check_frames(given, drop_identifiers) if given else check(path, drop_identifiers)
    found = checked.accepted()
    if population is None:
        return found
    identity = {**found.identity, "population": population}
    return Inspection(found.name, identity, found.framework, found.frames, found.cases_are)
