"""The widgets of the panel: its form, its pictures, its tools. They know no rule."""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
import traitlets

from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.panel.live import CARDS, Drawing, Told, widget_script
from hmip_kit.picture import Spec
from hmip_kit.schema import ROUND, UNIT, label_of


class FormView(Told):
    """A rail of filters; `shown` is a `Form`. A choice comes as a message."""

    _esm = widget_script("rail.js", "live_card.js", "panel_form.js")


class PicturesView(Drawing):
    """All pictures of a panel.

    `parts` are fixed; of each that was open, `shown` has words and rows, and `specs` the picture,
    which is drawn once. A view says which are `in_sight`.
    """

    TELLS = ("specs", "shown")
    _esm = widget_script(*CARDS, "panel_pictures.js")
    parts: Any = traitlets.List().tag(sync=True)
    specs: Any = traitlets.Dict()
    opened: Any = traitlets.List().tag(sync=True)

    def __init__(self, made: Callable[[str], Finding], **state: Any) -> None:
        super().__init__(made, **state)
        self.in_sight: list[str] = []
        self.on_display = False  # before, nobody looks

    def show(self, name: str, shown: dict[str, Any], spec: Spec | None) -> None:
        """Tell of the part `name` what is shown of it and, where it is drawn anew, its `spec`."""
        self.shown[name] = shown
        drawn = {name: spec} if spec else {}
        self.specs.update(drawn)
        self.send({"shown": {name: shown}, "specs": drawn})

    def _asked(self, _: object, content: Mapping[str, Any], __: object) -> None:
        super()._asked(_, content, __)
        self.in_sight = content.get("in_sight", self.in_sight)


class Tools(ipywidgets.HBox):  # type: ignore[misc]  # ipywidgets has no types
    """What to group by, and another practice set; each calls back, none knows the panel."""

    def __init__(
        self,
        sample: Inspection,
        change_sample: Callable[[], None],
        regroup: Callable[[], None],
    ) -> None:
        last = sorted(sample.characteristics, key=lambda name: name in (ROUND, UNIT))
        groups = {label_of(name): name for name in last}
        width = {"width": "22em"}
        self.group = ipywidgets.Dropdown(options=groups, description="Groups by", layout=width)
        another = "Another set that fits the same report"
        self.another = ipywidgets.Button(description=another, layout={"width": "auto"})
        bundled = sample.made_up and not sample.protected  # there are other sets of these
        shown = [self.group] * bool(groups) + [self.another] * bundled
        super().__init__(shown, layout={"flex_flow": "row wrap"})
        self.group.observe(lambda _: regroup(), "value")
        self.another.on_click(lambda _: change_sample())
