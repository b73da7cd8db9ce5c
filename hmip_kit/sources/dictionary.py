"""The data dictionary: every column of the case data, what it means and what it may hold, from the schema and a framework."""

import pandas as pd

from hmip_kit.framework import Framework
from hmip_kit.schema import ANSWER_ROWS, ANSWERS, CASES, NEED_ROWS, SECOND_ANSWER, Column
from hmip_kit.sources.spellings import allowed

QUESTION = "Yes always means sufficient. Blank: not recorded."


def dictionary(framework: Framework) -> pd.DataFrame:
    """Return one row per column of the template: `table, column, required, meaning, allowed, also_called`.

    >>> from hmip_kit.sources.bundled import framework_named
    >>> dictionary(framework_named("pdu-2021")).iloc[0]["column"]
    'case_id'
    """
    parts = {
        "cases": CASES,
        "answers (one row each)": (*ANSWER_ROWS, SECOND_ANSWER),
        "needs": NEED_ROWS,
    }
    rows = [_row(table, column) for table, columns in parts.items() for column in columns]
    asked = [
        ("cases", one.id, "no", f"{one.wording} {QUESTION}", "; ".join(ANSWERS), one.label)
        for one in framework.questions
    ]
    columns = ["table", "column", "required", "meaning", "allowed", "also_called"]
    return pd.DataFrame([*rows[: len(CASES)], *asked, *rows[len(CASES) :]], columns=columns)


def _row(table: str, column: Column) -> tuple[str, ...]:
    values = "; ".join(allowed(column.name)) or "any short text"
    return (
        table,
        column.name,
        "yes" if column.required else "no",
        column.meaning,
        values,
        "; ".join((column.label, *column.synonyms)),
    )
