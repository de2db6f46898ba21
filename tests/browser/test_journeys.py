"""What a reader comes for, from the first page to a link that others open, by mouse and by keyboard alone."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from looking import FOCUSED, Reader, settle, stand_still
from playwright.sync_api import Page, expect

NAMES = ["Möllan", "Holma–Kroksbäck"]
PEOPLE = {"Möllan": "10\u202f888", "Holma–Kroksbäck": "8\u202f142"}  # 2025; sums of four and of three RegSO
INDICATOR = "Vad vill du se?"


@pytest.fixture
def reader(new_reader, live_server):
    """A reader with nothing in the cache, whose browser finds no fault in the end."""
    reader = new_reader(live_server, permissions=["clipboard-read", "clipboard-write"])
    yield reader
    reader.context.close()
    assert reader.complaints == []


def tables(page: Page) -> list[str]:
    return page.locator(".ob-table").all_inner_texts()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    settle(page)


def mollan_is_shown(page: Page) -> None:
    heading(page, "Möllan")
    people = page.get_by_role("row", name=re.compile("^Folkmängd "))
    expect(people).to_contain_text(PEOPLE["Möllan"])
    expect(people).to_contain_text("2025")


def both_are_shown(page: Page) -> None:
    table = page.get_by_role("region", name="Befolkning", exact=True)
    expect(table.get_by_role("columnheader")).to_have_text(["Mått", "År", "Malmö", *NAMES])
    cells = table.get_by_role("row", name=re.compile("^Folkmängd ")).get_by_role("cell")
    expect(cells).to_contain_text(["2025", "", *(PEOPLE[name] for name in NAMES)])
    settle(page)


def opens_the_same(page: Page, new_reader) -> None:
    """Open the copied link in another browser profile and compare all that it says with `page`."""
    link = page.evaluate("navigator.clipboard.readText()")
    asked = parse_qs(urlsplit(link).query)
    assert asked["omr"] == ["mollan.holma-kroksback"]
    assert re.fullmatch(r"20\d\d", asked["per"][0])
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", asked["data"][0])
    assert asked["granser"] == ["RegSO-2025"]
    other = new_reader(f"{urlsplit(link).scheme}://{urlsplit(link).netloc}")
    opened = other.open(link)
    both_are_shown(opened)
    assert tables(opened) == tables(page)
    assert len(tables(opened)) >= 7
    assert opened.url == page.url == link
    expect(opened.get_by_role("alert")).to_have_count(0)
    other.context.close()
    assert other.complaints == []


def test_find_compare_and_share_with_the_mouse(reader: Reader, new_reader):
    page = reader.open("/")
    page.get_by_role("textbox", name="Hitta ett område").press_sequentially("möllan")
    page.get_by_role("link", name="Möllan (vardagsområde)").click()
    mollan_is_shown(page)
    page.get_by_role("link", name="Jämför", exact=True).click()
    heading(page, "Jämför områden")
    page.get_by_role("textbox", name="Lägg till ett område").press_sequentially("holma kroksback")
    page.get_by_role("button", name="Holma–Kroksbäck (vardagsområde)").first.click()
    both_are_shown(page)
    page.get_by_role("button", name="Kopiera länk").click()
    expect(page.get_by_role("status").filter(has_text="kopierad")).to_be_visible()
    opens_the_same(page, new_reader)


def go_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab, or Shift+Tab, until the focus is on what has a name that ends or begins so."""
    for _ in range(60):
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        if focused.endswith(name) or focused.startswith(f"{name}: "):
            return
    pytest.fail(f"60 × {key} did not lead to {name!r}; the focus is on {focused!r}")


def test_find_compare_and_share_with_the_keyboard_alone(reader: Reader, new_reader):
    page = reader.open("/")
    keyboard = page.keyboard
    go_to(page, "Hitta ett område")
    keyboard.type("möllan")
    page.get_by_role("link", name="Möllan (vardagsområde)").wait_for()
    settle(page)
    go_to(page, "Möllan (vardagsområde)")
    keyboard.press("Enter")
    mollan_is_shown(page)
    go_to(page, "Jämför", "Shift+Tab")
    keyboard.press("Enter")
    heading(page, "Jämför områden")
    go_to(page, "Lägg till ett område")
    keyboard.type("holma kroksback")
    page.get_by_role("button", name="Holma–Kroksbäck (vardagsområde)").first.wait_for()
    settle(page)
    go_to(page, "Holma–Kroksbäck (vardagsområde)")
    keyboard.press("Enter")
    both_are_shown(page)
    go_to(page, "Kopiera länk", "Shift+Tab")
    keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="kopierad")).to_be_visible()
    assert page.evaluate(FOCUSED) == "Kopiera länk"
    opens_the_same(page, new_reader)


