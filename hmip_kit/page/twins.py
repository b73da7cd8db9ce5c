"""Twins of a page, for mail gateways that strip HTML: PDF, a workbook, the first picture."""

import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.page import file_stem
from hmip_kit.picture import png, with_marking
from hmip_kit.protect.bundle import captioned, table_of
from hmip_kit.protect.payload import Page, PageFinding
from hmip_kit.workbook import Sheet, workbook

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--no-pdf-header-footer",
    "--virtual-time-budget=20000",
)
NO_CHROMIUM = "no Chromium was found, so no PDF: a page prints from any browser"
LONGEST_SHEET_NAME = 31
PRINTING_SECONDS = 120
# In a PDF, when it was printed; what replaces it is as long, since a PDF counts its bytes.
MADE_AT, NO_TIME = re.compile(rb"\(D:\d{14}"), b"(D:19800101000000"


def write_twin(kind: str, page: Page, html: str) -> dict[str, bytes]:
    """Return the twins of a `kind`, "pdf", "xlsx" or "png", of a `page`, by the names of the files.

    There is one picture a finding; `html` is what the page is as a file.

    Raises `KitError` for a PDF where Chromium is not there or does not print, and for a page
    without what the twin would be made of: where small groups are hidden it may have no picture.
    """
    made = TWINS[kind](page, html) if page["findings"] or kind == "pdf" else {}
    if not made:
        what = "finding" if kind == "xlsx" else "picture"
        raise KitError(f"{page['name']}: no {what} on the page, so no {kind.upper()} of it")
    return made


def chromium() -> str | None:
    """Return where Chromium is, if it is anywhere."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def _pdf(page: Page, html: str) -> dict[str, bytes]:
    """Return the page printed on A4 by headless Chromium, as anybody's browser would print it."""
    browser = chromium()
    if browser is None:
        raise KitError(f"{page['name']}: {NO_CHROMIUM}")
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(html, encoding="utf-8")
        files = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        for sandbox in ([], ["--no-sandbox"]):  # the first does not start everywhere, as for root
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(  # noqa: S603  # our own page, no shell
                    [browser, *OPTIONS, *sandbox, *files, source.as_uri()],
                    capture_output=True,
                    timeout=PRINTING_SECONDS,
                    check=False,
                )
            if target.exists():
                break
        else:
            raise KitError(f"{page['name']}: Chromium did not print the page, so no PDF of it")
        content = MADE_AT.sub(NO_TIME, target.read_bytes())
    return {f"{file_stem(page)}.pdf": content}


def _png(page: Page, _: str) -> dict[str, bytes]:
    """Return a picture a finding: title, measure, cases, source and level above it."""
    made = {}
    for finding in (one for one in page["findings"] if one["spec"]):
        content = png(captioned(finding["spec"] or {}, finding), scale=2)
        if page["marking"]:
            content = with_marking(content, page["marking"])
        made[f"{file_stem(page)}-{finding['id'].removeprefix('finding_')}.png"] = content
    return made


def _xlsx(page: Page, _: str) -> dict[str, bytes]:
    """Return the page's tables as an accessible workbook: cover, contents, one table a sheet."""
    marking = [page["marking"]] if page["marking"] else []
    sheets = [_sheet(place, one, marking) for place, one in enumerate(page["findings"], 1)]
    about = [
        f"{one['title']}. {one.get('about', '')} {one.get('licence', '')}".strip()
        for one in page["inspections"]
    ]
    content = workbook(page["title"], [*marking, *about], sheets)
    return {f"{file_stem(page)}.xlsx": content}


def _sheet(place: int, finding: PageFinding, marking: list[str]) -> Sheet:
    headings, *rows = table_of(finding)
    name = f"{place} {finding['name']}"[:LONGEST_SHEET_NAME]
    lines = [*marking, finding["sentence"], *finding["notes"]]
    return Sheet(name, finding["title"], lines, pd.DataFrame(rows, columns=headings))


TWINS: dict[str, Callable[[Page, str], dict[str, bytes]]] = {
    "pdf": _pdf,
    "xlsx": _xlsx,
    "png": _png,
}
