"""What a report says of itself: unit, region, dates, how many were inspected and heard.

What it does not say is left out.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pandas as pd

from hmip_kit.sources.report.lines import NOT_STATED, Line, agreed, prose

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = rf"\d{{1,2}} (?:{MONTHS}) \d{{4}}"
COUNT = r"(\d{1,3}(?:,\d{3})*)"
SERVICES = (  # what is inspected, as titles since 2018 word it
    r"(?: (?:adult )?(?:probation|youth (?:offending|justice)|rehabilitation|public protection"
    r"|approved premises)(?: (?:services?|teams?|work|partnerships?))*"
    r"(?: with children(?: and victims)?)?)"
)
INSPECTION = (
    rf"(?:An? )?(?:[\w-]+ ){{0,2}}inspection (?:report )?(?:of|on)(?: the)?{SERVICES}?"
    rf"(?: (?:in|across|delivered by|by)\b)?(?: the)?\s*[:–—-]?"
)
TITLE = re.compile(rf"{INSPECTION}\s*$", re.IGNORECASE)
INLINE = re.compile(rf"^{INSPECTION}\s+(?P<unit>(?-i:[A-Z]).{{2,120}})$", re.IGNORECASE)
NATIONAL = re.compile(rf"^National inspection(?:\s*[,–—-]\s*(?:{MONTHS}) \d{{4}})?$", re.IGNORECASE)
PUBLISHER_NAMED = r"(?:HM|Her Majesty's|His Majesty's) Inspectorate of Probation|HMI Probation"
DATED = re.compile(
    rf"\s*(?:[,–—-]\s*)?(?:\b(?:{PUBLISHER_NAMED})\b.*|(?:{MONTHS}) \d{{4}})$", re.IGNORECASE
)
REGION = (
    r"(?:Probation Services?|HMPPS)\s*[-–—,:]\s*([A-Z][\w ,&']{2,40}?) region\b"
    r"|^([A-Z][\w ,&']{2,40}?) region$",
)
OF_A_REGION = re.compile(r"^(?:the )?([A-Z].{2,40}) region$", re.IGNORECASE)
PUBLISHED = (
    rf"(?:Inspectorate of|HMI) Probation\s*,?\s*((?:{MONTHS}) \d{{4}})",
    rf"Publi(?:shed|cation date)\b\D{{0,20}}(?:\d{{1,2}} )?((?:{MONTHS}) \d{{4}})",
    rf"^((?:{MONTHS}) \d{{4}})$",
    rf"^National inspection\s*[,–—-]\s*((?:{MONTHS}) \d{{4}})$",
)
NUMBERS = {  # item: patterns of the number; several different numbers leave it not stated
    "cases_inspected": (
        rf"\binspected {COUNT} cases\b",
        rf"\b(?:examined|reviewed|looked at|assessed) {COUNT}"
        r" (?:relevant |individual |inspected )?cases\b",
        rf"\b{COUNT} cases were (?:inspected|examined)\b",
        rf"\bcases inspected:? {COUNT}\b",
    ),
    "practitioner_interviews": (
        rf"\b{COUNT} interviews with (?:probation |case |youth justice )?"
        r"(?:practitioners|managers)\b",
    ),
    "people_heard": (rf"\bcontact with {COUNT} people on probation\b",),
}
DATES = {
    "fieldwork_week_beginning": (rf"\bweek (?:beginning|commencing|of) (?:on )?({DAY})",),
    "sample_from": (rf"\b(?:commenced|began|started|beginning) between ({DAY}) and {DAY}",),
    "sample_to": (rf"\b(?:commenced|began|started|beginning) between {DAY} and ({DAY})",),
}
ISBN = (r"ISBN:?\s*((?:97[89])[- \d]{10,14}\d)",)
COPYRIGHT = (r"(Crown copyright \d{4})",)
OPEN_LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."
PUBLISHER = "HM Inspectorate of Probation"
PUBLISHERS = re.compile(PUBLISHER_NAMED, re.IGNORECASE)
ITEMS = (
    "unit",
    "region",
    "publisher",
    "published",
    "fieldwork_week_beginning",
    "sample_from",
    "sample_to",
    "cases_inspected",
    "practitioner_interviews",
    "people_heard",
    "score",
    "maximum_score",
    "rating",
    "isbn",
    "licence",
    "copyright",
)


def identity_in(lines: list[Line]) -> dict[str, Any]:
    """Return what the `lines` of a report say of it, by item.

    Items that it does not state, or states in two ways, are not there.
    """
    text = prose(lines)
    head = [line.words for line in lines[:62]]
    top = [*head[:60], " ".join(head[:60])]  # whole, where the line of the publisher is broken
    unit = _unit(head)
    of_a_region = OF_A_REGION.match(unit or "")
    found = {
        "unit": unit,
        "region": of_a_region[1] if of_a_region else _first(top, REGION),
        "published": (_first(top, PUBLISHED) or "").title(),
        **{item: _only(text, patterns, _number) for item, patterns in NUMBERS.items()},
        **{item: _only(text, patterns, _day) for item, patterns in DATES.items()},
        "publisher": PUBLISHER if PUBLISHERS.search(text) else None,
        "isbn": _only(text, ISBN, str.strip),
        "licence": OPEN_LICENCE if "Open Government Licen" in text else None,
        "copyright": _only(text, COPYRIGHT, str),
    }
    return {item: value for item, value in found.items() if value not in (None, "")}


def told_of(identity: Mapping[str, Any]) -> pd.DataFrame:
    """Return each item with what an `identity` says of it, or that it is not stated."""
    rows = [(item, str(identity.get(item, NOT_STATED))) for item in ITEMS]
    return pd.DataFrame(rows, columns=["item", "value"])


def _unit(head: list[str]) -> str | None:
    """Return what follows the title 'An inspection of ... in', in its line or the next."""
    for at, text in enumerate(head):
        for long in (2, 1):
            follows = "".join(head[at + long : at + long + 1])
            if TITLE.fullmatch(" ".join(head[at : at + long])) and 0 < len(follows) < 120:
                return _trimmed(follows)
        inline = INLINE.match(text)
        if inline and not inline["unit"].endswith("."):
            return _trimmed(inline["unit"])
        if NATIONAL.match(text):
            return "National inspection"
    return None


def _trimmed(unit: str) -> str:
    """Return a unit's name without the publisher and the date that run on from it."""
    dated = ""
    while dated != unit:
        dated, unit = unit, DATED.sub("", unit).strip(" :,–—-")
    return re.sub(r"^the\s+", "", unit, flags=re.IGNORECASE)


def _first(texts: list[str], patterns: tuple[str, ...]) -> str | None:
    """Return what the first pattern that fits any text finds there."""
    found = (re.search(one, text, re.IGNORECASE) for one in patterns for text in texts)
    return next((one[one.lastindex or 0] for one in found if one), None)


def _only(text: str, patterns: tuple[str, ...], made: Callable[[str], Any]) -> Any:
    found = (one for pattern in patterns for one in re.findall(pattern, text, re.IGNORECASE))
    return agreed(made(one) for one in found)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return datetime.strptime(text.title(), "%d %B %Y").date()
    return None
