"""The panel's tools: what to compare by, saving, and another set of practice cases."""

from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets

from hmip_kit.errors import KitError
from hmip_kit.explorer.parts import Part
from hmip_kit.inspection import Inspection
from hmip_kit.schema import label_of
from hmip_kit.sources.practice_sets import next_set

KINDS = {
    "Table (CSV)": "csv",
    "Workbook (XLSX)": "xlsx",
    "Picture with sentence and number of cases (PNG)": "png",
    "Picture (SVG)": "svg",
}


class Tools(ipywidgets.HBox):  # type: ignore[misc]  # ipywidgets has no types
    """A row of tools; each calls back, none knows the panel."""

    def __init__(
        self,
        sample: Inspection,
        parts: Sequence[Part],
        save: Callable[[str, str], Path],
        change_sample: Callable[[Inspection], None],
        regroup: Callable[[], None],
    ) -> None:
        self.sample = sample
        groups = {label_of(name): name for name in sample.characteristics}
        self.group = ipywidgets.Dropdown(
            options=groups, description="Groups by", layout={"width": "22em"}
        )
        self.part = ipywidgets.Dropdown(
            options={part.label: part.name for part in parts},
            description="Save",
            layout={"width": "22em"},
        )
        self.kind = ipywidgets.Dropdown(options=KINDS, description="as", layout={"width": "26em"})
        self.button = ipywidgets.Button(description="Save")
        self.said = ipywidgets.HTML()
        self.another = ipywidgets.Button(
            description="Another set that fits the same report", layout={"width": "auto"}
        )
        made_up = [self.another] if sample.cases_are == "practice" else []
        super().__init__(
            [
                *([self.group] if groups else []),
                self.part,
                self.kind,
                self.button,
                *made_up,
                self.said,
            ],
            layout={"flex_flow": "row wrap"},
        )
        self.group.observe(lambda _: regroup(), "value")
        self.button.on_click(lambda _: self._save(save))
        self.another.on_click(lambda _: self._change(change_sample))

    @property
    def by(self) -> str:
        """Return the characteristic that groups are made by."""
        return str(self.group.value)

    def _save(self, save: Callable[[str, str], Path]) -> None:
        try:
            self.said.value = (
                f"Saved {save(self.part.value, self.kind.value).name} in the notebook's folder."
            )
        except (KitError, OSError) as error:
            self.said.value = f"Not saved: {error}"

    def _change(self, change_sample: Callable[[Inspection], None]) -> None:
        self.sample = next_set(self.sample)
        change_sample(self.sample)
