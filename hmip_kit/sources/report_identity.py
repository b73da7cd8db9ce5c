"""What a report says of itself: unit, region, dates, how many were inspected and heard. What it does not say is left out."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from hmip_kit.sources.report_lines import Line, prose

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = rf"\d{{1,2}} (?:{MONTHS}) \d{{4}}"
COUNT = r"(\d{1,3}(?:,\d{3})*)"
SERVICES = r"(?: (?:adult )?(?:probation|youth (?:offending|justice)|rehabilitation)(?: (?:services?|teams?|work|partnerships?))*)"
INSPECTION = rf"(?:An? )?(?:[\w-]+ ){{0,2}}inspection (?:report )?(?:of|on)(?: the)?{SERVICES}?(?: (?:in|delivered by|by))?\s*:?"
TITLE = re.compile(rf"{INSPECTION}\s*$", re.IGNORECASE)
INLINE = re.compile(rf"^{INSPECTION}\s+(?P<unit>[A-Z].{{2,80}})$", re.IGNORECASE)
REGION = re.compile(
    r"(?:Probation Service|HMPPS)\s*[-–—,:]\s*(?P<region>[A-Z][\w ,&']{2,40}?) region\b|^(?P<named>[A-Z][\w ,&']{2,40}?) region$",
    re.IGNORECASE,
)
ISBN = re.compile(r"ISBN:?\s*((?:97[89])[- \d]{10,14}\d)")
NUMBERS = {  # item: patterns whose first group is the number; several different numbers leave it not stated
    "cases_inspected": (
        rf"\binspected {COUNT} cases\b",
        rf"\b(?:examined|reviewed|looked at|assessed) {COUNT} (?:relevant |individual |inspected )?cases\b",
        rf"\b{COUNT} cases were (?:inspected|examined)\b",
        rf"\bcases inspected:? {COUNT}\b",
    ),
    "practitioner_interviews": (
        rf"\b{COUNT} interviews with (?:probation |case |youth justice )?(?:practitioners|managers)\b",
    ),
    "people_heard": (rf"\bcontact with {COUNT} people on probation\b",),
}
DATES = {
    "fieldwork_week_beginning": (rf"\bweek (?:beginning|commencing|of) (?:on )?({DAY})",),
    "sample_from": (rf"\b(?:commenced|began|started|beginning) between ({DAY}) and {DAY}",),
    "sample_to": (rf"\b(?:commenced|began|started|beginning) between {DAY} and ({DAY})",),
}
OPEN_LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."
PUBLISHER = "HM Inspectorate of Probation"
ITEMS = (
    *(
        "unit",
        "region",
        "publisher",
        "published",
        "fieldwork_week_beginning",
        "sample_from",
        "sample_to",
        "cases_inspected",
    ),
    *(
        "practitioner_interviews",
        "people_heard",
        "score",
        "maximum_score",
        "rating",
        "isbn",
        "licence",
        "copyright",
    ),
)


def identity_in(lines: list[Line]) -> dict[str, Any]:
    """Return what a report says of itself, by item; items that it does not state, or states in two ways, are not there."""
    text = prose(lines)
    found: dict[str, Any] = {
        "unit": unit_in(lines),
        "region": _region(lines),
        "published": _published(lines),
    }
    found |= {item: _only(text, patterns, _number) for item, patterns in NUMBERS.items()}
    found |= {item: _only(text, patterns, _day) for item, patterns in DATES.items()}
    found["publisher"] = PUBLISHER if is_from_publisher(text) else None
    found["isbn"] = _only(text, (ISBN.pattern,), str.strip)
    found["licence"] = OPEN_LICENCE if "Open Government Licen" in text else None
    found["copyright"] = _only(text, (r"(Crown copyright \d{4})",), str)
    return {item: value for item, value in found.items() if value not in (None, "")}


def is_from_publisher(text: str) -> bool:
    """Tell whether a text names HM Inspectorate of Probation."""
    return bool(
        re.search(
            r"(?:HM|Her Majesty's|His Majesty's) Inspectorate of Probation", text, re.IGNORECASE
        )
    )


def unit_in(lines: list[Line]) -> str | None:
    """Return the unit that the title names: what follows 'An inspection of ... in', in its line or the next."""
    texts = [" ".join(line.text.split()) for line in lines[:62]]
    for at, text in enumerate(texts):
        for long, said in ((2, " ".join(texts[at : at + 2])), (1, text)):
            follows = texts[at + long] if at + long < len(texts) else ""
            if follows and TITLE.fullmatch(said) and len(follows) < 90:
                return _trimmed(follows)
        inline = INLINE.match(text)
        if inline and not inline["unit"].rstrip().endswith("."):
            return _trimmed(inline["unit"])
    return None


def _trimmed(unit: str) -> str:
    return re.sub(
        rf"\s*[,–-]?\s*(?:{MONTHS}) \d{{4}}$", "", " ".join(unit.split()), flags=re.IGNORECASE
    ).strip(" :,")


def _region(lines: list[Line]) -> str | None:
    head = [" ".join(line.text.split()) for line in lines[:60]]
    found = (REGION.search(text) for text in (*head, " ".join(head)))
    return next((one["region"] or one["named"] for one in found if one), None)


def _published(lines: list[Line]) -> str | None:
    """Return month and year of publication, from the line of the publisher or one that says 'published'."""
    head = [" ".join(line.text.split()) for line in lines[:60]]
    head.append(" ".join(head))  # where the line of the publisher is broken
    signs = (
        rf"Inspectorate of Probation\s*,?\s*((?:{MONTHS}) \d{{4}})",
        rf"Publi(?:shed|cation date)\b\D{{0,20}}(?:\d{{1,2}} )?((?:{MONTHS}) \d{{4}})",
    )
    for sign in (*signs, rf"^((?:{MONTHS}) \d{{4}})$"):
        for text in head:
            if found := re.search(sign, text, re.IGNORECASE):
                return found[1].title()
    return None


def _only(text: str, patterns: tuple[str, ...], made: Callable[[str], Any]) -> Any:
    values = {made(one) for pattern in patterns for one in re.findall(pattern, text, re.IGNORECASE)}
    return values.pop() if len(values) == 1 else None


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(" ".join(text.split()).title(), "%d %B %Y").date()
    except ValueError:
        return None
