"""A finding says itself from its rows, and every picture keeps what a finding promises."""

import inspect
import json
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.errors import KitError
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.tallies import counts
from hmip_kit.measures.words import practice_name
from hmip_kit.picture import FINDING, VEGALITE, bundle, rows_in, specification

REPORT = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
SHOWN = {
    "published": REPORT,
    "practice": PRACTICE,
    "licence": PRACTICE.where(sentence_type="Licence"),
    "few": PRACTICE.where(sex="Female"),
    "nobody": PRACTICE.where(sex="Female").where(sex="Male"),
}
COMPUTED = {
    "aggregate",
    "bin",
    "filter",
    "timeUnit",
    "window",
    "joinaggregate",
    "impute",
    "regression",
    "loess",
    "density",
    "quantile",
    "stack",
}


def trial(rows: pd.DataFrame, **changes: Any) -> Finding:
    def say(shown: pd.DataFrame) -> tuple[str, str]:
        return f"{len(shown)} rows", f"Yes in {shown['yes'].sum()} cases."

    finding = Finding(
        name="trial",
        say=say,
        rows=rows,
        columns={"label": "Question", "yes": "Cases"},
        measure="Cases judged sufficient",
        inspection=REPORT,
        cases="all 42 cases",
    )
    return replace(finding, **changes)


ROWS = pd.DataFrame({"label": ["First", "Second"], "yes": [9, 8], "percent": [900 / 42, np.nan]})


def test_title_and_sentence_come_from_the_rows() -> None:
    finding = trial(ROWS)
    assert (finding.title, finding.sentence) == ("2 rows", "Yes in 17 cases.")
    fewer = replace(finding, rows=ROWS.iloc[:1])
    assert (fewer.title, fewer.sentence) == ("1 rows", "Yes in 9 cases.")
    assert finding.title == "2 rows"


def test_rows_become_plain_data() -> None:
    rows = ROWS.assign(
        count=pd.array([1, None], dtype="Int64"),
        flag=np.array([True, False]),
        kind=pd.Categorical(["a", None]),
    )
    assert trial(rows).records == [
        {"label": "First", "yes": 9, "percent": 21.428571, "count": 1, "flag": True, "kind": "a"},
        {"label": "Second", "yes": 8, "percent": None, "count": None, "flag": False, "kind": None},
    ]
    assert (
        json.loads(json.dumps(trial(rows).to_dict(), allow_nan=False))["rows"]
        == trial(rows).records
    )


def test_the_table_has_the_columns_named_and_blanks_for_what_is_missing() -> None:
    rows = ROWS.assign(yes=pd.array([9, None], dtype="Int64"))
    shown = [
        line
        for line in bundle(trial(rows))[0]["text/markdown"].splitlines()
        if line.startswith("|")
    ]
    assert [line.split("|")[1:-1] for line in shown[:1] + shown[2:]] == [
        [" Question ", " Cases "],
        [" First ", " 9 "],
        [" Second ", "  "],
    ]


def test_a_finding_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        trial(ROWS).rows = ROWS.iloc[:0]  # type: ignore[misc]


def test_a_finding_without_a_picture_shows_as_a_table() -> None:
    data, _ = trial(ROWS)._repr_mimebundle_()
    assert set(data) == {"text/markdown", "text/plain", FINDING}
    assert "| First | 9 |" in data["text/markdown"]
    assert data["text/plain"] == "2 rows. Yes in 17 cases."


def test_text_from_data_stays_text() -> None:
    hostile = pd.DataFrame({"label": ["<script>alert(1)</script>|a\n[b](http://c)"], "yes": [1]})
    shown = trial(hostile)._repr_mimebundle_()[0]["text/markdown"]
    assert "<script" not in shown
    assert "[b](" not in shown
    assert len([line for line in shown.splitlines() if line.startswith("|")]) == 3


def test_findings_of_own_cases_are_protected() -> None:
    own = replace(PRACTICE, cases_are="own")
    assert trial(ROWS, inspection=own).disclosure == "protected"
    assert trial(ROWS).disclosure == trial(ROWS, inspection=PRACTICE).disclosure == "open"


