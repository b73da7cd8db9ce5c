"""The frames of cases, answers and needs, from the tables of a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from hmip_kit.schema import ANSWERS, CASES, NEED, NEED_FLAGS, NO, OTHER_ANSWERS, YES, in_order
from hmip_kit.sources.own.headings import CASE_ID, REWORDED, Matched, Vocabulary, nearest
from hmip_kit.sources.own.identifiers import first_identifying, shown
from hmip_kit.sources.own.table import Integers, Marks, Table, Texts
from hmip_kit.sources.own.values import MAY_HOLD, MOST_LOOKED_AT, settled, settled_own
from hmip_kit.sources.problems import MOST_ROWS, Place, Report

FEW = 10  # a question of the user's own in fewer than one case in this many is taken for a slip
ALONE = "are about no case of the table of cases"
# What rows do that say again what was said before: of many rows, and of one.
ANSWERED = (
    "answer a question that the case has answered before",
    "{} is answered for this case before",
)
GIVEN = ("give a need that the case has before", "this need of this case stands before")


@dataclass(frozen=True)
class Ids:
    """The ids of the cases as the file has them (`given`), and what they go by here (`names`)."""

    given: Sequence[str]
    names: Sequence[str]

    @classmethod
    def of(cls, texts: Iterable[str], report: Report, place: Place) -> "Ids":
        """Return the ids among the `texts` at a `place`.

        Where any looks as if it identifies a person, all become running numbers, which the `report`
        is told.
        """
        given = [text for text in dict.fromkeys(texts) if text]
        kind = first_identifying(given)
        if kind is None:
            return cls(given, given)
        report.mapped(
            place,
            "case ids",
            f"what looks like {kind} (not shown)",
            f"running numbers from 1 to {len(given)}",
            len(given),
        )
        return cls(given, [str(number + 1) for number in range(len(given))])

    def rows_of(self, found: Matched) -> Integers:
        """Return the place of each row's case in a table `found`; a row without is a problem."""
        column = found.table.columns[found.columns[CASE_ID]]
        codes = column.among(self.given)

        def what(row: int) -> str:
            text = column.values[column.codes[row]]
            if text:
                return f"{shown(text)} is no case of the table of cases"
            return "no case is given; does the case above go on here? Each takes one row"

        _note_rows(found.table, found.columns[CASE_ID], codes < 0, ALONE, what)
        return codes


@dataclass(frozen=True)
class _Rows:
    """Answers: the place of each row's case, its question, and its answer among `ANSWERS`."""

    case: Integers
    question: Texts
    answer: Integers


def frames_of(
    tables: list[Matched], known: Vocabulary, report: Report, file: str
) -> tuple[dict[str, pd.DataFrame], Ids]:
    """Return the frames that the `tables` of a `file` hold, by name, and the ids of the cases.

    `known` tells the questions, and the `report` is told what is wrong. Cases are always there,
    answers, a second auditor's and needs where any table holds them.
    """
    cases, ids = _cases(tables, report, file)
    frames = {"cases": cases} | _answers(tables, ids, known)
    needs = _first(tables, "needs")
    if needs is not None and {CASE_ID, NEED} <= needs.columns.keys():
        frames["needs"] = _needs(needs, ids)
    return frames, ids


def _first(tables: list[Matched], kind: str) -> Matched | None:
    return next((one for one in tables if one.kind == kind and one.whose == "answers"), None)


def _cases(tables: list[Matched], report: Report, file: str) -> tuple[pd.DataFrame, Ids]:
    """Return the frame of cases; without a table of them, a row for each id that others mention."""
    whole = _first(tables, "cases")
    if whole is None or CASE_ID not in whole.columns:
        naming = [one for one in tables if CASE_ID in one.columns]
        mentioned = [one.table.columns[one.columns[CASE_ID]].counted for one in naming]
        ids = Ids.of(chain.from_iterable(mentioned), report, Place(file))
        if whole is None:
            report.warn(
                Place(file),
                "there is no table of cases: nothing is known of them but their answers",
            )
        return pd.DataFrame({CASE_ID: pd.Series(ids.names, dtype="str")}), ids
    place = whole.columns[CASE_ID]
    column = whole.table.columns[place]
    twice = [text for text, (times, _) in column.counted.items() if text and times > 1]
    for text in twice[:MOST_ROWS]:
        times, first = column.counted[text]
        listed = " and ".join(map(str, whole.table.rows[column.are(text)][:MOST_ROWS]))
        more = f" and {times - MOST_ROWS} more" if times > MOST_ROWS else ""
        whole.table.problem(
            f"{shown(text)} stands {times} times: rows {listed}{more}", place, first
        )
    if len(twice) > MOST_ROWS:
        whole.table.problem(f"{len(twice) - MOST_ROWS} more cases stand several times", place)
    ids = Ids.of(column.counted, report, whole.table.place(place))
    named = np.array([*ids.names, ""], dtype=object)[ids.rows_of(whole)]
    frame = {CASE_ID: pd.Series(named, dtype="str")}
    return pd.DataFrame(frame | characteristics_of(whole)), ids


