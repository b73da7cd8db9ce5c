"""From a finding to what a notebook keeps of it: picture, words, and the finding as data."""

import textwrap
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from secrets import token_bytes
from typing import Any, cast

from hmip_kit import protect
from hmip_kit.doors import through
from hmip_kit.findings import HIDDEN, Finding
from hmip_kit.inspection import Inspection
from hmip_kit.picture import VEGALITE, png, with_rows, with_theme
from hmip_kit.protect import released
from hmip_kit.protect.cube import cube_of, follows
from hmip_kit.protect.payload import (
    Cube,
    FindingData,
    Point,
    Provenance,
    RecountData,
    Shown,
    Spec,
)
from hmip_kit.settings import LEVEL_NAMES, level_in_force, rendering
from hmip_kit.stats.words import capital, plural

SALT = token_bytes()  # of this run alone: no fingerprint of case data leaves
Bundle = tuple[dict[str, Any], dict[str, Any]]
FINDING = "application/vnd.hmip.finding+json"
FINDINGS = "application/vnd.hmip.findings+json"
# What is shown of counts as text, and the columns of a file that hold it as numbers.
WORDED = ("cases", "share", "text", "range")
NUMBERS = {
    "yes": "Yes",
    "n": "Out of",
    "percent": "Percentage",
    "low": "Range from",
    "high": "Range to",
}
SAVED = "Saved as a page for sharing may show it. Run the cell to see all there is."
LINE, TITLE_LINE = 88, 56  # characters of a line under a picture's title, and of the title


def bundle(finding: Finding) -> Bundle:
    """Return the mime bundle of a `finding`, with its metadata.

    It shows live, in a notebook just opened, and where nothing draws.
    """
    if (is_own(finding) or finding.inspection.has_cases) and not rendering():
        return cast(Bundle, through("live")(finding, specification(finding)))
    return kept(finding)


def is_own(finding: Finding) -> bool:
    """Return whether a `finding` counts one's own cases, which pass the gate before they leave."""
    return any(one.protected for one in (finding.inspection, *finding.protect.beside))


def kept(finding: Finding) -> Bundle:
    """Return what a notebook keeps of a `finding`, whoever runs and saves it."""
    shown = _gated(finding)
    data: FindingData = {**_plain(shown), "cube": _cube([shown])}
    alone, metadata = standing_alone(data, _note([finding]))
    held = ("spec",) if data["spec"] is None else ("spec", "rows")  # the picture has these
    return {**alone, FINDING: {key: one for key, one in data.items() if key not in held}}, metadata


def kept_all(findings: Sequence[Finding]) -> Bundle:
    """Return what a notebook keeps of several `findings`: the first one's picture, all as data.

    What a page adds up stands once, with the first finding that it is for.
    """
    shown = [_gated(finding) for finding in findings]
    holder = next((one for one in shown if follows(one)), None)
    data: list[FindingData] = [
        {**_plain(one), "cube": _cube(shown) if one is holder else None} for one in shown
    ]
    picture, metadata = standing_alone(data[0], _note(findings))
    return {**picture, FINDINGS: data}, metadata


def _gated(finding: Finding) -> Finding:
    """Return a finding as a notebook may keep it: as a page, else as a page for sharing."""
    return released(finding, level_in_force() or "sharing")


def _cube(shown: Sequence[Finding]) -> Cube | None:
    """Return what a page adds up; a notebook of one's own cases has none of its own."""
    return cube_of(shown) if rendering() or not any(map(is_own, shown)) else None


def _note(findings: Sequence[Finding]) -> str:
    return SAVED if any(map(is_own, findings)) and not rendering() else ""


def data_of(finding: Finding) -> FindingData:
    """Return a `finding` as plain data, with its specification and its cube.

    On a page that is as far as its level allows; in a session, all of it.
    """
    level = level_in_force()
    shown = released(finding, level) if level else finding
    return {**_plain(shown), "cube": cube_of([shown])}


def words_of(finding: Finding) -> Shown:
    """Return what is said of a `finding`, and its rows, as they are."""
    return {
        "name": finding.name,
        "source": finding.source,
        "level": level_of(finding),
        "title": finding.title,
        "sentence": finding.sentence,
        "measure": finding.measure,
        "cases": finding.cases,
        "notes": list(finding.notes),
        "columns": dict(finding.columns),
        "numbers": numbers_of(finding),
        "rows": finding.records,
    }


def level_of(finding: Finding) -> str:
    """Return for whom what is shown of a `finding` is, in words."""
    if not is_own(finding):
        return "practice cases, made up" if finding.inspection.made_up else "published"
    return LEVEL_NAMES.get(str(finding.released), "not released")


def numbers_of(finding: Finding) -> dict[str, str]:
    """Return the columns of a file of a `finding`'s rows: a count and a share are numbers there."""
    there = set(finding.rows) if {"yes", "n"} <= set(finding.rows) else set()
    text = {name: head for name, head in finding.columns.items() if name not in WORDED or not there}
    return text | {name: head for name, head in NUMBERS.items() if name in there}


def _plain(finding: Finding) -> FindingData:
    """Return a finding as plain data. What its counts are of is told where cases are protected."""
    recount = finding.recount
    how: RecountData | None = None
    if recount and follows(finding):
        how = {
            "yes": [*recount.yes],
            "n": [*recount.n],
            "not_recorded": [*recount.not_recorded],
            "words": recount.words,
            "split": recount.split,
        }
    protected = is_own(finding)
    tallies = finding.tallies.items() if protected else ()
    return {
        **words_of(finding),
        "protected": protected,
        "lacks": finding.lacks,
        "look": finding.look,
        "points": points_of(finding),
        "released": finding.released,
        "thresholds": [protect.FEWEST_CASES, protect.FEWEST_COUNTED] if protected else [],
        "inspection": provenance_of(finding.inspection),
        "where": finding.inspection.filters.clauses,
        "tallies": {column: list(keys) for column, keys in tallies},
        "recount": how,
        "cube": None,
        "spec": specification(finding),
    }


