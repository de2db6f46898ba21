"""Which areas need what first, and why.

An area has a *challenge* in an indicator where the newest figure

- is clearly worse than the rest of the city: the tested comparison says higher or lower (see `difference`), or
- goes from the city to the worse: the tested five-point rule on the distance says so (see `relative`), by at least
  the smallest difference worth naming.

Challenges come in order of how many people they concern: how many more have the problem than if the area had the
city's share (see `excess`). That number has an interval, and among the areas of a measure every one has the places
that it can have when chance is reckoned with: areas with places in common cannot be told apart. Figures that are not
tested, too small, hidden or without a better and a worse end are never here; `untested` names the measures. Every
challenge carries its statement and the numbers that decided.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from pydantic import ValidationError

from omradesbild.analyse import relative
from omradesbild.analyse.excess import excess, places
from omradesbild.analyse.followup import basic_areas, under_way
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Direction, Indicator, Initiative, Kind, PriorityEntry, PriorityList

#: The comparisons that are worse than the city, by direction.
WORSE = {
    Direction.LOWER_BETTER: {"much_higher": "much_worse", "higher": "worse"},
    Direction.HIGHER_BETTER: {"much_lower": "much_worse", "lower": "worse"},
}
NEVER = frozenset({"", "small"})
TESTED = frozenset({"much_higher", "higher", "none", "lower", "much_lower"})
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that decided, with its numbers in the indicator's unit.

    ``much_worse``, ``worse``: value, city_value, difference, minimum (the smallest worth naming).
    ``diverging``: change, city_change, difference, minimum, chi2, limit.
    ``people``: numerator, denominator, city_value, people.
    """

    code: str
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Size:
    """How many people a figure concerns.

    Attributes
    ----------
    people, low, high : float
        How many more have the problem than with the city's share (of persons, households or whatever the figure
        counts), with the 95 % interval.
    affected : float
        How many have the problem: the numerator, or where a higher figure is better those left.
    first, last, of : int
        The places (1 = most people) that the area can have among the `of` areas of its level with a figure.
    """

    people: float
    low: float
    high: float
    affected: float
    first: int
    last: int
    of: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """One area's challenge in one indicator.

    Attributes
    ----------
    statement : Statement
        The newest figure.
    worse : str or None
        'much_worse', 'worse', or None where it only diverges.
    movement : relative.Relative
        How the area has moved against the city; its code is 'rising', 'falling', 'with_city' …
    diverging : bool
        Whether it goes from the city to the worse.
    size : Size or None
        None for others than shares. Its people may be below 0 where the area only diverges.
    initiatives : tuple of str
        Ids of initiatives under way that name the area, a part of it or a larger one; not the city's.
    why : tuple of Reason
    """

    statement: Statement
    worse: str | None
    movement: relative.Relative
    diverging: bool
    size: Size | None
    initiatives: tuple[str, ...]
    why: tuple[Reason, ...]


def of_area(statements: Statements, area: str, goal: str | None = None, on: str | None = None) -> list[Challenge]:
    """Return an area's challenges, those that concern most people first.

    Parameters
    ----------
    statements
    area
        An id of any level but the city's.
    goal
        Only the indicators of this goal; None: all.
    on
        The date (YYYY-MM-DD) on which initiatives are under way; None: that of the pack's version.
    """
    return _ordered(_found(statements, (area,), _judged(statements, goal), on))


def of_indicator(
    statements: Statements, indicator: str, level: str | None = None, on: str | None = None
) -> list[Challenge]:
    """Return the areas of a level (None: the basic areas) that need it most in one indicator."""
    return _ordered(_found(statements, _areas(statements, level), [i for i in _judged(statements, None) if i.id == indicator], on))


def of_all(
    statements: Statements, level: str | None = None, goal: str | None = None, on: str | None = None
) -> list[Challenge]:
    """Return every challenge of a level (None: the basic areas), those that concern most people first."""
    return _ordered(_found(statements, _areas(statements, level), _judged(statements, goal), on))


