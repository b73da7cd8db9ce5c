"""Ratings in a report: each standard with its rating, and the units that they are about.

They stand in a line, under each other or in the columns of a table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile

from hmip_kit.errors import unknown
from hmip_kit.sources.problems import refusal
from hmip_kit.sources.report.lines import Line, agreed, numbered, prose, put_together
from hmip_kit.sources.wording import key

RATED = (
    r"(?:Outstanding|Good|Requires?\s+improvement|Inadequate"
    r"|Not\s+applicable|Not\s+rated|Not\s+inspected)"
)
RATING = re.compile(rf"\s*({RATED})\W*", re.IGNORECASE)
EACH = re.compile(RATED, re.IGNORECASE)
NUMBER = re.compile(r"(?:[A-Z]\s?)?\d\.\d{1,2}\.?")
STANDARD = re.compile(r"^(?P<number>(?:[A-Z]\s?)?\d\.\d{1,2})\.?[\s:–-]+(?P<rest>\S.*)$", re.DOTALL)
ENTRY = re.compile(
    rf"(?P<name>[A-Z].{{2,89}}?)\d{{0,2}}[\s:–-]+"
    rf"(?P<ratings>{RATED}(?:\W+{RATED})*)\W*\d{{0,2}}\W*",
    re.DOTALL | re.IGNORECASE,
)
AFTER_SENTENCE = re.compile(rf"[.:]\s+({RATED})\W*$", re.IGNORECASE)
STOPS = re.compile(r"^(?:Score\b|Fieldwork|Overall rating|Date of|\d\.\s+[A-Z])", re.IGNORECASE)
HALVES = {"requires": ("improvement",), "not": ("applicable", "rated", "inspected")}
FURTHER = 3  # lines below a standard in which its rating is looked for
OVERALL = re.compile(r"^(?:The )?overall rating\b[\s:–-]*(.*)$", re.IGNORECASE)
SCORE = re.compile(r"(\d{1,2})\s*(?:/|out of)\s*(\d{2})\b")
SCORED = re.compile(r"(?:^|\t)(?:Overall |Total )?score\b", re.IGNORECASE)
BETWEEN = re.compile(
    r"^(?:Score\b|Overall|Fieldwork|Date|Published|Ratings?\b|Inspected|Total)|^[\d\s/:.]+$",
    re.IGNORECASE,
)
LONGEST_NAME = 80
LONGEST_ENTRY = 600  # characters of a standard with its ratings, in up to four lines
MOST_NAMED = 20  # units, in a message
ANY_UNIT = {"pdu", "the", "probation", "delivery", "unit"}  # words that tell no unit from another


@dataclass(frozen=True)
class Entry:
    """A standard as a report prints it, with its ratings: one, or one for each column of a table.

    `at` is the place of its line among those that were searched, `place` where it stands.
    """

    number: str
    name: str
    ratings: tuple[str, ...]
    at: int
    place: str


@dataclass(frozen=True)
class Ratings:
    """The ratings of one unit; `score` is its points and their maximum.

    `alone` tells whether the report is about this unit: else its prose may be about any of several.
    """

    unit: str
    overall: str
    score: tuple[int, int] | None
    entries: tuple[Entry, ...]
    alone: bool = True


def rating_named(text: str) -> str:
    """Return the rating `text` in the kit's spelling.

    >>> rating_named("REQUIRES  improvement")
    'Requires improvement'
    """
    return " ".join(text.split()).capitalize().replace("Require ", "Requires ")


def ratings_of(
    lines: list[Line], names: frozenset[str], titled: str, asked: str | None, file: str
) -> Ratings:
    """Return the ratings in `lines` of the unit `asked` for, else of the one `titled`, or the only.

    A standard without a number counts where its name is one of `names`. Several units of which none
    is named raise `DataProblem`, which lists them after the name of the `file`; an unknown unit
    raises `UnknownName`.
    """
    there = [line for line in lines if line.section == "Ratings"] or lines
    units = [
        one
        for unit, part in _blocks(put_together(there, _unbroken))
        for one in _columns(unit, part, names, file)
    ]
    wanted = [one for one in units if same_unit(one.unit, asked or titled)]
    if wanted and len(units) > 1:
        return replace(wanted[0], alone=same_unit(wanted[0].unit, titled))
    if len(units) == 1 and (wanted or asked is None or same_unit(titled, asked)):
        return _filled(units[0], lines)
    if asked is not None:
        raise unknown("unit with ratings", asked, [one.unit or titled for one in units])
    raise refusal(file, several_units([one.unit for one in units]))


def several_units(units: list[str]) -> str:
    """Return what is said where there are several `units` and none is named."""
    held = ", ".join(units[:MOST_NAMED]) + ", ..." * (len(units) > MOST_NAMED)
    return f"holds what is of {len(units)} units: {held}. Name the one to read (unit=, or --unit)"


def standing(ratings: Ratings, lines: list[Line]) -> tuple[list[Entry], list[str]]:
    """Return each standard's entry once, and a warning for each that is rated in two ways.

    Entries of `ratings` come first; the sections in `lines` give those that it lacks.
    """
    found: dict[tuple[str, str], Entry] = {}
    warnings = []
    for entry in [*ratings.entries, *_below_headings(lines)]:
        digits, name = entry.number.rpartition(" ")[2], entry.name.casefold()
        first = found.setdefault((digits, name.split()[0] if digits else name), entry)
        if first.ratings != entry.ratings:
            both = ", ".join(f"{one.ratings[0]} at {one.place}" for one in (first, entry))
            warnings.append(f"{first.name}: {both}; the first was taken")
    return list(found.values()), warnings


def _whole_rating(text: str) -> str:
    """Return the rating that a text is; blank where it is none, or says more."""
    found = RATING.fullmatch(text)
    return rating_named(found[1]) if found else ""


def _entry(lines: list[Line], at: int, names: frozenset[str]) -> Entry | None:
    """Return the standard of a line where its rating stands beside or below it."""
    number, text = _standard(lines[at].text, names)
    if not text:
        return None
    below = takewhile(
        lambda text: not (STOPS.match(text) or _standard(text, names)[1]),
        (line.text for line in lines[at + 1 : at + 1 + FURTHER]),
    )
    texts = takewhile(
        lambda text: len(text) <= LONGEST_ENTRY, accumulate([text, *below], "{}\n{}".format)
    )
    found = next(filter(None, map(ENTRY.fullmatch, texts)), None)
    if found is None or "." in found["name"]:
        return None
    ratings = tuple(rating_named(one) for one in EACH.findall(found["ratings"]))
    return Entry(number, " ".join(found["name"].split()), ratings, at, lines[at].place)


def _standard(text: str, names: frozenset[str]) -> tuple[str, str]:
    """Return the number of the standard that a line begins with, and what follows it."""
    if found := STANDARD.match(text):
        return numbered(found["number"]), found["rest"]
    start = EACH.split(text.replace("\t", " "))[0].strip(" :–-").casefold()
    return "", text if start in names else ""


def _below_headings(lines: list[Line]) -> Iterator[Entry]:
    """Yield each numbered section that has a rating under its heading."""
    for at, line in enumerate(lines):
        found = STANDARD.match(line.text)
        number = numbered(found["number"]) if found else ""
        if found and line.section == number and "\t" not in line.text:
            inside = [one for one in lines[at + 1 : at + 7] if one.section == line.section]
            if rating := _rating_below(inside):
                yield Entry(number, found["rest"].rstrip(":"), (rating,), at, line.place)


def _rating_below(lines: list[Line]) -> str:
    """Return the rating that stands alone in a line, or after the standard's sentence."""
    for at, line in enumerate(lines):
        after = AFTER_SENTENCE.search(line.text)
        pair = " ".join(one.text for one in lines[at : at + 2])
        for text in (line.text, after[1] if after else "", pair):
            if rating := _whole_rating(text):
                return rating
    return ""


