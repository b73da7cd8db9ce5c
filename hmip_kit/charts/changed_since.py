"""Has it changed since? A published inspection against one's own later audit, or what such an audit would have to show."""

from hmip_kit.charts.absent import absent
from hmip_kit.charts.change import change
from hmip_kit.charts.sample_size import later_sample
from hmip_kit.errors import KitError
from hmip_kit.finding import Finding
from hmip_kit.inspection import Inspection

MEASURE = "Change since the inspection"


def changed_since(published: Inspection, later: Inspection) -> Finding:
    """Return each key question at the inspection and in one's own later audit, and which changes lie beyond chance.

    Practice cases are no later audit: with them it is what an audit of as many cases would have to show for a change to lie beyond
    chance. Where the two do not compare, as with two units or too few cases, there are words that say why. Rows: those of `charts.change`
    or of `charts.later_sample`.

    >>> import hmip_kit as hk
    >>> changed_since(hk.load("lewisham-bromley-2022"), hk.load("practice-cases")).name
    'later_sample'
    """
    try:
        return (
            later_sample(published, later.size)
            if later.cases_are == "practice"
            else change(published, later)
        )
    except KitError as error:
        return absent(
            later if later.cases_are == "own" else published, "change", MEASURE, f"{error}."
        )
