"""The frame of needs, from a table with a row per case and need."""

import numpy as np
import pandas as pd

from hmip_kit.schema import NEED, NEED_FLAGS
from hmip_kit.sources.cases_in import Ids, first_rows
from hmip_kit.sources.headings import CASE_ID
from hmip_kit.sources.matching import Matched
from hmip_kit.sources.problems import Report
from hmip_kit.sources.values import settled, warn_of_absent

TRUE = {"Yes": 1, "No": 0}


def needs_frame(found: Matched, ids: Ids, report: Report) -> pd.DataFrame | None:
    """Return the needs: `case_id`, `need` and the flags as nullable booleans; none where the table lacks a column that it must have."""
    if not {CASE_ID, NEED} <= found.columns.keys():
        return None
    table, case, place = found.table, ids.codes(found, report), found.columns[NEED]
    needs = settled(table, place, NEED, report)
    for row in first_rows(table.columns[place].blank, table, place, "give no need", report):
        report.problem(table.place(place, row), "no need is given")
    keys = pd.Series(case.astype(np.int64) * max(len(needs.values), 1) + needs.codes)
    again = keys.duplicated().to_numpy() & (case >= 0) & ~table.columns[place].blank
    for row in first_rows(again, table, place, "give a need that the case has before", report):
        before = int(np.flatnonzero(keys == keys[row])[0])
        report.problem(
            table.place(place, row),
            f"this need of this case stands before: row {table.rows[before]}",
        )
    texts = [needs.values[code] for code in needs.codes]
    frame: dict[str, object] = {
        CASE_ID: pd.Categorical.from_codes(case, pd.Index(ids.names, dtype="str")),
        NEED: pd.Series(texts, dtype="str"),
    }
    return pd.DataFrame(frame | {flag: _flag(found, flag, report) for flag in NEED_FLAGS})


def _flag(found: Matched, flag: str, report: Report) -> pd.Series:
    if flag not in found.columns:
        return pd.Series([pd.NA] * len(found.table), dtype="boolean")
    texts = settled(found.table, found.columns[flag], flag, report)
    warn_of_absent(found.table, found.columns[flag], flag, texts, report)
    values = pd.array([TRUE.get(text) for text in texts.values], dtype="Int8")
    return pd.Series(values.take(texts.codes) if len(texts.values) else values).astype("boolean")
