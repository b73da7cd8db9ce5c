"""Several inspections: one beside others, or all of them as one; and groups that are merged."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pandas as pd

from hmip_kit.cases import categorical, frozen
from hmip_kit.doors import LACKING, Showing
from hmip_kit.errors import DataProblem, KitError, NotInData, unknown
from hmip_kit.filters import Filters
from hmip_kit.inspection import REGROUPED, Inspection
from hmip_kit.schema import (
    CASELOAD,
    NOT_RECORDED,
    OTHER_ANSWERS,
    ROUND,
    SECOND_ANSWERS,
    UNIT,
    allowed,
)

if TYPE_CHECKING:
    from hmip_kit.findings.shown import OnAgainst

Merged = Mapping[str, Mapping[str, Iterable[str]]]
ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
OF_ALL = ("framework", "unit", "region", "cases_are", "licence", "about")  # kept where all say one
OF_CASES = ("answers", "needs", *OTHER_ANSWERS)
GIVEN = "given ids"  # the frame of ids as files have them, where one stands in several
COLLECTION = "collection"  # what several are called that no folder names


@dataclass(frozen=True, eq=False)
class Against:
    """An `inspection` beside `others`: `show` has the findings that compare them."""

    inspection: Inspection
    others: tuple[Inspection, ...]
    show: ClassVar["OnAgainst"] = Showing()  # type: ignore[assignment]

    @property
    def all(self) -> tuple[Inspection, ...]:
        """Return all of them, the first one first."""
        return (self.inspection, *self.others)


@dataclass(frozen=True, eq=False, repr=False)
class Collection(Inspection):
    """Several inspections as one: `round` and `unit` are characteristics of its cases.

    Whatever can be asked of an inspection can be asked of it, filters and panel too. Members under
    another regime, and published totals, have no case here: what compares rounds says so.

    Parameters
    ----------
    name, identity, framework, frames, cases_are, filters, keep, whole, held
        As of an inspection; the cases are those of the members under the one regime.
    members : tuple of Inspection
        The inspections, each with what it states: unit, region, date, round, auditor, population.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rounds = hk.load("practice-rounds")
    >>> len(rounds.members), rounds.where(unit="Alderbank").size
    (18, 180)
    """

    members: tuple[Inspection, ...] = ()

    @cached_property
    def holds(self) -> frozenset[str]:
        """Return what the data have of what findings take; `LACKING` has the words."""
        several = {"rounds": len(self.labels(ROUND)) > 1, "units": len(self.labels(UNIT)) > 1}
        return super().holds | {name for name, there in several.items() if there}

    @property
    def counted(self) -> tuple[Inspection, ...]:
        """Return the members that are compared: those under the regime of the collection."""
        return tuple(one for one in self.members if one.framework.id == self.framework.id)

    @property
    def apart(self) -> list[str]:
        """Return the titles of members under another regime, which are not compared."""
        return [one.title for one in self.members if one.framework.id != self.framework.id]

    @property
    def draws_limits(self) -> bool:
        """Return whether limits and signals are drawn: not of cases made up to fit a report.

        The bundled practice rounds fit none: they are the one exception among made-up cases.
        """
        return not self.made_up or not (self.protected or "matches" in self.identity)

    def labels(self, name: str) -> list[str]:
        """Return the rounds or units (`name`) of the members that are compared, in order."""
        with_cases = list(self.characteristics.get(name, ()))
        published = [self.label(one, name) for one in self.counted if not one.has_cases]
        order: list[str] = list(self.identity.get(f"{name}s", ()))
        found = dict.fromkeys([*with_cases, *published])
        return sorted(found, key=order.index) if set(found) <= set(order) else list(found)

    def label(self, member: Inspection, name: str) -> str:
        """Return the round or unit (`name`) of a `member`; a merged one by the name of all."""
        said = str(member.identity.get(name) or NOT_RECORDED)
        groups = self.identity.get(REGROUPED, {}).get(name, {})
        return next((merged for merged, parts in groups.items() if said in parts), said)

    @cached_property
    def characteristics(self) -> dict[str, list[str]]:
        """Return the characteristics to filter by; round and unit come first."""
        known, first = super().characteristics, (ROUND, UNIT)
        return {name: known[name] for name in sorted(known, key=lambda one: one not in first)}

    def drawn_from(self, chosen: Mapping[str, str]) -> int | None:
        """Return how many cases those of the members `chosen` were drawn from, where all say so.

        `chosen` is a round, a unit, or one of each; of any other choice it is not known.
        """
        if not {*chosen} <= {ROUND, UNIT}:
            return None
        for name, value, many in self.identity.get("populations", ()):
            if chosen == {name: value}:
                return int(many)
        some = [
            one.identity.get("population")
            for one in self.counted
            if all(self.label(one, name) == value for name, value in chosen.items())
        ]
        return _sum(some)


def _sum(populations: Sequence[int | None]) -> int | None:
    """Return what populations come to; none where any is not stated."""
    stated = [one for one in populations if one is not None]
    return sum(stated) if stated and len(stated) == len(populations) else None


def members_of(inspection: Inspection) -> tuple[Inspection, ...]:
    """Return the members of an `inspection` that is several, else the one that it is."""
    return inspection.members if isinstance(inspection, Collection) else (inspection,)


def of_several(inspection: Inspection) -> Collection:
    """Return an `inspection` that is several; raise `NotInData` for a single one."""
    if isinstance(inspection, Collection):
        return inspection
    raise NotInData(LACKING["rounds"])


def collected(
    name: str, members: Sequence[Inspection], said: Mapping[str, Any] | None = None
) -> Collection:
    """Return `members` as one, called `name`; `said` is what is stated of them together.

    Raises `DataProblem` where made-up cases would stand beside real ones, or there is no member.
    """
    each = [one for found in members for one in members_of(found)]
    if len({one.made_up for one in each}) != 1:
        why = "made-up cases do not stand beside real ones" if each else "there is nothing in it"
        raise DataProblem(f"{name}: {why}")
    each = [
        replace(one, identity=frozen({**one.identity, ROUND: label}))
        for one, label in zip(each, _rounds(each), strict=True)
    ]
    held = [one for one in each if one.has_cases] or each
    regime = Counter(one.framework.id for one in reversed(held)).most_common(1)[0][0]
    some = [one for one in held if one.framework.id == regime]
    identity = _identity(name, each, some, said or {})
    for what in ("mappings", "warnings"):  # a file of several is told of once
        identity[what] = tuple(one for part in members for one in part.identity.get(what, ()))
    frames = _pooled(some, identity) if some[0].has_cases else {}
    found = Collection(
        name, identity, some[0].framework, frames, some[0].cases_are, members=tuple(each)
    )
    return _merged_alike(found, some)


def taken_apart(inspection: Inspection) -> Inspection:
    """Return an `inspection` of one file as several where its cases are of several; else as is.

    What all of its cases have of round or unit is stated of it.
    """
    known = {name: list(inspection.characteristics.get(name, ())) for name in (ROUND, UNIT)}
    stated = {name: one[0] for name, one in known.items() if one and set(one) == {one[0]}}
    identity = {**{name: one for name, one in stated.items() if one != NOT_RECORDED}}
    identity |= dict(inspection.identity)
    by = [name for name, values in known.items() if len(values) > 1]
    if not by or inspection.held:
        return replace(inspection, identity=identity)
    cases = inspection.frames["cases"]
    order = {f"{name}s": by_name(known[name], identity.get(f"{name}s", ())) for name in by}
    columns = {name: categorical(cases[name], order[f"{name}s"]) for name in by}
    frames = {**inspection.frames, "cases": cases.assign(**columns)}
    whole = replace(inspection, identity=identity, frames=frames)
    members = [
        _part(whole, dict(zip(by, map(str, values), strict=True)), rows.index)
        for values, rows in whole.cases.groupby(by, observed=True)
    ]
    return Collection(
        whole.name,
        identity | order,
        whole.framework,
        frames,
        whole.cases_are,
        members=tuple(members),
    )


def _part(whole: Inspection, chosen: dict[str, str], rows: "pd.Index[Any]") -> Inspection:
    """Return some rows of the cases of a whole file as an inspection, whose round is stated."""
    keep = whole.cases.index.isin(rows)
    identity = {**whole.identity, **chosen, "population": None}
    return replace(
        whole, identity=frozen(identity), filters=Filters.of(chosen), keep=keep, whole=whole
    )


def _rounds(each: Sequence[Inspection]) -> list[str]:
    """Return the round of each inspection: as stated, else its date, else its name.

    Different units of which none states a round are of one, which has no name.
    """
    said = [str(one.identity.get(ROUND) or one.identity.get("date") or "") for one in each]
    units = {one.identity.get(UNIT) for one in each}
    if not any(said) and None not in units and len(units) == len(each):
        return said
    return [label or one.name for label, one in zip(said, each, strict=True)]


def by_name(labels: Iterable[str], stated: Sequence[str] = ()) -> list[str]:
    """Return `labels` in the order `stated`, then by name, numbers in them as numbers.

    >>> by_name(["Q10", "Q2", "North"], ["North"])
    ['North', 'Q2', 'Q10']
    """
    found = set(labels)
    first = [one for one in stated if one in found]
    return first + sorted(found - set(first), key=_with_numbers)


def _with_numbers(text: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", text.casefold())
    return [(int(one), "") if one.isdecimal() else (-1, one) for one in parts]


def _identity(
    name: str, each: Sequence[Inspection], some: Sequence[Inspection], said: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is known of several inspections: what all state alike, and their order.

    Rounds stand by their dates where all have one, else as they are given; units by name.
    """
    alike = {what: {str(one.identity.get(what, "")) for one in each} for what in OF_ALL}
    identity: dict[str, Any] = {
        what: values.pop() for what, values in alike.items() if len(values) == 1
    }
    identity["population"] = _sum([one.identity.get("population") for one in some])
    identity["cases_inspected"] = sum(one.size for one in some)
    rounds = list(dict.fromkeys(str(one.identity[ROUND]) for one in each))
    dates = {str(one.identity[ROUND]): str(one.identity.get("date", "")) for one in each}
    if all(map(ISO.fullmatch, dates.values())):
        rounds.sort(key=dates.__getitem__)
    units = by_name(str(one.identity.get(UNIT) or NOT_RECORDED) for one in each)
    stated = {"rounds": rounds, "units": units}
    order = {what: by_name(found, said.get(what, found)) for what, found in stated.items()}
    many = f"{len(each)} {'inspections' if len(each) > 1 else 'inspection'}"
    title = many if name == COLLECTION else f"{name}: {many}"
    return {"title": title, **{what: one for what, one in identity.items() if one}, **said, **order}


