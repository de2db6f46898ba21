"""Meeting documents for Word and PowerPoint: what they say, how they are built, and that nothing breaks them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdf
import pytest
import small_pack
from docx.oxml.ns import qn
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator
from pptx.enum.text import MSO_AUTO_SIZE
from publish import office_reader as reader
from publish.test_golden_packs import ORDERS as SMALL_ORDERS

from omradesbild import words
from omradesbild.analyse.statements import Statements, build
from omradesbild.model import TEMPLATES
from omradesbild.pack import load
from omradesbild.publish import report
from omradesbild.publish.document import (
    Beside,
    Chart,
    Comment,
    Document,
    Facts,
    Field,
    Figure,
    Heading,
    Items,
    PageBreak,
    Paragraph,
    Section,
    Series,
    Table,
    texts_of,
)
from omradesbild.publish.figures import pyramid
from omradesbild.publish.report import native, office
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order
from omradesbild.words import t

ROOT = Path(__file__).resolve().parent.parent.parent
DATE = "2026-11-28"
OFFICE = ("docx", "pptx")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200" fill="#EAF2F6"/>'
    '<text x="10" y="20">Karta</text></svg>'
)
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed; the other tests need nothing"
)
#: Texts that would break a file, or do something, if they were taken for more than texts.
HOSTILE = (
    "<script>alert(1)</script>&amp;]]>",
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "ab\x00\x0b\x1fcd\ufffe",
    "rak \u202evändöm\u202c text",
    "👩‍👩‍👧 🏙️ Å\u0308",
    "_x0041_ {w:t} %s ${x}",
    "två\nrader\roch\ttabb",
    "lång " * 2000,
    "oavbruten" * 1111,
)


@pytest.fixture(scope="module")
def statements() -> Statements:
    return build(load(ROOT / "data"))


@pytest.fixture(scope="module")
def one_area(statements: Statements) -> Document:
    order = Order(
        template="omradesunderlag", areas=("mollan",), date=DATE, comments={"korthet": "Vårt ord\nom =saken"}
    )
    return report.make(statements, order)


@pytest.fixture(scope="module")
def made(one_area: Document) -> dict[str, bytes]:
    return {name: FORMATS[name](one_area) for name in OFFICE}


def in_english(statements: Statements, template: str) -> Order:
    """Order a document of a template, about areas or about the first initiative that can be followed up."""
    if template == "insats":
        return Order(template=template, initiative="bid-sofielund", date=DATE, lang="en")
    return Order(template=template, areas=report.basic_areas(statements)[:3], date=DATE, lang="en")


def with_every_block(statements: Statements, text: str, **more) -> Document:
    """Return a document with all kinds of blocks, `text` in every place."""
    chart = Chart(
        "line",
        ("2020", text, "2022"),
        (Series(f"{text}A", (1.5, None, 3.25)), Series(text, (2.0, 2.0, 2.0))),
        (0.0, 2.0, 4.0),
        1,
        text,
    )
    lying = Chart("pyramid", (text, "2"), (Series(text, (1.0, 2.0)),), (0.0, 1.0, 2.0), 0, "")
    figures = [Figure(text, text, text, SVG, text, text, each, 0.5) for each in (None, chart, lying)]
    blocks = (
        *(Heading(text, level) for level in (1, 2, 3)),
        Paragraph(text),
        Paragraph(text, note=True),
        Items((text, text)),
        Facts(((text, text),)),
        Table(
            text,
            (text, text),
            ((text, text), Section(text), (text, text)),
            numeric=(1,),
            emphasised=1,
            notes=(text,),
        ),
        *figures,
        Beside(tuple(figures)),
        Comment(text),
        Field(text, text),
        PageBreak(),
        Paragraph(text),
    )
    return Document(
        text, text, ((text, text),), blocks, (text,), f"https://x/?{text}", statements, date=DATE, **more
    )


def plain(text: str) -> str:
    """Return a text without its spaces and line breaks: only they may differ."""
    return re.sub(r"\s", "", office.clean(text))


def audited(content: bytes, ending: str, folder: Path) -> list[str]:
    """Validate a file against the schemas of Office 2019."""
    path = folder / f"file.{ending}"
    path.write_bytes(content)
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(str(path))
    return [f"{e.part_uri} {e.description}" for e in result.errors]


# -- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", OFFICE)
def test_every_text_of_the_document_stands_in_the_file(
    format_: str, one_area: Document, made: dict[str, bytes]
) -> None:
    told = plain(" ".join(reader.texts(format_, made[format_])))
    for block in one_area.blocks:
        if isinstance(block, Figure | Beside):
            continue
        missing = [text for text in texts_of(block) if plain(text) not in told]
        assert not missing, block


@pytest.mark.parametrize("format_", OFFICE)
def test_every_figure_of_the_key_table_is_the_statements(
    format_: str, one_area: Document, made: dict[str, bytes]
) -> None:
    table = max((b for b in one_area.blocks if isinstance(b, Table)), key=lambda b: len(b.rests_on))
    rows = []
    if format_ == "docx":
        rows = [
            [c.text for c in row.cells]
            for each in docx.Document(io.BytesIO(made["docx"])).tables
            for row in each.rows
        ]
    else:
        for slide in pptx.Presentation(io.BytesIO(made["pptx"])).slides:
            for shape in slide.shapes:
                rows += [[c.text for c in row.cells] for row in shape.table.rows] if shape.has_table else []
    said = {(row[0], row[1].split(" g")[0]) for row in rows if len(row) == 6}
    assert len(table.rests_on) > 20
    for s in table.rests_on:
        found = [value for title, value in said if title == words.title(s.indicator, s.group, "sv")]
        assert any(value.startswith(words.figure(s, "sv")) for value in found), (s.indicator.id, found)


@pytest.mark.parametrize("format_", OFFICE)
def test_charts_hold_the_statements_numbers_and_a_gap_where_there_is_none(
    format_: str, one_area: Document, made: dict[str, bytes]
) -> None:
    figures = [
        f for b in one_area.blocks for f in getattr(b, "figures", (b,)) if isinstance(f, Figure) and f.chart
    ]
    with zipfile.ZipFile(io.BytesIO(made[format_])) as package:
        charts = sorted(
            (n for n in package.namelist() if "/charts/chart" in n and n.endswith(".xml")), key=_number
        )
        books = sorted((n for n in package.namelist() if n.endswith(".xlsx")), key=_number)
        assert len(charts) == len(books) == len(figures) > 3
        for figure, chart, book in zip(figures, charts, books, strict=True):
            root = etree.fromstring(package.read(chart))
            assert root.find(".//{*}dispBlanksAs").get("val") == "gap"
            sheet = openpyxl.load_workbook(io.BytesIO(package.read(book))).active
            for at, (series, drawn) in enumerate(zip(figure.chart.series, root.iter("{*}ser"), strict=True)):
                cached = {int(p.get("idx")): float(p[0].text) for p in drawn.find("{*}val").iter("{*}pt")}
                side = -1 if figure.chart.kind == "pyramid" and at % 2 == 0 else 1
                expected = {i: side * v for i, v in enumerate(series.values) if v is not None}
                assert cached == pytest.approx(expected)
                column = [sheet.cell(row, at + 2).value for row in range(2, len(figure.chart.categories) + 2)]
                assert column == pytest.approx([None if v is None else side * v for v in series.values])
            city = [s for s in root.iter("{*}ser") if t("chart.city") in "".join(s.find("{*}tx").itertext())]
            thick = {s.find("{*}spPr/{*}ln").get("w") for s in city if figure.chart.kind == "line"}
            assert thick <= {str(round(3.5 * 12700))}


def _number(name: str) -> int:
    return int(re.findall(r"\d+", name)[-1]) if re.search(r"\d", name) else 0


def test_word_has_headings_header_rows_language_and_footer(
    one_area: Document, made: dict[str, bytes]
) -> None:
    file = docx.Document(io.BytesIO(made["docx"]))
    headings = [p.text for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [b.text for b in one_area.blocks if isinstance(b, Heading)]
    tables = [e for e in file.element.body.iter("{*}tbl") if e.find("{*}tblPr/{*}tblCaption") is not None]
    assert len(tables) == sum(isinstance(b, Table) for b in one_area.blocks)
    assert all(table.find("{*}tr").find("{*}trPr/{*}tblHeader") is not None for table in tables)
    spoken = file.styles.element.find(".//{*}docDefaults//{*}lang")
    assert "sv-SE" in spoken.attrib.values()
    foot = "".join(file.sections[0].footer._element.itertext())
    assert all(version in foot for version in one_area.versions)
    codes = [v for e in file.sections[0].footer._element.iter("{*}fldSimple") for v in e.attrib.values()]
    assert [code.strip() for code in codes] == ["PAGE", "NUMPAGES"]
    assert file.core_properties.title == one_area.title and file.core_properties.language == "sv-SE"
    assert file.sections[0].page_width.mm == pytest.approx(210, abs=0.1)


def test_fields_are_content_controls_with_a_hint(statements: Statements) -> None:
    content = FORMATS["docx"](with_every_block(statements, "Ordförande"))
    control = docx.Document(io.BytesIO(content)).element.body.find("{*}sdt")
    assert control.find("{*}sdtPr/{*}showingPlcHdr") is not None
    assert control.find("{*}sdtPr/{*}alias").values() == ["Ordförande"]
    assert t("report.fill_in") in "".join(control.itertext())


def test_slides_have_titles_notes_with_definitions_and_a_foot(
    one_area: Document, made: dict[str, bytes]
) -> None:
    slides = list(pptx.Presentation(io.BytesIO(made["pptx"])).slides)
    above = [[s.text_frame.text for s in slide.shapes if s.has_text_frame][:2] for slide in slides]
    parts = [b.text for b in one_area.blocks if isinstance(b, Heading) and b.level == 1]
    named = [part for texts in above for part in parts if part in texts]
    assert list(dict.fromkeys(named)) == parts, "a part's name is its slide's title, or stands above it"
    for number, slide in enumerate(slides, 1):
        assert slide.shapes[0] == slide.shapes.title and slide.shapes.title.text
        told = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert one_area.versions[0] in told
        assert slide._element.find(".//{*}fld").find("{*}t").text == str(number)
    notes = " ".join(s.notes_slide.notes_text_frame.text for s in slides if s.has_notes_slide)
    table = max((b for b in one_area.blocks if isinstance(b, Table)), key=lambda b: len(b.rests_on))
    assert all(s.indicator.definition.get("sv") in notes and s.source.url in notes for s in table.rests_on)


def test_a_slide_has_one_picture_below_what_it_says(one_area: Document, made: dict[str, bytes]) -> None:
    slides = pptx.Presentation(io.BytesIO(made["pptx"])).slides
    pictures = [f for b in one_area.blocks if isinstance(b, Beside) for f in b.figures]
    charted = [slide for slide in slides if any(s.has_chart for s in slide.shapes)]
    assert len(charted) == len(pictures) > 4
    for slide, figure in zip(charted, pictures, strict=True):
        title = slide.shapes.title.text
        assert title.startswith(figure.title)
        if figure.said:
            first = figure.said.partition(". ")[0].rstrip(".")
            assert title == f"{figure.title}: {first[:1].lower()}{first[1:]}"
        told = [s.text_frame.text for s in slide.shapes if s.has_text_frame]
        assert figure.source in told and sum(s.has_chart for s in slide.shapes) == 1


def test_no_slide_holds_a_heading_or_a_source_alone(statements: Statements) -> None:
    for template, areas in (("omradesunderlag", ("rosengard", "mollan")), ("yttrande", ("rosengard",)), ("jamforelse", ("rosengard", "mollan"))):
        document = report.make(statements, Order(template=template, areas=areas, date=DATE))
        headings = {b.text for b in document.blocks if isinstance(b, Heading)}
        sources = {note for b in document.blocks if isinstance(b, Table) for note in b.notes}
        for number, slide in enumerate(pptx.Presentation(io.BytesIO(FORMATS["pptx"](document))).slides, 1):
            told = {s.text_frame.text for s in list(slide.shapes)[1:] if s.has_text_frame and s.text_frame.text}
            body = [s for s in slide.shapes if s.has_chart or s.has_table] or [
                text for text in told - headings - sources if document.versions[0] not in text and not text.isdigit()
            ]
            assert body, (template, number, slide.shapes.title.text)


def test_long_tables_go_on_with_their_headings(made: dict[str, bytes], one_area: Document) -> None:
    table = max((b for b in one_area.blocks if isinstance(b, Table)), key=lambda b: len(b.rows))
    heads = [
        tuple(cell.text for cell in shape.table.rows[0].cells)
        for slide in pptx.Presentation(io.BytesIO(made["pptx"])).slides
        for shape in slide.shapes
        if shape.has_table and len(shape.table.columns) == len(table.columns)
    ]
    assert heads.count(table.columns) > 1


# -- how it is built ---------------------------------------------------------------------------


@pytest.mark.parametrize("format_", OFFICE)
def test_the_file_is_valid_and_everything_is_described(
    format_: str, made: dict[str, bytes], tmp_path: Path
) -> None:
    assert reader.faults(made[format_]) == []
    assert audited(made[format_], format_, tmp_path) == []
    assert reader.undescribed(made[format_]) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_valid_in_every_format(
    template: str, statements: Statements, tmp_path: Path
) -> None:
    document = report.make(statements, in_english(statements, template))
    for format_ in (*OFFICE, "xlsx"):
        content = FORMATS[format_](document)
        assert reader.faults(content) == [] and audited(content, format_, tmp_path) == [], format_


@pytest.mark.parametrize("format_", OFFICE)
@pytest.mark.parametrize("text", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_texts_are_texts(format_: str, text: str, statements: Statements, tmp_path: Path) -> None:
    content = FORMATS[format_](with_every_block(statements, text))
    assert reader.faults(content) == []
    assert audited(content, format_, tmp_path) == []
    told = plain("".join(reader.texts(format_, content)))
    # In Word it stands everywhere; on slides paragraph, list, table and comment have all of it, over several slides.
    if format_ == "docx":
        assert told.count(plain(text)) >= 15
    assert all(told.count(character) >= 6 * plain(text).count(character) for character in set(plain(text)))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith(".xlsx"):
                book = openpyxl.load_workbook(io.BytesIO(package.read(name)))
                assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ("ord", *HOSTILE[-4:]), ids=[str(i) for i in range(5)])
def test_nothing_leaves_its_slide_or_its_box(text: str, statements: Statements, one_area: Document) -> None:
    for document in (with_every_block(statements, text), *((one_area,) if text == "ord" else ())):
        show = pptx.Presentation(io.BytesIO(FORMATS["pptx"](document)))
        for number, slide in enumerate(show.slides, 1):
            for shape in slide.shapes:
                assert shape.left >= 0 and shape.top >= 0, number
                assert shape.left + shape.width <= show.slide_width + 2, (number, shape.name)
                assert shape.top + shape.height <= show.slide_height + 2, (number, shape.name)
                if shape.has_text_frame and shape.text_frame.text:
                    assert shape.text_frame.auto_size == MSO_AUTO_SIZE.NONE
                    assert _height(shape) <= shape.height.pt + 1, (number, shape.text_frame.text[:80])


def _height(shape) -> float:
    """Measure a text as the widest of the fonts would have it."""
    total = 0.0
    for paragraph in shape.text_frame.paragraphs:
        size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=10)
        bold = any(run.font.bold for run in paragraph.runs)
        indent = int(paragraph._p.pPr.get("marL", 0)) / 12700 if paragraph._p.pPr is not None else 0
        lines = office.broken(paragraph.text, shape.width.pt - indent, size, bold)
        total += 1.2 * size * len(lines)
    return total


@pytest.mark.parametrize("format_", OFFICE)
def test_made_up_figures_are_marked_on_every_page(format_: str, statements: Statements) -> None:
    content = FORMATS[format_](with_every_block(statements, "ord", demonstration=True))
    if format_ == "docx":
        file = docx.Document(io.BytesIO(content))
        assert [s.header.paragraphs[0].text for s in file.sections] == [t("demo.banner")]
        assert not file.sections[0].different_first_page_header_footer
    else:
        for slide in pptx.Presentation(io.BytesIO(content)).slides:
            assert t("demo.banner") in [s.text_frame.text for s in slide.shapes if s.has_text_frame]


def test_the_same_document_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    for format_ in (*OFFICE, "xlsx", "html"):
        outs = []
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
            out = tmp_path / f"{seed}.{format_}"
            asked = [
                "--template",
                "omradesunderlag",
                "--areas",
                "1280R031",
                "--date",
                DATE,
                "--format",
                format_,
            ]
            command = [sys.executable, "-m", "omradesbild", "report", *asked, "--out", str(out)]
            subprocess.run(
                command, cwd=ROOT, env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": ""}, check=True, timeout=120
            )
            outs.append(out.read_bytes())
        assert outs[0] == outs[1], format_


def axes_of(content: bytes) -> list[tuple[float, float, float, list[float]]]:
    """Return least, most and step of every chart's value axis, and the values that it shows."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = sorted((n for n in package.namelist() if re.search(r"/charts/chart\d+.xml", n)), key=_number)
        charts = [etree.fromstring(package.read(n)) for n in names]
    found = []
    for chart in charts:
        ends = (chart.find(f".//{{*}}valAx{path}").get("val") for path in ("/{*}scaling/{*}min", "/{*}scaling/{*}max", "/{*}majorUnit"))
        found.append((*map(float, ends), [float(v.text) for v in chart.iterfind(".//{*}val//{*}pt/{*}v")]))
    return found


