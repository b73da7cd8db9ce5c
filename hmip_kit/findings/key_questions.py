"""The key questions: how many cases were judged sufficient on each, and how sure that is."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from hmip_kit.counts import answer_key
from hmip_kit.counts.questions import question_counts
from hmip_kit.counts.ratings import deciding
from hmip_kit.findings import Finding, Recount, Said, finding
from hmip_kit.findings.shares import (
    INTERVALS,
    POSSIBLE,
    shares_said,
    with_published_totals,
    with_shares,
)
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank, drawn, either, values
from hmip_kit.settings import (
    CATEGORICAL,
    INK,
    LIGHT_TEXT_FROM,
    PALE,
    PAPER,
    QUIET,
    RULE,
    SEQUENTIAL,
)
from hmip_kit.stats.intervals import INTERVAL_TEXT
from hmip_kit.stats.words import listed, number, whole_percent

if TYPE_CHECKING:
    import altair as alt

ROW_HEIGHT, CELL_HEIGHT = 38, 62
HATCHED = {"strokeWidth": (9, 1.5), "strokeDash": ([2, 3], [1, 0]), "opacity": (0.75, 1)}
STRIPS = "Hatched strips, once filtered: what the totals make possible for a group of this size."


@finding(
    question="Which key questions were sufficient, in how many cases?",
    needs="key questions",
    follows=True,
    shown_by="one group",
)
def key_questions(inspection: Inspection) -> Finding:
    """Return the key questions: how many cases were judged sufficient on each, with bounds.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.

    Returns
    -------
    Finding
        A row per key question: `question, label, stage, strand`, the counts `yes, no,
        not_applicable, not_recorded, n`, what `shares.with_shares` adds, and `whole`, the whole
        sample's percentage. Bounds are 95% Wilson intervals or, where practice cases are filtered,
        what the totals make possible. Under ten cases there is no bar and no interval; with no case
        left the rows say "no cases".

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.key_questions().title[-55:]
    'Lowest: Delivery: safety of other people, 8 of 42 cases'
    """
    rows = question_rows(inspection)
    whole = question_counts(inspection.sample)
    rows = rows.assign(whole=100 * whole["yes"] / whole["n"].where(whole["n"] > 0))
    framework = inspection.framework
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: shares_said(shown, inspection, "lowest", _decided(inspection)),
        columns=question_columns(inspection),
        measure="Cases judged sufficient on each key question",
        notes=(_bands_note(framework), *_bounds_notes(inspection)),
        recount=_recount(rows) if inspection.has_cases else None,
        counts=question_tallies(rows),
        draw=lambda _: _draw_bars(framework),
    )


def question_rows(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions of an `inspection` as share rows: see `key_questions`."""
    rows, framework = question_counts(inspection), inspection.framework
    key = [framework.key(one) for one in rows["question"]]
    rows = rows.assign(
        label=[framework.label(one) for one in rows["question"]],
        stage=[one.stage if one else "" for one in key],
        strand=[one.strand if one else "" for one in key],
    )
    if inspection.made_up:
        rows = with_published_totals(rows, inspection)
    return with_shares(rows, inspection)


