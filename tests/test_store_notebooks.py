"""`make notebooks` stores what a notebook shows.

It refuses to store what came from somebody's own cases.
"""

from pathlib import Path
from runpy import run_path

import nbformat
import pytest

from hmip_kit.errors import KitError

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "notebooks.py"
STORE = run_path(str(SCRIPT))["store"]
OWN = (
    "import dataclasses, hmip_kit as hk\npractice = hk.load('practice-cases')\n"
    "mine = hk.Inspection('audit', {'title': 'Audit'}, practice.framework, practice.frames, 'own')"
)


def write(path: Path, *cells: str) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(made, path)
    return path


@pytest.mark.parametrize("shown", ["mine.show.key_questions()", "mine.explore()", "mine.cases"])
def test_protected_data_are_not_stored(tmp_path: Path, shown: str) -> None:
    path = write(tmp_path / "audit.ipynb", OWN, shown)
    before = path.read_text()
    with pytest.raises(KitError):
        STORE(path)
    assert path.read_text() == before


def test_open_findings_are_stored_alike_twice_and_without_widgets(tmp_path: Path) -> None:
    cells = ("import hmip_kit as hk", "cases = hk.load('practice-cases')", "cases.explore()")
    path = write(tmp_path / "one.ipynb", *cells)
    STORE(path)
    first = path.read_text()
    STORE(path)
    assert path.read_text() == first
    assert "widget-view" not in first
    assert "image/png" in first
