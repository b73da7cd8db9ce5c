"""The documentation: every block runs and prints what it says, and the reference has everything."""

from pathlib import Path

import blocks
import pytest
import reference
import site_links
from findings_index import registered

import hmip_kit
import hmip_kit.cli
from hmip_kit import findings

HOME = Path(__file__).resolve().parents[1]
PAGES = [
    *(HOME / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")),
    *sorted(path for path in (HOME / "docs").rglob("*.md") if "made" not in path.parts),
]
WITH_CODE = [page for page in PAGES if any(blocks.blocks(page.read_text("utf-8")))]


RENDERING = "start", "own-audit", "own-question", "sharing"
SLOW = dict.fromkeys(RENDERING, pytest.mark.slow)  # they render, some twice


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, id=page.stem, marks=SLOW.get(page.stem, ())) for page in WITH_CODE],
)
def test_every_block_of_a_page_runs_and_prints_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "REGISTRY", dict(findings.REGISTRY))  # one registers its own
    reader = blocks.Reader(tmp_path)
    for block in blocks.blocks(page.read_text("utf-8")):
        _, printed = reader.run(block)
        assert blocks.as_said(block, printed), f"line {block.line} prints {printed}"


def test_what_is_not_run_is_set_up_alone() -> None:
    """What a page's shell says and the tests leave out begins with one of a few words."""
    left = ("make lab", ".venv/bin/hmip lab x", "pip install x", "uvx --from x hmip")
    assert all(blocks.SET_UP.match(line) for line in left)
    assert not blocks.SET_UP.match(".venv/bin/hmip check audit.xlsx")
    assert not blocks.SET_UP.match("hmip render")


def test_the_reference_has_every_name_finding_and_command() -> None:
    python, findings, commands = reference.python(), reference.findings(), reference.commands()
    assert all(f".{name}\n" in python for name in hmip_kit.stats.__all__)
    public = [name for name in hmip_kit.__all__ if name not in ("stats", "data_version")]
    assert all(f".{name}\n" in python for name in public)
    assert all(f"## {name}\n" in findings for name in registered())
    assert all(f"## hmip {name}\n" in commands for name in hmip_kit.cli.ROOMS)
    assert "`case_id`" in reference.case_file() and "FEWEST_IN_A_GROUP" in reference.thresholds()


def test_every_page_is_on_the_site_once() -> None:
    """Each page of docs/ stands in one list of contents, but for words, which are for review."""
    listed = [
        line
        for page in (HOME / "docs").glob("*.md")
        for part in page.read_text("utf-8").split("```{toctree}")[1:]
        for line in part.partition("```")[0].split()
        if not line.startswith(":") and "*" not in line and line != "1"
    ]
    there = {page.stem for page in (HOME / "docs").glob("*.md")} - {"index", "words"}
    assert len(listed) == len(set(listed))
    assert {one for one in listed if not one.startswith("made/")} == there
    assert {one for one in listed if one.startswith("made/")} == {
        f"made/{name}" for name in reference.PAGES
    }


def test_a_link_that_leads_nowhere_and_a_request_are_found(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_text('<h2 id="a">A</h2><a href="https://example.org">B</a>')
    (tmp_path / "bad.html").write_text(
        '<a href="good.html#a">1</a><a href="good.html#b">2</a><a href="gone.html">3</a>'
        '<script src="https://example.org/x.js"></script><img src="data:image/png;base64,">'
    )
    (tmp_path / "bad.css").write_text("p { background: url(//example.org/x.png) }")
    assert sorted(site_links.broken(tmp_path)) == [
        "bad.css: asks for //example.org/x.png",
        "bad.html: asks for https://example.org/x.js",
        "bad.html: gone.html is not there",
        "bad.html: good.html#b has no such place",
    ]


def test_a_block_that_prints_other_than_its_page_says_is_found(tmp_path: Path) -> None:
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    [block] = blocks.blocks(page)
    assert not blocks.as_said(block, blocks.Reader(tmp_path).run(block)[1])
