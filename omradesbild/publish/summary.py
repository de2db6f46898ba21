"""The city and an area in at most six sentences, each made from statements by an open rule.

A rule picks figures, never adjectives of its own; what is uncertain is called uncertain, and nothing is picked on
noise. The sentences are about conditions in an area, not about the people who live there.

An area's sentences, in this order:

1. *Size.* The first of the pack's headline counts that the area has.
2. *The clearest differences*, at most `CLEAREST`: measures with a judgement, not older than `RECENT` years, whose figure
   is secure and whose difference from the rest of the city is clear by the test. Those come first whose difference is
   most times the smallest worth naming; one of each theme, so that one condition is not told three times. Better and
   worse count alike. Where there is none, that is said.
3. *The largest movement.* Among measures with a judgement, the clear five-point trend that is most times the smallest
   change worth naming; where there is none, the clearest movement against the rest of the city by the same count.
4. *What cannot be said*: shares, means and the like that are withheld, missing, too small to compare, or have too
   few years.
"""

from __future__ import annotations

from dataclasses import dataclass

from omradesbild import words
from omradesbild.analyse.statements import COMPARABLE, Statement, Statements
from omradesbild.model import Direction, Flag, Kind, Level
from omradesbild.publish import movement
from omradesbild.publish.movement import Movement
from omradesbild.words import t

CLEAREST = 3
RECENT = 5
#: What a figure that differs clearly is called by difference.CODES.
HIGHER, LOWER = ("much_higher", "higher"), ("much_lower", "lower")


@dataclass(frozen=True)
class Sentence:
    """A sentence, the statements that it rests on, the rule that chose it, and the numbers that decided."""

    text: str
    rests_on: tuple[Statement, ...]
    rule: str = ""
    numbers: tuple[str, ...] = ()


def city_sentences(statements: Statements, lang: str = "sv") -> list[Sentence]:
    """Sum up the city: one sentence per headline indicator, newest year, and the largest movement.

    Each gives the city's figure; where areas differ, the span between them. The span leaves out areas
    that are too small to say anything about.
    """
    found = (_city_sentence(statements, id_, lang) for id_ in statements.pack.info.headline)
    rule = t("summary.rule_city", lang)
    said = [_explained(sentence, rule, statements, lang) for sentence in found if sentence is not None]
    moved = _moved(statements, statements.pack.info.city, lang)
    return [*said, *([moved] if moved else [])]


def area_sentences(statements: Statements, area: str, lang: str = "sv") -> list[Sentence]:
    """Sum up an area by the rules that stand first in this module; the city by its own."""
    if area == statements.pack.info.city:
        return city_sentences(statements, lang)
    found = [
        _size(statements, area, lang),
        *_differences(statements, area, lang),
        _moved(statements, area, lang),
        _unsaid(statements, area, lang),
    ]
    return [sentence for sentence in found if sentence is not None]


def _size(statements: Statements, area: str, lang: str) -> Sentence | None:
    indicators = statements.pack.indicators
    counts = (i for i in statements.pack.info.headline if indicators[i].kind is Kind.COUNT)
    s = next(filter(None, (statements.latest_of(area, i) for i in counts)), None)
    if s is None:
        return None
    values = {"title": words.title(s.indicator, s.group, lang), "value": words.figure(s, lang)}
    values["period"] = ", ".join([words.period(s.period, lang), *words.flag_words(s.flag, lang)])
    city = statements.get(statements.pack.info.city, s.indicator.id, s.period)
    text, rests_on = t("summary.count", lang, **values), (s,)
    if city is not None and city.value:
        share = words.with_unit(words.number(100 * s.value / city.value, 1, lang), "%")
        text, rests_on = t("summary.size", lang, **values, share=share), (s, city)
    return _explained(Sentence(text, rests_on), t("summary.rule_size", lang), statements, lang)


