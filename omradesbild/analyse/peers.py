"""Peers: the areas most like a given one in stated respects, so that what is compared is comparable."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

from omradesbild.analyse.compose import members_of
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Level

PEERS = 5
REASONS = 3
#: How near a peer is: its distance as a part of the typical one, up to which the word holds.
NEARNESS = (("very_near", 1 / 3), ("near", 2 / 3), ("somewhat", 1.0), ("far", np.inf))


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


def of(statements: Statements, area: str, outcome: str) -> Peers | None:
    """Return the peers of an area of the pack, kept for the next who asks.

    The variables are those of the pack's ``catalog/peers.yaml``, the newest year of each at the area's level,
    without the outcome and without those that measure nearly the same as it. Peers are areas of the same
    level that share no ground with the area or with a nearer peer: an area is not like a part of itself,
    and the same homes do not count twice.

    Returns
    -------
    Peers or None
        None where there are no variables to find peers by, and for the city and a reader's
        own areas, which have none of their kind.
    """
    known = statements.pack.areas.get(area)
    if known is None or known.level in (Level.KOMMUN, Level.CUSTOM):
        return None
    return _of(statements, area, outcome)


@lru_cache(maxsize=2048)
def _of(statements: Statements, area: str, outcome: str) -> Peers | None:
    pack = statements.pack
    level = pack.areas[area].level
    space = _space(statements, level, _usable(statements, level, outcome))
    if space is None:
        return None
    kept, taken = [], set(_ground(pack, area))
    for peer in _nearest(space.z, area):
        ground = _ground(pack, peer.area)
        if taken.isdisjoint(ground):
            kept.append(peer)
            taken.update(ground)
        if len(kept) == PEERS:
            break
    return Peers(area, outcome, space.variables, space.z, tuple(kept), space.typical)


def _ground(pack, area: str) -> tuple[str, ...]:
    """Return the basic areas that an area covers."""
    return members_of(pack.areas[area], pack) or (area,)


def _usable(statements: Statements, level: Level, outcome: str) -> tuple[tuple[str, str], ...]:
    """Return the variables that may be used, each with its newest period at the level."""
    found = []
    for variable in statements.pack.peers:
        period = statements.latest(variable.indicator, level)
        if period is not None and outcome not in (variable.indicator, *variable.near):
            found.append((variable.indicator, period))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Space:
    """What all areas of a level have in common when peers are sought: see `Peers`."""

    variables: pd.DataFrame
    z: pd.DataFrame
    typical: float


@lru_cache(maxsize=64)
def _space(statements: Statements, level: Level, usable: tuple[tuple[str, str], ...]) -> _Space | None:
    """Return the areas of a level among these variables; None where there are none."""
    columns = {}
    for indicator, period in usable:
        rows = statements.at(indicator, period, level=level)
        columns[indicator] = rows.set_index(rows["area"].astype(str))["value"]
    areas = [a.id for a in statements.pack.areas.values() if a.level is level]
    return _among(pd.DataFrame(columns, index=areas)) if columns and areas else None


def _among(variables: pd.DataFrame) -> _Space:
    z = _standardised(variables.dropna().sort_index().astype(float))
    pairs = pdist(z.to_numpy()) if len(z) > 1 else []
    return _Space(variables, z, float(np.median(pairs)) if len(pairs) else np.nan)


def nearness(peer: Peer, typical: float) -> str:
    """Return how near a peer is, as a code of `NEARNESS`: its distance against the `typical` one."""
    return next(code for code, limit in NEARNESS if peer.distance <= limit * typical or limit == np.inf)


def median(figures: Collection[Statement | None]) -> float | None:
    """Return the middle figure of those that have one; None where fewer than three have."""
    values = [s.value for s in figures if s is not None and s.value is not None]
    return float(np.median(values)) if len(values) >= REASONS else None


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
    space = _among(variables)
    return Peers(area, outcome, variables, space.z, tuple(islice(_nearest(space.z, area), count)), space.typical)


def _standardised(known: pd.DataFrame) -> pd.DataFrame:
    spread = known.std(ddof=0).where(known.max() > known.min())
    return ((known - known.mean()) / spread).fillna(0.0)


def _nearest(z: pd.DataFrame, area: str) -> Iterator[Peer]:
    """Give all other areas, the most like first; none where the area lacks a variable."""
    if area not in z.index:
        return
    others = z.drop(index=area)
    apart = (others - z.loc[area]).abs().to_numpy()
    distance = np.sqrt((apart**2).sum(axis=1))
    for i in np.argsort(distance, kind="stable"):
        closest = z.columns.to_numpy()[np.argsort(apart[i], kind="stable")[:REASONS]]
        yield Peer(str(others.index[i]), float(distance[i]), tuple(closest))
