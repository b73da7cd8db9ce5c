"""The lines of a web page: a heading, paragraph, item or table row is one each, the cells of a row apart by tabs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

HEADINGS = {f"h{level}": level for level in range(1, 7)}
UNREAD = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "svg",
    "form",
    "iframe",
    "button",
    "footer",
)
BLOCKS = {
    *HEADINGS,
    "p",
    "div",
    "section",
    "article",
    "main",
    "aside",
    "header",
    "footer",
    "figure",
    "figcaption",
    "blockquote",
    "body",
}
BLOCKS |= {
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "caption",
    "details",
    "summary",
    "address",
    "hr",
}


def page_lines(html: str) -> list[tuple[str, int]]:
    """Return each block of a page in its order with its heading level, 0 for none; menus, scripts and footnote signs are left out."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(html, "html.parser")
    for tag in page.find_all(UNREAD):
        tag.decompose()
    for note in page.find_all("sup"):
        note.decompose()
    for line_break in page.find_all("br"):
        line_break.replace_with("\n")
    return [line for line in _blocks(page.body or page) if line[0]]


def _blocks(tag: "Tag") -> Iterator[tuple[str, int]]:
    """Yield the blocks in a tag; words that stand beside blocks are a line of their own."""
    from bs4 import Comment, Tag

    loose: list[str] = []
    for child in tag.children:
        if isinstance(child, Comment):
            continue
        if not isinstance(child, Tag):
            loose.append(str(child))
        elif child.name not in BLOCKS and child.find(list(BLOCKS)) is None:
            loose.append(child.get_text())
        else:
            yield " ".join("".join(loose).split()), 0
            loose = []
            yield from _block(child)
    yield " ".join("".join(loose).split()), 0


def _block(tag: "Tag") -> Iterator[tuple[str, int]]:
    if tag.name in HEADINGS:
        yield _words(tag), HEADINGS[tag.name]
    elif tag.name == "tr":
        yield "\t".join(_words(cell) for cell in tag.find_all(["td", "th"], recursive=False)), 0
    elif tag.name == "ol":
        yield from _numbered(tag)
    elif tag.name == "li":
        lines = [line for line in _blocks(tag) if line[0]]
        yield from [
            (f"- {text}" if not place else text, level) for place, (text, level) in enumerate(lines)
        ]
    else:
        yield from _blocks(tag)


def _numbered(tag: "Tag") -> Iterator[tuple[str, int]]:
    start = str(tag.get("start", "1"))
    number = int(start) if start.isdecimal() else 1
    for item in tag.find_all("li", recursive=False):
        given = str(item.get("value", ""))
        number = int(given) if given.isdecimal() else number
        yield f"{number}. {_words(item)}", 0
        number += 1


def _words(tag: "Tag") -> str:
    return " ".join(tag.get_text(" ").split())
