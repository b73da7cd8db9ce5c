"""Published figures of other inspections, tidy, with inspections that are set beside them."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.wording import key

COLUMNS = [
    *("row", "inspection", "unit", "kind", "round", "region", "regime", "regime_label"),
    *("date_from", "date_to", "precision", "measure", "label", "topic", "question", "wording"),
    *("value", "rating", "number", "unit_of", "words", "n", "base", "address"),
]
KINDS = {
    **{"row": "Int64", "number": "Float64", "n": "Int64"},
    **dict.fromkeys(("date_from", "date_to"), "datetime64[ns]"),
}
BLANK = {name: None if name in KINDS else "" for name in COLUMNS}
RATING, POINTS, PERCENT = "rating", "points", "percent"
AS_ASKED = "as the key question"
FORMS = (
    ("%Y-%m-%d", "D", "day"),
    ("%d %B %Y", "D", "day"),
    ("%B %Y", "M", "month"),
    ("%Y-%m", "M", "month"),
    ("%Y", "Y", "year"),
)


def other_figures(*inspections: Inspection) -> pd.DataFrame:
    """Return the published figures of other inspections, one a row, then those of `inspections`.

    Columns: `row` (its place in `data/others/figures.csv`, missing for an inspection given);
    `inspection` (as the page names it), `unit` (one name per unit), `kind` (PDU, region, NPS
    division, CRC, youth justice service, approved premises, national, pooled), `round` ("second"
    where the page says so), `region`, `regime` with `regime_label`, blank where several are pooled;
    `date_from, date_to`, the days between which it was published, and `precision` (day, month,
    year, year inferred, month of fieldwork, not stated); `measure, label, topic`; `question`, the
    key question that it is about, and `wording`, whether it is worded as that; `value` as printed,
    then `rating` or `number`, `unit_of` (rating, points, percent, count, ...) and `words`, where
    the page has words instead; `n`, missing where not stated, with its `base` in words; `address`.

    A published inspection given, such as a report that was read, adds its overall rating, its score
    and its key questions with their n, and takes the place of what the table has of the same unit
    and measure, published in days that overlap. What it does not state has no row. Source:
    `data/README.md`.

    >>> found = other_figures()
    >>> len(found), found["inspection"].nunique()
    (184, 102)
    """
    table = _read("figures.csv").rename(columns={"name": "inspection", "unit": "unit_of"})
    names = _read("names.csv").rename(columns={"name": "inspection"})
    table = table.merge(names, on="inspection", validate="m:1")
    table = _tidy(table.merge(_read("measures.csv"), on="measure", suffixes=("", "_of_measure")))
    for one in inspections:
        whose = _whose(one)
        given = pd.DataFrame([BLANK | whose | row for row in _stated(one)], columns=COLUMNS)
        dated = (table["date_from"] <= whose["date_to"]) & (table["date_to"] >= whose["date_from"])
        same = (table["unit"] == whose["unit"]) & dated & table["measure"].isin(given["measure"])
        table = pd.concat([table[~same], _tidy(given)], ignore_index=True)
    return table


def unit_named(name: str) -> str:
    """Return the one `name` that a unit goes by here, whatever its spelling; another as it is.

    `&` and "and", commas, case and the order of words make no difference. Source:
    `data/others/names.csv` and `aliases.csv`.

    >>> unit_named("Bromley & Lewisham PDU"), unit_named("HFKCW PDU")[:19]
    ('Lewisham and Bromley PDU', 'Hammersmith, Fulham')
    """
    aliases = _read("aliases.csv").rename(columns={"alias": "name"})
    table = pd.concat([_read("names.csv"), aliases])
    return _known_as(name, [*table["name"], *table["unit"]], [*table["unit"], *table["unit"]])


def topics() -> list[str]:
    """Return the topics of measures, in the order in which they are shown.

    >>> topics()[:3]
    ['Ratings', 'Assessment: safety', 'Delivery: safety']
    """
    return list(_read("measures.csv")["topic"].unique())


def _known_as(name: str, spelled: Iterable[str], known: Iterable[str]) -> str:
    found = {_spelling(one): so for one, so in zip(spelled, known, strict=True)}
    return found.get(_spelling(name), name)


def _spelling(name: str) -> frozenset[str]:
    return frozenset(key(name).split()) - {"and", "the", "pdu"}


def _read(file: str) -> pd.DataFrame:
    return pd.read_csv(bundled_folder("data") / "others" / file, dtype="str", keep_default_na=False)


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    labels, rated = _read("regimes.csv").set_index("regime")["label"], table["unit_of"] == RATING
    table = table.assign(
        regime_label=table["regime"].map(labels).fillna(table.get("regime_label", "")),
        rating=table["value"].where(rated, ""),
        number=pd.to_numeric(table["value"].where(~rated), errors="coerce"),
        n=pd.to_numeric(table["n"].replace("", None)),
    )
    return table[COLUMNS].astype(KINDS).sort_values("row", kind="stable", ignore_index=True)


def _whose(inspection: Inspection) -> dict[str, Any]:
    """Return what each row of an inspection says of it."""
    identity = inspection.identity
    unit, region = unit_named(str(identity.get("unit", inspection.title))), identity.get("region")
    regions = _read("figures.csv")["region"]
    return {
        "inspection": inspection.title,
        "unit": unit,
        "kind": "PDU" if unit.endswith("PDU") else "",
        "region": _known_as(str(region or "not stated"), regions, regions),
        "regime": inspection.framework.id,
        "regime_label": inspection.framework.title,
        "address": str(identity.get("address", "")),
        **_dates(str(identity.get("published"))),
    }


def _dates(published: str) -> dict[str, Any]:
    """Return between which days it was published, of a date or of text such as "November 2022"."""
    for form, period, precision in FORMS:
        day = pd.to_datetime(published, format=form, errors="coerce")
        if not pd.isna(day):
            span = day.to_period(period)
            first, last = span.start_time.normalize(), span.end_time.normalize()
            return {"date_from": first, "date_to": last, "precision": precision}
    return {"date_from": pd.NaT, "date_to": pd.NaT, "precision": "not stated"}


def _stated(inspection: Inspection) -> Iterator[dict[str, Any]]:
    """Return what a published inspection states that can stand beside others."""
    identity, framework = inspection.identity, inspection.framework
    overall = {"measure": "overall_rating", "label": "Overall rating", "topic": "Ratings"}
    if identity.get("rating") in [one.name for one in framework.ratings]:
        yield overall | {"value": identity["rating"], "unit_of": RATING}
    if isinstance(identity.get("score"), int):
        most = identity.get("maximum_score")
        out_of = {"n": most, "base": "points" if isinstance(most, int) else "not stated"}
        score = {"measure": "score", "label": "Score", "value": str(identity["score"])}
        yield overall | score | out_of | {"unit_of": POINTS}
    topic_of = _read("measures.csv").set_index("question")["topic"].to_dict()
    for row in inspection.published.dropna(subset="percent").to_dict("records"):
        question, label = row["question"], framework.label(row["question"])
        yield {
            **{"measure": question, "question": question, "label": label},
            **{"topic": topic_of.get(question, label), "value": f"{row['percent']:g}"},
            **{"n": row["n"], "base": "cases inspected", "unit_of": PERCENT, "wording": AS_ASKED},
        }
