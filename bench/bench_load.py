"""Loading and checking 6 million answers, long, beside pandas only reading the same file.

Prints one line a kind of file with its ratio and the most that is wanted; every ratio is taken
within this run.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

import hmip_kit as hk

CASES, QUESTIONS, TIMES = 100_000, 60, 5
WANTED = {"Parquet": 3.0, "CSV": 1.5}


def answers() -> pd.DataFrame:
    """Return made-up answers, a row each."""
    random = np.random.default_rng(0)
    ids = pd.Index([f"case-{place:06}" for place in range(CASES)], dtype="str")
    questions = pd.Index([f"question-{place}" for place in range(QUESTIONS)], dtype="str")
    values = pd.Index(["Yes", "No", "Not applicable", "NA"], dtype="str")
    return pd.DataFrame(
        {
            "case_id": np.repeat(ids.to_numpy(), QUESTIONS),
            "question": np.tile(questions.to_numpy(), CASES),
            "answer": values.to_numpy()[random.integers(0, len(values), CASES * QUESTIONS)],
        }
    ).astype("str")


def in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Return the median seconds of two ways, run in turn after one run each that does not count."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(TIMES + 1):
        for run, times in zip((first, second), taken, strict=True):
            start = perf_counter()
            run()
            if turn:
                times.append(perf_counter() - start)
    return median(taken[0]), median(taken[1])


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        parquet, text = Path(folder) / "audit.parquet", Path(folder) / "audit.csv"
        made = answers()
        made.to_parquet(parquet, index=False)
        made.to_csv(text, index=False)
        ways = {
            "Parquet": (lambda: hk.load(parquet), lambda: pd.read_parquet(parquet)),
            "CSV": (
                lambda: hk.load(text),
                lambda: pd.read_csv(text, dtype="str", keep_default_na=False),
            ),
        }
        loaded = hk.load(parquet)
        assert (loaded.size, len(loaded.answers)) == (CASES, CASES * QUESTIONS)
        for kind, (ours, theirs) in ways.items():
            mine, plain = in_turn(ours, theirs)
            ratio = f"{mine / plain:.2f} times pandas reading it (wanted: at most {WANTED[kind]})"
            print(f"load and check {CASES * QUESTIONS:,} answers, {kind}: {mine:.2f} s, {ratio}")


if __name__ == "__main__":
    main()
