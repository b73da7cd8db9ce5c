"""The gate: what is shown of own cases, and what of them is hidden."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from audits import groups, own, page
from hmip_kit.disclosure import released, shown_groups
from hmip_kit.finding import Finding, Guard
from hmip_kit.level import SETTING
from hmip_kit.share.exporter import html
from pandas.api.types import is_bool_dtype, is_numeric_dtype

import hmip_kit as hk
from hmip_kit.errors import KitError, NotShared
from hmip_kit.inspection import Inspection
from hmip_kit.picture import data_of, table_of


@pytest.fixture
def protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "protected")


@pytest.fixture
def internal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "internal")


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
    rows = pd.DataFrame(
        {"label": ["Four", "Five", "All", "All but three"], "yes": [4, 5, 20, 17], "n": [20] * 4}
    )
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
    assert all(
        row[name] is None
        for row in (shown["rows"][0], shown["rows"][2])
        for name in ("percent", "low", "high", "bar")
    )
    assert "4 of 20" not in shown["sentence"]


@pytest.mark.parametrize(
    ("yes", "said"),
    [
        ([None] * 8, "All 42 cases. Counts are not shown [c]."),
        ([None, *range(6, 13)], "All 42 cases. Lowest of those shown: Row 1, 6 of 20 cases"),
        (range(5, 13), "All 42 cases. Lowest: Row 0, 5 of 20 cases"),
    ],
)
def test_a_sentence_claims_no_end_that_a_hidden_count_may_hold(
    yes: Iterable[int | None], said: str
) -> None:
    from hmip_kit.measures.shares import say, with_shares

    counts = pd.array(list(yes), dtype="Int64")
    rows = pd.DataFrame(
        {
            "label": [f"Row {place}" for place in range(8)],
            "yes": counts,
            "n": pd.array([20] * 8, dtype="Int64"),
        }
    )
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
@pytest.mark.parametrize(
    ("sizes", "offered"),
    [
        ({f"Office {place:02}": 25 for place in range(20)}, [25] * 11 + [225]),
        (
            {**{f"Office {place:02}": 25 for place in range(11)}, "Small": 1, "Smaller": 1},
            [25] * 10 + [27],
        ),
        ({**{f"Office {place:02}": 25 for place in range(12)}, "Small": 5}, [25] * 11 + [30]),
        ({f"Office {place:02}": 25 for place in range(12)}, [25] * 12),
        ({"North": 9, "East": 9, "South": 9, "West": 40}, [40, 27]),
        ({**{f"Office {place:02}": 1 for place in range(10)}, "North": 25, "South": 25}, [25, 35]),
        ({"North": 9, "South": 33}, []),
    ],
)
def test_offices_too_small_or_too_many_are_one_group_that_is_counted(
    sizes: dict[str, int], offered: list[int]
) -> None:
    made = page(groups(sizes, "office"))
    assert "Reset" in html(made)
    one = made["sets"]["audit"]
    place = one["tallies"]["keys"].index("all")
    listed = [
        values
        for listed in one["characteristics"]
        if listed["name"] == "office"
        for values in listed["values"]
    ]
    counts = [one["tallies"]["single"][f"office\n{value}"][place] for value in listed]
    assert counts == offered
    assert not counts or sum(counts) == sum(sizes.values())
    assert all(size >= 10 for size in counts)
    assert ("nothing of: Office" in one["notes"][0]) == (not offered)


@pytest.mark.parametrize(("groups_there", "cases"), [(2, 40), (3, 37), (4, 42)])
def test_a_reader_who_knows_the_rule_learns_little_of_any_hidden_group(
    groups_there: int, cases: int
) -> None:
    """Every way to share the cases out, by what is shown of it: what a reader cannot tell apart must be far apart."""
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


@pytest.mark.usefixtures("protected")
def test_a_table_says_that_a_count_is_hidden_and_has_no_rows_where_all_are() -> None:
    """Some needs of 300 cases are shown by the link to offending; of 42 cases none is by the other link."""
    heads, *rows = table_of(data_of(hk.charts.need_flow(own(300))))
    assert {row[heads.index("Cases")] == "[c]" for row in rows} == {True, False}
    assert not any("" in row for row in rows)
    hidden = hk.charts.needs(own(42), "harm")
    made = page(own(42), hidden)
    assert "Counts are not shown [c]." in html(made)
    assert table_of(data_of(hidden))[1:] == []
    assert "[c]: counts that would single out one to four people" in html(made)


WORKED_OUT = {
    "percent",
    "low",
    "high",
    "bar",
    "whole",
    "difference",
    "either_way",
    "later",
    "fewer",
    "more",
    "fewest",
    "most",
    "n1",
    "n2",
}
DRAWN = {
    "begin",
    "end",
    "middle",
    "marks",
    "possible",
    "size",
    "left",
    "top",
    "stages",
}  # made of counts that stand beside them
JUDGEMENTS = {
    "agreed",
    "n",
    "kappa",
    "yes",
}  # how the cases of several samples were judged, whose sizes are said; or surveys
BESIDE = {"agreement", "change", "changed_since", "three_viewpoints"}


def findings_of(mine: Inspection) -> Iterator[Finding]:
    """Yield every picture and table that own cases give."""
    for name in hk.charts.__all__:
        for given in ((mine,), (mine, mine), (mine, "sex"), ([mine] * 8, "delivery_safety")):
            with suppress(KitError, TypeError, AttributeError):
                yield getattr(hk.charts, name)(*given)
    for link in ("harm", "either", "both"):
        yield from (hk.charts.needs(mine, link), hk.charts.need_flow(mine, link))
    for places in (
        ("Accommodation/service_delivered", "Finance/improved"),
        ("delivery_safety", "Finance/planned_for"),
    ):
        yield from (
            hk.charts.service_and_outcome(mine, *places),
            hk.charts.progress_with_and_without(mine, *places),
        )


@pytest.mark.usefixtures("protected")
def test_whatever_counts_own_cases_says_what_it_counts() -> None:
    """The attack reads the counts that findings name the tallies of: a number that is neither named nor known to be none is a gap."""
    found = [released(finding) for finding in findings_of(own(300))]
    assert {
        "need_flow",
        "needs",
        "service_and_outcome",
        "differences_sex",
        "groups_sex",
        "agreement",
    } <= {one.name for one in found}
    for one in [one for one in found if not one.withheld]:
        given = one.rows.dropna(axis="columns", how="all")
        numbers = {
            str(name)
            for name in given
            if is_numeric_dtype(given[name]) and not is_bool_dtype(given[name])
        }
        assert numbers <= {
            *one.tallies,
            *WORKED_OUT,
            *DRAWN,
            *(JUDGEMENTS if one.name in BESIDE else ()),
        }, one.name
