"""How stable a rating is: how often other draws of the same cases would give it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.errors import KitError, NeedsCases
from hmip_kit.inspection import Inspection
from hmip_kit.measures.deciding_questions import casework_questions
from hmip_kit.measures.rating_rules import ascending

AT_ONCE = 500  # resamples held at a time


def stability(inspection: Inspection, resamples: int = 2000, seed: int = 0, progress: bool = True) -> pd.DataFrame:
    """Return, per casework standard, the share of resamples of the cases that give the same rating.

    Columns: `standard, rating` (by the rule), `same` (percent of resamples), one column per rating with its percent, and `resamples`. A
    resample draws as many cases as there are, with replacement, and is rated as a whole on the lowest of a standard's key questions;
    one in which a key question has no case left does not count. It says how the rating hangs on which cases were drawn and is no
    probability that the rating is right. A standard with one key question gives no row. `progress` shows a bar.

    Own cases only: raises `NeedsCases` for totals and for practice cases, and `KitError` for fewer than one resample. Source: the
    bootstrap (Efron 1979); the framework's rules of rating.
    """
    if inspection.cases_are != "own":
        raise NeedsCases(f"{inspection.title}: how stable a rating is can be told from one's own cases only")
    if resamples < 1:
        raise KitError(f"stability needs at least one resample, not {resamples}")
    rows = casework_questions(inspection)
    drawn = _draws(inspection.size, resamples, seed, progress)
    found = []
    for standard, of_it in rows.groupby("standard", sort=False):
        if len(of_it) > 1:
            found.append({"standard": standard} | _shares(inspection, list(of_it["question"]), drawn))
    ratings = [one.rating for one in ascending(inspection.framework)]
    return pd.DataFrame(found, columns=["standard", "rating", "same", *ratings, "resamples"])


def _draws(size: int, resamples: int, seed: int, progress: bool) -> npt.NDArray[np.int64]:
    """Return how often each case was drawn: one row per resample, the first being the sample itself."""
    from tqdm.auto import tqdm

    random = np.random.default_rng(seed)
    parts = [min(AT_ONCE, resamples - start) for start in range(0, resamples, AT_ONCE)]
    steps = tqdm(parts, desc="Resampling cases", disable=not progress)
    drawn = [random.multinomial(size, np.full(size, 1 / size), size=part) for part in steps] if size else []
    return np.vstack([np.ones((1, size), dtype=np.int64), *drawn])


def _shares(inspection: Inspection, questions: list[str], drawn: npt.NDArray[np.int64]) -> dict[str, object]:
    """Return a standard's rating and the percent of resamples that give each."""
    bands = ascending(inspection.framework)
    counts = [[drawn @ mask.astype(np.int64) for mask in inspection.judged(question)] for question in questions]
    reached = [sum((100 * yes >= band.start * n).astype(int) for band in bands[1:]) for yes, n in counts]
    place = np.min(reached, axis=0)
    counted = np.all([n > 0 for _, n in counts], axis=0)[1:]
    times = np.bincount(place[1:][counted], minlength=len(bands))
    percent = {band.rating: 100 * int(many) / max(1, int(counted.sum())) for band, many in zip(bands, times, strict=True)}
    rating = bands[int(place[0])].rating
    return {"rating": rating, "same": percent[rating], **percent, "resamples": int(counted.sum())}
