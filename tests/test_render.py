"""`hmip render` on files that people bring: what leaves the machine, and what is left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import nbformat
import pandas as pd
import pytest
from nbconvert.nbconvertapp import NbConvertApp
from rendering import FINDINGS, HMIP, PRACTICE, render, write_cases, write_notebook

from hmip_kit.page import running


@pytest.mark.parametrize(
    ("many", "levels"),
    [(500, ["unit"]), pytest.param(10_000, ["sharing", "unit"], marks=pytest.mark.slow)],
)
def test_no_marker_of_many_reaches_a_page_or_a_twin(
    tmp_path: Path, many: int, levels: list[str]
) -> None:
    data = write_cases(tmp_path / "audit", many)
    notebook = write_notebook(tmp_path / "audit.ipynb")
    for level in levels:
        out = tmp_path / level
        done = render(notebook, "--data", data, "--out", out, "--level", level, "--also", "xlsx")
        assert done.returncode == 0, done.stderr
        content = b"".join(path.read_bytes() for path in out.iterdir() if path.suffix != ".xlsx")
        with ZipFile(out / "audit.xlsx") as book:
            content += b"".join(book.read(name) for name in book.namelist())
        assert b"MARKER" not in content
        assert str(tmp_path).encode() not in content
        assert b"key question" in content
        assert ("Handle them as the case file." in done.stdout) == (level == "unit")
    assert "MARKER" not in notebook.read_text()


def test_hostile_labels_do_nothing(tmp_path: Path, offline: Callable[..., Any]) -> None:
    hostile = [
        "</script><script>document.title='taken'</script>",
        '"onload="alert(1)',
        '=HYPERLINK("x","y")',
        "datum.r.yes + warn('x')",
        "Gogledd Cymru / ŵ",
    ]
    data = write_cases(
        tmp_path / "audit", 120, {"sentence_type": ["Community", "Licence"], "office": hostile}
    )
    notebook = write_notebook(tmp_path / "audit.ipynb", 'mine.show.groups(by="office")')
    done = render(
        notebook,
        "--data",
        data,
        "--out",
        tmp_path / "out",
        "--level",
        "unit",
        "--also",
        "xlsx",
    )
    assert done.returncode == 0, done.stderr
    watched = offline((tmp_path / "out" / "audit.html").as_uri())
    assert watched.wrong == []
    assert watched.page.title() == "Audit"
    assert watched.requests == [(tmp_path / "out" / "audit.html").as_uri()]
    for label in hostile:
        watched.page.get_by_text(label, exact=True).first.wait_for(state="attached")
    watched.page.locator("input[value='Gogledd Cymru / ŵ']").check()
    watched.page.locator("body.hmip-narrowed").wait_for()
    assert watched.wrong == []
    with ZipFile(tmp_path / "out" / "audit.xlsx") as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


@pytest.mark.slow
def test_killed_at_ten_moments_there_is_never_half_a_page(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "audit.ipynb")
    out = tmp_path / "out"
    assert render(notebook, "--out", out).returncode == 0
    whole = (out / "audit.html").read_bytes()
    for moment in range(10):
        running = subprocess.Popen(
            [*HMIP, "render", str(notebook), "--out", str(out)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(0.2 + moment * 0.8)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert (out / "audit.html").read_bytes()[-8:] == whole[-8:]
        assert len((out / "audit.html").read_bytes()) == len(whole)


WAITS = """import time
from pathlib import Path
Path("{here}.begun").touch()
for _ in range(600):
    time.sleep(0.1)
    if Path("{there}.begun").exists():
        break
