"""A good file, spoilt at random: it loads with the right rows, or is refused by the place.

`HMIP_MUTATIONS` sets how many are tried: 200 unless told.
"""

import csv
import io
import os
import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.sources.bundled import framework_named
from hmip_kit.sources.own.headings import Vocabulary
from hmip_kit.sources.own.values import spelled
from hmip_kit.sources.wording import tidy

TRIES = int(os.environ.get("HMIP_MUTATIONS", "200"))
KNOWN = Vocabulary.of(framework_named("pdu-2021"))
HEAD = ["case_id", "sex", "rosh", "office", "assessment_safety", "planning_safety"]
RANDOM = random.Random(8)
ROWS = [
    [
        f"c{n}",
        RANDOM.choice("MF"),
        RANDOM.choice(["Low", "High"]),
        RANDOM.choice(["North", "South, inner"]),
        RANDOM.choice("YN"),
        "NA",
    ]
    for n in range(12)
]
TEXTS = [
    "",
    " ",
    "Mael",
    "maybe",
    "c1",
    "é",
    '"',
    ",",
    ";",
    "\n",
    "\r\n",
    "\0",
    "=1+1",
    "X123456",
    "NA",
    "\ufeff",
    "sex",
    "1",
    "Yes\n",
]
BYTES = [b"", b'"', b"\n", b"\xff", b"\x81", b",", b"x"]


def csv_bytes(rows: list[list[str]]) -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Return a good file with a cell, a row or some bytes changed."""
    rows = [HEAD[:], *(row[:] for row in ROWS)]
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(rows) - 1))
        kind = draw(st.sampled_from(["cell", "cell", "double", "delete", "short", "swap"]))
        if kind == "cell" and rows[place]:
            column = draw(st.integers(0, len(rows[place]) - 1))
            rows[place][column] = draw(
                st.sampled_from(TEXTS)
                | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
            )
        elif kind == "double":
            rows.insert(place, rows[place][:])
        elif kind == "delete" and len(rows) > 2:
            del rows[place]
        elif kind == "short":
            rows[place] = rows[place][:-1]
        else:
            other = draw(st.integers(0, len(rows) - 1))
            rows[place], rows[other] = rows[other], rows[place]
    content = csv_bytes(rows)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(content)))
        content = (
            content[:place]
            + draw(st.sampled_from(BYTES))
            + content[place + draw(st.integers(0, 2)) :]
        )
    return content


def expected(content: bytes) -> tuple[list[str], dict[str, list[str]]]:
    """Return case ids and columns, read by the plain CSV reader alone.

    Blank rows, and the headings once more, are none; the headings may stand further down.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    rows = [
        [tidy(cell) for cell in row]
        for row in csv.reader(io.StringIO(text, newline=""), strict=True)
    ]
    counts = [KNOWN.count(row) for row in rows]
    head = counts.index(max(counts))
    body = [row for row in rows[head + 1 :] if any(row) and row != rows[head]]
    named = [KNOWN.column(name) or KNOWN.question(name) or name for name in rows[head]]
    columns = {name: [(*row, "")[place] for row in body] for place, name in enumerate(named)}
    return columns["case_id"], columns


@settings(
    max_examples=TRIES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(spoilt())
def test_a_spoilt_file_loads_whole_or_is_refused_by_place(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.csv"
        path.write_bytes(content)
        found = hk.check(path)
    if found.inspection is None:
        assert found.problems and all(problem.startswith("audit.csv") for problem in found.problems)
        places = (", row ", ", column ", "row ", "headings", "missing column", "is empty")
        assert any(place in problem for problem in found.problems for place in places), (
            found.message
        )
        return
    ids, columns = expected(content)
    loaded = found.inspection
    renumbered = any(mapping == "case ids" for mapping in found.mappings["kind"])
    assert loaded.cases["case_id"].tolist() == (
        [str(place + 1) for place in range(len(ids))] if renumbered else ids
    )
    for name in ("sex", "rosh", "office"):
        if name in columns:
            assert loaded.cases[name].tolist() == [
                spelled(name, text) or "Not recorded" for text in columns[name]
            ]
    for question in loaded.questions:
        if question in columns:
            told = loaded.answers[loaded.answers["question"] == question]["answer"].astype("object")
            wanted = [spelled("answer", text) or None for text in columns[question]]
            assert [None if answer != answer else answer for answer in told] == wanted
