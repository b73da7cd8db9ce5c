"""The commands that read: `hmip check`, `template` and `new` case files, `read` a report."""

import json
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import click

from hmip_kit.errors import DataProblem, KitError
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.own import Checked, check
from hmip_kit.sources.own.confirmed import as_toml, mapping_file
from hmip_kit.sources.own.template import write_template
from hmip_kit.sources.report.lines import NOT_STATED
from hmip_kit.sources.report.questions import REBUILT, STATED
from hmip_kit.stats.words import plural
from hmip_kit.workbook import as_text, write_whole

TABLES = ("stated", "ratings", "published", "key_questions", "recommendations", "candidates")
TAKEN = "taken"  # a further one, of a workbook of key questions
TEMPLATE = "my-audit.xlsx"
CASES = re.compile(r"^cases = .*$", re.MULTILINE)


@click.command(
    "check",
    help="Check FILE (CSV, XLSX, ODS, Parquet, or a folder of them): every problem at once.",
)
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
@click.option(
    "--keep-mappings",
    is_flag=True,
    help="Write what headings and values were taken as into NAME.mapping.toml beside FILE: put it"
    " right by hand where need be. It is used again from then on.",
)
def check_command(
    file: Path, drop_identifiers: bool, case_map: Path | None, keep_mappings: bool
) -> None:
    """Run the command on `file` with its options.

    They are `drop_identifiers`, `case_map` and `keep_mappings`.
    """
    found = check(file, drop_identifiers)
    for line in _told(found):
        click.echo(line)
    if keep_mappings:
        _write_private(mapping_file(file), as_toml(found.taken))
        click.echo(f"wrote {mapping_file(file)}")
    found.accepted()
    if case_map:
        _write_private(case_map, found.case_map)
        click.echo(f"wrote {case_map}: it names real cases, so keep it where the case file is kept")


