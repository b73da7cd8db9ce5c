"""The template, filled in, passes the check; the command line says what a person can act on."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import hmip_kit as hk
from hmip_kit.errors import DataProblem, UnknownName
from hmip_kit.schema import CASES
from hmip_kit.sources.bundled import framework_named


def hmip(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "hmip_kit", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def filled(path: Path) -> Path:
    """Fill in a template with two cases, below its example row."""
    book = openpyxl.load_workbook(path)
    sheet = book["cases"]
    heads = [cell.value for cell in sheet[1]]
    allowed = {column.name: column.allowed for column in CASES}
    for case in ("one", "two"):
        sheet.append(
            [
                case
                if head == "case_id"
                else (allowed.get(str(head)) or ("Yes", "No"))[case == "two"]
                for head in heads
            ]
        )
    book["needs"].append(["one", "Finance", "Yes", "No", "Yes", "No", "No"])
    book["inspection"]["B1"] = "North, spring 2026"
    book.save(path)
    return path


def test_a_filled_template_passes_and_holds_what_was_put_in(tmp_path: Path) -> None:
    hk.write_template(tmp_path / "audit.xlsx")
    found = hk.check(filled(tmp_path / "audit.xlsx"))
    assert list(found.problems) == []
    own = found.inspection
    assert own is not None and own.title == "North, spring 2026"
    assert own.cases["case_id"].tolist() == ["one", "two"]
    assert own.questions[:13] == [question.id for question in framework_named("pdu-2021").questions]
    assert own.answers["answer"].tolist() == ["Yes"] * 13 + ["No"] * 13
    assert own.needs["linked_to_offending"].tolist() == [True]


def test_a_template_offers_lists_notes_an_example_and_the_dictionary(tmp_path: Path) -> None:
    hk.write_template(tmp_path / "audit.xlsx")
    book = openpyxl.load_workbook(tmp_path / "audit.xlsx")
    sheet = book["cases"]
    heads = {str(cell.value): cell for cell in sheet[1]}
    listed = {
        str(one.sqref).partition(":")[0].rstrip("0123456789"): str(one.formula1)
        for one in sheet.data_validations.dataValidation
    }
    for head, cell in heads.items():
        assert cell.comment is not None and cell.comment.text
        assert (cell.column_letter in listed) == (head not in ("case_id", "office"))
    column, last = re.fullmatch(
        r"lists!\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)", listed[heads["ethnicity"].column_letter]
    ).groups()  # type: ignore[union-attr]
    offered = [book["lists"][f"{column}{row}"].value for row in range(1, int(last) + 1)]
    assert tuple(offered) == next(one.allowed for one in CASES if one.name == "ethnicity")
    assert sheet["A2"].value == "Example"
    explained = {row[1].value for row in book["dictionary"].iter_rows()}
    assert set(heads) <= explained


def test_the_template_makes_the_split_of_the_reports_of_the_five_groups(tmp_path: Path) -> None:
    hk.write_template(tmp_path / "audit.xlsx")
    book = openpyxl.load_workbook(tmp_path / "audit.xlsx")
    heads = [cell.value for cell in book["cases"][1]]
    groups = next(one.allowed for one in CASES if one.name == "ethnicity")
    for at, group in enumerate((*groups, "White")):
        given = {"case_id": f"c{at}", "ethnicity": group}
        book["cases"].append([given.get(str(head), "") for head in heads])
    book.save(tmp_path / "audit.xlsx")
    split = hk.load(tmp_path / "audit.xlsx").cases["ethnicity"].astype("str")
    assert split.value_counts().to_dict() == {"Ethnic minority": 4, "White": 2, "Not recorded": 1}
    book["inspection"].cell(
        next(row[0].row for row in book["inspection"] if row[0].value == "regroup"), 2, ""
    )
    book.save(tmp_path / "five.xlsx")
    assert list(hk.load(tmp_path / "five.xlsx").characteristics["ethnicity"]) == list(groups)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_opens_a_filled_template_and_saves_it_whole(tmp_path: Path) -> None:
    hk.write_template(tmp_path / "audit.xlsx")
    before = hk.load(filled(tmp_path / "audit.xlsx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "audit.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    after = hk.load(tmp_path / "audit.ods")
    assert after.title == before.title
    assert after.cases.astype("str").equals(before.cases.astype("str"))
    assert after.answers.astype("str").equals(before.answers.astype("str"))


def test_the_csv_template_and_its_dictionary(tmp_path: Path) -> None:
    hk.write_template(tmp_path / "audit.csv", framework="pdu-2021")
    assert {path.name for path in tmp_path.iterdir()} == {"audit.csv", "audit-dictionary.csv"}
    with (tmp_path / "audit.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(["one", *["Not recorded"] * 6, "North", *["Yes"] * 13]) + "\r\n")
    assert hk.load(tmp_path / "audit.csv").size == 1


def test_a_template_is_not_written_over_and_needs_a_known_framework(tmp_path: Path) -> None:
    hk.write_template(tmp_path / "audit.xlsx")
    with pytest.raises(DataProblem, match="is there already"):
        hk.write_template(tmp_path / "audit.xlsx")
    with pytest.raises(DataProblem, match=r"as \.xlsx or \.csv"):
        hk.write_template(tmp_path / "audit.ods")
    with pytest.raises(UnknownName, match="pdu-2021"):
        hk.write_template(tmp_path / "other.xlsx", framework="pdu-2012")


def test_check_on_the_command_line(tmp_path: Path) -> None:
    assert hmip("template", tmp_path / "audit.xlsx").returncode == 0
    good = hmip("check", filled(tmp_path / "audit.xlsx"))
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.endswith("audit.xlsx: 2 cases, 26 answers; no problems\n")
    (tmp_path / "bad.csv").write_text("case_id,CRN,sex,assessment_safety\nA123456,Z999999,Mael,Y\n")
    bad = hmip("check", tmp_path / "bad.csv")
    assert bad.returncode == 10
    assert (
        bad.stderr.startswith("bad.csv: 2 problems\n  bad.csv, column B (CRN)")
        and "Traceback" not in bad.stderr
    )
    assert "value 'Y' taken as 'Yes'" in bad.stdout and "Z999999" not in bad.stdout + bad.stderr
    assert "A123456" not in bad.stdout + bad.stderr


def test_dropping_identifiers_and_the_private_map(tmp_path: Path) -> None:
    (tmp_path / "audit.csv").write_text("case_id,CRN,sex\nA123456,Z999999,F\n")
    done = hmip(
        "check", tmp_path / "audit.csv", "--drop-identifiers", "--case-map", tmp_path / "map.csv"
    )
    assert (
        done.returncode == 0
        and "column B (CRN): identifies a person (CRN) and was dropped" in done.stdout
    )
    assert (tmp_path / "map.csv").read_text().split() == ["case_id,in_file", "1,A123456"]
    assert (tmp_path / "map.csv").stat().st_mode & 0o077 == 0
    assert (
        hmip(
            "check",
            tmp_path / "audit.csv",
            "--drop-identifiers",
            "--case-map",
            tmp_path / "map.csv",
        ).returncode
        == 10
    )


@pytest.mark.parametrize("data", [False, True])
def test_new_sets_up_notebooks_on_ones_own_file(data: bool, tmp_path: Path) -> None:
    extra = []
    if data:
        (tmp_path / "mine.csv").write_text("case_id,sex,assessment_safety\na,F,Y\nb,M,N\n")
        extra = ["--data", tmp_path / "mine.csv"]
    done = hmip("new", tmp_path / "audit", *extra)
    assert done.returncode == 0, done.stderr
    name = "mine.csv" if data else "my-audit.xlsx"
    assert (tmp_path / "audit" / name).exists() and "hmip render --data" in done.stdout
    for path in (tmp_path / "audit").glob("*.ipynb"):
        cells = json.loads(path.read_text())["cells"]
        parameters = [
            "".join(cell["source"])
            for cell in cells
            if "parameters" in cell["metadata"].get("tags", ())
        ]
        assert all(f'cases = "{name}"' in text for text in parameters if "cases =" in text)
        assert not any(cell.get("outputs") for cell in cells)
    assert "kept" in hmip("new", tmp_path / "audit", *extra).stdout


def test_new_asks_before_it_replaces_another_file_of_that_name(tmp_path: Path) -> None:
    for name, sex in (("one", "F"), ("two", "M")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.csv").write_text(f"case_id,sex\na,{sex}\nb,F\n")
    here, other = tmp_path / "one" / "mine.csv", tmp_path / "two" / "mine.csv"
    assert hmip("check", here, "--keep-mappings").returncode == 0
    assert hmip("new", tmp_path / "audit", "--data", here).returncode == 0
    confirmed = (tmp_path / "one" / "mine.mapping.toml").read_bytes()
    assert (tmp_path / "audit" / "mine.mapping.toml").read_bytes() == confirmed
    kept = tmp_path / "audit" / "mine.csv"
    done = hmip("new", tmp_path / "audit", "--data", other)
    assert done.returncode != 0 and "is another file than" in done.stdout + done.stderr
    assert kept.read_bytes() == here.read_bytes()
    (tmp_path / "file").write_text("")
    done = hmip("new", tmp_path / "file" / "audit", "--data", here)
    assert done.returncode == 1 and "cannot be written" in done.stderr


def test_help_lists_the_commands_quickly() -> None:
    told = hmip("--help").stdout
    assert all(f"  {name} " in told for name in ("lab", "render", "check", "template", "new"))
    heavy = "any(name.startswith(('pandas', 'altair')) for name in sys.modules)"
    code = f"import sys, hmip_kit.cli; print({heavy})"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        == "False\n"
    )
