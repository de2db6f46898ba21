"""A document of every template about the small pack, in every format, against the texts in tests/golden/packs.

Each file is written down as text: what is said, in what kind of paragraph, cell or chart. ``--redraw`` writes them anew;
read their diff.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdf
import pytest
import small_pack
from lxml import html
from publish.site.test_golden_edition import compared

from omradesbild.analyse.statements import Statements, build
from omradesbild.pack import load
from omradesbild.publish import report
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "packs"
HEAD = {"date": "2026-11-28", "committee": "Nämnden", "reference": "N-2026-1"}
ORDERS = {
    "omradesunderlag": Order(template="omradesunderlag", areas=("A1",), comments={"korthet": "Vårt ord."}, **HEAD),
    "jamforelse": Order(template="jamforelse", areas=("A1", "vastra"), **HEAD),
    "prioriteringar": Order(template="prioriteringar", areas=("A5", "A6"), **HEAD),
    "insats": Order(template="insats", initiative="lyftet", **HEAD),
    "yttrande": Order(template="yttrande", areas=("ostra",), recipient="Styrelsen", **HEAD),
}


def line(*parts: object) -> str:
    """Write parts of a row on one line."""
    return " | ".join(re.sub(r"\s*\n\s*", " / ", str(part)).strip() for part in parts)


def of_pdf(content: bytes) -> Iterator[str]:
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(content)).pages, 1):
        yield f"-- page {number}"
        yield page.extract_text()


def of_docx(content: bytes) -> Iterator[str]:
    file = docx.Document(io.BytesIO(content))
    for part in file.iter_inner_content():
        if isinstance(part, docx.table.Table):
            yield "table"
            yield from (line("", *(cell.text for cell in row.cells)) for row in part.rows)
        else:
            drawn = [e.get("descr") for e in part._element.iter("{*}docPr")]
            yield from (f"picture: {told}" for told in drawn)
            if part.text.strip():
                yield f"{part.style.name}: {line(part.text)}"
    yield from (f"field: {''.join(e.itertext())}" for e in file.element.body.iter("{*}sdt"))
    yield f"foot: {line(*(p.text for p in file.sections[0].footer.paragraphs))}"


def of_pptx(content: bytes) -> Iterator[str]:
    for number, slide in enumerate(pptx.Presentation(io.BytesIO(content)).slides, 1):
        yield f"-- slide {number}: {slide.slide_layout.name}"
        for shape in slide.shapes:
            if shape.has_table:
                yield "table"
                yield from (line("", *(cell.text for cell in row.cells)) for row in shape.table.rows)
            elif shape.has_chart:
                plot = shape.chart.plots[0]
                yield f"chart: {line(*plot.categories)}"
                yield from (line("", series.name, *series.values) for series in plot.series)
            elif shape.has_text_frame and shape.text_frame.text.strip():
                yield f"text: {line(shape.text_frame.text)}"
            else:
                yield f"picture: {shape._element.xpath('.//p:cNvPr')[0].get('descr')}"
        if slide.has_notes_slide:
            yield f"notes: {line(slide.notes_slide.notes_text_frame.text)}"


def of_xlsx(content: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        yield f"-- sheet {sheet.title}"
        for row in sheet.iter_rows():
            cells = [f"{c.value} [{c.number_format}]" if isinstance(c.value, int | float) else c.value or "" for c in row]
            if any(cells):
                yield line(*cells).rstrip(" |")


def of_html(content: bytes) -> Iterator[str]:
    root = html.fromstring(content.decode())
    for element in root.iter("svg", "style"):
        told = " ".join("".join(e.itertext()) for e in element.iter("title", "desc"))
        element.clear(keep_tail=True)
        element.text = told if element.tag == "svg" else None
    for element in root.iter("h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "tr", "svg"):
        cells = [cell.text_content() for cell in element.iter("th", "td")] or [element.text_content()]
        yield f"{element.tag}: {line(*cells)}"


DUMPS = {"pdf": of_pdf, "docx": of_docx, "pptx": of_pptx, "xlsx": of_xlsx, "html": of_html}


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> Statements:
    return build(load(small_pack.write(tmp_path_factory.mktemp("pack"))))


def test_the_packs_are_as_they_were_read(statements: Statements, request: pytest.FixtureRequest) -> None:
    found = {}
    for template, order in ORDERS.items():
        document = report.make(statements, order)
        for name, dump in DUMPS.items():
            found[f"{template}/{name}.txt"] = "\n".join(text.rstrip() for text in dump(FORMATS[name](document))) + "\n"
    if request.config.getoption("--redraw"):
        for path, text in found.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_text(text, encoding="utf-8")
    golden = {p.relative_to(GOLDEN).as_posix(): p.read_text(encoding="utf-8") for p in GOLDEN.rglob("*.txt")}
    assert compared(found, golden) == {"missing": [], "unexpected": [], "different": []}
    assert set(DUMPS) == set(FORMATS)