def kept(rows: Iterable[tuple[Statement, str]], name: str, pack, note: str = "") -> PriorityList:
    """Return figures, each with a note of its own, as a list to save."""
    entries = tuple(
        PriorityEntry(area=s.area.id, indicator=s.indicator.id, period=s.period, group=s.group, note=own) for s, own in rows
    )
    return PriorityList(name=name, pack=pack.info.id, version=pack.info.version, note=note, entries=entries)


def to_json(chosen: PriorityList) -> str:
    """Write a list as JSON."""
    return json.dumps(chosen.model_dump(), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> PriorityList:
    """Read a list.

    Raises
    ------
    ValueError
        If the text is not such a list; says where.
    """
    return _validated(PriorityList.model_validate_json, text)


def from_content(content: dict) -> PriorityList:
    """Read a list from what JSON holds; see `from_json`."""
    return _validated(PriorityList.model_validate, content)


def _validated(read: Callable, given: str | dict) -> PriorityList:
    try:
        return read(given)
    except ValidationError as error:
        wrong = list(dict.fromkeys(".".join(map(str, e["loc"])) for e in error.errors() if e["loc"]))
        found = f"{', '.join(wrong)} saknas eller är fel" if wrong else "det är inte JSON"
        raise ValueError(f"Filen är ingen sparad prioriteringslista: {found}. Välj en fil som har hämtats på sidan Prioriteringar.") from error


def _areas(statements: Statements, level: str | None) -> tuple[str, ...]:
    level = level or statements.pack.info.base_level
    return tuple(area.id for area in statements.pack.areas.values() if area.level == level)


def _indicators(statements: Statements, goal: str | None) -> list[Indicator]:
    pack = statements.pack
    wanted = {i for g in pack.goals if g.id == goal for i in g.indicators} if goal else set(pack.indicators)
    return [indicator for id_, indicator in pack.indicators.items() if id_ in wanted]


def _judged(statements: Statements, goal: str | None) -> list[Indicator]:
    return [indicator for indicator in _indicators(statements, goal) if indicator.direction in WORSE]


def _found(statements: Statements, areas: Iterable[str], judged: list[Indicator], on) -> Iterator[Challenge]:
    pack = statements.pack
    on = on or pack.info.version[:10]
    now = [(i, basic_areas(i.areas, pack)) for i in pack.initiatives if under_way(i, on)]
    now = [(i, places) for i, places in now if pack.info.city not in i.areas]
    levels = {pack.areas[area].level for area in areas}
    for indicator in judged:
        of_city = statements.series(pack.info.city, indicator.id)[-1:]
        city = [point for segment in of_city for point in segment.points]
        latest = {level: statements.latest(indicator.id, level) for level in levels}
        found = {area: size for level in levels for area, size in sizes(statements, indicator.id, level).items()}
        for area in areas:
            challenge = _challenge(statements, area, indicator, latest[pack.areas[area].level], city, found, now)
            if challenge is not None:
                yield challenge


def _challenge(
    statements: Statements, area: str, indicator: Indicator, latest: str | None, city: list, found: Mapping[str, Size], now: list
) -> Challenge | None:
    newest = statements.get(area, indicator.id, latest) if latest else None
    if newest is None or newest.comparison in NEVER:
        return None
    points = statements.series(area, indicator.id)[-1].points
    if points[-1].period != latest:
        return None
    worse = WORSE[indicator.direction].get(newest.comparison)
    movement = relative.assess(points, city)
    diverging = (
        movement.worse(indicator.direction) and abs(movement.difference) >= indicator.minimum_difference
    )
    if worse is None and not diverging:
        return None
    size = found.get(area)
    return Challenge(
        statement=newest,
        worse=worse,
        movement=movement,
        diverging=diverging,
        size=size,
        initiatives=_named(area, now, statements.pack),
        why=_why(newest, worse, movement if diverging else None, size),
    )


@lru_cache(maxsize=256)
def sizes(statements: Statements, indicator_id: str, level: str) -> Mapping[str, Size]:
    """Return how many people a share concerns in each area of a level, newest year, kept; empty for other kinds."""
    indicator = statements.pack.indicators[indicator_id]
    period = statements.latest(indicator.id, level)
    city = statements.get(statements.pack.info.city, indicator.id, period) if period else None
    if indicator.kind is not Kind.SHARE or city is None or city.numerator is None:
        return {}
    rows = statements.at(indicator.id, period, level=level)
    rows = rows[rows["numerator"].notna() & (rows["denominator"] < city.denominator)]
    affected, of_city = rows["numerator"], city.numerator
    if indicator.direction is Direction.HIGHER_BETTER:
        affected, of_city = rows["denominator"] - affected, city.denominator - of_city
    counts = affected, rows["denominator"], of_city, city.denominator
    people, low, high = excess(*counts, CONFIDENCE)
    _, least, most = excess(*counts, 1 - (1 - CONFIDENCE) / max(len(rows), 1))
    first, last = places(least, most)
    table = pd.DataFrame({"people": people, "low": low, "high": high, "affected": affected.to_numpy()})
    numbers = zip(table.itertuples(index=False, name=None), first.tolist(), last.tolist(), strict=True)
    return {
        area: Size(*four, start, end, len(rows))
        for area, (four, start, end) in zip(rows["area"].astype(str), numbers, strict=True)
    }


def untested(statements: Statements, level: str, goal: str | None = None) -> tuple[Indicator, ...]:
    """Return the measures with a better and a worse end that no area of a level can be tested in, newest year.

    They have no figures for the level, or ones that are estimated, rounded or without numbers of people.
    """
    return tuple(i for i in _judged(statements, goal) if not _tested(statements, i.id, level))


def tested(statements: Statements, level: str, goal: str | None = None) -> tuple[Indicator, ...]:
    """Return the measures with a better and a worse end that some area of a level can be tested in, newest year."""
    return tuple(i for i in _judged(statements, goal) if _tested(statements, i.id, level))


@lru_cache(maxsize=256)
def _tested(statements: Statements, indicator: str, level: str) -> bool:
    """Tell whether some area of a level can be tested in a measure, newest year; kept."""
    period = statements.latest(indicator, level)
    return period is not None and not TESTED.isdisjoint(statements.at(indicator, period, level=level)["comparison"])


def _named(area: str, now: list[tuple[Initiative, tuple[str, ...]]], pack) -> tuple[str, ...]:
    own = set(basic_areas((area,), pack))
    return tuple(initiative.id for initiative, places in now if own.intersection(places))


def _why(
    s: Statement, worse: str | None, movement: relative.Relative | None, size: Size | None
) -> tuple[Reason, ...]:
    why = []
    if worse is not None:
        told = {"value": s.value, "city_value": s.city_value, "difference": s.difference}
        why.append(Reason(worse, told | {"minimum": s.indicator.minimum_difference}))
    if movement is not None:
        told = {"change": movement.change, "city_change": movement.city_change, "difference": movement.difference}
        told |= {"minimum": s.indicator.minimum_difference}
        why.append(Reason("diverging", told | {"chi2": movement.test.chi2, "limit": relative.LIMIT}))
    if size is not None:
        told = {"numerator": s.numerator, "denominator": s.denominator, "city_value": s.city_value}
        why.append(Reason("people", told | {"people": size.people}))
    return tuple(why)


def _ordered(challenges: Iterable[Challenge]) -> list[Challenge]:
    """Put those that concern most people first, those that count no people last; ties by id."""

    def key(challenge: Challenge) -> tuple:
        size, s = challenge.size, challenge.statement
        return size is None, -size.people if size else 0.0, s.area.id, s.indicator.id

    return sorted(challenges, key=key)
