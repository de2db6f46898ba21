"""Writes a small valid pack: a city of six base areas in two rows of three, with round figures."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

HEADER = "area,indicator,period,group,value,numerator,denominator,flag,source"
BASE = ("A1", "A2", "A3", "A4", "A5", "A6")
NAMES = ("Berga", "Almgården", "Örnen", "Åkern", "Ängen", "Dalen")
PERIODS = ("2022", "2023", "2024")
#: inhabitants 2022 of A1 … A6; each area grows by 10 a year
PEOPLE = (100, 200, 300, 400, 500, 600)
#: employed per cent of A1 … A6, the same every year
EMPLOYED = (50, 60, 70, 80, 40, 30)

INFO = {
    "id": "small",
    "title": {"sv": "Lilla staden", "en": "The small city"},
    "version": "2026-11-01",
    "city": "9999",
    "whole": "stad",
    "base_level": "regso",
    "boundaries": "small.geojson",
    "boundary_vintage": "2025",
    "attributions": ["© Ingen"],
    "places": [{"name": "Hamnen", "lon": 13.01, "lat": 55.61}],
}
SOURCES = [
    {
        "id": "scb",
        "publisher": "SCB",
        "title": "Påhittad tabell",
        "table": "TAB1",
        "url": "https://www.scb.se/",
        "licence": "CC0",
        "attribution": "SCB",
        "retrieved": "2026-11-01",
    }
]
AREAS = [
    {"id": "9999", "name": "Lilla staden", "level": "kommun"},
    {"id": "vastra", "name": "Västra", "level": "namngivet", "members": ["A1", "A4"], "aliases": ["Väst"]},
    {
        "id": "ostra",
        "name": "Östra",
        "level": "stadsdel",
        "members": ["A2", "A3", "A5", "A6"],
        "approximate": True,
        "source": "Påhittad indelning",
    },
]
ALIASES = {"A1": ["Berget"], "A3": ["Örnäset"]}
INDICATORS = [
    {
        "id": "folkmangd",
        "title": {"sv": "Invånare", "en": "Inhabitants"},
        "theme": "befolkning",
        "unit": {"sv": "invånare"},
        "short_unit": "",
        "kind": "count",
        "definition": {"sv": "Folkbokförda den 31 december."},
        "not_covered": {"sv": "Personer som inte är folkbokförda."},
        "direction": "none",
        "decimals": 0,
        "group_title": {"sv": "Kön"},
        "groups": [{"id": "k", "title": {"sv": "Kvinnor"}}, {"id": "m", "title": {"sv": "Män"}}],
        "levels": ["kommun", "regso"],
    },
    {
        "id": "sysselsatta",
        "title": {"sv": "Sysselsatta"},
        "theme": "arbete",
        "unit": {"sv": "procent av invånarna"},
        "short_unit": "%",
        "kind": "share",
        "numerator": {"sv": "Sysselsatta"},
        "denominator": {"sv": "Invånare"},
        "definition": {"sv": "Andel av invånarna som är sysselsatta."},
        "not_covered": {"sv": "Hur mycket man arbetar."},
        "direction": "higher",
        "levels": ["regso"],
    },
    {
        "id": "inkomst",
        "title": {"sv": "Medianinkomst"},
        "theme": "ekonomi",
        "unit": {"sv": "tusen kronor"},
        "short_unit": "tkr",
        "kind": "median",
        "definition": {"sv": "Den mittersta inkomsten."},
        "not_covered": {"sv": "Förmögenhet."},
        "direction": "higher",
        "levels": ["regso"],
    },
]
BREAKS = [
    {
        "id": "sysselsatta-2024",
        "period": "2024",
        "kind": "definition",
        "indicators": ["sysselsatta"],
        "text": {"sv": "Ny definition 2024."},
    }
]
GOALS = [
    {
        "id": "arbete",
        "title": {"sv": "Fler i arbete"},
        "text": {"sv": "Fler ska ha ett arbete."},
        "indicators": ["sysselsatta"],
        "not_measured": {"sv": "Arbetsvillkor."},
        "source": "Påhittad budget",
    }
]
INDEX = {"weights": {"sysselsatta": 1, "inkomst": 2}, "seed": 1}
PEERS = [{"indicator": "inkomst"}]
INITIATIVES = [
    {
        "id": "lyftet",
        "title": "Lyftet",
        "event": "Start",
        "start": "2023",
        "end": "2024-06",
        "areas": ["A1"],
        "place": "Berga",
        "kind": "initiativ",
        "goals": ["arbete"],
        "source": "Påhittad plan",
        "source_url": "https://example.org/",
    }
]
#: Not written: a pack has no published list until somebody decides.
PRIORITIES = [
    {
        "id": "hostens-lista",
        "by": "Nämnden",
        "published": "2026-11-20",
        "chosen": {
            "name": "Höstens lista",
            "pack": "small",
            "version": "2026-11-01",
            "note": "Vi börjar här.",
            "entries": [{"area": "A6", "indicator": "sysselsatta", "period": "2024", "note": "Först."}],
        },
    }
]
POLICE = [
    {
        "edition": "2023",
        "published": "2023-12-01",
        "borders": True,
        "entries": [
            {
                "area": "Berga",
                "id": "berga",
                "category": "utsatt",
                "source": "Polisen",
                "source_url": "https://polisen.se/",
                "overlap": {"A1": 0.9, "A2": 0.1},
            }
        ],
    }
]


def write(root: Path) -> Path:
    """Write the pack into the folder `root` and return it."""
    for folder in ("catalog/indicators", "boundaries", "observations"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    dump(root / "pack.yaml", INFO)
    for name, content in (
        ("sources", SOURCES),
        ("areas", AREAS),
        ("aliases", ALIASES),
        ("breaks", BREAKS),
        ("goals", GOALS),
        ("index", INDEX),
        ("peers", PEERS),
        ("initiatives", INITIATIVES),
        ("police", POLICE),
    ):
        dump(root / f"catalog/{name}.yaml", content)
    for indicator in INDICATORS:
        dump(root / f"catalog/indicators/{indicator['id']}.yaml", indicator)
    (root / "boundaries/small.geojson").write_text(json.dumps(boundaries(), ensure_ascii=False, indent=1) + "\n")
    lines(root / "observations/befolkning.csv", population())
    lines(root / "observations/arbete.csv", [*incomes(), *employment()])
    return root


def dump(path: Path, content: object) -> None:
    """Write YAML as a person would."""
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def lines(path: Path, rows: list[str]) -> None:
    """Write observation rows under the header."""
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


def boundaries() -> dict:
    """Six squares of 0.01°, A1 A2 A3 in the southern row, A4 A5 A6 in the northern."""
    features = []
    for n, (area, name) in enumerate(zip(BASE, NAMES, strict=True)):
        x, y = 13 + n % 3 / 100, 55.6 + n // 3 / 100
        x1, y1 = round(x + 0.01, 2), round(y + 0.01, 2)
        x, y = round(x, 2), round(y, 2)
        ring = [[x, y], [x1, y], [x1, y1], [x, y1], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"id": area, "name": name, "area_km2": 0.7},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def population() -> list[str]:
    """Inhabitants in total and by sex (half each); the city's own total is the exact sum."""
    rows = []
    for area in ("9999", *BASE):
        for year, period in enumerate(PERIODS):
            of = PEOPLE if area == "9999" else (PEOPLE[BASE.index(area)],)
            people = sum(n + 10 * year for n in of)
            rows.append(f"{area},folkmangd,{period},,{people},,,,scb")
            if area != "9999":
                rows += [f"{area},folkmangd,{period},{sex},{people // 2},,,,scb" for sex in "km"]
    return rows


def incomes() -> list[str]:
    """Medians; A6 is suppressed in 2024."""
    rows = []
    for n, area in enumerate(BASE):
        for period in PERIODS:
            if (area, period) == ("A6", "2024"):
                rows.append(f"{area},inkomst,{period},,,,,..,scb")
            else:
                rows.append(f"{area},inkomst,{period},,{200 + 10 * n},,,,scb")
    return rows


def employment() -> list[str]:
    """Shares with numerator and denominator; 2024 is preliminary."""
    rows = []
    for people, percent, area in zip(PEOPLE, EMPLOYED, BASE, strict=True):
        for period in PERIODS:
            flag = "p" if period == "2024" else ""
            rows.append(f"{area},sysselsatta,{period},,{percent},{people * percent // 100},{people},{flag},scb")
    return rows
