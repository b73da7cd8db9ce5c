"""What two ways of writing the same words have in common."""

import re
import unicodedata
from functools import lru_cache

INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\u061c]")
REVERSING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # what follows may be shown backwards
SPACES = re.compile(r"\s+")
BRACKETS = re.compile(r"[\[(][^\])]*[\])]?")
SIGNS = re.compile(r"[^\w]+|_")
ASKED_AS = r"(?:[a-z] |q ?|question |item |no )?\d+[a-z]?(?: \d+)*"  # of a question, within a key
NUMBERED = re.compile(rf"{ASKED_AS}(?: [a-z])? ")


def tidy(text: str) -> str:
    r"""Return a `text` without what the eye does not see.

    That is spaces around it, double spaces, line breaks and soft hyphens. A sign that reverses text
    is written out.

    >>> tidy("  Case/sentence\n type  "), tidy("North\u202ehtuoS")
    ('Case/sentence type', 'North[U+202E]htuoS')
    """
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", unreversed(text))
    return SPACES.sub(" ", INVISIBLE.sub("", text)).strip()


def unreversed(text: str) -> str:
    r"""Return a `text` with signs that reverse what follows written out.

    >>> unreversed("North\u202ehtuoS")
    'North[U+202E]htuoS'
    """
    return REVERSING.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)


def key(text: str) -> str:
    r"""Return what two spellings of a `text` share: words in small letters, without signs.

    >>> key(" Case/sentence\n  type: ")
    'case sentence type'
    """
    return " ".join(SIGNS.sub(" ", tidy(text).casefold()).split())


@lru_cache(maxsize=4096)  # of the same few words that the cells of a file hold
def forms(heading: str) -> list[str]:
    """Return the keys under which a `heading` is looked up, the fullest first.

    >>> forms("Risk (RoSH) level"), forms("Q2.1 Sex")
    (['risk rosh level', 'risk level', 'risk'], ['q2 1 sex', 'sex'])
    """
    texts = (heading, BRACKETS.sub(" ", heading), re.split(r"[\[(]", heading)[0])
    keys = [key(text) for text in texts]
    bare = [one[found.end() :] for one in keys if (found := NUMBERED.match(one))]
    return list(dict.fromkeys([*keys, *bare]))
