"""Reads and checks a data pack: a folder with catalogue, boundaries and observations.

``load`` gives a pack that has passed every check, or raises ``PackError`` with the report.
``check`` gives the report. Both read each file once; the fingerprint is of the bytes that were parsed.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from omradesbild import checks, disk
from omradesbild.findings import Finding, Report
from omradesbild.model import (
    Area,
    Break,
    Correction,
    Goal,
    IndexPlan,
    Indicator,
    Initiative,
    Level,
    PackInfo,
    PeerVariable,
    PoliceEdition,
    PublishedList,
    Source,
    Theme,
)
from omradesbild.reader import NotYaml, Reader, Record, joined, small_yaml, table

__all__ = [
    "Finding", "NotYaml", "Pack", "PackError", "Report", "beside", "check", "load", "named_version", "place", "resolve", "small_yaml",
    "swedish_order",
]

#: A folder that holds versions of a pack (collect.shelf) names the one that is used in this file, below this folder.
CURRENT = "current"
VERSIONS = "versions"
AREAS = "catalog/areas.yaml"
CORRECTIONS = "catalog/corrections.yaml"
ALIASES = "catalog/aliases.yaml"
INDICATORS = "catalog/indicators"
INITIATIVES = "catalog/initiatives.yaml"
KOMMUNER = "catalog/kommuner.yaml"
PRIORITIES = "catalog/priorities.yaml"
SOURCES = "catalog/sources.yaml"
INDEX = "catalog/index.yaml"
PEERS = "catalog/peers.yaml"


@dataclass(frozen=True)
class Pack:
    """A data pack in memory. Treat everything in it as read-only: it is shared by all readers.

    Attributes
    ----------
    areas
        id → area of every level: city, named, districts, base areas; by Swedish name within a level.
    indicators
        id → indicator, by theme, order and Swedish title.
    boundaries
        The GeoJSON FeatureCollection (EPSG:4326) of the base areas.
    observations
        One row per figure: area, indicator, period, group, flag, source as categories of text; value,
        numerator and denominator as float64, NaN where there is none.
    priorities
        The lists of priorities that are published; a pack without any may lack their file.
    corrections
        Figures that people have put right; a pack without any may lack their file.
    fingerprint
        The first 12 hex digits of the SHA-256 of all files that were read.
    kommuner
        Of a country: id → kommun and its basic areas, by Swedish name. Each can be looked at by itself
        (`analyse.kommun`), and may have figures of its own. Other packs have none, and no file for them.
    """

    root: Path
    info: PackInfo
    areas: Mapping[str, Area]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    breaks: tuple[Break, ...]
    goals: tuple[Goal, ...]
    initiatives: tuple[Initiative, ...]
    police: tuple[PoliceEdition, ...]
    priorities: tuple[PublishedList, ...]
    index: IndexPlan
    peers: tuple[PeerVariable, ...]
    boundaries: dict
    observations: pd.DataFrame
    fingerprint: str
    corrections: tuple[Correction, ...] = ()
    kommuner: Mapping[str, Area] = field(default_factory=dict)


class PackError(Exception):
    """A pack that cannot be used; ``report`` says why, and all else there is to say of it."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.errors())
        self.report = report


def load(root: Path) -> Pack:
    """Read the pack in the folder `root`.

    Raises
    ------
    PackError
        If any check finds an error; warnings let the pack through.
    """
    pack, report = read(Path(root))
    if pack is None:
        raise PackError(report)
    return pack


def check(root: Path) -> Report:
    """Return everything there is to say about the pack in `root`; never raises on its content."""
    return read(Path(root))[1]


def resolve(pack: str | None = None) -> Path:
    """Return the folder of the pack that is meant: of a folder with versions, the one that is used.

    Parameters
    ----------
    pack
        As for ``place``.
    """
    folder = place(pack)
    try:
        name = named_version(folder)
    except OSError:  # reading the pack tells
        return folder / CURRENT
    return folder if name is None else folder / VERSIONS / name


