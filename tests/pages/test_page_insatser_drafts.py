"""Insatser: a form writes a draft, which is told apart from the register and followed up before it is approved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from launch import healthy, html, launch, tables
from streamlit.testing.v1 import AppTest

from omradesbild import drafts

NEW = {
    "title": "Nya lampor i parken",
    "event": "Tolv lampor sätts upp.",
    "start": "2021-03",
    "place": "Möllevångsparken",
    "source": "Tekniska nämndens protokoll",
    "source_url": "https://example.org/protokoll",
}
SAVE, CHANGE = "Spara som utkast", "Spara ändringarna"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path / "drafts"))
    return tmp_path / "drafts"


def fill(at: AppTest, key: str = "draft_", **texts: str) -> AppTest:
    for name, text in texts.items():
        field = at.text_area if name in ("event", "note") else at.text_input
        field(key=f"{key}_{name}").set_value(text)
    return at


def press(at: AppTest, label: str) -> AppTest:
    return healthy(next(b for b in at.button if b.label == label).click().run())


def kept(**more: object) -> dict:
    return NEW | {"kind": "initiativ", "areas": ["1280R049"], "goals": ["trygghet"]} | more


def test_a_filled_form_is_kept_as_a_draft_and_shown_as_one() -> None:
    at = fill(launch("insatser"), **NEW)
    at.multiselect(key="draft__areas").set_value(["mollan"])
    at.multiselect(key="draft__goals").set_value(["trygghet"])
    press(at, SAVE)
    assert drafts.names("insatser") == ["Nya lampor i parken"]
    assert drafts.read("insatser", "Nya lampor i parken") == kept(areas=["mollan"])
    assert at.query_params["utkast"] == "Nya lampor i parken"
    assert "påbörjat utkast – inte granskat" in at.warning[0].value
    facts = {row[0]: row[1] for row in tables(at)["Nya lampor i parken"].rows}
    assert (facts["Läge"], facts["Områden"]) == ("Påbörjat utkast – inte granskat.", "Möllan")
    assert any("approve insatser &#x27;Nya lampor i parken&#x27;" in body for body in html(at))


def test_the_list_of_areas_finds_a_name_as_a_keyboard_writes_it() -> None:
    assert "Holma-Kroksbäck (vardagsområde)" in launch("insatser").multiselect(key="draft__areas").options


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "Rubriken: ingenting är skrivet"),
        ({"start": "i våras"}, "”i våras” är inget datum"),
        ({"end": "2020"}, "ligger före starten"),
        ({"source_url": "www.malmo.se"}, "är ingen webbadress"),
        ({"title": "BID Sofielund"}, None),
        ({"title": "BID  sofielund-ECPA"}, "kortnamnet bid-sofielund-ecpa"),
        ({"event": "x" * 501}, "501 tecken"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(wrong: dict[str, str], told: str | None) -> None:
    if told is None:  # the id of the register
        wrong = {"title": "Kameror Seved"}
        told = "kortnamnet kameror-seved"
    at = press(fill(launch("insatser"), **(NEW | wrong)), SAVE)
    assert told in at.error[0].value.replace("\\", "")
    assert drafts.names("insatser") == []
    assert at.text_input(key="draft__place").value == NEW["place"], "what was written is still there"


def test_drafts_are_told_apart_from_the_register() -> None:
    drafts.save("insatser", NEW["title"], kept())
    at = launch("insatser")
    assert tables(at)["Utkast som väntar"].rows == [
        [NEW["title"], "påbörjat utkast – inte granskat", "2021\u201103", NEW["place"]]
    ]
    assert NEW["title"] not in [row[0] for row in tables(at)["Register"].rows]


def test_a_draft_is_followed_up_before_it_is_approved() -> None:
    drafts.save("insatser", NEW["title"], kept(areas=["1280R020"]))
    at = launch("insatser", utkast=NEW["title"], ind="hyresratt")
    assert any(caption.startswith("Hyresrätter") and "medelvärde" in caption for caption in tables(at))


def test_a_draft_is_changed_and_renamed() -> None:
    drafts.save("insatser", NEW["title"], kept())
    at = fill(launch("insatser", utkast=NEW["title"]), f"draft_{NEW['title']}", title="Andra lampor", note="Dyra.")
    press(at, CHANGE)
    assert drafts.names("insatser") == ["Andra lampor"]
    assert drafts.read("insatser", "Andra lampor") == kept(title="Andra lampor", note="Dyra.")


def test_a_draft_is_downloaded_and_removed() -> None:
    drafts.save("insatser", NEW["title"], kept())
    at = launch("insatser", utkast=NEW["title"])
    assert [b.label for b in at.get("download_button")] == ["Hämta utkastet som fil"]
    assert json.loads(drafts.to_file(NEW["title"], kept())) == {"name": NEW["title"], "content": kept()}
    press(at, "Ta bort utkastet")
    assert drafts.names("insatser") == []
    assert "utkast" not in at.query_params


def test_hostile_drafts_are_text_and_broken_ones_say_so(place: Path) -> None:
    nasty = '<img src=x onerror=alert(1)> [x](javascript:y)'
    drafts.save("insatser", nasty, kept(title=nasty, event=nasty, place=nasty, note=nasty))
    drafts.save("insatser", "Borta", kept(areas=["atlantis"], more={"a": 1}))
    for page in (launch("insatser"), launch("insatser", utkast=nasty), launch("insatser", utkast="Borta")):
        bodies = " ".join(html(page))
        assert "<img src=x" not in bodies
    listed = {row[0]: row[1] for row in tables(launch("insatser"))["Utkast som väntar"].rows}
    assert listed == {nasty: "påbörjat utkast – inte granskat", "Borta": "utkastet går inte att läsa eller har fel"}
    broken = launch("insatser", utkast="Borta")
    assert "”atlantis” finns inte i datamängden" in broken.error[0].value.replace("\\", "")
    assert "Uppföljning" not in [h.value for h in broken.header]


def test_a_draft_that_is_gone_is_told() -> None:
    at = launch("insatser", utkast="Försvunnen")
    assert "”Försvunnen” finns inte" in at.warning[0].value
    press(at, "Tillbaka till registret")
    assert "Register" in tables(at)


def test_where_nothing_can_be_kept_the_draft_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", "")
    at = launch("insatser")
    assert any("Här kan utkast inte sparas" in i.value for i in at.info)
    press(fill(at, **NEW), SAVE)
    assert [b.label for b in at.get("download_button")] == ["Hämta utkastet som fil"]
