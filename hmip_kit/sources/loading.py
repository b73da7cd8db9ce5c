"""The one way in: a bundled inspection by its name, or a file or folder of one's own cases."""

from pathlib import Path

import pandas as pd

from hmip_kit.errors import NotShared
from hmip_kit.inspection import Inspection
from hmip_kit.level import level_in_force
from hmip_kit.sources import bundled
from hmip_kit.sources.files import ENDINGS


def load(name_or_path: str | Path, drop_identifiers: bool = False) -> Inspection:
    """Return a bundled inspection or set of practice cases by its name, or the user's own cases from a file or folder.

    A file is CSV, XLSX, ODS or Parquet; a workbook's sheets, or a folder's files, are one table each: cases, answers, needs. Answers stand
    in rows (`case_id, question, answer`) or in a column per question. What was taken as what is in `mappings`. A file without rows gives an
    inspection without cases. Raises `DataProblem` with every problem at once, also for columns that identify a person, unless
    `drop_identifiers` drops them; `UnknownName` for a name that is neither bundled nor a file,
    and `NotShared` for own cases while a page is made that is open.

    >>> load("lewisham-bromley-2022").identity["score"]
    4
    """
    path = Path(name_or_path)
    if str(name_or_path) in bundled.folders() or not _is_path(path):
        return bundled.load(str(name_or_path))
    from hmip_kit.sources.checking import check

    inspection = check(path, drop_identifiers).accepted()
    if level_in_force() == "open" and inspection.cases_are == "own":
        raise NotShared(
            f"{path.name}: your own cases are never open; ask for the level protected, or internal"
        )
    return inspection


def mappings(inspection: Inspection) -> pd.DataFrame:
    """Return what was taken as what when the user's own cases were read: `where, kind, given, taken_as, cells`; no row for bundled data.

    >>> mappings(load("practice-cases")).empty
    True
    """
    columns = ["where", "kind", "given", "taken_as", "cells"]
    return pd.DataFrame(list(inspection.identity.get("mappings", ())), columns=columns)


def second_auditor(inspection: Inspection) -> Inspection | None:
    """Return the same cases with a second auditor's answers in place of the first's; none where the file has no such answers.

    >>> second_auditor(load("practice-cases")) is None
    True
    """
    from hmip_kit.sources.answers_in import SECOND

    frames = dict(inspection.frames)
    if SECOND not in frames:
        return None
    title = f"{inspection.title}: second auditor"
    identity = {**inspection.identity, "title": title}
    frames["answers"] = frames.pop(SECOND)
    return Inspection(
        f"{inspection.name}-second-auditor",
        identity,
        inspection.framework,
        frames,
        inspection.cases_are,
    )


def _is_path(path: Path) -> bool:
    return (
        path.suffix.casefold() in ENDINGS
        or len(path.parts) > 1
        or path.exists()
        or path.is_symlink()
    )
