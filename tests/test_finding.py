"""A finding says itself from its rows, and every picture keeps what a finding promises."""

import json
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from findings_index import index, stub

import hmip_kit as hk
from hmip_kit import doors
from hmip_kit.collection import Against
from hmip_kit.counts import count, counted
from hmip_kit.doors import LACKING
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.findings import REGISTRY, Finding, finding
from hmip_kit.inspection import Inspection
from hmip_kit.picture import VEGALITE, rows_in
from hmip_kit.protect.bundle import FINDING, bundle, specification

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

    made = Finding(
        name="trial",
        say=say,
        rows=rows,
        columns={"label": "Question", "yes": "Cases"},
        measure="Cases judged sufficient",
        inspection=REPORT,
        opens=False,
    )
    return replace(made, **changes)


ROWS = pd.DataFrame({"label": ["First", "Second"], "yes": [9, 8], "percent": [900 / 42, np.nan]})


def test_title_and_sentence_come_from_the_rows() -> None:
    made = trial(ROWS)
    assert (made.title, made.sentence) == ("2 rows", "Yes in 17 cases.")
    fewer = replace(made, rows=ROWS.iloc[:1])
    assert (fewer.title, fewer.sentence) == ("1 rows", "Yes in 9 cases.")
    assert made.title == "2 rows"


def test_what_the_cases_are_is_said_around_it() -> None:
    assert trial(ROWS, opens=True).sentence == "All 42 cases. Yes in 17 cases."
    practice = trial(ROWS, opens=True, inspection=PRACTICE, cases="")
    assert practice.title == "Practice cases: 2 rows"
    assert practice.sentence == "In made-up cases: all 42 cases. Yes in 17 cases."


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
    assert json.loads(json.dumps(trial(rows).records, allow_nan=False)) == trial(rows).records


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


def made() -> Iterator[tuple[str, Finding]]:
    """Yield each finding that takes nothing but its subject, on each inspection."""
    for shown, inspection in SHOWN.items():
        for name in dir(inspection.show):
            yield f"{name}-{shown}", getattr(inspection.show, name)()


MADE = dict(made())
of_every_finding = pytest.mark.parametrize("shown", MADE.values(), ids=MADE.keys())


def test_every_finding_is_made_whatever_the_data() -> None:
    assert {name.partition("-")[0] for name in MADE} == {
        name for name, one in doors.index().items() if "Inspection" in one["subjects"]
    }
    assert {"ratings-published", "key_questions-licence", "key_questions-nobody"} <= set(MADE)


@of_every_finding
def test_what_data_lack_is_said_in_its_place(shown: Finding) -> None:
    lacks = [
        need
        for need in doors.index()[name_of(shown)]["needs"]
        if need not in shown.inspection.holds
    ]
    if lacks:
        assert shown.title.endswith("not in these data")
        assert any(LACKING[need] in shown.sentence for need in lacks)
        assert shown.rows.empty
    assert shown.question == doors.index()[name_of(shown)]["question"]


def name_of(shown: Finding) -> str:
    """Return the name that a finding is asked for by."""
    return shown.name.removesuffix(f"_{shown.variant}") if shown.variant else shown.name


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


@of_every_finding
def test_a_picture_computes_nothing_and_its_specification_holds_no_row(shown: Finding) -> None:
    spec = specification(shown)
    if spec is None:
        assert shown.columns
        return
    assert "vega-lite/v5" in spec["$schema"]
    assert {one["name"]: one.get("value") for one in spec["params"]}["rows"] == []
    for part in within(spec):
        if part.get("as") == ["start", "end"]:  # counts laid end to end: a place, and no number
            continue
        assert not {key for key in COMPUTED & set(part) if part[key] not in (None, False)}, part


@of_every_finding
def test_a_finding_says_itself_whatever_rows_are_left(shown: Finding) -> None:
    for many in range(min(len(shown.rows), 3) + 1):
        fewer = replace(shown, rows=shown.rows.iloc[:many])
        for said in (fewer.title, fewer.sentence):
            assert said.strip()
            words = said.replace("None of", "").replace(",", " ").replace(".", " ").split()
            assert not {"nan", "None", "<NA>"} & set(words), said


