"""Vad har ändrats: a made-up later version against figures read from its files, decisions in two steps, and what may have come."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import small_pack
from launch import ROOT, healthy, html, launch, tables
from streamlit.testing.v1 import AppTest

from components import engine as held
from components import freshness_parts
from omradesbild.collect.shelf import Shelf
from omradesbild.words import t

FIGURES, MAY = "Siffror som skiljer", "Kan ha kommit"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Let the app show a folder with one version of the small pack."""
    for name, value in (("_engine", None), ("_stamp", None), ("LOOK_EVERY", 0)):
        monkeypatch.setattr(held, name, value)
    found = Shelf(tmp_path / "hylla")
    found.publish(small_pack.write(tmp_path / "one"))
    monkeypatch.setenv("OMRADESBILD_PACK", str(found.folder))
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path / "drafts"))
    return found


def later(tmp_path: Path) -> Path:
    """A version of December: A1's median income of 2023 is 7 higher, A2's of 2022 is gone, and there is one of 2025."""
    made = small_pack.write(tmp_path / "two")
    small_pack.dump(made / "pack.yaml", small_pack.INFO | {"version": "2026-12-01"})
    incomes = [row for row in small_pack.incomes() if not row.startswith("A2,inkomst,2022")]
    incomes = [row.replace(",,200,", ",,207,") if row.startswith("A1,inkomst,2023") else row for row in incomes]
    rows = [*incomes, "A1,inkomst,2025,,208,,,,scb", *small_pack.employment()]
    small_pack.lines(made / "observations/arbete.csv", rows)
    return made


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def press(at: AppTest, label: str) -> AppTest:
    return healthy(next(b for b in at.button if b.label == label).click().run())


def test_a_plain_pack_has_no_versions_but_says_what_may_have_come() -> None:
    at = launch("andringar")
    assert t("version.none") in [i.value for i in at.info]
    assert labels(at) == [] and MAY in tables(at)


def test_what_a_waiting_version_brings_is_shown_beside_what_is_used(shelf: Shelf, tmp_path: Path) -> None:
    waiting = shelf.publish(later(tmp_path), wait=True)
    at = launch("andringar")
    said = " ".join(html(at))
    assert f"{waiting} väntar på att godkännas. Den jämförs med {shelf.current().name}." in said
    assert "Av 94 siffror från källorna skiljer sig: 1 ändrade, 1 borta och 1 nya." in said
    rows = [row for row in tables(at)[FIGURES].rows if len(row) > 1]
    assert rows == [
        ["Medianinkomst", "ingen förklaring", "2023", "1", "Berga 2023: 200\xa0tkr → 207\xa0tkr"],
        ["Medianinkomst", "siffran saknas nu", "2022", "1", "Almgården"],
        ["Medianinkomst", "nytt år", "2025", "1", "Berga"],
    ]


def test_a_version_is_used_in_two_steps_and_the_one_before_can_be_used_again(shelf: Shelf, tmp_path: Path) -> None:
    first, waiting = shelf.current().name, shelf.publish(later(tmp_path), wait=True)
    at = press(launch("andringar"), t("version.approve"))
    assert shelf.current().name == first and shelf.waiting(), "one press decides nothing"
    assert waiting.replace("-", "\\-") in at.warning[0].value
    assert press(at, t("publish.cancel")).warning.len == 0 and shelf.current().name == first
    at = press(press(launch("andringar"), t("version.approve")), t("version.approve_yes"))
    assert shelf.current().name == waiting and shelf.waiting() is None
    assert at.success.len == 1
    at = launch("andringar")
    assert t("version.approve") not in labels(at)
    assert [row[0] for row in tables(at)["Versioner"].rows] == [waiting, first]
    at = press(press(at, t("version.restore")), t("version.restore_yes"))
    assert shelf.current().name == first
    assert not any("finns inte" in box.value for box in at.info), "the reader's own decision is no fault in a link"


