"""The report's figures: checked on their bases, and said truly on other inspections."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.counts.figures import completed, figure_counts, figure_value
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.findings.figures import figure_rows
from hmip_kit.findings.report import with_figures
from hmip_kit.inspection import Inspection
from hmip_kit.stats import has_power, possible_counts
from hmip_kit.stats.words import whole_percent

REPORT = hk.load("lewisham-bromley-2022")


def made(
    figures: list[dict[str, Any]], findings: list[dict[str, Any]] | None = None, **identity: Any
) -> Inspection:
    """Return the report with other figures, findings and identity: another inspection, made up."""
    frames = dict(REPORT.frames) | {"figures": completed(pd.DataFrame(figures))}
    if findings is not None:
        frames["findings"] = pd.DataFrame(findings, columns=REPORT.findings.columns)
    return replace(REPORT, frames=frames, identity=dict(REPORT.identity) | identity)


def verdicts(inspection: Inspection, check: str) -> dict[str, str]:
    found = inspection.show.figure_checks(every=True).rows
    found = found[found["check"] == check]
    return dict(zip(found["figure"], found["verdict"], strict=True))


@pytest.mark.parametrize(
    ("percentage", "n", "counts"),
    [("43%", 42, [18]), ("80%", 42, []), ("40%", 42, [17]), ("40%", 33, [])],
)
def test_counts_that_a_percentage_can_come_from(percentage: str, n: int, counts: list[int]) -> None:
    assert possible_counts(percentage, n=n) == counts


def test_decimals_of_the_text_count_and_halves_go_up() -> None:
    assert possible_counts("42.9%", n=42) == [18]
    assert possible_counts("43.0%", n=42) == []
    assert possible_counts("13 per cent", n=8) == [1]
    assert possible_counts("12%", n=8) == []
    assert possible_counts("50%", n=0) == []
    for wrong in ("many", "-3%"):
        with pytest.raises(KitError, match="not a percentage"):
            possible_counts(wrong, n=10)
    with pytest.raises(KitError, match="negative"):
        possible_counts("5%", n=-1)


@given(st.integers(1, 400), st.data())
def test_a_count_fits_the_percentage_it_gives(n: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, n))
    assert yes in possible_counts(whole_percent(yes, n), n)


@given(st.integers(1, 250))
def test_without_power_every_percentage_has_a_count(n: int) -> None:
    empty = [share for share in range(101) if not possible_counts(f"{share}%", n)]
    assert bool(empty) == has_power("50%", n)


def test_the_report_is_checked_unaided() -> None:
    found = REPORT.show.figure_checks(every=True).rows
    why = {
        (row["figure"], row["check"]): (row["verdict"], row["why"])
        for row in found.to_dict("records")
    }
    amiss = {
        key
        for key, (verdict, _) in why.items()
        if verdict in ("does not fit", "differs", "left over", "too many")
    }
    shown = REPORT.show.figure_checks()
    assert set(zip(shown.rows["figure"], shown.rows["check"], strict=True)) == amiss
    assert shown.title == f"Five of {len(found)} checks need a reader's attention"
    assert amiss == {
        ("rosh_agreed", "percentage"),
        ("child_safeguarding_services", "restatement"),
        ("people_heard", "parts"),
        ("referrals", "parts"),
        ("no_contact_needed", "parts"),
    }
    assert "33 of 41 and 32 of 40 fit" in why["rosh_agreed", "percentage"][1]
    assert "17 of 42 is 40%" in why["child_safeguarding_services", "restatement"][1]
    assert why["contact_level_licence", "words"] == (
        "base not stated",
        "“half”: the base is not stated; it is at least 19.",
    )
    assert "97% of 100%" in why["people_heard", "parts"][1]
    assert "225" in why["referrals", "parts"][1]
    assert why["people_released", "percentage"][0] == "no power"
    unstated = [reason for verdict, reason in why.values() if verdict == "base not stated"]
    assert not [reason for reason in unstated if re.search(r"\d of \d", reason)]


@pytest.mark.parametrize(
    ("share", "verdict"), [("80%", "does not fit"), ("79%", "fits"), ("81%", "fits")]
)
def test_a_percentage_is_checked_on_its_group(share: str, verdict: str) -> None:
    row = {
        "figure": "one",
        "unit": "percent",
        "printed": share,
        "value": int(share[:-1]),
        "group": "cases_inspected",
        "extent": "whole",
    }
    assert verdicts(made([row]), "percentage")["one"] == verdict


@pytest.mark.parametrize(
    ("inspected", "verdict"), [(99, "does not fit"), (100, "no power"), (101, "no power")]
)
def test_the_check_says_where_it_has_no_power(inspected: int, verdict: str) -> None:
    share = next(one for one in range(1, 101) if not possible_counts(f"{one}%", 99))
    row = {
        "figure": "one",
        "unit": "percent",
        "value": share,
        "group": "cases_inspected",
        "extent": "whole",
    }
    assert verdicts(made([row], cases_inspected=inspected), "percentage")["one"] == verdict


@pytest.mark.parametrize(
    ("second", "verdict"), [(29, "left over"), (30, "adds up"), (31, "adds up"), (32, "too many")]
)
def test_parts_add_up_within_their_rounding(second: int, verdict: str) -> None:
    whole = {"figure": "all", "unit": "count", "value": 200}
    parts = [
        {"figure": f"part{share}", "unit": "percent", "value": share, "part_of": "all"}
        for share in (70, second)
    ]
    expected = "adds up" if abs(100 - 70 - second) <= 1 else verdict
    assert verdicts(made([whole, *parts]), "parts")["all"] == expected


@pytest.mark.parametrize(
    ("again", "verdict"), [("52%", "agrees"), ("51%", "differs"), ("40%", "differs")]
)
def test_a_restatement_agrees_where_the_count_rounds_to_it(again: str, verdict: str) -> None:
    first = {
        "figure": "first",
        "section": "2.2",
        "unit": "count",
        "value": 17,
        "numerator": 17,
        "denominator": 33,
        "printed": "17 of 33",
    }
    second = {
        "figure": "again",
        "section": "1.3",
        "unit": "percent",
        "value": int(again[:-1]),
        "restates": "first",
    }
    assert verdicts(made([first, second]), "restatement") == {"again": verdict}


def test_the_same_measure_in_two_sections_is_a_restatement_unasked() -> None:
    same = {"measure": "Asked", "population": "cases", "unit": "percent"}
    rows = [
        {**same, "figure": "a", "section": "1", "value": 40},
        {**same, "figure": "b", "section": "2", "value": 41},
    ]
    assert verdicts(made(rows), "restatement") == {"b": "differs"}


def themed(*counts: tuple[str, int, int]) -> Inspection:
    """Return an inspection whose figures have one theme: polarity, count and base of each."""
    rows = [
        {
            "figure": f"f{place}",
            "measure": f"Measure {place}",
            "polarity": polarity,
            "unit": "count",
            "value": yes,
            "printed": str(yes),
        }
        | {"numerator": yes, "denominator": n}
        for place, (polarity, yes, n) in enumerate(counts)
    ]
    names = " ".join(str(row["figure"]) for row in rows)
    finding = {
        "standard": "Staff",
        "kind": "strength",
        "label": "x",
        "theme": "voice",
        "figures": names,
        "recommendations": "",
    }
    return made(rows, [finding])


def test_titles_by_theme_hold_under_ties_and_one_case_differences() -> None:
    first = themed(("sufficient", 5, 20), ("insufficient", 14, 20)).show.by_theme()
    assert first.title == "Furthest from good: Measure 0, 5 of 20"
    tied = themed(("sufficient", 5, 20), ("insufficient", 15, 20), ("sufficient", 10, 20))
    both = "Measure 0, 5 of 20; Measure 1, 15 of 20, a failing"
    assert both in tied.show.by_theme().title
    equal = themed(*[("sufficient", 5, 20)] * 4).show.by_theme()
    assert equal.title == "Furthest from good: four figures, 75% from it"
    few = themed(("sufficient", 1, 9)).show.by_theme("voice")
    assert few.title == "Voice. Measure 0: 1 of 9"
    assert few.rows["bar"].isna().all()


def test_many_figures_are_counted_by_what_they_count() -> None:
    kinds = (*[("sufficient", 5, 20)] * 4, *[("insufficient", 5, 20)] * 2, ("neutral", 5, 20))
    said = themed(*kinds).show.by_theme("voice").sentence
    counts = "7 figures: four of good work, two of failings and one of neither. "
    assert said.startswith(f"{counts}Furthest from good: Measure 0: 5 of 20 (25%; ")


def test_figures_without_a_base_have_no_count() -> None:
    rows = figure_rows(REPORT).set_index("figure")
    assert rows.loc["domestic_abuse", "text"] == "71% (base not stated)"
    assert rows["yes"].isna()["rosh_agreed"]
    assert rows.loc["rosh_agreed", "text"] == "80% (fits no count of 42)"
    assert rows.loc["diversity_asked", "text"] == "24 of 42 (57%)"
    assert rows.loc["harm_factors", "text"] == "30 of 42 (71%), a failing"
    with pytest.raises(UnknownName, match="did you mean 'housing'"):
        REPORT.show.by_theme("housin")
    without = hk.load("practice-cases").show.by_theme()
    assert without.title.endswith("not in these data")
    assert without.rows.empty


def test_a_figure_has_a_count_where_just_one_can_be_printed_so() -> None:
    percent = {"unit": "percent", "value": 45, "group": "people", "section": "1"}
    rows = [
        {"figure": "people", "unit": "count", "value": 205, "section": "1"},
        {**percent, "figure": "all", "extent": "whole"},
        {**percent, "figure": "some", "extent": "part"},
        {**percent, "figure": "surer", "extent": "whole", "printed": "45.4%", "value": 45.4},
        {"figure": "offices", "unit": "count", "value": 2, "group": "people", "extent": "whole"},
    ]
    inspection = made(rows, [])
    found = figure_counts(inspection).set_index("figure")
    assert found["possible"].tolist()[:3] == [(), (92, 93), ()]
    assert found["base"].fillna(0).tolist() == [0, 205, 0, 205, 205]
    assert found["base_at_most"].fillna(0).tolist() == [0, 0, 205, 0, 0]
    assert found["yes"].fillna(0).tolist() == [0, 0, 0, 93, 2]
    assert found["n"].fillna(0).tolist() == [0, 0, 0, 205, 205]
    assert found["count_source"].tolist() == ["", "", "", "rebuilt from the percentage", "stated"]
    assert figure_rows(inspection)["text"].tolist()[1:3] == [
        "45% (92 or 93 of 205)",
        "45% (base not stated)",
    ]
    stated = inspection.show.statements("1").rows
    assert stated["cases"].tolist() == ["", "92 of 205 or 93 of 205", "", "93 of 205"]
    assert figure_value(inspection, "none", "people") == 205


def test_a_report_without_the_usual_heading_has_no_statements() -> None:
    other = made([{"figure": "a", "section": "Staff"}], []).show.statements()
    assert other.sentence.endswith("Nothing is stated under Diversity and inclusion.")


@pytest.mark.parametrize(
    ("first", "second", "said"), [(50, 40, "fell"), (40, 50, "rose"), (40, 40, "stayed as it was")]
)
def test_two_dates_are_said_as_they_moved(first: int, second: int, said: str) -> None:
    same = {"measure": "Vacancy rate", "population": "Officers", "unit": "percent"}
    dated = [
        {**same, "figure": when, "value": value, "when": when}
        for when, value in (("announcement", first), ("inspection", second))
    ]
    assert made(dated).show.vacancies().title == f"Vacancy rate {said} for officers"
    alone = made(dated[:1]).show.vacancies()
    assert alone.title == "Vacancy rate: one date only"
    assert "start" not in alone.rows
    nothing = ("Nothing is given at two dates", "Nothing is stated.")
    assert alone.say(alone.rows.iloc[:0]) == nothing


def test_pictures_of_figures_hold_where_nothing_is_stated() -> None:
    silent = made([{"figure": "a", "measure": "Offices", "unit": "count", "value": 3}], [])
    for found in (silent.show.by_theme(), silent.show.voices()):
        assert "stated" in found.title
    checks = silent.show.figure_checks()
    assert checks.rows.empty and checks.title.startswith("None of 13 checks need a reader's")
    vacancies = silent.show.vacancies()
    assert vacancies.title == "Vacancy rates at two dates: not in these data"
    assert vacancies.rows.empty


def test_without_a_publication_there_are_no_figures_to_check() -> None:
    for every in (False, True):
        found = hk.load("practice-cases").show.figure_checks(every)
        assert found.title.endswith("Published figures against their bases: not in these data")
        assert found.sentence.endswith("No figures of a published report are part of these data.")
        assert found.rows.empty


def test_a_percentage_in_words_that_fits_no_count_names_the_nearest() -> None:
    group = {"group": "cases_inspected", "extent": "whole", "unit": "percent"}
    rows = made([{**group, "figure": "one", "printed": "80 per cent", "value": 80}])
    why = rows.show.figure_checks().rows["why"].item()
    assert why.startswith("No count out of 42 gives 80 per cent: 33 of 42 is 79% and 34 of 42")


def test_what_works_is_made_of_strengths_and_of_key_questions_that_reach_half() -> None:
    shown = REPORT.show.what_works()
    labels = set(shown.rows["label"])
    assert {"Enough focus on an effective working relationship", "Delivery: engagement"} <= labels
    assert (
        not {"Asked about diversity characteristics at the start", "Reviewing: desistance"} & labels
    )
    # A question that is half and more, and stands beside an area for improvement, is no strength.
    assert "Reviewing: engagement" not in labels
    agreed = shown.rows[shown.rows["label"].str.contains("classification")].iloc[0]
    assert (agreed["kind"], agreed["text"]) == ("Named as a strength", "80%")
    practitioners = shown.rows[shown.rows["who"] == "practitioners interviewed"]
    assert practitioners["text"].tolist() == ["52%"]  # 16 of 31, 13 of 25 and others print it
    kinds = shown.rows.groupby("kind", sort=False)["label"].count()
    assert kinds.to_dict() == {"Named as a strength": 12, "Key question at half or more": 3}
    assert shown.title.endswith("12 that the report names as strengths and three key questions")
    voices = REPORT.show.voices()
    assert "Fewest" in voices.title
    told = "in ethnicity and gender: the report says representative"
    assert any(told in note for note in voices.notes)


def test_recommendations_are_joined_from_what_stands_behind_each() -> None:
    rows, lists = REPORT.show.recommendations().rows, with_figures(REPORT)
    assert rows["says"].tolist() == ["; ".join(says) for says in lists["says"]]
    assert lists.set_index("number").loc[9, "figures"] == (
        "accommodation_offending",
        "accommodation_harm",
        "accommodation_improved",
    )
    lonely = made([], []).show.recommendations()
    assert lonely.rows["says"].eq("").all() and len(lonely.rows) == 11
    assert lonely.sentence.startswith("No figure stands behind 1, 2, 3")


def test_the_overview_says_who_was_heard_and_nothing_that_is_not_stated() -> None:
    found = REPORT.show.overview()
    assert found.sentence == (
        "All 42 cases. Besides: 31 practitioners interviewed and 107 people on probation heard."
    )
    assert found.rows.set_index("item").loc["Fieldwork, week beginning", "stated"] == (
        "22 August 2022"
    )
    practice = hk.load("practice-cases").show.overview()
    assert "Interviews with practitioners" not in set(practice.rows["item"])
    assert practice.title.endswith("Practice cases: What was inspected")


@pytest.mark.parametrize(
    "name",
    [
        *("by_theme", "statements", "vacancies", "voices", "what_works", "figure_checks"),
        *("recommendations", "overview"),
    ],
)
def test_a_finding_on_figures_is_drawn_and_says_something_true_of_no_rows(name: str) -> None:
    found = getattr(REPORT.show, name)()
    title, sentence = found.say(found.rows.iloc[:0])
    assert title
    assert not any(str(n) in sentence for n in (15, 19, 23))
    assert "nan" not in f"{found.title} {found.sentence}".lower()
    if found.chart is not None:
        assert found.chart.to_dict()["params"][0]["value"] == found.records
