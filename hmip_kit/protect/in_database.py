"""The record of releases in a database: what was shared of its cases is kept there, a table each.

The rule is that of files, in `protect.releases`: what it asks of cases is asked of tables here, and
numbers come back. A table has a row a case, without its id, and what is said of the release.
"""

from collections.abc import Collection, Sequence
from secrets import token_hex
from typing import Any

import ibis
from ibis import _

from hmip_kit.engine import WRITE, answering, asked, connected, written
from hmip_kit.engine.cases import FIXED, InEngine
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
    as_allowed,
    from_texts,
    groups_of,
    partly,
    withheld_from,
)

TABLE = "hmip_release_{}"  # what the table of a release is called, by its id


class InDatabase:
    """A record in the database at an `address`."""

    def __init__(self, address: str) -> None:
        self._address, self.where = address, connected(address, write=True)

    def __str__(self) -> str:
        """Return where it is."""
        return f"the database, as tables {TABLE.format('...')}"

    def close(self) -> None:
        """Close the connection `where` cases are checked, so that notebooks can open them."""
        self.where.disconnect()

    @answering()
    def known(self) -> list[Release]:
        """Return the releases on record, the oldest first, with any of which no page was made."""
        tables = map(self.where.table, self.where.list_tables(like=f"^{TABLE.format('')}"))
        return from_texts(asked(one.select("said").limit(1))[0]["said"] for one in tables)

    def keep(self, release: Release) -> None:
        """Write what is said of a `release` beside its cases."""
        self.where = connected(self._address, write=True)
        self._write(release, self.where.table(TABLE.format(release.id)))
        self.close()

    @answering(WRITE)
    def _write(self, release: Release, rows: Any) -> None:
        self.where.create_table(
            TABLE.format(release.id),
            rows.mutate(said=ibis.literal(release.text)),
            overwrite=True,
        )

    @answering(WRITE)
    def delete(self, release: Release) -> None:
        """Delete a `release` and its cases."""
        self.where.drop_table(TABLE.format(release.id))

    def proposed(
        self, inspection: Inspection, _ids: Sequence[str], before: Sequence[Release]
    ) -> tuple[Release, Withheld]:
        """Return the release that a page would be, and what it leaves out; its cases are kept."""
        cases: Any = inspection.all_cases
        if not isinstance(cases, InEngine) or cases.table.get_backend() is not self.where:
            raise NotShared(
                "a notebook opens other cases too: a page for sharing is of one database"
            )
        salt = before[0].salt if before else token_hex(16)
        release = Release([], [], salt, groups_of(inspection), cases.size)
        earlier = [self.where.table(TABLE.format(one.id)) for one in before]
        rows = _with_persons(_rows_of(cases, salt), release.id, earlier)
        past = InTables([*earlier, rows], inspection.framework)
        release = as_allowed(release, before, past)
        self._write(release, rows)
        return release, withheld_from(release, inspection, before, past)


def _rows_of(cases: InEngine, salt: str) -> Any:
    """Return what is recorded of `cases`, by `case/`, `answer/` and `need/` and a name, and ids."""
    table, named = cases.table, cases.columns
    most = asked(table.aggregate(**{one: table[one].max() for one in named.values()}))[0]
    codes = {what: table[one] for what, one in named.items() if "/" in what and most[one] >= 0}
    values = {
        f"case/{name}": table[named[name]].cases(*enumerate(one), else_=None)
        for name, one in cases.values.items()
    }
    return table.select(
        under_salt=(ibis.literal(salt) + table["case"]).hexdigest("sha256"), **values, **codes
    )


def _text(rows: Any, known: Collection[str]) -> Any:
    """Return what is `known` of cases as one text."""
    return ibis.literal("\n").join(
        [ibis.literal(""), *(rows[what].cast("string").fill_null("") for what in sorted(known))]
    )


def _known(each: Sequence[Any], start: str = "") -> set[str]:
    """Return what all of some tables know of their cases, of what begins so."""
    return {
        what
        for what in set.intersection(*({*rows.columns} for rows in each))
        if "/" in what and what.startswith(start)
    }


