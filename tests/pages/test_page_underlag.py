"""Underlag: what is chosen and written stands in the file, with figures read independently, and nothing written is lost."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pypdf
import pytest
from launch import go, healthy, html, launch, observations
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from components import order_paper
from components.engine import engine
from omradesbild import drafts
from omradesbild.publish import report
from omradesbild.publish.house import House
from omradesbild.publish.report.order import Order
from omradesbild.words import t

LATEST: dict = {}
WORDS = "Vi har träffat hyresgästföreningen."


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path))
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Note every order that the page shows."""
    found: list[Order] = []
    show = order_paper.show

    def noted(order: Order, look: House, each: tuple[str, ...]) -> None:
        found.append(order)
        LATEST["statements"] = engine().statements
        show(order, look, each)

    monkeypatch.setattr(order_paper, "show", noted)
    return found


def text_of(order: Order) -> str:
    """Return the words of an order's PDF, as a reader that knows nothing of how it was made finds them."""
    made = report.FORMATS["pdf"](report.make(LATEST["statements"], order, House()))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def labels(at: AppTest) -> list[str]:
    return [button.proto.label for button in at.get("download_button")]


def press(at: AppTest, label: str) -> AppTest:
    return healthy(next(b for b in at.button if b.label == label).click().run())


def pages(at: AppTest) -> int:
    return int(re.search(r"sidor: (\d+)", " ".join(m.value for m in at.markdown)).group(1))


def test_choices_comment_and_figures_are_in_the_pdf(asked: list[Order]) -> None:
    at = launch("underlag", omr="holma-kroksback")
    at.text_input(key="order_reference").set_value("TN-2026-77").run()
    at.text_area(key="order_comment korthet").set_value(WORDS).run()
    order = asked[-1]
    assert (order.areas, order.reference, order.comments) == (("holma-kroksback",), "TN-2026-77", {"korthet": WORDS})
    text = text_of(order)
    rows = observations("folkmangd")
    parts = engine().pack.areas["holma-kroksback"].members
    year = max(period for area, period in rows if area in parts)
    people = sum(float(rows[area, year]["value"]) for area in parts)
    assert WORDS in text and "TN-2026-77" in text
    assert f"{people:,.0f}".replace(",", "") in text.replace(" ", "").replace("\u202f", "")
    assert t("order.file_pdf") in labels(at)
    assert pages(at) == len(pypdf.PdfReader(io.BytesIO(report.FORMATS["pdf"](report.make(LATEST["statements"], order)))).pages)


def test_what_is_written_stays_when_the_reader_goes_away_and_is_not_in_the_link(asked: list[Order]) -> None:
    at = launch("underlag", omr="mollan", mall="yttrande")
    at.text_area(key="order_comment yttrande").set_value(WORDS).run()
    at.text_input(key="order_committee").set_value("Tekniska nämnden").run()
    assert not any(WORDS in str(value) or "Tekniska" in str(value) for value in dict(at.query_params).values())
    at = go(go(at, "data"), "underlag")
    assert at.text_area(key="order_comment yttrande").value == WORDS
    assert at.text_input(key="order_committee").value == "Tekniska nämnden"
    assert asked[-1].template == "yttrande" and asked[-1].comments == {"yttrande": WORDS}


def test_choices_are_in_the_link(asked: list[Order]) -> None:
    at = launch("underlag", omr="mollan.rosengard", mall="jamforelse", mot="rosengard", matt="arbetslosa_16_64.valdeltagande", fran="2018")
    order = asked[-1]
    assert order.indicators == ("arbetslosa_16_64", "valdeltagande")
    assert (order.against, order.since, order.until) == ("rosengard", "2018", "")
    assert at.selectbox(key="val_matt_av").value == "egna"
    at.selectbox(key="val_matt_av").set_value("arbete").run()
    expected = [i.id for i in engine().pack.indicators.values() if i.theme == "arbete"]
    assert list(asked[-1].indicators) == expected
    assert healthy(at).query_params["matt"] == ".".join(expected)
    assert "Arbetslösa" in text_of(asked[-1])


@pytest.mark.parametrize("template", order_paper.order_parts.TEMPLATES)
def test_every_template_says_what_it_lacks_and_offers_nothing_that_fails(template: str) -> None:
    at = launch("underlag", mall=template)
    assert len(at.info) == 1 and t("order.file_pdf") not in labels(at)


