"""The ratings of a report as rows, one for each standard of its regime, with what the guidance usually gives."""

import re

import pandas as pd

from hmip_kit.framework import Framework
from hmip_kit.sources.report_lines import Line, prose
from hmip_kit.sources.report_ratings import NOT_RATED, RATED, Entry, below_headings, rating_named
from hmip_kit.sources.report_units import Ratings

COLUMNS = ["standard", "rating", "status", "usual_rating", "override_note"]
USUAL = re.compile(
    rf"A rating of ['\"]?(?P<when>{RATED})['\"]? for (?P<which>all domain \w+ standards|standards? [\d.]+(?:(?:,| and) [\d.]+)*)"
    rf" would usually result in a rating of ['\"]?(?P<usual>{RATED})",
    re.IGNORECASE,
)
POSITIVES = re.compile(r"positives .{0,80}\boverrid", re.IGNORECASE)
NOT_INSPECTED = "{name} standard was not inspected"
UNRATED = "not currently rate the {name} standard"


def standing(ratings: Ratings, lines: list[Line]) -> tuple[list[Entry], list[str]]:
    """Return each standard's entry once, from the ratings page and, where that lacks one, from the sections; and what disagrees."""
    found: dict[tuple[str, str], Entry] = {}
    warnings = []
    below = [
        Entry(number, name, (rating,), 0, place)
        for number, name, rating, place in below_headings(lines)
    ]
    for entry in [*ratings.entries, *below]:
        first = found.setdefault((entry.number, entry.name.split()[0].casefold()), entry)
        if first.ratings != entry.ratings:
            warnings.append(
                f"{first.name}: {first.ratings[0]} at {first.place}, {entry.ratings[0]} at {entry.place}; the first was taken"
            )
    return list(found.values()), warnings


def rating_rows(framework: Framework, names: dict[Entry, str], lines: list[Line]) -> pd.DataFrame:
    """Return one row per standard: `standard, rating, status, usual_rating, override_note`; a standard that is nowhere is "not stated"."""
    entries = {name: entry for entry, name in reversed(names.items())}
    text = prose(lines).casefold()
    rows = []
    for standard in framework.standards:
        said = entries[standard.name].ratings[0] if standard.name in entries else ""
        rating = "" if said.casefold() in NOT_RATED else said
        status = NOT_RATED.get(said.casefold()) or (
            "rated" if rating else _status(standard.name, text)
        )
        usual, note = _usual(entries.get(standard.name), rating, lines)
        rows.append((standard.name, rating, status, usual, note))
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _status(name: str, text: str) -> str:
    if NOT_INSPECTED.format(name=name.casefold()) in text:
        return "not applicable"
    return "not rated" if UNRATED.format(name=name.casefold()) in text else "not stated"


def _usual(entry: Entry | None, rating: str, lines: list[Line]) -> tuple[str, str]:
    """Return what the section says the rating usually is, where the report departs from it, and why in the kit's words."""
    if entry is None or not rating:
        return "", ""
    section = prose(line for line in lines if line.section == entry.number)
    found = USUAL.search(section)
    if found is None or rating_named(found["usual"]) == rating:
        return "", ""
    usual, which = rating_named(found["usual"]), found["which"]
    when = f"{which} {'are' if 'standards' in which else 'is'}"
    alike = rating_named(found["when"]) == usual
    condition = when if alike else f"{when} {rating_named(found['when'])}"
    why = (
        "positives found by the inspection overrode the guidance"
        if POSITIVES.search(section)
        else "the reason is not stated"
    )
    return usual, f"Usually {usual} when {condition} ({entry.number}); {why}."
