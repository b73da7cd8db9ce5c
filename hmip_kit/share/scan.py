"""A last look at a page before it is written: nothing of the machine or the person who made it may be in it."""

import getpass
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hmip_kit.errors import NotShared

PATH = re.compile(r"(?:/(?:home|Users|root|tmp|var|work)/[\w.-]+|[A-Za-z]:\\(?:Users|Documents)\\)")
WIDGET = re.compile(r"application/vnd\.jupyter\.widget-(?:view|state)|IPY_MODEL_")
LONG_ENOUGH = 5  # a user or machine name shorter than this occurs in ordinary words


def scanned(text: str, name: str, ours: str = "", secrets: Iterable[str] = ()) -> str:
    """Return the text as it is, or raise `NotShared` that says what kind of thing was found, never the thing itself.

    Looked for: paths of files, the names of the user and the machine, widget state, and `secrets`, such as the identifiers of cases. `ours`
    is the script that stands in every page, and is not looked through.
    """
    visible = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text.replace(ours, "") if ours else text)
    found = [kind for kind, pattern in {"a file path": PATH, "widget state": WIDGET}.items() if pattern.search(visible)]
    found += [kind for kind, word in _names().items() if re.search(rf"\b{re.escape(word)}\b", visible)]
    if any(secret in visible for secret in secrets):
        found.append("an identifier or free text of the case file")
    if found:
        raise NotShared(f"{name}: not written, because it would carry {' and '.join(found)}")
    return text


def _names() -> dict[str, str]:
    named = {"the name of this machine": socket.gethostname(), "the path of a home folder": str(Path.home())}
    with suppress(OSError):  # a user without a name
        named["a user name"] = getpass.getuser()
    return {kind: word for kind, word in named.items() if len(word) >= LONG_ENOUGH}
