"""From servers to a pack and back again without them: whole runs of ``collect`` over real HTTP."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import small_pack
import yaml
from served import AGES, ages, real
from servers.kolada import Kolada
from servers.local import Local
from servers.pxweb import PxWeb
from servers.wfs import Wfs
from shapely import box

from omradesbild import cli, pack
from omradesbild.collect import folder, pipeline
from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-03-25T08:00:00+01:00"
NEXT = "2026-03-26T08:00:00+01:00"


class Quiet:
    def step(self, what: str, done: int, of: int) -> None:
        assert 0 < done <= of and what


@pytest.fixture
def embedded(tmp_path, monkeypatch):
    """The embedded pack with a plan that asks for one table only."""
    root = tmp_path / "embedded"
    shutil.copytree(ROOT / "data", root)
    path = root / "collect" / "scb.yaml"
    plan = yaml.safe_load(path.read_text("utf-8"))
    plan["tables"] = [table for table in plan["tables"] if table["id"] == "TAB6574"]
    path.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), "utf-8")
    # the server's 2023 is made up, so the real city's total of that year does not fit it
    staden = root / "observations" / "staden.csv"
    lines = staden.read_text("utf-8").splitlines(keepends=True)
    staden.write_text("".join(line for line in lines if not line.startswith("1280,folkmangd,2023,")), "utf-8")
    monkeypatch.setattr(pipeline, "EMBEDDED", root)
    return root


def areas(kommun: str, codes: list[str]) -> gpd.GeoDataFrame:
    """Squares beside each other in SWEREF 99 TM."""
    shapes = [box(370_000 + 1000 * n, 6_160_000, 371_000 + 1000 * n, 6_161_000) for n in range(len(codes))]
    attributes = {"regsokod": codes, "regsonamn": [f"RegSO-Ruta {n}" for n in range(len(codes))], "kommunkod": kommun}
    return gpd.GeoDataFrame(attributes, geometry=shapes, crs=3006)


def run(out: Path, client, server=None, *, now: str = NOW, kommun: str = "1280", names=("scb",), **more):
    urls = {"scb": "/api/v2", "scb_geo": "/geoserver/stat/wfs", "kolada": "/v3", "malmo": ""}
    asking = client(**{name: server.url + path for name, path in urls.items()}) if server else None
    return pipeline.collect(list(names), out, kommun=kommun, now=now, client=asking, progress=Quiet(), **more)


def test_real_figures_come_through_exactly_and_again_without_the_network(embedded, tmp_path, client):
    out = tmp_path / "paket"
    with Local(PxWeb(ages())) as server:
        first = run(out, client, server)
    assert first.new and pack.resolve(str(out)).name == first.version
    made = pack.load(pack.resolve(str(out)))
    rows = made.observations
    counted = rows[(rows["indicator"] == "alder_kon") & (rows["period"] == "2024") & (rows["area"] != "1280")]
    counted = counted.set_index(["area", "group"])["value"]
    theirs = {(a, g, s): n for (a, g, s), n in real().items() if g in AGES and s != "1+2"}
    assert len(counted) == len(theirs) == 91 * 34
    for (area, age, sex), value in theirs.items():
        group = f"{ {'1': 'man', '2': 'kvinna'}[sex] }|{ {'-4': '0-4', '80-': '80+'}.get(age, age) }"
        assert counted[area, group] == value
    people = rows[(rows["indicator"] == "folkmangd") & (rows["period"] == "2024") & (rows["area"] != "1280")]
    assert people["value"].sum() == 365_644 and set(people["source"]) == {"scb-tab6574"}
    assert made.sources["scb-tab6574"].retrieved == NOW[:10]
    # 2023 came with the codes of its own division, and what is not collected stays
    earlier = rows[(rows["indicator"] == "folkmangd") & (rows["period"] == "2023") & rows["area"].str.startswith("1280R")]
    assert earlier["value"].sum() == people["value"].sum() + 91 * 10
    assert set(rows.loc[rows["indicator"] == "arbetslosa_16_64", "source"]) == {"scb-tab6680-deso2018"}
    moved = next(entry for entry in made.breaks if entry.id == "regso-2025")
    assert {"andel_65_plus", "folkmangd"} <= set(moved.indicators) and len(moved.areas) == 7
    again = run(out, client, None, now=NEXT)
    assert not again.new and again.version == first.version
    elsewhere = tmp_path / "annat"
    shutil.copytree(out / "snapshots", elsewhere / "snapshots")
    rebuilt = run(elsewhere, client, None, now=NEXT)
    assert rebuilt.version == first.version
    for path in sorted(p for p in (out / "versions" / first.version).rglob("*") if p.is_file()):
        other = elsewhere / "versions" / first.version / path.relative_to(out / "versions" / first.version)
        assert other.read_bytes() == path.read_bytes(), path.name


def made_up(codes: list[str]) -> dict:
    """Ages of made-up areas: the n-th has 40 + n of each sex and age."""
    at = {code: 40 + n for n, code in enumerate(codes)}
    numbers = {(c, a, s): n for c, n in at.items() for a in AGES for s in ("1", "2")}
    numbers |= {(c, a, "1+2"): 2 * n for c, n in at.items() for a in AGES}
    return numbers | {(c, "totalt", s): 17 * n * (2 if s == "1+2" else 1) for c, n in at.items() for s in ("1", "2", "1+2")}


def kolada(*places: str, first: int = 2021) -> dict:
    """Key figures: per cents and numbers of evictions that say which year and place they are of; one is missing."""
    kpis = ("N01951", "N03937", "N00989", "U00958")
    found = {(k, p, y): 1 + n + (y - 2000) / 10 + int(p) / 1e5 for n, k in enumerate(kpis) for p in places for y in range(first, 2025)}
    people = {("N01951", p, y): float(y * 100) for p in places for y in range(first, 2025)}
    found = {key: value for key, value in found.items() if key[0] != "N01951"} | {key: n for key, n in people.items() if key[2] < 2020}
    return found | {("U00958", places[0], 2024): None}


def test_koladas_figures_of_a_kommun_come_on_its_own_level_with_their_definitions(embedded, tmp_path, client):
    out = tmp_path / "paket"
    with Local(PxWeb(ages()), Kolada(kolada("1280", "0180", first=2017))) as server:
        outcome = run(out, client, server, names=("scb", "kolada"))
    assert not any("kommun_" in name for name in outcome.unused)
    made = pack.load(pack.resolve(str(out)))
    rows = made.observations.set_index(["area", "indicator", "period"])
    ours = {"arbetsloshet_kommun", "skuldsatta", "vrakningar"}
    assert {i for a, i, _ in rows.index if i in ours} == ours and {a for a, i, _ in rows.index if i in ours} == {"1280"}
    for id_, (kpi, n) in {"arbetsloshet_kommun": ("n03937", 1), "skuldsatta": ("n00989", 2), "vrakningar": ("u00958", 3)}.items():
        row = rows.loc["1280", id_, "2023"]
        assert row["value"] == pytest.approx(1 + n + 2.3 + 0.0128, abs=0.0005) and row["source"] == f"kolada-{kpi}"
        indicator = made.indicators[id_]
        assert [level.value for level in indicator.levels] == ["kommun"] and kpi.upper() in indicator.definition.sv
        assert made.sources[f"kolada-{kpi}"].licence and indicator.direction == "lower"
    assert rows.loc["1280", "vrakningar", "2024"]["flag"] == "..", "withheld is not zero"
    moved = next(entry for entry in made.breaks if entry.id == "regso-2025")
    assert "folkmangd" in moved.indicators and not ours & set(moved.indicators), "the city's own border has not moved"
    # SCB's own total goes before Kolada's, which stands where SCB has none
    people = rows.xs(("1280", "folkmangd"), level=("area", "indicator"))
    assert (people.loc["2024", "value"], people.loc["2024", "source"]) == (365_644, "scb-tab6574")
    assert (people.loc["2018", "value"], people.loc["2018", "source"]) == (201_800, "kolada-n01951")


def test_malmos_open_data_on_a_pack_of_regso_gives_what_the_pack_has_and_says_what_it_leaves(embedded, tmp_path, client):
    """The city's own tables from its portal; the recipe is the reader's, since what the columns hold must be seen first."""
    from test_geodata import portal

    plan = embedded / "collect/malmo.yaml"
    plan.write_text(plan.read_text("utf-8").replace("ekonomiskt_bistand:", "folkmangd:"), "utf-8")
    shares = {"Rosengård": 10_000, "Fosie": 20_000, "Malmö totalt": 134_000, "Restpost": 1_000}
    shares |= {"Centrum": 103_000} | {f"Påhittet {n}": 1_000 for n in range(133)}
    records = [{"År": "2011", "Område": place, "Antal": number} for place, number in shares.items()]
    out = tmp_path / "paket"
    with Local(portal(tmp_path, records)) as server:
        outcome = run(out, client, server, names=("malmo",))
    assert "Används inte: 133 områden som paketet inte har, som 10101, 10102, 10103" in outcome.remarks
    assert {"forvarvsinkomst_medel", "forvarvsinkomst_median"} <= set(outcome.unused)
    made = pack.load(pack.resolve(str(out)))
    people = made.observations[(made.observations["indicator"] == "folkmangd") & (made.observations["period"] == "2011")]
    got = people[people["source"] == "malmo-bistand"].set_index("area")["value"].to_dict()
    assert got == {"1280": 134_000, "sd-rosengard": 10_000, "sd-fosie": 20_000, "sd-centrum": 103_000}
    assert made.sources["malmo-bistand"].attribution == "Stadskontoret, Malmö stad"
    # a sub-area that is lost on the way stops the next run: 136 parts and the rest are Malmö
    less = portal(tmp_path, [row for row in records if row["Område"] not in ("Påhittet 7", "Påhittet 8")])
    with Local(less) as server, pytest.raises(CollectError, match="summan av de 131 delarna av 1280, restpost 1000"):
        run(out, client, server, names=("malmo",), now=NEXT)
    assert pack.resolve(str(out)).name == outcome.version


def test_malmos_open_data_on_a_pack_of_sub_areas_stands_on_them(embedded, tmp_path, client):
    """A pack whose basic areas are those of the portal's own map has the portal's figures on every one of them, and on the city."""
    from test_geodata import portal, subareas

    from omradesbild.collect import layer, tables

    plan = embedded / "collect/malmo.yaml"
    plan.write_text(plan.read_text("utf-8").replace("ekonomiskt_bistand:", "folkmangd:"), "utf-8")
    mapping = {
        "layer": "delomrade", "code": "do_kod", "name": "delomrade", "vintage": "Delområden-2026", "attribution": "Påhittat",
        "source": "Påhittade delområden", "source_url": "https://example.org/",
    }  # fmt: skip
    out = tmp_path / "delomraden"
    (sheet,) = tables.read("delomraden.geojson", subareas().to_crs(4326).to_json().encode())
    made = layer.make(pack.load(embedded), sheet, layer.LayerMapping.model_validate(mapping), NOW[:10], tmp_path / "made")
    Shelf(out).publish(made.root)
    named = {area.name.capitalize(): id_ for id_, area in made.areas.items() if id_ != "1280"}
    people = {name: 1000 + 10 * n for n, name in enumerate(named)}
    rest = 500
    records = [{"År": "2011", "Område": name, "Antal": number} for name, number in people.items()]
    records += [{"År": "2011", "Område": "Restpost", "Antal": rest}, {"År": "2011", "Område": "Malmö totalt", "Antal": sum(people.values()) + rest}]
    with Local(portal(tmp_path, records)) as server:
        outcome = run(out, client, server, names=("malmo",))
    assert not any(remark.startswith("Används inte") for remark in outcome.remarks)
    new = pack.load(pack.resolve(str(out)))
    rows = new.observations.query("indicator == 'folkmangd' and period == '2011' and source == 'malmo-bistand'").set_index("area")["value"].to_dict()
    assert rows == {named[name]: number for name, number in people.items()} | {"1280": sum(people.values()) + rest}
    assert len(rows) == 137 and "delomrade" in [level.value for level in new.indicators["folkmangd"].levels]


def test_what_the_source_has_revised_is_a_new_version_and_the_old_one_can_be_had_back(embedded, tmp_path, client):
    out = tmp_path / "paket"
    with Local(PxWeb(ages())) as server:
        first = run(out, client, server)
    changed = real() | {("1280R001", "totalt", "1+2"): 3400}
    with Local(PxWeb(ages(changed, updated="2026-03-26T07:00:00Z"))) as server:
        second = run(out, client, server, now=NEXT)
        third = run(out, client, server, now="2026-03-27T08:00:00+01:00")
    assert second.new and second.version != first.version and not third.new

    def people() -> float:
        rows = pack.load(pack.resolve(str(out))).observations
        return rows[(rows["area"] == "1280R001") & (rows["indicator"] == "folkmangd") & (rows["period"] == "2024")]["value"].item()

    assert people() == 3400
    Shelf(out).restore(first.version)
    assert people() == 3426


def test_a_version_may_wait_for_a_person(embedded, tmp_path, client):
    out = tmp_path / "paket"
    with Local(PxWeb(ages())) as server:
        first = run(out, client, server, wait=True)
    assert pack.resolve(str(out)).name == first.version, "the first one has nobody to wait for"
    changed = real() | {("1280R001", "totalt", "1+2"): 3400}
    with Local(PxWeb(ages(changed, updated="2026-03-26T07:00:00Z"))) as server:
        second = run(out, client, server, now=NEXT, wait=True)
    assert pack.resolve(str(out)).name == first.version and Shelf(out).waiting().name == second.version


def test_another_kommun_begins_without_anything_that_is_said_of_malmo(embedded, tmp_path, client, monkeypatch):
    codes = [f"0114R{n:03}" for n in range(1, 13)]
    numbers = made_up(codes)
    out = tmp_path / "vasby"
    with Local(PxWeb(ages(numbers)), Wfs({"stat:RegSO_2025": areas("0114", codes)})) as server:
        run(out, client, server, kommun="0114")
    made = pack.load(pack.resolve(str(out)))
    assert made.info.city == "0114" and set(made.areas) == {"0114", *codes}
    assert not made.goals and not made.initiatives and not made.police
    text = "".join(p.read_text("utf-8") for p in sorted((made.root / "catalog").rglob("*.yaml")) if p.parent.name == "catalog")
    assert "Malmö" not in text and "1280R" not in text
    assert made.areas["0114"].name == "Upplands Väsby" and made.info.title.sv == "Områdesbild Upplands Väsby"
    rows = made.observations.set_index(["area", "indicator", "period", "group"])["value"]
    assert rows["0114R003", "folkmangd", "2024", ""] == 2 * 17 * 42
    assert rows["0114R003", "andel_0_19", "2024", ""] == pytest.approx(100 * 4 / 17, abs=0.0005)
    monkeypatch.setattr(pipeline, "_build", None)  # with nothing new nothing is made
    assert not run(out, client, None, kommun="0114", now=NEXT).new
    # every border may have moved between the divisions, but that of the kommun has not
    assert np.isnan(rows["0114R003", "folkforandring", "2024", ""])
    people = rows["0114", "folkmangd", "2024", ""]
    assert rows["0114", "folkforandring", "2024", ""] == pytest.approx(-100 * 10 * len(codes) / (people + 10 * len(codes)), abs=0.001)


def test_a_correction_holds_while_the_source_has_the_error_and_stops_when_it_is_mended(embedded, tmp_path, client):
    correction = {
        "area": "1280R001", "indicator": "folkmangd", "period": "2024", "expect": {"value": 3426}, "put": {"value": 3500},
        "reason": {"sv": "Påhittad rättelse för provet."}, "decided": "2026-03-25", "by": "Provet",
    }  # fmt: skip
    (embedded / "catalog" / "corrections.yaml").write_text(yaml.safe_dump([correction], allow_unicode=True), "utf-8")
    out = tmp_path / "paket"
    with Local(PxWeb(ages())) as server:
        outcome = run(out, client, server)
    assert any(remark.startswith("Rättat: 1280R001, folkmangd 2024") for remark in outcome.remarks)
    rows = pack.load(pack.resolve(str(out))).observations
    row = rows[(rows["area"] == "1280R001") & (rows["indicator"] == "folkmangd") & (rows["period"] == "2024")].iloc[0]
    assert (row["value"], row["flag"]) == (3500, "e")
    changed = real() | {("1280R001", "totalt", "1+2"): 3500}
    with Local(PxWeb(ages(changed, updated="2026-03-26T07:00:00Z"))) as server, pytest.raises(CollectError, match="Källan har ändrat siffran"):
        run(out, client, server, now=NEXT)
    assert pack.resolve(str(out)).name == outcome.version


def test_a_correction_of_figures_in_use_is_made_by_the_next_run_and_so_is_its_withdrawal(embedded, tmp_path, client):
    out = tmp_path / "paket"
    correction = {
        "area": "1280R001", "indicator": "folkmangd", "period": "2024", "expect": {"value": 3426}, "put": {"value": 3427},
        "reason": {"sv": "Påhittat fel för provet."}, "decided": "2026-03-25", "by": "Provet",
    }  # fmt: skip

    def people() -> float:
        rows = pack.load(pack.resolve(str(out))).observations
        return rows.query("area == '1280R001' and indicator == 'folkmangd' and period == '2024'")["value"].item()

    with Local(PxWeb(ages())) as server:
        run(out, client, server)
        found = [people()]
        for listed in ([correction], []):
            (pack.resolve(str(out)) / "catalog/corrections.yaml").write_text(yaml.safe_dump(listed, allow_unicode=True), "utf-8")
            assert run(out, client, server, now=NEXT).new
            found.append(people())
            assert not run(out, client, server, now=NEXT).new
    assert found == [3426, 3427, 3426]


def test_an_error_that_a_sum_stops_at_can_be_corrected(embedded, tmp_path, client):
    """SCB's answer has a thousand too many in one area: the run stops, until somebody has written down what is right."""

    def wrong():
        table = ages()
        at = {name: list(codes) for name, codes in table.dimensions.items()}
        cell = tuple(at[name].index(code) for name, code in {
            "Region": "1280R001_RegSO2025", "Alder": "totalt", "Kon": "1+2", "ContentsCode": "000007Y7", "Tid": "2024"}.items()
        )  # fmt: skip
        table.cells[cell] += 1000
        return Local(PxWeb(table))

    out = tmp_path / "paket"
    with wrong() as server, pytest.raises(CollectError, match="skillnad [+]1000"):
        run(out, client, server)
    path = embedded / "catalog" / "corrections.yaml"
    correction = {
        "area": "1280R001", "indicator": "folkmangd", "period": "2024", "expect": {"value": 4426}, "put": {"value": 3426},
        "reason": {"sv": "Påhittat fel för provet."}, "decided": "2026-03-25", "by": "Provet",
    }  # fmt: skip
    path.write_text(yaml.safe_dump([correction], allow_unicode=True), "utf-8")
    with wrong() as server:
        outcome = run(out, client, server)
    assert any(remark.startswith("Rättat: 1280R001, folkmangd 2024") for remark in outcome.remarks)
    assert not any("umma" in remark for remark in outcome.remarks)
    made = pack.load(pack.resolve(str(out)))
    people = made.observations[(made.observations["indicator"] == "folkmangd") & (made.observations["period"] == "2024")]
    assert people.loc[people["area"] == "1280R001", "value"].item() == 3426 and made.corrections[0].by == "Provet"
    # a correction that does not make the sum right is no way around it
    path.write_text(yaml.safe_dump([correction | {"put": {"value": 4400}}], allow_unicode=True), "utf-8")
    with wrong() as server, pytest.raises(CollectError, match="skillnad [+]974"):
        run(tmp_path / "annat", client, server)


