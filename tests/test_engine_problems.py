"""What is wrong with tables of a database is said in the words of a file, with keys for rows."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from audits import own
from engines import connection_to, frames_of, in_a_folder

import hmip_kit as hk
from hmip_kit.counts import count
from hmip_kit.engine import opening, written
from hmip_kit.errors import DataProblem, KitError, UnknownName

Frames = dict[str, pd.DataFrame]
Change = Callable[[Frames], None]


def put(name: str, column: str, row: int, value: object) -> Change:
    def change(frames: Frames) -> None:
        given: Any = value
        frames[name].loc[row, column] = given

    return change


def with_column(name: str, column: str, values: Callable[[int], list[Any]]) -> Change:
    def change(frames: Frames) -> None:
        frames[name][column] = values(len(frames[name]))

    return change


def without(name: str, column: str) -> Change:
    def change(frames: Frames) -> None:
        del frames[name][column]

    return change


def renamed(name: str, column: str, heading: str) -> Change:
    def change(frames: Frames) -> None:
        frames[name] = frames[name].rename(columns={column: heading})

    return change


def again(name: str, many: int) -> Change:
    def change(frames: Frames) -> None:
        frames[name] = pd.concat([frames[name], frames[name].tail(many)], ignore_index=True)

    return change


SAME: Mapping[str, Change] = {  # what a file and a database say in the same words
    "a value": put("cases", "sex", 3, "Mael"),
    "two values": put("answers", "answer", 7, "Perhaps"),
    "a name": put("cases", "disability", 1, "Grace Hopper"),
    "a question": put("answers", "question", 0, "delivery_saftey"),
    "a flag": put("needs", "improved", 0, "maybe"),
    "a need": put("needs", "need", 2, "Drugs and such"),
    "no need": put("needs", "need", 3, None),
    "an error": put("cases", "rosh", 2, "#REF!"),
    "a heading that is nearly one": renamed("cases", "ethnicity", "Ethncity"),
    "a personal heading": with_column("cases", "Surname", lambda n: ["Hopper"] * n),
    "identifiers": with_column("cases", "mark", lambda n: [f"X{at:06}" for at in range(n)]),
    "names": with_column("cases", "who", lambda n: ["Grace Hopper", "Ada Lovelace"] * (n // 2)),
    "a stranger": with_column("answers", "colour", lambda n: ["red"] * n),
}
ALONE: Mapping[str, Change] = {  # the same, each by itself
    "a missing column": without("answers", "answer"),
    "no id": without("cases", "case_id"),
}
KEYS: Mapping[str, tuple[Change, str]] = {  # rows that are wrong, and what is said of one
    "no case": (
        put("answers", "case_id", 0, "A-nobody"),
        "answers, column case_id, case 'A-nobody': is no case of the table of cases",
    ),
    "an answer again": (
        again("answers", 1),
        "answers, column question, case 'MARKER-1-00039': '",
    ),
    "a need again": (
        again("needs", 1),
        "needs, column need, case 'MARKER-1-00039': this need of this case stands before",
    ),
    "a case again": (
        again("cases", 1),
        "cases, column case_id, case 'MARKER-1-00039': stands 2 times",
    ),
    "a blank id": (put("cases", "case_id", 5, None), "cases, column case_id: no case is given"),
    "a value": (put("cases", "sex", 3, "Mael"), "cases, column sex, case 'MARKER-1-00003': 'Mael'"),
}


@pytest.fixture(scope="module")
def frames() -> Frames:
    made = frames_of(own(40))
    flags = made["needs"].columns.drop(["case_id", "need"])
    yes = {True: "Yes", False: "No"}
    for flag in flags:
        made["needs"][flag] = made["needs"][flag].map(yes)
    return made


def checked(frames: Frames, change: Change, folder: Path) -> tuple[list[str], list[str]]:
    """Return the problems of a file, and of the same in a database."""
    changed = {name: frame.copy() for name, frame in frames.items()}
    change(changed)
    files = in_a_folder(changed, folder)
    return [*hk.check(files).problems], [*hk.check(connection_to(files)).problems]


def words(problems: list[str]) -> set[str]:
    """Return what problems say, without the place."""
    return {one.partition(": ")[2].partition("; 'hmip")[0] for one in problems}


def all_of(changes: Iterable[Change]) -> Change:
    def change(frames: Frames) -> None:
        for one in changes:
            one(frames)

    return change


@pytest.mark.parametrize(
    "changes",
    [
        [*SAME.values()],
        *(pytest.param([one], marks=pytest.mark.slow) for one in ALONE.values()),
    ],
)
def test_the_words_of_a_file(changes: list[Change], frames: Frames, tmp_path: Path) -> None:
    theirs, ours = checked(frames, all_of(changes), tmp_path / "audit")
    assert len(ours) >= len(changes)
    rows = {one for one in words(theirs) if "is no case of the table" in one}  # by key here
    assert words(theirs) - rows == words(ours)


def test_rows_by_the_key_of_their_case(frames: Frames, tmp_path: Path) -> None:
    changes = all_of(change for change, _ in KEYS.values())
    theirs, ours = checked(frames, changes, tmp_path / "audit")
    assert len(theirs) >= len(KEYS)
    for _, said in KEYS.values():
        assert any(one.startswith(said) for one in ours), ours


@pytest.mark.slow
def test_twenty_keys_at_most_are_told(frames: Frames, tmp_path: Path) -> None:
    def change(changed: Frames) -> None:
        changed["answers"].loc[:400, "case_id"] = [f"nobody-{at:03}" for at in range(401)]
        changed["cases"].loc[0, "sex"] = "Mael"

    _, ours = checked(frames, change, tmp_path / "audit")
    assert sum("nobody-" in one or "MARKER" in one for one in ours) == 20
    assert any("401 rows are about no case of the table of cases" in one for one in ours)
    assert any("'Mael' is not one of" in one for one in ours)


@pytest.mark.slow
def test_nothing_is_loaded_that_has_a_problem(frames: Frames, tmp_path: Path) -> None:
    changed = {**frames, "cases": frames["cases"].assign(sex="Mael")}
    connection = connection_to(in_a_folder(changed, tmp_path / "audit"))
    before = connection.list_tables()
    with pytest.raises(DataProblem, match="is not one of Female, Male, Not recorded"):
        hk.load(connection)
    assert connection.list_tables() == before


@pytest.mark.slow
def test_text_is_not_kept_and_identifiers_are_dropped_when_asked(
    frames: Frames, tmp_path: Path
) -> None:
    cases = frames["cases"].assign(
        remark=[f"something about {at}" for at in range(40)], surname="Hopper"
    )
    connection = connection_to(in_a_folder({**frames, "cases": cases}, tmp_path / "audit"))
    found = hk.check(connection, drop_identifiers=True)
    assert not found.problems
    assert any(
        "40 different values, over 20: it is taken for text" in one for one in found.warnings
    )
    assert "surname" not in found.accepted().frames["cases"]


@pytest.mark.slow
def test_values_of_other_kinds_mean_the_same(frames: Frames, tmp_path: Path) -> None:
    """Ids as numbers, ages as floats, booleans, dates, blanks and spellings."""
    numbers = {one: at for at, one in enumerate(frames["cases"]["case_id"], 1)}
    changed = {
        name: frame.assign(case_id=frame["case_id"].map(numbers)) for name, frame in frames.items()
    }
    ages = np.where(np.arange(40) % 5, 20.0 + np.arange(40), np.nan)
    starts = pd.to_datetime(["2024-03-01", "2024-04-01"] * 20)
    sexes = frames["cases"]["sex"].map({"Male": " M ", "Female": "female"})
    changed["cases"] = changed["cases"].assign(
        age_group=ages, sex=sexes, leaver=np.arange(40) % 3 == 0, started=starts
    )
    changed["answers"]["case_id"] = changed["answers"]["case_id"].astype("float64")
    files = in_a_folder(changed, tmp_path / "audit")
    memory, engine = hk.load(files), hk.load(connection_to(files))
    assert engine.characteristics == memory.characteristics
    assert engine.characteristics["leaver"] == ["Yes", "No"]
    for name in ("age_group", "leaver", "started", "sex"):
        theirs, ours = (one.show.results(name).rows for one in (memory, engine))
        pd.testing.assert_frame_equal(ours, theirs)


@pytest.mark.slow
def test_a_view_an_empty_table_and_answers_in_columns(frames: Frames, tmp_path: Path) -> None:
    connection = connection_to(in_a_folder(frames, tmp_path / "audit"))
    connection.raw_sql("create view women as from cases where sex = 'Female'")
    connection.raw_sql("create view theirs as from answers semi join women using (case_id)")
    connection.raw_sql("create view needed as from needs semi join women using (case_id)")
    connection.raw_sql("create table wide as pivot theirs on question using first(answer)")
    women = hk.load(connection, cases="women", answers="theirs", needs="needed")
    whole = hk.load(in_a_folder(frames, tmp_path / "files")).where(sex="Female")
    assert women.size == whole.size > 0
    wide_ones = hk.load(connection, cases="women", answers="wide", needs="needed")
    for one in (women, wide_ones):
        assert one.show.key_questions().rows["yes"].tolist() == (
            whole.show.key_questions().rows["yes"].tolist()
        )
    connection.raw_sql("create view none as from cases limit 0")
    connection.raw_sql("create view silence as from answers limit 0")
    connection.raw_sql("create view needless as from needs limit 0")
    empty = hk.load(connection, cases="none", answers="silence", needs="needless")
    assert (empty.size, empty.show.key_questions().rows.empty) == (0, False)


def test_what_there_is_not_is_said(frames: Frames, tmp_path: Path) -> None:
    connection = connection_to(in_a_folder(frames, tmp_path / "audit"))
    with pytest.raises(UnknownName, match="no table 'casez': did you mean 'cases'"):
        hk.load(connection, cases="casez")
    with pytest.raises(KitError, match="the database gave no answer"):
        hk.load(f"duckdb://{tmp_path}/nowhere/audit.duckdb")
    with pytest.raises(KitError, match="a table is named of a database"):
        hk.load(tmp_path / "audit", cases="cases")
    connection.raw_sql(f"create view gone as from '{tmp_path}/audit/cases.parquet'")
    (tmp_path / "audit" / "cases.parquet").unlink()
    with pytest.raises(KitError, match="may you read each table"):
        hk.load(connection, cases="gone")
    connection.raw_sql("drop table cases; drop table answers; drop table needs")
    with pytest.raises(UnknownName, match="no table is called cases, answers, needs"):
        hk.load(connection)


def test_a_table_that_changes_and_a_lost_connection(frames: Frames, tmp_path: Path) -> None:
    connection = connection_to(in_a_folder(frames, tmp_path / "audit"))
    engine = hk.load(connection)
    connection.raw_sql("delete from cases")
    assert engine.where(sex="Male").show.needs().rows["n"].sum() > 0  # as it was when it was opened
    connection.con.close()
    with pytest.raises(KitError, match=r"gave no answer \(ConnectionException\).*connection open"):
        count(engine, ["all"], ["need/Finance"])


@pytest.mark.slow
def test_a_table_that_changes_while_it_is_read(
    frames: Frames, tmp_path: Path, monkeypatch: Any
) -> None:
    connection = connection_to(in_a_folder(frames, tmp_path / "other"))

    def changed(*given: Any) -> Any:
        connection.raw_sql("update cases set sex = 'Unknown'")
        return written(*given)

    monkeypatch.setattr(opening, "written", changed)
    with pytest.raises(DataProblem, match="changed while it was read"):
        hk.load(connection)
