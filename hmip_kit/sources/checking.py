"""A file of case data, checked: every problem at once, or an inspection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from hmip_kit.errors import DataProblem, UnknownName
from hmip_kit.framework import Framework
from hmip_kit.inspection import CasesAre, Inspection
from hmip_kit.sources.answers_in import answers_frames
from hmip_kit.sources.bundled import framework_named
from hmip_kit.sources.cases_in import Ids, cases_frame, without_example
from hmip_kit.sources.codes import marked
from hmip_kit.sources.files import Opened, opened_all
from hmip_kit.sources.headings import CASE_ID, Known
from hmip_kit.sources.identifiers import identifying
from hmip_kit.sources.matching import WORDS, Matched, kind_of, matched
from hmip_kit.sources.needs_in import needs_frame
from hmip_kit.sources.problems import Place, Report, plural
from hmip_kit.sources.table import Table
from hmip_kit.sources.wording import key

FRAMEWORK = "pdu-2021"
NOBODY = Ids({}, [])
UNNAMED = "own-cases"  # what a file is called whose name looks as if it identifies a person
EXAMPLE = "Example"  # the case_id of the row that the template shows
SAID = (
    "title",
    "framework",
    "unit",
    "region",
    "about",
    "cases_are",
)  # what a file may say of the inspection


@dataclass(frozen=True)
class Checked:
    """What a check found: problems, warnings and what was taken as what; the inspection, where there are no problems.

    `subject` stands for the file where something is said of it: what it is called and whether its cases are made up, without the cases.
    """

    name: str
    problems: Sequence[str]
    warnings: Sequence[str]
    mappings: pd.DataFrame
    inspection: Inspection | None
    subject: Inspection
    message: str = ""
    ids: Ids = field(default=NOBODY, repr=False)

    def accepted(self) -> Inspection:
        """Return the inspection. Raises `DataProblem` with every problem at once where there are problems."""
        if self.inspection is None:
            raise DataProblem(self.message)
        return self.inspection

    @property
    def case_map(self) -> str:
        """Return, as CSV, which case of the file is which here: for the holder of the case file alone."""
        return self.ids.as_csv


def check(path: str | Path, drop_identifiers: bool = False) -> Checked:
    r"""Return what is wrong with a file or folder of case data, what to look at, and what was taken as what.

    `mappings` has a row for each heading, value or column that was taken as something: `where, kind, given, taken_as, cells`. A file
    without rows is no problem; one that cannot be read at all is one problem. Columns that identify a person are problems, unless
    `drop_identifiers` drops them. Nothing is raised for bad data: see `load`.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "audit.csv"
    >>> _ = file.write_text("case_id,Gender,assessment_safety\na,M,Y\nb,Mael,N\n")
    >>> check(file).problems[0].partition(";")[0]
    "audit.csv, row 3, column B (Gender): 'Mael' is not one of Female, Male, Not recorded"
    """
    file, report, inspection, ids = Path(path), Report(), None, NOBODY
    opened, framework = Opened(), framework_named(FRAMEWORK)
    try:
        opened, framework = _open(file, report)
        frames, ids = _frames(file, opened, framework, report, drop_identifiers)
        problems = report.problems
        if not problems:
            inspection = _inspection(file, opened, framework, frames, report)
        message = report.message(file.name) if problems else ""
    except DataProblem as error:
        message, problems = str(error), [str(error).partition("\n  ")[2]]
    columns = ["where", "kind", "given", "taken_as", "cells"]
    mappings = pd.DataFrame(report.mappings, columns=columns)
    return Checked(
        file.name,
        problems,
        report.warnings,
        mappings,
        inspection,
        _made(file, opened.said, framework, {}),
        message,
        ids,
    )


def _open(file: Path, report: Report) -> tuple[Opened, Framework]:
    """Return what a file holds, its headings found by the framework that it names, else by the usual one."""
    framework, first = framework_named(FRAMEWORK), Report()
    opened = opened_all(file, Known.of(framework), first)
    named = opened.said.get("framework", FRAMEWORK)
    if named != FRAMEWORK:
        try:
            framework = framework_named(named)
        except UnknownName as error:
            report.problem(Place(file.name), str(error))
        else:
            first = Report()
            opened = opened_all(file, Known.of(framework), first)
    report.noted += first.noted
    report.warnings += first.warnings
    report.mappings += first.mappings
    return opened, framework


def _frames(
    file: Path, opened: Opened, framework: Framework, report: Report, drop: bool
) -> tuple[dict[str, pd.DataFrame], Ids]:
    known = Known.of(framework)
    tables = [_without_example(table, known, report) for table in opened.tables]
    in_rows = any(kind_of(table, known) in ("answers", "wide") for table in tables)
    found = [matched(table, known, report, drop, in_rows) for table in tables]
    if not found:
        report.problem(
            Place(file.name),
            f"no row of headings is known: the first must be {CASE_ID}; `hmip template` writes a file to fill in",
        )
        return {}, NOBODY
    _note_doubles(found, report)
    by_kind = {
        kind: [one for one in found if one.kind == kind and not one.second] for kind in WORDS
    }
    whole = by_kind["cases"][0] if by_kind["cases"] else None
    cases, ids = cases_frame(
        whole, [one for one in found if one is not whole], report, drop, file.name
    )
    frames = {"cases": cases} | answers_frames(found, ids, known, report)
    needs = needs_frame(by_kind["needs"][0], ids, report) if by_kind["needs"] else None
    return (frames if needs is None else frames | {"needs": needs}), ids


def _without_example(table: Table, known: Known, report: Report) -> Table:
    place = next(
        (place for place, heading in enumerate(table.headings) if known.column(heading) == CASE_ID),
        None,
    )
    return without_example(table, place, EXAMPLE, report)


def _note_doubles(found: list[Matched], report: Report) -> None:
    """Note a second table of the same frame: answers may stand in rows or in columns, not in both."""
    seen: dict[tuple[str, bool], Matched] = {}
    for one in found:
        frame = (WORDS[one.kind], one.second)
        if frame in seen:
            report.problem(
                one.table.place(),
                f"is a second table of {frame[0]}; the first is {seen[frame].table.place()}: put them into one",
            )
        seen.setdefault(frame, one)
        if (
            one.kind == "cases"
            and one.questions
            and seen.setdefault(("the answers", one.second), one) is not one
        ):
            report.problem(
                one.table.place(), "has answers, and so has another table: put them into one"
            )


def _inspection(
    file: Path,
    opened: Opened,
    framework: Framework,
    frames: dict[str, pd.DataFrame],
    report: Report,
) -> Inspection:
    for name in opened.said:
        if key(name).replace(" ", "_") not in SAID:
            report.warn(
                Place(file.name, "inspection"), f"{name!r} is not used; what is: {', '.join(SAID)}"
            )
    _warn_of_unanswered(file, frames, report)
    if not len(frames["cases"]):
        report.warn(Place(file.name), "has headings and no cases")
    noted = {
        "mappings": tuple(report.mappings),
        "warnings": tuple(report.warnings),
        "cases_inspected": len(frames["cases"]),
    }
    return _made(file, opened.said, framework, frames, noted)


def _made(
    file: Path,
    said: dict[str, str],
    framework: Framework,
    frames: dict[str, pd.DataFrame],
    noted: Mapping[str, object] = MappingProxyType({}),
) -> Inspection:
    """Return an inspection of the file's cases; those that the file says are made up are called so."""
    made_up: CasesAre = "practice" if said.get("cases_are") == "practice" else "own"
    name = UNNAMED if identifying(file.stem) else file.stem
    title = said.get("title", name)
    if made_up == "practice" and "made up" not in title.replace("-", " "):
        title = f"{title} (made-up cases)"
    identity = {name: said[name] for name in SAID if name in said} | {
        "title": title,
        "framework": framework.id,
        **noted,
    }
    return Inspection(
        name=name, identity=identity, framework=framework, frames=frames, cases_are=made_up
    )


def _warn_of_unanswered(file: Path, frames: dict[str, pd.DataFrame], report: Report) -> None:
    """Warn of cases without any answer, where others have answers."""
    if "answers" not in frames:
        return
    answered = marked(frames["answers"]["case_id"].cat.codes.to_numpy(), len(frames["cases"]))
    if answered.any() and not answered.all():
        report.warn(
            Place(file.name), f"{plural(int((~answered).sum()), 'case')} without any answer"
        )
