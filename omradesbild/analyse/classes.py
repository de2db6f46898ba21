"""Class limits for maps: Fisher–Jenks on all years together, so that a colour means the same every year."""

from __future__ import annotations

import math
from collections.abc import Sequence

import jenkspy
import numpy as np

CLASSES = 5


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
    above it. Empty when all values are alike. Rounded to a hundredth of the span, and never so that two
    limits fall together.

    Notes
    -----
    Natural breaks minimise the spread within classes (Fisher 1958; Jenks 1977), computed by ``jenkspy``.
    """
    known = np.asarray([v for v in values if v == v], dtype=float)
    distinct = np.unique(known)
    if len(distinct) < 2:
        return ()
    wanted = min(classes, len(distinct))
    uppers = jenkspy.jenks_breaks(known, wanted)[1:-1]
    digits = 1 - math.floor(math.log10(distinct[-1] - distinct[0]))
    above = [distinct[np.searchsorted(distinct, upper, side="right")] for upper in uppers]
    limits = [
        _between(upper, nearest, digits) for upper, nearest in zip(uppers, above, strict=True)
    ]
    return tuple(dict.fromkeys(limits))


def _between(below: float, above: float, digits: int) -> float:
    """Return a round number in (below, above], with as few decimals as that allows."""
    while True:
        middle = round((below + above) / 2, digits)
        if below < middle <= above:
            return float(middle)
        digits += 1


def classify(value: float, limits: Sequence[float]) -> int:
    """Return the number of the class that a value belongs to, 0 for the lowest."""
    return int(np.searchsorted(limits, value, side="right"))
