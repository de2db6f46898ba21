"""Peers: the areas most like a given one in stated respects, so that what is compared is comparable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

PEERS = 5
REASONS = 3


@dataclass(frozen=True, slots=True)
class Peer:
    """An area like another one.

    Attributes
    ----------
    area : str
    distance : float
        0 = alike in every variable; see `peers` for the unit.
    closest : tuple of str
        The variables in which the two are most alike, nearest first.
    """

    area: str
    distance: float
    closest: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Peers:
    """The peers of an area, and what they were chosen by.

    Attributes
    ----------
    area : str
    outcome : str
        The indicator that the peers are to be compared in; it is not among the variables.
    variables : DataFrame
        The inputs: areas × variables.
    z : DataFrame
        The variables as standard deviations from their mean, for areas that have all of them.
    peers : tuple of Peer
        Nearest first. Empty where the area lacks a variable.
    typical : float
        The median distance between any two areas: what a distance is to be held against.
    """

    area: str
    outcome: str
    variables: pd.DataFrame
    z: pd.DataFrame
    peers: tuple[Peer, ...]
    typical: float

    @property
    def left_out(self) -> tuple[str, ...]:
        """The areas that lack a variable."""
        return tuple(self.variables.index.difference(self.z.index))


def peers(variables: pd.DataFrame, area: str, outcome: str, count: int = PEERS) -> Peers:
    """Return the areas most like `area`.

    ``d(a, b) = √(Σⱼ (zₐⱼ − z_bⱼ)²)``, z standardised over the areas that have all variables (dividing by N).

    Parameters
    ----------
    variables : DataFrame
        Areas × variables, each in any unit; columns are indicator ids. What is alike in all areas does
        not count.
    area : str
    outcome : str
        The indicator to be compared afterwards.
    count : int
        How many peers are wanted.

    Raises
    ------
    ValueError
        If the outcome is one of the variables – areas chosen for being alike in it cannot show a
        difference in it – or the area or the variables are none.

    References
    ----------
    Standardised Euclidean distance, as in the statistical nearest neighbours of CIPFA and the ONS.
    """
    if outcome in variables:
        raise ValueError(f"peers are to be compared in {outcome}, so it cannot be one of the variables")
    if area not in variables.index:
        raise ValueError(f"the area {area} is not among those that have variables")
    if not len(variables.columns):
        raise ValueError("no variables to find peers by")
    z = _standardised(variables.dropna().sort_index().astype(float))
    pairs = pdist(z.to_numpy()) if len(z) > 1 else []
    return Peers(
        area=area,
        outcome=outcome,
        variables=variables,
        z=z,
        peers=_nearest(z, area, count) if area in z.index else (),
        typical=float(np.median(pairs)) if len(pairs) else np.nan,
    )


def _standardised(known: pd.DataFrame) -> pd.DataFrame:
    spread = known.std(ddof=0).where(known.max() > known.min())
    return ((known - known.mean()) / spread).fillna(0.0)


def _nearest(z: pd.DataFrame, area: str, count: int) -> tuple[Peer, ...]:
    apart = (z.drop(index=area) - z.loc[area]).abs()
    distance = np.sqrt((apart**2).sum(axis=1)).sort_values(kind="stable")[:count]
    return tuple(
        Peer(str(other), float(length), tuple(apart.loc[other].sort_values(kind="stable").index[:REASONS]))
        for other, length in distance.items()
    )
