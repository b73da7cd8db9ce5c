"""The commands `hmip render` and `hmip lab`."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import click

import hmip_kit
from hmip_kit.errors import KitError, unknown
from hmip_kit.settings import LEVEL_SETTING, LEVELS
from hmip_kit.sources.bundled import bundled_folder, folders

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
