"""The gate and the attack on our own pages: what is shown of own cases, and that what is hidden stays hidden."""

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

import nbformat
import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.disclosure import released, shown_groups
from hmip_kit.errors import NotShared
from hmip_kit.finding import Finding, Guard
from hmip_kit.inspection import Inspection
from hmip_kit.level import SETTING
from hmip_kit.picture import data_of
from hmip_kit.share.attack import Known, bounds, check_page, read, weakest
from hmip_kit.share.exporter import html
from hmip_kit.share.page import page_of

PRACTICE = hk.load("practice-cases")


def own(n: int, seed: int = 1) -> Inspection:
    """Return `n` cases of somebody's own, with a small group in each characteristic."""
    chance = random.Random(seed)
    pick = [chance.randrange(42) for _ in range(n)]
    names = [f"MARKER-{seed}-{place:05}" for place in range(n)]
    frames = {}
    for name in ("cases", "answers", "needs"):
        frame = PRACTICE.table(name)
        by_case = dict(iter(frame.groupby(frame["case_id"].astype("str"), sort=False)))
        ids = [f"practice-a-{place + 1:02}" for place in pick]
        frames[name] = pd.concat([by_case[old].assign(case_id=new) for old, new in zip(ids, names, strict=True)], ignore_index=True)
    identity = {"title": f"Own audit of {n} cases", "framework": "pdu-2021"}
    return Inspection("audit", identity, PRACTICE.framework, frames, "own")


@pytest.fixture
def protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "protected")


@pytest.fixture
def internal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "internal")


def page(inspection: Inspection, *findings: Finding, level: str = "protected") -> dict[str, Any]:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Audit")])
    for finding in findings:
        data = finding._repr_mimebundle_()[0]
        made.cells.append(nbformat.v4.new_code_cell("shown", outputs=[nbformat.v4.new_output("display_data", data=data)]))
    panel = hk.explore(inspection)._repr_mimebundle_()[0]
    made.cells.append(nbformat.v4.new_code_cell("panel", outputs=[nbformat.v4.new_output("display_data", data=panel)]))
    return page_of(made, "audit", level)


def test_both_sides_of_ten() -> None:
    assert shown_groups({"A": 10, "B": 32}) == ["A", "B"]
    assert shown_groups({"A": 9, "B": 33}) == []
    assert shown_groups({"A": 9, "B": 11, "C": 22}) == ["C"]
    assert shown_groups({"A": 5, "B": 5, "C": 32}) == ["C"]
    assert shown_groups({"A": 4, "B": 5, "C": 33}) == []
    assert shown_groups({"A": 0, "B": 42}) == ["B"]


@pytest.mark.usefixtures("protected")
def test_a_filtered_finding_needs_ten_inside_and_ten_outside() -> None:
    audit = own(42)
    for group in audit.characteristics["rosh"]:
        some = audit.where(rosh=group)
        shown = released(hk.charts.key_questions(some))
        assert shown.rows.empty == (some.size < 10 or 42 - some.size < 10), group
    assert released(hk.charts.key_questions(audit.where(sex="Male", disability="No"))).rows.empty
    assert not released(hk.charts.key_questions(audit)).rows.empty


@pytest.mark.usefixtures("protected")
def test_counts_of_people_are_blanked_and_the_sentence_with_them() -> None:
    audit = own(42)
    rows = pd.DataFrame({"label": ["Four", "Five", "All", "All but three"], "yes": [4, 5, 20, 17], "n": [20] * 4})
    from hmip_kit.measures.shares import say, with_shares

    finding = Finding(
        "trial",
        lambda shown: say(shown, audit, "each", "Trial"),
        with_shares(rows, audit),
        {"label": "Need", "cases": "Cases"},
        "Trial",
        audit,
        "all",
        guard=Guard(people=("yes",)),
    )
    shown = data_of(finding)
    assert [row["cases"] for row in shown["rows"]] == ["[c]", "5 of 20", "[c]", "[c]"]
    assert [row["yes"] for row in shown["rows"]] == [None, 5, None, None]
    assert all(row[name] is None for row in (shown["rows"][0], shown["rows"][2]) for name in ("percent", "low", "high", "bar"))
    assert "4 of 20" not in shown["sentence"]


