"""The points of services and needs: sums that a reader could make, hidden where a count is."""

import pandas as pd
from audits import PRACTICE, own

from hmip_kit.findings import HIDDEN, Finding, Point


def points(finding: Finding, rows: pd.DataFrame) -> list[Point]:
    assert finding.points
    return list(finding.points(rows))


def test_services_at_a_glance_are_the_sums_of_needs() -> None:
    mine = own(60)
    needs = mine.needs[mine.needs["linked_to_offending"]]
    served, better = (needs[one].sum() for one in ("service_delivered", "improved"))
    of = [f"{many} of {len(needs)} ({100 * many / len(needs):.0f}%)" for many in (served, better)]
    found = mine.show.services_at_a_glance()
    said = [number for _, number, _ in points(found, found.rows)]
    assert said[:3] == [f"{len(needs)} in 60 cases", *of]
    progress = (mine.answers.query("question == 'outcomes_progress'")["answer"] == "Yes").sum()
    assert said[3].startswith(f"{progress} of 60 ")


def test_services_at_a_glance_hide_a_sum_with_a_hidden_count() -> None:
    found = own(60).show.services_at_a_glance()
    rows = found.rows.copy()
    rows.loc[rows["step"] == "served", "yes"] = rows["yes"].where(rows.index > 1)
    said = {label: number for label, number, _ in points(found, rows)}
    assert said["Service delivered"] == HIDDEN
    assert said["Progress noted"] != HIDDEN


def test_services_at_a_glance_are_of_all_real_cases_alone() -> None:
    part = own(60).where(sex="Male").show.services_at_a_glance()
    assert points(part, part.rows) == []
    assert PRACTICE.show.services_at_a_glance().lacks
