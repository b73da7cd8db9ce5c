"""XLSX and ODS workbooks: each sheet that is shown and has headings is a table.

The reader of workbooks gives a blank for a cell that holds an error, for a formula that was never
calculated and for all but the first of merged cells. A look into the package, before it is read,
finds these; it finds too whether the package is whole, open and of a bearable size.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import numpy as np

from hmip_kit.sources.own.headings import ABOVE, TURNED, UNKNOWN, Vocabulary
from hmip_kit.sources.own.table import Opened, Table, text_of, texts_of_rows
from hmip_kit.sources.own.text import LOOKED_AT
from hmip_kit.sources.problems import MOST_ROWS, Place, Report, refusal

INSPECTION = "inspection"
EXPLAINING = ("how to fill in", "dictionary", "lists")  # sheets of the template that explain
MOST_BYTES = 1_000_000_000  # of a package when it is unpacked
MOST_CELLS = 15_000_000
PIECE = 1 << 20
DAMAGE = (BadZipFile, zlib.error, ElementTree.ParseError, KeyError, ValueError, OSError, EOFError)
MANIFEST = "META-INF/manifest.xml"
ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"[^>]*>')
UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</(?:\w+:)?c>)"
)
REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
CELL_COLUMN = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)\d')
ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
ODS_CELLS = (f"{ODS_TABLE}table-cell", f"{ODS_TABLE}covered-table-cell")
_Cell = tuple[int, int]  # row and column, counted from 0


@dataclass
class Cells:
    """What a sheet holds: its rows and columns, and the cells that a reader would lose."""

    height: int = 0
    width: int = 0
    errors: list[_Cell] = field(default_factory=list)
    uncalculated: list[_Cell] = field(default_factory=list)
    merged: list[tuple[_Cell, _Cell]] = field(default_factory=list)

    def refuse_unbearable(self, file: str, sheet: str) -> None:
        """Raise `DataProblem` where a `sheet` of a `file` spans more cells than can be read."""
        if self.height * self.width > MOST_CELLS:
            raise refusal(
                file,
                f"sheet {sheet!r} spans {self.height:,} rows and {self.width:,} columns: more than"
                f" {MOST_CELLS:,} cells; save it as CSV or Parquet",
            )


def workbook_tables(path: Path, known: Vocabulary, report: Report) -> Opened:
    """Return the tables of the workbook at `path`, and what its sheet `inspection` says.

    Headings that are `known` make a table. That a sheet is hidden, and so is not read, is a warning
    of the `report`.
    """
    from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

    held, found = _held(path), Opened()
    try:
        with load_workbook(str(path)) as book:
            for about in book.sheets_metadata:
                if about.visible != SheetVisibleEnum.Visible:
                    report.warn(Place(path.name, about.name), "is hidden and was not read")
                    continue
                sheet = book.get_sheet_by_name(about.name)
                cells = held.get(about.name, Cells())
                if about.name.strip().casefold() == INSPECTION:
                    found.said = _said(sheet)
                elif table := _table(path.name, sheet, cells, known, report):
                    found.tables.append(table)
    except (CalamineError, OSError, ValueError) as error:
        raise refusal(
            path.name,
            f"cannot be read as a workbook ({type(error).__name__}): is it damaged or cut off?",
        ) from None
    return found


def _said(sheet: Any) -> dict[str, str]:
    rows = [[text for cell in row if (text := text_of(cell).strip())] for row in sheet.iter_rows()]
    return {row[0].casefold(): row[1] for row in rows if len(row) > 1}


def _table(file: str, sheet: Any, cells: Cells, known: Vocabulary, report: Report) -> Table | None:
    if sheet.start is None:
        return None
    records = _records(sheet)
    head = list(islice(records, LOOKED_AT))
    place = known.heading_row(head)
    if place is None:
        if known.turned(head):
            report.problem(Place(file, sheet.name), TURNED)
        elif sheet.name not in EXPLAINING:
            report.warn(Place(file, sheet.name), UNKNOWN)
        return None
    first, headings = place + 1, head[place]
    for row in known.above(head[:place], sum(map(bool, headings))):
        report.problem(Place(file, sheet.name, row + 1), ABOVE)
    columns = texts_of_rows(chain(head[first:], records), len(headings))
    last = first + len(columns[0].codes)
    numbers = np.arange(first, last, dtype=np.int64) + 1
    table = Table(file, sheet.name, headings, columns, numbers, report).tidied()
    cells.merged += sheet.merged_cell_ranges or []
    _note_faults(table, cells, range(first, last))
    return table


def _records(sheet: Any) -> Iterator[list[str]]:
    """Yield every row as texts from column A on; the reader begins at the first column used."""
    before = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield before + [text_of(cell) for cell in row]


def _note_faults(table: Table, cells: Cells, rows: range) -> None:
    """Note the cells in rows below the headings that a reader would lose."""
    faults = {
        "holds an error: put in the value itself": [
            cell for cell in cells.errors if cell[0] in rows
        ],
        "holds a formula that was never calculated: open the file, save it and try again": [
            cell for cell in cells.uncalculated if cell[0] in rows
        ],
        "is merged with others, so that only the first has a value: unmerge and fill each": [
            start for start, end in cells.merged if end[0] >= rows.start and start[0] < rows.stop
        ],
    }
    for text, found in faults.items():
        different = sorted(set(found))
        for row, column in different[:MOST_ROWS]:
            table.report.problem(replace(table.place(column), row=row + 1), text)
        if len(different) > MOST_ROWS:
            table.problem(f"{len(different) - MOST_ROWS} more cells: {text}")


def _held(path: Path) -> dict[str, Cells]:
    """Return what each sheet holds, by its name.

    Raises `DataProblem` for a package that is damaged, has a password or is too large.
    """
    try:
        with ZipFile(path) as package:
            _refuse_locked_or_large(package, path.name)
            if path.suffix.casefold() == ".ods":
                return _ods_sheets(package, path.name)
            return _xlsx_sheets(package, path.name)
    except DAMAGE:
        raise refusal(
            path.name, "cannot be opened as a workbook: it is damaged or cut off"
        ) from None


def _refuse_locked_or_large(package: ZipFile, file: str) -> None:
    locked = any(entry.flag_bits & 1 for entry in package.infolist())
    if not locked:
        _refuse_large(package, file)
        listed = MANIFEST in package.namelist()
        locked = listed and b"encryption-data" in package.read(MANIFEST)
    if locked:
        raise refusal(file, "is protected by a password: save it without one and try again")


def _refuse_large(package: ZipFile, file: str) -> None:
    """Unpack every entry, whatever size its header claims, and stop where that grows too large."""
    seen = 0
    for entry in package.infolist():
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadZipFile
        whole = copy(entry)
        # What the header claims does not count: a small size would hide what comes after it.
        whole.file_size = 2 * MOST_BYTES
        del whole.CRC
        with package.open(whole) as content:
            while piece := content.read(PIECE):
                seen += len(piece)
                if seen > MOST_BYTES:
                    raise refusal(
                        file,
                        f"unpacks to more than {MOST_BYTES // 10**6:,} MB: no audit of cases is"
                        " that large",
                    )


def _xlsx_sheets(package: ZipFile, file: str) -> dict[str, Cells]:
    """Return what each sheet of an XLSX file holds. Merged ranges are left to the reader."""
    # Expat limits how far entities expand.
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): str(link.get("Target")).lstrip("/") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            ids = (value for name, value in sheet.attrib.items() if name.endswith("}id"))
            target, name = targets.get(next(ids, None), ""), str(sheet.get("name"))
            entry = target if target.startswith("xl/") else f"xl/{target}"
            if entry in package.namelist():
                found[name] = _xlsx_cells(package.read(entry))
                found[name].refuse_unbearable(file, name)
    return found


def _xlsx_cells(content: bytes) -> Cells:
    return Cells(
        height=max(map(int, ROW.findall(content)), default=0),
        width=max(map(_column, set(CELL_COLUMN.findall(content))), default=-1) + 1,
        errors=_referred(ERROR.findall(content)),
        uncalculated=_referred(
            one for one in UNCALCULATED.findall(content) if b't="str"' not in one
        ),
    )


def _referred(attributes: Iterable[bytes]) -> list[_Cell]:
    """Return the cells that the attributes of cells refer to."""
    matches = map(REFERENCE.search, attributes)
    return [(int(match[2]) - 1, _column(match[1])) for match in matches if match]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _ods_sheets(package: ZipFile, file: str) -> dict[str, Cells]:
    """Return what each sheet of an OpenDocument spreadsheet holds."""
    found: dict[str, Cells] = {}
    cells, row = Cells(), 0
    with package.open("content.xml") as content:
        # Expat limits how far entities expand.
        for event, node in ElementTree.iterparse(content, ("start", "end")):  # noqa: S314
            if event == "start" and node.tag == f"{ODS_TABLE}table":
                cells, row = found.setdefault(str(node.get(f"{ODS_TABLE}name")), Cells()), 0
            elif event == "end" and node.tag == f"{ODS_TABLE}table-row":
                row = _note_row(cells, node, row, file)
                node.clear()
    return found


def _note_row(cells: Cells, node: ElementTree.Element, row: int, file: str) -> int:
    """Note what a row holds; return the number of the row after it."""
    column, after = 0, row + _times(node, "number-rows-repeated")
    for cell in node:
        if cell.tag not in ODS_CELLS:
            continue
        times = _times(cell, "number-columns-repeated")
        formula, value = cell.get(f"{ODS_TABLE}formula"), cell.get(VALUE_TYPE)
        if formula is not None or value is not None or len(cell):
            cells.height, cells.width = max(cells.height, after), max(cells.width, column + times)
            cells.refuse_unbearable(file, "")
        if cell.get(CALC_TYPE) == "error":
            cells.errors.append((row, column))
        elif formula is not None and value is None:
            cells.uncalculated.append((row, column))
        down, across = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            cells.merged.append(((row, column), (row + down - 1, column + across - 1)))
        column += times
    return after


def _times(node: ElementTree.Element, name: str) -> int:
    return int(node.get(f"{ODS_TABLE}{name}", "1"))
