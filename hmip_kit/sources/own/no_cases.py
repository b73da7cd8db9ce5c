"""Rows of a table that are no cases: notes, totals, headings once more, the template's example.

None is read, and a warning names each.
"""

import re

import numpy as np

from hmip_kit.sources.own.headings import CASE_ID, EXAMPLE, Vocabulary
from hmip_kit.sources.own.table import Marks, Table
from hmip_kit.sources.problems import MOST_ROWS, with_names

FEWEST_BESIDE_NOTES = 3  # columns of a table in which a row of one text is a note
# A note is a sentence of three words or more, or opens with what tables close with.
NOTE = re.compile(r"(?:\S+\s+){2,}\S+|(?:sub)?totals?\b|notes?\b|sources?\b|n\s*=", re.IGNORECASE)


def with_cases(table: Table, known: Vocabulary) -> Table:
    """Return a `table` without rows whose id, by the headings `known`, is that of no case.

    They are the template's example, and totals. A row that holds its id alone is warned of: ids
    may be filled in ahead.
    """
    for place, heading in enumerate(table.headings):
        if known.column(heading) == CASE_ID:
            column = table.columns[place]
            totals = [one for one in column.values if "total" in one.casefold()]
            for texts, what in ([EXAMPLE], "the example row of the template"), (totals, "a total"):
                _warn_left_out(table, column.are(*texts), f"is {what} and no case,")
            kept = table.without(column.are(EXAMPLE, *totals))
            _warn_alone(kept, place)
            return kept
    return table


def _warn_alone(table: Table, place: int) -> None:
    """Warn of rows of a table that hold nothing but what stands in the column at a place."""
    others = [column for at, column in enumerate(table.columns) if at != place]
    if others and all("" in column.values for column in others):
        alone = table.rows[np.logical_and.reduce([column.are("") for column in others])]
        if len(alone):
            table.warn(f"{with_names(alone.tolist(), 'row')} blank but for the case, and read")


def cases_alone(table: Table, known: Vocabulary) -> Table:
    """Return a `table` without rows that are no cases: notes below it, and headings once more.

    Each is named in a warning. A second row of headings may put those `known` in other words.
    """
    if len(table) and _same_headings(table, known):
        second = np.arange(len(table)) == 0
        _warn_left_out(table, second, "repeats the headings in other words,")
        return cases_alone(table.without(second), known)
    named = list(zip(table.columns, table.headings, strict=True))
    gaps = sum("" in column.values for column in table.columns)
    again = sum(heading in column.values for column, heading in named if heading)
    few = len(named) < FEWEST_BESIDE_NOTES
    if few or (gaps < len(named) - 1 and again < 2):  # most files: nothing to look at row by row
        return table
    filled = np.add.reduce([~column.are("") for column in table.columns])
    notes = [
        row
        for row in np.flatnonzero(filled == 1)
        if NOTE.match("".join(column.values[column.codes[row]] for column in table.columns))
    ]
    same = np.add.reduce([column.are(heading) & bool(heading) for column, heading in named])
    rows = (same == filled) & (filled > 1)
    rows[notes] = True
    _warn_left_out(table, rows & (same > 0), "repeats the headings,")
    _warn_left_out(table, rows & (same == 0), "is a note and no case,")
    return table.without(rows)


def _same_headings(table: Table, known: Vocabulary) -> bool:
    """Return whether each text of the first row means what the heading above it means."""
    texts = [column.values[column.codes[0]] for column in table.columns]
    pairs = [pair for pair in zip(table.headings, texts, strict=True) if pair[1]]
    if len(pairs) < 2 or any(heading == text for heading, text in pairs):
        return False
    meant = [[known.column(one) or known.question(one) for one in pair] for pair in pairs]
    return all(heading and heading == text for heading, text in meant)


def _warn_left_out(table: Table, rows: Marks, what: str) -> None:
    """Warn of `rows` that were not read, the first by name; a fault in one of them is none."""
    numbers, report = np.flatnonzero(rows), table.report
    here, gone = (table.file, table.sheet), set(table.rows[rows].tolist())
    report.noted = [
        (one, said)
        for one, said in report.noted
        if (one.file, one.sheet) != here or one.row not in gone
    ]
    for row in numbers[:MOST_ROWS]:
        table.warn(f"{what} and was not read", row=int(row))
    if len(numbers) > MOST_ROWS:
        table.warn(f"{len(numbers) - MOST_ROWS:,} more rows: each {what} and was not read")
