"""The gate that a finding passes before anyone else sees it: it protects people, not judgements.

A key question judges the service; needs and characteristics describe a person. No rule of the inspectorate about small numbers is
known: the thresholds are this kit's settings.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import pandas as pd

from hmip_kit.errors import unknown
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection, Level
from hmip_kit.measures.shares import with_shares
from hmip_kit.schema import label_of

SETTING = "HMIP_DISCLOSURE"  # the environment variable under which `hmip render` runs a notebook
LEVELS: tuple[Level, ...] = ("open", "protected", "internal")  # each shows what those before it show
FEWEST_IN_A_GROUP = 10
SMALL = range(1, 5)  # counts of people that are blanked
SHARES = {"percent", "low", "high", "bar", "bounds", "cases", "share", "range", "text"}


def level_in_force() -> Level | None:
    """Return the disclosure level that a page is being made under; none in an analyst's own session."""
    level = os.environ.get(SETTING) or None
    if level is not None and level not in LEVELS:
        raise unknown("disclosure level", level, LEVELS)
    return cast("Level | None", level)


def released(finding: Finding) -> Finding:
    """Return the finding as it may be shown under the level in force; without one, or on open data, as it is.

    Single cases are shown at no level. Under "protected" (and "open", which own data cannot have) a finding is for all cases or for
    one filter value, with at least ten cases in it and ten outside; groups under ten are dropped, and more until ten are hidden;
    counts of people from one to four, of all and of none are blanked. Title, sentence and picture are then made of what is left.
    """
    level = level_in_force()
    if level is None or finding.disclosure == "open":
        return finding
    why = _withheld_because(finding, level)
    shown = _withheld(finding, why) if why else finding if level == "internal" else _blanked(_without_small_groups(finding))
    return replace(shown, released="internal" if level == "internal" else "protected")


def shown_groups(sizes: Mapping[str, int]) -> list[str]:
    """Return the groups that may be shown: ten cases or more, while those hidden are none or come to ten or more together.

    >>> shown_groups({"Female": 9, "Male": 33}), shown_groups({"A": 12, "B": 20, "C": 4, "D": 6}), shown_groups({"A": 12, "B": 20})
    ([], ['A', 'B'], ['A', 'B'])
    """
    there = {name: size for name, size in sizes.items() if size}
    shown = sorted((name for name, size in there.items() if size >= FEWEST_IN_A_GROUP), key=there.__getitem__)
    while shown and 0 < sum(size for name, size in there.items() if name not in shown) < FEWEST_IN_A_GROUP:
        shown.pop(0)
    return [name for name in there if name in shown]


def sensitive(count: int, base: int) -> bool:
    """Return whether a count of people out of a base must be blanked: one to four have or have not, all have, or none has.

    >>> [sensitive(count, 42) for count in (0, 4, 5, 37, 38, 42)]
    [True, True, False, False, True, True]
    """
    return count in SMALL or base - count in SMALL or count in (0, base)


def _withheld_because(finding: Finding, level: Level) -> str:
    """Return why a finding may not be shown at all under a level; blank where it may."""
    inspection, guard = finding.inspection, finding.guard
    if guard.cases:
        return "it shows single cases"
    if level == "internal" or inspection.cases_are == "none":
        return ""
    if guard.paired and (inspection.filters or guard.groups):
        return "two answers of the same cases are shown for the whole sample only"
    if len(guard.groups) > 1 or (guard.groups and inspection.filters) or _values(inspection) > 1:
        return "only one filter value, or one breakdown, is shown at a time"
    rest = inspection.sample_size - inspection.size
    if inspection.size < FEWEST_IN_A_GROUP or 0 < rest < FEWEST_IN_A_GROUP:
        return f"fewer than {FEWEST_IN_A_GROUP} cases would be shown, or left over"
    return ""


def _values(inspection: Inspection) -> int:
    return sum(len(values) for _, values in inspection.filters.choices)


def _withheld(finding: Finding, why: str) -> Finding:
    return replace(
        finding,
        say=lambda _: (f"{finding.measure}: not shown", f"Not shown at this disclosure level: {why}."),
        rows=finding.rows.iloc[:0],
        notes=(),
        follow=None,
        scope="whole sample",
        draw=None,
    )


def _without_small_groups(finding: Finding) -> Finding:
    if not finding.guard.groups or finding.inspection.cases_are == "none":
        return finding
    name = finding.guard.groups[0]
    keep = finding.rows[name].astype("str").isin(shown_groups(_sizes(finding.inspection, name)))
    if keep.all():
        return finding
    note = f"{label_of(name)}: groups under {FEWEST_IN_A_GROUP} cases, and any that would give them away, are not shown."
    chosen = keep.tolist()
    follow = finding.follow and replace(
        finding.follow,
        yes=tuple(key for key, kept in zip(finding.follow.yes, chosen, strict=True) if kept),
        n=tuple(key for key, kept in zip(finding.follow.n, chosen, strict=True) if kept),
    )
    return replace(finding, rows=finding.rows[keep], notes=(*finding.notes, note), follow=follow)


def _sizes(inspection: Inspection, name: str) -> dict[str, int]:
    return {str(value): int(count) for value, count in inspection.cases[name].value_counts(sort=False).items()}


def _blanked(finding: Finding) -> Finding:
    """Return the finding with the counts of people blanked, row by row, that single somebody out."""
    people = [name for name in finding.guard.people if name in finding.rows]
    if not people or finding.inspection.cases_are == "none":
        return finding
    rows = finding.rows
    base = rows[finding.guard.base] if finding.guard.base in rows else pd.Series(finding.inspection.size, index=rows.index)
    hide = pd.Series([any(_hidden(row, people, base[at]) for _ in (0,)) for at, row in rows.iterrows()], index=rows.index, dtype=bool)
    return replace(finding, rows=_hide(rows, hide, people, finding.inspection, finding.follow is not None and finding.follow.split))


def _hidden(row: "pd.Series[object]", people: list[str], base: object) -> bool:
    known = [(name, row[name]) for name in people if not pd.isna(row[name])]
    return any(sensitive(int(cast(int, count)), int(cast(int, base))) for _, count in known)


def _hide(rows: pd.DataFrame, hide: "pd.Series[bool]", people: list[str], inspection: Inspection, split: bool) -> pd.DataFrame:
    """Return rows without the numbers of those to hide; what follows from `yes` and `n` is worked out again."""
    kept = rows.drop(columns=[name for name in rows if name in SHARES]) if {"yes", "n"} <= set(rows) else rows
    numbers = [name for name in kept if pd.api.types.is_numeric_dtype(kept[name]) and not pd.api.types.is_bool_dtype(kept[name])]
    blank = kept.astype({name: "Float64" for name in numbers if pd.api.types.is_float_dtype(kept[name])})
    blank = blank.astype({name: "Int64" for name in numbers if pd.api.types.is_integer_dtype(kept[name])})
    blank.loc[hide, numbers] = pd.NA
    texts = [name for name in kept if name not in numbers and name.endswith(("_text", "_cases"))]
    blank.loc[hide, texts] = "[c]"
    return with_shares(blank, inspection, split) if {"yes", "n"} <= set(rows) and SHARES & set(rows) else blank
