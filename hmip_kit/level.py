"""Disclosure levels: who may see what is made of cases. Here are their names and the level in force; `disclosure` applies it."""

import os
from typing import Literal, get_args

from hmip_kit.errors import unknown

Level = Literal["open", "protected", "internal"]  # each shows what those before it show
LEVELS: tuple[Level, ...] = get_args(Level)
SETTING = "HMIP_DISCLOSURE"  # the environment variable under which `hmip render` runs a notebook


def level_in_force() -> Level | None:
    """Return the disclosure level that a page is being made under; none in an analyst's own session.

    Raises `UnknownName` for a level that is none of `LEVELS`.

    >>> level_in_force() is None
    True
    """
    level = os.environ.get(SETTING) or None
    known = next((one for one in LEVELS if one == level), None)
    if level and known is None:
        raise unknown("disclosure level", level, LEVELS)
    return known
