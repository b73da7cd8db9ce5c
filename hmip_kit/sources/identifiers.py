"""What identifies a person: headings that name it and values that look like it. None of it is ever shown in a message."""

import re
from collections.abc import Iterable
from functools import cache

from hmip_kit.schema import Column
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.wording import forms, key

PERSONAL = tuple(
    Column(name, name, meaning, synonyms=synonyms, personal=True)
    for name, meaning, synonyms in (
        (
            "name",
            "name",
            (
                "Full name",
                "Case name",
                "Person on probation",
                "Service user",
                "Offender",
                "PoP name",
                "Client",
                "Alias",
                "Person",
            ),
        ),
        ("surname", "name", ("Family name", "Last name", "Second name")),
        (
            "forename",
            "name",
            (
                "First name",
                "First name(s)",
                "Forename(s)",
                "Given name",
                "Middle name",
                "Known as",
                "Preferred name",
                "Initials",
            ),
        ),
        (
            "date_of_birth",
            "date of birth",
            ("DoB", "D.O.B.", "Birth date", "Birthdate", "Born", "Date of birth (DoB)"),
        ),
        (
            "crn",
            "CRN",
            (
                "Case reference number",
                "CRN number",
                "nDelius CRN",
                "Delius CRN",
                "nDelius number",
                "Delius id",
            ),
        ),
        ("pnc", "PNC", ("PNC number", "PNC id", "PNCID", "PNC ref", "CRO", "CRO number")),
        (
            "prison_number",
            "prison number",
            ("NOMIS id", "NOMIS number", "NOMS number", "NOMS id", "Prisoner number"),
        ),
        (
            "officer",
            "officer",
            (
                "Responsible officer",
                "Probation practitioner",
                "Practitioner",
                "Offender manager",
                "Probation officer",
                "Case manager",
            ),
        ),
        (
            "officer_name",
            "officer",
            (
                "Officer's name",
                "Practitioner name",
                "RO",
                "RO name",
                "OM name",
                "Supervising officer",
                "Key worker",
                "SPO",
            ),
        ),
        (
            "inspector",
            "inspector or auditor",
            (
                "Auditor",
                "Inspector name",
                "Auditor name",
                "Assessor",
                "Case assessor",
                "Reviewer",
                "Completed by",
            ),
        ),
        (
            "address",
            "address",
            ("Home address", "Postcode", "Post code", "Street", "Address line 1"),
        ),
        (
            "contact",
            "contact detail",
            (
                "Email",
                "E-mail",
                "Email address",
                "Telephone",
                "Phone",
                "Phone number",
                "Mobile",
                "Mobile number",
            ),
        ),
        (
            "number",
            "personal number",
            ("National insurance number", "NI number", "NINO", "NHS number", "Passport number"),
        ),
    )
)  # columns that identify a person: refused on the way in

SAID = {
    key(text): column.meaning for column in PERSONAL for text in (column.name, *column.synonyms)
}
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
LOOKS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in PATTERNS.items()}
WITHIN = re.compile(
    r"\b(?:[A-Z]\d{6}|(?:19|20)\d{2}/\d{4,7}[A-Z]|[A-Z]\d{4}[A-Z]{2})\b|[^@\s]+@[^@\s]+\.[a-z]{2,}"
)
TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][\w'-]+")
TURNED = re.compile(
    r"(?P<surname>[A-Z][\w'-]+), ?(?P<forename>[A-Z][a-z'-]+)(?: [A-Z][a-z'-]*\.?)?"
)
NAMED = re.compile(r"(?P<forename>[A-Z][a-z'-]+)(?: [A-Z][\w'.-]*){0,2} (?P<last>[A-Z][\w'.-]*)")
MENTIONED = re.compile(r"\b([A-Z][a-z'-]+) (?=([A-Z][\w'-]+))")
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
BEGINS = re.compile(
    r"[A-Z]{1,2}\d|0\d{9}|\+44|\d{1,4}[-.]\d", re.IGNORECASE
)  # without it, or one of @/ and space, nothing identifies
BORN_UNTIL = (
    2010  # a date up to this year is taken for a date of birth: sentences in an audit began later
)


def personal_heading(heading: str) -> str | None:
    """Return what a heading says about a person: a name, a CRN and so on; none where it says nothing of the kind.

    >>> personal_heading("First name(s)"), personal_heading("Team name")
    ('name', None)
    """
    for form in forms(heading):
        if form in SAID:
            return SAID[form]
    words = set(forms(heading)[0].split())
    if words & ALWAYS:
        return "personal detail"
    if words & FREE_TEXT:
        return "free text, which may name people"
    if words & NO_NAMES or len(words) > 5:
        return None
    return "name" if words & {"name", "names"} else "officer" if words & PEOPLE else None


def identifying(text: str) -> str | None:
    """Return what a value looks like that identifies a person; none where it looks like nothing of the kind.

    >>> identifying("X123456"), identifying("1984-02-29"), identifying("Smith, John"), identifying("Very high")
    ('a CRN', 'a date of birth', 'a name', None)
    """
    for kind, pattern in LOOKS.items():
        if pattern.fullmatch(text):
            return kind
    if _born(text):
        return "a date of birth"
    if TITLED.search(text) or _turned(text) or _named(text):
        return "a name"
    return "a personal identifier" if WITHIN.search(text) or _mentioned(text) else None


def first_identifying(values: Iterable[str]) -> str | None:
    """Return what the first value looks like that identifies a person, if any does.

    >>> first_identifying(["Low", "X123456"])
    'a CRN'
    """
    listed = list(values)
    joined = "\n".join(listed)  # a quick look at all of them
    if not any(sign in joined for sign in "@/ ,") and not any(map(BEGINS.match, listed)):
        return None
    return next((kind for value in listed if (kind := identifying(value))), None)


def shown(text: str) -> str:
    """Return a value as a message may show it: cut short, and never one that looks as if it identifies a person.

    >>> shown("Licnce"), shown("X123456")
    ("'Licnce'", 'a value that looks like a CRN (not shown)')
    """
    kind = identifying(text)
    if kind:
        return f"a value that looks like {kind} (not shown)"
    return repr(text if len(text) <= 40 else f"{text[:37]}...")


@cache
def forenames() -> frozenset[str]:
    """Return forenames that are common in England and Wales, in small letters; no list of them can be whole.

    >>> "sarah" in forenames()
    True
    """
    return frozenset((bundled_folder("data") / "forenames.txt").read_text(encoding="utf-8").split())


def _born(text: str) -> bool:
    for pattern in DATES:
        match = pattern.fullmatch(text)
        if match:
            year = int(match["year"])
            return (
                (1900 if len(match["year"]) == 4 else 30)
                <= year
                <= (BORN_UNTIL if len(match["year"]) == 4 else 99)
            )
    return False


def _turned(text: str) -> bool:
    match = TURNED.fullmatch(text)
    return match is not None and (
        match["surname"].isupper() or match["forename"].casefold() in forenames()
    )


def _named(text: str) -> bool:
    match = NAMED.fullmatch(text)
    return (
        match is not None
        and match["forename"].casefold() in forenames()
        and match["last"].casefold() not in PLACES
    )


def _mentioned(text: str) -> bool:
    """Return whether a text of several words holds a forename followed by another name."""
    pairs = MENTIONED.finditer(text)
    return any(
        pair[1].casefold() in forenames() and pair[2].casefold() not in PLACES for pair in pairs
    )
