"""The terms of the glossary that a page uses."""

import re
from typing import Any

import pandas as pd

from hmip_kit.sources.bundled import bundled_folder


def terms_on(page: dict[str, Any]) -> list[dict[str, str]]:
    """Return the glossary's terms, with their meaning, that stand somewhere in a page's text; none where there is no glossary."""
    path = bundled_folder("data") / "glossary.csv"
    if not path.exists():
        return []
    text = " ".join(_texts(page))
    terms = pd.read_csv(path, dtype="str", keep_default_na=False).to_dict("records")
    return [{str(key): value for key, value in term.items()} for term in terms if re.search(rf"\b{re.escape(term['term'])}\b", text)]


def _texts(page: dict[str, Any]) -> list[str]:
    prose = [block["text"] for block in page["blocks"] if "text" in block]
    said = [f"{one['title']} {one['sentence']} {' '.join(one['notes'])} {one['rows']}" for one in page["findings"]]
    return prose + said
