"""The tables of a database, checked there and opened: an inspection whose cases stay in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.cases import categorical, ordered
from hmip_kit.engine import answering, asked, connected
from hmip_kit.engine.cases import InEngine
from hmip_kit.engine.columns import stored
from hmip_kit.engine.wide import table_of, wide_of
from hmip_kit.errors import NotShared, UnknownName, unknown
from hmip_kit.settings import level_in_force
from hmip_kit.sources.own import Checked, Read, Taken, checked_as, note_doubles, read_as
from hmip_kit.sources.own.files import IDENTITY, said_in
from hmip_kit.sources.own.frames import Ids
from hmip_kit.sources.own.headings import CASE_ID, NEEDED, matched
from hmip_kit.sources.own.table import Opened
from hmip_kit.sources.problems import Report, refusal

KINDS = ("cases", "answers", "needs")
INSPECTION, MOST_SAID = "inspection", 50  # a table of what is said of the inspection, and its rows
UNIT = (
    "a page for the unit only carries a record a case, and these cases stay in a database: make it "
    "of a file"
)
CHANGED = "changed while it was read: load it again when nobody writes to it"


def check_database(
    where: Any, tables: Mapping[str, str], drop_identifiers: bool = False
) -> Checked:
    """Return what a check of the database `where` a person says finds: see `check`.

    `where` is a connection, an address or a folder of Parquet; `tables` says what its tables are
    called; `drop_identifiers` is as for `check`. Raises `NotShared` while a page for the unit only
    is made.
    """
    if level_in_force() == "unit":
        raise NotShared(UNIT)
    named = isinstance(where, str | Path)
    file = Path(str(where).partition("?")[0] if named else where.name)
    if named and file.is_dir():
        connection, read = connected("duckdb://"), sorted(file.glob("*.parquet"))
        held = {one.stem: connection.read_parquet(one) for one in read}
        said = said_in(file / IDENTITY).said if (file / IDENTITY).exists() else {}
    else:
        held, said = _tables(connected(str(where)) if named else where, tables)

    def opener(_: Path, known: Any, report: Report) -> Opened:
        return Opened(list(stored(held, known, report)), said)

    return checked_as(file, lambda: read_as(file, drop_identifiers, opener=opener), _taken)


def _tables(connection: Any, tables: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the tables of a `connection` by their names, and what it says of the inspection.

    `tables` has their names where these are not cases, answers and needs; one with its schema goes
    as `schema.table`. Raises `UnknownName` for one that is not there.
    """
    with answering():
        there = connection.list_tables()
    for kind in tables:
        if kind not in KINDS:
            raise unknown("kind of table", kind, KINDS)
    wanted = {kind: kind for kind in KINDS if kind in there} | dict(tables)
    if not wanted:
        raise UnknownName(
            f"no table is called {', '.join(KINDS)}: say what yours are called, as in "
            "load(address, cases='...', answers='...'); "
            f"there are: {', '.join(there)}"
        )
    held = {name: _table(connection, name, there) for name in wanted.values()}
    told = _table(connection, INSPECTION, there) if INSPECTION in there else None
    rows = asked(told.limit(MOST_SAID)) if told is not None and len(told.columns) == 2 else []
    pairs = (map(str, row.values()) for row in rows)
    return held, {name.casefold(): text for name, text in pairs}


def _table(connection: Any, name: str, there: Sequence[str]) -> Any:
    database, _, table = name.rpartition(".")
    if not database and table not in there:
        raise unknown("table", name, there)
    with answering():
        return connection.table(table, database=database or None)


def _taken(file: Path, read: Read) -> Taken:
    """Return the cases that stay where they are, with frames without rows; none with a problem."""
    opened, framework, known, report = read
    tables: Any = opened.tables
    found = [matched(one, known, len(tables) == 1) for one in tables]
    note_doubles(found)
    if any(not {CASE_ID, *NEEDED.get(one.kind, ())} <= one.columns.keys() for one in found):
        return {}, Ids((), ()), None
    wide = wide_of(found, known)
    if report.problems:
        return {}, Ids((), ()), None
    table = table_of(wide)
    again = stored({one.file: one.source for one in tables}, known, Report())
    for one, now in zip(tables, again, strict=True):
        if [each.counted for each in one.columns] != [each.counted for each in now.columns]:
            raise refusal(one.file, CHANGED)
    questions = [*framework.asked, *sorted({*wide.questions} - {*framework.asked})]
    cases = InEngine(table, questions, wide.needs, wide.values, wide.columns)
    return frames_without_rows(cases), Ids((), ()), cases


def frames_without_rows(cases: InEngine) -> dict[str, pd.DataFrame]:
    """Return the frames of `cases`, with their values and no row.

    And a frame `sums` of what was counted of them: the same cases give the same.
    """
    values = {name: pd.Categorical([], [*one]) for name, one in cases.values.items()}
    ids = pd.DataFrame({CASE_ID: pd.Series([], dtype="str")} | values)
    frames = ordered({"cases": ids}, cases.questions)
    frames["needs"] = frames["needs"].assign(need=categorical(frames["needs"]["need"], cases.needs))
    return frames | {"sums": cases.told()}
