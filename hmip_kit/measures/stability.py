"""How stable a rating is: how often other draws of the same cases would give it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.errors import KitError, NeedsCases
from hmip_kit.framework import Band
from hmip_kit.inspection import Inspection
from hmip_kit.measures.deciding_questions import casework_questions
from hmip_kit.measures.rating_rules import ascending

HELD = 2_000_000  # numbers of one block of resamples: what is held in memory at a time
Counts = npt.NDArray[np.int64]


def stability(inspection: Inspection, resamples: int = 2000, seed: int = 0, progress: bool = True) -> pd.DataFrame:
    """Return, per casework standard, the share of resamples of the cases that give the same rating.

    Columns: `standard, rating` (by the rule), `same` (percent of resamples), one column per rating with its percent, and `resamples`. A
    resample draws as many cases as there are, with replacement, and is rated as a whole on the lowest of a standard's key questions;
    one in which a key question has no case left does not count. It says how the rating hangs on which cases were drawn and is no
    probability that the rating is right. A standard with one key question gives no row, and neither does one without cases. `progress` shows a bar.

    Own cases only: raises `NeedsCases` for totals and for practice cases, and `KitError` for fewer than one resample. Source: the
    bootstrap (Efron 1979); the framework's rules of rating.
    """
    if inspection.cases_are != "own":
        raise NeedsCases(f"{inspection.title}: how stable a rating is can be told from one's own cases only")
    if resamples < 1:
        raise KitError(f"stability needs at least one resample, not {resamples}")
    bands, rows = ascending(inspection.framework), casework_questions(inspection)
    columns = ["standard", "rating", "same", *(one.rating for one in bands), "resamples"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    yes, n = _drawn(inspection, list(rows["question"]), resamples, seed, progress)
    places = {str(standard): of_it.index.to_numpy() for standard, of_it in rows.groupby("standard", sort=False) if len(of_it) > 1}
    found = [{"standard": standard} | _shares(yes[:, place], n[:, place], bands) for standard, place in places.items()]
    return pd.DataFrame(found, columns=columns)


def _drawn(inspection: Inspection, questions: list[str], resamples: int, seed: int, progress: bool) -> tuple[Counts, Counts]:
    """Return Yes, and Yes or No, per resample and question; the first row is the sample itself."""
    from tqdm.auto import tqdm

    random, size = np.random.default_rng(seed), inspection.size
    masks = np.hstack([np.column_stack([inspection.judged(question)[part] for question in questions]) for part in (0, 1)]).astype(np.int64)
    at_once = max(1, HELD // size)
    parts = [min(at_once, resamples - start) for start in range(0, resamples, at_once)]
    steps = tqdm(parts, desc="Resampling cases", disable=not progress)
    sums = [random.multinomial(size, np.full(size, 1 / size), size=part) @ masks for part in steps]
    counts = np.vstack([masks.sum(axis=0), *sums])
    return counts[:, : len(questions)], counts[:, len(questions) :]


def _shares(yes: Counts, n: Counts, bands: list[Band]) -> dict[str, object]:
    """Return a standard's rating and the percent of resamples that give each."""
    starts = np.array([band.start for band in bands[1:]])
    reached = (100 * yes[:, :, None] >= starts * n[:, :, None]).sum(axis=2)
    place, counted = reached.min(axis=1), (n > 0).all(axis=1)[1:]
    times = np.bincount(place[1:][counted], minlength=len(bands))
    percent = {band.rating: 100 * int(many) / max(1, int(counted.sum())) for band, many in zip(bands, times, strict=True)}
    rating = bands[int(place[0])].rating
    return {"rating": rating, "same": percent[rating], **percent, "resamples": int(counted.sum())}
