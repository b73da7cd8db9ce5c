"""Tallies: the few counts from which a shared page adds up the rows of any filter."""

from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote

import numpy as np

from hmip_kit.coded import Mask
from hmip_kit.errors import unknown
from hmip_kit.inspection import Inspection
from hmip_kit.measures.needs import STEPS, need_masks
from hmip_kit.measures.places import LEFT, cells_of, left_of, need_of
from hmip_kit.measures.published_needs import LINKS
from hmip_kit.measures.reach import reached

Counter = Callable[..., Mask]


def tallied(inspection: Inspection, key: str) -> Mask:
    """Return, per case, whether it counts towards a tally.

    A key is a kind and its parts, joined by "/": "all"; "answer/<question>/yes" and "answer/<question>/n" (Yes, and Yes or No);
    "where_no/<key question>/<part>/no" and "/n" (No on the key question, and No, or Yes or No, on the part);
    "group/<characteristic>/<value>/<key>", the cases of a group that count towards another tally;
    "pair/<service>/<outcome>/<cell>" (a cell of `places.cells_of`, or of `places.left_of`);
    "need/<need>/<link>/<count or pattern>" (see `needs.need_masks`);
    "reach/<strand>/<number of stages>" and "/n". `KINDS` lists the kinds. An unknown kind raises `UnknownName`.

    >>> import hmip_kit as hk
    >>> int(tallied(hk.load("practice-cases"), "answer/delivery_safety/yes").sum())
    8
    """
    kind, *parts = key.split("/")
    if kind not in KINDS:
        raise unknown("kind of tally", kind, sorted(KINDS))
    return KINDS[kind](inspection, *parts)


def counts(inspection: Inspection, keys: Iterable[str]) -> dict[str, int]:
    """Return the number of cases that count towards each tally."""
    return {key: int(tallied(inspection, key).sum()) for key in keys}


def _all(inspection: Inspection) -> Mask:
    return np.ones(inspection.size, dtype=bool)


def _answer(inspection: Inspection, question: str, what: str) -> Mask:
    yes, either = inspection.judged(question)
    return yes if what == "yes" else either


def _where_no(inspection: Inspection, question: str, part: str, what: str) -> Mask:
    yes, either = inspection.judged(question)
    part_yes, part_either = inspection.judged(part)
    return either & ~yes & part_either & ~part_yes if what == "no" else either & ~yes & part_either


def group_key(name: str, value: str, key: str) -> str:
    """Return the key of a tally within a group.

    >>> group_key("office", "North/South", "all")
    'group/office/North%2FSouth/all'
    """
    return f"group/{name}/{quote(value, safe='')}/{key}"


def without_group(key: str) -> str:
    """Return the tally that a group's tally is a part of; another key as it is.

    >>> without_group("group/sex/Female/answer/delivery_safety/yes"), without_group("all")
    ('answer/delivery_safety/yes', 'all')
    """
    return key.split("/", 3)[3] if key.startswith("group/") else key


def _group(inspection: Inspection, name: str, value: str, *rest: str) -> Mask:
    return inspection.matching(name, (unquote(value),)) & tallied(inspection, "/".join(rest))


def need_key(need: str, link: str, what: str) -> str:
    """Return the key of a tally of a need.

    >>> need_key("Drug misuse", "offending", "served")
    'need/Drug misuse/offending/served'
    """
    return f"need/{quote(need, safe=' ,')}/{link}/{what}"


def _need(inspection: Inspection, need: str, link: str, what: str) -> Mask:
    column = list(inspection.frames["needs"]["need"].cat.categories).index(unquote(need))
    return need_masks(inspection, link)[what][:, column]


def pair_key(service: str, outcome: str, cell: str) -> str:
    """Return the key of a tally of two places.

    >>> pair_key("delivery_safety", "Finance/improved", "both")
    'pair/delivery_safety/Finance%2Fimproved/both'
    """
    return f"pair/{quote(service, safe='')}/{quote(outcome, safe='')}/{cell}"


def _pair(inspection: Inspection, service: str, outcome: str, cell: str) -> Mask:
    found = left_of if cell in LEFT else cells_of
    return found(inspection, unquote(service), unquote(outcome))[cell]


def needs_of(key: str) -> frozenset[str]:
    """Return the needs that a tally counts people by; none where it counts judgements only.

    >>> needs_of("need/Finance/harm/n"), needs_of("pair/delivery_safety/Finance%2Fimproved/both"), needs_of("answer/delivery_safety/yes")
    (frozenset({'Finance'}), frozenset({'Finance'}), frozenset())
    """
    kind, *parts = without_group(key).split("/")
    named = {"need": parts[:1], "pair": [need_of(unquote(place)) for place in parts[:2]]}.get(
        kind, []
    )
    return frozenset(unquote(need) for need in named) - {""}


def base_key(key: str) -> str:
    """Return the tally of the cases that a count of people is out of.

    >>> base_key("need/Finance/harm/served"), base_key("need/Finance/harm/neither"), base_key("need/Finance/harm/n")
    ('need/Finance/harm/served_n', 'need/Finance/harm/n', 'all')
    """
    stem, _, what = key.rpartition("/")
    whole = what in ("n", "not_counted") or what.endswith("_n")
    return "all" if whole else f"{stem}/{what}_n" if what in STEPS else f"{stem}/n"


def by_first_link(key: str) -> bool:
    """Return whether a tally counts people with a need by its link to offending, by which needs are shown unless told otherwise.

    >>> by_first_link("need/Finance/offending/n"), by_first_link("need/Finance/harm/n")
    (True, False)
    """
    return key.startswith("need/") and key.split("/")[2] == LINKS[0]


def left_keys(key: str) -> list[str]:
    """Return the tallies of people that a pair of two needs leaves of each: those with the one whose other is not known; else none."""
    return (
        [f"{key.rpartition('/')[0]}/{left}" for left in LEFT]
        if key.startswith("pair/") and len(needs_of(key)) > 1
        else []
    )


def _reach(inspection: Inspection, strand: str, what: str) -> Mask:
    stages, known = reached(inspection, strand)
    return known if what == "n" else known & (stages == int(what))


KINDS: dict[str, Counter] = {
    "all": _all,
    "answer": _answer,
    "group": _group,
    "need": _need,
    "pair": _pair,
    "reach": _reach,
    "where_no": _where_no,
}
