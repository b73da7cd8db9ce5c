"""One's own case file, as tables: what to fill in, what a check says, and how the file was read."""

import re

import pandas as pd

from hmip_kit.findings import Finding, Protect, finding
from hmip_kit.inspection import Inspection
from hmip_kit.sources.own import Checked
from hmip_kit.sources.own.template import dictionary
from hmip_kit.sources.problems import MAPPING
from hmip_kit.stats.words import listed, number, plural

VALUE = "value"  # the kind of mapping that tells which values occur among the cases


@finding(
    question="What does a file of cases hold?",
    needs="",
    follows=False,
    shown_by="all cases",
)
def what_to_fill_in(inspection: Inspection) -> Finding:
    """Return what each column of the template for an inspection's framework may hold, as a table.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.

    Returns
    -------
    Finding
        A row per column: `table, column, required, meaning, allowed`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.what_to_fill_in().rows["column"].iloc[0]
    'case_id'
    """
    columns, asked = dictionary(inspection.framework), len(inspection.framework.questions)
    needed = set(columns.loc[columns["required"] == "yes", "column"])
    must = listed(sorted(needed - {"question", "answer", "need"}))
    return Finding(
        inspection=inspection,
        rows=columns.drop(columns="also_called"),
        say=lambda _: (
            f"The template has a column for each of {asked} key questions",
            f"One row per case. Only {must} must be there; {number(asked)} key questions can be "
            "answered.",
        ),
        columns={
            "table": "Table",
            "column": "Column",
            "required": "Required",
            "meaning": "What it means",
            "allowed": "What it may hold",
        },
        measure="Columns of a case file",
        cases="none: what a file of cases may hold",
        opens=False,
    )


@finding(
    question="What is wrong with the file?",
    needs="",
    follows=False,
    shown_by="all cases",
)
def file_checked(checked: Checked) -> Finding:
    r"""Return every problem of a case file with the place where it stands, as a table.

    Problems tell first bad values, so that those of a real file stay with its unit; identifiers are
    not told.

    Parameters
    ----------
    checked : Checked
        What `check` found.

    Returns
    -------
    Finding
        A row per problem: `place, problem`; none where there are none.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> import hmip_kit as hk
    >>> file = Path(mkdtemp()) / "audit.csv"
    >>> _ = file.write_text("case_id,sex,assessment_safety\na,Male,Yes\nb,Mael,No\n")
    >>> hk.check(file).show.file_checked().title
    '1 problem in the case file'
    """
    rows = [
        (place, re.sub("'.*'", "an identifier", what) if "case_id" in place else what)
        for place, _, what in (problem.partition(": ") for problem in checked.problems)
    ]
    return Finding(
        inspection=checked.subject,
        rows=pd.DataFrame(rows, columns=["place", "problem"]),
        say=lambda _: (
            f"{plural(len(rows), 'problem')} in the case file",
            "It loads."
            if checked.inspection
            else "Nothing was loaded: put every problem right, then check again.",
        ),
        columns={"place": "Where", "problem": "What is wrong"},
        measure="Problems of a case file",
    )


@finding(
    question="How was the file read?",
    needs="",
    follows=False,
    shown_by="all cases",
)
def file_read(inspection: Inspection, values: bool = False) -> Finding:
    """Return which headings and columns of one's own file were taken as what, as a table.

    Parameters
    ----------
    inspection : Inspection
        Your own cases; for bundled data there are no rows.
    values : bool
        Whether to add which values were taken as others: that tells who is among the cases.

    Returns
    -------
    Finding
        A row per heading or column: `where, kind, given, taken_as`; with values also these, and
        `cells`, in how many each stands.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> len(hk.load("practice-cases").show.file_read().rows)
    0
    """
    found = pd.DataFrame(list(inspection.identity.get("mappings", ())), columns=list(MAPPING))
    rows = found.astype({"cells": "int64"})
    if not values:
        rows = rows[rows["kind"] != VALUE].drop(columns="cells").reset_index(drop=True)
    told = "heading, column or value" if values else "heading or column"
    many = plural(len(rows), told, re.sub("(heading|column|value)", r"\1s", told))
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: (
            f"{many if len(shown) else f'No {told}'} taken as something else",
            "Every heading is as the schema has it."
            if shown.empty
            else "Check that each was meant so; else change it in the file.",
        ),
        columns={"where": "Where", "kind": "What", "given": "In the file", "taken_as": "Taken as"},
        measure="How a case file was read",
        protect=Protect(people=("cells",) if values else ()),
    )
