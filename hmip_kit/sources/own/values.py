"""Values of a column as people spell them, turned into those of the schema.

Each different text is looked at once. What is in no list is a problem, never a guess.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from hmip_kit.schema import (
    ANSWER_ROWS,
    CASES,
    NEED_FLAGS,
    NEED_ROWS,
    NO,
    NOT_RECORDED,
    OTHER_ANSWERS,
    YES,
)
from hmip_kit.settings import LONGEST_OWN_VALUE, MOST_OWN_VALUES
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.own.identifiers import identifying, shown
from hmip_kit.sources.own.table import Table, Texts
from hmip_kit.sources.wording import key

# Where two tables have a column of one name, that of the cases says how else it is called.
DECLARED = {
    column.name: column for column in (*NEED_ROWS, *OTHER_ANSWERS.values(), *ANSWER_ROWS, *CASES)
}
MAY_HOLD = {name: column.allowed for name, column in DECLARED.items()}
MAY_HOLD |= dict.fromkeys(NEED_FLAGS, (YES, NO))
OF_CASES = {column.name for column in CASES}
SECTIONS = dict.fromkeys(NEED_FLAGS, ["flag"])
SECTIONS |= {column.name: ["answer"] for column in OTHER_ANSWERS.values()}
SECTIONS |= {name: ["characteristic", name] for name in OF_CASES}
YOUNGEST, OLDER, OLDEST = 18, 50, 110
AGES = {25: "18 to 25", 35: "26 to 35", 49: "36 to 49", OLDEST: "50 and over"}
NAME_SHAPE = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'.-]*)+")
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
NUMBER = re.compile(rf"[\d./: -]+|\d{{1,2}}-{MONTH}(?:-\d{{2,4}})?|{MONTH}-\d{{2,4}}")  # or a date
ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|ERROR!|CONNECT!"
    r"|UNKNOWN!|BUSY!|EXTERNAL!|GETTING_DATA)|Err:\d{3}",
    re.I,
)
IN_BRACKETS = {"[z]": "not applicable", "[x]": "not recorded"}  # shorthand of statistical tables
POINT_NOUGHT = re.compile(r"(\d+)\.0+")  # how a table of floats writes a whole number
YEARS_OLD = re.compile(r"(\d+)(?: ?(?:yrs?|years?)\.?(?: old)?)?", re.I)
FROM_AN_AGE = re.compile(r"(?:over |above )?(\d+)(?: ?\+| (?:and|or) over)?", re.I)
BLANKS = ("-", "–", "—", ".", "..", "...")  # that people write where nothing was recorded
WELSH = {"ie", "oes", "ydy", "ydi", "ydw", "do", "nac oes", "nac ydy", "nac ydi", "naddo", "nage"}
LONGEST_VALUE = 200  # characters of a text that a list can hold
MOST_LOOKED_AT = 10_000  # different values of a column with a list: none is that long
MOST_NAMED = 10  # bad values of a column that are named
FEW_VALUES = 12


@cache
def spellings(name: str) -> dict[str, str]:
    """Return the value for each known spelling in the column called `name`, by its key.

    >>> spellings("answer")["n a"], spellings("rosh")["vh"]
    ('Not applicable', 'Very high')
    """
    listed = tomllib.loads((bundled_folder("data") / "spellings.toml").read_text(encoding="utf-8"))
    others = {
        text: value
        for section in SECTIONS.get(name, [name])
        for value, texts in listed.get(section, {}).items()
        for text in texts
    }
    return {"": ""} | others | {key(value): value for value in MAY_HOLD[name]}


def spelled(name: str, text: str) -> str | None:
    """Return the value that a `text` means in the column called `name`.

    That is the text itself where any will do, and none where it means nothing there.

    >>> spelled("sentence_type", "Suspended sentence order"), spelled("age_group", "41")
    ('Community', '36 to 49')
    >>> spelled("sex", "Mael") is None
    True
    """
    if not MAY_HOLD.get(name):
        return text
    if len(text) > LONGEST_VALUE:
        return None
    text = IN_BRACKETS.get(text.casefold(), text)
    text = POINT_NOUGHT.sub(r"\1", text) if POINT_NOUGHT.fullmatch(text) else text
    if name == "age_group" and (group := _age(text)):
        return group
    if has_signs(text):
        return None
    found = spellings(name).get(key(text))
    return NOT_RECORDED if found == "" and name in OF_CASES else found


def has_signs(text: str) -> bool:
    """Return whether a `text` holds a sign that may change what its words mean, or stand for some.

    >>> [one for one in ("✓", "≠ Yes", "-1", "*", "Yes!", "n/a", "-", "(Yes)") if has_signs(one)]
    ['✓', '≠ Yes', '-1', '*', 'Yes!']
    """
    if text in BLANKS or not text:
        return False
    strange = any(one in "*!?%@#~" or unicodedata.category(one)[0] in "SC" for one in text)
    return strange or not key(text) or re.match(r"-\s*\d", text) is not None


def _age(text: str) -> str | None:
    """Return the group of an age that is written out, or from which it counts; else none.

    >>> _age("31 yrs"), _age("50+"), _age("over 50"), _age("47.9")
    ('26 to 35', '50 and over', '50 and over', None)
    """
    if found := YEARS_OLD.fullmatch(text):
        age = int(found[1])
        groups = (group for last, group in AGES.items() if age <= last)
        return next(groups) if YOUNGEST <= age <= OLDEST else None
    found = FROM_AN_AGE.fullmatch(text)
    return AGES[OLDEST] if found and OLDER <= int(found[1]) <= OLDEST else None


def settled(table: Table, place: int, name: str) -> Texts:
    """Return the column at `place` of a `table` in the values of the schema's column `name`.

    Texts that mean nothing there are problems, by first row, and blank; each change is reported.
    """
    column = table.columns[place]
    if column.many > MOST_LOOKED_AT:
        said = f"holds {column.many:,} different values, where it takes {', '.join(MAY_HOLD[name])}"
        table.problem(said, place)
        return column.mapped(lambda _: "")
    meant = {text: spelled(name, text) for text in column.values}
    if WELSH.intersection(map(key, meant)):  # in which "na" is no
        meant |= {text: None for text in meant if key(text) == "na"}
    confirmed = table.report.confirmed.get(name, {})
    meant |= {text: value for text, value in confirmed.items() if text in meant}
    strange = [
        text
        for text in column.counted
        if meant[text] is None and not ERROR.fullmatch(text)  # which is noted for all columns
    ]
    for text in strange[:MOST_NAMED]:
        cells, row = column.counted[text]
        table.problem(_bad(text, name, cells), place, row)
    if len(strange) > MOST_NAMED:
        table.problem(f"{len(strange) - MOST_NAMED} more different values are not allowed", place)
    table.report.take(name, {text: meant[text] for text in column.counted})
    return _replaced(table, place, meant)


def settled_own(table: Table, place: int, name: str) -> Texts | None:
    """Return the column at `place` of a `table`, called `name`, whose values are the user's own.

    Where all that stand in a column of one's own are answers, they become Yes, No and Not
    applicable. None where it looks as if it names people, which is noted.
    """
    column = table.columns[place]
    kind = column.identifies
    if kind is None and _own_each(column):
        kind = "names: nearly every row has its own"
    filled = [one for one in column.filled if one not in BLANKS]
    if filled and not any(map(key, filled)):
        signs = ", ".join(map(shown, filled[:MOST_NAMED]))
        table.problem(f"holds signs alone ({signs}): write what each stands for", place)
    if kind is None:
        answers = {text: spelled("answer", text) for text in column.values}
        own = name not in OF_CASES and None not in answers.values()
        meant = answers if own else {text: text for text in answers}
        return _replaced(table, place, {text: one or NOT_RECORDED for text, one in meant.items()})
    rows = (row for text, (_, row) in column.counted.items() if identifying(text))
    table.personal(f"holds what looks like {kind}", place, next(rows, None))
    return None


def text_because(column: Texts) -> str | None:
    """Return why a `column` of the user's own is text and no characteristic; none where it is one.

    >>> from hmip_kit.sources.own.table import texts_of_rows
    >>> text_because(texts_of_rows([(f"Ward {number}",) for number in range(21)], 1)[0])
    'holds 21 different values, over 20'
    """
    if column.many > MOST_OWN_VALUES:
        return f"holds {column.many} different values, over {MOST_OWN_VALUES}"
    said = f"holds a value of {column.longest} characters, over {LONGEST_OWN_VALUE}"
    return said if column.longest > LONGEST_OWN_VALUE else None


def _replaced(table: Table, place: int, meant: Mapping[str, str | None]) -> Texts:
    """Return a column with each text as what it is meant as, and report each change."""
    column = table.columns[place]
    for text, (cells, _) in column.counted.items():
        value = meant[text]
        if value is not None and value != text:
            table.mapped(place, "value", text or "blank", value or "not recorded", cells)
    return column.mapped(lambda text: meant[text] or "")


def _own_each(column: Texts) -> bool:
    """Return whether nearly every row has its own text, no number, which tells people apart."""
    many = column.many > max(FEW_VALUES, column.cells / 2)
    return many and not all(map(NUMBER.fullmatch, column.filled))


def _bad(text: str, name: str, cells: int) -> str:
    times = "" if cells == 1 else f" (in {cells} cells)"
    near = get_close_matches(text[:LONGEST_VALUE], MAY_HOLD[name], n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    if not key(text):
        hint = "; a sign says nothing by itself: write what it stands for"
    a_name = not near and NAME_SHAPE.fullmatch(text)
    told = "a value that may be a name (not shown)" if a_name else shown(text)
    return f"{told} is not one of {', '.join(MAY_HOLD[name])}{times}{hint}"