def place(pack: str | None = None) -> Path:
    """Return the folder that is meant, which holds a pack or versions of one.

    Parameters
    ----------
    pack
        A folder; ``"demo"`` for the demonstration pack (built on first use in the user's cache
        folder); None for what the environment variable OMRADESBILD_PACK says, else the shipped pack.
    """
    pack = pack or os.environ.get("OMRADESBILD_PACK")
    if not pack:
        return Path(__file__).resolve().parent.parent / "data"
    return _demonstration() if pack == "demo" else Path(pack)


def named_version(folder: Path) -> str | None:
    """Return the name of the version that is used in a folder with versions; None in any other folder.

    Raises
    ------
    OSError
        If it may not be read which one is used.
    """
    file = folder / CURRENT
    if not file.is_file():
        return None
    said = file.read_text(encoding="utf-8", errors="replace").strip()
    return re.sub(r"[^\w.-]", "_", said).lstrip(".") or "_"  # always a name below versions/, whatever the file holds


def beside(root: Path, name: str) -> Path:
    """Return the file `name` beside the pack in `root`; beside the folder with versions where the pack is one of them."""
    folder = root.resolve()
    versions = folder.parent
    return (versions.parent if versions.name == VERSIONS and (versions.parent / CURRENT).exists() else folder).parent / name


def swedish_order(text: str) -> str:
    """Return a key that sorts as Swedes do: without regard to case, and å ä ö last."""
    last = {"å": "{1", "ä": "{2", "ö": "{3", "æ": "{2", "ø": "{3"}
    letters = (last.get(c) or unicodedata.normalize("NFKD", c)[0] for c in text.casefold())
    return "".join(letters)


def _demonstration() -> Path:
    """Return the demonstration pack, building it whole before it gets its name, which follows what it is made of."""
    from omradesbild import demo

    target = _cache() / f"demo-{demo.mark()}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            demo.build(Path(folder) / "pack")
            try:
                (Path(folder) / "pack").rename(target)
            except OSError:  # another process was first
                if not target.exists():
                    raise
    return target


