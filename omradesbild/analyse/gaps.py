"""How far apart the best- and the worst-off parts of a city are in one figure.

Two views, both in absolute and in relative terms, because these can move in opposite directions: the gap
between the best- and worst-off fifth of the residents, and the slope index of inequality, which uses
all areas.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from omradesbild.analyse import interval
from omradesbild.analyse.across import LEAST_AREAS, Across, Refusal, across, common, runs
from omradesbild.analyse.kept import kept
from omradesbild.analyse.statements import Statements
from omradesbild.model import RATIO_KINDS, Break, Direction, Kind

FIFTH = 0.2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its interval; NaN where there is none."""

    value: float
    low: float = np.nan
    high: float = np.nan


@dataclass(frozen=True, eq=False)
class Gaps:
    """The gaps in one figure, and what they were computed from.

    Attributes
    ----------
    areas : DataFrame
        The areas that were used, best-off first. Columns: numerator, denominator, position, `start` and
        `end` (the area's stretch of the residents in order, 0–1; areas with the same position share
        one), `in_best` and `in_worst` (the share of the area that is in the fifth).
    left_out : tuple of str
        Areas without figure or position.
    kind : Kind
    factor, confidence : float
    overall : float
        The figure of all areas together.
    best, worst : Estimate
        The figure in the best- and the worst-off fifth of the residents, in the unit.
    difference, ratio : Estimate
        worst − best in the unit, and worst / best.
    slope, relative_slope : Estimate
        The slope index of inequality in the unit – the line's value at the worst-off end minus that at the
        best-off end – and the same divided by `overall`.
    """

    areas: pd.DataFrame
    left_out: tuple[str, ...]
    kind: Kind
    factor: float
    confidence: float
    overall: float
    best: Estimate
    worst: Estimate
    difference: Estimate
    ratio: Estimate
    slope: Estimate
    relative_slope: Estimate


@dataclass(frozen=True, eq=False)
class Gap:
    """The gaps of one indicator in one year, and which figure orders the areas.

    Attributes
    ----------
    across : Across
        The figures, and which areas are hidden or lack one.
    ordering, ordering_period : str
        The indicator that orders the areas, and of which year: the nearest one that has figures.
    unplaced : tuple of str
        Areas with a figure but without a place in the order: the ordering figure is not known for them, or
        their border moved between the two years.
    gaps : Gaps
    """

    across: Across
    ordering: str
    ordering_period: str
    unplaced: tuple[str, ...]
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class Change:
    """How much larger a distance has become, absolute and relative; the two may differ in sign.

    Attributes
    ----------
    difference, slope : Estimate
        The change of the distance ``|worst − best|``, and of the slope's length, in the unit.
    ratio : Estimate
        How many times larger the relative distance is: 1.1 = a tenth more, below 1 = less.
    """

    difference: Estimate
    slope: Estimate
    ratio: Estimate


@dataclass(frozen=True, eq=False)
class Run:
    """Unbroken years of the gaps between the same areas.

    Attributes
    ----------
    areas : tuple of str
        The areas that have a figure and a place in the order in every year; only these are used.
    points : tuple of Gap
        Oldest first.
    change : Change or None
        From the first to the last year; None with a single year.
    """

    areas: tuple[str, ...]
    points: tuple[Gap, ...]
    change: Change | None


def orderings(statements: Statements, indicator: str) -> tuple[str, ...]:
    """Return the figures that may order the areas when `indicator` is compared, the pack's first choice first.

    Never the figure itself or a part of the same whole – sorted by itself, chance alone opens a gap – nor one
    that is neither good nor bad.
    """
    pack, family = statements.pack, statements.pack.indicators[indicator].disclosure.family
    return tuple(
        id_
        for id_ in pack.info.ordering
        if id_ != indicator
        and pack.indicators[id_].direction is not Direction.NONE
        and (family is None or pack.indicators[id_].disclosure.family != family)
        and statements.periods(id_, pack.info.base_level)
    )


