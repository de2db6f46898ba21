"""Documents about a pack whose texts are markup, formulas and ten thousand characters: valid, and nothing but text, in every format."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import html5lib
import openpyxl
import pikepdf
import pypdf
import pytest
from publish import hostile
from publish import office_reader as reader
from publish.test_report_office import audited

from omradesbild.analyse.statements import Statements, build
from omradesbild.pack import load
from omradesbild.publish import report
from omradesbild.publish.document import Document
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order

HEAD = {"date": "2026-11-28", "title": hostile.HOSTILE[0], "committee": "=1+1", "reference": "@SUM(A1)"}
#: The orderer's own words may hold anything at all, what no pack may too.
COMMENT = "\n".join([*hostile.HOSTILE[:10], "\x00\x07\ufffe \u202eomvänt\u202c", "oavbruten" * 900])
ORDERS = {
    "omradesunderlag": Order(template="omradesunderlag", areas=("A1", "vastra"), comments={"korthet": COMMENT}, **HEAD),
    "jamforelse": Order(template="jamforelse", areas=("A1", "A3", "ostra"), comments={"inledning": COMMENT}, **HEAD),
    "prioriteringar": Order(template="prioriteringar", areas=("A5", "A6"), comments={"inledning": COMMENT}, **HEAD),
    "insats": Order(template="insats", initiative="lyftet", **HEAD),
    "yttrande": Order(template="yttrande", areas=("A6",), recipient="-2+3", comments={"bilaga": COMMENT}, **HEAD),
}


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> Statements:
    root = tmp_path_factory.mktemp("hostile")
    hostile.write(root)
    return build(load(root))


@pytest.fixture(scope="module", params=ORDERS)
def made(request: pytest.FixtureRequest, statements: Statements) -> Document:
    return report.make(statements, ORDERS[request.param])


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_pdf(made: Document) -> None:
    content = FORMATS["pdf"](made)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert not pdf.check_pdf_syntax()
        keys = {key for o in pdf.objects if isinstance(o, pikepdf.Dictionary) for key in o}
        assert {"/JS", "/Launch", "/OpenAction", "/EmbeddedFiles"}.isdisjoint(keys)
        for page in pdf.pages:
            for link in page.get("/Annots", []):
                assert re.match(r"https?://|#", str(link.A.get("/URI", "#")))
    told = squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))
    assert squeezed(HEAD["title"]) in told and squeezed(hostile.HOSTILE[9]) in told


@pytest.mark.parametrize("format_", ["docx", "pptx", "xlsx"])
def test_office(made: Document, format_: str, tmp_path: Path) -> None:
    content = FORMATS[format_](made)
    assert reader.faults(content) == [] and audited(content, format_, tmp_path) == []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        books = [content] if format_ == "xlsx" else [package.read(n) for n in package.namelist() if n.endswith(".xlsx")]
    cells = [c for book in books for sheet in openpyxl.load_workbook(io.BytesIO(book)) for row in sheet.iter_rows() for c in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(len(cell.number_format) <= 255 for cell in cells), "Excel takes no longer format"
    texts = [str(cell.value or "") for cell in cells] if format_ == "xlsx" else reader.texts(format_, content)
    told = squeezed(" ".join(texts))
    assert squeezed(HEAD["title"]) in told and HEAD["reference"] in told


def test_html(made: Document) -> None:
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(FORMATS["html"](made))
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    assert {"script", "img", "iframe", "object", "textarea"}.isdisjoint(e.tag for e in elements)
    assert not [name for e in elements for name in e.attrib if name.startswith("on") or name == "style"]
    assert not [a for e in elements if (a := e.get("href")) and not re.match(r"https?://|#", a)]
    assert squeezed(HEAD["title"]) in squeezed("".join(root.itertext()))
