"""XLSX and ODS workbooks: each sheet that is shown and has headings is a table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from hmip_kit.sources.own.headings import Vocabulary, headed
from hmip_kit.sources.own.opendocument import ods_sheets
from hmip_kit.sources.own.package import (
    DAMAGE,
    LAST_ROW,
    MOST_COLUMNS,
    MOST_TEXT,
    Cells,
    Odd,
    refuse_locked_or_large,
    too_wide,
    xlsx_sheets,
)
from hmip_kit.sources.own.table import Opened, Table, text_of, texts_of_rows
from hmip_kit.sources.own.text import LOOKED_AT
from hmip_kit.sources.problems import MOST_ROWS, Place, Report, letters, refusal
from hmip_kit.stats.words import plural

INSPECTION = "inspection"
SOME_CELLS, CELLS = 3_000_000, 0.75  # that a workbook may hold at all, and for each of its bytes
MOST_CELLS = 15_000_000
MOST_BLANK = 2_000_000  # cells of a sheet that hold nothing, beside twenty for each that does
MOST_SHEETS = 500
EXPLAINING = ("how to fill in", "dictionary", "lists")  # sheets of the template that explain


def workbook_tables(path: Path, known: Vocabulary, report: Report) -> Opened:
    """Return the tables of the workbook at `path`, and what its sheet `inspection` says.

    Headings that are `known` make a table. That a sheet is hidden, and so is not read, is a warning
    of the `report`.
    """
    found = Opened()
    for name, sheet, cells in sheets_of(path):
        if sheet is None:
            report.warn(Place(path.name, name), "is hidden and was not read")
        elif name.strip().casefold() == INSPECTION:
            found.said = _said(sheet)
        elif (table := _table(path.name, sheet, cells, known, report)) is not None:
            found.tables.append(table)
    return found


def sheets_of(path: Path) -> Iterator[tuple[str, Any, Cells]]:
    """Yield each sheet of the workbook at `path`: its name, the reader of its cells, what it holds.

    There is no reader of a sheet that is hidden.
    """
    from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

    held = look_into(path)
    try:
        with load_workbook(str(path)) as book:
            for about in book.sheets_metadata:
                shown = about.visible == SheetVisibleEnum.Visible
                sheet = book.get_sheet_by_name(about.name) if shown else None
                yield about.name, sheet, held.get(about.name, Cells())
    except (CalamineError, OSError, ValueError) as error:
        raise refusal(
            path.name,
            f"cannot be read as a workbook ({type(error).__name__}): is it damaged or cut off?",
        ) from None


def _said(sheet: Any) -> dict[str, str]:
    rows = [[text for cell in row if (text := text_of(cell).strip())] for row in sheet.iter_rows()]
    return {row[0].casefold(): row[1] for row in rows if len(row) > 1}


def _table(file: str, sheet: Any, cells: Cells, known: Vocabulary, report: Report) -> Table | None:
    if sheet.start is None:
        return None
    records = records_of(sheet)
    head = list(islice(records, LOOKED_AT))
    if sheet.name in EXPLAINING and known.heading_rows(head) is None:
        return None
    found = headed(head, known, Place(file, sheet.name), report)
    if found is None:
        return None
    first, headings = found[0].stop, found[1]
    columns = texts_of_rows(chain(head[first:], records), len(headings))
    last = first + len(columns[0].codes)
    numbers = np.arange(first, last, dtype=np.int64) + 1
    table = Table(file, sheet.name, headings, columns, numbers, report).tidied()
    cells.merged += sheet.merged_cell_ranges or []
    _note_faults(table, cells, range(first, LAST_ROW))
    _note_hidden(table, cells, range(first, LAST_ROW))
    return table


def records_of(sheet: Any) -> Iterator[list[str]]:
    """Yield the rows of a `sheet` as texts from column A on; it begins at the first one used."""
    before = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield before + [cell if type(cell) is str else text_of(cell) for cell in row]


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


def _note_hidden(table: Table, cells: Cells, rows: range) -> None:
    """Warn of hidden rows below the headings, and of hidden columns, which are read as others."""
    hidden = [str(row + 1) for row in cells.hidden_rows if row in rows]
    if hidden:
        table.warn(f"{_several(hidden, 'row')} hidden, by a filter or by hand, and read")
    columns = sorted({one for one in cells.hidden_columns if one < len(table.headings)})
    named = [letters(one) for one in columns if table.headings[one]]
    if named:
        table.warn(f"{_several(named, 'column')} hidden and read")


def _several(names: Sequence[str], word: str) -> str:
    first, more = ", ".join(names[:MOST_ROWS]), len(names) - MOST_ROWS
    verb = "is" if len(names) == 1 else "are"
    return f"{plural(len(names), word)} ({first}{f' and {more} more' if more > 0 else ''}) {verb}"


def look_into(path: Path) -> dict[str, Cells]:
    """Return what each sheet of the workbook at `path` holds, by its name.

    Raises `DataProblem` for a package that is damaged, has a password or is too large.
    """
    try:
        with ZipFile(path) as package:
            refuse_locked_or_large(package, path.name)
            ods = path.suffix.casefold() == ".ods"
            sheets = (ods_sheets if ods else xlsx_sheets)(package)
            return _bearable(sheets, path)
    except Odd as error:
        raise refusal(
            path.name,
            f"{error}: cells could be lost; open it in a spreadsheet, save it and try again",
        ) from None
    except DAMAGE:
        raise refusal(
            path.name, "cannot be opened as a workbook: it is damaged or cut off"
        ) from None


def _bearable(sheets: Iterator[tuple[str, Cells]], path: Path) -> dict[str, Cells]:
    """Return the `sheets` by name; raise `DataProblem` where they ask for too much memory."""
    found: dict[str, Cells] = {}
    filled = text = 0
    most = min(MOST_CELLS, SOME_CELLS + CELLS * path.stat().st_size)
    for name, cells in sheets:
        found[name] = cells
        filled, text = filled + cells.filled, text + cells.text
        span = cells.height * cells.width
        if span > min(MOST_CELLS, MOST_BLANK + 20 * cells.filled) or filled > most:
            raise refusal(
                path.name,
                f"sheet {name!r} spans {cells.height:,} rows and {cells.width:,} columns: more"
                " cells than can be read; take out what stands far from the table, or save it as"
                " CSV or Parquet",
            )
        if cells.width > MOST_COLUMNS:
            raise refusal(path.name, f"sheet {name!r} {too_wide(cells.width)}")
        if text > MOST_TEXT:
            raise refusal(
                path.name, f"holds more than {MOST_TEXT // 10**6} million characters of text"
            )
        if len(found) > MOST_SHEETS:
            raise refusal(path.name, f"holds more than {MOST_SHEETS} sheets")
    return found