@kept(small=256, large=8)
def of(
    statements: Statements, indicator: str, period: str, group: str | None = None, ordering: str | None = None
) -> Gap | Refusal:
    """Return the gaps between areas in an indicator one year, from shown figures only.

    Parameters
    ----------
    indicator, period, group
        The figure; `group` None: its default breakdown.
    ordering
        One of `orderings`; None: the first.

    Returns
    -------
    Gap, or why there is none. The answer is kept for the next reader.
    """
    found = _ordered(statements, indicator, period, group, ordering)
    return found if isinstance(found, Refusal) else _gap(statements, found)


@kept(small=128, large=4)
def over_time(
    statements: Statements, indicator: str, group: str | None = None, ordering: str | None = None
) -> tuple[Run, ...]:
    """Return the gaps over time, a run for each part of the series in which the units are the same.

    All points of a run are about the same areas: those that have a figure and a place every year. A run
    without enough such areas is left out. Parameters are those of `of`.
    """
    found = []
    for periods in runs(statements, indicator, group):
        each = [_ordered(statements, indicator, period, group, ordering) for period in periods]
        known = [one for one in each if isinstance(one, _Ordered)]
        if not known:
            continue
        areas = common([one.across for one in known]).difference(*(one.unplaced for one in known))
        if len(areas) < LEAST_AREAS:
            continue
        points = tuple(_gap(statements, replace(one, across=one.across.only(areas))) for one in known)
        moved = change(points[0].gaps, points[-1].gaps) if len(points) > 1 else None
        found.append(Run(tuple(sorted(areas)), points, moved))
    return tuple(found)


def change(first: Gaps, last: Gaps) -> Change:
    """Return how the distance between the fifths, and along the slope, has changed between two years.

    Notes
    -----
    Square-and-add of the two years' intervals, for the ratio of the logarithms. Years are taken as
    independent; most residents are the same, which makes the interval too wide rather than too narrow.
    """
    return Change(
        difference=_moved(first.difference, last.difference),
        slope=_moved(first.slope, last.slope),
        ratio=_each(_moved(_each(first.ratio, np.log), _each(last.ratio, np.log)), np.exp),
    )


def _moved(first: Estimate, last: Estimate) -> Estimate:
    """Return the change of a distance, counted from zero towards the side where the two years lie."""
    if first.value + last.value < 0:
        first, last = (Estimate(-e.value, -e.high, -e.low) for e in (first, last))
    return _difference(first, last)


def _each(estimate: Estimate, function) -> Estimate:
    with np.errstate(divide="ignore", invalid="ignore"):
        return Estimate(*(float(function(x)) for x in (estimate.value, estimate.low, estimate.high)))


@dataclass(frozen=True, eq=False)
class _Ordered:
    """The figures of a year with what orders the areas; `position` is NaN where that is not known."""

    across: Across
    ordering: str
    ordering_period: str
    position: pd.Series

    @property
    def unplaced(self) -> tuple[str, ...]:
        return tuple(self.position.index[self.position.isna()])


def _ordered(
    statements: Statements, indicator: str, period: str, group: str | None, ordering: str | None
) -> _Ordered | Refusal:
    found = across(statements, indicator, period, group)
    if isinstance(found, Refusal):
        return found
    possible = orderings(statements, indicator)
    ordering = ordering or next(iter(possible), None)
    if ordering not in possible:
        return Refusal("no_ordering")
    position, ordering_period = _position(statements, ordering, period)
    position = position.reindex(found.numerator.index)
    if position.notna().sum() < LEAST_AREAS:
        return Refusal("few_areas")
    if position.nunique() < 2:
        return Refusal("no_ordering")
    return _Ordered(found, ordering, ordering_period, position)


def _gap(statements: Statements, ordered: _Ordered) -> Gap:
    found = ordered.across
    measured = statements.pack.indicators[found.indicator]
    result = gaps(
        found.numerator,
        found.denominator,
        ordered.position.reindex(found.numerator.index),
        kind=measured.kind,
        factor=measured.factor,
        estimated=found.estimated,
    )
    return Gap(found, ordered.ordering, ordered.ordering_period, ordered.unplaced, result)


