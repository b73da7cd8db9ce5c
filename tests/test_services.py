"""Services and what came of them: viewpoints, needs, stages, referrals, kinds of standard."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

import hmip_kit as hk
from hmip_kit.counts import LINKS, PATTERNS, counted, need_key
from hmip_kit.errors import UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.schema import NEED_FLAGS

PDU, PRACTICE = hk.load("lewisham-bromley-2022"), hk.load("practice-cases")
ACCOMMODATION = "Accommodation"


def with_needs(rows: list[tuple[Any, ...]], need: str = ACCOMMODATION) -> Inspection:
    """Return own cases, one row of flags each: two links, planned for, service, progress."""
    ids = [f"case-{place}" for place in range(len(rows))]
    flags = (
        pd.DataFrame(rows, columns=list(NEED_FLAGS))
        .astype("boolean")
        .assign(case_id=ids, need=need)
    )
    cases = pd.DataFrame(
        {"case_id": ids, "sex": ["Male", "Female"] * (len(ids) // 2) + ["Male"] * (len(ids) % 2)}
    )
    return Inspection(
        "audit",
        {"title": "Audit"},
        PDU.framework,
        {"cases": cases, "needs": flags},
        cases_are="own",
    )


def of(
    inspection: Inspection, link: str = "offending", need: str = ACCOMMODATION
) -> dict[Any, Any]:
    return inspection.show.need_steps(link).rows.set_index("need").loc[need].to_dict()


def views(inspection: Inspection) -> pd.DataFrame:
    return inspection.show.three_viewpoints().rows


def test_viewpoints_are_the_reports_each_with_its_base() -> None:
    rows = views(PDU)
    assert rows["text"].tolist() == [
        "52%, count not stated",
        "66%, count not stated",
        "11 of 42 (26%)",
        "8 of 42 (19%)",
        "12 of 42 (29%)",
    ]
    assert rows["base"].tolist()[:2] == [
        "not stated; a part of 31 probation practitioners",
        "not stated; a part of 107 people on probation",
    ]
    low, high = proportion_confint(11, 42, method="wilson")
    assert rows.iloc[2][["low", "high"]].tolist() == pytest.approx([100 * low, 100 * high])
    # 52% of those interviewed is no count: 16 of 31, 13 of 25, 14 of 27 and 15 of 29 print it.
    assert rows[["low", "n"]].isna().any(axis=1).tolist() == [True, True, False, False, False]
    assert rows["yes"].isna().tolist() == [True, True, False, False, False]
    assert rows["section"].tolist() == [
        "1.3 Services: percentage printed",
        "Feedback from people on probation: percentage printed",
        *["2.4 Implementation and delivery: percentage printed"] * 2,
        "2.6 Outcomes: percentage printed",
    ]


def test_a_case_file_has_no_survey_and_its_own_auditors() -> None:
    rows = views(PRACTICE)
    assert (
        rows["viewpoint"].tolist() == ["Inspectors"] * 3
    )  # as the report's, whose totals they fit
    narrowed = views(PRACTICE.where(sentence_type="Licence"))
    assert narrowed["low"].isna().all() and narrowed["n"].tolist() == [19] * 3
    mine = with_needs([(True,) * 5])
    assert views(mine)["text"].tolist() == ["no cases"] * 3
    assert views(mine)["viewpoint"].tolist() == ["Auditors"] * 3
    assert "Inspectors" not in mine.show.three_viewpoints().sentence


@pytest.mark.parametrize(("size", "text"), [(250, "52% of 250"), (31, "16 of 31 (52%)")])
def test_a_stated_base_gives_a_count_where_only_one_fits(size: int, text: str) -> None:
    asked = PDU.figures["figure"] == "practitioners_access_services"
    figures = PDU.figures.assign(extent=PDU.figures["extent"].where(~asked, "whole"))
    identity = {**PDU.identity, "practitioner_interviews": size}
    frames = {**PDU.frames, "figures": figures}
    finding = Inspection("pdu", identity, PDU.framework, frames).show.three_viewpoints()
    row = finding.rows.iloc[0]
    assert row["text"] == text and row["base"] == f"{size} practitioners interviewed"
    assert pd.isna(row["yes"]) == (size == 250)
    assert ("worked out" in finding.sentence) == (size == 31)


def test_published_needs_are_the_three_that_the_report_counts() -> None:
    rows = PDU.show.need_steps().rows.set_index("need")
    assert rows.index.tolist() == [ACCOMMODATION, "Education, training and employment", "Finance"]
    assert rows["progress_text"].tolist() == [
        "2, base not stated",
        "4, base not stated",
        "2 of 8",
    ]
    assert set(rows["served_text"]) == {"[x]"}
    assert [
        PDU.show.need_steps(link).rows.iloc[0][["n_least", "n_most"]].tolist()
        for link in ("harm", "either", "both")
    ] == [
        [10, 10],
        [11, 21],
        [0, 10],
    ]
    assert set(PDU.show.needs().rows["need"]) == set(rows.index)
    bare = Inspection("bare", PDU.identity, PDU.framework, {"published": PDU.published})
    for finding in (bare.show.need_steps(), bare.show.needs()):
        assert finding.rows.empty and finding.title.endswith("not in these data")


def test_every_step_counts_the_cases_with_the_need() -> None:
    rows = [
        (True, False, True, True, True),
        (True, True, True, True, False),
        (True, False, False, False, True),
    ]
    row = of(with_needs([*rows, (False, True, True, True, True), (True, False, None, None, False)]))
    assert [
        row[name]
        for name in ("n", "planned", "planned_n", "served", "served_n", "progress", "progress_n")
    ] == [4, 2, 3, 2, 3, 2, 4]
    assert [row[name] for name in PATTERNS] == [1, 1, 1, 0, 1]
    assert [row[name] for name in ("drop_planned", "drop_served", "drop_progress")] == [1, 1, 1]
    assert row["served_text"] == "2 of 3"


def test_a_link_says_who_has_a_need() -> None:
    cases = with_needs(
        [
            (True, False, None, True, True),
            (False, True, None, True, True),
            (True, True, None, True, True),
            (False,) * 5,
        ]
    )
    assert [of(cases, link)["n"] for link in ("offending", "harm", "either", "both")] == [
        2,
        2,
        3,
        1,
    ]
    with pytest.raises(UnknownName, match="offending"):
        cases.show.need_steps("offence")
    with pytest.raises(UnknownName, match="offending"):
        PDU.show.needs("offence")


def test_no_case_and_not_known_are_two_things() -> None:
    none = of(with_needs([(False,) * 5, (False, None, None, None, None)]))
    assert (none["served_text"], none["progress_text"]) == ("[z]", "[z]")
    unknown = of(with_needs([(True, False, None, None, True)]))
    assert (unknown["served_text"], unknown["progress_text"]) == ("[x]", "1 of 1")
    assert of(PRACTICE)["planned_text"] == "[x]"


@pytest.mark.parametrize(("n", "said"), [(9, "3 of 9"), (10, "3 of 10 (30%)")])
def test_a_percentage_comes_from_ten_cases_on(n: int, said: str) -> None:
    assert (
        of(with_needs([(True, False, True, place < 3, False) for place in range(n)]))["served_text"]
        == said
    )


flag = st.sampled_from([True, False, None])


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(flag, flag, flag, flag, flag), min_size=1, max_size=25))
def test_patterns_sum_groups_add_up_and_tallies_agree(rows: list[tuple[Any, ...]]) -> None:
    cases = with_needs(rows)
    for link in LINKS:
        row = of(cases, link)
        assert sum(row[name] for name in PATTERNS) == row["n"]
        split = cases.show.need_steps(link, by="sex").rows
        assert split[split["need"] == ACCOMMODATION]["n"].sum() == row["n"]
        for what in ("n", "served", "progress_n", *PATTERNS):
            key = need_key(ACCOMMODATION, link, what)
            assert counted(cases, [key])[key] == row[what]


def test_stages_are_counted_however_they_follow_each_other() -> None:
    questions = [f"{stage}_safety" for stage in ("assessment", "planning", "delivery", "reviewing")]
    given_answers = {"a": "YYYY", "b": "NYNY", "c": "NNNN", "d": "YY-Y"}
    words = {"Y": "Yes", "N": "No", "-": "Not applicable"}
    long = [
        (case, question, words[one])
        for case, line in given_answers.items()
        for question, one in zip(questions, line, strict=True)
    ]
    frames = {
        "cases": pd.DataFrame({"case_id": list(given_answers)}),
        "answers": pd.DataFrame(long, columns=["case_id", "question", "answer"]),
    }
    cases = Inspection("audit", {"title": "Audit"}, PDU.framework, frames, cases_are="own")
    rows = cases.show.stages_sufficient().rows
    safety = rows[rows["strand"] == "safety"]
    assert safety["yes"].tolist() == [1, 0, 1, 0, 1]
    assert set(safety["n"]) == {3} and cases.size - 3 == 1
    assert set(rows.loc[rows["strand"] != "safety", "n"]) == {0}


def test_stages_add_up_to_the_yes_of_the_key_questions() -> None:
    rows = PRACTICE.show.stages_sufficient().rows
    yes = PDU.show.results().rows.groupby("strand")["yes"].sum()
    for strand in ("engagement", "desistance", "safety"):
        part = rows[rows["strand"] == strand]
        assert (part["stages"] * part["yes"]).sum() == yes[strand]
    split = PRACTICE.show.stages_sufficient(by="sex").rows
    both = [one.groupby(["strand", "stages"])["yes"].sum().sort_index() for one in (split, rows)]
    assert both[0].tolist() == both[1].tolist()


def test_totals_do_not_say_how_far_cases_got() -> None:
    for by in (None, "sex"):
        finding = PDU.show.stages_sufficient(by=by)
        assert finding.rows.empty and finding.title.endswith("not in these data")


def test_referrals_add_up_and_standards_stand_side_by_side() -> None:
    rows = PDU.show.referrals().rows
    assert rows["count"].tolist() == [194, 329, 225] and set(rows["n"]) == {748}
    assert PRACTICE.show.referrals().rows.empty
    sides = PDU.show.organisation_against_casework().rows
    assert sides.groupby("side")["points"].agg(["size", "sum"]).to_dict("index") == {
        "Casework": {"size": 4, "sum": 0},
        "Organisation": {"size": 4, "sum": 4},
    }
    assert PRACTICE.show.organisation_against_casework().rows.empty
