"""The key questions: how many cases were judged sufficient on each, and how sure that is."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from hmip_kit.counts import answer_key, once_a_sample
from hmip_kit.counts.questions import published_totals, question_counts
from hmip_kit.counts.ratings import deciding
from hmip_kit.findings import Finding, Recount, Said, finding
from hmip_kit.findings.shares import (
    APART,
    INTERVALS,
    POSSIBLE,
    shares_said,
    with_published_totals,
    with_shares,
)
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank, drawn, either, values
from hmip_kit.schema import NOT_RECORDED
from hmip_kit.settings import (
    CATEGORICAL,
    FEWEST_FOR_A_PERCENTAGE,
    INK,
    LIGHT_TEXT_FROM,
    ONE_IN,
    PALE,
    PAPER,
    QUIET,
    RULE,
    SEQUENTIAL,
)
from hmip_kit.stats.intervals import INTERVAL_TEXT, narrowed
from hmip_kit.stats.words import listed, number, result, small

if TYPE_CHECKING:
    import altair as alt

ROW_HEIGHT, CELL_HEIGHT = 38, 62
HATCHED = {"strokeWidth": (9, 1.5), "strokeDash": ([2, 3], [1, 0]), "opacity": (0.75, 1)}
STRIPS = "Hatched strips, once filtered: what the totals make possible for a group of this size."
COUNT_FIRST = f"datum.r.n >= {FEWEST_FOR_A_PERCENTAGE}"


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
        sample's percentage. Bounds are 95% Wilson intervals; practice cases have none and, where
        they are filtered, what the totals make possible. Under ten cases there is no bar and no
        interval; with no case left the rows say "no cases".

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.key_questions().title[-15:]
    '). All 42 cases'
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
        notes=(*_bands_note(inspection), *_bounds_notes(inspection)),
        recount=_recount(rows) if inspection.has_cases else None,
        counts=question_tallies(rows),
        draw=lambda _: _draw_bars(framework, bands=not inspection.made_up),
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
    not_recorded = tuple(answer_key(one, "not_recorded") for one in rows["question"])
    told = question_tallies(rows)
    return Recount(told["yes"], told["n"], words="lowest", not_recorded=not_recorded)


def question_columns(inspection: Inspection) -> dict[str, str]:
    """Return the columns of a table of questions of an `inspection`.

    Made-up counts stand under a heading that says so.
    """
    cases = "Practice cases" if inspection.made_up else "Cases"
    bounds = "What the totals make possible" if inspection.made_up else INTERVAL_TEXT
    uncounted = {"uncounted_text": "Not counted"} if _some_uncounted(inspection.sample) else {}
    return {
        "label": "Key question",
        "cases": f"{cases} judged sufficient",
        "share": "Percentage",
        "range": bounds,
        **uncounted,
    }


@once_a_sample
def _some_uncounted(sample: Inspection) -> bool:
    """Return whether of all cases more than one in ten are not counted on some question."""
    if not sample.has_cases:
        return False
    rows = question_counts(sample)
    return any((ONE_IN * rows[name] > sample.sample_size).any() for name in APART)


def _bands_note(inspection: Inspection) -> list[str]:
    """Return what the dotted lines are, with the status of the bands; made-up cases have none."""
    framework = inspection.framework
    bands = ", ".join(f"{band.rating} from {band.start:g}%" for band in framework.bands[1:])
    unread = " Unverified: no source that we read states them." * _unverified(framework)
    return [] if inspection.made_up else [f"Dotted lines: rating bands ({bands}).{unread}"]


def _unverified(framework: Framework) -> bool:
    return framework.rule("bands").status == "unverified"


def _bounds_notes(inspection: Inspection) -> list[str]:
    notes = ["Outlines: the whole sample."] if inspection.has_cases else worked_out(inspection)
    return [
        *notes,
        *([STRIPS, *_narrowed(inspection.sample)] if inspection.made_up else [INTERVALS]),
    ]


def worked_out(inspection: Inspection) -> list[str]:
    """Return whether counts of an `inspection` are worked out from printed percentages."""
    if inspection.has_cases:
        return []
    rebuilt = inspection.published["count_source"].astype("str").str.startswith("rebuilt")
    said = "The report prints the percentages; counts are worked out from the cases inspected."
    return [said] if rebuilt.any() else []


@once_a_sample
def _narrowed(sample: Inspection) -> list[str]:
    """Return where the report's own comparison of two groups narrows what its totals leave open."""
    said, totals = [], published_totals(sample)
    for row in sample.table("comparisons").fillna("").to_dict("records"):
        groups = sample.cases[row["characteristic"]].astype("str").value_counts()
        groups = groups.drop(NOT_RECORDED, errors="ignore")
        stronger = int(groups.get(row["stronger"], 0))
        weaker = int(groups.get(row["weaker"], groups.sum() - stronger))
        (yes, n), label = totals[row["question"]], sample.framework.label(row["question"])
        most, fewest = narrowed(yes, n, weaker, stronger)
        whom = row["weaker"] or f"others than {row['stronger']}"
        said.append(
            f"The report says that {small(label)} was weaker for {whom} than for "
            f"{row['stronger']} ({row['section']}; the question is this kit's reading). With its "
            f"totals that leaves at most {most} of {weaker}, and at least {fewest} of {stronger}."
        )
    return said


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
        shares = [result(row["yes"], row["n"]) for row in decided.to_dict("records")]
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


