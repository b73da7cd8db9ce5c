"""How reports are worded and laid out.

Broken ratings, marks, other regimes, several units, percentages that fix no count.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.errors import DataProblem, UnknownName
from hmip_kit.inspection import Inspection
from hmip_kit.sources.report.lines import cleaned
from hmip_kit.sources.report.questions import count_of

HERE = Path(__file__).resolve().parent / "reports"
HEAD = (
    "An inspection of probation services in:\n{unit}\n"
    "Made up. HM Inspectorate of Probation, {date}\n\nRatings\n\n"
)
UNITS = """# Made-up units of HM Inspectorate of Probation reports
## Ratings
### Eastmoor PDU
Fieldwork started May 2022
Score **4/27**
#### Overall rating
**Inadequate**
1.1 Leadership
Inadequate
1.2 Staff
Requires improvement
### Westmoor PDU
Fieldwork started June 2022
Score **14/27**
#### Overall rating
**Good**
1.1 Leadership
Good
1.2 Staff
Outstanding
## Background
We inspected 42 cases.
"""
COLUMNS = """Made-up units, HM Inspectorate of Probation
Standard\tEastmoor PDU\tWestmoor PDU
Score\t4/27\t14/27
Overall rating\tInadequate\tGood
1.1 Leadership\tInadequate\tGood
1.2 Staff\tRequires\tOutstanding
\timprovement
"""


def read(folder: Path, text: str, unit: str | None = None) -> Inspection:
    """Read a text as a report."""
    path = folder / "made-up.md"
    path.write_text(text, encoding="utf-8")
    return hk.read_report(path, unit)


def rated(found: Inspection) -> dict[str, str]:
    """Return each standard's rating, or its status where it has none."""
    return {
        row["standard"]: row["rating"] or row["status"] for row in found.ratings.to_dict("records")
    }


def test_broken_lines_marks_and_footnote_signs() -> None:
    found = hk.read_report(HERE / "made-up-tricky.txt")
    assert rated(found) == {
        "Leadership": "Requires improvement",
        "Staff": "Inadequate",
        "Services": "Requires improvement",
        "Information and facilities": "Good",
        "Court work": "not applicable",
        "Assessment": "Requires improvement",
        "Planning": "Inadequate",
        "Implementation and delivery": "Requires improvement",
        "Reviewing": "Requires improvement",
        "Outcomes": "not stated",
    }
    assert found.identity["rating"] == "Requires improvement"
    asked = found.table("key_questions").set_index("question")["percent"].to_dict()
    assert asked == {
        "assessment_engagement": "43",
        "assessment_desistance": "57",
        "assessment_safety": "50.7",
    }
    assert found.published[["question", "yes", "n"]].values.tolist() == [
        ["assessment_safety", 76, 150]
    ]
    assert found.recommendations["label"].tolist() == [
        "do a first thing, in 3 out of 4 cases, well",
        "do a second thing",
        "help",
    ]


def test_a_page_with_sidebar_menu_and_tables() -> None:
    found = hk.read_report(HERE / "made-up-youth-page.html")
    assert found.framework.id == "youth-2018"
    assert (found.identity["rating"], found.identity["score"], found.identity["maximum_score"]) == (
        "Good",
        24,
        36,
    )
    ratings = rated(found)
    assert (
        ratings["Partnerships and services"]
        == ratings["Planning, court disposals"]
        == "Requires improvement"
    )
    assert ratings["Assessment, out-of-court disposals"] == ratings["Staff"] == "Outstanding"
    assert ratings["Implementation and delivery, out-of-court disposals"] == "Inadequate"
    assert ratings["Resettlement"] == "not applicable"
    assert ratings["Lighthouse work"] == "Good"
    assert found.framework.standard("Lighthouse work").number == "4.2"
    asked = found.table("key_questions")
    assert asked["percent"].tolist() == ["72", "69"]
    assert asked["standard"].unique().tolist() == ["Assessment, court disposals"]
    assert asked["count_source"].str.startswith("not stated").all()
    assert "cases_inspected" in found.identity["not_stated"]
    assert "cases_inspected" not in found.identity
    assert found.published.empty


@pytest.mark.parametrize(
    ("unit", "date", "lines", "regime"),
    [
        (
            "Oldshire CRC",
            "May 2019",
            "2.1 Assessment\nGood\n2.2 Planning\nGood\n4.2 Through the Gate\nOutstanding\n",
            "crc-2018",
        ),
        (
            "Oldshire division",
            "May 2019",
            "2.1 Assessment\nGood\n3.2 Statutory victim work\nOutstanding\n",
            "nps-2018",
        ),
        (
            "Oldshire PDU",
            "May 2024",
            "P 1.1 Leadership\nGood\nP 1.2 Staffing\nGood\nP 2.1 Assessment\nInadequate\n",
            "pdu-2023",
        ),
        (
            "Oldshire PDU",
            "May 2022",
            "1.2 Staff\nGood\n2.2 Assessment\nGood\n2.3 Planning\nOutstanding\n",
            "pdu-2021",
        ),
    ],
)
def test_the_regime_is_told_by_its_standards(
    unit: str, date: str, lines: str, regime: str, tmp_path: Path
) -> None:
    found = read(tmp_path, HEAD.format(unit=unit, date=date) + lines)
    assert found.framework.id == found.identity["framework"] == regime
    assert found.title == f"{unit}, {date}"
    assert (
        {"Good"}
        <= set(rated(found).values())
        <= {"Good", "Outstanding", "Inadequate", "not stated"}
    )


