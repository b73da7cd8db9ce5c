"""The panel as one widget: it holds the state; `choices` says what to show, `views` show it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any

import ipywidgets
import traitlets
from IPython.display import display

from hmip_kit.doors import index
from hmip_kit.errors import unknown
from hmip_kit.filters import Filters
from hmip_kit.findings import Finding
from hmip_kit.inspection import Inspection
from hmip_kit.panel.cases import CasesTable
from hmip_kit.panel.choices import named, offered, sentence, size_said, toggled
from hmip_kit.panel.live import Chosen, card_told, stored_of
from hmip_kit.panel.views import FormView, PicturesView, Tools
from hmip_kit.protect.bundle import Bundle, kept_all, specification
from hmip_kit.protect.payload import Form
from hmip_kit.settings import rendering
from hmip_kit.sources.bundled import next_set

OPEN = ("key_questions",)


@dataclass(frozen=True)
class PanelPart:
    """A part of the panel: a finding that follows filters; `by`: it takes a group to go by."""

    name: str
    label: str
    make: Callable[..., Finding]
    by: bool


def parts_of(inspection: Inspection, names: Sequence[str] = ()) -> list[PanelPart]:
    """Return the parts that an `inspection` can fill: those called `names`, in that order, or all.

    Of all, those that are open come first and those by a group last. Raises `UnknownName` for a
    name of none.
    """
    following = [name for name, one in index().items() if one["follows"]]
    for name in names:
        if name not in following:
            raise unknown("finding that follows", name, following)
    holding = (
        one for one in names or following if inspection.holds.issuperset(index()[one]["needs"])
    )
    parts = [part for part in map(_part, holding) if inspection.characteristics or not part.by]
    return parts if names else sorted(parts, key=lambda one: (one.name not in OPEN, one.by))


def _part(name: str) -> PanelPart:
    one = index()[name]
    make = getattr(import_module(f"hmip_kit.findings.{one['topic']}"), name)
    by = signature(make).parameters.get("by")
    return PanelPart(name, one["label"], make, by is not None and by.default is not None)


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A panel of filters and pictures on an inspection's cases: see `Inspection.explore`.

    Parameters
    ----------
    inspection : Inspection
        What to explore; one that is filtered already opens so.
    names : sequence of str
        The findings to show, all open; none: all that follow filters.

    Raises
    ------
    UnknownName
        For a finding that does not follow filters, and when `filters` is set to what the sample
        does not have; the panel stays as it was.
    """

    filters: Any = traitlets.Any(default_value=Filters())

    def __init__(self, inspection: Inspection, names: Sequence[str] = ()) -> None:
        self.sample = self.inspection = inspection.sample
        self.parts = parts_of(self.sample, names)
        self._made_of, self._findings = self.sample, dict[tuple[str, ...], Finding]()
        self.form = FormView()
        named = [{"name": part.name, "label": part.label} for part in self.parts]
        self.pictures = PicturesView(self.finding, parts=named, opened=[*(names or OPEN)])
        self.cases = CasesTable(self.sample)
        self.tools = Tools(self.sample, self.another_sample, self._regrouped)
        one_by_one = self.sample.has_cases and self.sample.held is None  # else they stay there
        with_cases = [self.cases] if one_by_one else []
        beside = ipywidgets.HBox([self.form, self.pictures], layout={"overflow": "hidden"})
        super().__init__([beside, self.tools, *with_cases])
        self.form.on_msg(self._chosen)
        self.pictures.observe(lambda _: self._show_pictures(self._opened()), "opened")
        self.choice = Chosen.of(self.sample)
        self.filters = inspection.filters or self.choice.filters
        self._show()
        self.observe(self._changed, "filters")
        self.choice.observe(self._follow, "filters")
        self.choice.filters = self.filters
        self.form.back = lambda: self._follow(None)

    def _changed(self, _: object) -> None:
        """Show what is chosen here, then wherever else the same cases are shown."""
        self._show()
        self.choice.filters = self.filters

    def _follow(self, _: object) -> None:
        if not self.form.is_gone:
            self.filters = self.choice.filters

    @traitlets.validate("filters")
    def _check(self, proposal: Mapping[str, Any]) -> Filters:
        """Take a state or a dictionary; refuse what the sample does not have."""
        given = proposal["value"]
        filters = given if isinstance(given, Filters) else Filters.of(given)
        self.inspection = self.sample.filtered(filters) if filters else self.sample
        return filters

    def finding(self, name: str) -> Finding:
        """Return the part `name` as it stands: a finding of the filtered cases."""
        return self._made(next(part for part in self.parts if part.name == name))

    def reset(self) -> None:
        """Return to the whole sample."""
        self.filters = Filters()

    def another_sample(self) -> None:
        """Put the next practice cases in the panel, under the same filters as far as they go."""
        self.sample = self.inspection = sample = next_set(self.sample)
        self.choice.unobserve(self._follow, "filters")
        self.choice = Chosen.of(sample)
        self.choice.observe(self._follow, "filters")
        known, chosen = sample.filterable, self.filters.to_dict()
        kept = {
            name: [one for one in chosen[name] if one in known.get(name, ())] for name in chosen
        }
        self.pictures.specs = {}  # their axes are the sample's
        self.filters = Filters.of(kept)
        self._check({"value": self.filters})
        self._show()

    def _made(self, part: PanelPart) -> Finding:
        """Return a part's finding; the same one until the cases or the groups change."""
        by = (self.tools.group.value,) if part.by else ()
        if self._made_of is not self.inspection:
            self._made_of, self._findings = self.inspection, {}
        if (part.name, *by) not in self._findings:
            self._findings[part.name, *by] = part.make(self.inspection, *by)
        return self._findings[part.name, *by]

    def _chosen(self, _: object, content: Mapping[str, Any], __: object) -> None:
        if content.get("reset"):
            self.reset()
        else:
            choice = (content["name"], content["value"], content["chosen"])
            self.filters = toggled(self.filters, *choice)

    def _regrouped(self) -> None:
        """Draw the parts that go by a group again: their axes are the groups."""
        for part in self.parts:
            if part.by:
                self.pictures.specs.pop(part.name, None)
        self._show_pictures(self._opened())

    def _show(self) -> None:
        """Show what is chosen: a picture in sight, then the rail, and last the other pictures."""
        opened = self._opened()
        self._show_pictures(opened[:1])
        shown: Form = {
            "size": size_said(self.inspection),
            "whole": self.sample.size,
            "groups": offered(self.sample, self.filters),
            "sentence": sentence(self.inspection),
            "label": self.sample.practice_name,
            "code": f"{named(self.sample)}{self.inspection.filters.code}",
        }
        self.form.shown = shown
        self._show_pictures(opened[1:])
        self.cases.set(self.inspection)

    def _show_pictures(self, parts: Sequence[PanelPart]) -> None:
        """Show each of the `parts` as soon as it is known; before anybody looks, none."""
        for part in parts if self.pictures.on_display else ():
            found = self._made(part)
            spec = None if part.name in self.pictures.specs else specification(found)
            self.pictures.show(part.name, card_told(found), spec)

    def _opened(self) -> list[PanelPart]:
        """Return the parts that are open, those in sight first."""
        opened = [part for part in self.parts if part.name in self.pictures.opened]
        return sorted(opened, key=lambda part: part.name not in self.pictures.in_sight)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        """Return what stays when the notebook is saved or shared."""
        made = [self._made(part) for part in self.parts]
        some = [one for one in made if one.recount]  # what does not follow on a page stands there
        data, metadata = kept_all(some or made)
        self.pictures.stored = stored_of(data)
        return data, metadata

    def _ipython_display_(self) -> None:
        """Show the live view at once, then what stays: drawing that takes longer."""
        hidden: dict[str, Any] = {}
        if not rendering():
            live = super()._repr_mimebundle_()
            del live["text/plain"]
            display(live, raw=True)  # type: ignore[no-untyped-call]
            self.pictures.on_display = True
            self._show_pictures(self._opened())
            # Live, what stays is not seen: for a view without a model JupyterLab shows nothing.
            [(mime, view)] = live.items()
            hidden = {mime: {**view, "model_id": "", "of": view["model_id"]}}
        data, metadata = self._repr_mimebundle_()
        display({**data, **hidden}, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
