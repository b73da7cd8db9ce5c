"""Pictures of rounds and units at every size: no words over others, none outside; and in print."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import checked, notebook
from playwright.sync_api import Page
from pypdf import PdfReader
from test_pictures_fit import FONTS, drawing, wrong
from test_rounds import audit

from hmip_kit.collection import Collection
from hmip_kit.page.exporter import html
from hmip_kit.settings import RENDER_SETTING

__all__ = ["drawing"]
LONG = "A unit whose name takes forty letters {:02}"
SIZES = ((2, 2, 5, "{}"), (6, 3, 30, "2025 Q{}"), (12, 24, 11, LONG), (2, 24, 60, "Unit {}"))


def region(rounds: int, units: int, n: int, name: str) -> Collection:
    """Return so many rounds of units of n cases, which are called by a pattern."""
    labels = [(name.format(one), name.format(two)) for one in range(rounds) for two in range(units)]
    each = [pair for pair in labels for _ in range(n)]
    answers = np.random.default_rng(n).random((len(each), 13)) < 0.5
    answers[-n:, 0] = False  # a signal
    return audit(answers, round=[one for one, _ in each], unit=[two for _, two in each])


@pytest.mark.parametrize("size", SIZES)
def test_pictures_of_rounds_and_units_fit(drawing: Page, size: tuple[int, int, int, str]) -> None:
    mine = region(*size)
    for shown in (mine.show.over_time(), mine.show.units_side_by_side(), mine.show.funnel()):
        if shown.drawing is not None:
            assert wrong(drawing, shown, FONTS[0]) == [], shown.name


@pytest.mark.parametrize(
    "rounds", [12, *(pytest.param(one, marks=pytest.mark.slow) for one in (2, 6))]
)
def test_what_is_better_or_worse_prints_on_one_sheet(
    offline: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    """With all that it can have to say: each question changed, rounds and unit with long names."""
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    labels = [LONG.format(one) for one in range(rounds) for _ in range(100)]
    answers = np.random.default_rng(rounds).random((len(labels), 13)) < 0.3
    answers[-100:] = True
    shown = ("# Is it getting better?", "mine.show.better_or_worse()", "## How?")
    made = notebook(*shown, "mine.show.over_time()", mine=audit(answers, round=labels))
    path = tmp_path / "page.html"
    path.write_text(html(checked(made)), encoding="utf-8")
    page = offline(path.as_uri()).page
    [first, *_] = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = " ".join(first.extract_text().split())
    assert "13 better and none worse out of 13 key questions" in text
    assert text.count("100 of 100 (100%)") == 2 * 13  # the table, and the sentence
    assert "Source: Region" in text  # what a card ends with


def test_on_a_page_charts_of_rounds_say_that_they_stand_for_all_units(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    mine = region(2, 2, 30, "Unit {}")
    made = notebook(
        "# A",
        "mine.show.key_questions()",
        "## B",
        "mine.show.over_time('delivery_safety')",
        mine=mine,
    )
    said = "Stays the same when you filter: all 120 cases, all units together"
    assert html(checked(made)).count(said) == 1
