"""What surrounds every page: both languages, other packs, packs with faults, links with nonsense."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_pack
from launch import PAGES, charts, go, healthy, html, launch, maps, tables
from streamlit.testing.v1 import AppTest

from components import engine as held
from omradesbild import demo, words
from omradesbild.pack import load
from omradesbild.words import t


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the app read its pack anew, and look for a newer one at every run."""
    monkeypatch.setattr(held, "_engine", None)
    monkeypatch.setattr(held, "_stamp", None)
    monkeypatch.setattr(held, "LOOK_EVERY", 0)
    return monkeypatch


@pytest.fixture
def small(tmp_path: Path, fresh: pytest.MonkeyPatch) -> Path:
    fresh.setenv("OMRADESBILD_PACK", str(tmp_path / "small"))
    return small_pack.write(tmp_path / "small")


def test_memory_is_given_back_only_where_the_system_has_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows ctypes.CDLL(None) is a TypeError."""
    asked = []
    monkeypatch.setattr(held.ctypes, "CDLL", lambda name: asked.append(name) or None)
    for system in ("win32", "darwin", "linux"):
        monkeypatch.setattr(held.sys, "platform", system)
        held._give_back()
    assert asked == [None], "Linux alone is asked, and another library than glibc has no such function"


def later(path: Path) -> None:
    """Make a file look changed also where the clock of the disk is coarse."""
    at = time.time_ns() + 10**9
    os.utime(path, ns=(at, at))


def through_all_pages(**params: str) -> Iterator[AppTest]:
    """Open a link on one page after the other."""
    at = launch(**params)
    yield at
    for page in PAGES[1:]:
        yield go(at, page, **params)


def test_a_measure_that_is_withheld_everywhere_stops_no_page(small: Path) -> None:
    """It is the first that the pack would show, and what its areas are ordered by."""
    path = small / "observations/arbete.csv"
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    nobody = [[*line[:4], "0", "0", *line[6:]] if line[1] == "sysselsatta" else line for line in lines]
    path.write_text("".join(",".join(line) + "\n" for line in nobody), "utf-8")
    small_pack.dump(small / "pack.yaml", small_pack.INFO | {"headline": ["sysselsatta", "folkmangd"], "ordering": ["sysselsatta"]})
    for at in through_all_pages(ind="sysselsatta"):
        assert healthy(at)
    assert held.engine().statements.levels("sysselsatta") == []


def said(at: AppTest) -> str:
    """Return all text of a page."""
    kinds = ("title", "header", "subheader", "markdown", "warning", "info", "caption", "text")
    return "\n".join([*(e.value for kind in kinds for e in at.get(kind)), *html(at)])


@pytest.mark.parametrize(
    "params",
    [
        {"ind": "skjutningar"},
        {"ind": "valdeltagande", "grupp": "riksdagsval", "per": "2018", "omr": "sd-rosengard"},
        {"ind": "gymnasiebehorighet", "omr": "mollan.1280R003.sd-oxie.1280", "visa": "avvikelse"},
        {"ind": "alder_kon", "omr": "1280R001", "karta": "fri"},
        {"ind": "omradestyp", "omr": "1280R001.augustenborg", "form": "ett"},
        {"ind": "anmalda_brott_kvartal", "per": "2020K3", "tema": "trygghet", "omr": "sd-fosie"},
        {"ind": "skador_olycksfall", "grupp": "man|75+", "per": "2010", "omr": "sd-fosie", "tema": "halsa"},
    ],
    ids=lambda params: params["ind"],
)
def test_every_page_opens_with_any_measure(params: dict[str, str]) -> None:
    for at in through_all_pages(**params):
        assert list(at.warning) == []
        assert at.title[0].value


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_in_english(page: str) -> None:
    at = launch(page, omr="mollan.1280R037", insatser="1", polis="2023", sprak="en")
    english = {t(key, "en") for key in words.keys("en")}
    swedish = {t(key, "sv") for key in words.keys("sv") if not key.startswith("demo")} - english
    assert at.title[0].value in english | {"Möllan", t("overview.title", "en", city="Malmö")}
    labels = {e.label for kind in ("selectbox", "multiselect", "text_input", "toggle", "file_uploader") for e in at.get(kind)}
    columns = {column for table in tables(at).values() for column in table.columns}
    headings = {e.value for kind in ("header", "subheader") for e in at.get(kind)}
    assert (labels | columns | headings) & swedish == set()
    assert labels or tables(at)


def test_the_frame_names_the_data_and_its_sources() -> None:
    at = launch("karta")
    footer = next(body for body in html(at) if "ob-footer" in body)
    assert "2026-11-22" in footer and "SCB · © OpenStreetMap contributors" in footer
    assert not any("ob-demo" in body and "<div" in body for body in html(at))


def test_another_city_needs_no_change_in_the_app(small: Path) -> None:
    for at in through_all_pages(omr="vastra.A3"):
        assert list(at.warning) == []
        assert "Malmö" not in said(at)


def test_another_citys_figures_are_its_own(small: Path) -> None:
    row = tables(launch("omrade", omr="vastra"))["Nyckeltal för Västra"].row("Sysselsatta")
    assert (row["Värde"], row["Antal"], row["År"]) == ("74,0\u00a0%", "370", "2024")
    (sent,) = maps(launch("karta", ind="inkomst", per="2024"))
    assert sorted(sent["classes"]) == sorted("01234:")
    assert sent["values"].count("..") == 1


@pytest.fixture
def city_only(small: Path) -> Path:
    """A pack with a breakdown that has one year, of its own, and only for the city."""
    folkmangd = small_pack.INDICATORS[0]
    group = {"id": "x", "title": {"sv": "Andra"}}
    small_pack.dump(
        small / "catalog/indicators/folkmangd.yaml", folkmangd | {"groups": [*folkmangd["groups"], group]}
    )
    with (small / "observations/befolkning.csv").open("a") as file:
        file.write("9999,folkmangd,2019,x,500,,,,scb\n")
    return small


def test_a_breakdown_without_areas_is_not_on_the_map(city_only: Path) -> None:
    link = {"ind": "folkmangd", "grupp": "x", "per": "2019"}
    overview = launch(**link)
    assert list(overview.warning) == []
    assert maps(overview)[0]["title"].endswith("2024")
    assert overview.query_params["grupp"] == "x" and overview.query_params["per"] == "2019"
    karta = launch("karta", **link)
    assert "grupp" not in karta.query_params
    assert "–" not in maps(karta)[0]["classes"] and set(maps(karta)[0]["classes"]) <= set("01234")


def test_a_breakdown_without_areas_has_its_year_over_time(city_only: Path) -> None:
    at = launch("trender", ind="folkmangd", grupp="x", per="2019")
    assert at.query_params["per"] == "2019"
    assert list(at.warning) == []


def test_a_pack_that_cannot_be_read_gives_a_clear_page(small: Path) -> None:
    (small / "catalog/sources.yaml").write_text("- id: scb\n  publisher: [\n")
    at = launch()
    assert at.title[0].value == "Siffrorna kan inte visas just nu"
    assert "sources.yaml" in at.text[0].value and "Gör så här" in at.text[0].value
    assert "Traceback" not in said(at) and tables(at) == {}


def test_a_pack_that_does_not_exist_gives_a_clear_page(tmp_path: Path, fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv("OMRADESBILD_PACK", str(tmp_path / "ingenting"))
    at = launch()
    assert at.title[0].value == "Siffrorna kan inte visas just nu"
    assert "hittade ingen sådan mapp" in at.text[0].value


def test_a_pack_that_is_put_right_is_shown(small: Path) -> None:
    good = (small / "pack.yaml").read_text("utf-8")
    (small / "pack.yaml").write_text("id: [")
    assert launch().title[0].value == "Siffrorna kan inte visas just nu"
    (small / "pack.yaml").write_text(good, "utf-8")
    assert launch().title[0].value == "Områdesbild Lilla staden"


def test_a_pack_that_breaks_while_the_app_runs_keeps_the_one_before(small: Path) -> None:
    at = launch("omrade", omr="A1")
    assert list(at.warning) == []
    file = small / "observations/befolkning.csv"
    good = file.read_text("utf-8")
    file.write_text(good.replace("A1,folkmangd,2024,,120", "A1,folkmangd,2024,,tolv"), "utf-8")
    later(file)
    healthy(at.run())
    assert "En nyare datamängd har fel och används inte" in at.warning[0].value
    assert "2026-11-01" in at.warning[0].value
    assert "tolv" in at.text[0].value and "befolkning.csv" in at.text[0].value
    assert tables(at)["Nyckeltal för Berga"].row("Invånare")["Värde"] == "120"


def test_a_newer_pack_is_taken_into_use_while_the_app_runs(small: Path) -> None:
    at = launch("omrade", omr="A3")
    file = small / "pack.yaml"
    file.write_text(file.read_text("utf-8").replace("2026-11-01", "2026-12-24"), "utf-8")
    later(file)
    healthy(at.run())
    assert list(at.warning) == []
    assert "2026-12-24" in next(body for body in html(at) if "ob-footer" in body)


def test_the_pack_is_not_read_again_when_nothing_has_changed(small: Path) -> None:
    launch()
    before = held.engine()
    assert held.engine() is before


def test_made_up_figures_are_marked_everywhere(tmp_path: Path, fresh: pytest.MonkeyPatch) -> None:
    made_up = demo.build(tmp_path / "pack")
    fresh.setenv("OMRADESBILD_PACK", str(made_up))
    fresh.setattr(held, "LOOK_EVERY", 60)
    some = [area.id for area in load(made_up).areas.values() if area.level == "regso"][:2]
    for page, at in zip(PAGES, through_all_pages(omr=".".join(some), slag="regso"), strict=True):
        assert f'<div class="ob-demo" role="note">{t("demo.banner")}' in "".join(html(at))
        assert all(sent["demo"] is True for sent in maps(at))
        for chart in charts(at):
            assert [note["text"] for note in chart["layout"]["annotations"]].count(t("demo.mark")) >= 4
        without = ("andringar", "data", "polislistan", "prioriteringar", "publicera", "samla_in", "underlag")
        assert charts(at) or maps(at) or page in without


def test_the_view_goes_along_through_all_pages() -> None:
    at = launch("karta", ind="hyresratt", per="2021", omr="1280R049")
    for page in PAGES:
        go(at, page)
        assert at.query_params["omr"] == "1280R049"
        assert at.query_params["ind"] == "hyresratt"


def test_an_area_that_lacks_a_variable_and_a_measure_without_variables_are_told(small: Path) -> None:
    assert t("peers.lacking", titles="medianinkomst") in said(launch("omrade", omr="A6", utfall="sysselsatta"))
    assert t("peers.no_variables") in said(launch("omrade", omr="A1", utfall="inkomst"))
    assert t("peers.table", area="Berga") in said(launch("omrade", omr="A1", utfall="sysselsatta"))


def test_a_pack_without_likeness_types_or_measures_says_so(small: Path) -> None:
    shown = said(launch("samlat", slag="regso"))
    assert t("likeness.none") in shown and t("types.none") in shown
    small_pack.dump(small / "catalog/index.yaml", {**small_pack.INDEX, "weights": {}})
    later(small / "catalog/index.yaml")
    assert t("index.table") in said(launch("samlat", slag="regso"))
