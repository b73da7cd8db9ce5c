"""Marks of rows on one scale: dots, intervals, strips, bars, and parts of a whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hmip_kit.picture import Look, blank, placed, ref
from hmip_kit.picture.text import ANY, LINE, UPRIGHT, wrapped
from hmip_kit.settings import INK, PAPER, STRIP

if TYPE_CHECKING:
    import altair as alt

IS_INTERVAL = "datum.r.bounds != 'possible' && isValid(datum.r.low)"
HOLLOW = "datum.r.bounds == 'possible'"
IS_STRIP = f"datum.r.bounds == 'possible' && isValid(datum.r.bar) && !({ANY})"


class Marks:
    """What is drawn on rows: `id` tells them apart, and `domain` is from where to where they go."""

    id: str
    domain: tuple[float, float]

    @property
    def scale(self) -> "alt.Scale":
        """Return the scale of the marks."""
        import altair as alt

        return alt.Scale(
            domain=list(self.domain),
            range=[alt.ExprRef("left"), alt.ExprRef("right")],
            nice=False,
            zero=False,
        )

    def x(self, field: str) -> Any:
        """Return the place on the scale of a `field` of the rows."""
        import altair as alt

        return alt.X(f"r.{field}:Q", scale=self.scale, axis=None)

    def y_at(self, part: float) -> Any:
        """Return the place of a row: its head at a `part` of 0, its foot at 1."""
        import altair as alt

        scale = alt.Scale(type="band", paddingInner=0, paddingOuter=0)
        return alt.Y(f"r.{self.id}:N", sort=None, axis=None, scale=scale, bandPosition=part)

    def bar(self, start: str, end: str, thick: float = 12, **look: Any) -> "alt.Chart":
        """Return bars from a field `start` to another, the `end`, so many points `thick`.

        Without a start they begin where the scale does.
        """
        import altair as alt

        mark: Look = {"strokeWidth": thick, "yOffset": ref("foot"), "opacity": 1} | look
        begin = f"datum.r.{start}" if start else f"isValid(datum.r.{end}) ? {self.domain[0]} : null"
        x = alt.X("begin:Q", scale=self.scale, axis=None)
        chart = blank().transform_calculate(begin=begin).mark_rule(**mark)
        return self._on(chart, x=x, x2=alt.X2(f"r.{end}:Q"))

    def dot(self, field: str, size: float = 90, **look: Any) -> "alt.Chart":
        """Return a dot at a `field` of the rows."""
        mark: Look = {"filled": True, "opacity": 1, "size": size, "yOffset": ref("foot")} | look
        return self._on(blank().mark_point(**mark), x=self.x(field))

    def tick(self, field: str, high: float = 16, **look: Any) -> "alt.Chart":
        """Return a thin mark at a `field` of the rows, so many points `high`."""
        mark: Look = {"size": high * high, "shape": UPRIGHT, "filled": False} | look
        mark = {"opacity": 1, "strokeWidth": 2, "yOffset": ref("foot")} | mark
        return self._on(blank().mark_point(**mark), x=self.x(field))

    def _on(self, chart: "alt.Chart", **where: Any) -> "alt.Chart":
        """Return a layer on the rows."""
        made: alt.Chart = chart.encode(**where, y=self.y_at(1))
        return made

    def interval(self, colour: Any, thick: float = 2, cap: float = 9) -> "list[alt.Chart]":
        """Return lines with caps, from `low` to `high`, in a `colour`."""
        sure = ref(f"{IS_INTERVAL} ? 1 : 0")
        line = self.bar("low", "high", thick, opacity=sure)
        caps = [self.tick(end, cap, opacity=sure) for end in ("low", "high")]
        return [one.encode(color=colour) for one in (line, *caps)]

    def shares(self, colour: Any) -> "list[alt.Chart]":
        """Return the marks of rows of shares in a `colour`.

        They are dots with an interval; hollow on a strip, where totals make something possible.
        """
        strip = ref(f"{IS_STRIP} ? 1 : 0")
        full, edge = (ref(f"{HOLLOW} ? {one}") for one in ("0 : 1", "1 : 0"))
        return [
            self.bar("low", "high", 11, opacity=strip, color=STRIP, strokeCap="round"),
            *self.interval(colour),
            self.dot("bar", opacity=full).encode(color=colour),
            self.dot("bar", opacity=edge, fill=PAPER, stroke=INK, strokeWidth=1.5),
        ]

    def parts(self, of: str, shades: Sequence[str], counts: str = "yes") -> "list[alt.Chart]":
        """Return what rows at one place add up to, one beside the other, in the order of a field.

        Each has one of the `shades` by the number in that field, `of`, and inside the number in
        the field `counts`.
        """
        import altair as alt

        chart = (
            blank()
            .transform_calculate(part="datum.r.bar", place=f"datum.r.{self.id}", of=f"datum.r.{of}")
            .transform_stack(
                stack="part", groupby=["place"], as_=["start", "end"], sort=[alt.SortField("of")]
            )
        )
        start, end = alt.X("start:Q", scale=self.scale, axis=None), alt.X2("end:Q")
        scale = alt.Scale(domain=[*range(len(shades))], range=[*shades])
        colour = alt.Color("of:O", scale=scale, legend=None)
        room = "(datum.end - datum.start) / 100 * (right - left)"
        said = f"format(datum.r.{counts}, ',')"
        inside = f"datum.part > 0 && {room} > 8 * length({said}) + 4 ? {said} : ''"
        middle = chart.transform_calculate(m="(datum.start + datum.end) / 2", w=inside)
        some = "isValid(datum.part) ? 1 : 0"
        light = f"datum.of > {len(shades) // 2} ? '{PAPER}' : '{INK}'"
        text: Look = {"yOffset": ref("foot"), "baseline": "middle"}
        at: Look = {"x": start, "x2": end, "y": self.y_at(1)}

        def bar(thick: float, wider: float) -> dict[str, Any]:
            ends: Look = {"xOffset": -wider, "x2Offset": wider}
            return {"strokeWidth": thick, "yOffset": ref("foot"), "opacity": ref(some)} | ends

        return [
            chart.mark_rule(**bar(22, 0.5), color=INK).encode(**at),
            chart.mark_rule(**bar(20, -0.5)).encode(**at, color=colour),
            middle.mark_text(**text, color=ref(light)).encode(
                x=alt.X("m:Q", scale=self.scale, axis=None), y=self.y_at(1), text="w:N"
            ),
        ]

    def slots(self, of: str, many: int) -> "alt.Chart":
        """Return the counts of rows at one place, under ten cases: each under its number, `of`."""
        few = "datum.r.n > 0 && datum.r.bar == null && datum.r.yes != null"
        said = f"{few} ? datum.r.{of} + ' of {many - 1}\\n' + datum.r.yes : ''"
        slot = f"left + (right - left) * (datum.r.{of} + 0.5) / {many}"
        chart = blank().transform_calculate(w=said)
        text: Look = {"yOffset": ref("foot"), "baseline": "middle", "lineBreak": "\n"}
        chart = chart.mark_text(**text, fontSize=11, dy=-7)
        return self._on(chart, **placed(x=slot), text="w:N")

    def words(self, field: str) -> "alt.Chart":
        """Return the words of a `field` where marks would stand."""
        said = wrapped(f"datum.r.{field} ? datum.r.{field} : ''", "right - left")
        chart = blank().transform_calculate(w=said)
        text: Look = {"align": "left", "baseline": "middle", "lineBreak": "\n", "lineHeight": LINE}
        chart = chart.mark_text(**text, yOffset=ref("foot"), dy=-8)
        return self._on(chart, **placed(x="left"), text="w:N")
