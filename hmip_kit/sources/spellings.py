"""Values as people spell them, turned into those of the schema; what is in no list is left for a message."""

import tomllib
from functools import cache

from hmip_kit.schema import ANSWERS, CASES, NEED, NEED_FLAGS, NEEDS, NOT_RECORDED
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.wording import key

YOUNGEST, OLDEST = 18, 110
AGES = {25: "18 to 25", 35: "26 to 35", 49: "36 to 49", OLDEST: "50 and over"}
FREE = ("case_id", "office")  # columns whose values are the user's own


@cache
def spellings(name: str) -> dict[str, str]:
    """Return the value for each known spelling of a column, by its key.

    >>> spellings("answer")["n a"], spellings("rosh")["vh"]
    ('Not applicable', 'Very high')
    """
    listed = tomllib.loads((bundled_folder("data") / "spellings.toml").read_text(encoding="utf-8"))
    own = {key(value): value for value in allowed(name)}
    sections = [listed.get(section, {}) for section in _sections(name)]
    others = {
        text: value
        for section in reversed(sections)
        for value, texts in section.items()
        for text in texts
    }
    return {"": ""} | others | own


def allowed(name: str) -> tuple[str, ...]:
    """Return the values that a column may hold; none where they are the user's own."""
    if name in ("answer", "second_answer"):
        return ANSWERS
    if name in NEED_FLAGS:
        return ("Yes", "No")
    if name == NEED:
        return NEEDS
    return next((column.allowed for column in CASES if column.name == name), ())


def spelled(name: str, text: str) -> str | None:
    """Return the value that a text means in a column: itself where any will do, none where it means nothing there.

    >>> spelled("sentence_type", "Suspended sentence order"), spelled("age_group", "41"), spelled("sex", "Mael")
    ('Community', '36 to 49', None)
    """
    if name in FREE or not allowed(name):
        return text
    known = spellings(name)
    found = known.get(key(text))
    if found is None and name == "age_group":
        return _age_group(text)
    return NOT_RECORDED if found == "" and name in {column.name for column in CASES} else found


def _age_group(text: str) -> str | None:
    if not text.isdecimal() or not YOUNGEST <= int(text) <= OLDEST:
        return None
    return next(group for last, group in AGES.items() if int(text) <= last)


def _sections(name: str) -> tuple[str, ...]:
    if name in NEED_FLAGS:
        return ("flag",)
    if name == "second_answer":
        return ("answer",)
    return (name, "characteristic") if name in {column.name for column in CASES} else (name,)
