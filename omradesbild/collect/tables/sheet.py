"""A table as it stood in a file: cells as text, each with its place, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from omradesbild.collect.fault import CollectError
from omradesbild.collect.uploads import Feature

#: What is read of one file: bytes as it lies, bytes when unpacked, cells, rows, columns, characters in a cell, sheets.
MOST_BYTES, MOST_UNPACKED = 20_000_000, 60_000_000
MOST_CELLS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL, MOST_SHEETS = 1_000_000, 200_000, 2_000, 10_000, 50
_SPLIT = "Dela filen, eller ta bort det som inte ska med"


@dataclass(frozen=True)
class Sheet:
    """A table of text cells.

    Attributes
    ----------
    file, name
        The file's name, and the sheet's or layer's where the file can hold several.
    kind
        ``xlsx``, ``csv``, ``px``, ``statistik`` (JSON-stat and PxWeb's JSON) or ``geo``.
    rows
        The cells, as many in each row; empty rows are left out. Numbers that the file keeps as numbers are written
        with a decimal comma and nothing between thousands.
    numbers
        The number of each row in the file, from 1.
    first_column
        The number of the first column in the file, from 1.
    details
        What the file says of itself or what was found on reading: ``encoding``, ``separator``, ``title``, ``unit``,
        ``source``, ``updated``, ``hidden`` (sheets that are hidden).
    notes
        Footnotes that the format keeps apart from the cells.
    shapes
        For a map file the shape of each row after the first.
    """

    file: str
    name: str
    kind: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    first_column: int = 1
    details: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    shapes: tuple[Feature, ...] = ()

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Say where a row or cell (counted from 0 in `rows`) stood in the file."""
        where = [self.file] + ([f"bladet ”{self.name}”"] if self.name else [])
        if row is not None and column is not None and self.kind == "xlsx":
            where.append(f"cell {letters(self.first_column + column)}{self.numbers[row]}")
        else:
            where += [f"rad {self.numbers[row]}"] if row is not None else []
            where += [f"kolumn {self.first_column + column}"] if column is not None else []
        return ", ".join(where)


@dataclass(frozen=True)
class Dimension:
    """One way in which a cube of figures is divided: its name, and its values' codes and names."""

    name: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    measures: bool = False


def letters(column: int) -> str:
    """Return a column's letters in a spreadsheet.

    Examples
    --------
    >>> letters(1), letters(27), letters(16384)
    ('A', 'AA', 'XFD')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def laid(
    file: str,
    name: str,
    kind: str,
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    first_column: int = 1,
    **more: object,
) -> Sheet:
    """Return numbered rows as a sheet: blanks around cells and empty rows are taken away, short rows filled.

    Raises
    ------
    CollectError
        If it is empty, or larger than what is read.
    """
    place = ", ".join([file] + ([f"bladet ”{name}”"] if name else []))
    kept: list[tuple[int, list[str]]] = []
    cells = 0
    for number, row in rows:
        if len(row) > MOST_COLUMNS:
            raise too_large(f"{place}, rad {number}", f"{len(row)} kolumner", f"högst {MOST_COLUMNS}")
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise too_large(f"{place}, rad {number}", "en cell med mycket text", f"högst {LONGEST_CELL} tecken")
        if any("\0" in cell for cell in row):
            raise CollectError(
                f"{place}, rad {number}", "nolltecken", "text", "Filen är skadad eller inte text. Spara den på nytt"
            )
        texts = [" ".join(cell.split()) if not cell.isalnum() else cell for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        kept.append((number, texts))
        cells += len(texts)
        if cells > MOST_CELLS or len(kept) > MOST_ROWS:
            raise too_large(place, f"fler än {MOST_CELLS} celler eller {MOST_ROWS} rader", "en tabell om områden")
    if not kept:
        raise CollectError(place, "inga celler med innehåll", "en tabell", "Se efter att rätt fil eller blad är valt")
    width = max(len(texts) for _, texts in kept)
    if width * len(kept) > 4 * MOST_CELLS:
        raise too_large(place, f"{len(kept)} rader och {width} kolumner", f"högst {MOST_CELLS} celler")
    empty = ("",) * width
    return Sheet(
        file, name, kind, tuple((*texts, *empty[len(texts) :]) for _, texts in kept), tuple(n for n, _ in kept),
        first_column=first_column, **more,
    )  # fmt: skip


def from_cube(
    file: str, name: str, kind: str, dimensions: Sequence[Dimension], cells: Sequence[str], **more: object
) -> Sheet:
    """Return a cube of figures, the last dimension running fastest, as a long table.

    A dimension has a column of names, and one of codes where they differ. What is measured stands in columns.
    """
    shown = [d for d in dimensions if not d.measures]
    measures = next((d for d in dimensions if d.measures), Dimension("", ("",), ("värde",), measures=True))
    width = len(measures.codes)
    heads = [h for d in shown for h in ([d.name, f"{d.name} (kod)"] if d.codes != d.labels else [d.name])]
    named = [[(lab, c) if d.codes != d.labels else (lab,) for c, lab in zip(d.codes, d.labels, strict=True)] for d in shown]
    steps, step = {}, 1
    for dimension in reversed(dimensions):
        steps[dimension.name] = step
        step *= len(dimension.codes)
    across = steps.get(measures.name, 0)
    starts = [range(0, steps[d.name] * len(d.codes), steps[d.name]) for d in shown]

    def rows() -> Iterable[tuple[int, Sequence[str]]]:
        yield 1, [*heads, *measures.labels]
        for number, (texts, offsets) in enumerate(zip(product(*named), product(*starts), strict=True), start=2):
            start = sum(offsets)
            yield number, [*(t for pair in texts for t in pair), *(cells[start + i * across] for i in range(width))]

    return laid(file, name, kind, rows(), **more)


def cube_size(place: str, sizes: Iterable[int]) -> int:
    """Return the number of cells of a cube.

    Raises
    ------
    CollectError
        If it has none, or more than are read.
    """
    total = 1
    for size in sizes:
        total *= size
        if total > MOST_CELLS:
            raise too_large(place, f"fler än {MOST_CELLS} celler", "en tabell om områden")
    if total < 1:
        raise CollectError(place, "en indelning utan värden", "minst ett värde i varje", "Hämta filen på nytt")
    return total


def written(value: float | int | bool | None) -> str:
    """Write a number that a file keeps as a number, or nothing.

    Examples
    --------
    >>> written(12.5), written(1e6), written(0.1 + 0.2), written(None)
    ('12,5', '1000000', '0,3', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sant" if value else "falskt"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else f"{float('inf') if abs(value) > 10**300 else float(value):g}"
    text = f"{value:.12g}"
    if "e" in text and abs(value) < 1e30:
        text = f"{value:.12f}".rstrip("0").rstrip(".") or "0"
    return text.replace(".", ",")


def too_large(place: str, found: str, expected: str) -> CollectError:
    """Return what is said of a file that is larger than what is read."""
    return CollectError(place, found, expected, _SPLIT)
