"""Build the boundaries of a kommun: SCB's RegSO 2025, clipped to land and simplified as a coverage.

Two pinned packages hold all that is needed:

- the Python package ``duva`` 0.3.5 carries SCB's RegSO 2025 for all Sweden (EPSG:3006, CC0). SCB's
  areas reach out over the sea;
- the npm package ``@geo-maps/earth-lands-10m`` 0.6.0 carries the coast of OpenStreetMap (ODbL 1.0).
  Its finer sister ``earth-lands-1m`` was compared: within Malmö both have 139 coast vertices and differ
  by 0.015 km² of 157 and at most 2 m, for a download of 37 MB instead of 33 MB. So 10 m it is.

The steps, each a function below: select → clip to land → snap to the published grid → simplify →
write. Every geometry passed between them is in EPSG:3006 (metres) unless its name says lonlat.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely
import yaml

VINTAGE = "2025"
REFERENCE_DATE = "2025-01-01"
"""Date that SCB states for the division (``referensdatum``)."""
LAND_MARGIN_DEG = 0.05
"""The coast is clipped to the kommun's box plus this margin."""
LAKE_MIN_M2 = 1_000_000
"""Lakes, ponds and canals smaller than this count as land; larger ones are cut out like the sea."""
ISLET_MIN_M2 = 1_000
"""Loose parts of an area smaller than this are dropped, but never an area's largest part."""
DECIMALS = 5
"""Decimals of published degrees: 0.00001° is 1.1 m north–south and 0.6 m east–west in Malmö."""
TOLERANCES_M = (5, 8, 12, 16, 20, 30)
"""Simplification tolerances; the first that gives a file of at most `MAX_BYTES` is used."""
MAX_BYTES = 200_000
MAX_SHIFT = 0.001
"""Largest share of the land that snapping and simplifying together may move across the outline."""
DEFAULT_CACHE = Path.home() / ".cache" / "omradesbild"

_TO_LONLAT = pyproj.Transformer.from_crs(3006, 4326, always_xy=True)
_TO_METRES = pyproj.Transformer.from_crs(4326, 3006, always_xy=True)


class BoundaryError(Exception):
    """The boundaries cannot be built; the message says what was found, expected and what to do."""


@dataclass(frozen=True)
class Package:
    """A pinned package and how its publisher is named.

    ``command`` is the download command without its target folder; ``folder_option`` names that.
    """

    file: str
    member: str
    sha256: str
    command: tuple[str, ...]
    folder_option: str
    about: dict[str, str]


REGSO = Package(
    file="duva-0.3.5-py3-none-any.whl",
    member="duva/geodata/RegSO_2025.gpkg",
    sha256="fb0948868812c2fc3b10ebdefbc0ec911456e920cb08f174b8b5b1af194013eb",
    command=(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--python-version", "3.12",
             "--only-binary=:all:", "duva==0.3.5"),
    folder_option="--dest",
    about={
        "title": "RegSO – regionala statistikområden 2025",
        "publisher": "Statistiska centralbyrån (SCB)",
        "url": "https://www.scb.se/hitta-statistik/regional-statistik-och-kartor/"
               "regionala-indelningar/regso---regionala-statistikomraden/",
        "version": "2025_v2",
        "date": REFERENCE_DATE,
        "licence": "CC0-1.0",
        "attribution": "Områdesgränser: SCB (RegSO 2025), egen bearbetning",
        "obtained_from": "Python package duva 0.3.5, duva/geodata/RegSO_2025.gpkg",
    },
)
COAST = Package(
    file="geo-maps-earth-lands-10m-0.6.0.tgz",
    member="package/map.geo.json",
    sha256="d771570da14543203f7fc3697593f6b4ae710057ac12a9108ddc368a27bfe172",
    command=("npm", "pack", "--silent", "@geo-maps/earth-lands-10m@0.6.0"),
    folder_option="--pack-destination",
    about={
        "title": "Land polygons of OpenStreetMap (geo-maps, earth-lands, 10 m)",
        "publisher": "OpenStreetMap contributors",
        "url": "https://www.openstreetmap.org/copyright",
        "version": "0.6.0",
        "date": "2017-11-30",
        "licence": "ODbL-1.0",
        "attribution": "Kustlinje: © OpenStreetMap contributors",
        "obtained_from": "npm package @geo-maps/earth-lands-10m 0.6.0, map.geo.json",
    },
)


