"""All areas in order, each with its interval, and the city's line through them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.model import Indicator, Kind
from omradesbild.publish import style
from omradesbild.publish.choropleth import deviation_code, deviation_legend
from omradesbild.publish.figures import axis, labels, metrics
from omradesbild.publish.figures.axis import Scale
from omradesbild.publish.figures.sheet import (
    BODY,
    LEADING,
    NARROW,
    SMALL,
    Caption,
    Setting,
    Sheet,
    at_most_six,
    mark,
    num,
)
from omradesbild.words import t

#: Deviation class → marker: worse points down and better up, so that it is read without colour.
SHAPES = {"A": "triangle-down", "B": "triangle-down", "C": "circle", "D": "triangle-up", "E": "triangle-up"}
#: More rows than this are drawn closer.
LONG = 30
#: The distance between the rows of a compact chart.
PITCH = 4.5
#: Why an area has no figure takes so many lines at most.
REASON = 4
#: A compact chart that is narrower has its names below.
ASIDE = 400


def ranking(
    statements: Sequence[Statement],
    city: Statement | None,
    caption: Caption,
    setting: Setting,
    *,
    chosen: Sequence[str] = (),
    compact: bool = False,
    span: tuple[float, float] | None = None,
) -> str:
    """Draw areas from the highest figure to the lowest; those without one stand last and say why.

    Parameters
    ----------
    statements
        One indicator and one period.
    city
        Its figure is the line, except for counts, where an area is a part of it.
    chosen
        Area ids in the order of their colours.
    compact
        Without names except the chosen areas'.
    span
        The value axis, where several charts share one.
    """
    at_most_six(chosen)
    sheet = Sheet(caption, setting)
    known = sorted((s for s in statements if s.value is not None), key=lambda s: (-s.value, s.area.id))
    missing = [s for s in statements if s.value is None]
    if not known:
        sheet.lines(t("figure.nothing", sheet.lang))
        return sheet.svg()
    if city is not None and city.indicator.kind is Kind.COUNT:
        city = None
    order = {area: n for n, area in enumerate(chosen)}
    draw = _compact if compact else _full
    draw(sheet, known, missing, city, order, span)
    _legend(sheet, known[0].indicator, known)
    if any(s.low is not None for s in known):
        sheet.note(t("figure.whiskers", sheet.lang))
    return sheet.svg()


def _scale(known: Sequence[Statement], city, span, left: float, right: float) -> tuple[Scale, list[float]]:
    bounds = [b for s in known for b in (s.value, s.low, s.high) if b is not None]
    bounds += [city.value] if city is not None and city.value is not None else []
    steps = axis.ticks(span or bounds, max(2, min(6, round((right - left) / 70))))
    low, high = span or (steps[0], steps[-1])
    return Scale(low, high, left, right), [s for s in steps if low <= s <= high]


def _full(sheet: Sheet, known, missing, city, order, span) -> None:
    """Draw a row with a name and a figure for every area; on a narrow sheet these stand above the dot."""
    long, narrow = len(known) > LONG, sheet.width < NARROW
    size = SMALL if long else BODY
    step, below = (36.0 if narrow else 16.0 if long else 20.0), (12.0 if narrow else 0.0)
    everyone = [*known, *missing]
    marks = 16 if any(s.area.id in order for s in everyone) else 0
    names = max(metrics.width(s.area.name, size, s.area.id in order) for s in everyone)
    values = max(metrics.width(sheet.fitted(words.figure(s, sheet.lang)), size, True) for s in known)
    left = 8 if narrow else marks + min(names, 0.36 * sheet.width) + 12
    right = sheet.width - (8 if narrow else values + 14)
    room = sheet.width - marks - values - 12 if narrow else left - marks - 12
    x, steps = _scale(known, city, span, left, right)
    top = _head(sheet, x, steps, city)
    foot = top + step * len(known)
    at = marks if narrow else left
    why = {s.area.id: metrics.wrap(words.missing_words(s, sheet.lang), sheet.width - at, size)[:REASON] for s in missing}
    heights = [step + LEADING[size] * max(0, len(why.get(s.area.id, ())) - 1) for s in everyone]
    rows = [(s, edge + step / 2) for s, edge in zip(everyone, accumulate(heights, initial=top), strict=False)]
    chosen = [(s, y) for s, y in rows if s.area.id in order]
    bands = "".join(
        f"M0 {num(y - step / 2)}h{sheet.width}v{num(height)}H0z"
        for (s, y), height in zip(rows, heights, strict=True)
        if s.area.id in order
    )
    sheet.path(bands, fill="band")
    sheet.grid([x(v) for v in steps], top, foot)
    if city is not None and city.value is not None:
        sheet.city_line(x(city.value), top - 2, foot)
    dots = [(s, y + below) for s, y in rows if s.value is not None]
    _whiskers(sheet, dots, x)
    _markers(sheet, dots, x, 0.8 if long else 1)
    sheet.mark_made_up(left, top, right, min(foot, top + 400))
    down = size * 0.34 - below / 2
    for bold in (False, True):
        own = [(s, y + down) for s, y in rows if (s.area.id in order) is bold]
        look = {"size": size, "bold": bold, "halo": narrow}
        sheet.texts([(marks, y, metrics.shorten(s.area.name, room, size, bold)) for s, y in own], **look)
        figures = [(sheet.width, y, sheet.fitted(words.figure(s, sheet.lang))) for s, y in own if s.value is not None]
        sheet.texts(figures, anchor="end", **look)
    for s, y in chosen:
        n = order[s.area.id]
        sheet.path(mark(style.AREA_MARKERS[n], 7, y - below / 2), fill=f"a{n}")
    reasons = [
        (at, y + size * 0.34 + below + LEADING[size] * n, line)
        for s, y in rows
        for n, line in enumerate(why.get(s.area.id, ()))
    ]
    sheet.texts(reasons, ink="quiet", size=size)
    sheet.y = top + sum(heights)


def _compact(sheet: Sheet, known, missing, city, order, span) -> None:
    """Draw a dot for every area, close together, and name only the chosen ones."""
    named = [(n, s) for n, s in enumerate(known) if s.area.id in order]
    said = [(sheet.fitted(words.figure(s, sheet.lang)), s.area.name) for _, s in named]
    aside = bool(said) and sheet.width >= ASIDE
    right = sheet.width - (labels.room(sheet, said) if aside else 8)
    x, steps = _scale(known, city, span, 8, right)
    top = _head(sheet, x, steps, city)
    foot = top + PITCH * len(known)
    sheet.grid([x(v) for v in steps], top, foot)
    if city is not None and city.value is not None:
        sheet.city_line(x(city.value), top - 2, foot)
    rows = [(s, top + PITCH * (n + 0.5)) for n, s in enumerate(known)]
    _whiskers(sheet, rows, x, width=0.8)
    _markers(sheet, rows, x, 0.55)
    sheet.mark_made_up(8, top, right, foot)
    found = []
    for n, s in named:
        ink, y = f"a{order[s.area.id]}", top + PITCH * (n + 0.5)
        reach = x(min(s.high, x.high)) if s.high is not None else x(s.value)
        found.append(labels.Label(min(reach + 4, right), y, sheet.fitted(words.figure(s, sheet.lang)), s.area.name, ink))
        sheet.path(mark(style.AREA_MARKERS[order[s.area.id]], x(s.value), y), fill=ink, stroke="paper")
    sheet.y = max(foot, labels.beside(sheet, found, right + 6, top, foot) if aside else foot) + 4
    if not aside:
        for (_, s), label in zip(named, found, strict=True):
            sheet.path(mark(style.AREA_MARKERS[order[s.area.id]], 6, sheet.y + 10), fill=label.ink)
            sheet.lines(f"{label.value} {label.name}", x=16)
    for s in missing:
        if s.area.id in order:
            sheet.note(f"{s.area.name}: {words.missing_words(s, sheet.lang)}")


def _head(sheet: Sheet, x: Scale, steps: Sequence[float], city: Statement | None) -> float:
    """Write the axis and the city's figure above the rows; return where these begin."""
    if x.low > 0:
        sheet.note(t("chart.not_from_zero", sheet.lang))
    if city is not None and city.value is not None:
        said = f"{t('chart.city', sheet.lang)} {sheet.fitted(words.figure(city, sheet.lang))}"
        half = metrics.width(said, SMALL, True) / 2
        at = min(max(x(city.value), half), sheet.width - half)
        sheet.text(at, sheet.y + 12, said, ink="quiet", size=SMALL, bold=True, anchor="middle")
        sheet.y += 15
    _ticks(sheet, x, steps, sheet.y + 12)
    return sheet.y + 18


