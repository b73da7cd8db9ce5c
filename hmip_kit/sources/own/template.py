"""What a case file may hold: the dictionary of its columns, and a file to fill in."""

import csv
import io
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.errors import DataProblem
from hmip_kit.framework import Framework
from hmip_kit.schema import (
    ANSWER_ROWS,
    ANSWERS,
    CASELOAD,
    CASES,
    NEED_FLAGS,
    NEED_ROWS,
    NEEDS,
    NO,
    NOT_RECORDED,
    OTHER_ANSWERS,
    YES,
    Column,
)
from hmip_kit.settings import DARK_GREY, MOST_OWN_VALUES, PALE
from hmip_kit.sources.bundled import framework_named
from hmip_kit.sources.own.facts import FORMS
from hmip_kit.sources.own.headings import EXAMPLE, QUESTIONS
from hmip_kit.sources.own.values import MAY_HOLD
from hmip_kit.sources.own.workbooks import EXPLAINING
from hmip_kit.sources.problems import letters
from hmip_kit.workbook import write_whole

# What the sheet `inspection` asks for.
ASKED = (
    *("title", "unit", "region", "round", "date", "auditor", "auditors", "population"),
    *("framework", QUESTIONS, "regroup", CASELOAD),
)
# The split of the published reports: white, ethnic minority, not recorded.
SPLIT = "ethnicity: Ethnic minority = " + "; ".join(
    one for one in MAY_HOLD["ethnicity"] if one not in ("White", NOT_RECORDED)
)
ROWS = 1000  # rows that the drop-down lists reach
ALWAYS_YES = "Yes always means sufficient. Blank: not recorded."
HELP = (
    "Fill in the sheet cases: one row per inspected case. The row called Example shows how; it is"
    " not read.",
    "Give each case a number or letter of your own as case_id: never a CRN, a name or a date of"
    " birth.",
    "Yes always means sufficient. Not applicable is an answer; leave a cell blank where nothing was"
    " recorded.",
    "Fill in the sheet needs only if you recorded needs: one row per case and need.",
    "The sheet inspection gives the title that pictures carry, the unit whose cases these are, the"
    " date of the audit, and the framework. A later audit is compared with an inspection of the"
    " same unit alone. The sheet dictionary explains every column.",
    "There too: its region, the round of audit (2026 Q1), who audited (a code such as A, never a"
    " name), and the population: how many cases there were in the period, of which these were"
    " drawn. Every interval is narrower for it; leave it blank where you do not know.",
    "Several rounds or units in one file: add a column round or unit to the sheet cases; population"
    f" may then be a line each: {FORMS['population']}. Files of several rounds or units in one"
    " folder are read together.",
    "Who audited each case: list the codes beside auditors (A; B) and add a column auditor to the"
    " sheet cases. Codes of the practitioners who hold the cases are not taken.",
    "Groups to be shown as one: beside regroup in the sheet inspection, a line each:"
    f" {FORMS['regroup']}. The line that stands there makes the split of the published reports:"
    " White, Ethnic minority, Not recorded. Take it out to see all five groups. The unit's"
    f" caseload: beside caseload, a line each: {FORMS[CASELOAD]}.",
    "Something else about the people, such as faith or care leaver: add a column to the sheet"
    f" cases, with up to {MOST_OWN_VALUES} short values. It becomes a filter.",
    "A question of your own: add a column to the sheet cases, with Yes, No and Not applicable, and"
    " list its heading in the sheet inspection beside questions, several apart by semicolons.",
    "Then check it: hmip check FILE",
)


def dictionary(framework: Framework) -> pd.DataFrame:
    """Return what each column of the template for a `framework` means and may hold, a row each.

    Columns: `table, column, required, meaning, allowed, also_called`.

    >>> from hmip_kit.sources.bundled import framework_named
    >>> dictionary(framework_named("pdu-2021")).iloc[0]["column"]
    'case_id'
    """
    rows = [
        {
            "table": table,
            "column": column.name,
            "required": "yes" if column.required else "no",
            "meaning": column.meaning,
            "allowed": "; ".join(_values(column)) or "any short text",
            "also_called": "; ".join((column.label, *column.synonyms)),
        }
        for table, columns in _columns(framework).items()
        for column in columns
    ]
    return pd.DataFrame(rows)