def test_a_version_is_thrown_away_in_two_steps(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publish(later(tmp_path), wait=True)
    at = press(launch("andringar"), t("version.dismiss"))
    assert shelf.waiting()
    press(at, t("version.dismiss_yes"))
    assert shelf.waiting() is None and not list((shelf.folder / "waiting").iterdir())


def test_only_what_was_looked_at_is_used(shelf: Shelf, tmp_path: Path) -> None:
    """Another version has come between the two presses: nothing is used, and it says why."""
    first = shelf.current().name
    shelf.publish(later(tmp_path), wait=True)
    at = press(launch("andringar"), t("version.approve"))
    other = later(tmp_path)
    small_pack.dump(other / "pack.yaml", small_pack.INFO | {"version": "2026-12-02"})
    button = next(b for b in at.button if b.label == t("version.approve_yes"))
    shelf.publish(other, wait=True)
    at = healthy(button.click().run())
    assert shelf.current().name == first and shelf.waiting().name.startswith("2026-12-02")
    assert "väntar" in at.error[0].value.replace("\\", "")


def test_an_app_for_the_public_shows_no_version_that_waits(shelf: Shelf, tmp_path: Path, monkeypatch) -> None:
    waiting = shelf.publish(later(tmp_path), wait=True)
    monkeypatch.setenv("OMRADESBILD_DRAFTS", "")
    at = launch("andringar")
    assert waiting not in " ".join(html(at)) and labels(at) == []
    assert t("version.none") in [i.value for i in at.info]


def test_the_version_that_is_compared_with_is_in_the_link(shelf: Shelf, tmp_path: Path) -> None:
    first = shelf.current().name
    shelf.publish(later(tmp_path))
    third = later(tmp_path)
    small_pack.dump(third / "pack.yaml", small_pack.INFO | {"version": "2026-12-03"})
    shelf.publish(third)
    at = launch("andringar", version=first)
    assert f"Den jämförs med {first}." in " ".join(html(at))
    assert at.query_params["version"] in (first, [first])
    at = launch("andringar", version="2001-01-01-000000000000")
    assert any("2001" in i.value for i in at.info)


def test_a_damaged_version_is_told_and_the_page_goes_on(shelf: Shelf, tmp_path: Path) -> None:
    waiting = shelf.publish(later(tmp_path), wait=True)
    (shelf.folder / "waiting" / waiting / "catalog/areas.yaml").write_text("[")
    at = launch("andringar")
    assert t("version.damaged") in [e.value for e in at.error]
    assert [row[0] for row in tables(at)["Versioner"].rows] == [shelf.current().name]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_what_may_have_come_is_counted_from_the_packs_files(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Income per area: SCB's table 6685 is newest for 2022, and came in January two years after."""
    monkeypatch.setattr(freshness_parts, "today", lambda: date(2026, 2, 1))
    periods = Counter()
    for path in sorted((ROOT / "data/observations").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            periods |= Counter({r["period"]: 1 for r in csv.DictReader(file) if r["source"] == "scb-tab6685-deso2018"})
    newest = max(periods)
    assert newest == "2022"
    for page in ("andringar", "data"):
        found = tables(launch(page, sprak=lang))[t("fresh.part_may", lang)]
        row = next(row for row in found.rows if "TAB6685" in row[0] and "DeSO 2018" in row[0])
        assert row[2] == newest
        said = {"sv": "2023 väntades i januari 2025. Kan ha kommit: 2023 och 2024.", "en": "2023 was expected in January 2025. May have come: 2023 and 2024."}
        assert row[1] == said[lang]
    shown = tables(launch("andringar", sprak=lang))
    assert len(shown[t("fresh.part_may", lang)].rows) + len(shown[t("fresh.part_later", lang)].rows) == 42


def test_a_pack_without_cycles_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_engine", None), ("_stamp", None), ("LOOK_EVERY", 0)):
        monkeypatch.setattr(held, name, value)
    monkeypatch.setenv("OMRADESBILD_PACK", "demo")
    assert any(t("fresh.no_cycle") in body for body in html(launch("andringar")))
