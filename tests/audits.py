"""Own cases made for tests of what may be shown of them, and the pages that they make."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import nbformat
import numpy as np
import pandas as pd
from payload import check_payload

import hmip_kit as hk
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.page import page_of
from hmip_kit.protect.payload import Page
from hmip_kit.schema import NEEDS
from hmip_kit.settings import Level

PRACTICE = hk.load("practice-cases")
NEED = "Accommodation"
FLAGS = ("linked_to_offending", "planned_for", "service_delivered", "improved")
QUESTIONS = [question.id for question in PRACTICE.framework.questions]
LINKS = ("offending", "harm", "either", "both")
STEPS = f"{NEED}/service_delivered", f"{NEED}/improved"
PAIRS = (
    STEPS,
    ("delivery_desistance", STEPS[1]),
    (STEPS[0], "Finance/improved"),
    ("delivery_safety", "Finance/planned_for"),
)


def inspection(frames: Mapping[str, pd.DataFrame], title: str = "Own audit") -> Inspection:
    identity = {"title": title, "unit": "North PDU", "framework": "pdu-2021"}
    return Inspection("audit", identity, PRACTICE.framework, frames, "own")


def own(n: int, seed: int = 1) -> Inspection:
    """Return `n` cases of somebody's own, like the practice cases: small groups everywhere."""
    chance = random.Random(seed)
    pick = [chance.randrange(42) for _ in range(n)]
    names = [f"MARKER-{seed}-{place:05}" for place in range(n)]
    frames = {}
    for name in ("cases", "answers", "needs"):
        frame = PRACTICE.table(name)
        rows = frame.groupby(frame["case_id"].astype("str")).indices
        theirs = [rows[f"practice-a-{place + 1:02}"] for place in pick]
        ids = np.repeat(names, [len(one) for one in theirs])
        frames[name] = frame.iloc[np.concatenate(theirs)].reset_index(drop=True).assign(case_id=ids)
    return inspection(frames, f"Own audit of {n} cases")


def skewed(n: int, seed: int = 1) -> Inspection:
    """Return `n` cases that are much alike: rare groups and needs, answers nearly all the same.

    They have offices and a characteristic of the file's own; not every answer and step is recorded.
    """
    chance = np.random.default_rng(seed)

    def picked(values: Iterable[str], skew: float) -> list[str]:
        known = list(values)
        weights = np.array([skew**place for place in range(len(known))])
        return [known[one] for one in chance.choice(len(known), n, p=weights / weights.sum())]

    ids = [f"MARKER-{seed}-{place:05}" for place in range(n)]
    characteristics = PRACTICE.characteristics | {
        "office": [f"Office {place}" for place in range(1, chance.integers(3, 8))],
        "faith": ["None", "Some", "Not recorded"],
    }
    skews = {name: chance.uniform(0.15, 0.7) for name in characteristics}
    cases = {name: picked(values, skews[name]) for name, values in characteristics.items()}
    answers, needs = [], []
    for question in QUESTIONS:
        yes = chance.choice([0.02, 0.1, 0.3, 0.9, 0.98])
        said = chance.choice(
            ["Yes", "No", "Not applicable"], n, p=[0.9 * yes, 0.9 * (1 - yes), 0.1]
        )
        answers += list(zip(ids, [question] * n, said, strict=True))
    for need in NEEDS:
        flags = {
            flag: chance.random(n) < chance.choice([0.05, 0.2, 0.5, 0.9])
            for flag in (*FLAGS, "linked_to_harm")
        }
        rows = pd.DataFrame(flags).astype("boolean").assign(case_id=ids, need=need)
        rows.loc[chance.random(n) < 0.1, "service_delivered"] = pd.NA
        needs.append(rows[rows["linked_to_offending"] | rows["linked_to_harm"]])
    frames = {
        "cases": pd.DataFrame({"case_id": ids} | cases),
        "answers": pd.DataFrame(answers, columns=["case_id", "question", "answer"]),
        "needs": pd.concat(needs, ignore_index=True),
    }
    return inspection(frames, f"Own audit of {n} cases")


def groups(sizes: dict[str, int], name: str = "sex") -> Inspection:
    """Return own cases, so many of each group; all answers Yes."""
    values = [group for group, size in sizes.items() for _ in range(size)]
    ids = [f"MARKER-{place:05}" for place in range(len(values))]
    categories = pd.Categorical(values, categories=list(sizes))
    rows = [(case, one, "Yes") for case in ids for one in QUESTIONS]
    frames = {
        "cases": pd.DataFrame({"case_id": ids, name: categories}),
        "answers": pd.DataFrame(rows, columns=["case_id", "question", "answer"]),
    }
    return inspection(frames)


