"""The made-up city's catalogue: what its figures mean, where they come from, what has happened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
import yaml

from omradesbild.demo.city import CITY, DISTRICTS, KM, NAMED, City
from omradesbild.demo.figures import OLD_SOURCE_UNTIL
from omradesbild.demo.people import AGES, BORDER_YEAR, SEXES, People
from omradesbild.demo.plan import COURSES, EFFECTS, UNLUCKY, Plan

MARK = "Påhittade siffror"
ADDRESS = "https://example.org/pahittat/"
BOUNDARIES = "pahittestad.geojson"
HEADLINE = ("folkmangd", "lag_ekonomisk_standard", "arbetslosa_20_64", "forgymnasial", "otrygga")
ORDERING = ("lag_ekonomisk_standard", "forgymnasial")
PLACES = 5
ISSUED = "2026-11-22"


def info(version: str, city: City) -> dict:
    """Return the content of pack.yaml."""
    middle = shapely.get_coordinates(shapely.point_on_surface(city.shapes))
    shown = [int(group[0]) for group in city.groups[:: len(city.groups) // PLACES]][:PLACES]
    return {
        "id": "demo",
        "title": {"sv": f"{MARK} – övningsstad", "en": "Made-up figures – practice city"},
        "version": version,
        "city": CITY,
        "whole": "stad",
        "base_level": "regso",
        "boundaries": BOUNDARIES,
        "boundary_vintage": "Påhittade gränser 2025",
        "demonstration": True,
        "attributions": [MARK],
        "places": [
            {
                "name": city.names[a].rsplit(" ", 1)[0],
                "lon": round(float(middle[a][0]), 4),
                "lat": round(float(middle[a][1]), 4),
            }
            for a in shown
        ],
        "headline": list(HEADLINE),
        "ordering": list(ORDERING),
        "note": {
            "sv": "En påhittad stad för övning och prov. Ingenting här handlar om en verklig plats.",
            "en": "A made-up city for practice and tests. Nothing here is about a real place.",
        },
    }


def indicators() -> dict[str, dict]:
    """Return id → the content of its file."""
    text = (Path(__file__).parent / "indicators.yaml").read_text(encoding="utf-8")
    found = {entry["id"]: entry for entry in yaml.load(text, yaml.CSafeLoader)}
    for entry in found.values():
        entry["not_covered"] = {
            "sv": "Siffrorna är påhittade och säger ingenting om någon verklig plats.",
            "en": "The figures are made up and say nothing about any real place.",
        }
        entry["processing"] = {
            "sv": "Dragna av en slumpgenerator enligt docs/demo.md.",
            "en": "Drawn by a random number generator as told in docs/demo.md.",
        }
    found["alder_kon"] |= {"groups": _age_groups(), "default_group": f"{SEXES[0]}|{AGES[0]}"}
    return found


def _age_groups() -> list[dict]:
    return [
        {
            "id": f"{sex}|{age}",
            "title": {"sv": f"{sv}, {_years(age)[0]}", "en": f"{en}, {_years(age)[1]}"},
        }
        for sex, sv, en in zip(SEXES, ("Kvinnor", "Män"), ("Women", "Men"), strict=True)
        for age in AGES
    ]


def _years(age: str) -> tuple[str, str]:
    """Return an age class in Swedish and English."""
    if age.endswith("+"):
        return f"{age[:-1]} år och äldre", f"{age[:-1]} years and older"
    return f"{age} år".replace("-", "–"), f"{age} years".replace("-", "–")


def sources() -> list[dict]:
    """Return the made-up sources."""
    titles = {
        "pahittad-folkrakning": "Påhittad källa: folkräkning",
        "pahittad-aldre-rakning": "Påhittad källa: äldre räkning",
        "pahittad-enkat": "Påhittad källa: enkät",
        "pahittad-valnatt": "Påhittad källa: valnatt",
        "pahittad-anmalan": "Påhittad källa: anmälningar",
        "pahittad-klassning": "Påhittad källa: klassning",
        "pahittad-kartlaggning": "Påhittad källa: kartläggning",
    }
    return [
        {
            "id": source,
            "publisher": "Påhittad källa",
            "title": title,
            "url": ADDRESS + source,
            "licence": "CC0 1.0",
            "attribution": MARK,
            "retrieved": ISSUED,
        }
        for source, title in titles.items()
    ]


def areas(city: City) -> list[dict]:
    """Return the city, the named areas and the districts."""
    origin = {"source": "Påhittad indelning"}
    named = [
        {
            "id": f"pahitt-{number}",
            "name": name,
            "level": "namngivet",
            "members": [city.ids[a] for a in members],
            "approximate": NAMED[name][1],
            "aliases": [f"Påhittstället {number}"],
            **origin,
        }
        for number, (name, members) in enumerate(city.named.items(), 1)
    ]
    districts = [
        {
            "id": f"pahitt-sd-{number}",
            "name": name,
            "level": "stadsdel",
            "members": [city.ids[a] for a in np.flatnonzero(city.district == number)],
            **origin,
        }
        for number, name in enumerate(DISTRICTS)
    ]
    return [{"id": CITY, "name": "Påhittestad", "level": "kommun", **origin}, *named, *districts]


def aliases(city: City) -> dict[str, list[str]]:
    """Return an everyday name for every tenth area."""
    return {area: [f"Påhittvardag {n}"] for n, area in enumerate(city.ids, 1) if n % 10 == 0}


def breaks(city: City, people: People) -> list[dict]:
    """Return the planted breaks: a definition, a source, and borders that moved."""
    definition, source = (COURSES[i].shift[0] for i in ("sysselsatta_20_64", "lag_ekonomisk_standard"))
    return [
        {
            "id": "pahittad-definition",
            "period": str(definition),
            "kind": "definition",
            "indicators": ["sysselsatta_20_64"],
            "text": {"sv": "Påhittat brott: ny definition.", "en": "Made-up break: new definition."},
        },
        {
            "id": "pahittad-kalla",
            "period": str(source),
            "kind": "source",
            "indicators": ["lag_ekonomisk_standard"],
            "text": {
                "sv": f"Påhittat brott: en annan källa till och med {OLD_SOURCE_UNTIL}.",
                "en": f"Made-up break: another source up to {OLD_SOURCE_UNTIL}.",
            },
        },
        {
            "id": "pahittad-grans",
            "period": str(BORDER_YEAR),
            "kind": "boundary",
            "areas": sorted(city.ids[a] for pair in people.moves for a in pair),
            "text": {
                "sv": "Påhittat brott: områdets gräns flyttas.",
                "en": "Made-up break: the border moves.",
            },
        },
    ]


def index() -> dict:
    """Return the weights of the made-up city's own index, and what its likeness is made of."""
    weighed = ("arbetslosa_20_64", "forgymnasial", "lag_ekonomisk_standard", "otrygga", "trangbodda")
    return {
        "weights": dict.fromkeys(weighed, 1),
        "seed": 1,
        "likeness": {
            "low_standard": "lag_ekonomisk_standard",
            "low_education": "forgymnasial",
            "out_of_work": "ekonomiskt_bistand",
            "stand_in": True,
        },
        "published": "omradestyp",
    }


