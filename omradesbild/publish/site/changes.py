"""What differs between the edition that a folder shows and the one that is about to take its place.

The earlier edition is read from its own data files. A figure that is no longer shown is told without its number. An address
of the earlier edition – an area's or an indicator's – that the new one has no page for is remembered for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import shape

from omradesbild.analyse.statements import Statements
from omradesbild.publish.site import addresses
from omradesbild.publish.site.data import geo
from omradesbild.publish.site.data.figures import DECIMALS

KINDS = ("new", "changed", "hidden", "gone")
#: An area is told to lie where another was, if it covers at least so much of it.
LEAST_SHARE = 0.05

#: Area, indicator, period and group.
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is new, changed, no longer shown, or gone. Both values are there only where it has changed."""

    area: str
    indicator: str
    period: str
    group: str
    kind: str
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """An area ("omrade") or indicator ("indikator") that an earlier edition had a page for.

    Attributes
    ----------
    edition : str
        The last one that had it.
    successors : tuple of (str, float)
        The areas of its level that lie there now, and how much of it they cover (0–1), most first.
    """

    kind: str
    id: str
    name: str
    edition: str
    successors: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the edition `before`, '' where there is none: this is the first.

    `renamed` are kind, id, earlier name and name now.
    """

    before: str = ""
    version: str = ""
    added: tuple[tuple[str, str], ...] = ()
    renamed: tuple[tuple[str, str, str, str], ...] = ()
    gone: tuple[Gone, ...] = ()
    figures: tuple[Change, ...] = ()


def since(folder: Path, earlier: Mapping | None, statements: Statements) -> Changes:
    """Compare what the edition in `folder` says – `earlier` is what it says about itself – with the statements now."""
    if earlier is None:
        return Changes()
    pack = statements.pack
    names = {
        "omrade": {area.id: area.name for area in pack.areas.values()},
        "indikator": {i.id: i.title.sv for i in pack.indicators.values()},
    }
    before = {
        "omrade": earlier["areas"],
        "indikator": {id_: title["sv"] for id_, title in earlier["indicators"].items()},
    }
    lost = [Gone(kind, id_, name, earlier["edition"]) for kind in names for id_, name in before[kind].items()]
    lost += [Gone(**row | {"successors": tuple(map(tuple, row["successors"]))}) for row in earlier["gone"]]
    lost = [row for row in lost if row.id not in names[row.kind]]
    return Changes(
        before=earlier["edition"],
        version=earlier["version"],
        added=tuple((kind, id_) for kind in names for id_ in names[kind] if id_ not in before[kind]),
        renamed=tuple(
            (kind, id_, before[kind][id_], name)
            for kind in names
            for id_, name in names[kind].items()
            if before[kind].get(id_, name) != name
        ),
        gone=tuple(_with_successors(lost, folder, statements)),
        figures=tuple(_figures(folder, before["indikator"], statements)),
    )


def _with_successors(lost: list[Gone], folder: Path, statements: Statements) -> Iterator[Gone]:
    """Add to each area that has just gone which areas of its level lie there now."""
    fresh = [row for row in lost if row.kind == "omrade" and not row.successors]
    drawn = _earlier_borders(folder) if fresh else {}
    now = geo.outlines(statements.pack) if drawn else {}
    for row in lost:
        found = []
        if row in fresh and row.id in drawn:
            level, border = drawn[row.id]
            for id_, area in now.items():
                if statements.pack.areas[id_].level == level:
                    share = shapely.intersection(border, area).area / border.area
                    found += [(id_, round(share, 2))] if share >= LEAST_SHARE else []
        successors = tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))) or row.successors
        yield Gone(row.kind, row.id, row.name, row.edition, successors)


def _earlier_borders(folder: Path) -> dict[str, tuple[str, shapely.Geometry]]:
    document = _read(folder / geo.GEOJSON)
    rows = document["features"] if document else []
    return {row["id"]: (row["properties"]["level"], shape(row["geometry"])) for row in rows}


def _figures(folder: Path, indicators: Mapping[str, str], statements: Statements) -> Iterator[Change]:
    known = statements.pack.indicators
    for indicator in [*known, *(id_ for id_ in indicators if id_ not in known)]:
        before = _values(folder / addresses.indicator_data(indicator, "json"))
        now = {(s.area.id, s.indicator.id, s.period, s.group): s for s in statements.of(indicator)}
        for key in [*now, *(key for key in before if key not in now)]:
            earlier, said = before.get(key), now.get(key)
            value = None if said is None or said.value is None else round(said.value, DECIMALS)
            if value is not None and earlier is None:
                yield Change(*key, "new")
            elif value is not None and value != earlier:
                yield Change(*key, "changed", earlier, value)
            elif value is None and earlier is not None:
                yield Change(*key, "hidden" if said is not None and said.flag.startswith("..") else "gone")


def _values(path: Path) -> dict[Key, float]:
    """Return the figures that a JSON file of an edition shows."""
    document = _read(path)
    if not document:
        return {}
    at = document["fields"].index("value")
    return {tuple(row[:4]): row[at] for row in document["figures"] if row[at] is not None}


def _read(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