@pytest.mark.parametrize("format_", OFFICE)
def test_an_axis_magnifies_no_change_beyond_a_fifth(format_: str, made: dict[str, bytes]) -> None:
    """Left to itself an office program lets 8761 to 8830 homes fill the height."""
    axes = axes_of(made[format_])
    assert len(axes) > 3
    for low, high, step, values in axes:
        assert low <= min(values) and max(values) <= high
        assert low <= 0 <= high or high - low >= 0.2 * max(map(abs, values))
        assert (high - low) / step == pytest.approx(round((high - low) / step))


@pytest.mark.parametrize("format_", OFFICE)
def test_an_axis_has_the_marks_that_are_written_in_the_picture(format_: str, one_area: Document, made: dict[str, bytes]) -> None:
    """Those of the picture are read from what is written in it."""
    beside = [b.figures if isinstance(b, Beside) else (b,) for b in one_area.blocks]
    figures = [f for row in beside for f in row if isinstance(f, Figure) and f.chart]
    axes = axes_of(made[format_])
    assert len(axes) == len(figures) > 3
    for figure, (low, high, step, _) in zip(figures, axes, strict=True):
        count = round((high - low) / step)
        marks = [low + n * step for n in range(count + 1)]
        if figure.chart.kind == "pyramid":
            marks = [abs(mark) for mark in marks if mark]
        texts = (text.replace("\u202f", "").replace("\u2212", "-") for text in re.findall(r">([^<>]+)</(?:text|tspan)>", figure.svg))
        written = {m[0].replace(",", ".") for text in texts if (m := re.match(r"-?\d+(,\d+)?", text))}
        assert {float(each) for each in written} >= {round(mark, 6) for mark in marks}, figure.title


