"""A file or folder of case data, opened: what reads it, and what it holds.

A new format is an entry of `READERS` and a function; where its content begins with a mark that no
text has, it is an entry of `STARTS` and `HOLDS` too.
"""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hmip_kit.settings import LARGE_FOLDER
from hmip_kit.sources.own.headings import UNKNOWN, Vocabulary
from hmip_kit.sources.own.package import EXPANDS, SOME_BYTES
from hmip_kit.sources.own.table import Opened, Table, text_of, texts_of_arrow, texts_of_rows
from hmip_kit.sources.own.text import csv_tables
from hmip_kit.sources.own.workbooks import workbook_tables
from hmip_kit.sources.problems import Place, Report, refusal, stated_in

if TYPE_CHECKING:
    from pyarrow import parquet

IDENTITY = "inspection.toml"
COLLECTION = "collection.toml"  # what a folder of several inspections says of them together
MOST_CELLS, CELLS = 20_000_000, 5  # of a Parquet file at all, and for each of its bytes
DATABASE = "a database"  # what stands for a file where the cases are in a database
MEGABYTE = 1_000_000
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
Reader = Callable[[Path, Vocabulary, Report], Opened]


def frame_table(name: str, frame: pd.DataFrame, report: Report) -> Table:
    """Return a `frame`, called `name`, as a table that is to `report`; a named index is a column.

    A cell that holds several values raises `DataProblem`.
    """
    whole = frame.reset_index() if any(one is not None for one in frame.index.names) else frame
    for place, heading in enumerate(whole.columns):
        if not whole.iloc[:, place].map(pd.api.types.is_scalar).all():
            raise refusal(name, f"column {str(heading)!r} holds more than one value in a cell")
    cells = whole.astype("object").where(whole.notna(), None)
    rows = ([text_of(cell) for cell in row] for row in cells.itertuples(index=False, name=None))
    columns = texts_of_rows(rows, len(whole.columns))
    numbers = np.arange(len(whole), dtype=np.int64) + 1
    return Table(name, "", [str(one) for one in whole.columns], columns, numbers, report).tidied()


