"""The gap between a service and an outcome within the same cases: who had both, one, or neither.

A place is a question, or a step of a need ("Accommodation/service_delivered"): of each case it says
Yes, No, or neither. A pair is two places: one is a service, one an outcome.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hmip_kit.counts import ALL, CELLS, STEPS, count, pair_key
from hmip_kit.counts.questions import (
    Asked,
    checked_groups,
    checked_questions,
    known_questions,
    published_counts,
)
from hmip_kit.errors import KitError, NotInData
from hmip_kit.findings import HIDDEN, Finding, Row, Said, finding
from hmip_kit.findings.shares import grouped_key, with_difference
from hmip_kit.inspection import Inspection
from hmip_kit.schema import NEED_ROWS, label_of
from hmip_kit.settings import FEWEST_FOR_A_BAR
from hmip_kit.stats.differences import mid_p, tango
from hmip_kit.stats.intervals import INTERVAL_TEXT, Numbers, floats
from hmip_kit.stats.words import (
    capital,
    cases_said,
    cases_word,
    fits,
    number,
    range_said,
    small,
)

SERVICE, OUTCOME = "delivery_desistance", "outcomes_progress"
ASSOCIATION = "This is association, not cause: the same person judged both."
COUNTED = {  # the columns that count cases, and the cell of the pair that each counts
    **{cell: cell for cell in (*CELLS, "n", "not_counted")},
    **{"yes_with": "both", "n_with": "with"},
    **{"yes_without": "outcome_only", "n_without": "without"},
}
SIDES = {"with": "both", "without": "outcome_only"}  # of the service, and the cell with the outcome
WAYS = ("lower", "higher")
ENDS = {"least": "at least", "most": "at most"}
BOUNDS = [f"{cell}_{end}" for cell in CELLS for end in ENDS]
COLUMNS = [
    *("service", "outcome", "service_label", "outcome_label", *CELLS, "n", "not_counted"),
    *(f"{what}_{side}" for side in SIDES for what in ("yes", "n", "percent")),
    *("difference", "low", "high", *BOUNDS),
    *("net_difference", "net_points", "net_low", "net_high", "mid_p"),
]


@dataclass(frozen=True)
class _Place:
    """A place: its `name`, its `label`, and as a `clause` what Yes there says, and No after it."""

    name: str
    label: str
    clause: str
    negation: str


@dataclass(frozen=True)
class Pair:
    """A place that is a `service`, and one that is an `outcome`."""

    service: _Place
    outcome: _Place

    @property
    def measure(self) -> str:
        """Return what its cells measure."""
        return f"{self.service.label}, and {small(self.outcome.label)}, in the same cases"

    @property
    def labels(self) -> dict[str, str]:
        """Return what each cell is called."""
        only = f"{self.service.label} only", f"{self.outcome.label} only"
        return dict(zip(CELLS, ("Both", *only, "Neither"), strict=True))

    @property
    def sides(self) -> dict[str, str]:
        """Return what the cases with the service, and those without it, are called."""
        service = self.service
        return {"with": f"Where {service.clause}", "without": f"Where {service.negation}"}

    def title(self, groups: Sequence[str]) -> str:
        """Return the headline of the outcome with and without the service, by `groups`."""
        by = f", by {' and '.join(label_of(name).lower() for name in groups)}" if groups else ""
        sides = " and ".join(map(small, self.sides.values()))
        return f"In how many cases {self.outcome.clause}: {sides}{by}"

    def key(self, cell: str) -> str:
        """Return the tally of a `cell`."""
        return pair_key(self.service.name, self.outcome.name, cell)


@finding(
    question="How many cases had the service and the outcome, one of them, or neither?",
    needs="key questions",
    follows=False,
    shown_by="all cases",
    label="Service and outcome in the same cases",
)
def gap(
    inspection: Inspection, by: Asked = None, service: str = SERVICE, outcome: str = OUTCOME
) -> Finding:
    """Return service and outcome in the same cases, with how sure the difference is, as a table.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.
    by : str or several, optional
        One or two characteristics to group the cases by.
    service, outcome : str
        Two places: questions by their ids, or steps of a need ("Accommodation/service_delivered").

    Returns
    -------
    Finding
        A row per group: the groups; `service, outcome` and their labels; `both, service_only,
        outcome_only, neither`, which sum to `n`; `not_counted`, cases without Yes or No on both;
        `yes_with` of `n_with` and `yes_without` of `n_without`, the outcome where the service was
        sufficient and where it was not, with percentages; `difference, low, high`, with minus
        without in percentage points, with Newcombe's 95% interval; `both_least, both_most` and so
        on, what published totals make possible; `net_difference`, service minus outcome in cases
        (`net_points` in points), with Tango's interval `net_low, net_high` and McNemar's `mid_p`.

        On published totals the cells are missing and the ranges are what there is. Practice cases
        have counts and ranges, and no inference. Own cases have no ranges; where a side has fewer
        than ten cases there is no difference.

    Raises
    ------
    UnknownName
        For a question, need, step or characteristic that there is not.
    KitError
        For a place against itself, or more than two groupings.

    Notes
    -----
    Newcombe (1998), method 10; Tango (1998); Fagerland, Lydersen and Laake (2013). The ranges are
    the least and most that sets of such sizes can share. A net difference says nothing of a gap by
    itself. It is association: one inspector judged both.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("lewisham-bromley-2022").show.gap().rows
    >>> rows[["both_least", "both_most", "net_difference"]].values.tolist()
    [[0, 11, -1]]
    """
    groups, pair = checked_groups(inspection, by), pair_of(inspection, service, outcome)
    rows = gap_rows(inspection, pair, groups)
    ends = {"": ""} | {f"_{end}": f", {words}" for end, words in ENDS.items()}
    heads = {f"{cell}{end}": f"{pair.labels[cell]}{ends[end]}" for cell in CELLS for end in ends}
    found = rows.to_dict("records")
    counts = {
        column: [grouped_key(pair.key(cell), row, groups) for row in found]
        for column, cell in COUNTED.items()
    }
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _said(shown, pair, groups),
        columns={
            **{name: label_of(name) for name in groups},
            **{name: head for name, head in heads.items() if rows[name].notna().any()},
            "n": "Cases with Yes or No on both",
        },
        measure=pair.measure,
        counts=counts if inspection.has_cases else {},
        variant="_".join(groups),
    )


def pair_of(inspection: Inspection, service: str, outcome: str) -> Pair:
    """Return the pair of the places `service` and `outcome` of an `inspection`.

    Raises `KitError` where they are one, `UnknownName` for a question that there is not (for a need
    or a step counting raises it), and `NotInData` for what only the data lack.
    """
    if service == outcome:
        raise KitError(f"a gap needs two places: {service!r} stands in both")
    return Pair(_place(inspection, service), _place(inspection, outcome))


def _place(inspection: Inspection, name: str) -> _Place:
    need, _, step = name.rpartition("/")
    if need and not inspection.all_cases.needs:
        raise NotInData("There are no needs by case in these data, and so no step of a need.")
    if need:
        steps = {one.name: one.label.lower() for one in NEED_ROWS if one.name in STEPS.values()}
        label = f"{need}: {steps.get(step, step)}"
        return _Place(name, label, f"{small(label)} was recorded", "it was not")
    if name in (SERVICE, OUTCOME) and name not in known_questions(inspection):
        raise NotInData(f"The key question {name} is not in these data.")
    checked_questions(inspection, name)
    label = inspection.framework.label(name)
    key = next((one for one in inspection.framework.questions if one.id == name), None)
    if key:
        return _Place(name, label, key.clause, key.negation)
    return _Place(name, label, f"{small(label)} was sufficient", "it was not")


def gap_rows(inspection: Inspection, pair: Pair, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of `gap` on an `inspection`, for a `pair`, by `groups`."""
    totals = _totals(inspection, pair)
    if inspection.has_cases:
        keys = {column: pair.key(cell) for column, cell in COUNTED.items()} | {"cases": ALL}
        found = count(inspection, dict.fromkeys(keys.values()), groups)
        rows = found[[*groups]].assign(**{column: found[key] for column, key in keys.items()})
        rows["net_difference"] = rows["service_only"] - rows["outcome_only"]
    else:
        rows = pd.DataFrame([_of_totals(totals, inspection.sample_size)])
    rows = _with_ranges(rows, totals, inspection.sample_size)
    rows = rows.astype(dict.fromkeys([*COUNTED, *BOUNDS, "net_difference"], "Int64"))
    rows = _with_inference(rows, inspection.protected).assign(
        service=pair.service.name,
        outcome=pair.outcome.name,
        service_label=pair.service.label,
        outcome_label=pair.outcome.label,
    )
    return rows[[*groups, *COLUMNS]]


