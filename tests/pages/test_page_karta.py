"""Karta: what the map and its table say is what stands in the observations."""

from __future__ import annotations

import json
import math

import pytest
from launch import ROOT, Table, html, launch, maps, observations, tables
from streamlit.testing.v1 import AppTest

from components import free_map
from components.engine import engine
from omradesbild.analyse.classes import classify
from omradesbild.publish.choropleth import limits_of
from omradesbild.words import THIN_SPACE

PER_CENT = "\u00a0%"


def share(row: dict[str, str]) -> str:
    return f"{float(row['value']):.1f}".replace(".", ",") + PER_CENT


def list_rows(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def ids() -> list[str]:
    return [shape.id for shape in engine().shapes.areas]


@pytest.fixture(scope="module")
def hyresratt() -> AppTest:
    return launch("karta", ind="hyresratt", per="2021", omr="1280R049")


def test_every_area_on_the_map_has_the_figure_of_the_observations(hyresratt: AppTest) -> None:
    rows = observations("hyresratt")
    (sent,) = maps(hyresratt)
    assert len(sent["values"]) == len(ids()) == 91
    assert dict(zip(ids(), sent["values"], strict=True)) == {a: share(rows[a, "2021"]) for a in ids()}


def test_the_class_of_every_area_follows_the_limits(hyresratt: AppTest) -> None:
    rows, limits = observations("hyresratt"), limits_of(engine().statements, "hyresratt", "")
    (sent,) = maps(hyresratt)
    assert len(sent["classes"]) == 91
    assert sent["classes"] == "".join(str(classify(float(rows[a, "2021"]["value"]), limits)) for a in ids())
    assert sent["legend"]["codes"] == "01234"
    assert len(sent["legend"]["ticks"]) == 6


def test_the_table_has_the_city_then_the_chosen_and_every_area_once(hyresratt: AppTest) -> None:
    rows = observations("hyresratt")
    table = tables(hyresratt)["Hyresrätter"]
    assert (len(table.rows), table.marked) == (92, 1)
    assert [row[0] for row in table.rows[:2]] == ["Malmö", "Möllevången"]
    areas = {area.name: area.id for area in engine().pack.areas.values() if area.level in ("regso", "kommun")}
    shown = {name: table.row(name) for name in areas}
    assert {name: row["Värde"] for name, row in shown.items()} == {
        name: share(rows[area, "2021"]) for name, area in areas.items()
    }
    counts = {name: row["Täljare"].replace(THIN_SPACE, "") for name, row in shown.items()}
    assert counts == {name: rows[area, "2021"]["numerator"] for name, area in areas.items()}
    values = [float(row["Värde"].removesuffix(PER_CENT).replace(",", ".")) for row in list_rows(table)[2:]]
    assert values == sorted(values, reverse=True)


def test_a_chosen_area_is_said_in_full(hyresratt: AppTest) -> None:
    row = observations("hyresratt")["1280R049", "2021"]
    said = next(body for body in html(hyresratt) if "<b>Möllevången</b>" in body)
    assert share(row) in said
    assert "övriga staden" in said
    assert [c["id"] for c in maps(hyresratt)[0]["chosen"]] == ["1280R049"]


def test_suppressed_areas_are_marked_and_have_no_value() -> None:
    at = launch("karta", ind="gymnasiebehorighet", per="2023")
    rows = observations("gymnasiebehorighet")
    hidden = {a for a in ids() if rows[a, "2023"]["flag"] == ".."}
    assert len(hidden) == 20
    (sent,) = maps(at)
    assert {a for a, code in zip(ids(), sent["classes"], strict=True) if code == ":"} == hidden
    assert {a for a, value in zip(ids(), sent["values"], strict=True) if value == ".."} == hidden
    assert ":" in [code for code, _ in sent["legend"]["keys"]]
    dots = dict(zip(ids(), sent["legend"]["dots"], strict=True))
    assert {a for a, dot in dots.items() if dot == -1} == hidden
    assert "0,0" + PER_CENT not in sent["values"]


def test_areas_without_a_figure_are_marked_as_missing() -> None:
    rows = observations("valdeltagande", "riksdagsval")
    missing = {a for a in ids() if not rows.get((a, "2018"), {"value": ""})["value"]}
    assert len(missing) == 17
    (sent,) = maps(launch("karta", ind="valdeltagande", grupp="riksdagsval", per="2018"))
    assert {a for a, code in zip(ids(), sent["classes"], strict=True) if code == "-"} == missing
    assert {a for a, value in zip(ids(), sent["values"], strict=True) if value in ("-", "")} == missing
    assert "-" in [code for code, _ in sent["legend"]["keys"]]


def test_the_difference_map_has_other_classes_and_no_limits() -> None:
    at = launch("karta", ind="arbetslosa_16_64", per="2022", visa="avvikelse")
    (sent,) = maps(at)
    assert {"A", "E"} <= set(sent["classes"]) <= set("ABCDE:")
    assert "ticks" not in sent["legend"]
    rows = observations("arbetslosa_16_64")
    by_class = dict(zip(ids(), sent["classes"], strict=True))
    worst = max(ids(), key=lambda a: float(rows[a, "2022"]["value"]))
    best = min((a for a in ids() if by_class[a] != ":"), key=lambda a: float(rows[a, "2022"]["value"]))
    assert (by_class[worst], by_class[best]) == ("A", "E"), "more unemployment is the worse"


def test_an_edition_without_borders_says_so() -> None:
    at = launch("karta", ind="hyresratt", per="2021", polis="2017")
    assert [info.value for info in at.info] == ["För 2017 finns inga gränser att visa, bara namnen."]
    assert maps(at)[0]["police"] == ""
    assert len(tables(at)["Polisens lista 2017"].rows) == 4


def test_an_edition_with_borders_marks_the_areas_inside() -> None:
    at = launch("karta", ind="hyresratt", per="2021", polis="2023")
    assert list(at.info) == []
    table = tables(at)["Polisens lista 2023"]
    assert "Örtagården norr 100" + PER_CENT in table.row("Rosengård")["Andel av ytan"]
    marks = dict(zip(ids(), maps(at)[0]["police"].ljust(91), strict=True))
    names = {area.name: area.id for area in engine().pack.areas.values() if area.level == "regso"}
    assert (marks[names["Örtagården norr"]], marks[names["Västra Kattarp"]]) == ("P", "p")
    assert marks[names["Möllevången"]] == " "


def test_layers_come_with_their_lists() -> None:
    at = launch("karta", ind="hyresratt", per="2021", insatser="1", ytor="stadsdel")
    (sent,) = maps(at)
    assert len(sent["outlines"]) == 10
    assert len(tables(at)["Insatser som nämner ett område"].rows) > 10
    assert sum(int(number) for _, number in sent["initiatives"]) > 30


def test_an_area_without_counts_behind_its_share_says_so() -> None:
    at = launch("karta", ind="loneinkomst_medel", per="2023", omr="mollan")
    assert any("antalen bakom siffran är inte kända" in body for body in html(at))


def test_the_free_map_has_a_circle_per_area_as_large_as_its_number() -> None:
    at = launch("karta", ind="hyresratt", per="2021", karta="fri")
    deck = json.loads(at.get("deck_gl_json_chart")[0].proto.json)
    circles = next(layer["data"] for layer in deck["layers"] if layer["id"] == "circles")
    rows = observations("hyresratt")
    counts = {a: float(rows[a, "2021"]["numerator"]) for a in ids()}
    assert len(circles) == 91
    radius = {circle["name"]: circle["r"] for circle in circles}
    names = {a: engine().pack.areas[a].name for a in ids()}
    most = max(counts, key=counts.get)
    for area in ids():
        expected = radius[names[most]] * (counts[area] / counts[most]) ** 0.5
        assert radius[names[area]] == pytest.approx(expected, abs=0.1)


def pixels(place: tuple[float, float], zoom: float) -> tuple[float, float]:
    """Return where a place is on Mercator's map of the world, by the other of its two formulas."""
    side, (longitude, latitude) = 512 * 2**zoom, map(math.radians, place)
    return side * longitude / math.tau, side * math.log(math.tan(math.pi / 4 + latitude / 2)) / math.tau


@pytest.mark.parametrize(
    ("places", "near"),
    [([(11.2, 55.4), (24.1, 65.8), (20.3, 68.4)], False), ([(12.9, 55.5), (13.1, 55.6)], True), ([(13.0, 55.6)], True)],
    ids=["country", "city", "one area"],
)
def test_the_free_map_opens_with_all_areas_in_view_and_no_nearer_than_suits_a_city(places: list, near: bool) -> None:
    start = free_map._start(places)
    middle = pixels((start["longitude"], start["latitude"]), start["zoom"])
    away = [abs(there[1] - middle[1]) for there in (pixels(place, start["zoom"]) for place in places)]
    assert max(away) <= free_map.HEIGHT / 2 + 1e-6
    assert (start["zoom"] == free_map.NEAREST) is near
    assert near or max(away) == pytest.approx(free_map.HEIGHT / 2), "and no farther away than it needs to be"
    assert start["min_zoom"] < start["zoom"] < start["max_zoom"]


def test_the_map_in_english() -> None:
    (sent,) = maps(launch("karta", ind="hyresratt", per="2021", sprak="en"))
    row = observations("hyresratt")["1280R001", "2021"]
    assert sent["values"][ids().index("1280R001")] == f"{float(row['value']):.1f}" + PER_CENT
    assert sent["title"] == "Rented dwellings, 2021"
    assert sent["words"]["whole"] == "Whole city"


def test_the_shipped_borders_are_those_of_the_areas() -> None:
    text = (ROOT / "data/boundaries/regso_2025_1280.geojson").read_text(encoding="utf-8")
    assert {feature["properties"]["id"] for feature in json.loads(text)["features"]} == set(ids())