def _ticks(sheet: Sheet, x: Scale, steps: Sequence[float], y: float) -> None:
    places = axis.decimals(steps)
    for step in steps:
        text = words.number(step, places, sheet.lang)
        half = metrics.width(text, SMALL) / 2
        at = min(max(x(step), half), sheet.width - half)
        sheet.text(at, y, text, ink="quiet", size=SMALL, anchor="middle")


def _whiskers(sheet: Sheet, rows: Sequence[tuple[Statement, float]], x: Scale, width: float = 1.2) -> None:
    low, high = sorted((x.low, x.high))
    d = "".join(
        f"M{num(x(max(s.low, low)))} {num(y)}H{num(x(min(s.high, high)))}"
        for s, y in rows
        if s.low is not None and s.high is not None
    )
    sheet.path(d, stroke="city", width=width)


def _code(s: Statement) -> str:
    code = style.SMALL if s.comparison == "small" else deviation_code(s)
    return code if code in SHAPES or code == style.SMALL else "C"


def _markers(sheet: Sheet, rows: Sequence[tuple[Statement, float]], x: Scale, size: float) -> None:
    """Draw a marker for each area, by how it stands against the rest of the city."""
    for code in (style.SMALL, *SHAPES):
        places = [(x(s.value), y) for s, y in rows if _code(s) == code]
        sheet.points(SHAPES.get(code, "circle"), places, size=size, **_look(code))


def _look(code: str) -> dict[str, object]:
    if code == style.SMALL:
        return {"fill": "paper", "stroke": "quiet", "dashes": "1.5 1.5"}
    return {"fill": code, "stroke": "quiet" if code in "BCD" else code, "width": 0.8}


def _legend(sheet: Sheet, indicator: Indicator, known: Sequence[Statement]) -> None:
    """Say what the markers mean, only those that are there; on as many lines as it takes."""
    present = {_code(s) for s in known}
    if not any(s.comparison for s in known):
        return
    legend = deviation_legend(indicator, known, sheet.lang)
    items = [(c, label) for c, label in zip(legend.codes, legend.labels, strict=True) if c in present]
    items += [(style.SMALL, t("areamap.small", sheet.lang))] if style.SMALL in present else []
    x, y = 0.0, sheet.y + 16
    for code, label in items:
        needed = 14 + metrics.width(label, SMALL)
        if x and x + needed > sheet.width:
            x, y = 0.0, y + 16
        sheet.points(SHAPES.get(code, "circle"), [(x + 5, y - 4)], **_look(code))
        sheet.text(x + 14, y, label, size=SMALL)
        x += needed + 16
    sheet.y = y + 6