def _totals(inspection: Inspection, pair: Pair) -> pd.DataFrame | None:
    """Return `yes, no` and `n` of both places as published; none for own cases, or without one."""
    counts, names = published_counts(inspection), [pair.service.name, pair.outcome.name]
    known = not inspection.protected and set(names) <= set(counts.index)
    return counts.loc[names, ["yes", "no", "n"]] if known else None


def _of_totals(totals: pd.DataFrame | None, inspected: int) -> Row:
    """Return what `totals` give of cases: the sides, where all those `inspected` were answered."""
    row: Row = dict.fromkeys([*COUNTED, "net_difference"], pd.NA) | {"cases": inspected}
    if totals is not None and (totals["n"] == inspected).all():
        served, better = (int(one) for one in totals["yes"])
        row |= {"n": inspected, "not_counted": 0, "net_difference": served - better}
        row |= {"n_with": served, "n_without": inspected - served}
    return row


def _with_ranges(rows: pd.DataFrame, totals: pd.DataFrame | None, inspected: int) -> pd.DataFrame:
    """Return `rows` with the least and the most of each cell that published `totals` leave open.

    Three sets of a, b and g among N, those `inspected`, share at least max(0, a + b + g - 2N) and
    at most min(a, b, g): here those with the one answer, with the other, and in the group. Both
    ends are reached.
    """
    if totals is None:
        unknown = pd.Series(pd.NA, index=rows.index, dtype="Int64")
        return rows.assign(**dict.fromkeys(BOUNDS, unknown))
    answers = (("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no"))
    for cell, (first, second) in zip(CELLS, answers, strict=True):
        one, other = int(totals[first].iloc[0]), int(totals[second].iloc[1])
        rows[f"{cell}_least"] = (rows["cases"] + one + other - 2 * inspected).clip(lower=0)
        rows[f"{cell}_most"] = rows["cases"].clip(upper=min(one, other))
    return rows


