"""Jämför: areas side by side in the same year, as shares or as numbers."""

from __future__ import annotations

import pytest
from launch import charts, launch, observations, tables
from streamlit.testing.v1 import AppTest

AREAS = ("1280R049", "1280R037")
PER_CENT = "\u00a0%"


@pytest.fixture(scope="module")
def two() -> AppTest:
    return launch("jamfor", omr=".".join(AREAS))


def shown(row: dict[str, str]) -> str:
    return f"{float(row['value']):.1f}".replace(".", ",") + PER_CENT


def test_each_area_has_its_column_after_the_city(two: AppTest) -> None:
    columns = tables(two)["Arbete"].columns
    assert columns == ["Mått", "År", "Malmö", "Möllevången", "Jägersro-Almgården-Höja väst"]


@pytest.mark.parametrize(
    ("theme", "title", "indicator", "year"),
    [
        ("Arbete", "Arbetslösa, 16–64 år", "arbetslosa_16_64", "2022"),
        ("Boende", "Hyresrätter", "hyresratt", "2023"),
        ("Utbildning", "Högst förgymnasial utbildning", "forgymnasial", "2022"),
    ],
)
def test_all_figures_of_a_row_are_of_its_year(two, theme: str, title: str, indicator: str, year: str) -> None:
    row = tables(two)[theme].row(title)
    rows = observations(indicator)
    assert row["År"] == year
    own = [row["Möllevången"].split("\n")[0], row["Jägersro-Almgården-Höja väst"].split("\n")[0]]
    assert own == [shown(rows[area, year]) for area in AREAS]
    counts = [(float(r["numerator"]), float(r["denominator"])) for (a, p), r in rows.items() if p == year]
    city = rows.get(("1280", year))
    whole = float(city["value"]) if city else 100 * sum(n for n, _ in counts) / sum(d for _, d in counts)
    assert row["Malmö"].split("\n")[0] == shown({"value": whole})


def test_every_row_says_how_the_area_stands(two: AppTest) -> None:
    row = tables(two)["Arbete"].row("Arbetslösa, 16–64 år")
    assert row["Möllevången"].endswith("ingen tydlig skillnad")
    assert row["Jägersro-Almgården-Höja väst"].endswith("klart högre")


def test_every_share_has_its_number_of_people(two: AppTest) -> None:
    row = tables(two)["Arbete"].row("Arbetslösa, 16–64 år")
    rows = observations("arbetslosa_16_64")
    for name, area in zip(("Möllevången", "Jägersro-Almgården-Höja väst"), AREAS, strict=True):
        assert row[name].split("\n")[1].startswith(f"{rows[area, '2022']['numerator']} · ")
    assert row["Malmö"].split("\n")[1] == "16\u202f361"


def test_the_year_is_the_newest_that_most_areas_have() -> None:
    at = launch("jamfor", omr="sd-rosengard.mollan.1280R049")
    row = tables(at)["Befolkning"].row("Folkmängd")
    assert row["År"] == "2025"
    assert row["Möllevången"].startswith(f"{float(observations('folkmangd')['1280R049', '2025']['value']):,.0f}".replace(",", "\u202f"))


def test_an_area_without_a_figure_has_a_mark_and_not_a_zero() -> None:
    at = launch("jamfor", omr="sd-rosengard.1280R049")
    row = tables(at)["Hälsa"].row("Skador vid olycksfall")
    assert row["Möllevången"] == "-"


def test_overlapping_areas_are_told_also_when_they_share_a_name() -> None:
    at = launch("jamfor", omr="mollan.1280R049.1280R037")
    assert len(at.info) == 1
    assert "Möllan (vardagsområde) och Möllevången har delar gemensamt" in at.info[0].value
    same_name = launch("jamfor", omr="augustenborg.1280R005")
    assert "Augustenborg (vardagsområde) och Augustenborg har" in same_name.info[0].value


def test_areas_apart_have_no_such_notice(two: AppTest) -> None:
    assert list(two.info) == []


def test_charts_compare_the_same_areas() -> None:
    at = launch("jamfor", omr=".".join(AREAS), tema="boende")
    names = {trace.get("name") for trace in charts(at)[1]["data"] if trace.get("name")}
    assert {"Möllevången", "Jägersro-Almgården-Höja väst"} <= names


def test_without_areas_the_page_asks_for_them() -> None:
    at = launch("jamfor")
    assert "Välj två till sex områden" in at.info[0].value
    assert tables(at) == {}


def test_more_than_six_areas_are_cut_and_told() -> None:
    at = launch("jamfor", omr=".".join(f"1280R00{n}" for n in range(1, 9)))
    assert "Länken har 8 områden. De första 6 visas." in at.warning[0].value
    assert len(tables(at)["Arbete"].columns) == 9
