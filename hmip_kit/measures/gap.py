"""The gap between a service and an outcome within the same cases: who had both, one, or neither."""

from collections.abc import Iterable

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import checked_groups
from hmip_kit.measures.differences import with_difference
from hmip_kit.measures.gap_words import said_of
from hmip_kit.measures.paired import mid_p, tango
from hmip_kit.measures.places import Place, cells_of, place_of, totals_of
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import FEWEST_FOR_A_BAR, MADE_UP

SERVICE, OUTCOME = "delivery_desistance", "outcomes_progress"
CELLS = ("both", "service_only", "outcome_only", "neither")
ENDS = ("least", "most")
COLUMNS = [
    *("service", "outcome", "service_label", "outcome_label", *CELLS, "n", "not_counted"),
    *(
        "yes_with",
        "n_with",
        "percent_with",
        "yes_without",
        "n_without",
        "percent_without",
        "difference",
        "low",
        "high",
    ),
    *(f"{cell}_{end}" for cell in CELLS for end in ENDS),
    *("net_difference", "net_points", "net_low", "net_high", "mid_p", "text"),
]
REAL = {
    "percent_with",
    "percent_without",
    "difference",
    "low",
    "high",
    "net_points",
    "net_low",
    "net_high",
    "mid_p",
}


def gap(
    inspection: Inspection,
    by: str | Iterable[str] | None = None,
    service: str = SERVICE,
    outcome: str = OUTCOME,
) -> pd.DataFrame:
    """Return, for service and outcome in the same cases, how many cases have both, one or neither, and progress with and without.

    Columns, one row per group: the characteristics `by`; `service, outcome` and their labels; `both, service_only, outcome_only,
    neither`, which sum to `n`; `not_counted`, cases without Yes or No on both; `yes_with` of `n_with` and `yes_without` of
    `n_without`, the outcome where the service was sufficient and where it was not, with percentages; `difference, low, high`, with
    minus without in percentage points, with Newcombe's 95% interval; `both_least, both_most` and so on, what published totals allow;
    last `net_difference`, service minus outcome in cases (`net_points` in points), with Tango's interval `net_low, net_high` and McNemar's
    `mid_p`: it says nothing of a gap by itself; `text`.

    On published totals the cells are missing and the ranges are what there is. Practice cases have counts and ranges, and neither
    difference, interval nor p. Own cases have no ranges; where a side has fewer than ten cases there is no difference. Two places are
    two questions, or steps of a need ("Accommodation/service_delivered"). Raises `NeedsCases` for groups of totals, `UnknownName`, and
    `KitError` for a question against itself. It is association: one inspector judged both.
    Sources: Newcombe (1998), method 10; Tango (1998). The ranges: the least and most that sets of such sizes can share.

    >>> import hmip_kit as hk
    >>> hk.gap(hk.load("lewisham-bromley-2022"))[["both_least", "both_most", "net_difference"]].values.tolist()
    [[0, 11, -1]]
    """
    if service == outcome:
        raise KitError(f"a gap needs two places: {service!r} stands in both")
    groups = checked_groups(inspection, by)
    places = place_of(inspection, service), place_of(inspection, outcome)
    rows = (
        _counted(inspection, groups, service, outcome)
        if inspection.cases_are != "none"
        else _uncounted(inspection, service, outcome)
    )
    rows = rows.assign(
        service=service,
        outcome=outcome,
        service_label=places[0].label,
        outcome_label=places[1].label,
    )
    rows = _with_ranges(rows, inspection, service, outcome)
    rows = _with_differences(rows, inspection.cases_are)
    whole = {name: "Int64" for name in rows if name in COLUMNS[4:-1] and name not in REAL}
    return _with_text(
        rows.astype(whole | dict.fromkeys(REAL, "float64")), inspection, groups, places
    )


def _with_text(
    rows: pd.DataFrame, inspection: Inspection, groups: list[str], places: tuple[Place, Place]
) -> pd.DataFrame:
    start = MADE_UP if inspection.cases_are == "practice" else ""
    names = [", ".join(str(row[name]) for name in groups) for row in rows.to_dict("records")]
    said = [said_of(row, *places) for row in rows.to_dict("records")]
    text = [
        f"{start}{name}{': ' if name else ''}{words}"
        for name, words in zip(names, said, strict=True)
    ]
    return rows.assign(text=text)[[*groups, *COLUMNS]]


