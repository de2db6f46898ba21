"""The boundary step on a small invented coast, and the committed file of Malmö."""

import hashlib
import io
import json
import subprocess
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml

from omradesbild.collect import boundaries
from omradesbild.collect.boundaries import BoundaryError

EAST, NORTH = 374_000, 6_160_000
COMMITTED = Path(__file__).parents[1] / "data" / "boundaries" / "regso_2025_1280.geojson"


def metres(*points):
    return [(EAST + x, NORTH + y) for x, y in points]


def small_areas():
    """Three areas of 1 × 2, 1 × 1 and 1 × 1 km that meet in one point, with a winding common border."""
    wave = [(1000 + 15 * np.sin(y / 40), y) for y in range(20, 2000, 20) if y != 1000]
    lower, upper = [p for p in wave if p[1] < 1000], [p for p in wave if p[1] > 1000]
    border = [(1000, 0), *lower, (1000, 1000), *upper, (1000, 2000)]
    left = shapely.Polygon(metres((0, 0), *border, (0, 2000)))
    right = shapely.Polygon(metres((1000, 0), (2000, 0), (2000, 1000), (1000, 1000), *lower[::-1]))
    top = shapely.Polygon(metres((1000, 1000), (2000, 1000), (2000, 2000), (1000, 2000), *upper[::-1]))
    frame = {"id": ["1299R001", "1299R002", "1299R003"], "name": ["Väst", "Öst", "Norr"]}
    return gpd.GeoDataFrame(frame, geometry=[left, right, top], crs=3006)


def small_land():
    """Land east of x = 500 with a pond of 0.01 km²; in the sea an islet of 900 m² and one of 10 000 m²."""
    pond = metres((1500, 400), (1600, 400), (1600, 500), (1500, 500))
    main = shapely.Polygon(metres((500, -500), (2500, -500), (2500, 2500), (500, 2500)), [pond])
    tiny = shapely.Polygon(metres((100, 100), (130, 100), (130, 130), (100, 130)))
    islet = shapely.Polygon(metres((200, 200), (300, 200), (300, 300), (200, 300)))
    return shapely.MultiPolygon([main, tiny, islet])


def small_packages(folder, monkeypatch, areas=None, land=None):
    """Write both packages with the small coast and pin them; return the cache folder."""
    areas = small_areas() if areas is None else areas
    land = small_land() if land is None else land
    source = areas.rename(columns={"id": "regsokod", "name": "regsonamn"})
    source = source.assign(regsonamn="RegSO-" + source.regsonamn, kommunkod="1299").iloc[::-1]
    source.to_file(folder / "regso.gpkg", layer="RegSO_2025", driver="GPKG")
    with zipfile.ZipFile(folder / boundaries.REGSO.file, "w") as wheel:
        wheel.write(folder / "regso.gpkg", boundaries.REGSO.member)
    lonlat = gpd.GeoSeries([land], crs=3006).to_crs(4326).iloc[0]
    world = {"type": "GeometryCollection", "geometries": [shapely.geometry.mapping(lonlat)]}
    raw = json.dumps(world).encode()
    with tarfile.open(folder / boundaries.COAST.file, "w:gz") as archive:
        info = tarfile.TarInfo(boundaries.COAST.member)
        info.size = len(raw)
        archive.addfile(info, io.BytesIO(raw))
    for name in ("REGSO", "COAST"):
        package = getattr(boundaries, name)
        digest = hashlib.sha256((folder / package.file).read_bytes()).hexdigest()
        monkeypatch.setattr(boundaries, name, replace(package, sha256=digest))
    return folder


def read(path):
    collection = json.loads(path.read_text(encoding="utf-8"))
    return collection["features"], np.array([shapely.geometry.shape(f["geometry"])
                                             for f in collection["features"]])


