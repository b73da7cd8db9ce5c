"""Notebooks on own cases in real JupyterLab: live all is shown; what is saved is as for sharing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page, expect
from saved import notebook_on, write_audit
from test_lab import WAIT, start_all
from test_saved import WRONG, audit, holds_no_more

from hmip_kit.protect.bundle import SAVED

NO_HOOK = '--ServerApp.jpserver_extensions={"hmip_kit.page.hook": False}'


WAITS = """import time
from pathlib import Path
while not Path({go_on!r}).exists():
    time.sleep(0.1)
"""


def painted_before_the_rest_has_run(page: Page, go_on: Path) -> None:
    """Check that a picture does not wait for the cells still to run; one waits for a file."""
    picture = page.locator(".hmip-finding[data-painted] svg.marks")
    expect(picture.first).to_be_visible(timeout=WAIT)
    expect(page.locator(".jp-CodeCell .jp-InputArea-prompt").last).to_have_text("[*]:")
    go_on.touch()


def save(page: Page) -> None:
    """Wait until all cells have run, check that all is shown, and save."""
    live = page.locator(".hmip-finding[data-painted]")
    expect(live.first).to_be_visible(timeout=WAIT)
    needs = live.first.locator("details.hmip-numbers")
    needs.locator("summary").click()
    expect(needs.locator("tbody")).to_contain_text("3 of")
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    expect(last).to_have_text(re.compile(r"\d"), timeout=WAIT)
    expect(page.get_by_text(SAVED)).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.wait_for_timeout(1500)


@pytest.mark.parametrize("hook", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_live_all_is_shown_at_once_and_what_is_saved_is_as_for_sharing(
    request: pytest.FixtureRequest, another_lab: Callable[..., Any], tmp_path: Path, hook: bool
) -> None:
    """The JupyterLab that the tests share has the hook; without it the gate alone does the work."""
    shared = (request.getfixturevalue(name) for name in ("lab", "lab_page"))
    lab, watched = shared if hook else another_lab(NO_HOOK)
    mine, go_on, path = audit(), tmp_path / "go_on", lab.folder / "own_cases.ipynb"
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"case_id,sex,assessment_safety\nMARKER-9,{WRONG},Yes\n")
    made = notebook_on(write_audit(tmp_path / "audit", mine), wrong)
    made.cells.insert(3, nbformat.v4.new_code_cell(WAITS.format(go_on=str(go_on))))
    nbformat.write(made, path)
    page: Page = watched.page
    page.goto(lab.notebook(path.name))
    start_all(page)
    painted_before_the_rest_has_run(page, go_on)
    save(page)
    text = path.read_text(encoding="utf-8")
    assert ("widget-view" in text) != hook
    holds_no_more(path, mine)
    page.goto(lab.notebook(path.name))  # the kernel is alive
    if hook:
        expect(page.get_by_text(SAVED).first).to_be_visible(timeout=WAIT)
        assert "MARKER" not in page.locator(".jp-Notebook").inner_text()
    else:  # the views ask for what the kernel has
        expect(page.locator(".hmip-finding[data-painted]").first).to_be_visible(timeout=WAIT)