def build_boundaries(kommun: str, out: Path, cache: Path | None = None) -> Path:
    """Build the boundary file of a kommun and the description beside it.

    Takes some 15 seconds and 2 GB of memory, most of it for reading the coast of the world.

    Parameters
    ----------
    kommun : str
        Four-digit kommunkod, e.g. ``"1280"``.
    out : Path
        Folder for ``regso_2025_<kommun>.geojson`` and ``.meta.yaml``; made when missing.
    cache : Path, optional
        Folder for the two downloaded packages, by default `DEFAULT_CACHE`.

    Returns
    -------
    Path
        The GeoJSON file. The same packages always give the same bytes.

    Raises
    ------
    BoundaryError
        If the kommun is unknown, a package cannot be had, or the result would not be a clean coverage.
    """
    if not re.fullmatch(r"\d{4}", kommun):
        raise BoundaryError(f"Found kommun {kommun!r}, expected four digits such as 1280.")
    cache = cache or DEFAULT_CACHE
    regso = read_regso(fetch(REGSO, cache), kommun)
    check_coverage(regso.geometry.values, "SCB's areas")
    land = fill_lakes(read_land(fetch(COAST, cache), _lonlat_box(regso)), LAKE_MIN_M2)
    clipped = clip_to_land(regso, land)
    text, tolerance, published = publishable(clipped)

    out.mkdir(parents=True, exist_ok=True)
    path = out / f"regso_{VINTAGE}_{kommun}.geojson"
    path.write_text(text, encoding="utf-8", newline="\n")
    meta = _describe(path, kommun, clipped, published, tolerance)
    meta_text = yaml.safe_dump(meta, sort_keys=False, allow_unicode=True, width=100)
    path.with_suffix(".meta.yaml").write_text(meta_text, encoding="utf-8", newline="\n")
    return path


def fetch(package: Package, cache: Path) -> Path:
    """Return the package's file in `cache`, downloaded if it is not there, with its checksum verified.

    Raises
    ------
    BoundaryError
        If pip or npm is missing or fails, or the file is not the pinned one.
    """
    path = cache / package.file
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _download(package, cache)
    found = _sha256(path)
    if found != package.sha256:
        raise BoundaryError(
            f"{path} has sha256 {found}, expected {package.sha256}. Delete the file and try again; if it "
            "differs again the package has been replaced: do not use it before the change is understood."
        )
    return path


def _download(package: Package, cache: Path) -> None:
    command = [*package.command, package.folder_option, str(cache)]
    advice = (f"Expected {package.file} in {cache}. Check the network and that the command works by itself, "
              f"or put the file there by hand: {' '.join(command)}")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BoundaryError(f"{command[0]} could not be run: {error}. {advice}") from error
    if done.returncode or not (cache / package.file).exists():
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BoundaryError(f"The download failed (exit code {done.returncode}): {last}. {advice}")


def read_regso(wheel: Path, kommun: str) -> gpd.GeoDataFrame:
    """Read a kommun's RegSO from the wheel: columns id, name, geometry (EPSG:3006), sorted by id.

    Raises
    ------
    BoundaryError
        If the kommun has no areas or a code occurs twice.
    """
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        source = archive.extract(REGSO.member, folder)
        frame = gpd.read_file(source, columns=["regsokod", "regsonamn"], where=f"kommunkod = '{kommun}'")
    if frame.empty or frame.regsokod.duplicated().any() or frame.crs != "EPSG:3006":
        raise BoundaryError(
            f"Found {len(frame)} RegSO ({frame.regsokod.nunique()} codes, {frame.crs}) for kommun {kommun}; "
            "expected at least one, unique codes and EPSG:3006. Check the kommunkod, e.g. 1280 for Malmö."
        )
    frame = frame.sort_values("regsokod", ignore_index=True)
    names = frame.regsonamn.str.removeprefix("RegSO-")
    return gpd.GeoDataFrame({"id": frame.regsokod, "name": names}, geometry=frame.geometry)


