"""Save what a panel shows: data, picture, or picture and sentence together, with the filters, the label and the level inside."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.errors import KitError, unknown
from hmip_kit.finding import Finding
from hmip_kit.picture import data_of, png, svg, table_of, with_caption
from hmip_kit.share.running import write_whole
from hmip_kit.workbook import Sheet, workbook

Data = dict[str, Any]


def save(finding: Finding, kind: str, folder: Path | str = ".") -> Path:
    """Write a finding as a file and return its path: "csv", "xlsx", "png" or "svg".

    The picture has title, measure, number of cases and sentence above it, to paste into a document. The name of the file says the
    finding, the filters, and that cases are made up; the file says filters, label and disclosure level. Raises `UnknownName` for another
    kind, `KitError` for a picture of a table.
    """
    if kind not in KINDS:
        raise unknown("kind of file", kind, list(KINDS))
    content = KINDS[kind](data_of(finding))
    return write_whole(Path(folder) / f"{file_name(finding)}.{kind}", content)


def file_name(finding: Finding) -> str:
    """Return a file's name without its ending.

    >>> import hmip_kit as hk
    >>> file_name(hk.charts.key_questions(hk.load("practice-cases").where(sentence_type="Licence")))
    'practice-cases-key-questions-sentence-type-licence'
    """
    made_up = (
        "practice-cases" if finding.inspection.cases_are == "practice" else finding.inspection.name
    )
    return re.sub(
        r"[^a-z0-9]+", "-", f"{made_up} {finding.name} {finding.inspection.filters.label}".lower()
    ).strip("-")


def about(data: Data) -> list[tuple[str, str]]:
    """Return what stands beside saved numbers: title, sentence, cases, source, level, notes."""
    fixed = [
        ("Title", data["title"]),
        ("Sentence", data["sentence"]),
        ("Cases", data["cases"]),
        ("Source", data["source"]),
    ]
    return [
        *fixed,
        ("Disclosure level", data["released"] or data["disclosure"]),
        *[("Note", note) for note in data["notes"]],
    ]


def _csv(data: Data) -> bytes:
    headings, *rows = table_of(data)
    table = pd.DataFrame(rows, columns=headings).assign(**dict(about(data)[2:5]))
    return table.map(_as_text).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _as_text(value: str) -> str:
    """Return text that a spreadsheet does not take for a formula."""
    return f"'{value}" if str(value)[:1] in tuple("=+-@\t\r") else value


def _xlsx(data: Data) -> bytes:
    headings, *rows = table_of(data)
    lines = [f"{name}: {value}" for name, value in about(data)[1:]]
    return workbook(
        data["title"],
        lines,
        [Sheet("Numbers", data["title"], lines, pd.DataFrame(rows, columns=headings))],
    )


def _captioned(data: Data) -> dict[str, Any]:
    if data["spec"] is None:
        raise KitError(f"{data['measure']} is a table: save it as csv or xlsx")
    level = data["released"] or data["disclosure"]
    return with_caption(
        data["spec"],
        {**data, "cases": f"{data['cases']} | {data['source']} | disclosure level: {level}"},
    )


KINDS: dict[str, Callable[[Data], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "png": lambda data: png(_captioned(data), scale=2),
    "svg": lambda data: svg(_captioned(data)).encode(),
}
