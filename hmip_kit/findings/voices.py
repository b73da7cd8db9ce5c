"""What people on probation say, and what works: shares as published."""

from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts.figures import PERCENT
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.findings.figure_checks import DOES_NOT_FIT, checked_figures
from hmip_kit.findings.figures import SAYS, SUFFICIENT, figure_rows
from hmip_kit.findings.key_questions import question_rows
from hmip_kit.inspection import Inspection
from hmip_kit.picture import COUNT_BARS_RIGHT, PERCENTS, blank, drawn
from hmip_kit.settings import NAVY, RULE
from hmip_kit.stats.words import listed, number

if TYPE_CHECKING:
    import altair as alt

HALF = 50  # percent
VOICES, WORKS = "What people on probation say", "What works for half or more"
ROW_HEIGHT = 42


@finding(
    question="What do people on probation say?",
    needs="figures",
    follows=False,
    shown_by="all cases",
    label=VOICES,
)
def voices(inspection: Inspection) -> Finding:
    """Return what people on probation say, as published.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        A row per share: `label, who, line`; `percent`, missing where words stand for the number;
        `low, high`, what the words then allow, in percent; `text`, as published; `section`. There
        is no interval: the base of a survey is often not stated. No rows where nobody was asked.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> len(hk.load("lewisham-bromley-2022").show.voices().rows)
    8
    """
    rows = _shares(inspection)
    heard = inspection.identity.get("people_heard")
    who = "people on probation"
    cases = f"{heard} {who} heard" if heard else f"{who}; number not stated"
    return _finding(inspection, VOICES, rows[rows["group"] == "people_heard"], cases, lowest=True)


@finding(
    question="What works for half of the cases or people, or more?",
    needs="figures",
    follows=False,
    shown_by="all cases",
    label=WORKS,
)
def what_works(inspection: Inspection) -> Finding:
    """Return the strengths that are stated for half or more, and the key questions that reach half.

    Strengths are the figures that a finding of that kind in the report names. Left out are those
    that fit no count of their base, and those in words of which not even the least reaches half.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        Rows as in `voices`, key questions first, the highest at the top. The shares are of
        different people and cases: they are not to be subtracted from each other.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.what_works().rows["label"].iloc[1]
    'Delivery: engagement'
    """
    checked, findings = checked_figures(inspection), inspection.findings
    named = " ".join(findings.loc[findings["kind"] == "strength", "figures"]).split()
    amiss = checked.loc[checked["verdict"] == DOES_NOT_FIT, "figure"]
    rows = _shares(inspection)
    reached = (rows["value"].fillna(rows["least"]) >= HALF).fillna(False)
    rows = rows[reached & rows["figure"].isin(named) & ~rows["figure"].isin(amiss)]
    counts = rows["text"].str.removesuffix(SAYS[SUFFICIENT])
    rows = rows.assign(printed=counts.where(rows["n"].notna(), rows["printed"]))
    found = pd.concat([_key_questions(inspection), rows], ignore_index=True)
    return _finding(inspection, WORKS, found, "each of its own people or cases", lowest=False)


def _shares(inspection: Inspection) -> pd.DataFrame:
    """Return the figures that are shares of what was sufficient, as numbers or in words."""
    rows = figure_rows(inspection)
    stated = rows["value"].notna() | rows["least"].notna()
    return rows[(rows["unit"] == PERCENT) & (rows["polarity"] == SUFFICIENT) & stated]


def _key_questions(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions that reach half as figures, the highest first."""
    rows = question_rows(inspection)
    rows = rows[rows["percent"] >= HALF].sort_values("percent", ascending=False, kind="stable")
    rows = rows.rename(columns={"label": "measure", "text": "printed", "percent": "value"})
    stages = [inspection.framework.stages.get(stage, "") for stage in rows["stage"]]
    named = ["measure", "printed", "value"]
    return rows[named].assign(population="inspected cases", section=stages, note="")


def _finding(
    inspection: Inspection, start: str, figures: pd.DataFrame, cases: str, lowest: bool
) -> Finding:
    notes = [
        f"{note}: {'; '.join(rows['measure'])}."
        for note, rows in figures[figures["note"] != ""].groupby("note", sort=False)
    ]
    if figures["least"].notna().any():
        notes.append("Thick lines: the range that words allow, in this kit's reading.")
    rows = pd.DataFrame(
        {
            "label": figures["measure"],
            "who": figures["population"],
            "line": figures["measure"] + " (" + figures["population"] + ")",
            "percent": figures["value"],
            "low": figures["least"],
            "high": figures["most"],
            "text": figures["printed"],
            "section": figures["section"],
        }
    )
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _said(shown, start, lowest),
        columns={
            "label": "What",
            "who": "Who or what",
            "text": "As published",
            "section": "Section",
        },
        measure=f"{start}: shares as published",
        cases=cases,
        notes=tuple(notes),
        draw=lambda _: _draw(),
        opens=False,
    )


def _said(rows: pd.DataFrame, start: str, lowest: bool) -> Said:
    """Return the highest share with a number and, with `lowest`, the lowest; two where they tie."""
    if rows.empty:
        return f"{start}: nothing stated", "Nothing is stated."
    each = f"{'; '.join(rows['line'] + ': ' + rows['text'])}."
    known = rows[rows["percent"].notna()]
    if known.empty:
        return f"{start}: in words only", each
    high, low = (known[known["percent"] == known["percent"].agg(end)] for end in ("max", "min"))
    if len(high) == len(known):
        return f"{start}: {_end(high)}", each
    return f"{start}. Most: {_end(high)}" + f". Fewest: {_end(low)}" * lowest, each


def _end(rows: pd.DataFrame) -> str:
    if len(rows) > 2:
        return f"{number(len(rows))} at {rows['text'].iloc[0]}"
    return listed([*(rows["label"] + ", " + rows["text"])])


def _draw() -> "alt.LayerChart":
    import altair as alt

    scale = alt.Scale(domain=[0, COUNT_BARS_RIGHT])
    axis = alt.Axis(values=PERCENTS, titleAnchor="start", grid=True)
    y = alt.Y("r.line:N", sort=None, axis=None)
    x = alt.X("r.percent:Q", scale=scale, title="Percentage, as published", axis=axis)
    line = blank().mark_text(align="left", dy=-8, dx=2)
    words = blank().mark_rule(yOffset=9, color=NAVY, strokeWidth=8)
    point = blank().mark_point(yOffset=9, filled=True, size=110, color=NAVY, opacity=1)
    text = blank().mark_text(align="left", dy=9, dx=10, fontWeight="bold")
    layers = [
        line.encode(x=alt.XDatum(0), y=y, text=alt.Text("r.line:N")),
        blank().mark_rule(yOffset=9, color=RULE).encode(x=alt.XDatum(0), x2=alt.X2Datum(100), y=y),
        words.encode(x=alt.X("r.low:Q", scale=scale), x2=alt.X2("r.high:Q"), y=y),
        point.encode(x=x, y=y),
        text.encode(x=alt.XDatum(100), y=y, text=alt.Text("r.text:N")),
    ]
    return drawn(layers, alt.Step(ROW_HEIGHT))
