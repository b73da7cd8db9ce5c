"""Referrals to commissioned services: complete, ongoing and unaccounted for, as parts of one bar."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, from_left
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures import referrals as measured
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import listed, whole_percent
from hmip_kit.theme import NAVY

ROW_HEIGHT = 42
MEASURE = "Referrals to commissioned rehabilitative services"


def referrals(inspection: Inspection) -> Finding:
    """Return what became of the referrals to commissioned rehabilitative services.

    Rows: as `hk.referrals` gives them, with `line` and `text`. An inspection without a count of referrals gives words and no picture.

    >>> import hmip_kit as hk
    >>> referrals(hk.load("lewisham-bromley-2022")).title
    '225 of 748 referrals are unaccounted for (30%)'
    """
    rows = measured.referrals(inspection)
    if rows.empty:
        return absent(
            inspection,
            "referrals",
            MEASURE,
            "No count of referrals is in these data: a report may print one.",
        )
    text = [
        f"{row['count']} of {row['n']} ({whole_percent(row['count'], row['n'])})"
        for row in rows.to_dict("records")
    ]
    return Finding(
        name="referrals",
        say=_say,
        rows=rows.assign(text=text),
        columns={"label": "What became of them", "text": "Referrals", "source": "Source"},
        measure=MEASURE,
        inspection=inspection,
        cases=f"{rows['n'].iloc[0]} referrals",
        notes=(
            "A referral is neither a case nor a person: one person may be referred several times.",
        ),
        draw=_draw,
    )


def _say(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No referrals to show", "There is nothing to count."
    last = rows.iloc[-1]
    share = whole_percent(int(last["count"]), int(last["n"]))
    said = listed([f"{row['label'].lower()} {row['text']}" for row in rows.to_dict("records")])
    title = f"{last['count']} of {last['n']} referrals are {last['label'].lower()} ({share})"
    return (
        title,
        f"Of {last['n']} referrals: {said}. The last is {last['source'].split(': ')[-1]}, as the report gives no reason for it.",
    )


def _draw(finding: Finding) -> alt.LayerChart:
    y = alt.Y("r.label:N", sort=None, axis=None)
    scale = alt.Scale(domain=[0, 100])
    x = alt.X(
        "r.percent:Q", scale=scale, title="Percentage of all referrals", axis=alt.Axis(tickCount=5)
    )
    layers = [
        blank().mark_bar(size=12, yOffset=9, color=NAVY).encode(x=x, y=y),
        blank().mark_text(align="left", dy=-8, dx=2).encode(x=from_left(0), y=y, text="r.label:N"),
        blank()
        .mark_text(align="right", dy=-8, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
