"""The gate: what a page for sharing may show of one's own cases, in three sentences.

1. All cases, or one group at a time: ten cases or more, with ten or more outside it. Nothing is
   filtered by need.
2. Needs are counted by their link to offending, for all cases, each step by itself, no pairs; a row
   is hidden by itself when its count, or its base less its count, is 0 to 4.
3. Of protected characteristics a question is hidden when all, or none, of a group are Yes.

It protects people, not judgements of a service. Single cases are shown on no page. The proof that
nothing hidden comes out is in `tests/attack.py`; see docs/decisions/0009.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import cast
from urllib.parse import unquote

import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from hmip_kit import settings
from hmip_kit.counts import (
    ALL,
    LINKS,
    STEPS,
    answer_key,
    count,
    counted,
    counts_people,
    once_a_sample,
    without_group,
)
from hmip_kit.findings import HIDDEN, Finding, Row
from hmip_kit.inspection import Inspection
from hmip_kit.protect.payload import Withheld
from hmip_kit.schema import NEED, allowed, label_of, under_equality_act
from hmip_kit.settings import LEVEL_NAMES, WITHHELD_SETTING, Level

# A setting can raise these two and not lower them.
FEWEST_CASES = max(10, settings.FEWEST_IN_A_GROUP)
FEWEST_COUNTED = max(5, settings.FEWEST_PEOPLE)
WITHHELD = "Not shown on a page"  # what the sentence of a finding that is not shown begins with
REST = "Other, or not shown"  # the groups that are not shown one by one, together
STEPS_APART = {"n", *STEPS, *(f"{step}_n" for step in STEPS)}  # what is counted of a need
OF_ALL_CASES = (ALL, "answer", "need")  # kinds of tally; any other is of cases an answer chose
BASES = ("n", "with", "without")  # how many cases such a tally is among
WORDS = ("_text", "_cases", "_share")  # ends of the columns that say a row's counts in words
SAID = {"text", "cases", "share", "counts", "points", "fits", "means", "needed"}  # called so
BLANK = {"range", "bounds", "rating"}  # columns that are empty where nothing follows
Sizes = Mapping[str, int]


def released(finding: Finding, level: Level = "sharing") -> Finding:
    """Return a `finding` as it may be shown at a `level`: as it is, where no cases are one's own.

    Title, sentence and picture are then made of what is left.
    """
    own = [one for one in (finding.inspection, *finding.protect.beside) if one.protected]
    if not own:
        return finding
    if finding.shown_by == "holders":
        shown = _withheld(finding, level, "single cases stay with those who hold them")
    elif level == "unit":
        shown = finding
    else:
        why = next(filter(None, (_refused(finding, one) for one in own)), "")
        shown = _withheld(finding, level, why) if why else _hidden(_without_small_groups(finding))
    return replace(shown, released=level)


def shown_groups(sizes: Sizes) -> list[str]:
    """Return the groups that may be shown, of those with these `sizes`.

    They have ten cases or more; those hidden are none, or stay open: a reader who knows their
    number, their sum and this rule cannot say much of the size of any.

    >>> shown_groups({"Female": 9, "Male": 33}), shown_groups({"A": 12, "B": 20, "C": 4, "D": 6})
    ([], ['A', 'B'])
    >>> shown_groups({"A": 12, "B": 20}), shown_groups({"A": 9, "B": 9, "C": 9, "D": 12, "E": 30})
    (['A', 'B'], ['E'])
    """
    there = {name: size for name, size in sizes.items() if size}
    large = (name for name, size in there.items() if size >= FEWEST_CASES)
    shown = sorted(large, key=there.__getitem__)
    while shown:
        hidden = [size for name, size in there.items() if name not in shown]
        if _stay_open(hidden, there[shown[0]]):
            break
        shown.pop(0)
    return [name for name in there if name in shown]


def groups_shown(inspection: Inspection, name: str) -> list[str]:
    """Return the groups of the characteristic `name` of an `inspection` that may be shown."""
    closed = name in withheld()["characteristics"]
    return [] if closed else shown_groups(sizes_of(inspection, name))


def withheld() -> Withheld:
    """Return what is left out because of earlier pages: `hmip render` says so to a notebook.

    >>> withheld()
    {'characteristics': [], 'questions': {}, 'tallies': []}
    """
    said = json.loads(os.environ.get(WITHHELD_SETTING) or "{}")
    nothing: Withheld = {"characteristics": [], "questions": {}, "tallies": []}
    return cast(Withheld, nothing | said)


def _stay_open(hidden: Sequence[int], smallest_shown: int) -> bool:
    """Return whether the sizes that a hidden group could have are as far apart as one and nine.

    Either all are under ten, or one is not, is the smallest after those shown, and hides what the
    others come to.
    """
    total, others, most = sum(hidden), len(hidden) - 1, FEWEST_CASES - 1
    if total <= most:
        return not hidden
    could = (
        [max(1, total - most * others), min(most, total - others)]
        if total <= most * len(hidden)
        else []
    )
    for rest in range(max(others, total - smallest_shown), min(most, total - FEWEST_CASES) + 1):
        could += [total - rest, 1 if others > 1 else rest, rest - (others - 1)]
    return bool(could) and max(could) - min(could) >= most - 1


@once_a_sample
def sizes_of(inspection: Inspection, name: str) -> Sizes:
    """Return how many cases of an `inspection`'s whole sample each value of `name` has."""
    rows = count(inspection, [ALL], [name])
    return {str(one): int(size) for one, size in zip(rows[name], rows[ALL], strict=True)}


