"""Write the practice cases: made up so that every published total comes out exactly.

And the practice rounds, of units that do not exist, which fit no report.

Each made-up case has a quality of work, and one for each strand. On each question the best cases,
after some chance, are the ones with Yes: as many as the report counts. The whole set is drawn again
until the comparisons that the report makes hold.
"""

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hmip_kit.framework import Framework
from hmip_kit.schema import NEEDS, NO, NOT_APPLICABLE, NOT_RECORDED, YES

LICENCE_CASES = 19  # "5 out of 19 relevant licence cases": at least 19
# Linked to offending, to harm, progress noted: the first two rows and ETE's progress are the
# report's (2.6).
NEED_COUNTS = {
    "Accommodation": (11, 10, 2),
    "Finance": (8, 3, 2),
    "Education, training and employment": (14, 4, 4),
    "Relationships": (15, 17, 3),
    "Lifestyle and associates": (20, 14, 4),
    "Drug misuse": (16, 9, 2),
    "Alcohol misuse": (12, 11, 2),
    "Emotional wellbeing": (17, 12, 5),
    "Thinking and behaviour": (28, 24, 6),
    "Attitudes": (19, 16, 4),
}
SHARES = {  # made up: how many of each hundred cases have each value
    "sex": {"Female": 12, "Male": 88},
    "ethnicity": {
        "White": 46,
        "Black, Black British, Caribbean or African": 30,
        "Asian or Asian British": 7,
        "Mixed or multiple ethnic groups": 8,
        "Other ethnic group": 2,
        NOT_RECORDED: 7,
    },
    "age_group": {"18 to 25": 20, "26 to 35": 34, "36 to 49": 32, "50 and over": 14},
    "disability": {"Yes": 30, "No": 60, NOT_RECORDED: 10},
    "rosh": {"Low": 10, "Medium": 50, "High": 34, "Very high": 6},
}
# Three made-up units in six rounds. Each has a share of Yes for all questions; two change truly, on
# the questions of some stages, from a round on, by so many points. Cases: drawn, of how many.
ROUNDS = {
    f"{year} Q{quarter}": f"{year}-{3 * quarter:02}-15"
    for year, quarters in ((2024, (3, 4)), (2025, (1, 2, 3, 4)))
    for quarter in quarters
}
Unit = tuple[float, tuple[int, int], dict[tuple[str, ...], tuple[int, float]]]
UNITS: dict[str, Unit] = {
    "Alderbank": (0.55, (30, 30), {}),
    "Brackenfold": (0.40, (40, 110), {("assessment", "planning"): (3, 0.32)}),
    "Cressmoor": (0.62, (36, 80), {("reviewing",): (4, -0.35)}),
}
CASELOAD = {"sex: Female": 46, "sex: Male": 354, "rosh: Low": 60, "rosh: Medium": 190}
CASELOAD |= {"rosh: High": 130, "rosh: Very high": 20}
TWICE = 12  # cases of a round that two auditors judged; they differ on one answer in so many
DIFFER = 7
Case = dict[str, str]
Judged = dict[str, dict[str, str]]


@dataclass(frozen=True)
class PracticeSet:
    """Three tables as rows: cases, answers, needs."""

    cases: list[Case]
    answers: list[Case]
    needs: list[Case]


def make(
    framework: Framework, totals: dict[str, int], n: int, seed: int, prefix: str
) -> PracticeSet:
    """Return a practice set: `totals` says how many of the `n` cases have Yes on each question.

    The same seed gives the same set. Where a draw breaks a comparison it is drawn again.
    """
    chance = random.Random(seed)
    while True:
        cases = _cases(chance, n, prefix)
        judged = _judged(chance, framework, totals, cases)
        if comparisons_hold(cases, judged):
            return PracticeSet(cases, _answers(judged), _needs(chance, cases))


