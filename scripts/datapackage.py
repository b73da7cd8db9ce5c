"""Write data/datapackage.json: version, date, licences, and each file with its checksum.

The form is that of a Data Package (datapackage.org). What was put right in the data since an
earlier version stands in data/corrections.csv.
"""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data"
FILE = DATA / "datapackage.json"
VERSION, CREATED = "1.0.0", "2026-11-27"
OGL = {
    "name": "OGL-UK-3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "title": "Open Government Licence v3.0",
}
MEDIA = {".csv": "text/csv", ".toml": "application/toml", ".txt": "text/plain"}


def package() -> dict[str, Any]:
    """Return the data package of the files that are there now."""
    files = sorted(path for path in DATA.rglob("*") if path.suffix in MEDIA)
    return {
        "name": "hmip-kit-data",
        "title": "Published inspections of probation services, frameworks, and practice cases",
        "version": VERSION,
        "created": CREATED,
        "licenses": [OGL],
        "sources": [
            {"title": "HM Inspectorate of Probation, reports and pages as each file names"}
        ],
        "resources": [_resource(path) for path in files],
    }


def _resource(path: Path) -> dict[str, Any]:
    content, place = path.read_bytes(), path.relative_to(DATA).as_posix()
    resource = {
        "name": re.sub(r"[^a-z0-9.-]+", "-", place.casefold()),
        "path": place,
        "mediatype": MEDIA[path.suffix],
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if path.suffix == ".csv":
        headings = next(csv.reader(content.decode("utf-8").splitlines()))
        resource["schema"] = {"fields": [{"name": one, "type": "any"} for one in headings]}
    return resource


def written() -> str:
    """Return the text of the file, a line for each file of the data."""
    told = package()
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in told["resources"])
    text = json.dumps(told | {"resources": "HERE"}, indent=1, ensure_ascii=False)
    return text.replace('"HERE"', f"[\n{lines}\n]") + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
