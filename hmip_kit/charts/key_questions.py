"""Key questions as bars, each with its interval or the range that the report allows, against the rating bands."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, either, values
from hmip_kit.finding import Finding, Follow
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.headlines import deciding_title
from hmip_kit.measures.ratings import deciding
from hmip_kit.measures.results import question_counts, question_rows
from hmip_kit.measures.shares import Said, say
from hmip_kit.measures.words import which_cases
from hmip_kit.theme import CATEGORICAL, INK, PALE, QUIET

ROW_HEIGHT = 38
ALLOWED = "datum.r.bounds == 'allowed'"


def key_questions(inspection: Inspection) -> Finding:
    """Return the key questions: how many cases were judged sufficient on each, with bounds.

    Rows: one per key question, as `measures.results.question_rows` gives them. The lines are 95% Wilson intervals; where practice
    cases are filtered, a hatched strip shows the range that the report's totals allow. Under ten cases no bar is drawn. An inspection
    with no case left gives rows that say "no cases".

    >>> import hmip_kit as hk
    >>> key_questions(hk.load("practice-cases")).title[-55:]
    'Lowest: Delivery: safety of other people, 8 of 42 cases'
    """
    rows = question_rows(inspection).assign(whole=whole_sample_percent(inspection))
    return Finding(
        name="key_questions",
        say=lambda shown: _say(shown, inspection),
        rows=rows,
        columns=columns(inspection),
        measure="Cases judged sufficient on each key question",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(bands_note(inspection.framework), *bounds_notes(inspection)),
        scope="whole sample" if inspection.cases_are == "none" else "follows",
        follow=follow_questions(rows),
        draw=lambda finding: _draw(finding, inspection.framework),
    )


def whole_sample_percent(inspection: Inspection) -> pd.Series:
    """Return the share of the whole sample on each key question, in percent: the outline behind the bars of a filtered picture."""
    counts = question_counts(inspection.whole or inspection)
    return 100 * counts["yes"] / counts["n"].where(counts["n"] > 0)


def follow_questions(rows: pd.DataFrame) -> Follow:
    """Return how a page counts the rows of key questions again."""
    tallies = question_tallies(rows)
    return Follow(tallies["yes"], tallies["n"], words="lowest")


def question_tallies(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the tallies that the counts of rows of questions are of."""
    return {
        what: tuple(f"answer/{one}/{what}" for one in rows["question"]) for what in ("yes", "n")
    }


def columns(inspection: Inspection) -> dict[str, str]:
    """Return the data table's columns; made-up counts stand under a heading that says so."""
    practice = inspection.cases_are == "practice"
    cases = "Practice cases" if practice else "Cases"
    bounds = "95% interval, or range the report allows" if practice else "95% interval"
    return {
        "label": "Key question",
        "cases": f"{cases} judged sufficient",
        "share": "Percentage",
        "range": bounds,
    }


def bands_note(framework: Framework) -> str:
    """Return what the dotted lines are, with the status of the bands."""
    bands = ", ".join(f"{band.rating} from {band.start:g}%" for band in framework.bands[1:])
    return f"Dotted lines: rating bands ({bands}). {framework.rule('bands').status.capitalize()}: no source that we read states them."


def bounds_notes(inspection: Inspection) -> list[str]:
    """Return what the lines and strips of a picture with bounds are."""
    notes = ["Outlines: the whole sample."] if inspection.cases_are != "none" else []
    notes.append(
        "Black lines: 95% Wilson intervals; they cover which cases were drawn, not clustering or differences between inspectors."
    )
    if inspection.cases_are == "practice":
        notes.append(
            "Hatched strips, once filtered: the range that the report's totals allow for a group of this size, itself made up."
        )
    return notes


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    plain = inspection.cases_are == "practice" or inspection.filters or inspection.ratings.empty
    title = "" if plain else deciding_title(deciding(inspection), inspection.framework)
    return say(rows, inspection, "lowest", title)


def _draw(finding: Finding, framework: Framework) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 100])
    y = alt.Y("r.label:N", sort=None, axis=None)
    title = "Percentage of cases (dotted lines: rating bands, unverified)"
    x = alt.X("r.bar:Q", scale=scale, title=title, axis=alt.Axis(tickCount=5))
    strands = list(framework.strands)
    color = alt.Color("r.strand:N", scale=alt.Scale(domain=strands, range=CATEGORICAL), legend=None)
    hatched = {"strokeWidth": 9, "strokeDash": [2, 3], "opacity": 0.75}
    plain = {"strokeWidth": 1.5, "strokeDash": [1, 0], "opacity": 1}
    how = {name: either(name, ALLOWED, hatched[name], plain[name]) for name in hatched}
    layers = [
        _bands(framework, scale),
        blank()
        .mark_bar(size=15, yOffset=9, color=PALE, stroke=QUIET, strokeWidth=0.7)
        .encode(x=alt.X("r.whole:Q", scale=scale), y=y),
        blank().mark_bar(size=9, yOffset=9).encode(x=x, y=y, color=color),
        blank()
        .mark_rule(yOffset=9, color=INK)
        .encode(x=alt.X("r.low:Q", scale=scale), x2="r.high:Q", y=y, **how),
        blank().mark_text(align="left", dy=-6, dx=2).encode(x=alt.XDatum(0), y=y, text="r.label:N"),
        blank()
        .mark_text(align="right", dy=-6, fontWeight="bold")
        .encode(x=alt.XDatum(100), y=y, text="r.text:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))


def _bands(framework: Framework, scale: alt.Scale) -> alt.Chart:
    starts = values([{"from": band.start} for band in framework.bands[1:]])
    rules: alt.Chart = alt.Chart(starts).mark_rule(strokeDash=[1, 3], color=QUIET)
    return rules.encode(x=alt.X("from:Q", scale=scale))
