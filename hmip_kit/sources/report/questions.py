"""Key questions with their percentages, and the counts that a percentage of so many cases is."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, chain, count

import pandas as pd

from hmip_kit.framework import Framework, Question
from hmip_kit.sources.report.lines import NOT_STATED, Line
from hmip_kit.sources.wording import key
from hmip_kit.stats import possible_counts
from hmip_kit.stats.words import small

PERCENT = r"(\d{1,3}(?:\.\d+)?)\s*(?:%|per cent\b)"
FIGURE = re.compile(PERCENT)
OPENS = re.compile(r"(?<![\w'])(?:Does|Do|Did|Is|Are|Has|Have|Was|Were|How|To what extent)\s")
LENGTHS = range(8, 401)  # characters of a question after its first word
LONGEST_OPENING = 15
MARK, SENTENCE_END = re.compile(r"\?"), re.compile(r"\.\s")
BY_IT = re.compile(rf"(?:[\s\d]{{0,4}}(?<!\d){PERCENT})*")  # two are two columns
JUST_BEFORE = re.compile(rf"(?<!\d){PERCENT}[\s:–-]*$")
STRANDS = {  # words of a question that show its strand, in the order in which they are looked for
    "safety": ("safe", "safety", "harm", "victims"),
    "desistance": ("desistance", "reoffending", "offending", "rehabilitation"),
    "engagement": ("engaging", "engagement", "engage", "involving"),
}
REBUILT = "rebuilt from the percentage"
STATED = "stated"
NO_FIGURE = "not stated: more than one percentage stands by the question"
NO_SIZE = "not stated: the report does not say of how many cases"
NO_COUNT = "not stated: no whole number of cases, or more than one, gives the percentage"
QUESTION_COLUMNS = (
    *("question", "standard", "wording", "percent"),
    *("yes", "n", "count_source", "place"),
)


@dataclass(frozen=True)
class Asked:
    """A question as a report prints it, with its percentage as printed.

    `section` is the number or name of the section, `place` where the question stands.
    """

    wording: str
    percent: str
    section: str
    place: str


def asked_in(lines: list[Line]) -> list[Asked]:
    """Return each question in `lines` that has a percentage in it or beside it.

    A question that is stated again with the same figure comes once.
    """
    sections: dict[str, list[Line]] = {}
    for line in lines:
        sections.setdefault(line.section, []).append(line)
    found = [one for part in sections.values() for one in _asked(part)]
    return list({(key(one.wording), one.percent): one for one in reversed(found)}.values())[::-1]


def _asked(lines: list[Line]) -> list[Asked]:
    """Return the questions of one section.

    Percentages stand before their questions where one does before the first, and none after the
    last.
    """
    texts = [line.text.replace("\t", " ") + "\n" for line in lines]
    starts, text = list(accumulate(map(len, texts), initial=0)), "".join(texts)
    places = list(_questions(text))
    before = [JUST_BEFORE.findall(text[max(0, start - 20) : start]) for start, _, _ in places]
    after = [FIGURE.findall(text[start:end]) for start, _, end in places]
    stand_before = places and before[0] and not after[-1]
    asked = []
    for (start, mark, _), near in zip(places, before if stand_before else after, strict=True):
        if near:
            line = lines[bisect_right(starts, start) - 1]
            wording = " ".join(FIGURE.sub(" ", text[start:mark]).split())
            percent = near[0] if len(near) == 1 else NOT_STATED
            asked.append(Asked(wording, percent, line.section, line.place))
    return asked


def _questions(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where each question starts and ends, and where the percentages right after it end.

    It is looked for backwards from its mark, so that a text takes time by its length.
    """
    last = 0
    for mark in MARK.finditer(text):
        first = max(last, mark.start() - LENGTHS[-1] - LONGEST_OPENING)
        stops = SENTENCE_END.finditer(text, first, mark.start())
        first = max((one.end() for one in stops), default=first)
        opened = OPENS.finditer(text, first, mark.start())
        start = next((one.start() for one in opened if mark.start() - one.end() in LENGTHS), None)
        last = mark.end()
        if start is not None and (by_it := BY_IT.match(text, last)):
            last = by_it.end()
            yield start, mark.end(), last


