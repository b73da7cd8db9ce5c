"""An accessible workbook, as government analysts expect it: cover, contents, notes, and one table a sheet. Written by gptables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

SHORTHAND = {
    "[c]": "confidential: the count is not shown",
    "[x]": "not available",
    "[z]": "not applicable",
    "[u]": "low reliability: under 20 cases",
}
TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the table's title, lines above the table, and the table."""

    name: str
    title: str
    lines: Sequence[str]
    table: pd.DataFrame = field(repr=False)


def workbook(title: str, about: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook as the bytes of an XLSX file; text stays text, so that none of it is taken for a formula or a link.

    `about` goes on the cover. A sheet without rows says so. Shorthand such as [c] is explained on the notes sheet where it occurs.

    >>> content = workbook("Trial", ["Made up."], [Sheet("One", "One table", [], pd.DataFrame({"Case": ["a"], "Answer": ["Yes"]}))])
    >>> content[:2]
    b'PK'
    """
    import gptables

    tables = {sheet.name: _table(sheet, place) for place, sheet in enumerate(sheets, 1)}
    notes = _notes(sheets)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        gptables.write_workbook(
            str(path), tables, cover=gptables.Cover(title=title, about=[*about]), notes_table=notes, workbook_options=TEXT_IS_TEXT
        )
        return path.read_bytes()


def _table(sheet: Sheet, place: int) -> Any:
    import gptables

    table = sheet.table if len(sheet.table) else pd.DataFrame({"Nothing to show": ["No rows"]})
    lines = [*sheet.lines]
    return gptables.GPTable(table.reset_index(drop=True), f"table_{place}", sheet.title, subtitles=lines, index_columns={})


def _notes(sheets: Sequence[Sheet]) -> pd.DataFrame | None:
    used = {str(value) for sheet in sheets for column in sheet.table for value in sheet.table[column]}
    rows = [(mark, meaning) for mark, meaning in SHORTHAND.items() if any(mark in text for text in used)]
    return pd.DataFrame(rows, columns=["Note reference", "Note text"]) if rows else None
