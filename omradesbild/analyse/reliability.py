"""How far a figure can be relied on, in three classes that decide how it is shown.

``small``      half the 95 % interval is more than 10 percentage points (shares), chance moves the figure by
               half or more (a coefficient of variation of 50 %), or there are 20 persons or fewer
``uncertain``  more than 5 percentage points, a coefficient of variation of 20 % or more, or the source
               itself calls the figure uncertain, ``(x)``
``secure``     all other figures that have an interval
``''``         not judged: no figure, or no measure of chance (means, medians, counts, estimates)

The coefficient of variation is the standard error, (high − low) / 3.92, divided by the figure. That an
estimate with 20 % or more is shown muted, but shown, is the rule of New York City's population
FactFinder for the American Community Survey. The widths in percentage points are ours: a share near one
half is vague in few persons although its coefficient is small. The widest is the same as in `difference`.
"""

from __future__ import annotations

import numpy as np

from omradesbild.analyse.difference import SMALLEST_DENOMINATOR, WIDEST_HALF_INTERVAL

CODES = ("", "secure", "uncertain", "small")
VAGUE_HALF_INTERVAL = 0.05
VAGUE, EMPTY = 0.20, 0.50


def classes(value, low, high, denominator, share, doubted) -> np.ndarray:
    """Return a code of `CODES` for every figure.

    Parameters
    ----------
    value, low, high : arrays of float
        The figure and its 95 % interval as proportions or rates, before the factor; NaN: none.
    denominator : array of float
        NaN where there is none.
    share : array of bool
        Whether the figure is a share, whose width means something in percentage points.
    doubted : array of bool
        Whether the source calls the figure uncertain.
    """
    half = (high - low) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        variation = np.where(value > 0, half / 1.96 / value, np.inf)
        small = (share & (half > WIDEST_HALF_INTERVAL)) | (denominator <= SMALLEST_DENOMINATOR)
        small |= (variation >= EMPTY) & (value > 0)
        vague = (share & (half > VAGUE_HALF_INTERVAL)) | (variation >= VAGUE)
    told = ~np.isnan(half)
    return np.select(
        [np.isnan(value), told & small, (told & vague) | doubted, told], ["", "small", "uncertain", "secure"], default=""
    )
