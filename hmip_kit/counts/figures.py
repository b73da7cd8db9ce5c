"""Published figures: what each is out of, and the count that it can come from."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from hmip_kit.counts import once_a_sample
from hmip_kit.inspection import Inspection
from hmip_kit.schema import FRAMES
from hmip_kit.stats.samples import possible_counts

PERCENT = "percent"
NUMBERS = ("value", "numerator", "denominator", "low", "high")
COUNTS = ("base", "base_at_most", "yes", "n")
STATED, REBUILT = "stated", "rebuilt from the percentage"
PLACE = {"section": "Where in the report"}  # a column that the registry fills: see `findings`


class Base(NamedTuple):
    """What a figure is out of: `exact`, or the `least` or the `most` that it can be.

    None of them where nothing is stated.
    """

    exact: int | None = None
    least: int | None = None
    most: int | None = None


def figure_value(inspection: Inspection, *ids: str) -> int | None:
    """Return the value of the first of these published figures that an `inspection` has.

    `ids` name them. None where there is none.

    >>> import hmip_kit as hk
    >>> figure_value(hk.load("lewisham-bromley-2022"), "no_such_figure", "referrals")
    748
    """
    figures = inspection.frames["figures"]
    stated = zip(figures["figure"], figures["value"], strict=True)
    values = {name: value for name, value in stated if name in ids and not pd.isna(value)}
    return next((int(values[one]) for one in ids if one in values), None)


def completed(figures: pd.DataFrame) -> pd.DataFrame:
    """Return `figures` with every column of the schema: text blank, numbers missing where they are.

    A percentage without what is printed is taken to be printed with the decimals of its value.
    """
    figures = figures.reindex(columns=[column.name for column in FRAMES["figures"]])
    numbers = {name: pd.to_numeric(figures[name]).astype("Float64") for name in NUMBERS}
    text = {str(name): figures[name].astype("str").fillna("") for name in figures}
    figures = figures.assign(**(text | numbers))
    shown = [
        "" if pd.isna(value) else f"{value:g}{'%' if unit == PERCENT else ''}"
        for value, unit in zip(figures["value"], figures["unit"], strict=True)
    ]
    return figures.assign(printed=figures["printed"].where(figures["printed"] != "", shown))


@once_a_sample
def where_printed(sample: Inspection) -> dict[str, str]:
    """Return where the report of a `sample` has each figure and question, and what it prints.

    >>> import hmip_kit as hk
    >>> where_printed(hk.load("lewisham-bromley-2022"))["referrals"]
    '1.3 Services: count printed'
    """
    framework, figures = sample.framework, completed(sample.figures)
    named = {one.number: f"{one.number} {one.name}".strip() for one in framework.standards}
    headings = named | {one.name: named[one.number] for one in framework.standards}
    under = {one.id: one.standard for one in framework.questions}
    parts = [(one.id, one.section, "count") for one in framework.sub_questions]
    asked = zip(sample.published["question"], sample.published["count_source"], strict=True)
    key = [
        (name, under.get(name, ""), PERCENT if source == REBUILT else "count")
        for name, source in asked
    ]
    printed = figures["unit"].mask(figures["numerator"].notna(), "count")
    printed = printed.mask(figures["value"].isna(), "words")
    stated = zip(figures["figure"], figures["section"], printed, strict=True)
    kinds = {PERCENT: "percentage printed", "words": "in words"}
    return {
        name: f"{headings.get(section, section)}: {kinds.get(kind, f'{kind} printed')}"
        for name, section, kind in (*parts, *stated, *key)
    }


def base_of(row: Mapping[Any, Any], figures: pd.DataFrame, inspection: Inspection) -> Base:
    """Return what the figure in a `row` of an `inspection` is out of.

    It is the base that is stated with it; else the size of its group, as the identity or a figure
    of that name has it, which is the most that a part of the group can be; else, of a whole group,
    at least the largest base of that group among the completed `figures`.
    """
    if not pd.isna(row["denominator"]):
        return Base(exact=int(row["denominator"]))
    group, whole = row["group"], row["extent"] == "whole"
    size = inspection.identity.get(group, figure_value(inspection, group))
    if isinstance(size, int):
        return Base(exact=size) if whole else Base(most=size)
    if not whole or not group:
        return Base()
    largest = figures.loc[figures["group"] == group, "denominator"].max()
    return Base() if pd.isna(largest) else Base(least=int(largest))


def stated_bases(figures: pd.DataFrame, inspection: Inspection) -> list[int]:
    """Return every base that an `inspection` states, largest first.

    They are those of its `figures` and key questions, and the sizes of the figures' groups.
    """
    sizes = [inspection.identity.get(name) for name in figures["group"]]
    stated = pd.concat([figures["denominator"], inspection.published["n"]]).dropna().astype(int)
    return sorted({*stated, *(one for one in sizes if isinstance(one, int))}, reverse=True)


def stated_count(row: Mapping[Any, Any]) -> tuple[int, int] | None:
    """Return the count and the base that the figure in a `row` states; none without both."""
    if pd.isna(row["numerator"]) or pd.isna(row["denominator"]):
        return None
    return int(row["numerator"]), int(row["denominator"])


def figure_counts(inspection: Inspection) -> pd.DataFrame:
    """Return each published figure of an `inspection` with the count that it can come from.

    The columns of `figures`, and: `base`, how many it is out of, missing where that is not stated;
    `base_at_most`, the size of the group that such a base is a part of; `possible`, the counts
    that fit; where just one does, `yes` of `n` and `count_source`: stated, or rebuilt from the
    percentage. `yes` is what the figure counts: failures where `polarity` is "insufficient".

    >>> import hmip_kit as hk
    >>> rows = figure_counts(hk.load("lewisham-bromley-2022")).set_index("figure")
    >>> rows.loc["diversity_asked", ["printed", "possible", "count_source"]].tolist()
    ['57%', (24,), 'rebuilt from the percentage']
    """
    figures = completed(inspection.figures).reset_index(drop=True)
    records = figures.to_dict("records")
    bases = [base_of(row, figures, inspection) for row in records]
    found = [_possible(row, base) for row, base in zip(records, bases, strict=True)]
    counts = [
        {
            "base": base.exact,
            "base_at_most": base.most,
            "possible": tuple(fit),
            "yes": fit[0] if len(fit) == 1 else None,
            "n": base.exact if len(fit) == 1 else None,
            "count_source": source if len(fit) == 1 else "",
        }
        for base, (fit, source) in zip(bases, found, strict=True)
    ]
    added = pd.DataFrame(counts, columns=["possible", "count_source", *COUNTS])
    return pd.concat([figures, added.astype(dict.fromkeys(COUNTS, "Int64"))], axis=1)


def _possible(row: Mapping[Any, Any], base: Base) -> tuple[list[int], str]:
    """Return the counts that a figure can come from, and how they are known."""
    if count := stated_count(row):
        return [count[0]], STATED
    if pd.isna(row["value"]) or base.exact is None or row["words"]:
        return [], ""
    if row["unit"] != PERCENT:
        return [int(row["value"])], STATED
    return possible_counts(row["printed"], base.exact), REBUILT
