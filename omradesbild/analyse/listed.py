"""The police's list beside measured conditions: who is on it, how they live, who lives alike without being on it,
and whether conditions changed when the list did.

The list is never a ranking here. What is compared is the basic areas' own measures, with an open rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from scipy.special import ndtri

from omradesbild.analyse.long_trend import BEYOND_CHANCE
from omradesbild.analyse.relative import distance
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Indicator, PoliceEdition, PoliceEntry

#: From this share of its surface inside a border, a basic area counts as one of the list's areas.
MOSTLY = 0.5
Z = ndtri(0.975)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which basic areas live as those on the list do, by some measures of one year each.

    Attributes
    ----------
    edition : str
        The edition whose borders decide who is on the list.
    listed, alike, left : tuple of str
        Basic areas mostly inside the borders; those that never were, in any edition with borders, but are at
        least as burdened on every measure as the least burdened listed one; those that were inside an earlier
        edition's borders but are not inside this one's.
    limits : dict of str to Statement
        For each measure, the listed area that is the least burdened.
    """

    edition: str
    listed: tuple[str, ...]
    alike: tuple[str, ...]
    left: tuple[str, ...]
    limits: dict[str, Statement]


def inside(statements: Statements, edition: str, least: float = MOSTLY) -> frozenset[str]:
    """Return the basic areas with at least the share `least` (0–1) of their surface inside an edition's borders."""
    entries = [entry for e in statements.pack.police if e.edition == edition for entry in e.entries]
    shares: dict[str, float] = {}
    for entry in entries:
        for area, share in entry.overlap.items():
            shares[area] = shares.get(area, 0.0) + share
    return frozenset(area for area, share in shares.items() if share >= least)


def likeness(statements: Statements, measures: Sequence[str], edition: str | None = None) -> Likeness | None:
    """Compare areas on the list with areas off it.

    Parameters
    ----------
    measures
        Indicators for which a higher value is a heavier burden; the newest year of each is used.
    edition
        The edition that decides; the newest with known borders when None.

    Returns
    -------
    Likeness, or None without measures, where no edition has borders or a measure has no figures for the listed areas.

    Notes
    -----
    An area is alike when it is at or above the lowest listed area on *every* measure. The rule is deliberately
    plain: it shows that the list and the conditions are different things, not which areas ought to be on it.
    """
    bordered = [e.edition for e in statements.pack.police if e.borders]
    if not bordered or not measures:
        return None
    edition = edition or bordered[-1]
    listed = inside(statements, edition)
    touched = frozenset().union(*(inside(statements, e, least=0.01) for e in bordered))
    found = {m: _newest(statements, m) for m in measures}
    limits = {m: _least_burdened(figures, listed) for m, figures in found.items()}
    if not listed or None in limits.values():
        return None
    every = set.intersection(*({a for a, s in figures.items()} for figures in found.values()))
    alike = {
        area
        for area in every - touched
        if all(found[m][area].value >= limits[m].value and found[m][area].comparison != "small" for m in measures)
    }
    earlier = frozenset().union(*(inside(statements, e) for e in bordered if e < edition))
    order = [a for a in statements.pack.areas if a in listed | alike | earlier]
    return Likeness(
        edition,
        tuple(a for a in order if a in listed),
        tuple(a for a in order if a in alike),
        tuple(a for a in order if a in earlier - listed),
        limits,
    )


def _newest(statements: Statements, measure: str) -> dict[str, Statement]:
    level = statements.pack.info.base_level
    period = statements.latest(measure, level)
    areas = (a.id for a in statements.pack.areas.values() if a.level == level)
    found = {a: statements.get(a, measure, period) for a in areas} if period else {}
    return {a: s for a, s in found.items() if s is not None and s.value is not None}


def _least_burdened(figures: dict[str, Statement], listed: frozenset[str]) -> Statement | None:
    return min((s for a, s in figures.items() if a in listed), key=lambda s: s.value, default=None)


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to one of the police's areas between two editions that follow one another.

    Attributes
    ----------
    id : str
    since, until : PoliceEdition
        The edition before and the edition of the change.
    before, after : PoliceEntry or None
        None where the area was not listed.
    kinds : tuple of str
        Of 'added', 'left', 'class' and 'border'.
    came, went : tuple of str
        Basic areas whose greater part came inside the border, or no longer is.
    areas : tuple of str
        The basic areas mostly inside the border before or after; where neither edition's border is known, inside
        that of the edition `border`.
    border : str or None
        The edition whose border stands in for both; None where the own ones are known, or none ever was.
    """

    id: str
    since: PoliceEdition
    until: PoliceEdition
    before: PoliceEntry | None
    after: PoliceEntry | None
    kinds: tuple[str, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]
    areas: tuple[str, ...]
    border: str | None


def moves(pack) -> tuple[Move, ...]:
    """Return every change of the list from one edition to the next, in order of time."""
    found = []
    for since, until in pairwise(pack.police):
        entries = [{entry.id: entry for entry in edition.entries} for edition in (since, until)]
        for id_ in dict.fromkeys([*entries[0], *entries[1]]):
            move = _move(pack, id_, since, until, *(known.get(id_) for known in entries))
            if move.kinds:
                found.append(move)
    return tuple(found)


def _move(pack, id_: str, since, until, before: PoliceEntry | None, after: PoliceEntry | None) -> Move:
    was, is_ = (mostly(entry) if entry else frozenset() for entry in (before, after))
    bordered = since.borders and until.borders
    kinds = []
    if before is None or after is None:
        kinds.append("added" if before is None else "left")
    else:
        kinds += ["class"] if before.category != after.category else []
        kinds += ["border"] if bordered and before.overlap != after.overlap else []
    areas, border = was | is_, None
    if not areas:
        border, areas = nearest_border(pack, id_, until.edition)
    order = [area for area in pack.areas if area in areas]
    crossed = (is_ - was, was - is_) if "border" in kinds else (frozenset(), frozenset())
    came, went = (tuple(a for a in order if a in side) for side in crossed)
    return Move(id_, since, until, before, after, tuple(kinds), came, went, tuple(order), border)


def mostly(entry: PoliceEntry) -> frozenset[str]:
    """Return the basic areas that lie mostly inside the border of one of the police's areas."""
    return frozenset(area for area, share in entry.overlap.items() if share >= MOSTLY)


