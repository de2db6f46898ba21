"""How unevenly a group lives over the areas of a city, beside how unevenly it would by chance alone.

All measures depend on how many areas there are and how large they are: they may be followed over time
where the areas are the same, and not compared between cities or divisions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import entr, gammaln, ndtri

from omradesbild.analyse.across import LEAST_AREAS, Across, Refusal, across, common, runs
from omradesbild.analyse.kept import kept
from omradesbild.analyse.shrink import marshall
from omradesbild.analyse.statements import Statements
from omradesbild.model import Kind

#: Where the redraws begin, so that the same figures always get the same interval.
SEED = 20_220_101
#: How often the counts are redrawn, and how many are drawn in all where there are many areas: the interval narrows with the
#: areas, so that its last decimal is as sure with 119 redraws of a country's 3 363 areas as with 1 000 of a city's.
DRAWS, DRAWN = 1_000, 400_000
MEASURES = ("dissimilarity", "isolation", "exposure", "entropy")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of segregation.

    Attributes
    ----------
    value : float
        As computed from the figures.
    chance : float
        What it is expected to be when the group is spread over the areas by lot.
    corrected : float
        How far from chance towards complete separation: 0 = as by lot, 1 = complete, below 0 = more even.
    adjusted : float
        The value without the part that chance is estimated to have added to it.
    low, high : float
        The interval around `adjusted`.
    """

    value: float
    chance: float
    corrected: float
    adjusted: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Segregation:
    """The measures of one group in one year, and what they were computed from.

    Attributes
    ----------
    group, total : Series
        Persons in the group and residents in all, of the areas that were used, keyed by area.
    left_out : tuple of str
        Areas without figure or residents.
    dissimilarity : Measure
        D, 0–1: the share of the group that would have to move for it to be spread as the others.
    isolation : Measure
        The share of the group in the area of an average member of the group.
    exposure : Measure
        The share of others in the area of an average member of the group.
    entropy : Measure
        H (Theil), 0–1: how much less mixed areas are than the city.
    contribution : Series
        Each area's share (0–1) of D.
    excess : Series
        xᵢ/X − yᵢ/Y: above 0 where the group is over-represented.
    draws : int
    confidence : float
    """

    group: pd.Series
    total: pd.Series
    left_out: tuple[str, ...]
    dissimilarity: Measure
    isolation: Measure
    exposure: Measure
    entropy: Measure
    contribution: pd.Series
    excess: pd.Series
    draws: int
    confidence: float


@dataclass(frozen=True, eq=False)
class Uneven:
    """The segregation of an indicator's numerator from the rest of its denominator in one year."""

    across: Across
    segregation: Segregation


