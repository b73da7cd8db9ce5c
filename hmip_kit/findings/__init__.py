"""A finding: rows with the sentence they bear out; what is shown, saved, shared and tested.

Each topic is a file, read top to bottom: count the rows, say them, draw them. `@finding` registers
what a finding answers and takes; everything else that lists findings is made from that.
"""

import inspect
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, get_args

import pandas as pd

from hmip_kit.collection import Against
from hmip_kit.counts.figures import PLACE, where_printed
from hmip_kit.doors import LACKING, SUBJECTS, through
from hmip_kit.errors import KitError, NotInData, unknown
from hmip_kit.inspection import Inspection
from hmip_kit.settings import Level
from hmip_kit.stats.words import capital, say

if TYPE_CHECKING:
    import altair as alt

    Picture = alt.LayerChart | alt.Chart

Row = dict[Hashable, Any]
Said = tuple[str, str]  # title, and what the sentence says
Point = tuple[str, str, str]  # label, number, words
Words = Literal["lowest", "each", "answered", "every stage"]  # how a sentence is made: see `shares`
Look = Literal["table", "cards", "list"]  # of what has no picture
ShownBy = Literal["all cases", "one group", "holders"]  # of own cases: see `protect`
Given = ParamSpec("Given")
CENSUS = "All cases of the period were audited: intervals are points, and tell of that period only."
DRAWN = "{} cases were drawn from {} of the period: intervals are narrower for it."
HIDDEN = "[c]"  # confidential: the count was hidden


@dataclass(frozen=True)
class Protect:
    """What the gate must know of a finding's rows before they leave the unit that holds the cases.

    `people`: columns that count people by what they are or need, not how the service was judged;
    `base`: the column that such a count is out of. `group`: the column that names a group of
    cases, a characteristic. `beside`: other inspections whose cases the rows count. `paired`: of
    how many cases, those that all of these have; None where cases are not paired.
    """

    people: tuple[str, ...] = ()
    base: str = "n"
    group: str = ""
    beside: tuple[Inspection, ...] = ()
    paired: int | None = None


@dataclass(frozen=True)
class Recount:
    """How the rows of a finding are counted again for the cases that a reader chooses.

    `yes` and `n` give, per row, the tally that its `yes` and `n` count; all else in a row that
    follows from them is worked out by `shares` here and by `front/arithmetic.js` on a page. `words`
    says how the sentence is made. `split`: each row is about a group, not about all cases chosen.
    `not_recorded`, where a row is of a question asked of all cases: the rest of them, beside n, is
    not applicable.
    """

    yes: tuple[str, ...]
    n: tuple[str, ...]
    words: Words = "each"
    split: bool = False
    not_recorded: tuple[str, ...] = ()

    @property
    def tallies(self) -> dict[str, tuple[str, ...]]:
        """Return the tallies of each column that is counted again."""
        named = {"yes": self.yes, "n": self.n, "not_recorded": self.not_recorded}
        return {column: keys for column, keys in named.items() if keys}


