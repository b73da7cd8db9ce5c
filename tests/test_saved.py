"""The attack on saved notebooks: whoever runs and saves them, they hold what a page may show."""

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from attack import weaknesses
from audits import own, page_of_bundles
from nbclient import NotebookClient
from papermill import PapermillExecutionError, execute_notebook
from saved import KEPT, kept_in, notebook_on, states_in, write_audit

from hmip_kit.inspection import Inspection
from hmip_kit.page.kernels import Kernels
from hmip_kit.protect.bundle import FINDING, FINDINGS, SAVED

RARE, WRONG = "Zoroastrian", "Mael Brychan"
STATED = {"_esm", "_css", "_anywidget_id", "layout", "tabbable", "tooltip", "comm"}


def audit() -> Inspection:
    """Return 42 own cases, of which one has a rare faith."""
    mine = own(42)
    cases = mine.frames["cases"].assign(faith=[RARE, *["None"] * 41])
    return Inspection(
        mine.name, mine.identity, mine.framework, {**mine.frames, "cases": cases}, "own"
    )


def by_nbclient(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    with Kernels().fresh() as kernel:
        resources = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, km=kernel, resources=resources).execute(cleanup_kc=True)
    nbformat.write(notebook, path)


def by_nbconvert(path: Path) -> None:
    command = ["nbconvert", "--to", "notebook", "--execute", "--inplace", str(path)]
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)


def by_papermill(path: Path) -> None:
    """Run it with papermill, which puts an error at the head of the notebook."""
    with pytest.raises(PapermillExecutionError):
        execute_notebook(path, path, progress_bar=False)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Inspection, Any]:
    """Return own cases, and a notebook on a file of them that was not run yet."""
    folder, mine = tmp_path_factory.mktemp("saved"), audit()
    wrong = folder / "wrong.csv"
    wrong.write_text(f"case_id,sex,assessment_safety\nMARKER-9,{WRONG},Yes\n")
    return mine, notebook_on(write_audit(folder / "audit", mine), wrong)


@pytest.fixture(scope="module")
def saved(
    given: tuple[Inspection, Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Inspection, Path]:
    """Return own cases, and the file of a notebook on them as nbclient saves it."""
    mine, notebook = given
    path = tmp_path_factory.mktemp("run") / "saved.ipynb"
    nbformat.write(notebook, path)
    by_nbclient(path)
    return mine, path


def test_a_saved_notebook_holds_what_a_page_for_sharing_may_show_by_nbclient(
    saved: tuple[Inspection, Path],
) -> None:
    mine, path = saved
    holds_no_more(path, mine)


@pytest.mark.slow
@pytest.mark.parametrize("way", [by_nbconvert, by_papermill])
def test_a_saved_notebook_holds_what_a_page_for_sharing_may_show(
    given: tuple[Inspection, Any], tmp_path: Path, way: Callable[[Path], None]
) -> None:
    mine, notebook = given
    path = tmp_path / "saved.ipynb"
    nbformat.write(notebook, path)
    way(path)
    holds_no_more(path, mine)


def put_rows_into_a_widget(notebook: Any) -> None:
    states_in(notebook)[0]["shown"] = {"rows": [{"yes": 3}]}


def put_into_a_finding(name: str, value: Any) -> Callable[[Any], None]:
    def put(notebook: Any) -> None:
        finding = next(one[FINDING] for one in kept_in(notebook) if FINDING in one)
        about = finding["inspection"] if name == "sha256" else finding
        about[name] = value

    return put


def put_an_id_into_an_error(notebook: Any) -> None:
    notebook["cells"][-1]["outputs"][0]["evalue"] = "no such case: MARKER-1-00001"


PLANTED = {
    "combinations": put_into_a_finding("cube", {"tallies": {"cells": []}}),
    "a fingerprint": put_into_a_finding("sha256", "5e0f"),
    "another level": put_into_a_finding("released", "unit"),
    "rows in a widget's state": put_rows_into_a_widget,
    "an identifier in an error": put_an_id_into_an_error,
}


@pytest.mark.parametrize("fault", PLANTED)
def test_what_is_put_into_a_saved_notebook_is_found(
    saved: tuple[Inspection, Path], tmp_path: Path, fault: str
) -> None:
    mine, notebook = saved[0], json.loads(saved[1].read_text())
    planted, path = deepcopy(notebook), tmp_path / "planted.ipynb"
    PLANTED[fault](planted)
    assert planted != notebook
    path.write_text(json.dumps(planted))
    with pytest.raises(AssertionError):
        holds_no_more(path, mine)


def holds_no_more(path: Path, mine: Inspection) -> None:
    """Check that a saved notebook says no more than a page for sharing."""
    text = path.read_text(encoding="utf-8")
    for told in ("MARKER", RARE, WRONG, "widget model not found"):
        assert told not in text, told
    notebook = json.loads(text)
    kept = kept_in(notebook)
    assert len(kept) >= 10
    for one in kept:
        for finding in [one[FINDING]] if FINDING in one else one[FINDINGS]:
            assert (finding["released"], finding["cube"]) == ("sharing", None)
            assert finding["inspection"]["sha256"] == ""
        assert SAVED in "".join(one["text/plain"])
    assert list(weaknesses(page_of_bundles(kept), mine)) == []
    words = {"".join(one["text/plain"]) for one in kept}
    for state in states_in(notebook):
        assert {name for name in state if not name.startswith("_")} <= KEPT | STATED
        assert state.get("stored", {}).get("words", SAVED) in words | {SAVED}
