"""The verdict on one figure: a percentage on a base, words that stand for a range, a restatement, parts of a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import pandas as pd

from hmip_kit.measures.figure_bases import PERCENT, Base
from hmip_kit.measures.possible_counts import has_power, possible_counts
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import listed, whole_percent

FITS, AGREES, ADDS_UP = "fits", "agrees", "adds up"
DOES_NOT_FIT, DIFFERS, LEFT_OVER, TOO_MANY = "does not fit", "differs", "left over", "too many"
BASE_NOT_STATED, NO_POWER = "base not stated", "no power"
AMISS = (DOES_NOT_FIT, DIFFERS, LEFT_OVER, TOO_MANY)  # verdicts that a reader must know of


@dataclass(frozen=True)
class Checked:
    """A verdict, why, and the base that was used, where there was one."""

    verdict: str
    why: str
    base: int | None = None


def percentage_checked(printed: str, base: Base, bases: Sequence[int]) -> Checked:
    """Return whether some whole count out of a base rounds to a percentage as printed; `bases` are others that the report states."""
    if not base.known or base.size is None:
        return Checked(BASE_NOT_STATED, _fitting_parts(printed, base))
    n = base.size
    if not has_power(printed, n):
        return Checked(
            NO_POWER,
            f"Out of {n}, every percentage has a count: the check can show nothing from 101 cases on.",
            n,
        )
    counts = possible_counts(printed, n)
    if counts:
        return Checked(FITS, f"{printed} is {listed([str(count) for count in counts])} of {n}.", n)
    others = [
        f"{possible_counts(printed, other)[0]} of {other}"
        for other in bases
        if has_power(printed, other) and possible_counts(printed, other)
    ]
    fits = (
        f" Among the bases that the report states, {listed(others)} {'fits' if len(others) == 1 else 'fit'}."
        if others
        else ""
    )
    return Checked(
        DOES_NOT_FIT, f"No count out of {n} gives {printed}: {_nearest(printed, n)}.{fits}", n
    )


def words_checked(row: Row, base: Base) -> Checked:
    """Return whether some whole count out of a base lies in the range that words allow; an exact fraction must be a whole count."""
    said, low, high = row["words"] or row["printed"], row["low"], row["high"]
    if not base.known or base.size is None or pd.isna(low) or pd.isna(high):
        return Checked(
            BASE_NOT_STATED, f"“{said}”: base not stated, so there is no count to check."
        )
    n: int = base.size
    least, most = ceil(low * n / 100), floor(high * n / 100)
    if least > most:
        return Checked(
            DOES_NOT_FIT,
            f"“{said}” of {n} is not a whole count{_exactly(float(low), float(high), base)}.",
            n,
        )
    if base.least:
        return Checked(BASE_NOT_STATED, f"“{said}”: the base is not stated; it is at least {n}.")
    return Checked(
        FITS, f"“{said}” allows {least if least == most else f'{least} to {most}'} of {n}.", n
    )


def restatement_checked(row: Row, first: Row, bases: Sequence[int]) -> Checked:
    """Return whether a figure agrees with the one that it states again, and where it does not, which stated base would make it agree."""
    n: int | None = None if pd.isna(first["denominator"]) else int(first["denominator"])
    if _agree(row, first):
        return Checked(AGREES, f"{row['printed']} here, {first['printed']} there.", n)
    if n and row["unit"] == PERCENT and first["unit"] != PERCENT and not pd.isna(row["value"]):
        yes, printed = int(first["numerator"]), row["printed"]
        none = "" if possible_counts(printed, n) else f"; no count out of {n} gives {printed}"
        others = [
            f"{yes} of {other} is {printed}"
            for other in bases
            if other != n and yes in possible_counts(printed, other)
        ]
        return Checked(
            DIFFERS,
            f"{yes} of {n} is {whole_percent(yes, n)}, not {printed}{none}.{f' {listed(others)}.' if others else ''}",
            n,
        )
    return Checked(DIFFERS, f"{row['printed']} here, {first['printed']} there.", n)


def parts_checked(whole: Row, parts: Sequence[Row]) -> Checked:
    """Return whether parts add up to their whole: percentages to 100 within their rounding, counts to the whole's own count."""
    shares = parts[0]["unit"] == PERCENT
    total, value = (
        sum(float(part["value"]) for part in parts),
        100.0 if shares else float(whole["value"]),
    )
    rest, sign = value - total, "%" if shares else ""
    terms = " + ".join(f"{float(part['value']):g}{sign}" for part in parts)
    said = f"{terms} = {total:g}{sign} of {value:g}{sign}"
    size: int | None = None if pd.isna(whole["value"]) else int(whole["value"])
    if rest == 0 or (shares and abs(rest) <= len(parts) / 2):
        return Checked(ADDS_UP, f"{said}.", size)
    if rest < 0:
        return Checked(TOO_MANY, f"{said}: {-rest:g}{sign} too many.", size)
    return Checked(
        LEFT_OVER, f"{said}: {rest:g}{sign} in none of the parts that the report prints.", size
    )


