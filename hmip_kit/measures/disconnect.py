"""Organisation against casework: the points of the one kind of standard beside those of the other."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.ratings import rated_standards

SIDES = {"judgement": "Organisation", "casework": "Casework"}


def organisation_against_casework(inspection: Inspection) -> pd.DataFrame:
    """Return the rated standards of the organisation, then those of casework, each with its points.

    Columns: `side` ("Organisation" or "Casework"), `standard, number, rating, points, maximum`. Court work is of neither. No row where
    no rating is published, as in most case files. Source: the published ratings; points as the framework has them.

    >>> import hmip_kit as hk
    >>> hk.organisation_against_casework(hk.load("lewisham-bromley-2022")).groupby("side", sort=False)["points"].sum().to_dict()
    {'Organisation': 4, 'Casework': 0}
    """
    rated = rated_standards(inspection)
    most = max(one.points for one in inspection.framework.ratings)
    sides = [
        rated[rated["kind"] == kind].assign(side=side, maximum=most) for kind, side in SIDES.items()
    ]
    return pd.concat(sides, ignore_index=True)[
        ["side", "standard", "number", "rating", "points", "maximum"]
    ]
