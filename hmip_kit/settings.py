"""The settings that `settings.toml` holds, and the level under which a page is made."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from hmip_kit.errors import KitError, unknown

SETTINGS_SETTING = "HMIP_SETTINGS"  # the environment variable that names a file of other values
TAKES = {
    bool: "true or false",
    int: "a whole number above 0",
    float: "a number between 0 and 1",
    str: "text",
    list: "as many values",
}
COLOUR = re.compile("#[0-9A-Fa-f]{6}")


def _read() -> dict[str, Any]:
    """Return the kit's settings by their names and, over them, those of the user's own file."""
    known = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    named = os.environ.get(SETTINGS_SETTING)
    return known | _given(Path(named), known) if named else known


def _given(path: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    if not path.is_absolute():  # a notebook runs in its own folder
        raise KitError(f"{SETTINGS_SETTING} takes a whole path, not {str(path)!r}")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KitError(f"settings cannot be read from {path}: {error}") from None
    for name, value in given.items():
        if name not in known:
            raise unknown("setting", name, known)
        if not _alike(value, known[name]):
            takes = f"{TAKES[type(known[name])]}, such as {known[name]!r}"
            raise KitError(f"the setting {name} takes {takes}; {path} says {value!r}")
    return given


def _alike(value: Any, known: Any) -> bool:
    """Return whether a value can stand in the place of one that is known."""
    if type(value) is not type(known):
        return False
    if isinstance(known, list):
        return len(value) == len(known) and all(map(_alike, value, known))
    if isinstance(known, str):
        return bool(COLOUR.fullmatch(value)) == bool(COLOUR.fullmatch(known))
    return isinstance(known, bool) or (0 < value < 1 if isinstance(known, float) else value > 0)


_SET = _read()

FEWEST_FOR_A_BAR: int = _SET["FEWEST_FOR_A_BAR"]
FEWEST_FOR_A_PERCENTAGE: int = _SET["FEWEST_FOR_A_PERCENTAGE"]
ONE_IN: int = _SET["ONE_IN"]
CONFIDENCE: float = _SET["CONFIDENCE"]
CONFIDENCE_TEXT = f"{100 * CONFIDENCE:g}%"
POWER: float = _SET["POWER"]
FEWEST_UNITS: int = _SET["FEWEST_UNITS"]
FEWEST_ANSWERED: int = _SET["FEWEST_ANSWERED"]
CLOSE_TO_A_BAND: int = _SET["CLOSE_TO_A_BAND"]
BANDS_CONFIRMED: str = _SET["BANDS_CONFIRMED"]
FEW_CASES_TO_RATE: int = _SET["FEW_CASES_TO_RATE"]
FEWEST_IN_A_GROUP: int = _SET["FEWEST_IN_A_GROUP"]
FEWEST_PEOPLE: int = _SET["FEWEST_PEOPLE"]
HIDE_ALIKE_FOR_ALL: bool = _SET["HIDE_ALIKE_FOR_ALL"]
MOST_OWN_VALUES: int = _SET["MOST_OWN_VALUES"]
LONGEST_OWN_VALUE: int = _SET["LONGEST_OWN_VALUE"]
MOST_VALUES: int = _SET["MOST_VALUES"]
MOST_CELLS: int = _SET["MOST_CELLS"]
MOST_COMBINATIONS: int = _SET["MOST_COMBINATIONS"]
LARGE_FOLDER: int = _SET["LARGE_FOLDER"]
MOST_LISTED: int = _SET["MOST_LISTED"]
MOST_MARKS: int = _SET["MOST_MARKS"]
NAVY: str = _SET["NAVY"]
TEAL: str = _SET["TEAL"]
PLUM: str = _SET["PLUM"]
ORANGE: str = _SET["ORANGE"]
DARK_GREY: str = _SET["DARK_GREY"]
VIOLET: str = _SET["VIOLET"]
STRIP: str = _SET["STRIP"]
CATEGORICAL = [NAVY, TEAL, PLUM, DARK_GREY]
SEQUENTIAL: list[str] = _SET["SEQUENTIAL"]
BLUE = SEQUENTIAL[3]  # of what has no colour of its own
INK: str = _SET["INK"]
QUIET: str = _SET["QUIET"]
RULE: str = _SET["RULE"]
PAPER: str = _SET["PAPER"]
PALE: str = _SET["PALE"]
GRID: str = _SET["GRID"]
DARK: list[str] = _SET["DARK"]
COLOURS = (
    *(NAVY, TEAL, PLUM, ORANGE, VIOLET, STRIP, DARK_GREY, *SEQUENTIAL),
    *(INK, QUIET, RULE, PAPER, PALE, GRID),
)
LIGHT_TEXT_FROM: int = _SET["LIGHT_TEXT_FROM"]
FONT: str = _SET["FONT"]
WIDTH: int = _SET["WIDTH"]
CONTACT: str = _SET["CONTACT"]
ACCESSIBILITY: str = _SET["ACCESSIBILITY"]
CELL_SECONDS: int = _SET["CELL_SECONDS"]
AT_ONCE: int = _SET["AT_ONCE"]
RELEASES_KEPT_DAYS: int = _SET["RELEASES_KEPT_DAYS"]

Level = Literal["sharing", "unit"]  # for sharing; for the unit only
LEVELS: tuple[Level, ...] = get_args(Level)
LEVEL_NAMES = {"sharing": "for sharing", "unit": "for the unit only"}
LEVEL_SETTING = "HMIP_LEVEL"  # the environment variable that says what `--level` else says
RENDER_SETTING = "HMIP_RENDER"  # the one that `hmip render` sets to the level, while a page is made
WITHHELD_SETTING = "HMIP_WITHHELD"  # the one in which it says what earlier pages forbid
CASES_SETTING = "HMIP_CASES"  # the one in which it says which cases of a database are on record
RELEASES_SETTING = "HMIP_RELEASES"  # the one that names the folder of the record of releases


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