@click.command(
    "template",
    help="Write FILE (.xlsx or .csv), a table to fill in, with lists, notes and an example.",
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--framework",
    default="pdu-2021",
    show_default=True,
    help="The framework whose key questions are asked.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def template_command(file: Path, framework: str, force: bool) -> None:
    """Run the command on `file`, `framework` and `force`, its arguments and options."""
    for path in write_template(file, framework, force):
        click.echo(f"wrote {path}")


@click.command(
    "new",
    help="Set up FOLDER with the kit's notebooks on your own case file; files there are kept.",
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Your own case file; without one a template to fill in is written.",
)
def new_command(folder: Path, data: Path | None) -> None:
    """Run the command on `folder` and `data`, its arguments and options."""
    if data is not None:
        check(data).accepted()
    file = folder / (data.name if data else TEMPLATE)
    click.echo(_case_file(file, data))
    if data and mapping_file(data).is_file() and not mapping_file(file).exists():
        confirmed = mapping_file(data).read_bytes()
        click.echo(f"wrote {write_whole(mapping_file(file), confirmed)}")
    for notebook in sorted(bundled_folder("notebooks").glob("*.ipynb")):
        click.echo(_notebook(notebook, folder / notebook.name, file.name))
    if data is None:
        click.echo(f"next: fill in {file}, then `hmip check {file}`")
    click.echo(f"then: `hmip lab {folder}`, or `hmip render --data {file}` for the pages")


@click.command(
    "read",
    help="Read REPORT (text, Markdown, HTML or PDF; a table of key questions: XLSX, ODS, CSV or"
    " HTML) into tables; what is not there is not stated.",
)
@click.argument("report", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the tables, as CSV, and the identity.",
)
@click.option("--unit", help="The unit to read, where a report rates several.")
@click.option("--force", is_flag=True, help="Write over tables that are in the folder.")
def read_command(report: Path, out: Path | None, unit: str | None, force: bool) -> None:
    """Run the command on `report`, `out`, `unit` and `force`, its arguments and options."""
    from hmip_kit.sources.report import read_report

    found = read_report(report, unit)
    click.echo("\n".join(_read_told(found)))
    if out:
        click.echo(f"wrote {out}: {', '.join(_write_tables(found, out, force))}")


def _told(found: Checked) -> list[str]:
    """Return what a check says beside its problems: mappings, warnings, how many cases."""
    mapped = [
        f"{row.where}: {row.kind} {row.given!r} taken as {row.taken_as!r} ({row.cells})"
        for row in found.mappings.itertuples()
    ]
    lines: list[str] = []
    for word, each in (("mapping", mapped), ("warning", list(found.warnings))):
        if each:
            lines += [f"{found.name}: {plural(len(each), word)}", *(f"  {one}" for one in each)]
    if found.inspection is not None:
        cases, answers = found.inspection.size, len(found.inspection.answers)
        held = f"{plural(cases, 'case')}, {plural(answers, 'answer')}"
        lines.append(f"{found.name}: {held}; no problems")
    return lines


def _write_private(path: Path, content: str) -> None:
    """Write a file that only its owner may read; one that is there is not written over."""
    if path.exists():
        raise DataProblem(f"{path.name}: cannot be written: it is there already")
    write_whole(path, content.encode(), private=True)


def _case_file(file: Path, data: Path | None) -> str:
    """Put the case file, or a template, into the folder; another of its name stays unless asked."""
    if file.exists():
        if data is None or _contents(data) == _contents(file):
            return f"kept {file}"
        if not click.confirm(f"{file} is there and is another file than {data}: replace it?"):
            raise DataProblem(f"{file}: kept; name another folder for {data}")
    if data is None:
        write_template(file)
    for name, content in _contents(data).items() if data else ():
        write_whole(file / name, content)
    return f"wrote {file}"


def _contents(path: Path) -> dict[Path, bytes]:
    """Return what a file, or each file of a folder, holds, by its path within it."""
    files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
    return {one.relative_to(path): one.read_bytes() for one in files}


def _notebook(source: Path, target: Path, data: str) -> str:
    """Copy a notebook without its outputs, its parameter `cases` set to the case file."""
    import nbformat

    if target.exists():
        return f"kept {target}"
    notebook = nbformat.read(source, as_version=4)
    named = f"cases = {data!r}".replace("'", '"')
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "parameters" in cell.metadata.get("tags", ()):
                cell.source = CASES.sub(lambda _: named, cell.source)
    write_whole(target, f"{nbformat.writes(notebook)}\n".encode())
    return f"wrote {target}"


def _read_told(found: Inspection) -> list[str]:
    """Return what was read, a line each."""
    rows = {name: found.table(name).to_dict("records") for name in TABLES}
    taken = found.frames[TAKEN].to_dict("records") if TAKEN in found.frames else []
    return [
        found.title,
        *(f"  {row['item']}: {row['value']}" for row in rows["stated"]),
        "ratings",
        *(f"  {row['standard']}: {row['rating'] or row['status']}" for row in rows["ratings"]),
        "key questions",
        *(f"  {row['question']}: {row['percent']}{_count(row)}" for row in rows["key_questions"]),
        *(f"  {row['cell']}: {row['what']} of {row['question']}: {row['value']}" for row in taken),
        "recommendations",
        *(
            f"  {row['number']}. {row['addressee']}: {row['label']}"
            for row in rows["recommendations"]
        ),
        *(f"warning: {text}" for text in found.identity["warnings"]),
        f"{plural(len(rows['candidates']), 'figure')} of the prose to confirm",
    ]


def _count(row: dict[Hashable, Any]) -> str:
    source = row["count_source"]
    if source in (REBUILT, STATED):
        return f"% ({row['yes']} of {row['n']}, {source})"
    return f"{'' if row['percent'] == NOT_STATED else '%'} (count {source})"


def _write_tables(found: Inspection, folder: Path, force: bool) -> list[str]:
    """Write the tables and the identity into a folder, which is made where it is not there.

    No text of a report is written so that a spreadsheet would run it. Without `force` no file that
    is there is written over.
    """
    names = [*TABLES, *([TAKEN] if TAKEN in found.frames else [])]
    left_out = ("warnings", "not_stated")
    identity = {item: value for item, value in found.identity.items() if item not in left_out}
    said = json.dumps(identity, default=str, indent=2, ensure_ascii=False)
    files = {f"{name}.csv": found.table(name).map(as_text).to_csv(index=False) for name in names}
    files["identity.json"] = f"{said}\n"
    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise KitError(f"{folder / there[0]} is there already: name another folder, or use --force")
    for name, text in files.items():
        write_whole(folder / name, text.encode())
    return [*files]
