"""Ways in: a bundled inspection by its name, or a file or folder of one's own cases."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hmip_kit.collection import COLLECTION, Collection, collected
from hmip_kit.errors import DataProblem
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import folders, inspection_named, trials

if TYPE_CHECKING:
    import pandas as pd


def load(
    name_or_path: Any = "",
    drop_identifiers: bool = False,
    population: int | None = None,
    *,
    cases: "pd.DataFrame | str | None" = None,
    answers: "pd.DataFrame | str | None" = None,
    needs: "pd.DataFrame | str | None" = None,
) -> Inspection:
    """Return a bundled inspection or set of practice cases, or the user's own cases.

    Parameters
    ----------
    name_or_path : str, Path or connection, or several
        A bundled name, or a file or folder. A file is CSV, XLSX, ODS or Parquet; a workbook's
        sheets, or a folder's files, are one table each: cases, answers, needs. Answers stand in
        rows (`case_id, question, answer`) or in a column per question. Several names or paths, a
        folder that holds neither `inspection.toml` nor these tables, and one file with a column of
        rounds or units give a `Collection`: a member for each. A connection of Ibis, or an address
        that it takes (`duckdb:///audit.duckdb`): the cases stay in that database, and counts alone
        come back. So they do of a folder of Parquet that is large.
    drop_identifiers : bool
        Whether columns that identify a person are dropped; else they are a problem.
    population : int, optional
        How many cases those of the file were drawn from, where that is known: every interval of
        the whole sample then covers only the cases not drawn.
    cases, answers, needs : DataFrame or str, optional
        In place of a name or path: frames, which are checked as the tables of a file are. A page
        for sharing needs a file. Of a database: what its tables are called, where it is not that.

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
    tables = {"cases": cases, "answers": answers, "needs": needs}
    named = {name: one for name, one in tables.items() if isinstance(one, str)}
    given: Any = {
        one: each for one, each in tables.items() if one not in named and each is not None
    }
    if given and name_or_path:
        raise DataProblem("give a name or path, or frames: not both")
    if isinstance(name_or_path, Sequence) and not isinstance(name_or_path, str):
        return _several(name_or_path, drop_identifiers)
    if str(name_or_path) in folders() or not (given or str(name_or_path)):
        return inspection_named(str(name_or_path))
    from hmip_kit.sources.own import check, check_frames
    from hmip_kit.sources.own.files import READERS, in_database

    if not (given or in_database(name_or_path)):
        path = trials().get(str(name_or_path), Path(name_or_path))
        there = len(path.parts) > 1 or path.exists() or path.is_symlink()
        if not there and path.suffix.casefold() not in READERS:
            return inspection_named(str(name_or_path))  # which says what there is
    checked = (
        check_frames(given, drop_identifiers)
        if given
        else check(name_or_path, drop_identifiers, **named)
    )
    found = checked.accepted()
    if population is None:
        return found
    return replace(found, identity={**found.identity, "population": population})


def _several(names: Sequence[str | Path], drop: bool) -> Collection:
    """Return several inspections as one; every problem of all of them is told at once."""
    from hmip_kit.sources.problems import refused

    found, problems = list[Inspection](), list[str]()
    for one in names:
        try:
            found.append(load(one, drop))
        except DataProblem as error:
            problems += error.args[0].split("\n  ")[1:] or [error.args[0]]
    if problems:
        raise refused(COLLECTION, problems)
    return collected(COLLECTION, found)
