"""One wide table of cases, made in the engine and checked there.

A row a case; a column of small whole numbers a characteristic, a question and a flag of a need.
Rows that are of no case, or that say again what was said of one, show in its sums: only then are
they looked for, and told by the keys of their cases.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import ibis

from hmip_kit.engine import asked, written_as
from hmip_kit.engine.cases import NOTHING, NOUGHT
from hmip_kit.engine.columns import in_text
from hmip_kit.errors import DataProblem
from hmip_kit.schema import ANSWERS, NEED, NEED_FLAGS, NEEDS, NO, YES
from hmip_kit.sources.own.frames import ANSWERED, GIVEN, characteristics_of, questions_of
from hmip_kit.sources.own.headings import CASE_ID, Matched, Vocabulary
from hmip_kit.sources.own.identifiers import shown
from hmip_kit.sources.own.table import Texts
from hmip_kit.sources.own.values import settled
from hmip_kit.sources.problems import MOST_ROWS, plural

CHANGED = "changed while it was read: load it again when nobody writes to it"
STRANGE = -9  # the code of a value that was not there when the values were asked for
ALONE = "are about no case of the table of cases"
TWICE = "stand more than once"
Row = Mapping[str, Any]


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
    parts: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, tuple[Any, Sequence[str]]] = field(default_factory=dict)

    def named(self, what: str) -> str:
        """Return what the table calls the column of `what`."""
        return self.columns.setdefault(what, f"c{len(self.columns)}")


def wide_of(tables: Sequence[Matched], known: Vocabulary) -> Wide:
    """Return what the wide table is put together of, from `tables`; `known` tells the questions.

    What is wrong with a value is noted.
    """
    wide = Wide()
    size = max((len(one.table) for one in tables if one.kind == "cases"), default=0)
    for found in tables:
        if found.kind == "answers":
            wide.parts["answers"] = _answers(wide, found, known, size)
        elif found.kind == "needs":
            wide.parts["needs"] = _needs(wide, found)
        else:
            part = _in_columns(wide, found)
            wide.base, wide.parts = (
                (part, wide.parts)
                if found.kind == "cases"
                else (wide.base, {**wide.parts, "wide": part})
            )
    if wide.base is None:
        ids = [part.select("case") for part in wide.parts.values()]
        every = ibis.union(*ids) if len(ids) > 1 else ids[0]
        wide.base = every.filter(every["case"] != "").distinct()
    return wide


def _in_columns(wide: Wide, found: Matched) -> Any:
    """Return the characteristics and the answers that stand in columns of a table, a row a case."""
    table: Any = found.table
    codes = {}
    for name, values in (characteristics_of(found) if found.kind == "cases" else {}).items():
        place = (found.columns | found.others)[name]
        wide.values[name] = list(values.cat.categories)
        codes[wide.named(name)] = _coded(table, place, values.cat.codes)
    for question, place in found.questions.items():
        wide.questions.append(question)
        answer = settled(table, place, "answer").among(ANSWERS)
        codes[wide.named(f"answer/{question}")] = _coded(table, place, answer)
    return table.source.select(case=_key(found), **codes)


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
    blank = table.columns[place].counted.get("")
    if blank:
        table.problem("no need is given", place, blank[1])
    wide.needs += NEEDS if len(table) else ()
    flags = {
        f"need/{{}}/{flag}": _coded(table, at, settled(table, at, flag).among((NO, YES)))
        for flag in NEED_FLAGS
        if (at := found.columns.get(flag)) is not None
    }
    given = {"need/{}": ibis.literal(0, "int16")} | flags
    return _by_case(wide, found, (place, NEEDS, settled(table, place, NEED)), given)


def _by_case(
    wide: Wide, found: Matched, what: tuple[int, Sequence[str], Texts], codes: Mapping[str, Any]
) -> Any:
    """Return a row a case, with a column a name and code, from a table with a row each.

    With how many `rows` there are, how many of them say a name `again`, and the `least` code.
    """
    table: Any = found.table
    place, names, meant = what
    numbered = {f"k{at}": one for at, one in enumerate(codes.values())}
    by = _coded(table, place, meant.among(names))
    least = ibis.least(by, *numbered.values())
    rows = table.source.select(case=_key(found), what=by, least=least, **numbered)
    wide.rows[found.kind] = rows, names
    columns = [
        {wide.named(form.format(name)): rows[key].max(where=rows.what == at) for at, name in each}
        for key, form in zip(numbered, codes, strict=True)
        for each in [list(enumerate(names))]
    ]
    every = {name: one for each in columns for name, one in each.items()}
    each = rows.group_by("case").aggregate(**every, least=rows.least.min(), rows=rows.count())
    said = sum(
        (each[name].notnull().cast("int64") for name in columns[0]), ibis.literal(0, "int64")
    )
    return each.mutate(again=each.rows - said)


def _coded(table: Any, place: int, codes: Any) -> Any:
    """Return a column as the `codes` of its texts; what is none of them is strange."""
    column = table.columns[place]
    pairs = [
        (raw, int(code)) for code, spelled in zip(codes, column.raw, strict=True) for raw in spelled
    ]
    return table.text(place).cases(*(pairs or [("", -1)]), else_=STRANGE).cast("int16")


def _key(found: Matched) -> Any:
    table: Any = found.table
    return in_text(table.source[table.key])


def written(wide: Wide) -> Any:
    """Return the table of a `wide`, written once; -1 is what is not recorded."""
    joined, counts = wide.base, list[str]()
    for kind, part in wide.parts.items():
        noted = {f"{name}_{kind}": name for name in NOTED if name in part.columns}
        counts += noted
        part = part.rename({f"case_{kind}": "case"} | noted)
        joined = joined.left_join(part, joined["case"] == part[f"case_{kind}"])
    codes = {name: joined[name].fill_null(-1).cast("int16") for name in wide.columns.values()}
    noted = {name: joined[name].fill_null(0).cast("int64") for name in counts}
    fixed = {NOTHING: ibis.literal(-1, "int16"), NOUGHT: ibis.literal(0, "int16")}
    return written_as(
        joined.select(joined["case"], **codes, **noted, **fixed), f"hmip_{token_hex(6)}"
    )


NOTED = ("rows", "again", "least")  # what is noted of the rows of each case


def note_rows(wide: Wide, table: Any, tables: Sequence[Matched]) -> None:
    """Note what is wrong with rows of `tables`, as the written `table` of a `wide` shows.

    Raises `DataProblem` where the sums do not fit and no row is wrong: somebody writes to it.
    """
    sums = {"size": table.count(), "differ": table["case"].nunique()}
    least = [table[name] for name in (NOTHING, *wide.columns.values())]
    sums["least"] = ibis.least(*least, ibis.literal(0, "int16")).min()
    for name in (one for one in table.columns if one.partition("_")[0] in NOTED):
        sums[name] = table[name].min() if name.startswith("least") else table[name].sum()
    if "rows_answers" in sums:
        sums["silent"] = (table["rows_answers"] == 0).cast("int64").sum()
    facts = {name: int(one or 0) for name, one in asked(table.aggregate(**sums))[0].items()}
    for found in tables:
        _note_faults(wide, found, facts)
    first: Any = tables[0].table
    strange = min(number for name, number in facts.items() if name.startswith("least"))
    if strange == STRANGE and not first.report.problems:
        raise DataProblem(f"{first.file} {CHANGED}")
    if not facts["size"]:
        first.warn("has headings and no cases")
    elif 0 < facts.get("silent", 0) < facts["size"]:
        first.warn(f"{plural(facts['silent'], 'case')} without any answer")


def _note_faults(wide: Wide, found: Matched, facts: Mapping[str, int]) -> None:
    """Note rows of a table that are of no case, or say again what was said of one."""
    table: Any = found.table
    place, (blank, _) = (
        found.columns[CASE_ID],
        table.columns[found.columns[CASE_ID]].counted.get("", (0, 0)),
    )
    if blank:
        table.note(f"no case is given{'' if blank == 1 else f' (in {blank} rows)'}", place)
    ids = table.source.select(case=_key(found))
    ids = ids.filter(ids["case"] != "")
    if found.kind in ("cases", "wide") and (
        found.kind == "wide" or facts["size"] != facts["differ"]
    ):
        _note(
            found, place, _twice(ids, ["case"]), TWICE, lambda row: f"stands {row['times']} times"
        )
    there, repeated = facts.get(f"rows_{found.kind}", -1), facts["size"] != facts["differ"]
    if found.kind != "cases" and (repeated or there != len(table) - blank):
        alone, sure = ids.anti_join(wide.base, "case").mutate(times=1), there >= 0 and not repeated
        _note(found, place, alone, ALONE, lambda _: ALONE.replace("are about", "is"), sure)
    if facts.get(f"again_{found.kind}"):
        rows, names = wide.rows[found.kind]
        named, (fault, said) = ("question", ANSWERED) if found.kind == "answers" else (NEED, GIVEN)
        again = _twice(rows.filter((rows["case"] != "") & (rows.what >= 0)), ["case", "what"])
        _note(
            found,
            found.columns[named],
            again,
            fault,
            lambda row: said.format(shown(names[row["what"]])),
            True,
        )


def _twice(rows: Any, by: list[str]) -> Any:
    each = rows.group_by(by).aggregate(times=rows.count())
    return each.filter(each.times > 1)


def _note(
    found: Matched,
    place: int,
    rows: Any,
    fault: str,
    say: Callable[[Row], str],
    sure: bool = False,
) -> None:
    """Note the first few of `rows` that are wrong; of many, how many there are too.

    Where it is `sure` that there are some, none of them means that the table changed.
    """
    table: Any = found.table
    many = asked(rows.aggregate(many=rows.count()))[0]["many"]
    if many > MOST_ROWS:
        table.note(f"{many} rows {fault}; the first {MOST_ROWS} follow", place)
    for row in asked(rows.order_by("case").limit(MOST_ROWS)) if many else ():
        table.note(say(row), place, row["case"])
    if sure and not many and not table.report.problems:
        raise DataProblem(f"{table.file} {CHANGED}")
