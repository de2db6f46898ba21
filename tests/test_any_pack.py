"""Whatever pack is shown, nothing is said that is true of another place only: not on a page, in the edition or in a document.

What may not be said is read from the shipped pack: its areas by every name, what it calls its levels; and from the texts: the
levels that the shown pack has not, and what a whole of another kind is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import other_packs
import pytest
from google.protobuf.text_format import MessageToString
from launch import PAGES, go, launch
from streamlit.testing.v1 import AppTest

from components import engine as held
from components import state
from omradesbild import demo, words
from omradesbild.analyse import statements as analyse
from omradesbild.model import Level, LevelWords, Whole
from omradesbild.pack import Pack, load
from omradesbild.publish import report
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import TEMPLATES, Order
from omradesbild.publish.site import build
from omradesbild.words import t

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = load(ROOT / "data")
PACKS = {"small": other_packs.small, "country": other_packs.country, "layered": other_packs.layered, "demo": demo.build}


@pytest.fixture(scope="module", params=PACKS)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load(PACKS[request.param](tmp_path_factory.mktemp("packs") / request.param))


@pytest.fixture
def app(shown: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", str(shown.root))
    for name, value in (("_engine", None), ("_stamp", None), ("_looked", 0.0)):
        monkeypatch.setattr(held, name, value)
    words.speak_of(shown.info)  # AppTest asks what an option is called on a thread of its own


# ---- what may not be said ------------------------------------------------------------------------


def names(pack: Pack) -> set[str]:
    """Return every name of a pack's areas and places, but the city's."""
    of_areas = {name for area in pack.areas.values() if area.level is not Level.KOMMUN for name in (area.name, *area.aliases)}
    return of_areas | {place.name for place in pack.info.places}


def forbidden(pack: Pack, lang: str) -> re.Pattern:
    """Return what would not be true of a pack."""
    words.speak_of(SHIPPED.info)
    theirs = {text.get(lang) for said in SHIPPED.info.levels.values() for _, text in said}
    city = SHIPPED.areas[SHIPPED.info.city].name
    words.speak_of(pack.info)
    found = [rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted((names(SHIPPED) - names(pack)) | theirs)))})(?!\w)", rf"\b{city}"]
    for level in set(Level) - {area.level for area in pack.areas.values()} - {Level.CUSTOM}:
        found += [re.escape(t(f"level.{form}.{level}", lang)) for form in ("all", "title")]
        found += re.findall(r"[A-Z]\w*[A-Z]\w*", t(f"level.title.{level}", lang))
        found += [t(f"level.one.{level}", lang)] if lang == "sv" else []
    for whole in {Whole.CITY, Whole.COUNTRY} - {pack.info.whole}:
        found += [rf"\b(?i:hela|övriga|resten av|whole|rest of the) {t(f'whole.{whole}', lang)}"]
    if pack.info.whole is not Whole.CITY:
        found += [rf"\b{t('whole.stad', lang)}s?\b" if lang == "sv" else rf"\bthe {t('whole.stad', lang)}\b"]
    return re.compile("|".join(found))


def said_wrongly(pack: Pack, lang: str, told: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return where something is said that is not true of the pack, and what."""
    wrong = forbidden(pack, lang)
    return {(where, text[max(0, m.start() - 40) : m.end() + 20]) for where, text in told for m in wrong.finditer(text)}


# ---- what is said --------------------------------------------------------------------------------


def everything(at: AppTest) -> str:
    """Return all that a page sends to the reader."""
    sent = "\n".join(MessageToString(e.proto, as_utf8=True) for e in at.main if hasattr(e, "proto") and e.proto is not None)
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), sent)


def pages(area: str, lang: str) -> Iterator[tuple[str, str]]:
    at = launch(omr=area, sprak=lang)
    yield PAGES[0], everything(at)
    for page in PAGES[1:]:
        yield page, everything(go(at, page, omr=area, sprak=lang))


def an_area(pack: Pack) -> str:
    """Return an area that is made up of others where there is one, else a basic area."""
    composed = [area.id for area in pack.areas.values() if area.members]
    return (composed or [area.id for area in pack.areas.values() if area.level is pack.info.base_level])[0]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_pages(shown: Pack, app: None, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state._thread, "lang", lang, raising=False)  # AppTest asks what an option is called on a thread of its own
    told = list(pages(an_area(shown), lang))
    assert all(len(text) > 500 for _, text in told), "a page without words"
    assert said_wrongly(shown, lang, told) == set()


def test_pages_say_what_a_pack_lacks(shown: Pack, app: None) -> None:
    told = dict(pages(an_area(shown), "sv"))
    for page, has, lacking in (
        ("mal", shown.goals, "goals.none"),
        ("insatser", shown.initiatives, "register.empty"),
        ("polislistan", shown.police, "police.none"),
    ):
        assert (t(lacking) in told[page]) == (not has), page
    for label, has in (("control.police_none", shown.police), ("control.initiatives", shown.initiatives)):
        assert (f'"{t(label)}"' in told["karta"]) == bool(has)
    assert (t("overview.goals") in told["oversikt"]) == bool(shown.goals)


def test_documents(shown: Pack) -> None:
    statements, area = analyse.build(shown), an_area(shown)
    orders = [
        Order(template=template, date="2026-11-28", lang=lang, areas=(area,), initiative=initiative)
        for lang in words.LANGUAGES
        for template in TEMPLATES
        for initiative in ([i.id for i in shown.initiatives][:1] if template == "insats" else [""])
    ]
    told = [(f"{o.template} {o.lang}", FORMATS["html"](report.make(statements, o)).decode(), o.lang) for o in orders]
    assert len(told) >= 8
    assert {wrong for where, text, lang in told for wrong in said_wrongly(shown, lang, [(where, text)])} == set()


@pytest.mark.parametrize("shown", ["small", "country", "layered"], indirect=True)
def test_the_edition(shown: Pack, tmp_path: Path) -> None:
    build.build(shown, tmp_path / "ut")
    files = [path for path in sorted((tmp_path / "ut").rglob("*")) if path.suffix in {".html", ".csv", ".json", ".svg", ".ttl"}]
    assert len(files) > 100
    for lang in words.LANGUAGES:
        told = ((str(p.relative_to(tmp_path / "ut")), p.read_text("utf-8")) for p in files if ("en" in p.relative_to(tmp_path / "ut").parts) == (lang == "en"))
        assert said_wrongly(shown, lang, told) == set()


def test_what_may_not_be_said_is_found() -> None:
    """The texts of the shipped pack would not pass."""
    other = SHIPPED.info.model_copy(update={"whole": Whole.KOMMUN, "levels": {}})
    city = SHIPPED.areas[SHIPPED.info.city]
    elsewhere = type("Elsewhere", (), {"info": other, "areas": {}})
    texts = [f"Möllan i {city.name}", "En av de tio stadsdelar som fanns till 2013.", "övriga staden", "Statistikområden (RegSO)", "Malmös områden"]
    assert len(said_wrongly(elsewhere, "sv", enumerate(texts))) >= len(texts)
    assert said_wrongly(elsewhere, "sv", enumerate(["ett område i kommunen"])) == set()
    assert set(LevelWords.model_fields) == {"one", "many", "all", "title", "about"}
