"""The tables of a database, checked there and opened: an inspection whose cases stay in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.cases import categorical, ordered
from hmip_kit.engine import answering, asked, connected
from hmip_kit.engine.cases import InEngine
from hmip_kit.engine.columns import stored
from hmip_kit.engine.wide import note_rows, wide_of, written
from hmip_kit.errors import NotShared, UnknownName, unknown
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.settings import level_in_force
from hmip_kit.sources.bundled import framework_named
from hmip_kit.sources.own import FRAMEWORK, Checked, made, note_doubles
from hmip_kit.sources.own.files import IDENTITY, said_in
from hmip_kit.sources.own.headings import CASE_ID, NEEDED, QUESTIONS, Matched, Vocabulary, matched
from hmip_kit.sources.problems import MAPPING, Place, Report
from hmip_kit.sources.wording import tidy

KINDS = ("cases", "answers", "needs")
INSPECTION, MOST_SAID = "inspection", 50  # a table of what is said of the inspection, and its rows
REFUSED = {  # why no page is made of cases in a database, by its level
    "unit": "a page for the unit only carries a record a case, and these cases stay in a database:"
    " make it of a file",
    "sharing": "what was shared before of cases that stay in a database is not on record, so that"
    " no page for sharing is made of them: make it of a file",
}


def check_database(
    where: Any, tables: Mapping[str, str], drop_identifiers: bool = False
) -> Checked:
    """Return what a check of the database `where` a person says finds: see `check`.

    `where` is a connection, an address or a folder of Parquet; `tables` says what its tables are
    called; `drop_identifiers` is as for `check`.
    """
    if level := level_in_force():
        raise NotShared(REFUSED[level])
    if isinstance(where, str | Path) and Path(where).is_dir():
        folder, connection = Path(where), connected("duckdb://")
        files = {one.stem: one for one in sorted(folder.glob("*.parquet"))}
        held = {name: connection.read_parquet(one) for name, one in files.items()}
        said = said_in(folder / IDENTITY).said if (folder / IDENTITY).exists() else {}
        return check_tables(held, folder.name, said, drop_identifiers)
    address = str(where) if isinstance(where, str | Path) else ""
    connection = connected(address) if address else where
    held, said = tables_in(connection, tables)
    name = Path(address.partition("://")[2].partition("?")[0]).stem or connection.name
    return check_tables(held, name, said, drop_identifiers)


def tables_in(connection: Any, tables: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
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
    said = _table(connection, INSPECTION, there) if INSPECTION in there else None
    if said is None or len(said.columns) != 2:
        return held, {}
    rows = [[*map(str, row.values())] for row in asked(said.limit(MOST_SAID))]
    return held, {row[0]: row[1] for row in rows}


def _table(connection: Any, name: str, there: Sequence[str]) -> Any:
    database, _, table = name.rpartition(".")
    if not database and table not in there:
        raise unknown("table", name, there)
    with answering():
        return connection.table(table, database=database or None)


def check_tables(
    tables: Mapping[str, Any], name: str, said: Mapping[str, str], drop_identifiers: bool = False
) -> Checked:
    """Return what a check of `tables` of a database, by name, finds: see `check`.

    `name` is what the database is called, `said` what it says of the inspection, and
    `drop_identifiers` is as there. Without a problem its inspection has the cases in the engine.
    """
    report, told = Report(drop_identifiers), {one.casefold(): text for one, text in said.items()}
    framework, message = framework_named(FRAMEWORK), ""
    inspection: Inspection | None = None
    try:
        framework = framework_named(told.get("framework", FRAMEWORK))
    except UnknownName as error:
        report.problem(Place(name), str(error))
    own = [one for part in re.split(r"[;\n]", told.get(QUESTIONS, "")) if (one := tidy(part))]
    known = Vocabulary.of(framework).asking(own)
    held = stored(tables, known, report)
    found = [matched(one, known, len(held) == 1) for one in held]
    note_doubles(found)
    cases, frames = _opened(found, known, report, framework)
    if problems := report.problems:
        message = report.message(name)
    elif cases is not None:
        facts = {"mappings": (*report.mappings,), "warnings": (*report.warnings,)}
        made_of = made(Path(name), dict(told), framework, {}, **facts, cases_inspected=cases.size)
        inspection = replace(made_of, frames=frames, held=cases)
    return Checked(
        name=name,
        problems=problems,
        warnings=report.warnings,
        mappings=pd.DataFrame(report.mappings, columns=list(MAPPING)),
        inspection=inspection,
        subject=made(Path(name), dict(told), framework, {}),
        message=message,
    )


def _opened(
    found: Sequence[Matched], known: Vocabulary, report: Report, framework: Framework
) -> tuple[InEngine | None, dict[str, pd.DataFrame]]:
    """Return the cases and their frames without rows; none where anything is wrong."""
    needed = {one.kind: {CASE_ID, *NEEDED.get(one.kind, ())} for one in found}
    if not found or any(not needed[one.kind] <= one.columns.keys() for one in found):
        return None, {}
    wide = wide_of(found, known)
    table = written(wide)
    note_rows(wide, table, found)
    if report.problems:
        return None, {}
    questions = [*framework.asked, *sorted({*wide.questions} - {*framework.asked})]
    cases = InEngine(table, questions, wide.needs, wide.values, wide.columns)
    values = {name: pd.Categorical([], one) for name, one in wide.values.items()}
    ids = pd.DataFrame({CASE_ID: pd.Series([], dtype="str")} | values)
    frames = ordered({"cases": ids}, questions)
    frames["needs"] = frames["needs"].assign(need=categorical(frames["needs"]["need"], wide.needs))
    return cases, frames | {"sums": cases.told()}
