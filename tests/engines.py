"""The same cases in a file and in an engine, and a connection that is listened to."""

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import ibis
import pandas as pd
import pyarrow as pa

import hmip_kit as hk
from hmip_kit.counts import CELLS, LINKS, PATTERNS, STEPS, need_key, pair_key
from hmip_kit.inspection import Inspection
from hmip_kit.schema import NEEDS

TABLES = ("cases", "answers", "needs")
SPARK = bool(os.environ.get("HMIP_ENGINES"))  # `make engines` says so
ENGINES = ["duckdb", "pyspark"] if SPARK else ["duckdb"]


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose categories are texts, as a database has them."""
    texts = [name for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    return frame.astype(dict.fromkeys(texts, "str"))


def frames_of(inspection: Inspection) -> dict[str, pd.DataFrame]:
    return {name: plain(inspection.frames[name]) for name in TABLES}


def in_a_folder(frames: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def connection_to(folder: Path, engine: str = "duckdb") -> Any:
    """Return a connection to an engine whose tables are the files of a folder."""
    connection = ibis.duckdb.connect() if engine == "duckdb" else _spark()
    for file in sorted(folder.glob("*.parquet")):
        if engine == "duckdb":
            connection.raw_sql(f"create or replace table {file.stem} as from '{file}'")
        else:
            connection._session.read.parquet(str(file)).createOrReplaceTempView(file.stem)
    return connection


def _spark() -> Any:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    return ibis.pyspark.connect(session)


def both(inspection: Inspection, folder: Path, engine: str = "duckdb") -> tuple[Inspection, Any]:
    """Return the cases of an inspection from files, and a connection to the same in an engine."""
    files = in_a_folder(frames_of(inspection), folder)
    return hk.load(files), connection_to(files, engine)


def tallies_of(inspection: Inspection, many: int) -> list[str]:
    """Return tallies of every kind on an inspection, as many of each."""
    questions, needs = inspection.questions[:13], inspection.all_cases.needs
    answers = (
        f"answer/{one}/{what}"
        for what, one in product(("yes", "no", "n", "not_applicable", "not_recorded"), questions)
    )
    whats = ("n", *STEPS, *(f"{one}_n" for one in STEPS), *PATTERNS)
    by_need = (need_key(*one) for one in product(needs, LINKS, whats))
    places = [*questions[:4], *(f"{one}/improved" for one in needs[:3])]
    cells = (*CELLS, "n", "with", "without", "not_counted")
    pairs = (pair_key(one, two, cell) for one, two, cell in product(places, places, cells))
    groups = (
        f"group/{name}/{quote(value, safe='')}/answer/{one}/yes"
        for name, values in inspection.characteristics.items()
        for value in values
        for one in questions[:3]
    )
    strands = ("safety", "desistance", "engagement")
    reach = (f"reach/{strand}/{what}" for strand in strands for what in ("n", *range(5)))
    inside = (f"where_no/{one}/{two}/no" for one, two in product(questions[:5], questions[5:10]))
    kinds = (answers, by_need, pairs, groups, reach, inside)
    return ["all", *(key for kind in kinds for key in islice(kind, many))]


def filters_of(inspection: Inspection) -> Iterator[dict[str, Any]]:
    """Return filters on an inspection: none, of one value, of two, of several values, by need."""
    yield {}
    known = inspection.characteristics
    for name, values in known.items():
        for value in values:
            yield {name: value}
    for one, two in zip(known, [*known][1:], strict=False):
        yield {one: known[one][:2], two: known[two][-1]}
    for need in NEEDS:
        yield {"need": need}
        yield {"need": [need, NEEDS[0]], "sex": inspection.characteristics["sex"][0]}


class Listened:
    """A connection of DuckDB that keeps what is asked of it, and every value that it answers."""

    def __init__(self, real: Any) -> None:
        self.real, self.said, self.answered = real, list[str](), list[pd.DataFrame]()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.real, name)
        if not callable(found):
            return found

        def called(*given: Any, **named: Any) -> Any:
            if name in ("execute", "sql", "query"):
                self.said.append(str(given[0]))
            out = found(*given, **named)
            if out is self.real:
                return self
            if isinstance(out, pa.RecordBatchReader):
                out = out.read_all()
                self.answered.append(out.to_pandas())
                return out.to_reader()
            if isinstance(out, pa.Table):
                self.answered.append(out.to_pandas())
            elif isinstance(out, pd.DataFrame | list | tuple):
                self.answered.append(pd.DataFrame(out))
            return out

        return called

    def values(self) -> Iterable[object]:
        """Return every value that was answered."""
        return (one for frame in self.answered for name in frame for one in frame[name])
