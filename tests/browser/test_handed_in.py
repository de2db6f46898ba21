"""A table from a file on a steward's disk to figures that everybody sees, by keyboard alone; looked at by axe on each step."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from launch import ROOT
from looking import CUT, FOCUSED, SMALL, Reader, settle, stand_still
from playwright.sync_api import Page, expect

from components.engine import LOOK_EVERY
from omradesbild.collect.shelf import Shelf

AXE = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then((r) => r.violations.map((v) => `${v.id}: ${v.nodes[0].target}`))"


def workbook() -> bytes:
    """Made-up figures under a title, with a merged head, an unknown area, a total and a footnote."""
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [
        ["Påhittade hyresrätter"], [], ["Område", 2031, None], [None, "Hyresrätter", "Bostäder"],
        ["Segevång", 420, 1000], ["Seved", 300, 1500], ["Atlantis", 5, 10], ["Restpost", 12, 40], ["Malmö totalt", 70000, 170000], [], ["Källa: påhittad"],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("B3:C3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    found = Shelf(tmp_path_factory.mktemp("hylla") / "paket")
    found.publish(ROOT / "data")
    return found


@pytest.fixture(autouse=True)
def as_before(shelf: Shelf):
    """Let each reader find the pack as it was."""
    first = shelf.current().name
    yield
    shelf.restore(first)


@pytest.fixture(scope="module")
def staff_server(start_server, shelf: Shelf, tmp_path_factory: pytest.TempPathFactory):
    """The app as the city's staff have it: with versions of the pack and a place for drafts."""
    with start_server(OMRADESBILD_PACK=str(shelf.folder), OMRADESBILD_DRAFTS=str(tmp_path_factory.mktemp("utkast"))) as url:
        yield url


def go_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on what is called so."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED).endswith(name):
            return
    pytest.fail(f"80 × {key} did not lead to {name!r}; the focus is on {page.evaluate(FOCUSED)!r}")


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a list by typing, when it has come; see that it is chosen, and stand before it."""
    field, wanted = page.get_by_role("combobox", name=label, exact=True), page.get_by_role("option", name=option, exact=True)
    expect(field).to_be_visible()
    go_to(page, label)
    settle(page)
    stand_still(page)
    page.keyboard.type(option)
    expect(wanted).to_have_attribute("data-focused", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)
    settle(page)
    page.keyboard.press("Shift+Tab")  # what was only typed goes away when the list is left
    expect(field).to_have_value(option)


def sound(page: Page, axe: str) -> None:
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(SMALL) == []


def press(page: Page, name: str) -> None:
    go_to(page, name)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("wish", [{}, {"viewport": {"width": 320, "height": 800}, "color_scheme": "dark"}], ids=["wide", "narrow-dark"])
def test_a_table_is_handed_in_and_approved_by_keyboard(new_reader, staff_server, shelf: Shelf, axe: str, wish: dict) -> None:
    first = shelf.current().name
    reader: Reader = new_reader(staff_server, **wish)
    page = reader.open("/samla_in")
    expect(page.locator(".stFileUploader")).to_contain_text("5MB per fil")
    with page.expect_file_chooser() as chooser:
        press(page, "Välj fil")
    chooser.value.set_files({"name": "hyresratter.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()})
    expect(page.locator(".ob-facts")).to_contain_text("på rad 3–4")
    settle(page)
    sound(page, axe)
    choose(page, "Atlantis", "Ta inte med raderna")
    choose(page, "Mått", "Hyresrätter")
    choose(page, "Hur står måttet i filen?", "som två antal (det som räknas, och helheten)")
    choose(page, "Källa", "SCB: Antal lägenheter efter region och upplåtelseform, RegSO 2020, 2020–2023")
    sound(page, axe)
    press(page, "Visa vad som ändras")
    expect(page.get_by_role("region", name=re.compile("^Ändringar"))).to_contain_text("42,0")
    settle(page)
    assert page.evaluate(FOCUSED) == "Visa vad som ändras", "the focus stays where the reader is"
    sound(page, axe)
    go_to(page, "Utkastets namn")
    page.keyboard.type("Hyresrätter 2031")
    page.keyboard.press("Tab")
    settle(page)
    press(page, "Spara utkastet")
    expect(page.get_by_role("heading", level=2, name="Hyresrätter 2031")).to_be_visible()
    settle(page)
    sound(page, axe)
    press(page, "Godkänn och använd")
    settle(page)
    press(page, "Ja, godkänn")
    expect(page.get_by_role("status").filter(has_text="är godkänt")).to_be_visible()
    settle(page)
    sound(page, axe)
    assert shelf.current().name != first
    page.wait_for_timeout(1000 * LOOK_EVERY)  # so long may the app go on with the figures that it had
    seen = reader.open("/omrade?omr=1280R063")
    row = seen.get_by_role("row", name=re.compile("^Hyresrätter "))
    expect(row).to_contain_text("2031")
    expect(row).to_contain_text("42,0")
    reader.context.close()
    assert reader.complaints == []


def test_a_file_that_is_too_large_is_refused_in_swedish_by_the_picker_and_by_what_stands_before_the_server(new_reader, staff_server) -> None:
    reader: Reader = new_reader(staff_server)
    # on Windows the picker counts a megabyte as the server does, elsewhere as a million bytes
    reader.context.add_init_script("Object.defineProperty(navigator, 'platform', {get: () => 'Win32'})")
    page = reader.open("/samla_in")
    picker = page.locator(".stFileUploader")
    give = page.locator("input[type=file]").set_input_files
    most = 5 * 1024 * 1024
    give({"name": "stor.csv", "mimeType": "text/csv", "buffer": b"a" * (most + 1)})
    expect(picker.get_by_role("alert")).to_have_text("Fel: Filen får vara 5.0MB eller mindre.")
    give({"name": "nastan.csv", "mimeType": "text/csv", "buffer": b"a" * most})  # with its frame it is larger than the limit
    expect(page.get_by_test_id("stAlert").first).to_be_visible()  # it was taken and read, and is no table
    assert reader.complaints == []
    page.route("**/upload_file/**", lambda route: route.fulfill(status=413, body="Request Entity Too Large"))
    give({"name": "liten.csv", "mimeType": "text/csv", "buffer": b"a;b"})
    expect(picker).to_contain_text("Servern tog inte emot filen.")
    expect(picker).not_to_contain_text("Error")
    reader.context.close()


def separated() -> bytes:
    """Windows-1252, semicolons, decimal commas, a title and a source line; one figure that its maker is unsure of."""
    rows = [
        "Påhittade hyresrätter", "Område;År;Hyresrätter;Bostäder", "Segevång;2031;420,0 (x);1 000", "Seved;2031;300,0;1 500",
        "Malmö totalt;2031;70 000;170 000", "Källa: påhittad – å ä ö",
    ]  # fmt: skip
    return "\r\n".join(rows).encode("cp1252")


def px() -> bytes:
    """PX in ISO 8859-15 with one figure that is withheld."""
    return """CHARSET="ANSI";
