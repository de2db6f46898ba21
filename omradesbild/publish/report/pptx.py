"""A document as slides: a slide for each part, more where it does not fit, tables and charts that can be changed."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from xml.sax.saxutils import escape

import pptx
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.publish import style
from omradesbild.publish.document import (
    ASIDE,
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
    rests_on,
)
from omradesbild.publish.report import native, office
from omradesbild.publish.report.order import Progress, silent
from omradesbild.publish.report.pdf import logo_height, shape_of
from omradesbild.words import t

# All measures are in points; a slide is 16:9.
WIDTH, HEIGHT = 960.0, 540.0
SIDE, TOP, BOTTOM, FOOT = 40.0, 104.0, 498.0, 508.0
ROOM = WIDTH - 2 * SIDE
BODY, SMALL, SOURCE, TITLE = 18.0, 13.0, 10.0, 28.0
#: Of the first slide: where its title ends, and its size.
FIRST_TOP, FIRST_TITLE = 210.0, 38.0
#: The sizes of a table's cells: the first in which it takes no more slides than in the last.
CELLS = (18.0, 16.0, 14.0, 13.0, 12.0, 11.0)
#: From the foot of one line to the next, in the size of the text; office programs need a little more than the letters.
LEADING = 1.22
GAP = 10.0
PADDING = (5.0, 3.0)  # of a cell: at the sides, above and below
SLACK = 6.0  # of a cell's width, for programs whose letters are wider
#: Lower pictures than this say nothing.
LOWEST = 190.0
TALLEST = 330.0
#: How wide a picture beside a list is.
ASIDE_WIDTH = 330.0
#: A longer label of a fact is cut; its value never is.
LABEL = 150.0
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True)
class Piece:
    """Something of a known height that is drawn somewhere down a slide."""

    height: float
    draw: Callable[[Slide, float], None]
    statements: tuple[Statement, ...] = ()
    together: bool = False  # with what comes after it
    grow: Callable[[float], Piece] | None = None  # gives the same so much higher


@dataclass(frozen=True)
class Look:
    """How a text is set."""

    size: float = BODY
    bold: bool = False
    colour: str = style.TEXT
    bullet: bool = False
    bar: str = ""  # the colour of a line to the left
    frame: bool = False  # a dashed frame, with room to write in

    @property
    def indent(self) -> float:
        """How far in the text begins."""
        return 16.0 if self.bullet else 12.0 if self.bar else 8.0 if self.frame else 0.0


def to_pptx(document: Document, progress: Progress = silent) -> bytes:
    """Write a document as slides, telling `progress` after each part. The same document gives the same bytes."""
    package = pptx.Presentation(io.BytesIO(_template(office.font_of(document), document.house.accent)))
    package.part.package.next_partname = _namer()
    office.describe(package.core_properties, document)
    writer = _Writer(package, document)
    parts = list(_parts(document))
    writer.title_slide(parts.pop(0)[1] if parts and not parts[0][0] else ())
    joined = writer.joined(parts)
    for n, (title, blocks) in enumerate(joined, start=1):
        writer.part(title, blocks)
        progress(n, len(joined), title)
    for slide in writer.slides:
        slide.close()
    target = io.BytesIO()
    package.save(target)
    return office.sealed(target.getvalue())


def _parts(document: Document) -> Iterator[tuple[str, list[Block]]]:
    """Divide the blocks at the headings of level 1; what stands before the first has no title."""
    title, blocks = "", []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            if blocks:
                yield title, blocks
            title, blocks = block.text, []
        elif not isinstance(block, PageBreak):
            blocks.append(block)
    if blocks:
        yield title, blocks


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Divide a part's blocks at the headings of level 2; what stands before the first has no heading."""
    heading, inside = "", []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            if heading or inside:
                yield heading, inside
            heading, inside = block.text, []
        else:
            inside.append(block)
    if heading or inside:
        yield heading, inside