def peers() -> list[dict]:
    """Return what areas of the made-up city are held alike by."""
    return [
        {"indicator": "andel_0_19"},
        {"indicator": "andel_65_plus"},
        {"indicator": "ensamboende"},
        {"indicator": "hyresratt"},
        {"indicator": "eftergymnasial", "near": ["forgymnasial"]},
    ]


def goals() -> list[dict]:
    """Return three made-up goals."""
    told = (
        (
            "segregation",
            ("Påhittat mål: minskad segregation", "Made-up goal: less segregation"),
            ("lag_ekonomisk_standard", "arbetslosa_20_64", "forgymnasial", "trangbodda", "valdeltagande"),
            ("Flyttningar mellan områden.", "Moves between areas."),
        ),
        (
            "hemloshet",
            ("Påhittat mål: minskad hemlöshet", "Made-up goal: less homelessness"),
            ("hemlosa_vuxna", "ekonomiskt_bistand"),
            ("Hemlöshet i områden.", "Homelessness in areas."),
        ),
        (
            "trygghet",
            ("Påhittat mål: ökad trygghet", "Made-up goal: more safety"),
            ("otrygga", "anmalda_brott"),
            ("Brott som inte anmäls.", "Crime that is not reported."),
        ),
    )
    return [
        {
            "id": goal,
            "title": dict(zip(("sv", "en"), title, strict=True)),
            "text": dict(zip(("sv", "en"), title, strict=True)),
            "indicators": list(of),
            "not_measured": dict(zip(("sv", "en"), rest, strict=True)),
            "source": "Påhittad budget",
            "source_url": ADDRESS + "budget",
        }
        for goal, title, of, rest in told
    ]


#: initiative → title, what happens, kind, goals
INITIATIVES = {
    "jobbsatsning": ("Påhittad jobbsatsning", "Coacher i området.", "initiativ", ["segregation"]),
    "vuxenutbildning": ("Påhittad vuxenutbildning", "Kurser nära hemmet.", "initiativ", ["segregation"]),
    "trygghetsvardar": ("Påhittad kvällsvandring", "Värdar i området.", "initiativ", ["trygghet"]),
    "upprustning": ("Påhittad upprustning", "Nytt ljus på torget.", "plan", ["trygghet"]),
    "reform": ("Påhittad reform", "Nya regler i hela staden.", "reform", ["hemloshet"]),
    "traffpunkt": ("Påhittad träffpunkt", "En lokal för möten.", "initiativ", ["segregation"]),
    "radgivning": ("Påhittad rådgivning", "Råd där läget såg dåligt ut.", "initiativ", ["segregation"]),
    "samverkan": ("Påhittad samverkan", "Parter kommer överens.", "overenskommelse", ["segregation"]),
}


