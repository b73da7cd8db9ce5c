"""How far cases got through the stages, and which parts of a key question were not sufficient."""

from typing import TYPE_CHECKING

from hmip_kit.counts import answer_key, counted, group_key, reach_key, staged
from hmip_kit.counts.questions import checked_groups
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Recount, Row, finding
from hmip_kit.findings.shares import share_columns, share_rows, shares_said
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import Sign, Value, share_values, widest
from hmip_kit.schema import label_of
from hmip_kit.settings import BLUE, INK, MOST_VALUES, SEQUENTIAL
from hmip_kit.stats.words import small

if TYPE_CHECKING:
    import altair as alt

APART = "Stages are judged separately: a later one can be sufficient without an earlier."


@finding(
    question="At how many stages was each part of the work sufficient?",
    needs=("cases", "key questions"),
    follows=True,
    shown_by="all cases",
)
def stages_sufficient(inspection: Inspection, by: str | None = None) -> Finding:
    """Return, per strand, how many cases were sufficient at none, one, two and so on of the stages.

    Parameters
    ----------
    inspection : Inspection
        Cases: totals leave it open which cases they count.
    by : str, optional
        A characteristic to group the cases by.

    Returns
    -------
    Finding
        A row per group, strand and number of stages, those without cases too: the characteristic,
        `label, strand, stages` of `of_stages`, `yes` of `n`, and what `shares.with_shares` adds.
        `n` counts the cases with Yes or No at every stage. Stages are judged separately: it is a
        number of them, and not a place on a way. It follows filters where there are at most twelve
        groups. A regime without stages gives words and no rows.

    Raises
    ------
    UnknownName
        For a characteristic that there is not.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("practice-cases").show.stages_sufficient().rows
    >>> rows.groupby("strand")["yes"].sum().to_dict()
    {'desistance': 42, 'engagement': 42, 'safety': 42}
    """
    fixed = _strands(inspection, by)
    yes, n = (tuple(_reached(row, by, what) for row in fixed) for what in ("stages", "n"))
    recount = Recount(yes, n, "every stage", split=bool(by))
    rows = share_rows(inspection, fixed, recount)
    grouped = f", by {small(label_of(by))}" if by else ""
    title = f"At how many stages each part of the work was judged sufficient{grouped}"
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: shares_said(shown, inspection, "every stage", title),
        columns={"label": "Part of the work, and stages sufficient", **share_columns(inspection)},
        measure="Stages at which a part of the work was judged sufficient",
        notes=(APART, "Cases without Yes or No at every stage do not count."),
        recount=recount if not by or rows[by].nunique() <= MOST_VALUES else None,
        protect=Protect(group=by or ""),
        counts={"yes": yes, "n": n},
        draw=_draw_stages,
        variant=by or "",
    )


def _strands(inspection: Inspection, by: str | None) -> list[Row]:
    """Return what is fixed in each row: its group, its strand, and the number of stages."""
    checked_groups(inspection, by)
    framework = inspection.framework
    strands = staged(framework, inspection.questions)
    if not strands:
        raise NotInData("No part of the work of this regime stands at two stages or more.")
    groups = list(inspection.frames["cases"][by].cat.categories) if by else [""]
    return [
        {
            **({by: group} if by else {}),
            "label": f"{group}{', ' if by else ''}{framework.strands[strand]}: "
            f"{many} of {len(questions)} stages",
            "who": f"{group}{', ' if by else ''}{framework.strands[strand]}",
            "strand": strand,
            "stages": many,
            "of_stages": len(questions),
        }
        for group in groups
        for strand, questions in strands.items()
        for many in range(len(questions) + 1)
    ]


def _reached(row: Row, by: str | None, what: str) -> str:
    """Return the tally of a row's cases: those at its number of stages, or all known."""
    key = reach_key(row["strand"], row.get(what, what))
    return group_key(by, row[by], key) if by else key


def _draw_stages(shown: Finding) -> "alt.LayerChart":

    known, cases = shown.rows, shown.inspection.sample_size
    most = int(known["stages"].max())
    shades = _shades(most)
    cases_of = "datum.r.n == 1 ? '1 case' : datum.r.n + ' cases'"
    n = f"datum.r.stages || datum.r.n == null ? '' : {cases_of}"
    rows = Rows(
        labels=[*known["who"]],
        id="who",
        field="who",
        values=(Value(n, widest([f"{cases} cases"])),),
        speaks="!datum.r.stages",
        title="Percentage of cases",
        key=tuple(Sign(f"{many} of {most}", shade, edge=INK) for many, shade in enumerate(shades)),
        tall=12,
    )
    return rows.drawn([*rows.parts("stages", shades), rows.slots("stages", len(shades))])


def _shades(most: int) -> list[str]:
    """Return a shade for each number of stages up to the `most`: the more, the darker."""
    last = len(SEQUENTIAL) - 1
    return [SEQUENTIAL[round(last * many / most)] for many in range(most + 1)]


@finding(
    question="Where a key question was not sufficient, which parts of it were not?",
    needs="cases",
    follows=True,
    shown_by="all cases",
    label="Where the key question is No: which parts",
)
def sub_questions(inspection: Inspection) -> Finding:
    """Return how often the parts of a key question were No where the key question was.

    Parameters
    ----------
    inspection : Inspection
        Cases: totals leave it open which cases they count.

    Returns
    -------
    Finding
        A row per part that the whole sample has answers to: `label, question, key_question`, `yes`
        of `n`, and what `shares.with_shares` adds. `yes` counts the cases with No on both, `n`
        those with No on the key question and Yes or No on the part. A key question is a judgement:
        it can be No where every part is Yes. Data without parts give words and no rows.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.sub_questions().rows["key_question"].nunique()
    5
    """
    parts = _parts(inspection)
    both_no, n = (
        tuple(f"where_no/{one['key_question']}/{one['question']}/{what}" for one in parts)
        for what in ("no", "n")
    )
    recount = Recount(both_no, n)
    title = "Which parts were not sufficient where the key question was not"
    return Finding(
        inspection=inspection,
        rows=share_rows(inspection, parts, recount),
        say=lambda shown: shares_said(shown, inspection, "each", title),
        columns={
            "label": "Of cases in which the key question was answered No",
            **share_columns(inspection),
        },
        measure="Parts not judged sufficient, in cases where the key question was not",
        notes=("A key question is a judgement on the whole, not a majority of its parts.",),
        recount=recount,
        draw=_draw_parts,
    )


def _parts(inspection: Inspection) -> list[Row]:
    """Return the parts of key questions that the whole sample has answers to."""
    framework, key = inspection.framework, {one.id for one in inspection.framework.questions}
    belong = [one for one in framework.sub_questions if one.key_question in key]
    answered = counted(inspection.sample, [answer_key(one.id, "n") for one in belong])
    if not any(answered.values()):
        raise NotInData("No part of a key question is answered in these data.")
    return [
        {
            "question": one.id,
            "key_question": one.key_question,
            "label": f"{framework.label(one.key_question)}: {small(one.label)}, answered No",
        }
        for one in belong
        if answered[answer_key(one.id, "n")]
    ]


def _draw_parts(shown: Finding) -> "alt.LayerChart":
    rows = Rows(
        labels=[*shown.rows["label"]],
        values=share_values(shown),
        title="Percentage of the cases where the key question was No",
    )
    return rows.drawn([rows.bar("", "bar", color=BLUE)])