def _judged(statements: Statements, area: str) -> list[Statement]:
    """Return an area's newest figure of each measure with a judgement, those that are not too old."""
    oldest = int(statements.pack.info.version[:4]) - RECENT
    found = (
        statements.latest_of(area, i.id)
        for i in statements.pack.indicators.values()
        if i.direction is not Direction.NONE
    )
    return [s for s in found if s is not None and int(s.period[:4]) >= oldest]


def clearest(statements: Statements, area: str) -> list[Statement]:
    """Return the figures by which an area differs most clearly from the rest of the city, one of a theme."""
    clear = [
        s for s in _judged(statements, area) if s.comparison in HIGHER + LOWER and s.reliability == "secure"
    ]
    clear.sort(key=lambda s: (-_times(s.difference, s), s.indicator.id))
    by_theme: dict[str, Statement] = {}
    for s in clear:
        by_theme.setdefault(s.indicator.theme, s)
    return list(by_theme.values())[:CLEAREST]


def _times(change: float, s: Statement) -> float:
    """Return how many times the smallest difference worth naming a change is."""
    return round(abs(change) / max(s.indicator.minimum_difference, 1e-9), 6)


def _differences(statements: Statements, area: str, lang: str) -> list[Sentence]:
    found = clearest(statements, area)
    rule = t("summary.rule_clear", lang, most=CLEAREST, years=RECENT)
    if found:
        return [_explained(Sentence(_difference(s, lang), (s,)), rule, statements, lang) for s in found]
    tested = tuple(s for s in _judged(statements, area) if s.comparison in (*HIGHER, *LOWER, "none"))
    if not tested:
        return []
    text = t("summary.none_clear", lang, number=len(tested))
    return [Sentence(text, tested, rule, tuple(_line(s, lang) for s in tested))]


def _difference(s: Statement, lang: str) -> str:
    better = (s.comparison in HIGHER) == (s.indicator.direction is Direction.HIGHER_BETTER)
    return t(
        "summary.clear_better" if better else "summary.clear_worse",
        lang,
        title=words.title(s.indicator, s.group, lang),
        value=words.figure(s, lang),
        city=words.value_text(s.city_value, "", s.indicator, lang),
        period=", ".join([words.period(s.period, lang), *words.flag_words(s.flag, lang)]),
        comparison=words.comparison(s, lang),
    )


def _moved(statements: Statements, area: str, lang: str) -> Sentence | None:
    """Tell the largest clear movement, the area's own first, else that against the city."""
    found = (movement.of(statements, area, s.indicator.id, s.group) for s in _judged(statements, area))
    known = [m for m in found if m is not None and not m.ended]
    own = [(_times(m.trend.change, m.newest), m) for m in known if m.trend.code in ("up", "down")]
    against = [
        (_times(m.relative.difference, m.newest), m) for m in known if m.relative.code in ("rising", "falling")
    ]
    for told, say in ((own, movement.own_years), (against, movement.against_city)):
        if told:
            _, m = max(told, key=lambda pair: (pair[0], pair[1].indicator.id))
            return _movement(m, say(m, lang), lang)
    return None


def _movement(m: Movement, said: str, lang: str) -> Sentence:
    title = words.title(m.indicator, m.newest.group, lang)
    by_period = {p.period: p for p in m.points}
    ends = tuple(by_period[p] for p in (m.trend.first, m.trend.last))
    lines = (*(_line(s, lang) for s in ends), *movement.sentences(m, lang), *movement.rules(m, lang))
    text = f"{title}: {said[:1].lower()}{said[1:]}"
    return Sentence(text, ends, t("summary.rule_moved", lang), (*lines, _source(ends, lang)))


