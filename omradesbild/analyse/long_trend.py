"""Has a figure risen or fallen over eight to ten years? Theil–Sen's slope and Mann–Kendall's test.

Both look at pairs of years and are not moved by a single odd one. Their p-values assume that years are
independent. Register years are not – most residents are the same persons – and on registers where nothing
has happened Mann–Kendall's test at the 5 % level finds a trend in 30–45 % of the areas. Therefore a trend
needs two things:

1. the test's p-value is below 0.05, and
2. the change along the line is more than chance can make of the first and last years alone, at the same 99.8 %
   level as the five-point rule: ``|slope| (T − 1) > 3.09 √(se₁² + se_T²)``. Chance in two years that hang
   together is never more than in two that do not, so this holds however alike the years are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from omradesbild.analyse.trend import CHI2_CLEAR, YEAR

LEAST, MOST = 8, 10
CLEAR = 0.05
#: Standard errors that a change must exceed (99.8 %).
BEYOND_CHANCE = math.sqrt(CHI2_CLEAR)

#: 'untested': eight years, but no measure of chance.
CODES = ("up", "down", "none", "too_few", "untested")


@dataclass(frozen=True, slots=True)
class LongTrend:
    """What can be said about an area's latest eight to ten unbroken years.

    Attributes
    ----------
    code : str
        One of `CODES`.
    first, last : str or None
        The first and last period used.
    slope, low, high : float or None
        Theil–Sen's slope per year with its 95 % interval, in the unit.
    tau, p : float or None
        Kendall's τ and the two-sided p-value of Mann–Kendall's test.
    change, chance : float or None
        The change along the line between the first and last year, and what chance alone can make of it
        (``BEYOND_CHANCE`` standard errors), in the unit.
    city_slope : float or None
        The city's slope over the same years.
    """

    code: str
    first: str | None = None
    last: str | None = None
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    tau: float | None = None
    p: float | None = None
    change: float | None = None
    chance: float | None = None
    city_slope: float | None = None


def theil_sen(years, values) -> tuple[float, float, float]:
    """Return the median slope between pairs of points and its 95 % interval (Sen 1968, by scipy).

    Parameters
    ----------
    years, values : array_like
        At least two points in different years.
    """
    found = stats.theilslopes(np.asarray(values, float), np.asarray(years, float), alpha=0.95)
    return float(found.slope), float(found.low_slope), float(found.high_slope)


def mann_kendall(years, values) -> tuple[float, float]:
    """Return Kendall's τ between year and value and its two-sided p-value; (0, 1) when all are alike.

    Exact where no values are equal, else by the normal approximation with the correction for ties
    (``scipy.stats.kendalltau``).
    """
    if np.ptp(values) == 0:
        return 0.0, 1.0
    found = stats.kendalltau(years, values)
    return float(found.statistic), float(found.pvalue)


def assess(points: Sequence, city: Sequence = ()) -> LongTrend:
    """Return what can be said about the latest eight to ten yearly points of an unbroken series.

    Parameters
    ----------
    points : sequence of Statement
        An unbroken part of one area's series, oldest first.
    city : sequence of Statement
        The same part of the city's series.
    """
    used = _latest_years(points)
    if len(used) < LEAST:
        return LongTrend("too_few")
    years = [int(p.period[:4]) for p in used]
    values = [p.value for p in used]
    slope, low, high = theil_sen(years, values)
    tau, p_value = mann_kendall(years, values)
    change, chance = slope * (years[-1] - years[0]), _chance(used[0], used[-1])
    if chance is None:
        code = "untested"
    elif p_value < CLEAR and abs(change) > chance:
        code = "up" if slope > 0 else "down"
    else:
        code = "none"
    return LongTrend(
        code=code,
        first=used[0].period,
        last=used[-1].period,
        slope=slope,
        low=low,
        high=high,
        tau=tau,
        p=p_value,
        change=change,
        chance=chance,
        city_slope=_city_slope([p.period for p in used], city),
    )


def _latest_years(points: Sequence) -> list:
    """Return the last points, at most `MOST`, that follow each other year by year and have values."""
    used: list = []
    for point in reversed(points):
        whole = YEAR.match(point.period) and point.value is not None
        if not whole or (used and int(used[-1].period[:4]) - int(point.period[:4]) != 1):
            break
        used.append(point)
    return used[:MOST][::-1]


def _chance(first, last) -> float | None:
    """Return `BEYOND_CHANCE` standard errors of a difference between two independent years."""
    if first.low is None or last.low is None:
        return None
    errors = [(p.high - p.low) / 3.92 for p in (first, last)]
    return BEYOND_CHANCE * math.hypot(*errors)


def _city_slope(periods: Sequence[str], city: Sequence) -> float | None:
    by_period = {p.period: p.value for p in city}
    values = [by_period.get(period) for period in periods]
    if any(value is None for value in values):
        return None
    return theil_sen([int(period[:4]) for period in periods], values)[0]
