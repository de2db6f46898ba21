"""Charts and maps of the public edition at the width of a telephone and up: every text that is seen is large enough to read."""

import pytest

from omradesbild import pack as packs
from omradesbild.analyse.statements import build
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import makers
from omradesbild.publish.site.settings import Settings

#: How high the letters of a picture must be on the screen, in pixels, in windows so wide.
LEAST, WIDTHS = 11, (320, 375, 768, 1024, 1300)
MEASURE = "lag_ekonomisk_standard"
#: An area of each pack whose name needs much room.
AREAS = {None: "1280R050", "demo": "P021"}
TEXTS = """() => [...document.querySelectorAll('main svg text')].filter(e => e.checkVisibility()).map(e => {
  const m = e.getScreenCTM();
  return [parseFloat(getComputedStyle(e).fontSize) * Math.hypot(m.a, m.b), e.textContent];
})"""
NAMES = """() => {
  const boxes = [...document.querySelectorAll('.map text:not(.mark)')].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect());
  return boxes.filter((a, i) => boxes.slice(i + 1).some(b => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)).length;
}"""
SEEN = "() => [...document.querySelectorAll('.drawn')].map(d => [...d.children].map(e => e.checkVisibility()))"


@pytest.fixture(scope="module", params=AREAS)
def edition(request, tmp_path_factory):
    """Make a page of each kind; return the folder and where they are in it."""
    root, pack = tmp_path_factory.mktemp("telephone"), packs.load(packs.resolve(request.param))
    statements, drawn, settings = build(pack), shapes(pack), Settings()
    files = [*makers.common_files(statements, drawn, settings)]
    files += makers.area_files(statements, settings, pack.areas[AREAS[request.param]])
    files += makers.indicator_files(statements, drawn, settings, pack.indicators[MEASURE])
    for each in pack.initiatives:
        files += makers.initiative_files(statements, settings, each)
    for file in files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    names = [f.path for f in files if f.path.endswith("index.html") and b"<svg" in f.content]
    kinds = {name.removeprefix("en/").split("/")[0] for name in names}
    assert kinds >= {"index.html", "omrade", "indikator", "insatser"}
    return root, names


@pytest.mark.parametrize("width", WIDTHS)
def test_every_text_in_a_picture_can_be_read_and_one_drawing_is_shown(browser, edition, width) -> None:
    root, names = edition
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    shown = 0
    for name in names:
        page.goto(f"file://{root}/{name}")
        found = page.evaluate(TEXTS)
        assert [each for each in found if each[0] < LEAST - 0.02] == [], name
        assert page.evaluate(NAMES) == 0, name
        assert {sum(each) for each in page.evaluate(SEEN)} <= {1}, name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        shown += len(found)
    assert shown > 200
    page.context.close()


def test_paper_has_the_wide_drawings_whatever_the_window_was(browser, edition) -> None:
    root, names = edition
    page = browser.new_context(viewport={"width": 320, "height": 800}).new_page()
    page.emulate_media(media="print")
    for name in names:
        page.goto(f"file://{root}/{name}")
        assert all(each == [True, False] for each in page.evaluate(SEEN)), name
    page.context.close()
