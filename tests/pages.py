"""What tests of pages share: notebooks of what cells show, and pages of them that are checked."""

from typing import Any

import nbformat
from payload import check_payload

import hmip_kit as hk
from hmip_kit.inspection import Inspection
from hmip_kit.page import page_of
from hmip_kit.page.exporter import _data, _for_script
from hmip_kit.protect.payload import Block, Page, ScriptData, ScriptPart

PRACTICE = hk.load("practice-cases")
REPORT = hk.load("lewisham-bromley-2022")


def notebook(*cells: str, title: str = "", **named: Inspection) -> Any:
    """Return a notebook with what its cells show: each is Markdown from "#" on, or an expression.

    One that begins with "practice " is tagged as about practice cases. `named` are what expressions
    may name beside the bundled inspections.
    """
    shown = {"hk": hk, "pdu": REPORT, "cases": PRACTICE, **named}
    made = nbformat.v4.new_notebook(metadata={"title": title} if title else {})
    for cell in cells:
        source = cell.removeprefix("practice ")
        if source.startswith("#"):
            one = nbformat.v4.new_markdown_cell(source)
        else:
            data = {
                name: held
                for name, held in eval(source, shown)._repr_mimebundle_()[0].items()
                if "widget" not in name
            }
            output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
            one = nbformat.v4.new_code_cell(source, outputs=[output])
        if source != cell:
            one.metadata["tags"] = ["practice"]
        made.cells.append(one)
    return made


def checked(made: Any, name: str = "page") -> Page:
    """Return a notebook's page, and what its script reads, as far as they are what they say."""
    return checked_all({name: made}, name)


def checked_all(made: dict[str, Any], name: str = "page") -> Page:
    """Return the page of several notebooks, checked in the same way."""
    page = page_of(made, name)
    check_payload(page, Page)
    check_payload(_data(page), ScriptData)
    for part in page["parts"]:
        check_payload(_for_script(part), ScriptPart)
    return page


def blocks_of(page: Page) -> list[Block]:
    """Return all pieces of a page, in order."""
    sections = [section for part in page["parts"] for section in part["sections"]]
    return [block for section in sections for block in section["blocks"]]
