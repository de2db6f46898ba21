"""A table or a pack of another division's areas comes to a pack's areas: sums are the same, shares are formed anew."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from omradesbild import checks
from omradesbild.cli import main
from omradesbild.collect import conversion, convert
from omradesbild.pack import load, resolve

ROOT = Path(__file__).parents[2]
PACK = load(ROOT / "data")
KEY = pd.read_csv(ROOT / "data/transcribed/deso_regso.csv", dtype=str)
DESO = KEY[KEY["vintage"] == "2018"].set_index("deso")["regso"]
#: The folder with borders of Malmö's sub-areas and DeSO, which are not part of the repository.
REAL = "OMRADESBILD_DELOMRADEN"
real = pytest.mark.skipif(REAL not in os.environ, reason=f"Malmö's sub-areas are not in the repository: set {REAL} to their folder")
SOURCE = {
    "id": "pahittad", "publisher": "Malmö stad", "title": "Påhittad tabell", "url": "https://example.org/",
    "licence": "CC0", "attribution": "Malmö stad", "retrieved": "2026-11",
}  # fmt: skip
COUNT = [{"indicator": "bostader", "value": "Antal"}]
SHARE = [{"indicator": "hyresratt", "numerator": "Hyresrätter", "denominator": "Bostäder"}]


def mapping(folder: Path, division: dict, figures: list[dict] = COUNT, **more: object) -> str:
    content = {"areas": "Kod", "period": "2031", "figures": figures, "source": "pahittad", "sources": [SOURCE], "convert": division, **more}
    (folder / "m.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return str(folder / "m.yaml")


def table(folder: Path, rows: list[tuple], head: str = "Kod;Antal") -> str:
    text = "\n".join([head, *(";".join(map(str, row)) for row in rows)]) + "\n"
    (folder / "t.csv").write_text(text.replace(".5", ",5"), encoding="utf-8")
    return str(folder / "t.csv")


def made(folder: Path) -> list[dict[str, str]]:
    with (folder / "ny.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def value(text: str) -> float:
    return float(text.replace(",", "."))


def test_deso_are_summed_by_the_official_key_and_exact(tmp_path: Path, capsys) -> None:
    rows = [(code, 10 + n) for n, code in enumerate(DESO.index)]
    file, about = table(tmp_path, rows), mapping(tmp_path, {"name": "DeSO 2018", "vintage": "2018"})
    assert main(["convert", file, "--mapping", about, "--out", str(tmp_path / "ny.csv")]) == 0
    expected = pd.Series(dict(rows)).groupby(DESO).sum()
    assert {row["område"]: value(row["värde"]) for row in made(tmp_path)} == expected.to_dict()
    assert {row["märke"] for row in made(tmp_path)} == {""} and {row["från delade områden, procent"] for row in made(tmp_path)} == {"0"}
    assert {row["metod"] for row in made(tmp_path)} == {"Summerat från DeSO 2018 till RegSO-2025 med den officiella nyckeln: exakt."}
    assert "densamma före och efter i 1 av 1 fall" in capsys.readouterr().out


def test_the_same_mapping_imports_them_into_the_pack(tmp_path: Path, capsys) -> None:
    rows = [(code, 300 + n, 1000) for n, code in enumerate(DESO.index)] + [("Malmö totalt", 70000, 209000)]
    file = table(tmp_path, rows, "Kod;Hyresrätter;Bostäder")
    about = mapping(tmp_path, {"name": "DeSO 2018", "vintage": "2018"}, SHARE)
    assert main(["import", file, "--mapping", about, "--out", str(tmp_path / "paket")]) == 0
    assert "Siffror: 92 nya" in capsys.readouterr().out
    pack = load(resolve(str(tmp_path / "paket")))
    got = pack.observations.query("indicator == 'hyresratt' and period == '2031'").astype({"area": "str", "source": "str"}).set_index("area")
    top, bottom = (pd.Series({row[0]: row[at] for row in rows[:-1]}).groupby(DESO).sum() for at in (1, 2))
    assert got.drop("1280")["value"].to_dict() == pytest.approx((100 * top / bottom).to_dict(), abs=1e-5)
    assert got.drop("1280")[["numerator", "denominator"]].sum().tolist() == [top.sum(), bottom.sum()]
    new = "pahittad-omraknad-deso-2018"
    assert set(got.drop("1280")["source"]) == {new} and got.at["1280", "source"] == "pahittad", "the city's own is as it was"
    assert "omräknat till RegSO-2025" in pack.sources[new].title and "exakt" in pack.sources[new].note.sv
    assert main(["import", file, "--mapping", about, "--out", str(tmp_path / "paket")]) == 0
    assert "92 oförändrade" in capsys.readouterr().out


def test_a_key_in_a_file_is_used_where_it_is_one(tmp_path: Path, capsys) -> None:
    (tmp_path / "nyckel.csv").write_text("gammal;ny\nA;1280R001\nB;1280R001\nC;1280R002\n", encoding="utf-8")
    division = {"name": "Gamla delar", "key": {"file": "nyckel.csv", "old": "gammal", "new": "ny"}}
    file = table(tmp_path, [("A", 1), ("B", 2), ("C", 4)])
    assert main(["convert", file, "--mapping", mapping(tmp_path, division), "--out", str(tmp_path / "ny.csv")]) == 0
    assert {row["område"]: value(row["värde"]) for row in made(tmp_path)} == {"1280R001": 3, "1280R002": 4}
    (tmp_path / "nyckel.csv").write_text("gammal;ny\nA;1280R001\nA;1280R002\n", encoding="utf-8")
    assert main(["convert", file, "--mapping", mapping(tmp_path, division)]) == 1
    assert "i flera nya, som A" in capsys.readouterr().err
    # areas that are made up of basic areas have figures of their own where the key leads to them; but to one level only
    (tmp_path / "nyckel.csv").write_text("gammal;ny\nA;sd-fosie\nB;sd-fosie\nC;sd-oxie\n", encoding="utf-8")
    assert main(["import", file, "--mapping", mapping(tmp_path, division), "--out", str(tmp_path / "paket")]) == 0
    got = load(resolve(str(tmp_path / "paket"))).observations.query("period == '2031'").set_index("area")
    assert got["value"].to_dict() == {"sd-fosie": 3, "sd-oxie": 4} and set(got["source"]) == {"pahittad-omraknad-gamla-delar"}
    capsys.readouterr()
    (tmp_path / "nyckel.csv").write_text("gammal;ny\nA;1280R001\nB;sd-fosie\n", encoding="utf-8")
    assert main(["convert", file, "--mapping", mapping(tmp_path, division)]) == 1
    assert "områden på nivåerna regso, stadsdel; väntade en nyckel till områden på en nivå" in capsys.readouterr().err
    (tmp_path / "nyckel.csv").write_text("gammal;ny\nA;9999R001\n", encoding="utf-8")
    assert main(["convert", file, "--mapping", mapping(tmp_path, division)]) == 1
    assert "som inte finns i paketet, som 9999R001" in capsys.readouterr().err


def halves(folder: Path) -> gpd.GeoDataFrame:
    """The pack's ground in two: west and east of a line through its middle."""
    borders = gpd.GeoDataFrame.from_features(PACK.boundaries["features"], crs=4326).to_crs(3006)
    left, low, right, high = borders.total_bounds
    sides = [box(left - 10, low - 10, (left + right) / 2, high + 10), box((left + right) / 2, low - 10, right + 10, high + 10)]
    frame = gpd.GeoDataFrame({"kod": ["V", "O"]}, geometry=sides, crs=3006)
    (folder / "halvor.geojson").write_text(frame.to_crs(4326).to_json(), encoding="utf-8")
    return borders