def _position(statements: Statements, ordering: str, period: str) -> tuple[pd.Series, str]:
    """Return what orders the areas, higher = worse off, and its year: the nearest, of two the earlier."""
    pack = statements.pack
    known = statements.periods(ordering, pack.info.base_level)
    nearest = min(known, key=lambda p: (abs(int(p[:4]) - int(period[:4])), p))
    rows = statements.at(ordering, nearest, None, pack.info.base_level)
    value = pd.Series(rows["value"].to_numpy(), rows["area"].astype(str))
    for event in pack.breaks:
        if event.kind == "boundary" and _between(event, nearest, period):
            value = value.drop(list(event.areas) or list(value.index), errors="ignore")
    return -value if pack.indicators[ordering].direction is Direction.HIGHER_BETTER else value, nearest


def _between(event: Break, one: str, other: str) -> bool:
    """Tell whether a border moved between two years; it moved for all figures, whichever the break names."""
    return min(one, other) < event.period <= max(one, other)


def gaps(
    numerator: pd.Series,
    denominator: pd.Series,
    position: pd.Series,
    *,
    kind: Kind = Kind.SHARE,
    factor: float = 100.0,
    confidence: float = 0.95,
    estimated: bool = False,
) -> Gaps:
    """Compute the gaps in a figure between well-off and badly off areas.

    Parameters
    ----------
    numerator, denominator : Series
        O and n keyed by area; the figure is factor × O / n, and n are the residents that areas weigh by.
    position : Series
        What orders the areas, higher = worse off. It should be another figure than the one compared:
        sorted by itself, chance alone opens a gap.
    kind : Kind
        SHARE or RATE; for MEAN the fifths have no intervals.
    factor, confidence : float
    estimated : bool
        Whether the numerators are estimates: then the fifths have no intervals either, because these are
        about the chance in a count. The slope's interval is about how areas scatter and stands.

    Raises
    ------
    ValueError
        If the kind has no numerator and denominator.

    Notes
    -----
    *Fifths*: the areas are laid end to end by position; the first and last 20 per cent of the residents are
    the fifths. An area across the limit counts with the share of its residents inside, and areas with
    the same position equally, so the order of the rows never matters.

    Intervals: Wilson (shares) or Poisson (rates) for each fifth; for the difference Newcombe's square-and-add
    of these; for the ratio ``exp(ln R ± z √(1/O₁ − 1/n₁ + 1/O₂ − 1/n₂))``, for rates without the
    ``1/n``. There is no ratio interval where a fifth has no events.

    *Slope*: weighted least squares of the areas' figures on the midpoints x of their stretches with
    weights n; ``SII = β``, from x = 0 (best-off) to x = 1, with a t interval on N − 2 degrees of freedom
    that thus holds that areas are not on a line. ``RII = SII / overall``. Needs three areas in two
    positions. The standard error is HC3, ``√Σ (wᵢ dxᵢ eᵢ / (1 − hᵢ))² / Σ wᵢ dxᵢ²``: large and small areas
    scatter nearly alike, and the usual error, which takes the small to scatter more, gave intervals that held the
    truth in 90–94 per cent. There is no interval where one area alone decides the line (hᵢ = 1).

    References
    ----------
    Pamuk 1985, Population Studies 39, 17–31 and ``phe_sii`` in PHEindicatormethods (SII, RII); Newcombe
    1998, Statist. Med. 17, 873–890 (method 10); Katz et al. 1978, Biometrics 34, 469–474 (ratio).
    """
    if kind not in RATIO_KINDS:
        raise ValueError(f"gaps need a numerator and a denominator, which kind {kind} does not have")
    given = pd.DataFrame(
        {"numerator": numerator, "denominator": denominator, "position": position}, dtype=float
    )
    known = given[given.notna().all(axis=1) & (given["denominator"] > 0)]
    areas = _laid_out(known)
    o, n = areas["numerator"], areas["denominator"]
    best, worst = (
        (float((f * o).sum()), float((f * n).sum())) for f in (areas["in_best"], areas["in_worst"])
    )
    overall = factor * float(o.sum() / n.sum()) if len(areas) else np.nan
    slope = _slope(areas, factor, confidence)
    relative = (number / overall if overall else np.nan for number in (slope.value, slope.low, slope.high))
    chance = None if estimated else kind
    ends = [_fifth(*end, chance, factor, confidence) for end in (best, worst)]
    return Gaps(
        areas=areas,
        left_out=tuple(given.index.difference(known.index)),
        kind=kind,
        factor=factor,
        confidence=confidence,
        overall=overall,
        best=ends[0],
        worst=ends[1],
        difference=_difference(*ends),
        ratio=_ratio(best, worst, chance, confidence),
        slope=slope,
        relative_slope=Estimate(*relative),
    )


