"""A user's own file of case data, checked: every problem at once, or an inspection."""

import csv
import io
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from hmip_kit.cases import Cases, frozen, ordered
from hmip_kit.doors import Showing, through
from hmip_kit.errors import DataProblem, KitError, UnknownName
from hmip_kit.framework import Framework
from hmip_kit.inspection import CasesAre, Inspection
from hmip_kit.schema import OTHER_ANSWERS
from hmip_kit.sources.bundled import bundled_folder, framework_named, inspection_in, trials
from hmip_kit.sources.own.confirmed import with_confirmed
from hmip_kit.sources.own.facts import STATED, TEXTS, facts_of, in_parts, with_facts
from hmip_kit.sources.own.files import DATABASE, OPENED, frame_table, in_database, opened_all
from hmip_kit.sources.own.frames import Ids, frames_of
from hmip_kit.sources.own.headings import (
    CALLED,
    CASE_ID,
    QUESTIONS,
    Matched,
    Vocabulary,
    matched,
)
from hmip_kit.sources.own.identifiers import identifying, shown
from hmip_kit.sources.own.no_cases import cases_alone, with_cases
from hmip_kit.sources.own.several import members_in, together
from hmip_kit.sources.own.table import Opened
from hmip_kit.sources.problems import MAPPING, MOST_ROWS, Place, Report, refused
from hmip_kit.stats.words import plural

if TYPE_CHECKING:
    from hmip_kit.findings.shown import OnChecked
from hmip_kit.sources.wording import key

FRAMEWORK = "pdu-2021"  # what a file goes by that names none
PUBLISHED = "published.csv"  # a folder that holds it is a published inspection
UNNAMED = "own-cases"  # what a file is called whose name looks as if it identifies a person
USED = (*STATED, QUESTIONS)
# What a file holds, the framework and the words that it was read by, and what was noticed.
Read = tuple[Opened, Framework, Vocabulary, Report]
# What opens a file, and the frames of what it holds, with ids, and cases that stay elsewhere.
Opener = Callable[[Path, Vocabulary, Report], Opened]
Taken = tuple[dict[str, pd.DataFrame], Ids, Cases | None]
FRAMES = Path("own-cases")  # what frames without a file are called
# What was checked before the notebooks of one render, by path, so that all of them count the same
# cases: pickled, so that what one cell does to a frame reaches no other.
CHECKED: dict[Path, bytes] = {}


@dataclass(frozen=True, repr=False)
class Checked:
    """What a check found: the inspection where there are no problems, and what was noticed.

    `mappings` tells what was taken as what, and `taken` which headings and values, by column.
    `subject` stands for the file where something is said
    of it: what it is called and whether its cases are made up, without the cases.
    """

    name: str
    problems: Sequence[str]
    warnings: Sequence[str]
    mappings: pd.DataFrame
    inspection: Inspection | None
    subject: Inspection
    ids: Ids = Ids((), ())
    taken: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    show: ClassVar["OnChecked"] = Showing()  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return one line without a value of the file: a notebook keeps it."""
        many = plural(len(self.problems), "problem"), plural(len(self.warnings), "warning")
        return f"<Checked {self.subject.name!r}: {', '.join(many)}>"

    def _repr_mimebundle_(self, **_: object) -> Any:
        return through("bundle")(self.show.file_checked())

    def accepted(self) -> Inspection:
        """Return the inspection; raise `DataProblem` with every problem where there are any."""
        if self.inspection is None:
            raise DataProblem(self.message, self)
        return self.inspection

    @property
    def message(self) -> str:
        """Return all problems, a line each, below the name; blank where there are none."""
        return str(refused(self.name, self.problems)) if self.problems else ""

    @property
    def case_map(self) -> str:
        """Return, as CSV, which case of the file is which here, for the file's holder alone."""
        rows = io.StringIO()
        csv.writer(rows).writerow((CASE_ID, "in_file"))
        csv.writer(rows).writerows(zip(self.ids.names, self.ids.given, strict=True))
        return rows.getvalue()