def _with_inference(rows: pd.DataFrame, real: bool) -> pd.DataFrame:
    """Return `rows` with percentages and, where the cases are `real`, what they say beyond them."""
    rows = rows.assign(
        percent_with=_percent(rows["yes_with"], rows["n_with"]),
        percent_without=_percent(rows["yes_without"], rows["n_without"]),
        net_points=_percent(rows["net_difference"], rows["n"]),
    )
    paired = ["net_low", "net_high", "mid_p"]
    if not real:
        return rows.assign(**dict.fromkeys(("difference", "low", "high", *paired), np.nan))
    nets = [
        (*tango(first, second, n), mid_p(first, second))
        if n >= FEWEST_FOR_A_BAR
        else (math.nan,) * len(paired)
        for first, second, n in rows[["service_only", "outcome_only", "n"]].itertuples(index=False)
    ]
    found = pd.DataFrame(nets, columns=paired, index=rows.index, dtype="float64")
    return with_difference(rows, "without", "with").join(found)


def _percent(part: pd.Series, n: pd.Series) -> Numbers:
    base = floats(n)
    return 100 * floats(part) / np.where(base > 0, base, np.nan)


def _said(rows: pd.DataFrame, pair: Pair, groups: Sequence[str]) -> Said:
    found = rows.to_dict("records")
    if not found:
        return "No cases to show", "There is nothing to count."
    if not groups:
        return pair_said(found[0], pair)
    each = "; ".join(
        f"{', '.join(str(row[name]) for name in groups)}: {_side(row, 'with')} with, "
        f"{_side(row, 'without')} without"
        for row in found
    )
    start = f"Cases in which {pair.outcome.clause}, with: {small(pair.sides['with'])}"
    return pair.title(groups), f"{start}. {each}. {ASSOCIATION}"


