"""What was released of one's own cases before, and what another page would add to it.

Two pages on cases that differ by a few give these few away by subtraction. So a page for sharing
leaves a private record beside the case file, and the next one is held against all of them. Cases
that were in exactly the same releases are a block: none may be of one to nine cases, and what a
page shows must be such that each block could show it by itself. It guards against accidents.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

import pandas as pd

from hmip_kit import __version__
from hmip_kit.counts import ALL, STEPS, answer_key, counted, need_key
from hmip_kit.errors import NotShared, unknown
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.protect import FEWEST_CASES, FEWEST_COUNTED, REST, groups_shown
from hmip_kit.protect.payload import Withheld
from hmip_kit.schema import ANSWERS, NEED_FLAGS, label_of, under_equality_act
from hmip_kit.workbook import write_whole

FOLDER = "hmip-releases"  # beside the case file
ALIKE = 0.5  # the share of the smaller file that must be alike for two to be of the same people
Case = dict[str, Any]  # what is known of a case, without its id: see `cases_of`
Seen = tuple[int, Case]  # a person, by a number, and what a release knew of them
Blocks = dict[frozenset[int], list[Case]]


@dataclass(frozen=True)
class Release:
    """A record of pages for sharing: personal data, to be handled as the case file.

    `groups` has, by characteristic, what could be chosen, each with the values that are in it;
    `withheld` what was left out beside earlier pages, `hidden` what the gate hid by itself.
    `pages` has the SHA-256 of each file. `people` are the ids of the cases under `salt`.
    """

    cases: list[Case] = field(repr=False)
    people: list[str] = field(repr=False)
    salt: str = field(repr=False)
    groups: dict[str, dict[str, list[str]]]
    withheld: list[str]
    hidden: list[str] = field(default_factory=list)
    level: str = "sharing"
    parts: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    replaces: str = ""
    thresholds: list[int] = field(default_factory=lambda: [FEWEST_CASES, FEWEST_COUNTED])
    id: str = field(default_factory=lambda: token_hex(6))
    made: str = field(default_factory=lambda: date.today().isoformat())
    version: str = __version__

    @property
    def file_name(self) -> str:
        """Return the name of its record."""
        return f"{self.made}-{self.id}.json"


def releases_in(folder: Path) -> list[Release]:
    """Return the releases on record in a `folder`, the oldest first; none where it is not there."""
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.json")]
    return sorted((Release(**json.loads(text)) for text in texts), key=lambda one: one.made)


def keep(folder: Path, release: Release) -> Path:
    """Write a `release` into a `folder` that only its owner reads, and return the file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(asdict(release), ensure_ascii=False)
    return write_whole(folder / release.file_name, text.encode(), private=True)


def in_force(releases: Sequence[Release], replaces: str = "") -> list[Release]:
    """Return the `releases` that were not replaced, nor are by the one that `replaces` names.

    Raises `UnknownName` where there is no such release.
    """
    if replaces and replaces not in (one.id for one in releases):
        raise unknown("release", replaces, [one.id for one in releases])
    gone = {replaces, *(one.replaces for one in releases)}
    return [one for one in releases if one.id not in gone]


def proposed(inspection: Inspection, ids: Sequence[str], before: Sequence[Release]) -> Release:
    """Return the release that a page of an `inspection` for sharing would be.

    `ids` are those of its cases in the file. What releases `before` it forbid is left out. Raises
    `NotShared` where one to nine cases would stand alone.
    """
    salt = before[0].salt if before else token_hex(16)
    people = [sha256(f"{salt}{one}".encode()).hexdigest()[:32] for one in ids]
    groups = {name: _groups(inspection, name) for name in inspection.characteristics}
    release = Release(cases_of(inspection), people, salt, groups, [])
    seen = everyone([*before, release])
    _check_blocks(seen, before)
    left_out = {name: why for name in groups if (why := _left_out(name, release, before, seen))}
    kept = {name: one for name, one in groups.items() if name not in left_out}
    said = [f"{label_of(name)}: {why}" for name, why in left_out.items()]
    return replace(release, groups=kept, withheld=said)


