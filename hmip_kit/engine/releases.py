"""The record of releases in a database: what was shared of its cases is kept there, a table each.

The rule is that of files, in `protect.releases`: what it asks of cases is asked of tables here, and
numbers come back. Each release has a table of its cases, without their ids.
"""

from collections.abc import Iterable, Sequence
from secrets import token_hex
from typing import Any

import ibis
from ibis import _

from hmip_kit.engine import answering, asked, connected, written
from hmip_kit.engine.cases import NOTHING, NOUGHT, InEngine
from hmip_kit.engine.opening import frames_without_rows
from hmip_kit.errors import NotShared
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.protect.payload import Withheld
from hmip_kit.protect.releases import (
    ALIKE,
    At,
    Group,
    Release,
    allowed,
    from_texts,
    groups_of,
    partly,
    withheld_from,
)

RECORD, CASES = "hmip_releases", "hmip_release_{}"  # the tables of releases, and of one's cases
WRITE = (
    "for sharing, the record of releases is a table there: may you write to the database, and does "
    "nobody else have it open?"
)
OTHERS = "a notebook opens other cases too: a page for sharing is of one database"
PERSON, UNDER_SALT = "person", "under_salt"  # columns of such a table: who it is, and the id


class InDatabase:
    """A record in the database at an `address`."""

    def __init__(self, address: str) -> None:
        self._address, self._connection = address, None

    def __str__(self) -> str:
        """Return where it is."""
        return f"the table {RECORD} of the database"

    @property
    def where(self) -> Any:
        """Return a connection that may write, to check the cases on and to keep them."""
        self._connection = self._connection or connected(self._address, WRITE, write=True)
        return self._connection

    def close(self) -> None:
        """Close the connection, so that notebooks can open the database."""
        self.where.disconnect()
        self._connection = None

    def known(self) -> list[Release]:
        """Return the releases on record, the oldest first; none where there is no table."""
        connection = connected(self._address)
        with answering():
            there = RECORD in connection.list_tables()
        found = from_texts(row["said"] for row in asked(connection.table(RECORD))) if there else []
        connection.disconnect()
        return found

    def keep(self, release: Release) -> None:
        """Write a `release`, in the place of what is known of it."""
        self._write([*(one for one in self.known() if one.id != release.id), release])

    def delete(self, release: Release) -> None:
        """Delete a `release` and its cases."""
        self._write([one for one in self.known() if one.id != release.id])

    def _write(self, releases: Sequence[Release]) -> None:
        """Write all `releases`; a table of cases that is none of theirs goes."""
        rows = {"release": [one.id for one in releases], "said": [one.text for one in releases]}
        kept = {CASES.format(one.id) for one in releases}
        with answering(WRITE):
            said = ibis.memtable(rows, schema=ibis.schema(dict.fromkeys(rows, "string")))
            self.where.create_table(RECORD, said, overwrite=True)
            for name in self.where.list_tables(like=f"^{CASES.format('')}"):
                if name not in kept:
                    self.where.drop_table(name)
        self.close()

    def proposed(
        self, inspection: Inspection, _ids: Sequence[str], before: Sequence[Release]
    ) -> tuple[Release, Withheld]:
        """Return the release that a page would be, and what it leaves out; its cases are kept."""
        cases: Any = inspection.all_cases
        if not isinstance(cases, InEngine) or cases.table.get_backend() is not self._connection:
            raise NotShared(OTHERS)
        salt, groups = before[0].salt if before else token_hex(16), groups_of(inspection)
        release = Release([], [], salt, groups, cases.size, _recorded(cases))
        earlier = [_named(self.where.table(CASES.format(one.id)), one) for one in before]
        rows = _persons(_rows_of(cases, release), release, earlier, before)
        past = InTables([*earlier, rows], inspection.framework)
        release = allowed(release, before, past)
        numbered = {f"c{at}": rows[what] for at, what in enumerate(release.columns)}
        with answering(WRITE):
            kept = rows.select(PERSON, UNDER_SALT, **numbered)
            self.where.create_table(CASES.format(release.id), kept)
        return release, withheld_from(release, inspection, before, past)


def _recorded(cases: InEngine) -> list[str]:
    """Return what of `cases` is recorded of any: by `case/`, `answer/` and `need/` and a name."""
    most = asked(
        cases.table.aggregate(**{one: cases.table[one].max() for one in cases.columns.values()})
    )[0]
    there = [what for what, one in cases.columns.items() if most[one] >= 0]
    return [f"case/{one}" if one in cases.values else one for one in there]


def _rows_of(cases: InEngine, release: Release) -> Any:
    """Return the cases of a release: who under the salt, and what is recorded of each."""
    columns = {}
    for what in release.columns:
        name = what.removeprefix("case/")
        column = cases.table[cases.columns[name]]
        values = [*enumerate(cases.values.get(name, ()))]
        columns[what] = column.cases(*values, else_=None) if values else column
    under = (ibis.literal(release.salt) + cases.table["case"]).hexdigest("sha256")
    return cases.table.select(**{UNDER_SALT: under}, **columns)


def _named(rows: Any, release: Release) -> Any:
    """Return the table of a release with its columns by their names."""
    return rows.rename({what: f"c{at}" for at, what in enumerate(release.columns)})


def _text(rows: Any, known: Iterable[str]) -> Any:
    """Return what is known of cases as one text."""
    cells = [rows[what].cast("string").fill_null("") for what in sorted(known)]
    return ibis.literal("\n").join([ibis.literal(""), *cells])


