"""What a workbook's package says before it is read: whether it is whole, open and of a bearable size, and which cells a reader would lose.

The reader of workbooks gives a blank for a cell that holds an error and for a formula that was never calculated; both are found here.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile, ZipInfo

from hmip_kit.sources.problems import refusal

MOST_BYTES = 1_000_000_000  # of a package when it is unpacked
MOST_CELLS = 15_000_000
PIECE = 1 << 20
ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"[^>]*>')
UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</(?:\w+:)?c>)"
)
REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
CELL_COLUMN = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)\d')
ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
Cell = tuple[int, int]  # row and column, counted from 0


@dataclass
class Cells:
    """What a sheet holds: how many rows and columns, cells with errors, formulas without a result, and merged ranges."""

    height: int = 0
    width: int = 0
    errors: list[Cell] = field(default_factory=list)
    uncalculated: list[Cell] = field(default_factory=list)
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)


def opened(path: Path) -> ZipFile:
    """Return a package that is whole, has no password and unpacks to a bearable size; else raise `DataProblem`."""
    try:
        package = ZipFile(path)
        entries = package.infolist()
    except (BadZipFile, OSError, ValueError):
        raise refusal(
            path.name, "cannot be opened as a workbook: it is damaged or cut off"
        ) from None
    if any(entry.flag_bits & 1 for entry in entries) or _encrypted(package):
        raise refusal(path.name, "is protected by a password: save it without one and try again")
    left = MOST_BYTES
    for entry in entries:
        left -= sum(len(piece) for piece in _pieces(path, entry, left))
    return package


def _pieces(path: Path, entry: ZipInfo, left: int) -> Iterator[bytes]:
    """Yield an entry unpacked, whatever size its header claims; stop with an error where it grows beyond what is left."""
    seen = 0
    unpack = zlib.decompressobj(-15) if entry.compress_type else None
    with path.open("rb") as file:
        file.seek(entry.header_offset)
        head = file.read(30)
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise refusal(path.name, "cannot be opened as a workbook: it is damaged or cut off")
        file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
        todo = entry.compress_size
        while todo > 0 and (raw := file.read(min(PIECE, todo))):
            todo -= len(raw)
            for piece in _unpacked(unpack, raw, path.name) if unpack else (raw,):
                seen += len(piece)
                if seen > left:
                    raise refusal(
                        path.name,
                        f"unpacks to more than {MOST_BYTES // 10**6:,} MB: no audit of cases is that large",
                    )
                yield piece


def _unpacked(unpack: "zlib._Decompress", raw: bytes, name: str) -> Iterator[bytes]:
    try:
        piece = unpack.decompress(raw, PIECE)
        while piece:
            yield piece
            piece = unpack.decompress(unpack.unconsumed_tail, PIECE)
    except zlib.error:
        raise refusal(name, "cannot be opened as a workbook: it is damaged or cut off") from None


def _encrypted(package: ZipFile) -> bool:
    names = package.namelist()
    return "META-INF/manifest.xml" in names and b"encryption-data" in package.read(
        "META-INF/manifest.xml"
    )


def xlsx_cells(path: Path, package: ZipFile) -> dict[str, Cells]:
    """Return, per sheet of an XLSX file, what it holds. Merged ranges are left to the reader."""
    try:
        sheets = _sheet_files(package)
        return {
            name: bearable(_xlsx_sheet(package.read(file)), path.name, name)
            for name, file in sheets.items()
            if file in package.namelist()
        }
    except (KeyError, BadZipFile, zlib.error, ElementTree.ParseError, EOFError):
        raise refusal(
            path.name, "cannot be opened as a workbook: it is damaged or cut off"
        ) from None


def _sheet_files(package: ZipFile) -> dict[str, str]:
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314  # expat limits how far entities expand
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): str(link.get("Target")).lstrip("/") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            link = next(
                (value for name, value in sheet.attrib.items() if name.endswith("}id")), None
            )
            target = targets.get(link, "")
            found[str(sheet.get("name"))] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _xlsx_sheet(content: bytes) -> Cells:
    rows = [int(row) for row in ROW.findall(content)]
    wide = [_column(letters) for letters in set(CELL_COLUMN.findall(content))]
    uncalculated = [
        match[1] for match in UNCALCULATED.finditer(content) if b't="str"' not in match[1]
    ]
    return Cells(
        height=max(rows, default=0),
        width=max(wide, default=-1) + 1,
        errors=[cell for match in ERROR.finditer(content) for cell in _cell(match[0])],
        uncalculated=[cell for attributes in uncalculated for cell in _cell(attributes)],
    )


def _cell(attributes: bytes) -> list[Cell]:
    return [
        (int(match[2]) - 1, _column(match[1])) for match in [REFERENCE.search(attributes)] if match
    ]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def bearable(cells: Cells, file: str, sheet: str) -> Cells:
    """Return what a sheet holds, or raise `DataProblem` where it spans more cells than can be read."""
    if cells.height * cells.width > MOST_CELLS:
        size = f"{cells.height:,} rows and {cells.width:,} columns"
        raise refusal(
            file,
            f"sheet {sheet!r} spans {size}: more than {MOST_CELLS:,} cells; save it as CSV or Parquet",
        )
    return cells
