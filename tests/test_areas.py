from collections import Counter
from pathlib import Path

import pytest
import yaml

from omradesbild.find import search, swedish_key
from omradesbild.model import Area, Goal, Initiative, Level, PoliceEdition

ROOT = Path(__file__).parents[1]
CATALOG = ROOT / "data" / "catalog"
BASE = [f"1280R{number:03}" for number in range(1, 92)]


def read(name, kind):
    return [kind(**entry) for entry in yaml.safe_load((CATALOG / name).read_text("utf-8"))]


@pytest.fixture(scope="module")
def areas():
    return read("areas.yaml", Area)


@pytest.fixture(scope="module")
def by_id(areas):
    return {area.id: area for area in areas}


@pytest.fixture(scope="module")
def editions():
    return {edition.edition: edition for edition in read("police.yaml", PoliceEdition)}


@pytest.fixture(scope="module")
def initiatives():
    return read("initiatives.yaml", Initiative)


def test_the_city_twenty_everyday_areas_and_ten_districts(areas):
    assert Counter(area.level for area in areas) == {Level.KOMMUN: 1, Level.NAMED: 20, Level.DISTRICT: 10}
    assert len({area.id for area in areas}) == len({area.name for area in areas}) == 31
    city = areas[0]
    assert (city.id, city.name, city.members) == ("1280", "Malmö", ())


def test_every_area_has_a_source_and_members_that_exist(areas):
    assert [area.id for area in areas if not area.source] == []
    for area in areas[1:]:
        assert area.members, area.id
        assert set(area.members) <= set(BASE), area.id
        assert list(area.members) == sorted(set(area.members)), area.id


def test_what_is_approximate_says_how_in_both_languages(areas):
    silent = [a.id for a in areas if a.approximate and not (a.note and a.note.sv and a.note.en)]
    assert silent == []
    twice = [a.id for a in areas if a.note and a.note.sv.startswith("Ungefärlig") or a.note and a.note.en.startswith("Approx")]
    assert not twice, "the page says itself that the border is approximate"


def test_districts_share_out_every_regso_once(areas):
    members = [member for area in areas if area.level is Level.DISTRICT for member in area.members]
    assert sorted(members) == BASE
    assert all(area.approximate for area in areas if area.level is Level.DISTRICT)


def test_names_in_swedish_order(areas):
    names = [area.name for area in areas]
    assert sorted(names, key=swedish_key)[:3] == ["Almgården–Jägersro", "Augustenborg", "Bellevuegården"]
    assert sorted(names, key=swedish_key)[-1] == "Västra innerstaden (stadsdel)"


@pytest.mark.parametrize(
    ("area", "members"),
    [
        ("sofielund", "066 072"),
        ("bid-sofielund", "003 066 072"),
        ("bid-mollevangen", "049 050 051 052 059 071"),
        ("mollan", "049 050 051 052"),
        ("holma-kroksback", "030 031 040"),
        ("rosengard", "016 028 042 056 083 087 088"),
        ("nydala-hermodsdal-lindangen", "027 045 053"),
        ("vastra-hamnen", "079 080 081 082"),
        ("sd-oxie", "054 055"),
    ],
)
def test_members(by_id, area, members):
    assert by_id[area].members == tuple(f"1280R{number}" for number in members.split())


def test_exact_and_approximate_areas(by_id):
    exact = {a.id for a in by_id.values() if a.level is Level.NAMED and not a.approximate}
    assert exact == {
        "augustenborg",
        "bid-sofielund",
        "kirseberg",
        "lorensborg",
        "mollan",
        "rosengard",
        "segevang",
        "vastra-hamnen",
    }


def test_aliases_belong_to_regso():
    aliases = yaml.safe_load((CATALOG / "aliases.yaml").read_text("utf-8"))
    assert set(aliases) <= set(BASE)
    assert all(len(set(names)) == len(names) > 0 for names in aliases.values())
    assert aliases["1280R072"] == ["Seved"]


def test_gamla_staden_finds_every_regso_that_shares_it(areas):
    aliases = yaml.safe_load((CATALOG / "aliases.yaml").read_text("utf-8"))
    regso = [Area(id=i, name=i, level=Level.REGSO, aliases=tuple(names)) for i, names in aliases.items()]
    hits = search("gamla staden", [*areas, *regso])
    assert [hit.area.id for hit in hits if hit.area.level is Level.REGSO] == ["1280R022", "1280R047", "1280R025"]


def test_bid_mollevangen_is_an_area_of_its_own_and_not_another_name_of_mollan(by_id, initiatives):
    assert not any("BID" in alias for alias in by_id["mollan"].aliases)
    start = next(event for event in initiatives if event.id == "bid-mollevangen")
    assert start.areas == ("bid-mollevangen",)


def test_police_editions_and_entries(editions):
    assert {e: len(edition.entries) for e, edition in editions.items()} == {
        "2015": 3,
        "2017": 4,
        "2019": 4,
        "2021": 4,
        "2023": 4,
        "2025": 4,
    }
    assert len({entry.id for edition in editions.values() for entry in edition.entries}) == 4


def test_police_borders_are_never_invented(editions):
    for name, edition in editions.items():
        assert edition.borders is (name >= "2021")
        for entry in edition.entries:
            assert bool(entry.overlap) is edition.borders
            assert (entry.border_km2 is not None) is edition.borders
            assert set(entry.overlap) <= set(BASE)
            assert all(0 < share <= 1 for share in entry.overlap.values())


