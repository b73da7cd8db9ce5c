"""Tallies: what is counted in cases, and the one way to count it.

A tally is an expression over one case's columns, made of ==, >=, &, | and ~ alone, so that NumPy
and a database engine evaluate the same text. It goes by a key, which a shared page keeps beside the
counts that it adds up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from inspect import signature
from typing import Any, TypeVar, TypeVarTuple
from urllib.parse import quote, unquote
from weakref import WeakKeyDictionary

import pandas as pd

from hmip_kit.cases import NO_CODE, NOT_APPLICABLE_CODE, YES_CODE, Column, Truth, has
from hmip_kit.errors import UnknownName, unknown
from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection

ALL = "all"
LINKS = ("offending", "harm", "either", "both")
STEPS = {"planned": "planned_for", "served": "service_delivered", "progress": "improved"}
PATTERNS = ("served_progress", "served_only", "progress_only", "neither", "unknown")
CELLS = ("both", "service_only", "outcome_only", "neither")
FEWEST_STAGES = 2  # at which a strand must stand for a number of them to say anything
More = TypeVarTuple("More")
Made = TypeVar("Made")


def once_a_sample(
    work: Callable[[Inspection, *More], Made],
) -> Callable[[Inspection, *More], Made]:
    """Return `work` on the whole sample of an inspection, done once while somebody holds it."""
    kept: WeakKeyDictionary[Inspection, dict[Any, Made]] = WeakKeyDictionary()

    def done(inspection: Inspection, /, *more: *More) -> Made:
        known = kept.setdefault(inspection.sample, {})
        if more not in known:
            known[more] = work(inspection.sample, *more)
        return known[more]

    return done


def count(
    inspection: Inspection,
    keys: Iterable[str],
    by: Sequence[str] = (),
    observed: bool = False,
) -> pd.DataFrame:
    """Return in how many of an `inspection`'s cases each of the tallies `keys` holds.

    One row, or one per combination of the groups `by`, those without cases too unless `observed`;
    a column per key.
    """
    truths = {key: truth(inspection, key) for key in keys}
    return inspection.all_cases.count(truths, by, inspection.keep, observed)


def count_each(
    inspection: Inspection,
    named: tuple[str, Sequence[str]],
    what: Sequence[str],
    key: Callable[[str, str], str],
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """Return a row per group and question, or need, with a column per thing counted of it.

    `named` is what the column that names them is called, and their names; `what` is counted, by the
    tallies that `key` makes of a name and one of these. `inspection` and `by` are as in `count`.
    """
    each, names = named
    keys = [key(name, one) for name in names for one in what]
    wide = count(inspection, keys, by)
    rows = pd.DataFrame(wide[keys].to_numpy().reshape(-1, len(what)), columns=[*what])
    rows.insert(0, each, pd.Series([*names] * len(wide), dtype="str"))
    for place, name in enumerate(by):
        rows.insert(place, name, wide[name].array.repeat(len(names)))
    return rows


def counted(inspection: Inspection, keys: Iterable[str]) -> dict[str, int]:
    """Return the number of an `inspection`'s cases in which each of the tallies `keys` holds.

    >>> import hmip_kit as hk
    >>> counted(hk.load("practice-cases"), ["answer/delivery_safety/yes"])
    {'answer/delivery_safety/yes': 8}
    """
    return {str(key): int(value) for key, value in count(inspection, keys).iloc[0].items()}


def truth(inspection: Inspection, key: str) -> Truth:
    """Return, per case of the whole sample of an `inspection`, whether the tally `key` holds.

    `KINDS` lists the kinds of tally. Any part that there is not raises `UnknownName`.
    """
    kind, *parts = key.split("/")
    make, form = _one_of("kind of tally", kind, KINDS)
    if not _takes(make, len(parts)):
        raise UnknownName(f"no tally {key!r}: it goes as {form}")
    return make(inspection, *parts)


@cache
def _takes(make: "Make", many: int) -> bool:
    """Return whether a kind of tally has so many parts; looking it up each time takes longest."""
    try:
        signature(make).bind(None, *range(many))
    except TypeError:
        return False
    return True


def _everyone(inspection: Inspection) -> Truth:
    return inspection.all_cases.everyone()


def _known(code: Column) -> Truth:
    return (code == YES_CODE) | (code == NO_CODE)


ANSWERED: dict[str, Callable[[Column], Truth]] = {
    "yes": lambda code: code == YES_CODE,
    "no": lambda code: code == NO_CODE,
    "n": _known,
    "not_applicable": lambda code: code == NOT_APPLICABLE_CODE,
    "not_recorded": lambda code: ~(_known(code) | (code == NOT_APPLICABLE_CODE)),
}


def answer_key(question: str, what: str) -> str:
    """Return the tally of `what` was answered to a `question`: "yes", "n" and so on."""
    return f"answer/{question}/{what}"


def _answer(inspection: Inspection, question: str, what: str) -> Truth:
    asked = _one_of("question", question, {one: one for one in inspection.all_cases.questions})
    return _one_of("count of answers", what, ANSWERED)(inspection.all_cases.answer(asked))


def _where_no(inspection: Inspection, question: str, part: str, what: str) -> Truth:
    base = _answer(inspection, question, "no") & _answer(inspection, part, "n")
    known = {"n": base, "no": base & _answer(inspection, part, "no")}
    return _one_of("count of parts", what, known)


def group_key(name: str, value: str, key: str) -> str:
    """Return the tally `key` among cases whose characteristic `name` has a `value`.

    >>> group_key("office", "North/South", "all")
    'group/office/North%2FSouth/all'
    """
    return f"group/{name}/{quote(value, safe='')}/{key}"


def _group(inspection: Inspection, name: str, value: str, *rest: str) -> Truth:
    inspection.check_values(name, (unquote(value),))
    return has(inspection.all_cases, name, (unquote(value),)) & truth(inspection, "/".join(rest))


def without_group(key: str) -> str:
    """Return the tally that a group's tally `key` is a part of; another key as it is.

    >>> without_group("group/sex/Female/answer/delivery_safety/yes"), without_group("all")
    ('answer/delivery_safety/yes', 'all')
    """
    return key.split("/", 3)[3] if key.startswith("group/") else key


def need_key(need: str, link: str, what: str) -> str:
    """Return the tally of cases with a `need` by a `link`, and `what` of it.

    >>> need_key("Drug misuse", "offending", "served")
    'need/Drug misuse/offending/served'
    """
    return f"need/{quote(need, safe=' ,')}/{link}/{what}"


def _need(inspection: Inspection, need: str, link: str, what: str) -> Truth:
    cases = inspection.all_cases
    name = _one_of("need", unquote(need), {one: one for one in cases.needs})
    offending, harm = (cases.flag(name, f"linked_to_{one}") == 1 for one in LINKS[:2])
    linked = dict(zip(LINKS, (offending, harm, offending | harm, offending & harm), strict=True))
    there = _one_of("link", link, linked)
    code = {step: cases.flag(name, flag) for step, flag in STEPS.items()}
    known = {"n": there}
    known |= {step: there & (code[step] == 1) for step in STEPS}
    known |= {f"{step}_n": there & (code[step] >= 0) for step in STEPS}
    both = known["served_n"] & known["progress_n"]
    served, progress = both & known["served"], both & known["progress"]
    parts = (served & progress, served & ~progress, progress & ~served)
    known |= dict(zip(PATTERNS, (*parts, both & ~served & ~progress, there & ~both), strict=True))
    return _one_of("count of a need", what, known)


def pair_key(service: str, outcome: str, cell: str) -> str:
    """Return the tally of a `cell` of two places, a `service` and an `outcome`.

    >>> pair_key("delivery_safety", "Finance/improved", "both")
    'pair/delivery_safety/Finance%2Fimproved/both'
    """
    return f"pair/{quote(service, safe='')}/{quote(outcome, safe='')}/{cell}"


def _pair(inspection: Inspection, service: str, outcome: str, cell: str) -> Truth:
    (served, either), (better, other) = (_place(inspection, one) for one in (service, outcome))
    n = either & other
    parts = (n & served & better, n & served & ~better, n & ~served & better, n & ~served & ~better)
    known = dict(zip(CELLS, parts, strict=True))
    known |= {"n": n, "with": n & served, "without": n & ~served, "not_counted": ~n}
    return _one_of("cell of a pair", cell, known)


def _place(inspection: Inspection, name: str) -> tuple[Truth, Truth]:
    """Return per case whether a place holds Yes, and whether it holds Yes or No."""
    need, _, flag = unquote(name).rpartition("/")
    if not need:
        question = unquote(name)
        return _answer(inspection, question, "yes"), _answer(inspection, question, "n")
    _one_of("step of a need", flag, dict.fromkeys(STEPS.values()))
    here = _need(inspection, quote(need, safe=" ,"), "either", "n")
    code = inspection.all_cases.flag(need, flag)
    return here & (code == 1), here & (code >= 0)


def counts_people(key: str) -> bool:
    """Return whether the tally `key` counts people by what they need, not judgements alone.

    >>> counts_people("need/Finance/harm/n"), counts_people("answer/delivery_safety/yes")
    (True, False)
    >>> counts_people("group/sex/Female/pair/delivery_safety/Finance%2Fimproved/both")
    True
    """
    kind, *parts = without_group(key).split("/")
    return kind == "need" or (kind == "pair" and any("%2F" in part for part in parts[:2]))


def reach_key(strand: str, what: object) -> str:
    """Return the tally of a `strand` being sufficient at `what` number of stages, or "n"."""
    return f"reach/{strand}/{what}"


def _reach(inspection: Inspection, strand: str, what: str) -> Truth:
    strands = staged(inspection.framework, inspection.questions)
    questions = _one_of("strand with stages", strand, strands)
    known = inspection.all_cases.everyone()
    at, none = [known], ~known  # cases by how many of the stages so far were sufficient
    for question in questions:
        yes = _answer(inspection, question, "yes")
        known = known & _answer(inspection, question, "n")
        pairs = zip([*at, none], [none, *at], strict=True)
        at = [(stay & ~yes) | (more & yes) for stay, more in pairs]
    found = {"n": known} | {str(many): known & here for many, here in enumerate(at)}
    return _one_of("number of stages", what, found)


def staged(framework: Framework, questions: Sequence[str]) -> dict[str, list[str]]:
    """Return, per strand of a `framework` that stands at two casework stages or more, these.

    They are the key questions among `questions`, in the order of the stages.
    """
    key = [framework.question(one) for one in framework.casework_key if one in questions]
    found = {one: [own.id for own in key if own.strand == one] for one in framework.strands}
    return {one: ids for one, ids in found.items() if len(ids) >= FEWEST_STAGES}


def _one_of(kind: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise unknown(kind, name, known)
    return known[name]


Make = Callable[..., Truth]
KINDS: dict[str, tuple[Make, str]] = {  # how each kind of tally is made, and how its key goes
    ALL: (_everyone, ALL),
    "answer": (_answer, "answer/<question>/<yes, no, n, not_applicable or not_recorded>"),
    "group": (_group, "group/<characteristic>/<value>/<another tally>"),
    "need": (_need, "need/<need>/<link>/<n, a step, a step and _n, or a pattern>"),
    "pair": (_pair, "pair/<service>/<outcome>/<cell>"),
    "reach": (_reach, "reach/<strand>/<number of stages, or n>"),
    "where_no": (_where_no, "where_no/<key question>/<part of it>/<no or n>"),
}
