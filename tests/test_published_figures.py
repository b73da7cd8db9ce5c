"""The report's figures: checked on their bases, and said truly on other inspections."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.charts.by_theme import by_theme
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.measures.figure_bases import completed
from hmip_kit.measures.figure_counts import figure_counts
from hmip_kit.measures.possible_counts import has_power
from hmip_kit.measures.two_dates import moves_said, two_dates
from hmip_kit.measures.words import whole_percent

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
    found = hk.check_figures(inspection)
    found = found[found["check"] == check]
    return dict(zip(found["figure"], found["verdict"], strict=True))


@pytest.mark.parametrize(
    ("percentage", "n", "counts"),
    [("43%", 42, [18]), ("80%", 42, []), ("40%", 42, [17]), ("40%", 33, [])],
)
def test_counts_that_a_percentage_can_come_from(percentage: str, n: int, counts: list[int]) -> None:
    assert hk.possible_counts(percentage, n=n) == counts


def test_decimals_of_the_text_count_and_halves_go_up() -> None:
    assert hk.possible_counts("42.9%", n=42) == [18]
    assert hk.possible_counts("43.0%", n=42) == []
    assert hk.possible_counts("13 per cent", n=8) == [1]
    assert hk.possible_counts("12%", n=8) == []
    assert hk.possible_counts("50%", n=0) == []
    for wrong in ("many", "-3%"):
        with pytest.raises(KitError, match="not a percentage"):
            hk.possible_counts(wrong, n=10)
    with pytest.raises(KitError, match="negative"):
        hk.possible_counts("5%", n=-1)


@given(st.integers(1, 400), st.data())
def test_a_count_fits_the_percentage_it_gives(n: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, n))
    assert yes in hk.possible_counts(whole_percent(yes, n), n)


@given(st.integers(1, 250))
def test_without_power_every_percentage_has_a_count(n: int) -> None:
    empty = [share for share in range(101) if not hk.possible_counts(f"{share}%", n)]
    assert bool(empty) == has_power("50%", n)


def test_the_report_is_checked_unaided() -> None:
    found = hk.check_figures(REPORT)
    why = {
        (row["figure"], row["check"]): (row["verdict"], row["why"])
        for row in found.to_dict("records")
    }
    amiss = {
        key
        for key, (verdict, _) in why.items()
        if verdict in ("does not fit", "differs", "left over", "too many")
    }
    assert amiss == {
        ("rosh_agreed", "percentage"),
        ("child_safeguarding_services", "restatement"),
        ("contact_level_licence", "words"),
        ("people_heard", "parts"),
        ("referrals", "parts"),
        ("no_contact_needed", "parts"),
    }
    assert "33 of 41 and 32 of 40 fit" in why["rosh_agreed", "percentage"][1]
    assert "17 of 42 is 40%" in why["child_safeguarding_services", "restatement"][1]
    assert "18 or 20 would fit" in why["contact_level_licence", "words"][1]
    assert "97% of 100%" in why["people_heard", "parts"][1]
    assert "225" in why["referrals", "parts"][1]
    assert why["people_released", "percentage"][0] == "no power"
    assert "30 of 42" in why["domestic_abuse", "percentage"][1]


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
    share = next(one for one in range(1, 101) if not hk.possible_counts(f"{one}%", 99))
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
    assert (
        by_theme(themed(("sufficient", 5, 20), ("insufficient", 14, 20))).title
        == "Furthest from sufficient: Measure 0, 5 of 20 sufficient"
    )
    assert (
        "Measure 0, 5 of 20 sufficient; Measure 1, 15 of 20 not"
        in by_theme(
            themed(("sufficient", 5, 20), ("insufficient", 15, 20), ("sufficient", 10, 20))
        ).title
    )
    equal = by_theme(themed(*[("sufficient", 5, 20)] * 4))
    assert equal.title == "Furthest from sufficient: four figures, at 75% not sufficient"
    few = by_theme(themed(("sufficient", 1, 9)), "voice")
    assert few.title == "Voice. Measure 0: 1 of 9 sufficient"
    assert few.rows["bar"].isna().all()


def test_figures_without_a_base_have_no_count() -> None:
    rows = figure_counts(REPORT).set_index("figure")
    assert rows.loc["domestic_abuse", "text"] == "71% (base not stated)"
    assert rows["yes"].isna()["rosh_agreed"]
    assert rows.loc["diversity_asked", "text"] == "24 of 42 (57%) sufficient"
    with pytest.raises(UnknownName, match="did you mean 'housing'"):
        by_theme(REPORT, "housin")
    without = by_theme(hk.load("practice-cases"))
    assert without.title.endswith("not in these data")
    assert without.rows.empty


@pytest.mark.parametrize(
    ("first", "second", "said"), [(50, 40, "fell"), (40, 50, "rose"), (40, 40, "stayed as it was")]
)
def test_two_dates_are_said_as_they_moved(first: int, second: int, said: str) -> None:
    same = {"measure": "Vacancy rate", "population": "Officers", "unit": "percent"}
    dated = [
        {**same, "figure": when, "value": value, "when": when}
        for when, value in (("announcement", first), ("inspection", second))
    ]
    assert moves_said(two_dates(made(dated)))[0] == f"Vacancy rate {said} for officers"
    alone = two_dates(made(dated[:1]))
    assert moves_said(alone)[0] == "Vacancy rate: one date only"
    assert (alone["start"] == alone["end"]).all()
    assert moves_said(alone.iloc[:0]) == ("Nothing is given at two dates", "Nothing is stated.")


def test_pictures_of_figures_hold_where_nothing_is_stated() -> None:
    silent = made([{"figure": "a", "measure": "Offices", "unit": "count", "value": 3}], [])
    for picture in (by_theme, hk.charts.voices):
        assert "stated" in picture(silent).title
    assert hk.charts.figures_checked(silent).rows.empty
    assert hk.charts.vacancies(silent).title == "Vacancy rates at two dates: not in these data"
    assert hk.charts.vacancies(silent).rows.empty


def test_what_works_is_made_of_strengths_and_of_key_questions_that_reach_half() -> None:
    shown = hk.charts.what_works(REPORT)
    labels = set(shown.rows["label"])
    assert {"Enough focus on an effective working relationship", "Delivery: engagement"} <= labels
    assert (
        not {"Asked about diversity characteristics at the start", "Reviewing: desistance"} & labels
    )
    assert not any("classification" in label for label in labels)
    practitioners = shown.rows[shown.rows["who"] == "practitioners interviewed"]
    assert practitioners["text"].tolist() == ["16 of 31 (52%)"]
    assert "Fewest" in hk.charts.voices(REPORT).title
    assert "Fewest" not in shown.title


def test_intervals_reach_about_twelve_to_fifteen_points() -> None:
    assert (
        hk.charts.how_sure(REPORT).title
        == "How sure: 12 to 15 points either way on each key question"
    )
    with pytest.raises(KitError, match="made-up"):
        hk.charts.how_sure(hk.load("practice-cases"))
