"""The city and an area in a few sentences, each made from a statement by an open rule.

A rule picks figures, never adjectives of its own; what is uncertain is called uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass

from omradesbild import words
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Kind, Level
from omradesbild.words import t


@dataclass(frozen=True)
class Sentence:
    """A sentence and the statements that it rests on."""

    text: str
    rests_on: tuple[Statement, ...]


def city_sentences(statements: Statements, lang: str = "sv") -> list[Sentence]:
    """Sum up the city: one sentence per headline indicator, newest year.

    Each gives the city's figure; where areas differ, the span between them. The span leaves out areas
    that are too small to say anything about.
    """
    found = (_city_sentence(statements, id_, lang) for id_ in statements.pack.info.headline)
    return [sentence for sentence in found if sentence is not None]


def _city_sentence(statements: Statements, id_: str, lang: str) -> Sentence | None:
    pack = statements.pack
    indicator = pack.indicators[id_]
    periods = [
        p
        for p in statements.periods(id_)
        if (s := statements.get(pack.info.city, id_, p)) is not None and s.value is not None
    ]
    if not periods:
        return None
    city = statements.get(pack.info.city, id_, periods[-1])
    values = {"title": words.title(indicator, indicator.default_group, lang), "value": words.figure(city, lang)}
    values["period"] = ", ".join([words.period(city.period, lang), *words.flag_words(city.flag, lang)])
    if indicator.kind is Kind.COUNT:
        points = statements.series(pack.info.city, id_)[-1].points
        before = points[-2] if len(points) > 1 else None
        if before is None or before.value is None or int(before.period[:4]) != int(city.period[:4]) - 1:
            return Sentence(t("summary.count", lang, **values), (city,))
        change = words.number(city.value - before.value, 0, lang, sign=True)
        return Sentence(t("summary.count_change", lang, **values, change=change), (before, city))
    span = area_span(statements, id_)
    if span is None:
        key = "summary.count" if indicator.levels == (Level.KOMMUN,) else "summary.city"
        return Sentence(t(key, lang, **values), (city,))
    low, high = span
    values |= {"low": words.figure(low, lang), "high": words.figure(high, lang)}
    values["then"] = words.period(low.period, lang)
    key = "summary.city_span" if low.period == city.period else "summary.city_span_then"
    return Sentence(t(key, lang, **values), (city, low, high))


def area_span(statements: Statements, id_: str) -> tuple[Statement, Statement] | None:
    """Return the lowest and the highest of the basic areas, newest year; None where there are not two.

    Areas that are too small to say anything about are left out.
    """
    pack = statements.pack
    period = statements.latest(id_, pack.info.base_level)
    if period is None:
        return None
    areas = (a.id for a in pack.areas.values() if a.level == pack.info.base_level)
    found = [statements.get(area, id_, period) for area in areas]
    known = [s for s in found if s is not None and s.value is not None and s.comparison not in ("small", "")]
    if len(known) < 2:
        return None
    return min(known, key=lambda s: s.value), max(known, key=lambda s: s.value)
