"""The inspections and practice cases that come with the kit."""

import json
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from hmip_kit.errors import unknown
from hmip_kit.framework import Framework, read_framework
from hmip_kit.inspection import Inspection
from hmip_kit.schema import FRAMES, NEED_FLAGS

CASE_FRAMES = ("cases", "answers", "needs")
READ_FRAMES = ("figures", "findings")  # read from the report's prose: text but for these numbers
NUMBERS = {
    "value": "Float64",
    "low": "Float64",
    "high": "Float64",
    "numerator": "Int64",
    "denominator": "Int64",
}

KINDS = NUMBERS | dict.fromkeys(NEED_FLAGS, "boolean")


def bundled_folder(name: str) -> Path:
    """Return the folder called `name`, `data` or `notebooks`.

    It is inside an installed package, or beside it in a clone.
    """
    package = Path(__file__).resolve().parent.parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


data_version: str = json.loads(
    (bundled_folder("data") / "datapackage.json").read_text(encoding="utf-8")
)["version"]  # of the bundled data, which have a version of their own


def folders() -> dict[str, Path]:
    """Return the folder of each bundled inspection and practice set."""
    data = bundled_folder("data")
    found = [
        path.parent
        for group in ("inspections", "practice")
        for path in (data / group).glob("*/inspection.toml")
    ]
    return {folder.name: folder for folder in found}


def trials() -> dict[str, Path]:
    """Return the folder of what is made up and read as one's own files are, by its name.

    These are case files on which reading one is shown, and the practice rounds.
    """
    data = bundled_folder("data")
    return {
        path.name: path for path in (*(data / "trials").iterdir(), *(data / "rounds").iterdir())
    }


@cache
def framework_named(name: str) -> Framework:
    """Return the bundled framework called `name`; an unknown one raises `UnknownName`.

    >>> framework_named("pdu-2021").title
    'Probation Delivery Units, 2021 to 2023'
    """
    known = {path.stem: path for path in (bundled_folder("data") / "frameworks").glob("*.toml")}
    if name not in known:
        raise unknown("framework", name, sorted(known))
    return read_framework(known[name])


def inspection_named(name: str) -> Inspection:
    """Return the bundled inspection or set of practice cases called `name`.

    Published inspections have totals and ratings and no cases. Practice cases are made up to match
    the report's totals: they carry those totals as `published`, and no ratings. An unknown name
    raises `UnknownName`, which lists the names that there are.

    >>> inspection_named("lewisham-bromley-2022").identity["score"]
    4
    """
    known = folders()
    if name not in known:
        raise unknown("inspection", name, sorted(known))
    return inspection_in(known[name])


def inspection_in(folder: Path) -> Inspection:
    """Return the inspection in a `folder` in the form of those that come with the kit."""
    identity = tomllib.loads((folder / "inspection.toml").read_text(encoding="utf-8"))
    return Inspection(
        name=folder.name,
        identity=identity,
        framework=framework_named(identity["framework"]),
        frames=_frames(folder, identity, folders()),
        cases_are=identity["cases_are"],
    )


def next_set(inspection: Inspection) -> Inspection:
    """Return another set of practice cases made to match the report that `inspection` matches.

    It is the next by name, after the last the first: several fit, which is what they teach.

    >>> next_set(inspection_named("practice-cases")).name
    'practice-cases-b'
    """
    sets = [one for one in map(inspection_named, sorted(folders())) if one.made_up]
    matched = inspection.identity.get("matches")
    same = [one for one in sets if one.identity["matches"] == matched]
    names = [one.name for one in same]
    place = names.index(inspection.name) if inspection.name in names else -1
    return same[(place + 1) % len(same)]


def _frames(
    folder: Path, identity: dict[str, Any], known: dict[str, Path]
) -> dict[str, pd.DataFrame]:
    frames = {
        name: _read(folder / f"{name}.csv") for name in FRAMES if (folder / f"{name}.csv").exists()
    }
    if "matches" in identity:
        report = known[identity["matches"]]
        frames |= {name: _read(report / f"{name}.csv") for name in ("published", "comparisons")}
    return frames


def _read(path: Path) -> pd.DataFrame:
    """Return a table as it was written: blank is missing, and words such as NA stay words."""
    if path.stem not in (*CASE_FRAMES, *READ_FRAMES):
        return pd.read_csv(path, keep_default_na=False)
    blank = dict.fromkeys(NUMBERS, [""]) if path.stem in READ_FRAMES else [""]
    return pd.read_csv(
        path, dtype=defaultdict(lambda: "str", KINDS), keep_default_na=False, na_values=blank
    )
