"""How many more people have a problem than with the city's share, how sure that is, and whose order can be told.

"Most people first" is only an order where chance cannot have made it. Each number has its interval, and each area
the places that it can have among all areas when every interval holds at once.
"""

from __future__ import annotations

import numpy as np

from omradesbild.analyse import interval


def excess(affected, people, city_affected, city_people, confidence: float = 0.95) -> tuple[np.ndarray, ...]:
    """Return how many more have the problem than if the area had its city's share, with an interval.

    With p = x/n in the area and r = (X − x)/(N − n) in the rest of the city,
    ``x − n X/N = n (1 − n/N)(p − r)``.

    Parameters
    ----------
    affected, people : array_like
        x and n: those with the problem and all, in the area.
    city_affected, city_people : array_like
        X and N, the same in the whole city, the area included.
    confidence : float
        Two-sided level of each interval.

    Returns
    -------
    number, low, high : arrays of float
        Persons (or households, or what the figure counts). NaN where the rest of the city is nobody.

    Notes
    -----
    The interval of p − r is Newcombe's method 10: square-and-add of the two Wilson intervals.

    References
    ----------
    Newcombe 1998, Statist. Med. 17, 873–890.
    """
    x, n, whole_x, whole_n = np.broadcast_arrays(
        *(np.asarray(given, float) for given in (affected, people, city_affected, city_people))
    )
    (low, high), (rest_low, rest_high) = (
        interval.wilson(*counts, confidence) for counts in ((x, n), (whole_x - x, whole_n - n))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        p, r = x / n, (whole_x - x) / (whole_n - n)
        persons = n * (1 - n / whole_n)
        down, up = np.hypot(p - low, rest_high - r), np.hypot(high - p, r - rest_low)
    return persons * (p - r), persons * (p - r - down), persons * (p - r + up)


def places(low, high) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last place (1 = largest) that each of some numbers can have.

    ``first = 1 +`` how many intervals lie wholly above; ``last = K −`` how many lie wholly below.

    Parameters
    ----------
    low, high : array_like
        Intervals that hold all at once: K of them at the level ``1 − α/K`` each (Bonferroni) give places that all are
        right in at least 1 − α of cases, also where areas have people in common.

    References
    ----------
    Klein, Wright & Wieczorek 2020, J. R. Statist. Soc. A 183, 589–606 (the U.S. Census Bureau's rankings).
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    above, below = np.sort(low), np.sort(high)
    first = 1 + len(low) - np.searchsorted(above, high, side="right")
    last = len(low) - np.searchsorted(below, low, side="left")
    return first, last