def nameable(inspection: Inspection, name: str) -> list[str]:
    """Return the values of `name` that may be named of an `inspection` of one's own cases.

    They are the schema's, and those of groups that may be shown.
    """
    there = sizes_of(inspection, name) if name in inspection.frames["cases"] else {}
    return list(dict.fromkeys([*allowed(name), *shown_groups(there)]))


def alike(inspection: Inspection, name: str) -> frozenset[str]:
    """Return the questions of an `inspection` that are hidden for all groups of `name`.

    Of them all, or none, of some group are Yes; the groups not shown are one. The other groups'
    rows would give that away, taken from those of all cases.
    """
    if not (settings.HIDE_ALIKE_FOR_ALL or under_equality_act(name)):
        return frozenset()
    shown = tuple(groups_shown(inspection, name))
    return _alike_in(inspection, name, shown).union(withheld()["questions"].get(name, ()))


@once_a_sample
def _alike_in(sample: Inspection, name: str, shown: tuple[str, ...]) -> frozenset[str]:
    keys = {one: [answer_key(one, what) for what in ("yes", "n")] for one in sample.questions}
    wide = count(sample, [key for pair in keys.values() for key in pair], [name])
    groups = wide.pop(name).astype("str")
    parts = wide.groupby(groups.where(groups.isin(shown), REST)).sum()
    sides = {one: (parts[yes], parts[n]) for one, (yes, n) in keys.items()}
    return frozenset(
        one for one, (yes, n) in sides.items() if ((n > 0) & ((yes == 0) | (yes == n))).any()
    )


def groups_in(key: str) -> list[tuple[str, str]]:
    """Return the characteristics and values of the groups that the tally `key` is among.

    >>> groups_in("group/office/North%2FSouth/all"), groups_in("all")
    ([('office', 'North/South')], [])
    """
    found = []
    while key.startswith("group/"):
        _, name, value, key = key.split("/", 3)
        found.append((name, unquote(value)))
    return found


def split_by(finding: Finding) -> set[str]:
    """Return the characteristics that the rows of a `finding` are split by, said or not."""
    keys = {key for column in finding.tallies.values() for key in column}
    said = {finding.protect.group, *(name for key in keys for name, _ in groups_in(key))} - {""}
    rows = finding.rows
    grouped = (str(name) for name in finding.inspection.frames["cases"] if name in rows)
    return said | {name for name in grouped if isinstance(rows[name].dtype, pd.CategoricalDtype)}


