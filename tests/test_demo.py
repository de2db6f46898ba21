"""The demonstration pack: sound, marked, the same bytes every time, and true to what was planted."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from omradesbild import demo, pack
from omradesbild.analyse import statements
from omradesbild.demo import figures
from omradesbild.demo.people import stock
from omradesbild.model import Kind, Level

ROOT = Path(__file__).resolve().parent.parent
CITY = "pahittestad"
FINGERPRINT = "9aa9d75d47ef"
#: Areas with as many residents can show the planted trends.
LARGE = 5000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo.build(tmp_path_factory.mktemp("demo") / "pack")


@pytest.fixture(scope="module")
def built(root: Path) -> pack.Pack:
    return pack.load(root)


@pytest.fixture(scope="module")
def engine(built: pack.Pack) -> statements.Statements:
    return statements.build(built)


@pytest.fixture(scope="module")
def rows(built: pack.Pack) -> pd.DataFrame:
    """Observations with the level of their area."""
    level = {area.id: str(area.level) for area in built.areas.values()}
    return built.observations.assign(level=built.observations["area"].map(level))


def digest(root: Path) -> dict[str, str]:
    """Hash of every file under a folder."""
    found = (path for path in root.rglob("*") if path.is_file())
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found
    }


# ---- sound and repeatable -----------------------------------------------------------------------


def test_checks_find_nothing(root: Path) -> None:
    assert pack.check(root).findings == []


def test_same_seed_gives_the_same_bytes_in_another_process(root: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    command = [sys.executable, "-m", "omradesbild", "demo", "--out", str(again), "--seed", str(demo.SEED)]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=180)
    assert digest(again) == digest(root)


def test_another_seed_gives_another_city(root: Path, tmp_path: Path) -> None:
    other = demo.build(tmp_path / "other", seed=demo.SEED + 1)
    assert pack.check(other).findings == []
    ours, theirs = digest(root), digest(other)
    assert ours.keys() == theirs.keys()
    different = {file for file in ours if ours[file] != theirs[file]}
    assert {"observations/arbete.csv", "boundaries/pahittestad.geojson", "catalog/police.yaml"} <= different


def test_version_follows_the_figures(built: pack.Pack) -> None:
    """The app keeps what it has built under the version's name: other figures need another version."""
    assert (demo.VERSION, built.fingerprint) == ("2026-11-28.5", FINGERPRINT)
    assert built.info.version == demo.VERSION


def test_never_writes_over_a_folder(root: Path) -> None:
    before = digest(root)
    with pytest.raises(FileExistsError):
        demo.build(root)
    assert digest(root) == before


def test_app_can_ask_for_it_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, root: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("OMRADESBILD_PACK", "demo")
    assert digest(pack.resolve()) == digest(root)


# ---- what there is ------------------------------------------------------------------------------


def test_counts(built: pack.Pack, root: Path) -> None:
    levels = [area.level for area in built.areas.values()]
    assert [levels.count(level) for level in Level] == [1, 0, 7, 0, 4, 91, 0]
    assert len(built.indicators) == 26
    assert {indicator.kind for indicator in built.indicators.values()} == set(Kind) - {Kind.INDEX}
    assert (min(built.observations["period"]), max(built.observations["period"])) == ("2010", "2025")
    assert (len(built.breaks), len(built.goals), len(built.initiatives), len(built.police)) == (3, 3, 8, 3)
    assert len(built.info.headline) == 5
    assert (root / "boundaries/pahittestad.geojson").stat().st_size < 200_000


def test_named_areas_and_districts(built: pack.Pack) -> None:
    named = [area for area in built.areas.values() if area.level is Level.NAMED]
    base = {area.id for area in built.areas.values() if area.level is Level.REGSO}
    assert sum(area.approximate for area in named) == 1
    assert sum(len(area.members) == 1 for area in named) == 1
    overlapping = [
        (a.name, b.name) for a in named for b in named if a.name < b.name and {*a.members} & {*b.members}
    ]
    assert overlapping == [("Påhittade backarna", "Påhittade höjderna")]
    of_districts = [m for area in built.areas.values() if area.level is Level.DISTRICT for m in area.members]
    assert len(of_districts) == 91 and set(of_districts) == base


