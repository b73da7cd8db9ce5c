"""Services as three groups see them, and what became of referrals to them."""

from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts.figures import PERCENT, PLACE, figure_counts, figure_value
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Row, Said, finding
from hmip_kit.findings.key_questions import question_rows
from hmip_kit.findings.shares import INTERVAL
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import text_value
from hmip_kit.settings import BLUE, CONFIDENCE_TEXT, DARK_GREY, FEWEST_FOR_A_BAR, PLUM, TEAL, VIOLET
from hmip_kit.stats.intervals import floats, wilson
from hmip_kit.stats.words import (
    capital,
    count_said,
    half_up,
    listed,
    plural,
    result,
    say,
)

if TYPE_CHECKING:
    import altair as alt

INSPECTORS, AUDITORS = "Inspectors", "Auditors"
COLOURS = {"access": VIOLET, "desistance": TEAL, "safety": PLUM, "progress": DARK_GREY}
STATED = (  # whose view, what it is called, and the published figure that states it
    (
        "Practitioners",
        "Always had access to a suitable range of services",
        "practitioners_access_services",
    ),
    ("People on probation", "Had access to services that they felt they needed", "people_services"),
)
CLAUSES = (
    "delivery effectively supported desistance",
    "and the safety of other people",
    "there was reasonable progress",
)
JUDGED = ("delivery_desistance", "delivery_safety", "outcomes_progress")
COLUMNS = [
    *("viewpoint", "label", "population", "yes", "n", "percent", "low", "high"),
    *("base", "figure", "text", "bar", "line", "head", "about", "clause"),
]
NOT_THERE, UNKNOWN = "not in these data", "[x]"
REFERRED = {"complete": "Intervention complete", "ongoing": "Intervention ongoing"}
REST, WORKED_OUT = "Unaccounted for", "all referrals less the others"


@finding(
    question="Were services there, as practitioners, people on probation and inspectors see it?",
    needs="",
    follows=False,
    shown_by="one group",
)
def three_viewpoints(inspection: Inspection) -> Finding:
    """Return access to services as two groups see it, beside what inspectors judged in cases.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.

    Returns
    -------
    Finding
        A row per view: `viewpoint, label`; `population`, whom the share is of; `yes` of `n`,
        `percent`; `low, high`, the 95% Wilson interval in percent, missing where the base is not
        stated or under ten, and of practice cases; `base` in words; `figure`, the
        published one; `text`; `bar`, the percentage, missing under ten; `about`, what it is of;
        `clause`, what a case of the share shows. What a report does not have keeps its row and
        says "[x]"; of a case file, which has no survey, there are the rows of inspectors.

    Notes
    -----
    The shares are of different people and cases: they must not be subtracted from each other.
    Wilson (1927).

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.three_viewpoints().title
    'Access to services 52% and 66%; delivery sufficient 26% and 19%; reasonable progress 29%'
    """
    surveys = "Surveys, and " if "figures" in inspection.holds else ""
    return Finding(
        inspection=inspection,
        rows=_views(inspection),
        say=_views_said,
        columns={
            "viewpoint": "Whose view",
            "label": "What",
            "text": "Share",
            "base": "Base",
            **PLACE,
        },
        measure="Services as three groups see them"
        if surveys
        else "Delivery and progress in cases",
        cases=f"{surveys}{inspection.which_cases}",
        notes=(
            "Different people and different cases: the shares stand beside each other and must not "
            "be subtracted.",
            f"Lines: {CONFIDENCE_TEXT} Wilson intervals, where the base is stated. A count worked "
            "out from a percentage is the only one that fits.",
        ),
        draw=_draw_views,
        opens=False,
    )


def _views(inspection: Inspection) -> pd.DataFrame:
    asked = [_stated(inspection)] if "figures" in inspection.holds else []
    rows = pd.concat([*asked, _judged(inspection)], ignore_index=True)
    bar = rows["percent"].mask((rows["n"] < FEWEST_FOR_A_BAR).fillna(False))
    line = rows["viewpoint"] + ": " + rows["label"]
    head = rows["viewpoint"].where(~rows["viewpoint"].duplicated(), "")
    return rows.assign(bar=bar, line=line, head=head)[COLUMNS]


