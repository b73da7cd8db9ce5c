"""`make notebooks` stores what a notebook shows.

It refuses to store what came from somebody's own cases.
"""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "notebooks.py"
OWN = (
    "import dataclasses, hmip_kit as hk\npractice = hk.load('practice-cases')\n"
    "mine = hk.Inspection('audit', {'title': 'Audit'}, practice.framework, practice.frames, 'own')"
)


def store(path: Path, *cells: str) -> tuple["subprocess.CompletedProcess[str]", str]:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(made, path)
    before = path.read_text()
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(path)], capture_output=True, text=True, check=False
    ), before


@pytest.mark.parametrize("shown", ["mine.show.key_questions()", "mine.explore()", "mine.cases"])
def test_protected_data_are_not_stored(tmp_path: Path, shown: str) -> None:
    done, before = store(tmp_path / "audit.ipynb", OWN, shown)
    assert done.returncode != 0
    assert "audit.ipynb: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "audit.ipynb").read_text() == before


def test_open_findings_are_stored_alike_twice_and_without_widgets(tmp_path: Path) -> None:
    cells = ("import hmip_kit as hk", "cases = hk.load('practice-cases')", "cases.explore()")
    assert store(tmp_path / "one.ipynb", *cells)[0].returncode == 0
    first = (tmp_path / "one.ipynb").read_text()
    assert (
        subprocess.run(
            [sys.executable, str(SCRIPT), str(tmp_path / "one.ipynb")], check=False
        ).returncode
        == 0
    )
    assert (tmp_path / "one.ipynb").read_text() == first
    assert "widget-view" not in first
    assert "image/png" in first
