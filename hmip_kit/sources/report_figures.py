"""Figures that stand in a report's prose, for a person to confirm: nothing is said of what they count."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from hmip_kit.sources.report_lines import Line

WORDS = "no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
NUMBER = rf"\d[\d,]*(?:\.\d+)?|\b(?:{WORDS})"
OF = re.compile(
    rf"(?<![\w.,])({NUMBER})(?: [a-z]+){{0,2}} (?:out )?of(?: the| all)? (\d[\d,]*|(?:{WORDS})\b)(?![\d%])(?!\s+per cent)",
    re.IGNORECASE,
)
PER_CENT = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d{1,3}))?\s*(?:%|per cent\b|percent\b)"
)
COUNT = re.compile(
    r"(?<![\w.,/-])(\d{1,3}(?:,\d{3})+|\d+)(?![\w/%]|[.,-]\d|-\w|\s*(?:per cent|%))(?:\s+([a-z]{3,}))?"
    r"|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) ([a-z]{3,})"
)
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATED = re.compile(
    rf"\b(?:\d{{1,2}} )?{MONTH} \d{{4}}\b|\b\d{{1,2}} {MONTH}\b|\b(?:19|20)\d\d(?:/\d\d)?\b"
)
LISTED = re.compile(
    r"^(?:R\s*)?\d{1,2}(?:[.)]\s|\s(?=[A-Z]))|^(?:[A-Z]\s?)?\d\.\d{1,2}\.?\s|(?:domain|standard|annexe?|footnote|page|ISBN)\s+[\d. -]+",
    re.IGNORECASE,
)
NO_UNIT = {
    *(
        "and",
        "but",
        "the",
        "for",
        "from",
        "had",
        "has",
        "have",
        "was",
        "were",
        "with",
        "who",
        "which",
        "that",
        "per",
        "key",
        "out",
    )
}
UNREAD = ("", "Contents", "Acknowledgements", "Ratings")
COLUMNS = [
    "candidate",
    "printed",
    "value",
    "unit",
    "numerator",
    "denominator",
    "section",
    "place",
    "sentence",
]
BEGINS = re.compile(
    r"^(?:[-•·▪*]\s|\d{1,2}[.)]\s|(?:Strengths|Areas for improvement|Key question)\b)"
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z'\"])")
WORD_VALUES = {word: max(0, place - 1) for place, word in enumerate(WORDS.split("|"))}


def candidates_in(lines: list[Line]) -> pd.DataFrame:
    """Return each number of the prose that may be a figure, in order, for a person to confirm.

    Columns: `candidate` (1, 2, ...), `printed`, `value` (missing for a range), `unit` (percent, or what the next word says, or count),
    `numerator` and `denominator` for 'k out of n', `section`, `place` (line, block or page), `sentence`. Dates, numbers of standards
    and of recommendations are left out.
    """
    rows = [row for line in _paragraphs(lines) for row in _rows(line)]
    frame = pd.DataFrame(
        [{"candidate": place, **row} for place, row in enumerate(rows, 1)], columns=COLUMNS
    )
    return frame.astype({"value": "Float64", "numerator": "Int64", "denominator": "Int64"})


def _paragraphs(lines: list[Line]) -> Iterator[Line]:
    """Yield the prose with broken lines put together: a line that does not end a sentence goes on in the next of its section."""
    held: Line | None = None
    for line in filter(_is_prose, lines):
        if held and _goes_on(held, line):
            held = replace(held, text=f"{held.text} {line.text}")
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _goes_on(upper: Line, lower: Line) -> bool:
    ended = upper.text.endswith((".", "!", "?", ":", ";", '"', "%"))
    table = any(PER_CENT.fullmatch(cell) for line in (upper, lower) for cell in line.cells)
    return (
        upper.section == lower.section and not ended and not table and not BEGINS.match(lower.text)
    )


def _is_prose(line: Line) -> bool:
    return (
        line.section not in UNREAD
        and line.text != line.section
        and not line.level
        and "role of HM Inspectorate" not in line.section
    )


def _rows(line: Line) -> Iterator[dict[str, object]]:
    for sentence in SENTENCE.split(line.text.replace("\t", " ")):
        said = {"section": line.section, "place": line.place, "sentence": sentence.strip("- ")}
        blanked = LISTED.sub(_blank, DATED.sub(_blank, sentence))
        found: list[tuple[int, dict[str, object]]] = []
        for pattern, made in ((OF, _share), (PER_CENT, _percent), (COUNT, _count)):
            found += [
                (match.start(), {"printed": " ".join(match[0].split()), **made(match)})
                for match in pattern.finditer(blanked)
            ]
            blanked = pattern.sub(_blank, blanked)
        yield from ({**row, **said} for _, row in sorted(found, key=lambda one: one[0]))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _value(text: str) -> float:
    return (
        float(WORD_VALUES.get(text.casefold(), 0))
        if text[0].isalpha()
        else float(text.replace(",", ""))
    )


def _share(match: re.Match[str]) -> dict[str, object]:
    yes, n = _value(match[1]), _value(match[2])
    whole = yes.is_integer() and yes <= n
    return {
        "value": yes,
        "unit": "count",
        "numerator": int(yes) if whole else None,
        "denominator": int(n) if whole else None,
    }


def _percent(match: re.Match[str]) -> dict[str, object]:
    return {
        "value": None if match[2] else float(match[1]),
        "unit": "percent",
        "numerator": None,
        "denominator": None,
    }


def _count(match: re.Match[str]) -> dict[str, object]:
    unit = match[2] or match[4] or ""
    named = "count" if not unit or unit in NO_UNIT else unit
    return {
        "value": _value(match[1] or match[3]),
        "unit": named,
        "numerator": None,
        "denominator": None,
    }