def _with_persons(rows: Any, release: str, earlier: Sequence[Any]) -> Any:
    """Return the `rows` of a `release` with who each is: a person of `earlier` ones, or a new one.

    As `everyone` does of files: by id where most say the same of themselves, then by content.
    """
    rows = written(rows.mutate(person=rows.under_salt.concat(release)))
    found = written(rows.select("under_salt", "person").limit(0))
    for by_id, other in [(by_id, one) for by_id in (True, False) for one in earlier]:
        free = _pairs(rows, other, by_id).anti_join(found, "under_salt")
        found = written(found.union(free.anti_join(found, "person")))
    return written(
        rows.left_join(found, "under_salt")
        .mutate(person=_.person_right.coalesce(_.person))
        .select(rows.columns)
    )


def _pairs(rows: Any, other: Any, by_id: bool) -> Any:
    """Return who of a release is who of another one, by id or by content; nobody if few are."""
    known = _known([rows, other], "case/" if by_id else "")
    mine, theirs = (
        one.select("under_salt", "person", said=_text(one, known)).mutate(
            at=ibis.row_number().over(group_by="said", order_by="under_salt")
        )
        for one in (rows, other)
    )
    pairs = mine.join(theirs, "under_salt" if by_id else ["said", "at"]).mutate(
        same=_.said == _.said_right if by_id else ibis.literal(True)
    )
    sizes = [asked(one.aggregate(many=_.count()))[0]["many"] for one in (mine, theirs, pairs)]
    same = asked(pairs.aggregate(same=_.same.sum()))[0]["same"] or 0
    enough = same >= ALIKE * (sizes[-1] if by_id else min(sizes[:2]))
    return pairs.filter(ibis.literal(enough)).select("under_salt", person=_.person_right)


class InTables:
    """The cases of releases in tables, `rows` of each, by the `framework` of the last."""

    def __init__(self, rows: Sequence[Any], framework: Framework) -> None:
        self._rows, self._framework = rows, framework
        self._among: dict[tuple[int, ...], Any] = {}

    def sizes(self, group: Group | None = None, content: bool = True) -> dict[At, int]:
        """Return how many cases each block has: `group` and `content` as for `blocks`."""
        ones, places = self._ones(group) if content else _ones(self._rows, ()), len(self._rows)
        return {
            frozenset(one for one in range(places) if int(row["at"]) >> one & 1): row["many"]
            for row in asked(ones.group_by("at").aggregate(many=_.count()))
        }

    def between(self, group: Group | None = None) -> list[Inspection]:
        """Return the blocks, of a `group`, that are no whole release, each to be counted."""
        places = {sum(1 << one for one in at): str(at) for at in partly(self.sizes(group))}
        if not places:
            return []
        ones = self._ones(group)
        told = [what for what in ones.columns if what.startswith(("answer/", "need/"))]
        columns = {what: f"c{at}" for at, what in enumerate(told)} | {"block": "block"}
        codes = {columns[what]: ones[what].fill_null(-1) for what in told}
        block = ones["at"].cases(*zip(places, range(len(places)), strict=True), else_=-1)
        table = written(ones.select(block=block, **codes, **FIXED).filter(_.block >= 0))
        cases = InEngine(table, columns, {"block": [*places.values()]})
        whole = Inspection(
            "block",
            {"title": "Block"},
            self._framework,
            frames_without_rows(cases),
            "own",
            held=cases,
        )
        return [whole.where(block=one) for one in places.values()]

    def _ones(self, group: Group | None) -> Any:
        """Return a row a person and a content of a group: see `_ones`."""
        name, values, among = group or ("", frozenset(), [*range(len(self._rows))])
        if tuple(among) not in self._among:
            rows = [self._rows[place] for place in among]
            self._among[tuple(among)] = written(_ones(rows, _known(rows)))
        ones = self._among[tuple(among)]
        return ones.filter(ones[f"case/{name}"].isin(sorted(values))) if name else ones


def _ones(each: Sequence[Any], known: Collection[str]) -> Any:
    """Return a row a person, and what is `known`, with the places of releases as binary digits.

    What not all of them know is as the last one says.
    """
    every = {what: rows[what].type() for rows in each for what in _known([rows])}
    placed = [
        rows.select(
            "person",
            place=ibis.literal(1 << at, "int64"),
            said=_text(rows, known),
            **{
                what: rows[what] if what in rows.columns else ibis.null(kind)
                for what, kind in every.items()
            },
        )
        for at, rows in enumerate(each)
    ]
    return (
        ibis.union(*placed)
        .group_by(["person", "said"])
        .aggregate(at=_.place.sum(), **{what: _[what].argmax(_.place) for what in every})
    )
