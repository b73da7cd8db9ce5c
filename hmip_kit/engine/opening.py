"""The tables of a database, checked there and opened: an inspection whose cases stay in it.

One wide table is made there: a row a case, and a column of small whole numbers a characteristic, a
question and a flag of a need. Rows that are wrong are told by the keys of their cases.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
from ibis import _

from hmip_kit.cases import categorical, ordered
from hmip_kit.engine import answering, asked, connected, written
from hmip_kit.engine.cases import FIXED, InEngine
from hmip_kit.engine.columns import stored
from hmip_kit.errors import NotShared, UnknownName, unknown
from hmip_kit.schema import ANSWERS, NEED, NEED_FLAGS, NEEDS, NO, YES
from hmip_kit.settings import CASES_SETTING, level_in_force
from hmip_kit.sources.own import Checked, Read, Taken, checked_as, note_doubles, read_as
from hmip_kit.sources.own.files import IDENTITY, said_in
from hmip_kit.sources.own.frames import (
    ALONE,
    ANSWERED,
    GIVEN,
    Ids,
    characteristics_of,
    questions_of,
)
from hmip_kit.sources.own.headings import CASE_ID, NEEDED, Matched, Vocabulary, matched
from hmip_kit.sources.own.identifiers import shown
from hmip_kit.sources.own.table import Opened, Texts
from hmip_kit.sources.own.values import settled
from hmip_kit.sources.problems import MOST_ROWS, Report, refusal

KINDS = ("cases", "answers", "needs")
INSPECTION, MOST_SAID = "inspection", 50  # a table of what is said of the inspection, and its rows
UNIT = (
    "a page for the unit only carries a record a case, and these cases stay in a database: make it "
    "of a file"
)
OTHERS = "these are not the cases that this page is on record with, or somebody changed them since"
CHANGED = "changed while it was read: load it again when nobody writes to it"
STANDS = "stand more than once", "stands {} times"
AGAIN = {  # what may not stand again, in a table of this kind, and how it is said
    "cases": (CASE_ID, *STANDS),
    "wide": (CASE_ID, *STANDS),
    "answers": ("question", *ANSWERED),
    "needs": (NEED, *GIVEN),
}
# Rows that are wrong, in which column, what is wrong with them, and what is said of one.
Fault = tuple[Any, int, str, Callable[[Mapping[str, Any]], str]]
Codes = Mapping[str, tuple[int, Any]]  # of each name the place of a column, and codes of its texts


def check_database(
    where: Any, tables: Mapping[str, str | None], drop_identifiers: bool = False
) -> Checked:
    """Return what a check of the database `where` a person says finds: see `check`.

    `where` is a connection, an address or a folder of Parquet; `tables` says what its tables are
    called; `drop_identifiers` is as for `check`. Raises `NotShared` while a page for the unit only
    is made, or one for sharing of other cases.
    """
    if level_in_force() == "unit":
        raise NotShared(UNIT)
    named = isinstance(where, str | Path)
    file = Path(str(where).partition("?")[0] if named else where.name)
    if named and file.is_dir():
        connection, said = connected("duckdb://"), file / IDENTITY
        held = {one.stem: connection.read_parquet(one) for one in sorted(file.glob("*.parquet"))}
        opened = Opened(said=said_in(said).said if said.exists() else {})
    else:
        held, opened = _tables(connected(str(where)) if named else where, tables)

    def opener(_: Path, known: Vocabulary, report: Report) -> Opened:
        return Opened([*stored(held, known, report)], opened.said)

    checked = checked_as(file, lambda: read_as(file, drop_identifiers, opener=opener), _taken)
    on_record, found = os.environ.get(CASES_SETTING), checked.inspection
    if on_record and found and found.fingerprint != on_record:
        raise NotShared(f"{file.name}: {OTHERS}")
    return checked


def _tables(connection: Any, tables: Mapping[str, str | None]) -> tuple[dict[str, Any], Opened]:
    """Return the tables of a `connection` by their names, and what it says of the inspection.

    `tables` has their names where these are not cases, answers and needs; one with its schema goes
    as `schema.table`. Raises `UnknownName` for one that is not there.
    """
    with answering():
        there = connection.list_tables()
    wanted = [tables.get(kind) or kind for kind in KINDS if tables.get(kind) or kind in there]
    if not wanted:
        raise UnknownName(
            f"no table is called {', '.join(KINDS)}: say what yours are called, as in "
            "load(address, cases='...', answers='...'); "
            f"there are: {', '.join(there)}"
        )
    told = _table(connection, INSPECTION, there) if INSPECTION in there else None
    pairs = asked(told.limit(MOST_SAID)) if told is not None and len(told.columns) == 2 else []
    said = [[*map(str, row.values())] for row in pairs]
    held = {name: _table(connection, name, there) for name in wanted}
    return held, Opened(said={name.casefold(): text for name, text in said})


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
    whole = all({CASE_ID, *NEEDED.get(one.kind, ())} <= one.columns.keys() for one in found)
    wide = wide_of(found, known) if whole else Wide()
    if report.problems:
        return {}, Ids((), ()), None
    table = written(wide.table())
    again = stored({one.file: one.source for one in tables}, known, Report())
    before, now = (
        [each.counted for one in both for each in one.columns] for both in (tables, again)
    )
    if before != now:
        raise refusal(file.name, CHANGED)
    answers = {one.removeprefix("answer/") for one in wide.columns if one.startswith("answer/")}
    questions = [*framework.asked, *sorted(answers - {*framework.asked})]
    needs = NEEDS if any(one.startswith("need/") for one in wide.columns) else ()
    cases = InEngine(table, questions, needs, wide.values, wide.columns)
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


@dataclass
class Wide:
    """The wide table as it is put together.

    `columns` tells what it calls each question, flag and characteristic, and `values` has those of
    each of the last. The `parts`, a row a case each, are joined to that of the cases, else to all
    that are named; `rows` are those of which there are several a case, with what they go by.
    """

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, tuple[Any, Sequence[str]]] = field(default_factory=dict)

    def named(self, what: str) -> str:
        """Return what the table calls the column of `what`."""
        return self.columns.setdefault(what, f"c{len(self.columns)}")

    def base(self) -> Any:
        """Return the cases that there are."""
        if "cases" in self.parts:
            return self.parts["cases"]
        ids = ibis.union(*(part.select("case") for part in self.parts.values()))
        return ids.filter(_.case != "").distinct()

    def table(self) -> Any:
        """Return the table; -1 is what is not recorded."""
        joined = self.base()
        for kind, part in self.parts.items():
            if kind != "cases":
                joined = joined.left_join(part, "case", rname=f"{{name}}_{kind}")
        codes = {name: joined[name].fill_null(-1).cast("int16") for name in self.columns.values()}
        return joined.select("case", **codes, **FIXED)


def wide_of(tables: Sequence[Matched], known: Vocabulary) -> Wide:
    """Return what the wide table is put together of, from `tables`; `known` tells the questions.

    What is wrong with a value or a row is noted.
    """
    wide = Wide()
    size = max((len(one.table) for one in tables if one.kind == "cases"), default=0)
    for found in tables:
        if found.kind == "answers":
            wide.parts[found.kind] = _answers(wide, found, known, size)
        else:
            part = _needs if found.kind == "needs" else _in_columns
            wide.parts[found.kind] = part(wide, found)
    _note_faults([(one, fault) for one in tables for fault in _faults(wide, one)])
    return wide


def _in_columns(wide: Wide, found: Matched) -> Any:
    """Return the characteristics and the answers that stand in columns of a table, a row a case."""
    table: Any = found.table
    given = characteristics_of(found) if found.kind == "cases" else {}
    wide.values |= {name: [*one.cat.categories] for name, one in given.items()}
    places = found.columns | found.others
    codes = {
        wide.named(name): _coded(table, places[name], one.cat.codes) for name, one in given.items()
    }
    for question, place in found.questions.items():
        answer = settled(table, place, "answer").among(ANSWERS)
        codes[wide.named(f"answer/{question}")] = _coded(table, place, answer)
    return table.source.select(case=table.ids(), **codes)


def _answers(wide: Wide, found: Matched, known: Vocabulary, size: int) -> Any:
    """Return a row a case with its answers."""
    table, place, answer = found.table, found.columns["question"], found.columns["answer"]
    meant = questions_of(table, place, known, size)
    names = [*dict.fromkeys(meant.values[code] for code in meant.codes)]
    if (second := found.columns.get("second_answer")) is not None:
        table.warn("is not read where cases stay in a database", second)
    codes = {"answer/{}": (answer, settled(table, answer, "answer").among(ANSWERS))}
    return _by_case(wide, found, (place, names, meant), codes)


def _needs(wide: Wide, found: Matched) -> Any:
    """Return a row a case with its needs."""
    table, place = found.table, found.columns[NEED]
    if (blank := table.columns[place].counted.get("")) is not None:
        table.problem("no need is given", place, blank[1])
    places = {one: found.columns[one] for one in NEED_FLAGS if one in found.columns}
    codes = {
        f"need/{{}}/{flag}": (at, settled(table, at, flag).among((NO, YES)))
        for flag, at in places.items()
    }
    return _by_case(wide, found, (place, NEEDS, settled(table, place, NEED)), codes)


def _by_case(
    wide: Wide, found: Matched, what: tuple[int, Sequence[str], Texts], codes: Codes
) -> Any:
    """Return a row a case, with a column a name and code, from a table with a row each."""
    table: Any = found.table
    place, names, meant = what
    numbered = {f"k{at}": _coded(table, *one) for at, one in enumerate(codes.values())}
    by = _coded(table, place, meant.among(names))
    rows = table.source.select(case=table.ids(), what=by, **numbered)
    wide.rows[found.kind] = rows, names
    columns = {
        wide.named(form.format(name)): rows[key].max(where=rows.what == at)
        for key, form in zip(numbered, codes, strict=True)
        for at, name in enumerate(names)
    }
    return rows.group_by("case").aggregate(**columns)


def _coded(table: Any, place: int, codes: Any) -> Any:
    """Return a column as the `codes` of its texts; -1 is none of them."""
    pairs = [(raw, int(code)) for raw, code in zip(table.columns[place].raw, codes, strict=True)]
    return table.text(place).cases(*(pairs or [("", -1)]), else_=-1).cast("int16")


def _faults(wide: Wide, found: Matched) -> Iterator[Fault]:
    """Yield the rows of a table that are of no case, or say again what was said of one."""
    table: Any = found.table
    place = found.columns[CASE_ID]
    if blank := table.columns[place].counted.get(""):
        times = "" if blank[0] == 1 else f" (in {blank[0]} rows)"
        table.problem(f"no case is given{times}", place)
    ids = table.source.select(case=table.ids(), what=ibis.literal(0, "int16"))
    rows, names = wide.rows.get(found.kind, (ids, ()))
    again = rows.filter((_.case != "") & (_.what >= 0)).group_by(["case", "what"])
    named, fault, said = AGAIN[found.kind]
    yield (
        again.aggregate(times=_.count()).filter(_.times > 1),
        found.columns[named],
        fault,
        lambda row: said.format(shown(names[row["what"]]) if names else row["times"]),
    )
    if found.kind != "cases":
        alone = ids.filter(_.case != "").anti_join(wide.base(), "case")
        alone = alone.mutate(times=ibis.literal(1, "int64"))
        yield alone, place, ALONE, lambda _: ALONE.replace("are about", "is")


def _note_faults(faults: Sequence[tuple[Matched, Fault]]) -> None:
    """Note the first few rows of each of the `faults`; of many, how many there are too."""
    each = [
        rows.mutate(at=ibis.literal(at), many=_.count().over()).order_by("case").limit(MOST_ROWS)
        for at, (_found, (rows, *_rest)) in enumerate(faults)
    ]
    for row in sorted(asked(ibis.union(*each)), key=lambda one: (one["at"], one["case"])):
        found, (_rows, place, fault, say) = faults[row["at"]]
        table: Any = found.table
        if row["many"] > MOST_ROWS:
            table.problem(f"{row['many']} rows {fault}; the first {MOST_ROWS} follow", place)
        table.report.problem(table.keyed(table.place(place), row["case"]), say(row))
