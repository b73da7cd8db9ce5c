"""The page of each notebook, made from what the notebook stores, as a reader opens it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from payload import check_payload
from playwright.sync_api import Page

from hmip_kit.page import page_of
from hmip_kit.page.exporter import _data, html
from hmip_kit.protect.payload import Page as PageData
from hmip_kit.protect.payload import ScriptData
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.workbook import write_whole

NOTEBOOKS = sorted(bundled_folder("notebooks").glob("*.ipynb"))
SOON = ("00",)  # all in one are opened by test_page_parts; the others alone under make test-all
LARGEST = 1_600_000  # bytes
CUT = """() => [...document.querySelectorAll(".hmip-picture")].filter((one) => {
  const frame = one.querySelector("svg.marks").getBoundingClientRect();
  return [...one.querySelectorAll("svg.marks text")].some((text) => {
    const box = text.getBoundingClientRect();
    const beside = box.left < frame.left - 1 || box.right > frame.right + 1;
    return box.width && (beside || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
  });
}).map((one) => one.closest("section").id)"""


def seen(page: Page) -> list[str]:
    """Return what axe-core finds wrong, with every table and the code open."""
    from axe_core_python.sync_playwright import Axe

    wrong = []
    for name in page.locator(".hmip-part").evaluate_all("(all) => all.map((one) => one.id)"):
        page.evaluate("(name) => { location.hash = name; }", name)
        page.wait_for_function("(name) => !document.getElementById(name).hidden", arg=name)
        page.wait_for_timeout(200)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page, options={"resultTypes": ["violations"]})  # the rest takes longest
        wrong += [f"{one['id']}: {one['nodes'][0]['target']}" for one in found["violations"]]
    return wrong


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(path, marks=() if path.stem[:2] in SOON else pytest.mark.slow)
        for path in NOTEBOOKS
    ],
    ids=lambda path: path.stem,
)
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Return a notebook's page on disk."""
    made = page_of(
        {request.param.stem: nbformat.read(request.param, as_version=4)}, request.param.stem
    )
    check_payload(made, PageData)
    check_payload(_data(made), ScriptData)
    text = html(made)
    yield write_whole(
        tmp_path_factory.mktemp("pages") / f"{request.param.stem}.html", text.encode()
    )


def test_is_one_file_small_enough_to_mail(written: Path) -> None:
    assert written.stat().st_size <= LARGEST


def fits(page: Page) -> bool:
    """Return whether nothing of a page lies beside the screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide <= (page.viewport_size or {"width": 0})["width"]


def test_opens_offline_whole_and_without_a_barrier(
    offline: Callable[..., Any], written: Path
) -> None:
    """Also at four times the size, where a screen is 320 pixels wide."""
    watched = offline(written.as_uri())
    page = watched.page
    assert fits(page)
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator("nav a").count() >= 2
    assert page.locator("#hmip_method").count() == 1
    targets = page.locator("nav a[href^='#']").evaluate_all(
        "(links) => links.map((link) => link.hash.slice(1))"
    )
    assert page.evaluate("(ids) => ids.filter((id) => !document.getElementById(id))", targets) == []
    assert seen(page) == []
    assert watched.requests == [written.as_uri()]
    assert watched.wrong == []


@pytest.mark.slow  # a page is laid out by its width, whether it was opened at it or made so narrow
def test_fits_a_telephone(offline: Callable[..., Any], written: Path) -> None:
    assert fits(offline(written.as_uri(), width=320).page)
