"""CSV files as people make them.

UTF-8 with or without a mark, UTF-16, Windows-1252; commas, semicolons, tabs; a title row above.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import numpy as np

from hmip_kit.sources.own.headings import Vocabulary, headed
from hmip_kit.sources.own.package import MOST_COLUMNS, too_wide
from hmip_kit.sources.own.table import (
    Integers,
    Opened,
    Table,
    Texts,
    texts_of_arrow,
    texts_of_rows,
)
from hmip_kit.sources.problems import MOST_ROWS, Place, Report, refusal
from hmip_kit.stats.words import plural

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 30  # rows in which the headings are looked for
LARGEST = 2_000_000_000
QUOTED = rb'(?:^|(?<=[\n%b]))"(?:[^"]|"")*"(?=[\n%b]|$)'  # a cell in quotation marks
LONG_LINE = 2_000_000  # bytes that surely hold the headings
csv.field_size_limit(10_000_000)


def csv_tables(path: Path, known: Vocabulary, report: Report) -> Opened:
    """Return the table of the CSV file at `path`, found by the headings that are `known`.

    Rows with more or fewer cells than headings are problems of the `report`.
    """
    if path.stat().st_size > LARGEST:
        raise refusal(path.name, f"is larger than {LARGEST // 10**6:,} MB")
    content = _as_utf8(path, report)
    separator, head = _head(content, known, path.name)
    found = headed(head, known, Place(path.name), report)
    if found is None:
        return Opened()
    place, headings = found[0].stop, _trimmed(found[1])
    if len(headings) > MOST_COLUMNS:
        raise refusal(path.name, too_wide(len(headings)))
    start = _offset(content, separator, place)
    columns = _quick(content[start:], len(headings), separator)
    if columns is None:
        columns, rows = _careful(
            content[start:].decode(), path.name, len(headings), separator, place + 1, report
        )
    else:
        rows = np.arange(len(columns[0].codes), dtype=np.int64) + place + 1
    table = Table(path.name, "", headings, columns, rows, report)
    _note_swallowed(table, separator)
    return Opened([table.tidied()])


def _note_swallowed(table: Table, separator: str) -> None:
    """Note cells that hold line breaks and separators.

    Rows that stand between two stray quotation marks would be lost in them.
    """
    for place, column in enumerate(table.columns):
        swallowing = [text for text in column.values if "\n" in text and separator in text]
        for row in np.flatnonzero(column.are(*swallowing))[:MOST_ROWS]:
            table.problem(
                "goes on over several lines and holds separators: is a quotation mark not closed?",
                place,
                int(row),
            )


def _as_utf8(path: Path, report: Report) -> bytes:
    """Return what a file holds as UTF-8 without a mark, its lines ended by a line feed alone."""
    content = path.read_bytes()
    wide = content.startswith(UTF_16)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        if wide:
            content = content.decode("utf-16").encode()
        content.decode()
    except UnicodeDecodeError:
        content = _from_windows(content, path.name)
        report.mapped(Place(path.name), "encoding", "not UTF-8", "Windows-1252")
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        raise refusal(
            path.name, f"row {row} holds bytes that no table of text has: is it a text file?"
        )
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content


def _from_windows(content: bytes, name: str) -> bytes:
    try:
        return content.decode("cp1252").encode()
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise refusal(
            name, f"row {row} is neither UTF-8 nor Windows-1252: save it again as CSV UTF-8"
        ) from None


def records(text: str, separator: str) -> Iterator[list[str]]:
    """Return the rows of a CSV `text` with this `separator`; one that is damaged raises in turn."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _head(content: bytes, known: Vocabulary, name: str) -> tuple[str, list[list[str]]]:
    """Return the separator that makes most headings known, and the first rows read with it."""
    start = content[:LONG_LINE].decode(errors="ignore")
    heads: dict[str, list[list[str]]] = {separator: [] for separator in SEPARATORS}
    found = {}
    for separator, rows in heads.items():
        with suppress(csv.Error):
            rows.extend(islice(records(start, separator), LOOKED_AT))
        if max(map(len, rows), default=0) > MOST_COLUMNS:
            rows[:] = [_trimmed(row) for row in rows]
            if (widest := max(map(len, rows))) > MOST_COLUMNS:
                raise refusal(name, too_wide(widest))
        headings = known.heading_rows(rows)
        found[separator] = -1 if headings is None else known.count(headings[1])
    best = max(SEPARATORS, key=found.__getitem__)
    if not heads[best]:
        raise refusal(name, "is empty, or its quotation marks do not close")
    return best, heads[best]


def _offset(content: bytes, separator: str, records: int) -> int:
    """Return the byte at which the record after these begins."""
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    for _ in range(records):
        next(reader)
    return sum(map(len, islice(io.BytesIO(content), reader.line_num)))


def _quick(body: bytes, wide: int, separator: str) -> list[Texts] | None:
    """Return the columns of an orderly file, read by Arrow.

    None when any row is not as wide as the headings, or blank.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [str(place) for place in range(wide)]
    if b'"' in body and b'"' in re.sub(QUOTED % ((re.escape(separator.encode()),) * 2), b"", body):
        return None  # a mark stands where none should
    if not body[:LONG_LINE].strip() and not body.strip():
        return texts_of_rows([], wide)
    kind = pa.dictionary(pa.int32(), pa.string())
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(body),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=1 << 23),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values=b'"' in body, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [texts_of_arrow(table.column(name)) for name in names]


def _careful(
    text: str, file: str, wide: int, separator: str, first: int, report: Report
) -> tuple[list[Texts], Integers]:
    """Return the columns and row numbers of an untidy file, whose first row has a number.

    Each row that does not fit the headings is a problem.
    """
    kept, number, wrong = {}, first - 1, 0
    try:
        for number, row in enumerate(records(text, separator), first):
            record = row if len(row) == wide else _trimmed(row, wide)
            if len(record) == wide:
                kept[number] = record
            elif any(map(str.strip, record)):
                wrong += 1
                report.problem(
                    Place(file, row=number),
                    f"has {plural(len(record), 'cell')} where there are {plural(wide, 'heading')}",
                )
            if wrong > MOST_ROWS:
                report.problem(Place(file, row=number + 1), "and what follows was not looked at")
                break
    except csv.Error as error:
        report.problem(
            Place(file, row=number + 1),
            f"cannot be read as a row of cells ({error}): is a quotation mark not closed?",
        )
    return texts_of_rows(kept.values(), wide), np.array(list(kept), dtype=np.int64)


def _trimmed(record: list[str], wide: int = 0) -> list[str]:
    """Return a record without blank cells at its end beyond the headings."""
    size = len(record)
    while size > wide and not record[size - 1].strip():
        size -= 1
    return record[:size]
