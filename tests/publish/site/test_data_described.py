"""The descriptions of an edition: maps, data package and the data portal's metadata are what their formats ask for."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import time
from xml.etree import ElementTree

import frictionless
import geopandas
import pyogrio
import pytest
import small_pack

from omradesbild.analyse.statements import build
from omradesbild.pack import load
from omradesbild.publish.site.build import build as publish
from omradesbild.publish.site.data import dcat, geo
from omradesbild.publish.site.settings import Settings

ADDRESS = "https://omradesbild.example.se"
RDF, DCAT, DCTERMS = (f"{{{dcat.NAMES[prefix]}}}" for prefix in ("rdf", "dcat", "dcterms"))


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return load(small_pack.write(tmp_path_factory.mktemp("pack")))


@pytest.fixture(scope="module")
def out(pack, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "x"
    publish(pack, out, Settings(publisher="Lilla staden", address=ADDRESS, contact="fraga@example.se"))
    return out


def test_map_files_hold_the_same_borders_and_figures(pack, out) -> None:
    said = build(pack)
    features = json.loads((out / "data/omraden.geojson").read_text())["features"]
    assert {f["id"] for f in features} == set(pack.areas)
    city = next(f for f in features if f["id"] == "9999")
    assert city["geometry"]["type"] == "Polygon" and len(city["geometry"]["coordinates"]) == 1
    levels = dict(pyogrio.list_layers(out / "data/omraden.gpkg"))
    assert set(levels) == {"kommun", "namngivet", "stadsdel", "regso", "matt"}
    layer = geopandas.read_file(out / "data/omraden.gpkg", layer="regso").set_index("id")
    assert layer.crs.to_epsg() == 4326 and layer.geometry.is_valid.all()
    for row in (f["properties"] for f in features if f["properties"]["level"] == "regso"):
        for indicator in ("folkmangd", "sysselsatta"):
            statement = said.get(row["id"], indicator, row[f"{indicator}_ar"])
            assert row[indicator] == layer.loc[row["id"], indicator] == pytest.approx(statement.value)
    assert layer.loc["A6", "inkomst_mark"] == ".." and layer["inkomst"].isna()["A6"]


def test_a_geopackage_does_not_tell_the_time(pack) -> None:
    said = build(pack)
    first = {file.path: file.content for file in geo.files(said)}
    time.sleep(1.1)
    assert {file.path: file.content for file in geo.files(said)} == first


def test_the_data_package_describes_files_that_are_there(out) -> None:
    package = json.loads((out / "data/datapackage.json").read_text())
    assert package["contributors"][0]["title"] == "Lilla staden" and package["sources"] and package["licenses"]
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names) == 3 * 2 + 2
    for resource in package["resources"]:
        content = (out / "data" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if "schema" in resource:
            text = io.StringIO(content.decode("utf-8-sig"), newline="")
            header = next(csv.reader(text, delimiter=resource["dialect"]["delimiter"]))
            assert [field["name"] for field in resource["schema"]["fields"]] == header


def test_a_validator_of_data_packages_reads_every_file_and_finds_a_broken_one(out, tmp_path) -> None:
    """Every row of every table, its types and the files' sizes and checksums."""
    shutil.copytree(out / "data", tmp_path / "data")
    report = frictionless.validate(tmp_path / "data/datapackage.json")
    assert report.valid, report.flatten(["name", "title", "message"])
    file = tmp_path / "data/indikator/sysselsatta.csv"
    file.write_bytes(file.read_bytes().replace(b"2022", b"tjugo", 1))
    assert not frictionless.validate(tmp_path / "data/datapackage.json").valid


def test_the_data_portal_finds_what_its_profile_asks_for(pack, out) -> None:
    root = ElementTree.parse(out / "data/dcat.rdf").getroot()
    assert root.get("{http://www.w3.org/XML/1998/namespace}base") == f"{ADDRESS}/data/dcat.rdf"
    named = {node.get(f"{RDF}about"): node for node in root}
    assert len(named) == len(root)
    for node in root.iter():
        target = node.get(f"{RDF}resource", "")
        if target.startswith("#"):
            assert target in named
    (catalogue,) = root.findall(f"{DCAT}Catalog")
    datasets = root.findall(f"{DCAT}Dataset")
    assert len(datasets) == len(catalogue.findall(f"{DCAT}dataset")) == len(pack.indicators) + 1
    for node in (catalogue, *datasets):
        for name in ("title", "description"):
            assert {child.get("{http://www.w3.org/XML/1998/namespace}lang") for child in node.findall(DCTERMS + name)} == {"sv", "en"}
        assert node.find(f"{DCTERMS}publisher") is not None
    for dataset in datasets:
        assert dataset.find(f"{DCAT}contactPoint") is not None and dataset.find(f"{DCAT}theme") is not None
    for distribution in root.findall(f"{DCAT}Distribution"):
        address = distribution.find(f"{DCAT}downloadURL").get(f"{RDF}resource")
        assert (out / address.removeprefix(f"{ADDRESS}/")).is_file()
        has = [distribution.find(f"{DCTERMS}{name}") for name in ("license", "rights")]
        assert any(found is not None for found in has)


def test_without_an_address_the_metadata_lead_from_their_own_place(pack, tmp_path) -> None:
    publish(pack, tmp_path / "x")
    root = ElementTree.parse(tmp_path / "x/data/dcat.rdf").getroot()
    for distribution in root.findall(f"{DCAT}Distribution"):
        assert (tmp_path / "x/data" / distribution.find(f"{DCAT}downloadURL").get(f"{RDF}resource")).is_file()
