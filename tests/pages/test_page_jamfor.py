"""Jämför: areas side by side in the same year, as shares or as numbers."""

from __future__ import annotations

import pytest
from launch import charts, html, launch, observations, tables
from statsmodels.stats.proportion import proportions_ztest
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


def test_the_reader_chooses_what_to_compare_with() -> None:
    """By the files: 178 of 1 877 against 327 of 1 878, p < 1e-11 in statsmodels."""
    rows = observations("forgymnasial")
    counts = [[float(rows[a, "2022"][x]) for x in ("numerator", "denominator")] for a in AREAS]
    assert proportions_ztest([n for n, _ in counts], [d for _, d in counts])[1] < 1e-11
    at = launch("jamfor", omr=".".join(AREAS), mot=AREAS[0])
    assert at.selectbox(key="val_mot").value == AREAS[0]
    row = tables(at)["Utbildning"].row("Högst förgymnasial utbildning")
    assert row["Jägersro-Almgården-Höja väst"].endswith("klart högre")
    assert row["Möllevången"].endswith("178"), "an area says nothing about itself"
    assert any("jämför med Möllevången, samma år" in body for body in html(at))
    other_way = launch("jamfor", omr=".".join(AREAS), mot=AREAS[1])
    row = tables(other_way)["Utbildning"].row("Högst förgymnasial utbildning")
    assert row["Möllevången"].endswith("klart lägre")


def test_areas_that_overlap_are_not_compared() -> None:
    at = launch("jamfor", omr="sorgenfri.sd-centrum", mot="sorgenfri")
    row = tables(at)["Utbildning"].row("Högst förgymnasial utbildning")
    assert row[tables(at)["Utbildning"].columns[-1]].endswith("ej jämförbart: områdena överlappar")


def test_earlier_years_are_named_and_never_across_a_break() -> None:
    at = launch("jamfor", omr="1280R049.1280R011", mot="tidigare", ind="folkmangd")
    rented = tables(at)["Boende"].row("Hyresrätter")
    assert "mot 2020: " in rented["Möllevången"]
    background = tables(at)["Befolkning"].row("Utländsk bakgrund")
    assert "ej jämförbart: inget tidigare år utan brott i serien" in background["Möllevången"]  # SCB's noise from 2025
    assert "mot=tidigare" not in str(at.warning)


def test_the_cards_of_the_page_compare_with_the_same() -> None:
    at = launch("jamfor", omr=".".join(AREAS), mot=AREAS[0], tema="arbete")
    faces = [c for c in at.segmented_control if c.key.startswith("card_compare_arbetslosa_16_64")]
    faces[0].set_value("tabell").run()
    assert "Jämfört med Möllevången" in tables(at)["Arbetslösa, 16–64 år"].columns
