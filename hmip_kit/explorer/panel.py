"""`explore`: the panel as one widget. It holds the state; `choices` and `parts` say what to show, `views` show it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from hmip_kit.explorer import choices, stored
from hmip_kit.explorer.cases import CasesTable
from hmip_kit.explorer.parts import OPEN, Part, parts_of
from hmip_kit.explorer.tools import Tools
from hmip_kit.explorer.views import FormView, PicturesView
from hmip_kit.filters import Filters
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.measures.words import practice_name
from hmip_kit.picture import specification


def explore(inspection: Inspection) -> "Explorer":
    """Return a panel that opens on the whole sample: filters with counts, and pictures that follow them.

    `panel.inspection` is the inspection as filtered, `panel.filters` the state; setting `filters`, to a state or a dictionary, moves the
    panel. An inspection that is filtered already opens so. An inspection without cases gives a panel that shows its totals and says that
    there is nothing to filter. A state that the sample does not have raises `UnknownName` and leaves the panel as it was.

    >>> import hmip_kit as hk
    >>> panel = hk.explore(hk.load("practice-cases"))
    >>> panel.filters = {"sentence_type": "Licence"}
    >>> panel.inspection.size, panel.filters.code
    (19, ".where(sentence_type='Licence')")
    """
    return Explorer(inspection)


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A panel of filters and pictures on one inspection's cases."""

    filters: Any = traitlets.Any(default_value=Filters())

    def __init__(self, inspection: Inspection) -> None:
        self.sample = inspection.whole or inspection
        self.inspection = self.sample
        self.parts = parts_of(self.sample)
        self._made_of, self._findings = self.sample, dict[tuple[str, ...], Finding]()
        self.form = FormView()
        self.pictures = PicturesView(
            parts=[{"name": part.name, "label": part.label} for part in self.parts],
            opened=list(OPEN),
        )
        self.cases = CasesTable(self.sample)
        self.tools = Tools(self.sample, self.parts, self.save, self.change_sample, self._regrouped)
        with_cases = [self.cases] if self.sample.cases_are != "none" else []
        super().__init__([self.form, self.tools, self.pictures, *with_cases])
        self.form.on_msg(self._chosen)
        self.pictures.observe(lambda _: self._show_pictures(), "opened")
        self.filters = inspection.filters
        self._show()
        self.observe(lambda _: self._show(), "filters")

    @traitlets.validate("filters")
    def _check(self, proposal: Mapping[str, Any]) -> Filters:
        """Take a state or a dictionary; refuse what the sample does not have."""
        given = proposal["value"]
        filters = given if isinstance(given, Filters) else Filters.of(given)
        self.inspection = self.sample.filtered(filters) if filters else self.sample
        return filters

    def finding(self, name: str) -> Finding:
        """Return a part of the panel as it stands: a finding of the filtered cases. `parts` lists the names."""
        part = next(part for part in self.parts if part.name == name)
        return self._made(part)

    def save(self, name: str, kind: str, folder: Path | str = ".") -> Path:
        """Write a part as it stands: "csv", "xlsx", "png" or "svg"; return the file's path."""
        from hmip_kit.explorer.saving import save

        return save(self.finding(name), kind, folder)

    def reset(self) -> None:
        """Return to the whole sample."""
        self.filters = Filters()

    def change_sample(self, sample: Inspection) -> None:
        """Put other cases in the panel, under the same filters as far as those cases have them."""
        self.sample = self.inspection = sample
        known = sample.filterable
        kept = {
            name: [one for one in values if one in known.get(name, ())]
            for name, values in self.filters.choices
        }
        self.pictures.specs = {}
        self.filters = Filters.of(kept)
        self._check({"value": self.filters})
        self._show()

    def _made(self, part: Part) -> Finding:
        """Return a part's finding; the same one until the cases or the groups change."""
        by = (self.tools.by,) if part.by else ()
        if self._made_of is not self.inspection:
            self._made_of, self._findings = self.inspection, {}
        if (part.name, *by) not in self._findings:
            self._findings[part.name, *by] = part.make(self.inspection, *by)
        return self._findings[part.name, *by]

    def _chosen(self, _: object, content: Mapping[str, Any], __: object) -> None:
        if content.get("reset"):
            self.reset()
        else:
            self.filters = choices.toggled(
                self.filters, content["name"], content["value"], content["chosen"]
            )

    def _regrouped(self) -> None:
        """Draw the parts that are made by a characteristic again: their axes are the groups."""
        by = [part.name for part in self.parts if part.by]
        self.pictures.specs = {
            name: spec for name, spec in self.pictures.specs.items() if name not in by
        }
        self._show_pictures()

    def _show(self) -> None:
        self.form.shown = {
            "groups": choices.groups(self.sample, self.filters),
            "sentence": choices.sentence(self.inspection),
            "label": practice_name(self.sample),
            "code": choices.code(self.inspection),
        }
        self._show_pictures()
        self.cases.set(self.inspection)

    def _show_pictures(self) -> None:
        findings = {
            part.name: self._made(part) for part in self.parts if part.name in self.pictures.opened
        }
        new = {
            name: specification(finding)
            for name, finding in findings.items()
            if name not in self.pictures.specs
        }
        if new:
            self.pictures.specs = self.pictures.specs | {
                name: stored.bare(spec) for name, spec in new.items() if spec
            }
        self.pictures.shown = {name: _shown(finding) for name, finding in findings.items()}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the live view with what stays when the notebook is saved or shared: a picture, words, and the findings as data."""
        live = super()._repr_mimebundle_(**kwargs)
        data, metadata = stored.bundle_of([self._made(part) for part in self.parts])
        return {**live, **data}, metadata


def _shown(finding: Finding) -> dict[str, Any]:
    words = {
        name: getattr(finding, name) for name in ("title", "sentence", "measure", "cases", "notes")
    }
    return {**words, "columns": dict(finding.columns), "rows": finding.records}
