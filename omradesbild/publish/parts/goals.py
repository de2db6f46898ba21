"""A goal of the council: where the city stands on its measures, and how far apart areas are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from omradesbild import words
from omradesbild.analyse import gaps, relative, segregation
from omradesbild.analyse.gaps import Estimate
from omradesbild.analyse.statements import Segment, Statements
from omradesbild.model import Direction, Goal, Indicator
from omradesbild.publish import movement
from omradesbild.publish.document import Table
from omradesbild.publish.parts.pen import source_line
from omradesbild.publish.summary import area_span
from omradesbild.words import t

#: Figures older than this are called old.
OLD_YEARS = 3


def known(statements: Statements, id_: str) -> tuple[Segment, ...]:
    """Return the city's series of an indicator in its unbroken parts, only points with a value."""
    found = statements.series(statements.pack.info.city, id_)
    parts = (Segment(tuple(s for s in part.points if s.value is not None), part.breaks) for part in found)
    return tuple(part for part in parts if part.points)


def city(statements: Statements, goal: Goal, lang: str) -> Table | None:
    """Set out the goal's measures in the whole city: newest figure, the first of the same series, and what moved."""
    rows, shown = [], []
    for id_ in goal.indicators:
        if segments := known(statements, id_):
            shown.append(segments[-1].points[-1])
            rows.append(_row(statements, segments, lang))
    if not rows:
        return None
    columns = tuple(t(f"column.{c}", lang) for c in ("title", "value", "unit", "period", "before", "trend"))
    notes = (t("goals.trend_note", lang), source_line(shown, lang))
    return Table(t("goals.city", lang), columns, tuple(rows), numeric=(1,), wide=(0,), notes=notes, rests_on=tuple(shown))


def _row(statements: Statements, segments: tuple[Segment, ...], lang: str) -> tuple[str, ...]:
    newest = segments[-1].points[-1]
    year = words.period(newest.period, lang)
    old = int(newest.period[:4]) < int(statements.pack.info.version[:4]) - OLD_YEARS
    return (
        words.title(newest.indicator, newest.group, lang),
        words.marked(newest, lang),
        newest.indicator.unit.get(lang),
        f"{year} ({t('overview.old', lang)})" if old else year,
        earlier(segments, lang) or "–",
        trend(statements, newest.indicator.id, lang),
    )


def trend(statements: Statements, id_: str, lang: str) -> str:
    """Say how the city's figure has moved over the latest five years, and over eight to ten where there are so many."""
    moved = movement.of(statements, statements.pack.info.city, id_)
    if moved is None:
        return ""
    short = movement.word(moved, lang) or t("movement.word_too_few", lang)
    return ". ".join(filter(None, [short, movement.many_years(moved, lang)]))


def earlier(segments: tuple[Segment, ...], lang: str) -> str:
    """Write the first figure of the newest unbroken part of a series, and say when it is not the first part."""
    points = [s for s in segments[-1].points if s.value is not None]
    said = t("overview.new_series", lang, period=words.period(points[0].period, lang)) if len(segments) > 1 else ""
    if len(points) < 2:
        return said
    first = t("overview.since", lang, value=words.marked(points[0], lang), period=words.period(points[0].period, lang))
    return f"{first} ({said})" if said else first


def span(statements: Statements, id_: str, lang: str) -> str:
    """Write how far apart the areas are: "0,9 % till 33,0 % år 2022"."""
    found = area_span(statements, id_)
    if found is None:
        return ""
    low, high = (words.marked(s, lang) for s in found)
    return t("overview.span", lang, low=low, high=high, period=words.period(found[0].period, lang))


def areas(statements: Statements, goal: Goal, lang: str) -> Table | None:
    """Set out how far apart areas are in the goal's measures, and whether that has changed; None where it is not known.

    Among `rests_on` are a measure's lowest and highest area; the gap rests on every area's figure.
    """
    pack = statements.pack
    measured = [pack.indicators[i] for i in goal.indicators if statements.periods(i, pack.info.base_level)]
    if not measured:
        return None
    orders = {found[-1].points[-1].ordering for i in measured if (found := _over_time(statements, i.id)[0])}
    named = words.listing([pack.indicators[o].title.get(lang).lower() for o in sorted(orders)], lang)
    shown = tuple(s for i in measured for s in (area_span(statements, i.id) or ()))
    gap_note = (t("goals.gap_note", lang, ordering=named),) if orders else ()
    return Table(
        t("goals.areas", lang),
        tuple(t(f"column.{c}", lang) for c in ("title", "span", "gap", "gap_change", "uneven", "uneven_change", "areas_moved")),
        tuple(_areas_row(statements, i, lang) for i in measured),
        wide=(0, 2, 3),
        notes=(*gap_note, t("goals.uneven_note", lang), source_line(shown, lang)),
        rests_on=shown,
    )


