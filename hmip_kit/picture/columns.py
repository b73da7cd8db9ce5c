"""Columns on one scale: how many have something, and how many of these got how far.

Where there is room a row's label stands beside its columns, and a number beside each bar. In a
narrow picture the label stands above, and the numbers stand above the bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hmip_kit.picture import Look, blank, drawn, placed, ref, values
from hmip_kit.picture.rows import MORE, MOST_LABEL, WIDEST
from hmip_kit.picture.text import LINE, NARROW, NARROWEST, lines_in, widest, width_of, wrapped
from hmip_kit.settings import GRID, INK, QUIET, WIDTH

if TYPE_CHECKING:
    import altair as alt

STEP, BAR, LEAST_BAR, GAP, FOOT = 26, 12, 32, 10, 12


@dataclass(frozen=True)
class Reached:
    """A column: its head, its colour, and of each row that it is `of`, as expressions, what it has.

    `count` is as long as its bar, none without one; `first` is said in bold, `second` after it.
    """

    head: str
    colour: str
    of: str
    count: str
    first: str
    second: str = "''"


@dataclass(frozen=True)
class Columns:
    """Rows with a label, and so many columns, whose longest bar stands for `most`, an expression.

    `id` is the field that tells rows apart and names them, `order` the one by which they are
    sorted, the largest first, and `words` what columns say at most.
    """

    labels: Sequence[str]
    columns: Sequence[Reached]
    most: str
    words: Sequence[str]
    id: str = "label"
    order: str = "n"

    @property
    def _said(self) -> float:
        return widest(self.words, bold=True) + GAP

    @property
    def _label(self) -> float:
        whole = widest(self.labels)
        return whole if whole <= MOST_LABEL else MOST_LABEL * MORE

    @property
    def _wraps(self) -> float:
        """Return the room at which a label beside its columns wraps, if any is that long."""
        return MOST_LABEL if widest(self.labels) > MOST_LABEL else WIDEST

    @property
    def _below(self) -> int:
        needs = self._label + GAP + len(self.columns) * (self._said + LEAST_BAR)
        return max(NARROW, int(needs))

    def _step(self, width: float) -> int:
        if width >= self._below:
            many = max(lines_in(one, self._wraps) for one in [*self.labels, ""])
            return max(STEP, many * LINE + 10)
        labels = max(lines_in(one, width - 20) for one in [*self.labels, ""])
        return LINE * (labels + self._lines(width)) + BAR + 20

    def _lines(self, width: float) -> int:
        """Return on how many lines the words of columns stand above the bars."""
        room = width / len(self.columns) - 6
        return max(lines_in(one, room, bold=True) for one in [*self.words, ""])

    def drawn(self) -> "alt.LayerChart":
        """Return the picture."""
        import altair as alt

        starts = sorted({NARROWEST, 320, NARROW, self._below})
        steps = [
            {"below": end, "step": self._step(start)}
            for start, end in zip(starts, [*starts[1:], WIDEST], strict=True)
        ]
        many = len(self.columns)
        words = {
            "stacked": f"width < {self._below}",
            "left": f"stacked ? 0 : {self._label + GAP:.0f}",
            "column": f"(width - left) / {many}",
            "longest": f"column - (stacked ? {GAP} : {self._said:.0f})",
            "many": f"width < {NARROW} ? {self._lines(NARROWEST)} : {self._lines(NARROW)}",
            "foot": f"stacked ? -{FOOT} : -{self._step(WIDEST) / 2:g}",
        }
        layers = [*self._labels(), *self._heads()]
        for place, one in enumerate(self.columns):
            layers += self._column(f"(left + {place} * column)", one)
        chart = drawn(layers, alt.Step(self._step(WIDTH)), steps, words)
        size = alt.CalculateTransform(calculate=f"datum.r.{self.order}", **{"as": "size"})
        chart.transform = [*chart.transform, size]
        return chart

    @property
    def _y(self) -> Any:
        import altair as alt

        scale = alt.Scale(type="band", paddingInner=0, paddingOuter=0)
        order = alt.EncodingSortField(field="size", op="max", order="descending")
        return alt.Y(f"r.{self.id}:N", sort=order, axis=None, scale=scale, bandPosition=1)

    def _labels(self) -> "list[alt.Chart]":

        said = wrapped(f"datum.r.{self.id}", f"stacked ? width - 20 : {self._wraps:.0f}")
        first = f"{self.columns[0].of} ? {said} : ''"
        lines = "(length(split(datum.w, '\\n')) - 1)"
        above = f"-{FOOT + BAR + 4} - {LINE} * (many + {lines})"
        text: Look = {"lineBreak": "\n", "lineHeight": LINE, "baseline": "middle"}
        place: Look = {
            "align": ref("stacked ? 'left' : 'right'"),
            "yOffset": ref(f"stacked ? {above} : foot - {LINE / 2} * {lines}"),
        }
        line = blank().mark_rule(color=GRID)
        return [
            blank()
            .transform_calculate(w=first)
            .mark_text(**text, **place)
            .encode(**placed(x=f"stacked ? 0 : left - {GAP}"), y=self._y, text="w:N"),
            line.encode(**placed(x="1", x2="width - 1"), y=self._y),
        ]

    def _heads(self) -> "list[alt.Chart]":
        import altair as alt

        rows = [{"said": one.head, "place": place} for place, one in enumerate(self.columns)]
        chart = alt.Chart(values(rows)).transform_calculate(w=wrapped("datum.said", "column - 6"))
        high = f"-10 - {LINE} * (length(split(datum.w, '\\n')) - 1)"
        return [
            chart.mark_text(align="left", color=QUIET, lineBreak="\n", lineHeight=LINE).encode(
                **placed(x="left + datum.place * column", y=high), text="w:N"
            )
        ]

    def _column(self, x: str, column: Reached) -> "list[alt.Chart]":
        """Return the bars of a column that begins at `x`, and what stands after or above them."""
        import altair as alt

        long = (
            f"({column.of} && isValid({column.count}) ? longest * {column.count} / {self.most} : 0)"
        )
        after = f"stacked ? {x} : {x} + {long} + ({long} ? 5 : 0)"
        digit = width_of("8", bold=True)
        then = f"min(width, ({after}) + {digit:.1f} * length('' + ({column.first})) + 4)"
        text: Look = {"align": "left", "baseline": "middle"}
        room = f"stacked ? column - 6 : {WIDEST}"
        lines = "length(split(datum.w, '\\n')) - 1"
        high = ref(f"stacked ? -{FOOT + BAR + 3} - {LINE} * ({lines}) : foot")
        # A rectangle: Vega reckons that a line sticks out at its ends as far as it is thick.
        bar = blank().mark_rect(
            color=column.colour,
            opacity=ref(f"{long} > 0 ? 1 : 0"),
            yOffset=ref(f"foot - {BAR / 2:g}"),
            y2Offset=ref(f"foot + {BAR / 2:g}"),
        )
        foot = alt.Y2(f"r.{self.id}", bandPosition=1)
        layers = [bar.encode(**placed(x=x, x2=f"{x} + {long}"), y=self._y, y2=foot)]
        looks: tuple[tuple[str, str, Look], ...] = (
            (column.first, after, {"fontWeight": "bold", "color": INK}),
            (column.second, then, {"color": QUIET}),
        )
        for said, place, look in looks:
            layers.append(
                blank()
                .transform_calculate(w=f"{column.of} ? {wrapped(said, room, bold=True)} : ''")
                .mark_text(**text, **look, yOffset=high, lineBreak="\n", lineHeight=LINE)
                .encode(**placed(x=place), y=self._y, text="w:N")
            )
        return layers
