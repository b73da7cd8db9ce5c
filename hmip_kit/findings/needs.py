"""Needs: in how many cases each is there, whether a service was delivered, and what came of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts import LINKS, PATTERNS, STEPS, count_each, need_key
from hmip_kit.counts.figures import figure_value
from hmip_kit.counts.questions import Asked, checked_groups
from hmip_kit.errors import NotInData, unknown
from hmip_kit.findings import HIDDEN, Finding, Recount, Row, Said, finding
from hmip_kit.findings.shares import grouped_key, share_columns, share_rows, shares_said
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank, drawn, from_left, from_top, values
from hmip_kit.schema import label_of
from hmip_kit.settings import FEWEST_FOR_A_BAR, MOST_LISTED, NAVY, ORANGE, QUIET, RULE, WIDTH
from hmip_kit.stats.words import cases_word, number, share_after

if TYPE_CHECKING:
    import altair as alt

MEASURE = "Service delivered and progress noted, of cases with each need"
LINKED = {
    "offending": "linked to offending",
    "harm": "linked to risk of harm",
    "either": "by either link",
    "both": "by both links",
}
SHOWN = {"served": "service delivered", "progress": "progress noted"}
SIGNS = {"served": "\u25a0", "progress": "\u25cf"}
NO_CASE, NOT_KNOWN = "[z]", "[x]"
COUNTS = ["n", *(f"{step}{end}" for step in STEPS for end in ("", "_n"))]
NUMBERS = ["n_least", "n_most", *COUNTS, *PATTERNS]
BEGINNINGS = {  # of the ids of published figures: "_offending", "_harm", "_improved" follow
    "accommodation": "Accommodation",
    "ete": "Education, training and employment",
    "finance": "Finance",
    "relationships": "Relationships",
    "lifestyle": "Lifestyle and associates",
    "drugs": "Drug misuse",
    "alcohol": "Alcohol misuse",
    "wellbeing": "Emotional wellbeing",
    "thinking": "Thinking and behaviour",
    "attitudes": "Attitudes",
}
NEXT = 150  # points between the two columns of counts
ROW_HEIGHT = 46


@finding(
    question="Was a service delivered for each need, and was progress noted?",
    needs="",
    follows=True,
    shown_by="all cases",
    label=MEASURE,
)
def needs(inspection: Inspection, link: str = "offending") -> Finding:
    """Return, per need, in how many cases with it a service was delivered and progress noted.

    Parameters
    ----------
    inspection : Inspection
        Cases with needs, or published figures that count them.
    link : {"offending", "harm", "either", "both"}
        Which cases have a need: those with it linked to offending, to harm, by either, or by both.

    Returns
    -------
    Finding
        Two rows a need: `label, need, step, yes, n` and what `shares.with_shares` adds; `n` counts
        the cases with the need for which the step is recorded. Under ten cases there are counts and
        no marks. Published totals have a row per need that the report counts, with words for both
        steps. Without needs it says so.

    Raises
    ------
    UnknownName
        For an unknown link.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.needs().rows["progress_text"].tolist()
    ['2, base not stated', '4, base not stated', '2 of 8']
    """
    if not inspection.has_cases:
        return _published_needs(inspection, need_rows(inspection, link), link)
    fixed: list[Row] = [
        {"label": f"{need}: {said}", "need": need, "step": step}
        for need in _checked(link, inspection.all_cases.needs)
        for step, said in SHOWN.items()
    ]
    recount = Recount(
        yes=tuple(need_key(row["need"], link, row["step"]) for row in fixed),
        n=tuple(need_key(row["need"], link, f"{row['step']}_n") for row in fixed),
    )
    return Finding(
        inspection=inspection,
        rows=share_rows(inspection, fixed, recount),
        say=lambda shown: shares_said(shown, inspection, "each", _title(link)),
        columns={
            "label": "Need and step",
            **share_columns(inspection),
            "cases": "Cases with the need",
        },
        measure=f"{MEASURE}, {LINKED[link]}",
        notes=(
            "Square: service delivered. Circle: progress noted. A need with fewer than "
            f"{number(FEWEST_FOR_A_BAR)} cases has counts and no marks.",
        ),
        recount=recount,
        draw=_draw_needs,
    )


def _title(link: str) -> str:
    return f"Service delivered and progress noted, per need ({LINKED[link]})"


def _published_needs(inspection: Inspection, found: pd.DataFrame, link: str) -> Finding:
    labels = [f"{row['need']}: {_had(row)}" for row in found.to_dict("records")]
    shown = ["need", "n", "progress", "progress_n", "served_text", "progress_text"]
    return Finding(
        inspection=inspection,
        rows=found[shown].assign(label=labels),
        say=_published_said,
        columns={
            "label": "Need, and cases with it",
            "served_text": "Service delivered",
            "progress_text": "Progress noted",
        },
        measure=f"{MEASURE}, {LINKED[link]}",
        notes=(f"{NOT_KNOWN}: the report has no count of services delivered for a need.",),
        draw=_draw_published,
    )


def _published_said(rows: pd.DataFrame) -> Said:
    said = "; ".join(rows["label"] + "; progress noted " + rows["progress_text"])
    title = "Of services delivered for a need there is no count; of progress there are some"
    return title, f"{said}."


def _had(row: Row) -> str:
    """Return in words how many cases have the need of a row."""
    least, most = row["n_least"], row["n_most"]
    if pd.isna(least):
        return "how many cases have it is not stated"
    return f"{most} {cases_word(most)}" if least == most else f"{least} to {most} cases"


def need_rows(inspection: Inspection, link: str, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of `need_steps` on an `inspection`, by a `link` and `groups`.

    Raises `UnknownName` for a link that there is not, and `NotInData` without needs.
    """
    cases = inspection.has_cases
    rows = _counted(inspection, link, groups) if cases else _published(inspection, link)
    _checked(link, list(rows["need"]))
    rows = rows.astype(dict.fromkeys(NUMBERS, "Int64"))
    drops = {
        "drop_planned": rows["planned_n"] - rows["planned"],
        "drop_served": rows["served_n"] - rows["served"],
        "drop_progress": rows["served_only"],
    }
    records = rows.to_dict("records")
    texts = {f"{step}_text": [_step_text(row, step) for row in records] for step in STEPS}
    rows = rows.assign(link=link, **drops, **texts)
    return rows[[*groups, "need", "link", *NUMBERS, *drops, *texts]]


