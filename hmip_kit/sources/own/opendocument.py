"""What the sheets of an OpenDocument spreadsheet hold, before a reader opens it.

The reader gives a blank for an error, whether or not LibreOffice has marked it, and for a text that
does not say that it is one.
"""

from collections.abc import Iterator
from zipfile import ZipFile

from hmip_kit.sources.own.package import LAST_ROW, MOST_COLUMNS, Cells, Look, Odd
from hmip_kit.sources.own.values import ERROR

HIDES = ("collapse", "filter")
ODS_CELLS = ("table:table-cell", "table:covered-table-cell")
STRING, CALC_TYPE = "office:string-value", "calcext:value-type"


class _Spreadsheet(Look):
    """The sheets of an OpenDocument spreadsheet, and their cells."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, Cells]] = []
        self.cells, self.within, self.noted = Cells(), False, 0
        self.row = self.column = self.down = 0
        self.hidden, self.given, self.text, self.lost = False, dict[str, str](), "", False
        self.parser.EndElementHandler = self._end
        self.parser.StartCdataSectionHandler = self._lose

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take note of sheets, rows, columns and cells, and of the text within a cell."""
        if tag in ODS_CELLS:
            self.within, self.given, self.text, self.lost = True, given, "", False
        elif tag == "office:annotation":
            self.noted += 1
        elif tag == "text:p":
            self.parser.CharacterDataHandler = None if self.noted else self._read
        elif tag == "table:table":
            self._begin_sheet(str(given.get("table:name")))
        elif tag == "table:table-row":
            self.row, self.column = self.row + self.down, 0
            self.down = _times(given, "table:number-rows-repeated")
            self.hidden = given.get("table:visibility") in HIDES
        elif tag == "table:table-column":
            after = self.column + _times(given, "table:number-columns-repeated")
            if given.get("table:visibility") in HIDES:
                self.cells.hidden_columns += range(self.column, min(after, MOST_COLUMNS))
            self.column = after

    def _begin_sheet(self, name: str) -> None:
        if self.within:
            raise Odd(f"row {self.row + 1} has a table within a cell")
        self.cells, self.row, self.column, self.down = Cells(), 0, 0, 0
        self.sheets.append((name, self.cells))

    def _end(self, tag: str) -> None:
        if tag in ODS_CELLS:
            self._end_cell()
            self.within, self.parser.CharacterDataHandler = False, None
        elif tag == "office:annotation":
            self.noted -= 1

    def _end_cell(self) -> None:
        """Note what the cell holds, as often as it stands."""
        given, cells, here = self.given, self.cells, (self.row, self.column)
        if not given and not self.text:
            self.column += 1
            return
        across = _times(given, "table:number-columns-repeated")
        formula, value = given.get("table:formula"), given.get("office:value-type")
        if formula is not None or value is not None or self.text:
            cells.filled += self.down * across
            cells.height = max(cells.height, self.row + self.down)
            cells.width = max(cells.width, self.column + across)
            cells.text += (len(self.text) + len(given.get(STRING, ""))) * self.down * across
            if self.hidden and self.row not in cells.hidden_rows[-1:]:
                cells.hidden_rows += range(self.row, min(self.row + self.down, LAST_ROW))
        computed = formula is not None or value != "string" or STRING in given
        if given.get(CALC_TYPE) == "error" or (computed and ERROR.fullmatch(self.text)):
            cells.errors.append(here)
        elif formula is not None and value is None:
            cells.uncalculated.append(here)
        elif self.lost or (self.text and value is None):
            cells.unread.append(here)
        spanned = [_times(given, f"table:number-{one}-spanned") for one in ("rows", "columns")]
        if max(spanned) > 1:
            cells.merged.append((here, (here[0] + spanned[0] - 1, here[1] + spanned[1] - 1)))
        self.column += across

    def _read(self, text: str) -> None:
        self.text += text

    def _lose(self) -> None:
        self.lost = self.within  # the reader passes over such a section


def _times(given: dict[str, str], name: str) -> int:
    times = int(given.get(name, "1"))
    if not 0 < times <= LAST_ROW:
        raise ValueError(name)
    return times


def ods_sheets(package: ZipFile) -> Iterator[tuple[str, Cells]]:
    """Yield what each sheet of the `package` of an OpenDocument spreadsheet holds."""
    look = _Spreadsheet()
    with package.open("content.xml") as content:
        look.read(content)
    yield from look.sheets