def nearest_border(pack, id_: str, edition: str) -> tuple[str | None, frozenset[str]]:
    """Return the edition nearest in time in which an area's border is known, and the basic areas inside it."""
    known = [(e.edition, mostly(entry)) for e in pack.police if e.borders for entry in e.entries if entry.id == id_]
    return min(known, key=lambda each: abs(int(each[0]) - int(edition)), default=(None, frozenset()))


@dataclass(frozen=True, slots=True)
class Step:
    """A basic area's figure before and after a change, and whether it has moved from the rest of its city.

    Attributes
    ----------
    before, after : Statement
    code : str
        'up' or 'down' from the rest of the city; 'none': no clear movement; 'untested'.
    moved : float or None
        The change of the distance to the rest of the city, in the unit.
    """

    before: Statement
    after: Statement
    code: str
    moved: float | None


@dataclass(frozen=True, slots=True)
class Around:
    """A measure before and after a change, in one unbroken series.

    Attributes
    ----------
    periods : tuple of str
    steps : tuple of Step
        One for each basic area that has both figures.
    city : pair of Statement or None
        The city's, where it has both.
    left_out : int
        Areas without both figures in one series.
    """

    indicator: Indicator
    periods: tuple[str, str]
    steps: tuple[Step, ...]
    city: tuple[Statement, Statement] | None
    left_out: int

    @property
    def tested(self) -> bool:
        """Whether any area could be tested."""
        return any(step.code != "untested" for step in self.steps)

    @property
    def moved(self) -> tuple[Step, ...]:
        """The areas that have clearly moved from the rest of the city."""
        return tuple(step for step in self.steps if step.code in ("up", "down"))


def around(statements: Statements, areas: Sequence[str], since: str, until: str) -> tuple[Around, ...]:
    """Return every measure that can be followed over a change of the list between two editions.

    Parameters
    ----------
    areas
        Basic areas.
    since, until
        The years of the editions. Of each series the two years are used that lie nearest them and reach into the
        time between: the first before `until`, the last after `since`.

    Notes
    -----
    The years are those that suit most areas; areas whose series has a break between them are left out. With d the
    distance to the rest of the city (see `relative`) an area has moved when ``|d₁ − d₀| > 3.09 √(se₀² + se₁²)`` – the
    99.8 % level of the five-point rule – and by the smallest difference worth naming. Most residents are the same in
    both years, so chance is if anything smaller than the test holds.
    """
    found = (_around(statements, i, areas, int(since[:4]), int(until[:4])) for i in statements.pack.indicators.values())
    return tuple(each for each in found if each is not None)


def _around(statements: Statements, indicator: Indicator, areas: Sequence[str], since: int, until: int) -> Around | None:
    parts = {a: _parts(statements, a, indicator.id) for a in areas}
    nearest = [_nearest(part, since, until) for each in parts.values() for part in each]
    wanted = Counter(pair for pair in nearest if pair).most_common(1)
    if not wanted:
        return None
    (pair, _), city = wanted[0], _parts(statements, statements.pack.info.city, indicator.id)
    whole = _both(city, pair)
    steps = tuple(_step(*both, whole) for each in parts.values() if (both := _both(each, pair)))
    return Around(indicator, pair, steps, whole, len(areas) - len(steps))


def _step(before: Statement, after: Statement, city: tuple[Statement, Statement] | None) -> Step:
    apart = distance([(before, city[0]), (after, city[1])]) if city else None
    if apart is None:
        return Step(before, after, "untested", None)
    gap, half = apart
    moved, chance = gap[1] - gap[0], BEYOND_CHANCE * np.hypot(*half) / Z
    clear = abs(moved) > chance and abs(moved) >= before.indicator.minimum_difference
    return Step(before, after, ("up" if moved > 0 else "down") if clear else "none", float(moved))


def _parts(statements: Statements, area: str, indicator: str) -> list[dict[str, Statement]]:
    """Return the unbroken parts of a yearly series: period → statement with a value."""
    segments = statements.series(area, indicator)
    return [{p.period: p for p in s.points if p.value is not None and len(p.period) == 4} for s in segments]


def _nearest(part: dict[str, Statement], since: int, until: int) -> tuple[str, str] | None:
    pairs = [(a, b) for a, b in combinations(sorted(part), 2) if int(a) < until and int(b) > since]
    return min(pairs, key=lambda pair: (abs(int(pair[0]) - since) + abs(int(pair[1]) - until), pair), default=None)


def _both(parts: list[dict[str, Statement]], pair: tuple[str, str]) -> tuple[Statement, Statement] | None:
    return next(((part[pair[0]], part[pair[1]]) for part in parts if pair[0] in part and pair[1] in part), None)
