"""The police's list: every edition, area by area, as its file says, beside figures read from the pack's files."""

from __future__ import annotations

import json
import re
from math import sqrt

import pytest
import yaml
from launch import ROOT, html, launch, observations, tables
from streamlit.testing.v1 import AppTest

from omradesbild.words import t

EDITIONS = yaml.safe_load((ROOT / "data/catalog/police.yaml").read_text("utf-8"))
SHAPES = json.loads((ROOT / "data/boundaries/regso_2025_1280.geojson").read_text("utf-8"))
NAMES = {f["properties"]["id"]: f["properties"]["name"] for f in SHAPES["features"]}


@pytest.fixture(scope="module")
def page() -> AppTest:
    return launch("polislistan")


def strip_of(page: AppTest) -> dict[str, list[tuple[str, str]]]:
    """Return each area's boxes: edition and class."""
    body = next(b for b in html(page) if "ob-strip" in b)
    found = {}
    for part in body.split('<section class="ob-listed">')[1:]:
        name = re.search(r"<h3[^>]*>(.*?)</h3>", part)[1]
        found[name] = re.findall(r"<li class=\"[^\"]*\"><b>(\d+)</b> ([^,<]*)", part)
    return found


def test_every_area_has_its_class_in_every_edition(page: AppTest) -> None:
    expected = {id_: [] for edition in EDITIONS for id_ in (entry["id"] for entry in edition["entries"])}
    for edition in EDITIONS:
        listed = {entry["id"]: entry["category"] for entry in edition["entries"]}
        for id_, cells in expected.items():
            category = t(f"police.{listed[id_]}") if id_ in listed else t("police.not_listed")
            cells.append((edition["edition"], category))
    assert sorted(strip_of(page).values()) == sorted(expected.values())


def test_the_sources_of_the_list_are_named(page: AppTest) -> None:
    body = "".join(html(page))
    for edition in EDITIONS:
        for entry in edition["entries"]:
            assert entry["source_url"].replace("&", "&amp;") in body


def overlap(edition: str, id_: str) -> dict[str, float]:
    entries = next(e for e in EDITIONS if e["edition"] == edition)["entries"]
    return next(e.get("overlap", {}) for e in entries if e["id"] == id_)


def test_the_conditions_beside_a_strip_are_those_of_the_parts_inside_the_border(page: AppTest) -> None:
    inside = [a for a, share in overlap("2025", "rosengard-s-amiralsgatan").items() if share >= 0.5]
    values = [float(observations("arbetslosa_16_64")[a, "2022"]["value"]) for a in inside]
    body = next(b for b in html(page) if "ob-strip" in b)
    rosengard = body.split('<section class="ob-listed">')[1]
    low, high = (f"{x:.1f}".replace(".", ",") for x in (min(values), max(values)))
    assert f"{low}\u00a0% till {high}\u00a0% i områdets delar ({len(inside)}), 8,8\u00a0% i hela staden" in rosengard


def test_the_shares_inside_each_border_are_those_of_the_file(page: AppTest) -> None:
    found = tables(page)[t("police.shares")]
    editions = [e["edition"] for e in EDITIONS if e["borders"]]
    assert found.columns[1:-1] == editions
    row = found.row(NAMES["1280R002"])
    assert [row[e] for e in editions] == ["–", "–", "76\u00a0%"]
    assert row[t("column.what")] == t("police.came", edition="2025")
    assert found.row(NAMES["1280R007"])[t("column.what")] == t("police.went", edition="2025")


def moves(page: AppTest) -> dict[str, str]:
    """Return what is said about each change by its heading."""
    bodies = "".join(b for b in html(page) if "<h4" in b)
    return dict(re.findall(r"<h4[^>]*>(.*?)</h4>(.*?)(?=<h4|$)", bodies, flags=re.S))


