"""Cases in an engine: the same counts and findings as in memory, and no case leaves it."""

import re
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from audits import own, skewed
from engines import (
    ENGINES,
    SPARK,
    Listened,
    both,
    connection_to,
    filters_of,
    frames_of,
    in_a_folder,
    tallies_of,
)

import hmip_kit as hk
from hmip_kit import settings
from hmip_kit.counts import count
from hmip_kit.doors import STAY
from hmip_kit.engine import cases as engine_cases
from hmip_kit.errors import NotInData, NotShared
from hmip_kit.inspection import Inspection
from hmip_kit.panel import Explorer
from hmip_kit.protect import released
from hmip_kit.protect.cube import cube_of
from hmip_kit.settings import RENDER_SETTING
from hmip_kit.sources.own import files

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"sex": "Female"},
    {"need": "Accommodation", "sex": ["Female", "Male"]},
)
DRAWN = {"compare", "differences"}  # ways to share cases out are drawn, which takes longest


@pytest.fixture(scope="module", params=ENGINES)
def pair(request: Any, tmp_path_factory: Any) -> tuple[Inspection, Inspection]:
    """Return the same cases in memory and in an engine."""
    folder = tmp_path_factory.mktemp("pair") / "audit"
    memory, connection = both(skewed(120), folder, request.param)
    return renamed(memory), renamed(hk.load(connection))


def renamed(inspection: Inspection) -> Inspection:
    """Return an inspection under a title and a unit that do not depend on where it lies."""
    said = {**inspection.identity, "title": "Audit", "unit": "North PDU"}
    return replace(inspection, name="audit", identity=said)


def test_opened_alike(pair: tuple[Inspection, Inspection]) -> None:
    memory, engine = pair
    assert engine.size == memory.size
    assert engine.characteristics == memory.characteristics
    assert engine.filterable == memory.filterable
    assert engine.questions == memory.questions
    assert "120 own cases in a database" in repr(engine)
    assert engine.fingerprint == engine.where(sex="Female").fingerprint


def test_counts_of_every_kind_are_alike(pair: tuple[Inspection, Inspection]) -> None:
    memory, engine = pair
    keys = tallies_of(memory, 60 if SPARK else 20)
    chosen = list(islice(filters_of(memory), 50 if SPARK else 12))
    kinds = {key.partition("/")[0] for key in keys}
    assert kinds == {"all", "answer", "need", "pair", "group", "reach", "where_no"}
    compared = 0
    for one in chosen:
        theirs, ours = (count(each.where(**one), keys) for each in pair)
        pd.testing.assert_frame_equal(ours, theirs)
        compared += ours.size
    assert compared == len(keys) * len(chosen) > (10_000 if SPARK else 1_000)
    print(f"{compared:,} counts under {len(chosen)} filters, 0 differ")
    assert engine.size == 120


@pytest.mark.parametrize("observed", [False, True])
@pytest.mark.parametrize("by", [("office", "sex"), ("rosh", "need/Finance"), ("none",)])
def test_groups_are_alike(
    pair: tuple[Inspection, Inspection], by: tuple[str, ...], observed: bool
) -> None:
    keys = ["all", "answer/delivery_safety/yes", "need/Finance/harm/n"]
    for one in FILTERS[:2]:
        theirs, ours = (count(each.where(**one), keys, by, observed) for each in pair)
        pd.testing.assert_frame_equal(ours, theirs)


def alike(pair: tuple[Inspection, Inspection], name: str, chosen: dict[str, Any]) -> None:
    """Hold a finding, what is let out of it for sharing, and what a page adds up of it."""
    theirs, ours = (getattr(each.where(**chosen).show, name)() for each in pair)
    pd.testing.assert_frame_equal(ours.rows, theirs.rows)
    assert (ours.title, ours.sentence) == (theirs.title, theirs.sentence), name
    theirs, ours = released(theirs), released(ours)
    pd.testing.assert_frame_equal(ours.rows, theirs.rows)
    assert ours.sentence == theirs.sentence
    assert cube_of([ours]) == cube_of([theirs])


def test_findings_are_alike(pair: tuple[Inspection, Inspection]) -> None:
    assert STAY in pair[1].show.case_grid().sentence
    for name in ("key_questions", "needs", "results"):
        alike(pair, name, {} if SPARK else FILTERS[1])


@pytest.mark.slow
def test_all_findings_are_alike(pair: tuple[Inspection, Inspection]) -> None:
    for name in {*dir(pair[0].show)} - {"file_read", "case_grid"} - DRAWN:
        alike(pair, name, {} if SPARK else FILTERS[-1])


@pytest.mark.slow
def test_findings_are_alike_unfiltered_and_drawn(pair: tuple[Inspection, Inspection]) -> None:
    for name in {*dir(pair[0].show)} - {"file_read", "case_grid"}:
        alike(pair, name, {})


