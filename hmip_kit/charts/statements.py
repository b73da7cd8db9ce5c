"""What a report itself states under a heading, with the counts behind its percentages, as a table."""

import pandas as pd

from hmip_kit.charts.absent import NO_FIGURES, absent
from hmip_kit.errors import unknown
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.intervals import wilson
from hmip_kit.measures.possible_counts import possible_counts
from hmip_kit.measures.shares import Row, Said
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, half_up, number, which_cases

DIVERSITY = "Diversity and inclusion"
IN_WORDS = "in words, without a count"


def statements(inspection: Inspection, section: str = DIVERSITY) -> Finding:
    """Return what the report states under a heading: its figures with the counts behind them, then its findings in words.

    Rows: `statement, kind, printed, cases, range`. `cases` is the count that the report states or, for a percentage of all inspected
    cases, the counts that round to it; `range` its 95% Wilson interval, where there is one count, of ten cases or more. Findings are
    stated in words, without a count of their own. Raises `UnknownName` for a heading under which nothing was read.

    >>> import hmip_kit as hk
    >>> statements(hk.load("lewisham-bromley-2022")).rows["cases"].tolist()[:4]
    ['24 of 42', '5 of 42', '26 of 42', '25 of 41']
    """
    figures, findings = inspection.figures, inspection.findings
    if figures.empty and findings.empty:
        return absent(
            inspection, "statements", f"What the report states under {section}", NO_FIGURES
        )
    headings = sorted(set(figures["section"]) | set(findings["standard"]))
    if section not in headings:
        raise unknown("heading", section, headings)
    counted = [
        _figure(row, inspection.sample_size)
        for row in figures[figures["section"] == section].to_dict("records")
    ]
    worded = findings[findings["standard"] == section].to_dict("records")
    in_words = [
        {
            "statement": row["label"],
            "kind": row["kind"],
            "printed": IN_WORDS,
            "cases": "",
            "range": "",
        }
        for row in worded
    ]
    return Finding(
        name="statements",
        say=lambda shown: _say(shown, section),
        rows=pd.DataFrame(
            [*counted, *in_words], columns=["statement", "kind", "printed", "cases", "range"]
        ),
        columns={
            "statement": "What the report states",
            "kind": "As",
            "printed": "As printed",
            "cases": "Cases",
            "range": "95% interval",
        },
        measure=f"What the report states under {section}",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            "Where only a percentage is printed, the count is rebuilt from it. The words are this kit's, not the report's.",
        ),
    )


def _figure(row: Row, inspected: int) -> dict[str, str]:
    counts = _counts(row, inspected)
    cases = " or ".join(f"{yes} of {n}" for yes, n in counts)
    sure = _range(*counts[0]) if len(counts) == 1 else ""
    return {
        "statement": row["measure"],
        "kind": "figure",
        "printed": row["printed"],
        "cases": cases,
        "range": sure,
    }


def _counts(row: Row, inspected: int) -> list[tuple[int, int]]:
    if not pd.isna(row["numerator"]) and not pd.isna(row["denominator"]):
        return [(int(row["numerator"]), int(row["denominator"]))]
    if (
        row["unit"] != "percent"
        or pd.isna(row["value"])
        or row["group"] != "cases_inspected"
        or row["extent"] != "whole"
    ):
        return []
    return [(count, inspected) for count in possible_counts(row["printed"], inspected)]


def _range(yes: int, n: int) -> str:
    if n < FEWEST_FOR_A_BAR:
        return ""
    low, high = wilson(pd.Series([yes]), pd.Series([n])).iloc[0]
    return f"{half_up(low)}% to {half_up(high)}%"


def _say(rows: pd.DataFrame, section: str) -> Said:
    figures = rows[rows["printed"] != IN_WORDS]
    words = len(rows) - len(figures)
    title = f"{section}: {number(len(figures))} figures and {number(words)} statements in words"
    said = "; ".join(
        f"{row['statement']}: {row['cases'] or row['printed']}"
        for row in figures.to_dict("records")
    )
    return title, f"{said}." if said else "No figure is stated."
