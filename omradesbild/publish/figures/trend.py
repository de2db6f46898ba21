"""Lines over time: one to six areas, with the city as the thick grey line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from omradesbild import words
from omradesbild.analyse.statements import Segment, Statement
from omradesbild.model import Flag, Initiative
from omradesbild.publish import style
from omradesbild.publish.figures import axis, labels, metrics
from omradesbild.publish.figures.axis import year_of
from omradesbild.publish.figures.sheet import (
    SMALL,
    Caption,
    Setting,
    Sheet,
    at_most_six,
    num,
    way,
)
from omradesbild.words import t

#: Points closer than this have no markers except at the ends of a line.
DENSE = 14
#: What makes a figure's marker hollow: flags, and classes of reliability.
UNSURE = frozenset({Flag.ESTIMATED, Flag.PRELIMINARY, Flag.UNRELIABLE})
UNCERTAIN = frozenset({"uncertain", "small"})


@dataclass(frozen=True)
class Line:
    """An area's way: its name, its unbroken segments and its place among the colours; None is the city's."""

    name: str
    segments: Sequence[Segment]
    order: int | None = None

    @property
    def ink(self) -> str:
        """The ink of the line."""
        return "city" if self.order is None else f"a{self.order}"

    @property
    def points(self) -> list[Statement]:
        """The figures that are known."""
        return [p for s in self.segments for p in s.points if p.value is not None]

    @property
    def runs(self) -> list[list[Statement]]:
        """The stretches that are drawn without lifting the pen: broken by breaks and by missing figures."""
        found: list[list[Statement]] = []
        for segment in self.segments:
            found.append([])
            for point in segment.points:
                if point.value is None:
                    found.append([])
                else:
                    found[-1].append(point)
        return [run for run in found if run]


@dataclass(frozen=True)
class _Plot:
    """Where years and values stand."""

    x: axis.Scale
    y: axis.Scale

    def at(self, point: Statement) -> tuple[float, float]:
        return self.x(year_of(point.period)), self.y(point.value)


def trend(
    lines: Sequence[tuple[str, Sequence[Segment]]],
    city: Sequence[Segment],
    caption: Caption,
    setting: Setting,
    *,
    events: Iterable[Initiative] = (),
    span: tuple[float, float] | None = None,
    height: float = 230,
) -> str:
    """Draw how figures have moved.

    Parameters
    ----------
    lines
        Name and unbroken segments of each area, at most six.
    city
        The city's segments; may be empty.
    events
        Initiatives that are marked below the time axis; numbered by date as in the key.
    span
        The value axis, where several charts share one; otherwise it follows the figures.
    height
        Of the plot alone.
    """
    at_most_six(lines)
    drawn = [Line(t("chart.city", setting.lang), city)] if city else []
    drawn += [Line(name, segments, n) for n, (name, segments) in enumerate(lines)]
    sheet = Sheet(caption, setting)
    known = [p for line in drawn for p in line.points]
    if not known:
        sheet.lines(t("figure.nothing", sheet.lang))
        _missing_key(sheet, drawn)
        return sheet.svg()
    plot, top = _frame(sheet, drawn, known, span, height)
    for line in drawn:
        _band(sheet, line, plot)
    for line in drawn:
        _line(sheet, line, plot)
    sheet.mark_made_up(plot.x.start, top, plot.x.end, sheet.y)
    named = _labels(sheet, drawn, plot)
    sheet.y = max(sheet.y, labels.beside(sheet, named, plot.x.end + 6, top - 8, sheet.y + 8) - 12)
    dated = sorted((e for e in events if e.start), key=lambda e: (e.start, e.id))
    _below(sheet, drawn, plot, dated)
    _missing_key(sheet, drawn)
    labels.below(sheet, named)
    if any(_unsure(line) for line in drawn if line.order is not None):
        sheet.note(t("figure.hollow", sheet.lang))
    if setting.standalone and dated:
        sheet.y += 4
        for n, e in enumerate(dated, start=1):
            sheet.note(f"{n}. {words.dates(e.start)}: {e.title}")
    return sheet.svg()


def _frame(
    sheet: Sheet, drawn: Sequence[Line], known: Sequence[Statement], span, height: float
) -> tuple[_Plot, float]:
    """Draw axes, breaks and what is said about them; `sheet.y` becomes the foot of the plot."""
    steps = marks(known, height) if span is None else axis.ticks(span, _number(height))
    low, high = span or (steps[0], steps[-1])
    steps = [s for s in steps if low <= s <= high]
    places = axis.decimals(steps)
    said = [words.number(s, places, sheet.lang) for s in steps]
    said = sheet.with_unit(said, known[0].indicator.short_unit, labels.MOST * sheet.width)
    left = 8 + max(metrics.width(text, SMALL) for text in said)
    said_at_ends = [_last(line, _newest(drawn), sheet) for line in drawn if line.points]
    right = labels.room(sheet, said_at_ends)
    when = [year_of(p.period) for line in drawn for s in line.segments for p in s.points]
    x = axis.Scale(min(when), max(when), left + 10, sheet.width - right)
    _above(sheet, drawn, x, low)
    top = sheet.y + 10
    plot = _Plot(x, axis.Scale(low, high, top + height, top))
    rules = "".join(f"M{num(left)} {num(plot.y(s))}H{num(x.end + 6)}" for s in steps if s != low)
    sheet.path(rules, stroke="hair")
    sheet.path(f"M{num(left)} {num(top + height)}H{num(x.end + 6)}", stroke="quiet")
    sheet.texts(
        [(left - 6, plot.y(s) + 4, text) for s, text in zip(steps, said, strict=True)],
        ink="quiet", size=SMALL, anchor="end",
    )  # fmt: skip
    sheet.y = top + height
    return plot, top


def marks(known: Iterable[Statement], height: float) -> list[float]:
    """Return the marks of the value axis of a plot of some height: they enclose figures and intervals."""
    return axis.ticks([b for p in known for b in (p.value, p.low, p.high) if b is not None], _number(height))


def _number(height: float) -> int:
    return max(3, round(height / 46))


def _breaks(drawn: Sequence[Line]) -> list[float]:
    """Return where, between two years, the series are broken."""
    found = set()
    for line in drawn:
        for before, after in zip(line.segments, line.segments[1:], strict=False):
            if before.points and after.points:
                found.add((year_of(before.points[-1].period) + year_of(after.points[0].period)) / 2)
    return sorted(found)


def _above(sheet: Sheet, drawn: Sequence[Line], x: axis.Scale, low: float) -> None:
    """Say above the plot that the axis does not begin at zero, and where series are broken."""
    note = t("chart.not_from_zero", sheet.lang) if low > 0 else ""
    breaks, word = [x(b) for b in _breaks(drawn)], t("chart.break", sheet.lang)
    if not (note or breaks):
        return
    size = metrics.width(word, SMALL) + 4
    starts = [b + 4 if b + 4 + size <= sheet.width else b - 4 - size for b in breaks]
    spans = [(s, s + size) for s in starts]
    rows = axis.lanes([(0, metrics.width(note, SMALL)), *spans] if note else spans)
    own = rows[1:] if note else rows
    foot = sheet.y + 14 * (max(rows) + 1) + 4
    ticks = [
        f"M{num(b)} {num(sheet.y + 14 * row + 3)}V{num(foot + 12)}"
        for b, row in zip(breaks, own, strict=True)
    ]
    sheet.path("".join(ticks), stroke="quiet")
    said = [(s, sheet.y + 14 * row + 12, word) for s, row in zip(starts, own, strict=True)]
    sheet.text(0, sheet.y + 12, note, ink="quiet", size=SMALL)
    sheet.texts(said, ink="quiet", size=SMALL, halo=True)
    sheet.y = foot


def _band(sheet: Sheet, line: Line, plot: _Plot) -> None:
    if line.order is None:
        return
    d = ""
    for run in line.runs:
        held = [p for p in run if p.low is not None and p.high is not None]
        if len(held) < 2:
            continue
        low, high = sorted((plot.y.low, plot.y.high))
        upper = [(plot.x(year_of(p.period)), plot.y(min(p.high, high))) for p in held]
        lower = [(plot.x(year_of(p.period)), plot.y(max(p.low, low))) for p in reversed(held)]
        d += way(upper + lower) + "z"
    sheet.path(d, fill=line.ink, more='fill-opacity="0.12"')


def _line(sheet: Sheet, line: Line, plot: _Plot) -> None:
    runs = [[plot.at(p) for p in run] for run in line.runs]
    lone = [run[0] for run in runs if len(run) == 1]
    d = "".join(way(run) for run in runs if len(run) > 1)
    if line.order is None:
        sheet.path(d, stroke="city", width=4, more='stroke-linejoin="round" stroke-linecap="round"')
        sheet.points("circle", lone, fill="city")
        return
    shape, marked = style.AREA_MARKERS[line.order], ""
    if d:
        url = sheet.marker(shape, fill=line.ink, stroke="paper")
        inner = f'marker-mid="{url}" ' if _sparse(runs) else ""
        marked = f'marker-start="{url}" {inner}marker-end="{url}"'
    sheet.path(d, stroke=line.ink, width=2.2, dashes=style.AREA_STROKES[line.order], more=marked)
    sheet.points(shape, lone, fill=line.ink)
    unsure = [plot.at(p) for p in _unsure(line)]
    sheet.points(shape, unsure, fill="paper", stroke=line.ink, width=1.6)


def _unsure(line: Line) -> list[Statement]:
    return [p for p in line.points if UNSURE & set(p.flag.split()) or p.reliability in UNCERTAIN]


def _sparse(runs: Sequence[Sequence[tuple[float, float]]]) -> bool:
    return all(b[0] - a[0] >= DENSE for run in runs for a, b in zip(run, run[1:], strict=False))


def _last(line: Line, newest: str, sheet: Sheet) -> tuple[str, str]:
    """Return how a line's last figure is written, and its name – with the year where that is an older one."""
    last = line.points[-1]
    name = line.name if last.period == newest else f"{line.name} ({words.period(last.period, sheet.lang)})"
    return sheet.fitted(words.figure(last, sheet.lang)), name


