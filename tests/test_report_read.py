"""The report's prose as data.

Each figure is traced to its section, each strength and area for improvement is there.
"""

import re
from pathlib import Path

import pytest

import hmip_kit as hk
from hmip_kit.stats.words import number

REPORT = hk.load("lewisham-bromley-2022")
SOURCE = Path(__file__).resolve().parents[2] / "shared" / "source" / "lewisham-bromley-2022.txt"
HEADINGS = {
    "Foreword": "## Foreword",
    "Ratings": "## Ratings",
    "Background": "## Background",
    "1.1": "## 1.1",
    "1.2": "## 1.2",
    "1.3": "### 1.3",
    "Resettlement work": "## **Resettlement",
    "1.4": "## 1.4",
    "Feedback from people on probation": "## Feedback",
    "Diversity and inclusion": "## Diversity",
    "2. Court work and case supervision": "## 2. Court",
    "2.2": "## 2.2",
    "2.3": "## 2.3",
    "2.4": "## 2.4",
    "2.5": "## 2.5",
    "2.6": "## 2.6",
}


def sections() -> dict[str, str]:
    if not SOURCE.exists():
        pytest.skip("the report is not here")
    text = SOURCE.read_text(encoding="utf-8")
    starts = {name: text.index(f"\n{heading}") for name, heading in HEADINGS.items()}
    ends = sorted([*starts.values(), text.index("\n## Annexe one")])
    return {
        name: text[start : min(end for end in ends if end > start)]
        for name, start in starts.items()
    }


def test_each_figure_stands_in_its_section() -> None:
    told = sections()
    words = {count: number(count) for count in range(11)}
    for row in REPORT.figures.to_dict("records"):
        section, printed = (
            told[row["section"]],
            row["printed"].replace("60-70%", "60-70 per cent").replace("18 to 24", "18- to 24-"),
        )
        numbers = re.findall(r"\d[\d,.]*", printed) or [
            word for word in printed.split() if word in words.values()
        ]
        for one in numbers or [printed.split()[-1]]:
            assert re.search(rf"(?<![\d.]){re.escape(one)}(?!\d)", section, re.IGNORECASE), (
                row["figure"],
                one,
            )


def test_every_percentage_of_the_prose_is_among_the_figures() -> None:
    for name, section in sections().items():
        prose = re.sub(r"(?m)^.*\t.*$", "", section)
        printed = {float(one) for one in re.findall(r"([\d.]+) per cent", prose)}
        figures = REPORT.figures[
            (REPORT.figures["section"] == name) & (REPORT.figures["unit"] == "percent")
        ]
        known = {*figures["value"].dropna(), *figures["low"].dropna(), *figures["high"].dropna()}
        assert printed <= known, name


def test_every_strength_and_area_for_improvement_is_a_finding() -> None:
    names = {f"{one.number}": one.name for one in REPORT.framework.standards}
    for name, section in sections().items():
        parts = re.split(r"### \**Areas for improvement", section)
        for kind, text in zip(("strength", "area for improvement"), parts, strict=False):
            if "### " not in section or name in ("Ratings", "Foreword"):
                continue
            bullets = len(re.findall(r"(?m)^- ", text))
            found = REPORT.findings[
                (REPORT.findings["standard"] == names.get(name, name))
                & (REPORT.findings["kind"] == kind)
            ]
            assert len(found) == bullets, (name, kind)


def test_findings_name_figures_and_recommendations_that_exist() -> None:
    known = {*REPORT.figures["figure"], *REPORT.published["question"]}
    numbers = {str(number) for number in REPORT.recommendations["number"]}
    for row in REPORT.findings.to_dict("records"):
        assert set(row["figures"].split()) <= known
        assert set(row["recommendations"].split()) <= numbers
    assert set(" ".join(REPORT.findings["recommendations"]).split()) == numbers


def test_identifiers_and_restatements_hold_together() -> None:
    figures = REPORT.figures
    known = {*figures["figure"], *REPORT.published["question"]}
    assert figures["figure"].is_unique
    assert set(figures["polarity"]) == {"sufficient", "insufficient", "neutral"}
    assert {one for name in ("restates", "part_of") for one in figures[name] if one} <= known
