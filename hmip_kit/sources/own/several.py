"""A folder of several inspections: which files are members, and what is wrong with all of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pandas as pd

from hmip_kit.collection import Collection, by_name, collected, members_of, regrouped
from hmip_kit.errors import DataProblem, KitError
from hmip_kit.inspection import Inspection
from hmip_kit.sources.own.facts import facts_of, merged_groups
from hmip_kit.sources.own.files import COLLECTION, IDENTITY, READERS, opened_all
from hmip_kit.sources.own.frames import Ids
from hmip_kit.sources.own.headings import Vocabulary
from hmip_kit.sources.problems import MOST_SHOWN, Report, refusal
from hmip_kit.sources.wording import key
from hmip_kit.stats.words import plural

TABLES = ("cases", "answers", "needs")  # a folder that holds these is one inspection
OURS = ("hmip-", ".", "~$")  # how the names of files begin that are no cases


def members_in(folder: Path) -> list[Path]:
    """Return the files and folders that are a member each of a `folder`; none of one inspection.

    One that holds `inspection.toml`, or a table by its name, is one inspection; so is one without
    anything to read. What the kit itself leaves in a folder is skipped.
    """
    inside = list(folder.iterdir()) if folder.is_dir() else []
    if any(
        one.name == IDENTITY or key(one.stem).removeprefix("second ") in TABLES for one in inside
    ):
        return []
    some = {one.name: one for one in inside if not one.name.startswith(OURS) and _may_be(one)}
    return [some[name] for name in by_name(some)]


def _may_be(path: Path) -> bool:
    """Return whether a path is a table of cases, or a folder that holds one."""
    if path.is_dir():
        return any(map(_may_be, path.iterdir()))
    return path.suffix.casefold() in READERS and not path.stem.endswith("-dictionary")


def together(folder: Path, members: Sequence[tuple[Path, Any]]) -> dict[str, Any]:
    """Return what a check of the `members` of a `folder`, each checked, comes to as one.

    Every problem of all of them is told at once.
    """
    each, report = [one for _, one in members], Report()
    problems = [
        f"{folder.name}/{path.name}: {problem}" if path.is_dir() else problem
        for path, one in members
        for problem in one.problems
    ]
    made, ids = None, Ids((), ())
    try:
        if not problems:
            made = _together(folder, [one.inspection for one in each], report)
            ids = _ids_of(made, each)
        problems += report.problems
    except DataProblem as error:
        problems.append(str(error).partition("\n  ")[2] or str(error))
    return {
        "name": folder.name,
        "problems": problems,
        "warnings": [*(told for one in each for told in one.warnings), *report.warnings],
        "mappings": pd.concat([one.mappings for one in each], ignore_index=True),
        "inspection": None if problems else made,
        "message": str(refused(folder.name, problems)) if problems else "",
        "ids": ids,
    }


def _ids_of(made: Collection, each: Sequence[Any]) -> Ids:
    """Return the ids of a collection's cases, as each file has them and as they go by in it."""
    given: list[str] = []
    for one in each:
        known = dict(zip(one.ids.names, one.ids.given, strict=True))
        for part in members_of(one.inspection):
            if part.framework.id == made.framework.id:
                given += [known[str(case)] for case in part.cases["case_id"]]
    return Ids(given, [str(case) for case in made.cases["case_id"]])


def _together(folder: Path, found: Sequence[Inspection], report: Report) -> Collection:
    """Return inspections as a collection, with what the folder says of them together."""
    path = folder / COLLECTION
    known = Vocabulary.of(found[0].framework)
    said = opened_all(path, known, report).said if path.is_file() else {}
    facts = facts_of(said, 0, COLLECTION, report)
    merged = merged_groups(facts.pop("regroup", ()))
    made = collected(folder.name, found, facts)
    try:
        return cast(Collection, regrouped(made, merged))
    except KitError as error:
        raise refusal(COLLECTION, f"regroup: {error}") from None


def refused(name: str, problems: Sequence[str]) -> DataProblem:
    """Return the error for all the `problems` of the members of a collection called `name`."""
    lines = [f"  {one}" for one in problems[:MOST_SHOWN]]
    return DataProblem("\n".join([f"{name}: {plural(len(problems), 'problem')}", *lines]))
