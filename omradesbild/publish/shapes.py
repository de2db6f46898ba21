"""The geometry of a pack as small SVG paths, computed once and sent once to each browser."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import shape as parse_geometry

if TYPE_CHECKING:
    from omradesbild.model import Area
    from omradesbild.pack import Pack

#: Units across the picture. On a city of 20 km a unit is 5 m, finer than the simplified borders.
WIDTH = 4000
#: A larger place has more units, so that the smallest areas of a country keep their shape: one is at most 25 m.
LEAST_UNITS_PER_KM = 40
MARGIN = 0.03
#: Seams thinner than this many square units are rounding between neighbours, not holes.
SEAM = 60
KM_PER_DEGREE = 6371.0088 * math.pi / 180


@dataclass(frozen=True)
class Shape:
    """An area as an SVG path, with the point where its label stands."""

    id: str
    name: str
    d: str
    x: int
    y: int


@dataclass(frozen=True)
class Shapes:
    """All shapes of a pack in one coordinate system: integers, x to the east, y down, north up.

    Attributes
    ----------
    width, height : int
        The size of the picture.
    units_per_km : float
        The scale, the same in both directions.
    areas : tuple of Shape
        The base areas, sorted by id. Classes and values are sent in this order.
    outlines : dict of str to Shape
        Named areas and districts by id: the outer border and the holes of their members together.
    places : tuple of (str, int, int)
        Names on the map.
    own : dict of str to Shape
        The outlines of a reader's own areas: of all basic areas that they consist of, also those that they cut.
        They are not in `to_json`, which all readers share.
    origin, step : pairs of float
        The longitude and latitude of the corner (0, 0), and how much they change with a unit.
    """

    width: int
    height: int
    units_per_km: float
    areas: tuple[Shape, ...]
    outlines: dict[str, Shape]
    places: tuple[tuple[str, int, int], ...]
    own: Mapping[str, Shape] = field(default_factory=dict)
    origin: tuple[float, float] = (0.0, 0.0)
    step: tuple[float, float] = (1.0, -1.0)

    @property
    def bar_km(self) -> int:
        """How many kilometres the scale bar is long: 1, 2 or 5 times a power of ten, a fifth of the map's width at most."""
        room = max(1.0, self.width / self.units_per_km / 5)
        power = 10 ** math.floor(math.log10(room))
        return max(n for n in (power, 2 * power, 5 * power) if n <= room)

    @property
    def part(self) -> float:
        """What the geometry is scaled by to be drawn as wide as a city's; a country's borders become thin lines."""
        return WIDTH / self.width

    @property
    def scale_bar(self) -> int:
        """The length of `bar_km` kilometres, in units."""
        return round(self.units_per_km * self.bar_km)

    def shape(self, area_id: str) -> Shape | None:
        """Return the shape of an area; None where there is none."""
        drawn = self.outlines.get(area_id) or self.own.get(area_id)
        return drawn or next((a for a in self.areas if a.id == area_id), None)

    def to_json(self) -> bytes:
        """Return the bytes that the browser fetches; the same shapes always give the same bytes."""
        document = {
            "width": self.width,
            "height": self.height,
            "scale": self.scale_bar,
            "ids": [a.id for a in self.areas],
            "names": [a.name for a in self.areas],
            "paths": [a.d for a in self.areas],
            "points": [[a.x, a.y] for a in self.areas],
            "outlines": {o.id: [o.name, o.d, o.x, o.y] for o in self.outlines.values()},
            "places": self.places,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class Projection:
    """A flat picture of a small part of the globe.

    Longitudes are shrunk by the cosine of the middle latitude. Across a city that is 0.2 degrees
    high the scale then errs by at most 0.3 per cent at the edges, less than the width of a border.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east and north in degrees.
    """

    def __init__(self, bounds: tuple[float, float, float, float]):
        west, south, east, north = bounds
        self._km = np.array([KM_PER_DEGREE * math.cos(math.radians((south + north) / 2)), -KM_PER_DEGREE])
        self._corner = np.array([west, north])
        wide = (east - west) * self._km[0]
        self.width = max(WIDTH, math.ceil(LEAST_UNITS_PER_KM * wide / (1 - 2 * MARGIN)))
        self.units_per_km = self.width * (1 - 2 * MARGIN) / wide
        self.height = round((north - south) * KM_PER_DEGREE * self.units_per_km + 2 * MARGIN * self.width)

    @property
    def step(self) -> tuple[float, float]:
        """The degrees of longitude and latitude in a unit."""
        east, north = 1 / (self._km * self.units_per_km)
        return float(east), float(north)

    @property
    def origin(self) -> tuple[float, float]:
        """The longitude and latitude of the point (0, 0)."""
        lon, lat = self._corner - MARGIN * self.width * np.array(self.step)
        return float(lon), float(lat)

    def __call__(self, lonlat: np.ndarray) -> np.ndarray:
        """Return whole units for an n × 2 array of longitudes and latitudes."""
        return np.rint((lonlat - self._corner) * self._km * self.units_per_km + MARGIN * self.width)


def shapes(pack: Pack) -> Shapes:
    """Turn a pack's boundaries into SVG paths.

    Parameters
    ----------
    pack : Pack
        Its boundaries are in EPSG:4326 and its areas say which base areas they consist of.

    Returns
    -------
    Shapes
        Neighbours share every corner, since all coordinates are rounded before anything is built.
    """
    polygons, project = _projected(pack)
    names = {f["properties"]["id"]: f["properties"]["name"] for f in pack.boundaries["features"]}
    composed = [a for a in pack.areas.values() if a.members]
    return Shapes(
        width=project.width,
        height=project.height,
        units_per_km=float(project.units_per_km),
        areas=tuple(_shape(i, names[i], polygon) for i, polygon in polygons.items()),
        outlines={a.id: _shape(a.id, a.name, _union(polygons[m] for m in a.members)) for a in composed},
        places=tuple(_place(p.name, project(np.array([[p.lon, p.lat]]))[0]) for p in pack.info.places),
        origin=project.origin,
        step=project.step,
    )


def own_shapes(pack: Pack, areas: Iterable[Area]) -> dict[str, Shape]:
    """Return the outlines of a reader's own areas, in the coordinates of `shapes`."""
    polygons, _ = _projected(pack)
    return {a.id: _shape(a.id, a.name, _union(polygons[m] for m in a.members)) for a in areas}


def _projected(pack: Pack) -> tuple[dict[str, shapely.Geometry], Projection]:
    """Return the base areas in whole units, by id and sorted by it, and the projection."""
    features = sorted(pack.boundaries["features"], key=lambda f: f["properties"]["id"])
    geometries = [parse_geometry(f["geometry"]) for f in features]
    project = Projection(tuple(shapely.total_bounds(geometries)))
    polygons = {
        f["properties"]["id"]: shapely.make_valid(shapely.transform(g, project))
        for f, g in zip(features, geometries, strict=True)
    }
    return polygons, project


def _place(name: str, point: np.ndarray) -> tuple[str, int, int]:
    return name, int(point[0]), int(point[1])


def _union(polygons: Iterable[shapely.Geometry]) -> shapely.Geometry:
    """Join neighbours and close the seams that rounding has left between them."""
    joined = shapely.union_all(list(polygons), grid_size=1)
    return shapely.union_all([_without_seams(part) for part in _polygons(joined)])


def _without_seams(polygon: shapely.Polygon) -> shapely.Polygon:
    return shapely.Polygon(polygon.exterior, [r for r in polygon.interiors if shapely.Polygon(r).area > SEAM])


def _polygons(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the polygons of a geometry, without the lines and points that rounding may leave."""
    parts = shapely.get_parts(shapely.get_parts(geometry))  # a collection may hold several polygons as one
    return [part for part in parts if isinstance(part, shapely.Polygon)]


def _shape(area_id: str, name: str, geometry: shapely.Geometry) -> Shape:
    parts = _polygons(geometry)
    largest = max(parts, key=lambda part: part.area)
    centre = shapely.maximum_inscribed_circle(largest, tolerance=WIDTH / 400).coords[0]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return Shape(area_id, name, "".join(map(_path, rings)), round(centre[0]), round(centre[1]))


def _path(ring: shapely.LinearRing) -> str:
    """Write a ring as ``M12 34l5-6 7 8z``: one absolute point, then whole relative steps."""
    points = shapely.get_coordinates(ring)[:-1].astype(int)
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    numbers = " ".join(str(n) for n in steps.ravel()).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{numbers}z"


def small(pack: Pack, width: int, most: int) -> tuple[str, int, dict[str, str]]:
    """Draw a pack's areas for a picture a few centimetres wide.

    Parameters
    ----------
    pack : Pack
    width : int
        Whole units across the picture.
    most : int
        With more basic areas than this only the city's border is drawn as ground.

    Returns
    -------
    (str, int, dict of str to str)
        The ground as a path, the height of the picture, and the path of each area by id. Neighbours still share
        their borders, since they are simplified together (`shapely.coverage_simplify`).
    """
    polygons, project = _projected(pack)
    scale = width / project.width
    coarse = shapely.coverage_simplify(np.array(list(polygons.values())), tolerance=1.2 / scale)
    small_ = dict(zip(polygons, shapely.transform(coarse, lambda xy: xy * scale), strict=True))

    def path(geometry: shapely.Geometry) -> str:
        rings = [r for part in _polygons(geometry) for r in (part.exterior, *part.interiors)]
        rounded = (shapely.LinearRing(np.rint(shapely.get_coordinates(ring))) for ring in rings)
        return "".join(_path(ring) for ring in rounded if shapely.Polygon(ring).area > 1)

    each = {id_: path(polygon) for id_, polygon in small_.items()}
    for area in pack.areas.values():
        if area.members:
            each[area.id] = path(shapely.union_all([small_[m] for m in area.members]))
    whole = shapely.union_all(list(small_.values()))
    ground = path(whole) if len(polygons) > most else "".join(each[i] for i in polygons)
    return ground, round(project.height * scale), each
