"""The demonstration pack says so everywhere, in ways that cannot be cropped away."""

import re

import pytest
from looking import settle
from playwright.sync_api import expect

MARK = "Påhittade siffror"
#: An initiative with a synthetic control, its chart and tables.
FOLLOWED = "/insatser?insats=jobbsatsning&ind=arbetslosa_20_64"


@pytest.fixture(scope="module")
def reader(new_reader, start_server):
    with start_server(OMRADESBILD_PACK="demo") as url:
        reader = new_reader(url)
        yield reader
        reader.context.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/karta", "/omrade?omr=pahitt-2", "/jamfor?omr=pahitt-2.pahitt-3", "/trender?omr=pahitt-2", "/data", FOLLOWED],
)
def test_every_page_carries_the_banner_and_stays_within_the_house(reader, path):
    page = reader.open(path)
    banner = page.get_by_role("note")
    expect(banner).to_contain_text(MARK)
    page.locator("main").evaluate("(e) => e.scrollTo(0, e.scrollHeight)")
    expect(banner).to_be_in_viewport()
    page.close()
    assert reader.complaints == []


def test_maps_charts_and_files_carry_the_mark(reader):
    page = reader.open("/karta")
    mark = page.locator(".map rect.demo")
    expect(mark).to_be_visible()
    frame, marked = page.locator(".map .frame").bounding_box(), mark.bounding_box()
    assert marked["width"] >= frame["width"] - 2 and marked["height"] >= frame["height"] - 2
    expect(page.locator(".map #demo text")).to_have_text(MARK)
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile("SVG")).click()
    assert MARK in started.value.path().read_text(encoding="utf-8")
    assert started.value.suggested_filename.startswith("PAHITTADE-SIFFROR-")
    page.goto(reader.url + "/trender?omr=pahitt-2")
    settle(page)
    chart = page.locator(".js-plotly-plot").first
    expect(chart).to_contain_text(MARK)
    page.close()
