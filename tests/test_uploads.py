"""What readers upload: whole files are read, damaged and hostile ones refused with what to do."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box, mapping

from omradesbild import words
from omradesbild.collect import uploads
from omradesbild.collect.uploads import Feature, UploadError
from omradesbild.pack import load

ROOT = Path(__file__).resolve().parent.parent
PACK = load(ROOT / "data")
#: Two squares beside each other, in degrees.
SQUARES = [box(13.0, 55.58, 13.01, 55.59), box(13.02, 55.58, 13.03, 55.59)]


def collection(*shapes, crs=None, names=("Väst", "Öst")) -> bytes:
    features = [
        {"type": "Feature", "properties": {"namn": n}, "geometry": mapping(s)} for s, n in zip(shapes, names, strict=False)
    ]
    document = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document).encode()


def frame(epsg: int | None = 3008) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame({"namn": ["Väst", "Öst"]}, geometry=SQUARES, crs=4326)
    return table.to_crs(epsg) if epsg else table.set_crs(None, allow_override=True)


def shapefile(tmp_path: Path, epsg: int | None = 3008, leave_out=(), rename=lambda name: name) -> bytes:
    frame(epsg).to_file(tmp_path / "yta.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(tmp_path.glob("yta.*")):
            if path.suffix not in leave_out:
                archive.writestr(rename(path.name), path.read_bytes())
    return packed.getvalue()


def geopackage(tmp_path: Path, epsg: int | None = 3008) -> bytes:
    frame(epsg).to_file(tmp_path / "yta.gpkg", layer="yta")
    return (tmp_path / "yta.gpkg").read_bytes()


def refused(name: str, content: bytes) -> UploadError:
    with pytest.raises(UploadError) as caught:
        uploads.read(name, content)
    for lang in words.LANGUAGES:
        assert words.t(f"own.{caught.value.code}", lang, **caught.value.values)
    return caught.value


def test_all_kinds_of_files_give_the_same_shapes(tmp_path: Path) -> None:
    projected = gpd.GeoSeries(SQUARES, crs=4326).to_crs(3008)
    files = {
        "a.geojson": collection(*SQUARES),
        "b.JSON": collection(*projected, crs="urn:ogc:def:crs:EPSG::3008"),
        "c.gpkg": geopackage(tmp_path),
        "d.zip": shapefile(tmp_path),
    }
    for name, content in files.items():
        found = uploads.read(name, content)
        assert [f.name for f in found] == ["Väst", "Öst"], name
        for feature, square in zip(found, SQUARES, strict=True):
            assert shapely.symmetric_difference(feature.geometry, square).area < 1e-3 * square.area, name
            assert not feature.repaired


def test_the_names_in_an_archive_are_not_used(tmp_path: Path) -> None:
    packed = shapefile(tmp_path, rename=lambda name: f"../../../../tmp/ond/{name}")
    before = set(Path("/tmp").iterdir())
    assert len(uploads.read("x.zip", packed)) == 2
    assert not (Path("/tmp") / "ond").exists() and "ond" not in {p.name for p in set(Path("/tmp").iterdir()) - before}


def test_a_list_of_codes_or_names() -> None:
    assert uploads.read("l.csv", b"kod;namn\r\n1280R001;Almvik\r\n1280R002;x\r\n") == ["kod", "1280R001", "1280R002"]
    assert uploads.read("l.txt", "Möllan\nHolma\n\n".encode("cp1252")) == ["Möllan", "Holma"]
    assert uploads.read("l.txt", "\ufeffSeved".encode()) == ["Seved"]


def test_a_border_that_crosses_itself_is_repaired_and_said() -> None:
    bow = Polygon([(13.0, 55.58), (13.02, 55.6), (13.02, 55.58), (13.0, 55.6)])
    (found,) = uploads.read("x.geojson", collection(bow))
    assert found.repaired and found.geometry.is_valid
    assert found.geometry.area == pytest.approx(0.5 * 0.02 * 0.02)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.exe", b"MZ", "file_kind"),
        ("namn", b"x", "file_kind"),
        ("x.geojson", b"", "file_empty"),
        ("x.csv", b"\n;;\n", "file_empty"),
        ("x.geojson", b"x" * (uploads.MOST_BYTES + 1), "file_large"),
        ("x.geojson", b"{", "file_broken"),
        ("x.geojson", b"[" * 50_000, "file_broken"),
        ("x.geojson", b"\xff\xfe\x00", "file_broken"),
        ("x.geojson", b'{"type": "FeatureCollection"}', "file_broken"),
        ("x.geojson", b'{"type": "FeatureCollection", "features": [1, 2]}', "file_broken"),
        ("x.geojson", b'{"type": "Polygon", "coordinates": [[["a", 1]]]}', "file_broken"),
        ("x.geojson", b'{"type": "Point", "coordinates": [13, 55]}', "file_no_areas"),
        ("x.geojson", b'{"type": "FeatureCollection", "features": []}', "file_no_areas"),
        ("x.geojson", collection(box(6e6, 1e5, 6.1e6, 2e5)), "file_degrees"),
        ("x.geojson", collection(SQUARES[0], crs="+init=/etc/passwd:1"), "file_crs_strange"),
        ("x.geojson", collection(SQUARES[0], crs="EPSG:999999"), "file_crs_strange"),
        ("x.geojson", collection(*SQUARES * 300, names=["x"] * 600), "file_many"),
        ("x.csv", b"1280R001\n" * 600, "file_many"),
        ("x.geojson", collection(Polygon([(13, n * 1e-5) for n in range(uploads.MOST_VERTICES)])), "file_detailed"),
        ("x.gpkg", b"SQLite format 3\x00" + b"\x00" * 500, "file_broken"),
        ("x.gpkg", b"hej", "file_broken"),
        ("x.zip", b"PK\x03\x04hej", "file_broken"),
        ("x.zip", b"hej", "file_broken"),
    ],
    ids=lambda x: x[:12] if isinstance(x, str) else None,
)
def test_what_cannot_be_used_is_refused(name: str, content: bytes, code: str) -> None:
    assert refused(name, content).code == code


def test_archives_that_cannot_be_used(tmp_path: Path) -> None:
    assert refused("x.zip", shapefile(tmp_path, leave_out={".prj"})).code == "file_crs"
    assert refused("x.zip", shapefile(tmp_path, leave_out={".shx"})).values == {"found": ".shx"}
    assert refused("x.zip", shapefile(tmp_path, leave_out={".shp"})).code == "zip_layers"
    whole = shapefile(tmp_path)
    assert refused("x.zip", whole[: len(whole) // 2]).code == "file_broken"


def test_a_geopackage_without_a_coordinate_system_is_refused(tmp_path: Path) -> None:
    assert refused("x.gpkg", geopackage(tmp_path, None)).code in ("file_crs", "file_degrees", "file_broken")


@pytest.mark.parametrize("honest", [True, False])
def test_a_zip_bomb_is_not_unpacked(honest: bool) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in (".shx", ".dbf", ".prj"):
            archive.writestr(f"a{ending}", b"x")
        archive.writestr("a.shp", b"\0" * (uploads.MOST_UNPACKED + 10))
    content = bytearray(packed.getvalue())
    assert len(content) < 100_000
    if not honest:  # the archive's table says that the file is small
        place = content.index(b"PK\x01\x02", content.rindex(b"a.shp") - 60)
        content[place + 24 : place + 28] = struct.pack("<L", 10)
    assert refused("x.zip", bytes(content)).code in ({"zip_large"} if honest else {"zip_large", "file_broken"})


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["x.geojson", "x.gpkg", "x.zip", "x.csv"]), st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name: str, content: bytes) -> None:
    try:
        uploads.read(name, content)
    except UploadError as error:
        assert words.t(f"own.{error.code}", "sv", **error.values)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data) -> None:
    whole = bytearray(collection(*SQUARES))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        for feature in uploads.read("x.geojson", bytes(whole)):
            uploads.overlap(feature, PACK.boundaries)
    except UploadError as error:
        assert words.t(f"own.{error.code}", "sv", **error.values)


# -- what lies inside -----------------------------------------------------------------------------------------


def geometry(area: str) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(next(f["geometry"] for f in PACK.boundaries["features"] if f["id"] == area)))


def test_an_areas_own_border_is_that_area_alone() -> None:
    found = uploads.overlap(Feature("", geometry("1280R050")), PACK.boundaries)
    assert found.shares == {"1280R050": 1.0}
    assert found.outside == pytest.approx(0, abs=1e-6)


def test_half_an_area_is_a_half_measured_in_metres() -> None:
    whole = geometry("1280R050")
    west, south, east, north = whole.bounds
    middle = (west + east) / 2
    part = uploads.overlap(Feature("", shapely.intersection(whole, box(west, south, middle, north))), PACK.boundaries)
    rest = uploads.overlap(Feature("", shapely.intersection(whole, box(middle, south, east, north))), PACK.boundaries)
    truth = gpd.GeoSeries([shapely.intersection(whole, box(west, south, middle, north)), whole], crs=4326).to_crs(3006).area
    assert part.shares["1280R050"] == pytest.approx(truth[0] / truth[1], abs=1e-3)
    assert part.shares["1280R050"] + rest.shares["1280R050"] == pytest.approx(1, abs=1e-4)


def test_slivers_are_left_out_and_named_and_nearly_whole_is_whole() -> None:
    inside = gpd.GeoSeries([geometry("1280R050")], crs=4326).to_crs(3006).buffer(2).to_crs(4326)[0]
    found = uploads.overlap(Feature("", inside), PACK.boundaries)
    assert found.shares == {"1280R050": 1.0}
    assert len(found.slivers) >= 3 and "1280R050" not in found.slivers


def test_what_lies_in_the_sea_is_told_and_what_lies_elsewhere_refused() -> None:
    found = uploads.overlap(Feature("", box(12.80, 55.58, 13.0, 55.60)), PACK.boundaries)
    assert 0.3 < found.outside < 0.95
    with pytest.raises(UploadError, match="file_elsewhere"):
        uploads.overlap(Feature("", box(18.0, 59.3, 18.1, 59.4)), PACK.boundaries)


def test_another_city_is_measured_in_its_own_zone() -> None:
    luleå = [box(22.1 + 0.02 * n, 65.58, 22.12 + 0.02 * n, 65.6) for n in range(2)]
    boundaries = {"features": [{"properties": {"id": f"L{n}"}, "geometry": mapping(b)} for n, b in enumerate(luleå)]}
    found = uploads.overlap(Feature("", box(22.1, 65.58, 22.13, 65.6)), boundaries)
    assert found.shares == {"L0": 1.0, "L1": pytest.approx(0.5, abs=1e-3)}


def test_drawn_points_are_a_shape() -> None:
    found = uploads.ring([(13.0, 55.59), (13.02, 55.59), (13.02, 55.60), (13.0, 55.60)])
    assert found.geometry.area == pytest.approx(0.02 * 0.01)
    for points in ([], [(13, 55)] * 5, [(13, 55), (13, 56), (13, 57)]):
        with pytest.raises(UploadError):
            uploads.ring(points)