def points_of(finding: Finding) -> list[Point]:
    """Return the few points that a `finding` comes to; none where it has none of its own."""
    if finding.points is None:
        return []
    made = finding.points(finding.rows)
    return [{"label": label, "number": number, "words": words} for label, number, words in made]


def provenance_of(inspection: Inspection) -> Provenance:
    """Return as plain data what a reader must know of where the data of an `inspection` come from.

    Own cases have no fingerprint, but a mark that tells two sets of data of one run apart.
    """
    content, own = inspection.fingerprint, inspection.protected
    mark = sha256(SALT + content.encode()).hexdigest() if own else ""
    stated = ("published", "licence", "copyright", "about")
    known = {one: str(inspection.identity[one]) for one in stated if one in inspection.identity}
    made = {
        "name": inspection.name,
        "title": inspection.title,
        "cases_are": inspection.cases_are,
        "size": inspection.sample_size,
        "sha256": "" if own else content,
        "mark": mark,
        "unit": str(inspection.identity.get("unit", inspection.title)),
        "said": _said_of(inspection),
    }
    return cast(Provenance, made | known)


def _said_of(inspection: Inspection) -> str:
    """Return in a line what the data of an `inspection` are, for the head of a page."""
    stated = inspection.identity
    if inspection.made_up:
        return str(stated.get("about", "Made-up cases."))
    if inspection.protected:
        words = [f"Audit of {plural(inspection.sample_size, 'case')}"]
        day = stated.get("date")
        words += [f"{day.day} {day:%B %Y}" if isinstance(day, date) else str(day)] if day else []
        return f"{', '.join(words)}."
    began, published = stated.get("fieldwork_week_beginning"), stated.get("published")
    dates = [f"Inspected {began:%B %Y}"] if isinstance(began, date) else []
    dates += [f"report {published}"] if published else []
    whose = f"Independent analysis of a report by {stated.get('publisher', 'its publisher')}."
    return " ".join([*([f"{capital(', '.join(dates))}."] if dates else []), whose])


def specification(finding: Finding) -> Spec | None:
    """Return the picture of a `finding` in the kit's theme, without rows; none for a table."""
    return None if finding.drawing is None else with_theme(finding.drawing)


def standing_alone(data: FindingData, note: str = "") -> Bundle:
    """Return picture or table, and words, of a finding's `data`, for a place with nothing else.

    A `note` stands below the words.
    """
    said, spec = f"{data['title']}. {data['sentence']} {note}".strip(), data.get("spec")
    if spec is None:
        return {"text/markdown": _markdown(data, note), "text/plain": said}, {}
    captioned = with_caption(spec, data, note)
    picture = {VEGALITE: captioned, "text/plain": said}
    if rendering():  # the page draws it, without a title of its own
        return picture, {}
    picture["image/png"] = b64encode(png(captioned)).decode()
    return picture, {"image/png": {"alt": said}}


def with_caption(spec: Spec, data: Mapping[str, Any], note: str = "") -> Spec:
    """Return a `spec` with the rows of a finding's `data`, title, sentence and `note` above."""
    said = f"{data['measure']} | {data['cases']}", data["sentence"]
    lines = [line for one in said for line in textwrap.wrap(one, LINE)]
    lines += [note] if note else []
    title = {"text": textwrap.wrap(data["title"], TITLE_LINE), "subtitle": lines}
    return with_rows({**spec, "title": title}, data["rows"])


def captioned(spec: Spec, data: Mapping[str, Any]) -> Spec:
    """Return a `spec` of a finding's `data`, for a file: source and level are said too."""
    cases = " | ".join((data["cases"], data["source"], f"level: {data['level']}"))
    return with_caption(spec, {**data, "cases": cases})


def table_of(data: Mapping[str, Any]) -> list[list[str]]:
    """Return the table of a finding's `data` as text, headings first.

    What is missing is blank, a count that is hidden "[c]". Where all counts are hidden there are no
    rows: the sentence says so.
    """
    columns, counted, rows = data["columns"], data["tallies"], data["rows"]
    hidden = counted and all(row[name] is None for row in rows for name in counted)
    cells = [
        [
            (HIDDEN if name in counted else "") if row[name] is None else str(row[name])
            for name in columns
        ]
        for row in ([] if hidden else rows)
    ]
    return [list(columns.values()), *cells]


def _markdown(data: FindingData, note: str) -> str:
    points = [[_cell(str(text)) for text in one.values()] for one in data["points"]]
    heads, *rows = ([_cell(text) for text in cells] for cells in table_of(data))
    if points:  # label, number and words need no headings
        heads, rows = [""] * len(points[0]), points
    rule = ["---"] * len(heads)
    table = [f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows)]
    said = [f"**{_cell(data['title'])}**", "", _cell(data["sentence"]), "", *table]
    return "\n".join([*said, "", note] if note else said)


def _cell(text: str) -> str:
    """Return text that Markdown shows as it is: data never become Markdown or HTML."""
    for mark in "&\\`*_{}[]<>|":
        text = text.replace(mark, f"&#{ord(mark)};")
    return text.replace("\n", " ")
