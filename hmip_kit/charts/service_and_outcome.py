"""Service and outcome in the same cases: two by two, with the cases as marks."""

import math

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent, lacks
from hmip_kit.charts.drawing import blank, drawn
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.gap import CELLS, OUTCOME, SERVICE, gap
from hmip_kit.measures.gap_words import ASSOCIATION
from hmip_kit.measures.places import Place, place_of
from hmip_kit.measures.shares import HIDDEN, Row, Said
from hmip_kit.measures.tallies import pair_key
from hmip_kit.measures.words import MADE_UP, cases_said, opening, practice_name, which_cases
from hmip_kit.theme import DARK_GREY, NAVY, ORANGE, QUIET, RULE, TEAL

MOST_MARKS = 200
MARKS_IN_A_ROW = 20
COLUMN = 24  # where the right-hand cells begin, in widths of a mark
BANDS = (("both", "service_only"), ("outcome_only", "neither"), ("not_counted",))
ORDER = [cell for band in BANDS for cell in band]
COLOURS = dict(zip(ORDER, (TEAL, ORANGE, NAVY, DARK_GREY, RULE), strict=True))
SHAPES = dict(zip(ORDER, ("circle", "triangle-up", "square", "diamond", "cross"), strict=True))
LARGEST = 6000  # square points of a mark that stands for every case
HEAD, BAND = (
    4.2,
    9.0,
)  # heights, in widths of a mark: of a cell's words, and of a cell with one mark for all
MARK = 13  # points


def service_and_outcome(
    inspection: Inspection, service: str = SERVICE, outcome: str = OUTCOME
) -> Finding:
    """Return how many cases have both a sufficient service and the outcome, one of them, or neither, each case a mark.

    Rows: one per cell, and the cases not counted: `cell, label, count, n, least, most`, the last two what published totals allow;
    `marks` and `possible`, how many marks are full, and up to how many hollow; `size`, of the one mark that stands for a cell above 200
    cases. Published totals have a full mark for each case that must be in a cell, and a hollow one for each that may be. The sentence is
    that of `hk.gap`. Data without these key questions give words and no picture. Raises what `hk.gap` raises.

    >>> import hmip_kit as hk
    >>> service_and_outcome(hk.load("lewisham-bromley-2022")).title
    'Both delivery (desistance) and outcomes (reasonable progress): 0 to 11 of 42 cases'
    """
    if why := lacks(inspection, service, outcome):
        return absent(
            inspection, "service_and_outcome", "Delivery and progress in the same cases", why
        )
    row = gap(inspection, service=service, outcome=outcome).to_dict("records")[0]
    places = place_of(inspection, service), place_of(inspection, outcome)
    people = any(place.held == "recorded" for place in places)
    return Finding(
        name="service_and_outcome",
        say=lambda shown: _say(shown, row, inspection, places),
        # Each row has all four counts where they are of people, so that the gate, where it hides one, hides them all; and those
        # not counted are what `n` leaves of the sample.
        rows=_rows(row, places).assign(**({cell: row[cell] for cell in CELLS} if people else {})),
        columns={
            "label": "Cases with",
            "count_text": "Cases",
            "allowed_text": "What the report's totals allow",
        },
        measure=f"{places[0].label}, and {places[1].label[0].lower()}{places[1].label[1:]}, in the same cases",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            f"Up to {MOST_MARKS} cases one mark a case; above that one mark for each group, its area as its number of cases.",
            "Hollow marks: cases that the totals allow to be there.",
            ASSOCIATION,
        ),
        guard=Guard(paired=True, people=(*CELLS, "n") if people else ()),
        counts=_keys(service, outcome, people) if inspection.cases_are != "none" else {},
        draw=_draw,
    )


def _keys(service: str, outcome: str, people: bool) -> dict[str, list[str]]:
    keys = {cell: pair_key(service, outcome, cell) for cell in (*ORDER, "n")}
    same = [*(CELLS if people else ()), "n"]
    return {"count": [keys[cell] for cell in ORDER]} | {
        cell: [keys[cell]] * len(ORDER) for cell in same
    }


def _rows(row: Row, places: tuple[Place, Place]) -> pd.DataFrame:
    counts = [_known(row[cell]) for cell in ORDER]
    least, most = (
        [_known(row.get(f"{cell}_{end}", pd.NA)) for cell in ORDER] for end in ("least", "most")
    )
    marks = [low if count is None else count for count, low in zip(counts, least, strict=True)]
    possible = [high if count is None else count for count, high in zip(counts, most, strict=True)]
    total = sum(count or 0 for count in possible)
    single = total <= MOST_MARKS
    rows = pd.DataFrame(
        {
            "cell": ORDER,
            "label": _labels(places),
            "count": pd.array(counts, dtype="Int64"),
            "n": pd.array([_known(row["n"])] * len(ORDER), dtype="Int64"),
            "least": pd.array(least, dtype="Int64"),
            "most": pd.array(most, dtype="Int64"),
            "marks": pd.array([count if single else 0 for count in marks], dtype="Int64"),
            "possible": pd.array([count if single else 0 for count in possible], dtype="Int64"),
            "size": [0.0 if single or not count else LARGEST * count / total for count in counts],
            "head_text": [
                f"{label}: {_count(count)}"
                for label, count in zip(_labels(places), counts, strict=True)
            ],
            "count_text": [_count(count) for count in counts],
            "allowed_text": [_allowed(*ends) for ends in zip(least, most, strict=True)],
        }
    )
    return rows.assign(
        left=[COLUMN * band.index(cell) for band in BANDS for cell in band],
        top=_tops(possible, single),
    )


