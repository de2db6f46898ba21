"""A goal of the council: where the city stands on its measures, and how far apart areas are."""

from __future__ import annotations

from omradesbild import words
from omradesbild.analyse.statements import Segment, Statement, Statements
from omradesbild.model import Goal
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
    columns = tuple(t(f"column.{c}", lang) for c in ("title", "value", "unit", "period", "before", "trend", "span"))
    notes = (t("goals.trend_note", lang), source_line(shown, lang))
    return Table(t("goals.city", lang), columns, tuple(rows), numeric=(1,), wide=(0,), notes=notes, rests_on=tuple(shown))


def _row(statements: Statements, segments: tuple[Segment, ...], lang: str) -> tuple[str, ...]:
    newest = segments[-1].points[-1]
    year = words.period(newest.period, lang)
    old = int(newest.period[:4]) < int(statements.pack.info.version[:4]) - OLD_YEARS
    return (
        words.title(newest.indicator, newest.group, lang),
        marked(newest, lang),
        newest.indicator.unit.get(lang),
        f"{year} ({t('overview.old', lang)})" if old else year,
        earlier(segments, lang) or "–",
        trend(statements, newest.indicator.id, lang),
        span(statements, newest.indicator.id, lang) or "–",
    )


def trend(statements: Statements, id_: str, lang: str) -> str:
    """Say how the city's figure has moved over the latest five years, and over eight to ten where there are so many."""
    moved = movement.of(statements, statements.pack.info.city, id_)
    if moved is None:
        return ""
    short = movement.word(moved, lang) or t("movement.word_too_few", lang)
    return ". ".join(filter(None, [short, movement.many_years(moved, lang)]))


def marked(s: Statement, lang: str) -> str:
    """Write a figure with its marks."""
    return words.figure(s, lang) + (f" {s.flag}" if s.flag else "")


def earlier(segments: tuple[Segment, ...], lang: str) -> str:
    """Write the first figure of the newest unbroken part of a series, and say when it is not the first part."""
    points = [s for s in segments[-1].points if s.value is not None]
    said = t("overview.new_series", lang, period=words.period(points[0].period, lang)) if len(segments) > 1 else ""
    if len(points) < 2:
        return said
    first = t("overview.since", lang, value=marked(points[0], lang), period=words.period(points[0].period, lang))
    return f"{first} ({said})" if said else first


def span(statements: Statements, id_: str, lang: str) -> str:
    """Write how far apart the areas are: "0,9 % till 33,0 % år 2022"."""
    found = area_span(statements, id_)
    if found is None:
        return ""
    low, high = (marked(s, lang) for s in found)
    return t("overview.span", lang, low=low, high=high, period=words.period(found[0].period, lang))
