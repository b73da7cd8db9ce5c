"""The page to act on, and the glossary."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

import hmip_kit as hk
from hmip_kit.errors import KitError
from hmip_kit.findings.report import with_figures
from hmip_kit.page.glossary import markdown, terms

REPORT = hk.load("lewisham-bromley-2022")
HOME = Path(__file__).resolve().parents[1]
SOURCE = HOME.parent / "shared" / "source" / "lewisham-bromley-2022.txt"


def with_frame(name: str, rows: pd.DataFrame) -> Any:
    return replace(REPORT, frames=dict(REPORT.frames) | {name: rows})


def test_each_recommendation_has_the_figures_behind_it() -> None:
    found = with_figures(REPORT).set_index("number")
    assert found.index.tolist() == list(range(1, 12))
    assert found.loc[9, "figures"] == (
        "accommodation_offending",
        "accommodation_harm",
        "accommodation_improved",
    )
    assert found["says"].map(len).gt(0).all()
    lonely = with_figures(with_frame("findings", REPORT.findings.iloc[:0]))
    assert lonely["says"].map(len).eq(0).all()
    assert len(lonely) == 11


@pytest.mark.browser
def test_the_action_plan_prints_on_one_sheet_and_fits_a_telephone(
    chromium: Browser, tmp_path: Path
) -> None:
    path = hk.action_plan(REPORT, tmp_path / "actions.html")
    page = chromium.new_page(viewport={"width": 400, "height": 800})
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.locator("tbody tr").count() == 11
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) == 1
    assert said == []
    page.close()


def test_text_from_data_stays_text_on_the_action_plan(tmp_path: Path) -> None:
    hostile = REPORT.recommendations.assign(label="<script>alert(1)</script> & =1+1")
    path = hk.action_plan(with_frame("recommendations", hostile), tmp_path / "page.html")
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.filterwarnings("ignore")
def test_the_action_plan_as_a_workbook_has_blank_columns(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(hk.action_plan(REPORT, tmp_path / "actions.xlsx"))
    rows = [[cell.value for cell in row] for row in book["Actions"].iter_rows()]
    head = next(place for place, row in enumerate(rows) if "Recommendation" in row)
    assert rows[head] == [
        "Number",
        "For",
        "Recommendation",
        "What the figures say",
        "Agreed, partly, not agreed",
        "Steps",
        "Owner",
        "By when",
        "Re-check",
    ]
    assert len(rows[head + 1 :]) == 11
    assert all(not cell for row in rows[head + 1 :] for cell in row[4:])


def test_an_action_plan_needs_recommendations_a_folder_and_a_known_ending(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="no recommendations"):
        hk.action_plan(hk.load("practice-cases"), tmp_path / "page.html")
    with pytest.raises(KitError, match="not a folder"):
        hk.action_plan(REPORT, tmp_path / "none" / "page.html")
    with pytest.raises(KitError, match=r"\.html or \.xlsx, not \.pdf"):
        hk.action_plan(REPORT, tmp_path / "page.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_glossary_is_made_from_its_data() -> None:
    assert (HOME / "docs" / "glossary.md").read_text(encoding="utf-8") == markdown()
    known = [term["term"] for term in terms()]
    assert len(set(known)) == len(known)
    assert all(term["meaning"].endswith(".") and ". " not in term["meaning"] for term in terms())


def test_every_abbreviation_of_the_report_is_in_the_glossary() -> None:
    if not SOURCE.exists():
        pytest.skip("the report is not here")
    used = {
        one.rstrip("s")
        for one in re.findall(r"\b[A-Z]{2,}s?\b", SOURCE.read_text(encoding="utf-8"))
    }
    assert used - {term["term"] for term in terms()} <= {"FX"}  # a postcode
