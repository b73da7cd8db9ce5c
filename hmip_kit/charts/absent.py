"""What is shown where the data do not have what a picture needs: words, and no picture."""

import pandas as pd

from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.words import opening, practice_name, which_cases


def absent(inspection: Inspection, name: str, measure: str, why: str) -> Finding:
    """Return a finding without rows that says what is missing, so that a notebook runs on any inspection."""
    practice = practice_name(inspection)
    title = f"{practice}. {measure}: not in these data" if practice else f"{measure}: not in these data"
    sentence = f"{opening(which_cases(inspection), practice)} {why}"
    return Finding(
        name=name,
        say=lambda _: (title, sentence),
        rows=pd.DataFrame({"label": pd.Series(dtype="str")}),
        columns={"label": "Not in these data"},
        measure=measure,
        inspection=inspection,
        cases=which_cases(inspection),
    )
