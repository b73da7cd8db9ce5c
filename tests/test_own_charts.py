"""What is shown of one's own file: columns to fill in, problems, how it was read, by level."""

from pathlib import Path

import hmip_kit as hk
from hmip_kit.framework import Framework
from hmip_kit.protect import released
from hmip_kit.settings import LEVELS, Level


def made_up(folder: Path, text: str, said: str = "") -> Path:
    """Write a folder with cases, and what it says of itself."""
    (folder / "cases.csv").write_text(text)
    (folder / "inspection.toml").write_text(said)
    return folder


def test_the_columns_to_fill_in_are_those_of_the_template() -> None:
    pdu = hk.load("lewisham-bromley-2022")
    framework: Framework = pdu.framework
    finding = pdu.show.what_to_fill_in()
    assert {question.id for question in framework.questions} <= set(finding.rows["column"])
    assert "Only case_id must be there" in finding.sentence and not finding.inspection.protected


def at_levels(*rows: int) -> list[tuple[Level, int]]:
    return list(zip(LEVELS, rows, strict=True))


def test_problems_are_a_table_and_those_of_own_files_stay_inside(
    tmp_path: Path,
) -> None:
    text = "case_id,sex\na,Mael\nb,F\n"
    own = hk.check(made_up(tmp_path, text)).show.file_checked()
    assert own.rows.to_dict("list") == {
        "place": ["cases.csv, row 2, column B (sex)"],
        "problem": ["'Mael' is not one of Female, Male, Not recorded; did you mean 'Male'?"],
    }
    assert own.title == "1 problem in the case file" and "Nothing was loaded" in own.sentence
    practice = hk.check(made_up(tmp_path, text, 'cases_are = "practice"\n')).show.file_checked()
    assert practice.title == "Practice cases: 1 problem in the case file"
    assert practice.sentence.startswith("In made-up cases")
    for level, rows in at_levels(0, 1):
        for one in (own, practice):  # that a file calls its cases made up lets nothing out
            assert len(released(one, level).rows) == rows


def test_how_a_file_was_read_names_headings_and_no_values(tmp_path: Path) -> None:
    own = hk.load(made_up(tmp_path, "case_id,Gender,Q9 of ours\na,M,Y\nb,F,N\n"))
    rows = own.show.file_read().rows
    assert rows[["given", "taken_as"]].to_numpy().tolist() == [
        ["Gender", "sex"],
        ["Q9 of ours", "q9_of_ours"],
    ]
    values = own.show.file_read(values=True).rows
    assert values[["given", "taken_as", "cells"]].to_numpy().tolist() == [
        ["Gender", "sex", 1],
        ["Q9 of ours", "q9_of_ours", 2],
        ["M", "Male", 1],
        ["F", "Female", 1],
        ["Y", "Yes", 1],
        ["N", "No", 1],
    ]


def test_how_a_file_was_read_leaves_the_unit_without_its_values(
    tmp_path: Path,
) -> None:
    lines = "".join(f"{place},{'M' if place < 9 else 'F'}\n" for place in range(12))
    own = hk.load(made_up(tmp_path, f"case_id,Gender\n{lines}"))
    headings, values = own.show.file_read(), own.show.file_read(values=True)
    assert (len(headings.rows), len(values.rows)) == (1, 3)
    for level, rows in at_levels(0, 3):
        assert len(released(headings, level).rows) == 1
        assert len(released(values, level).rows) == rows


def test_a_file_without_problems_says_that_it_loads(tmp_path: Path) -> None:
    finding = hk.check(made_up(tmp_path, "case_id,sex\na,F\n")).show.file_checked()
    assert finding.rows.empty and finding.sentence.endswith("It loads.")
