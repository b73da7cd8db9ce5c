"""The regime of a report, and its standards in that regime's words with their ratings.

Standards that no regime has are kept by name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pandas as pd

from hmip_kit.framework import Framework, Rule, Standard, read_framework
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.report.lines import NOT_STATED, Line, prose
from hmip_kit.sources.report.ratings import NUMBER, RATED, Entry, rating_named
from hmip_kit.sources.wording import key

UNKNOWN = "not-known"
# Words of a title that speak for a regime; the dates of the two regimes of delivery units are
# those of data/frameworks, and years alone speak for none.
HINTS = {
    "youth-2018": ("youth",),
    "youth-2025": ("youth", "children and victims"),
    "region-2023": ("region", "regional"),
    "ap-2025": ("approved premises",),
    "dynamic-2025": ("dynamic inspection", "public protection"),
    "crc-2018": ("community rehabilitation company", "crc"),
    "nps-2018": ("national probation service", "nps", "division"),
    "pdu-2021": ("pdu", "probation delivery unit", "2021", "2022", "2023"),
    "pdu-2023": ("pdu", "probation delivery unit", "2024", "2025"),
}
DOMAINS = {
    "1": "Organisational delivery",
    "2": "Domain two",
    "3": "Domain three",
    "4": "Domain four",
}
RATING_COLUMNS = ["standard", "rating", "status", "usual_rating", "override_note"]
USUAL = re.compile(
    rf"A rating of ['\"]?(?P<when>{RATED})['\"]? for (?P<which>all domain \w+ standards"
    rf"|standards? [\d.]+(?:(?:,| and) [\d.]+)*)"
    rf" would usually result in a rating of ['\"]?(?P<usual>{RATED})",
    re.IGNORECASE,
)
POSITIVES = re.compile(r"positives .{0,80}\boverrid", re.IGNORECASE)
STATUSES = {  # what stands in the place of a rating
    "not applicable": "not applicable",
    "not rated": "not rated",
    "not inspected": "not applicable",
}
SAID_OF_ONE = {  # what the prose says of a standard without a rating
    "{} standard was not inspected": "not applicable",
    "not currently rate the {} standard": "not rated",
}


@cache
def frameworks() -> tuple[Framework, ...]:
    """Return the regimes that the kit knows."""
    files = (bundled_folder("data") / "frameworks").glob("*.toml")
    return tuple(read_framework(path) for path in sorted(files))


def standard_names(known: Sequence[Framework]) -> frozenset[str]:
    """Return the names of the standards of all regimes `known`, in small letters.

    Also without what follows a comma.
    """
    full = {standard.name.casefold() for framework in known for standard in framework.standards}
    return frozenset(full | {name.split(",")[0] for name in full} | {"court work"})


def regime_of(known: Sequence[Framework], found: list[Entry], title: str) -> Framework:
    """Return the regime of those `known` that has most of the standards `found`.

    Where several have, the one that the words of the `title` speak for. Where none has more than
    half of them, or nothing tells which of several it is, the regime is not known: it has no
    standards of its own, and no rule of another.
    """
    words = f" {key(title)} "

    def spoken(one: Framework) -> list[str]:
        return [hint for hint in HINTS.get(one.id, ()) if f" {hint} " in words]

    fits = {one.id: sum(_fits(one, entry) for entry in found) for one in known}
    best = max(known, key=lambda one: (fits[one.id], len(spoken(one))))
    named = any(not hint.isdigit() for hint in spoken(best))
    alone = list(fits.values()).count(fits[best.id]) == 1
    has_most = not found or 2 * sum(map(bool, (_fits(best, one) for one in found))) > len(found)
    return best if has_most and (named or alone) else unknown_programme(best)


def unknown_programme(known: Framework) -> Framework:
    """Return a regime that is not known: of one `known` it has the names of ratings alone."""
    text = "The kit has no framework of the programme that this is of."
    basis = "In no source that we could read."
    return replace(
        known,
        **dict.fromkeys(("standards", "questions", "sub_questions", "usual", "bands"), ()),
        id=UNKNOWN,
        title="A programme that the kit does not know",
        rules=tuple(Rule(name, text, "unverified", basis) for name in ("bands", "scoring")),
        stages={},
        strands={},
    )


def with_standards(framework: Framework, found: list[Entry]) -> tuple[Framework, dict[Entry, str]]:
    """Return the `framework` with those standards `found` that it lacks, and each entry's standard.

    What is added is named as it is printed.
    """
    standards, names = list(framework.standards), {}
    for entry in found:
        standard = _standard_of(framework, entry)
        if standard is None:
            taken = any(entry.name == one.name for one in standards)
            name = f"{entry.name} ({entry.number})" if taken else entry.name
            domain = DOMAINS.get(entry.number.rpartition(" ")[2][:1], "Not stated")
            standard = Standard(name, entry.number, domain, "other", "report")
            standards.append(standard)
        names[entry] = standard.name
    return replace(framework, standards=tuple(standards)), names


def by_section(framework: Framework, names: dict[Entry, str]) -> dict[str, str]:
    """Return the standard of each numbered section: as `names` has it, else the `framework`."""
    printed = {entry.number: name for entry, name in names.items() if entry.number}
    own = {one.number: one.name for one in framework.standards if one.name not in names.values()}
    bare = {number.split()[-1]: name for number, name in {**own, **printed}.items() if number}
    return bare | own | printed


def unplaced(numbers: Iterable[str], sections: Mapping[str, str], regime: str) -> list[str]:
    """Return a warning for each of the `numbers` that `sections` of a `regime` do not have."""
    return [
        f"{one}: no standard of {regime} has this number; its key questions have none"
        for one in dict.fromkeys(numbers)
        if NUMBER.fullmatch(one) and one not in sections
    ]


def rating_rows(framework: Framework, names: dict[Entry, str], lines: list[Line]) -> pd.DataFrame:
    """Return the `ratings` of a report, one row for each standard of its `framework`.

    `names` is each entry's standard; the `lines` say why one is not rated, or not as is usual. A
    standard that is nowhere is "not stated".
    """
    entries = {name: entry for entry, name in reversed(names.items())}
    text = prose(lines).casefold()
    rows = []
    for standard in framework.standards:
        entry, name = entries.get(standard.name), standard.name.casefold()
        said = entry.ratings[0] if entry else ""
        told = (status for words, status in SAID_OF_ONE.items() if words.format(name) in text)
        status = STATUSES.get(said.casefold(), "rated" if said else next(told, NOT_STATED))
        is_rated = status == "rated"
        usual, note = _usual(entry, lines) if entry and is_rated else ("", "")
        rows.append((standard.name, said if is_rated else "", status, usual, note))
    return pd.DataFrame(rows, columns=RATING_COLUMNS, dtype="str")


def _numbered_as(standard: Standard, printed: str) -> bool:
    """Return whether a number is the standard's: a report may leave out its letter."""
    return printed in (standard.number, standard.number.rpartition(" ")[2])


