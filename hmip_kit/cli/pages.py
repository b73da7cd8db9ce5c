"""The commands on pages: `hmip render`, `plan` and `lab`, and `releases`, what was shared."""

import os
import shutil
import sys
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

import hmip_kit
from hmip_kit.errors import KitError, unknown
from hmip_kit.settings import LEVEL_SETTING, LEVELS, RELEASES_KEPT_DAYS
from hmip_kit.sources.bundled import bundled_folder, folders
from hmip_kit.workbook import Sheet, workbook, write_whole

if TYPE_CHECKING:
    from hmip_kit.protect.releases import Release

FIRST = "00_start_here.ipynb"  # what JupyterLab opens on
TWINS = ("pdf", "xlsx", "png")
HANDLE = (
    "For the unit only: these pages carry one record a case, without identifiers. "
    "Handle them as the case file."
)


class Where(click.Path):
    """A file or folder, or the address of a database."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return an address as it is, and a path as click does."""
        from hmip_kit.sources.own.files import is_address

        return value if is_address(value) else super().convert(value, param, ctx)


@click.command(
    "render",
    help="Run NOTEBOOKS (else all of the kit's) and write one page that needs no network.",
)
@click.argument("notebooks", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=Where(exists=True, path_type=Path),
    help="Your own case file, or the address of a database, in place of the practice cases.",
)
@click.option(
    "--against",
    default="",
    metavar="INSPECTION",
    help="What --data is compared with: a bundled inspection, or an earlier file of the same unit.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="rendered",
    show_default=True,
    help="Where the pages go.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="sharing",
    show_default=True,
    envvar=LEVEL_SETTING,
    show_envvar=True,
    help="For whom the pages of your own cases are: for sharing, or for the unit only.",
)
@click.option(
    "--separate", is_flag=True, help="A page for each notebook, in place of one with all of them."
)
@click.option(
    "--also",
    default="",
    metavar="pdf,xlsx,png",
    help="Twins of each page, for mail that strips HTML.",
)
@click.option(
    "--marking",
    default="",
    help="What stands at the head of each page and twin, and in their names: OFFICIAL-SENSITIVE.",
)
@click.option(
    "--drop-identifiers",
    is_flag=True,
    help="Drop the columns of the case file that identify a person, and say which.",
)
@click.option(
    "--force", is_flag=True, help="Write over files in --out that are no pages of the kit's."
)
@click.option(
    "--first-release",
    is_flag=True,
    help="No page of these cases was shared before: there is no record to look up.",
)
@click.option(
    "--replaces",
    default="",
    metavar="RELEASE",
    help="The release whose pages are withdrawn for these, to put something right.",
)
def render_command(
    notebooks: tuple[Path, ...], out: Path, also: str, first_release: bool, **said: Any
) -> None:
    """Run the command on `notebooks`, `out`, `also`, `first_release` and what else was `said`."""
    from hmip_kit.page.running import Wanted, render

    twins = [kind.strip() for kind in also.split(",") if kind.strip()]
    for kind in twins:
        if kind not in TWINS:
            raise click.BadParameter(f"{kind!r} is none of {', '.join(TWINS)}", param_hint="--also")
    if said["against"] and said["against"] not in folders() and not Path(said["against"]).exists():
        raise unknown("inspection", said["against"], folders())
    chosen = list(dict.fromkeys(notebooks))
    wanted = Wanted(chosen, also=twins, first=first_release, ask=_ask, **said)
    written, unit = render(wanted, out)
    for path in written:
        click.echo(path)
    if unit:
        click.echo(HANDLE)


def _ask(said: str) -> bool:
    """Return whether a person says that this is the first page of these cases to be shared."""
    asked = f"{said}. Is this the first page of any of these cases that is shared?"
    return sys.stdin.isatty() and click.confirm(asked)