@dataclass(frozen=True, slots=True)
class Shift:
    """The change of a measure without its part of chance, and its interval; NaN where there is none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Run:
    """Unbroken years of the segregation of a group over the same areas.

    Attributes
    ----------
    areas : tuple of str
        The areas that have a figure in every year; only these are used.
    points : tuple of Uneven
        Oldest first.
    change : Shift or None
        How D has changed from the first to the last year; None with a single year.
    """

    areas: tuple[str, ...]
    points: tuple[Uneven, ...]
    change: Shift | None


@kept(small=256, large=8)
def of(statements: Statements, indicator: str, period: str, group: str | None = None) -> Uneven | Refusal:
    """Return how unevenly those an indicator counts live over the areas, from shown figures only.

    Parameters
    ----------
    indicator, period, group
        A share: its numerator is the group and the rest of its denominator the others. `group` None: the
        indicator's default breakdown.

    Returns
    -------
    Uneven, or why there is none. Without intervals where the counts are estimates. The answer is kept for
    the next reader.
    """
    found = _counted(statements, indicator, period, group)
    return found if isinstance(found, Refusal) else _uneven(found)


@kept(small=64, large=4)
def over_time(statements: Statements, indicator: str, group: str | None = None) -> tuple[Run, ...]:
    """Return the segregation of a group over time, a run for each part in which the units are the same.

    The measures depend on the division into areas, so a run ends where any area's border or series is
    broken, and all its points are about the areas that have a figure every year. Parameters are those of
    `of`.
    """
    found = []
    for periods in runs(statements, indicator, group):
        each = [_counted(statements, indicator, period, group) for period in periods]
        known = [one for one in each if isinstance(one, Across)]
        if not known or len(areas := common(known)) < LEAST_AREAS:
            continue
        again = [_uneven(one.only(areas)) for one in known]
        points = tuple(one for one in again if isinstance(one, Uneven))
        if points:
            moved = shift(points[0], points[-1]) if len(points) > 1 else None
            found.append(Run(tuple(sorted(areas)), points, moved))
    return tuple(found)


def shift(first: Uneven, last: Uneven, measure: str = "dissimilarity") -> Shift:
    """Return the change of a measure between two years, by square-and-add of their intervals.

    Years are taken as independent; most residents are the same, which makes the interval too wide rather
    than too narrow.
    """
    one, other = (getattr(each.segregation, measure) for each in (first, last))
    value = other.adjusted - one.adjusted
    down = np.hypot(other.adjusted - other.low, one.high - one.adjusted)
    up = np.hypot(other.high - other.adjusted, one.adjusted - one.low)
    return Shift(float(value), float(value - down), float(value + up))


def _counted(statements: Statements, indicator: str, period: str, group: str | None) -> Across | Refusal:
    if statements.pack.indicators[indicator].kind in (Kind.RATE, Kind.MEAN):
        return Refusal("not_a_share")
    return across(statements, indicator, period, group, kinds=(Kind.SHARE,))


def _uneven(found: Across) -> Uneven | Refusal:
    draws = min(DRAWS, -(-DRAWN // len(found.numerator)))
    result = segregation(found.numerator, found.denominator, np.random.default_rng(SEED), draws=draws)
    if np.isnan(result.dissimilarity.value):
        return Refusal("one_group")
    return Uneven(found, _without_intervals(result) if found.estimated else result)


def _without_intervals(found: Segregation) -> Segregation:
    """Return the measures of estimated counts: what their redraws would say is not how wrong they may be."""
    bare = {m: replace(getattr(found, m), low=np.nan, high=np.nan) for m in MEASURES}
    return replace(found, **bare)


def segregation(
    group: pd.Series,
    total: pd.Series,
    rng: np.random.Generator,
    *,
    draws: int = DRAWS,
    confidence: float = 0.95,
) -> Segregation:
    """Compute how segregated a group is from all others.

    With x the group, t all, y = t − x, capitals the sums and p = x/t, P = X/T:
    ``D = ½ Σ |xᵢ/X − yᵢ/Y|``; isolation ``Σ (xᵢ/X)(xᵢ/tᵢ)``; exposure ``Σ (xᵢ/X)(yᵢ/tᵢ)``;
    ``H = Σ tᵢ (E − Eᵢ) / (T E)`` with ``E = −P ln P − (1 − P) ln (1 − P)``.

    Parameters
    ----------
    group, total : Series
        Numbers of persons, keyed by area.
    rng : Generator
        The source of chance of the interval; the order of the areas does not matter.
    draws : int
        Redraws for the interval; those without group or without others do not count.
    confidence : float

    Raises
    ------
    ValueError
        If an area has more in the group than in all, or less than none.

    Notes
    -----
    *Chance*: the X members are placed at random on the T places, so each area's count is hypergeometric.
    For D this has a closed form (see `mean_deviation`), ``D* = T / (2XY) Σ E|Xᵢ − tᵢP|``; isolation
    ``P + (1 − P)(N − 1)/(T − 1)``, exposure one minus that, and H approximately
    ``(N − 1) / (2 T E)``, because 2TE·H is the likelihood-ratio statistic of independence.
    *Corrected* is (value − chance) / (1 − chance), for exposure (chance − value) / chance.

    *Adjusted* isolation, exposure and H: parametric bootstrap, x* ~ Binomial(t, p). Redrawing adds as much
    bias again as chance once added, so ``adjusted = 2·value − mean of the redraws`` and the interval is that
    ± z standard deviations of the redraws, kept within 0–1.

    D has a corner where a share is the city's, and there redrawing a set that chance has already spread adds
    less than chance did: with 90 areas of 30–200 persons and no segregation at all it leaves 0.07 of 0.12. So
    D is taken of shares that spread as the true ones are estimated to, ``P + √wᵢ (pᵢ − P)`` with the weights
    of `shrink` (Louis's constrained empirical Bayes), which leaves 0.02; the interval is ± z standard
    deviations of the same on redraws from these. Its lower limit is 0 where D is not clearly more than chance.

    All are NaN where the group or the others are nobody.

    References
    ----------
    Duncan & Duncan 1955 (D); Massey & Denton 1988, Social Forces 67, 281–315; Theil & Finizza 1971 (H);
    Carrington & Troske 1997, J. Business & Econ. Stat. 15, 402–409 (chance level, corrected); Allen et al.
    2015, Sociological Methodology 45 (bootstrap correction, and that it falls short for D); Louis 1984, J. Am.
    Stat. Ass. 79, 393–398 (spread-keeping shrinkage). PySAL's ``segregation`` has the measures but
    simulates the chance level, from a single draw, and is not carried by the app.
    """
    counts = pd.DataFrame({"x": group, "t": total}, dtype=float).sort_index()
    known = counts[counts["x"].notna() & (counts["t"] > 0)]
    if wrong := list(known.index[(known["x"] > known["t"]) | (known["x"] < 0)]):
        raise ValueError(f"the group must be between 0 and all residents, but is not in {wrong}")
    x, t = known["x"].to_numpy(), known["t"].to_numpy()
    redrawn = _measures(_draw(x, t, draws, rng), np.ceil(t))
    adjusted = {name: 2 * value - redrawn[name] for name, value in _measures(x, t).items()}
    levelled = _levelled(x, t)
    own = _dissimilarity(levelled, t)
    again = _dissimilarity(_levelled(_draw(levelled, t, draws, rng), np.ceil(t)), np.ceil(t))
    adjusted["dissimilarity"] = own + again - np.nanmean(again) if np.isfinite(again).any() else again
    measures = {
        name: _measured(value, chance, adjusted[name], name, confidence)
        for (name, value), chance in zip(_measures(x, t).items(), _by_lot(x, t), strict=True)
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = x / x.sum() - (t - x) / (t - x).sum()
        contribution = np.abs(excess) / np.abs(excess).sum()
    return Segregation(
        group=known["x"],
        total=known["t"],
        left_out=tuple(counts.index.difference(known.index)),
        **measures,
        contribution=pd.Series(contribution, known.index),
        excess=pd.Series(excess, known.index),
        draws=draws,
        confidence=confidence,
    )


def _measures(x: np.ndarray, t: np.ndarray) -> dict[str, np.ndarray]:
    """Return the four measures of counts x, shape (…, areas), among t, shape (areas,)."""
    members, others = x.sum(axis=-1), (t - x).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        p, of_group, whole = x / t, x / members[..., None], _entropy(members / t.sum())
        measures = {
            "isolation": (of_group * p).sum(axis=-1),
            "exposure": (of_group * (1 - p)).sum(axis=-1),
            "entropy": 1 - (t * _entropy(p)).sum(axis=-1) / (t.sum() * whole),
        }
    both = (members > 0) & (others > 0)
    return {"dissimilarity": _dissimilarity(x, t)} | {name: np.where(both, value, np.nan) for name, value in measures.items()}


def _dissimilarity(x: np.ndarray, t: np.ndarray) -> np.ndarray:
    members, others = x.sum(axis=-1), (t - x).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = 0.5 * np.abs(x / members[..., None] - (t - x) / others[..., None]).sum(axis=-1)
    return np.where((members > 0) & (others > 0), apart, np.nan)


def _entropy(p: np.ndarray) -> np.ndarray:
    return entr(p) + entr(1 - p)


def _by_lot(x: np.ndarray, t: np.ndarray) -> tuple[float, ...]:
    """Return what the four measures are expected to be by lot, in the order of `_measures`."""
    places = np.round(t)
    members, whole, areas = round(x.sum()), places.sum(), len(t)
    if not 0 < members < whole:
        return (np.nan,) * 4
    share = members / whole
    away = mean_deviation(whole, members, places).sum()
    isolation = share + (1 - share) * (areas - 1) / (whole - 1)
    entropy = (areas - 1) / (2 * whole * _entropy(share))
    dissimilarity = whole * away / (2 * members * (whole - members))
    return tuple(map(float, (dissimilarity, isolation, 1 - isolation, entropy)))


def mean_deviation(population: float, members: float, places: np.ndarray) -> np.ndarray:
    """Return E|X − μ| of hypergeometric counts.

    ``E|X − μ| = (2/T) ν (T − K − n + ν) P(X = ν)``, ν = ⌊nK/T⌋ + 1: De Moivre's formula for the binomial
    carried over to drawing without replacement.

    Parameters
    ----------
    population, members : float
        T persons, K of them members.
    places : array of float
        n, the sizes of the draws (whole numbers).

    References
    ----------
    Diaconis & Zabell 1991, Statistical Science 6, 284–302.
    """
    above = np.floor(places * members / population) + 1
    others = population - members - places + above
    possible = (above <= np.minimum(members, places)) & (others >= 0)
    v = np.where(possible, above, 0.0)
    rest = np.where(possible, others, population - members - places)

    def ways(n, k):
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    inside = np.where(possible, places - v, 0.0)
    log_p = ways(members, v) + ways(population - members, inside) - ways(population, places)
    return np.where(possible, 2 / population * v * rest * np.exp(log_p), 0.0)


def _draw(x: np.ndarray, t: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    return rng.binomial(np.ceil(t).astype(int), x / t, size=(draws, len(t))).astype(float)


def _levelled(x: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return counts whose shares spread around the city's as much as the true shares are estimated to."""
    if not len(t):
        return x
    m, _, w, _ = marshall(x, t, Kind.SHARE)
    return t * np.clip(m + np.sqrt(w) * (x / t - m), 0, 1)


def _measured(value, chance: float, adjusted: np.ndarray, name: str, confidence: float) -> Measure:
    """Return a measure; `adjusted` are redraws around the value without the part of chance."""
    value, drawn = float(value), adjusted[~np.isnan(adjusted)]
    away = chance - value if name == "exposure" else value - chance
    room = chance if name == "exposure" else 1 - chance
    if len(drawn) < 2:
        return Measure(value, chance, away / room if room else np.nan, np.nan, np.nan, np.nan)
    half = ndtri(0.5 + confidence / 2) * drawn.std(ddof=1)
    limits = np.clip(drawn.mean() + np.array([0, -half, half]), 0, 1)
    return Measure(value, chance, away / room if room else np.nan, *map(float, limits))
