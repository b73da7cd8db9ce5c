"""`explore`: the panel as one widget. It holds the state; `choices` and `parts` say what to show, `views` show it."""

from collections.abc import Mapping
from typing import Any

import ipywidgets
import traitlets

from hmip_kit.explorer import choices, stored
from hmip_kit.explorer.parts import OPEN, Part, parts_of
from hmip_kit.explorer.views import FormView, PicturesView
from hmip_kit.filters import Filters
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.words import practice_name
from hmip_kit.picture import specification


def explore(inspection: Inspection) -> "Explorer":
    """Return a panel that opens on the whole sample: filters with counts, and pictures that follow them.

    `panel.inspection` is the inspection as filtered, `panel.filters` the state; setting `filters` moves the panel. An inspection
    without cases gives a panel that shows its totals and says that there is nothing to filter.

    >>> import hmip_kit as hk
    >>> panel = hk.explore(hk.load("practice-cases"))
    >>> panel.filters = hk.Filters.of({"sentence_type": "Licence"})
    >>> panel.inspection.size
    19
    """
    return Explorer(inspection)


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A panel of filters and pictures on one inspection's cases."""

    filters: Any = traitlets.Instance(Filters, args=())

    def __init__(self, inspection: Inspection) -> None:
        self.sample = inspection.whole or inspection
        self.inspection = self.sample
        self.parts = parts_of(self.sample)
        self.form = FormView()
        self.pictures = PicturesView(parts=[{"name": part.name, "label": part.label} for part in self.parts], opened=list(OPEN))
        super().__init__([self.form, self.pictures])
        self.form.on_msg(self._chosen)
        self.observe(self._moved, "filters")
        self.pictures.observe(self._opened, "opened")
        self._show()
        if inspection.filters:
            self.filters = inspection.filters

    @traitlets.validate("filters")
    def _check(self, proposal: Mapping[str, Any]) -> Filters:
        """Refuse a state that the sample does not have; a plain dictionary is taken as a state."""
        filters = proposal["value"]
        if filters:
            self.sample.filtered(filters)
        return filters if isinstance(filters, Filters) else Filters.of(filters)

    def finding(self, name: str) -> Finding:
        """Return a part of the panel as it stands: a finding of the filtered cases."""
        return self._part(name).make(self.inspection)

    def reset(self) -> None:
        """Return to the whole sample."""
        self.filters = Filters()

    def _part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def _chosen(self, _: object, content: Mapping[str, Any], __: object) -> None:
        if content.get("reset"):
            self.reset()
        else:
            self.filters = choices.toggled(self.filters, content["name"], content["value"], content["chosen"])

    def _moved(self, _: object) -> None:
        self.inspection = self.sample.filtered(self.filters)
        self._show()

    def _opened(self, _: object) -> None:
        self._show_pictures()

    def _show(self) -> None:
        self.form.shown = {
            "groups": choices.groups(self.sample, self.filters),
            "sentence": choices.sentence(self.inspection),
            "label": practice_name(self.sample),
            "code": choices.code(self.inspection),
        }
        self._show_pictures()

    def _show_pictures(self) -> None:
        findings = {name: self.finding(name) for name in self.pictures.opened}
        new = {name: specification(finding) for name, finding in findings.items() if name not in self.pictures.specs}
        if new:
            self.pictures.specs = self.pictures.specs | {name: stored.bare(spec) for name, spec in new.items() if spec}
        wanted = ("title", "sentence", "measure", "cases", "columns", "rows", "notes")
        data = {name: finding.to_dict() for name, finding in findings.items()}
        self.pictures.shown = {name: {key: one[key] for key in wanted} for name, one in data.items()}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the live view with what stays when the notebook is saved, or shared: a picture, words, findings and tallies."""
        live = super()._repr_mimebundle_(**kwargs)
        data, metadata = stored.bundle_of([part.make(self.inspection) for part in self.parts])
        return {**live, **data}, metadata
