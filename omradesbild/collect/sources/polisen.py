"""The police's list of utsatta områden: the borders of an edition, laid over the pack's areas.

No figures come from here; `entries_of` gives what ``catalog/police.yaml`` holds of an edition. The police write no kommun in
their file: an area belongs here if its border lies over an area of ours.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import pandas as pd
import pyproj
import shapely
from pydantic import Field

from omradesbild.collect import archive, uploads
from omradesbild.collect.client import Client, document
from omradesbild.collect.fault import CollectError
from omradesbild.collect.fetching import Fetching
from omradesbild.collect.plan import Address, Plan
from omradesbild.collect.source import Progress
from omradesbild.collect.store import Store
from omradesbild.collect.tables import geo
from omradesbild.collect.uploads import Feature, UploadError
from omradesbild.model import Period, PoliceEntry, Source, Strict

MOST_UNPACKED = 50_000_000
#: SWEREF 99 TM, which the police measure in, and which their files are in where they do not say.
CRS = 3006


class Edition(Strict):
    """An edition whose borders can be fetched: where below the address, and how it is named as a source."""

    path: str = Field(pattern=r"^/\S+\.(zip|geojson|json)$")
    source: str


class Settings(Address):
    """The plan of the police's list."""

    editions: Mapping[Period, Edition]
    categories: Mapping[str, str]
    ids: Mapping[str, str]


class Polisen:
    """The police's borders, edition by edition."""

    name = "polisen"

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Fetch the borders of every edition in the plan."""
        settings = plan.of(self.name, Settings)
        run = Fetching(self.name, settings, store, client, today)
        for done, (edition, about) in enumerate(settings.editions.items(), start=1):
            if run.fresh(edition) is None:
                accept = (*archive.TYPES, "application/json", "application/geo+json")
                answer = run.ask(about.path, accept=accept, most_bytes=MOST_UNPACKED)
                _read(answer.content, answer.address)
                run.put(edition, answer, kind=archive.KIND if _packed(answer.content) else "application/geo+json")
            progress.step(f"Polisen {edition}", done, len(settings.editions))

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Return nothing: borders are no figures."""
        return iter(())

    def entries(self, plan: Plan, store: Store) -> Iterator[Source]:
        """Return nothing: an edition's source stands in each of its entries."""
        return iter(())

    def entries_of(self, plan: Plan, store: Store, edition: str, boundaries: dict) -> list[PoliceEntry]:
        """Return the areas of an edition that lie over ours, each with its share of our areas' land.

        Parameters
        ----------
        boundaries
            A pack's `boundaries`.

        Raises
        ------
        CollectError
            If the edition has not been fetched, or an area has no name or a category that the plan does not know.
        """
        settings = plan.of(self.name, Settings)
        snapshot = store.need(self.name, edition)
        place = str(snapshot.path)
        found = []
        for feature in _read(snapshot.read(), place):
            try:
                shares = uploads.overlap(feature, boundaries).shares
            except UploadError:  # it lies elsewhere
                continue
            category = next((str(v).strip() for k, v in feature.properties.items() if k.casefold() == "kategori"), "")
            if category not in settings.categories or not feature.name:
                expected = f"ett namn och någon av kategorierna {', '.join(settings.categories)}"
                remedy = "Kategorierna har ändrats förut: läs polisens rapport och för in den nya i planen"
                raise CollectError(place, f"området »{feature.name}« i kategorin »{category}«", expected, remedy)
            found.append(
                PoliceEntry(
                    area=feature.name,
                    id=_id(feature.name, settings),
                    category=settings.categories[category],
                    border_km2=round(_area(feature.geometry) / 1e6, 2),
                    source=settings.editions[edition].source,
                    source_url=settings.base_url + settings.editions[edition].path,
                    overlap={area: round(share, 3) for area, share in sorted(shares.items())},
                )
            )
        return sorted(found, key=lambda entry: entry.id)


def _read(content: bytes, place: str) -> tuple[Feature, ...]:
    """Read an edition's file: GeoJSON, or a zip with it or with a shapefile."""
    if not _packed(content):
        return _from_geojson(content, place)
    if any(name.endswith(".shp") for name in archive.names(content, place)):
        return geo.read(f"{place.rsplit('/', 1)[-1].removesuffix('.zip')}.zip", content).shapes
    with archive.member(content, place, ".geojson", MOST_UNPACKED) as file:
        return _from_geojson(file.read(), place)


def _from_geojson(content: bytes, place: str) -> tuple[Feature, ...]:
    found = document(content, place)
    if isinstance(found, dict) and "crs" not in found and _in_metres(found):
        found["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{CRS}"}}
    return geo.read(f"{place.rsplit('/', 1)[-1].rsplit('.', 1)[0]}.geojson", json.dumps(found).encode()).shapes


def _in_metres(found: dict) -> bool:
    """Tell whether the first coordinate of a file cannot be a degree."""
    try:
        at = found["features"][0]["geometry"]["coordinates"]
        while isinstance(at[0], list):
            at = at[0]
        return abs(at[0]) > 180
    except (KeyError, IndexError, TypeError):
        return False


def _packed(content: bytes) -> bool:
    return content[:2] == b"PK"


@cache
def _metres() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, CRS, always_xy=True)


def _area(geometry: shapely.Geometry) -> float:
    return shapely.transform(geometry, lambda xy: np.column_stack(_metres().transform(xy[:, 0], xy[:, 1]))).area


def _id(name: str, settings: Settings) -> str:
    known = (id_ for start, id_ in settings.ids.items() if name.casefold().startswith(start))
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return next(known, "-".join(words) or "omrade")