def test_years_that_cross_and_a_date_that_is_none_are_told() -> None:
    at = launch("underlag", omr="mollan", fran="2020", till="2015")
    assert [i.value for i in at.info] == [t("order.years_crossed", since="2020", until="2015")]
    at = launch("underlag", omr="mollan")
    at.text_input(key="order_date").set_value("2026-02-30").run()
    assert [e.value for e in healthy(at).error] == [t("order.wrong_date", example="2026-11-28")] and labels(at) == []


def test_hidden_figures_are_named_and_never_shown(asked: list[Order]) -> None:
    at = launch("underlag", omr="1280R075", matt="arbetslosa_16_64.folkmangd")
    remarks = next(body for body in html(at) if t("order.remarks") in body)
    name = engine().pack.areas["1280R075"].name
    assert f"Arbetslösa, 16–64 år ({name})" in remarks
    hidden = observations("arbetslosa_16_64")["1280R075", "2022"]
    assert hidden["numerator"] == "5"
    assert not re.search(r"Arbetslösa, 16.64 år\s+\d", text_of(asked[-1]))


def test_a_measure_that_the_area_lacks_is_named() -> None:
    at = launch("underlag", omr="mollan.rosengard", mall="jamforelse", matt="arbetslosa_16_64.hemlosa_vuxna")
    title = engine().pack.indicators["hemlosa_vuxna"].title.sv
    assert any(t("order.without", which=title) in body for body in html(at))


def test_a_comment_can_be_about_one_of_several_areas(asked: list[Order]) -> None:
    at = launch("underlag", omr="mollan.rosengard")
    at.selectbox(key="val_om").set_value("rosengard").run()
    at.text_area(key="order_comment rosengard/lage").set_value(WORDS).run()
    assert asked[-1].comments == {"rosengard/lage": WORDS}
    assert text_of(asked[-1]).count(WORDS) == 1
    assert "order_comment rosengard/om" not in {area.key for area in at.text_area}  # what is about all figures is about all areas


def test_next_month_starts_from_last_month(asked: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
    at = launch("underlag", omr="mollan.eget-1", egna="1~Runt torget~1280R049.1280R050", fran="2015")
    at.text_area(key="order_comment korthet").set_value(WORDS).run()
    at.text_input(key="order_date").set_value("2026-01-15").run()
    at.text_input(key="order_keep_name").set_value("Maj").run()
    at = press(at, t("order.keep_here"))
    assert [s.value for s in at.success] == [t("order.kept", name="Maj")]
    content = drafts.read("underlag", "Maj")
    assert content["order"]["comments"] == {"korthet": WORDS} and content["egna"].startswith("1~Runt torget")

    other = press(launch("underlag"), t("order.open"))
    order = asked[-1]
    assert order.areas == ("mollan", "eget-1") and order.since == "2015" and order.comments == {"korthet": WORDS}
    assert order.date != "2026-01-15"
    assert other.text_area(key="order_comment korthet").value == WORDS
    monkeypatch.setenv("OMRADESBILD_ADDRESS", "https://x.se")
    made = report.make(LATEST["statements"], order)
    assert "egna=1~Runt+torget~1280R049.1280R050" in made.link, "the link of the document opens the reader's own area"
    assert other.query_params["egna"] == "1~Runt torget~1280R049.1280R050" and "Runt torget" in text_of(order)


def test_an_order_opens_from_a_file_and_what_the_pack_lacks_is_named(asked: list[Order]) -> None:
    order = Order(template="yttrande", areas=("mollan", "1280R999"), date="2025-01-01", title="Remiss")
    file = drafts.to_file("X", {"order": order.model_dump(mode="json"), "egna": ""})
    at = launch("underlag")
    at.file_uploader(key="order_upload").set_value(("x.json", file, "application/json")).run()
    at = press(at, t("priority.open_file", name="x\\.json"))
    assert asked[-1].areas == ("mollan",) and asked[-1].title == "Remiss"
    assert any("1280R999" in w.value for w in at.warning)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"name": "x", "content": {}}', json.dumps({"content": {"order": {"template": "x"}}}).encode()])
def test_a_file_that_is_no_order_is_refused_in_words(content: bytes) -> None:
    at = launch("underlag")
    at.file_uploader(key="order_upload").set_value(("x.json", content, "application/json")).run()
    at = press(at, t("priority.open_file", name="x\\.json"))
    assert len(at.error) == 1


def test_a_list_in_the_making_becomes_a_document(asked: list[Order]) -> None:
    at = launch("prioriteringar", omr="rosengard")
    at.button[0].click().run()
    first = at.multiselect(key="priority_rows").value[0]
    at.text_input(key=f"priority_note_{first}").set_value("Börja här").run()
    go(at, "underlag", omr="rosengard", mall="prioriteringar", lista="*")
    assert asked[-1].priorities.entries[0].note == "Börja här"
    assert "Börja här" in text_of(asked[-1])


