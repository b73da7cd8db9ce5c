"""The text of a report file, line by line: plain text, Markdown, a web page or a PDF."""

import io
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import BufferingHandler
from pathlib import Path
from typing import TYPE_CHECKING

from hmip_kit.errors import KitError
from hmip_kit.sources.problems import refusal
from hmip_kit.sources.report.limit import SECONDS, TOO_LONG
from hmip_kit.sources.report.lines import Line

if TYPE_CHECKING:
    from bs4 import Tag
    from pypdf import PdfReader

LARGEST = 60_000_000  # bytes; the reports seen are under 3 MB
MOST_PAGES = 1_000
MOST_FAULTS = 1_000_000  # more than can be met within the time
WANTED = "a report is read from text, Markdown, HTML or PDF, its tables also from XLSX, ODS or CSV"
EXTRA = "reading a report needs hmip_kit[reports]: pip install 'hmip_kit[reports]'"
LOCKED = "is locked with a password: save a copy without one"
PACKED = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MARKED_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
PAGE = re.compile(r"\s*<(!doctype html|html)", re.IGNORECASE)
GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = re.compile(
    r"^(?:h[1-6]|p|div|section|article|main|aside|header|footer|figure|figcaption|blockquote|body"
    r"|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|caption|details|summary|address|hr)$"
)
UNREAD = re.compile(
    r"^(?:script|style|noscript|template|nav|svg|form|iframe|button|footer|sup)$"  # sup: footnotes
)


def raw_lines(path: Path) -> list[Line]:
    """Return the lines of the report at `path`, marks and all.

    A file in none of the formats of `READERS` raises `DataProblem`.
    """
    content = content_of(path)
    ending = ".pdf" if content.startswith(b"%PDF") else path.suffix.casefold()
    try:
        return READERS.get(ending, _plain)(content, path.name)
    except ImportError:
        raise KitError(EXTRA) from None


@contextmanager
def faults_noted() -> Iterator[list[logging.LogRecord]]:
    """Return a list that fills with what is wrong in a PDF that can be read all the same."""
    logger, faults = logging.getLogger("pypdf"), BufferingHandler(MOST_FAULTS)
    spread, logger.propagate = logger.propagate, False
    logger.addHandler(faults)
    try:
        yield faults.buffer
    finally:
        logger.removeHandler(faults)
        logger.propagate = spread


def content_of(path: Path) -> bytes:
    """Return the bytes of the file at `path`; one that cannot be a report raises `DataProblem`."""
    try:
        if path.is_dir():
            raise refusal(path.name, f"is a folder: {WANTED}")
        if not path.is_file():
            said = f"is no file: {WANTED}" if path.exists() else "is not there"
            raise refusal(path.name, said)
        if path.stat().st_size > LARGEST:
            raise refusal(path.name, f"is larger than {LARGEST // 1_000_000} MB: no report is")
        return path.read_bytes()
    except OSError as error:
        raise refusal(path.name, f"cannot be read: {error.strerror}") from None


def decoded(content: bytes, name: str) -> str:
    """Return `content` as text; what is none raises `DataProblem` for the file called `name`."""
    if content.startswith(PACKED):
        said = f"is an office or packed file: save it as PDF or text, because {WANTED}"
        raise refusal(name, said)
    if not content.strip():
        raise refusal(name, f"is empty: {WANTED}")
    marked = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), None)
    if marked != "utf-16" and b"\0" in content:
        raise refusal(name, f"holds bytes that no text has: {WANTED}")
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise refusal(name, f"is neither UTF-8 nor Windows-1252: {WANTED}")


def _plain(content: bytes, name: str) -> list[Line]:
    """Return the lines of plain text or Markdown, or of a web page under another ending."""
    text = decoded(content, name)
    if PAGE.match(text):
        return _page(content, name)
    return [
        Line(found[2], len(found[1]), f"line {place}")
        if (found := MARKED_HEADING.match(line))
        else Line(line, 0, f"line {place}")
        for place, line in enumerate(text.splitlines(), 1)
    ]


