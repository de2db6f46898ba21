"""How far apart the best- and the worst-off parts of a city are in one figure.

Two views, both in absolute and in relative terms, because these can move in opposite directions: the gap
between the best- and worst-off fifth of the residents, and the slope index of inequality, which uses
all areas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from omradesbild.analyse import interval
from omradesbild.model import RATIO_KINDS, Kind

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


def gaps(
    numerator: pd.Series,
    denominator: pd.Series,
    position: pd.Series,
    *,
    kind: Kind = Kind.SHARE,
    factor: float = 100.0,
    confidence: float = 0.95,
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
    positions.

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
    ends = [_fifth(*end, kind, factor, confidence) for end in (best, worst)]
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
        ratio=_ratio(best, worst, kind, confidence),
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


def _fifth(o: float, n: float, kind: Kind, factor: float, confidence: float) -> Estimate:
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


def _ratio(best: tuple, worst: tuple, kind: Kind, confidence: float) -> Estimate:
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
    error = np.sqrt((w * (dy - slope * dx) ** 2).sum() / (len(x) - 2) / sxx)
    half = stdtrit(len(x) - 2, 0.5 + confidence / 2) * error
    return Estimate(float(slope), float(slope - half), float(slope + half))
