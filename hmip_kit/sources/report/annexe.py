"""Tables of key questions: the inspectorate's data annexe, or any workbook that words them alike.

Its true layout is not known here: a row is known by its question's wording, a column by its
headings, and what could be taken in two ways is refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from hmip_kit.errors import unknown
from hmip_kit.framework import Framework, Standard
from hmip_kit.inspection import Inspection
from hmip_kit.sources.problems import refusal, refused
from hmip_kit.sources.report.figures import candidates_in, recommendations_in
from hmip_kit.sources.report.identity import ITEMS, told_of
from hmip_kit.sources.report.lines import NOT_STATED
from hmip_kit.sources.report.questions import (
    QUESTION_COLUMNS,
    STATED,
    count_of,
    published_in,
)
from hmip_kit.sources.report.ratings import same_unit, several_units
from hmip_kit.sources.report.sheets import Grid, grids_of
from hmip_kit.sources.report.standards import frameworks, rating_rows, unknown_programme
from hmip_kit.sources.wording import key
from hmip_kit.stats import possible_counts
from hmip_kit.stats.words import half_up

PERCENT, YES, N = "percent", "yes", "n"
MOST_HEADINGS = 6  # rows above the first question in which headings are looked for
LEFT_OUT = {  # what stands in a cell that has no number, in brackets or without
    *("", "-", "–", "—", "*", "..", "c", "x", "z", "u", "low"),
    *("n/a", "na", "not applicable", "not available"),
}
PERCENTAGE = re.compile(r"%|\bper ?cent\b|\b(?:percentage|proportion)s?\b", re.IGNORECASE)
FILLING = {
    *("yes", "of", "cases", "case", "sufficient", "sufficiently", "judged"),
    *("the", "all", "were", "answered", "result", "results", "score", "value"),
}
ONE_N = re.compile(
    r"(?:n|base|total|denominator|out of|sample(?: size)?"
    r"|(?:total |number of |no\.? of )?(?:relevant )?cases(?: inspected| answered)?)",
    re.IGNORECASE,
)
ONE_YES = re.compile(
    r"(?:yes|numerator|sufficient|number|count|(?:number|count|cases) (?:of )?(?:sufficient|yes))",
    re.IGNORECASE,
)
STATED_N = re.compile(r"\bn\s*=\s*(\d{1,4})\b", re.IGNORECASE)
NUMBER = r"\d{1,3}(?:\.\d+)?"
BARE = re.compile(rf"({NUMBER})")
SHARE = re.compile(rf"(?P<percent>{NUMBER})\s*%")
OUT_OF = re.compile(r"(?P<yes>\d{1,4})\s*(?:/|of|out of)\s*(?P<n>\d{1,4})", re.IGNORECASE)
BOTH = re.compile(
    rf"(?P<percent>{NUMBER})\s*%\s*\((?:(?P<yes>\d{{1,4}})\s*(?:/|of|out of)\s*|n\s*=\s*)"
    r"(?P<n>\d{1,4})\)",
    re.IGNORECASE,
)
STATED_FORMS = (BOTH, SHARE, OUT_OF)
BEFORE = re.compile(r"^(?:[A-Z]\s?)?\d(?:\.\d{1,2}){0,3}[.):]?\s+|^[a-z][.)]\s+")
AFTER = re.compile(r"(?<=\?)\s*\d{0,2}$")


@dataclass(frozen=True)
class Taken:
    """A number that was taken: `what` it is of which question and unit, and from which cell."""

    unit: str
    wording: str
    what: str
    printed: str
    value: str
    cell: str


@dataclass(frozen=True)
class _Column:
    """A column of numbers: whose they are, what, where a heading says so, and of how many."""

    unit: str = ""
    what: str = ""
    n: str = ""
    fractions: bool = False


CONFIRM = "taken by wording and heading: hold each number against its cell, in the table `taken`"
NOTHING_TAKEN = "holds no key question in words that the kit knows with a percentage or count by it"
_Row = tuple[int, int, str]  # where a question stands, its row and column, and its wording


def read_annexe(path: Path, unit: str | None) -> Inspection:
    """Return the key questions that a workbook, a CSV file or a page at `path` has of a `unit`.

    Of which programme they are it does not say: no rule is applied to them. The table `taken` has
    each number with its cell. Several units of which none is named, no question, or what could be
    taken in two ways raise `DataProblem`; an unknown unit raises `UnknownName`.
    """
    source = max(frameworks(), key=lambda one: len(one.questions))
    wordings = [one.wording for one in source.questions]
    taken = taken_from(grids_of(path), wordings, path.name)
    units = list(dict.fromkeys(one.unit for one in taken))
    wanted = [one for one in units if unit is None or one == "" or same_unit(one, unit)]
    if not taken:
        raise refusal(path.name, NOTHING_TAKEN)
    if not wanted:
        raise unknown("unit", unit, units)
    if len(wanted) > 1:
        raise refusal(path.name, several_units(units))
    regime = _regime(source, {one.wording for one in taken if one.unit == wanted[0]})
    named = {one.wording: one.id for one in regime.questions}
    rows = [
        {"question": named[one.wording], **asdict(one)} for one in taken if one.unit == wanted[0]
    ]
    table = pd.DataFrame(rows).drop(columns="wording")
    identity = {"unit": wanted[0] or unit or f"Unit {NOT_STATED}"}
    questions = _questions(table, regime)
    frames = {
        "ratings": rating_rows(regime, {}, []),
        "published": published_in(questions),
        "recommendations": recommendations_in([]),
        "key_questions": questions,
        "candidates": candidates_in([]),
        "stated": told_of(identity),
        "taken": table,
    }
    told = {
        "title": f"{identity['unit']}, {path.name}",
        "framework": regime.id,
        "cases_are": "none",
        "not_stated": tuple(item for item in ITEMS if item not in identity),
        "warnings": (CONFIRM,),
    }
    return Inspection(path.stem, identity | told, regime, frames)


def _regime(source: Framework, wordings: set[str]) -> Framework:
    """Return a programme that is not known with the questions of `wordings` and their stages."""
    questions = tuple(one for one in source.questions if one.wording in wordings)
    names = dict.fromkeys(one.standard for one in questions)
    return replace(
        unknown_programme(source),
        questions=questions,
        stages=source.stages,
        strands=source.strands,
        standards=tuple(Standard(one, "", NOT_STATED, "other") for one in names),
    )


def _questions(taken: pd.DataFrame, regime: Framework) -> pd.DataFrame:
    """Return the table `key_questions` of what was taken."""
    rows = []
    for question in regime.questions:
        mine = taken[taken["question"] == question.id]
        given, cells = dict(zip(mine["what"], mine["value"], strict=True)), ", ".join(mine["cell"])
        n = int(given[N]) if N in given else None
        yes, source = count_of(given.get(PERCENT, NOT_STATED), n)
        if YES in given and n:
            yes, source = int(given[YES]), STATED
            given.setdefault(PERCENT, str(half_up(100 * yes / n)))
        percent = given.get(PERCENT, NOT_STATED)
        rows.append(
            (question.id, question.standard, question.wording, percent, yes, n, source, cells)
        )
    frame = pd.DataFrame(rows, columns=QUESTION_COLUMNS)
    return frame.astype({YES: "Int64", N: "Int64"})


def taken_from(sheets: Iterable[Grid], wordings: Iterable[str], file: str) -> list[Taken]:
    """Return each number that `sheets` give for a question in one of the `wordings`.

    What could be taken in two ways raises `DataProblem` for the `file`, which names every cell.
    """
    known = {key(one): one for one in wordings}
    problems: list[str] = []
    found = [
        one
        for sheet in sheets
        for head, rows in _blocks(sheet, known)
        for one in _block(sheet, head, rows, problems)
    ]
    first: dict[tuple[str, str, str], Taken] = {}
    for one in found:
        other = first.setdefault((one.unit, one.wording, one.what), one)
        if other.value != one.value:
            both = f"{other.printed!r} at {other.cell} and {one.printed!r} at {one.cell}"
            problems.append(f"{one.wording} {one.what} is {both}")
    taken = list(first.values())
    problems += _disagreeing(taken)
    if problems:
        raise refused(file, [f"{file}: {one}" for one in dict.fromkeys(problems)])
    return taken


def _blocks(sheet: Grid, known: dict[str, str]) -> Iterator[tuple[list[list[str]], list[_Row]]]:
    """Yield the questions that stand under the same headings, after the rows of these."""
    head: list[list[str]] = []
    above: list[list[str]] = []
    rows: list[_Row] = []
    for at, cells in enumerate(sheet.rows):
        words = (key(AFTER.sub("", BEFORE.sub("", one))) for one in cells)
        asked = next(((place, known[one]) for place, one in enumerate(words) if one in known), None)
        if asked is None:
            above.append(cells)
            continue
        heads = [one for one in above[-MOST_HEADINGS:] if _is_heading(one, asked[0] + 1)]
        if heads and rows:
            yield head, rows
            rows = []
        head, above = heads or head, []
        rows.append((at, *asked))
    if rows:
        yield head, rows


def _is_heading(cells: list[str], left: int) -> bool:
    """Return whether a row says what its columns are: it has words there, or numbers of cases."""
    said = [one for one in cells[left:] if one]
    values = any(form.fullmatch(one) for form in (BARE, *STATED_FORMS) for one in said)
    return bool(said) and (not values or _is_base(cells, left))


def _is_base(cells: list[str], left: int) -> bool:
    return any(ONE_N.fullmatch(one) for one in cells[:left])


def _block(
    sheet: Grid, head: list[list[str]], rows: list[_Row], problems: list[str]
) -> Iterator[Taken]:
    """Yield what the rows of questions give, column by column."""
    left = max(column for _, column, _ in rows) + 1
    for place in range(left, max(len(sheet.rows[at]) for at, _, _ in rows)):
        cells = [(at, words, "".join(sheet.rows[at][place : place + 1])) for at, _, words in rows]
        cells = [one for one in cells if one[2].strip("[]() ").casefold() not in LEFT_OUT]
        column = _column(head, left, place, [text for _, _, text in cells])
        for at, wording, text in cells:
            cell, given = sheet.cell(at, place), _given(text, column)
            if not given:
                problems.append(f"{cell}: what {text!r} is cannot be told from its headings")
            for what, value in given.items():
                above = what == N and value == column.n  # a heading says it
                source = (value, f"above {cell}") if above else (text, cell)
                yield Taken(column.unit, wording, what, source[0], value, source[1])


def _column(head: list[list[str]], left: int, place: int, texts: Sequence[str]) -> _Column:
    """Return what a column is by its headings; one that is merged stands over what follows it."""
    units, what, n = list[str](), "", ""
    for row in head:
        text = "".join(row[place : place + 1])
        if _is_base(row, left):
            n, text = (text, "") if text.isdecimal() else (n, text)
        elif not text and row is not head[-1]:
            text = next((one for one in reversed(row[left:place]) if one), "")
        if stated := STATED_N.search(text):
            n = stated[1]
        text = STATED_N.sub("", text).strip(" ,:()")
        for one, sign in ((PERCENT, PERCENTAGE), (N, ONE_N), (YES, ONE_YES)):
            if sign.search(text) if one == PERCENT else sign.fullmatch(text):
                what, text = one, PERCENTAGE.sub("", text) if one == PERCENT else ""
        if set(key(text).split()) - FILLING:
            units.append(text.strip(" '\",:()-–"))
    bare = [float(one) for one in texts if BARE.fullmatch(one)]
    fractions = bool(bare) and max(bare) <= 1 and any(0 < one < 1 for one in bare)
    whole = what or (PERCENT if fractions else "")
    return _Column(" ".join(units), whole, n, fractions and whole == PERCENT)


def _given(text: str, column: _Column) -> dict[str, str]:
    """Return the numbers in a cell by what each is; none where that cannot be told."""
    found = next((one for form in STATED_FORMS if (one := form.fullmatch(text))), None)
    stated = {N: column.n} if column.n and column.what != N else {}
    if found:
        return stated | {what: value for what, value in found.groupdict().items() if value}
    if not BARE.fullmatch(text) or not column.what:
        return {}
    if column.what == PERCENT:
        share = 100 * float(text) if column.fractions else float(text)
        sure = share <= 100 and (column.fractions or text not in ("0", "1") or share == 0)
        return stated | {PERCENT: f"{round(share, 1):g}"} if sure else {}
    return stated | {column.what: text} if text.isdecimal() else {}


def _disagreeing(taken: Sequence[Taken]) -> Iterator[str]:
    """Yield where the numbers of one question do not go together."""
    each: dict[tuple[str, str], dict[str, Taken]] = {}
    for one in taken:
        each.setdefault((one.unit, one.wording), {})[one.what] = one
    for (_, wording), given in each.items():
        cells = ", ".join(f"{one.what} {one.printed!r} at {one.cell}" for one in given.values())
        yes, n = (int(given[what].value) if what in given else None for what in (YES, N))
        if yes is not None and n is None:
            yield f"{wording} {cells}: of how many cases the count is, is not said"
        elif yes is not None and n is not None and yes > n:
            yield f"{wording} {cells}: more than all cases"
        elif yes is not None and n and PERCENT in given:
            fits = possible_counts(given[PERCENT].value, n)
            yield from [f"{wording} {cells}: they do not go together"] if yes not in fits else []
