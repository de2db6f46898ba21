"""Shrunken rates: the figures of small areas drawn towards the city's, as far as chance explains them.

A small area is often at the top or the bottom of a list only because its figure varies so much by
chance. Empirical Bayes weighs each area's own rate against the city's by how much of the spread
between areas is real. Shrunken rates are for ranking, maps of pattern and statistics over areas;
an area's own published figure is never replaced by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from omradesbild.model import Kind


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Shrunken rates and what they were computed from.

    Attributes
    ----------
    numerator, denominator : Series
        The inputs, keyed by area.
    kind : Kind
        SHARE (binomial chance) or RATE (Poisson chance).
    mean : float
        m, the rate of all areas together; a proportion or events per unit of the denominator.
    variance : float
        s², the estimated variance of the true rates between areas; 0 where chance explains it all.
    weight : Series
        w, how much of an area's own rate is kept, 0–1.
    value : Series
        The shrunken rates, in the unit of `mean`. NaN where an input is missing or the denominator
        is not above zero.
    """

    numerator: pd.Series
    denominator: pd.Series
    kind: Kind
    mean: float
    variance: float
    weight: pd.Series
    value: pd.Series

    @property
    def reliability(self) -> float:
        """The mean weight: near 1 the areas' differences are real, near 0 they are chance."""
        return float(self.weight.mean())


def shrink(numerator: pd.Series, denominator: pd.Series, kind: Kind = Kind.SHARE) -> Shrunk:
    """Shrink the rates of areas towards the rate of all of them (Marshall's global estimator).

    ``θ̂ᵢ = wᵢ rᵢ + (1 − wᵢ) m``, ``wᵢ = s² / (s² + vᵢ)``, ``m = ΣO / Σn``,
    ``vᵢ = m (1 − m) / nᵢ`` for shares and ``m / nᵢ`` for rates,
    ``s² = max(0, Σ nᵢ (rᵢ − m)² / Σn − Σ nᵢ vᵢ / Σn)``.

    Parameters
    ----------
    numerator, denominator : Series
        O and n, keyed by area.
    kind : Kind
        SHARE or RATE.

    Raises
    ------
    ValueError
        If `kind` is neither: what is no count of people or events has no chance to take away.

    References
    ----------
    Marshall 1991, Applied Statistics 40, 283–294 (there with Poisson chance); ``Empirical_Bayes`` in
    esda and ``EBest`` in spdep are the same. Ours is kept because the app does not carry those libraries.
    """
    if kind not in (Kind.SHARE, Kind.RATE):
        raise ValueError(f"only shares and rates can be shrunk, not {kind}")
    counts = pd.DataFrame({"o": numerator, "n": denominator}, dtype=float)
    known = counts[counts["o"].notna() & (counts["n"] > 0)]
    m, s2, w, value = marshall(known["o"].to_numpy(), known["n"].to_numpy(), kind)
    return Shrunk(
        numerator=counts["o"],
        denominator=counts["n"],
        kind=kind,
        mean=float(m[0]),
        variance=float(s2[0]),
        weight=pd.Series(w, known.index).reindex(counts.index),
        value=pd.Series(value, known.index).reindex(counts.index),
    )


def marshall(o: np.ndarray, n: np.ndarray, kind: Kind) -> tuple[np.ndarray, ...]:
    """Return m, s², w and the shrunken rates of complete counts; see `shrink`.

    Parameters
    ----------
    o : array of float, shape (…, areas)
        Numerators: one set, or one set per row.
    n : array of float, shape (areas,)
        Denominators above zero.

    Returns
    -------
    m, s2 : arrays, shape (…, 1)
    w, value : arrays, shape (…, areas)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, total = o / n, n.sum()
        m = o.sum(axis=-1, keepdims=True) / total
        v = (m * (1 - m) if kind is Kind.SHARE else m) / n
        spread = (n * (rate - m) ** 2).sum(axis=-1, keepdims=True) / total
        s2 = np.maximum(0.0, spread - (n * v).sum(axis=-1, keepdims=True) / total)
        w = np.where(s2 > 0, s2 / (s2 + v), 0.0)
    return m, s2, w, w * rate + (1 - w) * m
