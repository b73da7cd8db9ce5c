"""What is written: a file whole or not at all, and an accessible workbook.

A workbook is as government analysts expect it: cover, contents, notes, and one table a sheet.
Written by gptables.
"""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any
from warnings import catch_warnings, filterwarnings

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.settings import FEWEST_FOR_A_PERCENTAGE

SHORTHAND = {
    "[c]": "confidential: the count is not shown",
    "[x]": "not available",
    "[z]": "not applicable",
    "[u]": f"low reliability: under {FEWEST_FOR_A_PERCENTAGE} cases",
}
MISSING = "[x]"
UNFINISHED = ".part"
NO_DATE = datetime(
    1980, 1, 1
)  # when a file was made is nobody's business; a workbook must state something
# Shorthand stands in cells and not in headings; a reader fills in the blanks that are left.
EXPECTED = r"The following notes are not referenced|No note text provided|\s*Empty or null cell"
STARTS_A_FORMULA = tuple("=+-@\t\r")
# What gptables would make a link or a note of: "[label](address)" and "$$note$$".
MARKS = re.compile(r"(?<=\])(?=\()|(?<=\$)(?=\$)")
TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the table's title, lines above the table, and the table.

    `to_fill_in` names the columns that are left blank for a reader to fill in.
    """

    name: str
    title: str
    lines: Sequence[str]
    table: pd.DataFrame = field(repr=False)
    to_fill_in: Sequence[str] = ()


def write_whole(path: Path, content: bytes, private: bool = False) -> Path:
    """Write `content` to the file `path` in one step: until it is complete the old one stays.

    What is `private` nobody but its owner may read. Raises `KitError` where it cannot be written:
    nothing is left of it then.
    """
    unfinished = path.with_name(f".{path.name}.{token_hex(4)}{UNFINISHED}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600 if private else 0o644)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise KitError(f"{path}: cannot be written: {error.strerror}") from None


def as_text(value: Any) -> Any:
    """Return the `value` of a cell of a CSV file as a text that no spreadsheet runs as a formula.

    >>> as_text("=1+1"), as_text("-"), as_text(7)
    ("'=1+1", "'-", 7)
    """
    starts = isinstance(value, str) and value.startswith(STARTS_A_FORMULA)
    return f"'{value}" if starts else value


def _unmarked(value: Any) -> Any:
    """Return the `value` of a cell of a workbook; a space keeps its marks from meaning anything."""
    return MARKS.sub(" ", value) if isinstance(value, str) else value


def workbook(title: str, about: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
    """Return `sheets` as the bytes of an XLSX file, with a `title` and `about` on its cover.

    Text stays text: none of it is taken for a formula or a link. A sheet without rows says so.
    What is missing is "[x]"; shorthand such as [c] is explained on its sheet and in the notes.

    >>> table = pd.DataFrame({"Case": ["a"], "Answer": ["Yes"]})
    >>> workbook("Trial", ["Made up."], [Sheet("One", "One table", [], table)])[:2]
    b'PK'
    """
    import gptables

    plain = [
        replace(one, title=_unmarked(one.title), lines=[*map(_unmarked, one.lines)])
        for one in sheets
    ]
    full = [replace(sheet, table=_full(sheet.table, sheet.to_fill_in)) for sheet in plain]
    tables = {sheet.name: _table(sheet, place) for place, sheet in enumerate(full, 1)}
    notes = (
        pd.DataFrame(_shorthand(full), columns=["Note reference", "Note text"])
        if _shorthand(full)
        else None
    )
    with TemporaryDirectory() as folder, catch_warnings():
        filterwarnings("ignore", EXPECTED)
        path = Path(folder) / "workbook.xlsx"
        cover = gptables.Cover(title=_unmarked(title), about=[*map(_unmarked, about)])
        book = gptables.produce_workbook(
            str(path), tables, cover=cover, notes_table=notes, workbook_options=TEXT_IS_TEXT
        )
        book.set_properties({"created": NO_DATE})
        book.close()
        return path.read_bytes()


def _full(table: pd.DataFrame, to_fill_in: Sequence[str]) -> pd.DataFrame:
    if table.empty:
        return pd.DataFrame({"Nothing to show": ["No rows"]})
    cells = table.reset_index(drop=True).astype("object").map(_unmarked).rename(columns=_unmarked)
    return cells.mask((cells.isna() | (cells == "")) & ~cells.columns.isin(to_fill_in), MISSING)


def _table(sheet: Sheet, place: int) -> Any:
    import gptables

    legend = [f"{mark} = {meaning}" for mark, meaning in _shorthand([sheet])]
    return gptables.GPTable(
        sheet.table,
        f"table_{place}",
        sheet.title,
        subtitles=[*sheet.lines],
        legend=legend,
        index_columns={},
    )


def _shorthand(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    used = {
        str(value) for sheet in sheets for column in sheet.table for value in sheet.table[column]
    }
    return [
        (mark, meaning) for mark, meaning in SHORTHAND.items() if any(mark in text for text in used)
    ]