def test_a_pyramids_axis_is_as_long_on_either_side() -> None:
    sides = Chart("pyramid", ("0–4",), (Series("män", (3.0,)), Series("kvinnor", (5.5,))), (0, 2, 4, 6), 1, "%")
    assert native.steps(sides) == [-6, -4, -2, 0, 2, 4, 6]


@pytest.mark.parametrize(("largest", "form"), [(5.5, '[$-41D]0" %"'), (7.0, '[$-41D]0.0" %"')])
def test_the_marks_of_a_pyramid_are_written_with_the_decimals_they_have(largest: float, form: str) -> None:
    """Steps of 2,5 written whole would read 3, 5, 8."""
    shares = (Series("män", (3.0,)), Series("kvinnor", (largest,)))
    sides = Chart("pyramid", ("0–4",), shares, tuple(pyramid.marks([3.0, largest])), 1, "%")
    assert native.marks_format(sides, native.steps(sides), "sv") == f"{form};{form}"


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_chart_that_does_not_begin_at_zero_says_so(lang: str) -> None:
    homes = Chart("line", ("2020", "2023"), (Series("Rosengård", (8761.0, 8830.0)),), (7000, 8000, 9000), 0, "")
    figure = Figure("Bostäder", "antal", "alt", SVG, "källa", "", homes)
    note = t("chart.not_from_zero", lang)
    assert native.unit_of(figure, lang) == f"antal. {note}"
    assert native.unit_of(replace(figure, unit=""), lang) == note
    near = replace(homes, marks=(0, 50, 100))
    assert native.unit_of(replace(figure, chart=near), lang) == "antal"
    assert native.unit_of(replace(figure, chart=None), lang) == "antal"


