"""A look into the package of a workbook before a reader opens it.

The reader of workbooks gives a blank for a cell that holds an error, for a formula that was never
calculated and for all but the first of merged cells; it does not tell what is hidden, and takes
whatever memory a package asks for. Here each element is told as it streams past, and only what is
counted is kept. What a reader could lose, or could not bear, is refused.
"""

import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from hmip_kit.sources.problems import refusal

# What a package may hold at all, and beside that for each of its bytes: what is within no audit
# is a bomb. The densest files that spreadsheet programs write were measured at half of these.
MOST_BYTES, SOME_BYTES, EXPANDS = 1_000_000_000, 50_000_000, 250
SOME_TAGS, TAGS = 1_000_000, 6
MOST_TEXT = 100_000_000  # characters in all cells together
MOST_COLUMNS = 1_000
LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
PIECE = 1 << 20
DAMAGE = (
    *(BadZipFile, zlib.error, expat.ExpatError, LookupError),
    *(ValueError, OSError, EOFError, RuntimeError),  # the last of a package of a kind to come
)
MARKED_UP = (".xml", ".rels")
# A type of document, whose entities could expand; in OpenDocument also what a reader passes over.
DOCTYPE = re.compile(rb"<!DOCTYPE")
ODD = {"content.xml": re.compile(rb"<!(?:DOCTYPE|\[CDATA)")}
MANIFEST = "META-INF/manifest.xml"
Cell = tuple[int, int]  # row and column, counted from 0


@dataclass
class Cells:
    """What a sheet holds: its extent, and the cells that a reader would lose or not tell of."""

    height: int = 0
    width: int = 0
    filled: int = 0
    shared: int = 0  # cells whose text stands in a part that sheets share
    text: int = 0
    errors: list[Cell] = field(default_factory=list)
    uncalculated: list[Cell] = field(default_factory=list)
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


class Odd(ValueError):
    """A sheet is written in a way that a reader takes otherwise, at a row counted from 1."""


def too_wide(columns: int) -> str:
    """Return what is said of a table of so many `columns`."""
    return f"has {columns:,} columns, over {MOST_COLUMNS:,}: no table of cases is that wide"


def refuse_locked_or_large(package: ZipFile, file: str) -> None:
    """Raise `DataProblem` where the `package` of a `file` has a password or holds too much."""
    locked = any(entry.flag_bits & 1 for entry in package.infolist())
    if not locked:
        _refuse_large(package, file)
        listed = MANIFEST in package.namelist()
        locked = listed and b"encryption-data" in package.read(MANIFEST)
    if locked:
        raise refusal(file, "is protected by a password: save it without one and try again")


def _refuse_large(package: ZipFile, file: str) -> None:
    """Unpack every entry, whatever size its header claims, and stop where that grows too large."""
    entries = package.infolist()
    kinds = {entry.compress_type for entry in entries} - {ZIP_STORED, ZIP_DEFLATED}
    if kinds or len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise BadZipFile
    packed = sum(entry.compress_size for entry in entries)
    most_bytes = min(MOST_BYTES, SOME_BYTES + EXPANDS * packed)
    seen = tags = 0
    for entry in entries:
        odd, size, check, last = ODD.get(entry.filename, DOCTYPE), 0, 0, b""
        for piece in _pieces(package, entry):
            seen, size = seen + len(piece), size + len(piece)
            tags, check = tags + piece.count(b"<"), zlib.crc32(piece, check)
            if seen > most_bytes or tags > SOME_TAGS + TAGS * packed:
                what = f"{seen // 10**6:,} MB" if seen > most_bytes else f"{tags:,} elements"
                raise refusal(file, f"unpacks to more than {what}: no audit of cases is that large")
            if entry.filename.endswith(MARKED_UP) and odd.search(last[-9:] + piece):
                raise Odd(f"{entry.filename} is written oddly")
            last = piece
        if (size, check) != (entry.file_size, entry.CRC):
            raise BadZipFile


