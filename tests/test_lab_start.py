"""The notebook of cases as a newcomer meets it, without a network.

It is just opened, run, filtered, saved, opened again, and run again from a new kernel.
"""

import json
import urllib.request
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, expect
from test_lab import PANEL, SETUP, WAIT, box, drawn, holds, run_all, run_cells, write

from hmip_kit.filters import Filters
from hmip_kit.picture import VEGALITE
from hmip_kit.protect.bundle import FINDINGS

NAME = "03_cases.ipynb"


def outputs(lab: Any) -> list[dict[str, Any]]:
    """Return what the notebook stores, output by output."""
    cells = json.loads((lab.folder / NAME).read_text(encoding="utf-8"))["cells"]
    return [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]


def run_folded(page: Page) -> None:
    """Run all cells of a notebook whose code is folded.

    A run that comes before the kernel is connected is dropped.
    """
    expect(page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')).to_be_attached(
        timeout=WAIT
    )
    panel = page.locator(".hmip-panel-form")
    for _ in range(5):
        run_cells(page)
        if page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').count():
            break
    panel.wait_for(timeout=WAIT * 2)


def test_the_notebook_opens_runs_filters_opens_again_and_restarts(lab_page: Any, lab: Any) -> None:
    page: Page = lab_page.page
    stored = sum(VEGALITE in data for data in outputs(lab))
    panels = sum(FINDINGS in data for data in outputs(lab))
    page.goto(lab.notebook(NAME))
    drawn(page, stored, 0)  # just opened, nothing run and nothing trusted
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=WAIT)
    page.wait_for_timeout(500)
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)  # and nothing changed
    run_folded(page)
    drawn(page, 0, panels)
    expect(page.locator(".hmip-finding svg.marks")).to_have_count(stored - panels, timeout=WAIT)
    box(page, "Sentence type", "Licence").check()
    holds(page, Filters.of({"sentence_type": "Licence"}), name="sample")
    expect(page.locator(".hmip-finding .hmip-cases").first).to_contain_text("19 of 42 cases")
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.wait_for_timeout(1500)
    pictures = [data for data in outputs(lab) if VEGALITE in data]
    assert len(pictures) == stored
    assert all("image/png" in data for data in pictures)
    assert sum(FINDINGS in data for data in pictures) == panels
    text = (lab.folder / NAME).read_text(encoding="utf-8")
    assert "widget-view" not in text
    assert "widgets" not in json.loads(text)["metadata"]
    page.goto(lab.notebook(NAME))
    drawn(page, stored, 0)
    shown = page.locator(".jp-Notebook").inner_text()
    assert "Error" not in shown
    assert "model not found" not in shown
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel and Run All Cells…", exact=True).click()
    page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    drawn(page, 0, panels)
    expect(page.locator(".hmip-finding svg.marks")).to_have_count(stored - panels, timeout=WAIT)
    box(page, "Sex", "Male").check()
    holds(page, Filters.of({"sex": "Male"}), name="sample")
    assert [
        url
        for url in lab_page.requests
        if not url.startswith((lab.address, "data:", "blob:", "ws:"))
    ] == []


def test_jupyterlab_offers_the_page_under_save_and_export(lab: Any) -> None:
    with urllib.request.urlopen(f"{lab.address}/api/nbconvert") as answer:
        offered = json.load(answer)
    assert offered["hmip"]["output_mimetype"] == "text/html"
    with urllib.request.urlopen(f"{lab.address}/nbconvert/hmip/{NAME}") as answer:
        page = answer.read().decode()
    assert "Content-Security-Policy" in page
    assert "Practice cases, made up" in page


@pytest.mark.slow
def test_a_click_that_nobody_answers_says_so_and_ticks_nothing(lab_page: Any, lab: Any) -> None:
    page: Page = lab_page.page
    page.goto(write(lab, "unanswered.ipynb", SETUP, PANEL))
    run_all(page, 0)
    status = page.locator(".hmip-panel-form [role=status]")
    licence = box(page, "Sentence type", "Licence")
    kernels = [
        one
        for one in psutil.process_iter(["cmdline"])
        if any(str(lab.folder) in word for word in one.info["cmdline"] or ())
        and "ipykernel_launcher" in one.info["cmdline"]
    ]
    for one in kernels:
        one.suspend()
    try:
        licence.click()
        expect(status).to_have_text("Not connected: run this cell again.", timeout=WAIT)
        expect(licence).not_to_be_checked()
    finally:
        for one in kernels:
            one.resume()
    expect(licence).to_be_checked(timeout=WAIT)  # the answer came late, and is shown
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=WAIT)
    women = box(page, "Sex", "Female")
    if women.count():
        women.click()
        expect(women).not_to_be_checked(timeout=WAIT)
        expect(status).to_have_text("Not connected: run this cell again.")
