"""What is hidden says nothing: every row of every finding that counts own cases."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pytest
from audits import (
    findings_of,
    own,
    page,
    skewed,
)
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from hmip_kit.findings import Finding, Protect
from hmip_kit.inspection import Inspection
from hmip_kit.page.exporter import html
from hmip_kit.protect import released
from hmip_kit.protect.bundle import data_of, table_of


@pytest.mark.usefixtures("sharing")
def test_a_table_says_that_a_count_is_hidden_and_has_no_rows_where_all_are() -> None:
    """Some needs of 100 cases are shown; of 12 cases none is."""
    heads, *rows = table_of(data_of(own(100).show.needs()))
    cells = [row[heads.index("Cases with the need")] for row in rows]
    assert {cell == "[c]" for cell in cells} == {True, False}
    hidden = own(12).show.needs()
    made = page(own(12), hidden)
    assert "Counts are not shown [c]." in html(made)
    assert table_of(data_of(hidden))[1:] == []
    assert "[c]: not shown." in html(made)


WORKED_OUT = {
    "usual_points",  # of a published rating
    *("percent", "low", "high", "bar", "whole", "difference", "later", "fewer"),
    *(
        "more",
        "fewest",
        "most",
        "apart",
        "n1",
        "n2",
        *("asked", "rate", "worst", "best"),
        "difference_low",
        "difference_high",
        "least_fall",
    ),
    *("least_rise", "net_difference", "net_points", "net_low", "net_high", "mid_p", "p"),
    *(
        "percent_with",
        "percent_without",
        "kappa",
        "kappa_low",
        "kappa_high",
        "points",
        "place",
        "shade",
        "margin",
    ),
}
# What is made of counts that stand beside them.
DRAWN = {"begin", "end", "middle", "marks", "possible", "size", "left", "top", "stages"}
DRAWN |= {"of_stages", "least", "column", "words", "ends", "ends_stacked", "top_stacked"}
# Of questions, where the finding or its rows say which; how several samples were judged; surveys.
UNNAMED = ("agreement", "change", "later_sample", "three_viewpoints", "results")
JUDGEMENTS = {
    "agreed",
    "first_yes",
    "second_yes",
    "n",
    "yes",
    "no",
    "not_applicable",
    "not_recorded",
}


@cache
def found_of(make: Callable[[int], Inspection], cases: int) -> list[Finding]:
    """Return every finding on so many own cases; making them takes longest."""
    return list(findings_of(make(cases)))


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize(("make", "cases"), [(own, 300), (skewed, 100)])
def test_whatever_counts_own_cases_says_what_it_counts(
    make: Callable[[int], Inspection], cases: int
) -> None:
    """A number that is neither named nor known to be none is a gap that nobody attacks."""
    found = [released(finding) for finding in found_of(make, cases)]
    shown = {one.name for one in found if not one.withheld and len(one.rows)}
    assert {"needs", "service_and_outcome", "groups_sex", "agreement", "results_sex"} <= shown
    for one in [one for one in found if not one.withheld]:
        given = one.rows.dropna(axis="columns", how="all")
        numbers = {
            str(name)
            for name in given
            if is_numeric_dtype(given[name]) and not is_bool_dtype(given[name])
        }
        assert numbers <= {*one.tallies, *WORKED_OUT, *DRAWN, *JUDGEMENTS}, one.name
        assert one.tallies or not numbers & JUDGEMENTS or one.name.startswith(UNNAMED), one.name


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize(("make", "other"), [(own, 300), (skewed, 100)])
def test_a_hidden_row_says_nothing_that_depends_on_its_counts(
    make: Callable[[int], Inspection], other: int
) -> None:
    """Whatever stands in a hidden row stands in the same row of another audit too."""
    beside = {(one.name, one.measure): one for one in found_of(make, other)}
    hidden = 0
    for finding in found_of(make, 42):
        shown = released(finding)
        tallied = [name for name in shown.rows if name in shown.tallies or name in ("yes", "n")]
        same = beside.get((finding.name, finding.measure))
        if shown.withheld or not tallied or finding.inspection.filters or not same:
            continue
        elsewhere = same.rows.astype("str").to_numpy().ravel()
        for row in shown.rows[shown.rows[tallied].isna().all(axis=1)].to_dict("records"):
            hidden += 1
            said = {text for text in row.values() if isinstance(text, str)} - {"", "[c]"}
            assert said <= set(elsewhere) or same.rows.empty, (finding.name, said - set(elsewhere))
    assert hidden


@pytest.mark.usefixtures("sharing")
def test_what_does_not_say_what_it_counts_is_not_shown_of_a_group() -> None:
    def say(rows: pd.DataFrame) -> tuple[str, str]:
        return "Trial", f"{len(rows)} rows."

    def trial(about: Inspection, **more: Any) -> Finding:
        rows = pd.DataFrame({"label": ["One"], "yes": [3]})
        columns = {"label": "What"}
        return Finding(about, rows, say, columns, "Trial", shown_by="one group", **more)

    mine = own(100)
    assert not released(trial(mine)).withheld
    assert released(trial(mine.where(sex="Male"))).withheld
    assert released(trial(mine, protect=Protect(group="sex"))).withheld
    assert released(trial(mine, protect=Protect(people=("yes",)))).withheld
