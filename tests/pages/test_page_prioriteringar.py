"""Prioriteringar: challenges with their sizes, computed again from the pack's files, and lists that are kept."""

from __future__ import annotations

import json
import re
from math import hypot, sqrt
from pathlib import Path
from statistics import NormalDist, median

import pytest
import small_pack
from launch import go, healthy, html, launch, tables
from launch import observations as rows_of
from streamlit.testing.v1 import AppTest

from components import engine as held
from components import priority_parts
from components.tables import plain as tables_plain
from omradesbild import drafts
from omradesbild.words import t

CITY, LEVEL = "1280", "regso"
MEASURE, TITLE, YEAR = "arbetslosa_16_64", "Arbetslösa, 16–64 år", "2022"
#: Not shown: one area has five unemployed, and another is hidden so that they cannot be worked out.
HIDDEN = {"1280R008", "1280R075"}


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path))
    return tmp_path


def counts() -> dict[str, tuple[float, float]]:
    """Return unemployed and all of working age in every area, and in the city, which is their sum."""
    found = {a: r for (a, year), r in rows_of(MEASURE).items() if year == YEAR and r["numerator"]}
    each = {area: (float(r["numerator"]), float(r["denominator"])) for area, r in found.items()}
    return each | {CITY: tuple(map(sum, zip(*each.values(), strict=True)))}


def wilson(o: float, n: float, z: float) -> tuple[float, float]:
    middle, half = o + z * z / 2, z * sqrt(o * (1 - o / n) + z * z / 4)
    return (middle - half) / (n + z * z), (middle + half) / (n + z * z)


def more(area: str, level: float = 0.95) -> tuple[float, float, float]:
    """Return how many more than with the city's share, by hand."""
    (x, n), (of_city, all_) = counts()[area], counts()[CITY]
    z = NormalDist().inv_cdf(0.5 + level / 2)
    (low, high), (rest_low, rest_high) = wilson(x, n, z), wilson(of_city - x, all_ - n, z)
    p, r, scale = x / n, (of_city - x) / (all_ - n), n * (1 - n / all_)
    return x - n * of_city / all_, scale * (p - r - hypot(p - low, rest_high - r)), scale * (p - r + hypot(high - p, r - rest_low))


def numbers(text: str) -> list[float]:
    """Read the numbers of a cell: "1 508 (1 429 till 1 589)"."""
    plain = text.replace("\u202f", "").replace("−", "-")
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", plain)]


def table(at: AppTest, name: str):
    return tables(at)[t("priority.caption", name=name)]


def test_the_people_of_every_row_are_computed_again_from_the_counts() -> None:
    found = table(launch("prioriteringar", slag=LEVEL, efter="matt", ind=MEASURE), TITLE)
    names = areas()
    assert len(found.rows) > 20
    for row in found.rows:
        expected = [round(x) for x in more(names[row[0]])]
        assert numbers(row[found.columns.index("Människor det gäller")]) == pytest.approx(expected, abs=1)


def test_the_rows_come_in_order_of_people_and_each_place_is_among_all_areas() -> None:
    found = table(launch("prioriteringar", slag=LEVEL, efter="matt", ind=MEASURE), TITLE)
    names, each = areas(), [a for a in counts() if a not in HIDDEN | {CITY}]
    people = [more(names[row[0]])[0] for row in found.rows]
    assert people == sorted(people, reverse=True)
    limits = {a: more(a, 1 - 0.05 / len(each))[1:] for a in each}
    for row in found.rows:
        low, high = limits[names[row[0]]]
        first = 1 + sum(other > high for other, _ in limits.values())
        last = len(each) - sum(other < low for _, other in limits.values())
        assert numbers(row[found.columns.index("Plats bland alla")]) == [first, last][: 1 + (first != last)]


def test_what_cannot_be_told_apart_is_said_so() -> None:
    at = launch("prioriteringar", slag=LEVEL, efter="matt", ind=MEASURE)
    text = next(body for body in html(at) if "Det går inte att säga var flest berörs" in body)
    first = table(at, TITLE).rows[0][0]
    assert first in text


