"""Every threshold and every colour, once, and the level under which a page is made.

No rule of the inspectorate about small numbers is known: the thresholds are this kit's settings.
"""

import os
from typing import Literal, get_args

from hmip_kit.errors import unknown

# What few cases may say.
FEWEST_FOR_A_BAR = 10  # cases: below it no bar, no interval, no percentage in words, no comparison
FEWEST_FOR_A_PERCENTAGE = 20  # cases: below it the count comes first
CONFIDENCE = 0.95
POWER = 0.8
FEWEST_UNITS = 8  # of a funnel
CLOSE_TO_A_BAND = (
    5  # percentage points; status: unverified (rule "moved_by_panel" of the framework)
)
FEW_CASES_TO_RATE = 5  # status: unverified, as above

# What may leave the unit that holds the cases.
FEWEST_IN_A_GROUP = 10  # cases of a group that is shown, and of what is left outside it
FEWEST_PEOPLE = 5  # a count of people, or what is left of its base, under this is hidden
# Whether answers that are alike in a whole group are hidden for every characteristic, and not for
# those of the Equality Act 2010 and one's own columns alone.
HIDE_ALIKE_FOR_ALL = False

# What a column of the user's own may hold to be a characteristic: beyond either it is text, which
# may tell of one person alone, and is not kept.
MOST_OWN_VALUES = 20  # different values
LONGEST_OWN_VALUE = 30  # characters

# How much a page and a picture hold.
MOST_VALUES = 12  # of a characteristic that a page filters by: the smaller ones are joined
MOST_CELLS = 5_000  # combinations of values that a page carries
MOST_LISTED = 6  # rows that a sentence lists
MOST_MARKS = 200  # cases that are drawn one by one

# Colours: the Government Analysis Function's palettes. Colour is never the only sign of anything.
NAVY, TEAL, PLUM, ORANGE, DARK_GREY = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D"
CATEGORICAL = [NAVY, TEAL, PLUM, ORANGE]
SEQUENTIAL = ["#F2F2F2", "#ADD1F1", "#6BACE6", "#2073BC", "#12436D"]
INK, QUIET, RULE, PAPER, PALE = "#0B0C0C", "#505A5F", "#BFBFBF", "#FFFFFF", "#F2F2F2"
GRID = "#E6E6E6"
LIGHT_TEXT_FROM = 55  # percent: on the darker cells of a heat map white text has the contrast
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
WIDTH = 640  # points, of a picture

# How notebooks are run.
CELL_SECONDS = 600  # that a cell may take
AT_ONCE = 2  # notebooks that are run at one time

Level = Literal["sharing", "unit"]  # for sharing; for the unit only
LEVELS: tuple[Level, ...] = get_args(Level)
LEVEL_NAMES = {"sharing": "for sharing", "unit": "for the unit only"}
LEVEL_SETTING = "HMIP_LEVEL"  # the environment variable that says what `--level` else says
RENDER_SETTING = "HMIP_RENDER"  # the one that `hmip render` sets to the level, while a page is made
WITHHELD_SETTING = "HMIP_WITHHELD"  # the one in which it says what earlier pages forbid
RELEASES_SETTING = "HMIP_RELEASES"  # the one that names the folder of the record of releases
RELEASES_KEPT_DAYS = 3 * 366  # how long a release is kept on record


def rendering() -> bool:
    """Return whether a page is being made of the notebook that runs.

    >>> rendering()
    False
    """
    return level_in_force() is not None


def level_in_force() -> Level | None:
    """Return the level that a page is being made under; none in an analyst's own session.

    Raises `UnknownName` for a level that is none of `LEVELS`.

    >>> level_in_force() is None
    True
    """
    level = os.environ.get(RENDER_SETTING) or None
    known = next((one for one in LEVELS if one == level), None)
    if level and known is None:
        raise unknown("level", level, LEVELS)
    return known
