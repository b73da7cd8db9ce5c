"""Titles as pages since 2018 word them, and programmes: each by its own standards, or not known."""

from pathlib import Path

import pytest

import hmip_kit as hk
from hmip_kit.inspection import Inspection

PUBLISHER = "HM Inspectorate of Probation"
RATED = "Ratings\n1.1 Leadership\nGood\nOverall rating\nGood\n"
KIRBY = "An inspection of probation services in Kirby PDU\nHM Inspectorate of Probation, May 2025\n"
SAFE = "Does assessment focus sufficiently on keeping other people safe?"


def read(folder: Path, text: str) -> Inspection:
    path = folder / "made-up.txt"
    path.write_text(text, encoding="utf-8")
    return hk.read_report(path)


@pytest.mark.parametrize(
    ("title", "unit", "region", "published"),
    [
        (
            "An inspection of Probation Services – North East region\nPublished: 14 October 2025",
            *("North East region", "North East", "October 2025"),
        ),
        (
            "An inspection of youth justice work with children and victims in Wakefield",
            *("Wakefield", None, None),
        ),
        (
            "Dynamic Inspection of Public Protection in South West region",
            *("South West region", "South West", None),
        ),
        (
            "An inspection of probation services in Hammersmith, Fulham, Kensington, Chelsea &"
            " Westminster PDU",
            "Hammersmith, Fulham, Kensington, Chelsea & Westminster PDU",
            *(None, None),
        ),
        ("An inspection of probation services in Gwent PDU", "Gwent PDU", None, None),
        (
            "An inspection of probation services in: Humberside, Lincolnshire & North Yorkshire"
            " Community Rehabilitation Company\nHMI Probation, May 2020",
            "Humberside, Lincolnshire & North Yorkshire Community Rehabilitation Company",
            *(None, "May 2020"),
        ),
        (
            "An inspection of probation services in Derbyshire, Leicestershire, Nottinghamshire and"
            f" Rutland Community Rehabilitation Company {PUBLISHER}\nJANUARY 2019",
            "Derbyshire, Leicestershire, Nottinghamshire and Rutland Community Rehabilitation"
            " Company",
            *(None, "January 2019"),
        ),
        (
            "An inspection of youth offending services in\nNorth Yorkshire HM Inspectorate of"
            " Probation, September 2020",
            *("North Yorkshire", None, "September 2020"),
        ),
        (
            "An inspection of probation services in: Staffordshire and West Midlands Community"
            " Rehabilitation Company HMI Probation, March 2020",
            "Staffordshire and West Midlands Community Rehabilitation Company",
            *(None, "March 2020"),
        ),
        ("National Inspection – April 2025", "National inspection", None, "April 2025"),
        ("National inspection - April 2025", "National inspection", None, "April 2025"),
        (
            "An inspection of youth offending services in\n\nOldshire\nHM Inspectorate of"
            " Probation, May 2019",
            *("Oldshire", None, "May 2019"),
        ),
        (
            "An inspection of probation services in:\nKirby PDU\nThe Probation Service – Fenland"
            " region\nHM Inspectorate of Probation, May 2023",
            *("Kirby PDU", "Fenland", "May 2023"),
        ),
    ],
)
def test_a_title_is_read_as_pages_word_it(
    title: str, unit: str, region: str | None, published: str | None, tmp_path: Path
) -> None:
    identity = read(tmp_path, f"{title}\nForeword\n{PUBLISHER} inspects.\n{RATED}").identity
    stated = [identity.get(name) for name in ("unit", "region", "published")]
    assert stated == [unit, region, published]
    missing = {name for name, one in (("region", region), ("published", published)) if not one}
    assert missing <= set(identity["not_stated"])