@dataclass(frozen=True, eq=False, repr=False)
class Finding:
    """Rows with a title, a sentence and notes; shows itself live, stored and on a shared page.

    Parameters
    ----------
    inspection : Inspection
        The cases or totals that it is about, with their filters.
    rows : DataFrame
        What was counted.
    say : callable
        Makes title and sentence of the rows, so that both stay true when the gate has hidden some:
        it must hold for missing counts and for no rows. What the cases are is said around it.
    columns : mapping
        The data table: which fields of the rows, under which heading.
    measure : str
        What is measured.
    cases : str, optional
        Which cases it is about; those of the inspection where it is blank.
    notes : tuple of str
        How it is to be read.
    recount : Recount, optional
        How it follows a filter, where it does.
    protect : Protect
        What the gate must know.
    counts : mapping
        Per column of the rows that counts cases, the tally that each row's count is of, blank where
        it is none; those that `recount` names need not stand there.
    draw : callable, optional
        Makes the picture, without rows; none for a table.
    variant : str
        What tells it from another of the same name, such as what it is grouped by.
    opens : bool
        Whether the sentence opens with which cases it is about.
    points : callable, optional
        Makes of the rows the few points that they come to: label, number, words.
    look : str
        How it is shown where there is no picture: its table, or its points as cards or a list.
    lacks : bool
        Whether it says only that the data do not hold what it takes.
    remade : callable, optional
        Makes it again of other cases, where it follows filters: the registry gives it.
    name, question, shown_by : str
        What it is asked for by, what it answers, what it may be shown by: the registry gives them.
    withheld, released : bool, str
        Whether the gate withheld it, and for which level it was let out.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("lewisham-bromley-2022").show.key_questions()
    >>> found.title, len(found.rows)
    ('Safety of other people scored lowest at every stage', 13)
    """

    inspection: Inspection
    rows: pd.DataFrame
    say: Callable[[pd.DataFrame], Said]
    columns: Mapping[str, str]
    measure: str
    cases: str = ""
    notes: tuple[str, ...] = ()
    recount: Recount | None = None
    protect: Protect = Protect()
    counts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    draw: "Callable[[Finding], Picture] | None" = None
    points: Callable[[pd.DataFrame], Sequence[Point]] | None = None
    look: Look = "table"
    variant: str = ""
    opens: bool = True
    lacks: bool = False
    remade: "Callable[[Inspection], Finding] | None" = None
    name: str = ""
    question: str = ""
    shown_by: ShownBy = "all cases"
    withheld: bool = False
    released: Level | None = None

    def __post_init__(self) -> None:
        """Say which cases it is about, where that was not given, and what they were drawn from."""
        if not self.cases:
            object.__setattr__(self, "cases", self.inspection.which_cases)
        drawn, size = self.inspection.population, self.inspection.sample_size
        note = CENSUS if drawn == size else DRAWN.format(size, drawn)
        if drawn and "bounds" in self.rows and note not in self.notes:
            object.__setattr__(self, "notes", (*self.notes, note))

    def __repr__(self) -> str:
        """Return one line without a number: a notebook keeps it."""
        return f"<Finding {self.name or self.measure!r} on {self.inspection.name!r}>"

    @cached_property
    def _said(self) -> Said:
        return self.say(self.rows)

    @property
    def title(self) -> str:
        """Return the headline: the message of the rows, after what practice cases are called."""
        practice = self.inspection.practice_name
        title = self._said[0]
        return say("made-up title", practice=practice, title=title) if practice else title

    @property
    def sentence(self) -> str:
        """Return the rows in words: caption, description for screen readers, text to quote."""
        if self.inspection.made_up:
            opening = say("made up", cases=self.cases)
        else:
            opening = say("opening", cases=capital(self.cases)) if self.opens else ""
        return f"{opening}{self._said[1]}"

    @property
    def source(self) -> str:
        """Return what the rows come from."""
        return self.inspection.title

    @property
    def tallies(self) -> dict[str, Sequence[str]]:
        """Return, per column of the rows that counts cases, the tally of each row's count."""
        return {**(self.recount.tallies if self.recount else {}), **self.counts}

    @property
    def chart(self) -> "Picture | None":
        """Return the picture as an ordinary Altair chart, with its rows; none for a table."""
        if self.draw is None:
            return None
        chart = self.draw(self)  # made anew each time
        params: Any = chart.params
        params[0].value = self.records
        chart.description = self.sentence
        return chart

    @cached_property
    def drawing(self) -> dict[str, Any] | None:
        """Return the picture as a Vega-Lite specification without rows; none for a table.

        It is not checked against Vega-Lite's schema here, which takes most of the time: the tests
        check that of every picture.
        """
        if self.draw is None:
            return None
        from altair.utils import schemapi

        with schemapi.debug_mode(False):
            return self.draw(self).to_dict(validate=False)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Return the rows as plain data: floats at six decimals, missing values as None."""
        rows: list[dict[str, Any]] = json.loads(
            self.rows.to_json(orient="records", double_precision=6)
        )
        return rows

    def _repr_mimebundle_(self, **_: object) -> Any:
        return through("bundle")(self)


@dataclass(frozen=True)
class Registered:
    """What is registered of a finding: what it answers, takes, and may be shown by."""

    function: Callable[..., Finding]
    question: str
    label: str
    needs: tuple[str, ...]
    follows: bool
    shown_by: ShownBy
    subjects: tuple[str, ...]


REGISTRY: dict[str, Registered] = {}


def finding(
    *,
    question: str,
    needs: str | Sequence[str],
    follows: bool,
    shown_by: ShownBy,
    label: str = "",
) -> Callable[[Callable[Given, Finding]], Callable[Given, Finding]]:
    """Register a function that returns a finding.

    `question` is what it answers; `needs` what the data must hold (see `inspection.LACKING`), or
    "" for nothing; `follows` whether it follows filters; `shown_by` what it may be shown by where
    cases are one's own; `label` what it is called in a list, else its name in words. What it is a
    finding on is the type of its first parameter.

    Called, it never raises for what the data lack: it says so in the finding's place. Raises
    `KitError` at once for a declaration that is missing or is none that there is.
    """
    wanted = (needs,) if isinstance(needs, str) else tuple(needs)

    def register(function: Callable[Given, Finding]) -> Callable[Given, Finding]:
        name = function.__name__
        words = label or capital(name.replace("_", " "))
        asked = tuple(one for one in wanted if one)
        subjects = _subjects(function)
        one = Registered(function, question, words, asked, follows, shown_by, subjects)
        _check(name, one)
        parameters = inspect.signature(function)

        @wraps(function)
        def made(*args: Given.args, **kwargs: Given.kwargs) -> Finding:
            for given in kwargs:
                if given not in parameters.parameters:
                    raise unknown(f"argument of {name}", given, [*parameters.parameters][1:])
            try:
                found = _lacking(args[0], one) or function(*args, **kwargs)
            except NotInData as error:
                found = absent(args[0], words, str(error))
            full = f"{name}_{found.variant}" if found.variant else name
            found = _placed(replace(found, name=full, question=question, shown_by=shown_by))
            if not follows or found.lacks or found.inspection is not args[0]:
                return found
            # of other cases, with the same arguments; types know only that there are some
            again: Any = made
            return replace(found, remade=lambda other: again(other, *args[1:], **kwargs))

        REGISTRY[name] = replace(one, function=made)
        return made

    return register


def _placed(found: Finding) -> Finding:
    """Return a finding with where the report has each row, where it has a column for that.

    Rows name what they show by `figure`, else by `question`; one may name several, with blanks
    between. What is named nowhere was worked out. Of cases no report has anything.
    """
    if not PLACE.keys() <= found.columns.keys():
        return found
    if found.inspection.has_cases:
        kept = {name: head for name, head in found.columns.items() if name not in PLACE}
        return replace(found, columns=kept)
    known = where_printed(found.inspection.sample)
    named: Any = found.rows.get("figure", found.rows.get("question"))
    told = [
        "; ".join(dict.fromkeys(known[one] for one in str(ids).split() if one in known))
        for ids in named
    ]
    before = found.rows.get("section", ["worked out from other figures"] * len(told))
    return replace(
        found,
        rows=found.rows.assign(section=[now or old for now, old in zip(told, before, strict=True)]),
    )


def _subjects(function: Callable[..., Finding]) -> tuple[str, ...]:
    given = [one.annotation for one in inspect.signature(function).parameters.values()]
    kinds = [kind for one in given[:1] for kind in get_args(one) or (one,)]
    return tuple(getattr(kind, "__name__", str(kind)) for kind in kinds)


def _check(name: str, one: Registered) -> None:
    """Refuse a declaration that is missing, or that is none that there is."""
    missing = {
        "a question that ends in '?'": one.question.endswith("?"),
        f"follows, True or False, not {one.follows!r}": isinstance(one.follows, bool),
        "a docstring": bool(one.function.__doc__),
        f"a subject, one of {', '.join(SUBJECTS)}": set(one.subjects) <= set(SUBJECTS),
        "a name of its own": name not in REGISTRY
        or REGISTRY[name].function.__module__ == one.function.__module__,
    }
    wrong = [what for what, there in missing.items() if not there]
    if wrong:
        raise KitError(f"the finding {name} lacks {' and '.join(wrong)}")
    for given in one.needs:
        if given not in LACKING:
            raise unknown(f"need of the finding {name}", given, LACKING)
    if one.shown_by not in get_args(ShownBy):
        raise unknown(f"shown_by of the finding {name}", one.shown_by, get_args(ShownBy))


def _lacking(subject: object, one: Registered) -> Finding | None:
    """Return what is said where the data lack something that a finding needs; none where not."""
    inspections = subject.all if isinstance(subject, Against) else (subject,)
    for inspection in (each for each in inspections if isinstance(each, Inspection)):
        for need in one.needs:
            if need not in inspection.holds:
                return absent(subject, one.label, LACKING[need], inspection)
    return None


def absent(subject: Any, label: str, why: str, inspection: Inspection | None = None) -> Finding:
    """Return a finding without rows on a `subject`, under a `label`, that says `why` it is so.

    A notebook then runs on any data. `inspection` is the one that lacks something, else the first.
    """
    about = inspection or (
        subject if isinstance(subject, Inspection) else getattr(subject, "inspection", None)
    )
    about = about if isinstance(about, Inspection) else subject.subject
    return Finding(
        inspection=about,
        rows=pd.DataFrame({"label": pd.Series(dtype="str")}),
        say=lambda _: (f"{label}: not in these data", why),
        columns={"label": "Not in these data"},
        measure=label,
        lacks=True,
    )
