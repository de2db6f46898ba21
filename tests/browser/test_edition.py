"""The public edition in a browser: with scripts and without, from a server and from a disk."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from omradesbild import pack as packs
from omradesbild.analyse.statements import build
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import makers
from omradesbild.publish.site.settings import Settings

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
    for id_ in (AREA, pack.info.city):
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
    page.fill("#find", "mollan")
    assert page.locator(".finder li:not([hidden])").all_inner_texts() == ["Möllan"]
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


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("name", PAGES)
def test_no_violation_of_any_impact_and_no_scrolling_sideways(browser, roots, axe, name, scheme) -> None:
    page, wrong = opened(browser, f"{roots['http']}{name}index.html", color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    assert page.evaluate(SERIOUS) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []
