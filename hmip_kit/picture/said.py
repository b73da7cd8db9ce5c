"""What rows say on the right: a share and its count, or a text, and the room that it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hmip_kit.picture.text import widest, width_of
from hmip_kit.settings import FEWEST_FOR_A_PERCENTAGE

if TYPE_CHECKING:
    from hmip_kit.findings import Finding

MOST_VALUE = 215  # points of a text on the right: a longer one wraps
FIRST = (
    "datum.r.yes == null ? datum.r.cases : !datum.r.n ? '' : datum.r.bounds == 'possible' ? "
    f"datum.r.yes : datum.r.n >= {FEWEST_FOR_A_PERCENTAGE} ? datum.r.share : datum.r.cases"
)  # of few cases the count comes first, and is the larger
MOST_SAID = "(any number)"
IN_GREY = "in grey, what the totals make possible"
ENDS = [f"floor(datum.r.{end} * datum.r.n / 100 + 0.5)" for end in ("low", "high")]
ANY = f"{ENDS[0]} == 0 && {ENDS[1]} == datum.r.n"
SECOND = (
    "datum.r.yes == null ? '' : !datum.r.n ? datum.r.cases : datum.r.bounds == 'possible' ? "
    f"({ANY} ? '{MOST_SAID}' : '(' + {ENDS[0]} + ' to ' + {ENDS[1]} + ')')"
    f" : datum.r.n >= {FEWEST_FOR_A_PERCENTAGE} ? datum.r.cases : datum.r.share"
)


@dataclass(frozen=True)
class Value:
    """What is said on the right of a row: an expression, and the `room` in points that it takes.

    Of what totals make possible, which is said in the same place, it takes the room `possible`.
    `texts` are all that it can say, where that is known.
    """

    said: str
    room: float
    bold: bool = False
    possible: float = 0
    texts: Sequence[str] = ()


def text_value(texts: Iterable[str], field: str = "text") -> tuple[Value, ...]:
    """Return the one value of rows that say a `field`, which has such `texts`."""
    room = min(widest(texts, bold=True), MOST_VALUE)
    return (Value(f"datum.r.{field}", room, bold=True, texts=[*texts]),)


def share_values(finding: "Finding") -> tuple[Value, ...]:
    """Return the two values of the rows of a `finding`, which are shares.

    Where a reader may filter, each has the room that it can come to need.
    """
    rows, size, room = finding.rows, finding.inspection.sample_size, (0.0, 0.0)
    first = rows["share"].where(rows["n"] >= FEWEST_FOR_A_PERCENTAGE, rows["cases"])
    firsts, seconds = [*first.dropna()], [*rows["cases"], *rows["share"]]
    if finding.recount:
        few = min(size, FEWEST_FOR_A_PERCENTAGE - 1)
        firsts = ["100%", f"{few} of {few}"]
        seconds = [f"{size} of {size}", "no cases"]
    if finding.inspection.made_up:
        room = (width_of(f"{size}", True), widest([MOST_SAID, f"({size} to {size})"]))
    return (
        Value(FIRST, widest(firsts, bold=True), bold=True, possible=room[0]),
        Value(SECOND, widest(seconds), possible=room[1]),
    )


def share_title(finding: "Finding", title: str) -> str:
    """Return the `title` of a scale of the shares of a `finding`; it says what grey strips are."""
    return f"{title}; {IN_GREY}" if finding.inspection.made_up else title


def room_of(value: Value) -> str:
    """Return the points that a `value` takes, as an expression."""
    if not value.possible:
        return f"{value.room:.0f}"
    return f"(datum.r.bounds == 'possible' ? {value.possible:.0f} : {value.room:.0f})"
