"""Service and outcome in the same cases: two by two, with the cases as marks."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.gap import CELLS, OUTCOME, SERVICE, gap
from hmip_kit.measures.gap_words import ASSOCIATION, count_of
from hmip_kit.measures.places import Place, place_of
from hmip_kit.measures.shares import HIDDEN, Row, Said
from hmip_kit.measures.words import opening, practice_name, which_cases
from hmip_kit.theme import DARK_GREY, NAVY, ORANGE, RULE, TEAL

MOST_MARKS = 200
MARKS_IN_A_ROW = 20
AT = {"both": (0, 0), "service_only": (24, 0), "outcome_only": (0, 16), "neither": (24, 16), "not_counted": (0, 32)}  # left, top
COLOURS = dict(zip(AT, (TEAL, ORANGE, NAVY, DARK_GREY, RULE), strict=True))
SHAPES = dict(zip(AT, ("circle", "triangle-up", "square", "diamond", "cross"), strict=True))
LARGEST = 6000  # square points of a mark that stands for every case
HEIGHT = 400


def service_and_outcome(inspection: Inspection, service: str = SERVICE, outcome: str = OUTCOME) -> Finding:
    """Return how many cases have both a sufficient service and the outcome, one of them, or neither, each case a mark.

    Rows: one per cell, and the cases not counted: `cell, label, count, n, text, least, most`, the last two what published totals allow;
    `marks`, how many marks to draw, above 200 cases none; `size`, of the one mark that then stands for the cell. Published totals have
    ranges and no marks. Raises what `hk.gap` raises. The sentence is that of `hk.gap`.

    >>> import hmip_kit as hk
    >>> service_and_outcome(hk.load("lewisham-bromley-2022")).title
    'Both delivery (desistance) and outcomes (reasonable progress): 0 to 11 of 42 cases'
    """
    row = gap(inspection, service=service, outcome=outcome).to_dict("records")[0]
    places = place_of(inspection, service), place_of(inspection, outcome)
    people = any(place.held == "recorded" for place in places)
    return Finding(
        name="service_and_outcome",
        say=lambda shown: _say(shown, row, inspection, places),
        rows=_rows(row, places),
        columns={"label": "Cases with", "text": "Cases", "allowed": "What the report's totals allow"},
        measure=f"{places[0].label}, and {places[1].label[0].lower()}{places[1].label[1:]}, in the same cases",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            f"Up to {MOST_MARKS} cases one mark a case; above that one mark for each of the four, its area as its number of cases.",
            ASSOCIATION,
        ),
        guard=Guard(paired=True, people=("count",) if people else ()),
        draw=_draw,
    )


def _rows(row: Row, places: tuple[Place, Place]) -> pd.DataFrame:
    cells = [*CELLS, "not_counted"]
    counts = pd.array([row[cell] for cell in cells], dtype="Int64")
    known = [0 if pd.isna(count) else int(count) for count in counts]
    single = sum(known) <= MOST_MARKS
    ends = {end: pd.array([row.get(f"{cell}_{end}", pd.NA) for cell in cells], dtype="Int64") for end in ("least", "most")}
    return pd.DataFrame(
        {
            "cell": cells,
            "label": _labels(places),
            "head": [_head(*said) for said in zip(_labels(places), counts, ends["least"], ends["most"], strict=True)],
            "count": counts,
            "n": pd.array([row["n"]] * len(cells), dtype="Int64"),
            "marks": pd.array([count if single else 0 for count in known], dtype="Int64"),
            "size": [0.0 if single else LARGEST * count / sum(known) for count in known],
            "left": [AT[cell][0] for cell in cells],
            "top": [AT[cell][1] for cell in cells],
            "text": ["not known" if pd.isna(count) else str(count) for count in counts],
            "allowed": ["" if pd.isna(least) else f"{least} to {most}" for least, most in zip(ends["least"], ends["most"], strict=True)],
            **ends,
        }
    )


def _head(label: str, count: int | None, least: int | None, most: int | None) -> str:
    """Return what stands above a cell's marks."""
    if pd.isna(least) and pd.isna(count):
        return f"{label}: not known"
    known = "" if pd.isna(count) else f"{count}"
    allowed = "" if pd.isna(least) else f"the report allows {least} to {most}"
    return f"{label}: {known}{f' ({allowed})' if known and allowed else allowed}"


def _labels(places: tuple[Place, Place]) -> list[str]:
    service, outcome = (place.label for place in places)
    return ["Both", f"{service} only", f"{outcome} only", "Neither", "Not answered Yes or No on both"]


def _say(rows: pd.DataFrame, row: Row, inspection: Inspection, places: tuple[Place, Place]) -> Said:
    practice = practice_name(inspection)
    service, outcome = places
    start = f"{practice}. " if practice else ""
    opened = opening(which_cases(inspection), practice)
    if len(rows) < len(AT) or (rows["count"].isna().any() and not pd.isna(row["both"])):
        return f"{start}{service.words.capitalize()} and {outcome.words}: counts not shown {HIDDEN}", f"{opened} Some counts are not shown."
    words = str(row["text"]).removeprefix("In made-up cases: ")
    missed = row["not_counted"]
    counted = "" if pd.isna(missed) or not missed else f" Not counted, without Yes or No on both: {missed}."
    return f"{start}{_title(row, service, outcome)}", f"{opened} {words}{counted}"


def _title(row: Row, service: Place, outcome: Place) -> str:
    if pd.isna(row["both"]):
        return f"Both {service.words} and {outcome.words}: {row['both_least']} to {row['both_most']} of {row['n']} cases"
    sides = [count_of(int(row[f"yes_{side}"]), int(row[f"n_{side}"])) for side in ("with", "without")]
    said = f"{outcome.words.capitalize()} with {service.words} {service.held}: {sides[0]}; without: {sides[1]}"
    return said if row["n"] else "No cases to show"


def _draw(finding: Finding) -> alt.LayerChart:
    x_scale, y_scale = alt.Scale(domain=[-1, 47]), alt.Scale(domain=[40, -3])
    color = alt.Color("r.cell:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    shape = alt.Shape("r.cell:N", scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())), legend=None)
    each = (
        blank()
        .transform_calculate(m="sequence(0, datum.r.marks)")
        .transform_flatten(["m"])
        .transform_calculate(
            x=f"datum.m == null ? null : datum.r.left + datum.m % {MARKS_IN_A_ROW}",
            y=f"datum.m == null ? null : datum.r.top + 3.2 + floor(datum.m / {MARKS_IN_A_ROW}) * 1.15",
        )
    )
    x, y = alt.X("x:Q", scale=x_scale, axis=None), alt.Y("y:Q", scale=y_scale, axis=None)
    left, top = alt.X("r.left:Q", scale=x_scale, axis=None), alt.Y("r.top:Q", scale=y_scale, axis=None)
    size = alt.Size("r.size:Q", scale=None, legend=None)
    layers = [
        blank().mark_text(align="left", fontWeight="bold").encode(x=left, y=top, text="r.head:N"),
        each.mark_point(filled=True, size=55, opacity=1).encode(x=x, y=y, color=color, shape=shape),
        blank().mark_point(filled=True, opacity=1, xOffset=60, yOffset=55).encode(x=left, y=top, size=size, color=color, shape=shape),
    ]
    return drawn(finding, layers, HEIGHT)
