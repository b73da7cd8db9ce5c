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

from hmip_kit.cases import YES_CODE, ordered
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
from hmip_kit.sources.problems import MOST_ROWS, refusal

KINDS = ("cases", "answers", "needs")
INSPECTION, MOST_SAID = "inspection", 50  # a table of what is said of the inspection, and its rows
AGAIN = {  # what may not stand again, in a table of this kind, and how it is said
    "answers": ("question", *ANSWERED),
    "needs": (NEED, *GIVEN),
    "cases": (CASE_ID, "stand more than once", "stands {} times"),
}


def check_database(
    where: Any, tables: Mapping[str, str | None], drop_identifiers: bool = False
) -> Checked:
    """Return what a check of the database `where` a person says finds: see `check`.

    `where` is a connection, an address or a folder of Parquet; `tables` says what its tables are
    called; `drop_identifiers` is as for `check`. Raises `NotShared` while a page for the unit only
    is made, or one for sharing of other cases.
    """
    if level_in_force() == "unit":
        raise NotShared(
            "a page for the unit only carries a record a case, and these cases stay in a database: "
            "make it of a file"
        )
    named = isinstance(where, str | Path)
    file = Path(str(where).partition("?")[0] if named else where.name)
    if named and file.is_dir():
        connection, identity = connected("duckdb://"), file / IDENTITY
        held = {one.stem: connection.read_parquet(one) for one in sorted(file.glob("*.parquet"))}
        said = said_in(identity).said if identity.exists() else {}
    else:
        held, said = _tables(connected(str(where)) if named else where, tables)
    checked = checked_as(
        file,
        lambda: read_as(
            file,
            drop_identifiers,
            opener=lambda _, known, report: Opened([*stored(held, known, report)], said),
        ),
        _taken,
    )
    on_record, found = os.environ.get(CASES_SETTING), checked.inspection
    if on_record and found and found.fingerprint != on_record:
        raise NotShared(
            f"{file.name}: these are not the cases that this page is on record with, or somebody "
            "changed them since"
        )
    return checked


