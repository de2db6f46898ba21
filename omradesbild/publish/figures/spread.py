"""One line for one year: every area a tick, the chosen ones named, the city a thick mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.model import Kind
from omradesbild.publish import style
from omradesbild.publish.figures import axis, metrics
from omradesbild.publish.figures.sheet import SMALL, Caption, Setting, Sheet, at_most_six, mark, num
from omradesbild.words import t

LANE = 15.0


@dataclass(frozen=True)
class _Flag:
    """A chosen area's label: where its pole stands and what it covers."""

    order: int
    text: str
    at: float
    left: float
    right: float
    lane: int = 0


def spread(
    everyone: Sequence[Statement],
    named: Sequence[tuple[str, Statement]],
    city: Statement | None,
    caption: Caption,
    setting: Setting,
    *,
    span: tuple[float, float] | None = None,
) -> str:
    """Draw where areas stand among all.

    Parameters
    ----------
    everyone
        Statements of all areas of one kind: one indicator, one period.
    named
        Name and statement of the chosen areas, in the order of their colours.
    city
        Its mark; left out for counts, where an area is a part of it.
    span
        The value axis, where several charts share one; otherwise from the lowest to the highest figure.
    """
    at_most_six(named)
    sheet = Sheet(caption, setting)
    if city is not None and city.indicator.kind is Kind.COUNT:
        city = None
    known = [s.value for s in everyone if s.value is not None]
    own = [(n, name, s) for n, (name, s) in enumerate(named) if s.value is not None]
    all_ = known + [s.value for _, _, s in own]
    if all_:
        reach = span or (min(all_), max(all_))
        x = axis.Scale(*reach, 6, sheet.width - 6)
        foot = _labels(sheet, own, x)
        _strip(sheet, known, own, city, x, foot)
        _ends(sheet, everyone, city, x)
    else:
        sheet.lines(t("figure.nothing", sheet.lang))
    for name, s in named:
        if s.value is None:
            sheet.note(f"{name}: {words.missing_words(s, sheet.lang)}")
    return sheet.svg()


def _labels(sheet: Sheet, own, x: axis.Scale) -> float:
    """Write the chosen areas' names as flags above the strip, each on a pole from its mark; return the strip's top."""
    flags: list[_Flag] = []
    for n, name, s in sorted(own, key=lambda each: each[2].value, reverse=True):
        value = f" {sheet.fitted(words.figure(s, sheet.lang))}"
        text = metrics.shorten(name, sheet.width - 4 - metrics.width(value, SMALL, True), SMALL, True) + value
        size, at = metrics.width(text, SMALL, True) + 4, x(s.value)
        left = at if at + size <= sheet.width else max(at - size, 0.0)
        flag = _Flag(n, text, at, left, left + size)
        flags.append(replace(flag, lane=_free_lane(flag, flags)))
    foot = sheet.y + LANE * (max((f.lane for f in flags), default=-1) + 1) + 6
    for f in flags:
        base = foot - LANE * f.lane - 8
        sheet.path(f"M{num(f.at)} {num(base - 9)}V{num(foot + 8)}", stroke=f"a{f.order}", width=0.8)
    for f in flags:
        sheet.text(
            f.left + 3, foot - LANE * f.lane - 8, f.text, ink=f"a{f.order}", size=SMALL, bold=True, halo=True
        )
    return foot


def _free_lane(flag: _Flag, placed: Sequence[_Flag]) -> int:
    """Return the lowest lane where a flag covers no other and no pole crosses a flag; else one above all."""
    for lane in range(len(placed)):
        if not any(_clash(replace(flag, lane=lane), other) for other in placed):
            return lane
    return len(placed)


def _clash(one: _Flag, other: _Flag) -> bool:
    if one.lane == other.lane:
        return one.left < other.right + 6 and other.left < one.right + 6
    upper, lower = (one, other) if one.lane > other.lane else (other, one)
    return lower.left < upper.at < lower.right


def _strip(
    sheet: Sheet, known: Sequence[float], own, city: Statement | None, x: axis.Scale, foot: float
) -> None:
    middle = foot + 10
    sheet.path(f"M{num(x.start)} {num(middle)}H{num(x.end)}", stroke="hair")
    ticks = "".join(f"M{num(x(v))} {num(middle - 6)}v12" for v in sorted(known))
    sheet.path(ticks, stroke="city", more='stroke-opacity="0.55"')
    if city is not None and city.value is not None and min(x.low, x.high) <= city.value <= max(x.low, x.high):
        sheet.path(f"M{num(x(city.value))} {num(middle - 9)}v21", stroke="city", width=4)
    for n, _, s in own:
        sheet.path(mark(style.AREA_MARKERS[n], x(s.value), middle, 1.2), fill=f"a{n}", stroke="paper")
    sheet.mark_made_up(x.start, middle - 8, x.end, middle + 16)
    sheet.y = middle + 12


def _ends(sheet: Sheet, everyone: Sequence[Statement], city: Statement | None, x: axis.Scale) -> None:
    """Write the lowest, the highest and the city's figure below the strip, the last in a row of its own if need be."""
    first = next((s for s in everyone if s.value is not None), None)
    items: list[tuple[float, str]] = []
    if first is not None:
        for value in sorted({x.low, x.high}):
            items.append((x(value), words.value_text(value, "", first.indicator, sheet.lang, first.decimals)))
    if city is not None and city.value is not None:
        said = f"{t('chart.city', sheet.lang)} {words.figure(city, sheet.lang)}"
        items.append((min(max(x(city.value), x.start), x.end), said))
    sizes = [metrics.width(text, SMALL) for _, text in items]
    lefts = [min(max(at - w / 2, 0.0), sheet.width - w) for (at, _), w in zip(items, sizes, strict=True)]
    rows = axis.lanes([(left, left + w) for left, w in zip(lefts, sizes, strict=True)], gap=8)
    placed = zip(lefts, rows, items, strict=True)
    told = [(left, sheet.y + 12 + LANE * row, text) for left, row, (_, text) in placed]
    sheet.texts(told, ink="quiet", size=SMALL)
    sheet.y += LANE * (max(rows, default=0) + 1) + 2
