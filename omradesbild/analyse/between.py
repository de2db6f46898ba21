"""Does an area differ clearly from another area, or from itself some years earlier?

The same test, gates and words as between an area and the rest of its city (`difference`):

* Two areas apart from each other are compared as they stand.
* An area and a larger one that holds it: the difference is measured from the whole, and tested against
  the *rest* of the larger one, for nobody may stand on both sides of a test.
* Areas that overlap in part are not compared at all.
* Two years of one area are compared only inside an unbroken part of its series. Most residents are the
  same persons in both years, so the years hang together; the test takes them as independent and so
  reckons with more chance than there is (``var(p₁ − p₂) = var p₁ + var p₂ − 2 cov``, and the covariance is
  positive). What it calls a difference is one; that it finds none does not say that nothing happened.

All pairs of one indicator, breakdown and period that are asked for together form one family for the
false discovery rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from omradesbild.analyse import difference, interval
from omradesbild.analyse.compose import members_of
from omradesbild.analyse.statements import COMPARABLE, Segment, Statement
from omradesbild.model import Area, Flag, Kind

#: Years back that `earlier` looks.
BACK = 5
#: Why two figures are not compared.
REASONS = ("", "same", "overlap", "missing", "no_earlier")


@dataclass(frozen=True, slots=True)
class Between:
    """What is said about the difference between two figures.

    Attributes
    ----------
    one, other : Statement or None
        The figure, and the one that it is compared with.
    code : str
        One of difference.CODES; '' where nothing is said.
    reason : str
        One of `REASONS`: why they are not compared.
    difference : float or None
        One minus other, in the unit.
    """

    one: Statement | None
    other: Statement | None
    code: str = ""
    reason: str = ""
    difference: float | None = None


def relation(one: Area, other: Area, pack) -> str:
    """Return how two areas lie: 'apart', 'inside' (one in other), 'around', 'same' or 'overlap'.

    Of two areas that cut the same basic area it is not known whether they share any ground: 'overlap'.
    """
    ground, theirs = (set(members_of(a, pack)) or {a.id} for a in (one, other))
    whole, whole_too = (all(share >= 1 for share in a.shares) for a in (one, other))
    if one.id == other.id or (ground == theirs and whole and whole_too):
        return "same"
    if not ground & theirs:
        return "apart"
    if ground <= theirs and whole_too:
        return "inside"
    return "around" if ground >= theirs and whole else "overlap"


def earlier(series: Sequence[Segment], period: str) -> Statement | None:
    """Return the oldest figure, at most `BACK` years before `period`, that `period` can be compared with.

    Parameters
    ----------
    series : sequence of Segment
        An area's figures over time; no comparison crosses from one segment to another.
    """
    for segment in series:
        if period in segment.periods:
            found = [p for p in segment.points if p.value is not None and p.period < period]
            return next((p for p in found if int(period[:4]) - int(p.period[:4]) <= BACK), None)
    return None


def areas(pairs: Sequence[tuple[Statement | None, Statement | None]], pack) -> list[Between]:
    """Compare figures of areas with figures of other areas, of the same indicator, breakdown and period."""
    return _compared([(one, other, _lie(one, other, pack)) for one, other in pairs])


def years(pairs: Sequence[tuple[Statement | None, Statement | None]]) -> list[Between]:
    """Compare figures with those that `earlier` gives for the same areas."""
    lie = [
        (now, then, "missing" if now is None or now.value is None else "apart" if then else "no_earlier")
        for now, then in pairs
    ]
    return _compared(lie)


def _lie(one: Statement | None, other: Statement | None, pack) -> str:
    if one is None or other is None or one.value is None or other.value is None:
        return "missing"
    return relation(one.area, other.area, pack)


def _compared(pairs: Sequence[tuple[Statement | None, Statement | None, str]]) -> list[Between]:
    told = [
        pair for pair in pairs if pair[2] in ("apart", "inside", "around") and pair[0].indicator.kind in COMPARABLE
    ]
    codes = iter(_codes(told)) if told else iter(())
    found = []
    for pair in pairs:
        one, other, lie = pair
        if lie in REASONS:
            found.append(Between(one, other, reason=lie))
        elif one.indicator.kind not in COMPARABLE:
            found.append(Between(one, other))
        else:
            found.append(Between(one, other, next(codes), difference=one.value - other.value))
    return found


def _codes(pairs: Sequence[tuple[Statement, Statement, str]]) -> list[str]:
    one, other = (_counts([pair[side] for pair in pairs]) for side in (0, 1))
    lie = np.array([pair[2] for pair in pairs])
    inside, around = lie == "inside", lie == "around"
    area = tuple(np.where(around, a - b, a) for a, b in zip(one, other, strict=True))
    rest = tuple(np.where(inside, b - a, b) for a, b in zip(one, other, strict=True))
    half = [[_half(s) for s in pair[:2]] for pair in pairs]
    noise = [np.hypot(*(_noise(s) for s in pair[:2])) for pair in pairs]
    family = pd.factorize(pd.Series([(p[0].indicator.id, p[0].group, p[0].period) for p in pairs]))[0]
    return difference.compare(
        difference=np.array([a.value - b.value for a, b, _ in pairs]),
        area=area,
        rest=rest,
        half_width=np.max(half, axis=1),
        minimum=np.array([p[0].indicator.minimum_difference for p in pairs]),
        testable=np.array([_testable(a) and _testable(b) for a, b, _ in pairs]),
        family=family,
        noise=np.array(noise),
    ).tolist()


def _counts(figures: Sequence[Statement]) -> tuple[np.ndarray, np.ndarray]:
    numbers = [[s.numerator, s.denominator] for s in figures]
    numerator, denominator = np.array(numbers, dtype=float).T
    return numerator, denominator


def _half(s: Statement) -> float:
    return np.nan if s.low is None else (s.high - s.low) / 2 / s.indicator.factor


def _noise(s: Statement) -> float:
    if s.noise is None or not s.denominator:
        return 0.0
    return float(interval.ratio_noise(s.numerator / s.denominator, s.denominator, s.noise))


def _testable(s: Statement) -> bool:
    return s.indicator.kind is Kind.SHARE and s.low is not None and Flag.ESTIMATED.value not in s.flag.split()
