"""Has a figure risen or fallen over the latest five years?

The five-point rule of the English Fingertips profiles (``TrendMarkerCalculator``): the latest five
yearly, unbroken points have a trend when

1. the slope differs from none at the 99.8 % level, χ² > 9.5495 with one degree of freedom, and
2. the slope keeps its sign when each of the points is left out.

The strict level leaves room for testing many areas and for what the test does not know:
residents are mostly the same from year to year, so register years are not independent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from omradesbild.model import Kind

POINTS = 5
CHI2_CLEAR = 9.54953570608324
#: Slopes this many standard errors from none are found four times in five: √9.5495 + z(0.80).
DETECTED = math.sqrt(CHI2_CLEAR) + 0.8416212335729143

YEAR = re.compile(r"^\d{4}(/\d{2})?$")

#: 'untested': five years, but no measure of chance; 'small': a year in which none or all are counted.
CODES = ("up", "down", "none", "too_few", "small", "untested")


@dataclass(frozen=True, slots=True)
class FivePoints:
    """The outcome of the five-point rule: slope per year with its standard error, in the data's unit."""

    chi2: float
    slope: float
    error: float
    steady: bool

    @property
    def clear(self) -> bool:
        """Whether both parts of the rule hold."""
        return self.steady and self.chi2 > CHI2_CLEAR


@dataclass(frozen=True, slots=True)
class Trend:
    """What can be said about an area's latest unbroken years.

    Attributes
    ----------
    code : str
        One of `CODES`.
    first, last : str or None
        The periods that the change is counted between.
    change, city_change : float or None
        Last minus first value in the indicator's unit, for the area and for the city.
    detectable : float or None
        The smallest change over the same years that an area of this size would show in four cases
        of five (in the unit).
    test : FivePoints or None
        The numbers behind the code.
    """

    code: str
    first: str | None = None
    last: str | None = None
    change: float | None = None
    city_change: float | None = None
    detectable: float | None = None
    test: FivePoints | None = None


def shares(successes, trials) -> FivePoints:
    """Test a trend in proportions (the Cochran–Armitage test).

    ``χ² = N (N ΣO t − ΣO Σn t)² / (ΣO (N − ΣO) (N Σn t² − (Σn t)²))``, t = 1, 2, …; the slopes whose
    signs are compared are least-squares slopes of ln(O / (n − O)).

    Parameters
    ----------
    successes, trials : array_like
        O and n per year, 0 < O < n.

    References
    ----------
    Armitage 1955, Biometrics 11, 375–386; ``IsSignificantForProportions`` in Fingertips.
    """
    o, n = np.asarray(successes, float), np.asarray(trials, float)
    t = np.arange(1.0, len(o) + 1)
    total, found = n.sum(), o.sum()
    covariance = total * (o * t).sum() - found * (n * t).sum()
    spread = total * (n * t**2).sum() - (n * t).sum() ** 2
    p = found / total
    return FivePoints(
        chi2=float(total * covariance**2 / (found * (total - found) * spread)),
        slope=float(covariance / spread),
        error=float(np.sqrt(p * (1 - p) * total / spread)),
        steady=_steady(t, np.log(o / (n - o)), np.ones_like(t)),
    )


def values(value, low, high) -> FivePoints:
    """Test a trend in figures with 95 % intervals by inverse-variance weighted least squares.

    ``w = (3.92 / (high − low))²``, ``β = (Σw Σwty − Σwt Σwy) / (Σw Σwt² − (Σwt)²)``,
    ``se = √(Σw / (Σw Σwt² − (Σwt)²))``, ``χ² = (β / se)²``.

    References
    ----------
    ``IsSignificant`` in Fingertips' ``TrendMarkerCalculator``.
    """
    y, low, high = (np.asarray(x, float) for x in (value, low, high))
    t, w = np.arange(1.0, len(y) + 1), (3.92 / (high - low)) ** 2
    slope = _slope(t, y, w)
    error = np.sqrt(w.sum() / (w.sum() * (w * t**2).sum() - (w * t).sum() ** 2))
    return FivePoints(float((slope / error) ** 2), slope, float(error), _steady(t, y, w))


def _slope(t: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    divisor = w.sum() * (w * t**2).sum() - (w * t).sum() ** 2
    return float((w.sum() * (w * t * y).sum() - (w * t).sum() * (w * y).sum()) / divisor)


def _steady(t: np.ndarray, y: np.ndarray, w: np.ndarray) -> bool:
    """Tell whether the slope has one sign with all points and with each of them left out."""
    kept = [np.arange(len(t)) != left_out for left_out in range(-1, len(t))]
    falling = {_slope(t[k], y[k], w[k]) < 0 for k in kept}
    return len(falling) == 1


def assess(points: Sequence, city: Sequence = ()) -> Trend:
    """Return what can be said about the latest unbroken part of a series.

    Parameters
    ----------
    points : sequence of Statement
        An unbroken part of one area's series, oldest first.
    city : sequence of Statement
        The same part of the city's series.

    Notes
    -----
    The change is counted over the latest five yearly points, or where there are fewer, over those
    there are. Shares are tested by their counts; rates, and shares of counts that carry noise (which is in
    the interval), by their intervals. Means, medians,
    counts, estimates and others without a measure of chance are 'untested': the change is told,
    no trend is claimed.
    """
    known = [p for p in points if p.value is not None]
    if len(known) < 2:
        return Trend("too_few")
    five = points[-POINTS:]
    if not yearly(five):
        return _change("too_few", known[-POINTS:], city)
    if any(p.low is None for p in five):
        return _change("untested", five, city)
    if any(p.numerator == 0 or p.numerator == p.denominator for p in five):
        return _change("small", five, city)
    test, factor = _test(five)
    code = ("up" if test.slope > 0 else "down") if test.clear else "none"
    return _change(code, five, city, factor * DETECTED * test.error * (POINTS - 1), test)


def _test(five: Sequence) -> tuple[FivePoints, float]:
    indicator = five[0].indicator
    if indicator.kind is Kind.SHARE and all(p.noise is None for p in five):
        return shares([p.numerator for p in five], [p.denominator for p in five]), indicator.factor
    return values([p.value for p in five], [p.low for p in five], [p.high for p in five]), 1.0


def yearly(points: Sequence) -> bool:
    """Tell whether these are five points with values, a year apart."""
    if len(points) < POINTS or not all(YEAR.match(p.period) and p.value is not None for p in points):
        return False
    years = [int(p.period[:4]) for p in points]
    return all(b - a == 1 for a, b in zip(years, years[1:], strict=False))


def _change(code: str, points: Sequence, city: Sequence, detectable=None, test=None) -> Trend:
    first, last = points[0], points[-1]
    by_period = {p.period: p.value for p in city}
    then, now = by_period.get(first.period), by_period.get(last.period)
    return Trend(
        code=code,
        first=first.period,
        last=last.period,
        change=last.value - first.value,
        city_change=None if then is None or now is None else now - then,
        detectable=detectable,
        test=test,
    )
