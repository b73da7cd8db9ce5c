"""What the panel offers to choose, with counts, and what it says: plain data, no widgets."""

from collections.abc import Mapping
from typing import Any

from hmip_kit.cases import has
from hmip_kit.counts import ALL, count
from hmip_kit.filters import Filters
from hmip_kit.inspection import Inspection
from hmip_kit.protect.payload import Choice, Group
from hmip_kit.schema import NEED, label_of
from hmip_kit.settings import FEWEST_FOR_A_PERCENTAGE
from hmip_kit.sources.bundled import folders
from hmip_kit.stats.words import WHOLE, capital, cases_word, say


def offered(sample: Inspection, filters: Filters) -> list[Group]:
    """Return a group of choices per characteristic of a `sample`, and one of needs.

    A value is `value, count, chosen`; its count is how many cases it would leave under the choices
    that `filters` make of the others. Without cases there are no groups.
    """
    found: list[Group] = []
    for name, values in sample.filterable.items():
        counts = _counts(sample.filtered(filters.without(name)), name, values)
        listed: list[Choice] = [
            {"value": value, "count": int(many), "chosen": value in filters.chosen(name)}
            for value, many in zip(values, counts, strict=True)
        ]
        found.append({"name": name, "label": label_of(name), "values": listed})
    return found


def _counts(inspection: Inspection, name: str, values: list[str]) -> list[int]:
    """Return how many of an inspection's cases have each of the values."""
    if name != NEED:
        return list(count(inspection, [ALL], by=[name])[ALL])
    cases = inspection.all_cases
    truths = {value: has(cases, NEED, (value,)) for value in values}
    return list(cases.count(truths, where=inspection.keep).iloc[0])


def named(sample: Inspection) -> str:
    """Return code that gives a `sample`: the session's own name for it, else how it is loaded."""
    from IPython import get_ipython

    known: Mapping[str, Any] = getattr(get_ipython(), "user_ns", {})
    mine = (name for name, one in known.items() if one is sample and not name.startswith("_"))
    loaded = f"hk.load({sample.name!r})" if sample.name in folders() else "cases"
    return next(mine, loaded)


def toggled(filters: Filters, name: str, value: str, chosen: bool) -> Filters:
    """Return `filters` with a `value` of `name` more where it is `chosen`, else one less.

    >>> toggled(Filters.of({"sex": "Male"}), "sex", "Female", True).to_dict()
    {'sex': ['Male', 'Female']}
    """
    state = filters.to_dict()
    state[name] = [one for one in state.get(name, []) if one != value] + [value] * chosen
    return Filters.of(state)


def size_said(inspection: Inspection) -> str:
    """Return how many of an `inspection`'s cases are in sight, as the head of the rail has it.

    >>> import hmip_kit as hk
    >>> size_said(hk.load("practice-cases").where(sentence_type="Licence"))
    '19 of 42 practice cases'
    """
    size = inspection.sample_size
    pattern = "some in sight" if inspection.filters else WHOLE.get(size, "all cases")
    word = say("practice", word=cases_word(size)) if inspection.made_up else cases_word(size)
    return capital(say(pattern, some=inspection.size, size=size, word=word))


def sentence(inspection: Inspection) -> str:
    """Return which cases of an `inspection` are shown and, when they are few, a warning.

    >>> import hmip_kit as hk
    >>> cases = hk.load("practice-cases").where(sentence_type="Licence", need="Accommodation")
    >>> sentence(cases)[:64]
    'Made-up cases. 7 of 42 cases (sentence type: Licence; need: Acco'
    """
    if not inspection.has_cases:
        nothing = "the pictures below show published totals, and there is nothing to filter"
        return f"{inspection.title} has no cases: {nothing}. Load a case file, or practice cases."
    start = "Made-up cases. " if inspection.made_up else ""
    said = f"{start}{capital(inspection.which_cases)}."
    if inspection.size == 0:
        return f"{said} No case is left: choose fewer filters."
    few = inspection.size < FEWEST_FOR_A_PERCENTAGE
    return say("small group", said=said) if few else said
