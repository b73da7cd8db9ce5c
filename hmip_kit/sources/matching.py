"""Which frame a table belongs to, and which of its columns is what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hmip_kit.schema import ANSWER_ROWS, CASES, NEED_ROWS, SECOND_ANSWER
from hmip_kit.sources.headings import CASE_ID, COLUMNS, Known, spelled_otherwise
from hmip_kit.sources.identifiers import first_identifying, personal_heading, shown
from hmip_kit.sources.problems import Report
from hmip_kit.sources.spellings import spelled
from hmip_kit.sources.table import Table, Texts
from hmip_kit.sources.wording import key

BELONGS = {
    "cases": {column.name for column in CASES},
    "wide": {CASE_ID},
    "answers": {column.name for column in (*ANSWER_ROWS, SECOND_ANSWER)},
    "needs": {column.name for column in NEED_ROWS},
}
NEEDED = {
    name: [column.name for column in columns if column.required]
    for name, columns in (("answers", ANSWER_ROWS), ("needs", NEED_ROWS))
}
WORDS = {
    "cases": "the cases",
    "wide": "the answers",
    "answers": "the answers",
    "needs": "the needs",
}
DROP = "take it out, or use --drop-identifiers"
FEW_VALUES = 12
NUMBER = re.compile(r"[\d./: -]+")
MOST_VALUES, LONGEST = (
    40,
    60,
)  # a column of the user's own with more different texts, or longer ones, is taken for free text


@dataclass
class Matched:
    """A table with its frame and its columns by what they are: of the schema, questions, and others of the user's own."""

    table: Table
    kind: str
    second: bool
    columns: dict[str, int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)


def matched(
    table: Table, known: Known, report: Report, drop: bool, answers_elsewhere: bool
) -> Matched:
    """Return a table with each of its columns matched; what cannot be matched is a problem, by the heading that the person wrote."""
    found = Matched(table, kind_of(table, known), key(table.name).startswith("second"))
    unknown = []
    for place, heading in enumerate(table.headings):
        if not heading:
            _without_heading(table, place, report)
        elif name := known.column(heading):
            _take(found, found.columns, name, place, report)
        elif question := known.question(heading):
            _take(found, found.questions, question, place, report)
        elif said := personal_heading(heading):
            _personal(table, place, f"identifies a person ({said})", report, drop)
        else:
            unknown.append(place)
    _strangers(found, unknown, known, report, drop, answers_elsewhere)
    _misplaced(found, report)
    return found


def kind_of(table: Table, known: Known) -> str:
    """Return which frame a table is: answers in rows, answers with a column per question, needs, or cases."""
    names = {known.column(heading) for heading in table.headings}
    if {"question", "answer"} <= names or {"question", CASE_ID} <= names:
        return "answers"
    if "need" in names:
        return "needs"
    characteristics = names & (BELONGS["cases"] - {CASE_ID})
    titled = key(table.name).rstrip("s").endswith("answer")
    return (
        "wide"
        if not characteristics and (titled or any(known.question(one) for one in table.headings))
        else "cases"
    )


def _take(found: Matched, taken: dict[str, int], name: str, place: int, report: Report) -> None:
    table = found.table
    if name in taken:
        first = table.headings[taken[name]]
        report.problem(
            table.place(place),
            f"means {name}, and so does the heading {first!r}: which of the two is it?",
        )
        return
    taken[name] = place
    heading = table.headings[place]
    if (name in COLUMNS and spelled_otherwise(heading, name)) or (
        name not in COLUMNS and key(heading) != key(name)
    ):
        report.mapped(table.place(place), "heading", heading, name)


def _without_heading(table: Table, place: int, report: Report) -> None:
    filled = ~table.columns[place].blank
    if filled.any():
        report.problem(
            table.place(place, int(filled.argmax())),
            "the column has no heading: give it one, or take it out",
        )


def _personal(table: Table, place: int, why: str, report: Report, drop: bool) -> None:
    if drop:
        report.warn(table.place(place), f"{why} and was dropped")
    else:
        report.problem(table.place(place), f"{why} and is refused: {DROP}")


def _strangers(
    found: Matched,
    places: list[int],
    known: Known,
    report: Report,
    drop: bool,
    answers_elsewhere: bool,
) -> None:
    """Settle the columns that are not known: slips, identifiers, questions of the user's own, other characteristics."""
    table = found.table
    asks = bool(found.questions) or found.kind == "wide" or not answers_elsewhere
    for place in places:
        heading, values = (
            table.headings[place],
            [value for value in table.columns[place].values if value],
        )
        near = known.near(heading)
        if near and near not in found.columns and near not in found.questions:
            report.problem(
                table.place(place), f"no column is called {shown(heading)}: did you mean {near!r}?"
            )
        elif kind := first_identifying(_occurring(table, place)):
            _personal(table, place, f"holds what looks like {kind}", report, drop)
        elif not values:
            report.warn(table.place(place), "holds nothing and was not read")
        elif (
            found.kind in ("cases", "wide")
            and asks
            and all(spelled("answer", value) is not None for value in values)
        ):
            found.questions[heading] = place
            report.mapped(table.place(place), "question of your own", heading, heading, len(table))
        elif found.kind in ("answers", "needs", "wide"):
            report.problem(
                table.place(place),
                f"{shown(heading)} is no column of {WORDS[found.kind]}: take it out, or move it to the cases",
            )
        elif _free(table.columns[place]):
            _personal(table, place, "is free text, which may identify a person,", report, drop)
        else:
            _other(found, place, report)


def _other(found: Matched, place: int, report: Report) -> None:
    heading = found.table.headings[place]
    name = key(heading).replace(" ", "_")
    if not name or name in found.others or name in COLUMNS:
        report.problem(found.table.place(place), "stands twice, or is no name for a column")
        return
    found.others[name] = place
    report.mapped(
        found.table.place(place), "characteristic of your own", heading, name, len(found.table)
    )


def _occurring(table: Table, place: int) -> Iterator[str]:
    return (value for value in table.columns[place].values if value)


def own_each(column: Texts) -> bool:
    """Return whether nearly every row has a text of its own, so that the column tells people apart. Numbers and dates do not count."""
    values = [value for value in column.values if value]
    few = len(values) <= FEW_VALUES or len(values) <= len(column.codes) / 2
    return not few and not all(NUMBER.fullmatch(value) for value in values)


def _free(column: Texts) -> bool:
    values = [value for value in column.values if value]
    if all(NUMBER.fullmatch(value) for value in values):
        return False
    return len(values) > MOST_VALUES or own_each(column) or max(map(len, values)) > LONGEST


def _misplaced(found: Matched, report: Report) -> None:
    for name in [one for one in found.columns if one not in BELONGS[found.kind]]:
        place = found.columns.pop(name)
        report.problem(
            found.table.place(place),
            f"is no column of {WORDS[found.kind]}: keep one table for cases, one for answers, one for needs",
        )
    for name in NEEDED.get(found.kind, [CASE_ID]):
        if name not in found.columns:
            hint = "; CRNs may stand in it: they become running numbers" if name == CASE_ID else ""
            report.problem(found.table.place(), f"missing column: {name}{hint}")
    if found.kind in ("answers", "needs"):
        for place in found.questions.values():
            report.problem(
                found.table.place(place), f"is a question and no column of {WORDS[found.kind]}"
            )