def _unsaid(statements: Statements, area: str, lang: str) -> Sentence | None:
    """Count what cannot be said about an area that is said about others of its kind."""
    pack = statements.pack
    level = pack.areas[area].level
    groups: dict[str, list[str]] = {"withheld": [], "missing": [], "small": [], "years": []}
    rests_on = []
    for i in pack.indicators.values():
        period = statements.latest(i.id, level)
        if period is None or i.kind not in COMPARABLE:
            continue
        s = statements.get(area, i.id, period)
        found = movement.of(statements, area, i.id)
        if s is not None and s.value is None and Flag.SUPPRESSED.value in s.flag.split():
            kind = "withheld"
        elif s is None or s.value is None:
            kind = "missing"
        elif s.comparison == "small":
            kind = "small"
        elif found is not None and found.trend.code == "too_few":
            kind = "years"
        else:
            continue
        groups[kind].append(words.title(i, i.default_group, lang))
        rests_on += [s] if s is not None else []
    counted = {kind: titles for kind, titles in groups.items() if titles}
    if not counted:
        return None
    parts = [t(f"summary.unsaid_{kind}", lang, number=len(titles)) for kind, titles in counted.items()]
    named = (t(f"summary.unsaid_{k}", lang, number=len(x)) + ": " + ", ".join(x) + "." for k, x in counted.items())
    numbers = tuple(words.capital(line) for line in named)
    text = t("summary.unsaid", lang, parts=words.listing(parts, lang))
    return Sentence(text, tuple(rests_on), t("summary.rule_unsaid", lang), numbers)


def _explained(sentence: Sentence, rule: str, statements: Statements, lang: str) -> Sentence:
    """Add the rule, and for each figure the numbers that decided."""
    lines = [line for s in sentence.rests_on for line in (_line(s, lang), *_decided(s, statements, lang))]
    return Sentence(sentence.text, sentence.rests_on, rule, (*lines, _source(sentence.rests_on, lang)))


def _source(figures: tuple[Statement, ...], lang: str) -> str:
    sources = dict.fromkeys(s.source.id for s in figures)
    by_id = {s.source.id: s.source for s in figures}
    processed = any(s.composed or s.indicator.processing is not None for s in figures)
    return words.source_text([by_id[id_] for id_ in sources], lang, processed=processed)


def _line(s: Statement, lang: str) -> str:
    """Write a figure with its counts, interval and year."""
    counts = interval = ""
    if s.numerator is not None and s.denominator is not None:
        numbers = {"numerator": words.count(s.numerator, lang), "denominator": words.count(s.denominator, lang)}
        counts = t("summary.counts", lang, **numbers)
    if s.low is not None:
        reliability = words.reliability(s, lang)
        interval = t("summary.interval", lang, interval=words.interval(s, lang), reliability=reliability)
    title, period = words.title(s.indicator, s.group, lang), words.period(s.period, lang)
    text = t("summary.line", lang, title=title, area=s.area.name, period=period, value=words.figure(s, lang))
    return ", ".join(filter(None, [f"{text} {counts}".strip(), interval])) + "."


def _decided(s: Statement, statements: Statements, lang: str) -> list[str]:
    """Say what a tested difference was compared with and what decided."""
    if s.comparison not in (*HIGHER, *LOWER, "none"):
        return []
    city = statements.get(statements.pack.info.city, s.indicator.id, s.period, s.group)
    value = s.indicator.factor * (city.numerator - s.numerator) / (city.denominator - s.denominator)
    minimum = words.number(s.indicator.minimum_difference, s.indicator.decimals, lang)
    rest = t(
        "summary.rest",
        lang,
        rest=words.value_text(value, "", s.indicator, lang),
        difference=words.difference(s, lang),
        minimum=words.with_unit(minimum, words.difference_unit(s.indicator, lang)),
    )
    strength = "none" if s.comparison == "none" else "very" if s.comparison.startswith("much") else "clear"
    return [rest, t(f"summary.test_{strength}", lang)]


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
    values |= {"low": _flagged(low, lang), "high": _flagged(high, lang)}
    values["then"] = words.period(low.period, lang)
    key = "summary.city_span" if low.period == city.period else "summary.city_span_then"
    return Sentence(t(key, lang, **values), (city, low, high))


def _flagged(s: Statement, lang: str) -> str:
    said = words.flag_words(s.flag, lang)
    return words.figure(s, lang) + (f" ({', '.join(said)})" if said else "")


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