def test_a_figures_flag_stays_on_its_line() -> None:
    words_ = "Rosengård Holma Kroksbäck Lindängen Nydala Hermodsdal Segevång Sege Kirseberg"
    table = Table("", ("Mått", "Värde", "Insatser"), (("Eftergymnasial utbildning", "59,9\u00a0% e g", words_ * 3),), numeric=(1,))
    widths = office.column_widths(table, 200, 8, 10)
    assert len(office.broken("59,9\u00a0% e g", widths[1] - 10 + 0.01, 8)) == 1


def widths_of(sheet) -> dict[int, float]:
    """Return how many characters each column has room for."""
    return {c: d.width for d in sheet.column_dimensions.values() for c in range(d.min, d.max + 1)}


def test_no_line_of_a_cell_is_hidden_under_the_next_row(statements: Statements) -> None:
    """LibreOffice does not make a row as high as its lines by itself."""
    order = Order(template="omradesunderlag", areas=("rosengard",), date=DATE)
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](report.make(statements, order))))
    wrapped = 0
    for sheet in book:
        wide = widths_of(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.alignment.wrap_text and len(str(cell.value or "")) > 1.5 * wide[cell.column]:
                    wrapped += 1
                    assert (sheet.row_dimensions[cell.row].height or 15) >= 30, (sheet.title, cell.coordinate)
    assert wrapped > 20


def test_every_number_of_a_workbook_has_room(statements: Statements) -> None:
    """What has none is written ###: the words after a number are long in a comparison."""
    areas = ("rosengard", "mollan", "holma-kroksback", "limhamn")
    order = Order(template="jamforelse", areas=areas, date=DATE)
    sheet = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](report.make(statements, order)))).worksheets[0]
    wide = widths_of(sheet)
    longest = 0
    for cell in (c for row in sheet.iter_rows() for c in row if isinstance(c.value, int | float)):
        after = re.sub(r'^[^"]*', "", cell.number_format).strip('"')
        longest = max(longest, len(after))
        assert wide[cell.column] > len(f"{cell.value:,g}{after}"), cell.coordinate
    assert longest > 20
    captions = [cell.value for cell in sheet["A"] if cell.value]
    assert captions.count("Befolkning") == 1


