"""What is shown of one's own file: the columns to fill in, the problems, and how it was read, under each disclosure level."""

from pathlib import Path

import pytest

import hmip_kit as hk
from hmip_kit.disclosure import released
from hmip_kit.framework import Framework
from hmip_kit.level import SETTING


def made_up(folder: Path, text: str, said: str = "") -> Path:
    """Write a folder with cases, and what it says of itself."""
    (folder / "cases.csv").write_text(text)
    (folder / "inspection.toml").write_text(said)
    return folder


def test_the_columns_to_fill_in_are_those_of_the_template() -> None:
    pdu = hk.load("lewisham-bromley-2022")
    framework: Framework = pdu.framework
    finding = hk.charts.what_to_fill_in(pdu)
    assert {question.id for question in framework.questions} <= set(finding.rows["column"])
    assert "Only case_id must be there" in finding.sentence and finding.disclosure == "open"


def test_problems_are_a_table_and_those_of_own_files_stay_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "case_id,sex\na,Mael\nb,F\n"
    own = hk.charts.file_checked(hk.check(made_up(tmp_path, text)))
    assert own.rows.to_dict("list") == {
        "place": ["cases.csv, row 2, column B (sex)"],
        "problem": ["'Mael' is not one of Female, Male, Not recorded; did you mean 'Male'?"],
    }
    assert own.title == "1 problem in the case file" and "Nothing was loaded" in own.sentence
    practice = hk.charts.file_checked(hk.check(made_up(tmp_path, text, 'cases_are = "practice"\n')))
    assert practice.title == f"{tmp_path.name} (made-up cases). 1 problem in the case file"
    assert practice.sentence.startswith("In made-up cases")
    for level, rows in (("protected", 0), ("internal", 1)):
        monkeypatch.setenv(SETTING, level)
        assert len(released(own).rows) == rows
        assert len(released(practice).rows) == 1


def test_how_a_file_was_read_names_headings_and_no_values(tmp_path: Path) -> None:
    own = hk.load(made_up(tmp_path, "case_id,Gender,Q9 of ours\na,M,Y\nb,F,N\n"))
    rows = hk.charts.file_read(own).rows
    assert rows[["given", "taken_as"]].to_numpy().tolist() == [
        ["Gender", "sex"],
        ["Q9 of ours", "Q9 of ours"],
    ]
    assert len(hk.mappings(own)) > len(rows)


def test_a_file_without_problems_says_that_it_loads(tmp_path: Path) -> None:
    finding = hk.charts.file_checked(hk.check(made_up(tmp_path, "case_id,sex\na,F\n")))
    assert finding.rows.empty and finding.sentence.endswith("It loads.")
