"""Counts of one division into areas become counts of another.

1. ``by_key``: every source area lies in one target area, as the official key says. Exact, sums only.
2. ``by_area``: a source area's count is spread over the target areas as its surface is (areal interpolation).
3. ``by_people``: it is spread as people live, by the population of smaller pieces that lie within the source areas or
   within the target areas.

Each source area's shares add up to one, so every total is the same before and after. Nothing that is not a count can be
spread: shares are formed of spread numerators and denominators, medians, indices and types are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from omradesbild.collect.fault import CollectError
from omradesbild.collect.readings import COLUMNS, among, join_flags
from omradesbild.model import Flag

#: A part of a source area that is smaller than this, and a smaller part of the target area than that, comes of borders that are
#: drawn differently, and is left out.
SLIVER, SLIVER_OF_NEW = 0.005, 0.1


@dataclass(frozen=True)
class Overlap:
    """How source areas (rows) lie in target areas (columns).

    Attributes
    ----------
    shares
        Source × target, float64; each row adds up to one.
    way
        How the shares came about, in Swedish, for the description of a source; empty where they are exact.
    """

    old: pd.Index
    new: pd.Index
    shares: np.ndarray
    way: str

    @property
    def split(self) -> np.ndarray:
        """Which source areas lie in several target areas."""
        return (self.shares > 0).sum(axis=1) > 1

    def doubt(self, amounts: pd.Series) -> pd.Series:
        """Return target → the share (0–1) of its amount that comes from source areas which are split; NaN of nothing."""
        amounts = amounts.reindex(self.old).fillna(0.0).abs().to_numpy("float64")
        with np.errstate(invalid="ignore"):
            return pd.Series((amounts * self.split) @ self.shares / (amounts @ self.shares), self.new)


def by_key(key: Mapping[str, str]) -> Overlap:
    """Return the overlap of an exact key, source → target."""
    old, new = pd.Index(sorted(key)), pd.Index(sorted(set(key.values())))
    return Overlap(old, new, (np.array([key[area] for area in old])[:, None] == new.to_numpy()[None, :]).astype("float64"), "")


def by_area(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> Overlap:
    """Return the overlap by surface of areas with the column id, in metres.

    Raises
    ------
    CollectError
        If the two are not in the same plane coordinates, or a source area is wholly outside the target areas.
    """
    members = pd.Series(old["id"].to_numpy(), old["id"])
    return _overlap(_spread(old, members, pd.Series(1.0, old["id"]), new), "efter yta")


def by_people(
    pieces: gpd.GeoDataFrame, people: pd.Series, old: Mapping[str, str] | gpd.GeoDataFrame, new: Mapping[str, str] | gpd.GeoDataFrame
) -> Overlap:
    """Return the overlap by population: pieces with known population lie within the source areas or the target areas.

    Parameters
    ----------
    pieces
        Small areas with the column id, in metres. Within one of them people are taken to live evenly spread.
    people
        Piece → its population.
    old, new
        The division whose areas the pieces make up is a mapping from piece to area, the other one is areas with the column id.

    Raises
    ------
    CollectError
        If a piece has no population or no area, or lies outside the other division.
    """
    key, areas = (old, new) if isinstance(old, Mapping) else (new, old)
    for what, known in (("folkmängd", people.dropna().index), ("område i nyckeln", key)):
        if lacking := sorted(set(pieces["id"]) - set(known)):
            raise CollectError(lacking[0], f"{len(lacking)} delar utan {what}", f"varje dels {what}", "Komplettera delarnas uppgifter")
    members = pd.Series(key, dtype=object)
    lived, surface = (
        _spread(pieces, members, weight, areas) for weight in (people.astype("float64"), pd.Series(pieces.area.to_numpy(), pieces["id"]))
    )
    if not isinstance(old, Mapping):
        lived, surface = lived.T, surface.T
    empty = lived.sum(axis=1) == 0  # where nobody lives there is only the surface to go by
    return _overlap(lived.where(~empty, surface, axis=0), "efter hur folkmängden är fördelad på mindre områden")


def _spread(pieces: gpd.GeoDataFrame, members: pd.Series, weight: pd.Series, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return group × area: the weight of the pieces in each group of `members`, spread over areas by surface."""
    from tobler.area_weighted import area_interpolate  # not needed when the app starts

    if pieces.crs is None or pieces.crs != areas.crs or not pieces.crs.is_projected:  # tobler prints it, and goes on
        raise CollectError(
            "områdenas gränser", f"koordinatsystemen {pieces.crs} och {areas.crs}", "samma system i meter, som EPSG:3006",
            "Räkna om gränserna till SWEREF 99 TM",
        )  # fmt: skip
    groups = sorted(set(members[pieces["id"]]))
    own = members[pieces["id"]].to_numpy()
    columns = {group: np.where(own == group, weight[pieces["id"]].to_numpy(), 0.0) for group in groups}
    frame = gpd.GeoDataFrame(columns, geometry=pieces.geometry.to_numpy(), crs=pieces.crs)
    found = area_interpolate(frame, gpd.GeoDataFrame(geometry=areas.geometry.to_numpy(), crs=areas.crs), extensive_variables=groups)
    spread = pd.DataFrame(found[groups].to_numpy("float64").T, pd.Index(groups), pd.Index(areas["id"]))
    lost = pd.Series({group: columns[group].sum() > 0 and not spread.loc[group].sum() > 0 for group in groups})
    if lost.any():
        raise CollectError(
            ", ".join(lost.index[lost][:5]), f"{int(lost.sum())} områden utanför den nya indelningen", "områden som täcks av den",
            "Kontrollera att båda indelningarna är för samma kommun",
        )  # fmt: skip
    return spread


