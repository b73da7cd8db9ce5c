"""The frames of answers, from tables with a row per answer or a column per question."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hmip_kit.schema import ANSWERS
from hmip_kit.sources.cases_in import Ids, first_rows
from hmip_kit.sources.codes import Codes, looked_up, pairs_differ
from hmip_kit.sources.headings import CASE_ID, Known
from hmip_kit.sources.identifiers import shown
from hmip_kit.sources.matching import Matched
from hmip_kit.sources.problems import Report
from hmip_kit.sources.table import Table, Texts
from hmip_kit.sources.values import settled, warn_of_absent

FEW = 10  # a question of the user's own that stands for fewer than one case in this many is taken for a slip
SECOND = "second_answers"


@dataclass
class Rows:
    """Answers as numbers: the place of the case, the place of the question among `questions`, the answer (-1 not recorded)."""

    case: Codes
    question: Codes
    answer: Codes
    questions: list[str]


def answers_frames(
    tables: list[Matched], ids: Ids, known: Known, report: Report
) -> dict[str, pd.DataFrame]:
    """Return the frame of answers, and of a second auditor's where there are any: `case_id, question, answer` as categoricals."""
    first: list[Rows] = []
    second: list[Rows] = []
    for found in tables:
        if (
            found.kind == "answers"
            and {"question", "answer"} <= found.columns.keys()
            and CASE_ID in found.columns
        ):
            rows, again = _long(found, ids, known, report)
            (second if found.second else first).append(rows)
            second += again
        elif found.kind in ("cases", "wide") and found.questions and CASE_ID in found.columns:
            (second if found.second else first).append(_wide(found, ids, report))
    frames = {"answers": _frame(first, ids)} if first else {}
    return frames | ({SECOND: _frame(second, ids)} if second else {})


def _long(found: Matched, ids: Ids, known: Known, report: Report) -> tuple[Rows, list[Rows]]:
    table, case = found.table, ids.codes(found, report)
    questions = _questions(table, found.columns["question"], known, len(ids.names), report)
    _note_twice(table, case, questions, found.columns["question"], report)
    read = {}
    for name in ("answer", "second_answer"):
        if name in found.columns:
            texts = settled(table, found.columns[name], name, report)
            warn_of_absent(table, found.columns[name], name, texts, report)
            read[name] = Rows(case, questions.codes, _answer_codes(texts), questions.values)
    return read["answer"], [
        _recorded(rows) for name, rows in read.items() if name == "second_answer"
    ]


def _recorded(rows: Rows) -> Rows:
    """Return answers without those not recorded: few cases have a second auditor."""
    there = rows.answer >= 0
    return Rows(rows.case[there], rows.question[there], rows.answer[there], rows.questions)


def _questions(table: Table, place: int, known: Known, cases: int, report: Report) -> Texts:
    """Return the questions of the framework, or the user's own; what is nearly a question, or stands for few cases, is a problem."""
    column, meant = table.columns[place], {}
    for text, (cells, row) in column.counted.items():
        name = known.question(text) if text else None
        meant[text] = name or text
        if name and name != text:
            report.mapped(table.place(place), "question", text, name, cells)
        elif name is None and (wrong := _slip(text, cells, cases, known)):
            report.problem(table.place(place, row), wrong)
        elif name is None:
            report.mapped(table.place(place), "question of your own", text, text, cells)
    return column.mapped(lambda text: meant.get(text, text))


def _slip(text: str, cells: int, cases: int, known: Known) -> str | None:
    if not text:
        return f"no question is given{'' if cells == 1 else f' (in {cells} rows)'}"
    near = known.near_question(text)
    if near:
        return f"no question is called {shown(text)}: did you mean {near!r}?"
    if shown(text) != repr(text):
        return f"{shown(text)} is no question"
    few = cells * FEW < cases or (cells == 1 and cases > 1)
    return (
        f"{shown(text)} is no question of the framework and stands in {cells} of {cases} cases only: is it a slip?"
        if few
        else None
    )


def _note_twice(table: Table, case: Codes, questions: Texts, place: int, report: Report) -> None:
    """Note each answer to a question that the same case has answered before."""
    if pairs_differ(case, questions.codes, (int(case.max(initial=-1)) + 1, len(questions.values))):
        return
    keys = case.astype(np.int64) * max(len(questions.values), 1) + questions.codes
    again = pd.Series(keys).duplicated().to_numpy() & (case >= 0)
    for row in first_rows(
        again, table, place, "answer a question that the case has answered before", report
    ):
        before = int(np.flatnonzero(keys == keys[row])[0])
        question = shown(questions.values[questions.codes[row]])
        report.problem(
            table.place(place, row),
            f"{question} is answered for this case before: row {table.rows[before]}",
        )


def _wide(found: Matched, ids: Ids, report: Report) -> Rows:
    table, case, names = found.table, ids.codes(found, report), list(found.questions)
    if found.kind == "wide":
        _note_twice(
            table,
            case,
            Texts(np.zeros(len(case), dtype=np.int32), ["a row"]),
            found.columns[CASE_ID],
            report,
        )
    answers = []
    for place in found.questions.values():
        texts = settled(table, place, "answer", report)
        warn_of_absent(table, place, "answer", texts, report)
        answers.append(_answer_codes(texts))
    places = np.arange(len(names), dtype=np.int32)
    return Rows(
        np.repeat(case, len(names)),
        np.tile(places, len(case)),
        np.stack(answers, axis=1).reshape(-1),
        names,
    )


def _answer_codes(texts: Texts) -> Codes:
    lookup = np.array(
        [ANSWERS.index(text) if text in ANSWERS else -1 for text in texts.values], dtype=np.int8
    )
    return looked_up(lookup, texts.codes)


def _frame(parts: list[Rows], ids: Ids) -> pd.DataFrame:
    questions = list(dict.fromkeys(name for part in parts for name in part.questions))
    lookups = [
        np.array([questions.index(name) for name in part.questions], dtype=np.int32)
        for part in parts
    ]
    asked = [looked_up(lookup, part.question) for lookup, part in zip(lookups, parts, strict=True)]
    coded = {
        CASE_ID: (_joined([part.case for part in parts]), ids.names),
        "question": (_joined(asked), questions),
        "answer": (_joined([part.answer for part in parts]), list(ANSWERS)),
    }
    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(codes, pd.Index(values, dtype="str"))
            for name, (codes, values) in coded.items()
        }
    )


def _joined(parts: list[Codes]) -> Codes:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
