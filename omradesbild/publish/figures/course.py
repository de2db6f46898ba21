"""Before and after: where an initiative is, beside what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omradesbild import words
from omradesbild.model import Indicator
from omradesbild.publish.figures import axis, labels, metrics
from omradesbild.publish.figures.axis import Scale
from omradesbild.publish.figures.sheet import SMALL, Caption, Setting, Sheet, mark, num, way
from omradesbild.words import t

HEIGHT = 200.0


@dataclass(frozen=True)
class Way:
    """A name and a figure for every year."""

    name: str
    values: Sequence[float]


Band = tuple[Sequence[float], Sequence[float]]


def marks(own: Way, other: Way, band: Band | None = None) -> list[float]:
    """Return the marks of the value axis: they enclose both ways and the band."""
    return axis.ticks([*own.values, *other.values, *(v for side in band or () for v in side)])


def course(
    years: Sequence[int],
    own: Way,
    other: Way,
    start: int,
    indicator: Indicator,
    caption: Caption,
    setting: Setting,
    *,
    band: Band | None = None,
) -> str:
    """Draw two ways through the same years, with a line where the initiative starts.

    Parameters
    ----------
    start
        The first year after.
    band
        The lowest and the highest that areas without an initiative would have been.
    """
    sheet = Sheet(caption, setting)
    steps = marks(own, other, band)
    places = axis.decimals(steps)
    said = [words.number(s, places, sheet.lang) for s in steps]
    said = sheet.with_unit(said, indicator.short_unit, labels.MOST * sheet.width)
    ends = [(sheet.fitted(words.value_text(way_.values[-1], "", indicator, sheet.lang)), way_.name) for way_ in (own, other)]
    left = 18 + max(metrics.width(text, SMALL) for text in said)
    right = labels.room(sheet, ends)
    x = Scale(years[0], years[-1], left, sheet.width - right)
    if steps[0] > 0:
        sheet.note(t("chart.not_from_zero", sheet.lang))
    top = sheet.y + 20
    y = Scale(steps[0], steps[-1], top + HEIGHT, top)
    sheet.path("".join(f"M{num(left - 10)} {num(y(s))}H{num(x.end + 6)}" for s in steps), stroke="hair")
    sheet.texts(
        [(left - 16, y(s) + 4, text) for s, text in zip(steps, said, strict=True)], ink="quiet", size=SMALL, anchor="end"
    )
    if band:
        low, high = ([(x(year), y(v)) for year, v in zip(years, side, strict=True)] for side in band)
        sheet.path(way([*high, *reversed(low)]) + "z", fill="city", more='fill-opacity="0.2"')
    begins = x(start - 0.5)
    sheet.path(f"M{num(begins)} {num(top - 6)}V{num(top + HEIGHT)}", stroke="quiet", dashes="4 3")
    word = t("followup.starts", sheet.lang)
    room = metrics.width(word, SMALL)
    sheet.text(min(begins, sheet.width - room), top - 9, word, ink="quiet", size=SMALL)
    found = []
    for way_, ink, width, shape, end in ((other, "city", 4, "", ends[1]), (own, "a0", 2.2, "circle", ends[0])):
        points = [(x(year), y(v)) for year, v in zip(years, way_.values, strict=True)]
        sheet.path(way(points), stroke=ink, width=width)
        if shape:
            sheet.path("".join(mark(shape, *point) for point in points), fill=ink, stroke="paper")
        found.append(labels.Label(points[-1][0] + 6, points[-1][1], *end, ink))
    shown = axis.years(years[0], years[-1], max(2, int((x.end - x.start) / 40)))
    sheet.texts(
        [(x(year), top + HEIGHT + 15, str(year)) for year in shown], ink="quiet", size=SMALL, anchor="middle"
    )
    sheet.mark_made_up(left, top, x.end, top + HEIGHT)
    sheet.y = top + HEIGHT + 18
    sheet.y = max(sheet.y, labels.beside(sheet, found, x.end + 6, top - 8, top + HEIGHT + 8) - 12)
    labels.below(sheet, found)
    return sheet.svg()
