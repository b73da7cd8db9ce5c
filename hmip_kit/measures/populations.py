"""Populations: how many cases the inspected ones were drawn from, where somebody knows."""

from collections.abc import Mapping

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection

Population = int | Mapping[str, int] | Mapping[tuple[str, str], int]


def populations(
    inspection: Inspection, groups: list[str], counts: pd.DataFrame, size: Population
) -> pd.Series:
    """Return, for each row of counts, the number of cases to which its question applies in what its cases were drawn from.

    Of a group's N, the share to which a question does not apply is taken from its sample, so that the sampling fraction is that of
    the cases (Cochran 1977, section 2.12). On totals, which do not state it, N is taken whole. A group without cases has no N.
    Raises `KitError` for practice cases, which were drawn from nothing, for a group whose N is not given, and for N below its sample.
    """
    if inspection.cases_are == "practice":
        raise KitError("practice cases are made up: they were drawn from no population")
    if bool(groups) != isinstance(size, Mapping):
        wanted = "one number per group" if groups else "one number"
        raise KitError(
            f"population_size has to be {wanted} here, the cases that those inspected were drawn from"
        )
    inspected = _inspected(inspection, counts)
    names = counts[groups].astype("str").to_numpy().tolist()
    sizes = [_of_group(tuple(group), n, size) for group, n in zip(names, inspected, strict=True)]
    drawn_from = pd.Series(sizes, index=counts.index, dtype="float64")
    for n, population in zip(inspected, drawn_from, strict=True):
        if n and population < n:
            raise KitError(
                f"population_size {population:g} is smaller than the {n} cases inspected"
            )
    left_out = (
        drawn_from
        * counts["not_applicable"].fillna(0).astype("float64")
        / inspected.where(inspected > 0, 1).astype("float64")
    )
    return drawn_from - left_out


def _inspected(inspection: Inspection, counts: pd.DataFrame) -> pd.Series:
    if inspection.cases_are == "none":
        return counts["n"]
    return counts[["n", "not_applicable", "not_recorded"]].sum(axis=1)


def _of_group(group: tuple[str, ...], inspected: int, size: Population) -> float:
    if not isinstance(size, Mapping):
        return float(size)
    known: dict[tuple[str, ...], int] = {
        one if isinstance(one, tuple) else (one,): many for one, many in size.items()
    }
    if group not in known and inspected:
        raise KitError(
            f"population_size has no number for {' and '.join(group)}: it needs one for each group with cases"
        )
    return float(known.get(group, 0))
