"""A map file's areas become a pack's basic areas, with areas made up of them, and figures can be brought to them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import yaml
from shapely.geometry import Polygon, box

from omradesbild.analyse import statements
from omradesbild.cli import main
from omradesbild.collect import layer, tables
from omradesbild.collect.fault import CollectError
from omradesbild.collect.layer import LayerMapping
from omradesbild.model import Level
from omradesbild.pack import load, resolve

ROOT = Path(__file__).parents[2]
PACK = load(ROOT / "data")
#: The folder with Malmö's sub-areas, which are not part of the repository.
REAL = "OMRADESBILD_DELOMRADEN"
MAPPING = {
    "layer": "delomrade", "code": "kod", "name": "namn", "vintage": "Rutor-2026", "attribution": "Påhittat",
    "source": "Påhittade rutor", "source_url": "https://example.org/",
    "composed": [
        {"level": "stadsomrade", "column": "omrade", "prefix": "so-", "name": "{} (stadsområde)"},
        {"level": "stadsdel", "column": "del", "prefix": "sd-", "name": "{} (stadsdel)"},
    ],
}  # fmt: skip


def squares(shapes: dict[str, Polygon] | None = None) -> bytes:
    """Six squares in two rows, in two city areas and three districts."""
    made = shapes or {f"1{row}{column}": box(13 + column / 100, 55.5 + row / 100, 13.01 + column / 100, 55.51 + row / 100) for row in range(2) for column in range(3)}
    codes = list(made)
    frame = gpd.GeoDataFrame(
        {"kod": codes, "namn": [f"Ruta {c}" for c in codes], "omrade": ["Norr" if c[1] == "1" else "Söder" for c in codes], "del": [f"Del {c[2]}" for c in codes]},
        geometry=list(made.values()), crs=4326,
    )  # fmt: skip
    return frame.to_json().encode()


def made(tmp_path: Path, content: bytes | None = None, **change):
    sheet = tables.read("rutor.geojson", content or squares())[0]
    return layer.make(PACK, sheet, LayerMapping.model_validate(MAPPING | change), "2026-12-01", tmp_path / "pack")


def test_the_file_s_areas_are_basic_areas_and_others_are_made_up_of_them(tmp_path: Path) -> None:
    pack = made(tmp_path)
    levels = {level: [a.id for a in pack.areas.values() if a.level is level] for level in Level}
    assert levels[Level.SUBAREA] == ["100", "101", "102", "110", "111", "112"]
    assert pack.areas["so-norr"].members == ("110", "111", "112") and pack.areas["so-norr"].aliases == ("Norr",)
    assert pack.areas["sd-del-2"].members == ("102", "112") and pack.areas["sd-del-2"].name == "Del 2 (stadsdel)"
    assert levels[Level.KOMMUN] == ["1280"] and not levels[Level.REGSO] and not levels[Level.NAMED]
    assert (pack.info.base_level, pack.info.boundary_vintage, pack.info.version) == (Level.SUBAREA, "Rutor-2026", "2026-12-01")


def test_the_borders_are_where_they_were(tmp_path: Path) -> None:
    found = {f["properties"]["id"]: shapely.geometry.shape(f["geometry"]) for f in made(tmp_path).boundaries["features"]}
    for id_, shape in found.items():
        row, column = int(id_[1]), int(id_[2])
        assert shape.symmetric_difference(box(13 + column / 100, 55.5 + row / 100, 13.01 + column / 100, 55.51 + row / 100)).area < 1e-8


def test_the_city_s_figures_are_kept_and_nobody_else_s(tmp_path: Path) -> None:
    pack = made(tmp_path)
    kept = PACK.observations[PACK.observations["area"] == "1280"]
    assert len(pack.observations) == len(kept) > 400
    assert set(pack.observations["area"]) == {"1280"}
    assert pack.observations["value"].sum() == pytest.approx(kept["value"].sum())
    assert all(not entry.overlap for edition in pack.police for entry in edition.entries)


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack on the squares, to which figures have been brought by the command."""
    folder = tmp_path_factory.mktemp("rutor")
    (folder / "rutor.geojson").write_bytes(squares())
    (folder / "lager.yaml").write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
    assert main(["import", str(folder / "rutor.geojson"), "--mapping", str(folder / "lager.yaml"), "--out", str(folder / "paket")]) == 0
    rows = "".join(f"{n};Ruta {n};{100 + n}\n" for n in (100, 101, 102, 110, 111, 112))
    (folder / "folk.csv").write_text(f"Kod;Namn;2030\n{rows}Restpost;;7\n", encoding="utf-8")
    table = {"areas": "Kod", "figures": [{"indicator": "folkmangd", "value": "{period}"}], "source": next(iter(PACK.sources))}
    (folder / "folk.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")
    assert main(["import", str(folder / "folk.csv"), "--mapping", str(folder / "folk.yaml"), "--out", str(folder / "paket")]) == 0
    return folder / "paket"