def _newest(drawn: Sequence[Line]) -> str:
    return max(p.period for line in drawn for p in line.points)


def _labels(sheet: Sheet, drawn: Sequence[Line], plot: _Plot) -> list[labels.Label]:
    """Return each line's last figure and name, at its end."""
    newest, found = _newest(drawn), []
    for line in (line for line in drawn if line.points):
        x, y = plot.at(line.points[-1])
        found.append(labels.Label(x + 6, y, *_last(line, newest, sheet), line.ink))
    return found


def _below(sheet: Sheet, drawn: Sequence[Line], plot: _Plot, events: Sequence[Initiative]) -> None:
    """Write years below the axis, and in rows below them the numbers of events and what has no figure."""
    foot = plot.y.start
    first, last = plot.x.low, plot.x.high
    room = plot.x.end - plot.x.start
    written = axis.years(first, last, max(2, int(room / 44)))
    sheet.path("".join(f"M{num(plot.x(y))} {num(foot)}v4" for y in written), stroke="quiet")
    sheet.texts([(plot.x(y), foot + 17, str(y)) for y in written], ink="quiet", size=SMALL, anchor="middle")
    y = foot + 22
    marks = [(year_of(e.start), n) for n, e in enumerate(events, start=1)]
    inside = [(plot.x(when), str(n)) for when, n in marks if first - 1 <= when <= last + 1]
    inside = [(min(max(x, plot.x.start - 4), plot.x.end + 6), text) for x, text in inside]
    if inside:
        halves = [metrics.width(text, SMALL, True) / 2 + 2 for _, text in inside]
        rows = axis.lanes([(x - h, x + h) for (x, _), h in zip(inside, halves, strict=True)], gap=2)
        sheet.path("".join(f"M{num(x)} {num(foot - 7)}v7" for x, _ in inside), stroke="text", width=2)
        placed = [(x, y + 11 + 13 * row, text) for (x, text), row in zip(inside, rows, strict=True)]
        sheet.texts(placed, size=SMALL, bold=True, anchor="middle")
        y += 13 * (max(rows) + 1) + 2
    for line in drawn:
        gaps = [(plot.x(year_of(p.period)), y + 12, words.missing_mark(p.flag)) for p in _gaps(line)]
        if gaps and line.points:
            sheet.texts(gaps, ink=line.ink, bold=True, anchor="middle")
            y += 15
    sheet.y = max(sheet.y, y)


def _gaps(line: Line) -> list[Statement]:
    """Return an area's points without figure; the city's are not marked."""
    return [p for s in line.segments for p in s.points if p.value is None] if line.order is not None else []


def _missing_key(sheet: Sheet, drawn: Sequence[Line]) -> None:
    """Say, right below the marks of figures that are missing, what they mean and whose they are."""
    for line in drawn:
        why: dict[tuple[str, str], list[str]] = {}
        for p in _gaps(line):
            key = (words.missing_mark(p.flag), words.missing_words(p, sheet.lang))
            why.setdefault(key, []).append(words.period(p.period, sheet.lang))
        for (sign, text), periods in why.items():
            whose = f"{line.name} {words.listing(periods, sheet.lang)}"
            sheet.note(f"{sign} = {text} ({whose})")