def test_areas_that_are_split_are_estimated_and_say_so_on_every_figure(tmp_path: Path, capsys) -> None:
    borders = halves(tmp_path)
    division = {"name": "Halvor", "borders": {"file": "halvor.geojson", "code": "kod"}}
    file = table(tmp_path, [("V", 1_000_000.5), ("O", 333_333)])
    assert main(["convert", file, "--mapping", mapping(tmp_path, division), "--out", str(tmp_path / "ny.csv")]) == 1
    assert "ett helt tal" in capsys.readouterr().err
    file = table(tmp_path, [("V", 1_000_001), ("O", 333_333)])
    assert main(["convert", file, "--mapping", mapping(tmp_path, division), "--out", str(tmp_path / "ny.csv")]) == 0
    rows = made(tmp_path)
    assert sum(value(row["värde"]) for row in rows) == pytest.approx(1_333_334, abs=1e-3)
    assert {row["märke"] for row in rows} == {"e"} and {row["från delade områden, procent"] for row in rows} == {"100"}
    assert all(row["metod"].startswith("Uppskattat: omräknat från Halvor till RegSO-2025 efter yta. 100 procent") for row in rows)
    middle = borders.total_bounds[[0, 2]].mean()
    west = borders[borders.geometry.bounds["maxx"] < middle]
    got = {row["område"]: value(row["värde"]) for row in rows}
    size = west.set_index("id").area
    share = {area: got[area] / got[west["id"].iloc[0]] for area in west["id"]}
    assert share == pytest.approx((size / size.iloc[0]).to_dict(), rel=5e-3), "within an old area people are spread as the surface is"


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ([{"indicator": "ekonomisk_standard_median", "value": "Antal"}], "medianer, index eller typer"),
        ([{"indicator": "omradestyp", "value": "Antal"}], "De går inte att räkna om"),
        ([{"indicator": "problemindex", "value": "Antal"}], "medianer, index eller typer"),
        ([{"indicator": "hyresratt", "value": "Antal"}], "färdiga andelar eller medelvärden; väntade täljare och nämnare"),
    ],
)
def test_what_is_no_count_is_refused_in_words(tmp_path: Path, capsys, figures: list[dict], told: str) -> None:
    about = mapping(tmp_path, {"name": "DeSO 2018", "vintage": "2018"}, figures)
    file = table(tmp_path, [(code, 3) for code in DESO.index])
    for command in (["convert"], ["import"]):
        assert main([*command, file, "--mapping", about]) == 1
        assert told in capsys.readouterr().err