def _draw_bars(framework: Framework, bands: bool) -> "alt.LayerChart":
    import altair as alt

    scale = alt.Scale(domain=[0, 100])
    y = alt.Y("r.label:N", sort=None, axis=None)
    lines = f" (dotted lines: rating bands{', unverified' * _unverified(framework)})"
    title = f"Percentage of cases{lines * bands}"
    x = alt.X("r.bar:Q", scale=scale, title=title, axis=alt.Axis(tickCount=5))
    strands = alt.Scale(domain=list(framework.strands), range=CATEGORICAL)
    color = alt.Color("r.strand:N", scale=strands, legend=None)
    test = f"datum.r.bounds == '{POSSIBLE}'"
    how = {name: either(name, test, *ways) for name, ways in HATCHED.items()}
    starts = values([{"from": band.start} for band in framework.bands[1:] if bands])
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
    question="Where is casework weakest: at which stage, and in which part of the work?",
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
    'Safety of other people scored lowest at every stage'
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
        columns={"stage_label": "Stage", "strand_label": "Part of the work", **named},
        measure="Cases judged sufficient, by stage and part of the work",
        notes=(*worked_out(inspection), *([outlined] if any(rows["decided"]) else [])),
        recount=_recount(rows) if inspection.has_cases else None,
        counts=question_tallies(rows),
        draw=lambda _: _draw_cells(framework),
    )


def _stages_said(rows: pd.DataFrame, inspection: Inspection) -> Said:
    if inspection.made_up or inspection.filters:
        return shares_said(rows, inspection, "lowest")
    some = rows[rows["bar"].notna()]
    if some.empty:
        return shares_said(rows, inspection, "lowest")
    ends = [some[some["percent"] == some["percent"].agg(end)] for end in ("max", "min")]
    high, low = (
        "; ".join(f"{row.label}, {row.cases} ({row.share})" for row in end.itertuples())
        for end in ends
    )
    if high == low:
        return _strand_title(rows), f"Every cell has {some['cases'].iloc[0]}."
    return _strand_title(rows), f"Highest: {high}. Lowest: {low}."


def _strand_title(rows: pd.DataFrame) -> str:
    """Return at how many stages one part of the work has the lowest share of ten cases or more."""
    compared = rows[rows["bar"].notna()]
    several = compared.groupby("stage_label")["stage_label"].transform("size") > 1
    stages = compared[several]
    total, otherwise = stages["stage_label"].nunique(), "Key questions, stage by stage"
    if total < 2:  # a part that is lowest once is no pattern
        return otherwise
    least = stages.groupby("stage_label")["percent"].transform("min")
    low = stages[stages["percent"] == least]
    alone = low[low.groupby("stage_label")["stage_label"].transform("size") == 1]
    times, joint = (part["strand_label"].value_counts() for part in (alone, low))
    everywhere = list(joint.index[joint == total])
    if len(times) and times.iloc[0] == total:
        return f"{times.index[0]} scored lowest at every stage"
    if len(everywhere) == 1:
        return f"{everywhere[0]} scored lowest or joint lowest at every stage"
    if len(times) and (len(times) == 1 or times.iloc[0] > times.iloc[1]):
        return f"{times.index[0]} scored lowest at {times.iloc[0]} of {total} stages"
    return otherwise


def _draw_cells(framework: Framework) -> "alt.LayerChart":
    import altair as alt

    axis: dict[str, Any] = {"domain": False, "ticks": False, "labelAngle": 0}
    axis |= {"labelFontWeight": "bold", "labelPadding": 8, "labelLimit": 158}
    strands, stages = (list(one.values()) for one in (framework.strands, framework.stages))
    top = alt.Axis(orient="top", **axis)
    x = alt.X("r.strand_label:N", sort=strands, title=None, axis=top)
    y = alt.Y("r.stage_label:N", sort=stages, title=None, axis=alt.Axis(**axis))
    scale = alt.Scale(domain=[0, 80], range=SEQUENTIAL)
    light = either("color", f"datum.r.bar >= {LIGHT_TEXT_FROM}", PAPER, INK)
    outline = either("strokeWidth", "datum.r.decided", 4, 1)
    edge = either("stroke", "datum.r.decided", INK, RULE)
    color = alt.Color("r.bar:Q", scale=scale, legend=None)
    said = blank().transform_calculate(
        first=f"{COUNT_FIRST} ? datum.r.share : datum.r.cases",  # of few cases the count
        second=f"{COUNT_FIRST} ? datum.r.cases : isValid(datum.r.n) ? datum.r.share : ''",
    )
    large = said.mark_text(fontSize=20, fontWeight="bold", dy=-7)
    layers = [
        blank().mark_rect(xOffset=0).encode(x=x, y=y, color=color),
        blank().mark_rect(fillOpacity=0).encode(x=x, y=y, stroke=edge, strokeWidth=outline),
        large.encode(x=x, y=y, text=alt.Text("first:N"), color=light),
        said.mark_text(dy=13).encode(x=x, y=y, text=alt.Text("second:N"), color=light),
    ]
    return drawn(layers, alt.Step(CELL_HEIGHT))
