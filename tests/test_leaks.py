"""Attempts to work out, from what is shown of own cases, who is in a small group or what a few of them need."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from audits import NEED, PRACTICE, audit, by_links, with_needs
from hmip_kit.disclosure import sensitive
from hmip_kit.finding import Finding
from hmip_kit.level import SETTING

import hmip_kit as hk
from hmip_kit.inspection import Inspection
from hmip_kit.picture import data_of


@pytest.fixture(autouse=True)
def protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "protected")


def text_of(data: Mapping[str, Any]) -> str:
    return json.dumps(
        {name: data[name] for name in ("title", "sentence", "rows", "spec", "notes", "set")}
    )


def test_two_filtered_findings_do_not_leave_the_third_group_over() -> None:
    mine = audit({"Male": 50, "Female": 40, "Not recorded": 9})
    shown = [
        sex
        for sex in ("Male", "Female", "Not recorded")
        if data_of(hk.charts.key_questions(mine.where(sex=sex)))["rows"]
    ]
    assert shown == ["Male"]
    assert data_of(hk.charts.key_questions(audit({"Male": 50, "Female": 40}).where(sex="Female")))[
        "rows"
    ]


def test_a_hidden_need_does_not_tell_which_patterns_nobody_has() -> None:
    """Served, and all of these improved: with a row less for each pattern of nobody, that could be read off the rows."""
    none = data_of(hk.charts.need_flow(audit({"Male": 60}, {("Yes", "Yes"): 20, ("No", "No"): 12})))
    few = data_of(
        hk.charts.need_flow(
            audit(
                {"Male": 60},
                {("Yes", "Yes"): 20, ("Yes", "No"): 2, ("No", "Yes"): 3, ("No", "No"): 12},
            )
        )
    )
    assert none["rows"]
    assert none["rows"] == few["rows"]
    assert none["sentence"] == few["sentence"]


PATTERNS = [(20, 10, 10, 3), (20, 10, 10, 0), (20, 2, 10, 10), (10, 10, 10, 10), (6, 6, 6, 6)]


@pytest.mark.parametrize("counts", PATTERNS)
def test_where_one_side_is_hidden_so_is_the_other(counts: tuple[int, ...]) -> None:
    """Needs tell how many improved of all: one side of a gap would then give the other by subtraction."""
    mine = audit(
        {"Male": 60},
        dict(
            zip((("Yes", "Yes"), ("Yes", "No"), ("No", "Yes"), ("No", "No")), counts, strict=True)
        ),
    )
    hide = any(sensitive(count, sum(counts)) for count in counts)
    places = f"{NEED}/service_delivered", f"{NEED}/improved"
    sides = data_of(hk.charts.progress_with_and_without(mine, *places))["rows"]
    cells = data_of(hk.charts.service_and_outcome(mine, *places))["rows"]
    assert [row["yes"] is None for row in sides] == [hide, hide]
    assert {row["count"] is None for row in cells} == {hide}
    assert [row["text"] == "[c]" for row in sides] == [hide, hide]


@pytest.mark.parametrize(
    ("without", "hide"), [(0, True), (3, True), (4, True), (5, False), (30, False)]
)
def test_those_not_counted_are_the_people_without_the_need(without: int, hide: bool) -> None:
    mine = audit(
        {"Male": 40 + without},
        {("Yes", "Yes"): 10, ("Yes", "No"): 10, ("No", "Yes"): 10, ("No", "No"): 10},
    )
    shown = data_of(
        hk.charts.service_and_outcome(mine, f"{NEED}/service_delivered", f"{NEED}/improved")
    )
    assert {row["count"] is None for row in shown["rows"]} == {hide}
    assert (f"on both: {without}" in shown["sentence"]) == (not hide)
    sides = data_of(
        hk.charts.progress_with_and_without(mine, f"{NEED}/service_delivered", f"{NEED}/improved")
    )["rows"]
    assert {row["yes"] is None for row in sides} == {hide}


def test_a_finding_on_two_inspections_is_shown_where_each_of_them_may_be() -> None:
    """The smaller of the two may be shown; what the larger leaves of its sample may not."""
    before, after = audit({"Male": 38, "Female": 4}), audit({"Male": 20})
    assert data_of(hk.charts.change(before, after))["rows"]
    for pair in ((before.where(sex="Male"), after), (after, before.where(sex="Male"))):
        assert not data_of(hk.charts.change(*pair))["rows"]
        assert not data_of(hk.charts.agreement(*pair))["rows"]
    assert data_of(hk.charts.agreement(before, after))["rows"]


def test_a_withheld_finding_does_not_say_how_many_cases_it_would_show() -> None:
    mine = audit({"Male": 38, "Female": 4})
    for finding in (
        hk.charts.key_questions(mine.where(sex="Female")),
        hk.charts.change(mine, mine.where(sex="Male")),
    ):
        shown = data_of(finding)
        assert not any(
            number in " ".join((shown["cases"], shown["title"], shown["sentence"]))
            for number in ("4 ", "38 ")
        )


@pytest.mark.parametrize("level", ["protected", "internal"])
def test_problems_of_a_case_file_name_no_case(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, level: str
) -> None:
    file = tmp_path / "audit.csv"
    file.write_text("case_id,sex,assessment_safety\n" + "MARKER01,Mael,Yes\n" * 12)
    assert "MARKER01" in " ".join(hk.check(file).problems)
    monkeypatch.setenv(SETTING, level)
    shown = data_of(hk.charts.file_checked(hk.check(file)))
    assert "MARKER01" not in text_of(shown)
    assert ("Mael" in text_of(shown)) == (level == "internal")


def test_two_auditors_are_as_protected_as_the_own_one_of_them() -> None:
    assert hk.charts.agreement(PRACTICE, PRACTICE).disclosure == "open"
    assert (
        hk.charts.change(hk.load("lewisham-bromley-2022"), audit({"Male": 20})).disclosure
        == "protected"
    )


@pytest.mark.parametrize("level", ["protected", "internal"])
def test_no_identifier_is_in_any_picture_at_any_level(
    monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    monkeypatch.setenv(SETTING, level)
    mine = audit({"Male": 38, "Female": 4}, {("Yes", "Yes"): 12, ("No", "No"): 12})
    found = [
        hk.charts.case_grid(mine),
        hk.charts.needs(mine),
        hk.charts.need_flow(mine),
        hk.charts.agreement(mine, mine),
    ]
    found += [
        hk.charts.groups_side_by_side(mine, "sex"),
        hk.charts.make_up(mine, "sex"),
        hk.charts.sub_questions(mine),
    ]
    assert not any("MARKER" in text_of(data_of(finding)) for finding in found)


@pytest.mark.parametrize(("few", "hide"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_link_and_the_filter_by_need_do_not_give_those_with_the_other_link(
    few: int, hide: bool
) -> None:
    """A page has a number of cases per need, by either link: less those linked to offending, it gives those linked to harm alone."""
    patterns = {("Yes", "Yes"): 10, ("Yes", "No"): 10, ("No", "Yes"): 10, ("No", "No"): 10}
    mine = audit({"Male": 60}, patterns)
    frame = mine.frames["needs"].assign(linked_to_harm=False)
    frame.loc[frame.index[:few], "linked_to_offending"] = False
    frame.loc[frame.index[:few], "linked_to_harm"] = True
    mine = with_needs(mine, frame)
    for made in (hk.charts.needs, hk.charts.need_flow):
        rows = [row for row in data_of(made(mine))["rows"] if row["need"] == NEED]
        assert {row["n"] is None for row in rows} == {hide}


def need_findings(mine: Inspection, link: str) -> list[Finding]:
    return [hk.charts.needs(mine, link), hk.charts.need_flow(mine, link)]


@pytest.mark.parametrize("link", ["offending", "harm", "either", "both"])
@pytest.mark.parametrize(("few", "hide"), [(2, True), (6, False)])
def test_steps_by_one_link_less_those_by_another_do_not_give_a_few(
    link: str, few: int, hide: bool
) -> None:
    """Those served by offending less those by both would be the few; the first link alone tells nothing of the others."""
    mine = by_links(few)
    found = need_findings(mine, link)
    found += (
        [hk.charts.service_and_outcome(mine, f"{NEED}/service_delivered", f"{NEED}/improved")]
        if link == "either"
        else []
    )
    for finding in found:
        rows = [row for row in data_of(finding)["rows"] if row.get("need", NEED) == NEED]
        assert {row["n"] is None for row in rows} == {hide and link != "offending"}, finding.name


@pytest.mark.parametrize(("both", "hide"), [(4, True), (5, False)])
def test_two_links_and_the_filter_by_need_do_not_give_those_with_both(
    both: int, hide: bool
) -> None:
    """Those by one link and those by the other, less those by either, are those by both."""
    mine = audit(
        {"Male": 60}, {("Yes", "Yes"): 10, ("Yes", "No"): 10, ("No", "Yes"): 10, ("No", "No"): 10}
    )
    frame = mine.frames["needs"].assign(linked_to_harm=False)
    frame.loc[frame.index[: 15 + both], "linked_to_harm"] = True
    frame.loc[frame.index[:15], "linked_to_offending"] = False
    mine = with_needs(mine, frame)
    for link in ("offending", "harm"):
        rows = [row for row in data_of(hk.charts.needs(mine, link))["rows"] if row["need"] == NEED]
        assert {row["n"] is None for row in rows} == {link == "harm"}
