import json
from pathlib import Path

import pytest
import yaml

from omradesbild.find import fold, search, swedish_key
from omradesbild.model import Area, Level

CATALOG = Path(__file__).parents[1] / "data" / "catalog"


@pytest.fixture(scope="module")
def areas():
    aliases = yaml.safe_load((CATALOG / "aliases.yaml").read_text("utf-8"))
    named = [Area(**entry) for entry in yaml.safe_load((CATALOG / "areas.yaml").read_text("utf-8"))]
    boundaries = next((CATALOG.parent / "boundaries").glob("*.geojson"))
    regso = [
        Area(
            id=feature["properties"]["id"],
            name=feature["properties"]["name"],
            level=Level.REGSO,
            aliases=tuple(aliases.get(feature["properties"]["id"], ())),
        )
        for feature in json.loads(boundaries.read_text("utf-8"))["features"]
    ]
    return [*named, *regso]


def ids(hits):
    return [hit.area.id for hit in hits]


@pytest.mark.parametrize(
    ("query", "first", "how"),
    [
        ("möllan", "mollan", "exact"),
        ("MOLLAN", "mollan", "exact"),
        ("möllevången", "mollan", "exact"),
        ("Krocksbäck", "holma-kroksback", "exact"),
        ("kroksbäck", "holma-kroksback", "exact"),
        ("holma kroksback", "holma-kroksback", "exact"),
        ("Kroksbäck – Holma", "holma-kroksback", "exact"),
        ("holma", "1280R030", "exact"),
        ("seved", "1280R072", "exact"),
        ("lindangen", "1280R045", "exact"),
        ("vastra hamn", "vastra-hamnen", "prefix"),
        ("västrahamnen", "vastra-hamnen", "exact"),
        ("bid", "bid-sofielund", "words"),
        ("1280R030", "1280R030", "exact"),
        ("1280", "1280", "exact"),
        ("malmo", "1280", "exact"),
        ("rosengard", "rosengard", "exact"),
        ("rosengards centrum", "1280R028", "exact"),
        ("södra innerstaden", "sd-sodra-innerstaden", "exact"),
        ("ön", "1280R086", "exact"),
        ("sege", "segevang", "exact"),
        ("herrgården", "1280R028", "words"),
        ("kyrkogård", "1280R016", "prefix"),
        ("värnhem", "1280R077", "words"),
        ("roosengård", "rosengard", "typo"),
        ("sofielnud", "sofielund", "typo"),
        ("krokbäck", "holma-kroksback", "typo"),
        ("agustenborg", "augustenborg", "typo"),
    ],
)
def test_the_right_area_comes_first(areas, query, first, how):
    hit = search(query, areas)[0]
    assert (hit.area.id, hit.how) == (first, how)


@pytest.mark.parametrize(
    "query", ["", "  ", "%%", "xyzzy", "göteborg", "stockholm", "möllan i lund", "bananskal"]
)
def test_nonsense_finds_nothing(areas, query):
    assert search(query, areas) == []


def test_everyday_area_before_regso_before_district(areas):
    assert ids(search("s", areas))[0] == "sofielund"
    assert ids(search("malm", areas)) == ["1280", "1280R047", "sd-centrum"]
    assert ids(search("rosengård", areas)) == ["rosengard", "1280R028", "sd-rosengard"]
    assert ids(search("hyllie", areas))[:3] == ["hyllie", "1280R033", "sd-hyllie"]


def test_larger_areas_follow_the_part_that_was_named(areas):
    hits = search("Seved", areas)
    assert ids(hits) == ["1280R072", "sofielund", "bid-sofielund", "sd-sodra-innerstaden"]
    assert [(hit.text, hit.how) for hit in hits[1:]] == [("Seved", "part")] * 3


def test_hit_tells_the_name_that_matched(areas):
    assert search("dockan", areas)[0].text == "Dockan"


def test_limit(areas):
    assert len(search("1280r", areas)) == 8
    assert len(search("1280r", areas, limit=3)) == 3


def test_every_name_finds_its_own_area_within_three(areas):
    lost = [
        (name, area.id)
        for area in areas
        for name in (area.name, *area.aliases, area.id)
        if area.id not in ids(search(name, areas)[:3])
    ]
    assert lost == []


def test_fold():
    assert fold("Västra-Hamnen, É") == ("vastra", "hamnen", "e")
    assert fold("Østerbro") == ("osterbro",)


@pytest.mark.parametrize(
    ("shuffled", "expected"),
    [
        (["Ön", "Åkarp", "Zon", "Ärtholmen", "Almvik"], ["Almvik", "Zon", "Åkarp", "Ärtholmen", "Ön"]),
        (["oxie", "Oxievång", "Ön", "Oxie"], ["Oxie", "oxie", "Oxievång", "Ön"]),
        (["Müller", "Myra", "Mus"], ["Mus", "Müller", "Myra"]),
        (["idéb", "idea", "idéc"], ["idea", "idéb", "idéc"]),
        (["Östra", "Ørsted", "Ägir", "Ære"], ["Ägir", "Ære", "Ørsted", "Östra"]),
        (["Möllevången väst", "Möllevången", "Mollan"], ["Mollan", "Möllevången", "Möllevången väst"]),
    ],
)
def test_swedish_order(shuffled, expected):
    assert sorted(shuffled, key=swedish_key) == expected
