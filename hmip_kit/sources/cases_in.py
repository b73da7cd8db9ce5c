"""The frame of cases, from the table that holds it or from the ids that occur elsewhere."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.schema import CASES, in_order
from hmip_kit.sources.codes import Codes, looked_up
from hmip_kit.sources.headings import CASE_ID
from hmip_kit.sources.identifiers import first_identifying, shown
from hmip_kit.sources.matching import Matched
from hmip_kit.sources.problems import MOST_ROWS, Place, Report
from hmip_kit.sources.table import Table, Texts
from hmip_kit.sources.values import settled, settled_office, warn_of_absent


@dataclass(frozen=True)
class Ids:
    """The ids of the cases as the file has them, by place, and as they are called from here on."""

    places: dict[str, int]
    names: list[str]

    @property
    def as_csv(self) -> str:
        """Return which id of the file is which case from here on: for the holder of the case file alone."""
        rows = io.StringIO()
        csv.writer(rows).writerows(
            [("case_id", "in_file"), *zip(self.names, self.places, strict=True)]
        )
        return rows.getvalue()

    @classmethod
    def of(cls, ids: list[str], report: Report, place: Place) -> "Ids":
        """Return ids; where any looks as if it identifies a person, all become running numbers."""
        kind = first_identifying(ids)
        if kind is None:
            return cls({one: number for number, one in enumerate(ids)}, ids)
        report.mapped(
            place,
            "case ids",
            f"what looks like {kind} (not shown)",
            f"running numbers from 1 to {len(ids)}",
            len(ids),
        )
        return cls(
            {one: number for number, one in enumerate(ids)},
            [str(number + 1) for number in range(len(ids))],
        )

    def codes(self, found: Matched, report: Report) -> Codes:
        """Return the place of each row's case; a row about no case, or about a case that is not there, is a problem."""
        column = found.table.columns[found.columns[CASE_ID]]
        lookup = np.array([self.places.get(value, -1) for value in column.values], dtype=np.int32)
        codes = looked_up(lookup, column.codes)
        for row in first_rows(
            codes < 0,
            found.table,
            found.columns[CASE_ID],
            "are about no case of the table of cases",
            report,
        ):
            text = column.values[column.codes[row]]
            report.problem(
                found.table.place(found.columns[CASE_ID], row),
                f"{shown(text)} is no case of the table of cases" if text else "no case is given",
            )
        return codes


def without_example(table: Table, known_case: int | None, example: str, report: Report) -> Table:
    """Return a table without the example rows of the template, which are named in a warning."""
    if known_case is None:
        return table
    rows = table.columns[known_case].among({example})
    if not rows.any():
        return table
    for row in np.flatnonzero(rows):
        report.warn(
            table.place(known_case, int(row)), "is the example row of the template and was not read"
        )
    return Table(
        table.file,
        table.sheet,
        table.headings,
        [column.taken(~rows) for column in table.columns],
        table.rows[~rows],
    )


def cases_frame(
    found: Matched | None, mentions: Iterable[Matched], report: Report, drop: bool, name: str
) -> tuple[pd.DataFrame, Ids]:
    """Return the frame of cases and their ids; without a table of cases, one row for each id that the other tables mention."""
    if found is None or CASE_ID not in found.columns:
        told = [
            one.table.columns[one.columns[CASE_ID]].counted
            for one in mentions
            if CASE_ID in one.columns
        ]
        ids = Ids.of(
            list(dict.fromkeys(text for texts in told for text in texts if text)),
            report,
            Place(name),
        )
        if found is None:
            report.warn(
                Place(name),
                "there is no table of cases: nothing is known of them but their answers",
            )
        return pd.DataFrame({CASE_ID: pd.Series(ids.names, dtype="str")}), ids
    column = found.table.columns[found.columns[CASE_ID]]
    _check_ids(found, column, report)
    ids = Ids.of(
        [text for text in column.counted if text], report, found.table.place(found.columns[CASE_ID])
    )
    codes = (
        ids.codes(found, report)
        if column.blank.any()
        else np.array([ids.places[text] for text in column.values], dtype=np.int32)[column.codes]
    )
    frame: dict[str, pd.Series] = {
        CASE_ID: pd.Series(np.array([*ids.names, ""], dtype=object)[codes], dtype="str")
    }
    return pd.DataFrame(frame | _characteristics(found, report, drop)), ids


def _check_ids(found: Matched, column: Texts, report: Report) -> None:
    place = found.columns[CASE_ID]
    for text, (times, first) in column.counted.items():
        if text and times > 1:
            rows = np.flatnonzero(column.among({text}))
            listed = " and ".join(str(found.table.rows[row]) for row in rows[:MOST_ROWS])
            listed += f" and {times - MOST_ROWS} more" if times > MOST_ROWS else ""
            report.problem(
                found.table.place(place, first),
                f"{shown(text)} stands {times} times: rows {listed}",
            )


def _characteristics(found: Matched, report: Report, drop: bool) -> dict[str, pd.Series]:
    columns = {}
    for declared in CASES[1:]:
        place = found.columns.get(declared.name)
        if place is None:
            report.warn(found.table.place(), f"has no column {declared.name}")
            continue
        own = not declared.allowed
        texts = (
            settled_office(found, place, report, drop)
            if own
            else settled(found.table, place, declared.name, report)
        )
        if texts is not None:
            warn_of_absent(found.table, place, declared.name, texts, report)
            columns[declared.name] = _categorical(texts, declared.name)
    for name, place in found.others.items():
        if (texts := settled_office(found, place, report, drop)) is not None:
            columns[name] = _categorical(texts, name)
    return columns


def _categorical(texts: Texts, name: str) -> pd.Series:
    """Return a characteristic with the values that occur, in the schema's order."""
    values = in_order(name, set(texts.counted))
    lookup = np.array(
        [values.index(text) if text in values else -1 for text in texts.values], dtype=np.int32
    )
    return pd.Series(
        pd.Categorical.from_codes(looked_up(lookup, texts.codes), pd.Index(values, dtype="str"))
    )


def first_rows(
    wrong: npt.NDArray[np.bool_], table: Table, place: int, fault: str, report: Report
) -> list[int]:
    """Return the first rows that are wrong, for a problem each; where there are more, how many is a problem too."""
    rows = [int(row) for row in np.flatnonzero(wrong)]
    if len(rows) > MOST_ROWS:
        report.problem(
            table.place(place), f"{len(rows)} rows {fault}; the first {MOST_ROWS} follow"
        )
    return rows[:MOST_ROWS]