def _cache() -> Path:
    """Return the user's cache folder for this program."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "omradesbild"


# ---- the whole pack -----------------------------------------------------------------------------


def read(root: Path) -> tuple[Pack | None, Report]:
    """Read and check everything in the folder `root`; the pack is None where there is an error."""
    reader = Reader(root)
    report = reader.report
    try:
        there = root.is_dir()
        if root.name == CURRENT:  # `resolve` could not read it
            named_version(root.parent)
    except OSError as error:
        report.add("file_unreadable", str(root), disk.why(error))
        return None, report
    if not there:
        code = "version_missing" if root.parent.name == VERSIONS else "pack_missing"
        report.add(code, str(root), "ingen sådan mapp")
        return None, report
    info = reader.record("pack.yaml", PackInfo)
    indicators = _indicators(reader)
    sources = _catalogue(reader, SOURCES, Source)
    breaks = _catalogue(reader, "catalog/breaks.yaml", Break)
    goals = _catalogue(reader, "catalog/goals.yaml", Goal)
    initiatives = _catalogue(reader, INITIATIVES, Initiative)
    police = tuple(reader.records("catalog/police.yaml", PoliceEdition))
    checks.unrepeated((edition.edition for edition in police), "catalog/police.yaml", report)
    lists = _catalogue(reader, PRIORITIES, PublishedList) if (root / PRIORITIES).exists() else {}
    corrections = reader.records(CORRECTIONS, Correction) if (root / CORRECTIONS).exists() else []
    plan = reader.record(INDEX, IndexPlan)
    peers = reader.records(PEERS, PeerVariable)
    checks.unrepeated((variable.indicator for variable in peers), PEERS, report)
    collection, areas, base = _areas(reader, info)
    kommuner = _kommuner(reader, areas, base) if (root / KOMMUNER).exists() else {}
    frame = _observations(reader)

    every = areas | kommuner
    # What others refer to; None where it could not be read
    places = areas if info is not None and reader.whole(AREAS, "boundaries", ALIASES) else None
    figured = every if places is not None and reader.whole(KOMMUNER) else None
    known = indicators if reader.whole(INDICATORS) else None
    known_goals = goals if reader.whole("catalog/goals.yaml") else None
    checks.references(
        info, breaks.values(), goals.values(), initiatives.values(), police, places, known, known_goals, report
    )
    checks.lists(lists.values(), info, places, known, PRIORITIES, report)
    checks.corrections(corrections, figured, known, CORRECTIONS, report)
    checks.plans(plan, peers, known, report)
    if len(frame):
        if figured is not None:
            checks.known(frame, "area", figured, "ett område i paketet", report)
        if known is not None:
            checks.known(frame, "indicator", known, "en indikator i katalogen", report)
        if reader.whole(SOURCES):
            checks.known(frame, "source", sources, "en källa i sources.yaml", report)
        checks.figures(frame, indicators, report)
        checks.parts(frame, indicators, report)
        if info is not None:
            inside = {member: kommun.id for kommun in kommuner.values() for member in kommun.members}
            for whole_of in (dict.fromkeys(base, info.city), inside):
                checks.totals(frame, whole_of, indicators, sources, report)
            boundary_file = f"boundaries/{info.boundaries}"
            checks.coverage(frame, every, base, indicators, boundary_file, report)

    report.counts = {"Områden": len(areas), "Indikatorer": len(indicators), "Siffror": len(frame)}
    if info is None or plan is None or not report.ok:
        return None, report
    names = {member: f"{areas[member].name}{within(each)}" for each in kommuner.values() for member in each.members}
    collection, areas = renamed(collection, areas, names)
    pack = Pack(
        root=root,
        info=info,
        areas=areas,
        indicators=indicators,
        sources=sources,
        breaks=tuple(breaks.values()),
        goals=tuple(goals.values()),
        initiatives=tuple(initiatives.values()),
        police=police,
        priorities=tuple(lists.values()),
        index=plan,
        peers=tuple(peers),
        boundaries=collection,
        observations=frame[list(checks.COLUMNS)],
        fingerprint=reader.digest.hexdigest()[:12],
        corrections=tuple(corrections),
        kommuner=kommuner,
    )
    return pack, report


def _catalogue(reader: Reader, file: str, kind: type[Record]) -> dict[str, Record]:
    """Return id → record of a catalogue file, in the file's order."""
    records = reader.records(file, kind)
    checks.unrepeated((record.id for record in records), file, reader.report)
    return {record.id: record for record in records}


def _indicators(reader: Reader) -> dict[str, Indicator]:
    """Return id → indicator, by theme, order and Swedish title."""
    found = []
    for file in reader.names(INDICATORS, ".yaml"):
        indicator = reader.record(file, Indicator)
        if indicator is None:
            continue
        found.append(indicator)
        if indicator.id != Path(file).stem:
            reader.report.add(
                "file_name", file, f"id {indicator.id}", expected=f"{indicator.id}.yaml", column="id"
            )
    themes = list(Theme)
    found.sort(key=lambda i: (themes.index(i.theme), i.order, swedish_order(i.title.sv)))
    return {indicator.id: indicator for indicator in found}


