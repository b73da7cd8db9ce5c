"""How long reports take: by their length, and never longer than the limit."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

import pypdf
import pytest

import hmip_kit as hk
from hmip_kit.errors import DataProblem, KitError
from hmip_kit.sources.report.limit import SECONDS, in_time

HERE = Path(__file__).resolve().parent / "reports"
HEAD = (
    "An inspection of probation services in Oldshire PDU\nHM Inspectorate of Probation, May 2022\n"
    "Ratings\n1.1 Leadership Good\nBackground\n"
)
LINES = {
    "words": "word",
    "prose": "In 12 out of 31 relevant cases (45 per cent) the tide had not been considered.",
    "standards": "1.1 Leadership",
    "half ratings": "Requires",
    "questions without an end": "Does assessment",
    "questions that end a sentence": "Is Is Is Is Is Is . ?",
    "marks": "?" * 60,
    "dots": "." * 200 + "x",
    "links": "[a](xxxxxxxxxxx",
    "tags": "<a<a<a<b",
    "items": "1. do a thing",
}


def seconds(text: str, path: Path) -> float:
    """Return the processor time that a text takes to be read, or refused."""
    path.write_text(text, encoding="utf-8")
    began = time.process_time()
    try:
        hk.read_report(path)
    except KitError as error:
        assert "longer than" not in str(error)
    return time.process_time() - began


@pytest.mark.parametrize("kind", LINES)
def test_time_goes_with_the_length_of_a_text(kind: str, tmp_path: Path) -> None:
    line, path = LINES[kind], tmp_path / "long.txt"
    seconds(HEAD, path)
    short, long = (
        seconds(HEAD + f"{line}\n" * (size // (len(line) + 1)), path) for size in (20_000, 160_000)
    )
    assert long < 24 * short + 0.3, (short, long)  # 8 times as long; 64 times, were it quadratic


def test_one_line_without_an_end_is_read(tmp_path: Path) -> None:
    assert seconds(HEAD + "In 5 of 7 cases it was. " * 8_000, tmp_path / "one.txt") < 10


def test_what_takes_too_long_is_refused_and_leaves_no_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hmip_kit.sources.report.limit.SECONDS", 0.2)
    with pytest.raises(DataProblem, match="slow.pdf: takes longer"), in_time("slow.pdf"):
        while True:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: S112  # as libraries do
                continue
    with in_time("quick.pdf"):
        pass
    time.sleep(0.3)  # no clock is left that would ring


def test_another_thread_reads_without_a_clock() -> None:
    found: list[str] = []
    page = HERE / "made-up-tricky.txt"
    thread = threading.Thread(target=lambda: found.append(hk.read_report(page).title))
    thread.start()
    thread.join()
    assert found


def many_pages(path: Path, pages: int) -> None:
    source = pypdf.PdfReader(HERE / "made-up-pdu-chromium.pdf").pages[1]
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_page(source)
    writer.write(path)


def test_a_bar_shows_in_a_terminal_how_far_a_pdf_is_read(tmp_path: Path) -> None:
    many_pages(tmp_path / "long.pdf", 12)
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    run = [sys.executable, "-m", "hmip_kit", "read", str(tmp_path / "long.pdf")]
    subprocess.run(run, stderr=side, stdout=subprocess.PIPE, check=False)
    said = os.read(main, 100_000).decode()
    for end in (main, side):
        os.close(end)
    assert re.search(r"long\.pdf: +0%.* 0/12 .*long\.pdf:.* 12/12 ", said)


def test_a_pdf_of_too_many_pages_is_refused(tmp_path: Path) -> None:
    many_pages(tmp_path / "long.pdf", 1_001)
    with pytest.raises(DataProblem, match="more than 1,000 pages"):
        hk.read_report(tmp_path / "long.pdf")


@pytest.mark.slow
def test_a_pdf_that_takes_minutes_is_refused_in_seconds() -> None:
    path = HERE.parents[2] / "shared" / "cases" / "reports" / "pdf-many-pages.pdf"
    if not path.exists():
        pytest.skip("the example is not here")
    began = time.monotonic()
    with pytest.raises(DataProblem, match="takes longer than"):
        hk.read_report(path)
    assert time.monotonic() - began < SECONDS + 2


def test_what_is_wrong_in_a_pdf_that_can_be_read_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = (HERE / "made-up-pdu-libreoffice.pdf").read_bytes()  # its list of objects is spoilt
    table = content.rindex(b"xref", 0, content.rindex(b"startxref"))
    spoilt = content[: table + 60] + content[table + 60 : table + 80].replace(b"0", b"1")
    (tmp_path / "spoilt.pdf").write_bytes(spoilt + content[table + 80 :])
    found = hk.read_report(tmp_path / "spoilt.pdf")
    assert any("in the PDF" in one for one in found.identity["warnings"])
    assert capfd.readouterr().err == ""
