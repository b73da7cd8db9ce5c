"""A file or folder of case data, opened: what kind of file it is by its content, and the tables in it."""

import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from hmip_kit.errors import DataProblem
from hmip_kit.sources.headings import Known
from hmip_kit.sources.parquet_tables import parquet_table
from hmip_kit.sources.problems import Place, Report, refusal
from hmip_kit.sources.table import Table
from hmip_kit.sources.text_tables import csv_table
from hmip_kit.sources.workbook_tables import workbook_tables

ENDINGS = {
    ".csv": "text",
    ".txt": "text",
    ".tsv": "text",
    ".xlsx": "package",
    ".xlsm": "package",
    ".ods": "package",
    ".parquet": "Parquet",
}
STARTS = {
    b"PK\3\4": "package",
    b"PK\5\6": "package",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "old",
}
KINDS = {
    "text": "plain text, as CSV is",
    "package": "a packed file, as workbooks are",
    "Parquet": "Parquet",
    "old": "an old or encrypted Office file",
}
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
IDENTITY = "inspection.toml"


@dataclass
class Opened:
    """What a file or folder holds: tables, and what it says of the inspection."""

    tables: list[Table] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)


def opened_all(path: Path, known: Known, report: Report) -> Opened:
    """Return what a file, or each file of a folder, holds. A file that cannot be read at all raises `DataProblem`."""
    found = Opened()
    for file in _files(path, report):
        if file.name == IDENTITY:
            found.said |= _identity(file)
            continue
        tables, said = _read(file, known, report)
        found.tables += tables
        found.said |= said
    return found


def _files(path: Path, report: Report) -> list[Path]:
    try:
        kind = path.stat().st_mode
        listed = sorted(path.iterdir()) if stat.S_ISDIR(kind) else [path]
    except OSError as error:
        raise refusal(path.name, _why(error)) from None
    if not stat.S_ISDIR(kind):
        return listed
    chosen = [file for file in listed if not file.name.startswith((".", "~$"))]
    wanted = [
        file
        for file in chosen
        if file.is_file() and (file.suffix.casefold() in ENDINGS or file.name == IDENTITY)
    ]
    for file in chosen:
        if file not in wanted:
            report.warn(Place(file.name), "is no table and was not read")
    if not [file for file in wanted if file.name != IDENTITY]:
        raise refusal(
            path.name or str(path),
            f"is a folder without a file that can be read ({', '.join(ENDINGS)})",
        )
    return wanted


def _read(path: Path, known: Known, report: Report) -> tuple[list[Table], dict[str, str]]:
    try:
        kind = _kind(path)
        if kind == "package":
            return workbook_tables(path, known, report)
        table = parquet_table(path, known) if kind == "Parquet" else csv_table(path, known, report)
    except DataProblem:
        raise
    except OSError as error:
        raise refusal(path.name, _why(error)) from None
    if table is None:
        report.warn(Place(path.name), "has no heading that is known and was not read")
    return ([] if table is None else [table]), {}


def _kind(path: Path) -> str:
    """Return what kind of file it is; its ending and its content must agree."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise refusal(path.name, "is no ordinary file")
    ending = path.suffix.casefold()
    if ending not in ENDINGS:
        raise refusal(
            path.name, f"is none of the kinds of file that can be read: {', '.join(ENDINGS)}"
        )
    with path.open("rb") as file:
        start = file.read(4)
    held = next((kind for mark, kind in STARTS.items() if start.startswith(mark)), "text")
    if not start:
        raise refusal(path.name, "is empty")
    if held == "old":
        locked = ENCRYPTED in path.read_bytes()
        raise refusal(
            path.name,
            f"is {'protected by a password: save it without one' if locked else 'in an old Office format: save it as .xlsx'}",
        )
    if held != ENDINGS[ending]:
        raise refusal(
            path.name,
            f"is named {ending} and holds {KINDS[held]}; is it cut off, or should it be named otherwise?",
        )
    return held


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is not there"
    if isinstance(error, PermissionError):
        return "may not be read: you have no permission"
    return f"cannot be read: {error.strerror or type(error).__name__}"


def _identity(path: Path) -> dict[str, str]:
    try:
        return {
            name.casefold(): str(value)
            for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items()
        }
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refusal(path.name, f"cannot be read: {error}") from None
