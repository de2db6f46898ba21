"""Borders over real HTTP: SCB's map service, the police's editions, and Malmö's sub-areas with their tables."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import yaml
from servers.bulk import files, zip_of
from servers.ckan import Ckan, Resource
from servers.local import Local, Reply
from servers.wfs import Wfs

from omradesbild.collect.fault import CollectError
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.sources.malmo import Malmo
from omradesbild.collect.sources.polisen import Polisen
from omradesbild.collect.sources.scb_geo import ScbGeo

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-28"
BOUNDARIES = json.loads((ROOT / "data/boundaries/regso_2025_1280.geojson").read_text("utf-8"))
POLICE = "OMRADESBILD_POLICE_BORDERS"


def shapefile(frame: gpd.GeoDataFrame, folder: Path, name: str = "lager") -> bytes:
    frame.to_file(folder / f"{name}.shp", encoding="utf-8")
    return zip_of({f"mapp/{p.name}": p.read_bytes() for p in sorted(folder.glob(f"{name}.*"))})


# -- SCB's map service ---------------------------------------------------------------------------------------


def regso() -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame.from_features(BOUNDARIES, crs=4326).to_crs(3006)
    made = gpd.GeoDataFrame(
        {"regsokod": frame["id"], "regsonamn": frame["name"], "kommunkod": "1280", "lanskod": "12"},
        geometry=frame.geometry,
        crs=3006,
    )
    other = made.iloc[[0]].assign(
        regsokod="0180R001", kommunkod="0180", geometry=made.geometry.iloc[[0]].translate(0, 500_000)
    )
    return pd.concat([made, other], ignore_index=True)


def deso() -> gpd.GeoDataFrame:
    """Two obviously made-up DeSO in each RegSO: its western and its eastern half."""
    parts = []
    for n, row in enumerate(regso().itertuples()):
        west, south, east, north = row.geometry.bounds
        middle = (west + east) / 2
        for half, box in enumerate(
            (shapely.box(west, south, middle, north), shapely.box(middle, south, east, north))
        ):
            code = f"{row.kommunkod}C{1000 + 20 * n + 10 * half:04d}"
            cut = shapely.intersection(row.geometry, box)
            parts.append({"desokod": code, "regsokod": row.regsokod, "kommunkod": row.kommunkod, "geometry": cut})
    return gpd.GeoDataFrame(parts, crs=3006)


def wfs(**layers: gpd.GeoDataFrame) -> Wfs:
    return Wfs({"stat:RegSO_2025": regso(), "stat:DeSO_2025": deso()} | {f"stat:{k}": v for k, v in layers.items()})


def test_a_service_that_answers_with_another_form_than_was_asked_for_is_read(plan, store, client, told):
    class Other(Wfs):
        def __call__(self, request):
            changed = [(k, "SHAPE-ZIP" if k == "outputFormat" else v) for k, v in request.query]
            return super().__call__(replace(request, query=changed))

    wanted = plan("scb-geo", areas=["regso2025"])
    with Local(Other({"stat:RegSO_2025": regso()})) as server:
        ScbGeo().fetch(wanted, store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)
    assert len(ScbGeo().areas(wanted, store, "regso2025")) == 91
    assert store.need("scb-geo", "regso2025.1280").path.suffix == ".zip"


def test_an_archive_with_two_layers_is_refused(plan, store, client, told, tmp_path):
    packed = zipfile.ZipFile(io.BytesIO(shapefile(regso(), tmp_path)))
    twice = {name: packed.read(name) for name in packed.namelist()} | {"annat.shp": b"x"}

    def both(request):
        return None if request.first("resultType") else Reply(zip_of(twice), "application/zip")

    with Local(both, wfs()) as server, pytest.raises(CollectError, match=r"en fil \.shp"):
        ScbGeo().fetch(plan("scb-geo"), store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)


@pytest.mark.parametrize("form", ["geopackage", "application/json", "SHAPE-ZIP"])
def test_borders_of_a_kommun(form, plan, store, client, told):
    wanted = plan("scb-geo", format=form, areas=["regso2025", "deso2025"])
    with Local(wfs()) as server:
        ScbGeo().fetch(wanted, store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)
        assert server.asked() == 4
    found = ScbGeo().areas(wanted, store, "regso2025")
    assert len(found) == 91 and found.crs == 3006 and found["code"].is_monotonic_increasing
    expected = regso().set_index("regsokod").geometry
    assert (found.set_index("code").area / expected.area.reindex(found["code"])).between(0.9999, 1.0001).all()
    assert found.set_index("code")["name"]["1280R001"] == "Almvik norr-Lindängen norr"
    key = ScbGeo().key(wanted, store, "deso2025")
    assert list(key.columns) == ["deso", "regso", "vintage", "source"] and len(key) == 182
    assert (key.groupby("regso").size() == 2).all() and set(key["vintage"]) == {"2025"}
    assert list(ScbGeo().read(wanted, store)) == []
    assert {e.id for e in ScbGeo().entries(wanted, store)} == {"scb-geo-regso2025", "scb-geo-deso2025"}


def test_borders_of_the_country(plan, store, client, told):
    wanted = plan("scb-geo", kommun="all")
    with Local(wfs()) as server:
        ScbGeo().fetch(wanted, store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)
    assert ScbGeo().areas(wanted, store, "regso2025")["kommun"].value_counts().to_dict() == {"1280": 91, "0180": 1}


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (lambda f: f.rename(columns={"regsokod": "kod"}), "attributen"),
        (lambda f: pd.concat([f, f.iloc[[0]]]), "samma kod"),
        (lambda f: f.assign(geometry=f.geometry.centroid), "utan yta"),
        (lambda f: f.assign(regsokod="0180" + f["regsokod"].str[4:]), "samma kod"),
    ],
)
def test_a_layer_that_is_not_what_it_should_be(layer, said, plan, store, client, told):
    with Local(wfs(RegSO_2025=layer(regso()))) as server, pytest.raises(CollectError, match=said):
        ScbGeo().fetch(plan("scb-geo"), store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)
    assert not store.snapshots("scb-geo")


@pytest.mark.parametrize("fault", ["page", "list", "cut", "empty", "cut-off"])
def test_a_map_answer_that_went_wrong(fault, plan, store, client, told):
    with Local(wfs()) as server, pytest.raises(CollectError):
        server.fail(fault, times=9, at="outputFormat=geopackage&cql_filter=kommunkod%3D%271280%27")
        ScbGeo().fetch(plan("scb-geo"), store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)
    assert not store.snapshots("scb-geo")


def test_an_answer_with_fewer_areas_than_counted(plan, store, client, told):
    class Short(Wfs):
        def __call__(self, request):
            if request.first("resultType") != "hits":
                self.layers = {name: frame.iloc[:50] for name, frame in self.layers.items()}
            return super().__call__(request)

    with (
        Local(Short({"stat:RegSO_2025": regso()})) as server,
        pytest.raises(CollectError, match="50 områden; väntade 91"),
    ):
        ScbGeo().fetch(plan("scb-geo"), store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)


# -- the police -------------------------------------------------------------------------------------------------


def listed() -> gpd.GeoDataFrame:
    """A made-up edition over Malmö's real areas: one whole area and the western half of another, and one in Stockholm."""
    areas = regso().set_index("regsokod").geometry
    west, south, east, north = areas["1280R002"].bounds
    half = shapely.intersection(areas["1280R002"], shapely.box(west, south, (west + east) / 2, north))
    rows = [
        ("Rosengård söder", "Särskilt utsatt område", areas["1280R001"]),
        ("Holma / Påhittet", "Utsatt område", half),
        ("Långt borta", "Utsatt område", shapely.box(674000, 6580000, 675000, 6581000)),
    ]
    columns = {"NAMN": [r[0] for r in rows], "KATEGORI": [r[1] for r in rows], "ORT": "x"}
    return gpd.GeoDataFrame(columns, geometry=[r[2] for r in rows], crs=3006)


