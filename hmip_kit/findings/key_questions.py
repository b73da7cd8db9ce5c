"""The questions: how many cases were judged sufficient on each, and how sure that is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts import answer_key, once_a_sample
from hmip_kit.counts.figures import PLACE, REBUILT
from hmip_kit.counts.questions import (
    Asked,
    checked_groups,
    published_totals,
    question_counts,
)
from hmip_kit.counts.ratings import deciding
from hmip_kit.errors import KitError
from hmip_kit.findings import Finding, Protect, Recount, Said, finding
from hmip_kit.findings.shares import (
    APART,
    INTERVALS,
    shares_said,
    with_published_totals,
    with_shares,
)
from hmip_kit.findings.units import member_tallies
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import share_title, share_values
from hmip_kit.schema import NOT_RECORDED
from hmip_kit.settings import CATEGORICAL, CONFIDENCE, INK, MOST_LISTED, ONE_IN
from hmip_kit.stats.intervals import INTERVAL_TEXT, narrowed
from hmip_kit.stats.words import number, small

if TYPE_CHECKING:
    import altair as alt

STRIPS = "Grey strips, once filtered: what the totals make possible for a group of this size."
BOLD = "In bold: the lowest key question of a standard, which decided its rating."


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
        not_applicable, not_recorded, n`, what `shares.with_shares` adds, `whole`, the whole
        sample's percentage, and `decided`, whether it decided a published rating; `head` is the
        stage, in the first of its rows, and `short` the part of the work; of a publication
        `section` says where it has the number, and whether it was printed. Bounds are 95% Wilson
        intervals; practice cases have none and, where they are filtered, what the totals make
        possible. Under ten cases there is no mark and no interval; with no case left the rows
        say "no cases".

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.key_questions().title[-15:]
    's: All 42 cases'
    """
    rows = question_rows(inspection)
    whole = _of_all(inspection)
    rows = rows.assign(
        whole=100 * whole["yes"] / whole["n"].where(whole["n"] > 0),
        decided=rows["question"].isin(deciding(inspection)["question"]),
    )
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: shares_said(shown, inspection, "lowest", _title(shown, inspection)),
        columns=question_columns(inspection),
        measure="Cases judged sufficient on each key question",
        notes=(*([BOLD] if any(rows["decided"]) else []), *_bounds_notes(inspection)),
        recount=_recount(rows) if inspection.has_cases else None,
        counts=member_tallies(rows),
        draw=_draw,
    )


def question_rows(
    inspection: Inspection,
    groups: Sequence[str] = (),
    questions: Asked = None,
    confidence: float = CONFIDENCE,
) -> pd.DataFrame:
    """Return the `questions` of an `inspection`, by `groups`, as share rows: see `key_questions`.

    Without `questions` they are the key questions; intervals have the `confidence` given.
    """
    rows, framework = question_counts(inspection, groups, questions), inspection.framework
    key = [framework.key(one) for one in rows["question"]]
    label = [framework.label(one) for one in rows["question"]]
    stage = pd.Series([framework.stages[one.stage] if one else "" for one in key], rows.index)
    rows = rows.assign(
        label=label,
        stage=[one.stage if one else "" for one in key],
        strand=[one.strand if one else "" for one in key],
        stage_label=stage,
        short=[
            framework.strands[one.strand] if one else name
            for one, name in zip(key, label, strict=True)
        ],
        head=stage.where(~stage.duplicated(), ""),
    )
    if inspection.made_up:
        rows = with_published_totals(rows, inspection)
    return with_shares(rows, inspection, bool(groups), confidence)


def _recount(rows: pd.DataFrame) -> Recount:
    yes, n, not_recorded = (
        tuple(answer_key(one, what) for one in rows["question"])
        for what in ("yes", "n", "not_recorded")
    )
    return Recount(yes, n, words="lowest", not_recorded=not_recorded)


def question_columns(inspection: Inspection) -> dict[str, str]:
    """Return the columns of a table of questions of an `inspection`.

    Made-up counts stand under a heading that says so.
    """
    cases = "Practice cases" if inspection.made_up else "Cases"
    bounds = "What the totals make possible" if inspection.made_up else INTERVAL_TEXT
    uncounted = {"uncounted_text": "Not counted"} if _some_uncounted(inspection) else {}
    return {
        "label": "Key question",
        "cases": f"{cases} judged sufficient",
        "share": "Percentage",
        "range": bounds,
        **uncounted,
        **PLACE,
    }


@once_a_sample
def _of_all(sample: Inspection) -> pd.DataFrame:
    return question_counts(sample)


@once_a_sample
def _some_uncounted(sample: Inspection) -> bool:
    """Return whether of all cases more than one in ten are not counted on some question."""
    if not sample.has_cases:
        return False
    rows = _of_all(sample)
    return any((ONE_IN * rows[name] > sample.sample_size).any() for name in APART)


def _bounds_notes(inspection: Inspection) -> list[str]:
    notes = (
        ["Thin marks, once filtered: the whole sample."]
        if inspection.has_cases
        else worked_out(inspection)
    )
    return [
        *notes,
        *([STRIPS, *_narrowed(inspection)] if inspection.made_up else [INTERVALS]),
    ]