def choose(page: Page, indicator: str, title: str) -> None:
    box = page.get_by_role("combobox", name=INDICATOR)
    box.focus()
    stand_still(page)
    box.fill(title)
    page.get_by_role("option", name=indicator, exact=True).click()
    shows(page, indicator, title)


def shows(page: Page, indicator: str, title: str) -> None:
    expect(page.get_by_role("combobox", name=INDICATOR)).to_have_value(indicator)
    expect(page.get_by_role("group", name=re.compile(f"^{title}, 20"))).to_be_visible()
    settle(page)


def test_back_and_forward_lead_through_the_views(reader: Reader):
    steps = [
        ("Arbete: Arbetslösa, 16–64 år", "Arbetslösa, 16–64 år", "Hela staden: 8,8"),
        ("Arbete: I arbete, 16–64 år", "I arbete, 16–64 år", "Hela staden: 72,0"),
        ("Boende: Hyresrätter", "Hyresrätter", "Hela staden: 47,0"),
    ]
    page = reader.open("/karta?ind=arbetslosa_16_64&per=2022")
    shows(page, *steps[0][:2])
    for indicator, title, _ in steps[1:]:
        choose(page, indicator, title)
    for move, (indicator, title, city) in zip(
        (page.go_back, page.go_back, page.go_forward), (steps[1], steps[0], steps[1]), strict=True
    ):
        move()
        shows(page, indicator, title)
        expect(page.get_by_role("listbox", name=re.compile(city))).to_be_visible()


def facts(page: Page, name: str, figure: str) -> None:
    expect(page.locator(".ob-lead").filter(has_text=name)).to_contain_text(figure)


def test_the_map_is_walked_and_chosen_from_with_keys_and_mouse(reader: Reader):
    page = reader.open("/karta?ind=arbetslosa_16_64&per=2022&omr=1280R031")
    facts(page, "Holma-Kroksbäck", "28,4\u202f%")
    areas = page.get_by_role("listbox", name=re.compile("^Arbetslösa")).get_by_role("option")
    expect(areas).to_have_count(91)
    go_to(page, "Holma-Kroksbäck")
    ring = page.locator(".map .ring .focus.casing")
    expect(ring).to_be_visible()
    assert ring.evaluate("e => parseFloat(getComputedStyle(e).strokeWidth)") >= 3
    page.keyboard.press("ArrowRight")
    expect(ring).to_be_visible()
    walked = page.evaluate(FOCUSED)
    assert "Holma-Kroksbäck:" not in walked
    name, figure = re.search(r"(\S.*?): (\S+\s%)", walked).groups()
    page.keyboard.press("Enter")
    facts(page, name, figure)

    kulladal = page.get_by_role("option", name=re.compile("^Kulladal: 5,5"))
    kulladal.click()
    facts(page, "Kulladal", "5,5")
    expect(kulladal).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile("omr=1280R"))


def test_the_map_zooms_and_comes_back(reader: Reader):
    page = reader.open("/karta")
    drawing = page.locator(".map .frame > svg")
    whole = drawing.get_attribute("viewBox")
    page.get_by_role("button", name="Zooma in kartan").click()
    expect(drawing).not_to_have_attribute("viewBox", whole)
    width, closer = (float(box.split()[2]) for box in (whole, drawing.get_attribute("viewBox")))
    assert closer == pytest.approx(width / 1.6, rel=0.01)
    page.locator(".map").get_by_role("button", name="Hela staden").click()
    expect(drawing).to_have_attribute("viewBox", whole)


def test_downloads_come_from_here_and_hold_the_figures(reader: Reader):
    page = reader.open("/data?ind=folkmangd")
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile("CSV")).first.click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    assert started.value.suggested_filename.startswith("omradesbild-folkmangd-")
    assert "367924" in text and text.count("\n") > 91
