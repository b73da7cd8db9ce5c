"""The regime of a report, and its standards in that regime's words; standards that no regime has are kept by name."""

from dataclasses import replace

from hmip_kit.framework import Framework, Standard, read_framework
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.report_ratings import Entry
from hmip_kit.sources.wording import key

HINTS = {  # words of a title that speak for a regime; the dates of the two regimes of delivery units are those of data/frameworks
    "youth-2018": ("youth",),
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


def frameworks() -> list[Framework]:
    """Return the regimes that the kit knows."""
    return [
        read_framework(path)
        for path in sorted((bundled_folder("data") / "frameworks").glob("*.toml"))
    ]


def standard_names(known: list[Framework]) -> frozenset[str]:
    """Return the names of the standards of all regimes in small letters, also without what follows a comma."""
    full = {standard.name.casefold() for framework in known for standard in framework.standards}
    return frozenset(full | {name.split(",")[0] for name in full} | {"court work"})


def regime_of(known: list[Framework], found: list[tuple[str, str]], title: str) -> Framework:
    """Return the regime that has most of the standards found, by number and name; where several have, the one the title speaks for."""
    words = f" {key(title)} "
    return max(
        known,
        key=lambda one: (
            sum(_fits(one, *pair) for pair in found),
            sum(f" {hint} " in words for hint in HINTS.get(one.id, ())),
        ),
    )


def _fits(framework: Framework, number: str, name: str) -> int:
    standard = standard_of(framework, number, name)
    return 0 if standard is None else 1 + (bool(number) and _digits(standard) == number)


def standard_of(framework: Framework, number: str, name: str) -> Standard | None:
    """Return the regime's standard of this name, that of the number first where several begin with it; none where it has none."""
    same = [one for one in framework.standards if _named(one, name)]
    numbered = [one for one in same if _digits(one) == number]
    if len(same) > 1 and number and not numbered:
        return None
    return next(iter(numbered or same), None)


def _named(standard: Standard, name: str) -> bool:
    known, given = key(standard.name), key(name)
    return known == given or key(standard.name.split(",")[0]) == given


def _digits(standard: Standard) -> str:
    return standard.number.split()[-1]


def with_standards(framework: Framework, found: list[Entry]) -> tuple[Framework, dict[Entry, str]]:
    """Return the regime with the standards that it lacks added as they are printed, and each entry's standard by name."""
    standards, names = list(framework.standards), {}
    for entry in found:
        standard = standard_of(framework, entry.number, entry.name)
        if standard is None:
            domain = DOMAINS.get(entry.number[:1], "Not stated")
            name = (
                entry.name
                if entry.name not in {one.name for one in standards}
                else f"{entry.name} ({entry.number})"
            )
            standard = Standard(name, entry.number, domain, "other", "report")
            standards.append(standard)
        names[entry] = standard.name
    return replace(framework, standards=tuple(standards)), names
