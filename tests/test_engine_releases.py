"""Pages for sharing of cases in a database: the record of releases is a table there."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pytest
from audits import own, skewed
from engines import Listened, frames_of, in_a_folder
from rendering import write_cases, write_notebook
from test_release_command import run

import hmip_kit as hk
from hmip_kit.errors import KitError, NotShared
from hmip_kit.page.on_record import InFolder
from hmip_kit.protect.in_database import InDatabase
from hmip_kit.protect.payload import Withheld
from hmip_kit.protect.releases import Release, in_force

Frames = dict[str, pd.DataFrame]
YEAR = frames_of(skewed(140, 3))


def part(places: Sequence[int], change: Callable[[Frames], None] | None = None) -> Frames:
    """Return some cases of the year, changed."""
    ids = YEAR["cases"]["case_id"].iloc[list(places)]
    frames = {
        name: one[one["case_id"].isin(ids)].reset_index(drop=True) for name, one in YEAR.items()
    }
    if change:
        change(frames)
    return frames


def renumbered(frames: Frames) -> None:
    names = {one: f"new-{at}" for at, one in enumerate(frames["cases"]["case_id"])}
    for name, frame in frames.items():
        frames[name] = frame.assign(case_id=frame["case_id"].map(names))


def answered(frames: Frames) -> None:
    known = frames["answers"]["answer"].iloc[0]
    frames["answers"].loc[0, "answer"] = "No" if known == "Yes" else "Yes"


def with_column(frames: Frames) -> None:
    frames["cases"]["grade"] = "A"


def put(path: Path, frames: Frames) -> str:
    """Write frames as the tables of a database of DuckDB, and return its address."""
    connection = ibis.duckdb.connect(path)
    for name, frame in frames.items():
        connection.create_table(name, frame, overwrite=True)
    connection.disconnect()
    return f"duckdb://{path}"


def check_nothing_left(ear: Listened, size: int) -> None:
    """Hold that what a database answered are numbers, and no case, id or its hash."""
    texts = {str(one) for one in ear.values()}
    assert size in ear.values() and any("create" in one.lower() for one in ear.said)
    assert not any(one.startswith(("MARKER", "new-")) or len(one) > 60 for one in texts)


Said = tuple[list[Any], Withheld | str]


def released(record: Any, ids: Sequence[str]) -> Said:
    """Return what a release says of itself and leaves out, and keep it; else why it is refused."""
    before = in_force(record.known())
    if isinstance(record, InDatabase):
        record.where.con = Listened(record.where.con)
    checked = hk.check(record.where)
    try:
        made, out = record.proposed(checked.accepted(), ids, before)
        if isinstance(record, InDatabase):
            check_nothing_left(record.where.con, checked.accepted().size)
        record.close()
        record.keep(
            Release(
                **{
                    **made.__dict__,
                    "pages": {"a.html": "5e"},
                    "made": f"2026-01-{len(before) + 1:02}",
                }
            )
        )
    except NotShared as error:
        record.close()
        return [], str(error).partition(" are ")[0]
    first = before[0].id if before else "none"
    withheld = [one.replace(first, "the first") for one in made.withheld]
    return [made.groups, withheld, made.size], out


CHAINS: dict[str, list[Frames]] = {
    "ten more": [part(range(60)), part(range(70))],
    "three more": [part(range(60)), part(range(63))],
    "other ids": [part(range(60)), part(range(72), renumbered)],
    "an answer filled in": [part(range(60)), part(range(60), answered)],
    "a column more": [part(range(60)), part(range(66), with_column)],
    "nothing in common": [part(range(60)), part(range(70, 130))],
    "a chain": [part(range(60)), part(range(20, 80)), part(range(85)), part(range(120))],
    "other people": [part(range(60)), frames_of(own(64, 9))],
}


def plain(places: Sequence[int]) -> Frames:
    """Return some cases that say little of themselves."""
    frames = part(places)
    return {"cases": frames["cases"][["case_id", "sex", "rosh"]], "answers": frames["answers"]}


CHAINS["few columns"] = [plain(range(60)), plain(range(71))]


@pytest.mark.parametrize(
    "chain",
    [one if "few" in one else pytest.param(one, marks=pytest.mark.slow) for one in CHAINS],
)
def test_the_gate_is_that_of_files(chain: str, tmp_path: Path) -> None:
    for at, frames in enumerate(CHAINS[chain]):
        folder = in_a_folder(frames, tmp_path / str(at))
        ids = frames["cases"]["case_id"].tolist()
        theirs = released(InFolder(tmp_path / "record", folder), ids)
        ours = released(InDatabase(put(tmp_path / "audit.duckdb", frames)), [])
        assert ours == theirs
    assert len(InDatabase(f"duckdb://{tmp_path}/audit.duckdb").known()) >= 1


@pytest.fixture
def audit(tmp_path: Path) -> tuple[Path, Path]:
    """Return a notebook and a database of 40 cases, which are in files too."""
    tables = write_cases(tmp_path / "cases", 40)
    put(tmp_path / "cases.duckdb", {one.stem: pd.read_csv(one) for one in tables.glob("*.csv")})
    return write_notebook(tmp_path / "audit.ipynb"), tmp_path / "cases.duckdb"


def cubes_in(page: Path) -> Any:
    """Return what a page counts, without what its data are called."""
    return re.findall(r'"tallies":\s*(\{"keys".*?\})\s*[,}]', page.read_text())


@pytest.mark.slow
def test_a_page_of_a_database_is_that_of_files(audit: tuple[Path, Path], tmp_path: Path) -> None:
    notebook, database = audit
    address = f"duckdb://{database}"
    out = {"files": tmp_path / "cases", "database": address}
    for name, data in out.items():
        done = run("render", notebook, "--data", data, "--out", tmp_path / name, "--first-release")
        assert done.exit_code == 0, done.stderr
    theirs, ours = (cubes_in(tmp_path / name / "audit.html") for name in out)
    assert ours == theirs != []
    listed = run("releases", address)
    assert "40 cases  audit.html" in listed.stdout
    connection = ibis.duckdb.connect(database)
    connection.raw_sql("delete from cases where rowid < 3")
    connection.raw_sql("delete from answers where case_id not in (select case_id from cases)")
    connection.disconnect()
    done = run("render", notebook, "--data", address, "--out", tmp_path / "database")
    assert done.exit_code == 20
    assert "3 cases are in release" in done.stderr
    release = listed.stdout.split()[0]
    assert release in run("releases", address, "--delete", release).stdout
    assert "on record" in run("releases", address).stdout


def test_what_cannot_be_recorded_is_said(audit: tuple[Path, Path], tmp_path: Path) -> None:
    notebook, database = audit
    address, out = f"duckdb://{database}", ["--out", tmp_path / "out", "--first-release"]
    reader = ibis.duckdb.connect(database, read_only=True)
    done = run("render", notebook, "--data", address, *out)
    reader.disconnect()
    assert done.exit_code == 1
    assert "the record of releases is kept there: may you write to the database" in done.stderr
    done = run("render", notebook, "--data", f"{address}?read_only=True", *out)
    assert "may you write to the database" in done.stderr
    assert not [*(tmp_path / "out").iterdir()]
    with pytest.raises(KitError, match="gave no answer"):
        hk.load(f"duckdb://{tmp_path}/nowhere.duckdb")
    assert not (tmp_path / "nowhere.duckdb").exists()


@pytest.mark.slow
def test_cases_of_elsewhere_are_refused(audit: tuple[Path, Path], tmp_path: Path) -> None:
    notebook, database = audit
    again = f"import ibis; hk.load(ibis.duckdb.connect('{database}', read_only=True))"
    level = "--level", "unit"
    done = run("render", notebook, "--data", f"duckdb://{database}", *level, "--out", tmp_path)
    assert "a page for the unit only carries a record a case" in done.stderr
    for more in (f"hk.load('{tmp_path}/cases')", again):
        write_notebook(notebook, f"{more};")
        done = run(
            *("render", notebook, "--data", f"duckdb://{database}"),
            *("--out", tmp_path / "out", "--first-release"),
        )
        assert done.exit_code == 20, done.stderr
        assert "database" in done.stderr
