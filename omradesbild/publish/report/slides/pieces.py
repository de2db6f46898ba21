"""Blocks as pieces of a known height, none of them higher than a slide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from omradesbild.publish import style
from omradesbild.publish.document import (
    Block,
    Comment,
    Document,
    Facts,
    Field,
    Figure,
    Heading,
    Items,
    Paragraph,
    Table,
    beside,
    rests_on,
)
from omradesbild.publish.figures.sheet import shape_of
from omradesbild.publish.report import office
from omradesbild.publish.report.slides import tables
from omradesbild.publish.report.slides.around import Around
from omradesbild.publish.report.slides.measures import (
    ASIDE_WIDTH,
    BODY,
    BOTTOM,
    CELLS,
    GAP,
    LABEL,
    LEADING,
    ROOM,
    SIDE,
    SMALL,
    SOURCE,
    TALLEST,
    TOP,
    Look,
    Piece,
)
from omradesbild.publish.report.slides.slide import Slide
from omradesbild.words import t


class Pieces:
    """Makes pieces of a document's blocks."""

    def __init__(self, document: Document):
        self.document, self.lang = document, document.lang

    def laid(self, blocks: Sequence[Block], title: str) -> list[Piece]:
        """Return blocks in pieces: what stands before a narrow picture is set beside it; fields share the room that is left."""
        found: list[Piece] = []
        paired = list(beside(blocks))
        for at, block in enumerate(paired):
            if isinstance(block, tuple):
                before = blocks[:at] if all(isinstance(b, Paragraph | Heading) for b in blocks[:at]) else ()
                found = [*(found if not before else ()), *self.aside(before, *block)]
            else:
                found += self.of(block, title)
        if any(isinstance(b, Field) for b in blocks) and all(isinstance(b, Field | Comment) for b in blocks):
            left = BOTTOM - TOP - sum(piece.height for piece in found)
            growing = [n for n, piece in enumerate(found) if piece.grow is not None]
            for n in growing if left > 0 else ():
                found[n] = found[n].grow(left / len(growing))
        return found

    def of(self, block: Block, title: str = "") -> list[Piece]:
        """Return a block in pieces, none of them higher than a slide; what is called as its slide is not named again."""
        if isinstance(block, Table) and block.caption == title:
            found = list(self.table(block, named=False))
        elif isinstance(block, Field) and block.label == title:
            found = self.field(block, named=False)
        else:
            found = list(self._of(block))
        if found and (statements := tuple(rests_on(block))):
            found = [replace(piece, statements=piece.statements or statements) for piece in found]
        return found

    def _of(self, block: Block) -> Iterator[Piece]:
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
        """Give a line for each label with its value."""
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
        fewest = len(tables.paged(block, CELLS[-1], room)[-1])
        for size in CELLS:
            widths, rows, heights, pages = tables.paged(block, size, room)
            if len(pages) == fewest and tables.has_room(block, size):
                break
        for page in pages:
            shown = [rows[0], *(rows[i] for i in page)]
            high = [heights[0], *(heights[i] for i in page)]

            def draw(slide: Slide, y: float, shown=shown, high=high) -> None:
                slide.table(block, shown, widths, high, y, caption, size)

            yield Piece(caption + sum(high) + GAP, draw, together=every and bool(notes))
            if every or page is pages[-1]:
                yield from (replace(note, together=every and note is not notes[-1]) for note in notes)

    def aside(self, before: Sequence[Block], items: Items, figure: Figure) -> list[Piece]:
        """Return texts with a picture to the right of them; one below the other where the texts are too long."""
        room = ROOM - ASIDE_WIDTH - 2 * GAP
        looks = [Look(18, bold=True) if isinstance(b, Heading) else Look(SMALL + 1) for b in before]
        texts = [piece for b, look in zip(before, looks, strict=True) for piece in self.text(b.text, look, room=room)]
        texts += [piece for text in items.texts for piece in self.text(text, Look(16, bullet=True), gap=6, room=room)]
        around = Around(figure, ASIDE_WIDTH, self.lang)
        beneath = around.above + around.below
        high = min(TALLEST, ASIDE_WIDTH * shape_of(figure.svg))
        tall = max(sum(piece.height for piece in texts), high + beneath)
        shown = tuple(rests_on(items))
        if tall + GAP > BOTTOM - TOP:
            whole = [piece for b in (*before, items) for piece in self.of(b)]
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