@answering()
def _tables(
    connection: Any, tables: Mapping[str, str | None]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the tables of a `connection` by their names, and what it says of the inspection.

    `tables` has their names where these are not cases, answers and needs; one with its schema goes
    as `schema.table`. Raises `UnknownName` for one that is not there.
    """
    there = connection.list_tables()
    wanted = [tables.get(kind) or kind for kind in KINDS if tables.get(kind) or kind in there]
    if not wanted:
        raise UnknownName(
            f"no table is called {', '.join(KINDS)}: say what yours are called, as in "
            "load(address, cases='...', answers='...'); "
            f"there are: {', '.join(there)}"
        )
    told = connection.table(INSPECTION) if INSPECTION in there else None
    rows = asked(told.limit(MOST_SAID)) if told is not None and len(told.columns) == 2 else []
    said = {str(name).casefold(): str(text) for name, text in (row.values() for row in rows)}
    for name in wanted:
        if "." not in name and name not in there:
            raise unknown("table", name, there)
    apart = {name: name.rpartition(".") for name in wanted}
    return {
        name: connection.table(one[2], database=one[0] or None) for name, one in apart.items()
    }, said


def _taken(file: Path, read: Read) -> Taken:
    """Return the cases that stay where they are, with frames without rows; none with a problem."""
    opened, framework, known, report = read
    tables: Any = opened.tables
    found = [matched(one, known, len(tables) == 1) for one in tables]
    note_doubles(found)
    size = max((len(one.table) for one in found if one.kind == "cases"), default=0)
    parts = (
        [_part(one, known, size) for one in found]
        if all({CASE_ID, *NEEDED.get(one.kind, ())} <= one.columns.keys() for one in found)
        else []
    )
    base = _note_faults(parts) if parts else None
    if report.problems:
        return {}, Ids((), ()), None
    columns, table = _joined(base, parts)
    if tables[0].told != tables[0].ask():
        raise refusal(
            file.name, "changed while it was read: load it again when nobody writes to it"
        )
    cases = InEngine(
        table, columns, next((one.values for one in parts if one.values), {}), framework.asked
    )
    return frames_without_rows(cases), Ids((), ()), cases


def frames_without_rows(cases: InEngine) -> dict[str, pd.DataFrame]:
    """Return the frames of `cases`, with their values and no row.

    And a frame `sums` of what was counted of them: the same cases give the same.
    """
    ids = pd.DataFrame(
        {CASE_ID: pd.Series([], dtype="str")}
        | {name: pd.Categorical([], [*one]) for name, one in cases.values.items()}
    )
    return ordered({"cases": ids}, cases.questions) | {
        "sums": cases.count({one: cases.answer(one) == YES_CODE for one in cases.questions})
    }


@dataclass
class Piece:
    """What a table `found` gives to the wide one: `rows` with the id of each case.

    They say `what` of their case, a place among `names` where there are several a case, and
    `columns` make one row of them; `values` has those of each characteristic.
    """

    found: Any
    rows: Any
    columns: Mapping[str, Any]
    names: Sequence[str] = ()
    values: dict[str, list[str]] = field(default_factory=dict)


def _part(found: Matched, known: Vocabulary, size: int) -> Piece:
    """Return what a table gives to the wide one, of whose cases there are as many as `size`.

    What is wrong with a value is noted.
    """
    table, columns = found.table, found.columns
    if found.kind == "answers":
        place, answer = columns["question"], columns["answer"]
        meant = questions_of(table, place, known, size)
        if (second := columns.get("second_answer")) is not None:
            table.warn("is not read where cases stay in a database", second)
        return _by_case(
            found,
            place,
            [*dict.fromkeys(meant.values[code] for code in meant.codes)],
            meant,
            {"answer/{}": (answer, "answer", ANSWERS)},
        )
    if found.kind == "needs":
        place = columns[NEED]
        if (blank := table.columns[place].counted.get("")) is not None:
            table.problem("no need is given", place, blank[1])
        return _by_case(
            found,
            place,
            NEEDS,
            settled(table, place, NEED),
            {
                f"need/{{}}/{one}": (columns[one], one, (NO, YES))
                for one in NEED_FLAGS
                if one in columns
            },
        )
    given = characteristics_of(found) if found.kind == "cases" else {}
    coded = {
        name: ((columns | found.others)[name], one.cat.codes) for name, one in given.items()
    } | {
        f"answer/{question}": (place, settled(table, place, "answer").among(ANSWERS))
        for question, place in found.questions.items()
    }
    rows = _rows(found, **{name: _coded(table, *one) for name, one in coded.items()})
    values = {name: [*one.cat.categories] for name, one in given.items()}
    return Piece(found, rows, {name: rows[name].max() for name in coded}, (), values)


def _rows(found: Any, **columns: Any) -> Any:
    table, place = found.table, found.columns[CASE_ID]
    if blank := table.columns[place].counted.get(""):
        table.problem(f"no case is given{'' if blank[0] == 1 else f' (in {blank[0]} rows)'}", place)
    return table.source.select(
        case=table.text(place), **({"what": ibis.literal(0, "int16")} | columns)
    )


def _by_case(
    found: Matched,
    place: int,
    names: Sequence[str],
    meant: Texts,
    codes: Mapping[str, tuple[int, str, Sequence[str]]],
) -> Piece:
    """Return what a table with several rows a case gives: a column a name and code."""
    numbered = {
        f"k{at}": _coded(found.table, one, settled(found.table, one, name).among(allowed))
        for at, (one, name, allowed) in enumerate(codes.values())
    }
    rows = _rows(found, what=_coded(found.table, place, meant.among(names)), **numbered)
    columns = {
        form.format(name): rows[key].max(where=rows.what == at)
        for key, form in zip(numbered, codes, strict=True)
        for at, name in enumerate(names)
    }
    return Piece(found, rows, columns, names)


def _coded(table: Any, place: int, codes: Any) -> Any:
    """Return a column as the `codes` of its texts; -1 is none of them."""
    pairs = [(raw, int(code)) for raw, code in zip(table.columns[place].raw, codes, strict=True)]
    return table.text(place).cases(*(pairs or [("", -1)]), else_=-1).cast("int16")


def _joined(base: Any, parts: Sequence[Piece]) -> tuple[dict[str, str], Any]:
    """Return the wide table, written once, and what it calls each column; -1 is not recorded."""
    columns = {
        one: f"c{at}" for at, one in enumerate(one for part in parts for one in part.columns)
    }
    joined = base
    for at, part in enumerate(parts):
        each = part.rows.group_by("case").aggregate(
            **{columns[one]: column for one, column in part.columns.items()}
        )
        joined = joined.left_join(each, "case", rname=f"{{name}}_{at}")
    codes = {name: joined[name].fill_null(-1).cast("int16") for name in columns.values()}
    return columns, written(joined.select("case", **codes, **FIXED))


def _faults(
    part: Piece, base: Any
) -> Iterator[tuple[Any, int, str, Callable[[Mapping[str, Any]], str]]]:
    """Yield the rows of a table that are not of the cases of `base`, or say a thing again.

    In which column they are wrong, what is wrong with them, and what is said of one.
    """
    named, fault, said = AGAIN.get(part.found.kind, AGAIN["cases"])
    yield (
        part.rows.filter((_.case != "") & (_.what >= 0))
        .group_by(["case", "what"])
        .aggregate(times=_.count())
        .filter(_.times > 1),
        part.found.columns[named],
        fault,
        lambda row: said.format(shown(part.names[row["what"]]) if part.names else row["times"]),
    )
    if part.found.kind != "cases":
        yield (
            part.rows.select("case", "what", times=ibis.literal(1, "int64"))
            .filter(_.case != "")
            .anti_join(base, "case"),
            part.found.columns[CASE_ID],
            ALONE,
            lambda _: ALONE.replace("are about", "is"),
        )


def _note_faults(parts: Sequence[Piece]) -> Any:
    """Note the first few rows of each fault, and how many of many; return the cases that are."""
    each = [one.rows for one in parts if one.found.kind == "cases"] or [one.rows for one in parts]
    base = ibis.union(*(rows.select("case") for rows in each)).distinct().filter(_.case != "")
    faults = [(one.found.table, *fault) for one in parts for fault in _faults(one, base)]
    each = [
        rows.mutate(at=ibis.literal(at), many=_.count().over()).order_by("case").limit(MOST_ROWS)
        for at, (_table, rows, *_rest) in enumerate(faults)
    ]
    for row in sorted(asked(ibis.union(*each)), key=lambda one: (one["at"], one["case"])):
        table, _rows, place, fault, say = faults[row["at"]]
        if row["many"] > MOST_ROWS:
            table.problem(f"{row['many']} rows {fault}; the first {MOST_ROWS} follow", place)
        table.report.problem(table.keyed(table.place(place), row["case"]), say(row))
    return base
