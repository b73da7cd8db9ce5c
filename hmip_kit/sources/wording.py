"""What two ways of writing the same words have in common."""

import re
import unicodedata
from functools import lru_cache

INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
SPACES = re.compile(r"\s+")
BRACKETS = re.compile(r"[\[(][^\])]*[\])]?")
SIGNS = re.compile(r"[^\w]+|_")
ASKED_AS = r"(?:[a-z] |q ?|question |item |no )?\d+[a-z]?(?: \d+)*"  # of a question, within a key
NUMBERED = re.compile(rf"{ASKED_AS}(?: [a-z])? ")


def tidy(text: str) -> str:
    r"""Return a `text` without what the eye does not see.

    That is spaces around it, double spaces, line breaks and soft hyphens.

    >>> tidy("  Case/sentence\n type  ")
    'Case/sentence type'
    """
    if text.isascii():
        return " ".join(text.split())
    return SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


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
