"""The public edition in a browser: with scripts and without, from a server and from a disk."""

import functools
import io
import re
import threading
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations

import pikepdf
import pytest
from playwright.sync_api import expect

from omradesbild import pack as packs
from omradesbild import words
from omradesbild.analyse.statements import build
from omradesbild.model import PublishedList
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import makers
from omradesbild.publish.site.settings import Settings

#: What people type, and what is among the first two then.
FOUND = {
    "rosengard": "Rosengård",
    "Sofie lund": "Sofielund",
    "Holma Kroksback": "Holma–Kroksbäck",
    "kroksbäck holma": "Holma–Kroksbäck",
    "rosengrad": "Rosengård",
    "Limhamm": "Limhamn",
}
#: Areas that are compared, and one more than there is room for; two overlap, and one is of an older division.
SIX = ("rosengard", "1280R001", "nydala-hermodsdal-lindangen", "limhamn", "vastra-hamnen", "sd-fosie")
SEVENTH = "oxie"
#: An area with a long description, many challenges and initiatives, and years on the police's list.
TEXT_RICH = "rosengard"
AREA, PAGES = "1280R001", ("", "omrade/1280R001/", "indikator/lag_ekonomisk_standard/", "jamfor/", "mal/", "insatser/", "polislistan/")
#: A list that somebody has decided to publish, and an initiative that can be followed in some measures.
ROWS = [{"area": "rosengard", "indicator": "arbetslosa_16_64", "period": "2022", "note": "Börja här."}]
LISTED = {"name": "Hösten", "pack": "malmo", "version": "2026-11-22", "note": "Efter samråd.", "entries": ROWS}
PUBLISHED = PublishedList.model_validate({"id": "hosten", "by": "Kommunstyrelsen", "published": "2026-11-20", "chosen": LISTED})
FOLLOWED = "medborgarlofte-mollevangen"
#: One page of each kind, in both languages.
KINDS = (*PAGES, "indikator/", "prioriteringar/", f"prioritering/{PUBLISHED.id}/", f"insats/{FOLLOWED}/", "om/", "data/", "tillganglighet/")
#: How wide a sheet of paper is inside its margins, in pixels.
A4 = 695
SERIOUS = "async () => (await axe.run()).violations.map(v => v.id + ' ' + v.impact + ' ' + v.nodes[0].html)"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def statements():
    return build(replace(packs.load(packs.resolve(None)), priorities=(PUBLISHED,)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, statements):
    """Make the pages of Malmö that the tests open."""
    root, pack = tmp_path_factory.mktemp("edition"), statements.pack
    drawn, settings = shapes(pack), Settings()
    files = [*makers.common_files(statements, drawn, settings)]
    for id_ in {AREA, TEXT_RICH, pack.info.city, *SIX}:
        files += makers.area_files(statements, settings, pack.areas[id_])
    for id_ in (*pack.info.headline, "lag_ekonomisk_standard"):
        files += makers.indicator_files(statements, drawn, settings, pack.indicators[id_])
    for each in pack.initiatives:
        files += makers.initiative_files(statements, settings, each) if each.id == FOLLOWED else []
    for file in files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return root


@pytest.fixture(scope="module")
def roots(folder):
    """Return where the edition is: on a server and on the disk."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"http": f"http://127.0.0.1:{server.server_port}/", "file": f"file://{folder}/"}
    server.shutdown()


@pytest.fixture
def opened(browser):
    """Open pages: ``opened(address, **options)`` returns one, and everything that goes wrong on it."""
    contexts = []

    def open_(address: str, **options):
        contexts.append(browser.new_context(viewport={"width": 1300, "height": 900}, **options))
        page = contexts[-1].new_page()
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        return page, wrong

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("way", ("http", "file"))
def test_everything_is_there_without_scripts(opened, roots, way) -> None:
    page, wrong = opened(f"{roots[way]}omrade/{AREA}/index.html", java_script_enabled=False)
    assert page.locator("h1").inner_text() and page.locator("#nyckeltal tbody tr").count() > 10
    page.goto(f"{roots[way]}index.html")
    assert page.locator(".map path").count() > 90 and page.locator(".finder a").count() > 100
    assert not page.locator("#measure").is_visible(), "a list that does nothing is not shown"
    page.goto(f"{roots[way]}jamfor/index.html")
    assert page.locator("#tabell tbody tr").count() > 10 and not page.locator("#choose").is_visible()
    assert wrong == []


@pytest.mark.parametrize("way", ("http", "file"))
def test_scripts_choose_search_sort_and_compare(opened, roots, way) -> None:
    page, wrong = opened(f"{roots[way]}index.html")
    page.wait_for_selector(".map[data-live]")
    page.select_option("#measure", "folkmangd")
    page.locator("figcaption b", has_text="Folkmängd").wait_for()
    for typed, found in FOUND.items():
        page.fill("#find", typed)
        assert found in page.locator(".finder li:not([hidden])").all_inner_texts()[:2], typed
    page.fill("#find", "mollan")
    assert page.locator(".finder li:not([hidden])").all_inner_texts() == ["Möllan"]
    page.fill("#find", "xyzzy")
    assert page.locator("#found").inner_text() == words.t("site.find_none") and page.locator(".finder li:not([hidden])").count() == 0
    page.goto(f"{roots[way]}indikator/lag_ekonomisk_standard/index.html")
    rows = page.locator("#omraden-regso tbody tr:not(.city)")
    heading = page.locator("#omraden-regso thead th").first
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending" and rows.first.inner_text().startswith("Almvik")
    assert wrong == []


def add_by_keyboard(page, name: str) -> None:
    """Choose an area in the list, from its top down to the name, and press the button after it."""
    page.locator("#add").focus()
    page.keyboard.press("Home")
    for _ in range(200):
        if page.evaluate("document.activeElement.selectedOptions[0].text") == name:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def compared(page) -> dict[str, list[str]]:
    """Return what the table shows: each measure's cells, one for each area, the city's first."""
    return page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#choose tr[data-id]:not([hidden])')].map((row) => "
        "[row.dataset.id, [...row.cells].slice(1).map((cell) => cell.innerText)]))"
    )


@pytest.mark.parametrize("way", ("http", "file"))
def test_six_areas_are_compared_by_keyboard(opened, roots, statements, way) -> None:
    pack = statements.pack
    page, wrong = opened(f"{roots[way]}jamfor/index.html")
    for number, id_ in enumerate(SIX, 1):
        add_by_keyboard(page, pack.areas[id_].name)
        expect(page.locator("#told")).to_have_text(words.t("site.compare_added", name=pack.areas[id_].name, number=number))
    made_of = {a: {*pack.areas[a].members} or {a} for a in SIX}
    shared = [pair for pair in combinations(SIX, 2) if made_of[pair[0]] & made_of[pair[1]]]
    told = [words.t("compare.overlap", one=pack.areas[a].name, other=pack.areas[b].name) for a, b in shared]
    assert told and page.locator("#overlaps").inner_text() == " ".join(told)
    names = [pack.areas[a].name for a in (pack.info.city, *SIX)]
    assert page.locator("#choose thead th").all_inner_texts()[1:] == names
    shown, own = compared(page), 0
    for indicator, cells in shown.items():
        newest = [statements.latest_of(a, indicator) for a in SIX]
        for s, cell in zip(newest, cells[1:], strict=True):
            assert cell.split("\n")[0].startswith(words.figure(s) if s else "-"), (indicator, s)
            own += s is not None
        # The city stands beside them the same year, or not at all; a cell of another year says which.
        year = page.locator(f"#choose tr[data-id={indicator}] th small").inner_text()
        whole = statements.get(pack.info.city, indicator, year)
        assert cells[0].split("\n")[0].startswith(words.figure(whole) if whole and whole.value is not None else "-"), indicator
        assert all(s is None or s.period == year or s.period in cell for s, cell in zip(newest, cells[1:], strict=True)), indicator
    assert own > 150 and len(shown) == len([i for i in pack.indicators if i != "alder_kon" and any(statements.latest_of(a, i) for a in SIX)])
    add_by_keyboard(page, pack.areas[SEVENTH].name)
    expect(page.locator("#told")).to_have_text("Högst sex områden kan jämföras. Ta bort ett först.")
    assert page.locator("#choose thead th").all_inner_texts()[1:] == names and compared(page) == shown
    assert wrong == []


@pytest.mark.parametrize("way", ("http", "file"))
def test_areas_are_removed_and_the_address_and_the_way_back_show_them(opened, roots, statements, way) -> None:
    name = {a: statements.pack.areas[a].name for a in (*SIX, SEVENTH)}
    page, wrong = opened(f"{roots[way]}jamfor/index.html#omraden={SIX[0]},finns-inte,{SIX[1]},{SIX[0]}")
    head, told = page.locator("#choose thead th"), page.locator("#told")
    expect(head).to_have_count(4)
    assert head.all_inner_texts()[2:] == [name[a] for a in SIX[:2]]
    assert told.inner_text() == words.t("site.compare_unknown", name="finns-inte")
    add_by_keyboard(page, name[SIX[1]])
    expect(told).to_have_text(words.t("site.compare_twice", name=name[SIX[1]]))
    add_by_keyboard(page, name[SIX[2]])
    expect(head).to_have_count(5)
    assert page.locator(".other").get_attribute("href").endswith(f"#omraden={','.join(SIX[:3])}")
    page.get_by_role("button", name=f"Ta bort: {name[SIX[1]]}").press("Enter")
    expect(head).to_have_count(4)
    assert page.evaluate("document.activeElement.textContent") == f"Ta bort: {name[SIX[2]]}"
    page.go_back()
    expect(head).to_have_count(5)
    page.go_back()
    expect(head).to_have_count(4)
    assert head.all_inner_texts()[2:] == [name[a] for a in SIX[:2]]
    page.evaluate(f"location.hash = 'omraden={','.join((*SIX, SEVENTH))}'")
    expect(head).to_have_count(8)
    assert told.inner_text() == words.t("site.compare_full")
    page.evaluate("location.hash = 'omraden='")
    expect(page.locator("#choose table")).to_be_hidden()
    assert wrong == []


@pytest.mark.parametrize("root", ("", "en/"))
def test_six_areas_fit_or_are_seen_to_go_on(opened, roots, axe, root) -> None:
    page, _ = opened(f"{roots['http']}{root}jamfor/index.html#omraden={','.join(SIX)}", bypass_csp=True)
    expect(page.locator("#choose thead th")).to_have_count(8)
    frame = page.locator("#choose .scroll")
    for width, fits in ((1300, True), (768, False), (320, False)):
        page.set_viewport_size({"width": width, "height": 800})
        assert frame.evaluate("e => e.scrollWidth <= e.clientWidth") is fits, width
        expect(page.locator("#wide")).to_be_visible(visible=not fits)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if not fits:
            first = page.locator("#choose thead th").first
            frame.focus()
            before = first.bounding_box()["x"]
            frame.evaluate("e => e.scrollTo(e.scrollWidth, 200)")
            assert abs(first.bounding_box()["x"] - before) < 1, "the names of the measures stay"
            last = page.locator("#choose thead th").last.bounding_box()
            assert last["x"] + last["width"] <= width and last["y"] >= frame.bounding_box()["y"] - 1
    page.evaluate(axe)
    assert page.evaluate(SERIOUS) == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    assert frame.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight"), "all of it is on paper"


def test_the_map_by_pointer_and_by_keyboard(opened, roots) -> None:
    page, wrong = opened(f"{roots['http']}indikator/lag_ekonomisk_standard/index.html")
    page.wait_for_selector(".map[data-live]")
    area = page.locator(".map a").nth(40)
    said, to = area.get_attribute("aria-label"), area.get_attribute("href")
    area.hover()
    expect(page.locator(".tip")).to_have_text(said)
    assert page.locator(".map a[tabindex='0']").count() == 1, "the map is one stop"
    page.locator("#period").focus()
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    reached = {first}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len(reached) > 2 and page.locator(".tip").inner_text() in reached
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.map')"), "the map lets go"
    assert wrong == []
    area.click()
    expect(page).to_have_url(re.compile(f"{re.escape(to.removeprefix('../../'))}$"))


def test_every_page_starts_with_a_way_past_the_menu_and_shows_where_one_is(opened, roots) -> None:
    page, _ = opened(f"{roots['http']}omrade/{AREA}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    seen = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        here, width = page.evaluate(
            "(() => { const e = document.activeElement; return [e.outerHTML.slice(0, 200), parseFloat(getComputedStyle(e).outlineWidth)] })()"
        )
        if here.startswith("<body"):
            break
        assert width >= 2, here
        assert here.startswith("<div") or here not in seen or "<button" in here or "<summary" in here, f"back at {here}"
        seen.add(here)
    else:
        pytest.fail("the keyboard does not come out of the page")


@pytest.mark.parametrize("root", ("", "en/"))
@pytest.mark.parametrize("area", (AREA, TEXT_RICH, "1280"))
def test_an_area_is_two_sheets_of_paper(opened, roots, root, area) -> None:
    page, _ = opened(f"{roots['http']}{root}omrade/{area}/index.html")
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 2


@pytest.mark.parametrize("root", ("", "en/"))
def test_the_start_page_is_one_sheet_without_the_finder(opened, roots, root) -> None:
    page, _ = opened(f"{roots['http']}{root}index.html")
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 1
    page.emulate_media(media="print")
    assert not page.get_by_role("heading", name=words.t("site.find", "en" if root else "sv")).is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_four_times_the_size_and_own_colours(opened, roots, name) -> None:
    """A window of 1 280 pixels at 400 % is 320 wide and 256 high."""
    page, wrong = opened(f"{roots['http']}{name}index.html", forced_colors="active", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []


def test_nothing_is_remembered(opened, roots) -> None:
    page, _ = opened(f"{roots['http']}index.html")
    page.wait_for_selector(".map[data-live]")
    page.select_option("#measure", "folkmangd")
    page.fill("#find", "mollan")
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("name", [f"{root}{name}" for root in ("", "en/") for name in KINDS])
def test_no_violation_of_any_impact_and_no_scrolling_sideways(opened, roots, axe, name, scheme) -> None:
    page, wrong = opened(f"{roots['http']}{name}index.html", color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    assert page.evaluate(SERIOUS) == []
    assert page.locator("header [aria-current]").count() == (not name.endswith("tillganglighet/"))
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []
