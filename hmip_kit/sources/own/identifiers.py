"""What identifies a person: headings that name it and values that look like it.

None of it is ever shown in a message.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache

from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.wording import forms, key

# Headings of columns that identify a person, by what they say of one: refused on the way in.
PERSONAL = {
    "name": "Name, Full name, Case name, PoP name, Person, Person on probation, Service user,"
    " Offender, Client, Surname, Family name, Last name, Second name, Forename, Forename(s),"
    " First name, First name(s), Given name, Middle name, Known as, Preferred name, Initials,"
    " Alias",
    "date of birth": "Date of birth, Date of birth (DoB), DoB, D.O.B., Birth date, Birthdate, Born",
    "CRN": "CRN, CRN number, Case reference number, Delius CRN, Delius id, nDelius CRN,"
    " nDelius number",
    "PNC": "PNC, PNC number, PNC id, PNCID, PNC ref, CRO, CRO number",
    "prison number": "Prison number, Prisoner number, NOMIS id, NOMIS number, NOMS id, NOMS number",
    "officer": "Officer, Officer name, Officer's name, Responsible officer, Probation officer,"
    " Supervising officer, Practitioner, Practitioner name, Probation practitioner,"
    " Offender manager, OM name, Case manager, Key worker, RO, RO name, SPO",
    "inspector or auditor": "Inspector, Inspector name, Auditor, Auditor name, Assessor,"
    " Case assessor, Reviewer, Completed by",
    "address": "Address, Home address, Address line 1, Street, Postcode, Post code",
    "contact detail": "Contact, Email, E-mail, Email address, Telephone, Phone, Phone number,"
    " Mobile, Mobile number",
    "personal number": "Number, National insurance number, NI number, NINO, NHS number,"
    " Passport number",
}
MEANT = {key(text): what for what, texts in PERSONAL.items() for text in texts.split(", ")}
ALWAYS = {
    "dob",
    "crn",
    "pnc",
    "surname",
    "forename",
    "birth",
    "postcode",
    "email",
    "nomis",
    "noms",
    "telephone",
    "nino",
    "lastname",
    "firstname",
}
PEOPLE = {"officer", "practitioner", "auditor", "inspector", "assessor", "manager"}
FREE_TEXT = {"notes", "note", "comments", "comment", "narrative", "remarks", "rationale", "details"}
NO_NAMES = {
    "office",
    "team",
    "question",
    "need",
    "region",
    "unit",
    "grade",
    "type",
    "role",
    "seen",
    "interviewed",
    "change",
    "changes",
}
PATTERNS = {
    "a CRN": r"[A-Z]{1,2}\d{6}",
    "a PNC number": r"(?:19|20)?\d{2}/\d{1,7}[A-Z]",
    "a CRO number": r"\d{1,6}/\d{2}[A-Z]",
    "a prison number": r"[A-Z]\d{4}[A-Z]{2}",
    "a national insurance number": r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]",
    "an e-mail address": r"[^@\s]+@[^@\s]+\.[A-Z]{2,}",
    "a telephone number": r"(?:\+44 ?|0)(?:\d ?){9,10}",
    "a postcode": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
}
NUMBERED = r"\b(?:[A-Z]\d{6}|(?:19|20)\d{2}/\d{4,7}[A-Z]|[A-Z]\d{4}[A-Z]{2})\b"
WITHIN = re.compile(rf"{NUMBERED}|(?<![^@\s])[^@\s]++@[^@\s]+\.[a-z]{{2,}}")
TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][\w'-]+")
TURNED = re.compile(
    r"(?P<surname>[A-Z][\w'-]+), ?(?P<forename>[A-Z][a-z'-]+)(?: [A-Z][a-z'-]*\.?)?"
)
NAMED = re.compile(r"([A-Z][a-z'-]+)(?: [A-Z][\w'.-]*){0,2} ([A-Z][\w'.-]*)")
MENTIONED = re.compile(r"\b([A-Z][a-z'-]+) (?=([A-Z][\w'-]+))")
# The same in the words of any engine, for a column whose texts do not leave it. A name is the
# first of two words, where it is a forename.
LOOK_IN_AN_ENGINE = {kind: f"^(?i:{pattern})$" for kind, pattern in PATTERNS.items()} | {
    "a date of birth": (
        r"^(?:(?:19\d\d|200\d|2010)[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?"
        r"|\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ](?:19\d\d|200\d|2010|[3-9]\d))$"
    ),
    "a name": rf"{TITLED.pattern}|^[A-Z]+, ?[A-Z][a-z'-]+$",
    "a personal identifier": rf"{NUMBERED}|[^@\s]@[^@\s]+\.[a-z]{{2,}}",
}
TWO_NAMES = r"^([A-Z][a-z'-]+)(?: [A-Z][\w'.-]*)+$"
PLACES = {
    "house",
    "office",
    "centre",
    "center",
    "team",
    "court",
    "road",
    "street",
    "unit",
    "hub",
    "place",
    "building",
    "hall",
    "square",
    "hospital",
}
DATES = (
    re.compile(r"(?P<year>\d{4})[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?"),
    re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ](?P<year>\d{2,4})"),
)
# What is neither of these identifies nobody: a quick look, before each of the surer ones.
WHOLE = re.compile(
    "|".join([*(one for one in PATTERNS.values() if "@" not in one), r"\d{1,4}[-/. ][^\0]*"]),
    re.IGNORECASE,
)
ANY_WHOLE = re.compile(rf"(?<![^\0])(?:{WHOLE.pattern})(?![^\0])", re.IGNORECASE)
PART = re.compile(r"@|[A-Z][\w'.-]* [A-Z]|, ?[A-Z]|[A-Z]\d{4}|\d{4}/")
# A date in these years is taken for a date of birth: sentences in an audit began later.
BORN, BORN_SHORT = range(1900, 2011), range(30, 100)


def personal_heading(heading: str) -> str | None:
    """Return what a `heading` says of a person, such as a name or a CRN; none where nothing.

    >>> personal_heading("First name(s)"), personal_heading("Team name")
    ('name', None)
    """
    keys = forms(heading)
    known = next((MEANT[one] for one in keys if one in MEANT), None)
    if known:
        return known
    words = set(keys[0].split())
    if words & ALWAYS:
        return "personal detail"
    if words & FREE_TEXT:
        return "free text, which may name people"
    if words & NO_NAMES or len(words) > 5:
        return None
    return "name" if words & {"name", "names"} else "officer" if words & PEOPLE else None


def identifying(text: str) -> str | None:
    """Return what a `text` looks like that identifies a person; none where nothing of the kind.

    >>> identifying("X123456"), identifying("1984-02-29"), identifying("Smith, John")
    ('a CRN', 'a date of birth', 'a name')
    >>> identifying("Very high") is None
    True
    """
    if not (WHOLE.fullmatch(text) or PART.search(text)):
        return None
    return next((kind for kind, looks in LOOKS.items() if looks(text)), None)


def first_identifying(values: Iterable[str]) -> str | None:
    """Return what the first of the `values` looks like that identifies a person, if any does.

    >>> first_identifying(["Low", "X123456"])
    'a CRN'
    """
    given = list(values)
    joined = "\0".join(given)  # one look at all of them: there are as many as cases
    if not (ANY_WHOLE.search(joined) or PART.search(joined)):
        return None
    return next(filter(None, map(identifying, given)), None)


def shown(text: str) -> str:
    """Return a `text` as a message may show it: cut short, and none that identifies a person.

    >>> shown("Licnce"), shown("X123456")
    ("'Licnce'", 'a value that looks like a CRN (not shown)')
    """
    if kind := identifying(text):
        return f"a value that looks like {kind} (not shown)"
    return repr(text if len(text) <= 40 else f"{text[:37]}...")


@cache
def forenames() -> frozenset[str]:
    """Return common forenames of England and Wales, in small letters; no list can be whole."""
    return frozenset((bundled_folder("data") / "forenames.txt").read_text(encoding="utf-8").split())


def _born(text: str) -> bool:
    match = DATES[0].fullmatch(text) or DATES[1].fullmatch(text)
    if match is None:
        return False
    return int(match["year"]) in (BORN if len(match["year"]) == 4 else BORN_SHORT)


def _named(text: str) -> bool:
    """Return whether a text holds a title, or is a name, in either order."""
    turned = TURNED.fullmatch(text)
    if turned and (turned["surname"].isupper() or turned["forename"].casefold() in forenames()):
        return True
    return bool(TITLED.search(text)) or _two_names(NAMED.fullmatch(text))


def _holding(text: str) -> bool:
    """Return whether a text of several words holds an identifier, or a forename and a name."""
    return bool(WITHIN.search(text)) or any(map(_two_names, MENTIONED.finditer(text)))


def _two_names(match: re.Match[str] | None) -> bool:
    """Return whether words found are a forename and another name, which is not that of a place."""
    names = match.groups("") if match else ("", "")
    return names[0].casefold() in forenames() and names[1].casefold() not in PLACES


LOOKS: dict[str, Callable[[str], object]] = {
    **{kind: re.compile(pattern, re.IGNORECASE).fullmatch for kind, pattern in PATTERNS.items()},
    "a date of birth": _born,
    "a name": _named,
    "a personal identifier": _holding,
}  # the surest first
