"""The nbconvert exporter: a run notebook becomes one page, offline, still interactive."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter
from traitlets import Enum, default

from hmip_kit import front
from hmip_kit.level import LEVELS
from hmip_kit.picture import table_of
from hmip_kit.share.attack import check_page
from hmip_kit.share.glossary import terms_on
from hmip_kit.share.page import Page, page_of
from hmip_kit.share.scan import check_typed, scanned

SCRIPTS = ("elements.js", "draw.js", "form.js", "arithmetic.js", "page.js")
STYLES = ("page.css", "style.css")


class HmipExporter(Exporter):
    """Write a notebook as one HTML file that opens from disk without a network and still filters."""

    export_from_notebook = "Offline page (hmip_kit)"
    output_mimetype = "text/html"
    level = Enum(
        LEVELS, default_value="protected", help="The disclosure level that the page may show"
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        """Return the page's HTML and nbconvert's resources. Raises `NotShared` and `CellFailed` as `page_of` does."""
        prepared, found = super().from_notebook_node(nb, resources, **kw)
        name = str(found.get("metadata", {}).get("name", "notebook"))
        return html(page_of(prepared, name, self.level)), found


def html(page: Page, secrets: Sequence[str] = ()) -> str:
    """Return a page as HTML, with a policy that allows only what is inside; `secrets` are identifiers that it must not carry.

    Raises `NotShared` where the page would give away what it hides, or carries something of the machine that made it.
    """
    check_page(page)
    if page["level"] != "open" or secrets:
        check_typed(page, secrets)
    script = "(() => {\n" + front.script(*SCRIPTS) + "\n})();"
    style = "\n".join(front.part(name) for name in STYLES)
    policy = "; ".join([
        "default-src 'none'", f"script-src '{_hash(script)}'", f"style-src '{_hash(style)}'", "img-src data:",
        "form-action 'none'", "base-uri 'none'",
    ])  # fmt: skip
    environment = _environment()
    return scanned(
        environment.get_template("page.html").render(
            page=page,
            script=script,
            style=style,
            policy=policy,
            data=_json(_data(page)),
            terms=terms_on(page),
            made=_dated(page),
        ),
        page["name"],
        script,
        secrets,
    )


def _data(page: Page) -> Mapping[str, Any]:
    """Return what the page script reads: the findings and the tallies."""
    wanted = ("id", "name", "title", "sentence", "measure", "cases", "columns", "rows", "spec")
    findings = [
        {name: one[name] for name in wanted}
        | {
            "inspection": {"name": one["inspection"]["name"]},
            "follow": one["follow"] if one["scope"] != "whole sample" else None,
        }
        for one in page["findings"]
    ]
    return {
        "findings": findings,
        "sets": page["sets"],
        "single": any("single" in one["tallies"] for one in page["sets"].values()),
    }


def _json(data: Mapping[str, Any]) -> str:
    """Return data as JSON that ends no script element, whatever its text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _environment() -> Any:
    import jinja2
    import mistune
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    markdown = mistune.create_markdown(
        escape=True, plugins=["table"]
    )  # escape: HTML in a notebook's prose stays text
    filters: dict[str, Any] = {
        "prose": lambda text: Markup(markdown(text)),  # noqa: S704  # escaped by mistune
        "inline": lambda text: Markup(
            str(markdown(f"# {text}")).strip().removeprefix("<h1>").removesuffix("</h1>")
        ),  # noqa: S704
        "cells": table_of,
        "base64": lambda data: b64encode(data).decode(),
    }
    environment.filters |= filters
    return environment


def _dated(page: Page) -> str:
    """Return the day a page was made on, unless it holds protected data, where the time of a run says something of its own."""
    return "" if page["level"] != "open" else f"{date.today().day} {date.today():%B %Y}"


def index(pages: Sequence[Page]) -> str:
    """Return a page that lists others, with the first finding of each."""
    style = front.part("page.css")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; form-action 'none'; base-uri 'none'"
    return str(
        _environment().get_template("index.html").render(pages=pages, style=style, policy=policy)
    )
