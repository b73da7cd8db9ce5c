"""Key questions with their percentages, and the counts that a percentage of so many cases can only be."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from hmip_kit.framework import Framework, Question
from hmip_kit.sources.report_lines import Line
from hmip_kit.sources.wording import key

PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(?:%|per cent\b)")
ASKED = re.compile(
    r"(?<![\w'])(?:Does|Do|Did|Is|Are|Has|Have|Was|Were|How|To what extent)\s(?:(?!\.\s)[^?]){8,400}\?"
)
DIRECTLY = re.compile(r"[\s\d]{0,4}(?<!\d)(\d{1,3}(?:\.\d+)?)\s*(?:%|per cent\b)")
JUST_BEFORE = re.compile(r"(?<!\d)(\d{1,3}(?:\.\d+)?)\s*(?:%|per cent\b)[\s:–-]*$")
STRANDS = {  # words of a question that show its strand, in the order in which they are looked for
    "safety": ("safe", "safety", "harm", "victims"),
    "desistance": ("desistance", "reoffending", "offending", "rehabilitation"),
    "engagement": ("engaging", "engagement", "engage", "involving"),
}
REBUILT = "rebuilt from the percentage"
NOT_STATED = "not stated"
NO_FIGURE = "not stated: more than one percentage stands by the question"
NO_SIZE = "not stated: the report does not say of how many cases"
NO_COUNT = "not stated: no whole number of cases, or more than one, gives the percentage"


@dataclass(frozen=True)
class Asked:
    """A question as a report prints it, with its percentage as printed; `standard` is the name of the section's standard."""

    wording: str
    percent: str
    section: str
    place: str


def asked_in(lines: list[Line]) -> list[Asked]:
    """Return each question that has a percentage in its lines or right after it; a question stated again with the same figure once."""
    sections = dict.fromkeys(line.section for line in lines)
    found = [
        one for name in sections for one in _asked([line for line in lines if line.section == name])
    ]
    return list({(key(one.wording), one.percent): one for one in reversed(found)}.values())[::-1]


def _asked(lines: list[Line]) -> list[Asked]:
    text, places = "", []
    for line in lines:
        places.append((len(text), line))
        text += line.text.replace("\t", " ") + "\n"
    matches = list(ASKED.finditer(text))
    before = _stand_before(text, matches)
    asked = []
    for match in matches:
        near = (
            _before(text, match)
            if before
            else [*PERCENT.findall(match.group()), *_after(text, match)]
        )
        if near:
            line = next(line for begin, line in reversed(places) if begin <= match.start())
            percent = near[0] if len(near) == 1 else NOT_STATED
            asked.append(
                Asked(
                    " ".join(PERCENT.sub(" ", match.group()).split()),
                    percent,
                    line.section,
                    line.place,
                )
            )
    return asked


def _stand_before(text: str, matches: list[re.Match[str]]) -> bool:
    """Tell whether the percentages stand before their questions: one does before the first, and none after the last."""
    return bool(
        matches
        and _before(text, matches[0])
        and not _after(text, matches[-1])
        and not PERCENT.search(matches[-1].group())
    )


def _before(text: str, match: re.Match[str]) -> list[str]:
    found = JUST_BEFORE.search(text[max(0, match.start() - 20) : match.start()])
    return [found[1]] if found else []


def _after(text: str, match: re.Match[str]) -> list[str]:
    """Return the percentages right after a question; two there are two columns."""
    found, place = [], match.end()
    while directly := DIRECTLY.match(text, place):
        found.append(directly[1])
        place = directly.end()
    return found


def count_of(percent: str, n: int | None) -> tuple[int | None, str]:
    """Return the one whole number of n that rounds, half up, to a percentage as printed, and how it is known; none for several or no fits.

    Source: the GRIM test, with the decimals that are printed.

    >>> count_of("43", 42), count_of("80", 42)[0], count_of("43", 300)[0]
    ((18, 'rebuilt from the percentage'), None, None)
    """
    if percent == NOT_STATED:
        return None, NO_FIGURE
    if not n:
        return None, NO_SIZE
    decimals = len(percent.partition(".")[2])
    unit, value = Fraction(1, 10**decimals), Fraction(percent)
    near = floor(value * n / 100)
    fits = [
        k
        for k in range(max(0, near - n // 100 - 2), min(n, near + n // 100 + 2) + 1)
        if _rounded(Fraction(100 * k, n), unit) == value
    ]
    return (fits[0], REBUILT) if len(fits) == 1 else (None, NO_COUNT)


def _rounded(share: Fraction, unit: Fraction) -> Fraction:
    return floor(share / unit + Fraction(1, 2)) * unit


def with_questions(
    framework: Framework, found: list[Asked], standard_in: Callable[[str], str]
) -> tuple[Framework, dict[Asked, str]]:
    """Return the regime with the key questions that a report prints, in its order, and the id of each.

    A question in the framework's words is the framework's; another one is named by its standard and strand, or by a number.
    """
    known = {key(one.wording): one for one in framework.questions}
    questions: dict[str, Question] = {}
    ids: dict[Asked, str] = {}
    for asked in found:
        taken = {one.id for one in framework.questions} | set(questions)
        question = known.get(key(asked.wording)) or _new(asked, standard_in(asked.section), taken)
        questions[question.id] = question
        ids[asked] = question.id
    added = [one for one in questions.values() if one not in framework.questions]
    order = [one for one in framework.questions if one.id in questions] + added
    stages = framework.stages | {
        one.stage: one.standard for one in order if one.stage not in framework.stages
    }
    strands = framework.strands | {
        one.strand: one.strand.capitalize() for one in order if one.strand not in framework.strands
    }
    return replace(framework, questions=tuple(order), stages=stages, strands=strands), ids


def _new(asked: Asked, standard: str, taken: set[str]) -> Question:
    words = set(key(asked.wording).split())
    strand = next((name for name, signs in STRANDS.items() if words & set(signs)), "other")
    stage = key(standard).replace(" ", "_") or "not_stated"
    name, number = f"{stage}_{strand}", 1
    while name in taken:
        number += 1
        name = f"{stage}_{strand}_{number}"
    return Question(
        name,
        f"{standard or 'Standard not stated'}: {strand}",
        asked.wording,
        stage,
        strand,
        standard,
    )
