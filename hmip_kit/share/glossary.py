"""The glossary: the terms that a page uses, and the whole of it as a document.

python -m hmip_kit.share.glossary > docs/glossary.md
"""

import re
import sys
from typing import Any

import pandas as pd

from hmip_kit.sources.bundled import bundled_folder


def terms() -> list[dict[str, str]]:
    """Return every term with its meaning, in the order of the alphabet; none where there is no glossary."""
    path = bundled_folder("data") / "glossary.csv"
    if not path.exists():
        return []
    read = pd.read_csv(path, dtype="str", keep_default_na=False).to_dict("records")
    return [{str(key): value for key, value in term.items()} for term in read]


def markdown() -> str:
    """Return the glossary as a Markdown document."""
    lines = [f"| {term['term']} | {term['meaning']} |" for term in terms()]
    head = "# Glossary\n\nMade from `data/glossary.csv`: change it there.\n\n| term | meaning |\n| --- | --- |\n"
    return head + "\n".join(lines) + "\n"


def terms_on(page: dict[str, Any]) -> list[dict[str, str]]:
    """Return the glossary's terms, with their meaning, that stand somewhere in a page's text; none where there is no glossary."""
    text = " ".join(_texts(page))
    return [term for term in terms() if re.search(rf"\b{re.escape(term['term'])}\b", text)]


def _texts(page: dict[str, Any]) -> list[str]:
    prose = [block["text"] for block in page["blocks"] if "text" in block]
    said = [
        f"{one['title']} {one['sentence']} {' '.join(one['notes'])} {one['rows']}"
        for one in page["findings"]
    ]
    return prose + said


if __name__ == "__main__":
    sys.stdout.write(markdown())