def test_figures_brought_to_the_new_areas_add_up_in_the_larger_ones(brought: Path) -> None:
    pack = load(resolve(str(brought)))
    said = statements.build(pack)
    assert said.get("so-norr", "folkmangd", "2030").value == 210 + 211 + 212
    assert said.get("sd-del-0", "folkmangd", "2030").value == 200 + 210
    assert pack.indicators["folkmangd"].levels == (Level.KOMMUN, Level.SUBAREA)


def test_a_pack_in_use_is_not_replaced_by_one_without_figures(brought: Path, capsys) -> None:
    used = resolve(str(brought))
    assert main(["import", str(brought.parent / "rutor.geojson"), "--mapping", str(brought.parent / "lager.yaml"), "--out", str(brought)]) == 1
    assert "har redan ett paket" in capsys.readouterr().err and resolve(str(brought)) == used


def test_pages_about_areas_open_on_the_new_ones(brought: Path) -> None:
    code = "from launch import launch\nfor page in ('omrade', 'data', 'prioriteringar', 'samlat'): launch(page)"
    environment = {**os.environ, "OMRADESBILD_PACK": str(brought), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-3000:]


@pytest.mark.parametrize(
    ("content", "change", "told"),
    [
        (None, {"code": "nummer"}, "ingen kolumn ”nummer”"),
        (None, {"code": "del"}, "koden ”Del 0”"),
        (squares({"100": box(13, 55.5, 13.01, 55.51), "101": box(13.005, 55.5, 13.02, 55.51)}), {}, "ytor som inte passar ihop"),
    ],
)
def test_what_does_not_hold_together_is_refused(tmp_path: Path, content: bytes | None, change: dict, told: str) -> None:
    with pytest.raises(CollectError, match=told):
        made(tmp_path, content, **change)


