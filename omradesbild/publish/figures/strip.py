"""The police's list through its editions: a row an area, a column an edition, words in every cell."""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild.model import PoliceEdition
from omradesbild.publish.figures import metrics
from omradesbild.publish.figures.sheet import BODY, NARROW, SMALL, Caption, Setting, Sheet, num
from omradesbild.words import t

#: Category → the fill of its cell: a shade, since the words carry the meaning.
SHADES = {"utsatt": "0.16", "riskomrade": "0.3", "sarskilt-utsatt": "0.44"}
LINE = 13.0


def strip(editions: Sequence[PoliceEdition], caption: Caption, setting: Setting) -> str:
    """Draw what the list has said about each of its areas, also in the editions that they are not in.

    Parameters
    ----------
    editions
        In order of time. An area is named as in the newest edition that it is in.
    """
    sheet = Sheet(caption, setting)
    names = {entry.id: entry.area for edition in editions for entry in edition.entries}
    if not names:
        sheet.lines(t("figure.nothing", sheet.lang))
        return sheet.svg()
    entries = [{entry.id: entry.category for entry in e.entries} for e in editions]
    rows = {id_: [at.get(id_, "") for at in entries] for id_ in names}
    draw = _cells if sheet.width >= NARROW else _runs
    draw(sheet, [e.edition for e in editions], names, rows)
    return sheet.svg()


def _cells(sheet: Sheet, editions: Sequence[str], names: dict[str, str], rows: dict[str, list[str]]) -> None:
    """Draw a cell for every area and edition."""
    left = min(max(metrics.width(n, BODY) for n in names.values()), 0.3 * sheet.width) + 10
    column = (sheet.width - left) / len(editions)
    heads = [(left + column * (n + 0.5), sheet.y + 13, edition) for n, edition in enumerate(editions)]
    sheet.texts(heads, size=SMALL, bold=True, anchor="middle")
    sheet.y += 20
    for id_, categories in rows.items():
        cells = [metrics.wrap(_said(c, sheet), column - 8, SMALL) for c in categories]
        label = metrics.wrap(names[id_], left - 10, BODY)
        height = max(LINE * max(map(len, cells)), 16.0 * len(label)) + 8
        first = sheet.y + height / 2 + 4.5 - 8 * (len(label) - 1)
        sheet.texts([(0, first + 16 * n, line) for n, line in enumerate(label)])
        for n, (category, lines) in enumerate(zip(categories, cells, strict=True)):
            x = left + column * n
            _box(sheet, category, x + 1, column - 2, height - 2)
            base = sheet.y + height / 2 + 4 - LINE / 2 * (len(lines) - 1)
            placed = [(x + column / 2, base + LINE * i, line) for i, line in enumerate(lines)]
            sheet.texts(placed, ink="text" if category else "quiet", size=SMALL, anchor="middle")
        sheet.y += height


def _runs(sheet: Sheet, editions: Sequence[str], names: dict[str, str], rows: dict[str, list[str]]) -> None:
    """Write below each area's name the editions that said the same, a line for each."""
    for id_, categories in rows.items():
        sheet.lines(names[id_], bold=True)
        start = 0
        for n in range(1, len(categories) + 1):
            if n < len(categories) and categories[n] == categories[start]:
                continue
            when = editions[start] if n - start == 1 else f"{editions[start]}–{editions[n - 1]}"
            _box(sheet, categories[start], 0, sheet.width, 17)
            ink = "text" if categories[start] else "quiet"
            sheet.text(6, sheet.y + 13, when, ink=ink, size=SMALL, bold=True)
            sheet.text(76, sheet.y + 13, _said(categories[start], sheet), ink=ink, size=SMALL)
            sheet.y += 19
            start = n
        sheet.y += 6


def _said(category: str, sheet: Sheet) -> str:
    return t(f"police.{category}" if category else "police.not_listed", sheet.lang)


def _box(sheet: Sheet, category: str, x: float, width: float, height: float) -> None:
    d = f"M{num(x)} {num(sheet.y + 1)}h{num(width)}v{num(height)}h{num(-width)}z"
    if category:
        sheet.path(d, fill="city", more=f'fill-opacity="{SHADES[category]}"')
    else:
        sheet.path(d, stroke="hair")