def test_what_is_missing_is_missing_and_what_is_not_there_is_left_out(tmp_path: Path, capsys) -> None:
    hidden, absent = DESO.index[0], DESO.index[-1]
    rows = [(code, ".." if code == hidden else 5) for code in DESO.index if code != absent]
    assert main(["convert", table(tmp_path, rows), "--mapping", mapping(tmp_path, {"name": "DeSO 2018", "vintage": "2018"}), "--out", str(tmp_path / "ny.csv")]) == 0
    got = {row["område"]: row for row in made(tmp_path)}
    assert got[DESO[hidden]]["värde"] == "" and got[DESO[hidden]]["märke"] == ".."
    assert DESO[absent] not in got and len(got) == 90
    said = capsys.readouterr().out
    assert "i 0 av 1 fall" in said and "1 siffror blev inte av" in said


def test_a_pack_s_own_figures_are_brought_to_another_pack_s_areas(tmp_path: Path, capsys) -> None:
    """The same areas on both sides: every figure comes out as it went in, but for what is no count."""
    shutil.copytree(ROOT / "data", tmp_path / "gammalt")
    (tmp_path / "d.yaml").write_text("name: RegSO 2020\npopulation: null\nborders: null\nvintage: null\nkey: {file: nyckel.csv, old: a, new: b}\n", encoding="utf-8")
    codes = sorted(set(DESO))
    (tmp_path / "nyckel.csv").write_text("a;b\n" + "".join(f"{c};{c}\n" for c in codes), encoding="utf-8")
    assert main(["convert", str(tmp_path / "gammalt"), "--mapping", str(tmp_path / "d.yaml"), "--out", str(tmp_path / "ny.csv")]) == 0
    got = {(r["område"], r["mått"], r["år"], r["grupp"]): r for r in made(tmp_path)}
    rows, _ = conversion.own(PACK)
    assert len(rows) > 5000 and not {"ekonomisk_standard_median", "omradestyp"} & {key[1] for key in got}
    kept = rows.dropna(subset=["value"])
    factor = kept["indicator"].map({i.id: i.factor for i in PACK.indicators.values()})
    exact = (factor * kept["numerator"] / kept["denominator"]).fillna(kept["value"])  # a share is formed anew: to six decimals
    for row, expected in zip(kept.itertuples(), exact, strict=True):
        found = got[row.area, row.indicator, row.period, row.group]
        assert value(found["värde"]) == pytest.approx(expected, abs=5.1e-7), row
    # and what the source published is what comes out, within what it had rounded to
    assert ((exact - kept["value"]).abs() <= 0.051).all()