def comparisons_hold(cases: Sequence[Case], judged: Judged) -> bool:
    """Return whether the comparisons that the report makes in words hold among these cases.

    Planning is weaker for licence than for community cases, and engages the licence cases less
    often than not (Resettlement work); assessment safety is sufficient in at most a third of either
    (2.2: a small minority, whatever the sentence); white people's assessments are more often
    sufficient on factors linked to offending, and they are engaged more often, than people of other
    groups (Diversity and inclusion).
    """
    licence = [case["case_id"] for case in cases if case["sentence_type"] == "Licence"]
    community = [case["case_id"] for case in cases if case["sentence_type"] == "Community"]
    white = [case["case_id"] for case in cases if case["ethnicity"] == "White"]
    minority = [
        case["case_id"] for case in cases if case["ethnicity"] not in ("White", NOT_RECORDED)
    ]
    planning = [
        question
        for question in judged
        if question.startswith("planning_") and question.count("_") == 1
    ]
    engaging = [question for question in judged if question.endswith("_engagement")]
    return (
        all(share(judged, [one], licence) < share(judged, [one], community) for one in planning)
        and share(judged, ["planning_engagement"], licence) < 0.5
        and max(share(judged, ["assessment_safety"], group) for group in (licence, community))
        <= 1 / 3
        and share(judged, ["assessment_desistance"], white)
        > share(judged, ["assessment_desistance"], minority)
        and share(judged, engaging, white) > share(judged, engaging, minority)
    )


def share(judged: Judged, questions: Iterable[str], group: Sequence[str]) -> float:
    """Return the share of Yes among a group's answers to questions that apply to all of it."""
    answers = [judged[question][case] for question in questions for case in group]
    return answers.count(YES) / len(answers)


def _cases(chance: random.Random, n: int, prefix: str) -> list[Case]:
    licence = set(chance.sample(range(n), LICENCE_CASES))
    drawn = {
        name: chance.choices(list(parts), list(parts.values()), k=n)
        for name, parts in SHARES.items()
    }
    return [
        {
            "case_id": f"{prefix}-{i + 1:02}",
            "sentence_type": "Licence" if i in licence else "Community",
        }
        | {name: values[i] for name, values in drawn.items()}
        for i in range(n)
    ]


def _judged(
    chance: random.Random, framework: Framework, totals: dict[str, int], cases: list[Case]
) -> Judged:
    ids = [case["case_id"] for case in cases]
    quality = {case: chance.gauss(0, 1) for case in ids}
    strand = {(case, name): chance.gauss(0, 1) for case in ids for name in (*framework.strands, "")}
    parts = {question.id: question.strand for question in framework.questions}

    def best(yes: int, applies: list[str], of: str) -> dict[str, str]:
        score = {
            case: quality[case] + 0.7 * strand[case, of] + chance.gauss(0, 1) for case in applies
        }
        top = set(sorted(applies, key=score.__getitem__, reverse=True)[:yes])
        return {
            case: (YES if case in top else NO) if case in applies else NOT_APPLICABLE
            for case in ids
        }

    judged = {
        question.id: best(totals[question.id], ids, question.strand)
        for question in framework.questions
        if question.id in totals  # a question that the report has no total of is not asked
    }
    for part in framework.sub_questions:
        may = [case["case_id"] for case in cases if part.population in ("", case["sentence_type"])]
        judged[part.id] = best(
            part.yes, sorted(chance.sample(may, part.n)), parts.get(part.key_question, "")
        )
    return judged


def _answers(judged: Judged) -> list[Case]:
    cases = next(iter(judged.values()))
    return [
        {"case_id": case, "question": one, "answer": judged[one][case]}
        for case in cases
        for one in judged
    ]


def _needs(chance: random.Random, cases: list[Case]) -> list[Case]:
    ids = [case["case_id"] for case in cases]
    rows = {}
    for need in NEEDS:
        offending, harm, improved = NEED_COUNTS[need]
        to_offending = set(chance.sample(ids, offending))
        to_harm = set(chance.sample(ids, harm))
        progress = set(chance.sample(sorted(to_offending), improved))
        served = {
            case
            for case in sorted(to_offending | to_harm)
            if chance.random() < (0.7 if case in progress else 0.25)
        }
        for case in ids:
            has = case in to_offending or case in to_harm
            rows[case, need] = {
                "case_id": case,
                "need": need,
                "linked_to_offending": str(case in to_offending),
                "linked_to_harm": str(case in to_harm),
                "service_delivered": str(case in served) if has else "",
                "improved": str(case in progress) if has else "",
            }
    return [rows[case, need] for case in ids for need in NEEDS]


def write(made: PracticeSet, folder: Path) -> None:
    """Write the three tables of a practice set as CSV into a folder."""
    for name, rows in (("cases", made.cases), ("answers", made.answers), ("needs", made.needs)):
        write_table(folder / f"{name}.csv", rows)


