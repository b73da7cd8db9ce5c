"""Whether published figures can be true together: on their bases, restated, and as parts."""

from collections.abc import Sequence
from itertools import takewhile
from math import ceil, floor
from typing import NamedTuple

import pandas as pd

from hmip_kit.counts.figures import (
    PERCENT,
    PLACE,
    Base,
    base_of,
    completed,
    stated_bases,
    stated_count,
)
from hmip_kit.doors import LACKING
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Row, Said, finding
from hmip_kit.inspection import Inspection
from hmip_kit.stats.samples import PRINTED, has_power, possible_counts
from hmip_kit.stats.words import capital, listed, number, whole_percent

FITS, AGREES, ADDS_UP = "fits", "agrees", "adds up"
DOES_NOT_FIT, DIFFERS, LEFT_OVER, TOO_MANY = "does not fit", "differs", "left over", "too many"
BASE_NOT_STATED, NO_POWER = "base not stated", "no power"
ALIKE = ("measure", "population", "when", "unit")
AMISS = (DOES_NOT_FIT, DIFFERS, LEFT_OVER, TOO_MANY)  # verdicts that a reader must know of
CHECKED = ["figure", "section", "measure", "printed", "check", "base", "verdict", "why"]
NOTES = (
    "Of 101 cases or more, every whole percentage has a count: there the check can show nothing.",
    "Nothing is repaired: figures stay as they are printed. What is left over may be in no part "
    "that the report names.",
)


class _Verdict(NamedTuple):
    verdict: str
    why: str
    base: int | None = None


@finding(
    question="Which published figures cannot be true together?",
    needs="",
    follows=False,
    shown_by="all cases",
    label="Published figures against their bases",
)
def figure_checks(inspection: Inspection, every: bool = False) -> Finding:
    """Return the published figures that need a reader's attention, as a table.

    They do not fit their base, differ from their restatement, or leave some over as parts.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.
    every : bool
        Whether to show every check, also those in which all is well.

    Returns
    -------
    Finding
        A row per check, of which a figure may have several: `figure, section, measure, printed`;
        `check`, which is percentage, words, restatement or parts; `base`, what was used; `verdict`
        and `why`. Verdicts are "fits", "agrees", "adds up"; "does not fit", "differs", "left over",
        "too many"; "base not stated", "no power". Key questions are checked too. No rows where all
        is well; where nothing is published, practice cases included, it says so.

    Notes
    -----
    Percentages: see `stats.possible_counts`. Bases are those stated, or the size of the group that
    a figure is of. Percentages of parts add up to 100 within half a point for each.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> rows = hk.load("lewisham-bromley-2022").show.figure_checks().rows
    >>> rows[rows["verdict"] == "differs"]["why"].item()
    '17 of 33 is 52%, not 40%; no count out of 33 gives 40%. 17 of 42 is 40%.'
    """
    checked = checked_figures(inspection)
    if checked.empty or inspection.has_cases:
        raise NotInData(LACKING["figures"])
    return Finding(
        inspection=inspection,
        rows=checked if every else checked[checked["verdict"].isin(AMISS)],
        say=lambda shown: _said(shown, checked["verdict"].value_counts()),
        columns={
            "measure": "Figure",
            "printed": "As printed",
            **PLACE,
            "verdict": "Verdict",
            "why": "Why",
        },
        measure="Published figures against their bases, their restatements and their parts",
        notes=NOTES,
        opens=False,
    )


def _said(rows: pd.DataFrame, all_checks: "pd.Series[int]") -> Said:
    amiss = rows.loc[rows["verdict"].isin(AMISS), "verdict"]
    named = [f"{one}: {number(int(many))}" for one, many in amiss.value_counts(sort=False).items()]
    said = capital("; ".join(named)) or "Nothing is amiss in what could be checked"
    open_ones, silent = (number(int(all_checks.get(one, 0))) for one in (BASE_NOT_STATED, NO_POWER))
    many = number(len(amiss)) if len(amiss) else "none"
    need = f"{'needs' if len(amiss) == 1 else 'need'} a reader's attention"
    return (
        f"{capital(many)} of {all_checks.sum()} checks {need}",
        f"{said}. Base not stated, so not checked: {open_ones}. Too many cases for the check to "
        f"show anything: {silent}.",
    )


