"""Vacancies at two dates, as slopes."""

import altair as alt

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, either, from_top
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.two_dates import moves_said, two_dates
from hmip_kit.theme import INK, NAVY, ORANGE, QUIET, RULE

HEIGHT = 340


def vacancies(inspection: Inspection) -> Finding:
    """Return vacancy rates, or whatever else a report gives at two dates, when the inspection was announced and at the inspection.

    Rows: those of `measures.two_dates`. A figure with one date is a point without a line. Where nothing has a date there are words
    and no rows.

    >>> import hmip_kit as hk
    >>> vacancies(hk.load("lewisham-bromley-2022")).title
    'Vacancy rate fell for probation services officers and rose for senior probation officers'
    """
    found = two_dates(inspection)
    rows = found.assign(
        first_label=(found["label"] + ": " + found["first_text"]).where(found["first"].notna(), ""),
        second_label=(found["second_text"] + ": " + found["label"]).where(
            found["second"].notna(), ""
        ),
    )
    if rows.empty:
        return absent(
            inspection, "vacancies", "Vacancy rates at two dates", "Nothing is given at two dates."
        )
    return Finding(
        name="vacancies",
        say=moves_said,
        rows=rows,
        columns={
            "label": "Who",
            "first_text": "At the announcement",
            "second_text": "At the inspection",
            "text": "Change",
        },
        measure=f"{rows['measure'].iloc[0]}, when the inspection was announced and at the inspection",
        inspection=inspection,
        cases="staff in post; bases not stated",
        notes=(
            "Dashed lines rise, solid lines fall or stay.",
            "A change in a rate without its base has no interval.",
        ),
        draw=_draw,
    )


def _draw(finding: Finding) -> alt.LayerChart:
    x = alt.Scale(domain=[-0.9, 1.9])
    y = alt.Scale(domain=[0, 100])
    rose = "datum.r.moved > 0"
    percent = alt.Axis(
        values=[0, 20, 40, 60, 80, 100],
        domain=False,
        title=f"{finding.rows['measure'].iloc[0]} (percent)",
    )
    start, end = alt.X("r.start:Q", scale=x, axis=None), alt.X("r.end:Q", scale=x, axis=None)
    first, second = (
        alt.Y("r.first:Q", scale=y, axis=percent),
        alt.Y("r.second:Q", scale=y, axis=percent),
    )
    color, dash = either("color", rose, ORANGE, NAVY), either("strokeDash", rose, [5, 3], [1, 0])
    heads = ((0, "Announced"), (1, "Inspected"))
    layers = [
        *(
            blank().mark_rule(color=RULE).encode(x=alt.XDatum(place, scale=x, axis=None))
            for place, _ in heads
        ),
        *(
            blank()
            .mark_text(color=QUIET, text=head, baseline="bottom")
            .encode(x=alt.XDatum(place, scale=x, axis=None), y=from_top(-4))
            for place, head in heads
        ),
        blank()
        .mark_rule(strokeWidth=3)
        .encode(x=start, y=first, x2="r.end:Q", y2="r.second:Q", color=color, strokeDash=dash),
        blank().mark_point(filled=True, size=70, color=INK, opacity=1).encode(x=start, y=first),
        blank().mark_point(filled=True, size=70, color=INK, opacity=1).encode(x=end, y=second),
        blank().mark_text(align="right", dx=-10).encode(x=start, y=first, text="r.first_label:N"),
        blank()
        .mark_text(align="left", dx=10, fontWeight="bold")
        .encode(x=end, y=second, text="r.second_label:N"),
    ]
    return drawn(finding, layers, HEIGHT)
