"""The bundled data: what the report prints, and practice cases that give its totals exactly."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from practice import (
    LICENCE_CASES,
    ROUNDS,
    UNITS,
    PracticeSet,
    comparisons_hold,
    make,
    share,
    write,
    write_rounds,
)

import hmip_kit as hk
from hmip_kit.collection import of_several
from hmip_kit.errors import UnknownName
from hmip_kit.schema import CASES, NEEDS
from hmip_kit.sources.bundled import bundled_folder, folders
from hmip_kit.stats.words import whole_percent

DATA = bundled_folder("data")
REPORT = "lewisham-bromley-2022"
SETS = ["practice-cases", "practice-cases-b"]
PRINTED = {  # percentage that the report prints, section 2.2 to 2.6
    "assessment_engagement": 43,
    "assessment_desistance": 57,
    "assessment_safety": 21,
    "planning_engagement": 38,
    "planning_desistance": 52,
    "planning_safety": 36,
    "delivery_engagement": 55,
    "delivery_desistance": 26,
    "delivery_safety": 19,
    "reviewing_engagement": 52,
    "reviewing_desistance": 38,
    "reviewing_safety": 24,
    "outcomes_progress": 29,
}
SOURCE = Path(__file__).resolve().parents[2] / "shared" / "source" / f"{REPORT}.txt"


def judged(name: str) -> dict[str, dict[str, str]]:
    answers = hk.load(name).answers
    return {
        str(one): dict(zip(rows["case_id"], rows["answer"], strict=True))
        for one, rows in answers.groupby("question", observed=True)
    }


def made(name: str, seed: int | None = None) -> PracticeSet:
    """Return a practice set made afresh, from its own seed or another."""
    inspection = hk.load(name)
    published, identity = inspection.published, inspection.identity
    totals = dict(zip(published["question"], published["yes"], strict=True))
    return make(
        inspection.framework,
        totals,
        identity["cases_inspected"],
        identity["seed"] if seed is None else seed,
        identity["case_prefix"],
    )


def test_key_questions_are_those_that_the_report_prints() -> None:
    published = hk.load(REPORT).published
    assert dict(zip(published["question"], published["percent"], strict=True)) == PRINTED
    assert (published["n"] == 42).all()


def test_each_percentage_has_exactly_one_count() -> None:
    for row in hk.load(REPORT).published.itertuples():
        fitting = [yes for yes in range(43) if whole_percent(yes, 42) == f"{row.percent}%"]
        assert fitting == [row.yes]


def test_identity_is_that_of_the_report() -> None:
    identity = hk.load(REPORT).identity
    stated = (
        "cases_inspected",
        "practitioner_interviews",
        "people_heard",
        "score",
        "maximum_score",
        "rating",
        "isbn",
    )
    assert [identity[item] for item in stated] == [
        42,
        31,
        107,
        4,
        24,
        "Inadequate",
        "978-1-914478-97-0",
    ]
    assert (
        identity["licence"]
        == "Contains public sector information licensed under the Open Government Licence v3.0."
    )


def test_ratings_add_up_to_the_score() -> None:
    inspection = hk.load(REPORT)
    rated = inspection.ratings[inspection.ratings["status"] == "rated"]
    assert (
        sum(inspection.framework.points(rating) for rating in rated["rating"])
        == inspection.identity["score"]
        == 4
    )
    assert len(rated) * 3 == inspection.identity["maximum_score"] == 24
    others = inspection.ratings[inspection.ratings["status"] != "rated"]
    assert dict(zip(others["standard"], others["status"], strict=True)) == {
        "Court work": "not applicable",
        "Outcomes": "not rated",
    }


def test_eleven_recommendations_have_three_addressees() -> None:
    recommendations = hk.load(REPORT).recommendations
    assert recommendations["number"].tolist() == list(range(1, 12))
    assert recommendations["addressee"].value_counts(sort=False).tolist() == [6, 4, 1]


@pytest.mark.skipif(not SOURCE.exists(), reason="the report's text is not here")
def test_the_wordings_stand_in_the_report() -> None:
    text = " ".join(SOURCE.read_text(encoding="utf-8").replace("*", "").split())
    for question in hk.load(REPORT).framework.questions:
        assert question.wording in text


def test_every_rule_has_a_status_and_a_basis() -> None:
    for path in (DATA / "frameworks").glob("*.toml"):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        for rule in [*raw["rules"].values(), *raw.get("bands", [])]:
            assert rule["status"] in {"report", "seen", "derived", "unverified"}
        assert all(rule["basis"] for rule in raw["rules"].values())
        assert {stage["standard"] for stage in raw.get("stages", [])} <= {
            standard["name"] for standard in raw["standards"]
        }


@pytest.mark.parametrize("name", SETS)
def test_practice_cases_give_every_total_exactly(name: str) -> None:
    cases, answered = hk.load(name), judged(name)
    totals = {row.question: (row.yes, row.n) for row in cases.published.itertuples()}
    totals |= {part.id: (part.yes, part.n) for part in cases.framework.sub_questions}
    counted = {
        one: (
            list(of.values()).count("Yes"),
            sum(answer != "Not applicable" for answer in of.values()),
        )
        for one, of in answered.items()
    }
    assert counted == totals
    assert all(len(of) == 42 for of in answered.values())


@pytest.mark.parametrize("name", SETS)
def test_licence_questions_apply_to_licence_cases_only(name: str) -> None:
    licence = set(hk.load(name).where(sentence_type="Licence").cases["case_id"])
    assert len(licence) == LICENCE_CASES
    for part in hk.load(name).framework.sub_questions:
        if part.population == "Licence":
            assert {
                case for case, answer in judged(name)[part.id].items() if answer != "Not applicable"
            } <= licence


@pytest.mark.parametrize("name", SETS)
def test_needs_are_those_that_the_report_prints(name: str) -> None:
    counts = (
        hk.load(name)
        .needs.groupby("need", observed=False)[
            ["linked_to_offending", "linked_to_harm", "improved"]
        ]
        .sum()
    )
    assert counts.T["Accommodation"].to_list() == [11, 10, 2]
    assert counts.T["Finance"].to_list()[::2] == [8, 2]
    assert counts.T["Education, training and employment"].to_list()[2] == 4
    assert list(counts.index) == list(NEEDS)


@pytest.mark.parametrize("name", SETS)
def test_the_comparisons_of_the_report_hold(name: str) -> None:
    cases = hk.load(name).frames["cases"].astype("str").to_dict("records")
    rows = [{str(key): str(value) for key, value in case.items()} for case in cases]
    assert comparisons_hold(rows, judged(name))


def test_a_comparison_that_is_broken_is_noticed() -> None:
    rows = [
        {str(key): str(value) for key, value in case.items()}
        for case in hk.load(SETS[0]).cases.astype("str").to_dict("records")
    ]
    turned = [
        row
        | {"sentence_type": {"Licence": "Community", "Community": "Licence"}[row["sentence_type"]]}
        for row in rows
    ]
    assert not comparisons_hold(turned, judged(SETS[0]))


@pytest.mark.parametrize("name", SETS)
def test_strands_of_a_case_hang_together(name: str) -> None:
    """A case that is sufficient on one key question is more often sufficient on the others."""
    answered = {one: of for one, of in judged(name).items() if one in PRINTED}
    differences = []
    for one, of in answered.items():
        groups = [
            [case for case, answer in of.items() if answer == wanted] for wanted in ("Yes", "No")
        ]
        rest = [other for other in answered if other != one]
        differences.append(share(answered, rest, groups[0]) - share(answered, rest, groups[1]))
    assert sum(differences) / len(differences) > 0.1


@pytest.mark.parametrize("name", SETS)
def test_make_data_writes_the_same_bytes(name: str, tmp_path: Path) -> None:
    write(made(name), tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in folders()[name].glob("*.csv")}
    assert len(written) == 3


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_seed_gives_the_totals(seed: int) -> None:
    answers = made(SETS[0], seed).answers
    for row in hk.load(SETS[0]).published.itertuples():
        assert (
            sum(one["answer"] == "Yes" for one in answers if one["question"] == row.question)
            == row.yes
        )


def test_the_two_sets_differ_in_their_details() -> None:
    first, second = (hk.load(name) for name in SETS)
    assert not set(first.cases["case_id"]) & set(second.cases["case_id"])
    assert first.answers["answer"].tolist() != second.answers["answer"].tolist()


@pytest.mark.parametrize("name", SETS)
def test_characteristics_are_values_of_the_schema(name: str) -> None:
    cases = hk.load(name).cases
    for column in CASES:
        if column.allowed:
            assert set(cases[column.name].unique()) <= set(column.allowed)


def test_names_lists_what_load_takes() -> None:
    assert {REPORT, *SETS} <= set(folders())
    assert all(hk.load(name).title for name in folders())


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="practice-cases"):
        hk.load("practise-cases")


def test_the_same_practice_rounds_come_out(tmp_path: Path) -> None:
    write_rounds(tmp_path, hk.load("practice-cases").framework)
    there = bundled_folder("data") / "rounds" / "practice-rounds"
    written, kept = (
        {one.relative_to(top): one.read_bytes() for one in top.rglob("*") if one.is_file()}
        for top in (tmp_path, there)
    )
    assert written == kept
    assert len(of_several(hk.load("practice-rounds")).members) == len(ROUNDS) * len(UNITS)
