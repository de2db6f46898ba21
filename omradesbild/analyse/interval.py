"""Intervals for one figure: how far it could lie from its value by chance alone.

Registers have no sampling error. The interval answers another question: had the same conditions
played out once more for as many people, within which limits would the figure have come out
(the super-population view of APHO Technical Briefing 3, "Commonly used public health
statistics and their confidence intervals", 2008)? What a source adds at random to protect
individuals (`with_noise`) is laid to it; errors in the registers are not in it.
"""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri, ndtri


def wilson(successes, trials, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's score interval for proportions.

    ``(2O + z² ± z √(z² + 4 O (1 − O/n))) / (2 (n + z²))``

    Parameters
    ----------
    successes, trials : array_like
        O and n, with 0 ≤ O ≤ n and n > 0; elsewhere the interval is NaN.
    confidence : float
        Two-sided level.

    Returns
    -------
    low, high : arrays of float
        Proportions, 0–1.

    References
    ----------
    Wilson 1927; APHO Technical Briefing 3 (2008); ``phe_proportion`` in PHEindicatormethods.
    """
    o, n = np.broadcast_arrays(np.asarray(successes, float), np.asarray(trials, float))
    z = ndtri(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        possible = (n > 0) & (o >= 0) & (o <= n)
        root = z * np.sqrt(np.where(possible, z**2 + 4 * o * (1 - o / n), np.nan))
        low, high = (2 * o + z**2 - root) / (2 * (n + z**2)), (2 * o + z**2 + root) / (2 * (n + z**2))
    return np.where(possible & (o == 0), 0.0, low), np.where(possible & (o == n), 1.0, high)


def poisson(count, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return an interval for counts of events.

    Exact (from the χ² distribution) below 10 events, Byar's approximation from there:
    ``O (1 − 1/9O − z/3√O)³`` to ``(O+1) (1 − 1/9(O+1) + z/3√(O+1))³``.

    Parameters
    ----------
    count : array_like
        Numbers of events, ≥ 0; elsewhere the interval is NaN.
    confidence : float
        Two-sided level.

    Returns
    -------
    low, high : arrays of float
        Numbers of events. Divide by the same denominator as the rate for an interval of a rate.

    References
    ----------
    Breslow & Day 1987, p. 69; APHO Technical Briefing 3 (2008); ``phe_rate`` in
    PHEindicatormethods.
    """
    o = np.where(np.asarray(count, float) >= 0, np.asarray(count, float), np.nan)
    z, tail = ndtri(0.5 + confidence / 2), (1 - confidence) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        byar_low = o * (1 - 1 / (9 * o) - z / (3 * np.sqrt(o))) ** 3
        byar_high = (o + 1) * (1 - 1 / (9 * (o + 1)) + z / (3 * np.sqrt(o + 1))) ** 3
        exact_low = np.where(o > 0, chdtri(2 * np.where(o > 0, o, 1), 1 - tail) / 2, 0.0)
        exact_high = chdtri(2 * o + 2, tail) / 2
    few = o < 10
    low, high = np.where(few, exact_low, byar_low), np.where(few, exact_high, byar_high)
    return np.where(np.isnan(o), np.nan, low), high


def ratio_noise(ratio, denominator, deviation) -> np.ndarray:
    """Return the standard deviation that noise in both its counts gives a ratio (delta method).

    ``s √(1 + r²) / n``, for r = O / n when O and n each carry independent noise of deviation s.

    Parameters
    ----------
    ratio, denominator : array_like
        r and n.
    deviation : array_like
        s in persons; a sum of k counts with the deviation σ each has s = σ √k. 0: no noise.
    """
    r, n, s = (np.asarray(x, float) for x in (ratio, denominator, deviation))
    with np.errstate(divide="ignore", invalid="ignore"):
        return s * np.sqrt(1 + r**2) / n


def with_noise(value, low, high, deviation, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Widen an interval by independent noise with the given standard deviation.

    The distances from the value to the limits and ``z s`` are added in quadrature:
    ``low' = value − √((value − low)² + (z s)²)``, and likewise upwards; never below 0.
    """
    value, low, high, s = (np.asarray(x, float) for x in (value, low, high, deviation))
    z = ndtri(0.5 + confidence / 2)
    return np.maximum(value - np.hypot(value - low, z * s), 0.0), value + np.hypot(high - value, z * s)