@pytest.mark.parametrize("text", [UNITS, COLUMNS])
def test_one_of_several_units_is_read_by_its_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="2 units: Eastmoor PDU, Westmoor PDU"):
        read(tmp_path, text)
    with pytest.raises(UnknownName, match="Westmoor PDU"):
        read(tmp_path, text, "Northmoor")
    west, east = read(tmp_path, text, "westmoor"), read(tmp_path, text, "Eastmoor PDU")
    assert (west.identity["rating"], west.identity["score"], rated(west)["Staff"]) == (
        "Good",
        14,
        "Outstanding",
    )
    assert (east.identity["rating"], east.identity["score"], rated(east)["Staff"]) == (
        "Inadequate",
        4,
        "Requires improvement",
    )
    assert "cases_inspected" in west.identity["not_stated"]  # of which unit they were is not said
    assert west.title == "Westmoor PDU, date not stated"


def test_a_rating_that_stands_in_two_ways_is_a_warning(tmp_path: Path) -> None:
    text = (
        HEAD.format(unit="Oldshire PDU", date="May 2022")
        + "1.1 Leadership\nGood\n\nBackground\nWe saw.\n1.1. Leadership\nInadequate\n"
    )
    found = read(tmp_path, text)
    assert rated(found)["Leadership"] == "Good"
    assert len(found.identity["warnings"]) == 1
    assert "Leadership: Good at line 7, Inadequate at line" in found.identity["warnings"][0]


Q1, Q2 = (
    f"Does assessment focus sufficiently on {what}?"
    for what in ("engaging the person on probation", "keeping other people safe")
)


@pytest.mark.parametrize(
    ("told", "percents"),
    [
        (f"{Q1} 43%\n{Q2} 21%", ["43", "21"]),
        (f"{Q1}\n43%\n{Q2}\n21%", ["43", "21"]),
        (f"43% {Q1}\n21% {Q2}", ["43", "21"]),
        (f"{Q1}\t43%\t38%\n{Q2}\t21%", ["not stated", "21"]),
        (f"{Q1}\t43.0 per cent\n{Q2}", ["43.0"]),
        (f"{Q1}2\t43%\n{Q2}\t100%", ["43", "100"]),
    ],
)
def test_a_question_has_the_percentage_that_stands_by_it(
    told: str, percents: list[str], tmp_path: Path
) -> None:
    text = (
        HEAD.format(unit="Oldshire PDU", date="May 2022")
        + f"2.2 Assessment\nGood\n\nBackground\nWe inspected 42 cases.\n2.2. Assessment\n{told}\n"
    )
    asked = read(tmp_path, text).table("key_questions")
    assert asked["percent"].tolist() == percents
    assert (
        asked["question"].tolist()
        == ["assessment_engagement", "assessment_safety"][: len(percents)]
    )


def test_a_question_with_two_figures_in_two_places_has_none(tmp_path: Path) -> None:
    text = (
        HEAD.format(unit="Oldshire PDU", date="May 2022")
        + f"2.2 Assessment\nGood\n\nBackground\nWe inspected 42 cases.\n{Q1} 43%\n{Q2} 21%\n"
    )
    found = read(tmp_path, f"{text}2.2. Assessment\n{Q1} 45%\n{Q2} 21%\n")
    assert found.published["question"].tolist() == ["assessment_safety"]
    assert found.identity["warnings"] == (
        "assessment_engagement: 43% at line 12, 45% at line 15; none was taken",
    )


def test_two_numbers_of_cases_are_none(tmp_path: Path) -> None:
    text = (
        HEAD.format(unit="Oldshire PDU", date="May 2022")
        + "1.1 Leadership\nGood\n\nBackground\nWe inspected 40 cases. They inspected 12 cases.\n"
    )
    assert "cases_inspected" in read(tmp_path, text).identity["not_stated"]


def test_a_usual_rating_is_noted_where_the_report_departs_from_it(tmp_path: Path) -> None:
    rule = (
        "A rating of 'Inadequate' for all domain two standards would usually result in a rating"
        " of 'Inadequate' here."
    )
    text = (
        HEAD.format(unit="Oldshire PDU", date="May 2022")
        + f"1.1 Leadership\n{{}}\n\nBackground\nWe saw.\n1.1. Leadership\n{{}}\n{rule}\n"
    )
    departs = read(tmp_path, text.format("Good", "Good")).ratings.iloc[0]
    follows = read(tmp_path, text.format("Inadequate", "Inadequate")).ratings.iloc[0]
    assert departs["usual_rating"] == "Inadequate"
    assert (
        departs["override_note"]
        == "Usually Inadequate when all domain two standards are (1.1); the reason is not stated."
    )
    assert follows["usual_rating"] == follows["override_note"] == ""


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("## **Resettlement work**", "## Resettlement work"),
        ("Inadequate[^3]", "Inadequate"),
        ("Full data ([annex](https://example.org/a(b)))", "Full data (annex)"),
        ("| --- | :-: |", ""),
        ("Ratings.......4", ""),
        ("5 * 3 stays; *this* goes", "5 * 3 stays; this goes"),
        ("risk\u00ad of\u200b harm\u00b2", "risk of harm"),
    ],
)
def test_marks_are_taken_off(text: str, clean: str) -> None:
    assert cleaned(text) == clean


@given(n=st.integers(1, 400), share=st.floats(0, 1), decimals=st.integers(0, 1))
def test_a_rebuilt_count_is_the_only_one_that_gives_the_percentage(
    n: int, share: float, decimals: int
) -> None:
    yes = round(share * n)
    scale = 10**decimals
    tenths = (200 * scale * yes + n) // (2 * n)
    printed = f"{tenths // scale}.{tenths % scale}" if decimals else str(tenths)
    alike = [k for k in range(n + 1) if (200 * scale * k + n) // (2 * n) == tenths]
    found, source = count_of(printed, n)
    assert found == (yes if alike == [yes] else None)
    assert source.startswith("rebuilt" if alike == [yes] else "not stated")