def _fits(framework: Framework, entry: Entry) -> int:
    """Return 2 where the regime has a standard of this name and number, 1 of this name, else 0."""
    standard = _standard_of(framework, entry)
    return 0 if standard is None else 1 + _numbered_as(standard, entry.number)


def _standard_of(framework: Framework, entry: Entry) -> Standard | None:
    """Return the regime's standard of an entry's name; of several, the one of its number."""
    given = key(entry.name)
    same = [
        one for one in framework.standards if given in (key(one.name), key(one.name.split(",")[0]))
    ]
    numbered = [one for one in same if _numbered_as(one, entry.number)]
    lettered = entry.number[:1].isalpha()
    if entry.number and not numbered and (lettered or len(same) > 1):
        return None
    return next(iter(numbered or same), None)


def _usual(entry: Entry, lines: list[Line]) -> tuple[str, str]:
    """Return what a standard is usually rated, and why not here; blank where it is as usual.

    As its section says, in the kit's words.
    """
    section = prose(line for line in lines if line.section == entry.number)
    found = USUAL.search(section)
    if found is None or rating_named(found["usual"]) == entry.ratings[0]:
        return "", ""
    usual, when, which = rating_named(found["usual"]), rating_named(found["when"]), found["which"]
    condition = f"{which} {'are' if 'standards' in which else 'is'}"
    if when != usual:
        condition += f" {when}"
    overrode = "positives found by the inspection overrode the guidance"
    why = overrode if POSITIVES.search(section) else "the reason is not stated"
    return usual, f"Usually {usual} when {condition} ({entry.number}); {why}."
