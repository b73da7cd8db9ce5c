"""Standards, stages, strands, questions, bands and points of a regime, from one TOML file."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

from hmip_kit.errors import KitError, unknown
from hmip_kit.settings import BANDS_CONFIRMED

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
    """A rule of the regime: report, seen, derived, unverified or confirmed, and on what basis."""

    name: str
    text: str
    status: str
    basis: str


@dataclass(frozen=True)
class Standard:
    """A standard; `kind` is judgement, casework, court, other or unrated."""

    name: str
    number: str
    domain: str
    kind: str
    status: str = "report"


@dataclass(frozen=True)
class Usual:
    """What a standard is usually rated when all of `when` have that rating, by which `rule`."""

    standard: str
    rating: str
    when: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Question:
    """A key question: a strand of a stage. `clause` is what Yes says, `negation` what No says."""

    id: str
    label: str
    wording: str
    stage: str
    strand: str
    standard: str
    clause: str
    negation: str


@dataclass(frozen=True)
class SubQuestion:
    """A part of a key question for which a report prints `yes` of `n`, among a `population`."""

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
    def scored(self) -> bool:
        """Return whether points add up: not where a rule says that scoring was not found."""
        return all(one.name != "scoring" for one in self.rules)

    @property
    def casework_key(self) -> tuple[str, ...]:
        """Return the key questions of casework standards, by id: twelve in delivery units."""
        casework = {one.name for one in self.standards if one.kind == "casework"}
        return tuple(one.id for one in self.questions if one.standard in casework)

    def asked_of(self, standard: str) -> int:
        """Return how many key questions a `standard` is rated on."""
        return sum(one.standard == standard for one in self.questions)

    @property
    def asked(self) -> dict[str, Question | SubQuestion]:
        """Return every question by its id: key questions first, then the others."""
        asked: list[Question | SubQuestion] = [*self.questions, *self.sub_questions]
        return {one.id: one for one in asked}

    def label(self, question: str) -> str:
        """Return the label of a `question`; one that is not the framework's is its own label."""
        return self.asked[question].label if question in self.asked else question

    def key(self, question: str) -> Question | None:
        """Return the key question that a `question` is, or belongs to; none for any other."""
        asked = self.asked.get(question)
        above = asked.key_question if isinstance(asked, SubQuestion) else question
        return next((one for one in self.questions if one.id == above), None)

    def standard(self, name: str) -> Standard:
        """Return the standard of this `name`; an unknown one raises `UnknownName`."""
        return _named(self.standards, "name", name, "standard")

    def question(self, question: str) -> Question:
        """Return the key question with the id `question`; an unknown one raises `UnknownName`."""
        return _named(self.questions, "id", question, "key question")

    def rule(self, name: str) -> Rule:
        """Return the rule of this `name`, with its status; an unknown one raises `UnknownName`."""
        return _named(self.rules, "name", name, "rule")

    def points(self, rating: str) -> int:
        """Return the points of a `rating`; an unknown one raises `UnknownName`."""
        return _named(self.ratings, "name", rating, "rating").points

    def band(self, yes: int, n: int) -> str:
        """Return the rating in whose band `yes` of `n` falls, unrounded; blank without cases."""
        reached = [one for one in self.ascending if n and 100 * yes >= one.start * n]
        return reached[-1].rating if reached else ""

    @property
    def ascending(self) -> list[Band]:
        """Return the bands, lowest first."""
        return sorted(self.bands, key=lambda one: one.start)

    def next_band(self, rating: str) -> Band | None:
        """Return the band above a `rating`; none above the highest."""
        above = [one.rating for one in self.ascending].index(rating) + 1
        return self.ascending[above] if above < len(self.bands) else None

    def lowest(self, ratings: Sequence[str]) -> str:
        """Return the lowest of `ratings`; blank where one of them is, or where there are none."""
        order = [one.rating for one in self.ascending]
        return min(ratings, key=order.index) if ratings and all(ratings) else ""


def more_needed(yes: int, n: int, start: float) -> int:
    """Return how many more than `yes` of the same `n` bring a share to a band's `start`.

    >>> more_needed(15, 42, 50), more_needed(21, 42, 50)
    (6, 0)
    """
    return max(0, ceil(start * n / 100 - 1e-9) - yes)


