"""Class limits for maps: Fisher–Jenks on all years together, so that a colour means the same every year."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import jenkspy
import numpy as np

CLASSES = 5
#: Of more values than this, so many are taken, evenly from the lowest to the highest: the time grows with their square.
MOST = 5_000


def class_limits(values: Sequence[float], classes: int = CLASSES) -> tuple[float, ...]:
    """Return the limits between classes of similar values.

    Parameters
    ----------
    values
        All known values of an indicator, in its unit; NaN is left out.
    classes
        The most classes wanted; with fewer distinct values there are fewer.

    Returns
    -------
    The inner limits, rising, at most ``classes - 1``; a value equal to a limit belongs to the class
    above it. Empty when all values are alike. Round numbers, two figures of the span where that leaves no
    class empty, which moves a value near a limit to the class beside it.

    Notes
    -----
    Natural breaks minimise the spread within classes (Fisher 1958; Jenks 1977), computed by ``jenkspy``. Every tenth of the
    values of a country lies as all of them do, and mostly gives the same limits; one moves by a step of the rounding, or more
    in a long tail where few values are.
    """
    known = np.asarray(values, dtype=float)
    known = np.sort(known[~np.isnan(known)])
    distinct = np.unique(known)
    if len(distinct) < 2:
        return ()
    taken = known if len(known) <= MOST else known[np.linspace(0, len(known) - 1, MOST).round().astype(int)]
    uppers = jenkspy.jenks_breaks(taken, min(classes, len(np.unique(taken))))[1:-1]
    above = [distinct[np.searchsorted(distinct, upper, side="right")] for upper in uppers]
    middles = (np.asarray(uppers) + above) / 2
    span = distinct[-1] - distinct[0]
    for digits in range(1 - math.floor(math.log10(span)), 12):
        limits = np.round(middles, digits)
        used = np.unique(np.searchsorted(limits, known, side="right"))
        if (np.diff(limits) > 0).all() and len(used) == len(limits) + 1:
            return tuple(limits.tolist())
    return tuple(float(value) for value in above)


def classify(value: float, limits: Sequence[float]) -> int:
    """Return the number of the class that a value belongs to, 0 for the lowest."""
    return bisect_right(limits, value)
