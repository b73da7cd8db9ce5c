"""One's own case file, as tables: what to fill in, what a check says, and how the file was read."""

import re

import pandas as pd

from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.words import listed, number, opening, practice_name, which_cases
from hmip_kit.sources.checking import Checked
from hmip_kit.sources.dictionary import dictionary
from hmip_kit.sources.loading import mappings
from hmip_kit.sources.problems import plural

VALUES = "value"  # the mappings that tell which values occur among the cases


def what_to_fill_in(inspection: Inspection) -> Finding:
    """Return the columns of the template for the inspection's framework, with what each may hold, as a table.

    >>> import hmip_kit as hk
    >>> what_to_fill_in(hk.load("lewisham-bromley-2022")).rows["column"].iloc[0]
    'case_id'
    """
    columns = dictionary(inspection.framework).drop(columns="also_called")
    needed = sorted(
        set(columns.loc[columns["required"] == "yes", "column"]) - {"question", "answer", "need"}
    )
    asked = len(inspection.framework.questions)
    said = f"One row per case. Only {listed(needed)} must be there; {number(asked)} key questions can be answered."
    return Finding(
        name="what to fill in",
        say=lambda _: (
            _titled(inspection, f"The template has a column for each of {asked} key questions"),
            said,
        ),
        rows=columns,
        columns={
            "table": "Table",
            "column": "Column",
            "required": "Required",
            "meaning": "What it means",
            "allowed": "What it may hold",
        },
        measure="Columns of a case file",
        inspection=inspection,
        cases="none: what a file of cases may hold",
    )


def file_checked(checked: Checked) -> Finding:
    r"""Return every problem of a case file with the place where it stands, as a table; no row where there are none.

    Problems tell first bad values, so that those of a real file are shown at the level "internal" only; identifiers are not told.

    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> import hmip_kit as hk
    >>> file = Path(mkdtemp()) / "audit.csv"
    >>> _ = file.write_text("case_id,sex,assessment_safety\na,Male,Yes\nb,Mael,No\n")
    >>> file_checked(hk.check(file)).title
    '1 problem in the case file'
    """
    places = [problem.partition(": ") for problem in checked.problems]
    rows = pd.DataFrame(
        [(place, _unnamed(place, what)) for place, _, what in places], columns=["place", "problem"]
    )
    loads = (
        "It loads."
        if checked.inspection
        else "Nothing was loaded: put every problem right, then check again."
    )
    return Finding(
        name="file checked",
        say=lambda _: (
            _titled(checked.subject, f"{plural(len(rows), 'problem')} in the case file"),
            _said(checked.subject, loads),
        ),
        rows=rows,
        columns={"place": "Where", "problem": "What is wrong"},
        measure="Problems of a case file",
        inspection=checked.subject,
        cases=which_cases(checked.subject),
    )


def _unnamed(place: str, problem: str) -> str:
    return re.sub("'.*'", "an identifier", problem) if "case_id" in place else problem


def file_read(inspection: Inspection) -> Finding:
    """Return which headings and columns of one's own file were taken as what, as a table; none for bundled data.

    Which values were taken as others tells who is among the cases, and is left to `mappings`.

    >>> import hmip_kit as hk
    >>> len(file_read(hk.load("practice-cases")).rows)
    0
    """
    found = mappings(inspection)
    rows = found.loc[found["kind"] != VALUES, ["where", "kind", "given", "taken_as"]].reset_index(
        drop=True
    )
    count = (
        f"{plural(len(rows), 'heading or column', 'headings or columns')} taken as something else"
    )
    said = (
        "Every heading is as the schema has it."
        if rows.empty
        else "Check that each was meant so; else change the heading in the file."
    )
    return Finding(
        name="file read",
        say=lambda _: (_titled(inspection, count), _said(inspection, said)),
        rows=rows,
        columns={"where": "Where", "kind": "What", "given": "In the file", "taken_as": "Taken as"},
        measure="How a case file was read",
        inspection=inspection,
        cases=which_cases(inspection),
    )


def _titled(inspection: Inspection, text: str) -> str:
    """Return a title that begins with what practice cases are called."""
    return f"{practice_name(inspection)}. {text}".removeprefix(". ")


def _said(inspection: Inspection, text: str) -> str:
    return f"{opening(which_cases(inspection), practice_name(inspection))} {text}"
