"""The widgets of the panel: its form, its pictures, its tools. They know no rule."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from hmip_kit.errors import KitError
from hmip_kit.inspection import Inspection
from hmip_kit.panel.live import CARDS, Drawing, Told, widget_script
from hmip_kit.picture import Spec
from hmip_kit.protect.payload import Shown
from hmip_kit.schema import ROUND, UNIT, label_of
from hmip_kit.sources.bundled import next_set

KINDS = {
    "Table (CSV)": "csv",
    "Workbook (XLSX)": "xlsx",
    "Picture with sentence and number of cases (PNG)": "png",
    "Picture (SVG)": "svg",
}


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

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.in_sight: list[str] = []
        self.on_display = False  # before, nobody looks

    def show(self, name: str, shown: Shown, spec: Spec | None) -> None:
        """Tell of the part `name` what is shown of it and, where it is drawn anew, its `spec`."""
        self.shown[name] = shown
        drawn = {name: spec} if spec else {}
        self.specs.update(drawn)
        self.send({"shown": {name: shown}, "specs": drawn})

    def _asked(self, _: object, content: Mapping[str, Any], __: object) -> None:
        super()._asked(_, content, __)
        self.in_sight = content.get("in_sight", self.in_sight)


class Tools(ipywidgets.HBox):  # type: ignore[misc]  # ipywidgets has no types
    """What to group by, saving, another practice set; each calls back, none knows the panel."""

    def __init__(
        self,
        sample: Inspection,
        parts: Sequence[Mapping[str, str]],
        save: Callable[[str, str], Path],
        change_sample: Callable[[Inspection], None],
        regroup: Callable[[], None],
    ) -> None:
        self.sample = sample
        named = {part["label"]: part["name"] for part in parts}
        last = sorted(sample.characteristics, key=lambda name: name in (ROUND, UNIT))
        groups = {label_of(name): name for name in last}
        self.group = _dropdown(groups, "Groups by", "22em")
        self.part = _dropdown(named, "Save", "22em")
        self.kind = _dropdown(KINDS, "as", "26em")
        self.button = ipywidgets.Button(description="Save")
        self.said = ipywidgets.HTML()
        another = "Another set that fits the same report"
        self.another = ipywidgets.Button(description=another, layout={"width": "auto"})
        shown = [self.group] * bool(groups) + [self.part, self.kind, self.button]
        bundled = sample.made_up and not sample.protected  # there are other sets of these
        shown += [self.another] * bundled + [self.said]
        super().__init__(shown, layout={"flex_flow": "row wrap"})
        self.group.observe(lambda _: regroup(), "value")
        self.button.on_click(lambda _: self._save(save))
        self.another.on_click(lambda _: self._change(change_sample))

    @property
    def by(self) -> str:
        """Return the characteristic that groups are made by."""
        return str(self.group.value)

    def _save(self, save: Callable[[str, str], Path]) -> None:
        try:
            path = save(self.part.value, self.kind.value)
            # a name holds the filters, and what is said here is saved with the notebook
            named = "the file" if self.sample.protected else path.name
            self.said.value = f"Saved {named} in the notebook's folder."
        except (KitError, OSError) as error:
            self.said.value = f"Not saved: {error}"

    def _change(self, change_sample: Callable[[Inspection], None]) -> None:
        self.sample = next_set(self.sample)
        change_sample(self.sample)


def _dropdown(options: Mapping[str, str], description: str, width: str) -> Any:
    return ipywidgets.Dropdown(
        options=dict(options), description=description, layout={"width": width}
    )
