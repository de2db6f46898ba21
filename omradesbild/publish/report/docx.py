"""A document for Word: real headings, lists and tables, charts that can be changed, fields to fill in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from omradesbild.publish import style
from omradesbild.publish.document import (
    Beside,
    Block,
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
    Table,
    beside,
)
from omradesbild.publish.figures.sheet import shape_of
from omradesbild.publish.house import logo_size
from omradesbild.publish.report import native, office
from omradesbild.publish.report.order import Progress, silent
from omradesbild.words import t

#: A4 and its margins, in millimetres.
PAGE, MARGINS = (210, 297), (20, 20)
TEXT_WIDTH = PAGE[0] - 2 * MARGINS[0]
#: The largest height of a picture, which leaves room for its words on the page; of charts beside another by their kind.
TALLEST, TALLEST_BESIDE = 115, {"line": 42, "pyramid": 56}
#: Of the text's size and those of cells, in points: the first that divides no word. Arial is larger than the letters of
#: the PDF at the same size.
BODY, CELLS = 9.5, (8.0, 7.5, 7.0)
#: What each line of a chart's key takes, in millimetres; two of them have room in the chart's own height.
KEY = 4
EMU = 36_000  # per millimetre
TWIPS = 1440 / 25.4  # per millimetre
CHART, WORKBOOK = (
    "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
#: Parts of python-docx's template that would say other things than ours.
LEFT_OUT = ("thumbnail.jpeg", "stylesWithEffects.xml")
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
NAMES = f'{nsdecls("w", "r", "wp")} xmlns:a="{_A}" xmlns:c="{_C}" xmlns:pic="{_PIC}" xmlns:asvg="{_SVG}"'


def to_docx(document: Document, progress: Progress = silent) -> bytes:
    """Write a document for Word, telling `progress` after each block. The same document gives the same bytes."""
    package = docx.Document()
    _dress(package, document)
    _around(package, document)
    writer = _Writer(package, document, progress)
    body = package.element.body
    for element in parse_xml(f"<w:body {NAMES}>{writer.everything()}</w:body>"):
        body.insert(len(body) - 1, element)
    etree.cleanup_namespaces(package.element, keep_ns_prefixes=list(package.element.nsmap))
    target = io.BytesIO()
    package.save(target)
    return office.sealed(target.getvalue())


# -- the look --------------------------------------------------------------------------------


def _dress(package, document: Document) -> None:
    """Set page, language, properties and styles."""
    office.describe(package.core_properties, document)
    section = package.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.left_margin = section.right_margin = Mm(MARGINS[0])
    section.top_margin = section.bottom_margin = Mm(MARGINS[1])
    section.header_distance = section.footer_distance = Mm(9)
    font, language = office.font_of(document), office.language_of(document)
    for rels in (package.part.package.rels, package.part.rels):
        for id_ in [id_ for id_, rel in rels.items() if rel.target_part.partname.endswith(LEFT_OUT)]:
            del rels[id_]
    styles = package.styles
    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), font)
    for spoken in styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)
    themed = package.settings.element.find(qn("w:themeFontLang"))
    if themed is not None:
        themed.set(qn("w:val"), language)
    _style(styles["Normal"], BODY, after=4)
    _style(styles["Title"], 20, bold=True, after=3)
    _style(styles["Subtitle"], 11.5, colour=style.SECONDARY, after=6)
    _style(styles["Heading 1"], 14, bold=True, before=12, after=4)
    _style(styles["Heading 2"], 11, bold=True, before=9, after=3)
    _style(styles["Heading 3"], BODY, bold=True, before=7, after=3)
    _style(styles["Caption"], 8.5, bold=True, before=4, after=2)
    _style(styles["List Bullet"], BODY, after=2)
    _style(styles["Header"], 8, colour=style.SECONDARY)
    _style(styles["Footer"], 8, colour=style.SECONDARY)
    for name in ("Header", "Footer"):
        tabs = styles[name].element.pPr.find(qn("w:tabs"))
        if tabs is not None:
            tabs.getparent().remove(tabs)
    styles["Caption"].paragraph_format.keep_with_next = True
    for name, size in (("Cell", CELLS[0]), ("Note", 7.5), ("Said", 8.5), ("Comment", BODY), ("Label", 9)):
        made = styles.add_style(f"Ob {name}", WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        _style(
            made,
            size,
            colour=style.SECONDARY if name == "Note" else style.TEXT,
            after={"Cell": 0, "Note": 2}.get(name, 3),
        )
    styles["Ob Label"].font.bold = True
    comment = styles["Ob Comment"].paragraph_format
    comment.left_indent = Mm(3)
    styles["Ob Comment"].element.get_or_add_pPr().insert_element_before(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="{document.house.accent[1:]}"/></w:pBdr>'
        ),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr",
    )  # fmt: skip


def _style(
    made, size: float, *, colour: str = style.TEXT, bold: bool = False, before: float = 0, after: float = 0
) -> None:
    made.font.size, made.font.bold, made.font.italic = Pt(size), bold, False
    made.font.color.rgb = RGBColor.from_string(colour[1:])
    if made.type == WD_STYLE_TYPE.PARAGRAPH:
        made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(before), Pt(after)
    for unwanted in list(made.element.iter(qn("w:pBdr"), qn("w:kern"))):
        unwanted.getparent().remove(unwanted)
    for spacing in list(made.element.iterfind(f"{qn('w:rPr')}/{qn('w:spacing')}")):
        spacing.getparent().remove(spacing)


def _around(package, document: Document) -> None:
    """Write what stands at the head and the foot of every page."""
    section, lang = package.sections[0], document.lang
    warning = office.warning(document)
    known = dict(document.facts)
    reference = known.get(t("report.reference", lang), "")
    shown = warning or " · ".join(office.clean(text) for text in (document.title, reference) if text)
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="7A3E00"/>' if warning else ""
    look = '<w:b/><w:color w:val="FFFFFF"/>' if warning else ""
    _replace(
        section.header, f'<w:p><w:pPr><w:pStyle w:val="Header"/>{shade}</w:pPr>{_run(shown, look)}</w:p>'
    )
    fields = "".join(
        f'{_run(f" {word} ")}<w:fldSimple w:instr=" {code} ">{_run("1")}</w:fldSimple>'
        for word, code in ((t("report.page", lang), "PAGE"), (t("report.of", lang), "NUMPAGES"))
    )
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH * TWIPS:.0f}"/></w:tabs>'
    border = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="{style.HAIRLINE[1:]}"/></w:pBdr>'
    _replace(
        section.footer,
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/>{border}{tab}</w:pPr>{_run(office.standing(document))}<w:r><w:tab/></w:r>{fields}</w:p>',
    )


def _replace(part, xml: str) -> None:
    part.is_linked_to_previous = False
    element = part._element
    for child in list(element):
        element.remove(child)
    element.append(parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))


# -- the blocks ------------------------------------------------------------------------------


def _run(text: str, look: str = "") -> str:
    """Write a run; a line in the text is a line on the paper."""
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in office.clean(text).split("\n"))
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


def _paragraph(style_: str, text: str, *, more: str = "", look: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style_}"/>{more}</w:pPr>{_run(text, look)}</w:p>'


class _Writer:
    """Writes blocks as WordprocessingML and puts pictures and charts into the package."""

    def __init__(self, package, document: Document, progress: Progress):
        self.package, self.document, self.progress = package, document, progress
        self.part, self.lang = package.part, document.lang
        self.font = office.font_of(document)
        self.count = 0  # of everything that has an id
        self.heading = ""  # right above what is being written: nothing is called the same
        self.following: Block | tuple[Items, Figure] | None = None  # right below it: notes stay together

    def everything(self) -> str:
        """Write all that is between the first page's head and the last page's foot."""
        document = self.document
        logo = document.house.logo_svg
        parts = [
            self._line(
                self._picture(logo, document.house.logo_alt, *logo_size(logo)),
                '<w:spacing w:after="360"/>',
            )
            if logo
            else "",
            _paragraph("Title", document.title),
            _paragraph("Subtitle", document.subtitle) if document.subtitle else "",
            _facts(document.facts) if document.facts else "",
            *self._blocks(list(beside(document.blocks))),
            self._link() if document.link else "",
        ]
        return "".join(parts)

    def _blocks(self, blocks: list[Block | tuple[Items, Figure]]) -> Iterator[str]:
        part = self.document.title
        for n, block in enumerate(blocks, start=1):
            self.following = blocks[n] if n < len(blocks) else None
            part = block.text if isinstance(block, Heading) else part
            yield self._aside(*block) if isinstance(block, tuple) else self.block(block)
            self.progress(n, len(blocks), part)

    def block(self, block: Block) -> str:
        before, self.heading = self.heading, block.text if isinstance(block, Heading) else ""
        match block:
            case Heading():
                return _paragraph(f"Heading{block.level}", block.text)
            case Paragraph():
                together = block.note and isinstance(self.following, Paragraph) and self.following.note
                more = "<w:keepNext/>" if together else ""
                return _paragraph("ObNote" if block.note else "Normal", block.text, more=more)
            case Items():
                return "".join(_paragraph("ListBullet", text) for text in block.texts)
            case Facts():
                return _facts(block.rows)
            case Table():
                return self._table(block, before)
            case Figure():
                return self._figure(block, TEXT_WIDTH * block.width)
            case Beside():
                return self._beside(block)
            case Comment():
                said = _paragraph(
                    "ObComment", t("report.comment", self.lang), more="<w:keepNext/>", look="<w:b/>"
                )
                return said + _paragraph("ObComment", block.text)
            case Field():
                return self._field(block, before)
            case PageBreak():
                return _NEW_PAGE
        raise TypeError(f"found a {type(block).__name__}; expected a block of a document")

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _link(self) -> str:
        address = office.clean(self.document.link)
        rel = self.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        look = f'<w:color w:val="{self.document.house.accent[1:]}"/><w:u w:val="single"/>'
        return (
            f'<w:p><w:pPr><w:pStyle w:val="ObNote"/></w:pPr>{_run(t("report.opens", self.lang) + ": ")}'
            f'<w:hyperlink r:id="{rel}">{_run(address, look)}</w:hyperlink></w:p>'
        )

    def _field(self, block: Field, heading: str) -> str:
        """Write a place to fill in as a content control that shows its hint until somebody writes."""
        hint = f"{t('report.fill_in', self.lang)} {block.hint}".strip()
        label = escape(office.clean(block.label)[:64], {'"': "&quot;"})
        number = self._next()
        return (
            (_paragraph("ObLabel", block.label, more="<w:keepNext/>") if block.label != heading else "")
            + f'<w:sdt><w:sdtPr><w:alias w:val="{label}"/><w:tag w:val="falt-{number}"/><w:id w:val="{number}"/>'
            f'<w:showingPlcHdr/><w:text w:multiLine="1"/></w:sdtPr><w:sdtContent>'
            + _boxed(_run(hint, f'<w:color w:val="{style.HINT[1:]}"/>'), block.lines)
            + "</w:sdtContent></w:sdt>"
        )

    # -- tables ---------------------------------------------------------------------------

    def _table(self, block: Table, heading: str) -> str:
        room = TEXT_WIDTH * 72 / 25.4
        size = next((each for each in CELLS if sum(office.least_widths(block, each, 10)) <= room), CELLS[-1])
        letters = f'<w:sz w:val="{2 * size:.0f}"/>' if size != CELLS[0] else ""
        twips = [round(20 * width) for width in office.column_widths(block, room, size, 10)]
        rows = [_row(block.columns, twips, block.numeric, letters, head=True)]
        at = 0
        for row in block.rows:
            if isinstance(row, Section):
                rows.append(_section(row.text, len(twips), sum(twips)))
                continue
            rows.append(_row(row, twips, block.numeric, letters, bold=at < block.emphasised))
            at += 1
        air = '<w:spacing w:before="60"/>'
        notes = "".join(_paragraph("ObNote", note, more="" if n else air) for n, note in enumerate(block.notes))
        label = escape(office.clean(block.caption), {'"': "&quot;"})
        return (
            (_paragraph("Caption", block.caption) if block.caption != heading else "")
            + f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>{_LINES}'
            f'<w:tblLayout w:type="fixed"/>{_PADDING}<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1"'
            f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{label}"/></w:tblPr>'
            f"{_grid(twips)}{''.join(rows)}</w:tbl>"
            f"{notes}{_GAP}"
        )

    def _beside(self, block: Beside) -> str:
        """Set pictures two in a row; read from left to right and down."""
        side = (TEXT_WIDTH - 8) / 2
        cells = [self._figure(figure, side, "") for figure in block.figures]
        return _side_by_side([TEXT_WIDTH / 2] * 2, [cells[at : at + 2] for at in range(0, len(cells), 2)])

    def _aside(self, items: Items, figure: Figure) -> str:
        """Set a narrow picture beside a list."""
        right = TEXT_WIDTH * figure.width
        cells = [self.block(items), self._figure(figure, right - 4, "")]
        return _side_by_side([TEXT_WIDTH - right, right], [cells])

    # -- pictures -------------------------------------------------------------------------

    def _figure(self, block: Figure, width: float, keep: str = "<w:keepNext/>") -> str:
        tallest = TALLEST_BESIDE.get(block.chart.kind, TALLEST) if block.chart and not keep else TALLEST
        height = min(tallest, width * shape_of(block.svg))
        unit = native.unit_of(block, self.lang)
        if block.chart:
            height += KEY * max(0, len({native.line_of(s) for s in block.chart.series}) - 2)
            drawn = self._chart(block, width, height)
        else:
            drawn = self._picture(block.svg, block.alt, height / shape_of(block.svg), height)
        return (
            _paragraph("Caption" if keep else "ObLabel", block.title)
            + (_paragraph("ObNote", unit, more=keep) if unit else "")
            + self._line(drawn, keep)
            + (_paragraph("ObSaid", block.said, more=keep) if block.said else "")
            + _paragraph("ObNote", block.source)
        )

    def _line(self, drawn: str, more: str = "") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="Normal"/>{more}</w:pPr><w:r>{drawn}</w:r></w:p>'

    def _inline(self, alt: str, width: float, height: float, uri: str, inside: str) -> str:
        number = self._next()
        told = escape(office.clean(alt), {'"': "&quot;", "\n": "&#10;"})
        return (
            f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width * EMU:.0f}" cy="{height * EMU:.0f}"/>'
            f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="{number}" name="Bild {number}" descr="{told}"/>'
            f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{uri}">{inside}</a:graphicData></a:graphic></wp:inline></w:drawing>'
        )

    def _chart(self, block: Figure, width: float, height: float) -> str:
        numbers = native.Numbers(block.chart, office.moment_of(self.document), self.lang)
        unit = block.chart.unit or block.unit
        chart = native.native(numbers, block.chart, unit, self.lang, self.font, 8)._chartSpace
        number = self._next()
        workbook = self._add(f"/word/embeddings/workbook{number}.xlsx", WORKBOOK, numbers.xlsx_blob)
        part = self._add(f"/word/charts/chart{number}.xml", CHART, b"")
        chart.get_or_add_externalData().rId = part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)
        part._blob = etree.tostring(chart, xml_declaration=True, encoding="UTF-8", standalone=True)
        rel = self.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        return self._inline(block.alt, width, height, _C, f'<c:chart r:id="{rel}"/>')

    def _picture(self, svg: str, alt: str, width: float, height: float) -> str:
        """Place a picture: PNG for all, and the SVG itself for programs that can draw it."""
        rel, _ = self.part.get_or_add_image(io.BytesIO(office.png(svg, width * 72 / 25.4)))
        drawing = self._add(f"/word/media/drawing{self._next()}.svg", "image/svg+xml", svg.encode())
        sharp = self.part.relate_to(drawing, RELATIONSHIP_TYPE.IMAGE)
        inside = (
            '<pic:pic><pic:nvPicPr><pic:cNvPr id="0" name=""/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{rel}"><a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
            f'<asvg:svgBlip r:embed="{sharp}"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width * EMU:.0f}" cy="{height * EMU:.0f}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        )
        return self._inline(alt, width, height, _PIC, inside)

    def _add(self, name: str, kind: str, content: bytes) -> Part:
        return Part(PackURI(name), kind, content, self.package.part.package)


_LINES = (
    f'<w:tblBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="{style.HAIRLINE[1:]}"/>'
    f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{style.HAIRLINE[1:]}"/></w:tblBorders>'
)
_PADDING = (
    '<w:tblCellMar><w:top w:w="25" w:type="dxa"/><w:left w:w="90" w:type="dxa"/>'
    '<w:bottom w:w="25" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar>'
)
#: A table must not meet another, nor end what holds it; this takes no room that is seen.
_GAP = '<w:p><w:pPr><w:pStyle w:val="ObNote"/><w:spacing w:after="0" w:line="80" w:lineRule="exact"/></w:pPr></w:p>'
#: A break within a paragraph leaves an empty line at the head of the new page.
_NEW_PAGE = _GAP.replace("<w:spacing", "<w:pageBreakBefore/><w:spacing")
_UNDERLINED = (
    f'<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{style.TEXT[1:]}"/></w:tcBorders>'
)


def _side_by_side(widths: list[float], rows: list[list[str]]) -> str:
    """Lay things out beside each other, in columns of some widths in millimetres; it is no table to who listens."""
    twips = [round(width * TWIPS) for width in widths]
    written = []
    for row in rows:
        cells = zip([*row, *["<w:p/>"] * (len(twips) - len(row))], twips, strict=True)
        inside = "".join(f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for cell, wide in cells)
        written.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inside}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{_PADDING}'
        f'<w:tblLook w:val="0000"/></w:tblPr>{_grid(twips)}{"".join(written)}</w:tbl>{_GAP}'
    )


def _grid(twips: list[int]) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    return f"<w:tblGrid>{columns}</w:tblGrid>"


def _row(cells, twips, numeric, letters: str, *, head: bool = False, bold: bool = False) -> str:
    said = []
    for i, (text, width) in enumerate(zip(cells, twips, strict=True)):
        side = '<w:jc w:val="right"/>' if i in numeric else ""
        border = f'{_UNDERLINED}<w:vAlign w:val="bottom"/>' if head else ""
        look = ("<w:b/>" if head or bold else "") + letters
        said.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{border}</w:tcPr>{_paragraph("ObCell", text, more=side, look=look)}</w:tc>'
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(said)}</w:tr>"


def _section(text: str, count: int, width: int) -> str:
    cell = _paragraph("ObCell", text, more='<w:keepNext/><w:spacing w:before="80"/>', look="<w:b/>")
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        f'<w:gridSpan w:val="{count}"/></w:tcPr>{cell}</w:tc></w:tr>'
    )


def _facts(rows) -> str:
    """Write labels and values at a tab stop, as in the head of a letter."""
    tab = '<w:tabs><w:tab w:val="left" w:pos="2268"/></w:tabs><w:ind w:left="2268" w:hanging="2268"/>'
    quiet = f'<w:color w:val="{style.SECONDARY[1:]}"/>'
    return "".join(
        f'<w:p><w:pPr><w:pStyle w:val="Normal"/>{tab}</w:pPr>{_run(label, quiet)}<w:r><w:tab/></w:r>{_run(value)}</w:p>'
        for label, value in rows
    )


def _boxed(run: str, lines: int) -> str:
    """Frame a paragraph with room to write in, so much as Word lets a frame have; it grows with what is written."""
    room = {"top": 4, "left": 4, "bottom": min(31, 4 + 12 * (lines - 1)), "right": 4}
    look = f'w:val="dashed" w:sz="6" w:color="{style.HINT[1:]}"'
    border = "".join(f'<w:{edge} {look} w:space="{space}"/>' for edge, space in room.items())
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Normal"/><w:pBdr>{border}</w:pBdr>'
        f'<w:spacing w:before="80" w:after="160"/><w:ind w:left="100" w:right="100"/></w:pPr>{run}</w:p>'
    )
