"""Översikt: the city's own figures, one map, and the goals."""

from __future__ import annotations

import pytest
from launch import html, launch, maps, observations
from streamlit.testing.v1 import AppTest


@pytest.fixture(scope="module")
def page() -> AppTest:
    return launch()


def sentences(at: AppTest) -> list[str]:
    body = next(body for body in html(at) if "ob-sentences" in body)
    return body.split("<ul")[1].split("</ul>")[0].replace("</li>", "").split("<li>")[1:]


def test_the_city_in_five_sentences_with_the_packs_figures(page: AppTest) -> None:
    assert observations("folkmangd")["1280", "2025"]["value"] == "367924"
    found = sentences(page)
    assert found[0].startswith("Folkmängd: 367\u202f924 (2025")
    assert len(found) == 5


def test_the_span_between_areas_is_that_of_the_observations(page: AppTest) -> None:
    rows = observations("arbetslosa_16_64").values()
    highest = max(float(row["value"]) for row in rows if row["area"] != "1280" and row["period"] == "2022")
    shown = [text for text in maps(page)[0]["values"] if text not in ("-", ".", "..", "")]
    low = min(shown, key=lambda text: float(text.removesuffix("\u00a0%").replace(",", ".")))
    assert f"{highest:.1f}" == "33.0"
    assert f"från {low} till 33,0\u00a0%" in sentences(page)[1]


def test_the_map_shows_every_area_of_the_newest_year(page: AppTest) -> None:
    (sent,) = maps(page)
    assert sent["title"] == "Arbetslösa, 16–64 år, 2022"
    assert len(sent["classes"]) == 91
    assert set(sent["classes"]) - {":"} == set("01234")
    assert sent["legend"]["city"][1] == "8,8\u00a0%"


def test_goals_stand_in_a_few_lines_with_the_way_to_the_rest(page: AppTest) -> None:
    newest = observations("lag_ekonomisk_standard")["1280", "2024"]
    assert (newest["value"], newest["flag"]) == ("20", "(x)")
    lines = "".join(body for body in html(page) if "ob-sentences" in body)
    assert "Låg ekonomisk standard: 20\u00a0% (x) år 2024. Tidigare 24\u00a0% (x) år 2014." in lines
    links = [link.proto.query_string for link in page.get("page_link")]
    assert [f"mal={goal}" in link for goal, link in zip(("segregation", "hemloshet", "trygghet"), links[-3:], strict=True)] == [True] * 3


def test_a_measure_without_areas_leaves_the_map_as_it_was() -> None:
    at = launch(ind="skjutningar")
    assert maps(at)[0]["title"] == "Arbetslösa, 16–64 år, 2022"
    assert at.query_params["ind"] == "skjutningar"


def test_an_area_is_found_by_an_everyday_name_spelt_wrong() -> None:
    at = launch()
    at.text_input(key="find_overview").set_value("sevde").run()
    found = next(link.proto for link in at.get("page_link") if link.proto.label == "Södra Sofielund")
    assert "omr=1280R072" in found.query_string