def _laid_out(known: pd.DataFrame) -> pd.DataFrame:
    """Return the areas best-off first, each with its stretch of the residents and its part of both fifths."""
    areas = known.sort_index().sort_values("position", kind="stable")
    people = areas["denominator"].groupby(areas["position"]).sum()
    end = people.cumsum() / people.sum()
    start = end.shift(fill_value=0.0)
    width = end - start
    stretch = pd.DataFrame(
        {
            "start": start,
            "end": end,
            "in_best": ((FIFTH - start) / width).clip(0, 1),
            "in_worst": ((end - (1 - FIFTH)) / width).clip(0, 1),
        }
    )
    return areas.join(stretch, on="position")


def _fifth(o: float, n: float, kind: Kind | None, factor: float, confidence: float) -> Estimate:
    if n == 0:
        return Estimate(np.nan)
    if kind is Kind.SHARE:
        low, high = interval.wilson(o, n, confidence)
    elif kind is Kind.RATE:
        low, high = (limit / n for limit in interval.poisson(o, confidence))
    else:
        low = high = np.nan
    return Estimate(factor * o / n, factor * float(low), factor * float(high))


def _difference(best: Estimate, worst: Estimate) -> Estimate:
    """Return worst − best with the interval of Newcombe's method 10, from the two intervals."""
    down = np.hypot(worst.value - worst.low, best.high - best.value)
    up = np.hypot(worst.high - worst.value, best.value - best.low)
    value = worst.value - best.value
    return Estimate(value, float(value - down), float(value + up))


def _ratio(best: tuple, worst: tuple, kind: Kind | None, confidence: float) -> Estimate:
    (o1, n1), (o2, n2) = worst, best
    if not o2 > 0:
        return Estimate(np.nan)
    value = (o1 / n1) / (o2 / n2)
    if o1 == 0 or kind not in (Kind.SHARE, Kind.RATE):
        return Estimate(value)
    certain = 1 / n1 + 1 / n2 if kind is Kind.SHARE else 0.0
    half = ndtri(0.5 + confidence / 2) * np.sqrt(1 / o1 + 1 / o2 - certain)
    return Estimate(value, float(value * np.exp(-half)), float(value * np.exp(half)))


def _slope(areas: pd.DataFrame, factor: float, confidence: float) -> Estimate:
    x, w = ((areas["start"] + areas["end"]) / 2).to_numpy(), areas["denominator"].to_numpy()
    if len(areas) < 3 or areas["position"].nunique() < 2:
        return Estimate(np.nan)
    y = factor * areas["numerator"].to_numpy() / w
    dx, dy = x - np.average(x, weights=w), y - np.average(y, weights=w)
    sxx = (w * dx**2).sum()
    slope = (w * dx * dy).sum() / sxx
    room = 1 - w / w.sum() - w * dx**2 / sxx
    if (room < 1e-9).any():
        return Estimate(float(slope))
    error = np.sqrt(((w * dx * (dy - slope * dx) / room) ** 2).sum()) / sxx
    half = stdtrit(len(x) - 2, 0.5 + confidence / 2) * error
    return Estimate(float(slope), float(slope - half), float(slope + half))
