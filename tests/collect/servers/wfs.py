"""A map service (WFS) as SCB's: counts, GeoPackage and GeoJSON, by kommun."""

from __future__ import annotations

import io
import json
import re
import tempfile
from pathlib import Path

import geopandas as gpd
from servers.bulk import zip_of
from servers.local import Reply, Request


class Wfs:
    """Layers by their names; each has ``kommunkod`` among its attributes."""

    def __init__(self, layers: dict[str, gpd.GeoDataFrame], path: str = "/geoserver/stat/wfs") -> None:
        self.layers, self.path = layers, path

    def __call__(self, request: Request) -> Reply | None:
        if request.path != self.path:
            return None
        frame = self.layers.get(request.first("typeName") or request.first("typeNames"))
        if frame is None or request.first("request").lower() != "getfeature":
            return Reply(b'<?xml version="1.0"?><ows:ExceptionReport/>', "application/xml")
        if wanted := request.first("cql_filter"):
            kommun = re.fullmatch(r"kommunkod='([0-9]{4})'", wanted)
            frame = frame[frame["kommunkod"] == kommun[1]]
        if request.first("resultType") == "hits":
            text = f'<?xml version="1.0" encoding="UTF-8"?><wfs:FeatureCollection numberOfFeatures="{len(frame)}" timeStamp="x"/>'
            return Reply(text.encode(), "text/xml; subtype=gml/3.1.1")
        frame = frame.to_crs(request.first("srsName"))
        if request.first("outputFormat") == "geopackage":
            return Reply(as_geopackage(frame), "application/geopackage+sqlite3")
        if request.first("outputFormat") == "SHAPE-ZIP":
            return Reply(as_shapes(frame), "application/zip")
        found = json.loads(frame.to_json(drop_id=True))
        code = request.first("srsName").rsplit(":", 1)[-1]
        found["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}
        return Reply(
            json.dumps(found | {"totalFeatures": len(frame), "numberMatched": len(frame)}).encode(),
            "application/json;charset=UTF-8",
        )


def as_shapes(frame: gpd.GeoDataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        frame.to_file(Path(folder) / "lager.shp", encoding="utf-8")
        return zip_of({path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())})


def as_geopackage(frame: gpd.GeoDataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_file(stream, driver="GPKG", layer="layer")
    return stream.getvalue()
