"""What figures are compared with, when the reader has chosen something else than the rest of the city."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from components.engine import engine
from components.state import lang
from omradesbild import words
from omradesbild.analyse import between
from omradesbild.analyse.between import Between
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.link import EARLIER
from omradesbild.words import t


def heading(against: str) -> str:
    """Name what is compared with, as the heading of a column."""
    if not against:
        return t("column.comparison", lang())
    return t("against.heading", lang(), name=name(against))


def name(against: str) -> str:
    """Name what can be compared with, as it stands among the choices."""
    if not against:
        return t("against.rest", lang())
    return t("against.earlier", lang()) if against == EARLIER else engine().pack.areas[against].name


def said(figures: Sequence[Statement], against: str, *, short: bool = False) -> list[str]:
    """Say how each figure stands against what the reader chose."""
    if not against:
        return [words.comparison(s, lang(), short=short) for s in figures]
    return [words.between(found, lang()) for found in _compared(engine().statements, tuple(figures), against)]


@lru_cache(maxsize=256)
def _compared(statements: Statements, figures: tuple[Statement, ...], against: str) -> list[Between]:
    if against == EARLIER:
        series = [statements.series(s.area.id, s.indicator.id, s.group) for s in figures]
        return between.years(
            [(s, between.earlier(line, s.period)) for s, line in zip(figures, series, strict=True)]
        )
    others = [statements.get(against, s.indicator.id, s.period, s.group) for s in figures]
    return between.areas(list(zip(figures, others, strict=True)), statements.pack)
