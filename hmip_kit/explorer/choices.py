"""What the panel offers to choose, with counts, and what it says: plain data, without widgets."""

from typing import Any

import numpy as np

from hmip_kit.coded import Mask
from hmip_kit.filters import Filters
from hmip_kit.inspection import Inspection
from hmip_kit.measures.words import FEWEST_FOR_A_PERCENTAGE, cases_word, practice_name
from hmip_kit.schema import NEED, label_of

Group = dict[str, Any]


def groups(sample: Inspection, filters: Filters) -> list[Group]:
    """Return one group of choices per characteristic, and one of needs: `name, label, values`.

    A value is `value, count, chosen`; its count is the number of cases it would leave under the other groups' filters. An inspection
    without cases gives no groups.
    """
    if sample.cases_are == "none":
        return []
    return [_group(sample, filters, name, values) for name, values in sample.filterable.items()]


def _group(sample: Inspection, filters: Filters, name: str, values: list[str]) -> Group:
    others = sample.filtered(filters.without(name)).keep
    keep = np.ones(sample.size, dtype=bool) if others is None else others
    chosen = dict(filters.choices).get(name, ())
    counted = zip(values, _counts(sample, name, values, keep), strict=True)
    return {
        "name": name,
        "label": label_of(name),
        "values": [
            {"value": value, "count": int(count), "chosen": value in chosen}
            for value, count in counted
        ],
    }


def _counts(sample: Inspection, name: str, values: list[str], keep: Mask) -> list[int]:
    if name != NEED:
        codes = sample.cases[name].cat.codes.to_numpy()[keep]
        return [int(count) for count in np.bincount(codes, minlength=len(values))]
    needs = list(sample.frames["needs"]["need"].cat.categories)
    having = sample.has_need[keep].sum(axis=0)
    return [int(having[needs.index(value)]) for value in values]


def toggled(filters: Filters, name: str, value: str, chosen: bool) -> Filters:
    """Return the filters with one value more, or one less.

    >>> toggled(Filters.of({"sex": "Male"}), "sex", "Female", True).to_dict()
    {'sex': ['Male', 'Female']}
    """
    state = filters.to_dict()
    state[name] = [one for one in state.get(name, []) if one != value] + ([value] if chosen else [])
    return Filters.of(state)


def sentence(inspection: Inspection) -> str:
    """Return which cases are shown and, when they are few, a warning.

    >>> import hmip_kit as hk
    >>> sentence(hk.load("practice-cases").where(sentence_type="Licence", need="Accommodation"))[:65]
    'Made-up cases. Sentence type: Licence; need: Accommodation: 7 of '
    """
    start = "Made-up cases. " if practice_name(inspection) else ""
    if inspection.cases_are == "none":
        return (
            f"{inspection.title} has published totals and no cases: the pictures below show the totals, and there is nothing to filter. "
            "Load a case file, or practice cases, to filter."
        )
    label = inspection.filters.label
    shown = f"{label[0].upper()}{label[1:]}" if label else "All cases"
    said = f"{start}{shown}: {inspection.size} of {inspection.sample_size} {cases_word(inspection.sample_size)}."
    if inspection.size == 0:
        return f"{said} No case is left: choose fewer filters."
    if inspection.size < FEWEST_FOR_A_PERCENTAGE:
        return f"{said} A small group: read the counts, not the percentages."
    return said


def code(inspection: Inspection) -> str:
    """Return the view as code for the next cell.

    >>> import hmip_kit as hk
    >>> code(hk.load("practice-cases").where(sex="Male"))
    "cases.where(sex='Male')"
    """
    return f"cases{inspection.filters.code}"
