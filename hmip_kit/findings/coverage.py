"""What a sample covers: whom beside the caseload, and what was not recorded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hmip_kit.counts import ALL, answer_key, counted, group_key
from hmip_kit.counts.questions import Asked, checked_groups, question_counts
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Protect, Row, Said, finding
from hmip_kit.findings.shares import grouped_key
from hmip_kit.findings.units import ranges
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import Sign, text_value
from hmip_kit.schema import CASELOAD, label_of
from hmip_kit.settings import BLUE, CONFIDENCE, FEWEST_FOR_A_BAR, INK, ORANGE
from hmip_kit.stats.intervals import INTERVAL_TEXT, floats, wilson
from hmip_kit.stats.words import cases_said, count_said, range_said, say, signed

if TYPE_CHECKING:
    import altair as alt

OVER, UNDER = "over-represented", "under-represented"


@finding(
    question="Is the sample like the caseload that it was drawn from?",
    needs=("cases", "caseload", "real data"),
    follows=False,
    shown_by="all cases",
    label="The sample beside the caseload",
)
def sample_and_caseload(inspection: Inspection) -> Finding:
    """Return each group's share of the sample beside its share of the caseload.

    Parameters
    ----------
    inspection : Inspection
        Your own cases, whose file states its caseload by a characteristic or several.

    Returns
    -------
    Finding
        A row per group that the caseload counts: `characteristic, label, value`; `cases` of `n`
        in the sample, `in_caseload` of `caseload`; `percent`, `expected`; `difference` in
        percentage points with its Wilson interval `low, high`, missing under ten cases;
        `position_text` (over-represented, under-represented, or blank where the interval holds
        nought); `text, fits`.

    Notes
    -----
    Wilson (1927), less the caseload's share, which is counted and has no error of sampling.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-rounds").show.sample_and_caseload().title[-27:]
    'caseload: not in these data'
    """
    rows = pd.DataFrame(_beside(inspection))
    if rows.empty:
        raise NotInData("The caseload is stated in all alone, by no characteristic of the cases.")
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_beside_said,
        columns={
            "label": "Characteristic",
            "value": "Group",
            "text": "Sample",
            "caseload_share": "Caseload",
            "fits": f"Difference in points, {INTERVAL_TEXT}",
            "position_text": "In the sample",
        },
        measure="Share of each group in the sample, and in the caseload",
        notes=(
            "The caseload is that of a day, the sample of a period: some difference is to be "
            "expected of groups that stay for a longer or a shorter time.",
        ),
        protect=Protect(people=("cases",)),
        counts={"cases": rows["key"].tolist()},
    )


def _beside(inspection: Inspection) -> list[Row]:
    sums = (
        inspection.frames[CASELOAD].groupby(["characteristic", "value"], sort=False)["cases"].sum()
    )
    known, rows = inspection.characteristics, list[Row]()
    for name in (one for one in sums.index.unique(0) if one in known):
        load = sums[name]
        values = [value for value in load.index if value in known[name]]
        sizes = counted(inspection, [group_key(name, one, ALL) for one in values])
        n = sum(sizes.values())
        for value, (key, cases) in zip(values, sizes.items(), strict=True):
            expected = 100 * load[value] / load.sum()
            enough = n >= FEWEST_FOR_A_BAR
            low, high = (end - expected if enough else np.nan for end in wilson(cases, n))
            difference = 100 * cases / n - expected if enough else np.nan
            rows.append(
                {
                    "characteristic": name,
                    "label": label_of(name),
                    "value": value,
                    "key": key,
                    "cases": cases,
                    "n": n,
                    "in_caseload": int(load[value]),
                    "caseload": int(load.sum()),
                    "percent": 100 * cases / n if enough else np.nan,
                    "expected": expected,
                    "difference": difference,
                    "low": low,
                    "high": high,
                    "position_text": OVER if low > 0 else UNDER if high < 0 else "",
                    "text": cases_said(cases, n),
                    "caseload_share": count_said(load[value], load.sum()),
                    "fits": f"{signed(difference)} ({range_said(low, high)})" if enough else "",
                }
            )
    return rows


def _beside_said(rows: pd.DataFrame) -> Said:
    judged = rows[rows["low"].notna()]
    apart = judged[judged["position_text"] != ""]
    if judged.empty:
        return "Too few cases to set beside the caseload", "There is nothing to compare."
    said = "; ".join(
        f"{row['label']}, {row['value']}: {row['fits']} points, {row['position_text']}"
        for row in apart.to_dict("records")
    )
    chance = f"By chance alone {(1 - CONFIDENCE) * len(judged):.1f} of {len(judged)} would."
    none = "No group's share in the sample differs from its share in the caseload beyond chance."
    differ = "differs" if len(apart) == 1 else "differ"
    many = f"{len(apart) or 'None'} of {len(judged)} groups {differ}"
    return f"{many} from the caseload beyond chance", f"{said + '.' if said else none} {chance}"


@finding(
    question="How much was not recorded, and what could it hide?",
    needs=("cases", "key questions"),
    follows=False,
    shown_by="one group",
    label="What was not recorded",
)
def not_recorded(inspection: Inspection, by: str | None = None, questions: Asked = None) -> Finding:
    """Return how many answers to each question are not recorded, and what they leave open.

    Parameters
    ----------
    inspection : Inspection
        Cases.
    by : str, optional
        A characteristic to group the cases by.
    questions : str or several, optional
        Questions by their ids; without, the key questions.

    Returns
    -------
    Finding
        A row per question, and group: `question, label`; `not_recorded` of the `asked` cases to
        which the question applies, `rate` in percent; `yes` of `n` answered; `worst, best`, the
        percentage of Yes if all that is not recorded were No, or Yes; `text, bounds_text`.

    Raises
    ------
    UnknownName
        For a characteristic or question that there is not.

    Notes
    -----
    Manski (1995): the bounds need no assumption, and say nothing of what is likely.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("practice-cases").show.not_recorded().title[-37:]
    'Every question has all of its answers'
    """
    groups = checked_groups(inspection, by)
    rows = _bounds_of(question_counts(inspection, groups, questions), inspection, groups)
    told = rows.to_dict("records")
    return Finding(
        inspection=inspection,
        rows=rows,
        say=_not_recorded_said,
        columns={
            "line": "Key question",
            "text": "Not recorded",
            "bounds_text": "Sufficient: if all of it were No, or Yes",
        },
        measure="Answers not recorded, out of the cases to which the question applies",
        notes=("The two ends assume nothing; the truth may lie anywhere between.",),
        protect=Protect(group=by or ""),
        counts={
            what: [grouped_key(answer_key(row["question"], what), row, groups) for row in told]
            for what in ("not_recorded", "yes", "n")
        },
        draw=_draw_bounds,
        variant=by or "",
    )


def _bounds_of(rows: pd.DataFrame, inspection: Inspection, groups: Sequence[str]) -> pd.DataFrame:
    """Return counts of answers with the rate of those not recorded, and what these leave open."""
    asked = rows["n"] + rows["not_recorded"]
    base = floats(asked.where(asked >= FEWEST_FOR_A_BAR))
    label = [inspection.framework.label(one) for one in rows["question"]]
    group = [f"{one}, " for one in rows[groups[0]]] if groups else [""] * len(rows)
    rows = rows.assign(
        label=label,
        asked=asked,
        line=[f"{one}{name}" for one, name in zip(group, label, strict=True)],
        rate=100 * floats(rows["not_recorded"]) / base,
        worst=100 * floats(rows["yes"]) / base,
        best=100 * floats(rows["yes"] + rows["not_recorded"]) / base,
    )
    told = rows.to_dict("records")
    return rows.assign(
        text=[cases_said(row["not_recorded"], row["asked"]) for row in told],
        bounds_text=ranges(rows, "worst", "best"),
    )


def _not_recorded_said(rows: pd.DataFrame) -> Said:
    some = rows.dropna(subset="not_recorded")
    lacking, open_by = some[some["not_recorded"] > 0], some["best"] - some["worst"]
    if lacking.empty:
        if not some["asked"].any():
            return "No question applies to a case", say("nothing")
        return "Every question has all of its answers", "Nothing is left open."
    said = f"{len(lacking)} of {len(some)} rows of the table lack some."
    if open_by.notna().any():
        row = some.iloc[int(np.nanargmax(floats(open_by)))]
        open_on = f"{row['line']}: {row['text']}, so {row['bounds_text']} sufficient"
        said += f" It leaves most open on {open_on}."
    many, of = int(lacking["not_recorded"].sum()), int(some["asked"].sum())
    return f"{say('count', yes=many, n=of)} answers are not recorded", said


def _draw_bounds(shown: Finding) -> "alt.LayerChart":
    rows = Rows(
        labels=[*shown.rows["line"]],
        id="line",
        field="line",
        values=text_value(shown.rows["text"]),
        title="Percentage sufficient, if all that is not recorded were No, or Yes",
        marked=("best",),
        key=(
            Sign("if all of it were No", ORANGE, "diamond"),
            Sign("if all of it were Yes", BLUE, "circle"),
        ),
    )
    marks = [
        rows.bar("worst", "best", 2, color=INK),
        rows.dot("worst", color=ORANGE, shape="diamond"),
        rows.dot("best", color=BLUE),
    ]
    return rows.drawn(marks)
