"""What a render of own cases for sharing looks up, and what it leaves on record."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from hmip_kit.errors import NotShared
from hmip_kit.findings import HIDDEN
from hmip_kit.protect import FEWEST_CASES, WITHHELD
from hmip_kit.protect.payload import Page, Withheld
from hmip_kit.protect.releases import (
    FOLDER,
    Release,
    in_force,
    keep,
    proposed,
    releases_in,
    withheld_from,
)
from hmip_kit.settings import RELEASES_SETTING
from hmip_kit.sources.own import Checked, check


def folder_of(data: Path) -> Path:
    """Return the folder of the record of releases: what is named, else beside the file `data`."""
    named = os.environ.get(RELEASES_SETTING)
    return Path(named) if named else data.resolve().parent / FOLDER


@dataclass
class OnRecord:
    """The release that the pages of one run are, held against those before it.

    Each file counted is a release of its own: the first is the one that was named.
    """

    folder: Path
    before: list[Release]
    replaces: str = ""
    counted: list[Path] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    withheld: Withheld | None = None
    pages: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return what the pages go by on record; blank where nothing is to be recorded."""
        return next((one.id for one in self.releases), "")

    def count(self, data: Path, checked: Checked) -> None:
        """Take in the cases of the file `data`, as `checked`.

        Raises `NotShared` where one to nine cases would stand alone beside others. A file that is
        not the first must ask for nothing to be left out: it was counted already.
        """
        inspection = checked.accepted()
        self.counted.append(data.resolve())
        if inspection.size < FEWEST_CASES:  # of which a page shows nothing
            return
        others = [*self.before, *self.releases]
        release = proposed(inspection, checked.ids.given, others)
        withheld = withheld_from(release, inspection, others)
        if self.withheld is None:
            self.withheld = withheld
        elif any([*withheld["characteristics"], *withheld["tallies"], *withheld["questions"]]):
            raise NotShared(
                f"{data.name}: its cases are partly those of another file that is counted, and a "
                "page of both would tell them apart. Make a page of each, or for the unit only."
            )
        self.releases.append(release)

    def check_opened(self, opened: list[str]) -> None:
        """Take in the files that a notebook `opened` by itself."""
        for path in map(Path, opened):
            if not any(path == one or one in path.parents for one in self.counted):
                self.count(path, check(path))

    def check_left_out(self, page: Page) -> None:
        """Raise `NotShared` where a `page` has what its notebook was told to leave out."""
        out = self.withheld or {"characteristics": [], "questions": {}, "tallies": []}
        offered = {
            one["name"] for cube in page["cubes"].values() for one in cube["characteristics"]
        }
        told = {
            key
            for finding in page["findings"]
            for column, keys in finding["tallies"].items()
            for key, row in zip(keys, finding["rows"], strict=True)
            if row[column] is not None
        }
        if not offered.isdisjoint(out["characteristics"]) or not told.isdisjoint(out["tallies"]):
            raise NotShared(f"{page['name']}: the notebook shows what earlier pages forbid")

    def note_hidden(self, page: Page) -> None:
        """Note what the gate hid on a `page`, and why."""
        for finding in page["findings"]:
            said = [finding["sentence"], *finding["notes"]]
            why = [one for one in said if one.startswith(WITHHELD) or one.startswith(HIDDEN)]
            self.hidden += [f"{page['name']}, {finding['measure']}: {one}" for one in why]

    def write(self, name: str, content: bytes) -> None:
        """Note that the file `name` leaves, with its `content`, before it does."""
        self.pages[name] = sha256(content).hexdigest()
        parts = list(dict.fromkeys(Path(one).stem for one in self.pages))
        for release in self.releases:
            record = replace(
                release, parts=parts, pages=self.pages, replaces=self.replaces, hidden=self.hidden
            )
            keep(self.folder, record)


def held_against(
    data: Path, checked: Checked, first: bool, replaces: str, ask: Callable[[str], bool]
) -> OnRecord:
    """Return what pages of the file `data`, as `checked`, are on record.

    Where there is no record yet, `first` says that these cases were not released before, or `ask`
    does. Raises `NotShared` where neither does, or a few cases would stand alone, and `UnknownName`
    where there is no release that it `replaces`.
    """
    folder = folder_of(data)
    known = releases_in(folder)
    said = f"No earlier page of these cases is on record in {folder}"
    if not known and not first and not ask(said):
        raise NotShared(
            f"{data.name}: no record of earlier pages for sharing was found in {folder}. Name its "
            f"folder as {RELEASES_SETTING}, or say with --first-release that there was none."
        )
    record = OnRecord(folder, in_force(known, replaces), replaces)
    record.count(data, checked)
    return record