def checked_figures(inspection: Inspection) -> pd.DataFrame:
    """Return every check of the figures of an `inspection`: see `figure_checks`."""
    figures = completed(inspection.figures)
    rows: list[Row] = [*figures.to_dict("records"), *_key_questions(inspection).to_dict("records")]
    bases = stated_bases(figures, inspection)
    shares = [row for row in rows if row["unit"] == PERCENT]
    checks = [
        *(_on_base(row, base_of(row, figures, inspection), bases) for row in shares),
        *(("restatement", row, _again(row, _first(row, rows), bases)) for row in rows),
        *(("parts", row, _parts(row, rows)) for row in rows),
    ]
    found = [{**row, "check": check, **one._asdict()} for check, row, one in checks if one]
    return pd.DataFrame(found, columns=CHECKED).astype({"base": "Int64"})


def _key_questions(inspection: Inspection) -> pd.DataFrame:
    """Return the published key questions as figures, under the standard that each belongs to."""
    published, framework = inspection.published, inspection.framework
    known = [framework.key(question) for question in published["question"]]
    named = published.assign(
        figure=published["question"],
        section=[one.standard if one else "" for one in known],
        measure=[framework.label(question) for question in published["question"]],
        value=published["percent"],
        denominator=published["n"],
        unit=PERCENT,
    )
    return completed(named)


def _on_base(row: Row, base: Base, bases: Sequence[int]) -> tuple[str, Row, _Verdict]:
    if pd.isna(row["value"]) or not pd.isna(row["low"]):
        return "words", row, _words(row, base)
    return "percentage", row, _percentage(row["printed"], base, bases)


def _percentage(printed: str, base: Base, bases: Sequence[int]) -> _Verdict:
    """Return whether some count out of a base is printed so; `bases` are others that are stated."""
    n = base.exact
    if n is None:
        part = f"; it is a part of {base.most}" if base.most else ""
        return _Verdict(BASE_NOT_STATED, f"Base not stated{part}.")
    if not has_power(printed, n):
        nothing = "the check can show nothing from 101 cases on"
        return _Verdict(NO_POWER, f"Out of {n}, every percentage has a count: {nothing}.", n)
    if counts := possible_counts(printed, n):
        return _Verdict(FITS, f"{printed} is {listed([*map(str, counts)])} of {n}.", n)
    none = f"No count out of {n} gives {printed}: {_nearest(printed, n)}."
    others = [
        f"{fit[0]} of {other}"
        for other in bases
        if has_power(printed, other) and (fit := possible_counts(printed, other))
    ]
    if others:
        fits = f"{listed(others)} {'fits' if len(others) == 1 else 'fit'}"
        none = f"{none} Among the bases that the report states, {fits}."
    return _Verdict(DOES_NOT_FIT, none, n)


def _nearest(printed: str, n: int) -> str:
    """Return the counts next to a percentage that has none, each with its own percentage."""
    whole, decimals = PRINTED.fullmatch(printed).groups("")  # type: ignore[union-attr]
    below, scale = floor(float(f"{whole}.{decimals}") * n / 100), 10 ** len(decimals)
    near = {
        count: floor(100 * count / n * scale + 0.5) / scale
        for count in (below, below + 1)
        if 0 <= count <= n
    }
    return listed([f"{count} of {n} is {share:g}%" for count, share in near.items()])


def _words(row: Row, base: Base) -> _Verdict:
    """Return whether some count lies in the range that words allow, both ends included."""
    said, n = f"“{row['words'] or row['printed']}”", base.exact or base.least
    if n is None or pd.isna(row["low"]) or pd.isna(row["high"]):
        return _Verdict(BASE_NOT_STATED, f"{said}: base not stated, so there is no count to check.")
    if base.least:
        return _Verdict(BASE_NOT_STATED, f"{said}: the base is not stated; it is at least {n}.")
    counts = _within(row, n)
    if not counts:
        near = " or ".join(str(other) for other in (n - 1, n + 1) if _within(row, other))
        would = f"; {near} would fit" if near else ""
        return _Verdict(DOES_NOT_FIT, f"{said} of {n} is not a whole count{would}.", n)
    told = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return _Verdict(FITS, f"{said} allows {told} of {n}.", n)