def check(
    path: Any,
    drop_identifiers: bool = False,
    *,
    cases: str | None = None,
    answers: str | None = None,
    needs: str | None = None,
) -> Checked:
    r"""Check a file or folder of case data and say every problem at once.

    Parameters
    ----------
    path : str, Path or connection
        A file (CSV, XLSX, ODS or Parquet), or a folder of them. A workbook's sheets, or a folder's
        files, are one table each: cases, answers, needs. Else a database, as `load` takes it: it
        is checked there, and a row goes by the key of its case.
    drop_identifiers : bool
        Whether to drop columns that identify a person, with a warning for each, rather than to
        refuse them.
    cases, answers, needs : str, optional
        What the tables of a database are called there, as for `load`.

    Returns
    -------
    Checked
        `problems` and `warnings`, by file, sheet, row and column; `mappings`, a frame with a row
        for each heading, value or column that was taken as something (`where, kind, given,
        taken_as, cells`); `inspection`, None where there are problems. A file without rows is no
        problem; one that cannot be read at all is one problem. Nothing is raised for bad data:
        `load` raises.

    Notes
    -----
    A column of the cases that neither the schema nor the framework knows is a characteristic, with
    Yes and No too. It is a question where `inspection.toml`, or a workbook's sheet `inspection`,
    lists its heading under `questions`: several stand apart by semicolons or line breaks.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "audit.csv"
    >>> _ = file.write_text("case_id,Gender,assessment_safety\na,M,Y\nb,Mael,N\n")
    >>> check(file).problems[0].partition(";")[0]
    "audit.csv, row 3, column B (Gender): 'Mael' is not one of Female, Male, Not recorded"
    """
    tables = {"cases": cases, "answers": answers, "needs": needs}
    if in_database(path):
        OPENED.append(path if isinstance(path, str | Path) else DATABASE)
        stays: Checked = through("check_database")(path, tables, drop_identifiers)
        return stays
    if named := [name for name, one in tables.items() if one]:
        raise KitError(f"{', '.join(named)}: a table is named of a database, which this is not")
    file = trials().get(str(path), Path(path))
    if not drop_identifiers and (before := CHECKED.get(file.resolve())):
        OPENED.append(file)
        checked: Checked = pickle.loads(before)  # noqa: S301  # made by this kit
        return checked
    if members := members_in(file):
        each = [(one, check(one, drop_identifiers)) for one in members]
        first = each[0][1].subject
        said = {"title": file.name, "cases_are": str(first.identity.get("cases_are", ""))}
        subject = made(file, said, first.framework, _nothing())
        return Checked(**together(file, each), subject=subject)
    if (file / PUBLISHED).is_file():
        return _published(file)
    return checked_as(file, lambda: read_as(file, drop_identifiers))


def _published(folder: Path) -> Checked:
    """Return a published inspection in a folder, as the kit keeps them: it has totals, no cases."""
    nothing = pd.DataFrame(columns=list(MAPPING))
    subject = made(folder, {}, framework_named(FRAMEWORK), _nothing())
    try:
        found = inspection_in(folder)
        if found.has_cases:
            raise KitError("it holds cases, too")
    except (KeyError, ValueError, OSError, KitError) as error:
        problem = f"{folder.name}: is no published inspection as the kit keeps them: {error}"
        return Checked(folder.name, [problem], [], nothing, None, subject)
    return Checked(folder.name, [], [], nothing, found, subject)


def check_frames(frames: Mapping[str, pd.DataFrame], drop_identifiers: bool = False) -> Checked:
    """Check `frames` of cases, answers and needs as `check` does the tables of a file.

    Their rows are counted from 1. `drop_identifiers` drops columns that identify a person.

    >>> frame = pd.DataFrame({"case_id": ["a"], "sex": ["Mael"]})
    >>> check_frames({"cases": frame}).problems[0].partition(";")[0]
    "cases, row 1, column B (sex): 'Mael' is not one of Female, Male, Not recorded"
    """
    report, framework = Report(drop_identifiers), framework_named(FRAMEWORK)

    def read() -> Read:
        OPENED.append(FRAMES)
        tables = [frame_table(name, frame, report) for name, frame in frames.items()]
        return Opened(tables), framework, Vocabulary.of(framework), report

    return checked_as(FRAMES, read)


def checked_as(
    file: Path, read: Callable[[], Read], take: Callable[[Path, Read], Taken] | None = None
) -> Checked:
    """Return what a check of what is `read`, called `file`, finds.

    Tables of rows become frames here; `take` does it for those that stay elsewhere.
    """
    framework, opened, report = framework_named(FRAMEWORK), Opened(), Report()
    ids, inspection = Ids((), ()), None
    try:
        opened, framework, known, report = read()
        listed = in_parts(opened.said.get(QUESTIONS, ""))
        codes = frozenset(in_parts(opened.said.get("auditors", "")))
        known = replace(known.asking(listed), auditors=codes)
        frames, ids, held = (take or _frames)(file, (opened, framework, known, report))
        if frames:
            _note_unasked(file, listed, known, frames, report)
        size = held.size if held else len(frames.get("cases", ()))
        facts = facts_of(opened.said, size, file.name, report)
        problems = report.problems
        if not problems:
            whole = _inspection(file, opened.said, framework, frames, report, held)
            inspection = with_facts(whole, facts, file.name)
    except DataProblem as error:
        problems = str(error).split("\n  ")[1:]
    return Checked(
        name=file.name,
        problems=problems,
        warnings=report.warnings,
        mappings=pd.DataFrame(report.mappings, columns=list(MAPPING)),
        inspection=inspection,
        subject=made(file, opened.said, framework, _nothing()),
        ids=ids,
        taken=report.taken,
    )


