"""From need to service to progress: every case that has a need stays in sight."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hmip_kit.counts import PATTERNS, need_key
from hmip_kit.errors import NotInData
from hmip_kit.findings import HIDDEN, Finding, Said, finding
from hmip_kit.findings.needs import LINKED, need_rows
from hmip_kit.inspection import Inspection
from hmip_kit.picture import blank, drawn, either, from_left, from_top, values
from hmip_kit.settings import DARK_GREY, INK, NAVY, ORANGE, PALE, PAPER, QUIET, TEAL, WIDTH
from hmip_kit.stats.words import cases_word, number

if TYPE_CHECKING:
    import altair as alt

FLOW = "From need to service to progress"
WHAT_BECAME = {  # words and colour; the first circle is the service, the second progress
    "served_progress": ("service and progress", "\u25cf\u25cf ", TEAL),
    "served_only": ("service, no progress", "\u25cf\u25cb ", ORANGE),
    "progress_only": ("no service, progress", "\u25cb\u25cf ", NAVY),
    "neither": ("no service, no progress", "\u25cb\u25cb ", DARK_GREY),
    "unknown": ("not recorded", "? ", PALE),
}
KEY = "; ".join(f"{circles}{said}" for said, circles, _ in WHAT_BECAME.values())
ROOM = {"circles": 0.08, "count": 0.03}  # of the widest bar, that a part takes for what it says
ROW_HEIGHT = 46


@finding(
    question="What became of each case that has a need: a service, progress, both or neither?",
    needs="",
    follows=False,
    shown_by="all cases",
    label=FLOW,
)
def need_flow(inspection: Inspection, link: str = "offending") -> Finding:
    """Return, per need, what became of each case with it: service or not, then progress or not.

    Parameters
    ----------
    inspection : Inspection
        Cases with needs.
    link : {"offending", "harm", "either", "both"}
        Which cases have a need, as in `needs`.

    Returns
    -------
    Finding
        A row per need and pattern that a case has: `need, pattern, label, count, n`, and where its
        part of the bar begins and ends, in cases. The parts of a need sum to its `n`. Where no case
        has its services recorded, as in totals, it says so.

    Raises
    ------
    UnknownName
        For an unknown link.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("practice-cases").show.need_flow().rows
    >>> int(rows.query("need == 'Accommodation'")["count"].sum())
    11
    """
    found = need_rows(inspection, link)
    if not found["served_n"].fillna(0).sum():
        why = "Whether a service was delivered for a need is not in these data"
        raise NotInData(f"{why}: how many were lost at that step cannot be said.")
    rows = _flow(found)
    which = list(zip(rows["need"], rows["pattern"], strict=True))
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_flow_said,
        columns={
            "need": "Need",
            "label": "What became of the case",
            "count": "Cases",
            "n": "Cases with the need",
        },
        measure=f"{FLOW}, {LINKED[link]}",
        notes=(
            f"Circles: service, then progress; a full one says yes. {KEY}.",
            "One case can have several needs, and counts for each. Progress without a service, and "
            "a service without progress, both occur.",
        ),
        counts={
            "count": [need_key(need, link, pattern) for need, pattern in which],
            "n": [need_key(need, link, "n") for need, _ in which],
        },
        draw=_draw_flow,
    )


def _flow(found: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        [
            {"need": row["need"], "pattern": pattern, "label": WHAT_BECAME[pattern][0]}
            | {"count": row[pattern], "n": row["n"]}
            for row in found.to_dict("records")
            for pattern in PATTERNS
            if row[pattern]
        ]
    )
    end, first = rows.groupby("need", sort=False)["count"].cumsum(), ~rows["need"].duplicated()
    wide, said = rows["count"] / int(found["n"].max()), rows["count"].astype("str")
    circles = rows["pattern"].map({name: signs for name, (_, signs, _) in WHAT_BECAME.items()})
    sizes = pd.Series([f"{n} {cases_word(n)}" for n in rows["n"]])
    return rows.assign(
        head=rows["need"].where(first, ""),
        size_text=sizes.where(first, ""),
        begin=end - rows["count"],
        end=end,
        middle=end - rows["count"] / 2,
        inside_text=np.select(
            [wide > ROOM["circles"], wide > ROOM["count"]], [circles + said, said], ""
        ),
    )


def _flow_said(rows: pd.DataFrame) -> Said:
    hidden = rows.loc[rows["count"].isna(), "need"].nunique()
    many = f"{number(hidden)} {'need' if hidden == 1 else 'needs'}"
    left_out = f"Not shown {HIDDEN}, and not in these sums: {many}." if hidden else ""
    known = rows.dropna(subset="count").groupby("pattern")["count"].sum()
    sums = {name: int(known[name]) for name in PATTERNS if known.get(name)}
    if not sums:
        return FLOW, left_out or "There is nothing to count."
    total, both = sum(sums.values()), sums.get("served_progress", 0)
    served = f"{both + sums.get('served_only', 0)} of {total} needs{' shown' if hidden else ''}"
    title = f"A service was delivered for {served}; progress noted in {both} of these"
    each = "; ".join(f"{WHAT_BECAME[name][0]} {many}" for name, many in sums.items())
    return title, f"Needs by case, {total} in all: {each}. {left_out}".rstrip()


def _draw_flow(_: Finding) -> "alt.LayerChart":
    import altair as alt

    y = alt.Y("r.need:N", sort=None, axis=None)
    x = alt.X("r.begin:Q", title="Cases with the need", axis=alt.Axis(tickMinStep=1, format="d"))
    colours = [colour for *_, colour in WHAT_BECAME.values()]
    scale = alt.Scale(domain=list(WHAT_BECAME), range=colours)
    color = alt.Color("r.pattern:N", scale=scale, legend=None)
    dark = "indexof(['served_only', 'served_progress', 'unknown'], datum.r.pattern) >= 0"
    ink = either("color", dark, INK, PAPER)
    key = alt.Chart(values([{"said": KEY}])).mark_text(align="left", fontSize=11, color=QUIET)
    layers = [
        blank()
        .mark_bar(size=18, yOffset=9, stroke=PAPER, strokeWidth=1)
        .encode(x=x, x2=alt.X2("r.end:Q"), y=y, color=color),
        blank()
        .mark_text(yOffset=9, fontSize=11)
        .encode(x=alt.X("r.middle:Q"), y=y, text=alt.Text("r.inside_text:N"), color=ink),
        blank()
        .mark_text(align="left", dy=-10, dx=2)
        .encode(x=from_left(0), y=y, text=alt.Text("r.head:N")),
        blank()
        .mark_text(align="right", dy=-10)
        .encode(x=from_left(WIDTH), y=y, text=alt.Text("r.size_text:N")),
        key.encode(x=from_left(2), y=from_top(-10), text=alt.Text("said:N")),
    ]
    return drawn(layers, alt.Step(ROW_HEIGHT))