def test_a_list_that_is_gone_is_said_so() -> None:
    at = launch("underlag", mall="prioriteringar", lista="Finns inte")
    assert [w.value for w in at.warning] == [t("order.list_gone", name="Finns inte")]


@pytest.mark.parametrize(
    ("page", "params", "template"),
    [
        ("omrade", {"omr": "mollan"}, "omradesunderlag"),
        ("jamfor", {"omr": "mollan.rosengard"}, "jamforelse"),
        ("prioriteringar", {"omr": "rosengard"}, "prioriteringar"),
        ("insatser", {"insats": "bid-mollevangen"}, "insats"),
    ],
)
def test_other_pages_link_here_with_their_choice(page: str, params: dict[str, str], template: str) -> None:
    at = launch(page, **params)
    link = next(p.proto for p in at.get("page_link") if p.proto.label == t("order.make"))
    assert f"mall={template}" in link.query_string
    assert all(f"{key}={value}" in link.query_string for key, value in params.items())


def test_the_house_file_of_the_installation_is_used_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "hus.yaml"
    file.write_text("name: Malmö stad\naccent: '#005A32'\n", encoding="utf-8")
    monkeypatch.setenv("OMRADESBILD_HOUSE", str(file))
    at = launch("underlag", omr="mollan")
    assert any(t("order.house", name="Malmö stad", file="hus.yaml") in body for body in html(at))
    file.write_text("name: [", encoding="utf-8")
    at = launch("underlag", omr="mollan")
    assert len(at.warning) == 1 and t("order.file_pdf") in labels(at)


def test_the_page_speaks_english(asked: list[Order]) -> None:
    at = launch("underlag", sprak="en", omr="mollan")
    assert at.title[0].value == t("order.page", "en") and t("order.file_pdf", "en") in labels(at)
    assert asked[-1].lang == "en"


def test_every_area_of_a_level_has_a_document_with_a_bar_that_tells_how_far(asked: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
    told = noted(monkeypatch)
    at = launch("underlag", varje="namngivet", fran="2020")
    at.text_area(key="order_comment korthet").set_value(WORDS).run()
    at.selectbox(key="order_format").set_value("html").run()
    areas = [a for a in engine().pack.areas.values() if a.level == "namngivet"]
    press(at, t("order.make_all", number=len(areas)))
    (name, content) = at.session_state["_order_all"]
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        assert len(files.namelist()) == len(areas) > 15
        text = files.read("mollan-mollan.html").decode()
    assert "Underlag om Möllan" in text and WORDS in text and asked[-1].since == "2020"
    assert t("order.file_all", number=len(areas)) in labels(at)
    assert len(told) == len(areas) and re.match(rf"1 av {len(areas)} klara", told[0]) and told[-1] == t("order.all_done", total=len(areas))
    at.selectbox(key="order_format").set_value("pdf").run()
    assert t("order.file_all", number=len(areas)) not in labels(at), "files of another format are not offered as this one"


def test_a_document_about_several_areas_tells_how_far_it_has_come_and_one_that_is_kept_does_not(
    asked: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = noted(monkeypatch)
    areas = ("rosengard", "mollan", "holma-kroksback")
    at = launch("underlag", omr=".".join(areas), fran="2019")
    names = [engine().pack.areas[a].name for a in areas]
    assert [re.match(r"(\d) av 3 klara, senast (.+)\. Ungefär \d+ s kvar", text).groups() for text in told[:2]] == [
        ("1", names[0]),
        ("2", names[1]),
    ]
    assert told[2:] == [t("order.all_done", total=3)] and pages(at) > 8
    assert not at.get("progress"), "the bar is gone when the pages are there"
    healthy(at.run())
    assert len(told) == 3, "what is kept is not made again"


def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what bars tell after they have begun."""
    told: list[str] = []
    shown = DeltaGenerator.progress

    def noting(bar: DeltaGenerator, value: float, text: str) -> DeltaGenerator:
        told.extend([text] if value else [])
        return shown(bar, value, text)

    monkeypatch.setattr(DeltaGenerator, "progress", noting)
    return told


def test_a_list_of_areas_finds_a_name_as_a_keyboard_writes_it() -> None:
    at = launch("underlag")
    lists = [box.options for box in (*at.multiselect, *at.selectbox) if any(o.startswith("Oxie") for o in box.options)]
    assert len(lists) == 2, "the areas, and what they are compared with"
    for labels in lists:
        assert {"Holma-Kroksbäck", "Holma-Kroksbäck (vardagsområde)"} <= set(labels)