def write_template(
    path: str | Path, framework: str = "pdu-2021", force: bool = False
) -> list[Path]:
    """Write a file of cases to fill in, with what each column means and may hold.

    Parameters
    ----------
    path : str or Path
        Where to write it. With the ending `.xlsx` it is a workbook with drop-down lists, notes, an
        example row and a sheet that explains every column; with `.csv` it is a table with the
        example row, and a second file beside it explains the columns.
    framework : str
        Name of the framework whose key questions are asked.
    force : bool
        Whether to write over a file that is there.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    DataProblem
        For another ending, or a file that is there already.
    KitError
        For a file that cannot be written.
    UnknownName
        For a framework that there is not; the message lists those that there are.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp()) / "audit.csv"
    >>> [one.name for one in write_template(file)]
    ['audit.csv', 'audit-dictionary.csv']
    """
    file, asked = Path(path), framework_named(framework)
    ending = file.suffix.casefold()
    if ending not in (".xlsx", ".csv"):
        raise DataProblem(f"{file.name}: a template is written as .xlsx or .csv")
    contents = {file: _workbook(asked)} if ending == ".xlsx" else _csv_files(file, asked)
    for one in contents:
        if one.exists() and not force:
            raise DataProblem(f"{one.name} is there already: name another file, or use --force")
    return [write_whole(one, content) for one, content in contents.items()]


def _columns(framework: Framework) -> dict[str, list[Column]]:
    """Return the columns of each table; key questions are columns of the cases."""
    asked = [
        Column(one.id, one.label, f"{one.wording} {ALWAYS_YES}", ANSWERS)
        for one in framework.questions
    ]
    return {
        "cases": [*(one for one in CASES if not one.apart), *asked],
        "answers (one row each)": [*ANSWER_ROWS, *OTHER_ANSWERS.values()],
        "needs": [*NEED_ROWS],
    }


def _values(column: Column) -> tuple[str, ...]:
    return MAY_HOLD.get(column.name, column.allowed)


def _examples(framework: Framework) -> dict[str, list[str]]:
    """Return, for the cases and the needs, a row that shows what each column takes."""
    known = [one.allowed[0] if one.allowed else "North team" for one in CASES[1:] if not one.apart]
    answers = [ANSWERS[place % len(ANSWERS)] for place in range(len(framework.questions))]
    flags = [(YES, NO)[place % 2] for place in range(len(NEED_FLAGS))]
    return {"cases": [EXAMPLE, *known, *answers], "needs": [EXAMPLE, NEEDS[0], *flags]}


def _csv_files(file: Path, framework: Framework) -> dict[Path, bytes]:
    headings, explained = _columns(framework)["cases"], dictionary(framework)
    beside = file.with_name(f"{file.stem}-dictionary{file.suffix}")
    return {
        file: _csv([[one.name for one in headings], _examples(framework)["cases"]]),
        beside: _csv([list(explained.columns), *explained.to_numpy().tolist()]),
    }


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    # with the mark, so that a spreadsheet reads it as UTF-8
    return text.getvalue().encode("utf-8-sig")


def _workbook(framework: Framework) -> bytes:
    import xlsxwriter

    content, columns = io.BytesIO(), _columns(framework)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        names = ("cases", "needs", "inspection", *EXPLAINING)
        sheets = {name: book.add_worksheet(name) for name in names}
        lists = _write_lists(sheets["lists"], columns)
        head = book.add_format({"bold": True, "valign": "top", "bg_color": PALE, "border": 1})
        faint = book.add_format({"italic": True, "font_color": DARK_GREY})
        for name, examples in _examples(framework).items():
            sheets[name].freeze_panes(1, 1)
            for place, column in enumerate(columns[name]):
                _write_column(sheets[name], place, column, lists.get(_values(column)), head)
            sheets[name].write_row(1, 0, examples, faint)
        explained = dictionary(framework)
        told = [tuple(explained.columns), *explained.itertuples(index=False, name=None)]
        given = {"framework": framework.id, "regroup": SPLIT}
        said = [(one, given.get(one, "")) for one in ASKED]
        _write_lines(sheets["inspection"], said)
        _write_lines(sheets["how to fill in"], [(line,) for line in HELP])
        _write_lines(sheets["dictionary"], told)
    return content.getvalue()


def _write_lists(sheet: Any, columns: dict[str, list[Column]]) -> dict[tuple[str, ...], str]:
    """Write what columns may hold, a list in a column; return where each list is found."""
    lists = dict.fromkeys(filter(None, map(_values, chain.from_iterable(columns.values()))))
    for place, values in enumerate(lists):
        sheet.write_column(0, place, values)
        sheet.set_column(place, place, 24)
    return {
        values: f"=lists!${letters(place)}$1:${letters(place)}${len(values)}"
        for place, values in enumerate(lists)
    }


def _write_column(sheet: Any, place: int, column: Column, source: str | None, head: Any) -> None:
    """Write a heading with its note; a column with a list of values gets it to drop down."""
    sheet.write_string(0, place, column.name, head)
    sheet.write_comment(0, place, column.meaning)
    sheet.set_column(place, place, max(12, len(column.name) + 2))
    if source:
        choice = {
            "validate": "list",
            "source": source,
            "error_title": "Not in the list",
            "error_message": f"One of: {'; '.join(_values(column))}"[:255],
        }
        sheet.data_validation(1, place, ROWS, place, choice)


def _write_lines(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    sheet.set_column(0, 5, 30)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text)
