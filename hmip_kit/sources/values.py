"""Values of a column, checked and turned into those of the schema, one different text at a time."""

import re
from difflib import get_close_matches

from hmip_kit.schema import NOT_RECORDED
from hmip_kit.sources.identifiers import first_identifying, shown
from hmip_kit.sources.matching import DROP, Matched, own_each
from hmip_kit.sources.problems import Report
from hmip_kit.sources.spellings import FREE, allowed, spelled
from hmip_kit.sources.table import Table, Texts

NAME_SHAPE = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'.-]*)+")
MOST_VALUES = 10  # bad values of a column that are named


def settled(table: Table, place: int, name: str, report: Report) -> Texts:
    """Return a column in the schema's values. Texts that mean nothing there are problems, by first row; each change is reported."""
    column = table.columns[place]
    meant = {text: spelled(name, text) for text in column.values}
    strange = 0
    for text, (cells, row) in column.counted.items():
        value = meant[text]
        if value is None:
            strange += 1
            if strange <= MOST_VALUES:
                report.problem(table.place(place, row), _bad(text, name, cells))
        elif value != text and name not in FREE:
            report.mapped(
                table.place(place), "value", text or "blank", value or "not recorded", cells
            )
    if strange > MOST_VALUES:
        report.problem(
            table.place(place), f"{strange - MOST_VALUES} more different values are not allowed"
        )
    return column.mapped(lambda text: meant[text] or "")


def settled_office(found: Matched, place: int, report: Report, drop: bool) -> Texts | None:
    """Return a column whose values are the user's own; none where it is dropped or refused, because it looks as if it names people."""
    column = found.table.columns[place]
    kind = first_identifying(value for value in column.values if value) or (
        "names: nearly every row has its own" if own_each(column) else None
    )
    if kind and drop:
        report.warn(found.table.place(place), f"holds what looks like {kind} and was dropped")
    elif kind:
        row = next(
            (
                row
                for text, (_, row) in column.counted.items()
                if text and first_identifying([text])
            ),
            None,
        )
        report.problem(
            found.table.place(place, row), f"holds what looks like {kind} and is refused: {DROP}"
        )
    return None if kind else column.mapped(lambda text: text or NOT_RECORDED)


def warn_of_absent(table: Table, place: int, name: str, values: Texts, report: Report) -> None:
    """Warn of each allowed value that should occur in a column and never does."""
    there = set(values.counted)
    absent = [value for value in allowed(name) if value not in there and value != NOT_RECORDED]
    if absent and len(table):
        report.warn(
            table.place(place),
            f"{name}: {' and '.join(map(repr, absent))} never occur{'s' if len(absent) == 1 else ''}",
        )


def _bad(text: str, name: str, cells: int) -> str:
    times = "" if cells == 1 else f" (in {cells} cells)"
    near = get_close_matches(text, allowed(name), n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    said = (
        shown(text)
        if near or not NAME_SHAPE.fullmatch(text)
        else "a value that may be a name (not shown)"
    )
    return f"{said} is not one of {', '.join(allowed(name))}{times}{hint}"