def count_of(percent: str, n: int | None) -> tuple[int | None, str]:
    """Return the one whole number of `n` that is printed as `percent`, and how it is known.

    None where none or several are.

    >>> count_of("43", 42), count_of("80", 42)[0], count_of("43", 300)[0]
    ((18, 'rebuilt from the percentage'), None, None)
    """
    if percent == NOT_STATED:
        return None, NO_FIGURE
    if not n:
        return None, NO_SIZE
    fits = possible_counts(percent, n)
    return (fits[0], REBUILT) if len(fits) == 1 else (None, NO_COUNT)


def with_questions(
    framework: Framework, found: list[Asked], standards: Mapping[str, str]
) -> tuple[Framework, dict[Asked, str]]:
    """Return the `framework` with the key questions `found`, in its order, and the id of each.

    A question in the framework's words is the framework's; another one is named by its strand and
    by its section's standard, of those in `standards`, or by a number.
    """
    known = {key(one.wording): one for one in framework.questions}
    questions: dict[str, Question] = {}
    ids: dict[Asked, str] = {}
    for asked in found:
        taken = {one.id for one in framework.questions} | set(questions)
        standard = standards.get(asked.section, "")
        question = known.get(key(asked.wording)) or _new(asked.wording, standard, taken)
        questions[question.id] = question
        ids[asked] = question.id
    added = [one for one in questions.values() if one not in framework.questions]
    order = [one for one in framework.questions if one.id in questions] + added
    stages = {one.stage: one.standard for one in order if one.stage not in framework.stages}
    strands = {
        one.strand: one.strand.capitalize() for one in order if one.strand not in framework.strands
    }
    return (
        replace(
            framework,
            questions=tuple(order),
            stages=framework.stages | stages,
            strands=framework.strands | strands,
        ),
        ids,
    )


def _new(wording: str, standard: str, taken: set[str]) -> Question:
    words = set(key(wording).split())
    strand = next((name for name, signs in STRANDS.items() if words & set(signs)), "other")
    stage = key(standard).replace(" ", "_") or "not_stated"
    stem, label = f"{stage}_{strand}", f"{standard or 'Standard not stated'}: {strand}"
    names = chain([stem], (f"{stem}_{number}" for number in count(2)))
    name = next(name for name in names if name not in taken)
    said = f"{small(label)} was sufficient", "it was not"
    return Question(name, label, wording, stage, strand, standard, *said)


def asked_rows(ids: dict[Asked, str], framework: Framework, n: int | None) -> pd.DataFrame:
    """Return the table `key_questions`: a row for each question in `ids`.

    In the order of the `framework`; `n` is the number of cases that the percentages are of.
    """
    rows = []
    for one, name in ids.items():
        standard, (yes, source) = framework.question(name).standard, count_of(one.percent, n)
        rows.append((name, standard, one.wording, one.percent, yes, n, source, one.place))
    frame = pd.DataFrame(rows, columns=QUESTION_COLUMNS).astype({"yes": "Int64", "n": "Int64"})
    order = {question.id: place for place, question in enumerate(framework.questions)}
    return frame.sort_values(
        "question", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def published_in(questions: pd.DataFrame) -> pd.DataFrame:
    """Return the table `published`: those `questions` that have one percentage and a sure count."""
    once = ~questions["question"].duplicated(keep=False)
    sure = questions[once & questions["count_source"].isin([REBUILT, STATED])]
    sure = sure.reset_index(drop=True)
    numbers = pd.to_numeric(sure["percent"])
    whole = numbers.astype("int64") if (numbers % 1 == 0).all() else numbers
    counts = sure[["question", "yes", "n"]].astype({"yes": "int64", "n": "int64"})
    return counts.assign(percent=whole, count_source=sure["count_source"])


def told_twice(ids: dict[Asked, str]) -> list[str]:
    """Return a warning for each question in `ids` that has several percentages.

    None of them is taken for the published one.
    """
    said: dict[str, list[str]] = {}
    for one, question in ids.items():
        said.setdefault(question, []).append(f"{one.percent}% at {one.place}")
    return [
        f"{question}: {', '.join(places)}; none was taken"
        for question, places in said.items()
        if len(places) > 1
    ]
