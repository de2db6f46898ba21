"""The map of one indicator: which class every basic area has, and what is said about it.

Screen, file and public edition draw from the same `Picture`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from omradesbild import words
from omradesbild.analyse.classes import class_limits, classify
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Direction, Flag, Indicator, Kind, Source
from omradesbild.publish import style
from omradesbild.publish.picture import Legend, Picture
from omradesbild.words import t

#: Deviation class of each comparison where lower is the worse; turned round where higher is.
LOW_IS_WORSE = {
    "much_lower": "A",
    "lower": "B",
    "below": "B",
    "none": "C",
    "about": "C",
    "above": "D",
    "higher": "D",
    "much_higher": "E",
}
TURNED = dict(zip("ABCDE", "EDCBA", strict=True))
DEVIATION = "avvikelse"


def picture(
    statements: Statements,
    indicator: Indicator,
    period: str,
    group: str,
    *,
    mode: str = "niva",
    lang: str = "sv",
    chosen: Sequence[str] = (),
    outlines: str = "",
    police: str = "",
    initiatives: bool = False,
) -> Picture:
    """Return what the map of an indicator shows.

    Parameters
    ----------
    mode
        ``niva`` for the level, ``avvikelse`` for how each area differs from the rest of the city.
    chosen
        Area ids of any level.
    outlines
        The level whose areas are outlined: ``namngivet``, ``stadsdel`` or none.
    police
        The edition of the police's list to lay over the map, or none.
    """
    pack = statements.pack
    ids = [a.id for a in pack.areas.values() if a.level == pack.info.base_level]
    found = {id_: statements.get(id_, indicator.id, period, group) for id_ in [*ids, *chosen]}
    limits = () if mode == DEVIATION else limits_of(statements, indicator.id, group)
    known = {id_: s for id_, s in found.items() if s is not None and s.value is not None}
    city = statements.get(pack.info.city, indicator.id, period, group)
    title = f"{indicator.title.get(lang)}, {words.period(period, lang)}"
    comparable = mode != DEVIATION and indicator.kind is not Kind.COUNT
    drawn = city if comparable and city is not None and city.value is not None else None
    return Picture(
        title=title,
        unit=t("map.unit_deviation", lang) if mode == DEVIATION else indicator.unit.get(lang),
        summary=_summary(title, city, found.values(), lang),
        classes={id_: _code(found[id_], limits, mode) for id_ in ids},
        texts={id_: words.figure(s, lang) if s else "" for id_, s in found.items()},
        remarks={id_: _remark(s, lang) for id_, s in found.items()},
        values={id_: s.value for id_, s in known.items()} if mode != DEVIATION else {},
        legend=deviation_legend(indicator, found.values(), lang)
        if mode == DEVIATION
        else _level_legend(statements, indicator, group, limits, lang),
        city=(drawn.value, words.figure(drawn, lang)) if drawn else None,
        source=words.source_text(sources_of(found.values()), lang, processed=indicator.processing is not None),
        attribution=" · ".join(pack.info.attributions),
        chosen=tuple(chosen),
        outlines=tuple(a.id for a in pack.areas.values() if outlines and a.level == outlines),
        police=overlaps(statements, police) if police else {},
        police_text=t("map.police_areas", lang, edition=police) if police else "",
        initiatives=counts(statements) if initiatives else {},
        demonstration=pack.info.demonstration,
        lang=lang,
    )


@lru_cache(maxsize=512)
def limits_of(statements: Statements, indicator: str, group: str) -> tuple[float, ...]:
    """Return the class limits of an indicator, the same for all its years."""
    pack = statements.pack
    if pack.indicators[indicator].kind is Kind.CLASS:
        low, high = pack.indicators[indicator].range
        return tuple(float(v) for v in range(int(low) + 1, int(high) + 1))
    return class_limits(statements.history(indicator, group).value.ravel())


def overlaps(statements: Statements, edition: str) -> dict[str, float]:
    """Return the share (0–1) of each base area's surface inside the police's borders of an edition."""
    entries = (entry for e in statements.pack.police if e.edition == edition for entry in e.entries)
    shares: dict[str, float] = {}
    for entry in entries:
        for area, share in entry.overlap.items():
            shares[area] = min(1.0, shares.get(area, 0.0) + share)
    return shares


def counts(statements: Statements) -> dict[str, str]:
    """Return how many initiatives name each base area, itself or through an area it belongs to."""
    pack = statements.pack
    found: dict[str, int] = {}
    for initiative in pack.initiatives:
        parts = {p for a in initiative.areas if a != pack.info.city for p in pack.areas[a].members or (a,)}
        for part in parts:
            found[part] = found.get(part, 0) + 1
    return {area: str(number) for area, number in found.items()}


def _code(s: Statement | None, limits: tuple[float, ...], mode: str) -> str:
    if s is None or s.value is None:
        flags = s.flag.split() if s else []
        if Flag.SUPPRESSED in flags:
            return style.SUPPRESSED
        return style.NOT_APPLICABLE if Flag.NOT_APPLICABLE in flags else style.NOT_REPORTED
    if s.comparison == "small":
        return style.SMALL
    return deviation_code(s) if mode == DEVIATION else str(classify(s.value, limits))


def deviation_code(s: Statement, comparison: str | None = None) -> str:
    """Return the deviation class of a figure: A clearly worse (or lower) to E clearly better (or higher).

    `comparison` is one of difference.CODES where the figure is compared with something else than the rest of the city.
    """
    code = LOW_IS_WORSE.get(s.comparison if comparison is None else comparison, style.NOT_APPLICABLE)
    return TURNED.get(code, code) if s.indicator.direction is Direction.LOWER_BETTER else code


def _remark(s: Statement | None, lang: str) -> str:
    if s is None:
        return t("flag.not_reported", lang)
    if s.value is None:
        return words.missing_words(s, lang)
    return "; ".join(filter(None, [words.comparison(s, lang), *words.flag_words(s.flag, lang)]))


def _summary(title: str, city: Statement | None, found, lang: str) -> str:
    """Return the map's takeaway: the city's figure and how many areas differ clearly from it."""
    parts = [f"{title}."]
    if city is not None and city.value is not None:
        parts.append(t("map.city_is", lang, value=words.figure(city, lang)))
    codes = [s.comparison for s in found if s is not None]
    higher, lower = (sum(c in kinds for c in codes) for kinds in (("much_higher", "higher"), ("much_lower", "lower")))
    if higher or lower:
        parts.append(t("map.differ", lang, higher=higher, lower=lower))
    return " ".join(parts)


def sources_of(found: Iterable[Statement | None]) -> list[Source]:
    """Return the sources of some statements, each once."""
    return list({s.source.id: s.source for s in found if s is not None}.values())


def deviation_legend(indicator: Indicator, found: Iterable[Statement | None], lang: str) -> Legend:
    """Say what the colours of a deviation map mean; plainly so when nothing on it has been tested."""
    untested = {"above", "below", "about"}
    said = {s.comparison for s in found if s is not None} - {"", "small"}
    if said and said <= untested:
        codes = "DCB" if indicator.direction is Direction.LOWER_BETTER else "BCD"
        return Legend(codes, tuple(t(f"legend.untested_{c}", lang) for c in "bcd"))
    kind = "plain" if indicator.direction is Direction.NONE else "judged"
    return Legend("ABCDE", tuple(t(f"legend.{kind}_{code.lower()}", lang) for code in "ABCDE"))


def _level_legend(
    statements: Statements, indicator: Indicator, group: str, limits: tuple[float, ...], lang: str
) -> Legend:
    codes = "".join(str(n) for n in range(len(limits) + 1))
    if indicator.kind is Kind.CLASS:
        low = int(indicator.range[0])
        return Legend(codes, tuple(words.number(low + n, 0, lang) for n in range(len(codes))))
    return interval_legend(limits, statements.history(indicator.id, group).value, lang)


def interval_legend(limits: tuple[float, ...], values: Sequence[float], lang: str) -> Legend:
    """Return the legend of classes between limits, with the lowest and the highest of the values; NaN is left out."""
    if not limits:
        return Legend("0", (t("legend.all_alike", lang),))
    codes = "".join(str(n) for n in range(len(limits) + 1))
    breaks = (float(np.nanmin(values)), *limits, float(np.nanmax(values)))
    decimals = next(d for d in range(7) if d == 6 or all(abs(round(v, d) - v) < 1e-9 for v in limits))
    ticks = tuple(words.number(v, decimals, lang) for v in breaks)
    return Legend(codes, _interval_labels(ticks, lang), breaks, ticks)


def _interval_labels(ticks: tuple[str, ...], lang: str) -> tuple[str, ...]:
    inner = ticks[1:-1]
    between = (t("legend.between", lang, low=a, high=b) for a, b in zip(inner, inner[1:], strict=False))
    return (t("legend.under", lang, limit=inner[0]), *between, t("legend.over", lang, limit=inner[-1]))
