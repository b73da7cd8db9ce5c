"""The data as a release: version, checksums, corrections, and a sheet that has each file once."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from datapackage import CREATED, DATA, FILE, VERSION, package, written

import hmip_kit as hk

GIVEN = Path(__file__).resolve().parents[2] / "shared" / "data" / "other_inspections.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_package_is_that_of_the_files() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run `make data`"


def test_a_file_that_changed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setattr("datapackage.DATA", tmp_path)
    before = package()["resources"]
    (tmp_path / "one.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    after = package()["resources"]
    assert before[0] | {"hash": ""} == after[0] | {"hash": ""}
    assert before[0]["hash"] != after[0]["hash"]
    assert [one["name"] for one in after[0]["schema"]["fields"]] == ["a", "b"]


def test_the_version_is_the_packages() -> None:
    assert hk.data_version == json.loads(FILE.read_text(encoding="utf-8"))["version"] == VERSION
    sheet = (DATA / "README.md").read_text(encoding="utf-8")
    assert f"version {VERSION}, 27 November 2026" in sheet and CREATED == "2026-11-27"


def test_the_data_sheet_has_each_file_once() -> None:
    sheet = (DATA / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+\.(?:csv|toml|txt))` \|", sheet, re.MULTILINE)
    files = [path.relative_to(DATA) for path in DATA.rglob("*") if path.is_file()]
    files = [path for path in files if path.suffix in (".csv", ".toml", ".txt")]
    found = Counter(pattern for path in files for pattern in listed if path.match(pattern))
    for path in files:
        mine = [
            one for one in listed if path.match(one) and len(Path(one).parts) == len(path.parts)
        ]
        assert len(mine) == 1, path
    assert set(found) == set(listed) and len(set(listed)) == len(listed)


def test_each_correction_is_what_stands_there_now() -> None:
    corrections = rows(DATA / "corrections.csv")
    assert {one["version"] for one in corrections} <= {VERSION}
    figures = {one["row"]: one for one in rows(DATA / "others" / "figures.csv")}
    given = dict(enumerate(rows(GIVEN), 1)) if GIVEN.exists() else {}
    mine = [one for one in corrections if one["file"] == "others/figures.csv"]
    assert mine
    for one in mine:
        assert one["was"] != one["is"] == figures[one["row"]][one["column"]]
        if given:
            assert given[int(one["row"])]["url"] == one["was"]
