"""Data och källor: every measure, every source, and what each means."""

from __future__ import annotations

import pytest
import yaml
from launch import ROOT, html, launch, tables
from streamlit.testing.v1 import AppTest

CATALOG = ROOT / "data/catalog"


@pytest.fixture(scope="module")
def page() -> AppTest:
    return launch("data", ind="folkmangd")


def indicators() -> list[dict]:
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted((CATALOG / "indicators").glob("*.yaml"))]


def test_every_indicator_is_listed_once(page: AppTest) -> None:
    titles = sorted(row[0] for row in tables(page)["Alla mått"].rows)
    assert titles == sorted(each["title"]["sv"] for each in indicators())
    assert len(titles) == len(set(titles)) > 70


def test_every_source_is_listed_with_licence_and_address(page: AppTest) -> None:
    sources = yaml.safe_load((CATALOG / "sources.yaml").read_text("utf-8"))
    rows = tables(page)["Källor"].rows
    assert sorted((row[0], row[3]) for row in rows) == sorted((s["title"], s["licence"]) for s in sources)
    body = next(body for body in html(page) if "<caption" in body and "Källor" in body)
    assert body.count('<a href="http') == len(sources)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_definition_and_what_it_leaves_out_are_shown(lang: str) -> None:
    at = launch("data", ind="arbetslosa_16_64", sprak=lang)
    wanted = next(each for each in indicators() if each["id"] == "arbetslosa_16_64")
    said = " ".join(element.value.replace("\\", "") for element in at.markdown)
    for field in ("definition", "not_covered"):
        text = " ".join((wanted[field].get(lang) or wanted[field]["sv"]).split())
        assert text in said


def test_breaks_are_listed(page: AppTest) -> None:
    table = tables(page)["Där serien är bruten"]
    assert [row[0] for row in table.rows if "alla områden" in row[2]] == ["2025", "2010"]
    border = next(row for row in table.rows if row[1].startswith("Områdets gräns ändrades"))
    assert border[0] == "2024" and "Holma" in border[2]


def test_the_years_of_a_measure_are_its_first_and_last(page: AppTest) -> None:
    assert tables(page)["Alla mått"].row("Folkmängd")["År"] == "2009–2025"
    assert tables(page)["Alla mått"].row("Högst förgymnasial utbildning")["År"] == "2022"


def test_marks_are_explained(page: AppTest) -> None:
    said = " ".join(element.value for element in page.markdown)
    assert "aldrig noll" in said and ".. visas inte" in said