def _one_table(blocks: Sequence[Block], name: str, more: Sequence[Block], title: str) -> Table | None:
    """Return two parts that are a table each as one, each below its own name; None where they are something else."""
    if len(blocks) != 1 or len(more) != 1 or not all(isinstance(b, Table) for b in (*blocks, *more)):
        return None
    one, other = blocks[0], more[0]
    if one.columns != other.columns or one.emphasised or other.emphasised or isinstance(other.rows[0], Section):
        return None
    first = one.rows if isinstance(one.rows[0], Section) else (Section(name), *one.rows)
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    return replace(one, rows=(*first, Section(title), *other.rows), notes=notes, rests_on=(*one.rests_on, *other.rests_on))


def _namer() -> Callable[[str], PackURI]:
    """Return what gives new parts of a file their names; python-pptx itself looks through all parts for each new one."""
    given = Counter({"/ppt/theme/theme%d.xml": 1})  # the template's own

    def name(pattern: str) -> PackURI:
        given[pattern] += 1
        return PackURI(pattern % given[pattern])

    return name


@lru_cache(maxsize=8)
def _template(font: str, accent: str) -> bytes:
    """Return a file without slides in a size, font and colours, and without what its template has and no slide uses."""
    package = pptx.Presentation()
    stretch = WIDTH * 12700 / package.slide_width
    package.slide_width, package.slide_height = Pt(WIDTH), Pt(HEIGHT)
    rels = package.part.package._rels
    for id_ in [id_ for id_, rel in rels.items() if rel.target_part.partname.endswith("thumbnail.jpeg")]:
        rels.pop(id_)
    for id_ in [
        i
        for i, rel in package.part.rels.items()
        if rel.target_part.partname.startswith("/ppt/printerSettings")
    ]:
        package.part.rels.pop(id_)
    master = package.slide_master
    for layout in list(package.slide_layouts):
        if layout.name != "Title Only":
            package.slide_layouts.remove(layout)
    for holder in (master, *package.slide_layouts):
        for shape in holder.shapes:
            shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)
        for shape in holder.placeholders:
            if shape.placeholder_format.type == 1:  # the title
                _place(shape, SIDE, 40, ROOM, 54)
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    root = etree.fromstring(theme.blob)
    for latin in root.iter(f"{{{_A}}}latin"):
        latin.set("typeface", font)
    for name, colour in (("accent1", accent), *zip(_ACCENTS, style.AREAS[1:], strict=True)):
        for found in root.iter(f"{{{_A}}}{name}"):
            found[0].set("val", colour[1:])
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    target = io.BytesIO()
    package.save(target)
    return target.getvalue()


_ACCENTS = ("accent2", "accent3", "accent4", "accent5", "accent6")


def _place(shape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)


