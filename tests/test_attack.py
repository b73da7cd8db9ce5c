"""The proof: nothing hidden comes out of a page for sharing, and what is put back is found."""

from collections.abc import Callable
from itertools import islice

import numpy as np
import pytest
from attack import Sums, weaknesses
from audits import LINKS, NEED, audit, by_links, groups, inspection, own, page, skewed, tables

from hmip_kit import page as pages
from hmip_kit import protect
from hmip_kit.errors import NotShared
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.page.exporter import html
from hmip_kit.protect.payload import Page

AUDITS, MANY = 16, 2_000  # attacked one by one, and in one test
SIZES = (12, 42, 60, 100, 300)
KINDS = (own, skewed)


pytestmark = pytest.mark.usefixtures("sharing")


def made(number: int) -> Inspection:
    """Return the made-up audit of this number: of every size, of both kinds, no two alike."""
    return KINDS[number % 2](SIZES[number // 2 % len(SIZES)], number)


def page_of_all(mine: Inspection, number: int) -> Page:
    """Return a page with what may be shown, among it one characteristic's groups, each way."""
    by = list(mine.characteristics)[number % len(mine.characteristics)]
    show, link = mine.show, LINKS[number % len(LINKS)]
    filtered = (mine.where(**{by: value}).show for value in mine.characteristics[by])
    one_by_one = (only.results() if number % 3 else only.key_questions() for only in filtered)
    found = [show.needs(), show.needs(link=link), show.groups(by=by), show.results(by=by)]
    return tables(mine, *found, show.stages_sufficient(), *one_by_one)


@pytest.mark.parametrize("number", range(AUDITS))
def test_nothing_comes_out_of_a_page_and_the_page_is_useful(number: int) -> None:
    mine = made(number)
    shown = page_of_all(mine, number)
    assert "MARKER" not in (html(shown) if number < len(KINDS) else str(shown))
    assert list(weaknesses(shown, mine)) == []
    questions = next(one for one in shown["findings"] if one["name"] == "key_questions")
    assert questions["rows"][0]["cases"].split(" of ")[-1] != "[c]"
    if mine.size >= 42:
        assert any(at for at in shown["cubes"]["audit"]["tallies"]["single"])


@pytest.mark.slow
def test_nothing_comes_out_of_many_pages() -> None:
    found = {}
    for number in range(MANY):
        mine = made(number)
        found[number] = list(weaknesses(page_of_all(mine, number), mine))
    assert {number: weak for number, weak in found.items() if weak} == {}


def test_sums_have_the_ends_of_a_count_by_hand() -> None:
    """Of 10 cases 7 are in two groups: either is 0 to 7, and twice one with the other 7 to 14."""
    two = Sums(10, np.array([[1.0, 1.0]]), np.array([7.0]))
    first, both = np.array([1.0, 0.0]), np.array([2.0, 1.0])
    assert (two.ends(first), two.ends(both)) == ((0, 7), (7, 14))
    assert two.within(first, 1, 4) is None
    assert two.within(both, 1, 14) == (7, 14)


def first_of(shown: Page, mine: Inspection) -> str:
    return next(islice(weaknesses(shown, mine), 1), "")


def test_a_group_that_subtraction_gives_back_is_found() -> None:
    mine = own(42)
    shown = page(mine)
    sabotaged = shown["cubes"]["audit"]
    keys = sabotaged["tallies"]["keys"]
    sabotaged["tallies"]["single"]["sex\nMale"] = [38 if key == "all" else None for key in keys]
    assert first_of(shown, mine) == "sex Male: 38 of 42 cases are told"
    del sabotaged["tallies"]["single"]["sex\nMale"]
    sizes = protect.sizes_of(mine, "ethnicity")
    for value in [value for value, size in sizes.items() if value != "Not recorded"]:
        counts: list[int | None] = [sizes[value] if key == "all" else None for key in keys]
        sabotaged["tallies"]["single"][f"ethnicity\n{value}"] = counts
    assert "ethnicity" in first_of(shown, mine)


def lower(monkeypatch: pytest.MonkeyPatch, **fewest: int) -> None:
    """Lower thresholds of the gate, and what the maker of the page holds its findings to."""
    for name, least in fewest.items():
        monkeypatch.setattr(protect, name, least)
        monkeypatch.setattr(pages, name, least)


@pytest.mark.parametrize("fewest", [2, 9])
def test_a_lowered_threshold_for_groups_is_found(
    monkeypatch: pytest.MonkeyPatch, fewest: int
) -> None:
    mine = audit({"Male": 33, "Female": 9})
    assert first_of(tables(mine), mine) == ""
    lower(monkeypatch, FEWEST_CASES=fewest)
    assert first_of(tables(mine), mine) == "sex Female: 9 of 42 cases are told"


def test_a_lowered_threshold_for_people_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = audit({"Male": 60}, {("Yes", "Yes"): 3, ("No", "No"): 20})
    assert first_of(tables(mine, mine.show.needs()), mine) == ""
    lower(monkeypatch, FEWEST_COUNTED=3)
    found = list(weaknesses(tables(mine, mine.show.needs()), mine))
    assert f"{NEED} by offending, progress, all cases: 3 to 3 of 60 cases" in found


def test_a_setting_can_raise_a_threshold_and_not_lower_it() -> None:
    assert (protect.FEWEST_CASES, protect.FEWEST_COUNTED) == (10, 5)


def put_back(shown: Page, *findings: Finding) -> Page:
    """Return a page with some findings as they were before the gate."""
    rows = {one.measure: one.records for one in findings}
    before = [one["rows"] for one in shown["findings"]]
    for one in shown["findings"]:
        one["rows"] = rows.get(one["measure"], one["rows"])
    assert before != [one["rows"] for one in shown["findings"]]
    return shown


def test_a_small_count_of_people_that_is_shown_is_found() -> None:
    mine = audit({"Male": 60}, {("Yes", "Yes"): 3, ("No", "No"): 20})
    found = list(weaknesses(put_back(tables(mine, mine.show.needs()), mine.show.needs()), mine))
    assert f"{NEED} by offending, served, all cases: 3 to 3 of 60 cases" in found


@pytest.mark.parametrize("links", [("both",), ("harm", "either")])
def test_needs_by_other_links_are_found(
    monkeypatch: pytest.MonkeyPatch, links: tuple[str, ...]
) -> None:
    """Two of twelve linked to offending alone were served: what the other links leave."""
    mine = by_links(2)
    assert first_of(tables(mine, *(mine.show.needs(link=one) for one in LINKS)), mine) == ""
    monkeypatch.setattr(protect, "_of_a_step", lambda _: True)
    shown = tables(mine, mine.show.needs(), *(mine.show.needs(link=one) for one in links))
    alone = f"{NEED} by offending alone, served, all cases: 2 to 2 of 80 cases"
    assert alone in list(weaknesses(shown, mine))


def test_a_step_crossed_with_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = audit({"Male": 60}, {("Yes", "Yes"): 10, ("Yes", "No"): 10, ("No", "Yes"): 3})
    assert first_of(tables(mine, mine.show.needs(), mine.show.need_steps()), mine) == ""
    monkeypatch.setattr(protect, "_of_a_step", lambda _: True)
    lower(monkeypatch, FEWEST_COUNTED=1)
    steps = mine.show.need_steps()
    found = list(weaknesses(put_back(tables(mine, steps), steps), mine))
    assert f"{NEED} by offending, progress_only, all cases: 3 to 3 of 60 cases" in found


def test_people_in_a_group_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 42 cases 40 have the need, so that of four women two to four have."""
    mine = audit({"Male": 38, "Female": 4}, {("Yes", "Yes"): 20, ("No", "No"): 20})
    assert first_of(tables(mine, mine.show.needs()), mine) == ""
    lower(monkeypatch, FEWEST_CASES=2)
    lower(monkeypatch, FEWEST_COUNTED=1)
    found = list(weaknesses(tables(mine, mine.show.needs()), mine))
    assert f"{NEED} by offending, n, Female: 2 to 4 of 42 cases" in found


def test_answers_of_a_group_that_are_all_alike_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """All women were answered No on a question: men's answers, taken from all, say so too."""
    mine = audit({"Male": 25, "Female": 15})
    answers = mine.frames["answers"].astype({"answer": "str"})
    women = answers["case_id"].isin(mine.cases.loc[mine.cases["sex"] == "Female", "case_id"])
    answers.loc[women & (answers["question"] == "delivery_safety"), "answer"] = "No"
    mine = inspection({"cases": mine.frames["cases"], "answers": answers})
    findings = [mine.show.groups(by="sex"), mine.where(sex="Male").show.key_questions()]
    assert first_of(tables(mine, *findings), mine) == ""
    monkeypatch.setattr(protect, "under_equality_act", lambda name: name != "sex")
    said = "sex ['Female']: 0 Yes on delivery_safety can be worked out"
    assert first_of(tables(mine, *findings), mine) == said


def test_many_offices_with_missing_answers_are_no_small_group() -> None:
    """The size of a group that is filtered for is known, however few of it answered a question."""
    sizes = {f"Office {place:02}": 12 for place in range(14)}
    mine = groups(sizes, "office")
    few = mine.frames["answers"].groupby("question", observed=True).head(14 * 12 - 60)
    mine = inspection({**mine.frames, "answers": few})
    filtered = (mine.where(office=office).show.key_questions() for office in sizes)
    assert list(weaknesses(tables(mine, *filtered), mine)) == []


@pytest.mark.parametrize("second", [lambda: own(100, 2), lambda: own(42, 2)])
def test_two_sets_of_data_of_one_name_are_not_added_up_as_one(
    second: Callable[[], Inspection],
) -> None:
    with pytest.raises(NotShared, match="two different sets of data are called 'audit'"):
        tables(own(42, 1), second().show.key_questions())
