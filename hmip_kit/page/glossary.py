"""The glossary: the terms that a page uses, and the whole of it as a document.

python -m hmip_kit.page.glossary > docs/glossary.md
"""

import re
import sys

import pandas as pd

from hmip_kit import settings
from hmip_kit.page.sections import texts_of
from hmip_kit.protect.payload import Page
from hmip_kit.sources.bundled import bundled_folder

HEAD = """# Glossary

Made from `data/glossary.csv`: change it there.

| term | meaning |
| --- | --- |
"""


def terms() -> list[dict[str, str]]:
    """Return every term with its meaning, in the alphabet's order; none without a glossary.

    A name in braces is a setting, and stands for its value.
    """
    path = bundled_folder("data") / "glossary.csv"
    if not path.exists():
        return []
    read = pd.read_csv(path, dtype="str", keep_default_na=False).to_dict("records")
    known = vars(settings)
    return [{str(key): text.format_map(known) for key, text in term.items()} for term in read]


def markdown() -> str:
    """Return the glossary as a Markdown document."""
    return HEAD + "".join(f"| {term['term']} | {term['meaning']} |\n" for term in terms())


def terms_on(page: Page) -> list[dict[str, str]]:
    """Return the terms, with their meaning, that stand somewhere in the text of a `page`."""
    said = [
        f"{one['title']} {one['sentence']} {' '.join(one['notes'])} {one['rows']}"
        for one in page["findings"]
    ]
    text = " ".join([*texts_of(page), *said])
    return [term for term in terms() if re.search(rf"\b{re.escape(term['term'])}\b", text)]


if __name__ == "__main__":
    sys.stdout.write(markdown())
