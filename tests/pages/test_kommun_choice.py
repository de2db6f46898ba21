"""A kommun of a country chosen in the header: its figures on the pages, and links that stay in it."""

from __future__ import annotations

import csv
import gc
import html as escapes
import os
import re
import shutil
import time
import weakref
from pathlib import Path
from urllib.parse import parse_qsl

import other_packs
import pytest
import yaml
from launch import go, healthy, html, launch, maps, tables
from streamlit.testing.v1 import AppTest

from components import engine as held
from omradesbild import words
from omradesbild.pack import KOMMUNER

MEASURE, LARGE, SMALL = "utrikes_fodda", "1280", "2000"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return other_packs.country(tmp_path_factory.mktemp("packs") / "country")


def show(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", str(root))
    for name, value in (("_engine", None), ("_stamp", None), ("_looked", 0.0)):
        monkeypatch.setattr(held, name, value)


@pytest.fixture
def country(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    show(made, monkeypatch)
    return made


def parts(root: Path, kommun: str = "") -> dict[str, tuple[float, float]]:
    """Return the newest numerator and denominator of every area in a kommun, read past all of the app's code."""
    rows = []
    for path in (root / "observations").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [row for row in csv.DictReader(file) if row["indicator"] == MEASURE and row["group"] == ""]
    newest = max(row["period"] for row in rows)
    return {
        row["area"]: (float(row["numerator"]), float(row["denominator"]))
        for row in rows
        if row["period"] == newest and re.match(rf"{kommun or '[0-9]{4}'}R", row["area"])
    }


def row(found: dict[str, tuple[float, float]]) -> list[str]:
    """Return the share of areas together and its parts, as they stand in the map's table."""
    above, below = (sum(part) for part in zip(*found.values(), strict=True))
    return [words.number(100 * above / below, 1, "sv") + "\u00a0%", words.number(above, 0, "sv"), words.number(below, 0, "sv")]


def chosen(at: AppTest, kommun: str) -> AppTest:
    return healthy(at.selectbox(key="val_kommun").set_value(kommun).run())


def test_each_reader_sees_the_borders_of_the_kommun_that_is_looked_at(country: Path) -> None:
    """The map that zooms freely keeps its borders for all readers: those of one kommun are not another's."""
    from components import free_map

    found = {}
    for kommun in (LARGE, SMALL, ""):
        held.use_kommun(kommun)
        found[kommun] = set(free_map.label_points(held.shared()))
    held.use_kommun("")
    assert found[LARGE] == set(parts(country, LARGE)) and found[SMALL] == set(parts(country, SMALL))
    assert found[""] == found[LARGE] | found[SMALL]


def test_what_another_kommun_lacks_is_let_go_when_it_is_chosen(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = shutil.copytree(made, tmp_path / "country")
    area = min(parts(root, SMALL))
    words_ = dict.fromkeys(("title", "event", "place", "source"), "Parken")
    listed = [{"id": "park", "areas": [area], "kind": "initiativ", "start": "2020", "source_url": "https://example.org"} | words_]
    (root / "catalog/initiatives.yaml").write_text(yaml.safe_dump(listed, allow_unicode=True), encoding="utf-8")
    show(root, monkeypatch)
    at = launch("insatser", kommun=SMALL, insats="park")
    assert "Parken" in " ".join(html(at))
    assert "Parken" not in " ".join(html(chosen(at, LARGE)))


def shown(at: AppTest, name: str) -> list[str]:
    (table,) = tables(at).values()
    return list(table.row(name).values())[2:5]


def links(at: AppTest, page: str) -> list[dict[str, str]]:
    """Return what the links to a page say, those that are written as HTML."""
    found = re.findall(rf'href="{page}\?([^"]*)"', "".join(html(at)))
    return [dict(parse_qsl(escapes.unescape(query))) for query in found]


def test_choosing_a_kommun_shows_its_figures_and_going_back_those_of_the_country(country: Path) -> None:
    whole, large, small = (parts(country, kommun) for kommun in ("", LARGE, SMALL))
    assert len(large) == len(small) == 12 and whole == large | small
    at = launch("karta", ind=MEASURE)
    assert "kommun" not in at.query_params and shown(at, "Riket") == row(whole)
    assert len(maps(at)[0]["classes"]) == len(whole)
    drawn = maps(at)[0]["url"]
    for kommun, its in ((LARGE, large), (SMALL, small)):
        chosen(at, kommun)
        assert at.query_params["kommun"] == kommun and list(at.warning) == []
        assert shown(at, f"Kommun {kommun}") == row(its) != row(whole)
        assert len(maps(at)[0]["classes"]) == len(its) and maps(at)[0]["url"] != drawn
    chosen(at, "")
    assert "kommun" not in at.query_params and shown(at, "Riket") == row(whole)
    assert maps(at)[0]["url"] == drawn


def test_a_link_opens_its_kommun_and_an_unknown_one_is_told(country: Path) -> None:
    at = launch("karta", ind=MEASURE, kommun=SMALL)
    assert at.selectbox(key="val_kommun").value == SMALL and shown(at, f"Kommun {SMALL}") == row(parts(country, SMALL))
    for page in ("trender", "samlat", "klyftor", "data"):
        assert go(at, page).query_params["kommun"] == SMALL, page
    at = launch("karta", ind=MEASURE, kommun="9999")
    assert any("9999” finns inte" in warning.value for warning in at.warning)
    assert "kommun" not in at.query_params and shown(at, "Riket") == row(parts(country))


def test_an_area_says_its_kommun_in_the_country_and_not_where_that_is_chosen(country: Path) -> None:
    """Areas of many kommuner are called the same."""
    at = launch("karta", ind=MEASURE)
    whole = {tables(at)[c].rows[n][0] for c in list(tables(at))[:1] for n in range(1, 25)}
    assert {name.rpartition(" (")[2] for name in whole} == {f"Kommun {LARGE})", f"Kommun {SMALL})"}
    its = {found[0] for found in list(tables(chosen(at, SMALL)).values())[0].rows[1:]}
    assert its and not any("Kommun" in name for name in its)
    assert {f"{name} (Kommun {SMALL})" for name in its} < whole


def test_own_areas_belong_to_a_kommun(country: Path) -> None:
    """Each reader's own areas of a country would be a country's figures once more in the memory."""
    own = f"1~Mitt~{SMALL}R001.{SMALL}R002"
    at = launch("egna", egna=own)
    assert [info.value for info in at.info] == [words.t("own.country")]
    assert any("Mitt" in warning.value and "hela landet" in warning.value for warning in at.warning)
    assert "egna" not in at.query_params
    at = launch("egna", egna=own, kommun=SMALL)
    assert not at.info and not at.warning and at.query_params["egna"] == own
    chosen(at, "")
    assert [info.value for info in at.info] == [words.t("own.country")] and "egna" not in at.query_params


def test_areas_of_the_kommun_before_are_left_behind(country: Path) -> None:
    at = launch("omrade", omr=f"{LARGE}R001", kommun=LARGE)
    assert at.query_params["omr"] == f"{LARGE}R001"
    chosen(at, SMALL)
    assert "omr" not in at.query_params
    at = launch("omrade", omr=f"{LARGE}R001", kommun=SMALL)
    assert any(f"{LARGE}R001" in warning.value for warning in at.warning), "an area of another kommun is told"


def test_links_on_a_page_stay_in_the_kommun_also_in_a_session_of_their_own(tmp_path: Path, made: Path, monkeypatch) -> None:
    event = {
        "id": "park", "title": "Park", "event": "Ny park", "place": "Norr", "kind": "plan", "start": "2024",
        "areas": [f"{SMALL}R001"], "source": "x", "source_url": "https://x.se/",
    }  # fmt: skip
    root = shutil.copytree(made, tmp_path / "country")
    (root / "catalog/initiatives.yaml").write_text(yaml.safe_dump([event]), "utf-8")
    show(root, monkeypatch)
    (there,) = links(launch("insatser", insats="park"), "omrade")
    assert there == {"omr": f"{SMALL}R001", "sprak": "sv"}, "a link from the country leads to the country"
    at = launch("insatser", insats="park", kommun=SMALL)
    (there,) = links(at, "omrade")
    assert there == {"kommun": SMALL, "omr": f"{SMALL}R001", "sprak": "sv"}
    opened = launch("omrade", **there)
    assert opened.query_params["kommun"] == SMALL and list(opened.warning) == []
    assert [link["kommun"] for link in links(opened, "insatser")] == [SMALL]


def test_a_country_without_a_list_of_kommuner_is_shown_whole_and_has_it_after_the_next_run(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "country"
    root = other_packs.country(folder)
    listed = (root / KOMMUNER).read_bytes()
    (root / KOMMUNER).unlink()
    show(root, monkeypatch)
    at = launch("karta", ind=MEASURE)
    assert "val_kommun" not in {box.key for box in at.selectbox} and shown(at, "Riket") == row(parts(root))
    renewed = other_packs.run(folder, other_packs.ALL)
    assert renewed != root and (renewed / KOMMUNER).read_bytes() == listed
    assert other_packs.run(folder, other_packs.ALL) == renewed, "once is enough"
    show(renewed, monkeypatch)
    assert shown(chosen(launch("karta", ind=MEASURE), SMALL), f"Kommun {SMALL}") == row(parts(renewed, SMALL))
    show(folder, monkeypatch)
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path / "drafts"))
    (said,) = (info.value for info in launch("andringar").info)
    assert f"python -m omradesbild diff {root.name} {renewed.name}" in said, "the two versions are too much for the app's server"


def test_an_engine_that_is_given_up_is_let_go(tmp_path: Path, made: Path, monkeypatch) -> None:
    root = shutil.copytree(made, tmp_path / "country")
    show(root, monkeypatch)
    monkeypatch.setattr(held, "LOOK_EVERY", 0)
    at = launch("karta", ind=MEASURE)
    chosen(at, SMALL)
    for page in ("prioriteringar", "klyftor", "samlat", "publicera"):
        go(at, page)
    before = weakref.ref(held.common().statements)
    later = time.time_ns() + 10**9
    os.utime(root / "pack.yaml", ns=(later, later))
    healthy(at.run())
    gc.collect()
    assert before() is None