def test_an_office_page_break_leaves_no_empty_line(statements: Statements) -> None:
    order = Order(template="yttrande", areas=("mollan",), date=DATE)
    body = docx.Document(io.BytesIO(FORMATS["docx"](report.make(statements, order)))).element.body
    assert not list(body.iterfind(".//{*}br[@{*}type='page']"))
    starts = [p for p in body.iter("{*}p") if p.find("{*}pPr/{*}pageBreakBefore") is not None]
    assert len(starts) == 1
    room = {int(frame.find("{*}bottom").get(qn("w:space"))) for frame in body.iterfind(".//{*}sdt//{*}pBdr")}
    assert max(room) > min(room) == 4  # room to write in stands inside the frame


def test_years_stand_on_the_axis_once_each(made: dict[str, bytes]) -> None:
    """An office program that counts in days writes the same year several times."""
    for content in made.values():
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            charts = [etree.fromstring(package.read(n)) for n in package.namelist() if re.search(r"/charts/chart\d+.xml", n)]
        axes = [axis for chart in charts for axis in chart.iter("{*}dateAx")]
        assert axes
        assert {axis.find("{*}baseTimeUnit").get("val") for axis in axes} == {"years"}
        assert {axis.find("{*}majorTimeUnit").get("val") for axis in axes} == {"years"}


