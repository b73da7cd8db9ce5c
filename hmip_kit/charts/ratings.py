"""The rated standards on the scale of ratings, with the score."""

import altair as alt

from hmip_kit.charts.drawing import blank, drawn, values
from hmip_kit.errors import KitError
from hmip_kit.finding import Finding
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.headlines import rating_sentence, score_title
from hmip_kit.measures.ratings import rated_standards
from hmip_kit.theme import NAVY, PAPER, RULE

ROW_HEIGHT = 34


def ratings(inspection: Inspection) -> Finding:
    """Return the rating of each rated standard, and the score that their points add up to.

    Rows: `label, standard, rating, points, domain, usual_rating, override_note, text, note`. Raises `KitError` where nothing is rated, as
    with practice cases.

    >>> import hmip_kit as hk
    >>> ratings(hk.load("lewisham-bromley-2022")).title
    'Inadequate: 4 of 24 points'
    """
    rated = rated_standards(inspection)
    if rated.empty:
        raise KitError(f"{inspection.title}: no standard is rated, so there are no ratings to show")
    moved = rated["override_note"] != ""
    rows = rated.assign(
        label=rated["number"] + " " + rated["standard"],
        text=[
            f"{points} {'point' if points == 1 else 'points'}{'*' if star else ''}"
            for points, star in zip(rated["points"], moved, strict=True)
        ],
        note=rated["override_note"],
    )
    return Finding(
        name="ratings",
        say=lambda shown: (score_title(inspection), rating_sentence(shown)),
        rows=rows,
        columns={"label": "Standard", "rating": "Rating", "points": "Points", "note": "Departure from the usual rating"},
        measure="Rating of each standard, and its points",
        inspection=inspection,
        cases=_rated_words(inspection, len(rows)),
        notes=tuple(f"* {row.standard}: {row.override_note}" for row in rated[moved].itertuples()),
        draw=lambda finding: _draw(finding, inspection.framework),
    )


def _rated_words(inspection: Inspection, rated: int) -> str:
    others = inspection.ratings[inspection.ratings["status"] != "rated"]
    left_out = "; ".join(f"{row.standard} {row.status}" for row in others.itertuples())
    return f"{rated} rated standards{'; ' + left_out if left_out else ''}"


def _draw(finding: Finding, framework: Framework) -> alt.LayerChart:
    scale = [rating.name for rating in framework.ratings]
    axis = alt.Axis(orient="top", domain=False, ticks=False, labelAngle=0, labelPadding=8)
    x = alt.X("r.rating:N", scale=alt.Scale(domain=scale, paddingInner=0.06), title=None, axis=axis)
    left = alt.Axis(domain=False, ticks=False, labelLimit=220, labelPadding=8)
    y = alt.Y("r.label:N", sort=None, scale=alt.Scale(paddingInner=0.2), title=None, axis=left)
    grid = alt.Chart(values([{"rating": name} for name in scale])).mark_rect(fillOpacity=0, stroke=RULE)
    layers = [
        grid.encode(x=alt.X("rating:N", scale=alt.Scale(domain=scale), title=None, axis=axis)),
        blank().mark_rect(color=NAVY).encode(x=x, y=y),
        blank().mark_text(color=PAPER, fontWeight="bold").encode(x=x, y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
