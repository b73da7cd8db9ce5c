"""The rated standards on the scale of ratings, with how each rating came about."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, either, from_left, values
from hmip_kit.finding import Finding
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.headlines import rating_sentence, score_title
from hmip_kit.measures.ratings import rate, rated_standards
from hmip_kit.theme import INK, NAVY, PALE, PAPER

MEASURE = "Rating of each standard, its points, and how it came about"
ROW_HEIGHT = 50
CELL_HEIGHT = 22
USUAL = ("Dashed: the rating that the rules usually give, where the report departs from it.",)


def ratings(inspection: Inspection) -> Finding:
    """Return the rating of each rated standard, how it came about, and the score that their points add up to.

    Rows: `label, standard, rating, points, domain, usual_rating, override_note, how, text, note`. `usual_rating` is what the rules give
    where the report departs from it. Where nothing is rated, as with practice cases, there are words and no rows.

    >>> import hmip_kit as hk
    >>> ratings(hk.load("lewisham-bromley-2022")).title
    'Inadequate: 4 of 24 points'
    """
    rated = rated_standards(inspection)
    if rated.empty:
        return absent(
            inspection,
            "ratings",
            MEASURE,
            "Published ratings are not part of them: `hk.rate` gives casework ratings by the rule.",
        )
    rows = _rows(inspection, rated)
    moved = rows[rows["usual_rating"] != ""]
    return Finding(
        name="ratings",
        say=lambda shown: (score_title(inspection), rating_sentence(shown)),
        rows=rows,
        columns={
            "label": "Standard",
            "rating": "Rating",
            "points": "Points",
            "how": "How it came about",
            "note": "Why the report departs",
        },
        measure=MEASURE,
        inspection=inspection,
        cases=_rated_words(inspection, len(rows)),
        notes=(
            *USUAL[: len(moved)],
            *(f"* {row.standard}: {row.override_note}" for row in moved.itertuples()),
        ),
        draw=lambda finding: _draw(finding, inspection.framework),
    )


def _rows(inspection: Inspection, rated: pd.DataFrame) -> pd.DataFrame:
    ruled = rate(inspection).set_index("standard")
    how = [_how(str(ruled.loc[standard, "text"])) for standard in rated["standard"]]
    usual = [
        ruled.loc[standard, "rule_rating"] if ruled.loc[standard, "override"] else ""
        for standard in rated["standard"]
    ]
    label = rated["number"] + " " + rated["standard"]
    points = [
        f"{points} {'point' if points == 1 else 'points'}{'*' if moved else ''}"
        for points, moved in zip(rated["points"], usual, strict=True)
    ]
    rows = rated.assign(
        label=label, usual_rating=usual, how=how, text=points, note=rated["override_note"]
    )
    return rows.assign(line=[f"{name}: {said}" for name, said in zip(label, how, strict=True)])


def _how(text: str) -> str:
    """Return what decided a rating, from the sentence that `rate` gives; what the next one needs has a picture of its own."""
    _, _, said = text.partition(": ")
    parts = said.replace(", decided by ", "; decided by ").split("; ")
    kept = [part for part in parts[1:] if " needs " not in part and not part.startswith("one case")]
    return "; ".join(kept) or "by judgement"


def _rated_words(inspection: Inspection, rated: int) -> str:
    others = inspection.ratings[inspection.ratings["status"] != "rated"]
    left_out = "; ".join(f"{row.standard} {row.status}" for row in others.itertuples())
    return f"{rated} rated standards{'; ' + left_out if left_out else ''}"


def _draw(finding: Finding, framework: Framework) -> alt.LayerChart:
    scale = [rating.name for rating in framework.ratings]
    axis = alt.Axis(
        orient="top", domain=False, ticks=False, labelAngle=0, labelAlign="center", labelPadding=8
    )
    band = alt.Scale(domain=scale, paddingInner=0.06)
    x = alt.X("r.rating:N", scale=band, title=None, axis=axis)
    y = alt.Y("r.label:N", sort=None, title=None, axis=None)
    grid = alt.Chart(values([{"rating": name} for name in scale])).mark_rect(color=PALE)
    usual = blank().mark_rect(
        height=CELL_HEIGHT, yOffset=10, fillOpacity=0, stroke=INK, strokeDash=[4, 3]
    )
    moved = either("strokeOpacity", "datum.r.usual_rating != ''", 1, 0)
    layers = [
        grid.encode(x=alt.X("rating:N", scale=band, title=None)),
        usual.encode(x=alt.X("r.usual_rating:N", scale=band), y=y, strokeOpacity=moved),
        blank().mark_rect(height=CELL_HEIGHT, yOffset=10, color=NAVY).encode(x=x, y=y),
        blank()
        .mark_text(yOffset=10, color=PAPER, fontWeight="bold")
        .encode(x=x, y=y, text="r.text:N"),
        blank().mark_text(align="left", dy=-14, dx=4).encode(x=from_left(0), y=y, text="r.line:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
