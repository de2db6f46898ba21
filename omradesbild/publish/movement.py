"""How a figure has moved, in sentences: the same on the screen, in files and in the public edition.

Three lines at most: the area's own figure over five years, the area against the rest of its city over the same
years, and the figure over eight to ten years. Under them stands what decided. Nothing is said across a break: where
there is but one year after the latest, the years before it are told, and that they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from omradesbild import words
from omradesbild.analyse import long_trend, relative, trend
from omradesbild.analyse.long_trend import LongTrend
from omradesbild.analyse.relative import Relative
from omradesbild.analyse.statements import COMPARABLE, Statement, Statements
from omradesbild.analyse.trend import Trend
from omradesbild.model import Direction, Indicator, Kind, Level
from omradesbild.words import t


@dataclass(frozen=True)
class Movement:
    """What has been worked out about the latest unbroken years of one figure.

    Attributes
    ----------
    points, city : tuple of Statement
        The years, for the area and for its whole city.
    broken, ended : str
        The period from which the series is another than before the first of `points`, and than after the
        last; '' where there is no such break.
    """

    points: tuple[Statement, ...]
    city: tuple[Statement, ...]
    broken: str
    ended: str

    @cached_property
    def trend(self) -> Trend:
        """The area's own figure over five years."""
        return trend.assess(self.points, self.city)

    @cached_property
    def relative(self) -> Relative:
        """The area against the rest of its city over the same years."""
        own = self.points[0].area.level is Level.KOMMUN
        return Relative("too_few") if own else relative.assess(self.points, self.city)

    @cached_property
    def long(self) -> LongTrend:
        """The figure over eight to ten years."""
        return long_trend.assess(self.points, self.city)

    @property
    def indicator(self) -> Indicator:
        """What the figure means."""
        return self.points[0].indicator

    @property
    def newest(self) -> Statement:
        """The newest year with a figure: where the movement is told."""
        return next((p for p in reversed(self.points) if p.value is not None), self.points[-1])


@lru_cache(maxsize=8192)
def of(statements: Statements, area: str, indicator: str, group: str | None = None) -> Movement | None:
    """Work out how a figure has moved; None where the area has no figure of it in its latest years."""
    series = statements.series(area, indicator, group)
    known = [sum(p.value is not None for p in segment.points) for segment in series]
    if not any(known):
        return None
    at = max(range(len(series)), key=lambda n: (min(known[n], 2), n))
    points = series[at].points
    whole = statements.series(statements.pack.info.city, indicator, group)
    city = next((s.points for s in whole if points[-1].period in s.periods), ())
    return Movement(
        points=points,
        city=city,
        broken=points[0].period if at > 0 else "",
        ended=series[at + 1].points[0].period if at + 1 < len(series) else "",
    )


def word(m: Movement, lang: str = "sv") -> str:
    """Say in a word or two how the figure has moved until now, for a table; empty where there is one year."""
    return "" if m.ended or m.trend.change is None else t(f"movement.word_{m.trend.code}", lang)


def sentences(m: Movement, lang: str = "sv") -> list[str]:
    """Say in full sentences how the figure has moved, most important first."""
    ended = m.ended and m.trend.change is not None
    before = t("movement.ended", lang, period=words.period(m.ended, lang)) if ended else ""
    return list(filter(None, [own_years(m, lang), against_city(m, lang), many_years(m, lang), before]))


def own_years(m: Movement, lang: str = "sv") -> str:
    """Say whether the figure has risen or fallen by the five-point rule."""
    found = m.trend
    if found.change is None:
        return t("movement.one_year", lang)
    values = _ends(m.points, found.first, found.last, lang)
    if found.code in ("up", "down"):
        better = judgement(m.indicator, found.code == "up", lang)
        return " ".join(filter(None, [t(f"movement.{found.code}", lang, **values), better]))
    if found.code == "none":
        whole = m.points[0].area.level is Level.KOMMUN
        least = _change(found.detectable, m.indicator, lang)
        return t("movement.none_city" if whole else "movement.none", lang, **values, least=least)
    why = "" if m.indicator.kind is Kind.COUNT else t(f"movement.why_{found.code}", lang)
    return " ".join(filter(None, [t("movement.change", lang, **values), why]))


