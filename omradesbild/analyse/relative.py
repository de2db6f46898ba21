"""Has an area moved from the rest of its city over the latest five years?

"Unchanged at 16 %, while the city fell from 19 % to 14 %" is a change for the worse that no trend of the
area's own figure shows. The five-point rule (`trend`) is put to the *distance* between the area and the
rest of the city, whose chance is that of both: ``se² = se_area² + se_rest²``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from omradesbild.analyse import interval, trend
from omradesbild.model import Direction, Kind

#: 'rising': the area goes up from the rest of the city; 'with_city': no clear movement from it.
CODES = ("rising", "falling", "with_city", "too_few", "untested")


#: What χ² must exceed.
LIMIT = trend.CHI2_CLEAR


@dataclass(frozen=True, slots=True)
class Relative:
    """How an area has moved against its city.

    Attributes
    ----------
    code : str
        One of `CODES`.
    first, last : str or None
        The periods that changes are counted between.
    change, city_change, difference : float or None
        Change of the area, of the whole city, and the first minus the second, in the unit.
    detectable : float or None
        The smallest such difference that would be found in four cases of five, in the unit.
    test : trend.FivePoints or None
        The five-point rule on the distance to the rest of the city.
    """

    code: str
    first: str | None = None
    last: str | None = None
    change: float | None = None
    city_change: float | None = None
    difference: float | None = None
    detectable: float | None = None
    test: trend.FivePoints | None = None

    def worse(self, direction: Direction) -> bool:
        """Tell whether the area goes from the city to the worse."""
        bad = {Direction.LOWER_BETTER: "rising", Direction.HIGHER_BETTER: "falling"}
        return self.code == bad.get(direction)


def assess(points: Sequence, city: Sequence) -> Relative:
    """Return how the latest unbroken years of an area stand against those of its city.

    Parameters
    ----------
    points, city : sequences of Statement
        An unbroken part of the area's and of the city's series, oldest first.

    Notes
    -----
    Shares and rates are tested by their counts. Means, medians, estimates and others without a measure
    of chance are 'untested': the difference is told, nothing is claimed.
    """
    of_city = {p.period: p for p in city if p.value is not None}
    five = points[-trend.POINTS :]
    pairs = [(p, of_city.get(p.period)) for p in five]
    if not trend.yearly(five) or any(whole is None for _, whole in pairs):
        return Relative("too_few")
    change, city_change = (last.value - first.value for first, last in zip(pairs[0], pairs[-1], strict=True))
    told = {
        "first": five[0].period,
        "last": five[-1].period,
        "change": change,
        "city_change": city_change,
        "difference": change - city_change,
    }
    apart = distance(pairs)
    if apart is None:
        return Relative("untested", **told)
    gap, half = apart
    test = trend.values(gap, gap - half, gap + half)
    code = ("rising" if test.slope > 0 else "falling") if test.clear else "with_city"
    detectable = trend.DETECTED * test.error * (trend.POINTS - 1)
    return Relative(code, **told, detectable=detectable, test=test)


def distance(pairs: Sequence) -> tuple[np.ndarray, np.ndarray] | None:
    """Return area minus rest of the city and half its 95 % interval, per year; None without counts.

    Parameters
    ----------
    pairs : sequence of pairs of Statement
        The area's and its city's figure, a pair for each year.
    """
    indicator = pairs[0][0].indicator
    if indicator.kind not in (Kind.SHARE, Kind.RATE) or any(p.low is None for pair in pairs for p in pair):
        return None
    area, city = (np.array([(p[n].numerator, p[n].denominator) for p in pairs], float) for n in (0, 1))
    rest = city - area
    if (rest <= 0).any():
        return None
    if indicator.kind is Kind.SHARE:
        low, high = interval.wilson(rest[:, 0], rest[:, 1])
    else:
        low, high = (limit / rest[:, 1] for limit in interval.poisson(rest[:, 0]))
    own = np.array([(p[0].value, p[0].high - p[0].low) for p in pairs])
    value = indicator.factor * rest[:, 0] / rest[:, 1]
    return own[:, 0] - value, np.hypot(own[:, 1], indicator.factor * (high - low)) / 2
