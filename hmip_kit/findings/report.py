"""What was read: a report, or a case file; what was inspected, and what is recommended."""

import re
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.findings import Finding, Protect, Row, Said, finding
from hmip_kit.findings.figures import figure_rows
from hmip_kit.findings.key_questions import question_rows
from hmip_kit.inspection import Inspection
from hmip_kit.settings import FEWEST_FOR_A_BAR
from hmip_kit.sources.problems import MAPPING
from hmip_kit.stats.words import listed, number, plural

if TYPE_CHECKING:
    from hmip_kit.sources.own import Checked

ITEMS = {
    "unit": "Unit",
    "region": "Region",
    "date": "Date of the audit",
    "publisher": "Inspected by",
    "published": "Report published",
    "fieldwork_week_beginning": "Fieldwork, week beginning",
    "sample_from": "Sentences and licences that began from",
    "sample_to": "and to",
    "cases_inspected": "Cases inspected",
    "practitioner_interviews": "Interviews with practitioners",
    "people_heard": "People on probation heard",
    "rating": "Overall rating",
    "isbn": "ISBN",
    "about": "What these cases are",
}
HEARD = {
    "practitioner_interviews": "practitioners interviewed",
    "people_heard": "people on probation heard",
}

RECOMMENDED = {
    "number": "Number",
    "addressee": "For",
    "label": "Recommendation, as the report has it",
    "says": "What the figures say",
}
LISTS = ("findings", "figures", "says", "brief", "themes")
Told = tuple[str, str, float]  # a figure in words, where it stands, the percentage not sufficient
READING = (
    "Recommendations are quoted as the report has them. "
    "Which figures belong to which recommendation is this kit's reading: the report does not say."
)


@finding(
    question="What was inspected, when, and how much of it?",
    needs="",
    follows=False,
    shown_by="all cases",
    label="What was inspected",
)
def overview(inspection: Inspection) -> Finding:
    """Return what was inspected, when, and how much of it, as a table.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.

    Returns
    -------
    Finding
        A row per item, `item, stated`; what is not stated has no row.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.overview().title
    'What was inspected: Lewisham & Bromley PDU, November 2022'
    """
    stated = inspection.identity
    rows = [
        (label, f"{one.day} {one:%B %Y}" if isinstance(one, date) else str(one))
        for item, label in ITEMS.items()
        if (one := stated.get(item)) is not None
    ]
    return Finding(
        inspection=inspection,
        rows=pd.DataFrame(rows, columns=["item", "stated"]),
        say=lambda _: _overview_said(inspection),
        columns={"item": "Item", "stated": "As stated"},
        measure="What the data say of themselves",
    )


def _overview_said(inspection: Inspection) -> Said:
    title = (
        "What was inspected" if inspection.made_up else f"What was inspected: {inspection.title}"
    )
    stated = inspection.identity
    heard = [f"{stated[item]} {whom}" for item, whom in HEARD.items() if item in stated]
    more = f"Besides: {listed(heard)}" if heard else "No interviews are part of these data"
    return title, f"{more}."


@finding(
    question="What is recommended, and which figures are behind it?",
    needs="recommendations",
    follows=False,
    shown_by="all cases",
)
def recommendations(inspection: Inspection) -> Finding:
    """Return the recommendations, each with what the figures say, as a table.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        A row per recommendation: `number, addressee, label`, the last in quotation marks;
        `findings`, of the report, that it belongs to; `figures`, by id; `says`, each figure in
        words, furthest from sufficient first, those without a count out of ten or more last, and
        `brief`, those with a count out of ten or more, without where they stand;
        `themes`. Lists are joined as text, blank where nothing belongs to a recommendation.

    Notes
    -----
    Which finding belongs to which recommendation is this kit's reading.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.recommendations().title[:52]
    '11 recommendations: 6 to Lewisham and Bromley PDU, 4'
    """
    rows = with_figures(inspection)
    return Finding(
        inspection=inspection,
        rows=rows.assign(**{name: rows[name].map("; ".join) for name in LISTS}),
        say=_said,
        columns=RECOMMENDED,
        measure="Recommendations, with the figures behind each",
        cases=f"{len(rows)} recommendations",
        notes=(READING, *filter(None, [str(inspection.identity.get("licence", ""))])),
        opens=False,
    )


def _said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No recommendations", "Nothing is recommended."
    to = rows["addressee"].value_counts(sort=False)
    told = listed([f"{count} to {who}" for who, count in to.items()])
    what = "recommendation" if len(rows) == 1 else "recommendations"
    without = ", ".join(rows.loc[rows["says"] == "", "number"].astype("str"))
    none = f"No figure stands behind {without}."
    return (
        f"{len(rows)} {what}: {told}",
        none if without else "Each has figures of the report behind it.",
    )


def with_figures(inspection: Inspection) -> pd.DataFrame:
    """Return the recommendations of an `inspection`, with tuples where the finding has joined text.

    >>> import hmip_kit as hk
    >>> with_figures(hk.load("lewisham-bromley-2022")).loc[8, "says"][2]
    'Accommodation status improved: two (base not stated), 2.6'
    """
    findings, said = inspection.findings.to_dict("records"), _figures_said(inspection)
    rows = [
        {**row, "label": f"“{row['label']}”", **_behind(str(row["number"]), findings, said)}
        for row in inspection.recommendations.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["number", "addressee", "label", *LISTS])


def _behind(
    recommendation: str, findings: list[Row], said: dict[str, Told]
) -> dict[str, tuple[str, ...]]:
    own = [row for row in findings if recommendation in str(row["recommendations"]).split()]
    named = dict.fromkeys(one for row in own for one in str(row["figures"]).split() if one in said)
    figures = sorted(named, key=lambda figure: -said[figure][2])
    return {
        "findings": tuple(str(row["label"]) for row in own),
        "figures": tuple(figures),
        "says": tuple(f"{said[one][0]}{said[one][1]}" for one in figures),
        "brief": tuple(said[one][0] for one in figures if said[one][2]),
        "themes": tuple(dict.fromkeys(str(row["theme"]) for row in own)),
    }


def _figures_said(inspection: Inspection) -> dict[str, Told]:
    """Return each figure and key question in words, with where, and the share not sufficient.

    That is 0 where it is not known, or is of under ten cases. A figure that states another again is
    left to the other.
    """
    asked = question_rows(inspection)
    short = 100 - asked["percent"]
    asked = asked.assign(figure=asked["question"], short=short, section="")
    rows = pd.concat([figure_rows(inspection), asked])
    section = (", " + rows["section"]).where(rows["section"] != "", "")
    said = rows["label"] + ": " + rows["text"]
    short = rows["short"].where((rows["n"] >= FEWEST_FOR_A_BAR).fillna(False)).fillna(0)
    return dict(zip(rows["figure"], zip(said, section, short, strict=True), strict=True))


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
    from hmip_kit.sources.own.template import dictionary  # reading files takes a while to load

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
def file_checked(checked: "Checked") -> Finding:
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