def question_in(key: str) -> str:
    """Return the question of which the tally `key` counts one answer; blank for any other tally.

    >>> question_in("group/sex/Female/answer/delivery_safety/yes"), question_in("all")
    ('delivery_safety', '')
    """
    kind, _, rest = without_group(key).partition("/")
    return rest.rpartition("/")[0] if kind == "answer" else ""


def _refused(finding: Finding, inspection: Inspection) -> str:
    """Return why a finding on an inspection's cases is not shown at all; blank where it is."""
    keys = {key for column in finding.tallies.values() for key in column}
    people = {key for key in keys if counts_people(key)}
    chosen = [(name, value) for name, values in inspection.filters.choices for value in values]
    narrowed = len(chosen) + len(split_by(finding))
    counts_those = bool(people or finding.protect.people)
    if narrowed and (finding.shown_by == "all cases" or counts_those or _made_by_answers(keys)):
        return "it is shown for all cases only"
    if narrowed > 1:
        return "one group, or one breakdown, is shown at a time"
    known = keys or "question" in finding.rows or finding.rows.empty
    if (narrowed or counts_those) and not known:
        return "it does not say what it counts"
    if not all(map(_of_a_step, people)):
        return "needs are counted by their link to offending, each step by itself"
    if any(name == NEED for name, _ in chosen):
        return "nothing is filtered by need"
    if inspection.size < FEWEST_CASES:
        return f"there are fewer than {FEWEST_CASES} cases"
    paired = finding.protect.paired
    sizes = {one.size for one in (inspection, *finding.protect.beside)}
    if paired is not None and not all(_ten_or_none(paired, size - paired) for size in sizes):
        return f"fewer than {FEWEST_CASES} cases, or all but fewer, were audited twice"
    small = [
        f"{label_of(name)}: it would show a small group, or give one away"
        for name, value in chosen
        if value not in groups_shown(inspection, name)
    ]
    return small[0] if small else ""


def _ten_or_none(inside: int, outside: int) -> bool:
    return inside >= FEWEST_CASES and (outside == 0 or outside >= FEWEST_CASES)


def _made_by_answers(keys: set[str]) -> set[str]:
    return {key for key in keys if without_group(key).split("/")[0] not in OF_ALL_CASES}


def _of_a_step(key: str) -> bool:
    """Return whether a tally counts people by the link of a need to offending, and one step."""
    kind, *parts = key.split("/")
    return kind == "need" and parts[1] == LINKS[0] and parts[2] in STEPS_APART


def _withheld(finding: Finding, level: Level, why: str) -> Finding:
    said = f"{finding.measure}: not shown", f"{WITHHELD} {LEVEL_NAMES[level]}: {why}."
    return replace(
        finding,
        say=lambda _: said,
        rows=finding.rows.iloc[:0],
        cases="cases not shown",  # their number is what is hidden
        opens=False,
        notes=(),
        recount=None,
        counts={},
        withheld=True,
        draw=None,
    )


def _keys_by_row(finding: Finding) -> list[tuple[str, ...]]:
    return list(zip(*finding.tallies.values(), strict=True)) or [()] * len(finding.rows)


def _without_small_groups(finding: Finding) -> Finding:
    """Return a finding without the rows on groups that are not shown, or are not said."""
    for name in split_by(finding):
        shown = groups_shown(finding.inspection, name)
        rows = finding.rows
        groups = rows[name].astype("str") if name in rows else [None] * len(rows)
        keep = [
            (group is None or group in shown)
            and all(key and all(value in shown for _, value in groups_in(key)) for key in keys)
            for group, keys in zip(groups, _keys_by_row(finding), strict=True)
        ]
        if not all(keep):
            few = f"groups under {FEWEST_CASES} cases, and any that would give them away"
            finding = _only(finding, keep, f"{label_of(name)}: {few}, are not shown.")
    return finding