def worked_out(inspection: Inspection) -> list[str]:
    """Return whether counts of an `inspection` are worked out from printed percentages."""
    if inspection.has_cases:
        return []
    said = "The report prints the percentages; counts are worked out from the cases inspected."
    return [said] if inspection.published["count_source"].eq(REBUILT).any() else []


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


def _title(rows: pd.DataFrame, inspection: Inspection) -> str:
    """Return at how many stages one part of the work has the lowest share of ten cases or more.

    Of cases, which a reader may filter, the lowest is named: the title is blank here.
    """
    if inspection.has_cases:
        return ""
    compared = rows[rows["bar"].notna()]
    several = compared.groupby("stage_label")["stage_label"].transform("size") > 1
    stages = compared[several]
    total, otherwise = stages["stage_label"].nunique(), "Key questions, stage by stage"
    if total < 2:  # a part that is lowest once is no pattern
        return otherwise
    least = stages.groupby("stage_label")["percent"].transform("min")
    low = stages[stages["percent"] == least]
    alone = low[low.groupby("stage_label")["stage_label"].transform("size") == 1]
    times, joint = (part["short"].value_counts() for part in (alone, low))
    everywhere = list(joint.index[joint == total])
    if len(times) and times.iloc[0] == total:
        return f"{times.index[0]} scored lowest at every stage"
    if len(everywhere) == 1:
        return f"{everywhere[0]} scored lowest or joint lowest at every stage"
    if len(times) and (len(times) == 1 or times.iloc[0] > times.iloc[1]):
        return f"{times.index[0]} scored lowest at {times.iloc[0]} of {total} stages"
    return otherwise


def _draw(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    framework = shown.inspection.framework
    rows = Rows(
        labels=[*shown.rows["short"]],
        above=[*shown.rows["label"]],
        heads=[*shown.rows["head"]],
        field="short",
        values=share_values(shown),
        bold="datum.r.decided" if any(shown.rows["decided"]) else "false",
        title=share_title(shown, "Percentage of cases"),
    )
    strands = alt.Scale(domain=list(framework.strands), range=CATEGORICAL)
    colour = alt.Color("r.strand:N", scale=strands, legend=None)
    other = "isValid(datum.r.whole) && abs(datum.r.whole - datum.r.percent) > 0.001 ? 1 : 0"
    whole = rows.tick("whole", color=INK, opacity=alt.ExprRef(other))
    return rows.drawn([*rows.shares(colour), whole])


@finding(
    question="How was each question answered, in all and by group?",
    needs="key questions",
    follows=False,
    shown_by="one group",
)
def results(
    inspection: Inspection,
    by: Asked = None,
    questions: Asked = None,
    confidence: float = CONFIDENCE,
) -> Finding:
    """Return the answers to each question, in all or by group, as a table.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.
    by : str or several, optional
        One or two characteristics to group the cases by.
    questions : str or several, optional
        Questions by their ids; without, the key questions in the framework's order.
    confidence : float
        Of the intervals.

    Returns
    -------
    Finding
        A row per group and question, those without cases too: the groups, the columns of
        `key_questions` but for `whole` and `decided`, `standard`, and `rating`, the band of a
        casework question's share, under the status that the framework gives its bands; blank for
        practice cases, and for a part of any cases. What totals do not state is missing.

    Raises
    ------
    UnknownName
        For a characteristic or question that there is not.
    KitError
        For more than two groupings, or a confidence outside 0 to 1.

    Notes
    -----
    Wilson (1927), by `statsmodels.stats.proportion.proportion_confint`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("practice-cases").show.results("sex", questions="delivery_safety").rows
    >>> rows[["sex", "yes", "n"]].values.tolist()
    [['Female', 2, 6], ['Male', 6, 36]]
    """
    if not 0 < confidence < 1:
        raise KitError(f"a confidence lies between 0 and 1: not {confidence}")
    groups = checked_groups(inspection, by)
    rows = question_rows(inspection, groups, questions, confidence)
    key = map(inspection.framework.key, rows["question"])
    named = {name: name.replace("_", " ").capitalize() for name in groups}
    return Finding(
        inspection=inspection,
        rows=rows.assign(
            standard=[one.standard if one else "" for one in key],
            rating=_bands(rows, inspection, bool(groups or inspection.filters)),
        ),
        say=_answers_said,
        columns={**named, **question_columns(inspection), "label": "Question"},
        measure="Cases judged sufficient on each question",
        protect=Protect(group=groups[0] if groups else ""),
        variant="_".join(groups),
    )


def _answers_said(rows: pd.DataFrame) -> Said:
    many = rows["question"].nunique()
    title = f"Answers to {number(many)} {'question' if many == 1 else 'questions'}"
    if len(rows) > MOST_LISTED:
        return title, "The table has in how many cases the answer was Yes."
    each = "; ".join(rows["label"] + " " + rows["text"])
    return title, f"Answered Yes: {each}." if each else "There is nothing to count."


def _bands(rows: pd.DataFrame, inspection: Inspection, part: bool) -> list[str]:
    """Return the band of each row's share; blank for what is not rated."""
    framework = inspection.framework
    rated = rows["question"].isin(framework.casework_key) & (not (part or inspection.made_up))
    counts = zip(rows["yes"], rows["n"], rated, strict=True)
    return [framework.band(yes, n) if is_rated else "" for yes, n, is_rated in counts]
