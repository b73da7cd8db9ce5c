"""The recommendations with the figures behind each."""

import pandas as pd

from hmip_kit.charts.absent import absent
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.recommendations import recommendations as with_figures
from hmip_kit.measures.shares import Said
from hmip_kit.measures.words import number

READING = (
    "Which figures belong to which recommendation is this kit's reading: the report does not say."
)


def recommendations(inspection: Inspection) -> Finding:
    """Return the recommendations, each with what the figures say, as a table.

    Rows: those of `measures.recommendations.recommendations`, lists joined as text. Where nothing is recommended there are
    words and no rows.

    >>> import hmip_kit as hk
    >>> recommendations(hk.load("lewisham-bromley-2022")).title
    '11 recommendations: six to Lewisham and Bromley PDU, four to London region and one to HM Prison and Probation Service'
    """
    found = with_figures(inspection)
    if found.empty:
        return absent(
            inspection,
            "recommendations",
            "Recommendations",
            "No recommendations are part of these data.",
        )
    lists = {name: found[name].map("; ".join) for name in ("findings", "figures", "says", "themes")}
    return Finding(
        name="recommendations",
        say=_say,
        rows=found.assign(**lists),
        columns={
            "number": "Number",
            "addressee": "For",
            "label": "Recommendation",
            "says": "What the figures say",
        },
        measure="Recommendations, with the figures behind each",
        inspection=inspection,
        cases=f"{len(found)} recommendations",
        notes=(READING,),
    )


def _say(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No recommendations", "Nothing is recommended."
    told = [
        f"{number(int(count))} to {who}"
        for who, count in rows["addressee"].value_counts(sort=False).items()
    ]
    to = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    without = [str(row) for row in rows.loc[rows["says"] == "", "number"]]
    title = f"{number(len(rows)).capitalize()} {'recommendation' if len(rows) == 1 else 'recommendations'}: {to}"
    return (
        title,
        f"No figure stands behind {', '.join(without)}."
        if without
        else "Each has figures of the report behind it.",
    )
