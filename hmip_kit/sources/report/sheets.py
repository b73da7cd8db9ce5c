"""The cells of a workbook, a CSV file or a page's tables, each with its place."""

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from hmip_kit.sources.own.package import Cells
from hmip_kit.sources.own.text import records
from hmip_kit.sources.own.workbooks import records_of, sheets_of
from hmip_kit.sources.problems import letters, refusal
from hmip_kit.sources.report.text import content_of, decoded
from hmip_kit.sources.wording import tidy

if TYPE_CHECKING:
    from bs4 import Tag

LOST = "#ERROR"  # an error of a spreadsheet, or a formula that was never calculated
MOST_ROWS, MOST_COLUMNS = 5_000, 200
SEPARATORS = ",;\t|"
SPAN = re.compile(r"[1-9]\d?")


@dataclass(frozen=True)
class Grid:
    """The texts of a sheet, row by row from its first cell, A1; `name` is blank in a CSV file."""

    name: str
    rows: list[list[str]]

    def cell(self, row: int, column: int) -> str:
        """Return how a person names the cell in a `row` and `column`, both counted from 0."""
        return f"{f'{self.name}: ' if self.name else ''}{letters(column)}{row + 1}"


def grids_of(path: Path) -> list[Grid]:
    """Return the sheets that are shown, or the tables, of the file at `path`.

    A file that cannot be read, or is larger than any table of key questions, raises `DataProblem`.
    """
    sheets = SHEETS[path.suffix.casefold()](path)
    for sheet in sheets:
        if len(sheet.rows) > MOST_ROWS or max(map(len, sheet.rows), default=0) > MOST_COLUMNS:
            said = f"has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
            raise refusal(path.name, f"{sheet.name or 'the table'} {said}: is it one of cases?")
    return sheets


def _workbook(path: Path) -> list[Grid]:
    content_of(path)  # which says what is wrong with a file that is none
    grids = []
    for name, sheet, cells in sheets_of(path):
        if sheet is not None and sheet.start is not None:
            found = islice(records_of(sheet), MOST_ROWS + 1)
            above: list[list[str]] = [[] for _ in range(sheet.start[0])]
            grids.append(Grid(name, above + [[*map(tidy, row)] for row in found]))
            _mark_lost(grids[-1], cells)
    return grids


def _mark_lost(grid: Grid, cells: Cells) -> None:
    """Write into each cell that the reader left blank what it holds: no number, so a problem."""
    for row, column in [*cells.errors, *cells.uncalculated]:
        if row < len(grid.rows) and column < len(grid.rows[row]):
            grid.rows[row][column] = LOST


def _csv(path: Path) -> list[Grid]:
    """Return the table of a CSV file, with the separator that gives most cells."""
    text = decoded(content_of(path), path.name)
    tables: list[list[list[str]]] = []
    for separator in SEPARATORS:
        with suppress(csv.Error):
            rows = islice(records(text, separator), MOST_ROWS + 1)
            tables.append([[tidy(cell) for cell in row] for row in rows])
    if not tables:
        raise refusal(path.name, "is no table: its quotation marks do not close")
    return [Grid("", max(tables, key=lambda rows: sum(map(len, rows))))]


def _page(path: Path) -> list[Grid]:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(decoded(content_of(path), path.name), "html.parser")
    tables = [one for one in page.find_all("table") if one.find("table") is None]
    return [Grid(f"table {place}", _rows(table)) for place, table in enumerate(tables, 1)]


def _rows(table: "Tag") -> list[list[str]]:
    """Return a table's texts: a cell over several columns is in the first, over rows in all."""
    rows = []
    below: dict[int, tuple[int, str]] = {}  # by column: for how many rows more, and what
    for tag in table.find_all("tr"):
        row = _hung([], below)
        for cell in tag.find_all(["td", "th"]):
            text = tidy(cell.get_text(" "))
            wide, high = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
            if high > 1:
                below[len(row)] = (high - 1, text)
            row = _hung([*row, text, *[""] * (wide - 1)], below)
        rows.append(row)
    return rows


def _hung(row: list[str], below: dict[int, tuple[int, str]]) -> list[str]:
    """Return a row with the cells that hang down into it from the rows above."""
    while len(row) in below:
        left, text = below.pop(len(row))
        if left > 1:
            below[len(row)] = (left - 1, text)
        row.append(text)
    return row


def _span(given: object) -> int:
    return int(str(given)) if SPAN.fullmatch(str(given)) else 1


SHEETS: dict[str, Callable[[Path], list[Grid]]] = {
    ".csv": _csv,
    ".htm": _page,
    ".html": _page,
    ".ods": _workbook,
    ".tsv": _csv,
    ".xlsm": _workbook,
    ".xlsx": _workbook,
}
