"""The text of a report file, line by line: plain text, Markdown, a web page or a PDF."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from hmip_kit.sources.problems import refusal
from hmip_kit.sources.report_page import page_lines

LARGEST = 60_000_000  # bytes; the reports seen are under 3 MB
MOST_PAGES = 1_000
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WANTED = "a report is read from text, Markdown, HTML or PDF"
HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
GAP = re.compile(r"(?<=\S) {2,}(?=\S)")


@dataclass(frozen=True)
class Raw:
    """A line as the file has it: `level` is 1 to 6 for a heading that the file marks as one, `place` where it stands."""

    text: str
    level: int = 0
    place: str = ""


def raw_lines(path: Path) -> list[Raw]:
    """Return the lines of a report's text. A file that is none of text, Markdown, HTML and PDF raises `DataProblem`."""
    content = _content(path)
    if content.startswith(b"%PDF"):
        return _pdf(content, path.name)
    if content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
        raise refusal(
            path.name, f"is an office or packed file: save it as PDF or text, because {WANTED}"
        )
    text = _decoded(content, path.name)
    if path.suffix.casefold() in {".html", ".htm", ".xhtml"} or re.match(
        r"\s*<(!doctype html|html)", text, re.IGNORECASE
    ):
        return _page(text, path.name)
    return [_marked(line, place) for place, line in enumerate(text.splitlines(), 1)]


def _page(text: str, name: str) -> list[Raw]:
    try:
        return [
            Raw(line, level, f"block {place}")
            for place, (line, level) in enumerate(page_lines(text), 1)
        ]
    except RecursionError:
        raise refusal(
            name,
            "is a page with more parts inside each other than can be read: save it as PDF or text",
        ) from None


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise refusal(path.name, f"is a folder: {WANTED}")
        if not path.is_file():
            raise refusal(
                path.name, "is not there" if not path.exists() else f"is no file: {WANTED}"
            )
        if path.stat().st_size > LARGEST:
            raise refusal(path.name, f"is larger than {LARGEST // 1_000_000} MB: no report is")
        return path.read_bytes()
    except OSError as error:
        raise refusal(path.name, f"cannot be read: {error.strerror}") from None


def _decoded(content: bytes, name: str) -> str:
    marked = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), None)
    if not content.strip() or (marked != "utf-16" and b"\0" in content):
        raise refusal(
            name,
            f"is empty: {WANTED}"
            if not content.strip()
            else f"holds bytes that no text has: {WANTED}",
        )
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refusal(name, f"is neither UTF-8 nor Windows-1252: {WANTED}")


def _marked(line: str, place: int) -> Raw:
    found = HEADING.match(line)
    return Raw(found[2], len(found[1]), f"line {place}") if found else Raw(line, 0, f"line {place}")


def _pdf(content: bytes, name: str) -> list[Raw]:
    """Return the lines of a PDF as they are laid out: a gap between words is a tab, as between the cells of a table."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refusal(name, "is locked with a password: save a copy without one")
        if len(reader.pages) > MOST_PAGES:
            raise refusal(name, f"has more than {MOST_PAGES:,} pages: no report has")
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
    ) as error:
        raise refusal(
            name, f"cannot be read as a PDF ({type(error).__name__}): is it damaged or cut off?"
        ) from None
    if not any(page.strip() for page in pages):
        raise refusal(name, "is a PDF without text: is it scanned?")
    return [
        Raw(GAP.sub("\t", line.strip()), 0, f"page {number}, line {place}")
        for number, page in enumerate(pages, 1)
        for place, line in enumerate(page.splitlines(), 1)
    ]
