"""Every way in which a case can stand to a need: how many cases go each way is what a reader of counts works out.

A block is an inspection of one case per way, so that the tallies say by themselves which ways a count is a sum of.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import unquote

import numpy as np
import pandas as pd

from hmip_kit.framework import Framework
from hmip_kit.inspection import Inspection
from hmip_kit.measures.gap import CELLS
from hmip_kit.measures.needs import APART, COUNTS, FLAGS, LINKS_APART, PATTERNS
from hmip_kit.measures.places import need_of
from hmip_kit.measures.published_needs import LINKS
from hmip_kit.measures.tallies import left_keys, need_key, needs_of, tallied
from hmip_kit.schema import NO, YES
from hmip_kit.share.sums import Numbers, Sums, sums

Way = Mapping[
    str, Any
]  # a row of answers or of needs, without its case; none where the case has no such row
NOBODY = Framework("", "", (), (), (), {}, {}, (), (), ())
KNOWN = (True, False, None)


@dataclass(frozen=True)
class Block:
    """Ways that differ in what some tallies count: which ways each of the tallies is a sum of."""

    counts: Mapping[str, Numbers]

    @property
    def size(self) -> int:
        """Return how many ways there are."""
        return len(next(iter(self.counts.values())))


@dataclass(frozen=True)
class Ways:
    """Needs that a page's counts join, and what the counts say: `wanted` gives a tally's parts among the unknowns of `known`."""

    known: Sums
    wanted: Mapping[str, Numbers]
    apart: Sequence[str]


def ways(counts: Mapping[str, int], people: Collection[str], size: int) -> Iterator[Ways]:
    """Yield, for needs that are joined by some tally, what the counts of whole-sample tallies say of them among `size` cases.

    `people` are the tallies of needs that are asked for, with counts or without. `apart` names those that counts leave by subtraction.
    """
    keys = {key for key in (*counts, *people) if needs_of(key)}
    for needs in _joined(keys):
        mine = sorted(key for key in keys if needs_of(key) <= needs)
        blocks = [_of_need(need, mine) for need in sorted(needs)] + [
            _of_pair(stem) for stem in _pairs(mine)
        ]
        yield _together(
            blocks,
            counts,
            size,
            [key for need in sorted(needs) for key in _apart(need)] + _left(mine),
        )


def _joined(keys: Iterable[str]) -> list[frozenset[str]]:
    """Return the needs of tallies, those together that some tally counts together."""
    found: list[frozenset[str]] = []
    for key in sorted(keys):
        needs = needs_of(key)
        met = [one for one in found if one & needs]
        found = [one for one in found if one not in met] + [needs.union(*met)]
    return found


def _apart(need: str) -> list[str]:
    return [need_key(need, link, what) for link in LINKS_APART for what in APART]


def _left(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(left for key in keys for left in left_keys(key)))


def _pairs(keys: Iterable[str]) -> list[str]:
    """Return the pairs of places that are not both of one need, whose ways those of the need have in them."""
    stems = dict.fromkeys(key.rpartition("/")[0] for key in keys if key.startswith("pair/"))
    return [stem for stem in stems if len({need_of(place) for place in _places(stem)}) > 1]


def _places(stem: str) -> list[str]:
    return [unquote(place) for place in stem.split("/")[1:3]]


def _of_need(need: str, keys: Iterable[str]) -> Block:
    """Return every way to have a need: by each link, with each step done, not done, or not recorded; and not to have it."""
    steps = [
        dict(zip(FLAGS.values(), flags, strict=True)) for flags in product(KNOWN, repeat=len(FLAGS))
    ]
    ways = [
        _linked(need, *links) | step
        for links in ((True, False), (False, True), (True, True))
        for step in steps
    ]
    links = dict.fromkeys([*LINKS, *LINKS_APART])
    told = [need_key(need, link, what) for link in links for what in (*COUNTS, *PATTERNS)]
    pairs = [
        key
        for key in keys
        if key.startswith("pair/") and {need_of(place) for place in _places(key)} == {need}
    ]
    return _block([[*ways, None]], [*told, *pairs])


def _of_pair(stem: str) -> Block:
    """Return every way to stand in two places: Yes, No, or neither."""
    subjects: list[list[Way | None]] = []
    told = [f"{stem}/{cell}" for cell in (*CELLS, "n", "with", "without", "not_counted")]
    for place in _places(stem):
        need, _, flag = place.rpartition("/")
        if need:
            subjects.append([*(_linked(need, True, False) | {flag: step} for step in KNOWN), None])
            step = next(step for step, name in FLAGS.items() if name == flag)
            told += [need_key(need, "either", what) for what in ("n", step, f"{step}_n")]
        else:
            subjects.append(
                [*({"question": place, "answer": answer} for answer in (YES, NO)), None]
            )
            told += [f"answer/{place}/{what}" for what in ("yes", "n")]
    return _block(subjects, [*told, *left_keys(f"{stem}/n")])


def _linked(need: str, offending: bool, harm: bool) -> dict[str, Any]:
    return {"need": need, "linked_to_offending": offending, "linked_to_harm": harm}


def _block(subjects: Sequence[Sequence[Way | None]], told: Iterable[str]) -> Block:
    """Return a case for every combination of ways, and which of them each tally counts."""
    cases = list(enumerate(product(*subjects)))
    rows = [
        {"case_id": str(place), **way} for place, case in cases for way in case if way is not None
    ]
    frames = {
        "cases": pd.DataFrame({"case_id": [str(place) for place, _ in cases]}),
        "answers": pd.DataFrame(
            [row for row in rows if "question" in row], columns=["case_id", "question", "answer"]
        ),
        "needs": pd.DataFrame([row for row in rows if "need" in row]),
    }
    of_it = Inspection(
        "", {}, NOBODY, {name: frame for name, frame in frames.items() if len(frame)}, "own"
    )
    return Block({key: tallied(of_it, key).astype(np.float64) for key in ("all", *told)})


def _together(
    blocks: Sequence[Block], counts: Mapping[str, int], size: int, apart: Sequence[str]
) -> Ways:
    """Return what is known of blocks side by side: each has all cases, and a tally that several can tell is the same in each."""
    starts = np.cumsum([0, *(block.size for block in blocks)])
    wanted: dict[str, Numbers] = {}
    rows: list[tuple[Numbers, float, float]] = []
    for block, start in zip(blocks, starts, strict=False):
        placed = {key: _at(parts, start, starts[-1]) for key, parts in block.counts.items()}
        rows += [(parts - wanted[key], 0, 0) for key, parts in placed.items() if key in wanted]
        rows += [
            (parts, counts[key], counts[key]) for key, parts in placed.items() if key in counts
        ]
        wanted = placed | wanted
    return Ways(sums(size, rows), wanted, apart)


def _at(parts: Numbers, start: int, length: int) -> Numbers:
    return np.concatenate([np.zeros(start), parts, np.zeros(length - start - len(parts))])
