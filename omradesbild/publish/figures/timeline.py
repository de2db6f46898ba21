"""Initiatives over time: a bar from start to end, a mark for an event, dashes where no end is known."""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild import words
from omradesbild.model import Initiative
from omradesbild.publish.figures import axis, metrics
from omradesbild.publish.figures.axis import Scale, year_of
from omradesbild.publish.figures.sheet import BODY, NARROW, SMALL, Caption, Setting, Sheet, mark, num
from omradesbild.words import t

#: Kinds that last; the others happen on a day.
LASTING = frozenset({"initiativ", "overenskommelse", "plan"})


def timeline(
    initiatives: Sequence[Initiative],
    caption: Caption,
    setting: Setting,
    *,
    span: tuple[int, int] | None = None,
) -> str:
    """Draw initiatives in order of time, each with its title, kind and years.

    Parameters
    ----------
    initiatives
        Those whose year is not known stand last and say so.
    span
        First and last year of the axis; by default what the initiatives need.
    """
    sheet = Sheet(caption, setting)
    dated = sorted((e for e in initiatives if e.start), key=lambda e: (e.start, e.id))
    rows = [*dated, *(e for e in initiatives if not e.start)]
    if not rows:
        sheet.lines(t("figure.nothing", sheet.lang))
        return sheet.svg()
    wide = sheet.width >= NARROW
    left = round(0.42 * sheet.width) if wide else 12
    when = [year_of(d) for e in dated for d in (e.start, e.end) if d] or [0.0, 0.0]
    first, last = span or (int(min(when)), int(max(when)) + 1)
    x = Scale(first, max(last, first + 1), left + 4, sheet.width - 16)
    top = sheet.y + 18
    years = axis.years(first, last, max(2, int((x.end - x.start) / 40)))
    if dated:
        sheet.texts([(x(y), top - 6, str(y)) for y in years], ink="quiet", size=SMALL, anchor="middle")
    placed = _places(sheet, rows, top, left, wide)
    if dated:
        sheet.grid([x(y) for y in years], top, sheet.y)
    for e, lines, start, y in placed:
        base = start + 15
        sheet.texts([(0, base + 16 * n, line) for n, line in enumerate(lines)], halo=not wide)
        sheet.text(0, base + 16 * len(lines) - 1, _when(e, sheet), ink="quiet", size=SMALL, halo=not wide)
        if e.start:
            _mark(sheet, e, x, y)
    sheet.mark_made_up(left, top, sheet.width, sheet.y)
    return sheet.svg()


def _places(sheet: Sheet, rows: Sequence[Initiative], top: float, left: float, wide: bool) -> list:
    """Return for each row its lines, its upper edge and where its bar stands; `sheet.y` becomes the foot."""
    placed, y = [], top
    for e in rows:
        lines = metrics.wrap(e.title, left - 14 if wide else sheet.width, BODY)
        texts = 16 * len(lines) + 15
        placed.append((e, lines, y, y + 11 if wide else y + texts + 9))
        y += texts + 8 + (0 if wide or not e.start else 16)
    sheet.y = y
    return placed


def _when(e: Initiative, sheet: Sheet) -> str:
    start = words.dates(e.start) if e.start else t("figure.year_unknown", sheet.lang)
    ended = words.dates(e.end) if e.end and e.end != e.start else ""
    open_ = t("figure.no_end", sheet.lang) if _open_ended(e) else ""
    end = f"–{ended}" if ended else ""
    return ", ".join(filter(None, [t(f"initiative.{e.kind}", sheet.lang), f"{start}{end}", open_]))


def _open_ended(e: Initiative) -> bool:
    return bool(e.start) and not e.end and e.kind in LASTING


def _mark(sheet: Sheet, e: Initiative, x: Scale, y: float) -> None:
    start = min(max(x(year_of(e.start)), x.start), x.end)
    if _open_ended(e):
        sheet.path(f"M{num(start)} {num(y)}H{num(x.end)}", stroke="a0", width=3, dashes="6 4")
        sheet.path(f"M{num(start)} {num(y - 5)}v10", stroke="a0", width=3)
    elif e.end and e.end != e.start:
        end = min(x(year_of(e.end) + (1 if len(e.end) == 4 else 1 / 12)), x.end)
        sheet.path(f"M{num(start)} {num(y)}H{num(max(end, start + 3))}", stroke="a0", width=8)
    else:
        sheet.path(mark("diamond", start, y, 1.3), fill="a0")