def initiatives(city: City, plan: Plan, unlucky: int) -> list[dict]:
    """Return the initiatives, without a word of their effects."""
    names = {tuple(members): number for number, members in enumerate(city.named.values(), 1)}
    found = []
    for effect in EFFECTS:
        title, event, kind, of = INITIATIVES[effect.initiative]
        places = (unlucky,) if effect.initiative == UNLUCKY else plan.places[effect.initiative]
        if len(places) == len(city.ids):
            listed = [CITY]
        elif places in names:
            listed = [f"pahitt-{names[places]}"]
        else:
            listed = [city.ids[a] for a in places]
        found.append(
            {
                "id": effect.initiative,
                "title": title,
                "event": event,
                "start": str(effect.start),
                "areas": listed,
                "place": "Påhittad plats",
                "actors": "Påhittad aktör",
                "kind": kind,
                "goals": of,
                "source": "Påhittad källa",
                "source_url": ADDRESS + effect.initiative,
            }
        )
    return found


def priorities(version: str, city: City, plan: Plan) -> list[dict]:
    """Return a made-up published list: three measures in the areas with the greatest disadvantage, and one in the middle area."""
    worst_first = [city.ids[int(a)] for a in np.argsort(-plan.disadvantage)]
    measures = ("lag_ekonomisk_standard", "arbetslosa_20_64", "trangbodda")
    rows = [(area, measure) for area in worst_first[:3] for measure in measures]
    rows.append((worst_first[len(worst_first) // 2], measures[0]))
    entries = [{"area": a, "indicator": i, "period": "2025", "note": "Påhittad kommentar."} for a, i in rows]
    chosen = {
        "name": "Påhittad prioriteringslista",
        "pack": "demo",
        "version": version,
        "note": "Påhittad lista. Ingen nämnd har gjort den.",
        "entries": entries,
    }
    return [{"id": "pahittad-lista", "by": "Påhittade nämnden", "published": version[:10], "chosen": chosen}]


def police(city: City, plan: Plan) -> list[dict]:
    """Return three editions of a made-up list: one area leaves it, one joins, one is redrawn.

    Four of the eight areas with the greatest disadvantage are ever on it.
    """
    worst = dict(zip("abcd", (int(a) for a in np.argsort(-plan.disadvantage)[:8:2]), strict=True))
    note = {"sv": "Påhittad lista. Ingen polis har gjort den.", "en": "Made-up list. No police have made it."}
    return [
        {
            "edition": edition,
            "published": f"{edition}-12",
            "borders": True,
            "note": note,
            "entries": [_entry(city, worst[name], edition, name) for name in on],
        }
        for edition, on in (("2015", "abc"), ("2019", "abd"), ("2023", "bd"))
    ]


#: (edition, entry) → what changed
CHANGES = {("2015", name): {"sv": "ny (första listan)", "en": "new (the first list)"} for name in "abc"}
CHANGES |= {("2019", "d"): {"sv": "ny", "en": "new"}, ("2019", "a"): {"sv": "ändrad gräns", "en": "border moved"}}


def _entry(city: City, area: int, edition: str, name: str) -> dict:
    """Return one area of one edition."""
    overlap = _overlap(city, area, edition, name)
    size = dict(zip(city.ids, kilometres(city), strict=True))
    return {
        "area": f"Påhittad lista {name.upper()}",
        "id": f"pahittad-{name}",
        "category": "sarskilt-utsatt" if name == "b" else "utsatt",
        "change": CHANGES.get((edition, name)),
        "border_km2": round(float(sum(share * size[inside] for inside, share in overlap.items())), 2),
        "source": "Påhittad lista",
        "source_url": ADDRESS + "lista",
        "overlap": overlap,
    }


def _overlap(city: City, area: int, edition: str, name: str) -> dict[str, float]:
    """Return the share of each area inside the border; entry a is drawn larger from the second edition."""
    beside = city.neighbour(area, {area})
    wider = name == "a" and edition > "2015"
    return dict(sorted({city.ids[area]: 0.85, city.ids[beside]: 0.4 if wider else 0.1}.items()))


def kilometres(city: City) -> np.ndarray:
    """Return the areas' surfaces in square kilometres."""
    return (shapely.area(city.shapes) * KM.prod()).round(3)
