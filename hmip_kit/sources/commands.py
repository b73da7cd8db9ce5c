"""The commands `hmip check`, `hmip template` and `hmip new`."""

import os
from itertools import chain
from pathlib import Path

import click

from hmip_kit.errors import DataProblem
from hmip_kit.sources.checking import Checked
from hmip_kit.sources.checking import check as checked
from hmip_kit.sources.problems import plural


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--drop-identifiers",
    is_flag=True,
    help="Drop the columns that identify a person, and say which.",
)
@click.option(
    "--case-map",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write which case has which number; not to be shared.",
)
def check(file: Path, drop_identifiers: bool, case_map: Path | None) -> None:
    """Check FILE (CSV, XLSX, ODS, Parquet, or a folder of them) and say every problem at once."""
    found = checked(file, drop_identifiers)
    for line in told(found):
        click.echo(line)
    if found.inspection is None:
        raise DataProblem(found.message)
    if case_map:
        write_private(case_map, found.case_map)
        click.echo(f"wrote {case_map}: it names real cases, so keep it where the case file is kept")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--framework",
    default="pdu-2021",
    show_default=True,
    help="The framework whose key questions are asked.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def template(file: Path, framework: str, force: bool) -> None:
    """Write FILE (.xlsx or .csv), a table to fill in: drop-down lists, notes, an example row and the data dictionary."""
    from hmip_kit.sources.template import write_template

    for path in write_template(file, framework, force):
        click.echo(f"wrote {path}")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Your own case file; without one a template to fill in is written.",
)
def new(folder: Path, data: Path | None) -> None:
    """Set up FOLDER with the kit's notebooks on your own case file."""
    from hmip_kit.sources.starting import start

    for line in start(folder, data):
        click.echo(line)


def told(found: Checked) -> list[str]:
    """Return what a check has to say beside its problems: what was taken as what, warnings, and how many cases there are."""
    lines = [
        f"{row.where}: {row.kind} {row.given!r} taken as {row.taken_as!r} ({row.cells})"
        for row in found.mappings.itertuples()
    ]
    parts = {"mapping": lines, "warning": list(found.warnings)}
    said = [
        [f"{found.name}: {plural(len(each), word)}", *(f"  {line}" for line in each)]
        for word, each in parts.items()
        if each
    ]
    loaded = found.inspection
    held = (
        []
        if loaded is None
        else [
            f"{found.name}: {plural(loaded.size, 'case')}, {plural(len(loaded.answers), 'answer')}; no problems"
        ]
    )
    return [*chain.from_iterable(said), *held]


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner may read; one that is there is not written over."""
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
            "w",
            encoding="utf-8",
            newline="",
        ) as file:
            file.write(content)
    except OSError as error:
        raise DataProblem(f"{path.name}: cannot be written: {error.strerror}") from None
