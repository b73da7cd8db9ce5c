"""Files with a known truth, spoilt at random: read cell by cell as they are, or a word is said.

`HMIP_SPOILT` sets how many are tried, beside those of the short tests.
"""

import os
import random
import time
from pathlib import Path

import pytest
from mutated import HEAD, Spoilt, bitten, spoilt, wanted, written

import hmip_kit as hk
from hmip_kit.sources.own import Checked

SECONDS = 5.0
FEW = 1000  # which takes about twenty seconds
MANY = int(os.environ.get("HMIP_SPOILT", "20000"))
ENDINGS = ("csv", "xlsx", "ods")


def held(found: Checked) -> dict[str, list[str]]:
    """Return what was read, by case."""
    mine = found.accepted()
    asked = mine.answers.astype("object").set_index(["case_id", "question"])["answer"]
    told = asked.where(asked.notna(), "").to_dict()
    rows = mine.cases.astype("str").to_dict("records")
    return {
        row["case_id"]: [
            *(row[one] for one in HEAD[1:4]),
            *(told[row["case_id"], one] for one in HEAD[4:]),
        ]
        for row in rows
    }


def tried(number: int, folder: Path) -> str:
    """Return what went wrong with a file of this number; blank where nothing did."""
    chance = random.Random(number)
    made, ending = spoilt(chance), ENDINGS[number % 3]
    path = written(made, ending, chance, folder)
    bites = number % 5 == 0
    if bites:
        path.write_bytes(bitten(path.read_bytes(), chance))
    start = time.process_time()
    found = hk.check(path)
    if time.process_time() - start > SECONDS:
        return "over time"
    if found.inspection is None:
        if not all(one.startswith("audit.") for one in found.problems) or not found.problems:
            return "a problem without a place"
        return "" if made.refused or bites else f"refused: {found.problems[0]}"
    if bites and ending == "csv":
        return ""  # another text is another truth: `test_own_mutations` reads these as Python does
    return _unlike(found, made)


def _unlike(found: Checked, made: Spoilt) -> str:
    if made.refused:
        return "not refused"
    if held(found) != wanted(made):
        return "read otherwise"
    words = {*made.words, *(["hidden"] if made.hidden else [])}
    missing = [one for one in words if not any(one in warning for warning in found.warnings)]
    return f"not said: {missing}" if missing else ""


def wrong(numbers: range, folder: Path) -> dict[int, str]:
    """Return what went wrong with the files of these numbers."""
    said = {number: tried(number, folder) for number in numbers}
    return {number: what for number, what in said.items() if what}


def test_spoilt_files_are_read_cell_by_cell_or_a_word_is_said(tmp_path: Path) -> None:
    assert wrong(range(FEW), tmp_path) == {}


@pytest.mark.slow
def test_many_spoilt_files(tmp_path: Path) -> None:
    assert wrong(range(FEW, FEW + MANY), tmp_path) == {}
