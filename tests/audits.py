"""Own cases made for tests of what may be shown of them, and the page that findings of them would make."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import nbformat
import numpy as np
import pandas as pd

import hmip_kit as hk
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.share.page import page_of

PRACTICE = hk.load("practice-cases")
NEED = "Accommodation"
FLAGS = ("linked_to_offending", "planned_for", "service_delivered", "improved")


def own(n: int, seed: int = 1) -> Inspection:
    """Return `n` cases of somebody's own, with a small group in each characteristic."""
    chance = random.Random(seed)
    pick = [chance.randrange(42) for _ in range(n)]
    names = [f"MARKER-{seed}-{place:05}" for place in range(n)]
    frames = {}
    for name in ("cases", "answers", "needs"):
        frame = PRACTICE.table(name)
        by_case = dict(iter(frame.groupby(frame["case_id"].astype("str"), sort=False)))
        ids = [f"practice-a-{place + 1:02}" for place in pick]
        frames[name] = pd.concat(
            [by_case[old].assign(case_id=new) for old, new in zip(ids, names, strict=True)],
            ignore_index=True,
        )
    identity = {"title": f"Own audit of {n} cases", "framework": "pdu-2021"}
    return Inspection("audit", identity, PRACTICE.framework, frames, "own")


def groups(sizes: dict[str, int], name: str = "sex") -> Inspection:
    """Return own cases, so many of each group; all answers Yes."""
    values = [group for group, size in sizes.items() for _ in range(size)]
    ids = [f"MARKER-{place:05}" for place in range(len(values))]
    questions = [question.id for question in PRACTICE.framework.questions]
    frames = {
        "cases": pd.DataFrame(
            {"case_id": ids, name: pd.Categorical(values, categories=list(sizes))}
        ),
        "answers": pd.DataFrame(
            [(case, one, "Yes") for case in ids for one in questions],
            columns=["case_id", "question", "answer"],
        ),
    }
    return Inspection(
        "audit", {"title": "Own audit", "framework": "pdu-2021"}, PRACTICE.framework, frames, "own"
    )


def audit(
    groups: Mapping[str, int], needs: Mapping[tuple[str, str], int] | None = None
) -> Inspection:
    """Return own cases: so many of each sex, and so many with a need by service delivered and improved; the answers are by chance."""
    chance = random.Random(5)
    sexes = [group for group, count in groups.items() for _ in range(count)]
    ids = [f"MARKER-{place:05}" for place in range(len(sexes))]
    questions = [question.id for question in PRACTICE.framework.questions]
    answers = [
        (case, question, chance.choice(["Yes", "No"])) for case in ids for question in questions
    ]
    steps = [flags for flags, count in (needs or {}).items() for _ in range(count)]
    frames = {
        "cases": pd.DataFrame(
            {"case_id": ids, "sex": pd.Categorical(sexes, categories=list(groups))}
        ),
        "answers": pd.DataFrame(answers, columns=["case_id", "question", "answer"]),
        "needs": pd.DataFrame(
            [
                {
                    "case_id": case,
                    "need": NEED,
                    "linked_to_harm": False,
                    **dict(
                        zip(FLAGS, (True, True, *(flag == "Yes" for flag in flags)), strict=True)
                    ),
                }
                for case, flags in zip(ids, steps, strict=False)
            ]
        ),
    }
    if not steps:
        del frames["needs"]
    return Inspection(
        "audit", {"title": "Own audit", "framework": "pdu-2021"}, PRACTICE.framework, frames, "own"
    )


def with_needs(mine: Inspection, needs: pd.DataFrame) -> Inspection:
    return Inspection(
        mine.name, mine.identity, mine.framework, {**mine.frames, "needs": needs}, mine.cases_are
    )


def by_links(few: int) -> Inspection:
    """Return 80 cases, 52 with a need: twelve by the link to offending alone, of whom a few got a service; forty by both links."""
    mine = audit({"Male": 80}, {("Yes", "Yes"): few, ("No", "Yes"): 12 - few, ("Yes", "No"): 40})
    frame = mine.frames["needs"].assign(linked_to_harm=lambda rows: rows.index >= 12)
    for flag, every in (("service_delivered", 2), ("improved", 4)):
        frame[flag] = np.where(frame.index < 12, frame[flag], frame.index % every < every / 2)
    return with_needs(mine, frame)


def page(inspection: Inspection, *findings: Finding, level: str = "protected") -> dict[str, Any]:
    """Return the page that these findings and a panel would make."""
    return _page_of(
        [
            *(one._repr_mimebundle_()[0] for one in findings),
            hk.explore(inspection)._repr_mimebundle_()[0],
        ],
        level,
    )


def tables(inspection: Inspection, *findings: Finding) -> dict[str, Any]:
    """Return the page that these findings and the key questions would make as tables: pictures take most of the time."""
    bare = [replace(one, draw=None) for one in (hk.charts.key_questions(inspection), *findings)]
    return _page_of([one._repr_mimebundle_()[0] for one in bare], "protected")


def _page_of(bundles: Iterable[dict[str, Any]], level: str) -> dict[str, Any]:
    shown = [
        nbformat.v4.new_code_cell(
            "shown", outputs=[nbformat.v4.new_output("display_data", data=data)]
        )
        for data in bundles
    ]
    return page_of(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Audit"), *shown]),
        "audit",
        level,
    )