def withheld_from(release: Release, inspection: Inspection, before: Sequence[Release]) -> Withheld:
    """Return what a page of an `inspection` leaves out, that is to be a `release`.

    That is because of those `before` it: whole characteristics; questions that all or none of a
    block's group are Yes on; and counts of people that are small in a block.
    """
    out: Withheld = {"characteristics": [], "questions": {}, "tallies": []}
    if not before:
        return out
    framework, seen = inspection.framework, everyone([*before, release])
    out["characteristics"] = [
        name for name in inspection.characteristics if name not in release.groups
    ]
    for name in filter(under_equality_act, release.groups):
        parts = [
            _as_inspection(block, framework)
            for label, values in release.groups[name].items()
            for block in _between(_groups_of(name, label, values, before, seen))
        ]
        if closed := {one for part in parts for one in _alike_in(part, inspection.questions)}:
            out["questions"][name] = sorted(closed)
    needs = inspection.all_cases.needs
    for block in _between(seen):
        out["tallies"] += _few_in(_as_inspection(block, framework), needs)
    out["tallies"] = sorted({*out["tallies"]})
    return out


def cases_of(inspection: Inspection) -> list[Case]:
    """Return what is known of each case of an `inspection`'s whole sample, without its id.

    That is by `case/`, `answer/` and `need/` and a name; what is not recorded is not there.
    """
    sample, held = inspection.sample.all_cases, inspection.sample.frames["cases"]
    columns: dict[str, list[Any]] = {
        f"case/{name}": held[name].astype("str").tolist() for name in held if name != "case_id"
    }
    for question in sample.questions:
        columns[f"answer/{question}"] = [int(code) for code in sample.answer(question)]
    for need in sample.needs:
        for flag in NEED_FLAGS:
            columns[f"need/{need}/{flag}"] = [int(code) for code in sample.flag(need, flag)]
    rows = zip(*columns.values(), strict=True)
    return [
        {name: value for name, value in zip(columns, row, strict=True) if value != -1}
        for row in rows
    ]


def everyone(releases: Sequence[Release]) -> list[list[Seen]]:
    """Return the cases of each of `releases` with a number for each person, the same in all.

    Two files are of the same people where the ids of most are alike and so are their
    characteristics; where they are not, as in a file with other numbers, where most cases say the
    same. A person without a like one before is a new one.
    """
    found: list[list[Seen]] = []
    new = count()
    for place, release in enumerate(releases):
        persons: list[int | None] = [None] * len(release.cases)
        for earlier, seen in zip(releases[:place], found, strict=True):
            _match(persons, _by_id(release, earlier), [person for person, _ in seen])
        for earlier, seen in zip(releases[:place], found, strict=True):
            _match(persons, _by_content(release, earlier), [person for person, _ in seen])
        known = (next(new) if one is None else one for one in persons)
        found.append(list(zip(known, release.cases, strict=True)))
    return found


def _match(persons: list[int | None], pairs: Mapping[int, int], earlier: Sequence[int]) -> None:
    """Give those without a number that of the like ones in an earlier release."""
    used = {one for one in persons if one is not None}
    for mine, theirs in pairs.items():
        if persons[mine] is None and earlier[theirs] not in used:
            persons[mine] = earlier[theirs]
            used.add(earlier[theirs])


def _by_id(release: Release, earlier: Release) -> dict[int, int]:
    """Return whose ids are those of an earlier release; none where these mean other people.

    Where one stands twice, as numbers do in a collection of files, no id tells anybody apart.
    """
    if any(len({*one.people}) < len(one.people) for one in (release, earlier)):
        return {}
    theirs = {one: place for place, one in enumerate(earlier.people)}
    pairs = {place: theirs[one] for place, one in enumerate(release.people) if one in theirs}
    same = sum(
        _said(release.cases[mine], known) == _said(earlier.cases[other], known)
        for known in [_known([release.cases, earlier.cases], "case/")]
        for mine, other in pairs.items()
    )
    return pairs if same >= ALIKE * len(pairs) else {}