def _stated(inspection: Inspection) -> pd.DataFrame:
    """Return the rows of those who were asked, from the published figures."""
    figures = figure_counts(inspection).set_index("figure")
    rows = figures.reindex([figure for *_, figure in STATED])
    yes, n = rows["yes"], rows["base"]
    low, high = wilson(yes, n.where(n >= FEWEST_FOR_A_BAR))
    records = rows.to_dict("records")
    return rows.assign(
        viewpoint=[viewpoint for viewpoint, *_ in STATED],
        label=[label for _, label, _ in STATED],
        clause="",
        about="access",
        population=rows["population"].fillna(""),
        n=n,
        percent=floats(rows["value"].where(rows["unit"] == PERCENT, 100 * yes / n)),
        low=low,
        high=high,
        base=[_base(row, figures["population"]) for row in records],
        figure=rows.index,
        text=[_stated_text(row) for row in records],
    )


def _base(row: Row, populations: "pd.Series[str]") -> str:
    """Return in words what a figure is out of; `populations` are those of all figures."""
    if pd.isna(row["printed"]):
        return NOT_THERE
    if not pd.isna(row["base"]):
        return say("sure", count=row["base"], word=row["population"])
    if pd.isna(row["base_at_most"]):
        return "not stated"
    whom = populations.get(row["group"], "")
    return f"not stated; a part of {row['base_at_most']} {whom}".rstrip()


def _stated_text(row: Row) -> str:
    if not pd.isna(row["yes"]):
        return count_said(int(row["yes"]), int(row["n"]))
    if pd.isna(row["value"]):
        return UNKNOWN
    if not pd.isna(row["base"]):
        of = f" of {row['base']}"
    else:
        of = ", base not stated" if pd.isna(row["base_at_most"]) else ", count not stated"
    return f"{half_up(row['value'])}%{of}"


def _judged(inspection: Inspection) -> pd.DataFrame:
    """Return the rows of what inspectors judged: delivery twice, then progress."""
    rows = question_rows(inspection).set_index("question")
    rows = rows.astype({"label": "str", "text": "str"}).reindex([*JUDGED])
    n, sure = rows["n"].astype("Int64"), rows["bounds"] == INTERVAL
    return rows.assign(
        viewpoint=AUDITORS if inspection.protected else INSPECTORS,
        clause=CLAUSES,
        about=[*COLOURS][1:],
        label=rows["label"].fillna(rows.index.to_series().str.replace("_", ": ")),
        population="inspected cases",
        yes=rows["yes"].astype("Int64"),
        n=n,
        low=rows["low"].where(sure),
        high=rows["high"].where(sure),
        base=[NOT_THERE if pd.isna(many) else plural(many, "case") for many in n],
        figure=rows.index,
        text=rows["text"].fillna(UNKNOWN),
    )


def _views_said(rows: pd.DataFrame) -> Said:
    judged = rows["viewpoint"].isin([INSPECTORS, AUDITORS])
    by = " and ".join(rows.loc[judged, "viewpoint"].unique()).lower()
    parts = {
        "access to services": rows[~judged],
        "delivery sufficient": rows[judged].iloc[:-1],
        "reasonable progress": rows[judged].iloc[-1:],
    }
    known = [f"{words} {some}" for words, part in parts.items() if (some := _shares(part))]
    title = capital("; ".join(known)) or "Nothing is known of access, delivery or progress"
    asked = rows[~judged & (rows["text"] != UNKNOWN)]
    surveys = "; ".join(asked["line"] + ": " + asked["text"])
    cases = "; ".join(rows[judged]["clause"] + ": " + rows[judged]["text"])
    told = [f"{surveys}." * bool(surveys), f"As {by} judged cases, {cases}." * bool(cases)]
    rebuilt = asked["yes"].notna() & asked.get("section", asked["base"]).str.contains("percentage")
    told += ["Counts of those asked are worked out from the percentage."] * bool(rebuilt.any())
    return title, " ".join(filter(None, told)) or "There is nothing to show."