@pytest.mark.parametrize(
    ("yes", "said"),
    [
        ([None] * 8, "All 42 cases. Counts are not shown [c]."),
        ([None, *range(6, 13)], "All 42 cases. Lowest of those shown: Row 1, 6 of 20 cases"),
        (range(5, 13), "All 42 cases. Lowest: Row 0, 5 of 20 cases"),
    ],
)
def test_a_sentence_claims_no_end_that_a_hidden_count_may_hold(yes: Iterable[int | None], said: str) -> None:
    from hmip_kit.measures.shares import say, with_shares

    counts = pd.array(list(yes), dtype="Int64")
    rows = pd.DataFrame({"label": [f"Row {place}" for place in range(8)], "yes": counts, "n": pd.array([20] * 8, dtype="Int64")})
    rows.loc[rows["yes"].isna(), "n"] = pd.NA
    assert say(with_shares(rows, own(42)), own(42), "each", "Trial")[1].startswith(said)


@pytest.mark.parametrize("level", ["protected", "internal"])
def test_single_cases_are_shown_at_no_level(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setenv(SETTING, level)
    finding = replace(hk.charts.key_questions(own(42)), guard=Guard(cases=True))
    assert released(finding).rows.empty


@pytest.mark.usefixtures("internal")
def test_internal_shows_all_groups_and_says_so() -> None:
    audit = own(42)
    made = page(audit, hk.charts.groups_side_by_side(audit, "ethnicity"), level="internal")
    assert made["level"] == "internal"
    assert "Do not pass on" in html(made)
    with pytest.raises(NotShared, match="has not passed the gate for 'protected'"):
        page(audit, level="protected")


def test_own_findings_that_met_no_gate_are_refused() -> None:
    with pytest.raises(NotShared, match="Make the page with `hmip render`"):
        page(own(42))


@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize("n", [12, 42, 100, 300])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_attack_fails_on_own_files_and_the_page_is_useful(n: int, seed: int) -> None:
    audit = own(n, seed)
    made = page(audit, *(hk.charts.groups_side_by_side(audit, name) for name in audit.characteristics))
    text = html(made)
    assert "MARKER" not in text
    known = read(made["sets"]["audit"], made["findings"])
    assert list(weakest(known)) == []
    questions = next(finding for finding in made["findings"] if finding["name"] == "key_questions")
    assert [row["cases"] for row in questions["rows"]][0].endswith(f"of {n}")
    if n >= 42:
        assert any(row for at, row in made["sets"]["audit"]["tallies"]["single"].items() if at)


@pytest.mark.usefixtures("protected")
def test_the_attack_finds_a_group_that_subtraction_gives_back() -> None:
    made = page(own(42))
    sabotaged = made["sets"]["audit"]
    sabotaged["tallies"]["single"]["sex\nMale"] = [38 if key == "all" else None for key in sabotaged["tallies"]["keys"]]
    with pytest.raises(NotShared, match="because sex 'Other, or not shown' is to be hidden and could be worked out: 4 of 42 cases"):
        check_page(made)
    sabotaged["tallies"]["single"]["sex\nFemale"] = None
    sabotaged["characteristics"].append({"name": "sex", "label": "Sex", "values": ["Female", "Male"]})
    with pytest.raises(NotShared, match="because sex 'Female' is to be hidden and could be worked out: 4 of 42 cases"):
        check_page(made)


@pytest.mark.usefixtures("protected")
def test_the_attack_finds_a_small_group_that_is_shown_and_one_that_findings_leave_over() -> None:
    made = page(own(42))
    made["sets"]["audit"]["tallies"]["single"]["sex\nFemale"] = [4 for _ in made["sets"]["audit"]["tallies"]["keys"]]
    with pytest.raises(NotShared, match="because sex 'Female' is to be hidden and could be worked out: 4 of 42 cases"):
        check_page(made)
    known = Known(45, {(("", ""), "all"): 45, (("sex", "Male"), "answer/delivery_safety/n"): 38})
    assert list(weakest(known)) == [((("sex", "Other, or not shown"), "all"), 7, 7)]


def groups(sizes: dict[str, int], name: str = "sex") -> Inspection:
    """Return own cases, so many of each group; all answers Yes."""
    values = [group for group, size in sizes.items() for _ in range(size)]
    ids = [f"MARKER-{place:05}" for place in range(len(values))]
    questions = [question.id for question in PRACTICE.framework.questions]
    frames = {
        "cases": pd.DataFrame({"case_id": ids, name: pd.Categorical(values, categories=list(sizes))}),
        "answers": pd.DataFrame([(case, one, "Yes") for case in ids for one in questions], columns=["case_id", "question", "answer"]),
    }
    return Inspection("audit", {"title": "Own audit", "framework": "pdu-2021"}, PRACTICE.framework, frames, "own")


@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize(
    ("sizes", "offered"),
    [
        ({f"Office {place:02}": 25 for place in range(20)}, [25] * 11 + [225]),
        ({**{f"Office {place:02}": 25 for place in range(11)}, "Small": 1, "Smaller": 1}, [25] * 10 + [27]),
        ({**{f"Office {place:02}": 25 for place in range(12)}, "Small": 5}, [25] * 11 + [30]),
        ({f"Office {place:02}": 25 for place in range(12)}, [25] * 12),
        ({"North": 9, "East": 9, "South": 9, "West": 40}, [40, 27]),
        ({**{f"Office {place:02}": 1 for place in range(10)}, "North": 25, "South": 25}, [25, 35]),
        ({"North": 9, "South": 33}, []),
    ],
)
def test_offices_too_small_or_too_many_are_one_group_that_is_counted(sizes: dict[str, int], offered: list[int]) -> None:
    made = page(groups(sizes, "office"))
    assert "Reset" in html(made)
    one = made["sets"]["audit"]
    place = one["tallies"]["keys"].index("all")
    listed = [values for listed in one["characteristics"] if listed["name"] == "office" for values in listed["values"]]
    counts = [one["tallies"]["single"][f"office\n{value}"][place] for value in listed]
    assert counts == offered
    assert not counts or sum(counts) == sum(sizes.values())
    assert all(size >= 10 for size in counts)
    assert ("nothing of: Office" in one["notes"][0]) == (not offered)


@pytest.mark.parametrize(("groups_there", "cases"), [(2, 40), (3, 37), (4, 42)])
def test_a_reader_who_knows_the_rule_learns_little_of_any_hidden_group(groups_there: int, cases: int) -> None:
    """Every way to share the cases out, by what is shown of it: what a reader cannot tell apart must be far apart."""
    seen: dict[tuple[tuple[int, int], ...], list[tuple[int, ...]]] = {}
    for cuts in combinations(range(1, cases), groups_there - 1):
        sizes = tuple(after - before for before, after in zip((0, *cuts), (*cuts, cases), strict=True))
        shown = shown_groups({str(place): size for place, size in enumerate(sizes)})
        seen.setdefault(tuple((int(place), sizes[int(place)]) for place in shown), []).append(sizes)
    for shown_sizes, alike in seen.items():
        hidden = set(range(groups_there)) - {place for place, _ in shown_sizes}
        for place in hidden if shown_sizes else ():
            could = [sizes[place] for sizes in alike]
            assert max(could) - min(could) >= 6, (shown_sizes, could)


def test_bounds_are_those_of_a_count_by_hand() -> None:
    known = Known(
        20,
        {(("", ""), "all"): 20, (("sex", "Male"), "all"): 12, (("", ""), "answer/q/n"): 20, (("sex", "Male"), "answer/q/n"): 12},
        groups={"sex": ["Female", "Male", "Not recorded"]},
    )
    known.hidden |= {(("sex", "Female"), "all"), (("sex", "Not recorded"), "all")}
    assert bounds(known, (("sex", "Female"), "all")) == (0, 8)
    known.counts[("sex", "Not recorded"), "answer/q/n"] = 3
    assert bounds(known, (("sex", "Female"), "all")) == (5, 5)