def made() -> Iterator[tuple[str, Finding | Exception]]:
    """Yield what becomes of each picture that needs nothing but an inspection, for each inspection."""
    for name in hk.charts.__all__:
        function = getattr(hk.charts, name)
        needed = [
            one.annotation
            for one in inspect.signature(function).parameters.values()
            if one.default is one.empty
        ]
        for shown, inspection in SHOWN.items() if needed in ([Inspection], ["Inspection"]) else ():
            try:
                yield f"{name}-{shown}", function(inspection)
            except Exception as error:
                yield f"{name}-{shown}", error


MADE = dict(made())
PICTURES = {name: finding for name, finding in MADE.items() if isinstance(finding, Finding)}
of_every_picture = pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES.keys())


def test_a_picture_is_made_or_refused_in_words() -> None:
    refused = {name: error for name, error in MADE.items() if isinstance(error, Exception)}
    assert {name: error for name, error in refused.items() if not isinstance(error, KitError)} == {}
    assert all(str(error) for error in refused.values())


def test_pictures_of_the_report_and_of_practice_cases_are_among_them() -> None:
    assert {
        "ratings-published",
        "stage_by_strand-published",
        "key_questions-licence",
        "key_questions-nobody",
    } <= set(PICTURES)


def within(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside a specification, rows left out."""
    if isinstance(value, dict):
        yield value
        for key, inside in value.items():
            if key not in ("value", "values", "datasets", "config"):
                yield from within(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from within(inside)


@of_every_picture
def test_a_picture_draws_the_rows_of_its_finding_and_computes_nothing(picture: Finding) -> None:
    spec = specification(picture)
    if spec is None:
        assert picture.columns
        return
    assert "vega-lite/v5" in spec["$schema"]
    assert {one["name"]: one.get("value") for one in spec["params"]}["rows"] == picture.records
    for part in within(spec):
        assert not {key for key in COMPUTED & set(part) if part[key] not in (None, False)}, part


@of_every_picture
def test_a_picture_says_itself_whatever_rows_are_left(picture: Finding) -> None:
    for count in range(min(len(picture.rows), 3) + 1):
        fewer = replace(picture, rows=picture.rows.iloc[:count])
        assert fewer.title.strip()
        assert fewer.sentence.strip()
        for said in (fewer.title, fewer.sentence):
            assert not {"nan", "None", "<NA>"} & set(
                said.replace(",", " ").replace(".", " ").split()
            ), said


@of_every_picture
def test_practice_cases_are_called_so(picture: Finding) -> None:
    if picture.inspection.cases_are == "practice":
        assert practice_name(picture.inspection) in picture.title
        assert (
            picture.sentence.startswith("In made-up cases")
            or not picture.rows.columns.isin(["yes"]).any()
        )


@of_every_picture
def test_a_picture_that_follows_is_the_sum_of_its_tallies(picture: Finding) -> None:
    assert (picture.follow is not None) == (
        picture.scope == "follows"
    ) or picture.inspection.cases_are == "none"


@of_every_picture
def test_a_count_is_of_the_tally_that_its_finding_names(picture: Finding) -> None:
    for column, keys in picture.tallies.items() if picture.inspection.cases_are != "none" else ():
        assert counts(picture.inspection, keys) == dict(
            zip(keys, picture.rows[column], strict=True)
        ), column


@pytest.mark.parametrize(
    "name", [name for name in PICTURES if name.endswith(("published", "licence"))]
)
def test_a_picture_keeps_to_the_schema_of_vega_lite(name: str) -> None:
    chart = PICTURES[name].chart
    if chart is not None:
        assert chart.to_dict(validate=True)["params"][0]["name"] == "rows"


@pytest.mark.parametrize(
    "name", [name for name in PICTURES if name.endswith(("published", "licence"))]
)
def test_a_picture_is_stored_alike_each_time_with_words_and_data(name: str) -> None:
    picture = PICTURES[name]
    data, metadata = bundle(picture)
    assert data["text/plain"] == f"{picture.title}. {picture.sentence}"
    spec = data.get(VEGALITE)
    assert (rows_in(spec) if spec else data[FINDING]["rows"]) == picture.records
    if VEGALITE in data:
        assert metadata["image/png"]["alt"] == data["text/plain"]
        assert len(data["image/png"]) > 1000
    assert json.dumps(data, allow_nan=False) == json.dumps(bundle(picture)[0])