def parquet_tables(path: Path, known: Vocabulary, report: Report) -> Opened:
    """Return the table of the Parquet file at `path`, its rows counted from 1.

    Where no column is `known` there is none, which is a warning of the `report`.
    """
    import pyarrow as pa
    from pyarrow import parquet

    strings = (pa.string(), pa.large_string())
    try:
        if _unbearable(parquet.read_metadata(path), path.stat().st_size):
            raise refusal(path.name, "unpacks to more than any audit of cases holds")
        texts = [one.name for one in parquet.read_schema(path) if one.type in strings]
        table = parquet.read_table(path, read_dictionary=texts, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise refusal(
            path.name, f"cannot be read as a Parquet file: {type(error).__name__}; is it cut off?"
        ) from None
    headings = [name for name in table.column_names if name != "__index_level_0__"]
    if not known.count(headings):
        report.warn(Place(path.name), UNKNOWN)
        return Opened()
    for name in headings:
        if pa.types.is_nested(table.schema.field(name).type):
            raise refusal(
                path.name, f"column {name!r} holds lists or records: a cell must hold one value"
            )
    columns = [texts_of_arrow(table.column(name)) for name in headings]
    rows = np.arange(table.num_rows, dtype=np.int64) + 1
    return Opened([Table(path.name, "", headings, columns, rows, report).tidied()])


READERS: dict[str, Reader] = {
    ".csv": csv_tables,
    ".txt": csv_tables,
    ".tsv": csv_tables,
    ".xlsx": workbook_tables,
    ".xlsm": workbook_tables,
    ".ods": workbook_tables,
    ".parquet": parquet_tables,
}
# What was opened in this session: a page made in it shows nothing bare.
OPENED: list[str | Path] = []
TEXT, PACKED, PARQUET = "plain text, as CSV is", "a packed file, as workbooks are", "Parquet"
OLD = b"\xd0\xcf\x11\xe0"
STARTS = {b"PK\3\4": PACKED, b"PK\5\6": PACKED, b"PAR1": PARQUET}
HOLDS: dict[Reader, str] = {workbook_tables: PACKED, parquet_tables: PARQUET}  # others hold text
WHY: dict[type[OSError], str] = {
    FileNotFoundError: "is not there",
    PermissionError: "may not be read: you have no permission",
}


def _unbearable(told: "parquet.FileMetaData", size: int) -> bool:
    """Return whether a Parquet file of this size says that it holds too much for its size."""
    groups = map(told.row_group, range(told.num_row_groups))
    unpacked = sum(group.total_byte_size for group in groups)
    cells = told.num_rows * told.num_columns
    return bool(unpacked > SOME_BYTES + EXPANDS * size or cells > MOST_CELLS + CELLS * size)


def in_database(where: object) -> bool:
    """Return whether the cases `where` a person says are in a database, or are to be.

    That is a connection, an address, or a folder of much Parquet.

    >>> in_database("duckdb:///audit.duckdb"), in_database("audit.csv")
    (True, False)
    """
    if not isinstance(where, str | Path):
        return True
    path = Path(where)
    if is_address(where) or not path.is_dir():
        return is_address(where)
    sizes = [one.stat().st_size for one in path.glob("*.parquet")]
    return sum(sizes) > LARGE_FOLDER * MEGABYTE


def is_address(where: object) -> bool:
    """Return whether what a person says `where` cases are is the address of a database."""
    return "://" in str(where)


def located(where: str | Path, folder: Path = Path()) -> str:
    """Return `where` a file is by its whole path, from a `folder` on; an address as it is."""
    return str(where) if is_address(where) else str((folder / where).resolve())


def opened_all(path: Path, known: Vocabulary, report: Report) -> Opened:
    """Return what a file, or each file of a folder, at `path` holds.

    Headings that are `known` make a table, and the `report` is told what is wrong. A file that
    cannot be read at all raises `DataProblem`.
    """
    OPENED.append(path)
    try:
        if not stat.S_ISDIR(path.stat().st_mode):
            return (
                said_in(path)
                if path.name in (IDENTITY, COLLECTION)
                else _reader(path)(path, known, report)
            )
        files = _files(path, report)
    except OSError as error:
        other = f"cannot be read: {error.strerror or type(error).__name__}"
        raise refusal(path.name, WHY.get(type(error), other)) from None
    found = Opened()
    for file in files:
        held = opened_all(file, known, report)
        found.tables += held.tables
        found.said |= held.said
    return found


def _files(folder: Path, report: Report) -> list[Path]:
    """Return the files of a folder that can be read; others are a warning each."""
    wanted = []
    for file in sorted(folder.iterdir()):
        if file.name.startswith((".", "~$")):
            continue
        known = file.suffix.casefold() in READERS or file.name == IDENTITY
        if known and file.is_file():
            wanted.append(file)
        else:
            report.warn(Place(file.name), "is no table and was not read")
    if all(file.name == IDENTITY for file in wanted):
        raise refusal(
            folder.name or str(folder),
            f"is a folder without a file that can be read ({', '.join(READERS)})",
        )
    return wanted


def _reader(path: Path) -> Reader:
    """Return what reads a file; its ending and its content must agree."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise refusal(path.name, "is no ordinary file")
    ending = path.suffix.casefold()
    if ending not in READERS:
        raise refusal(
            path.name, f"is none of the kinds of file that can be read: {', '.join(READERS)}"
        )
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise refusal(path.name, "is empty")
    if start == OLD:
        locked = ENCRYPTED in path.read_bytes()
        raise refusal(
            path.name,
            "is protected by a password: save it without one"
            if locked
            else "is in an old Office format: save it as .xlsx",
        )
    held = next((what for mark, what in STARTS.items() if start.startswith(mark)), TEXT)
    if held != HOLDS.get(READERS[ending], TEXT):
        raise refusal(
            path.name,
            f"is named {ending} and holds {held}; is it cut off, or should it be named otherwise?",
        )
    return READERS[ending]


def said_in(path: Path) -> Opened:
    """Return what the file at `path` says of the inspection."""
    told = stated_in(path)
    return Opened(said={name.casefold(): _in_lines(value) for name, value in told.items()})


def _in_lines(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