def question_tallies(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the tallies that the counts of `rows` of questions are of."""
    return {what: tuple(answer_key(one, what) for one in rows["question"]) for what in ("yes", "n")}


def _recount(rows: pd.DataFrame) -> Recount:
    return Recount(**question_tallies(rows), words="lowest")  # type: ignore[arg-type]


def question_columns(inspection: Inspection) -> dict[str, str]:
    """Return the columns of a table of questions of an `inspection`.

    Made-up counts stand under a heading that says so.
    """
    cases = "Practice cases" if inspection.made_up else "Cases"
    bounds = f"{INTERVAL_TEXT}, or what the totals make possible"
    return {
        "label": "Key question",
        "cases": f"{cases} judged sufficient",
        "share": "Percentage",
        "range": bounds if inspection.made_up else INTERVAL_TEXT,
    }


def _bands_note(framework: Framework) -> str:
    """Return what the dotted lines are, with the status of the bands."""
    bands = ", ".join(f"{band.rating} from {band.start:g}%" for band in framework.bands[1:])
    unread = " Unverified: no source that we read states them." * _unverified(framework)
    return f"Dotted lines: rating bands ({bands}).{unread}"


def _unverified(framework: Framework) -> bool:
    return framework.rule("bands").status == "unverified"


def _bounds_notes(inspection: Inspection) -> list[str]:
    notes = ["Outlines: the whole sample."] if inspection.has_cases else []
    return [*notes, INTERVALS, *([STRIPS] if inspection.made_up else [])]


def _decided(inspection: Inspection) -> str:
    """Return which strand decided the casework ratings; blank where none is published."""
    if "ratings" not in inspection.holds or inspection.filters or inspection.made_up:
        return ""
    decided, strands = deciding(inspection), inspection.framework.strands
    standards = list(dict.fromkeys(decided["standard"]))
    everywhere = [
        strand
        for strand in strands
        if set(decided.loc[decided["strand"] == strand, "standard"]) == set(standards)
    ]
    if standards and len(everywhere) == 1 and len(decided) == len(standards):
        shares = [whole_percent(row["yes"], row["n"]) for row in decided.to_dict("records")]
        several = len(standards) > 1
        ratings = (
            f"all {number(len(standards))} casework ratings" if several else "the casework rating"
        )
        return f"{strands[everywhere[0]]} decided {ratings}: {listed(shares)}"
    each = (
        f"{standard} by {listed([label.lower() for label in rows['strand_label']])}"
        for standard, rows in decided.groupby("standard", sort=False)
    )
    return f"Casework ratings were decided: {'; '.join(each)}" if standards else ""


def _draw_bars(framework: Framework) -> "alt.LayerChart":
    import altair as alt

    scale = alt.Scale(domain=[0, 100])
    y = alt.Y("r.label:N", sort=None, axis=None)
    title = (
        f"Percentage of cases (dotted lines: rating bands{', unverified' * _unverified(framework)})"
    )
    x = alt.X("r.bar:Q", scale=scale, title=title, axis=alt.Axis(tickCount=5))
    strands = alt.Scale(domain=list(framework.strands), range=CATEGORICAL)
    color = alt.Color("r.strand:N", scale=strands, legend=None)
    test = f"datum.r.bounds == '{POSSIBLE}'"
    how = {name: either(name, test, *ways) for name, ways in HATCHED.items()}
    starts = values([{"from": band.start} for band in framework.bands[1:]])
    outline = blank().mark_bar(size=15, yOffset=9, color=PALE, stroke=QUIET, strokeWidth=0.7)
    label, text = (
        blank().mark_text(align="left", dy=-6, dx=2),
        blank().mark_text(align="right", dy=-6, fontWeight="bold"),
    )
    low = alt.X("r.low:Q", scale=scale)
    layers = [
        alt.Chart(starts)
        .mark_rule(strokeDash=[1, 3], color=QUIET)
        .encode(x=alt.X("from:Q", scale=scale)),
        outline.encode(x=alt.X("r.whole:Q", scale=scale), y=y),
        blank().mark_bar(size=9, yOffset=9).encode(x=x, y=y, color=color),
        blank().mark_rule(yOffset=9, color=INK).encode(x=low, x2=alt.X2("r.high:Q"), y=y, **how),
        label.encode(x=alt.XDatum(0), y=y, text=alt.Text("r.label:N")),
        text.encode(x=alt.XDatum(100), y=y, text=alt.Text("r.text:N")),
    ]
    return drawn(layers, alt.Step(ROW_HEIGHT))


@finding(
    question="Where is casework weakest: at which stage, and on which strand?",
    needs="key questions",
    follows=True,
    shown_by="one group",
)
def stage_by_strand(inspection: Inspection) -> Finding:
    """Return the stages by strands: the share judged sufficient, and what decided a rating.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.

    Returns
    -------
    Finding
        A row per key question, as in `key_questions`, with `stage_label, strand_label` and
        `decided`. Without published ratings no cell is outlined; one without cases says so.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.stage_by_strand().title
    'Safety of other people is the lowest strand at all four stages'
    """
    framework, rows = inspection.framework, question_rows(inspection)
    rows = rows.assign(
        stage_label=rows["stage"].map(framework.stages),
        strand_label=rows["strand"].map(framework.strands),
        decided=rows["question"].isin(deciding(inspection)["question"]),
    )
    outlined = "Outlined: the lowest key question of a standard, which decided its rating."
    named = {name: head for name, head in question_columns(inspection).items() if name != "label"}
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _stages_said(shown, inspection),
        columns={"stage_label": "Stage", "strand_label": "Strand", **named},
        measure="Cases judged sufficient, by stage and strand",
        notes=(outlined,) if any(rows["decided"]) else (),
        recount=_recount(rows) if inspection.has_cases else None,
        counts=question_tallies(rows),
        draw=lambda _: _draw_cells(framework),
    )


def _stages_said(rows: pd.DataFrame, inspection: Inspection) -> Said:
    if inspection.made_up or inspection.filters:
        return shares_said(rows, inspection, "lowest")
    some = rows[rows["n"] > 0]
    if some.empty:
        return "No cases to show", "There is nothing to count: choose fewer filters."
    ends = [some[some["percent"] == some["percent"].agg(end)] for end in ("max", "min")]
    high, low = (
        "; ".join(f"{row.label}, {row.cases} ({row.share})" for row in end.itertuples())
        for end in ends
    )
    if high == low:
        return _strand_title(rows), f"Every cell stands at {some['share'].iloc[0]}."
    return _strand_title(rows), f"Highest: {high}. Lowest: {low}."


def _strand_title(rows: pd.DataFrame) -> str:
    """Return at how many stages one strand is the lowest on its own."""
    several = rows.groupby("stage_label")["stage_label"].transform("size") > 1
    stages = rows[several & (rows["n"] > 0)]
    if stages.empty:
        return "No cases to show"
    least = stages.groupby("stage_label")["percent"].transform("min")
    low = stages[stages["percent"] == least]
    alone = low[low.groupby("stage_label")["stage_label"].transform("size") == 1]
    times = alone["strand_label"].value_counts()
    total = stages["stage_label"].nunique()
    if len(times) == 0 or (len(times) > 1 and times.iloc[0] == times.iloc[1]):
        return "No strand is the lowest more often than another"
    many = int(times.iloc[0])
    where = f"{number(many)} of" if many < total or total == 1 else "all"
    return f"{times.index[0]} is the lowest strand at {where} {number(total)} stages"


def _draw_cells(framework: Framework) -> "alt.LayerChart":
    import altair as alt

    axis: dict[str, Any] = {"domain": False, "ticks": False, "labelAngle": 0}
    axis |= {"labelFontWeight": "bold", "labelPadding": 8, "labelLimit": 140}
    strands, stages = (list(one.values()) for one in (framework.strands, framework.stages))
    top = alt.Axis(orient="top", **axis)
    x = alt.X("r.strand_label:N", sort=strands, title=None, axis=top)
    y = alt.Y("r.stage_label:N", sort=stages, title=None, axis=alt.Axis(**axis))
    scale = alt.Scale(domain=[0, 80], range=SEQUENTIAL)
    light = either("color", f"datum.r.percent >= {LIGHT_TEXT_FROM}", PAPER, INK)
    outline = either("strokeWidth", "datum.r.decided", 4, 1)
    edge = either("stroke", "datum.r.decided", INK, RULE)
    share = blank().mark_text(fontSize=20, fontWeight="bold", dy=-7)
    color = alt.Color("r.percent:Q", scale=scale, legend=None)
    layers = [
        blank().mark_rect(xOffset=0).encode(x=x, y=y, color=color),
        blank().mark_rect(fillOpacity=0).encode(x=x, y=y, stroke=edge, strokeWidth=outline),
        share.encode(x=x, y=y, text=alt.Text("r.share:N"), color=light),
        blank().mark_text(dy=13).encode(x=x, y=y, text=alt.Text("r.cases:N"), color=light),
    ]
    return drawn(layers, alt.Step(CELL_HEIGHT))