def _areas(reader: Reader, info: PackInfo | None) -> tuple[dict, dict[str, Area], list[str]]:
    """Return the boundaries, id → area of all levels in order of display, and the base areas' ids."""
    listed = reader.records(AREAS, Area)
    table = _aliases(reader)
    if info is None:
        return {}, {area.id: area for area in listed}, []
    file = f"boundaries/{info.boundaries}"
    collection = reader.json(file)
    drawn = [] if collection is None else checks.borders(collection, file, reader.report)
    if not isinstance(collection, dict) or len(drawn) < len(collection.get("features") or ()):
        reader.lost.add(file)
    base = [area for area in (_base_area(reader, info, file, *pair) for pair in drawn) if area is not None]
    ids = [area.id for area in base]
    checks.unrepeated([*ids, *(area.id for area in listed)], AREAS, reader.report)
    if reader.whole(AREAS, "boundaries"):
        checks.areas(listed, set(ids), info.base_level, info.city, AREAS, reader.report)
    levels = list(Level)
    named = [_with_aliases(area, table.get(area.id, ())) for area in [*listed, *base]]
    named.sort(key=lambda area: (levels.index(area.level), swedish_order(area.name)))
    areas = {area.id: area for area in named}
    if reader.whole(AREAS, "boundaries"):
        checks.aliases(table, areas, ALIASES, reader.report)
        checks.level_words(info, areas, "pack.yaml", reader.report)
    return collection or {}, areas, ids


def _kommuner(reader: Reader, areas: Mapping[str, Area], base: list[str]) -> dict[str, Area]:
    """Return id → kommun of a country, by Swedish name."""
    listed = sorted(reader.records(KOMMUNER, Area), key=lambda area: swedish_order(area.name))
    checks.unrepeated((area.id for area in listed), KOMMUNER, reader.report)
    if reader.whole(KOMMUNER, "boundaries"):
        checks.kommuner(listed, areas, set(base), KOMMUNER, reader.report)
    return {area.id: area for area in listed}


def within(kommun: Area) -> str:
    """Return what an area's name ends with in a country, where areas of many kommuner are called the same."""
    return f" ({kommun.name})"


def renamed(collection: dict, areas: Mapping[str, Area], names: Mapping[str, str]) -> tuple[dict, dict[str, Area]]:
    """Return boundaries and areas with other names, by id; those that have none there keep theirs."""
    if not names:
        return collection, dict(areas)
    drawn = [(f, f["properties"], names.get(f["properties"]["id"])) for f in collection["features"]]
    features = [f | {"properties": own | {"name": name}} if name else f for f, own, name in drawn]
    called = {id_: area.model_copy(update={"name": names[id_]}) if id_ in names else area for id_, area in areas.items()}
    return collection | {"features": features}, called


def _base_area(reader: Reader, info: PackInfo, file: str, area: str, name: str) -> Area | None:
    """Return the base area of a feature."""
    return reader.valid({"id": area, "name": name, "level": info.base_level}, Area, file, "", ())


def _with_aliases(area: Area, more: Iterable[str]) -> Area:
    """Return the area with `more` everyday names."""
    return area.model_copy(update={"aliases": (*area.aliases, *more)}) if more else area


def _aliases(reader: Reader) -> dict[str, tuple[str, ...]]:
    """Return area id → everyday names."""
    content, _ = reader.yaml(ALIASES)
    valid = isinstance(content, dict) and all(
        isinstance(area, str) and isinstance(names, list) and all(isinstance(n, str) for n in names)
        for area, names in content.items()
    )
    if valid:
        return {area: tuple(names) for area, names in content.items()}
    if reader.whole(ALIASES):
        reader.lose("schema", ALIASES, "något annat", expected="områdets id: [vardagsnamn, …]", row=1)
    return {}


def _observations(reader: Reader) -> pd.DataFrame:
    """Return the figures of all CSV files with file, row and sound (numbers could be read)."""
    tables = [table(reader, file) for file in reader.names("observations", ".csv")]
    tables = [rows for rows in tables if rows is not None and len(rows)]
    if not tables:
        reader.report.add("no_observations", "observations", "ingen rad med siffror")
        return pd.DataFrame()
    frame = checks.numbers(joined(tables), reader.report)
    checks.order(frame, reader.report)
    return frame
