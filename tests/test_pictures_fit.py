"""Every picture at every size: no words over others, none outside, in a wide font and in Arial."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from test_funnel import beside, unit
from test_gap_pictures import own

import hmip_kit as hk
from hmip_kit import front
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.picture import with_theme

PDU, PRACTICE = hk.load("lewisham-bromley-2022"), hk.load("practice-cases")
WIDTHS = (250, 290, 560, 640, 860)
SIZES = (7, 9, 19, 42, 300, 5000)
FONTS = ("DejaVu Sans", "Arial, Liberation Sans")
SOON = {(9, FONTS[0]), (42, FONTS[1])}  # the rest under make test-all
SECOND = pytest.param(FONTS[1], marks=pytest.mark.slow)
FILTERED = pytest.param({"sex": "Female"}, marks=pytest.mark.slow)
LONG, MORE = 40, " and more words of what is a long label"
LABELS = ("label", "short", "who", "line", "need", "group", "name", "full", "head", "stage_label")
OF_CASES = (
    *("key_questions", "service_and_outcome", "stages_sufficient"),
    *("progress_with_and_without", "needs", "sub_questions", "case_grid", "three_viewpoints"),
    *("groups", "make_up", "differences", "ratings", "next_rating"),
)
PUBLISHED = (
    *("key_questions", "by_theme", "vacancies", "needs", "voices"),
    *("three_viewpoints", "referrals", "what_works", "ratings", "next_rating", "other_scores"),
    *("organisation_against_casework", "service_and_outcome", "progress_with_and_without"),
    *("other_percentages", "other_ratings"),
)
Labels = Callable[[Finding], Finding]
MEASURED = """async ([spec, rows, widths]) => {
  const found = [];
  for (const width of widths) {
    const place = document.createElement("div");
    place.style.width = `${width}px`;
    document.body.replaceChildren(place);
    const drawing = await kit.draw(place, spec, rows);
    const left = place.getBoundingClientRect().left;
    const lines = [...place.querySelectorAll("text")].flatMap((text) =>
      text.querySelector("tspan") ? [...text.querySelectorAll("tspan")] : [text]);
    const words = lines.filter((line) => line.textContent.trim()
      && Number(getComputedStyle(line.closest("text")).opacity) > 0);
    const boxes = words.map((line) => [line.textContent, line.getBoundingClientRect()]);
    for (const [said, box] of boxes) {
      const within = box.left >= left - 1 && box.right <= left + width + 1;
      if (!within) found.push(`${width}: outside: ${said}`);
    }
    const places = boxes.sort(([, one], [, other]) => one.top - other.top);
    places.forEach(([said, one], first) => {
      for (const [other, two] of places.slice(first + 1)) {
        if (two.top >= one.bottom - 2) break;
        const over = two.left < one.right - 1 && one.left < two.right - 1;
        if (over) found.push(`${width}: ${said} | ${other}`);
      }
    });
    if (place.scrollWidth > width) found.push(`${width}: wider, ${place.scrollWidth}`);
    if (!place.querySelector("svg")) found.push(`${width}: nothing drawn`);
    drawing.end();
  }
  return found;
}"""


@pytest.fixture(scope="module")
def drawing(chromium: Browser) -> Iterator[Page]:
    """Return a page with the script that draws."""
    page = chromium.new_page()
    page.set_content("<!doctype html><style>body { margin: 8px }</style>")
    page.add_script_tag(content=f"{front.script('draw.js')}\nwindow.kit = {{ draw }};")
    yield page
    page.close()


def lengthened(finding: Finding) -> Finding:
    """Return a finding whose labels have as many as forty characters, or what they had."""

    def longer(words: Any) -> Any:
        return f"{words}{MORE}"[:LONG].rstrip() if words and len(str(words)) < LONG else words

    named = {name: finding.rows[name].map(longer) for name in LABELS if name in finding.rows}
    return replace(finding, rows=finding.rows.assign(**named))


def wrong(page: Page, finding: Finding, font: str) -> list[str]:
    """Return what lies over something else, or outside, at every width."""
    assert finding.drawing is not None
    spec = with_theme(finding.drawing)
    spec["config"]["font"] = font
    given = json.loads(json.dumps([spec, finding.records, list(WIDTHS)]))
    found: list[str] = page.evaluate(MEASURED, given)
    return found


@pytest.fixture(params=["long", pytest.param("as they are", marks=pytest.mark.slow)])
def labels(request: pytest.FixtureRequest) -> Labels:
    """Return a way to give a finding long labels, which are hard to place, or to leave its own."""
    return lengthened if request.param == "long" else lambda finding: finding


def misfits(
    page: Page, inspection: Inspection, names: tuple[str, ...], font: str, labels: Labels
) -> list[str]:
    """Return what is wrong with pictures of an inspection."""
    found = []
    for name in names:
        shown = getattr(inspection.show, name)()
        if shown.drawing is not None and len(shown.rows):
            found += [f"{name}, {one}" for one in wrong(page, labels(shown), font)]
    return found


@pytest.mark.parametrize(
    ("n", "font"),
    [
        pytest.param(n, font, marks=() if (n, font) in SOON else pytest.mark.slow)
        for n in SIZES
        for font in FONTS
    ],
)
def test_pictures_of_cases_fit(drawing: Page, n: int, font: str, labels: Labels) -> None:
    assert misfits(drawing, own(n), OF_CASES, font, labels) == []


@pytest.mark.parametrize("font", [FONTS[0], SECOND])
def test_pictures_of_published_figures_fit(drawing: Page, font: str, labels: Labels) -> None:
    assert misfits(drawing, PDU, PUBLISHED, font, labels) == []


@pytest.mark.parametrize("font", [FONTS[0], SECOND])
@pytest.mark.parametrize("chosen", [{}, {"sentence_type": "Licence"}, FILTERED])
def test_pictures_of_practice_cases_fit(
    drawing: Page, chosen: dict[str, str], font: str, labels: Labels
) -> None:
    assert misfits(drawing, PRACTICE.where(**chosen), OF_CASES, font, labels) == []


@pytest.mark.parametrize("font", [FONTS[0], SECOND])
def test_pictures_of_several_inspections_fit(drawing: Page, font: str, labels: Labels) -> None:
    units = [
        unit(f"Unit {place}", yes, 40 + 12 * place)
        for place, yes in enumerate((25, 3, 20, 22, 24, 40) * 2)
    ]
    several = [
        *(PDU.against(own(n)).show.change(same_unit=True) for n in SIZES),
        beside(units),
    ]
    for one in several:
        assert wrong(drawing, labels(one), font) == [], one.name
