"""SCB's open geodata: the borders of DeSO and RegSO, of any division, and which RegSO a DeSO belongs to.

No figures come from here; `areas` gives shapes and `key` the official key that the DeSO layers carry.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd
from pydantic import Field, model_validator

from omradesbild.collect import archive, uploads
from omradesbild.collect.client import Client
from omradesbild.collect.fault import CollectError
from omradesbild.collect.fetching import Fetching
from omradesbild.collect.plan import ALL, Address, Plan
from omradesbild.collect.source import Progress
from omradesbild.collect.store import Store
from omradesbild.model import Source, Strict

if TYPE_CHECKING:
    import geopandas as gpd

#: SCB's own projection, in metres.
CRS = 3006
MOST_FEATURES = 20_000
TYPES = {"geopackage": "application/geopackage+sqlite3", "application/json": "application/json", "SHAPE-ZIP": archive.KIND}
MOST_UNPACKED = 500_000_000
_COUNT = re.compile(rb'number(?:Matched|OfFeatures)="([0-9]{1,6})"')


class Layer(Strict):
    """A layer of the service, and what its attributes are called."""

    layer: str
    code: str
    name: str | None = None
    vintage: str


class Settings(Address):
    """The plan of SCB's geodata."""

    format: Literal["geopackage", "application/json", "SHAPE-ZIP"]
    areas: tuple[str, ...]
    layers: Mapping[str, Layer] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Settings:
        if unknown := sorted(set(self.areas) - set(self.layers)):
            raise ValueError(f"areas {unknown} are not among layers")
        return self


