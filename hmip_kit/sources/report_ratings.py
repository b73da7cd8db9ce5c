"""Ratings in a report: each standard with its rating, whether they stand in a line, under each other or in the columns of a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hmip_kit.sources.report_lines import Line

RATED = r"(?:Outstanding|Good|Requires?\s+improvement|Inadequate|Not\s+applicable|Not\s+rated|Not\s+inspected)"
RATING = re.compile(rf"{RATED}\W*", re.IGNORECASE)
EACH = re.compile(RATED, re.IGNORECASE)
STANDARD = re.compile(r"^(?:[A-Z]\s?)?(?P<number>\d\.\d{1,2})\.?[\s:–-]+(?P<rest>\S.*)$", re.DOTALL)
ENTRY = re.compile(
    rf"(?P<name>[A-Z].{{2,89}}?)\d{{0,2}}[\s:–-]+(?P<ratings>{RATED}(?:\W+{RATED})*)\W*\d{{0,2}}\W*",
    re.DOTALL | re.IGNORECASE,
)
AFTER_SENTENCE = re.compile(rf"[.:]\s+({RATED})\W*$", re.IGNORECASE)
STOPS = re.compile(r"^(?:Score\b|Fieldwork|Overall rating|Date of|\d\.\s+[A-Z])", re.IGNORECASE)
HALVES = {"requires": "improvement", "not": "applicable rated inspected"}
FURTHER = 3  # lines below a standard in which its rating is looked for
NOT_RATED = {
    "not applicable": "not applicable",
    "not rated": "not rated",
    "not inspected": "not applicable",
}


@dataclass(frozen=True)
class Entry:
    """A standard as a report prints it, with its ratings: one, or one for each column of a table."""

    number: str
    name: str
    ratings: tuple[str, ...]
    at: int
    place: str


def rating_named(text: str) -> str:
    """Return a rating in the kit's spelling.

    >>> rating_named("REQUIRES  improvement")
    'Requires improvement'
    """
    words = " ".join(text.split()).capitalize()
    return "Requires improvement" if words.startswith("Require") else words


def whole_rating(text: str) -> str:
    """Return the rating that a text is; blank where it is none, or says more."""
    found = EACH.match(text.strip()) if RATING.fullmatch(text.strip()) else None
    return rating_named(found[0]) if found else ""


def entries(lines: list[Line], names: frozenset[str]) -> list[Entry]:
    """Return each standard that has a rating beside or below it; a standard without a number counts where its name is one of `names`."""
    found = (_entry(lines, at, names) for at in range(len(lines)))
    return [entry for entry in found if entry]


def _entry(lines: list[Line], at: int, names: frozenset[str]) -> Entry | None:
    number, text = _standard(lines[at].text, names)
    if not text:
        return None
    for below in range(FURTHER + 1):
        match = ENTRY.fullmatch(text)
        if match:
            ratings = tuple(rating_named(one) for one in EACH.findall(match["ratings"]))
            return (
                None
                if "." in match["name"]
                else Entry(number, " ".join(match["name"].split()), ratings, at, lines[at].place)
            )
        after = lines[at + below + 1] if at + below + 1 < len(lines) else None
        if after is None or STOPS.match(after.text) or _standard(after.text, names)[1]:
            return None
        text = f"{text}\n{after.text}"
    return None


def _standard(text: str, names: frozenset[str]) -> tuple[str, str]:
    """Return the number of the standard that a line begins with, and what follows; both blank where it begins with none."""
    numbered = STANDARD.match(text)
    if numbered:
        return numbered["number"], numbered["rest"]
    start = EACH.split(text.replace("\t", " "))[0].strip(" :–-").casefold()
    return ("", text) if start in names else ("", "")


def rating_below(lines: list[Line]) -> str:
    """Return the rating that stands under a section's heading, alone in its line or after the standard's sentence; blank for none."""
    for at, line in enumerate(lines[:6]):
        after = AFTER_SENTENCE.search(line.text)
        pair = " ".join(one.text for one in lines[at : at + 2])
        said = (
            whole_rating(line.text)
            or (rating_named(after[1]) if after else "")
            or whole_rating(pair)
        )
        if said:
            return said
    return ""


def unwrapped(lines: list[Line]) -> list[Line]:
    """Return lines with two-word ratings that a table broke over two lines put together, with the rest of both lines."""
    kept: list[Line] = []
    for line in lines:
        joined = _joined(kept[-1], line) if kept else None
        if joined:
            kept[-1] = joined
        else:
            kept.append(line)
    return kept


def _joined(upper: Line, lower: Line) -> Line | None:
    cells, below = upper.cells, lower.cells
    broken = [place for place, cell in enumerate(cells) if cell.casefold() in HALVES]
    if not broken or len(cells) < 2:
        return None
    ends = [
        cell
        for cell in below
        if any(cell.casefold() in HALVES[cells[place].casefold()].split() for place in broken)
    ]
    if len(ends) != len(broken):
        return None
    for place, end in zip(broken, ends, strict=True):
        cells[place] = f"{cells[place]} {end}"
    rest = [cell for cell in below if cell not in ends]
    first = next(
        (
            place
            for place, cell in enumerate(cells)
            if not re.fullmatch(r"(?:[A-Z]\s?)?\d\.\d{1,2}\.?", cell)
        ),
        0,
    )
    cells[first] = " ".join([cells[first], *rest])
    return replace(upper, text="\t".join(cells))


def below_headings(lines: list[Line]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the number, name, rating and place of each numbered section that has a rating under its heading."""
    for at, line in enumerate(lines):
        numbered = STANDARD.match(line.text)
        if numbered and line.section == numbered["number"] and "\t" not in line.text:
            inside = [one for one in lines[at + 1 : at + 7] if one.section == line.section]
            if rating := rating_below(inside):
                yield numbered["number"], numbered["rest"].rstrip(":"), rating, line.place
