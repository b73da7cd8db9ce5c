"""Whether casework differs between groups of people, as far as a sample can say; own cases only.

One summary, chosen beforehand, is tested; each key question has an interval and no p.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hmip_kit.counts import ALL, answer_key, count, counted, truth
from hmip_kit.counts.questions import checked_groups
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Row, Said, finding
from hmip_kit.findings.shares import COMPARABLE
from hmip_kit.inspection import Inspection
from hmip_kit.schema import NOT_RECORDED, label_of
from hmip_kit.settings import CONFIDENCE, CONFIDENCE_TEXT, FEWEST_ANSWERED, FEWEST_FOR_A_BAR
from hmip_kit.stats import mean_difference
from hmip_kit.stats.intervals import INTERVAL_TEXT, floats
from hmip_kit.stats.words import fits, number, plural, range_said, signed

OTHERS = "All other groups recorded"
NOTES = (
    "One summary is tested, chosen beforehand: the mean number of key questions judged sufficient "
    "per case. A case that did not answer all of them counts with those that it did, each beside "
    "what all cases have on that question.",
    "Groups differ in who is in them: see what they are made up of before reading a difference as "
    "unequal treatment.",
)


@finding(
    question="Does casework differ between groups of people?",
    needs=("own cases", "key questions"),
    follows=False,
    shown_by="one group",
    label="Comparison of groups",
)
def compare(
    inspection: Inspection,
    by: str = "ethnicity",
    reference: str | None = None,
    *,
    together: bool = False,
    within: str | None = None,
) -> Finding:
    """Return how many key questions were sufficient per case, each group against one, as a table.

    Parameters
    ----------
    inspection : Inspection
        Your own cases.
    by : str
        The characteristic that makes the groups.
    reference : str, optional
        The group to compare with; else the largest.
    together : bool
        Whether all other recorded groups are compared as one.
    within : str, optional
        A characteristic within whose values to compare: differences are weighted by how much each
        value tells, and cases shared out within it.

    Returns
    -------
    Finding
        A row per group: `group, reference, questions` (casework key questions that were answered),
        `within, n_group, n_reference`, cases with six answered or more (a setting); `mean_group,
        mean_reference`, the mean number sufficient per case, standardised by question;
        `answered_group, answered_reference`, the mean number answered; `difference, low, high` of
        the means, and the two-sided `p`. Both allow for several groups (Bonferroni), and agree
        about zero. A group under ten cases, and "Not recorded", is not compared.

    Raises
    ------
    UnknownName
        For a characteristic or group that there is not.
    KitError
        For groups within themselves.

    Notes
    -----
    See `stats.mean_difference`. A case's number is that of all questions, were each of those that
    it answered as far from what all cases have on it as their mean is.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.compare().title[-39:]
    'Comparison of groups: not in these data'
    """
    sides = sides_of(inspection, by, reference, together, within)
    rows = summary_of(inspection, by, sides, within)
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: compared_said(shown, rows, by),
        columns={
            "group": label_of(by),
            "reference": "Compared with",
            "means": "Key questions sufficient per case: group, then compared with",
            "answered_text": "Answered per case",
            "points": "Difference",
            "range": INTERVAL_TEXT,
            "p_text": "p",
        },
        measure=f"Mean number of key questions judged sufficient, by {label_of(by).lower()}",
        notes=(*NOTES, _how(rows)),
        protect=Protect(group=by),
        variant=by,
    )


Sides = tuple[dict[str, str], str]  # the group of each value that there is; the reference


def sides_of(
    inspection: Inspection, by: str, reference: str | None, together: bool, within: str | None
) -> Sides:
    """Return the groups of an `inspection` `by` a characteristic, and the one compared with.

    `reference`, `together` and `within` are as in `compare`, with what it raises.
    """
    checked_groups(inspection, [by] if within is None else [by, within])
    sized = count(inspection, [ALL], [by])
    values = zip(sized[by].astype("str"), sized[ALL], strict=True)
    sizes = {name: int(size) for name, size in values if size}
    recorded = [name for name in sizes if name != NOT_RECORDED]
    if reference is not None and reference not in recorded:
        inspection.check_values(by, (reference,))
        raise NotInData(f"{label_of(by)}: no group of these cases is recorded as {reference!r}.")
    if len(recorded) < 2:
        raise NotInData(
            f"{label_of(by)}: a comparison needs two recorded groups; recorded here: "
            f"{number(len(recorded))}."
        )
    chosen = reference or max(recorded, key=sizes.__getitem__)
    alone = (chosen, NOT_RECORDED) if together else sizes
    return {name: name if name in alone else OTHERS for name in sizes}, chosen


def answered_key(inspection: Inspection) -> list[str]:
    """Return the key questions of casework that some case of an `inspection` answers Yes or No."""
    asked = [one for one in inspection.framework.casework_key if one in inspection.questions]
    answered = counted(inspection, [answer_key(one, "n") for one in asked])
    key = [one for one in asked if answered[answer_key(one, "n")]]
    if not key:
        raise NotInData("No key question of casework is answered in these cases.")
    return key


def summary_of(inspection: Inspection, by: str, sides: Sides, within: str | None) -> pd.DataFrame:
    """Return the rows of `compare` on an `inspection`, `by` a characteristic, for the `sides`.

    `within` is as there.
    """
    (of, reference), key = sides, answered_key(inspection)
    cases = _numbers(inspection, key, [by, within] if within else [by])
    cases["group"] = cases[by].astype("str").map(of).to_numpy()
    cases["stratum"] = cases[within].cat.codes.to_numpy() if within else 0
    enough = cases["answered"] >= min(FEWEST_ANSWERED, len(key))
    others = [name for name in dict.fromkeys(of.values()) if name != reference]
    sizes = cases[enough]["group"].value_counts()
    compared = [name for name in others if _is_compared(name, reference, sizes)]
    facts = {"reference": reference, "questions": len(key), "within": within or ""}
    confidence = 1 - (1 - CONFIDENCE) / max(1, len(compared))  # of several together
    rows = pd.DataFrame(
        {"group": name}
        | facts
        | _tested(cases[enough], (name, reference), confidence if name in compared else None)
        for name in others
    )
    rows["p"] = (rows["p"] * len(compared)).clip(upper=1)
    words = pd.DataFrame(map(_in_words, rows.to_dict("records")))
    return rows.assign(**{by: rows["group"]}).join(words)


def _numbers(inspection: Inspection, key: Sequence[str], by: Sequence[str]) -> pd.DataFrame:
    """Return a row a case, with its groups: how many questions it `answered`, and its `value`.

    That is how many were sufficient, as if it had answered all of them: one that did has its number
    of Yes. 1 of 1 on a question that most pass is not 12 of 12: it is as far above what all cases
    have on the questions that it answered.
    """
    truths = {
        what: [truth(inspection, answer_key(one, what)) for one in key] for what in ("yes", "n")
    }
    rows = inspection.all_cases.tabulated(truths, by, inspection.keep)
    yes, n = (rows[what].to_numpy()[:, None] >> np.arange(len(key)) & 1 for what in truths)
    many = rows.pop("cases").to_numpy()
    share = many @ yes / np.maximum(many @ n, 1)
    over = np.where(n == 1, yes - share, 0).sum(axis=1)
    answered = n.sum(axis=1)
    found = share.sum() + share.size * over / np.maximum(answered, 1)
    values = floats(np.round(found, 9))  # whole numbers stay whole
    rows = rows.assign(value=values, answered=answered)
    each = rows.loc[rows.index.repeat(many)]
    # In an order that is not the file's: p is then the same in whatever order the cases stand.
    return each.sort_values([*by, "value"], kind="stable", ignore_index=True)


def _is_compared(name: str, reference: str, sizes: "pd.Series[int]") -> bool:
    least = min(sizes.get(one, 0) for one in (name, reference))
    return bool(name != NOT_RECORDED and least >= FEWEST_FOR_A_BAR)


def _tested(cases: pd.DataFrame, pair: tuple[str, str], confidence: float | None) -> Row:
    """Return what is known of a pair of groups: interval and p where they are compared."""
    here = cases[cases["group"].isin(pair)]
    in_group = (here["group"] == pair[0]).to_numpy()
    means: Row = {
        f"{name}_{side}": here.loc[which, column].mean()
        for name, column in (("mean", "value"), ("answered", "answered"))
        for side, which in (("group", in_group), ("reference", ~in_group))
    }
    sizes: Row = {"n_group": int(in_group.sum()), "n_reference": int((~in_group).sum())}
    values, strata = here["value"].to_numpy(), here["stratum"].to_numpy()
    found = (np.nan,) * 4
    if confidence:
        found = mean_difference(values, in_group, strata, confidence)
    return sizes | means | dict(zip(("difference", "low", "high", "p"), found, strict=True))


def _in_words(row: Row) -> dict[str, str]:
    if pd.isna(row["p"]):
        blank = dict.fromkeys(("answered_text", "points", "range", "p_text"), "")
        return {"means": "not compared", **blank}
    return {
        "means": f"{row['mean_group']:.1f}, {row['mean_reference']:.1f} of {row['questions']}",
        "answered_text": f"{row['answered_group']:.1f}, {row['answered_reference']:.1f}",
        "points": signed(row["difference"], 1),
        "range": range_said(row["low"], row["high"], 1),
        "p_text": f"{row['p']:.2g}",
    }


def compared_said(shown: pd.DataFrame, whole: pd.DataFrame, by: str) -> Said:
    """Return what is said of those rows of a summary that are `shown`, out of the `whole`.

    `by` is what makes the groups.
    """
    label, tested = label_of(by).lower(), shown[shown["p"].notna()]
    said = " ".join(f"{_row_said(row)}." for row in shown.to_dict("records"))
    if tested.empty and whole["p"].notna().any():
        return f"Differences by {label}: none shown", "Those that could be compared are not shown."
    if tested.empty:
        why = said or COMPARABLE
        return f"No group by {label} is large enough to compare", why
    parts = [
        f"{row['group']} {'below' if row['difference'] < 0 else 'above'} {row['reference']}"
        for row in tested[(tested["low"] > 0) | (tested["high"] < 0)].to_dict("records")
    ]
    if not parts:
        return f"No difference by {label} beyond chance: that is not the same as none", said
    return f"Key questions sufficient per case, beyond chance: {'; '.join(parts)}", said


def _row_said(row: Row) -> str:
    if pd.isna(row["p"]):
        return f"{row['group']}: {_why_not(row)}"
    within = f" within {label_of(row['within']).lower()}" if row["within"] else ""
    ways = fits(row["low"], row["high"], "question", ("fewer", "more"), 1)
    return (
        f"{row['group']}, {plural(row['n_group'], 'case')}: {row['mean_group']:.1f} of "
        f"{row['questions']} key questions sufficient per case; {row['reference']}, "
        f"{plural(row['n_reference'], 'case')}: {row['mean_reference']:.1f}. The "
        f"difference{within} is {row['points']}, and the data fit anything {ways} "
        f"({CONFIDENCE_TEXT} interval)"
    )


def _how(rows: pd.DataFrame) -> str:
    """Return how interval and p were made, and which cases were left out."""
    several = " Both allow for several groups (Bonferroni)." * int(rows["p"].notna().sum() > 1)
    return (
        "Interval and p come from sharing the cases out again, and agree about zero."
        f"{several} Cases with under {number(FEWEST_ANSWERED)} key questions answered are left out."
    )


def _why_not(row: Row) -> str:
    """Return why a group is not compared."""
    n, other = row["n_group"], row["n_reference"]
    few = f"too few to compare (fewer than {FEWEST_FOR_A_BAR})"
    reasons = {
        f"{plural(n, 'case')}, not compared": row["group"] == NOT_RECORDED,
        f"{plural(n, 'case')}, {few}": n < FEWEST_FOR_A_BAR,
        f"{plural(other, 'case')} to compare with, {few}": other < FEWEST_FOR_A_BAR,
        "not compared, because no value compared within has cases of both groups": True,
    }
    return next(why for why, holds in reasons.items() if holds)