class _Writer:
    """Measures blocks and lets them flow over slides."""

    def __init__(self, package, document: Document):
        self.package, self.document, self.lang = package, document, document.lang
        self.slides: list[Slide] = []

    def title_slide(self, blocks: Sequence[Block]) -> None:
        """Write the first slide: what it is, for whom, from when, and what the document begins with."""
        document = self.document
        slide = self.new(document.title, first=True)
        slide.band()
        logo = document.house.logo_svg
        pieces = [
            *(self.text(document.subtitle, Look(20, colour=style.SECONDARY)) if document.subtitle else ()),
            *self.facts(document.facts),
            *self.text(document.house.name, Look(SMALL, colour=style.SECONDARY)),
            *(piece for block in blocks for piece in self.pieces(block)),
        ]
        if logo:
            picture = Figure("", "", document.house.logo_alt, logo, "")
            high = 1.6 * 72 / 25.4 * logo_height(logo)  # larger than on paper
            slide.picture(picture, SIDE, 40, high / shape_of(logo), high)
        self.flow(slide, document.title, pieces, FIRST_TOP)

    def joined(self, parts: Sequence[tuple[str, list[Block]]]) -> list[tuple[str, list[Block]]]:
        """Join parts that are nothing but a short table with the same columns, where they have room on one slide."""
        found: list[tuple[list[str], list[Block]]] = []
        for title, blocks in parts:
            if found and (table := _one_table(found[-1][1], found[-1][0][-1], blocks, title)) and self._short(table):
                found[-1] = ([*found[-1][0], title], [table])
            else:
                found.append(([title], blocks))
        titles = [words.listing([names[0], *(n[:1].lower() + n[1:] for n in names[1:])], self.lang) for names, _ in found]
        several = (len(names) > 1 for names, _ in found)
        return [
            (title, [replace(blocks[0], caption=title)] if more else blocks)
            for title, (_, blocks), more in zip(titles, found, several, strict=True)
        ]

    def _short(self, table: Table) -> bool:
        _, _, heights = self._laid(table, CELLS[2])
        return sum(heights) <= BOTTOM - TOP - 60

    def part(self, title: str, blocks: Sequence[Block]) -> None:
        """Write the slides of a part: a section with tables or pictures has its own, below the part's name."""
        waiting: list[Block] = []
        begun = False
        for heading, inside in _sections(blocks):
            if heading and any(isinstance(b, Table | Beside) or (isinstance(b, Figure) and b.width > ASIDE) for b in inside):
                if all(isinstance(b, Paragraph | Facts) for b in waiting):
                    inside = [*waiting, *inside]  # a few words before the first section stand with it
                else:
                    self.write(title, "", waiting, begun)
                self.write(heading, title, inside)
                waiting, begun = [], True
            else:
                waiting += [Heading(heading, 2), *inside] if heading else inside
        self.write(title, "", waiting, begun)

    def write(self, title: str, kicker: str, blocks: Sequence[Block], begun: bool = False) -> None:
        """Write blocks on slides of a title, each picture on its own below what it says; the rest as it fits."""
        waiting: list[Block] = []
        name = self.again(title) if begun else title

        def flush() -> None:
            nonlocal name
            if waiting:
                self.flow(self.new(name, kicker=kicker), title, self.laid(waiting, title), kicker=kicker)
                waiting.clear()
                name = self.again(title)

        for block in blocks:
            figures = block.figures if isinstance(block, Beside) else (block,) if isinstance(block, Figure) else ()
            if not figures or figures[0].width <= ASIDE:
                waiting.append(block)
                continue
            if len(waiting) > 1 and isinstance(waiting[-2], Heading) and isinstance(waiting[-1], Paragraph) and not figures[0].said:
                figures = (replace(figures[0], said=waiting.pop().text), *figures[1:])
            heading = waiting.pop().text if waiting and isinstance(waiting[-1], Heading) else ""
            flush()
            for figure in figures:
                self.picture(" · ".join(filter(None, (kicker, title, heading))), figure)
            name = self.again(title)
        flush()

    def laid(self, blocks: Sequence[Block], title: str) -> list[Piece]:
        """Return blocks in pieces: what stands before a narrow picture is set beside it; fields share the room that is left."""
        found: list[Piece] = []
        paired = list(beside(blocks))
        for at, block in enumerate(paired):
            if isinstance(block, tuple):
                before = blocks[:at] if all(isinstance(b, Paragraph | Heading) for b in blocks[:at]) else ()
                found = [*(found if not before else ()), *self.aside(before, *block)]
            else:
                found += self.pieces(block, title)
        if any(isinstance(b, Field) for b in blocks) and all(isinstance(b, Field | Comment) for b in blocks):
            left = BOTTOM - TOP - sum(piece.height for piece in found)
            growing = [n for n, piece in enumerate(found) if piece.grow is not None]
            for n in growing if left > 0 else ():
                found[n] = found[n].grow(left / len(growing))
        return found

    def again(self, title: str) -> str:
        """Name a slide that goes on."""
        return f"{title} ({t('report.continued', self.lang)})"

    def picture(self, part: str, figure: Figure) -> None:
        """Write a slide with one picture: what it says first is the title, the rest stands below."""
        first, _, rest = (figure.said or "").partition(". ")
        title = f"{figure.title}: {first[:1].lower()}{first[1:].rstrip('.')}" if first else figure.title
        slide = self.new(title, kicker=part if part != title else "")
        around = _Around(replace(figure, title="", said=rest if first else figure.alt), ROOM, self.lang)
        high = max(LOWEST, BOTTOM - TOP - around.above - around.below)
        slide.figure(around, SIDE, TOP, around.above, high)
        slide.told(figure.rests_on)

    def new(self, title: str, *, kicker: str = "", first: bool = False) -> Slide:
        self.slides.append(Slide(self.package, self.document, title, len(self.slides) + 1, kicker, first))
        return self.slides[-1]

    def flow(self, slide: Slide, title: str, pieces: Sequence[Piece], top: float = TOP, kicker: str = "") -> None:
        """Place pieces down a slide, and go on on another where there is no room."""
        y = top
        for at, piece in enumerate(pieces):
            need, ahead = piece.height, at
            while pieces[ahead].together and ahead + 1 < len(pieces):
                ahead += 1
                need += pieces[ahead].height
            if y + need > BOTTOM and (y > top or top > TOP):
                slide = self.new(self.again(title), kicker=kicker)
                y = top = TOP
            piece.draw(slide, y)
            slide.told(piece.statements)
            y += piece.height

    # -- blocks to pieces -------------------------------------------------------------------

    def pieces(self, block: Block, title: str = "") -> list[Piece]:
        """Return a block in pieces, none of them higher than a slide; what is called as its slide is not named again."""
        if isinstance(block, Table) and block.caption == title:
            found = list(self.table(block, named=False))
        elif isinstance(block, Field) and block.label == title:
            found = self.field(block, named=False)
        else:
            found = list(self._pieces(block))
        if found and (statements := tuple(rests_on(block))):
            found = [replace(piece, statements=piece.statements or statements) for piece in found]
        return found

    def _pieces(self, block: Block) -> Iterator[Piece]:
        match block:
            case Heading():
                *before, last = self.text(block.text, Look(18 if block.level == 2 else BODY, bold=True))
                yield from (*before, replace(last, together=True))
            case Paragraph():
                yield from self.text(
                    block.text, Look(SMALL, colour=style.SECONDARY) if block.note else Look()
                )
            case Items():
                for text in block.texts:
                    yield from self.text(text, Look(bullet=True), gap=6)
            case Facts():
                yield from self.facts(block.rows)
            case Comment():
                bar = self.document.house.accent
                (label,) = self.text(t("report.comment", self.lang), Look(bar=bar, bold=True), gap=0)
                yield replace(label, together=True)
                yield from self.text(block.text, Look(bar=bar))
            case Field():
                yield from self.field(block, True)
            case Table():
                yield from self.table(block)

    def facts(self, rows: Sequence[tuple[str, str]]) -> Iterator[Piece]:
        for label, value in rows:
            yield from self.text(f"{office.cut(office.clean(label), LABEL, BODY)}: {value}", Look(), gap=2)

    def text(self, text: str, look: Look, gap: float = GAP, room: float = ROOM) -> list[Piece]:
        """Return a text in pieces that each fit on a slide."""
        lines = office.broken(text, room - look.indent - 4, look.size, look.bold)
        height = LEADING * look.size
        most = int((BOTTOM - TOP - gap) / height)
        groups = [lines[at : at + most] for at in range(0, len(lines), most)]
        whole = len(groups) == 1

        def piece(group: list[str]) -> Piece:
            said, tall = text if whole else "\n".join(group), len(group) * height
            return Piece(tall + gap, lambda slide, y: slide.text(said, look, y, tall, room))

        return [piece(group) for group in groups]

    def table(self, block: Table, named: bool = True) -> Iterator[Piece]:
        """Return a table in as many parts as it needs, each with the headings of its columns and all its notes."""
        look = Look(SOURCE, colour=style.SECONDARY)
        notes = [piece for note in block.notes for piece in self.text(note, look, gap=3)]
        below = sum(note.height for note in notes)
        every = below < (BOTTOM - TOP) / 4  # where they take more, they follow on the last
        caption = min(60, LEADING * SMALL * len(office.broken(block.caption, ROOM, SMALL, bold=True)) + 4) if named else 0.0
        room = BOTTOM - TOP - caption - GAP - (below if every else 0)
        fewest = len(self._paged(block, CELLS[-1], room)[-1])
        for size in CELLS:
            widths, rows, heights, pages = self._paged(block, size, room)
            if len(pages) == fewest:
                break
        for page in pages:
            shown = [rows[0], *(rows[i] for i in page)]
            high = [heights[0], *(heights[i] for i in page)]

            def draw(slide: Slide, y: float, shown=shown, high=high) -> None:
                slide.table(block, shown, widths, high, y, caption, size)

            yield Piece(caption + sum(high) + GAP, draw, together=every and bool(notes))
            if every or page is pages[-1]:
                yield from (replace(note, together=every and note is not notes[-1]) for note in notes)

    def _paged(self, block: Table, size: float, room: float) -> tuple[list[float], list[_TableRow], list[float], list[list[int]]]:
        widths, rows, heights = self._laid(block, size)
        return widths, rows, heights, _paged(rows, heights, room - heights[0])

    def _laid(self, block: Table, size: float) -> tuple[list[float], list[_TableRow], list[float]]:
        """Return the widths of a table's columns, its rows and their heights, its cells in a size."""
        widths = office.column_widths(block, ROOM, size, 2 * PADDING[0] + SLACK)
        names = zip(block.columns, widths, strict=True)
        head = _TableRow(tuple(_in_lines(name, width, 4, size) for name, width in names), bold=True)
        rows = [head, *self._rows(block, widths, size)]
        return widths, rows, [_row_height(row, widths, size) for row in rows]

    def _rows(self, block: Table, widths: Sequence[float], size: float) -> Iterator[_TableRow]:
        at = 0
        for row in block.rows:
            if isinstance(row, Section):
                yield _TableRow((_in_lines(row.text, ROOM, 2, size),), bold=True, section=True)
                continue
            yield from self._divided(row, at < block.emphasised, widths, size)
            at += 1

    def _divided(self, cells: Sequence[str], bold: bool, widths: Sequence[float], size: float) -> Iterator[_TableRow]:
        """Divide a row that would be higher than a slide."""
        most = int((BOTTOM - TOP - 200) / (LEADING * size))
        lines = [office.broken(c, w - 2 * PADDING[0] - SLACK + 0.01, size, bold) for c, w in zip(cells, widths, strict=True)]
        if max(map(len, lines)) <= most:
            yield _TableRow(tuple(cells), bold=bold)
            return
        for at in range(0, max(map(len, lines)), most):
            yield _TableRow(tuple(" ".join(each[at : at + most]) for each in lines), bold=bold)

    def aside(self, before: Sequence[Block], items: Items, figure: Figure) -> list[Piece]:
        """Return texts with a picture to the right of them; one below the other where the texts are too long."""
        room = ROOM - ASIDE_WIDTH - 2 * GAP
        looks = [Look(18, bold=True) if isinstance(b, Heading) else Look(SMALL + 1) for b in before]
        texts = [piece for b, look in zip(before, looks, strict=True) for piece in self.text(b.text, look, room=room)]
        texts += [piece for text in items.texts for piece in self.text(text, Look(16, bullet=True), gap=6, room=room)]
        around = _Around(figure, ASIDE_WIDTH, self.lang)
        beneath = around.above + around.below
        high = min(TALLEST, ASIDE_WIDTH * shape_of(figure.svg))
        tall = max(sum(piece.height for piece in texts), high + beneath)
        shown = tuple(rests_on(items))
        if tall + GAP > BOTTOM - TOP:
            whole = [piece for b in (*before, items) for piece in self.pieces(b)]
            return [*whole, Piece(high + beneath + GAP, lambda slide, y: slide.figure(around, SIDE, y, around.above, high))]

        def draw(slide: Slide, y: float) -> None:
            slide.figure(around, SIDE + ROOM - ASIDE_WIDTH, y, around.above, high)
            for piece in texts:
                piece.draw(slide, y)
                y += piece.height

        return [Piece(tall + GAP, draw, shown)]

    def field(self, block: Field, named: bool) -> list[Piece]:
        """Return a place to fill in: on a line of its own beside its label, or a frame with room for some lines below it."""
        hint = f"{t('report.fill_in', self.lang)} {block.hint}"
        quiet = Look(SMALL, frame=True, colour=style.SECONDARY)
        label = office.clean(block.label)
        lines = office.broken(hint, ROOM - LABEL - 20, SMALL)
        if block.lines == 1 and len(lines) == 1 and office.cut(label, LABEL, SMALL + 1, bold=True) == label:

            def row(slide: Slide, y: float) -> None:
                slide.text(label, Look(SMALL + 1, bold=True), y + 4, 20, LABEL)
                slide.text(hint, quiet, y, 16, ROOM, LABEL)

            return [Piece(34, row)]
        above = [replace(piece, together=True) for piece in self.text(block.label, Look(bold=True), gap=4)] if named else []
        *whole, last = self.text(hint, quiet, gap=GAP + 12)

        if whole:  # a hint of more than a slide
            return [*above, *whole, last]

        def framed(room: float) -> Piece:
            tall = last.height + room
            return Piece(tall, lambda slide, y: slide.text(hint, quiet, y, tall - GAP - 12, ROOM))

        tall = framed(LEADING * SMALL * (block.lines - 1))
        return [*above, replace(tall, grow=lambda more: framed(LEADING * SMALL * (block.lines - 1) + more))]