def _page(content: bytes, name: str) -> list[Line]:
    """Return the blocks of a web page in their order, without menus, scripts, footnote signs.

    A heading, paragraph, item or table row is one line each.
    """
    from bs4 import BeautifulSoup

    try:
        page = BeautifulSoup(decoded(content, name), "html.parser")
        for tag in page.find_all(UNREAD):
            tag.decompose()
        for line_break in page.find_all("br"):
            line_break.replace_with("\n")
        blocks = [block for block in _blocks(page.body or page) if block[0]]
    except RecursionError:
        said = "is a page with more parts inside each other than can be read"
        raise refusal(name, f"{said}: save it as PDF or text") from None
    return [Line(text, level, f"block {place}") for place, (text, level) in enumerate(blocks, 1)]


def _blocks(tag: "Tag") -> Iterator[tuple[str, int]]:
    """Yield each block in a tag and its heading level; words beside blocks are a line, too."""
    from bs4 import Tag

    loose = ""
    for child in tag.children:
        if isinstance(child, Tag) and (BLOCKS.match(child.name) or child.find(BLOCKS)):
            yield " ".join(loose.split()), 0
            yield from _block(child)
            loose = ""
        else:
            loose += child.get_text()
    yield " ".join(loose.split()), 0


def _block(tag: "Tag") -> Iterator[tuple[str, int]]:
    if tag.name in HEADINGS:
        yield _words(tag), HEADINGS[tag.name]
    elif tag.name == "tr":
        yield "\t".join(_words(cell) for cell in tag.find_all(["td", "th"], recursive=False)), 0
    elif tag.name == "ol":
        yield from _numbered(tag)
    elif tag.name == "li":
        lines = (line for line in _blocks(tag) if line[0])
        for place, (text, level) in enumerate(lines):
            yield text if place else f"- {text}", level
    else:
        yield from _blocks(tag)


def _numbered(tag: "Tag") -> Iterator[tuple[str, int]]:
    number = _whole(tag.get("start"), 1)
    for item in tag.find_all("li", recursive=False):
        number = _whole(item.get("value"), number)
        yield f"{number}. {_words(item)}", 0
        number += 1


def _whole(given: object, otherwise: int) -> int:
    return int(str(given)) if str(given).isdecimal() else otherwise


def _words(tag: "Tag") -> str:
    return " ".join(tag.get_text(" ").split())


def _pdf(content: bytes, name: str) -> list[Line]:
    """Return the lines of a PDF as they are laid out.

    A gap between words is a tab, as between the cells of a table.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refusal(name, LOCKED)
        if len(reader.pages) > MOST_PAGES:
            raise refusal(name, f"has more than {MOST_PAGES:,} pages: no report has")
        pages = list(_pages(reader, name))
    except DependencyError:  # no library to decipher it
        raise refusal(name, LOCKED) from None
    except KitError:
        raise
    except Exception as error:  # of a damaged file the library raises errors of every kind
        said = f"cannot be read as a PDF ({type(error).__name__}): is it damaged or cut off?"
        raise refusal(name, said) from None
    if not any(page.strip() for page in pages):
        raise refusal(name, "is a PDF without text: is it scanned?")
    return [
        Line(GAP.sub("\t", line.strip()), 0, f"page {number}, line {place}")
        for number, page in enumerate(pages, 1)
        for place, line in enumerate(page.splitlines(), 1)
    ]


def _pages(reader: "PdfReader", name: str) -> Iterator[str]:
    """Yield the text of each page of the file called `name`, with a bar in a terminal."""
    from tqdm import tqdm

    until = time.monotonic() + SECONDS
    for page in tqdm(reader.pages, desc=name, unit="page", disable=None, leave=False):
        if time.monotonic() > until:
            raise refusal(name, TOO_LONG)
        yield page.extract_text(extraction_mode="layout")


READERS: dict[str, Callable[[bytes, str], list[Line]]] = {
    ".htm": _page,
    ".html": _page,
    ".md": _plain,
    ".pdf": _pdf,
    ".txt": _plain,
    ".xhtml": _page,
}  # a new format is one entry and one function; other endings are read as plain text