SQUARES = gpd.GeoDataFrame({"id": list("abcd")}, geometry=[box(100 * n, 0, 100 * n + 100, 100) for n in range(4)], crs=3006)
SHIFTED = gpd.GeoDataFrame({"id": list("xyz")}, geometry=[box(0, 0, 150, 100), box(150, 0, 330, 100), box(330, 0, 400, 100)], crs=3006)
LIES = convert.by_area(SQUARES, SHIFTED)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=4, max_size=4))
def test_numerators_and_denominators_keep_their_sums_and_shares_stay_between_those_of_the_parts(pairs: list[tuple[int, int]]) -> None:
    rows = pd.DataFrame(
        [(area, "hyresratt", "2031", "", 0.0, min(pair), max(pair), "", "k") for area, pair in zip("abcd", pairs, strict=True)], columns=checks.COLUMNS
    ).astype({"numerator": "float64", "denominator": "float64"})
    found = conversion.to_new(rows, LIES, PACK.indicators, "rutor", "andra rutor")
    for part in ("numerator", "denominator"):
        before, after = found.totals["hyresratt", "2031", "", part]
        assert after == pytest.approx(before, rel=1e-12, abs=1e-9) and before == rows[part].sum()
    given_ = [100 * min(pair) / max(pair) for pair in pairs if max(pair)]
    formed = found.rows["value"].dropna()
    assert not len(formed) or (formed.min() >= min(given_) - 1e-5 and formed.max() <= max(given_) + 1e-5)
    assert (found.rows["flag"].isin(["e", "."])).all() and found.rows["split"].dropna().between(0, 1).all()


def test_how_much_lies_in_split_areas_is_said_of_counts_of_somebody_only() -> None:
    lies = convert.Overlap(pd.Index(["A", "B"]), pd.Index(["x", "y"]), np.array([[0.5, 0.5], [0.0, 1.0]]), "efter yta")
    counts = {("alla", "2030"): (50, 50), ("unga", "2030"): (60, 40), ("unga", "2031"): (0, 0)}  # A is split
    rows = [[area, *key, value] for key, values in counts.items() for area, value in zip("AB", values, strict=True)]
    read = pd.DataFrame(rows, columns=["area", "variable", "period", "value"])
    assert conversion._in_split(read, lies) == "50–60"
    assert conversion._in_split(read[read["period"] == "2031"], lies) == "0"


def test_a_division_says_one_way() -> None:
    borders, people = {"file": "a", "code": "b"}, {"file": "a", "code": "b", "people": "c"}
    ok = [{"vintage": "2018"}, {"borders": borders}, {"population": people | {"old": "d"}}, {"borders": borders, "population": people | {"new": "d"}}]
    for division in ok:
        conversion.Division.model_validate({"name": "x", **division})
    wrong = [{}, {"vintage": "2018", "borders": borders}, {"population": people}, {"borders": borders, "population": people | {"old": "d"}}]
    for division in wrong:
        with pytest.raises(ValueError, match="ange"):
            conversion.Division.model_validate({"name": "x", **division})


def test_a_mapping_that_does_not_say_how_areas_lie_is_told_so(tmp_path: Path, capsys) -> None:
    about = yaml.safe_load(Path(mapping(tmp_path, {"name": "x", "vintage": "2018"})).read_text(encoding="utf-8"))
    del about["convert"]
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(about), encoding="utf-8")
    assert main(["convert", table(tmp_path, [("1280R001", 1)]), "--mapping", str(tmp_path / "m.yaml")]) == 1
    assert "Lägg till convert" in capsys.readouterr().err
    for division, told in (({"name": "x", "borders": {"file": "ingen.geojson", "code": "a"}}, "kan inte läsas"), ({"name": "x", "vintage": "1999"}, "ingen nyckel")):
        assert main(["convert", table(tmp_path, [("a", 1)]), "--mapping", mapping(tmp_path, division)]) == 1
        assert told in capsys.readouterr().err


