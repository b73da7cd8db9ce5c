"""Save a finding: data, or picture and sentence, with filters, label and level inside."""

import csv
import re
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.errors import KitError, unknown
from hmip_kit.findings import Finding
from hmip_kit.picture import png, svg
from hmip_kit.protect.bundle import captioned, data_of
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


def _numbers(data: Data) -> pd.DataFrame:
    """Return the rows of a finding as a file has them: a count and a share are numbers there."""
    rows = [[row[name] for name in data["numbers"]] for row in data["rows"]]
    return pd.DataFrame(rows, columns=list(data["numbers"].values()), dtype="object")


def _csv(data: Data) -> bytes:
    """Return what it is, in lines, then the numbers: as a page gives them."""
    stated = {name.capitalize(): data[name] for name in ("title", "cases", "source", "level")}
    table = _numbers(data)
    lines = [*map(list, stated.items()), [], list(table), *table.to_numpy().tolist()]
    text = StringIO()
    csv.writer(text).writerows([[as_text(value) for value in line] for line in lines])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(data: Data) -> bytes:
    stated = {name.capitalize(): data[name] for name in ("sentence", "cases", "source", "level")}
    lines = [f"{name}: {value}" for name, value in stated.items()]
    lines += [f"Note: {note}" for note in data["notes"]]
    table = _numbers(data)
    return workbook(data["title"], lines, [Sheet("Numbers", data["title"], lines, table)])


def _captioned(data: Data) -> dict[str, Any]:
    if data["spec"] is None:
        raise KitError(f"{data['measure']} is a table: save it as csv or xlsx")
    return captioned(data["spec"], data)


KINDS: dict[str, Callable[[Data], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "png": lambda data: png(_captioned(data), scale=2),
    "svg": lambda data: svg(_captioned(data)).encode(),
}