def test_a_table_without_shapes_is_no_layer(tmp_path: Path) -> None:
    sheet = tables.read("a.csv", b"kod;namn;omrade;del\n1;a;b;c\n")[0]
    with pytest.raises(CollectError, match="inga ytor"):
        layer.make(PACK, sheet, LayerMapping.model_validate(MAPPING), "2026-12-01", tmp_path / "pack")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory):
    """A pack on the squares with figures of Malmö's DeSO, as if each was one of 19 × 11 tiles on the same ground."""
    folder = tmp_path_factory.mktemp("omraknat")
    key = pd.read_csv(ROOT / "data" / "transcribed" / "deso_regso.csv", dtype=str)
    codes = sorted(key.loc[key["vintage"] == "2025", "deso"])
    wide, high = 0.03 / 19, 0.02 / 11
    tiles = [box(13 + n % 19 * wide, 55.5 + n // 19 * high, 13 + (n % 19 + 1) * wide, 55.5 + (n // 19 + 1) * high) for n in range(209)]
    (folder / "deso.geojson").write_text(gpd.GeoDataFrame({"deso": codes}, geometry=tiles, crs=4326).to_json(), encoding="utf-8")
    (folder / "rutor.geojson").write_bytes(squares())
    mapping = MAPPING | {"figures": {"file": "deso.geojson", "code": "deso", "vintage": "2025"}}
    (folder / "lager.yaml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    assert main(["import", str(folder / "rutor.geojson"), "--mapping", str(folder / "lager.yaml"), "--out", str(folder / "paket")]) == 0
    return load(resolve(str(folder / "paket")))


def test_figures_by_deso_are_brought_to_the_squares_and_none_is_lost(converted) -> None:
    read = pd.read_csv(ROOT / "data" / "transcribed" / "deso2025.csv")
    people = read[read["variable"] == "folkmangd"].set_index("area")["value"]
    rows = converted.observations[converted.observations["area"] != "1280"]
    found = rows[(rows["indicator"] == "folkmangd") & (rows["period"] == "2025")].set_index("area")
    assert found["value"].sum() == pytest.approx(people.sum(), abs=1e-4)
    # the lowest 5.5 of 11 rows of tiles and the first 6 1/3 of 19 columns are the first square
    part = np.outer(np.clip(5.5 - np.arange(11), 0, 1), np.clip(19 / 3 - np.arange(19), 0, 1)).reshape(-1)
    assert found.at["100", "value"] == pytest.approx((people.sort_index() * part).sum(), rel=1e-3)
    assert set(rows["flag"]) <= {"e", ".."} and set(rows["source"].str[-10:]) == {"-delomrade"}
    young = rows[rows["indicator"] == "andel_20_34"]
    assert young["value"].to_numpy() == pytest.approx(100 * young["numerator"] / young["denominator"], abs=1e-3)


def test_a_figure_that_a_part_lacks_is_lacking(converted) -> None:
    read = pd.read_csv(ROOT / "data" / "transcribed" / "deso2025.csv").pivot(index="area", columns="variable", values="value").sort_index()
    hidden = np.flatnonzero(read["i_flerbostadshus_procent"].isna())
    row, column = hidden // 19, hidden % 19
    lacking = {f"1{r}{c}" for low, high in ((0, 5.5), (5.5, 11)) for r in [int(low > 0)] for c in range(3)
               if ((row + 1 > low) & (row < high) & (column + 1 > c * 19 / 3) & (column < (c + 1) * 19 / 3)).any()}  # fmt: skip
    rows = converted.observations
    found = rows[(rows["indicator"] == "flerbostadshus") & (rows["period"] == "2025") & (rows["area"] != "1280")].set_index("area")
    assert lacking and set(found.index[found["value"].isna()]) == lacking
    assert (found.loc[sorted(lacking), "flag"] == "..").all()


def test_a_source_says_that_its_figures_are_converted_and_how_unsure_they_are(converted) -> None:
    source = converted.sources["scb-tab6574-deso2025-delomrade"]
    assert "omräknat från DeSO 2025 till Rutor-2026 efter yta" in source.note.sv and "procent av befolkningen bor i områden som ligger i flera av de nya" in source.note.sv
    assert (source.quality, source.attribution) == ("B", "SCB, egen omräkning") and source.title.endswith("omräknat till Rutor-2026")


@pytest.mark.skipif(REAL not in os.environ, reason=f"Malmö's sub-areas are not in the repository: set {REAL} to their folder")
def test_malmo_s_own_sub_areas_are_a_complete_level(tmp_path: Path) -> None:
    about = {**MAPPING, "code": "delomrade_kod", "name": "namn"}
    about["composed"] = [{**part, "column": column} for part, column in zip(MAPPING["composed"], ("stadsomrade", "stadsdel"), strict=True)]
    sheet = tables.read("malmo_delomraden.geojson", (Path(os.environ[REAL]) / "malmo_delomraden.geojson").read_bytes())[0]
    pack = layer.make(PACK, sheet, LayerMapping.model_validate(about), "2026-12-01", tmp_path / "pack")
    counts = [sum(a.level is level for a in pack.areas.values()) for level in (Level.SUBAREA, Level.DISTRICT, Level.CITY_AREA)]
    assert counts == [136, 10, 5]
    for level in (Level.DISTRICT, Level.CITY_AREA):
        members = [m for a in pack.areas.values() if a.level is level for m in a.members]
        assert sorted(members) == sorted(a.id for a in pack.areas.values() if a.level is Level.SUBAREA)
    assert pack.areas["11319"].name == "Södra Sofielund"
    size = sum(f["properties"]["area_km2"] for f in pack.boundaries["features"])
    assert size == pytest.approx(161.3, abs=0.1)


@pytest.mark.skipif(REAL not in os.environ, reason=f"Malmö's sub-areas are not in the repository: set {REAL} to their folder")
def test_malmo_s_sub_areas_have_figures_that_are_the_city_s(tmp_path: Path) -> None:
    document = (ROOT / "docs" / "collect.md").read_text(encoding="utf-8")
    mapping = tmp_path / "delomraden.yaml"
    mapping.write_text(document.split("`delomraden.yaml`:\n\n```yaml\n")[1].split("```")[0], encoding="utf-8")
    for name in ("malmo_delomraden.geojson", "malmo_deso_2025_approx.geojson"):
        (tmp_path / name).write_bytes((Path(os.environ[REAL]) / name).read_bytes())
    assert main(["import", str(tmp_path / "malmo_delomraden.geojson"), "--mapping", str(mapping), "--out", str(tmp_path / "paket")]) == 0
    pack = load(resolve(str(tmp_path / "paket")))
    said = statements.build(pack)
    whole = said.get("1280", "folkmangd", "2025").value
    for level in (Level.DISTRICT, Level.CITY_AREA):
        parts = [said.get(a.id, "folkmangd", "2025").value for a in pack.areas.values() if a.level is level]
        assert sum(parts) == pytest.approx(whole, rel=0.005)
    assert said.get("11319", "folkmangd", "2025").value > 1000 and "e" in said.get("11319", "forgymnasial", "2022").flag