@pytest.mark.parametrize(
    ("title", "lines", "regime"),
    [
        (
            "An inspection of Probation Services – North East region",
            ["R 1.1 Leadership", "R 2.1 Public protection", "R2.6 Statutory victim work"],
            "region-2023",
        ),
        ("An inspection of probation services in Kirby PDU, 2025", ["P1.1 Leadership"], "pdu-2023"),
        (
            "An inspection of youth justice work with children and victims in Kirby",
            ["Work with children", "Work with victims"],
            "youth-2025",
        ),
        (
            "An inspection of approved premises: Kirby House",
            ["Leadership and governance", "Staffing", "Safety", "Rehabilitation"],
            "ap-2025",
        ),
        (
            "An inspection of lighthouses in Kirby, 2022",
            ["1.1 Leadership", "1.2 Staff"],
            "not-known",
        ),
        (
            "An inspection of probation services in Kirby PDU, 2031",
            ["1.1 Leadership", "1.2 Lamps", "2.1 Oil"],
            "not-known",
        ),
        ("An inspection of probation services in Kirby PDU", ["X 1.1 Leadership"], "not-known"),
    ],
)
def test_a_programme_is_known_by_its_standards_or_is_not_known(
    title: str, lines: list[str], regime: str, tmp_path: Path
) -> None:
    told = "".join(f"{line}\nGood\n" for line in lines)
    found = read(tmp_path, f"{title}\n{PUBLISHER} inspects.\nRatings\n{told}Overall rating\nGood\n")
    assert found.framework.id == found.identity["framework"] == regime
    rated = found.ratings.query("status == 'rated'")
    assert len(rated) == len(lines) and (rated["rating"] == "Good").all()
    if regime == "not-known":
        assert len(found.ratings) == len(lines)  # no row of a regime that was guessed
        assert found.identity["warnings"][0].startswith("the programme is not one that the kit kn")
        assert found.show.score().title.endswith("not in these data")


@pytest.mark.parametrize("number", ["P 2.1", "2.1", "P2.1", "P 2.1."])
def test_a_number_is_its_standards_with_its_letter_or_without(number: str, tmp_path: Path) -> None:
    text = f"{KIRBY}Ratings\nP 1.1 Leadership\nGood\nP 2.1 Assessment\nInadequate\nBackground\n"
    text += f"We inspected 50 cases.\n{number} Assessment\nInadequate\n{SAFE}\t28%\n"
    found = read(tmp_path, text)
    assert found.published[["question", "yes"]].values.tolist() == [["assessment_safety", 14]]
    assert not found.identity["warnings"]


def test_a_number_of_another_programme_is_left_without_a_standard_and_said(tmp_path: Path) -> None:
    text = f"{KIRBY}Ratings\nP 1.1 Leadership\nGood\nP 2.1 Assessment\nInadequate\nBackground\n"
    text += f"We inspected 50 cases.\nR 2.1 Public protection\nWe looked.\n{SAFE}\t28%\n"
    found = read(tmp_path, text)
    assert found.table("key_questions")["question"].tolist() == ["not_stated_safety"]
    assert found.identity["warnings"] == (
        "R 2.1: no standard of pdu-2023 has this number; its key questions have none",
    )


@pytest.mark.parametrize(
    ("told", "shares"),
    [
        ("Over half of relevant cases (24/47) lacked analysis.", [(24, 47)]),
        ("It was so in 24 out of 47 cases.", [(24, 47)]),
        ("Six out of 50 relevant cases had no request.", [(6, 50)]),
        ("In 24 / 47 cases, and in (3/9), it was.", [(24, 47), (3, 9)]),
        ("Staff are there 24/7, since 14/10/2025, and in 2021/22.", []),
    ],
)
def test_shares_of_the_prose_are_candidates(
    told: str, shares: list[tuple[int, int]], tmp_path: Path
) -> None:
    found = read(tmp_path, f"{KIRBY}{RATED}Background\n{told}\n").table("candidates")
    stated = found[["numerator", "denominator"]].dropna().itertuples(index=False, name=None)
    assert list(stated) == shares


def test_back_to_top_is_no_part_of_a_heading(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        f"{KIRBY}# Ratings (Back to top)\nP 1.1 Leadership\nGood\n# Background"
        " (Back to top)\nIn 24 out of 47 cases.\n",
    )
    assert found.table("candidates")["section"].tolist() == ["Background"]
