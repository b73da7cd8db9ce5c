"""What groups are made up of: sentence type and risk of serious harm, since quality may follow those."""

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import checked_groups
from hmip_kit.measures.words import share_after
from hmip_kit.schema import label_of

BESIDE = ("sentence_type", "rosh")
COLUMNS = ["group", "characteristic", "label", "value", "cases", "n", "percent", "text"]


def make_up(inspection: Inspection, by: str | pd.Series) -> pd.DataFrame:
    """Return, per group, how many of its cases have each sentence type and each classification of risk of serious harm.

    `by` is a characteristic, or a group per case. Columns: `group, characteristic, label, value`; `cases` of `n` in the group, `percent`
    (missing for a group without cases), `text`. Values that no case of the sample has give no row; a characteristic that is what the
    cases are grouped by, or that they do not have, is left out. Raises `UnknownName` for a characteristic that the cases do not have.

    >>> import hmip_kit as hk
    >>> make_up(hk.load("practice-cases"), "sex").query("group == 'Female'")["text"].tolist()[:2]
    ['4 of 6', '2 of 6']
    """
    groups = inspection.cases[checked_groups(inspection, by)[0]] if isinstance(by, str) else by
    beside = [name for name in BESIDE if name in inspection.cases and name != groups.name]
    rows = [row for name in beside for row in _rows(groups, inspection.cases[name], name)]
    return pd.DataFrame(rows, columns=COLUMNS).astype(
        {"cases": "int64", "n": "int64", "percent": "float64"}
    )


def _rows(groups: pd.Series, values: pd.Series, name: str) -> list[dict[str, object]]:
    rows = []
    for group in groups.cat.categories:
        counts = values[(groups == group).to_numpy()].value_counts(sort=False)
        rows += [
            _row(str(group), name, str(value), int(counts[value]), int(counts.sum()))
            for value in values.cat.categories
        ]
    return rows


def _row(group: str, name: str, value: str, cases: int, n: int) -> dict[str, object]:
    text = f"{cases} of {n}{share_after(cases, n)}"
    counted = {"cases": cases, "n": n, "percent": 100 * cases / n if n else None, "text": text}
    return {
        "group": group,
        "characteristic": name,
        "label": label_of(name),
        "value": value,
        **counted,
    }
