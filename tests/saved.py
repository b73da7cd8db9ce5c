"""Notebooks on own cases that are run and saved, and what of this kit is in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from hmip_kit.inspection import Inspection
from hmip_kit.page.hook import OURS, STATE

HOME = Path(__file__).resolve().parents[1]
# What a widget of this kit keeps in its state: it says nothing of any case.
KEPT = {"stored", "parts", "opened"}
CELLS = (
    "import hmip_kit as hk\nhk.setup()",
    "mine = hk.load({data!r})\nmine",
    "mine.show.needs()",
    "mine.show.needs(link='both')",
    "mine.show.case_grid()",
    "mine.show.sub_questions()",
    "mine.show.groups(by='ethnicity')",
    "mine.where(sex='Female').show.key_questions()",
    "mine.show.gap()",
    "[mine.show.needs(), mine]",
    "panel = mine.explore()\npanel.pictures.opened = [one.name for one in panel.parts]\npanel",
    "panel.filters = {{'sex': 'Female', 'need': 'Finance'}}\n"
    "panel.cases._asked_for(None, {{'opened': True}}, None)",
    "panel",
    "hk.check({wrong!r})",
)
FAILS = (
    "hk.load({wrong!r})",
    "mine.where(faith='Nobody has this')",
    "mine.where(need='None such')",
)


def write_audit(folder: Path, mine: Inspection) -> Path:
    """Write own cases as a folder of tables."""
    folder.mkdir()
    for name in ("cases", "answers", "needs"):
        mine.frames[name].to_csv(folder / f"{name}.csv", index=False)
    return folder


def notebook_on(data: Path, wrong: Path) -> Any:
    """Return a notebook that shows much of a case file, and meets errors."""
    new = nbformat.v4
    cells = [new.new_code_cell(one.format(data=str(data), wrong=str(wrong))) for one in CELLS]
    for one in FAILS:
        cells.append(new.new_code_cell(one.format(wrong=str(wrong))))
        cells[-1].metadata["tags"] = ["raises-exception"]
    made = new.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return made


def outputs_of(notebook: Any) -> Iterator[Any]:
    """Yield every output of a notebook."""
    for cell in notebook["cells"]:
        yield from cell.get("outputs", ())


def kept_in(notebook: Any) -> list[dict[str, Any]]:
    """Return what this kit put into a notebook's outputs."""
    datas = (one.get("data", {}) for one in outputs_of(notebook))
    return [one for one in datas if any(name.startswith(OURS) for name in one)]


def states_in(notebook: Any) -> list[dict[str, Any]]:
    """Return the states of this kit's widgets that a notebook holds."""
    saved = notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    states = (model["state"] for model in saved.values())
    return [one for one in states if str(one.get("_anywidget_id", "")).startswith("hmip_kit")]
