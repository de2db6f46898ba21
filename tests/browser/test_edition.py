"""The public edition in a browser: with scripts and without, from a server and from a disk."""

import functools
import io
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pikepdf
import pytest

from omradesbild import pack as packs
from omradesbild import words
from omradesbild.analyse.statements import build
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
#: An area with a long description, many challenges and initiatives, and years on the police's list.
TEXT_RICH = "rosengard"
AREA, PAGES = "1280R001", ("", "omrade/1280R001/", "indikator/lag_ekonomisk_standard/", "jamfor/", "mal/", "insatser/", "polislistan/")
SERIOUS = "async () => (await axe.run()).violations.map(v => v.id + ' ' + v.impact + ' ' + v.nodes[0].html)"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make the pages of Malmö that the tests open."""
    root, pack = tmp_path_factory.mktemp("edition"), packs.load(packs.resolve(None))
    statements, drawn, settings = build(pack), shapes(pack), Settings()
    files = [*makers.common_files(statements, drawn, settings)]
    for id_ in (AREA, TEXT_RICH, pack.info.city):
        files += makers.area_files(statements, settings, pack.areas[id_])
    for id_ in (*pack.info.headline, "lag_ekonomisk_standard"):
        files += makers.indicator_files(statements, drawn, settings, pack.indicators[id_])
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


def opened(browser, address: str, **options):
    """Open a page and return it with everything that went wrong."""
    page = browser.new_context(viewport={"width": 1300, "height": 900}, **options).new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    return page, wrong


@pytest.mark.parametrize("way", ("http", "file"))
def test_everything_is_there_without_scripts(browser, roots, way) -> None:
    page, wrong = opened(browser, f"{roots[way]}omrade/{AREA}/index.html", java_script_enabled=False)
    assert page.locator("h1").inner_text() and page.locator("#nyckeltal tbody tr").count() > 10
    page.goto(f"{roots[way]}index.html")
    assert page.locator(".map path").count() > 90 and page.locator(".finder a").count() > 100
    assert not page.locator("#measure").is_visible(), "a list that does nothing is not shown"
    page.goto(f"{roots[way]}jamfor/index.html")
    assert page.locator("#tabell tbody tr").count() > 10 and not page.locator("#choose").is_visible()
    assert wrong == []


@pytest.mark.parametrize("way", ("http", "file"))
def test_scripts_choose_search_sort_and_compare(browser, roots, way) -> None:
    page, wrong = opened(browser, f"{roots[way]}index.html")
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
    page.goto(f"{roots[way]}jamfor/index.html")
    page.select_option("#add", AREA)
    page.wait_for_selector("#choose table thead th:nth-child(3)")
    assert page.locator("#choose tbody tr:visible").count() > 10
    assert wrong == []


def test_the_map_by_pointer_and_by_keyboard(browser, roots) -> None:
    page, wrong = opened(browser, f"{roots['http']}indikator/lag_ekonomisk_standard/index.html")
    page.wait_for_selector(".map[data-live]")
    area = page.locator(".map a").nth(40)
    said, to = area.get_attribute("aria-label"), area.get_attribute("href")
    area.hover()
    assert page.locator(".tip").inner_text() == said
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
    assert not page.locator(".tip").is_visible()
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.map')"), "the map lets go"
    assert wrong == []
    area.click()
    assert page.url.endswith(to.removeprefix("../../"))


def test_every_page_starts_with_a_way_past_the_menu_and_shows_where_one_is(browser, roots) -> None:
    page, _ = opened(browser, f"{roots['http']}omrade/{AREA}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
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
def test_an_area_is_two_sheets_of_paper(browser, roots, root, area) -> None:
    page, _ = opened(browser, f"{roots['http']}{root}omrade/{area}/index.html")
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 2


@pytest.mark.parametrize("name", PAGES)
def test_four_times_the_size_and_own_colours(browser, roots, name) -> None:
    """A window of 1 280 pixels at 400 % is 320 wide and 256 high."""
    page, wrong = opened(browser, f"{roots['http']}{name}index.html", forced_colors="active", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []


def test_nothing_is_remembered(browser, roots) -> None:
    page, _ = opened(browser, f"{roots['http']}index.html")
    page.wait_for_selector(".map[data-live]")
    page.select_option("#measure", "folkmangd")
    page.fill("#find", "mollan")
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("name", PAGES)
def test_no_violation_of_any_impact_and_no_scrolling_sideways(browser, roots, axe, name, scheme) -> None:
    page, wrong = opened(browser, f"{roots['http']}{name}index.html", color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    assert page.evaluate(SERIOUS) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []
