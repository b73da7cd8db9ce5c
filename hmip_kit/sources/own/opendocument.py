"""What the sheets of an OpenDocument spreadsheet hold, before a reader opens it.

The reader gives a blank for an error, whether or not LibreOffice has marked it, and for a text that
does not say that it is one.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, iterparse
from zipfile import BadZipFile, ZipFile

from hmip_kit.sources.own.package import LAST_ROW, MOST_COLUMNS, SOME_TAGS, Cells, Odd
from hmip_kit.sources.own.values import ERROR
from hmip_kit.sources.problems import letters

SPACES = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE = f"{{{SPACES}table:1.0}}", f"{{{SPACES}office:1.0}}"
ROW, COLUMN, SHEET, PARAGRAPH = f"{TABLE}table-row", f"{TABLE}table-column", f"{TABLE}table", "{*}p"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
MARK = "}value-type"  # of whichever namespace
HIDES = ("collapse", "filter")


def ods_sheets(package: ZipFile) -> Iterator[tuple[str, Cells]]:
    """Yield what each sheet of the `package` of an OpenDocument spreadsheet holds."""
    cells, row, column, kept = Cells(), 0, 0, 0
    with package.open("content.xml") as content:
        for _, node in iterparse(content):  # noqa: S314  # a type of document is refused before
            kept += 1
            if kept > SOME_TAGS:
                raise BadZipFile
            if node.tag == ROW:
                row = _note_row(cells, node, row)
            elif node.tag == COLUMN:
                after = column + _times(node, "number-columns-repeated")
                if node.get(f"{TABLE}visibility") in HIDES:
                    cells.hidden_columns += range(column, min(after, MOST_COLUMNS))
                column = after
            elif node.tag == SHEET:
                yield str(node.get(f"{TABLE}name")), cells
                cells, row, column = Cells(), 0, 0
            if node.tag in (ROW, SHEET):
                node.clear()
                kept = 0


def _note_row(cells: Cells, node: Element, row: int) -> int:
    """Note what a row holds; return the number of the row after it."""
    column, down, before = 0, _times(node, "number-rows-repeated"), cells.filled
    if node.find(f".//{SHEET}") is not None:
        raise Odd(f"row {row + 1} has a table within a cell")
    for cell in node:
        if cell.tag in CELLS:
            across = _times(cell, "number-columns-repeated")
            if len(cell) or cell.attrib:  # most blank ones have neither
                _note_cell(cells, cell, (row, column), (down, across))
            column += across
    if cells.filled > before and node.get(f"{TABLE}visibility") in HIDES:
        cells.hidden_rows += range(row, row + down)
    return row + down


def _note_cell(cells: Cells, cell: Element, here: tuple[int, int], size: tuple[int, int]) -> None:
    """Note what a cell holds, as often as it stands."""
    text = "".join("".join(one.itertext()) for one in cell.findall(PARAGRAPH))
    formula, kind = cell.get(f"{TABLE}formula"), cell.get(f"{OFFICE}value-type")
    said = cell.get(f"{OFFICE}string-value")
    if text or formula is not None or kind is not None:
        cells.filled += size[0] * size[1]
        cells.height = max(cells.height, here[0] + size[0])
        cells.width = max(cells.width, here[1] + size[1])
        cells.text += (len(text) + len(said or "")) * size[0] * size[1]
    computed = formula is not None or kind != "string" or said is not None
    marked = any(one.endswith(MARK) and told == "error" for one, told in cell.items())
    if marked or (computed and ERROR.fullmatch(text)):
        cells.errors.append(here)
    elif formula is not None and kind is None and cell.find(PARAGRAPH) is None:
        cells.uncalculated.append(here)
    elif text and kind is None:
        raise Odd(f"row {here[0] + 1}, column {letters(here[1])} does not say what it is")
    down, across = (_times(cell, f"number-{one}-spanned") for one in ("rows", "columns"))
    if max(down, across) > 1:
        cells.merged.append((here, (here[0] + down - 1, here[1] + across - 1)))


def _times(node: Element, name: str) -> int:
    times = int(node.get(f"{TABLE}{name}", "1"))
    if not 0 < times <= LAST_ROW:
        raise ValueError(name)
    return times
