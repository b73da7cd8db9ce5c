"""From a run notebook to the plain dictionary that a page is made of: what a test reads, and the template shows."""

import re
from collections.abc import Iterator
from typing import Any

from hmip_kit import __version__
from hmip_kit.errors import CellFailed, NotShared
from hmip_kit.level import LEVELS
from hmip_kit.picture import FINDING, FINDINGS, VEGALITE, png, rows_in
from hmip_kit.sets import merged

Page = dict[str, Any]
Block = dict[str, Any]


def page_of(notebook: Any, name: str, level: str = "protected") -> Page:
    """Return a notebook's page: `title`, `blocks` in order, `findings`, `sets` of tallies, `headings`, and what to say of the data.

    Raises `CellFailed` where a cell ended in an error, and `NotShared` for an output that may not leave the notebook: a finding
    above the level asked for, or a bare output in a notebook whose findings are not all open.
    """
    cells = [
        cell
        for cell in notebook["cells"]
        if "injected-parameters" not in cell.get("metadata", {}).get("tags", [])
    ]
    blocks = [
        block for number, cell in enumerate(cells, 1) for block in _blocks(cell, name, number)
    ]
    findings = [finding for block in blocks for finding in block.get("findings", [])]
    for finding in findings:
        _check_level(finding, level)
    _check_bare(blocks, findings, level, name)
    _check_one_each(findings, name)
    for place, finding in enumerate(findings, 1):
        finding["id"] = f"finding-{place}-{re.sub(r'[^a-z0-9]+', '-', finding['name'])}"
    sets = merged(
        finding["set"]
        for finding in findings
        if finding.get("set") and finding["scope"] != "whole sample"
    )
    return {
        "name": name,
        "title": next((block["text"] for block in blocks if block.get("level") == 1), name),
        "blocks": blocks,
        "findings": findings,
        "sets": sets,
        "forms": _forms(blocks, sets),
        "inspections": list(
            {finding["inspection"]["name"]: finding["inspection"] for finding in findings}.values()
        ),
        "level": _level(findings),
        "version": __version__,
    }


def _blocks(cell: Any, name: str, number: int) -> Iterator[Block]:
    if cell["cell_type"] == "markdown":
        yield from _markdown(cell["source"])
    elif cell["cell_type"] == "code":
        yield {"kind": "code", "text": cell["source"]}
        for output in cell.get("outputs", []):
            yield from _output(output, name, number)


def _markdown(source: str) -> Iterator[Block]:
    """Return a Markdown cell in pieces, with each heading on its own so that the contents list can name it."""
    for piece in re.split(r"(?m)^(#{1,6} .*)$", source):
        heading = re.match(r"(#{1,6}) (.*)", piece)
        if heading:
            text = heading[2].strip()
            yield {"kind": "heading", "level": len(heading[1]), "text": text, "id": _slug(text)}
        elif piece.strip():
            yield {"kind": "prose", "text": piece.strip()}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _output(output: Any, name: str, number: int) -> Iterator[Block]:
    if output["output_type"] == "error":
        raise CellFailed(f"{name}, cell {number}: {output['ename']}: {output['evalue']}")
    data = output.get("data", {})
    if FINDINGS in data:
        yield {"kind": "explorer", "findings": [_pictured(one) for one in data[FINDINGS]]}
    elif FINDING in data:
        yield {
            "kind": "finding",
            "findings": [_pictured(_with_rows(data[FINDING], data.get(VEGALITE)))],
        }
    elif output["output_type"] == "stream" or data:
        text = output.get("text") or data.get("text/plain", "")
        yield {"kind": "bare", "text": "".join(text), "cell": number}


def _with_rows(finding: dict[str, Any], spec: dict[str, Any] | None) -> dict[str, Any]:
    return {**finding, "spec": spec, "rows": rows_in(spec) if spec else finding["rows"]}


def _pictured(finding: dict[str, Any]) -> dict[str, Any]:
    """Return a finding whose picture the page draws: its specification without title and rows, and a PNG for where script is off."""
    spec = finding.get("spec")
    if not spec:
        return {**finding, "spec": None, "png": None}
    plain = {key: value for key, value in spec.items() if key not in ("title", "$schema")}
    given = [
        {**one, "value": finding["rows"]} if one["name"] == "rows" else one
        for one in spec["params"]
    ]
    bare = [{**one, "value": []} if one["name"] == "rows" else one for one in spec["params"]]
    return {
        **finding,
        "spec": {**plain, "params": bare},
        "png": png({**plain, "params": given}, scale=1),
    }


def _check_level(finding: dict[str, Any], level: str) -> None:
    if finding["disclosure"] == "open":
        return
    released = finding.get("released")
    if released not in LEVELS or LEVELS.index(released) > LEVELS.index(level):
        raise NotShared(
            f"{finding['name']}: comes from protected case data and has not passed the gate for {level!r}. "
            "Make the page with `hmip render`, which runs the notebook under a disclosure level."
        )


def _check_bare(blocks: list[Block], findings: list[dict[str, Any]], level: str, name: str) -> None:
    """Refuse bare output but on an open page of open findings: nobody can tell what a bare frame holds."""
    bare = [block for block in blocks if block["kind"] == "bare" and block["text"].strip()]
    if bare and not (
        level == "open"
        and findings
        and all(finding["disclosure"] == "open" for finding in findings)
    ):
        raise NotShared(
            f"{name}, cell {bare[0]['cell']}: shows a bare output, and nothing says that it may be shared. Show a finding instead "
            "(a picture or table of `hk.charts`); where no case is your own, ask for the level open."
        )


def _check_one_each(findings: list[dict[str, Any]], name: str) -> None:
    """Refuse two sets of data under one name: a page adds up one set of tallies for each."""
    found: dict[str, str] = {}
    for about in (finding["inspection"] for finding in findings if finding["tallies"]):
        if found.setdefault(about["name"], about["sha256"]) != about["sha256"]:
            raise NotShared(
                f"{name}: not written, because two different sets of data are called {about['name']!r}: rename one file"
            )


def _level(findings: list[dict[str, Any]]) -> str:
    levels = [finding["released"] or finding["disclosure"] for finding in findings]
    return max(levels, key=LEVELS.index, default="open")


def _forms(blocks: list[Block], sets: dict[str, dict[str, Any]]) -> dict[int, str]:
    """Return before which block each set's filter form stands: its explorer, else the first finding that follows it."""
    places: dict[str, int] = {}
    for kinds in (("explorer",), ("finding",)):
        for place, block in enumerate(blocks):
            names = [
                one["inspection"]["name"] for one in block.get("findings", []) if one.get("set")
            ]
            if block["kind"] in kinds and names and names[0] in sets:
                places.setdefault(names[0], place)
    return {place: name for name, place in places.items()}
