"""The practice sets that come with the kit: several fit the same report, which is what they teach."""

from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import folders, load


def next_set(inspection: Inspection) -> Inspection:
    """Return another set of practice cases made to match the same report: the next by name, after the last the first.

    >>> next_set(load("practice-cases")).name, next_set(load("practice-cases-b")).name
    ('practice-cases-b', 'practice-cases')
    """
    sets = [load(name) for name in sorted(folders())]
    same = [
        one
        for one in sets
        if one.cases_are == "practice"
        and one.identity["matches"] == inspection.identity.get("matches")
    ]
    names = [one.name for one in same]
    place = names.index(inspection.name) if inspection.name in names else -1
    return same[(place + 1) % len(same)]
