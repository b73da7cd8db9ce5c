"""Reports and tables of key questions, spoilt at random: read, or refused by name, and in time.

A table keeps its cells, so that what was taken is held against the cell that it is said to be from.
"""

import csv
import io
import random
import time
from pathlib import Path

import pytest
import xlsxwriter

import hmip_kit as hk
from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import framework_named
from hmip_kit.sources.report.limit import SECONDS

HERE = Path(__file__).resolve().parent / "reports"
QUESTIONS = [one.wording for one in framework_named("pdu-2021").questions]
TEXTS = [
    HERE / name for name in ("made-up-pdu.html", "made-up-tricky.txt", "made-up-youth-page.html")
]
PDFS = sorted(HERE.glob("*.pdf"))
ODD_LINES = [
    "",
    "1.1 Leadership",
    "R 2.1 Public protection Good",
    "Requires",
    "Overall rating",
    "Score 4/27",
    "Does assessment focus sufficiently on keeping other people safe? 12%",
    "The Oldshire PDU should:",
    "1. do a thing",
    "In 24 out of 47 cases (51 per cent) and (6/50) of the rest",
    "An inspection of probation services in",
    "# Ratings",
    "<table><tr><td colspan='9'>",
    "</div>" * 40,
    "<div>" * 300,
    "?" * 500,
    "." * 900 + "x",
    "[a](" * 200,
    "\x00\ufeff\u202e",
    "9" * 4000,
    "Good\tGood\tGood\tInadequate",
]
ODD_CELLS = ["", "43%", "43", "0.43", "1", "0", "18/42", "43% (18/42)", "n = 42", "[c]", "#N/A"]
ODD_CELLS += ["=1+1", "Yes", "-1", "101%", "9999", "maybe", "East PDU", QUESTIONS[0], "\u202e%"]
RATED = {"", "Outstanding", "Good", "Requires improvement", "Inadequate"}
KINDS = ["lines", "lines", "bytes", "csv", "csv", "xlsx"]


def spoilt_lines(chance: random.Random) -> tuple[str, bytes]:
    """Return a text or page with some lines gone, doubled, swapped or put in."""
    path = chance.choice(TEXTS)
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        how = chance.choice(["drop", "double", "swap", "odd", "join", "cut"])
        other = chance.randrange(len(lines))
        if how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "double":
            lines[at:at] = [lines[at]] * chance.choice([1, 3, 200])
        elif how == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "odd":
            lines.insert(at, chance.choice(ODD_LINES))
        elif how == "join":
            lines[at] += lines[other]
        else:
            lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
    return path.suffix, "\n".join(lines).encode("utf-8", "surrogatepass")


def spoilt_bytes(chance: random.Random) -> tuple[str, bytes]:
    """Return a file, one in three a PDF, with some bytes changed, or cut off."""
    path = chance.choice(PDFS if chance.random() < 0.3 else TEXTS)
    content = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    cut = chance.randint(1, len(content)) if chance.random() < 0.2 else len(content)
    return path.suffix, bytes(content[:cut])


def table(chance: random.Random) -> list[list[str]]:
    """Return a table of key questions, of one unit or of several abreast, with cells spoilt."""
    units = chance.choice([[""], ["East PDU"], ["East PDU", "West PDU"]])
    kinds = chance.choice(
        [["%"], ["%", "n"], ["%", "Yes", "n"], ["Yes", "n"], ["Percentage 'Yes'"]]
    )
    rows = [["", *(unit if kind == kinds[0] else "" for unit in units for kind in kinds)]]
    rows.append(["Key question", *(kind for _ in units for kind in kinds)])
    for question in chance.sample(QUESTIONS, chance.randint(1, 13)):
        n = chance.randint(20, 90)
        yes = chance.randint(0, n)
        told = {"n": n, "Yes": yes}
        share = f"{100 * yes / n:.0f}{chance.choice(['', '%'])}"
        rows.append([question, *(str(told.get(one, share)) for _ in units for one in kinds)])
    for _ in range(chance.randint(0, 3)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(ODD_CELLS)
    if chance.random() < 0.3:
        rows.insert(chance.randrange(len(rows)), [chance.choice(ODD_CELLS)] * 3)
    return rows


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Data")
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text)
    book.close()
    return content.getvalue()


def cells(rows: list[list[str]], sheet: str) -> dict[str, str]:
    """Return the text of each cell by its name."""
    return {
        f"{sheet}{chr(65 + column)}{row + 1}": " ".join(text.split())
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    }


def held(found: Inspection, known: dict[str, str]) -> None:
    """Hold what was read against what it must be whatever the file."""
    assert set(found.ratings["rating"]) <= RATED
    published = found.published
    assert published["yes"].le(published["n"]).all() and published["question"].is_unique
    if known:
        taken = found.table("taken")
        for row in taken[~taken["cell"].str.startswith("above ")].to_dict("records"):
            assert known[row["cell"]] == row["printed"], row


def tried(seed: int, folder: Path) -> None:
    """Spoil one file and read it."""
    chance = random.Random(seed)
    kind = chance.choice(KINDS)
    known: dict[str, str] = {}
    if kind in ("csv", "xlsx"):
        rows = table(chance)
        content = as_csv(rows) if kind == "csv" else as_xlsx(rows)
        ending, known = f".{kind}", cells(rows, "" if kind == "csv" else "Data: ")
        if kind == "xlsx" and chance.random() < 0.3:
            spoilt = bytearray(content)
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            content, known = bytes(spoilt), {}
    else:
        ending, content = (spoilt_lines if kind == "lines" else spoilt_bytes)(chance)
    path = folder / f"spoilt{ending}"
    path.write_bytes(content)
    unit, began = chance.choice([None, None, "East PDU"]), time.monotonic()
    try:
        held(hk.read_report(path, unit), known)
    except KitError as error:
        assert str(error)
    assert time.monotonic() - began < SECONDS + 2


def tried_all(seeds: range, folder: Path) -> None:
    for seed in seeds:
        try:
            tried(seed, folder)
        except Exception as error:
            raise AssertionError(f"report {seed}: {type(error).__name__}: {error}") from error


def test_a_spoilt_report_is_read_or_refused_in_time(tmp_path: Path) -> None:
    tried_all(range(80), tmp_path)


def test_a_row_of_bases_with_what_is_no_number_is_no_traceback(tmp_path: Path) -> None:
    tried(304_493, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_five_thousand_spoilt_reports_are_read_or_refused_in_time(
    part: int, tmp_path: Path
) -> None:
    tried_all(range(500 * part, 500 * (part + 1)), tmp_path)
