"""Makes a pack on other areas of a map file that staff bring, such as the city's own sub-areas.

The new pack has the file's areas as its basic areas, and areas that are made up of them by what the file says. It keeps
everything of the old pack that is about areas which are still there, the city first of all. Figures of the new areas are
imported or converted afterwards.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import shapely
import yaml
from pydantic import Field

from omradesbild.collect import addition, transfer
from omradesbild.collect.boundaries import BoundaryError, publishable
from omradesbild.collect.fault import CollectError
from omradesbild.collect.folder import next_version, set_levels
from omradesbild.collect.tables import Sheet
from omradesbild.collect.transfer import Pieces
from omradesbild.find import fold
from omradesbild.model import Area, AreaId, Level, LevelWords, Strict
from omradesbild.pack import ALIASES, AREAS, INDICATORS, INITIATIVES, SOURCES, Pack

_AGAIN = "Rätta mappningen, eller filen i ett kartprogram"


class Composed(Strict):
    """A level of areas that are made up of basic areas with the same text in a column."""

    level: Level
    column: str
    prefix: str = Field("", description="Stands before the name in the area's id: so-norr")
    name: str = Field("{}", pattern=r"\{\}", description="How the area is called: '{} (stadsområde)'")


class LayerMapping(Strict):
    """What the columns of a map file mean, where its areas are to be a pack's basic areas."""

    layer: Level = Field(description="The level of the file's areas")
    code: str = Field(description="The column with their ids")
    name: str = Field(description="The column with their names")
    prefix: str = Field("", description="Stands before the code in an area's id")
    composed: tuple[Composed, ...] = Field((), description="Levels that are made up of them")
    areas: tuple[Area, ...] = Field((), description="Further areas that are made up of them")
    levels: dict[Level, LevelWords] = Field({}, description="What the levels are called, where the general words do not say it all")
    vintage: str = Field(min_length=1, description="The division's name and year, for links: Delområden-2024")
    attribution: str = Field(min_length=1, description="What must stand with every map")
    source: str = Field(min_length=1, description="Where the division was read")
    source_url: str = Field(pattern=r"^https?://")
    figures: Pieces | None = Field(None, description="DeSO, whose figures are brought to the areas; empty: none are")


def is_one(mapping: Path) -> bool:
    """Tell whether a file is a mapping of this kind, and not of figures."""
    return re.search(rb"""^\s*["']?layer["']?\s*:""", mapping.read_bytes(), re.MULTILINE) is not None


def make(pack: Pack, sheet: Sheet, mapping: LayerMapping, today: str, folder: Path, pieces: Sheet | None = None) -> Pack:
    """Write the new pack and return it loaded.

    Parameters
    ----------
    pieces
        What is in the file that ``mapping.figures`` names.

    Raises
    ------
    CollectError
        If the file has no shapes, its areas overlap or leave slits, an id stands twice, or the pack would not pass its
        checks.
    """
    base, composed = _areas(sheet, mapping)
    known = {pack.info.city, *base, *(area.id for area in composed)}
    shutil.copytree(pack.root, folder, ignore=shutil.ignore_patterns("transcribed", "boundaries", "observations", "mappings"))
    (folder / "boundaries").mkdir()
    (folder / "observations").mkdir()
    file = f"{mapping.layer}_{pack.info.city}.geojson"
    (folder / "boundaries" / file).write_bytes(_borders(sheet, base).encode())
    _put(folder / AREAS, [*(a for a in pack.areas.values() if a.id == pack.info.city), *composed])
    (folder / ALIASES).write_bytes(b"{}\n")
    _keep_references(pack, folder, known)
    _keep_figures(pack, folder, known)
    if mapping.figures and pieces:
        _convert(pack, folder, pieces, mapping, _in_metres(sheet, base))
    _levels(pack, folder, mapping.layer, {area.level for area in composed})
    settings = {"base_level": mapping.layer, "boundaries": file, "boundary_vintage": mapping.vintage, "attributions": (mapping.attribution,)}
    info = pack.info.model_copy(update=settings | {"levels": mapping.levels})
    (folder / "pack.yaml").write_bytes(next_version(_yaml(info.model_dump(mode="json", exclude_unset=True)), today).encode())
    return addition.checked(folder)