def _checked(link: str, needs: list[str]) -> list[str]:
    """Return the `needs` that are counted by a `link`; refuse one that there is not, or none."""
    if link not in LINKS:
        raise unknown("link", link, LINKS)
    if not needs:
        lacking = "Which need which case has is not in these data, and no count of needs is either."
        raise NotInData(lacking)
    return needs


def _counted(inspection: Inspection, link: str, groups: Sequence[str]) -> pd.DataFrame:
    rows = count_each(
        inspection,
        ("need", inspection.all_cases.needs),
        [*COUNTS, *PATTERNS],
        lambda need, one: need_key(need, link, one),
        groups,
    )
    return rows.assign(n_least=rows["n"], n_most=rows["n"])


def _published(inspection: Inspection, link: str) -> pd.DataFrame:
    rows = [_printed(inspection, *one, link) for one in BEGINNINGS.items()]
    return pd.DataFrame([row for row in rows if row], columns=["need", *NUMBERS])


def _printed(inspection: Inspection, beginning: str, need: str, link: str) -> Row:
    """Return what a report prints of a need whose figures' ids have this beginning, if anything."""
    offending, harm = (figure_value(inspection, f"{beginning}_{one}") for one in LINKS[:2])
    ids, figures = [f"{beginning}_{word}" for word in ("improved", "progress")], inspection.figures
    progress = figure_value(inspection, *ids)
    if offending is harm is progress is None:
        return {}
    ends = {"offending": (offending, offending), "harm": (harm, harm)}
    if offending is not None and harm is not None:
        both, cases = offending + harm, inspection.sample_size
        ends["either"] = (max(offending, harm), min(both, cases))
        ends["both"] = (max(0, both - cases), min(offending, harm))
    least, most = ends.get(link, (None, None))
    n = least if least == most else None
    stated = figures.loc[figures["figure"].isin(ids), "denominator"].dropna().tolist()
    row: Row = {"need": need, "n_least": least, "n_most": most, "n": n, "progress": progress}
    return row | {"progress_n": n if n in stated[:1] else None}


def _step_text(row: Row, step: str) -> str:
    """Return how many cases got to a step, "[z]" where none has the need, "[x]" if not known."""
    done, base = row[step], row[f"{step}_n"]
    if not pd.isna(row["n_most"]) and not row["n_most"]:
        return NO_CASE
    if pd.isna(done) or (not pd.isna(base) and not base):
        return NOT_KNOWN
    if not pd.isna(base):
        return f"{done} of {base}{share_after(done, base)}"
    return f"{done}, base not stated"


def _draw_needs(_: Finding) -> "alt.LayerChart":
    import altair as alt

    scale, axis = alt.Scale(domain=[0, 100]), alt.Axis(tickCount=5)
    y = alt.Y("r.need:N", sort=None, axis=None)
    title = "Percentage of the cases with the need"
    x = alt.X("r.bar:Q", scale=scale, title=title, axis=axis)
    colours = alt.Scale(domain=list(SHOWN), range=[ORANGE, NAVY])
    shapes = alt.Scale(domain=list(SHOWN), range=["square", "circle"])
    color = alt.Color("r.step:N", scale=colours, legend=None)
    shape = alt.Shape("r.step:N", scale=shapes, legend=None)
    layers = [
        blank()
        .mark_line(color=RULE, strokeWidth=3, yOffset=10)
        .encode(x=x, y=y, detail=alt.Detail("r.need:N")),
        blank()
        .mark_point(filled=True, size=90, opacity=1, yOffset=10)
        .encode(x=x, y=y, color=color, shape=shape),
        blank()
        .mark_text(align="left", dy=-9, dx=2)
        .encode(x=from_left(0), y=y, text=alt.Text("r.need:N")),
    ]
    for step, at in (("served", NEXT), ("progress", 0)):
        said = f"datum.r.step === '{step}' ? '{SIGNS[step]} ' + datum.r.text : ''"
        text = blank().transform_calculate(said=said).mark_text(align="right", dy=-9, dx=-at)
        key = alt.Chart(values([{"said": f"{SIGNS[step]} {SHOWN[step]}"}]))
        head = key.mark_text(align="right", fontSize=11, color=QUIET)
        layers += [
            text.encode(x=alt.XDatum(100), y=y, text=alt.Text("said:N")),
            head.encode(x=from_left(WIDTH - at), y=from_top(-10), text=alt.Text("said:N")),
        ]
    return drawn(layers, alt.Step(ROW_HEIGHT))


