"""Names at the ends of lines, or below a narrow chart: a figure in bold, a name, in the colour of what they belong to.

A chart asks for `room`, then writes them `beside` and, further down, `below`: one of the two does it, by the chart's width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omradesbild.publish import style
from omradesbild.publish.figures import axis, metrics
from omradesbild.publish.figures.sheet import BODY, NARROW, Sheet, mark, num

#: A label has at most this share of a figure's width, with its figure.
MOST = 0.4
LINE = 15.0
#: What a narrow chart leaves to the right, for the marker at the end of a line.
MARGIN = 12.0


@dataclass(frozen=True)
class Label:
    """What stands beside the place (x, y): a written figure and a name."""

    x: float
    y: float
    value: str
    name: str
    ink: str


def room(sheet: Sheet, texts: Sequence[tuple[str, str]]) -> float:
    """Return how much width labels (figure, name) need to the right of a plot."""
    if sheet.width < NARROW:
        return MARGIN
    values = max(metrics.width(value, BODY, True) for value, _ in texts)
    names = max(metrics.width(name, BODY) for _, name in texts)
    return min(27 + values + names, MOST * sheet.width)


def beside(sheet: Sheet, labels: Sequence[Label], left: float, top: float, foot: float) -> float:
    """Write labels in a column whose leaders begin at `left`, moved apart; return where the lowest ends, 0 without any."""
    if sheet.width < NARROW:
        return 0.0
    edge = left + 12 + max(metrics.width(label.value, BODY, True) for label in labels)
    rows = [metrics.wrap(label.name, sheet.width - edge - 7, BODY) for label in labels]
    heights = [LINE * len(lines) + 3 for lines in rows]
    foot = max(foot, top + sum(heights))
    centres = axis.apart([label.y for label in labels], heights, top, foot)
    for label, lines, centre in zip(labels, rows, centres, strict=True):
        if abs(centre - label.y) > 5 or left - label.x > 8:
            d = f"M{num(label.x)} {num(label.y)}H{num(left)}L{num(left + 8)} {num(centre)}"
            sheet.path(d, stroke=label.ink, width=0.8, more='stroke-opacity="0.7"')
        first = centre - LINE / 2 * (len(lines) - 1) + 4.5
        ink = "quiet" if label.ink == "city" else label.ink
        sheet.text(edge, first, label.value, ink=ink, bold=True, anchor="end")
        sheet.texts([(edge + 7, first + LINE * n, line) for n, line in enumerate(lines)], ink=ink)
    return max(centre + height / 2 for centre, height in zip(centres, heights, strict=True))


def below(sheet: Sheet, labels: Sequence[Label]) -> None:
    """Write labels below a narrow chart, one after the other, each with a piece of its line."""
    if sheet.width >= NARROW:
        return
    edge = 36 + max(metrics.width(label.value, BODY, True) for label in labels)
    sheet.y += 4
    for label in labels:
        y = sheet.y + 10
        if label.ink == "city":
            sheet.path(f"M0 {num(y)}h26", stroke="city", width=4)
        else:
            order = int(label.ink.removeprefix("a"))
            sheet.path(f"M0 {num(y)}h26", stroke=label.ink, width=2.2, dashes=style.AREA_STROKES[order])
            sheet.path(mark(style.AREA_MARKERS[order], 13, y), fill=label.ink, stroke="paper")
        sheet.text(edge, y + 4.5, label.value, bold=True, anchor="end")
        sheet.lines(label.name, x=edge + 8)