def _overlap(table: pd.DataFrame, way: str) -> Overlap:
    """Make shares of amounts: without slivers, each row adding up to one in float64 (tobler's tables are float32)."""
    amount = table.to_numpy("float64")
    shares = amount / amount.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_new = amount / amount.sum(axis=0, keepdims=True)
    shares = np.where((shares < SLIVER) & ~(of_new >= SLIVER_OF_NEW), 0.0, shares)
    return Overlap(table.index, table.columns, shares / shares.sum(axis=1, keepdims=True), way)


def convert(readings: pd.DataFrame, overlap: Overlap, countable: Collection[str]) -> pd.DataFrame:
    """Return the readings of the target areas.

    Parameters
    ----------
    readings
        Of source areas only, `readings.COLUMNS`.
    countable
        The variables that are counts, of ``normalise.summable``; a group of one is one.

    Returns
    -------
    Readings in order. The sum over the target areas is that over the source areas. A target area to which a source area
    without a figure contributes has none, for the same reason. Every figure that is not by an exact key is estimated (``e``).

    Raises
    ------
    CollectError
        If a variable is not a count, an area is not in the overlap, or one variable and period are of several sources.
    """
    if refused := sorted(name for name in set(readings["variable"]) if not among(name, countable)):
        raise CollectError(
            ", ".join(refused[:5]), "siffror som inte är antal", "antal av något",
            "Räkna om täljare och nämnare var för sig; medianer, index och typer går inte att räkna om till andra områden",
        )  # fmt: skip
    if unknown := sorted(set(readings["area"]) - set(overlap.old)):
        raise CollectError(
            ", ".join(unknown[:5]), f"{len(unknown)} områden som inte är med i nyckeln", "områden i den",
            "Kontrollera vilken indelning siffrorna är i",
        )  # fmt: skip
    parts = [_converted(frame, overlap, *key) for key, frame in readings.groupby(["variable", "period"])]
    return pd.concat(parts, ignore_index=True).sort_values(COLUMNS[:3], ignore_index=True) if parts else readings[COLUMNS].copy()


def _converted(frame: pd.DataFrame, overlap: Overlap, variable: str, period: str) -> pd.DataFrame:
    """Convert one variable in one period."""
    sources = frame["source"].unique()
    if len(sources) > 1:
        raise CollectError(f"{variable} {period}", f"källorna {', '.join(sources)}", "en källa", "Dela variabeln i två")
    given = frame.set_index("area")[["value", "flag"]].reindex(overlap.old)
    amount, reason = given["value"].to_numpy("float64"), given["flag"].fillna(Flag.NOT_REPORTED.value)
    missing = np.isnan(amount)
    reason = reason.where(~missing | (reason != ""), Flag.NOT_REPORTED.value)
    known = np.where(missing, 0.0, amount)
    value = known @ overlap.shares
    if value.sum() != 0 and np.isclose(value.sum(), known.sum(), rtol=1e-9, atol=0):
        value = value * (known.sum() / value.sum())  # what rounding moved; where those below zero take out the others it is all there is
    flags = {flag: ((reason == flag).to_numpy() @ (overlap.shares > 0)) > 0 for flag in reason.unique() if flag}
    estimated = Flag.ESTIMATED.value if overlap.way else ""
    joined = [join_flags([estimated, *(flag for flag, at in flags.items() if at[place])]) for place in range(len(overlap.new))]
    without = (missing @ (overlap.shares > 0)) > 0
    made = {
        "area": overlap.new, "variable": variable, "period": period, "value": np.where(without, np.nan, value), "flag": joined, "source": sources[0],
    }  # fmt: skip
    return pd.DataFrame(made)[COLUMNS]
