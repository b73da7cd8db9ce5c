"""The gate that a finding passes before anyone else sees it: it protects people, not judgements.

A key question judges the service; needs and characteristics describe a person. No rule of the inspectorate about small numbers is
known: the thresholds are this kit's settings.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.level import Level, level_in_force
from hmip_kit.measures.needs import LINKS_APART, by_links, linked
from hmip_kit.measures.published_needs import LINKS
from hmip_kit.measures.shares import with_shares
from hmip_kit.measures.tallies import by_first_link, counts, left_keys, needs_of
from hmip_kit.schema import NEED, NOT_RECORDED, label_of

FEWEST_IN_A_GROUP = 10
SMALL = range(1, 5)  # counts of people that are blanked
WORDS = ("_text", "_cases", "_share", "_range")  # columns of a row that say its counts in words
BLANKED = "[c]: counts that would single out one to four people, by themselves or beside other counts, or say something of all of them."
SHARES = {"percent", "low", "high", "bar", "bounds", "cases", "share", "range", "text"}


def released(finding: Finding) -> Finding:
    """Return the finding as it may be shown under the level in force; without one, or on open data, as it is.

    Single cases are shown at no level. Under "protected" (and "open", which own data cannot have) a finding is for all cases or for
    one filter value, with at least ten cases in it and ten outside; groups under ten are dropped, and more until ten are hidden;
    counts of people from one to four, of all and of none are blanked. Title, sentence and picture are then made of what is left.
    """
    level = level_in_force()
    if level is None or finding.disclosure == "open" or finding.inspection.cases_are == "none":
        return finding
    why = next(
        filter(
            None,
            (
                _withheld_because(finding, one, level)
                for one in (finding.inspection, *finding.guard.beside)
            ),
        ),
        "",
    )
    shown = (
        _withheld(finding, why)
        if why
        else finding
        if level == "internal"
        else _blanked(_without_small_groups(finding))
    )
    return replace(shown, released="internal" if level == "internal" else "protected")


def shown_groups(sizes: Mapping[str, int]) -> list[str]:
    """Return the groups that may be shown: ten cases or more, while those hidden are none, or are together ten or more and stay open.

    They stay open where a reader who knows their number, their sum and this rule cannot say much of the size of any.

    >>> shown_groups({"Female": 9, "Male": 33}), shown_groups({"A": 12, "B": 20, "C": 4, "D": 6}), shown_groups({"A": 12, "B": 20})
    ([], ['A', 'B'], ['A', 'B'])
    >>> shown_groups({"A": 9, "B": 9, "C": 9, "D": 12, "E": 30})
    ['E']
    """
    there = {name: size for name, size in sizes.items() if size}
    shown = sorted(
        (name for name, size in there.items() if size >= FEWEST_IN_A_GROUP), key=there.__getitem__
    )
    while shown and not _stay_open(
        [size for name, size in there.items() if name not in shown], there[shown[0]]
    ):
        shown.pop(0)
    return [name for name in there if name in shown]


def _stay_open(hidden: Sequence[int], smallest_shown: int) -> bool:
    """Return whether the sizes that any one of the hidden groups could have are as far apart as one and nine, the least and most to hide.

    Either all are under ten, or one is not, is the smallest after those shown, and hides what the others come to.
    """
    total, others, most = sum(hidden), len(hidden) - 1, FEWEST_IN_A_GROUP - 1
    if not hidden or total <= most:
        return not hidden
    could = (
        [max(1, total - most * others), min(most, total - others)]
        if total <= most * len(hidden)
        else []
    )
    for rest in range(
        max(others, total - smallest_shown), min(most, total - FEWEST_IN_A_GROUP) + 1
    ):
        could += [total - rest, 1 if others > 1 else rest, rest - (others - 1)]
    return bool(could) and max(could) - min(could) >= most - 1


def sensitive(count: int, base: int) -> bool:
    """Return whether a count of people out of a base must be blanked: one to four have or have not, all have, or none has.

    >>> [sensitive(count, 42) for count in (0, 4, 5, 37, 38, 42)]
    [True, True, False, False, True, True]
    """
    return count in SMALL or base - count in SMALL or count in (0, base)


def _withheld_because(finding: Finding, inspection: Inspection, level: Level) -> str:
    """Return why a finding on an inspection's cases may not be shown at all under a level; blank where it may."""
    guard = finding.guard
    if inspection.cases_are != "own":
        return ""
    if guard.cases:
        return "it shows single cases"
    if level == "internal":
        return ""
    if (guard.paired or guard.people) and (inspection.filters or (guard.groups and guard.paired)):
        return "counts of people, and two answers of the same cases, are shown for the whole sample only"
    chosen = sum(len(values) for _, values in inspection.filters.choices)
    if len(guard.groups) > 1 or (guard.groups and inspection.filters) or chosen > 1:
        return "only one filter value, or one breakdown, is shown at a time"
    if guard.groups and [name for name in guard.people if name != guard.size]:
        return "counts of people are not shown by group"
    return _too_few(inspection)


def _too_few(inspection: Inspection) -> str:
    rest = inspection.sample_size - inspection.size
    if inspection.size < FEWEST_IN_A_GROUP or 0 < rest < FEWEST_IN_A_GROUP:
        return f"fewer than {FEWEST_IN_A_GROUP} cases would be shown, or left over"
    hidden = [
        name
        for name, values in inspection.filters.choices
        if not set(values) <= set(_offered(inspection, name))
    ]
    return f"{label_of(hidden[0])}: this group would give a smaller one away" if hidden else ""


def _offered(inspection: Inspection, name: str) -> list[str]:
    return shown_needs(inspection) if name == NEED else shown_groups(sizes_of(inspection, name))


