"""Viewpoints on services: practitioners, people on probation and inspectors, beside each other."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, from_left
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures import viewpoints as measured
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import (
    FEWEST_FOR_A_BAR,
    headed,
    listed,
    opening,
    practice_name,
    which_cases,
)
from hmip_kit.theme import INK, NAVY, PLUM, QUIET, TEAL

ROW_HEIGHT = 58
COLOURS = {"Practitioners": NAVY, "People on probation": TEAL, "Inspectors": PLUM}
COLUMNS = {
    "viewpoint": "Whose view",
    "label": "What",
    "text": "Share",
    "base": "Base",
    "source": "Source",
}


def three_viewpoints(inspection: Inspection) -> Finding:
    """Return access to services as practitioners and people on probation see it, beside what inspectors judged in cases.

    Rows: as `hk.viewpoints` gives them, with `bar` (the percentage, missing where n is under ten) and `line`. A base that is not stated has
    a bar and no interval. Whoever has no survey, as own cases, has rows that say "[x]".

    >>> import hmip_kit as hk
    >>> three_viewpoints(hk.load("lewisham-bromley-2022")).title
    'Access to services 52% and 66%; delivery sufficient 26% and 19%; progress 29%'
    """
    return Finding(
        name="three_viewpoints",
        say=lambda shown: _say(shown, inspection),
        rows=_rows(inspection),
        columns=COLUMNS,
        measure="Services as three groups see them",
        inspection=inspection,
        cases=f"Surveys, and {which_cases(inspection)}",
        notes=(
            "Different people and different cases: the shares stand beside each other and must not be subtracted.",
            "Lines: 95% Wilson intervals, where the base is stated. A count worked out from a percentage is the only one that fits.",
        ),
        draw=_draw,
    )


def _rows(inspection: Inspection) -> pd.DataFrame:
    rows = measured.viewpoints(inspection)
    small = (rows["n"] < FEWEST_FOR_A_BAR).fillna(False)
    under = [
        " | ".join(words for words in (row["base"], row["source"]) if words)
        for row in rows.to_dict("records")
    ]
    return rows.assign(
        bar=rows["percent"].mask(small), line=rows["viewpoint"] + ": " + rows["label"], under=under
    )


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    said = "; ".join(f"{row['line']}: {row['text']}" for row in rows.to_dict("records"))
    rebuilt = (
        " Counts of practitioners are worked out from the percentage."
        if _stated(rows)["yes"].notna().any()
        else ""
    )
    if practice:
        return headed(
            _title(rows), practice
        ), f"{opening(which_cases(inspection), practice)} {said}."
    return _title(rows), f"{said}.{rebuilt}"


def _stated(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["viewpoint"] != measured.INSPECTORS]


def _title(rows: pd.DataFrame) -> str:
    judged = rows[rows["viewpoint"] == measured.INSPECTORS]
    named = {
        "Access to services": _stated(rows),
        "delivery sufficient": judged.iloc[:-1],
        "progress": judged.iloc[-1:],
    }
    said = []
    for words, part in named.items():
        shares = [
            _share(row["percent"], row["n"])
            for row in part.dropna(subset="percent").to_dict("records")
        ]
        said.append(f"{words} {listed([str(share) for share in shares]) if shares else '[x]'}")
    return "; ".join(said)


def _share(percent: float, n: int | None) -> str:
    if not pd.isna(n) and n is not None and n < FEWEST_FOR_A_BAR:
        return f"{round(percent * n / 100)} of {n}"
    return f"{int(percent + 0.5)}%"


def _draw(finding: Finding) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 100])
    lines = finding.rows[
        "line"
    ].tolist()  # said here, because a row without a bar would go to the end
    y = alt.Y("r.line:N", scale=alt.Scale(domain=lines), axis=None)
    x = alt.X("r.bar:Q", scale=scale, title="Percentage", axis=alt.Axis(tickCount=5))
    color = alt.Color(
        "r.viewpoint:N",
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=None,
    )
    left = from_left(0)
    layers = [
        blank().mark_bar(size=10, yOffset=2).encode(x=x, y=y, color=color),
        blank()
        .mark_rule(yOffset=2, color=INK, strokeWidth=1.5)
        .encode(x=alt.X("r.low:Q", scale=scale), x2="r.high:Q", y=y),
        blank().mark_text(align="left", dy=-13, dx=2).encode(x=left, y=y, text="r.line:N"),
        blank()
        .mark_text(align="right", dy=-13, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
        blank()
        .mark_text(align="left", dy=17, dx=2, fontSize=11, color=QUIET)
        .encode(x=left, y=y, text="r.under:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
