"""Save a finding: data, or picture and sentence, with filters, label and level inside."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.errors import KitError, unknown
from hmip_kit.findings import Finding
from hmip_kit.picture import png, svg
from hmip_kit.protect.bundle import data_of, table_of, with_caption
from hmip_kit.settings import LEVEL_NAMES
from hmip_kit.workbook import Sheet, as_text, workbook, write_whole

Data = Mapping[str, Any]


def save(finding: Finding, kind: str, folder: Path | str = ".") -> Path:
    """Write a `finding` as a file of a `kind` into a `folder`, and return its path.

    Kinds: "csv", "xlsx", "png", "svg". The picture has title, measure, number of cases and sentence
    above it, to paste into a document. The file's name says the finding, the filters, and that
    cases are made up. Raises `UnknownName` for another kind, `KitError` for a picture of a table.
    """
    if kind not in KINDS:
        raise unknown("kind of file", kind, list(KINDS))
    content = KINDS[kind](data_of(finding))
    return write_whole(Path(folder) / f"{file_name(finding)}.{kind}", content)


def file_name(finding: Finding) -> str:
    """Return the name of a `finding`'s file, without its ending.

    >>> import hmip_kit as hk
    >>> cases = hk.load("practice-cases").where(sentence_type="Licence")
    >>> file_name(cases.show.key_questions())
    'practice-cases-key-questions-sentence-type-licence'
    """
    inspection = finding.inspection
    made_up = "practice-cases" if inspection.made_up else inspection.name
    name = f"{made_up} {finding.name} {inspection.filters.label}".lower()
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")


def _about(data: Data) -> dict[str, str]:
    """Return what stands beside saved numbers."""
    return {"Cases": data["cases"], "Source": data["source"], "Level": _level(data)}


def _level(data: Data) -> str:
    return LEVEL_NAMES.get(data["released"], "open" if not data["protected"] else "not released")


def _csv(data: Data) -> bytes:
    headings, *rows = table_of(data)
    table = pd.DataFrame(rows, columns=headings).assign(**_about(data))
    return table.map(as_text).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _xlsx(data: Data) -> bytes:
    headings, *rows = table_of(data)
    stated = {"Sentence": data["sentence"], **_about(data)}
    lines = [f"{name}: {value}" for name, value in stated.items()]
    lines += [f"Note: {note}" for note in data["notes"]]
    table = pd.DataFrame(rows, columns=headings)
    return workbook(data["title"], lines, [Sheet("Numbers", data["title"], lines, table)])


def _captioned(data: Data) -> dict[str, Any]:
    if data["spec"] is None:
        raise KitError(f"{data['measure']} is a table: save it as csv or xlsx")
    cases = " | ".join((data["cases"], data["source"], f"level: {_level(data)}"))
    return with_caption(data["spec"], {**data, "cases": cases})


KINDS: dict[str, Callable[[Data], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "png": lambda data: png(_captioned(data), scale=2),
    "svg": lambda data: svg(_captioned(data)).encode(),
}