else:
    raise TimeoutError"""


@pytest.mark.slow
def test_renders_of_one_folder_at_a_time_do_not_meet(tmp_path: Path) -> None:
    """One is a command and one is in this process; a cell of each waits for the other."""
    names = ["one", "two"]
    waits = [WAITS.format(here=here, there=there) for here, there in (names, names[::-1])]
    notebooks = [
        write_notebook(tmp_path / f"{name}.ipynb", wait, f"mine.show.{finding}()")
        for name, wait, finding in zip(names, waits, FINDINGS, strict=True)
    ]
    first = subprocess.Popen(
        [*HMIP, "render", str(notebooks[0]), "--out", str(tmp_path / "one")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    second = render(notebooks[1], "--out", tmp_path / "two")
    assert (first.wait(), second.returncode) == (0, 0), second.stderr
    for name, finding in zip(names, FINDINGS, strict=True):
        text = (tmp_path / name / f"{name}.html").read_text(encoding="utf-8")
        assert getattr(PRACTICE.show, finding)().measure in text
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*names, *(f"{name}.{kind}" for name in names for kind in ("begun", "ipynb"))]
    )


def test_a_case_file_is_read_once_for_all_notebooks(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 42)
    away = "import os\n\nif os.path.exists(cases):\n    os.rename(cases, cases + '-away')"
    spoil = "mine.frames['answers'].loc[:, 'answer'] = 'No'\nagain = hk.load(cases)"
    alike = "assert again.answers['answer'].eq('Yes').any()\nagain.show.key_questions()"
    notebooks = [
        write_notebook(tmp_path / f"{name}.ipynb", away, spoil, alike) for name in ("one", "two")
    ]
    done = render(*notebooks, "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert not data.exists()


def test_twins_say_the_same_as_the_page(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "audit.ipynb")
    done = render(notebook, "--out", tmp_path / "out", "--also", "pdf,xlsx,png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "audit.pdf").read_bytes()[:5] == b"%PDF-"
    pictures = sorted(path.name for path in (tmp_path / "out").glob("*.png"))
    assert pictures[0] == "audit-1-key-questions.png"
    assert len(pictures) > 3
    assert all((tmp_path / "out" / one).read_bytes()[1:4] == b"PNG" for one in pictures)
    sheets = pd.read_excel(
        tmp_path / "out" / "audit.xlsx", sheet_name=None, header=None, engine="calamine"
    )
    assert {"Cover", "Contents"} <= set(sheets)
    assert any("8 of 42" in frame.to_string() for frame in sheets.values())
    assert "Warning" not in done.stderr
    today = [
        time.strftime(form, moment)
        for form in ("%Y-%m-%d", "%Y%m%d")
        for moment in (time.localtime(), time.gmtime())
    ]
    for twin in (tmp_path / "out").iterdir():
        with ZipFile(twin) if twin.suffix == ".xlsx" else nullcontext() as book:
            said = b"".join(map(book.read, book.namelist())) if book else twin.read_bytes()
        assert not any(date.encode() in said for date in today), twin.name


def test_a_page_without_a_picture_has_no_png_and_the_rest_is_written(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 9)
    done = render(
        write_notebook(tmp_path / "audit.ipynb"),
        "--data",
        data,
        "--out",
        tmp_path / "out",
        "--also",
        "png,xlsx",
    )
    assert done.returncode == 0, done.stderr
    assert "audit: no picture on the page, so no PNG of it" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "audit.html",
        "audit.xlsx",
    ]


def test_nbconvert_finds_the_exporter(tmp_path: Path) -> None:
    stored = write_notebook(tmp_path / "page.ipynb")
    made = nbformat.read(stored, as_version=4)
    made.cells = made.cells[:1]
    nbformat.write(made, stored)
    converts: Any = NbConvertApp()
    converts.initialize(["--to", "hmip", str(stored)])
    converts.start()
    assert "<h1>Audit</h1>" in (tmp_path / "page.html").read_text()


def test_a_cell_that_hangs_ends_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CELL_SECONDS", 2)
    hangs = nbformat.v4.new_code_cell("import time\ntime.sleep(600)")
    notebook = tmp_path / "audit.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[hangs]), notebook)
    done = render(notebook, "--out", tmp_path / "out")
    assert done.returncode == 21
    assert "audit.ipynb, cell 1: it took longer than 2 seconds" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def left_running(mark: str) -> list[str]:
    """Return the processes that have a mark in their environment."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark.encode() in environment.read_bytes():
                found.append(environment.parent.name)
    return found


IN_PROC = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")


def stopped(tmp_path: Path, sent: signal.Signals, processes: int, seconds: float) -> bytes:
    """Stop a render of two notebooks that hang, and return what it said.

    It is stopped so many seconds after it has so many processes: itself, what it forks from, two
    kernels. None of them is left, and no file.
    """
    notebooks = [
        write_notebook(tmp_path / f"{name}.ipynb", "import time\ntime.sleep(600)")
        for name in ("one", "two")
    ]
    mark = f"HMIP_TEST={tmp_path}"
    started = subprocess.Popen(
        [*HMIP, "render", *map(str, notebooks), "--out", str(tmp_path / "out")],
        env={**os.environ, "HMIP_TEST": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_for(lambda: len(left_running(mark)) >= processes)
    time.sleep(seconds)
    os.killpg(started.pid, sent)
    _, said = started.communicate(timeout=30)
    wait_for(lambda: not left_running(mark))
    assert (started.returncode != 0, list((tmp_path / "out").iterdir())) == (True, [])
    return said


@IN_PROC
@pytest.mark.parametrize(
    "sent", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.slow)]
)
def test_stopped_while_it_runs_it_leaves_no_process_and_no_half_file(
    tmp_path: Path, sent: signal.Signals
) -> None:
    assert b"Traceback" not in stopped(tmp_path, sent, processes=4, seconds=1)


@IN_PROC
def test_stopped_before_a_kernel_has_started_it_does_not_wait_for_the_notebooks(
    tmp_path: Path,
) -> None:
    assert b"Aborted" in stopped(tmp_path, signal.SIGINT, processes=2, seconds=0)


def wait_for(what: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)
