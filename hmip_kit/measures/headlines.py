"""Headlines and sentences about ratings and stages, computed from rows so that they hold under ties and small numbers."""

import pandas as pd

from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.words import listed, number, opening, whole_percent


def deciding_title(decided: pd.DataFrame, framework: Framework) -> str:
    """Return which strand decided the casework ratings; blank where there are none.

    `decided` is what `measures.ratings.deciding` gives: under a tie a standard has several rows.
    """
    if decided.empty:
        return ""
    standards = list(dict.fromkeys(decided["standard"]))
    everywhere = [
        strand
        for strand in framework.strands
        if set(decided.loc[decided["strand"] == strand, "standard"]) == set(standards)
    ]
    if len(everywhere) == 1 and len(decided) == len(standards):
        shares = [whole_percent(row["yes"], row["n"]) for row in decided.to_dict("records")]
        ratings = (
            f"all {number(len(standards))} casework ratings"
            if len(standards) > 1
            else "the casework rating"
        )
        return f"{framework.strands[everywhere[0]]} decided {ratings}: {listed(shares)}"
    each = (
        f"{standard} by {listed([framework.strands[strand].lower() for strand in rows['strand']])}"
        for standard, rows in decided.groupby("standard", sort=False)
    )
    return f"Casework ratings were decided: {'; '.join(each)}"


def strand_title(rows: pd.DataFrame) -> str:
    """Return at how many stages one strand is the lowest on its own; `rows` have `stage_label, strand_label, percent, n`."""
    stages = rows[rows.groupby("stage_label")["stage_label"].transform("size") > 1]
    stages = stages[stages["n"] > 0]
    if stages.empty:
        return "No cases to show"
    low = stages[stages["percent"] == stages.groupby("stage_label")["percent"].transform("min")]
    alone = low[low.groupby("stage_label")["stage_label"].transform("size") == 1]
    times = alone["strand_label"].value_counts()
    total = stages["stage_label"].nunique()
    if len(times) == 0 or (len(times) > 1 and times.iloc[0] == times.iloc[1]):
        return "No strand is the lowest more often than another"
    where = (
        f"all {number(total)} stages"
        if times.iloc[0] == total > 1
        else f"{number(int(times.iloc[0]))} of {number(total)} stages"
    )
    return f"{times.index[0]} is the lowest strand at {where}"


def strand_sentence(rows: pd.DataFrame, cases: str, practice: str = "") -> str:
    """Return the highest and the lowest cell in words; `rows` are those of the picture."""
    some = rows[rows["n"] > 0]
    start = opening(cases, practice)
    if some.empty:
        return f"{start} There is nothing to count: choose fewer filters."
    ends = [some[some["percent"] == some["percent"].agg(end)] for end in ("max", "min")]
    high, low = (
        "; ".join(f"{row.label}, {row.cases} ({row.share})" for row in end.itertuples())
        for end in ends
    )
    if high == low:
        return f"{start} Every cell stands at {some['share'].iloc[0]}."
    return f"{start} Highest: {high}. Lowest: {low}."


def score_title(inspection: Inspection) -> str:
    """Return the overall rating with the points it rests on; what the report does not state is worked out or left out."""
    points = inspection.identity.get("score")
    maximum = inspection.identity.get("maximum_score")
    score = (
        f"{points} of {maximum} points"
        if points is not None and maximum is not None
        else "score not stated"
    )
    return f"{inspection.identity.get('rating', 'Overall rating not stated')}: {score}"


def rating_sentence(rated: pd.DataFrame) -> str:
    """Return the ratings by domain: how many standards have each; `rated` is what `measures.ratings.rated_standards` gives.

    >>> import hmip_kit as hk
    >>> from hmip_kit.measures.ratings import rated_standards
    >>> rating_sentence(rated_standards(hk.load("lewisham-bromley-2022")))[:76]
    'Organisational delivery: four Requires improvement (4 points in all). Court '
    """
    said = []
    for domain, rows in rated.groupby("domain", sort=False):
        counts = ", ".join(
            f"{number(int(count))} {rating}"
            for rating, count in rows["rating"].value_counts().items()
        )
        points = int(rows["points"].sum())
        said.append(f"{domain}: {counts} ({points} {'point' if points == 1 else 'points'} in all).")
    moved = rated.loc[rated["override_note"] != "", "standard"].tolist()
    if moved:
        said.append(f"Raised or lowered by judgement, against the usual rating: {listed(moved)}.")
    return " ".join(said) or "No standard is rated."
