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

    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator("#hmip-code").click()
    found = Axe().run(page, options={"resultTypes": ["violations"]})  # what is right takes longest
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found["violations"]]


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Return a notebook's page on disk."""
    made = page_of(nbformat.read(request.param, as_version=4), request.param.stem)
    check_payload(made, PageData)
    check_payload(_data(made), ScriptData)
    text = html(made)
    yield write_whole(
        tmp_path_factory.mktemp("pages") / f"{request.param.stem}.html", text.encode()
    )


def test_is_one_file_small_enough_to_mail(written: Path) -> None:
    assert written.stat().st_size <= LARGEST


def test_opens_offline_whole_and_without_a_barrier(
    offline: Callable[..., Any], written: Path
) -> None:
    watched = offline(written.as_uri())
    page = watched.page
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate(CUT) == []
    assert page.locator("nav a").count() >= 2
    assert page.locator("#hmip-method").count() == 1
    targets = page.locator("nav a").evaluate_all(
        "(links) => links.map((link) => link.hash.slice(1))"
    )
    assert page.evaluate("(ids) => ids.filter((id) => !document.getElementById(id))", targets) == []
    assert seen(page) == []
    assert watched.requests == [written.as_uri()]
    assert watched.wrong == []


def test_fits_a_telephone_and_a_page_at_four_times_the_size(
    offline: Callable[..., Any], written: Path
) -> None:
    watched = offline(written.as_uri(), width=320)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320