def _known(count: int | None) -> int | None:
    return None if pd.isna(count) or count is None else int(count)


def _count(count: int | None) -> str:
    return "not known" if count is None else str(count)


def _allowed(least: int | None, most: int | None) -> str:
    return "" if least is None else f"the report allows {least} to {most}"


def _tops(possible: list[int | None], single: bool) -> list[float]:
    """Return where each cell begins, from the top: below the longer of the two cells above it."""
    counts, top, tops = dict(zip(ORDER, possible, strict=True)), 0.0, []
    for band in BANDS:
        tops += [top] * len(band)
        lines = math.ceil(max(counts[cell] or 0 for cell in band) / MARKS_IN_A_ROW)
        top += HEAD + (1.2 * lines if single else BAND)
    return tops


def _labels(places: tuple[Place, Place]) -> list[str]:
    service, outcome = (place.label for place in places)
    return [
        "Both",
        f"{service} only",
        f"{outcome} only",
        "Neither",
        "Not answered Yes or No on both",
    ]


def _say(rows: pd.DataFrame, row: Row, inspection: Inspection, places: tuple[Place, Place]) -> Said:
    practice = practice_name(inspection)
    service, outcome = places
    start = f"{practice}. " if practice else ""
    opened = opening(which_cases(inspection), practice)
    if len(rows) < len(ORDER) or (rows["count"].isna().any() and not pd.isna(row["both"])):
        return (
            f"{start}{service.words.capitalize()} and {outcome.words}: counts not shown {HIDDEN}",
            f"{opened} Some counts are not shown.",
        )
    words = str(row["text"]).removeprefix(MADE_UP)
    missed = row["not_counted"]
    counted = (
        ""
        if pd.isna(missed) or not missed
        else f" Not counted, without Yes or No on both: {missed}."
    )
    return f"{start}{_title(row, service, outcome)}", f"{opened} {words}{counted}"


def _title(row: Row, service: Place, outcome: Place) -> str:
    if pd.isna(row["both"]):
        return f"Both {service.words} and {outcome.words}: {row['both_least']} to {row['both_most']} of {row['n']} cases"
    sides = [
        cases_said(int(row[f"yes_{side}"]), int(row[f"n_{side}"])) for side in ("with", "without")
    ]
    said = f"{outcome.words.capitalize()} with {service.words} {service.held}: {sides[0]}; without: {sides[1]}"
    return said if row["n"] else "No cases to show"


def _draw(finding: Finding) -> alt.LayerChart:
    sample = finding.inspection.sample_size
    tall = 3 * HEAD + (
        1.2 * (math.ceil(sample / MARKS_IN_A_ROW) + 3) if sample <= MOST_MARKS else 3 * BAND
    )
    x_scale, y_scale = alt.Scale(domain=[-1, 2 * COLUMN - 1]), alt.Scale(domain=[tall, -1])
    color = alt.Color(
        "r.cell:N", scale=alt.Scale(domain=ORDER, range=list(COLOURS.values())), legend=None
    )
    shape = alt.Shape(
        "r.cell:N", scale=alt.Scale(domain=ORDER, range=list(SHAPES.values())), legend=None
    )
    x, y = alt.X("x:Q", scale=x_scale, axis=None), alt.Y("y:Q", scale=y_scale, axis=None)
    left, top = (
        alt.X("r.left:Q", scale=x_scale, axis=None),
        alt.Y("r.top:Q", scale=y_scale, axis=None),
    )
    size = alt.Size("r.size:Q", scale=None, legend=None)
    layers = [
        blank()
        .mark_text(align="left", fontWeight="bold", dx=-6)
        .encode(x=left, y=top, text="r.head_text:N"),
        blank()
        .mark_text(align="left", dx=-6, dy=16, fontSize=11, color=QUIET)
        .encode(x=left, y=top, text="r.allowed_text:N"),
        _marks("0", "datum.r.marks")
        .mark_point(filled=True, size=70, opacity=1)
        .encode(x=x, y=y, color=color, shape=shape),
        _marks("datum.r.marks", "datum.r.possible")
        .mark_point(size=50, opacity=1)
        .encode(x=x, y=y, color=color, shape=shape),
        blank()
        .mark_point(filled=True, opacity=1, xOffset=50, yOffset=70)
        .encode(x=left, y=top, size=size, color=color, shape=shape),
    ]
    return drawn(finding, layers, round(MARK * tall))


def _marks(first: str, end: str) -> alt.Chart:
    """Return a layer with a mark for each number from the first up to the end, set out in lines."""
    each = blank().transform_calculate(m=f"sequence({first}, {end})").transform_flatten(["m"])
    x, y = (
        f"datum.r.left + datum.m % {MARKS_IN_A_ROW}",
        f"datum.r.top + 2.6 + floor(datum.m / {MARKS_IN_A_ROW}) * 1.2",
    )
    return each.transform_calculate(
        x=f"isValid(datum.m) ? {x} : null", y=f"isValid(datum.m) ? {y} : null"
    )
