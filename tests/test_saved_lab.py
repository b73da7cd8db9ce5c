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


def run_and_save(page: Page) -> None:
    """Run all cells of a notebook, check that all is shown, and save."""
    start_all(page)
    live = page.locator(".hmip-live[data-painted]")
    expect(live.first).to_be_visible(timeout=WAIT)
    needs = live.first.locator("details")
    needs.locator("summary").click()
    expect(needs.locator("tbody")).to_contain_text("3 of")
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    expect(last).to_have_text(re.compile(r"\d"), timeout=WAIT)
    expect(page.get_by_text(SAVED)).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.wait_for_timeout(1500)


@pytest.mark.parametrize("hook", [True, False], ids=["hook", "no hook"])
def test_live_all_is_shown_and_what_is_saved_is_as_for_sharing(
    another_lab: Callable[..., Any], tmp_path: Path, hook: bool
) -> None:
    mine = audit()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"case_id,sex,assessment_safety\nMARKER-9,{WRONG},Yes\n")
    lab, watched = another_lab(*([] if hook else [NO_HOOK]))
    path = lab.folder / "own.ipynb"
    nbformat.write(notebook_on(write_audit(tmp_path / "audit", mine), wrong), path)
    page: Page = watched.page
    page.goto(lab.notebook("own.ipynb"))
    run_and_save(page)
    text = path.read_text(encoding="utf-8")
    assert ("widget-view" in text) != hook
    holds_no_more(path, mine)
    page.goto(lab.notebook("own.ipynb"))  # the kernel is alive
    if hook:
        expect(page.get_by_text(SAVED).first).to_be_visible(timeout=WAIT)
        assert "MARKER" not in page.locator(".jp-Notebook").inner_text()
    else:  # the views ask for what the kernel has
        expect(page.locator(".hmip-live[data-painted]").first).to_be_visible(timeout=WAIT)


def test_a_picture_does_not_wait_for_the_cells_that_are_still_to_run(
    lab_page: Any, lab: Any, tmp_path: Path
) -> None:
    data = write_audit(tmp_path / "audit", audit())
    cells = [
        f"import hmip_kit as hk\nhk.setup()\nmine = hk.load({str(data)!r})",
        "mine.show.needs()",
        "import time\nfor _ in range(600):\n    time.sleep(0.1)",
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(made, lab.folder / "waits.ipynb")
    page: Page = lab_page.page
    page.goto(lab.notebook("waits.ipynb"))
    start_all(page)
    expect(page.locator(".hmip-live[data-painted] svg.marks")).to_be_visible(timeout=WAIT)
    expect(page.locator(".jp-CodeCell .jp-InputArea-prompt").last).to_have_text("[*]:")
