"""Figures and recommendations in a report's prose, for a person to confirm.

Nothing is said of what a figure counts; recommendations are in the report's own words.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from hmip_kit.sources.report.identity import MONTHS
from hmip_kit.sources.report.lines import NOT_STATED, Line, put_together

Figure = tuple[float | None, str, int | None, int | None]  # value, unit, numerator, denominator

SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
WORDS = f"no|none|one|{SMALL}"
VALUES = {word: max(0, place - 1) for place, word in enumerate(WORDS.split("|"))}
NUMBER = rf"\d[\d,]*(?:\.\d+)?|\b(?:{WORDS})"
NUMBERED = re.compile(rf"\d|\b(?:{WORDS})\b", re.IGNORECASE)
OF = re.compile(
    rf"(?<![\w.,])({NUMBER})(?: [a-z]+){{0,2}} (?:out )?of(?: the| all)?"
    rf" (\d[\d,]*|(?:{WORDS})\b)(?![\d%])(?!\s+per cent)",
    re.IGNORECASE,
)
SLASHED = re.compile(
    r"(?<![\w.,/])(0|[1-9]\d{0,3})\s?/\s?([1-9]\d{1,3})(?![\w/%]|[.,]\d)"
    r"|\((\d)\s?/\s?([1-9])\)"
)
PER_CENT = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d{1,3}))?\s*(?:%|per cent\b|percent\b)"
)
COUNT = re.compile(
    r"(?<![\w.,/-])(\d{1,3}(?:,\d{3})+|\d+)(?![\w/%]|[.,-]\d|-\w|\s*(?:per cent|%))"
    rf"(?:\s+([a-z]{{3,}}))?|\b({SMALL}) ([a-z]{{3,}})"
)
DATED = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{MONTHS}) \d{{4}}\b|\b\d{{1,2}} (?:{MONTHS})\b"
    r"|\b(?:19|20)\d\d(?:/\d\d)?\b"
)
LISTED = re.compile(
    r"^(?:R\s*)?\d{1,2}(?:[.)]\s|\s(?=[A-Z]))|^(?:[A-Z]\s?)?\d\.\d{1,2}\.?\s"
    r"|(?:domain|standard|annexe?|footnote|page|ISBN)\s+[\d. -]+",
    re.IGNORECASE,
)
NO_UNIT = re.compile(r"and|but|the|for|from|had|has|have|was|were|with|who|which|that|per|key|out")
NO_PROSE = ("", "Contents", "Acknowledgements", "Ratings")
BEGINS = re.compile(
    r"^(?:[-•·▪*]\s|\d{1,2}[.)]\s|(?:Strengths|Areas for improvement|Key question)\b)"
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z'\"])")
CANDIDATE_COLUMNS = (
    *("candidate", "printed", "value", "unit", "numerator", "denominator"),
    *("section", "place", "sentence"),
)
ADDRESSEE = re.compile(
    r"^(?:The\s+)?(?P<name>[A-Z][^.;?!]{2,120}?)(?:\s+\([A-Z][\w&]{1,9}\))?"
    r"\s+should(?: also| ensure that)?\s*:?$"
)
ITEM = re.compile(
    r"^(?:R(?:ecommendation)?\s*)?(?P<number>\d{1,2})[.):]?\s+(?P<text>(?!\d+$)\S.*)$",
    re.IGNORECASE,
)
BULLET = re.compile(r"^[-•·▪*o]\s+(?P<text>\S.*)$")
HEADING = re.compile(r"^(?:\w+ )?recommendations\b", re.IGNORECASE)
OPENS_NO_ITEM = re.compile(r"^(?:Progress against|As a result|We have made)", re.IGNORECASE)
ENDS_ITEM = (
    HEADING,
    OPENS_NO_ITEM,
    re.compile(r"^\d{1,2}\s+[A-Z]"),  # a footnote
    re.compile(r"^(?:\d{1,3}|page \d+|.*(?:inspection of|inspection report).*)$", re.IGNORECASE),
)


def candidates_in(lines: list[Line]) -> pd.DataFrame:
    """Return each number in the prose of `lines` that may be a figure, in order.

    Columns: `candidate` (1, 2, ...), `printed`, `value` (missing for a range), `unit` (percent, or
    what the next word says, or count), `numerator` and `denominator` for 'k out of n', `section`,
    `place` (line, block or page), `sentence`. Dates, numbers of standards and of recommendations
    are left out.
    """
    paragraphs = put_together(filter(_is_prose, lines), _goes_on)
    rows = (row for line in paragraphs for row in _rows(line))
    numbered = [(candidate, *row) for candidate, row in enumerate(rows, 1)]
    frame = pd.DataFrame(numbered, columns=CANDIDATE_COLUMNS)
    return frame.astype({"value": "Float64", "numerator": "Int64", "denominator": "Int64"})


def _is_prose(line: Line) -> bool:
    return (
        line.section not in NO_PROSE
        and line.text != line.section
        and not line.level
        and "role of HM Inspectorate" not in line.section
    )


def _goes_on(upper: Line, lower: Line) -> Line | None:
    """Return two lines of a section as one where the first does not end a sentence."""
    ended = upper.text.endswith((".", "!", "?", ":", ";", '"', "%")) or BEGINS.match(lower.text)
    table = any(PER_CENT.fullmatch(cell) for line in (upper, lower) for cell in line.cells)
    if ended or table or upper.section != lower.section:
        return None
    return replace(upper, text=f"{upper.text} {lower.text}")


def _rows(line: Line) -> Iterator[tuple[object, ...]]:
    """Yield the figures of a paragraph: a pattern sees only what those before it left."""
    for sentence in filter(NUMBERED.search, SENTENCE.split(line.text.replace("\t", " "))):
        left = LISTED.sub(_blank, DATED.sub(_blank, sentence))
        found: list[tuple[int, str, Figure]] = []
        for pattern, made in PATTERNS:
            matches = pattern.finditer(left)
            found += [(one.start(), " ".join(one[0].split()), made(one)) for one in matches]
            left = pattern.sub(_blank, left)
        for _, printed, figure in sorted(found, key=lambda one: one[0]):
            yield (printed, *figure, line.section, line.place, sentence.strip("- "))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _value(text: str) -> float:
    return float(VALUES.get(text.casefold(), text.replace(",", "")))


def _share(match: re.Match[str]) -> Figure:
    yes, n = map(_value, filter(None, match.groups()))
    whole = yes.is_integer() and yes <= n
    return yes, "count", int(yes) if whole else None, int(n) if whole else None


def _percent(match: re.Match[str]) -> Figure:
    return None if match[2] else float(match[1]), "percent", None, None


def _count(match: re.Match[str]) -> Figure:
    unit = match[2] or match[4] or ""
    named = "count" if not unit or NO_UNIT.fullmatch(unit) else unit
    return _value(match[1] or match[3]), named, None, None


PATTERNS = ((OF, _share), (SLASHED, _share), (PER_CENT, _percent), (COUNT, _count))


def recommendations_in(lines: list[Line]) -> pd.DataFrame:
    """Return the recommendations in `lines`: `number`, `addressee`, `label`, in their order.

    Those without a printed number are numbered on from the last.
    """
    there = put_together((line for line in lines if HEADING.match(line.section)), _addressed)
    found: list[tuple[int, str, list[str]]] = []
    addressee, last, is_open = NOT_STATED, 0, False
    first_again = 1  # numbers begin again under a new addressee only: a footnote is no item
    for line in there:
        text = line.words
        named, item = ADDRESSEE.match(text), _item(text, {last + 1, first_again})
        if named:
            addressee = re.sub(r"^the\s+", "", named["name"], flags=re.IGNORECASE)
            is_open, first_again = False, 1
        elif item:
            last, is_open, first_again = item[0], True, item[0] + 1
            found.append((last, addressee, [item[1]]))
        elif is_open and not (line.level or any(end.match(text) for end in ENDS_ITEM)):
            found[-1][2].append(text)
        else:
            is_open = False
    rows = [(number, whom, re.sub(r"[.;]$", "", " ".join(said))) for number, whom, said in found]
    return pd.DataFrame(rows, columns=["number", "addressee", "label"]).astype(
        {"number": "int64", "addressee": "str", "label": "str"}
    )


def _addressed(upper: Line, lower: Line) -> Line | None:
    """Return two lines as one where an addressee was broken over them."""
    text, whole = f"{upper.text} {lower.text}", ADDRESSEE.match(lower.text)
    broken = lower.text.endswith("should:") and (whole is None or " " not in whole["name"])
    begun = upper.text[:1].isupper() and not upper.text.endswith((".", ":"))
    return replace(upper, text=text) if broken and begun and ADDRESSEE.match(text) else None


def _item(text: str, numbers: set[int]) -> tuple[int, str] | None:
    """Return the number and words of an item.

    A number that is none of `numbers`, which may follow, is part of the words before it.
    """
    numbered, bullet = ITEM.match(text), BULLET.match(text)
    number = int(numbered["number"]) if numbered else 0
    if numbered and number in numbers and not OPENS_NO_ITEM.match(numbered["text"]):
        return number, numbered["text"]
    return (max(numbers), bullet["text"]) if bullet else None