@click.command(
    "plan", help="Write FILE (.html, to print on A4, or .xlsx), an action plan to fill in."
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--inspection",
    default="lewisham-bromley-2022",
    show_default=True,
    help="Whose recommendations: a bundled inspection, or a folder that `hmip read` wrote.",
)
@click.option("--force", is_flag=True, help="Write over a file of that name.")
def plan_command(file: Path, inspection: str, force: bool) -> None:
    """Run the command on `file` and `inspection`; with `force` what is there is written over."""
    if file.exists() and not force:
        raise KitError(f"{file} is there already, and may be filled in: --force writes over it")
    click.echo(hmip_kit.action_plan(hmip_kit.load(inspection), file))


@click.command(
    "lab",
    context_settings={"ignore_unknown_options": True},
    help="Copy the kit's notebooks to FOLDER, keeping those there, and open JupyterLab on them.",
)
@click.argument(
    "folder", default="hmip-notebooks", type=click.Path(file_okay=False, path_type=Path)
)
@click.argument("jupyter", nargs=-1, type=click.UNPROCESSED)
def lab_command(folder: Path, jupyter: tuple[str, ...]) -> None:
    """Run the command on a `folder`; what else there is, `jupyter`, goes to Jupyter."""
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(bundled_folder("notebooks").glob("*.ipynb")):
        kept = (folder / notebook.name).exists()
        if not kept:
            shutil.copyfile(notebook, folder / notebook.name)
        click.echo(f"{'kept' if kept else 'copied'} {folder / notebook.name}")
    command = [sys.executable, "-m", "jupyterlab", *lab_options(folder), *jupyter]
    os.execve(sys.executable, command, lab_environment())  # noqa: S606  # no shell


def lab_environment() -> dict[str, str]:
    """Return the environment for JupyterLab: with this kit's save hook, and no announcements.

    Its kernel keeps to itself which version of Python it is: JupyterLab would write that into a
    notebook when it opens it, and mark it as changed.
    """
    ours = str(Path(hmip_kit.__file__).parent / "page" / "config")
    given = {name: os.environ.get(name) for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH")}
    paths = {name: os.pathsep.join(filter(None, [ours, one])) for name, one in given.items()}
    return {**os.environ, **paths}


def lab_options(folder: Path) -> list[str]:
    """Return how JupyterLab is started: on a `folder`, asking nothing of the network."""
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        f"--notebook-dir={folder}",
        *([f"--LabApp.default_url=/lab/tree/{FIRST}"] if (folder / FIRST).exists() else []),
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        *as_root,
    ]


SHARED = "Pages that were shared"
OLD = "old"
STYLE = """body { font: 11pt sans-serif } table { border-collapse: collapse }
td, th { border: 1px solid; padding: 4px; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere; min-width: 4em }"""
FOR_REVIEW = (
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
    from hmip_kit.page.on_record import record_of

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
        click.echo(_written(out, _about(record, releases)))
        return
    for one in releases:
        left = f"; left out: {'; '.join(one.withheld)}" if one.withheld else ""
        click.echo(f"{one.id}  {one.made}  {one.size} cases  {', '.join(one.pages)}{left}")
    click.echo(f"The record is in {record}. It is personal data: handle it as the case file.")


def _deleted(record: Any, releases: "list[Release]", which: str) -> list[str]:
    """Delete releases from a record, and return their ids."""
    limit = (date.today() - timedelta(days=RELEASES_KEPT_DAYS)).isoformat()
    gone = [one for one in releases if one.id == which or (which == OLD and one.made < limit)]
    if not gone and which != OLD:
        raise unknown("release", which, [one.id for one in releases])
    for one in gone:
        record.delete(one)
    return [one.id for one in gone]


def _about(record: Any, releases: "list[Release]") -> pd.DataFrame:
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
    head = f"<!doctype html><html lang='en-GB'><meta charset='utf-8'><title>{SHARED}</title>"
    table = rows.to_html(index=False, border=0)
    said = f"<style>{STYLE}</style><h1>{SHARED}</h1><p>{escape(FOR_REVIEW)}</p>"
    return f"{head}{said}{table}</html>".encode()


def _workbook(rows: pd.DataFrame) -> bytes:
    to_fill_in = ("Reviewer", "Decision")
    return workbook(SHARED, [FOR_REVIEW], [Sheet("Pages", SHARED, [FOR_REVIEW], rows, to_fill_in)])
