"""Rows of a picture in any width: a label, marks on one scale, and on the right what they say.

Where there is room a label stands beside its marks. Where there is none, it stands above them, on
one line with what is said on the right: that is called stacked. Places are expressions on the
picture's width, so that nothing is drawn again when it changes; only the height of a row does, and
the parameter `steps` tells the script which it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any

from hmip_kit.picture import Look, blank, drawn, placed, ref, values
from hmip_kit.picture.marks import Marks
from hmip_kit.picture.text import (
    LINE,
    MOST_VALUE,
    NARROW,
    NARROWEST,
    SIZE,
    Sign,
    Value,
    key_layers,
    lines_in,
    room_of,
    text_value,
    widest,
    width_of,
    wrapped,
)
from hmip_kit.settings import BLUE, GRID, INK, ORANGE, PAPER, QUIET, RULE, WIDTH

if TYPE_CHECKING:
    import altair as alt

    from hmip_kit.findings import Finding

STEP, LEAST_PLOT, GAP = 26, 130, 10
BREAKS = (NARROWEST, 300, 360, NARROW, 480, 560, WIDTH, 760)  # from where on rows may be as high
WIDEST, MORE = 10_000, 1.1  # a line of wide letters takes more than most
MOST_LABEL, MOST_LINES = 240, 3  # beside marks: points, and lines of a label
THICK = 13  # points that a mark may stick out, as Vega reckons
MARKS = 18  # points at the foot of a stacked row that its marks take
SHARES = {1: 0.45, 2: 0.56}  # of the width, that values take at most on the label's line
POLARITIES = {
    "sufficient": Sign("sufficient", BLUE, "circle"),
    "insufficient": Sign("not sufficient", ORANGE, "square", hollow=True),
    "neutral": Sign("neither", INK, "diamond"),
}
PERCENTS = (0, 25, 50, 75, 100)
HEAD = 26  # points above the rows: ticks; above them lines of a key, and the title


def even_ticks(most: float) -> range:
    """Return at most six even ticks from 0 on, the last at the `most` or beyond it.

    >>> list(even_ticks(23)), list(even_ticks(1))
    ([0, 5, 10, 15, 20, 25], [0, 1])
    """
    whole = max(1, ceil(most))
    steps = (times * 10**power for power in range(9) for times in (1, 2, 5))
    step = next(one for one in steps if 5 * one >= whole)
    return range(0, step * ceil(whole / step) + 1, step)


@dataclass(frozen=True)
class Rows(Marks):
    """How rows stand: what tells them apart, what they are called, and what is said of them.

    Parameters
    ----------
    labels : sequence of str
        What rows are called where the label stands beside its marks: `field` in the rows.
    values : tuple of Value
        What is said on the right, the last at the edge.
    above : sequence of str
        What they are called where the label stands above: `full` in the rows; the labels if none.
    id, field, full : str
        The fields of a row that tell it apart from the others, and name it; `full` is `id` if none.
    heads : sequence of str
        Names of groups of rows: `head` in the first row of each, blank in the others.
    domain, ticks, unit, title : optional
        The scale, from where to where, the ticks on it, what follows their numbers, and its title.
    bold : str
        An expression that says which rows are in bold.
    speaks : str
        One that says which rows say their label, where several share a place.
    marked : sequence of str
        The fields that marks are drawn for: without any of them a row has no line to stand on.
    over : bool
        Whether stacked rows say their two values one above the other.
    key : tuple of Sign
        What the signs say.
    tall : float
        How many points marks take more than a dot.
    """

    labels: Sequence[str]
    values: tuple[Value, ...]
    above: Sequence[str] = ()
    id: str = "label"
    field: str = "label"
    full: str = ""
    heads: Sequence[str] = ()
    domain: tuple[float, float] = (0, 100)
    ticks: Sequence[float] = PERCENTS
    unit: str = "%"
    title: str = ""
    bold: str = "false"
    speaks: str = "true"
    marked: Sequence[str] = ("bar",)
    over: bool = False
    key: tuple[Sign, ...] = ()
    tall: float = 0

    @property
    def _room(self) -> float:
        """Return what all values take: the more of what is said with and without bounds."""
        rooms = [(one.room, one.possible) for one in self.values]
        return max(map(sum, zip(*rooms, strict=True)), default=0) + GAP * len(self.values)

    @property
    def _room_stacked(self) -> float:
        if self.over:
            return max(one.room for one in self.values) + GAP
        return self._room

    @property
    def _share(self) -> float:
        return SHARES[max(1, len(self.values))]

    @property
    def _gutter(self) -> float:
        heads = widest(self.heads, bold=True)
        return self._label * (MORE if self._lines > 1 else 1) + GAP + (heads + GAP if heads else 0)

    @property
    def _bold(self) -> bool:
        return self.bold != "false"

    @property
    def _label(self) -> float:
        """Return the room of a label that stands beside its marks, on several lines if long."""
        return min(widest(self.labels, self._bold), MOST_LABEL)

    @cached_property
    def _lines(self) -> int:
        """Return on how many lines a label that stands beside its marks is at most."""
        wraps = widest(self.labels, self._bold) > MOST_LABEL
        return max([1, *(lines_in(one, self._label, self._bold) for one in self.labels if wraps)])

    @cached_property
    def _wide(self) -> float:
        """Return how high a row is whose label stands beside its marks."""
        said = [
            lines_in(one, value.room + 6, value.bold)
            for value in self.values
            for one in value.texts
        ]
        return max(STEP, LINE * max([self._lines, *said]) + 10) + self.tall

    @cached_property
    def below(self) -> int:
        """Return the width under which rows are stacked."""
        needs = int(self._gutter + self._room + LEAST_PLOT)
        return WIDEST if self._lines > MOST_LINES else max(needs, NARROW)

    def step(self, width: int) -> int:
        """Return how high a row is in a picture of a `width`."""
        if width >= self.below:
            return int(self._wide)
        most = self._share * width
        left = width - min(self._room_stacked, most) - GAP
        labels = [lines_in(one, left, self._bold) for one in self.above or self.labels]
        said = [
            lines_in(one, min(value.room + 6, most), bold=True)
            for value in self.values
            for one in value.texts
        ]
        said += [len(self.values) if self.over else -(-int(self._room) // int(most))]
        return int(max(1, *said, *labels) * LINE + MARKS + 6 + self.tall)

    @property
    def _steps(self) -> list[dict[str, int]]:
        """Return how high rows are, below which width."""
        steps, starts = list[dict[str, int]](), sorted({*BREAKS, self.below})
        for start, end in zip(starts, [*starts[1:], WIDEST], strict=True):
            if steps and steps[-1]["step"] == self.step(start):
                steps[-1]["below"] = end
            else:
                steps.append({"below": end, "step": self.step(start)})
        return steps

    @property
    def _places(self) -> dict[str, str]:
        """Return the places that depend on the picture's width."""
        first, last = (
            max(THICK + self.tall, ceil(width_of(f"{self.ticks[place]:g}{self.unit}") / 2))
            for place in (0, -1)
        )
        beside = "values + 14" if self.values else f"{last:g}"
        stacked = f"min({self._room_stacked:.0f}, {self._share} * width)"
        return {
            "stacked": f"width < {self.below}",
            "values": f"stacked ? {stacked} : {self._room:.0f}",
            "some": " || ".join(f"isValid(extent(pluck(rows, '{one}'))[0])" for one in self.marked),
            "left": f"stacked ? {first:g} : {self._gutter:.0f}",
            "right": f"width - (stacked ? {last:g} : {beside})",
            "foot": f"stacked ? {-MARKS / 2 - self.tall / 2 - 1:g} : {-self._wide / 2:g}",
        }

    def drawn(self, marks: "Sequence[alt.Chart]") -> "alt.LayerChart":
        """Return the picture with its `marks`: over the scale and the words of the rows."""
        import altair as alt

        layers = [*self._words(), *self._axis(), *marks]
        return drawn(layers, alt.Step(self.step(WIDTH)), self._steps, self._places)

    def _words(self) -> "list[alt.Chart]":
        """Return labels, values, and lines between groups: first, so that they order the rows."""
        above = f"datum.r.{self.full or self.id}" if self.above else f"datum.r.{self.field}"
        room = f"stacked ? width - values - {GAP} : {WIDEST if self._lines == 1 else self._label}"
        wraps = wrapped(f"stacked ? {above} : datum.r.{self.field}", room, self._bold)
        label = f"{self.speaks} ? {wraps} : ''"
        weight: Look = {"fontWeight": ref(f"{self.bold} ? 'bold' : 'normal'")}
        words = [self._text(label, "stacked ? 0 : left - 10", "stacked ? 'left' : 'right'", weight)]
        if self.heads:
            head: Look = {"fontWeight": "bold"}
            words += [
                self._text(f"stacked || !({self.speaks}) ? '' : datum.r.head", "0", "'left'", head),
                blank()
                .mark_rule(color=RULE, opacity=ref("datum.r.head ? 1 : 0"))
                .encode(**placed(x="1", x2="width - 1"), y=self.y_at(0)),
            ]
        return [*words, *self._values()]

    def _values(self) -> "list[alt.Chart]":
        """Return what is said on the right, from the last, which ends at the edge and may wrap."""
        if not self.values:
            return []
        [*before, last] = self.values
        if self.over:
            return self._one_above_the_other()
        taken = " - ".join(
            [f"{self._share} * width", *(f"{room_of(one)} - {GAP}" for one in before)]
        )
        room = f"(stacked ? min({room_of(last)}, {taken}) : {room_of(last)})"
        long = last.texts and widest(last.texts, last.bold) > MOST_VALUE
        wraps = f"{room} + 6" if long else f"stacked ? {room} + 6 : {WIDEST}"
        right = f"width - {room}"
        edge = (right, "'left'") if before else ("width", "'right'")
        texts, right = [self._said(last, wraps, *edge)], f"{right} - {GAP - 2}"
        for one in reversed(before):
            texts.append(self._said(one, f"{WIDEST}", right, "'right'"))
            right = f"{right} - {room_of(one)} - {GAP - 2}"
        return texts

    def _one_above_the_other(self) -> "list[alt.Chart]":
        texts, right = [], "width"
        for place, one in enumerate(reversed(self.values)):
            x, lift = f"stacked ? width : {right}", place * LINE
            texts.append(self._said(one, f"{WIDEST}", x, "'right'", lift))
            right = f"{right} - {room_of(one)} - {GAP}"
        return texts

    def _said(self, one: Value, room: str, x: str, align: str, lift: int = 0) -> "alt.Chart":
        look: Look = {"fontWeight": "bold"} if one.bold else {"color": QUIET}
        return self._text(wrapped(one.said, room, one.bold), x, align, look, lift)

    def _text(
        self, said: str, x: str, align: str, look: dict[str, Any], lift: int = 0
    ) -> "alt.Chart":
        """Return words of a row, whose last line stands above its marks, or beside them."""
        lines = "length(split(datum.w, '\\n')) - 1"
        above = f"-{MARKS + 6 + self.tall + lift:g} - {LINE} * ({lines})"
        foot = f"stacked ? {above} : foot - {LINE / 2} * ({lines})"
        words: Look = {
            "lineBreak": "\n",
            "lineHeight": LINE,
            "fontSize": SIZE,
            "baseline": "middle",
        }
        place: Look = {"align": ref(align), "yOffset": ref(foot)}
        chart = blank().transform_calculate(w=said).mark_text(**words, **place, **look)
        return self._on(chart, **placed(x=x), text="w:N")

    def _axis(self) -> "list[alt.Chart]":
        """Return lines up from the ticks, their numbers, the title, and above them the key."""
        import altair as alt

        ticks = alt.Chart(values([{"t": one, "s": f"{one:g}{self.unit}"} for one in self.ticks]))
        x = alt.X("t:Q", scale=self.scale, axis=None)
        key, wide, narrow = key_layers(self.key, -HEAD)
        lines = f"length(split({wrapped(repr(self.title), 'width')}, '\\n'))"
        rows_of_key = f"(width < {NARROW} ? {narrow} : {wide})"
        high = f"-{HEAD} - {LINE + 2} * {rows_of_key} - {LINE} * ({lines} - 1)"
        title = alt.Chart(values([{}])).transform_calculate(w=wrapped(repr(self.title), "width"))
        marked = " || ".join(f"isValid(datum.r.{one})" for one in self.marked)
        words: Look = {"align": "left", "color": QUIET, "lineBreak": "\n", "lineHeight": LINE}
        words["opacity"] = ref("some ? 1 : 0")  # no scale where no row has a mark
        layers = [
            ticks.mark_rule(color=GRID, opacity=ref("some && !stacked ? 1 : 0")).encode(x=x),
            blank()
            .mark_rule(
                color=RULE, yOffset=ref("foot"), opacity=ref(f"stacked && ({marked}) ? 1 : 0")
            )
            .encode(**placed(x="left", x2="right"), y=self.y_at(1)),
            ticks.mark_text(color=QUIET, fontSize=11, opacity=ref("some ? 1 : 0")).encode(
                x=x, **placed(y="-9"), text="s:N"
            ),
            title.mark_text(**words).encode(**placed(x="0", y=high), text="w:N"),
        ]
        return [*layers[: 4 if self.title else 3], *key]


def polar_dots(finding: "Finding") -> "alt.LayerChart":
    """Return the rows of a `finding`, of which each has a `polarity`, as dots with intervals.

    What counts what was not sufficient is hollow.
    """
    import altair as alt

    there = set(finding.rows["polarity"])
    rows = Rows(
        labels=[*finding.rows["line"]],
        id="line",
        field="line",
        values=text_value(finding.rows["text"]),
        title="Percentage",
        key=tuple(sign for one, sign in POLARITIES.items() if one in there),
    )

    def look(channel: Any, looks: list[str]) -> Any:
        scale = alt.Scale(domain=[*POLARITIES], range=looks)
        return channel("r.polarity:N", scale=scale, legend=None)

    signs = [*POLARITIES.values()]
    colours = [one.colour for one in signs]
    dot = rows.dot("bar", filled=False, strokeWidth=2).encode(
        fill=look(alt.Fill, [PAPER if one.hollow else one.colour for one in signs]),
        stroke=look(alt.Stroke, colours),
        shape=look(alt.Shape, [one.shape for one in signs]),
    )
    return rows.drawn([*rows.interval(look(alt.Color, colours)), dot])