def _by_content(release: Release, earlier: Release) -> dict[int, int]:
    """Return whose cases say what those of an earlier release do; none where it is but a few."""
    known = _known([release.cases, earlier.cases])
    places: dict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(earlier.cases):
        places[_said(case, known)].append(place)
    said = [_said(case, known) for case in release.cases]
    pairs = {place: places[one].pop() for place, one in enumerate(said) if places[one]}
    fewer = min(len(release.cases), len(earlier.cases))
    return pairs if len(pairs) >= ALIKE * fewer else {}


def _known(releases: Iterable[Sequence[Case]], start: str = "") -> set[str]:
    """Return what every release knows of its cases, of what begins so."""
    keys = [{key for case in cases for key in case} for cases in releases]
    return {key for key in set.intersection(*keys) if key.startswith(start)}


def _said(case: Case, known: set[str]) -> str:
    return json.dumps([(key, case[key]) for key in sorted(known & case.keys())])


def blocks(releases: Sequence[Sequence[Seen]], content: bool = True) -> Blocks:
    """Return the cases of `releases` by the places of those that each was in.

    With `content` a case of which another release said something else is another case, as far as
    every release knows of it.
    """
    known = _known([case for _, case in seen] for seen in releases) if content else set()
    at: dict[tuple[int, str], set[int]] = defaultdict(set)
    cases: dict[tuple[int, str], Case] = {}
    for place, seen in enumerate(releases):
        for person, case in seen:
            one = person, _said(case, known)
            at[one].add(place)
            cases[one] = case
    found: Blocks = defaultdict(list)
    for one, places in at.items():
        found[frozenset(places)].append(cases[one])
    return found


def _between(releases: Sequence[Sequence[Seen]]) -> list[list[Case]]:
    """Return the blocks of releases, without one that is a whole release: that has its own gate."""
    return [
        block
        for at, block in blocks(releases).items()
        if not any(len(releases[place]) == len(block) for place in at)
    ]


def _check_blocks(seen: Sequence[Sequence[Seen]], before: Sequence[Release]) -> None:
    """Raise `NotShared` where one to nine cases were in the same releases; the last is new."""
    small = (
        (at, len(block))
        for content in (False, True)
        for at, block in blocks(seen, content).items()
        if len(block) < FEWEST_CASES and before
    )
    for at, many in small:
        others = [before[place].id for place in sorted(at) if place < len(before)]
        where = f"in release {' and '.join(others)}" if others else "in no earlier release"
        here = "in this one" if len(before) in at else "not so in this one"
        raise NotShared(
            f"{many} cases are {where} and {here}: beside the pages released before, a reader "
            f"could work them out. Wait until {FEWEST_CASES} or none differ, or put this page in "
            "the place of an earlier one with --replaces."
        )


def _groups(inspection: Inspection, name: str) -> dict[str, list[str]]:
    """Return what could be chosen of a characteristic, each with the values that are in it."""
    shown = groups_shown(inspection, name)
    rest = [one for one in inspection.characteristics[name] if one not in shown]
    return {one: [one] for one in shown} | ({REST: rest} if shown and rest else {})


def _left_out(
    name: str, release: Release, before: Sequence[Release], seen: Sequence[Sequence[Seen]]
) -> str:
    """Return why no group of a characteristic is shown beside releases; blank where they are."""
    now = release.groups[name]
    for one in before:
        was = one.groups.get(name, {})
        if was and one.thresholds != release.thresholds:
            return f"release {one.id} was made under another threshold"
        if was and now and was != {label: now.get(label) for label in was}:
            return f"release {one.id} had other groups"
    for label, values in now.items():
        found = _between(_groups_of(name, label, values, before, seen))
        if any(len(block) < FEWEST_CASES for block in found):
            return f"fewer than {FEWEST_CASES} cases of a group differ from an earlier release"
    return ""


