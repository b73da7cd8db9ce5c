"""The nbconvert exporter: a run notebook becomes one page, offline, still interactive."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, cast, get_type_hints

from nbconvert.exporters.exporter import Exporter
from traitlets import Enum, default

from hmip_kit import front, settings
from hmip_kit.page import file_stem, page_of
from hmip_kit.page.glossary import terms_on
from hmip_kit.page.scan import check_typed, scanned
from hmip_kit.protect import FEWEST_CASES, FEWEST_COUNTED
from hmip_kit.protect.bundle import table_of
from hmip_kit.protect.payload import (
    Page,
    PageFinding,
    Part,
    ScriptData,
    ScriptFinding,
    ScriptPart,
)
from hmip_kit.sources.wording import unreversed

SCRIPTS = (
    *("elements.js", "table.js", "draw.js", "card.js", "rail.js"),
    *("arithmetic.js", "cube.js", "parts.js", "page.js"),
)
# Rows of a picture that takes the whole width; that is printed as its table alone, for it would be
# too small on a sheet; and that is printed without its table, which would go over many sheets.
FEWEST_ROWS = {"wide": 20, "tall": 40, "endless": 100}
STYLES = ("style.css", "page.css")


class HmipExporter(Exporter):
    """Write a notebook as one HTML file that opens without a network and still filters."""

    export_from_notebook = "Offline page (hmip_kit)"
    output_mimetype = "text/html"
    level = Enum(settings.LEVELS, default_value="sharing", help="Who may see the page")
    level = level.tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        """Return the HTML of the page of a notebook `nb`, and nbconvert's `resources`.

        Raises `NotShared` and `CellFailed` as `page_of` does; `kw` is nbconvert's.
        """
        prepared, found = super().from_notebook_node(nb, resources, **kw)
        name = str(found.get("metadata", {}).get("name", "notebook"))
        return html(page_of({name: prepared}, name, self.level)), found


def html(page: Page, secrets: Sequence[str] = (), others: Sequence[tuple[str, str]] = ()) -> str:
    """Return a `page` as HTML, with a policy that allows only what is inside.

    `secrets` are identifiers that it must not carry; `others` are the pages made beside it, each
    with its label and the name of its file. Raises `NotShared` where it carries an identifier, or
    something of the machine that made it.
    """
    if page["level"] or secrets:
        check_typed(page, secrets)
    script = "(() => {\n" + front.script(*SCRIPTS) + "\n})();"
    style = front.styles(*STYLES)
    sources = f"script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:"
    text = _rendered(
        "page.html",
        page=page,
        script=script,
        style=style,
        policy=f"default-src 'none'; {sources}; form-action 'none'; base-uri 'none'",
        data=_json(_data(page)),
        data_of=lambda part: _json(_for_script(part)),
        others=others,
        terms=terms_on(page),
        made=_dated(page),
    )
    return scanned(unreversed(text), page["name"], script, secrets)


def index_page(pages: Sequence[Page]) -> str:
    """Return a page that lists `pages`, each with the few points that it comes to."""
    style = front.styles(*STYLES)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; form-action 'none'; base-uri 'none'"
    return _rendered("index.html", pages=pages, style=style, policy=policy)


def _data(page: Page) -> ScriptData:
    return {"cubes": page["cubes"]}


def _for_script(part: Part) -> ScriptPart:
    blocks = (block for section in part["sections"] for block in section["blocks"])
    findings = [one for block in blocks for one in block.get("findings", [])]
    return {
        "name": part["name"],
        "findings": [_finding(one) for one in findings],
        "rails": part["rails"],
    }


def _finding(finding: PageFinding) -> ScriptFinding:
    told = {**finding, "inspection": finding["inspection"]["name"]}
    return cast(ScriptFinding, {name: told[name] for name in get_type_hints(ScriptFinding)})


def _json(data: ScriptData | ScriptPart) -> str:
    """Return data as JSON that ends no script element, whatever its text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _rendered(template: str, **values: Any) -> str:
    import jinja2
    import mistune
    from markupsafe import Markup

    folder = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=folder, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    # escape: HTML in a notebook's prose stays text
    markdown = mistune.create_markdown(escape=True, plugins=["table"])

    def inline(text: str) -> str:
        heading = str(markdown(f"# {text}")).strip()
        return Markup(heading.removeprefix("<h1>").removesuffix("</h1>"))  # noqa: S704

    filters: dict[str, Any] = {
        "prose": lambda text: Markup(markdown(text)),  # noqa: S704
        "inline": inline,
        "cells": table_of,
        "stem": file_stem,
        "base64": lambda data: b64encode(data).decode(),
    }
    environment.filters |= filters
    fewest = {"group": FEWEST_CASES, "people": FEWEST_COUNTED, **FEWEST_ROWS}
    page = environment.get_template(template)
    return str(page.render(values, fewest=fewest, settings=settings))


def _dated(page: Page) -> str:
    """Return the day a page was made on; of one's own cases the time of a run says something."""
    return "" if page["level"] else f"{date.today().day} {date.today():%B %Y}"
