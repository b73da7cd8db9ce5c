"""Twins of a page, for mail gateways that strip HTML: PDF, a workbook, and a picture of the first finding."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.picture import table_of
from hmip_kit.share.page import Page

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
LONGEST_SHEET_NAME = 31
PRINTING_SECONDS = 120
MADE_AT = re.compile(
    rb"\(D:\d{14}"
)  # in a PDF, when it was printed; what replaces it is as long, since a PDF counts its bytes


def write_twin(kind: str, page: Page, html: str) -> bytes:
    """Return a page's twin: "pdf", "xlsx" or "png". Raises `KitError` for a PDF where there is no Chromium, and what `lacks` says."""
    if said := lacks(kind, page):
        raise KitError(f"{page['name']}: {said}")
    return TWINS[kind](page, html)


def pdf(_: Page, html: str) -> bytes:
    """Return the page printed on A4 by headless Chromium, as anybody's browser would print it."""
    browser = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if browser is None:
        raise KitError(
            "a PDF needs Chromium, and none was found; the page itself prints from any browser"
        )
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(html, encoding="utf-8")
        options = [
            "--headless",
            "--disable-gpu",
            "--no-sandbox",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-sync",
        ]
        command = [
            browser,
            *options,
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            "--virtual-time-budget=20000",
        ]
        done = subprocess.run(  # noqa: S603  # our own page, no shell
            [*command, f"--print-to-pdf={target}", source.as_uri()],
            capture_output=True,
            timeout=PRINTING_SECONDS,
            check=False,
        )
        if not target.exists():
            raise KitError(f"Chromium did not print the page (it ended with {done.returncode})")
        return MADE_AT.sub(b"(D:19800101000000", target.read_bytes())


def lacks(kind: str, page: Page) -> str:
    """Return what a page has not that a twin would be made of: at a level that hides small groups it may have no picture."""
    if kind == "png" and not any(finding["png"] for finding in page["findings"]):
        return "no picture on the page, so no PNG of it"
    return (
        "no finding on the page, so no XLSX of it"
        if kind == "xlsx" and not page["findings"]
        else ""
    )


def png(page: Page, _: str) -> bytes:
    """Return the picture of the page's first finding that has one."""
    return bytes(next(finding["png"] for finding in page["findings"] if finding["png"]))


def xlsx(page: Page, _: str) -> bytes:
    """Return the page's tables as an accessible workbook: cover, contents, notes, one table a sheet."""
    from hmip_kit.workbook import Sheet, workbook

    sheets = [
        Sheet(
            f"{place} {finding['name']}"[:LONGEST_SHEET_NAME],
            finding["title"],
            [finding["sentence"], *finding["notes"]],
            _frame(finding),
        )
        for place, finding in enumerate(page["findings"], 1)
    ]
    about = [
        f"{one['title']}. {one.get('about', '')} {one.get('licence', '')}".strip()
        for one in page["inspections"]
    ]
    return workbook(page["title"], about, sheets)


def _frame(finding: dict[str, object]) -> pd.DataFrame:
    headings, *rows = table_of(finding)
    return pd.DataFrame(rows, columns=headings)


TWINS: dict[str, Callable[[Page, str], bytes]] = {"pdf": pdf, "xlsx": xlsx, "png": png}