def _groups_of(
    name: str,
    label: str,
    values: Iterable[str],
    before: Sequence[Release],
    seen: Sequence[Sequence[Seen]],
) -> list[list[Seen]]:
    """Return the cases of a group in each release that showed it; those of the new one last."""
    showed = [label in one.groups.get(name, {}) for one in before]
    inside = {*values}
    return [
        [(person, case) for person, case in one if case.get(f"case/{name}") in inside]
        for one, did in zip(seen, [*showed, True], strict=True)
        if did
    ]


def _as_inspection(cases: Sequence[Case], framework: Framework) -> Inspection:
    """Return cases as an inspection, to be counted as any other."""
    answers, needs = [], []
    for place, case in enumerate(cases):
        steps: dict[str, dict[str, Any]] = defaultdict(dict)
        for key, value in case.items():
            kind, name = key.split("/", 1)
            if kind == "answer":
                answers.append((str(place), name, ANSWERS[value]))
            elif kind == "need":
                steps[name.rpartition("/")[0]][name.rpartition("/")[2]] = bool(value)
        needs += [{"case_id": str(place), "need": need} | flags for need, flags in steps.items()]
    frames = {
        "cases": pd.DataFrame({"case_id": [str(place) for place in range(len(cases))]}),
        "answers": pd.DataFrame(answers, columns=["case_id", "question", "answer"], dtype="str"),
    }
    if needs:
        frames["needs"] = pd.DataFrame(needs, columns=["case_id", "need", *NEED_FLAGS])
    return Inspection("block", {"title": "Block"}, framework, frames, "own")


def _alike_in(part: Inspection, questions: Iterable[str]) -> list[str]:
    """Return the questions on which all of a part, or none, are Yes."""
    found = []
    for one in (question for question in questions if question in part.questions):
        counts = counted(part, [answer_key(one, "yes"), answer_key(one, "n")]).values()
        yes, n = counts
        if n and yes in (0, n):
            found.append(one)
    return found


def _few_in(part: Inspection, needs: Iterable[str]) -> list[str]:
    """Return the counts of people by a need that are small in a part, or leave few over."""
    of = {"n": ALL} | {f"{step}_n": ALL for step in STEPS} | {step: f"{step}_n" for step in STEPS}
    found = []
    for need in needs:
        keys = {what: need_key(need, "offending", what) for what in of} | {ALL: ALL}
        there = need in part.all_cases.needs
        counts = counted(part, keys.values()) if there else Counter({ALL: part.size})
        for what, whole in of.items():
            many = counts[keys[what]]
            if min(many, counts[keys[whole]] - many) < FEWEST_COUNTED:
                found.append(keys[what])
    return found


def about(folder: Path, releases: Sequence[Release]) -> pd.DataFrame:
    """Return what a reviewer looks at of `releases` in a `folder`: a row for each file that left.

    With its rule, what was hidden, the file's SHA-256, and room for a name and a decision.
    """
    rows = [
        {
            "Release": one.id,
            "Made": one.made,
            "Output": name,
            "For": one.level,
            "Cases": len(one.cases),
            "Rule": "groups of {} cases or more, counts of {} people or more".format(
                *one.thresholds
            ),
            "Left out beside earlier pages": "; ".join(one.withheld) or "nothing",
            "Hidden on the pages": "; ".join(one.hidden) or "nothing",
            "In the place of": one.replaces or "no other",
            "SHA-256 of the file": digest,
            "Reviewer": "",
            "Decision": "",
        }
        for one in releases
        for name, digest in one.pages.items()
    ]
    return pd.DataFrame(rows).assign(Record=str(folder)) if rows else pd.DataFrame()
