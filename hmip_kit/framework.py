"""Standards, stages, strands, key questions, bands and points of a regime, read from one TOML file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from hmip_kit.errors import unknown

Named = TypeVar("Named")


@dataclass(frozen=True)
class Rating:
    """A rating and its points."""

    name: str
    points: int


@dataclass(frozen=True)
class Band:
    """The share of cases, in percent, from which a rating begins, and where that is stated."""

    rating: str
    start: float
    status: str


@dataclass(frozen=True)
class Rule:
    """A rule of the regime: report, seen, derived or unverified, and on what basis."""

    name: str
    text: str
    status: str
    basis: str


@dataclass(frozen=True)
class Standard:
    """A standard; `kind` is judgement, casework, court, other or unrated, `status` how its name and number are known."""

    name: str
    number: str
    domain: str
    kind: str
    status: str = "report"


@dataclass(frozen=True)
class Usual:
    """What a standard is usually rated when all of `when` have that same rating; `rule` says where that is stated."""

    standard: str
    rating: str
    when: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Question:
    """A key question, which is a strand of a stage, or a sub-question (then `stage` and `strand` may be blank)."""

    id: str
    label: str
    wording: str
    stage: str
    strand: str
    standard: str


@dataclass(frozen=True)
class SubQuestion:
    """A part of a key question for which a report prints `yes` out of a base `n`; `population` limits who can be in it."""

    id: str
    label: str
    key_question: str
    section: str
    printed: str
    yes: int
    n: int
    population: str
    status: str


@dataclass(frozen=True)
class Framework:
    """A regime as data: everything is keyed on names, because numbers moved between regimes."""

    id: str
    title: str
    ratings: tuple[Rating, ...]
    bands: tuple[Band, ...]
    rules: tuple[Rule, ...]
    strands: dict[str, str]
    stages: dict[str, str]
    standards: tuple[Standard, ...]
    questions: tuple[Question, ...]
    sub_questions: tuple[SubQuestion, ...]
    usual: tuple[Usual, ...] = ()

    @property
    def casework_key(self) -> tuple[str, ...]:
        """Return the key questions of casework standards, by id: twelve for Probation Delivery Units."""
        casework = {one.name for one in self.standards if one.kind == "casework"}
        return tuple(one.id for one in self.questions if one.standard in casework)

    def standard(self, name: str) -> Standard:
        """Return the standard of this name; an unknown one raises `UnknownName`."""
        return _named(self.standards, "name", name, "standard")

    def question(self, question: str) -> Question:
        """Return the key question with this id; an unknown one raises `UnknownName`."""
        return _named(self.questions, "id", question, "key question")

    def rule(self, name: str) -> Rule:
        """Return the rule of this name, with its status; an unknown one raises `UnknownName`."""
        return _named(self.rules, "name", name, "rule")

    def points(self, rating: str) -> int:
        """Return the points of a rating; an unknown one raises `UnknownName`."""
        return _named(self.ratings, "name", rating, "rating").points


def read_framework(path: Path) -> Framework:
    """Return the regime that a TOML file describes.

    A key question's stage and strand are the two parts of its id, its label is made from theirs. A regime whose key questions nobody
    has read has neither stages, strands nor questions: its ratings and points still work.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    strands = {strand["name"]: strand["label"] for strand in raw.get("strands", ())}
    stages = {stage["name"]: stage for stage in raw.get("stages", ())}
    return Framework(
        id=raw["id"],
        title=raw["title"],
        ratings=tuple(Rating(**rating) for rating in raw["ratings"]),
        bands=tuple(Band(band["rating"], band["from"], band["status"]) for band in raw["bands"]),
        rules=tuple(Rule(name, **rule) for name, rule in raw["rules"].items()),
        strands=strands,
        stages={name: stage["label"] for name, stage in stages.items()},
        standards=tuple(Standard(**standard) for standard in raw["standards"]),
        questions=tuple(
            _question(one["id"], one["wording"], stages, strands)
            for one in raw.get("questions", ())
        ),
        sub_questions=tuple(SubQuestion(**one) for one in raw.get("sub_questions", ())),
        usual=tuple(
            Usual(one["standard"], one["rating"], tuple(one["when"]), one["rule"])
            for one in raw.get("usual", ())
        ),
    )


def _question(
    name: str, wording: str, stages: dict[str, dict[str, str]], strands: dict[str, str]
) -> Question:
    stage, strand = name.split("_", 1)
    label = f"{stages[stage]['label']}: {strands[strand].lower()}"
    return Question(name, label, wording, stage, strand, stages[stage]["standard"])


def _named(items: tuple[Named, ...], key: str, name: str, kind: str) -> Named:
    for item in items:
        if getattr(item, key) == name:
            return item
    raise unknown(kind, name, [getattr(item, key) for item in items])
