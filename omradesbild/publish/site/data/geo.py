"""The areas on a map, with the newest figure of every indicator: GeoJSON, and GeoPackage with a layer for each level.

Longitudes and latitudes (EPSG:4326). An indicator has three columns: its value, ``ID_ar`` (the year, the same for
all areas of a level) and ``ID_mark`` (why a value is missing, or what to bear in mind).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import shapely
from shapely.geometry import mapping, shape

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.model import Level
from omradesbild.pack import Pack
from omradesbild.publish import tables
from omradesbild.publish.site import addresses
from omradesbild.publish.site.file import File

GEOJSON, GPKG = (f"{addresses.data_folder()}omraden.{ending}" for ending in ("geojson", "gpkg"))
#: Degrees: the grid that borders lie on, about a decimetre, so that neighbours share their corners.
GRID = 1e-6
DECIMALS = 6


def files(statements: Statements) -> Iterator[File]:
    """Give both files."""
    borders, values = outlines(statements.pack), newest(statements)
    yield File(GEOJSON, _geojson(statements.pack, borders, values))
    yield File(GPKG, _geopackage(statements, borders, values))


def outlines(pack: Pack) -> dict[str, shapely.Geometry]:
    """Return the border of every area that has one: base areas as they are, others as all their members together."""
    drawn = {f["properties"]["id"]: shape(f["geometry"]) for f in pack.boundaries["features"]}
    found = {}
    for area in pack.areas.values():
        members = list(drawn) if area.id == pack.info.city else area.members or (area.id,)
        parts = [drawn[member] for member in members if member in drawn]
        if parts:
            found[area.id] = shapely.normalize(shapely.union_all(parts, grid_size=GRID))
    return found


def newest(statements: Statements) -> dict[str, dict[str, object]]:
    """Return area → its row: id, name, level and three columns for each indicator with figures at that level."""
    pack = statements.pack
    rows: dict[str, dict[str, object]] = {
        area.id: {"id": area.id, "name": area.name, "level": area.level.value} for area in pack.areas.values()
    }
    periods = {
        (level, indicator.id): statements.latest(indicator.id, level, indicator.default_group)
        for indicator in pack.indicators.values()
        for level in dict.fromkeys(area.level for area in pack.areas.values())
    }
    for indicator in pack.indicators:
        for area in pack.areas.values():
            period = periods[area.level, indicator]
            if period is None:
                continue
            s = statements.get(area.id, indicator, period)
            value = None if s is None or s.value is None else round(s.value, DECIMALS)
            row = {indicator: value, f"{indicator}_ar": period, f"{indicator}_mark": s.flag if s else "-"}
            rows[area.id] |= row
    return rows


def _geojson(pack: Pack, borders: dict[str, shapely.Geometry], values: dict[str, dict[str, object]]) -> bytes:
    features = (
        json.dumps(
            {"type": "Feature", "id": id_, "properties": values[id_], "geometry": mapping(geometry)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for id_, geometry in borders.items()
    )
    head = json.dumps(
        {
            "name": pack.info.title.sv,
            "version": tables.version_of(pack),
            "attribution": list(pack.info.attributions),
            "marks": words.t("file.missing"),
        },
        ensure_ascii=False,
    )
    joined = ",\n".join(features)
    return f'{{"type":"FeatureCollection",{head[1:-1]},"features":[\n{joined}\n]}}\n'.encode()


def _geopackage(
    statements: Statements, borders: dict[str, shapely.Geometry], values: dict[str, dict[str, object]]
) -> bytes:
    """Write a layer for each level, and the table ``matt`` that says what the columns mean.

    GDAL notes the time at which it writes; it is told to take the pack's version for that.
    """
    import geopandas
    import pyogrio

    pack = statements.pack
    day = {"OGR_CURRENT_DATE": f"{pack.info.version[:10]}T00:00:00.000Z"}
    pyogrio.set_gdal_config_options(day)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "omraden.gpkg"
            for level in Level:
                ids = [id_ for id_ in borders if pack.areas[id_].level is level]
                if ids:
                    frame = pd.DataFrame([values[id_] for id_ in ids])
                    layer = geopandas.GeoDataFrame(frame, geometry=[_multi(borders[id_]) for id_ in ids], crs=4326)
                    pyogrio.write_dataframe(layer, path, layer=level.value, driver="GPKG", append=path.exists())
            pyogrio.write_dataframe(_measures(statements), path, layer="matt", driver="GPKG", append=True)
            return path.read_bytes()
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(day))


def _multi(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return a geometry as one of many parts, as a layer has one kind."""
    return geometry if geometry.geom_type.startswith("Multi") else shapely.multipolygons([geometry])


def _measures(statements: Statements) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": i.id,
            "title": i.title.sv,
            "title_en": i.title.get("en"),
            "unit": i.unit.sv,
            "definition": i.definition.sv,
            "not_covered": i.not_covered.sv,
            "source": words.source_text(statements.sources(i.id), processed=i.processing is not None),
            "licence": "; ".join(sorted({s.licence for s in statements.sources(i.id)})),
            "version": tables.version_of(statements.pack),
        }
        for i in statements.pack.indicators.values()
    )