def test_sizes_are_like_real_ones(engine: statements.Statements) -> None:
    for period, low, high in (("2010", 600, 8000), ("2025", 600, 10_000)):
        people = engine.base_at("folkmangd", period)["value"]
        assert low <= people.min() and people.max() <= high
    assert engine.get(CITY, "folkmangd", "2025").value == people.sum()


def test_neighbours_are_alike(built: pack.Pack, engine: statements.Statements) -> None:
    """Moran's I of the shares, with touching areas as neighbours; −1/90 if places were drawn at random."""
    import shapely

    ids = [feature["properties"]["id"] for feature in built.boundaries["features"]]
    shapes = np.array([shapely.geometry.shape(f["geometry"]) for f in built.boundaries["features"]])
    a, b = shapely.STRtree(shapes).query(shapes, predicate="touches")
    for indicator in ("lag_ekonomisk_standard", "forgymnasial", "hyresratt"):
        value = engine.base_at(indicator, "2025", ids=ids)["value"].to_numpy()
        deviation = value - value.mean()
        moran = len(ids) / len(a) * (deviation[a] * deviation[b]).sum() / (deviation**2).sum()
        assert moran > 0.25, indicator


def test_pyramid_has_the_groups_of_the_real_catalogue(built: pack.Pack) -> None:
    real = yaml.safe_load((ROOT / "data/catalog/indicators/alder_kon.yaml").read_text(encoding="utf-8"))
    ours = built.indicators["alder_kon"].model_dump(mode="json")
    assert ours["groups"] == real["groups"] and ours["default_group"] == real["default_group"]


def test_parts_of_a_whole_fit_in_it(rows: pd.DataFrame) -> None:
    share = rows[rows["group"] == ""].set_index(["indicator", "area", "period"])["value"]
    for one, other in (("forgymnasial", "eftergymnasial"), ("arbetslosa_20_64", "sysselsatta_20_64")):
        assert (share[one] + share[other]).max() < 100
    ages = rows[rows["indicator"] == "alder_kon"].groupby(["area", "period"])["value"].sum()
    total = share["folkmangd"]
    assert (ages == total[ages.index]).all() and len(ages) == 91 * 4


# ---- marked as made up --------------------------------------------------------------------------


def test_everything_with_a_name_is_marked(built: pack.Pack) -> None:
    assert built.info.demonstration
    assert built.info.title.sv == "Påhittade siffror – övningsstad"
    assert built.info.attributions == ("Påhittade siffror",)
    names = [area.name for area in built.areas.values()]
    names += [alias for area in built.areas.values() for alias in area.aliases]
    names += [place.name for place in built.info.places]
    names += [initiative.title for initiative in built.initiatives]
    names += [entry.area for edition in built.police for entry in edition.entries]
    names += [text for source in built.sources.values() for text in (source.title, source.publisher)]
    names += [goal.title.sv for goal in built.goals] + [event.text.sv for event in built.breaks]
    names += [indicator.definition.sv for indicator in built.indicators.values()]
    assert [name for name in names if not name.startswith("Påhitt")] == []
    links = [source.url for source in built.sources.values()]
    links += [initiative.source_url for initiative in built.initiatives]
    assert all(link.startswith("https://example.org/") for link in links)


def test_no_area_can_be_taken_for_a_real_one(built: pack.Pack) -> None:
    real = pack.load(ROOT / "data")

    def words(of: pack.Pack) -> set[str]:
        return {w.casefold() for area in of.areas.values() for w in (area.id, area.name, *area.aliases)}

    assert words(built) & words(real) == set()
    assert {place.name for place in built.info.places} & {place.name for place in real.info.places} == set()
    assert set(built.sources) & set(real.sources) == set()
    points = np.array([(p.lon, p.lat) for p in built.info.places])
    assert (points > 0).all() and (points < 0.2).all()


