"""Write the practice cases: made up so that every published total comes out exactly.

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
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)


def main() -> None:
    """Write the bundled practice sets again; the same bytes come out each time."""
    from hmip_kit.sources.bundled import folders, inspection_named

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


if __name__ == "__main__":
    main()
