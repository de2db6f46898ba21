"""Insatser: the register is that of the catalogue, read here past the app's code."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from launch import ROOT, healthy, html, launch, maps, tables
from streamlit.testing.v1 import AppTest


def catalogue() -> dict[str, dict]:
    read = yaml.load((ROOT / "data/catalog/initiatives.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return {entry["id"]: entry for entry in read}


def titles(at: AppTest) -> list[str]:
    return [row[0] for row in tables(at)["Register"].rows]


@pytest.fixture(scope="module")
def register() -> AppTest:
    return launch("insatser")


def test_the_register_holds_every_entry_of_the_catalogue_in_order_of_time(register: AppTest) -> None:
    entries = sorted(catalogue().values(), key=lambda e: (e.get("start", "9999"), e["id"]))
    assert titles(register) == [e["title"] for e in entries]
    row = tables(register)["Register"].row("Kraftsamlande insatser: uppdrag")
    assert row["Beslut"] == "Kommunfullmäktige 2024-09-26, § 189"
    assert row["Mål"] == "Minskad segregation, Ökad trygghet och minskad brottslighet"
    assert row["Källa"] == "Kommunfullmäktige 2026-01-22, föredragningslista, ärende 7"
    assert tables(register)["Register"].row("BID Sofielund startar")["Beslut"] == "beslutet är inte känt"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("BID Sofielund", "BID Sofielund startar"),
        ("samverkan möllan", "BID Möllevången startar"),
        ("krocksbäck", "Planprogram för Holma och Kroksbäck (Pp 6045)"),
        ("pyramid", None),
    ],
)
def test_what_people_ask_for_is_found(search: str, found: str | None) -> None:
    at = launch("insatser", sok=search)
    if found:
        assert found in titles(at) and len(titles(at)) < 6
    else:
        assert "Ingenting i registret" in at.info[0].value


def test_holma_kroksback_is_found_by_name_and_by_area() -> None:
    by_name = titles(launch("insatser", sok="Holma Kroksbäck"))
    by_area = titles(launch("insatser", omr="holma-kroksback"))
    assert "Planprogram för Holma och Kroksbäck (Pp 6045)" in by_name
    assert set(by_name) <= set(by_area) and "Södra och mellersta Holma byggs ut" in by_area


def test_filters_keep_to_goal_kind_and_day() -> None:
    at = launch("insatser", mal="segregation", sort="plan", dag="2017")
    wanted = [
        e["title"]
        for e in catalogue().values()
        if "segregation" in e["goals"] and e["kind"] == "plan" and e.get("start", "9")[:4] <= "2017"
    ]
    assert titles(at) == wanted == ["Planprogram för Holma och Kroksbäck (Pp 6045)"]


def test_on_a_day_only_what_had_begun_and_not_ended_is_left() -> None:
    found = titles(launch("insatser", dag="2022-04"))
    assert "Medborgarlöfte för Möllevången och Rådmansvången" in found
    assert "Medborgarlöfte för Möllevången och Rådmansvången" not in titles(launch("insatser", dag="2022-05"))
    assert "BID Sofielund startar" in found and "Communities That Care: beslut" not in found


def test_a_day_that_is_none_is_told() -> None:
    at = launch("insatser")
    healthy(at.text_input(key="val_dag").set_value("31 februari").run())
    assert "”31 februari” är inget datum" in at.warning[0].value
    assert len(titles(at)) == len(catalogue())


def test_every_dated_entry_stands_on_the_line_of_time(register: AppTest) -> None:
    rows = next(body for body in html(register) if "ob-time" in body)
    dated = [e for e in catalogue().values() if "start" in e]
    assert rows.count("<li>") == len(dated) == len(catalogue()) - 1
    links = re.findall(r'<a href="([^"]+)"', rows)
    assert {parse_qs(urlsplit(link.replace("&amp;", "&")).query)["insats"][0] for link in links} == {e["id"] for e in dated}
    assert rows.count("ob-event") == sum(e["kind"] in ("beslut", "handelse") for e in dated)


def test_the_map_counts_what_names_an_area(register: AppTest) -> None:
    sofielund = [e for e in catalogue().values() if {"1280R072", "bid-sofielund"} & set(e["areas"])]
    sent = maps(register)[0]
    assert sent["values"][int("1280R072"[-3:]) - 1] == str(len(sofielund)) == "7"


def test_a_link_opens_one_with_all_that_is_known() -> None:
    at = launch("insatser", insats="bid-sofielund")
    facts = {row[0]: row[1] for row in tables(at)["BID Sofielund startar"].rows}
    entry = catalogue()["bid-sofielund"]
    assert facts["Vad"] == entry["event"]
    assert (facts["När"].replace("\u2011", "-"), facts["Vem"]) == (entry["start"], entry["actors"])
    assert facts["Osäkert"] == entry["uncertain"] and facts["Källa"] == entry["source"]
    assert facts["Läge"].startswith("Källan anger inget slut. Räknas som pågående")
    healthy(at.button[0].click().run()) if at.button[0].label.startswith("Tillbaka") else pytest.fail("no way back")
    assert "Register" in tables(at)


def test_opening_from_the_list_writes_the_link() -> None:
    at = launch("insatser")
    healthy(at.selectbox(key="val_insats").set_value("kameror-seved").run())
    assert at.query_params["insats"] == "kameror-seved"
    assert "Kamerabevakning i Seved" in tables(at)


def test_an_unknown_one_is_told_and_the_register_shown() -> None:
    at = launch("insatser", insats="bid-mars")
    assert "bid-mars" in at.warning[0].value.replace("\\", "")
    assert "Register" in tables(at)


def test_the_page_of_an_area_leads_here() -> None:
    at = launch("omrade", omr="mollan")
    body = next(b for b in html(at) if "Insatser och händelser som nämner området" in b and "<table" in b)
    assert "insatser?insats=bid-mollevangen&amp;sprak=sv" in body


def test_in_english_it_says_that_the_texts_are_swedish() -> None:
    at = launch("insatser", insats="bid-sofielund", sprak="en")
    assert at.title[0].value == "Initiatives"
    assert any("Swedish" in c.value for c in at.caption)
