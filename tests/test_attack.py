"""The attack on our own pages: it fails on what the gate lets through, and finds what is put back behind the gate's back."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from audits import NEED, audit, by_links, groups, own, page, tables, with_needs

import hmip_kit as hk
from hmip_kit.errors import NotShared
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.level import SETTING
from hmip_kit.share.attack import Known, bounds, check_page, read, weakest
from hmip_kit.share.exporter import html


@pytest.fixture(autouse=True)
def protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "protected")


@pytest.mark.parametrize("n", [12, 42, 100, 300])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_attack_fails_on_own_files_and_the_page_is_useful(n: int, seed: int) -> None:
    audit = own(n, seed)
    by_group = [hk.charts.groups_side_by_side(audit, name) for name in audit.characteristics]
    made = (page if seed == 1 else tables)(audit, *by_group)
    text = html(made)
    assert "MARKER" not in text
    known = read(made["inspections"][0], made["sets"]["audit"], made["findings"])
    assert list(weakest(known)) == []
    questions = next(finding for finding in made["findings"] if finding["name"] == "key_questions")
    assert [row["cases"] for row in questions["rows"]][0].endswith(f"of {n}")
    if n >= 42:
        assert any(row for at, row in made["sets"]["audit"]["tallies"]["single"].items() if at)


def test_the_attack_finds_a_group_that_subtraction_gives_back() -> None:
    made = page(own(42))
    sabotaged = made["sets"]["audit"]
    sabotaged["tallies"]["single"]["sex\nMale"] = [
        38 if key == "all" else None for key in sabotaged["tallies"]["keys"]
    ]
    with pytest.raises(
        NotShared,
        match="because sex 'Other, or not shown' is to be hidden and could be worked out: 4 of 42 cases",
    ):
        check_page(made)
    sabotaged["tallies"]["single"]["sex\nFemale"] = None
    sabotaged["characteristics"].append(
        {"name": "sex", "label": "Sex", "values": ["Female", "Male"]}
    )
    with pytest.raises(
        NotShared,
        match="because sex 'Female' is to be hidden and could be worked out: 4 of 42 cases",
    ):
        check_page(made)


def test_the_attack_finds_a_small_group_that_is_shown_and_one_that_findings_leave_over() -> None:
    made = page(own(42))
    made["sets"]["audit"]["tallies"]["single"]["sex\nFemale"] = [
        4 for _ in made["sets"]["audit"]["tallies"]["keys"]
    ]
    with pytest.raises(
        NotShared,
        match="because sex 'Female' is to be hidden and could be worked out: 4 of 42 cases",
    ):
        check_page(made)
    known = Known(45, {(("", ""), "all"): 45, (("sex", "Male"), "answer/delivery_safety/n"): 38})
    assert list(weakest(known)) == [((("sex", "Other, or not shown"), "all"), 7, 7)]


def test_bounds_are_those_of_a_count_by_hand() -> None:
    known = Known(
        20,
        {
            (("", ""), "all"): 20,
            (("sex", "Male"), "all"): 12,
            (("", ""), "answer/q/n"): 20,
            (("sex", "Male"), "answer/q/n"): 12,
        },
        groups={"sex": ["Female", "Male", "Not recorded"]},
    )
    known.hidden |= {(("sex", "Female"), "all"), (("sex", "Not recorded"), "all")}
    assert bounds(known, (("sex", "Female"), "all")) == (0, 8)
    known.counts[("sex", "Not recorded"), "answer/q/n"] = 3
    assert bounds(known, (("sex", "Female"), "all")) == (5, 5)


LINKS = ("offending", "harm", "either", "both")
STEPS = f"{NEED}/service_delivered", f"{NEED}/improved"
BY_LINKS = (hk.charts.needs, hk.charts.need_flow)


def put_back(made: dict[str, Any], *findings: Finding) -> dict[str, Any]:
    """Return a page with some findings as they were before the gate."""
    rows = {one.measure: one.records for one in findings}
    kept = [one | {"rows": rows.get(one["measure"], one["rows"])} for one in made["findings"]]
    assert kept != made["findings"]
    return made | {"findings": kept}


@pytest.mark.parametrize("link", ["harm", "both"])
@pytest.mark.parametrize("chart", BY_LINKS)
def test_the_attack_finds_a_need_that_is_shown_by_one_link_too_many(
    chart: Callable[..., Finding], link: str
) -> None:
    """Two of twelve linked to offending alone were served: those served by offending less those by both, which are all by harm."""
    mine = by_links(2)
    made = tables(mine, *(one(mine, link=name) for one in BY_LINKS for name in LINKS))
    check_page(made)
    with pytest.raises(
        NotShared,
        match=r"because need Accommodation offending alone served\S* .* could be worked out: 2 of 80 cases",
    ):
        check_page(put_back(made, chart(mine, link=link)))


@pytest.mark.parametrize(
    "chart", [hk.charts.service_and_outcome, hk.charts.progress_with_and_without]
)
def test_the_attack_finds_steps_that_are_shown_though_a_link_leaves_a_few(
    chart: Callable[..., Finding],
) -> None:
    """Pairs of steps are by either link: those served and improved, less those by offending, are three by harm alone."""
    mine = audit(
        {"Male": 80}, {("Yes", "Yes"): 20, ("Yes", "No"): 10, ("No", "Yes"): 10, ("No", "No"): 10}
    )
    place = mine.frames["needs"].index
    frame = mine.frames["needs"].assign(
        linked_to_harm=True, linked_to_offending=~place.isin([0, 1, 2, 20, 21, 22])
    )
    mine = with_needs(mine, frame)
    made = tables(mine, *(one(mine) for one in BY_LINKS), chart(mine, *STEPS))
    check_page(made)
    with pytest.raises(
        NotShared,
        match=r"because need Accommodation harm alone progress .* could be worked out: 3 of 80 cases",
    ):
        check_page(put_back(made, chart(mine, *STEPS)))


def test_the_attack_finds_those_with_one_need_and_not_the_other() -> None:
    """Of those with the one need two have not the other: those counted in a pair are two fewer."""
    mine = audit(
        {"Male": 80}, {("Yes", "Yes"): 20, ("Yes", "No"): 10, ("No", "Yes"): 10, ("No", "No"): 10}
    )
    frame = mine.frames["needs"]
    other = frame.assign(need="Finance", improved=[place % 2 == 0 for place in range(len(frame))])
    mine = with_needs(mine, pd.concat([frame, other.iloc[2:]]))
    pair = hk.charts.service_and_outcome(mine, f"{NEED}/service_delivered", "Finance/improved")
    made = tables(mine, hk.charts.needs(mine), pair)
    check_page(made)
    assert {
        row["count"]
        for one in made["findings"]
        if one["name"] == "service_and_outcome"
        for row in one["rows"]
    } == {None}
    with pytest.raises(
        NotShared,
        match=r"because pair Accommodation/service delivered .* left .* could be worked out: 2 of 80 cases",
    ):
        check_page(put_back(made, pair))


def test_the_attack_finds_a_small_count_of_people_that_is_shown() -> None:
    mine = audit({"Male": 60}, {("Yes", "Yes"): 3, ("No", "No"): 20})
    made = tables(mine, hk.charts.needs(mine))
    check_page(made)
    with pytest.raises(
        NotShared,
        match="because need Accommodation offending progress is to be hidden .*: 3 of 60 cases",
    ):
        check_page(put_back(made, hk.charts.needs(mine)))


@pytest.mark.parametrize("n", [42, 100, 300])
def test_the_gate_leaves_the_attack_nothing_by_any_link_and_shows_some_needs(n: int) -> None:
    mine = own(n, 3)
    charts = [chart(mine, link=link) for chart in BY_LINKS for link in LINKS]
    places = (STEPS, ("delivery_desistance", STEPS[1]), (STEPS[0], "Finance/improved"))
    charts += [hk.charts.service_and_outcome(mine, *pair) for pair in places]
    made = tables(
        mine,
        *charts,
        *(hk.charts.key_questions(mine.where(need=need)) for need in mine.filterable["need"]),
    )
    check_page(made)
    assert any(
        row["yes"] for one in made["findings"] if one["name"] == "needs" for row in one["rows"]
    )


def test_many_offices_with_missing_answers_are_no_small_group() -> None:
    """The size of a group that is filtered for is known, however few of it answered a question."""
    sizes = {f"Office {place:02}": 12 for place in range(14)}
    mine = groups(sizes, "office")
    few = mine.frames["answers"].groupby("question", observed=True).head(14 * 12 - 60)
    mine = Inspection(
        mine.name, mine.identity, mine.framework, {**mine.frames, "answers": few}, "own"
    )
    check_page(
        tables(mine, *(hk.charts.key_questions(mine.where(office=office)) for office in sizes))
    )


def test_two_sets_of_data_of_one_name_are_not_added_up_as_one() -> None:
    first, second = own(42, 1), own(100, 2)
    with pytest.raises(NotShared, match="two different sets of data are called 'audit'"):
        tables(first, hk.charts.key_questions(second))