def audit(
    groups: Mapping[str, int], needs: Mapping[tuple[str, str], int] | None = None
) -> Inspection:
    """Return own cases: so many of each sex, and so many with a need by service and progress.

    The answers are by chance.
    """
    chance = random.Random(5)
    sexes = [group for group, count in groups.items() for _ in range(count)]
    ids = [f"MARKER-{place:05}" for place in range(len(sexes))]
    answers = [(case, one, chance.choice(["Yes", "No"])) for case in ids for one in QUESTIONS]
    steps = [flags for flags, count in (needs or {}).items() for _ in range(count)]
    frames = {
        "cases": pd.DataFrame(
            {"case_id": ids, "sex": pd.Categorical(sexes, categories=list(groups))}
        ),
        "answers": pd.DataFrame(answers, columns=["case_id", "question", "answer"]),
    }
    if steps:
        rows = [
            {"case_id": case, "need": NEED, "linked_to_harm": False}
            | dict(zip(FLAGS, (True, True, *(flag == "Yes" for flag in flags)), strict=True))
            for case, flags in zip(ids, steps, strict=False)
        ]
        frames["needs"] = pd.DataFrame(rows)
    return inspection(frames)


def with_needs(mine: Inspection, needs: pd.DataFrame) -> Inspection:
    return replace(mine, frames={**mine.frames, "needs": needs})


def by_links(few: int) -> Inspection:
    """Return 80 cases, 52 with a need: 12 by offending alone, a few of them served; 40 by both."""
    mine = audit({"Male": 80}, {("Yes", "Yes"): few, ("No", "Yes"): 12 - few, ("Yes", "No"): 40})
    frame = mine.frames["needs"].assign(linked_to_harm=lambda rows: rows.index >= 12)
    for flag, every in (("service_delivered", 2), ("improved", 4)):
        frame[flag] = np.where(frame.index < 12, frame[flag], frame.index % every < every / 2)
    return with_needs(mine, frame)


def findings_of(mine: Inspection) -> Iterator[Finding]:
    """Yield every finding on own cases: all, grouped, filtered; needs by each link; pairs."""
    show = mine.show
    for name in dir(show):
        yield getattr(show, name)()
    for name in list(mine.characteristics)[:2]:
        yield from (one(by=name) for one in (show.groups, show.results, show.make_up, show.gap))
        yield from (one(by=name) for one in (show.stages_sufficient, show.need_steps))
        yield from (one(by=name) for one in (show.compare, show.differences))
    yield show.results(by=list(mine.characteristics)[:2])
    for link in LINKS:
        yield from (one(link=link) for one in (show.needs, show.need_steps))
    for service, outcome in PAIRS:
        for name in ("gap", "service_and_outcome", "progress_with_and_without"):
            yield getattr(show, name)(service=service, outcome=outcome)
    for filtered in narrowed(mine):
        yield from (filtered.show.key_questions(), filtered.show.results(), filtered.show.needs())
        yield mine.against(filtered).show.change()
    yield from (getattr(mine.against(mine).show, name)() for name in ("change", "agreement"))


def narrowed(mine: Inspection) -> Iterator[Inspection]:
    """Yield own cases filtered to each group of two characteristics, and to a need."""
    for name, values in list(mine.filterable.items())[:2]:
        yield from (mine.where(**{name: value}) for value in values)
    yield mine.where(need="Finance")


def page(mine: Inspection, *findings: Finding, level: Level = "sharing") -> Page:
    """Return the page that these findings and a panel would make."""
    panel = mine.explore()._repr_mimebundle_()[0]
    return page_of_bundles([*(one._repr_mimebundle_()[0] for one in findings), panel], level)


def tables(mine: Inspection, *findings: Finding) -> Page:
    """Return the page of these findings and the key questions as tables: pictures take long."""
    bare = [replace(one, draw=None) for one in (mine.show.key_questions(), *findings)]
    return page_of_bundles(one._repr_mimebundle_()[0] for one in bare)


def page_of_bundles(bundles: Iterable[dict[str, Any]], level: Level = "sharing") -> Page:
    new = nbformat.v4
    shown = [
        new.new_code_cell("shown", outputs=[new.new_output("display_data", data=data)])
        for data in bundles
    ]
    notebook = new.new_notebook(cells=[new.new_markdown_cell("# Audit"), *shown])
    made = page_of({"audit": notebook}, level=level)
    check_payload(made, Page)
    return made