@pytest.mark.parametrize(
    ("edition", "area", "regso", "share"),
    [
        ("2021", "rosengard-s-amiralsgatan", "1280R028", 0.860),
        ("2023", "rosengard-s-amiralsgatan", "1280R028", 0.860),
        ("2025", "rosengard-s-amiralsgatan", "1280R028", 0.791),
        ("2021", "sodra-sofielund", "1280R066", 0.262),
        ("2021", "holma-kroksback", "1280R040", 0.173),
        ("2025", "holma-kroksback", "1280R040", 0.158),
        ("2021", "nydala-hermodsdal-lindangen", "1280R001", 0.408),
        ("2025", "nydala-hermodsdal-lindangen", "1280R001", 0.857),
    ],
)
def test_police_overlap(editions, edition, area, regso, share):
    entry = next(entry for entry in editions[edition].entries if entry.id == area)
    assert entry.overlap[regso] == share


def test_police_categories(editions):
    path = [
        next((e.category for e in editions[year].entries if e.id == "sodra-sofielund"), None)
        for year in ("2015", "2021", "2023", "2025")
    ]
    assert path == ["sarskilt-utsatt", "sarskilt-utsatt", "riskomrade", "utsatt"]
    assert "nydala-hermodsdal-lindangen" not in {entry.id for entry in editions["2015"].entries}
    assert "riskomrade" not in {entry.category for entry in editions["2025"].entries}
    assert "avskaffades" in editions["2025"].note.sv
    nydala = next(e for e in editions["2025"].entries if e.id == "nydala-hermodsdal-lindangen")
    assert (nydala.border_km2, nydala.trend.get(), nydala.trend.get("en")) == (3.44, "positiv", "positive")


def test_thirty_five_initiatives_in_known_areas_and_goals(initiatives, by_id):
    assert len({event.id for event in initiatives}) == len(initiatives) == 35
    goals = {goal.id for goal in read("goals.yaml", Goal)}
    for event in initiatives:
        assert set(event.areas) <= set(BASE) | set(by_id), event.id
        assert set(event.goals) <= goals, event.id
    assert Counter(event.kind for event in initiatives) == {
        "initiativ": 11,
        "overenskommelse": 6,
        "beslut": 7,
        "plan": 4,
        "reform": 3,
        "handelse": 4,
    }
    assert sum(event.areas == ("1280",) for event in initiatives) == 16
    assert [event.id for event in initiatives if not event.areas] == [
        "kraftsamlande-insatser-2024",
        "kraftsamlande-insatser-2026",
    ]


def test_initiatives_keep_dates_and_doubts(initiatives):
    event = {event.id: event for event in initiatives}
    assert (event["bid-sofielund"].start, event["bid-sofielund"].areas) == ("2014-05-29", ("bid-sofielund",))
    assert event["bid-sofielund"].uncertain.startswith("dagen är uträknad")
    assert (event["stadsomradesreformen"].start, event["stadsomradesreformen"].end) == ("2013-07-01", "2017")
    assert event["holmastan-europan"].start is None
    assert sum(e.uncertain is not None for e in initiatives) == 11
    assert all(e.end is None or e.start[:4] <= e.end[:4] for e in initiatives)


def test_texts_use_swedish_quotes_and_places_are_named(areas, initiatives):
    for entry in [*areas, *initiatives]:
        assert '\\"' not in entry.model_dump_json(), entry.id
    assert not any("alla fem" in event.place for event in initiatives)


def test_goals_name_indicators_that_exist():
    goals = read("goals.yaml", Goal)
    assert [goal.id for goal in goals] == ["segregation", "hemloshet", "trygghet"]
    known = {path.stem for path in (CATALOG / "indicators").glob("*.yaml")}
    for goal in goals:
        assert goal.indicators, goal.id
        assert set(goal.indicators) <= known, goal.id
        assert "TN-2022-1256" in goal.source
    assert [len(goal.indicators) for goal in goals] == [8, 7, 17]


def test_goals_say_that_homelessness_and_safety_are_not_measured_per_area():
    goals = {goal.id: goal for goal in read("goals.yaml", Goal)}
    assert "bara för hela staden" in goals["hemloshet"].not_measured.sv
    assert "bara för hela staden" in goals["trygghet"].not_measured.sv
    for goal in ("hemloshet", "trygghet"):
        for indicator in goals[goal].indicators:
            text = (CATALOG / "indicators" / f"{indicator}.yaml").read_text("utf-8")
            assert yaml.safe_load(text)["levels"] == ["kommun"], indicator


def table_row(area):
    """Return the line of docs/areas.md that describes an area."""
    members = ", ".join(area.members) or "all"
    source = f"[{area.source}]({area.source_url})" if area.source_url else area.source
    cells = [area.name, f"`{area.id}`", members, "yes" if area.approximate else "no", source]
    return "| " + " | ".join([*cells, (area.note.en if area.note else None) or ""]) + " |"


def test_the_documentation_describes_every_area(areas):
    lines = (ROOT / "docs" / "areas.md").read_text("utf-8").splitlines()
    rows = [table_row(area) for area in areas]
    assert [row for row in rows if row not in lines] == []
    assert sum(line.startswith("| ") and "`" in line for line in lines) == len(rows)