def test_an_area_in_the_link_is_shown_alone_with_the_figures_of_its_parts() -> None:
    at = launch("prioriteringar", omr="rosengard")
    row = table(at, "Rosengård").row(f"{TITLE}, {YEAR}")
    parts = [counts()[a] for a in ("1280R016", "1280R028", "1280R042", "1280R056", "1280R083", "1280R087", "1280R088")]
    unemployed, all_ = (sum(p[n] for p in parts) for n in (0, 1))
    assert numbers(row["Värde"].replace("%", "").replace(",", "."))[0] == round(100 * unemployed / all_, 1)
    assert f"{unemployed:,.0f} av {all_:,.0f}".replace(",", "\u202f") in row["Så avgjordes det"]
    body = next(body for body in html(at) if "Områdessamverkan enligt BID-modellen i fler områden" in body)
    assert body.count("BID-modellen") == 1, "the initiatives of an area are said once, not at every measure"


def test_the_peers_figure_is_the_middle_one_of_the_areas_that_are_named() -> None:
    row = table(launch("prioriteringar", slag=LEVEL, efter="matt", ind=MEASURE), TITLE).rows[0]
    named = row[-1].split("annat än måttet: ")[1].split(". I tabellen")[0].replace(" och ", ", ").split(", ")
    values = [100 * o / n for o, n in (counts()[areas()[name]] for name in named)]
    assert len(values) == 5
    assert f"{median(values):.1f}".replace(".", ",") + "\u00a0%" == row[5]


def test_of_more_areas_than_can_be_gone_through_one_area_or_one_measure_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    links = ({"omr": "1280R016"}, {"efter": "matt", "ind": MEASURE})
    few = [tables(launch("prioriteringar", slag=LEVEL, **link)) for link in links]
    monkeypatch.setattr(priority_parts, "MANY", 90)
    at = launch("prioriteringar", slag=LEVEL)
    assert [info.value for info in at.info] == [t("priority.too_many_areas", number=91)]
    assert not any("minst en tydlig utmaning" in body for body in html(at)), "nothing is said of what was not gone through"
    assert not any(caption.startswith("Utmaningar") for caption in tables(at))
    for link, expected in zip(links, few, strict=True):
        at = launch("prioriteringar", slag=LEVEL, **link)
        assert {c: f.rows for c, f in tables(at).items()} == {c: f.rows for c, f in expected.items()}


def test_the_summary_counts_the_areas_and_says_what_could_not_be_tested() -> None:
    at = launch("prioriteringar", mal="segregation")
    lead = next(body for body in html(at) if "minst en tydlig utmaning" in body)
    captions = [c for c in tables(at) if c.startswith(t("priority.caption", name=""))]
    rows = sum(len(tables(at)[c].rows) for c in captions)
    assert f"{len(captions)} av 20 områden har minst en tydlig utmaning, {rows} i allt." in lead
    untested = next(body for body in html(at) if "som inte kan prövas" in body)
    assert "Låg ekonomisk standard" in untested and "Arbetslösa" not in untested


def test_a_theme_and_a_goal_are_filters_and_stay_in_the_link() -> None:
    at = launch("prioriteringar", omr="rosengard", tema="utbildning")
    assert all("utbildning" in row[0] for row in table(at, "Rosengård").rows)
    assert (at.query_params["tema"], at.query_params["efter"]) == ("utbildning", "omrade")
    at.segmented_control(key="val_mal").set_value("hemloshet").run()
    assert [info.value for info in healthy(at).info] == [t("priority.none")]
    assert at.query_params["mal"] == "hemloshet"


def made(at: AppTest, name: str = "Nämndens lista") -> AppTest:
    """Make a list of Rosengård's challenges with a note on the first row."""
    at.button[0].click().run()
    first = at.multiselect(key="priority_rows").value[0]
    at.text_input(key=f"priority_note_{first}").set_value("Börja här").run()
    at.text_area(key="priority_note").set_value("Till mötet i maj").run()
    at.text_input(key="priority_name").set_value(name).run()
    return healthy(at)


def press(at: AppTest, label: str) -> AppTest:
    return healthy(next(b for b in at.button if b.label == label).click().run())


def test_a_list_is_kept_under_a_name_with_its_notes_and_opened_by_another_reader() -> None:
    at = press(made(launch("prioriteringar", omr="rosengard")), t("priority.keep"))
    assert [s.value for s in at.success] == [t("priority.saved", name="Nämndens lista")]
    content = drafts.read("prioriteringar", "Nämndens lista")
    assert content["note"] == "Till mötet i maj"
    assert {e["area"] for e in content["entries"]} == {"rosengard"}
    assert [e["note"] for e in content["entries"]][:2] == ["Börja här", ""]
    other = press(launch("prioriteringar", omr="augustenborg"), t("priority.open_kept"))
    found = tables(other)["Nämndens lista"]
    assert len(found.rows) == len(content["entries"])
    assert found.rows[0][0] == "Rosengård" and found.rows[0][-1] == "Börja här"
    row = next(row for row in found.rows if row[1] == TITLE)
    parts = ("1280R016", "1280R028", "1280R042", "1280R056", "1280R083", "1280R087", "1280R088")
    unemployed, all_ = (sum(counts()[a][n] for a in parts) for n in (0, 1))
    of_city, in_city = counts()[CITY]
    assert numbers(row[5])[0] == round(unemployed - all_ * of_city / in_city)
    assert other.text_area(key="priority_note").value == "Till mötet i maj"


