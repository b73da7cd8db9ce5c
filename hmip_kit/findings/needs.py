"""Needs: in how many cases each is there, whether a service was delivered, and what came of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts import ALL, LINKS, PATTERNS, STEPS, count_each, need_key
from hmip_kit.counts.figures import PLACE, figure_value
from hmip_kit.counts.questions import Asked, checked_groups
from hmip_kit.errors import NotInData, unknown
from hmip_kit.findings import HIDDEN, Finding, Recount, Row, Said, finding
from hmip_kit.findings.shares import grouped_key, share_columns, share_rows, shares_said
from hmip_kit.inspection import Inspection
from hmip_kit.picture.columns import Columns, Reached
from hmip_kit.schema import label_of
from hmip_kit.settings import DARK_GREY, FEWEST_FOR_A_BAR, MOST_LISTED, STRIP, VIOLET
from hmip_kit.stats.words import count_said, number, plural, say

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
HAS = "Cases with the need"
COLOURS = {"served": VIOLET, "progress": DARK_GREY}
NO_CASE, NOT_KNOWN = "[z]", "[x]"
COUNTS = ["n", *(f"{step}{end}" for step in STEPS for end in ("", "_n"))]
NUMBERS = ["n_least", "n_most", *COUNTS, *PATTERNS]
PROGRESS = ("improved", "progress")
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
    fixed, recount = steps_asked(inspection, link, tuple(SHOWN))
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
            "One case can have several needs, and counts for each. Progress without a service, and "
            "a service without progress, both occur.",
            f"A need with fewer than {number(FEWEST_FOR_A_BAR)} cases has counts and no bars.",
        ),
        recount=recount,
        draw=_draw_needs,
    )


def steps_asked(
    inspection: Inspection, link: str, steps: Sequence[str]
) -> tuple[list[Row], Recount]:
    """Return what is fixed in the rows of an `inspection`, and how they are counted.

    There is one for each need, by a `link`, and for each of `steps`, "n" for the need itself.
    Raises `UnknownName` for a link that there is not, and `NotInData` without needs.
    """
    fixed: list[Row] = [
        {"label": f"{need}: {SHOWN.get(step, LINKED[link])}", "need": need, "step": step}
        for need in _checked(link, inspection.all_cases.needs)
        for step in steps
    ]
    yes = tuple(need_key(row["need"], link, row["step"]) for row in fixed)
    n = tuple(
        ALL if row["step"] == "n" else need_key(row["need"], link, f"{row['step']}_n")
        for row in fixed
    )
    return fixed, Recount(yes, n)


def _title(link: str) -> str:
    return f"Service delivered and progress noted, per need ({LINKED[link]})"


def _published_needs(inspection: Inspection, found: pd.DataFrame, link: str) -> Finding:
    labels = [f"{row['need']}: {_had(row)}" for row in found.to_dict("records")]
    shown = ["need", "n", "progress", "progress_n", "served_text", "progress_text"]
    starts = {need: beginning for beginning, need in BEGINNINGS.items()}
    figures = [
        " ".join(f"{starts[need]}_{one}" for one in (*LINKS[:2], *PROGRESS))
        for need in found["need"]
    ]
    return Finding(
        inspection=inspection,
        rows=found[shown].assign(label=labels, figure=figures),
        say=_published_said,
        columns={
            "label": "Need, and cases with it",
            "served_text": "Service delivered",
            "progress_text": "Progress noted",
            **PLACE,
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
    return plural(most, "case") if least == most else f"{least} to {most} cases"


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
    ids, figures = [f"{beginning}_{word}" for word in PROGRESS], inspection.figures
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
        return count_said(done, base)
    return f"{done}, base not stated"


def _draw_needs(shown: Finding) -> "alt.LayerChart":
    size = shown.inspection.sample_size
    enough = f"datum.r.n >= {FEWEST_FOR_A_BAR} ?"
    of_n = "datum.r.yes == null || !datum.r.n ? '' : 'of ' + format(datum.r.n, ',')"
    columns = [
        Reached(
            HAS,
            STRIP,
            of="datum.r.step == 'served'",
            count=f"({enough} datum.r.n : null)",
            first="datum.r.n == null ? datum.r.cases : format(datum.r.n, ',')",
        ),
        *(
            Reached(
                SHOWN[step].capitalize(),
                colour,
                of=f"datum.r.step == '{step}'",
                count=f"({enough} datum.r.yes : null)",
                first="datum.r.yes == null || !datum.r.n ? datum.r.cases : "
                "format(datum.r.yes, ',')",
                second=of_n,
            )
            for step, colour in COLOURS.items()
        ),
    ]
    return Columns(
        labels=[*shown.rows["need"]],
        columns=columns,
        most="max(1, extent(pluck(rows, 'n'))[1])",
        words=[say("count", yes=size, n=size), "no cases"],
        id="need",
    ).drawn()


def _draw_published(shown: Finding) -> "alt.LayerChart":
    columns = [
        Reached(HAS, STRIP, "true", "null", "isValid(datum.r.n) ? datum.r.n : 'not stated'"),
        Reached("Service delivered", VIOLET, "true", "null", "datum.r.served_text"),
        Reached("Progress noted", DARK_GREY, "true", "null", "datum.r.progress_text"),
    ]
    words = [*shown.rows["served_text"], *shown.rows["progress_text"], "not stated"]
    return Columns([*shown.rows["need"]], columns, "1", words, id="need").drawn()


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