def _only(finding: Finding, keep: Sequence[bool], note: str) -> Finding:
    return replace(
        finding,
        rows=finding.rows[list(keep)],
        notes=(*finding.notes, note),
        recount=None,  # what is split by a group does not follow: see `cube.follows`
        counts={column: tuple(compress(keys, keep)) for column, keys in finding.tallies.items()},
        draw=finding.draw if any(keep) else None,
    )


def _hidden(finding: Finding) -> Finding:
    """Return a finding with the rows hidden that sentences 2 and 3 of the gate hide."""
    tallies = finding.tallies.items()
    of_people = {column for column, keys in tallies if any(map(counts_people, keys))}
    people = (of_people | {*finding.protect.people}) & {*finding.rows}
    closed, bases, earlier = _closed(finding), _bases(finding), {*withheld()["tallies"]}
    paired = finding.protect.paired is not None
    hide = [
        any(_few(row, column, finding) for column in people)
        or not earlier.isdisjoint(keys)
        or (paired and row["n"] < FEWEST_CASES)
        or any(bases.get(key, FEWEST_CASES) < FEWEST_CASES for key in keys)
        or not closed.isdisjoint([row.get("question"), *map(question_in, keys)])
        for row, keys in zip(finding.rows.to_dict("records"), _keys_by_row(finding), strict=True)
    ]
    if not any(hide):
        return finding
    note = (
        f"{HIDDEN}: not shown. It would count fewer than {FEWEST_COUNTED} people or leave fewer, "
        f"be out of fewer than {FEWEST_CASES} cases, or say that a group all answered alike."
    )
    return replace(
        finding,
        rows=_without_numbers(finding.rows, hide),
        notes=(*finding.notes, note),
        draw=None if all(hide) else finding.draw,
    )


def _few(row: Row, column: str, finding: Finding) -> bool:
    """Return whether a count of people, or what it leaves of its base, is small."""
    if pd.isna(row[column]):
        return False
    base = finding.protect.base
    whole = row[base] if base in row and column != base else finding.inspection.size
    return bool(min(row[column], whole - row[column]) < FEWEST_COUNTED)


def _bases(finding: Finding) -> dict[str, int]:
    """Return, of each tally among cases that an answer chose, how many cases these are."""
    keys = _made_by_answers({key for row in _keys_by_row(finding) for key in row})
    apart = {key: key.rpartition("/") for key in keys}
    base = {key: key if what in BASES else f"{stem}/n" for key, (stem, _, what) in apart.items()}
    sizes = counted(finding.inspection, set(base.values())) if base else {}
    return {key: sizes[one] for key, one in base.items()}


def _closed(finding: Finding) -> set[str]:
    """Return the questions that are hidden for the groups that a finding is narrowed to."""
    split = split_by(finding)
    return {
        question
        for one in (finding.inspection, *finding.protect.beside)
        for name in {*split, *(name for name, _ in one.filters.choices)}
        for question in alike(one, name)
    }


def _without_numbers(rows: pd.DataFrame, hide: Sequence[bool]) -> pd.DataFrame:
    """Return rows of which those to hide have neither numbers nor words that say them."""
    whole = [name for name in rows if is_integer_dtype(rows[name])]
    kept = rows.astype(dict.fromkeys(whole, "Int64"))
    numbers = [
        name for name in kept if is_numeric_dtype(kept[name]) and not is_bool_dtype(kept[name])
    ]
    words = [name for name in kept if str(name) in SAID or str(name).endswith(WORDS)]
    kept.loc[list(hide), numbers] = pd.NA
    kept.loc[list(hide), [name for name in words if name not in numbers]] = HIDDEN
    kept.loc[list(hide), [name for name in kept if name in BLANK]] = ""
    return kept