def test_truth_is_not_in_the_pack(root: Path) -> None:
    text = (root / "catalog/initiatives.yaml").read_text(encoding="utf-8")
    assert not any(word in text for word in ("effect", "step", "slope", "placebo", "effekt"))
    assert not [path for path in root.rglob("*") if "truth" in path.name or "trend" in path.name]


# ---- figures ------------------------------------------------------------------------------------


def test_city_is_the_sum_of_its_areas(rows: pd.DataFrame, built: pack.Pack) -> None:
    """Also where areas are hidden the sum of the others is not larger."""
    key = ["indicator", "period", "group"]
    addable = [i for i, indicator in built.indicators.items() if indicator.addable]
    compared = 0
    for column in ("value", "numerator", "denominator"):
        kinds = {Kind.COUNT} if column == "value" else set(Kind) - {Kind.COUNT}
        ids = [i for i in addable if built.indicators[i].kind in kinds]
        of = rows[rows["indicator"].isin(ids)]
        city = of[of["area"] == CITY].set_index(key)[column]
        parts = of[of["level"] == "regso"].groupby(key)[column].agg(["sum", "count"])
        both = parts.join(city.rename("city"), how="inner")
        whole = both[both["count"] == 91]
        assert np.allclose(whole["sum"], whole["city"], rtol=0, atol=0.05)
        assert (both["sum"] <= both["city"] + 0.05).all()
        compared += len(whole)
    assert compared > 400


def test_hidden_figures_follow_the_rule(rows: pd.DataFrame) -> None:
    areas = rows[rows["level"] == "regso"]
    hidden = areas["flag"] == ".."
    assert 300 < hidden.sum() < 1500
    assert areas.loc[hidden, ["value", "numerator", "denominator"]].isna().all(axis=None)
    per_year = areas[hidden].groupby(["indicator", "period"]).size()
    assert per_year.min() >= 3
    protected = [i for i, share in figures.SHARES.items() if share.protected]
    shown = areas[areas["indicator"].isin(protected) & ~hidden]
    assert shown["numerator"].min() > 5
    assert (shown["denominator"] - shown["numerator"]).min() > 5
    assert shown["denominator"].min() > 20
    assert (areas.loc[hidden, "indicator"].isin(protected)).all()


def test_hidden_figures_stand_nowhere_as_numbers(root: Path, engine: statements.Statements) -> None:
    frame = engine.frame
    hidden = frame[frame["flag"].astype(str) == ".."]
    assert len(hidden) > 300
    assert hidden[["value", "numerator", "denominator", "low", "high", "difference"]].isna().all(axis=None)
    assert sorted(path.suffix for path in root.rglob("*") if path.is_file() and path.suffix != ".yaml") == [
        *[".csv"] * 9,
        ".geojson",
    ]


def test_hide_adds_areas_until_there_are_three() -> None:
    numerator = np.array([[3], [9], [50], [8], [40]])
    denominator = np.full((5, 1), 100)
    assert figures.hide(numerator, denominator)[:, 0].tolist() == [True, True, False, True, False]
    assert not figures.hide(numerator[1:], denominator[1:]).any()
    almost_all = np.array([[96], [50], [60], [70]])
    assert figures.hide(almost_all, np.full((4, 1), 100))[:, 0].tolist() == [True, False, True, True]
    assert figures.hide(np.array([[10]] * 3), np.array([[20], [21], [21]])).all()


def test_flags(rows: pd.DataFrame) -> None:
    def marked(flag: str) -> pd.DataFrame:
        return rows[rows["flag"] == flag]

    assert set(marked("p")["period"]) == {"2025"} and marked("p")["indicator"].nunique() == 4
    assert set(marked("e")["period"]) == {"2010", "2011", "2012"}
    absent = marked("-")
    assert set(absent["indicator"]) == {"anmalda_brott"} and set(absent["period"]) == {"2013"}
    assert len(absent) == 23 and absent["value"].isna().all()
    moved = marked(".")[marked(".")["indicator"] == "folkforandring"]
    assert len(moved) == 4 and set(moved["period"]) == {"2018"}
    assert (marked("(x)")["denominator"] < 60).all()


