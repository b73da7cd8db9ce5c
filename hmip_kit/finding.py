"""A finding: rows with the sentence they bear out; what is shown, saved, shared and tested."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.level import Level

if TYPE_CHECKING:
    import altair as alt

Scope = Literal["follows", "one filter", "whole sample"]
Said = tuple[str, str]  # title, sentence


@dataclass(frozen=True)
class Guard:
    """What the gate must know of a finding's rows before they leave the unit that holds the cases.

    `people`: columns that count people by what they are or need, not by how the service was judged; the gate blanks their small
    counts. `base`: the column that such a count is out of. `groups`: columns that name a group of cases; `size`: the column with
    its number of cases. `paired`: whether the rows cross two answers of the same cases. `cases`: whether a row is a single case.
    `beside`: other inspections whose cases the rows count; the finding is shown only where those of each may be.
    """

    people: tuple[str, ...] = ()
    base: str = "n"
    groups: tuple[str, ...] = ()
    size: str = "cases"
    paired: bool = False
    cases: bool = False
    beside: tuple[Inspection, ...] = ()


@dataclass(frozen=True)
class Follow:
    """How a shared page makes the rows of a finding again for the cases that a reader chooses.

    `yes` and `n` give, per row, the tally that its `yes` and `n` are the sums of (see `measures.tallies`); everything else in a row
    that follows from them is worked out by `measures.shares` here and by `front/arithmetic.js` there. `words` says how the sentence
    is made: "lowest" names the lowest rows, "each" lists all. `split` says that each row is about a group, not about all cases chosen.
    """

    yes: tuple[str, ...]
    n: tuple[str, ...]
    words: Literal["lowest", "each"] = "each"
    split: bool = False


@dataclass(frozen=True, eq=False)
class Finding:
    """Rows with a title, a sentence and notes; shows itself live, stored in a notebook and on a shared page.

    `say` makes the title and the sentence from the rows, so that both stay true when the gate has blanked some: it must hold for
    missing counts and for no rows. `columns` gives the data table: which fields of the rows, under which heading. `cases` says
    which cases it is about; `scope` whether it follows a page's filters, and then `follow` how. `disclosure` says who may see it,
    `guard` what must be hidden from anyone else, and `withheld` that all of it is. `counts` gives, per column of the rows that counts
    cases, the tally that each row's count is of, blank where it is none; those that `follow` names need not stand there. The gate reads
    from it what a row's counts give away together with others, and the attack on a page what a reader learns. `draw` makes the picture
    of the rows, where there is one.
    """

    name: str
    say: Callable[[pd.DataFrame], Said] = field(repr=False)
    rows: pd.DataFrame
    columns: Mapping[str, str]
    measure: str
    inspection: Inspection
    cases: str
    notes: tuple[str, ...] = ()
    scope: Scope = "whole sample"
    follow: Follow | None = None
    guard: Guard = Guard()
    counts: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    withheld: bool = False
    released: Level | None = None
    draw: "Callable[[Finding], alt.LayerChart | alt.Chart] | None" = field(default=None, repr=False)

    @cached_property
    def _said(self) -> Said:
        return self.say(self.rows)

    @property
    def title(self) -> str:
        """Return the headline: the message of the rows."""
        return self._said[0]

    @property
    def sentence(self) -> str:
        """Return the rows in one or two sentences: caption, description for screen readers, and text to quote."""
        return self._said[1]

    @property
    def source(self) -> str:
        """Return what the rows come from."""
        return self.inspection.title

    @property
    def disclosure(self) -> Level:
        """Return who may see the rows: those of own cases are protected."""
        return self.inspection.disclosure

    @property
    def tallies(self) -> dict[str, Sequence[str]]:
        """Return, per column of the rows that counts cases, the tally that each row's count is of."""
        return {
            **({"yes": self.follow.yes, "n": self.follow.n} if self.follow else {}),
            **self.counts,
        }

    @property
    def about(self) -> list[dict[str, Any]]:
        """Return whose cases the rows count, and how many: `name` of the inspection, `where`, `size`; nothing where it is withheld."""
        inspections = [] if self.withheld else [self.inspection, *self.guard.beside]
        return [
            {"name": one.name, "where": one.filters.to_dict(), "size": one.size}
            for one in inspections
        ]

    @property
    def chart(self) -> "alt.LayerChart | alt.Chart | None":
        """Return the picture as an ordinary Altair chart; none where the finding is a table."""
        return self.draw(self) if self.draw else None

    @cached_property
    def drawing(self) -> dict[str, Any] | None:
        """Return the picture as a Vega-Lite specification, made once; none where the finding is a table.

        It is not checked against Vega-Lite's schema here, which takes most of the time: the tests check that of every picture.
        """
        chart = self.chart
        return None if chart is None else chart.to_dict(validate=False)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Return the rows as plain data: floats at six decimals, missing values as None."""
        return [
            {str(key): _plain(value) for key, value in row.items()}
            for row in self.rows.to_dict("records")
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the picture as plain data: what a shared page and a test read.

        What the counts are of is told of protected rows alone: nobody has to attack a page of open ones.
        """
        open_to_all = self.disclosure == "open"
        words = (
            "name",
            "title",
            "sentence",
            "measure",
            "cases",
            "source",
            "scope",
            "disclosure",
            "released",
        )
        return {word: getattr(self, word) for word in words} | {
            "inspection": self.inspection.about,
            "where": self.inspection.filters.to_dict(),
            "notes": list(self.notes),
            "columns": dict(self.columns),
            "rows": self.records,
            "about": [] if open_to_all else self.about,
            "tallies": {}
            if open_to_all
            else {column: list(keys) for column, keys in self.tallies.items()},
            "follow": self.follow
            and {**vars(self.follow), "yes": list(self.follow.yes), "n": list(self.follow.n)},
        }

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        from hmip_kit.picture import bundle

        return bundle(self)


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if hasattr(value, "item"):
        value = value.item()
    return round(value, 6) if isinstance(value, float) else value