def test_small_coast_from_packages_to_file(tmp_path, monkeypatch):
    cache = small_packages(tmp_path, monkeypatch)
    path = boundaries.build_boundaries("1299", tmp_path / "out", cache)
    features, polygons = read(path)
    assert path.name == "regso_2025_1299.geojson"
    assert [f["id"] for f in features] == ["1299R001", "1299R002", "1299R003"]
    assert features[1]["properties"]["name"] == "Öst"
    area = [f["properties"]["area_km2"] for f in features]
    assert area == pytest.approx([1.011, 1.0, 1.0], abs=0.002), "sea clipped, pond filled, islets counted"
    assert shapely.get_num_geometries(polygons).tolist() == [2, 1, 1], "the 900 m² islet is dropped"
    assert shapely.coverage_is_valid(polygons)
    assert shapely.get_num_coordinates(polygons).sum() < 200 < small_areas().count_coordinates().sum()
    meta = yaml.safe_load(path.with_suffix(".meta.yaml").read_text(encoding="utf-8"))
    assert meta["land_km2"] == pytest.approx(3.011, abs=0.001)
    assert meta["counts"]["areas"] == 3 and meta["counts"]["polygons"] == 4
    assert meta["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_same_packages_give_same_bytes(tmp_path, monkeypatch):
    cache = small_packages(tmp_path, monkeypatch)
    first, second = (boundaries.build_boundaries("1299", tmp_path / name, cache) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix(".meta.yaml").read_bytes() == second.with_suffix(".meta.yaml").read_bytes()


def test_tolerance_rises_until_the_file_is_small_enough(tmp_path, monkeypatch):
    cache = small_packages(tmp_path, monkeypatch)
    fine = boundaries.build_boundaries("1299", tmp_path / "fine", cache)
    monkeypatch.setattr(boundaries, "MAX_BYTES", fine.stat().st_size - 1)
    coarse = boundaries.build_boundaries("1299", tmp_path / "coarse", cache)
    tolerance = yaml.safe_load(coarse.with_suffix(".meta.yaml").read_text(encoding="utf-8"))["tolerance_m"]
    assert tolerance > 5 and coarse.stat().st_size < fine.stat().st_size
    monkeypatch.setattr(boundaries, "MAX_BYTES", 100)
    with pytest.raises(BoundaryError, match="at most 100 bytes"):
        boundaries.build_boundaries("1299", tmp_path / "none", cache)


@pytest.mark.parametrize(("kommun", "message"), [
    ("9999", "Found 0 RegSO .* for kommun 9999"),
    ("Malmö", "expected four digits"),
    ("1' or", "expected four digits")])
def test_unknown_kommun(tmp_path, monkeypatch, kommun, message):
    cache = small_packages(tmp_path, monkeypatch)
    with pytest.raises(BoundaryError, match=message):
        boundaries.build_boundaries(kommun, tmp_path, cache)


def test_area_without_land_is_named():
    sea = shapely.box(EAST + 1100, NORTH - 100, EAST + 3000, NORTH + 3000)
    with pytest.raises(BoundaryError, match="no land in 1299R001;"):
        boundaries.clip_to_land(small_areas(), sea)


def test_islets_go_but_never_the_whole_area():
    tiny, small = shapely.box(0, 0, 30, 30), shapely.box(100, 0, 140, 40)
    assert boundaries.drop_islets(shapely.MultiPolygon([tiny, small]), 2000).area == 1600
    assert boundaries.drop_islets(tiny, 2000).area == 900


def test_only_small_lakes_are_filled():
    pond, lake = shapely.box(10, 10, 20, 20), shapely.box(40, 40, 90, 90)
    land = shapely.box(0, 0, 100, 100).difference(pond).difference(lake)
    assert boundaries.fill_lakes(land, 1000).area == 10_000 - 2500


def test_snapping_keeps_the_coverage_where_rounding_breaks_it():
    slope = 0.0373
    shore = shapely.Polygon(metres((0, -100), (1000, -100), (1000, 1000 * slope), (0, 0)))
    teeth = [point for x in range(50, 1000, 50) for point in ((x - 25, 60), (x, x * slope + 0.1))]
    opposite = shapely.Polygon(metres((0, 200), (0, 60), *teeth, (1000, 60), (1000, 200)))
    areas = np.array([shore, opposite])
    boundaries.check_coverage(areas, "teeth that end 0.1 m from the other shore")
    assert not shapely.coverage_is_valid(boundaries._lonlat_rounded(areas))
    snapped = boundaries.snap_coverage(areas)
    boundaries.check_coverage(boundaries._lonlat_rounded(snapped), "snapped")
    assert shapely.area(snapped) == pytest.approx(shapely.area(areas), rel=0.01)


def test_area_that_vanishes_on_the_grid():
    with pytest.raises(BoundaryError, match="area number \\[2\\]"):
        boundaries.snap_coverage(np.array([shapely.box(EAST, NORTH, EAST + 900, NORTH + 900),
                                           shapely.box(EAST + 2000, NORTH, EAST + 2000.1, NORTH + 0.1)]))


def test_faulty_coverages_are_refused():
    left = shapely.box(0, 0, 10, 10)
    boundaries.check_coverage(np.array([left, shapely.box(10, 0, 20, 10)]), "good")
    extra_vertex = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10), (10, 5)])
    for other in (shapely.box(9, 0, 20, 10), extra_vertex):
        with pytest.raises(BoundaryError, match="overlap: found 0 invalid polygons, [1-9]"):
            boundaries.check_coverage(np.array([left, other]), "overlap")
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(BoundaryError, match="found 1 invalid polygons"):
        boundaries.check_coverage(np.array([bow_tie]), "bow tie")


