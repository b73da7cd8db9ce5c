"""Attempts to work out, from what is shown of own cases, who is in a small group or needs what."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from audits import (
    LINKS,
    NEED,
    PRACTICE,
    STEPS,
    audit,
    by_links,
    inspection,
    own,
    tables,
    with_needs,
)

import hmip_kit as hk
from hmip_kit.errors import NotShared
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.page.scan import scanned
from hmip_kit.protect.bundle import data_of
from hmip_kit.settings import RENDER_SETTING

pytestmark = pytest.mark.usefixtures("sharing")


def text_of(data: Mapping[str, Any]) -> str:
    words = ("title", "sentence", "rows", "spec", "notes", "cube")
    return json.dumps({name: data[name] for name in words})


def test_two_filtered_findings_do_not_leave_the_third_group_over() -> None:
    mine = audit({"Male": 50, "Female": 40, "Not recorded": 9})
    shown = [
        sex
        for sex in ("Male", "Female", "Not recorded")
        if data_of(mine.where(sex=sex).show.key_questions())["rows"]
    ]
    assert shown == ["Male"]
    two = audit({"Male": 50, "Female": 40})
    assert data_of(two.where(sex="Female").show.key_questions())["rows"]


def test_withheld_steps_of_needs_do_not_tell_which_patterns_nobody_has() -> None:
    """Served, and all of these improved: with a row less for each pattern of nobody it would."""
    counts: tuple[dict[tuple[str, str], int], ...] = (
        {("Yes", "Yes"): 20, ("No", "No"): 12},
        {("Yes", "Yes"): 20, ("Yes", "No"): 2, ("No", "Yes"): 3, ("No", "No"): 12},
    )
    none, few = (data_of(audit({"Male": 60}, one).show.need_steps()) for one in counts)
    assert none["rows"] == few["rows"] == []
    assert none["sentence"] == few["sentence"]


PATTERNS = [(20, 10, 10, 3), (20, 10, 10, 0), (20, 2, 10, 10), (10, 10, 10, 10), (6, 6, 6, 6)]


@pytest.mark.parametrize("counts", PATTERNS)
def test_steps_are_not_crossed_whatever_their_counts(counts: tuple[int, ...]) -> None:
    """Needs tell how many improved of all: one side of a gap would give the other away."""
    flags = (("Yes", "Yes"), ("Yes", "No"), ("No", "Yes"), ("No", "No"))
    mine = audit({"Male": 60}, dict(zip(flags, counts, strict=True)))
    for name in ("gap", "progress_with_and_without", "service_and_outcome"):
        shown = data_of(getattr(mine.show, name)(service=STEPS[0], outcome=STEPS[1]))
        assert (shown["rows"], shown["cases"]) == ([], "cases not shown")


@pytest.mark.parametrize(
    ("without", "hide"), [(0, True), (3, True), (4, True), (5, False), (30, False)]
)
def test_a_need_that_nearly_all_have_is_hidden(without: int, hide: bool) -> None:
    flags = (("Yes", "Yes"), ("Yes", "No"), ("No", "Yes"), ("No", "No"))
    mine = audit({"Male": 40 + without}, dict.fromkeys(flags, 10))
    rows = [row for row in data_of(mine.show.needs())["rows"] if row["need"] == NEED]
    assert {row["n"] is None for row in rows} == {hide}


def test_a_finding_on_two_inspections_is_shown_where_each_of_them_may_be() -> None:
    """The smaller of the two may be shown; what the larger leaves of its sample may not."""
    before, after = audit({"Male": 38, "Female": 4}), audit({"Male": 20})
    assert data_of(before.against(after).show.change())["rows"]
    men = before.where(sex="Male")
    for one, other in ((men, after), (after, men)):
        assert not data_of(one.against(other).show.change())["rows"]
        assert not data_of(one.against(other).show.agreement())["rows"]
    assert data_of(before.against(after).show.agreement())["rows"]


def test_a_withheld_finding_does_not_say_how_many_cases_it_would_show() -> None:
    mine = audit({"Male": 38, "Female": 4})
    for finding in (
        mine.where(sex="Female").show.key_questions(),
        mine.against(mine.where(sex="Male")).show.change(),
    ):
        shown = data_of(finding)
        words = " ".join((shown["cases"], shown["title"], shown["sentence"]))
        assert not any(number in words for number in ("4 ", "38 "))


@pytest.mark.parametrize("level", ["sharing", "unit"])
def test_problems_of_a_case_file_name_no_case(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, level: str
) -> None:
    file = tmp_path / "audit.csv"
    file.write_text("case_id,sex,assessment_safety\n" + "MARKER01,Mael,Yes\n" * 12)
    checked = hk.check(file)
    assert "MARKER01" in " ".join(checked.problems)
    monkeypatch.setenv(RENDER_SETTING, level)
    shown = data_of(checked.show.file_checked())
    assert "MARKER01" not in text_of(shown)
    assert "Mael" not in text_of(shown) or level == "unit"


def test_two_auditors_are_as_protected_as_the_own_one_of_them() -> None:
    report = hk.load("lewisham-bromley-2022")
    assert not data_of(PRACTICE.against(PRACTICE).show.agreement())["protected"]
    beside = data_of(report.against(audit({"Male": 20})).show.change())
    assert (beside["protected"], beside["released"]) == (True, "sharing")


@pytest.mark.parametrize("level", ["sharing", "unit"])
def test_no_identifier_is_in_any_picture_at_any_level(
    monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    monkeypatch.setenv(RENDER_SETTING, level)
    mine = audit({"Male": 38, "Female": 4}, {("Yes", "Yes"): 12, ("No", "No"): 12})
    show = mine.show
    found = [show.case_grid(), show.needs(), show.sub_questions()]
    found += [mine.against(mine).show.agreement(), show.groups(by="sex"), show.make_up(by="sex")]
    assert not any("MARKER" in text_of(data_of(finding)) for finding in found)


def linked(few: int, both: int = 0) -> Inspection:
    """Return 60 cases, 40 with a need: a few by harm alone, some by both links, or offending."""
    flags = (("Yes", "Yes"), ("Yes", "No"), ("No", "Yes"), ("No", "No"))
    mine = audit({"Male": 60}, dict.fromkeys(flags, 10))
    frame = mine.frames["needs"].assign(linked_to_harm=False)
    frame.loc[frame.index[: few + both], "linked_to_harm"] = True
    frame.loc[frame.index[:few], "linked_to_offending"] = False
    return with_needs(mine, frame)


@pytest.mark.parametrize(("few", "both"), [(0, 0), (1, 0), (4, 0), (5, 0), (15, 4), (15, 5)])
def test_nothing_is_told_by_another_link_or_of_the_size_of_a_need(few: int, both: int) -> None:
    """One link less another, or less those who have the need at all, would be the few."""
    mine = linked(few, both)
    rows = [row for row in data_of(mine.show.needs())["rows"] if row["need"] == NEED]
    assert {row["n"] for row in rows} == {40 - few}
    for link in LINKS[1:]:
        assert data_of(mine.show.needs(link=link))["rows"] == []
    cube = data_of(mine.show.key_questions())["cube"]
    assert cube is not None
    assert "need" not in [one["name"] for one in cube["characteristics"]]
    assert not any(at.startswith("need") for at in cube["tallies"]["single"])
    assert data_of(mine.where(need=NEED).show.key_questions())["rows"] == []


@pytest.mark.parametrize("few", [2, 6])
def test_a_page_of_every_link_counts_people_by_the_first_alone(few: int) -> None:
    mine = by_links(few)
    found = [one(link=link) for one in (mine.show.needs, mine.show.need_steps) for link in LINKS]
    made = tables(mine, *found)
    keys = {
        key
        for finding in made["findings"]
        for column in finding["tallies"].values()
        for key in column
        if key.startswith(("need/", "pair/"))
    }
    assert keys
    assert {key.split("/")[2] for key in keys} == {"offending"}
    assert {key.split("/")[3] for key in keys} <= {"served", "served_n", "progress", "progress_n"}


def test_a_cube_for_sharing_counts_single_groups_by_answers_alone() -> None:
    """What follows nothing is not in it; two groups at once are not; nor is any count of people."""
    mine = own(300)
    show = mine.show
    found = [show.needs(), show.sub_questions(), show.groups(by="sex"), show.stages_sufficient()]
    made = tables(mine, *found, mine.where(sex="Male").show.key_questions())
    tallies = made["cubes"]["audit"]["tallies"]
    assert set(tallies) == {"keys", "single"}
    assert {key.split("/")[0] for key in tallies["keys"]} == {"all", "answer"}
    assert all(at.count("\n") == bool(at) for at in tallies["single"])
    assert [bool(one["recount"]) for one in made["findings"]] == [True] + [False] * 5


def test_no_fingerprint_of_own_cases_leaves_and_two_runs_mark_them_otherwise() -> None:
    def marks(of: Finding) -> tuple[str, str]:
        about = data_of(of)["inspection"]
        return about["sha256"], about["mark"]

    mine = own(42)
    assert marks(mine.show.key_questions())[0] == ""
    assert marks(mine.show.key_questions()) == marks(mine.where(sex="Male").show.key_questions())
    assert marks(mine.show.key_questions()) != marks(own(42, 2).show.key_questions())
    assert marks(PRACTICE.show.key_questions())[1] == ""
    assert len(marks(PRACTICE.show.key_questions())[0]) == 64


@pytest.mark.parametrize(("twice", "shown"), [(5, False), (9, False), (12, True), (38, False)])
def test_cases_audited_twice_are_ten_or_more_with_none_or_ten_more_outside(
    twice: int, shown: bool
) -> None:
    mine = own(42)
    ids = mine.frames["cases"]["case_id"].astype("str")[:twice]
    answers = mine.frames["answers"]
    again = answers[answers["case_id"].astype("str").isin(ids)]
    two = inspection({**mine.frames, "second_answers": again})
    data = data_of(two.against(two.second_auditor()).show.agreement())
    assert bool(data["rows"]) == shown
    assert ("differ" in data["sentence"]) == shown
    assert all(row["n"] is None or row["n"] >= 10 for row in data["rows"])


def test_a_short_id_that_is_in_a_hash_by_chance_is_none() -> None:
    fingerprint = "5e0fc01234" + "ab" * 27
    assert scanned(f"<p>{fingerprint}</p>", "page", secrets=["c01234"])
    with pytest.raises(NotShared):
        scanned("<p>case c01234</p>", "page", secrets=["c01234"])