def against_city(m: Movement, lang: str = "sv") -> str:
    """Say whether the area has moved from the rest of its city; empty where there are too few years."""
    found = m.relative
    if found.code == "too_few" or m.indicator.kind not in COMPARABLE:
        return ""
    size = m.indicator.minimum_difference
    here = {"up": "up", "down": "down"}.get(m.trend.code) or ("same" if abs(found.change) < size else "gone")
    there = "same" if abs(found.city_change) < size else "up" if found.city_change > 0 else "down"
    told = " ".join(
        t(f"movement.{part}_{code}", lang, **_ends(points, found.first, found.last, lang))
        for part, code, points in (("here", here, m.points), ("there", there, m.city))
    )
    if found.code == "untested":
        return f"{told} {t('movement.beside_untested', lang)}"
    if found.code == "with_city":
        least = _change(found.detectable, m.indicator, lang)
        return f"{told} {t('movement.with_city', lang, least=least)}"
    better = judgement(m.indicator, found.code == "rising", lang, by="city")
    return " ".join(filter(None, [told, t(f"movement.{found.code}", lang), better]))


def many_years(m: Movement, lang: str = "sv") -> str:
    """Say whether the figure has moved over eight to ten years; empty where there are fewer."""
    found = m.long
    if found.code == "too_few":
        return ""
    slope = _change(found.slope, m.indicator, lang, sign=True, finer=1)
    return t(f"movement.long_{found.code}", lang, first=found.first, last=found.last, slope=slope)


def rules(m: Movement, lang: str = "sv") -> list[str]:
    """Say by which rules and numbers that was decided, and what the years have in common."""
    said = []
    if m.trend.test is not None:
        said.append(t("movement.rule_own", lang, **_test(m.trend.test, lang)))
    if m.relative.test is not None:
        said.append(t("movement.rule_city", lang, **_test(m.relative.test, lang)))
    if m.long.chance is not None:
        numbers = {
            "tau": words.number(m.long.tau, 2, lang, sign=True),
            "p": words.number(max(m.long.p, 0.001), 3, lang),
            "change": _change(m.long.change, m.indicator, lang, sign=True),
            "chance": _change(m.long.chance, m.indicator, lang),
        }
        said.append(t("movement.rule_long", lang, **numbers))
    if said:
        said.append(t("movement.rule_years", lang))
    if m.broken:
        said.append(t("movement.rule_break", lang, period=words.period(m.broken, lang)))
    return said


def judgement(indicator: Indicator, rising: bool, lang: str = "sv", *, by: str = "own") -> str:
    """Say whether a movement is to the better or the worse; empty where the indicator is not judged.

    `by`: "own" for the figure's own movement, "city" for the one against the city.
    """
    if indicator.direction is Direction.NONE:
        return ""
    word = "better" if rising == (indicator.direction is Direction.HIGHER_BETTER) else "worse"
    return t(f"movement.{word}_{by}", lang)


def _test(test: trend.FivePoints, lang: str) -> dict[str, str]:
    steady = t("movement.steady" if test.steady else "movement.unsteady", lang)
    limit = words.number(trend.CHI2_CLEAR, 2, lang)
    return {"chi2": words.number(test.chi2, 1, lang), "limit": limit, "steady": steady}


def _ends(points: Sequence[Statement], first: str, last: str, lang: str) -> dict[str, str]:
    by_period = {p.period: p for p in points}
    return {
        "first": words.period(first, lang),
        "last": words.period(last, lang),
        "then": words.figure(by_period[first], lang),
        "now": words.figure(by_period[last], lang),
    }


def _change(value: float, indicator: Indicator, lang: str, *, sign: bool = False, finer: int = 0) -> str:
    text = words.number(value, indicator.decimals + finer, lang, sign=sign)
    return words.with_unit(text, words.difference_unit(indicator, lang))