@dataclass(frozen=True)
class _TableRow:
    cells: tuple[str, ...]
    bold: bool = False
    section: bool = False


def _in_lines(text: str, width: float, most: int, size: float) -> str:
    """Cut a heading in a table so that it takes a few lines at most."""
    room = width - 2 * PADDING[0]
    lines = office.broken(text, room, size, bold=True)
    return text if len(lines) <= most else office.cut(" ".join(lines), room * most * 0.85, size, bold=True)


def _row_height(row: _TableRow, widths: Sequence[float], size: float) -> float:
    rooms = (sum(widths),) if row.section else widths
    lines = max(
        len(office.broken(cell, room - 2 * PADDING[0] - SLACK + 0.01, size, row.bold))
        for cell, room in zip(row.cells, rooms, strict=True)
    )
    return lines * LEADING * size + 2 * PADDING[1]


def _paged(rows: Sequence[_TableRow], heights: Sequence[float], room: float) -> list[list[int]]:
    """Divide a table's rows over as few slides as they need, each with about as much, and rather between sections."""
    needed = len(_filled(rows, heights, room))
    share = sum(heights[1:]) / needed
    tries = (min(room, share * more) for more in (1.0, 1.05, 1.1, 1.2, 1.35, 1.6))
    return next((pages for part in tries if len(pages := _filled(rows, heights, part)) == needed), _filled(rows, heights, room))