# -- Malmö's own borders ------------------------------------------------------------------------------------------


@real
def test_sub_areas_come_to_statistics_areas_as_people_live(tmp_path: Path) -> None:
    for name in ("malmo_delomraden.geojson", "malmo_deso_2025_approx.geojson"):
        shutil.copy(Path(os.environ[REAL]) / name, tmp_path)
    codes = gpd.read_file(tmp_path / "malmo_delomraden.geojson")["delomrade_kod"]
    file = table(tmp_path, [(code, 100 + 7 * n) for n, code in enumerate(codes)])
    people = {"file": "malmo_deso_2025_approx.geojson", "code": "desokod", "people": "folkmangd_2025", "new": "regsokod"}
    division = {"name": "Delområden", "borders": {"file": "malmo_delomraden.geojson", "code": "delomrade_kod"}, "population": people}
    assert main(["convert", file, "--mapping", mapping(tmp_path, division), "--out", str(tmp_path / "ny.csv")]) == 0
    rows = made(tmp_path)
    assert len(rows) == 91 and sum(value(r["värde"]) for r in rows) == pytest.approx(sum(100 + 7 * n for n in range(136)), rel=1e-9)
    assert {r["märke"] for r in rows} == {"e"} and all("efter hur folkmängden är fördelad" in r["metod"] for r in rows)


@real
def test_the_population_by_deso_2025_comes_to_statistics_areas_as_scb_has_it(tmp_path: Path) -> None:
    cells = pd.read_csv(Path(os.environ[REAL]) / "malmo_deso_2025.csv", dtype=str)
    file = table(tmp_path, list(cells[["desokod", "folkmangd_2025"]].itertuples(index=False)))
    about = mapping(tmp_path, {"name": "DeSO 2025", "vintage": "2025"}, [{"indicator": "folkmangd", "value": "Antal"}])
    assert main(["convert", file, "--mapping", about, "--out", str(tmp_path / "ny.csv")]) == 0
    known = PACK.observations.set_index(checks.KEY)["value"]
    for row in made(tmp_path):
        assert value(row["värde"]) == known[row["område"], "folkmangd", "2025", ""]


@real
def test_statistics_areas_come_to_sub_areas_and_back_with_the_same_sums(tmp_path: Path, capsys) -> None:
    for name in ("malmo_delomraden.geojson", "malmo_deso_2025_approx.geojson"):
        shutil.copy(Path(os.environ[REAL]) / name, tmp_path)
    document = (ROOT / "docs" / "collect.md").read_text(encoding="utf-8")
    (tmp_path / "delomraden.yaml").write_text(document.split("`delomraden.yaml`:\n\n```yaml\n")[1].split("```")[0], encoding="utf-8")
    out = str(tmp_path / "paket")
    assert main(["import", str(tmp_path / "malmo_delomraden.geojson"), "--mapping", str(tmp_path / "delomraden.yaml"), "--out", out]) == 0
    codes = sorted(set(DESO))
    file = table(tmp_path, [(code, 1000 + n) for n, code in enumerate(codes)])
    people = {"file": "malmo_deso_2025_approx.geojson", "code": "desokod", "people": "folkmangd_2025", "old": "regsokod"}
    about = mapping(tmp_path, {"name": "RegSO 2025", "population": people})
    assert main(["convert", file, "--mapping", about, "--pack", out, "--out", str(tmp_path / "ny.csv")]) == 0
    rows = made(tmp_path)
    total = sum(1000 + n for n in range(len(codes)))
    assert len(rows) == 136 and sum(value(r["värde"]) for r in rows) == pytest.approx(total, rel=1e-9)
    assert np.mean([value(r["från delade områden, procent"]) for r in rows]) > 70, "nearly every statistics area lies in several"