def shown_needs(inspection: Inspection) -> list[str]:
    """Return the needs that cases may be filtered by: ten cases or more of the whole sample have it, and ten or more do not."""
    sample = inspection.whole or inspection
    sizes = zip(
        sample.frames["needs"]["need"].cat.categories, sample.has_need.sum(axis=0), strict=True
    )
    return [
        str(need)
        for need, size in sizes
        if FEWEST_IN_A_GROUP <= size <= sample.size - FEWEST_IN_A_GROUP
    ]


def sizes_of(inspection: Inspection, name: str) -> dict[str, int]:
    """Return how many cases of the whole sample each value of a characteristic has."""
    cases = (inspection.whole or inspection).cases
    if name not in cases:
        return {NOT_RECORDED: len(cases)}
    counts = cases[name].value_counts(sort=False)
    return {str(value): int(count) for value, count in counts.items()}


def _withheld(finding: Finding, why: str) -> Finding:
    return replace(
        finding,
        say=lambda _: (
            f"{finding.measure}: not shown",
            f"Not shown at this disclosure level: {why}.",
        ),
        rows=finding.rows.iloc[:0],
        cases="cases not shown",  # their number is what is hidden
        notes=(),
        follow=None,
        counts={},
        withheld=True,
        scope="whole sample",
        draw=None,
    )


def _without_small_groups(finding: Finding) -> Finding:
    if not finding.guard.groups:
        return finding
    name = finding.guard.groups[0]
    keep = (
        finding.rows[name]
        .astype("str")
        .isin(shown_groups(sizes_of(finding.inspection, name)))
        .tolist()
    )
    if all(keep):
        return finding
    note = f"{label_of(name)}: groups under {FEWEST_IN_A_GROUP} cases, and any that would give them away, are not shown."
    follow = finding.follow and replace(
        finding.follow, yes=_kept(finding.follow.yes, keep), n=_kept(finding.follow.n, keep)
    )
    counts = {column: _kept(keys, keep) for column, keys in finding.counts.items()}
    return replace(
        finding, rows=finding.rows[keep], notes=(*finding.notes, note), follow=follow, counts=counts
    )


def _kept(keys: Sequence[str], keep: Sequence[bool]) -> tuple[str, ...]:
    return tuple(key for key, kept in zip(keys, keep, strict=True) if kept)


def _blanked(finding: Finding) -> Finding:
    """Return the finding with the counts of people blanked, row by row, that single somebody out."""
    people = [name for name in finding.guard.people if name in finding.rows]
    if not people or finding.guard.groups:
        return finding
    hide = [_single_out(row, people, finding) for row in finding.rows.to_dict("records")]
    hide = [hidden or given for hidden, given in zip(hide, _given_away(finding), strict=True)]
    if not any(hide):
        return finding
    return replace(
        finding,
        rows=_hidden(finding, hide),
        notes=(*finding.notes, BLANKED),
        draw=None if all(hide) else finding.draw,
    )


def _given_away(finding: Finding) -> list[bool]:
    """Return, per row, whether its counts, and others that a page may show, leave one to four people when one is taken from the other.

    Such others are counts of the same need by another link, and of one of two needs by itself. Few audits are so large that no link
    leaves a few beside another. So needs are shown by their link to offending, beside the number of cases that a filter by need has;
    by other links, and in pairs, where no link leaves or has a few.
    """
    keys = [set(row) - {""} for row in zip(*finding.tallies.values(), strict=True)] or [
        set[str]()
    ] * len(finding.rows)
    sample = finding.inspection
    beside = {
        need for need, counted in by_links(sample, ["harm alone"]).items() if counted[0][0] in SMALL
    }
    closed = _closed(sample)
    left = {
        key
        for key, count in counts(
            sample, {one for row in keys for key in row for one in left_keys(key)}
        ).items()
        if count in SMALL
    }

    def given(key: str) -> bool:
        return bool(
            needs_of(key) & (beside if by_first_link(key) else closed)
            or left.intersection(left_keys(key))
        )

    return [any(given(key) for key in row) for row in keys]


def _closed(inspection: Inspection) -> set[str]:
    """Return the needs of which a count by some link is sensitive, or leaves one to four people beside another link's."""
    links = [link for link in LINKS if linked(inspection, link).any()]
    each, apart = by_links(inspection, links), by_links(inspection, LINKS_APART)
    few = {need for need, counted in apart.items() if any(count in SMALL for count, _ in counted)}
    return few | {
        need
        for need, counted in each.items()
        if any(sensitive(count, base) for count, base in counted)
    }


def _single_out(row: Mapping[Hashable, Any], people: Sequence[str], finding: Finding) -> bool:
    base, size = finding.guard.base, finding.inspection.size
    known = [name for name in people if not pd.isna(row[name])]
    return any(
        sensitive(int(row[name]), int(row[base]) if base in row and name != base else size)
        for name in known
    )


def _hidden(finding: Finding, hide: Sequence[bool]) -> pd.DataFrame:
    """Return the rows without the numbers of those to hide; what follows from `yes` and `n` is worked out again."""
    rows, shares = finding.rows, {"yes", "n"} <= set(finding.rows)
    kept = rows.drop(columns=[name for name in rows if name in SHARES]) if shares else rows
    numbers = [
        name for name in kept if is_numeric_dtype(kept[name]) and not is_bool_dtype(kept[name])
    ]
    kept = kept.astype(
        {name: "Int64" if is_integer_dtype(kept[name]) else "Float64" for name in numbers}
    )
    kept.loc[list(hide), numbers] = pd.NA
    kept.loc[
        list(hide), [name for name in kept if str(name).endswith(WORDS) and name not in numbers]
    ] = "[c]"
    return (
        with_shares(kept, finding.inspection, finding.follow is not None and finding.follow.split)
        if shares
        else kept
    )
