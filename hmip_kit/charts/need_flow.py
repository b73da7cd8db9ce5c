"""From need to service to progress: every case that has a need stays in sight."""

import altair as alt
import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.charts.drawing import blank, drawn, either, from_left, from_top, values
from hmip_kit.charts.needs import LINKED
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.measures import needs as measured
from hmip_kit.measures.shares import HIDDEN, Row, Said
from hmip_kit.measures.tallies import need_key
from hmip_kit.measures.words import cases_word, listed, number, opening, practice_name, which_cases
from hmip_kit.theme import DARK_GREY, INK, NAVY, ORANGE, PALE, PAPER, QUIET, TEAL, WIDTH

ROW_HEIGHT = 46
MEASURE = "From need to service to progress"
NOT_KNOWN = "Whether a service was delivered for a need is not in these data: how many were lost at that step cannot be said."
# What each pattern is called, and how it is drawn: the first circle is the service, the second progress; a full one says yes.
PATTERNS = {
    "served_progress": ("service and progress", "\u25cf\u25cf ", TEAL),
    "served_only": ("service, no progress", "\u25cf\u25cb ", ORANGE),
    "progress_only": ("no service, progress", "\u25cb\u25cf ", NAVY),
    "neither": ("no service, no progress", "\u25cb\u25cb ", DARK_GREY),
    "unknown": ("not recorded", "? ", PALE),
}
PEOPLE = ("served_progress", "served_only", "progress_only", "neither")
ROOM = {
    "circles": 0.08,
    "count": 0.03,
}  # of the widest bar: a narrower part has no room for its circles, or for its count


def need_flow(inspection: Inspection, link: str = "offending") -> Finding:
    """Return, per need, what became of each case that has it: service or not, then progress or not.

    Rows, one per need and pattern: `need, pattern, label, count, n`, and where its part of the bar begins and ends, in
    cases. The parts of a need sum to its `n`. Each row has the counts of all its need's patterns, so that the gate, where it hides one,
    hides the need: what is left would give it away. Where no case has its services recorded, as in published totals, there are words and no
    picture. Raises `UnknownName` for an unknown link.

    >>> import hmip_kit as hk
    >>> int(need_flow(hk.load("practice-cases")).rows.query("need == 'Accommodation'")["count"].sum())
    11
    """
    found = measured.needs(inspection, link)
    if found.empty or not found["served_n"].fillna(0).sum():
        return absent(inspection, "need_flow", MEASURE, NOT_KNOWN)
    rows = _rows(found)
    return Finding(
        name="need_flow",
        say=lambda shown: _say(shown, inspection),
        rows=rows,
        columns={
            "need": "Need",
            "label": "What became of the case",
            "count": "Cases",
            "n": "Cases with the need",
        },
        measure=f"{MEASURE}, {LINKED[link]}",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            f"Circles: service, then progress; a full one says yes. {_key()}.",
            "One case can have several needs, and counts for each. Progress without a service, and a service without progress, both occur.",
        ),
        guard=Guard(people=(*PEOPLE, "n"), paired=True),
        counts={
            "count": _keys(rows, link),
            **{name: _keys(rows.assign(pattern=name), link) for name in (*PEOPLE, "n")},
        },
        draw=_draw,
    )


def _keys(rows: pd.DataFrame, link: str) -> tuple[str, ...]:
    return tuple(
        need_key(need, link, pattern)
        for need, pattern in zip(rows["need"], rows["pattern"], strict=True)
    )


def _key() -> str:
    return "; ".join(f"{circles}{said}" for said, circles, _ in PATTERNS.values())


def _rows(found: pd.DataFrame) -> pd.DataFrame:
    widest = int(found["n"].max())
    return pd.DataFrame([part for row in found.to_dict("records") for part in _parts(row, widest)])


def _parts(row: Row, widest: int) -> list[Row]:
    parts: list[Row] = []
    start = 0
    size = f"{row['n']} {cases_word(int(row['n']))}"
    for pattern, (label, circles, _) in PATTERNS.items():
        count = int(row[pattern])
        if (
            count or pattern in PEOPLE
        ):  # a pattern of nobody has its row, so that a hidden need does not tell which these are
            wide = count / widest
            inside = (
                f"{circles}{count}"
                if wide > ROOM["circles"]
                else str(count)
                if wide > ROOM["count"]
                else ""
            )
            part: Row = {
                "need": row["need"],
                "pattern": pattern,
                "label": label,
                "count": count,
                "n": int(row["n"]),
            }
            part |= {
                "head": "" if parts else row["need"],
                "size_text": "" if parts else size,
                **{name: int(row[name]) for name in PEOPLE},
            }
            parts.append(part | {"begin": start, "end": start + count, "middle": start + count / 2})
            parts[-1]["inside_text"] = inside
            start += count
    return parts


def _say(rows: pd.DataFrame, inspection: Inspection) -> Said:
    practice = practice_name(inspection)
    start = f"{practice}. " if practice else ""
    opened = opening(which_cases(inspection), practice)
    known = rows[rows["count"].notna()] if len(rows) else rows
    hidden = rows.loc[rows["count"].isna(), "need"].nunique() if len(rows) else 0
    left_out = (
        f" Not shown {HIDDEN}, and not in these sums: {number(hidden)} {'need' if hidden == 1 else 'needs'}."
        if hidden
        else ""
    )
    if not known["count"].sum():
        return f"{start}{MEASURE}", f"{opened}{left_out or ' There is nothing to count.'}"
    sums = {
        pattern: int(known.loc[known["pattern"] == pattern, "count"].sum()) for pattern in PATTERNS
    }
    total = sum(sums.values())
    served = sums["served_progress"] + sums["served_only"]
    shown = " shown" if hidden else ""
    title = f"A service was delivered for {served} of {total} needs{shown}; progress noted in {sums['served_progress']} of these"
    said = listed([f"{PATTERNS[pattern][0]} {count}" for pattern, count in sums.items() if count])
    return f"{start}{title}", f"{opened} Needs by case, {total} in all: {said}.{left_out}"


def _draw(finding: Finding) -> alt.LayerChart:
    y = alt.Y("r.need:N", sort=None, axis=None)
    x = alt.X("r.begin:Q", title="Cases with the need", axis=alt.Axis(tickMinStep=1, format="d"))
    names = list(PATTERNS)
    color = alt.Color(
        "r.pattern:N",
        scale=alt.Scale(domain=names, range=[colour for *_, colour in PATTERNS.values()]),
        legend=None,
    )
    light = either(
        "color",
        "indexof(['served_only', 'served_progress', 'unknown'], datum.r.pattern) >= 0",
        INK,
        PAPER,
    )
    layers = [
        blank()
        .mark_bar(size=18, yOffset=9, stroke=PAPER, strokeWidth=1)
        .encode(x=x, x2="r.end:Q", y=y, color=color),
        blank()
        .mark_text(yOffset=9, fontSize=11)
        .encode(x="r.middle:Q", y=y, text="r.inside_text:N", color=light),
        blank().mark_text(align="left", dy=-10, dx=2).encode(x=from_left(0), y=y, text="r.head:N"),
        blank()
        .mark_text(align="right", dy=-10)
        .encode(x=from_left(WIDTH), y=y, text="r.size_text:N"),
        alt.Chart(values([{"said": _key()}]))
        .mark_text(align="left", fontSize=11, color=QUIET)
        .encode(x=from_left(2), y=from_top(-10), text="said:N"),
    ]
    return drawn(finding, layers, alt.Step(ROW_HEIGHT))