def _lonlat_box(areas: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = areas.to_crs(4326).total_bounds
    return (west - LAND_MARGIN_DEG, south - LAND_MARGIN_DEG, east + LAND_MARGIN_DEG, north + LAND_MARGIN_DEG)


def read_land(archive: Path, box: tuple[float, float, float, float]) -> shapely.Geometry:
    """Read the land inside `box` (west, south, east, north in degrees), in EPSG:3006.

    The rings are clipped to the box before anything else: milliseconds, where an intersection with
    the whole of Eurasia takes minutes.
    """
    with tarfile.open(archive) as tar:
        world = shapely.from_geojson(tar.extractfile(COAST.member).read().decode("utf-8"))
    land = shapely.make_valid(shapely.clip_by_rect(world, *box))
    return shapely.make_valid(_transform(land, _TO_METRES))


def fill_lakes(land: shapely.Geometry, below_m2: float) -> shapely.Geometry:
    """Fill the holes of `land` that are smaller than `below_m2` (m²)."""
    parts = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    large = [[ring for ring in part.interiors if shapely.Polygon(ring).area >= below_m2] for part in parts]
    return shapely.union_all([
        shapely.Polygon(part.exterior, rings) for part, rings in zip(parts, large, strict=True)])


def clip_to_land(areas: gpd.GeoDataFrame, land: shapely.Geometry) -> gpd.GeoDataFrame:
    """Clip areas to land, drop islets below `ISLET_MIN_M2` and add ``area_km2``, the land area.

    The land area is measured in EPSG:3006 before islets are dropped and lines simplified.

    Raises
    ------
    BoundaryError
        If an area has no land at all.
    """
    clipped = shapely.intersection(areas.geometry.values, land)
    land_m2 = shapely.area(clipped)
    if (land_m2 == 0).any():
        wet = ", ".join(areas.id[land_m2 == 0])
        raise BoundaryError(
            f"Found no land in {wet}; expected some in every area. The coast's file does not fit these "
            "areas: check its version, and whether the area is open sea."
        )
    kept = [drop_islets(geometry, ISLET_MIN_M2) for geometry in clipped]
    return areas.assign(area_km2=land_m2 / 1e6).set_geometry(gpd.GeoSeries(kept, crs=areas.crs))


def drop_islets(geometry: shapely.Geometry, below_m2: float) -> shapely.Geometry:
    """Keep the largest polygon of `geometry` and every other one of at least `below_m2` (m²)."""
    parts = shapely.get_parts(geometry)
    sizes = shapely.area(parts)
    return shapely.union_all(parts[(sizes >= below_m2) | (sizes == sizes.max())])


def snap_coverage(areas: np.ndarray, decimals: int = DECIMALS) -> np.ndarray:
    """Move a coverage's vertices to the grid of published degrees so that it is still a coverage.

    Rounding each vertex by itself can fold a narrow spit over its neighbour. Instead all borders are
    noded together on the grid (snap rounding), the faces between them are built anew and each goes to
    the area it lies in. A later simplification only drops vertices, so what it leaves is on the grid.

    Parameters
    ----------
    areas : numpy.ndarray
        Polygons in EPSG:3006 that form a valid coverage.
    decimals : int
        Decimals of the degrees.

    Returns
    -------
    numpy.ndarray
        The same areas in EPSG:3006, in the same order.

    Raises
    ------
    BoundaryError
        If an area is too small to survive on the grid.
    """
    lonlat = _transform(areas, _TO_LONLAT)
    borders = shapely.union_all(shapely.boundary(lonlat), grid_size=10.0**-decimals)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    face, area = shapely.STRtree(lonlat).query(shapely.point_on_surface(faces), predicate="within")
    lost = np.setdiff1d(np.arange(len(areas)), area)
    if lost.size:
        raise BoundaryError(
            f"Found no face for area number {lost + 1} on a grid of {decimals} decimals; expected one for "
            "every area. Use more decimals.")
    snapped = [shapely.union_all(faces[face[area == index]]) for index in range(len(areas))]
    return _transform(np.array(snapped), _TO_METRES)


def check_coverage(areas: np.ndarray, what: str) -> None:
    """Raise unless `areas` are valid polygons that neither overlap nor leave slits between them.

    Neighbours must share every vertex of their common border, and the areas must add up to the area
    of their union within one part in a million.

    Raises
    ------
    BoundaryError
        Naming `what` and how many edges do not match.
    """
    total, union = shapely.area(areas).sum(), shapely.area(shapely.union_all(areas))
    edges = shapely.get_parts(shapely.coverage_invalid_edges(areas))
    unmatched = int((~shapely.is_empty(edges)).sum())
    broken = int((~shapely.is_valid(areas)).sum())
    if unmatched or broken or abs(total - union) > 1e-6 * union:
        raise BoundaryError(
            f"{what}: found {broken} invalid polygons, {unmatched} edges that do not match a neighbour's and "
            f"areas that sum to {total:.6g} against {union:.6g} together; expected a clean coverage. "
            "Check the sources' versions."
        )


def publishable(areas: gpd.GeoDataFrame) -> tuple[str, int, np.ndarray]:
    """Return the GeoJSON text, the tolerance used (m) and the published polygons in degrees."""
    before = areas.geometry.values
    check_coverage(before, "Areas clipped to land")
    snapped = snap_coverage(before)
    check_coverage(snapped, "Areas on the grid")
    for tolerance in TOLERANCES_M:
        simple = shapely.coverage_simplify(snapped, tolerance)
        check_coverage(simple, f"Areas simplified to {tolerance} m")
        lonlat = _lonlat_rounded(simple)
        text = to_geojson(areas, lonlat)
        if len(text.encode("utf-8")) <= MAX_BYTES:
            check_coverage(lonlat, "Published areas")
            _check_outline(before, _transform(lonlat, _TO_METRES))
            return text, tolerance, lonlat
    raise BoundaryError(
        f"Found no tolerance up to {TOLERANCES_M[-1]} m that gives at most {MAX_BYTES} bytes; "
        "expected one. Add a larger tolerance to TOLERANCES_M."
    )


def _lonlat_rounded(areas: np.ndarray) -> np.ndarray:
    rounded = shapely.transform(
        areas, lambda xy: np.column_stack(_TO_LONLAT.transform(xy[:, 0], xy[:, 1])).round(DECIMALS))
    return shapely.orient_polygons(shapely.normalize(rounded))


def _check_outline(before: np.ndarray, after: np.ndarray) -> None:
    """Raise if the land as a whole has moved: new gaps, lost parts or a coast out of place."""
    old, new = shapely.union_all(before), shapely.union_all(after)
    share = shapely.area(shapely.symmetric_difference(old, new)) / shapely.area(old)
    if share > MAX_SHIFT:
        raise BoundaryError(
            f"Found {share:.2%} of the land moved across the outline, expected at most {MAX_SHIFT:.2%}. "
            "Lower the tolerances or raise MAX_BYTES."
        )


def to_geojson(areas: gpd.GeoDataFrame, lonlat: np.ndarray) -> str:
    """Write areas as an RFC 7946 FeatureCollection, one feature per line.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Columns id, name and area_km2 (km²), in the order to write.
    lonlat : numpy.ndarray
        Their polygons in EPSG:4326, rounded, outer rings counter-clockwise.
    """
    lines = [
        json.dumps({
            "type": "Feature",
            "id": area.id,
            "properties": {"id": area.id, "name": area.name, "area_km2": round(area.area_km2, 3)},
            "geometry": shapely.geometry.mapping(polygon),
        }, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for area, polygon in zip(areas.itertuples(index=False), lonlat, strict=True)
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _describe(path: Path, kommun: str, areas: gpd.GeoDataFrame, lonlat: np.ndarray, tolerance: int) -> dict:
    return {
        "title": f"RegSO {VINTAGE} i kommun {kommun}, klippta vid kusten",
        "file": path.name,
        "sha256": _sha256(path),
        "bytes": path.stat().st_size,
        "date": REFERENCE_DATE,
        "crs": "EPSG:4326",
        "licence": "ODbL-1.0",
        "licence_note": "The areas are SCB's (CC0); the coast makes the whole a work derived from "
                        "OpenStreetMap.",
        "attribution": [REGSO.about["attribution"], COAST.about["attribution"]],
        "counts": {
            "areas": len(areas),
            "polygons": int(shapely.get_num_geometries(lonlat).sum()),
            "vertices": int(shapely.get_num_coordinates(lonlat).sum()),
        },
        "land_km2": round(float(areas.area_km2.sum()), 3),
        "tolerance_m": tolerance,
        "method": [
            "RegSO of the kommun in EPSG:3006 (metres); all areas and lengths are measured there.",
            f"Coast clipped to the kommun's box; inland waters under {LAKE_MIN_M2} m² count as land; "
            "areas intersected with the land.",
            f"Loose parts under {ISLET_MIN_M2} m² dropped, never an area's largest part.",
            f"All borders noded together on a grid of {DECIMALS} decimals of a degree.",
            f"Simplified as a coverage (Visvalingam–Whyatt, {tolerance} m): neighbours share every vertex.",
        ],
        "sources": [{**package.about, "sha256": package.sha256} for package in (REGSO, COAST)],
    }


def _transform(geometry, transformer: pyproj.Transformer):
    return shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
