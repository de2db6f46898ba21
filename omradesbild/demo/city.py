"""The made-up city: its coast, its areas, their names and what they are joined into."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import shapely

AREAS = 91
CITY = "pahittestad"
#: Middle and half size of the city in degrees: open sea in the Gulf of Guinea.
MIDDLE, HALF = np.array([0.1, 0.08]), np.array([0.08, 0.062])
#: Coordinates are whole steps of this size (about a metre).
GRID = 1e-5
#: Kilometres per degree of longitude and latitude at the equator.
KM = np.array([111.32, 110.574])

DISTRICTS = ("Påhitt sydväst", "Påhitt nordväst", "Påhitt sydöst", "Påhitt nordöst")
ROOTS = (
    *("Alkornet", "Björken", "Blåsippan", "Brännässlan", "Dopphönan", "Enbären", "Fjällvivan", "Fnissan"),
    *("Gökärten", "Hackspetten", "Hjortronet", "Häggen", "Igelkotten", "Jollret", "Kaveldunet", "Knottret"),
    *("Kvitterdalen", "Lingonet", "Mumlet", "Nyponet", "Orrspelet", "Plommonet", "Pratbubblan", "Rönnbären"),
    *("Skogsduvan", "Smultronet", "Snurran", "Tofsmesen", "Tranbäret", "Vitsippan", "Åkerbäret", "Ärtskidan"),
)
#: named area → (numbers of the groups of areas that it joins, approximate); the second and third overlap
NAMED = {
    "Påhittade ängarna": ((0, 1), False),
    "Påhittade backarna": ((4, 5), False),
    "Påhittade höjderna": ((5, 6), False),
    "Påhittade hamnen": ((10, 11), True),
    "Påhittade parken": ((16, 17), False),
    "Påhittade lunden": ((20,), False),
    "Påhittade udden": ((27,), False),
}
#: The named area with only one member: the first of its group.
SINGLE = "Påhittade udden"


@dataclass(frozen=True)
class City:
    """The made-up city; the order of areas is the same everywhere.

    Attributes
    ----------
    ids, names
        P001 … P091 and their names.
    shapes
        Polygons in EPSG:4326 that share their edges.
    centres
        Kilometres east and north, shape (91, 2).
    district
        The place of each area's district in `DISTRICTS`.
    groups
        Neighbouring areas that share a name, as places in `ids`.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    shapes: np.ndarray
    centres: np.ndarray
    district: np.ndarray
    groups: tuple[np.ndarray, ...]

    @property
    def named(self) -> dict[str, list[int]]:
        """Return named area → its members' places."""
        joined = {}
        for name, (numbers, _) in NAMED.items():
            joined[name] = np.concatenate([self.groups[number] for number in numbers]).tolist()
        return joined | {SINGLE: joined[SINGLE][:1]}

    def neighbour(self, area: int, but: set[int]) -> int:
        """Return the nearest area that touches `area` and is not in `but`."""
        touching = np.flatnonzero(shapely.touches(self.shapes, self.shapes[area]))
        free = [a for a in touching if a not in but]
        away = np.linalg.norm(self.centres[free] - self.centres[area], axis=1)
        return int(free[away.argmin()])


def stream(seed: int, part: str) -> np.random.Generator:
    """Return the random numbers of one part, so that a new part leaves the others as they were."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(part.encode())]))


def make(seed: int) -> City:
    """Draw the map and name its areas."""
    rng = stream(seed, "map")
    coast = _coast(rng)
    points = _spread(coast, rng)
    groups = _halves(points, np.arange(AREAS), 0)
    order = np.concatenate(groups)
    points = points[order]
    starts = np.cumsum([0, *(len(g) for g in groups)])
    groups = tuple(np.arange(a, b) for a, b in zip(starts, starts[1:], strict=False))
    district = np.zeros(AREAS, dtype=int)
    for number, group in enumerate(groups):
        district[group] = number * len(DISTRICTS) // len(groups)
    return City(
        ids=tuple(f"P{n:03d}" for n in range(1, AREAS + 1)),
        names=tuple(
            n for root, group in zip(ROOTS, groups, strict=True) for n in _names(root, points[group])
        ),
        shapes=_cells(points, coast),
        centres=points * KM,
        district=district,
        groups=groups,
    )


def _coast(rng: np.random.Generator) -> shapely.Polygon:
    """Return a smooth shore: a circle with a few waves of random size and phase."""
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    waves = np.arange(2, 9)
    size, phase = rng.normal(0, 0.14, len(waves)) / waves, rng.uniform(0, 2 * np.pi, len(waves))
    radius = 1 + (size * np.cos(np.outer(angle, waves) + phase)).sum(axis=1)
    ring = MIDDLE + HALF * radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return shapely.set_precision(shapely.Polygon(ring), GRID)


def _spread(coast: shapely.Polygon, rng: np.random.Generator) -> np.ndarray:
    """Return one point per area, never close together and closer in the middle (best of 20 tries)."""
    points = np.array([MIDDLE])
    while len(points) < AREAS:
        tries = MIDDLE + HALF * rng.uniform(-1.2, 1.2, (20, 2))
        tries = tries[shapely.contains_xy(coast, tries)]
        if not len(tries):
            continue
        nearest = np.linalg.norm(tries[:, None] - points, axis=2).min(axis=1)
        room = 0.4 + np.linalg.norm((tries - MIDDLE) / HALF, axis=1)
        points = np.vstack([points, tries[(nearest / room).argmax()]])
    return points


def _halves(points: np.ndarray, within: np.ndarray, depth: int) -> list[np.ndarray]:
    """Divide areas into neighbouring groups of two or three: halves of halves, west–east first."""
    if len(within) <= 3:
        return [within]
    spread = np.ptp(points[within] * KM, axis=0)
    axis = depth if depth < 2 else int(spread.argmax())
    ranked = within[np.argsort(points[within, axis], kind="stable")]
    middle = len(ranked) // 2
    return [
        group for half in (ranked[:middle], ranked[middle:]) for group in _halves(points, half, depth + 1)
    ]


def _names(root: str, points: np.ndarray) -> list[str]:
    """Name the areas of a group after where in it they lie."""
    axis = int(np.ptp(points * KM, axis=0).argmax())
    ends = (("väst", "mitt", "öst"), ("syd", "mitt", "norr"))[axis]
    words = ends if len(points) == 3 else ends[::2]
    rank = np.argsort(np.argsort(points[:, axis], kind="stable"))
    return [f"Påhitt {root} {words[r]}" for r in rank]


def _cells(points: np.ndarray, coast: shapely.Polygon) -> np.ndarray:
    """Return the land that is nearest to each point.

    All lines are joined and snapped to the grid before faces are formed, so neighbours share every vertex.
    """
    seeds = shapely.MultiPoint(points)
    edges = shapely.voronoi_polygons(seeds, extend_to=coast.buffer(0.1), only_edges=True)
    lines = shapely.union_all([coast.exterior, edges], grid_size=GRID)
    faces = np.array(shapely.polygonize(shapely.get_parts(lines)).geoms)
    inside = shapely.point_on_surface(faces)
    faces, inside = (x[shapely.contains(coast, inside)] for x in (faces, inside))
    away = np.linalg.norm(shapely.get_coordinates(inside)[:, None] - points, axis=2)
    owner = away.argmin(axis=1)
    return np.array([shapely.union_all(faces[owner == n]) for n in range(len(points))])