class ScbGeo:
    """SCB's borders of small areas."""

    name = "scb-geo"

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Fetch each division's areas, and how many there should be."""
        settings = plan.of(self.name, Settings)
        run = Fetching(self.name, settings, store, client, today)
        for done, name in enumerate(settings.areas, start=1):
            query = {
                "service": "WFS", "version": "1.1.0", "request": "GetFeature", "typeName": settings.layers[name].layer,
                "srsName": f"EPSG:{CRS}", "outputFormat": settings.format,
            }  # fmt: skip
            if plan.kommun != ALL:
                query["cql_filter"] = f"kommunkod='{plan.kommun}'"
            if run.fresh(_name(name, plan)) is None:
                hits = run.ask("", query | {"resultType": "hits"}, accept=("text/xml", "application/xml"))
                counted = _COUNT.search(hits.content[:4000])
                if counted is None:
                    raise CollectError(
                        hits.address,
                        "ett svar utan antal områden",
                        "numberMatched",
                        "Se efter om tjänsten har ändrats",
                    )
                answer = run.ask("", query, accept=(TYPES[settings.format], *archive.TYPES))
                found = _read(answer.content, answer.address, settings.layers[name])
                if len(found) != int(counted[1]):
                    expected = f"{int(counted[1])}, som tjänsten själv räknar till"
                    raise CollectError(
                        answer.address, f"{len(found)} områden", expected, "Försök igen; svaret kan vara avbrutet"
                    )
                run.put(_name(name, plan), answer, kind=TYPES[_form(answer.content)])
            progress.step(f"SCB {settings.layers[name].layer}", done, len(settings.areas))

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Return nothing: borders are no figures."""
        return iter(())

    def entries(self, plan: Plan, store: Store) -> Iterator[Source]:
        """Return a source for each layer, for the key that it carries."""
        settings = plan.of(self.name, Settings)
        for name in settings.areas:
            snapshot = store.need(self.name, _name(name, plan))
            yield Source(
                id=f"scb-geo-{name}", publisher=settings.publisher, title=f"Öppna geodata: {settings.layers[name].layer}",
                url=settings.base_url, licence=settings.licence, attribution=settings.publisher,
                retrieved=snapshot.about.retrieved[:10],
            )  # fmt: skip

    def areas(self, plan: Plan, store: Store, name: str) -> gpd.GeoDataFrame:
        """Return the areas of a division: code, name, kommun, regso and geometry in SWEREF 99 TM, sorted by code.

        Raises
        ------
        CollectError
            If they have not been fetched, or are not what they should be.
        """
        snapshot = store.need(self.name, _name(name, plan))
        return _read(snapshot.read(), str(snapshot.path), plan.of(self.name, Settings).layers[name])

    def key(self, plan: Plan, store: Store, name: str) -> pd.DataFrame:
        """Return the official key of a division of DeSO: deso, regso, vintage, source."""
        areas = self.areas(plan, store, name)
        vintage = plan.of(self.name, Settings).layers[name].vintage
        key = pd.DataFrame({"deso": areas["code"], "regso": areas["regso"]})
        return key.assign(vintage=vintage, source=f"scb-geo-{name}")


def _name(layer: str, plan: Plan) -> str:
    return f"{layer}.{plan.kommun}"


def _form(content: bytes) -> str:
    """Tell what a file is, whatever was asked for."""
    return "SHAPE-ZIP" if content.startswith(b"PK") else "geopackage" if content.startswith(b"SQLite") else "application/json"


def _written(content: bytes, place: str, folder: Path) -> Path:
    """Put a file where it can be read: of an archive only the parts of its one shapefile, under names of ours."""
    form = _form(content)
    if form != "SHAPE-ZIP":
        path = folder / ("areas.gpkg" if form == "geopackage" else "areas.geojson")
        path.write_bytes(content)
        return path
    there = archive.names(content, place)
    for ending in uploads.SHAPEFILE:
        if ending != ".cpg" or any(name.endswith(ending) for name in there):
            with archive.member(content, place, ending, MOST_UNPACKED) as part, (folder / f"areas{ending}").open("wb") as file:
                shutil.copyfileobj(part, file)
    return folder / "areas.shp"


def _read(content: bytes, place: str, layer: Layer) -> gpd.GeoDataFrame:
    """Read a GeoPackage, GeoJSON or zipped shapefile and check that it is a layer of areas, each with a code of its own."""
    import geopandas as gpd
    import pyogrio
    import shapely

    with tempfile.TemporaryDirectory() as folder:
        path = _written(content, place, Path(folder))
        try:
            info = pyogrio.read_info(path, force_feature_count=True)
            if info["features"] > MOST_FEATURES:
                raise CollectError(
                    place, f"{info['features']} områden", f"högst {MOST_FEATURES}", "Samla in en kommun i taget"
                )
            frame = gpd.read_file(path)
        except CollectError:
            raise
        except Exception as error:  # GDAL's readers raise many kinds on a damaged file
            raise CollectError(
                place, "en fil som inte går att läsa", "GeoPackage, GeoJSON eller shape i zip", "Hämta lagret på nytt"
            ) from error
    needed = [name for name in (layer.code, layer.name, "kommunkod", "regsokod") if name]
    problem = next((name for name in needed if name not in frame), None)
    if problem or frame.crs is None:
        found = f"attributen {', '.join(map(str, frame.columns))[:200]}" if problem else "inget koordinatsystem"
        raise CollectError(place, found, problem or f"EPSG:{CRS}", "Se efter om SCB har ändrat lagret")
    frame = frame.to_crs(CRS)
    shapes = frame.geometry.to_numpy()
    bad = (
        shapely.is_missing(shapes)
        | shapely.is_empty(shapes)
        | ~pd.Series(frame.geom_type).isin(["Polygon", "MultiPolygon"]).to_numpy()
    )
    codes = frame[layer.code].astype(str)
    if bad.any() or codes.duplicated().any() or not (codes.str[:4] == frame["kommunkod"].astype(str)).all():
        raise CollectError(
            place, "områden utan yta, eller med samma kod", "ett område med egen yta per kod", "Hämta lagret på nytt"
        )
    made = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": frame[layer.name].astype(str) if layer.name else "",
            "kommun": frame["kommunkod"].astype(str),
            "regso": frame["regsokod"].astype(str),
        },
        geometry=shapely.make_valid(shapes),
        crs=CRS,
    )
    return made.sort_values("code", ignore_index=True)
