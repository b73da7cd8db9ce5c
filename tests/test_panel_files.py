"""What a panel saves, read back: table, workbook, pictures; with filters, label, level inside."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from PIL import Image

import hmip_kit as hk
from hmip_kit.inspection import Inspection
from hmip_kit.panel import Explorer
from hmip_kit.panel.live import LiveFinding, behind
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
    path = save(licence.finding("key_questions"), "csv", tmp_path)
    assert path.name == "practice-cases-key-questions-sentence-type-licence.csv"
    about, table = read(path)
    rows = licence.inspection.show.results().rows
    assert table["Yes"].astype("int").tolist() == rows["yes"].tolist()
    assert table["Out of"].astype("int").tolist() == rows["n"].tolist()
    assert about["Title"] == licence.finding("key_questions").title
    assert about["Cases"] == "19 of 42 cases (sentence type: Licence)"
    assert about["Level"] == "practice cases, made up"
    assert about["Source"].startswith("Practice cases")


def read(path: Path) -> tuple[dict[str, str], pd.DataFrame]:
    """Return what a saved table says of itself, and its rows, all as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    end = lines.index([])
    return dict(lines[:end]), pd.DataFrame(lines[end + 2 :], columns=lines[end + 1])


def test_a_workbook_is_saved_with_its_notes(licence: Explorer, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(save(licence.finding("key_questions"), "xlsx", tmp_path))
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
    ):
        assert said in text
    assert "Level: practice cases, made up" in text
    labels = set(finding.rows["label"])
    numbers = [row for row in book["Numbers"].iter_rows(values_only=True) if row[0] in labels]
    assert [row[1:3] for row in numbers] == list(
        zip(finding.rows["yes"], finding.rows["n"], strict=True)
    )


def test_a_picture_is_saved_with_its_sentence_and_number(licence: Explorer, tmp_path: Path) -> None:
    drawn = save(licence.finding("key_questions"), "svg", tmp_path).read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    for said in (
        "19 of 42 cases",
        "sentence type: Licence",
        "Practice cases",
        "level: practice cases,",
    ):
        assert said in drawn
    with Image.open(save(licence.finding("key_questions"), "png", tmp_path)) as picture:
        assert picture.width > 600
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 10


def test_a_card_saves_in_the_notebooks_folder_and_says_where(
    licence: Explorer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    alone = LiveFinding(lambda _: licence.finding("key_questions"))
    for view, card in ((licence.pictures, "key_questions"), (alone, "")):
        told: list[dict[str, Any]] = []
        monkeypatch.setattr(view, "send", told.append)
        view._handle_custom_msg({"save": "csv", "card": card}, [])
        [path] = tmp_path.iterdir()
        assert path.name == "practice-cases-key-questions-sentence-type-licence.csv"
        assert told == [{"answer": {"card": card, "saved": f"Saved as {path}"}}]
        path.unlink()
        view._handle_custom_msg({"save": "pdf", "card": card}, [])
        assert told[1]["answer"]["saved"].startswith("Not saved: no kind of file 'pdf'")


def test_the_cases_behind_a_number_are_those_that_it_counts(licence: Explorer) -> None:
    answers = licence.inspection.answers
    for row in licence.finding("key_questions").rows.head(3).reset_index().to_dict("records"):
        mine = answers[answers["question"] == row["question"]]
        said = behind(licence.finding("key_questions"), row["index"])
        counted, others = (part.split(", ") for part in said.split(". Others: "))
        assert counted == mine.loc[mine["answer"] == "Yes", "case_id"].tolist()
        assert others == mine.loc[mine["answer"] == "No", "case_id"].tolist()
        assert len(counted) == row["yes"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(start: str, tmp_path: Path) -> None:
    sample = audit(f"{start}1+1 cmd")
    finding = sample.show.groups("office")
    _, table = read(save(finding, "csv", tmp_path))
    assert not [value for column in table for value in table[column] if value.startswith(start)]
    book = openpyxl.load_workbook(save(finding, "xlsx", tmp_path))
    assert not [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