def _unbroken(upper: Line, lower: Line) -> Line | None:
    """Return two lines as one where a table broke a rating of two words over them."""
    cells = upper.cells
    broken = [place for place, cell in enumerate(cells) if cell.casefold() in HALVES]
    wanted = {half for place in broken for half in HALVES[cells[place].casefold()]}
    ends = [cell for cell in lower.cells if cell.casefold() in wanted]
    if not broken or len(cells) < 2 or len(ends) != len(broken):
        return None
    for place, end in zip(broken, ends, strict=True):
        cells[place] += f" {end}"
    first = next((place for place, cell in enumerate(cells) if not NUMBER.fullmatch(cell)), 0)
    cells[first] = " ".join([cells[first], *(cell for cell in lower.cells if cell not in ends)])
    return replace(upper, text="\t".join(cells))


def _filled(ratings: Ratings, lines: list[Line]) -> Ratings:
    """Return ratings with what they lack of overall rating and score, from anywhere in a report.

    Only where all that a report of one unit says of them agrees.
    """
    tops = [
        at for at, line in enumerate(lines) if OVERALL.match(line.text) or SCORED.search(line.text)
    ]
    overalls = (_overall(lines[at : at + 3]) for at in tops)
    scores = (_score(lines[at : at + 2], 0) for at in tops)
    return replace(
        ratings,
        overall=ratings.overall or agreed(filter(None, overalls)) or "",
        score=ratings.score or agreed(filter(None, scores)),
    )


