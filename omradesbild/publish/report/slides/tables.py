"""How a table is divided over slides: its columns, the heights of its rows, and the rows of each slide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from omradesbild.publish.document import Block, Section, Table
from omradesbild.publish.report import office
from omradesbild.publish.report.slides.measures import BOTTOM, LEADING, PADDING, ROOM, SLACK, TOP


@dataclass(frozen=True)
class Row:
    """A row of a table as it is drawn; a section has one cell as wide as the table."""

    cells: tuple[str, ...]
    bold: bool = False
    section: bool = False


def joined(blocks: Sequence[Block], name: str, more: Sequence[Block], title: str) -> Table | None:
    """Return two parts that are a table each as one, each below its own name; None where they are something else."""
    if len(blocks) != 1 or len(more) != 1 or not all(isinstance(b, Table) for b in (*blocks, *more)):
        return None
    one, other = blocks[0], more[0]
    if one.columns != other.columns or one.emphasised or other.emphasised or isinstance(other.rows[0], Section):
        return None
    first = one.rows if isinstance(one.rows[0], Section) else (Section(name), *one.rows)
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    return replace(one, rows=(*first, Section(title), *other.rows), notes=notes, rests_on=(*one.rests_on, *other.rests_on))


def paged(block: Table, size: float, room: float) -> tuple[list[float], list[Row], list[float], list[list[int]]]:
    """Return what `laid` does, and which rows stand on each slide below the headings of the columns."""
    widths, rows, heights = laid(block, size)
    return widths, rows, heights, _pages(rows, heights, room - heights[0])


def has_room(block: Table, size: float) -> bool:
    """Whether no word in a table need be divided, its cells in a size."""
    return sum(office.least_widths(block, size, 2 * PADDING[0] + SLACK)) <= ROOM


def laid(block: Table, size: float) -> tuple[list[float], list[Row], list[float]]:
    """Return the widths of a table's columns, its rows and their heights, its cells in a size."""
    widths = office.column_widths(block, ROOM, size, 2 * PADDING[0] + SLACK)
    names = zip(block.columns, widths, strict=True)
    head = Row(tuple(_in_lines(name, width, 4, size) for name, width in names), bold=True)
    rows = [head, *_rows(block, widths, size)]
    return widths, rows, [_height(row, widths, size) for row in rows]


def _rows(block: Table, widths: Sequence[float], size: float) -> Iterator[Row]:
    at = 0
    for row in block.rows:
        if isinstance(row, Section):
            yield Row((_in_lines(row.text, ROOM, 2, size),), bold=True, section=True)
            continue
        yield from _divided(row, at < block.emphasised, widths, size)
        at += 1


def _divided(cells: Sequence[str], bold: bool, widths: Sequence[float], size: float) -> Iterator[Row]:
    """Divide a row that would be higher than a slide."""
    most = int((BOTTOM - TOP - 200) / (LEADING * size))
    lines = [office.broken(c, w - 2 * PADDING[0] - SLACK + 0.01, size, bold) for c, w in zip(cells, widths, strict=True)]
    if max(map(len, lines)) <= most:
        yield Row(tuple(cells), bold=bold)
        return
    for at in range(0, max(map(len, lines)), most):
        yield Row(tuple(" ".join(each[at : at + most]) for each in lines), bold=bold)


def _in_lines(text: str, width: float, most: int, size: float) -> str:
    """Cut a heading in a table so that it takes a few lines at most."""
    room = width - 2 * PADDING[0]
    lines = office.broken(text, room, size, bold=True)
    return text if len(lines) <= most else office.cut(" ".join(lines), room * most * 0.85, size, bold=True)


def _height(row: Row, widths: Sequence[float], size: float) -> float:
    rooms = (sum(widths),) if row.section else widths
    lines = max(
        len(office.broken(cell, room - 2 * PADDING[0] - SLACK + 0.01, size, row.bold))
        for cell, room in zip(row.cells, rooms, strict=True)
    )
    return lines * LEADING * size + 2 * PADDING[1]


def _pages(rows: Sequence[Row], heights: Sequence[float], room: float) -> list[list[int]]:
    """Divide a table's rows over as few slides as they need, each with about as much, and rather between sections."""
    needed = len(_filled(rows, heights, room))
    share = sum(heights[1:]) / needed
    tries = (min(room, share * more) for more in (1.0, 1.05, 1.1, 1.2, 1.35, 1.6))
    return next((pages for part in tries if len(pages := _filled(rows, heights, part)) == needed), _filled(rows, heights, room))


def _filled(rows: Sequence[Row], heights: Sequence[float], room: float) -> list[list[int]]:
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
