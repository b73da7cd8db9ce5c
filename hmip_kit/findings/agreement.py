"""How far two auditors agree on the same cases."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from hmip_kit.cases import MISSING_CODE, Codes
from hmip_kit.collection import Against
from hmip_kit.counts.ratings import bases
from hmip_kit.errors import KitError, NotInData
from hmip_kit.findings import Finding, Protect, Row, Said, finding
from hmip_kit.findings.ratings import rule_said
from hmip_kit.inspection import Inspection
from hmip_kit.schema import ANSWERS, MODERATED_ANSWERS, SECOND_ANSWERS
from hmip_kit.settings import CONFIDENCE, FEWEST_FOR_A_BAR
from hmip_kit.stats.intervals import INTERVAL_TEXT
from hmip_kit.stats.words import listed, number, plural, say, whole_percent

MOST_NAMED, MOST_TOLD = 2, 5  # questions on which auditors differ, in a title and in a sentence


@finding(
    question="How far do two auditors agree on the same cases?",
    needs="cases",
    follows=False,
    shown_by="all cases",
)
def agreement(compared: Against | Inspection) -> Finding:
    """Return in how many cases two auditors gave the same answer, the fewest first, as a table.

    Cases are matched on `case_id`; a case or an answer that one of the two lacks does not count.
    Which cases differ is not told.

    Parameters
    ----------
    compared : Against or Inspection
        The first auditor's cases and the second's; of one inspection, its own second answers.

    Returns
    -------
    Finding
        A row per question: `question, label`; `agreed` of `n` cases, `percent`; `first_yes,
        second_yes`, cases with Yes; `kappa`, Cohen's kappa over Yes, No and Not applicable, with
        its 95% interval `kappa_low, kappa_high`, missing under ten cases and where one auditor gave
        the same answer throughout, because it needs both to vary; `counts, share, kappa_text`, the
        same in words. Where the two have no case, or no
        answered question, in common the finding says so.

    Raises
    ------
    KitError
        For more than two inspections.

    Notes
    -----
    Cohen (1960), by `statsmodels.stats.inter_rater.cohens_kappa`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> cases = hk.load("practice-cases")
    >>> cases.against(cases).show.agreement().title[-38:]
    'Two auditors agreed in all 924 answers'
    """
    if isinstance(compared, Inspection):
        compared = compared.against(compared.second_auditor())
    if len(compared.all) > 2:
        raise KitError(f"agreement is of two auditors: {len(compared.all)} are given")
    both = len(set.intersection(*({*one.answers["case_id"].astype("str")} for one in compared.all)))
    return Finding(
        inspection=next((one for one in compared.all if one.protected), compared.inspection),
        rows=_matched(compared),
        say=_agreed_said,
        columns={
            "label": "Question",
            "counts": "Agreed",
            "share": "Percentage",
            "kappa_text": f"Cohen's kappa, {INTERVAL_TEXT}",
        },
        measure="Cases in which two auditors gave the same answer",
        cases=f"{plural(both, 'case')} audited twice",
        notes=(
            "Kappa is agreement beyond what the two auditors' shares of each answer would give by "
            "chance; it has no unit, and 1 is all.",
        ),
        protect=Protect(beside=compared.all, paired=both),
    )


def _matched(compared: Against) -> pd.DataFrame:
    first, second = compared.all
    if first.made_up != second.made_up:
        raise NotInData("One of the two has made-up cases, which do not stand beside real ones.")
    places = [one.cases[["case_id"]].assign(place=range(one.size)) for one in compared.all]
    both = places[0].merge(places[1], on="case_id", suffixes=("_first", "_second"))
    if both.empty:
        raise NotInData(f"{first.title} and {second.title} have no case_id in common.")
    rows = [
        {"question": question, "label": first.framework.label(question)}
        | _agreed(
            first.coded(question)[both["place_first"]],
            second.coded(question)[both["place_second"]],
        )
        for question in first.questions
        if question in second.questions
    ]
    found = pd.DataFrame(row for row in rows if row["n"])
    if found.empty:
        raise NotInData(f"{first.title} and {second.title} answer no question in common.")
    return found.sort_values("percent", kind="stable", ignore_index=True)


def _agreed(first: Codes, second: Codes) -> Row:
    from statsmodels.stats.inter_rater import cohens_kappa

    given = (first != MISSING_CODE) & (second != MISSING_CODE)
    table = np.zeros((len(ANSWERS), len(ANSWERS)))
    np.add.at(table, (first[given], second[given]), 1)
    n, agreed = int(given.sum()), int(np.trace(table))
    vary = all((table.sum(axis=axis) > 0).sum() > 1 for axis in (0, 1))
    enough = n >= FEWEST_FOR_A_BAR
    kappa, low, high = np.nan, np.nan, np.nan
    if enough and vary:
        with np.errstate(invalid="ignore"):  # a variance of nought can come out as just under it
            found = cohens_kappa(table)
        reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * max(0, found.var_kappa) ** 0.5
        kappa, low, high = found.kappa, found.kappa - reach, min(1.0, found.kappa + reach)
    return {
        "agreed": agreed,
        "n": n,
        "percent": 100 * agreed / n if n else np.nan,
        "first_yes": int(table[0].sum()),
        "second_yes": int(table[:, 0].sum()),
        "kappa": float(kappa),
        "kappa_low": float(low),
        "kappa_high": float(high),
        "counts": say("count", yes=agreed, n=n),
        "share": whole_percent(agreed, n) if enough else "",
        "kappa_text": "" if np.isnan(kappa) else f"{kappa:.2f} ({low:.2f} to {high:.2f})",
    }


def _agreed_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "What two auditors agreed on", "There is nothing to show."
    agreed, n = int(rows["agreed"].sum()), int(rows["n"].sum())
    if agreed == n:
        return (
            f"Two auditors agreed in {'all' if n > 1 else 'the'} {plural(n, 'answer')}",
            "They differ on no question.",
        )
    least = list(rows.loc[rows["percent"] == rows["percent"].min(), "label"])
    names = listed(least) if len(least) <= MOST_NAMED else f"{number(len(least))} questions"
    told = list((rows["label"] + ", agreed in " + rows["counts"])[rows["agreed"] < rows["n"]])
    if len(told) > MOST_TOLD:
        told[MOST_TOLD:] = [f"and {number(len(told) - MOST_TOLD)} more"]
    said = f"They differ on: {'; '.join(told)}."
    counted = say("count", yes=agreed, n=n)
    return f"Two auditors agreed in {counted} answers, least on {names}", said


@finding(
    question="What would each of two auditors rate?",
    needs=("second answers", "real data"),
    follows=False,
    shown_by="all cases",
    label="Two auditors: what each would rate",
)
def two_auditors(inspection: Inspection) -> Finding:
    """Return the rating of each casework standard by each auditor's answers, on the same cases.

    Parameters
    ----------
    inspection : Inspection
        Cases of which some were audited twice.

    Returns
    -------
    Finding
        A row per casework standard: `standard`, `n`, the cases audited twice, and the rating by the
        rule with the count of its lowest key question, `first_text`, `second_text` and, where the
        file has moderated answers, `moderated_text`; `same`, whether the two rate alike.

    Notes
    -----
    The framework's rule; its bands are unverified. A standard is rated on a part of the cases here,
    only to set two auditors side by side.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.two_auditors().title
    'Practice cases: Two auditors: what each would rate: not in these data'
    """
    sides = {"first": "answers", "second": SECOND_ANSWERS, "moderated": MODERATED_ANSWERS}
    again = set(inspection.frames[SECOND_ANSWERS]["case_id"].astype("str"))
    twice = [one for one in inspection.cases["case_id"].astype("str") if one in again]
    rated = {
        side: _rated(inspection, frame, twice)
        for side, frame in sides.items()
        if frame in inspection.frames
    }
    rows = pd.DataFrame(
        {"standard": standard, "n": len(twice)}
        | {f"{side}_text": by.get(standard, "") for side, by in rated.items()}
        for standard in rated["first"]
    )
    if rows.empty:
        raise NotInData("No casework standard was answered in the cases that were audited twice.")
    first, second = (rows[f"{side}_text"].str.split(",").str[0] for side in ("first", "second"))
    rows["same"] = first == second
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_rated_said,
        columns={"standard": "Standard"}
        | {f"{side}_text": f"By the {side} answers" for side in rated},
        measure="Rating of each casework standard by each auditor's answers",
        cases=f"{plural(len(twice), 'case')} audited twice",
        notes=(rule_said(inspection.framework.rule("bands")),),
        protect=Protect(paired=len(twice)),
    )


def _rated(inspection: Inspection, frame: str, twice: Sequence[str]) -> dict[str, str]:
    """Return the rating of each casework standard by the answers of a frame on some cases."""
    cases, answers = inspection.frames["cases"], inspection.frames[frame]
    frames = {
        "cases": cases[cases["case_id"].isin(twice)],
        "answers": answers[answers["case_id"].isin(twice)].astype({"case_id": "str"}),
    }
    found = Inspection(inspection.name, {"title": ""}, inspection.framework, frames, "own")
    return {
        name: f"{basis.rating or f'at most {basis.at_most}'}, "
        + say("count", yes=row["yes"], n=row["n"])
        for name, basis in bases(found).items()
        for row in basis.low.head(1).to_dict("records")
    }


def _rated_said(rows: pd.DataFrame) -> Said:
    many, alike = len(rows), int(rows["same"].sum())
    each = "; ".join(
        f"{row['standard']}: {row['first_text']}, and {row['second_text']}"
        for row in rows[~rows["same"]].to_dict("records")
    )
    said = f"They would rate otherwise: {each}." if each else "No rating differs between the two."
    return f"Two auditors would rate {alike} of {many} standards alike", said