def _shares(rows: pd.DataFrame) -> str:
    """Return the shares of `rows` for a title, as counts where they are of few; blank if none."""
    said = [
        f"{half_up(row['percent'])}%" if pd.isna(row["yes"]) else result(row["yes"], row["n"])
        for row in rows.dropna(subset="percent").to_dict("records")
    ]
    return listed(said) if said else ""


def _draw_views(shown: Finding) -> "alt.LayerChart":
    import altair as alt

    rows = Rows(
        labels=[*shown.rows["label"]],
        above=[*shown.rows["line"]],
        id="line",
        heads=[*shown.rows["head"]],
        values=text_value(shown.rows["text"]),
        title="Percentage",
    )
    about = alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()])
    colour = alt.Color("r.about:N", scale=about, legend=None)
    return rows.drawn([*rows.interval(colour), rows.dot("bar").encode(color=colour)])


@finding(
    question="What became of the referrals?",
    needs="figures",
    follows=False,
    shown_by="one group",
    label="Referrals to commissioned rehabilitative services",
)
def referrals(inspection: Inspection) -> Finding:
    """Return what became of the referrals to commissioned rehabilitative services.

    Parameters
    ----------
    inspection : Inspection
        One with published figures.

    Returns
    -------
    Finding
        A row per outcome: `status` (complete, ongoing, unaccounted), `label`, `count` of `n`
        referrals, `percent`, `text`, and `figure`, the published one. The last row is what the
        others leave of all. Without counts of referrals it says so.

    Notes
    -----
    Made of the figures `referrals`, `referrals_complete` and `referrals_ongoing`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.referrals().title
    '225 of 748 referrals are unaccounted for (30%)'
    """
    n = figure_value(inspection, "referrals")
    counts = [figure_value(inspection, f"referrals_{status}") for status in REFERRED]
    known = [count for count in counts if count is not None]
    if not n or len(known) < len(REFERRED):
        raise NotInData("No count of referrals is in these data: a report may print one.")
    counted = [*known, n - sum(known)]
    rows = pd.DataFrame(
        {
            "status": [*REFERRED, "unaccounted"],
            "label": [*REFERRED.values(), REST],
            "count": counted,
            "n": n,
            "percent": [100 * count / n for count in counted],
            "figure": [*(f"referrals_{status}" for status in REFERRED), ""],
            "text": [count_said(count, n) for count in counted],
        }
    )
    return Finding(
        inspection=inspection,
        rows=rows.assign(bar=rows["percent"]),
        say=_referrals_said,
        columns={"label": "What became of them", "text": "Referrals", **PLACE},
        measure="Referrals to commissioned rehabilitative services",
        cases=plural(n, "referral"),
        notes=(
            "A referral is neither a case nor a person: one person may be referred several times.",
        ),
        draw=_draw_referrals,
        opens=False,
    )


def _referrals_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No referrals to show", "There is nothing to count."
    found = rows.to_dict("records")
    count, n, what = found[-1]["count"], found[-1]["n"], found[-1]["label"].lower()
    each = listed([f"{row['label'].lower()} {row['text']}" for row in found])
    return (
        count_said(count, n, f"referrals are {what}"),
        f"Of {plural(n, 'referral')}: {each}. The last is {WORKED_OUT}: the report gives no "
        "reason for it.",
    )


def _draw_referrals(shown: Finding) -> "alt.LayerChart":
    rows = Rows(
        labels=[*shown.rows["label"]],
        values=text_value(shown.rows["text"]),
        title="Percentage of referrals",
    )
    return rows.drawn([rows.bar("", "bar", color=BLUE)])
