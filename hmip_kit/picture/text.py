"""The words of a picture: how wide they are and wrap, what rows say on the right, and the key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from hmip_kit.picture import Look, placed, values
from hmip_kit.settings import FEWEST_FOR_A_PERCENTAGE, PAPER

if TYPE_CHECKING:
    import altair as alt

    from hmip_kit.findings import Finding

SIZE, LINE = 12, 15  # points of letters, and from one line to the next
# Thousandths of the size that a letter takes in DejaVu Sans, which is wide: Arial takes less.
WIDTHS = {
    "ijl'": 280,
    "IJ .,": 320,
    "f:;/-|": 360,
    "t!()[]r": 420,
    'cszLkvxyF"': 590,
    "CABRVXZK": 720,
    "HNUDGOQ&": 790,
    "w+=M": 860,
    "%mW": 1000,
}
OF_A_LETTER = {letter: width for letters, width in WIDTHS.items() for letter in letters}
OTHERWISE, BOLDER = 640, 1.12
USUAL = {False: 6.8, True: 7.6}  # points of a letter, on average, plain and bold


def width_of(text: str, bold: bool = False) -> float:
    """Return how many points a `text` takes at most, plain or `bold`.

    >>> round(width_of("Planning")), round(width_of("Planning", bold=True))
    (53, 59)
    """
    taken = sum(OF_A_LETTER.get(letter, OTHERWISE) for letter in text) * SIZE / 1000
    return taken * (BOLDER if bold else 1)


def widest(texts: Iterable[str], bold: bool = False) -> float:
    """Return how many points the widest of `texts` takes, plain or `bold`; none takes none."""
    return max((width_of(text, bold) for text in texts), default=0)


def lines_in(text: str, points: float, bold: bool = False) -> int:
    """Return on how many lines a `text` stands within so many `points`, plain or `bold`."""
    return len(wrap(text, max(1, int(points / USUAL[bold])), break_long_words=False)) or 1


def wrapped(words: str, points: str, bold: bool = False) -> str:
    """Return the expression that wraps an expression of `words` within `points`, another.

    `bold` is whether it is.
    """
    letters = f"max(1, floor(({points}) / {USUAL[bold]}))"
    return (
        f"trim(replace('' + ({words}), regexp('(.{{1,' + {letters} + '}})(?: |$)', 'g'), '$1\\n'))"
    )


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


NARROWEST, NARROW = 250, 420  # points of width: under the second a picture is a narrow one
UPRIGHT = "M0,-1L0,1"  # the shape of a thin mark


@dataclass(frozen=True)
class Sign:
    """A sign of a key: what it says, and its colour, shape and edge, and whether it is hollow."""

    said: str
    colour: str
    shape: str = "square"
    hollow: bool = False
    edge: str = ""


def key_layers(key: Sequence[Sign], foot: float) -> "tuple[list[alt.Chart], int, int]":
    """Return the layers of a `key` whose last line is at `foot`, and how many lines it takes.

    These are two numbers: of a picture as wide as `NARROW`, and of a narrow one.
    """
    import altair as alt

    if not key:
        return [], 0, 0
    wide, narrow = _set_out(key, NARROW), _set_out(key, NARROWEST)
    lines = [1 + max(line for _, line in places) for places in (wide, narrow)]
    rows = [
        {
            **{"said": one.said, "edge": one.edge or one.colour, "shape": one.shape},
            "fill": PAPER if one.hollow else one.colour,
            **dict(zip(("wx", "wy"), first, strict=True)),
            **dict(zip(("nx", "ny"), second, strict=True)),
        }
        for one, first, second in zip(key, wide, narrow, strict=True)
    ]
    place = f"(width < {NARROW} ? datum.n%s : datum.w%s)"
    many = f"(width < {NARROW} ? {lines[1]} : {lines[0]})"
    down = f"{foot:g} - {LINE + 2} * ({many} - 1 - {place % ('y', 'y')})"
    across, chart = place % ("x", "x"), alt.Chart(values(rows))
    look: Look = {
        "fill": alt.Fill("fill:N", scale=None),
        "stroke": alt.Stroke("edge:N", scale=None),
        "shape": alt.Shape("shape:N", scale=None),
    }
    signs = chart.mark_point(size=70, opacity=1, strokeWidth=1.5)
    words = chart.mark_text(align="left")
    layers = [
        signs.encode(**placed(x=f"{across} + 6", y=down), **look),
        words.encode(**placed(x=f"{across} + 16", y=down), text="said:N"),
    ]
    return layers, lines[0], lines[1]


def _set_out(key: Sequence[Sign], width: float) -> list[tuple[float, int]]:
    """Return where the signs of a `key` begin, and on which line, within a `width`."""
    places, x, line = list[tuple[float, int]](), 0.0, 0
    for one in key:
        takes = 16 + width_of(one.said) + 14
        if x and x + takes > width:
            x, line = 0.0, line + 1
        places.append((round(x), line))
        x += takes
    return places
