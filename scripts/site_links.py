"""Check the documentation site as it was built.

Every link within it must lead somewhere, and no page may ask a network for anything.

python scripts/site_links.py FOLDER
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

ASKS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
NAMES_ALONE = {"canonical", "license", "author"}  # links that a browser does not follow by itself
URL = re.compile(r"url\(\s*['\"]?([^)'\"]+)")


def broken(folder: Path) -> Iterator[str]:
    """Yield each link of the pages in a `folder` that leads nowhere, and each outside request."""
    pages = {
        path.resolve(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in folder.rglob("*.html")
        if not {"_static", "demonstration"} & {*path.parts}  # templates; what other tests look at
    }
    for path, page in pages.items():
        here = path.relative_to(folder.resolve())
        for tag in page.find_all([*ASKS, "a"]):
            target = str(tag.get(ASKS.get(tag.name, "href")) or "")
            asks = tag.name != "a" and not NAMES_ALONE & set(tag.get("rel") or ())
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                if asks and parts.scheme != "data":
                    yield f"{here}: asks for {target}"
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not there.is_file():
                yield f"{here}: {target} is not there"
            elif parts.fragment and there in pages and not pages[there].find(id=parts.fragment):
                yield f"{here}: {target} has no such place"
    for path in folder.rglob("*.css"):
        for target in URL.findall(path.read_text("utf-8")):
            if re.match(r"(https?:)?//", target):
                yield f"{path.relative_to(folder)}: asks for {target}"


def main() -> None:
    """Print what is broken; end with 1 where anything is."""
    found = sorted(set(broken(Path(sys.argv[1]))))
    sys.stdout.write("".join(f"{one}\n" for one in found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
