"""What the sheets of an OpenDocument spreadsheet hold, read from its package before the reader of workbooks sees it."""

from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from hmip_kit.sources.packages import Cells, bearable
from hmip_kit.sources.problems import refusal

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
CELL, COVERED, ROW, SHEET = (
    f"{TABLE}table-cell",
    f"{TABLE}covered-table-cell",
    f"{TABLE}table-row",
    f"{TABLE}table",
)


def ods_cells(path: Path, package: ZipFile) -> dict[str, Cells]:
    """Return, per sheet, its size, the cells with errors, the formulas without a result and the merged ranges."""
    found: dict[str, Cells] = {}
    cells, row = Cells(), 0
    try:
        with package.open("content.xml") as content:
            for event, node in ElementTree.iterparse(content, ("start", "end")):  # noqa: S314  # expat limits how far entities expand
                if event == "start" and node.tag == SHEET:
                    cells, row = found.setdefault(str(node.get(f"{TABLE}name")), Cells()), 0
                elif event == "end" and node.tag == ROW:
                    row = _note_row(cells, node, row, path.name)
                    node.clear()
    except (KeyError, BadZipFile, ElementTree.ParseError, EOFError, ValueError):
        raise refusal(
            path.name, "cannot be opened as a workbook: it is damaged or cut off"
        ) from None
    return found


def _note_row(cells: Cells, node: ElementTree.Element, row: int, file: str) -> int:
    """Note what a row holds; return the number of the row after it."""
    column, repeated = 0, int(node.get(f"{TABLE}number-rows-repeated", "1"))
    for cell in node:
        if cell.tag not in (CELL, COVERED):
            continue
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        if _holds(cell):
            cells.height, cells.width = (
                max(cells.height, row + repeated),
                max(cells.width, column + times),
            )
            bearable(cells, file, "")
        _note_cell(cells, cell, row, column)
        column += times
    return row + repeated


def _holds(cell: ElementTree.Element) -> bool:
    return (
        cell.get(f"{OFFICE}value-type") is not None
        or cell.get(f"{TABLE}formula") is not None
        or len(cell) > 0
    )


def _note_cell(cells: Cells, cell: ElementTree.Element, row: int, column: int) -> None:
    if cell.get(CALC_TYPE) == "error":
        cells.errors.append((row, column))
    elif cell.get(f"{TABLE}formula") is not None and cell.get(f"{OFFICE}value-type") is None:
        cells.uncalculated.append((row, column))
    down, across = (
        int(cell.get(f"{TABLE}number-rows-spanned", "1")),
        int(cell.get(f"{TABLE}number-columns-spanned", "1")),
    )
    if down > 1 or across > 1:
        cells.merged.append(((row, column), (row + down - 1, column + across - 1)))