def characteristics_of(found: Matched) -> dict[str, pd.Series]:
    """Return the characteristics `found`, with the values that occur, in the schema's order."""
    columns, absent = {}, []
    known = [one.name for one in CASES[1:] if not one.apart or one.name in found.columns]
    places = {name: found.columns.get(name) for name in known}
    for name, place in (places | found.others).items():
        if place is None:
            absent.append(name)
            continue
        table, listed = found.table, MAY_HOLD.get(name)
        texts = (settled if listed else settled_own)(table, place, name)
        if texts is not None:
            values = in_order(name, set(texts.counted))
            columns[name] = pd.Series(_categorical(texts.among(values), values))
    if absent:
        found.table.warn(f"has no column {', '.join(absent)}")
    return columns


def _answers(tables: list[Matched], ids: Ids, known: Vocabulary) -> dict[str, pd.DataFrame]:
    """Return the frames of answers, and of others on the same cases, where there are any."""
    parts: dict[str, list[_Rows]] = {name: [] for name in ("answers", *OTHER_ANSWERS)}
    for found in tables:
        whose = parts[found.whose]
        if CASE_ID not in found.columns:
            continue
        if found.kind == "answers" and {"question", "answer"} <= found.columns.keys():
            rows, again = _in_rows(found, ids, known)
            whose.append(rows)
            for name, more in again.items():
                parts[name].append(more)
        elif found.kind in ("cases", "wide") and found.questions:
            whose.append(_in_columns(found, ids))
    return {name: _frame(rows, ids) for name, rows in parts.items() if rows}


def _in_rows(found: Matched, ids: Ids, known: Vocabulary) -> tuple[_Rows, dict[str, _Rows]]:
    """Return the answers of a table with a row each, and others' beside them, by their frame."""
    table, case, place = found.table, ids.rows_of(found), found.columns["question"]
    question = questions_of(table, place, known, len(ids.names))
    _note_twice(table, place, case, question, *ANSWERED)
    first, again = settled(table, found.columns["answer"], "answer").among(ANSWERS), {}
    for frame, column in OTHER_ANSWERS.items():
        if column.name in found.columns:
            given = settled(table, found.columns[column.name], column.name).among(ANSWERS)
            there = given >= 0  # few cases have a second auditor
            asked = Texts(question.codes[there], question.values)
            again[frame] = _Rows(case[there], asked, given[there])
    return _Rows(case, question, first), again


def questions_of(table: Table, place: int, known: Vocabulary, cases: int) -> Texts:
    """Return the column at `place` of a `table` as questions that are `known`, or the user's own.

    What is nearly one that is known, or stands with few of the `cases`, is a problem.
    """
    meant, slips, many = {}, 0, table.columns[place].many
    if many > MOST_LOOKED_AT:
        table.problem(f"holds {many:,} different texts: no file asks that many questions", place)
        return table.columns[place]
    for text, (cells, row) in table.columns[place].counted.items():
        name = known.question(text) if text else None
        meant[text] = name or text
        if name is None and slips > MOST_ROWS:
            continue  # said below: there are enough to put right, and each takes time to look at
        if name is None and (wrong := _slip(text, cells, cases, known)):
            slips += 1
            table.problem(wrong, place, row)
        elif name is None or name in known.own:
            table.mapped(place, "question of your own", text, meant[text], cells)
            if name is None and (near := known.reworded(text)):
                table.warn(REWORDED.format(near), place, row)
        elif name != text:
            table.mapped(place, "question", text, name, cells)
    if slips > MOST_ROWS:
        table.problem("more texts are no question: the first are named", place)
    return table.columns[place].mapped(lambda text: meant.get(text, text))


