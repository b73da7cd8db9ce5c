"""Regimes are data: the bundled files, and one made up here."""

from pathlib import Path

import pandas as pd
import pytest

from hmip_kit.errors import UnknownName
from hmip_kit.framework import Framework, read_framework
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import bundled_folder


def totals(question: str, yes: int, n: int, framework: Framework) -> Inspection:
    """Return published totals of one key question, and no published ratings."""
    published = pd.DataFrame(
        {"question": [question], "yes": yes, "n": n, "percent": "", "count_source": "stated"}
    )
    return Inspection("unit", {"title": "A unit"}, framework, {"published": published})


def test_every_bundled_framework_is_read_and_says_how_it_is_known() -> None:
    found = {
        path.stem: read_framework(path)
        for path in (bundled_folder("data") / "frameworks").glob("*.toml")
    }
    rated = {
        name: sum(one.kind != "unrated" for one in framework.standards)
        for name, framework in found.items()
    }
    assert rated == {"pdu-2021": 9, "pdu-2023": 7, "crc-2018": 10, "nps-2018": 10, "youth-2018": 12}
    for name, framework in found.items():
        assert framework.id == name
        assert len({one.name for one in framework.standards}) == len(framework.standards)
        known = (
            {one.status for one in framework.standards}
            | {one.status for one in framework.rules}
            | {one.status for one in framework.bands}
        )
        assert known <= {"report", "seen", "derived", "unverified"}


MADE_UP = """
id = "made-up"
title = "A regime made up for this test"
ratings = [{ name = "Low", points = 0 }, { name = "High", points = 2 }]
bands = [
  { rating = "Low", from = 0, status = "report" },
  { rating = "High", from = 30, status = "report" },
]
strands = [{ name = "care", label = "Care" }]
stages = [{ name = "start", label = "Start", standard = "Starting" }]
standards = [{ name = "Starting", number = "9.1", domain = "All", kind = "casework" }]
questions = [{ id = "start_care", wording = "Is care taken?" }]
[rules.bands]
text = "30%"
status = "report"
basis = "This test."
"""


def test_a_new_regime_is_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "made-up.toml"
    path.write_text(MADE_UP, encoding="utf-8")
    framework = read_framework(path)
    for yes, rating, points in ((2, "Low", 0), (3, "High", 2)):
        row = totals("start_care", yes, 10, framework).show.ratings().rows.iloc[0]
        assert (row["standard"], row["rating"], row["points"], row["rule_status"]) == (
            "Starting",
            rating,
            points,
            "report",
        )
    with pytest.raises(UnknownName, match="Starting"):
        framework.standard("Startin")