def test_a_published_list_is_named_with_who_decided_and_can_be_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("_engine", None), ("_stamp", None), ("LOOK_EVERY", 0)):
        monkeypatch.setattr(held, name, value)
    root = small_pack.write(tmp_path / "small")
    small_pack.dump(root / "catalog/priorities.yaml", small_pack.PRIORITIES)
    monkeypatch.setenv("OMRADESBILD_PACK", str(root))
    at = launch("prioriteringar")
    assert any("Nämnden" in body and "2026\u201111\u201120" in body for body in html(at))
    opened = tables(press(at, t("priority.open_published")))["Höstens lista"]
    assert [(row[0], row[-1]) for row in opened.rows] == [("Dalen", "Först.")]
    assert "30" in opened.rows[0][3]
    at = launch("underlag", mall="prioriteringar", lista="publicerad:hostens-lista")
    assert not at.warning and at.selectbox(key="val_lista").value == "publicerad:hostens-lista"


def test_a_list_in_the_making_stays_when_the_reader_leaves_the_page() -> None:
    at = made(launch("prioriteringar", omr="rosengard"))
    at = go(go(at, "data"), "prioriteringar", omr="augustenborg")
    assert at.text_input(key="priority_name").value == "Nämndens lista"
    assert {key.split()[0] for key in at.multiselect(key="priority_rows").value} == {"rosengard"}


def test_a_name_that_is_taken_must_be_replaced_on_purpose() -> None:
    drafts.save("prioriteringar", "Nämndens lista", {"old": True})
    at = made(launch("prioriteringar", omr="rosengard"))
    assert next(b for b in at.button if b.label == t("priority.keep")).disabled
    at.checkbox(key="priority_replace").check().run()
    press(at, t("priority.keep"))
    assert "entries" in drafts.read("prioriteringar", "Nämndens lista")


def test_a_damaged_list_is_refused_in_words() -> None:
    drafts.save("prioriteringar", "Trasig", {"old": True})
    at = press(launch("prioriteringar"), t("priority.open_kept"))
    assert "ingen sparad prioriteringslista" in at.error[0].value


def test_rows_that_the_pack_lacks_are_named() -> None:
    entry = {"area": "1280R999", "indicator": MEASURE, "period": YEAR}
    known = {"area": "1280R028", "indicator": MEASURE, "period": YEAR, "note": "Kvar"}
    content = {"name": "Gammal", "pack": "malmo", "version": "2020-01-01", "entries": [entry, known]}
    drafts.save("prioriteringar", "Gammal", json.loads(json.dumps(content)))
    at = press(launch("prioriteringar"), t("priority.open_kept"))
    warnings = "".join(w.value for w in at.warning)
    assert "1280R999" in warnings and tables_plain("2020-01-01") in warnings
    assert [row[-1] for row in tables(at)["Gammal"].rows] == ["Kvar"]


def test_an_app_without_drafts_offers_files_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", "")
    at = made(launch("prioriteringar", omr="rosengard"))
    assert t("priority.keep") not in [b.label for b in at.button]
    assert t("priority.download") in [b.proto.label for b in at.get("download_button")]


def test_a_list_has_room_for_a_hundred_rows() -> None:
    at = launch("prioriteringar", slag=LEVEL)
    assert at.button[0].disabled and any("högst 100 rader" in body for body in html(at))


def test_the_page_speaks_english() -> None:
    at = launch("prioriteringar", sprak="en", omr="rosengard")
    assert at.title[0].value == "Priorities"
    found = tables(at)[t("priority.caption", "en", name="Rosengård")]
    assert "People concerned" in found.columns


def areas() -> dict[str, str]:
    """Return the basic areas' ids by name, read from the pack's boundaries."""
    shapes = json.loads((Path(__file__).parents[2] / "data/boundaries/regso_2025_1280.geojson").read_text("utf-8"))
    return {f["properties"]["name"]: f["properties"]["id"] for f in shapes["features"]}
