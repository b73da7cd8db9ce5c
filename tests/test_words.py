"""What findings say at every size: nothing false, doubled or in words of our own making."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
import words

import hmip_kit as hk
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.stats.intervals import narrowed

PDU, PRACTICE = hk.load("lewisham-bromley-2022"), hk.load("practice-cases")
LICENCE = PRACTICE.where(sentence_type="Licence")
KEPT = Path(__file__).resolve().parents[1] / "docs" / "words.md"
ANSWERS = ["", "Yes", "No", "Not applicable", "ties"]
# Each was seen once: what it stands for is not to be said.
NEVER = {
    "no cases counted as some": r"\b0 of 0\b|\ball 0\b|\b0 to 0\b",
    "one of a kind as several": r"\b1 cases\b|\bof 1 cases\b|\ball 1\b",
    "what is missing": r"\bnan\b|<NA>|\bNone\)|\{\w+\}",
    "nought with a sign": r"[-+]0 |\+0\b|-0\b(?!\.)",
    "doubled": r"\b(\w+) \1\b(?<!that that)|  |\.\.|;\.|: \.",
    "no comma in thousands": r"(?<![\d.,])\d{5,}",
    "jargon": r"\bstrand\b|[Nn]et difference|the report allows|\btall(?:y|ies)\b|anonym",
    "either way": r"either way|about \d+ (?:to|points)",
    "double negative": r"\bnot \w+: [^;.]* not sufficient",
}
PERCENT = re.compile(r"(\d+) of (\d+)(?: cases?)? \(\d+%")


def said(finding: Finding) -> list[str]:
    """Return all that a finding says, but for the rows of its table."""
    heads = [*finding.columns.values()]
    return [finding.title, finding.sentence, finding.measure, finding.cases, *finding.notes, *heads]


def told(inspection: Inspection) -> list[tuple[str, str]]:
    return [(one.name, text) for one in words.findings(inspection) for text in said(one)]


@pytest.mark.parametrize(
    ("n", "answer"),
    [*((n, "") for n in words.SIZES), *product((1, 20), ANSWERS[1:])],
)
def test_at_every_size_nothing_is_said_that_is_wrong(n: int, answer: str) -> None:
    audit = words.audit(n, answer)
    for name, text in told(audit):
        for what, pattern in NEVER.items():
            assert not re.search(pattern, text), (what, name, text)
        for _, of in PERCENT.findall(text):
            assert int(of) >= 10, (name, text)  # under ten cases no percentage


@pytest.mark.parametrize("inspection", [PDU, PRACTICE, LICENCE], ids=["report", "all", "licence"])
def test_the_bundled_data_say_nothing_that_is_wrong(inspection: Inspection) -> None:
    for name, text in told(inspection):
        for what, pattern in NEVER.items():
            assert not re.search(pattern, text), (what, name, text)


def test_a_change_of_words_is_seen_in_review() -> None:
    assert KEPT.read_text(encoding="utf-8") == f"{words.bundled()}\n", "run `make words`"


@pytest.mark.parametrize("cases", [PRACTICE, LICENCE], ids=["all", "licence"])
def test_practice_cases_get_no_interval_no_band_and_no_lowest(cases: Inspection) -> None:
    for one in words.findings(cases):
        assert "interval" not in one.rows.get("bounds", pd.Series(dtype="str")).tolist()
        for text in said(one):
            assert "95% interval" not in text or "Newcombe" in text, (one.name, text)
            assert not re.search(r"[Ll]owest|[Hh]ighest|nearest|[Bb]and\b|bands", text), one.name


def test_a_part_of_ones_own_cases_has_no_rating() -> None:
    part = words.audit(42).where(sentence_type="Licence")
    assert "a part of them has no rating" in part.show.ratings().sentence
    assert set(part.show.results().rows["rating"]) == {""}
    assert set(words.audit(42).show.results("sex").rows["rating"]) == {""}
    assert {"", "Inadequate"} < set(words.audit(42).show.results().rows["rating"]) | {"x"}


def few(yes: int, n: int, not_applicable: int, blank: int) -> Inspection:
    """Return own cases of which so many are Yes, No, Not applicable and not recorded."""
    given = ["Yes"] * yes + ["No"] * (n - yes) + ["Not applicable"] * not_applicable
    ids = [f"case-{place}" for place in range(len(given) + blank)]
    rows = {"case_id": ids[: len(given)], "question": "planning_safety", "answer": given}
    frames = {"cases": pd.DataFrame({"case_id": ids}), "answers": pd.DataFrame(rows)}
    return Inspection("own", {"title": "Own"}, PDU.framework, frames, "own")


def test_what_is_not_counted_is_said_from_one_in_ten_on() -> None:
    """All 42 cases, and 6 of 12: the 25 that do not apply, the 5 that are blank."""
    found = few(6, 12, 25, 5).show.key_questions()
    apart = "25 not applicable and 5 not recorded (with these 6 to 11 of 17)"
    assert [one for one in found.rows["uncounted_text"] if one] == [apart]
    assert apart in found.sentence and found.columns["uncounted_text"] == "Not counted"
    little = few(20, 38, 3, 1).show.key_questions()
    assert set(little.rows["uncounted_text"]) == {""}
    at_edge = few(6, 36, 4, 0).show.key_questions()  # 4 of 40 are one in ten, and not more
    assert set(at_edge.rows["uncounted_text"]) == {""}


def test_of_few_cases_the_count_comes_first() -> None:
    titles = {
        9: "Under ten cases on each: none is named",
        15: "Lowest: Planning: safety of other people, 3 of 15 cases",
    }
    for n, title in titles.items():
        assert few(3, n, 0, 0).show.key_questions().title == title
    assert set(few(3, 9, 0, 0).show.key_questions().rows["share"]) == {""}
    tied = words.audit(18, "ties").show.key_questions()
    assert tied.title == "All 13 have the same result, 9 of 18 each"
    assert words.audit(20, "ties").show.key_questions().title.endswith("at 50%")
    drawn = str(words.audit(15).show.key_questions().drawing)
    assert "datum.r.n >= 20 ? datum.r.share : datum.r.cases" in drawn  # in bold, before the other
    assert "datum.r.n >= 20 ? datum.r.cases : datum.r.share" in drawn


def test_large_counts_have_commas() -> None:
    found = few(1_200, 17_280, 2_500, 0).show.key_questions()
    assert found.cases == "all 19,780 cases"
    assert "1,200 of 17,280 cases (7%" in found.sentence and "2,500 not" in found.sentence
    assert "1,200 of 17,280" in found.rows["cases"].tolist()


def test_ties_are_all_named_of_a_later_sample() -> None:
    found = words.audit(20).show.later_sample()
    low = "Delivery: safety of other people and Reviewing: safety of other people"
    high = "Assessment: desistance and Delivery: engagement"
    assert found.title == f"{low}: a rise from 5 of 20 is beyond chance from 12 of 20"
    assert f"Lowest: {found.title}. Highest: {high}: a rise from 14 of 20" in found.sentence
    alike = words.audit(20, "Yes").show.later_sample()
    assert alike.title == "13 key questions: no rise from 20 of 20 is beyond chance"
    assert alike.sentence == "All 20 cases. All have the same result."


def test_an_interval_is_of_what_is_said_to_be_more() -> None:
    """86 of 300 had the outcome, 79 the service: seven more, from 4 points fewer to 9 more."""
    said = words.audit(300).show.gap().sentence
    assert "Seven more cases had the outcome than the service (95% interval -4 to +9" in said


def test_a_failure_is_called_one() -> None:
    said = words.audit(20, "No").show.sub_questions().sentence
    assert said.count("answered No: 20 of 20 cases (100%") == said.count("20 of 20") > 1


def test_where_nothing_applies_nothing_is_said_to_be_insufficient() -> None:
    none = words.audit(20, "Not applicable")
    assert none.show.not_recorded().title == "No question applies to a case"
    assert none.show.case_grid().lacks
    points = [label for label, *_ in glance(words.audit(20, "ties"))]
    assert [one for one in points if "key questions" in one] == ["Lowest of 12 key questions"]


def glance(inspection: Inspection) -> list[tuple[str, str, str]]:
    found = inspection.show.at_a_glance()
    assert found.points is not None
    return list(found.points(found.rows))


@pytest.mark.parametrize(
    ("yes", "title"),
    [
        ([3, 9, 9] * 4, "Engagement scored lowest at every stage"),
        ([3, 3, 9, *[3, 9, 9] * 3], "Engagement scored lowest or joint lowest at every stage"),
        ([*[3, 9, 9] * 3, 9, 3, 9], "Engagement scored lowest at 3 of 4 stages"),
        ([*[3, 9, 9] * 2, *[9, 3, 9] * 2], "Key questions, stage by stage"),
        ([9] * 12, "Key questions, stage by stage"),
    ],
)
def test_the_title_of_the_stages_holds_under_ties(yes: list[int], title: str) -> None:
    key = PDU.framework.casework_key
    published = pd.DataFrame({"question": key, "yes": yes, "n": 42, "count_source": "stated"})
    shown = Inspection("unit", {"title": "Unit"}, PDU.framework, {"published": published})
    assert shown.show.key_questions().title == title


def test_the_reports_own_comparison_narrows_what_its_totals_leave_open() -> None:
    for yes, n, weaker, stronger in ((16, 42, 19, 23), (24, 42, 20, 18), (5, 12, 4, 6)):
        tried = [
            (low, high)
            for low, high in product(range(weaker + 1), range(stronger + 1))
            if 0 <= yes - low - high <= n - weaker - stronger and low / weaker < high / stronger
        ]
        assert narrowed(yes, n, weaker, stronger) == (
            max(low for low, _ in tried),
            min(high for _, high in tried),
        )
    notes = PRACTICE.show.key_questions().notes
    assert any("leaves at most 7 of 19, and at least 9 of 23" in note for note in notes)


def test_recommendations_are_quoted_and_marked_as_quoted() -> None:
    rows = PDU.show.recommendations().rows
    assert rows["label"].str.fullmatch("“.+”").all()
    source = Path(__file__).resolve().parents[2] / "shared/source/lewisham-bromley-2022.txt"
    if not source.exists():
        pytest.skip("the report's text is not here")
    text = " ".join(source.read_text(encoding="utf-8").split())
    assert [one for one in rows["label"] if one.strip("“”") not in text] == []


def test_a_second_inspection_without_a_unit_is_no_change() -> None:
    other = replace(words.audit(42), identity={"title": "Audit"})
    assert "does not state its unit" in PDU.against(other).show.change().sentence
