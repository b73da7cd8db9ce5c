"""One wide table of cases, made in the engine and checked there.

A row a case; a column of small whole numbers a characteristic, a question and a flag of a need.
Rows that are of no case, or that say again what was said of one, are told by the keys of cases.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
from ibis import _

from hmip_kit.engine import asked, written
from hmip_kit.engine.cases import NOTHING, NOUGHT
from hmip_kit.schema import ANSWERS, NEED, NEED_FLAGS, NEEDS, NO, YES
from hmip_kit.sources.own.frames import ALONE, ANSWERED, GIVEN, characteristics_of, questions_of
from hmip_kit.sources.own.headings import CASE_ID, Matched, Vocabulary
from hmip_kit.sources.own.identifiers import shown
from hmip_kit.sources.own.table import Table, Texts
from hmip_kit.sources.own.values import settled
from hmip_kit.sources.problems import MOST_ROWS

# Rows that are wrong, in which column, what is wrong with them, and what is said of one.
Fault = tuple[Any, int, str, Callable[[Mapping[str, Any]], str]]


@dataclass
class Wide:
    """The wide table as it is put together.

    `columns` tells what it calls each question, flag and characteristic, and `values` has those of
    each of the last. The `parts`, a row a case each, are joined to the cases of `base`; `rows` are
    those of which there are several a case, with what they go by.
    """

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    base: Any = None
    parts: list[Any] = field(default_factory=list)
    rows: dict[str, tuple[Any, Sequence[str]]] = field(default_factory=dict)

    def named(self, what: str) -> str:
        """Return what the table calls the column of `what`."""
        return self.columns.setdefault(what, f"c{len(self.columns)}")


def wide_of(tables: Sequence[Matched], known: Vocabulary) -> Wide:
    """Return what the wide table is put together of, from `tables`; `known` tells the questions.

    What is wrong with a value or a row is noted.
    """
    wide = Wide()
    size = max((len(one.table) for one in tables if one.kind == "cases"), default=0)
    for found in tables:
        _note_blank(found.table, found.columns[CASE_ID])
        if found.kind == "cases":
            wide.base = _in_columns(wide, found)
        elif found.kind == "wide":
            wide.parts.append(_in_columns(wide, found))
        else:
            rows = (
                _answers(wide, found, known, size)
                if found.kind == "answers"
                else _needs(wide, found)
            )
            wide.parts.append(rows)
    if wide.base is None:
        ids = ibis.union(*(part.select("case") for part in wide.parts))
        wide.base = ids.filter(_.case != "").distinct()
    _note_faults([(one, fault) for one in tables for fault in _faults(wide, one)])
    return wide


def _in_columns(wide: Wide, found: Matched) -> Any:
    """Return the characteristics and the answers that stand in columns of a table, a row a case."""
    table: Any = found.table
    codes = {}
    for name, values in (characteristics_of(found) if found.kind == "cases" else {}).items():
        wide.values[name] = list(values.cat.categories)
        place = (found.columns | found.others)[name]
        codes[wide.named(name)] = _coded(table, place, values.cat.codes)
    for question, place in found.questions.items():
        wide.questions.append(question)
        answer = settled(table, place, "answer").among(ANSWERS)
        codes[wide.named(f"answer/{question}")] = _coded(table, place, answer)
    return table.source.select(case=table.ids(), **codes)


def _answers(wide: Wide, found: Matched, known: Vocabulary, size: int) -> Any:
    """Return a row a case with its answers."""
    table: Any = found.table
    place, answer = found.columns["question"], found.columns["answer"]
    asked_of = questions_of(table, place, known, size)
    names = list(dict.fromkeys(asked_of.values[code] for code in asked_of.codes))
    wide.questions += names
    if (second := found.columns.get("second_answer")) is not None:
        table.warn("is not read where cases stay in a database", second)
    code = _coded(table, answer, settled(table, answer, "answer").among(ANSWERS))
    return _by_case(wide, found, (place, names, asked_of), {"answer/{}": code})


def _needs(wide: Wide, found: Matched) -> Any:
    """Return a row a case with its needs."""
    table: Any = found.table
    place = found.columns[NEED]
    if (blank := table.columns[place].counted.get("")) is not None:
        table.problem("no need is given", place, blank[1])
    wide.needs += NEEDS if len(table) else ()
    flags = {
        f"need/{{}}/{flag}": _coded(table, at, settled(table, at, flag).among((NO, YES)))
        for flag in NEED_FLAGS
        if (at := found.columns.get(flag)) is not None
    }
    return _by_case(wide, found, (place, NEEDS, settled(table, place, NEED)), flags)


def _by_case(
    wide: Wide, found: Matched, what: tuple[int, Sequence[str], Texts], codes: Mapping[str, Any]
) -> Any:
    """Return a row a case, with a column a name and code, from a table with a row each."""
    table: Any = found.table
    place, names, meant = what
    numbered = {f"k{at}": one for at, one in enumerate(codes.values())}
    by = _coded(table, place, meant.among(names))
    rows = table.source.select(case=table.ids(), what=by, **numbered)
    wide.rows[found.kind] = rows, names
    columns = {
        wide.named(form.format(name)): rows[key].max(where=rows.what == at)
        for key, form in zip(numbered, codes, strict=True)
        for at, name in enumerate(names)
    }
    return rows.group_by("case").aggregate(**columns)


def _coded(table: Any, place: int, codes: Any) -> Any:
    """Return a column as the `codes` of its texts; -1 is none of them."""
    pairs = [(raw, int(code)) for raw, code in zip(table.columns[place].raw, codes, strict=True)]
    return table.text(place).cases(*(pairs or [("", -1)]), else_=-1).cast("int16")


def table_of(wide: Wide) -> Any:
    """Return the table of a `wide`, written once; -1 is what is not recorded."""
    joined = wide.base
    for at, part in enumerate(wide.parts):
        part = part.rename({f"case{at}": "case"})
        joined = joined.left_join(part, joined["case"] == part[f"case{at}"])
    codes = {name: joined[name].fill_null(-1).cast("int16") for name in wide.columns.values()}
    fixed = {NOTHING: ibis.literal(-1, "int16"), NOUGHT: ibis.literal(0, "int16")}
    return written(joined.select(joined["case"], **codes, **fixed))


def _note_blank(table: Table, place: int) -> None:
    if blank := table.columns[place].counted.get(""):
        times = "" if blank[0] == 1 else f" (in {blank[0]} rows)"
        table.problem(f"no case is given{times}", place)


def _faults(wide: Wide, found: Matched) -> Iterator[Fault]:
    """Yield the rows of a table that are of no case, or say again what was said of one."""
    table: Any = found.table
    ids = table.source.select(case=table.ids(), what=ibis.literal(0, "int16"))
    rows, names = wide.rows.get(found.kind, (ids, ()))
    again = rows.filter((_.case != "") & (_.what >= 0)).group_by(["case", "what"])
    again = again.aggregate(times=_.count()).filter(_.times > 1)
    place = found.columns[CASE_ID]
    if names:
        named, (fault, said) = ("question", ANSWERED) if found.kind == "answers" else (NEED, GIVEN)
        yield again, found.columns[named], fault, lambda row: said.format(shown(names[row["what"]]))
    else:
        yield again, place, "stand more than once", lambda row: f"stands {row['times']} times"
    if found.kind != "cases":
        alone = ids.filter(_.case != "").anti_join(wide.base, "case")
        alone = alone.mutate(times=ibis.literal(1, "int64"))
        yield alone, place, ALONE, lambda _: ALONE.replace("are about", "is")


def _note_faults(faults: Sequence[tuple[Matched, Fault]]) -> None:
    """Note the first few rows of each of the `faults`; of many, how many there are too."""
    each = [
        rows.mutate(at=ibis.literal(at), many=_.count().over()).order_by("case").limit(MOST_ROWS)
        for at, (found, (rows, *_rest)) in enumerate(faults)
    ]
    for row in sorted(asked(ibis.union(*each)), key=lambda one: (one["at"], one["case"])):
        found, (_rows, place, fault, say) = faults[row["at"]]
        table: Any = found.table
        if row["many"] > MOST_ROWS:
            table.problem(f"{row['many']} rows {fault}; the first {MOST_ROWS} follow", place)
        table.report.problem(table.keyed(table.place(place), row["case"]), say(row))
