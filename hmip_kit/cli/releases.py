"""The command `hmip releases`: what was shared of a case file, for a reviewer, and its end."""

from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import click
import pandas as pd

from hmip_kit.cli.pages import Where
from hmip_kit.errors import KitError, unknown
from hmip_kit.page.on_record import record_of
from hmip_kit.protect.releases import Release
from hmip_kit.settings import RELEASES_KEPT_DAYS
from hmip_kit.workbook import Sheet, workbook, write_whole

TITLE = "Pages that were shared"
OLD = "old"
STYLE = """body { font: 11pt sans-serif } table { border-collapse: collapse }
td, th { border: 1px solid; padding: 4px; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere; min-width: 4em }"""
SAID = (
    "Each row is a file that left. What it may show, and what was left out beside earlier pages, "
    "was checked by the kit; whether it is shared is for a person to decide and to sign."
)


@click.command(
    "releases",
    help="List the pages for sharing of FILE that are on record, or write the list for a reviewer.",
)
@click.argument("file", type=Where(path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the reviewer's sheet: .html or .xlsx.",
)
@click.option(
    "--delete",
    metavar="RELEASE",
    help=f"Delete a release from the record, or '{OLD}': all older than {RELEASES_KEPT_DAYS} days.",
)
def releases_command(file: Path | str, out: Path | None, delete: str | None) -> None:
    """Run the command on `file`, `out` and `delete`, its argument and options."""
    record = record_of(file)
    releases = record.known()
    if delete:
        for gone in _deleted(record, releases, delete):
            click.echo(f"deleted the record of release {gone}: pages are no longer held against it")
        return
    if not releases:
        click.echo(f"No page of {Path(file).name} for sharing is on record in {record}.")
        return
    if out:
        click.echo(_written(out, about(record, releases)))
        return
    for one in releases:
        left = f"; left out: {'; '.join(one.withheld)}" if one.withheld else ""
        click.echo(f"{one.id}  {one.made}  {one.size} cases  {', '.join(one.pages)}{left}")
    click.echo(f"The record is in {record}. It is personal data: handle it as the case file.")


def _deleted(record: Any, releases: list[Release], which: str) -> list[str]:
    """Delete releases from a record, and return their ids."""
    limit = (date.today() - timedelta(days=RELEASES_KEPT_DAYS)).isoformat()
    gone = [one for one in releases if one.id == which or (which == OLD and one.made < limit)]
    if not gone and which != OLD:
        raise unknown("release", which, [one.id for one in releases])
    for one in gone:
        record.delete(one)
    return [one.id for one in gone]


def about(record: Any, releases: list[Release]) -> pd.DataFrame:
    """Return what a reviewer looks at of `releases` on `record`: a row for each file that left.

    With its rule, what was hidden, the file's SHA-256, and room for a name and a decision.
    """
    rows = [
        {
            "Release": one.id,
            "Made": one.made,
            "Output": name,
            "For": one.level,
            "Cases": one.size,
            "Rule": "groups of {} cases or more, counts of {} people or more".format(
                *one.thresholds
            ),
            "Left out beside earlier pages": "; ".join(one.withheld) or "nothing",
            "Hidden on the pages": "; ".join(one.hidden) or "nothing",
            "In the place of": one.replaces or "no other",
            "SHA-256 of the file": digest,
            "Reviewer": "",
            "Decision": "",
        }
        for one in releases
        for name, digest in one.pages.items()
    ]
    return pd.DataFrame(rows).assign(Record=str(record)) if rows else pd.DataFrame()


def _written(out: Path, rows: pd.DataFrame) -> Path:
    """Write the reviewer's sheet."""
    ways = {".html": _page, ".xlsx": _workbook}
    if out.suffix.lower() not in ways:
        raise KitError(f"a reviewer's sheet is written as {' or '.join(ways)}, not {out.name}")
    return write_whole(out, ways[out.suffix.lower()](rows))


def _page(rows: pd.DataFrame) -> bytes:
    head = f"<!doctype html><html lang='en-GB'><meta charset='utf-8'><title>{TITLE}</title>"
    table = rows.to_html(index=False, border=0)
    said = f"<style>{STYLE}</style><h1>{TITLE}</h1><p>{escape(SAID)}</p>"
    return f"{head}{said}{table}</html>".encode()


def _workbook(rows: pd.DataFrame) -> bytes:
    to_fill_in = ("Reviewer", "Decision")
    return workbook(TITLE, [SAID], [Sheet("Pages", TITLE, [SAID], rows, to_fill_in)])
