"""`hmip render` on several inspections: which parts there are, in which order."""

import re
import shutil
from pathlib import Path

import pytest
from rendering import render
from test_collection import said, written

import hmip_kit as hk
from hmip_kit.page.running import notebooks_in
from hmip_kit.sources.bundled import bundled_folder, folders

NOTEBOOKS = bundled_folder("notebooks")
PARTS = re.compile(r'<li><a href="#([\w-]+)">([^<]+)</a>')


def region(folder: Path) -> Path:
    """Write a workbook, an audit in a folder, and a published inspection beside them."""
    [path] = [written(folder / "q1.csv", 30, ids="a", columns={"unit": ["North"]})]
    said(folder / "q2", 30, unit="South", round="Q2")
    shutil.copytree(folders()["lewisham-bromley-2022"], folder / "inspection-2022")
    return path.parent


def test_a_page_on_several_has_their_parts_and_one_on_one_has_its_own() -> None:
    several = [path.stem[:2] for path in notebooks_in(NOTEBOOKS, several=True)]
    assert several == ["00", "03", "04", "05", "08"]
    assert "08" not in [path.stem[:2] for path in notebooks_in(NOTEBOOKS, several=False)]


@pytest.mark.parametrize("level", ["sharing", "unit"])
def test_a_folder_of_several_is_rendered_in_the_order_of_its_parts(
    tmp_path: Path, level: str
) -> None:
    some = [NOTEBOOKS / name for name in ("00_start_here.ipynb", "08_over_time_and_units.ipynb")]
    data = region(tmp_path / "region")
    done = render(*some, "--data", data, "--out", tmp_path / "out", "--level", level)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "region.html").read_text(encoding="utf-8")
    labels = [label for _, label in PARTS.findall(text)]
    assert labels == ["At a glance", "Over time", "Units and offices", "Method"]
    assert ("Lewisham &amp; Bromley" in text) == (level == "unit")
    assert "practice rounds" not in text.casefold()


def test_made_up_rounds_of_the_kit_need_no_record_of_releases(tmp_path: Path) -> None:
    data = bundled_folder("data") / "rounds" / "practice-rounds"
    notebook = NOTEBOOKS / "08_over_time_and_units.ipynb"
    done = render(notebook, "--data", data, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (data.parent / "hmip-releases").exists()
    assert "Practice cases: None of 78 results" in next(tmp_path.glob("*.html")).read_text("utf-8")


def test_a_published_inspection_that_is_none_is_a_problem(tmp_path: Path) -> None:
    folder = region(tmp_path / "region") / "inspection-2022"
    assert hk.load(folder).title == "Lewisham & Bromley PDU, November 2022"
    (folder / "published.csv").write_text("question\nx\n")
    (folder / "inspection.toml").write_text('title = "x"\n')
    assert "is no published inspection" in hk.check(tmp_path / "region").problems[0]
