"""A draft of a table is remembered by the browsers of those who have its link, and seen by nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from launch import ROOT
from looking import Reader, settle
from playwright.sync_api import Page, expect

from omradesbild import drafts, pack
from omradesbild.collect import intake, staff
from omradesbild.collect import tables as read_tables
from omradesbild.collect.recognise import Gazetteer
from omradesbild.collect.staff import TableMapping

MADE_UP = "Område;Hyresrätter;Bostäder\nSegevång;420;1000\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("utkast")


@pytest.fixture(scope="module")
def staff_server(start_server, folder: Path):
    with start_server(OMRADESBILD_DRAFTS=str(folder)) as url:
        yield url


@pytest.fixture
def key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A draft that somebody has made."""
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(folder))
    embedded = pack.load(ROOT / "data")
    known = Gazetteer(embedded.areas, embedded.info.city)
    (sheet,) = read_tables.read("hyresratter.csv", MADE_UP.encode())
    seen = staff.look(sheet, known)
    figures = [{"indicator": "hyresratt", "numerator": "Hyresrätter", "denominator": "Bostäder"}]
    about = TableMapping.model_validate({"areas": "Område", "period": "2031", "figures": figures, "source": next(iter(embedded.sources))})
    made = drafts.new_key()
    drafts.save(intake.KIND, made, intake.to_draft(seen, about, staff.figures(seen, about, embedded, known), "Hemliga hyresrätter"))
    return made


def waiting(page: Page):
    return page.get_by_role("region", name="Tabeller som väntar").get_by_role("row", name=re.compile("^Hemliga hyresrätter"))


def test_the_browser_of_who_has_the_link_remembers_a_draft_and_no_other_sees_it(new_reader, staff_server, key: str) -> None:
    invited: Reader = new_reader(staff_server)
    expect(invited.open(f"/samla_in?utkast={key}").get_by_role("heading", level=2, name="Hemliga hyresrätter")).to_be_visible()
    later = invited.open("/samla_in")
    expect(waiting(later)).to_be_visible()
    waiting(later).get_by_role("link").click()
    settle(later)
    expect(later.get_by_role("region", name=re.compile("^Ändringar"))).to_contain_text("42,0")
    stranger: Reader = new_reader(staff_server)
    page = stranger.open("/samla_in")
    expect(page.get_by_text("Inga tabeller väntar.")).to_be_visible()
    assert "Hemliga" not in page.content()
    for reader in (invited, stranger):
        reader.context.close()
        assert reader.complaints == []


def test_a_browser_that_keeps_nothing_or_something_else_shows_the_page(new_reader, staff_server, key: str) -> None:
    for script in (
        "localStorage.setItem('omradesbild.utkast /', '{\"x\": [')",
        "localStorage.setItem('omradesbild.utkast /', '[1, null, \"<b>\"]')",
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})",
    ):
        reader: Reader = new_reader(staff_server)
        reader.context.add_init_script(f"if (location.hostname) {script}")
        page = reader.open(f"/samla_in?utkast={key}")
        page.get_by_role("button", name="Till alla tabeller").click()
        expect(waiting(page)).to_be_visible()
        reader.context.close()
        assert reader.complaints == []
