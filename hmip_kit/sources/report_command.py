"""The command `hmip read`."""

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import click

from hmip_kit.errors import DataProblem
from hmip_kit.inspection import Inspection
from hmip_kit.sources.problems import plural
from hmip_kit.sources.report_questions import NOT_STATED, REBUILT

TABLES = ("stated", "ratings", "published", "key_questions", "recommendations", "candidates")


@click.command()
@click.argument("report", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the tables, as CSV, and the identity.",
)
@click.option("--unit", help="The unit to read, where a report rates several.")
def read(report: Path, out: Path | None, unit: str | None) -> None:
    """Read REPORT (text, Markdown, HTML or PDF), a published inspection report, into tables; what is not found is 'not stated'."""
    from hmip_kit.sources.report import read_report

    found = read_report(report, unit)
    for line in told(found):
        click.echo(line)
    if out:
        written(found, out)
        click.echo(f"wrote {out}: {', '.join(f'{name}.csv' for name in TABLES)}, identity.json")


def told(found: Inspection) -> list[str]:
    """Return what was read, a line each: identity, ratings, key questions, recommendations, and how many figures wait to be confirmed."""
    lines = [
        found.title,
        *(f"  {row['item']}: {row['value']}" for row in found.table("stated").to_dict("records")),
    ]
    lines += [
        "ratings",
        *(
            f"  {row['standard']}: {row['rating'] or row['status']}"
            for row in found.ratings.to_dict("records")
        ),
    ]
    lines += [
        "key questions",
        *(
            f"  {row['question']}: {row['percent']}{_count(row)}"
            for row in found.table("key_questions").to_dict("records")
        ),
    ]
    lines += [
        "recommendations",
        *(
            f"  {row.number}. {row.addressee}: {row.label}"
            for row in found.recommendations.itertuples()
        ),
    ]
    lines += [f"warning: {text}" for text in found.identity["warnings"]]
    return [*lines, f"{plural(len(found.table('candidates')), 'figure')} of the prose to confirm"]


def _count(row: dict[Hashable, Any]) -> str:
    source = row["count_source"]
    return (
        f"% ({row['yes']} of {row['n']}, {source})"
        if source == REBUILT
        else f"{'' if row['percent'] == NOT_STATED else '%'} (count {source})"
    )


def written(found: Inspection, folder: Path) -> None:
    """Write the tables and the identity into a folder, which is made where it is not there. Raises `DataProblem` where it cannot be."""
    identity = {
        item: value
        for item, value in found.identity.items()
        if item not in ("warnings", "not_stated")
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            found.table(name).to_csv(folder / f"{name}.csv", index=False)
        (folder / "identity.json").write_text(
            json.dumps(identity, default=str, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise DataProblem(f"{folder.name}: cannot be written: {error.strerror}") from None
