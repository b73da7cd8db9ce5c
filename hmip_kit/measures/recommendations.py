"""The recommendations of an inspection, each with the findings and figures that it belongs to."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_counts import figure_counts
from hmip_kit.measures.results import question_rows
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import FEWEST_FOR_A_BAR


def recommendations(inspection: Inspection) -> pd.DataFrame:
    """Return each recommendation with what the figures say.

    Columns: `number, addressee, label, findings` (labels of the findings that it belongs to), `figures` (ids), `says` (each figure in
    words: measure, count or percentage, section), `themes`. Figures stand furthest from sufficient first; those without a count out of ten
    or more come last, in the report's order. Lists are tuples, empty where nothing belongs to a recommendation. Which
    finding belongs to which recommendation is this kit's reading: the report does not say. No rows where nothing is recommended.

    >>> import hmip_kit as hk
    >>> recommendations(hk.load("lewisham-bromley-2022")).loc[8, "says"]
    ('Accommodation linked to offending: 11 of 42 (26%), 2.6', 'Accommodation linked to risk of harm: 10 of 42 (24%), 2.6', \
'Accommodation status improved: two (base not stated), 2.6')
    """
    findings, said = inspection.findings.to_dict("records"), _said(inspection)
    rows = [
        {**row, **_behind(row, findings, said)}
        for row in inspection.recommendations.to_dict("records")
    ]
    return pd.DataFrame(
        rows, columns=["number", "addressee", "label", "findings", "figures", "says", "themes"]
    )


def _behind(recommendation: Row, findings: list[Row], said: dict[str, tuple[str, float]]) -> Row:
    own = [
        one
        for one in findings
        if str(recommendation["number"]) in str(one["recommendations"]).split()
    ]
    named = dict.fromkeys(
        figure for one in own for figure in str(one["figures"]).split() if figure in said
    )
    figures = sorted(named, key=lambda figure: -said[figure][1])
    return {
        "findings": tuple(str(one["label"]) for one in own),
        "figures": tuple(figures),
        "says": tuple(said[figure][0] for figure in figures),
        "themes": tuple(dict.fromkeys(str(one["theme"]) for one in own)),
    }


def _said(inspection: Inspection) -> dict[str, tuple[str, float]]:
    """Return each figure and key question in words, with the percentage that was not sufficient, 0 where that is not known.

    A figure that states another again is left to the one that it restates.
    """
    figures = figure_counts(inspection).to_dict("records")
    asked = question_rows(inspection).to_dict("records") if len(inspection.published) else []
    said = {
        row["figure"]: (
            f"{row['label']}: {row['text']}, {row['section']}",
            _short(row["short"], row["n"]),
        )
        for row in figures
    }
    return said | {
        row["question"]: (
            f"{row['label']}: {row['text']} sufficient",
            _short(100 - row["percent"], row["n"]),
        )
        for row in asked
    }


def _short(share: float, n: int) -> float:
    return 0.0 if pd.isna(share) or pd.isna(n) or n < FEWEST_FOR_A_BAR else float(share)
