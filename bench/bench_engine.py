"""Cases that stay in DuckDB: opening, checking, a click and memory, beside DuckDB's own grouping.

python bench/bench_engine.py [CASES ...]: 100,000 and 1,000,000 cases where none is said; each size
runs in a process of its own, whose peak memory is printed. Every ratio is taken within this run.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import ibis

import hmip_kit as hk
from hmip_kit.engine import opening
from hmip_kit.inspection import Inspection

SIZES = (100_000, 1_000_000)
IN_MEMORY = 1_000_000  # cases: a larger sample is not set beside the same in memory
MEMORY, TIMES = "500MB", 5
CHARACTERISTICS = {
    "sentence_type": ("Community", "Licence"),
    "sex": ("Female", "Male", "Not recorded"),
    "age_group": ("18 to 25", "26 to 35", "36 to 49", "50 and over"),
    "disability": ("Yes", "No", "Not recorded"),
    "rosh": ("Low", "Medium", "High", "Very high"),
    "office": tuple(f"Office {place}" for place in range(10)),
}
FILTERS: tuple[dict[str, Any], ...] = (
    {"sex": "Female"},
    {"sex": "Male", "rosh": ["High", "Very high"]},
    {"office": "Office 3"},
)
Seconds = dict[str, float]


def made(path: Path, cases: int) -> Any:
    """Return a connection to a new database of made-up cases, each with answers to 13 questions."""
    connection = ibis.duckdb.connect(
        path, memory_limit=MEMORY, temp_directory=path.parent / "spilt"
    )
    connection.raw_sql("set enable_progress_bar = false")
    columns = ", ".join(
        f"{list(values)!r}[1 + (hash(range * 31 + {place}) % {len(values)})::int] as {name}"
        for place, (name, values) in enumerate(CHARACTERISTICS.items())
    )
    questions = [one.id for one in hk.load("practice-cases").framework.questions]
    assert len(questions) == 13
    connection.raw_sql(
        "create table cases as select 'case-' || lpad(range::varchar, 8, '0') as case_id, "
        f"{columns} from range({cases})"
    )
    connection.raw_sql(
        "create table answers as select case_id, question, ['Yes', 'No', 'Not applicable', null]"
        "[1 + (hash(case_id || question) % 4)::int] as answer "
        f"from cases, (select unnest({questions!r}) as question)"
    )
    return connection


def seconds(run: Callable[[], object], times: int = 1) -> float:
    """Return the median time of some runs."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return median(taken)


def grouped(connection: Any) -> None:
    """Group the long tables as DuckDB does by itself: cases joined to answers, once."""
    names = ", ".join(CHARACTERISTICS)
    connection.raw_sql(
        f"select {names}, question, answer, count(*) from cases join answers using (case_id) "
        "group by all"
    ).fetchall()


def opened(connection: Any) -> tuple[Inspection, Seconds]:
    """Return the cases opened, and the seconds of what is checking and of the rest."""
    checking = 0.0
    parts = {name: getattr(opening, name) for name in ("stored", "_note_faults")}

    def timed(part: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            nonlocal checking
            start = perf_counter()
            found = part(*given)
            checking += perf_counter() - start
            return found

        return run

    for name, part in parts.items():
        setattr(opening, name, timed(part))
    start = perf_counter()
    engine = hk.load(connection)
    whole = perf_counter() - start
    for name, part in parts.items():
        setattr(opening, name, part)
    return engine, {"checking": checking, "opening": whole - checking}


def click(inspection: Inspection) -> float:
    """Return the seconds of a filter and the picture that follows it."""

    def show(one: dict[str, Any]) -> object:
        return inspection.where(**one).show.key_questions().rows

    return median(seconds(partial(show, one), TIMES) for one in FILTERS)


def measure(cases: int) -> None:
    """Print the measures of one size."""
    with tempfile.TemporaryDirectory() as folder:
        connection = made(Path(folder) / "bench.duckdb", cases)
        theirs = seconds(lambda: grouped(connection))
        engine, taken = opened(connection)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        assert engine.size == cases
        ours = click(engine)
        print(f"{cases:,} cases, {13 * cases:,} answers")
        print(f"  DuckDB's own grouping of the long tables: {theirs:.2f} s")
        for name, most in (("opening", 2), ("checking", 2)):
            ratio = f"ratio {taken[name] / theirs:.2f} (wanted: at most {most})"
            print(f"  {name}: {taken[name]:.2f} s, {ratio}")
        print(f"  peak memory of the process: {peak:.2f} GB (wanted: at most 1)")
        print(f"  a click from combinations: {1000 * ours:.1f} ms")
        if cases <= IN_MEMORY:
            for name in ("cases", "answers"):
                connection.raw_sql(f"copy {name} to '{folder}/{name}.parquet'")
            (Path(folder) / "files").mkdir()
            for name in ("cases", "answers"):
                (Path(folder) / f"{name}.parquet").rename(
                    Path(folder) / "files" / f"{name}.parquet"
                )
            memory = hk.load(Path(folder) / "files")
            beside = click(memory)
            for one in FILTERS:
                theirs_and_ours = (
                    each.where(**one).show.key_questions() for each in (memory, engine)
                )
                assert len({each.sentence.partition(".")[2] for each in theirs_and_ours}) == 1
            print(
                f"  the same click in memory: {1000 * beside:.1f} ms, "
                f"ratio {ours / beside:.2f} (wanted: at most 1.2)"
            )


def main() -> None:
    """Print the measures of each size, from a process each."""
    for cases in sys.argv[1:] or SIZES:
        code = f"import bench_engine; bench_engine.measure({int(cases)})"
        where = Path(__file__).parent
        subprocess.run([sys.executable, "-c", code], check=True, cwd=where)


if __name__ == "__main__":
    main()
