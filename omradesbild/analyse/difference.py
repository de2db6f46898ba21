"""Does an area differ clearly from the rest of the city?

Three gates, all of which a difference must pass to be named:

1. *Chance.* An area is a part of its city, so it is compared with the rest (city minus area) in
   Fisher's exact test (mid-p). Testing many areas at once brings false alarms, so p-values are
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
from scipy.special import ndtr, ndtri
from scipy.stats import hypergeom

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


def exact_test(o1, n1, o2, n2, noise=0.0) -> np.ndarray:
    """Return two-sided p-values of the difference between two proportions (Fisher's exact test, mid-p).

    Given how many have the property in all, O₁ is hypergeometric: ``p = 2 min(P(X < o₁), P(X > o₁)) + P(X = o₁)``.
    The p-value as a normal deviate is ``z = Φ⁻¹(p / 2)``; where the counts carry noise, its variance is added to
    that of the difference, ``v = p̄ (1 − p̄) (1/n₁ + 1/n₂)``: ``z' = z √(v / (v + noise²))``.

    Parameters
    ----------
    o1, n1, o2, n2 : array_like
        Successes and trials of the two groups, which must not overlap; rounded to whole numbers.
    noise : array_like
        Standard deviation that noise in the counts gives p₁ − p₂ (`interval.ratio_noise`).

    Returns
    -------
    array of float
        NaN where there is nothing to test (an empty group, or all or none have the property).

    Notes
    -----
    Pearson's χ² (the score test) is near enough at 5 per cent, but not at the 0.05 per cent that the smallest of 91
    p-values must pass: at shares of 1–3 per cent it called an area different in 6–8 of 100 cities without any
    difference.

    References
    ----------
    Lancaster 1961, J. Am. Stat. Ass. 56, 223–234 (mid-p); Agresti 2013, Categorical Data Analysis, 3.5.
    """
    o1, n1, o2, n2 = (np.round(np.asarray(x, float)) for x in (o1, n1, o2, n2))
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(o1 / n1 <= o2 / n2, o1, o2), np.where(o1 / n1 <= o2 / n2, n1, n2)
        variance = (o1 + o2) / (n1 + n2) * (1 - (o1 + o2) / (n1 + n2)) * (1 / n1 + 1 / n2)
        of = (n1 + n2, o1 + o2, lower[1])
        p = 2 * hypergeom.cdf(lower[0], *of) - hypergeom.pmf(lower[0], *of)
        p = np.minimum(p, 2 - p)  # with nearly the same shares the other side can be the less likely one
        z = ndtri(np.clip(p, 0, 1) / 2) * np.sqrt(variance / (variance + np.square(noise)))
    return np.where(variance > 0, 2 * ndtr(z), np.nan)


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
        small = (denominator <= SMALLEST_DENOMINATOR) | (
            testable & (rest[1] > 0) & (rest[1] <= SMALLEST_DENOMINATOR)
        )
        sound = testable & (rest[1] > 0) & (rest[0] >= 0) & (rest[0] <= rest[1]) & (numerator <= denominator)
        few = smallest_expected(*area, *rest) < SMALLEST_EXPECTED
    told = sound & ~small & ~few & ~np.isnan(difference)
    p = np.full(told.shape, np.nan)
    p[told] = exact_test(*(x[told] for x in (*area, *rest, np.broadcast_to(noise, told.shape))))
    tested = words_by_test(difference, benjamini_hochberg(p, family), minimum)
    vague = (tested == "none") & (half_width > WIDEST_HALF_INTERVAL)
    return np.select(
        [np.isnan(difference), small | (sound & (few | vague)), sound],
        ["", "small", tested],
        default=words_by_size(difference, minimum),
    )
