"""The sections of a page's parts: made of a notebook's cells, in order, without what is empty."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hmip_kit.protect.payload import Block, Page, PageFinding, Part, Section

Outputs = Callable[[Any, str, int], Iterator[Block]]


def sections_of(stem: str, cells: Iterable[tuple[int, Any]], outputs: Outputs) -> list[Section]:
    """Return the sections of a notebook called `stem`, out of its numbered `cells`.

    `outputs` says what an output of a cell is.
    """
    found: list[Section] = [{"id": "", "level": 0, "title": "", "blocks": []}]
    for number, cell in cells:
        if cell["cell_type"] == "markdown":
            for level, text in _pieces(cell["source"]):
                if level:
                    name = f"{slug(stem)}--{slug(text)}"  # no other id has "--"
                    found.append({"id": name, "level": level, "title": text, "blocks": []})
                else:
                    found[-1]["blocks"].append({"kind": "prose", "text": text})
        elif cell["cell_type"] == "code":
            found[-1]["blocks"] += _of_code(cell, stem, number, outputs)
    return [one for one in found if one["title"] or one["blocks"]]


def _of_code(cell: Any, stem: str, number: int, outputs: Outputs) -> list[Block]:
    """Return what a cell of code shows; findings hold their code, other code stands before it."""
    shown = [one for given in cell.get("outputs", []) for one in outputs(given, stem, number)]
    holder = next((one for one in shown if one["kind"] == "findings"), None)
    if holder is None:
        return [{"kind": "code", "text": cell["source"]}, *shown]
    holder["text"] = cell["source"]
    return shown


def _pieces(source: str) -> Iterator[tuple[int, str]]:
    """Yield a Markdown cell in pieces: headings with their level, and the text between them."""
    for piece in re.split(r"(?m)^(#{1,6} .*)$", source):
        heading = re.match(r"(#{1,6}) (.*)", piece)
        if heading:
            yield len(heading[1]), heading[2].strip()
        elif piece.strip():
            yield 0, piece.strip()


def slug(text: str) -> str:
    """Return `text` as a name within a page.

    >>> slug("What was inspected?")
    'what-was-inspected'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def practice_last(parts: list[Part], name: str, label: str) -> list[Part]:
    """Return `parts` with all their practice cases last, as one part of that `name` and `label`."""
    apart = [part for part in parts if part["name"] == name]
    rest = [part for part in parts if part["name"] != name]
    if not apart:
        return rest
    sections = [section for part in apart for section in part["sections"]]
    joined: Part = {**apart[0], "name": name, "label": label, "title": label, "sections": sections}
    return [*rest, joined]


def drop_empty(parts: list[Part]) -> list[str]:
    """Take out of `parts`, in place, what the data do not hold and what stands there already.

    A section of which nothing is left goes with its heading, and a part without any finding unless
    it is the only one. Returns what was left out because the data do not hold it, each once.
    """
    left_out: dict[str, None] = {}
    for part in parts:
        seen: set[str] = set()
        for section in part["sections"]:
            for block in section["blocks"]:
                given = block.get("findings", [])
                left_out |= {one["measure"]: None for one in given if one["lacks"]}
                kept = [one for one in given if not one["lacks"] and not _is_seen(one, seen)]
                if given:
                    block["findings"] = kept
        part["sections"] = [one for one in part["sections"] if not _is_emptied(one)]
        part["sections"] = _with_something(part["sections"])
    filled = [
        part
        for part in parts
        if any(block.get("findings") for one in part["sections"] for block in one["blocks"])
    ]
    parts[:] = filled or parts[:1]
    return list(left_out)


def _is_seen(finding: PageFinding, seen: set[str]) -> bool:
    """Return whether a finding was `seen` in its part, and note that it is now."""
    about = finding["inspection"]
    whose = about["name"], about["sha256"], about["mark"], finding["where"]
    said = finding["title"], finding["measure"], finding["sentence"], finding["columns"]
    key = repr((whose, finding["name"], said, finding["rows"]))
    there = key in seen
    seen.add(key)
    return there


def _is_emptied(section: Section) -> bool:
    """Return whether a section had findings, and none is left."""
    blocks = [one for one in section["blocks"] if one["kind"] == "findings"]
    return bool(blocks) and not any(one["findings"] for one in blocks)


def _with_something(sections: list[Section]) -> list[Section]:
    """Return sections without those headings under which nothing is left."""
    kept = []
    for place, one in enumerate(sections):
        deeper = place + 1 < len(sections) and sections[place + 1]["level"] > one["level"]
        if one["level"] < 2 or one["blocks"] or deeper:
            kept.append(one)
    return kept


def texts_of(page: Page) -> Iterator[str]:
    """Yield what a `page` has of its notebooks' own words and code."""
    for part in page["parts"]:
        yield part["title"]
        for section in part["sections"]:
            yield section["title"]
            yield from (block["text"] for block in section["blocks"] if "text" in block)
