"""Where high or low figures lie side by side more than chance would have it (local Moran's I)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from omradesbild.analyse.across import Across, Refusal, across
from omradesbild.analyse.difference import benjamini_hochberg
from omradesbild.analyse.kept import kept
from omradesbild.analyse.neighbours import Neighbours, queen
from omradesbild.analyse.shrink import Shrunk, shrink
from omradesbild.analyse.statements import Statements
from omradesbild.model import Kind

#: high among high, low among low, high among low, low among high, nothing clear.
CODES = ("hh", "ll", "hl", "lh", "none")
#: Where the permutations begin, so that the same figures always give the same map.
SEED = 20_220_101


@dataclass(frozen=True, eq=False)
class LocalMoran:
    """The pattern around every area, and what it was computed from. Keyed by area, sorted by id.

    Attributes
    ----------
    values : Series
        The inputs, NaN where missing.
    neighbours : mapping
        Area id → ids of its neighbours.
    z : Series
        Values as standard deviations from the mean of the areas.
    lag : Series
        The mean z of the neighbours that have a value; NaN where none has.
    statistic : Series
        Iᵢ, above 0 where an area is like its neighbours.
    p : Series
        Two-sided pseudo p-values; never below 2 / (permutations + 1).
    adjusted_p : Series
        Adjusted for the false discovery rate over all areas.
    code : Series
        One of `CODES`.
    permutations : int
    fdr : float
        The false discovery rate that is held.
    """

    values: pd.Series
    neighbours: Mapping[str, tuple[str, ...]]
    z: pd.Series
    lag: pd.Series
    statistic: pd.Series
    p: pd.Series
    adjusted_p: pd.Series
    code: pd.Series
    permutations: int
    fdr: float


@dataclass(frozen=True, eq=False)
class Pattern:
    """The local pattern of an indicator in one year, and what it rests on.

    Attributes
    ----------
    across : Across
        The figures, and which areas are hidden or lack one.
    shrunk : Shrunk
        The rates that were compared.
    neighbours : Neighbours
        Who is beside whom, and which areas have the nearest instead.
    found : LocalMoran
    """

    across: Across
    shrunk: Shrunk
    neighbours: Neighbours
    found: LocalMoran


@kept(small=256, large=8)
def of(statements: Statements, indicator: str, period: str, group: str | None = None) -> Pattern | Refusal:
    """Return where high and low figures lie side by side one year, from shown figures only.

    Parameters
    ----------
    indicator, period, group
        A share or a rate; `group` None: the indicator's default breakdown.

    Returns
    -------
    Pattern, or why there is none. The answer is kept for the next reader.
    """
    measured = statements.pack.indicators[indicator]
    if measured.kind is Kind.MEAN:
        return Refusal("not_chance")
    found = across(statements, indicator, period, group, kinds=(Kind.SHARE, Kind.RATE))
    if isinstance(found, Refusal):
        return found
    rates = shrink(found.numerator, found.denominator, measured.kind)
    if not rates.variance > 0:
        return Refusal("alike")
    near = _neighbours(statements)
    return Pattern(found, rates, near, local_moran(rates.value, near.of, np.random.default_rng(SEED)))


@lru_cache(maxsize=4)
def _neighbours(statements: Statements) -> Neighbours:
    return queen(statements.pack.boundaries)


def local_moran(
    values: pd.Series,
    neighbours: Mapping[str, tuple[str, ...]],
    rng: np.random.Generator,
    *,
    permutations: int = 9999,
    fdr: float = 0.05,
) -> LocalMoran:
    """Compute local Moran's I of every area and tell the clear patterns.

    ``zᵢ = (xᵢ − x̄) / s``, ``lagᵢ = Σⱼ zⱼ / kᵢ`` over the kᵢ neighbours, ``Iᵢ = zᵢ lagᵢ``; s divides by N.

    Parameters
    ----------
    values : Series
        Shrunken rates (`shrink.shrink`), so that small areas do not make patterns by chance; NaN is left out.
    neighbours : mapping
        Area id → ids of its neighbours, e.g. `neighbours.queen(…).of`.
    rng : Generator
    permutations : int
        With 9 999 about N/500 areas must stand out together to be seen among N.
    fdr : float

    Notes
    -----
    Conditional permutation: the area's own value stays, the others' are dealt anew among all other
    places. ``p = 2 (1 + min(#lag* ≥ lag, #lag* ≤ lag)) / (permutations + 1)``, at most 1 – twice the
    one-sided value that esda and GeoDa print, because both ends are looked at and the false discovery rate
    would otherwise be double what is said. The same deals serve all areas.

    References
    ----------
    Anselin 1995, Geographical Analysis 27, 93–115; Castro & Singer 2006, Geographical Analysis 38, 180–208
    (false discovery rate). Ours is kept because the app does not carry esda.
    """
    given = values.sort_index().astype(float)
    known = given.dropna()
    x = known.to_numpy()
    spread = x.std() if len(x) else 0.0
    alike = not spread > 1e-12 * np.abs(x).max(initial=0)
    z = np.full(len(x), np.nan) if alike else (x - x.mean()) / spread
    near = _positions(known.index, neighbours)
    lag = np.array([z[n].mean() if len(n) else np.nan for n in near])
    p = _p_values(z, lag, near, permutations, rng)
    adjusted = benjamini_hochberg(p, np.zeros(len(p), int))
    table = pd.DataFrame(
        {"z": z, "lag": lag, "statistic": z * lag, "p": p, "adjusted_p": adjusted}, known.index
    )
    return LocalMoran(
        values=given,
        neighbours=neighbours,
        **table.reindex(given.index),
        code=pd.Series(_codes(z, lag, adjusted < fdr), known.index, dtype=object).reindex(
            given.index, fill_value="none"
        ),
        permutations=permutations,
        fdr=fdr,
    )


def _positions(areas: pd.Index, neighbours: Mapping[str, tuple[str, ...]]) -> list[np.ndarray]:
    """Return the positions of each area's neighbours among the areas that have a value."""
    place = {area: number for number, area in enumerate(areas)}
    return [
        np.array([place[n] for n in neighbours.get(area, ()) if n in place and n != area], dtype=int)
        for area in areas
    ]


def _p_values(
    z: np.ndarray, lag: np.ndarray, near: list[np.ndarray], permutations: int, rng: np.random.Generator
) -> np.ndarray:
    p = np.full(len(z), np.nan)
    tested = np.flatnonzero(~np.isnan(lag))
    if not len(tested):
        return p
    deals = _deals(len(z) - 1, max(len(near[i]) for i in tested), permutations, rng)
    for i in tested:
        others, k = np.delete(z, i), len(near[i])
        dealt = others[deals[:k]].sum(axis=0) / k
        above, below = (dealt >= lag[i] - 1e-12).sum(), (dealt <= lag[i] + 1e-12).sum()
        p[i] = min(1.0, 2 * (1 + min(above, below)) / (permutations + 1))
    return p


def _deals(of: int, most: int, permutations: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `most` different numbers below `of`, in random order, `permutations` times.

    Each number is drawn among those that are left and moved past the ones already drawn, so the
    work does not grow with `of`. Shape (most, permutations).
    """
    drawn = np.empty((most, permutations), dtype=np.int64)
    for turn in range(most):
        number = rng.integers(0, of - turn, permutations)
        for earlier in np.sort(drawn[:turn], axis=0):
            number += number >= earlier
        drawn[turn] = number
    return drawn


def _codes(z: np.ndarray, lag: np.ndarray, clear: np.ndarray) -> np.ndarray:
    return np.select(
        [~clear, (z > 0) & (lag > 0), (z < 0) & (lag < 0), (z > 0) & (lag < 0), (z < 0) & (lag > 0)],
        ["none", "hh", "ll", "hl", "lh"],
        default="none",
    )
