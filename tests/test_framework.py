"""Regimes are data: the bundled files, and one made up here."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from hmip_kit.errors import KitError, UnknownName
from hmip_kit.framework import Framework, read_framework
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import bundled_folder, framework_named


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
    known = {
        **{"pdu-2021": 9, "pdu-2023": 7, "crc-2018": 10, "nps-2018": 10, "youth-2018": 12},
        **{"region-2023": 8, "youth-2025": 2, "ap-2025": 5, "dynamic-2025": 0},
    }
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
    for status, said in (("report", "Report"), ("unverified", "Unverified")):
        path.write_text(MADE_UP.replace('"report"', f'"{status}"'), encoding="utf-8")
        show = totals("start_care", 3, 10, read_framework(path)).show
        found = show.key_questions()
        assert "rating bands" not in f"{found.notes} {found.chart and found.chart.to_dict()}"
        assert f"Bands: 30% {said}: This test." in show.next_rating().notes
        assert show.score().title.endswith("not in these data")


CONFIRMED = """
import hmip_kit as hk
pdu = hk.load("lewisham-bromley-2022")
print(pdu.framework.rule("bands").status, pdu.framework.rule("bands").basis)
print(pdu.show.next_rating().notes[-1])
print(hk.read_report("tests/reports/made-up-youth-page.html").framework.rule("bands").status)
"""


def test_who_has_the_manual_can_confirm_the_bands_of_one_regime(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('BANDS_CONFIRMED = "pdu-2021: The manual, page 20"', encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", CONFIRMED],
        env=os.environ | {"HMIP_SETTINGS": str(settings)},
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    rule, note, other = ran.stdout.splitlines()
    assert rule == "confirmed By who uses this kit: The manual, page 20"
    assert note.startswith("Bands: Under 50% Inadequate, 50 to 64% Requires improvement")
    assert note.endswith("Confirmed: By who uses this kit: The manual, page 20")
    assert other == "unverified"


@pytest.mark.parametrize("name", ["region-2023", "youth-2025", "ap-2025"])
def test_where_scoring_was_not_found_nothing_is_scored(name: str) -> None:
    framework = framework_named(name)
    names = [one.name for one in framework.standards]
    ratings = pd.DataFrame({"standard": names, "rating": "Good", "status": "rated"})
    ratings = ratings.assign(usual_rating="", override_note="")
    identity = {"title": "A unit", "rating": "Good"}
    show = Inspection("unit", identity, framework, {"ratings": ratings}).show
    assert show.ratings().rows["points"].isna().all()
    assert "points" not in f"{show.ratings().title} {show.ratings().sentence}"
    assert show.score().title.endswith("not in these data")
    assert framework.bands == () and framework.rule("scoring").status == "unverified"


def test_the_rule_on_services_holds_where_both_readings_of_it_agree() -> None:
    framework = framework_named("pdu-2021")
    usual = next(one for one in framework.usual if one.standard == "Services")
    assert usual.when == ("Planning", "Implementation and delivery")
    assert "Which of the two is meant is open." in framework.rule("services").text


def test_numbers_of_units_since_2023_carry_their_letter() -> None:
    for name, letter in (("pdu-2023", "P"), ("region-2023", "R")):
        assert {one.number[:2] for one in framework_named(name).standards} == {f"{letter} "}
