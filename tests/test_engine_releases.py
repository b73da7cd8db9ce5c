"""Pages for sharing of cases in a database: the record of releases is a table there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ibis
import nbformat
import pandas as pd
import pytest
from audits import own, skewed
from engines import Listened, connection_to, frames_of, in_a_folder
from rendering import write_notebook
from test_release_command import run

import hmip_kit as hk
from hmip_kit.engine.releases import InDatabase
from hmip_kit.errors import KitError, NotShared
from hmip_kit.page.on_record import InFolder
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


Said = tuple[list[Any], Withheld | str]


def released(record: Any, ids: Sequence[str]) -> Said:
    """Return what a release says of itself and leaves out, and keep it; else why it is refused."""
    before = in_force(record.known())
    checked = hk.check(record.where)
    try:
        made, out = record.proposed(checked.accepted(), ids, before)
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
QUICK = ("ten more", "other ids")


@pytest.mark.parametrize(
    "chain",
    [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in CHAINS],
)
def test_the_gate_is_that_of_files(chain: str, tmp_path: Path) -> None:
    for at, frames in enumerate(CHAINS[chain]):
        folder = in_a_folder(frames, tmp_path / str(at))
        ids = frames["cases"]["case_id"].tolist()
        theirs = released(InFolder(tmp_path / "record", folder), ids)
        ours = released(InDatabase(put(tmp_path / "audit.duckdb", frames)), [])
        assert ours == theirs
    assert len(InDatabase(f"duckdb://{tmp_path}/audit.duckdb").known()) >= 1
