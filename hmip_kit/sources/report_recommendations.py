"""Recommendations in a report: number, addressee and the report's own words."""

import re
from dataclasses import dataclass, replace

from hmip_kit.sources.report_lines import Line

ADDRESSEE = re.compile(
    r"^(?:The\s+)?(?P<name>[A-Z][^.;?!]{2,120}?)(?:\s+\([A-Z][\w&]{1,9}\))?\s+should(?: also| ensure that)?\s*:?$"
)
ITEM = re.compile(
    r"^(?:R(?:ecommendation)?\s*)?(?P<number>\d{1,2})[.):]?[\s\t]+(?P<text>(?!\d+$)\S.*)$",
    re.IGNORECASE,
)
BULLET = re.compile(r"^[-•·▪*o]\s+(?P<text>\S.*)$")
HEADING = re.compile(r"^(?:\w+ )?recommendations\b", re.IGNORECASE)
PAGE_SIGN = re.compile(
    r"^(?:\d{1,3}|page \d+|.*(?:inspection of|inspection report).*)$", re.IGNORECASE
)
FOOTNOTE = re.compile(r"^\d{1,2}\s+[A-Z]")
OPENS_NO_ITEM = re.compile(r"^(?:Progress against|As a result|We have made)", re.IGNORECASE)
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Recommendation:
    """One recommendation; `text` is in the report's words, `place` where it stands."""

    number: int
    addressee: str
    text: str
    place: str


def recommendations_in(lines: list[Line]) -> list[Recommendation]:
    """Return the recommendations in their order; those without a printed number are numbered on from the last."""
    there = _with_addressees([line for line in lines if HEADING.match(line.section)])
    found: list[Recommendation] = []
    addressee, last, is_open = NOT_STATED, 0, False
    first_again = 1  # numbers may begin again under a new addressee, and there only: a footnote is no recommendation
    for line in there:
        text = " ".join(line.text.split())
        named, item = ADDRESSEE.match(text), _item(text, {last + 1, first_again})
        if named:
            addressee, is_open, first_again = _addressee(named["name"]), False, 1
        elif item:
            last, is_open, first_again = item[0], True, item[0] + 1
            found.append(Recommendation(last, addressee, item[1], line.place))
        elif is_open and _continues(text, line):
            earlier = found.pop()
            found.append(
                Recommendation(
                    earlier.number, earlier.addressee, f"{earlier.text} {text}", earlier.place
                )
            )
        else:
            is_open = False
    return found


def _with_addressees(lines: list[Line]) -> list[Line]:
    """Return lines with an addressee that was broken over two put together."""
    kept: list[Line] = []
    for line in lines:
        whole = ADDRESSEE.match(line.text)
        begun = kept[-1].text if kept else ""
        broken = line.text.endswith("should:") and (whole is None or " " not in whole["name"])
        if (
            broken
            and begun[:1].isupper()
            and not begun.endswith((".", ":"))
            and ADDRESSEE.match(f"{begun} {line.text}")
        ):
            kept[-1] = replace(kept[-1], text=f"{begun} {line.text}")
        else:
            kept.append(line)
    return kept


def _item(text: str, numbers: set[int]) -> tuple[int, str] | None:
    """Return the number and words of an item. A number that does not follow is part of the words before it."""
    numbered, bullet = ITEM.match(text), BULLET.match(text)
    if (
        numbered
        and int(numbered["number"]) in numbers
        and not OPENS_NO_ITEM.match(numbered["text"])
    ):
        return int(numbered["number"]), numbered["text"]
    return (max(numbers), bullet["text"]) if bullet else None


def _continues(text: str, line: Line) -> bool:
    return not (
        line.level
        or FOOTNOTE.match(text)
        or PAGE_SIGN.match(text)
        or OPENS_NO_ITEM.match(text)
        or HEADING.match(text)
    )


def _addressee(name: str) -> str:
    return re.sub(r"^the\s+", "", " ".join(name.split()), flags=re.IGNORECASE)