def same_unit(name: str, other: str) -> bool:
    """Return whether a `name` and an `other` are of one unit, however they are written."""
    plain = [
        [word for word in key(one.replace("&", " and ")).split() if word not in ANY_UNIT]
        for one in (name, other)
    ]
    return bool(name and other) and plain[0] == plain[1]


def _blocks(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """Return each unit's name and the lines about it.

    A name stands above the overall rating, between it only dates and a score.
    """
    starts: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        if OVERALL.match(line.text) and len(line.cells) < 3 and len(line.text) < LONGEST_NAME:
            begin, name = _heading(lines, at)
            if name and (not starts or not same_unit(name, starts[-1][1])):
                starts.append((begin, name))
    if len(starts) < 2:
        return [(starts[0][1] if starts else "", lines)]
    ends = [begin for begin, _ in starts[1:]] + [len(lines)]
    return [(name, lines[begin:end]) for (begin, name), end in zip(starts, ends, strict=True)]


def _heading(lines: list[Line], at: int) -> tuple[int, str]:
    """Return where the name of a unit stands above a line, and the name; blank for none."""
    for place in range(at - 1, max(at - 7, -1), -1):
        text = lines[place].text
        if not BETWEEN.match(text):
            named = (
                len(text) < LONGEST_NAME
                and not text.endswith((".", ":"))
                and "\t" not in text
                and not (_whole_rating(text) or STANDARD.match(text))
            )
            return (place, text) if named else (at, "")
    return at, ""


def _columns(unit: str, lines: list[Line], names: frozenset[str], file: str) -> list[Ratings]:
    """Return the ratings in lines: one unit's, or one for each column where a table has several."""
    entries = [entry for at in range(len(lines)) if (entry := _entry(lines, at, names))]
    wide = max((len(entry.ratings) for entry in entries), default=1)
    if wide == 1:
        return [Ratings(unit, _overall(lines), _score(lines, 0), tuple(entries))]
    table = [entry for entry in entries if len(entry.ratings) == wide]
    heads = [
        line.cells
        for line in lines[: table[0].at]
        if len(line.cells) >= wide
        and not SCORED.match(line.cells[0])
        and not any(map(_whole_rating, line.cells))
    ]
    if not heads:
        said = f"holds a table with the ratings of {wide} units whose names cannot be told apart"
        raise refusal(file, said)
    tops = (EACH.findall(line.text) for line in lines if OVERALL.match(line.text))
    overalls = next((each for each in tops if len(each) == wide), [""] * wide)
    return [
        Ratings(
            name,
            rating_named(overalls[column]),
            _score(lines, column),
            tuple(replace(entry, ratings=(entry.ratings[column],)) for entry in table),
        )
        for column, name in enumerate(heads[-1][-wide:])
    ]


def _overall(lines: list[Line]) -> str:
    """Return the overall rating beside its words, or in the two lines below."""
    for at, line in enumerate(lines):
        if found := OVERALL.match(line.text):
            below = [one.text for one in lines[at + 1 : at + 3]]
            for text in (found[1], *below, " ".join(below)):
                if rating := _whole_rating(text.replace("\t", " ")):
                    return rating
    return ""


def _score(lines: list[Line], column: int) -> tuple[int, int] | None:
    """Return the points and their maximum in a column of a line of scores, or of the next."""
    for at, line in enumerate(lines):
        if SCORED.search(line.text):
            below = "" if SCORE.search(line.text) else prose(lines[at + 1 : at + 2])
            each = SCORE.findall(f"{line.text} {below}")
            if column < len(each):
                return int(each[column][0]), int(each[column][1])
    return None
