"""An inspection is frozen: filtering gives a new one.

Counting through codes agrees with counting rows.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.counts import answer_key, counted
from hmip_kit.errors import DataProblem, KitError, NotInData, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.protect.bundle import provenance_of
from hmip_kit.schema import ANSWERS, NOT_RECORDED

REPORT = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
QUESTIONS = [one.id for one in REPORT.framework.questions]


def own(answers: list[list[str | None]], **characteristics: list[str | None]) -> Inspection:
    """Return own cases: a row of answers per case, on the first questions of the framework."""
    ids = [f"case-{place}" for place in range(len(answers))]
    long = [
        (case, question, answer)
        for case, row in zip(ids, answers, strict=True)
        for question, answer in zip(QUESTIONS, row, strict=False)
        if answer is not None
    ]
    frames = {
        "cases": pd.DataFrame({"case_id": ids, **characteristics}, dtype="str"),
        "answers": pd.DataFrame(long, columns=["case_id", "question", "answer"], dtype="str"),
    }
    return Inspection("audit", {"title": "An audit"}, REPORT.framework, frames, cases_are="own")


def tallied(inspection: Inspection, question: str) -> list[int]:
    """Return in how many cases a question was answered Yes, No, either, and otherwise."""
    parts = ("yes", "no", "n", "not_applicable", "not_recorded")
    return list(counted(inspection, [answer_key(question, part) for part in parts]).values())


ROWS = st.lists(st.lists(st.sampled_from([*ANSWERS, None]), min_size=4, max_size=4), max_size=25)


@settings(deadline=None)
@given(ROWS)
def test_codes_count_what_rows_count(rows: list[list[str | None]]) -> None:
    inspection = own(rows)
    for place, question in enumerate(QUESTIONS[:4]):
        given_answers = [row[place] for row in rows]
        assert tallied(inspection, question) == [
            given_answers.count("Yes"),
            given_answers.count("No"),
            given_answers.count("Yes") + given_answers.count("No"),
            given_answers.count("Not applicable"),
            given_answers.count(None),
        ]
        assert inspection.coded(question).shape == (len(rows),)
        assert inspection.coded(question).dtype == np.int8


@settings(deadline=None)
@given(ROWS, st.data())
def test_a_filter_keeps_codes_and_frames_in_step(
    rows: list[list[str | None]], data: st.DataObject
) -> None:
    sexes = data.draw(
        st.lists(st.sampled_from(["Female", "Male", None]), min_size=len(rows), max_size=len(rows))
    )
    inspection = own(rows, sex=sexes)
    for value in inspection.characteristics["sex"]:
        chosen = inspection.where(sex=value)
        wanted = [
            row for row, sex in zip(rows, sexes, strict=True) if (sex or NOT_RECORDED) == value
        ]
        assert chosen.size == len(chosen.cases) == len(wanted)
        assert len(chosen.answers) == sum(answer is not None for row in wanted for answer in row)
        for place, question in enumerate(QUESTIONS[:4]):
            yes = [row[place] for row in wanted].count("Yes")
            assert tallied(chosen, question)[0] == yes == int((chosen.coded(question) == 0).sum())
    assert inspection.size == len(rows)


def test_not_applicable_not_recorded_and_no_are_three_things() -> None:
    inspection = own([["Yes"], ["No"], ["Not applicable"], [None]])
    assert inspection.coded(QUESTIONS[0]).tolist() == [0, 1, 2, -1]
    assert tallied(inspection, QUESTIONS[0]) == [1, 1, 2, 1, 1]


def test_a_blank_characteristic_is_not_recorded() -> None:
    inspection = own([["Yes"], ["Yes"]], sex=["Female", None])
    assert inspection.characteristics == {"sex": ["Female", NOT_RECORDED]}
    assert inspection.where(sex=NOT_RECORDED).size == 1


def test_where_leaves_the_inspection_as_it_was() -> None:
    before = PRACTICE.cases.copy(), PRACTICE.answers.copy(), PRACTICE.filters
    licence = PRACTICE.where(sentence_type="Licence")
    assert licence.size == 19
    assert licence.sample_size == 42
    assert PRACTICE.filters == before[2]
    pd.testing.assert_frame_equal(PRACTICE.cases, before[0])
    pd.testing.assert_frame_equal(PRACTICE.answers, before[1])


def test_what_is_done_to_a_frame_does_not_reach_the_inspection() -> None:
    cases = PRACTICE.cases
    cases.loc[:, "case_id"] = "changed"
    published = PRACTICE.published
    published.loc[:, "yes"] = 0
    assert "changed" not in set(PRACTICE.cases["case_id"])
    assert PRACTICE.published["yes"].sum() == 206


def test_frames_given_are_not_changed() -> None:
    cases = pd.DataFrame({"case_id": ["a"], "sex": [None]}, dtype="str")
    given_frames, kept = {"cases": cases}, cases.copy()
    Inspection("audit", {"title": "An audit"}, REPORT.framework, given_frames, cases_are="own")
    pd.testing.assert_frame_equal(cases, kept)
    assert list(given_frames) == ["cases"]


def test_an_inspection_is_frozen() -> None:
    with pytest.raises(AttributeError):
        PRACTICE.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        PRACTICE.frames["cases"] = pd.DataFrame()  # type: ignore[index]
    with pytest.raises(TypeError):
        PRACTICE.identity["title"] = "A real unit"  # type: ignore[index]


def test_any_of_the_values_and_all_of_the_characteristics() -> None:
    female, licence = PRACTICE.where(sex="Female"), PRACTICE.where(sentence_type="Licence")
    both = set(female.cases["case_id"]) & set(licence.cases["case_id"])
    assert set(PRACTICE.where(sex="Female", sentence_type="Licence").cases["case_id"]) == both
    assert PRACTICE.where(sex=["Female", "Male"]).size == 42


def test_a_need_filters_by_either_link() -> None:
    needs = PRACTICE.needs[PRACTICE.needs["need"] == "Accommodation"]
    linked = needs[needs["linked_to_offending"] | needs["linked_to_harm"]]
    assert set(PRACTICE.where(need="Accommodation").cases["case_id"]) == set(linked["case_id"])


def test_published_totals_have_no_cases_to_filter() -> None:
    assert REPORT.cases_are == "none"
    assert len(REPORT.cases) == len(REPORT.answers) == len(REPORT.needs) == 0
    assert REPORT.size == REPORT.sample_size == 42
    with pytest.raises(
        NotInData, match="November 2022: there is nothing to filter. Totals do not say"
    ):
        REPORT.where(sex="Female")


def test_practice_cases_carry_totals_and_no_ratings() -> None:
    pd.testing.assert_frame_equal(PRACTICE.published, REPORT.published)
    assert len(PRACTICE.ratings) == 0
    assert "made up" in PRACTICE.title


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sentense_type": "Licence"}, "did you mean 'sentence_type'"),
        ({"sentence_type": "Licnce"}, "did you mean 'Licence'"),
        ({"need": "Acommodation"}, "did you mean 'Accommodation'"),
        ({"case_id": "practice-a-01"}, "no characteristic 'case_id'"),
    ],
)
def test_an_unknown_name_is_answered_with_what_there_is(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(UnknownName, match=words) as raised:
        PRACTICE.where(**wrong)
    assert "There are: " in str(raised.value)
    assert raised.value.exit_code == 2
    assert isinstance(raised.value, KitError)


def test_what_the_schema_allows_and_no_case_has_leaves_no_case() -> None:
    cases = PRACTICE.cases.drop(columns="rosh").assign(sentence_type="Community")
    mine = hk.Inspection(
        "audit",
        {"title": "Audit"},
        PRACTICE.framework,
        {"cases": cases, "answers": PRACTICE.answers},
        "own",
    )
    for none in (
        {"sentence_type": "Licence"},
        {"rosh": ["High", "Very high"]},
        {"need": "Finance"},
    ):
        assert mine.where(**none).size == 0
        assert "0 of 42 cases" in mine.where(**none).show.stages_sufficient().cases
    assert mine.where(rosh="Not recorded").size == 42
    assert mine.where(sentence_type=["Community", "Licence"]).size == 42
    assert "rosh" not in mine.filterable
    for wrong in ({"rosh": "Hihg"}, {"office": "North"}):
        with pytest.raises(UnknownName):
            mine.where(**wrong)


def test_an_unknown_question_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'delivery_safety'"):
        counted(PRACTICE, ["answer/delivery_safty/yes"])


def test_only_own_cases_are_protected() -> None:
    assert own([["Yes"]]).protected
    assert not PRACTICE.protected
    assert not REPORT.protected


def test_no_cases_at_all() -> None:
    empty = own([])
    assert empty.size == 0
    assert empty.show.results().rows["n"].tolist() == [0] * 13


def test_an_answer_about_an_unknown_case_is_refused() -> None:
    frames = {name: PRACTICE.frames[name].astype("str") for name in ("cases", "answers")}
    frames["answers"].loc[3, "case_id"] = "nobody"
    with pytest.raises(DataProblem, match="1 rows are about a case that is not among the cases"):
        Inspection("audit", {"title": "An audit"}, REPORT.framework, frames, cases_are="own")


def test_it_says_what_it_is() -> None:
    licence = repr(PRACTICE.where(sentence_type="Licence"))
    assert "19 of 42 practice cases; sentence type: Licence" in licence
    assert "no cases" in repr(REPORT)


def mark(inspection: Inspection) -> str:
    """Return what tells an inspection's data from others."""
    return str(provenance_of(inspection)["sha256"])


