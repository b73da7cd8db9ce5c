"""One inspection beside others: their ratings by date, scores and percentages, without rank."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import listed, number
from hmip_kit.sources.others import AS_ASKED, PERCENT, POINTS, RATING, others, topics

THIS = "this inspection"
OTHER = "another inspection"
NO_N = "n not stated"
SAMPLE = (
    "A sample of published pages that could be read, no census: what is missing here may exist."
)
REGIMES = "Several regimes: standards, weights and wordings differ, so that ratings and scores do not compare as they stand."
WORDINGS = "Wordings differ: a figure compares with another only where both are worded alike and count the same cases."
LETTER = 0.06  # years of the time axis that a letter beside a mark takes: what two marks in a lane need between them
GAP = 3  # letters
WHOSE = ["inspection", "regime_label", "date_from", "when", "whose", "address"]
RATED = ["region", "kind", "rating", "start", "end", "middle", "name", "lane"]
SCORED = ["unit", "number", "n", "text"]
COUNTED = ["topic", "label", "question", "wording", "percent", "n", "base", "text", "line", "place"]


def ratings_beside(inspection: Inspection, *more: Inspection) -> pd.DataFrame:
    """Return the overall ratings that could be read, by region and date, with a lane for each so that no two lie on each other.

    One row per overall rating: `inspection, regime_label, date_from` and `address`, as in `hk.others`; `when`, the date as precisely as it
    is known; `whose` (this inspection, another inspection); `region, kind, rating`; `start, end, middle`, the days as years with their
    fraction; `name`, to print beside a mark; `lane` (region and a number from 0, as "London|0"). Ratings without a date are left out.
    Raises what `hk.others` raises.
    """
    table = others(inspection, *more)
    rows = table[(table["measure"] == "overall_rating") & table["date_from"].notna()]
    rows = rows.assign(
        start=_year(rows["date_from"]), end=_year(rows["date_to"] + pd.Timedelta(days=1))
    )
    rows = rows.sort_values(
        ["region", "start", "end", "inspection"], kind="stable", ignore_index=True
    )
    rows["middle"] = (rows["start"] + rows["end"]) / 2
    rows["name"] = rows["unit"].str.removesuffix(" PDU") + rows["round"].map(
        {"second": " (second inspection)"}
    ).fillna("")
    lanes = [
        f"{region}|{lane}"
        for region, group in rows.groupby("region", sort=False)
        for lane in _lanes(group)
    ]
    return _marked(rows.assign(lane=lanes), inspection)[WHOSE + RATED]


def _year(days: pd.Series) -> pd.Series:
    years: pd.Series = days.dt.year + (days.dt.day_of_year - 1) / (365 + days.dt.is_leap_year)
    return years


def _lanes(rows: pd.DataFrame) -> list[int]:
    """Return a lane for each row, rows in order of date: the first that is free."""
    ends: list[float] = []
    lanes = []
    for start, end, name in rows[["start", "end", "name"]].itertuples(index=False):
        free = [place for place, taken in enumerate(ends) if taken <= start]
        lane = free[0] if free else len(ends)
        ends[lane : lane + 1] = [end + LETTER * (len(name) + GAP)]
        lanes.append(lane)
    return lanes


def scores_beside(inspection: Inspection, *more: Inspection) -> pd.DataFrame:
    """Return the scores that could be read, in order of date.

    The columns that `ratings_beside` begins with; `unit`; `number` (points); `n`, the highest score possible, missing where the
    page does not state it; and `text`. Raises what `hk.others` raises.
    """
    table = others(inspection, *more)
    rows = table[table["unit_of"] == POINTS].sort_values(
        ["date_from", "date_to", "inspection"], kind="stable", ignore_index=True
    )
    return _marked(rows, inspection)[WHOSE + SCORED]


def percentages_beside(inspection: Inspection, *more: Inspection) -> pd.DataFrame:
    """Return the percentages that could be read, by topic and date, with those of this inspection on the same topics.

    The columns that `ratings_beside` begins with; `topic, label, question, wording, n, base` as in `hk.others`; `percent` (0 to 100);
    `text` (the share with its n, or that the n is not stated), `line` (whose and what) and `place` (topic and a number from 0, as
    "Staff|0"). Key questions of which nothing else was read are left out. Raises what `hk.others` raises.
    """
    table = others(inspection, *more)
    rows = table[(table["unit_of"] == PERCENT)]
    shared = rows.loc[rows["inspection"] != inspection.title, "topic"]
    order = list(dict.fromkeys([*topics(), *table["topic"]]))
    rows = rows[rows["topic"].isin(shared)].assign(
        percent=rows["number"], place=rows["topic"].map(order.index)
    )
    rows = rows.sort_values(
        ["place", "date_from", "date_to", "inspection"], kind="stable", ignore_index=True
    )
    rows["place"] = rows["topic"] + "|" + rows.groupby("topic").cumcount().astype("str")
    rows = _marked(rows, inspection)
    dated = rows["inspection"].where(
        rows["whose"] == THIS, rows["inspection"] + ", " + rows["when"]
    )
    return rows.assign(line=dated + ": " + rows["label"])[WHOSE + COUNTED]


def regimes_in(rows: pd.DataFrame) -> list[str]:
    """Return the regimes of some rows, in words, oldest first; those that pool several are left out."""
    named = rows[rows["regime_label"] != ""].sort_values("date_from", kind="stable")
    return list(dict.fromkeys(named["regime_label"]))


def warnings_of(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return what a reader must know before comparing the rows: several regimes, several wordings, and that they are a sample."""
    several = [REGIMES] if rows["regime_label"].nunique() > 1 else []
    worded = [WORDINGS] if "wording" in rows and (rows["wording"] != AS_ASKED).any() else []
    return (*several, *worded, SAMPLE)