def _draw_published(_: Finding) -> "alt.LayerChart":
    import altair as alt

    y, left, right = alt.Y("r.label:N", sort=None, axis=None), from_left(0), from_left(WIDTH)
    served = blank().transform_calculate(said="'service delivered ' + datum.r.served_text")
    progress = blank().transform_calculate(said="'progress noted ' + datum.r.progress_text")
    layers = [
        blank()
        .mark_text(align="left", dy=-8, dx=2)
        .encode(x=left, y=y, text=alt.Text("r.label:N")),
        served.mark_text(align="left", dy=9, dx=2, color=QUIET).encode(
            x=left, y=y, text=alt.Text("said:N")
        ),
        progress.mark_text(align="right", dy=-8, fontWeight="bold").encode(
            x=right, y=y, text=alt.Text("said:N")
        ),
    ]
    return drawn(layers, alt.Step(ROW_HEIGHT))


@finding(
    question="How far did cases with each need get: planned for, service, progress?",
    needs="",
    follows=False,
    shown_by="all cases",
    label="Each need by steps",
)
def need_steps(inspection: Inspection, link: str = "offending", by: Asked = None) -> Finding:
    """Return, per need, in how many cases it is there and how far these got, as a table.

    Parameters
    ----------
    inspection : Inspection
        Cases with needs, or published figures that count them.
    link : {"offending", "harm", "either", "both"}
        Which cases have a need, as in `needs`.
    by : str or several, optional
        One or two characteristics to group the cases by.

    Returns
    -------
    Finding
        A row per group and need: the groups; `need, link`; `n`, cases with the need, between
        `n_least` and `n_most`; `planned, served, progress`, those of n where it is so, out of
        `planned_n, served_n, progress_n` where it is recorded; five patterns that sum to n:
        `served_progress, served_only, progress_only, neither, unknown`; the drop at each step in
        cases: `drop_planned` (not planned for), `drop_served` (no service), `drop_progress` (a
        service and no progress); per step words, as in "3 of 11 (27%)", "[z]" where no case has the
        need, "[x]" where the data cannot say.

        Published totals give the needs that the report counts, and no service; what it does not
        state is missing. Without needs it says so.

    Raises
    ------
    UnknownName
        For an unknown link or characteristic.
    KitError
        For more than two groupings.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("practice-cases").show.need_steps().rows.set_index("need")
    >>> rows.loc["Accommodation", ["n", "served_n"]].tolist()
    [11, 11]
    """
    groups = checked_groups(inspection, by)
    rows = need_rows(inspection, link, groups)
    found = rows.to_dict("records")
    counts = {
        what: [grouped_key(need_key(row["need"], link, what), row, groups) for row in found]
        for what in (*COUNTS, *PATTERNS)
    }
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: (_title(link), _steps_said(shown, inspection, groups)),
        columns={
            **{name: label_of(name) for name in groups},
            "need": "Need",
            "n": "Cases with it",
            "planned_text": "Planned for",
            "served_text": "Service delivered",
            "progress_text": "Progress noted",
        },
        measure=f"Steps of each need, {LINKED[link]}",
        counts=counts if inspection.has_cases else {},
        variant="_".join(groups),
    )


def _steps_said(rows: pd.DataFrame, inspection: Inspection, groups: Sequence[str]) -> str:
    """Return every row in words or, where they are many, those with the most cases."""
    # Where there are cases, a missing number is a hidden one; else the report does not state it.
    known = rows[(rows["n_most"] > 0).fillna(not inspection.has_cases)]
    most = known if len(known) <= MOST_LISTED else known.nlargest(MOST_LISTED, "n_most")
    each = "; ".join(
        f"{', '.join(str(row[name]) for name in (*groups, 'need'))}: {_had(row)}, "
        f"service delivered {row['served_text']}, progress noted {row['progress_text']}"
        for row in most.to_dict("records")
    )
    if not each:
        hidden = rows["n_most"].isna().any()
        return f"Counts are not shown {HIDDEN}." if hidden else "There is nothing to count."
    return f"{'The most frequent: ' if len(most) < len(known) else ''}{each}."