def test_the_same_data_have_the_same_fingerprint() -> None:
    assert mark(hk.load("practice-cases")) == mark(PRACTICE) == mark(PRACTICE.where(sex="Female"))
    assert mark(hk.load("practice-cases-b")) != mark(PRACTICE)
    assert mark(own([["Yes"]])) == ""


def test_a_name_that_there_is_not_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'key_questions'"):
        _ = REPORT.show.key_question  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = REPORT.show.key_question  # type: ignore[attr-defined]
    with pytest.raises(UnknownName, match=r"change is asked for as inspection.against\(other\)"):
        _ = REPORT.show.change  # type: ignore[attr-defined]
    with pytest.raises(UnknownName, match="no argument of needs 'lnk': did you mean 'link'"):
        PRACTICE.show.needs(lnk="harm")  # type: ignore[call-arg]


def test_it_says_in_a_notebook_what_it_holds_and_can_answer() -> None:
    said = REPORT._repr_html_()
    assert "Lewisham &amp; Bromley PDU" in said
    assert ".show.referrals()" in said
    assert ".show.case_grid()" not in said
    assert ".show.case_grid()" in PRACTICE._repr_html_()
    hostile = Inspection("a", {"title": "<script>"}, REPORT.framework, {}, cases_are="own")
    assert "<script>" not in hostile._repr_html_()


def test_own_cases_that_are_filtered_are_not_counted_where_a_notebook_stores_it() -> None:
    mine = own([["Yes"], ["Yes"], ["No"]], sex=["Female", "Male", "Male"])
    for said in (repr(mine.where(sex="Female")), mine.where(sex="Female")._repr_html_()):
        assert "1 of 3" not in said
        assert "3 own cases" in said


def test_a_population_is_a_fact_of_the_inspection() -> None:
    identity = {"title": "An audit", "population": 40}
    mine = Inspection("a", identity, REPORT.framework, own([["Yes"]] * 20).frames, "own")
    assert mine.population == 40
    with pytest.raises(DataProblem, match="a population of 40 cases is smaller than the 41"):
        Inspection("a", identity, REPORT.framework, own([["Yes"]] * 41).frames, "own")