def _areas_row(statements: Statements, indicator: Indicator, lang: str) -> tuple[str, ...]:
    """Write a measure's span, gap, unevenness and how they and the areas have moved."""
    gap, uneven = _over_time(statements, indicator.id)
    return (
        words.title(indicator, indicator.default_group, lang),
        span(statements, indicator.id, lang) or "–",
        *(_gap(gap[-1], indicator, lang) if gap else ("–", "–")),
        *(_uneven(uneven[-1], lang) if uneven else ("–", "–")),
        _moved(_movements(statements, indicator.id), indicator, lang),
    )


@lru_cache(maxsize=128)
def _over_time(statements: Statements, indicator: str) -> tuple[Sequence[gaps.Run], Sequence[segregation.Run]]:
    """Return the gap and the unevenness year by year."""
    return gaps.over_time(statements, indicator), segregation.over_time(statements, indicator)


def _gap(run: gaps.Run, indicator: Indicator, lang: str) -> tuple[str, str]:
    """Write the gap between the fifths in the newest year, and how it has changed since the first of the run."""
    first, last = run.points[0], run.points[-1]
    best, worst = (words.value_text(e.value, "", indicator, lang) for e in (last.gaps.best, last.gaps.worst))
    values = {"best": best, "worst": worst, "period": words.period(last.across.period, lang)}
    values["gap"] = _estimate(_length(last.gaps.difference), indicator, lang)
    said = t("goals.gap", lang, **values)
    if run.change is None:
        return said, t("goals.one_year", lang)
    return said, _changed(run.change.difference, indicator, first.across.period, indicator.minimum_difference, lang)


def _length(e: Estimate) -> Estimate:
    """Return a distance without its sign, which tells only whether a high figure is good."""
    return e if e.value >= 0 else Estimate(-e.value, -e.high, -e.low)


def _uneven(run: segregation.Run, lang: str) -> tuple[str, str]:
    """Write what share of a group would have to move to live as others, and how that has changed."""
    first, last = run.points[0], run.points[-1]
    measure = last.segregation.dissimilarity
    number = words.with_unit(words.number(100 * measure.value, 0, lang), "%")
    said = t("goals.uneven", lang, value=number, period=words.period(last.across.period, lang))
    if run.change is None:
        return said, t("goals.one_year", lang)
    moved = Estimate(*(100 * x for x in (run.change.value, run.change.low, run.change.high)))
    return said, _changed(moved, None, first.across.period, 0.0, lang)


def _changed(change: Estimate, indicator: Indicator | None, since: str, minimum: float, lang: str) -> str:
    """Say whether a distance has changed: clearly larger or smaller, no clear change, or not tested."""
    values = {"change": _estimate(change, indicator, lang, sign=True), "period": words.period(since, lang)}
    if math.isnan(change.low):
        return t("goals.change_untested", lang, **values)
    if change.low <= 0 <= change.high or abs(change.value) < minimum:
        return t("goals.change_none", lang, **values)
    return t("goals.change_larger" if change.value > 0 else "goals.change_smaller", lang, **values)


def _estimate(e: Estimate, indicator: Indicator | None, lang: str, *, sign: bool = False) -> str:
    """Write a difference with its interval; `indicator` None: between percentages."""
    unit = words.difference_unit(indicator, lang) if indicator else t("number.percentage_points", lang)
    decimals = indicator.decimals if indicator else 1
    number = words.with_unit(words.number(e.value, decimals, lang, sign=sign), unit)
    if math.isnan(e.low):
        return number
    low, high = (words.number(x, decimals, lang, sign=sign) for x in (e.low, e.high))
    return f"{number} ({t('priority.places', lang, first=low, last=high)})"


@lru_cache(maxsize=128)
def _movements(statements: Statements, indicator: str) -> Counter:
    """Count the basic areas by how they have moved from the rest of the city over five years."""
    pack = statements.pack
    of_city = statements.series(pack.info.city, indicator)[-1:]
    points = [p for part in of_city for p in part.points]
    each = (statements.series(a.id, indicator)[-1:] for a in pack.areas.values() if a.level == pack.info.base_level)
    return Counter(relative.assess(part[0].points, points).code for part in each if part)


def _moved(codes: Counter, indicator: Indicator, lang: str) -> str:
    tested = codes["rising"] + codes["falling"] + codes["with_city"]
    if not tested:
        return t("goals.moves_too_few" if codes["too_few"] else "goals.moves_untested", lang)
    numbers = {"rising": codes["rising"], "falling": codes["falling"], "tested": tested}
    if indicator.direction is Direction.NONE:
        return t("goals.moves_plain", lang, **numbers)
    bad, good = ("rising", "falling") if indicator.direction is Direction.LOWER_BETTER else ("falling", "rising")
    return t("goals.moves", lang, bad=codes[bad], good=codes[good], tested=tested)
