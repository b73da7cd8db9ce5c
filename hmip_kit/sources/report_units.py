"""The units whose ratings a report gives, and the part of its ratings that is about one of them."""

import re
from dataclasses import dataclass, replace

from hmip_kit.errors import unknown
from hmip_kit.sources.problems import refusal
from hmip_kit.sources.report_lines import Line
from hmip_kit.sources.report_ratings import (
    EACH,
    STANDARD,
    Entry,
    entries,
    rating_named,
    unwrapped,
    whole_rating,
)
from hmip_kit.sources.wording import key

OVERALL = re.compile(r"^(?:The )?overall rating\b[\s:–-]*(.*)$", re.IGNORECASE)
SCORE = re.compile(r"(\d{1,2})\s*(?:/|out of)\s*(\d{2})\b")
SCORED = re.compile(r"^(?:Overall |Total )?score\b", re.IGNORECASE)
BETWEEN = re.compile(
    r"^(?:Score\b|Overall|Fieldwork|Date|Published|Ratings?\b|Inspected|Total)|^[\d\s/:.]+$",
    re.IGNORECASE,
)
LONGEST_NAME = 80


@dataclass(frozen=True)
class Ratings:
    """The ratings of one unit; `score` is its points and their maximum, and where they stand."""

    unit: str
    overall: str = ""
    overall_place: str = ""
    score: tuple[int, int, str] | None = None
    entries: tuple[Entry, ...] = ()
    alone: bool = (
        True  # whether the report is about this unit: else its prose may be about any of several
    )


def ratings_of(
    lines: list[Line], names: frozenset[str], titled: str, asked: str | None, file: str
) -> Ratings:
    """Return the ratings of the unit asked for, of the one that the title names, or of the only one there is.

    Several units of which none is named in the title raise `DataProblem`, which lists them; an unknown unit `UnknownName`.
    """
    there = [line for line in lines if line.section == "Ratings"]
    units = [
        one for block in _blocks(unwrapped(there or lines)) for one in _columns(block, names, file)
    ]
    wanted = [one for one in units if _same(one.unit, asked or titled)]
    if wanted and len(units) > 1:
        return replace(wanted[0], alone=_same(wanted[0].unit, titled))
    if len(units) == 1 and (wanted or asked is None or _same(titled, asked)):
        return _filled(units[0], lines)
    if asked is not None:
        raise unknown("unit with ratings", asked, [one.unit or titled for one in units])
    held = ", ".join(one.unit for one in units)
    raise refusal(
        file,
        f"holds the ratings of {len(units)} units: {held}. Name the one to read (unit=, or --unit)",
    )


def _filled(ratings: Ratings, lines: list[Line]) -> Ratings:
    """Return ratings with the overall rating and score from anywhere in a report of one unit, where all that it says of them agrees."""
    tops = [
        at for at, line in enumerate(lines) if OVERALL.match(line.text) or SCORED.match(line.text)
    ]
    overalls = dict(found for found in (_overall(lines[at : at + 3]) for at in tops) if found[0])
    scores = {found[:2]: found for found in (_score(lines[at : at + 2], 0) for at in tops) if found}
    if not ratings.overall and len(overalls) == 1:
        rating, place = next(iter(overalls.items()))
        ratings = replace(ratings, overall=rating, overall_place=place)
    if ratings.score is None and len(scores) == 1:
        ratings = replace(ratings, score=next(iter(scores.values())))
    return ratings


def _same(name: str, other: str) -> bool:
    return bool(name and other) and _plain(name) == _plain(other)


def _plain(name: str) -> str:
    words = key(name.replace("&", " and ")).split()
    return " ".join(
        word for word in words if word not in {"pdu", "the", "probation", "delivery", "unit"}
    )


def _blocks(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines about each unit under its name. A name stands above the overall rating, between it only dates and a score."""
    starts: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        if OVERALL.match(line.text) and len(line.cells) < 3 and len(line.text) < LONGEST_NAME:
            begin, name = _heading(lines, at)
            if name and (not starts or not _same(name, starts[-1][1])):
                starts.append((begin, name))
    if len(starts) < 2:
        return [(starts[0][1] if starts else "", lines)]
    ends = [begin for begin, _ in starts[1:]] + [len(lines)]
    return [(name, lines[begin:end]) for (begin, name), end in zip(starts, ends, strict=True)]


def _heading(lines: list[Line], at: int) -> tuple[int, str]:
    for place in range(at - 1, max(at - 7, -1), -1):
        text = lines[place].text
        if BETWEEN.match(text):
            continue
        named = (
            len(text) < LONGEST_NAME
            and not text.endswith((".", ":"))
            and not whole_rating(text)
            and not STANDARD.match(text)
        )
        return (place, text) if named and "\t" not in text else (at, "")
    return at, ""


def _columns(block: tuple[str, list[Line]], names: frozenset[str], file: str) -> list[Ratings]:
    """Return a block's ratings: one unit's, or one for each column where a table has several."""
    unit, lines = block
    found = entries(lines, names)
    wide = max((len(entry.ratings) for entry in found), default=1)
    if wide == 1:
        overall, place = _overall(lines)
        return [Ratings(unit, overall, place, _score(lines, 0), tuple(found))]
    first = next(entry.at for entry in found if len(entry.ratings) == wide)
    heads = [
        line.cells
        for line in lines[:first]
        if len(line.cells) >= wide and not any(whole_rating(cell) for cell in line.cells)
    ]
    heads = [cells for cells in heads if not SCORED.match(cells[0])]
    if not heads:
        raise refusal(
            file, f"holds a table with the ratings of {wide} units whose names cannot be told apart"
        )
    parts = []
    for column, name in enumerate(heads[-1][-wide:]):
        own = tuple(
            Entry(one.number, one.name, (one.ratings[column],), one.at, one.place)
            for one in found
            if len(one.ratings) == wide
        )
        row = next(
            (
                line
                for line in lines
                if OVERALL.match(line.text) and len(EACH.findall(line.text)) == wide
            ),
            None,
        )
        overall = rating_named(EACH.findall(row.text)[column]) if row else ""
        parts.append(Ratings(name, overall, row.place if row else "", _score(lines, column), own))
    return parts


def _overall(lines: list[Line]) -> tuple[str, str]:
    for at, line in enumerate(lines):
        found = OVERALL.match(line.text)
        if found is None:
            continue
        for text in (
            found[1],
            *(one.text for one in lines[at + 1 : at + 3]),
            " ".join(one.text for one in lines[at + 1 : at + 3]),
        ):
            if said := whole_rating(text.replace("\t", " ")):
                return said, line.place
    return "", ""


def _score(lines: list[Line], column: int) -> tuple[int, int, str] | None:
    for at, line in enumerate(lines):
        if SCORED.match(line.text):
            below = (
                lines[at + 1].text if at + 1 < len(lines) and not SCORE.search(line.text) else ""
            )
            each = SCORE.findall(f"{line.text} {below}")
            if column < len(each):
                return int(each[column][0]), int(each[column][1]), line.place
    return None
