"""A look into the package of a workbook before a reader opens it.

The reader of workbooks gives a blank for a cell that holds an error, for a formula that was never
calculated and for all but the first of merged cells; it does not tell what is hidden, and takes
whatever memory a package asks for. Here each element is told as it streams past, and only what is
counted is kept. What a reader could lose, or could not bear, is refused.
"""

import zlib
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from typing import IO, Any
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
DAMAGE = (BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, OSError, EOFError)
MANIFEST = "META-INF/manifest.xml"
TRUE = ("1", "true")
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
    unread: list[Cell] = field(default_factory=list)
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
    names = [entry.filename.casefold() for entry in package.infolist()]
    if len(set(names)) < len(names):
        raise BadZipFile
    for entry in package.infolist():
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadZipFile
    packed = sum(entry.compress_size for entry in package.infolist())
    most_bytes = min(MOST_BYTES, SOME_BYTES + EXPANDS * packed)
    most_tags = SOME_TAGS + TAGS * packed
    seen = tags = 0
    for entry in package.infolist():
        size = check = 0
        for piece in _pieces(package, entry):
            seen, size = seen + len(piece), size + len(piece)
            tags, check = tags + piece.count(b"<"), zlib.crc32(piece, check)
            if seen > most_bytes or tags > most_tags:
                what = f"{seen // 10**6:,} MB" if seen > most_bytes else f"{tags:,} elements"
                raise refusal(file, f"unpacks to more than {what}: no audit of cases is that large")
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


class Look:
    """What is told of each element of a part of a package as it streams past."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = _refuse_type

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take note of an element that begins, by its `tag` and what it is `given`."""
        raise NotImplementedError

    def read(self, content: IO[bytes]) -> None:
        """Let all of the `content` stream past; a tag longer than any real one is damage."""
        fed = 0
        while piece := content.read(PIECE):
            self.parser.Parse(piece, False)
            fed += len(piece)
            if fed - self.parser.CurrentByteIndex > 4 * PIECE:
                raise BadZipFile
        self.parser.Parse(b"", True)


def _refuse_type(*_: object) -> None:
    raise BadZipFile  # no workbook states a type of document, whose entities could expand