@needs_office
def test_an_area_is_four_pages_at_most_in_word_too(statements: Statements, tmp_path: Path) -> None:
    """The areas of which most is told, and the city, as an office program lays them out."""
    documents = {
        area: report.make(statements, Order(template="omradesunderlag", areas=(area,), date=DATE))
        for area in statements.pack.areas
    }
    told = {area: sum(map(len, document.texts())) for area, document in documents.items()}
    longest = sorted(told, key=told.get, reverse=True)[:5]
    paths = [tmp_path / f"{area}.docx" for area in (*longest, statements.pack.info.city)]
    for path in paths:
        path.write_bytes(FORMATS["docx"](documents[path.stem]))
    converted(tmp_path, *paths)
    pages = {path.stem: len(pypdf.PdfReader(path.with_suffix(".pdf")).pages) for path in paths}
    assert max(pages.values()) <= 4, pages


def converted(folder: Path, *paths: Path) -> None:
    """Have LibreOffice make PDF of files."""
    home = f"-env:UserInstallation=file://{folder}/home"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


@needs_office
def test_libreoffice_opens_every_template_in_every_format(tmp_path: Path) -> None:
    small, titles = build(load(small_pack.write(tmp_path / "pack"))), {}
    for template, order in SMALL_ORDERS.items():
        document = report.make(small, order)
        for format_ in (*OFFICE, "xlsx"):
            path = tmp_path / f"{template}-{format_}.{format_}"
            path.write_bytes(FORMATS[format_](document))
            titles[path] = document.title
    converted(tmp_path, *titles)
    for path, title in titles.items():
        pages = pypdf.PdfReader(path.with_suffix(".pdf")).pages
        assert plain(title) in plain("".join(page.extract_text() for page in pages)), path.name
