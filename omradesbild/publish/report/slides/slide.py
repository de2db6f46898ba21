"""A slide and what is drawn on it: texts, tables, charts, pictures, and the notes below it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from pptx.dml.color import RGBColor
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from omradesbild.analyse.statements import Statement
from omradesbild.publish import style
from omradesbild.publish.document import Document, Figure, Table
from omradesbild.publish.figures.sheet import shape_of
from omradesbild.publish.report import native, office
from omradesbild.publish.report.slides.around import Around
from omradesbild.publish.report.slides.measures import (
    FIRST_TITLE,
    FIRST_TOP,
    FOOT,
    HEIGHT,
    LEADING,
    PADDING,
    ROOM,
    SIDE,
    SMALL,
    SOURCE,
    TITLE,
    WIDTH,
    Look,
    place,
)
from omradesbild.publish.report.slides.tables import Row
from omradesbild.words import t

_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_IMAGE, _HYPERLINK = f"{_R}/image", f"{_R}/hyperlink"
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_BODY = (
    f'<p:txBody xmlns:p="{_P}" xmlns:a="{_A}"><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{{anchor}}">'
    "<a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody>"
)


class Slide:
    """A slide that is being written."""

    def __init__(self, package, document: Document, title: str, number: int, kicker: str = "", first: bool = False):
        self.slide = package.slides.add_slide(package.slide_layouts[0])
        self.shapes, self.package, self.document, self.lang = self.slide.shapes, package, document, document.lang
        self.shapes.turbo_add_enabled = True  # nobody else adds shapes
        self._number, self._notes = number, dict[str, None]()
        self._title(title, first)
        if kicker:
            shown = office.cut(office.clean(kicker).replace("\n", " "), ROOM, SMALL)
            self._box(shown, Look(SMALL, colour=style.SECONDARY), SIDE, 26, ROOM, 18)

    def _title(self, title: str, first: bool) -> None:
        shape, size, whole = self.shapes.title, FIRST_TITLE if first else TITLE, office.clean(title).replace("\n", " ")
        while size > 18 and len(office.broken(whole, ROOM, size, bold=True)) > (2 if size <= 22 or first else 1):
            size -= 2
        shown = whole
        if len(office.broken(whole, ROOM, size, bold=True)) > 2:
            shown = office.cut(whole, ROOM * 1.9, size, bold=True)
            self.note(whole)
        self._fill(shape, [self._run(shown, Look(size, bold=True))], '<a:pPr algn="l"/>', "b")
        place(shape, SIDE, FIRST_TOP - 100 if first else 40, ROOM, 90 if first else 54)
        if warning := office.warning(self.document):
            mark = self._box(warning, Look(11, bold=True, colour=style.GROUND), 0, 0, WIDTH, 22)
            mark.fill.solid()
            mark.fill.fore_color.rgb = RGBColor.from_string("7A3E00")
            mark.text_frame.margin_left = Pt(SIDE)

    def _foot(self) -> None:
        """Write what every slide stands on: versions, link and number."""
        document, quiet = self.document, Look(SOURCE, colour=style.SECONDARY)
        opens = t("report.opens_short", self.lang)
        shown = office.cut(office.standing(document), ROOM - 250, SOURCE)
        runs = self._run(shown, quiet)
        if document.link:
            to = self.slide.part.relate_to(office.clean(document.link), _HYPERLINK, is_external=True)
            runs += self._run(" · ", quiet) + self._run(opens, quiet, f'<a:hlinkClick xmlns:r="{_R}" r:id="{to}"/>')
        self._fill(self._empty(SIDE, FOOT, ROOM - 60, 20), [runs])
        counted = f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">{self._written(str(self._number), quiet)}</a:fld>'
        self._fill(self._empty(WIDTH - SIDE - 50, FOOT, 50, 20), [counted], '<a:pPr algn="r"/>')

    def band(self) -> None:
        """Draw the house's colour along the left edge."""
        band = self.shapes.add_shape(1, 0, 0, Pt(14), Pt(HEIGHT))
        band.fill.solid()
        band.fill.fore_color.rgb = RGBColor.from_string(self.document.house.accent[1:])
        band.line.fill.background()
        _decorative(band)

    # -- what stands on it ------------------------------------------------------------------

    def text(self, text: str, look: Look, y: float, height: float, room: float, away: float = 0.0) -> None:
        """Write a text from the left edge, or so far `away` from it; a line of the text is a paragraph."""
        inside = away + (0.0 if look.bullet else look.indent)
        box = self._box(text, look, SIDE + inside, y, room - inside, height)
        if look.bar:
            line = self.shapes.add_connector(1, Pt(SIDE + 2), Pt(y), Pt(SIDE + 2), Pt(y + height))
            line.line.color.rgb, line.line.width = RGBColor.from_string(look.bar[1:]), Pt(3)
            _decorative(line)
        if look.frame:
            box.line.color.rgb, box.line.dash_style = RGBColor.from_string(style.HINT[1:]), 4
            box.height = Pt(height + 12)
            box.text_frame.margin_left = box.text_frame.margin_top = Pt(5)

    def table(
        self,
        block: Table,
        rows: Sequence[Row],
        widths: Sequence[float],
        heights: Sequence[float],
        y: float,
        caption: float,
        size: float,
    ) -> None:
        """Draw a part of a table below its caption."""
        shown = office.clean(block.caption) if caption else ""
        if shown and len(office.broken(shown, ROOM, SMALL, bold=True)) * LEADING * SMALL > caption:
            self.note(shown)
            shown = office.cut(shown.replace("\n", " "), ROOM * 1.9, SMALL, bold=True)
        if shown:
            self._box(shown, Look(SMALL, bold=True), SIDE, y, ROOM, caption)
        frame = self.shapes.add_table(1, 1, Pt(SIDE), Pt(y + caption), Pt(sum(widths)), Pt(sum(heights)))
        _describe(frame, block.caption)
        old = frame._element.graphic.graphicData.tbl
        old.getparent().replace(old, parse_xml(self._table(block, rows, widths, heights, size)))

    def _table(self, block: Table, rows, widths, heights, size: float) -> str:
        grid = "".join(f'<a:gridCol w="{Pt(width)}"/>' for width in widths)
        said = []
        for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
            line = (style.TEXT, 1.25) if number == 0 else (style.HAIRLINE, 0.75)
            cells = [
                self._cell(
                    text,
                    row.bold,
                    not row.section and i in block.numeric,
                    line,
                    len(widths) if row.section else 1,
                    "b" if number == 0 else "t",
                    size,
                )
                for i, text in enumerate(row.cells)
            ]
            if row.section:
                cells += [self._cell("", False, False, line, 0, "t", size)] * (len(widths) - 1)
            said.append(f'<a:tr h="{Pt(height)}">{"".join(cells)}</a:tr>')
        return (
            f'<a:tbl xmlns:a="{_A}"><a:tblPr firstRow="1" firstCol="1"><a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr>'
            f"<a:tblGrid>{grid}</a:tblGrid>{''.join(said)}</a:tbl>"
        )

    def _cell(
        self, text: str, bold: bool, right: bool, line: tuple[str, float], span: int, anchor: str, size: float
    ) -> str:
        look, side = Look(size, bold), ' algn="r"' if right else ""
        runs = "<a:br/>".join(self._run(part, look) for part in office.clean(text).split("\n") if part)
        spans = f' gridSpan="{span}"' if span > 1 else ' hMerge="1"' if span == 0 else ""
        colour, width = line
        return (
            f"<a:tc{spans}><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr{side}/>{runs}<a:endParaRPr {self._letters(look)}/></a:p></a:txBody>"
            f'<a:tcPr marL="{Pt(PADDING[0])}" marR="{Pt(PADDING[0])}" marT="{Pt(PADDING[1])}" marB="{Pt(PADDING[1])}" anchor="{anchor}">'
            f'<a:lnB w="{Pt(width)}">{_ink(colour)}</a:lnB><a:noFill/></a:tcPr></a:tc>'
        )

    def figure(self, around: Around, left: float, y: float, above: float, high: float) -> None:
        """Draw a picture with its words above and below."""
        figure, wide = around.figure, around.width
        at = y + above - around.above
        for text, look in (
            (around.title, Look(14, bold=True)),
            (around.unit, Look(SMALL, colour=style.SECONDARY)),
        ):
            if text:
                height = around.height(text, look.size, look.bold)
                self._box(text, look, left, at, wide, height)
                at += height
        at = y + above
        if figure.chart:
            self.chart(figure, left, at, wide, high)
        else:
            shape = shape_of(figure.svg)
            fitted = min(wide * figure.width if figure.width > 0.5 else wide, high / shape)
            self.picture(figure, left, at, fitted, fitted * shape)
        at += high + 4
        for text, look in ((around.said, Look(SMALL)), (around.source, Look(SOURCE, colour=style.SECONDARY))):
            if text:
                height = around.height(text, look.size)
                self._box(text, look, left, at, wide, height)
                at += height
        if around.cut:
            for text in around.whole:
                self.note(text)

    def chart(self, figure: Figure, left: float, top: float, wide: float, high: float) -> None:
        """Draw a chart of PowerPoint's own."""
        numbers = native.Numbers(figure.chart, office.moment_of(self.document), self.lang)
        kind = native.KINDS[figure.chart.kind]
        frame = self.shapes.add_chart(kind, Pt(left), Pt(top), Pt(wide), Pt(high), numbers)
        font = office.font_of(self.document)
        native.dress(frame.chart, figure.chart, figure.chart.unit or figure.unit, self.lang, font, 12)
        _describe(frame, figure.alt)

    def picture(self, figure: Figure, left: float, top: float, wide: float, high: float) -> None:
        """Place a picture: PNG for all, and the SVG itself for programs that can draw it."""
        content = io.BytesIO(office.png(figure.svg, wide))
        placed = self.shapes.add_picture(content, Pt(left), Pt(top), Pt(wide), Pt(high))
        _describe(placed, figure.alt)
        package = self.slide.part.package
        name = PackURI(f"/ppt/media/drawing{self.slide.slide_id}-{placed.shape_id}.svg")
        part = Part(name, "image/svg+xml", package, figure.svg.encode())
        rel = self.slide.part.relate_to(part, _IMAGE)
        blip = placed._element.find(f".//{qn('a:blip')}")
        blip.append(
            parse_xml(
                f'<a:extLst xmlns:a="{_A}" xmlns:r="{_R}" xmlns:asvg="{_SVG}"><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
                f'<asvg:svgBlip r:embed="{rel}"/></a:ext></a:extLst>'
            )
        )

    # -- the speaker's notes ----------------------------------------------------------------

    def told(self, statements: Sequence[Statement]) -> None:
        """Add the definitions and sources of figures to the speaker's notes."""
        for s in statements:
            lang, indicator = self.lang, s.indicator
            unit = indicator.unit.get(lang)
            self.note(
                f"{indicator.title.get(lang)} ({unit}): {indicator.definition.get(lang)} {s.source.url}".strip()
            )

    def note(self, text: str) -> None:
        """Add a line to the speaker's notes, once."""
        self._notes[office.clean(text)] = None

    def close(self) -> None:
        """Write the foot, which is read last, and the speaker's notes, all at once."""
        self._foot()
        if self._notes:
            self.slide.notes_slide.notes_text_frame.text = "\n".join(self._notes)

    # -- texts ------------------------------------------------------------------------------

    def _box(self, text: str, look: Look, left: float, top: float, width: float, height: float):
        """Write a text in a box; a line of the text is a paragraph."""
        indent = f'marL="{Pt(look.indent)}" indent="{Pt(-look.indent)}"'
        bullet = f'<a:pPr {indent}><a:buChar char="•"/></a:pPr>' if look.bullet else ""
        lines = [self._run(line, look) for line in office.clean(text).split("\n")]
        return self._fill(self._empty(left, top, width, height), lines, bullet)

    def _empty(self, left: float, top: float, width: float, height: float):
        return self.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(height))

    def _fill(self, shape, paragraphs: Sequence[str], style_: str = "", anchor: str = "t"):
        """Let a shape hold paragraphs of runs, to its edges and in lines as long as it is."""
        body = shape._element.txBody
        said = "".join(f"<a:p>{style_}{runs}</a:p>" for runs in paragraphs)
        body.getparent().replace(body, parse_xml(_BODY.format(anchor=anchor, paragraphs=said)))
        return shape

    def _run(self, text: str, look: Look, link: str = "") -> str:
        return f"<a:r>{self._written(text, look, link)}</a:r>"

    def _written(self, text: str, look: Look, link: str = "") -> str:
        return f"<a:rPr {self._letters(look)}>{_ink(look.colour)}{link}</a:rPr><a:t>{escape(text)}</a:t>"

    def _letters(self, look: Look) -> str:
        return f'lang="{office.language_of(self.document)}" sz="{look.size * 100:.0f}" b="{int(look.bold)}"'


def _ink(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'


def _describe(shape, text: str) -> None:
    """Give a shape its alternative text."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", office.clean(text))


def _decorative(shape) -> None:
    """Mark a shape as one that says nothing."""
    shape._element.xpath(".//p:cNvPr")[0].append(
        parse_xml(
            f'<a:extLst xmlns:a="{_A}"><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        )
    )