def _agree(row: Row, first: Row) -> bool:
    """Return whether two statements of one figure can both be true: the same number, a count that rounds to it, words that allow it."""
    for one, other in ((row, first), (first, row)):
        if not pd.isna(one["low"]) and not pd.isna(one["high"]) and one["unit"] == PERCENT:
            said = _percent_range(other)
            return said is None or bool(one["low"] <= said[1] and said[0] <= one["high"])
        if one["unit"] == PERCENT != other["unit"] and not pd.isna(other["denominator"]):
            return int(other["numerator"]) in possible_counts(
                one["printed"], int(other["denominator"])
            )
    values = [one["value"] for one in (row, first)]
    return not pd.isna(values).any() and values[0] == values[1] and _same_base(row, first)


def _same_base(row: Row, first: Row) -> bool:
    bases = [one["denominator"] for one in (row, first) if not pd.isna(one["denominator"])]
    return len(set(bases)) < 2


def _percent_range(row: Row) -> tuple[float, float] | None:
    """Return the least and most, in percent, that a figure says; none where it has no number."""
    if not pd.isna(row["low"]) and not pd.isna(row["high"]):
        return float(row["low"]), float(row["high"])
    if row["unit"] != PERCENT and not pd.isna(row["denominator"]):
        return (100 * float(row["numerator"]) / float(row["denominator"]),) * 2
    return None if pd.isna(row["value"]) else (float(row["value"]), float(row["value"]))


def _nearest(printed: str, n: int) -> str:
    """Return the counts next to a percentage that has none, each with the percentage that it gives."""
    below = floor(float(printed.rstrip("% ")) * n / 100)
    decimals = len(printed.rstrip("% ").partition(".")[2])
    near = [count for count in (below, below + 1) if 0 <= count <= n]
    return listed(
        [
            f"{count} of {n} is {floor(100 * count / n * 10**decimals + 0.5) / 10**decimals:g}%"
            for count in near
        ]
    )


def _fitting_parts(printed: str, base: Base) -> str:
    """Return what an unstated base could be, where it is part of a group small enough for the answer to mean something."""
    if base.size is None or base.least or not has_power(printed, base.size):
        return "Base not stated."
    fitting = [
        f"{counts[0]} of {n}"
        for n in range(2, base.size + 1)
        if len(counts := possible_counts(printed, n)) == 1
    ]
    return (
        f"Base not stated; it is at most {base.size}. These fit: {listed(fitting)}."
        if fitting
        else f"Base not stated; none up to {base.size} fits."
    )


def _exactly(low: float, high: float, base: Base) -> str:
    """Return which of the next bases an exact fraction fits, where the base itself is only the least it can be."""
    n = base.size or 0
    near = [
        str(other)
        for other in (n - 1, n + 1)
        if ceil(low * other / 100) <= floor(high * other / 100)
    ]
    stated = (
        f": the base is not stated, and {n} is the largest that the report prints"
        if base.least
        else ""
    )
    return f"{stated}; {' or '.join(near)} would fit" if near else stated
