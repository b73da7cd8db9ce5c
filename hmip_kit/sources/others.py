"""Published figures of other inspections, tidy, with reports that the user adds."""

from collections.abc import Iterable

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.wording import key

WHOSE = ["row", "inspection", "unit", "kind", "round", "region", "regime", "regime_label"]
WHEN = ["date_from", "date_to", "precision"]
WHAT = [
    "measure",
    "label",
    "topic",
    "question",
    "wording",
    "value",
    "rating",
    "number",
    "unit_of",
    "words",
    "n",
    "base",
    "address",
]
COLUMNS = [*WHOSE, *WHEN, *WHAT]
KINDS = {
    "row": "Int64",
    "number": "Float64",
    "n": "Int64",
    "date_from": "datetime64[ns]",
    "date_to": "datetime64[ns]",
}
RATING, POINTS, PERCENT = "rating", "points", "percent"
AS_ASKED = "as the key question"
FORMS = (
    ("%Y-%m-%d", "D", "day"),
    ("%d %B %Y", "D", "day"),
    ("%B %Y", "M", "month"),
    ("%Y-%m", "M", "month"),
    ("%Y", "Y", "year"),
)


def others(*inspections: Inspection) -> pd.DataFrame:
    """Return the published figures of other inspections, one a row, then those of the inspections given.

    Columns: `row` (its place in `data/others/figures.csv`, missing for an inspection given); `inspection` (as the page names it),
    `unit` (one name per unit), `kind` (PDU, region, NPS division, national, pooled), `round` ("second" where the page says so),
    `region`, `regime` with `regime_label`, blank where several are pooled; `date_from, date_to`, the days between which it was
    published, and `precision` (day, month, year, year inferred, month of fieldwork, not stated); `measure, label, topic`; `question`,
    the key question that it is about, and `wording`, whether it is worded as that; `value` as printed, then `rating` or `number`,
    `unit_of` (rating, points, percent, count, ...) and `words`, where the page has words instead; `n`, missing where not stated, with
    its `base` in words; `address`.

    A published inspection given, such as a report that was read, adds its overall rating, its score and its key questions with their
    n, and takes the place of what the table has of the same unit, measure and month. What it does not state has no row. Raises
    `KitError` for cases: made-up ones do not stand beside real inspections, own ones are compared by `hk.change`. Source:
    `data/README.md`.

    >>> found = others()
    >>> len(found), found["inspection"].nunique()
    (138, 92)
    """
    cases = [one.title for one in inspections if one.cases_are != "none"]
    if cases:
        raise KitError(
            f"{cases[0]}: published inspections stand beside others, cases do not; own cases are compared by `hk.change`"
        )
    table = _bundled()
    for one in inspections:
        given = _given(one)
        table = pd.concat([table[~_in_place_of(table, given)], given], ignore_index=True)
    return table


def unit_named(name: str) -> str:
    """Return the one name that a unit goes by here, whatever its spelling; a name that is not known comes back as it is.

    `&` and "and", commas, case and the order of words make no difference. Source: `data/others/names.csv` and `aliases.csv`.

    >>> unit_named("Bromley & Lewisham PDU"), unit_named("HFKCW PDU")[:19], unit_named("Anywhere PDU")
    ('Lewisham and Bromley PDU', 'Hammersmith, Fulham', 'Anywhere PDU')
    """
    return _known_as(
        name, {**dict(_pairs("names.csv", "name")), **dict(_pairs("aliases.csv", "alias"))}
    )


def topics() -> list[str]:
    """Return the topics of measures, in the order in which they are shown.

    >>> topics()[:3]
    ['Ratings', 'Assessment: safety', 'Delivery: safety']
    """
    return list(dict.fromkeys(_read("measures.csv")["topic"]))


def _pairs(file: str, alias: str) -> Iterable[tuple[str, str]]:
    table = _read(file)
    return zip([*table[alias], *table["unit"]], [*table["unit"], *table["unit"]], strict=True)


def _region_named(name: str) -> str:
    return _known_as(name, {region: region for region in _read("figures.csv")["region"]})


def _known_as(name: str, known: dict[str, str]) -> str:
    return {_spelling(alias): one for alias, one in known.items()}.get(_spelling(name), name)


def _spelling(name: str) -> frozenset[str]:
    return frozenset(key(name).split()) - {"and", "the", "pdu"}


def _read(file: str) -> pd.DataFrame:
    return pd.read_csv(bundled_folder("data") / "others" / file, dtype="str", keep_default_na=False)


