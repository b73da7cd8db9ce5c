"""The gate: what is shown of own cases, and what of them is hidden."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from audits import (
    LINKS,
    PAIRS,
    audit,
    groups,
    inspection,
    own,
    page,
    page_of_bundles,
)

import hmip_kit as hk
from hmip_kit import settings
from hmip_kit.errors import NotShared, UnknownName
from hmip_kit.findings.shares import shares_said, with_shares
from hmip_kit.inspection import Inspection
from hmip_kit.page.exporter import html
from hmip_kit.protect import released, shown_groups
from hmip_kit.protect.bundle import FINDING, data_of
from hmip_kit.schema import CASES, Column
from hmip_kit.settings import RENDER_SETTING


@pytest.fixture
def unit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RENDER_SETTING, "unit")


def test_both_sides_of_ten() -> None:
    assert shown_groups({"A": 10, "B": 32}) == ["A", "B"]
    assert shown_groups({"A": 9, "B": 33}) == []
    assert shown_groups({"A": 9, "B": 11, "C": 22}) == ["C"]
    assert shown_groups({"A": 5, "B": 5, "C": 32}) == ["C"]
    assert shown_groups({"A": 4, "B": 5, "C": 33}) == []
    assert shown_groups({"A": 0, "B": 42}) == ["B"]


@pytest.mark.usefixtures("sharing")
def test_a_filtered_finding_needs_ten_inside_and_ten_outside() -> None:
    audit = own(42)
    for group in audit.characteristics["rosh"]:
        some = audit.where(rosh=group)
        shown = released(some.show.key_questions())
        assert shown.rows.empty == (some.size < 10 or 42 - some.size < 10), group
    assert released(audit.where(sex="Male", disability="No").show.key_questions()).rows.empty
    assert not released(audit.show.key_questions()).rows.empty


@pytest.mark.usefixtures("sharing")
def test_one_group_at_a_time_and_none_by_need() -> None:
    mine = own(300)
    assert not released(mine.where(sex="Male").show.key_questions()).withheld
    assert released(mine.where(sex=["Male", "Female"]).show.key_questions()).withheld
    assert released(mine.where(sex="Male").show.groups(by="rosh")).withheld
    assert released(mine.where(need="Finance").show.key_questions()).withheld
    assert released(mine.show.results(by=["sex", "rosh"])).withheld
    assert not released(mine.show.results(by="sex")).withheld
    assert released(mine.show.make_up(by="sex")).withheld


def test_nothing_is_hidden_without_a_level_and_of_bundled_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine, practice = own(42).where(sex="Female"), hk.load("practice-cases").where(sex="Female")
    assert data_of(mine.show.key_questions())["released"] is None
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    shown = data_of(practice.show.key_questions())
    assert (shown["released"], len(shown["rows"])) == (None, 13)
    monkeypatch.setenv(RENDER_SETTING, "protected")
    with pytest.raises(UnknownName, match="There are: sharing, unit"):
        data_of(mine.show.key_questions())


@pytest.mark.usefixtures("sharing")
def test_counts_of_people_are_hidden_row_by_row_and_the_sentence_with_them() -> None:
    mine = audit({"Male": 60}, {("Yes", "Yes"): 4, ("Yes", "No"): 8, ("No", "No"): 12})
    shown = data_of(mine.show.needs())
    by_step = {row["step"]: row for row in shown["rows"] if row["need"] == "Accommodation"}
    assert by_step["served"]["cases"] == "12 of 24"
    hidden = by_step["progress"]
    assert (hidden["cases"], hidden["text"], hidden["range"]) == ("[c]", "[c]", "")
    assert {hidden[name] for name in ("yes", "n", "percent", "low", "high", "bar")} == {None}
    assert "4 of 24" not in shown["sentence"]
    assert "fewer than 5 people" in shown["notes"][-1]


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize(
    ("done", "base", "shown"),
    [(0, 20, 0), (4, 20, 0), (5, 20, 1), (15, 20, 1), (16, 20, 0), (20, 20, 0), (28, 56, 0)],
)
def test_a_count_of_people_is_shown_from_five_with_five_left(
    done: int, base: int, shown: int
) -> None:
    mine = audit({"Male": 60}, {("Yes", "Yes"): done, ("No", "Yes"): base - done})
    rows = data_of(mine.show.needs())["rows"]
    served = next(row for row in rows if row["step"] == "served" and row["need"] == "Accommodation")
    assert (served["yes"] is not None) == bool(shown)


@pytest.mark.usefixtures("sharing")
def test_needs_are_shown_by_one_link_each_step_by_itself_and_for_all_cases() -> None:
    mine = own(300)
    assert not released(mine.show.needs()).withheld
    for link in LINKS[1:]:
        assert released(mine.show.needs(link=link)).withheld
    assert released(mine.show.need_steps()).withheld
    assert released(mine.where(sex="Male").show.needs()).withheld
    for service, outcome in PAIRS:
        for name in ("gap", "service_and_outcome", "progress_with_and_without"):
            one = getattr(mine.show, name)(service=service, outcome=outcome)
            assert released(one).withheld, name
    assert not released(mine.show.service_and_outcome()).withheld


@pytest.mark.usefixtures("sharing")
def test_what_is_among_cases_that_an_answer_chose_is_hidden_under_ten() -> None:
    mine = own(12)
    before, after = mine.show.sub_questions(), released(mine.show.sub_questions())
    few = (before.rows["n"] < 10).tolist()
    assert any(few)
    assert after.rows["yes"].isna().tolist() == few
    assert not after.rows["cases"].str.fullmatch(r"\d of \d").any()


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize("for_all", [False, True])
def test_what_a_group_answered_alike_is_hidden_in_every_group(
    monkeypatch: pytest.MonkeyPatch, for_all: bool
) -> None:
    """Of all women the answer was No: also what men were answered is hidden, and all cases stay."""
    monkeypatch.setattr(settings, "HIDE_ALIKE_FOR_ALL", for_all)
    mine = alike_in("Female", "sex")
    for shown in (mine.show.groups(by="sex"), mine.show.results(by="sex")):
        rows = released(shown).rows
        assert rows["yes"].isna().equals(rows["question"] == "delivery_safety")
    rows = released(mine.where(sex="Male").show.key_questions()).rows
    assert rows.loc[rows["yes"].isna(), "question"].tolist() == ["delivery_safety"]
    assert released(mine.show.key_questions()).rows["yes"].notna().all()
    office = released(alike_in("Female", "office").show.groups(by="office")).rows
    assert office["yes"].isna().any() == for_all
    cube = data_of(mine.show.key_questions())["cube"]
    assert cube is not None
    at = [key.startswith("answer/delivery_safety/") for key in cube["tallies"]["keys"]]
    hidden = [many is None for many in cube["tallies"]["single"]["sex\nMale"]]
    assert hidden == at


def alike_in(group: str, name: str) -> Inspection:
    """Return own cases of which a group of 15 of 40 was answered No on one question throughout."""
    mine = audit({"Male": 25, "Female": 15})
    answers = mine.frames["answers"].astype({"answer": "str"})
    theirs = answers["case_id"].isin(mine.cases.loc[mine.cases["sex"] == group, "case_id"])
    answers.loc[theirs & (answers["question"] == "delivery_safety"), "answer"] = "No"
    cases = mine.frames["cases"].rename(columns={"sex": name})
    return inspection({"cases": cases, "answers": answers})


def test_a_kind_of_tally_that_the_gate_does_not_know_is_shown_for_all_cases_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(RENDER_SETTING, "sharing")
    found = alike_in("Female", "sex").where(sex="Female").show.key_questions()
    new = {what: (f"every/assessment/{what}",) * len(found.rows) for what in ("yes", "n")}
    shown = released(replace(found, counts=new, recount=None))
    assert not released(found).withheld
    assert shown.withheld and shown.sentence.endswith("it is shown for all cases only.")


def test_a_characteristic_is_protected_unless_it_says_otherwise() -> None:
    open_ones = {one.name for one in CASES if one.filter and not one.equality}
    assert open_ones == {"sentence_type", "rosh", "office", "round", "unit"}
    assert Column("religion", "Religion", "As recorded", filter=True).equality


@pytest.mark.parametrize(
    ("yes", "said"),
    [
        ([None] * 8, "Counts are not shown [c]."),
        ([None, *range(6, 13)], "Lowest of those shown: Row 1, 6 of 20 cases"),
        (range(5, 13), "Lowest: Row 0, 5 of 20 cases"),
    ],
)
def test_a_sentence_claims_no_end_that_a_hidden_count_may_hold(
    yes: Iterable[int | None], said: str
) -> None:
    counts = pd.array(list(yes), dtype="Int64")
    base = pd.array([20] * 8, dtype="Int64")
    rows = pd.DataFrame({"label": [f"Row {place}" for place in range(8)], "yes": counts, "n": base})
    rows.loc[rows["yes"].isna(), "n"] = pd.NA
    told = shares_said(with_shares(rows, own(42)), own(42), "each", "Trial")
    assert told[1].startswith(said)


@pytest.mark.parametrize("level", ["sharing", "unit"])
def test_single_cases_are_shown_at_no_level(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setenv(RENDER_SETTING, level)
    for finding in (own(42).show.case_grid(), replace(own(42).show.groups(), shown_by="holders")):
        shown = data_of(finding)
        assert shown["rows"] == []
        assert shown["title"].endswith(": not shown")
        assert shown["cases"] == "cases not shown"
        assert shown["sentence"].endswith("single cases stay with those who hold them.")


@pytest.mark.usefixtures("unit")
def test_for_the_unit_all_groups_are_shown_and_the_page_says_for_whom() -> None:
    audit = own(42)
    groups_shown, panel = audit.show.groups(by="ethnicity"), audit.explore()
    bundles = [groups_shown._repr_mimebundle_()[0], panel._repr_mimebundle_()[0]]
    made = page_of_bundles(bundles, level="unit")
    assert made["level"] == "unit"
    text = html(made)
    assert "For the unit only" in text
    assert "handle it as the case file" in text
    assert "cells" in made["cubes"]["audit"]["tallies"]
    with pytest.raises(NotShared, match="has not passed the gate of a page for sharing"):
        page_of_bundles(bundles[-1:], level="sharing")


@pytest.mark.usefixtures("sharing")
def test_a_page_for_sharing_says_which_thresholds_hold() -> None:
    text = html(page(own(42)))
    assert "a group of 10 cases or more with 10 or more outside it" in text
    assert "fewer than 5 people" in text
    assert "SHA-256" not in text.split("<footer>")[1].split("</footer>")[0]


@pytest.mark.parametrize("released", [None, "unit"])
def test_own_findings_that_met_no_gate_are_refused(released: str | None) -> None:
    kept, _ = own(42).show.key_questions()._repr_mimebundle_()
    assert page_of_bundles([kept])["level"] == "sharing"
    kept[FINDING]["released"] = released
    with pytest.raises(NotShared, match="Make the page with `hmip render`"):
        page_of_bundles([kept])


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize(
    ("sizes", "offered"),
    [
        ({f"Office {place:02}": 25 for place in range(20)}, [25] * 11 + [225]),
        (
            {**{f"Office {place:02}": 25 for place in range(11)}, "Small": 1, "Smaller": 1},
            [25] * 10 + [27],
        ),
        pytest.param(
            {**{f"Office {place:02}": 25 for place in range(12)}, "Small": 5},
            [25] * 11 + [30],
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {f"Office {place:02}": 25 for place in range(12)}, [25] * 12, marks=pytest.mark.slow
        ),
        ({"North": 9, "East": 9, "South": 9, "West": 40}, [40, 27]),
        ({**{f"Office {place:02}": 1 for place in range(10)}, "North": 25, "South": 25}, [25, 35]),
        ({"North": 9, "South": 33}, []),
    ],
)
def test_offices_too_small_or_too_many_are_one_group_that_is_counted(
    sizes: dict[str, int], offered: list[int]
) -> None:
    made = page(groups(sizes, "office"))
    assert "Show all cases" in html(made)
    one = made["cubes"]["audit"]
    place = one["tallies"]["keys"].index("all")
    listed = [
        values
        for listed in one["characteristics"]
        if listed["name"] == "office"
        for values in listed["values"]
    ]
    counts = [one["tallies"]["single"][f"office\n{value}"][place] for value in listed]
    assert counts == offered
    assert not counts or sum(many or 0 for many in counts) == sum(sizes.values())
    assert all(size is not None and size >= 10 for size in counts)
    assert ("nothing of: Office" in one["notes"][0]) == (not offered)


@pytest.mark.parametrize(("groups_there", "cases"), [(2, 40), (3, 37), (4, 42)])
def test_a_reader_who_knows_the_rule_learns_little_of_any_hidden_group(
    groups_there: int, cases: int
) -> None:
    """Every way to share the cases out, by what is shown: what looks alike must be far apart."""
    seen: dict[tuple[tuple[int, int], ...], list[tuple[int, ...]]] = {}
    for cuts in combinations(range(1, cases), groups_there - 1):
        sizes = tuple(
            after - before for before, after in zip((0, *cuts), (*cuts, cases), strict=True)
        )
        shown = shown_groups({str(place): size for place, size in enumerate(sizes)})
        seen.setdefault(tuple((int(place), sizes[int(place)]) for place in shown), []).append(sizes)
    for shown_sizes, alike in seen.items():
        hidden = set(range(groups_there)) - {place for place, _ in shown_sizes}
        for place in hidden if shown_sizes else ():
            could = [sizes[place] for sizes in alike]
            assert max(could) - min(could) >= 6, (shown_sizes, could)
