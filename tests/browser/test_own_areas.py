"""A reader's own area, from two clicks or a ring drawn by keyboard to a link that others open."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from looking import settle
from playwright.sync_api import Page, expect

PARTS = ("Möllevången", "Möllevången syd")
PEOPLE = "4\u202f426"  # 2025, the sum of the two


@pytest.fixture
def reader(new_reader, live_server):
    """A reader whose browser finds no fault in the end."""
    reader = new_reader(live_server, permissions=["clipboard-read", "clipboard-write"])
    yield reader
    reader.context.close()
    assert reader.complaints == []


def egna(page: Page) -> list[str]:
    """The own areas in the address, each as number, name and members."""
    return parse_qs(urlsplit(page.url).query).get("egna", [""])[0].split("!")


def test_click_two_areas_name_them_and_share_the_link(reader, new_reader):
    page = reader.open("/egna")
    for n, name in enumerate(PARTS, 1):
        page.get_by_role("option", name=re.compile(f"^{name}: ")).dispatch_event("click")
        expect(page.get_by_role("region", name="Består av").get_by_role("row")).to_have_count(n + 1)
        settle(page)
    assert egna(page) == ["1~Eget område 1~1280R049.1280R050"]
    page.get_by_role("textbox", name="Namn", exact=True).fill("Runt torget")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Runt torget")).to_be_visible()
    settle(page)
    expect(page.get_by_text(f"{PEOPLE} invånare (2025).")).to_be_visible()
    page.get_by_role("link", name="Öppna områdets sida").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Runt torget")
    settle(page)
    row = page.get_by_role("row", name=re.compile("^Folkmängd "))
    expect(row).to_contain_text(PEOPLE)
    page.get_by_role("button", name="Kopiera länk").click()
    expect(page.get_by_role("status").filter(has_text="kopierad")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")

    other = new_reader(f"{urlsplit(link).scheme}://{urlsplit(link).netloc}")
    opened = other.open(link)
    expect(opened.get_by_role("heading", level=1)).to_have_text("Runt torget")
    expect(opened.get_by_role("row", name=re.compile("^Folkmängd "))).to_contain_text(PEOPLE)
    assert opened.locator(".ob-table").all_inner_texts() == page.locator(".ob-table").all_inner_texts()
    assert opened.url == page.url == link
    expect(opened.get_by_role("alert")).to_have_count(0)
    other.context.close()
    assert other.complaints == []


def test_draw_a_ring_by_keyboard(reader):
    page = reader.open("/egna")
    page.get_by_role("radio", name="Rita").or_(page.get_by_role("button", name="Rita", exact=True)).click()
    cross = page.get_by_role("application")
    expect(cross).to_be_attached()
    settle(page)
    cross.focus()
    spoken = page.locator(".map [aria-live]")
    page.keyboard.press("Enter")
    expect(spoken).to_contain_text("Punkt 1: ")
    for side in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        for _ in range(5):
            page.keyboard.press(side)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")  # one point too many
    expect(spoken).to_contain_text("Punkt 4")
    page.get_by_role("button", name="Stäng ytan").press("Enter")
    expect(page.get_by_role("heading", level=2, name="Eget område 1")).to_be_visible()
    settle(page)
    (area,) = egna(page)
    assert re.fullmatch(r"1~Eget område 1~(1280R\d{3}(:\d{1,3})?\.?)+", area) and ":" in area
    expect(page.get_by_text("Uppskattningsvis")).to_be_visible()