def test_stock_is_binomial_each_year_and_remembers() -> None:
    areas = 20_000
    share = np.tile([0.10, 0.10, 0.14, 0.08], (areas, 1))
    trials = np.tile([200, 200, 260, 240], (areas, 1))
    drawn = stock(np.random.default_rng(3), trials, share, keep=0.8)
    assert np.allclose(drawn.mean(axis=0), trials[0] * share[0], rtol=0.01)
    assert np.allclose(drawn.var(axis=0), trials[0] * share[0] * (1 - share[0]), rtol=0.05)
    assert np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1] == pytest.approx(0.8, abs=0.02)


# ---- what is planted ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tested(engine: statements.Statements) -> pd.DataFrame:
    """The planted trends and what the trend test says of each."""
    table = demo.trends()
    kinds = engine.pack.indicators
    testable = [i for i in table["indicator"].unique() if kinds[i].kind in (Kind.SHARE, Kind.RATE)]
    table = table[table["indicator"].isin(testable)]
    people = engine.base_at("folkmangd", "2025").set_index("area")["value"]
    return table.assign(
        code=[engine.trend(row.area, row.indicator).code for row in table.itertuples()],
        large=table["area"].map(people) >= LARGE,
    )


def test_planted_trends_are_found_in_large_areas(tested: pd.DataFrame) -> None:
    planted = tested[(tested["own"] != 0) & tested["large"]]
    right = planted["code"] == np.where(planted["slope"] > 0, "up", "down")
    assert len(planted) >= 40 and (planted["slope"] < 0).sum() >= 10 and (planted["slope"] > 0).sum() >= 10
    assert right.mean() >= 0.8
    opposite = planted["code"] == np.where(planted["slope"] > 0, "down", "up")
    assert not opposite.any()


def test_no_trend_is_found_where_none_is_planted(tested: pd.DataFrame) -> None:
    none = tested[(tested["slope"] == 0) & tested["code"].isin(["up", "down", "none"])]
    assert len(none) > 500
    assert none["code"].isin(["up", "down"]).mean() <= 0.05


def test_diverging_areas_go_to_the_worse() -> None:
    own = demo.trends().pivot(index="area", columns="indicator", values="own")
    worse = (own["lag_ekonomisk_standard"] > 0) & (own["forgymnasial"] > 0) & (own["sysselsatta_20_64"] < 0)
    worse &= (own["arbetslosa_20_64"] > 0) & (own["eftergymnasial"] < 0) & (own["trangbodda"] > 0)
    assert worse.sum() == 5


def test_breaks_divide_series(engine: statements.Statements, built: pack.Pack) -> None:
    def ends(area: str, indicator: str) -> list[tuple[str, str]]:
        return [(s.periods[0], s.periods[-1]) for s in engine.series(area, indicator)]

    assert ends(CITY, "sysselsatta_20_64") == [("2010", "2018"), ("2019", "2025")]
    assert ends(CITY, "lag_ekonomisk_standard") == [("2010", "2015"), ("2016", "2025")]
    moved = next(b for b in built.breaks if b.kind == "boundary").areas
    assert len(moved) == 4
    assert all(ends(area, "folkmangd") == [("2010", "2017"), ("2018", "2025")] for area in moved)
    whole = next(a.id for a in built.areas.values() if a.level is Level.REGSO and a.id not in moved)
    assert ends(whole, "folkmangd") == ends(CITY, "folkmangd") == [("2010", "2025")]