def test_land_that_moves_is_refused():
    before = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    with pytest.raises(BoundaryError, match="50.00% of the land moved"):
        boundaries._check_outline(before, before[:1])


def test_fetch_downloads_once_and_verifies(tmp_path, monkeypatch):
    calls = []

    def run(command, **_):
        calls.append(command)
        (tmp_path / "cache" / boundaries.COAST.file).write_bytes(b"coast")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    package = replace(boundaries.COAST, sha256=hashlib.sha256(b"coast").hexdigest())
    for _ in range(2):
        assert boundaries.fetch(package, tmp_path / "cache").read_bytes() == b"coast"
    assert len(calls) == 1 and calls[0][-2:] == ["--pack-destination", str(tmp_path / "cache")]
    with pytest.raises(BoundaryError, match="expected d771570d.*Delete the file"):
        boundaries.fetch(boundaries.COAST, tmp_path / "cache")


@pytest.mark.parametrize(("result", "message"), [
    (FileNotFoundError("npm"), "npm could not be run"),
    (subprocess.TimeoutExpired("npm", 600), "npm could not be run"),
    (subprocess.CompletedProcess([], 1, "", "one\nno network"), "exit code 1.: no network.*by hand"),
    (subprocess.CompletedProcess([], 0, "", ""), "no message")])
def test_failed_download_says_what_to_do(tmp_path, monkeypatch, result, message):
    def run(*_, **__):
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(BoundaryError, match=message):
        boundaries.fetch(boundaries.COAST, tmp_path)


def test_committed_malmo():
    features, polygons = read(COMMITTED)
    ids = [f["id"] for f in features]
    assert ids == [f"1280R{number:03d}" for number in range(1, 92)]
    assert [f["properties"]["id"] for f in features] == ids
    names = [f["properties"]["name"] for f in features]
    assert len(set(names)) == 91 and not any(name.startswith("RegSO") for name in names)
    assert shapely.is_valid(polygons).all() and shapely.coverage_is_valid(polygons)
    west, south, east, north = shapely.total_bounds(polygons)
    assert 12.8 < west < 12.95 and 55.49 < south < 55.51 and 13.1 < east < 13.2 and 55.6 < north < 55.66
    parts = shapely.get_parts(polygons)
    assert shapely.is_ccw(shapely.get_exterior_ring(parts)).all()
    xy = shapely.get_coordinates(polygons)
    assert (xy == xy.round(5)).all()
    assert sum(f["properties"]["area_km2"] for f in features) == pytest.approx(157.585, abs=0.01)


def test_committed_malmo_measured_again():
    features, polygons = read(COMMITTED)
    measured = gpd.GeoSeries(polygons, crs=4326).to_crs(3006).area / 1e6
    stated = [f["properties"]["area_km2"] for f in features]
    assert measured.to_numpy() == pytest.approx(stated, rel=0.004, abs=0.0006)
    union = gpd.GeoSeries([shapely.union_all(polygons)], crs=4326).to_crs(3006).area.iloc[0] / 1e6
    assert union == pytest.approx(measured.sum(), rel=1e-6), "no gaps, no overlaps"


def test_committed_description_fits_its_file():
    meta = yaml.safe_load(COMMITTED.with_suffix(".meta.yaml").read_text(encoding="utf-8"))
    raw = COMMITTED.read_bytes()
    _, polygons = read(COMMITTED)
    assert meta["sha256"] == hashlib.sha256(raw).hexdigest()
    assert meta["bytes"] == len(raw) <= 200_000
    assert raw.count(b"\n") == 93, "one line per area, one before and one after"
    assert meta["counts"] == {"areas": 91, "polygons": len(shapely.get_parts(polygons)),
                              "vertices": int(shapely.get_num_coordinates(polygons).sum())}
    pinned = [boundaries.REGSO.sha256, boundaries.COAST.sha256]
    assert [source["sha256"] for source in meta["sources"]] == pinned
    assert "© OpenStreetMap contributors" in " ".join(meta["attribution"])
