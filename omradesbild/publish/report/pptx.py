"""A document as slides: a slide for each part, more where it does not fit, tables and charts that can be changed."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pptx

from omradesbild import words
from omradesbild.publish import style
from omradesbild.publish.document import (
    ASIDE,
    Beside,
    Block,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
)
from omradesbild.publish.house import logo_size
from omradesbild.publish.report import office
from omradesbild.publish.report.order import Progress, silent
from omradesbild.publish.report.slides import empty, tables
from omradesbild.publish.report.slides.around import Around
from omradesbild.publish.report.slides.measures import (
    BOTTOM,
    CELLS,
    FIRST_TOP,
    LOGO_SCALE,
    LOWEST,
    ROOM,
    SIDE,
    SMALL,
    TOP,
    Look,
    Piece,
)
from omradesbild.publish.report.slides.pieces import Pieces
from omradesbild.publish.report.slides.slide import Slide
from omradesbild.words import t


def to_pptx(document: Document, progress: Progress = silent) -> bytes:
    """Write a document as slides, telling `progress` after each part. The same document gives the same bytes."""
    package = pptx.Presentation(io.BytesIO(empty.template(office.font_of(document), document.house.accent)))
    package.part.package.next_partname = empty.namer()
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


def _short(table: Table) -> bool:
    _, _, heights = tables.laid(table, CELLS[2])
    return sum(heights) <= BOTTOM - TOP - 60


class _Writer:
    """Lets blocks flow over slides."""

    def __init__(self, package, document: Document):
        self.package, self.document, self.lang = package, document, document.lang
        self.pieces = Pieces(document)
        self.slides: list[Slide] = []
        self.continued: Counter[tuple[str, str]] = Counter()  # how many slides go on with a part and a title

    def title_slide(self, blocks: Sequence[Block]) -> None:
        """Write the first slide: what it is, for whom, from when, and what the document begins with."""
        document, made = self.document, self.pieces
        slide = self.new(document.title, first=True)
        slide.band()
        logo = document.house.logo_svg
        pieces = [
            *(made.text(document.subtitle, Look(20, colour=style.SECONDARY)) if document.subtitle else ()),
            *made.facts(document.facts),
            *made.text(document.house.name, Look(SMALL, colour=style.SECONDARY)),
            *(piece for block in blocks for piece in made.of(block)),
        ]
        if logo:
            picture = Figure("", "", document.house.logo_alt, logo, "")
            wide, high = (LOGO_SCALE * side for side in logo_size(logo))
            slide.picture(picture, SIDE, 40, wide, high)
        self.flow(slide, document.title, pieces, FIRST_TOP)

    def joined(self, parts: Sequence[tuple[str, list[Block]]]) -> list[tuple[str, list[Block]]]:
        """Join parts that are nothing but a short table with the same columns, where they have room on one slide."""
        found: list[tuple[list[str], list[Block]]] = []
        for title, blocks in parts:
            if found and (table := tables.joined(found[-1][1], found[-1][0][-1], blocks, title)) and _short(table):
                found[-1] = ([*found[-1][0], title], [table])
            else:
                found.append(([title], blocks))
        titles = [words.listing([names[0], *(n[:1].lower() + n[1:] for n in names[1:])], self.lang) for names, _ in found]
        several = (len(names) > 1 for names, _ in found)
        return [
            (title, [replace(blocks[0], caption=title)] if more else blocks)
            for title, (_, blocks), more in zip(titles, found, several, strict=True)
        ]

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

        def flush() -> None:
            nonlocal begun
            if waiting:
                slide = self.new(title, kicker=kicker, again=begun)
                self.flow(slide, title, self.pieces.laid(waiting, title), kicker=kicker)
                waiting.clear()
                begun = True

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
            begun = True
        flush()

    def picture(self, part: str, figure: Figure) -> None:
        """Write a slide with one picture: what it says first is the title, the rest stands below."""
        first, _, rest = (figure.said or "").partition(". ")
        title = f"{figure.title}: {first[:1].lower()}{first[1:].rstrip('.')}" if first else figure.title
        slide = self.new(title, kicker=part if part != title else "")
        around = Around(replace(figure, title="", said=rest if first else figure.alt), ROOM, self.lang)
        high = max(LOWEST, BOTTOM - TOP - around.above - around.below)
        slide.figure(around, SIDE, TOP, around.above, high)
        slide.told(figure.rests_on)

    def new(self, title: str, *, kicker: str = "", first: bool = False, again: bool = False) -> Slide:
        """Begin a slide; one that goes on has a name of its own."""
        if again:
            self.continued[kicker, title] += 1
            number = self.continued[kicker, title]
            title = f"{title} ({t('report.continued', self.lang)}{f' {number}' if number > 1 else ''})"
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
                slide = self.new(title, kicker=kicker, again=True)
                y = top = TOP
            piece.draw(slide, y)
            slide.told(piece.statements)
            y += piece.height