def _areas(sheet: Sheet, mapping: LayerMapping) -> tuple[dict[str, str], list[Area]]:
    """Return id → name of the file's areas in its order, and the areas that are made up of them."""
    if not sheet.shapes:
        raise CollectError(sheet.place(), "inga ytor", "en kartfil med områdenas ytor", "Ange en GeoJSON-, GeoPackage- eller shapefil")
    heads = list(sheet.rows[0])
    for column in (mapping.code, mapping.name, *(part.column for part in mapping.composed)):
        if column not in heads:
            raise CollectError(sheet.place(), f"ingen kolumn ”{column}”", f"en av {', '.join(heads)}"[:600], _AGAIN)
    base: dict[str, str] = {}
    members: dict[tuple[Composed, str], list[str]] = {}
    for n, row in enumerate(sheet.rows[1:], start=1):
        at = dict(zip(heads, row, strict=True))
        id_ = f"{mapping.prefix}{at[mapping.code]}"
        if not at[mapping.code] or not at[mapping.name] or id_ in base:
            found = f"koden ”{at[mapping.code]}” och namnet ”{at[mapping.name]}”"
            raise CollectError(sheet.place(n), found, "en kod som står en gång, och ett namn", _AGAIN)
        base[id_] = at[mapping.name]
        for part in mapping.composed:
            if at[part.column]:
                members.setdefault((part, at[part.column]), []).append(id_)
    composed = [_composed(part, text, ids, mapping) for (part, text), ids in members.items()]
    return base, [*composed, *mapping.areas]


def _composed(part: Composed, text: str, members: list[str], mapping: LayerMapping) -> Area:
    name = part.name.replace("{}", text)
    return Area(
        id=part.prefix + "-".join(fold(text)),
        name=name,
        level=part.level,
        members=tuple(members),
        aliases=(text,) if name != text else (),
        source=mapping.source,
        source_url=mapping.source_url,
    )


def _in_metres(sheet: Sheet, base: dict[str, str]) -> gpd.GeoDataFrame:
    shapes = [s.geometry for s in sheet.shapes]
    return gpd.GeoDataFrame({"id": list(base), "name": list(base.values())}, geometry=shapes, crs=4326).to_crs(3006)


def _borders(sheet: Sheet, base: dict[str, str]) -> str:
    """Return the borders as the pack keeps them: neighbours share every vertex, on the grid of published degrees."""
    frame = _in_metres(sheet, base)
    try:
        return publishable(frame.assign(area_km2=frame.area / 1e6))[0]
    except (BoundaryError, shapely.errors.ShapelyError) as error:
        remedy = "Rätta gränserna i ett kartprogram: grannar ska dela varje brytpunkt"
        raise CollectError(sheet.place(), f"ytor som inte passar ihop ({error})", "ytor utan glipor och överlapp", remedy) from error


def _keep_references(pack: Pack, folder: Path, known: set[AreaId]) -> None:
    """Keep of breaks, initiatives and the police's list what is about areas that are still there."""
    breaks = [b.model_copy(update={"areas": tuple(a for a in b.areas if a in known)}) for b in pack.breaks if not b.areas or known.intersection(b.areas)]
    _put(folder / "catalog" / "breaks.yaml", breaks)
    kept = [i.model_copy(update={"areas": tuple(a for a in i.areas if a in known)}) for i in pack.initiatives]
    _put(folder / INITIATIVES, kept)
    police = [
        edition.model_copy(
            update={"entries": tuple(e.model_copy(update={"overlap": {a: s for a, s in e.overlap.items() if a in known}}) for e in edition.entries)}
        )
        for edition in pack.police
    ]
    _put(folder / "catalog" / "police.yaml", police)


def _keep_figures(pack: Pack, folder: Path, known: set[AreaId]) -> None:
    rows = pack.observations[pack.observations["area"].isin(known)]
    addition.add_rows(folder / "observations" / "behallet.csv", rows)


def _convert(pack: Pack, folder: Path, pieces: Sheet, mapping: LayerMapping, new: gpd.GeoDataFrame) -> None:
    """Bring the figures of DeSO and RegSO to the new areas."""
    rows, sources = transfer.figures(pack, pieces, mapping.figures, new, mapping.vintage, mapping.layer)
    addition.add_rows(folder / "observations" / "omraknat.csv", rows)
    addition.add_sources(folder / SOURCES, sources)


def _levels(pack: Pack, folder: Path, layer: Level, composed: set[Level]) -> None:
    """Let every definition that was on the old basic areas be on the new ones."""
    for indicator in pack.indicators.values():
        levels = [layer if level is pack.info.base_level else level for level in indicator.levels]
        levels = [level for level in levels if level in {layer, Level.KOMMUN, *composed}]
        set_levels(folder / INDICATORS / f"{indicator.id}.yaml", levels or [layer])


def _put(path: Path, records: Iterable[Strict]) -> None:
    path.write_bytes(_yaml([r.model_dump(mode="json", exclude_unset=True, exclude_none=True) for r in records]).encode())


def _yaml(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def counted(pack: Pack) -> tuple[int, int]:
    """Return how many figures a new pack has of the city, which were kept, and of its areas, which were converted."""
    kept = int((pack.observations["area"] == pack.info.city).sum())
    return kept, len(pack.observations) - kept