def test_every_change_in_the_file_has_its_own_heading(page: AppTest) -> None:
    found = moves(page)
    assert len(found) == 7
    assert "Södra Sofielund (Seved): från särskilt utsatt område till riskområde" in found
    assert "Nydala/Hermodsdal/Lindängen: kom till som särskilt utsatt område" in found
    assert "Upplagans gräns är inte känd. Här används gränsen 2021." in found["Nydala/Hermodsdal/Lindängen: kom till som särskilt utsatt område"]
    holma = next(heading for heading in found if heading.startswith("Holma / Kroksbäck"))
    assert holma.endswith(f"gränsen lämnade {NAMES['1280R006']} och {NAMES['1280R007']}")


def test_what_moved_is_computed_again_from_the_counts(page: AppTest) -> None:
    """Södra Sofielund 2021 to 2023: the distance to the rest of the city, by hand, in four shares."""
    name = t("police.followed", area="Södra Sofielund (Seved)", since="2021", until="2023")
    found = tables(page)[name]
    for id_, title in (("utrikes_fodda", "Födda utomlands"), ("hyresratt", "Hyresrätter")):
        rows = observations(id_)
        row = found.row(title)
        gaps, spread = [], 0.0
        for year, cell in (("2021", row["Områdets delar före"]), ("2023", row["Områdets delar efter"])):
            o, n = (float(rows["1280R072", year][k]) for k in ("numerator", "denominator"))
            each = [r for (a, p), r in rows.items() if p == year and a != "1280"]
            rest_o, rest_n = (sum(float(r[k]) for r in each) - own for k, own in (("numerator", o), ("denominator", n)))
            assert cell.startswith(f"{100 * o / n:.1f}".replace(".", ","))
            gaps.append(100 * (o / n - rest_o / rest_n))
            spread += sum(1e4 * x / m * (1 - x / m) / m for x, m in ((o, n), (rest_o, rest_n)))
        clear = abs(gaps[1] - gaps[0]) > 3.09 * sqrt(spread) and abs(gaps[1] - gaps[0]) >= 1
        assert (row["Ändring mot övriga staden"] == t("police.none_moved")) == (not clear)


def test_what_cannot_be_said_is_said(page: AppTest) -> None:
    for text in moves(page).values():
        assert "Det går inte att säga om dessa ändrades: låg ekonomisk standard" in text


def test_areas_alike_that_never_were_listed_are_found_again(page: AppTest) -> None:
    """At or above the least burdened listed area on all three measures, never touched by a border."""
    measures = [("lag_ekonomisk_standard", "2022"), ("forgymnasial", "2022"), ("arbetslosa_16_64", "2022")]
    values = {a: [float(observations(m)[a, y]["value"]) for m, y in measures] for a in NAMES if a not in ("1280R008", "1280R075")}
    each = [e for e in EDITIONS if e["borders"]]
    touched = {a for e in each for x in e["entries"] for a, share in x["overlap"].items() if share >= 0.01}
    total: dict[str, float] = {}
    for x in each[-1]["entries"]:
        for a, share in x["overlap"].items():
            total[a] = total.get(a, 0) + share
    listed = [a for a, share in total.items() if share >= 0.5]
    limits = [min(values[a][n] for a in listed) for n in range(3)]
    alike = {NAMES[a] for a in set(values) - touched if all(v >= x for v, x in zip(values[a], limits, strict=True))}
    rows = [row[0] for row in tables(page)[t("police.conditions")].rows]
    heading = t("police.section_alike", number=len(alike))
    assert set(rows[rows.index(heading) + 1 :]) == alike


def test_the_class_that_was_abolished_and_the_critique_have_sources(page: AppTest) -> None:
    found = tables(page)[t("police.criteria")]
    assert "togs bort 2025" in found.row("Riskområde (2015–2023)")["Definition"]
    body = next(b for b in html(page) if "RiR 2020:20" in b)
    assert body.count("<a href=") == len(found.rows) == 8
