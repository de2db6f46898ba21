"""Pages of the edition: whole, linked, without anything inline, saying what the statements say – whatever names there are."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import small_pack

from omradesbild import words
from omradesbild.analyse.statements import build
from omradesbild.model import PublishedList
from omradesbild.pack import load
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import addresses, makers, web
from omradesbild.publish.site.data import figures
from omradesbild.publish.site.pages import about, priority
from omradesbild.publish.site.settings import Settings

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "edition"
#: The pages that are kept as they are meant to be: look at them after --redraw.
KEPT = ("", "omrade/vastra", "indikator/sysselsatta", "jamfor", "mal", "insatser", "tillganglighet")
#: The list that is made when an edition is put beside the older ones.
KEPT_EDITIONS = "utgavor/index.html"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)> \u202e=1+1 ' + "å" * 300


class Reader(HTMLParser):
    """Collects what a page holds."""

    def __init__(self, html: str):
        super().__init__()
        self.ids, self.links, self.tags, self.headings, self.texts = [], [], [], [], []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found[name] for name in ("href", "src") if name in found and tag != "pattern"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data):
        self.texts.append(data)


def made(pack) -> dict[str, bytes]:
    """Make a whole edition: pages and the data files they link to."""
    words.speak_of(pack.info)
    statements, drawn, settings = build(pack), shapes(pack), Settings()
    found = [*makers.common_files(statements, drawn, settings), *figures.schema_files()]
    for area in pack.areas.values():
        found += [*makers.area_files(statements, settings, area), *figures.area_files(statements, area)]
    for initiative in pack.initiatives:
        found += makers.initiative_files(statements, settings, initiative)
    for indicator in pack.indicators.values():
        found += makers.indicator_files(statements, drawn, settings, indicator)
        found += figures.indicator_files(statements, indicator)
    assert len({file.path for file in found}) == len(found)
    return {file.path: file.content for file in found}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return load(small_pack.write(tmp_path_factory.mktemp("pack")))


@pytest.fixture(scope="module")
def edition(pack) -> dict[str, bytes]:
    return made(pack)


@pytest.fixture(scope="module")
def pages(edition) -> dict[str, Reader]:
    return {path: Reader(content.decode()) for path, content in edition.items() if path.endswith(".html")}


def test_every_page_there_should_be(pack, pages) -> None:
    names = [*web.MENU, "tillganglighet", *(f"omrade/{a}" for a in pack.areas), *(f"indikator/{i}" for i in pack.indicators)]
    acting = ("initiativ", "overenskommelse", "plan", "reform")
    names += [f"insats/{i.id}" for i in pack.initiatives if i.kind in acting and i.start and set(i.areas) - {pack.info.city}]
    assert set(pages) == {web.MISSING, *(addresses.page(name, lang) for name in names for lang in words.LANGUAGES)}


def test_links_lead_somewhere(edition, pages) -> None:
    whole = {name for name, _ in addresses.WHOLE} | {addresses.page("andringar", lang) for lang in words.LANGUAGES}
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("https://", "mailto:")):
                continue
            target, _, part = link.partition("#")
            file = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), target))[1:] if target else path
            assert file in edition or file in whole or file == KEPT_EDITIONS, f"{path} → {link}"
            assert not part or part in pages[file].ids, f"{path} → {link}"


def test_ids_are_unique_and_headings_in_order(pages) -> None:
    for path, page in pages.items():
        assert len(set(page.ids)) == len(page.ids), path
        assert page.headings[0] == 1 and page.headings.count(1) == 1, path
        assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), path


def test_nothing_inline_runs_or_styles(edition, pages) -> None:
    for path, page in pages.items():
        assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")], path
        assert page.tags.count("script") == 1 and "style" not in page.tags, path
        html = edition[path].decode()
        assert "default-src 'none'" in html and "unsafe" not in web.POLICY
        assert re.search(r'<script src="[^"]+" defer></script>', html)


def test_nothing_comes_from_another_host(edition, pages) -> None:
    for path in pages:
        for tag in re.findall(r"<(?:script|img|link|iframe|source)\b[^>]*>", edition[path].decode()):
            assert "://" not in tag or "canonical" in tag, f"{path}: {tag}"


def test_both_languages_lead_to_one_another(pages) -> None:
    for path, page in pages.items():
        if path == web.MISSING:
            continue
        lang = next(value for name, value in page.attributes if name == "lang")
        assert lang == ("en" if path.startswith("en/") else "sv")
        other = path.removeprefix("en/") if lang == "en" else f"en/{path}"
        assert posixpath.relpath(other, posixpath.dirname(path) or ".") in page.links


def test_the_page_that_is_shown_at_any_address_links_from_the_root(edition, pack) -> None:
    assert all(link.startswith(("/", "#")) for link in Reader(edition[web.MISSING].decode()).links)
    placed = about.missing(build(pack), Settings(address="https://data.example.se/omraden"))
    links = Reader(placed.content.decode()).links
    assert "/omraden/stil/edition.css" in links and "/omraden/index.html" in links


def test_figures_are_those_of_the_statements(pack, pages) -> None:
    statements = build(pack)
    for area in pack.areas.values():
        text = " ".join(pages[addresses.area(area.id)].texts)
        for indicator in pack.indicators.values():
            s = statements.latest_of(area.id, indicator.id)
            assert s is None or words.figure(s) in text, (area.id, indicator.id)


def test_the_same_pack_gives_the_same_bytes(pack, edition) -> None:
    again = made(pack)
    assert [path for path in edition if edition[path] != again[path]] == []


def test_hostile_names_are_text(pack) -> None:
    area = pack.areas["vastra"].model_copy(update={"name": HOSTILE, "aliases": (HOSTILE,)})
    indicator = pack.indicators["sysselsatta"]
    title = indicator.title.model_copy(update={"sv": HOSTILE})
    hostile = pack.__class__(
        **{
            **{name: getattr(pack, name) for name in pack.__dataclass_fields__},
            "areas": pack.areas | {"vastra": area},
            "indicators": pack.indicators | {"sysselsatta": indicator.model_copy(update={"title": title})},
        }
    )
    for path, content in made(hostile).items():
        if path.endswith((".html", ".svg", ".js")):
            text = content.decode()
            assert "<script>alert" not in text and "<img src=x" not in text, path
        if path.endswith(".html"):
            assert text.count("<script") == 1, path


def test_nothing_is_ranked_without_a_published_list(edition) -> None:
    text = edition["prioriteringar/index.html"].decode()
    assert words.t("site.priorities_none") in text and "<table" not in text


def test_a_published_list_has_a_page_with_who_decided_its_notes_and_what_decided(pack) -> None:
    rows = [*small_pack.PRIORITIES[0]["chosen"]["entries"], {"area": "A4", "indicator": "inkomst", "period": "2024"}]
    told = {**small_pack.PRIORITIES[0]["chosen"], "entries": rows, "name": HOSTILE[:80]}
    listed = PublishedList.model_validate({**small_pack.PRIORITIES[0], "chosen": told})
    found = made(replace(pack, priorities=(listed,)))
    page, index = found["prioritering/hostens-lista/index.html"].decode(), found["prioriteringar/index.html"].decode()
    assert words.t("site.priorities_none") not in index and 'href="../prioritering/hostens-lista/index.html"' in index
    for said in (words.t("site.list_decided", by="Nämnden", date=words.dates("2026-11-20")), "Vi börjar här.", "Först."):
        assert said in page
    s = build(pack).get("A6", "sysselsatta", "2024")
    assert words.t("site.list_size", rows=len(rows), areas=len({row["area"] for row in rows})) in index
    of_list, no_longer, why = (page[page.index(f"id={part}") :] for part in ("lista", "inte-langre", "sa-avgjordes"))
    assert words.figure(s) in of_list[: -len(no_longer)] and "inkomst" not in of_list[: -len(no_longer)]
    assert "Åkern: Medianinkomst" in no_longer[: -len(why)]
    assert "Klart sämre" in why and "href=\"../../omrade/A6/index.html\"" in page
    assert "<script>alert" not in page and "<script>alert" not in index
    assert "The texts are in Swedish." in found["en/prioritering/hostens-lista/index.html"].decode()


def test_the_table_of_a_list_names_its_area_also_when_there_is_one(pack) -> None:
    rows = [{"area": "A6", "indicator": "sysselsatta", "period": "2024"}]
    told = {**small_pack.PRIORITIES[0]["chosen"], "entries": rows, "name": "Hösten"}
    listed = PublishedList.model_validate({**small_pack.PRIORITIES[0], "chosen": told})
    page = made(replace(pack, priorities=(listed,)))["prioritering/hostens-lista/index.html"].decode()
    assert f"<caption>Hösten: {pack.areas['A6'].name}</caption>" in page


def test_the_initiatives_under_way_are_named_once_for_each_area_of_a_list(pack) -> None:
    at = [{"area": area, "indicator": "sysselsatta", "period": "2024"} for area in ("A6", "A5")]
    listed = PublishedList.model_validate({**small_pack.PRIORITIES[0], "chosen": {**small_pack.PRIORITIES[0]["chosen"], "entries": at}})
    running = pack.initiatives[0].model_copy(update={"id": "nu", "title": "Lampor", "areas": ("A6",), "start": "2026", "end": None})
    statements = build(replace(pack, priorities=(listed,), initiatives=(*pack.initiatives, running)))
    page = priority.one(statements, Settings(), listed, "sv").content.decode()
    names = {area: pack.areas[area].name for area in ("A6", "A5")}
    assert page.count("Lampor") == 1 and f"<li>{names['A6']}: Lampor</li>" in page
    assert words.t("priority.no_initiatives", areas=names["A5"]) in page
    english = priority.one(statements, Settings(), listed, "en").content.decode()
    assert f"<li><span lang=sv>{names['A6']}: Lampor</span></li>" in english


def test_what_people_have_written_in_swedish_is_heard_as_swedish_on_english_pages(edition, pack) -> None:
    def swedish(name: str) -> set[str]:
        return set(re.findall(r"<span lang=sv>([^<]*)</span>", edition[f"{name}/index.html"].decode()))

    told = {getattr(i, part) for i in pack.initiatives for part in ("title", "event", "place", "source")}
    assert told and {escape(text) for text in told} <= swedish("en/insatser")
    assert {escape(i.title) for i in pack.initiatives if i.goals} <= swedish("en/mal")
    assert {escape(s.title) for s in pack.sources.values()} <= swedish("en/om")
    assert not any(swedish(name) for name in ("insatser", "mal", "om"))


def test_a_list_is_heard_as_swedish_on_english_pages_and_its_name_is_seen_once(pack) -> None:
    of = [("A6", "sysselsatta", "Ett."), ("A5", "sysselsatta", "Två."), ("A1", "inkomst", "Inte längre.")]
    rows = [{"area": area, "indicator": indicator, "period": "2024", "note": note} for area, indicator, note in of]
    told = {**small_pack.PRIORITIES[0]["chosen"], "entries": rows}
    listed = PublishedList.model_validate({**small_pack.PRIORITIES[0], "chosen": told})
    statements = build(replace(pack, priorities=(listed,)))
    for lang in words.LANGUAGES:
        index = priority.index(statements, Settings(), lang).content.decode()
        page = priority.one(statements, Settings(), listed, lang).content.decode()
        name = f"<span lang=sv>{told['name']}</span>" if lang == "en" else told["name"]
        assert f"<h2>{name}</h2>" in index and f"<h1>{name}</h1>" in page and f"<caption class=heard>{name}</caption>" in page
        for *_, note in of:
            assert (f"<span lang=sv>{note}</span>" in page) == (lang == "en") and note in page


def test_what_is_not_filled_in_is_marked(edition) -> None:
    assert b"class=unfilled" in edition["tillganglighet/index.html"]


def test_every_chart_can_be_shown_elsewhere_and_says_there_what_it_is(edition, pack) -> None:
    shown = set()
    for path in (path for path in edition if path.endswith(".html")):
        for figure in re.findall(r"<figure>.*?</figure>|<figure class=mapped.*?</details>", edition[path].decode(), re.DOTALL):
            if "ob-figure" in figure or "class=mapped" in figure:
                file = re.search(r'<a href="([^"]+\.svg)">', figure)
                assert file, f"{path}: a chart without its picture"
                shown.add(posixpath.normpath(posixpath.join(posixpath.dirname(path), file[1])))
    pictures = {path for path in edition if path.endswith(".svg") and path != web.ICON}
    assert shown == pictures and len(shown) > 20
    assert {path.rpartition("/")[2] for path in pictures} >= {"nar.svg", "karta.svg", "over-tid.svg", "omraden-regso.svg"}
    for path in pictures:
        lines = re.findall("<text[^>]*>([^<]*)</text>", edition[path].decode())
        assert any(pack.info.version in line for line in lines), path
        assert path.endswith("nar.svg") or any(line.startswith(("Källa: ", "Source: ")) for line in lines), path
    placed = Settings(address="https://data.example.se/omraden")
    area = next(a for a in pack.areas.values() if a.id == "vastra")
    found = {f.path: f.content.decode() for f in makers.area_files(build(pack), placed, area) if not f.path.endswith(".png")}
    for path, content in found.items():
        if path.endswith(".svg"):
            folder = posixpath.dirname(path)
            assert f"https://data.example.se/omraden/{folder}/" in content
            assert f"src=&quot;https://data.example.se/omraden/{path}" in found[f"{folder}/index.html"]


def test_pages_are_as_they_were_meant(edition, request) -> None:
    paths = [addresses.page(name, lang) for name in KEPT for lang in ("sv", *(["en"] if name == "omrade/vastra" else []))]
    if request.config.getoption("--redraw"):
        for path in paths:
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(edition[path])
    kept = {file.relative_to(GOLDEN).as_posix() for file in GOLDEN.rglob("*.html")}
    missing, unexpected = sorted(set(paths) - kept), sorted(kept - set(paths))
    different = [path for path in paths if path in kept and (GOLDEN / path).read_bytes() != edition[path]]
    assert (missing, unexpected, different) == ([], [], [])