@pytest.mark.slow
def test_a_change_is_alike(tmp_path: Path) -> None:
    first, second = own(60, 1), own(50, 2)
    pairs = [both(one, tmp_path / name) for one, name in ((first, "one"), (second, "two"))]
    memory = [renamed(one) for one, _ in pairs]
    engine = [renamed(hk.load(connection)) for _, connection in pairs]
    theirs, ours = (one.against(two).show.change() for one, two in (memory, engine))
    assert (ours.title, ours.sentence) == (theirs.title, theirs.sentence)
    pd.testing.assert_frame_equal(ours.rows, theirs.rows)


@pytest.fixture(scope="module")
def listened(tmp_path_factory: Any) -> tuple[Inspection, Listened, list[str]]:
    """Return cases in an engine that is listened to, and what must not leave it."""
    frames = frames_of(own(120))
    frames["cases"]["remark"] = [f"remark {place} of a case" for place in range(120)]
    folder = in_a_folder(frames, tmp_path_factory.mktemp("listened") / "audit")
    connection = connection_to(folder)
    ear = connection.con = Listened(connection.con)
    secrets = [*frames["cases"]["case_id"], *frames["cases"]["remark"]]
    return hk.load(connection), ear, secrets


def test_opening_asks_little_and_a_click_nothing(
    listened: tuple[Inspection, Listened, list[str]],
) -> None:
    engine, ear, _ = listened
    opened = [one for one in ear.said if "count" in one.lower()]
    assert len(opened) == 4  # values, the wide table, its sums, combinations
    panel = Explorer(engine)
    panel.filters = {"sex": "Male"}
    before = len(ear.said)
    for chosen in ({"sex": "Female"}, {"sex": "Male", "rosh": "High"}, {}):
        panel.filters = chosen
    assert len(ear.said) == before
    assert panel.inspection.size == 120


def test_no_case_leaves(listened: tuple[Inspection, Listened, list[str]]) -> None:
    engine, ear, secrets = listened
    for name in ("key_questions", "needs", "case_grid", "results"):
        getattr(engine.where(**FILTERS[-1]).show, name)()
    check_nothing_left(ear, secrets)


@pytest.mark.slow
def test_no_case_leaves_by_any_finding(
    listened: tuple[Inspection, Listened, list[str]],
) -> None:
    engine, ear, secrets = listened
    for name in {*dir(engine.show)} - DRAWN:
        getattr(engine.where(**FILTERS[-1]).show, name)()
    engine.show.compare("sex")
    check_nothing_left(ear, secrets)


def check_nothing_left(ear: Listened, secrets: list[str]) -> None:
    every = [str(value) for value in ear.values()]
    answered = {*every}
    assert len(every) > 1_000
    assert not answered & {*secrets}
    assert not any("remark" in value or "MARKER" in value for value in answered)


@pytest.mark.slow
def test_many_combinations_are_asked_for(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(engine_cases, "MOST_COMBINATIONS", 3)
    memory, connection = both(skewed(60), tmp_path / "audit")
    engine = hk.load(connection)
    assert not engine.all_cases.whole.fits  # type: ignore[attr-defined]
    keys = tallies_of(memory, 5)
    for one in islice(filters_of(memory), 4):
        theirs, ours = (count(each.where(**one), keys) for each in (memory, engine))
        pd.testing.assert_frame_equal(ours, theirs)


def test_single_cases_stay(pair: tuple[Inspection, Inspection]) -> None:
    engine = pair[1]
    for ask in (lambda: engine.cases, lambda: engine.answers, lambda: engine.coded("outcomes")):
        with pytest.raises(NotInData, match="stay in the database"):
            ask()


def test_groups_are_not_merged_there(pair: tuple[Inspection, Inspection]) -> None:
    with pytest.raises(NotInData, match="not merged of cases in a database"):
        pair[1].regroup(rosh={"Higher": ["High", "Very high"]})


def test_a_page_for_the_unit_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv(RENDER_SETTING, "unit")
    with pytest.raises(NotShared, match="cases stay in a database"):
        hk.load("duckdb://")


@pytest.mark.slow
def test_a_large_folder_is_opened_as_a_database(monkeypatch: Any, tmp_path: Path) -> None:
    folder = in_a_folder(frames_of(own(50)), tmp_path / "audit")
    (folder / "inspection.toml").write_text("title = 'North audit'\nunit = 'North PDU'\n")
    assert "in a database" not in repr(hk.load(folder))
    monkeypatch.setattr(files, "MEGABYTE", 1)
    engine = hk.load(folder, population=500)
    assert repr(engine) == "<Inspection 'audit': North audit; 50 own cases in a database>"
    assert (engine.population, engine.identity["unit"]) == (500, "North PDU")
    assert settings.LARGE_FOLDER > 1


def test_importing_the_kit_imports_no_engine_and_a_missing_extra_is_named() -> None:
    code = "import sys, hmip_kit as hk; hk.load('practice-cases').show.key_questions(); "
    code += "print({'ibis', 'duckdb', 'pyspark', 'sqlglot'} & {*sys.modules})\n"
    code += "from hmip_kit.errors import KitError; sys.modules['ibis'] = None\n"
    code += "try: hk.load('duckdb:///audit.duckdb')\nexcept KitError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == "set()"
    assert re.search(r"need hmip_kit\[engine\]: pip install", second), second