def _filled(rows: Sequence[_TableRow], heights: Sequence[float], room: float) -> list[list[int]]:
    pages: list[list[int]] = [[]]
    used = 0.0
    for i in range(1, len(rows)):
        follows = heights[i + 1] if rows[i].section and i + 1 < len(rows) else 0.0
        rest = next((n for n in range(i + 1, len(rows)) if rows[n].section), len(rows))
        broken = rows[i].section and used > room / 2 and used + sum(heights[i:rest]) > room
        if pages[-1] and (broken or used + heights[i] + follows > room):
            pages.append([])
            used = 0.0
        pages[-1].append(i)
        used += heights[i]
    return pages


class _Around:
    """A picture with the heights of the words above and below it; words that would push it out are cut to the notes."""

    MOST = 5  # lines of what it says

    def __init__(self, figure: Figure, width: float, lang: str):
        self.figure, self.width = figure, width
        self.whole = (figure.title, native.unit_of(figure, lang), figure.said, figure.source)
        self.title = self._fitted(figure.title, 14, 2, bold=True)
        self.unit = self._fitted(self.whole[1], SMALL, 1)
        self.said = self._fitted(figure.said, SMALL, self.MOST)
        self.source = self._fitted(figure.source, SOURCE, 4)
        self.above = self._height(self.title, 14, True) + self._height(self.unit, SMALL)
        self.below = self._height(self.said, SMALL) + self._height(self.source, SOURCE) + 6

    @property
    def cut(self) -> bool:
        """Whether some words did not fit."""
        return (self.title, self.unit, self.said, self.source) != tuple(map(office.clean, self.whole))

    def _fitted(self, text: str, size: float, most: int, bold: bool = False) -> str:
        lines = office.broken(text, self.width - 4, size, bold)
        if len(lines) <= most:
            return office.clean(text)
        return office.cut(" ".join(lines[:most]), (self.width - 4) * most * 0.94, size, bold)

    def _height(self, text: str, size: float, bold: bool = False) -> float:
        return LEADING * size * len(office.broken(text, self.width - 4, size, bold)) if text else 0.0


