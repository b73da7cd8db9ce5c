"""CSV files as people make them: UTF-8 with or without a mark, Windows-1252, UTF-16; commas, semicolons, tabs; a title row above."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hmip_kit.sources.headings import Known, heading_row
from hmip_kit.sources.problems import Place, Report, plural, refusal
from hmip_kit.sources.table import Numbers, Table, Texts, table_of, texts_of

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 30  # rows in which the headings are looked for
LARGEST = 2_000_000_000
LONG_LINE = 2_000_000  # bytes that surely hold the headings
csv.field_size_limit(10_000_000)


def csv_table(path: Path, known: Known, report: Report) -> Table | None:
    """Return the table of a CSV file, or none when no heading in it is known. Rows with more or fewer cells than headings are problems."""
    if path.stat().st_size > LARGEST:
        raise refusal(path.name, f"is larger than {LARGEST // 10**6:,} MB")
    content = _as_utf8(path, report)
    separator, head = _head(content, known, path.name)
    place = heading_row(head, known)
    if place is None:
        return None
    headings, start = _trimmed(head[place]), _offset(content, separator, place + 1)
    quick = _quick(content[start:], headings, separator)
    if quick is None:
        quick, rows = _careful(
            content[start:].decode(), path.name, headings, separator, place + 1, report
        )
    else:
        rows = np.arange(len(quick[0].codes), dtype=np.int64) + place + 2
    _note_swallowed(path.name, headings, quick, rows, separator, report)
    return table_of(path.name, "", headings, quick, rows)


def _note_swallowed(
    file: str,
    headings: list[str],
    columns: list[Texts],
    rows: Numbers,
    separator: str,
    report: Report,
) -> None:
    """Note cells that hold line breaks and separators: rows that stand between two stray quotation marks would be lost in them."""
    for place, column in enumerate(columns):
        swallowing = {text for text in column.values if "\n" in text and separator in text}
        for row in np.flatnonzero(column.among(swallowing)) if swallowing else ():
            text = (
                "goes on over several lines and holds separators: is a quotation mark not closed?"
            )
            report.problem(Place(file, "", int(rows[row]), place, headings[place]), text)


def _as_utf8(path: Path, report: Report) -> bytes:
    content = path.read_bytes()
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    if encoding == "utf-8-sig":
        content, encoding = content[3:], "utf-8"
    try:
        if encoding == "utf-8":
            content.decode()
        else:
            content = content.decode(encoding).encode()
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


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _head(content: bytes, known: Known, name: str) -> tuple[str, list[list[str]]]:
    """Return the separator that makes the most headings known, and the first rows read with it."""
    start = content[:LONG_LINE].decode(errors="ignore")
    heads = {separator: _first(start, separator) for separator in SEPARATORS}
    found = {separator: heading_row(head, known) for separator, head in heads.items()}
    best = max(
        SEPARATORS,
        key=lambda one: -1 if (row := found[one]) is None else known.count(heads[one][row]),
    )
    if not heads[best]:
        raise refusal(name, "is empty, or its quotation marks do not close")
    return best, heads[best]


def _first(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in _records(text, separator):
            rows.append(row)
            if len(rows) == LOOKED_AT:
                break
    except csv.Error:
        return rows
    return rows


def _offset(content: bytes, separator: str, records: int) -> int:
    """Return the byte at which the record after these begins."""
    used: list[int] = []

    def lines() -> Iterator[str]:
        for line in io.BytesIO(content):
            used.append(len(line))
            yield line.decode()

    reader = csv.reader(lines(), delimiter=separator, strict=True)
    for _ in range(records):
        next(reader)
    return sum(used)


def _quick(body: bytes, headings: list[str], separator: str) -> list[Texts] | None:
    """Return the columns of an orderly file, read by Arrow; none when any row is not as wide as the headings, or blank."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    from hmip_kit.sources.parquet_tables import texts_of_arrow

    names = [str(place) for place in range(len(headings))]
    if b'"' in body and b'"' in _without_quoted(body, separator):
        return None
    if not body[:LONG_LINE].strip() and not body.strip():
        return [Texts(np.zeros(0, dtype=np.int32), []) for _ in names]
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


def _without_quoted(body: bytes, separator: str) -> bytes:
    """Return the file without its cells in quotation marks, so that a mark that is left stands where none should."""
    between = re.escape(separator.encode())
    return re.sub(rb'(?:^|(?<=[\n%b]))"(?:[^"]|"")*"(?=[\n%b]|$)' % (between, between), b"", body)


def _careful(
    text: str, file: str, headings: list[str], separator: str, above: int, report: Report
) -> tuple[list[Texts], Numbers]:
    """Return the columns and row numbers of an untidy file, with a problem for each row that does not fit the headings."""
    wide, cells, rows = len(headings), [], []
    records = _records(text, separator)
    number = above
    while True:
        number += 1
        try:
            record = _trimmed(next(records), wide)
        except StopIteration:
            break
        except csv.Error as error:
            report.problem(
                Place(file, row=number),
                f"cannot be read as a row of cells ({error}): is a quotation mark not closed?",
            )
            break
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != wide:
            report.problem(
                Place(file, row=number),
                f"has {plural(len(record), 'cell')} where there are {plural(wide, 'heading')}",
            )
            continue
        cells.append(record)
        rows.append(number)
    columns = [texts_of([record[place] for record in cells]) for place in range(wide)]
    return columns, np.array(rows, dtype=np.int64)


def _trimmed(record: list[str], wide: int = 0) -> list[str]:
    """Return a record without blank cells at its end beyond the headings."""
    while len(record) > wide and not record[-1].strip():
        record = record[:-1]
    return record
