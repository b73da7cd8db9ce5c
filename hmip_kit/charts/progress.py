"""The outcome where the service was sufficient, and where it was not."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent, lacks
from hmip_kit.charts.drawing import blank, drawn, either, from_left
from hmip_kit.charts.share_rows import share_rows
from hmip_kit.finding import Finding, Follow, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures.cells import MOST_VALUES
from hmip_kit.measures.gap import CELLS, OUTCOME, SERVICE, gap
from hmip_kit.measures.gap_words import ASSOCIATION
from hmip_kit.measures.intervals import ALLOWED
from hmip_kit.measures.places import Place, place_of
from hmip_kit.measures.shares import Row, Said, say
from hmip_kit.measures.tallies import group_key, pair_key
from hmip_kit.measures.words import headed, opening, practice_name, which_cases
from hmip_kit.schema import label_of
from hmip_kit.theme import INK, NAVY, ORANGE

ROW_HEIGHT = 52
LINE = (
    ("strokeWidth", 9, 1.5),
    ("strokeDash", [2, 3], [1, 0]),
    ("opacity", 0.75, 1),
)  # how a range is drawn, and an interval
MEASURE = "Progress where delivery was sufficient, and where it was not"
SIDES = {
    "with": "both",
    "without": "outcome_only",
}  # where the service was sufficient and where not: the cell with the outcome


def progress_with_and_without(
    inspection: Inspection, service: str = SERVICE, outcome: str = OUTCOME, by: str | None = None
) -> Finding:
    """Return the outcome where the service was sufficient, and where it was not; with `by`, for each group.

    Rows: two, or two a group, `label, side, yes, n` and what `with_shares` adds: `n` counts the cases with Yes, and with No, on the service
    that were answered on both. Published totals have what they allow in the place of an interval: `low` and `high` with `bounds`
    "allowed". Data without these key questions, or without the characteristic, give words and no picture. Raises what `hk.gap` raises.

    >>> import hmip_kit as hk
    >>> progress_with_and_without(hk.load("lewisham-bromley-2022")).rows["text"].tolist()
    ['0 to 11 of 11', '1 to 12 of 31']
    """
    if why := lacks(inspection, service, outcome, by=by):
        return absent(inspection, "progress_with_and_without", MEASURE, why)
    found = gap(inspection, by, service, outcome)
    places = place_of(inspection, service), place_of(inspection, outcome)
    people, cases = (
        any(place.held == "recorded" for place in places),
        inspection.cases_are != "none",
    )
    groups = [] if by is None else [str(one) for one in found[by]]
    fixed, follow = _fixed(places, by, groups), _follow(places, by, groups)
    follows = cases and not people and len(groups) <= MOST_VALUES
    rows = (
        share_rows(inspection, fixed, follow)
        if cases
        else _allowed(found.to_dict("records")[0], fixed)
    )
    if (
        people and by is None
    ):  # both rows have all counts, so that the gate, where it hides one, hides both: one gives the other away
        rows = rows.assign(
            counted=found["n"].iloc[0], **{cell: found[cell].iloc[0] for cell in CELLS}
        )
    return Finding(
        name=f"progress_with_and_without{f'_{by}' if by else ''}",
        say=lambda shown: _say(shown, inspection, places, by),
        rows=rows,
        columns={
            "label": "Cases where",
            "text": f"{places[1].label} {places[1].held}",
            "range": "95% interval, or what the totals allow",
        },
        measure=f"{places[1].label}, {places[1].held}, by {places[0].label[0].lower()}{places[0].label[1:]}",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=("Lines: 95% Wilson intervals. Hatched: what published totals allow.", ASSOCIATION),
        scope="follows" if follows else "whole sample",
        follow=follow if follows else None,
        guard=Guard(
            paired=True,
            people=(*CELLS, "counted") if people else (),
            base="counted",
            groups=(by,) if by else (),
        ),
        counts={"yes": follow.yes, "n": follow.n} | _counted(places, people and by is None)
        if cases
        else {},
        draw=_draw,
    )


def _fixed(places: tuple[Place, Place], by: str | None, groups: list[str]) -> list[Row]:
    words = {
        side: f"{places[0].label}: {places[0].held if side == 'with' else f'not {places[0].held}'}"
        for side in SIDES
    }
    if by is None:
        return [{"label": words[side], "side": side} for side in SIDES]
    return [
        {"label": f"{group}, {words[side][0].lower()}{words[side][1:]}", "side": side, by: group}
        for group in groups
        for side in SIDES
    ]


def _follow(places: tuple[Place, Place], by: str | None, groups: list[str]) -> Follow:
    keys = [
        tuple(pair_key(places[0].name, places[1].name, part) for part in parts)
        for parts in (SIDES.values(), SIDES)
    ]
    if by is not None:
        keys = [
            tuple(group_key(by, group, key) for group in groups for key in of_all)
            for of_all in keys
        ]
    return Follow(yes=keys[0], n=keys[1], split=by is not None)


def _counted(places: tuple[Place, Place], people: bool) -> dict[str, tuple[str, ...]]:
    cells = {**dict.fromkeys(CELLS), "counted": "n"} if people else {}
    return {
        column: (pair_key(places[0].name, places[1].name, cell or column),) * len(SIDES)
        for column, cell in cells.items()
    }


def _allowed(row: Row, fixed: list[Row]) -> pd.DataFrame:
    """Return the two rows of published totals: no count, and the range that the totals allow."""
    rows: list[Row] = []
    for one, (side, cell) in zip(fixed, SIDES.items(), strict=True):
        n = row[f"n_{side}"]
        ends = [row[f"{cell}_{end}"] for end in ("least", "most")]
        known: bool = not pd.isna(n) and not pd.isna(ends[0]) and n > 0
        text = f"{ends[0]} to {ends[1]} of {n}" if known else "[x]"
        low, high = [100 * end / n if known else None for end in ends]
        rows.append(
            {
                **one,
                "yes": pd.NA,
                "n": n,
                "bar": None,
                "low": low,
                "high": high,
                "bounds": ALLOWED,
                "text": text,
                "range": text,
            }
        )
    return pd.DataFrame(rows).astype(
        {"yes": "Int64", "n": "Int64", "low": "float64", "high": "float64", "bar": "float64"}
    )


def _say(
    rows: pd.DataFrame, inspection: Inspection, places: tuple[Place, Place], by: str | None
) -> Said:
    practice, outcome = practice_name(inspection), places[1]
    groups = f", by {label_of(by).lower()}" if by else ""
    title = f"{outcome.words.capitalize()} where {places[0].words} was {places[0].held}, and where it was not{groups}"
    if inspection.cases_are != "none":
        return say(rows, inspection, "each", headed(title, practice))
    said = "; ".join(f"{row['label']}: {row['text']}" for row in rows.to_dict("records"))
    return title, f"{opening(which_cases(inspection))} What the totals allow: {said}."


def _draw(finding: Finding) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 100])
    labels = finding.rows[
        "label"
    ].tolist()  # said here, because a row without a bar would go to the end
    y = alt.Y("r.label:N", scale=alt.Scale(domain=labels), axis=None)
    x = alt.X("r.bar:Q", scale=scale, title="Percentage of these cases", axis=alt.Axis(tickCount=5))
    color = alt.Color(
        "r.side:N", scale=alt.Scale(domain=list(SIDES), range=[NAVY, ORANGE]), legend=None
    )
    hatched = {
        name: either(name, f"datum.r.bounds === '{ALLOWED}'", on, off) for name, on, off in LINE
    }
    layers = [
        blank().mark_bar(size=12, yOffset=9).encode(x=x, y=y, color=color),
        blank()
        .mark_rule(yOffset=9, color=INK)
        .encode(x=alt.X("r.low:Q", scale=scale), x2="r.high:Q", y=y, **hatched),
        blank().mark_text(align="left", dy=-9, dx=2).encode(x=from_left(0), y=y, text="r.label:N"),
        blank()
        .mark_text(align="right", dy=-9, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