def read_as(
    file: Path, drop: bool, framework: str = FRAMEWORK, opener: Opener = opened_all
) -> Read:
    """Return what a `file` holds, read by the `framework` that it names, else by the one given.

    The `opener` opens it; `drop` drops columns that identify a person.
    """
    usual, report = framework_named(framework), Report(drop)
    known = with_confirmed(file, Vocabulary.of(usual), report)
    opened = opener(file, known, report)
    named = opened.said.get("framework", framework)
    if named != framework:
        try:
            return read_as(file, drop, named, opener)
        except UnknownName as error:
            report.noted.insert(0, (Place(file.name), str(error)))
    return opened, usual, known, report


def _frames(file: Path, read: Read) -> Taken:
    opened, _, known, report = read
    tables = [with_cases(cases_alone(table, known), known) for table in opened.tables]
    found = [matched(table, known, len(tables) == 1) for table in tables]
    if not (found or report.noted):  # that a table is turned says enough
        report.problem(
            Place(file.name),
            f"no row of headings is known: the first must be {CASE_ID};"
            " `hmip template` writes a file to fill in",
        )
    for one in found if len(found) > 1 else ():
        report.mapped(one.table.place(), "table", one.table.name, CALLED[one.kind], len(one.table))
    if not found or _several_of_cases(found):
        return {}, Ids((), ()), None  # what refers to cases of the others is no fault
    note_doubles(found)
    return *frames_of(found, known, report, file.name), None


def _several_of_cases(found: list[Matched]) -> bool:
    """Note tables of cases that stand apart, such as a sheet for each office, in one line."""
    tables = [one.table for one in found if one.kind == "cases" and one.whose == "answers"]
    if len(tables) < 2:
        return False
    named = ", ".join(repr(one.name) for one in tables[:MOST_ROWS])
    tables[1].problem(
        f"is one of {len(tables)} tables of cases ({named}): put them into one, with a column"
        " office, or another, that says which is which"
    )
    return True


def _note_unasked(
    file: Path,
    listed: Sequence[str],
    known: Vocabulary,
    frames: dict[str, pd.DataFrame],
    report: Report,
) -> None:
    """Note what is listed as a question of the file's own and is none that a table answers."""
    answered = (frames[name] for name in ("answers", *OTHER_ANSWERS) if name in frames)
    asked = {one for frame in answered for one in frame["question"].cat.categories}
    for heading in listed:
        if known.question(heading) not in asked:
            report.problem(
                Place(file.name, "inspection"),
                f"{shown(heading)} is listed under {QUESTIONS} and no table has answers to it",
            )


def note_doubles(found: list[Matched]) -> None:
    """Note second tables of a frame among those `found`: answers in rows and in columns, too."""
    seen: dict[tuple[str, str], Matched] = {}
    for one in found:
        first = seen.setdefault((CALLED[one.kind], one.whose), one)
        if first is not one:
            one.table.problem(
                f"is a second table of {CALLED[one.kind]}; the first is {first.table.place()}:"
                " put them into one"
            )
        if one.kind == "cases" and one.questions:
            frame = (CALLED["answers"], one.whose)
            if seen.setdefault(frame, one) is not one:
                one.table.problem("has answers, and so has another table: put them into one")


def _inspection(
    file: Path,
    said: dict[str, str],
    framework: Framework,
    frames: dict[str, pd.DataFrame],
    report: Report,
    held: Cases | None,
) -> Inspection:
    """Return the inspection of a file without problems; warn of what looks odd in it."""
    for name in said:
        if key(name).replace(" ", "_") not in USED:
            report.warn(
                Place(file.name, "inspection"),
                f"{name!r} is not used; what is: {', '.join(USED)}",
            )
    size = held.size if held else len(frames["cases"])
    if "answers" in frames:
        answered = int(frames["answers"]["case_id"].nunique())
        if 0 < answered < size:
            report.warn(Place(file.name), f"{plural(size - answered, 'case')} without any answer")
    if not size:
        report.warn(Place(file.name), "has headings and no cases")
    return made(
        file,
        said,
        framework,
        frames,
        held,
        mappings=tuple(report.mappings),
        warnings=tuple(report.warnings),
        cases_inspected=size,
    )


@cache
def _nothing() -> Mapping[str, pd.DataFrame]:
    return frozen(ordered({}, []))


def made(
    file: Path,
    said: dict[str, str],
    framework: Framework,
    frames: Mapping[str, pd.DataFrame],
    held: Cases | None = None,
    **noted: object,
) -> Inspection:
    """Return an inspection of a `file`'s cases: what it `said`, its `framework` and `frames`.

    `held` are cases that stay elsewhere.
    """
    ours = bundled_folder("data").resolve() in file.resolve().parents
    practice: CasesAre = "practice" if ours else "own practice"  # nobody can tell of a user's file
    cases_are = practice if said.get("cases_are") == "practice" else "own"
    name = UNNAMED if identifying(file.stem) else file.stem
    title = said.get("title", name)
    if cases_are == practice and "made up" not in title.replace("-", " "):
        title = f"{title} (made-up cases)"
    stated = {one: said[one] for one in TEXTS if one in said}
    identity = {**stated, "title": title, "framework": framework.id, **noted}
    return Inspection(name, identity, framework, frames, cases_are, held=held)
