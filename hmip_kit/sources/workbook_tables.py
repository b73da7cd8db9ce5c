"""XLSX and ODS workbooks: each sheet that is shown and has headings is a table."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from hmip_kit.sources.headings import Known, heading_row
from hmip_kit.sources.ods_cells import ods_cells
from hmip_kit.sources.packages import Cells, opened, xlsx_cells
from hmip_kit.sources.parquet_tables import text_of
from hmip_kit.sources.problems import Place, Report, refusal
from hmip_kit.sources.table import Table, Texts, heading_shown, table_of
from hmip_kit.sources.text_tables import LOOKED_AT
from hmip_kit.sources.wording import tidy

INSPECTION = "inspection"
OURS = ("how to fill in", "dictionary", "lists")  # sheets of the template that explain
MOST_PLACES = 20  # cells of one kind of fault that are named


def workbook_tables(path: Path, known: Known, report: Report) -> tuple[list[Table], dict[str, str]]:
    """Return the tables of a workbook, and what its sheet `inspection` says. Hidden sheets are not read, which is a warning."""
    from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

    with opened(path) as package:
        held = (
            ods_cells(path, package)
            if path.suffix.casefold() == ".ods"
            else xlsx_cells(path, package)
        )
    tables, said = [], {}
    try:
        with load_workbook(str(path)) as book:
            for about in book.sheets_metadata:
                if about.visible != SheetVisibleEnum.Visible:
                    report.warn(Place(path.name, about.name), "is hidden and was not read")
                    continue
                sheet = book.get_sheet_by_name(about.name)
                cells = held.get(about.name, Cells())
                if about.name.strip().casefold() == INSPECTION:
                    said = _said(sheet)
                elif table := _table(path.name, sheet, cells, known, report):
                    tables.append(table)
    except (CalamineError, OSError, ValueError) as error:
        raise refusal(
            path.name,
            f"cannot be read as a workbook ({type(error).__name__}): is it damaged or cut off?",
        ) from None
    return tables, said


def _said(sheet: Any) -> dict[str, str]:
    rows = [
        [text_of(cell).strip() for cell in row if text_of(cell).strip()]
        for row in sheet.iter_rows()
    ]
    return {row[0].casefold(): row[1] for row in rows if len(row) > 1}


def _table(file: str, sheet: Any, cells: Cells, known: Known, report: Report) -> Table | None:
    if sheet.start is None:
        return None
    records = _records(sheet)
    head = list(islice(records, LOOKED_AT))
    place = heading_row(head, known)
    if place is None:
        if sheet.name not in OURS:
            report.warn(Place(file, sheet.name), "has no heading that is known and was not read")
        return None
    first, headings = place + 1, head[place]
    columns, count = _columns(head[first:], records, len(headings))
    cells.merged += [] if sheet.merged_cell_ranges is None else sheet.merged_cell_ranges
    _note_faults(Place(file, sheet.name), cells, (first, first + count), headings, report)
    return table_of(
        file, sheet.name, headings, columns, np.arange(count, dtype=np.int64) + first + 1
    )


def _records(sheet: Any) -> Iterator[list[str]]:
    """Yield every row from the first on, each from column A on, as texts; the reader leaves out columns before the first that is used."""
    before = [""] * (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        yield before + [text_of(cell) for cell in row]


def _columns(
    first: list[list[str]], records: Iterator[list[str]], width: int
) -> tuple[list[Texts], int]:
    places: list[dict[str, int]] = [{} for _ in range(width)]
    codes: list[list[int]] = [[] for _ in range(width)]
    count = 0
    for source in (first, records):
        for record in source:
            count += 1
            for column, cell in enumerate(record):
                known = places[column]
                codes[column].append(known.setdefault(cell, len(known)))
    return [
        Texts(np.array(one, dtype=np.int32), list(known))
        for one, known in zip(codes, places, strict=True)
    ], count


def _note_faults(
    place: Place, cells: Cells, rows: tuple[int, int], headings: list[str], report: Report
) -> None:
    """Note the cells below the headings that a reader would lose: errors, formulas without a result, merged cells."""
    first, last = rows
    faults = {
        "holds an error: put in the value itself": cells.errors,
        "holds a formula that was never calculated: open the file, save it and try again": cells.uncalculated,
        "is merged with others, so that only the first has a value: unmerge and fill each": [
            start for start, end in cells.merged if end[0] >= first
        ],
    }
    for text, found in faults.items():
        below = sorted(
            {
                cell
                for cell in found
                if first <= cell[0] < last or (text.startswith("is merged") and cell[0] < last)
            }
        )
        for row, column in below[:MOST_PLACES]:
            heading = heading_shown(tidy(headings[column])) if column < len(headings) else ""
            report.problem(Place(place.file, place.sheet, row + 1, column, heading), text)
        if len(below) > MOST_PLACES:
            report.problem(place, f"{len(below) - MOST_PLACES} more cells: {text}")
