"""Översikt: the city's own figures, one map, and the goals."""

from __future__ import annotations

import pytest
from launch import html, launch, maps, observations, tables
from streamlit.testing.v1 import AppTest


@pytest.fixture(scope="module")
def page() -> AppTest:
    return launch()


def sentences(at: AppTest) -> list[str]:
    body = next(body for body in html(at) if "ob-sentences" in body)
    return body.split("<ul")[1].split("</ul>")[0].replace("</li>", "").split("<li>")[1:]


def test_the_city_in_five_sentences_with_the_packs_figures(page: AppTest) -> None:
    people = {year: float(observations("folkmangd")["1280", year]["value"]) for year in ("2024", "2025")}
    assert people["2025"] == 367_924
    assert people["2025"] - people["2024"] == 2_280
    found = sentences(page)
    assert found[0] == "Folkmängd: 367\u202f924 (2025), +2\u202f280 på ett år."
    assert len(found) == 5


def test_the_span_between_areas_is_that_of_the_observations(page: AppTest) -> None:
    rows = observations("arbetslosa_16_64").values()
    shares = [float(row["value"]) for row in rows if row["area"] != "1280" and row["period"] == "2022"]
    low, high = (f"{share:.1f}".replace(".", ",") + "\u00a0%" for share in (min(shares), max(shares)))
    assert (low, high) == ("0,9\u00a0%", "33,0\u00a0%")
    assert f"från {low}" in sentences(page)[1] and f"till {high}" in sentences(page)[1]


def test_the_map_shows_every_area_of_the_newest_year(page: AppTest) -> None:
    (sent,) = maps(page)
    assert sent["title"] == "Arbetslösa, 16–64 år, 2022"
    assert len(sent["classes"]) == 91
    assert set(sent["classes"]) == set("01234")
    assert sent["legend"]["city"][1] == "8,8\u00a0%"


def test_goals_show_their_measures_and_what_is_not_measured(page: AppTest) -> None:
    goal = tables(page)["Minskad segregation"]
    row = goal.row("Låg ekonomisk standard")
    newest = observations("lag_ekonomisk_standard")["1280", "2024"]
    assert (newest["value"], newest["flag"]) == ("20", "(x)")
    assert (row["Värde"], row["År"]) == ("20,0\u00a0% (x)", "2024")
    assert sum("Det här mäts inte:" in body for body in html(page)) == 3


def test_a_measure_without_areas_leaves_the_map_as_it_was() -> None:
    at = launch(ind="skjutningar")
    assert maps(at)[0]["title"] == "Arbetslösa, 16–64 år, 2022"
    assert at.query_params["ind"] == "skjutningar"


def test_a_breakdown_without_areas_leaves_the_map_as_it_was() -> None:
    at = launch(ind="valdeltagande", grupp="europaparlamentsval", per="2009")
    assert maps(at)[0]["title"] == "Arbetslösa, 16–64 år, 2022"
    assert list(at.warning) == []


def test_an_area_is_found_by_an_everyday_name_spelt_wrong() -> None:
    at = launch()
    at.text_input(key="find_overview").set_value("sevde").run()
    links = at.get("page_link")
    assert links[0].proto.label == "Södra Sofielund"
    assert "omr=1280R072" in links[0].proto.query_string
