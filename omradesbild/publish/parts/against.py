"""What figures are compared with: the rest of the city, another area, or the same area some years earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from omradesbild import words
from omradesbild.analyse import between
from omradesbild.analyse.between import BACK, Between
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.link import EARLIER
from omradesbild.model import Kind, Level
from omradesbild.pack import Pack
from omradesbild.words import t


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure with what it is compared with.

    Attributes
    ----------
    value : str
        The other figure, as it is written; empty where there is nothing to set beside.
    code : str
        One of difference.CODES.
    said : str
        The same in a few words.
    other : Statement or None
        The other figure, where it is one of the pack's own.
    """

    statement: Statement
    value: str
    code: str
    said: str
    other: Statement | None = None


def name(against: str, pack: Pack, lang: str) -> str:
    """Name what is compared with: an area, earlier years, or without either the rest of the city."""
    if not against:
        return t("against.rest", lang)
    return t("against.earlier", lang) if against == EARLIER else pack.areas[against].name


def heading(against: str, pack: Pack, lang: str) -> str:
    """Name what is compared with, as the heading of a column."""
    return t("against.heading", lang, name=name(against, pack, lang)) if against else t("column.comparison", lang)


def rule(against: str, pack: Pack, lang: str) -> str:
    """Say what the words of a comparison mean."""
    kind = {"": "rest", EARLIER: "earlier"}.get(against, "area")
    return t(f"against.rule_{kind}", lang, name=name(against, pack, lang), years=BACK)


@lru_cache(maxsize=256)
def found(statements: Statements, figures: tuple[Statement, ...], against: str) -> list[Between]:
    """Compare figures with an area's of the same year, or with their own areas' earlier years."""
    if against == EARLIER:
        series = [statements.series(s.area.id, s.indicator.id, s.group) for s in figures]
        return between.years([(s, between.earlier(line, s.period)) for s, line in zip(figures, series, strict=True)])
    others = [statements.get(against, s.indicator.id, s.period, s.group) for s in figures]
    return between.areas(list(zip(figures, others, strict=True)), statements.pack)


def said(statements: Statements, figures: Sequence[Statement], against: str, lang: str, *, short: bool = True) -> list[str]:
    """Say how each figure stands."""
    if not against:
        return [words.comparison(s, lang, short=short) for s in figures]
    return [words.between(each, lang) for each in found(statements, tuple(figures), against)]


def compared(statements: Statements, figures: Sequence[Statement], against: str, lang: str) -> list[Compared]:
    """Set each figure beside the city's, an area's, or its own area's earlier one."""
    if not against:
        return [Compared(s, _city(s, lang), s.comparison, words.comparison(s, lang, short=True)) for s in figures]
    return [
        Compared(s, _other(each, against, lang), each.code, words.between(each, lang), each.other)
        for s, each in zip(figures, found(statements, tuple(figures), against), strict=True)
    ]


def _city(s: Statement, lang: str) -> str:
    alone = s.area.level is Level.KOMMUN or s.indicator.kind is Kind.COUNT or s.city_value is None
    return "" if alone else words.value_text(s.city_value, "", s.indicator, lang)


def _other(each: Between, against: str, lang: str) -> str:
    if each.reason == "same" or each.other is None:
        return ""
    return f"{words.marked(each.other, lang)} ({words.period(each.other.period, lang)})" if against == EARLIER else words.marked(each.other, lang)
