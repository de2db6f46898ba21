"""How far apart the best- and the worst-off fifth are, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omradesbild import words
from omradesbild.publish.figures import axis, metrics
from omradesbild.publish.figures.axis import Scale
from omradesbild.publish.figures.sheet import BODY, SMALL, Amount, Caption, Setting, Sheet, mark, num
from omradesbild.words import t

STEP = 26.0


@dataclass(frozen=True)
class Pair:
    """One year: the two fifths, and the gap between them as it is written."""

    period: str
    best: Amount
    worst: Amount
    gap: str


def gap(pairs: Sequence[Pair], names: tuple[str, str], caption: Caption, setting: Setting, *, unit: str = "") -> str:
    """Draw a row a year, the oldest first: a ring for the best-off fifth, a square for the worst-off.

    Parameters
    ----------
    pairs
        A year where either is missing has no line and says why.
    names
        Of the best-off and of the worst-off fifth.
    unit
        The short unit, after the last number of the axis.
    """
    sheet = Sheet(caption, setting)
    known = [p for p in pairs if p.best.value is not None and p.worst.value is not None]
    bounds = [b for p in known for a in (p.best, p.worst) for b in (a.value, a.low, a.high) if b is not None]
    if not bounds:
        sheet.lines(t("figure.nothing", sheet.lang))
        return sheet.svg()
    left = max(metrics.width(words.period(p.period, sheet.lang), BODY) for p in pairs) + 18
    right = sheet.width - max(metrics.width(p.gap, BODY, True) for p in pairs) - 16
    steps = axis.ticks(bounds, max(2, min(5, round((right - left) / 70))))
    x = Scale(steps[0], steps[-1], left, right)
    _key(sheet, names)
    if x.low > 0:
        sheet.note(t("chart.not_from_zero", sheet.lang))
    top = sheet.y + 4
    foot = top + STEP * len(pairs)
    sheet.grid([x(s) for s in steps], top, foot)
    rows = [(p, top + STEP * (n + 0.5)) for n, p in enumerate(pairs)]
    drawn = [(p, y) for p, y in rows if p in known]
    sheet.path(
        "".join(f"M{num(x(p.best.value))} {num(y)}H{num(x(p.worst.value))}" for p, y in drawn),
        stroke="city",
        width=3,
    )
    for amount, shape, ink, fill in (("best", "circle", "a0", "paper"), ("worst", "square", "a1", "a1")):
        held = [(getattr(p, amount), y) for p, y in drawn]
        _intervals(sheet, held, x, ink)
        marks = "".join(mark(shape, x(a.value), y, 1.25) for a, y in held)
        sheet.path(marks, fill=fill, stroke=ink, width=2)
    sheet.texts([(0, y + 4.5, words.period(p.period, sheet.lang)) for p, y in rows])
    sheet.texts([(sheet.width, y + 4.5, p.gap) for p, y in drawn], bold=True, anchor="end")
    for p, y in rows:
        if p not in known:
            why = p.best.text if p.best.value is None else p.worst.text
            sheet.text(
                left, y + 4.5, metrics.shorten(why, sheet.width - left, SMALL), ink="quiet", size=SMALL
            )
    places = axis.decimals(steps)
    said = sheet.with_unit([words.number(s, places, sheet.lang) for s in steps], unit, 2 * (sheet.width - right))
    sheet.texts(
        [(x(s), foot + 14, text) for s, text in zip(steps, said, strict=True)], ink="quiet", size=SMALL, anchor="middle"
    )
    sheet.mark_made_up(left, top, right, foot)
    sheet.y = foot + 20
    return sheet.svg()


def _intervals(sheet: Sheet, held: Sequence[tuple[Amount, float]], x: Scale, ink: str) -> None:
    d = "".join(
        f"M{num(x(a.low))} {num(y)}H{num(x(a.high))}M{num(x(a.low))} {num(y - 4)}v8M{num(x(a.high))} {num(y - 4)}v8"
        for a, y in held
        if a.low is not None and a.high is not None
    )
    sheet.path(d, stroke=ink, width=1.2)


def _key(sheet: Sheet, names: tuple[str, str]) -> None:
    x, y = 6.0, sheet.y + 14
    for text, (shape, ink, fill) in zip(names, (("circle", "a0", "paper"), ("square", "a1", "a1")), strict=True):
        lines = metrics.wrap(text, sheet.width - 18, SMALL)
        needed = 18 + max((metrics.width(line, SMALL) for line in lines), default=0)
        if x > 6 and x + needed > sheet.width:
            x, y = 6.0, y + 18
        sheet.path(mark(shape, x, y - 4, 1.25), fill=fill, stroke=ink, width=2)
        sheet.texts([(x + 12, y + 15 * n, line) for n, line in enumerate(lines)], size=SMALL)
        x, y = x + needed + 18, y + 15 * max(0, len(lines) - 1)
    sheet.y = y + 6
