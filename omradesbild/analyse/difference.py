"""Does an area differ clearly from the rest of the city?

Three gates, all of which a difference must pass to be named:

1. *Chance.* An area is a part of its city, so it is compared with the rest (city minus area) in a
   two-proportion score test. Testing many areas at once brings false alarms, so p-values are
   adjusted within each indicator, period and group to hold the false discovery rate. The
   basic areas form one family, the named areas another, the districts a third: the levels are
   read separately, and overlapping levels in one family would let the same people count twice.
2. *Size.* The difference must be at least the indicator's `minimum_difference`.
3. *Basis.* With 20 persons or fewer, with fewer than five expected in any cell of the test, or with
   an interval wider than ± 10 percentage points and nothing clear, the basis is too small to say.

Figures that cannot be tested (means, medians, indices, estimates, shares without counts) meet the
second gate only, and have words of their own for it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

#: A tested difference; an untested one; too small a basis; nothing to compare.
CODES = (
    "",
    "much_higher",
    "higher",
    "none",
    "lower",
    "much_lower",
    "above",
    "about",
    "below",
    "small",
)

CLEAR = 0.05
VERY_CLEAR = 0.002
SMALLEST_DENOMINATOR = 20
SMALLEST_EXPECTED = 5
WIDEST_HALF_INTERVAL = 0.10


def score_test(o1, n1, o2, n2, noise=0.0) -> np.ndarray:
    """Return two-sided p-values of the two-proportion score test.

    ``z = (p₁ − p₂) / √(p (1 − p) (1/n₁ + 1/n₂))`` with the pooled ``p = (o₁ + o₂) / (n₁ + n₂)``;
    z² is Pearson's χ² of the 2 × 2 table, without continuity correction. Where the counts carry noise, its
    variance is added under the root.

    Parameters
    ----------
    o1, n1, o2, n2 : array_like
        Successes and trials of the two groups, which must not overlap.
    noise : array_like
        Standard deviation that noise in the counts gives p₁ − p₂ (`interval.ratio_noise`).

    Returns
    -------
    array of float
        NaN where there is nothing to test (an empty group, or all or none have the property).
    """
    o1, n1, o2, n2 = (np.asarray(x, float) for x in (o1, n1, o2, n2))
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (o1 + o2) / (n1 + n2)
        z = (o1 / n1 - o2 / n2) / np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2) + np.square(noise))
    return 2 * ndtr(-np.abs(z))


def smallest_expected(o1, n1, o2, n2) -> np.ndarray:
    """Return the smallest expected count of the 2 × 2 table (Cochran 1954: it should be ≥ 5)."""
    o1, n1, o2, n2 = (np.asarray(x, float) for x in (o1, n1, o2, n2))
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (o1 + o2) / (n1 + n2)
    return np.minimum(n1, n2) * np.minimum(pooled, 1 - pooled)


def benjamini_hochberg(p, family) -> np.ndarray:
    """Return p-values adjusted for the false discovery rate within each family.

    The i-th smallest of m p-values becomes ``min over j ≥ i of p₍ⱼ₎ m / j``.

    Parameters
    ----------
    p : array_like of float
        NaN belongs to no family and stays NaN.
    family : array_like of int
        Which p-values are adjusted together.

    References
    ----------
    Benjamini & Hochberg 1995, J. R. Statist. Soc. B 57, 289–300.
    """
    p, family = np.asarray(p, float), np.asarray(family)
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.lexsort((p[tested], family[tested]))]
    groups = pd.Series(p[order]).groupby(family[order])
    scaled = groups.transform("size") / (groups.cumcount() + 1) * p[order]
    adjusted[order] = scaled[::-1].groupby(family[order][::-1]).cummin()[::-1]
    return adjusted


def words_by_test(difference, adjusted_p, minimum) -> np.ndarray:
    """Return 'much_higher', 'higher', 'none', 'lower' or 'much_lower' for tested differences.

    Parameters
    ----------
    difference, adjusted_p, minimum : arrays of float
        Area minus city and the smallest difference worth naming, in the indicator's unit.
    """
    size = np.round(np.abs(difference), 9)
    up = np.asarray(difference) > 0
    clear = (adjusted_p < CLEAR) & (size >= minimum)
    very = (adjusted_p < VERY_CLEAR) & (size >= 2 * minimum)
    return np.select(
        [very & up, very, clear & up, clear],
        ["much_higher", "much_lower", "higher", "lower"],
        default="none",
    )


def words_by_size(difference, minimum) -> np.ndarray:
    """Return 'above', 'about' or 'below' for differences that cannot be tested."""
    size = np.round(np.abs(difference), 9)
    return np.where(size < minimum, "about", np.where(np.asarray(difference) > 0, "above", "below"))


def compare(
    difference: np.ndarray,
    area: tuple[np.ndarray, np.ndarray],
    rest: tuple[np.ndarray, np.ndarray],
    half_width: np.ndarray,
    minimum: np.ndarray,
    testable: np.ndarray,
    family: np.ndarray,
    noise: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Return a code of `CODES` for every difference between an area and what it is compared with.

    Parameters
    ----------
    difference : array of float
        Area minus the other, in the unit; NaN where there is nothing to compare: code ''.
    area, rest : pairs of arrays of float
        Numerator and denominator of the area, and of those it is tested against, who must be others (for
        an area and its city: the rest of the city); NaN where there are none.
    half_width : array of float
        Half the widest 95 % interval of the two, as a proportion.
    minimum : array of float
        The smallest difference worth naming, in the unit.
    testable : array of bool
        Whether both figures are shares of counted persons.
    family : array of int
        What is tested together.
    noise : array of float
        Standard deviation of the difference that comes from noise in the counts, as a proportion.
    """
    numerator, denominator = area
    with np.errstate(invalid="ignore"):
        small = (denominator <= SMALLEST_DENOMINATOR) | (testable & (rest[1] > 0) & (rest[1] <= SMALLEST_DENOMINATOR))
        sound = testable & (rest[1] > 0) & (rest[0] >= 0) & (rest[0] <= rest[1]) & (numerator <= denominator)
        few = smallest_expected(*area, *rest) < SMALLEST_EXPECTED
    told = sound & ~small & ~few & ~np.isnan(difference)
    p = np.where(told, score_test(*area, *rest, noise), np.nan)
    tested = words_by_test(difference, benjamini_hochberg(p, family), minimum)
    vague = (tested == "none") & (half_width > WIDEST_HALF_INTERVAL)
    return np.select(
        [np.isnan(difference), small | (sound & (few | vague)), sound],
        ["", "small", tested],
        default=words_by_size(difference, minimum),
    )
