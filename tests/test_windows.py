"""What is other on Windows, as far as that can be tried elsewhere: paths, processes, clocks.

No Windows was at hand. A name with backslashes is an ordinary file here, which shows whether they
are kept where a path becomes text and text a path.
"""

import ast
import os
import re
import signal
from pathlib import Path, PureWindowsPath

import nbformat
import pytest
from click.testing import CliRunner
from rendering import write_cases, write_notebook

import hmip_kit as hk
from hmip_kit.cli import hmip
from hmip_kit.cli.pages import lab_environment, lab_options
from hmip_kit.page import kernels
from hmip_kit.page.running import Wanted, _prepared
from hmip_kit.page.scan import PATH
from hmip_kit.sources.own.files import in_database

HOME = Path(__file__).resolve().parents[1]
PLACES = (PureWindowsPath("C:/Users/someone/new/table.xlsx"), PureWindowsPath("//share/a/b.csv"))


@pytest.mark.parametrize("place", PLACES)
def test_a_path_of_windows_is_known_for_one(place: PureWindowsPath) -> None:
    assert not in_database(str(place)) and not in_database(place.as_posix())
    assert PATH.search(f"read from {place}") and PATH.search(repr(str(place)))


def test_a_path_reaches_a_notebook_as_it_is(tmp_path: Path) -> None:
    data = write_cases(tmp_path / r"C:\new\table", 12)
    file = write_notebook(tmp_path / "audit.ipynb")
    notebook = _prepared(file, Wanted([file], data=data))
    [said] = [cell.source for cell in notebook.cells if "C:" in cell.source]
    assert ast.literal_eval(said.partition("cases = ")[2]) == str(data)


def test_a_file_of_such_a_name_is_read_and_set_up(tmp_path: Path) -> None:
    data = write_cases(tmp_path / r"new\table", 12)
    assert hk.load(data).size == 12
    done = CliRunner().invoke(hmip, ["new", str(tmp_path / "audit"), "--data", str(data)])
    assert done.exit_code == 0, done.output
    cells = nbformat.read(tmp_path / "audit" / "03_cases.ipynb", as_version=4).cells
    [said] = [cell.source for cell in cells if "cases = " in cell.source]
    assert ast.literal_eval(said.rpartition("cases = ")[2].partition("  #")[0]) == data.name


def test_a_page_is_made_where_no_process_forks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "get_all_start_methods", lambda: ["spawn"])
    notebook = write_notebook(tmp_path / "audit.ipynb")
    done = CliRunner().invoke(hmip, ["render", str(notebook), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "audit.html").stat().st_size > 100_000


def test_jupyterlab_starts_where_there_are_no_numbers_of_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "geteuid")
    assert "--allow-root" not in lab_options(tmp_path)
    monkeypatch.setattr(os, "pathsep", ";")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", r"C:\mine")
    assert lab_environment()["JUPYTER_CONFIG_PATH"].endswith(r";C:\mine")


def test_a_report_is_read_where_there_is_no_such_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "setitimer")
    read = hk.read_report(HOME / "tests" / "reports" / "made-up-tricky.txt")
    assert len(read.table("key_questions"))


def test_the_commands_without_make_are_those_of_make() -> None:
    [without] = re.findall(r"(?ms)^```bat\n(.*?)^```", (HOME / "README.md").read_text("utf-8"))
    setup = (HOME / "scripts" / "setup").read_text("utf-8")
    options = re.findall(r"^\$pip (install .*)$", setup, re.MULTILINE)
    named = [one.replace('"$lock"', "requirements.lock") for one in options]
    assert [
        line.partition("-m pip ")[2] for line in without.splitlines() if " pip " in line
    ] == named
