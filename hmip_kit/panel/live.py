"""What is shown live of cases, and is not saved: it goes to the view by message.

A widget's state is saved with a notebook, whoever runs it. What is told by message is not: the
state holds one picture with its words, as a page for sharing may show them.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from hmip_kit import front
from hmip_kit.counts import truth
from hmip_kit.errors import KitError
from hmip_kit.filters import Filters
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.panel.saving import save
from hmip_kit.protect.bundle import Bundle, kept, words_of

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
    """A widget that draws, with what is `stored` of it: see `stored_of`.

    A card asks for its finding to be saved, or for the cases behind one of its rows; `made` gives
    the finding of a card by its name, as it is now.
    """

    stored: Any = traitlets.Dict().tag(sync=True)
    _vega_told: ClassVar[bool] = False

    def __init__(self, made: Callable[[str], Finding], **state: Any) -> None:
        super().__init__(**state)
        self.made = made
        self.on_msg(self._wanted)
        if not Drawing._vega_told:  # before the cells that wait to run; a view asks where it must
            Drawing._vega_told = True
            self.send(VEGA)

    def _wanted(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """Answer a card. Whose cases they are goes by message alone, so that nothing keeps it."""
        card = content.get("card", "")
        if "save" in content:
            try:
                said = f"Saved as {save(self.made(card), content['save']).resolve()}"
            except (KitError, OSError) as error:
                said = f"Not saved: {error}"
            self.send({"answer": {"card": card, "saved": said}})
        if "row" in content:
            self.send({"answer": {"card": card, "cases": behind(self.made(card), content["row"])}})


def card_told(finding: Finding) -> dict[str, Any]:
    """Return what is told of a `finding`, and whether its cases can be seen: rows of tallies."""
    held = finding.inspection.held is not None  # its cases stay where they are
    seen = bool(finding.tallies) and finding.inspection.has_cases and not held
    return {**words_of(finding), "seen": seen}


def behind(finding: Finding, row: int) -> str:
    """Return which cases a `row` of a `finding` counts, and which others it is out of.

    >>> import hmip_kit as hk
    >>> cases = hk.load("practice-cases").where(sentence_type="Licence", need="Accommodation")
    >>> behind(cases.show.key_questions(), 7)[:52]
    'practice-a-03, practice-a-15. Others: practice-a-02,'
    """
    inspection, (yes, *more) = finding.inspection, finding.tallies.items()
    keys = [yes[1][row], *(every[row] for column, every in more if column == "n")]
    counted, *of = [truth(inspection, key) for key in keys]
    ids, kept = inspection.sample.cases["case_id"].astype("str"), inspection.keep
    parts = [counted, *(base & ~counted for base in of)]
    said = [", ".join(ids[one if kept is None else one & kept]) or "none" for one in parts]
    return ". Others: ".join(said)


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
                now = _under(finding, choice.filters)
                self.made = lambda _: now
                self.shown = card_told(now)
                if now is finding and choice.filters:
                    self.shown = {**self.shown, "cases": f"{finding.cases}; {STAYS}"}

        choice.observe(chosen, "filters")
        self.back = chosen
        if choice.filters:
            chosen()


def live(finding: Finding, spec: Mapping[str, Any] | None) -> Bundle:
    """Return the mime bundle of a `finding` with a picture `spec`: live, and what is saved."""
    saved, metadata = kept(finding)
    shown, stored = card_told(finding), stored_of(saved)
    view = LiveFinding(lambda _: finding, stored=stored, spec=spec, shown=shown)
    if finding.inspection.has_cases:
        view.follow(finding)
    view.send({"shown": view.shown, "spec": view.spec})
    made: Any = view._repr_mimebundle_()
    return {**made[0], **saved}, metadata


def _under(finding: Finding, filters: Filters) -> Finding:
    """Return a `finding` as it is of the cases chosen by `filters`, where it follows them."""
    if filters and finding.remade:
        return finding.remade(finding.inspection.filtered(filters))
    return finding


def stored_of(bundle: Mapping[str, Any]) -> dict[str, str]:
    """Return what a widget's state holds of a saved `bundle`: words, and a picture where one is."""
    return {"words": bundle["text/plain"], "image": bundle.get("image/png", "")}