def _counted(inspection: Inspection, groups: list[str], service: str, outcome: str) -> pd.DataFrame:
    cells = pd.DataFrame(cells_of(inspection, service, outcome)).assign(cases=True)
    if groups:
        keys = [inspection.cases[name].reset_index(drop=True) for name in groups]
        counts = cells.groupby(keys, observed=False).sum().reset_index()
    else:
        counts = cells.sum().to_frame().T
    counts = counts.astype(dict.fromkeys(cells.columns, "Int64"))
    counts = counts.rename(columns={"with": "n_with", "without": "n_without"})
    return counts.assign(
        yes_with=counts["both"],
        yes_without=counts["outcome_only"],
        net_difference=counts["service_only"] - counts["outcome_only"],
    )


def _uncounted(inspection: Inspection, service: str, outcome: str) -> pd.DataFrame:
    """Return the one row of published totals: what is not in them is missing."""
    totals, inspected = totals_of(inspection, service, outcome), inspection.sample_size
    row: Row = dict.fromkeys(
        (
            *CELLS,
            "n",
            "not_counted",
            "yes_with",
            "yes_without",
            "n_with",
            "n_without",
            "net_difference",
        ),
        pd.NA,
    )
    row["cases"] = inspected
    if totals is not None and (totals["n"] == inspected).all():
        served, better = (int(count) for count in totals["yes"])
        row |= {
            "n": inspected,
            "not_counted": 0,
            "n_with": served,
            "n_without": inspected - served,
            "net_difference": served - better,
        }
    return pd.DataFrame([row]).astype("Int64")


def _with_ranges(
    rows: pd.DataFrame, inspection: Inspection, service: str, outcome: str
) -> pd.DataFrame:
    """Return rows with the least and the most that published totals leave open for each cell; missing for own cases.

    Three sets of a, b and g among N share at least max(0, a + b + g - 2N) and at most min(a, b, g): here those with the one
    answer, with the other, and in the group. Both ends are reached.
    """
    totals = None if inspection.cases_are == "own" else totals_of(inspection, service, outcome)
    for cell, first, second in zip(
        CELLS, ("yes", "yes", "no", "no"), ("yes", "no", "yes", "no"), strict=True
    ):
        if totals is None:
            least = most = pd.Series(pd.NA, index=rows.index, dtype="Int64")
        else:
            one, other = int(totals[first].iloc[0]), int(totals[second].iloc[1])
            least = (rows["cases"] + one + other - 2 * inspection.sample_size).clip(lower=0)
            most = rows["cases"].clip(upper=min(one, other))
        rows = rows.assign(**{f"{cell}_least": least, f"{cell}_most": most})
    return rows


def _with_differences(rows: pd.DataFrame, cases_are: str) -> pd.DataFrame:
    for side in ("with", "without"):
        size = rows[f"n_{side}"]
        share = 100 * rows[f"yes_{side}"] / size.where(size > 0)
        rows = rows.assign(**{f"percent_{side}": share.astype("Float64").astype("float64")})
    points = (
        (100 * rows["net_difference"] / rows["n"].where(rows["n"] > 0))
        .astype("Float64")
        .astype("float64")
    )
    rows = rows.assign(net_points=points)
    if cases_are != "own":
        return rows.assign(
            **dict.fromkeys(
                ("difference", "low", "high", "net_low", "net_high", "mid_p"), float("nan")
            )
        )
    rows = with_difference(rows, "without", "with")
    paired = [_paired(row) for row in rows.to_dict("records")]
    return rows.assign(
        **{
            name: [row[place] for row in paired]
            for place, name in enumerate(("net_low", "net_high", "mid_p"))
        }
    )


def _paired(row: Row) -> tuple[float, float, float]:
    only, other, n = (int(row[name]) for name in ("service_only", "outcome_only", "n"))
    if n < FEWEST_FOR_A_BAR:
        return float("nan"), float("nan"), float("nan")
    return (*tango(only, other, n), mid_p(only, other))
