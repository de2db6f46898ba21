"""Which areas are neighbours: those whose borders meet, and across water the nearest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The neighbours of every area.

    Attributes
    ----------
    of : mapping of str to tuple of str
        Area id → the ids of its neighbours, sorted.
    by_distance : frozenset of str
        Areas whose border meets no other: their neighbours are the nearest areas. These do not get
        the area as a neighbour in return.
    nearest : int
        How many nearest areas they got.
    """

    of: Mapping[str, tuple[str, ...]]
    by_distance: frozenset[str]
    nearest: int


def queen(boundaries: dict, nearest: int = 5) -> Neighbours:
    """Return the neighbours of the areas in a GeoJSON FeatureCollection.

    Two areas are neighbours if they have at least a point in common (queen contiguity). An area
    without any such neighbour gets the `nearest` areas by the distance between centroids, in metres on
    a plane laid at the middle of the map.

    Parameters
    ----------
    boundaries : dict
        Polygons in EPSG:4326 with ``properties.id``.
    nearest : int

    References
    ----------
    ``Queen`` and ``KNN`` in libpysal, which the app does not carry.
    """
    ids = [feature["properties"]["id"] for feature in boundaries["features"]]
    shapes = np.array([shapely.geometry.shape(f["geometry"]) for f in boundaries["features"]], dtype=object)
    found: dict[str, set[str]] = {area: set() for area in ids}
    for one, other in shapely.STRtree(shapes).query(shapes, predicate="intersects").T:
        if one != other:
            found[ids[one]].add(ids[other])
    alone = [place for place, area in enumerate(ids) if not found[area]]
    centres = _metres(shapes)
    for place in alone:
        distance = np.hypot(*(centres - centres[place]).T)
        order = [other for other in np.argsort(distance, kind="stable") if other != place]
        found[ids[place]] = {ids[other] for other in order[:nearest]}
    return Neighbours(
        of={area: tuple(sorted(found[area])) for area in ids},
        by_distance=frozenset(ids[place] for place in alone),
        nearest=nearest,
    )


def _metres(shapes: np.ndarray) -> np.ndarray:
    """Return centroids as metres east and north, shape (areas, 2)."""
    degrees = shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2)
    shrinkage = np.cos(np.radians(degrees[:, 1].mean())) if len(degrees) else 1.0
    return METRES_PER_DEGREE * degrees * [shrinkage, 1.0]
