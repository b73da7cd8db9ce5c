"""What a panel saves, read back: table, workbook, pictures; with filters, label, level inside."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from PIL import Image

import hmip_kit as hk
from hmip_kit.errors import UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.panel import Explorer
from hmip_kit.panel.saving import save

PRACTICE = hk.load("practice-cases")


def audit(office: str) -> Inspection:
    """Return the practice cases as somebody's own, all of one office."""
    frames = {**PRACTICE.frames, "cases": PRACTICE.cases.assign(office=office)}
    return Inspection("audit", {"title": "An audit"}, PRACTICE.framework, frames, cases_are="own")


@pytest.fixture
def licence() -> Explorer:
    panel = PRACTICE.explore()
    panel.filters = {"sentence_type": "Licence"}
    return panel


def test_a_table_is_saved_with_its_filters_label_and_level(
    licence: Explorer, tmp_path: Path
) -> None:
    path = licence.save("key_questions", "csv", tmp_path)
    assert path.name == "practice-cases-key-questions-sentence-type-licence.csv"
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    rows = licence.inspection.show.results().rows
    assert table["Practice cases judged sufficient"].tolist() == [
        f"{yes} of {n}" for yes, n in zip(rows["yes"], rows["n"], strict=True)
    ]
    assert set(table["Cases"]) == {"19 of 42 cases (sentence type: Licence)"}
    assert set(table["Level"]) == {"open"}
    assert table["Source"].str.contains("Practice cases").all()


def test_a_workbook_is_saved_with_its_notes(licence: Explorer, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(licence.save("key_questions", "xlsx", tmp_path))
    text = "\n".join(
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )
    finding = licence.finding("key_questions")
    for said in (
        finding.title,
        finding.sentence,
        finding.cases,
        *finding.notes,
        *finding.rows["cases"],
    ):
        assert said in text
    assert "Level: open" in text


def test_a_picture_is_saved_with_its_sentence_and_number(licence: Explorer, tmp_path: Path) -> None:
    drawn = licence.save("key_questions", "svg", tmp_path).read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    for said in (
        "19 of 42 cases",
        "sentence type: Licence",
        "Practice cases",
        "level: open",
    ):
        assert said in drawn
    with Image.open(licence.save("key_questions", "png", tmp_path)) as picture:
        assert picture.width > 600
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 10


def test_the_button_saves_in_the_notebooks_folder(
    licence: Explorer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    licence.tools.button.click()
    assert [path.name for path in tmp_path.iterdir()] == [
        "practice-cases-key-questions-sentence-type-licence.csv"
    ]
    assert "Saved practice-cases" in licence.tools.said.value
    with pytest.raises(UnknownName, match="csv"):
        licence.save("key_questions", "pdf", tmp_path)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(start: str, tmp_path: Path) -> None:
    sample = audit(f"{start}1+1 cmd")
    finding = sample.show.groups("office")
    table = pd.read_csv(save(finding, "csv", tmp_path), dtype="str", keep_default_na=False)
    assert not [value for column in table for value in table[column] if value.startswith(start)]
    book = openpyxl.load_workbook(save(finding, "xlsx", tmp_path))
    assert not [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