def test_border_moves_residents_and_loses_none(engine: statements.Statements, built: pack.Pack) -> None:
    moved = next(b for b in built.breaks if b.kind == "boundary").areas
    jump = {
        area: engine.get(area, "folkmangd", "2018").value / engine.get(area, "folkmangd", "2017").value - 1
        for area in moved
    }
    assert sorted(change < -0.2 for change in jump.values()) == [False, False, True, True]
    assert sorted(change > 0.05 for change in jump.values()) == [False, False, True, True]
    city = [engine.get(CITY, "folkmangd", year).value for year in ("2017", "2018")]
    assert 0.99 < city[1] / city[0] < 1.03


def test_truth_names_what_is_in_the_pack(built: pack.Pack) -> None:
    truth = demo.truth()
    assert set(truth["initiative"]) == {i.id for i in built.initiatives}
    assert set(truth["indicator"]) <= set(built.indicators)
    assert not truth.duplicated(["initiative", "indicator", "area"]).any()
    for initiative in built.initiatives:
        rows = truth[(truth["initiative"] == initiative.id) & (truth["role"] == "treated")]
        members = [m for area in initiative.areas for m in built.areas[area].members or [area]]
        expected = set(truth["area"]) - {CITY} if members == [CITY] else set(members)
        assert set(rows["area"]) == expected
        assert set(rows["start"].astype(str)) == {initiative.start}
    without = truth.groupby("initiative")["effect"].apply(lambda effect: (effect == 0).all())
    assert sorted(without.index[without]) == ["radgivning", "samverkan", "traffpunkt"]


def test_effects_are_seen_beside_the_city(engine: statements.Statements) -> None:
    """Mean of three years after minus mean of three before, area minus city, within 3 standard errors."""
    row = next(r for r in demo.truth().itertuples() if r.initiative == "jobbsatsning")
    gaps = {}
    for years in (range(2016, 2019), range(2020, 2023)):
        of = [engine.get(row.area, row.indicator, str(year)) for year in years]
        gaps[years] = np.mean([one.difference for one in of])
    n, p = of[0].denominator, of[0].value / 100
    error = 100 * np.sqrt(2 * p * (1 - p) / n)
    before, after = gaps.values()
    assert after - before == pytest.approx(row.effect, abs=3 * error)
    assert after - before < -3 * error


def test_unlucky_placebo_is_where_the_year_before_was_bad(engine: statements.Statements) -> None:
    row = next(r for r in demo.truth().itertuples() if r.initiative == "radgivning")
    values = [engine.get(row.area, row.indicator, str(year)).value for year in range(2010, 2026)]
    of_2019 = values[2019 - 2010]
    assert of_2019 - np.mean(values[4:9]) > 1.2
    assert of_2019 > np.mean(values[11:])


def test_police_list_misses_areas_as_badly_off(built: pack.Pack) -> None:
    editions = {e.edition: {entry.id: entry for entry in e.entries} for e in built.police}
    assert [sorted(e) for e in editions.values()] == [
        ["pahittad-a", "pahittad-b", "pahittad-c"],
        ["pahittad-a", "pahittad-b", "pahittad-d"],
        ["pahittad-b", "pahittad-d"],
    ]
    redrawn = [editions[year]["pahittad-a"] for year in ("2015", "2019")]
    assert redrawn[0].border_km2 < redrawn[1].border_km2 and redrawn[0].overlap != redrawn[1].overlap
    size = {f["properties"]["id"]: f["properties"]["area_km2"] for f in built.boundaries["features"]}
    for entry in (entry for edition in editions.values() for entry in edition.values()):
        inside = sum(share * size[area] for area, share in entry.overlap.items())
        assert entry.border_km2 == pytest.approx(inside, abs=0.01)


def test_boundaries_have_five_decimals(root: Path) -> None:
    text = (root / "boundaries/pahittestad.geojson").read_text(encoding="utf-8")
    numbers = json.loads(text, parse_float=str)["features"][0]["geometry"]["coordinates"]
    assert max(len(x.split(".")[1]) for ring in numbers for point in ring for x in point) <= 5