@of_every_finding
def test_practice_cases_are_called_so(shown: Finding) -> None:
    if shown.inspection.made_up:
        assert shown.title.startswith("Practice cases: ")
        assert shown.sentence.startswith("In made-up cases")


@of_every_finding
def test_what_follows_is_what_the_registry_says(shown: Finding) -> None:
    if shown.recount:
        assert doors.index()[name_of(shown)]["follows"]
        assert shown.inspection.has_cases


@of_every_finding
def test_a_count_is_of_the_tally_that_its_finding_names(shown: Finding) -> None:
    for column, keys in shown.tallies.items() if shown.inspection.has_cases else ():
        named = [(key, value) for key, value in zip(keys, shown.rows[column], strict=True) if key]
        assert counted(shown.inspection, dict(named)) == dict(named), column


@of_every_finding
def test_a_frame_that_a_person_reads_has_no_column_of_sentences(shown: Finding) -> None:
    for column in ("text", "share", "cases", "range"):
        if column in shown.rows:
            assert shown.rows[column].astype("str").str.len().max() < 60 or shown.rows.empty, column


@pytest.mark.parametrize("name", [name for name in MADE if name.endswith(("published", "licence"))])
def test_a_picture_keeps_to_the_schema_of_vega_lite(name: str) -> None:
    chart = MADE[name].chart
    if chart is not None:
        spec = chart.to_dict(validate=True)
        assert spec["params"][0] == {"name": "rows", "value": MADE[name].records}


@pytest.mark.parametrize("name", [name for name in MADE if name.endswith(("published", "licence"))])
def test_a_finding_is_stored_alike_each_time_with_words_and_data(name: str) -> None:
    shown = MADE[name]
    data, metadata = bundle(shown)
    assert data["text/plain"] == f"{shown.title}. {shown.sentence}"
    spec = data.get(VEGALITE)
    assert (rows_in(spec) if spec else data[FINDING]["rows"]) == shown.records
    assert "spec" not in data[FINDING]
    if VEGALITE in data:
        assert metadata["image/png"]["alt"] == data["text/plain"]
        assert len(data["image/png"]) > 1000
    again, widget = bundle(shown)[0], "application/vnd.jupyter.widget-view+json"
    assert data.pop(widget, {}).keys() == again.pop(widget, {}).keys()  # saved without it
    assert json.dumps(data, allow_nan=False) == json.dumps(again)


def test_the_picture_of_a_finding_is_an_ordinary_altair_chart() -> None:
    chart = REPORT.show.key_questions().chart
    assert isinstance(chart, alt.LayerChart)
    beside = (chart | chart.properties(width=200)).properties(title="Two").to_dict()
    assert [len(one["layer"]) for one in beside["hconcat"]] == [len(chart.layer)] * 2
    over = alt.layer(
        chart, alt.Chart(alt.InlineData(values=[{"x": 50}])).mark_rule().encode(x="x:Q")
    )
    assert len(over.to_dict()["layer"]) == 2
    facets = alt.Chart(pd.DataFrame(REPORT.show.key_questions().rows)).mark_bar()
    facetted = facets.encode(x="percent", y="strand").facet("stage").to_dict()
    assert facetted["facet"]["field"] == "stage"


def trial_finding(**changes: Any) -> Any:
    """Register a finding of no topic, declared well but for the changes."""
    declared: dict[str, Any] = {
        "question": "Is this a trial?",
        "needs": "cases",
        "follows": False,
        "shown_by": "all cases",
    }

    def trial_of_a_declaration(inspection: Inspection) -> Finding:
        """Return nothing much."""
        return trial(ROWS, inspection=inspection)

    declared |= changes
    return finding(**{name: value for name, value in declared.items() if value is not ...})(
        trial_of_a_declaration
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"question": "No question"}, "lacks a question that ends in"),
        ({"question": ...}, "question"),
        ({"needs": ...}, "needs"),
        ({"follows": ...}, "follows"),
        ({"shown_by": ...}, "shown_by"),
        ({"needs": "casses"}, "did you mean 'cases'"),
        ({"shown_by": "one grup"}, "did you mean 'one group'"),
        ({"follows": "yes"}, "follows, True or False"),
    ],
)
def test_a_finding_that_lacks_a_declaration_is_refused_when_registered(
    changes: dict[str, Any], words: str
) -> None:
    with pytest.raises((KitError, TypeError), match=words):
        trial_finding(**changes)
    assert "trial_of_a_declaration" not in REGISTRY