def _pieces(package: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    whole = copy(entry)
    # What the header claims does not count: a small size would hide what comes after it.
    whole.file_size = 2 * MOST_BYTES
    del whole.CRC
    with package.open(whole) as content:
        while piece := content.read(PIECE):
            yield piece


def _let_past(content: IO[bytes], parser: expat.XMLParserType) -> None:
    """Let all of the `content` stream past a parser; a tag longer than any real one is damage."""
    parser.buffer_text = True
    fed = 0
    while piece := content.read(PIECE):
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > 4 * PIECE:
            raise BadZipFile
    parser.Parse(b"", True)


def _listed(content: IO[bytes], kind: str) -> list[dict[str, str]]:
    """Return what the elements of one `kind` are given: links between parts, or sheets."""
    found: list[dict[str, str]] = []

    def start(tag: str, given: dict[str, str]) -> None:
        if _local(tag) == kind:
            found.append({_local(name): value for name, value in given.items()})
        if len(found) > LAST_COLUMN:
            raise BadZipFile

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    _let_past(content, parser)
    return found


def _lengths(content: IO[bytes]) -> "array[int]":
    """Return how long each text is that sheets share."""
    lengths = array("q", [0])

    def start(tag: str, _: object) -> None:
        if _local(tag) == "si":
            lengths.append(0)

    def read(text: str) -> None:
        lengths[-1] += len(text)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, read
    _let_past(content, parser)
    return lengths[1:]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Sheet:
    """The cells of a sheet of an XLSX file: in any spelling of XML, with references or without.

    Where `lengths` are given, those of the texts that its cells share are added up.
    """

    def __init__(self, name: str, content: IO[bytes], lengths: Sequence[int] = ()) -> None:
        self.name, self.lengths, self.cells = name, lengths, Cells()
        self.kinds, self.tables = dict[str, str](), 0
        self.row, self.column, self.valued, self.ending = -1, -1, -1, ""
        self.given, self.result = dict[str, str](), ""
        self.hidden = self.formula = self.reading = False
        self.parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.StartCdataSectionHandler = parser.CommentHandler = self._within
        parser.ProcessingInstructionHandler = self._within
        _let_past(content, parser)
        self._end_row()

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take note of rows, columns and cells; what else a sheet holds counts for nothing.

        Cells and values come first, and without a call more: there are millions of them.
        """
        kind = self.kinds.get(tag)
        if kind == "c":
            if self.reading:
                self._end_cell()
            reference, before, self.given = given.get("r"), self.column, given
            self.column = _column(reference.removesuffix(self.ending)) if reference else before + 1
            if self.column <= before:
                self._refuse()
        elif kind == "v":
            if self.valued == self.column:
                self._refuse()
            self.valued = self.column
            self.cells.filled += 1
            written = self.given.get("t")
            if written == "s":
                self.cells.shared += 1
            elif written == "e":
                self.cells.errors.append((self.row, self.column))
            if self.formula or (self.lengths and written == "s"):
                self.reading, self.parser.CharacterDataHandler = True, self._read
        elif kind is None:
            self.kinds[tag] = "v" if _local(tag) == "is" else _local(tag)
            self.start(tag, given)
        elif kind == "row":
            self._end_row()
            self._begin_row(given)
        elif kind == "f":
            self.formula = self.reading = True
        elif kind == "col" and _hides(given, "width"):
            hidden = range(int(given["min"]) - 1, int(given["max"]))
            self.cells.hidden_columns += hidden[:MOST_COLUMNS]
            if len(self.cells.hidden_columns) > LAST_COLUMN:
                self._refuse()
        elif kind == "sheetData":
            self._within()
            self.tables += 1

    def _begin_row(self, given: dict[str, str]) -> None:
        row = int(given["r"]) - 1 if "r" in given else self.row + 1
        if not self.row < row < LAST_ROW:
            self._refuse()
        self.row, self.column, self.valued, self.ending = row, -1, -1, str(row + 1)
        self.hidden = _hides(given, "ht")

    def _end_row(self) -> None:
        """Note how far the row reaches: its cells are in order, so the last one filled tells."""
        if self.reading:
            self._end_cell()
        if self.valued >= 0:
            self.cells.height = self.row + 1
            self.cells.width = max(self.cells.width, self.valued + 1)
            self.cells.hidden_rows += [self.row] * self.hidden

    def _read(self, text: str) -> None:
        self.result += text

    def _end_cell(self) -> None:
        """Note a formula without a result, unless that may be a blank text; or how long it is."""
        result, kind = self.result.strip(), self.given.get("t")
        if self.formula and not result and kind != "str":
            self.cells.uncalculated.append((self.row, self.column))
        elif self.lengths and kind == "s":
            self.cells.text += self.lengths[int(result)]
        self.parser.CharacterDataHandler = None
        self.formula, self.reading, self.result = False, False, ""

    def _within(self, *_: object) -> None:
        if self.tables:
            self._refuse()

    def _refuse(self) -> None:
        raise Odd(f"sheet {self.name!r} is written oddly about row {self.row + 1}")


@lru_cache(LAST_COLUMN)
def _column(letters: str) -> int:
    """Return the number of a column by its letters; -1 where these are none.

    >>> _column("A"), _column("XFD"), _column("A1")
    (0, 16383, -1)
    """
    number = 0
    for letter in letters.upper() if re.fullmatch("[A-Za-z]{1,3}", letters) else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _hides(given: dict[str, str], size: str) -> bool:
    """Return whether a row or a column is hidden: by its mark, or by its size."""
    return given.get("hidden") in ("1", "true") or given.get(size) in ("0", "0.0")


def xlsx_sheets(package: ZipFile) -> Iterator[tuple[str, Cells]]:
    """Yield what each sheet of an XLSX `package` holds. Merged ranges are left to the reader."""
    parts = {name.casefold(): name for name in package.namelist()}

    def opened(part: PurePosixPath) -> IO[bytes]:
        return package.open(parts[str(part).casefold()])

    def links(part: PurePosixPath) -> Iterator[tuple[str, str, PurePosixPath]]:
        """Yield what a part links to: its kind, the link's id and the other part."""
        for link in _listed(opened(part.parent / "_rels" / f"{part.name}.rels"), "Relationship"):
            target = link["Target"]
            within = target.startswith(("/", "xl/"))
            path = PurePosixPath(target.lstrip("/")) if within else part.parent / target
            yield link["Type"].rpartition("/")[2], link["Id"], path

    book = {kind: target for kind, _, target in links(PurePosixPath("."))}["officeDocument"]
    linked = list(links(book))
    targets = {name: target for _, name, target in linked}
    shared = {kind: target for kind, _, target in linked}.get("sharedStrings")
    there = shared is not None and str(shared).casefold() in parts
    lengths = _lengths(opened(shared)) if shared and there else ()
    for sheet in _listed(opened(book), "sheet"):
        name, target = sheet["name"], targets[sheet["id"]]
        cells = _Sheet(name, opened(target)).cells
        if cells.shared * max(lengths, default=0) > MOST_TEXT:  # which few sheets come near
            cells = _Sheet(name, opened(target), lengths).cells
        yield name, cells
