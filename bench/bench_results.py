"""Results by two characteristics on 6 million answers beside DuckDB, memory, and import time.

The memory is the peak beside the table. Prints one line a measure with its ratio; every ratio is
taken within this run, and nothing is compared with a stored time.
"""

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter

import duckdb
import numpy as np
import pandas as pd

import hmip_kit as hk
from hmip_kit.inspection import Inspection
from hmip_kit.schema import ANSWERS

CASES, QUESTIONS, TIMES = 100_000, 60, 5
BY = ["ethnicity", "rosh"]
QUERY = (
    "\n    select ethnicity, rosh, question, count(*) filter (answer = 'Yes') as yes, "
    "count(*) filter (answer in ('Yes', 'No')) as n\n"
    "    from answers join cases using (case_id) group by all order by all\n"
)
IMPORTS = (
    "import hmip_kit",
    "import hmip_kit as hk; hk.load; dir(hk.load('practice-cases').show)",
    "import pandas, altair, ipywidgets",
)


def sample() -> Inspection:
    """Return an inspection of made-up cases as large as nobody has."""
    random = np.random.default_rng(0)
    base = hk.load("practice-cases")
    ids = pd.Series([f"case-{place}" for place in range(CASES)], dtype="str")
    drawn = base.cases.sample(CASES, replace=True, random_state=0).reset_index(drop=True)
    questions = [f"question-{place}" for place in range(QUESTIONS)]
    answers = pd.DataFrame(
        {
            "case_id": pd.Categorical.from_codes(
                np.repeat(np.arange(CASES), QUESTIONS), pd.Index(ids)
            ),
            "question": pd.Categorical.from_codes(
                np.tile(np.arange(QUESTIONS), CASES), pd.Index(questions)
            ),
            "answer": pd.Categorical.from_codes(
                random.integers(-1, 3, CASES * QUESTIONS), pd.Index(ANSWERS)
            ),
        }
    )
    framework = replace(base.framework, questions=(), sub_questions=())
    frames = {"cases": drawn.assign(case_id=ids), "answers": answers}
    return Inspection("bench", {"title": "Bench"}, framework, frames, cases_are="own")


def seconds(run: Callable[[], object]) -> float:
    """Return the median time of a few runs, after one that does not count."""
    run()
    taken = []
    for _ in range(TIMES):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return median(taken)


def fresh(inspection: Inspection) -> pd.DataFrame:
    """Return results of an inspection that has counted nothing yet: its codes are made again."""
    return replace(inspection).show.results(BY).rows


def peak(run: Callable[[], object]) -> int:
    """Return the most memory, in bytes, that a run holds at a time beyond what there was."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def in_duckdb(inspection: Inspection) -> Callable[[], pd.DataFrame]:
    """Return DuckDB's grouping of the same frames."""
    connection = duckdb.connect()
    connection.register("answers", inspection.answers)
    connection.register("cases", inspection.cases)
    return lambda: connection.execute(QUERY).df()


def import_seconds(statement: str) -> float:
    """Return how long a new interpreter takes to import."""
    code = (
        f"from time import perf_counter; start = perf_counter(); {statement}; "
        "print(perf_counter() - start)"
    )
    return min(
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, check=True, text=True
            ).stdout
        )
        for _ in range(3)
    )


def main() -> None:
    """Print the measures."""
    inspection = sample()
    theirs = in_duckdb(inspection)
    same = fresh(inspection).query("n > 0").sort_values([*BY, "question"])[["yes", "n"]].to_numpy()
    assert sorted(map(tuple, same)) == sorted(
        map(tuple, theirs().query("n > 0")[["yes", "n"]].to_numpy())
    )
    ours, duck = seconds(lambda: fresh(inspection)), seconds(theirs)
    again = seconds(lambda: inspection.show.results(BY).rows)
    table = int(inspection.answers.memory_usage(deep=True).sum())
    memory = peak(lambda: fresh(inspection))
    alone, used, others = (import_seconds(statement) for statement in IMPORTS)
    what = f"results, {CASES * QUESTIONS:,} answers by {' and '.join(BY)}"
    print(f"{what}: {ours:.3f} s, DuckDB {duck:.3f} s, ratio {ours / duck:.2f} (at most 1.5)")
    print(f"the same asked again: {again:.3f} s, ratio {again / duck:.2f}")
    print(
        f"peak memory: {memory / 1e6:.0f} MB, table {table / 1e6:.0f} MB, "
        f"ratio {memory / table:.2f} (at most 3)"
    )
    print(
        f"import hmip_kit: {alone:.2f} s, pandas, altair and ipywidgets {others:.2f} s, "
        f"ratio {alone / others:.2f} (at most 1.25)"
    )
    print(f"import with load and the list of findings: {used:.2f} s, ratio {used / others:.2f}")


if __name__ == "__main__":
    main()
