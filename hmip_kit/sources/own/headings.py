"""Headings as people write them: which frame a table is, and which of its columns is what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import zip_longest

from hmip_kit.framework import Framework
from hmip_kit.schema import ANSWER_ROWS, NEED_ROWS, OTHER_ANSWERS
from hmip_kit.sources.own.identifiers import identifying, personal_heading, shown
from hmip_kit.sources.own.table import LONGEST_HEADING, Table
from hmip_kit.sources.own.values import DECLARED, ERROR, NUMBER, OF_CASES, spelled, text_because
from hmip_kit.sources.problems import Place, Report
from hmip_kit.sources.wording import ASKED_AS, forms, key, tidy

CASE_ID = "case_id"
EXAMPLE = "Example"  # the case_id of the row that the template shows
ALIKE = 0.6  # how alike a sentence must be to a question, to be asked about
TRAILING = re.compile(rf" {ASKED_AS}$")
AUDITORS = {"auditor", "auditors", "moderator", "moderated", "assessor", "inspector", "reviewer"}
WHICH = re.compile(r"\d|[ab]|first|second|answer")
NEAR = 0.84  # how alike a heading must be to one that is known, to be taken for a slip
MOST_WORDS = 5  # a longer text is no heading but a sentence
QUESTIONS = "questions"  # what a file may say: the headings of questions of its own
TURNED = "is turned: questions stand in rows and cases in columns; they belong the other way round"
ABOVE = "stands above the headings and looks like a row of cases: are these two tables?"
REWORDED = (
    "reads like a question of the framework, such as {!r}, and is not taken for one: if it is, word"
    " it as the framework does"
)
NO_CODE = "holds what is none of the codes declared beside auditors"
UNKNOWN = "has no heading that is known and was not read"
# Words that tables of findings head their columns with, beside the characteristic that they go by.
TAKEN = (
    "all bar both bounds cases characteristic counted difference group head high inside label line"
    " link low n neither no not_applicable not_recorded outcome percent range rating self served"
    " shade share short side size stage stages standard strand text unknown value yes"
)
BELONGS = {
    "cases": OF_CASES,
    "wide": {CASE_ID},
    "answers": {column.name for column in (*ANSWER_ROWS, *OTHER_ANSWERS.values())},
    "needs": {column.name for column in NEED_ROWS},
}
NEEDED = {
    name: [column.name for column in columns if column.required]
    for name, columns in (("answers", ANSWER_ROWS), ("needs", NEED_ROWS))
}
CALLED = {
    "cases": "the cases",
    "wide": "the answers",
    "answers": "the answers",
    "needs": "the needs",
}


@dataclass(frozen=True)
class Vocabulary:
    """The headings that mean something: `columns` and the `questions` of a framework, by key.

    `own` are those of the questions that are the user's own; `auditors` the codes that are declared
    of who audited: without them no column says so.
    """

    columns: Mapping[str, str]
    questions: Mapping[str, str]
    own: frozenset[str] = frozenset()
    auditors: frozenset[str] = frozenset()

    @classmethod
    def of(cls, framework: Framework) -> "Vocabulary":
        """Return what is known under a `framework`.

        Columns go by name, label and synonyms, questions by id, label and wording.
        """
        columns = {
            key(text): column.name
            for column in DECLARED.values()
            for text in (*column.synonyms, column.label, column.name)
        }
        parts = [(one.id, (one.label, one.id)) for one in framework.sub_questions]
        whole = [(one.id, (one.label, one.wording, one.id)) for one in framework.questions]
        return cls(columns, {key(text): name for name, texts in (*parts, *whole) for text in texts})

    def asking(self, headings: Sequence[str]) -> "Vocabulary":
        """Return what is known where a file says that these `headings` are questions of its own."""
        known = (one for one in headings if key(one) and self.question(one) is None)
        own = {key(one): one for one in known if not identifying(one)}
        return replace(self, questions={**self.questions, **own}, own=frozenset(own.values()))

    def column(self, heading: str) -> str | None:
        """Return the column that a `heading` names.

        All of it may name it, what stands outside brackets, or what stands before the first.
        """
        return next((self.columns[form] for form in forms(heading) if form in self.columns), None)

    def question(self, text: str) -> str | None:
        """Return the question that a `text` names, as `column` does; a number may stand after."""
        keys = forms(text)
        bare = [TRAILING.sub("", one) for one in keys]
        return next((self.questions[one] for one in (*keys, *bare) if one in self.questions), None)

    def audited(self, heading: str) -> str | None:
        """Return the question that a `heading` names beside which of several auditors answered.

        >>> from hmip_kit.sources.bundled import framework_named
        >>> Vocabulary.of(framework_named("pdu-2021")).audited("Auditor 2: assessment_safety")
        'assessment_safety'
        """
        words = key(heading).split()
        if not AUDITORS.intersection(words) or key(heading) in self.questions:
            return None
        left = [one for one in words if one not in AUDITORS and not WHICH.fullmatch(one)]
        return self.question(" ".join(left))

    def reworded(self, heading: str) -> str | None:
        """Return the question that a `heading` of four words or more may put in other words."""
        sought = key(heading)
        if len(sought.split()) < 4 or len(sought) > LONGEST_HEADING:
            return None
        near = get_close_matches(sought, self.questions, n=1, cutoff=ALIKE)
        return self.questions[near[0]] if near else None

    def count(self, headings: Sequence[str]) -> int:
        """Return how many different things the `headings` mean, personal ones among them.

        None where they cannot be those of a table: it takes two that are known, or the case first.
        """
        short = [one for one in headings if 0 < len(one) <= LONGEST_HEADING]
        meant = [self.column(one) or self.question(one) or _personal(one) for one in short]
        known = {*meant, *map(self.audited, short)} - {None}
        first = next((one for one in headings if tidy(one)), "")
        return len(known) if len(known) >= 2 or self.column(first) == CASE_ID else 0

    def heading_rows(self, rows: Sequence[Sequence[str]]) -> tuple[range, list[str]] | None:
        """Return which of the first `rows` hold most headings that are known, and the headings.

        They may stand over two rows, as merged cells do: the lower one counts where both have one.
        None if no row can hold headings.
        """
        heads = [(range(at, at + 1), list(row)) for at, row in enumerate(rows)]
        for at, pair in enumerate(zip(rows, rows[1:], strict=False)):
            over = zip_longest(*pair, fillvalue="")
            heads.append((range(at, at + 2), [low if tidy(low) else up for up, low in over]))
        counts = [self.count(head) for _, head in heads]
        best = max(counts, default=0)
        if best > 1 or (best and not self.turned(rows)):
            return heads[counts.index(best)]
        return None

    def turned(self, rows: Sequence[Sequence[str]]) -> bool:
        """Return whether in `rows` headings stand below each other, and cases side by side."""
        return self.count([row[0] for row in rows if row]) >= 2

    def above(self, rows: Sequence[Sequence[str]], wide: int) -> list[int]:
        """Return which of the `rows` above headings `wide` cells wide look like rows of cases.

        They are as full, and hold answers; titles, and headings of groups of columns, do not.
        """
        return [
            place
            for place, row in enumerate(rows)
            if sum(bool(tidy(cell)) for cell in row) >= max(3, wide / 2)
            and any(spelled("answer", tidy(cell)) for cell in row)
        ]


def headed(
    rows: Sequence[Sequence[str]], known: Vocabulary, place: Place, report: Report
) -> tuple[range, list[str]] | None:
    """Return which of the first `rows` of a table at `place` hold its headings, and these.

    They are those `known`. What stands in the place of headings, or looks like cases above them,
    the `report` is told.
    """
    found = known.heading_rows(rows)
    if found is None and known.turned(rows):
        report.problem(place, TURNED)
    elif found is None:
        report.warn(place, UNKNOWN)
    else:
        for row in known.above(rows[: found[0].start], sum(map(bool, found[1]))):
            report.problem(replace(place, row=row + 1), ABOVE)
    return found


@dataclass
class Matched:
    """A table with its frame (`kind`) and its columns by what they are.

    `columns` are the schema's, then there are `questions`, and `others` of the user's own; `whose`
    is the frame of its answers: the first auditor's, a second one's, or the moderated ones.
    """

    table: Table
    kind: str
    whose: str
    columns: dict[str, int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)


def matched(table: Table, known: Vocabulary, alone: bool) -> Matched:
    """Return a `table` with each of its columns matched to what is `known`.

    What cannot be matched is a problem, by the heading that the person wrote. Which frame the table
    is depends on whether it stands `alone`.
    """
    kind = _kind_of(table, known, alone)
    starts = {frame: key(table.name).startswith(frame.split("_")[0]) for frame in OTHER_ANSWERS}
    whose = next((frame for frame, so in starts.items() if so), "answers")
    found = Matched(table, kind, whose)
    strangers, twice = [], list[str]()
    _note_errors(table)
    for place, heading in enumerate(table.headings):
        if not heading:
            filled = ~table.columns[place].are("")
            if filled.any():
                table.problem(
                    "the column has no heading: give it one, or take it out",
                    place,
                    int(filled.argmax()),
                )
        elif (asked := known.audited(heading)) in found.questions or (
            asked and not known.question(heading)
        ):
            twice.append(heading)
        elif name := known.column(heading) or known.question(heading):
            _take(found, name, place, known)
        elif known.auditors and key(heading) == "auditor":
            _settle_auditor(found, place, known.auditors)
        elif said := personal_heading(heading):
            table.personal(f"identifies a person ({said})", place)
        else:
            strangers.append(place)
    for place in strangers:
        _settle_stranger(found, place, known)
    if twice:
        table.problem(
            f"answers of several auditors stand side by side ({', '.join(map(shown, twice))}): keep"
            " the first's here, each under its question alone, and put the second's into a table"
            " whose name begins with second"
        )
    _note_misplaced(found)
    return found


def _note_errors(table: Table) -> None:
    """Note each error of a spreadsheet that stands as text: it is no value and no gap."""
    for place, column in enumerate(table.columns):
        errors = [one for one in column.values if one[:1] in "#Ee" and ERROR.fullmatch(one)]
        for text in errors:
            cells, row = column.counted[text]
            times = "" if cells == 1 else f" (in {cells} cells)"
            table.problem(f"{text!r} is an error of a spreadsheet{times}", place, row)


def _kind_of(table: Table, known: Vocabulary, alone: bool) -> str:
    """Return which frame a table is by the headings that are known.

    Answers in rows ("answers"), with a column per question ("wide"), "needs" or "cases". One that
    stands alone and tells more of its cases than answers is of the cases.
    """
    names = {known.column(heading) for heading in table.headings}
    if "question" in names and names & {"answer", CASE_ID}:
        return "answers"
    if "need" in names:
        return "needs"
    if names & (OF_CASES - {CASE_ID}):
        return "cases"
    if key(table.name).rstrip("s").endswith("answer"):
        return "wide"
    others = [one for one in table.headings if one and not known.column(one)]
    asked = [bool(known.question(one)) for one in others if not personal_heading(one)]
    return "wide" if any(asked) and (all(asked) or not alone) else "cases"


def _personal(heading: str) -> str | None:
    return personal_heading(heading) if 0 < len(key(heading).split()) <= MOST_WORDS else None


def nearest(text: str, named: Mapping[str, str]) -> str | None:
    """Return what a `text` nearly is of those `named`; one that goes on after a name is no slip.

    >>> nearest("Ethncity", {"ethnicity": "ethnicity"})
    'ethnicity'
    """
    sought = key(text)
    if len(sought) > LONGEST_HEADING or any(sought.startswith(f"{one} ") for one in named):
        return None
    found = get_close_matches(sought, [one for one in named if len(one) > 2], n=1, cutoff=NEAR)
    return named[found[0]] if found else None


def _take(found: Matched, name: str, place: int, known: Vocabulary) -> None:
    """Take a column for one of the schema or a question; report a heading that is spelled anew."""
    table, column = found.table, DECLARED.get(name)
    heading, taken = table.headings[place], found.columns if column else found.questions
    if name in taken:
        first = table.headings[taken[name]]
        table.problem(
            f"means {name}, and so does the heading {first!r}: which of the two is it?", place
        )
        return
    taken[name] = place
    if name in known.own:
        table.mapped(place, "question of your own", heading, name, len(table))
    elif key(heading) not in {key(name), key(column.label) if column else ""}:
        table.mapped(place, "heading", heading, name)
        table.report.take("headings", {heading: name})


def _settle_stranger(found: Matched, place: int, known: Vocabulary) -> None:
    """Settle a column that is not known: a slip, an identifier, text, or a characteristic."""
    table, column, heading = found.table, found.table.columns[place], found.table.headings[place]
    near = nearest(heading, {**known.questions, **known.columns})
    if near and near not in found.columns and near not in found.questions:
        table.problem(f"no column is called {shown(heading)}: did you mean {near!r}?", place)
    elif kind := column.identifies:
        table.personal(f"holds what looks like {kind}", place)
    elif not column.many:
        table.warn("holds nothing and was not read", place)
    elif found.kind != "cases":
        asked = f"list it under {QUESTIONS} if it is one, " if found.kind == "wide" else ""
        table.problem(
            f"{shown(heading)} is no column of {CALLED[found.kind]}: {asked}take it out, or move it"
            " to the cases",
            place,
        )
    elif NUMBER.fullmatch(heading):
        table.problem(
            f"the heading {shown(heading)} is a number or a date, as a spreadsheet may have made of"
            " it: write in words what the column holds",
            place,
        )
    elif why := text_because(column):
        table.warn(f"{why}: it is taken for text, which is not kept", place)
    else:
        _warn_reworded(found, place, known)
        _keep_characteristic(found, place)


def _settle_auditor(found: Matched, place: int, codes: frozenset[str]) -> None:
    """Settle a column of who audited each case: with the codes that are declared, and no other."""
    column = found.table.columns[place]
    wrong = [row for text, (_, row) in column.counted.items() if text and text not in codes]
    if wrong:
        found.table.problem(f"{NO_CODE}: {', '.join(sorted(codes))}", place, min(wrong))
    else:
        _keep_characteristic(found, place)


def _warn_reworded(found: Matched, place: int, known: Vocabulary) -> None:
    """Warn of a column of answers that may be a question of the framework in other words."""
    table, heading = found.table, found.table.headings[place]
    answers = all(spelled("answer", one) is not None for one in table.columns[place].filled)
    if answers and (meant := known.reworded(heading)):
        table.warn(REWORDED.format(meant), place)


def _keep_characteristic(found: Matched, place: int) -> None:
    table, heading = found.table, found.table.headings[place]
    name = key(heading).replace(" ", "_")
    name = f"own_{name}" if name in TAKEN.split() else name
    if not name or name in found.others or name in DECLARED:
        table.problem("stands twice, or is no name for a column", place)
        return
    found.others[name] = place
    table.mapped(place, "characteristic of your own", heading, name, len(table))


def _note_misplaced(found: Matched) -> None:
    """Note columns that belong to another frame, and those that this one must have and lacks."""
    table, frame = found.table, CALLED[found.kind]
    for name in found.columns.keys() - BELONGS[found.kind]:
        table.problem(
            f"is no column of {frame}: keep one table for cases, one for answers, one for needs",
            found.columns.pop(name),
        )
    for name in NEEDED.get(found.kind, [CASE_ID]):
        if name not in found.columns:
            hint = "; CRNs may stand in it: they become running numbers" if name == CASE_ID else ""
            table.problem(f"missing column: {name}{hint}")
    if found.kind in NEEDED:
        for place in found.questions.values():
            table.problem(f"is a question and no column of {frame}", place)
