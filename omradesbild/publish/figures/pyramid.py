"""Ages by sex, with the city's as an outline."""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild import words
from omradesbild.publish.figures import axis, metrics
from omradesbild.publish.figures.axis import Scale
from omradesbild.publish.figures.sheet import BODY, SMALL, Caption, Setting, Sheet, num
from omradesbild.words import t

STEP, BAR = 18.0, 15.0
Shares = Sequence[float | None]


def pyramid(
    ages: Sequence[str],
    women: Shares,
    men: Shares,
    caption: Caption,
    setting: Setting,
    *,
    city: tuple[Shares, Shares] | None = None,
) -> str:
    """Draw an age pyramid: men to the left, women to the right, the oldest on top.

    Parameters
    ----------
    ages
        Labels, youngest first.
    women, men
        Per cent of all the area's inhabitants; None where it is not known, which is said in words.
    city
        The city's women and men.
    """
    sheet = Sheet(caption, setting)
    sides = (men, women)
    outline = (city[1], city[0]) if city else ((), ())
    known = [v for part in (*sides, *outline) for v in part if v is not None]
    if not known:
        sheet.lines(t("figure.nothing", sheet.lang))
        return sheet.svg()
    steps = marks(known)
    gutter = max(metrics.width(age, SMALL) for age in ages) / 2 + 8
    middle = sheet.width / 2
    edge = max(metrics.width(_percent(steps[-1], sheet), SMALL) / 2, 4)
    scales = (
        Scale(0, steps[-1], middle - gutter, edge),
        Scale(0, steps[-1], middle + gutter, sheet.width - edge),
    )
    top = _head(sheet, scales)
    foot = top + STEP * len(ages)
    rows = [foot - STEP * (n + 0.5) for n in range(len(ages))]
    sheet.grid([x(s) for x in scales for s in steps[1:]], top, foot)
    _bars(sheet, rows, scales[0], men, sheet.hatch("men", "a0"), "a0")
    _bars(sheet, rows, scales[1], women, "a1", "a1")
    for x, shares in zip(scales, outline, strict=True):
        _outline(sheet, rows, x, shares)
    for x, shares in zip(scales, sides, strict=True):
        _missing(sheet, rows, x, shares)
    down = SMALL * 0.34
    sheet.texts(
        [(middle, y + down, age) for y, age in zip(rows, ages, strict=True)], size=SMALL, anchor="middle"
    )
    sheet.texts(
        [(x(s), foot + 14, _percent(s, sheet)) for x in scales for s in steps[1:]],
        ink="quiet",
        size=SMALL,
        anchor="middle",
    )
    sheet.mark_made_up(0, top, sheet.width, foot)
    sheet.y = foot + 20
    if city:
        sheet.path(f"M0 {num(sheet.y + 9)}h22", stroke="city", width=3)
        sheet.text(28, sheet.y + 13, t("chart.city", sheet.lang), size=SMALL)
        sheet.y += 18
    return sheet.svg()


def marks(shares: Sequence[float]) -> list[float]:
    """Return the marks of either side's axis."""
    return axis.ticks([0, *shares], 3, zero=True)


def _percent(share: float, sheet: Sheet) -> str:
    return words.with_unit(words.number(share, axis.decimals([share]), sheet.lang), "%")


def _head(sheet: Sheet, scales: tuple[Scale, Scale]) -> float:
    for x, key, ink in zip(scales, ("chart.men", "chart.women"), ("a0", "a1"), strict=True):
        anchor = "end" if x.end < x.start else "start"
        sheet.text(x.start, sheet.y + 14, t(key, sheet.lang), ink=ink, size=BODY, bold=True, anchor=anchor)
    return sheet.y + 22


def _bars(sheet: Sheet, rows: Sequence[float], x: Scale, shares: Shares, fill: str, ink: str) -> None:
    known = [(y, v) for y, v in zip(rows, shares, strict=True) if v is not None]
    bars = "".join(
        f"M{num(x.start)} {num(y - BAR / 2)}H{num(x(v))}v{num(BAR)}H{num(x.start)}z" for y, v in known
    )
    sheet.path(bars, fill=fill, stroke=ink)


def _missing(sheet: Sheet, rows: Sequence[float], x: Scale, shares: Shares) -> None:
    """Say where a share is not known."""
    away, anchor = (-4, "end") if x.end < x.start else (4, "start")
    places = [y for y, v in zip(rows, shares, strict=True) if v is None]
    told = [(x.start + away, y + 4, t("flag.not_reported", sheet.lang)) for y in places]
    sheet.texts(told, ink="quiet", size=SMALL, anchor=anchor, halo=True)


def _outline(sheet: Sheet, rows: Sequence[float], x: Scale, shares: Shares) -> None:
    d, before = "", None
    for y, v in zip(rows, shares, strict=False):
        if v is not None:
            at = num(x(v))
            d += (
                f"H{at}V{num(y - STEP / 2)}"
                if before is not None
                else f"M{at} {num(y + STEP / 2)}V{num(y - STEP / 2)}"
            )
        before = v
    sheet.path(d, stroke="paper", width=5)
    sheet.path(d, stroke="city", width=3)
