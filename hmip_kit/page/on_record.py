"""What a render of own cases for sharing looks up, and what it leaves on record."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from hmip_kit.doors import through
from hmip_kit.errors import NotShared
from hmip_kit.findings import HIDDEN
from hmip_kit.inspection import Inspection
from hmip_kit.protect import FEWEST_CASES, WITHHELD
from hmip_kit.protect.payload import Page, Withheld
from hmip_kit.protect.releases import Release, from_texts, in_force, proposed, withheld_from
from hmip_kit.settings import RELEASES_SETTING
from hmip_kit.sources.own import Checked, check
from hmip_kit.sources.own.files import DATABASE, is_address, located
from hmip_kit.workbook import write_whole

FOLDER = "hmip-releases"  # beside the case file
IN_A_DATABASE = (
    "cases in a database beside those of a file, or in a folder that is opened as one: for sharing,"
    " put them into one database and name its address with --data"
)


@dataclass(frozen=True)
class InFolder:
    """A record in a `folder`, beside the file `where` the cases are."""

    folder: Path
    where: Path

    def __str__(self) -> str:
        """Return where it is."""
        return str(self.folder)

    def known(self) -> list[Release]:
        """Return the releases on record, the oldest first; none where there is no folder."""
        return from_texts(one.read_text(encoding="utf-8") for one in self.folder.glob("*.json"))

    def keep(self, release: Release) -> None:
        """Write a `release` so that only its owner reads it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self.folder / release.file_name, release.text.encode(), private=True)

    def delete(self, release: Release) -> None:
        """Delete a `release`."""
        (self.folder / release.file_name).unlink()

    def proposed(
        self, inspection: Inspection, ids: Sequence[str], before: Sequence[Release]
    ) -> tuple[Release, Withheld]:
        """Return the release that a page would be, and what it leaves out: see `proposed`."""
        if inspection.held:
            raise NotShared(IN_A_DATABASE)
        release = proposed(inspection, ids, before)
        return release, withheld_from(release, inspection, before)

    def close(self) -> None:
        """Do nothing: a file is not kept open."""


def record_of(data: Path | str) -> Any:
    """Return the record of releases of what `data` names.

    Of a database it is a table there; of a file the folder that is named, else one beside it.
    """
    if is_address(data):
        return through("InDatabase")(str(data))
    named, file = os.environ.get(RELEASES_SETTING), Path(data)
    return InFolder(Path(named) if named else file.resolve().parent / FOLDER, file)


@dataclass
class OnRecord:
    """The release that the pages of one run are, held against those before it.

    Each file counted is a release of its own: the first is the one that was named.
    """

    record: Any
    before: list[Release]
    replaces: str = ""
    counted: list[str] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    withheld: Withheld | None = None
    pages: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return what the pages go by on record; blank where nothing is to be recorded."""
        return next((one.id for one in self.releases), "")

    def count(self, data: Path | str, checked: Checked) -> None:
        """Take in the cases of the file or database `data`, as `checked`.

        Raises `NotShared` where one to nine cases would stand alone beside others. A file that is
        not the first must ask for nothing to be left out: it was counted already.
        """
        inspection = checked.accepted()
        self.counted.append(located(data))
        if inspection.size < FEWEST_CASES:  # of which a page shows nothing
            return
        others = [*self.before, *self.releases]
        release, withheld = self.record.proposed(inspection, checked.ids.given, others)
        if self.withheld is None:
            self.withheld = withheld
        elif any([*withheld["characteristics"], *withheld["tallies"], *withheld["questions"]]):
            raise NotShared(
                f"{checked.name}: its cases are partly those of another file that is counted, and "
                "a page of both would tell them apart. Make a page of each, or for the unit only."
            )
        self.releases.append(release)

    def check_opened(self, opened: list[str]) -> None:
        """Take in the files that a notebook `opened` by itself."""
        for one in opened:
            if Path(one).name == DATABASE:
                raise NotShared(f"a notebook opens a connection by itself: {IN_A_DATABASE}")
            if not any(one == each or Path(each) in Path(one).parents for each in self.counted):
                self.count(one, check(one))

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
            self.record.keep(record)


def held_against(
    data: Path | str, drop: bool, first: bool, replaces: str, ask: Callable[[str], bool]
) -> tuple[Checked, OnRecord | None]:
    """Return what a check of `data` finds, and what its pages are on record, of one's own cases.

    `drop` drops columns that identify a person. Where there is no record yet, `first` says that
    these cases were not released before, or `ask` does. Raises `NotShared` where
    neither does, or a few cases would stand alone, and `UnknownName` where there is no release that
    it `replaces`.
    """
    record = record_of(data)
    known = record.known()
    checked = check(record.where, drop)
    if not checked.accepted().protected:
        record.close()
        return checked, None
    if (
        not known
        and not first
        and not ask(f"No earlier page of these cases is on record in {record}")
    ):
        raise NotShared(
            f"{checked.name}: no record of earlier pages for sharing was found in {record}. Name "
            f"its folder as {RELEASES_SETTING}, or say with --first-release that there was none."
        )
    found = OnRecord(record, in_force(known, replaces), replaces)
    found.count(data, checked)
    record.close()
    return checked, found