def _slip(text: str, cells: int, cases: int, known: Vocabulary) -> str | None:
    """Return why a text that is no known question cannot be one of the user's own either."""
    if not text:
        return f"no question is given{'' if cells == 1 else f' (in {cells} rows)'}"
    near = nearest(text, known.questions)
    if near:
        return f"no question is called {shown(text)}: did you mean {near!r}?"
    if shown(text) != repr(text):
        return f"{shown(text)} is no question"
    if cells * FEW >= cases and (cells > 1 or cases <= 1):
        return None
    return (
        f"{shown(text)} is no question of the framework and stands in {cells} of {cases} cases"
        " only: is it a slip?"
    )


def _in_columns(found: Matched, ids: Ids) -> _Rows:
    """Return the answers of a table with a column for each question."""
    table, case, names = found.table, ids.rows_of(found), list(found.questions)
    if found.kind == "wide":
        row = Texts(np.zeros(len(case), dtype=np.int32), ["a row"])
        _note_twice(table, found.columns[CASE_ID], case, row, *ANSWERED)
    answers = [settled(table, place, "answer").among(ANSWERS) for place in found.questions.values()]
    question = np.tile(np.arange(len(names), dtype=np.int32), len(case))
    answer = np.stack(answers, axis=1).reshape(-1)
    return _Rows(np.repeat(case, len(names)), Texts(question, names), answer)


def _frame(parts: list[_Rows], ids: Ids) -> pd.DataFrame:
    questions = list(dict.fromkeys(name for part in parts for name in part.question.values))
    coded: dict[str, tuple[list[Integers], Sequence[str]]] = {
        CASE_ID: ([part.case for part in parts], ids.names),
        "question": ([part.question.among(questions) for part in parts], questions),
        "answer": ([part.answer for part in parts], ANSWERS),
    }
    joined = {name: (np.concatenate(codes), values) for name, (codes, values) in coded.items()}
    return pd.DataFrame({name: _categorical(*one) for name, one in joined.items()})


def _needs(found: Matched, ids: Ids) -> pd.DataFrame:
    """Return `case_id`, `need` and the flags as nullable booleans, a row per case and need."""
    table, case, place = found.table, ids.rows_of(found), found.columns[NEED]
    need, blank = settled(table, place, NEED), table.columns[place].are("")
    _note_rows(table, place, blank, "give no need", lambda _: "no need is given")
    _note_twice(table, place, np.where(blank, -1, case), need, *GIVEN)
    frame: dict[str, object] = {
        CASE_ID: _categorical(case, ids.names),
        NEED: pd.Series([need.values[code] for code in need.codes], dtype="str"),
    }
    return pd.DataFrame(frame | {flag: _flag(found, flag) for flag in NEED_FLAGS})


def _flag(found: Matched, flag: str) -> pd.Series:
    if flag not in found.columns:
        return pd.Series(pd.NA, index=range(len(found.table)), dtype="boolean")
    codes = settled(found.table, found.columns[flag], flag).among((NO, YES))
    return pd.Series(pd.arrays.BooleanArray(codes == 1, codes < 0))


def _note_twice(
    table: Table, place: int, case: Integers, texts: Texts, fault: str, said: str
) -> None:
    """Note each row whose case has its text before, as `said`; rows without case do not count."""
    keys = case.astype(np.int64) * max(len(texts.values), 1) + texts.codes
    if pd.Index(keys[case >= 0]).is_unique:  # of rows in order it is quickly known
        return

    def what(row: int) -> str:
        before = table.rows[np.flatnonzero(keys == keys[row])[0]]
        return f"{said.format(shown(texts.values[texts.codes[row]]))}: row {before}"

    again = pd.Series(keys).duplicated().to_numpy() & (case >= 0)
    _note_rows(table, place, again, fault, what)


def _note_rows(
    table: Table, place: int, wrong: Marks, fault: str, what: Callable[[int], str]
) -> None:
    """Note what is wrong with each of the first rows that are; of many, how many there are too."""
    rows = [int(row) for row in np.flatnonzero(wrong)]
    if len(rows) > MOST_ROWS:
        table.problem(f"{len(rows)} rows {fault}; the first {MOST_ROWS} follow", place)
    for row in rows[:MOST_ROWS]:
        table.problem(what(row), place, row)


def _categorical(codes: Integers, values: Sequence[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(list(values), dtype="str"))
