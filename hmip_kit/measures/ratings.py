"""Ratings as published, and which key questions decided those of casework."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.results import results


def rated_standards(inspection: Inspection) -> pd.DataFrame:
    """Return one row per rated standard, in the framework's order.

    Columns: `standard, number, domain, kind, rating, points, usual_rating, override_note`. No row where nothing is rated.
    """
    ratings = inspection.ratings
    rated = ratings[ratings["status"] == "rated"]
    named = [inspection.framework.standard(name) for name in rated["standard"]]
    return rated.assign(
        number=[one.number for one in named],
        domain=[one.domain for one in named],
        kind=[one.kind for one in named],
        points=[inspection.framework.points(rating) for rating in rated["rating"]],
    )[["standard", "number", "domain", "kind", "rating", "points", "usual_rating", "override_note"]].reset_index(drop=True)


def deciding(inspection: Inspection) -> pd.DataFrame:
    """Return the key questions that decided a casework standard's rating: the lowest of its questions, all of them under a tie.

    Columns: those of `results`. Standards without a published rating, and questions without cases, give no row.
    Source of the rule: the Lewisham & Bromley report, footnotes 2 to 5.

    >>> import hmip_kit as hk
    >>> deciding(hk.load("lewisham-bromley-2022"))["question"].tolist()
    ['assessment_safety', 'planning_safety', 'delivery_safety', 'reviewing_safety']
    """
    rated = rated_standards(inspection)
    casework = rated.loc[rated["kind"] == "casework", "standard"]
    rows = results(inspection)
    rows = rows[rows["standard"].isin(casework) & (rows["n"] > 0)]
    return rows[rows["percent"] == rows.groupby("standard")["percent"].transform("min")].reset_index(drop=True)