def _persons(rows: Any, release: Release, earlier: Sequence[Any], before: Sequence[Release]) -> Any:
    """Return the `rows` of a release with who each is: a person of `earlier` ones, or a new one.

    As `everyone` does of files: by id where most say the same of themselves, then by content.
    """
    new = rows[UNDER_SALT].concat(release.id)
    found = written(rows.select(UNDER_SALT, **{PERSON: new}).limit(0))
    for by_id in (True, False):
        for one, other in zip(before, earlier, strict=True):
            known = [what for what in release.columns if what in one.columns]
            if pairs := _pairs(rows, other, known, by_id, min(one.size, release.size)):
                free = pairs[0].anti_join(found, UNDER_SALT).anti_join(found, PERSON)
                found = written(ibis.union(found, free))
    joined = rows.left_join(found, UNDER_SALT)
    return written(joined.select(*rows.columns, **{PERSON: joined[PERSON].coalesce(new)}))


def _pairs(rows: Any, other: Any, known: Sequence[str], by_id: bool, fewer: int) -> list[Any]:
    """Return who of a release is who of another one, if enough are: by id, or by content."""
    told = [what for what in known if what.startswith("case/")] if by_id else known
    mine, theirs = (
        one.select(*(set(one.columns) & {UNDER_SALT, PERSON}), said=_text(one, told))
        for one in (rows, other)
    )
    if by_id:
        pairs = mine.join(theirs, UNDER_SALT, rname="their_{name}")
    else:
        mine, theirs = (
            one.mutate(at=ibis.row_number().over(group_by="said", order_by=UNDER_SALT))
            for one in (mine, theirs)
        )
        pairs = mine.join(theirs, ["said", "at"], rname="their_{name}").mutate(their_said=_.said)
    same = asked(pairs.aggregate(many=_.count(), same=(_.said == _.their_said).sum()))[0]
    enough = (same["same"] or 0) >= ALIKE * (same["many"] if by_id else fewer)
    return [pairs.select(UNDER_SALT, PERSON)] if enough else []


class InTables:
    """The cases of releases in tables, `rows` of each, by the `framework` of the last."""

    def __init__(self, rows: Sequence[Any], framework: Framework) -> None:
        self._rows, self._framework = rows, framework
        self._among: dict[tuple[int, ...], Any] = {}

    def sizes(self, group: Group | None = None, content: bool = True) -> dict[At, int]:
        """Return how many cases each block has: `group` and `content` as for `blocks`."""
        ones = self._ones(group) if content else _ones(self._rows, ())
        rows = asked(ones.group_by("at").aggregate(many=_.count()))
        return {_bits(int(row["at"])): int(row["many"]) for row in rows}

    def between(self, group: Group | None = None) -> list[Inspection]:
        """Return the blocks, of a `group`, that are no whole release, each to be counted."""
        places = {sum(1 << one for one in at): str(at) for at in partly(self.sizes(group))}
        if not places:
            return []
        ones = self._ones(group)
        told = [what for what in ones.columns if what.startswith(("answer/", "need/"))]
        columns = {what: f"c{at}" for at, what in enumerate(told)}
        codes = {columns[what]: ones[what].fill_null(-1) for what in told}
        block = ones["at"].cases(*((at, place) for place, at in enumerate(places)), else_=-1)
        fixed = {NOTHING: ibis.literal(-1, "int16"), NOUGHT: ibis.literal(0, "int16")}
        table = written(ones.select(block=block, **codes, **fixed).filter(_.block >= 0))
        questions, needs = (
            [*dict.fromkeys(what.split("/")[1] for what in told if what.startswith(kind))]
            for kind in ("answer/", "need/")
        )
        values = {"block": [*places.values()]}
        cases = InEngine(table, questions, needs, values, {**columns, "block": "block"})
        frames = frames_without_rows(cases)
        whole = Inspection("block", {"title": "Block"}, self._framework, frames, "own", held=cases)
        return [whole.where(block=one) for one in places.values()]

    def _ones(self, group: Group | None) -> Any:
        """Return a row a person and a content of a group: see `_ones`."""
        name, values, among = group or ("", frozenset(), [*range(len(self._rows))])
        if tuple(among) not in self._among:
            rows = [self._rows[place] for place in among]
            known = set.intersection(*({*one.columns} for one in rows)) - {PERSON, UNDER_SALT}
            self._among[tuple(among)] = written(_ones(rows, known))
        ones = self._among[tuple(among)]
        return ones.filter(ones[f"case/{name}"].isin(sorted(values))) if name else ones


def _ones(each: Sequence[Any], known: Iterable[str]) -> Any:
    """Return a row a person, and what is `known`, with the places of releases as binary digits.

    What not all of them know is as the last one says.
    """
    every = dict.fromkeys(what for rows in each for what in rows.columns if "/" in what)
    placed = [
        rows.select(
            PERSON,
            place=ibis.literal(1 << at, "int64"),
            said=_text(rows, known),
            **{what: rows[what] if what in rows.columns else _missing(what) for what in every},
        )
        for at, rows in enumerate(each)
    ]
    last = {what: _[what].argmax(_.place) for what in every}
    return ibis.union(*placed).group_by([PERSON, "said"]).aggregate(at=_.place.sum(), **last)


def _missing(what: str) -> Any:
    return ibis.null("string" if what.startswith("case/") else "int16")


def _bits(number: int) -> At:
    return frozenset(place for place in range(number.bit_length()) if number >> place & 1)
