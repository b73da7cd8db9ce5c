"""What groups are made up of: sentence type and risk of serious harm, as stacked bars."""

import altair as alt
import pandas as pd

from hmip_kit.charts.drawing import blank, drawn, either, from_left
from hmip_kit.errors import NeedsCases
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures import make_up as measured
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import (
    FEWEST_FOR_A_BAR,
    cases_word,
    headed,
    opening,
    practice_name,
    which_cases,
)
from hmip_kit.schema import label_of
from hmip_kit.theme import INK, PAPER, SEQUENTIAL

ROW_HEIGHT = 44
ROOM_FOR_WORDS = 14  # percent of the width that a value's name needs


def make_up(inspection: Inspection, by: str = "ethnicity") -> Finding:
    """Return what the groups of a characteristic are made up of: sentence type and risk of serious harm.

    Rows: as `measures.make_up` gives them, for values with cases, with where each part of a bar begins and ends. A group under ten cases
    has counts and no bar. It says nothing of quality: it stands beside a comparison, whose differences may follow sentence or risk.
    Raises `NeedsCases` for totals, and `UnknownName` for a characteristic that the cases do not have.

    >>> import hmip_kit as hk
    >>> make_up(hk.load("practice-cases"), "sex").title[-37:]
    'What the groups by sex are made up of'
    """
    if inspection.cases_are == "none":
        raise NeedsCases(
            f"{inspection.title} has published totals and no cases: what groups are made up of needs cases"
        )
    return Finding(
        name=f"make_up_{by}",
        say=lambda shown: _say(shown, inspection, by),
        rows=_rows(inspection, by),
        columns={
            "group": label_of(by),
            "label": "Characteristic",
            "value": "Value",
            "cases": "Cases",
            "n": "Cases in the group",
        },
        measure=f"Cases of each group, by {label_of(by).lower()}",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(f"Groups under {FEWEST_FOR_A_BAR} cases have no bar.",),
        guard=Guard(people=("cases",), groups=(by,), size="n"),
        draw=_draw,
    )


def _rows(inspection: Inspection, by: str) -> pd.DataFrame:
    rows = measured.make_up(inspection, by)
    rows = (
        rows[rows["cases"] > 0].reset_index(drop=True).assign(**{by: lambda found: found["group"]})
    )
    values = {
        name: list(inspection.cases[name].cat.categories)
        for name in rows["characteristic"].unique()
    }
    shade = [
        values[name].index(value)
        for name, value in zip(rows["characteristic"], rows["value"], strict=True)
    ]
    size = [
        f"{group}, {n} {cases_word(n)}" for group, n in zip(rows["group"], rows["n"], strict=True)
    ]
    rows = rows.assign(
        shade=shade, size=size, line=pd.Series(size, dtype="str") + ": " + rows["label"].str.lower()
    )
    counted = rows["value"] + " " + rows["cases"].astype("str")
    ends, barred = (
        rows.groupby("line", sort=False)["percent"].cumsum(),
        rows["n"] >= FEWEST_FOR_A_BAR,
    )
    first = ~rows["line"].duplicated()
    return rows.assign(
        bar_from=(ends - rows["percent"]).where(barred),
        bar_to=ends.where(barred),
        bar_middle=(ends - rows["percent"] / 2).where(barred),
        inside=counted.where(rows["percent"] >= ROOM_FOR_WORDS, rows["cases"].astype("str")).where(
            barred, ""
        ),
        head=rows["line"].where(first, ""),
        in_words=counted.groupby(rows["line"], sort=False)
        .transform(", ".join)
        .where(first & ~barred, ""),
    )


def _say(rows: pd.DataFrame, inspection: Inspection, by: str) -> Said:
    practice = practice_name(inspection)
    title = f"What the groups by {label_of(by).lower()} are made up of"
    counted = (
        rows["value"] + " " + rows["cases"].astype("str") if len(rows) else pd.Series(dtype="str")
    )
    large = rows[rows["n"] >= FEWEST_FOR_A_BAR]
    parts = [
        f"{size}: "
        + "; ".join(
            ", ".join(counted[of_it.index]) for _, of_it in of_group.groupby("label", sort=False)
        )
        for size, of_group in large.groupby("size", sort=False)
    ]
    said = f"{'. '.join(parts)}." if parts else f"No group has {FEWEST_FOR_A_BAR} cases."
    return headed(title, practice), f"{opening(which_cases(inspection), practice)} {said}"


def _draw(finding: Finding) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 100])
    x = alt.X("r.bar_from:Q", scale=scale, title="Percentage of the group's cases")
    lines = list(
        dict.fromkeys(finding.rows["line"])
    )  # said here, because a row without a bar would go to the end
    y = alt.Y("r.line:N", scale=alt.Scale(domain=lines), axis=None)
    color = alt.Color(
        "r.shade:O",
        scale=alt.Scale(domain=list(range(len(SEQUENTIAL))), range=SEQUENTIAL),
        legend=None,
    )
    light = either("color", "datum.r.shade >= 3", PAPER, INK)
    middle = alt.X("r.bar_middle:Q", scale=scale)
    layers = [
        blank()
        .mark_bar(size=18, yOffset=9, stroke=INK, strokeWidth=0.5)
        .encode(x=x, x2="r.bar_to:Q", y=y, color=color),
        blank()
        .mark_text(yOffset=9, fontSize=11)
        .encode(x=middle, y=y, text="r.inside:N", color=light),
        blank().mark_text(align="left", dy=-10, dx=2).encode(x=from_left(0), y=y, text="r.head:N"),
        blank()
        .mark_text(align="left", dy=9, dx=2, fontSize=11)
        .encode(x=from_left(0), y=y, text="r.in_words:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