class Slide:
    """A slide that is being written."""

    def __init__(self, package, document: Document, title: str, number: int, kicker: str = "", first: bool = False):
        self.slide = package.slides.add_slide(package.slide_layouts[0])
        self.shapes, self.package, self.document, self.lang = self.slide.shapes, package, document, document.lang
        self.shapes.turbo_add_enabled = True  # nobody else adds shapes
        self._notes: dict[str, None] = {}
        self._title(title, first)
        if kicker:
            shown = office.cut(office.clean(kicker).replace("\n", " "), ROOM, SMALL)
            self._box(shown, Look(SMALL, colour=style.SECONDARY), SIDE, 26, ROOM, 18)
        self._foot(number)

    def _title(self, title: str, first: bool) -> None:
        shape, size, whole = self.shapes.title, FIRST_TITLE if first else TITLE, office.clean(title).replace("\n", " ")
        while size > 18 and len(office.broken(whole, ROOM, size, bold=True)) > (2 if size <= 22 or first else 1):
            size -= 2
        shown = whole
        if len(office.broken(whole, ROOM, size, bold=True)) > 2:
            shown = office.cut(whole, ROOM * 1.9, size, bold=True)
            self.note(whole)
        self._fill(shape, [self._run(shown, Look(size, bold=True))], '<a:pPr algn="l"/>', "b")
        _place(shape, SIDE, FIRST_TOP - 100 if first else 40, ROOM, 90 if first else 54)
        if warning := office.warning(self.document):
            mark = self._box(warning, Look(11, bold=True, colour=style.GROUND), 0, 0, WIDTH, 22)
            mark.fill.solid()
            mark.fill.fore_color.rgb = RGBColor.from_string("7A3E00")
            mark.text_frame.margin_left = Pt(SIDE)

    def _foot(self, number: int) -> None:
        """Write what every slide stands on: versions, link and number."""
        document, quiet = self.document, Look(SOURCE, colour=style.SECONDARY)
        opens = t("report.opens_short", self.lang)
        shown = office.cut(office.standing(document), ROOM - 250, SOURCE)
        runs = self._run(shown, quiet)
        if document.link:
            to = self.slide.part.relate_to(office.clean(document.link), _HYPERLINK, is_external=True)
            runs += self._run(" · ", quiet) + self._run(opens, quiet, f'<a:hlinkClick xmlns:r="{_R}" r:id="{to}"/>')
        self._fill(self._empty(SIDE, FOOT, ROOM - 60, 20), [runs])
        counted = f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">{self._written(str(number), quiet)}</a:fld>'
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
        rows: Sequence[_TableRow],
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

    def figure(self, around: _Around, left: float, y: float, above: float, high: float) -> None:
        """Draw a picture with its words above and below."""
        figure, wide = around.figure, around.width
        at = y + above - around.above
        for text, look in (
            (around.title, Look(14, bold=True)),
            (around.unit, Look(SMALL, colour=style.SECONDARY)),
        ):
            if text:
                height = around._height(text, look.size, look.bold)
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
                height = around._height(text, look.size)
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
        """Write the speaker's notes, all at once."""
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


_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


_BODY = (
    f'<p:txBody xmlns:p="{_P}" xmlns:a="{_A}"><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{{anchor}}">'
    "<a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody>"
)


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