def overall_rating(points: int, maximum: int) -> str:
    """Return the overall rating of a score.

    Parameters
    ----------
    points : int
        The score, from 0 to its maximum.
    maximum : int
        The highest score possible: it moves with what was inspected.

    Returns
    -------
    str
        Of a maximum M: Inadequate up to M/6, Requires improvement up to M/2, Good up to 5M/6,
        Outstanding above, each rounded down.

    Raises
    ------
    KitError
        For a score outside 0 to its maximum, or one that is no whole number.

    Notes
    -----
    Derived from published scores (the framework's rule "overall"). Every adult score that was read
    is Inadequate: the upper bands are seen for youth justice only.

    Examples
    --------
    >>> overall_rating(4, 24), overall_rating(5, 24), overall_rating(31, 36)
    ('Inadequate', 'Requires improvement', 'Outstanding')
    """
    if (
        points != int(points)
        or maximum != int(maximum)
        or not 0 <= points <= maximum
        or maximum < 1
    ):
        wanted = "a whole number of points from 0 to its maximum"
        raise KitError(f"a score is {wanted}: not {points} of {maximum}")
    tops = {"Inadequate": 1, "Requires improvement": 3, "Good": 5}  # sixths of the maximum
    rated = (rating for rating, sixths in tops.items() if points <= sixths * maximum // 6)
    return next(rated, "Outstanding")


def read_framework(path: Path) -> Framework:
    """Return the regime that the TOML file at `path` describes.

    A key question's stage and strand are the two parts of its id, its label is made from theirs. A
    regime whose key questions nobody has read has none of these: its ratings still work. A part
    that is not there raises `KitError`.
    """
    try:
        return _framework(tomllib.loads(path.read_text(encoding="utf-8")))
    except KeyError as error:
        raise KitError(f"{path.name}: there is no {error}, which something in it needs") from None


def _framework(raw: dict[str, Any]) -> Framework:
    rules = raw["rules"] | {"bands": raw["rules"]["bands"]}  # every regime says what they are
    confirmed = BANDS_CONFIRMED.removeprefix(f"{raw['id']}: ")
    if confirmed != BANDS_CONFIRMED:
        rules["bands"] |= {"status": "confirmed", "basis": f"By who uses this kit: {confirmed}"}
    strands = {strand["name"]: strand["label"] for strand in raw.get("strands", ())}
    stages = {stage["name"]: stage for stage in raw.get("stages", ())}
    return Framework(
        id=raw["id"],
        title=raw["title"],
        ratings=tuple(Rating(**rating) for rating in raw["ratings"]),
        bands=tuple(Band(band["rating"], band["from"], band["status"]) for band in raw["bands"]),
        rules=tuple(Rule(name, **rule) for name, rule in rules.items()),
        strands=strands,
        stages={name: stage["label"] for name, stage in stages.items()},
        standards=tuple(Standard(**standard) for standard in raw["standards"]),
        questions=tuple(_question(one, stages, strands) for one in raw.get("questions", ())),
        sub_questions=tuple(SubQuestion(**one) for one in raw.get("sub_questions", ())),
        usual=tuple(
            Usual(one["standard"], one["rating"], tuple(one["when"]), one["rule"])
            for one in raw.get("usual", ())
        ),
    )


def _question(
    raw: dict[str, str], stages: dict[str, dict[str, str]], strands: dict[str, str]
) -> Question:
    stage, strand = raw["id"].split("_", 1)
    label = f"{stages[stage]['label']}: {strands[strand].lower()}"
    said = raw["wording"], stage, strand, stages[stage]["standard"]
    clause = raw.get("clause", f"{label[:1].lower()}{label[1:]} was sufficient")
    return Question(raw["id"], label, *said, clause, raw.get("negation", "it was not"))


def _named(items: tuple[Named, ...], key: str, name: str, kind: str) -> Named:
    for item in items:
        if getattr(item, key) == name:
            return item
    raise unknown(kind, name, [getattr(item, key) for item in items])
