"""Published reports read from files.

The bundled report exactly, the same page from three programs, and files that are no report.
"""

import json
import re
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.cli.files import TABLES
from hmip_kit.errors import DataProblem, KitError
from hmip_kit.inspection import Inspection

HERE = Path(__file__).resolve().parent / "reports"
SOURCE = Path(__file__).resolve().parents[2] / "shared" / "source" / "lewisham-bromley-2022.txt"
PRINTED = ("made-up-pdu-chromium.pdf", "made-up-pdu-libreoffice.pdf")
TRICKY = (HERE / "made-up-tricky.txt").read_text(encoding="utf-8")


def hmip(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "hmip_kit", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def report() -> Inspection:
    if not SOURCE.exists():
        pytest.skip("the report is not here")
    return hk.read_report(SOURCE)


@pytest.fixture(scope="module")
def page() -> Inspection:
    return hk.read_report(HERE / "made-up-pdu.html")


def test_the_bundled_tables_come_back_exactly(report: Inspection) -> None:
    bundled = hk.load("lewisham-bromley-2022")
    read = {
        item: value
        for item, value in report.identity.items()
        if item not in ("not_stated", "warnings")
    }
    assert read == dict(bundled.identity)
    assert report.identity["not_stated"] == report.identity["warnings"] == ()
    assert report.framework == bundled.framework
    for name in ("ratings", "published"):
        pd.testing.assert_frame_equal(report.table(name), bundled.table(name))
    columns = ["number", "addressee"]
    pd.testing.assert_frame_equal(report.recommendations[columns], bundled.recommendations[columns])
    tenth = str(
        report.recommendations.loc[10, "label"]
    ).split()  # without its number and the stop at its end
    assert (tenth[:4], tenth[-2:], len(tenth)) == (
        ["consider", "incentives", "to", "improve"],
        ["of", "staff"],
        9,
    )


@pytest.mark.parametrize("width", [30, 45, 70])
def test_the_report_reads_the_same_without_marks_in_short_lines(
    width: int, report: Inspection, tmp_path: Path
) -> None:
    plain = re.sub(r"(?m)^#+\s+|\*\*|</?b>|<sup>\d</sup>", "", SOURCE.read_text(encoding="utf-8"))
    lines = [
        short
        for line in plain.splitlines()
        for short in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    ]
    (tmp_path / "lewisham.txt").write_text("\n".join(lines), encoding="utf-8")
    found = hk.read_report(tmp_path / "lewisham.txt")
    assert dict(found.identity) == dict(report.identity)
    for table in ("ratings", "published"):
        pd.testing.assert_frame_equal(found.table(table), report.table(table))
    assert (
        found.recommendations["addressee"].tolist() == report.recommendations["addressee"].tolist()
    )


def test_measures_give_the_same_on_the_report_as_on_the_bundled_tables(report: Inspection) -> None:
    bundled = hk.load("lewisham-bromley-2022")
    for name in ("results", "ratings", "score", "next_rating", "gap"):
        found, wanted = (getattr(one.show, name)().rows for one in (report, bundled))
        pd.testing.assert_frame_equal(found, wanted)
    after = hk.load("practice-cases")
    for before in (report, bundled):
        changed = before.against(after).show.change()
        assert changed.rows.empty
        assert "Made-up" in changed.sentence


def test_every_percentage_and_share_of_the_report_is_a_candidate(report: Inspection) -> None:
    candidates, figures = report.table("candidates"), hk.load("lewisham-bromley-2022").figures
    shares = set(
        candidates[["section", "numerator", "denominator"]]
        .dropna()
        .itertuples(index=False, name=None)
    )
    printed = figures[figures["printed"].str.contains("out of")]
    assert len(printed) > 5
    for row in printed.itertuples():
        assert (row.section, row.numerator, row.denominator) in shares, row.figure
    percents = set(
        candidates.loc[candidates["unit"] == "percent", ["section", "value"]]
        .dropna()
        .itertuples(index=False, name=None)
    )
    stated = figures[figures["printed"].str.fullmatch(r"[\d.]+%")]
    assert {(row.section, row.value) for row in stated.itertuples()} <= percents


def test_nothing_is_a_figure_before_a_person_has_confirmed_it(report: Inspection) -> None:
    assert report.figures.empty
    assert report.cases_are == "none"


@pytest.mark.parametrize("name", PRINTED)
def test_a_page_printed_by_a_program_reads_as_the_page_itself(name: str, page: Inspection) -> None:
    printed = hk.read_report(HERE / name)
    assert dict(printed.identity) == dict(page.identity)
    for table in ("ratings", "published", "recommendations", "stated"):
        pd.testing.assert_frame_equal(printed.table(table), page.table(table))
    columns = ["question", "percent", "yes", "n"]
    pd.testing.assert_frame_equal(
        printed.table("key_questions")[columns], page.table("key_questions")[columns]
    )
    each = [
        Counter(one.table("candidates")[["printed", "section"]].itertuples(index=False, name=None))
        for one in (page, printed)
    ]
    assert each[0] == each[1]
    assert printed.table("candidates")["place"].str.startswith("page ").all()


def test_the_made_up_report_is_read_as_it_was_written(page: Inspection) -> None:
    assert page.title == "Saltmarsh & Wold PDU, May 2023"
    assert (page.identity["score"], page.identity["maximum_score"], page.identity["rating"]) == (
        13,
        27,
        "Requires improvement",
    )
    points = page.show.score().rows.iloc[0]
    assert (points["published_points"], points["published_maximum"]) == (13, 27)
    counts = page.published.set_index("question")["yes"].to_dict()
    assert counts == {
        "assessment_engagement": 26,
        "assessment_desistance": 29,
        "assessment_safety": 20,
        "delivery_engagement": 28,
        "delivery_desistance": 23,
        "delivery_safety": 21,
    }
    assert page.recommendations["addressee"].tolist() == [
        "Saltmarsh and Wold PDU",
        "Saltmarsh and Wold PDU",
        "Fenland region",
    ]
    assert page.recommendations["label"].tolist()[1:] == [
        "count its 14 made-up boats",
        "lend a lantern",
    ]
    assert {"people_heard", "isbn", "licence", "copyright"} == set(page.identity["not_stated"])
    assert page.framework.sub_questions == ()


def test_the_command_writes_the_tables(tmp_path: Path) -> None:
    ran = hmip("read", HERE / "made-up-pdu.html", "--out", tmp_path / "read")
    assert ran.returncode == 0, ran.stderr
    assert "Leadership: Good" in ran.stdout
    assert "people_heard: not stated" in ran.stdout
    assert {path.name for path in (tmp_path / "read").iterdir()} == {
        "identity.json",
        *(f"{name}.csv" for name in TABLES),
    }
    assert (
        json.loads((tmp_path / "read" / "identity.json").read_text(encoding="utf-8"))[
            "fieldwork_week_beginning"
        ]
        == "2023-03-06"
    )
    stated = pd.read_csv(tmp_path / "read" / "stated.csv", keep_default_na=False).set_index("item")[
        "value"
    ]
    assert stated["isbn"] == "not stated"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"A shopping list: eggs", "no inspection report"),
        ("a.txt", b"HM Inspectorate of Probation wrote a letter", "names no standard"),
        ("a.txt", b"1.1 Leadership Good", "no inspection report"),
        ("a.txt", b" \n", "is empty"),
        ("a.pdf", b"%PDF-1.7 cut", "damaged or cut off"),
        ("a.docx", b"PK\3\4 and more", "save it as PDF or text"),
        ("a.txt", b"a\0b\0c", "no text has"),
        ("a.html", b"<html><body></body></html>", "no inspection report"),
        (
            "a.html",
            b"<div>" * 5000 + b"HM Inspectorate of Probation",
            "more parts inside each other",
        ),
    ],
)
def test_a_file_that_is_no_report_is_refused(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ran = hmip("read", path) if name == "a.docx" else None
    with pytest.raises(DataProblem, match=message):
        hk.read_report(path)
    assert ran is None or (ran.returncode == 10 and "Traceback" not in ran.stderr)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="is a folder"):
        hk.read_report(tmp_path)
    with pytest.raises(DataProblem, match="is not there"):
        hk.read_report(tmp_path / "none.pdf")


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter(clone_from=HERE / PRINTED[0])
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(DataProblem, match="password"):
        hk.read_report(tmp_path / "locked.pdf")


