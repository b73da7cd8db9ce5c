"""What people on probation say, and what works: shares as published."""

from typing import TYPE_CHECKING

import pandas as pd

from hmip_kit.counts.figures import PERCENT, PLACE
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.findings.figures import SUFFICIENT, figure_rows
from hmip_kit.findings.key_questions import question_rows
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import text_value
from hmip_kit.settings import BLUE, STRIP
from hmip_kit.stats.words import listed, number

if TYPE_CHECKING:
    import altair as alt

HALF = 50  # percent
VOICES, WORKS = "What people on probation say", "What works for half or more"
IN_WORDS = "words"  # the unit of a statement without a number
STRENGTH, REACHED = "Named as a strength", "Key question at half or more"
COUNTED = {STRENGTH: "that the report names as strengths", REACHED: "key questions"}


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
        `low, high`, what the words then allow, in percent; `text`, as published; `figure`. There
        is no interval: the base of a survey is often not stated. No rows where nobody was asked.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> len(hk.load("lewisham-bromley-2022").show.voices().rows)
    8
    """
    rows, figures = _shares(inspection), figure_rows(inspection)
    told = figures[(figures["group"] == "people_heard") & (figures["unit"] == IN_WORDS)]
    heard = inspection.identity.get("people_heard")
    who = "people on probation"
    cases = f"{heard} {who} heard" if heard else f"{who}; number not stated"
    asked = rows[rows["group"] == "people_heard"].assign(kind="")
    notes = (told["measure"] + ": the report says " + told["printed"] + ".").tolist()
    return _finding(inspection, VOICES, asked, cases, notes)


@finding(
    question="What works for half of the cases or people, or more?",
    needs="figures",
    follows=False,
    shown_by="all cases",
    label=WORKS,
)
def what_works(inspection: Inspection) -> Finding:
    """Return what the report names as strengths, for half or more, and key questions that reach it.

    Strengths are the figures that a finding of that kind in the report names; left out are those in
    words of which not even the least reaches half. Key questions stand apart from them; left out is
    one that the report names among its areas for improvement and not among its strengths.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        Rows as in `voices`, strengths first, with `kind`. The shares are of different people and
        cases: they are not to be subtracted from each other.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("lewisham-bromley-2022").show.what_works().rows
    >>> rows.loc[rows["kind"] == "Key question at half or more", "label"].tolist()
    ['Assessment: desistance', 'Delivery: engagement', 'Planning: desistance']
    """
    strengths, failings = (
        _named(inspection, kind) for kind in ("strength", "area for improvement")
    )
    rows = _shares(inspection)
    reached = (rows["value"].fillna(rows["least"]) >= HALF).fillna(False)
    rows = rows[reached & rows["figure"].isin(strengths)]
    counts = rows["text"].where(rows["n"].notna(), rows["printed"])
    rows = rows.assign(printed=counts, kind=STRENGTH)
    key = _key_questions(inspection)
    key = key[~key["figure"].isin(failings - strengths)]
    found = pd.concat([rows, key], ignore_index=True)
    return _finding(inspection, WORKS, found, "each of its own people or cases", [])


def _named(inspection: Inspection, kind: str) -> set[str]:
    """Return the figures and key questions that the report's findings of a `kind` name."""
    findings = inspection.findings
    return set(" ".join(findings.loc[findings["kind"] == kind, "figures"]).split())


def _shares(inspection: Inspection) -> pd.DataFrame:
    """Return the figures that are shares of what was sufficient, as numbers or in words."""
    rows = figure_rows(inspection)
    stated = rows["value"].notna() | rows["least"].notna()
    return rows[(rows["unit"] == PERCENT) & (rows["polarity"] == SUFFICIENT) & stated]


def _key_questions(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions that reach half as figures, the highest first."""
    rows = question_rows(inspection)
    rows = rows[rows["percent"] >= HALF].sort_values("percent", ascending=False, kind="stable")
    named = {"question": "figure", "label": "measure", "text": "printed", "percent": "value"}
    rows = rows.rename(columns=named)[[*named.values()]]
    return rows.assign(population="inspected cases", note="", kind=REACHED)


def _finding(
    inspection: Inspection, start: str, figures: pd.DataFrame, cases: str, more: list[str]
) -> Finding:
    noted = figures[figures["note"] != ""].groupby("note", sort=False)
    notes = [*more, *(f"{note}: {'; '.join(rows['measure'])}." for note, rows in noted)]
    if figures["least"].notna().any():
        notes.append("Grey strips: the range that the words stand for, in this kit's reading.")
    kinds = {"kind": "As what"} if figures["kind"].any() else {}
    rows = pd.DataFrame(
        {
            "label": figures["measure"],
            "who": figures["population"],
            "line": figures["measure"] + " (" + figures["population"] + ")",
            "percent": figures["value"],
            "low": figures["least"],
            "high": figures["most"],
            "text": figures["printed"],
            "figure": figures["figure"],
            "kind": figures["kind"],
        }
    )
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _said(shown, start),
        columns={
            **kinds,
            "label": "What",
            "who": "Who or what",
            "text": "As published",
            **PLACE,
        },
        measure=f"{start}: shares as published",
        cases=cases,
        notes=tuple(notes),
        draw=_draw,
        opens=False,
    )


def _said(rows: pd.DataFrame, start: str) -> Said:
    """Return the highest share with a number and the lowest, or the kinds apart."""
    if rows.empty:
        return f"{start}: nothing stated", "Nothing is stated."
    if rows["kind"].any():
        kinds = [(kind, part) for kind, part in rows.groupby("kind", sort=False)]
        counts = [f"{number(len(part))} {COUNTED[str(kind)]}" for kind, part in kinds]
        each = (f"{kind}: {_each(part)}." for kind, part in kinds)
        return f"{start}: {listed(counts)}", " ".join(each)
    each_one, known = f"{_each(rows)}.", rows[rows["percent"].notna()]
    if known.empty:
        return f"{start}: in words only", each_one
    high, low = (known[known["percent"] == known["percent"].agg(end)] for end in ("max", "min"))
    if len(high) == len(known):
        return f"{start}: {_end(high)}", each_one
    return f"{start}. Most: {_end(high)}. Fewest: {_end(low)}", each_one


def _each(rows: pd.DataFrame) -> str:
    return "; ".join(rows["line"] + ": " + rows["text"])


def _end(rows: pd.DataFrame) -> str:
    if len(rows) > 2:
        return f"{number(len(rows))} at {rows['text'].iloc[0]}"
    return listed([*(rows["label"] + ", " + rows["text"])])


def _draw(shown: Finding) -> "alt.LayerChart":
    rows = Rows(
        labels=[*shown.rows["line"]],
        id="line",
        field="line",
        values=text_value(shown.rows["text"]),
        title="Percentage, as published",
        marked=("percent", "low"),
    )
    strip = rows.bar("low", "high", 11, color=STRIP, strokeCap="round")
    return rows.drawn([strip, rows.dot("percent", color=BLUE)])
