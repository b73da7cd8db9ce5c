"""A workbook or CSV file to fill in, made from the schema and a framework."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hmip_kit.errors import DataProblem
from hmip_kit.framework import Framework
from hmip_kit.schema import ANSWERS, CASES, NEED_FLAGS, NEED_ROWS
from hmip_kit.sources.bundled import framework_named
from hmip_kit.sources.checking import EXAMPLE
from hmip_kit.sources.dictionary import QUESTION, dictionary
from hmip_kit.sources.problems import letters
from hmip_kit.sources.spellings import allowed
from hmip_kit.sources.workbook_tables import OURS

ROWS = 1000  # rows that the drop-down lists reach
HELP = (
    "Fill in the sheet cases: one row per inspected case. The row called Example shows how; it is not read.",
    "Give each case a number or letter of your own as case_id: never a CRN, a name or a date of birth.",
    "Yes always means sufficient. Not applicable is an answer; leave a cell blank where nothing was recorded.",
    "Fill in the sheet needs only if you recorded needs: one row per case and need.",
    "The sheet inspection gives the title that pictures carry, and the framework. The sheet dictionary explains every column.",
    "A question of your own: add a column to the sheet cases, with Yes, No and Not applicable. Another characteristic: add a column too.",
    "Then check it: hmip check FILE",
)


@dataclass(frozen=True)
class Field:
    """A column of the workbook: its heading and note, the column whose allowed values it takes, and an example."""

    name: str
    note: str
    list_of: str
    example: str


def write_template(path: Path, framework: str = "pdu-2021", force: bool = False) -> list[Path]:
    """Write a template and return the files written: a workbook, or a CSV file with its dictionary beside it.

    Raises `DataProblem` for another ending or a file that is there already, `UnknownName` for a framework that is not.
    """
    asked, ending = framework_named(framework), path.suffix.casefold()
    if ending not in (".xlsx", ".csv"):
        raise DataProblem(f"{path.name}: a template is written as .xlsx or .csv")
    contents = {path: _workbook(asked)} if ending == ".xlsx" else _tables(path, asked)
    for file, content in contents.items():
        if file.exists() and not force:
            raise DataProblem(f"{file.name} is there already: name another file, or use --force")
        try:
            file.write_bytes(content)
        except OSError as error:
            raise DataProblem(f"{file.name}: cannot be written: {error.strerror}") from None
    return list(contents)


def _headings(framework: Framework) -> list[str]:
    return [*(column.name for column in CASES), *(question.id for question in framework.questions)]


def _example(framework: Framework) -> list[str]:
    """Return a row that shows what each column takes."""
    shown = [
        EXAMPLE,
        *(column.allowed[0] if column.allowed else "North team" for column in CASES[1:]),
    ]
    return shown + [ANSWERS[place % len(ANSWERS)] for place in range(len(framework.questions))]


def _tables(path: Path, framework: Framework) -> dict[Path, bytes]:
    explained = dictionary(framework)
    beside = path.with_name(f"{path.stem}-dictionary{path.suffix}")
    return {
        path: _csv([_headings(framework), _example(framework)]),
        beside: _csv([list(explained.columns), *explained.to_numpy().tolist()]),
    }


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(
        "utf-8-sig"
    )  # with the mark, so that a spreadsheet reads it as UTF-8


def _workbook(framework: Framework) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheets = {
            name: book.add_worksheet(name) for name in ("cases", "needs", "inspection", *OURS)
        }
        sources = _lists(sheets["lists"])
        head = book.add_format({"bold": True, "valign": "top", "bg_color": "#F2F2F2", "border": 1})
        faint = book.add_format({"italic": True, "font_color": "#3D3D3D"})
        for name, fields in (("cases", _case_fields(framework)), ("needs", _need_fields())):
            sheets[name].freeze_panes(1, 1)
            for place, field in enumerate(fields):
                _write_field(sheets[name], place, field, sources, head, faint)
        explained = dictionary(framework)
        _lines(sheets["inspection"], [("title", ""), ("framework", framework.id)])
        _lines(sheets["how to fill in"], [(line,) for line in HELP])
        _lines(
            sheets["dictionary"],
            [tuple(explained.columns), *explained.itertuples(index=False, name=None)],
        )
    return content.getvalue()


def _case_fields(framework: Framework) -> list[Field]:
    notes = [column.meaning for column in CASES] + [
        f"{question.wording} {QUESTION}" for question in framework.questions
    ]
    names, shown = _headings(framework), _example(framework)
    lists = [column.name for column in CASES] + ["answer"] * len(framework.questions)
    return [Field(*parts) for parts in zip(names, notes, lists, shown, strict=True)]


def _need_fields() -> list[Field]:
    shown = [
        EXAMPLE,
        "Accommodation",
        *(("Yes", "No")[place % 2] for place in range(len(NEED_FLAGS))),
    ]
    return [
        Field(column.name, column.meaning, column.name, example)
        for column, example in zip(NEED_ROWS, shown, strict=True)
    ]


def _lists(sheet: Any) -> dict[str, str]:
    """Write the allowed values of each column in a column of their own; return where a drop-down list finds them."""
    names = [
        name
        for name in (
            *(column.name for column in CASES),
            "answer",
            *(column.name for column in NEED_ROWS),
        )
        if allowed(name)
    ]
    for place, name in enumerate(names):
        sheet.write_column(0, place, allowed(name))
        sheet.set_column(place, place, 24)
    return {
        name: f"=lists!${letters(place)}$1:${letters(place)}${len(allowed(name))}"
        for place, name in enumerate(names)
    }


def _write_field(
    sheet: Any, place: int, field: Field, sources: dict[str, str], head: Any, faint: Any
) -> None:
    """Write a heading with its note, the example, and the drop-down list of a column that has allowed values."""
    sheet.write_string(0, place, field.name, head)
    sheet.write_comment(0, place, field.note)
    sheet.write_string(1, place, field.example, faint)
    sheet.set_column(place, place, max(12, len(field.name) + 2))
    if field.list_of in sources:
        message = f"One of: {'; '.join(allowed(field.list_of))}"[:255]
        choice = {
            "validate": "list",
            "source": sources[field.list_of],
            "error_title": "Not in the list",
            "error_message": message,
        }
        sheet.data_validation(1, place, ROWS, place, choice)


def _lines(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    sheet.set_column(0, 5, 30)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text)