def geojson(frame: gpd.GeoDataFrame, crs: bool) -> bytes:
    found = json.loads(frame.to_json(drop_id=True))
    found.pop("crs", None)
    if crs:
        found["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    return json.dumps(found).encode()


def edition(content: bytes, plan, store, client, told, name: str = "uso.zip", kind: str = "application/zip"):
    wanted = plan("polisen", editions={"2025": {"path": f"/x/{name}", "source": "Påhittad"}})
    with Local(files({f"/x/{name}": content}, kind)) as server:
        Polisen().fetch(wanted, store, client(polisen=server.url), told, TODAY)
    return Polisen().entries_of(wanted, store, "2025", BOUNDARIES)


@pytest.mark.parametrize("form", ["zipped geojson", "zipped geojson without crs", "geojson", "shape"])
def test_an_edition_is_laid_over_the_areas(form, plan, store, client, told, tmp_path):
    content, name, kind = {
        "zipped geojson": (
            zip_of({"uso_2025.geojson": geojson(listed(), True)}),
            "uso.zip",
            "application/x-zip-compressed",
        ),
        "zipped geojson without crs": (
            zip_of({"uso_2025.geojson": geojson(listed(), False)}),
            "uso.zip",
            "application/zip",
        ),
        "geojson": (geojson(listed(), True), "uso.geojson", "application/geo+json"),
        "shape": (shapefile(listed(), tmp_path), "uso.zip", "application/octet-stream"),
    }[form]
    holma, rosengard = edition(content, plan, store, client, told, name, kind)
    assert (holma.id, holma.category, rosengard.id, rosengard.category) == (
        "holma-kroksback", "utsatt", "rosengard-s-amiralsgatan", "sarskilt-utsatt",
    )  # fmt: skip
    areas = regso().set_index("regsokod").geometry
    assert rosengard.overlap["1280R001"] == 1.0 and rosengard.border_km2 == round(areas["1280R001"].area / 1e6, 2)
    expected = listed().geometry[1].area / areas["1280R002"].area
    assert holma.overlap["1280R002"] == pytest.approx(expected, abs=0.001)
    assert all(share < 0.05 for area, share in holma.overlap.items() if area != "1280R002")


def test_a_category_that_is_new_is_not_guessed(plan, store, client, told):
    changed = listed()
    changed.loc[0, "KATEGORI"] = "Område med utmaningar"
    with pytest.raises(CollectError, match="Område med utmaningar"):
        edition(zip_of({"a.geojson": geojson(changed, True)}), plan, store, client, told)


@pytest.mark.parametrize(
    "content",
    [b"PK", zip_of({"a.txt": b"x"}), zip_of({"../../a.geojson": b"{}"}), zip_of({"a.geojson": b"[" * 100_000})],
)
def test_what_is_no_edition(content, plan, store, client, told):
    with pytest.raises(CollectError):
        edition(content, plan, store, client, told)
    assert not store.snapshots("polisen")


@pytest.mark.parametrize("year", ["2021", "2023", "2025"])
def test_the_real_editions_agree_with_the_catalogue(year, plan, store, client, told):
    """The shares in the catalogue were made of simplified borders; they agree to three per cent of an area."""
    folder = os.environ.get(POLICE)
    if not folder:
        pytest.skip(f"{POLICE} does not name a folder with utsatta_omraden_malmo_2021, _2023 and _2025.geojson")
    content = (Path(folder) / f"utsatta_omraden_malmo_{year}.geojson").read_bytes()
    found = edition(content, plan, store, client, told, "uso.geojson", "application/geo+json")
    catalogue = yaml.safe_load((ROOT / "data/catalog/police.yaml").read_text("utf-8"))
    known = {e["id"]: e for e in next(c for c in catalogue if c["edition"] == year)["entries"]}
    assert {e.id for e in found} == set(known)
    for entry in found:
        old = known[entry.id]
        assert entry.category == old["category"] and entry.border_km2 == pytest.approx(old["border_km2"], abs=0.011)
        for area in {*entry.overlap, *old["overlap"]}:
            assert entry.overlap.get(area, 0) == pytest.approx(
                old["overlap"].get(area, 0), abs=0.03 if area in old["overlap"] else 0.05
            )


# -- Malmö ------------------------------------------------------------------------------------------------------


def subareas() -> gpd.GeoDataFrame:
    """136 made-up squares with codes and names as the city's layer has them, in EPSG:3008."""
    squares = [shapely.box(115_000 + 500 * (n % 12), 6_155_000 + 500 * (n // 12), 115_500 + 500 * (n % 12), 6_155_500 + 500 * (n // 12)) for n in range(136)]  # fmt: skip
    codes = [10_101 + n for n in range(136)]
    return gpd.GeoDataFrame(
        {"delomrade": [f"PÅHITTET {n}" for n in range(136)], "do_kod": codes}, geometry=squares, crs=3008
    )


def assistance() -> list[dict]:
    """For 136 sub-areas, a district, the city and the rest, three years; area n has 10·n + the year's last figure."""
    rows = []
    for year in (2009, 2022, 2023):
        places = [f"Påhittet {n}" for n in range(136)] + ["Rosengård", "Malmö totalt", "Restpost"]
        for n, place in enumerate(places):
            rows.append({"År": year, "Område": place, "Antal hushåll": str(10 * n + year % 10)})
    rows[139 + 5]["Antal hushåll"] = None
    rows[139 + 6]["Antal hushåll"] = ".."
    rows[139 + 7]["Antal hushåll"] = "1 234,5"
    return rows


def portal(tmp_path, records: list[dict] | None = None, **more) -> Ckan:
    income = [{"År": "2023", "Område": "10101", "Medelinkomst": 311.5, "Medianinkomst": 300}]
    return Ckan(
        Resource("bistand", "Ekonomiskt bistånd - Statistikunderlag", assistance() if records is None else records),
        Resource("inkomst", "Förvärvsinkomst bland sysselsatta 2022-", income),
        Resource("granser", "Delområden (shape)", file=shapefile(subareas(), tmp_path), **more),
        most=100,
    )


def collected(app: Ckan, wanted, store, client, told):
    with Local(app) as server:
        Malmo().fetch(wanted, store, client(malmo=server.url), told, TODAY)
        calls = server.asked("datastore_search")
    return pd.concat(Malmo().read(wanted, store), ignore_index=True), calls


def test_malmos_tables_by_sub_area(plan, store, client, told, tmp_path):
    wanted = plan("malmo")
    found, calls = collected(portal(tmp_path), wanted, store, client, told)
    assert (
        list(found.columns) == COLUMNS and calls == 5 + 1
    )  # the server gives 100 of 417 rows at a time, whatever is asked for
    rows = found[found["variable"] == "ekonomiskt_bistand"]
    assert len(rows) == 2 * 139 and sorted(rows["period"].unique()) == ["2022", "2023"]
    got = rows.set_index(["area", "period"])
    assert got["value"]["10103", "2022"] == 22 and got["value"]["1280-restpost", "2023"] == 1383
    assert got["value"]["1280", "2023"] == 1373 and got["value"]["sd-rosengard", "2023"] == 1363
    assert got["flag"]["10106", "2022"] == ".." and got["flag"]["10107", "2022"] == ".."
    assert got["value"].isna().sum() == 2 and got["value"]["10108", "2022"] == 1234.5
    assert set(found["variable"]) == {"ekonomiskt_bistand", "forvarvsinkomst_medel", "forvarvsinkomst_median"}
    assert {e.id: e.updated for e in Malmo().entries(wanted, store)} == {
        "malmo-bistand": "2026-04-01", "malmo-forvarvsinkomst": "2026-04-01",
    }  # fmt: skip


def test_malmos_sub_areas(plan, store, client, told, tmp_path):
    wanted = plan("malmo")
    collected(portal(tmp_path), wanted, store, client, told)
    areas = Malmo().areas(wanted, store)
    assert len(areas) == 136 and areas["10101"].name == "PÅHITTET 0"
    lon, lat = areas["10101"].geometry.centroid.coords[0]
    assert 12.8 < lon < 13.2 and 55.4 < lat < 55.7


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Område": "Atlantis"}, "1 områden som inte finns, som atlantis"),
        ({"Antal hushåll": "många"}, "värdet »många«"),
        ({"Antal personer": 1}, r"kolumnerna .*Antal hushåll, Antal personer; väntade en enda som börjar »antal« \(nu 2: Antal h"),
    ],
)
def test_a_table_that_is_not_understood(change, said, plan, store, client, told, tmp_path):
    records = assistance()
    records[3] |= change
    with pytest.raises(CollectError, match=said):
        collected(portal(tmp_path, records), plan("malmo"), store, client, told)


def test_columns_that_are_called_something_else_are_told_with_their_lines_before_more_is_asked_for(plan, store, client, told, tmp_path):
    records = [{"AR": row["År"], "Geografi": row["Område"], "Hushåll": row["Antal hushåll"]} for row in assistance()]
    wanted = plan("malmo")
    with Local(portal(tmp_path, records)) as server:
        with pytest.raises(CollectError) as caught:
            Malmo().fetch(wanted, store, client(malmo=server.url), told, TODAY)
        assert server.asked("datastore_search") == 1
        said = str(caught.value)
        assert "hittade kolumnerna _id, AR, Geografi, Hushåll; väntade en enda som börjar »område« och en enda som börjar »antal«" in said
        lines = (wanted.folder / "malmo.yaml").read_text("utf-8").splitlines()
        numbers = [int(n) for n in re.findall(r"malmo\.yaml, rad (\d+): en enda", said)]
        assert [lines[n - 1].strip() for n in numbers] == ["area: område", "value: antal"]
        # the plan is mended: nothing that has been answered is asked for again, and accents, capitals and lines do not matter
        text = "\n".join(lines).replace("value: antal", "value: hushall")
        text = text.replace("resource: Ekonomiskt bistånd", "resource: Ekonomiskt bistånd\n  area: GEO\n  period: ar")
        (wanted.folder / "malmo.yaml").write_text(text, "utf-8")
        before = server.asked()
        mended = type(wanted)(shutil.copytree(wanted.folder, tmp_path / "mended"), wanted.kommun)
        Malmo().fetch(mended, store, client(malmo=server.url), told, TODAY)
        assert server.asked() - before == 4 + 1
    assert len(pd.concat(Malmo().read(mended, store))) == 2 * 139 + 2


def test_a_resource_that_has_another_name(plan, store, client, told, tmp_path):
    app = portal(tmp_path)
    app.resources["bistand"].name = "Försörjningsstöd"
    with pytest.raises(CollectError, match="0 resurser bland Försörjningsstöd"):
        collected(app, plan("malmo"), store, client, told)


def test_a_file_on_another_host_is_not_fetched(plan, store, client, told, tmp_path):
    with pytest.raises(CollectError, match="en på ckan-malmo.dataplatform.se"):
        collected(portal(tmp_path, url="http://169.254.169.254/secret.zip"), plan("malmo"), store, client, told)


def test_a_portal_that_counts_wrong(plan, store, client, told, tmp_path):
    class Wrong(Ckan):
        def _rows(self, request):
            reply = super()._rows(request)
            found = json.loads(reply.body)
            found["result"]["total"] = 9999
            return type(reply)(json.dumps(found).encode())

    app = portal(tmp_path)
    app.__class__ = Wrong
    with pytest.raises(CollectError, match="rader; väntade 9999"):
        collected(app, plan("malmo"), store, client, told)


def test_nothing_in_an_archive_is_unpacked_to_its_own_name(plan, store, client, told, tmp_path):
    packed = io.BytesIO(shapefile(subareas(), tmp_path))
    evil = {
        f"../../../{Path(i.filename).name}": zipfile.ZipFile(packed).read(i)
        for i in zipfile.ZipFile(packed).infolist()
    }
    app = portal(tmp_path)
    app.resources["granser"].file = zip_of(evil)
    before = sorted(tmp_path.parent.rglob("*.shp"))
    collected(app, plan("malmo"), store, client, told)
    assert sorted(tmp_path.parent.rglob("*.shp")) == before
