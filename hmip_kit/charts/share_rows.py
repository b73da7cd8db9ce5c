"""Rows of a picture that follows a page's filters: counted from tallies, with what is fixed in them."""

import pandas as pd

from hmip_kit.finding import Follow
from hmip_kit.inspection import Inspection
from hmip_kit.measures.shares import Row, with_shares
from hmip_kit.measures.tallies import counts


def share_rows(inspection: Inspection, fixed: list[Row], follow: Follow) -> pd.DataFrame:
    """Return rows with `yes` and `n`, the counts of the tallies that `follow` names, and what `with_shares` adds.

    Where cases are made up no total is published for several answers of the same cases, so there are no bounds.
    """
    counted = counts(inspection, dict.fromkeys([*follow.yes, *follow.n]))
    rows = pd.DataFrame(fixed).assign(
        yes=pd.Series([counted[key] for key in follow.yes], dtype="Int64"),
        n=pd.Series([counted[key] for key in follow.n], dtype="Int64"),
    )
    if inspection.cases_are == "practice":
        none = pd.Series(pd.NA, index=rows.index, dtype="Int64")
        rows = rows.assign(total_yes=none, total_n=none)
    return with_shares(rows, inspection, follow.split)
