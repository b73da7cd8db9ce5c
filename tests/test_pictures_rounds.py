"""Pictures of rounds and units at every size: no words over others, none outside."""

import numpy as np
import pytest
from playwright.sync_api import Page
from test_pictures_fit import FONTS, drawing, wrong
from test_rounds import audit

from hmip_kit.collection import Collection

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
