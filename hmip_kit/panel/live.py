"""What is shown live of cases, and is not saved: it goes to the view by message.

A widget's state is saved with a notebook, whoever runs it. What is told by message is not: the
state holds one picture with its words, as a page for sharing may show them.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from hmip_kit import front
from hmip_kit.filters import Filters
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.protect.bundle import Bundle, kept, words_of
from hmip_kit.protect.payload import Shown

STAYS = "stays the same when you filter"
STYLES = front.styles("style.css", "panel.css")
VEGA = {"vega": f"{front.vega()}export {{ vegaEmbed }};"}


def widget_script(*names: str) -> str:
    """Return the script files of the front called `names`, for a widget that is told by message."""
    return "\n".join(front.part(name) for name in ("elements.js", "told.js", *names))


CARDS = ("table.js", "draw.js", "card.js", "live_card.js")


class Told(anywidget.AnyWidget):
    """A widget that tells its views by message what its traits named in `TELLS` hold.

    They are told when they change, and when a view asks: a second one, or after a reload.
    """

    TELLS: ClassVar[tuple[str, ...]] = ("shown",)
    _css = STYLES
    shown: Any = traitlets.Dict()

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self._views: int | None = None  # none was in view so far
        self.back: Callable[[], None] = lambda: None  # called when it comes into view again
        self.observe(lambda change: self.send({change["name"]: change["new"]}), self.TELLS)
        self.on_msg(self._asked)

    @property
    def is_gone(self) -> bool:
        """Return whether it was in view and is no more: its cell was run again, or deleted."""
        return self._views == 0

    def _asked(self, _: object, content: Mapping[str, Any], __: object) -> None:
        was_gone, self._views = self.is_gone, content.get("views", self._views)
        if was_gone and not self.is_gone:
            self.back()
        if content.get("ask") == "vega":
            self.send(VEGA)
        elif content.get("ask"):
            self.send({name: getattr(self, name) for name in self.TELLS})


class Drawing(Told):
    """A widget that draws, with what is `stored` of it: see `stored_of`."""

    stored: Any = traitlets.Dict().tag(sync=True)
    _vega_told: ClassVar[bool] = False

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        if not Drawing._vega_told:  # before the cells that wait to run; a view asks where it must
            Drawing._vega_told = True
            self.send(VEGA)


class Chosen(traitlets.HasTraits):
    """What is chosen of one sample, by whatever panel: every live picture of it follows."""

    filters: Any = traitlets.Any(default_value=Filters())
    SHARED: ClassVar[dict[tuple[str, str], "Chosen"]] = {}

    @classmethod
    def of(cls, sample: Inspection) -> "Chosen":
        """Return the one choice of a `sample` in this session."""
        return cls.SHARED.setdefault((sample.name, sample.fingerprint), cls())


class LiveFinding(Drawing):
    """One finding of cases, as it is in the session of who holds them; it follows the choice."""

    TELLS = ("shown", "spec")
    _esm = widget_script(*CARDS, "live_finding.js")
    spec: Any = traitlets.Dict(allow_none=True)

    def follow(self, finding: Finding) -> None:
        """Show the `finding` of whatever cases are chosen, or say that it stays the same."""
        choice = Chosen.of(finding.inspection.sample)

        def chosen(_: object = None) -> None:
            if not self.is_gone:
                self.shown = _under(finding, choice.filters)

        choice.observe(chosen, "filters")
        self.back = chosen
        if choice.filters:
            chosen()


def live(finding: Finding, spec: Mapping[str, Any] | None) -> Bundle:
    """Return the mime bundle of a `finding` with a picture `spec`: live, and what is saved."""
    saved, metadata = kept(finding)
    view = LiveFinding(stored=stored_of(saved), spec=spec, shown=words_of(finding))
    if finding.inspection.has_cases:
        view.follow(finding)
    view.send({"shown": view.shown, "spec": view.spec})
    shown: Any = view._repr_mimebundle_()
    return {**shown[0], **saved}, metadata


def _under(finding: Finding, filters: Filters) -> Shown:
    """Return a `finding` as it is of the cases chosen by `filters`."""
    if filters and finding.remade:
        return words_of(finding.remade(finding.inspection.filtered(filters)))
    shown = words_of(finding)
    return {**shown, "cases": f"{shown['cases']}; {STAYS}"} if filters else shown


def stored_of(bundle: Mapping[str, Any]) -> dict[str, str]:
    """Return what a widget's state holds of a saved `bundle`: words, and a picture where one is."""
    return {"words": bundle["text/plain"], "image": bundle.get("image/png", "")}
