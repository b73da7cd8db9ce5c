"""A last look at a page before it is written: nothing of the machine or its user may be in it."""

import getpass
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from html import unescape
from pathlib import Path

from hmip_kit.errors import NotShared
from hmip_kit.page.sections import texts_of
from hmip_kit.protect.payload import Page
from hmip_kit.sources.own.identifiers import WITHIN

PATH = re.compile(
    r"/(?:home|Users|root|tmp|var|work)/[\w.-]+"
    r"|(?<![\w.])(?:/(?:mnt|srv|opt|media|data|Volumes)|~)/[\w.-]+"
    r"|\b[A-Za-z]:(?:\\|/(?!/))[\w\\]"  # on a drive
    r"|(?<!\\)(?:\\\\){1,2}[\w.-]+\\{1,2}\w"  # on a share of another machine
)
# A picture's bytes, and a hash of the data: in them a short id occurs by chance.
MADE = re.compile(r"base64,[A-Za-z0-9+/=]+|\b[0-9a-f]{64}\b")
WIDGET = re.compile(r"application/vnd\.jupyter\.widget-(?:view|state)|IPY_MODEL_")
IDENTIFIER = "an identifier or free text of the case file"
YEAR = re.compile(r"(?:19|20)\d\d")
LONG_ID = 3  # an identifier that is no longer than this occurs in ordinary words, too
LONG_ENOUGH = 5  # a user or machine name shorter than this occurs in ordinary words


def scanned(text: str, name: str, ours: str = "", secrets: Iterable[str] = ()) -> str:
    """Return the `text` of the page `name` as it is.

    Raises `NotShared` that says what kind of thing was found, never the thing itself: paths of
    files, the names of user and machine, widget state, and `secrets`, such as identifiers of cases.
    `ours` is the script that stands in every page, and is not looked through.
    """
    text_alone = text.replace(ours, "") if ours else text
    visible = _plain(MADE.sub("", text_alone))
    kinds = {"a file path": PATH, "widget state": WIDGET} | {
        kind: re.compile(rf"\b{re.escape(word)}\b") for kind, word in _names().items()
    }
    found = [kind for kind, pattern in kinds.items() if pattern.search(visible)]
    long = (one for one in secrets if len(one) > LONG_ID and not one.isdigit())
    if any(secret in visible for secret in long):
        found.append(IDENTIFIER)
    if found:
        raise NotShared(f"{name}: not written, because it would carry {' and '.join(found)}")
    return text


def check_typed(page: Page, ids: Iterable[str]) -> None:
    """Raise `NotShared` where one of the `ids` of cases was typed into a `page`'s prose or code.

    Also for what looks like an identifier.
    """
    written = "\n".join(texts_of(page))
    known = (one for one in ids if one in written and _tells(one))
    typed = any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", written) for one in known)
    if typed or WITHIN.search(written):
        raise NotShared(
            f"{page['name']}: not written, because it would carry {IDENTIFIER}, or what looks like "
            "one, in its text or code"
        )


def _tells(one: str) -> bool:
    """Return whether an id is none of the short words and years of ordinary text."""
    if one.isdigit():
        return len(one) > LONG_ID and not YEAR.fullmatch(one)
    return len(one) > LONG_ID or (len(one) > 1 and any(map(str.isdigit, one)))


def _plain(text: str) -> str:
    """Return HTML, and the JSON inside it, with its escaped signs as themselves."""
    for sign in "<>&":
        text = text.replace(f"\\u{ord(sign):04x}", sign)
    return unescape(text)


def _names() -> dict[str, str]:
    named = {
        "the name of this machine": socket.gethostname(),
        "the path of a home folder": str(Path.home()),
    }
    with suppress(OSError):  # a user without a name
        named["a user name"] = getpass.getuser()
    return {kind: word for kind, word in named.items() if len(word) >= LONG_ENOUGH}
