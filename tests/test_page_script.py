"""The page script's arithmetic is that of `findings.shares`: golden vectors, in a real browser."""

import json
import random
from typing import Any, get_args

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

import hmip_kit as hk
from hmip_kit import front
from hmip_kit.findings import Finding, Words
from hmip_kit.findings.shares import shares_said, with_shares
from hmip_kit.inspection import Inspection
from hmip_kit.picture import rounded

DERIVED = (
    "yes",
    "n",
    "percent",
    "low",
    "high",
    "bar",
    "bounds",
    "cases",
    "share",
    "range",
    "text",
    "uncounted_text",
)
ALL = """([rows, how, about, words]) => {
    const full = rows.map((row) => kit.withShares(row, how));
    const sentences = words.map((one) => kit.said(full, one, about));
    return [full, sentences, kit.titled({ recount: { words: "lowest" } }, full, about)];
}"""
WORDS: tuple[Words, ...] = get_args(Words)
PRACTICE, PUBLISHED = hk.load("practice-cases"), hk.load("lewisham-bromley-2022")


@pytest.fixture(scope="module")
def script(chromium: Browser) -> Any:
    page = chromium.new_page()
    page.add_script_tag(
        content=f"{front.stated()}{front.part('elements.js')}{front.part('arithmetic.js')}\n"
        "window.kit = { withShares, said, titled };"
    )
    yield page
    page.close()


def rows_of(chance: random.Random, inspection: Inspection) -> pd.DataFrame:
    """Return rows at and around every threshold, and some that are hidden by the gate."""
    made = []
    for place in range(12):
        n = chance.choice([0, 1, 2, 8, 9, 10, 11, 19, 20, 21, 42, 17_280])
        yes = chance.choice([0, n, chance.randint(0, n)])
        total_n = 20_000
        made.append(
            {
                "label": f"Row {place}",
                "group": f"Group {place % 4}",
                "yes": yes,
                "n": n,
                "total_yes": min(total_n, yes + chance.randint(0, total_n - n)),
                "total_n": total_n,
                "stages": place % 3,
                "of_stages": 2,
                "not_applicable": chance.choice([0, 1, 4, 5, 30, 1_025]),
                "not_recorded": chance.choice([0, 1, 4, 5, 30, 1_025]),
            }
        )
    rows = pd.DataFrame(made)
    rows = rows.astype(dict.fromkeys(rows.columns.drop(["label", "group"]), "Int64"))
    if chance.random() < 0.4:
        rows.loc[chance.randrange(12), "yes"] = pd.NA
    if inspection.made_up:
        rows.loc[chance.randrange(12), ["total_yes", "total_n"]] = pd.NA
        return rows
    return rows.drop(columns=["total_yes", "total_n"])


def finding(rows: pd.DataFrame, about: Inspection, words: Words) -> Finding:
    return Finding(about, rows, lambda shown: shares_said(shown, about, words), {}, "Trial")


def plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    records = json.loads(
        rows.astype(object).where(rows.notna(), None).to_json(orient="records", double_precision=15)
    )
    return [dict(record) for record in records]


def near(one: Any, two: Any) -> bool:
    return (
        one == pytest.approx(two, abs=1e-9)
        if isinstance(one, float) and isinstance(two, float | int)
        else one == two
    )


@pytest.mark.parametrize(
    "inspection",
    [PRACTICE, PRACTICE.where(sentence_type="Licence"), PUBLISHED],
    ids=["practice", "filtered", "published"],
)
def test_many_tables_come_out_alike(script: Page, inspection: Inspection) -> None:
    chance = random.Random(2022)
    practice = inspection.practice_name
    how = {"practice": bool(practice), "narrowed": bool(inspection.filters), "split": False}
    about = {"cases": inspection.which_cases, "size": inspection.size, "practice": practice}
    for _ in range(25):
        rows = rows_of(chance, inspection)
        ours = with_shares(rows, inspection)
        theirs, sentences, title = script.evaluate(ALL, [plain(rows), how, about, WORDS])
        for mine, other in zip(plain(ours), theirs, strict=True):
            for name in DERIVED:
                assert near(mine[name], other[name]), (name, mine, other)
        made = {words: finding(ours, inspection, words) for words in WORDS}
        assert sentences == [one.sentence for one in made.values()]
        assert title == made["lowest"].title


def test_floats_are_written_alike_everywhere() -> None:
    assert rounded([1 / 3, {"a": 2 / 3}, (1.0, "text")]) == [
        0.333333,
        {"a": 0.666667},
        [1.0, "text"],
    ]