def _within(row: Row, n: int) -> range:
    """Return the counts out of `n` in the range that words allow; none in between."""
    return range(ceil(row["low"] * n / 100), floor(row["high"] * n / 100) + 1)


def _first(row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the figure that another states again; none where it states none again.

    Where no figure names the other, it is an earlier one of another section with the same measure,
    population, time and unit.
    """
    if row["restates"] or not row["population"]:
        return next((one for one in rows if one["figure"] == row["restates"]), None)
    alike = [
        one
        for one in takewhile(lambda one: one is not row, rows)
        if one["section"] != row["section"] and all(one[name] == row[name] for name in ALIKE)
    ]
    return next((one for one in alike if one["restates"] != row["figure"]), None)


def _again(row: Row, first: Row | None, bases: Sequence[int]) -> _Verdict | None:
    """Return whether a figure agrees with the `first` one, which it states again, if any.

    Where it does not, the reason says which of the `bases` that are stated would make it agree.
    """
    if first is None:
        return None
    printed, count = row["printed"], stated_count(first)
    base: int | None = None if pd.isna(first["denominator"]) else int(first["denominator"])
    both = f"{printed} here, {first['printed']} there."
    if _agree(row, first):
        return _Verdict(AGREES, both, base)
    if not count or pd.isna(row["value"]) or row["unit"] != PERCENT:
        return _Verdict(DIFFERS, both, base)
    yes, n = count
    none = "" if possible_counts(printed, n) else f"; no count out of {n} gives {printed}"
    others = [one for one in bases if one != n and yes in possible_counts(printed, one)]
    fits = f" {listed([f'{yes} of {one} is {printed}' for one in others])}." if others else ""
    why = f"{yes} of {n} is {whole_percent(yes, n)}, not {printed}{none}.{fits}"
    return _Verdict(DIFFERS, why, n)


def _agree(row: Row, first: Row) -> bool:
    """Return whether two statements of one figure can both be true.

    They can where they are the same number of one base, a percentage and a count that is printed
    so, or words and what they allow.
    """
    for one, other in ((row, first), (first, row)):
        if one["unit"] == PERCENT and pd.notna(one["low"]) and pd.notna(one["high"]):
            least, most = _ends(other)
            return pd.isna(least) or bool(one["low"] <= most and least <= one["high"])
        if one["unit"] == PERCENT and (count := stated_count(other)):
            return count[0] in possible_counts(one["printed"], count[1])
    bases = {one["denominator"] for one in (row, first) if pd.notna(one["denominator"])}
    return len(bases) < 2 and pd.notna(row["value"]) and row["value"] == first["value"]


def _ends(row: Row) -> tuple[float, float]:
    """Return the least and most, in percent, that a figure says; missing without a number."""
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        return row["low"], row["high"]
    count = stated_count(row)
    share = 100 * count[0] / count[1] if count else row["value"]
    return share, share


def _parts(whole: Row, rows: Sequence[Row]) -> _Verdict | None:
    """Return whether the parts of a figure, if it has two or more in one unit, add up.

    Percentages add up to 100 within their rounding, counts to the figure's own.
    """
    parts = [row for row in rows if row["part_of"] == whole["figure"] and pd.notna(row["value"])]
    units = {row["unit"] for row in parts}
    shares, stated = units == {PERCENT}, pd.notna(whole["value"])
    if len(parts) < 2 or len(units) > 1 or not (shares or stated):
        return None
    sign, value, rounding = ("%", 100, len(parts) / 2) if shares else ("", whole["value"], 0)
    size: int | None = int(whole["value"]) if stated else None
    values = [float(part["value"]) for part in parts]
    rest = value - sum(values)
    terms = " + ".join(f"{one:g}{sign}" for one in values)
    said = f"{terms} = {sum(values):g}{sign} of {value:g}{sign}"
    if abs(rest) <= rounding:
        return _Verdict(ADDS_UP, f"{said}.", size)
    if rest < 0:
        return _Verdict(TOO_MANY, f"{said}: {-rest:g}{sign} too many.", size)
    left = f"{rest:g}{sign} in none of the parts that the report prints"
    return _Verdict(LEFT_OVER, f"{said}: {left}.", size)