def counts_said(rows: pd.DataFrame, order: Sequence[str]) -> str:
    """Return how many of some ratings are which, lowest first, in words."""
    counts = rows["rating"].value_counts()
    return listed([f"{number(int(counts[name]))} {name}" for name in order if counts.get(name)])


def regime_starts(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the year in which the first rating under each regime of delivery units was published: `regime_label, start`."""
    starts = (
        rows[rows["kind"] == "PDU"].groupby("regime_label", sort=False)["start"].min().sort_values()
    )
    return [{"regime_label": label, "start": start} for label, start in starts.items()]


def _marked(rows: pd.DataFrame, inspection: Inspection) -> pd.DataFrame:
    this = (rows["inspection"] == inspection.title) & rows["row"].isna()
    rows = rows.assign(
        whose=this.map({True: THIS, False: OTHER}),
        when=[_when(row) for row in rows.to_dict("records")],
    )
    rows = rows.assign(text=[_text(row) for row in rows.to_dict("records")])
    return rows.assign(date_from=rows["date_from"].dt.strftime("%Y-%m-%d").fillna(""))


def topic_said(rows: pd.DataFrame) -> str:
    """Return one topic in words: what this inspection has, and between which percentages the others lie. No rank."""
    mine, rest = rows[rows["whose"] == THIS], rows[rows["whose"] != THIS]
    ends = list(
        dict.fromkeys(f"{value:g}%" for value in (rest["percent"].min(), rest["percent"].max()))
    )
    alike = "" if (rest["wording"] == AS_ASKED).all() else ", not all worded as the key question"
    count = f"{number(len(rest))} {'other' if len(rest) == 1 else 'others'}"
    return f"{rows['topic'].iloc[0]}: {listed(list(mine['text']))} here; {count} {' to '.join(ends)}{alike}"


def _when(row: Row) -> str:
    """Return a date as precisely as it is known."""
    start, end, precision = row["date_from"], row["date_to"], row["precision"]
    if pd.isna(start):
        return "not stated"
    years = " or ".join(str(year) for year in range(start.year, end.year + 1))
    month = f"{start:%B %Y}"
    said = {
        "day": f"{start.day} {month}",
        "month": month,
        "month of fieldwork": f"fieldwork {month}",
        "year": years,
    }
    return said.get(precision, f"{years}, inferred")


def _text(row: Row) -> str:
    if row["unit_of"] == RATING:
        return str(row["rating"])
    if row["unit_of"] == POINTS:
        return (
            f"{row['value']} of {row['n']}"
            if not pd.isna(row["n"])
            else f"{row['value']}, maximum not stated"
        )
    words = f' ("{row["words"]}")' if row["words"] else ""
    base: str = NO_N if pd.isna(row["n"]) else f"n = {row['n']}"
    return f"{row['value']}%{words}, {base}"
