"""What is written: whole or not at all, and nothing over a file that the kit did not write."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from rendering import render, write_cases, write_notebook

import hmip_kit as hk
from hmip_kit.cli import hmip
from hmip_kit.errors import KitError
from hmip_kit.panel.saving import save
from hmip_kit.sources.own.template import write_template
from hmip_kit.workbook import write_whole

REPORT = Path(__file__).resolve().parent / "reports" / "made-up-pdu.html"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond this, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_what_was_there_stays_and_nothing_else(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "page.html", b"old")
    assert path.stat().st_mode & 0o777 == 0o644
    with room_for(1000), pytest.raises(KitError, match="page.html: cannot be written: File too"):
        write_whole(path, b"x" * 5000)
    with room_for(1000), pytest.raises(KitError, match="audit.xlsx: cannot be written"):
        write_template(tmp_path / "audit.xlsx")
    with room_for(100), pytest.raises(KitError, match="cannot be written"):
        save(hk.load("practice-cases").show.key_questions(), "csv", tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
    assert path.read_bytes() == b"old"


def test_a_folder_that_cannot_be_written_to_gets_a_message() -> None:
    for place in ("/proc/hmip", "/dev/full"):
        with pytest.raises(KitError, match="cannot be written"):
            write_template(Path(place) / "audit.csv")
        for given in (["read", REPORT, "--out", place], ["render", "--out", place]):
            done = CliRunner().invoke(hmip, [*map(str, given)])
            assert done.exit_code == 1 and place in done.stderr, done.output


def test_tables_of_a_report_replace_nothing_unless_told(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("mine")
    given = ["read", str(REPORT), "--out", str(tmp_path)]
    done = CliRunner().invoke(hmip, given)
    assert done.exit_code == 1 and "ratings.csv is there already" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["ratings.csv"]
    assert CliRunner().invoke(hmip, [*given, "--force"]).exit_code == 0
    assert "standard" in (tmp_path / "ratings.csv").read_text()


def test_a_render_replaces_its_own_pages_and_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two notebooks of one name get two; where there is no Chromium the pages are kept."""
    out, empty = tmp_path / "out", tmp_path / "empty"
    for folder in (out, empty, tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    each = [write_notebook(tmp_path / name / "audit.ipynb") for name in ("a", "b")]
    (out / "audit.html").write_text("<p>mine</p>")
    done = render(*each, "--separate", "--out", out)
    assert done.returncode == 1 and "audit.html is there already and is no page" in done.stderr
    assert (out / "audit.html").read_text() == "<p>mine</p>"
    done = render(*each, "--separate", "--out", out, "--force", "--also", "pdf")
    assert done.returncode == 0, done.stderr
    assert sorted(one.name for one in out.iterdir()) == [
        "audit-2.html",
        "audit.html",
        "index.html",
    ]


def test_without_chromium_it_is_said_before_a_notebook_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "none.ipynb").write_text("{}")
    done = render(tmp_path / "none.ipynb", "--out", tmp_path / "out", "--also", "pdf")
    assert done.stderr.startswith("no Chromium was found, so no PDF")


def test_a_render_drops_what_identifies_and_says_so(tmp_path: Path) -> None:
    data = write_cases(tmp_path / "audit", 12)
    cases = pd.read_csv(data / "cases.csv").assign(**{"Full name": "Jo Marker"})
    cases.to_csv(data / "cases.csv", index=False)
    notebook, out = write_notebook(tmp_path / "audit.ipynb"), tmp_path / "out"
    given = ["--data", data, "--out", out, "--level", "unit", "--drop-identifiers"]
    done = render(notebook, *given)
    assert done.returncode == 0, done.stderr
    assert "column D (Full name): identifies a person (name) and was dropped" in done.stderr
    assert "Jo Marker" not in (out / "audit.html").read_text() + done.stderr


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
@pytest.mark.slow
def test_a_pdf_is_printed_with_the_sandbox_or_without_where_it_does_not_start(
    tmp_path: Path,
) -> None:
    notebook = write_notebook(tmp_path / "audit.ipynb")
    done = render(notebook, "--out", tmp_path / "out", "--also", "pdf")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "audit.pdf").read_bytes()[:4] == b"%PDF"