class _Listed(Look):
    """What the elements of one `kind` are given: links between parts, or sheets."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind, self.found = kind, list[dict[str, str]]()

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Keep what an element of the kind is given, names without their prefixes."""
        if _local(tag) == self.kind:
            self.found.append({_local(name): value for name, value in given.items()})
            if len(self.found) > LAST_COLUMN:
                raise BadZipFile


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Shared(Look):
    """How long each text is that sheets share."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[int] = []
        self.parser.CharacterDataHandler = self._text

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Begin another text with an element `si`."""
        if _local(tag) == "si":
            self.lengths.append(0)

    def _text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class _Sheet(Look):
    """The cells of a sheet of an XLSX file: in any spelling of XML, with references or without."""

    def __init__(self, name: str, lengths: Sequence[int] = ()) -> None:
        super().__init__()
        self.lengths, self.weighed = lengths, True
        self.parser.CharacterDataHandler = self._weigh if lengths else None
        self.name, self.cells, self.kinds, self.tables = name, Cells(), dict[str, str](), 0
        self.row, self.ending, self.hidden = -1, "", False
        self.column = self.valued = -1
        self.type: str | None = None
        self.formula, self.result = False, ""
        self.parser.StartCdataSectionHandler = self.parser.CommentHandler = self._within
        self.parser.ProcessingInstructionHandler = self._within

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take note of rows, columns and cells; what else a sheet holds counts for nothing.

        Cells and values come first, and without a call more: there are millions of them.
        """
        kind = self.kinds.get(tag)
        if kind == "c":
            reference = given.get("r")
            column = _column(reference.removesuffix(self.ending)) if reference else self.column + 1
            if self.formula:
                self._end_formula()
            if column <= self.column:
                self._refuse()
            self.column, self.type = column, given.get("t")
            if self.type == "e":
                self.cells.errors.append((self.row, column))
        elif kind == "v":
            if self.valued == self.column:
                self._refuse()
            if self.formula:
                self.parser.CharacterDataHandler = self._read
            self.valued = self.column
            self.cells.filled += 1
            if self.type == "s":
                self.cells.shared += 1
                self.weighed = False
        elif kind is None:
            self.kinds[tag] = "v" if _local(tag) == "is" else _local(tag)
            self.start(tag, given)
        elif kind == "row":
            self._end_row()
            self._begin_row(given)
        elif kind == "f":
            self.formula = True
        elif kind == "col" and _hides(given, "width"):
            hidden = range(int(given["min"]) - 1, int(given["max"]))
            self.cells.hidden_columns += hidden[:MOST_COLUMNS]
            if len(self.cells.hidden_columns) > LAST_COLUMN:
                self._refuse()
        elif kind == "sheetData":
            self._within()
            self.tables += 1

    def read(self, content: IO[bytes]) -> None:
        """Let all of the `content` stream past, to the end of the last row."""
        super().read(content)
        self._end_row()

    def _begin_row(self, given: dict[str, str]) -> None:
        row = int(given["r"]) - 1 if "r" in given else self.row + 1
        if not self.row < row < LAST_ROW:
            self._refuse()
        self.row, self.column, self.valued, self.ending = row, -1, -1, str(row + 1)
        self.hidden = _hides(given, "ht")

    def _end_row(self) -> None:
        """Note how far the row reaches: its cells are in order, so the last one filled tells."""
        if self.formula:
            self._end_formula()
        if self.valued >= 0:
            self.cells.height = self.row + 1
            self.cells.width = max(self.cells.width, self.valued + 1)
            if self.hidden:
                self.cells.hidden_rows.append(self.row)

    def _read(self, text: str) -> None:
        self.result += text

    def _weigh(self, number: str) -> None:
        """Add up how long the texts are that cells share: the first text after a value is one."""
        if not self.weighed and number.strip().isdecimal() and int(number) < len(self.lengths):
            self.cells.text += self.lengths[int(number)]
        self.weighed = True

    def _end_formula(self) -> None:
        """Note a formula without a result; one whose result is a text may have a blank one."""
        if not self.result.strip() and self.type not in ("str", "e"):
            self.cells.uncalculated.append((self.row, self.column))
        self.parser.CharacterDataHandler = self._weigh if self.lengths else None
        self.formula, self.result = False, ""

    def _within(self, *_: object) -> None:
        if self.tables:
            self._refuse()

    def _refuse(self) -> None:
        raise Odd(f"sheet {self.name!r} is written oddly about row {self.row + 1}")


@cache
def _column(reference: str) -> int:
    """Return the number of a column by its letters; -1 where these are none.

    >>> _column("A"), _column("XFD"), _column("A1")
    (0, 16383, -1)
    """
    number = 0
    for letter in reference.upper():
        if not "A" <= letter <= "Z" or number > LAST_COLUMN:
            return -1
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _hides(given: dict[str, str], size: str) -> bool:
    """Return whether a row or a column is hidden: by its mark, or by its size."""
    return given.get("hidden") in TRUE or given.get(size) in ("0", "0.0")


def xlsx_sheets(package: ZipFile) -> Iterator[tuple[str, Cells]]:
    """Yield what each sheet of an XLSX `package` holds. Merged ranges are left to the reader."""
    parts = {name.casefold(): name for name in package.namelist()}
    books = {kind: target for kind, _, target in _links(package, parts, PurePosixPath("."))}
    book = books["officeDocument"]
    links = list(_links(package, parts, book))
    lengths = [
        length
        for kind, _, target in links
        if kind == "sharedStrings" and str(target).casefold() in parts
        for length in _seen(package, parts, target, _Shared()).lengths
    ]
    targets = {name: target for _, name, target in links}
    for sheet in _seen(package, parts, book, _Listed("sheet")).found:
        target = targets[sheet["id"]]
        cells = _seen(package, parts, target, _Sheet(sheet["name"])).cells
        if cells.shared * max(lengths, default=0) > MOST_TEXT:  # which few sheets come near
            cells = _seen(package, parts, target, _Sheet(sheet["name"], lengths)).cells
        yield sheet["name"], cells


def _seen(package: ZipFile, parts: dict[str, str], part: PurePosixPath, look: Any) -> Any:
    """Return a `look` that has seen the `part` of a package, whatever case its name is in."""
    with package.open(parts[str(part).casefold()]) as content:
        look.read(content)
    return look


def _links(
    package: ZipFile, parts: dict[str, str], part: PurePosixPath
) -> Iterator[tuple[str, str, PurePosixPath]]:
    """Yield what a `part` of a package links to: its kind, the link's id and the other part."""
    beside = part.parent / "_rels" / f"{part.name}.rels"
    for link in _seen(package, parts, beside, _Listed("Relationship")).found:
        target = link["Target"]
        within = target.startswith(("/", "xl/"))
        path = PurePosixPath(target.lstrip("/")) if within else part.parent / target
        yield link["Type"].rpartition("/")[2], link["Id"], path
