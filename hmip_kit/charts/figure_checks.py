"""Which published figures do not fit, differ from their restatement, or leave some over."""

import pandas as pd

from hmip_kit.charts.absent import NO_FIGURES, absent
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_checks import check_figures
from hmip_kit.measures.figure_verdicts import AMISS, BASE_NOT_STATED, NO_POWER
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import number, which_cases

POWER = (
    "Of 101 cases or more, every whole percentage has a count: there the check can show nothing."
)


def figures_checked(inspection: Inspection) -> Finding:
    """Return the published figures that do not fit their base, differ from their restatement, or leave some over, as a table.

    Rows: those of `measures.figure_checks.check_figures` with such a verdict; none where all is well. Where nothing is
    published to check there are words and no rows.

    >>> import hmip_kit as hk
    >>> figures_checked(hk.load("lewisham-bromley-2022")).rows["verdict"].tolist()[:3]
    ['does not fit', 'does not fit', 'differs']
    """
    checked = check_figures(inspection)
    if checked.empty or inspection.cases_are == "practice":
        return absent(
            inspection, "figures_checked", "Published figures against their bases", NO_FIGURES
        )
    return Finding(
        name="figures_checked",
        say=lambda shown: _say(shown, checked),
        rows=checked[checked["verdict"].isin(AMISS)],
        columns={
            "measure": "Figure",
            "printed": "As printed",
            "section": "Section",
            "verdict": "Verdict",
            "why": "Why",
        },
        measure="Published figures against their bases, their restatements and their parts",
        inspection=inspection,
        cases=which_cases(inspection),
        notes=(
            POWER,
            "Nothing is repaired: figures stay as they are printed. What is left over may be in no part that the report names.",
        ),
    )


def _say(rows: pd.DataFrame, checked: pd.DataFrame) -> Said:
    kinds = rows["verdict"].value_counts(sort=False)
    named = "; ".join(f"{verdict}: {number(int(count))}" for verdict, count in kinds.items())
    title = f"{number(len(rows)).capitalize()} of {len(checked)} checks {'needs' if len(rows) == 1 else 'need'} a reader's attention"
    open_ones = int((checked["verdict"] == BASE_NOT_STATED).sum())
    silent = int((checked["verdict"] == NO_POWER).sum())
    said = (
        f"{named[0].upper()}{named[1:]}."
        if len(rows)
        else "Nothing is amiss in what could be checked."
    )
    return (
        title,
        f"{said} Base not stated, so not checked: {number(open_ones)}. Too many cases for the check to show anything: {number(silent)}.",
    )