def test_a_jump_without_a_known_break_is_remarked_and_nothing_is_mended(embedded, tmp_path, client):
    table = ages()
    at, kommun = (list(table.dimensions["Region"]).index(code) for code in ("1280R005", "1280"))
    gone = table.cells[at, :, :, 0, 0] * 8 // 9
    table.cells[at, :, :, 0, 0] -= gone
    table.cells[kommun, :, :, 0, 0] -= gone
    with Local(PxWeb(table)) as server:
        outcome = run(tmp_path / "paket", client, server)
    assert any("Hopp: 1280R005, folkmängd, 2023–2024" in remark for remark in outcome.remarks), outcome.remarks


def test_an_impossible_share_stops_the_run(embedded, tmp_path, client):
    figures = real() | {("1280R001", "-4", "1+2"): 5000}
    with Local(PxWeb(ages(figures))) as server, pytest.raises(CollectError, match=r"1280R001, andel_0_19 202.: hittade \d+"):
        run(tmp_path / "paket", client, server)
    assert not Shelf.is_one(tmp_path / "paket")


def test_what_a_killed_run_left_is_gone_after_the_next_and_a_stop_is_answered_in_words(embedded, tmp_path, client, capsys, monkeypatch):
    out = tmp_path / "paket"
    (out / ".bygge" / "pack").mkdir(parents=True)
    (out / ".bygge" / "pack" / "halvt.csv").write_text("area")

    def stopped(*_more, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "_build", stopped)
    with Local(PxWeb(ages())) as server:
        assert cli.main(["collect", "scb", "--out", str(out), "--base-url", f"scb={server.url}/api/v2"]) == 1
    assert "Det gick inte: Avbrutet." in capsys.readouterr().err
    assert not (out / ".bygge").exists() and not Shelf.is_one(out) and list((out / "snapshots" / "scb").glob("*.json"))


