"""The city's own index: several indicators in one number per area, with its doubts in the open.

Each indicator is shrunk, made a robust z-value that is higher where it is worse, and averaged with
weights that anyone can see and change. Only then are areas ranked. Two doubts are measured: how far a
rank could move by chance alone (rank interval), and how much it rests on the choice of weights
(how often an area is among the worst when the weights are drawn at random).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from omradesbild.analyse.kept import kept
from omradesbild.analyse.robust import robust_z
from omradesbild.analyse.shrink import marshall, shrink
from omradesbild.model import Direction, Indicator, Kind

#: The sign that makes higher worse. An indicator without judgement has none and cannot enter.
WORSE = {Direction.LOWER_BETTER: 1.0, Direction.HIGHER_BETTER: -1.0}
COUNTED = (Kind.SHARE, Kind.RATE)


@dataclass(frozen=True, eq=False)
class Part:
    """An indicator as it enters the index.

    Attributes
    ----------
    id : str
    kind : Kind
        Shares and rates are shrunk and redrawn by their counts; others enter as they are.
    direction : Direction
        Which way is better.
    figures : DataFrame
        Columns value, numerator and denominator, keyed by area; see `columns.figures`.
    """

    id: str
    kind: Kind
    direction: Direction
    figures: pd.DataFrame

    @classmethod
    def of(cls, indicator: Indicator, figures: pd.DataFrame) -> Part:
        """Return the part that an indicator of the pack makes with these figures."""
        return cls(indicator.id, indicator.kind, indicator.direction, figures)

    @property
    def known(self) -> pd.DataFrame:
        """The rows that can enter, sorted by area."""
        figures = self.figures.sort_index()
        if self.kind in COUNTED:
            return figures[figures["numerator"].notna() & (figures["denominator"] > 0)]
        return figures[figures["value"].notna()]


@dataclass(frozen=True, eq=False)
class Index:
    """An index and what it was computed from. Everything is keyed by area, sorted by id.

    Attributes
    ----------
    parts : tuple of Part
        The indicators with a weight above zero.
    weights : Series
        Per indicator, adding up to 1.
    reliability : Series
        Per indicator: how much of the differences between areas is not chance (mean weight of the shrinkage),
        NaN where the figures come without counts.
    z : DataFrame
        Areas × indicators: signed robust z, higher = worse. NaN where there is no figure.
    contributions : DataFrame
        weight × z; a row adds up to the index.
    value : Series
        The index: 0 = an area in the middle of everything, higher = worse. NaN: not indexed, because
        an input is missing.
    rank, rank_low, rank_high : Series
        1 = worst; the interval is where the rank stays in `confidence` of the `draws` by chance.
    worst : int
        k, the number of areas that 'among the worst' means.
    among_worst : Series
        Share (0–1) of the weightings in which the area is among the k worst.
    draws : int
        How many redraws and how many weightings there were.
    confidence : float
    """

    parts: tuple[Part, ...]
    weights: pd.Series
    reliability: pd.Series
    z: pd.DataFrame
    contributions: pd.DataFrame
    value: pd.Series
    rank: pd.Series
    rank_low: pd.Series
    rank_high: pd.Series
    worst: int
    among_worst: pd.Series
    draws: int
    confidence: float

    @property
    def left_out(self) -> tuple[str, ...]:
        """The areas that are not indexed, because an input is missing."""
        return tuple(self.value.index[self.value.isna()])


def index(
    parts: Sequence[Part],
    weights: Mapping[str, float],
    seed: int,
    *,
    worst: int = 10,
    draws: int = 1000,
    confidence: float = 0.95,
) -> Index:
    """Compute the index of every area that has all its inputs.

    ``indexᵢ = Σⱼ wⱼ sⱼ zᵢⱼ``, Σw = 1, s = ±1 by the indicator's direction, z the robust z of shrunken
    values (`shrink`, `robust_z`) over all areas that have a figure for the indicator.

    Parameters
    ----------
    parts : sequence of Part
        The indicators; all areas of any of them can be indexed.
    weights : mapping
        Indicator id → weight ≥ 0; an indicator that is not mentioned has 0. They are scaled to add up to 1.
    seed : int
        Where chance begins: the same seed gives the same answer, whatever the order of the areas.
        Every indicator has chances of its own, which no weight and no other indicator changes, so what
        was redrawn for a `Part` is kept and a change of weights costs nearly nothing.
    worst : int
        k, how many areas count as the worst.
    draws : int
        Redraws for the rank interval, and weightings.
    confidence : float
        Of the rank interval.

    Raises
    ------
    ValueError
        If an indicator has no direction, a weight is negative or belongs to no indicator, or all are 0.

    Notes
    -----
    *Rank interval*: parametric bootstrap. Counts are redrawn, O* ~ Binomial(n, θ̂) for shares and
    Poisson(n θ̂) for rates, around the shrunken rates θ̂, and the whole index is computed again.
    Drawing around the raw rates would add chance to chance. Figures without counts (means, medians)
    stay as they are, so the interval holds only the chance in the others.

    *Weightings*: drawn from the flat Dirichlet distribution over the indicators with a weight above 0: every
    way of dividing the weight is equally likely. Areas that tie at the k-th place are all among the worst.

    References
    ----------
    OECD & JRC 2008, Handbook on Constructing Composite Indicators, steps 5–7; Goldstein & Spiegelhalter
    1996, J. R. Statist. Soc. A 159, 385–443 (rank intervals); Marshall 1991 (shrinkage).
    """
    share = _shares(parts, weights)
    used = tuple(part for part in parts if part.id in share.index)
    z = pd.DataFrame({part.id: _z(part) for part in used}).sort_index()
    complete = z.dropna()
    contributions = complete * share
    low, high = _rank_interval(used, share, complete.index, draws, confidence, seed)

    def keyed(values) -> pd.Series:
        return pd.Series(values, complete.index, dtype=float).reindex(z.index)

    value = contributions.sum(axis=1)
    return Index(
        parts=used,
        weights=share,
        reliability=pd.Series({part.id: _reliability(part) for part in used}),
        z=z,
        contributions=contributions.reindex(z.index),
        value=keyed(value),
        rank=keyed(_ranks(value.to_numpy())),
        rank_low=keyed(low),
        rank_high=keyed(high),
        worst=worst,
        among_worst=keyed(_among_worst(complete.to_numpy(), worst, draws, seed)),
        draws=draws,
        confidence=confidence,
    )


def _shares(parts: Sequence[Part], weights: Mapping[str, float]) -> pd.Series:
    known = [part.id for part in parts]
    if strange := sorted(set(weights) - set(known)):
        raise ValueError(f"weights for {strange}, but the indicators are {known}")
    share = pd.Series({part: float(weights.get(part, 0)) for part in known}, dtype=float)
    if not (share >= 0).all() or not 0 < share.sum() < np.inf:
        raise ValueError(f"weights must be 0 or more and not all 0, but are {share.to_dict()}")
    if judged := [p.id for p in parts if share[p.id] > 0 and p.direction not in WORSE]:
        raise ValueError(f"no direction is better in {judged}: they cannot be part of an index")
    return share[share > 0] / share.sum()


def _z(part: Part) -> pd.Series:
    figures = part.known
    if part.kind in COUNTED:
        values = shrink(figures["numerator"], figures["denominator"], part.kind).value.to_numpy()
    else:
        values = figures["value"].to_numpy(float)
    z = pd.Series(WORSE[part.direction] * robust_z(values), figures.index)
    return z.reindex(part.figures.index)


def _reliability(part: Part) -> float:
    if part.kind not in COUNTED:
        return np.nan
    return shrink(part.figures["numerator"], part.figures["denominator"], part.kind).reliability


@kept(small=64, large=6, areas=lambda part: len(part.figures))
def _redrawn(part: Part, draws: int, seed: int) -> pd.DataFrame:
    """Return signed z-values of `draws` cities where chance fell otherwise: draws × areas with a figure."""
    figures = part.known
    if part.kind not in COUNTED:
        return pd.DataFrame(np.tile(_z(part)[figures.index], (draws, 1)), columns=figures.index)
    o, n = figures["numerator"].to_numpy(float), np.ceil(figures["denominator"].to_numpy(float))
    rng = np.random.default_rng([seed, crc32(part.id.encode())])
    around = marshall(o, n, part.kind)[3]
    if part.kind is Kind.SHARE:
        again = rng.binomial(n.astype(int), np.clip(around, 0, 1), size=(draws, len(n)))
    else:
        again = rng.poisson(n * around, size=(draws, len(n)))
    z = WORSE[part.direction] * robust_z(marshall(again.astype(float), n, part.kind)[3])
    return pd.DataFrame(z, columns=figures.index)


def _rank_interval(
    parts: Sequence[Part],
    share: pd.Series,
    areas: pd.Index,
    draws: int,
    confidence: float,
    seed: int,
) -> np.ndarray:
    scores = sum(share[part.id] * _redrawn(part, draws, seed)[areas].to_numpy() for part in parts)
    if not len(areas):
        return np.empty((2, 0))
    tail = (1 - confidence) / 2
    return np.quantile(_ranks(scores), [tail, 1 - tail], axis=0, method="nearest")


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Rank the last axis, 1 for the highest; equal scores share the best of their ranks."""
    return rankdata(-np.round(scores, 9), method="min", axis=-1)


def _among_worst(z: np.ndarray, worst: int, draws: int, seed: int) -> np.ndarray:
    """Return the share of random weightings in which each area is among the `worst` highest."""
    weightings = np.random.default_rng(seed).dirichlet(np.ones(z.shape[1]), draws)
    scores = np.round(weightings @ z.T, 9)
    if worst >= len(z):
        return np.ones(len(z))
    limit = np.partition(scores, -worst, axis=1)[:, -worst, None]
    return (scores >= limit).mean(axis=0)
