"""Read a file that a reader uploads as areas: GeoJSON, GeoPackage, a zipped shapefile, or a list of areas.

What comes out is how much of each basic area's land lies inside a shape; the shape itself is not kept. A file may be
damaged or meant to do harm: sizes are limited before anything is unpacked, an archive is read by the names that are
expected and never unpacked by its own, and what cannot be understood is refused with what was found and what to do.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

import numpy as np
import pyogrio
import pyogrio.raw
import pyproj
import shapely
from shapely.geometry import shape as parse_geometry

from omradesbild.collect.archive import BROKEN

MOST_BYTES, MOST_UNPACKED, MOST_FEATURES, MOST_VERTICES = 5 * 2**20, 20_000_000, 500, 100_000
ENDINGS = (".geojson", ".json", ".gpkg", ".zip", ".csv", ".txt")
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
#: Parts of a basic area smaller than this are taken for lines that do not match exactly, not for meaning.
SLIVER = 0.01
LONLAT = pyproj.CRS(4326)
_CRS_NAME = re.compile(r"(?:EPSG:{1,2}|EPSG/0/|EPSG:[0-9.]+:)([0-9]{4,6})$", re.IGNORECASE)
#: Columns that are taken for a feature's name, in order.
NAME_COLUMNS = ("namn", "name", "omrade", "område", "benamning", "beteckning", "id")
_LETTERS = re.compile(r"[^\W_]", re.UNICODE)


class UploadError(ValueError):
    """A file that cannot be used. `code` is a key under ``own`` in the texts; `values` are named in it."""

    def __init__(self, code: str, **values: object):
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Feature:
    """A shape of a file, in longitude and latitude; `repaired` tells that its border crossed itself.

    `properties` is what the file says about it, as it stood.
    """

    name: str
    geometry: shapely.Geometry
    repaired: bool = False
    properties: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Overlap:
    """How a shape lies over the basic areas.

    Attributes
    ----------
    shares
        Share (0–1) of each basic area's land inside the shape; what is nearly all is 1.
    slivers
        Basic areas that were left out because less than `SLIVER` of them lies inside.
    outside
        Share (0–1) of the shape that lies outside all basic areas: water, or another municipality.
    """

    shares: Mapping[str, float]
    slivers: tuple[str, ...]
    outside: float


def read(name: str, content: bytes) -> list[Feature] | list[str]:
    """Read an uploaded file.

    Parameters
    ----------
    name
        The file's name; only its ending is used.
    content
        The file.

    Returns
    -------
    The areas' shapes, or for a list what stands in it: codes or names, one for each row.

    Raises
    ------
    UploadError
        If the file cannot be used.
    """
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if ending not in ENDINGS:
        raise UploadError("file_kind", found=ending or "–")
    if not content:
        raise UploadError("file_empty")
    if len(content) > MOST_BYTES:
        raise UploadError("file_large", found=math.ceil(len(content) / 1e6), most=MOST_BYTES // 1_000_000)
    if ending in (".csv", ".txt"):
        return _listed(content)
    if ending == ".zip":
        return _limited(_from_archive(content))
    if ending == ".gpkg":
        return _limited(_from_files({".gpkg": content}))
    return _limited(_from_geojson(content))


def ring(points: Iterable[tuple[float, float]]) -> Feature:
    """Return the shape within points (longitude, latitude) that a reader has drawn.

    Raises
    ------
    UploadError
        If there are fewer than three points, or nothing lies between them.
    """
    corners = list(points)
    if len(set(corners)) < 3:
        raise UploadError("ring_short", found=len(set(corners)))
    return _limited([({}, shapely.Polygon(corners))])[0]


def together(features: Iterable[Feature]) -> Feature:
    """Return several shapes as one."""
    found = list(features)
    return Feature(found[0].name, shapely.union_all([f.geometry for f in found]), any(f.repaired for f in found))


def overlap(feature: Feature, boundaries: dict) -> Overlap:
    """Return how much of each basic area's land lies inside a shape.

    Areas are measured in a projection of the place: SWEREF 99 13 30 (EPSG:3008) in the Malmö region, else the UTM
    zone of the city's middle, whose scale errs by less than one in a thousand across a city.

    Parameters
    ----------
    boundaries
        A pack's `boundaries`: basic areas clipped at the coast, in longitude and latitude.

    Raises
    ------
    UploadError
        If the shape lies outside all of them.
    """
    ids, areas, project = _basic(json.dumps(boundaries))
    shape = shapely.make_valid(shapely.transform(feature.geometry, project))
    common = shapely.area(shapely.intersection(np.array(areas), shape))
    parts = common / shapely.area(np.array(areas))
    whole = {i: 1.0 if p > 1 - SLIVER else float(p) for i, p in zip(ids, parts, strict=True) if p >= SLIVER}
    if not whole:
        raise UploadError("file_elsewhere")
    slivers = tuple(i for i, p in zip(ids, parts, strict=True) if 1e-6 < p < SLIVER)
    return Overlap(whole, slivers, max(0.0, 1 - float(common.sum() / shape.area)))


@lru_cache(maxsize=4)
def _basic(boundaries: str) -> tuple:
    """Return the basic areas' ids and projected shapes, and the projection from longitude and latitude."""
    features = json.loads(boundaries)["features"]
    shapes = [parse_geometry(f["geometry"]) for f in features]
    west, south, east, north = shapely.total_bounds(shapes)
    lon, lat = (west + east) / 2, (south + north) / 2
    malmo = 12.5 < lon < 14 and 55 < lat < 56.5
    zone = 3008 if malmo else (32600 if lat >= 0 else 32700) + int((lon + 180) // 6) + 1
    turn = pyproj.Transformer.from_crs(LONLAT, zone, always_xy=True).transform

    def project(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(turn(xy[:, 0], xy[:, 1]))

    areas = [shapely.make_valid(shapely.transform(s, project)) for s in shapes]
    return tuple(f["properties"]["id"] for f in features), tuple(areas), project


#: What a file says about a shape, and the shape.
_Shape = tuple[Mapping[str, object], shapely.Geometry]


# -- the kinds of files --------------------------------------------------------------------------------


def _listed(content: bytes) -> list[str]:
    """Return the first column's cells that hold a letter or figure; a heading is kept, it will match nothing."""
    text = _text(content)
    try:
        dialect = csv.Sniffer().sniff(text[:2000], ";,\t")
        rows = list(csv.reader(io.StringIO(text), dialect))
    except csv.Error:
        rows = [[line] for line in text.splitlines()]
    cells = [row[0].strip() for row in rows if row and _LETTERS.search(row[0])]
    if not cells:
        raise UploadError("file_empty")
    if len(cells) > MOST_FEATURES:
        raise UploadError("file_many", found=len(cells), most=MOST_FEATURES)
    return cells


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _from_geojson(content: bytes) -> list[_Shape]:
    """Read GeoJSON: longitude and latitude (RFC 7946), or what an older file says in ``crs``."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
        kind = document["type"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise UploadError("file_broken", kind="GeoJSON") from error
    features = {"FeatureCollection": lambda: document["features"], "Feature": lambda: [document]}
    try:
        named = _named_crs(document.get("crs"))
        found = features.get(kind, lambda: [{"geometry": document}])()
        if len(found) > MOST_FEATURES:
            raise UploadError("file_many", found=len(found), most=MOST_FEATURES)
        shapes = [(dict(f.get("properties") or {}), parse_geometry(f["geometry"])) for f in found if f.get("geometry")]
    except UploadError:
        raise
    except Exception as error:  # shapely raises many kinds on what is no geometry
        raise UploadError("file_broken", kind="GeoJSON") from error
    return _to_lonlat(shapes, named)


def _named_crs(crs: dict | None) -> pyproj.CRS:
    name = crs["properties"]["name"] if crs else "CRS84"
    if name.endswith("CRS84"):
        return LONLAT
    code = _CRS_NAME.search(name)
    try:
        return pyproj.CRS(int(code[1]))
    except (TypeError, pyproj.exceptions.CRSError) as error:
        raise UploadError("file_crs_strange", found=name[:60]) from error


def _from_archive(content: bytes) -> list[_Shape]:
    """Read the one shapefile in an archive; its files get names of our own, whatever they are called there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [info for info in archive.infolist() if not info.is_dir()]
            layers = [i for i in inside if i.filename.lower().endswith(".shp") and "__macosx" not in i.filename.lower()]
            if len(layers) != 1:
                raise UploadError("zip_layers", found=len(layers))
            stem = layers[0].filename[:-4].lower()
            wanted = {
                ending: info
                for info in inside
                for ending in SHAPEFILE
                if info.filename.lower() == stem + ending
            }
            if sum(info.file_size for info in wanted.values()) > MOST_UNPACKED:
                raise UploadError("zip_large", most=MOST_UNPACKED // 1_000_000)
            parts = {ending: _unpacked(archive, info) for ending, info in wanted.items()}
    except UploadError:
        raise
    except BROKEN as error:
        raise UploadError("file_broken", kind="zip") from error
    missing = [ending for ending in (".shx", ".dbf") if ending not in parts]
    if missing:
        raise UploadError("zip_missing", found=", ".join(missing))
    if ".prj" not in parts:
        raise UploadError("file_crs")
    return _from_files(parts)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack one file, no further than it may be long, whatever the archive says of its size."""
    with archive.open(info) as file:
        content = file.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED:
        raise UploadError("zip_large", most=MOST_UNPACKED // 1_000_000)
    return content


def _from_files(parts: Mapping[str, bytes]) -> list[_Shape]:
    """Read a GeoPackage or a shapefile, given as its files by ending, from a folder that is gone afterwards."""
    kind = "GeoPackage" if ".gpkg" in parts else "shapefile"
    with tempfile.TemporaryDirectory() as folder:
        for ending, content in parts.items():
            (Path(folder) / f"area{ending}").write_bytes(content)
        path = Path(folder) / ("area.gpkg" if ".gpkg" in parts else "area.shp")
        try:
            layers = pyogrio.list_layers(path)
            spatial = [name for name, geometry in layers if geometry]
            if len(spatial) != 1:
                raise UploadError("zip_layers", found=len(spatial))
            info = pyogrio.read_info(path, layer=spatial[0], force_feature_count=True)
            if info["features"] > MOST_FEATURES:
                raise UploadError("file_many", found=info["features"], most=MOST_FEATURES)
            if not info["crs"]:
                raise UploadError("file_crs")
            meta, _, geometry, columns = pyogrio.raw.read(path, layer=spatial[0])
            geometries = shapely.from_wkb(geometry)
            crs = pyproj.CRS(info["crs"])
        except UploadError:
            raise
        except Exception as error:  # GDAL's readers raise many kinds on a damaged file
            raise UploadError("file_broken", kind=kind) from error
    rows = [dict(zip(meta["fields"], row, strict=True)) for row in zip(*columns, strict=True)] or [{}] * len(geometries)
    shapes = [(row, g) for row, g in zip(rows, geometries, strict=True) if g is not None]
    return _to_lonlat(shapes, crs)


# -- what they have in common ----------------------------------------------------------------------------


def _name(properties: Mapping[str, object]) -> str:
    """Return what a feature is called: a known column, else the first that holds text."""
    by_name = {str(key).lower(): value for key, value in properties.items()}
    found = [by_name[c] for c in NAME_COLUMNS if isinstance(by_name.get(c), str)]
    found += [value for value in properties.values() if isinstance(value, str)]
    return next((text.strip()[:200] for text in found if text.strip()), "")


def _to_lonlat(shapes: list[_Shape], crs: pyproj.CRS) -> list[_Shape]:
    if crs == LONLAT:
        return shapes
    turn = pyproj.Transformer.from_crs(crs, LONLAT, always_xy=True).transform
    return [(n, shapely.transform(g, lambda xy: np.column_stack(turn(xy[:, 0], xy[:, 1])))) for n, g in shapes]


def _limited(shapes: list[_Shape]) -> list[Feature]:
    """Return the areas among shapes as valid ones in longitude and latitude."""
    found = []
    if sum(int(shapely.get_num_coordinates(g)) for _, g in shapes) > MOST_VERTICES:
        raise UploadError("file_detailed", most=MOST_VERTICES)
    for properties, geometry in shapes:
        flat = shapely.force_2d(geometry)
        numbers = shapely.get_coordinates(flat)
        if not np.isfinite(numbers).all() or (np.abs(numbers) > (180, 90)).any():
            raise UploadError("file_degrees")
        parts = [p for p in shapely.get_parts(shapely.make_valid(flat)) if p.geom_type in ("Polygon", "MultiPolygon")]
        if not parts or flat.geom_type not in ("Polygon", "MultiPolygon", "GeometryCollection"):
            continue
        joined = shapely.union_all(parts)
        if not joined.area > 0:
            continue
        found.append(Feature(_name(properties), joined, not shapely.is_valid(flat), properties))
    if not found:
        raise UploadError("file_no_areas")
    return found