def _pooled(some: Sequence[Inspection], identity: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the frames of inspections as one; an id that stands in several gets a number before.

    A round or a unit is a characteristic where there are several, be they published totals.
    """
    ids = [one.cases["case_id"].astype("str") for one in some]
    twice = pd.concat(ids).duplicated().any()
    found: dict[str, list[pd.DataFrame]] = {"cases": [], **{name: [] for name in OF_CASES}}
    for place, (one, mine) in enumerate(zip(some, ids, strict=True), 1):
        start = f"{place}-" if twice else ""
        labels = {ROUND: one.identity[ROUND], UNIT: one.identity.get(UNIT) or NOT_RECORDED}
        found["cases"].append(one.cases.astype("str").assign(case_id=start + mine).assign(**labels))
        for name in OF_CASES:
            if name in one.frames and len(one.frames[name]):
                texts = one.frames[name].astype({"case_id": "str"})
                kept = texts[texts["case_id"].isin(mine)]
                found[name].append(kept.assign(case_id=start + kept["case_id"]))
    frames = {name: pd.concat(parts, ignore_index=True) for name, parts in found.items() if parts}
    if twice:  # the same case may be audited again
        made = frames["cases"]["case_id"]
        frames[GIVEN] = pd.DataFrame({"case_id": made, "given": pd.concat(ids, ignore_index=True)})
    loads = {one.identity.get(UNIT): one.frames[CASELOAD] for one in some if CASELOAD in one.frames}
    if loads and len(loads) == len({one.identity.get(UNIT) for one in some}):
        each = pd.concat([load.assign(unit=unit) for unit, load in loads.items()])
        frames[CASELOAD] = each.reset_index(drop=True)  # of a unit its last one
    cases = frames["cases"].fillna(NOT_RECORDED)
    for name in (ROUND, UNIT):
        order = [one for one in identity[f"{name}s"] if (cases[name] == one).any()]
        cases[name] = categorical(cases[name], order)
    single = [name for name in (ROUND, UNIT) if len(identity[f"{name}s"]) < 2]
    return frames | {"cases": cases.drop(columns=single)}


def _merged_alike(found: Collection, some: Sequence[Inspection]) -> Collection:
    """Return a collection in which what one of its members merges is merged for all."""
    merged: dict[str, dict[str, list[str]]] = {}
    for one in some:
        for name, groups in one.identity.get(REGROUPED, {}).items():
            there = found.characteristics[name]
            for label, parts in groups.items():
                merged.setdefault(name, {})[label] = [
                    part for part in dict.fromkeys([label, *parts]) if part in there
                ]
    return cast(Collection, regrouped(found, merged))


def regrouped(inspection: Inspection, merged: Merged) -> Inspection:
    """Return an `inspection` with groups `merged` in the place of their parts: see `regroup`.

    Raises `UnknownName` for a characteristic or a value that there is not, `KitError` for a value
    that is taken twice, a name that another group has, and a filter of what is merged, `NotInData`
    for cases that stay in a database.
    """
    sample, columns = inspection.sample, dict[str, pd.Series]()
    cases, known = sample.frames["cases"], dict(sample.identity.get(REGROUPED, {}))
    for name, groups in merged.items():
        if name not in sample.characteristics:
            raise unknown("characteristic", name, sample.characteristics)
        into = _parts(sample, name, groups)
        if inspection.filters.chosen(name):
            raise KitError(f"{name} is filtered: merge its groups before you filter by them")
        values = [str(one) for one in cases[name].cat.categories]
        labels = {one: into.get(one, one) for one in values}
        columns[name] = categorical(
            cases[name].astype("str").map(labels), list(dict.fromkeys(labels.values()))
        )
        before = {part: label for label, parts in known.get(name, {}).items() for part in parts}
        whole = {part: into.get(label, label) for part, label in before.items()} | into
        known[name] = {
            label: [part for part, one in whole.items() if one == label]
            for label in dict.fromkeys(whole.values())
        }
    if not columns:
        return inspection
    if sample.held:
        raise NotInData("groups are not merged of cases in a database: make a view there that does")
    compared = sample.frames["comparisons"]
    frames = {
        **sample.frames,
        "cases": cases.assign(**columns),
        "comparisons": compared[~compared["characteristic"].isin(list(columns))],
    }
    identity = {**sample.identity, REGROUPED: known}
    return replace(sample, identity=identity, frames=frames).filtered(inspection.filters)


def _parts(sample: Inspection, name: str, groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return into which group each value of a characteristic goes that is taken in."""
    listed = [
        (part, label)
        for label, parts in groups.items()
        for part in ([parts] if isinstance(parts, str) else parts)
    ]
    into = dict(listed)
    sample.check_values(name, into)
    others = {*sample.characteristics[name], *allowed(name)} - {*into}
    if len(into) < len(listed) or not others.isdisjoint(groups):
        raise KitError(
            f"{name}: each value goes into one group, and a merged group has a name of its own"
        )
    return into


def by_second_auditor(inspection: Inspection) -> Inspection:
    """Return an `inspection` with the answers of the second auditor in the place of the first's.

    Raises `NotInData` where there are none.
    """
    frames = dict(inspection.sample.frames)
    if SECOND_ANSWERS not in frames:
        raise NotInData(f"{inspection.title}: there are no answers of a second auditor")
    frames["answers"] = frames.pop(SECOND_ANSWERS)
    identity = {**inspection.identity, "title": f"{inspection.title}: second auditor"}
    name = f"{inspection.name}-second-auditor"
    return Inspection(name, identity, inspection.framework, frames, inspection.cases_are)
