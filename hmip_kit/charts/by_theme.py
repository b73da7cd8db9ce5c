"""What the inspectors found, by theme: each published figure as a count out of its base."""

import pandas as pd

from hmip_kit.charts.absent import NO_FIGURES, absent
from hmip_kit.charts.count_bars import draw_counts
from hmip_kit.errors import unknown
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_counts import REBUILT, SAYS, figure_counts
from hmip_kit.measures.theme_words import themes_said

MEASURE = "Published figures with a count out of a known base, by theme"


def by_theme(inspection: Inspection, theme: str | None = None) -> Finding:
    """Return the published figures by theme; with `theme`, every figure of that theme, those without a count too.

    Rows: those of `measures.figure_counts`, with `line`. Without `theme` they are the figures that count what was sufficient, or what
    was not, out of a known base. Under ten no bar is drawn. Without figures there are words and no rows. Raises
    `UnknownName` for a theme that no figure has.

    >>> import hmip_kit as hk
    >>> by_theme(hk.load("lewisham-bromley-2022"), "resettlement").rows["text"].tolist()[:2]
    ['5 of 19 (26%) sufficient', '6 of 18 (33%) sufficient']
    """
    if inspection.figures.empty:
        return absent(inspection, "by_theme", MEASURE, NO_FIGURES)
    rows = _rows(figure_counts(inspection), theme)
    return Finding(
        name="by_theme",
        say=lambda shown: themes_said(shown, theme or ""),
        rows=rows,
        columns={
            "theme": "Theme",
            "label": "What was found",
            "text": "Figure",
            "range": "95% interval",
            "section": "Section",
        },
        measure=f"Published figures on {theme}" if theme else MEASURE,
        inspection=inspection,
        cases="each figure out of its own base",
        notes=_notes(rows),
        draw=draw_counts,
    )


def _rows(figures: pd.DataFrame, theme: str | None) -> pd.DataFrame:
    named = figures[figures["theme"] != ""]
    themes = list(dict.fromkeys(named["theme"]))
    if theme is not None:
        if theme not in themes:
            raise unknown("theme", theme, themes)
        rows = named[named["theme"] == theme]
        return rows.assign(line=rows["label"])
    rows = named[named["n"].notna() & named["polarity"].isin(list(SAYS))]
    order = rows["theme"].map({name: place for place, name in enumerate(themes)})
    rows = rows.assign(order=order).sort_values("order", kind="stable").drop(columns="order")
    return rows.assign(line=rows["theme"].str.capitalize() + ": " + rows["label"])


def _notes(rows: pd.DataFrame) -> tuple[str, ...]:
    rebuilt = rows.loc[rows["count_source"] == REBUILT, "label"]
    told = [f"Count rebuilt from the percentage: {'; '.join(rebuilt)}."] if len(rebuilt) else []
    noted = [
        f"{row['label']}: {row['note'][0].lower()}{row['note'][1:]}."
        for row in rows.to_dict("records")
        if row["note"]
    ]
    lines = "Black lines: 95% Wilson intervals; they cover which cases were drawn, not clustering or differences between inspectors."
    return (*told, *noted, *([lines] if rows["low"].notna().any() else []))
