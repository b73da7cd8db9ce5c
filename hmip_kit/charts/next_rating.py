"""Cases to the next rating: how many must be judged otherwise, as a range."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, from_left
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.ratings import rate
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import (
    FEWEST_FOR_A_BAR,
    cases_word,
    listed,
    opening,
    practice_name,
    which_cases,
)
from hmip_kit.theme import NAVY, SEQUENTIAL

ROW_HEIGHT = 46
COLUMNS = {
    "label": "Standard",
    "rating": "Rating by the rule",
    "next_rating": "Next rating",
    "text": "More cases",
    "needed": "More cases of each key question",
}


def next_rating(inspection: Inspection) -> Finding:
    """Return how many cases each casework standard's next rating would take, and which question decided the rating it has.

    Rows: one per standard with a next rating: `label, standard, rating, next_rating, fewest, most, needs, text, needed`. `fewest` is enough
    where the same cases serve all key questions, `most` where none serves two. A standard at the highest rating, or without cases, has no
    row; under ten cases there is none. Practice cases that are filtered raise `KitError`: a part of them is made up.

    >>> import hmip_kit as hk
    >>> next_rating(hk.load("lewisham-bromley-2022")).title
    'Planning is nearest to its next rating: 6 to 11 more cases judged sufficient'
    """
    rated, bands = rate(inspection), inspection.framework.rule("bands")
    shown = rated["fewest"].notna() & (inspection.size >= FEWEST_FOR_A_BAR)
    rows = _rows(rated[shown].reset_index(drop=True), inspection)
    return Finding(
        name="next_rating",
        say=lambda shown: _say(shown, inspection),
        rows=rows,
        columns=COLUMNS,
        measure="More cases that would have to be judged sufficient for the next rating",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "Dark: cases needed if the same cases put right all key questions. Pale: up to the cases needed if none puts right two.",
            f"Bands: {bands.text} {bands.status.capitalize()}: {bands.basis}",
        ),
        draw=_draw,
    )


def _rows(rated: pd.DataFrame, inspection: Inspection) -> pd.DataFrame:
    labels = {
        one.id: inspection.framework.strands[one.strand].lower()
        for one in inspection.framework.questions
    }
    text = [_range(row["fewest"], row["most"]) for row in rated.to_dict("records")]
    needed = [
        "; ".join(f"{labels[one]} {count}" for one, count in more.items()) for more in rated["more"]
    ]
    return pd.DataFrame(
        {
            "label": rated["number"] + " " + rated["standard"],
            "standard": rated["standard"],
            "rating": rated["rule_rating"],
            "next_rating": rated["next_rating"],
            "fewest": rated["fewest"],
            "most": rated["most"],
            "line": rated["number"] + " " + rated["standard"] + ", to " + rated["next_rating"],
            "text": text,
            "needed": needed,
        }
    )


def _range(fewest: int, most: int) -> str:
    return str(fewest) if fewest == most else f"{fewest} to {most}"


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    start = opening(which_cases(inspection), practice)
    if inspection.size < FEWEST_FOR_A_BAR:
        return (
            "Too few cases to say what the next rating takes",
            f"{start} It takes {FEWEST_FOR_A_BAR} cases to say so.",
        )
    if rows.empty:
        return (
            f"{practice + '. ' if practice else ''}No casework standard has a next rating",
            f"{start} There is nothing to count.",
        )
    near = rows[rows["fewest"] == rows["fewest"].min()].to_dict("records")
    title = f"As near to the next rating as each other: {listed([row['standard'] for row in near])}"
    if len(near) == 1:
        more = f"{near[0]['text']} more {cases_word(int(near[0]['most']))}"
        title = f"{near[0]['standard']} is nearest to its next rating: {more} judged sufficient"
    said = "; ".join(
        f"{row['standard']} to {row['next_rating']}, {row['text']} ({row['needed']})"
        for row in rows.to_dict("records")
    )
    return f"{practice + '. ' if practice else ''}{title}", f"{start} More cases needed: {said}."


def _draw(finding: Finding) -> alt.LayerChart:
    most = finding.inspection.sample_size or 1
    scale = alt.Scale(domain=[0, most])
    y = alt.Y("r.label:N", sort=None, axis=None)
    x = alt.X(
        "r.fewest:Q",
        scale=scale,
        title="More cases judged sufficient",
        axis=alt.Axis(tickMinStep=1, tickCount=8),
    )
    to_most = alt.X("r.most:Q", scale=scale)
    bold = blank().mark_text(align="left", yOffset=9, dx=6, fontWeight="bold")
    layers = [
        blank()
        .mark_bar(size=12, yOffset=9, color=SEQUENTIAL[1], stroke=NAVY, strokeDash=[3, 2])
        .encode(x=to_most, y=y),
        blank().mark_bar(size=12, yOffset=9, color=NAVY).encode(x=x, y=y),
        blank().mark_text(align="left", dy=-9, dx=2).encode(x=from_left(0), y=y, text="r.line:N"),
        bold.encode(x=to_most, y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
