"""Unknown whole numbers of which some sums are known: how closely another sum can be worked out from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass
class Sums:
    """What is known of some whole numbers, each from 0 to `most`: their sum by each row of `parts` is from `low` to `high`.

    `fits` are numbers found so far that all of it allows: what they already leave open need not be worked out.
    """

    most: int
    parts: Numbers
    low: Numbers
    high: Numbers
    fits: list[Numbers] = field(default_factory=list)

    def seen(self, wanted: Numbers) -> list[int]:
        """Return what a sum comes to in the numbers found so far."""
        return [round(float(wanted @ one)) for one in self.fits]

    def ends(self, wanted: Numbers) -> tuple[int, int] | None:
        """Return the least and the most that a sum can be; none where nothing fits what is known.

        >>> two = Sums(10, np.array([[1.0, 1.0]]), np.array([7.0]), np.array([7.0]))
        >>> two.ends(np.array([1.0, 0.0])), two.ends(np.array([2.0, 1.0]))
        ((0, 7), (7, 14))
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        known = [LinearConstraint(self.parts, self.low, self.high)] if len(self.parts) else []
        whole = np.ones(len(wanted), dtype=np.int64)
        for sign in (1, -1):
            found = milp(
                sign * wanted, bounds=Bounds(0, self.most), constraints=known, integrality=whole
            )
            if not found.success:
                return None
            self.fits.append(found.x)
        low, high = self.seen(wanted)[-2:]
        return low, high


def sums(most: int, rows: Iterable[tuple[Numbers, float, float]]) -> Sums:
    """Return what is known from rows of parts, and the least and the most that each comes to."""
    parts, low, high = zip(*rows, strict=True)
    return Sums(
        most, np.array(parts), np.array(low, dtype=np.float64), np.array(high, dtype=np.float64)
    )
