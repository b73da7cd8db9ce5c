"""What is shown live of one's own cases, and is not saved: it goes to the view by message.

A widget's state is saved with a notebook, whoever runs it. What is told by message is not: the
state holds one picture with its words, as a page for sharing may show them.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from hmip_kit import front
from hmip_kit.findings import Finding
from hmip_kit.protect.bundle import Bundle, kept, words_of

STYLES = front.styles("style.css", "panel.css")
VEGA = {"vega": f"{front.vega()}export {{ vegaEmbed }};"}


def widget_script(*names: str) -> str:
    """Return the script files of the front called `names`, for a widget that is told by message."""
    return "\n".join(front.part(name) for name in ("elements.js", "told.js", *names))


class Told(anywidget.AnyWidget):
    """A widget that tells its views by message what its traits named in `TELLS` hold.

    They are told when they change, and when a view asks: a second one, or after a reload.
    """

    TELLS: ClassVar[tuple[str, ...]] = ("shown",)
    _css = STYLES
    shown: Any = traitlets.Dict()

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.observe(lambda change: self.send({change["name"]: change["new"]}), self.TELLS)
        self.on_msg(self._asked)

    def _asked(self, _: object, content: Mapping[str, Any], __: object) -> None:
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


class LiveFinding(Drawing):
    """One finding of one's own cases, as it is in the session of who holds them."""

    TELLS = ("shown", "spec")
    _esm = widget_script("draw.js", "frame.js", "live_finding.js")
    spec: Any = traitlets.Dict(allow_none=True)


def live(finding: Finding, spec: Mapping[str, Any] | None) -> Bundle:
    """Return the mime bundle of a `finding` with a picture `spec`: live, and what is saved."""
    saved, metadata = kept(finding)
    view = LiveFinding(stored=stored_of(saved), spec=spec, shown=words_of(finding))
    view.send({"shown": view.shown, "spec": view.spec})
    shown: Any = view._repr_mimebundle_()
    return {**shown[0], **saved}, metadata


def stored_of(bundle: Mapping[str, Any]) -> dict[str, str]:
    """Return what a widget's state holds of a saved `bundle`: words, and a picture where one is."""
    return {"words": bundle["text/plain"], "image": bundle.get("image/png", "")}
