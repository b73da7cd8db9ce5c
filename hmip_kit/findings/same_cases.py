"""Service and outcome in the same cases, drawn: each case a mark, and progress on both sides."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts import counts_people
from hmip_kit.counts.figures import PLACE
from hmip_kit.counts.questions import checked_groups
from hmip_kit.findings import Finding, Recount, Row, Said, finding
from hmip_kit.findings.gap import (
    ASSOCIATION,
    ENDS,
    OUTCOME,
    SERVICE,
    SIDES,
    Pair,
    gap_rows,
    pair_of,
    pair_said,
)
from hmip_kit.findings.shares import POSSIBLE, grouped_key, share_rows, shares_said
from hmip_kit.inspection import Inspection
from hmip_kit.picture import Look, blank, drawn, placed
from hmip_kit.picture.rows import WIDEST, Rows
from hmip_kit.picture.text import LINE as TEXT_LINE
from hmip_kit.picture.text import NARROW, lines_in, share_title, share_values, text_value, wrapped
from hmip_kit.settings import (
    CONFIDENCE_TEXT,
    DARK_GREY,
    INK,
    MOST_MARKS,
    MOST_VALUES,
    QUIET,
    STRIP,
)
from hmip_kit.stats.intervals import INTERVAL_TEXT, floats
from hmip_kit.stats.words import say, small

if TYPE_CHECKING:
    import altair as alt

BANDS = (("both", "service_only"), ("outcome_only", "neither"), ("not_counted",))
ORDER = [cell for band in BANDS for cell in band]
SHAPES = ("circle", "triangle-up", "square", "diamond", "cross")
MARKS_IN_A_LINE, MARK = 14, 13  # marks, and the points that one takes
GAP, WIDEST_MARK = 22, 64  # points between two cells, and of a mark that stands for many cases
COLUMN = 215  # points of a cell's words
LARGEST = 3000  # square points of a mark that stands for every case
WHAT_BOUNDS = "What the totals make possible"


@finding(
    question="Were service and progress there in the same cases?",
    needs="key questions",
    follows=False,
    shown_by="all cases",
    label="Delivery and progress in the same cases",
)
def service_and_outcome(
    inspection: Inspection, service: str = SERVICE, outcome: str = OUTCOME
) -> Finding:
    """Return how many cases have the service and the outcome, one, or neither, each case a mark.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.
    service, outcome : str
        Two places, as in `gap`.

    Returns
    -------
    Finding
        A row per cell, and the cases not counted: `cell, label, count, n`; `least, most`, what
        published totals make possible; `marks` and `possible`, how many marks are full, and up to
        how many hollow; `size`, of the one mark that stands for a cell above 200 cases. Totals have
        a full mark for each case that must be in a cell, and a hollow one for each that may be. The
        words are those of `gap`.

    Raises
    ------
    UnknownName
        For a question, need or step that there is not.
    KitError
        For a place against itself.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.service_and_outcome().title
    'In 0 to 11 of 42 cases delivery effectively supported desistance, and there was reasonable \
progress'
    """
    pair = pair_of(inspection, service, outcome)
    row = gap_rows(inspection, pair).to_dict("records")[0]
    tallies = {"count": [pair.key(cell) for cell in ORDER], "n": [pair.key("n")] * len(ORDER)}
    return Finding(
        inspection=inspection,
        rows=_marked(row, pair),
        say=lambda shown: _cells_said(shown, row, pair),
        columns={
            "label": "Cases with",
            "count_text": "Cases",
            "possible_text": "What the totals make possible",
            **PLACE,
        },
        measure=pair.measure,
        notes=(
            f"Up to {MOST_MARKS} cases one mark a case; above that one mark for each group, its "
            "area as its number of cases.",
            "Hollow marks: cases that may be there, as far as the totals say.",
        ),
        counts=tallies if inspection.has_cases else {},
        draw=_draw_cells,
    )


def _marked(row: Row, pair: Pair) -> pd.DataFrame:
    """Return the cells of a `row` of `gap` as rows, with the marks that stand for them."""
    ends = {end: [row.get(f"{cell}_{end}", pd.NA) for cell in ORDER] for end in ENDS}
    counts = {"count": [row[cell] for cell in ORDER], "n": [row["n"]] * len(ORDER), **ends}
    labels = [*pair.labels.values(), "Not answered Yes or No on both"]
    rows = pd.DataFrame({"cell": ORDER, "label": labels, **counts})
    rows = rows.astype(dict.fromkeys(counts, "Int64"))
    said = ["not known" if pd.isna(many) else say("number", count=many) for many in rows["count"]]
    heads = rows["label"] + ": " + pd.Series(said)
    full, possible = (rows["count"].fillna(rows[end]) for end in ENDS)
    total = int(possible.sum())
    single = total <= MOST_MARKS
    area = 0 if single else LARGEST / total
    ranges = zip(rows["least"], rows["most"], strict=True)
    return rows.assign(
        marks=full if single else 0 * full,
        possible=possible if single else 0 * possible,
        size=area * floats(rows["count"].fillna(0)),
        head_text=heads,
        figure=f"{pair.service.name} {pair.outcome.name}",
        count_text=said,
        possible_text=[
            "" if pd.isna(least) else f"({least} to {most} possible)" for least, most in ranges
        ],
        **_tops(heads, possible, single),
    )


def _tops(heads: "pd.Series[str]", possible: "pd.Series[int]", single: bool) -> pd.DataFrame:
    """Return where each cell begins, from the top, in two columns and in one; and where it ends."""
    lines = heads.map(lambda head: lines_in(head, COLUMN, bold=True) + 1) * TEXT_LINE
    marks = possible.fillna(0).map(lambda many: MARK * math.ceil(many / MARKS_IN_A_LINE))
    high = lines + (marks if single else WIDEST_MARK) + GAP
    bands = [place for place, band in enumerate(BANDS) for _ in band]
    band = high.groupby(bands).transform("max")
    first = high.groupby(bands).max().cumsum().shift(fill_value=0)
    return pd.DataFrame(
        {
            "column": [band.index(cell) for band in BANDS for cell in band],
            "top": [float(first[place]) for place in bands],
            "top_stacked": high.cumsum().shift(fill_value=0).astype(float),
            "words": lines.astype(float),
            "ends": [float(first[place]) for place in bands] + band,
            "ends_stacked": high.cumsum().astype(float),
        }
    )


def _cells_said(rows: pd.DataFrame, row: Row, pair: Pair) -> Said:
    hidden = len(rows) < len(ORDER) or (rows["count"].isna().any() and not pd.isna(row["both"]))
    title, sentence = pair_said(dict.fromkeys(row, pd.NA) if hidden else row, pair)
    missed = row["not_counted"]
    if hidden or pd.isna(missed) or not missed:
        return title, sentence
    return (
        title,
        f"{sentence} Not counted, without Yes or No on both: {say('number', count=missed)}.",
    )


def _draw_cells(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    high, higher = (int(shown.rows[name].max()) for name in ("ends", "ends_stacked"))
    heights = [{"below": NARROW, "height": higher}, {"below": WIDEST, "height": high}]
    left = "(stacked ? 0 : datum.r.column * width / 2)"
    top = "(stacked ? datum.r.top_stacked : datum.r.top)"
    shapes = alt.Scale(domain=ORDER, range=list(SHAPES))
    look: Look = {"shape": alt.Shape("r.cell:N", scale=shapes, legend=None)}
    head = blank().transform_calculate(w=wrapped("datum.r.head_text", f"{COLUMN}", bold=True))
    text: Look = {"align": "left", "baseline": "top", "lineHeight": TEXT_LINE}
    below = f"{top} + datum.r.words - {TEXT_LINE}"
    marks = f"{top} + datum.r.words + 6 + {MARK} * floor(datum.m / {MARKS_IN_A_LINE})"
    across = f"{left} + 6 + {MARK} * (datum.m % {MARKS_IN_A_LINE})"
    many = f"{left} + 34", f"{top} + datum.r.words + {WIDEST_MARK / 2}"
    point: Look = {"opacity": 1, "color": INK}
    layers = [
        head.mark_text(**text, fontWeight="bold", lineBreak="\n").encode(
            **placed(x=left, y=top), text="w:N"
        ),
        blank()
        .mark_text(**text, color=QUIET)
        .encode(**placed(x=left, y=below), text=alt.Text("r.possible_text:N")),
        _marks("0", "datum.r.marks")
        .mark_point(filled=True, size=70, **point)
        .encode(**placed(x=across, y=marks), **look),
        _marks("datum.r.marks", "datum.r.possible")
        .mark_point(size=50, **point)
        .encode(**placed(x=across, y=marks), **look),
        blank()
        .mark_point(filled=True, **point)
        .encode(
            **placed(x=many[0], y=many[1]),
            size=alt.Size("r.size:Q", scale=None, legend=None),
            **look,
        ),
    ]
    return drawn(layers, high, heights, {"stacked": f"width < {NARROW}"})


def _marks(first: str, end: str) -> "alt.Chart":
    """Return a layer with a mark for each number from the first up to the end."""
    some = f"{end} > {first} ? sequence({first}, {end}) : []"
    return blank().transform_calculate(m=some).transform_flatten(["m"])


@finding(
    question="Was there progress where delivery was sufficient, and where it was not?",
    needs="key questions",
    follows=True,
    shown_by="all cases",
    label="Progress with and without sufficient delivery",
)
def progress_with_and_without(
    inspection: Inspection,
    service: str = SERVICE,
    outcome: str = OUTCOME,
    by: str | None = None,
) -> Finding:
    """Return the outcome where the service was sufficient, and where it was not.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.
    service, outcome : str
        Two places, as in `gap`.
    by : str, optional
        A characteristic: each group then has its two rows.

    Returns
    -------
    Finding
        Two rows, or two a group: `label, side, yes, n` and what `shares.with_shares` adds; `n`
        counts the cases with Yes, and with No, on the service that were answered on both. Totals
        have what they make possible in the place of an interval: `low` and `high` with `bounds`
        "possible".

    Raises
    ------
    UnknownName
        For a question, need, step or characteristic that there is not.
    KitError
        For a place against itself.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.progress_with_and_without().rows["text"].tolist()
    ['0 to 11 of 11', '1 to 12 of 31']
    """
    groups, pair = checked_groups(inspection, by), pair_of(inspection, service, outcome)
    found = gap_rows(inspection, pair, groups)
    fixed = _sides(pair, found, by)
    recount = Recount(
        yes=tuple(grouped_key(pair.key(SIDES[one["side"]]), one, groups) for one in fixed),
        n=tuple(grouped_key(pair.key(one["side"]), one, groups) for one in fixed),
        split=bool(groups),
    )
    cases, people = inspection.has_cases, any(map(counts_people, recount.n))
    follows = cases and not people and len(found) <= MOST_VALUES
    return Finding(
        inspection=inspection,
        rows=share_rows(inspection, fixed, recount) if cases else _possible_rows(found, fixed),
        say=lambda shown: _sides_said(shown, inspection, pair.title(groups)),
        columns={
            "label": "Cases where",
            "text": f"Of these, {pair.outcome.clause}",
            "range": WHAT_BOUNDS if not inspection.protected else INTERVAL_TEXT,
            **PLACE,
        },
        measure=f"{pair.outcome.label}, by {small(pair.service.label)}",
        notes=(
            f"Lines: {CONFIDENCE_TEXT} Wilson intervals."
            if inspection.protected
            else "Grey strips: what the totals make possible.",
            ASSOCIATION,
        ),
        recount=recount if follows else None,
        counts={"yes": recount.yes, "n": recount.n} if cases else {},
        draw=_draw_sides,
        variant=by or "",
    )


def _sides(pair: Pair, found: pd.DataFrame, by: str | None) -> list[Row]:
    """Return what is fixed in the rows: for each group of `found` one with, and one without."""
    words = pair.sides
    if by is None:
        return [{"label": said, "side": side} for side, said in words.items()]
    return [
        {"label": f"{group}, {small(said)}", "side": side, by: str(group)}
        for group in found[by]
        for side, said in words.items()
    ]


def _possible_rows(found: pd.DataFrame, fixed: Sequence[Row]) -> pd.DataFrame:
    """Return the two rows of published totals: no count, and the range that they leave open."""
    row, rows = found.to_dict("records")[0], list[Row]()
    for one, (side, cell) in zip(fixed, SIDES.items(), strict=True):
        n, least, most = (row[name] for name in (f"n_{side}", f"{cell}_least", f"{cell}_most"))
        known = not pd.isna(n) and n > 0
        text = f"{least} to {most} of {n}" if known else "[x]"
        low, high = (100 * end / n if known else math.nan for end in (least, most))
        ends: Row = {"low": low, "high": high, "bounds": POSSIBLE, "range": text}
        ends["figure"] = f"{row['service']} {row['outcome']}"
        rows.append({**one, "yes": pd.NA, "n": n, "bar": math.nan, "text": text, **ends})
    return pd.DataFrame(rows).astype({"yes": "Int64", "n": "Int64"})


def _sides_said(rows: pd.DataFrame, inspection: Inspection, title: str) -> Said:
    if inspection.has_cases:
        return shares_said(rows, inspection, "each", title)
    said = "; ".join(rows["label"].map(small) + ": " + rows["text"])
    return title, f"The totals make possible: {said}."


def _draw_sides(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    published = not shown.inspection.has_cases
    rows = Rows(
        labels=[*shown.rows["label"]],
        values=text_value(shown.rows["text"]) if published else share_values(shown),
        title=share_title(shown, "Percentage of these cases"),
        marked=("low",) if published else ("bar",),
    )
    strip = rows.bar("low", "high", 11, color=STRIP, strokeCap="round")
    marks = [strip] if published else rows.shares(alt.ColorValue(DARK_GREY))
    return rows.drawn(marks)
