"""Regimes are data: the bundled files, and one made up here."""

from pathlib import Path

import pandas as pd
import pytest

from hmip_kit.errors import KitError, UnknownName
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
    known = {"pdu-2021": 9, "pdu-2023": 7, "crc-2018": 10, "nps-2018": 10, "youth-2018": 12}
    assert {name: rated.get(name) for name in known} == known
    for name, framework in found.items():
        assert framework.id == name
        assert len({one.name for one in framework.standards}) == len(framework.standards)
        stated = (
            {one.status for one in framework.standards}
            | {one.status for one in framework.rules}
            | {one.status for one in framework.bands}
        )
        assert stated <= {"report", "seen", "derived", "unverified"}


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


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ('id = "made-up"', "id"),
        ("[rules.bands]", "rules"),
        ('name = "care", ', "name"),
        ('{ name = "start", label', "start"),
    ],
)
def test_what_a_regime_lacks_is_named(tmp_path: Path, gone: str, named: str) -> None:
    path = tmp_path / "made-up.toml"
    left = "{ name = 'other', label" if named == "start" else ""
    path.write_text(MADE_UP.replace(gone, left), encoding="utf-8")
    with pytest.raises(KitError, match=rf"made-up\.toml: there is no '{named}'"):
        read_framework(path)


def test_a_regime_says_of_its_bands_what_its_file_says(tmp_path: Path) -> None:
    path = tmp_path / "made-up.toml"
    for status, said in (("report", False), ("unverified", True)):
        path.write_text(MADE_UP.replace('"report"', f'"{status}"'), encoding="utf-8")
        show = totals("start_care", 3, 10, read_framework(path)).show
        found = show.lowest_key_questions()
        assert ("nverified" in found.notes[0]) is said
        assert ("bands (unverified)" in str(found.chart and found.chart.to_dict())) is said
        assert show.score().title.endswith("not in these data")