def test_a_pdf_that_no_library_here_can_decipher_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pypdf = pytest.importorskip("pypdf")

    def decipher(*_: object, **__: object) -> None:
        raise pypdf.errors.DependencyError("cryptography is required")

    monkeypatch.setattr(pypdf.PageObject, "extract_text", decipher)
    with pytest.raises(DataProblem, match="password"):
        hk.read_report(HERE / PRINTED[0])


@pytest.mark.parametrize(("library", "name"), [("bs4", "made-up-pdu.html"), ("pypdf", PRINTED[0])])
def test_without_what_reads_reports_the_extra_is_named(
    library: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(KitError, match="reading a report needs hmip_kit") as raised:
        hk.read_report(HERE / name)
    assert "pip install 'hmip_kit[reports]'" in str(raised.value)
    assert not hk.read_report(HERE / "made-up-tricky.txt").ratings.empty  # text needs neither


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_text_reads_the_same_in_any_encoding(encoding: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / "made-up-tricky.txt"
    path.write_bytes(TRICKY.replace("\n", ending).encode(encoding))
    expected = hk.read_report(HERE / "made-up-tricky.txt")
    for table in ("ratings", "recommendations", "candidates", "key_questions"):
        pd.testing.assert_frame_equal(hk.read_report(path).table(table), expected.table(table))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_text_is_read_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = TRICKY.splitlines()
    kept = data.draw(st.lists(st.sampled_from(lines), max_size=len(lines)))
    odd = data.draw(st.text(max_size=40))
    path = tmp_path_factory.getbasetemp() / "damaged.txt"
    path.write_text("\n".join([*kept, odd]), encoding="utf-8", errors="replace")
    try:
        found = hk.read_report(path)
    except KitError as error:
        assert path.name in str(error)
    else:
        assert set(found.ratings["rating"]) <= {
            "",
            "Outstanding",
            "Good",
            "Requires improvement",
            "Inadequate",
        }
        assert found.published["yes"].le(found.published["n"]).all()
