"""Write every word that findings show, to be read by a person: `make words`.

docs/words.md has what the bundled data say, so that a change of words is seen in review.
build/sizes.md, which is not kept, has the same findings on made-up audits of many sizes, with all
Yes, all No, nothing applicable, and ties. Reading ages stand at each finding's end: above sixteen
a sentence asks for another look, no more.

python scripts/words.py [folder of sizes.md]
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pandas as pd
import textstat

import hmip_kit as hk
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.stats.words import plural

ROOT = Path(__file__).resolve().parents[1]
SIZES = (0, 1, 2, 9, 10, 19, 20, 42, 300)
QUESTION = "delivery_safety"
ROWS = 3  # of a table that are shown
AGE_OF_GRADE = 5  # years more than a grade of school; the index counts letters and words alone
QUOTED = re.compile(r"“[^”]*”")


def audit(n: int, answer: str = "") -> Inspection:
    """Return an audit of `n` made-up cases, kept as one's own, each like a practice case.

    With an `answer` every case has it on every question; "ties" gives every question as many Yes.
    """
    base = hk.load("practice-cases")
    places = [place % base.size for place in range(n)]
    frames = {}
    for name in ("cases", "answers", "needs"):
        frame = base.table(name)
        rows = frame.groupby(frame["case_id"].astype("str")).indices
        ids = list(base.cases["case_id"].astype("str"))
        theirs = [rows.get(ids[place], []) for place in places]
        taken = frame.iloc[list(chain.from_iterable(theirs))].reset_index(drop=True)
        names = [f"case-{number}" for number, one in enumerate(theirs) for _ in one]
        frames[name] = taken.assign(case_id=names)
    if answer == "ties":
        even = frames["answers"]["case_id"].str.rpartition("-")[2].astype(int) % 2 == 0
        frames["answers"]["answer"] = even.map({True: "Yes", False: "No"})
    elif answer:
        frames["answers"]["answer"] = answer
    title = f"Audit of {plural(n, 'case')}{f', {answer}' if answer else ''}"
    identity = {"title": title, "unit": "North PDU", "framework": base.framework.id}
    return Inspection("audit", identity, base.framework, frames, "own")


def findings(inspection: Inspection, others: Iterable[Inspection] = ()) -> Iterator[Finding]:
    """Yield every finding on an `inspection`, and on it beside `others` where there are any."""
    yield from (getattr(inspection.show, name)() for name in dir(inspection.show))
    if beside := tuple(others):
        show = inspection.against(*beside).show
        for name in dir(show):
            given = {"question": QUESTION} if name == "funnel" else {}
            one_other = name in ("change", "agreement")
            yield getattr(inspection.against(beside[0]).show if one_other else show, name)(**given)


def written(finding: Finding) -> str:
    """Return the words of a `finding` as Markdown."""
    heads = " | ".join(finding.columns.values())
    table = finding.rows.reindex(columns=[*finding.columns]).head(ROWS)
    cells = [" | ".join(_cell(value) for value in row) for row in table.itertuples(index=False)]
    said = QUOTED.sub("", finding.sentence)
    lines = [
        f"### {finding.question}",
        f"**{finding.title}**",
        finding.sentence,
        f"Measure: {finding.measure}. Cases: {finding.cases}.",
        *(f"Note: {one}" for one in finding.notes),
        f"Table: {heads}",
        *(f"Row: {one}" for one in cells),
        f"Reading age {textstat.automated_readability_index(said) + AGE_OF_GRADE:.0f}.",
    ]
    return "\n\n".join(lines)


def _cell(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def chapter(title: str, shown: Iterable[Finding]) -> str:
    """Return what findings under a `title` say; one that lacks its data is a line."""
    there = [one for one in shown if not one.title.endswith("not in these data")]
    return "\n\n".join([f"## {title}", *map(written, there)])


def bundled() -> str:
    """Return what the bundled data say."""
    report, practice = hk.load("lewisham-bromley-2022"), hk.load("practice-cases")
    licence = practice.where(sentence_type="Licence")
    rounds = hk.load("practice-rounds").where(unit="Brackenfold")
    return "\n\n".join(
        [
            "# Every word of the bundled data",
            "Written by `make words`: read it from end to end where a sentence was changed.",
            chapter(report.title, findings(report, [report])),
            chapter(practice.title, findings(practice, [practice])),
            chapter(f"{practice.title}, on licence", findings(licence)),
            chapter(rounds.title, findings(rounds)),
        ]
    )


def sizes() -> str:
    """Return what made-up audits of many sizes say, alone and beside another."""
    made = [audit(n) for n in SIZES]
    made += [audit(20, answer) for answer in ("Yes", "No", "Not applicable", "ties")]
    others = [replace(audit(n), name=f"other-{n}") for n in (42, 30, 20, 10, 12, 50, 60)]
    told = [chapter(one.title, findings(one, others)) for one in made]
    part = audit(42).where(sentence_type="Licence")
    return "\n\n".join([*told, chapter(part.which_cases, findings(part))])


def main() -> None:
    """Write both, and print how long they are."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "build"
    folder.mkdir(exist_ok=True)
    for path, text in ((ROOT / "docs" / "words.md", bundled()), (folder / "sizes.md", sizes())):
        path.write_text(f"{text}\n", encoding="utf-8")
        ages = sorted(map(int, re.findall(r"Reading age (\d+)", text)))
        middle = f"reading age {ages[len(ages) // 2]} in the middle, {ages[-1]} at most"
        sys.stdout.write(f"{path.name}: {len(text.split()):,} words, {middle}\n")


if __name__ == "__main__":
    main()
