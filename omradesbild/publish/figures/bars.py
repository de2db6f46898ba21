"""Small bars: before and after, and what a whole consists of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omradesbild.publish.figures import metrics
from omradesbild.publish.figures.axis import Scale
from omradesbild.publish.figures.sheet import BODY, NARROW, SMALL, Amount, Caption, Setting, Sheet, num
from omradesbild.words import t

THICK = 14.0
#: A name has at most so many lines.
LINES = 6
#: The inks of the parts of a whole; every second is hatched, so that neighbours differ in greyscale.
PARTS = ("a0", "a1", "a2", "a3", "a4", "a5")


@dataclass(frozen=True)
class Row:
    """A name and its numbers: before and after, or the parts of a whole."""

    name: str
    amounts: tuple[Amount, ...]
    total: str = ""


def before_after(
    rows: Sequence[Row], caption: Caption, setting: Setting, *, labels: tuple[str, str] | None = None
) -> str:
    """Draw two bars a row: before (hatched) and after (filled), from zero, with their numbers.

    Parameters
    ----------
    rows
        Each with two amounts.
    labels
        What the bars are called: two years; by default before and after.
    """
    sheet = Sheet(caption, setting)
    names = labels or (t("figure.before", sheet.lang), t("figure.after", sheet.lang))
    values = [b for r in rows for a in r.amounts for b in (a.value, a.low, a.high) if b is not None]
    fills = (sheet.hatch("before", "city"), "a0")
    _key(sheet, [(name, fill, ink) for name, fill, ink in zip(names, fills, ("city", "a0"), strict=True)])
    left = _names(sheet, rows)
    written = max(
        (metrics.width(a.text, SMALL) for r in rows for a in r.amounts if a.value is not None), default=0
    )
    x = (
        Scale(min(0, *values), max(0, *values), left, max(sheet.width - written - 10, left + 40))
        if values
        else None
    )
    top = sheet.y
    for row in rows:
        spare = _name(sheet, row.name, left, 2 * THICK + 2)
        for n, (amount, fill, ink) in enumerate(zip(row.amounts, fills, ("city", "a0"), strict=True)):
            _bar(sheet, amount, x, sheet.y + n * (THICK + 2), fill, ink, left)
        sheet.y += 2 * THICK + 14 + spare
    if x:
        sheet.path(f"M{num(x(0))} {num(top)}V{num(sheet.y - 8)}", stroke="quiet")
        sheet.mark_made_up(left, top, sheet.width, sheet.y)
    return sheet.svg()


def contributions(rows: Sequence[Row], parts: Sequence[str], caption: Caption, setting: Setting) -> str:
    """Draw a bar a row whose parts stand end to end from zero, negative ones to the left.

    Parameters
    ----------
    rows
        Each with an amount for every part; a row that lacks one is not drawn but says why.
    parts
        What the parts are called, at most six.
    """
    sheet = Sheet(caption, setting)
    looks = [(name, *_part(sheet, n)) for n, name in enumerate(parts)]
    _key(sheet, looks)
    left = _names(sheet, rows)
    whole = [r for r in rows if all(a.value is not None for a in r.amounts)]
    ends = [sum(a.value for a in r.amounts if (a.value > 0) is up) for r in whole for up in (True, False)]
    written = max((metrics.width(r.total, SMALL, True) for r in rows), default=0)
    x = Scale(min([0, *ends]), max([0, *ends]), left, sheet.width - written - 10)
    top = sheet.y
    for row in rows:
        spare = _name(sheet, row.name, left, THICK)
        if row in whole:
            _stack(sheet, row, x, looks)
        else:
            why = next(a.text for a in row.amounts if a.value is None)
            _word(sheet, why, left, sheet.y)
        sheet.y += THICK + 12 + spare
    sheet.path(f"M{num(x(0))} {num(top - 2)}V{num(sheet.y - 8)}", stroke="quiet")
    sheet.mark_made_up(left, top, sheet.width, sheet.y)
    return sheet.svg()


def _part(sheet: Sheet, n: int) -> tuple[str, str]:
    ink = PARTS[n]
    return (sheet.hatch(f"part{n}", ink) if n % 2 else ink), ink


def _stack(sheet: Sheet, row: Row, x: Scale, looks: Sequence[tuple[str, str, str]]) -> None:
    ends = {True: 0.0, False: 0.0}
    for amount, (_, fill, ink) in zip(row.amounts, looks, strict=True):
        side = amount.value > 0
        start, ends[side] = ends[side], ends[side] + amount.value
        box = f"M{num(x(start))} {num(sheet.y)}H{num(x(ends[side]))}v{num(THICK)}H{num(x(start))}z"
        sheet.path(box, fill=fill, stroke=ink)
    sheet.text(x(ends[True]) + 8, sheet.y + 11, row.total, size=SMALL, bold=True)


def _bar(sheet: Sheet, amount: Amount, x: Scale | None, y: float, fill: str, ink: str, left: float) -> None:
    if amount.value is None or x is None:
        _word(sheet, amount.text, left, y)
        return
    sheet.path(
        f"M{num(x(0))} {num(y)}H{num(x(amount.value))}v{num(THICK)}H{num(x(0))}z", fill=fill, stroke=ink
    )
    if amount.low is not None and amount.high is not None:
        middle = num(y + THICK / 2)
        sheet.path(f"M{num(x(amount.low))} {middle}H{num(x(amount.high))}", stroke="text", width=1.4)
    end = max(x(v) for v in (0, amount.value, amount.high) if v is not None)
    sheet.text(end + 6, y + 11, amount.text, size=SMALL)


def _word(sheet: Sheet, why: str, left: float, y: float) -> None:
    """Say in a bar's place why there is none."""
    cut = metrics.shorten(why, sheet.width - left - 6, SMALL)
    sheet.text(left + 6, y + 11, cut, ink="quiet", size=SMALL)


def _names(sheet: Sheet, rows: Sequence[Row]) -> float:
    """Return where the bars begin: after the names, which have at most a third of the width, a little more on a telephone."""
    most = sheet.width * (0.42 if sheet.width < NARROW else 1 / 3)
    return min(max((metrics.width(r.name, BODY) for r in rows), default=0), most) + 12


def _name(sheet: Sheet, name: str, left: float, height: float) -> float:
    """Write a name beside bars of that height, moved down as far as it is higher; return as much, for the room below."""
    lines = metrics.wrap(name, left - 12, BODY)[:LINES]
    spare = max(0.0, 15 * len(lines) - height - 6) / 2
    sheet.y += spare
    first = sheet.y + height / 2 + 4.5 - 7.5 * (len(lines) - 1)
    sheet.texts([(0, first + 15 * n, line) for n, line in enumerate(lines)])
    return spare


def _key(sheet: Sheet, looks: Sequence[tuple[str, str, str]]) -> None:
    x, y = 0.0, sheet.y + 13
    for name, fill, ink in looks:
        text = metrics.shorten(name, sheet.width - 18, SMALL)
        needed = 18 + metrics.width(text, SMALL)
        if x and x + needed > sheet.width:
            x, y = 0.0, y + 17
        sheet.path(f"M{num(x + 0.5)} {num(y - 9)}h12v10h-12z", fill=fill, stroke=ink)
        sheet.text(x + 18, y, text, size=SMALL)
        x += needed + 16
    sheet.y = y + 12