def pair_said(row: Row, pair: Pair) -> Said:
    """Return a `row` of `gap` about all cases in words, also where its counts are hidden.

    `pair` is what it is about.
    """
    service, outcome, n = pair.service, pair.outcome, row["n"]
    counted, known = not pd.isna(row["both"]), not pd.isna(n)
    if not counted and pd.isna(row["both_least"]):
        title = f"{service.label} and {small(outcome.label)}: counts not shown {HIDDEN}"
        return title, "Some counts are not shown."
    if known and not n:
        return "No cases to show", "No case has Yes or No on both."
    with_it, without = (_side(row, side) for side in SIDES)
    possible = f"{row['both_least']} to {row['both_most']}"
    answer = (
        f"{capital(outcome.clause)} in {with_it} where {service.clause}, and in {without} where "
        f"{service.negation}"
    )
    title = f"{capital(outcome.clause)}: {with_it} with the service, {without} without"
    if not counted:
        of = f" of {n}" if known else ""
        title = f"In {possible}{of} cases {service.clause}, and {outcome.clause}"
    parts = (
        f"{answer}.",
        ""
        if pd.isna(row["low"])
        else f"With the service the share may lie {fits(row['low'], row['high'], ways=WAYS)} "
        f"({INTERVAL_TEXT}).",
        ASSOCIATION,
        ""
        if pd.isna(row["both_least"]) or not counted
        else f"The totals make possible {possible} cases with both.",
        "" if pd.isna(row["net_difference"]) else _net(row),
    )
    return title, " ".join(part for part in parts if part)


def _net(row: Row) -> str:
    """Return by how many cases the service is there more often than the outcome, in words."""
    net, sure = int(row["net_difference"]), ""
    if not pd.isna(row["net_low"]):  # of that which is said to be there more often
        low, high = sorted((1 if net >= 0 else -1) * row[end] for end in ("net_low", "net_high"))
        sure = f" ({INTERVAL_TEXT} {range_said(low, high)} points)"
    if not net:
        apart = row["service_only"]
        ones: str = "perhaps not" if pd.isna(apart) else "not always" if apart else "and they are"
        return f"As many cases had the service as the outcome, {ones} the same ones{sure}."
    which = ("the service", "the outcome") if net > 0 else ("the outcome", "the service")
    sizes = f"{number(abs(net))} more {cases_word(abs(net))}"
    return f"{capital(sizes)} had {which[0]} than {which[1]}{sure}."


def _side(row: Row, side: str) -> str:
    """Return the outcome on one side in words, or between which numbers it lies."""
    yes, n, cell = row[f"yes_{side}"], row[f"n_{side}"], SIDES[side]
    if pd.isna(n):
        return HIDDEN if pd.isna(row[f"{cell}_least"]) else "[x]"
    if pd.isna(yes):
        return f"{row[f'{cell}_least']} to {row[f'{cell}_most']} of {n} {cases_word(n)}"
    return cases_said(int(yes), int(n)) if n else "no case"