def test_a_finding_on_nothing_that_there_is_is_refused() -> None:
    def on_a_number(count: int) -> Finding:
        """Return nothing."""
        return trial(ROWS)

    def twin(inspection: Inspection) -> Finding:
        """Return nothing."""
        return trial(ROWS)

    declared: dict[str, Any] = {"needs": "", "follows": False, "shown_by": "all cases"}
    with pytest.raises(KitError, match="a subject, one of Inspection, Against, Checked"):
        finding(question="Why?", **declared)(on_a_number)
    twin.__name__ = "key_questions"
    with pytest.raises(KitError, match="a name of its own"):
        finding(question="Why?", **declared)(twin)


def test_a_well_declared_finding_is_registered_and_says_what_is_missing() -> None:
    made = trial_finding()
    try:
        assert made(REPORT).title == "Trial of a declaration: not in these data"
        assert made(PRACTICE).question == "Is this a trial?"
    finally:
        REGISTRY.pop("trial_of_a_declaration")


def test_the_static_index_is_what_the_registry_says() -> None:
    path = Path(doors.__file__).with_name("findings") / "index.json"
    assert path.read_text(encoding="utf-8") == index()
    assert path.with_name("shown.pyi").read_text(encoding="utf-8") == stub()


def test_the_catalogue_lists_every_finding_with_how_it_is_asked_for() -> None:
    listed = hk.catalogue()
    assert set(listed["name"]) == set(REGISTRY)
    assert listed["question"].str.endswith("?").all()
    assert (
        listed.set_index("name").loc["change", "asked"] == "inspection.against(other).show.change()"
    )


@pytest.mark.parametrize(
    "key",
    [
        "answer/assessment_safety/oops",
        "answer/assessment_safty/yes",
        "anser/assessment_safety/yes",
        "answer/assessment_safety",
        "need/Finances/offending/n",
        "need/Finance/ofending/n",
        "need/Finance/offending/served_m",
        "reach/safety/5",
        "reach/safty/n",
        "pair/delivery_safety/outcomes_progress/bothh",
        "pair/delivery_safety/Finance%2Fimprovd/both",
        "group/sex/Femal/all",
        "group/sexe/Female/all",
        "group/sex/Female/answer/delivery_safety/oops",
        "where_no/delivery_safety/delivery_safety/m",
    ],
)
def test_a_tally_that_there_is_not_is_refused(key: str) -> None:
    with pytest.raises(UnknownName, match="no "):
        counted(PRACTICE, [key])


def test_counting_by_groups_is_counting_each_group() -> None:
    keys = ["answer/delivery_safety/yes", "need/Finance/offending/n", "reach/safety/2"]
    by = count(PRACTICE, keys, by=["sex", "rosh"])
    assert len(by) == len(PRACTICE.characteristics["sex"]) * len(PRACTICE.characteristics["rosh"])
    for row in by.to_dict("records"):
        group = PRACTICE.where(sex=row["sex"], rosh=row["rosh"])
        assert counted(group, keys) == {key: row[key] for key in keys}
    seen = count(PRACTICE, ["all"], by=["sex", "rosh", "need/Finance"], observed=True)
    assert (seen["all"] > 0).all()
    assert seen["all"].sum() == 42


def test_an_against_shows_what_compares_and_nothing_else() -> None:
    both = REPORT.against(PRACTICE)
    assert isinstance(both, Against)
    assert "change" in dir(both.show)
    assert "key_questions" not in dir(both.show)
    assert both.show.change().title.endswith("not in these data")