AXIS-VERSION="2010";
CODEPAGE="iso-8859-15";
TITLE="Påhittade bostäder efter område, tabellinnehåll och år";
UNITS="antal";
STUB="område";
HEADING="tabellinnehåll","år";
VALUES("område")="Segevång","Seved";
VALUES("tabellinnehåll")="Hyresrätter","Bostäder";
VALUES("år")="2031","2032";
SOURCE="Malmö stad";
DATA=
420 430 1000 1010
300 ".." 1500 1510;
""".encode("iso-8859-15")


def shapes() -> bytes:
    """A zipped shapefile in the city's own coordinates, with figures among its attributes."""
    features = json.loads((ROOT / "data/boundaries/regso_2025_1280.geojson").read_text("utf-8"))["features"]
    wanted = [f for f in features if f["properties"]["id"] in ("1280R063", "1280R064")]
    frame = gpd.GeoDataFrame.from_features(wanted, crs=4326).to_crs(3008)
    frame = frame[["geometry"]].assign(regso=[f["properties"]["id"] for f in wanted], ar=2031, hyresr=[420, 300], bostader=[1000, 1500])
    with tempfile.TemporaryDirectory() as folder:
        frame.to_file(Path(folder) / "bostader.shp")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
    return out.getvalue()


#: File → what it is made by, what is told of it, its columns, and what then stands about Segevång (Sege öst).
FILES = {
    "hyresratter.csv": (separated, "Windows-1252", ("Hyresrätter", "Bostäder"), ("2031", "42,0", "420", "(x)")),
    "bostader.px": (px, "Märken", ("Hyresrätter", "Bostäder"), ("2032", "42,6", "430")),
    "bostader.zip": (shapes, "2 av 2", ("hyresr", "bostader"), ("2031", "42,0", "420")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_other_kind_is_taken_all_the_way_and_its_figure_stands_with_flag_and_source(new_reader, staff_server, shelf: Shelf, name: str) -> None:
    make, told, columns, stands = FILES[name]
    told_of = {
        "Vem har gjort tabellen?": "Påhittade kontoret", "Tabellens namn": f"Bostäder i {name}", "Tabellens adress (https://…)": "https://example.org/",
        "Villkor för användning (till exempel: CC0)": "CC0",
    }  # fmt: skip
    first = shelf.current().name
    reader: Reader = new_reader(staff_server)
    page = reader.open("/samla_in")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": make()})
    expect(page.locator(".ob-facts")).to_contain_text(told)
    settle(page)
    choose(page, "Mått", "Hyresrätter")
    choose(page, "Hur står måttet i filen?", "som två antal (det som räknas, och helheten)")
    choose(page, "Kolumn med det som räknas: hyresrätter", columns[0])
    choose(page, "Kolumn med helheten: alla bostäder, även där upplåtelseformen saknas", columns[1])
    choose(page, "Källa", "En ny källa")
    for label, text in told_of.items():
        expect(page.get_by_role("textbox", name=label, exact=True)).to_be_visible()
        go_to(page, label)
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        settle(page)
    press(page, "Visa vad som ändras")
    row = page.get_by_role("region", name=re.compile("^Ändringar")).get_by_role("row", name=re.compile(f"^Sege öst .*{stands[0]}"))
    expect(row).to_contain_text(f"{stands[1]} % (x)" if "(x)" in stands else f"{stands[1]} %")
    settle(page)
    go_to(page, "Utkastets namn")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    settle(page)
    press(page, "Spara utkastet")
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    settle(page)
    press(page, "Godkänn och använd")
    settle(page)
    press(page, "Ja, godkänn")
    expect(page.get_by_role("status").filter(has_text="är godkänt")).to_be_visible()
    assert shelf.current().name != first
    page.wait_for_timeout(1000 * LOOK_EVERY)  # so long may the app go on with the figures that it had
    seen = reader.open("/omrade?omr=1280R063")
    row = seen.get_by_role("row", name=re.compile("^Hyresrätter "))
    for text in stands:
        expect(row).to_contain_text(text)
    seen = reader.open("/karta?ind=hyresratt&per=2031")
    expect(seen.get_by_text(re.compile(r"^Källa: .*Påhittade kontoret")).first).to_be_visible()
    reader.context.close()
    assert reader.complaints == []
