"""Every page on a phone and enlarged to 200 %: nothing is lost, everything is reached and large enough."""

import pytest
from looking import CUT, SMALL, VIEWS, settle
from playwright.sync_api import expect


@pytest.fixture(scope="module", params=[(320, 640), (640, 450)], ids=["320px", "200percent"])
def narrow(request, new_reader, live_server):
    """A reader with a phone, and one who sees a window of 1280 × 900 enlarged to 200 %."""
    width, height = request.param
    reader = new_reader(live_server, viewport={"width": width, "height": height})
    yield reader
    reader.context.close()


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_lost_in_a_narrow_window(narrow, name):
    page = narrow.open(VIEWS[name])
    assert page.evaluate(CUT) == []
    assert page.evaluate(SMALL) == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Kopiera länk")).to_be_visible()
    for control in page.locator("main").get_by_role("combobox").all():
        control.scroll_into_view_if_needed()
        expect(control).to_be_in_viewport()
    page.close()


def test_the_pages_are_reached_in_a_narrow_window(narrow):
    page = narrow.open("/")
    link = page.get_by_role("link", name="Trender", exact=True)
    expect(link).to_be_in_viewport()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Utveckling över tid")
    settle(page)
    page.close()
