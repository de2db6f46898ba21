"""Small packs made in memory for the analysis: only what `analyse` reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pandas as pd

from omradesbild.model import (
    RATIO_KINDS,
    Area,
    Break,
    IndexPlan,
    Indicator,
    Kind,
    Level,
    PeerVariable,
    PoliceEdition,
    Source,
)

CITY = "9999"
SOURCE = Source(
    id="scb",
    publisher="SCB",
    title="Påhittad tabell",
    url="https://www.scb.se/",
    licence="CC0",
    attribution="SCB",
    retrieved="2026-11-01",
)


@dataclass(frozen=True)
class SmallPack:
    """What the analysis reads of a pack."""

    info: SimpleNamespace
    areas: dict[str, Area]
    indicators: dict[str, Indicator]
    sources: dict[str, Source]
    breaks: tuple[Break, ...]
    observations: pd.DataFrame
    index: IndexPlan
    peers: tuple[PeerVariable, ...] = ()
    police: tuple[PoliceEdition, ...] = ()
    priorities: tuple = ()
    initiatives: tuple = ()
    goals: tuple = ()
    boundaries: dict | None = None
    kommuner: dict[str, Area] = field(default_factory=dict)
    corrections: tuple = ()


def indicator(name: str, kind: str = "share", **more) -> Indicator:
    """An indicator of one kind; shares are per cent, one unit is worth naming, and small numbers are shown."""
    ratio = {"numerator": {"sv": "delen"}, "denominator": {"sv": "helheten"}}
    return Indicator(
        **{
            "id": name,
            "title": {"sv": name},
            "theme": "arbete",
            "unit": {"sv": "enheter"},
            "short_unit": "",
            "kind": kind,
            "definition": {"sv": "påhittad"},
            "not_covered": {"sv": "allt annat"},
            "direction": "none",
            "disclosure": {"public": True, "reason": {"sv": "påhittad"}},
            "levels": ["regso"],
        }
        | (ratio if Kind(kind) in RATIO_KINDS else {})
        | more
    )


def named(name: str, *members: str, level: str = "namngivet", approximate: bool = False) -> Area:
    """A composite area."""
    return Area(id=name, name=name, level=level, members=members, approximate=approximate)


def own(name: str, *members: str, shares: tuple[float, ...] = ()) -> Area:
    """An area that a reader has made."""
    return Area(id=name, name=name, level="eget", members=members, shares=shares, approximate=bool(shares))


def broken(name: str, period: str, indicators=(), areas=()) -> Break:
    """A break in series."""
    return Break(
        id=name, period=period, kind="definition", indicators=indicators, areas=areas, text={"sv": name}
    )


def row(area, indicator, period="2024", value=None, parts=None, flag="", group="", factor=100.0) -> dict:
    """An observation; a ratio is given by its `parts` (numerator, denominator)."""
    if value is None and parts is not None:
        value = factor * parts[0] / parts[1]
    numerator, denominator = parts or (None, None)
    return {
        "area": area,
        "indicator": indicator,
        "period": period,
        "group": group,
        "value": value,
        "numerator": numerator,
        "denominator": denominator,
        "flag": flag,
        "source": "scb",
    }


def pack(rows, indicators, base=("A", "B", "C"), areas=(), breaks=(), sources=(SOURCE,), ordering=(), weights=None) -> SmallPack:
    """A pack of the base areas `base`, composite `areas` and a city without listed members."""
    city = Area(id=CITY, name="Staden", level="kommun")
    order = list(Level)
    composite = sorted(areas, key=lambda area: order.index(area.level))
    basic = [Area(id=area, name=area, level="regso") for area in base]
    observations = pd.DataFrame(rows).astype({"value": float, "numerator": float, "denominator": float})
    return SmallPack(
        info=SimpleNamespace(city=CITY, base_level=Level.REGSO, ordering=tuple(ordering)),
        areas={area.id: area for area in (city, *composite, *basic)},
        indicators={i.id: i for i in indicators},
        sources={s.id: s for s in sources},
        breaks=tuple(breaks),
        observations=observations,
        index=IndexPlan(weights=weights or {}, seed=7),
    )