def _bundled() -> pd.DataFrame:
    table = _read("figures.csv").rename(columns={"name": "inspection", "unit": "unit_of"})
    names = _read("names.csv").rename(columns={"name": "inspection"})
    table = table.merge(names, on="inspection", validate="m:1").merge(
        _read("measures.csv"), on="measure", suffixes=("", "_of_measure")
    )
    return _tidy(table)


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    labels = _read("regimes.csv").set_index("regime")["label"]
    rated = table["unit_of"] == RATING
    table = table.assign(
        regime_label=table["regime"].map(labels).fillna(table.get("regime_label", "")),
        rating=table["value"].where(rated, ""),
        number=pd.to_numeric(table["value"].where(~rated), errors="coerce"),
        n=pd.to_numeric(table["n"].replace("", None)),
    )
    return table[COLUMNS].astype(KINDS).sort_values("row", kind="stable", ignore_index=True)


def _given(inspection: Inspection) -> pd.DataFrame:
    """Return what a published inspection has to stand beside others; what it does not state has no row."""
    identity = inspection.identity
    unit = unit_named(str(identity.get("unit", inspection.title)))
    whose = {
        "inspection": inspection.title,
        "unit": unit,
        "kind": "PDU" if unit.endswith("PDU") else "",
        "region": _region_named(str(identity.get("region", "not stated"))),
        "regime": inspection.framework.id,
        "regime_label": inspection.framework.title,
        "address": str(identity.get("address", "")),
    } | _dates(identity.get("published"))
    rows = [*_overall(inspection), *_key_questions(inspection)]
    texts = dict.fromkeys([name for name in COLUMNS if name not in KINDS], "")
    table = pd.DataFrame(
        [{**texts, "row": None, "n": None, **whose, **row} for row in rows], columns=COLUMNS
    )
    return _tidy(table)


def _overall(inspection: Inspection) -> list[dict[str, object]]:
    identity, rows = inspection.identity, []
    if identity.get("rating") in [one.name for one in inspection.framework.ratings]:
        rows.append(
            {
                "measure": "overall_rating",
                "label": "Overall rating",
                "value": identity["rating"],
                "unit_of": RATING,
            }
        )
    if isinstance(identity.get("score"), int):
        maximum = identity.get("maximum_score")
        base = "points" if isinstance(maximum, int) else "not stated"
        rows.append(
            {
                "measure": "score",
                "label": "Score",
                "value": str(identity["score"]),
                "unit_of": POINTS,
                "n": maximum,
                "base": base,
            }
        )
    return [{**row, "topic": "Ratings"} for row in rows]


def _key_questions(inspection: Inspection) -> list[dict[str, object]]:
    measures = _read("measures.csv")
    topics = dict(zip(measures["question"], measures["topic"], strict=True))
    labels = {one.id: one.label for one in inspection.framework.questions}
    what = {"unit_of": PERCENT, "base": "cases inspected", "wording": AS_ASKED}
    return [
        {
            **what,
            "measure": row["question"],
            "question": row["question"],
            "label": labels.get(row["question"], row["question"]),
            "topic": topics.get(row["question"], labels.get(row["question"], row["question"])),
            "value": f"{row['percent']:g}",
            "n": row["n"],
        }
        for row in inspection.published.to_dict("records")
        if not pd.isna(row["percent"])
    ]


def _dates(published: object) -> dict[str, object]:
    """Return between which days something was published, from a date or from text such as "November 2022"."""
    for form, period, precision in FORMS:
        day = pd.to_datetime(str(published), format=form, errors="coerce", exact=True)
        if not pd.isna(day):
            span = day.to_period(period)
            return {
                "date_from": span.start_time.normalize(),
                "date_to": span.end_time.normalize(),
                "precision": precision,
            }
    return {"date_from": None, "date_to": None, "precision": "not stated"}


def _in_place_of(table: pd.DataFrame, given: pd.DataFrame) -> "pd.Series[bool]":
    """Return which rows of a table an inspection given says itself: the same unit and measure, published in days that overlap."""
    if given.empty:
        return pd.Series(False, index=table.index)
    first = given.iloc[0]
    dated = (table["date_from"] <= first["date_to"]) & (table["date_to"] >= first["date_from"])
    same: pd.Series[bool] = (
        (table["unit"] == first["unit"]) & dated & table["measure"].isin(given["measure"])
    )
    return same
