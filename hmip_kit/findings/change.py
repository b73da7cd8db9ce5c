"""Two looks at one unit: now and later."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hmip_kit.cases import NO_CODE, YES_CODE
from hmip_kit.collection import Against
from hmip_kit.counts.questions import checked_questions, question_counts
from hmip_kit.errors import KitError
from hmip_kit.findings import Finding, Protect, Row, Said, absent, finding
from hmip_kit.findings.shares import COMPARABLE, populations, with_difference
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import Sign, Value, widest
from hmip_kit.settings import CATEGORICAL, CONFIDENCE, CONFIDENCE_TEXT, FEWEST_FOR_A_BAR, INK, PAPER
from hmip_kit.stats.differences import NOTHING_LEFT, tango
from hmip_kit.stats.intervals import INTERVAL_TEXT, left_to_know, wilson
from hmip_kit.stats.samples import beyond_chance, false_alarm
from hmip_kit.stats.words import count_said, listed, plural, range_said, say, signed

if TYPE_CHECKING:
    import altair as alt

BOLD = "In bold: beyond chance."
WHEN = ("before", "after")
STAYS = ("sex", "ethnicity")  # of a person from one audit to the next
REGRESSION = (
    "The lowest before tends to rise by itself, and the highest to fall (regression to the mean)."
)
LOCAL = "Local auditors are not inspectors: part of a difference may lie in who judged."


@finding(
    question="Has it changed since?",
    needs=("key questions", "real data"),
    follows=False,
    shown_by="one group",
)
def change(compared: Against, same_unit: bool = False) -> Finding:
    """Return each key question before and after, and which changes lie beyond chance.

    Cases of own files with the same `case_id` are paired, from ten on: then only these count.
    Numbers from 1 are no ids: anybody counts so. Else the two samples are taken as drawn apart.

    Parameters
    ----------
    compared : Against
        The inspection before, and one of the same unit after; where they do not compare, the
        finding says why.
    same_unit : bool
        Whether it is known that both are of one unit, where one does not state its unit.

    Returns
    -------
    Finding
        Two rows per question that both have answered, before and after: `question, label,
        stage_label, strand_label, when`; `yes, n, percent, low, high, text` with Wilson's 95%
        interval, missing under ten cases; and of the change `difference, difference_low,
        difference_high`, after minus before in percentage points with Newcombe's 95% interval
        (Tango's where cases are paired), missing where one side has fewer than ten cases;
        `beyond_chance`, whether it leaves out zero; `least_fall, least_rise`, the counts after from
        which a change lies beyond chance, missing where none does and where cases are paired;
        `fits, needed`, the same in words.

    Raises
    ------
    KitError
        For more than two inspections.

    Notes
    -----
    Newcombe (1998), method 10; Tango (1998); Wilson (1927). How often a change seems beyond chance
    with none at all is counted exactly: see `stats.samples.false_alarm`; questions are taken as
    independent of each other for it.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> pdu = hk.load("lewisham-bromley-2022")
    >>> rows = pdu.against(pdu).show.change().rows.set_index("question")
    >>> int(rows.loc["assessment_safety", "least_rise"].iloc[0])
    18
    """
    before, after, *more = compared.all
    if more:
        raise KitError(f"a change is of two inspections, before and after: {2 + len(more)} given")
    own = tuple(one for one in compared.all if one.protected)
    about = min(own or (before,), key=lambda one: one.size)
    both = _paired(before, after)
    rows, why = _rows(before, after, both), _other_unit(compared, same_unit)
    if not why and rows.empty:
        why = f"{before.title} and {after.title} have no answered question in common."
    if why:
        return absent(compared, "Change", why, about)
    return Finding(
        inspection=about,
        rows=rows,
        say=lambda shown: _said(shown, before, after, LOCAL if len(own) == 1 else ""),
        columns={
            "label": "Key question",
            "when": "When",
            "text": "Cases judged sufficient",
            "fits": f"Change in points, {INTERVAL_TEXT}",
            **({} if len(both) else {"needed": "Beyond chance from"}),
        },
        measure="Percentage of cases judged sufficient on each key question, before and after",
        cases=f"{plural(len(both), 'case')}, each before and after"
        if len(both)
        else f"{plural(before.size, 'case')} before, {plural(after.size, 'case')} after",
        notes=(
            BOLD,
            f"Lines with caps: {CONFIDENCE_TEXT} Wilson intervals of each share. A change is "
            f"judged by {'Tango' if len(both) else 'Newcombe'}'s interval of the difference.",
            REGRESSION,
        ),
        protect=Protect(beside=own, paired=len(both) if len(both) else None),
        draw=_draw,
        opens=False,
    )


def _other_unit(compared: Against, same_unit: bool) -> str:
    """Return why two inspections are no change of one unit; blank where they may be."""
    stated = [str(one.identity.get("unit", "")) for one in compared.all]
    if len({*filter(None, stated)}) > 1:
        return f"A change is within one unit: {listed(sorted({*stated} - {''}))} are two."
    if "" in stated and not same_unit:
        return (
            f"{compared.all[stated.index('')].title} does not state its unit, and a change is "
            "within one unit. State it in the file, or name the inspection with --against."
        )
    return ""


def _paired(before: Inspection, after: Inspection) -> pd.DataFrame:
    """Return the places of the cases that two own files share; a database tells no id."""
    sides = (before, after)
    if not all(one.protected and one.held is None for one in sides):
        return pd.DataFrame()
    return same_cases(*(one.cases.assign(place=range(one.size)) for one in sides))


def same_cases(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the `place` of the cases that a `first` and a `second` table share; none under ten.

    Numbers are no ids: anybody counts so. Nor are others where most cases of one id differ in what
    stays as it is with a person.
    """
    there = [name for name in (*STAYS, "unit") if name in first and name in second]
    texts = dict.fromkeys(("case_id", *there), "str")
    sides = [one[[*texts, "place"]].astype(texts) for one in (first, second)]
    both = sides[0].merge(sides[1], on="case_id", suffixes=WHEN)
    alike = [both[f"{name}{WHEN[0]}"] == both[f"{name}{WHEN[1]}"] for name in there]
    same = both[np.logical_and.reduce(alike)] if alike else both
    numbered = both["case_id"].str.isdecimal().all()
    few = len(same) < FEWEST_FOR_A_BAR or 2 * len(same) <= len(both)
    return same.iloc[:0] if numbered or few else same


def _rows(before: Inspection, after: Inspection, both: pd.DataFrame) -> pd.DataFrame:
    wide = pairs(before, after, both, after.population) if len(both) else _apart(before, after)
    rows = pd.DataFrame(
        _of_change(row, before.framework) | _of_side(row, when)
        for row in wide.to_dict("records")
        for when in WHEN
    )
    if rows.empty:
        return rows
    rows = rows.assign(head=rows["stage_label"].where(~rows["stage_label"].duplicated(), ""))
    return rows.astype({"least_fall": "Int64", "least_rise": "Int64"})


def _counted(side: Inspection) -> pd.DataFrame:
    """Return the counts of one side, and from how many cases they were drawn."""
    rows = question_counts(side)
    return rows[["question", "yes", "n"]].assign(population=populations(rows, side))


def _apart(before: Inspection, after: Inspection) -> pd.DataFrame:
    """Return the counts of two samples and their difference, a row a question."""
    sides = [_counted(one) for one in (before, after)]
    wide = sides[0].merge(sides[1], on="question", suffixes=("_before", "_after"))
    wide = with_difference(wide[(wide["n_before"] > 0) & (wide["n_after"] > 0)], *WHEN)
    return wide.assign(paired=False)


def pairs(
    before: Inspection, after: Inspection, both: pd.DataFrame, population: int | None = None
) -> pd.DataFrame:
    """Return the counts of the cases that were answered `before` and `after`, a row a question.

    `both` has their places in the two, as `same_cases` has them; of the cases after, drawn from a
    `population`, `more` are sufficient and were not, `fewer` were and are not.
    """
    found = []
    for question in (one for one in checked_questions(before) if one in after.questions):
        first, second = (
            one.coded(question)[both[f"place{when}"]]
            for one, when in ((before, WHEN[0]), (after, WHEN[1]))
        )
        given = np.isin(first, (YES_CODE, NO_CODE)) & np.isin(second, (YES_CODE, NO_CODE))
        yes = first[given] == YES_CODE, second[given] == YES_CODE
        n = int(given.sum())
        more, fewer = int((~yes[0] & yes[1]).sum()), int((yes[0] & ~yes[1]).sum())
        enough = n >= FEWEST_FOR_A_BAR
        left = float(np.maximum(left_to_know(np.array(n), population), NOTHING_LEFT))
        low, high = tango(more / left, fewer / left, n / left) if enough else (np.nan, np.nan)
        ends = {"low": low, "high": high, "difference": 100 * (more - fewer) / max(n, 1)}
        counts = {
            "n_before": n,
            "n_after": n,
            "yes_before": yes[0].sum(),
            "yes_after": yes[1].sum(),
            "more": more,
            "fewer": fewer,
        }
        found += [{"question": question, "paired": True} | counts | ends] if n else []
    wide = pd.DataFrame(found)
    return (
        wide
        if wide.empty
        else wide.assign(difference=wide["difference"].where(wide["low"].notna()))
    )


def _of_change(row: Row, framework: Framework) -> Row:
    question, low, high = row["question"], row["low"], row["high"]
    key, size = framework.key(question), int(row["n_after"])
    facts = {
        "question": question,
        "label": framework.label(question),
        "stage_label": framework.stages[key.stage] if key else "",
        "strand_label": framework.strands[key.strand] if key else "",
        "difference": row["difference"],
        "difference_low": low,
        "difference_high": high,
        "beyond_chance": low > 0 or high < 0,
        "paired": row["paired"],
    }
    blank = {"least_fall": None, "least_rise": None, "needed": ""}
    if pd.isna(row["difference"]):
        return facts | blank | {"fits": ""}
    facts["fits"] = f"{signed(row['difference'])} ({range_said(low, high)})"
    if row["paired"]:
        return facts | blank
    drawn = row["population_before"], row["population_after"]
    fall, rise = beyond_chance(int(row["yes_before"]), int(row["n_before"]), size, drawn=drawn)
    ends = {"or fewer": fall, "or more": rise}
    counts = [say("sure", count=end, word=words) for words, end in ends.items() if end is not None]
    needed = say("count", yes=" and ".join(counts) or "no count", n=size)
    return facts | {"least_fall": fall, "least_rise": rise, "needed": needed}


def _of_side(row: Row, when: str) -> Row:
    yes, n = int(row[f"yes_{when}"]), int(row[f"n_{when}"])
    enough = n >= FEWEST_FOR_A_BAR
    drawn = row.get(f"population_{when}")
    low, high = wilson(yes, n, population=drawn) if enough else (np.nan, np.nan)
    return {
        "when": when,
        "population": drawn,
        "yes": yes,
        "n": n,
        "percent": 100 * yes / n if enough else np.nan,
        "low": low,
        "high": high,
        "text": count_said(yes, n),
    }


def _said(rows: pd.DataFrame, before: Inspection, after: Inspection, warning: str) -> Said:
    compared = rows[(rows["when"] == "after") & rows["difference"].notna()]
    beyond, many = compared[compared["beyond_chance"]], len(compared)
    title, said = "Too few cases to tell a change", COMPARABLE
    if many:
        counts = (beyond["difference"] > 0).map({True: "higher", False: "lower"}).value_counts()
        parts = [f"{counts[way]} {way}" for way in ("higher", "lower") if way in counts]
        of = f"{len(beyond) or 'None'} of {many} key {'question' if many == 1 else 'questions'}"
        title = f"{of} beyond chance" + (f": {listed(parts)}" if parts else "")
        each = f"{'; '.join(beyond['label'] + ', ' + beyond['fits'] + ' points')}."
        none = "No interval of a difference leaves out zero: that is not the same as no change."
        said = f"{each if len(beyond) else none} {_by_chance(rows, many)}"
    return title, f"{before.title} against {after.title}. {said} {warning}".rstrip()


def _by_chance(rows: pd.DataFrame, many: int) -> str:
    """Return how often so many questions show something beyond chance with no change at all."""
    sides = [rows[rows["when"] == when] for when in WHEN]
    wide = sides[0].merge(sides[1], on="question", suffixes=("", "_after"))
    alarms = [
        1 - CONFIDENCE
        if row["paired"] or pd.notna([row["population"], row["population_after"]]).any()
        else false_alarm(
            (row["yes"] + row["yes_after"]) / (row["n"] + row["n_after"]),
            int(row["n"]),
            int(row["n_after"]),
        )
        for row in wide[wide["difference"].notna()].to_dict("records")
    ]
    some = round(100 * (1 - np.prod([1 - one for one in alarms])))
    if many == 1:
        return f"With no change at all, {some} of 100 such comparisons show one."
    return (
        f"With no change at all, {some} of 100 such comparisons show at least one, if the {many} "
        "questions were independent of each other."
    )


def _draw(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    texts = [shown.rows.loc[shown.rows["when"] == when, "text"] for when in WHEN]
    rows = Rows(
        labels=[*shown.rows["strand_label"]],
        above=[*shown.rows["label"]],
        field="strand_label",
        heads=[*shown.rows["head"]],
        values=tuple(
            Value(f"datum.r.when == '{when}' ? datum.r.text : ''", widest(said, bold=True), bold)
            for when, said, bold in zip(WHEN, texts, (False, True), strict=True)
        ),
        bold="datum.r.beyond_chance",
        marked=("percent",),
        over=True,
        speaks=f"datum.r.when == '{WHEN[0]}'",
        title="Percentage of cases",
        key=(Sign("before", INK, "circle", hollow=True), Sign("after", INK, "circle")),
    )
    strands = [*shown.inspection.framework.strands.values()]
    scale = alt.Scale(domain=strands, range=CATEGORICAL)
    colour = alt.Color("r.strand_label:N", scale=scale, legend=None)
    full, hollow = (
        alt.ExprRef(f"datum.r.when == '{WHEN[0]}' ? {shown}") for shown in ("0 : 1", "1 : 0")
    )
    line = blank().mark_line(strokeWidth=3, yOffset=alt.ExprRef("foot"))
    marks = [
        *rows.interval(colour, thick=1, cap=7),
        line.encode(
            x=rows.x("percent"), y=rows.y_at(1), detail=alt.Detail("r.question:N"), color=colour
        ),
        rows.dot("percent", opacity=hollow, fill=PAPER, strokeWidth=2).encode(
            stroke=alt.Stroke("r.strand_label:N", scale=scale, legend=None)
        ),
        rows.dot("percent", opacity=full).encode(color=colour),
    ]
    return rows.drawn(marks)
