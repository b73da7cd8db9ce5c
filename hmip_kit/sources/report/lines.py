"""A report's lines without marks and footnote signs, each with the section that it stands in."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

One = TypeVar("One")

NOT_STATED = "not stated"
NOTES = re.compile(
    r"<sup[^<>]{0,100}>.{0,40}?</sup>|\[\^?\d{1,2}\]|\[\^\w+\]"
    r"|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2020\u2021]",
    re.IGNORECASE,
)
PICTURES = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,1000}\)")
LINKS = re.compile(
    r"\[([^\[\]]{1,300})\]"
    r"\([^()\s]{0,1000}(?:\([^()]{0,200}\)[^()\s]{0,1000})?(?:\s+\"[^\"]{0,300}\")?\)"
)
TAGS = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
BOLD = re.compile(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])")
LEADERS = re.compile(r"(?:(?:\.\s?){4}|…)\s*\d*$")
BACK = re.compile(r"\s*\(Back to top\)$", re.IGNORECASE)
QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u2011\u00a0\u202f", "''\"\"-  ")
UNSEEN = {"Cf", "Cc", "Co"}  # categories of signs
RULES = re.compile(r"^[\s|:=_-]*$")
NUMBERED = re.compile(r"^(?:[A-Z]\s?)?\d\.\d{1,2}\.?(?=\s+[A-Z])")
NAMES = re.compile(
    r"^(?:Foreword|Ratings|Recommendations|Background|Contents|Acknowledgements|Introduction"
    r"|Executive summary|Further information|Annexe? \w+.{0,40}|Feedback from people on probation"
    r"|Diversity and inclusion|Resettlement work|\d\. (?-i:[A-Z][a-z]+) [a-z ]{4,40})$",
    re.IGNORECASE,
)
PARTS = re.compile(
    r"^(?:Overview|Strengths?|Areas? for improvement|Overall rating|Summary|Contents)\b|:$",
    re.IGNORECASE,
)
RATINGS = re.compile(r"^(?:\w+ )?ratings?(?: table| summary)?$", re.IGNORECASE)
PLAIN = re.compile(r"[A-Za-z0-9 ,.;:()'/%?-]*")  # no mark, and nothing to take off
LETTER = re.compile(r"^([A-Z])\s?(?=\d)")
LONGEST = 5_000  # characters of a line or paragraph: what is longer is read in pieces
AFTER_RATINGS = re.compile(
    r"^(?:Recommendations|Background|Foreword|Executive summary|Introduction|Further information"
    r"|Annexe? )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """A line of a report: cells are apart by tabs.

    `level` is 1 to 6 for a heading that the file marks as one, `place` where the line stands,
    `section` the number of a standard, or a heading.
    """

    text: str
    level: int = 0
    place: str = ""
    section: str = ""

    @property
    def cells(self) -> list[str]:
        """Return what stands between the tabs."""
        return [cell.strip() for cell in self.text.split("\t") if cell.strip()]

    @property
    def words(self) -> str:
        """Return the text with one space between words, and between cells."""
        return " ".join(self.text.split())


def tidied(raw: Iterable[Line]) -> list[Line]:
    """Return the `raw` lines that say something, each cleaned and with its section."""
    lines, section, depth = [], "", 0
    for one in raw:
        for text in filter(None, map(cleaned, _pieces(one.text))):
            if _begins(text, one.level, section, depth):
                section, depth = _named(text), one.level
            lines.append(Line(text, one.level, one.place, section))
    return lines


def numbered(text: str) -> str:
    """Return the number of a standard in one spelling, whatever that of `text`.

    >>> numbered("P2.1."), numbered("2.1")
    ('P 2.1', '2.1')
    """
    return LETTER.sub(r"\1 ", text).rstrip(".")


def _pieces(text: str) -> Iterator[str]:
    """Yield a line whole, or one that is far too long for a paragraph in pieces, cut at spaces."""
    while len(text) > LONGEST:
        cut = text.rfind(" ", 1, LONGEST)
        cut = LONGEST if cut < 0 else cut
        yield text[:cut]
        text = text[cut:]
    yield text


def cleaned(text: str) -> str:
    r"""Return `text` without marks of Markdown or HTML, footnote signs, invisible signs.

    A rule or an entry of a list of contents comes back blank.

    >>> cleaned("**Inadequate**<sup>2</sup>"), cleaned("| Planning | Requires  improvement† |")
    ('Inadequate', 'Planning\tRequires improvement')
    """
    if PLAIN.fullmatch(text):
        text = " ".join(text.split())
        return "" if RULES.match(text) or LEADERS.search(text[-40:]) else BACK.sub("", text)
    text = NOTES.sub("", PICTURES.sub("", text))
    text = html.unescape(TAGS.sub(" ", text) if "<" in text else text)
    text = unicodedata.normalize("NFC", LINKS.sub(r"\1", text)).translate(QUOTES)
    seen = (sign for sign in text if sign in "\t\n" or unicodedata.category(sign) not in UNSEEN)
    text = BOLD.sub("", "".join(seen)).replace("|", "\t")
    if RULES.match(text) or LEADERS.search(text.rstrip()[-40:]):
        return ""
    whole = "\t".join(cell for part in text.split("\t") if (cell := " ".join(part.split())))
    return BACK.sub("", whole)


def prose(lines: Iterable[Line]) -> str:
    """Return `lines` as running text."""
    return " ".join(line.words for line in lines)


def put_together(lines: Iterable[Line], join: Callable[[Line, Line], Line | None]) -> list[Line]:
    """Return `lines`, each put together with the one above it where `join` makes one of the two."""
    kept: list[Line] = []
    for line in lines:
        joined = join(kept[-1], line) if kept and len(kept[-1].text) < LONGEST else None
        if joined:
            kept[-1] = joined
        else:
            kept.append(line)
    return kept


def agreed(values: Iterable[One]) -> One | None:
    """Return the one value that all `values` are; none where there are several, or no values."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _begins(text: str, level: int, section: str, depth: int) -> bool:
    """Tell whether a line is the heading of a section.

    Ratings last until a heading of their own level, or a section that follows them.
    """
    if PARTS.search(text) or "\t" in text or len(text) > 90:
        return False
    if section != "Ratings":
        return level > 0 or bool(NAMES.match(text) or NUMBERED.match(text))
    if depth:
        return 0 < level <= depth
    return len(text) < 40 and bool(AFTER_RATINGS.match(text))


def _named(heading: str) -> str:
    number = NUMBERED.match(heading)
    if number:
        return numbered(number[0])
    return "Ratings" if RATINGS.match(heading) else heading
