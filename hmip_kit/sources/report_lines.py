"""A report's lines without marks and footnote signs, each with the section that it stands in."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hmip_kit.sources.report_text import Raw

NOTES = re.compile(
    r"<sup[^<>]{0,100}>.{0,40}?</sup>|\[\^?\d{1,2}\]|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2020\u2021]|\[\^\w+\]",
    re.IGNORECASE,
)
PICTURES = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,1000}\)")
LINKS = re.compile(
    r"\[([^\[\]]{1,300})\]\([^()\s]{0,1000}(?:\([^()]{0,200}\)[^()\s]{0,1000})?(?:\s+\"[^\"]{0,300}\")?\)"
)
TAGS = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
BOLD = re.compile(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])")
LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|…+\s*\d*\s*$")
QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2011": "-",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
RULES = re.compile(r"^[\s|:=_-]*$")
NUMBERED = re.compile(r"^(?:[A-Z]\s?)?\d\.\d{1,2}\.?(?=\s+[A-Z])")
NAMES = re.compile(
    r"^(?:Foreword|Ratings|Recommendations|Background|Contents|Acknowledgements|Introduction|Executive summary|Further information"
    r"|Annexe? \w+.{0,40}|Feedback from people on probation|Diversity and inclusion|Resettlement work"
    r"|\d\. (?-i:[A-Z][a-z]+) [a-z ]{4,40})$",
    re.IGNORECASE,
)
PARTS = re.compile(
    r"^(?:Overview|Strengths?|Areas? for improvement|Overall rating|Summary|Contents)\b|:$",
    re.IGNORECASE,
)
RATINGS = re.compile(r"^(?:\w+ )?ratings?(?: table| summary)?$", re.IGNORECASE)
AFTER_RATINGS = re.compile(
    r"^(?:Recommendations|Background|Foreword|Executive summary|Introduction|Further information|Annexe? )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """A line of a report: cells are apart by tabs; `section` is the number of a standard, or a heading."""

    text: str
    level: int
    place: str
    section: str = ""

    @property
    def cells(self) -> list[str]:
        """Return what stands between the tabs."""
        return [cell.strip() for cell in self.text.split("\t") if cell.strip()]


def tidied(raws: Iterable[Raw]) -> list[Line]:
    """Return the lines that say something, each with its section; a contents list is left out."""
    clean = [Line(text, raw.level, raw.place) for raw in raws if (text := cleaned(raw.text))]
    return list(_in_sections(clean))


def cleaned(text: str) -> str:
    r"""Return a line without marks of Markdown or HTML, footnote signs, invisible signs; blank for a rule or a contents entry.

    >>> cleaned("**Inadequate**<sup>2</sup>"), cleaned("| Planning | Requires  improvement† |")
    ('Inadequate', 'Planning\tRequires improvement')
    """
    text = NOTES.sub("", PICTURES.sub("", text))
    text = html.unescape(TAGS.sub(" ", text) if "<" in text else text)
    text = unicodedata.normalize("NFC", LINKS.sub(r"\1", text)).translate(QUOTES)
    text = "".join(
        sign
        for sign in text
        if sign in "\t\n" or unicodedata.category(sign) not in {"Cf", "Cc", "Co"}
    )
    text = BOLD.sub("", text).replace("|", "\t")
    if RULES.match(text) or LEADERS.search(text):
        return ""
    return "\t".join(cell for part in text.split("\t") if (cell := " ".join(part.split())))


def prose(lines: Iterable[Line]) -> str:
    """Return lines as running text."""
    return " ".join(" ".join(line.text.split()) for line in lines)


def _in_sections(lines: list[Line]) -> Iterator[Line]:
    section, depth = "", 0
    for line in lines:
        if _begins(line, section, depth):
            section, depth = _name(line), line.level
        yield replace(line, section=section)


def _begins(line: Line, section: str, depth: int) -> bool:
    """Tell whether a line is the heading of a section. Ratings last until a heading of their own level, or a section that follows them."""
    if PARTS.search(line.text) or "\t" in line.text or len(line.text) > 90:
        return False
    if section == "Ratings":
        return bool(
            0 < line.level <= depth
            or (not depth and (AFTER_RATINGS.match(line.text) and len(line.text) < 40))
        )
    return line.level > 0 or bool(NAMES.match(line.text) or NUMBERED.match(line.text))


def _name(line: Line) -> str:
    number = NUMBERED.match(line.text)
    if number:
        return number[0].rstrip(".")
    return "Ratings" if RATINGS.match(line.text) else line.text