# ---- the command --------------------------------------------------------------------------------


def test_the_command_says_what_came_and_what_nothing_uses(embedded, tmp_path, capsys):
    with Local(PxWeb(ages())) as server:
        code = cli.main(["collect", "scb", "--out", str(tmp_path / "p"), "--base-url", f"scb={server.url}/api/v2"])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "Ny version: 20" in said.out and "inget recept använder dem: alder_35_39" in said.out
    assert "klara, SCB TAB6574" in said.err
    assert cli.main(["collect", "scb", "--out", str(tmp_path / "p"), "--offline"]) == 0
    assert "Inget nytt." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["skb", "--out", "p"], "källan: hittade ”skb”"),
        (["skb"], "källan: hittade ”skb”"),
        (["scb"], "--out MAPP"),
        (["scb", "--out", "p", "--kommun", "malmö"], "fyra siffror"),
        (["scb", "--out", "p", "--base-url", "scb"], "KÄLLA=ADRESS"),
        (["scb", "--out", "p", "--offline"], "inget sparat svar"),
        (["scb", "--out", "p", "--base-url", "scb=http://127.0.0.1:9"], "127.0.0.1:9"),
    ],
)
def test_a_mistake_is_answered_in_words(arguments, said, embedded, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    assert cli.main(["collect", *arguments]) == 1
    found = capsys.readouterr().err
    assert found.splitlines()[-1].startswith("Det gick inte: ") and said in found and "Traceback" not in found


@pytest.mark.parametrize("at", [1, 3, None], ids=["first", "among", "last"])
def test_an_empty_line_among_figures_is_no_row(at, tmp_path):
    """A pack with one passes its checks: new figures are put into it all the same."""
    root = small_pack.write(tmp_path / "pack")
    path = root / "observations" / "arbete.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines.insert(len(lines) if at is None else at, "\n")
    path.write_text("".join(lines), "utf-8", newline="\n")
    before = pack.load(root).observations
    new = before[before["indicator"] == "inkomst"].head(2)
    for file in ("ny", "arbete"):
        folder.merge({file: new.assign(value=7.0)}, root)
    after = pack.load(root).observations
    changed = after[after["value"] == 7]
    assert len(after) == len(before) and changed[["area", "period"]].to_numpy().tolist() == new[["area", "period"]].to_numpy().tolist()


def test_a_series_that_comes_to_reach_over_a_break_says_so(tmp_path):
    from test_normalise import COUNT, KEY, recipes, rows

    from omradesbild.collect import seams
    from omradesbild.collect.normalise import observations
    from omradesbild.model import Break, Source

    (tmp_path / "catalog").mkdir()
    text = {"sv": "x"}
    known = [
        {"id": "grans", "period": "2024", "kind": "boundary", "indicators": ["annan"], "areas": ["R1"], "text": text},
        {"id": "brus", "period": "2025", "kind": "method", "indicators": ["annan"], "text": text},
    ]
    (tmp_path / "catalog" / "breaks.yaml").write_text(yaml.safe_dump(known), "utf-8")
    planned = [
        Break.model_validate({"id": "ny", "period": "2024", "kind": "definition", "indicators": ["antal", "annan"], "text": text}),
        Break.model_validate({"id": "inte", "period": "2030", "kind": "definition", "indicators": ["antal"], "text": text}),
    ]
    noise = {"first": "2025", "sd": 3, "assumption": text, "url": "https://example.org"}
    entry = Source.model_validate({
        "id": "kalla", "publisher": "P", "title": "T", "url": "https://example.org", "licence": "CC0", "attribution": "P",
        "retrieved": "2026-01-01", "noise": noise,
    })  # fmt: skip
    readings = rows(*(("R1", "n", year, 5, "") for year in ("2023", "2024", "2025")))
    found, _ = observations([readings], recipes(COUNT), KEY, ("R1",), ())
    seams.extend(tmp_path, found, {"R1": "regso"}, planned, {"kalla": entry})
    got = {b["id"]: b["indicators"] for b in yaml.safe_load((tmp_path / "catalog" / "breaks.yaml").read_text("utf-8"))}
    assert got == {"grans": ["annan", "antal"], "brus": ["annan", "antal"], "ny": ["antal"]}
    before = (tmp_path / "catalog" / "breaks.yaml").read_bytes()
    seams.extend(tmp_path, found, {"R1": "regso"}, planned, {"kalla": entry})
    assert (tmp_path / "catalog" / "breaks.yaml").read_bytes() == before


def test_the_commands_of_the_yearly_routine_do_what_it_says(embedded, tmp_path, monkeypatch, capsys):
    """Every command of docs/arsrutin.md as it stands there, in a folder where nothing is yet; only the addresses are this machine's."""
    text = (ROOT / "docs/arsrutin.md").read_text("utf-8")
    first, *yearly = re.findall(r"python -m omradesbild ([^`\n]+)", text)
    assert first == "collect --out PACK" and len(yearly) == 4
    monkeypatch.chdir(tmp_path)

    def given(line: str, server: Local | None = None, **dates: str) -> str:
        for date, version in dates.items():
            line = line.replace(date.replace("_", "-").removeprefix("d"), version)
        urls = {"scb": "/api/v2", "kolada": "/v3"} if server else {}
        more = [part for name, path in urls.items() for part in ("--base-url", f"{name}={server.url}{path}")]
        assert cli.main([*shlex.split(line, comments=True), *more]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    with Local(PxWeb(ages()), Kolada(kolada("1280"))) as server:
        given(first, server)
    old = pack.resolve("PACK").name
    changed = real() | {("1280R001", "totalt", "1+2"): 3400}
    with Local(PxWeb(ages(changed, updated="2099-01-01T07:00:00Z")), Kolada(kolada("1280"))) as server:
        assert "Väntar på godkännande" in given(yearly[0], server)
    assert pack.resolve("PACK").name == old, "it waits"
    shelf = Shelf(Path("PACK"))
    new = shelf.waiting().name
    shelf.approve(new)
    said = given(yearly[1])
    assert old in said and new in said and "används" in said
    assert f"Nu används {old}" in given(yearly[2], d2026_11_22=old[:15])
    assert "ändrade" in given(yearly[3], d2026_11_22=old, d2026_12_01=new)