def write_table(path: Path, rows: Sequence[Case]) -> None:
    """Write rows as CSV, the same bytes on every system."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def round_of(
    framework: Framework, unit: str, place: int, chance: random.Random
) -> dict[str, list[Case]]:
    """Return the tables of a made-up unit in the round at a place among `ROUNDS`."""
    share, (n, _), changes = UNITS[unit]
    shares = dict.fromkeys((one.id for one in framework.questions), share)
    for one in framework.questions:
        for stages, (since, by) in changes.items():
            shares[one.id] += by if one.stage in stages and place >= since else 0

    def drawn(parts: dict[str, int]) -> str:
        at = chance.random() * sum(parts.values())
        for value, many in parts.items():
            at -= many
            if at < 0:
                return value
        return value

    start = f"{unit.lower()}-{place + 1}"
    parts = {"sentence_type": {"Community": 60, "Licence": 40}, **SHARES}
    cases = [
        {"case_id": f"{start}-{i + 1:02}", **{name: drawn(one) for name, one in parts.items()}}
        for i in range(n)
    ]
    for case in cases:
        case |= {
            name: "" if chance.random() < 0.02 else (YES if chance.random() < p else NO)
            for name, p in shares.items()
        }
    again = [
        {"case_id": case["case_id"]}
        | {
            name: {YES: NO, NO: YES}.get(case[name], "")
            if chance.random() < 1 / DIFFER
            else case[name]
            for name in shares
        }
        for case in cases[:TWICE]
    ]
    agreed = [
        {name: first[name] if chance.random() < 0.5 else answer for name, answer in second.items()}
        for first, second in zip(cases, again, strict=False)
    ]
    return {"cases": cases, "second_answers": again, "moderated_answers": agreed}


def write_rounds(folder: Path, framework: Framework) -> None:
    """Write the practice rounds into a folder: a folder for each unit and round."""
    said = {"title": "Practice rounds (three made-up units)", "cases_are": "practice"}
    about = "These units do not exist, and fit no report. No real person is behind any row."
    chance = random.Random(2024)
    for place, (name, date) in enumerate(ROUNDS.items()):
        for letter, (unit, (_, (_, drawn), _)) in zip("ABC", UNITS.items(), strict=True):
            tables = round_of(framework, unit, place, chance)
            whose = "AB"[(place + ord(letter)) % 2]
            facts = {
                **said,
                "about": about,
                "framework": framework.id,
                "unit": unit,
                "region": "Practice region",
                "round": name,
                "date": date,
                "auditor": whose,
                "population": str(drawn),
                "caseload": "\\n".join(
                    f"{one} = {many * drawn // 50}" for one, many in CASELOAD.items()
                ),
            }
            into = folder / f"{name} {unit}".replace(" ", "-").lower()
            into.mkdir(parents=True, exist_ok=True)
            text = "".join(f'{key} = "{value}"\n' for key, value in facts.items())
            (into / "inspection.toml").write_text(text, encoding="utf-8", newline="\n")
            for table, rows in tables.items():
                write_table(into / f"{table}.csv", rows)
    together = f'title = "{said["title"]}"\nabout = "{about}"\n'
    (folder / "collection.toml").write_text(together, encoding="utf-8", newline="\n")


def main() -> None:
    """Write the bundled practice sets again; the same bytes come out each time."""
    from hmip_kit.sources.bundled import (
        bundled_folder,
        folders,
        framework_named,
        inspection_named,
    )

    for name, folder in folders().items():
        inspection = inspection_named(name)
        if inspection.made_up:
            totals = dict(
                zip(inspection.published["question"], inspection.published["yes"], strict=True)
            )
            identity = inspection.identity
            made = make(
                inspection.framework,
                totals,
                identity["cases_inspected"],
                identity["seed"],
                identity["case_prefix"],
            )
            write(made, folder)
            sys.stdout.write(f"{folder.name}: {len(made.cases)} cases\n")
    rounds = bundled_folder("data") / "rounds" / "practice-rounds"
    write_rounds(rounds, framework_named("pdu-2021"))
    sys.stdout.write(f"{rounds.name}: {len(ROUNDS)} rounds of {len(UNITS)} units\n")


if __name__ == "__main__":
    main()
