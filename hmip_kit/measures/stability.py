"""How stable a rating is: how often other draws of the same cases would give it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from hmip_kit.errors import KitError, NeedsCases
from hmip_kit.framework import Band
from hmip_kit.inspection import Inspection
from hmip_kit.measures.deciding_questions import casework_questions
from hmip_kit.measures.mean_differences import HELD
from hmip_kit.measures.rating_rules import ascending
from hmip_kit.measures.words import FEWEST_FOR_A_BAR

Counts = npt.NDArray[np.int64]


def stability(
    inspection: Inspection, resamples: int = 2000, seed: int = 0, progress: bool = True
) -> pd.DataFrame:
    """Return, per casework standard, the share of resamples of the cases that give the same rating.

    Columns: `standard, rating` (by the rule), `same` (percent of resamples), `resamples`. A resample draws as many cases as there are,
    with replacement, and is rated as a whole on the lowest of a standard's key questions; one in which a key question has no case left
    does not count. It says how the rating hangs on which cases were drawn; it is no probability that the rating is right. A standard
    with one key question gives no row, and neither does one without cases. `progress` shows a bar.

    Own cases only, ten or more: raises `NeedsCases` for totals and for practice cases, and `KitError` for fewer than ten cases or one
    resample. Source: the bootstrap (Efron 1979); the framework's rules of rating.

    >>> import hmip_kit as hk
    >>> hk.stability(hk.load("lewisham-bromley-2022"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    hmip_kit.errors.NeedsCases: Lewisham & Bromley PDU, November 2022: how stable a rating is can be told from one's own cases only
    """
    if inspection.cases_are != "own":
        raise NeedsCases(
            f"{inspection.title}: how stable a rating is can be told from one's own cases only"
        )
    if resamples < 1 or inspection.size < FEWEST_FOR_A_BAR:
        raise KitError(
            f"stability needs {FEWEST_FOR_A_BAR} cases and one resample at least: not {inspection.size} and {resamples}"
        )
    bands, rows = ascending(inspection.framework), casework_questions(inspection)
    columns = ["standard", "rating", "same", "resamples"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    yes, n = _drawn(inspection, list(rows["question"]), resamples, seed, progress)
    places = {
        str(standard): of_it.index.to_numpy()
        for standard, of_it in rows.groupby("standard", sort=False)
        if len(of_it) > 1
    }
    found = [
        {"standard": standard} | _same(yes[:, place], n[:, place], bands)
        for standard, place in places.items()
    ]
    return pd.DataFrame(found, columns=columns)


def _drawn(
    inspection: Inspection, questions: list[str], resamples: int, seed: int, progress: bool
) -> tuple[Counts, Counts]:
    """Return Yes, and Yes or No, per resample and question; the first row is the sample itself."""
    from tqdm.auto import tqdm

    random, size = np.random.default_rng(seed), inspection.size
    masks = np.hstack(
        [
            np.column_stack([inspection.judged(question)[part] for question in questions])
            for part in (0, 1)
        ]
    ).astype(np.int64)
    at_once = max(1, HELD // size)
    parts = [min(at_once, resamples - start) for start in range(0, resamples, at_once)]
    steps = tqdm(parts, desc="Resampling cases", disable=not progress)
    sums = [random.multinomial(size, np.full(size, 1 / size), size=part) @ masks for part in steps]
    counts = np.vstack([masks.sum(axis=0), *sums])
    return counts[:, : len(questions)], counts[:, len(questions) :]


def _same(yes: Counts, n: Counts, bands: list[Band]) -> dict[str, object]:
    """Return a standard's rating and the percent of resamples that give it again."""
    starts = np.array([band.start for band in bands[1:]])
    place = (100 * yes[:, :, None] >= starts * n[:, :, None]).sum(axis=2).min(axis=1)
    counted = np.min(n, axis=1)[1:] > 0
    resamples = int(counted.sum())
    same = 100 * int((place[1:] == place[0])[counted].sum()) / resamples if resamples else None
    return {"rating": bands[int(place[0])].rating, "same": same, "resamples": resamples}
