"""The commands `hmip render` and `hmip lab`."""

import os
import shutil
import sys
from pathlib import Path

import click

from hmip_kit.level import LEVELS
from hmip_kit.sources.bundled import bundled_folder

TWINS = ("pdf", "xlsx", "png")


@click.command()
@click.argument("notebooks", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(exists=True, path_type=Path),
    help="Your own case file, in place of the practice cases.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="rendered",
    show_default=True,
    help="Where the pages go.",
)
@click.option(
    "--disclosure",
    type=click.Choice(LEVELS),
    default="protected",
    show_default=True,
    help="What a page may show of your own cases.",
)
@click.option(
    "--also",
    default="",
    metavar="pdf,xlsx,png",
    help="Twins of each page, for mail that strips HTML.",
)
def render(
    notebooks: tuple[Path, ...], data: Path | None, out: Path, disclosure: str, also: str
) -> None:
    """Run NOTEBOOKS (all that come with the kit, if none is named) and write each as one page that needs no network."""
    from hmip_kit.share.running import render as write

    twins = [kind.strip() for kind in also.split(",") if kind.strip()]
    for kind in twins:
        if kind not in TWINS:
            raise click.BadParameter(f"{kind!r} is none of {', '.join(TWINS)}", param_hint="--also")
    chosen = list(notebooks) or sorted(bundled_folder("notebooks").glob("*.ipynb"))
    for path in write(chosen, out, disclosure, data, twins):
        click.echo(path)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument(
    "folder", default="hmip-notebooks", type=click.Path(file_okay=False, path_type=Path)
)
@click.argument("jupyter", nargs=-1, type=click.UNPROCESSED)
def lab(folder: Path, jupyter: tuple[str, ...]) -> None:
    """Copy the kit's notebooks to FOLDER, keeping those that are there, and open JupyterLab on them. More arguments go to Jupyter."""
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(bundled_folder("notebooks").glob("*.ipynb")):
        if (folder / notebook.name).exists():
            click.echo(f"kept {folder / notebook.name}")
        else:
            shutil.copyfile(notebook, folder / notebook.name)
            click.echo(f"copied {folder / notebook.name}")
    os.execve(
        sys.executable,
        [sys.executable, "-m", "jupyterlab", *lab_options(folder), *jupyter],
        lab_environment(),
    )  # noqa: S606  # no shell


def lab_environment() -> dict[str, str]:
    """Return the environment for JupyterLab: with this kit's save hook, and with the question about announcements switched off."""
    ours = str(Path(__file__).parent / "config")
    return {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(
            [ours, *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
        ),
    }


def lab_options(folder: Path) -> list[str]:
    """Return how JupyterLab is started: on a folder, and without asking anything of the network."""
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        f"--notebook-dir={folder}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        *as_root,
    ]
