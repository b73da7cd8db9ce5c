"""What tests of `hmip render` share: a notebook, a case file full of markers, and the command."""

import random
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
from click.testing import CliRunner

import hmip_kit as hk
from hmip_kit.cli import hmip

PRACTICE = hk.load("practice-cases")
HMIP = [sys.executable, "-m", "hmip_kit"]
FINDINGS = ["key_questions", "needs"]
CELLS = [
    "import hmip_kit as hk\n\nhk.setup()",
    'cases = "practice-cases"',
    "mine = hk.load(cases)",
    "mine.show.key_questions()",
    "mine.explore()",
]


def write_notebook(path: Path, *more: str) -> Path:
    cells = [
        nbformat.v4.new_markdown_cell("# Audit"),
        *(nbformat.v4.new_code_cell(cell) for cell in (*CELLS, *more)),
    ]
    cells[2].metadata["tags"] = ["parameters"]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(made, path)
    return path


def write_cases(folder: Path, n: int, characteristics: dict[str, list[str]] | None = None) -> Path:
    """Write a case file of a folder with two tables; every identifier is a marker of its own."""
    chance = random.Random(n)
    ids = [f"MARKER{place:05}X" for place in range(n)]
    given = characteristics or {
        "sentence_type": ["Community", "Licence"],
        "sex": ["Male", "Female"],
    }
    cases = pd.DataFrame(
        {
            "case_id": ids,
            **{name: [chance.choice(values) for _ in ids] for name, values in given.items()},
        }
    )
    questions = [question.id for question in PRACTICE.framework.questions]
    rows = [
        (case, question, chance.choice(["Yes", "No"])) for case in ids for question in questions
    ]
    folder.mkdir()
    cases.to_csv(folder / "cases.csv", index=False)
    pd.DataFrame(rows, columns=["case_id", "question", "answer"]).to_csv(
        folder / "answers.csv", index=False
    )
    return folder


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def render(*arguments: object) -> Done:
    """Run the command in this process: the kernels of many tests are copies of one process."""
    first = ["--first-release"] * ("--data" in arguments)
    given = ["render", *map(str, arguments), *first]
    ran = CliRunner().invoke(hmip, given, catch_exceptions=False)
    return Done(ran.exit_code, ran.stdout, ran.stderr)
