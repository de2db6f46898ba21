"""A secretary's Tuesday morning: an area, a comment, a PDF and a Word file, and nothing written is lost on the way."""

import io
import re

import docx
import pypdf
import pytest
from looking import settle
from playwright.sync_api import Page, expect

WORDS = "Vi har träffat hyresgästföreningen."


@pytest.fixture
def reader(new_reader, live_server):
    """A reader whose browser finds no fault in the end."""
    reader = new_reader(live_server)
    yield reader
    reader.context.close()
    assert reader.complaints == []


def take(page: Page, button: str) -> tuple[str, bytes]:
    """Press a button that makes a file; return its name and content."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    with open(waiting.value.path(), "rb") as file:
        return waiting.value.suggested_filename, file.read()


def plain(texts) -> str:
    return re.sub(r"\s", "", " ".join(texts))


def test_choose_comment_take_the_files_and_come_back(reader):
    page = reader.open("/omrade?omr=holma-kroksback")
    people = page.get_by_role("row", name=re.compile("^Folkmängd ")).get_by_role("cell").first.inner_text()
    page.get_by_role("link", name="Gör underlag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Underlag")
    settle(page)
    page.get_by_role("textbox", name="I korthet", exact=True).fill(WORDS)
    page.get_by_role("textbox", name="Diarienummer").fill("TN-2026-77")
    expect(page.get_by_role("img", name=re.compile("^Sida 1 av "))).to_be_visible()

    name, pdf = take(page, "Hämta PDF")
    assert re.fullmatch(r"omradesbild-omradesunderlag-holma-kroksback-[\d-]+\.pdf", name)
    text = plain(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    name, word = take(page, "Hämta Word")
    assert name.endswith(".docx")
    document = docx.Document(io.BytesIO(word))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    written = plain([*(p.text for p in document.paragraphs), *cells])
    for found in (text, written):
        assert plain([WORDS]) in found and "TN-2026-77" in found
        assert plain([f"Folkmängd {people}"]) in found

    page.get_by_role("link", name="Data och källor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data och källor")
    settle(page)
    page.get_by_role("link", name="Underlag", exact=True).click()
    expect(page.get_by_role("textbox", name="I korthet", exact=True)).to_have_value(WORDS)
    expect(page.get_by_role("textbox", name="Diarienummer")).to_have_value("TN-2026-77")
    assert "hyresg" not in page.url
